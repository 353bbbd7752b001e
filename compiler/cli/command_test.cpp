#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/mutation.hpp"
#include "compiler/driver/scenario_run.hpp"

namespace tiao::cli {
namespace {

struct TestOptions {
  std::vector<std::string> paths;
  std::string engine = "both", format = "text", filter;
  bool mutate = false;
  driver::MutationRequest mutation;
};

std::vector<driver::EngineKind> engines(const std::string& name) {
  if (name == "jit") return {driver::EngineKind::jit};
  if (name == "interp") return {driver::EngineKind::interp};
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
  if (options.format == "json") return driver::usage("--format json 须与 --mutate 合用", "--format json goes with --mutate");
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
  const driver::Status failed = driver::run_scenarios(project, {options.filter, engines(options.engine)}, diagnostics, report);
  diagnostics.sort();
  show(common, project.sources(), diagnostics);
  const int written = finish(common, options.format == "junit" ? driver::test_junit(report, common.zh) : driver::test_text(report, common.zh),
                             report.failed() == 0 ? driver::Exit::done : driver::Exit::findings);
  return failed ? fail(common, *failed) : written;
}

}  // namespace

void add_test(CLI::App& app, Common& common, Action& action) {
  CLI::App* command = add_command(app, common, action, "test", "运行案例", "run scenarios",
                                  "  tiao test\n  tiao test clauses/jining --engine interp\n  tiao test --filter \"one entry\" --format junit\n"
                                  "  tiao test --mutate clauses/jining/practitioner\n"
                                  "  tiao test --mutate --address 第六十一条..第六十六条 clauses/region/facility --format json\n"
                                  "Exit code 1: a scenario fails; with --mutate: a change of the text that no scenario notices and no *.mutants file lists.\n");
  const auto options = std::make_shared<TestOptions>();
  command->add_option("PATHS", options->paths, common.say("文件或目录；缺省为整个项目", "files or folders; the whole project by default"));
  command->add_option("--engine", options->engine, common.say("引擎；both 要求结论逐字节相同", "engine; both demands equal bytes"))
      ->check(CLI::IsMember({"both", "jit", "interp"}))->capture_default_str();
  command->add_option("--format", options->format, common.say("输出格式；json 须与 --mutate 合用", "form of the output; json with --mutate"))
      ->check(CLI::IsMember({"text", "junit", "json"}))->capture_default_str();
  command->add_option("--filter", options->filter, common.say("只运行名称含此文字的案例", "only scenarios whose name holds this text"));
  CLI::Option* mutate = command->add_flag("--mutate", options->mutate, common.say("逐个改动条款中的数值、界限、措辞、列项、例外和日期，看哪些没有案例发现",
                                                            "change numbers, boundaries, modalities, items, exceptions and dates of the clauses one at a time, and tell which of it no scenario notices"));
  command->add_option("--address", options->mutation.address, common.say("只改动此地址（或 甲..乙）之下", "only change what stands under this address, or A..B"))->needs(mutate);
  command->add_option("--max-mutants", options->mutation.max_mutants, common.say("每个文本只抽取这么多；0 为全部", "try a sample of so many for each agreement; 0 tries all"))->needs(mutate)->capture_default_str();
  command->add_option("--seed", options->mutation.seed, common.say("抽样的种子", "seed of the sample"))->needs(mutate)->capture_default_str();
  command->add_option("--jobs", options->mutation.jobs, common.say("线程数；0 为处理器个数", "threads; 0 takes one a processor"))->needs(mutate)->capture_default_str();
  command->callback([&common, &action, options] { action = [&common, options] { return test(common, *options); }; });
}

}  // namespace tiao::cli
