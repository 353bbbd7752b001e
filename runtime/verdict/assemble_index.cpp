// Gathers the rows of a run's results under the subjects they stand under, once for all verdicts.
#include <algorithm>

#include "runtime/verdict/assemble.hpp"

namespace tiao::verdict {
namespace {

// Is the node an item of a place that decides something, so that its absence matters?
bool beside_executable(const std::vector<Node>& nodes, const Node& node) {
  if (node.parent == none) return false;
  if (nodes[node.parent].status == NodeStatus::executable) return true;
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Node& other) { return other.parent == node.parent && other.status == NodeStatus::executable; });
}

}  // namespace

Assembler::Assembler(const Run& run) : run_(run), subjects_(run.schema, run.facts, run.results, run.as_of) {
  first_ground_.assign(run.schema.remedies.size() + 1, 0);
  for (const auto& ground : run.info.grounds) ++first_ground_[ground.remedy + 1];
  for (std::size_t i = 0; i + 1 < first_ground_.size(); ++i) first_ground_[i + 1] += first_ground_[i];
  index_remedies();
  index_rows();
  index_propositions();
  index_applicability();
  find_not_covered();
}

bool Assembler::over_before_since(RemedyId remedy, std::uint32_t row) const {
  if (!run_.since) return false;
  const RemedyTable& table = run_.results.remedies[remedy];
  const auto& ground = run_.info.grounds[table.lead[row]];
  const bool has_end = ground.until.form != program::ParamForm::absent || ground.length.form != program::ParamForm::absent;
  if (!has_end || table.until_hi.lo.empty()) return false;
  const Cell end = table.until_hi.at(row);
  return end.lo <= end.hi && end.hi != pos_inf && end.hi <= *run_.since;
}

void Assembler::index_remedies() {
  for (RemedyId remedy = 0; remedy < run_.results.remedies.size(); ++remedy) {
    const RemedyTable& table = run_.results.remedies[remedy];
    for (std::uint32_t row = 0; row < table.target.size(); ++row) {
      if (over_before_since(remedy, row)) continue;
      const std::uint32_t subject = subjects_.of(run_.schema.remedies[remedy].target, table.target[row]);
      if (subject == none) {
        ++without_subject_;
      } else {
        remedies_.add(subject, {remedy, row});
      }
    }
  }
  remedies_.seal(size());
}

void Assembler::index_rows() {
  const auto place = [&](BySubject<RowAt>& under, std::uint32_t index, EntityId entity, std::uint32_t row) {
    const std::uint32_t subject = subjects_.of(entity, row);
    if (subject != none) under.add(subject, {index, row});
  };
  for (std::uint32_t i = 0; i < run_.info.duties.size(); ++i) {
    const auto& states = run_.results.duties[i].state;
    for (std::uint32_t row = 0; row < states.size(); ++row)
      if (static_cast<tiao::DutyState>(states[row]) != tiao::DutyState::not_there) place(duties_, i, run_.info.duties[i].scope, row);
  }
  duties_.seal(size());
  for (std::uint32_t i = 0; i < run_.info.requires_.size(); ++i) {
    const auto& violated = run_.results.requires_[i];
    for (std::uint32_t row = 0; row < violated.size(); ++row) {
      const auto state = static_cast<Truth>(violated[row]);
      if (state == Truth::yes || state == Truth::error) place(requires_, i, run_.info.requires_[i].scope, row);
    }
  }
  requires_.seal(size());
  for (std::uint32_t i = 0; i < run_.info.reports.size(); ++i) {
    const EntityId entity = run_.info.reports[i].entity;
    if (entity == none) {
      reports_of_run_.push_back(i);
      continue;
    }
    for (std::uint32_t row = 0; row < run_.results.reports[i].lo.size(); ++row) place(reports_, i, entity, row);
  }
  reports_.seal(size());
}

void Assembler::index_propositions() {
  for (const auto& proposition : run_.info.propositions) {
    const auto& states = run_.results.propositions[proposition.computed];
    for (std::uint32_t row = 0; row < states.size(); ++row) {
      if (static_cast<Truth>(states[row]) != Truth::yes || subjects_.there(proposition.entity, row) != Truth::yes) continue;
      const std::uint32_t subject = subjects_.of(proposition.entity, row);
      if (subject != none) findings_.add(subject, {proposition.node});
    }
  }
  findings_.seal(size());
  for (std::uint32_t i = 0; i < run_.info.heads.size(); ++i) {
    const auto& head = run_.info.heads[i];
    const auto& states = run_.results.propositions[head.computed];
    for (std::uint32_t row = 0; row < states.size(); ++row) {
      if (static_cast<Truth>(states[row]) == Truth::no || subjects_.there(head.entity, row) == Truth::no) continue;
      const std::uint32_t subject = subjects_.of(head.entity, row);
      if (subject != none) heads_.add(subject, {i, row});
    }
  }
  heads_.seal(size());
}

// A node is not applicable to a subject when it is so for the subject's own row, or for every row that stands under it.
void Assembler::index_applicability() {
  for (std::size_t i = 0; i < run_.info.applicabilities.size(); ++i) {
    const auto& rule = run_.info.applicabilities[i];
    const auto& states = run_.results.applicable[i];
    if (rule.entity == none) {
      if (!states.empty() && static_cast<Truth>(states[0]) == Truth::no) not_applicable_to_all_.push_back(rule.node);
      continue;
    }
    enum : std::uint8_t { unseen, never, sometimes };
    std::vector<std::uint8_t> seen(size(), unseen);
    for (std::uint32_t row = 0; row < states.size(); ++row) {
      const std::uint32_t subject = subjects_.of(rule.entity, row);
      if (subject == none || subjects_.there(rule.entity, row) == Truth::no) continue;
      if (static_cast<Truth>(states[row]) != Truth::no) {
        seen[subject] = sometimes;
      } else if (seen[subject] == unseen) {
        seen[subject] = never;
      }
    }
    for (std::uint32_t subject = 0; subject < seen.size(); ++subject)
      if (seen[subject] == never) not_applicable_.add(subject, {rule.node});
  }
  not_applicable_.seal(size());
}

void Assembler::find_not_covered() {
  const auto& nodes = run_.schema.nodes;
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (nodes[id].status != NodeStatus::elsewhere || !beside_executable(nodes, nodes[id])) continue;
    const bool is_head = std::any_of(run_.info.heads.begin(), run_.info.heads.end(), [&](const auto& head) { return head.missing == id; });
    if (!is_head) not_covered_.push_back(id);
  }
}

}  // namespace tiao::verdict
