// The values that facts hold and expressions yield. Every number, date and duration is one int64 with two ends; what is
// known has equal ends. The engines agree bit for bit because they agree on this representation and on scalar.hpp.
#pragma once

#include <cstdint>
#include <limits>

namespace tiao {

// Four truth values as two planes: bit 0 = known true, bit 1 = known false, both = error.
// and = (T&T, F|F), or = (T|T, F&F), with error beaten as docs/language.md section "Unknown" says.
enum class Truth : std::uint8_t { unknown = 0, yes = 1, no = 2, error = 3 };

constexpr Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

// Ends of a range that has no bound. A known value is never equal to either.
inline constexpr std::int64_t neg_inf = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t pos_inf = std::numeric_limits<std::int64_t>::max();

// Dates are days since 1970-01-01 (proleptic Gregorian), years 1 to 9999. `never` is a day later than all days; an end that the
// text leaves open is later still: both are known values.
inline constexpr std::int64_t never_day = std::int64_t{1} << 40;
inline constexpr std::int64_t unstated_day = never_day + 1;

// Durations pack months and days into one integer, months * 2^32 + days, so that sums, differences, multiples and (for
// durations of one kind) comparisons are integer operations.
inline constexpr std::int64_t month_unit = std::int64_t{1} << 32;
inline constexpr std::int64_t unstated_duration = std::int64_t{1} << 61;
// Working days are a duration kind of their own (they need a calendar): the plain count.

enum class Kind : std::uint8_t {
  boolean,   // lo = Truth
  integer,   // also quantities of a declared unit
  decimal,   // fixed point, Type::scale places
  money,     // fixed point; facts carry 2 places (fen), products may have more
  percent,   // fixed point of percent points: 30% at scale 0 is 30
  ratio,     // quotient of two integers: lo/lo_den .. hi/hi_den
  date,
  duration,  // packed, see above
  workdays,  // a count of working days
  text,      // interned id in the run's string pool; unknown = the full range
  choice,    // an enum: lo = hi = bit mask of the values still possible (at most 64 values)
  ref,       // row number in entity Type::of; unknown = the full range
};

struct Type {
  Kind kind = Kind::boolean;
  std::uint8_t scale = 0;             // places after the point: decimal, money, percent
  std::uint32_t of = 0xffffffffu;     // unit of an integer, enum of a choice, entity of a ref; none otherwise
  friend bool operator==(const Type&, const Type&) = default;
};
inline constexpr std::uint32_t none = 0xffffffffu;

// One value. Numbers, dates, durations, text, refs: lo..hi, known when equal, ERROR when lo > hi.
// boolean: lo = hi = Truth. choice: lo = hi = mask of possible values, known when one bit, error when 0.
// ratio: lo/lo_den .. hi/hi_den with positive denominators, error when lo_den == 0; unbounded ends are neg_inf/1 and pos_inf/1.
struct Cell {
  std::int64_t lo = 0, hi = 0;
  std::int64_t lo_den = 1, hi_den = 1;
  friend bool operator==(const Cell&, const Cell&) = default;
};

constexpr Cell known(std::int64_t v) { return {v, v, 1, 1}; }
constexpr Cell between(std::int64_t lo, std::int64_t hi) { return {lo, hi, 1, 1}; }
constexpr Cell of(Truth t) { return known(static_cast<std::int64_t>(t)); }
constexpr Cell number_error() { return {pos_inf, neg_inf, 1, 1}; }
constexpr Cell ratio_error() { return {0, 0, 0, 0}; }
constexpr Cell choice_of(std::uint64_t mask) { return known(static_cast<std::int64_t>(mask)); }

constexpr bool is_error(const Cell& c, Kind k) {
  switch (k) {
    case Kind::boolean: return c.lo == static_cast<std::int64_t>(Truth::error);
    case Kind::choice: return c.lo == 0;
    case Kind::ratio: return c.lo_den == 0;
    default: return c.lo > c.hi;
  }
}
constexpr bool is_known(const Cell& c, Kind k) {
  switch (k) {
    case Kind::boolean: return c.lo == 1 || c.lo == 2;
    case Kind::choice: return c.lo != 0 && (c.lo & (c.lo - 1)) == 0;
    case Kind::ratio: return c.lo_den != 0 && c.lo != neg_inf && c.hi != pos_inf && c.lo == c.hi && c.lo_den == c.hi_den;
    default: return c.lo == c.hi;
  }
}
constexpr Cell error_of(Kind k) {
  switch (k) {
    case Kind::boolean: return of(Truth::error);
    case Kind::choice: return choice_of(0);
    case Kind::ratio: return ratio_error();
    default: return number_error();
  }
}

}  // namespace tiao
