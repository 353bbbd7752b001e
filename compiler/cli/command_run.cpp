#include <CLI/CLI.hpp>

#include <memory>

#include <fmt/format.h>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/run.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::cli {
namespace {

struct RunOptions {
  driver::RunRequest request;
  std::string as_of, since, format = "table", engine = "auto";
};

verdict::Format format_of(const std::string& name) {
  if (name == "json") return verdict::Format::json;
  if (name == "ndjson") return verdict::Format::ndjson;
  return name == "csv" ? verdict::Format::csv : verdict::Format::table;
}

// How far `--readings all` went.
std::string readings_words(const driver::RunReport& report, bool zh) {
  const verdict::ReadingsTried& tried = report.readings;
  if (tried.all)
    return fmt::format(fmt::runtime(zh ? "读法 {} 项，全部 {} 种组合都试算了" : "{} readings, in all {} combinations"), tried.readings, tried.combinations);
  const std::string alone = fmt::format(fmt::runtime(zh ? "读法 {} 项：逐项单独改换，与个案有关的再相互组合（一案至多 {} 种）"
                                                        : "{} readings: each alone, and those that bear on a case together (at most {} combinations a case)"),
                                        tried.readings, tried.combinations);
  if (report.stopped == 0) return alone;
  return alone + fmt::format(fmt::runtime(zh ? "；{} 案的组合没有试完" : "; for {} cases not all of these were tried"), report.stopped);
}

int run(const Common& common, const RunOptions& options) {
  driver::RunRequest request = options.request;
  request.format = format_of(options.format);
  request.language = common.language();
  request.engine = engine_of(options.engine);
  if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.as_of)) return fail(common, *failed);
  if (!options.since.empty())
    if (driver::Status failed = driver::parse_day(options.since, "--since", request.since.emplace())) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = open_project(common, request.agreement, project, Purpose::run)) return fail(common, *failed);
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::RunReport report;
  const driver::Status failed = driver::run(project, request, bar.callback(), diagnostics, report);
  bar.clear();
  if (told(common, project, diagnostics, failed)) return fail(common, *failed);
  if (request.explain_plan) return finish(common, report.plan);
  const std::string engine = request.engine == driver::EngineKind::automatic ? words(report.engine, common.language()) : options.engine;
  note(summary_words(report.summary, engine, report.rows, common.language()));
  if (report.readings.combinations != 0) note(readings_words(report, common.zh));
  if (report.skipped != 0)
    note(common.zh ? "略过只由其他协议声明的字段 " + std::to_string(report.skipped) + " 处"
                   : std::to_string(report.skipped) + " fields skipped that only other agreements declare");
  return 0;
}

void declare(CLI::App& command, const Common& common, RunOptions& options) {
  driver::RunRequest& request = options.request;
  agreement_option(command, common, request.agreement);
  facts_option(command, common, request.facts);
  as_of_option(command, common, options.as_of);
  since_option(command, common, options.since);
  command.add_option("--readings", request.readings, common.say("读法：名称=选择，…；all 为逐一试算", "readings: NAME=CHOICE,…; all tries them all"));
  format_option(command, common, options.format, {"table", "json", "ndjson", "csv"});
  out_option(command, common, request.out);
  engine_option(command, common, options.engine);
  command.add_flag("--explain-plan", request.explain_plan,
                   common.say("不运行，只列出编译引擎的各阶段、内核、每行字节数，以及这些事实预计所占内存", "do not run: list stages, kernels and bytes a row of the compiled engine, and the memory expected for these facts"));
  command.add_option("--only", request.only, common.say("只看一个对象：KEY 或 名册:KEY", "one subject alone: KEY or ENTITY:KEY"));
  limit_options(command, common, request);
}

}  // namespace

void add_run(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"run", "对事实作出结论", "verdicts from facts",
                "  tiao run tianjin.practitioner --facts FACTS --as-of 2025-12-31\n"
                "  tiao run tianjin.practitioner --facts FACTS --as-of 2025-12-31 --format json --only P0042\n"
                "  tiao run jining.practitioner --facts FACTS --as-of 2024-12-31 --readings all --format ndjson --out verdicts.ndjson\n"},
              declare, run);
}

}  // namespace tiao::cli
