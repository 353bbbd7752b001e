#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/explain.hpp"
#include "compiler/driver/what_if.hpp"

namespace tiao::cli {
namespace {

struct ExplainOptions {
  driver::ExplainRequest request;
  std::string as_of, format = "text", engine = "auto";
  std::vector<std::string> turned;   // remedies to be turned by other facts
  const CLI::Option* what_if = nullptr;
  bool trace = false;
};

int what_if(const Common& common, const driver::Project& project, const driver::RunRequest& run, const ExplainOptions& options) {
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::WhatIf found;
  std::vector<std::string> remedies = options.turned;
  std::erase(remedies, std::string{});   // the option stands alone
  const driver::Status failed = driver::what_if(project, {run, remedies}, bar.callback(), diagnostics, found);
  bar.clear();
  if (told(common, project, diagnostics, failed)) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::what_if_json(found) : driver::what_if_text(found, common.language()));
}

int explain(const Common& common, const ExplainOptions& options) {
  driver::ExplainRequest request = options.request;
  request.run.language = common.language();
  request.run.engine = engine_of(options.engine);
  if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.run.as_of)) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = open_project(common, request.run.agreement, project, Purpose::run)) return fail(common, *failed);
  if (options.what_if->count() != 0) return what_if(common, project, request.run, options);
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::Explanation explanation;
  const driver::Status failed = driver::explain(project, request, bar.callback(), diagnostics, explanation);
  bar.clear();
  if (told(common, project, diagnostics, failed)) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::explanation_json(explanation) : driver::explanation_text(explanation, common.language(), options.trace));
}

void declare(CLI::App& command, const Common& common, ExplainOptions& options) {
  driver::RunRequest& request = options.request.run;
  agreement_option(command, common, request.agreement);
  facts_option(command, common, request.facts);
  as_of_option(command, common, options.as_of);
  command.add_option("--case", request.only, common.say("对象：KEY 或 名册:KEY", "the subject: KEY or ENTITY:KEY"))->required();
  command.add_option("--readings", request.readings, common.say("读法：名称=选择，…", "readings: NAME=CHOICE,…"));
  CLI::Option* remedy = command.add_option("--remedy", options.request.remedy, common.say("只说明这一种处理", "this remedy alone"));
  CLI::Option* what_if = command.add_option("--what-if", options.turned,
                                            common.say("改动哪一两项事实会使处理出现或消失（可列处理方式；缺省为结论所列的全部）",
                                                       "which changes of one or two facts would turn remedies on or off (those named; all that the verdict lists by default)"))
                             ->expected(0, -1)->delimiter(',')->type_name("REMEDY…");
  CLI::Option* trace = command.add_flag("--trace", options.trace, common.say("显示每一步推算", "show every step of the evaluation"));
  trace->excludes(what_if);
  remedy->excludes(what_if);
  options.what_if = what_if;
  engine_option(command, common, options.engine);
  format_option(command, common, options.format, {"text", "json"});
}

}  // namespace

void add_explain(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"explain", "说明一个对象的结论", "why one subject's verdict is what it is",
                "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case P0042\n"
                "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case facility:F001 --format json\n"
                "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case P0042 --what-if suspend_eligibility\n"},
              declare, explain);
}

}  // namespace tiao::cli
