#include "compiler/driver/scenario_run.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "compiler/driver/case.hpp"
#include "compiler/driver/expectation.hpp"
#include "compiler/driver/readings.hpp"
#include "compiler/driver/scenario_facts.hpp"
#include "runtime/verdict/writer.hpp"

namespace tiao::driver {
namespace {

using check::Expectation;
using check::Scenario;

std::string place(const Project& project, source::Span span, std::uint32_t& line) {
  line = span.valid() ? project.sources().position(span.file, span.begin).line : 0;
  return span.valid() ? project.sources().path(span.file) : std::string{};
}

class ScenarioRun {
 public:
  ScenarioRun(const Project& project, const CompiledAgreement& agreement, const Scenario& scenario, std::vector<NamedEngine>& engines, ScenarioResult& result)
      : project_(project), agreement_(agreement), scenario_(scenario), engines_(engines), result_(result) {}

  void run();

 private:
  void trouble(const Failure& failure) {
    result_.trouble_zh = failure.zh;
    result_.trouble_en = failure.en;
  }
  bool run_with(const std::vector<ReadingChoice>& readings);
  bool make_verdicts(Case& evaluated, std::vector<verdict::Verdict>& verdicts, std::string& text);
  void check(const Verdicts& verdicts, const std::vector<ReadingChoice>& readings);

  const Project& project_;
  const CompiledAgreement& agreement_;
  const Scenario& scenario_;
  std::vector<NamedEngine>& engines_;
  ScenarioResult& result_;
  facts::FactBase facts_;
  std::vector<Cell> given_;   // parameters as the scenario gives them
};

bool ScenarioRun::make_verdicts(Case& evaluated, std::vector<verdict::Verdict>& verdicts, std::string& text) {
  const verdict::WriterContext context = evaluated.context(verdict::Language::en);
  verdicts.resize(evaluated.assembler().size());
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (Status failed = evaluated.make(i, Evidence::everybody, verdicts[i])) {
      trouble(*failed);
      return false;
    }
    verdict::append_verdict(text, context, verdicts[i]);
    text += '\n';
  }
  return true;
}

// The first place where two texts part, with a little of each.
std::string parting(const std::string& a, const std::string& b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - a.begin() - 60));
  const auto excerpt = [&](const std::string& text) {
    std::string out = text.substr(std::min(from, text.size()), 140);
    while (!out.empty() && (static_cast<unsigned char>(out.front()) & 0xc0) == 0x80) out.erase(0, 1);
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80) != 0) out.pop_back();
    return out;
  };
  (void)other;
  return excerpt(a) + " ≠ " + excerpt(b);
}

bool ScenarioRun::run_with(const std::vector<ReadingChoice>& readings) {
  facts_.parameters = given_;
  apply_readings(agreement_.schema(), readings, facts_);
  std::string first_text;
  for (std::size_t e = 0; e < engines_.size(); ++e) {
    Case evaluated(agreement_, facts_, scenario_.as_of);
    if (Status failed = evaluated.evaluate(*engines_[e].engine)) {
      trouble(*failed);
      return false;
    }
    std::vector<verdict::Verdict> verdicts;
    std::string text;
    if (!make_verdicts(evaluated, verdicts, text)) return false;
    if (e == 0) {
      first_text = text;
      check({evaluated.assembler().names(), agreement_.info, verdicts}, readings);
    } else if (text != first_text) {
      const std::string where = parting(first_text, text);
      trouble({Exit::findings, fmt::format("{} 与 {} 的结论不同：{}", name_of(engines_[0].kind), name_of(engines_[e].kind), where),
               fmt::format("{} and {} give different verdicts: {}", name_of(engines_[0].kind), name_of(engines_[e].kind), where)});
      return false;
    }
  }
  return true;
}

void ScenarioRun::check(const Verdicts& verdicts, const std::vector<ReadingChoice>& readings) {
  for (const Expectation& expectation : scenario_.expectations) {
    if (expectation.where != readings) continue;
    ExpectationResult result = check_expectation(verdicts, expectation);
    if (result.met) {
      result_.cited.merge(result.cited);
      continue;
    }
    FailedExpectation failure;
    failure.file = place(project_, expectation.span, failure.line);
    failure.expected = expectation.written.empty() ? std::string(project_.sources().text(expectation.span)) : expectation.written;
    failure.found_zh = result.found_zh;
    failure.found_en = result.found_en;
    result_.failures.push_back(std::move(failure));
  }
  for (const verdict::Verdict& verdict : verdicts.all) {
    result_.reached.insert(verdict.findings.begin(), verdict.findings.end());
    result_.reached.insert(verdict.not_applicable.begin(), verdict.not_applicable.end());
    for (const verdict::RemedyEntry& entry : verdict.remedies)
      if (entry.state == verdict::State::applies) result_.reached.insert(entry.cites.begin(), entry.cites.end());
    for (const verdict::DutyEntry& entry : verdict.duties)
      if (entry.state != verdict::DutyState::not_applicable) result_.reached.insert(verdicts.info.duties[entry.duty].cite);
    for (const verdict::FlagEntry& entry : verdict.flags) result_.reached.insert(entry.cite);
    for (const verdict::ReportEntry& entry : verdict.reports) result_.reached.insert(verdicts.info.reports[entry.report].cite);
  }
}

void ScenarioRun::run() {
  if (Status failed = facts_of(agreement_.schema(), scenario_, facts_)) return trouble(*failed);
  given_ = facts_.parameters;
  // One evaluation for each choice of readings that some expectation asks about; the chosen ones always.
  std::vector<std::vector<ReadingChoice>> choices{{}};
  for (const Expectation& expectation : scenario_.expectations)
    if (std::find(choices.begin(), choices.end(), expectation.where) == choices.end()) choices.push_back(expectation.where);
  for (const auto& readings : choices)
    if (!run_with(readings)) return;
}

}  // namespace

std::size_t TestReport::passed() const {
  return static_cast<std::size_t>(std::count_if(scenarios.begin(), scenarios.end(), [](const ScenarioResult& r) { return r.passed(); }));
}

Status ScenarioRunner::prepare(const std::vector<EngineKind>& engines) {
  engines_.clear();
  for (const EngineKind kind : engines) {
    engines_.push_back({kind, nullptr});
    if (Status failed = make_engine(kind, agreement_, {}, engines_.back().engine)) return failed;
  }
  return std::nullopt;
}

ScenarioResult ScenarioRunner::run(const Scenario& scenario) {
  ScenarioResult result;
  result.agreement = agreement_.ref.name;
  result.name = scenario.name;
  result.file = place(project_, scenario.span, result.line);
  ScenarioRun(project_, agreement_, scenario, engines_, result).run();
  return result;
}

Status run_scenarios_of(const Project& project, const CompiledAgreement& agreement, const TestRequest& request, bool requested_only, TestReport& report) {
  ScenarioRunner runner(project, agreement);
  if (Status failed = runner.prepare(request.engines)) return failed;
  for (const Scenario& scenario : agreement.compiled.scenarios) {
    if (requested_only && !project.requested(scenario.span.file)) continue;
    if (!request.filter.empty() && scenario.name.find(request.filter) == std::string::npos) continue;
    report.scenarios.push_back(runner.run(scenario));
  }
  return std::nullopt;
}

Status run_scenarios(const Project& project, const TestRequest& request, diag::Diagnostics& diagnostics, TestReport& report) {
  for (const check::AgreementRef& ref : check::agreements(project.parsed())) {
    CompiledAgreement agreement;
    if (Status failed = compile(project, ref, diagnostics, agreement)) {
      if (failed->exit == Exit::findings) continue;
      return failed;
    }
    if (Status failed = run_scenarios_of(project, agreement, request, true, report)) return failed;
  }
  return diagnostics.has_errors() ? Status(findings()) : std::nullopt;
}

}  // namespace tiao::driver
