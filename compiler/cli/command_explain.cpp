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
  request.run.engine = options.engine == "jit" ? driver::EngineKind::jit : driver::EngineKind::interp;
  if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.run.as_of)) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = open_project(common, request.run.agreement, project, Purpose::run)) return fail(common, *failed);
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::Explanation explanation;
  const driver::Status failed = driver::explain(project, request, bar.callback(), diagnostics, explanation);
  bar.clear();
  diagnostics.sort();
  show(common, project.sources(), diagnostics);
  if (failed) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::explanation_json(explanation) : driver::explanation_text(explanation, common.language(), options.trace));
}

}  // namespace

void add_explain(CLI::App& app, Common& common, Action& action) {
  CLI::App* command = add_command(app, common, action, "explain", "说明一个对象的结论", "why one subject's verdict is what it is",
                                  "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case P0042\n"
                                  "  tiao explain tianjin.practitioner --facts FACTS --as-of 2025-12-31 --case facility:F001 --format json\n");
  const auto options = std::make_shared<ExplainOptions>();
  driver::RunRequest& request = options->request.run;
  command->add_option("AGREEMENT", request.agreement, common.say("协议文本的名称或文件；加 @日期 则各行都依那一天有效的文本", "name of an agreement, or its file; with @DATE every row is judged by the text in force on that day"))->required();
  command->add_option("--facts", request.facts, common.say("事实：JSON 文件，或每个名册一个文件的目录", "facts: a JSON file, or a folder with one file a register"))->required();
  command->add_option("--as-of", options->as_of, common.say("截至日", "the day on which the case stands"))->required();
  command->add_option("--case", request.only, common.say("对象：KEY 或 名册:KEY", "the subject: KEY or ENTITY:KEY"))->required();
  command->add_option("--readings", request.readings, common.say("读法：名称=选择，…", "readings: NAME=CHOICE,…"));
  command->add_option("--remedy", options->request.remedy, common.say("只说明这一种处理", "this remedy alone"));
  command->add_flag("--trace", options->trace, common.say("显示每一步推算", "show every step of the evaluation"));
  command->add_option("--engine", options->engine, common.say("引擎", "engine"))->check(CLI::IsMember({"jit", "interp"}))->capture_default_str();
  command->add_option("--format", options->format, common.say("输出格式", "form of the output"))
      ->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->callback([&common, &action, options] { action = [&common, options] { return explain(common, *options); }; });
}

}  // namespace tiao::cli
