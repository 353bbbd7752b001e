#include <CLI/CLI.hpp>

#include <memory>
#include <unistd.h>

#include "compiler/cli/common.hpp"
#include "compiler/driver/program.hpp"

namespace tiao::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> paths;
  std::string format = "text";
};

int check(const Common& common, const CheckOptions& options) {
  driver::Project project;
  if (driver::Status failed = project.load({common.project, options.paths})) return fail(common, *failed);
  const diag::Diagnostics found = driver::check_project(project);
  diag::RenderOptions render;
  render.language = common.zh ? diag::Language::zh : diag::Language::en;
  render.colour = options.format == "text" && diag::wants_colour(STDOUT_FILENO);
  const auto text = options.format == "text" ? diag::render_text : options.format == "json" ? diag::render_json : diag::render_sarif;
  return finish(common, text(project.sources(), found, render), found.has_errors() ? driver::Exit::findings : driver::Exit::done);
}

void declare(CLI::App& command, const Common& common, CheckOptions& options) {
  paths_option(command, common, options.paths);
  format_option(command, common, options.format, {"text", "json", "sarif"});
}

}  // namespace

void add_check(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"check", "检查条文文件", "check clause files",
                "  tiao check\n  tiao check clauses/tianjin --format sarif\n"},
              declare, check);
}

}  // namespace tiao::cli
