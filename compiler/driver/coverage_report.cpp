#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "compiler/driver/coverage.hpp"
#include "runtime/verdict/json_text.hpp"
#include "runtime/verdict/width.hpp"

namespace tiao::driver {
namespace {

const char* status_name(const CoverageRow& row) {
  if (row.missing) return "missing";
  switch (row.status) {
    case NodeStatus::structural: return "structural";
    case NodeStatus::executable: return "executable";
    case NodeStatus::recorded: return "recorded";
    case NodeStatus::elsewhere: return "elsewhere";
  }
  return "";
}

const char* status_words(const CoverageRow& row, bool chinese) {
  if (!chinese) return row.status == NodeStatus::structural && !row.missing ? "" : status_name(row);
  if (row.missing) return "缺";
  switch (row.status) {
    case NodeStatus::structural: return "";
    case NodeStatus::executable: return "可执行";
    case NodeStatus::recorded: return "仅载";
    case NodeStatus::elsewhere: return "另载";
  }
  return "";
}

const char* tested_words(const CoverageRow& row, bool chinese) {
  if (row.missing || row.status != NodeStatus::executable) return "";
  switch (row.tested) {
    case Tested::no: return chinese ? "未测" : "not tested";
    case Tested::reached: return chinese ? "到达" : "reached";
    case Tested::cited: return chinese ? "已测" : "tested";
  }
  return "";
}

struct LevelWord { const char* level; const char* zh; };
constexpr std::array level_words{
    LevelWord{"chapters", "章"}, LevelWord{"sections", "节"}, LevelWord{"parts", "部分"}, LevelWord{"articles", "条"}, LevelWord{"paragraphs", "款"},
    LevelWord{"items", "项"}, LevelWord{"subitems", "目"}, LevelWord{"limbs", "分项"}, LevelWord{"sentences", "句"},
};

std::string level_word(const std::string& level, bool chinese) {
  if (chinese)
    for (const LevelWord& word : level_words)
      if (level == word.level) return word.zh;
  return level;
}

}  // namespace

std::string coverage_text(const CoverageReport& report, bool chinese) {
  std::size_t widest = 0;
  const auto shown = [&](const CoverageRow& row) { return std::string(2 * row.depth, ' ') + (chinese ? row.address : row.english); };
  for (const CoverageRow& row : report.rows) widest = std::max(widest, verdict::width_of(shown(row)));
  std::string out;
  for (const CoverageRow& row : report.rows) {
    std::string line;
    verdict::append_padded(line, shown(row), widest + 2);
    verdict::append_padded(line, status_words(row, chinese), 12);
    verdict::append_padded(line, tested_words(row, chinese), 12);
    line += row.label;
    if (!row.reason.empty()) line += (row.label.empty() ? "" : " — ") + row.reason;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  out += '\n';
  for (const CoverageTotal& total : report.totals)
    out += fmt::format(fmt::runtime(chinese ? "{}/{} {}  " : "{}/{} {}  "), total.there, total.all, level_word(total.level, chinese));
  if (!report.totals.empty()) out.erase(out.find_last_not_of(' ') + 1) += '\n';
  out += chinese ? fmt::format("可执行 {}，其中已测 {}；仅载 {}；另载 {}；缺 {}；案例 {}/{} 通过\n", report.executable, report.tested, report.recorded,
                               report.elsewhere, report.missing, report.passed, report.scenarios)
                 : fmt::format("executable {}, of these tested {}; recorded {}; elsewhere {}; missing {}; scenarios {}/{} passed\n", report.executable,
                               report.tested, report.recorded, report.elsewhere, report.missing, report.passed, report.scenarios);
  if (report.links.empty()) return out;
  const auto listed = [&](const char* title, const std::vector<CoverageAddress>& all) {
    out += fmt::format("\n{} ({})\n", title, all.size());
    for (const CoverageAddress& one : all) out += fmt::format("  {}{}{}\n", chinese || one.english.empty() ? one.address : one.english, one.label.empty() ? "" : "  ", one.label);
  };
  out += fmt::format("\n{} ({})\n", chinese ? "义务与违反的后果" : "duties and what their breach leads to", report.links.size());
  for (const DutyLink& link : report.links)
    out += fmt::format("  {} → {}  {}\n", chinese ? link.duty : link.english, chinese ? link.under : link.under_english,
                       link.by_citation ? (chinese ? "条文援引" : "cited by the text") : (chinese ? "按文义" : "read from the wording"));
  listed(chinese ? "条文没有写违反后果的义务" : "duties whose breach leads nowhere in the text", report.without_consequence);
  listed(chinese ? "没有义务通向的违约情形" : "items with a consequence to which no duty leads", report.without_duty);
  return out;
}

std::string coverage_json(const CoverageReport& report) {
  std::string out;
  verdict::JsonText json(out, 2);
  json.begin_object();
  json.member("agreement", report.agreement);
  json.key("addresses");
  json.begin_array();
  for (const CoverageRow& row : report.rows) {
    json.begin_object();
    json.member("address", row.address);
    json.member("english", row.english);
    if (!row.label.empty()) json.member("label", row.label);
    json.member("status", status_name(row));
    if (!row.reason.empty()) json.member("reason", row.reason);
    if (row.status == NodeStatus::executable) {
      json.member("tested", row.tested != Tested::no);
      json.member("cited", row.tested == Tested::cited);
    }
    json.end_object();
  }
  json.end_array();
  if (!report.links.empty()) {
    json.key("duties");
    json.begin_array();
    for (const DutyLink& link : report.links) {
      json.begin_object();
      json.member("duty", link.duty);
      json.member("breach_under", link.under);
      json.member("by", link.by_citation ? "citation" : "wording");
      json.end_object();
    }
    json.end_array();
    for (const auto& [name, all] : {std::pair{"without_consequence", &report.without_consequence}, {"without_duty", &report.without_duty}}) {
      json.key(name);
      json.begin_array();
      for (const CoverageAddress& one : *all) json.string(one.address);
      json.end_array();
    }
  }
  json.key("totals");
  json.begin_object();
  for (const CoverageTotal& total : report.totals) json.member(total.level, fmt::format("{}/{}", total.there, total.all));
  json.end_object();
  for (const auto& [name, number] : {std::pair{"executable", report.executable}, {"tested", report.tested}, {"recorded", report.recorded},
                                     {"elsewhere", report.elsewhere}, {"missing", report.missing}, {"scenarios", report.scenarios},
                                     {"passed", report.passed}})
    json.member(name, static_cast<std::int64_t>(number));
  json.end_object();
  return out + '\n';
}

}  // namespace tiao::driver
