#include "runtime/facts/read_cell.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::facts {
namespace {

using Token = CellSpec::Token;
using Part = CellSpec::Part;

constexpr bool has_range(Kind kind) {
  switch (kind) {
    case Kind::integer:
    case Kind::decimal:
    case Kind::money:
    case Kind::percent:
    case Kind::date:
    case Kind::duration:
    case Kind::workdays: return true;
    default: return false;
  }
}

constexpr bool takes_number(Kind kind) { return has_range(kind) && kind != Kind::date && kind != Kind::duration; }

std::string expected(Kind kind) {
  switch (kind) {
    case Kind::boolean: return in_both(" true 或 false", "true or false");
    case Kind::integer: return in_both("整数", "an integer");
    case Kind::decimal: return in_both("小数", "a decimal number");
    case Kind::money: return in_both("金额", "an amount of money");
    case Kind::percent: return in_both("百分比", "a percentage");
    case Kind::ratio: return in_both("比率", "a ratio");
    case Kind::date: return in_both("日期", "a date");
    case Kind::duration: return in_both("时长", "a duration");
    case Kind::workdays: return in_both("工作日数", "a number of working days");
    case Kind::text: return in_both("文字", "a text");
    case Kind::choice: return in_both("枚举值", "an enum value");
    case Kind::ref: return in_both("主键", "a key");
  }
  return {};
}

std::string shown(const CellSpec& spec) {
  if (spec.form == CellSpec::Form::typed) return "(typed)";
  if (spec.form == CellSpec::Form::in) return "{\"in\": …}";
  if (spec.part.token == Token::string) return "\"" + excerpt(spec.part.text) + "\"";
  return excerpt(spec.part.text);
}

class Reader {
 public:
  Reader(const Schema& schema, const Slot& slot, StringPool& strings, CellProblem& problem)
      : schema_(schema), slot_(slot), strings_(strings), problem_(problem) {}

  bool plain(const CellSpec& spec, Cell& out) {
    const Part& p = spec.part;
    switch (slot_.type.kind) {
      case Kind::boolean: {
        const bool yes = p.text == "true" || (p.token == Token::bare && p.text == "是");
        const bool no = p.text == "false" || (p.token == Token::bare && p.text == "否");
        if ((p.token != Token::boolean && p.token != Token::bare) || (!yes && !no)) return wrong(spec);
        out = of(truth(yes));
        return true;
      }
      case Kind::choice: {
        std::uint64_t mask = 0;
        if (!value_mask(spec, p, mask)) return false;
        out = choice_of(mask);
        return true;
      }
      case Kind::text:
      case Kind::ref:
        if (p.token != Token::string && p.token != Token::bare) return wrong(spec);
        out = known(strings_.intern(p.text));
        return true;
      case Kind::ratio: return wrong(spec);
      default: return number(spec, p, out);
    }
  }

  bool in(const CellSpec& spec, Cell& out) {
    const Kind kind = slot_.type.kind;
    if (kind == Kind::choice) {
      std::uint64_t all = 0;
      for (const Part& p : spec.parts) {
        std::uint64_t mask = 0;
        if (!value_mask(spec, p, mask)) return false;
        all |= mask;
      }
      if (all == 0) return fail(ErrorCode::bad_range);
      out = choice_of(all);
      return true;
    }
    if (!has_range(kind)) return wrong(spec);
    if (spec.parts.size() != 2) return fail(ErrorCode::bad_range);
    const Cell open = unknown_cell(schema_, slot_.type, slot_.range_lo, slot_.range_hi);
    Cell from = known(open.lo), to = known(open.hi);
    if (spec.parts[0].token != Token::null && !number(spec, spec.parts[0], from)) return false;
    if (spec.parts[1].token != Token::null && !number(spec, spec.parts[1], to)) return false;
    out = between(from.lo, to.hi);
    return out.lo <= out.hi || fail(ErrorCode::bad_range);
  }

  bool typed(const CellSpec& spec, Cell& out) {
    const Kind kind = slot_.type.kind;
    if (kind == Kind::text || kind == Kind::ref || kind == Kind::ratio || is_error(spec.cell, kind)) return wrong(spec);
    out = spec.cell;
    return !has_range(kind) || in_range(format_end(out.lo, slot_.type), out);
  }

 private:
  bool fail(ErrorCode code, std::string first = {}, std::string second = {}, std::string hint = {}) {
    problem_ = {code, std::move(first), std::move(second), std::move(hint)};
    return false;
  }
  bool wrong(const CellSpec& spec) { return fail(ErrorCode::wrong_type, expected(slot_.type.kind), shown(spec)); }

  bool value_mask(const CellSpec& spec, const Part& p, std::uint64_t& mask) {
    if (p.token != Token::string && p.token != Token::bare) return wrong(spec);
    const Enum& e = schema_.enums[slot_.type.of];
    for (std::size_t i = 0; i < e.values.size() && i < 64; ++i)
      if (e.values[i].id == p.text || (!e.values[i].label.empty() && e.values[i].label == p.text)) {
        mask = std::uint64_t{1} << i;
        return true;
      }
    std::vector<std::string_view> names;
    for (const EnumValue& v : e.values) {
      names.push_back(v.id);
      names.push_back(v.label);
    }
    return fail(ErrorCode::bad_enum_value, e.label.empty() ? e.id : e.label, excerpt(p.text), nearest(p.text, names));
  }

  // A number, date or duration, which may be a partial date and so have two ends.
  bool number(const CellSpec& spec, const Part& p, Cell& out) {
    const Kind kind = slot_.type.kind;
    const bool token = p.token == Token::string || p.token == Token::bare || (p.token == Token::number && takes_number(kind));
    if (!token) return wrong(spec);
    // JSON has no 01.
    const std::string_view digits = p.text.starts_with('-') ? p.text.substr(1) : p.text;
    const bool leading_zero = p.token == Token::number && digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
    out = Cell{};
    switch (leading_zero ? Parse::malformed : parse_value(p.text, slot_.type, out.lo, out.hi)) {
      case Parse::ok: break;
      case Parse::too_large: return fail(ErrorCode::number_too_large, excerpt(p.text));
      case Parse::too_precise: return fail(ErrorCode::too_precise, excerpt(p.text), std::to_string(slot_.type.scale));
      case Parse::malformed:
        return fail(kind == Kind::date                                   ? ErrorCode::bad_date
                    : kind == Kind::duration || kind == Kind::workdays   ? ErrorCode::bad_duration
                                                                         : ErrorCode::bad_number,
                    excerpt(p.text));
    }
    return in_range(p.text, out);
  }

  bool in_range(std::string_view text, const Cell& c) {
    if (slot_.type.kind == Kind::duration && !counted_as_declared(c))
      return fail(ErrorCode::wrong_duration, excerpt(text), slot_.type.scale == 0 ? in_both("月", "months") : in_both("日", "days"));
    if (c.lo >= slot_.range_lo && c.hi <= slot_.range_hi) return true;
    return fail(ErrorCode::out_of_declared_range, excerpt(text),
                format_end(slot_.range_lo, slot_.type) + ".." + format_end(slot_.range_hi, slot_.type));
  }

  // Type::scale of a duration: 0 = months, 1 = days, 2 = either. Days where months are meant would compare wrongly.
  bool counted_as_declared(const Cell& c) const {
    for (const std::int64_t v : {c.lo, c.hi}) {
      if (v == neg_inf || v == pos_inf || v == unstated_duration) continue;
      if (slot_.type.scale == 0 && scalar::duration_days(v) != 0) return false;
      if (slot_.type.scale == 1 && scalar::duration_months(v) != 0) return false;
    }
    return true;
  }

  const Schema& schema_;
  const Slot& slot_;
  StringPool& strings_;
  CellProblem& problem_;
};

}  // namespace

Cell unknown_cell(const Schema& schema, const Type& type, std::int64_t range_lo, std::int64_t range_hi) {
  switch (type.kind) {
    case Kind::boolean: return of(Truth::unknown);
    case Kind::choice: {
      const std::size_t n = schema.enums[type.of].values.size();
      return choice_of(n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1);
    }
    case Kind::date: return between(range_lo, std::min(range_hi, never_day));
    default: return between(range_lo, range_hi);
  }
}

bool read_cell(const Schema& schema, const Slot& slot, const CellSpec& spec, StringPool& strings, CellReading& out, CellProblem& problem) {
  if (spec.form == CellSpec::Form::plain && spec.part.token == Token::null) {
    out = {unknown_cell(schema, slot.type, slot.range_lo, slot.range_hi), Presence::null};
    return true;
  }
  Reader reader(schema, slot, strings, problem);
  out.presence = Presence::given;
  switch (spec.form) {
    case CellSpec::Form::plain: return reader.plain(spec, out.cell);
    case CellSpec::Form::in: return reader.in(spec, out.cell);
    case CellSpec::Form::typed: return reader.typed(spec, out.cell);
  }
  return false;
}

}  // namespace tiao::facts
