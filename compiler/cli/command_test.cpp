#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/baseline.hpp"
#include "compiler/driver/scenario_run.hpp"

namespace tiao::cli {
namespace {

struct TestOptions {
  std::vector<std::string> paths;
  std::string engine = "both", format = "text", filter;
  std::string baseline;
  std::optional<std::string> accept;
  bool unexplained = false;
};

std::vector<driver::EngineKind> engines(const std::string& name) {
  if (name != "both") return {engine_of(name)};
  return {driver::EngineKind::jit, driver::EngineKind::interp};
}

int test(const Common& common, const TestOptions& options) {
  driver::Project project;
  if (driver::Status failed = project.load({common.project, options.paths})) return fail(common, *failed);
  if (project.syntax_errors()) {
    show(common, project.sources(), project.diagnostics());
    return code(driver::Exit::findings);
  }
  diag::Diagnostics diagnostics;
  driver::TestReport report;
  const driver::Status failed = told(common, project, diagnostics, driver::run_scenarios(project, {options.filter, engines(options.engine)}, diagnostics, report));
  const int written = finish(common, options.format == "junit" ? driver::test_junit(report, common.zh) : driver::test_text(report, common.zh),
                             report.failed() == 0 ? driver::Exit::done : driver::Exit::findings);
  return failed ? fail(common, *failed) : written;
}

std::string written(const driver::BaselineReport& report, const std::string& format, bool zh) {
  if (format == "json") return driver::baseline_json(report);
  return format == "junit" ? driver::baseline_junit(report, zh) : driver::baseline_text(report, zh);
}

int baseline(const Common& common, const TestOptions& options) {
  const driver::BaselineRequest request{common.project, options.baseline, options.accept, options.unexplained, engines(options.engine)};
  ProgressBar bar(common);
  driver::BaselineReport report;
  const auto shown = [&](const source::SourceMap& sources, diag::Diagnostics& diagnostics) {
    bar.clear();
    diagnostics.sort();
    show(common, sources, diagnostics);
  };
  const driver::Status failed = driver::baseline(request, bar.callback(), shown, report);
  bar.clear();
  if (failed) return fail(common, *failed);
  if (const int exit = finish(common, written(report, options.format, common.zh), report.passed() ? driver::Exit::done : driver::Exit::findings); !report.refused) return exit;
  return fail(common, {driver::Exit::findings,
                       fmt::format("不予认可：{} 处不同没有改动的条文可以解释。请先查明原因；确要认可，加 --unexplained，将记入 log.ndjson", report.unexplained),
                       fmt::format("not accepted: no changed text explains {} of the changes. Find out why first; --unexplained accepts them all the same, and log.ndjson says so",
                                   report.unexplained)});
}

int run(const Common& common, const TestOptions& options) {
  if (!options.baseline.empty()) {
    if (options.paths.empty() && options.filter.empty()) return baseline(common, options);
    return fail(common, driver::usage("--baseline 只对照所认可的结论，不与文件或 --filter 同用", "--baseline compares accepted verdicts alone: it takes no files and no --filter"));
  }
  if (options.accept || options.unexplained) return fail(common, driver::usage("--accept、--unexplained 须与 --baseline 同用", "--accept and --unexplained go with --baseline"));
  if (options.format == "json") return fail(common, driver::usage("--format json 须与 --baseline 同用", "--format json goes with --baseline"));
  return test(common, options);
}

void declare(CLI::App& command, const Common& common, TestOptions& options) {
  paths_option(command, common, options.paths);
  command.add_option("--engine", options.engine, common.say("引擎；both 要求结论逐字节相同", "engine; both demands equal bytes"))
      ->check(CLI::IsMember({"both", "jit", "interp"}))->capture_default_str();
  format_option(command, common, options.format, {"text", "junit", "json"});
  command.add_option("--filter", options.filter, common.say("只运行名称含此文字的案例", "only scenarios whose name holds this text"));
  command.add_option("--baseline", options.baseline, common.say("目录，其中 baseline.json 写明运行什么；结论与所认可的对照",
                                                                "a folder whose baseline.json says what to run; its verdicts are compared with the accepted ones"));
  command.add_option("--accept", options.accept, common.say("认可现在的结论，理由记入 log.ndjson", "accept the verdicts as they are now; the reason goes to log.ndjson"));
  command.add_flag("--unexplained", options.unexplained, common.say("连同无改动条文可以解释的不同一并认可", "accept also differences that no changed text explains"));
}

}  // namespace

void add_test(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"test", "运行案例，或对照所认可的结论", "run scenarios, or compare accepted verdicts",
                "  tiao test\n  tiao test clauses/jining --engine interp\n  tiao test --filter \"one entry\" --format junit\n"
                "  tiao test --baseline tests/baselines/tianjin_facility\n"
                "  tiao test --baseline tests/baselines/tianjin_facility --accept \"article 76 was amended\"\n"
                "Exit code 1: a scenario fails, or a verdict is not the accepted one.\n"},
              declare, run);
}

}  // namespace tiao::cli
