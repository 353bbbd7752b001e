// Where a ledger stands on a day.
#include <algorithm>

#include "runtime/engine/ledger.hpp"

namespace tiao::engine {

// The widened balance on one day, as if a step without entries stood there.
Cell LedgerTable::balance_on(std::uint32_t owner, std::int64_t day) const {
  const std::uint32_t* found = hard_owner_.empty() ? hard_owner_.end() : std::lower_bound(hard_owner_.begin(), hard_owner_.end(), owner);
  const bool hard = found != hard_owner_.end() && *found == owner;
  const std::size_t h = static_cast<std::size_t>(found - hard_owner_.begin());
  const std::uint32_t first = offsets_[owner], steps = hard ? hard_steps_[h + 1] - hard_steps_[h] : offsets_[owner + 1] - first;
  const std::int64_t* days = day_.lo + first;
  std::uint32_t at = steps;
  while (at > 0 && days[at - 1] > day) --at;
  const bool same_day = at > 0 && days[at - 1] == day;
  const std::int64_t period_from = same_day && !hard ? day : at > 0 || hard ? period_start(period_, day) : neg_inf;
  Cell before = opens_at_.at(owner);
  if (at > 0 && days[at - 1] >= period_from) before = hard ? base_.view().at(hard_steps_[h] + at - 1) : balance_.at(first + at - 1);
  before = scalar::greatest(before, floor_.at(owner));
  if (!hard) return before;
  Cell widened = before;
  for (std::uint32_t i = hard_flows_[h]; i < hard_flows_[h + 1]; ++i)
    if (may_precede(flows_[i].from, flows_[i].to, day, period_from)) widened = scalar::add(widened, with_zero(flows_[i].amount));
  return raised(widened, before, floor_.at(owner));
}

Cell LedgerTable::balance_at(std::uint32_t owner, Cell day) const {
  const std::uint32_t first = offsets_[owner], end = offsets_[owner + 1];
  if (day.lo > day.hi) return number_error();
  if (first < end && truth_at(membership_, first) == Truth::error) return number_error();
  if (day.lo == day.hi && scalar::is_day(day.lo)) return balance_on(owner, day.lo);

  // The days on which something can change.
  Array<std::int64_t> days;
  std::int64_t last = as_of_;
  for (std::uint32_t i = first; i < end; ++i) {
    if (day_.lo[i] == day_.hi[i]) last = std::max(last, day_.lo[i]);
    days.push(day_.lo[i]);   // of an extra step: the first day of its range
  }
  if (day.lo == day.hi) return balance_on(owner, day.lo == neg_inf ? neg_inf : last);
  std::int64_t earliest = last;
  bool since_ever = false;
  for (const std::int64_t d : days) {
    since_ever = since_ever || d == neg_inf;
    if (d != neg_inf) earliest = std::min(earliest, d);
  }
  const std::int64_t fresh = period_ == Period::none ? last : period_of(period_, last).to;
  const std::int64_t from = since_ever ? day.lo : std::max(day.lo, std::min(earliest - 1, day.hi)), to = std::min(day.hi, std::max(fresh, day.lo));
  days.push(from);
  days.push(to);
  days.push(last);
  if (period_ != Period::none)
    for (std::int64_t start = period_of(period_, std::max(from, earliest)).to; start <= to; start = period_of(period_, start).to) days.push(start);
  Cell result = balance_on(owner, from);
  for (const std::int64_t d : days)
    if (d >= from && d <= to) result = scalar::hull(result, balance_on(owner, d), Kind::integer);
  return result;
}

}  // namespace tiao::engine
