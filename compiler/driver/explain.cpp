#include "compiler/driver/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tiao::driver {
namespace {

constexpr std::uint32_t rows_listed = 5;   // of a rule that brought nothing about

class Explaining {
 public:
  Explaining(Explanation& out, EvidenceWalk& walk) : out_(out), program_(out.ready.agreement.compiled.program), walk_(walk) {}

  void run() {
    for (const verdict::RemedyEntry& entry : out_.verdict.remedies) {
      out_.remedies.push_back(interpreter().explain_remedy(entry.remedy, walk_.row_of(entry.remedy, entry.table_row)));
      out_.remedy_rows.push_back(standing(program_, out_.evaluated->results(), out_.evaluated->assembler().names(), walk_, entry, out_.remedies.back()));
    }
    for (const verdict::DutyEntry& entry : out_.verdict.duties)
      out_.duties.push_back(interpreter().explain_duty(entry.duty, walk_.own_row(entry.target.entity, entry.target.row)));
    for (const verdict::ReportEntry& entry : out_.verdict.reports)
      out_.reports.push_back(interpreter().explain_report(entry.report, entry.row.entity == none ? 0 : walk_.own_row(entry.row.entity, entry.row.row)));
    through_time();
    silent_rules();
    readings();
  }

 private:
  interp::Interpreter& interpreter() { return walk_.interpreter(); }

  ScopeRow scope_row(EntityId entity, std::uint32_t row) { return driver::scope_row(out_.evaluated->assembler().names(), walk_, entity, row); }

  void through_time() {
    const verdict::RowName& subject = out_.verdict.subject;
    for (std::uint32_t i = 0; i < program_.ledgers.size(); ++i)
      if (program_.ledgers[i].owner == subject.entity) out_.ledgers.push_back(interpreter().explain_ledger(i, subject.row));
    for (std::uint32_t i = 0; i < program_.timelines.size(); ++i)
      if (program_.timelines[i].owner == subject.entity) out_.timelines.push_back(interpreter().explain_timeline(i, subject.row));
  }

  bool cited(NodeId node, RemedyId remedy) const {
    return std::any_of(out_.verdict.remedies.begin(), out_.verdict.remedies.end(), [&](const verdict::RemedyEntry& entry) {
      return entry.remedy == remedy && std::find(entry.cites.begin(), entry.cites.end(), node) != entry.cites.end();
    });
  }

  void silent_rules() {
    const verdict::Subjects& subjects = out_.evaluated->assembler().subjects();
    const std::uint32_t subject = subjects.of(out_.verdict.subject.entity, out_.verdict.subject.row);
    for (std::uint32_t g = 0; g < program_.grounds.size(); ++g) {
      const core::Ground& ground = program_.grounds[g];
      if (cited(ground.cite, ground.remedy)) continue;
      SilentRule rule{ground.cite, ground.remedy, static_cast<program::Modality>(ground.modality), {}, 0};
      for (std::uint32_t row = 0; row < subjects.rows(ground.scope); ++row) {
        if (subjects.of(ground.scope, row) != subject || subjects.there(ground.scope, row) == Truth::no) continue;
        if (rule.rows.size() == rows_listed) {
          ++rule.more_rows;
        } else {
          rule.rows.push_back({scope_row(ground.scope, row), interpreter().explain_ground(g, walk_.own_row(ground.scope, row))});
        }
      }
      if (!rule.rows.empty()) out_.silent.push_back(std::move(rule));
    }
    std::stable_sort(out_.silent.begin(), out_.silent.end(), [](const SilentRule& a, const SilentRule& b) { return a.cite < b.cite; });
  }

  void readings() {
    for (const verdict::ReadingEntry& entry : out_.verdict.readings) {
      const Parameter& parameter = program_.schema.parameters[entry.parameter];
      ReadingShown shown{parameter.id, parameter.label, entry.chosen, {}};
      for (const EnumValue& value : program_.schema.enums[parameter.type.of].values) shown.choices.push_back({value.id, value.label});
      out_.readings.push_back(std::move(shown));
    }
  }

  Explanation& out_;
  const core::Program& program_;
  EvidenceWalk& walk_;
};

}  // namespace

Status explain(const Project& project, const ExplainRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, Explanation& out) {
  if (Status failed = prepare(project, request.run, progress, diagnostics, out.ready)) return failed;
  if (out.ready.all_readings) return usage("explain 一次只用一种读法", "explain takes one choice of readings at a time");
  out.as_of = request.run.as_of;
  out.evaluated = std::make_unique<Case>(out.ready.agreement, out.ready.facts, request.run.as_of, request.run.since);
  if (Status failed = out.evaluated->evaluate(*out.ready.engine)) return failed;
  std::size_t place = 0;
  if (Status failed = out.evaluated->find(request.run.only, place)) return failed;
  if (Status failed = out.evaluated->make(place, Evidence::everybody, out.verdict)) return failed;
  RemedyId only = none;
  if (!request.remedy.empty()) {
    if (Status failed = find_remedy(out.ready.agreement.schema(), request.remedy, only)) return failed;
    std::erase_if(out.verdict.remedies, [&](const verdict::RemedyEntry& entry) { return entry.remedy != only; });
  }
  Explaining(out, out.evaluated->walk()).run();
  for (const verdict::RemedyEntry& entry : out.verdict.remedies)
    out.enough.push_back(enough_for(out.ready.agreement, out.ready.facts, out.as_of, out.evaluated->walk(), entry));
  if (only != none) std::erase_if(out.silent, [&](const SilentRule& rule) { return rule.remedy != only; });
  return std::nullopt;
}

}  // namespace tiao::driver
