// Accounts by hand, and against every completion of what is not known.
#include "compiler/interp/ledger.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "runtime/value/scalar.hpp"

namespace tiao::interp {
namespace {

using core::Period;

std::int64_t day(int year, int month, int d) { return scalar::day_number({year, month, d}); }

Posting entry(std::int64_t on, std::int64_t amount, Truth in = Truth::yes) { return {false, 0, 0, in, known(amount), on, on}; }
Posting credit(std::int64_t on, std::int64_t amount, std::uint32_t clause = 0, Truth in = Truth::yes) { return {true, clause, 0, in, known(amount), on, on}; }

Account yearly(std::vector<Posting> postings, std::int64_t as_of = day(2025, 12, 31)) {
  Account a;
  a.period = Period::calendar_year;
  a.as_of = as_of;
  a.has_floor = true;
  a.floor = known(0);
  a.caps = {{true, known(3), Period::calendar_year}};
  std::stable_partition(postings.begin(), postings.end(), [](const Posting& p) { return !p.credit; });
  a.postings = std::move(postings);
  for (std::size_t i = 0; i < a.postings.size(); ++i) a.postings[i].row = static_cast<std::uint32_t>(i);
  a.settle();
  return a;
}

TEST(Ledger, EntriesOfOneDayAreOneStepAndTheYearStartsAnew) {
  const Account a = yearly({entry(day(2024, 3, 1), 4), entry(day(2024, 3, 1), 2), entry(day(2024, 11, 1), 5), entry(day(2025, 1, 1), 3)});
  ASSERT_EQ(a.steps.size(), 3u);
  EXPECT_EQ(a.steps[0].entered, known(6));
  EXPECT_EQ(a.steps[0].largest, known(4));
  EXPECT_EQ(a.steps[1].opening, known(6));
  EXPECT_EQ(a.steps[1].balance, known(11));
  EXPECT_EQ(a.steps[2].opening, known(0));
  EXPECT_EQ(a.steps[2].balance, known(3));
  EXPECT_EQ(a.balance_at(known(day(2024, 12, 31))), known(11));
  EXPECT_EQ(a.balance_at(known(day(2025, 1, 1))), known(3));
  EXPECT_EQ(a.balance_at(known(day(2026, 1, 1))), known(0));
  EXPECT_EQ(a.balance_at(known(day(2024, 2, 29))), known(0));
}

TEST(Ledger, CreditsAreCappedPerYearAndStopAtTheFloor) {
  const Account a = yearly({entry(day(2025, 1, 10), 5), credit(day(2025, 2, 1), 2), credit(day(2025, 3, 1), 4), entry(day(2025, 4, 1), 1)});
  ASSERT_EQ(a.steps.size(), 4u);
  EXPECT_EQ(a.steps[1].balance, known(3));
  EXPECT_EQ(a.steps[2].balance, known(2)) << "one of three is left under the cap";
  EXPECT_EQ(a.steps[2].granted, known(1));
  EXPECT_EQ(a.steps[3].balance, known(3));

  const Account at_floor = yearly({entry(day(2025, 1, 10), 1), credit(day(2025, 2, 1), 3), entry(day(2025, 3, 1), 5), credit(day(2025, 4, 1), 1)});
  EXPECT_EQ(at_floor.steps[1].balance, known(0));
  EXPECT_EQ(at_floor.steps[3].balance, known(5)) << "the cap counts what was granted, not what the floor let through";
}

TEST(Ledger, UndecidedAmountsAndMembershipsWidenTheBalance) {
  const Account a = yearly({entry(day(2025, 1, 10), 5), entry(day(2025, 2, 1), 3, Truth::unknown), entry(day(2025, 3, 1), 2)});
  EXPECT_EQ(a.steps[1].in, Truth::unknown);
  EXPECT_EQ(a.steps[1].balance, between(5, 8));
  EXPECT_EQ(a.steps[2].balance, between(7, 10));
  EXPECT_EQ(a.steps[1].entered, between(0, 3));
  EXPECT_EQ(a.steps[1].largest, between(0, 3));
}

TEST(Ledger, AnEntryOfUndecidedDateMakesAnExtraStep) {
  Posting loose = entry(0, 4);
  loose.from = day(2025, 2, 1);
  loose.to = day(2025, 4, 30);
  const Account a = yearly({entry(day(2025, 1, 10), 5), entry(day(2025, 3, 1), 2), loose, entry(day(2025, 6, 1), 1)});
  ASSERT_EQ(a.steps.size(), 4u);
  EXPECT_EQ(a.steps[0].balance, known(5));
  EXPECT_EQ(a.steps[1].balance, between(7, 11));
  EXPECT_EQ(a.steps[1].entered, between(2, 6)) << "it may be an entry of that very day";
  EXPECT_EQ(a.steps[2].balance, between(8, 12));
  const Step& extra = a.steps[3];
  EXPECT_EQ(extra.in, Truth::unknown);
  EXPECT_EQ(extra.from, day(2025, 2, 1));
  EXPECT_EQ(extra.entered, between(4, 4));
  EXPECT_EQ(extra.opening, between(0, 7));
  EXPECT_EQ(a.balance_at(known(day(2025, 1, 31))), known(5));
  EXPECT_EQ(a.balance_at(between(day(2025, 1, 31), day(2025, 2, 10))), between(5, 9));
}

TEST(Ledger, CyclesRunFromTheFirstPostingToAsOf) {
  const Account a = yearly({entry(day(2022, 5, 1), 9), entry(day(2024, 5, 1), 4), credit(day(2024, 6, 1), 1)});
  ASSERT_EQ(a.cycles.size(), 4u);
  EXPECT_EQ(a.cycles[0].first, day(2022, 1, 1));
  EXPECT_EQ(a.cycles[0].last, day(2022, 12, 31));
  EXPECT_EQ(a.cycles[0].entered, known(9));
  EXPECT_EQ(a.cycles[1].entered, known(0));
  EXPECT_EQ(a.cycles[2].entered, known(4)) << "credits are not entered";
  EXPECT_EQ(a.cycles[3].entered, known(0));
  EXPECT_TRUE(yearly({}).cycles.empty());
}

TEST(Ledger, TheLastPeriodOfTheCalendarIsTheLastCycle) {
  Account a = yearly({entry(day(9998, 5, 1), 3)}, scalar::last_day);
  ASSERT_EQ(a.cycles.size(), 2u);
  EXPECT_EQ(a.cycles[1].last, scalar::last_day);
  EXPECT_EQ(period_of(Period::month, scalar::last_day).to, scalar::last_day + 1);
  EXPECT_EQ(a.balance_at(between(day(9998, 1, 1), scalar::last_day)), between(0, 3));
}

TEST(Ledger, AnErrorTakesTheWholeAccount) {
  Account a = yearly({entry(day(2025, 1, 10), pos_inf - 1), entry(day(2025, 1, 11), 2)});
  ASSERT_EQ(a.steps.size(), 1u);
  EXPECT_EQ(a.steps[0].in, Truth::error);
  EXPECT_TRUE(is_error(a.balance_at(known(day(2025, 6, 1))), Kind::integer));
  ASSERT_EQ(a.cycles.size(), 1u);
  EXPECT_EQ(a.cycles[0].in, Truth::error);
}

// Two of them are beyond 64 bits; the third, unbounded, comes first in order of dates, and nothing is too much for what is unbounded.
TEST(Ledger, PostingsOfUndecidedDateAreAddedUpInTheOrderOfTheirSteps) {
  const Posting early{false, 0, 0, Truth::unknown, between(neg_inf, pos_inf), neg_inf, day(2025, 1, 15)};
  const Posting later{false, 0, 0, Truth::yes, known(pos_inf - 1), day(2025, 2, 1), day(2025, 3, 1)}, latest{false, 0, 0, Truth::yes, known(pos_inf - 1), day(2025, 3, 2), day(2025, 4, 1)};
  const Account a = yearly({later, latest, early, entry(day(2025, 6, 1), 1)});
  EXPECT_FALSE(a.failed);
  ASSERT_EQ(a.steps.size(), 4u);
  EXPECT_EQ(a.steps[0].balance, between(0, pos_inf));
  EXPECT_TRUE(yearly({later, latest, entry(day(2025, 6, 1), 1)}).failed);
}

TEST(Ledger, DaysOfAMonthlyPeriod) {
  EXPECT_EQ(period_of(Period::month, day(2024, 2, 15)).from, day(2024, 2, 1));
  EXPECT_EQ(period_of(Period::month, day(2024, 2, 15)).to, day(2024, 3, 1));
  EXPECT_EQ(period_of(Period::month, day(2024, 12, 15)).to, day(2025, 1, 1));
  EXPECT_EQ(period_of(Period::calendar_year, day(9999, 12, 15)).to, scalar::last_day + 1);
  EXPECT_EQ(period_of(Period::none, 3).from, neg_inf);
}

// --- soundness: whatever the facts turn out to be lies within what was said

struct Completion { std::vector<Posting> postings; };

void completions(const std::vector<Posting>& postings, const std::function<void(const std::vector<Posting>&)>& f) {
  std::vector<Posting> chosen;
  std::function<void(std::size_t)> next = [&](std::size_t i) {
    if (i == postings.size()) return f(chosen);
    const Posting& p = postings[i];
    if (p.in == Truth::unknown) next(i + 1);
    for (std::int64_t amount = p.amount.lo; amount <= p.amount.hi; amount += std::max<std::int64_t>(1, p.amount.hi - p.amount.lo))
      for (std::int64_t on = p.from; on <= p.to; ++on) {
        Posting q = p;
        q.in = Truth::yes;
        q.amount = known(amount);
        q.from = q.to = on;
        chosen.push_back(q);
        next(i + 1);
        chosen.pop_back();
      }
  };
  next(0);
}

class LedgerSoundness : public ::testing::Test {
 protected:
  std::mt19937 random{7};
  int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

  Account account(const std::vector<Posting>& postings, Period period, bool floor, int cap) {
    Account a;
    a.period = period;
    a.as_of = day(2025, 1, 6);
    a.has_floor = floor;
    a.floor = known(0);
    a.caps = {{cap > 0, known(cap), Period::calendar_year}};
    a.postings = postings;
    a.settle();
    return a;
  }

  // Days around the turn of a year, so that postings fall into two periods.
  std::vector<Posting> postings() {
    std::vector<Posting> out(static_cast<std::size_t>(1 + pick(4)));
    for (std::size_t i = 0; i < out.size(); ++i) {
      Posting& p = out[i];
      p.credit = pick(5) < 2;
      p.row = static_cast<std::uint32_t>(i);
      p.in = pick(3) ? Truth::yes : Truth::unknown;
      const int amount = pick(4);
      p.amount = between(amount, amount + (pick(3) == 0 ? 2 : 0));
      p.from = day(2024, 12, 28) + pick(9);
      p.to = pick(3) ? p.from : std::min(day(2025, 1, 6), p.from + 1 + pick(3));
    }
    std::stable_partition(out.begin(), out.end(), [](const Posting& p) { return !p.credit; });
    return out;
  }
};

TEST_F(LedgerSoundness, EveryCompletionLiesWithinTheBalance) {
  for (int round = 0; round < 1500; ++round) {
    const auto some = postings();
    const Period period = pick(3) ? Period::calendar_year : Period::none;
    const bool floor = pick(4) != 0;
    const int cap = pick(3) ? 3 : 0;
    const Account a = account(some, period, floor, cap);
    ASSERT_FALSE(a.failed);
    completions(some, [&](const std::vector<Posting>& facts) {
      const Account real = account(facts, period, floor, cap);
      for (std::int64_t d = day(2024, 12, 27); d <= day(2025, 1, 6); ++d) {
        const Cell said = a.balance_at(known(d)), is = real.balance_at(known(d));
        EXPECT_LE(said.lo, is.lo) << "round " << round << " day " << d - day(2025, 1, 1);
        EXPECT_GE(said.hi, is.hi) << "round " << round << " day " << d - day(2025, 1, 1);
      }
      const Cell range = a.balance_at(between(day(2024, 12, 30), day(2025, 1, 3)));
      for (std::int64_t d = day(2024, 12, 30); d <= day(2025, 1, 3); ++d) {
        EXPECT_LE(range.lo, real.balance_at(known(d)).lo);
        EXPECT_GE(range.hi, real.balance_at(known(d)).hi);
      }
      for (const Step& step : a.steps) {
        if (step.posting != none) continue;
        for (const Step& r : real.steps) {
          if (r.from != step.from) continue;
          EXPECT_TRUE(step.opening.lo <= r.opening.lo && r.opening.hi <= step.opening.hi) << "round " << round;
          EXPECT_TRUE(step.balance.lo <= r.balance.lo && r.balance.hi <= step.balance.hi) << "round " << round;
          EXPECT_TRUE(step.entered.lo <= r.entered.lo && r.entered.hi <= step.entered.hi) << "round " << round;
          EXPECT_TRUE(step.largest.lo <= r.largest.lo && r.largest.hi <= step.largest.hi) << "round " << round;
        }
      }
    });
    if (::testing::Test::HasFailure()) return;
  }
}

// An extra step, where nothing else is of that day, is the step that there turns out to be.
TEST_F(LedgerSoundness, ExtraStepsHoldWhatTheyTurnOutToBe) {
  for (int round = 0; round < 1500; ++round) {
    const auto some = postings();
    const Account a = account(some, Period::calendar_year, true, 3);
    completions(some, [&](const std::vector<Posting>& facts) {
      const Account real = account(facts, Period::calendar_year, true, 3);
      for (const Step& step : a.steps) {
        if (step.posting == none) continue;
        const Posting& loose = some[step.posting];
        const Posting* fixed = nullptr;
        std::size_t on_day = 0;
        for (const Posting& q : facts)
          if (q.row == loose.row) fixed = &q;
        if (!fixed) continue;
        for (const Posting& q : facts) on_day += q.from == fixed->from;
        if (on_day != 1) continue;
        for (const Step& r : real.steps) {
          if (r.from != fixed->from) continue;
          EXPECT_TRUE(step.balance.lo <= r.balance.lo && r.balance.hi <= step.balance.hi) << "round " << round;
          EXPECT_TRUE(step.opening.lo <= r.opening.lo && r.opening.hi <= step.opening.hi) << "round " << round;
          EXPECT_TRUE(step.entered.lo <= r.entered.lo && r.entered.hi <= step.entered.hi) << "round " << round;
        }
      }
    });
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace tiao::interp
