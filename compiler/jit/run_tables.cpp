// Derived tables: what the precompiled kernels are given, and where their tables go.
#include <algorithm>

#include "compiler/core/sign.hpp"
#include "compiler/jit/run.hpp"
#include "runtime/facts/openness.hpp"

namespace tiao::jit {

using engine::Array;
using engine::Candidates;
using engine::Vec;
using plan::Access;
using plan::GroundPlan;

// --- Operands

namespace {

constexpr std::int64_t no_floor = neg_inf, zero = 0;

Vec constant(const std::int64_t& value) {
  Vec v;
  v.lo = v.hi = &value;
  v.step = 0;
  return v;
}

}  // namespace

const std::uint8_t* Run::truths(std::uint32_t temporary) const {
  return static_cast<const std::uint8_t*>(store_.slot(variant_.slots.temporary(temporary + plan::truth_bytes)));
}

Vec Run::planes(std::uint32_t temporary) const {
  Vec v;
  v.yes = static_cast<const std::uint64_t*>(store_.slot(variant_.slots.temporary(temporary)));
  v.no = static_cast<const std::uint64_t*>(store_.slot(variant_.slots.temporary(temporary + 1)));
  return v;
}

Vec Run::operand(const plan::Operand& operand) const {
  Vec v;
  if (operand.column != none) return store_.column(operand.entity, operand.column);
  if (!operand.present()) return v;
  auto words = [&](unsigned part) { return static_cast<const std::int64_t*>(store_.slot(variant_.slots.temporary(operand.temporary + part))); };
  v.step = operand.once ? 0 : 1;
  switch (operand.type.kind) {
    case Kind::boolean:   // bits of rows, bytes of candidates and of the run
      v.yes = planes(operand.temporary).yes;
      v.no = planes(operand.temporary).no;
      v.truth = truths(operand.temporary);
      break;
    case Kind::choice: v.lo = v.hi = words(0); break;
    case Kind::ratio:
      v.lo_den = words(2);
      v.hi_den = words(3);
      [[fallthrough]];
    default:
      v.lo = words(0);
      v.hi = words(1);
      break;
  }
  return v;
}

Candidates Run::candidates(const Access& access) const {
  Candidates c;
  c.owners = store_.rows(access.from);
  if (access.kind == Access::children) {
    c.offsets = store_.offsets(access.entity);
    c.open = store_.open(access.entity);
    return c;
  }
  const engine::Index& index = store_.index(access.index);
  c.offsets = index.offsets.data();
  c.row = index.rows.data();
  c.way = index.way.empty() ? nullptr : index.way.data();
  c.open = index.open.empty() ? nullptr : index.open.data();
  return c;
}

// Which of them are in; null: all.
const std::uint8_t* Run::candidates_in(std::uint32_t in, const Access& access) const { return in != none ? truths(in) : store_.membership(access.entity); }

// Rows that we do not know may belong to any group of a parent that is open.
Array<std::uint8_t> Run::open_groups(EntityId entity) const {
  Array<std::uint8_t> open;
  if (store_.open(entity) == nullptr) return open;
  const std::uint32_t* parent = store_.parent(entity);
  open.resize(store_.rows(entity));
  for (std::uint32_t row = 0; row < open.size(); ++row) open[row] = store_.open(entity)[parent != nullptr ? parent[row] : 0];
  return open;
}

std::vector<engine::HopInput> Run::hops(EntityId from, const std::vector<core::Hop>& hops, const std::vector<std::uint32_t>& indexes,
                                        std::vector<Array<std::uint8_t>>& kept) const {
  std::vector<engine::HopInput> out;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const core::Hop& hop = hops[i];
    engine::HopInput h;
    h.kind = static_cast<engine::HopKind>(hop.kind);
    h.membership = store_.membership(hop.entity);
    switch (hop.kind) {
      case core::Hop::children:
        h.offsets = store_.offsets(hop.entity);
        h.open = store_.open(hop.entity);
        break;
      case core::Hop::linked: {
        const engine::Index& index = store_.index(indexes[i]);
        h.offsets = index.offsets.data();
        h.rows = index.rows.data();
        h.unknown_rows = index.unknown_rows.data();
        h.unknown_count = index.unknown_count;
        h.open = index.open.empty() ? nullptr : index.open.data();
        break;
      }
      case core::Hop::follow: h.ref = store_.column(from, hop.column); break;
      case core::Hop::parent: h.ref.row = store_.parent(from); break;
      case core::Hop::members: {
        const engine::DerivedTable& table = store_.derived(from);
        h.offsets = table.member_offsets.data();
        h.rows = table.members.data();
        h.member_way = table.member_way.empty() ? nullptr : table.member_way.data();
        kept.push_back(open_groups(from));
        h.open = kept.back().data();
        break;
      }
    }
    out.push_back(h);
    from = hop.entity;
  }
  return out;
}

// Owners that we do not know have steps, spans and remedy rows that we do not know; groups only of rows that we do not know.
bool Run::owners_open(EntityId entity) const {
  const Entity& e = program_.schema.entities[entity];
  for (const core::Group& group : program_.groups)
    if (group.entity == entity) return store_.population_open(group.from);
  return e.parent != none && store_.population_open(e.parent);
}

void Run::adopt(EntityId entity, engine::DerivedTable table) {
  store_.adopt(entity, std::move(table), owners_open(entity));
  keep_derived(entity);
}

// --- Groups and joins

void Run::group(std::uint32_t index) {
  const core::Group& group = program_.groups[index];
  const EntityId parent = program_.schema.entities[group.entity].parent;
  const std::uint32_t rows = store_.rows(group.from), all[] = {0, rows};
  const std::uint8_t whole_open = store_.population_open(group.from);
  engine::GroupInput input;
  input.parents = parent != none ? store_.rows(parent) : 1;
  input.offsets = parent != none ? store_.offsets(group.from) : all;
  input.membership = store_.membership(group.from);
  input.open = parent != none ? store_.open(group.from) : &whole_open;
  for (ColumnId key : group.keys) {
    input.keys.push_back(store_.column(group.from, key));
    input.kinds.push_back(program_.schema.entities[group.from].columns[key].type.kind);
  }
  input.columns = static_cast<std::uint32_t>(program_.schema.entities[group.entity].columns.size());
  input.columns_read = plan_.columns_read[group.entity];
  input.threads = limits_->threads;
  adopt(group.entity, engine::build_group(input));
}

void Run::join(std::uint32_t index) {
  const core::Join& join = program_.joins[index];
  engine::ExpandInput input;
  input.owners = store_.rows(join.first);
  input.start_membership = store_.membership(join.first);
  std::vector<std::uint32_t> reverse;
  for (const core::Hop& hop : join.hops) {
    reverse.push_back(none);
    for (std::uint32_t i = 0; i < plan_.indexes.size() && hop.kind == core::Hop::linked; ++i)
      if (plan_.indexes[i].kind == plan::IndexSpec::reverse && plan_.indexes[i].entity == hop.entity && plan_.indexes[i].columns[0] == hop.column)
        reverse.back() = i;
  }
  std::vector<Array<std::uint8_t>> kept;
  input.hops = hops(join.first, join.hops, reverse, kept);
  engine::DerivedTable table = engine::build_join(input);
  if (store_.population_open(join.first) && table.open.empty()) table.open.assign(1, 1);
  adopt(join.entity, std::move(table));
}

// --- Ledgers and timelines

void Run::ledger(std::uint32_t index) {
  const core::Ledger& ledger = program_.ledgers[index];
  const plan::LedgerPlan& from = plan_.ledgers[index];
  engine::LedgerInput input;
  input.owners = store_.rows(ledger.owner);
  input.period = static_cast<engine::Period>(ledger.period);
  input.as_of = context_.as_of;
  input.floor = from.floor.present() ? operand(from.floor) : constant(no_floor);
  input.opens_at = from.opens_at.present() ? operand(from.opens_at) : constant(zero);
  input.step_columns = plan_.columns_read[ledger.steps];
  input.cycle_columns = plan_.columns_read[ledger.cycles];
  const core::Ledger& whole = variant_.whole->ledgers[index];
  auto flow = [&](const plan::FlowPlan& f, const core::Flow& declared) {
    engine::FlowInput made;
    made.rows = candidates(f.access);
    made.in = candidates_in(f.in, f.access);
    made.amount = operand(f.amount);
    made.date = operand(f.date);
    made.cap = operand(f.cap);
    made.cap_period = static_cast<engine::Period>(declared.cap_period);
    made.least_unseen = core::never_negative(*variant_.whole, declared.amount) ? 0 : neg_inf;
    return made;
  };
  for (std::size_t i = 0; i < from.entries.size(); ++i) input.entries.push_back(flow(from.entries[i], whole.entries[i]));
  for (std::size_t i = 0; i < from.credits.size(); ++i) input.credits.push_back(flow(from.credits[i], whole.credits[i]));
  input.threads = limits_->threads;
  engine::LedgerResult made = engine::fold_ledger(input);
  ledgers_[index] = std::make_unique<engine::LedgerTable>(std::move(made.table));
  ledger_tables_[index] = ledgers_[index].get();
  adopt(ledger.steps, std::move(made.steps));
  adopt(ledger.cycles, std::move(made.cycles));
}

void Run::timeline(std::uint32_t index) {
  const core::Timeline& timeline = program_.timelines[index];
  const plan::TimelinePlan& from = plan_.timelines[index];
  engine::TimelineInput input;
  input.owners = store_.rows(timeline.owner);
  input.states = static_cast<std::uint32_t>(program_.schema.enums[timeline.states].values.size());
  input.start = timeline.start;
  for (std::size_t i = 0; i < from.on.size(); ++i) {
    const plan::OnPlan& on = from.on[i];
    engine::OnInput made;
    made.rows = candidates(on.access);
    made.in = candidates_in(on.in, on.access);
    made.state = operand(on.state);
    made.from = operand(on.from);
    made.until = operand(on.until);
    made.length = operand(on.length);
    made.first_cause = timeline.on[i].first_cause;
    // Of a remedy's rows: only where a clause states an end; else it comes of the length.
    made.states_end = on.until.present() && (on.lead_of == none || std::any_of(program_.grounds.begin(), program_.grounds.end(), [&](const core::Ground& g) {
                        return g.remedy == on.lead_of && g.until.form != core::ParamForm::absent;
                      }));
    if (on.lead_of != none) made.lead = leads_[on.lead_of].data();
    input.on.push_back(made);
  }
  for (const plan::ShortenPlan& shorten : from.shorten)
    input.shorten.push_back({candidates(shorten.access), candidates_in(shorten.in, shorten.access), operand(shorten.amount), operand(shorten.date)});
  input.ways.assign(input.states, std::uint64_t{1} << static_cast<unsigned>(core::OverlapWay::together));
  for (std::size_t i = 0; i < timeline.overlaps.size(); ++i) {
    const Vec way = operand({from.ways[i], {Kind::choice, 0, none}, true, none, none});
    input.ways[timeline.overlaps[i].state] = static_cast<std::uint64_t>(way.lo[0]);
  }
  engine::SpanResult made = engine::build_spans(input);
  timelines_[index] = std::make_unique<engine::SpanTable>(std::move(made.table));
  span_tables_[index] = timelines_[index].get();
  adopt(timeline.spans, std::move(made.spans));
}

// --- Remedies

engine::RuleInput Run::rule(const core::ParamRule& rule, const plan::RulePlan& from) const {
  return {static_cast<engine::ParamForm>(rule.form), operand(from.lo), operand(from.hi)};
}

void Run::ground_targets(const core::Ground& ground, const GroundPlan& from, engine::GroundInput& input) {
  const std::uint32_t rows = store_.rows(ground.scope);
  const EntityId target = program_.schema.remedies[ground.remedy].target;
  switch (from.how) {
    case GroundPlan::scope_row: input.in_order = true; return;
    case GroundPlan::parent_row:
      input.targets.row = store_.parent(ground.scope);
      input.in_order = true;
      break;
    case GroundPlan::ref: {
      const Vec ref = operand(from.target_ref);
      Array<std::uint32_t> named(std::max(rows, 1u));
      Array<std::uint8_t> elsewhere;
      for (std::uint32_t row = 0; row < rows; ++row) {
        const Cell c = ref.at(row);
        named[row] = c.lo == c.hi ? static_cast<std::uint32_t>(c.lo) : none;
        if (c.lo == c.hi) continue;
        if (elsewhere.empty()) elsewhere.assign(rows, 0);
        elsewhere[row] = c.lo < c.hi ? 1 : 2;
      }
      input.targets.row = named.data();
      target_rows_.push_back(std::move(named));
      keep_elsewhere(std::move(elsewhere), input);
      break;
    }
    case GroundPlan::listed: {
      input.targets = candidates(from.target);
      if (from.target.kind == Access::children) break;
      Array<std::uint8_t> elsewhere;
      const engine::Index& index = store_.index(from.target.index);
      if (!index.elsewhere.empty() || !index.open.empty()) elsewhere.assign(rows, 0);
      for (std::uint32_t row = 0; row < elsewhere.size(); ++row)
        elsewhere[row] = (index.elsewhere.empty() ? 0 : index.elsewhere[row]) | (index.open.empty() ? 0 : index.open[row] & 2);
      keep_elsewhere(std::move(elsewhere), input);
      break;
    }
  }
  const std::uint8_t* membership = store_.membership(target);
  if (from.how == GroundPlan::listed && input.targets.way != nullptr) {
    input.target_in = input.targets.way;
    return;
  }
  if (membership == nullptr) return;
  const std::uint32_t positions = input.targets.offsets != nullptr ? input.targets.offsets[rows] : rows;
  Array<std::uint8_t> in(std::max(positions, 1u));
  for (std::uint32_t i = 0; i < positions; ++i) {
    const std::uint32_t row = input.targets.row != nullptr ? input.targets.row[i] : i;
    in[i] = row == none ? static_cast<std::uint8_t>(Truth::no) : membership[row];
  }
  input.target_in = in.data();
  target_in_.push_back(std::move(in));
}

void Run::keep_elsewhere(Array<std::uint8_t> elsewhere, engine::GroundInput& input) {
  if (elsewhere.empty()) return;
  input.elsewhere = elsewhere.data();
  target_in_.push_back(std::move(elsewhere));
}

// Per target, 1: rows of the scope that we do not know may have it; empty: none.
Array<std::uint8_t> Run::unseen_scope(std::uint32_t g) const {
  const core::Ground& ground = program_.grounds[g];
  const GroundPlan& from = plan_.grounds[g];
  Array<std::uint8_t> unseen;
  auto mark = [&](auto&& is_open) {
    const std::uint32_t rows = store_.rows(program_.schema.remedies[ground.remedy].target);
    unseen.assign(std::max(rows, 1u), 0);
    for (std::uint32_t row = 0; row < rows; ++row)
      if (is_open(row)) unseen[row] = 1;
  };
  if (from.how == GroundPlan::scope_row) return unseen;
  // Of a parent it is those under it that count, of a link those that may have it; else any.
  const core::Expr* start = ground.target.start != none && ground.target.hops.empty() ? &program_.exprs[ground.target.start] : nullptr;
  const bool of_own_row = start != nullptr && start->count == 1 && program_.exprs[program_.args[start->args]].op == core::Op::row;
  if (from.how == GroundPlan::parent_row || (of_own_row && start->op == core::Op::parent)) {
    if (const std::uint8_t* flags = store_.open(ground.scope)) mark([&](std::uint32_t row) { return flags[row] != 0; });
  } else if (store_.population_open(ground.scope)) {
    const bool link = of_own_row && start->op == core::Op::column && program_.schema.entities[ground.scope].origin == EntityOrigin::register_;
    mark([&](std::uint32_t row) { return !link || facts::open_by_link(*facts_, ground.scope, start->a, row); });
  }
  return unseen;
}

void Run::remedy(RemedyId index) {
  if (!plan_.remedies[index].acts.empty()) return;   // its planes are the result
  const Remedy& remedy = program_.schema.remedies[index];
  engine::RemedyInput input;
  input.schema = &program_.schema;
  input.remedy = &remedy;
  input.targets = store_.rows(remedy.target);
  input.target_membership = store_.membership(remedy.target);
  for (std::uint32_t g = 0; g < program_.grounds.size(); ++g) {
    const core::Ground& ground = program_.grounds[g];
    if (ground.remedy != index) continue;
    const GroundPlan& from = plan_.grounds[g];
    engine::GroundInput made;
    made.ground = g;
    made.modality = static_cast<engine::Modality>(ground.modality);
    made.actor = ground.actor;
    made.alternative = ground.alternative;
    made.scope = ground.scope;
    made.scope_rows = store_.rows(ground.scope);
    made.state = planes(from.state);
    ground_targets(ground, from, made);
    if (Array<std::uint8_t> unseen = unseen_scope(g); !unseen.empty()) {
      made.unseen = unseen.data();
      target_in_.push_back(std::move(unseen));
    }
    made.from = rule(ground.from, from.from);
    made.until = rule(ground.until, from.until);
    made.length = rule(ground.length, from.length);
    for (std::size_t p = 0; p < ground.params.size(); ++p) made.params.push_back(rule(ground.params[p], from.params[p]));
    input.grounds.push_back(std::move(made));
  }
  if (remedy.chosen_column != none) {
    input.chosen = store_.column(remedy.target, remedy.chosen_column);
    const BitPairs& presence = facts_->tables[remedy.target].columns[remedy.chosen_column].presence;
    if (!presence.empty()) {
      input.chosen_presence.yes = presence.first();
      input.chosen_presence.no = presence.second();
    }
  }
  if (remedy.rows != none) input.visible_columns = plan_.columns_read[remedy.rows];
  input.threads = limits_->threads;
  input.plain = whole_ != nullptr;
  engine::RemedyResult made = engine::combine_remedy(input);
  target_rows_.clear();
  target_in_.clear();
  result_.results.remedies[index] = std::move(made.table);
  leads_[index] = std::move(made.lead);
  if (remedy.rows != none) adopt(remedy.rows, std::move(made.visible));
}

}  // namespace tiao::jit
