// `tiao test`: every scenario on both engines, and what it expects against what comes out.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver {

struct TestRequest {
  std::string filter;                              // part of a scenario's name; empty: all
  std::vector<EngineKind> engines;                 // the first one's verdicts are compared with the expectations
};

struct NamedEngine { EngineKind kind; std::unique_ptr<Engine> engine; };

struct FailedExpectation {
  std::string file;
  std::uint32_t line = 0;
  std::string expected, found_zh, found_en;
};

struct ScenarioResult {
  std::string agreement, name, file;
  std::uint32_t line = 0;
  std::vector<FailedExpectation> failures;
  std::string trouble_zh, trouble_en;              // it could not be run, or the engines differ
  std::set<NodeId> cited, reached;                 // of the agreement's nodes, when it passed
  bool passed() const { return failures.empty() && trouble_en.empty(); }
};

struct TestReport {
  std::vector<ScenarioResult> scenarios;
  std::size_t passed() const;
  std::size_t failed() const { return scenarios.size() - passed(); }
};

/// Runs the scenarios of the project's requested files. Errors in clauses go to `diagnostics`.
Status run_scenarios(const Project& project, const TestRequest& request, diag::Diagnostics& diagnostics, TestReport& report);
/// Those of one agreement, wherever they stand.
Status run_scenarios_of(const Project& project, const CompiledAgreement& agreement, const TestRequest& request, bool requested_only, TestReport& report);

/// One agreement's scenarios, one at a time, on engines that are made once. The agreement must outlive it.
class ScenarioRunner {
 public:
  ScenarioRunner(const Project& project, const CompiledAgreement& agreement) : project_(project), agreement_(agreement) {}
  Status prepare(const std::vector<EngineKind>& engines);
  ScenarioResult run(const check::Scenario& scenario);

 private:
  const Project& project_;
  const CompiledAgreement& agreement_;
  std::vector<NamedEngine> engines_;
};

std::string test_text(const TestReport& report, bool chinese);
std::string test_junit(const TestReport& report, bool chinese);

}  // namespace tiao::driver
