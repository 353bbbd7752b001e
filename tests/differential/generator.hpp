// Random programs over a small schema, random facts for them, and the comparison of two results.
#pragma once

#include <string>

#include "compiler/core/core.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"
#include "tests/differential/random.hpp"

namespace tiao::differential {

// How large a case is; smaller ones of the same seed are tried to make a failure readable.
struct Size {
  unsigned declarations = 12;
  unsigned depth = 3;
  unsigned rows = 8;
  unsigned children = 0;   // of a row at most one less; 0: half of `rows`
  bool plain = false;   // no ledgers, timelines and remedies
};

core::Program random_program(Random& random, const Size& size);
facts::FactBase random_facts(Random& random, const core::Program& program, const Size& size);

inline constexpr std::int64_t as_of = 20269;   // 2025-06-30
// Mostly that day; also a 29 February, a month's and a year's end, and the days after them.
std::int64_t random_as_of(Random& random);

// Where two results differ, in one line; empty: nowhere.
std::string first_difference(const core::Program& program, const Results& expected, const Results& found);

// The same of the remedies that the evaluator finds when it is asked for one row after the other, the last first.
std::string first_difference_on_demand(const core::Program& program, const facts::FactBase& facts, const Results& expected, interp::Interpreter& asked);

// The facts as a reader sees them, a line per row.
std::string describe(const core::Program& program, const facts::FactBase& facts);

}  // namespace tiao::differential
