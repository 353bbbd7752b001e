// The arithmetic of the language: pure functions on cells, and the only place where values are computed. Both engines call
// these (the JIT for whatever it does not inline), so that they agree bit for bit. What they share:
//   * a cell that is an error makes the result an error (number_error(), ratio_error(), choice 0, Truth::error);
//   * ends are computed in 128 bits: an infinite end stays infinite (inf * 0 = 0), a finite end that no longer fits is an error;
//   * a range does not remember where it came from: the same unknown used twice counts as two.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/value/value.hpp"

namespace tiao::scalar {

// --- Truth -----------------------------------------------------------------------------------------------------------------

constexpr Truth not_(Truth a) {
  return a == Truth::yes ? Truth::no : a == Truth::no ? Truth::yes : a;
}
// The strongest of false > error > unknown > true.
constexpr Truth and_(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  if (a == Truth::error || b == Truth::error) return Truth::error;
  return a == Truth::unknown || b == Truth::unknown ? Truth::unknown : Truth::yes;
}
// The strongest of true > error > unknown > false.
constexpr Truth or_(Truth a, Truth b) {
  if (a == Truth::yes || b == Truth::yes) return Truth::yes;
  if (a == Truth::error || b == Truth::error) return Truth::error;
  return a == Truth::unknown || b == Truth::unknown ? Truth::unknown : Truth::no;
}

// --- Numbers ---------------------------------------------------------------------------------------------------------------
// Operands of add, sub, least, greatest have one scale. mul adds the scales (and a percent factor brings two places more:
// money of 2 places * percent of 1 place is money of 2 + 1 + 2 places).

Cell add(Cell a, Cell b);
Cell sub(Cell a, Cell b);
Cell mul(Cell a, Cell b);
Cell neg(Cell a);
Cell least(Cell a, Cell b);
Cell greatest(Cell a, Cell b);
// More places; fewer is rounding, and an error here.
Cell rescale(Cell a, unsigned from_scale, unsigned to_scale);

// half_up: ties away from zero (四舍五入); half_even: ties to the even digit; down: towards zero; up: away from zero.
enum class Rounding : std::uint8_t { half_up, half_even, down, up };
Cell rounded(Cell a, unsigned from_scale, unsigned to_scale, Rounding how);

// --- Ratios ----------------------------------------------------------------------------------------------------------------
// A quotient is kept as counted: 2/10 is not reduced to 1/5. Denominators are positive.

// num and den are amounts of one unit and one scale. den exactly 0: `if_none` (a ratio cell) if there is one, else an error.
// den that may be 0: no bounds (joined with `if_none`).
Cell ratio_of(Cell num, Cell den, bool has_if_none = false, Cell if_none = {});
// 30% as 30/100; 12.5% as 125/1000. Error when the denominator does not fit (scale over 16).
Cell ratio_of_percent(Cell percent, unsigned scale);
// A ratio as a decimal, or with as_percent in percent points, of to_scale places.
Cell rounded_ratio(Cell ratio, unsigned to_scale, bool as_percent, Rounding how);
// -1, 0, 1 for a/b against c/d, exactly, whatever the size. Denominators are positive.
int compare_quotients(__int128 a, __int128 b, __int128 c, __int128 d);

// --- Comparison ------------------------------------------------------------------------------------------------------------

enum class CmpOp : std::uint8_t { is, is_not, at_least, at_most, over, under };
// a OP b is b mirrored(OP) a.
constexpr CmpOp mirrored(CmpOp op) {
  switch (op) {
    case CmpOp::at_least: return CmpOp::at_most;
    case CmpOp::at_most: return CmpOp::at_least;
    case CmpOp::over: return CmpOp::under;
    case CmpOp::under: return CmpOp::over;
    default: return op;
  }
}
// True if it holds for every pair of possible values, false if for none, else unknown; error if either is. Both of one kind
// and scale. boolean, text and ref know only is and is_not; choices are ordered by the index of the value.
Truth compare(CmpOp op, Cell a, Cell b, Kind kind);
// A ratio against a ratio, or against a percent of percent_scale places.
Truth compare_ratio(CmpOp op, Cell ratio, Cell other, bool other_is_percent, unsigned percent_scale = 0);

// --- Choice ----------------------------------------------------------------------------------------------------------------

// What either may be. An error in one of them makes an error.
Cell hull(Cell a, Cell b, Kind kind);
// `if cond take a otherwise b`: an undecided condition gives the hull; the branch not taken is not looked at.
Cell choose(Truth cond, Cell a, Cell b, Kind kind);

// --- Days ------------------------------------------------------------------------------------------------------------------

struct Civil { std::int32_t year = 1; std::int32_t month = 1, day = 1; };
inline constexpr std::int64_t first_day = -719162;   // 0001-01-01
inline constexpr std::int64_t last_day = 2932896;    // 9999-12-31
constexpr bool is_day(std::int64_t v) { return v >= first_day && v <= last_day; }
std::int64_t day_number(Civil c);                    // of a valid date
Civil civil(std::int64_t day);                       // of first_day .. last_day
int days_in_month(std::int32_t year, std::int32_t month);

// --- Durations -------------------------------------------------------------------------------------------------------------
// Packed, see value.hpp. Days and months have a sign of their own; |days| < 2^31 and |months| < 2^28, so that packing is
// one to one and `unstated` is apart.

constexpr std::int64_t make_duration(std::int64_t months, std::int64_t days) { return months * month_unit + days; }
// Nothing: it does not fit.
std::optional<std::int64_t> pack_duration(std::int64_t months, std::int64_t days);
constexpr std::int64_t duration_days(std::int64_t packed) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(packed)); }
constexpr std::int64_t duration_months(std::int64_t packed) { return (packed - duration_days(packed)) / month_unit; }
// Like add, sub, mul, but days never carry into months (that is an error), and unstated plus anything, or times at least one,
// is unstated. unstated minus anything is unstated; anything else minus unstated is an error.
Cell add_durations(Cell a, Cell b);
Cell sub_durations(Cell a, Cell b);
Cell mul_duration(Cell duration, Cell count);

// --- Dates -----------------------------------------------------------------------------------------------------------------
// Infinite ends stay. never plus anything is never, unstated plus anything unstated; a result outside years 1..9999 is an error.

// Months first, clipped to the end of the month, then days. A day plus an unstated duration is unstated.
Cell shift(Cell date, Cell duration);
// A day minus an unstated duration is an error.
Cell shift_back(Cell date, Cell duration);

// Working days as a calendar gives them; days outside from..through are unknown.
struct WorkingDays { std::int64_t from = 0, through = -1; const std::vector<bool>* works = nullptr; };
// The n-th working day after the date (n = 0: the date itself; negative: before). Beyond what the calendar covers the result is
// unknown: at least n days on, and past the calendar's end; up to never.
Cell shift_workdays(Cell date, Cell n, const WorkingDays& calendar);
// For tiao::Calendar, which this room must not know.
template <class Calendar>
Cell shift_workdays(Cell date, Cell n, const Calendar& calendar) {
  return shift_workdays(date, n, WorkingDays{calendar.from, calendar.through, &calendar.works});
}
Truth is_workday(Cell date, const WorkingDays& calendar);
template <class Calendar>
Truth is_workday(Cell date, const Calendar& calendar) {
  return is_workday(date, WorkingDays{calendar.from, calendar.through, &calendar.works});
}

// a - b in days, as a duration. never and unstated are later than every day: a bound is known only on the near side.
Cell difference(Cell a, Cell b);
// Known when both ends agree. Of never, unstated and open ends: no bound (month 1..12, day 1..31).
Cell year_of(Cell date);
Cell month_of(Cell date);
Cell day_of(Cell date);
// Full years reached on that day; who is born on 29 February has a birthday on 1 March of other years.
Cell age(Cell born, Cell at);
// Calendar year and month that contain the date: first day, and first free day after it.
Cell year_start(Cell date);
Cell year_end(Cell date);
Cell month_start(Cell date);
Cell month_end(Cell date);

}  // namespace tiao::scalar
