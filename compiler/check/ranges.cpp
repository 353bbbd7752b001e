// Ranges: what is known to lie between two ends, and tests of what lies between them.
#include "compiler/check/checker.hpp"

namespace tiao::check {

using core::CmpOp;
using syntax::Expr;
using syntax::ExprKind;

namespace {

Cell unknown_cell(const Schema& schema, const Type& t) {
  switch (t.kind) {
    case Kind::boolean: return of(Truth::unknown);
    case Kind::choice: return choice_of((std::uint64_t{1} << schema.enums[t.of].values.size()) - 1);
    case Kind::date: return between(neg_inf, never_day);
    default: return between(neg_inf, pos_inf);
  }
}

bool has_between(Kind kind) { return is_number(kind) || kind == Kind::date || kind == Kind::duration || kind == Kind::workdays; }

}  // namespace

bool Checker::runs_upward(std::int64_t lo, std::int64_t hi, Span span) {
  if (lo <= hi) return true;
  error(Code::range_reversed, span, {std::string(project_.sources->text(span))});
  return false;
}

Span Checker::span_of(const syntax::Range& range) const {
  if (!range.lo.valid()) return (*ast_)[range.hi].span;
  return range.hi.valid() ? source::join((*ast_)[range.lo].span, (*ast_)[range.hi].span) : (*ast_)[range.lo].span;
}

Val Checker::lower_unknown(const Expr& e, const Type* expected) {
  Type t = expected ? *expected : boolean_type();
  if (!e.has_range) return {constant(unknown_cell(schema_, t), t, &e), t};
  if (expected && !has_between(t.kind)) { error(Code::type_mismatch, e.span, {"range", type_name(schema_, t)}); return {}; }
  const syntax::Range& range = e.range;
  const auto end = [&](syntax::ExprId written, Val& out) {
    if (!written.valid()) return true;
    out = lower(written, expected ? &t : nullptr);
    if (!out.ok()) return false;
    if (!out.interval && has_between(out.type.kind)) return true;
    error(Code::type_mismatch, (*ast_)[written].span, {describe(out), expected ? type_name(schema_, t) : "number"});
    return false;
  };
  Val lo, hi;
  if (!end(range.lo, lo) || !end(range.hi, hi)) return {};
  if (lo.ok() && hi.ok() && !unify(lo, hi, e.span)) return {};   // 1..2.5 counts in tenths at both ends
  if (!expected) t = lo.ok() ? lo.type : hi.type;
  // A day written in part, 2025-03, is the first of its days at one end and the last at the other.
  const auto known_end = [&](const Val& v, syntax::ExprId written) -> const Cell* {
    const ExprId x = demand(v, t, (*ast_)[written].span);
    const Cell* c = constant_of(x);
    if (x != none && !c) error(Code::not_a_constant, (*ast_)[written].span);
    return c;
  };
  Cell cell = unknown_cell(schema_, t);
  if (lo.ok()) {
    const Cell* c = known_end(lo, range.lo);
    if (!c) return {};
    cell.lo = c->lo + (range.lo_exclusive ? 1 : 0);
  }
  if (hi.ok()) {
    const Cell* c = known_end(hi, range.hi);
    if (!c) return {};
    cell.hi = c->hi - (range.hi_exclusive ? 1 : 0);
  }
  if (!runs_upward(cell.lo, cell.hi, span_of(range))) return {};
  return {constant(cell, t, &e), t};
}

ExprId Checker::bound_test(ExprId x, const Type& x_type, const syntax::Range& range, const Expr* written) {
  std::vector<ExprId> terms;
  std::optional<Cell> ends[2];   // of ends that are written here; what a definition's argument comes to may well hold nothing
  for (const bool low : {true, false}) {
    const syntax::ExprId end = low ? range.lo : range.hi;
    if (!end.valid()) continue;
    Val v = lower(end, &x_type), subject{x, x_type};
    if (!v.ok() || !unify(subject, v, (*ast_)[end].span)) return none;
    const CmpOp op = low ? (range.lo_exclusive ? CmpOp::over : CmpOp::at_least) : (range.hi_exclusive ? CmpOp::under : CmpOp::at_most);
    terms.push_back(compare(op, subject.id, v.id, written));
    if ((*ast_)[end].kind != ExprKind::path && has_between(v.type.kind))
      if (const Cell* c = constant_of(v.id)) ends[low ? 0 : 1] = *c;
  }
  if (ends[0] && ends[1] && !runs_upward(ends[0]->lo + range.lo_exclusive, ends[1]->hi - range.hi_exclusive, span_of(range))) return none;
  const ExprId both = all(std::move(terms), written);
  return both == none ? truth_constant(true) : both;
}

Val Checker::lower_range_test(const Expr& e) {
  Val a = lower(e.args[0]);
  if (!a.ok()) return {};
  if (e.kind == ExprKind::in_range) {
    if (a.interval) { error(Code::type_mismatch, e.span, {"interval", "number"}); return {}; }
    const ExprId x = bound_test(a.id, a.type, e.range, &e);
    return x == none ? Val{} : Val{x, boolean_type()};
  }
  if (e.kind == ExprKind::in_period) {
    const Val period = lower(e.args[1], nullptr);
    if (!period.ok()) return {};
    if (!period.interval || a.interval || a.type.kind != Kind::date) { error(Code::types_do_not_mix, e.span, {describe(a), describe(period)}); return {}; }
    return {all({compare(CmpOp::at_least, a.id, period.from, &e), compare(CmpOp::under, a.id, period.until, &e)}, &e), boolean_type()};
  }
  if (a.interval) { error(Code::type_mismatch, e.span, {"interval", "value"}); return {}; }
  // A set of values of one scale is one test, so that a value known only in part is decided sharply.
  if (a.type.kind == Kind::choice) {
    std::vector<std::uint8_t> map(schema_.enums[a.type.of].values.size(), 0);
    for (std::size_t i = 1; i < e.args.size(); ++i) {
      const ExprId v = demand(lower(e.args[i], &a.type), a.type, (*ast_)[e.args[i]].span);
      const Cell* c = constant_of(v);
      if (v == none) return {};
      if (!c || c->lo <= 0) { error(Code::not_a_constant, (*ast_)[e.args[i]].span); return {}; }
      for (std::size_t bit = 0; bit < map.size(); ++bit) if (c->lo >> bit & 1) map[bit] = 1;
    }
    return {in_values(a.id, std::move(map), &e), boolean_type()};
  }
  std::vector<ExprId> terms;
  for (std::size_t i = 1; i < e.args.size(); ++i) {
    Val v = lower(e.args[i], &a.type), subject = a;
    if (!v.ok() || !unify(subject, v, (*ast_)[e.args[i]].span)) return {};
    terms.push_back(compare(CmpOp::is, subject.id, v.id, &e));
  }
  return {any(std::move(terms), &e), boolean_type()};
}

}  // namespace tiao::check
