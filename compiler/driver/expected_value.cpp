#include "compiler/driver/expected_value.hpp"

#include "runtime/value/scalar.hpp"

namespace tiao::driver {
namespace {

using check::ExpectedForm;
using check::ExpectedValue;
using check::ScenarioValue;
using scalar::CmpOp;
using verdict::Names;
using verdict::Value;
using verdict::ValueForm;

bool scaled(Kind kind) { return kind == Kind::decimal || kind == Kind::money || kind == Kind::percent; }

Truth compare(const Names& names, CmpOp op, const Type& type, const Cell& found, const ScenarioValue& expected) {
  if (type.kind == Kind::text || type.kind == Kind::ref) {
    if (!is_known(found, type.kind) || found.lo == neg_inf) return Truth::unknown;
    const bool same = verdict::cell_text(names, type, found.lo) == expected.text;
    return truth(op == CmpOp::is_not ? !same : same);
  }
  if (type.kind == Kind::ratio) {
    const bool percent = expected.type.kind == Kind::percent;
    return scalar::compare_ratio(op, found, expected.cell, percent, expected.type.scale);
  }
  if (type.kind == Kind::percent && expected.type.kind == Kind::ratio)
    return scalar::compare_ratio(scalar::mirrored(op), expected.cell, found, true, type.scale);
  if (scaled(type.kind) && type.scale != expected.type.scale) {
    const unsigned places = std::max(type.scale, expected.type.scale);
    return scalar::compare(op, scalar::rescale(found, type.scale, places), scalar::rescale(expected.cell, expected.type.scale, places), type.kind);
  }
  return scalar::compare(op, found, expected.cell, type.kind);
}

bool holds(const Names& names, CmpOp op, const Type& type, const Cell& found, const ScenarioValue& expected) {
  return compare(names, op, type, found, expected) == Truth::yes;
}

bool equal(const Names& names, const Type& type, const Cell& found, const ScenarioValue& expected) {
  return is_known(found, type.kind) && holds(names, CmpOp::is, type, found, expected);
}

// `unknown (a..b)` may stand where a value is expected.
ExpectedForm form_of(const ExpectedValue& expected) {
  const Kind kind = expected.lo.type.kind;
  const bool has_cell = kind != Kind::text && kind != Kind::ref;
  if (expected.form != ExpectedForm::exact || !has_cell) return expected.form;
  const bool open = expected.lo.presence == facts::Presence::null || !is_known(expected.lo.cell, kind);
  return open ? ExpectedForm::unknown : ExpectedForm::exact;
}

bool given(const ScenarioValue& value) { return value.presence == facts::Presence::given; }

std::int64_t end_of(const ScenarioValue& value, const Type& type, bool upper, std::int64_t& found) {
  if (scaled(type.kind) && type.scale != value.type.scale) {
    const unsigned places = std::max(type.scale, value.type.scale);
    found = scalar::rescale(known(found), type.scale, places).lo;
    const Cell cell = scalar::rescale(value.cell, value.type.scale, places);
    return upper ? cell.hi : cell.lo;
  }
  return upper ? value.cell.hi : value.cell.lo;
}

// Not known, and with the ends that are named. A range may stand in `lo` alone.
bool same_range(const Type& type, const Cell& found, const ExpectedValue& expected) {
  if (is_error(found, type.kind) || is_known(found, type.kind)) return false;
  const ScenarioValue& upper = expected.form == ExpectedForm::exact ? expected.lo : expected.hi;
  std::int64_t lo = found.lo, hi = found.hi;
  return (!given(expected.lo) || end_of(expected.lo, type, false, lo) == lo) && (!given(upper) || end_of(upper, type, true, hi) == hi);
}

bool between(const Names& names, const Type& type, const Cell& lo, const Cell& hi, const ExpectedValue& expected) {
  return (!given(expected.lo) || holds(names, CmpOp::at_least, type, lo, expected.lo)) &&
         (!given(expected.hi) || holds(names, CmpOp::at_most, type, hi, expected.hi));
}

}  // namespace

bool matches_act(const Names& names, const ExpectedValue& expected, const Value& found) {
  switch (form_of(expected)) {
    case ExpectedForm::exact: return found.form == ValueForm::plain && equal(names, found.type, found.lo, expected.lo);
    case ExpectedForm::between:
      return found.form == ValueForm::between && equal(names, found.type, found.lo, expected.lo) && equal(names, found.type, found.hi, expected.hi);
    case ExpectedForm::at_most: return found.form == ValueForm::at_most && equal(names, found.type, found.hi, expected.lo);
    case ExpectedForm::at_least: return found.form == ValueForm::at_least && equal(names, found.type, found.lo, expected.lo);
    case ExpectedForm::unknown:
      return (found.form == ValueForm::plain || found.form == ValueForm::one_of) && same_range(found.type, found.lo, expected);
    case ExpectedForm::unstated: return found.form == ValueForm::unstated || found.form == ValueForm::until;
    case ExpectedForm::over:
    case ExpectedForm::under:
    case ExpectedForm::is_not: return false;
  }
  return false;
}

bool matches_report(const Names& names, const ExpectedValue& expected, const Value& found) {
  const Type& type = found.type;
  const Cell& cell = found.lo;
  switch (form_of(expected)) {
    case ExpectedForm::exact: return found.form == ValueForm::plain && equal(names, type, cell, expected.lo);
    case ExpectedForm::between: return between(names, type, cell, cell, expected);
    case ExpectedForm::at_most: return holds(names, CmpOp::at_most, type, cell, expected.lo);
    case ExpectedForm::at_least: return holds(names, CmpOp::at_least, type, cell, expected.lo);
    case ExpectedForm::over: return holds(names, CmpOp::over, type, cell, expected.lo);
    case ExpectedForm::under: return holds(names, CmpOp::under, type, cell, expected.lo);
    case ExpectedForm::is_not: return holds(names, CmpOp::is_not, type, cell, expected.lo);
    case ExpectedForm::unknown: return same_range(type, cell, expected);
    case ExpectedForm::unstated: return found.form == ValueForm::unstated;
  }
  return false;
}

}  // namespace tiao::driver
