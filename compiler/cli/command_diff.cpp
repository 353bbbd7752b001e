#include <CLI/CLI.hpp>

#include <memory>

#include <fmt/format.h>

#include "compiler/cli/common.hpp"
#include "compiler/cli/progress.hpp"
#include "compiler/driver/diff.hpp"
#include "runtime/verdict/output.hpp"

namespace tiao::cli {
namespace {

struct DiffOptions {
  driver::DiffRequest request;
  std::string as_of, since, format = "text", engine = "auto", out;
};

std::string written(const driver::DiffReport& report, const std::string& format, bool zh) {
  if (format == "json") return driver::diff_json(report);
  if (format == "csv") return driver::diff_csv(report);
  if (format == "html") return driver::diff_html(report, zh);
  return format == "junit" ? driver::diff_junit(report, zh) : driver::diff_text(report, zh);
}

int diff(const Common& common, const DiffOptions& options) {
  driver::DiffRequest request = options.request;
  request.project = common.project;
  request.engine = engine_of(options.engine);
  if (options.as_of.empty() && !request.facts.empty()) return fail(common, driver::usage("有 --facts 时要给 --as-of", "--facts needs --as-of"));
  if (request.facts.empty() && (request.blame || options.format == "csv" || options.format == "junit"))
    return fail(common, driver::usage("--blame 和 csv、junit 格式要有 --facts", "--blame, csv and junit need --facts"));
  if (options.format == "html") request.reasons = {common.zh ? verdict::Language::zh : verdict::Language::en, driver::diff_page_detailed};
  if (!options.as_of.empty())
    if (driver::Status failed = driver::parse_day(options.as_of, "--as-of", request.as_of)) return fail(common, *failed);
  if (!options.since.empty())
    if (driver::Status failed = driver::parse_day(options.since, "--since", request.since.emplace())) return fail(common, *failed);
  verdict::Output output(options.out);
  if (!output.good()) return fail(common, driver::usage("无法写入“" + options.out + "”", "cannot write \"" + options.out + "\""));
  ProgressBar bar(common);
  driver::DiffReport report;
  const auto shown = [&](const source::SourceMap& sources, diag::Diagnostics& diagnostics) {
    bar.clear();
    diagnostics.sort();
    show(common, sources, diagnostics);
  };
  const driver::Status failed = driver::diff(request, bar.callback(), shown, report);
  bar.clear();
  if (failed && failed->exit == driver::Exit::findings)   // not a difference: a script must be able to tell the two apart
    return fail(common, driver::usage("条文有错，不能比较", "clauses with errors cannot be compared"));
  if (failed) return fail(common, *failed);
  output.text() = written(report, options.format, common.zh);
  if (!output.finish()) return options.out.empty() ? fail_output(common) : fail(common, driver::usage("写入“" + options.out + "”失败", "writing " + options.out + " failed"));
  if (!report.with_verdicts) return report.text.empty() && report.concepts.empty() ? 0 : code(driver::Exit::findings);
  note(fmt::format(fmt::runtime(common.zh ? "{} 个对象，{} 个结论不同；事实 {} 行，求值 {} 次" : "{} subjects, {} with another verdict; {} rows of facts, {} evaluations"),
                   report.subjects, report.differing.size(), report.rows, report.runs));
  return report.differing.empty() ? 0 : code(driver::Exit::findings);
}

void declare(CLI::App& command, const Common& common, DiffOptions& options) {
  driver::DiffRequest& request = options.request;
  command.add_option("OLD", request.before, common.say("原文本：名称、名称@日期、名称@base（不含补充）或文件；另一项目写作 目录:名称",
                                                       "the earlier text: a name, NAME@DATE, NAME@base (without supplements) or a file; DIR:NAME for another project"))->required();
  command.add_option("NEW", request.after, common.say("新文本，写法相同", "the later text, in the same way"))->required();
  command.add_option("--facts", request.facts, common.say("事实：JSON 文件、每个名册一个文件的目录，或打包的 .tiaof 文件；不给则只比较文本", "facts: a JSON file, a folder with one file a register, or a packed .tiaof file; without them only the texts are compared"));
  command.add_option("--as-of", options.as_of, common.say("截至日，两边相同；有 --facts 时必须给", "the day on which the case stands, for both; needed with --facts"));
  since_option(command, common, options.since);
  command.add_flag("--blame", request.blame, common.say("每个不同由哪些修改所致（NEW 须为 OLD 加若干补充，或同一文本的另一日期）",
                                                        "which operations of the supplements made each difference (NEW is OLD with further supplements, or another day's text)"));
  command.add_option("--readings", request.readings, common.say("两边的读法：名称=选择，…", "readings of both sides: NAME=CHOICE,…"));
  command.add_option("--readings-old", request.readings_before, common.say("原文本一边的读法", "readings of the earlier side"));
  command.add_option("--readings-new", request.readings_after, common.say("新文本一边的读法", "readings of the later side"));
  format_option(command, common, options.format, {"text", "html", "json", "csv", "junit"});
  out_option(command, common, options.out);
  engine_option(command, common, options.engine);
  limit_options(command, common, request);
}

}  // namespace

void add_diff(CLI::App& app, Common& common, Action& action) {
  add_command(app, common, action,
              CommandText{"diff", "两个文本对同一事实的结论有何不同", "how the verdicts of two texts over the same facts differ",
                "  tiao diff tianjin.facility@base tianjin.facility --facts FACTS --as-of 2025-09-30 --blame\n"
                "  tiao diff tianjin.facility@base tianjin.facility\n"
                "  tiao diff tianjin.practitioner jining.practitioner\n"
                "  tiao diff tianjin.facility@2025-06-30 tianjin.facility@2025-07-01 --facts FACTS --as-of 2025-12-31 --format csv\n"
                "  tiao diff tianjin.practitioner tianjin.practitioner --readings-new degree_order=strict --facts FACTS --as-of 2025-12-31\n"
                "  tiao diff ../last-year:tianjin.practitioner tianjin.practitioner --facts FACTS --as-of 2025-12-31 --format json --out diff.json\n"
                "  tiao diff tianjin.facility@base tianjin.facility --facts FACTS --as-of 2025-12-31 --blame --format html --out diff.html\n"
                "  tiao diff tianjin.practitioner jining.practitioner --format html --out texts.html\n"
                "Exit code 0: nothing differs; 1: some verdict differs (without --facts: the texts); 2: the two cannot be compared, because of\n"
                "what was asked, of the facts, or of errors in the clauses, which are told; 3: a limit; 4: an internal error.\n"},
              declare, diff);
}

}  // namespace tiao::cli
