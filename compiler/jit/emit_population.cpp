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
  if (shape.kind == FoldShape::anything || shape.kind == FoldShape::tally) return looped(id, f, plan_.fold_access[index]);
  if (shape.kind == FoldShape::rank) return rank_fold(id, index);
  for (const auto& s : f.source.same) eval(s.key);
  const RowSet set = row_set(plan_.fold_access[index], nullptr, f.source.same);
  IrValue small = ir.less(set.count, ir.word(few));
  const Value nothing = make_.error(program_.exprs[id].type.kind);
  const Value found = guarded(ir.not_(small), nothing, [&] { return kept_fold(id, index); });
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

// One that is asked for by itself.
Value Emitter::rank_fold(ExprId id, std::uint32_t index) {
  const core::Fold& f = program_.folds[index];
  const FoldShape& shape = plan_.fold_shapes[index];
  IrValue keys = key_cells(f.source), ours = in_frame(4), out = in_frame(4);
  make_.write_cell(eval(shape.ours), ours);
  IrValue itself = shape.itself != none ? ir.narrow(eval(shape.itself).lo, ir.i32) : make_.half(none);
  run("tiao_rank", {context_, make_.half(index), out, keys, ours, itself, if_none_cell(f)});
  return as_planned(make_.read_cell(program_.exprs[id].type, out), id);
}

// One of those that were answered for all rows.
Value Emitter::rank_answer(ExprId id, const plan::Operand& answer) {
  IrValue row = rows_.at(0).lo;
  auto plane = [&](std::uint32_t part) { return slot(layout_.temporary(answer.temporary + part)); };
  auto word = [&](std::uint32_t part) { return ir.load_at(ir.i64, plane(part), row); };
  Value v;
  switch (answer.type.kind) {
    case Kind::boolean: {
      IrValue byte = ir.shift_right(row, ir.word(3)), place = ir.narrow(ir.bits_and(row, ir.word(7)), ir.i8);
      auto bit = [&](std::uint32_t part) { return ir.narrow(ir.shift_right(ir.load_at(ir.i8, plane(part), byte), place), ir.i1); };
      const plan::ValueFacts& facts = plan_.values[id];
      IrValue yes = bit(0);
      return make_.truth_of_bits(yes, facts.unknown || facts.fails ? bit(1) : ir.not_(yes), facts.fails, facts.unknown);
    }
    case Kind::ratio: v = make_.ratio(word(0), word(1), word(2), word(3), ir.equal(word(2), ir.word(0))); break;
    default: {
      IrValue lo = word(0), hi = word(1);
      v = make_.number(answer.type.kind, lo, hi, ir.less(hi, lo));
      break;
    }
  }
  return as_planned(v, id);
}

}  // namespace tiao::jit
