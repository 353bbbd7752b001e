#include <CLI/CLI.hpp>

#include <memory>

#include "compiler/cli/common.hpp"
#include "compiler/driver/consolidate.hpp"
#include "compiler/driver/run.hpp"
#include "runtime/verdict/output.hpp"

namespace tiao::cli {
namespace {

struct ConsolidateOptions {
  driver::ConsolidateRequest request;
  std::string as_of, format = "tiao", out;
};

int consolidate(const Common& common, const ConsolidateOptions& options) {
  driver::ConsolidateRequest request = options.request;
  request.html = options.format == "html";
  request.chinese = common.zh;
  if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.as_of)) return fail(common, *failed);
  driver::Project project;
  if (driver::Status failed = open_project(common, request.agreement, project)) return fail(common, *failed);
  diag::Diagnostics diagnostics;
  driver::ConsolidatedText text;
  if (driver::Status failed = told(common, project, diagnostics, driver::consolidated(project, request, diagnostics, text))) return fail(common, *failed);
  if (!text.blanks.empty()) {
    std::string names;
    for (const std::string& name : text.blanks) names += (names.empty() ? "" : ", ") + name;
    const std::string zh = "补充文本自何日起有效取决于未填的空白：" + names + "；用 --set 名称=日期 填写", en = "from when a supplement is in force depends on blanks: " + names + "; set them with --set NAME=DATE";
    if (!request.html) return fail(common, driver::Failure{driver::Exit::usage, zh, en});
    note(common.zh ? zh : en);   // the page shows both texts and says so
  }
  const std::string whole = request.html ? driver::consolidated_html(project, request, text) : driver::consolidated_tiao(project, request, text);
  verdict::Output output(options.out);
  output.text() = whole;
  if (!output.finish()) return fail(common, driver::Failure{driver::Exit::usage, "无法写入“" + options.out + "”", "cannot write \"" + options.out + "\""});
  return 0;
}

void declare(CLI::App& command, const Common& common, ConsolidateOptions& options) {
  command.add_option("AGREEMENT", options.request.agreement, common.say("协议文本（含其全部补充）或补充文本的名称", "name of an agreement, with all its supplements, or of a supplement"))->required();
  command.add_option("--as-of", options.as_of, common.say("截至日", "the day"))->required();
  command.add_option("--format", options.format, common.say("输出格式：Tiao 源文本，或带修改标记的单个网页", "Tiao source, or one page with the changes marked"))
      ->check(CLI::IsMember({"tiao", "html"}))->capture_default_str();
  command.add_option("--set", options.request.set, common.say("填写空白：名称=值", "sets a blank: NAME=VALUE"));
  out_option(command, common, options.out);
}

}  // namespace

void add_consolidate(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"consolidate", "某日的合并文本", "a text as it stands on a day, its supplements worked in",
                "  tiao consolidate tianjin.facility --as-of 2025-09-30 --set year_start=2025-01-01\n"
                "  tiao consolidate tianjin.facility --as-of 2025-09-30 --format html --out agreement.html\n"},
              declare, consolidate);
}

}  // namespace tiao::cli
