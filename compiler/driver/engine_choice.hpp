// Which engine a run is worth, when nobody says. The results are the same: only the time differs.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/core/core.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

/// What is known of a run before it starts.
struct Expected {
  std::uint64_t rows = 0;   // of facts
  std::uint64_t work = 0;   // expressions to evaluate: over all registers, rows times what is asked of each
};

/// How a run was carried out.
enum class EngineUsed : std::uint8_t { interpreter, kept, quick, full };

/// What the engines cost, in microseconds on one core of 2022 (docs/architecture.md, "Which engine"): the one place where this is
/// written down. To be wrong by half costs at most some tens of milliseconds.
struct EngineCosts {
  double interpreted = 0.012;        // how much longer one expression of one row takes than in compiled code
  double compiled_start = 9'000;     // loading LLVM, planning, linking code that was kept
  double quick_compile = 25;         // for each expression of the program besides, when nothing was kept
  std::uint64_t full_rows = 300'000; // from so many rows of facts on, better machine code saves more time than it takes to make
};

Expected expected_run(const core::Program& program, const facts::FactBase& facts);

/// `kept`: has an earlier run left machine code of this program? `runs`: how often these facts will be gone through.
EngineUsed choose_engine(const core::Program& program, const Expected& expected, bool kept, unsigned runs, const EngineCosts& costs = {});

/// For the summary of a run.
std::string words(EngineUsed used, verdict::Language language);

}  // namespace tiao::driver
