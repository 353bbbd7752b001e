// Courses by hand, and against every completion of what is not known.
#include "compiler/interp/timeline.hpp"

#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "runtime/value/scalar.hpp"

namespace tiao::interp {
namespace {

using core::OverlapWay;

std::int64_t day(int year, int month, int d) { return scalar::day_number({year, month, d}); }
Cell months(std::int64_t n) { return known(n * month_unit); }

enum : std::uint32_t { normal, suspended, terminated, states };

Span span(std::int64_t from, std::int64_t length_in_months, std::uint32_t state = suspended, Truth in = Truth::yes) {
  Span s;
  s.row = 0;
  s.in = in;
  s.states = std::uint64_t{1} << state;
  s.own_from = known(from);
  s.by_length = Truth::yes;
  s.length = months(length_in_months);
  s.own_until = scalar::shift(s.own_from, s.length);
  return s;
}

Course course(std::vector<Span> spans, std::uint64_t way, std::vector<Shortening> shortenings = {}) {
  Course c;
  c.states = states;
  c.start = normal;
  c.ways.assign(states, 1);
  c.ways[suspended] = way;
  c.spans = std::move(spans);
  c.shortenings = std::move(shortenings);
  c.settle();
  return c;
}
std::uint64_t only(OverlapWay way) { return std::uint64_t{1} << static_cast<unsigned>(way); }

std::uint64_t on(const Course& c, const Cell& d) {
  std::vector<Cover> covers;
  for (const Span& s : c.spans) covers.push_back({s.in, s.states, s.from, s.until});
  return states_on(covers, c.states, c.start, c.open, d);
}
std::uint64_t on(const Course& c, std::int64_t d) { return on(c, known(d)); }
constexpr std::uint64_t bit(std::uint32_t state) { return std::uint64_t{1} << state; }

TEST(Timeline, SpansRunSideBySideAcrossTheYearEnd) {
  const Course c = course({span(day(2024, 11, 10), 3), span(day(2024, 12, 1), 1)}, only(OverlapWay::together));
  EXPECT_EQ(c.spans[0].until, known(day(2025, 2, 10)));
  EXPECT_EQ(c.spans[1].until, known(day(2025, 1, 1)));
  EXPECT_EQ(on(c, day(2024, 11, 9)), bit(normal));
  EXPECT_EQ(on(c, day(2025, 1, 31)), bit(suspended));
  EXPECT_EQ(on(c, day(2025, 2, 9)), bit(suspended));
  EXPECT_EQ(on(c, day(2025, 2, 10)), bit(normal));
}

TEST(Timeline, InTurnTheLaterBeginsWhenTheEarlierEnds) {
  const Course c = course({span(day(2024, 11, 10), 3), span(day(2024, 12, 1), 1), span(day(2025, 6, 1), 2)}, only(OverlapWay::in_turn));
  EXPECT_EQ(c.spans[1].from, known(day(2025, 2, 10)));
  EXPECT_EQ(c.spans[1].until, known(day(2025, 3, 10)));
  EXPECT_EQ(c.spans[2].from, known(day(2025, 6, 1))) << "nothing is running by then";
}

TEST(Timeline, ToppedUpTimeServedCounts) {
  const Course c = course({span(day(2025, 1, 1), 3), span(day(2025, 2, 1), 6), span(day(2025, 5, 1), 1)}, only(OverlapWay::topped_up));
  EXPECT_EQ(c.spans[1].until, known(day(2025, 7, 1))) << "six months from the first day of the first";
  EXPECT_EQ(c.spans[2].until, known(day(2025, 7, 1))) << "served already";
}

TEST(Timeline, AnUndecidedWayGivesTheHull) {
  const Course c = course({span(day(2025, 1, 1), 3), span(day(2025, 2, 1), 6)}, only(OverlapWay::together) | only(OverlapWay::in_turn));
  EXPECT_EQ(c.spans[1].from, between(day(2025, 2, 1), day(2025, 4, 1)));
  EXPECT_EQ(c.spans[1].until, between(day(2025, 8, 1), day(2025, 10, 1)));
}

TEST(Timeline, ASpanThatMayNotBeThereMovesTheNextPerhaps) {
  const Course c = course({span(day(2025, 1, 1), 3, suspended, Truth::unknown), span(day(2025, 2, 1), 1)}, only(OverlapWay::in_turn));
  EXPECT_EQ(c.spans[1].from, between(day(2025, 2, 1), day(2025, 4, 1)));
  EXPECT_EQ(c.spans[1].until, between(day(2025, 3, 1), day(2025, 5, 1)));
}

TEST(Timeline, ShorteningMovesTheEndAndNeverBeforeTheStart) {
  const Shortening cut{0, 0, Truth::yes, known(day(2025, 2, 15)), months(1)};
  Course c = course({span(day(2025, 1, 31), 2)}, only(OverlapWay::together), {cut});
  EXPECT_EQ(c.spans[0].until, known(day(2025, 2, 28))) << "counted from the anchor, clipped to the month";
  const Shortening longer{0, 0, Truth::yes, known(day(2025, 2, 15)), months(7)};
  EXPECT_EQ(course({span(day(2025, 1, 31), 2)}, 1, {longer}).spans[0].until, known(day(2025, 1, 31)));
  const Shortening too_late{0, 0, Truth::yes, known(day(2025, 3, 31)), months(1)};
  EXPECT_EQ(course({span(day(2025, 1, 31), 2)}, 1, {too_late}).spans[0].until, known(day(2025, 3, 31)));
  const Shortening in_days{0, 0, Truth::yes, known(day(2025, 2, 15)), known(10)};
  EXPECT_EQ(course({span(day(2025, 1, 31), 2)}, 1, {in_days}).spans[0].until, known(day(2025, 3, 21)));
  const Shortening perhaps{0, 0, Truth::unknown, known(day(2025, 2, 15)), months(1)};
  EXPECT_EQ(course({span(day(2025, 1, 31), 2)}, 1, {perhaps}).spans[0].until, between(day(2025, 2, 28), day(2025, 3, 31)));
  // A shortened span lets the next one begin earlier.
  c = course({span(day(2025, 1, 31), 2), span(day(2025, 2, 1), 1)}, only(OverlapWay::in_turn), {cut});
  EXPECT_EQ(c.spans[1].from, known(day(2025, 2, 28)));
}

TEST(Timeline, TheStrongestStateWins) {
  const Course c = course({span(day(2025, 1, 1), 6), span(day(2025, 3, 1), 1, terminated), span(day(2025, 5, 1), 1, terminated, Truth::unknown)}, 1);
  EXPECT_EQ(on(c, day(2025, 2, 1)), bit(suspended));
  EXPECT_EQ(on(c, day(2025, 3, 1)), bit(terminated));
  EXPECT_EQ(on(c, day(2025, 5, 2)), bit(suspended) | bit(terminated));
  EXPECT_EQ(on(c, between(day(2025, 2, 20), day(2025, 3, 2))), bit(suspended) | bit(terminated));
  EXPECT_EQ(on(c, between(day(2024, 12, 20), day(2025, 1, 2))), bit(normal) | bit(suspended));
}

TEST(Timeline, ASpanOfUndecidedStateStopsWithTheWeakest) {
  Span either = span(day(2025, 1, 1), 6);
  either.states = bit(suspended) | bit(terminated);
  const Course c = course({either}, 1);
  EXPECT_EQ(on(c, day(2025, 2, 1)), bit(suspended) | bit(terminated));
  EXPECT_EQ(on(c, day(2025, 8, 1)), bit(normal));
}

TEST(Timeline, ASpanWithoutEndRunsOn) {
  Span open = span(day(2025, 1, 1), 1);
  open.by_length = Truth::no;
  open.own_until = known(unstated_day);
  EXPECT_EQ(on(course({open}, 1), day(2199, 1, 1)), bit(suspended));
}

TEST(Timeline, AnErrorTakesTheWholeCourse) {
  Span far = span(day(9999, 1, 1), 24);
  const Course c = course({span(day(2025, 1, 1), 1), far}, 1);
  ASSERT_EQ(c.spans.size(), 1u);
  EXPECT_EQ(c.spans[0].in, Truth::error);
  EXPECT_EQ(on(c, day(2025, 1, 1)), 0u);
}

// --- soundness: memberships, lengths and shortenings turn out one way or another; the state of each day was said to be possible

struct TimelineSoundness : ::testing::Test {
  std::mt19937 random{11};
  int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

  // Calls f with every way in which memberships, starts, lengths and shortenings may turn out.
  template <class F>
  static void completions(const std::vector<Span>& spans, const std::vector<Shortening>& cuts, F f) {
    std::vector<Span> real_spans;
    std::vector<Shortening> real_cuts;
    std::function<void(std::size_t)> cut_next, next;
    cut_next = [&](std::size_t i) {
      if (i == cuts.size()) return f(real_spans, real_cuts);
      if (cuts[i].in == Truth::unknown) cut_next(i + 1);
      for (std::int64_t on = cuts[i].date.lo; on <= cuts[i].date.hi; on += 2) {
        real_cuts.push_back(cuts[i]);
        real_cuts.back().in = Truth::yes;
        real_cuts.back().date = known(on);
        cut_next(i + 1);
        real_cuts.pop_back();
      }
    };
    next = [&](std::size_t i) {
      if (i == spans.size()) return cut_next(0);
      if (spans[i].in == Truth::unknown) next(i + 1);
      for (std::uint64_t state = 0; state < states; ++state) {
        if (!(spans[i].states >> state & 1)) continue;
        for (std::int64_t from = spans[i].own_from.lo; from <= spans[i].own_from.hi; from += 3)
          for (std::int64_t length = spans[i].length.lo; length <= spans[i].length.hi; length += 5) {
            Span s = spans[i];
            s.in = Truth::yes;
            s.states = bit(static_cast<std::uint32_t>(state));
            s.own_from = known(from);
            s.length = known(length);
            s.own_until = scalar::shift(s.own_from, s.length);
            real_spans.push_back(s);
            next(i + 1);
            real_spans.pop_back();
          }
      }
    };
    next(0);
  }

  void check(int rounds, bool dates_known) {
    for (int round = 0; round < rounds; ++round) {
      std::vector<Span> spans(static_cast<std::size_t>(1 + pick(dates_known ? 4 : 3)));
      for (Span& s : spans) {
        s = span(day(2025, 1, 1) + pick(40), 0, pick(4) ? suspended : terminated, pick(3) ? Truth::yes : Truth::unknown);
        if (!dates_known && pick(2)) s.own_from.hi += 3 * (1 + pick(4));
        if (!dates_known && pick(6) == 0) s.states = bit(suspended) | bit(terminated);
        const int length = 1 + pick(20);
        s.length = between(length, length + (pick(3) ? 0 : 5));
        s.own_until = scalar::shift(s.own_from, s.length);
      }
      std::vector<Shortening> cuts(static_cast<std::size_t>(pick(3)));
      for (Shortening& c : cuts) {
        c = {0, 0, pick(2) ? Truth::yes : Truth::unknown, known(day(2025, 1, 1) + pick(60)), known(1 + pick(6))};
        if (!dates_known && pick(3) == 0) c.date.hi += 4;
      }
      const std::uint64_t way = std::uint64_t{1} << pick(3);
      const Course said = course(spans, way, cuts);
      ASSERT_FALSE(said.failed);
      completions(spans, cuts, [&](const std::vector<Span>& real_spans, const std::vector<Shortening>& real_cuts) {
        const Course real = course(real_spans, way, real_cuts);
        for (std::int64_t d = day(2025, 1, 1); d < day(2025, 4, 30); d += 3)
          EXPECT_EQ(on(said, d) & on(real, d), on(real, d)) << "round " << round << " way " << way << " day " << d - day(2025, 1, 1);
      });
      if (::testing::Test::HasFailure()) return;
    }
  }
};

TEST_F(TimelineSoundness, EveryCompletionIsPossible) { check(1500, true); }
TEST_F(TimelineSoundness, EveryCompletionIsPossibleWhereDatesAreOpen) { check(250, false); }

}  // namespace
}  // namespace tiao::interp
