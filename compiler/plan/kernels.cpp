// The kernels of a stage, stratum by stratum.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::DeclKind;
using core::ExprId;

// A column of the row in that slot is read where it stands.
bool Planner::direct(ExprId expr, std::uint32_t slot, Operand& operand) const {
  const core::Expr& e = program_.exprs[expr];
  if (e.op != core::Op::column) return false;
  const core::Expr& ref = program_.exprs[program_.args[e.args]];
  if (ref.op != core::Op::row || ref.a != slot) return false;
  operand.type = e.type;
  operand.entity = ref.type.of;
  operand.column = e.a;
  return true;
}

// A value of the row in that slot, or of the run: where it stands, or a new output of one of the two.
Operand Planner::value_in(std::vector<Output>& rows, std::vector<Output>& once, ExprId expr, std::uint32_t slot) {
  Operand operand;
  if (expr == none || direct(expr, slot, operand)) return operand;
  operand.type = program_.exprs[expr].type;
  operand.once = plan_.slots_read[expr] == 0;
  operand.temporary = temporary(operand.type);
  Output out;
  out.exprs = {expr};
  out.type = operand.type;
  out.ranges = !one_word(plan_.values[expr]);
  out.home.temporary = operand.temporary;
  (operand.once ? once : rows).push_back(std::move(out));
  return operand;
}

Operand Planner::row_value(EntityId entity, ExprId expr) { return value_in(pending_[entity].outputs, once_.outputs, expr, 0); }

// What several grounds ask for is made once.
std::uint32_t Planner::conjunction(EntityId entity, std::vector<ExprId> terms, bool membership) {
  Output out;
  out.kind = Output::conjunction;
  for (ExprId e : terms)
    if (e != none) out.exprs.push_back(same_as_[e]);
  out.membership = membership;
  const auto [known, fresh] = conjunctions_.try_emplace({entity, out.exprs, membership}, none);
  if (!fresh) return known->second;
  out.home.temporary = known->second = temporary(out.type);
  pending_[entity].outputs.push_back(std::move(out));
  return known->second;
}

void Planner::add_special(EntityId entity, Output::Kind kind, std::uint32_t index, std::uint32_t home) {
  Output out;
  out.kind = kind;
  out.index = index;
  out.home.temporary = home;
  out.membership = true;
  pending_[entity].outputs.push_back(std::move(out));
}

void Planner::add_computed(std::uint32_t index) {
  const core::Computed& computed = program_.computed[index];
  const core::Expr& fact = program_.exprs[same_as_[computed.expr]];
  if (computed.proposition && !derived(computed.entity) && fact.op == core::Op::column && is_own_row(program_.args[fact.args]) &&
      schema_.entities[computed.entity].columns[fact.a].kind == ColumnKind::fact) {
    plan_.homes[index].temporary = temporary(fact.type);
    plan_.lent.push_back({index, fact.a});
    return;
  }
  Output out;
  out.exprs = {computed.expr};
  out.type = program_.exprs[computed.expr].type;
  out.ranges = !one_word(plan_.values[computed.expr]);
  out.computed = index;
  if (computed.proposition) out.home.temporary = plan_.homes[index].temporary = temporary(out.type);
  pending_[computed.entity].outputs.push_back(std::move(out));
}

// The parent of the row itself, said in one of two ways.
bool Planner::own_parent(const core::Source& source) const {
  if (is_own_row(source.start)) return source.hops.size() == 1 && source.hops[0].kind == core::Hop::parent;
  if (source.start == none || !source.hops.empty()) return false;
  const core::Expr& start = program_.exprs[source.start];
  return start.op == core::Op::parent && is_own_row(program_.args[start.args]);
}

void Planner::add_ground(const core::Ground& ground, std::uint32_t g) {
  GroundPlan& to = plan_.grounds[g];
  to.state = conjunction(ground.scope, {ground.applicable, ground.scope_filter, ground.own}, true);
  const core::Source& target = ground.target;
  if (core::on_own_row(program_, ground)) {
    to.how = GroundPlan::scope_row;
  } else if (own_parent(target)) {
    to.how = GroundPlan::parent_row;
  } else if (target.start != none && target.hops.empty()) {
    to.how = GroundPlan::ref;
    to.target_ref = row_value(ground.scope, target.start);
  } else {
    to.how = GroundPlan::listed;
    to.target = listed_access(target, ground.scope, true);   // several ways to a target are one ground
  }
  auto rule = [&](const core::ParamRule& p) {
    RulePlan made;
    for (auto [expr, operand] : {std::pair{p.lo, &made.lo}, std::pair{p.hi, &made.hi}}) {
      if (expr == none) continue;
      if (expr == p.hi && p.lo == p.hi && made.lo.present()) { *operand = made.lo; continue; }
      *operand = row_value(ground.scope, expr);
      if (operand->temporary != none && !operand->once) pending_[ground.scope].outputs.back().guard = to.state;
    }
    return made;
  };
  to.length = rule(ground.length);
  to.from = rule(ground.from);
  to.until = rule(ground.until);
  for (const core::ParamRule& p : ground.params) to.params.push_back(rule(p));
}

// Nothing but states, each of the row that it is about, which nobody else reads and nothing opposes.
bool Planner::stays_planes(RemedyId r) const {
  const Remedy& remedy = schema_.remedies[r];
  if (remedy.chosen_column != none || (remedy.rows != none && entities_read_.count(remedy.rows) != 0)) return false;
  bool plain = true, acts = false, bars = false;
  for_grounds(r, [&](const core::Ground& ground, std::uint32_t g) {
    auto says = [](const core::ParamRule& p) { return p.form != core::ParamForm::absent; };
    plain = plain && plan_.grounds[g].how == GroundPlan::scope_row && !says(ground.length) && !says(ground.from) && !says(ground.until) &&
            std::none_of(ground.params.begin(), ground.params.end(), says);
    acts = acts || ground.modality == core::Modality::must || ground.modality == core::Modality::automatic;
    bars = bars || ground.modality == core::Modality::must_not;
  });
  return plain && !(acts && bars);
}

void Planner::add_acts(RemedyId r) {
  RemedyPlan& to = plan_.remedies[r];
  std::vector<std::vector<std::uint32_t>> states;
  for_grounds(r, [&](const core::Ground& ground, std::uint32_t g) {
    std::uint32_t act = 0;
    while (act < to.acts.size() && !(to.acts[act].modality == ground.modality && to.acts[act].actor == ground.actor && to.acts[act].alternative == ground.alternative)) ++act;
    if (act == to.acts.size()) {
      to.acts.push_back({ground.modality, ground.actor, ground.alternative, none});
      states.emplace_back();
    }
    to.act_of.push_back(act);
    const std::uint32_t state = plan_.grounds[g].state;
    if (std::find(states[act].begin(), states[act].end(), state) == states[act].end()) states[act].push_back(state);
  });
  for (std::size_t act = 0; act < to.acts.size(); ++act) {
    if (states[act].size() == 1) {
      to.acts[act].state = states[act][0];
      continue;
    }
    const auto [known, fresh] = unions_.try_emplace(states[act], none);
    if (fresh) {
      Output out;
      out.kind = Output::any_of;
      out.states = states[act];
      out.home.temporary = known->second = temporary(out.type);
      pending_[schema_.remedies[r].target].outputs.push_back(std::move(out));
    }
    to.acts[act].state = known->second;
  }
}

// A kernel over the rows that a source reaches from each owner.
Kernel& Planner::candidates(EntityId owner, const core::Source& source, const Access& access, std::uint32_t slot, ExprId filter, std::uint32_t& in) {
  Kernel kernel;
  kernel.over = Kernel::candidates;
  kernel.entity = owner;
  kernel.access = access;
  kernel.same = source.same;
  kernel.slot = slot;
  Output out;
  out.kind = Output::conjunction;
  out.membership = true;
  if (filter != none) out.exprs = {filter};
  out.home.temporary = in = temporary(out.type);
  kernel.outputs.push_back(std::move(out));
  listed_.push_back(std::move(kernel));
  return listed_.back();
}

Operand Planner::listed_value(Kernel& kernel, ExprId expr) {
  Operand operand;
  if (expr == none) return operand;
  if (plan_.slots_read[expr] == 0) return row_value(kernel.entity, expr);
  // Positions are rows where the candidates are the children.
  if (kernel.access.kind == Access::children && direct(expr, kernel.slot, operand)) return operand;
  operand.type = program_.exprs[expr].type;
  operand.temporary = temporary(operand.type);
  Output out;
  out.exprs = {expr};
  out.type = operand.type;
  out.ranges = !one_word(plan_.values[expr]);
  out.home.temporary = operand.temporary;
  out.guard = kernel.outputs[0].home.temporary;
  kernel.outputs.push_back(std::move(out));
  return operand;
}

// Rows of which nothing is asked but whether they are there: no kernel has to say that again.
void Planner::drop_plain_candidates(std::uint32_t& in) {
  const Kernel& kernel = listed_.back();
  if (kernel.access.kind != Access::children || !kernel.same.empty() || kernel.outputs.size() != 1 || !kernel.outputs[0].exprs.empty()) return;
  in = none;
  listed_.pop_back();
}

void Planner::add_ledger(std::uint32_t l) {
  const core::Ledger& ledger = program_.ledgers[l];
  LedgerPlan& to = plan_.ledgers[l];
  to.floor = row_value(ledger.owner, ledger.floor);
  to.opens_at = row_value(ledger.owner, ledger.opens_at);
  auto flow = [&](const core::Flow& from) {
    FlowPlan made;
    made.access = listed_access(from.source, ledger.owner);
    Kernel& kernel = candidates(ledger.owner, from.source, made.access, from.slot, from.filter, made.in);
    made.amount = listed_value(kernel, from.amount);
    made.date = listed_value(kernel, from.date);
    drop_plain_candidates(made.in);
    made.cap = row_value(ledger.owner, from.cap);
    return made;
  };
  for (const core::Flow& f : ledger.entries) to.entries.push_back(flow(f));
  for (const core::Flow& f : ledger.credits) to.credits.push_back(flow(f));
}

void Planner::add_timeline(std::uint32_t t) {
  const core::Timeline& timeline = program_.timelines[t];
  TimelinePlan& to = plan_.timelines[t];
  for (const core::On& on : timeline.on) {
    OnPlan made;
    made.access = listed_access(on.source, timeline.owner);
    Kernel& kernel = candidates(timeline.owner, on.source, made.access, on.slot, on.filter, made.in);
    made.state = listed_value(kernel, on.state);
    made.from = listed_value(kernel, on.from);
    made.until = listed_value(kernel, on.until);
    made.length = listed_value(kernel, on.length);
    drop_plain_candidates(made.in);
    for (RemedyId r = 0; r < schema_.remedies.size(); ++r)
      if (schema_.remedies[r].rows == on.source.entity) made.lead_of = r;
    to.on.push_back(std::move(made));
  }
  for (const core::Shorten& shorten : timeline.shorten) {
    ShortenPlan made;
    made.access = listed_access(shorten.source, timeline.owner);
    Kernel& kernel = candidates(timeline.owner, shorten.source, made.access, shorten.slot, shorten.filter, made.in);
    made.amount = listed_value(kernel, shorten.amount);
    made.date = listed_value(kernel, shorten.date);
    drop_plain_candidates(made.in);
    to.shorten.push_back(std::move(made));
  }
  for (const core::Overlap& overlap : timeline.overlaps) to.ways.push_back(row_value(timeline.owner, overlap.way).temporary);
}

void Planner::add_stratum(const core::Stratum& s) {
  switch (s.kind) {
    case DeclKind::computed: add_computed(s.index); break;
    case DeclKind::ledger: add_ledger(s.index); break;
    case DeclKind::timeline: add_timeline(s.index); break;
    case DeclKind::remedy:
      for_grounds(s.index, [&](const core::Ground& ground, std::uint32_t g) { add_ground(ground, g); });
      if (stays_planes(s.index)) add_acts(s.index);
      break;
    case DeclKind::duty: {
      const core::Duty& duty = program_.duties[s.index];
      DutyPlan& to = plan_.duties[s.index];
      to.state = temporary({Kind::boolean, 0, none});
      to.due = row_value(duty.scope, duty.due);
      to.done = row_value(duty.scope, duty.done);
      add_special(duty.scope, Output::duty, s.index, to.state);
      break;
    }
    case DeclKind::require:
      plan_.requires_[s.index] = temporary({Kind::boolean, 0, none});
      add_special(program_.requires_[s.index].scope, Output::violation, s.index, plan_.requires_[s.index]);
      break;
    case DeclKind::report: add_report(s.index); break;
    case DeclKind::applicability:
      plan_.applicabilities[s.index] = per_row(program_.applicabilities[s.index].entity, program_.applicabilities[s.index].expr).temporary;
      break;
    case DeclKind::group:
    case DeclKind::join: break;
  }
}

// A column that stands before the kernels is handed over as it stands. Refs are not: rows of parts have other numbers.
void Planner::add_report(std::uint32_t r) {
  const core::Report& report = program_.reports[r];
  Operand column;
  const bool stands = report.entity != none && direct(report.expr, 0, column) && plan_.computed_of[column.entity][column.column] == none && column.type.kind != Kind::ref;
  plan_.reports[r] = stands ? column : per_row(report.entity, report.expr);
}

// One value for each row, even if it is the same for all; one in all without an entity.
Operand Planner::per_row(EntityId entity, ExprId expr) {
  Operand operand;
  operand.type = program_.exprs[expr].type;
  operand.once = entity == none;
  operand.temporary = temporary(operand.type);
  Output out;
  out.exprs = {expr};
  out.type = operand.type;
  out.ranges = !one_word(plan_.values[expr]);
  out.home.temporary = operand.temporary;
  (entity == none ? once_ : pending_[entity]).outputs.push_back(std::move(out));
  return operand;
}

}  // namespace tiao::plan
