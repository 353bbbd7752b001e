#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/pack_facts.hpp"

namespace tiao::cli {
namespace {

int pack(const Common& common, const driver::PackRequest& request) {
  driver::Project project;
  if (driver::Status failed = open_project(common, request.agreement, project, Purpose::run)) return fail(common, *failed);
  ProgressBar bar(common);
  diag::Diagnostics diagnostics;
  driver::PackReport report;
  const driver::Status failed = driver::pack_facts(project, request, bar.callback(), diagnostics, report);
  bar.clear();
  if (told(common, project, diagnostics, failed)) return fail(common, *failed);
  note(fmt::format(fmt::runtime(common.say("已打包 {} 行，{} 字节：{}", "packed {} rows, {} bytes: {}")), report.rows, report.bytes, request.out));
  if (report.skipped != 0) note(fmt::format(fmt::runtime(common.say("略过只由其他协议声明的字段 {} 处", "{} fields skipped that only other agreements declare")), report.skipped));
  return 0;
}

void declare(CLI::App& command, const Common& common, driver::PackRequest& request) {
  agreement_option(command, common, request.agreement);
  facts_option(command, common, request.facts);
  command.add_option("--out", request.out, common.say("写入的 .tiaof 文件（完成后才出现）", "the .tiaof file to write, which appears when it is whole"))->required();
  command.add_option("--jobs", request.jobs, common.say("线程数；0 为处理器个数", "threads; 0 takes one a processor"))->capture_default_str();
}

}  // namespace

void add_facts(CLI::App& app, Common& common, Action& action) {
  const char* const examples = "  tiao facts pack tianjin.practitioner --facts FACTS --out facts.tiaof\n"
                               "  tiao run tianjin.practitioner --facts facts.tiaof --as-of 2025-12-31\n";
  CLI::App& facts = new_command(app, common, CommandText{"facts", "事实文件", "files of facts", examples});
  facts.require_subcommand(1);
  help_words(facts, common);
  add_command(facts, common, action,
              CommandText{"pack", "核对事实并打包成一个文件：同样的事实反复运行时，几毫秒即可载入", "checks facts and packs them into one file, which loads in milliseconds when runs are repeated over them", examples},
              declare, pack);
}

}  // namespace tiao::cli
