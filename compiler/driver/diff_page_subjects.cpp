// Whose verdicts differ, on the page of a comparison.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/diff_page.hpp"
#include "runtime/value/text.hpp"

namespace tiao::driver {
namespace {

using Kind = verdict::Change::Kind;

constexpr std::size_t most_subjects = 5'000;    // a browser still scrolls and filters these at once; the data formats have all
constexpr std::size_t most_bytes = 6'000'000;   // of rows that open to both verdicts
constexpr std::size_t most_listed = 12;         // of one kind of entry of one verdict
constexpr std::size_t most_changes = 60, most_clauses = 12;

bool about_remedy(Kind kind) { return kind == Kind::remedy_gained || kind == Kind::remedy_lost || kind == Kind::remedy_changed; }

// What filters ask: +talk -warn ~fine
std::string remedy_mark(const verdict::Change& change) { return (change.kind == Kind::remedy_gained ? '+' : change.kind == Kind::remedy_lost ? '-' : '~') + change.name; }

bool not_applicable(const verdict::PortableEntry& entry) { return entry.value == "not_applicable"; }
bool not_applicable(const std::string&) { return false; }

}  // namespace

void DiffPage::subjects() {
  out_ += fmt::format("<h2 id=\"who\">{}</h2>\n", say("涉及的对象", "Who is affected"));
  if (report_.differing.empty()) {
    out_ += fmt::format("<p>{}</p>\n", say("没有：对每个对象，两个文本的结论都相同。", "Nobody: the two texts have the same verdict for every subject."));
    return;
  }
  std::vector<std::uint32_t> order = weightiest_first(report_);
  const std::size_t all = order.size();
  if (order.size() > most_subjects) {
    order.resize(most_subjects);
    out_ += fmt::format("<p class=\"left-out\">{}</p>\n", fmt::format(fmt::runtime(say("本页列 {} 个，处理不同的在前；另有 {} 个未列，见 --format csv 或 json。以上各数计及全部。",
                                                                                          "This page lists {}, those with other remedies first; {} more are in --format csv or json. The numbers above count all of them.")), order.size(), all - order.size()));
  }
  std::string above = std::move(out_);
  out_.clear();
  std::size_t whole = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool opens = i < diff_page_detailed && whole == i && out_.size() < most_bytes;
    subject(report_.differing[order[i]], opens);
    whole += opens;
  }
  above.swap(out_);
  const std::string& rows = above;
  if (whole < order.size())
    out_ += fmt::format("<p class=\"left-out\">{}</p>\n", fmt::format(fmt::runtime(say("前 {} 个可展开看两边的结论与缘由；其余的两边结论见 --format json。", "The first {} open to both verdicts and the reasons; both verdicts of the others are in --format json.")), whole));
  filter();
  out_ += fmt::format("<table id=\"subjects\">\n<caption>{}</caption>\n<colgroup><col class=\"who\"><col class=\"outcome\"><col>{}</colgroup>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>{}</tr></thead>\n<tbody>\n",
                      say("处理不同的在前；展开一行看两边的结论、所据的事实和条文", "those with other remedies first; a row opens to both verdicts, the facts they turn on and the clauses"), blamed_ ? "<col class=\"by\">" : "", say("对象", "subject"),
                      say("结论", "outcome"), say("不同之处", "changes"), blamed_ ? fmt::format("<th scope=\"col\">{}</th>", say("所致", "because of")) : "");
  out_ += rows + "</tbody>\n</table>\n";
}

void DiffPage::choice(const char* name, const char* words, const std::vector<std::pair<std::string, std::string>>& options) {
  if (options.empty()) return;
  out_ += fmt::format("<label>{}<select name=\"{}\"><option value=\"\">{}</option>", words, name, say("全部", "all"));
  for (const auto& [value, text] : options) out_ += fmt::format("<option value=\"{}\">{}</option>", xml_escaped(value), text_of(text));
  out_ += "</select></label>\n";
}

void DiffPage::filter() {
  std::vector<std::pair<std::string, std::string>> remedies, operations, kinds, registers;
  for (const DiffRemedy& remedy : report_.remedies)
    if (remedy.gained + remedy.lost + remedy.changed != 0) remedies.emplace_back(remedy.remedy, label_of(remedy.remedy));
  for (std::uint32_t k = 0; blamed_ && k < report_.operations.size(); ++k) operations.emplace_back(std::to_string(k), operation_words(report_.operations[k], chinese_, several_supplements(report_)));
  std::set<Kind> occurring;
  std::set<std::string> entities;
  for (const DiffSubject& subject : report_.differing) {
    entities.insert(subject.after.subject.entity);
    for (const verdict::Change& change : subject.changes) occurring.insert(change.kind);
  }
  for (const Kind kind : occurring) kinds.emplace_back(verdict::name_of(kind), change_kind_words(kind, chinese_));
  if (entities.size() > 1)
    for (const std::string& entity : entities) registers.emplace_back(entity, label_of(entity));
  out_ += fmt::format("<form id=\"filter\" role=\"search\" aria-label=\"{}\" hidden>\n<label>{}<input type=\"search\" name=\"text\" autocomplete=\"off\"></label>\n", say("筛选对象", "filter subjects"), say("编号、条款或文字", "key, address or words"));
  choice("entity", say("名册", "register"), registers);
  choice("remedy", say("处理", "remedy"), remedies);
  choice("kind", say("不同之处", "kind of change"), kinds);
  choice("operation", say("修改", "amendment"), operations);
  out_ += fmt::format("<button type=\"reset\">{}</button><button type=\"button\" id=\"open\">{}</button><button type=\"button\" id=\"close\">{}</button>\n<output aria-live=\"polite\" data-words=\"{}\"></output>\n</form>\n",
                      say("清除", "clear"), say("展开所列", "open those shown"), say("收起所列", "close those shown"), say("显示 {} / {} 个对象", "{} of {} subjects shown"));
}

void DiffPage::subject(const DiffSubject& s, bool whole) {
  std::set<std::string> remedies, kinds;
  std::set<std::uint32_t> operations;
  for (const verdict::Change& change : s.changes) {
    kinds.insert(verdict::name_of(change.kind));
    if (about_remedy(change.kind)) remedies.insert(remedy_mark(change));
  }
  for (const auto& cause : s.causes)
    if (cause) operations.insert(cause->begin(), cause->end());
  if (s.blame) operations.insert(s.blame->operations.begin(), s.blame->operations.end());
  const auto outcome = [&](bool there, const verdict::PortableVerdict& verdict) { return there ? state_words(verdict::name_of(verdict.outcome), chinese_) : std::string(say("不在其列", "not a subject")); };
  const std::string before = outcome(s.had, s.before), after = outcome(s.has, s.after);
  out_ += fmt::format("<tr data-e=\"{}\" data-r=\"{}\" data-o=\"{}\" data-k=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td>", xml_escaped(s.after.subject.entity), xml_escaped(fmt::format("{}", fmt::join(remedies, " "))),
                      fmt::join(operations, " "), fmt::join(kinds, " "), text_of(row_words(report_, s.after.subject, chinese_)), before == after ? after : before + " → " + after);
  if (!whole) {
    out_ += summary(s);
  } else {
    out_ += fmt::format("<details><summary>{}</summary>\n", summary(s));
    if (s.blame) causes(s);
    out_ += "<div class=\"sides\">\n";
    side(s, false);
    side(s, true);
    out_ += "</div>\n";
    if (const std::vector<std::size_t> clauses = clauses_of(s); !clauses.empty()) {
      out_ += fmt::format("<div class=\"quoted\" data-clauses=\"{}\"><h3>{}</h3><ul>", fmt::join(clauses, " "), say("所据条文", "Clauses they rest on"));
      for (const std::size_t clause : clauses) out_ += fmt::format("<li><a href=\"#c{}\">{}</a></li>", clause, clauses_.name(clause));
      out_ += "</ul></div>\n";
    }
    out_ += "</details>";
  }
  out_ += "</td>";
  if (s.blame) out_ += "<td>" + blame(*s.blame) + "</td>";
  out_ += "</tr>\n";
}

// Every change with the amendments that make it.
void DiffPage::causes(const DiffSubject& s) {
  out_ += "<ul>\n";
  for (std::size_t i = 0; i < s.changes.size() && i < most_changes; ++i)
    out_ += fmt::format("<li>{} <span class=\"cause\">{}{}{}</span></li>\n", text_of(change_words(report_, s.changes[i], chinese_)), say("［", "["), text_of(cause_words(report_, s.causes[i], chinese_)), say("］", "]"));
  if (s.changes.size() > most_changes) out_ += fmt::format("<li>{}</li>\n", fmt::format(fmt::runtime(say("另有 {} 处，见 --format csv", "{} more: see --format csv")), s.changes.size() - most_changes));
  out_ += "</ul>\n";
}

// 新增 暂停结算×2、追回违规费用；义务 3
std::string DiffPage::summary(const DiffSubject& s) const {
  std::map<Kind, std::map<std::string, unsigned>> by;
  for (const verdict::Change& change : s.changes) ++by[change.kind][change.name];
  std::string out;
  for (const auto& [kind, names] : by) {
    if (kind == Kind::outcome) continue;
    if (!out.empty()) out += say("；", "; ");
    if (!about_remedy(kind)) {
      unsigned n = 0;
      for (const auto& [name, count] : names) n += count;
      out += fmt::format("<span class=\"meta\">{} {}</span>", change_kind_words(kind, chinese_), n);
      continue;
    }
    std::vector<std::string> list;
    for (const auto& [name, n] : names) list.push_back(text_of(label_of(name)) + (n > 1 ? fmt::format("×{}", n) : ""));
    const char* verb = kind == Kind::remedy_gained ? say("新增", "gained") : kind == Kind::remedy_lost ? say("不再", "lost") : say("有变", "changed");
    out += fmt::format("<span class=\"{}\">{} {}</span>", kind == Kind::remedy_gained ? "come" : kind == Kind::remedy_lost ? "gone" : "", verb, list_of(list));
  }
  return out.empty() ? change_kind_words(Kind::outcome, chinese_) : out;
}

// ---- the two verdicts, each with its reasons

void DiffPage::side(const DiffSubject& s, bool later) {
  const bool there = later ? s.has : s.had;
  const verdict::PortableVerdict& verdict = later ? s.after : s.before;
  out_ += fmt::format("<section><h3>{}{}{}</h3>\n", later ? say("新文本的结论", "later verdict") : say("原文本的结论", "earlier verdict"), say("：", ": "),
                      there ? state_words(verdict::name_of(verdict.outcome), chinese_) : std::string(say("不在其列", "not a subject")));
  if (there) remedies_of(s, later), others_of(s, later);
  out_ += "</section>\n";
}

// The same as just before is not said again.
void DiffPage::why(const std::vector<const DiffReason*>& reasons, const std::vector<const DiffReason*>& last) {
  const bool silent = std::all_of(reasons.begin(), reasons.end(), [](const DiffReason* reason) { return reason->because.empty() && reason->needs.empty(); });
  if (silent) return;
  const auto alike = [](const DiffReason* a, const DiffReason* b) { return a->row == b->row && a->because == b->because && a->needs == b->needs; };
  if (std::equal(reasons.begin(), reasons.end(), last.begin(), last.end(), alike)) {
    out_ += fmt::format("<p class=\"why\">{}</p>", say("缘由同上", "for the same reasons"));
    return;
  }
  out_ += "<ul class=\"why\">";
  for (const DiffReason* reason : reasons) {
    if (!reason->row.empty()) out_ += fmt::format("<li>{}{}</li>", say("所看记录：", "on record: "), text_of(reason->row));
    for (const std::string& because : reason->because) out_ += fmt::format("<li>{}</li>", text_of(because));
    for (const std::string& need : reason->needs) out_ += fmt::format("<li class=\"need\">{}{}</li>", say("尚需查明：", "to be found out: "), text_of(need));
  }
  out_ += "</ul>";
}

void DiffPage::remedies_of(const DiffSubject& s, bool later) {
  const verdict::PortableVerdict& here = later ? s.after : s.before;
  const verdict::PortableVerdict& there = later ? s.before : s.after;
  const std::vector<DiffReason>& reasons = later ? s.why_after : s.why_before;
  if (here.remedies.empty()) out_ += fmt::format("<p class=\"meta\">{}</p>\n", say("无处理", "no remedies"));
  std::vector<verdict::PortableRemedy> others = there.remedies;
  std::size_t same = 0;
  if (!here.remedies.empty()) out_ += "<ul class=\"marked\">\n";
  std::vector<const DiffReason*> last;
  for (std::size_t i = 0; i < here.remedies.size(); ++i) {
    const std::string words = text_of(remedy_words(report_, here.remedies[i], chinese_));
    if (const auto other = std::find(others.begin(), others.end(), here.remedies[i]); other != others.end()) {
      others.erase(other);
      if (++same <= most_listed) out_ += "<li>" + words + "</li>\n";
      continue;
    }
    out_ += fmt::format("<li>{0}<{1}>{2}</{1}>", later ? "+ " : "− ", later ? "ins" : "del", words);
    std::vector<const DiffReason*> found;
    for (const DiffReason& reason : reasons)
      if (reason.about == DiffReason::About::remedy && reason.place == i) found.push_back(&reason);
    why(found, last);
    last = std::move(found);
    out_ += "</li>\n";
  }
  if (same > most_listed) out_ += fmt::format("<li>{}</li>\n", fmt::format(fmt::runtime(say("另有 {} 项两边相同", "{} more are the same on both sides")), same - most_listed));
  if (!here.remedies.empty()) out_ += "</ul>\n";

  bool titled = false;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const DiffReason& reason = reasons[i];
    if (reason.about != DiffReason::About::absent_remedy) continue;
    if (!titled) out_ += fmt::format("<h4>{}</h4>\n<ul>\n", say("为何没有另一边的处理（同类举一）", "why not what the other side has (one of each kind)"));
    titled = true;
    const std::string& remedy = there.remedies[reason.place].remedy;
    std::string words = text_of(label_of(remedy)) + say("：", ": ");
    if (reason.address.empty()) {
      words += say("本文本没有能引出它的规定", "no rule of this text leads to it");
    } else {
      if (reason.own_remedy != remedy) words += fmt::format(fmt::runtime(say("本文本为{}，", "here {}, ")), text_of(label_of(reason.own_remedy)));
      words += text_of(reason.address) + (reason.row.empty() ? say("，没有可看的记录", ", nothing on record to look at") : say("，所看记录 ", ", on record ") + text_of(reason.row));
      for (const std::string& because : reason.because) words += say("：", ": ") + text_of(because);
    }
    out_ += "<li>" + words + "</li>\n";
  }
  if (titled) out_ += "</ul>\n";
}

// Of what both sides have, everything but remedies is only counted.
void DiffPage::others_of(const DiffSubject& s, bool later) {
  const verdict::PortableVerdict& here = later ? s.after : s.before;
  const verdict::PortableVerdict& there = later ? s.before : s.after;
  const std::vector<DiffReason>& reasons = later ? s.why_after : s.why_before;
  const auto rest = [&](const char* title, const auto& mine, const auto& theirs, auto&& in_words, auto&& reason_of) {
    std::decay_t<decltype(mine)> own;
    std::set_difference(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(own));
    const std::size_t idle = std::erase_if(own, [](const auto& one) { return not_applicable(one); });
    if (own.empty() && idle == 0) return;
    out_ += fmt::format("<h4>{}</h4>\n<ul class=\"marked\">\n", title);
    for (std::size_t i = 0; i < own.size() && i < most_listed; ++i) {
      out_ += fmt::format("<li>{0}<{1}>{2}</{1}>", later ? "+ " : "− ", later ? "ins" : "del", text_of(in_words(own[i])));
      if (const DiffReason* reason = reason_of(own[i])) why({reason}, {});
      out_ += "</li>\n";
    }
    if (own.size() > most_listed) out_ += fmt::format("<li>{}</li>\n", fmt::format(fmt::runtime(say("另有 {} 项，见 --format json", "{} more: see --format json")), own.size() - most_listed));
    if (idle != 0) out_ += fmt::format("<li class=\"meta\">{}</li>\n", fmt::format(fmt::runtime(say("{} 项不适用", "{} not applicable")), idle));
    out_ += "</ul>\n";
  };
  const auto in_words = [&](Kind kind) { return [this, kind](const verdict::PortableEntry& one) { return entry_words(report_, kind, one, chinese_); }; };
  const auto reason_of = [&](DiffReason::About about) {
    return [&reasons, about](const verdict::PortableEntry& one) -> const DiffReason* {
      const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const DiffReason& r) { return r.about == about && r.address == one.name && (about == DiffReason::About::head || r.on == one.row); });
      return found == reasons.end() ? nullptr : &*found;
    };
  };
  const auto no_reason = [](const auto&) -> const DiffReason* { return nullptr; };
  rest(say("后果不在此文本中的条款", "provisions whose consequence stands elsewhere"), here.heads, there.heads, in_words(Kind::head), reason_of(DiffReason::About::head));
  rest(say("义务", "duties"), here.duties, there.duties, in_words(Kind::duty), reason_of(DiffReason::About::duty));
  rest(say("报告值", "reports"), here.reports, there.reports, in_words(Kind::report), no_reason);
  rest(say("提示", "flags"), here.flags, there.flags, in_words(Kind::flag_gained), no_reason);
  rest(say("成立的条款", "provisions that hold"), here.findings, there.findings, [](const std::string& address) { return address; }, no_reason);
}

// Of what one side alone has.
std::vector<std::size_t> DiffPage::clauses_of(const DiffSubject& s) {
  std::vector<std::size_t> out;
  const auto add = [&](bool later, const std::string& address) {
    for (const std::size_t clause : clauses_.at(later, address))
      if (out.size() < most_clauses && std::find(out.begin(), out.end(), clause) == out.end()) out.push_back(clause);
  };
  for (const bool later : {true, false}) {
    const verdict::PortableVerdict& here = later ? s.after : s.before;
    const verdict::PortableVerdict& there = later ? s.before : s.after;
    for (const verdict::PortableRemedy& remedy : here.remedies)
      if (std::find(there.remedies.begin(), there.remedies.end(), remedy) == there.remedies.end())
        for (const std::string& address : remedy.cites) add(later, address);
    for (const DiffReason& reason : later ? s.why_after : s.why_before)
      if (reason.about == DiffReason::About::absent_remedy && !reason.address.empty()) add(later, reason.address);
  }
  for (const bool later : {true, false}) {
    const verdict::PortableVerdict& here = later ? s.after : s.before;
    const verdict::PortableVerdict& there = later ? s.before : s.after;
    for (const auto& [mine, theirs] : {std::pair{&here.heads, &there.heads}, std::pair{&here.duties, &there.duties}})
      for (const verdict::PortableEntry& entry : *mine)
        if (!std::binary_search(theirs->begin(), theirs->end(), entry) && !not_applicable(entry)) add(later, entry.name);
  }
  return out;
}

std::string DiffPage::blame(const Blame& of) const {
  if (of.operations.empty()) return text_of(blame_words(report_, of, chinese_));
  std::string out = links(of.operations);
  const auto note = [&](const std::string& words) { out += fmt::format("<div class=\"meta\">{}</div>", words); };
  if (!of.built_on.empty()) note(fmt::format(fmt::runtime(say("{} 是其基础", "{} are what they build on")), links(of.built_on)));
  if (of.several) note(say("另有同样大小的组合也可得出", "another set of this size does it as well"));
  if (of.how == Blame::How::irreducible) note(say("任一项都不能去掉", "none of these can be left out"));
  return out;
}

}  // namespace tiao::driver
