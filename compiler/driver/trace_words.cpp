#include "compiler/driver/trace_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/value/text.hpp"
#include "runtime/verdict/width.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {
namespace {

using Kind_ = TraceNode::Kind;

constexpr std::size_t widest_text = 90;   // cells of an expression that is quoted
constexpr std::size_t most_facts = 4;

bool is_truth(const TraceNode& node) { return node.type.kind == tiao::Kind::boolean && !node.value.empty(); }

// Definitions on rows that the evaluation itself made, as a day of a ledger: their value says enough.
bool on_derived_row(const TraceNode& node) { return node.name.find(" of ") != std::string::npos; }

bool is_own_condition(const TraceNode& node) { return node.text.starts_with("§"); }

bool ends_a_reason(const TraceNode& node) {
  switch (node.kind) {
    case Kind_::fact:
    case Kind_::parameter:
    case Kind_::reading:
    case Kind_::ledger:
    case Kind_::table_row:
    case Kind_::timeline: return true;
    case Kind_::definition: return on_derived_row(node) && !is_truth(node);
    default: return false;
  }
}

std::string shortened(std::string text) {
  if (verdict::width_of(text) <= widest_text) return text;
  std::size_t end = text.size();
  while (end > 0 && verdict::width_of(std::string_view(text).substr(0, end)) > widest_text - 1) {
    do --end;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
  }
  return text.substr(0, end) + "…";
}

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

}  // namespace

std::string TraceWords::colon(std::string_view name, std::string_view value) const {
  if (value.empty()) return std::string(name);
  return fmt::format("{}{}{}", name, zh_ ? "：" : ": ", value);
}

std::string TraceWords::joined(const std::vector<std::string>& parts, std::size_t most, const char* separator) const {
  std::string out;
  for (std::size_t i = 0; i < parts.size() && i < most; ++i) out += (i == 0 ? "" : separator) + parts[i];
  if (parts.size() > most) out += say("……", " …");
  return out;
}

std::string TraceWords::value(const TraceNode& node) const {
  if (node.value.empty()) return {};
  if (node.type.kind == tiao::Kind::ref || node.type.kind == tiao::Kind::text) return node.value;
  return cell_words(names_, node.type, node.cell, language_);
}

std::string TraceWords::thing(const TraceNode& node) const {
  if (node.kind == Kind_::condition && node.text == "there") return say("该行是否在内", "whether the row is there");
  if (node.kind == Kind_::table_row && node.text.starts_with("row ")) return zh_ ? "表第" + node.text.substr(4) + "行" : "table " + node.text;
  if (is_own_condition(node)) {   // §第三条（一）: the node's own condition; §applies:…: whether it applies at all
    std::string text = node.text.substr(std::string_view("§").size());
    if (const std::size_t mark = text.find('#'); mark != std::string::npos) text.resize(mark);   // one of several of a node
    if (const std::size_t mark = text.find(':'); mark != std::string::npos) text = say("适用", "applicability of ") + text.substr(mark + 1);
    return text;
  }
  if (on_derived_row(node) && !zh_) {
    const std::size_t column = node.name.find("].");
    return column == std::string::npos ? node.name : node.name.substr(column + 2);
  }
  if (node.name.empty() || on_derived_row(node)) return shortened(one_line(node.text));
  const bool register_cell = node.name.find("].") != std::string::npos;
  const bool whole_row = node.kind == Kind_::row || node.kind == Kind_::fact || node.kind == Kind_::entry || node.kind == Kind_::credit;
  if (node.name.find('[') == std::string::npos || (!register_cell && !whole_row)) {
    const bool plain_name = node.name.find('[') == std::string::npos;
    return node.text.empty() || (plain_name && !zh_) ? node.name : node.text;
  }
  return verdict::thing_words(schema_, node.name, language_);
}

std::string TraceWords::decided(const TraceNode& node) const {
  if (node.by.empty() && node.on.empty() && node.grounds.empty()) return {};
  std::string by = node.by;
  for (const Actor& actor : schema_.actors)
    if (actor.id == node.by) by = verdict::named(actor.id, actor.label, language_);
  std::string text = say("，认定：", ", decided by ") + by;
  if (!node.on.empty()) text += say(" ", " on ") + node.on;
  if (!node.grounds.empty()) text += say("，理由：", ", grounds: ") + node.grounds;
  return text;
}

std::string TraceWords::line(const TraceNode& node, NodeId outside) const {
  std::string text = colon(thing(node), value(node)) + decided(node);
  if (node.node != none && node.node != outside) text += fmt::format(fmt::runtime(zh_ ? "〔{}〕" : " [{}]"), names_.address(node.node, language_));
  if (!node.decisive) text += say("（不影响结果）", " (does not matter)");
  return text;
}

// From a truth down through the parts that have the same truth and matter, as far as there are any.
void TraceWords::collect_reasons(const TraceNode& node, std::vector<const TraceNode*>& found) const {
  bool deeper = false;
  if (!ends_a_reason(node))
    for (const TraceNode& child : node.children)
      if (child.decisive && is_truth(child) && child.cell == node.cell && child.kind != Kind_::row) {
        deeper = true;
        collect_reasons(child, found);
      }
  if (!deeper) found.push_back(&node);
}

void TraceWords::collect_facts(const TraceNode& node, std::vector<std::string>& found) const {
  if (!node.decisive) return;
  if (ends_a_reason(node)) {
    add_once(found, node.kind == Kind_::table_row ? thing(node) : colon(thing(node), value(node)) + decided(node));
    return;
  }
  // A status or balance of a day: what it was then, not what the line or account comes to in the end.
  const auto through_time = [](const TraceNode& child) { return child.kind == Kind_::timeline || child.kind == Kind_::ledger; };
  const bool of_a_day = node.kind == Kind_::expression && !is_truth(node) && std::any_of(node.children.begin(), node.children.end(), through_time);
  if (of_a_day) add_once(found, colon(thing(node), value(node)));
  for (const TraceNode& child : node.children)
    if (!of_a_day || !through_time(child)) collect_facts(child, found);
}

void TraceWords::collect_rows(const TraceNode& node, std::vector<std::string>& found) const {
  if (!node.decisive) return;
  const bool names_row = node.kind == Kind_::row || node.kind == Kind_::entry || node.kind == Kind_::credit;
  if (names_row && node.name.find('[') != std::string::npos && !on_derived_row(node)) {
    add_once(found, thing(node));
    return;
  }
  for (const TraceNode& child : node.children) collect_rows(child, found);
}

std::string TraceWords::rows_under(const TraceNode& node) const {
  std::vector<std::string> found;
  collect_rows(node, found);
  return joined(found, most_facts, say("、", ", "));
}

std::string TraceWords::facts(const TraceNode& node, std::size_t most) const {
  std::vector<std::string> found;
  const TraceNode* from = &node;   // a value that is a definition's own is told by what that rests on
  while (node.kind == Kind_::value && from->children.size() == 1 && from->children[0].kind == Kind_::definition && !is_truth(from->children[0]))
    from = &from->children[0];
  for (const TraceNode& child : from->children) collect_facts(child, found);
  return joined(found, most, say("；", "; "));
}

std::string TraceWords::reason(const TraceNode& node) const {
  const std::string text = colon(thing(node), value(node)) + decided(node);
  const std::string below = facts(node, most_facts);
  if (node.kind == Kind_::fact || below.empty()) return text;
  return fmt::format(fmt::runtime(zh_ ? "{}（{}）" : "{} ({})"), text, below);
}

std::vector<std::string> TraceWords::reason_list(const TraceNode& node) const {
  std::vector<const TraceNode*> found;
  collect_reasons(node, found);
  std::vector<std::string> out;
  for (const TraceNode* part : found) add_once(out, reason(*part));
  return out;
}

std::string TraceWords::reasons(const TraceNode& node, std::size_t most) const { return joined(reason_list(node), most, say("；", "; ")); }

std::vector<std::string> TraceWords::rule(const TraceNode& ground, std::size_t most) const {
  std::vector<std::string> out;
  add_rule(ground, most, out);
  return out;
}

void TraceWords::add_rule(const TraceNode& ground, std::size_t most, std::vector<std::string>& out) const {
  for (const TraceNode& part : ground.children) {
    if (part.kind == Kind_::ground || part.kind == Kind_::definition) {
      add_rule(part, most, out);
    } else if (part.kind == Kind_::condition) {
      const bool settled = part.text != "when" && static_cast<Truth>(part.cell.lo) == Truth::yes;   // in force, in scope: not worth a word
      if (settled || !part.decisive) continue;
      const std::vector<std::string> reasons = reason_list(part);
      out.insert(out.end(), reasons.begin(), reasons.begin() + static_cast<std::ptrdiff_t>(std::min(most, reasons.size())));
      if (reasons.size() > most) out.push_back(zh_ ? fmt::format("另有 {} 项", reasons.size() - most) : fmt::format("and {} more", reasons.size() - most));
    } else if (part.kind == Kind_::value && !part.children.empty()) {
      const std::string from = facts(part, most);
      if (!from.empty()) out.push_back(colon(value_name(part.text), value(part)) + say("，由此：", ", from: ") + from);
    }
  }
}

std::string TraceWords::value_name(const std::string& name) const {
  if (name == "for") return say("期限", "for");
  if (name == "from") return say("起日", "from");
  if (name == "until") return say("止日", "until");
  for (const Remedy& remedy : schema_.remedies)
    for (const RemedyParam& param : remedy.params)
      if (param.id == name) return std::string(verdict::named(param.id, param.label, language_));
  return name;
}

std::string TraceWords::silent(const TraceNode& ground, std::size_t most) const {
  std::string out;
  for (const TraceNode& part : ground.children)
    if (part.decisive && part.kind == Kind_::condition && static_cast<Truth>(part.cell.lo) != Truth::yes) out += (out.empty() ? "" : say("；", "; ")) + reasons(part, most);
  return out;
}

std::string TraceWords::duty(const TraceNode& duty, std::size_t most) const {
  std::string out;
  for (const TraceNode& part : duty.children) {
    if (part.text == "applicable" || part.text == "where") continue;
    const std::string found = facts(part, most);
    if (!found.empty()) out += (out.empty() ? "" : say("；", "; ")) + found;
  }
  return out;
}

}  // namespace tiao::driver
