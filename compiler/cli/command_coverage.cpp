#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/driver/coverage.hpp"

namespace tiao::cli {
namespace {

struct CoverageOptions {
  std::string agreement, format = "text";
};

int coverage(const Common& common, const CoverageOptions& options) {
  driver::Project project;
  if (driver::Status failed = open_project(common, options.agreement, project)) return fail(common, *failed);
  diag::Diagnostics diagnostics;
  driver::CoverageReport report;
  const driver::Status failed = driver::coverage(project, options.agreement, diagnostics, report);
  diagnostics.sort();
  show(common, project.sources(), diagnostics);
  if (failed) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::coverage_json(report) : driver::coverage_text(report, common.zh),
                report.missing == 0 ? driver::Exit::done : driver::Exit::findings);
}

}  // namespace

void add_coverage(CLI::App& app, Common& common, Action& action) {
  CLI::App* command = add_command(app, common, action, "coverage", "每个地址是否都有着落", "is every address accounted for",
                                  "  tiao coverage tianjin.practitioner\n  tiao coverage jining.practitioner --format json\n");
  const auto options = std::make_shared<CoverageOptions>();
  command->add_option("AGREEMENT", options->agreement, common.say("协议文本的名称或文件；加 @日期 则各行都依那一天有效的文本", "name of an agreement, or its file; with @DATE every row is judged by the text in force on that day"))->required();
  command->add_option("--format", options->format, common.say("输出格式", "form of the output"))
      ->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  command->callback([&common, &action, options] { action = [&common, options] { return coverage(common, *options); }; });
}

}  // namespace tiao::cli
