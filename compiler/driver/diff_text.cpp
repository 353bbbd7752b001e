// A comparison for people, on a terminal.
#include <fmt/format.h>

#include "compiler/driver/diff_report.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t listed = 200;   // subjects; the data formats have all

std::string counts(const char* verb, const std::map<std::string, std::uint64_t>& by_remedy, const DiffReport& report, bool chinese) {
  std::string out;
  for (const auto& [remedy, n] : by_remedy) {
    if (!out.empty()) out += chinese ? "、" : ", ";
    out += fmt::format(fmt::runtime(chinese ? "{} {}" : "{} {}"), chinese ? report.label_of(remedy) : remedy, n);
  }
  return out.empty() ? out : fmt::format(fmt::runtime(chinese ? "；{} {}" : "; {} {}"), verb, out);
}

std::string sort_words(TextChange::Sort sort, bool chinese) {
  switch (sort) {
    case TextChange::Sort::other_number: return chinese ? "（数值不同）" : " (another number)";
    case TextChange::Sort::other_result: return chinese ? "（结果不同）" : " (another result)";
    default: return {};
  }
}

std::string texts(const DiffReport& report, bool chinese) {
  if (report.text.empty()) return chinese ? "文本相同\n" : "the texts are the same\n";
  std::string out;
  for (const TextChange& change : report.text) {
    const char* verb = "";
    switch (change.kind) {
      case TextChange::Kind::inserted: verb = chinese ? "增" : "inserted"; break;
      case TextChange::Kind::removed: verb = chinese ? "删" : "removed"; break;
      case TextChange::Kind::replaced: verb = chinese ? "改" : "changed"; break;
      case TextChange::Kind::renumbered: verb = chinese ? "移" : "moved"; break;
    }
    out += fmt::format("  {} {}{}", verb, change.address, change.label.empty() ? "" : " " + change.label);
    if (!change.moved_to.empty()) out += " → " + change.moved_to;
    if (!change.by.address.empty()) out += fmt::format(fmt::runtime(chinese ? "（由 {}）" : " (by {})"), change.by.address);
    out += sort_words(change.sort, chinese);
    std::size_t shown = 0;
    for (const WordChange& words : change.words) {
      if (++shown > 4) {
        out += chinese ? "；等" : "; …";
        break;
      }
      out += fmt::format("{}{} → {}", shown == 1 ? (chinese ? "：" : ": ") : (chinese ? "；" : "; "), words.before.empty() ? (chinese ? "无" : "nothing") : words.before,
                         words.after.empty() ? (chinese ? "无" : "nothing") : words.after);
    }
    out += '\n';
  }
  return out;
}

std::string concept_sides(const std::vector<ConceptSide>& sides, const DiffReport& report, bool chinese) {
  std::string out;
  for (const ConceptSide& side : sides) {
    std::string numbers;
    for (const std::string& number : side.numbers) numbers += (numbers.empty() ? "" : ", ") + number;
    out += (out.empty() ? "" : chinese ? "；" : "; ") + side.address + " " + side.modality + " " + (chinese ? report.label_of(side.remedy) : side.remedy) + (numbers.empty() ? "" : " [" + numbers + "]");
  }
  return out.empty() ? (chinese ? "无" : "none") : out;
}

// What the two agreements attach to the concepts that their remedies share.
std::string concepts(const DiffReport& report, bool chinese) {
  std::string out;
  using Sort = ConceptChange::Sort;
  for (const auto& [sort, zh, en] : {std::tuple{Sort::other_number, "同一概念，数值或处理不同", "the same concept, other numbers or remedies"},
                                     std::tuple{Sort::other_result, "数值相同，结果类别不同", "the same number, another class of result"},
                                     std::tuple{Sort::no_counterpart, "无对应", "no counterpart"}, std::tuple{Sort::same, "相同", "the same"}}) {
    bool heading = false;
    for (const ConceptChange& change : report.concepts) {
      if (change.sort != sort) continue;
      if (!heading) out += std::string(chinese ? zh : en) + '\n';
      heading = true;
      out += fmt::format("  {}\n    - {}\n    + {}\n", chinese && !change.label.empty() ? change.label : change.id, concept_sides(change.before, report, chinese), concept_sides(change.after, report, chinese));
    }
  }
  return out;
}

}  // namespace

std::string diff_text(const DiffReport& report, bool chinese) {
  std::string out = fmt::format("{} → {}\n", side_words(report, false, chinese), side_words(report, true, chinese));
  out += report.same_agreement ? texts(report, chinese) : concepts(report, chinese);
  if (!report.with_verdicts) return out;
  out += '\n';
  out += chinese ? fmt::format("{} 个对象，{} 个结论不同", report.subjects, report.differing.size())
                 : fmt::format("{} subjects, {} with another verdict", report.subjects, report.differing.size());
  if (const std::uint64_t remedies = with_other_remedies(report); remedies != 0)
    out += chinese ? fmt::format("，其中 {} 个处理不同", remedies) : fmt::format(", {} of these with other remedies", remedies);
  if (report.another_basis != 0)
    out += chinese ? fmt::format("，{} 个只是依据不同", report.another_basis) : fmt::format(", {} only on another basis", report.another_basis);
  if (report.newly_open != 0) out += chinese ? fmt::format("；由已定变为待定 {}", report.newly_open) : fmt::format("; {} no longer decided", report.newly_open);
  if (report.newly_decided != 0) out += chinese ? fmt::format("；由待定变为已定 {}", report.newly_decided) : fmt::format("; {} now decided", report.newly_decided);
  out += '\n';
  bool heading = false;
  for (const DiffRemedy& remedy : report.remedies) {
    if (remedy.gained == 0 && remedy.lost == 0 && remedy.changed == 0) continue;
    if (!heading) out += chinese ? "\n处理（人或机构数）\n" : "\nremedies (subjects)\n";
    heading = true;
    out += fmt::format(fmt::runtime(chinese ? "  {}：{} → {}；新增 {}，不再 {}，内容有变 {}\n" : "  {}: {} -> {}; gained {}, lost {}, changed {}\n"),
                       chinese ? report.label_of(remedy.remedy) : remedy.remedy, remedy.before, remedy.after, remedy.gained, remedy.lost, remedy.changed);
  }
  const bool blamed = !report.differing.empty() && report.differing.front().blame.has_value();
  if (blamed && !report.operations.empty()) {
    out += chinese ? "\n各项修改所致\n" : "\nby operation\n";
    const std::vector<OperationTotal> sums = totals(report);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      out += fmt::format(fmt::runtime(chinese ? "  {}：{} 个对象" : "  {}: {} subjects"), operation_words(report.operations[k], chinese), sums[k].subjects);
      if (sums[k].together != 0) out += fmt::format(fmt::runtime(chinese ? "（其中 {} 个只与他项共同作用）" : " ({} of these only together with others)"), sums[k].together);
      out += counts(chinese ? "新增" : "gained", sums[k].gained, report, chinese);
      out += counts(chinese ? "不再" : "lost", sums[k].lost, report, chinese);
      out += counts(chinese ? "有变" : "changed", sums[k].changed, report, chinese);
      out += '\n';
    }
  }
  std::size_t shown = 0;
  for (const std::uint32_t s : weightiest_first(report)) {
    const DiffSubject& subject = report.differing[s];
    if (++shown > listed) {
      out += fmt::format(fmt::runtime(chinese ? "\n另有 {} 个，见 --format json、csv 或 html\n" : "\nand {} more: see --format json, csv or html\n"), report.differing.size() - listed);
      break;
    }
    out += '\n' + row_words(report, subject.after.subject, chinese) + '\n';
    for (std::size_t i = 0; i < subject.changes.size(); ++i)
      out += "  " + change_words(report, subject.changes[i], chinese) + (subject.blame ? fmt::format(fmt::runtime(chinese ? "［{}］" : " [{}]"), cause_words(report, subject.causes[i], chinese)) : std::string()) + '\n';
    if (subject.blame) out += fmt::format("  {}{}\n", chinese ? "所致：" : "because of: ", blame_words(report, *subject.blame, chinese));
  }
  return out;
}

}  // namespace tiao::driver
