#include "runtime/verdict/writer.hpp"
#include "runtime/verdict/writers.hpp"

namespace tiao::verdict {
namespace {

constexpr const char* columns =
    "agreement,edition,as_of,entity,key,outcome,remedy,label,actor,modality,in_principle,alternative,state,phase,heaviest,target_entity,"
    "target_key,params,for,from,until,choice,cites,needs,reports\n";

// A plain value as its text, anything else as its JSON object.
std::string cell_of(const Names& names, const Value& value) {
  std::string text;
  JsonText json(text);
  append_value(json, names, value);
  if (text.size() >= 2 && text.front() == '"') return text.substr(1, text.size() - 2);
  return text;
}

void field(std::string& line, std::string_view text) {
  if (!line.empty()) line += ',';
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += ';';
    out += part;
  }
  return out;
}

std::string time_of(const Names& names, const RemedyEntry& entry, std::string_view which) {
  for (const auto& [name, value] : entry.times)
    if (which == name) return cell_of(names, value);
  return {};
}

void remedy_fields(std::string& line, const Names& names, const RemedyEntry& entry) {
  const Remedy& remedy = names.schema.remedies[entry.remedy];
  field(line, remedy.id);
  field(line, remedy.label);
  field(line, names.actor(entry.actor));
  field(line, name_of(entry.modality));
  field(line, entry.in_principle ? "true" : "false");
  field(line, entry.alternative == 0 ? "" : std::to_string(entry.alternative));
  field(line, name_of(entry.state));
  field(line, name_of(entry.phase));
  field(line, entry.heaviest ? "true" : "false");
  field(line, names.schema.entities[entry.target.entity].id);
  field(line, entry.target.key);
  std::vector<std::string> params, cites, needs;
  for (const auto& [param, value] : entry.params) params.push_back(remedy.params[param].id + "=" + cell_of(names, value));
  for (const NodeId cite : entry.cites) cites.push_back(names.address(cite));
  for (const Need& need : entry.needs) needs.push_back(need.name);
  field(line, joined(params));
  for (const char* time : {"for", "from", "until"}) field(line, time_of(names, entry, time));
  field(line, entry.has_choice ? cell_of(names, entry.choice) : "");
  field(line, joined(cites));
  field(line, joined(needs));
}

}  // namespace

void CsvWriter::begin(std::string& out) { out += columns; }

void CsvWriter::write(const Verdict& verdict, std::string& out) {
  const Names& names = context_.names;
  std::string start;
  for (const std::string& text : {context_.heading.agreement, context_.heading.edition, context_.heading.as_of,
                                  names.schema.entities[verdict.subject.entity].id, verdict.subject.key, std::string(name_of(verdict.outcome))})
    field(start, text);
  std::vector<std::string> shown;
  for (const ReportEntry& entry : verdict.reports) {
    const std::string& id = context_.info.reports[entry.report].id;
    shown.push_back((entry.of_subject ? id : id + "[" + entry.row.key + "]") + "=" + cell_of(names, entry.value));
  }
  const std::string reports = joined(shown);
  for (const RemedyEntry& entry : verdict.remedies) {
    std::string line = start;
    remedy_fields(line, names, entry);
    field(line, reports);
    out += line + '\n';
  }
  if (!verdict.remedies.empty()) return;
  std::string line = start + std::string(18, ',');
  field(line, reports);
  out += line + '\n';
}

void CsvWriter::end(std::string&) {}

}  // namespace tiao::verdict
