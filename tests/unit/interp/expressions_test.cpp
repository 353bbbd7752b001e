#include "tests/unit/interp/world.hpp"

namespace tiao::interp::testing {
namespace {

using core::CmpOp;
using core::HitPolicy;
using core::Op;

class Expressions : public ::testing::Test {
 protected:
  World w;
  core::Builder& b = w.b;
  Cell value(ExprId e) { return w.start(day(2025, 6, 30))->evaluate(e); }
  Truth test(ExprId e) { return static_cast<Truth>(value(e).lo); }
  ExprId between_(std::int64_t lo, std::int64_t hi) { return b.unknown(core::integer_type(), lo, hi); }
  ExprId maybe() { return b.truth(Truth::unknown); }
  ExprId error() { return b.truth(Truth::error); }
};

TEST_F(Expressions, JunctionsTakeTheStrongest) {
  EXPECT_EQ(test(b.append(Op::and_, core::boolean_type(), none, {error(), maybe(), b.truth(false)})), Truth::no);
  EXPECT_EQ(test(b.append(Op::and_, core::boolean_type(), none, {b.truth(true), maybe(), error()})), Truth::error);
  EXPECT_EQ(test(b.append(Op::or_, core::boolean_type(), none, {error(), maybe(), b.truth(true)})), Truth::yes);
  EXPECT_EQ(test(b.append(Op::or_, core::boolean_type(), none, {maybe(), b.truth(false)})), Truth::unknown);
  EXPECT_EQ(test(b.not_(error())), Truth::error);
}

TEST_F(Expressions, AnUndecidedConditionGivesTheHull) {
  EXPECT_EQ(value(b.select(maybe(), b.integer(1), b.integer(3))), between(1, 3));
  EXPECT_TRUE(is_error(value(b.select(error(), b.integer(1), b.integer(3))), Kind::integer));
  // The branch not taken is not looked at.
  const ExprId overflow = b.add(b.integer(pos_inf - 1), b.integer(5));
  EXPECT_EQ(value(b.append(Op::select, core::integer_type(), none, {b.truth(false), overflow, b.integer(3)})), known(3));
}

// Their numbers in the pool of texts have an order, they have none.
TEST_F(Expressions, AnUndecidedTextIsNotKnownAtAll) {
  for (const Type& type : {core::text_type(), core::ref_type(0)}) {
    const auto one = [&](std::int64_t id) { return b.constant(known(id), type); };
    EXPECT_EQ(value(b.select(maybe(), one(1), one(3))), unknown_cell());
    EXPECT_EQ(value(b.select(maybe(), one(3), one(3))), known(3));
    EXPECT_EQ(value(b.table(HitPolicy::first, {{maybe(), one(1)}}, one(3))), unknown_cell());
    EXPECT_EQ(value(b.table(HitPolicy::unique, {{maybe(), one(1)}}, b.select(maybe(), one(1), one(3)))), unknown_cell());
    EXPECT_EQ(value(b.table(HitPolicy::unique, {{b.truth(false), one(1)}}, b.select(maybe(), one(1), one(3)))), unknown_cell());
  }
}

TEST_F(Expressions, ComparisonsHoldForEveryPairOrForNone) {
  EXPECT_EQ(test(b.compare(CmpOp::at_least, between_(3, 5), b.integer(3))), Truth::yes);
  EXPECT_EQ(test(b.compare(CmpOp::at_least, between_(3, 5), b.integer(4))), Truth::unknown);
  EXPECT_EQ(test(b.compare(CmpOp::over, between_(3, 5), b.integer(5))), Truth::no);
  const Type percent{Kind::percent, 0, none};
  const ExprId third = b.ratio(b.integer(1), b.integer(3));
  EXPECT_EQ(test(b.compare(CmpOp::over, third, b.constant(known(33), percent))), Truth::yes);
  EXPECT_EQ(test(b.compare(CmpOp::at_most, b.constant(known(34), percent), third)), Truth::no);
}

TEST_F(Expressions, ARatioOfNothingAnswersAsDeclared) {
  EXPECT_TRUE(is_error(value(b.ratio(b.integer(0), b.integer(0))), Kind::ratio));
  EXPECT_EQ(value(b.ratio(b.integer(0), b.integer(0), b.constant({1, 1, 2, 2}, core::ratio_type()))), (Cell{1, 1, 2, 2}));
  EXPECT_EQ(value(b.ratio(b.integer(2), b.integer(10))), (Cell{2, 2, 10, 10}));
}

TEST_F(Expressions, TablesWithEachHitPolicy) {
  const auto holds = b.truth(true), fails = b.truth(false);
  const auto n = [&](std::int64_t v) { return b.integer(v); };
  // unique
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{fails, n(1)}, {holds, n(2)}, {fails, n(3)}})), known(2));
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{holds, n(2)}, {maybe(), n(4)}, {fails, n(9)}})), between(2, 4));
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{holds, n(2)}, {holds, n(2)}, {fails, n(9)}})), known(2));
  EXPECT_TRUE(is_error(value(b.table(HitPolicy::unique, {{holds, n(2)}, {holds, n(3)}, {fails, n(9)}})), Kind::integer));
  EXPECT_TRUE(is_error(value(b.table(HitPolicy::unique, {{holds, between_(1, 2)}, {holds, between_(3, 4)}, {fails, n(9)}})), Kind::integer));
  EXPECT_TRUE(is_error(value(b.table(HitPolicy::unique, {{fails, n(2)}, {fails, n(3)}})), Kind::integer));
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{holds, n(2)}, {fails, n(3)}}, n(0))), known(2)) << "otherwise is not a row that holds";
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{fails, n(2)}, {fails, n(3)}}, n(0))), known(0));
  EXPECT_EQ(value(b.table(HitPolicy::unique, {{maybe(), n(2)}, {fails, n(3)}}, n(0))), between(0, 2));
  // first
  EXPECT_EQ(value(b.table(HitPolicy::first, {{fails, n(1)}, {holds, n(2)}, {holds, n(3)}})), known(2));
  EXPECT_EQ(value(b.table(HitPolicy::first, {{maybe(), n(1)}, {holds, n(2)}, {error(), n(3)}})), between(1, 2));
  EXPECT_TRUE(is_error(value(b.table(HitPolicy::first, {{maybe(), n(1)}, {error(), n(2)}, {holds, n(3)}})), Kind::integer));
  EXPECT_TRUE(is_error(value(b.table(HitPolicy::first, {{fails, n(1)}, {fails, n(2)}})), Kind::integer));
  // highest and lowest
  EXPECT_EQ(value(b.table(HitPolicy::highest, {{holds, n(2)}, {holds, n(6)}, {maybe(), n(4)}, {fails, n(9)}})), known(6));
  EXPECT_EQ(value(b.table(HitPolicy::highest, {{holds, n(2)}, {maybe(), n(4)}, {fails, n(9)}})), between(2, 4));
  EXPECT_EQ(value(b.table(HitPolicy::lowest, {{holds, n(2)}, {holds, n(6)}, {maybe(), n(1)}, {fails, n(0)}})), between(1, 2));
  EXPECT_EQ(value(b.table(HitPolicy::highest, {{holds, n(2)}, {fails, n(4)}}, n(7))), known(2));
  EXPECT_EQ(value(b.table(HitPolicy::highest, {{maybe(), n(2)}, {fails, n(4)}}, n(7))), between(2, 7));
}

TEST_F(Expressions, ChoicesMapAndCompare) {
  const std::uint32_t small = w.enumeration("small", {"a", "b"}), large = w.enumeration("large", {"x", "b", "a"});
  w.program.remaps.push_back({2, 1});
  const ExprId either = b.constant(choice_of(3), core::choice_type(small));
  EXPECT_EQ(value(b.remap(either, 0, large)), choice_of(6));
  EXPECT_EQ(value(b.remap(b.choice(small, 0), 0, large)), choice_of(4));
  EXPECT_EQ(value(b.greatest({b.choice(large, 1), b.constant(choice_of(5), core::choice_type(large))})), choice_of(6));
}

TEST_F(Expressions, DatesAndDurations) {
  EXPECT_EQ(value(b.shift(b.date(day(2025, 1, 31)), b.duration(1, 0))), known(day(2025, 2, 28)));
  EXPECT_EQ(value(b.shift_back(b.date(day(2025, 3, 31)), b.duration(1, 0))), known(day(2025, 2, 28)));
  EXPECT_EQ(value(b.calendar_part(Op::year_end, b.as_of())), known(day(2026, 1, 1)));
  EXPECT_EQ(value(b.calendar_part(Op::year, b.as_of())), known(2025));
  EXPECT_EQ(value(b.mul(b.duration(2, 0), b.integer(3))), known(6 * month_unit));
  EXPECT_EQ(value(b.neg(b.duration(2, 3))), known(-(2 * month_unit) - 3));
  EXPECT_EQ(value(b.age(b.date(day(1975, 7, 1)), b.as_of())), known(49));
}

TEST_F(Expressions, ParametersAndReadings) {
  const auto set = w.parameter("limit", core::integer_type(), known(5), true);
  const auto unset = w.parameter("other", core::integer_type(), unknown_cell(), false);
  EXPECT_EQ(value(b.parameter(set)), known(5));
  EXPECT_EQ(test(b.compare(CmpOp::over, b.parameter(unset), b.integer(0))), Truth::unknown);
  EXPECT_EQ(test(b.is_set(unset)), Truth::no);
}

TEST_F(Expressions, RoundingStatesItsWay) {
  const Type money{Kind::money, 2, none};
  const ExprId amount = b.constant(known(100005), Type{Kind::money, 3, none});
  EXPECT_EQ(value(b.round(amount, money, core::Rounding::half_up)), known(10001));
  EXPECT_EQ(value(b.round(amount, money, core::Rounding::half_even)), known(10000));
  EXPECT_EQ(value(b.round(b.ratio(b.integer(2), b.integer(3)), Type{Kind::percent, 1, none}, core::Rounding::down)), known(666));
  EXPECT_EQ(w.b.type(b.mul(b.constant(known(30), Type{Kind::percent, 0, none}), b.constant(known(1), money))).scale, 4);
}

// --- rows

struct Clinic : ::testing::Test {
  World w;
  core::Builder& b = w.b;
  EntityId facility = w.entity("facility"), person = w.entity("person"), visit = w.entity("visit", person);
  ColumnId site = w.column(visit, "site", core::ref_type(facility), ColumnKind::link);
  ColumnId cost = w.column(visit, "cost", core::integer_type());
  ColumnId on = w.dated(visit);
  std::uint32_t f1 = w.row(facility, "F1"), f2 = w.row(facility, "F2");
  std::uint32_t p1 = w.row(person, "P1"), p2 = w.row(person, "P2");

  std::uint32_t add(const std::string& key, std::uint32_t of, Cell where, Cell amount, Cell when) {
    return w.row(visit, key, of, {{site, where}, {cost, amount}, {on, when}});
  }
  ExprId fold(core::FoldKind kind, core::Source source, ExprId value_of_row = none, ExprId filter = none) {
    core::Fold f;
    f.kind = kind;
    f.source = std::move(source);
    f.value = value_of_row;
    f.filter = filter;
    return b.fold(f);
  }
  ExprId cost_of_row() { return b.column(b.row(1, visit), cost); }
};

TEST_F(Clinic, RowsDatedLaterAreNotThereAndUndecidedOnesMayBe) {
  add("V1", p1, known(f1), known(3), known(day(2025, 1, 1)));
  add("V2", p1, known(f1), known(4), known(day(2025, 8, 1)));
  add("V3", p1, known(f2), known(5), between(day(2025, 6, 1), day(2025, 7, 31)));
  const ExprId total = fold(core::FoldKind::sum, core::rows_from(w.this_row(person), person, {core::children_of(visit)}), cost_of_row());
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(total, p1), between(3, 8));
  EXPECT_EQ(i->evaluate(total, p2), known(0));
}

TEST_F(Clinic, AnUnknownLinkMayPointAnywhere) {
  add("V1", p1, known(f1), known(3), known(day(2025, 1, 1)));
  add("V2", p1, unknown_cell(), known(4), known(day(2025, 1, 1)));
  const ExprId at_site = fold(core::FoldKind::sum, core::rows_from(w.this_row(facility), facility, {core::linked_by(visit, site)}), cost_of_row());
  const ExprId sites = fold(core::FoldKind::count, core::rows_from(w.this_row(person), person, {core::children_of(visit), core::follow_to(facility, site)}));
  core::Source through = core::rows_from(w.this_row(person), person, {core::children_of(visit), core::follow_to(facility, site)});
  through.distinct = true;
  const ExprId distinct = fold(core::FoldKind::count, through);
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(at_site, f1), between(3, 7));
  EXPECT_EQ(i->evaluate(at_site, f2), between(0, 4));
  EXPECT_EQ(i->evaluate(sites, p1), between(1, pos_inf));
  EXPECT_EQ(i->evaluate(distinct, p1), between(1, pos_inf));
}

TEST_F(Clinic, DistinctCountsARowOnceHoweverManyWaysLeadToIt) {
  add("V1", p1, known(f1), known(3), between(day(2025, 1, 1), day(2025, 12, 31)));
  add("V2", p1, known(f1), known(4), known(day(2025, 1, 1)));
  add("V3", p1, known(f2), known(4), between(day(2025, 1, 1), day(2025, 12, 31)));
  core::Source through = core::rows_from(w.this_row(person), person, {core::children_of(visit), core::follow_to(facility, site)});
  const ExprId ways = fold(core::FoldKind::count, through);
  through.distinct = true;
  const ExprId once = fold(core::FoldKind::count, through);
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(ways, p1), between(1, 3));
  EXPECT_EQ(i->evaluate(once, p1), between(1, 2));
}

TEST_F(Clinic, ASureWayToARowOutweighsOneInErrorBeforeKeysAreAskedFor) {
  add("V1", p1, known(f1), known(3), number_error());
  add("V2", p1, known(f1), known(4), known(day(2025, 1, 1)));
  core::Source through = core::rows_from(w.this_row(person), person, {core::children_of(visit), core::follow_to(facility, site)});
  through.distinct = true;
  through.same.push_back({0, b.constant(unknown_cell(), core::text_type())});
  const ExprId once = fold(core::FoldKind::count, through);
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(once, p1), between(0, 1));
}

TEST_F(Clinic, APartitionFindsTheSameAsAScan) {
  for (int n = 0; n < 40; ++n)
    add("V" + std::to_string(n), n < 20 ? p1 : p2, n % 7 == 0 ? unknown_cell() : known(n % 2), known(n % 3), known(day(2025, 1, 1 + n % 5)));
  const auto with_same = [&](core::Source source) {
    source.same.push_back({cost, b.column(b.row(0, visit), cost)});
    return fold(core::FoldKind::count, source);
  };
  const auto scanned = [&](core::Source source) {
    return fold(core::FoldKind::count, source, none, b.compare(CmpOp::is, cost_of_row(), b.column(b.row(0, visit), cost)));
  };
  const ExprId parent = b.parent(b.row(0, visit)), link = b.column(b.row(0, visit), site);
  std::vector<std::pair<ExprId, ExprId>> pairs;
  for (const core::Source& s : {core::whole_of(visit), core::rows_from(parent, person, {core::children_of(visit)}), core::rows_from(link, facility, {core::linked_by(visit, site)})})
    pairs.emplace_back(with_same(s), scanned(s));
  const auto i = w.start(day(2025, 1, 3));
  for (const auto& [indexed, plain] : pairs)
    for (std::uint32_t row = 0; row < 40; ++row) EXPECT_EQ(i->evaluate(indexed, row), i->evaluate(plain, row)) << "row " << row;
}

TEST_F(Clinic, AnOpenRegisterBoundsNothing) {
  add("V1", p1, known(f1), known(3), known(day(2025, 1, 1)));
  w.program.schema.entities[visit].columns[cost].range_lo = 0;
  w.facts.tables[visit].open_for = {1, 0};
  const core::Source source = core::rows_from(w.this_row(person), person, {core::children_of(visit)});
  const ExprId count = fold(core::FoldKind::count, source), total = fold(core::FoldKind::sum, source, cost_of_row());
  const ExprId all = fold(core::FoldKind::count, core::whole_of(visit));
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(count, p1), between(1, pos_inf));
  EXPECT_EQ(i->evaluate(count, p2), known(0));
  EXPECT_EQ(i->evaluate(total, p1), between(3, pos_inf));
  EXPECT_EQ(i->evaluate(all), between(1, pos_inf));
}

TEST_F(Clinic, ARegisterThatIsNotSuppliedIsOpenEverywhere) {
  const ExprId any = fold(core::FoldKind::exists, core::rows_from(w.this_row(person), person, {core::children_of(visit)}));
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(any, p1), of(Truth::unknown));
}

TEST_F(Clinic, AColumnOfAnUnknownRowIsAsWideAsItIsDeclared) {
  const ColumnId beds = w.column(facility, "beds", core::integer_type());
  w.program.schema.entities[facility].columns[beds].range_lo = 1;
  w.program.schema.entities[facility].columns[beds].range_hi = 900;
  for (auto& t : w.facts.tables) t.columns.resize(w.program.schema.entities[t.entity == none ? 0 : t.entity].columns.size());
  w.facts.tables[facility].columns[beds].lo = {10, 20};
  w.facts.tables[facility].columns[beds].presence = {2, 2};
  add("V1", p1, unknown_cell(), known(3), known(day(2025, 1, 1)));
  add("V2", p1, known(f2), known(3), known(day(2025, 1, 1)));
  const ExprId of_site = b.column(b.column(w.this_row(visit), site), beds);
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->evaluate(of_site, 0), between(1, 900));
  EXPECT_EQ(i->evaluate(of_site, 1), known(20));
}

}  // namespace
}  // namespace tiao::interp::testing
