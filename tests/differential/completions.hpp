// What may stand behind facts that are not known in full: blanks filled in, rows added where a register is open. Whatever a run
// on the facts as they are decides, every completion must come to as well.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/differential/generator.hpp"

namespace tiao::differential {

struct Completion {
  facts::FactBase facts;
  std::vector<std::vector<std::uint32_t>> place;   // by register: where each row of the facts stands in the completed ones
};

// Some blanks may stay blank; registers are closed.
Completion complete(Random& random, const core::Program& program, const facts::FactBase& facts);

// Adds reports that show ledgers, timelines, groups and remedy rows to a program, so that no fault in them stays hidden.
void add_probes(core::Program& program);

// A result that the facts as they are decide, and the completed ones contradict; empty: none. Errors on either side are passed over:
// they decide nothing.
std::string first_contradiction(const core::Program& program, const Results& found, const Completion& completion, const Results& completed);

}  // namespace tiao::differential
