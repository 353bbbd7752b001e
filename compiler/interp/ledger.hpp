// The account of one owner in one ledger: entries and credits in, steps, cycles and balances out. Pure; the rule is in
// docs/engine-semantics.md "Ledger".
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::interp {

/// An entry or a credit. Its date is known when from == to.
struct Posting {
  bool credit = false;
  std::uint32_t clause = 0;         // index into the ledger's entries or credits
  std::uint32_t row = none;         // of the clause's source; none: of a register that is open
  Truth in = Truth::yes;            // yes or unknown
  Cell amount;
  std::int64_t from = 0, to = 0;
  bool dated() const { return from == to; }
};

struct CreditCap { bool capped = false; Cell cap; core::Period period = core::Period::none; };

struct Step {
  std::int64_t from = 0, to = 0;    // the day; a range for an extra step
  Truth in = Truth::yes;
  std::uint32_t posting = none;     // extra step: the posting that makes it
  Cell opening, balance, entered, largest;
  Cell granted = known(0);
  Cell base;                        // balance before postings of undecided date widen it
};

struct Cycle { std::int64_t first = 0, last = 0; Truth in = Truth::yes; Cell entered; };

struct Account {
  bool failed = false;              // an error in any posting
  bool open = false;
  bool cycles_open = false;         // a posting of undecided date may fall before the first cycle
  core::Period period = core::Period::none;
  std::int64_t as_of = 0;
  bool has_floor = false;
  Cell floor, opens_at = known(0);
  std::vector<CreditCap> caps;      // per credit clause
  std::vector<Posting> postings;    // in source order, entries before credits

  std::vector<Step> steps;          // decided ones by day, then extra ones
  std::size_t decided = 0;
  std::vector<Cycle> cycles;

  // Fills steps and cycles from what stands above them.
  void settle();
  Cell balance_at(const Cell& day) const;
  // May the posting still bear on the balance of a day of this range (opening: before that day)?
  bool bears_on(const Posting& posting, std::int64_t from, std::int64_t to) const;
};

/// A period as its first day and the first day after it. That of a day -inf begins at -inf; without periods all time is one.
struct PeriodDays { std::int64_t from = neg_inf, to = pos_inf; };
PeriodDays period_of(core::Period period, std::int64_t day);

}  // namespace tiao::interp
