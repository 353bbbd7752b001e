#include "compiler/interp/interpreter.hpp"

#include "compiler/interp/evidence.hpp"
#include "compiler/interp/explain.hpp"
#include "compiler/interp/machine.hpp"
#include "compiler/interp/walk.hpp"

namespace tiao::interp {

struct Interpreter::Parts {
  Parts(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of) : machine(program, facts, as_of), reach(program) {}

  template <class F>
  std::vector<Need> needs(F walk_from) {
    Walk walk(machine, Walk::Mode::needs, reach, kept);
    walk_from(walk);
    return needs_from(machine, walk.found());
  }
  template <class F>
  std::vector<ReadingUse> readings(F walk_from) {
    Walk walk(machine, Walk::Mode::readings, reach, kept);
    walk_from(walk);
    return readings_from(walk.found());
  }
  template <class F>
  std::vector<EvidenceError> errors(F walk_from) {
    Walk walk(machine, Walk::Mode::faults, reach, kept);
    walk_from(walk);
    return errors_from(machine, walk.found());
  }

  Machine machine;
  ReadingReach reach;
  KeptLeaves kept;
};

Interpreter::Interpreter(const core::Program& program, const facts::FactBase& facts, Options options)
    : parts_(std::make_unique<Parts>(program, facts, options.as_of)) {}
Interpreter::~Interpreter() = default;

const Results& Interpreter::run(const Progress& progress) { return parts_->machine.run(progress); }

Cell Interpreter::evaluate(core::ExprId expr) { return evaluate(expr, none); }
Cell Interpreter::evaluate(core::ExprId expr, std::uint32_t row) {
  const NewFrame frame(parts_->machine, row);
  return parts_->machine.value(expr, frame);
}
Cell Interpreter::column(EntityId entity, ColumnId column, std::uint32_t row) { return parts_->machine.column(entity, column, row); }
Truth Interpreter::membership(EntityId entity, std::uint32_t row) { return parts_->machine.membership(entity, row); }

RowRange Interpreter::rows_of(EntityId entity, std::uint32_t parent) { return parts_->machine.children(entity, parent); }

std::uint32_t Interpreter::row_in_run(EntityId entity, std::uint32_t n) { return parts_->machine.in_order(entity)[n]; }

std::uint64_t Interpreter::ground_states() const { return parts_->machine.ground_states; }

RowRange Interpreter::remedy_rows(RemedyId remedy, std::uint32_t target) {
  Machine& m = parts_->machine;
  m.make_remedy(remedy, target);
  const RemedyStore& store = m.remedies[remedy];
  return {store.begin[target], store.begin[target] + store.count[target]};
}

const RemedyTable& Interpreter::remedy_table(RemedyId remedy) const { return parts_->machine.results.remedies[remedy]; }

std::vector<GroundUse> Interpreter::grounds_of(RemedyId remedy, std::uint32_t row) const {
  const RemedyStore& store = parts_->machine.remedies[remedy];
  return {store.uses.begin() + store.uses_begin[row], store.uses.begin() + store.uses_begin[row + 1]};
}

DutyState Interpreter::duty_state(std::uint32_t duty, std::uint32_t scope_row) {
  return parts_->machine.duty_state(parts_->machine.program.duties[duty], scope_row);
}

// --- Evidence ----------------------------------------------------------------------------------------------------------------------------

std::vector<Need> Interpreter::needs_of_remedy(RemedyId remedy, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.remedy(remedy, row); }); }
std::vector<Blank> Interpreter::blanks_of_remedy_state(RemedyId remedy, std::uint32_t row) {
  Walk walk(parts_->machine, Walk::Mode::needs, parts_->reach, parts_->kept);
  walk.remedy_state(remedy, row);
  return blanks_from(parts_->machine, walk.found());
}
std::vector<Need> Interpreter::needs_of_report(std::uint32_t report, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.report(report, row); }); }
std::vector<Need> Interpreter::needs_of_duty(std::uint32_t duty, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.duty(duty, row); }); }
std::vector<Need> Interpreter::needs_of_require(std::uint32_t require, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.require(require, row); }); }
std::vector<Need> Interpreter::needs_of_proposition(std::uint32_t computed, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.proposition(computed, row); }); }
std::vector<Need> Interpreter::needs_of(core::ExprId expr, std::uint32_t row) { return parts_->needs([&](Walk& w) { w.expression(expr, row); }); }

std::vector<ReadingUse> Interpreter::readings_of_remedy(RemedyId remedy, std::uint32_t row) { return parts_->readings([&](Walk& w) { w.remedy(remedy, row); }); }
std::vector<ReadingUse> Interpreter::readings_of_report(std::uint32_t report, std::uint32_t row) { return parts_->readings([&](Walk& w) { w.report(report, row); }); }
std::vector<ReadingUse> Interpreter::readings_of_duty(std::uint32_t duty, std::uint32_t row) { return parts_->readings([&](Walk& w) { w.duty(duty, row); }); }
std::vector<ReadingUse> Interpreter::readings_of_require(std::uint32_t require, std::uint32_t row) { return parts_->readings([&](Walk& w) { w.require(require, row); }); }
std::vector<ReadingUse> Interpreter::readings_of(core::ExprId expr, std::uint32_t row) { return parts_->readings([&](Walk& w) { w.expression(expr, row); }); }

std::vector<EvidenceError> Interpreter::errors_of_remedy(RemedyId remedy, std::uint32_t row) { return parts_->errors([&](Walk& w) { w.remedy(remedy, row); }); }
std::vector<EvidenceError> Interpreter::errors_of_report(std::uint32_t report, std::uint32_t row) { return parts_->errors([&](Walk& w) { w.report(report, row); }); }
std::vector<EvidenceError> Interpreter::errors_of_duty(std::uint32_t duty, std::uint32_t row) { return parts_->errors([&](Walk& w) { w.duty(duty, row); }); }
std::vector<EvidenceError> Interpreter::errors_of_require(std::uint32_t require, std::uint32_t row) { return parts_->errors([&](Walk& w) { w.require(require, row); }); }
namespace {

void walk_all(Walk& walk, const Outcomes& outcomes) {
  for (const Outcomes::At& at : outcomes.remedies) walk.remedy(at.index, at.row);
  for (const Outcomes::At& at : outcomes.reports) walk.report(at.index, at.row);
  for (const Outcomes::At& at : outcomes.duties) walk.duty(at.index, at.row);
  for (const Outcomes::At& at : outcomes.requires_) walk.require(at.index, at.row);
  for (const Outcomes::At& at : outcomes.propositions) walk.proposition(at.index, at.row);
}

}  // namespace

std::vector<ReadingUse> Interpreter::readings_of(const Outcomes& outcomes) { return parts_->readings([&](Walk& w) { walk_all(w, outcomes); }); }
std::vector<EvidenceError> Interpreter::errors_of(const Outcomes& outcomes) { return parts_->errors([&](Walk& w) { walk_all(w, outcomes); }); }
std::vector<EvidenceError> Interpreter::errors_of(core::ExprId expr, std::uint32_t row) { return parts_->errors([&](Walk& w) { w.expression(expr, row); }); }

TraceNode Interpreter::explain_ground(std::uint32_t ground, std::uint32_t scope_row) { return Explainer(parts_->machine).ground(ground, scope_row); }
TraceNode Interpreter::explain_remedy(RemedyId remedy, std::uint32_t row) { return Explainer(parts_->machine).remedy(remedy, row); }
TraceNode Interpreter::explain_report(std::uint32_t report, std::uint32_t row) { return Explainer(parts_->machine).report(report, row); }
TraceNode Interpreter::explain_duty(std::uint32_t duty, std::uint32_t row) { return Explainer(parts_->machine).duty(duty, row); }
TraceNode Interpreter::explain(core::ExprId expr, std::uint32_t row) { return Explainer(parts_->machine).expression(expr, row); }
TraceNode Interpreter::explain_ledger(std::uint32_t ledger, std::uint32_t owner) { return Explainer(parts_->machine).ledger(ledger, owner); }
TraceNode Interpreter::explain_timeline(std::uint32_t timeline, std::uint32_t owner) { return Explainer(parts_->machine).timeline(timeline, owner); }

}  // namespace tiao::interp
