#include "compiler/driver/verdict_parts.hpp"

#include <algorithm>
#include <numeric>

#include "compiler/driver/node_reach.hpp"
#include "runtime/verdict/assemble.hpp"

namespace tiao::driver {
namespace {

// Operations that something depends on together are in one set.
class Sets {
 public:
  Sets(std::size_t count, const std::vector<std::uint32_t>& switches) : above_(count) {
    std::iota(above_.begin(), above_.end(), 0u);
    for (std::uint32_t k = 0; k < switches.size(); ++k) operation_[switches[k]] = k;
  }

  std::uint32_t top(std::uint32_t k) {
    while (above_[k] != k) k = above_[k] = above_[above_[k]];
    return k;
  }
  void unite(std::uint32_t a, std::uint32_t b) { above_[top(a)] = top(b); }

  // One of the operations among the parameters, now in one set with the others; none: there are none.
  std::uint32_t unite(const std::set<std::uint32_t>& parameters) {
    std::uint32_t first = none;
    for (const std::uint32_t p : parameters) {
      const auto there = operation_.find(p);
      if (there == operation_.end()) continue;
      if (first == none) first = there->second;
      unite(first, there->second);
    }
    return first;
  }

 private:
  std::vector<std::uint32_t> above_;
  std::map<std::uint32_t, std::uint32_t> operation_;   // by parameter
};

}  // namespace

VerdictParts::VerdictParts(const CompiledAgreement& agreement, const std::vector<std::uint32_t>& switches, const std::vector<DiffOperation>& operations) {
  const core::Program& program = agreement.compiled.program;
  const program::ProgramInfo& info = agreement.info;
  NodeReach reach(program);
  Sets sets(operations.size(), switches);
  for (std::uint32_t k = 0; k < operations.size(); ++k)
    for (const std::uint32_t below : operations[k].builds_on) sets.unite(k, below);

  // Each is first given one operation of its set.
  std::map<NodeId, std::set<std::uint32_t>> findings, choices;
  for (const program::PropositionInfo& p : info.propositions) findings[p.node].merge(reach.parameters_of(program.computed[p.computed]));
  for (RemedyId r = 0; r < program.schema.remedies.size(); ++r) {
    std::set<std::uint32_t> read = reach.parameters_of_remedy(r);
    std::set<NodeId> cited;
    for (std::size_t g = 0; g < program.grounds.size(); ++g) {
      if (program.grounds[g].remedy != r) continue;
      cited.insert(program.grounds[g].cite);
      for (const program::Via& via : info.grounds[g].via) {
        cited.insert(via.node);
        read.merge(reach.parameters_of(program.computed[via.item]));
        if (via.condition != none) read.merge(reach.parameters_of(program.computed[via.condition]));
      }
    }
    of_remedy_.push_back(sets.unite(read));
    for (const NodeId node : cited) {   // what a remedy cites is no finding; what was chosen of it may be flagged there
      findings[node].insert(read.begin(), read.end());
      if (program.schema.remedies[r].chosen_column != none) choices[node].insert(read.begin(), read.end());
    }
  }
  for (const core::Duty& duty : program.duties) of_duty_.push_back(sets.unite(reach.parameters_of(duty)));
  for (const core::Report& report : program.reports) of_report_.push_back(sets.unite(reach.parameters_of(report)));
  for (const core::Require& require : program.requires_) of_require_.push_back(sets.unite(reach.parameters_of(require)));
  std::map<NodeId, std::set<std::uint32_t>> heads;
  for (const program::HeadInfo& head : info.heads) heads[head.node].merge(reach.parameters_of(program.computed[head.computed]));
  for (const auto& [from, to] : {std::pair{&heads, &of_head_}, std::pair{&findings, &of_finding_}, std::pair{&choices, &of_choice_}})
    for (const auto& [node, read] : *from) (*to)[node] = sets.unite(read);

  std::map<std::uint32_t, std::uint32_t> parts;
  for (std::uint32_t k = 0; k < operations.size(); ++k) {
    const auto part = parts.emplace(sets.top(k), static_cast<std::uint32_t>(parts.size())).first->second;
    operations_.resize(parts.size());
    operations_[part].push_back(k);
  }
  operations_.emplace_back();
  const auto settle = [&](std::uint32_t& of) { of = of == none ? count() - 1 : parts.at(sets.top(of)); };
  for (auto* list : {&of_remedy_, &of_duty_, &of_report_, &of_require_}) std::for_each(list->begin(), list->end(), settle);
  for (auto* map : {&of_head_, &of_finding_, &of_choice_})
    for (auto& [node, of] : *map) settle(of);
}

namespace {

// Lists of a verdict whose entries belong to parts.
template <class V, class F>
void for_each_list(V& verdict, F visit) {
  visit(verdict.remedies), visit(verdict.heads), visit(verdict.findings), visit(verdict.duties), visit(verdict.reports), visit(verdict.flags);
}

}  // namespace

std::set<std::uint32_t> VerdictParts::of(const verdict::Verdict& verdict) const {
  std::set<std::uint32_t> parts;
  for_each_list(verdict, [&](const auto& list) {
    for (const auto& entry : list) parts.insert(of(entry));
  });
  return parts;
}

verdict::Verdict VerdictParts::slice(verdict::Verdict verdict, const std::function<bool(std::uint32_t part)>& wanted) const {
  for_each_list(verdict, [&](auto& list) { std::erase_if(list, [&](const auto& entry) { return !wanted(of(entry)); }); });
  verdict.outcome = verdict::outcome_of(verdict);
  return verdict;
}

}  // namespace tiao::driver
