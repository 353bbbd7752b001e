// Days moved by months through a table of where months begin. Years begin in March here, so that the day that some of them lack is their
// last; days and months are counted from the first of March of the year 0. Generated code does the same steps (emit_calendar.cpp).
#pragma once

#include <algorithm>
#include <cstdint>

#include "runtime/value/scalar.hpp"

namespace tiao::months {

inline constexpr std::int64_t epoch = 719468;   // days from the first of March of the year 0 to 1970-01-01
// Months up to that after December 9999. January of the year 1 is the tenth after March of the year 0.
inline constexpr std::int64_t count = 9999 * 12 + 11, first = 10, all = 9999 * 12;
inline constexpr std::int64_t last_day = scalar::last_day + epoch;

// The first day of each month.
extern const std::int32_t (&starts)[count];

// 400 years have 4800 months and 146097 days. So many days on, the quotient is the month of a day or the next one, never less and never
// more: that holds for 2 to 11 days.
inline constexpr std::int64_t in_400_years = 4800, days_of_400_years = 146097, ahead = 6;

// The month of a day, 0 to last_day.
inline std::int64_t of(std::int64_t day) {
  const std::int64_t month = (day + ahead) * in_400_years / days_of_400_years;
  return month - (day < starts[month]);
}

}  // namespace tiao::months
