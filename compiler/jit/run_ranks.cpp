// Folds that are answered for all rows of an entity at once: what ranks and tallies are given, and where the answers go.
#include "compiler/jit/run.hpp"

namespace tiao::jit {

using engine::Array;

void Run::ranking(std::uint32_t index) {
  const core::Fold& fold = program_.folds[index];
  const plan::RankingPlan& from = plan_.rankings[index];
  const plan::FoldShape& shape = plan_.fold_shapes[index];
  engine::RankInput input;
  input.rows = store_.rows(fold.source.entity);
  input.in = operand(from.in);
  input.theirs = operand(from.theirs);
  input.kind = program_.exprs[shape.theirs].type.kind;
  input.least = plan_.values[shape.theirs].least;
  input.most = plan_.values[shape.theirs].most;
  for (const core::Source::Same& same : fold.source.same) {
    const plan::ValueFacts& facts = plan_.columns[fold.source.entity][same.column];
    input.keys.push_back(store_.column(fold.source.entity, same.column));
    input.key_bounds.emplace_back(facts.least, facts.most);
    input.key_kinds.push_back(program_.schema.entities[fold.source.entity].columns[same.column].type.kind);
  }
  input.fold = static_cast<std::uint32_t>(fold.kind);
  input.op = static_cast<scalar::CmpOp>(shape.op);
  input.as_filter = shape.term != none;
  input.open = store_.population_open(fold.source.entity);
  input.threads = limits_->threads;
  populations_[index].ranking = std::make_unique<engine::Ranking>(input);
}

engine::FoldAnswers Run::answers_of(const plan::RankPlan& rank, std::uint32_t rows) {
  const Kind kind = rank.answer.type.kind;
  const std::size_t words = kind == Kind::boolean ? BitPairs::room_of(rows) : rows;
  auto room = [&](std::uint32_t part) { return store_.make_temporary(rank.answer.temporary + part, words * 8); };
  engine::FoldAnswers to;
  if (kind == Kind::boolean) {
    to.yes = static_cast<std::uint64_t*>(room(0));
    to.no = static_cast<std::uint64_t*>(room(1));
    return to;
  }
  to.lo = static_cast<std::int64_t*>(room(0));
  to.hi = static_cast<std::int64_t*>(room(1));
  if (kind != Kind::ratio) return to;
  to.lo_den = static_cast<std::int64_t*>(room(2));
  to.hi_den = static_cast<std::int64_t*>(room(3));
  return to;
}

void Run::tally(std::uint32_t index) {
  const plan::RankPlan& from = plan_.ranks[index];
  const core::Fold& fold = program_.folds[from.fold];
  const plan::RankingPlan& rows = plan_.rankings[from.fold];
  const EntityId entity = fold.source.entity;
  const ColumnId link = fold.source.hops[0].column;
  const Array<std::uint8_t> open = store_.open_links(entity, link);
  engine::TallyInput input;
  input.rows = store_.rows(entity);
  input.link = store_.column(entity, link);
  input.in = operand(rows.in);
  input.condition = operand(rows.theirs);
  input.named = store_.rows(from.entity);
  input.open = open.empty() ? nullptr : open.data();
  input.fold = static_cast<std::uint32_t>(fold.kind);
  input.if_none = operand(from.if_none);
  input.threads = limits_->threads;
  tallies_[index].run(input, answers_of(from, input.named));
}

void Run::rank(std::uint32_t index) {
  const plan::RankPlan& from = plan_.ranks[index];
  if (plan_.fold_shapes[from.fold].kind == plan::FoldShape::tally) return tally(index);
  engine::RankQuestion question;
  question.rows = store_.rows(from.entity);
  question.own_keys = from.own_keys;
  for (const plan::Operand& key : from.keys) question.keys.push_back(operand(key));
  question.ours = operand(from.ours);
  question.own_row = from.own_row;
  question.itself = operand(from.itself);
  question.if_none = operand(from.if_none);
  question.bound = operand(from.bound);
  question.op = static_cast<scalar::CmpOp>(from.op);
  question.bound_kind = from.bound.type.kind;
  question.bound_scale = from.bound.type.scale;
  question.threads = limits_->threads;
  question.to = answers_of(from, question.rows);
  populations_[from.fold].ranking->answer(question);
}

}  // namespace tiao::jit
