#include "compiler/core/settle.hpp"

#include <gtest/gtest.h>

#include "compiler/core/builder.hpp"
#include "compiler/core/printer.hpp"
#include "compiler/core/verifier.hpp"

namespace tiao::core {
namespace {

struct Settling : ::testing::Test {
  Settling() {
    Entity person;
    person.id = "person";
    person.columns.push_back({"key", "", ColumnKind::key, text_type(), neg_inf, pos_inf, {}, none});
    person.columns.push_back({"here", "", ColumnKind::fact, boolean_type(), neg_inf, pos_inf, {}, none});
    person.columns.push_back({"again", "", ColumnKind::computed, boolean_type(), neg_inf, pos_inf, {}, none});
    person.columns.push_back({"other", "", ColumnKind::link, ref_type(0), neg_inf, pos_inf, {}, none});
    person.key_column = 0;
    p.schema.entities.push_back(person);
    p.memberships.assign(1, none);
    p.schema.enums.push_back({"way", "", {}});
    for (const char* value : {"narrow", "wide", "open"}) p.schema.enums[0].values.push_back({value, ""});
    p.schema.parameters.emplace_back();
    p.schema.parameters[0].id = "way";
    p.schema.parameters[0].type = choice_type(0);
    p.schema.parameters.emplace_back();
    p.schema.parameters[1].id = "on";
    p.schema.parameters[1].type = boolean_type();
    settled.resize(2);
  }
  ExprId here() { return b.column(b.row(0, 0), "here"); }
  ExprId way_is(std::uint32_t value) { return b.compare(CmpOp::is, b.parameter(0), b.choice(0, value)); }
  // What a report of it becomes.
  std::string left_of(ExprId e) {
    p.reports.push_back({"r", "", 0, e, none});
    const Program out = settle(p, settled);
    p.reports.clear();
    return print_expr(out, out.reports[0].expr);
  }
  void choose(std::uint32_t value) { settled[0].value = choice_of(std::uint64_t{1} << value); }

  Program p;
  Builder b{p};
  std::vector<SettledParameter> settled;
};

TEST_F(Settling, TestsOfAReadingAreDecidedAndOnlyItsBranchStays) {
  const ExprId chosen = b.select(way_is(1), here(), b.not_(here()));
  EXPECT_EQ(left_of(chosen), "if(is(way, wide), $0.here, not($0.here))");
  choose(1);
  EXPECT_EQ(left_of(chosen), "$0.here");
  choose(0);
  EXPECT_EQ(left_of(chosen), "not($0.here)");
  EXPECT_EQ(left_of(b.compare(CmpOp::at_least, b.parameter(0), b.choice(0, 1))), "false");
  EXPECT_EQ(left_of(b.compare(CmpOp::under, b.parameter(0), b.choice(0, 1))), "true");
}

TEST_F(Settling, JunctionsLoseWhatDecidesNothingAndGoWithWhatDecides) {
  choose(1);
  EXPECT_EQ(left_of(b.and_({here(), way_is(1)})), "$0.here");
  EXPECT_EQ(left_of(b.and_({here(), way_is(0)})), "false");
  EXPECT_EQ(left_of(b.or_({here(), way_is(1)})), "true");
  EXPECT_EQ(left_of(b.or_({here(), b.not_(way_is(0)), here()})), "true");
  EXPECT_EQ(left_of(b.or_({way_is(0), way_is(2)})), "false");
}

TEST_F(Settling, WhetherItHasBeenSetIsAQuestionOfItsOwn) {
  EXPECT_EQ(left_of(b.is_set(0)), "is_set(way)");
  settled[0].set = false;
  choose(1);
  EXPECT_EQ(left_of(b.and_({b.is_set(0), way_is(1)})), "false");
}

TEST_F(Settling, DefinitionsThatSayTheSameOfEveryRowAreFollowedWhereTheRowIsKnown) {
  p.computed.push_back({0, 2, b.and_({b.parameter(1), way_is(1)}), none});
  const ExprId own = b.column(b.row(0, 0), "again"), others = b.column(b.column(b.row(0, 0), "other"), "again");
  choose(1);
  settled[1].value = of(Truth::yes);
  EXPECT_EQ(left_of(own), "true");
  EXPECT_EQ(left_of(others), "$0.other.again");
}

TEST_F(Settling, OfTablesOnlyThoseOfTheFirstRowLoseRows) {
  const ExprId one = b.integer(1), two = b.integer(2), three = b.integer(3);
  choose(1);
  EXPECT_EQ(left_of(b.table(HitPolicy::first, {{way_is(0), one}, {here(), two}, {way_is(1), three}}, one)),
            "table first { $0.here -> 2; true -> 3 }");
  EXPECT_EQ(left_of(b.table(HitPolicy::first, {{way_is(0), one}})), "table first { false -> 1 }");
  // The last row of this one is no `otherwise`, though its condition holds now.
  EXPECT_EQ(left_of(b.table(HitPolicy::highest, {{here(), one}, {way_is(1), two}})), "table highest { $0.here -> 1; is(wide, wide) -> 2 }");
  EXPECT_EQ(left_of(b.table(HitPolicy::highest, {{here(), one}}, two)), "table highest { $0.here -> 1; true -> 2 }");
}

// The widest value of a row that is not known is the column's declared range, or for a computed value anything.
TEST_F(Settling, AFoldOverAChoiceBetweenColumnsStaysOneOverAComputedValue) {
  p.schema.entities[0].columns.push_back({"age", "", ColumnKind::fact, integer_type(), 0, 120, {}, none});
  Fold fold{FoldKind::highest, whole_of(0)};
  const ExprId age = b.column(b.row(1, 0), "age");
  fold.value = b.select(way_is(1), age, b.integer(7));
  const ExprId highest = b.fold(fold);
  choose(1);
  EXPECT_EQ(left_of(highest), "(highest if(true, $1.age, $1.age) among $1 in whole person)");
  choose(0);
  EXPECT_EQ(left_of(highest), "(highest 7 among $1 in whole person)");
}

TEST_F(Settling, WhatIsLeftIsWellFormed) {
  const ExprId condition = b.and_({here(), b.select(way_is(1), here(), b.parameter(1))});
  p.reports.push_back({"r", "", 0, condition, none});
  p.computed.push_back({0, 2, b.not_(way_is(2)), none});
  p.strata = {{DeclKind::computed, 0}, {DeclKind::report, 0}};
  choose(0);
  ASSERT_EQ(verify(p), std::vector<std::string>{});
  EXPECT_EQ(verify(settle(p, settled)), std::vector<std::string>{});
}

}  // namespace
}  // namespace tiao::core
