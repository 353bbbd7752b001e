#include "compiler/driver/dump.hpp"

#include <fmt/format.h>

#include "compiler/core/printer.hpp"
#include "compiler/jit/engine.hpp"
#include "compiler/syntax/printer.hpp"

namespace tiao::driver {
namespace {

const char* status_name(NodeStatus status) {
  switch (status) {
    case NodeStatus::structural: return "structural";
    case NodeStatus::executable: return "executable";
    case NodeStatus::recorded: return "recorded";
    case NodeStatus::elsewhere: return "elsewhere";
  }
  return "";
}

std::string document(const Schema& schema) {
  std::string out;
  for (const Node& node : schema.nodes) {
    std::size_t depth = 0;
    for (NodeId up = node.parent; up != none; up = schema.nodes[up].parent) ++depth;
    out += fmt::format("{}{}", std::string(2 * depth, ' '), node.address.empty() ? node.agreement : node.address);
    if (!node.label.empty()) out += fmt::format(" \"{}\"", node.label);
    out += fmt::format(" {}", status_name(node.status));
    if (!node.reason.empty()) out += fmt::format(": {}", node.reason);
    out += '\n';
  }
  return out;
}

}  // namespace

const std::vector<std::string>& dump_stages() {
  static const std::vector<std::string> stages{"ast", "document", "core", "plan", "llvm"};
  return stages;
}

Status dump(const Project& project, const check::AgreementRef& agreement, const std::string& stage, diag::Diagnostics& diagnostics, std::string& out) {
  if (stage == "ast") {
    out = syntax::dump(project.parsed().files[agreement.file].ast);
    return std::nullopt;
  }
  CompiledAgreement compiled;
  if (Status failed = compile(project, agreement, diagnostics, compiled)) return failed;
  const core::Program& program = compiled.compiled.program;
  if (stage == "document") {
    out = document(compiled.schema());
  } else if (stage == "core") {
    out = core::print(program);
  } else {
    jit::Options options;
    options.cache_dir.clear();
    options.keep_llvm = stage == "llvm";
    const jit::Engine::Made made = jit::Engine::compile(program, options);
    if (!made.engine) return internal_error("编译引擎出错：" + made.error, "the compiled engine failed: " + made.error);
    out = stage == "llvm" ? made.engine->llvm() : plan::print(made.engine->plan(), program);
  }
  return std::nullopt;
}

}  // namespace tiao::driver
