// Kernels whose outputs are truths of 512 rows at a time: eight words of each plane, a line of the cache, so that each line is touched
// once however many planes there are. The logic on words is that on single bits. Numbers and choices are compared some rows at a
// time in the order in which they lie; nothing branches on a row.
#include "compiler/jit/emitter.hpp"

namespace tiao::jit {

using core::Expr;
using core::ExprId;
using core::Op;
using engine::ColumnPlane;
using plan::Kernel;
using plan::Output;

namespace {

constexpr unsigned lanes = 8, narrow_lanes = 64, block_words = BitPairs::block_words, block_rows = block_words * BitPairs::word_rows;

}  // namespace

void Emitter::word_loop(const Kernel& kernel) {
  // Rows begin .. end, of which the first begins a block.
  IrValue first = ir.divide(begin_, ir.word(block_rows)), last = ir.divide(ir.add(end_, ir.word(block_rows - 1)), ir.word(block_rows));
  IrType words = ir.vector(ir.i64, block_words);
  IrValue at[block_words];
  for (unsigned w = 0; w < block_words; ++w) at[w] = ir.word(w * BitPairs::word_rows);
  IrValue starts = LLVMConstVector(at, block_words);
  auto all = [&](std::int64_t v) { return ir.splat(ir.word(v), block_words); };
  large_ = kernel.large;
  bool past_caches = false;
  counted_loop(first, last, [&](IrValue block) {
    scopes_.emplace_back();
    words_.clear();
    in_words_.reset();
    block_ = ir.mul(block, ir.word(block_words));
    block_row_ = ir.mul(block, ir.word(block_rows));
    // A bit for each row that is there.
    IrValue rows = ir.sub(ir.splat(ir.sub(end_, block_row_), block_words), starts);
    IrValue unused = ir.sub(all(64), ir.least(ir.greatest(rows, all(1)), all(64)));
    IrValue some = LLVMBuildICmp(ir.builder, LLVMIntSGT, rows, all(0), "");
    block_valid_ = LLVMBuildSelect(ir.builder, some, ir.shift_right(all(-1), unused), all(0), "");
    const LogicOf as_words(ir, words);
    for (const Output& out : kernel.outputs) {
      if (!out.home.stored() || (out.passing && !out.result && out.home.column == none)) continue;
      const Value v = output_word(kernel, out);
      IrValue yes = ir.and_(ir.or_(v.yes, v.error), block_valid_), no = ir.and_(ir.or_(v.no, v.error), block_valid_);
      auto put = [&](std::uint32_t yes_slot, std::uint32_t no_slot, bool past) {
        store_words(yes, slot(yes_slot), past);
        store_words(no, slot(no_slot), past);
        past_caches = past_caches || past;
      };
      if (out.home.temporary != none && (!out.passing || out.result))
        put(layout_.temporary(out.home.temporary), layout_.temporary(out.home.temporary + 1), large_ && out.passing);
      if (out.home.column != none)
        put(layout_.column(out.home.entity, out.home.column, ColumnPlane::yes), layout_.column(out.home.entity, out.home.column, ColumnPlane::no), false);
    }
    scopes_.pop_back();
  });
  if (past_caches) ir.fence();   // before another thread hears that the kernel has ended
}

Value Emitter::output_word(const Kernel& kernel, const Output& out) {
  if (out.kind == Output::value) return word(out.exprs[0]);
  Value v = out.kind == Output::any_of ? make_.truth(Truth::no) : out.membership ? membership_word(kernel.entity) : make_.truth(Truth::yes);
  for (const ExprId term : out.exprs) v = make_.and_(v, word(term));
  for (const std::uint32_t state : out.states) v = make_.or_(v, state_word(kernel, state));
  return v;
}

// Of another output: of this kernel, or as an earlier one left it.
Value Emitter::state_word(const Kernel& kernel, std::uint32_t temporary) {
  for (const Output& out : kernel.outputs)
    if (out.home.temporary == temporary) return output_word(kernel, out);
  return make_.truth_of_bits(load_words(slot(layout_.temporary(temporary))), load_words(slot(layout_.temporary(temporary + 1))), true, true);
}

Value Emitter::word(ExprId id) {
  id = same_as_[id];
  if (const auto there = words_.find(id); there != words_.end()) return there->second;
  const Value made = make_word(id, program_.exprs[id]);
  words_.emplace(id, made);
  return made;
}

Value Emitter::make_word(ExprId id, const Expr& e) {
  if (plan_.slots_read[id] == 0) return everywhere(id);
  if (const auto rank = answered_.find(id); rank != answered_.end()) {
    const std::uint32_t first = plan_.ranks[rank->second].answer.temporary;
    return planes_word(slot(layout_.temporary(first)), slot(layout_.temporary(first + 1)), plan_.values[id]);
  }
  switch (e.op) {
    case Op::not_: return make_.not_(word(arg(e, 0)));
    case Op::conflict: return make_.conflict(word(arg(e, 0)));
    case Op::and_:
    case Op::or_: {
      Value v = make_.truth(e.op == Op::and_ ? Truth::yes : Truth::no);
      for (std::uint32_t i = 0; i < e.count; ++i) v = e.op == Op::and_ ? make_.and_(v, word(arg(e, i))) : make_.or_(v, word(arg(e, i)));
      return v;
    }
    case Op::column: return word_column(program_.exprs[arg(e, 0)].type.of, e.a);
    default: break;   // Op::compare
  }
  if (program_.exprs[arg(e, 0)].type.kind == Kind::boolean) return make_.compare(static_cast<core::CmpOp>(e.a), word(arg(e, 0)), word(arg(e, 1)));
  return compared(e);
}

// Are the rows there? A byte each; without a column all are.
Value Emitter::membership_word(EntityId entity) {
  const plan::RowFacts& facts = plan_.rows[entity];
  if (!facts.out) return make_.truth(Truth::yes);
  if (in_words_) return *in_words_;
  IrValue bytes = slot(layout_.entity(entity, engine::EntityPlane::membership)), absent = ir.equal(bytes, ir.null());
  const bool decided = !facts.unknown && !facts.fails;
  const Value there = word_by_word(ir.select(absent, ir.word(0), used_words()), [&](IrValue w) {
    IrValue at = ir.add(block_row_, ir.mul(w, ir.word(BitPairs::word_rows)));
    IrValue truths = ir.load(ir.vector(ir.i8, narrow_lanes), ir.at(ir.i8, bytes, at));
    LLVMSetAlignment(truths, 1);
    auto bits = [&](std::int64_t of) {
      IrValue all = ir.splat(ir.byte(static_cast<std::uint8_t>(of)), narrow_lanes);
      return LLVMBuildBitCast(ir.builder, ir.equal(ir.bits_and(truths, all), all), ir.i64, "");
    };
    Value v;
    v.yes = bits(static_cast<std::int64_t>(Truth::yes));
    v.no = bits(static_cast<std::int64_t>(Truth::no));
    v.decided = decided;
    return v;
  });
  IrValue ones = ir.splat(ir.word(-1), block_words), zeros = ir.splat(ir.word(0), block_words);
  in_words_ = make_.truth_of_bits(ir.select(absent, ones, there.yes), ir.select(absent, zeros, there.no), facts.fails, facts.unknown);
  return *in_words_;
}

// Only words that have rows: behind the last line of a column nothing may be read.
IrValue Emitter::used_words() { return ir.least(ir.word(block_words), ir.shift_right(ir.add(ir.sub(end_, block_row_), ir.word(63)), ir.word(6))); }

// Word by word into the frame, and from there as a block.
Value Emitter::word_by_word(IrValue used, const std::function<Value(IrValue w)>& make) {
  IrValue yes_words = in_frame(block_words), no_words = in_frame(block_words);
  bool decided = false;
  counted_loop(ir.word(0), used, [&](IrValue w) {
    const Value made = make(w);
    decided = made.decided;
    ir.store_at(ir.i64, made.yes, yes_words, w);
    if (!decided) ir.store_at(ir.i64, made.no, no_words, w);
  });
  auto block = [&](IrValue frame) {
    IrValue words = ir.load(ir.vector(ir.i64, block_words), frame);
    LLVMSetAlignment(words, 8);
    return words;
  };
  Value v;
  v.decided = decided;
  v.yes = block(yes_words);
  v.no = decided ? ir.not_(v.yes) : block(no_words);
  v.error = ir.bit(false);
  return v;
}

// The plan makes no words of what may fail.
Value Emitter::compared(const Expr& e) {
  for (unsigned side : {0u, 1u})   // what is the same for all rows is made before the loop
    if (plan_.slots_read[arg(e, side)] == 0) everywhere_known(arg(e, side));
  const Expr& left = program_.exprs[arg(e, 0)];
  const bool narrow = left.type.kind == Kind::choice && has_narrow_masks(program_.exprs[arg(left, 0)].type.of, left.a);
  const unsigned step = narrow ? narrow_lanes : lanes;
  return word_by_word(used_words(), [&](IrValue w) {
    Value made;
    for (unsigned k = 0; k < BitPairs::word_rows / step; ++k) {
      const Value part = narrow ? compared_masks(e, w) : compared_lanes(e, w, k);
      made.decided = part.decided;
      auto join = [&](IrValue& so_far, IrValue bits) {
        IrValue word = LLVMBuildBitCast(ir.builder, bits, narrow ? ir.i64 : ir.i8, "");
        if (!narrow) word = ir.shift_left(ir.widen(word, ir.i64), ir.word(k * lanes));
        so_far = so_far ? ir.bits_or(so_far, word) : word;
      };
      join(made.yes, part.yes);
      if (!made.decided) join(made.no, part.no);
    }
    return made;
  });
}

IrValue Emitter::load_words(IrValue plane) {
  // There are more planes than the processor follows by itself.
  if (large_) ir.prefetch(ir.at(ir.i64, plane, ir.add(block_, ir.word(block_words))));
  IrValue words = ir.load(ir.vector(ir.i64, block_words), ir.at(ir.i64, plane, block_));
  LLVMSetAlignment(words, 8);
  return words;
}

// past_caches: into a column whose lines begin with lines of the cache.
void Emitter::store_words(IrValue words, IrValue plane, bool past_caches) {
  IrValue at = ir.at(ir.i64, plane, block_);
  if (past_caches) ir.store_past_caches(words, at, LineAllocator<std::uint64_t>::line);
  else LLVMSetAlignment(LLVMBuildStore(ir.builder, words, at), 8);
}

// The same for every row: its single bits in each place.
Value Emitter::everywhere(ExprId id) {
  Value v = everywhere_known(id);
  for (IrValue* plane : {&v.yes, &v.no, &v.error})
    *plane = Ir::is_bit(*plane, false) ? ir.bit(false) : Ir::is_bit(*plane, true) ? ir.bit(true) : ir.splat(ir.widen_signed(*plane, ir.i64), block_words);
  return v;
}

Value Emitter::word_column(EntityId entity, ColumnId column) {
  if (const auto own = own_.find(static_cast<std::uint64_t>(entity) << 32 | column); own != own_.end()) return word(own->second);
  return planes_word(slot(plane_of(entity, column, ColumnPlane::yes, 0)), slot(plane_of(entity, column, ColumnPlane::no, 1)), plan_.columns[entity][column]);
}

Value Emitter::planes_word(IrValue yes_plane, IrValue no_plane, const plan::ValueFacts& facts) {
  IrValue yes = load_words(yes_plane);
  return make_.truth_of_bits(yes, facts.unknown || facts.fails ? load_words(no_plane) : ir.not_(yes), facts.fails, facts.unknown);
}

namespace {

// The choices that satisfy a comparison with one of them.
std::uint64_t fitting(core::CmpOp how, std::uint64_t one) {
  switch (how) {
    case core::CmpOp::is: return one;
    case core::CmpOp::is_not: return ~one;
    case core::CmpOp::at_least: return ~(one - 1);
    case core::CmpOp::at_most: return one | (one - 1);
    case core::CmpOp::over: return ~(one | (one - 1));
    case core::CmpOp::under: break;
  }
  return one - 1;
}

}  // namespace

// All that is possible fits: yes. Nothing does: no.
Value Emitter::compared_choice(const Expr& e, IrValue masks, bool decided, unsigned count) {
  const std::uint64_t fits = fitting(static_cast<core::CmpOp>(e.a), static_cast<std::uint64_t>(program_.constants[program_.exprs[arg(e, 1)].a].lo));
  IrType element = LLVMGetElementType(LLVMTypeOf(masks));
  auto all = [&](std::uint64_t bits) { return ir.splat(ir.constant(element, static_cast<std::int64_t>(element == ir.i8 ? bits & 0xff : bits)), count); };
  Value v;
  v.yes = ir.equal(ir.bits_and(masks, all(~fits)), all(0));
  v.no = decided ? ir.not_(v.yes) : ir.equal(ir.bits_and(masks, all(fits)), all(0));
  v.decided = decided;
  return v;
}

// A word of the block, a byte a row; the column has room for whole lines.
Value Emitter::compared_masks(const Expr& e, IrValue word) {
  const LogicOf as_lanes(ir, ir.vector(ir.i1, narrow_lanes));
  const Expr& column = program_.exprs[arg(e, 0)];
  const EntityId entity = program_.exprs[arg(column, 0)].type.of;
  IrValue at = ir.add(block_row_, ir.mul(word, ir.word(BitPairs::word_rows)));
  IrValue masks = ir.load(ir.vector(ir.i8, narrow_lanes), ir.at(ir.i8, slot(plane_of(entity, column.a, ColumnPlane::lo, 0)), at));
  LLVMSetAlignment(masks, 1);
  return compared_choice(e, masks, !plan_.columns[entity][column.a].unknown, narrow_lanes);
}

// Rows k * 8 .. of a word of the block.
Value Emitter::compared_lanes(const Expr& e, IrValue word, unsigned k) {
  const LogicOf as_lanes(ir, ir.vector(ir.i1, lanes));
  const Value a = lane_values(arg(e, 0), word, k);
  if (a.kind == Kind::choice) return compared_choice(e, a.lo, a.decided, lanes);
  return make_.compare(static_cast<core::CmpOp>(e.a), a, lane_values(arg(e, 1), word, k));
}

// Single bits and numbers that are the same for every row.
Value Emitter::everywhere_known(ExprId id) {
  const LogicOf as_bits(ir, ir.i1);
  return eval(id);
}

Value Emitter::lane_values(ExprId id, IrValue word, unsigned k) {
  id = same_as_[id];
  const Expr& e = program_.exprs[id];
  if (plan_.slots_read[id] == 0) {
    Value v = everywhere_known(id);
    IrValue lo = ir.splat(v.lo, lanes);
    v.hi = v.hi == v.lo ? lo : ir.splat(v.hi, lanes);
    v.lo = lo;
    v.error = ir.bit(false);
    return v;
  }
  const EntityId entity = program_.exprs[arg(e, 0)].type.of;
  const plan::ValueFacts& facts = plan_.columns[entity][e.a];
  IrValue at = ir.add(block_row_, ir.add(ir.mul(word, ir.word(BitPairs::word_rows)), ir.word(k * lanes)));
  IrValue there = LLVMBuildExtractElement(ir.builder, block_valid_, word, "");
  IrValue valid = LLVMBuildBitCast(ir.builder, ir.narrow(ir.shift_right(there, ir.word(k * lanes)), ir.i8), ir.logic, "");
  auto load = [&](ColumnPlane p, std::uint32_t part) {
    return ir.load_where(valid, ir.vector(ir.i64, lanes), ir.at(ir.i64, slot(plane_of(entity, e.a, p, part)), at));
  };
  Value v;
  v.kind = e.type.kind;
  v.error = ir.bit(false);
  v.lo = v.hi = load(ColumnPlane::lo, 0);
  if (v.kind == Kind::choice) v.decided = !facts.unknown;
  else if (!plan::one_word(facts)) v.hi = load(ColumnPlane::hi, 1);
  return v;
}

}  // namespace tiao::jit
