// Which folds need not go through their rows for every row that asks.
#include "compiler/plan/planner.hpp"

namespace tiao::plan {

using core::CmpOp;
using core::Expr;
using core::ExprId;
using core::FoldKind;
using core::Op;

namespace {

// Kinds whose ends stand in one order.
bool has_order(Kind kind) { return kind != Kind::boolean && kind != Kind::choice && kind != Kind::text && kind != Kind::ref; }

}  // namespace

CmpOp Planner::turned_round(CmpOp op) {
  switch (op) {
    case CmpOp::at_least: return CmpOp::at_most;
    case CmpOp::at_most: return CmpOp::at_least;
    case CmpOp::over: return CmpOp::under;
    case CmpOp::under: return CmpOp::over;
    default: return op;
  }
}

// Reads at most the row that the fold looks at.
bool Planner::of_its_row(const core::Fold& fold, ExprId e) const { return e == none || (plan_.slots_read[e] & ~(std::uint64_t{1} << fold.slot)) == 0; }

// `theirs OP ours` either way round.
bool Planner::is_rank(const core::Fold& fold, ExprId e, FoldShape& shape) const {
  const Expr& x = program_.exprs[e];
  if (x.op != Op::compare) return false;
  const ExprId left = program_.args[x.args], right = program_.args[x.args + 1];
  const Type &a = program_.exprs[left].type, &b = program_.exprs[right].type;
  const auto op = static_cast<CmpOp>(x.a);
  if (op == CmpOp::is || op == CmpOp::is_not || !has_order(a.kind) || a.kind != b.kind || a.scale != b.scale) return false;
  const std::uint64_t slot = std::uint64_t{1} << fold.slot;
  if (of_its_row(fold, left) && (plan_.slots_read[right] & slot) == 0) {
    shape.op = op;
    shape.theirs = left;
    shape.ours = right;
  } else if (of_its_row(fold, right) && (plan_.slots_read[left] & slot) == 0) {
    shape.op = turned_round(op);
    shape.theirs = right;
    shape.ours = left;
  } else {
    return false;
  }
  return (plan_.slots_read[shape.theirs] & slot) != 0;
}

// `the row that is looked at is R`, where R is a row in sight or one above it, which are always known.
ExprId Planner::is_itself(const core::Fold& fold, ExprId e) const {
  const Expr& x = program_.exprs[e];
  if (x.op != Op::compare || static_cast<CmpOp>(x.a) != CmpOp::is) return none;
  for (std::uint32_t side = 0; side < 2; ++side) {
    const Expr& looked_at = program_.exprs[program_.args[x.args + side]];
    const ExprId other = program_.args[x.args + 1 - side];
    if (looked_at.op != Op::row || looked_at.a != fold.slot || looked_at.type != program_.exprs[other].type) continue;
    const Expr* at = &program_.exprs[other];
    while (at->op == Op::parent) at = &program_.exprs[program_.args[at->args]];
    if (at->op == Op::row && at->a != fold.slot) return other;
  }
  return none;
}

// Of the rows that name the row that asks: does it only count them, by what each says of itself?
bool Planner::is_tally(const core::Fold& fold, const Access& access) const {
  const bool counts = fold.kind == FoldKind::count || fold.kind == FoldKind::exists || fold.kind == FoldKind::every || fold.kind == FoldKind::share;
  if (!counts || access.kind != Access::linked || fold.slot >= 63 || !is_own_row(fold.source.start) || !fold.source.same.empty()) return false;
  return of_its_row(fold, fold.filter) && of_its_row(fold, fold.value) && (fold.value == none || plan_.slots_read[fold.value] != 0);
}

FoldShape Planner::fold_shape(const core::Fold& fold) const {
  FoldShape shape;
  if (fold.source.start != none || fold.slot >= 63) return shape;
  if (of_its_row(fold, fold.filter) && of_its_row(fold, fold.value) && of_its_row(fold, fold.if_none)) {
    // What does not even depend on keys is evaluated once a call.
    for (const auto& same : fold.source.same)
      if (plan_.slots_read[same.key] != 0) shape.kind = FoldShape::keys;
    return shape;
  }
  if (!fold.source.hops.empty()) return shape;
  bool found = false;
  switch (fold.kind) {
    case FoldKind::share:
    case FoldKind::every:
    case FoldKind::exists:
      if (fold.value == none) break;
      found = is_rank(fold, fold.value, shape);
      if (const Expr& x = program_.exprs[fold.value]; !found && x.op == Op::or_ && x.count == 2)
        for (std::uint32_t side = 0; side < 2 && !found; ++side) {
          shape.itself = is_itself(fold, program_.args[x.args + side]);
          found = shape.itself != none && is_rank(fold, program_.args[x.args + 1 - side], shape);
        }
      if (!found) return {};
      break;
    case FoldKind::count: break;
    default: return shape;
  }
  for (const ExprId term : conjuncts(fold.filter)) {
    if (of_its_row(fold, term)) continue;
    if (found || fold.value != none || !is_rank(fold, term, shape)) return {};
    shape.term = term;
    found = true;
  }
  if (found) shape.kind = FoldShape::rank;
  return shape;
}

}  // namespace tiao::plan
