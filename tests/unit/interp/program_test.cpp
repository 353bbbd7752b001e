// Groups, ledgers, timelines and remedies as strata of one program.
#include "tests/unit/interp/points.hpp"

namespace tiao::interp::testing {
namespace {

using core::CmpOp;
using core::DeclKind;
using core::Modality;

TEST_F(Points, TheHighestOfOneActAndTheSumOverActs) {
  add("I1", p1, "a", known(day(2025, 3, 1)), Truth::no, known(2), facts::Presence::given);
  add("I2", p1, "a", known(day(2025, 2, 1)), Truth::no, known(3), facts::Presence::given);
  add("I3", p1, "b", known(day(2025, 4, 1)), Truth::no, known(1), facts::Presence::given);
  add("I4", p2, "a", known(day(2025, 4, 1)), Truth::no, known(2), facts::Presence::given);
  run();
  EXPECT_EQ(results->derived[scoring].parent, (Packed{p1, p1, p2}));
  EXPECT_EQ(report(total_report, p1), known(4));
  EXPECT_EQ(report(total_report, p2), known(2));
}

TEST_F(Points, AnUnknownActMayBelongToEachOrStandAlone) {
  add("I1", p1, "a", known(day(2025, 3, 1)), Truth::no, known(2), facts::Presence::given);
  add("I2", p1, "", known(day(2025, 3, 1)), Truth::no, known(3), facts::Presence::given);
  run();
  const DerivedRows& groups = results->derived[scoring];
  ASSERT_EQ(groups.parent.size(), 2u);
  EXPECT_EQ(static_cast<Truth>(groups.membership[0]), Truth::yes);
  EXPECT_EQ(static_cast<Truth>(groups.membership[1]), Truth::unknown);
  EXPECT_EQ(report(total_report, p1), between(2, 6));
}

TEST_F(Points, ARangeIsNarrowedByWhatWasChosen) {
  add("I1", p1, "a", known(day(2025, 3, 1)));                                                       // 1 to 3, nothing chosen
  add("I2", p2, "a", known(day(2025, 3, 1)), Truth::unknown, known(2), facts::Presence::given);     // chosen, whatever else
  run();
  EXPECT_EQ(report(total_report, p1), between(1, 3));
  EXPECT_EQ(report(total_report, p2), known(2));
  const RemedyTable& t = results->remedies[record];
  ASSERT_EQ(t.target.size(), 2u);
  EXPECT_EQ(t.lo[0].at(0), known(1));
  EXPECT_EQ(t.hi[0].at(0), known(3));
  EXPECT_EQ(t.lo[0].at(1), between(1, 10)) << "ten if it is grave";
  EXPECT_EQ(t.hi[0].at(1), between(3, 12));
  EXPECT_EQ(t.held[1], 1u);
  EXPECT_EQ(t.open[1], 2u);
  EXPECT_EQ(static_cast<Truth>(t.exercised[0]), Truth::unknown);
  EXPECT_EQ(static_cast<Truth>(t.exercised[1]), Truth::yes);
}

TEST_F(Points, CrossingNineSuspendsAcrossTheYearEndAndTwelveEnds) {
  add("I1", p1, "a", known(day(2024, 12, 10)), Truth::yes, known(10), facts::Presence::given);
  add("I2", p2, "a", known(day(2025, 5, 1)), Truth::yes, known(12), facts::Presence::given);
  w.row(post, "X1", p1, {{site, known(f1)}});
  w.row(post, "X2", p2, {{site, known(f1)}});
  w.row(post, "X3", p2, {{site, known(f1)}});
  as_of = day(2025, 2, 9);
  run();
  EXPECT_EQ(report(total_report, p1), known(0)) << "the new year starts at nothing";
  EXPECT_EQ(report(state_report, p1), choice_of(2)) << "but the suspension runs on";
  const RemedyTable& t = results->remedies[suspend];
  ASSERT_EQ(t.target.size(), 1u);
  EXPECT_EQ(t.from.at(0), known(day(2024, 12, 10)));
  EXPECT_EQ(t.until.at(0), known(day(2025, 2, 10)));
  EXPECT_EQ(report(share_report, f1), (Cell{1, 1, 2, 2})) << "a person with two posts counts once";
}

TEST_F(Points, TheEndWithoutAnEndRunsOn) {
  add("I2", p2, "a", known(day(2024, 5, 1)), Truth::yes, known(12), facts::Presence::given);
  run();
  EXPECT_EQ(report(state_report, p2), choice_of(4));
  EXPECT_EQ(report(state_report, p1), choice_of(1));
  EXPECT_TRUE(results->remedies[end].until.lo.empty()) << "nothing is said of an end";
}

TEST_F(Points, AnUndecidedDateMakesAnExtraStepThatMayGround) {
  add("I1", p1, "a", between(day(2025, 3, 1), day(2025, 3, 31)), Truth::yes, known(10), facts::Presence::given);
  run();
  const RemedyTable& t = results->remedies[suspend];
  ASSERT_EQ(t.target.size(), 1u);
  EXPECT_EQ(static_cast<Truth>(t.state[0]), Truth::unknown);
  EXPECT_EQ(t.from.at(0), between(day(2025, 3, 1), day(2025, 3, 31)));
  EXPECT_EQ(t.until.at(0), between(day(2025, 5, 1), day(2025, 5, 31)));
  EXPECT_EQ(report(state_report, p1), choice_of(1));
}

TEST_F(Points, YearsInARow) {
  for (const int year : {2023, 2024}) add("I" + std::to_string(year), p1, std::to_string(year), known(day(year, 5, 1)), Truth::yes, known(10), facts::Presence::given);
  add("I5", p2, "x", known(day(2023, 5, 1)), Truth::yes, known(10), facts::Presence::given);
  add("I6", p2, "y", known(day(2025, 5, 1)), Truth::yes, known(10), facts::Presence::given);
  run();
  EXPECT_EQ(report(streak_report, p1), of_truth(Truth::yes));
  EXPECT_EQ(report(streak_report, p2), of_truth(Truth::no));
}

TEST_F(Points, OnDemandIsTheSameAsARun) {
  for (int n = 0; n < 12; ++n)
    add("I" + std::to_string(n), n < 6 ? p1 : p2, n % 4 == 3 ? "" : std::string(1, static_cast<char>('a' + n % 3)),
        n % 5 == 2 ? between(day(2025, 1, n + 1), day(2025, 6, 1)) : known(day(2025, 1 + n % 6, 7)), static_cast<Truth>(n % 3), known(n % 2 ? 3 : 10),
        static_cast<facts::Presence>(n % 3));
  w.row(post, "X1", p1, {{site, known(f1)}});
  w.row(post, "X2", p2, {{site, unknown_cell()}});
  Interpreter& whole = run();
  Interpreter lazy(w.program, w.facts, {as_of});
  for (const RemedyId r : {end, suspend, record}) {
    const RemedyTable& table = results->remedies[r];
    const EntityId target = w.program.schema.remedies[r].target;
    const std::uint32_t targets = w.facts.tables[target].rows;
    std::size_t seen = 0;
    for (std::uint32_t t = targets; t-- > 0;) {
      const RowRange mine = lazy.remedy_rows(r, t), theirs = whole.remedy_rows(r, t);
      ASSERT_EQ(mine.end - mine.begin, theirs.end - theirs.begin);
      const RemedyTable& own = lazy.remedy_table(r);
      for (std::uint32_t k = 0; k < mine.end - mine.begin; ++k, ++seen) {
        const std::uint32_t a = mine.begin + k, c = theirs.begin + k;
        EXPECT_EQ(own.state[a], table.state[c]);
        EXPECT_EQ(own.lead[a], table.lead[c]);
        EXPECT_EQ(own.held[a], table.held[c]);
        if (r != record) { EXPECT_EQ(own.from.at(a), table.from.at(c)); }
        if (r == suspend) { EXPECT_EQ(own.until.at(a), table.until.at(c)); }
        if (r == record) { EXPECT_EQ(own.hi[0].at(a), table.hi[0].at(c)); }
      }
    }
    EXPECT_EQ(seen, table.target.size());
  }
  EXPECT_EQ(lazy.evaluate(w.program.reports[share_report].expr, f1), report(share_report, f1));
}

// --- combining ---------------------------------------------------------------------------------------------------------------------------

struct Combining : ::testing::Test {
  World w;
  core::Builder& b = w.b;
  EntityId person = w.entity("person"), event = w.entity("event", person);
  ColumnId on = w.column(event, "on", core::date_type()), amount = w.column(event, "amount", core::integer_type());
  ColumnId sure = w.column(event, "sure", core::boolean_type());
  std::uint32_t p1 = w.row(person, "P1");

  void add(const std::string& key, std::int64_t when, std::int64_t fine, Truth holds = Truth::yes) {
    w.row(event, key, p1, {{on, known(when)}, {amount, known(fine)}, {sure, of(holds)}});
  }
  core::Ground ground(RemedyId r, std::int64_t length, Modality modality = Modality::must) {
    const ExprId row = w.this_row(event);
    core::Ground g = w.ground(r, event, modality, b.column(row, sure), core::rows_from(b.parent(row), person));
    g.from = World::exactly(b.column(row, on));
    g.length = World::exactly(b.duration(length, 0));
    if (!g.params.empty()) g.params[0] = World::exactly(b.column(row, amount));
    return g;
  }
  const RemedyTable& run(RemedyId r) {
    w.stratum(DeclKind::remedy, r);
    interpreter = w.start(day(2025, 12, 31));
    return interpreter->run().remedies[r];
  }
  std::unique_ptr<Interpreter> interpreter;
};

TEST_F(Combining, OnceMergesAllGroundsOfOneTarget) {
  add("E1", day(2025, 4, 1), 5);
  add("E2", day(2025, 2, 1), 9);
  const RemedyId r = w.remedy("fine", person, Combine::once, {{"amount", "", core::integer_type()}});
  w.program.grounds = {ground(r, 1), ground(r, 3)};
  const RemedyTable& t = run(r);
  ASSERT_EQ(t.target.size(), 1u);
  EXPECT_EQ(t.from.at(0), known(day(2025, 2, 1)));
  EXPECT_EQ(t.until.at(0), known(day(2025, 7, 1)));
  EXPECT_EQ(t.length.at(0), months(3));
  EXPECT_EQ(t.lo[0].at(0), known(9));
  EXPECT_EQ(t.held[0], 3u);
  EXPECT_EQ(t.scope_row[0], 0u);
}

// One way to the target is sure, another in error: the target is surely meant, and what is unknown is the ground alone.
TEST_F(Combining, SeveralWaysToATargetAreJoinedBeforeTheStateIsAsked) {
  w.program.schema.entities[event].dated_column = on;
  w.row(event, "E1", p1, {{on, known(day(2025, 4, 1))}});
  w.row(event, "E2", p1, {{on, number_error()}});
  const RemedyId r = w.remedy("notice", person, Combine::once);
  const ExprId row = w.this_row(person);
  w.program.grounds = {w.ground(r, person, Modality::must, b.truth(Truth::unknown), core::rows_from(row, person, {core::children_of(event), core::parent_in(person)}))};
  const RemedyTable& t = run(r);
  ASSERT_EQ(t.target.size(), 1u);
  EXPECT_EQ(static_cast<Truth>(t.state[0]), Truth::unknown);
}

TEST_F(Combining, LongestMergesWhatOneRowGrounds) {
  add("E1", day(2025, 4, 1), 5);
  add("E2", day(2025, 2, 1), 9);
  const RemedyId r = w.remedy("pause", person, Combine::longest, {{"amount", "", core::integer_type()}});
  w.program.grounds = {ground(r, 1), ground(r, 3)};
  const RemedyTable& t = run(r);
  ASSERT_EQ(t.target.size(), 2u);
  EXPECT_EQ(t.until.at(0), known(day(2025, 7, 1)));
  EXPECT_EQ(t.until.at(1), known(day(2025, 5, 1)));
}

TEST_F(Combining, EachMergesNothingAndSumAddsUp) {
  add("E1", day(2025, 4, 1), 5);
  const RemedyId each = w.remedy("notice", person, Combine::each, {{"amount", "", core::integer_type()}});
  const RemedyId sum = w.remedy("fine", person, Combine::sum, {{"amount", "", core::integer_type()}});
  w.program.schema.remedies[sum].combine_param = 0;
  w.program.grounds = {ground(each, 1), ground(each, 3), ground(sum, 1), ground(sum, 3)};
  w.stratum(DeclKind::remedy, each);
  const RemedyTable& t = run(sum);
  EXPECT_EQ(interpreter->remedy_table(each).target.size(), 2u);
  ASSERT_EQ(t.target.size(), 1u);
  EXPECT_EQ(t.lo[0].at(0), known(10));
}

TEST_F(Combining, ModalitiesStandSideBySideAndOnlyExercisedPowersAreSeen) {
  add("E1", day(2025, 4, 1), 5);
  add("E2", day(2025, 5, 1), 5, Truth::unknown);
  const RemedyId r = w.remedy("pause", person, Combine::once);
  w.program.grounds = {ground(r, 1, Modality::may), ground(r, 3, Modality::must), ground(r, 3, Modality::must_not)};
  const RemedyTable& t = run(r);
  ASSERT_EQ(t.target.size(), 3u);
  EXPECT_EQ(t.modality, (Packed{0, 1, 2}));
  const DerivedRows& seen = interpreter->run().derived[w.program.schema.remedies[r].rows];
  EXPECT_EQ(seen.parent.size(), 1u) << "a power without a record of its exercise does nothing here, and a bar never does";
}

TEST_F(Combining, AnUndecidedGroundLeavesTheEndOpen) {
  add("E1", day(2025, 4, 1), 5);
  add("E2", day(2025, 8, 1), 7, Truth::unknown);
  const RemedyId r = w.remedy("pause", person, Combine::once, {{"amount", "", core::integer_type()}});
  w.program.grounds = {ground(r, 1)};
  const RemedyTable& t = run(r);
  EXPECT_EQ(static_cast<Truth>(t.state[0]), Truth::yes);
  EXPECT_EQ(t.from.at(0), known(day(2025, 4, 1)));
  EXPECT_EQ(t.until.at(0), between(day(2025, 5, 1), day(2025, 9, 1)));
  EXPECT_EQ(t.lo[0].at(0), between(5, 7));
}

// --- duties, checks ------------------------------------------------------------------------------------------------------------------------

TEST(Duties, FourWaysAndNotApplicable) {
  World w;
  core::Builder& b = w.b;
  const EntityId claim = w.entity("claim");
  const ColumnId when = w.column(claim, "when", core::boolean_type()), done = w.column(claim, "done", core::date_type());
  const Cell never = known(never_day);
  w.row(claim, "C1", none, {{when, of(Truth::yes)}, {done, known(day(2025, 3, 1))}});
  w.row(claim, "C2", none, {{when, of(Truth::yes)}, {done, known(day(2025, 5, 1))}});
  w.row(claim, "C3", none, {{when, of(Truth::yes)}, {done, never}});
  w.row(claim, "C4", none, {{when, of(Truth::no)}, {done, never}});
  w.row(claim, "C5", none, {{when, of(Truth::yes)}});
  w.row(claim, "C6", none, {{done, never}});
  const ExprId row = w.this_row(claim), a = b.column(row, done), due = b.date(day(2025, 4, 1)), t = b.as_of();
  core::Duty d;
  d.scope = claim;
  d.when = b.column(row, when);
  d.done = a;
  d.due = due;
  d.fulfilled = b.compare(CmpOp::at_most, a, due);
  d.breached = b.and_({b.compare(CmpOp::over, a, due), b.compare(CmpOp::over, t, due)});
  d.pending = b.and_({b.compare(CmpOp::over, a, t), b.compare(CmpOp::at_most, t, due)});
  w.program.duties.push_back(d);
  w.stratum(DeclKind::duty, 0);
  core::Require r;
  r.scope = claim;
  r.condition = b.compare(CmpOp::at_most, a, due);
  w.program.requires_.push_back(r);
  w.stratum(DeclKind::require, 0);
  const auto late = w.start(day(2025, 6, 1));
  const Results& results = late->run();
  const auto state = [&](std::size_t i) { return static_cast<DutyState>(results.duties[0].state[i]); };
  EXPECT_EQ(state(0), DutyState::fulfilled);
  EXPECT_EQ(state(1), DutyState::breached);
  EXPECT_EQ(state(2), DutyState::breached);
  EXPECT_EQ(state(3), DutyState::not_applicable);
  EXPECT_EQ(state(4), DutyState::undetermined);
  EXPECT_EQ(state(5), DutyState::undetermined);
  EXPECT_EQ(static_cast<Truth>(results.requires_[0][1]), Truth::yes);
  EXPECT_EQ(static_cast<Truth>(results.requires_[0][4]), Truth::unknown);
  Interpreter early(w.program, w.facts, {day(2025, 3, 15)});
  EXPECT_EQ(early.duty_state(0, 2), DutyState::pending);
  ASSERT_EQ(late->needs_of_duty(0, 4).size(), 1u);
  EXPECT_EQ(late->needs_of_duty(0, 4)[0].name, "claim[C5].done");
  EXPECT_EQ(late->needs_of_duty(0, 5)[0].name, "claim[C6].when");
}

}  // namespace
}  // namespace tiao::interp::testing
