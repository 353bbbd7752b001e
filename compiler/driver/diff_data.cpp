// A comparison as data: JSON, CSV, JUnit.
#include <fmt/format.h>

#include "compiler/driver/diff_report.hpp"
#include "runtime/value/format.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {
namespace {

using verdict::JsonText;

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

class Json {
 public:
  Json(const DiffReport& report, std::string& out) : report_(report), json_(out, 2) {}

  void write() {
    json_.begin_object();
    side("before", report_.before);
    side("after", report_.after);
    if (report_.same_agreement) text();
    else concepts();
    if (report_.with_verdicts) verdicts();
    json_.end_object();
  }

 private:
  void verdicts() {
    json_.member("as_of", format_date(report_.as_of));
    number("subjects", report_.subjects);
    number("differing", report_.differing.size());
    number("another_basis", report_.another_basis);
    number("newly_decided", report_.newly_decided);
    number("newly_open", report_.newly_open);
    number("other_remedies", with_other_remedies(report_));
    outcomes();
    remedies();
    if (report_.one_text) operations();
    json_.key("changes");
    json_.begin_array();
    for (const DiffSubject& s : report_.differing) subject(s);
    json_.end_array();
  }

  void text() {
    json_.key("text");
    json_.begin_array();
    for (const TextChange& change : report_.text) {
      json_.begin_object();
      json_.member("kind", name_of(change.kind));
      json_.member("address", change.address);
      if (!change.label.empty()) json_.member("label", change.label);
      if (!change.moved_to.empty()) json_.member("moved_to", change.moved_to);
      if (!change.by.supplement.empty()) json_.member("supplement", change.by.supplement);
      if (!change.by.address.empty()) json_.member("origin", change.by.address);
      json_.member("sort", name_of(change.sort));
      if (!change.before.empty()) json_.member("before", change.before);
      if (!change.after.empty()) json_.member("after", change.after);
      if (!change.words.empty()) {
        json_.key("words");
        json_.begin_array();
        for (const WordChange& words : change.words) {
          json_.begin_object();
          json_.member("before", words.before);
          json_.member("after", words.after);
          json_.end_object();
        }
        json_.end_array();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void concepts() {
    json_.key("concepts");
    json_.begin_array();
    for (const ConceptChange& change : report_.concepts) {
      json_.begin_object();
      json_.member("concept", change.id);
      if (!change.label.empty()) json_.member("label", change.label);
      json_.member("sort", name_of(change.sort));
      for (const auto& [name, sides] : {std::pair{"before", &change.before}, std::pair{"after", &change.after}}) {
        json_.key(name);
        json_.begin_array();
        for (const ConceptSide& side : *sides) {
          json_.begin_object();
          json_.member("address", side.address);
          json_.member("remedy", side.remedy);
          json_.member("modality", side.modality);
          append_strings(json_, "numbers", side.numbers);
          json_.end_object();
        }
        json_.end_array();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void number(const char* name, std::uint64_t value) { json_.member(name, static_cast<std::int64_t>(value)); }
  void side(const char* name, const DiffSide& side) {
    json_.key(name);
    json_.begin_object();
    json_.member("agreement", side.agreement);
    if (!side.edition.empty()) json_.member("edition", side.edition);
    json_.member("hash", side.hash);
    if (!side.supplements.empty()) {
      json_.key("supplements");
      json_.begin_array();
      for (const auto& [supplement, label] : side.supplements) json_.string(supplement);
      json_.end_array();
    }
    json_.end_object();
  }
  // Subjects by outcome before and after; null: the side does not have them.
  void outcomes() {
    const auto outcome = [&](const char* name, std::size_t i) {
      json_.key(name);
      if (i == DiffReport::absent) json_.null();
      else json_.string(verdict::name_of(static_cast<verdict::Outcome>(i)));
    };
    json_.key("outcomes");
    json_.begin_array();
    for (std::size_t i = 0; i < report_.outcomes.size(); ++i)
      for (std::size_t j = 0; j < report_.outcomes[i].size(); ++j) {
        if (report_.outcomes[i][j] == 0) continue;
        json_.begin_object();
        outcome("before", i);
        outcome("after", j);
        number("subjects", report_.outcomes[i][j]);
        json_.end_object();
      }
    json_.end_array();
  }

  void remedies() {
    json_.key("remedies");
    json_.begin_array();
    for (const DiffRemedy& remedy : report_.remedies) {
      json_.begin_object();
      json_.member("remedy", remedy.remedy);
      if (!remedy.label.empty()) json_.member("label", remedy.label);
      number("before", remedy.before);
      number("after", remedy.after);
      number("gained", remedy.gained);
      number("lost", remedy.lost);
      number("changed", remedy.changed);
      json_.end_object();
    }
    json_.end_array();
  }

  void operations() {
    const std::vector<OperationTotal> sums = totals(report_);
    json_.key("operations");
    json_.begin_array();
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const DiffOperation& operation = report_.operations[k];
      json_.begin_object();
      json_.member("kind", operation.kind ? name_of(*operation.kind) : "days");
      json_.member("supplement", operation.supplement);
      if (operation.kind) json_.member("address", operation.address), json_.member("target", operation.target);
      if (!operation.builds_on.empty()) indices("builds_on", operation.builds_on);
      number("subjects", sums[k].subjects);
      number("together", sums[k].together);
      by_remedy("gained", sums[k].gained);
      by_remedy("lost", sums[k].lost);
      by_remedy("changed", sums[k].changed);
      json_.end_object();
    }
    json_.end_array();
  }
  void by_remedy(const char* name, const std::map<std::string, std::uint64_t>& counts) {
    if (counts.empty()) return;
    json_.key(name);
    json_.begin_object();
    for (const auto& [remedy, n] : counts) number(remedy.c_str(), n);
    json_.end_object();
  }
  void indices(const char* name, const std::vector<std::uint32_t>& list) {
    json_.key(name);
    json_.begin_array();
    for (const std::uint32_t k : list) json_.number(k);
    json_.end_array();
  }

  void subject(const DiffSubject& s) {
    json_.begin_object();
    append_row(json_, "subject", s.after.subject);
    json_.key("changes");
    json_.begin_array();
    for (std::size_t i = 0; i < s.changes.size(); ++i) change(s.changes[i], s.blame && s.causes[i] ? &*s.causes[i] : nullptr);
    json_.end_array();
    verdict("before", s.before);
    verdict("after", s.after);
    if (s.blame) {
      json_.key("blame");
      json_.begin_object();
      indices("operations", s.blame->operations);
      if (!s.blame->built_on.empty()) indices("built_on", s.blame->built_on);
      json_.member("smallest", s.blame->how == Blame::How::smallest);
      if (s.blame->several) json_.member("several", true);
      json_.end_object();
    }
    json_.end_object();
  }

  void change(const verdict::Change& change, const Cause* cause) {
    json_.begin_object();
    append_change(json_, change);
    if (cause != nullptr) indices("because_of", *cause);
    json_.end_object();
  }

  void verdict(const char* name, const verdict::PortableVerdict& v) {
    json_.key(name);
    json_.begin_object();
    append_verdict(json_, v);
    json_.end_object();
  }

  const DiffReport& report_;
  JsonText json_;
};

// Each by itself says which is meant.
std::string named(const DiffReport& report, const std::vector<std::uint32_t>& operations) {
  std::string out;
  for (const std::uint32_t k : operations) {
    const DiffOperation& operation = report.operations[k];
    out += (out.empty() ? "" : "; ") + operation.supplement + ' ' + (operation.kind ? operation.address + ' ' + operation.target : "days");
  }
  return out;
}

}  // namespace

void append_row(JsonText& json, const char* name, const verdict::PortableRow& row) {
  json.key(name);
  json.begin_object();
  json.member("entity", row.entity);
  json.member("key", row.key);
  json.end_object();
}

void append_change(JsonText& json, const verdict::Change& change) {
  json.member("kind", verdict::name_of(change.kind));
  if (!change.name.empty()) json.member("name", change.name);
  if (!change.row.entity.empty()) append_row(json, "on", change.row);
  if (!change.field.empty()) json.member("field", change.field);
  const auto end = [&](const char* name, const std::string& text) {
    if (text.empty()) return;
    json.key(name);
    if (is_json(change)) json.raw(text);
    else json.string(text);
  };
  end("before", change.before);
  end("after", change.after);
}

void append_strings(JsonText& json, const char* name, const std::vector<std::string>& list) {
  if (list.empty()) return;
  json.key(name);
  json.begin_array();
  for (const std::string& one : list) json.string(one);
  json.end_array();
}

void append_verdict(JsonText& json, const verdict::PortableVerdict& v) {
  const auto entries = [&](const char* name, const std::vector<verdict::PortableEntry>& list) {
    if (list.empty()) return;
    json.key(name);
    json.begin_array();
    for (const verdict::PortableEntry& entry : list) {
      json.begin_object();
      json.member("name", entry.name);
      if (!entry.row.entity.empty()) append_row(json, "on", entry.row);
      json.member("value", entry.value);
      json.end_object();
    }
    json.end_array();
  };
  json.member("outcome", verdict::name_of(v.outcome));
  json.key("remedies");
  json.begin_array();
  for (const verdict::PortableRemedy& remedy : v.remedies) {
    json.begin_object();
    json.member("remedy", remedy.remedy);
    if (!remedy.actor.empty()) json.member("actor", remedy.actor);
    json.member("modality", remedy.modality);
    json.member("in_principle", remedy.in_principle);
    if (remedy.alternative != 0) json.member("alternative", static_cast<std::int64_t>(remedy.alternative));
    json.member("state", remedy.state);
    append_row(json, "target", remedy.target);
    if (!remedy.values.empty()) {
      json.key("params");
      json.begin_object();
      for (const auto& [id, value] : remedy.values) {
        json.key(id);
        json.raw(value);
      }
      json.end_object();
    }
    if (!remedy.choice.empty()) {
      json.key("choice");
      json.raw(remedy.choice);
    }
    append_strings(json, "cites", remedy.cites);
    json.end_object();
  }
  json.end_array();
  entries("heads", v.heads);
  entries("duties", v.duties);
  entries("reports", v.reports);
  entries("flags", v.flags);
  append_strings(json, "findings", v.findings);
}

std::string diff_json(const DiffReport& report) {
  std::string out;
  Json(report, out).write();
  return out + '\n';
}

std::string diff_csv(const DiffReport& report) {
  std::string out = "entity,key,kind,name,on_entity,on_key,field,before,after,because_of\n";
  for (const DiffSubject& subject : report.differing)
    for (std::size_t i = 0; i < subject.changes.size(); ++i) {
      const verdict::Change& change = subject.changes[i];
      const std::string* const cells[] = {&subject.after.subject.entity, &subject.after.subject.key, nullptr, &change.name, &change.row.entity, &change.row.key,
                                          &change.field, &change.before, &change.after};
      for (const std::string* cell : cells) out += (cell != nullptr ? quoted(*cell) : verdict::name_of(change.kind)) + std::string(",");
      out += (subject.blame && subject.causes[i] ? quoted(named(report, *subject.causes[i])) : std::string()) + '\n';
    }
  return out;
}

// One test case a subject that differs: a suite of which every difference is a failure.
std::string diff_junit(const DiffReport& report, bool chinese) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites tests=\"{0}\" failures=\"{1}\">\n<testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\">\n", report.subjects, report.differing.size(),
                     xml_escaped(report.before.agreement + " -> " + report.after.agreement));
  for (const DiffSubject& subject : report.differing) {
    std::string what;
    for (const verdict::Change& change : subject.changes) what += (what.empty() ? "" : "\n") + change_words(report, change, chinese);
    if (subject.blame) what += std::string("\n") + (chinese ? "所致：" : "because of: ") + blame_words(report, *subject.blame, chinese);
    out += fmt::format("<testcase classname=\"{}\" name=\"{}\"><failure message=\"{}\">{}</failure></testcase>\n", xml_escaped(subject.after.subject.entity),
                       xml_escaped(subject.after.subject.key), chinese ? "结论不同" : "another verdict", xml_escaped(what));
  }
  return out + "</testsuite>\n</testsuites>\n";
}

}  // namespace tiao::driver
