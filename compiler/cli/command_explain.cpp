#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/explain.hpp"

namespace tiao::cli {
namespace {

struct ExplainOptions {
  driver::ExplainRequest request;
  std::string as_of, format = "text", engine = "jit";
  bool trace = false;
};

int explain(const Common& common, const ExplainOptions& options) {
  driver::ExplainRequest request = options.request;
  request.run.language = common.language();
  request.run.engine = engine_of(options.engine);
  if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.run.as_of)) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = open_project(common, request.run.agreement, project, Purpose::run)) return fail(common, *failed);
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
  command.add_option("--remedy", options.request.remedy, common.say("只说明这一种处理", "this remedy alone"));
  command.add_flag("--trace", options.trace, common.say("显示每一步推算", "show every step of the evaluation"));
  engine_option(command, common, options.engine);
  format_option(command, common, options.format, {"text", "json"});
}

}  // namespace

void add_explain(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"explain", "说明一个对象的结论", "why one subject's verdict is what it is",
                "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case P0042\n"
                "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case facility:F001 --format json\n"},
              declare, explain);
}

}  // namespace tiao::cli
