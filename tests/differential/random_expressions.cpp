#include "tests/differential/random_expressions.hpp"

#include <algorithm>

#include "runtime/program/stages.hpp"
#include "runtime/value/scalar.hpp"
#include "tests/differential/generator.hpp"

namespace tiao::differential {

using core::ExprId;
using core::FoldKind;
using core::Op;

namespace {

std::int64_t day(int y, int m, int d) { return scalar::day_number({y, m, d}); }

std::int64_t random_day(Random& random) {
  static const std::int64_t marks[] = {day(2024, 2, 29), day(2024, 12, 31), day(2025, 1, 1), day(2025, 1, 31), day(2025, 6, 30),
                                       day(2025, 7, 1),  day(2023, 12, 31), day(2024, 1, 1), day(2025, 3, 31)};
  // Around the ends of February.
  static const std::int64_t leaps[] = {day(2024, 2, 28), day(2024, 2, 29), day(2024, 3, 1), day(2025, 2, 28), day(2025, 3, 1), day(2028, 2, 29)};
  if (random.one_in(12)) return leaps[random.below(std::size(leaps))];
  if (random.one_in(80)) return random.pick({day(2000, 2, 29), day(1900, 2, 28), day(1924, 2, 29), day(2100, 3, 1)});
  if (random.one_in(40)) return random.pick({scalar::first_day, scalar::last_day, never_day});
  if (random.one_in(2)) return marks[random.below(std::size(marks))];
  return day(2024, 1, 1) + random.below(620);
}

std::int64_t random_number(Random& random) {
  if (random.one_in(60))
    return random.pick<std::int64_t>({pos_inf - 1, neg_inf + 1, std::int64_t{1} << 62, -(std::int64_t{1} << 62), 3037000499, 3037000500, 1 << 30, pos_inf / 10, neg_inf / 100});
  if (random.one_in(6)) return random.between(-1000, 1000);
  return random.between(-2, 12);
}

std::int64_t random_duration(Random& random) {
  if (random.one_in(50)) return unstated_duration;
  if (random.one_in(60)) return scalar::make_duration((1 << 28) - 1, 0);
  return scalar::make_duration(random.one_in(3) ? 0 : random.between(-1, 14), random.one_in(3) ? random.between(-3, 40) : 0);
}

Cell ordered(std::int64_t a, std::int64_t b) { return between(std::min(a, b), std::max(a, b)); }

}  // namespace

std::int64_t random_as_of(Random& random) {
  if (!random.one_in(3)) return as_of;
  return random.pick({day(2024, 2, 29), day(2024, 12, 31), day(2025, 1, 1), day(2025, 2, 28), day(2025, 3, 31), day(2028, 2, 29)});
}

Cell random_cell(Random& random, const Schema& schema, Type type, bool facts) {
  const bool unknown = random.one_in(facts ? 8 : 14), range = random.one_in(8), error = !facts && random.one_in(50);
  if (error) return error_of(type.kind);
  switch (type.kind) {
    case Kind::boolean: return unknown ? of(Truth::unknown) : of(truth(random.one_in(2)));
    case Kind::choice: {
      const std::size_t values = schema.enums[type.of].values.size();
      if (unknown) return choice_of((std::uint64_t{1} << values) - 1);
      std::uint64_t mask = std::uint64_t{1} << random.below(values);
      if (range) mask |= std::uint64_t{1} << random.below(values);
      return choice_of(mask);
    }
    case Kind::text: return unknown ? between(neg_inf, pos_inf) : known(random.below(4));
    case Kind::date:
      if (unknown) return between(neg_inf, never_day);
      return range ? ordered(random_day(random), random_day(random)) : known(random_day(random));
    case Kind::duration: {
      if (unknown) return between(neg_inf, pos_inf);
      if (range) return ordered(scalar::make_duration(random.between(0, 6), 0), scalar::make_duration(random.between(0, 12), 0));
      return known(random_duration(random));
    }
    case Kind::workdays: return known(random.between(-3, 12));
    case Kind::ratio: {
      const Cell num = ordered(random_number(random), random_number(random));
      return scalar::ratio_of(range ? num : known(num.lo), known(random.between(1, 9)));
    }
    default:
      if (unknown) return random.one_in(3) ? between(0, pos_inf) : between(neg_inf, pos_inf);
      return range ? ordered(random_number(random), random_number(random)) : known(random_number(random));
  }
}

// --- Leaves

ExprId Expressions::constant(Type type) {
  if (type.kind == Kind::ref) return build_.unknown(type);
  return build_.constant(random_cell(random_, program_.schema, type, false), type);
}

Type Expressions::any_type() {
  static const Type types[] = {core::integer_type(), {Kind::decimal, 2, none}, {Kind::money, 2, none}, {Kind::percent, 1, none}, core::date_type(),
                               core::duration_type(), core::text_type(), core::choice_type(0), core::choice_type(1), core::ratio_type(), core::boolean_type()};
  return types[random_.below(std::size(types))];
}

// Some row that can be named from here.
ExprId Expressions::ref_to_any(const Slots& slots, unsigned depth, EntityId& entity) {
  std::vector<std::uint32_t> bound;
  for (std::uint32_t s = 0; s < slots.size(); ++s)
    if (slots[s] != none) bound.push_back(s);
  if (bound.empty()) return none;
  const std::uint32_t slot = random_.one_in(3) ? random_.pick(bound) : bound.back();
  entity = slots[slot];
  ExprId ref = build_.row(slot, entity);
  for (unsigned step = 0; step < depth && random_.one_in(2); ++step) {
    const Entity& e = program_.schema.entities[entity];
    std::vector<ExprId> next;
    if (e.parent != none) next.push_back(build_.parent(ref));
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (e.columns[c].type.kind == Kind::ref && c != e.parent_column) next.push_back(build_.column(ref, c));
    if (next.empty()) break;
    ref = random_.pick(next);
    entity = build_.type(ref).of;
    if (std::find(entities.begin(), entities.end(), entity) == entities.end()) return none;
  }
  return ref;
}

ExprId Expressions::column_of(Type type, const Slots& slots) {
  for (int attempt = 0; attempt < 4; ++attempt) {
    EntityId entity = none;
    const ExprId ref = ref_to_any(slots, 2, entity);
    if (ref == none) continue;
    if (type.kind == Kind::ref && type.of == entity) return ref;
    std::vector<ColumnId> fitting;
    const Entity& e = program_.schema.entities[entity];
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (e.columns[c].type == type) fitting.push_back(c);
    if (!fitting.empty()) return build_.column(ref, random_.pick(fitting));
  }
  return none;
}

ExprId Expressions::leaf(Type type, const Slots& slots) {
  if (!random_.one_in(4))
    if (const ExprId column = column_of(type, slots); column != none) return column;
  if (random_.one_in(6))
    for (std::uint32_t p = 0; p < program_.schema.parameters.size(); ++p)
      if (program_.schema.parameters[p].type == type) return build_.parameter(p);
  if (type.kind == Kind::date && random_.one_in(3)) return build_.as_of();
  return constant(type);
}

// --- Any type

ExprId Expressions::make(Type type, const Slots& slots, unsigned depth) {
  if (depth == 0 || random_.one_in(5)) return leaf(type, slots);
  if (random_.one_in(8)) return build_.append(Op::select, type, none, {condition(slots, depth - 1), make(type, slots, depth - 1), make(type, slots, depth - 1)});
  if (random_.one_in(9) && type.kind != Kind::ref) return table(type, slots, depth - 1);
  if (random_.one_in(7) && type.kind != Kind::boolean && type.kind != Kind::workdays && type.kind != Kind::ref)
    return fold(type.kind == Kind::text ? FoldKind::only : random_.pick({FoldKind::highest, FoldKind::lowest, FoldKind::only}), type, slots, depth - 1);
  switch (type.kind) {
    case Kind::boolean: return truth(slots, depth);
    case Kind::integer:
    case Kind::decimal:
    case Kind::money:
    case Kind::percent: return number(type, slots, depth);
    case Kind::date: return date(slots, depth);
    case Kind::duration: return duration(slots, depth);
    case Kind::ratio: return ratio(slots, depth);
    case Kind::choice: return choice(type, slots, depth);
    default: return leaf(type, slots);
  }
}

ExprId Expressions::table(Type type, const Slots& slots, unsigned depth) {
  std::vector<core::Builder::Row> rows;
  for (unsigned i = 0; i < 1 + random_.below(4); ++i) rows.push_back({condition(slots, depth), make(type, slots, depth > 0 ? depth - 1 : 0)});
  using core::HitPolicy;
  const HitPolicy policy = type.kind == Kind::text ? random_.pick({HitPolicy::unique, HitPolicy::first})
                                                   : random_.pick({HitPolicy::unique, HitPolicy::first, HitPolicy::highest, HitPolicy::lowest});
  const ExprId otherwise = random_.one_in(3) ? none : make(type, slots, depth > 0 ? depth - 1 : 0);
  return build_.table(policy, rows, otherwise);
}

// --- Truth

ExprId Expressions::comparison(const Slots& slots, unsigned depth) {
  using core::CmpOp;
  const Type type = any_type();
  const bool unordered = type.kind == Kind::text || type.kind == Kind::boolean || (type.kind == Kind::choice && !program_.schema.enums[type.of].ordered);
  const CmpOp op = unordered ? random_.pick({CmpOp::is, CmpOp::is_not})
                             : random_.pick({CmpOp::is, CmpOp::is_not, CmpOp::at_least, CmpOp::at_most, CmpOp::over, CmpOp::under});
  if (type.kind == Kind::ratio && random_.one_in(2)) {
    const ExprId share = make(type, slots, depth), percent = make({Kind::percent, 1, none}, slots, depth);
    return random_.one_in(2) ? build_.compare(op, share, percent) : build_.compare(op, percent, share);
  }
  return build_.compare(op, make(type, slots, depth), make(type, slots, depth));
}

ExprId Expressions::truth(const Slots& slots, unsigned depth) {
  switch (random_.below(10)) {
    case 0: return build_.not_(condition(slots, depth - 1));
    case 1:
    case 2:
    case 3: {
      std::vector<ExprId> terms;
      for (unsigned i = 0; i < 1 + random_.below(3); ++i) terms.push_back(condition(slots, depth - 1));
      return random_.one_in(2) ? build_.and_(terms) : build_.or_(terms);
    }
    case 4: return fold(random_.pick({FoldKind::exists, FoldKind::every, FoldKind::consecutive}), core::boolean_type(), slots, depth - 1);
    case 5: return fold(FoldKind::exists, core::boolean_type(), slots, depth - 1);
    case 6:
      if (random_.one_in(4)) return build_.conflict(condition(slots, depth - 1));
      return build_.is_set(random_.below(program_.schema.parameters.size()));
    default: return comparison(slots, depth - 1);
  }
}

// --- Numbers

ExprId Expressions::number(Type type, const Slots& slots, unsigned depth) {
  auto same = [&] { return make(type, slots, depth - 1); };
  const bool integer = type.kind == Kind::integer;
  switch (random_.below(integer ? 12 : 8)) {
    case 0: return build_.add(same(), same());
    case 1: return build_.sub(same(), same());
    case 2: return build_.neg(same());
    case 3:
      // Months and days have no order that holds on every date; the checker refuses to compare them.
      if (type.kind == Kind::duration) return build_.add(same(), same());
      return random_.one_in(2) ? build_.least({same(), same()}) : build_.greatest({same(), same(), same()});
    case 4: return fold(FoldKind::sum, type, slots, depth - 1);
    case 5: return build_.mul(same(), make(core::integer_type(), slots, depth - 1));
    case 6: {
      const auto how = random_.pick({core::Rounding::half_up, core::Rounding::half_even, core::Rounding::down, core::Rounding::up});
      if (random_.one_in(2) && (type.kind == Kind::percent || type.kind == Kind::decimal)) return build_.round(ratio(slots, depth), type, how);
      if (type.kind == Kind::money)
        return build_.round(build_.mul(same(), make({Kind::percent, 1, none}, slots, depth - 1)), type, how);
      if (type.scale == 0) return build_.neg(same());
      return build_.round(build_.rescale(same(), 4), type, how);
    }
    case 7: {
      for (std::uint32_t l : ledgers)
        if (program_.ledgers[l].type == type) {
          EntityId entity = none;
          const ExprId ref = ref_to_any(slots, 2, entity);
          if (ref != none && entity == program_.ledgers[l].owner) return build_.balance_at(l, ref, make(core::date_type(), slots, depth - 1));
        }
      return leaf(type, slots);
    }
    case 8: return fold(FoldKind::count, core::boolean_type(), slots, depth - 1);
    case 9: return build_.calendar_part(random_.pick({Op::year, Op::month, Op::day}), make(core::date_type(), slots, depth - 1));
    case 10: return build_.age(make(core::date_type(), slots, depth - 1), make(core::date_type(), slots, depth - 1));
    default: return build_.add(same(), constant(type));
  }
}

ExprId Expressions::date(const Slots& slots, unsigned depth) {
  const Type date = core::date_type();
  auto same = [&] { return make(date, slots, depth - 1); };
  switch (random_.below(6)) {
    case 0: return build_.shift(same(), make(core::duration_type(), slots, depth - 1));
    case 1: return build_.shift_back(same(), make(core::duration_type(), slots, depth - 1));
    case 2: return build_.shift_workdays(same(), constant({Kind::workdays, 0, none}), 0);
    case 3: return build_.calendar_part(random_.pick({Op::year_start, Op::year_end, Op::month_start, Op::month_end}), same());
    case 4: return random_.one_in(2) ? build_.least({same(), same()}) : build_.greatest({same(), same()});
    default: return same();
  }
}

ExprId Expressions::duration(const Slots& slots, unsigned depth) {
  auto same = [&] { return make(core::duration_type(), slots, depth - 1); };
  switch (random_.below(6)) {
    case 0: return build_.add(same(), same());
    case 1: return build_.sub(same(), same());
    case 2: return build_.mul(same(), make(core::integer_type(), slots, depth - 1));
    case 3: return build_.difference(make(core::date_type(), slots, depth - 1), make(core::date_type(), slots, depth - 1));
    case 4: return fold(FoldKind::sum, core::duration_type(), slots, depth - 1);
    default: return build_.greatest({same(), same()});
  }
}

ExprId Expressions::ratio(const Slots& slots, unsigned depth) {
  switch (random_.below(6)) {
    case 0: return build_.as_ratio(make({Kind::percent, 1, none}, slots, depth - 1));
    case 1: return fold(FoldKind::share, core::boolean_type(), slots, depth - 1);
    case 2: return fold(FoldKind::average, random_.pick<Type>({core::integer_type(), {Kind::money, 2, none}, {Kind::percent, 1, none}}), slots, depth - 1);
    case 3: return build_.greatest({leaf(core::ratio_type(), slots), leaf(core::ratio_type(), slots)});
    default: {
      const Type of = random_.one_in(2) ? core::integer_type() : Type{Kind::money, 2, none};
      const ExprId if_none = random_.one_in(2) ? none : leaf(core::ratio_type(), slots);
      return build_.ratio(make(of, slots, depth - 1), make(of, slots, depth - 1), if_none);
    }
  }
}

ExprId Expressions::choice(Type type, const Slots& slots, unsigned depth) {
  if (random_.one_in(2))
    for (std::uint32_t t : timelines) {
      if (program_.timelines[t].states != type.of) continue;
      EntityId entity = none;
      const ExprId ref = ref_to_any(slots, 2, entity);
      if (ref != none && entity == program_.timelines[t].owner) return build_.state_at(t, ref, make(core::date_type(), slots, depth - 1));
    }
  if (depth > 0 && random_.one_in(3)) return fold(FoldKind::stages, type, slots, depth - 1);
  if (type.of == 1) return build_.remap(make(core::choice_type(0), slots, depth - 1), 0, 1);
  return leaf(type, slots);
}

// --- Folds

bool Expressions::hop(EntityId from, core::Hop& made) {
  const Schema& schema = program_.schema;
  std::vector<core::Hop> ways;
  auto there = [&](EntityId e) { return std::find(entities.begin(), entities.end(), e) != entities.end(); };
  for (EntityId e : entities) {
    const Entity& to = schema.entities[e];
    if (to.parent == from) ways.push_back(core::children_of(e));
    for (ColumnId c = 0; c < to.columns.size(); ++c)
      if (to.columns[c].type.kind == Kind::ref && to.columns[c].type.of == from && c != to.parent_column) ways.push_back(core::linked_by(e, c));
  }
  const Entity& at = schema.entities[from];
  if (at.parent != none && there(at.parent)) ways.push_back(core::parent_in(at.parent));
  for (ColumnId c = 0; c < at.columns.size(); ++c)
    if (at.columns[c].type.kind == Kind::ref && c != at.parent_column && there(at.columns[c].type.of)) ways.push_back(core::follow_to(at.columns[c].type.of, c));
  for (const core::Group& group : program_.groups)
    if (group.entity == from) ways.push_back(core::members_in(group.from));
  if (ways.empty()) return false;
  made = random_.pick(ways);
  return true;
}

bool Expressions::random_source(const Slots& slots, unsigned depth, core::Source& source) {
  EntityId at = none;
  std::vector<core::Hop> hops;
  ExprId start = none;
  if (!random_.one_in(4)) start = ref_to_any(slots, depth > 1 ? 2 : 1, at);
  if (start == none) at = random_.pick(entities);
  const unsigned wanted = start == none ? random_.below(3) / 2 : random_.below(8) == 0 ? 0 : 1 + random_.below(2);
  EntityId end = at;
  for (unsigned i = 0; i < wanted; ++i) {
    core::Hop next;
    if (!hop(end, next)) break;
    hops.push_back(next);
    end = next.entity;
  }
  source = start != none ? core::rows_from(start, at, hops) : core::whole_of(at, hops);
  source.distinct = !hops.empty() && random_.one_in(3);
  // Rows like this one, of everything there is.
  const bool alike = !slots.empty() && slots[0] != none && random_.one_in(6) && std::find(entities.begin(), entities.end(), slots[0]) != entities.end();
  if (alike) source = core::whole_of(slots[0], {});
  if (alike || random_.one_in(source.start == none ? 2 : 5)) {
    const Entity& e = program_.schema.entities[source.entity];
    for (std::uint64_t keys = alike ? 1 + random_.below(2) : 1; keys != 0; --keys) {
      const ColumnId c = random_.below(e.columns.size());
      if (e.columns[c].type.kind != Kind::ref && c != e.parent_column && e.columns[c].kind != ColumnKind::parent)
        source.same.push_back({c, alike ? build_.column(build_.row(0, slots[0]), c) : make(e.columns[c].type, slots, source.hops.empty() ? 1 : 0)});
    }
  }
  return true;
}

// Rows of a whole population by how a value of theirs compares with one outside: ranks, with the row itself counted in any case or not.
ExprId Expressions::standing(FoldKind kind, const Slots& slots, unsigned depth) {
  core::Fold f;
  f.kind = kind;
  f.slot = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(slots.size()));
  const EntityId mine = slots.empty() || slots[0] == none ? none : slots[0];
  const EntityId population = mine != none && !random_.one_in(4) ? mine : random_.pick(entities);
  const Entity& e = program_.schema.entities[population];
  const ExprId row = build_.row(f.slot, population);
  f.source = core::whole_of(population);
  Slots own(f.slot + 1, none);
  own[f.slot] = population;
  Slots outside = slots;
  outside.resize(f.slot + 1, none);
  for (unsigned i = random_.below(3); i > 0; --i) {
    const ColumnId c = random_.below(e.columns.size());
    if (e.columns[c].type.kind == Kind::ref || e.columns[c].type.kind == Kind::ratio || c == e.parent_column) continue;
    const ExprId key = population == mine && !random_.one_in(4) ? build_.column(build_.row(0, mine), c) : make(e.columns[c].type, slots, 1);
    f.source.same.push_back({c, key});
  }
  static const Type types[] = {core::integer_type(), {Kind::decimal, 2, none}, {Kind::money, 2, none}, core::date_type(), core::duration_type(), core::ratio_type()};
  const Type type = types[random_.below(std::size(types))];
  std::vector<ColumnId> fitting;
  for (ColumnId c = 0; c < e.columns.size(); ++c)
    if (e.columns[c].type == type) fitting.push_back(c);
  const bool plain = !fitting.empty() && !random_.one_in(3);
  const ColumnId c = plain ? random_.pick(fitting) : 0;
  const ExprId theirs = plain ? build_.column(row, c) : make(type, own, depth);
  const ExprId ours = plain && population == mine && !random_.one_in(4) ? build_.column(build_.row(0, mine), c) : make(type, outside, 1);
  using core::CmpOp;
  const CmpOp op = random_.pick({CmpOp::at_least, CmpOp::at_most, CmpOp::over, CmpOp::under});
  ExprId compared = random_.one_in(2) ? build_.compare(op, theirs, ours) : build_.compare(op, ours, theirs);
  const bool as_filter = kind == FoldKind::count || (kind == FoldKind::exists && random_.one_in(2));
  if (!as_filter && population == mine && !random_.one_in(3)) {
    const ExprId itself = build_.compare(CmpOp::is, row, build_.row(0, mine));
    compared = random_.one_in(2) ? build_.or_({itself, compared}) : build_.or_({compared, itself});
  }
  std::vector<ExprId> terms;
  if (random_.one_in(2)) terms.push_back(condition(own, depth));
  if (as_filter) terms.push_back(compared);
  else f.value = compared;
  if (!terms.empty()) f.filter = build_.and_(terms);
  if (kind == FoldKind::share && !random_.one_in(4)) f.if_none = make(core::ratio_type(), slots, 1);
  return build_.fold(f);
}

ExprId Expressions::fold(FoldKind kind, Type value, const Slots& slots, unsigned depth) {
  const bool tallied = kind == FoldKind::count || kind == FoldKind::exists || kind == FoldKind::every || kind == FoldKind::share;
  if (tallied && slots.size() <= 3 && depth > 0 && random_.one_in(4)) return standing(kind, slots, depth - 1);
  core::Fold f;
  f.kind = kind;
  if (slots.size() > 4 || !random_source(slots, depth, f.source)) return leaf(value, slots);
  f.slot = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(slots.size()));
  // Of a whole population the answer often depends on nothing but the keys.
  const bool by_keys = f.source.start == none && random_.one_in(2);
  const Slots outside = by_keys ? Slots(slots.size(), none) : slots;
  Slots inner = outside;
  inner.resize(f.slot + 1, none);
  inner[f.slot] = f.source.entity;
  if (random_.one_in(2)) f.filter = condition(inner, depth > 0 ? depth - 1 : 0);
  if (kind != FoldKind::count) f.value = make(value, inner, depth);
  if (kind == FoldKind::consecutive) f.n = 1 + random_.below(3);
  if (kind == FoldKind::stages) {
    const auto states = static_cast<std::uint32_t>(program_.schema.enums[value.of].values.size());
    StageMoves moves;
    for (unsigned k = 0; k < 1 + random_.below(max_stage_moves); ++k) moves.set(k, random_.below(std::min(states, max_stage_states)), random_.below(std::min(states, max_stage_states)));
    f.n = moves.packed;
    return build_.stages(f, value.of);
  }
  const bool answered = kind == FoldKind::highest || kind == FoldKind::lowest || kind == FoldKind::only || kind == FoldKind::average || kind == FoldKind::share;
  const Type out = kind == FoldKind::average || kind == FoldKind::share ? core::ratio_type() : value;
  if (answered && !random_.one_in(4)) f.if_none = make(out, outside, depth > 0 ? depth - 1 : 0);
  return build_.fold(f);
}

core::Source Expressions::rows_from_owner(EntityId owner, EntityId only) {
  for (int attempt = 0; attempt < 12; ++attempt) {
    std::vector<core::Hop> hops;
    EntityId end = owner;
    for (unsigned i = 0; i < 1 + random_.below(2); ++i) {
      core::Hop next;
      if (!hop(end, next)) break;
      hops.push_back(next);
      end = next.entity;
      if (end == only && random_.one_in(2)) break;
    }
    if (hops.empty() || (only != none && end != only)) continue;
    core::Source source = core::rows_from(build_.row(0, owner), owner, hops);
    source.distinct = random_.one_in(4);
    return source;
  }
  const EntityId whole = only != none ? only : random_.pick(entities);
  return core::whole_of(whole);
}

}  // namespace tiao::differential
