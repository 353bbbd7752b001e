// Comparisons and sets of values.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::CmpOp;
using syntax::Expr;
using syntax::ExprKind;

namespace {

CmpOp comparison(syntax::Op op) {
  switch (op) {
    case syntax::Op::is_not: return CmpOp::is_not;
    case syntax::Op::at_least: case syntax::Op::on_or_after: return CmpOp::at_least;
    case syntax::Op::at_most: case syntax::Op::on_or_before: return CmpOp::at_most;
    case syntax::Op::over: case syntax::Op::after: return CmpOp::over;
    case syntax::Op::under: case syntax::Op::before: return CmpOp::under;
    default: return CmpOp::is;
  }
}

}  // namespace

Val Checker::lower_compare(const Expr& e) {
  const Expr& left = (*ast_)[e.args[0]];
  Val a = lower(e.args[0]);
  if (!a.ok()) return {};
  if (e.op == syntax::Op::crosses) {
    const core::Expr& x = program_.exprs[a.id];
    const bool balance = !a.interval && x.op == Op::column && schema_.entities[entity_of(program_.args[x.args])].origin == EntityOrigin::step && x.a == core::step_col::balance;
    if (!balance) { error(Code::crosses_needs_balance, left.span); return {}; }
    const ExprId bound = demand(lower(e.args[1], &a.type), a.type, (*ast_)[e.args[1]].span);
    if (bound == none) return {};
    const ExprId opening = column(program_.args[x.args], core::step_col::opening, nullptr);
    return {all({compare(CmpOp::under, opening, bound, &e), compare(CmpOp::at_least, a.id, bound, &e)}, &e), boolean_type()};
  }
  Val b = lower(e.args[1], a.interval ? nullptr : &a.type);
  if (!b.ok()) return {};
  if (!unify(a, b, e.span)) return {};
  const CmpOp op = comparison(e.op);
  const bool equality = op == CmpOp::is || op == CmpOp::is_not;
  if (a.type.kind == Kind::boolean) {
    if (!equality) { error(Code::type_mismatch, e.span, {"bool", "number"}); return {}; }
    const ExprId same = any({all({a.id, b.id}), all({negation(a.id), negation(b.id)})}, &e);
    const Cell* c = constant_of(b.id);
    ExprId x = c && c->lo == 1 ? a.id : c && c->lo == 2 ? negation(a.id, &e) : same;
    return {op == CmpOp::is ? x : negation(x, &e), boolean_type()};
  }
  if (!equality && (a.type.kind == Kind::text || a.type.kind == Kind::ref)) { error(Code::type_mismatch, e.span, {describe(a), "number"}); return {}; }
  if (!equality && a.type.kind == Kind::choice && !schema_.enums[a.type.of].ordered) {
    const Enum& scale = schema_.enums[a.type.of];
    error(Code::not_ordered, e.span, {scale.label.empty() ? scale.id : scale.label});
    return {};
  }
  if (a.type.kind == Kind::duration && a.type.scale == duration_kind::mixed && !equality) { error(Code::durations_do_not_compare, e.span); return {}; }
  return {compare(op, a.id, b.id, &e), boolean_type()};
}

// Is a choice among the values marked 1? Mapped onto a scale of two so that it is one comparison.
ExprId Checker::in_values(ExprId choice, std::vector<std::uint8_t> marked, const Expr* written) {
  if (membership_enum_ == none) {
    schema_.enums.push_back({"§member", "", false, {{"out", ""}, {"in", ""}}});
    membership_enum_ = static_cast<std::uint32_t>(schema_.enums.size() - 1);
  }
  const Type two = type_of(Kind::choice, membership_enum_);
  auto hit = std::find(program_.remaps.begin(), program_.remaps.end(), marked);
  const auto index = static_cast<std::uint32_t>(hit - program_.remaps.begin());
  if (hit == program_.remaps.end()) program_.remaps.push_back(std::move(marked));
  const ExprId mapped = emit(Op::remap, two, index, {choice}, written);
  return compare(CmpOp::is, mapped, constant(choice_of(2), two), written);
}

}  // namespace tiao::check
