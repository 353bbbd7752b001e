// Folds over a whole population that do not go through it for every row: answers kept by the keys asked for, and ranks.
#include "compiler/jit/emitter.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::jit {

using core::ExprId;
using plan::FoldShape;

namespace {
// Of so few rows an answer is found sooner than what was kept of it.
constexpr std::int64_t few = 4;
}  // namespace

Value Emitter::fold(ExprId id, std::uint32_t index) {
  const core::Fold& f = program_.folds[index];
  const FoldShape& shape = plan_.fold_shapes[index];
  if (shape.kind == FoldShape::anything) return looped(id, f, plan_.fold_access[index]);
  for (const auto& s : f.source.same) eval(s.key);
  if (shape.kind == FoldShape::rank) eval(shape.ours);
  const RowSet set = row_set(plan_.fold_access[index], nullptr, f.source.same);
  IrValue small = ir.less(set.count, ir.word(few));
  const Value nothing = make_.error(program_.exprs[id].type.kind);
  const Value found = guarded(ir.not_(small), nothing, [&] { return shape.kind == FoldShape::keys ? kept_fold(id, index) : rank_fold(id, index, set); });
  return guarded(small, found, [&] { return as_planned(looped(id, f, plan_.fold_access[index]), id); });
}

// A value that was read from a cell, with what the plan knows of it.
Value Emitter::as_planned(Value v, ExprId id) const {
  const plan::ValueFacts& facts = plan_.values[id];
  if (!facts.unknown) v = made_known(v);
  if (!facts.fails) v.error = ir.bit(false);
  return v;
}

IrValue Emitter::key_cells(const core::Source& source) {
  IrValue cells = in_frame(4 * source.same.size());
  for (std::size_t i = 0; i < source.same.size(); ++i) make_.write_cell(eval(source.same[i].key), ir.at(ir.i64, cells, ir.word(static_cast<std::int64_t>(4 * i))));
  return cells;
}

Value Emitter::kept_fold(ExprId id, std::uint32_t index) {
  const core::Fold& f = program_.folds[index];
  IrValue answer = in_frame(4), keys = key_cells(f.source);
  IrValue find = make_.declare("tiao_kept_find", {ir.ptr, ir.i32, ir.ptr, ir.ptr}, ir.i32, false);
  IrValue there = ir.call(LLVMGlobalGetValueType(find), find, {context_, make_.half(index), keys, answer});
  only_where(ir.equal(there, make_.half(0)), [&] {
    make_.write_cell(looped(id, f, plan_.fold_access[index]), answer);
    run("tiao_kept_keep", {context_, make_.half(index), answer});
  });
  return as_planned(make_.read_cell(program_.exprs[id].type, answer), id);
}

Value Emitter::rank_fold(ExprId id, std::uint32_t index, const RowSet& set) {
  const core::Fold& f = program_.folds[index];
  const FoldShape& shape = plan_.fold_shapes[index];
  IrValue find = make_.declare("tiao_ranking_find", {ir.ptr, ir.i32, ir.ptr}, ir.i32, false);
  IrValue there = ir.call(LLVMGlobalGetValueType(find), find, {context_, make_.half(index), key_cells(f.source)});
  only_where(ir.equal(there, make_.half(0)), [&] { rank_rows(index, set); });

  IrValue state = in_frame((sizeof(engine::FoldState) + 7) / 8), ours = in_frame(4);
  const auto kind = static_cast<std::uint32_t>(program_.exprs[shape.theirs].type.kind);
  make_.write_cell(eval(shape.ours), ours);
  run("tiao_fold_begin", {state, make_.half(static_cast<std::uint32_t>(f.kind)), make_.half(static_cast<std::uint32_t>(Kind::boolean)), make_.half(0)});
  IrValue itself = shape.itself != none ? ir.narrow(eval(shape.itself).lo, ir.i32) : make_.half(none);
  run("tiao_ranking_fold", {context_, make_.half(index), state, make_.half(static_cast<std::uint32_t>(shape.op)), ours, itself, make_.half(kind),
                            make_.half(shape.term != none)});
  only_where(set.open.yes, [&] { run("tiao_fold_open", {state, ir.null()}); });
  run("tiao_fold_end", {make_.scratch, state, if_none_cell(f)});
  return make_.failing(as_planned(make_.read_cell(program_.exprs[id].type, make_.scratch), id), set.open.error);
}

// The rows of the set with the values that others are compared with.
void Emitter::rank_rows(std::uint32_t index, RowSet set) {
  const core::Fold& f = program_.folds[index];
  const FoldShape& shape = plan_.fold_shapes[index];
  const std::uint64_t slot_bit = std::uint64_t{1} << f.slot;
  const auto kind = static_cast<std::uint32_t>(program_.exprs[shape.theirs].type.kind);
  hoist(f.filter, slot_bit);
  split_filter(f, slot_bit, set);
  if (shape.term != none) std::erase(set.terms, same_as_[shape.term]);
  IrValue value = in_frame(4);
  each_row(f, set, [&](const Value& row, const Value& in) {
    make_.write_cell(eval(shape.theirs), value);
    run("tiao_ranking_row", {context_, make_.half(index), ir.narrow(row.lo, ir.i32), ir.widen(make_.byte_of(in), ir.i32), value, make_.half(kind)});
  });
  run("tiao_ranking_settle", {context_, make_.half(index)});
}

}  // namespace tiao::jit
