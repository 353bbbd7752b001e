// Parts of fold_ledger: what is gathered for one owner, and the two ways to run the chain.
#pragma once

#include <vector>

#include "runtime/engine/kernels.hpp"
#include "runtime/engine/periods.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {

// An entry or credit of one owner; flows are numbered entries first. from == to: the date is decided.
struct LedgerEvent {
  std::int64_t from, to;
  std::int64_t lo, hi;
  std::uint32_t flow;
  Truth in;
  bool unseen = false;   // stands for rows that we do not know
};

struct LedgerStep {
  std::int64_t from, to;   // the day, or the range of an extra step
  Truth in;
  Cell opening, base, balance, entered, largest;
};

struct LedgerCycle { PeriodBounds period; Truth in; Cell entered; };

// Everything known about one owner while his chain is run.
struct LedgerOwner {
  Cell floor, opens_at;
  std::vector<Cell> caps;                      // per credit clause; unbounded: neg_inf..pos_inf with capped[c] false
  Array<LedgerEvent> events;                   // decided ones first, sorted by day and flow; then the others by range
  std::uint32_t decided = 0;
  std::vector<LedgerStep> steps;               // decided ones first
  std::uint32_t decided_steps = 0;
  std::vector<LedgerCycle> cycles;
  bool cycles_open = false;
};

// hull(0, c).
inline Cell with_zero(const Cell& c) {
  return c.lo > c.hi ? c : between(c.lo < 0 ? c.lo : 0, c.hi > 0 ? c.hi : 0);
}

// An undecided-date flow as it moves the balance: credits are negative, and what a cap may take away is open.
UndecidedFlow undecided_flow(const LedgerInput& input, const LedgerOwner& owner, const LedgerEvent& event);

// May a flow dated in from .. to be there on `day`, in the period that begins on `period_from`?
inline bool may_precede(std::int64_t from, std::int64_t to, std::int64_t day, std::int64_t period_from) { return from <= day && to >= period_from; }

// Ends that fall under the floor only by widening are raised to it.
Cell raised(const Cell& widened, const Cell& before, const Cell& floor);

// Runs the chain with ranges and undecided dates. False: an error, or an end that does not fit.
bool run_ranges(const LedgerInput& input, LedgerOwner& owner, PeriodFinder& periods, std::vector<PeriodFinder>& cap_periods);

// The cycles of the owner from his steps. False: an end that does not fit.
bool make_cycles(const LedgerInput& input, LedgerOwner& owner, PeriodFinder& periods);

}  // namespace tiao::engine
