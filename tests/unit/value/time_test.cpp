#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "runtime/program/schema.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::scalar {
namespace {

std::int64_t day(std::string_view text) {
  std::int64_t lo = 0, hi = 0;
  EXPECT_EQ(parse_date(text, lo, hi), Parse::ok) << text;
  EXPECT_EQ(lo, hi) << text;
  return lo;
}
Cell on(std::string_view text) { return known(day(text)); }
Cell within(std::string_view a, std::string_view b) { return between(day(a), day(b)); }
Cell months(std::int64_t n) { return known(make_duration(n, 0)); }
Cell days(std::int64_t n) { return known(make_duration(0, n)); }
std::string text(const Cell& c) {
  if (c.lo > c.hi) return "error";
  auto end = [](std::int64_t v) { return v == neg_inf ? std::string("-inf") : v == pos_inf ? std::string("inf") : format_date(v); };
  return c.lo == c.hi ? end(c.lo) : end(c.lo) + ".." + end(c.hi);
}

TEST(Days, RoundTripOverAllYears) {
  EXPECT_EQ(day_number({1970, 1, 1}), 0);
  EXPECT_EQ(day_number({1, 1, 1}), first_day);
  EXPECT_EQ(day_number({9999, 12, 31}), last_day);
  Civil expected{1, 1, 1};
  for (std::int64_t d = first_day; d <= last_day; ++d) {
    const Civil c = civil(d);
    ASSERT_TRUE(c.year == expected.year && c.month == expected.month && c.day == expected.day) << d;
    ASSERT_EQ(day_number(c), d);
    if (++expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) { expected.month = 1; ++expected.year; }
    }
  }
}

TEST(Days, Leap) {
  EXPECT_EQ(days_in_month(2000, 2), 29);
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(2024, 2), 29);
  EXPECT_EQ(days_in_month(2025, 2), 28);
}

TEST(Shift, MonthsClipToTheEndCountedFromTheAnchor) {
  EXPECT_EQ(text(shift(on("2025-01-31"), months(1))), "2025-02-28");
  EXPECT_EQ(text(shift(on("2025-01-31"), months(2))), "2025-03-31");
  EXPECT_EQ(text(shift(on("2024-02-29"), months(12))), "2025-02-28");
  EXPECT_EQ(text(shift(on("2025-03-01"), known(make_duration(1, 10)))), "2025-04-11");
  EXPECT_EQ(text(shift(on("2025-01-31"), known(make_duration(1, 1)))), "2025-03-01");
  EXPECT_EQ(text(shift(on("2025-01-31"), months(-11))), "2024-02-29");
  EXPECT_EQ(text(shift_back(on("2025-03-31"), months(1))), "2025-02-28");
  EXPECT_EQ(text(shift_back(on("2025-03-01"), days(1))), "2025-02-28");
}

TEST(Shift, NeverUnstatedAndOpenEnds) {
  const Cell never = known(never_day), unstated = known(unstated_day);
  EXPECT_EQ(shift(never, months(3)), never);
  EXPECT_EQ(shift(unstated, months(3)), unstated);
  EXPECT_EQ(shift(never, known(unstated_duration)), never);
  EXPECT_EQ(shift(on("2025-01-01"), known(unstated_duration)), unstated);
  EXPECT_EQ(shift_back(never, months(3)), never);
  EXPECT_EQ(shift_back(on("2025-01-01"), known(unstated_duration)), number_error());
  EXPECT_EQ(shift(between(neg_inf, never_day), months(3)), between(neg_inf, never_day));
  EXPECT_EQ(text(shift(within("2025-03-01", "2025-03-31"), months(1))), "2025-04-01..2025-04-30");
  EXPECT_EQ(text(shift(on("2025-03-01"), between(make_duration(1, 0), make_duration(2, 0)))), "2025-04-01..2025-05-01");
  EXPECT_EQ(text(shift(on("2025-03-01"), between(make_duration(1, 0), pos_inf))), "2025-04-01..never");
  EXPECT_EQ(text(shift(on("2025-03-01"), between(neg_inf, pos_inf))), "-inf..never");
  EXPECT_EQ(text(shift_back(on("2025-03-01"), between(make_duration(0, 1), pos_inf))), "-inf..2025-02-28");
  // never + unstated is never, a day + unstated is unstated: the ends change places, the range must not.
  EXPECT_EQ(text(shift(between(day("2025-03-01"), never_day), known(unstated_duration))), "never..unstated");
}

TEST(Shift, OutsideTheYearsIsAnError) {
  EXPECT_EQ(shift(on("9999-12-31"), days(1)), number_error());
  EXPECT_EQ(shift(on("9999-12-01"), months(1)), number_error());
  EXPECT_EQ(shift(on("0001-01-01"), days(-1)), number_error());
  EXPECT_EQ(shift(on("0001-01-15"), months(-1)), number_error());
  EXPECT_EQ(shift(number_error(), days(1)), number_error());
  EXPECT_EQ(shift(on("2025-01-01"), number_error()), number_error());
}

TEST(Shift, IsMonotone) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t d = day("1990-01-01") + static_cast<std::int64_t>(random() % 20'000), e = d + static_cast<std::int64_t>(random() % 100);
    const Cell p = months(static_cast<std::int64_t>(random() % 200) - 100);
    const Cell x = shift(known(d), p), y = shift(known(e), p), both = shift(between(d, e), p);
    ASSERT_LE(x.lo, y.lo);
    ASSERT_EQ(both, between(x.lo, y.lo));
  }
}

TEST(Duration, SumsKeepMonthsAndDaysApart) {
  EXPECT_EQ(format_duration(add_durations(months(14), days(10)).lo), "P1Y2M10D");
  EXPECT_EQ(format_duration(sub_durations(months(14), days(10)).lo), "P1Y2M-10D");
  EXPECT_EQ(format_duration(sub_durations(months(2), months(14)).lo), "-P1Y");
  EXPECT_EQ(format_duration(mul_duration(months(2), known(3)).lo), "P6M");
  EXPECT_EQ(mul_duration(between(make_duration(1, 0), make_duration(2, 0)), between(2, 3)), between(make_duration(2, 0), make_duration(6, 0)));
  EXPECT_EQ(mul_duration(days(1), between(0, pos_inf)), between(0, pos_inf));
  EXPECT_EQ(mul_duration(days(-3), known(2)), days(-6));
  for (std::int64_t m = -30; m <= 30; m += 7)
    for (std::int64_t d = -400; d <= 400; d += 37) {
      EXPECT_EQ(duration_months(make_duration(m, d)), m);
      EXPECT_EQ(duration_days(make_duration(m, d)), d);
    }
}

TEST(Duration, DaysNeverCarryIntoMonths) {
  EXPECT_EQ(mul_duration(days(65'536), known(65'536)), number_error());
  EXPECT_EQ(add_durations(days(2'000'000'000), days(2'000'000'000)), number_error());
  EXPECT_EQ(mul_duration(months(1), known(std::int64_t{1} << 28)), number_error());
  EXPECT_EQ(mul_duration(days(1), known(pos_inf - 1)), number_error());
}

TEST(Duration, Unstated) {
  const Cell open = known(unstated_duration);
  EXPECT_EQ(add_durations(open, months(1)), open);
  EXPECT_EQ(sub_durations(open, months(1)), open);
  EXPECT_EQ(sub_durations(months(1), open), number_error());
  EXPECT_EQ(mul_duration(open, known(3)), open);
  EXPECT_EQ(mul_duration(open, known(0)), known(0));
  EXPECT_EQ(mul_duration(open, known(-1)), number_error());
  EXPECT_EQ(add_durations(between(neg_inf, make_duration(1, 0)), months(1)), between(neg_inf, make_duration(2, 0)));
  EXPECT_EQ(add_durations(number_error(), open), number_error());
}

// Monday to Friday of 2025-09-22 .. 2025-10-19, with 1 to 8 October off and Sunday 28 September worked.
Calendar autumn() {
  Calendar c;
  c.from = day("2025-09-22");
  c.through = day("2025-10-19");
  for (std::int64_t d = c.from; d <= c.through; ++d) {
    const bool weekday = (d + 3) % 7 < 5;  // 1970-01-01 was a Thursday
    const bool holiday = d >= day("2025-10-01") && d <= day("2025-10-08");
    c.works.push_back((weekday && !holiday) || d == day("2025-09-28"));
  }
  return c;
}

TEST(Workdays, NthAfterAndBefore) {
  const Calendar c = autumn();
  EXPECT_EQ(text(shift_workdays(on("2025-09-26"), known(1), c)), "2025-09-28");
  EXPECT_EQ(text(shift_workdays(on("2025-09-30"), known(1), c)), "2025-10-09");
  EXPECT_EQ(text(shift_workdays(on("2025-10-04"), known(0), c)), "2025-10-04");
  EXPECT_EQ(text(shift_workdays(on("2025-10-09"), known(-1), c)), "2025-09-30");
  EXPECT_EQ(text(shift_workdays(on("2025-09-21"), known(1), c)), "2025-09-22");  // the days that matter are covered
  EXPECT_EQ(text(shift_workdays(on("2025-10-20"), known(-1), c)), "2025-10-17");
}

TEST(Workdays, BeyondTheCalendarIsUnknown) {
  const Calendar c = autumn();
  EXPECT_EQ(text(shift_workdays(on("2025-10-17"), known(2), c)), "2025-10-21..never");
  EXPECT_EQ(text(shift_workdays(on("2025-01-01"), known(5), c)), "2025-01-06..never");
  EXPECT_EQ(text(shift_workdays(on("2026-01-01"), known(5), c)), "2026-01-06..never");
  EXPECT_EQ(text(shift_workdays(on("2025-09-23"), known(-3), c)), "-inf..2025-09-20");
  EXPECT_EQ(text(shift_workdays(on("2025-09-23"), known(5), Calendar{})), "2025-09-28..never");
  EXPECT_EQ(text(shift_workdays(on("2025-09-30"), between(1, pos_inf), c)), "2025-10-09..never");
  EXPECT_EQ(text(shift_workdays(within("2025-09-26", "2025-09-30"), between(1, 2), c)), "2025-09-28..2025-10-10");
  EXPECT_EQ(shift_workdays(on("9999-12-31"), known(5), c), number_error());
  EXPECT_EQ(shift_workdays(known(never_day), known(5), c), known(never_day));
  EXPECT_EQ(shift_workdays(between(neg_inf, never_day), known(5), c), between(neg_inf, never_day));
}

TEST(Workdays, Is) {
  const Calendar c = autumn();
  const WorkingDays w{c.from, c.through, &c.works};
  EXPECT_EQ(is_workday(on("2025-09-28"), w), Truth::yes);
  EXPECT_EQ(is_workday(on("2025-10-01"), w), Truth::no);
  EXPECT_EQ(is_workday(on("2026-10-01"), w), Truth::unknown);
  EXPECT_EQ(is_workday(within("2025-09-28", "2025-09-29"), c), Truth::unknown);
}

TEST(Difference, OfDates) {
  EXPECT_EQ(difference(on("2025-03-01"), on("2025-02-01")), days(28));
  EXPECT_EQ(difference(on("2025-02-01"), on("2025-03-01")), days(-28));
  EXPECT_EQ(difference(within("2025-03-01", "2025-03-31"), on("2025-03-01")), between(0, 30));
  EXPECT_EQ(difference(between(neg_inf, never_day), on("2025-03-01")), between(neg_inf, pos_inf));
  const Cell open = difference(known(never_day), on("2025-03-01"));
  EXPECT_GT(open.lo, 1'000'000);
  EXPECT_EQ(open.hi, pos_inf);
  EXPECT_EQ(difference(number_error(), on("2025-03-01")), number_error());
}

TEST(Parts, YearMonthDay) {
  EXPECT_EQ(year_of(on("2025-03-31")), known(2025));
  EXPECT_EQ(month_of(on("2025-03-31")), known(3));
  EXPECT_EQ(day_of(on("2025-03-31")), known(31));
  EXPECT_EQ(year_of(within("2025-01-01", "2025-12-31")), known(2025));
  EXPECT_EQ(year_of(within("2024-12-01", "2025-12-31")), between(2024, 2025));
  EXPECT_EQ(month_of(within("2024-12-01", "2025-01-31")), between(1, 12));
  EXPECT_EQ(month_of(within("2025-02-01", "2025-03-31")), between(2, 3));
  EXPECT_EQ(day_of(within("2025-02-01", "2025-03-31")), between(1, 31));
  EXPECT_EQ(day_of(within("2025-03-04", "2025-03-06")), between(4, 6));
  EXPECT_EQ(year_of(known(never_day)), between(neg_inf, pos_inf));
  EXPECT_EQ(year_of(between(neg_inf, never_day)), between(neg_inf, pos_inf));
  EXPECT_EQ(month_of(known(never_day)), between(1, 12));
  EXPECT_EQ(year_of(number_error()), number_error());
}

TEST(Parts, StartsAndEnds) {
  EXPECT_EQ(text(year_start(on("2025-03-31"))), "2025-01-01");
  EXPECT_EQ(text(year_end(on("2025-03-31"))), "2026-01-01");
  EXPECT_EQ(text(month_start(on("2025-03-31"))), "2025-03-01");
  EXPECT_EQ(text(month_end(on("2025-12-31"))), "2026-01-01");
  EXPECT_EQ(year_end(on("9999-03-31")), number_error());
  EXPECT_EQ(year_end(known(never_day)), known(never_day));
  EXPECT_EQ(text(year_start(between(neg_inf, never_day))), "-inf..never");
}

TEST(Age, FullYears) {
  EXPECT_EQ(age(on("2000-06-15"), on("2025-06-14")), known(24));
  EXPECT_EQ(age(on("2000-06-15"), on("2025-06-15")), known(25));
  EXPECT_EQ(age(on("2000-02-29"), on("2025-02-28")), known(24));
  EXPECT_EQ(age(on("2000-02-29"), on("2025-03-01")), known(25));
  EXPECT_EQ(age(within("2000-01-01", "2000-12-31"), on("2025-06-15")), between(24, 25));
  EXPECT_EQ(age(between(neg_inf, never_day), on("2025-06-15")), between(neg_inf, pos_inf));
  EXPECT_EQ(age(on("2000-06-15"), between(day("2025-01-01"), never_day)), between(24, pos_inf));
}

TEST(Comparison, DatesWithNever) {
  const Cell never = known(never_day);
  EXPECT_EQ(compare(CmpOp::over, never, on("9999-12-31"), Kind::date), Truth::yes);
  EXPECT_EQ(compare(CmpOp::over, known(unstated_day), never, Kind::date), Truth::yes);
  EXPECT_EQ(compare(CmpOp::is, between(neg_inf, never_day), never, Kind::date), Truth::unknown);
  EXPECT_EQ(compare(CmpOp::at_most, within("2025-03-01", "2025-03-31"), on("2025-03-31"), Kind::date), Truth::yes);
  EXPECT_EQ(compare(CmpOp::is, within("2025-03-01", "2025-03-31"), on("2025-03-31"), Kind::date), Truth::unknown);
}

}  // namespace
}  // namespace tiao::scalar
