// What folds over a population take from outside, and ranks against the comparison of each row.
#include "compiler/interp/population.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "compiler/core/builder.hpp"

namespace tiao::interp {
namespace {

using core::CmpOp;
using core::ExprId;
using core::FoldKind;

struct Population : ::testing::Test {
  core::Program program;
  core::Builder b{program};
  EntityId shop = 0;
  ColumnId size = 1, score = 2;

  Population() {
    Entity e;
    e.id = "shop";
    e.key_column = 0;
    e.columns = {{"key", "", ColumnKind::key, core::text_type(), neg_inf, pos_inf, {}, none},
                 {"size", "", ColumnKind::fact, core::integer_type(), neg_inf, pos_inf, {}, none},
                 {"score", "", ColumnKind::fact, core::integer_type(), neg_inf, pos_inf, {}, none}};
    program.schema.entities = {e};
  }
  ExprId at(std::uint32_t slot, ColumnId c) { return b.column(b.row(slot, shop), c); }
  FoldUse use(FoldKind kind, ExprId filter, ExprId value, ExprId key = none) {
    core::Fold f;
    f.kind = kind;
    f.source = core::whole_of(shop);
    if (key != none) f.source.same.push_back({size, key});
    f.filter = filter;
    f.value = value;
    return use_of(program, f);
  }
  ExprId itself() { return b.compare(CmpOp::is, b.row(1, shop), b.row(0, shop)); }
  ExprId under() { return b.compare(CmpOp::under, at(1, score), at(0, score)); }
  ExprId large() { return b.compare(CmpOp::over, at(1, size), b.integer(3)); }
};

TEST_F(Population, AnswersByKeysWhereNothingElseIsReadOutside) {
  EXPECT_EQ(use(FoldKind::sum, large(), at(1, score), at(0, size)).kind, FoldUse::keys);
  EXPECT_EQ(use(FoldKind::sum, none, at(1, score)).kind, FoldUse::keys);
  EXPECT_EQ(use(FoldKind::sum, none, b.add(at(1, score), at(0, score))).kind, FoldUse::anything);
  EXPECT_EQ(use(FoldKind::sum, under(), at(1, score)).kind, FoldUse::anything) << "a sum is no count";
}

TEST_F(Population, FindsTheComparisonThatMakesARank) {
  const FoldUse share = use(FoldKind::share, large(), b.or_({itself(), under()}), at(0, size));
  EXPECT_EQ(share.kind, FoldUse::rank);
  EXPECT_EQ(share.filter.size(), 1u);
  EXPECT_NE(share.itself, none);
  const FoldUse count = use(FoldKind::count, b.and_({large(), b.compare(CmpOp::over, at(0, score), at(1, score))}), none);
  EXPECT_EQ(count.kind, FoldUse::rank);
  EXPECT_EQ(count.op, scalar::CmpOp::under) << "turned so that the row of the population stands first";
  EXPECT_EQ(use(FoldKind::count, b.and_({under(), b.compare(CmpOp::over, at(1, size), at(0, size))}), none).kind, FoldUse::anything) << "two comparisons";
  EXPECT_EQ(use(FoldKind::share, none, b.compare(CmpOp::is, at(1, score), at(0, score))).kind, FoldUse::anything) << "no order";
  EXPECT_EQ(use(FoldKind::share, none, b.compare(CmpOp::under, b.add(at(1, score), at(0, score)), b.integer(3))).kind, FoldUse::anything);
}

TEST(Ranking, CountsAsTheComparisonOfEachRow) {
  std::mt19937 random(7);
  const auto pick = [&](int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
  const auto value = [&]() -> Cell {
    if (pick(12) == 0) return number_error();
    const std::int64_t lo = pick(6);
    return pick(8) == 0 ? between(neg_inf, pos_inf) : pick(3) == 0 ? between(lo, lo + pick(4)) : known(lo);
  };
  for (int round = 0; round < 400; ++round) {
    Ranking ranking;
    std::vector<Ranking::Entry> rows;
    for (std::uint32_t row = 0; row < 8; ++row) {
      if (pick(4) == 0) continue;
      rows.push_back({row, pick(10) == 0 ? Truth::error : pick(3) == 0 ? Truth::unknown : Truth::yes, value()});
    }
    std::shuffle(rows.begin(), rows.end(), random);   // in whatever order they come
    for (const Ranking::Entry& r : rows) ranking.add(r);
    ranking.sort(Kind::decimal);
    const Cell ours = value();
    const std::uint32_t itself = pick(2) == 0 ? none : static_cast<std::uint32_t>(pick(8));
    for (const auto op : {scalar::CmpOp::at_least, scalar::CmpOp::at_most, scalar::CmpOp::over, scalar::CmpOp::under}) {
      Tally expected;
      for (const auto& r : rows) ++expected.at(r.in, r.row == itself ? Truth::yes : scalar::compare(op, r.value, ours, Kind::decimal));
      const Tally found = ranking.tally(op, ours, itself);
      for (const Truth in : {Truth::yes, Truth::unknown, Truth::error})
        for (const Truth condition : {Truth::yes, Truth::unknown, Truth::no, Truth::error})
          ASSERT_EQ(found.at(in, condition), expected.at(in, condition)) << "round " << round << " op " << static_cast<int>(op);
    }
  }
}

}  // namespace
}  // namespace tiao::interp
