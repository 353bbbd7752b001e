#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/driver/scenario_run.hpp"

namespace tiao::cli {
namespace {

struct TestOptions {
  std::vector<std::string> paths;
  std::string engine = "both", format = "text", filter;
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

void declare(CLI::App& command, const Common& common, TestOptions& options) {
  paths_option(command, common, options.paths);
  command.add_option("--engine", options.engine, common.say("引擎；both 要求结论逐字节相同", "engine; both demands equal bytes"))
      ->check(CLI::IsMember({"both", "jit", "interp"}))->capture_default_str();
  format_option(command, common, options.format, {"text", "junit"});
  command.add_option("--filter", options.filter, common.say("只运行名称含此文字的案例", "only scenarios whose name holds this text"));
}

}  // namespace

void add_test(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"test", "运行案例", "run scenarios",
                "  tiao test\n  tiao test clauses/jining --engine interp\n  tiao test --filter \"one entry\" --format junit\n"},
              declare, test);
}

}  // namespace tiao::cli
