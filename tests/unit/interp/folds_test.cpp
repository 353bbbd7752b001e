// Folds against the enumeration of everything that the rows may turn out to be.
#include "compiler/interp/folds.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "runtime/value/scalar.hpp"

namespace tiao::interp {
namespace {

using core::FoldKind;

constexpr Type integers{Kind::integer, 0, none};
constexpr Type truths{Kind::boolean, 0, none};

// Calls f with the values of the rows that are there, for every completion of memberships and values.
void completions(const std::vector<FoldRow>& rows, bool are_truths, const std::function<void(const std::vector<std::int64_t>&)>& f) {
  std::vector<std::int64_t> there;
  std::function<void(std::size_t)> next = [&](std::size_t i) {
    if (i == rows.size()) return f(there);
    if (rows[i].in == Truth::unknown) next(i + 1);
    std::int64_t lo = rows[i].value.lo, hi = rows[i].value.hi;
    if (are_truths) { lo = rows[i].value.lo == 1 ? 1 : 0; hi = rows[i].value.lo == 2 ? 0 : 1; }
    for (std::int64_t v = lo; v <= hi; ++v) {
      there.push_back(v);
      next(i + 1);
      there.pop_back();
    }
  };
  next(0);
}

struct Outcomes {
  std::optional<std::int64_t> lo, hi;
  bool some_true = false, some_false = false;
  void add(std::int64_t v) {
    lo = lo ? std::min(*lo, v) : v;
    hi = hi ? std::max(*hi, v) : v;
    (v != 0 ? some_true : some_false) = true;
  }
  Cell range() const { return between(*lo, *hi); }
  Truth truth() const { return some_true && some_false ? Truth::unknown : some_true ? Truth::yes : Truth::no; }
};

class FoldOracle : public ::testing::Test {
 protected:
  std::mt19937 random{20250301};
  int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

  std::vector<FoldRow> rows(bool are_truths) {
    std::vector<FoldRow> out(static_cast<std::size_t>(pick(5)));
    for (FoldRow& r : out) {
      r.in = pick(2) ? Truth::yes : Truth::unknown;
      const int lo = pick(5) - 2;
      r.value = are_truths ? of(static_cast<Truth>(pick(3))) : between(lo, lo + pick(3));
    }
    return out;
  }
  FoldInput input(FoldKind kind, std::vector<FoldRow> rows, Type type) {
    FoldInput in;
    in.kind = kind;
    in.value = type;
    in.rows = std::move(rows);
    return in;
  }
};

TEST_F(FoldOracle, CountAndSumAreTheEndsOfAllCompletions) {
  for (int round = 0; round < 2000; ++round) {
    const auto some = rows(false);
    Outcomes count, sum;
    completions(some, false, [&](const std::vector<std::int64_t>& there) {
      count.add(static_cast<std::int64_t>(there.size()));
      std::int64_t total = 0;
      for (const std::int64_t v : there) total += v;
      sum.add(total);
    });
    EXPECT_EQ(fold(input(FoldKind::count, some, integers)), count.range());
    EXPECT_EQ(fold(input(FoldKind::sum, some, integers)), sum.range());
  }
}

TEST_F(FoldOracle, HighestAndLowestAreTheEndsOfAllCompletions) {
  for (int round = 0; round < 4000; ++round) {
    const auto some = rows(false);
    const std::int64_t if_none = pick(7) - 3;
    for (const bool highest : {true, false}) {
      Outcomes outcomes;
      completions(some, false, [&](const std::vector<std::int64_t>& there) {
        if (there.empty()) return outcomes.add(if_none);
        outcomes.add(highest ? *std::max_element(there.begin(), there.end()) : *std::min_element(there.begin(), there.end()));
      });
      FoldInput in = input(highest ? FoldKind::highest : FoldKind::lowest, some, integers);
      in.has_if_none = true;
      in.if_none = known(if_none);
      EXPECT_EQ(fold(in), outcomes.range());
    }
  }
}

TEST_F(FoldOracle, HighestOfChoicesKeepsExactlyWhatIsPossible) {
  const Type choice{Kind::choice, 0, 0};
  for (int round = 0; round < 4000; ++round) {
    std::vector<FoldRow> some(static_cast<std::size_t>(1 + pick(3)));
    for (FoldRow& r : some) r = {pick(2) ? Truth::yes : Truth::unknown, choice_of(static_cast<std::uint64_t>(1 + pick(15)))};
    for (const bool highest : {true, false}) {
      std::uint64_t possible = 0;
      std::function<void(std::size_t, int)> next = [&](std::size_t i, int best) {
        if (i == some.size()) {
          if (best >= 0) possible |= std::uint64_t{1} << best;
          return;
        }
        if (some[i].in == Truth::unknown) next(i + 1, best);
        for (int v = 0; v < 4; ++v)
          if (some[i].value.lo >> v & 1) next(i + 1, best < 0 ? v : highest ? std::max(best, v) : std::min(best, v));
      };
      next(0, -1);
      EXPECT_EQ(fold(input(highest ? FoldKind::highest : FoldKind::lowest, some, choice)), choice_of(possible));
    }
  }
}

TEST_F(FoldOracle, ShareIsTheSmallestAndLargestQuotientOfAllCompletions) {
  for (int round = 0; round < 4000; ++round) {
    const auto some = rows(true);
    struct Quotient { std::int64_t num, den; };
    std::optional<Quotient> lo, hi;
    const auto less = [](Quotient a, Quotient b) { return a.num * b.den < b.num * a.den; };
    completions(some, true, [&](const std::vector<std::int64_t>& there) {
      Quotient q{0, 3};   // if none: 0/3
      if (!there.empty()) q = {std::count(there.begin(), there.end(), 1), static_cast<std::int64_t>(there.size())};
      if (!lo || less(q, *lo)) lo = q;
      if (!hi || less(*hi, q)) hi = q;
    });
    FoldInput in = input(FoldKind::share, some, truths);
    in.has_if_none = true;
    in.if_none = {0, 0, 3, 3};
    const Cell c = fold(in);
    EXPECT_EQ(c.lo * lo->den, lo->num * c.lo_den);
    EXPECT_EQ(c.hi * hi->den, hi->num * c.hi_den);
    const bool one_value = lo->num * hi->den == hi->num * lo->den;
    EXPECT_EQ(is_known(c, Kind::ratio), one_value);
  }
}

TEST_F(FoldOracle, ExistsAndEveryAreWhatAllCompletionsSay) {
  for (int round = 0; round < 4000; ++round) {
    const auto some = rows(true);
    Outcomes exists, every;
    completions(some, true, [&](const std::vector<std::int64_t>& there) {
      exists.add(std::count(there.begin(), there.end(), 1) > 0);
      every.add(std::count(there.begin(), there.end(), 0) == 0);
    });
    EXPECT_EQ(fold(input(FoldKind::exists, some, truths)), of(exists.truth()));
    EXPECT_EQ(fold(input(FoldKind::every, some, truths)), of(every.truth()));
  }
}

TEST_F(FoldOracle, ConsecutiveIsWhatAllCompletionsSay) {
  for (int round = 0; round < 4000; ++round) {
    const auto some = rows(true);
    const int n = 1 + pick(3);
    Outcomes outcomes;
    completions(some, true, [&](const std::vector<std::int64_t>& there) {
      int run = 0, longest = 0;
      for (const std::int64_t v : there) longest = std::max(longest, run = v ? run + 1 : 0);
      outcomes.add(longest >= n);
    });
    FoldInput in = input(FoldKind::consecutive, some, truths);
    in.n = static_cast<std::uint32_t>(n);
    EXPECT_EQ(fold(in), of(outcomes.truth()));
  }
}

TEST_F(FoldOracle, AverageIsExact) {
  for (int round = 0; round < 2000; ++round) {
    auto some = rows(false);
    some.push_back({Truth::yes, between(1, 1)});
    const Cell c = fold(input(FoldKind::average, some, integers));
    bool lowest = false, highest = false;
    completions(some, false, [&](const std::vector<std::int64_t>& there) {
      std::int64_t total = 0;
      for (const std::int64_t v : there) total += v;
      const auto n = static_cast<std::int64_t>(there.size());
      EXPECT_LE(c.lo * n, total * c.lo_den);
      EXPECT_GE(c.hi * n, total * c.hi_den);
      lowest = lowest || c.lo * n == total * c.lo_den;
      highest = highest || c.hi * n == total * c.hi_den;
    });
    EXPECT_TRUE(lowest && highest) << "some completion reaches each end";
  }
}

// --- errors, emptiness, openness

FoldInput of_kind(FoldKind kind, std::vector<FoldRow> rows, Type type = integers) {
  FoldInput in;
  in.kind = kind;
  in.value = type;
  in.rows = std::move(rows);
  in.n = 1;
  return in;
}

TEST(Folds, AnErrorInMembershipOrValueIsAnErrorOfTheFold) {
  for (const FoldKind kind : {FoldKind::count, FoldKind::sum, FoldKind::highest, FoldKind::lowest, FoldKind::only})
    EXPECT_TRUE(is_error(fold(of_kind(kind, {{Truth::error, known(1)}, {Truth::yes, known(1)}})), Kind::integer));
  for (const FoldKind kind : {FoldKind::sum, FoldKind::highest, FoldKind::lowest, FoldKind::only})
    EXPECT_TRUE(is_error(fold(of_kind(kind, {{Truth::unknown, number_error()}, {Truth::yes, known(1)}})), Kind::integer));
  EXPECT_TRUE(is_error(fold(of_kind(FoldKind::share, {{Truth::yes, of(Truth::error)}}, truths)), Kind::ratio));
  EXPECT_EQ(fold(of_kind(FoldKind::consecutive, {{Truth::error, of(Truth::yes)}}, truths)), of(Truth::error));
}

TEST(Folds, ExistsAndEveryAbsorbErrors) {
  const FoldRow bad{Truth::error, of(Truth::yes)}, holds{Truth::yes, of(Truth::yes)}, fails{Truth::yes, of(Truth::no)}, open{Truth::unknown, of(Truth::yes)};
  EXPECT_EQ(fold(of_kind(FoldKind::exists, {bad, holds}, truths)), of(Truth::yes));
  EXPECT_EQ(fold(of_kind(FoldKind::exists, {bad, open}, truths)), of(Truth::error));
  EXPECT_EQ(fold(of_kind(FoldKind::every, {{Truth::error, of(Truth::no)}, fails}, truths)), of(Truth::no));
  EXPECT_EQ(fold(of_kind(FoldKind::every, {bad, holds}, truths)), of(Truth::yes)) << "it holds whether or not the row is there";
}

TEST(Folds, NoRowsAnswerAsDeclared) {
  EXPECT_EQ(fold(of_kind(FoldKind::count, {})), known(0));
  EXPECT_EQ(fold(of_kind(FoldKind::sum, {})), known(0));
  EXPECT_EQ(fold(of_kind(FoldKind::exists, {}, truths)), of(Truth::no));
  EXPECT_EQ(fold(of_kind(FoldKind::every, {}, truths)), of(Truth::yes));
  EXPECT_EQ(fold(of_kind(FoldKind::consecutive, {}, truths)), of(Truth::no));
  FoldFault fault;
  EXPECT_TRUE(is_error(fold(of_kind(FoldKind::highest, {}), fault), Kind::integer));
  EXPECT_EQ(fault, FoldFault::no_rows);
}

TEST(Folds, OnlyAsksForOneKnownValue) {
  FoldFault fault;
  EXPECT_EQ(fold(of_kind(FoldKind::only, {{Truth::yes, known(3)}, {Truth::yes, known(3)}}), fault), known(3));
  EXPECT_TRUE(is_error(fold(of_kind(FoldKind::only, {{Truth::yes, known(3)}, {Truth::yes, known(4)}}), fault), Kind::integer));
  EXPECT_EQ(fault, FoldFault::two_values);
  EXPECT_EQ(fold(of_kind(FoldKind::only, {{Truth::yes, known(3)}, {Truth::unknown, known(4)}}), fault), between(3, 4));
  const Type text{Kind::text, 0, none};
  EXPECT_EQ(fold(of_kind(FoldKind::only, {{Truth::yes, known(3)}, {Truth::unknown, known(9)}}, text), fault), between(neg_inf, pos_inf)) << "texts have no order";
}

TEST(Folds, OverAnOpenSetNothingIsBoundedThatTheRowsDoNotBound) {
  FoldInput in = of_kind(FoldKind::count, {{Truth::yes, known(2)}});
  in.open = true;
  in.widest = between(0, 10);
  EXPECT_EQ(fold(in), between(1, pos_inf));
  in.kind = FoldKind::sum;
  EXPECT_EQ(fold(in), between(2, pos_inf));
  in.kind = FoldKind::highest;
  EXPECT_EQ(fold(in), between(2, 10));
  in.kind = FoldKind::lowest;
  EXPECT_EQ(fold(in), between(0, 2));
  FoldInput test = of_kind(FoldKind::exists, {{Truth::yes, of(Truth::no)}}, truths);
  test.open = true;
  EXPECT_EQ(fold(test), of(Truth::unknown));
  test.kind = FoldKind::every;
  EXPECT_EQ(fold(test), of(Truth::no));
  test.kind = FoldKind::share;
  EXPECT_EQ(fold(test), (Cell{0, 1, 1, 1}));
}

TEST(Folds, ConsecutiveOverADatedRegisterGoesByItsDates) {
  FoldInput in = of_kind(FoldKind::consecutive, {{Truth::yes, of(Truth::yes)}, {Truth::yes, of(Truth::no)}, {Truth::yes, of(Truth::yes)}}, truths);
  in.n = 2;
  in.dates = {known(10), known(30), known(20)};
  EXPECT_EQ(fold(in), of(Truth::yes));
  in.dates = {known(10), known(20), known(30)};
  EXPECT_EQ(fold(in), of(Truth::no));
  in.dates = {known(10), between(5, 40), known(30)};
  EXPECT_EQ(fold(in), of(Truth::unknown));
}

TEST(Folds, AnOverflowIsAnError) {
  FoldFault fault;
  EXPECT_TRUE(is_error(fold(of_kind(FoldKind::sum, {{Truth::yes, known(pos_inf - 1)}, {Truth::yes, known(5)}}), fault), Kind::integer));
  EXPECT_EQ(fault, FoldFault::overflow);
}

}  // namespace
}  // namespace tiao::interp
