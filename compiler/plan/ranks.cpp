// Folds that are answered for all rows at once: ranks and tallies. Populations of ranks are put in order by steps of their own; the rows of a kernel that ask are answered all at once
// before it, and it reads the answers. Only what asks from elsewhere (from inside another fold, or for candidates) does so one by one.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::CmpOp;
using core::Expr;
using core::ExprId;
using core::Op;

// The terms of a filter, which hold together.
std::vector<ExprId> Planner::conjuncts(ExprId filter) const {
  std::vector<ExprId> terms;
  if (filter != none) terms = {filter};
  for (std::size_t i = 0; i < terms.size();) {
    const Expr& x = program_.exprs[terms[i]];
    if (x.op != Op::and_) {
      ++i;
      continue;
    }
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(i));
    terms.insert(terms.begin() + static_cast<std::ptrdiff_t>(i), program_.args.begin() + x.args, program_.args.begin() + x.args + x.count);
  }
  return terms;
}

// Where a value stands that a step reads: in a column, or in a temporary that one of two kernels fills before the step.
Operand Planner::value_before(Kernel& rows, Kernel& once, ExprId expr) {
  return value_in(rows.outputs, once.outputs, expr, rows.slot == none ? 0 : rows.slot);
}

void Planner::emit_before(Kernel kernel) {
  if (kernel.outputs.empty()) return;
  for (const Output& out : kernel.outputs) kernel.weight += weight_of(out);
  emit_kernel(std::move(kernel));
}

void Planner::need_ranking(std::uint32_t index) {
  if (ranking_made_[index]) return;
  ranking_made_[index] = true;
  const core::Fold& fold = program_.folds[index];
  const FoldShape& shape = plan_.fold_shapes[index];
  RankingPlan& to = plan_.rankings[index];
  Kernel rows, once;
  rows.entity = fold.source.entity;
  rows.slot = fold.slot;
  once.over = Kernel::once;
  std::vector<ExprId> terms = conjuncts(fold.filter);
  std::erase(terms, shape.term);
  const bool out = plan_.rows[fold.source.entity].out;
  if (terms.size() != 1 || out || !direct(terms[0], fold.slot, to.in)) {
    if (!terms.empty() || out) {
      Output in;
      in.kind = Output::conjunction;
      in.exprs = std::move(terms);
      in.membership = true;
      in.home.temporary = to.in.temporary = temporary(in.type);
      to.in.type = in.type;
      rows.outputs.push_back(std::move(in));
    }
  }
  to.theirs = value_before(rows, once, shape.theirs);
  emit_before(std::move(rows));
  if (shape.kind == FoldShape::rank) step(Step::ranking, index);
}

// Is it a rank, its comparison with a value that is the same for all rows, or a tally, and depends on nothing but the row?
bool Planner::asks_rank(ExprId id) const {
  const auto is = [&](FoldShape::Kind kind, ExprId e) {
    return program_.exprs[e].op == Op::fold && plan_.fold_shapes[program_.exprs[e].a].kind == kind && plan_.slots_read[e] == 1;
  };
  const auto is_rank = [&](ExprId e) { return is(FoldShape::rank, e); };
  return is_rank(id) || is(FoldShape::tally, id) || (program_.exprs[id].op == Op::compare && compared_rank(id) != none && is_rank(compared_rank(id)));
}

std::vector<ExprId> Planner::ranks_asked(const Output& output) const {
  std::vector<ExprId> asked;
  std::vector<bool> seen(program_.exprs.size());
  const std::function<void(ExprId)> look = [&](ExprId e) {
    if (e == none || seen[e]) return;
    seen[e] = true;
    const Expr& x = program_.exprs[e];
    if (asks_rank(e)) return asked.push_back(e);
    for (std::uint32_t i = 0; i < x.count; ++i) look(program_.args[x.args + i]);
    if (x.op != Op::fold) return;
    const core::Fold& fold = program_.folds[x.a];
    look(fold.source.start);
    for (const core::Source::Same& same : fold.source.same) look(same.key);
    for (const ExprId part : {fold.filter, fold.value, fold.if_none}) look(part);
  };
  for (const ExprId e : parts_of(output)) look(e);
  return asked;
}

// The side of a comparison that is a fold with a number for its value, where the other is the same for all rows.
ExprId Planner::compared_rank(ExprId comparison) const {
  const Expr& x = program_.exprs[comparison];
  for (std::uint32_t side = 0; side < 2; ++side) {
    const ExprId fold = program_.args[x.args + side], other = program_.args[x.args + 1 - side];
    const Kind kind = program_.exprs[fold].type.kind, bound = program_.exprs[other].type.kind;
    if (program_.exprs[fold].op != Op::fold || plan_.slots_read[other] != 0) continue;
    if (kind == bound ? kind == Kind::ratio || kind == Kind::integer : kind == Kind::ratio && bound == Kind::percent) return fold;
  }
  return none;
}

void Planner::need_rank(EntityId entity, ExprId answers) {
  if (plan_.rank_of[answers] != none) return;
  RankPlan rank;
  rank.answers = answers;
  rank.entity = entity;
  Kernel rows, once;
  rows.entity = entity;
  once.over = Kernel::once;
  const Expr& x = program_.exprs[answers];
  const ExprId folded = x.op == Op::compare ? compared_rank(answers) : answers;
  if (x.op == Op::compare) {
    const bool mirrored = program_.args[x.args] != folded;
    rank.op = mirrored ? turned_round(static_cast<CmpOp>(x.a)) : static_cast<CmpOp>(x.a);
    rank.bound = value_before(rows, once, program_.args[x.args + (mirrored ? 0 : 1)]);
  }
  rank.fold = program_.exprs[folded].a;
  const core::Fold& fold = program_.folds[rank.fold];
  const FoldShape& shape = plan_.fold_shapes[rank.fold];
  const auto& same = fold.source.same;
  rank.own_keys = shape.kind == FoldShape::rank && entity == fold.source.entity && (same.empty() || (has_own_key(fold.source) && is_own_row(program_.args[program_.exprs[same[0].key].args])));
  if (!rank.own_keys)
    for (const core::Source::Same& s : same) rank.keys.push_back(value_before(rows, once, s.key));
  rank.ours = value_before(rows, once, shape.ours);
  rank.own_row = shape.itself != none && is_own_row(shape.itself);
  if (!rank.own_row) rank.itself = value_before(rows, once, shape.itself);
  rank.if_none = value_before(rows, once, fold.if_none);
  rank.answer.type = program_.exprs[answers].type;
  rank.answer.temporary = temporary(rank.answer.type);
  need_ranking(rank.fold);
  emit_before(std::move(once));
  emit_before(std::move(rows));
  plan_.rank_of[answers] = static_cast<std::uint32_t>(plan_.ranks.size());
  plan_.weights[answers] = 1;   // it is only read
  step(Step::rank, plan_.rank_of[answers]);
  plan_.ranks.push_back(std::move(rank));
}

std::vector<std::uint32_t> Planner::ranks_of(EntityId entity) const {
  std::vector<std::uint32_t> answered;
  for (std::uint32_t r = 0; r < plan_.ranks.size(); ++r)
    if (plan_.ranks[r].entity == entity) answered.push_back(r);
  return answered;
}

void Planner::touch_ranking(Touched& t, std::uint32_t index) const {
  const core::Source& source = program_.folds[index].source;
  if (plan_.fold_shapes[index].kind == FoldShape::rank) t.folds.insert(index);
  else t.columns.insert({source.entity, source.hops[0].column});
  t.entities.insert(source.entity);
  for (const core::Source::Same& same : source.same) t.columns.insert({source.entity, same.column});
  touch(t, plan_.rankings[index].in);
  touch(t, plan_.rankings[index].theirs);
}

void Planner::touch_rank(Touched& t, const RankPlan& rank) const {
  touch_ranking(t, rank.fold);
  t.entities.insert(rank.entity);
  for (const Operand& key : rank.keys) touch(t, key);
  for (const Operand* o : {&rank.ours, &rank.itself, &rank.if_none, &rank.bound, &rank.answer}) touch(t, *o);
}

}  // namespace tiao::plan
