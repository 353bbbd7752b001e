#include "compiler/driver/baseline_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <xxhash.h>

#include "compiler/driver/diff_report.hpp"
#include "runtime/verdict/output.hpp"

namespace tiao::driver {
namespace {

using Json = nlohmann::ordered_json;
using verdict::JsonText;
namespace fs = std::filesystem;

constexpr const char* run_file = "baseline.json";
constexpr const char* accepted_file = "accepted.json";
constexpr const char* verdicts_file = "verdicts.ndjson";
constexpr const char* log_file = "log.ndjson";

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return std::nullopt;
  return std::move(text).str();
}

std::string hash_of(const std::string& text) { return fmt::format("{:016x}", static_cast<std::uint64_t>(XXH3_64bits(text.data(), text.size()))); }

Failure malformed(const std::string& path, const std::string& what) {
  return usage(fmt::format("{}：{}", path, what), fmt::format("{}: {}", path, what));
}

Failure not_together(const std::string& path, const char* zh, const char* en) {
  return usage(fmt::format("{}：{}。请从版本库恢复，或删去 accepted.json 与 verdicts.ndjson 后重新认可", path, zh),
               fmt::format("{}: {}. Restore it from version control, or delete accepted.json and verdicts.ndjson and accept anew", path, en));
}

// In one order, so that equal verdicts are equal lines.
auto order(const verdict::PortableRemedy& r) {
  return std::tie(r.remedy, r.target, r.modality, r.actor, r.state, r.in_principle, r.alternative, r.values, r.choice, r.cites);
}

void write_run(JsonText& json, const BaselineRun& run) {
  json.begin_object();
  json.member("agreement", run.agreement);
  json.member("facts", run.facts);
  json.member("as_of", run.as_of);
  if (!run.since.empty()) json.member("since", run.since);
  if (!run.readings.empty()) {
    json.key("readings");
    json.begin_object();
    for (const auto& [reading, choice] : run.readings) json.member(reading, choice);
    json.end_object();
  }
  json.end_object();
}

BaselineRun run_of(const Json& json) {
  BaselineRun run;
  for (const auto& [key, value] : json.items()) {
    if (key == "agreement") run.agreement = value.get<std::string>();
    else if (key == "facts") run.facts = value.get<std::string>();
    else if (key == "as_of") run.as_of = value.get<std::string>();
    else if (key == "since") run.since = value.get<std::string>();
    else if (key == "readings")
      for (const auto& [reading, choice] : value.items()) run.readings.emplace_back(reading, choice.get<std::string>());
    else throw std::runtime_error(fmt::format("\"{}\"? agreement, facts, as_of, since, readings", key));
  }
  for (const auto& [name, text] : {std::pair{"agreement", &run.agreement}, {"facts", &run.facts}, {"as_of", &run.as_of}})
    if (text->empty()) throw std::runtime_error(fmt::format("\"{}\" is missing", name));
  return run;
}

verdict::PortableRow row_of(const Json& json) { return {json.at("entity").get<std::string>(), json.at("key").get<std::string>()}; }

std::vector<std::string> strings_of(const Json& json, const char* name) { return json.contains(name) ? json.at(name).get<std::vector<std::string>>() : std::vector<std::string>(); }

std::vector<verdict::PortableEntry> entries_of(const Json& json, const char* name) {
  std::vector<verdict::PortableEntry> out;
  if (json.contains(name))
    for (const Json& entry : json.at(name))
      out.push_back({entry.at("name").get<std::string>(), entry.contains("on") ? row_of(entry.at("on")) : verdict::PortableRow{}, entry.at("value").get<std::string>()});
  return out;
}

}  // namespace

std::string verdict_line(verdict::PortableVerdict verdict) {
  std::stable_sort(verdict.remedies.begin(), verdict.remedies.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
  std::string out;
  JsonText json(out);
  json.begin_object();
  append_row(json, "subject", verdict.subject);
  append_verdict(json, verdict);
  json.end_object();
  return out;
}

verdict::PortableVerdict verdict_of(const std::string& line) {
  const Json json = Json::parse(line);
  verdict::PortableVerdict out;
  out.subject = row_of(json.at("subject"));
  const std::string outcome = json.at("outcome").get<std::string>();
  const auto outcomes = {verdict::Outcome::decided, verdict::Outcome::undetermined, verdict::Outcome::error};
  const auto known = std::find_if(outcomes.begin(), outcomes.end(), [&](verdict::Outcome o) { return outcome == verdict::name_of(o); });
  if (known == outcomes.end()) throw std::runtime_error("outcome \"" + outcome + "\"");
  out.outcome = *known;
  for (const Json& written : json.at("remedies")) {
    verdict::PortableRemedy remedy;
    remedy.remedy = written.at("remedy").get<std::string>();
    remedy.target = row_of(written.at("target"));
    remedy.modality = written.at("modality").get<std::string>();
    remedy.actor = written.value("actor", std::string());
    remedy.state = written.at("state").get<std::string>();
    remedy.in_principle = written.at("in_principle").get<bool>();
    remedy.alternative = written.value("alternative", std::uint32_t{0});
    if (written.contains("params"))
      for (const auto& [id, value] : written.at("params").items()) remedy.values.emplace_back(id, value.dump());
    if (written.contains("choice")) remedy.choice = written.at("choice").dump();
    remedy.cites = strings_of(written, "cites");
    out.remedies.push_back(std::move(remedy));
  }
  out.heads = entries_of(json, "heads");
  out.duties = entries_of(json, "duties");
  out.reports = entries_of(json, "reports");
  out.flags = entries_of(json, "flags");
  out.findings = strings_of(json, "findings");
  return out;
}

Status BaselineFolder::read_run(BaselineRun& out) const {
  const std::optional<std::string> text = read_text(file(run_file));
  if (!text)
    return usage(fmt::format("“{}”中没有 baseline.json：其中写明 agreement、facts（相对本目录）、as_of，可有 since、readings", path_),
                 fmt::format("there is no baseline.json in \"{}\": it says agreement, facts (relative to the folder) and as_of, and may say since and readings", path_));
  try {
    out = run_of(Json::parse(*text));
  } catch (const std::exception& error) {
    return malformed(file(run_file), error.what());
  }
  return std::nullopt;
}

Status BaselineFolder::read_accepted(std::optional<BaselineAccepted>& out) const {
  const std::optional<std::string> text = read_text(file(accepted_file)), verdicts = read_text(file(verdicts_file)), log = read_text(file(log_file));
  if (!text && !verdicts) return std::nullopt;
  if (!text) return not_together(path_, "有 verdicts.ndjson 而无 accepted.json，认可没有写完", "verdicts.ndjson without accepted.json: an acceptance was not written to its end");
  if (!verdicts) return not_together(path_, "缺 verdicts.ndjson", "verdicts.ndjson is missing");
  try {
    const Json json = Json::parse(*text);
    BaselineAccepted read;
    read.run = run_of(json.at("run"));
    read.agreement_hash = json.at("agreement_hash").get<std::string>();
    read.facts_hash = json.at("facts_hash").get<std::string>();
    if (json.at("verdicts_hash").get<std::string>() != hash_of(*verdicts))
      return not_together(path_, "verdicts.ndjson 不是所认可的那一份（被改动，或认可没有写完）", "verdicts.ndjson is not what was accepted (it was edited, or an acceptance was not written to its end)");
    if (!log || json.at("log_hash").get<std::string>() != hash_of(*log))
      return not_together(path_, "log.ndjson 缺失或被改动", "log.ndjson is missing or was edited");
    for (const auto& [name, piece] : json.at("text").items())
      read.text.emplace(name, TextPiece{piece.value("hash", std::string()), strings_of(piece, "rests_on")});
    for (std::size_t at = 0; at < verdicts->size();) {
      const std::size_t end = std::min(verdicts->find('\n', at), verdicts->size());
      read.verdicts.push_back(verdicts->substr(at, end - at));
      at = end + 1;
    }
    out = std::move(read);
  } catch (const std::exception& error) {
    return not_together(file(accepted_file), "读不通", error.what());
  }
  return std::nullopt;
}

Status BaselineFolder::put(const char* name, const std::string& text) const {
  verdict::Output output(file(name));
  if (output.good()) output.text() = text;
  if (output.good() && output.finish()) return std::nullopt;
  return usage(fmt::format("写入“{}”失败", file(name)), fmt::format("writing {} failed", file(name)));
}

Status BaselineFolder::write(const BaselineAccepted& accepted, const std::string& log_entry) const {
  std::string verdicts;
  for (const std::string& line : accepted.verdicts) verdicts += line + '\n';
  const std::string log = read_text(file(log_file)).value_or(std::string()) + log_entry + '\n';
  std::string text;
  JsonText json(text, 2);
  json.begin_object();
  json.key("run");
  write_run(json, accepted.run);
  json.member("agreement_hash", accepted.agreement_hash);
  json.member("facts_hash", accepted.facts_hash);
  json.member("verdicts_hash", hash_of(verdicts));
  json.member("log_hash", hash_of(log));
  json.key("text");
  json.begin_object();
  for (const auto& [name, piece] : accepted.text) {
    json.key(name);
    json.begin_object();
    if (!piece.hash.empty()) json.member("hash", piece.hash);
    append_strings(json, "rests_on", piece.rests_on);
    json.end_object();
  }
  json.end_object();
  json.end_object();
  if (Status failed = put(verdicts_file, verdicts)) return failed;
  if (Status failed = put(log_file, log)) return failed;
  return put(accepted_file, text + '\n');
}

std::string BaselineFolder::facts(const BaselineRun& run) const { return (fs::path(path_) / run.facts).lexically_normal().string(); }

Status BaselineFolder::hash_of_facts(const BaselineRun& run, std::string& out) const {
  const fs::path place = facts(run);
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(place, error)) {
    for (const auto& entry : fs::directory_iterator(place, error))
      for (const char* kind : {".json", ".ndjson", ".csv"})
        if (entry.path().extension() == kind) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(place);
  }
  std::string all;
  for (const fs::path& one : files) {
    const std::optional<std::string> text = read_text(one.string());
    if (!text) return usage(fmt::format("无法读取“{}”", one.string()), fmt::format("cannot read \"{}\"", one.string()));
    all += fmt::format("{} {}\n", one.filename().string(), hash_of(*text));
  }
  out = hash_of(all);
  return std::nullopt;
}

}  // namespace tiao::driver
