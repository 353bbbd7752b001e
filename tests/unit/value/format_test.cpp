#include "runtime/value/format.hpp"

#include <gtest/gtest.h>

#include <random>

#include "runtime/value/scalar.hpp"

namespace tiao {
namespace {

constexpr std::int64_t largest = pos_inf - 1;

TEST(Format, Numbers) {
  EXPECT_EQ(format_fixed(360000, 2), "3600.00");
  EXPECT_EQ(format_fixed(-5, 2), "-0.05");
  EXPECT_EQ(format_fixed(0, 3), "0.000");
  EXPECT_EQ(format_fixed(7, 0), "7");
  EXPECT_EQ(format_fixed(largest, 18), "9.223372036854775806");
  EXPECT_EQ(format_fixed(1, 20), "0.00000000000000000001");
  EXPECT_EQ(format_money(10801250, 4), "1080.125");
  EXPECT_EQ(format_money(10800000, 4), "1080.00");
  EXPECT_EQ(format_money(5, 0), "5");
  EXPECT_EQ(format_percent(30, 0), "30%");
  EXPECT_EQ(format_percent(1250, 2), "12.5%");
  EXPECT_EQ(format_percent(3000, 2), "30%");
  EXPECT_EQ(format_percent(300, 0), "300%");
  EXPECT_EQ(format_ratio(2, 10), "2/10");
}

TEST(Format, DatesAndDurations) {
  EXPECT_EQ(format_date(0), "1970-01-01");
  EXPECT_EQ(format_date(scalar::first_day), "0001-01-01");
  EXPECT_EQ(format_date(never_day), "never");
  EXPECT_EQ(format_date(unstated_day), "unstated");
  EXPECT_EQ(format_duration(scalar::make_duration(14, 0)), "P1Y2M");
  EXPECT_EQ(format_duration(scalar::make_duration(0, 30)), "P30D");
  EXPECT_EQ(format_duration(scalar::make_duration(14, 10)), "P1Y2M10D");
  EXPECT_EQ(format_duration(0), "P0D");
  EXPECT_EQ(format_duration(scalar::make_duration(-14, 0)), "-P1Y2M");
  EXPECT_EQ(format_duration(scalar::make_duration(1, -3)), "P1M-3D");
  EXPECT_EQ(format_duration(unstated_duration), "unstated");
  EXPECT_EQ(format_workdays(10), "P10BD");
  EXPECT_EQ(format_workdays(-1), "-P1BD");
}

TEST(Format, Ends) {
  EXPECT_EQ(format_end(5, {Kind::integer, 0, none}), "5");
  EXPECT_EQ(format_end(500, {Kind::money, 2, none}), "5.00");
  EXPECT_EQ(format_end(500, {Kind::decimal, 2, none}), "5.00");
  EXPECT_EQ(format_end(50, {Kind::percent, 1, none}), "5%");
  EXPECT_EQ(format_end(0, {Kind::date, 0, none}), "1970-01-01");
  EXPECT_EQ(format_end(3, {Kind::duration, 0, none}), "P3D");
  EXPECT_EQ(format_end(3, {Kind::workdays, 0, none}), "P3BD");
  EXPECT_EQ(format_end(pos_inf, {Kind::integer, 0, none}), "");
}

TEST(ParseFixed, Exact) {
  std::int64_t v = 0;
  EXPECT_EQ(parse_fixed("3600.00", 2, v), Parse::ok);
  EXPECT_EQ(v, 360000);
  EXPECT_EQ(parse_fixed("-0.5", 2, v), Parse::ok);
  EXPECT_EQ(v, -50);
  EXPECT_EQ(parse_fixed("0.1000000", 1, v), Parse::ok);
  EXPECT_EQ(v, 1);
  EXPECT_EQ(parse_fixed("5.0", 0, v), Parse::ok);
  EXPECT_EQ(v, 5);
  EXPECT_EQ(parse_fixed("-0", 0, v), Parse::ok);
  EXPECT_EQ(v, 0);
  EXPECT_EQ(parse_fixed("0.3", 1, v), Parse::ok);  // 0.3 has no exact double
  EXPECT_EQ(v, 3);
  EXPECT_EQ(parse_fixed("9223372036854775806", 0, v), Parse::ok);
  EXPECT_EQ(v, largest);
  EXPECT_EQ(parse_fixed("-9223372036854775806", 0, v), Parse::ok);
  EXPECT_EQ(v, -largest);
}

TEST(ParseFixed, Refused) {
  std::int64_t v = 42;
  for (const auto* text : {"", "-", ".", ".5", "5.", "+5", "1e3", "1E3", "1,000", "0x10", "5 ", " 5", "1.2.3", "--1", "NaN", "１"})
    EXPECT_EQ(parse_fixed(text, 2, v), Parse::malformed) << text;
  EXPECT_EQ(parse_fixed("0.001", 2, v), Parse::too_precise);
  for (const auto* text : {"9223372036854775807", "-9223372036854775807", "-9223372036854775808", "99999999999999999999999999"})
    EXPECT_EQ(parse_fixed(text, 0, v), Parse::too_large) << text;
  EXPECT_EQ(parse_fixed("92233720368547758.08", 2, v), Parse::too_large);
  EXPECT_EQ(parse_fixed("1", 30, v), Parse::too_large);
  EXPECT_EQ(v, 42);
}

TEST(ParseFixed, RoundTrip) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto v = static_cast<std::int64_t>(random()) >> (random() % 63);
    const unsigned scale = static_cast<unsigned>(random() % 19);
    std::int64_t back = 0;
    if (v == neg_inf || v == pos_inf) continue;
    ASSERT_EQ(parse_fixed(format_fixed(v, scale), scale, back), Parse::ok);
    ASSERT_EQ(back, v);
    ASSERT_EQ(parse_percent(format_percent(v, scale), scale, back), Parse::ok);
    ASSERT_EQ(back, v);
  }
}

TEST(ParsePercent, WithAndWithoutSign) {
  std::int64_t v = 0;
  EXPECT_EQ(parse_percent("30%", 0, v), Parse::ok);
  EXPECT_EQ(v, 30);
  EXPECT_EQ(parse_percent("12.5％", 1, v), Parse::ok);
  EXPECT_EQ(v, 125);
  EXPECT_EQ(parse_percent("30", 2, v), Parse::ok);
  EXPECT_EQ(v, 3000);
  EXPECT_EQ(parse_percent("%", 0, v), Parse::malformed);
  EXPECT_EQ(parse_percent("12.55%", 1, v), Parse::too_precise);
}

TEST(ParseDate, DaysAndPartialDates) {
  std::int64_t lo = 0, hi = 0;
  EXPECT_EQ(parse_date("2024-02-29", lo, hi), Parse::ok);
  EXPECT_EQ(format_date(lo), "2024-02-29");
  EXPECT_EQ(lo, hi);
  EXPECT_EQ(parse_date("2025-02", lo, hi), Parse::ok);
  EXPECT_EQ(format_date(lo) + format_date(hi), "2025-02-012025-02-28");
  EXPECT_EQ(parse_date("2025", lo, hi), Parse::ok);
  EXPECT_EQ(format_date(lo) + format_date(hi), "2025-01-012025-12-31");
  EXPECT_EQ(parse_date("never", lo, hi), Parse::ok);
  EXPECT_EQ(lo, never_day);
  for (const auto* text : {"", "2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01", "2025-1-1", "2025/01/01", "20250101",
                           "2025-01-01T00:00", "25-01-01", "2025-01-", "-2025-01-1", "2025-01-1x"})
    EXPECT_EQ(parse_date(text, lo, hi), Parse::malformed) << text;
}

TEST(ParseDuration, Forms) {
  const std::pair<const char*, std::int64_t> good[] = {
      {"P3M", scalar::make_duration(3, 0)},    {"P30D", scalar::make_duration(0, 30)},   {"P1Y2M10D", scalar::make_duration(14, 10)},
      {"P2W", scalar::make_duration(0, 14)},   {"P0D", 0},                               {"-P1Y", scalar::make_duration(-12, 0)},
      {"3 months", scalar::make_duration(3, 0)}, {"1 month", scalar::make_duration(1, 0)}, {"3months", scalar::make_duration(3, 0)},
      {"3个月", scalar::make_duration(3, 0)},  {"1年", scalar::make_duration(12, 0)},    {"30天", scalar::make_duration(0, 30)},
      {"30日", scalar::make_duration(0, 30)},  {"1年2个月", scalar::make_duration(14, 0)}, {"1 year 2 months", scalar::make_duration(14, 0)}};
  for (const auto& [text, value] : good) {
    std::int64_t v = -1;
    EXPECT_EQ(parse_duration(text, v), Parse::ok) << text;
    EXPECT_EQ(v, value) << text;
  }
  std::int64_t v = 0;
  for (const auto* text : {"", "P", "3", "PD", "P3", "P3H", "P1M1Y", "P1D1D", "PT3H", "3 hours", "months", "P-3D", "P3.5D"})
    EXPECT_EQ(parse_duration(text, v), Parse::malformed) << text;
  for (const auto* text : {"P9999999999D", "P99999999999999999999999D", "P300000000M", "300000000年"})
    EXPECT_EQ(parse_duration(text, v), Parse::too_large) << text;
}

TEST(ParseDuration, NormalFormRoundTrip) {
  for (std::int64_t m = 0; m < 40; ++m)
    for (std::int64_t d = 0; d < 100; d += 9) {
      std::int64_t v = -1;
      ASSERT_EQ(parse_duration(format_duration(scalar::make_duration(m, d)), v), Parse::ok);
      ASSERT_EQ(v, scalar::make_duration(m, d));
    }
}

TEST(ParseWorkdays, Forms) {
  std::int64_t v = 0;
  for (const auto* text : {"10", "P10BD", "10 working days", "10个工作日"}) {
    EXPECT_EQ(parse_workdays(text, v), Parse::ok) << text;
    EXPECT_EQ(v, 10);
  }
  for (const auto* text : {"", "P10D", "10 days", "ten", "10BD", "P10"}) EXPECT_EQ(parse_workdays(text, v), Parse::malformed) << text;
  EXPECT_EQ(parse_workdays("99999999999", v), Parse::too_large);
}

TEST(ParseValue, ByKind) {
  std::int64_t lo = 0, hi = 0;
  EXPECT_EQ(parse_value("5.00", {Kind::money, 2, none}, lo, hi), Parse::ok);
  EXPECT_EQ(lo, 500);
  EXPECT_EQ(hi, 500);
  EXPECT_EQ(parse_value("2025-03", {Kind::date, 0, none}, lo, hi), Parse::ok);
  EXPECT_LT(lo, hi);
  EXPECT_EQ(parse_value("x", {Kind::text, 0, none}, lo, hi), Parse::malformed);
}

}  // namespace
}  // namespace tiao
