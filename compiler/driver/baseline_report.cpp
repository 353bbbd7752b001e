// A baseline held against the verdicts of now: for people, as JSON, as JUnit.
#include <map>

#include <fmt/format.h>

#include "compiler/driver/baseline.hpp"
#include "compiler/driver/diff_report.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t listed = 50;   // subjects of either sort; JSON and JUnit have all
constexpr std::size_t named = 6;     // pieces of text behind one change

// table term → 表 term; an address stays as it is.
std::string piece_words(const std::string& piece, bool chinese) {
  static const std::map<std::string, std::string> kinds = {
      {"define", "定义"}, {"table", "表"},     {"group", "分组"},  {"ledger", "账"},     {"timeline", "时间线"}, {"stages", "阶段"},   {"parameter", "空白"},
      {"reading", "读法"}, {"report", "报告"}, {"unit", "单位"},   {"calendar", "日历"}, {"enum", "枚举"},       {"concept", "概念"},  {"period", "期间"},
      {"remedy", "处理"}, {"entity", "名册"},  {"extend", "补充名册"}, {"fact", "事实"}, {"actor", "主体"}};
  const std::size_t blank = piece.find(' ');
  const auto kind = blank == std::string::npos ? kinds.end() : kinds.find(piece.substr(0, blank));
  return chinese && kind != kinds.end() ? kind->second + piece.substr(blank) : piece;
}

std::string pieces_words(const std::vector<std::string>& pieces, bool chinese, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < pieces.size() && i < most; ++i) out += (out.empty() ? "" : chinese ? "、" : ", ") + piece_words(pieces[i], chinese);
  if (pieces.size() > most) out += chinese ? fmt::format("等 {} 处", pieces.size()) : fmt::format(" and {} more", pieces.size() - most);
  return out;
}

std::string cause_words(const std::vector<std::string>& because, bool chinese) {
  if (because.empty()) return chinese ? "［无从解释］" : " [unexplained]";
  return chinese ? fmt::format("［{}］", pieces_words(because, true, named)) : fmt::format(" [{}]", pieces_words(because, false, named));
}

// What may have happened, where no changed text explains a difference.
std::string where_to_look(const BaselineReport& report, bool chinese) {
  std::string out;
  const auto add = [&](const char* zh, const char* en) { out += (out.empty() ? "" : chinese ? "；" : "; ") + std::string(chinese ? zh : en); };
  if (report.other_run) add("baseline.json 自认可以来有改动", "baseline.json is not what it was at acceptance");
  if (report.other_facts) add("事实自认可以来有改动", "the facts are not those of the acceptance");
  if (out.empty() && report.other_program && report.reworded.empty()) add("条文未变，编译所得的程序却不同：请查编译器", "the text is the same and compiles to another program: look at the compiler");
  if (out.empty()) add("其所依据的条文、事实和读法都没有变：请查引擎", "the words, facts and readings that these rest on are the same: look at the engine");
  return out;
}

void subjects(std::string& out, const BaselineReport& report, bool explained, bool chinese) {
  std::size_t shown = 0, all = 0;
  for (std::size_t i = 0; i < report.compared.differing.size(); ++i) {
    if (report.explained(i) != explained || ++all > listed) continue;
    ++shown;
    const DiffSubject& subject = report.compared.differing[i];
    out += row_words(report.compared, subject.after.subject, chinese) + '\n';
    for (std::size_t k = 0; k < subject.changes.size(); ++k)
      out += "  " + change_words(report.compared, subject.changes[k], chinese) + cause_words(report.because[i][k], chinese) + '\n';
  }
  if (all > shown) out += chinese ? fmt::format("另有 {} 个，见 --format json\n", all - shown) : fmt::format("and {} more: see --format json\n", all - shown);
}

std::uint64_t unexplained_subjects(const BaselineReport& report) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < report.compared.differing.size(); ++i) out += report.explained(i) ? 0 : 1;
  return out;
}

}  // namespace

std::string baseline_text(const BaselineReport& report, bool chinese) {
  const std::uint64_t differing = report.compared.differing.size(), open = unexplained_subjects(report);
  std::string out = chinese ? fmt::format("{}，截至 {}：{} 个对象", report.run.agreement, report.run.as_of, report.compared.subjects)
                            : fmt::format("{} as of {}: {} subjects", report.run.agreement, report.run.as_of, report.compared.subjects);
  if (report.first) return out + (chinese ? "，结论已认可\n" : ", verdicts accepted\n");
  if (differing == 0) out += chinese ? "，结论与所认可的相同\n" : ", verdicts as accepted\n";
  else
    out += chinese ? fmt::format("，{} 个结论不同：{} 个可由条文改动解释，{} 个无从解释\n", differing, differing - open, open)
                   : fmt::format(", {} with another verdict: {} explained by changed text, {} not\n", differing, differing - open, open);
  if (!report.reworded.empty())
    out += chinese ? fmt::format("认可以来改动的条文：{}\n", pieces_words(report.reworded, true, 4 * named))
                   : fmt::format("text changed since acceptance: {}\n", pieces_words(report.reworded, false, 4 * named));
  if (open != 0) {
    out += chinese ? fmt::format("\n无从解释——{}\n", where_to_look(report, true)) : fmt::format("\nunexplained: {}\n", where_to_look(report, false));
    subjects(out, report, false, chinese);
  }
  if (differing != open) {
    out += chinese ? "\n可由条文改动解释\n" : "\nexplained\n";
    subjects(out, report, true, chinese);
  }
  if (report.accepted) out += chinese ? "已认可\n" : "accepted\n";
  return out;
}

std::string baseline_json(const BaselineReport& report) {
  std::string out;
  verdict::JsonText json(out, 2);
  const auto number = [&](const char* name, std::uint64_t value) { json.member(name, static_cast<std::int64_t>(value)); };
  json.begin_object();
  json.member("agreement", report.run.agreement);
  json.member("as_of", report.run.as_of);
  number("subjects", report.compared.subjects);
  number("differing", report.compared.differing.size());
  number("changes", report.changes);
  number("unexplained", report.unexplained);
  json.member("accepted", report.accepted);
  if (report.other_run) json.member("other_run", true);
  if (report.other_facts) json.member("other_facts", true);
  if (report.other_program) json.member("other_program", true);
  append_strings(json, "reworded", report.reworded);
  json.key("differences");
  json.begin_array();
  for (std::size_t i = 0; i < report.compared.differing.size(); ++i) {
    const DiffSubject& subject = report.compared.differing[i];
    json.begin_object();
    append_row(json, "subject", subject.after.subject);
    json.member("explained", report.explained(i));
    json.key("changes");
    json.begin_array();
    for (std::size_t k = 0; k < subject.changes.size(); ++k) {
      json.begin_object();
      append_change(json, subject.changes[k]);
      append_strings(json, "because_of", report.because[i][k]);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out + '\n';
}

// One test case a subject that differs, and one for all others.
std::string baseline_junit(const BaselineReport& report, bool chinese) {
  const std::uint64_t differing = report.accepted ? 0 : report.compared.differing.size();
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites tests=\"{0}\" failures=\"{1}\">\n  <testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\">\n", differing + 1, differing,
                     xml_escaped(report.run.agreement));
  const std::uint64_t same = report.compared.subjects - report.compared.differing.size();
  out += fmt::format("    <testcase classname=\"{}\" name=\"{}\"/>\n", xml_escaped(report.run.agreement),
                     chinese ? fmt::format("{} 个结论相同", same) : fmt::format("{} verdicts as accepted", same));
  for (std::size_t i = 0; i < differing; ++i) {
    const DiffSubject& subject = report.compared.differing[i];
    std::string what;
    for (std::size_t k = 0; k < subject.changes.size(); ++k)
      what += (what.empty() ? "" : "\n") + change_words(report.compared, subject.changes[k], chinese) + cause_words(report.because[i][k], chinese);
    const char* message = report.explained(i) ? (chinese ? "可由条文改动解释" : "explained by changed text") : (chinese ? "无从解释" : "unexplained");
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", xml_escaped(subject.after.subject.entity),
                       xml_escaped(subject.after.subject.key), message, xml_escaped(what));
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace tiao::driver
