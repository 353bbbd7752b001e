#include "compiler/driver/mutation.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "compiler/driver/scenario_run.hpp"

namespace tiao::driver {
namespace {

// A compiled text, what can be changed in it, and which scenarios go with which address. Every thread has its own: a change is
// made in the syntax tree.
class Subject {
 public:
  Subject(const Project& project, const check::AgreementRef& ref) : project_(project), ref_(ref) {}

  Status prepare(diag::Diagnostics& diagnostics) {
    if (Status failed = compile(project_, ref_, diagnostics, text_)) return failed;
    mutants_ = mutants_of(project_.parsed().files.front().ast, project_.sources(), text_.compiled.tree, [&](source::FileId file) { return project_.requested(file); });
    return std::nullopt;
  }

  const CompiledAgreement& text() const { return text_; }
  const std::vector<Mutant>& mutants() const { return mutants_; }
  const Project& project() const { return project_; }

  /// Tries one change: `order` says in which order scenarios are asked.
  Status attempt(std::size_t i, const std::vector<std::size_t>& order, MutantFate& fate, std::string& killed_by) {
    syntax::Arena& arena = *project_.parsed().arena;
    mutants_[i].edit.swap_with(arena);
    const Status failed = judge(order, fate, killed_by);
    mutants_[i].edit.swap_with(arena);
    return failed;
  }

 private:
  Status judge(const std::vector<std::size_t>& order, MutantFate& fate, std::string& killed_by) {
    CompiledAgreement changed;
    diag::Diagnostics unheard;
    if (Status failed = compile(project_, ref_, unheard, changed)) {
      if (failed->exit != Exit::findings) return failed;
      fate = MutantFate::rejected;
      return std::nullopt;
    }
    if (changed.compiled.program.hash == text_.compiled.program.hash) {
      fate = MutantFate::same;
      return std::nullopt;
    }
    ScenarioRunner runner(project_, changed);
    if (Status failed = runner.prepare({EngineKind::interp})) return failed;
    fate = MutantFate::survived;
    for (const std::size_t s : order) {
      const ScenarioResult result = runner.run(changed.compiled.scenarios[s]);
      if (result.passed()) continue;
      fate = MutantFate::killed;
      killed_by = result.name;
      break;
    }
    return std::nullopt;
  }

  const Project& project_;
  check::AgreementRef ref_;
  CompiledAgreement text_;
  std::vector<Mutant> mutants_;
};

// The scenarios as the text stands: all must pass, and those that rely on a node are asked first about changes in it.
class Order {
 public:
  Status prepare(const Subject& subject) {
    ScenarioRunner runner(subject.project(), subject.text());
    if (Status failed = runner.prepare({EngineKind::interp})) return failed;
    for (const check::Scenario& scenario : subject.text().compiled.scenarios) {
      ScenarioResult result = runner.run(scenario);
      if (!result.passed())
        return Failure{Exit::findings, fmt::format("案例“{}”在原文下就未通过（{}:{}）；请先用 tiao test 改正", result.name, result.file, result.line),
                       fmt::format("the scenario \"{}\" fails as the text stands ({}:{}); mend it first, with tiao test", result.name, result.file, result.line)};
      cited_.push_back(std::move(result.cited));
      reached_.push_back(std::move(result.reached));
    }
    return std::nullopt;
  }

  std::vector<std::size_t> about(const document::Tree& tree, std::uint32_t node) const {
    std::vector<std::size_t> order(cited_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<int> rank(cited_.size(), 3);
    const auto near = [&](const std::set<NodeId>& nodes) {
      return node != 0 && std::any_of(nodes.begin(), nodes.end(), [&](const NodeId n) { return tree.under(n, node) || tree.under(node, n); });
    };
    for (std::size_t s = 0; s < rank.size(); ++s) {
      if (near(cited_[s])) rank[s] = 1;
      else if (near(reached_[s])) rank[s] = 2;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank[a] < rank[b]; });
    return order;
  }

 private:
  std::vector<std::set<NodeId>> cited_, reached_;
};

std::optional<std::uint32_t> node_at(const document::Tree& tree, std::string address) {
  const auto blank = [](char c) { return c == ' '; };
  while (!address.empty() && blank(address.front())) address.erase(0, 1);
  while (!address.empty() && blank(address.back())) address.pop_back();
  for (std::uint32_t n = 1; n < tree.nodes().size(); ++n)
    if (tree[n].address == address || tree[n].english == address) return n;
  return std::nullopt;
}

// The nodes from one address to another, both included with what stands beneath; none when there is no such address.
std::optional<std::vector<bool>> chosen_nodes(const document::Tree& tree, const std::string& address) {
  std::vector<bool> in(tree.nodes().size(), address.empty());
  if (address.empty()) return in;
  const std::size_t dots = address.find("..");
  const auto first = node_at(tree, address.substr(0, dots));
  const auto last = dots == std::string::npos ? first : node_at(tree, address.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  // In the order of the text, whatever the numbers of the nodes are.
  bool inside = false, over = false;
  const auto walk = [&](auto&& self, std::uint32_t n) -> void {
    if (n == *first) inside = true;
    in[n] = inside && !over;
    for (const std::uint32_t child : tree[n].children) self(self, child);
    if (n == *last) over = true;
  };
  walk(walk, 0);
  return in;
}

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

// A sample of those chosen, in their order; the same for the same seed.
void sample(std::vector<std::size_t>& chosen, std::size_t most, std::uint64_t seed) {
  if (most == 0 || chosen.size() <= most) return;
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < most; ++i) std::swap(chosen[i], chosen[i + random() % (chosen.size() - i)]);
  chosen.resize(most);
  std::sort(chosen.begin(), chosen.end());
}

bool names(const ListedMutant& listed, const MutantResult& mutant) {
  return listed.change == mutant.change && (listed.address == mutant.address || listed.address == mutant.english);
}

class Campaign {
 public:
  Campaign(const Project& project, const MutationRequest& request, const Progress& progress, MutationReport& report)
      : project_(project), request_(request), progress_(progress), report_(report) {}

  Status run(const check::AgreementRef& ref, diag::Diagnostics& diagnostics);
  bool found_address() const { return found_address_; }
  bool found_scenarios() const { return found_scenarios_; }
  void finish();

 private:
  Status attempt_all(Subject& subject, const Order& order, const check::AgreementRef& ref, const std::vector<std::size_t>& chosen, MutatedAgreement& out);
  MutantResult described(const Subject& subject, const Mutant& mutant) const;
  void read_lists(const Subject& subject);

  struct Line { ListedMutant listed; bool exists = false; };
  const Project& project_;
  const MutationRequest& request_;
  const Progress& progress_;
  MutationReport& report_;
  std::set<std::string> folders_;
  std::vector<Line> lines_;
  bool found_address_ = false, found_scenarios_ = false;
};

MutantResult Campaign::described(const Subject& subject, const Mutant& mutant) const {
  const document::Tree& tree = subject.text().compiled.tree;
  MutantResult out;
  out.kind = mutant.kind;
  out.address = address_of(tree, mutant.node, subject.text().ref.name, true);
  out.english = address_of(tree, mutant.node, subject.text().ref.name, false);
  out.change = mutant.change;
  out.file = project_.sources().path(mutant.span.file);
  out.line = project_.sources().position(mutant.span.file, mutant.span.begin).line;
  return out;
}

void Campaign::read_lists(const Subject& subject) {
  for (const Mutant& mutant : subject.mutants()) {
    const std::string folder = folder_of(project_.sources().path(mutant.span.file));
    if (!folders_.insert(folder).second) continue;
    for (ListedMutant& listed : read_listed(folder, report_.stale)) lines_.push_back({std::move(listed)});
  }
}

Status Campaign::attempt_all(Subject& subject, const Order& order, const check::AgreementRef& ref, const std::vector<std::size_t>& chosen, MutatedAgreement& out) {
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t threads = std::clamp<std::size_t>(request_.jobs == 0 ? processors : request_.jobs, 1, std::max<std::size_t>(1, chosen.size()));
  // Texts are read one after the other: the parser keeps things for all threads.
  std::vector<std::unique_ptr<Project>> projects;
  std::vector<std::unique_ptr<Subject>> others;
  for (std::size_t t = 1; t < threads; ++t) {
    projects.push_back(std::make_unique<Project>());
    if (Status failed = projects.back()->load({request_.project, request_.paths})) return failed;
    others.push_back(std::make_unique<Subject>(*projects.back(), ref));
    diag::Diagnostics unheard;
    if (Status failed = others.back()->prepare(unheard)) return failed;
    if (others.back()->mutants().size() != subject.mutants().size())
      return Failure{Exit::findings, "文件在运行中改动了", "the files changed during the run"};
  }
  const document::Tree& tree = subject.text().compiled.tree;
  std::atomic<std::size_t> next{0}, done{0};
  std::vector<Status> failures(threads);
  const auto work = [&](Subject& own, std::size_t thread) {
    for (std::size_t c = next++; c < chosen.size() && !failures[thread]; c = next++) {
      MutantResult& result = out.mutants[c];
      failures[thread] = own.attempt(chosen[c], order.about(tree, own.mutants()[chosen[c]].node), result.fate, result.killed_by);
      ++done;
      if (thread == 0 && progress_) progress_(Stage::mutating, static_cast<double>(done) / static_cast<double>(chosen.size()));
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::size_t t = 1; t < threads; ++t) pool.emplace_back([&, t] { work(*others[t - 1], t); });
    work(subject, 0);
  }
  for (Status& failed : failures)
    if (failed) return failed;
  return std::nullopt;
}

Status Campaign::run(const check::AgreementRef& ref, diag::Diagnostics& diagnostics) {
  Subject subject(project_, ref);
  if (Status failed = subject.prepare(diagnostics)) return failed;
  if (subject.mutants().empty() || subject.text().compiled.scenarios.empty()) return std::nullopt;
  found_scenarios_ = true;
  const document::Tree& tree = subject.text().compiled.tree;
  read_lists(subject);
  for (const Mutant& mutant : subject.mutants())
    for (Line& line : lines_) line.exists |= names(line.listed, described(subject, mutant));
  const auto in = chosen_nodes(tree, request_.address);
  if (!in) return std::nullopt;
  found_address_ = true;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < subject.mutants().size(); ++i)
    if ((*in)[subject.mutants()[i].node]) chosen.push_back(i);
  sample(chosen, request_.max_mutants, request_.seed);
  Order order;
  if (Status failed = order.prepare(subject)) return failed;
  MutatedAgreement out;
  out.name = ref.name;
  out.scenarios = subject.text().compiled.scenarios.size();
  for (const std::size_t i : chosen) out.mutants.push_back(described(subject, subject.mutants()[i]));
  if (Status failed = attempt_all(subject, order, ref, chosen, out)) return failed;
  for (MutantResult& mutant : out.mutants)
    for (Line& line : lines_) {
      if (!names(line.listed, mutant)) continue;
      if (mutant.fate == MutantFate::survived) mutant.fate = MutantFate::equivalent, mutant.reason = line.listed.reason;
      else if (mutant.fate == MutantFate::killed) report_.stale.push_back({line.listed, StaleLine::Why::killed, mutant.killed_by});
      else if (mutant.fate != MutantFate::equivalent) line.exists = false;   // it is no mutant, or none that runs
    }
  report_.agreements.push_back(std::move(out));
  return std::nullopt;
}

void Campaign::finish() {
  for (const Line& line : lines_)
    if (!line.exists) report_.stale.push_back({line.listed, StaleLine::Why::no_such_mutant, {}});
  std::sort(report_.stale.begin(), report_.stale.end(), [](const StaleLine& a, const StaleLine& b) {
    return std::tie(a.listed.file, a.listed.line) < std::tie(b.listed.file, b.listed.line);
  });
}

}  // namespace

void MutationCounts::add(MutantFate fate) {
  if (fate == MutantFate::same) return;
  if (fate == MutantFate::rejected) {
    ++rejected;
    return;
  }
  ++mutants;
  if (fate == MutantFate::killed) ++killed;
  else if (fate == MutantFate::survived) ++survived;
  else ++equivalent;
}

unsigned MutationCounts::rate() const {
  const std::size_t noticeable = killed + survived;
  return noticeable == 0 ? 1000u : static_cast<unsigned>(killed * 1000 / noticeable);
}

MutationCounts MutatedAgreement::counts() const {
  MutationCounts out;
  for (const MutantResult& mutant : mutants) out.add(mutant.fate);
  return out;
}

MutationCounts MutationReport::counts() const {
  MutationCounts out;
  for (const MutatedAgreement& agreement : agreements)
    for (const MutantResult& mutant : agreement.mutants) out.add(mutant.fate);
  return out;
}

Status mutate(const Project& project, const MutationRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, MutationReport& report) {
  Campaign campaign(project, request, progress, report);
  for (const check::AgreementRef& ref : check::agreements(project.parsed()))
    if (Status failed = campaign.run(ref, diagnostics)) return failed;
  if (!campaign.found_scenarios())
    return usage("所给路径中没有带案例的协议文本", "no agreement under the given paths has scenarios");
  if (!campaign.found_address())
    return usage(fmt::format("没有地址“{}”", request.address), fmt::format("there is no address \"{}\"", request.address));
  campaign.finish();
  return std::nullopt;
}

}  // namespace tiao::driver
