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
  if (driver::Status failed = told(common, project, diagnostics, driver::coverage(project, options.agreement, diagnostics, report))) return fail(common, *failed);
  return finish(common, options.format == "json" ? driver::coverage_json(report) : driver::coverage_text(report, common.zh),
                report.missing == 0 ? driver::Exit::done : driver::Exit::findings);
}

void declare(CLI::App& command, const Common& common, CoverageOptions& options) {
  agreement_option(command, common, options.agreement);
  format_option(command, common, options.format, {"text", "json"});
}

}  // namespace

void add_coverage(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"coverage", "每个地址是否都有着落", "is every address accounted for",
                "  tiao coverage tianjin.practitioner\n  tiao coverage jining.practitioner --format json\n"},
              declare, coverage);
}

}  // namespace tiao::cli
