// The spans of one owner while they are placed.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/value/scalar.hpp"

namespace tiao::engine {

// A span of states: from .. until (first free day).
struct Span {
  Truth in;
  Truth by_length;                  // does it end when its length has run? unknown: an end of its own that may be that one
  std::uint32_t rank, cause;        // rank: highest state
  std::uint64_t states;             // mask
  Cell from, until, length;
};

struct Shortening { Truth in; Cell date, amount; };

struct SpanOwner {
  std::vector<Span> spans;               // sorted by rank, from
  std::vector<Shortening> shortenings;   // sorted by date
  bool open_shortenings = false;
  std::vector<Span> placed, sum;         // scratch
};

// Is `until` the day on which the length ends?
Truth ends_with(const Cell& from, const Cell& length, const Cell& until);

// Moves the spans by the ways of their ranks (`ways`: per state a mask over core::OverlapWay) and shortens them. False: an error.
bool place_spans(SpanOwner& owner, const std::vector<std::uint64_t>& ways);

}  // namespace tiao::engine
