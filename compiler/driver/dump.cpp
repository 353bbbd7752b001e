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

// One function of a module's text: from its `define` to the brace that closes it.
Status only_kernel(const plan::Plan& plan, const std::string& name, std::string& llvm) {
  std::string names;
  bool there = false;
  for (const plan::Kernel& kernel : plan.kernels) {
    if (kernel.idle) continue;
    names += (names.empty() ? "" : ", ") + kernel.name;
    there = there || kernel.name == name;
  }
  if (!there) return usage(fmt::format("没有内核“{}”；有：{}", name, names), fmt::format("there is no kernel \"{}\"; there are: {}", name, names));
  const std::size_t at = llvm.rfind("define ", llvm.find("@" + name + "("));
  llvm = llvm.substr(at, llvm.find("\n}\n", at) + 3 - at);
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& dump_stages() {
  static const std::vector<std::string> stages{"ast", "document", "core", "plan", "llvm"};
  return stages;
}

Status dump(const Project& project, const check::AgreementRef& agreement, const std::string& stage, const std::string& kernel, diag::Diagnostics& diagnostics, std::string& out) {
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
    if (!kernel.empty()) {
      out = made.engine->llvm();
      return only_kernel(made.engine->plan(), kernel, out);
    }
    out = stage == "llvm" ? made.engine->llvm() : plan::print(made.engine->plan(), program);
  }
  return std::nullopt;
}

}  // namespace tiao::driver
