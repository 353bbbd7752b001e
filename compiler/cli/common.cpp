#include "compiler/cli/common.hpp"

#include <cstdio>

#include <unistd.h>

namespace tiao::cli {

int fail(const Common& common, const driver::Failure& failure) {
  const std::string& text = common.zh ? failure.zh : failure.en;
  if (!text.empty()) note(std::string(common.say("tiao：", "tiao: ")) + text);
  return code(failure.exit);
}

void show(const Common& common, const source::SourceMap& sources, const diag::Diagnostics& diagnostics) {
  diag::RenderOptions options;
  options.language = common.zh ? diag::Language::zh : diag::Language::en;
  options.colour = diag::wants_colour(STDERR_FILENO);
  const std::string text = diag::render_text(sources, diagnostics, options);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

driver::Status told(const Common& common, const driver::Project& project, diag::Diagnostics& diagnostics, driver::Status status) {
  diagnostics.sort();
  show(common, project.sources(), diagnostics);
  return status;
}

void note(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

bool put(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

int finish(const Common& common, const std::string& text, driver::Exit done) { return put(text) ? code(done) : fail_output(common); }

int fail_output(const Common& common) { return fail(common, driver::usage("写入标准输出失败", "writing standard output failed")); }

driver::Status open_project(const Common& common, const std::string& agreement, driver::Project& project, Purpose purpose) {
  driver::ProjectRequest request{common.project, {}};
  const std::string file = agreement.substr(0, agreement.rfind('@'));   // FILE@DATE
  if (file.ends_with(".tiao") || file.ends_with(".md")) request.paths.push_back(file);
  request.scenarios = purpose == Purpose::inspect;
  if (driver::Status failed = project.load(request)) return failed;
  if (purpose == Purpose::run || !project.syntax_errors()) return std::nullopt;   // a run may have no need to parse
  show(common, project.sources(), project.diagnostics());
  return driver::findings();
}

}  // namespace tiao::cli
