// The explanation for people. Everything in it is in the verdict or its trace; here it is put into an order and into words.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "compiler/driver/case_words.hpp"
#include "compiler/driver/explain.hpp"
#include "compiler/driver/trace_words.hpp"
#include "runtime/value/format.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using verdict::Language;

constexpr std::size_t deepest_shown = 40;
constexpr std::size_t reasons_shown = 8;        // of a rule that holds
constexpr std::size_t silent_reasons_shown = 3; // of one that does not

class ExplanationText {
 public:
  ExplanationText(const Explanation& e, Language language, bool whole)
      : e_(e), zh_(language == Language::zh), whole_(whole), language_(language), schema_(e.ready.agreement.schema()), info_(e.ready.agreement.info),
        names_(e.evaluated->assembler().names()), trace_words_(names_, language) {}

  std::string text() {
    out_ += case_heading(schema_, e_.verdict, e_.as_of, language_);
    remedies();
    heads();
    through_time();
    reports();
    duties();
    flags();
    errors();
    readings();
    needs();
    enough();
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
  std::string colon(std::string_view name, std::string_view value) const { return trace_words_.colon(name, value); }
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
  void trace(const TraceNode& node, std::size_t depth, NodeId outside, std::size_t level = 0) {
    line(depth, "- " + trace_words_.line(node, outside));
    if (level == deepest_shown) return;
    const NodeId here = node.node != none ? node.node : outside;
    for (const TraceNode& child : node.children) trace(child, depth + 1, here, level + 1);
    if (node.omitted != 0) line(depth + 1, zh_ ? fmt::format("另有 {} 行", node.omitted) : fmt::format("{} more rows", node.omitted));
  }

  // What a remedy rests on, row by row; in the whole tree every rule names its own.
  void why(const TraceNode& remedy, const std::vector<Standing>& rows) {
    for (const Standing& on : rows) {
      if (whole_ && &on != &rows.front()) break;
      line(2, colon(say("为什么", "Why"), row_words(on.row)));
      if (whole_)
        for (const TraceNode& child : remedy.children) trace(child, 3, none);
      else
        for (const std::size_t i : on.rules)
          for (const std::string& reason : trace_words_.rule(remedy.children[i], reasons_shown)) line(3, "- " + reason);
    }
  }

  std::string row_words(const ScopeRow& row) const { return scope_row_words(names_, row, language_); }

  // --- ledgers and timelines ------------------------------------------------------------------------------------------------
  static const TraceNode* child_named(const TraceNode& node, std::string_view name) {
    for (const TraceNode& child : node.children)
      if (child.text == name) return &child;
    return nullptr;
  }
  std::string value_under(const TraceNode& node, std::string_view name) const {
    const TraceNode* child = child_named(node, name);
    return child == nullptr ? std::string{} : trace_words_.value(*child);
  }
  void ledger(const TraceNode& node) {
    line(1, colon(node.text, trace_words_.value(node)) + (node.node == none ? "" : "  " + label_of(node.node)));
    for (const TraceNode& step : node.children) {
      if (step.kind != TraceNode::Kind::step) continue;
      line(2, fmt::format("{}  {} → {}", step.text, value_under(step, "opening"), trace_words_.value(step)));
      for (const TraceNode& posting : step.children) {
        if (posting.kind != TraceNode::Kind::entry && posting.kind != TraceNode::Kind::credit) continue;
        const std::string rows = trace_words_.rows_under(posting);
        line(3, fmt::format("{} {}{}", posting.kind == TraceNode::Kind::entry ? "+" : "−", trace_words_.value(posting), rows.empty() ? "" : "  " + rows));
      }
    }
  }
  std::string state_name(const std::string& id, const Type& states) const {
    if (states.of < schema_.enums.size())
      for (const EnumValue& value : schema_.enums[states.of].values)
        if (value.id == id) return std::string(verdict::named(value.id, value.label, language_));
    return id;
  }
  void timeline(const TraceNode& node) {
    line(1, colon(node.text, trace_words_.value(node)) + (node.node == none ? "" : "  " + label_of(node.node)));
    for (const TraceNode& span : node.children) {
      if (span.kind != TraceNode::Kind::span) continue;
      line(2, fmt::format(fmt::runtime(zh_ ? "{}：自 {} 起，至 {}（不含）  {}" : "{}: from {} until {} (not included)  {}"), state_name(span.text, node.type), value_under(span, "from"),
                          value_under(span, "until"), span.node == none ? std::string{} : label_of(span.node)));
      for (const TraceNode& shorter : span.children)
        if (shorter.kind == TraceNode::Kind::shortening) line(3, colon(say("缩短", "shortened"), trace_words_.value(shorter)) + "  " + trace_words_.facts(shorter, reasons_shown));
    }
  }

  // --- sections ----------------------------------------------------------------------------------------------------------
  void remedies() {
    title("处理", "Remedies");
    if (e_.verdict.remedies.empty()) line(1, say("没有", "none"));
    for (std::size_t i = 0; i < e_.verdict.remedies.size(); ++i) {
      const verdict::RemedyEntry& entry = e_.verdict.remedies[i];
      std::string text = fmt::format("{}. {}", i + 1, remedy_on_target(names_, entry, e_.verdict.subject, language_));
      text += fmt::format(fmt::runtime(zh_ ? "：{}" : ": {}"), words(entry.state, language_));
      if (entry.phase != verdict::Phase::none) text += fmt::format(fmt::runtime(zh_ ? "，{}" : ", {}"), words(entry.phase, language_));
      if (entry.heaviest && e_.verdict.remedies.size() > 1) text += say("，其中最重", ", the heaviest");
      line(1, text);
      const std::string values = values_words(names_, entry, language_);
      if (!values.empty()) line(2, values);
      if (entry.alternative != 0) line(2, say("与同条另一处理二者择一，由决定者选择", "one of two remedies of this clause: the decider chooses"));
      line(2, colon(say("依据", "Cited"), cites(entry.cites)));
      for (const Need& need : entry.needs) line(2, colon(say("尚需", "Needs"), need_words(names_, need, language_)));
      why(e_.remedies[i], e_.remedy_rows[i]);
    }
    if (!verdict::concurrence_of(e_.verdict).clauses.empty())
      line(1, say("以上各项并列：条文没有规定其中一项吸收另一项，最重者已标明", "All of these stand: nothing in the text lets one absorb another; the heaviest is marked"));
  }

  void heads() {
    for (const verdict::HeadEntry& head : e_.verdict.heads)
      line(1, head.missing == none
                  ? (zh_ ? fmt::format("{}：{}；后果不在此文本中：{}", label_of(head.cite), words(head.state, language_), head.why)
                         : fmt::format("{}: {}; what follows is not in this text: {}", label_of(head.cite), words(head.state, language_), head.why))
                  : zh_ ? fmt::format("{}：{}；后果见{}，该文本不在手", label_of(head.cite), words(head.state, language_), names_.address(head.missing, language_))
                        : fmt::format("{}: {}; what follows stands in {}, which is not supplied", label_of(head.cite), words(head.state, language_),
                                      names_.address(head.missing, language_)));
  }

  void through_time() {
    if (!e_.ledgers.empty()) title("逐日账目", "Day by day");
    for (const TraceNode& node : e_.ledgers) whole_ ? trace(node, 1, none) : ledger(node);
    if (!e_.timelines.empty()) title("状态", "Status");
    for (const TraceNode& node : e_.timelines) whole_ ? trace(node, 1, none) : timeline(node);
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
      if (whole_)
        for (const TraceNode& child : e_.duties[i].children) trace(child, 2, duty.cite);
      else if (const std::string facts = trace_words_.duty(e_.duties[i], reasons_shown); !facts.empty())
        line(2, facts);
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
      std::string text = error.with.empty() ? fmt::format("{} {}", error.code, error.message)
                                            : fmt::format(fmt::runtime(zh_ ? "与{}相抵触（{}）" : "contradicts {} ({})"), cites(error.with), error.code);
      if (error.cite != none) text = colon(label_of(error.cite), text);
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
      const std::string_view name = verdict::named(reading.id, reading.label, language_);
      line(1, chosen.empty() ? fmt::format(fmt::runtime(zh_ ? "{}：尚未选定；可读作：{}" : "{}: not chosen; it could be read: {}"), name, others)
                             : fmt::format(fmt::runtime(zh_ ? "{}：取“{}”；另可读作：{}" : "{}: \"{}\"; it could also be read: {}"), name, chosen, others));
    }
  }

  void needs() {
    if (e_.verdict.needs.empty()) return;
    title("尚需查明", "Still to be found out");
    for (const Need& need : e_.verdict.needs) line(1, need_words(names_, need, language_));
  }

  // What would decide an undetermined remedy, one way and the other.
  void enough() {
    bool titled = false;
    for (std::size_t i = 0; i < e_.enough.size(); ++i) {
      const Enough& enough = e_.enough[i];
      if (enough.to_apply.empty() && enough.to_exclude.empty()) continue;
      if (!titled) title("查明这些即可定", "What would decide it");
      titled = true;
      const verdict::RemedyEntry& entry = e_.verdict.remedies[i];
      line(1, fmt::format("{} {}", act_words(names_, entry, language_), cites(entry.cites)));
      settled(say("成立，只要", "applies once"), enough.to_apply);
      settled(say("不成立，只要", "does not apply once"), enough.to_exclude);
    }
  }
  void settled(const char* what, const std::vector<Settled>& list) {
    if (list.empty()) return;
    std::string text;
    for (const Settled& s : list) text += (text.empty() ? "" : zh_ ? "，且" : " and ") + settled_words(names_, s, language_);
    line(2, colon(what, text));
  }

  void silent() {
    if (e_.silent.empty()) return;
    title("没有成立的条款", "Clauses that did not apply");
    for (const SilentRule& rule : e_.silent) {
      const Remedy& remedy = schema_.remedies[rule.remedy];
      line(1, fmt::format("{} {}{}{}", label_of(rule.cite), words(rule.modality, language_), zh_ ? "" : " ", verdict::named(remedy.id, remedy.label, language_)));
      for (const SilentRule::Row& row : rule.rows) {
        if (whole_) {
          trace(row.trace, 2, rule.cite);
          continue;
        }
        const std::string text = trace_words_.silent(row.trace, silent_reasons_shown);
        line(2, colon(row_words(row.row), text));
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
  bool whole_;
  Language language_;
  const Schema& schema_;
  const program::ProgramInfo& info_;
  verdict::Names names_;
  TraceWords trace_words_;
  std::string out_;
};

}  // namespace

std::string explanation_text(const Explanation& explanation, Language language, bool trace) { return ExplanationText(explanation, language, trace).text(); }

}  // namespace tiao::driver
