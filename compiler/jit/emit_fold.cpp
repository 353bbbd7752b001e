// Folds: loops over the rows of a source. The usual ones keep their ends in registers; the rare ones collect in a FoldState.
#include <algorithm>

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

// Evaluates what the rows of a loop have in common before it.
Emitter::RowSet Emitter::rows_of(const core::Fold& f, const Access& access) {
  Value start;
  if (f.source.start != none) start = eval(f.source.start);
  const std::uint64_t slot_bit = std::uint64_t{1} << (f.slot < 63 ? f.slot : 63);
  for (const auto& s : f.source.same) eval(s.key);
  hoist(f.filter, slot_bit);
  hoist(f.value, slot_bit);
  RowSet set = row_set(access, f.source.start != none ? &start : nullptr, f.source.same);
  split_filter(f, slot_bit, set);
  return set;
}

Value Emitter::looped(ExprId id, const core::Fold& f, const Access& access) {
  const RowSet set = rows_of(f, access);
  return goes_by_bits(f, access, set) ? fold_by_bits(id, f, set) : row_by_row(id, f, set);
}

Value Emitter::row_by_row(ExprId id, const core::Fold& f, const RowSet& set) {
  if (f.kind == FoldKind::exists || f.kind == FoldKind::every) return fold_truth(f, set);
  if (!is_folding(id)) return fold_by_call(f, set, program_.exprs[id].type);
  const Folding fold = folding(id, f, set);
  return fold.finish(over_rows(f, set, fold.start, nullptr, fold.step));
}

bool Emitter::is_folding(ExprId id) const {
  const Kind kind = program_.exprs[id].type.kind;
  switch (program_.folds[program_.exprs[id].a].kind) {
    case FoldKind::count: return true;
    case FoldKind::sum: return kind != Kind::duration;
    case FoldKind::highest:
    case FoldKind::lowest:   // what orders by its number
      return kind != Kind::ratio && kind != Kind::choice && kind != Kind::boolean && kind != Kind::text && kind != Kind::ref;
    default: return false;
  }
}

Emitter::Folding Emitter::folding(ExprId id, const core::Fold& f, const RowSet& set) {
  const plan::ValueFacts& facts = plan_.values[id];
  const Type type = program_.exprs[id].type;
  if (f.kind == FoldKind::count) return count_rows(f, set, facts);
  return f.kind == FoldKind::sum ? fold_sum(f, set, type, facts) : fold_extreme(f, set, type, facts);
}

// --- Several folds in one loop

// Do both look at the same rows, whatever they ask of each?
bool Emitter::same_rows(ExprId a, ExprId b) const {
  const std::uint32_t first = program_.exprs[a].a, second = program_.exprs[b].a;
  const core::Source &one = program_.folds[first].source, &other = program_.folds[second].source;
  const Access &by = plan_.fold_access[first], &by_other = plan_.fold_access[second];
  return by.kind == by_other.kind && by.from == by_other.from && by.entity == by_other.entity && by.index == by_other.index && one.start != none && other.start != none &&
         same_as_[one.start] == same_as_[other.start];
}

// Folds that a kernel needs for every row, and that look at the same rows, go through them once.
void Emitter::fold_together(const plan::Kernel& kernel) {
  std::vector<ExprId> folds;
  for (const plan::Output& out : kernel.outputs) {
    if (out.kind != plan::Output::value || out.guard != none || !out.home.stored()) continue;
    const ExprId id = same_as_[out.exprs[0]];
    const core::Expr& e = program_.exprs[id];
    if (e.op != core::Op::fold || !is_folding(id) || answered_.count(id) != 0 || plan_.fold_shapes[e.a].kind != plan::FoldShape::anything) continue;
    const core::Fold& f = program_.folds[e.a];
    const std::uint64_t slot_bit = std::uint64_t{1} << (f.slot < 63 ? f.slot : 63);
    const std::vector<ExprId> terms = f.filter != none ? flat_terms(core::Op::and_, {f.filter}) : std::vector<ExprId>{};
    // A term that is the same for all rows says how many are looked at.
    const bool each_row = std::all_of(terms.begin(), terms.end(), [&](ExprId term) { return (plan_.slots_read[term] & slot_bit) != 0; });
    if (each_row && f.source.same.empty() && std::find(folds.begin(), folds.end(), id) == folds.end()) folds.push_back(id);
  }
  while (folds.size() > 1) {
    const auto others = std::stable_partition(folds.begin(), folds.end(), [&, first = folds[0]](ExprId id) { return same_rows(first, id); });
    if (others - folds.begin() > 1) fold_together(std::vector<ExprId>(folds.begin(), others));
    folds.erase(folds.begin(), others);
  }
}

void Emitter::fold_together(const std::vector<ExprId>& folds) {
  struct Part { ExprId id; const core::Fold* fold; RowSet set; Folding folding; };
  std::vector<Part> parts;
  Registers start;
  for (const ExprId id : folds) {
    const std::uint32_t index = program_.exprs[id].a;
    Part part{id, &program_.folds[index], rows_of(program_.folds[index], plan_.fold_access[index]), {}};
    part.folding = folding(id, *part.fold, part.set);
    start.insert(start.end(), part.folding.start.begin(), part.folding.start.end());
    parts.push_back(std::move(part));
  }
  const auto each = [&](const Registers& now, auto use) {
    std::size_t first = 0;
    for (const Part& part : parts) {
      const auto from = now.begin() + static_cast<std::ptrdiff_t>(first);
      first += part.folding.start.size();
      use(part, Registers(from, from + static_cast<std::ptrdiff_t>(part.folding.start.size())));
    }
  };
  const Part& lead = parts[0];
  const Registers ends = over_candidates(lead.set, start, nullptr, [&](const Registers& now, const Candidate& c, const Value& row) {
    Registers next;
    each(now, [&](const Part& part, const Registers& mine) {
      rows_[part.fold->slot] = row;
      const Registers made = part.folding.step(mine, is_in(*part.fold, part.set, c, row));
      next.insert(next.end(), made.begin(), made.end());
    });
    for (const Part& part : parts) rows_.erase(part.fold->slot);
    return next;
  });
  each(ends, [&](const Part& part, const Registers& mine) { scopes_.back().values.emplace(part.id, typed(part.folding.finish(mine), part.id)); });
}

// --- Loops

// Terms that are the same for all rows are asked once: where one is `no`, no row is looked at.
void Emitter::split_filter(const core::Fold& f, std::uint64_t loop_slot, RowSet& set) {
  if (f.filter == none) return;
  Value fixed = make_.truth(Truth::yes);
  bool some = false;
  for (const ExprId term : flat_terms(core::Op::and_, {f.filter})) {
    if ((plan_.slots_read[term] & loop_slot) != 0) {
      set.terms.push_back(term);
      continue;
    }
    fixed = make_.and_(fixed, eval(term));
    some = true;
  }
  if (!some) return;
  set.count = ir.select(fixed.no, ir.word(0), set.count);
  if (fixed.decided && !Scalars::fails(fixed)) return;
  set.fixed = fixed;
  set.some_fixed = true;
}

// Membership and filter of a row.
Value Emitter::is_in(const core::Fold& f, const RowSet& set, const Candidate& c, const Value& row) {
  Value in = set.keys_equal ? c.in : make_.and_(c.in, same_keys(f.source.same, row));
  if (set.some_fixed) in = make_.and_(in, set.fixed);
  return all_of(in, set.terms);
}

// Runs `step` on each row of the set, with what is kept from row to row in registers. `go_on`: while it holds, after each row.
Emitter::Registers Emitter::over_candidates(const RowSet& set, const Registers& start, const std::function<IrValue(const Registers&)>& go_on,
                                            const std::function<Registers(const Registers&, const Candidate&, const Value& row)>& step) {
  IrBlock before = ir.here(), head = ir.block(make_.function, "rows"), body = ir.block(make_.function, "row"), after = ir.block(make_.function, "folded");
  ir.jump(head);
  ir.at_end_of(head);
  IrValue position = ir.phi(ir.i64);
  Ir::incoming(position, ir.word(0), before);
  Registers now;
  for (IrValue first : start) {
    now.push_back(ir.phi(LLVMTypeOf(first)));
    Ir::incoming(now.back(), first, before);
  }
  IrValue more = ir.less(position, set.count);
  if (go_on) more = ir.and_(more, go_on(now));
  ir.branch(more, body, after);
  ir.at_end_of(body);
  scopes_.emplace_back();
  const Candidate c = candidate(set, position);
  const Registers next = step(now, c, make_.ref(set.entity, c.row, c.row));
  scopes_.pop_back();
  IrBlock latch = ir.here();
  Ir::incoming(position, ir.add(position, ir.word(1)), latch);
  for (std::size_t i = 0; i < next.size(); ++i) Ir::incoming(now[i], next[i], latch);
  ir.jump(head);
  ir.at_end_of(after);
  return now;
}

// The row is in the fold's slot; `in` is its membership and filter.
Emitter::Registers Emitter::over_rows(const core::Fold& f, const RowSet& set, const Registers& start, const std::function<IrValue(const Registers&)>& go_on,
                                      const std::function<Registers(const Registers&, const Value& in)>& step) {
  return over_candidates(set, start, go_on, [&](const Registers& now, const Candidate& c, const Value& row) {
    rows_[f.slot] = row;
    const Registers next = step(now, is_in(f, set, c, row));
    rows_.erase(f.slot);
    return next;
  });
}

Emitter::Folding Emitter::count_rows(const core::Fold&, const RowSet& set, const plan::ValueFacts& facts) {
  IrValue zero = ir.word(0), off = ir.bit(false);
  Folding fold;
  // One counter is enough where every membership is decided.
  fold.start = facts.unknown ? Registers{zero, off, zero} : Registers{zero, off};
  fold.step = [this, facts](const Registers& now, const Value& in) {
    Registers next = {ir.add(now[0], ir.widen(in.yes, ir.i64)), ir.or_(now[1], in.error)};
    if (facts.unknown) next.push_back(ir.add(now[2], ir.widen(make_.may_be(in), ir.i64)));
    return next;
  };
  fold.finish = [this, facts, open = set.open](const Registers& r) {
    IrValue high = facts.unknown ? ir.select(open.yes, ir.word(pos_inf), r[2]) : r[0];
    return make_.number(Kind::integer, r[0], high, facts.fails ? ir.or_(r[1], open.error) : nullptr, facts.least, facts.most);
  };
  return fold;
}

Value Emitter::fold_truth(const core::Fold& f, const RowSet& set) {
  const bool exists = f.kind == FoldKind::exists;
  bool decided = true, fails = false;
  auto truth_of = [&](const Registers& r) {
    Value v;
    v.yes = r[0];
    v.no = r[1];
    v.error = r[2];
    return v;
  };
  // Nothing changes an `exists` that holds, or an `every` that does not.
  auto go_on = [&](const Registers& now) { return ir.not_(now[exists ? 0 : 1]); };
  const Registers r = over_rows(f, set, {ir.bit(!exists), ir.bit(exists), ir.bit(false)}, go_on, [&](const Registers& now, const Value& in) {
    Value term = in;
    if (exists && f.value != none) term = all_of(in, {f.value});
    if (!exists) term = make_.or_(make_.not_(in), fold_value(f, in));
    decided = term.decided;
    fails = Scalars::fails(term);
    Value so_far = truth_of(now);
    if (!fails) so_far.error = ir.bit(false);
    const Value made = exists ? make_.or_(so_far, term) : make_.and_(so_far, term);
    return Registers{made.yes, decided && !fails ? ir.not_(made.yes) : made.no, made.error};
  });
  Value v = truth_of(r);
  v.decided = decided;
  if (!fails) v.error = ir.bit(false);
  return with_unseen(f, set, v);
}

// Rows that we do not know: unknown; a ref in error: error.
Value Emitter::with_unseen(const core::Fold& f, const RowSet& set, const Value& v) {
  Value unseen = set.open;
  unseen.yes = ir.bit(false);
  unseen.decided = false;
  if (Ir::is_bit(set.open.no, true)) return v;
  return f.kind == FoldKind::exists ? make_.or_(v, unseen) : make_.and_(v, make_.not_(unseen));
}

// What a row adds: where it is not surely there, between nothing and its value.
Value Emitter::summand(const core::Fold& f, const Value& in, Type type, bool one) {
  const Value v = fold_value(f, in), nothing = make_.constant(known(0), type);
  IrValue looked_at = make_.may_be(in);
  Value part = one ? make_.pick(in.yes, v, nothing) : make_.pick(looked_at, make_.pick(in.yes, v, make_.hull(nothing, v)), nothing);
  part.error = ir.and_(looked_at, ir.or_(in.error, v.error));
  if (one) part.hi = part.lo;
  return part;
}

Emitter::Folding Emitter::fold_sum(const core::Fold& f, const RowSet& set, Type type, const plan::ValueFacts& facts) {
  // The planner has bounds of a sum where its rows cannot bring it near the ends of 64 bits.
  const bool bounded = facts.least > neg_inf + 1 && facts.most < pos_inf - 1;
  if (!bounded) return fold_wide_sum(f, set, type, facts);
  const bool one = !facts.unknown;
  Folding fold;
  fold.start.assign(one ? 2 : 3, ir.word(0));
  fold.start[1] = ir.bit(false);
  fold.step = [this, &f, one, type, facts](const Registers& now, const Value& in) {
    const Value so_far = make_.number(type.kind, now[0], one ? now[0] : now[2], now[1], facts.least, facts.most);
    const Value sum = make_.add(so_far, summand(f, in, type, one), type);
    Registers next = {sum.lo, sum.error};
    if (!one) next.push_back(sum.hi);
    return next;
  };
  fold.finish = [this, one, type, facts, open = set.open](const Registers& r) {
    return make_.number(type.kind, r[0], one ? r[0] : r[2], facts.fails ? ir.or_(r[1], open.error) : nullptr, facts.least, facts.most);
  };
  return fold;
}

// A sum that may leave 64 bits on the way: as scalar::Sum its ends are added up in 128, infinite ones apart.
Emitter::Folding Emitter::fold_wide_sum(const core::Fold& f, const RowSet& set, Type type, const plan::ValueFacts& facts) {
  const bool one = !facts.unknown;
  const std::size_t ends = one ? 1 : 2;
  constexpr std::size_t of_an_end = 3;   // the total; was there an infinite end, the outer one, the inner one
  Folding fold;
  for (std::size_t e = 0; e < ends; ++e) fold.start.insert(fold.start.end(), {ir.constant(ir.i128, 0), ir.bit(false), ir.bit(false)});
  fold.start.push_back(ir.bit(false));
  fold.step = [this, &f, one, ends, type](const Registers& now, const Value& in) {
    const Value part = summand(f, in, type, one);
    Registers next = now;
    for (std::size_t e = 0; e < ends; ++e) {
      IrValue end = e == 0 ? part.lo : part.hi, *const of = &next[e * of_an_end];
      of[0] = ir.add(of[0], ir.widen_signed(end, ir.i128));
      if (part.finite()) continue;
      of[1] = ir.or_(of[1], ir.equal(end, ir.word(e == 0 ? neg_inf : pos_inf)));
      of[2] = ir.or_(of[2], ir.equal(end, ir.word(e == 0 ? pos_inf : neg_inf)));
    }
    next.back() = ir.or_(next.back(), part.error);
    return next;
  };
  fold.finish = [this, &f, one, ends, type, facts, open = set.open](const Registers& r) {
    const Value widest = widest_value(f);
    IrValue error = ir.or_(r.back(), open.error), found[2];
    for (std::size_t e = 0; e < ends; ++e) {
      const bool lower = e == 0;
      const IrValue* const of = &r[e * of_an_end];
      // Any number of rows that we do not know.
      IrValue beyond = lower ? ir.less(widest.lo, ir.word(0)) : ir.less(ir.word(0), widest.hi);
      IrValue outer = one ? of[1] : ir.or_(of[1], ir.and_(open.yes, beyond)), infinite = ir.or_(outer, of[2]);
      IrValue end = ir.narrow(of[0], ir.i64);
      IrValue fits = ir.and_(ir.equal(ir.widen_signed(end, ir.i128), of[0]), ir.not_(make_.is_infinite(end)));
      error = ir.or_(error, ir.and_(ir.not_(infinite), ir.not_(fits)));
      end = ir.select(of[2], ir.word(lower ? pos_inf : neg_inf), end);
      found[e] = ir.select(outer, ir.word(lower ? neg_inf : pos_inf), end);
    }
    return make_.number(type.kind, found[0], one ? found[0] : found[1], error, facts.least, facts.most);
  };
  return fold;
}

Emitter::Folding Emitter::fold_extreme(const core::Fold& f, const RowSet& set, Type type, const plan::ValueFacts& facts) {
  const bool highest = f.kind == FoldKind::highest;
  auto up = [this, highest](IrValue a, IrValue b) { return highest ? ir.greatest(a, b) : ir.least(a, b); };
  auto down = [this, highest](IrValue a, IrValue b) { return highest ? ir.least(a, b) : ir.greatest(a, b); };
  IrValue off = ir.bit(false), bottom = ir.word(highest ? neg_inf : pos_inf), top = ir.word(highest ? pos_inf : neg_inf);
  Folding fold;
  if (!facts.unknown) {
    // The best, is there a row, failed.
    fold.start = {bottom, off, off};
    fold.step = [this, &f, up](const Registers& now, const Value& in) {
      const Value v = fold_value(f, in);
      return Registers{ir.select(in.yes, up(now[0], v.lo), now[0]), ir.or_(now[1], make_.may_be(in)),
                       ir.or_(now[2], ir.and_(make_.may_be(in), ir.or_(in.error, v.error)))};
    };
    fold.finish = [this, &f, type, facts, open = set.open](const Registers& r) {
      const Value best = make_.number(type.kind, r[0], r[0], facts.fails ? ir.or_(r[2], open.error) : nullptr, facts.least, facts.most);
      if (f.if_none == none) return make_.failing(best, ir.not_(r[1]));
      const Value if_none = guarded(ir.not_(r[1]), make_.constant(known(0), type), [&] { return eval(f.if_none); });
      return make_.pick(r[1], best, make_.failing(if_none, best.error));
    };
    return fold;
  }
  // The near end over rows T, near and far end over all rows, is there a row T, is there one, failed.
  fold.start = {bottom, top, bottom, off, off, off};
  fold.step = [this, &f, highest, up, down](const Registers& now, const Value& in) {
    const Value v = fold_value(f, in);
    IrValue looked_at = make_.may_be(in), near = highest ? v.lo : v.hi, far = highest ? v.hi : v.lo;
    return Registers{ir.select(in.yes, up(now[0], near), now[0]),
                     ir.select(looked_at, down(now[1], near), now[1]),
                     ir.select(looked_at, up(now[2], far), now[2]),
                     ir.or_(now[3], in.yes),
                     ir.or_(now[4], looked_at),
                     ir.or_(now[5], ir.and_(looked_at, ir.or_(in.error, v.error)))};
  };
  fold.finish = [this, &f, highest, up, down, type, open = set.open](const Registers& r) {
    const Value widest = widest_value(f);
    IrValue near_all = ir.select(open.yes, down(r[1], highest ? widest.lo : widest.hi), r[1]);
    IrValue far_all = ir.select(open.yes, up(r[2], highest ? widest.hi : widest.lo), r[2]);
    IrValue sure = r[3], any = ir.or_(r[4], open.yes), near = ir.select(sure, r[0], near_all);
    const Value result = make_.number(type.kind, highest ? near : far_all, highest ? far_all : near, ir.or_(r[5], open.error));
    if (f.if_none == none) return make_.failing(result, ir.not_(any));
    const Value if_none = guarded(ir.not_(sure), make_.constant(known(0), type), [&] { return eval(f.if_none); });
    const Value joined = make_.pick(any, make_.hull(result, if_none), make_.failing(if_none, result.error));
    return make_.pick(sure, result, joined);
  };
  return fold;
}

Value Emitter::fold_value(const core::Fold& f, const Value& in) {
  if (!dear(same_as_[f.value])) return eval(f.value);
  return guarded(make_.may_be(in), make_.error(program_.exprs[f.value].type.kind), [&] { return eval(f.value); });
}

void Emitter::run(const char* name, const std::vector<IrValue>& arguments) {
  std::vector<IrType> types;
  for (IrValue a : arguments) types.push_back(LLVMTypeOf(a));
  IrValue callee = make_.declare(name, types, ir.nothing, false);
  std::vector<IrValue> args = arguments;
  LLVMBuildCall2(ir.builder, LLVMGlobalGetValueType(callee), callee, args.data(), static_cast<unsigned>(args.size()), "");
}

void Emitter::only_where(IrValue condition, const std::function<void()>& act) {
  if (Ir::is_bit(condition, false)) return;
  IrBlock yes = ir.block(make_.function, "where"), join = ir.block(make_.function, "join");
  ir.branch(condition, yes, join);
  ir.at_end_of(yes);
  scopes_.emplace_back();
  act();
  scopes_.pop_back();
  ir.jump(join);
  ir.at_end_of(join);
}

// Each row of the set whose membership and filter is not `no`; it is in the fold's slot.
void Emitter::each_row(const core::Fold& f, const RowSet& set, const std::function<void(const Value& row, const Value& in)>& look) {
  counted_loop(ir.word(0), set.count, [&](IrValue position) {
    scopes_.emplace_back();
    const Candidate c = candidate(set, position);
    const Value row = make_.ref(set.entity, c.row, c.row);
    rows_[f.slot] = row;
    const Value in = is_in(f, set, c, row);
    only_where(make_.may_be(in), [&] { look(row, in); });
    scopes_.pop_back();
    rows_.erase(f.slot);
  });
}

// Null where the fold has no answer for an empty set.
IrValue Emitter::if_none_cell(const core::Fold& f) {
  if (f.if_none == none) return ir.null();
  IrValue cell = in_frame(4);
  make_.write_cell(eval(f.if_none), cell);
  return cell;
}

Value Emitter::fold_by_call(const core::Fold& f, const RowSet& set, Type type) {
  IrValue state = in_frame((sizeof(engine::FoldState) + 7) / 8), value_cell = in_frame(4), date_cell = in_frame(4);
  const Kind kind = f.value != none ? program_.exprs[f.value].type.kind : Kind::integer;
  run("tiao_fold_begin", {state, make_.half(static_cast<std::uint32_t>(f.kind)), make_.half(static_cast<std::uint32_t>(kind)), make_.half(f.n)});
  const Entity& rows = program_.schema.entities[set.entity];
  const bool dated = (f.kind == FoldKind::consecutive || f.kind == FoldKind::stages) && rows.dated_column != none;
  each_row(f, set, [&](const Value& row, const Value& in) {
    make_.write_cell(f.value != none ? eval(f.value) : make_.constant(known(0), {Kind::integer, 0, none}), value_cell);
    if (dated) make_.write_cell(column(row, false, rows.dated_column), date_cell);
    run("tiao_fold_row", {state, ir.widen(make_.byte_of(in), ir.i32), value_cell, dated ? date_cell : ir.null()});
  });
  only_where(set.open.yes, [&] {
    make_.write_cell(f.value != none ? widest_value(f) : make_.constant(known(0), {Kind::integer, 0, none}), value_cell);
    run("tiao_fold_open", {state, value_cell});
  });
  run("tiao_fold_end", {make_.scratch, state, if_none_cell(f)});
  return make_.failing(make_.read_cell(type, make_.scratch), set.open.error);
}

}  // namespace tiao::jit
