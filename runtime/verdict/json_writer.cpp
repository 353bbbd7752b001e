// The JSON contract: keys in a fixed order, empty lists left out except `remedies` and `needs`.
#include "runtime/value/format.hpp"
#include "runtime/verdict/writer.hpp"
#include "runtime/verdict/writers.hpp"

namespace tiao::verdict {
namespace {

class VerdictJson {
 public:
  VerdictJson(JsonText& json, const WriterContext& context) : json_(json), context_(context), names_(context.names) {}

  void verdict(const Verdict& v);
  void remedies(const std::vector<RemedyEntry>& entries);

 private:
  void row(const char* name, const RowName& row);
  void cite(const char* name, NodeId node) { json_.member(name, names_.address(node)); }
  void nodes(const char* name, const std::vector<NodeId>& list);
  void needs(const std::vector<Need>& list);
  void remedy(const RemedyEntry& entry);
  void remedy_values(const RemedyEntry& entry);
  void head(const HeadEntry& entry);
  void duty(const DutyEntry& entry);
  void reports(const std::vector<ReportEntry>& entries);
  void flag(const FlagEntry& entry);
  void concurrence(const Concurrence& found);
  void reading(const ReadingEntry& entry);
  void tried(const ReadingsTried& tried, bool stopped);
  void otherwise(const OtherwiseEntry& entry);
  void error(const EvidenceError& entry);
  void strings(const char* name, const std::vector<std::string>& list);
  template <class Item, class Write> void list(const char* name, const std::vector<Item>& items, Write write) {
    if (items.empty()) return;
    json_.key(name);
    json_.begin_array();
    for (const Item& item : items) write(item);
    json_.end_array();
  }

  JsonText& json_;
  const WriterContext& context_;
  const Names& names_;
};

void VerdictJson::row(const char* name, const RowName& row) {
  json_.key(name);
  json_.begin_object();
  json_.member("entity", names_.schema.entities[row.entity].id);
  json_.member("key", row.key);
  json_.end_object();
}

void VerdictJson::nodes(const char* name, const std::vector<NodeId>& items) {
  list(name, items, [&](NodeId node) { json_.string(names_.address(node)); });
}

void VerdictJson::strings(const char* name, const std::vector<std::string>& items) {
  list(name, items, [&](const std::string& item) { json_.string(item); });
}

void VerdictJson::needs(const std::vector<Need>& items) {
  json_.key("needs");
  json_.begin_array();
  for (const Need& need : items) {
    json_.begin_object();
    json_.member("kind", name(need.kind));
    json_.member("name", need.name);
    if (!need.by.empty()) json_.member("by", need.by);
    json_.end_object();
  }
  json_.end_array();
}

void VerdictJson::remedy_values(const RemedyEntry& entry) {
  if (entry.params.empty() && entry.times.empty()) return;
  const auto& params = names_.schema.remedies[entry.remedy].params;
  json_.key("params");
  json_.begin_object();
  for (const auto& [param, value] : entry.params) {
    json_.key(params[param].id);
    append_value(json_, names_, value);
  }
  for (const auto& [time, value] : entry.times) {
    json_.key(time);
    append_value(json_, names_, value);
  }
  json_.end_object();
}

void VerdictJson::remedy(const RemedyEntry& entry) {
  const Remedy& remedy = names_.schema.remedies[entry.remedy];
  json_.begin_object();
  json_.member("remedy", remedy.id);
  if (!remedy.label.empty()) json_.member("label", remedy.label);
  if (entry.actor != none) json_.member("actor", names_.actor(entry.actor));
  json_.member("modality", name_of(entry.modality));
  json_.member("in_principle", entry.in_principle);
  if (entry.alternative != 0) json_.member("alternative", static_cast<std::int64_t>(entry.alternative));
  json_.member("state", name_of(entry.state));
  if (entry.phase == Phase::undecided) {
    json_.key("phase");
    json_.null();
  } else if (entry.phase != Phase::none) {
    json_.member("phase", name_of(entry.phase));
  }
  json_.member("heaviest", entry.heaviest);
  row("target", entry.target);
  remedy_values(entry);
  list("includes", remedy.includes, [&](RemedyId id) { json_.string(names_.schema.remedies[id].id); });
  if (entry.has_choice) {
    json_.key("choice");
    append_value(json_, names_, entry.choice);
  }
  nodes("cites", entry.cites);
  needs(entry.needs);
  json_.end_object();
}

void VerdictJson::remedies(const std::vector<RemedyEntry>& entries) {
  json_.begin_array();
  for (const RemedyEntry& entry : entries) remedy(entry);
  json_.end_array();
}

void VerdictJson::concurrence(const Concurrence& found) {
  if (found.clauses.empty()) return;
  json_.key("concurrence");
  json_.begin_object();
  nodes("clauses", found.clauses);
  nodes("heaviest", found.heaviest);
  json_.key("rule");
  json_.null();
  json_.end_object();
}

void VerdictJson::head(const HeadEntry& entry) {
  json_.begin_object();
  cite("cite", entry.cite);
  json_.member("state", name_of(entry.state));
  if (entry.missing != none) cite("missing", entry.missing);
  else json_.member("missing", entry.why);
  json_.end_object();
}

void VerdictJson::duty(const DutyEntry& entry) {
  const auto& info = context_.info.duties[entry.duty];
  json_.begin_object();
  cite("cite", info.cite);
  if (info.actor != none) json_.member("actor", names_.actor(info.actor));
  row("target", entry.target);
  json_.member("state", name_of(entry.state));
  if (entry.state != DutyState::not_applicable) {
    if (entry.has_due) {
      json_.key("due");
      append_value(json_, names_, entry.due);
    }
    json_.key("done");
    append_value(json_, names_, entry.done);
  }
  json_.member("in_principle", info.in_principle);
  if (info.breach_under != none) {
    json_.key("breach_under");
    json_.begin_object();
    cite("cite", info.breach_under);
    json_.member("by", info.by_citation ? "citation" : "wording");
    json_.end_object();
  }
  json_.end_object();
}

// A report of rows beneath the subject is named after its row: share[F1].
void VerdictJson::reports(const std::vector<ReportEntry>& entries) {
  if (entries.empty()) return;
  json_.key("reports");
  json_.begin_object();
  for (const ReportEntry& entry : entries) {
    const std::string& id = context_.info.reports[entry.report].id;
    json_.key(entry.of_subject ? id : id + "[" + entry.row.key + "]");
    append_value(json_, names_, entry.value);
  }
  json_.end_object();
}

void VerdictJson::flag(const FlagEntry& entry) {
  json_.begin_object();
  json_.member("code", name_of(entry.code));
  if (entry.error) json_.member("state", "error");
  cite("cite", entry.cite);
  row("target", entry.target);
  json_.member("message", entry.message);
  strings("facts", entry.facts);
  json_.end_object();
}

void VerdictJson::reading(const ReadingEntry& entry) {
  json_.begin_object();
  json_.member("reading", entry.reading);
  if (entry.cite != none) cite("cite", entry.cite);
  json_.key("chosen");
  if (entry.chosen.empty()) {
    json_.null();
  } else {
    json_.string(entry.chosen);
  }
  json_.key("sensitive");
  if (entry.sensitive == Sensitivity::not_run) {
    json_.null();
  } else {
    json_.boolean(entry.sensitive == Sensitivity::sensitive);
  }
  list("changes", entry.effects, [&](const ReadingEffect& effect) {
    json_.begin_object();
    json_.member("remedy", names_.schema.remedies[effect.remedy].id);
    json_.member("modality", name_of(effect.modality));
    row("target", effect.target);
    strings("what", effect.changes);
    json_.end_object();
  });
  json_.end_object();
}

void VerdictJson::tried(const ReadingsTried& tried, bool stopped) {
  json_.key("readings_tried");
  json_.begin_object();
  json_.member("readings", static_cast<std::int64_t>(tried.readings));
  json_.member("combinations", static_cast<std::int64_t>(tried.combinations));
  json_.member("all", tried.all);
  if (stopped) json_.member("stopped", true);
  json_.end_object();
}

void VerdictJson::otherwise(const OtherwiseEntry& entry) {
  json_.begin_object();
  json_.key("with");
  json_.begin_object();
  for (const auto& [reading, choice] : entry.with) json_.member(reading, choice);
  json_.end_object();
  json_.member("outcome", name_of(entry.outcome));
  json_.key("remedies");
  remedies(entry.remedies);
  json_.end_object();
}

void VerdictJson::error(const EvidenceError& entry) {
  json_.begin_object();
  json_.member("code", entry.code);
  if (entry.cite != none) cite("cite", entry.cite);
  nodes("with", entry.with);
  json_.member("message", entry.message);
  json_.end_object();
}

void VerdictJson::verdict(const Verdict& v) {
  const Heading& heading = context_.heading;
  json_.begin_object();
  json_.member("agreement", heading.agreement);
  if (!heading.edition.empty()) json_.member("edition", heading.edition);
  if (!heading.status.empty()) json_.member("status", heading.status);
  json_.member("agreement_hash", heading.hash);
  json_.member("as_of", heading.as_of);
  row("subject", v.subject);
  json_.member("outcome", name_of(v.outcome));
  json_.key("remedies");
  remedies(v.remedies);
  concurrence(concurrence_of(v));
  list("head_not_supplied", v.heads, [&](const HeadEntry& entry) { head(entry); });
  nodes("findings", v.findings);
  list("duties", v.duties, [&](const DutyEntry& entry) { duty(entry); });
  reports(v.reports);
  list("flags", v.flags, [&](const FlagEntry& entry) { flag(entry); });
  needs(v.needs);
  list("readings", v.readings, [&](const ReadingEntry& entry) { reading(entry); });
  if (v.readings_tried.combinations != 0) tried(v.readings_tried, v.readings_stopped);
  list("otherwise", v.otherwise, [&](const OtherwiseEntry& entry) { otherwise(entry); });
  list("conventions", v.conventions, [&](const ConventionEntry& entry) {
    json_.begin_object();
    cite("cite", entry.cite);
    json_.member("source", entry.source);
    json_.end_object();
  });
  nodes("not_applicable", v.not_applicable);
  nodes("not_covered", v.not_covered);
  list("errors", v.errors, [&](const EvidenceError& entry) { error(entry); });
  json_.end_object();
}

}  // namespace

void append_verdict(std::string& out, const WriterContext& context, const Verdict& verdict, unsigned open_levels) {
  JsonText json(out, open_levels);
  VerdictJson(json, context).verdict(verdict);
}

void append_remedies(JsonText& json, const WriterContext& context, const std::vector<RemedyEntry>& remedies) {
  VerdictJson(json, context).remedies(remedies);
}

Heading heading(const Schema& schema, const program::ProgramInfo& info, std::int64_t as_of) {
  Heading result{{}, {}, {}, info.hash, format_date(as_of)};
  if (schema.agreements.empty()) return result;
  const AgreementInfo& agreement = schema.agreements[0];
  result.agreement = agreement.name;
  result.edition = agreement.edition;
  result.status = agreement.status;
  return result;
}

void JsonWriter::begin(std::string& out) {
  if (!lines_) out += '[';
}

void JsonWriter::write(const Verdict& verdict, std::string& out) {
  if (lines_) {
    append_verdict(out, context_, verdict);
    out += '\n';
    return;
  }
  out += first_ ? "\n" : ",\n";
  first_ = false;
  append_verdict(out, context_, verdict, 2);
}

void JsonWriter::end(std::string& out) {
  if (!lines_) out += first_ ? "]\n" : "\n]\n";
}

}  // namespace tiao::verdict
