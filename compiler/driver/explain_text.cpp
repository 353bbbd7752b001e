// The explanation for people. Everything in it is in the verdict or its trace; here it is put into an order and into words.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "compiler/driver/explain.hpp"
#include "runtime/value/format.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using verdict::Language;

constexpr std::size_t deepest_shown = 12;
constexpr std::size_t reasons_shown = 4;

class ExplanationText {
 public:
  ExplanationText(const Explanation& e, Language language)
      : e_(e), zh_(language == Language::zh), language_(language), schema_(e.ready.agreement.schema()), info_(e.ready.agreement.info),
        names_(e.evaluated->assembler().names()) {}

  std::string text() {
    heading();
    remedies();
    heads();
    through_time();
    reports();
    duties();
    flags();
    errors();
    readings();
    needs();
    silent();
    addresses(say("不适用", "Not applicable"), e_.verdict.not_applicable);
    addresses(say("文本不在手的条目", "Items whose text is not supplied"), e_.verdict.not_covered);
    conventions();
    return std::move(out_);
  }

 private:
  const char* say(const char* chinese, const char* english) const { return zh_ ? chinese : english; }
  void line(std::size_t depth, std::string_view text) {
    out_.append(2 * depth, ' ');
    out_ += text;
    out_ += '\n';
  }
  void title(const char* chinese, const char* english) {
    out_ += '\n';
    line(0, say(chinese, english));
  }
  std::string colon(std::string_view name, std::string_view value) const { return fmt::format("{}{}{}", name, zh_ ? "：" : ": ", value); }
  std::string label_of(NodeId node) const {
    const Node& found = schema_.nodes[node];
    return found.label.empty() ? names_.address(node, language_) : fmt::format(fmt::runtime(zh_ ? "{}“{}”" : "{} \"{}\""), names_.address(node, language_), found.label);
  }
  std::string cites(const std::vector<NodeId>& nodes) const {
    std::string text;
    for (const NodeId node : nodes) text += (text.empty() ? "" : zh_ ? "、" : ", ") + label_of(node);
    return text;
  }

  // --- traces ------------------------------------------------------------------------------------------------------------
  static bool is_truth(const TraceNode& trace) { return trace.type.kind == Kind::boolean && !trace.value.empty(); }
  static Truth truth_of(const TraceNode& trace) { return static_cast<Truth>(trace.cell.lo); }
  std::string value_of(const TraceNode& trace) const {
    if (trace.value.empty()) return {};
    if (trace.type.kind == Kind::ref || trace.type.kind == Kind::text) return trace.value;
    return cell_words(names_, trace.type, trace.cell, language_);
  }
  // incident[I7].points -> 违规记录I7的分值
  std::string thing(const TraceNode& trace) const {
    const std::size_t open = trace.name.find('['), close = trace.name.rfind(']');
    if (!zh_ || open == std::string::npos || close == std::string::npos) return trace.name;
    for (const Entity& entity : schema_.entities) {
      if (entity.id != trace.name.substr(0, open)) continue;
      const std::string row = std::string(verdict::named(entity.id, entity.label, language_)) + trace.name.substr(open + 1, close - open - 1);
      if (close + 2 > trace.name.size()) return row;
      const std::string column_id = trace.name.substr(close + 2);
      const auto column = entity.find(column_id);
      return row + "的" + (column ? std::string(verdict::named(column_id, entity.columns[*column].label, language_)) : column_id);
    }
    return trace.name;
  }
  std::string decided(const TraceNode& trace) const {
    if (trace.by.empty() && trace.on.empty() && trace.grounds.empty()) return {};
    std::string text = zh_ ? "，认定：" : ", decided";
    if (!trace.by.empty()) text += zh_ ? verdict_actor(trace.by) : " by " + verdict_actor(trace.by);
    if (!trace.on.empty()) text += (zh_ ? " " : " on ") + trace.on;
    if (!trace.grounds.empty()) text += (zh_ ? "，理由：" : ", grounds: ") + trace.grounds;
    return text;
  }
  std::string verdict_actor(const std::string& id) const {
    for (const Actor& actor : schema_.actors)
      if (actor.id == id) return std::string(verdict::named(actor.id, actor.label, language_));
    return id;
  }
  std::string trace_line(const TraceNode& trace, NodeId outside) const {
    std::string text = trace.name.empty() ? trace.text : thing(trace);
    if (text.empty()) text = trace.text;
    const std::string value = value_of(trace);
    if (!value.empty()) text = colon(text, value);
    text += decided(trace);
    if (trace.node != none && trace.node != outside) text += fmt::format(fmt::runtime(zh_ ? "〔{}〕" : " [{}]"), names_.address(trace.node, language_));
    if (!trace.decisive) text += say("（不影响结果）", " (does not matter)");
    return text;
  }
  void trace(const TraceNode& node, std::size_t depth, NodeId outside, std::size_t level = 0) {
    line(depth, "- " + trace_line(node, outside));
    if (level == deepest_shown) return;
    const NodeId here = node.node != none ? node.node : outside;
    for (const TraceNode& child : node.children) trace(child, depth + 1, here, level + 1);
    if (node.omitted != 0) line(depth + 1, zh_ ? fmt::format("另有 {} 行", node.omitted) : fmt::format("{} more rows", node.omitted));
  }
  void traces(const TraceNode& node, std::size_t depth, NodeId outside) {
    for (const TraceNode& child : node.children) trace(child, depth, outside);
  }

  // The conditions that kept a rule from holding: the deepest ones that failed, each with the facts right under it.
  void reasons(const TraceNode& node, std::vector<const TraceNode*>& found) const {
    bool deeper = false;
    for (const TraceNode& child : node.children)
      if (child.decisive && is_truth(child) && truth_of(child) == truth_of(node) && child.kind != TraceNode::Kind::fact) {
        deeper = true;
        reasons(child, found);
      }
    if (!deeper) found.push_back(&node);
  }
  void facts_under(const TraceNode& node, std::vector<std::string>& facts) const {
    const bool leaf = node.kind == TraceNode::Kind::fact || node.kind == TraceNode::Kind::parameter || node.kind == TraceNode::Kind::reading;
    if (leaf) {
      const std::string text = trace_line(node, node.node);
      if (std::find(facts.begin(), facts.end(), text) == facts.end()) facts.push_back(text);
    } else {
      for (const TraceNode& child : node.children) facts_under(child, facts);
    }
  }
  std::string reason_text(const TraceNode& node) const {
    std::vector<std::string> facts;
    facts_under(node, facts);
    std::string text = trace_line(node, node.node);
    if (node.kind == TraceNode::Kind::fact || facts.empty()) return text;
    text += zh_ ? "（" : " (";
    for (std::size_t i = 0; i < facts.size() && i < reasons_shown; ++i) text += (i == 0 ? "" : zh_ ? "；" : "; ") + facts[i];
    if (facts.size() > reasons_shown) text += zh_ ? "……" : " …";
    return text + (zh_ ? "）" : ")");
  }

  // --- sections ----------------------------------------------------------------------------------------------------------
  void heading() {
    const AgreementInfo& agreement = schema_.agreements.front();
    std::string text(verdict::named(agreement.name, agreement.label, language_));
    std::string more;
    for (const std::string& part : {zh_ && !agreement.label.empty() ? agreement.name : std::string{}, agreement.edition,
                                    std::string(verdict::named(agreement.status, agreement.status_label, language_))})
      if (!part.empty()) more += (more.empty() ? "" : zh_ ? "，" : ", ") + part;
    line(0, more.empty() ? text : fmt::format(fmt::runtime(zh_ ? "{}（{}）" : "{} ({})"), text, more));
    const Entity& entity = schema_.entities[e_.verdict.subject.entity];
    line(0, fmt::format(fmt::runtime(zh_ ? "{} {}，截至 {}：{}" : "{} {}, as of {}: {}"), verdict::named(entity.id, entity.label, language_), e_.verdict.subject.key,
                        format_date(e_.as_of), words(e_.verdict.outcome, language_)));
  }

  void remedies() {
    title("处理", "Remedies");
    if (e_.verdict.remedies.empty()) line(1, say("没有", "none"));
    for (std::size_t i = 0; i < e_.verdict.remedies.size(); ++i) {
      const verdict::RemedyEntry& entry = e_.verdict.remedies[i];
      std::string text = fmt::format("{}. {}", i + 1, act_words(names_, entry, language_));
      if (entry.target.entity != e_.verdict.subject.entity || entry.target.key != e_.verdict.subject.key) {
        const Entity& entity = schema_.entities[entry.target.entity];
        text += fmt::format(fmt::runtime(zh_ ? "（对{}{}）" : " (on {} {})"), verdict::named(entity.id, entity.label, language_), entry.target.key);
      }
      text += fmt::format(fmt::runtime(zh_ ? "：{}" : ": {}"), words(entry.state, language_));
      if (entry.phase != verdict::Phase::none) text += fmt::format(fmt::runtime(zh_ ? "，{}" : ", {}"), words(entry.phase, language_));
      if (entry.heaviest && e_.verdict.remedies.size() > 1) text += say("，其中最重", ", the heaviest");
      line(1, text);
      const std::string values = values_words(names_, entry, language_);
      if (!values.empty()) line(2, values);
      if (entry.alternative != 0) line(2, say("与同条另一处理二者择一，由决定者选择", "one of two remedies of this clause: the decider chooses"));
      line(2, colon(say("依据", "Cited"), cites(entry.cites)));
      for (const Need& need : entry.needs) line(2, colon(say("尚需", "Needs"), need_words(names_, need, language_)));
      line(2, say("为什么", "Why"));
      traces(e_.remedies[i], 3, none);
    }
  }

  void heads() {
    for (const verdict::HeadEntry& head : e_.verdict.heads)
      line(1, zh_ ? fmt::format("{}：{}；后果见{}，该文本不在手", label_of(head.cite), words(head.state, language_), names_.address(head.missing, language_))
                  : fmt::format("{}: {}; what follows stands in {}, which is not supplied", label_of(head.cite), words(head.state, language_),
                                names_.address(head.missing, language_)));
  }

  void through_time() {
    if (!e_.ledgers.empty()) title("逐日账目", "Day by day");
    for (const TraceNode& ledger : e_.ledgers) trace(ledger, 1, none);
    if (!e_.timelines.empty()) title("状态", "Status");
    for (const TraceNode& timeline : e_.timelines) trace(timeline, 1, none);
  }

  void reports() {
    if (e_.verdict.reports.empty()) return;
    title("列示", "Reports");
    for (const verdict::ReportEntry& entry : e_.verdict.reports) {
      const program::ReportInfo& report = info_.reports[entry.report];
      std::string name(verdict::named(report.id, report.label, language_));
      if (!entry.of_subject) name += "[" + entry.row.key + "]";
      line(1, fmt::format("{}  {}", colon(name, value_words(names_, entry.value, language_)), report.cite == none ? "" : label_of(report.cite)));
    }
  }

  void duties() {
    const bool any = std::any_of(e_.verdict.duties.begin(), e_.verdict.duties.end(),
                                 [](const verdict::DutyEntry& d) { return d.state != verdict::DutyState::not_applicable; });
    if (!any) return;
    title("义务", "Duties");
    for (std::size_t i = 0; i < e_.verdict.duties.size(); ++i) {
      const verdict::DutyEntry& entry = e_.verdict.duties[i];
      if (entry.state == verdict::DutyState::not_applicable) continue;
      const program::DutyInfo& duty = info_.duties[entry.duty];
      std::string text = colon(label_of(duty.cite), words(entry.state, language_));
      if (entry.target.entity != e_.verdict.subject.entity) text += " " + entry.target.key;
      if (entry.has_due) text += (zh_ ? "，限期 " : ", due ") + value_words(names_, entry.due, language_);
      if (duty.in_principle) text += say("（原则上）", " (in principle)");
      if (duty.breach_under != none) text += (zh_ ? "，违反见" : ", a breach falls under ") + names_.address(duty.breach_under, language_);
      line(1, text);
      traces(e_.duties[i], 2, duty.cite);
    }
  }

  void flags() {
    if (e_.verdict.flags.empty()) return;
    title("提示", "Flags");
    for (const verdict::FlagEntry& flag : e_.verdict.flags) {
      std::string facts;
      for (const std::string& fact : flag.facts) facts += (facts.empty() ? " " : ", ") + fact;
      line(1, colon(label_of(flag.cite), flag.message) + facts + (flag.error ? say("（检查本身出错）", " (the check itself is in error)") : ""));
    }
  }

  void errors() {
    if (e_.verdict.errors.empty()) return;
    title("出错", "Errors");
    for (const EvidenceError& error : e_.verdict.errors) {
      std::string text = fmt::format("{} {}", error.code, error.message);
      if (error.cite != none) text = colon(label_of(error.cite), text);
      if (!error.with.empty()) text += (zh_ ? "，与" : ", with ") + cites(error.with);
      line(1, text);
    }
  }

  void readings() {
    if (e_.readings.empty()) return;
    title("所依的读法", "Readings relied on");
    for (const ReadingShown& reading : e_.readings) {
      std::string chosen, others;
      for (const ReadingShown::Choice& choice : reading.choices) {
        const std::string name(verdict::named(choice.id, choice.label, language_));
        if (choice.id == reading.chosen) chosen = name;
        else others += (others.empty() ? "" : zh_ ? "、" : ", ") + name;
      }
      if (chosen.empty()) chosen = say("尚未选定", "not chosen yet");
      line(1, fmt::format(fmt::runtime(zh_ ? "{}：取“{}”；另可读作：{}" : "{}: \"{}\"; it could also be read: {}"),
                          verdict::named(reading.id, reading.label, language_), chosen, others));
    }
  }

  void needs() {
    if (e_.verdict.needs.empty()) return;
    title("尚需查明", "Still to be found out");
    for (const Need& need : e_.verdict.needs) line(1, need_words(names_, need, language_));
  }

  void silent() {
    if (e_.silent.empty()) return;
    title("没有成立的条款", "Clauses that did not apply");
    for (const SilentRule& rule : e_.silent) {
      const Remedy& remedy = schema_.remedies[rule.remedy];
      line(1, fmt::format("{} {}{}{}", label_of(rule.cite), words(rule.modality, language_), zh_ ? "" : " ", verdict::named(remedy.id, remedy.label, language_)));
      for (const SilentRule::Row& row : rule.rows) {
        std::vector<const TraceNode*> found;
        for (const TraceNode& part : row.trace.children)
          if (part.decisive && is_truth(part) && truth_of(part) != Truth::yes) reasons(part, found);
        if (found.empty()) reasons(row.trace, found);
        std::string text;
        for (std::size_t i = 0; i < found.size() && i < reasons_shown; ++i) text += (text.empty() ? "" : zh_ ? "；" : "; ") + reason_text(*found[i]);
        if (found.size() > reasons_shown) text += zh_ ? "……" : " …";
        line(2, colon(row.key, text));
      }
      if (rule.more_rows != 0) line(2, zh_ ? fmt::format("另有 {} 行", rule.more_rows) : fmt::format("{} more rows", rule.more_rows));
    }
  }

  void addresses(const char* name, const std::vector<NodeId>& nodes) {
    if (nodes.empty()) return;
    out_ += '\n';
    line(0, name);
    for (const NodeId node : nodes) line(1, label_of(node));
  }

  void conventions() {
    if (e_.verdict.conventions.empty()) return;
    title("所依的通例", "General rules relied on");
    for (const verdict::ConventionEntry& entry : e_.verdict.conventions) line(1, colon(label_of(entry.cite), entry.source));
  }

  const Explanation& e_;
  bool zh_;
  Language language_;
  const Schema& schema_;
  const program::ProgramInfo& info_;
  verdict::Names names_;
  std::string out_;
};

}  // namespace

std::string explanation_text(const Explanation& explanation, Language language) { return ExplanationText(explanation, language).text(); }

}  // namespace tiao::driver
