#include <optional>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

using Rows = std::vector<std::uint32_t>;
using Bytes = std::vector<std::uint8_t>;
using program::Modality;
using program::ParamForm;

constexpr EntityId practitioner = 0, step = 1;
enum : std::uint32_t { target_col, from_col, until_col, length_col, points_col };

// A remedy on three practitioners, grounded on rows of a step entity or of the practitioners themselves.
struct Remedying : ::testing::Test {
  Columns columns;
  Schema schema;
  Remedy remedy;
  RemedyInput input;
  std::optional<RemedyResult> result;

  void SetUp() override {
    schema.enums.push_back({"grade", "", true, {{"low", ""}, {"mid", ""}, {"top", ""}}});
    remedy.target = practitioner;
    remedy.params = {{"points", "", {Kind::integer}, 0, 12}};
    input.targets = 3;
  }
  // On the practitioners themselves.
  GroundInput& ground(const Bytes& state, Modality modality = Modality::must) {
    GroundInput g;
    g.ground = 10 + static_cast<std::uint32_t>(input.grounds.size());
    g.modality = modality;
    g.actor = 0;
    g.scope = practitioner;
    g.scope_rows = static_cast<std::uint32_t>(state.size());
    g.state = columns.truth_vec(state);
    g.params.resize(remedy.params.size());
    input.grounds.push_back(g);
    return input.grounds.back();
  }
  // On steps, whose practitioners are `owners`.
  GroundInput& step_ground(const Bytes& state, const Rows& owners, Modality modality = Modality::must) {
    GroundInput& g = ground(state, modality);
    g.scope = step;
    g.targets.row = columns.rows(owners);
    return g;
  }
  RuleInput exact(const std::vector<Cell>& values) { return {ParamForm::exact, columns.numbers(values), {}}; }
  RuleInput range(std::int64_t lo, std::int64_t hi) { return {ParamForm::range, columns.constant(lo), columns.constant(hi)}; }
  void run() {
    input.schema = &schema;
    input.remedy = &remedy;
    result.emplace(combine_remedy(input));
  }
  const RemedyTable& table() const { return result->table; }
  static std::vector<Cell> cells(const CellColumn& c) {
    std::vector<Cell> out;
    for (std::size_t i = 0; i < c.lo.size(); ++i) out.push_back(c.at(i));
    return out;
  }
};

TEST_F(Remedying, MergesAllGroundsOfATargetUnderOnce) {
  ground({T, F, U});
  ground({T, F, T});
  run();
  EXPECT_EQ(table().target, (Packed{0, 2}));
  EXPECT_EQ(table().state, (Packed{T, T}));
  EXPECT_EQ(table().lead, (Packed{10, 11}));
  EXPECT_EQ(table().held, (Packed{3, 2}));
  EXPECT_EQ(table().open, (Packed{0, 1}));
  EXPECT_EQ(memberships(result->visible), (Bytes{T, T}));
  EXPECT_EQ(list(result->visible.offsets), (Rows{0, 1, 1, 2}));
  EXPECT_EQ(list(result->lead), (Rows{0, 1}));
}

TEST_F(Remedying, NamesTheFirstThatHoldsThenTheFirstThatMayThenTheFirstInError) {
  ground({E, E, U});
  ground({U, E, U});
  run();
  EXPECT_EQ(table().state, (Packed{E, E, U}));
  EXPECT_EQ(table().lead, (Packed{11, 10, 10}));
  EXPECT_EQ(table().open, (Packed{2, 0, 3}));
}

TEST_F(Remedying, KeepsModalitiesActorsAndAlternativesApart) {
  ground({T, F, F}, Modality::may);
  ground({T, F, F});
  ground({T, F, F}).actor = 1;
  ground({T, F, F}).alternative = 1;
  ground({T, F, F}, Modality::must_not);
  run();
  EXPECT_EQ(table().lead, (Packed{11, 12, 13, 14, 10})) << "by modality, then leading ground";
  EXPECT_EQ(result->visible.rows, 3u) << "a bar does not flow on, nor a power without its exercise";
}

TEST_F(Remedying, WhatMustBeAndMustNotBeAreBothErrors) {
  ground({T, T, U}, Modality::must_not);
  ground({T, F, T});
  run();
  EXPECT_EQ(table().target, (Packed{0, 0, 1, 2, 2}));
  EXPECT_EQ(table().state, (Packed{E, E, T, U, U}));
  EXPECT_EQ(table().held, (Packed{2, 1, 1, 2, 0}));
  EXPECT_EQ(memberships(result->visible), (Bytes{E, U}));
}

TEST_F(Remedying, NothingIsOpposedAcrossPersonsAlternativesAndPowers) {
  ground({T, T, T}, Modality::must_not);
  ground({T, F, F}).actor = 1;
  ground({F, T, F}).alternative = 1;
  ground({F, F, T}, Modality::may);
  run();
  EXPECT_EQ(table().state, (Packed{T, T, T, T, T, T}));
}

TEST_F(Remedying, SomebodyNobodyNamedIsOpposedToEverybody) {
  ground({T, T, F}, Modality::must_not).actor = none;
  ground({T, F, F}, Modality::automatic);
  ground({F, T, F}).actor = 7;
  run();
  EXPECT_EQ(table().state, (Packed{E, E, E, E}));
}

TEST_F(Remedying, OpposedOnlyWhileBothRun) {
  GroundInput& bar = ground({T, T, T}, Modality::must_not);
  bar.from = exact(all_known({100, 100, 100}));
  bar.until = exact(all_known({110, 110, 110}));
  GroundInput& act = ground({T, T, T});
  act.from = exact({known(110), known(109), between(105, 120)});
  act.length = exact(all_known({days(5), days(5), days(5)}));
  run();
  EXPECT_EQ(table().state, (Packed{T, T, E, E, U, U}));
}

TEST_F(Remedying, MergesOnlyTheGroundsOfOneScopeRowUnderLongest) {
  remedy.combine = Combine::longest;
  GroundInput& a = step_ground({T, F, T}, {1, 1, 1});
  a.from = exact(all_known({100, 0, 300}));
  a.length = exact(all_known({days(5), 0, days(5)}));
  GroundInput& b = step_ground({T, T, F}, {1, 1, 1});
  b.from = exact(all_known({90, 200, 0}));
  b.length = exact(all_known({days(7), days(1), 0}));
  run();
  EXPECT_EQ(table().target, (Packed{1, 1, 1}));
  EXPECT_EQ(table().lead, (Packed{10, 10, 11}));
  EXPECT_EQ(table().scope_row, (Packed{0, 2, 1}));
  EXPECT_EQ(cells(table().from), all_known({90, 300, 200}));
  EXPECT_EQ(cells(table().length), all_known({days(7), days(5), days(1)}));
  EXPECT_EQ(cells(table().until), all_known({105, 305, 201}));
  EXPECT_EQ(column(result->visible, until_col), all_known({105, 305, 201}));
}

// Beside the leading ground: (table row, ground, scope row).
std::vector<Rows> further(const RemedyTable& table) {
  std::vector<Rows> out;
  for (std::size_t i = 0; i < table.further.size(); ++i)
    out.push_back({static_cast<std::uint32_t>(table.further.at[i]), static_cast<std::uint32_t>(table.further.ground[i]), static_cast<std::uint32_t>(table.further.scope_row[i])});
  return out;
}

TEST_F(Remedying, KeepsOnWhichFurtherRowsAMergedRowRests) {
  step_ground({U, T, T, U, T, U}, {0, 0, 0, 1, 1, 2});
  step_ground({T, F, U, F, E, U}, {0, 0, 0, 1, 1, 2});
  run();
  EXPECT_EQ(table().target, (Packed{0, 1, 2}));
  EXPECT_EQ(table().lead, (Packed{10, 10, 10}));
  EXPECT_EQ(table().scope_row, (Packed{1, 4, 5}));
  EXPECT_EQ(further(table()), (std::vector<Rows>{{0, 10, 2}, {0, 11, 0}, {2, 11, 5}}));
}

TEST_F(Remedying, KeepsNoFurtherRowWhereItIsTheTargetOrWhereRowsAreApart) {
  ground({T, T, F});
  ground({T, T, F});
  run();
  EXPECT_EQ(table().further.size(), 0u);
  EXPECT_EQ(table().further.bytes(), 0u);
  step_ground({T, E}, {1, 2});
  step_ground({E, E}, {1, 2});
  run();
  EXPECT_EQ(further(table()), (std::vector<Rows>{{1, 12, 0}}));
  remedy.combine = Combine::longest;
  run();
  EXPECT_EQ(table().further.size(), 0u);
}

TEST_F(Remedying, MergesNothingUnderEach) {
  remedy.combine = Combine::each;
  step_ground({T, T}, {0, 0});
  step_ground({T, F}, {0, 0});
  run();
  EXPECT_EQ(table().lead, (Packed{10, 10, 11}));
  EXPECT_EQ(table().scope_row, (Packed{0, 1, 0}));
}

TEST_F(Remedying, FoldsWhatUndecidedGroundsMayAdd) {
  ground({T, U, U}).params[0] = exact(all_known({3, 3, 3}));
  ground({U, U, F}).params[0] = exact(all_known({5, 5, 5}));
  run();
  EXPECT_EQ(cells(table().lo[0]), (std::vector<Cell>{between(3, 5), between(3, 5), known(3)}));
  EXPECT_EQ(table().state, (Packed{T, U, U}));
}

TEST_F(Remedying, SumsTheParameterThatTheRemedySums) {
  remedy.combine = Combine::sum;
  remedy.combine_param = 0;
  ground({T, U, E}).params[0] = exact(all_known({3, 3, 3}));
  ground({T, T, T}).params[0] = exact({known(5), known(5), known(5)});
  run();
  EXPECT_EQ(cells(table().lo[0]), (std::vector<Cell>{known(8), between(5, 8), number_error()}));
  EXPECT_EQ(table().state, (Packed{T, T, T})) << "a ground that holds absorbs one in error, its parameters do not";
}

TEST_F(Remedying, FoldsTheTwoEndsOfAPermittedRange) {
  ground({T, F, F}).params[0] = range(1, 3);
  ground({T, T, F}).params[0] = range(2, 6);
  ground({F, F, T}).params[0] = {ParamForm::at_most, {}, columns.constant(7)};
  run();
  EXPECT_EQ(cells(table().lo[0]), all_known({2, 2, 0})) << "at most: from the declared bound";
  EXPECT_EQ(cells(table().hi[0]), all_known({6, 6, 7}));
  EXPECT_EQ(column(result->visible, points_col), (std::vector<Cell>{between(2, 6), between(2, 6), between(0, 7)}));
}

TEST_F(Remedying, LeavesWhatNoGroundSaysEmptyAndShowsItAsOpen) {
  ground({T, F, F});
  run();
  EXPECT_TRUE(table().from.lo.empty());
  EXPECT_TRUE(table().until.lo.empty());
  EXPECT_TRUE(table().lo[0].lo.empty());
  EXPECT_EQ(column(result->visible, from_col), (std::vector<Cell>{between(neg_inf, never_day)}));
  EXPECT_EQ(column(result->visible, until_col), all_known({unstated_day}));
  EXPECT_EQ(column(result->visible, length_col), all_known({unstated_duration}));
  EXPECT_EQ(column(result->visible, points_col), (std::vector<Cell>{between(0, 12)}));
}

TEST_F(Remedying, RunsOpenWhenOneOfItsGroundsSetsNoEnd) {
  GroundInput& a = ground({T, T, F});
  a.from = exact(all_known({100, 100, 100}));
  a.length = exact(all_known({days(5), days(5), days(5)}));
  ground({F, T, T}).from = exact(all_known({80, 80, 80}));
  run();
  EXPECT_EQ(cells(table().from), all_known({100, 80, 80}));
  EXPECT_EQ(cells(table().until), all_known({105, unstated_day, unstated_day}));
  EXPECT_EQ(cells(table().length), (std::vector<Cell>{known(days(5)), known(days(5)), between(neg_inf, pos_inf)}));
}

TEST_F(Remedying, ShowsAPowerAsFarAsItWasExercised) {
  remedy.chosen_param = 0;
  remedy.chosen_column = 3;
  ground({T, T, T}, Modality::may).params[0] = range(1, 3);
  input.chosen = columns.numbers({known(2), between(2, 12), between(0, 12)});
  input.chosen_presence = columns.truth_vec({2, 1, 0});   // given, null, absent
  run();
  EXPECT_EQ(table().exercised, (Packed{T, U, F}));
  EXPECT_EQ(table().state, (Packed{T, T, T}));
  EXPECT_EQ(list(result->visible.parent), (Rows{0, 1}));
  EXPECT_EQ(memberships(result->visible), (Bytes{T, U}));
  EXPECT_EQ(column(result->visible, points_col), (std::vector<Cell>{known(2), between(2, 3)}));
}

TEST_F(Remedying, ShowsADutyWhoseAmountIsYetToBeChosen) {
  remedy.chosen_param = 0;
  remedy.chosen_column = 3;
  ground({T, T, T}).params[0] = range(1, 3);
  input.chosen = columns.numbers({known(9), between(5, 12), between(0, 12)});
  input.chosen_presence = columns.truth_vec({2, 2, 0});
  run();
  EXPECT_EQ(table().exercised, (Packed{T, T, U}));
  EXPECT_EQ(cells(table().chosen), (std::vector<Cell>{known(9), between(5, 12), between(0, 12)}));
  EXPECT_EQ(memberships(result->visible), (Bytes{T, T, T}));
  EXPECT_EQ(column(result->visible, points_col), (std::vector<Cell>{known(9), between(5, 12), between(1, 3)}))
      << "a choice outside the range still counts";
}

TEST_F(Remedying, ReachesEveryTargetOfAScopeRowWithItsMembership) {
  GroundInput& g = ground({T, U});
  g.scope = step;
  g.targets = columns.children({2, 2});
  g.targets.row = columns.rows({0, 2, 2, none});
  g.target_in = columns.truths({T, U, T, T});
  run();
  EXPECT_EQ(table().target, (Packed{0, 2}));
  EXPECT_EQ(table().state, (Packed{T, U}));
  EXPECT_EQ(table().scope_row, (Packed{0, 0}));
}

TEST_F(Remedying, OrdersChoicesOfAParameter) {
  remedy.params = {{"grade", "", {Kind::choice, 0, 0}, neg_inf, pos_inf}};
  ground({T, T, F}).params[0] = {ParamForm::exact, columns.masks({0b001, 0b001, 0b001}), {}};
  ground({T, U, F}).params[0] = {ParamForm::exact, columns.masks({0b100, 0b100, 0b100}), {}};
  ground({F, F, T}).params[0] = {ParamForm::at_least, columns.masks({0b010, 0b010, 0b010}), {}};
  run();
  EXPECT_EQ(cells(table().lo[0]), all_known({0b100, 0b101, 0b010}));
  EXPECT_EQ(column(result->visible, points_col), all_known({0b100, 0b101, 0b110}));
}

TEST_F(Remedying, SkipsLongRunsOfScopeRowsWithoutMissingOne) {
  Bytes state(1000, F);
  Rows owners(1000, 1);
  for (const std::uint32_t hit : {0u, 7u, 8u, 500u, 999u}) state[hit] = T;
  remedy.combine = Combine::each;
  step_ground(state, owners);
  run();
  EXPECT_EQ(table().scope_row, (Packed{0, 7, 8, 500, 999}));
}

TEST_F(Remedying, ATargetThatIsNotKnownMayBeAny) {
  GroundInput& g = step_ground({T, T, F}, {1, none, none});
  g.elsewhere = columns.truths({0, 1, 1});
  input.target_membership = columns.truths({T, T, F});
  run();
  EXPECT_EQ(table().target, (Packed{0, 1}));
  EXPECT_EQ(table().state, (Packed{U, T})) << "the named one is sure; what is not there is no target";
}

TEST_F(Remedying, ATargetInErrorPutsAllInError) {
  step_ground({T}, {none}).elsewhere = columns.truths({2});
  run();
  EXPECT_EQ(table().target, (Packed{0, 1, 2}));
  EXPECT_EQ(table().state, (Packed{E, E, E}));
}

TEST_F(Remedying, IsOpenWhereItsSourcesAre) {
  ground({F, F, F}).unseen = columns.truths({0, 1, 0});
  ground({F, F, F}, Modality::must_not).unseen = columns.truths({1, 0, 0});
  run();
  EXPECT_EQ(list(result->visible.open), (Bytes{0, 1, 0}));
  EXPECT_EQ(result->visible.rows, 0u);
}

// Known and open ends, ends in error, and a length that moves a day past the end of its month: the quick way of a column, the general one, and threads.
TEST_F(Remedying, FillsColumnsTheSameWayForAnyNumberOfThreads) {
  constexpr std::uint32_t targets = 40'000;
  remedy.combine = Combine::longest;
  input.targets = targets;
  Bytes state;
  Rows owners;
  std::vector<Cell> from, length, points;
  for (std::uint32_t t = 0; t < targets; ++t)
    for (std::uint32_t i = 0; i < t % 3; ++i) {
      const std::uint32_t n = t * 2 + i;
      state.push_back(n % 5 == 0 ? F : n % 7 == 0 ? U : n % 101 == 0 ? E : T);
      owners.push_back(t);
      from.push_back(n % 997 == 0 ? number_error() : n % 13 == 0 ? between(day(2024, 1, 30), day(2024, 1, 31)) : known(day(2024, 1, 31) + n % 4));
      length.push_back(n % 17 == 0 ? between(months(1), months(3)) : known(months(1 + n % 2)));
      points.push_back(n % 11 == 0 ? between(2, 4) : known(n % 9));
    }
  GroundInput& g = step_ground(state, owners);
  g.in_order = true;
  g.from = exact(from);
  g.length = exact(length);
  g.params[0] = exact(points);
  run();
  const RemedyTable one = table();
  for (std::size_t row = 0, step = 0; row < one.target.size(); ++row, ++step) {
    while (state[step] == F) ++step;
    ASSERT_EQ(one.target[row], owners[step]);
    ASSERT_EQ(one.scope_row[row], static_cast<std::int64_t>(step));
    ASSERT_EQ(one.state[row], state[step]);
    ASSERT_EQ(one.held[row], state[step] == T);
    const bool failed = state[step] == E, no_day = failed || from[step].lo > from[step].hi;
    ASSERT_EQ(one.from.at(row), no_day ? number_error() : from[step]);
    ASSERT_EQ(one.until.at(row), no_day ? number_error() : scalar::shift(from[step], length[step]));
    ASSERT_EQ(one.until_hi.at(row), one.until.at(row));
    ASSERT_EQ(one.length.at(row), failed ? number_error() : length[step]);
    ASSERT_EQ(one.lo[0].at(row), failed ? number_error() : points[step]);
  }
  for (const std::uint32_t threads : {2u, 5u}) {
    input.threads = threads;
    run();
    const RemedyTable& more = table();
    for (const auto& [a, b] : {std::pair(&one.target, &more.target), std::pair(&one.scope_row, &more.scope_row), std::pair(&one.held, &more.held), std::pair(&one.open, &more.open),
                               std::pair(&one.state, &more.state), std::pair(&one.lead, &more.lead), std::pair(&one.from.lo, &more.from.lo), std::pair(&one.from.hi, &more.from.hi),
                               std::pair(&one.until.lo, &more.until.lo), std::pair(&one.until_hi.hi, &more.until_hi.hi), std::pair(&one.length_hi.hi, &more.length_hi.hi),
                               std::pair(&one.lo[0].hi, &more.lo[0].hi), std::pair(&one.hi[0].lo, &more.hi[0].lo)})
      ASSERT_EQ(*a, *b);
  }
}

// A ground that stands alone and meets its targets in order is gathered as it comes; the same ground without that promise is not.
TEST_F(Remedying, GathersASingleGroundInOrderAsAnyOther) {
  constexpr std::uint32_t targets = 700;
  input.targets = targets;
  Bytes state, there, unseen;
  Rows owners;
  std::vector<Cell> from;
  for (std::uint32_t t = 0; t < targets; ++t) {
    unseen.push_back(t % 50 == 49);
    for (std::uint32_t i = 0; i < t * 7 % 5; ++i) {
      const std::uint32_t n = t * 5 + i;
      state.push_back(n % 3 == 0 ? F : n % 7 == 0 ? U : n % 31 == 0 ? E : T);
      there.push_back(n % 17 == 0 ? F : n % 13 == 0 ? U : T);
      owners.push_back(n % 41 == 0 ? none : t);
      from.push_back(n % 19 == 0 ? between(day(2024, 1, 1), day(2024, 1, 9)) : known(day(2024, 1, 1) + n % 11));
    }
  }
  for (const Combine combine : {Combine::once, Combine::each, Combine::longest})
    for (const Modality modality : {Modality::must, Modality::may, Modality::must_not})
      for (const bool all_there : {false, true}) {
        remedy.combine = combine;
        input.grounds.clear();
        GroundInput& g = step_ground(state, owners, modality);
        g.target_in = all_there ? nullptr : columns.truths(there);
        g.unseen = columns.truths(unseen);
        g.from = exact(from);
        run();
        const RemedyResult any = std::move(*result);
        g.in_order = true;
        run();
        ASSERT_GT(any.table.target.size(), 300u);
        const RemedyTable &a = any.table, &b = table();
        for (const auto& [x, y] : {std::pair(&a.target, &b.target), std::pair(&a.state, &b.state), std::pair(&a.modality, &b.modality), std::pair(&a.lead, &b.lead),
                                   std::pair(&a.scope_row, &b.scope_row), std::pair(&a.held, &b.held), std::pair(&a.open, &b.open), std::pair(&a.further.at, &b.further.at),
                                   std::pair(&a.further.scope_row, &b.further.scope_row), std::pair(&a.from.lo, &b.from.lo), std::pair(&a.from.hi, &b.from.hi)})
          ASSERT_EQ(*x, *y);
        const DerivedTable &v = any.visible, &w = result->visible;
        ASSERT_EQ(v.rows, w.rows);
        ASSERT_EQ(list(v.parent), list(w.parent));
        ASSERT_EQ(list(v.offsets), list(w.offsets));
        ASSERT_EQ(list(v.membership), list(w.membership));
        ASSERT_EQ(list(v.open), list(w.open));
        ASSERT_EQ(list(any.lead), list(result->lead));
      }
}

// The two permitted ends are the same for long, and then are not; likewise what is known and what is a range.
TEST_F(Remedying, TellsPermittedEndsApartFromWhereTheyDiffer) {
  constexpr std::uint32_t rows = 3000;
  remedy.combine = Combine::each;
  input.targets = rows;
  for (const std::uint32_t from : {0u, 1u, 511u, 512u, 1700u, 2999u, rows})
    for (const std::uint32_t ranges_from : {100u, 1024u, rows}) {
      std::vector<Cell> lo, hi;
      for (std::uint32_t row = 0; row < rows; ++row) {
        lo.push_back(row >= ranges_from && row % 3 == 0 ? between(row % 10, row % 10 + 1) : known(row % 10));
        hi.push_back(row >= from && row % 2 == 0 ? known(12) : lo.back());
      }
      input.grounds.clear();
      ground(Bytes(rows, T)).params[0] = {ParamForm::range, columns.numbers(lo), columns.numbers(hi)};
      run();
      ASSERT_EQ(cells(table().lo[0]), lo) << from << ' ' << ranges_from;
      ASSERT_EQ(cells(table().hi[0]), hi) << from << ' ' << ranges_from;
    }
}

}  // namespace
}  // namespace tiao::engine
