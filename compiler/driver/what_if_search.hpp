// The search behind counterfactuals: which facts, changed how, turn one remedy. Everything found was evaluated.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/driver/what_if_nearest.hpp"

namespace tiao::driver {

/// How far a proposal is from the facts as they are: the weightiest kind of change in it, and how much of it.
struct Distance {
  enum Kind : std::uint8_t { settled, moved, reversed, other_fact, row } kind = settled;
  std::int64_t size = 0;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};
struct Proposal { std::vector<Alteration> parts; Distance distance; };

/// How far a search went.
struct SearchExtent {
  std::size_t facts = 0, rows = 0;       // that may change
  std::uint64_t evaluations = 0;
  bool pairs = false;                    // two facts were tried together
  bool stopped = false;                  // the limit of evaluations was reached, or there are more facts than are looked at
  bool none_can = false;                 // no values of one or two of these facts do it, tried or not
};

struct SearchLimits {
  std::uint64_t evaluations = 3000;      // for one remedy and goal
  std::size_t facts = 4000;              // that are looked at
  std::size_t pairs = 24;                // enough of them
};

/// The facts are changed on the way and put back.
class WhatIfSearch {
 public:
  WhatIfSearch(const core::Program& program, facts::FactBase& facts, std::int64_t as_of, const FactSpace& space, const SearchLimits& limits)
      : program_(program), facts_(facts), as_of_(as_of), space_(space), limits_(limits) {}

  /// Smallest first.
  std::vector<Proposal> run(const Question& question, Truth goal, SearchExtent& extent);

  /// Puts one into facts.
  static void make(const Proposal& proposal, FactChanges& changes);

 private:
  const core::Program& program_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  const FactSpace& space_;
  SearchLimits limits_;
};

}  // namespace tiao::driver
