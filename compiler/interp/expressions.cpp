// Values of expressions.
#include <bit>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

using scalar::choose;
using scalar::hull;

namespace {
Cell unknown_ref() { return between(neg_inf, pos_inf); }
}  // namespace

Cell Machine::widest(const Type& type) const {
  switch (type.kind) {
    case Kind::boolean: return of(Truth::unknown);
    case Kind::choice: {
      const std::size_t values = schema.enums[type.of].values.size();
      return choice_of(values >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << values) - 1);
    }
    default: return between(neg_inf, pos_inf);
  }
}

// What a fact that is not known may be; of a computed value nothing is known.
Cell Machine::widest(EntityId entity, ColumnId column) const {
  const Column& c = schema.entities[entity].columns[column];
  Cell out = widest(c.type);
  if (c.kind == ColumnKind::computed || c.type.kind == Kind::boolean || c.type.kind == Kind::choice) return out;
  if (c.range_lo != neg_inf) out.lo = c.range_lo;
  if (c.range_hi != pos_inf) out.hi = c.range_hi;
  else if (c.type.kind == Kind::date && !derived(entity)) out.hi = never_day;
  return out;
}

Cell Machine::value(ExprId id, Frame frame) {
  const core::Expr& e = expr(id);
  switch (e.op) {
    case Op::constant: return program.constants[e.a];
    case Op::parameter: return facts.parameters[e.a];
    case Op::is_set: return of(truth(facts.parameter_set[e.a] != 0));
    case Op::as_of: return known(as_of);
    case Op::row: return known(slot(frame, e.a));
    case Op::parent: {
      const Cell ref = value(arg(e, 0), frame);
      if (ref.lo > ref.hi) return number_error();
      if (ref.lo != ref.hi) return unknown_ref();
      return known(parent_row(type(arg(e, 0)).of, static_cast<std::uint32_t>(ref.lo)));
    }
    case Op::column: {
      const Cell ref = value(arg(e, 0), frame);
      const EntityId entity = type(arg(e, 0)).of;
      if (ref.lo > ref.hi) return error_of(e.type.kind);
      if (ref.lo != ref.hi) return widest(entity, e.a);
      return column(entity, e.a, static_cast<std::uint32_t>(ref.lo));
    }
    case Op::remap: {
      const auto mask = static_cast<std::uint64_t>(value(arg(e, 0), frame).lo);
      const auto& map = program.remaps[e.a];
      std::uint64_t out = 0;
      for (std::size_t bit = 0; bit < map.size(); ++bit)
        if (mask >> bit & 1) out |= std::uint64_t{1} << map[bit];
      return choice_of(out);
    }
    case Op::not_: return of(scalar::not_(test(arg(e, 0), frame)));
    case Op::conflict: {
      const Truth both = test(arg(e, 0), frame);
      return of(both == Truth::yes ? Truth::error : scalar::not_(both));
    }
    case Op::and_:
    case Op::or_: return truth_list(e, frame);
    case Op::compare: return compare(e, frame);
    case Op::select: {
      const Truth condition = test(arg(e, 0), frame);
      const Cell nothing = error_of(e.type.kind);
      const Cell then = condition == Truth::no || condition == Truth::error ? nothing : value(arg(e, 1), frame);
      const Cell otherwise = condition == Truth::yes || condition == Truth::error ? nothing : value(arg(e, 2), frame);
      return choose(condition, then, otherwise, e.type.kind);
    }
    case Op::table: return table(e, frame);
    case Op::fold: {
      FoldFault fault;
      return fold_value(program.folds[e.a], frame, fault);
    }
    case Op::state_at: return state_at(e.a, value(arg(e, 0), frame), value(arg(e, 1), frame));
    case Op::balance_at: return balance_at(e.a, value(arg(e, 0), frame), value(arg(e, 1), frame));
    case Op::shift:
    case Op::shift_back:
    case Op::shift_workdays:
    case Op::difference:
    case Op::year:
    case Op::month:
    case Op::day:
    case Op::age:
    case Op::year_start:
    case Op::year_end:
    case Op::month_start:
    case Op::month_end: return dates(e, frame);
    default: return arithmetic(e, frame);
  }
}

// The strongest value wins, so what follows the one that nothing beats need not be looked at.
Cell Machine::truth_list(const core::Expr& e, Frame frame) {
  const bool all = e.op == Op::and_;
  const Truth strongest = all ? Truth::no : Truth::yes;
  Truth out = scalar::not_(strongest);
  for (std::uint32_t i = 0; i < e.count && out != strongest; ++i) {
    const Truth term = test(arg(e, i), frame);
    out = all ? scalar::and_(out, term) : scalar::or_(out, term);
  }
  return of(out);
}

Cell Machine::compare(const core::Expr& e, Frame frame) {
  const Cell a = value(arg(e, 0), frame), b = value(arg(e, 1), frame);
  const Type &x = type(arg(e, 0)), &y = type(arg(e, 1));
  const auto op = static_cast<scalar::CmpOp>(e.a);
  if (x.kind == Kind::ratio) return of(scalar::compare_ratio(op, a, b, y.kind == Kind::percent, y.scale));
  if (y.kind == Kind::ratio) return of(scalar::compare_ratio(scalar::mirrored(op), b, a, true, x.scale));
  return of(scalar::compare(op, a, b, x.kind));
}

Cell Machine::arithmetic(const core::Expr& e, Frame frame) {
  if (e.op == Op::least || e.op == Op::greatest) return extreme(e, frame);
  if (e.op == Op::round) return round(e, frame);
  const Cell a = value(arg(e, 0), frame);
  const bool durations = e.type.kind == Kind::duration;
  switch (e.op) {
    case Op::neg: return durations ? scalar::sub_durations(known(0), a) : scalar::neg(a);
    case Op::rescale: return scalar::rescale(a, type(arg(e, 0)).scale, e.type.scale);
    case Op::as_ratio: return scalar::ratio_of_percent(a, type(arg(e, 0)).scale);
    default: break;
  }
  const Cell b = value(arg(e, 1), frame);
  switch (e.op) {
    case Op::add: return durations ? scalar::add_durations(a, b) : scalar::add(a, b);
    case Op::sub: return durations ? scalar::sub_durations(a, b) : scalar::sub(a, b);
    case Op::mul: return durations ? scalar::mul_duration(a, b) : scalar::mul(a, b);
    default: break;
  }
  // ratio; the answer for zero is looked at only where the divisor may be zero.
  const bool answered = e.count == 3 && b.lo <= 0 && b.hi >= 0;
  return scalar::ratio_of(a, b, answered, answered ? value(arg(e, 2), frame) : Cell{});
}

// The highest or lowest of values that are all there.
Cell Machine::extreme(const core::Expr& e, Frame frame) {
  FoldInput input;
  input.kind = e.op == Op::greatest ? core::FoldKind::highest : core::FoldKind::lowest;
  input.value = e.type;
  for (std::uint32_t i = 0; i < e.count; ++i) input.rows.push_back({Truth::yes, value(arg(e, i), frame)});
  return fold(input);
}

Cell Machine::round(const core::Expr& e, Frame frame) {
  const Cell a = value(arg(e, 0), frame);
  const Type& from = type(arg(e, 0));
  const auto how = static_cast<scalar::Rounding>(e.a);
  if (from.kind == Kind::ratio) return scalar::rounded_ratio(a, e.type.scale, e.type.kind == Kind::percent, how);
  return scalar::rounded(a, from.scale, e.type.scale, how);
}

Cell Machine::dates(const core::Expr& e, Frame frame) {
  const Cell a = value(arg(e, 0), frame);
  const Cell b = e.count > 1 ? value(arg(e, 1), frame) : Cell{};
  switch (e.op) {
    case Op::shift: return scalar::shift(a, b);
    case Op::shift_back: return scalar::shift_back(a, b);
    case Op::shift_workdays: return scalar::shift_workdays(a, b, schema.calendars[e.a]);
    case Op::difference: return scalar::difference(a, b);
    case Op::year: return scalar::year_of(a);
    case Op::month: return scalar::month_of(a);
    case Op::day: return scalar::day_of(a);
    case Op::age: return scalar::age(a, b);
    case Op::year_start: return scalar::year_start(a);
    case Op::year_end: return scalar::year_end(a);
    case Op::month_start: return scalar::month_start(a);
    default: return scalar::month_end(a);
  }
}

// --- Tables ------------------------------------------------------------------------------------------------------------------

bool Machine::has_otherwise(const core::Expr& table) const {
  if (table.count < 2) return false;
  const core::Expr& last = expr(arg(table, table.count - 2));
  return last.op == Op::constant && program.constants[last.a].lo == static_cast<std::int64_t>(Truth::yes);
}

namespace {

// Two rows that hold and whose outputs cannot be the same.
bool surely_differ(const FoldInput& input) {
  for (const FoldRow& a : input.rows)
    for (const FoldRow& b : input.rows)
      if (a.in == Truth::yes && b.in == Truth::yes && scalar::compare(scalar::CmpOp::is, a.value, b.value, input.value.kind) == Truth::no) return true;
  return false;
}

}  // namespace

// unique is the fold `only` over the rows that hold, highest and lowest are those folds; the `otherwise` row answers for none.
Cell Machine::table(const core::Expr& e, Frame frame) {
  const auto policy = static_cast<core::HitPolicy>(e.a);
  const Kind kind = e.type.kind;
  if (policy == core::HitPolicy::first) {
    Cell out;
    bool any = false;
    for (std::uint32_t i = 0; i < e.count; i += 2) {
      const Truth holds = test(arg(e, i), frame);
      if (holds == Truth::no) continue;
      if (holds == Truth::error) return error_of(kind);
      const Cell output = value(arg(e, i + 1), frame);
      out = any ? hull(out, output, kind) : choose(Truth::yes, output, output, kind);
      any = true;
      if (holds == Truth::yes) return out;
    }
    return any ? out : error_of(kind);
  }
  FoldInput input;
  input.kind = policy == core::HitPolicy::unique ? core::FoldKind::only : policy == core::HitPolicy::highest ? core::FoldKind::highest : core::FoldKind::lowest;
  input.value = e.type;
  const bool otherwise = has_otherwise(e);
  bool sure = false;
  for (std::uint32_t i = 0; i < e.count - (otherwise ? 2 : 0); i += 2) {
    const Truth holds = test(arg(e, i), frame);
    if (holds == Truth::no) continue;
    if (holds == Truth::error) return error_of(kind);
    input.rows.push_back({holds, value(arg(e, i + 1), frame)});
    sure |= holds == Truth::yes;
  }
  if (policy == core::HitPolicy::unique && surely_differ(input)) return error_of(kind);
  input.has_if_none = otherwise && !sure;
  if (input.has_if_none) input.if_none = value(arg(e, e.count - 1), frame);
  return fold(input);
}

// --- Columns that a definition fills -----------------------------------------------------------------------------------------

Cell Machine::computed(std::uint32_t index, std::uint32_t row) {
  const core::Computed& c = program.computed[index];
  const Kind kind = type(c.expr).kind;
  Cell out;
  if (computed_[index].find(row, kind, out)) return out;
  const NewFrame frame(*this, row);
  out = value(c.expr, frame);
  computed_[index].keep(row, kind, out, rows(c.entity));
  return out;
}

Cell Machine::column(EntityId entity, ColumnId column, std::uint32_t row) {
  const std::uint32_t definition = computed_of[entity][column];
  if (definition != none) return computed(definition, row);
  if (derived(entity)) return derived_column(entity, column, row);
  if (column == schema.entities[entity].parent_column) return known(parent_row(entity, row));
  return facts.tables[entity].columns[column].cell(row, schema.entities[entity].columns[column].type.kind);
}

}  // namespace tiao::interp
