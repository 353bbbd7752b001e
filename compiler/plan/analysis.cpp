#include "compiler/plan/analysis.hpp"

#include <algorithm>

#include "runtime/value/scalar.hpp"

namespace tiao::plan {

using core::Expr;
using core::ExprId;
using core::FoldKind;
using core::Op;

namespace {

__extension__ using i128 = __int128;

// Fewer rows than 2^32 whose values are no larger than this cannot overflow a sum.
constexpr std::int64_t small = std::int64_t{1} << 30, sum_of_small = std::int64_t{1} << 62;

constexpr bool fits(i128 v) { return v > static_cast<i128>(neg_inf) && v < static_cast<i128>(pos_inf); }

ValueFacts unlimited(bool unknown, bool fails) { return {unknown, fails, neg_inf, pos_inf}; }
ValueFacts sure(std::int64_t least, std::int64_t most) { return {false, false, least, most}; }

// Bounds of numbers that are known: never an infinity.
ValueFacts number(bool unknown, bool fails) {
  return unknown ? unlimited(unknown, fails) : ValueFacts{unknown, fails, neg_inf + 1, pos_inf - 1};
}

ValueFacts join(const ValueFacts& a, const ValueFacts& b) {
  return {a.unknown || b.unknown, a.fails || b.fails, std::min(a.least, b.least), std::max(a.most, b.most)};
}

bool within(const ValueFacts& v, std::int64_t limit) { return v.least >= -limit && v.most <= limit; }
bool is_day(const ValueFacts& v) { return v.least >= scalar::first_day && v.most <= scalar::last_day; }
bool is_count(Kind kind) { return kind == Kind::integer || kind == Kind::decimal || kind == Kind::money || kind == Kind::percent; }

}  // namespace

Layout Layout::general(const Schema& schema) {
  Layout layout;
  for (const Entity& e : schema.entities) layout.columns.emplace_back(e.columns.size(), 0);
  layout.entities.assign(schema.entities.size(), 0);
  layout.parameters.assign(schema.parameters.size(), 0);
  layout.values.assign(schema.parameters.size(), 0);
  return layout;
}

std::string Layout::key() const {
  std::string out(1, settles ? '\1' : '\0');
  out.append(entities.begin(), entities.end());
  out.append(parameters.begin(), parameters.end());
  for (const auto& of : columns) out.append(of.begin(), of.end());
  for (const std::int64_t value : values) out.append(reinterpret_cast<const char*>(&value), sizeof value);
  return out;
}

Analysis::Analysis(const core::Program& program, const Layout& layout, const ComputedOf& computed_of)
    : program_(program), schema_(program.schema), layout_(layout), computed_of_(computed_of), exprs_(program.exprs.size()), rows_(schema_.entities.size()) {
  for (auto* map : {&group_of_, &ledger_of_, &remedy_of_, &join_of_}) map->assign(schema_.entities.size(), none);
  for (std::uint32_t i = 0; i < program.groups.size(); ++i) group_of_[program.groups[i].entity] = i;
  for (std::uint32_t i = 0; i < program.joins.size(); ++i) join_of_[program.joins[i].entity] = i;
  for (std::uint32_t i = 0; i < program.ledgers.size(); ++i) ledger_of_[program.ledgers[i].steps] = ledger_of_[program.ledgers[i].cycles] = i;
  for (RemedyId r = 0; r < schema_.remedies.size(); ++r)
    if (schema_.remedies[r].rows != none) remedy_of_[schema_.remedies[r].rows] = r;
}

const ValueFacts& Analysis::value(ExprId expr) { return visit(expr).value; }
std::uint64_t Analysis::slots(ExprId expr) { return visit(expr).slots; }
std::uint32_t Analysis::weight(ExprId expr) { return visit(expr).weight; }

const Analysis::Known& Analysis::visit(ExprId id) {
  if (exprs_[id].done) return exprs_[id];
  const Expr& e = program_.exprs[id];
  std::uint64_t slots = 0, weight = 1;
  for (std::uint32_t i = 0; i < e.count; ++i) {
    const Known& arg = visit(program_.args[e.args + i]);
    slots |= arg.slots;
    weight += arg.weight;
  }
  if (e.op == Op::row) slots |= std::uint64_t{1} << std::min(e.a, 63u);
  if (e.op == Op::fold) {
    const core::Fold& f = program_.folds[e.a];
    std::uint64_t outer = 0, inner = 0, body = 0;
    auto take = [&](ExprId part, std::uint64_t& into) {
      if (part == none) return;
      into |= this->slots(part);
      body += this->weight(part);
    };
    take(f.source.start, outer);
    for (const auto& same : f.source.same) take(same.key, outer);
    take(f.if_none, outer);
    take(f.filter, inner);
    take(f.value, inner);
    slots |= outer | (inner & ~(std::uint64_t{1} << std::min(f.slot, 63u)));
    weight += 20 + 4 * body;
  }
  weight += own_weight(e);
  const ValueFacts facts = facts_of(e);
  exprs_[id] = {true, facts, slots, static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 1'000'000))};
  return exprs_[id];
}

// Of operations that are called out of line.
std::uint64_t Analysis::own_weight(const Expr& e) {
  switch (e.op) {
    case Op::state_at:
    case Op::balance_at: return 20;
    case Op::shift:
    case Op::shift_back:
    case Op::shift_workdays:
    case Op::difference:
    case Op::month:
    case Op::day:
    case Op::age:
    case Op::year_start:
    case Op::year_end:
    case Op::month_start:
    case Op::month_end:
    case Op::round:
    case Op::ratio: return 8;
    case Op::year: return 6;
    default: return 0;
  }
}

ValueFacts Analysis::merged(std::initializer_list<ExprId> exprs) {
  ValueFacts all = sure(0, 0);
  for (ExprId e : exprs)
    if (e != none) all = join(all, value(e));
  return all;
}

ValueFacts Analysis::optional_value(ExprId expr, std::int64_t otherwise) { return expr == none ? sure(otherwise, otherwise) : value(expr); }

// --- Expressions

ValueFacts Analysis::facts_of(const Expr& e) {
  ValueFacts args = sure(0, 0);
  bool first = true;
  for (std::uint32_t i = 0; i < e.count; ++i) {
    const ValueFacts& v = value(program_.args[e.args + i]);
    args = first ? v : join(args, v);
    first = false;
  }
  switch (e.op) {
    case Op::constant: {
      const Cell& c = program_.constants[e.a];
      const bool one = is_known(c, e.type.kind);
      return {!one, is_error(c, e.type.kind), c.lo, c.hi};
    }
    case Op::parameter: {
      const bool known = (layout_.parameters[e.a] & Layout::known) != 0;
      if (known && (layout_.parameters[e.a] & Layout::days) != 0) return sure(scalar::first_day, scalar::last_day);
      return known && is_count(e.type.kind) ? number(false, false) : unlimited(!known, false);
    }
    case Op::as_of: return sure(scalar::first_day, scalar::last_day);
    case Op::row: return sure(0, pos_inf - 1);
    case Op::is_set: return sure(0, 2);
    case Op::parent: return {args.unknown, args.fails, neg_inf, pos_inf};
    case Op::column: {
      const EntityId entity = program_.exprs[program_.args[e.args]].type.of;
      ValueFacts v = column(entity, e.a);
      if (!args.unknown && !args.fails) return v;
      const Column& c = schema_.entities[entity].columns[e.a];   // of a row that is not known: all that it allows
      if (args.unknown) v = unlimited(true, v.fails);
      if (args.unknown && c.kind != ColumnKind::computed) v.least = c.range_lo, v.most = c.range_hi;
      v.fails = v.fails || args.fails;
      return v;
    }
    case Op::conflict: return unlimited(args.unknown, true);
    case Op::remap:
    case Op::not_:
    case Op::and_:
    case Op::or_:
    case Op::compare: return unlimited(args.unknown, args.fails);
    case Op::select: {
      const ValueFacts &condition = value(program_.args[e.args]), &then = value(program_.args[e.args + 1]), &otherwise = value(program_.args[e.args + 2]);
      ValueFacts v = join(then, otherwise);
      v.unknown = v.unknown || condition.unknown;
      v.fails = v.fails || condition.fails;
      return v;
    }
    case Op::table: return table(e);
    case Op::fold: return fold(program_.folds[e.a]);
    case Op::state_at:
    case Op::balance_at: return unlimited(true, true);
    default: return arithmetic(e, args);
  }
}

ValueFacts Analysis::arithmetic(const Expr& e, const ValueFacts& args) {
  auto arg = [&](std::uint32_t i) -> const ValueFacts& { return value(program_.args[e.args + i]); };
  auto bounded = [&](i128 least, i128 most) {
    const bool exact = is_count(e.type.kind) && fits(least) && fits(most);
    if (exact) return ValueFacts{args.unknown, args.fails, static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)};
    return number(args.unknown, true);
  };
  switch (e.op) {
    case Op::add:
      if (!arg(0).finite() || !arg(1).finite()) return number(args.unknown, true);
      return bounded(static_cast<i128>(arg(0).least) + arg(1).least, static_cast<i128>(arg(0).most) + arg(1).most);
    case Op::sub:
      if (!arg(0).finite() || !arg(1).finite()) return number(args.unknown, true);
      return bounded(static_cast<i128>(arg(0).least) - arg(1).most, static_cast<i128>(arg(0).most) - arg(1).least);
    case Op::mul: {
      const ValueFacts &a = arg(0), &b = arg(1);
      if (!a.finite() || !b.finite() || a.unknown || b.unknown) return number(args.unknown, true);
      const auto [least, most] = std::minmax({static_cast<i128>(a.least) * b.least, static_cast<i128>(a.least) * b.most,
                                              static_cast<i128>(a.most) * b.least, static_cast<i128>(a.most) * b.most});
      return bounded(least, most);
    }
    case Op::neg:
      if (!args.finite() || args.least == neg_inf + 1) return number(args.unknown, true);
      return bounded(-static_cast<i128>(args.most), -static_cast<i128>(args.least));
    case Op::least:
    case Op::greatest: return args;
    case Op::as_ratio: return unlimited(args.unknown, true);
    case Op::rescale:
    case Op::round: return number(args.unknown, true);
    case Op::ratio: return unlimited(args.unknown, true);
    case Op::shift:
    case Op::shift_back: return unlimited(args.unknown, true);
    case Op::year:
      if (is_day(args)) return {args.unknown, args.fails, 1, 9999};
      return unlimited(true, true);
    case Op::month: return is_day(args) ? ValueFacts{args.unknown, args.fails, 1, 12} : unlimited(true, true);
    case Op::day: return is_day(args) ? ValueFacts{args.unknown, args.fails, 1, 31} : unlimited(true, true);
    case Op::year_start:
    case Op::month_start:
      if (is_day(args)) return {args.unknown, args.fails, scalar::first_day, scalar::last_day};
      return unlimited(args.unknown, true);
    case Op::year_end:
    case Op::month_end: return unlimited(args.unknown, true);
    case Op::age: return is_day(arg(0)) && is_day(arg(1)) ? ValueFacts{args.unknown, args.fails, -10000, 10000} : unlimited(true, true);
    case Op::difference: return unlimited(!is_day(arg(0)) || !is_day(arg(1)) || args.unknown, true);
    default: return unlimited(true, true);   // shift_workdays: what the calendar does not cover is unknown
  }
}

ValueFacts Analysis::table(const Expr& e) {
  ValueFacts out = sure(0, 0);
  bool unknown = false, fails = false, first = true;
  for (std::uint32_t i = 0; i + 1 < e.count; i += 2) {
    const ValueFacts& condition = value(program_.args[e.args + i]);
    const ValueFacts& output = value(program_.args[e.args + i + 1]);
    unknown = unknown || condition.unknown;
    fails = fails || condition.fails;
    out = first ? output : join(out, output);
    first = false;
  }
  const Expr& last = program_.exprs[program_.args[e.args + e.count - 2]];
  const bool otherwise = last.op == Op::constant && program_.constants[last.a].lo == static_cast<std::int64_t>(Truth::yes);
  out.unknown = out.unknown || unknown;
  out.fails = out.fails || fails || !otherwise || e.a == static_cast<std::uint32_t>(core::HitPolicy::unique);
  return out;
}

ValueFacts Analysis::fold(const core::Fold& f) {
  const RowFacts rows = source(f.source);
  bool unknown = rows.unknown || rows.open, fails = rows.fails;
  auto also = [&](const ValueFacts& v) {
    unknown = unknown || v.unknown;
    fails = fails || v.fails;
  };
  for (const auto& same : f.source.same) {
    also(column(f.source.entity, same.column));
    also(value(same.key));
  }
  if (f.filter != none) also(value(f.filter));
  const ValueFacts v = f.value != none ? value(f.value) : sure(0, 0);
  if (f.kind == FoldKind::count) return {unknown, fails, 0, rows.open ? pos_inf : small * 4};
  also(v);
  switch (f.kind) {
    case FoldKind::exists:
    case FoldKind::every: return unlimited(unknown, fails);
    case FoldKind::stages: return unlimited(true, true);   // two moves at once
    case FoldKind::consecutive: {
      const ColumnId dated = schema_.entities[f.source.entity].dated_column;
      if (dated != none) also(column(f.source.entity, dated));
      return unlimited(unknown, fails);
    }
    case FoldKind::sum:
      if (f.value != none && is_count(program_.exprs[f.value].type.kind) && within(v, small) && !rows.open) return {unknown, fails, -sum_of_small, sum_of_small};
      return number(unknown, true);
    case FoldKind::highest:
    case FoldKind::lowest: {
      if (f.if_none == none) return rows.open ? unlimited(unknown, true) : ValueFacts{unknown, true, v.least, v.most};
      const ValueFacts& if_none = value(f.if_none);
      also(if_none);
      if (rows.open) return unlimited(unknown, fails);
      return {unknown, fails, std::min(v.least, if_none.least), std::max(v.most, if_none.most)};
    }
    default:
      if (f.if_none != none) also(value(f.if_none));
      return unlimited(unknown, true);
  }
}

// --- Columns

ValueFacts Analysis::fact_column(EntityId entity, ColumnId column) const {
  const Column& c = schema_.entities[entity].columns[column];
  ValueFacts v = unlimited(!layout_.has(entity, column, Layout::known), false);
  if (c.kind == ColumnKind::parent || c.kind == ColumnKind::key || c.kind == ColumnKind::suspected) v.unknown = false;
  if (is_count(c.type.kind)) {
    if (!v.unknown) v = number(false, false);
    v.least = std::max(v.least, c.range_lo);
    v.most = std::min(v.most, c.range_hi);
  }
  if (c.type.kind == Kind::date && !v.unknown && layout_.has(entity, column, Layout::days)) v = sure(scalar::first_day, scalar::last_day);
  return v;
}

ValueFacts Analysis::column(EntityId entity, ColumnId column) {
  const std::uint32_t computed = computed_of_[entity][column];
  if (computed != none) return value(program_.computed[computed].expr);
  return schema_.entities[entity].origin == EntityOrigin::register_ ? fact_column(entity, column) : derived_column(entity, column);
}

ValueFacts Analysis::derived_column(EntityId entity, ColumnId column) {
  const Entity& e = schema_.entities[entity];
  if (e.origin == EntityOrigin::join) return unlimited(false, false);
  if (column == e.parent_column) return unlimited(false, false);
  switch (e.origin) {
    case EntityOrigin::group: {
      const core::Group& group = program_.groups[group_of_[entity]];
      return this->column(group.from, group.keys[column - core::group_col::first_key]);
    }
    case EntityOrigin::step:
    case EntityOrigin::cycle: {
      const core::Ledger& ledger = program_.ledgers[ledger_of_[entity]];
      const RowFacts& rows = this->rows(entity);
      const bool day = e.columns[column].type.kind == Kind::date;
      // Whichever periods there are, each has its days.
      if (day && e.origin == EntityOrigin::cycle) return {false, rows.fails, scalar::first_day, scalar::last_day};
      if (rows.unknown || rows.open) return unlimited(true, rows.fails);
      if (day) return {false, rows.fails, scalar::first_day, scalar::last_day};
      if (!ledger_amounts_small(ledger)) return number(false, rows.fails);
      return {false, rows.fails, -sum_of_small, sum_of_small};
    }
    case EntityOrigin::remedy: return remedy_column(remedy_of_[entity], column);
    default: return unlimited(true, true);
  }
}

// The chosen value where there is one; otherwise what all grounds say exactly.
ValueFacts Analysis::remedy_column(RemedyId id, ColumnId column) {
  const Remedy& remedy = schema_.remedies[id];
  if (column < core::remedy_col::first_param) return unlimited(true, true);
  const std::uint32_t param = column - core::remedy_col::first_param;
  const RowFacts& rows = this->rows(remedy.rows);
  if (rows.unknown || rows.fails) return unlimited(true, true);
  if (param == remedy.chosen_param && remedy.chosen_column != none) {
    const ValueFacts chosen = this->column(remedy.target, remedy.chosen_column);
    return chosen.unknown || chosen.fails ? unlimited(true, true) : chosen;
  }
  return unlimited(true, true);
}

// --- Rows

const RowFacts& Analysis::rows(EntityId entity) {
  if (rows_[entity]) return *rows_[entity];
  RowFacts facts;
  if (schema_.entities[entity].origin != EntityOrigin::register_) {
    facts = derived_rows(entity);
  } else {
    facts.open = !layout_.has(entity, Layout::closed);
    const ExprId membership = program_.memberships[entity];
    const bool own = membership != none && !layout_.has(entity, Layout::all_in);
    facts.out = own;
    facts.unknown = own && value(membership).unknown;
    facts.fails = own && value(membership).fails;
    if (const EntityId parent = schema_.entities[entity].parent; parent != none) {
      const RowFacts& above = rows(parent);
      facts.out = facts.out || above.out;
      facts.unknown = facts.unknown || above.unknown;
      facts.fails = facts.fails || above.fails;
    }
  }
  rows_[entity] = facts;
  return *rows_[entity];
}

RowFacts Analysis::derived_rows(EntityId entity) {
  switch (schema_.entities[entity].origin) {
    case EntityOrigin::group: {
      const core::Group& group = program_.groups[group_of_[entity]];
      RowFacts facts = rows(group.from);
      for (ColumnId key : group.keys) {
        const ValueFacts v = column(group.from, key);
        facts.unknown = facts.unknown || v.unknown;
        facts.fails = facts.fails || v.fails;
      }
      facts.out = facts.unknown || facts.fails;   // a group without a row that may be in is not there
      return facts;
    }
    case EntityOrigin::join: {
      const core::Join& join = program_.joins[join_of_[entity]];
      RowFacts facts = rows(join.first);
      EntityId at = join.first;
      for (const core::Hop& h : join.hops) {
        hop(h, at, facts);
        at = h.entity;
      }
      facts.out = facts.unknown || facts.fails;   // ways that are out are left out
      return facts;
    }
    case EntityOrigin::step:
    case EntityOrigin::cycle: return ledger_rows(program_.ledgers[ledger_of_[entity]]);
    case EntityOrigin::remedy: return remedy_rows(remedy_of_[entity]);
    default: return {};
  }
}

bool Analysis::ledger_amounts_small(const core::Ledger& ledger) {
  if (!within(optional_value(ledger.opens_at, 0), small)) return false;
  if (ledger.floor != none && !within(value(ledger.floor), small)) return false;
  for (const auto* flows : {&ledger.entries, &ledger.credits})
    for (const core::Flow& flow : *flows)
      if (!within(value(flow.amount), small) || (flow.cap != none && !within(value(flow.cap), small))) return false;
  return true;
}

// Steps of known entries of known dates are there; an overflow puts the owner in error.
RowFacts Analysis::ledger_rows(const core::Ledger& ledger) {
  RowFacts facts{false, false, !ledger_amounts_small(ledger), false};
  auto also = [&](const ValueFacts& v) {
    facts.unknown = facts.unknown || v.unknown;
    facts.fails = facts.fails || v.fails;
  };
  also(merged({ledger.floor, ledger.opens_at}));
  for (const auto* flows : {&ledger.entries, &ledger.credits})
    for (const core::Flow& flow : *flows) {
      const RowFacts rows = source(flow.source);
      facts.unknown = facts.unknown || rows.unknown;
      facts.fails = facts.fails || rows.fails;
      facts.open = facts.open || rows.open;
      also(merged({flow.filter, flow.amount, flow.date, flow.cap}));
    }
  facts.unknown = facts.unknown || facts.open;    // an open flow makes a step of its own
  facts.open = facts.unknown || rows(ledger.owner).open;   // a flow of undecided date may make cycles before the first
  facts.out = facts.unknown || facts.fails;
  return facts;
}

RowFacts Analysis::remedy_rows(RemedyId id) {
  const Remedy& remedy = schema_.remedies[id];
  RowFacts facts{false, false, false, rows(remedy.target).open};
  bool acts = false, bars = false;
  for (const core::Ground& ground : program_.grounds) {
    if (ground.remedy != id) continue;
    const ValueFacts own = merged({ground.applicable, ground.own, ground.scope_filter});
    const RowFacts &scope = rows(ground.scope), targets = source(ground.target);
    facts.unknown = facts.unknown || own.unknown || scope.unknown || targets.unknown || targets.open;
    facts.fails = facts.fails || own.fails || scope.fails || targets.fails;
    facts.open = facts.open || scope.open || targets.open;
    if (ground.modality == core::Modality::may && remedy.chosen_column != none)
      facts.unknown = facts.unknown || !layout_.has(remedy.target, remedy.chosen_column, Layout::decided);
    acts = acts || ground.modality == core::Modality::must || ground.modality == core::Modality::automatic;
    bars = bars || ground.modality == core::Modality::must_not;
  }
  if (acts && bars) facts.unknown = facts.fails = true;   // both may run at one time
  facts.out = facts.unknown || facts.fails;       // rows that are out are not visible
  return facts;
}

void Analysis::hop(const core::Hop& h, EntityId from, RowFacts& facts) {
  const RowFacts& to = rows(h.entity);
  facts.out = facts.out || to.out;
  facts.unknown = facts.unknown || to.unknown;
  facts.fails = facts.fails || to.fails;
  switch (h.kind) {
    case core::Hop::children: facts.open = facts.open || to.open; break;
    case core::Hop::linked: {
      facts.open = facts.open || to.open;
      const ValueFacts link = column(h.entity, h.column);
      facts.unknown = facts.unknown || link.unknown || link.fails;   // a link in error counts as unknown
      break;
    }
    case core::Hop::follow: {
      const ValueFacts link = column(from, h.column);
      facts.open = facts.open || link.unknown;
      facts.fails = facts.fails || link.fails;
      break;
    }
    case core::Hop::parent: break;
    case core::Hop::members: {
      const core::Group& group = program_.groups[group_of_[from]];
      facts.open = facts.open || rows(from).open;
      for (ColumnId key : group.keys) {
        const ValueFacts v = column(group.from, key);
        facts.unknown = facts.unknown || v.unknown;
        facts.fails = facts.fails || v.fails;
      }
      break;
    }
  }
}

RowFacts Analysis::source(const core::Source& s) {
  RowFacts facts{false, false, false, false};
  EntityId at = s.whole;
  if (s.start == none) {
    facts = rows(at);
  } else {
    const ValueFacts& start = value(s.start);
    at = program_.exprs[s.start].type.of;
    facts.open = start.unknown;
    facts.fails = start.fails;
    if (s.hops.empty()) {
      const RowFacts& row = rows(at);
      facts.out = row.out;
      facts.unknown = row.unknown;
      facts.fails = facts.fails || row.fails;
    }
  }
  for (const core::Hop& h : s.hops) {
    hop(h, at, facts);
    at = h.entity;
  }
  return facts;
}

}  // namespace tiao::plan
