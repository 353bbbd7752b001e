// Calendar years and months as half-open ranges of days.
#pragma once

#include <cstdint>

#include "runtime/engine/kernels.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::engine {

// First day, and first free day after it.
struct PeriodBounds { std::int64_t from = neg_inf, to = pos_inf; };

// The period that holds a day. What lies before the first day of the calendar is one, begun at -inf, and so is what comes after
// the last. Without periods all time is one.
inline PeriodBounds period_of(Period period, std::int64_t day) {
  if (period == Period::none) return {};
  if (day < scalar::first_day) return {neg_inf, scalar::first_day};
  if (day > scalar::last_day) return {scalar::last_day + 1, pos_inf};
  const scalar::Civil c = scalar::civil(day);
  if (period == Period::calendar_year) return {scalar::day_number({c.year, 1, 1}), scalar::day_number({c.year + 1, 1, 1})};
  const scalar::Civil next = c.month == 12 ? scalar::Civil{c.year + 1, 1, 1} : scalar::Civil{c.year, c.month + 1, 1};
  return {scalar::day_number({c.year, c.month, 1}), scalar::day_number(next)};
}

inline std::int64_t period_start(Period period, std::int64_t day) {
  if (period == Period::none || !scalar::is_day(day)) return period_of(period, day).from;
  const scalar::Civil c = scalar::civil(day);
  return scalar::day_number({c.year, period == Period::calendar_year ? 1 : c.month, 1});
}

// Remembers the periods last asked for, each where some days of it are looked for.
class PeriodFinder {
 public:
  explicit PeriodFinder(Period period) : period_(period) {
    for (PeriodBounds& b : recent_) b = {pos_inf, neg_inf};
  }
  PeriodBounds operator()(std::int64_t day) {
    PeriodBounds& there = recent_[static_cast<std::uint64_t>(day) / days % size];
    if (day < there.from || day >= there.to) there = period_of(period_, day);
    return there;
  }

 private:
  static constexpr std::uint64_t size = 256, days = 8;
  Period period_;
  PeriodBounds recent_[size];
};

}  // namespace tiao::engine
