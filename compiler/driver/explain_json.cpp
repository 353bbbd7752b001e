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
