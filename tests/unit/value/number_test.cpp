#include "runtime/value/scalar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tiao {
// Readable failures.
void PrintTo(const Cell& c, std::ostream* out) {
  auto end = [&](std::int64_t v) -> std::string { return v == neg_inf ? "-inf" : v == pos_inf ? "inf" : std::to_string(v); };
  *out << end(c.lo) << "/" << c.lo_den << ".." << end(c.hi) << "/" << c.hi_den;
}
}  // namespace tiao

namespace tiao::scalar {
namespace {

__extension__ using wide = __int128;
constexpr std::int64_t largest = pos_inf - 1, smallest = neg_inf + 1;
constexpr CmpOp all_ops[] = {CmpOp::is, CmpOp::is_not, CmpOp::at_least, CmpOp::at_most, CmpOp::over, CmpOp::under};

template <class T>
bool holds(CmpOp op, T order) {
  switch (op) {
    case CmpOp::is: return order == 0;
    case CmpOp::is_not: return order != 0;
    case CmpOp::at_least: return order >= 0;
    case CmpOp::at_most: return order <= 0;
    case CmpOp::over: return order > 0;
    case CmpOp::under: return order < 0;
  }
  return false;
}

Truth over_all(bool any, bool every) { return every ? Truth::yes : any ? Truth::unknown : Truth::no; }

TEST(TruthTable, StrengthsOfAndAndOr) {
  const Truth and_order[] = {Truth::no, Truth::error, Truth::unknown, Truth::yes};
  const Truth or_order[] = {Truth::yes, Truth::error, Truth::unknown, Truth::no};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      EXPECT_EQ(and_(and_order[i], and_order[j]), and_order[std::min(i, j)]);
      EXPECT_EQ(or_(or_order[i], or_order[j]), or_order[std::min(i, j)]);
      EXPECT_EQ(not_(and_(and_order[i], and_order[j])), or_(not_(and_order[i]), not_(and_order[j])));
    }
  EXPECT_EQ(not_(Truth::unknown), Truth::unknown);
  EXPECT_EQ(not_(Truth::error), Truth::error);
}

TEST(Number, KnownSumsAndProducts) {
  EXPECT_EQ(add(known(2), known(3)), known(5));
  EXPECT_EQ(sub(known(2), known(3)), known(-1));
  EXPECT_EQ(mul(known(-2), known(3)), known(-6));
  EXPECT_EQ(neg(between(-1, 4)), between(-4, 1));
  EXPECT_EQ(least(between(1, 5), between(2, 3)), between(1, 3));
  EXPECT_EQ(greatest(between(1, 5), between(2, 3)), between(2, 5));
}

TEST(Number, InfiniteEndsStay) {
  EXPECT_EQ(add(between(1, pos_inf), known(largest)), number_error());  // the finite end overflows
  EXPECT_EQ(add(between(1, pos_inf), known(5)), between(6, pos_inf));
  EXPECT_EQ(add(between(neg_inf, pos_inf), between(neg_inf, 3)), between(neg_inf, pos_inf));
  EXPECT_EQ(sub(between(1, pos_inf), between(1, pos_inf)), between(neg_inf, pos_inf));
  EXPECT_EQ(neg(between(neg_inf, 3)), between(-3, pos_inf));
  EXPECT_EQ(mul(between(neg_inf, pos_inf), known(0)), known(0));
  EXPECT_EQ(mul(between(2, pos_inf), known(-3)), between(neg_inf, -6));
  EXPECT_EQ(mul(between(neg_inf, pos_inf), between(neg_inf, pos_inf)), between(neg_inf, pos_inf));
  EXPECT_EQ(mul(between(0, pos_inf), between(0, pos_inf)), between(0, pos_inf));
}

TEST(Number, FiniteOverflowIsAnError) {
  EXPECT_EQ(add(known(largest), known(1)), number_error());
  EXPECT_EQ(add(known(largest - 1), known(1)), known(largest));
  EXPECT_EQ(sub(known(smallest), known(1)), number_error());
  EXPECT_EQ(mul(known(std::int64_t{1} << 32), known(std::int64_t{1} << 31)), number_error());
  EXPECT_EQ(mul(between(1, std::int64_t{1} << 40), known(std::int64_t{1} << 40)), number_error());
  EXPECT_EQ(mul(known(smallest), known(smallest)), number_error());
}

TEST(Number, AnErrorOperandGivesAnError) {
  const Cell e = number_error(), v = known(0);
  for (const Cell& r : {add(e, v), add(v, e), sub(e, v), sub(v, e), mul(e, v), mul(v, e), neg(e), least(e, v), least(v, e),
                        greatest(e, v), greatest(v, e), rescale(e, 0, 2), rounded(e, 2, 0, Rounding::down)})
    EXPECT_EQ(r, number_error());
}

TEST(Number, Rescale) {
  EXPECT_EQ(rescale(known(36), 0, 2), known(3600));
  EXPECT_EQ(rescale(between(neg_inf, 5), 1, 3), between(neg_inf, 500));
  EXPECT_EQ(rescale(known(1), 0, 18), known(1'000'000'000'000'000'000));
  EXPECT_EQ(rescale(known(1), 0, 19), number_error());
  EXPECT_EQ(rescale(known(pos_inf - 1), 0, 19), number_error());   // not infinite
  EXPECT_EQ(rescale(known(neg_inf + 1), 0, 19), number_error());
  EXPECT_EQ(rescale(between(neg_inf, pos_inf), 0, 19), between(neg_inf, pos_inf));
  EXPECT_EQ(rescale(known(0), 0, 200), known(0));
  EXPECT_EQ(rescale(known(1), 0, 200), number_error());
  EXPECT_EQ(rescale(known(1), 2, 0), number_error());
}

TEST(Number, RoundingByRule) {
  struct Row { std::int64_t value, half_up, half_even, down, up; };
  for (const Row& r : {Row{25, 3, 2, 2, 3}, Row{35, 4, 4, 3, 4}, Row{-25, -3, -2, -2, -3}, Row{24, 2, 2, 2, 3}, Row{26, 3, 3, 2, 3},
                       Row{20, 2, 2, 2, 2}, Row{-21, -2, -2, -2, -3}, Row{5, 1, 0, 0, 1}, Row{-5, -1, 0, 0, -1}, Row{0, 0, 0, 0, 0}}) {
    EXPECT_EQ(rounded(known(r.value), 1, 0, Rounding::half_up), known(r.half_up)) << r.value;
    EXPECT_EQ(rounded(known(r.value), 1, 0, Rounding::half_even), known(r.half_even)) << r.value;
    EXPECT_EQ(rounded(known(r.value), 1, 0, Rounding::down), known(r.down)) << r.value;
    EXPECT_EQ(rounded(known(r.value), 1, 0, Rounding::up), known(r.up)) << r.value;
    const Cell ratio{r.value, r.value, 10, 10};
    EXPECT_EQ(rounded_ratio(ratio, 0, false, Rounding::half_up), known(r.half_up)) << r.value;
    EXPECT_EQ(rounded_ratio(ratio, 0, false, Rounding::half_even), known(r.half_even)) << r.value;
    EXPECT_EQ(rounded_ratio(ratio, 0, false, Rounding::down), known(r.down)) << r.value;
    EXPECT_EQ(rounded_ratio(ratio, 0, false, Rounding::up), known(r.up)) << r.value;
  }
  EXPECT_EQ(rounded(known(5), 0, 2, Rounding::down), known(500));
  EXPECT_EQ(rounded(between(neg_inf, 15), 1, 0, Rounding::half_up), between(neg_inf, 2));
  EXPECT_EQ(rounded(known(largest), 60, 0, Rounding::up), known(1));
  EXPECT_EQ(rounded(known(largest), 60, 0, Rounding::half_up), known(0));
  EXPECT_EQ(rounded_ratio({1, 1, 3, 3}, 2, true, Rounding::half_up), known(3333));
  EXPECT_EQ(rounded_ratio({largest, largest, 1, 1}, 1, false, Rounding::down), number_error());
  EXPECT_EQ(rounded_ratio(ratio_error(), 1, false, Rounding::down), number_error());
  EXPECT_EQ(rounded_ratio({neg_inf, 1, 1, 2}, 1, false, Rounding::down), between(neg_inf, 5));
}

// Random operands against wide integers.
class Wide : public ::testing::Test {
 protected:
  std::mt19937_64 random{20250301};
  std::int64_t finite() {
    const unsigned bits = static_cast<unsigned>(random() % 64);
    auto v = static_cast<std::int64_t>(random()) >> bits;
    if (random() % 16 == 0) v = random() % 2 ? largest : smallest;
    return std::clamp(v, smallest, largest);
  }
  Cell cell() {
    std::int64_t a = finite(), b = random() % 3 ? finite() : a;
    Cell c = between(std::min(a, b), std::max(a, b));
    if (random() % 10 == 0) c.lo = neg_inf;
    if (random() % 10 == 0) c.hi = pos_inf;
    return c;
  }
  static bool fits(wide v) { return v > wide{neg_inf} && v < wide{pos_inf}; }
};

TEST_F(Wide, SumsAgree) {
  for (int i = 0; i < 200'000; ++i) {
    const Cell a = cell(), b = cell(), r = add(a, b), d = sub(a, b);
    const bool lo_open = a.lo == neg_inf || b.lo == neg_inf, hi_open = a.hi == pos_inf || b.hi == pos_inf;
    const wide lo = wide{a.lo} + b.lo, hi = wide{a.hi} + b.hi;
    if ((!lo_open && !fits(lo)) || (!hi_open && !fits(hi))) {
      ASSERT_EQ(r, number_error());
    } else {
      ASSERT_EQ(r.lo, lo_open ? neg_inf : static_cast<std::int64_t>(lo));
      ASSERT_EQ(r.hi, hi_open ? pos_inf : static_cast<std::int64_t>(hi));
    }
    // neg_inf + 1 is the one number without an opposite, but it may still be taken away.
    if (const Cell minus = neg(b); !is_error(minus, Kind::integer)) { ASSERT_EQ(d, add(a, minus)); }
  }
}

TEST_F(Wide, NegatesOnlyWhatFits) {
  EXPECT_EQ(neg(known(neg_inf + 1)), number_error());
  EXPECT_EQ(neg(known(pos_inf - 1)), known(neg_inf + 2));
  EXPECT_EQ(sub(known(-5), known(neg_inf + 1)), known(pos_inf - 5));
  EXPECT_EQ(sub(known(0), known(neg_inf + 1)), number_error());
}

TEST_F(Wide, ProductsAgree) {
  for (int i = 0; i < 200'000; ++i) {
    const Cell a = cell(), b = cell(), r = mul(a, b);
    // Infinite corners only set a flag; the finite ones are compared as they are.
    wide lo = 0, hi = 0;
    bool lo_open = false, hi_open = false, first = true;
    for (const auto x : {a.lo, a.hi})
      for (const auto y : {b.lo, b.hi}) {
        const bool open = x != 0 && y != 0 && (x == neg_inf || x == pos_inf || y == neg_inf || y == pos_inf);
        if (open) {
          ((x < 0) == (y < 0) ? hi_open : lo_open) = true;
          continue;
        }
        const wide p = wide{x} * y;
        lo = first ? p : std::min(lo, p);
        hi = first ? p : std::max(hi, p);
        first = false;
      }
    const bool bad = (!lo_open && !fits(lo)) || (!hi_open && !fits(hi));
    if (bad) {
      ASSERT_EQ(r, number_error()) << i;
    } else {
      ASSERT_EQ(r.lo, lo_open ? neg_inf : static_cast<std::int64_t>(lo));
      ASSERT_EQ(r.hi, hi_open ? pos_inf : static_cast<std::int64_t>(hi));
    }
  }
}

TEST_F(Wide, RoundingAgreesWithDivision) {
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t v = finite();
    const unsigned places = static_cast<unsigned>(random() % 19);
    wide p = 1;
    for (unsigned k = 0; k < places; ++k) p *= 10;
    const wide floor = wide{v} / p - (wide{v} % p < 0), rest = wide{v} - floor * p;
    const wide toward_zero = v < 0 && rest != 0 ? floor + 1 : floor;
    const wide away = rest == 0 ? floor : v < 0 ? floor : floor + 1;
    const wide nearest = 2 * rest > p ? floor + 1 : 2 * rest < p ? floor : v < 0 ? floor : floor + 1;
    const wide even = 2 * rest == p ? (floor % 2 == 0 ? floor : floor + 1) : nearest;
    ASSERT_EQ(rounded(known(v), places, 0, Rounding::down).lo, static_cast<std::int64_t>(toward_zero));
    ASSERT_EQ(rounded(known(v), places, 0, Rounding::up).lo, static_cast<std::int64_t>(away));
    ASSERT_EQ(rounded(known(v), places, 0, Rounding::half_up).lo, static_cast<std::int64_t>(nearest));
    ASSERT_EQ(rounded(known(v), places, 0, Rounding::half_even).lo, static_cast<std::int64_t>(even));
    if (places >= 2) {
      const Cell q{v, v, 1, 1};
      ASSERT_EQ(rounded_ratio({q.lo, q.hi, static_cast<std::int64_t>(p), static_cast<std::int64_t>(p)}, 0, false, Rounding::half_even),
                rounded(known(v), places, 0, Rounding::half_even));
    }
  }
}

TEST_F(Wide, QuotientsCompareByContinuedFractionsAsByProducts) {
  for (int i = 0; i < 200'000; ++i) {
    const std::int64_t a = finite(), c = finite();
    const std::int64_t b = std::max<std::int64_t>(1, std::abs(finite())), d = std::max<std::int64_t>(1, std::abs(finite()));
    const wide x = wide{a} * d, y = wide{c} * b;
    const int expected = x < y ? -1 : x > y ? 1 : 0;
    ASSERT_EQ(compare_quotients(a, b, c, d), expected);
    // Scaled out of 64 bits, the other way of comparing must give the same.
    const wide f = wide{1} << 63;
    if (std::abs(a) < (std::int64_t{1} << 62) && b < (std::int64_t{1} << 62)) {
      ASSERT_EQ(compare_quotients(wide{a} * f, wide{b} * f, c, d), expected);
    }
  }
}

// Everything over small ranges against enumeration.
std::vector<Cell> small_ranges(int from, int to) {
  std::vector<Cell> out;
  for (int lo = from; lo <= to; ++lo)
    for (int hi = lo; hi <= to; ++hi) out.push_back(between(lo, hi));
  return out;
}

TEST(Exhaustive, ComparisonSumProduct) {
  const auto ranges = small_ranges(-4, 4);
  for (const Cell& a : ranges)
    for (const Cell& b : ranges) {
      for (const CmpOp op : all_ops) {
        bool any = false, every = true;
        for (auto x = a.lo; x <= a.hi; ++x)
          for (auto y = b.lo; y <= b.hi; ++y) (holds(op, x - y) ? any : every) = holds(op, x - y);
        ASSERT_EQ(compare(op, a, b, Kind::integer), over_all(any, every));
        ASSERT_EQ(compare(op, a, b, Kind::integer), compare(mirrored(op), b, a, Kind::integer));
      }
      std::int64_t sl = 99, sh = -99, pl = 99, ph = -99;
      for (auto x = a.lo; x <= a.hi; ++x)
        for (auto y = b.lo; y <= b.hi; ++y) {
          sl = std::min(sl, x + y); sh = std::max(sh, x + y);
          pl = std::min(pl, x * y); ph = std::max(ph, x * y);
        }
      ASSERT_EQ(add(a, b), between(sl, sh));
      ASSERT_EQ(mul(a, b), between(pl, ph));
    }
}

TEST(Exhaustive, Ratio) {
  const auto ranges = small_ranges(-3, 3);
  for (const Cell& num : ranges)
    for (const Cell& den : ranges) {
      const Cell r = ratio_of(num, den);
      if (den.lo == 0 && den.hi == 0) { ASSERT_EQ(r, ratio_error()); continue; }
      if (den.lo <= 0 && den.hi >= 0) { ASSERT_EQ(r, (Cell{neg_inf, pos_inf, 1, 1})); continue; }
      // In sixths every quotient is an integer.
      std::int64_t lo = 999, hi = -999;
      for (auto x = num.lo; x <= num.hi; ++x)
        for (auto y = den.lo; y <= den.hi; ++y) { lo = std::min(lo, 6 * x / y); hi = std::max(hi, 6 * x / y); }
      ASSERT_GT(r.lo_den, 0);
      ASSERT_GT(r.hi_den, 0);
      ASSERT_EQ(r.lo * 6, lo * r.lo_den);
      ASSERT_EQ(r.hi * 6, hi * r.hi_den);
      ASSERT_EQ(is_known(r, Kind::ratio), lo == hi);
    }
}

TEST(Exhaustive, RatioComparison) {
  std::vector<Cell> ratios;
  const auto nums = small_ranges(-2, 2), dens = small_ranges(1, 3);
  for (const Cell& n : nums)
    for (const Cell& d : dens) ratios.push_back(ratio_of(n, d));
  for (const Cell& a : ratios)
    for (const Cell& b : ratios)
      for (const CmpOp op : all_ops) {
        // A range of quotients is dense: compare its ends (in sixths), and the middle stands between them.
        const auto al = 6 * a.lo / a.lo_den, ah = 6 * a.hi / a.hi_den, bl = 6 * b.lo / b.lo_den, bh = 6 * b.hi / b.hi_den;
        bool any = false, every = true;
        for (auto x = al; x <= ah; ++x)
          for (auto y = bl; y <= bh; ++y) (holds(op, x - y) ? any : every) = holds(op, x - y);
        ASSERT_EQ(compare_ratio(op, a, b, false), over_all(any, every));
        ASSERT_EQ(compare(op, a, b, Kind::ratio), compare_ratio(op, a, b, false));
      }
}

TEST(Ratio, IsKeptAsCounted) {
  EXPECT_EQ(ratio_of(known(2), known(10)), (Cell{2, 2, 10, 10}));
  EXPECT_EQ(ratio_of(known(2), known(-10)), (Cell{-2, -2, 10, 10}));
  EXPECT_EQ(ratio_of(between(2, 3), known(10)), (Cell{2, 3, 10, 10}));
  EXPECT_TRUE(is_known(ratio_of(known(0), between(1, 5)), Kind::ratio));
}

TEST(Ratio, OpenEnds) {
  EXPECT_EQ(ratio_of(between(2, pos_inf), between(4, 5)), (Cell{2, pos_inf, 5, 1}));
  EXPECT_EQ(ratio_of(known(2), between(4, pos_inf)), (Cell{0, 2, 1, 4}));
  EXPECT_EQ(ratio_of(known(-2), between(4, pos_inf)), (Cell{-2, 0, 4, 1}));
  EXPECT_EQ(ratio_of(between(neg_inf, pos_inf), known(3)), (Cell{neg_inf, pos_inf, 1, 1}));
}

// The smallest number has no counterpart: a divisor under zero would turn it, or itself be turned, into an end that stands for infinity.
TEST(Ratio, SignThatCannotBeTurned) {
  const std::int64_t smallest = neg_inf + 1;
  EXPECT_EQ(ratio_of(known(5), known(smallest)), ratio_error());
  EXPECT_EQ(ratio_of(known(smallest), known(-5)), ratio_error());
  EXPECT_EQ(ratio_of(known(smallest), known(5)), (Cell{smallest, smallest, 5, 5}));
  EXPECT_EQ(ratio_of(known(5), between(smallest, -1)), ratio_error());
  EXPECT_EQ(ratio_of(known(5), between(neg_inf, -1)), (Cell{-5, 0, 1, 1}));
}

TEST(Ratio, DivisorZero) {
  const Cell third{1, 1, 3, 3};
  EXPECT_EQ(ratio_of(known(1), known(0)), ratio_error());
  EXPECT_EQ(ratio_of(known(1), known(0), true, third), third);
  EXPECT_EQ(ratio_of(known(1), known(0), true, ratio_of_percent(known(30), 0)), (Cell{30, 30, 100, 100}));
  EXPECT_EQ(ratio_of(known(1), between(0, 3), true, third), (Cell{neg_inf, pos_inf, 1, 1}));
  EXPECT_EQ(ratio_of(known(1), between(0, 3), true, ratio_error()), ratio_error());
  EXPECT_EQ(ratio_of(known(1), between(1, 3), true, ratio_error()), (Cell{1, 1, 3, 1}));
  EXPECT_EQ(ratio_of(number_error(), known(1)), ratio_error());
  EXPECT_EQ(ratio_of(known(1), number_error()), ratio_error());
}

TEST(Ratio, AgainstPercent) {
  EXPECT_EQ(compare_ratio(CmpOp::is, {3, 3, 10, 10}, known(30), true, 0), Truth::yes);
  EXPECT_EQ(compare_ratio(CmpOp::at_least, {3, 3, 10, 10}, known(300), true, 1), Truth::yes);
  EXPECT_EQ(compare_ratio(CmpOp::over, {3, 3, 10, 10}, known(300), true, 1), Truth::no);
  EXPECT_EQ(compare_ratio(CmpOp::over, {1, 1, 3, 3}, known(33), true, 0), Truth::yes);
  EXPECT_EQ(compare_ratio(CmpOp::over, {1, 1, 3, 3}, between(33, 34), true, 0), Truth::unknown);
  EXPECT_EQ(compare_ratio(CmpOp::over, {1, 1, 3, 3}, between(34, pos_inf), true, 0), Truth::no);
  EXPECT_EQ(compare_ratio(CmpOp::over, {neg_inf, pos_inf, 1, 1}, known(0), true, 0), Truth::unknown);
  EXPECT_EQ(compare_ratio(CmpOp::over, ratio_error(), known(0), true, 0), Truth::error);
  EXPECT_EQ(compare_ratio(CmpOp::over, {1, 1, 3, 3}, number_error(), true, 0), Truth::error);
  // Far outside 64 bits after cross-multiplication.
  EXPECT_EQ(compare_ratio(CmpOp::under, {largest - 1, largest - 1, largest, largest}, known(1'000'000'000'000'000'000), true, 16), Truth::yes);
  EXPECT_EQ(compare_ratio(CmpOp::under, {largest, largest, largest, largest}, known(1'000'000'000'000'000'000), true, 16), Truth::no);
  EXPECT_EQ(compare_ratio(CmpOp::under, {largest, largest, largest, largest}, known(1), true, 30), Truth::no);
}

TEST(Ratio, OfPercent) {
  EXPECT_EQ(ratio_of_percent(known(125), 1), (Cell{125, 125, 1000, 1000}));
  EXPECT_EQ(ratio_of_percent(between(5, pos_inf), 0), (Cell{5, pos_inf, 100, 1}));
  EXPECT_EQ(ratio_of_percent(known(1), 17), ratio_error());
}

TEST(Choice, Comparison) {
  const Cell low = choice_of(1), mid = choice_of(2), high = choice_of(std::uint64_t{1} << 63);
  EXPECT_EQ(compare(CmpOp::is, low, low, Kind::choice), Truth::yes);
  EXPECT_EQ(compare(CmpOp::is, low, mid, Kind::choice), Truth::no);
  EXPECT_EQ(compare(CmpOp::is, choice_of(3), mid, Kind::choice), Truth::unknown);
  EXPECT_EQ(compare(CmpOp::is, choice_of(3), choice_of(3), Kind::choice), Truth::unknown);
  EXPECT_EQ(compare(CmpOp::is_not, choice_of(3), high, Kind::choice), Truth::yes);
  EXPECT_EQ(compare(CmpOp::under, choice_of(3), high, Kind::choice), Truth::yes);
  EXPECT_EQ(compare(CmpOp::at_least, choice_of(6), mid, Kind::choice), Truth::yes);
  EXPECT_EQ(compare(CmpOp::over, choice_of(6), mid, Kind::choice), Truth::unknown);
  EXPECT_EQ(compare(CmpOp::is, choice_of(0), mid, Kind::choice), Truth::error);
  // Every pair of masks over four values against enumeration.
  for (std::uint64_t a = 1; a < 16; ++a)
    for (std::uint64_t b = 1; b < 16; ++b)
      for (const CmpOp op : all_ops) {
        bool any = false, every = true;
        for (int x = 0; x < 4; ++x)
          for (int y = 0; y < 4; ++y)
            if ((a >> x & 1) && (b >> y & 1)) (holds(op, x - y) ? any : every) = holds(op, x - y);
        ASSERT_EQ(compare(op, choice_of(a), choice_of(b), Kind::choice), over_all(any, every)) << a << " " << b;
      }
}

TEST(Boolean, Comparison) {
  EXPECT_EQ(compare(CmpOp::is, of(Truth::yes), of(Truth::yes), Kind::boolean), Truth::yes);
  EXPECT_EQ(compare(CmpOp::is_not, of(Truth::yes), of(Truth::no), Kind::boolean), Truth::yes);
  EXPECT_EQ(compare(CmpOp::is, of(Truth::unknown), of(Truth::no), Kind::boolean), Truth::unknown);
  EXPECT_EQ(compare(CmpOp::is, of(Truth::unknown), of(Truth::error), Kind::boolean), Truth::error);
}

TEST(Choice, Hull) {
  EXPECT_EQ(hull(known(1), between(3, 4), Kind::integer), between(1, 4));
  EXPECT_EQ(hull(known(1), number_error(), Kind::integer), number_error());
  EXPECT_EQ(hull(of(Truth::yes), of(Truth::no), Kind::boolean), of(Truth::unknown));
  EXPECT_EQ(hull(of(Truth::yes), of(Truth::yes), Kind::boolean), of(Truth::yes));
  EXPECT_EQ(hull(of(Truth::error), of(Truth::yes), Kind::boolean), of(Truth::error));
  EXPECT_EQ(hull(choice_of(1), choice_of(4), Kind::choice), choice_of(5));
  EXPECT_EQ(hull(choice_of(1), choice_of(0), Kind::choice), choice_of(0));
  const Cell half{1, 1, 2, 2}, two_quarters{2, 2, 4, 4}, third{1, 1, 3, 3};
  EXPECT_EQ(hull(half, third, Kind::ratio), (Cell{1, 1, 3, 2}));
  EXPECT_EQ(hull(half, two_quarters, Kind::ratio), half);
  EXPECT_EQ(hull(two_quarters, half, Kind::ratio), half);
  EXPECT_EQ(hull(half, ratio_error(), Kind::ratio), ratio_error());
}

TEST(Choice, ChooseLooksAtTheTakenBranchOnly) {
  EXPECT_EQ(choose(Truth::yes, known(1), number_error(), Kind::integer), known(1));
  EXPECT_EQ(choose(Truth::no, number_error(), known(1), Kind::integer), known(1));
  EXPECT_EQ(choose(Truth::unknown, known(1), known(3), Kind::integer), between(1, 3));
  EXPECT_EQ(choose(Truth::unknown, known(1), number_error(), Kind::integer), number_error());
  EXPECT_EQ(choose(Truth::error, known(1), known(1), Kind::integer), number_error());
}

}  // namespace
}  // namespace tiao::scalar
