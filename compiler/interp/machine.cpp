// Setting up, running stratum by stratum, and the declarations that nothing else reads.
#include "compiler/interp/machine.hpp"

#include <algorithm>

namespace tiao::interp {

using core::DeclKind;
using core::ParamForm;

namespace {

std::uint32_t slots_needed(const core::Program& p) {
  std::uint32_t most = 0;
  for (const core::Expr& e : p.exprs)
    if (e.op == Op::row) most = std::max(most, e.a);
  for (const core::Fold& f : p.folds) most = std::max(most, f.slot);
  for (const core::Ledger& l : p.ledgers) {
    for (const core::Flow& f : l.entries) most = std::max(most, f.slot);
    for (const core::Flow& f : l.credits) most = std::max(most, f.slot);
  }
  for (const core::Timeline& t : p.timelines) {
    for (const core::On& on : t.on) most = std::max(most, on.slot);
    for (const core::Shorten& s : t.shorten) most = std::max(most, s.slot);
  }
  return most + 1;
}

}  // namespace

Machine::Machine(const core::Program& program_, const facts::FactBase& facts_, std::int64_t as_of_)
    : program(program_), schema(program_.schema), facts(facts_), as_of(as_of_) {
  const std::size_t entities = schema.entities.size();
  frame_size_ = slots_needed(program);
  stores.resize(entities);
  for (auto* map : {&ledger_of, &timeline_of, &remedy_of, &group_of, &join_of}) map->assign(entities, none);
  const auto note = [](std::vector<std::uint32_t>& map, EntityId entity, std::size_t index) {
    if (entity != none) map[entity] = static_cast<std::uint32_t>(index);
  };
  for (std::size_t i = 0; i < program.groups.size(); ++i) note(group_of, program.groups[i].entity, i);
  for (std::size_t i = 0; i < program.joins.size(); ++i) note(join_of, program.joins[i].entity, i);
  for (std::size_t i = 0; i < program.timelines.size(); ++i) note(timeline_of, program.timelines[i].spans, i);
  for (std::size_t i = 0; i < schema.remedies.size(); ++i) note(remedy_of, schema.remedies[i].rows, i);
  for (std::size_t i = 0; i < program.ledgers.size(); ++i) {
    note(ledger_of, program.ledgers[i].steps, i);
    note(ledger_of, program.ledgers[i].cycles, i);
  }
  computed_of.resize(entities);
  for (EntityId e = 0; e < entities; ++e) computed_of[e].assign(schema.entities[e].columns.size(), none);
  for (std::uint32_t i = 0; i < program.computed.size(); ++i) computed_of[program.computed[i].entity][program.computed[i].column] = i;
  computed_.resize(program.computed.size());
  population_folds_.resize(program.folds.size());
  strays_.resize(program.grounds.size());
  standing_.resize(program.grounds.size());
  membership_.resize(entities);
  open_anywhere_.assign(entities, -1);
  always_there_.assign(entities, 0);
  for (EntityId e = 0; e < entities; ++e) {
    bool always = true;
    for (EntityId above = e; above != none; above = schema.entities[above].parent)
      always &= !derived(above) && (above >= program.memberships.size() || program.memberships[above] == none);
    always_there_[e] = always;
  }

  results.remedies.resize(schema.remedies.size());
  results.derived.resize(entities);
  results.duties.resize(program.duties.size());
  results.requires_.resize(program.requires_.size());
  results.reports.resize(program.reports.size());
  results.propositions.resize(program.computed.size());
  results.applicable.resize(program.applicabilities.size());
  remedies.resize(schema.remedies.size());
  for (RemedyId r = 0; r < remedies.size(); ++r) {
    const std::size_t params = schema.remedies[r].params.size();
    results.remedies[r].lo.resize(params);
    results.remedies[r].hi.resize(params);
    remedies[r].says_param.assign(params, false);
  }
  std::vector<bool> acts(remedies.size()), bars(remedies.size());
  for (std::uint32_t i = 0; i < program.grounds.size(); ++i) {
    const core::Ground& g = program.grounds[i];
    RemedyStore& store = remedies[g.remedy];
    const bool from = g.from.form != ParamForm::absent, length = g.length.form != ParamForm::absent;
    store.grounds.push_back(i);
    acts[g.remedy] = acts[g.remedy] || g.modality == core::Modality::must || g.modality == core::Modality::automatic;
    bars[g.remedy] = bars[g.remedy] || g.modality == core::Modality::must_not;
    store.opposing = acts[g.remedy] && bars[g.remedy];
    store.says_from = store.says_from || from;
    store.says_length = store.says_length || length;
    store.says_until = store.says_until || g.until.form != ParamForm::absent || (from && length);
    for (std::size_t p = 0; p < g.params.size(); ++p)
      if (g.params[p].form != ParamForm::absent) store.says_param[p] = true;
  }
}

const Results& Machine::run(const Progress& progress) {
  std::size_t done = 0;
  for (const core::Stratum& stratum : program.strata) {
    if (progress) progress(done, program.strata.size());
    run_stratum(stratum);
    ++done;
  }
  if (progress) progress(done, done);
  return results;
}

void Machine::run_stratum(const core::Stratum& stratum) {
  const std::uint32_t i = stratum.index;
  switch (stratum.kind) {
    case DeclKind::computed: {
      const core::Computed& c = program.computed[i];
      make_all(c.entity);
      for (std::uint32_t row = 0; row < rows(c.entity); ++row) computed(i, row);
      if (c.proposition) results.propositions[i].append(computed_[i].truths().data(), computed_[i].truths().size());
      break;
    }
    case DeclKind::group: make_all(program.groups[i].entity); break;
    case DeclKind::ledger:
      for (const EntityId e : {program.ledgers[i].steps, program.ledgers[i].cycles})
        if (e != none) make_all(e);
      break;
    case DeclKind::timeline: make_all(program.timelines[i].spans); break;
    case DeclKind::join: make_all(program.joins[i].entity); break;
    case DeclKind::remedy:
      if (schema.remedies[i].rows != none) make_all(schema.remedies[i].rows);
      else make_remedies(i);
      break;
    case DeclKind::duty: run_duty(i); break;
    case DeclKind::require: {
      const core::Require& require = program.requires_[i];
      make_all(require.scope);
      for (std::uint32_t row = 0; row < rows(require.scope); ++row)
        results.requires_[i].push_back(static_cast<std::uint8_t>(violated(require, row)));
      break;
    }
    case DeclKind::report: run_report(i); break;
    case DeclKind::applicability: run_applicability(i); break;
  }
}

// --- Duties, checks, reports -----------------------------------------------------------------------------------------------------

DutyState Machine::duty_state(const core::Duty& duty, std::uint32_t row) {
  const NewFrame frame(*this, row);
  const Truth there = scalar::and_(membership(duty.scope, row), test(duty.scope_filter, frame));
  if (there == Truth::no) return DutyState::not_there;
  switch (scalar::and_(there, scalar::and_(test(duty.applicable, frame), test(duty.when, frame)))) {
    case Truth::no: return DutyState::not_applicable;
    case Truth::error: return DutyState::error;
    case Truth::unknown: return DutyState::undetermined;
    case Truth::yes: break;
  }
  bool failed = false;
  const std::pair<ExprId, DutyState> states[] = {{duty.fulfilled, DutyState::fulfilled}, {duty.breached, DutyState::breached}, {duty.pending, DutyState::pending}};
  for (const auto& [condition, state] : states) {
    if (condition == none) continue;
    const Truth holds = test(condition, frame);
    if (holds == Truth::yes) return state;
    failed |= holds == Truth::error;
  }
  return failed ? DutyState::error : DutyState::undetermined;
}

void Machine::run_duty(std::uint32_t index) {
  const core::Duty& duty = program.duties[index];
  DutyTable& table = results.duties[index];
  make_all(duty.scope);
  for (std::uint32_t row = 0; row < rows(duty.scope); ++row) {
    table.state.push_back(static_cast<std::uint8_t>(duty_state(duty, row)));
    const NewFrame frame(*this, row);
    if (duty.due != none) table.due.push(value(duty.due, frame));
    if (duty.done != none) table.done.push(value(duty.done, frame));
  }
}

Truth Machine::violated(const core::Require& require, std::uint32_t row) {
  const Truth there = membership(require.scope, row);
  const NewFrame frame(*this, row);
  return scalar::and_(scalar::and_(there, test(require.scope_filter, frame)),
                      scalar::and_(test(require.applicable, frame), scalar::not_(test(require.condition, frame))));
}

void Machine::run_report(std::uint32_t index) {
  const core::Report& report = program.reports[index];
  const std::uint32_t count = report.entity == none ? 1 : (make_all(report.entity), rows(report.entity));
  for (std::uint32_t row = 0; row < count; ++row) {
    const NewFrame frame(*this, report.entity == none ? none : row);
    results.reports[index].push(value(report.expr, frame), type(report.expr).kind == Kind::ratio);
  }
}

void Machine::run_applicability(std::uint32_t index) {
  const core::Applicability& a = program.applicabilities[index];
  const std::uint32_t count = a.entity == none ? 1 : (make_all(a.entity), rows(a.entity));
  for (std::uint32_t row = 0; row < count; ++row) {
    const NewFrame frame(*this, a.entity == none ? none : row);
    results.applicable[index].push_back(static_cast<std::uint8_t>(test(a.expr, frame)));
  }
}

}  // namespace tiao::interp
