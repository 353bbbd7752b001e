// The rules of Tianjin once more, written by hand in C++ over the same columns, as well as one can write them by hand: the measure
// for the compiled clauses, and a third opinion on what they say. One set of readings is written in; every fact that matters has
// to be known (tiao_sample --complete).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/twin_tables.hpp"

namespace tiao::bench {

/// What the twin takes the text to mean where it allows more than one reading: NAME=CHOICE,… as --readings has it.
const char* twin_readings();

/// Rows of one remedy. `held`: bit per ground. Times and values stand only where the remedy has them.
struct TwinRemedy {
  std::vector<std::uint32_t> target;
  std::vector<std::uint8_t> modality, held;
  std::vector<std::int64_t> from, until, length, low, high;
  void add(std::uint32_t row, unsigned how, unsigned grounds) {
    target.push_back(row);
    modality.push_back(static_cast<std::uint8_t>(how));
    held.push_back(static_cast<std::uint8_t>(grounds));
  }
  void add(std::uint32_t row, unsigned how, unsigned grounds, std::int64_t start, std::int64_t end, std::int64_t term, std::int64_t value) {
    add(row, how, grounds);
    from.push_back(start);
    until.push_back(end);
    length.push_back(term);
    low.push_back(value);
    high.push_back(value);
  }
};

struct TwinDuty { std::vector<std::uint8_t> state; std::vector<std::int64_t> due; };   // due: of those with a date

/// Everything that is decided. Indexes of remedies, duties and requires are those of the names below.
struct TwinResult {
  std::string problem;                              // not empty: a fact that matters is not known, and nothing else counts
  std::vector<TwinRemedy> remedies;
  std::vector<TwinDuty> duties;
  std::vector<std::vector<std::uint8_t>> violated;  // Truth per row of the scope
  // Propositions, a bit each; the names say which.
  std::vector<std::uint32_t> incident, repair, appeal, fee, step, span, person, facility;
  // Reports.
  std::vector<std::uint8_t> recorded, due;          // mask of the status on the as-of day
  std::vector<std::int64_t> sites, pharmacies, total;
  std::vector<std::int64_t> out_heads, share_over, share_under;
  // Steps of the ledger and spans of the due status, in the order of their owners.
  std::vector<std::uint32_t> step_owner, span_owner;
  std::vector<std::int64_t> day, opening, balance, entered, largest;
};

/// Names by which the twin's numbering is matched with the program's: addresses of propositions, ids of remedies.
struct TwinNames {
  std::vector<const char*> remedies, duties, requires_;
  std::vector<const char*> incident, repair, appeal, fee, step, span, person, facility;
};
const TwinNames& twin_names();

TwinResult run_twin(const TwinTables& tables, std::int64_t as_of);

}  // namespace tiao::bench
