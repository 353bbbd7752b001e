#include "compiler/driver/evidence.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/readings.hpp"

namespace tiao::driver {
namespace {

using verdict::RemedyEntry;
using verdict::Verdict;

Cell at(const CellColumn& column, std::uint32_t row) {
  return row < column.lo.size() ? column.at(row) : between(neg_inf, pos_inf);
}

bool same_cells(const RemedyTable& a, std::uint32_t i, const RemedyTable& b, std::uint32_t j) {
  for (const auto column : {&RemedyTable::from, &RemedyTable::until, &RemedyTable::length, &RemedyTable::length_hi, &RemedyTable::until_hi})
    if (!(at(a.*column, i) == at(b.*column, j))) return false;
  for (std::size_t p = 0; p < a.lo.size(); ++p)
    if (!(at(a.lo[p], i) == at(b.lo[p], j)) || !(at(a.hi[p], i) == at(b.hi[p], j))) return false;
  return a.exercised.empty() || (a.exercised[i] == b.exercised[j] && at(a.chosen, i) == at(b.chosen, j));
}

// On the same rows of registers; derived rows are numbered as each engine made them.
bool same_grounds(const core::Program& program, const RemedyTable& a, std::uint32_t i, const RemedyTable& b, std::uint32_t j) {
  const auto same_row = [&](std::int64_t ground, std::int64_t ours, std::int64_t theirs) {
    return ours == theirs || program.schema.entities[program.grounds[static_cast<std::size_t>(ground)].scope].origin != EntityOrigin::register_;
  };
  if (a.lead[i] != b.lead[j] || a.held[i] != b.held[j] || a.open[i] != b.open[j] || !same_row(a.lead[i], a.scope_row[i], b.scope_row[j])) return false;
  const auto [first, end] = a.further.of(i);
  const auto [their_first, their_end] = b.further.of(j);
  if (end - first != their_end - their_first) return false;
  for (std::size_t x = first, y = their_first; x < end; ++x, ++y)
    if (a.further.ground[x] != b.further.ground[y] || !same_row(a.further.ground[x], a.further.scope_row[x], b.further.scope_row[y])) return false;
  return true;
}

// Rows are ordered by target: those of one target stand together.
std::pair<std::uint32_t, std::uint32_t> rows_of_target(const RemedyTable& table, std::uint32_t target) {
  return {static_cast<std::uint32_t>(first_from(table.target, target)), static_cast<std::uint32_t>(first_from(table.target, std::int64_t{target} + 1))};
}

std::vector<verdict::ReadingEntry> entries(const std::vector<ReadingUse>& uses, const Schema& schema, const facts::FactBase& facts) {
  std::set<std::uint32_t> met;
  for (const ReadingUse& use : uses) met.insert(use.parameter);
  std::vector<verdict::ReadingEntry> out;
  for (const std::uint32_t parameter : met) {
    const Parameter& reading = schema.parameters[parameter];
    const int choice = chosen(facts, parameter);
    out.push_back({parameter, reading.id, choice < 0 ? "" : schema.enums[reading.type.of].values[static_cast<std::size_t>(choice)].id, reading.node,
                   verdict::Sensitivity::not_run, {}});
  }
  return out;
}

}  // namespace

EvidenceWalk::EvidenceWalk(const CompiledAgreement& agreement, const facts::FactBase& facts, const Results& results, std::int64_t as_of)
    : agreement_(agreement), program_(agreement.compiled.program), facts_(facts), results_(results), interpreter_(program_, facts, {as_of}) {}

bool EvidenceWalk::same_rows(RemedyId remedy, std::uint32_t target) {
  const RemedyTable& ours = results_.remedies[remedy];
  const auto [first, last] = rows_of_target(ours, target);
  const interp::RowRange theirs = interpreter_.remedy_rows(remedy, target);
  if (last - first != theirs.end - theirs.begin) return false;
  const RemedyTable& table = interpreter_.remedy_table(remedy);
  for (std::uint32_t i = 0; i < last - first; ++i) {
    const std::uint32_t a = first + i, b = theirs.begin + i;
    if (ours.state[a] != table.state[b] || ours.modality[a] != table.modality[b] || !same_grounds(program_, ours, a, table, b) || !same_cells(ours, a, table, b))
      return false;
  }
  return true;
}

std::uint32_t EvidenceWalk::row_of(RemedyId remedy, std::uint32_t table_row) {
  const std::uint32_t target = results_.remedies[remedy].target[table_row];
  const std::uint32_t first = rows_of_target(results_.remedies[remedy], target).first;
  const interp::RowRange theirs = interpreter_.remedy_rows(remedy, target);
  const std::uint32_t row = theirs.begin + (table_row - first);
  return row < theirs.end ? row : none;
}

// The evaluator numbers derived rows as they are asked for: the n-th row of an owner is the n-th there. Of what has no owner
// (paths) it is the n-th of all.
std::uint32_t EvidenceWalk::own_row(EntityId entity, std::uint32_t row) {
  const Entity& shape = program_.schema.entities[entity];
  if (shape.origin == EntityOrigin::register_) return row;
  const Packed& parents = results_.derived[entity].parent;
  if (shape.origin == EntityOrigin::join || shape.parent == none || parents.empty()) return interpreter_.row_in_run(entity, row);
  const auto parent = static_cast<std::uint32_t>(parents[row]);
  return interpreter_.rows_of(entity, own_row(shape.parent, parent)).begin + (row - static_cast<std::uint32_t>(first_from(parents, parent)));
}

// Every remedy on the subject itself and on every listed target is compared, so that one that only the evaluator finds is noticed.
bool EvidenceWalk::same_remedies(const Verdict& verdict, std::string& failure) {
  const Schema& schema = program_.schema;
  std::set<std::pair<RemedyId, std::uint32_t>> looked_at;
  for (RemedyId remedy = 0; remedy < schema.remedies.size(); ++remedy)
    if (schema.remedies[remedy].target == verdict.subject.entity) looked_at.emplace(remedy, verdict.subject.row);
  for (const RemedyEntry& entry : verdict.remedies) looked_at.emplace(entry.remedy, entry.target.row);
  for (const auto& [remedy, target] : looked_at) {
    if (same_rows(remedy, target)) continue;
    failure = fmt::format("{} of {}", schema.remedies[remedy].id, facts_.key(schema.remedies[remedy].target, target));
    return false;
  }
  return true;
}

bool EvidenceWalk::same_others(const Verdict& verdict, std::string& failure) {
  for (const verdict::ReportEntry& entry : verdict.reports) {
    const core::Report& report = program_.reports[entry.report];
    const Cell cell = report.entity == none ? interpreter_.evaluate(report.expr) : interpreter_.evaluate(report.expr, own_row(report.entity, entry.row.row));
    if (cell == results_.reports[entry.report].at(report.entity == none ? 0 : entry.row.row)) continue;
    failure = fmt::format("report {} of {}", report.id, verdict.subject.key);
    return false;
  }
  for (const verdict::DutyEntry& entry : verdict.duties) {
    const std::uint32_t row = own_row(program_.duties[entry.duty].scope, entry.target.row);
    if (interpreter_.duty_state(entry.duty, row) == static_cast<DutyState>(static_cast<int>(entry.state) + 1)) continue;
    failure = fmt::format("duty {} of {}", program_.schema.nodes[program_.duties[entry.duty].cite].address, entry.target.key);
    return false;
  }
  return true;
}

// Everything listed, in the evaluator's own rows.
interp::Outcomes EvidenceWalk::outcomes(const Verdict& verdict) {
  interp::Outcomes out;
  for (const RemedyEntry& entry : verdict.remedies) out.remedies.push_back({entry.remedy, row_of(entry.remedy, entry.table_row)});
  for (const verdict::ReportEntry& entry : verdict.reports)
    out.reports.push_back({entry.report, entry.row.entity == none ? 0 : own_row(entry.row.entity, entry.row.row)});
  for (const verdict::DutyEntry& entry : verdict.duties)
    if (entry.state != verdict::DutyState::not_applicable) out.duties.push_back({entry.duty, own_row(entry.target.entity, entry.target.row)});
  for (const verdict::HeadEntry& entry : verdict.heads)
    for (const verdict::HeadEntry::At& at : entry.rows) {
      const program::HeadInfo& head = agreement_.info.heads[at.head];
      out.propositions.push_back({head.computed, own_row(head.entity, at.row)});
    }
  for (const verdict::FlagEntry& entry : verdict.flags)
    if (entry.require != none) out.requires_.push_back({entry.require, own_row(program_.requires_[entry.require].scope, entry.row)});
  return out;
}

bool EvidenceWalk::collect(const Verdict& verdict, verdict::SubjectEvidence& evidence, std::string& failure) {
  if (!same_remedies(verdict, failure) || !same_others(verdict, failure)) return false;
  evidence.remedies.resize(verdict.remedies.size());
  for (std::size_t i = 0; i < verdict.remedies.size(); ++i) remedy_evidence(verdict.remedies[i], evidence.remedies[i]);
  for (const verdict::HeadEntry& head : verdict.heads) head_evidence(head, evidence.needs);
  const interp::Outcomes listed = outcomes(verdict);
  evidence.errors = interpreter_.errors_of(listed);
  if (readings_wanted_) evidence.readings = entries(interpreter_.readings_of(listed), program_.schema, facts_);
  return true;
}

void EvidenceWalk::head_evidence(const verdict::HeadEntry& entry, std::vector<Need>& needs) {
  needs.push_back({Need::Kind::text, entry.missing == none ? entry.why : program_.schema.nodes[entry.missing].address, {}});
  if (entry.state != verdict::State::undetermined) return;
  for (const verdict::HeadEntry::At& at : entry.rows) {
    const program::HeadInfo& head = agreement_.info.heads[at.head];
    const std::vector<Need> open = interpreter_.needs_of_proposition(head.computed, own_row(head.entity, at.row));
    needs.insert(needs.end(), open.begin(), open.end());
  }
}

void EvidenceWalk::remedy_evidence(const RemedyEntry& entry, verdict::RemedyEvidence& out) {
  const std::uint32_t row = row_of(entry.remedy, entry.table_row);
  const auto unsettled = [](const auto& named) { return !settled(named.second); };
  const bool open = entry.state != verdict::State::applies || std::any_of(entry.params.begin(), entry.params.end(), unsettled) ||
                    std::any_of(entry.times.begin(), entry.times.end(), unsettled);
  if (!open) return;
  out.needs = interpreter_.needs_of_remedy(entry.remedy, row);
  open_branches(entry, row, out);
}

}  // namespace tiao::driver
