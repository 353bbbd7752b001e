#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/diff_page.hpp"
#include "compiler/driver/markup.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/text.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

// Who has a remedy on both sides, or on one alone.
struct Flow { std::uint64_t both = 0, leave = 0, join = 0; };

std::map<std::string, Flow> flows(const DiffReport& report) {
  std::map<std::string, Flow> out;
  for (const DiffRemedy& remedy : report.remedies) out[remedy.remedy].both = remedy.before;
  for (const DiffSubject& subject : report.differing) {
    std::map<std::string, unsigned> who;
    for (const verdict::PortableRemedy& remedy : subject.before.remedies) who[remedy.remedy] |= 1;
    for (const verdict::PortableRemedy& remedy : subject.after.remedies) who[remedy.remedy] |= 2;
    for (const auto& [remedy, sides] : who) {
      if (sides == 1) ++out[remedy].leave, --out[remedy].both;
      if (sides == 2) ++out[remedy].join;
    }
  }
  return out;
}

std::string bar(std::initializer_list<std::pair<std::uint64_t, const char*>> parts, std::uint64_t most) {
  std::string out = "<span class=\"bar\">";
  for (const auto& [n, which] : parts)
    if (n != 0) out += fmt::format("<span class=\"{}\" style=\"--w:{:.2f}%\"></span>", which, 100.0 * static_cast<double>(n) / static_cast<double>(most));
  return out + "</span>";
}

}  // namespace

DiffPage::DiffPage(const DiffReport& report, bool chinese)
    : report_(report), chinese_(chinese), blamed_(!report.differing.empty() && report.differing.front().blame.has_value()), clauses_(report, chinese) {}

std::string DiffPage::text_of(std::string_view words) const { return xml_escaped(words); }

std::string DiffPage::list_of(const std::vector<std::string>& parts) const { return fmt::format("{}", fmt::join(parts, say("、", ", "))); }

std::string DiffPage::print() {
  head();
  out_ += "<main id=\"main\">\n";
  if (report_.with_verdicts) remedies(), operations();
  if (report_.same_agreement) texts();
  else concepts();
  const std::size_t quoted = clauses_.size();
  if (report_.with_verdicts) subjects();
  cited_clauses(report_.same_agreement ? quoted : 0);
  out_ += fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", diff_page_script);
  return std::move(out_);
}

void DiffPage::head() {
  const std::string before = side_words(report_, false, chinese_), after = side_words(report_, true, chinese_);
  out_ += page_head(fmt::format(fmt::runtime(report_.with_verdicts ? say("结论比较：{} → {}", "Verdicts compared: {} → {}") : say("文本比较：{} → {}", "Texts compared: {} → {}")), before, after), diff_page_style, chinese_);
  out_ += fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n<header>\n<h1>{}</h1>\n", say("跳到正文", "to the content"), report_.with_verdicts ? say("两个文本的结论比较", "Verdicts of two texts compared") : say("两个文本比较", "Two texts compared"));
  heading(say("原文本", "earlier text"), false);
  heading(say("新文本", "later text"), true);
  if (report_.with_verdicts) {
    out_ += fmt::format("<p class=\"meta\">{} {} · {}</p>\n", say("截至日", "as of"), format_date(report_.as_of), fmt::format(fmt::runtime(say("事实 {} 行", "{} rows of facts")), report_.rows));
    numbers();
  }
  contents();
  out_ += "</header>\n";
}

void DiffPage::heading(const char* which, bool later) {
  out_ += fmt::format("<p class=\"meta\">{}{}{} · <code>{}</code></p>\n", which, say("：", ": "), text_of(side_words(report_, later, chinese_)), text_of((later ? report_.after : report_.before).agreement));
}

void DiffPage::contents() {
  out_ += fmt::format("<nav aria-label=\"{}\"><ul>", say("目录", "contents"));
  const auto to = [&](const char* id, const char* words) { out_ += fmt::format("<li><a href=\"#{}\">{}</a></li>", id, words); };
  if (report_.with_verdicts && !report_.remedies.empty()) to("remedies", say("处理的增减", "remedies"));
  if (report_.with_verdicts && !report_.operations.empty()) to("operations", say("各项修改的影响", "what each amendment does"));
  to("texts", report_.same_agreement ? say("条文的改动", "clauses that read otherwise") : say("两个文本的规定", "what the two texts provide"));
  if (report_.with_verdicts) to("who", say("涉及的对象", "who is affected"));
  out_ += "</ul></nav>\n";
}

void DiffPage::numbers() {
  const auto number = [&](const char* zh, const char* en, std::uint64_t n) { out_ += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", say(zh, en), n); };
  std::uint64_t others = 0, outcome = 0;
  for (const DiffSubject& subject : report_.differing) others += class_of(subject) == DiffClass::others, outcome += class_of(subject) == DiffClass::outcome;
  out_ += "<dl class=\"numbers\">\n";
  number("对象", "subjects", report_.subjects);
  number("结论不同", "another verdict", report_.differing.size());
  number("其中处理不同", "of these: other remedies", with_other_remedies(report_));
  number("处理相同，已定或待定不同", "same remedies, another outcome", outcome);
  number("仅义务、报告值、提示等不同", "only duties, reports, flags …", others);
  number("仅依据不同", "only on another basis", report_.another_basis);
  out_ += "</dl>\n";
  outcomes();
}

// Decided, undetermined, in error: before by row, after by column.
void DiffPage::outcomes() {
  const auto words = [&](std::size_t i) -> std::string {
    if (i == DiffReport::absent) return say("不在其列", "not a subject");
    return std::string(verdict::words(static_cast<verdict::Outcome>(i), chinese_ ? verdict::Language::zh : verdict::Language::en));
  };
  std::vector<std::size_t> rows, columns;
  for (std::size_t i = 0; i < 4; ++i) {
    if (std::any_of(report_.outcomes[i].begin(), report_.outcomes[i].end(), [](auto n) { return n != 0; })) rows.push_back(i);
    if (std::any_of(report_.outcomes.begin(), report_.outcomes.end(), [&](const auto& row) { return row[i] != 0; })) columns.push_back(i);
  }
  if (rows.size() < 2 && columns.size() < 2) return;
  out_ += fmt::format("<table id=\"outcomes\">\n<caption>{}</caption>\n<thead><tr><td></td>", say("对象按结论：行为原文本，列为新文本", "subjects by outcome: rows are the earlier text, columns the later"));
  for (const std::size_t j : columns) out_ += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", (say("新：", "later: ")) + words(j));
  out_ += "</tr></thead>\n<tbody>\n";
  for (const std::size_t i : rows) {
    out_ += fmt::format("<tr><th scope=\"row\">{}</th>", (say("原：", "earlier: ")) + words(i));
    for (const std::size_t j : columns) out_ += fmt::format("<td class=\"n{}\">{}</td>", i == j || report_.outcomes[i][j] == 0 ? "" : " moved", report_.outcomes[i][j]);
    out_ += "</tr>\n";
  }
  out_ += "</tbody>\n</table>\n";
}

void DiffPage::remedies() {
  if (report_.remedies.empty()) return;
  std::uint64_t most = 1;
  for (const DiffRemedy& remedy : report_.remedies) most = std::max({most, remedy.before, remedy.after});
  out_ += fmt::format("<h2 id=\"remedies\">{}</h2>\n<p class=\"legend\" aria-hidden=\"true\"><span><i class=\"both\"></i>{}</span><span><i class=\"leave\"></i>{}</span><span><i class=\"join\"></i>{}</span></p>\n", say("处理的增减", "Remedies"),
                      say("两边都有", "on both sides"), say("只在原文本下有", "under the earlier text alone"), say("只在新文本下有", "under the later text alone"));
  out_ += fmt::format("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table class=\"counts\">\n<caption>{1}</caption>\n<thead><tr><th scope=\"col\">{0}</th><th scope=\"col\" class=\"n\">{2}</th><th scope=\"col\" class=\"n\">{3}</th>"
                      "<td aria-hidden=\"true\"></td><th scope=\"col\" class=\"n\">{4}</th><th scope=\"col\" class=\"n\">{5}</th><th scope=\"col\" class=\"n\">{6}</th></tr></thead>\n<tbody>\n",
                      say("处理", "remedy"), say("受各项处理的对象数；图中上为原文本，下为新文本。点名称即只看有关对象", "subjects that have each remedy; in the plot the earlier text stands above the later. A name shows whom it concerns"),
                      say("原", "before"), say("新", "after"), say("新增", "gained"), say("不再", "lost"), say("有变", "changed"));
  const std::map<std::string, Flow> who = flows(report_);
  // Two agreements call the same concept by other names: what belongs together stands together.
  std::vector<DiffRemedy> list = report_.remedies;
  const auto first = [&](const DiffRemedy& remedy) {
    return std::find_if(report_.remedies.begin(), report_.remedies.end(), [&](const DiffRemedy& other) { return report_.concept_of(other.remedy) == report_.concept_of(remedy.remedy); });
  };
  if (!report_.same_agreement) std::stable_sort(list.begin(), list.end(), [&](const DiffRemedy& a, const DiffRemedy& b) { return first(a) < first(b); });
  for (const DiffRemedy& remedy : list) {
    const Flow& flow = who.at(remedy.remedy);
    const bool moved = remedy.gained + remedy.lost + remedy.changed != 0;
    const std::string name = text_of(label_of(remedy.remedy));
    const auto same = std::find_if(report_.concepts.begin(), report_.concepts.end(), [&](const ConceptChange& change) { return change.id == remedy.concept_id && change.sort != ConceptChange::Sort::no_counterpart; });
    const std::string concept_words = same == report_.concepts.end() ? std::string() : fmt::format(" <span class=\"label\">{}</span>", text_of(chinese_ && !same->label.empty() ? same->label : same->id));
    out_ += fmt::format("<tr><th scope=\"row\">{}{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"bars\" aria-hidden=\"true\">{}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                        moved ? fmt::format("<a href=\"#who\" data-remedy=\"{}\">{}</a>", text_of(remedy.remedy), name) : name, concept_words, remedy.before, remedy.after, bar({{flow.both, "both"}, {flow.leave, "leave"}}, most),
                        bar({{flow.both, "both"}, {flow.join, "join"}}, most), remedy.gained, remedy.lost, remedy.changed);
  }
  out_ += "</tbody>\n</table></div>\n";
}

void DiffPage::by_remedy(const char* verb, const std::map<std::string, std::uint64_t>& what) {
  if (what.empty()) return;
  std::vector<std::string> parts;
  for (const auto& [remedy, n] : what) parts.push_back(fmt::format("{} {}", text_of(label_of(remedy)), n));
  out_ += fmt::format("<div>{} {}</div>", verb, list_of(parts));
}

std::string DiffPage::links(const std::vector<std::uint32_t>& operations) const {
  std::vector<std::string> parts;
  for (const std::uint32_t k : operations) parts.push_back(fmt::format("<a href=\"#o{}\">{}</a>", k, text_of(operation_names(report_, {k}, chinese_))));
  return list_of(parts);
}

void DiffPage::operations() {
  if (report_.operations.empty()) return;
  const std::vector<OperationTotal> sums = totals(report_);
  std::uint64_t most = 1;
  for (const OperationTotal& sum : sums) most = std::max(most, sum.subjects);
  out_ += fmt::format("<h2 id=\"operations\">{0}</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table class=\"counts\">\n<caption>{1}</caption>\n<thead><tr><th scope=\"col\">{2}</th>", say("各项修改的影响", "What each amendment does"),
                      blamed_ ? say("各项修改单独或与他项一起造成不同的对象数；同一对象可计入多项", "subjects for whom an amendment, alone or with others, makes some difference; one subject may count for several")
                              : say("两个文本之间的修改（以 --blame 计算各项的影响）", "what lies between the two texts (--blame says what each does)"),
                      say("修改", "amendment"));
  if (blamed_)
    out_ += fmt::format("<th scope=\"col\" class=\"n\">{}</th><td aria-hidden=\"true\"></td><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th>", say("对象", "subjects"),
                        say("其中须与他项共同", "only with others"), say("处理", "remedies"));
  out_ += "</tr></thead>\n<tbody>\n";
  for (std::uint32_t k = 0; k < report_.operations.size(); ++k) {
    const DiffOperation& operation = report_.operations[k];
    const std::string name = text_of(operation_words(operation, chinese_, several_supplements(report_)));
    out_ += fmt::format("<tr class=\"operation\" id=\"o{}\"><th scope=\"row\">{}", k, blamed_ && sums[k].subjects != 0 ? fmt::format("<a href=\"#who\" data-operation=\"{}\">{}</a>", k, name) : name);
    if (!operation.builds_on.empty()) out_ += fmt::format("<div class=\"meta\">{}{}</div>", say("以此为基础：", "builds on "), links(operation.builds_on));
    const TextOrigin by{operation.supplement, operation.address, operation.target};
    const auto first = std::find_if(report_.text.begin(), report_.text.end(), [&](const TextChange& change) { return change.by == by; });
    if (first != report_.text.end()) out_ += fmt::format(" <a class=\"meta\" href=\"#t{}\">{}</a>", first - report_.text.begin(), say("条文", "clause"));
    out_ += "</th>";
    if (blamed_) {
      out_ += fmt::format("<td class=\"n\">{}</td><td class=\"bars\" aria-hidden=\"true\">{}</td><td class=\"n\">{}</td><td>", sums[k].subjects,
                          bar({{sums[k].subjects - sums[k].together, "join"}, {sums[k].together, "shared"}}, most), sums[k].together);
      if (sums[k].subjects != 0 && sums[k].gained.empty() && sums[k].lost.empty() && sums[k].changed.empty()) out_ += fmt::format("<span class=\"meta\">{}</span>", say("处理不变；义务、已定或待定等不同", "no other remedies; duties, outcomes …"));
      by_remedy(say("新增", "gained"), sums[k].gained);
      by_remedy(say("不再", "lost"), sums[k].lost);
      by_remedy(say("有变", "changed"), sums[k].changed);
      out_ += "</td>";
    }
    out_ += "</tr>\n";
  }
  out_ += "</tbody>\n</table></div>\n";
}

std::string diff_html(const DiffReport& report, bool chinese) { return DiffPage(report, chinese).print(); }

}  // namespace tiao::driver
