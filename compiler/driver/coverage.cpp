#include "compiler/driver/coverage.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/program.hpp"
#include "compiler/driver/scenario_run.hpp"

namespace tiao::driver {
namespace {

/// `item 2 of article 31`: level and number of the address's own segment. Heads and tails have none.
struct Segment { std::string level; std::uint32_t number = 0; };

Segment own_segment(const Node& node) {
  Segment out;
  const std::size_t blank = node.english.find(' ');
  out.level = node.english.substr(0, blank);
  if (blank == std::string::npos) return out;
  const char* from = node.english.data() + blank + 1;
  std::from_chars(from, node.english.data() + node.english.size(), out.number);
  return out;
}

// Sentences and limbs are counted by whoever encodes the text; it does not number them itself, so that a gap says nothing.
bool ours(const std::string& level) { return level == "sentence" || level == "limb"; }

std::string plural(const std::string& level) { return level + "s"; }

class Survey {
 public:
  Survey(const Schema& schema, CoverageReport& report) : schema_(schema), report_(report), children_(schema.nodes.size()) {
    for (NodeId id = 0; id < schema.nodes.size(); ++id)
      if (schema.nodes[id].parent != none) children_[schema.nodes[id].parent].push_back(id);
  }

  void run(const std::set<NodeId>& cited, const std::set<NodeId>& reached);

 private:
  struct Seen { std::size_t there = 0, all = 0; };
  void visit(NodeId id, unsigned depth);
  void count(NodeId id);
  void gaps_before(NodeId id, unsigned depth);
  Tested tested(NodeId id) const {
    return cited_->contains(id) ? Tested::cited : reached_->contains(id) ? Tested::reached : Tested::no;
  }

  const Schema& schema_;
  CoverageReport& report_;
  std::vector<std::vector<NodeId>> children_;
  const std::set<NodeId>* cited_ = nullptr;
  const std::set<NodeId>* reached_ = nullptr;
  std::map<std::string, Seen> levels_;
  std::vector<std::string> order_;
  std::map<std::pair<NodeId, std::string>, std::uint32_t> last_;   // number of the last sibling of a level
};

// Articles are numbered through the whole text, everything else under its parent.
void Survey::gaps_before(NodeId id, unsigned depth) {
  const Node& node = schema_.nodes[id];
  const Segment segment = own_segment(node);
  if (segment.number == 0) return;
  if (!levels_.contains(segment.level)) order_.push_back(segment.level);
  Seen& seen = levels_[segment.level];
  std::uint32_t& last = last_[{segment.level == "article" ? none : node.parent, segment.level}];
  for (std::uint32_t number = last + 1; number < segment.number && !ours(segment.level); ++number) {
    CoverageRow row;
    row.english = fmt::format("{} {}{}", segment.level, number, node.english.substr(std::min(node.english.size(), node.english.find(" of "))));
    row.address = row.english;
    row.depth = depth;
    row.missing = true;
    report_.rows.push_back(std::move(row));
    ++report_.missing;
    ++seen.all;
  }
  last = std::max(last, segment.number);
  ++seen.there;
  ++seen.all;
}

void Survey::count(NodeId id) {
  const Node& node = schema_.nodes[id];
  switch (node.status) {
    case NodeStatus::executable: ++report_.executable; break;
    case NodeStatus::recorded: ++report_.recorded; break;
    case NodeStatus::elsewhere: ++report_.elsewhere; break;
    case NodeStatus::structural: break;
  }
  if (node.status == NodeStatus::executable && tested(id) != Tested::no) ++report_.tested;
}

void Survey::visit(NodeId id, unsigned depth) {
  const Node& node = schema_.nodes[id];
  if (!node.address.empty()) {
    gaps_before(id, depth);
    report_.rows.push_back({node.address, node.english, node.label, node.reason, node.status, tested(id), depth, false});
    count(id);
  }
  for (const NodeId child : children_[id]) visit(child, node.address.empty() ? depth : depth + 1);
}

void Survey::run(const std::set<NodeId>& cited, const std::set<NodeId>& reached) {
  cited_ = &cited;
  reached_ = &reached;
  for (NodeId id = 0; id < schema_.nodes.size(); ++id)
    if (schema_.nodes[id].parent == none) visit(id, 0);
  for (const std::string& level : order_) report_.totals.push_back({plural(level), levels_[level].there, levels_[level].all});
}

bool within(const std::vector<Node>& nodes, NodeId node, NodeId ancestor) {
  for (; node != none; node = nodes[node].parent)
    if (node == ancestor) return true;
  return false;
}

// From duties to what their breach leads to, and back from the items on which heads act.
void duty_links(const CompiledAgreement& agreement, CoverageReport& report) {
  const std::vector<Node>& nodes = agreement.schema().nodes;
  const auto named = [&](NodeId id) { return CoverageAddress{nodes[id].address, nodes[id].english, nodes[id].label}; };
  std::set<NodeId> reached, silent;
  for (const program::DutyInfo& duty : agreement.info.duties) {
    if (duty.breach_under == none) {
      silent.insert(duty.cite);
      continue;
    }
    reached.insert(duty.breach_under);
    report.links.push_back({nodes[duty.cite].address, nodes[duty.cite].english, nodes[duty.breach_under].address, nodes[duty.breach_under].english, duty.by_citation});
  }
  if (report.links.empty()) return;
  for (const NodeId id : silent) report.without_consequence.push_back(named(id));
  std::set<NodeId> items;
  for (const program::GroundInfo& ground : agreement.info.grounds)
    for (const program::Via& via : ground.via) items.insert(via.node);
  for (const NodeId item : items)
    if (std::none_of(reached.begin(), reached.end(), [&](NodeId r) { return within(nodes, item, r) || within(nodes, r, item); })) report.without_duty.push_back(named(item));
}

}  // namespace

Status coverage(const Project& project, const std::string& name, diag::Diagnostics& diagnostics, CoverageReport& report) {
  check::AgreementRef ref;
  CompiledAgreement agreement;
  if (Status failed = find_agreement(project, name, ref)) return failed;
  if (Status failed = compile(project, ref, diagnostics, agreement)) return failed;
  TestReport tests;
  if (Status failed = run_scenarios_of(project, agreement, {{}, {EngineKind::interp}}, false, tests)) return failed;
  std::set<NodeId> cited, reached;
  for (const ScenarioResult& result : tests.scenarios) {
    if (!result.passed()) continue;
    cited.insert(result.cited.begin(), result.cited.end());
    reached.insert(result.reached.begin(), result.reached.end());
  }
  // What stands beneath a node is part of it.
  const std::vector<Node>& nodes = agreement.schema().nodes;
  for (NodeId id = 0; id < nodes.size(); ++id)
    if (cited.contains(id) || reached.contains(id))
      for (NodeId up = nodes[id].parent; up != none; up = nodes[up].parent) reached.insert(up);
  duty_links(agreement, report);
  report.agreement = ref.name;
  report.scenarios = tests.scenarios.size();
  report.passed = tests.passed();
  Survey(agreement.schema(), report).run(cited, reached);
  return std::nullopt;
}

}  // namespace tiao::driver
