#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/baseline.hpp"
#include "compiler/driver/mutation.hpp"
#include "compiler/driver/scenario_run.hpp"

namespace tiao::cli {
namespace {

struct TestOptions {
  std::vector<std::string> paths;
  std::string engine = "both", format = "text", filter;
  std::string baseline;
  std::optional<std::string> accept;
  bool unexplained = false;
  bool mutate = false;
  driver::MutationRequest mutation;
};

std::vector<driver::EngineKind> engines(const std::string& name) {
  if (name != "both") return {engine_of(name)};
  return {driver::EngineKind::jit, driver::EngineKind::interp};
}

int mutate(const Common& common, const TestOptions& options, const driver::Project& project) {
  driver::MutationRequest request = options.mutation;
  request.project = common.project;
  request.paths = options.paths;
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::MutationReport report;
  const driver::Status failed = driver::mutate(project, request, bar.callback(), diagnostics, report);
  bar.clear();
  diagnostics.sort();
  show(common, project.sources(), diagnostics);
  if (failed) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::mutation_json(report) : driver::mutation_text(report, common.zh),
                report.clean() ? driver::Exit::done : driver::Exit::findings);
}

driver::Status fitting(const TestOptions& options) {
  if (options.mutate) {
    if (options.format == "junit") return driver::usage("--mutate 的输出格式为 text 或 json", "with --mutate the form of the output is text or json");
    if (!options.filter.empty()) return driver::usage("--mutate 用全部案例，不与 --filter 合用", "--mutate asks all scenarios, and does not go with --filter");
    return std::nullopt;
  }
  if (options.format == "json") return driver::usage("--format json 须与 --baseline 或 --mutate 同用", "--format json goes with --baseline or --mutate");
  return std::nullopt;
}

int test(const Common& common, const TestOptions& options) {
  if (driver::Status failed = fitting(options)) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = project.load({common.project, options.paths})) return fail(common, *failed);
  if (project.syntax_errors()) {
    show(common, project.sources(), project.diagnostics());
    return code(driver::Exit::findings);
  }
  if (options.mutate) return mutate(common, options, project);
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
    if (options.paths.empty() && options.filter.empty() && !options.mutate) return baseline(common, options);
    return fail(common, driver::usage("--baseline 只对照所认可的结论，不与文件或 --filter 同用", "--baseline compares accepted verdicts alone: it takes no files and no --filter"));
  }
  if (options.accept || options.unexplained) return fail(common, driver::usage("--accept、--unexplained 须与 --baseline 同用", "--accept and --unexplained go with --baseline"));
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
  CLI::Option* mutate = command.add_flag("--mutate", options.mutate, common.say("逐个改动条款中的数值、界限、措辞、列项、例外和日期，看哪些没有案例发现",
                                                            "change numbers, boundaries, modalities, items, exceptions and dates of the clauses one at a time, and tell which of it no scenario notices"));
  command.add_option("--address", options.mutation.address, common.say("只改动此地址（或 甲..乙）之下", "only change what stands under this address, or A..B"))->needs(mutate);
  command.add_option("--max-mutants", options.mutation.max_mutants, common.say("每个文本只抽取这么多；0 为全部", "try a sample of so many for each agreement; 0 tries all"))->needs(mutate)->capture_default_str();
  command.add_option("--seed", options.mutation.seed, common.say("抽样的种子", "seed of the sample"))->needs(mutate)->capture_default_str();
  command.add_option("--jobs", options.mutation.jobs, common.say("线程数；0 为处理器个数", "threads; 0 takes one a processor"))->needs(mutate)->capture_default_str();
  command.add_flag("--unexplained", options.unexplained, common.say("连同无改动条文可以解释的不同一并认可", "accept also differences that no changed text explains"));
}

}  // namespace

void add_test(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"test", "运行案例，或对照所认可的结论", "run scenarios, or compare accepted verdicts",
                "  tiao test\n  tiao test clauses/jining --engine interp\n  tiao test --filter \"one entry\" --format junit\n"
                "  tiao test --baseline tests/baselines/tianjin_facility\n"
                "  tiao test --baseline tests/baselines/tianjin_facility --accept \"article 76 was amended\"\n"
                "  tiao test --mutate clauses/jining/practitioner\n"
                "  tiao test --mutate --address 第六十一条..第六十六条 clauses/region/facility --format json\n"
                "Exit code 1: a scenario fails, a verdict is not the accepted one, or (--mutate) a change of the text that no *.mutants file\n"
                "lists is noticed by no scenario.\n"},
              declare, run);
}

}  // namespace tiao::cli
