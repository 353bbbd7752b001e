// How much a run of random programs has looked at.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/core/core.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::differential {

struct Tally {
  std::uint64_t programs = 0, in_parts = 0, fact_sets = 0;   // in_parts: programs whose plan takes steps part by part
  std::uint64_t rows = 0, derived = 0;      // of registers; of groups, joins, ledgers, timelines and remedies
  std::uint64_t empty_owners = 0;           // rows that might own others and own none
  std::uint64_t leap_days = 0, extremes = 0, blanks = 0;   // facts: 29 February; at the ends of what is declared or what a word holds; not known
  std::uint64_t decided = 0, undetermined = 0, failed = 0; // values that were compared
  std::uint64_t failures = 0;

  void facts_seen(const core::Program& program, const facts::FactBase& facts);
  void results_seen(const core::Program& program, const Results& results);
  std::string line() const;
};

}  // namespace tiao::differential
