#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/driver/dump.hpp"

namespace tiao::cli {
namespace {

struct DumpOptions {
  std::string agreement, stage = "core", kernel;
};

int dump(const Common& common, const DumpOptions& options) {
  if (!options.kernel.empty() && options.stage != "llvm") return fail(common, driver::usage("--kernel 要与 --stage llvm 同用", "--kernel goes with --stage llvm"));
  driver::Project project;
  if (driver::Status failed = open_project(common, options.agreement, project)) return fail(common, *failed);
  check::AgreementRef agreement;
  if (driver::Status failed = driver::find_agreement(project, options.agreement, agreement)) return fail(common, *failed);
  diag::Diagnostics diagnostics;
  std::string text;
  if (driver::Status failed = told(common, project, diagnostics, driver::dump(project, agreement, options.stage, options.kernel, diagnostics, text))) return fail(common, *failed);
  return finish(common, text);
}

void declare(CLI::App& command, const Common& common, DumpOptions& options) {
  command.add_option("AGREEMENT", options.agreement, common.say("协议文本的名称或文件", "name of an agreement, or its file"))->required();
  command.add_option("--stage", options.stage, common.say("阶段", "which pass"))->check(CLI::IsMember(driver::dump_stages()))->capture_default_str();
  command.add_option("--kernel", options.kernel, common.say("只看一个内核的 LLVM IR；名称见 --stage plan", "the LLVM IR of one kernel alone; --stage plan names them"));
}

}  // namespace

void add_dump(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"dump", "显示编译各阶段的结果", "show what a pass of the compiler hands on",
                "  tiao dump tianjin.practitioner --stage document\n  tiao dump jining.practitioner --stage core\n"
                "  tiao dump jining.practitioner --stage plan\n  tiao dump jining.practitioner --stage llvm --kernel kernel_12\n"},
              declare, dump);
}

}  // namespace tiao::cli
