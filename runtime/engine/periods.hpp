// Calendar years and months as half-open ranges of days.
#pragma once

#include <algorithm>
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

// The periods up to that of a last day, one after another, found without a search: no period begins twice within `span` days.
class PeriodTable {
 public:
  PeriodTable(Period period, std::int64_t last) : period_(period), last_(last), base_(last + 1) {}
  // Days of the calendar up to the last one.
  void reach(std::int64_t day) {
    if (day < base_) extend(day);
  }
  // The number of the period of a day that was reached; numbers change when more is reached.
  std::uint32_t number(std::int64_t day) const {
    const std::uint32_t before = numbers_[static_cast<std::size_t>(day - base_) / span];
    return before + (day >= starts_[before + 1]);
  }
  std::uint32_t last_number() const { return static_cast<std::uint32_t>(starts_.size() - beyond) - 1; }
  // Where the periods begin, and after the last of them the first free day; four more may be read after any of them.
  const std::int64_t* starts() const { return starts_.data(); }

 private:
  static constexpr std::size_t span = 16, beyond = 5;
  // At first no further than is asked for, then further each time.
  void extend(std::int64_t day) {
    const std::int64_t further = starts_.empty() ? day : day - (last_ - day) / 2 - 1024;
    base_ = period_start(period_, std::clamp(further, scalar::first_day, day));
    starts_.clear();
    scalar::Civil next = scalar::civil(base_);
    std::int64_t start = base_;
    for (; start <= last_; start = scalar::day_number(next)) {
      starts_.push(start);
      if (period_ == Period::calendar_year || ++next.month == 13) next = {next.year + 1, 1, 1};
    }
    for (std::size_t i = 0; i < beyond; ++i) starts_.push(start);
    numbers_.clear();
    numbers_.reserve(static_cast<std::size_t>(last_ - base_) / span + 1);
    std::uint32_t number = 0;
    for (std::int64_t first = base_; first <= last_; first += span) {
      while (starts_[number + 1] <= first) ++number;
      numbers_.push(number);
    }
  }

  Period period_;
  std::int64_t last_, base_;
  Array<std::int64_t> starts_;
  Array<std::uint32_t> numbers_;
};

}  // namespace tiao::engine
