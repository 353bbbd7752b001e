// Folds that are ranks: what puts a population in order is given, and where the answers for all rows of an entity go.
#include "compiler/jit/run.hpp"

namespace tiao::jit {

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
    input.keys.push_back(store_.column(fold.source.entity, same.column));
    input.key_kinds.push_back(program_.schema.entities[fold.source.entity].columns[same.column].type.kind);
  }
  input.fold = static_cast<std::uint32_t>(fold.kind);
  input.op = static_cast<scalar::CmpOp>(shape.op);
  input.as_filter = shape.term != none;
  input.open = store_.population_open(fold.source.entity);
  input.threads = limits_->threads;
  populations_[index].ranking = std::make_unique<engine::Ranking>(input);
}

void Run::rank(std::uint32_t index) {
  const plan::RankPlan& from = plan_.ranks[index];
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
  const bool truths = from.answer.type.kind == Kind::boolean;
  const std::size_t words = truths ? BitPairs::room_of(question.rows) : question.rows;
  auto room = [&](std::uint32_t part) { return store_.make_temporary(from.answer.temporary + part, words * 8); };
  if (truths) {
    question.yes = static_cast<std::uint64_t*>(room(0));
    question.no = static_cast<std::uint64_t*>(room(1));
  } else {
    question.lo = static_cast<std::int64_t*>(room(0));
    question.hi = static_cast<std::int64_t*>(room(1));
  }
  if (from.answer.type.kind == Kind::ratio) {
    question.lo_den = static_cast<std::int64_t*>(room(2));
    question.hi_den = static_cast<std::int64_t*>(room(3));
  }
  populations_[from.fold].ranking->answer(question);
}

}  // namespace tiao::jit
