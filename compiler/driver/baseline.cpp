#include "compiler/driver/baseline.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/driver/baseline_files.hpp"
#include "compiler/driver/case.hpp"
#include "compiler/driver/diff_report.hpp"
#include "compiler/driver/diff_tally.hpp"
#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/readings.hpp"
#include "runtime/verdict/json_text.hpp"

namespace tiao::driver {
namespace {

using verdict::Change;
using verdict::PortableVerdict;

// The verdicts of now, and the text that they were given by.
class Now {
 public:
  Status make(const BaselineRequest& request, const BaselineRun& run, const std::string& facts_path, const Progress& progress, const ShowDiagnostics& show) {
    if (Status failed = compile_text(request, run, show)) return failed;
    std::int64_t as_of = 0;
    std::optional<std::int64_t> since;
    if (Status failed = parse_day(run.as_of, "as_of", as_of)) return failed;
    if (!run.since.empty())
      if (Status failed = parse_day(run.since, "since", since.emplace())) return failed;
    facts::FactBase facts;
    const LoadProgress loading = [&](std::uint64_t done, std::uint64_t total) {
      if (progress) progress(Stage::loading, total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
    };
    if (Status failed = load_facts(agreement.schema(), facts_path, loading, facts)) return failed;
    ReadingsOption option{false, run.readings};
    std::vector<ReadingChoice> choices;
    if (Status failed = resolve_readings(agreement.schema(), option, choices)) return failed;
    apply_readings(agreement.schema(), choices, facts);
    EngineOptions options;
    options.expected = expected_run(agreement.compiled.program, facts);
    if (progress) options.progress = [progress](double share) { progress(Stage::evaluating, share); };
    for (const EngineKind kind : request.engines)
      if (Status failed = run_on(kind, options, facts, as_of, since)) return failed;
    text = text_state(project_, agreement);
    return std::nullopt;
  }

  CompiledAgreement agreement;
  std::vector<std::string> lines;
  TextState text;

 private:
  Status compile_text(const BaselineRequest& request, const BaselineRun& run, const ShowDiagnostics& show) {
    ProjectRequest wanted;
    wanted.directory = request.project;
    wanted.scenarios = false;
    if (Status failed = project_.load(wanted)) return failed;
    if (project_.syntax_errors()) {
      diag::Diagnostics syntax = project_.diagnostics();
      show(project_.sources(), syntax);
      return findings();
    }
    check::AgreementRef ref;
    if (Status failed = find_agreement(project_, run.agreement, ref)) return failed;
    diag::Diagnostics diagnostics;
    const Status failed = compile(project_, ref, diagnostics, agreement);
    show(project_.sources(), diagnostics);
    return failed;
  }

  Status run_on(EngineKind kind, const EngineOptions& options, const facts::FactBase& facts, std::int64_t as_of, std::optional<std::int64_t> since) {
    std::unique_ptr<Engine> engine;
    if (Status failed = make_engine(kind, agreement, options, engine)) return failed;
    Case evaluated(agreement, facts, as_of, since);
    if (Status failed = evaluated.evaluate(*engine)) return failed;
    std::vector<std::string> found;
    for (std::size_t i = 0; i < evaluated.assembler().size(); ++i)
      found.push_back(verdict_line(verdict::portable(evaluated.assembler().make(i), evaluated.assembler().names(), agreement.info)));
    if (!lines.empty() && found != lines)
      return internal_error("两个引擎的结论不同", "the engines give different verdicts");
    lines = std::move(found);
    return std::nullopt;
  }

  Project project_;
};

// Where to look for the words that an entry of a verdict rests on.
class Grounds {
 public:
  Grounds(const PortableVerdict& before, const PortableVerdict& after, const std::string& whole) : sides_{&before, &after}, whole_(whole) {}

  std::set<std::string> of(const Change& change) const {
    std::set<std::string> out;
    switch (change.kind) {
      case Change::Kind::outcome: all(out); break;
      case Change::Kind::remedy_gained:
      case Change::Kind::remedy_lost:
      case Change::Kind::remedy_changed: remedies(change, out); break;
      case Change::Kind::report: out.insert(report_piece(change.name)); break;
      case Change::Kind::head:
      case Change::Kind::duty:
      case Change::Kind::flag_gained:
      case Change::Kind::flag_lost:
        if (change.name.empty()) all(out);
        else out.insert(change.name);
        break;
      case Change::Kind::basis:
        if (change.field == "cites") remedies(change, out);
        else findings(out);
        break;
    }
    return out;
  }

 private:
  void remedies(const Change& change, std::set<std::string>& out) const {
    out.insert(remedy_piece(change.name));
    for (const PortableVerdict* side : sides_)
      for (const auto& remedy : side->remedies)
        if (remedy.remedy == change.name && remedy.target == change.row) out.insert(remedy.cites.begin(), remedy.cites.end());
  }
  void findings(std::set<std::string>& out) const {
    const auto& a = sides_[0]->findings;
    const auto& b = sides_[1]->findings;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  }
  void all(std::set<std::string>& out) const {
    out.insert(whole_);
    for (const PortableVerdict* side : sides_) {
      for (const auto& remedy : side->remedies) {
        out.insert(remedy.cites.begin(), remedy.cites.end());
        out.insert(remedy_piece(remedy.remedy));
      }
      for (const auto* entries : {&side->heads, &side->duties, &side->flags})
        for (const auto& entry : *entries) out.insert(entry.name);
      for (const auto& entry : side->reports) out.insert(report_piece(entry.name));
      out.insert(side->findings.begin(), side->findings.end());
    }
  }

  const PortableVerdict* sides_[2];
  const std::string& whole_;
};

PortableVerdict nothing_on(const verdict::PortableRow& subject) {
  PortableVerdict out;
  out.subject = subject;
  return out;
}

void compare(const BaselineAccepted& accepted, const Now& now, BaselineReport& report) {
  DiffReport& compared = report.compared;
  DiffTally tally(compared);
  std::map<verdict::PortableRow, std::string> before;
  for (const std::string& line : accepted.verdicts) before.emplace(verdict_of(line).subject, line);
  const auto one = [&](std::optional<PortableVerdict> old, std::optional<PortableVerdict> fresh) {
    const bool had = old.has_value(), has = fresh.has_value();
    const std::string outcome = verdict::name_of(had ? old->outcome : fresh->outcome);
    const bool empty = had != has && (had ? *old : *fresh) == nothing_on(had ? old->subject : fresh->subject);
    if (!tally.add(old, fresh)) {
      // An empty verdict on a subject that is there on one side alone is a difference too.
      if (!empty) return;
      const PortableVerdict nothing = had ? *old : *fresh;
      compared.differing.push_back({nothing, nothing, {}, had, has, std::nullopt, {}});
    }
    if (had == has) return;
    auto& changes = compared.differing.back().changes;
    std::erase_if(changes, [](const Change& c) { return c.kind == Change::Kind::outcome; });
    changes.insert(changes.begin(), {Change::Kind::outcome, {}, compared.differing.back().after.subject, {}, had ? outcome : "", has ? outcome : ""});
  };
  for (const std::string& line : now.lines) {
    const PortableVerdict fresh = verdict_of(line);
    const auto there = before.find(fresh.subject);
    if (there == before.end()) {
      one(std::nullopt, fresh);
      continue;
    }
    one(verdict_of(there->second), fresh);
    before.erase(there);
  }
  for (const auto& [row, line] : before) one(verdict_of(line), std::nullopt);
  tally.finish({&now.agreement.schema()});
  name_things({&now.agreement.schema()}, {&now.agreement.info}, compared);
}

void explain(const BaselineAccepted& accepted, const Now& now, BaselineReport& report) {
  const std::set<std::string> changed = reworded(accepted.text, now.text);
  report.reworded.assign(changed.begin(), changed.end());
  const std::string& whole = now.agreement.schema().nodes.front().agreement;
  for (const DiffSubject& subject : report.compared.differing) {
    const Grounds grounds(subject.before, subject.after, whole);
    std::vector<std::vector<std::string>> because;
    for (const Change& change : subject.changes) {
      const std::set<std::string> from = grounds.of(change);
      std::set<std::string> below = resting_on(accepted.text, from);
      below.merge(resting_on(now.text, from));
      std::vector<std::string> found;
      std::set_intersection(below.begin(), below.end(), changed.begin(), changed.end(), std::back_inserter(found));
      ++report.changes;
      if (found.empty()) ++report.unexplained;
      because.push_back(std::move(found));
    }
    report.because.push_back(std::move(because));
  }
}

std::string log_entry(const BaselineRequest& request, const BaselineReport& report, const std::optional<BaselineAccepted>& before, const BaselineAccepted& after) {
  std::string out;
  verdict::JsonText json(out);
  const auto hashes = [&](const char* name, const std::string BaselineAccepted::*hash) {
    json.key(name);
    json.begin_object();
    if (before) json.member("before", *before.*hash);
    json.member("after", after.*hash);
    json.end_object();
  };
  const auto number = [&](const char* name, std::uint64_t value) { json.member(name, static_cast<std::int64_t>(value)); };
  json.begin_object();
  json.member("reason", *request.accept);
  json.member("agreement", after.run.agreement);
  json.member("as_of", after.run.as_of);
  hashes("agreement_hash", &BaselineAccepted::agreement_hash);
  hashes("facts_hash", &BaselineAccepted::facts_hash);
  number("subjects", after.verdicts.size());
  if (before) {
    number("differing", report.compared.differing.size());
    number("changes", report.changes);
    number("unexplained", report.unexplained);
    append_strings(json, "reworded", report.reworded);
  }
  json.end_object();
  return out;
}

}  // namespace

bool BaselineReport::explained(std::size_t subject) const {
  return std::none_of(because[subject].begin(), because[subject].end(), [](const auto& pieces) { return pieces.empty(); });
}

Status baseline(const BaselineRequest& request, const Progress& progress, const ShowDiagnostics& show, BaselineReport& report) {
  const BaselineFolder folder(request.directory);
  std::optional<BaselineAccepted> accepted;
  if (Status failed = folder.read_run(report.run)) return failed;
  if (Status failed = folder.read_accepted(accepted)) return failed;
  if (request.accept && request.accept->find_first_not_of(" \t\n") == std::string::npos)
    return usage("--accept 要写明理由", "--accept takes a reason");
  if (!accepted && !request.accept)
    return usage(fmt::format("“{}”还没有认可过结论：先运行 --accept 理由", request.directory),
                 fmt::format("nothing has been accepted in \"{}\" yet: run with --accept REASON first", request.directory));
  Now now;
  if (Status failed = now.make(request, report.run, folder.facts(report.run), progress, show)) return failed;
  BaselineAccepted fresh{report.run, now.agreement.info.hash, {}, now.text, now.lines};
  if (Status failed = folder.hash_of_facts(report.run, fresh.facts_hash)) return failed;
  if (accepted) {
    report.other_run = !(accepted->run == report.run);
    report.other_facts = accepted->facts_hash != fresh.facts_hash;
    try {
      compare(*accepted, now, report);
    } catch (const std::exception& error) {
      return usage(fmt::format("{}/verdicts.ndjson：{}", request.directory, error.what()), fmt::format("{}/verdicts.ndjson: {}", request.directory, error.what()));
    }
    explain(*accepted, now, report);
    report.other_program = accepted->agreement_hash != fresh.agreement_hash;
  } else {
    report.first = true;
    report.compared.subjects = now.lines.size();
  }
  if (!request.accept) return std::nullopt;
  report.refused = report.unexplained != 0 && !request.unexplained;
  if (report.refused) return std::nullopt;
  const bool same = accepted && accepted->run == fresh.run && accepted->agreement_hash == fresh.agreement_hash && accepted->facts_hash == fresh.facts_hash &&
                    accepted->text == fresh.text && accepted->verdicts == fresh.verdicts;
  if (same) return std::nullopt;
  if (Status failed = folder.write(fresh, log_entry(request, report, accepted, fresh))) return failed;
  report.accepted = true;
  return std::nullopt;
}

}  // namespace tiao::driver
