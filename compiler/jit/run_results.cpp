// What a run hands over beside remedies.
#include <algorithm>

#include "compiler/jit/run.hpp"

namespace tiao::jit {

namespace {
template <class T>
engine::Array<T> copy_of(const engine::Array<T>& from) {
  engine::Array<T> out(from.size());
  std::copy(from.begin(), from.end(), out.begin());
  return out;
}
}  // namespace

// Tables of results, and by kernel and output where what it makes goes.
void Run::prepare_results() {
  std::unordered_map<std::uint32_t, HandedTo> handed;   // by first temporary
  Results& results = result_.results;
  results.remedies.resize(program_.schema.remedies.size());
  results.derived.resize(program_.schema.entities.size());
  results.duties.resize(program_.duties.size());
  results.requires_.resize(program_.requires_.size());
  results.reports.resize(program_.reports.size());
  results.propositions.resize(program_.computed.size());
  results.applicable.resize(program_.applicabilities.size());
  for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
    if (plan_.homes[i].temporary != none) handed[plan_.homes[i].temporary].pairs = &results.propositions[i];
  results.planes.resize(program_.schema.remedies.size());
  std::unordered_map<std::uint32_t, std::shared_ptr<BitPairs>> kept;   // grounds share states
  auto keep = [&](std::uint32_t state) {
    std::shared_ptr<BitPairs>& planes = kept[state];
    if (!planes) planes = std::make_shared<BitPairs>();
    handed[state].pairs = planes.get();
    return planes;
  };
  for (RemedyId r = 0; r < plan_.remedies.size(); ++r) {
    const plan::RemedyPlan& from = plan_.remedies[r];
    if (from.acts.empty()) continue;
    RemedyPlanes& planes = results.planes[r];
    for (const plan::RemedyPlan::Act& act : from.acts) planes.acts.push_back({static_cast<program::Modality>(act.modality), act.actor, act.alternative, keep(act.state)});
    std::size_t next = 0;
    for (std::uint32_t g = 0; g < program_.grounds.size(); ++g)
      if (program_.grounds[g].remedy == r) planes.citations.push_back({g, from.act_of[next++], keep(plan_.grounds[g].state)});
  }
  for (std::uint32_t i = 0; i < program_.duties.size(); ++i) {
    const plan::DutyPlan& duty = plan_.duties[i];
    handed[duty.state].states = &results.duties[i].state;
    if (duty.due.temporary != none && !duty.due.once) handed[duty.due.temporary].cells = &results.duties[i].due;
    if (duty.done.temporary != none && !duty.done.once) handed[duty.done.temporary].cells = &results.duties[i].done;
  }
  for (std::uint32_t i = 0; i < program_.requires_.size(); ++i) handed[plan_.requires_[i]].pairs = &results.requires_[i];
  for (std::uint32_t i = 0; i < program_.applicabilities.size(); ++i) handed[plan_.applicabilities[i]].pairs = &results.applicable[i];
  for (std::uint32_t i = 0; i < program_.reports.size(); ++i)
    if (plan_.reports[i].temporary != none) handed[plan_.reports[i].temporary].cells = &results.reports[i];
  for (const plan::Kernel& kernel : plan_.kernels) {
    handed_.emplace_back();
    for (const plan::Output& output : kernel.outputs) {
      const auto to = output.home.temporary != none ? handed.find(output.home.temporary) : handed.end();
      handed_.back().push_back(to != handed.end() ? to->second : HandedTo());
    }
  }
  if (whole_ == nullptr) return;
  // What a part finds is packed where it is put behind what others found.
  const auto plain = [](Packed& column) { column.stay_plain(); };
  for (DutyTable& duty : results.duties) plain(duty.state), duty.due.each(plain), duty.done.each(plain);
  for (CellColumn& report : results.reports) report.each(plain);
}

// Planes are written over.
void Run::clear_results() {
  Results& results = result_.results;
  for (RemedyTable& table : results.remedies)
    if (!table.target.empty()) table = RemedyTable();
  for (DerivedRows& rows : results.derived)
    if (!rows.membership.empty()) rows = DerivedRows();
  for (DutyTable& duty : results.duties)
    if (!duty.state.empty()) duty = DutyTable();
  for (CellColumn& report : results.reports)
    if (!report.empty()) report = CellColumn();
}

// Propositions that the facts say.
void Run::lend_facts() {
  for (const plan::LentPlan& lent : plan_.lent) {
    const core::Computed& computed = program_.computed[lent.computed];
    if (whole_ != nullptr && !plan_.parts.own[computed.entity]) continue;   // shared
    const BitPairs& truth = facts_->tables[computed.entity].columns[lent.column].truth;
    BitPairs& result = result_.results.propositions[lent.computed];
    result = BitPairs::lent({truth.first(), BitPairs::room_of(truth.size())}, {truth.second(), BitPairs::room_of(truth.size())}, truth.size());
    const std::uint32_t home = plan_.homes[lent.computed].temporary;
    store_.set_temporary(home, const_cast<std::uint64_t*>(truth.first()));
    store_.set_temporary(home + 1, const_cast<std::uint64_t*>(truth.second()));
  }
}

void Run::keep_derived(EntityId entity) {
  const engine::DerivedTable& table = store_.derived(entity);
  if (whole_ != nullptr) {
    MadeRows& made = made_.emplace_back();
    made.entity = entity;
    made.rows = table.rows;
    made.parent = copy_of(table.parent);
    made.membership = copy_of(table.membership);
    return;
  }
  DerivedRows& rows = result_.results.derived[entity];
  rows.parent.append(table.parent.data(), table.parent.size());
  if (table.membership.empty()) rows.membership.append(table.rows, static_cast<std::int64_t>(Truth::yes));
  else rows.membership.append(table.membership.data(), table.rows);
  if (program_.schema.entities[entity].origin != EntityOrigin::join) return;
  const std::size_t elements = program_.schema.entities[entity].columns.size();
  for (ColumnId c = 0; c < elements; ++c) {
    const engine::Vec refs = store_.column(entity, c);
    if (refs.row == nullptr && table.rows != 0) break;   // computed columns follow the path
    rows.refs.emplace_back();
    rows.refs.back().append(refs.row, table.rows);
  }
}

// What stands in a column, or is the same for all rows.
void Run::hand_over(const plan::Operand& operand, std::size_t rows, CellColumn& to) const {
  const engine::Vec values = this->operand(operand);
  const bool ratio = operand.type.kind == Kind::ratio;
  if (values.step == 0) {
    const Cell all = rows != 0 ? values.at(0) : Cell{};
    to.lo.append(rows, all.lo);
    if (all.hi != all.lo) to.hi.append(rows, all.hi);
  } else if (values.lo != nullptr) {
    to.append(rows, values.lo, values.hi, values.lo_den, values.hi_den);
  } else if (values.narrow != nullptr) {
    to.lo.append(values.narrow, rows);
  } else {
    for (std::uint32_t row = 0; row < rows; ++row) to.push(values.at(row), ratio);
  }
}

// Values of their own are handed over by their kernels.
void Run::hand_over_duty(std::uint32_t index) {
  const plan::DutyPlan& duty = plan_.duties[index];
  const std::size_t rows = store_.rows(program_.duties[index].scope);
  DutyTable& to = result_.results.duties[index];
  if (duty.due.column != none || duty.due.once) hand_over(duty.due, rows, to.due);
  if (duty.done.column != none || duty.done.once) hand_over(duty.done, rows, to.done);
}

void Run::hand_over_report(std::uint32_t index) {
  const plan::Operand& report = plan_.reports[index];
  if (report.column != none) hand_over(report, store_.rows(report.entity), result_.results.reports[index]);
}

void Run::shrink_results() {
  Results& results = result_.results;
  const auto shrink = [](auto& columns) { for (auto& column : columns) column.shrink(); };
  shrink(results.propositions);
  shrink(results.requires_);
  shrink(results.applicable);
  shrink(results.reports);
  for (DutyTable& duty : results.duties) {
    duty.state.shrink();
    duty.due.shrink();
    duty.done.shrink();
  }
}

}  // namespace tiao::jit
