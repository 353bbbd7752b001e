// `tiao run`: facts in, verdicts out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/verdict/writer.hpp"

namespace tiao::driver {

struct RunRequest {
  std::string agreement, facts;
  std::int64_t as_of = 0;
  std::optional<std::int64_t> since;
  std::string readings;                     // NAME=CHOICE,… or all
  verdict::Format format = verdict::Format::table;
  verdict::Language language = verdict::Language::zh;
  std::string out;                          // empty: standard output
  std::string only;                         // KEY or ENTITY:KEY
  EngineKind engine = EngineKind::automatic;
  bool explain_plan = false;                // say what the run would do, and do not
  unsigned jobs = 0;
  std::uint64_t max_rows = 0;               // of facts; 0 = no limit
  std::uint64_t max_memory = 0;             // megabytes of tables beyond the facts; 0 = no limit
};

enum class Stage : std::uint8_t { loading, evaluating, writing, mutating, searching };
using Progress = std::function<void(Stage stage, double share)>;

struct RunReport {
  verdict::Summary summary;
  std::uint64_t rows = 0;                   // of facts
  std::uint64_t skipped = 0;                // fields that only other agreements declare
  verdict::ReadingsTried readings;          // with `--readings all`: the most that were tried for one case
  EngineUsed engine = EngineUsed::interpreter;
  std::string plan;                         // with `explain_plan`
  std::uint64_t stopped = 0;                // cases for which not all that might matter together were tried
};

/// What is wrong with the clauses goes to `diagnostics`. After a failure no output file is left.
Status run(const Project& project, const RunRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, RunReport& report);

/// A date as options have it: 2025-12-31.
Status parse_day(const std::string& text, const char* option, std::int64_t& out);

}  // namespace tiao::driver
