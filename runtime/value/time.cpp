// Days, durations and calendars of scalar.hpp.
#include <algorithm>
#include <array>
#include <optional>

#include "runtime/value/scalar.hpp"
#include "runtime/value/wide.hpp"

namespace tiao::scalar {
namespace {

using namespace wide;

constexpr std::int64_t month_limit = std::int64_t{1} << 28, day_limit = std::int64_t{1} << 31;

constexpr bool failed(const Cell& c) { return c.lo > c.hi; }
constexpr bool open_or_never(std::int64_t v) { return v == neg_inf || v == pos_inf || v == never_day || v == unstated_day; }
constexpr bool bad_date(const Cell& c) {
  return failed(c) || !(is_day(c.lo) || open_or_never(c.lo)) || !(is_day(c.hi) || open_or_never(c.hi));
}
constexpr std::int64_t opposite(std::int64_t v) { return v == neg_inf ? pos_inf : v == pos_inf ? neg_inf : -v; }

std::optional<std::int64_t> pack(i128 months, i128 days) {
  if (months <= -month_limit || months >= month_limit || days <= -day_limit || days >= day_limit) return std::nullopt;
  return make_duration(static_cast<std::int64_t>(months), static_cast<std::int64_t>(days));
}

// A day and so many months and days.
std::optional<std::int64_t> move(std::int64_t day, std::int64_t months, std::int64_t days) {
  if (months != 0) {
    Civil c = civil(day);
    const std::int64_t index = std::int64_t{c.year} * 12 + (c.month - 1) + months;
    if (index < 12 || index >= 10000 * 12) return std::nullopt;
    c.year = static_cast<std::int32_t>(index / 12);
    c.month = static_cast<std::int32_t>(index % 12 + 1);
    c.day = std::min(c.day, days_in_month(c.year, c.month));
    day = day_number(c);
  }
  day += days;
  return is_day(day) ? std::optional(day) : std::nullopt;
}

// The four corners, because never and unstated do not grow with the other operand.
template <class F>
Cell corners(const Cell& a, const Cell& b, F end) {
  if (a.lo == a.hi && b.lo == b.hi) {   // known operands: one corner
    const std::optional<std::int64_t> v = end(a.lo, b.lo);
    return v ? known(*v) : number_error();
  }
  Cell out = number_error();
  bool first = true;
  for (const std::int64_t x : {a.lo, a.hi})
    for (const std::int64_t y : {b.lo, b.hi}) {
      const std::optional<std::int64_t> v = end(x, y);
      if (!v) return number_error();
      out = first ? known(*v) : between(std::min(out.lo, *v), std::max(out.hi, *v));
      first = false;
    }
  return out;
}

template <class F>
Cell map_days(Cell date, F f) {
  if (bad_date(date)) return number_error();
  auto end = [&](std::int64_t v) -> std::optional<std::int64_t> {
    if (open_or_never(v)) return v;
    const std::int64_t day = f(civil(v));
    return is_day(day) ? std::optional(day) : std::nullopt;
  };
  const auto lo = end(date.lo), hi = date.lo == date.hi ? lo : end(date.hi);
  return lo && hi ? between(*lo, *hi) : number_error();
}

Civil next_month(Civil c) { return c.month == 12 ? Civil{c.year + 1, 1, 1} : Civil{c.year, c.month + 1, 1}; }

bool works_on(const WorkingDays& calendar, std::int64_t day) {
  const auto index = static_cast<std::uint64_t>(day - calendar.from);
  return calendar.works && index < calendar.works->size() && (*calendar.works)[index];
}

// Where the n-th working day after (before) a day may lie; nothing = outside years 1..9999.
std::optional<Cell> nth_workday(std::int64_t day, std::int64_t n, const WorkingDays& calendar) {
  if (open_or_never(day)) return known(day);
  if (n == neg_inf) return between(neg_inf, day);
  if (n == pos_inf) return between(day, never_day);
  if (n == 0) return known(day);
  // Uncovered days may or may not work: each working day is at least one day on.
  const bool forward = n > 0;
  std::int64_t at = day, left = n;
  if (forward ? day >= calendar.from - 1 && day <= calendar.through : day >= calendar.from && day <= calendar.through + 1) {
    while (left != 0 && (forward ? at < calendar.through : at > calendar.from)) {
      at += forward ? 1 : -1;
      if (works_on(calendar, at)) left += forward ? -1 : 1;
    }
    if (left == 0) return known(at);
  }
  const i128 bound = static_cast<i128>(at) + left;
  if (bound < first_day || bound > last_day) return std::nullopt;
  return forward ? between(static_cast<std::int64_t>(bound), never_day) : between(neg_inf, static_cast<std::int64_t>(bound));
}

}  // namespace

// --- Days

// Days from the civil calendar and back: years begin in March, eras of 400 years (H. Hinnant's well-known algorithms).
std::int64_t day_number(Civil c) {
  const std::int64_t y = std::int64_t{c.year} - (c.month <= 2);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
  const std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

// Within years 1..9999 all quotients fit 32 and 64 bits unsigned, so that each is one multiplication (C. Neri and L. Schneider,
// "Euclidean affine functions and their application to calendar algorithms", 2022).
Civil civil(std::int64_t day) {
  const auto n = static_cast<std::uint32_t>(day + 719468);
  const std::uint32_t n1 = 4 * n + 3;
  const std::uint32_t century = n1 / 146097, of_century = n1 % 146097 / 4;
  const std::uint32_t n2 = 4 * of_century + 3;
  const std::uint64_t product = std::uint64_t{2939745} * n2;
  const auto year_of_century = static_cast<std::uint32_t>(product >> 32);
  const std::uint32_t of_year = static_cast<std::uint32_t>(product) / 2939745 / 4;
  const std::uint32_t n3 = 2141 * of_year + 197913;
  const std::uint32_t month = n3 >> 16, of_month = (n3 & 0xffff) / 2141;
  const bool january_or_february = of_year >= 306;
  return {static_cast<std::int32_t>(100 * century + year_of_century + january_or_february), static_cast<std::int32_t>(january_or_february ? month - 12 : month),
          static_cast<std::int32_t>(of_month + 1)};
}

int days_in_month(std::int32_t year, std::int32_t month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

// --- Durations

namespace {

// One end of a sum. Opposite infinities, and an open end with unstated, give the open end.
std::optional<std::int64_t> sum_end(std::int64_t a, std::int64_t b, bool lower) {
  const std::int64_t wider = lower ? neg_inf : pos_inf, other = lower ? pos_inf : neg_inf;
  if (a == wider || b == wider) return wider;
  if (a == other || b == other) return other;
  if (a == unstated_duration || b == unstated_duration) return unstated_duration;
  return pack(static_cast<i128>(duration_months(a)) + duration_months(b), static_cast<i128>(duration_days(a)) + duration_days(b));
}

Cell joined(std::optional<std::int64_t> lo, std::optional<std::int64_t> hi) {
  return lo && hi ? between(*lo, *hi) : number_error();
}

}  // namespace

std::optional<std::int64_t> pack_duration(std::int64_t months, std::int64_t days) { return pack(months, days); }

Cell add_durations(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  return joined(sum_end(a.lo, b.lo, true), sum_end(a.hi, b.hi, false));
}

Cell sub_durations(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  auto end = [](std::int64_t x, std::int64_t y, bool lower) -> std::optional<std::int64_t> {
    if (x == unstated_duration && y != neg_inf && y != pos_inf) return unstated_duration;
    if (y == unstated_duration) return std::nullopt;
    if (y != neg_inf && y != pos_inf) {
      const auto back = pack(-static_cast<i128>(duration_months(y)), -static_cast<i128>(duration_days(y)));
      if (!back) return std::nullopt;
      return sum_end(x, *back, lower);
    }
    return sum_end(x, opposite(y), lower);
  };
  return joined(end(a.lo, b.hi, true), end(a.hi, b.lo, false));
}

Cell mul_duration(Cell duration, Cell count) {
  if (failed(duration) || failed(count)) return number_error();
  struct Corner { i128 place, months, days; };  // place: where it stands in the order of packed values
  auto corner = [](std::int64_t d, std::int64_t n) -> std::optional<Corner> {
    if (d == 0 || n == 0) return Corner{0, 0, 0};
    if (d == neg_inf || d == pos_inf || n == neg_inf || n == pos_inf) return Corner{(d < 0) == (n < 0) ? inf : -inf, 0, 0};
    if (d == unstated_duration) return n > 0 ? std::optional(Corner{unstated_duration, 0, 0}) : std::nullopt;
    const i128 months = static_cast<i128>(duration_months(d)) * n, days = static_cast<i128>(duration_days(d)) * n;
    return Corner{months * month_unit + days, months, days};
  };
  std::optional<Corner> lo, hi;
  for (const std::int64_t d : {duration.lo, duration.hi})
    for (const std::int64_t n : {count.lo, count.hi}) {
      const auto c = corner(d, n);
      if (!c) return number_error();
      if (!lo || c->place < lo->place) lo = c;
      if (!hi || c->place > hi->place) hi = c;
    }
  auto end = [](const Corner& c) -> std::optional<std::int64_t> {
    if (!finite(c.place)) return c.place < 0 ? neg_inf : pos_inf;
    if (c.place == unstated_duration && c.months == 0 && c.days == 0) return unstated_duration;
    return pack(c.months, c.days);
  };
  return joined(end(*lo), end(*hi));
}

// --- Dates

Cell shift(Cell date, Cell duration) {
  if (bad_date(date) || failed(duration)) return number_error();
  return corners(date, duration, [](std::int64_t d, std::int64_t p) -> std::optional<std::int64_t> {
    if (open_or_never(d)) return d;
    if (p == neg_inf) return neg_inf;
    if (p == pos_inf) return never_day;
    if (p == unstated_duration) return unstated_day;
    return move(d, duration_months(p), duration_days(p));
  });
}

Cell shift_back(Cell date, Cell duration) {
  if (bad_date(date) || failed(duration)) return number_error();
  return corners(date, duration, [](std::int64_t d, std::int64_t p) -> std::optional<std::int64_t> {
    if (open_or_never(d)) return d;
    if (p == neg_inf) return never_day;
    if (p == pos_inf) return neg_inf;
    if (p == unstated_duration) return std::nullopt;
    return move(d, -duration_months(p), -duration_days(p));
  });
}

Cell shift_workdays(Cell date, Cell n, const WorkingDays& calendar) {
  if (bad_date(date) || failed(n)) return number_error();
  const auto lo = nth_workday(date.lo, n.lo, calendar), hi = nth_workday(date.hi, n.hi, calendar);
  return lo && hi ? between(lo->lo, hi->hi) : number_error();
}

Truth is_workday(Cell date, const WorkingDays& calendar) {
  if (bad_date(date)) return Truth::error;
  if (date.lo != date.hi || date.lo < calendar.from || date.lo > calendar.through) return Truth::unknown;
  return truth(works_on(calendar, date.lo));
}

Cell difference(Cell a, Cell b) {
  if (bad_date(a) || bad_date(b)) return number_error();
  // What is later than every day counts as the last day on the side that bounds it, and as open on the other.
  auto least_day = [](std::int64_t v) -> i128 { return v == neg_inf ? -inf : static_cast<i128>(std::min(v, last_day)); };
  auto greatest_day = [](std::int64_t v) -> i128 { return is_day(v) ? static_cast<i128>(v) : v == neg_inf ? -inf : inf; };
  auto minus = [](i128 x, i128 y, i128 open) { return finite(x) && finite(y) ? x - y : open; };
  return narrow(minus(least_day(a.lo), greatest_day(b.hi), -inf), minus(greatest_day(a.hi), least_day(b.lo), inf));
}

Cell year_of(Cell date) {
  if (date.lo == date.hi && is_day(date.lo)) return known(civil(date.lo).year);
  if (bad_date(date)) return number_error();
  return between(is_day(date.lo) ? civil(date.lo).year : neg_inf, is_day(date.hi) ? civil(date.hi).year : pos_inf);
}

Cell month_of(Cell date) {
  if (bad_date(date)) return number_error();
  if (!is_day(date.lo) || !is_day(date.hi)) return between(1, 12);
  const Civil a = civil(date.lo), b = civil(date.hi);
  return a.year == b.year ? between(a.month, b.month) : between(1, 12);
}

Cell day_of(Cell date) {
  if (bad_date(date)) return number_error();
  if (!is_day(date.lo) || !is_day(date.hi)) return between(1, 31);
  const Civil a = civil(date.lo), b = civil(date.hi);
  return a.year == b.year && a.month == b.month ? between(a.day, b.day) : between(1, 31);
}

Cell age(Cell born, Cell at) {
  if (bad_date(born) || bad_date(at)) return number_error();
  auto full = [](std::int64_t birth, std::int64_t day) {
    const Civil b = civil(birth), d = civil(day);
    return std::int64_t{d.year} - b.year - (d.month < b.month || (d.month == b.month && d.day < b.day));
  };
  const std::int64_t lo = at.lo == neg_inf || !is_day(born.hi) ? neg_inf : full(born.hi, std::min(at.lo, last_day));
  const std::int64_t hi = born.lo == neg_inf || !is_day(at.hi) ? pos_inf : full(std::min(born.lo, last_day), at.hi);
  return between(lo, hi);
}

Cell year_start(Cell date) {
  return map_days(date, [](Civil c) { return day_number({c.year, 1, 1}); });
}
Cell year_end(Cell date) {
  return map_days(date, [](Civil c) { return day_number({c.year + 1, 1, 1}); });
}
Cell month_start(Cell date) {
  return map_days(date, [](Civil c) { return day_number({c.year, c.month, 1}); });
}
Cell month_end(Cell date) {
  return map_days(date, [](Civil c) { return day_number(next_month(c)); });
}

}  // namespace tiao::scalar
