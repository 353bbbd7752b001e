#include "compiler/core/verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/core/builder.hpp"
#include "compiler/core/printer.hpp"

namespace tiao::core {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Verifying : ::testing::Test {
  Verifying() {
    person = entity("person", EntityOrigin::register_, none);
    visit = entity("visit", EntityOrigin::register_, person);
    cost = column(visit, "cost", ColumnKind::fact, integer_type());
    total = column(person, "total", ColumnKind::computed, integer_type());
    much = column(person, "much", ColumnKind::computed, boolean_type());
    Fold f;
    f.kind = FoldKind::sum;
    f.source = rows_from(b.row(0, person), person, {children_of(visit)});
    f.value = b.column(b.row(1, visit), cost);
    p.computed.push_back({person, total, b.fold(f), none, false});
    p.computed.push_back({person, much, b.compare(CmpOp::over, b.column(b.row(0, person), total), b.integer(5)), none, true});
    p.strata = {{DeclKind::computed, 0}, {DeclKind::computed, 1}};
    p.memberships.assign(p.schema.entities.size(), none);
  }
  EntityId entity(const std::string& id, EntityOrigin origin, EntityId parent) {
    Entity e;
    e.id = id;
    e.origin = origin;
    e.parent = parent;
    if (parent != none) {
      e.parent_column = 0;
      e.columns.push_back({"parent", "", ColumnKind::parent, ref_type(parent), neg_inf, pos_inf, {}, none});
    }
    p.schema.entities.push_back(e);
    return static_cast<EntityId>(p.schema.entities.size() - 1);
  }
  ColumnId column(EntityId e, const std::string& id, ColumnKind kind, Type type) {
    p.schema.entities[e].columns.push_back({id, "", kind, type, neg_inf, pos_inf, {}, none});
    return static_cast<ColumnId>(p.schema.entities[e].columns.size() - 1);
  }

  Program p;
  Builder b{p};
  EntityId person, visit;
  ColumnId cost, total, much;
};

TEST_F(Verifying, AWellFormedProgramHasNoFaults) { EXPECT_THAT(verify(p), IsEmpty()); }

TEST_F(Verifying, ADeclarationReadsEarlierOnesOnly) {
  std::swap(p.strata[0], p.strata[1]);
  EXPECT_THAT(verify(p), Contains(HasSubstr("reads person.total before it is there")));
}

TEST_F(Verifying, EachDeclarationStandsInOneStratum) {
  p.strata.push_back({DeclKind::computed, 0});
  EXPECT_THAT(verify(p), Contains(HasSubstr("stands twice")));
  p.strata.resize(1);
  EXPECT_THAT(verify(p), Contains(HasSubstr("computed 1: stands in no stratum")));
}

TEST_F(Verifying, TypesOfArgumentsMustFit) {
  b.append(Op::and_, boolean_type(), none, {b.integer(1), b.truth(true)});
  b.append(Op::add, integer_type(), none, {b.integer(1), b.date(3)});
  b.append(Op::select, integer_type(), none, {b.truth(true), b.integer(1)});
  b.append(Op::column, integer_type(), 9, {b.row(0, person)});
  b.append(Op::compare, boolean_type(), static_cast<std::uint32_t>(CmpOp::over), {b.truth(true), b.truth(false)});
  const auto faults = verify(p);
  EXPECT_THAT(faults, Contains(HasSubstr("no truth value")));
  EXPECT_THAT(faults, Contains(HasSubstr("mixes types")));
  EXPECT_THAT(faults, Contains(HasSubstr("takes 3 arguments and has 2")));
  EXPECT_THAT(faults, Contains(HasSubstr("no such column")));
  EXPECT_THAT(faults, Contains(HasSubstr("orders what has no order")));
}

TEST_F(Verifying, AnArgumentPrecedesWhatUsesIt) {
  const ExprId e = b.not_(b.compare(CmpOp::is, b.integer(1), b.integer(2)));
  p.args[p.exprs[e].args] = e;
  EXPECT_THAT(verify(p), Contains(HasSubstr("an argument that does not precede it")));
}

TEST_F(Verifying, SlotsAreBoundWhereTheyAreRead) {
  p.computed[1].expr = b.compare(CmpOp::over, b.column(b.row(1, visit), cost), b.integer(1));
  EXPECT_THAT(verify(p), Contains(HasSubstr("reads slot 1, which holds no such row")));
}

TEST_F(Verifying, HopsFitTheEntitiesTheyStartFrom) {
  Fold f;
  f.source = rows_from(b.row(0, visit), visit, {children_of(visit)});
  b.fold(f);
  EXPECT_THAT(verify(p), Contains(HasSubstr("visit is no child of visit")));
}

TEST_F(Verifying, AComputedColumnHasOneDefinition) {
  p.computed.pop_back();
  p.strata.pop_back();
  EXPECT_THAT(verify(p), Contains(HasSubstr("column much of person has no definition")));
}

TEST_F(Verifying, ThePrintedProgramNamesEverything) {
  p.hash = "0011223344556677";
  EXPECT_EQ(print(p),
            "program 0011223344556677\n\n"
            "register person\n  computed total : int\n  computed much : bool\n"
            "register visit of person\n  parent parent : ref person\n  fact cost : int\n\n"
            "define person.total : int  # \n  means (sum $1.cost among $1 in $0 > visit)\n"
            "proposition person.much : bool  # \n  means over($0.total, 5)\n");
}

}  // namespace
}  // namespace tiao::core
