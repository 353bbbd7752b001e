// What the two texts say, on the page of a comparison.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/diff_page.hpp"
#include "runtime/value/text.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t opened_at_once = 12;   // changes whose wording is shown without asking

// Line by line, without the indentation.
void marked_lines(std::string_view text, const char* tag, std::string& out) {
  while (!text.empty()) {
    const std::size_t first = std::min(text.find_first_not_of(" \n"), text.size()), end = std::min(text.find('\n', first), text.size());
    out += text.substr(0, first);
    if (first < end) out += fmt::format("<{0}>{1}</{0}>", tag, xml_escaped(text.substr(first, end - first)));
    text.remove_prefix(end);
  }
}

}  // namespace

// ---- clauses

DiffClauses::DiffClauses(const DiffReport& report, bool chinese) : report_(report), chinese_(chinese) {}

DiffClauses::Clause DiffClauses::found(bool later, const std::string& address) const {
  Clause out;
  out.address = address;
  const bool both = report_.same_agreement;
  for (const bool side : {true, false}) {
    if (!both && side != later) continue;
    const Wording& wording = side ? report_.wording_after : report_.wording_before;
    const auto there = wording.find(address);
    if (there == wording.end()) continue;
    if (out.label.empty()) out.label = there->second.label;
    (side ? out.after : out.before) = true;
    (side ? out.new_text : out.old_text) = there->second.text;
  }
  return out;
}

std::size_t DiffClauses::add(Clause clause) {
  const int side = report_.same_agreement ? 2 : clause.after ? 1 : 0;
  const auto [there, added] = known_.try_emplace({side, clause.address}, clauses_.size());
  if (added) clauses_.push_back(std::move(clause));
  return there->second;
}

std::vector<std::size_t> DiffClauses::at(bool later, const std::string& address) {
  std::vector<std::size_t> out;
  const Wording& mine = later ? report_.wording_after : report_.wording_before;
  for (std::string up = address; !up.empty();) {
    const auto there = mine.find(up);
    if (there == mine.end()) break;
    Clause clause = found(later, up);
    if (!clause.old_text.empty() || !clause.new_text.empty()) out.insert(out.begin(), add(std::move(clause)));
    up = there->second.parent;
  }
  return out;
}

std::size_t DiffClauses::of(const TextChange& change) {
  const std::string& address = change.moved_to.empty() ? change.address : change.moved_to;
  Clause clause = found(true, address);
  if (!change.moved_to.empty())
    if (const auto there = report_.wording_before.find(change.address); there != report_.wording_before.end()) clause.before = true, clause.old_text = there->second.text;
  // What is said for the whole text has no address of its own.
  if (!clause.before && !clause.after) clause = {!change.before.empty(), !change.after.empty(), address, change.label, change.before, change.after};
  return add(std::move(clause));
}

std::string DiffClauses::name(std::size_t clause) const {
  const Clause& of = clauses_[clause];
  return xml_escaped(of.label.empty() ? of.address : of.address + ' ' + of.label);
}

std::string DiffClauses::block(std::size_t clause) const {
  const Clause& of = clauses_[clause];
  const char* note = "";
  if (report_.same_agreement && !of.before) note = chinese_ ? "新增" : "put in";
  else if (report_.same_agreement && !of.after) note = chinese_ ? "删去" : "taken away";
  else if (of.old_text != of.new_text && of.before && of.after) note = chinese_ ? "改写" : "rewritten";
  else if (!report_.same_agreement) note = of.after ? (chinese_ ? "新文本" : "later text") : (chinese_ ? "原文本" : "earlier text");
  else note = chinese_ ? "未改" : "unchanged";
  std::string out = fmt::format("<div class=\"clause\" id=\"c{}\"><p class=\"at\">{} <span class=\"tag\">{}</span></p><pre lang=\"zh-CN\">", clause, name(clause), note);
  if (!report_.same_agreement) return out + xml_escaped(of.after ? of.new_text : of.old_text) + "</pre></div>";
  for (const Redline& piece : redline(of.old_text, of.new_text)) {
    if (piece.kind == Redline::Kind::same) out += xml_escaped(piece.text);
    else marked_lines(piece.text, piece.kind == Redline::Kind::come ? "ins" : "del", out);
  }
  return out + "</pre></div>";
}

// ---- one agreement: which addresses read otherwise

void DiffPage::texts() {
  out_ += fmt::format("<h2 id=\"texts\">{}</h2>\n", say("条文的改动", "Clauses that read otherwise"));
  if (report_.text.empty()) {
    out_ += fmt::format("<p>{}</p>\n", say("文本相同。", "The texts are the same."));
    return;
  }
  out_ += fmt::format("<table class=\"texts\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
                      fmt::format(fmt::runtime(say("{} 处；展开看改动前后的文字：划去的为原文，加线的为新文", "{} places; open one for the words: struck out what was, underlined what is")), report_.text.size()),
                      say("条款", "address"), say("改动", "change"));
  for (const TextChange& change : report_.text) text_row(change, report_.text.size() <= opened_at_once);
  out_ += "</tbody>\n</table>\n";
}

void DiffPage::text_row(const TextChange& change, bool open) {
  const char* verb = "";
  const char* mark = "";
  switch (change.kind) {
    case TextChange::Kind::inserted: verb = say("增加", "inserted"), mark = "come"; break;
    case TextChange::Kind::removed: verb = say("删去", "removed"), mark = "gone"; break;
    case TextChange::Kind::replaced: verb = say("改写", "rewritten"); break;
    case TextChange::Kind::renumbered: verb = say("改编号", "moved"); break;
  }
  std::string what = fmt::format("<span class=\"{}\">{}</span>", mark, verb);
  if (change.sort == TextChange::Sort::other_number) what += say("：只是数值不同", ": another number");
  if (change.sort == TextChange::Sort::other_result) what += say("：只是处理或措辞不同", ": another remedy or modality");
  if (!change.moved_to.empty()) what += " → " + text_of(change.moved_to);
  if (change.sort == TextChange::Sort::other_number)
    for (const WordChange& words : change.words) what += fmt::format(" <del>{}</del> <ins>{}</ins>", text_of(words.before), text_of(words.after));
  if (!change.by.address.empty()) what += fmt::format(fmt::runtime(say("，由 {}", ", by {}")), text_of(change.by.address));
  out_ += fmt::format("<tr id=\"t{}\"><th scope=\"row\">{}{}</th><td><details{}><summary>{}</summary>{}</details></td></tr>\n", &change - report_.text.data(), text_of(change.address),
                      change.label.empty() ? "" : " <span class=\"label\">" + text_of(change.label) + "</span>", open ? " open" : "", what, clauses_.block(clauses_.of(change)));
}

// ---- two agreements: what each attaches to the concepts that they share

void DiffPage::concepts() {
  out_ += fmt::format("<h2 id=\"texts\">{}</h2>\n", say("两个文本的规定", "What the two texts provide"));
  using Sort = ConceptChange::Sort;
  struct Part { Sort sort; const char* id; const char* zh; const char* en; const char* zh_note; const char* en_note; };
  const Part parts[] = {
      {Sort::other_number, "other-number", "同一概念，数值或处理不同", "The same concept, other numbers or remedies", "两个文本都有，但门槛、期限或处理不一样", "both texts have it, with other thresholds, terms or remedies"},
      {Sort::other_result, "other-result", "数值相同，结果类别不同", "The same number, another class of result", "同样的数值，在两个文本中引出不同的处理", "the same number leads to another remedy"},
      {Sort::no_counterpart, "no-counterpart", "无对应", "No counterpart", "只有一个文本有", "only one of the texts has it"},
      {Sort::same, "same", "相同", "The same", "数值和处理都一样", "the same numbers and remedies"}};
  const auto of = [&](Sort sort) { return std::count_if(report_.concepts.begin(), report_.concepts.end(), [&](const ConceptChange& c) { return c.sort == sort; }); };
  out_ += "<ul class=\"classes\">";
  for (const Part& part : parts) out_ += fmt::format("<li>{}{}{}</li>", of(part.sort) == 0 ? std::string(say(part.zh, part.en)) : fmt::format("<a href=\"#{}\">{}</a>", part.id, say(part.zh, part.en)), say("：", ": "), of(part.sort));
  out_ += "</ul>\n";
  for (const Part& part : parts) {
    if (of(part.sort) == 0) continue;
    out_ += fmt::format("<h3 id=\"{}\">{}</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"concepts\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
                        part.id, say(part.zh, part.en), say(part.zh, part.en), say(part.zh_note, part.en_note), say("概念", "concept"), text_of(side_words(report_, false, chinese_)), text_of(side_words(report_, true, chinese_)));
    for (const ConceptChange& change : report_.concepts) {
      if (change.sort != part.sort) continue;
      out_ += fmt::format("<tr><th scope=\"row\">{}</th>", text_of(chinese_ && !change.label.empty() ? change.label : change.id));
      concept_side(change.before, false);
      concept_side(change.after, true);
      out_ += "</tr>\n";
    }
    out_ += "</tbody>\n</table></div>\n";
  }
}

void DiffPage::concept_side(const std::vector<ConceptSide>& sides, bool later) {
  if (sides.empty()) {
    out_ += fmt::format("<td class=\"meta\">{}</td>", say("无", "none"));
    return;
  }
  out_ += "<td><ul>";
  for (const ConceptSide& side : sides) {
    const std::vector<std::size_t> clauses = clauses_.at(later, side.address);
    const std::string address = clauses.empty() ? text_of(side.address) : fmt::format("<a href=\"#c{}\">{}</a>", clauses.back(), text_of(side.address));
    out_ += fmt::format("<li>{}{}{}{}", address, say("：", ": "), state_words(side.modality, chinese_), chinese_ ? "" : " ") + text_of(label_of(side.remedy));
    for (const std::string& number : side.numbers) out_ += fmt::format(" <span class=\"number\">{}</span>", text_of(number));
    out_ += "</li>";
  }
  out_ += "</ul></td>";
}

// ---- clauses that are quoted and did not change

void DiffPage::cited_clauses(std::size_t from) {
  if (from == clauses_.size()) return;
  out_ += fmt::format("<h2 id=\"clauses\">{}</h2>\n", report_.same_agreement ? say("所引的其他条款", "Other clauses referred to") : say("所引的条款", "Clauses referred to"));
  for (std::size_t clause = from; clause < clauses_.size(); ++clause) out_ += clauses_.block(clause) + '\n';
}

}  // namespace tiao::driver
