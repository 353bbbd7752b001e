// The course of one owner through the states of a timeline: spans in, spans placed, shortened and ordered out. Pure; the rule
// is in docs/engine-semantics.md "Timeline".
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::interp {

struct Span {
  std::uint32_t on = 0;             // clause
  std::uint32_t row = none;         // of the clause's source
  Truth in = Truth::yes;            // yes or unknown
  std::uint64_t states = 0;         // possible ones
  Cell own_from, own_until;         // as the clause gives them
  Truth by_length = Truth::no;      // does it end when its length has run? unknown: an end of its own that may be that one
  Cell length;
  std::uint32_t cause = 0;
  Cell from, until;                 // after overlaps and shortenings
};

struct Shortening {
  std::uint32_t clause = 0, row = none;
  Truth in = Truth::yes;
  Cell date, amount;
};

struct Course {
  bool open = false;                // there may be spans that we do not know
  bool open_shortenings = false;
  bool failed = false;              // an error in anything that was looked at
  std::uint32_t states = 0;         // how many there are
  std::uint32_t start = 0;
  std::vector<std::uint64_t> ways;  // per state: mask over core::OverlapWay, 0: error
  std::vector<Span> spans;          // in source order before settle, in timeline order after
  std::vector<Shortening> shortenings;   // in source order before, by date after

  void settle();                    // failed: leaves one span, all in error
};

// Is the end the one that the length gives?
Truth ends_with(const Cell& from, const Cell& length, const Cell& until);

// The strongest state that spans of this mask may have.
std::uint32_t strongest(std::uint64_t states);

// The states that are possible on a day; 0: error.
struct Cover { Truth in; std::uint64_t states; Cell from, until; };
std::uint64_t states_on(const std::vector<Cover>& spans, std::uint32_t states, std::uint32_t start, bool open, const Cell& day);
// Does a span cover a day: its membership, and the day from its start on and before its end.
Truth covers(const Cover& span, const Cell& day);

}  // namespace tiao::interp
