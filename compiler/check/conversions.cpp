// Types and units are settled here: a value is brought to the type that is wanted, two operands to one they share.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using syntax::Expr;

ExprId Checker::demand(Val v, const Type& type, Span span, const Expr* written) {
  if (!v.ok()) return none;
  if (!v.interval && v.type == type) return v.id;
  if (!v.interval) {
    const Type& t = v.type;
    const bool widens = t.scale <= type.scale && (t.kind == type.kind || (t.kind == Kind::integer && type.kind == Kind::decimal)) && (t.of == type.of || (t.kind == Kind::integer && t.of == none));
    if (is_number(t.kind) && is_number(type.kind) && widens && (t.of == type.of || type.of == none)) {
      if (const Cell* c = constant_of(v.id); c && c->lo == c->hi) {
        std::int64_t factor = 1;
        for (int i = t.scale; i < type.scale; ++i) factor *= 10;
        std::int64_t scaled;
        if (!__builtin_mul_overflow(c->lo, factor, &scaled)) return constant(known(scaled), type, written);
      }
      return emit(Op::rescale, type, none, {v.id}, written);
    }
    if (is_mean(type) && is_number(t.kind)) {
      const Type of = averaged(type);
      const bool same = t.of == of.of && (t.kind == of.kind || (t.kind == Kind::integer && of.kind == Kind::decimal) || (t.kind == Kind::decimal && of.kind == Kind::integer));
      std::int64_t unit = 1;
      for (int i = 0; i < t.scale; ++i) unit *= 10;
      if (same) return emit(Op::ratio, type, none, {v.id, constant(known(unit), t)}, written);
    }
    if (t.kind == Kind::percent && type.kind == Kind::ratio && !is_mean(type)) return emit(Op::as_ratio, type, none, {v.id}, written);
    if (t.kind == Kind::duration && type.kind == Kind::duration) {
      if (type.scale == duration_kind::mixed || constant_of(v.id) != nullptr)
        if (const Cell* c = constant_of(v.id); c && (c->lo == unstated_duration || c->lo == 0 || type.scale == duration_kind::mixed)) return constant(*c, type, written);
      if (type.scale == duration_kind::mixed) return emit(Op::rescale, type, none, {v.id}, written);
      error(Code::durations_do_not_compare, span);
      return none;
    }
    if (t.kind == Kind::choice && type.kind == Kind::choice) {
      const Enum &from = schema_.enums[t.of], &to = schema_.enums[type.of];
      std::vector<std::uint8_t> map;
      for (const auto& value : from.values) {
        const auto hit = enum_value(type.of, value.id);
        if (!hit) break;
        map.push_back(static_cast<std::uint8_t>(*hit));
      }
      if (map.size() == from.values.size() && !to.values.empty()) {
        program_.remaps.push_back(map);
        return emit(Op::remap, type, static_cast<std::uint32_t>(program_.remaps.size() - 1), {v.id}, written);
      }
    }
    if (is_number(t.kind) && is_number(type.kind) && t.kind == type.kind && t.of != type.of) {
      const auto unit = [&](std::uint32_t u) { return u == none ? std::string("-") : schema_.units[u].label.empty() ? schema_.units[u].id : schema_.units[u].label; };
      error(Code::units_do_not_mix, span, {unit(t.of), unit(type.of)});
      return none;
    }
  }
  error(Code::type_mismatch, span, {describe(v), type_name(schema_, type)});
  return none;
}

bool Checker::unify(Val& a, Val& b, Span span) {
  if (!a.ok() || !b.ok()) return false;
  if (a.interval || b.interval) {
    error(Code::types_do_not_mix, span, {describe(a), describe(b)});
    return false;
  }
  Type &s = a.type, &t = b.type;
  if (s == t) return true;
  if (is_mean(s) != is_mean(t)) {
    const Type mean = is_mean(s) ? s : t;
    a.id = demand(a, mean, span), b.id = demand(b, mean, span);
    a.type = b.type = mean;
    return a.id != none && b.id != none;
  }
  if (is_mean(s)) {
    error(Code::types_do_not_mix, span, {describe(a), describe(b)});
    return false;
  }
  const bool ratios = (s.kind == Kind::ratio || s.kind == Kind::percent) && (t.kind == Kind::ratio || t.kind == Kind::percent);
  if (ratios && s.kind != t.kind) return true;   // compared by cross-multiplication
  if (s.kind == Kind::ratio || t.kind == Kind::ratio) {
    const Val& other = s.kind == Kind::ratio ? b : a;
    if (is_number(other.type.kind)) {
      const Cell* c = constant_of(other.id);
      auto& d = error(Code::percent_not_number, span);
      d.hint = c != nullptr;
      if (c) d.hint_args = {std::to_string(c->lo * 100)};
      return false;
    }
  }
  if (s.kind == Kind::duration && t.kind == Kind::duration) {
    const auto neutral = [&](const Val& v) { const Cell* c = constant_of(v.id); return c && (c->lo == 0 || c->lo == unstated_duration); };
    if (neutral(a)) { s = t; return true; }
    if (neutral(b)) { t = s; return true; }
    error(Code::durations_do_not_compare, span);
    return false;
  }
  if (is_number(s.kind) && is_number(t.kind)) {
    const bool mixable = s.kind == t.kind || (s.kind == Kind::integer && t.kind == Kind::decimal) || (s.kind == Kind::decimal && t.kind == Kind::integer);
    if (mixable && s.of != t.of) {
      const auto unit = [&](std::uint32_t u) { return u == none ? std::string("-") : schema_.units[u].label.empty() ? schema_.units[u].id : schema_.units[u].label; };
      error(Code::units_do_not_mix, span, {unit(s.of), unit(t.of)});
      return false;
    }
    if (mixable) {
      Type wide = s.kind == Kind::decimal ? s : t.kind == Kind::decimal ? t : s;
      wide.scale = std::max(s.scale, t.scale);
      a.id = demand(a, wide, span), b.id = demand(b, wide, span);
      a.type = b.type = wide;
      return a.id != none && b.id != none;
    }
  }
  if (s.kind == Kind::choice && t.kind == Kind::choice) {
    const ExprId moved = demand(b, s, span);
    if (moved == none) return false;
    b = {moved, s};
    return true;
  }
  error(Code::types_do_not_mix, span, {describe(a), describe(b)});
  return false;
}

ExprId Checker::truth_value(syntax::ExprId id) {
  if (!id.valid()) return none;
  const Type want = boolean_type();
  return demand(lower(id, &want), want, (*ast_)[id].span);
}

Val Checker::enum_constant(const Type& type, const std::string& name, Span span, const Expr* written, bool report) {
  if (const auto value = enum_value(type.of, name)) return {constant(choice_of(std::uint64_t{1} << *value), type, written), type};
  if (report) {
    const Enum& e = schema_.enums[type.of];
    std::string list;
    for (const auto& v : e.values) list += (list.empty() ? "" : "、") + (v.label.empty() ? v.id : v.label);
    auto& d = error(Code::unknown_value, span, {name, e.label.empty() ? e.id : e.label});
    d.hint_args = {list};
  }
  return {};
}

}  // namespace tiao::check
