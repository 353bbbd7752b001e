// Ranks by counting in an order, against the comparison of each row.
#include "runtime/engine/population.hpp"

#include <random>
#include <tuple>

#include "runtime/value/scalar.hpp"
#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct RankOracle : ::testing::Test {
  std::mt19937 random{20251031};
  std::int64_t pick(int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); }

  Cell number() {
    if (pick(12) == 0) return number_error();
    if (pick(8) == 0) return between(neg_inf, pos_inf);
    const std::int64_t lo = pick(6);
    return pick(3) == 0 ? between(lo, pick(2) == 0 ? pos_inf : lo + pick(4)) : known(lo);
  }
  Cell quotient() {
    if (pick(12) == 0) return ratio_error();
    if (pick(8) == 0) return {neg_inf, pos_inf, 1, 1};
    const Cell low = scalar::ratio_of(known(pick(5)), known(1 + pick(4)));
    return pick(3) == 0 ? scalar::hull(low, scalar::ratio_of(known(pick(5)), known(1 + pick(4))), Kind::ratio) : low;
  }

  void compare(Kind kind) {
    const auto value = [&] { return kind == Kind::ratio ? quotient() : number(); };
    for (int round = 0; round < 400; ++round) {
      std::vector<std::tuple<std::uint32_t, Truth, Cell>> rows;
      Ranking ranking;
      for (std::uint32_t n = static_cast<std::uint32_t>(pick(9)), i = 0; i < n; ++i) {
        const Truth in = pick(10) == 0 ? Truth::error : pick(3) == 0 ? Truth::unknown : Truth::yes;
        rows.emplace_back(n - i, in, value());   // in no particular order
        ranking.add(n - i, in, std::get<2>(rows.back()), kind);
      }
      ranking.settle();
      const Cell ours = value();
      const std::uint32_t itself = pick(2) == 0 ? none : static_cast<std::uint32_t>(pick(10));
      for (const auto op : {scalar::CmpOp::at_least, scalar::CmpOp::at_most, scalar::CmpOp::over, scalar::CmpOp::under}) {
        Counts expected;
        for (const auto& [row, in, cell] : rows)
          ++expected.n[static_cast<int>(in)][static_cast<int>(row == itself ? Truth::yes : scalar::compare(op, cell, ours, kind))];
        const Counts found = ranking.count(static_cast<std::uint32_t>(op), ours, itself, kind);
        for (int in = 0; in < 4; ++in)
          for (int condition = 0; condition < 4; ++condition)
            ASSERT_EQ(found.n[in][condition], expected.n[in][condition]) << "round " << round << " op " << static_cast<int>(op) << " in " << in << " condition " << condition;
      }
    }
  }
};

TEST_F(RankOracle, CountsAsTheComparisonOfEachRow) { compare(Kind::money); }
TEST_F(RankOracle, OrdersRatiosByTheirQuotients) { compare(Kind::ratio); }

TEST(KeyTable, NumbersTuplesAsTheyComeAndFindsThemAgain) {
  KeyTable table(2);
  for (int pass = 0; pass < 2; ++pass)
    for (std::uint32_t i = 0; i < 1000; ++i) {
      const Cell tuple[] = {known(i % 37), i % 5 == 0 ? between(neg_inf, pos_inf) : known(i / 37)};
      bool fresh = false;
      const std::uint32_t number = table.number(tuple, fresh);
      EXPECT_EQ(table.number(tuple, fresh), number);
      EXPECT_FALSE(fresh);
    }
  KeyTable nothing(0);
  bool fresh = false;
  EXPECT_EQ(nothing.number(nullptr, fresh), 0u);
  EXPECT_TRUE(fresh);
  EXPECT_EQ(nothing.number(nullptr, fresh), 0u);
  EXPECT_FALSE(fresh);
}

}  // namespace
}  // namespace tiao::engine
