// `tiao test --baseline`: the verdicts on a set of facts as somebody has accepted them. A later run that differs is told apart by
// whether the text that the differing entries rest on has been reworded since: a difference without any such change is an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "compiler/driver/text_state.hpp"

namespace tiao::driver {

struct BaselineRequest {
  std::string project;                     // --project; empty: the nearest folder upwards
  std::string directory;                   // holds baseline.json
  std::optional<std::string> accept;       // the reason
  bool unexplained = false;                // accept also differences that no changed text explains
  std::vector<EngineKind> engines;         // all must give the same verdicts
};

/// baseline.json: what to run.
struct BaselineRun {
  std::string agreement, facts;            // facts: as written, relative to the folder
  std::string as_of, since;
  std::vector<std::pair<std::string, std::string>> readings;
  friend bool operator==(const BaselineRun&, const BaselineRun&) = default;
};

/// accepted.json, and verdicts.ndjson which it vouches for.
struct BaselineAccepted {
  BaselineRun run;
  std::string agreement_hash, facts_hash;
  TextState text;
  std::vector<std::string> verdicts;       // lines
};

struct BaselineReport {
  BaselineRun run;
  DiffReport compared;                     // accepted → now
  /// Parallel to compared.differing and its changes: the changed pieces of text that the change rests on. Empty: unexplained.
  std::vector<std::vector<std::vector<std::string>>> because;
  std::vector<std::string> reworded;       // every changed piece of text
  bool other_run = false, other_facts = false, other_program = false;   // than at acceptance
  bool first = false;                      // nothing had been accepted before
  bool accepted = false;                   // the files now hold the verdicts of this run
  bool refused = false;                    // they would have been accepted, but for what no changed text explains
  std::uint64_t changes = 0, unexplained = 0;   // entries
  bool explained(std::size_t subject) const;
  /// Exit code of the command as far as the verdicts go.
  bool passed() const { return accepted || compared.differing.empty(); }
};

Status baseline(const BaselineRequest& request, const Progress& progress, const ShowDiagnostics& show, BaselineReport& report);

std::string baseline_text(const BaselineReport& report, bool chinese);
std::string baseline_json(const BaselineReport& report);
std::string baseline_junit(const BaselineReport& report, bool chinese);

}  // namespace tiao::driver
