// Synthetic facts for the two practitioner regimes and the agreements with facilities: plausible, consistent, and the same bytes for the same options on every
// machine. Nothing in them is taken from a real person or facility.
#pragma once

#include <cstdint>

#include "tests/bench/tables.hpp"

namespace tiao::bench {

struct SampleOptions {
  Regime regime = Regime::tianjin;
  std::uint32_t incidents = 1000;    // or cases, in an agreement with facilities
  std::uint32_t practitioners = 0;   // 0: three for ten incidents
  std::uint32_t facilities = 0;      // 0: one for seventeen practitioners, three for twenty cases
  std::uint64_t seed = 1;
  bool complete = false;             // no blanks: everything is known, every status that is due has been entered
};

/// The options with the numbers that were left open filled in.
SampleOptions settled(SampleOptions options);

/// As the option --regime spells it.
std::string_view regime_name(Regime regime);

/// Makes all rows, register by register interleaved, and hands them to the sink.
void generate(const SampleOptions& options, Sink& sink);

}  // namespace tiao::bench
