#include <algorithm>

#include "compiler/driver/explain.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {
namespace {

class ExplanationJson {
 public:
  ExplanationJson(const Explanation& e, std::string& out) : e_(e), names_(e.evaluated->assembler().names()), json_(out, 2), out_(out) {}

  void write() {
    json_.begin_object();
    json_.key("verdict");
    std::string verdict;
    append_verdict(verdict, e_.evaluated->context(verdict::Language::en), e_.verdict);
    json_.raw(verdict);
    list("remedies", e_.remedies);
    enough();
    list("duties", e_.duties);
    list("reports", e_.reports);
    list("ledgers", e_.ledgers);
    list("timelines", e_.timelines);
    readings();
    silent();
    json_.end_object();
    out_ += '\n';
  }

 private:
  void list(const char* name, const std::vector<TraceNode>& traces) {
    if (traces.empty()) return;
    json_.key(name);
    json_.begin_array();
    for (const TraceNode& node : traces) trace(node);
    json_.end_array();
  }

  void text(const char* name, const std::string& value) {
    if (!value.empty()) json_.member(name, value);
  }

  void trace(const TraceNode& node) {
    json_.begin_object();
    json_.member("kind", name(node.kind));
    text("text", node.text);
    text("name", node.name);
    if (node.node != none) json_.member("cite", names_.address(node.node));
    if (!node.value.empty()) {
      json_.key("value");
      if (node.type.kind == Kind::ref || node.type.kind == Kind::text) {
        json_.string(node.value);
      } else {
        verdict::append_cell(json_, names_, node.type, node.cell);
      }
    }
    if (!node.decisive) json_.member("decisive", false);
    text("by", node.by);
    text("on", node.on);
    text("grounds", node.grounds);
    text("file", node.file);
    if (node.line != 0) json_.member("line", static_cast<std::int64_t>(node.line));
    if (node.omitted != 0) json_.member("omitted", static_cast<std::int64_t>(node.omitted));
    list("children", node.children);
    json_.end_object();
  }

  // One for each undetermined remedy, by its place in the verdict.
  void enough() {
    const auto settles = [](const Enough& e) { return !e.to_apply.empty() || !e.to_exclude.empty(); };
    if (std::none_of(e_.enough.begin(), e_.enough.end(), settles)) return;
    json_.key("enough");
    json_.begin_array();
    for (std::size_t i = 0; i < e_.enough.size(); ++i) {
      if (!settles(e_.enough[i])) continue;
      const verdict::RemedyEntry& entry = e_.verdict.remedies[i];
      json_.begin_object();
      json_.member("remedy", names_.schema.remedies[entry.remedy].id);
      json_.member("modality", verdict::name_of(entry.modality));
      json_.member("target", entry.target.key);
      settled("to_apply", e_.enough[i].to_apply);
      settled("to_exclude", e_.enough[i].to_exclude);
      json_.end_object();
    }
    json_.end_array();
  }

  void settled(const char* name, const std::vector<Settled>& list) {
    if (list.empty()) return;
    json_.key(name);
    json_.begin_array();
    for (const Settled& s : list) {
      json_.begin_object();
      json_.member("kind", tiao::name(s.need.kind));
      json_.member("name", s.need.name);
      if (!s.need.by.empty()) json_.member("by", s.need.by);
      if (s.closed) json_.member("closed", true);
      else value(s);
      json_.end_object();
    }
    json_.end_array();
  }

  // What has an order by the end that matters, everything else by what it is.
  void value(const Settled& s) {
    const bool exact = s.type.kind == Kind::boolean || s.type.kind == Kind::choice || s.value.lo == s.value.hi;
    const auto end = [&](const char* name, std::int64_t at) {
      json_.key(name);
      verdict::append_cell(json_, names_, s.type, known(at));
    };
    if (exact) {
      json_.key("is");
      verdict::append_cell(json_, names_, s.type, s.value);
      return;
    }
    if (s.value.lo != s.possible.lo) end("at_least", s.value.lo);
    if (s.value.hi != s.possible.hi) end("at_most", s.value.hi);
  }

  void readings() {
    if (e_.readings.empty()) return;
    json_.key("readings");
    json_.begin_array();
    for (const ReadingShown& reading : e_.readings) {
      json_.begin_object();
      json_.member("reading", reading.id);
      text("label", reading.label);
      text("chosen", reading.chosen);
      json_.key("choices");
      json_.begin_array();
      for (const ReadingShown::Choice& choice : reading.choices) {
        json_.begin_object();
        json_.member("choice", choice.id);
        text("label", choice.label);
        json_.end_object();
      }
      json_.end_array();
      json_.end_object();
    }
    json_.end_array();
  }

  void silent() {
    if (e_.silent.empty()) return;
    json_.key("not_fired");
    json_.begin_array();
    for (const SilentRule& rule : e_.silent) {
      json_.begin_object();
      json_.member("cite", names_.address(rule.cite));
      json_.member("remedy", names_.schema.remedies[rule.remedy].id);
      json_.member("modality", verdict::name_of(rule.modality));
      json_.key("rows");
      json_.begin_array();
      for (const SilentRule::Row& row : rule.rows) {
        json_.begin_object();
        json_.member("row", row.row.key);
        json_.key("why");
        trace(row.trace);
        json_.end_object();
      }
      json_.end_array();
      if (rule.more_rows != 0) json_.member("more_rows", static_cast<std::int64_t>(rule.more_rows));
      json_.end_object();
    }
    json_.end_array();
  }

  const Explanation& e_;
  verdict::Names names_;
  verdict::JsonText json_;
  std::string& out_;
};

}  // namespace

std::string explanation_json(const Explanation& explanation) {
  std::string out;
  ExplanationJson(explanation, out).write();
  return out;
}

}  // namespace tiao::driver
