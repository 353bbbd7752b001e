// Expressions of one row, other than folds.
#include <algorithm>

#include "compiler/jit/emitter.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::jit {

using core::Expr;
using core::ExprId;
using core::Op;
using engine::ColumnPlane;
using engine::EntityPlane;

Value Emitter::guarded(IrValue needed, const Value& otherwise, const std::function<Value()>& make) {
  if (Ir::is_bit(needed, true)) return make();
  if (Ir::is_bit(needed, false)) return otherwise;
  IrBlock from = ir.here(), arm = ir.block(make_.function, "needed"), join = ir.block(make_.function, "join");
  ir.branch(needed, arm, join);
  ir.at_end_of(arm);
  scopes_.emplace_back();
  const Value made = make();
  scopes_.pop_back();
  IrBlock arm_end = ir.here();
  ir.jump(join);
  ir.at_end_of(join);
  auto merge = [&](IrValue a, IrValue b) -> IrValue {
    if (a == b) return a;
    IrValue phi = ir.phi(LLVMTypeOf(a));
    Ir::incoming(phi, a, arm_end);
    Ir::incoming(phi, b, from);
    return phi;
  };
  Value v = made;
  v.error = merge(made.error, otherwise.error);
  if (made.kind == Kind::boolean) {
    v.yes = merge(made.yes, otherwise.yes);
    v.no = merge(made.no, otherwise.no);
    v.decided = made.decided && otherwise.decided;
    return v;
  }
  v.lo = merge(made.lo, otherwise.lo);
  v.hi = made.lo == made.hi && otherwise.lo == otherwise.hi ? v.lo : merge(made.hi, otherwise.hi);
  if (made.kind == Kind::ratio) {
    v.lo_den = merge(made.lo_den, otherwise.lo_den);
    v.hi_den = merge(made.hi_den, otherwise.hi_den);
  }
  v.least = std::min(made.least, otherwise.least);
  v.most = std::max(made.most, otherwise.most);
  return v;
}

Value Emitter::eval(ExprId id) {
  id = same_as_[id];
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
    if (const auto there = scope->values.find(id); there != scope->values.end()) return there->second;
  if (plan_.slots_read[id] == 0 && !in_prologue_) {
    // The same for every row: once a call.
    std::vector<Scope> inner(std::make_move_iterator(scopes_.begin() + 1), std::make_move_iterator(scopes_.end()));
    scopes_.resize(1);
    IrBlock back = ir.here();
    ir.at_end_of(prologue_);
    in_prologue_ = true;
    const Value made = typed(compute(id, program_.exprs[id]), id);
    in_prologue_ = false;
    prologue_ = ir.here();
    ir.at_end_of(back);
    scopes_.front().values.emplace(id, made);
    scopes_.insert(scopes_.end(), std::make_move_iterator(inner.begin()), std::make_move_iterator(inner.end()));
    return made;
  }
  const Value made = typed(compute(id, program_.exprs[id]), id);
  scopes_.back().values.emplace(id, made);
  return made;
}

// What is known of an expression beside what its parts show.
Value Emitter::typed(Value v, ExprId id) const {
  const Type type = program_.exprs[id].type;
  v.kind = type.kind;
  if (type.kind == Kind::ref) v.entity = type.of;
  if (type.kind == Kind::boolean || type.kind == Kind::choice || type.kind == Kind::ratio) return v;
  v.least = std::max(v.least, plan_.values[id].least);
  v.most = std::min(v.most, plan_.values[id].most);
  return v;
}

Value Emitter::compute(ExprId id, const Expr& e) {
  if (const auto rank = answered_.find(id); rank != answered_.end()) return rank_answer(id, plan_.ranks[rank->second].answer);
  switch (e.op) {
    case Op::constant: return make_.constant(program_.constants[e.a], e.type);
    case Op::parameter: {
      IrValue cell = slot(layout_.parameter(e.a));
      Value v = in_setup([&] { return make_.read_cell(e.type, cell); });
      v.error = ir.bit(false);
      if (!plan_.values[id].unknown) v = made_known(v);
      return v;
    }
    case Op::as_of: return make_.number(Kind::date, as_of_, as_of_);
    case Op::is_set: {
      IrValue given = slot(layout_.temporary(plan_.parameters_set));
      return make_.decided(in_setup([&] { return ir.differ(ir.load_at(ir.i8, given, ir.word(e.a)), ir.byte(0)); }));
    }
    case Op::row: return rows_.at(e.a);
    case Op::parent: return parent_of(eval(arg(e, 0)));
    case Op::column: {
      const Expr& ref = program_.exprs[arg(e, 0)];
      return column(eval(arg(e, 0)), ref.op == Op::row && ref.a == 0, e.a);
    }
    case Op::remap: return make_.remap(eval(arg(e, 0)), program_.remaps[e.a]);
    case Op::not_: return make_.not_(eval(arg(e, 0)));
    case Op::conflict: return make_.conflict(eval(arg(e, 0)));
    case Op::and_:
    case Op::or_: return junction(e);
    case Op::compare: return comparison(e);
    case Op::select: return selection(e);
    case Op::table: return table(e);
    case Op::fold: return fold(id, e.a);
    case Op::state_at: {
      const Value owner = eval(arg(e, 0)), day = eval(arg(e, 1));
      return make_.call("tiao_state_at", e.type, {context_, make_.half(e.a), owner, day}, false);
    }
    case Op::balance_at: {
      const Value owner = eval(arg(e, 0)), day = eval(arg(e, 1));
      return make_.call("tiao_balance_at", e.type, {context_, make_.half(e.a), owner, day}, false);
    }
    default: return arithmetic(id, e);
  }
}

Value Emitter::arithmetic(ExprId, const Expr& e) {
  const Value a = eval(arg(e, 0));
  const Type from = program_.exprs[arg(e, 0)].type;
  switch (e.op) {
    case Op::neg: return e.type.kind == Kind::duration ? make_.call("tiao_neg_duration", e.type, {a}) : make_.neg(a);
    case Op::rescale: return make_.rescale(a, from.scale, e.type);
    case Op::as_ratio: return make_.as_ratio(a, from.scale);
    case Op::round:
      if (from.kind == Kind::ratio)
        return make_.call("tiao_round_ratio", e.type, {a, make_.half(e.type.scale), make_.half(e.type.kind == Kind::percent), make_.half(e.a)});
      if (e.type.scale >= from.scale) return make_.rescale(a, from.scale, e.type);
      return make_.call("tiao_round", e.type, {a, make_.half(from.scale), make_.half(e.type.scale), make_.half(e.a)});
    case Op::year:
    case Op::month:
    case Op::day:
    case Op::year_start:
    case Op::year_end:
    case Op::month_start:
    case Op::month_end: return calendar_part(e);
    case Op::least:
    case Op::greatest: {
      if (e.type.kind == Kind::ratio || e.type.kind == Kind::choice) return extreme(e);
      Value v = a;
      for (std::uint32_t i = 1; i < e.count; ++i)
        v = e.op == Op::least ? make_.least(v, eval(arg(e, i))) : make_.greatest(v, eval(arg(e, i)));
      return v;
    }
    default: break;
  }
  const Value b = eval(arg(e, 1));
  switch (e.op) {
    case Op::add: return make_.add(a, b, e.type);
    case Op::sub: return make_.sub(a, b, e.type);
    case Op::mul: return make_.mul(a, b, e.type);
    case Op::ratio:
      if (e.count == 3) return make_.call("tiao_ratio_if_none", e.type, {a, b, Argument::as_it_is(eval(arg(e, 2)))});
      return make_.call("tiao_ratio", e.type, {a, b});
    case Op::shift:
    case Op::shift_back: return shifted(a, b, e.op == Op::shift_back, e.type);
    case Op::shift_workdays: return make_.call("tiao_shift_workdays", e.type, {context_, make_.half(e.a), a, b}, false);
    case Op::difference: return make_.call("tiao_difference", e.type, {a, b});
    default: return make_.call("tiao_age", e.type, {a, b});   // Op::age
  }
}

// Of ratios and choices: a table whose rows all hold.
Value Emitter::extreme(const Expr& e) {
  std::vector<Value> outputs;
  for (std::uint32_t i = 0; i < e.count; ++i) outputs.push_back(eval(arg(e, i)));
  const auto policy = e.op == Op::greatest ? core::HitPolicy::highest : core::HitPolicy::lowest;
  return called_table(e.type, policy, std::vector<Value>(outputs.size(), make_.truth(Truth::yes)), outputs, false);
}

Value Emitter::calendar_part(const Expr& e) {
  const Value date = eval(arg(e, 0));
  switch (e.op) {
    case Op::year: return make_.year(date);
    case Op::month: return make_.call("tiao_month", e.type, {date});
    case Op::day: return make_.call("tiao_day", e.type, {date});
    case Op::year_start: return make_.call("tiao_year_start", e.type, {date});
    case Op::year_end: return make_.call("tiao_year_end", e.type, {date});
    case Op::month_start: return make_.call("tiao_month_start", e.type, {date});
    default: return make_.call("tiao_month_end", e.type, {date});
  }
}

// --- Logic

// Of the definitions that are computed here if this is evaluated.
std::uint32_t Emitter::definitions_weight(ExprId id) {
  if (in_registers_.empty()) return 0;
  const auto there = definitions_weights_.find(id);
  if (there != definitions_weights_.end()) return there->second;
  const Expr& e = program_.exprs[id];
  std::uint64_t weight = 0;
  for (std::uint32_t i = 0; i < e.count; ++i) weight += definitions_weight(arg(e, i));
  if (e.op == Op::column) {
    const Expr& ref = program_.exprs[arg(e, 0)];
    const auto own = in_registers_.find(static_cast<std::uint64_t>(ref.type.of) << 32 | e.a);
    if (ref.op == Op::row && ref.a == 0 && own != in_registers_.end()) weight += this->weight(own->second);
  }
  const auto limited = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 1'000'000));
  definitions_weights_.emplace(id, limited);
  return limited;
}

// The terms of nested `and`s (or `or`s), cheap ones first.
std::vector<ExprId> Emitter::flat_terms(Op op, const std::vector<ExprId>& terms) {
  std::vector<ExprId> flat;
  const std::function<void(ExprId)> take = [&](ExprId id) {
    id = same_as_[id];
    const Expr& e = program_.exprs[id];
    if (e.op != op) return flat.push_back(id);
    for (std::uint32_t i = 0; i < e.count; ++i) take(arg(e, i));
  };
  for (ExprId term : terms) take(term);
  std::stable_sort(flat.begin(), flat.end(), [&](ExprId a, ExprId b) { return weight(a) < weight(b); });
  return flat;
}

// `and` (or `or`) of what is known so far and the terms: dear ones only while they can matter.
Value Emitter::joined(Op op, Value so_far, const std::vector<ExprId>& terms) {
  auto with = [&](const Value& before, ExprId term) {
    return op == Op::and_ ? make_.and_(before, eval(term)) : make_.or_(before, eval(term));
  };
  const std::vector<ExprId> flat = flat_terms(op, terms);
  std::size_t next = 0;
  for (; next < flat.size() && !dear(flat[next]); ++next) so_far = with(so_far, flat[next]);
  // One branch around each: what decides comes early.
  for (; next < flat.size(); ++next) {
    const Value before = so_far;
    IrValue matters = ir.not_(op == Op::and_ ? before.no : before.yes);
    so_far = guarded(matters, before, [&] { return with(before, flat[next]); });
  }
  return so_far;
}

Value Emitter::all_of(Value so_far, const std::vector<ExprId>& terms) { return joined(Op::and_, std::move(so_far), terms); }

Value Emitter::junction(const Expr& e) {
  std::vector<ExprId> terms;
  for (std::uint32_t i = 0; i < e.count; ++i) terms.push_back(arg(e, i));
  return joined(e.op, make_.truth(e.op == Op::and_ ? Truth::yes : Truth::no), terms);
}

Value Emitter::selection(const Expr& e) {
  const Value condition = eval(arg(e, 0));
  auto arm = [&](ExprId id, IrValue needed) {
    if (!dear(same_as_[id])) return eval(id);
    return guarded(needed, make_.error(e.type.kind), [&] { return eval(id); });
  };
  const Value then = arm(arg(e, 1), ir.not_(condition.no));
  const Value otherwise = arm(arg(e, 2), ir.not_(condition.yes));
  return make_.select(condition, then, otherwise);
}

Value Emitter::comparison(const Expr& e) {
  const auto how = static_cast<core::CmpOp>(e.a);
  const Value a = eval(arg(e, 0)), b = eval(arg(e, 1));
  if (a.kind == b.kind) return make_.compare(how, a, b);
  auto mirrored = [](core::CmpOp op) {
    switch (op) {
      case core::CmpOp::at_least: return core::CmpOp::at_most;
      case core::CmpOp::at_most: return core::CmpOp::at_least;
      case core::CmpOp::over: return core::CmpOp::under;
      case core::CmpOp::under: return core::CmpOp::over;
      default: return op;
    }
  };
  if (a.kind == Kind::ratio) return make_.compare_ratio(how, a, b, program_.exprs[arg(e, 1)].type.scale);
  return make_.compare_ratio(mirrored(how), b, a, program_.exprs[arg(e, 0)].type.scale);
}

// --- Tables

bool Emitter::ends_with_otherwise(const Expr& e) const {
  if (e.count < 2) return false;
  const Expr& last = program_.exprs[arg(e, e.count - 2)];
  return last.op == Op::constant && program_.constants[last.a].lo == static_cast<std::int64_t>(Truth::yes);
}

Value Emitter::table(const Expr& e) {
  std::vector<Value> conditions, outputs;
  for (std::uint32_t i = 0; i + 1 < e.count; i += 2) {
    conditions.push_back(eval(arg(e, i)));
    outputs.push_back(eval(arg(e, i + 1)));
  }
  const auto policy = static_cast<core::HitPolicy>(e.a);
  const bool otherwise = ends_with_otherwise(e), small = conditions.size() <= 16 && e.type.kind != Kind::ratio;
  if (small && policy == core::HitPolicy::first) return first_hit(conditions, outputs);
  if (small && policy == core::HitPolicy::unique) return unique_hit(conditions, outputs, otherwise);
  return called_table(e.type, policy, conditions, outputs, otherwise);
}

Value Emitter::first_hit(const std::vector<Value>& conditions, const std::vector<Value>& outputs) {
  Value result = make_.error(outputs.front().kind);
  result.error = ir.bit(false);
  IrValue any = ir.bit(false), done = ir.bit(false), failed = ir.bit(false);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const Value& condition = conditions[i];
    IrValue looked_at = ir.and_(ir.not_(done), ir.not_(condition.no));
    failed = ir.or_(failed, ir.and_(looked_at, ir.or_(condition.error, outputs[i].error)));
    const Value joined = make_.pick(any, make_.hull(result, outputs[i]), outputs[i]);
    result = make_.pick(looked_at, joined, result);
    any = ir.or_(any, looked_at);
    done = ir.or_(done, ir.and_(looked_at, condition.yes));
  }
  return make_.failing(result, ir.or_(failed, ir.not_(any)));
}

// Do two of the rows that hold have outputs that surely differ? Ranges without a common value do; sets of choices pair by pair.
IrValue Emitter::contradiction(const std::vector<Value>& conditions, const std::vector<Value>& outputs, std::size_t rows) {
  IrValue found = ir.bit(false);
  const Kind kind = outputs.front().kind;
  if (kind == Kind::boolean) {
    IrValue some_yes = found, some_no = found;
    for (std::size_t i = 0; i < rows; ++i) {
      some_yes = ir.or_(some_yes, ir.and_(conditions[i].yes, outputs[i].yes));
      some_no = ir.or_(some_no, ir.and_(conditions[i].yes, outputs[i].no));
    }
    return ir.and_(some_yes, some_no);
  }
  if (kind == Kind::choice) {
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < i; ++k) {
        IrValue apart = ir.equal(ir.bits_and(outputs[i].lo, outputs[k].lo), ir.word(0));
        found = ir.or_(found, ir.and_(apart, ir.and_(conditions[i].yes, conditions[k].yes)));
      }
    return found;
  }
  IrValue lo = ir.word(neg_inf), hi = ir.word(pos_inf);
  for (std::size_t i = 0; i < rows; ++i) {
    lo = ir.select(conditions[i].yes, ir.greatest(lo, outputs[i].lo), lo);
    hi = ir.select(conditions[i].yes, ir.least(hi, outputs[i].hi), hi);
  }
  return ir.less(hi, lo);
}

Value Emitter::unique_hit(const std::vector<Value>& conditions, const std::vector<Value>& outputs, bool has_otherwise) {
  Value result = make_.error(outputs.front().kind);
  result.error = ir.bit(false);
  IrValue any = ir.bit(false), held = ir.bit(false);
  const std::size_t ordinary = conditions.size() - (has_otherwise ? 1 : 0);
  IrValue failed = ordinary == 0 ? ir.bit(false) : contradiction(conditions, outputs, ordinary);
  for (std::size_t i = 0; i < ordinary; ++i) {
    const Value& condition = conditions[i];
    IrValue looked_at = ir.not_(condition.no);
    failed = ir.or_(failed, ir.and_(looked_at, ir.or_(condition.error, outputs[i].error)));
    result = make_.pick(looked_at, make_.pick(any, make_.hull(result, outputs[i]), outputs[i]), result);
    any = ir.or_(any, looked_at);
    held = ir.or_(held, condition.yes);
  }
  if (has_otherwise) {
    const Value& otherwise = outputs[ordinary];
    IrValue answers = ir.not_(held);
    failed = ir.or_(failed, ir.and_(answers, otherwise.error));
    result = make_.pick(answers, make_.pick(any, make_.hull(result, otherwise), otherwise), result);
    any = ir.bit(true);
  }
  return make_.failing(result, ir.or_(failed, ir.not_(any)));
}

Value Emitter::called_table(Type type, core::HitPolicy policy, const std::vector<Value>& conditions, const std::vector<Value>& outputs,
                            bool has_otherwise) {
  IrValue condition_bytes = in_frame((conditions.size() + 7) / 8), cells = in_frame(outputs.size() * 4);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    IrValue index = ir.word(static_cast<std::int64_t>(i));
    ir.store_at(ir.i8, make_.byte_of(conditions[i]), condition_bytes, index);
    make_.write_cell(outputs[i], ir.at(ir.i64, cells, ir.mul(index, ir.word(4))));
  }
  return make_.call("tiao_table", type,
                    {condition_bytes, cells, make_.half(static_cast<std::uint32_t>(conditions.size())), make_.half(has_otherwise),
                     make_.half(static_cast<std::uint32_t>(policy)), make_.half(static_cast<std::uint32_t>(type.kind))});
}

// --- Columns

Value Emitter::parent_of(const Value& ref) {
  const EntityId entity = ref.entity;
  const EntityId parent = program_.schema.entities[entity].parent;
  IrValue valid = ref.always_known() && !Scalars::fails(ref) ? nullptr : make_.known(ref);
  IrValue row = ir.widen(load_if(ir.i32, slot(layout_.entity(entity, EntityPlane::parent)), ref.lo, valid), ir.i64);
  if (!valid) return make_.ref(parent, row, row);
  return make_.ref(parent, ir.select(valid, row, ir.word(neg_inf)), ir.select(valid, row, ir.word(pos_inf)), ref.error);
}

Value Emitter::widest(EntityId entity, ColumnId column) {
  const Entity& declared = program_.schema.entities[entity];
  const Column& c = declared.columns[column];
  if (c.kind == ColumnKind::computed) return make_.widest(program_.schema, c.type, neg_inf, pos_inf);
  const bool any_day = c.type.kind == Kind::date && c.range_hi == pos_inf && declared.origin == EntityOrigin::register_;
  return make_.widest(program_.schema, c.type, c.range_lo, any_day ? never_day : c.range_hi);
}

Value Emitter::column(const Value& ref, bool own_row, ColumnId column) {
  const EntityId entity = ref.entity;
  if (own_row)
    if (const auto own = own_.find(static_cast<std::uint64_t>(entity) << 32 | column); own != own_.end()) return eval(own->second);
  Value v = load_parts(entity, column, ref);
  if (v.kind == Kind::ref) v.entity = program_.schema.entities[entity].columns[column].type.of;
  if (ref.always_known() && !Scalars::fails(ref)) return v;
  IrValue known = make_.known(ref);
  v = make_.pick(known, v, widest(entity, column));
  if (v.kind == Kind::ref) v.entity = program_.schema.entities[entity].columns[column].type.of;
  return make_.failing(v, ref.error);
}

// What the plan knows never to be unknown has one register.
Value Emitter::made_known(Value v) const {
  v.hi = v.lo;
  v.hi_den = v.lo_den;
  v.decided = true;
  return v;
}

// The slot in which a part of a column stands: where its kernel left it, or where the facts have it.
std::uint32_t Emitter::plane_of(EntityId entity, ColumnId column, ColumnPlane plane, std::uint32_t part) const {
  const std::uint32_t computed = plan_.computed_of[entity][column];
  const std::uint32_t temporary = computed != none ? plan_.homes[computed].temporary : none;
  return temporary != none ? layout_.temporary(temporary + part) : layout_.column(entity, column, plane);
}

// Facts keep choices of few values in a byte each.
bool Emitter::has_narrow_masks(EntityId entity, ColumnId column) const {
  const Entity& declared = program_.schema.entities[entity];
  return declared.origin == EntityOrigin::register_ && declared.columns[column].kind != ColumnKind::computed && is_narrow(program_.schema, declared.columns[column].type);
}

// Has the value of a row that is soon asked for brought to the cache.
void Emitter::fetch(EntityId entity, ColumnId column, IrValue row) {
  const std::uint32_t computed = plan_.computed_of[entity][column];
  if (computed != none && !plan_.homes[computed].stored()) return;
  const bool truth = program_.schema.entities[entity].columns[column].type.kind == Kind::boolean;
  if (truth) ir.prefetch(ir.at(ir.i64, slot(plane_of(entity, column, ColumnPlane::yes, 0)), ir.shift_right(row, ir.word(6))));
  else ir.prefetch(ir.at(has_narrow_masks(entity, column) ? ir.i8 : ir.i64, slot(plane_of(entity, column, ColumnPlane::lo, 0)), row));
}

// Of a row, from the byte of each plane that holds it. Planes: of yes and of no.
Value Emitter::bits_at(const std::function<IrValue(std::uint32_t)>& plane, IrValue row, IrValue valid, bool may_fail, bool may_be_unknown) {
  IrValue byte = ir.shift_right(row, ir.word(3)), place = ir.narrow(ir.bits_and(row, ir.word(7)), ir.i8);
  auto bit = [&](std::uint32_t part) { return ir.narrow(ir.shift_right(load_if(ir.i8, plane(part), byte, valid), place), ir.i1); };
  IrValue yes = bit(0);
  return make_.truth_of_bits(yes, may_be_unknown || may_fail ? bit(1) : ir.not_(yes), may_fail, may_be_unknown);
}

Value Emitter::load_parts(EntityId entity, ColumnId column, const Value& ref) {
  const Entity& declared = program_.schema.entities[entity];
  const Column& c = declared.columns[column];
  const plan::ValueFacts& facts = plan_.columns[entity][column];
  IrValue valid = ref.always_known() && !Scalars::fails(ref) ? nullptr : make_.known(ref);
  const std::uint32_t computed = plan_.computed_of[entity][column];
  auto load = [&](IrType type, ColumnPlane p, std::uint32_t part) { return load_if(type, slot(plane_of(entity, column, p, part)), ref.lo, valid); };
  if (computed == none && declared.origin != EntityOrigin::register_ && (declared.origin == EntityOrigin::join || column == declared.parent_column)) {
    IrValue row = ir.widen(load(ir.i32, ColumnPlane::row, 0), ir.i64);
    return make_.ref(c.type.of, row, row);
  }
  if (c.type.kind == Kind::boolean) {
    auto plane = [&](std::uint32_t part) { return slot(plane_of(entity, column, part == 0 ? ColumnPlane::yes : ColumnPlane::no, part)); };
    return bits_at(plane, ref.lo, valid, facts.fails, facts.unknown);
  }
  IrValue lo = has_narrow_masks(entity, column) ? ir.widen(load(ir.i8, ColumnPlane::lo, 0), ir.i64) : load(ir.i64, ColumnPlane::lo, 0);
  if (c.type.kind == Kind::choice) {
    Value v = make_.mask(lo, facts.fails ? ir.equal(lo, ir.word(0)) : nullptr);
    v.decided = !facts.unknown;
    return v;
  }
  if (c.type.kind == Kind::ratio) {
    IrValue lo_den = load(ir.i64, ColumnPlane::lo_den, 2), error = facts.fails ? ir.equal(lo_den, ir.word(0)) : nullptr;
    if (!facts.unknown) return make_.ratio(lo, lo, lo_den, lo_den, error);
    IrValue hi = load(ir.i64, ColumnPlane::hi, 1);
    return make_.ratio(lo, hi, lo_den, load(ir.i64, ColumnPlane::hi_den, 3), error);
  }
  if (plan::one_word(facts)) return make_.number(c.type.kind, lo, lo, nullptr, facts.least, facts.most);
  IrValue hi = load(ir.i64, ColumnPlane::hi, 1), error = facts.fails ? ir.less(hi, lo) : nullptr;
  return make_.number(c.type.kind, lo, facts.unknown ? hi : lo, error, facts.least, facts.most);
}

}  // namespace tiao::jit
