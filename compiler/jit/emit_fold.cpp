// Folds: loops over the rows of a source. The usual ones keep their ends in registers; the rare ones collect in a FoldState.
#include "compiler/jit/emitter.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::jit {

using core::ExprId;
using core::FoldKind;
using plan::Access;

// Computes what does not depend on the rows of a loop before it.
void Emitter::hoist(ExprId id, std::uint64_t loop_slot) {
  if (id == none) return;
  id = same_as_[id];
  const core::Expr& e = program_.exprs[id];
  if (e.op == core::Op::constant || e.op == core::Op::row) return;
  std::uint64_t bound = 0;
  for (const auto& [number, row] : rows_) bound |= std::uint64_t{1} << (number < 63 ? number : 63);
  if ((plan_.slots_read[id] & (loop_slot | ~bound)) == 0) {
    if (plan_.slots_read[id] != 0 || !in_prologue_) eval(id);
    return;
  }
  for (std::uint32_t i = 0; i < e.count; ++i) hoist(arg(e, i), loop_slot);
  if (e.op != core::Op::fold) return;
  const core::Fold& inner = program_.folds[e.a];
  hoist(inner.source.start, loop_slot);
  for (const auto& s : inner.source.same) hoist(s.key, loop_slot);
  for (ExprId part : {inner.filter, inner.value, inner.if_none}) hoist(part, loop_slot);
}

// The largest value that a row we do not know may have: what a fact column declares, everything for a computed value.
Value Emitter::widest_value(const core::Fold& fold) {
  const core::Expr& e = program_.exprs[fold.value];
  if (e.op == core::Op::column) return widest(program_.exprs[arg(e, 0)].type.of, e.a);
  return make_.widest(program_.schema, e.type, neg_inf, pos_inf);
}

Value Emitter::fold(ExprId, const core::Fold& f, const Access& access) {
  Value start;
  if (f.source.start != none) start = eval(f.source.start);
  const std::uint64_t slot_bit = std::uint64_t{1} << (f.slot < 63 ? f.slot : 63);
  for (const auto& s : f.source.same) eval(s.key);
  hoist(f.filter, slot_bit);
  hoist(f.value, slot_bit);
  const RowSet set = row_set(access, f.source.start != none ? &start : nullptr, f.source.same);
  const Kind kind = f.value != none ? program_.exprs[f.value].type.kind : Kind::integer;
  const bool plain = kind != Kind::ratio && kind != Kind::choice && kind != Kind::boolean && kind != Kind::text && kind != Kind::ref;
  switch (f.kind) {
    case FoldKind::count:
    case FoldKind::exists:
    case FoldKind::every: return fold_loop(f, set, {});
    case FoldKind::sum:
      if (kind != Kind::duration) return fold_loop(f, set, program_.exprs[f.value].type);
      break;
    case FoldKind::highest:
    case FoldKind::lowest:
      if (plain) return fold_loop(f, set, program_.exprs[f.value].type);
      break;
    default: break;
  }
  Type type = f.value != none ? program_.exprs[f.value].type : Type{};
  if (f.kind == FoldKind::share || f.kind == FoldKind::average) type = {Kind::ratio, 0, none};
  if (f.kind == FoldKind::consecutive) type = {Kind::boolean, 0, none};
  return fold_by_call(f, set, type);
}

// What is kept from row to row, as one register each.
struct Emitter::Accumulator {
  std::vector<IrValue> registers;   // meaning by kind of fold, see start()

  // count: sure, all, failed. exists, every: yes, no, error. sum: lo, hi, failed.
  // highest, lowest: near end over rows T, near and far end over all, is there a row T, is there one, failed.
  static std::vector<IrValue> start(Ir& ir, const core::Fold& f) {
    IrValue off = ir.bit(false), on = ir.bit(true), zero = ir.word(0), low = ir.word(neg_inf), high = ir.word(pos_inf);
    switch (f.kind) {
      case FoldKind::exists: return {off, on, off};
      case FoldKind::every: return {on, off, off};
      case FoldKind::highest: return {low, high, low, off, off, off};
      case FoldKind::lowest: return {high, low, high, off, off, off};
      default: return {zero, zero, off};
    }
  }
};

Value Emitter::fold_loop(const core::Fold& f, const RowSet& set, Type type) {
  const bool truths = f.kind == FoldKind::exists || f.kind == FoldKind::every;
  Accumulator first{Accumulator::start(ir, f)}, now, next;
  const Value widest = f.kind == FoldKind::sum || f.kind == FoldKind::highest || f.kind == FoldKind::lowest ? widest_value(f) : Value{};
  IrBlock before = ir.here(), head = ir.block(make_.function, "rows"), body = ir.block(make_.function, "row"), after = ir.block(make_.function, "folded");
  ir.jump(head);
  ir.at_end_of(head);
  IrValue position = ir.phi(ir.i64);
  Ir::incoming(position, ir.word(0), before);
  for (IrValue start : first.registers) {
    now.registers.push_back(ir.phi(LLVMTypeOf(start)));
    Ir::incoming(now.registers.back(), start, before);
  }
  IrValue more = ir.less(position, set.count);
  // Nothing changes an `exists` that holds, or an `every` that does not.
  if (truths) more = ir.and_(more, ir.not_(now.registers[f.kind == FoldKind::exists ? 0 : 1]));
  ir.branch(more, body, after);
  ir.at_end_of(body);

  scopes_.emplace_back();
  const Candidate c = candidate(set, position);
  Value in = c.in;
  const Value row = make_.ref(set.entity, c.row, c.row);
  rows_[f.slot] = row;
  in = make_.and_(in, same_keys(f.source.same, row));
  if (f.filter != none) in = all_of(in, {f.filter});
  auto truth_of = [&] {
    Value v;
    v.yes = now.registers[0];
    v.no = now.registers[1];
    v.error = now.registers[2];
    return v;
  };
  IrValue looked_at = make_.may_be(in);
  switch (f.kind) {
    case FoldKind::count:
      next.registers = {ir.add(now.registers[0], ir.widen(in.yes, ir.i64)), ir.add(now.registers[1], ir.widen(looked_at, ir.i64)),
                        ir.or_(now.registers[2], in.error)};
      break;
    case FoldKind::exists:
    case FoldKind::every: {
      const bool exists = f.kind == FoldKind::exists;
      const Value term = f.value == none ? in : exists ? all_of(in, {f.value}) : make_.not_(in);
      Value made = exists ? make_.or_(truth_of(), term) : make_.and_(truth_of(), make_.or_(term, fold_value(f, in)));
      next.registers = {made.yes, made.no, made.error};
      break;
    }
    case FoldKind::sum: {
      const Value v = fold_value(f, in);
      const Value zero = make_.constant(known(0), type);
      Value part = make_.pick(in.yes, v, make_.hull(zero, v));
      part = make_.pick(looked_at, part, zero);
      part.error = ir.and_(looked_at, ir.or_(in.error, v.error));
      Value so_far = make_.number(type.kind, now.registers[0], now.registers[1], now.registers[2]);
      if (v.finite()) {
        so_far.least = neg_inf + 1;
        so_far.most = pos_inf - 1;
      }
      const Value sum = make_.add(so_far, part, type);
      next.registers = {sum.lo, sum.hi, sum.error};
      break;
    }
    default: {
      const bool highest = f.kind == FoldKind::highest;
      const Value v = fold_value(f, in);
      auto up = [&](IrValue a, IrValue b) { return highest ? ir.greatest(a, b) : ir.least(a, b); };
      auto down = [&](IrValue a, IrValue b) { return highest ? ir.least(a, b) : ir.greatest(a, b); };
      IrValue near = highest ? v.lo : v.hi, far = highest ? v.hi : v.lo;
      const auto& r = now.registers;
      next.registers = {ir.select(in.yes, up(r[0], near), r[0]), ir.select(looked_at, down(r[1], near), r[1]),
                        ir.select(looked_at, up(r[2], far), r[2]), ir.or_(r[3], in.yes), ir.or_(r[4], looked_at),
                        ir.or_(r[5], ir.and_(looked_at, ir.or_(in.error, v.error)))};
      break;
    }
  }
  scopes_.pop_back();
  rows_.erase(f.slot);

  IrBlock latch = ir.here();
  Ir::incoming(position, ir.add(position, ir.word(1)), latch);
  for (std::size_t i = 0; i < next.registers.size(); ++i) Ir::incoming(now.registers[i], next.registers[i], latch);
  ir.jump(head);
  ir.at_end_of(after);

  const auto& r = now.registers;
  const Value& open = set.open;
  switch (f.kind) {
    case FoldKind::count: {
      IrValue high = ir.select(open.yes, ir.word(pos_inf), r[1]);
      return make_.number(Kind::integer, r[0], high, ir.or_(r[2], open.error), 0, Ir::is_bit(open.yes, false) ? pos_inf - 1 : pos_inf);
    }
    case FoldKind::exists:
    case FoldKind::every: {
      // Rows that we do not know: unknown; a ref in error: error.
      Value unseen = open;
      unseen.yes = ir.bit(false);
      unseen.no = open.no;
      Value v = truth_of();
      return f.kind == FoldKind::exists ? make_.or_(v, unseen) : make_.and_(v, make_.not_(unseen));
    }
    case FoldKind::sum: {
      Value sum = make_.number(type.kind, r[0], r[1], ir.or_(r[2], open.error));
      auto unbounded = [&](IrValue end, IrValue widest_end, bool lower) {
        IrValue beyond = lower ? ir.less(widest_end, ir.word(0)) : ir.less(ir.word(0), widest_end);
        return ir.select(ir.and_(open.yes, beyond), ir.word(lower ? neg_inf : pos_inf), end);
      };
      sum.lo = unbounded(sum.lo, widest.lo, true);
      sum.hi = unbounded(sum.hi, widest.hi, false);
      return sum;
    }
    default: {
      const bool highest = f.kind == FoldKind::highest;
      IrValue near_all = r[1], far_all = r[2], sure = r[3], any = ir.or_(r[4], open.yes);
      IrValue near_widest = highest ? widest.lo : widest.hi, far_widest = highest ? widest.hi : widest.lo;
      near_all = ir.select(open.yes, highest ? ir.least(near_all, near_widest) : ir.greatest(near_all, near_widest), near_all);
      far_all = ir.select(open.yes, highest ? ir.greatest(far_all, far_widest) : ir.least(far_all, far_widest), far_all);
      IrValue near = ir.select(sure, r[0], near_all);
      const Value result = make_.number(type.kind, highest ? near : far_all, highest ? far_all : near, ir.or_(r[5], open.error));
      if (f.if_none == none) return make_.failing(result, ir.not_(any));
      const Value if_none = guarded(ir.not_(sure), make_.constant(known(0), type), [&] { return eval(f.if_none); });
      const Value joined = make_.pick(any, make_.hull(result, if_none), make_.failing(if_none, result.error));
      return make_.pick(sure, result, joined);
    }
  }
}

Value Emitter::fold_value(const core::Fold& f, const Value& in) {
  if (!dear(same_as_[f.value])) return eval(f.value);
  return guarded(make_.may_be(in), make_.error(program_.exprs[f.value].type.kind), [&] { return eval(f.value); });
}

Value Emitter::fold_by_call(const core::Fold& f, const RowSet& set, Type type) {
  IrValue state = in_frame((sizeof(engine::FoldState) + 7) / 8), value_cell = in_frame(4), date_cell = in_frame(4);
  auto run = [&](const char* name, std::vector<IrValue> args) {
    std::vector<IrType> types;
    for (IrValue a : args) types.push_back(LLVMTypeOf(a));
    IrValue callee = make_.declare(name, types, ir.nothing, false);
    LLVMBuildCall2(ir.builder, LLVMGlobalGetValueType(callee), callee, args.data(), static_cast<unsigned>(args.size()), "");
  };
  const Kind kind = f.value != none ? program_.exprs[f.value].type.kind : Kind::integer;
  run("tiao_fold_begin", {state, make_.half(static_cast<std::uint32_t>(f.kind)), make_.half(static_cast<std::uint32_t>(kind)), make_.half(f.n)});
  const Entity& rows = program_.schema.entities[set.entity];
  const bool dated = f.kind == FoldKind::consecutive && rows.dated_column != none;

  counted_loop(ir.word(0), set.count, [&](IrValue position) {
    scopes_.emplace_back();
    const Candidate c = candidate(set, position);
    const Value row = make_.ref(set.entity, c.row, c.row);
    rows_[f.slot] = row;
    Value in = make_.and_(c.in, same_keys(f.source.same, row));
    if (f.filter != none) in = all_of(in, {f.filter});
    IrBlock look = ir.block(make_.function, "look"), next = ir.block(make_.function, "next");
    ir.branch(make_.may_be(in), look, next);
    ir.at_end_of(look);
    scopes_.emplace_back();
    make_.write_cell(f.value != none ? eval(f.value) : make_.constant(known(0), {Kind::integer, 0, none}), value_cell);
    if (dated) make_.write_cell(column(row, false, rows.dated_column), date_cell);
    run("tiao_fold_row", {state, ir.widen(make_.byte_of(in), ir.i32), value_cell, dated ? date_cell : ir.null()});
    scopes_.pop_back();
    ir.jump(next);
    ir.at_end_of(next);
    scopes_.pop_back();
    rows_.erase(f.slot);
  });

  auto when = [&](IrValue condition, const std::function<void()>& act) {
    if (Ir::is_bit(condition, false)) return;
    IrBlock yes = ir.block(make_.function, "open"), join = ir.block(make_.function, "join");
    ir.branch(condition, yes, join);
    ir.at_end_of(yes);
    act();
    ir.jump(join);
    ir.at_end_of(join);
  };
  when(set.open.yes, [&] {
    make_.write_cell(f.value != none ? widest_value(f) : make_.constant(known(0), {Kind::integer, 0, none}), value_cell);
    run("tiao_fold_open", {state, value_cell});
  });
  IrValue if_none = ir.null();
  if (f.if_none != none) {
    if_none = in_frame(4);
    make_.write_cell(eval(f.if_none), if_none);
  }
  run("tiao_fold_end", {make_.scratch, state, if_none});
  return make_.failing(make_.read_cell(type, make_.scratch), set.open.error);
}

}  // namespace tiao::jit
