#include "runtime/verdict/evidence_source.hpp"

#include <algorithm>
#include <string_view>

namespace tiao::verdict {
namespace {

void sort_unique(std::vector<Need>& needs) {
  std::sort(needs.begin(), needs.end());
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
}

// Branches are worth naming when there are several, and only for a value that is a mere hull of them.
void open_branches(Value& value, std::vector<Cell> cells) {
  if (value.form != ValueForm::plain || settled(value) || in_error(value)) return;
  std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.lo != b.lo ? a.lo < b.lo : a.hi < b.hi; });
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  const bool inside = std::all_of(cells.begin(), cells.end(), [&](const Cell& c) {
    return is_known(c, value.type.kind) && (value.type.kind == Kind::choice || (c.lo >= value.lo.lo && c.hi <= value.lo.hi));
  });
  if (cells.size() < 2 || !inside) return;
  value.form = ValueForm::one_of;
  value.branches = std::move(cells);
}

std::string_view name_of_time(Time time) { return time == Time::length ? "for" : time == Time::from ? "from" : "until"; }

}  // namespace

void add_evidence(Verdict& verdict, SubjectEvidence evidence) {
  verdict.needs = std::move(evidence.needs);
  for (std::size_t i = 0; i < verdict.remedies.size() && i < evidence.remedies.size(); ++i) {
    RemedyEntry& entry = verdict.remedies[i];
    RemedyEvidence& found = evidence.remedies[i];
    entry.needs = std::move(found.needs);
    sort_unique(entry.needs);
    verdict.needs.insert(verdict.needs.end(), entry.needs.begin(), entry.needs.end());
    for (auto& [param, cells] : found.param_branches)
      for (auto& [which, value] : entry.params)
        if (which == param) open_branches(value, std::move(cells));
    for (auto& [time, cells] : found.time_branches)
      for (auto& [which, value] : entry.times)
        if (which == name_of_time(time)) open_branches(value, std::move(cells));
  }
  sort_unique(verdict.needs);
  verdict.readings = std::move(evidence.readings);
  verdict.errors = std::move(evidence.errors);
}

}  // namespace tiao::verdict
