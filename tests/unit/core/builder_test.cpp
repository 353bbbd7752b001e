#include "compiler/core/builder.hpp"

#include <gtest/gtest.h>

#include "compiler/core/printer.hpp"

namespace tiao::core {
namespace {

struct Building : ::testing::Test {
  Building() {
    Entity person;
    person.id = "person";
    person.columns.push_back({"key", "", ColumnKind::key, text_type(), neg_inf, pos_inf, {}, none});
    person.columns.push_back({"here", "在册", ColumnKind::fact, boolean_type(), neg_inf, pos_inf, {}, none});
    person.columns.push_back({"age", "", ColumnKind::fact, integer_type(), 0, 130, {}, none});
    person.key_column = 0;
    p.schema.entities.push_back(person);
    Entity visit;
    visit.id = "visit";
    visit.parent = 0;
    visit.parent_column = 0;
    visit.columns.push_back({"person", "", ColumnKind::parent, ref_type(0), neg_inf, pos_inf, {}, none});
    visit.columns.push_back({"cost", "", ColumnKind::fact, Type{Kind::money, 2, none}, neg_inf, pos_inf, {}, none});
    p.schema.entities.push_back(visit);
    p.memberships.assign(2, none);
  }
  std::string text(ExprId e) { return print_expr(p, e); }
  ExprId here() { return b.column(b.row(0, 0), "在册"); }
  ExprId age() { return b.column(b.row(0, 0), "age"); }

  Program p;
  Builder b{p};
};

TEST_F(Building, JunctionsAreFlatAndFoldOnlyTrueAndFalse) {
  const ExprId x = here(), old = b.compare(CmpOp::at_least, age(), b.integer(60));
  EXPECT_EQ(text(b.and_({x, b.and_({old, x}), b.truth(true)})), "and($0.here, at_least($0.age, 60), $0.here)");
  EXPECT_EQ(text(b.and_({x, b.truth(false)})), "false");
  EXPECT_EQ(text(b.or_({x, b.truth(true)})), "true");
  EXPECT_EQ(b.or_({x, b.truth(false)}), x);
  EXPECT_EQ(text(b.and_({})), "true");
  EXPECT_EQ(text(b.or_({})), "false");
  EXPECT_EQ(text(b.and_({x, b.truth(Truth::unknown), b.truth(Truth::error)})), "and($0.here, unknown, error)");
  EXPECT_EQ(text(b.not_(b.truth(true))), "false");
  EXPECT_EQ(b.select(b.truth(false), age(), x), x);
}

TEST_F(Building, AWrittenJunctionStaysAUnit) {
  b.written(none, "a and b");
  const ExprId inner = b.and_({here(), here()});
  b.written(none, "a and b and c");
  EXPECT_EQ(text(b.and_({inner, here()})), "and(and($0.here, $0.here), $0.here)");
  EXPECT_EQ(p.origins[p.exprs[inner].origin].text, "a and b");
}

TEST_F(Building, TypesFollowFromOperands) {
  const ExprId cost = b.column(b.row(0, 1), 1);
  EXPECT_EQ(b.type(b.parent(b.row(0, 1))), ref_type(0));
  EXPECT_EQ(b.type(b.mul(b.constant(known(125), Type{Kind::percent, 1, none}), cost)), (Type{Kind::money, 5, none}));
  EXPECT_EQ(b.type(b.mul(b.integer(3), cost)), (Type{Kind::money, 2, none}));
  EXPECT_EQ(b.type(b.mul(b.integer(3), b.duration(1, 0))).kind, Kind::duration);
  EXPECT_EQ(b.type(b.ratio(cost, cost)).kind, Kind::ratio);
  EXPECT_EQ(b.rescale(cost, 2), cost);
  Fold f;
  f.kind = FoldKind::sum;
  f.source = rows_from(b.row(0, 0), 0, {children_of(1)});
  f.value = b.column(b.row(1, 1), 1);
  EXPECT_EQ(text(b.fold(f)), "(sum $1.cost among $1 in $0 > visit)");
  EXPECT_EQ(b.column(b.row(0, 0), "no such"), none);
}

TEST_F(Building, ValuesAreShownAsAReaderSeesThem) {
  p.schema.enums.push_back({"level", "", true, {{"low", ""}, {"mid", ""}, {"high", ""}}});
  p.schema.strings = {"d"};
  const auto shown = [&](Type t, Cell c) { return show(p.schema, t, c); };
  EXPECT_EQ(shown(integer_type(), between(3, 5)), "3..5");
  EXPECT_EQ(shown(integer_type(), between(3, pos_inf)), "3..");
  EXPECT_EQ(shown(integer_type(), between(neg_inf, pos_inf)), "unknown");
  EXPECT_EQ(shown(integer_type(), number_error()), "error");
  EXPECT_EQ(shown(choice_type(0), choice_of(6)), "mid|high");
  EXPECT_EQ(shown(choice_type(0), choice_of(7)), "unknown");
  EXPECT_EQ(shown(ratio_type(), Cell{2, 2, 10, 10}), "2/10");
  EXPECT_EQ(shown(ratio_type(), Cell{0, 1, 4, 2}), "0/4..1/2");
  EXPECT_EQ(shown(text_type(), known(0)), "\"d\"");
  EXPECT_EQ(shown(ref_type(1), known(7)), "visit[#7]");
  EXPECT_EQ(shown(duration_type(), known(14 * month_unit)), "P1Y2M");
  EXPECT_EQ(shown(boolean_type(), of(Truth::unknown)), "unknown");
}

}  // namespace
}  // namespace tiao::core
