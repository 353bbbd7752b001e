#include <optional>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

constexpr std::int64_t normal = 1, suspended = 2, ended = 4;   // masks
constexpr std::uint64_t together = 1, in_turn = 2, topped_up = 4;

struct Given { std::uint8_t in = T; std::int64_t state = suspended; Cell from; Cell length; };
struct Cut { std::uint8_t in = T; Cell date, amount; };

struct Timeline : ::testing::Test {
  Columns columns;
  TimelineInput input;
  std::optional<SpanResult> result;

  void SetUp() override {
    input.owners = 1;
    input.states = 3;
    input.ways = {together, together, together};
  }
  void on(const std::vector<Given>& spans) {
    OnInput o;
    std::vector<std::uint8_t> in;
    std::vector<std::int64_t> states;
    std::vector<Cell> from, length;
    for (const Given& s : spans) {
      in.push_back(s.in);
      states.push_back(s.state);
      from.push_back(s.from);
      length.push_back(s.length);
    }
    o.rows = columns.children({static_cast<std::uint32_t>(spans.size())});
    o.in = columns.truths(in);
    o.state = columns.masks(states);
    o.from = columns.numbers(from);
    o.length = columns.numbers(length);
    o.first_cause = static_cast<std::uint32_t>(input.on.size()) * 3;
    input.on.push_back(o);
  }
  void shorten(const std::vector<Cut>& cuts) {
    ShortenInput s;
    std::vector<std::uint8_t> in;
    std::vector<Cell> dates, amounts;
    for (const Cut& c : cuts) {
      in.push_back(c.in);
      dates.push_back(c.date);
      amounts.push_back(c.amount);
    }
    s.rows = columns.children({static_cast<std::uint32_t>(cuts.size())});
    s.in = columns.truths(in);
    s.date = columns.numbers(dates);
    s.amount = columns.numbers(amounts);
    input.shorten.push_back(s);
  }
  void run() { result.emplace(build_spans(input)); }
  std::vector<Cell> from() const { return column(result->spans, 2); }
  std::vector<Cell> until() const { return column(result->spans, 3); }
  std::int64_t state(int y, int m, int d) const { return state(day(y, m, d), day(y, m, d)); }
  std::int64_t state(std::int64_t lo, std::int64_t hi) const { return static_cast<std::int64_t>(result->table.state_at(0, lo, hi)); }
};

Cell on_day(int y, int m, int d) { return known(day(y, m, d)); }

TEST_F(Timeline, CountsMonthsFromTheAnchorAndLetsTheHighestStateWin) {
  on({{T, suspended, on_day(2025, 1, 31), known(months(1))}, {T, ended, on_day(2025, 2, 10), known(months(2))}});
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 2, 28), on_day(2025, 4, 10)}));
  EXPECT_EQ(state(2025, 1, 30), normal);
  EXPECT_EQ(state(2025, 1, 31), suspended);
  EXPECT_EQ(state(2025, 2, 10), ended);
  EXPECT_EQ(state(2025, 2, 27), ended);
  EXPECT_EQ(state(2025, 4, 10), normal) << "until is the first free day";
  EXPECT_EQ(state(day(2025, 1, 30), day(2025, 2, 10)), normal | suspended | ended);
  EXPECT_EQ(state(day(2025, 2, 10), day(2025, 2, 20)), ended);
  EXPECT_EQ(state(pos_inf, neg_inf), 0);
  EXPECT_EQ(column(result->spans, 4), all_known({1, 1}));
}

TEST_F(Timeline, LeavesOutWhatNeverBeginsAndRunsOnWithoutAnEnd) {
  on({{T, suspended, known(never_day), known(months(1))}, {T, ended, on_day(2025, 2, 1), known(unstated_duration)}});
  run();
  EXPECT_EQ(result->spans.rows, 1u);
  EXPECT_EQ(until(), all_known({unstated_day}));
  EXPECT_EQ(state(never_day, never_day), ended);
  on({{T, suspended, between(day(2025, 1, 1), never_day), known(months(1))}});
  run();
  EXPECT_EQ(memberships(result->spans), (std::vector<std::uint8_t>{U, T}));
}

TEST_F(Timeline, KeepsLowerStatesPossibleUnderASpanThatMayBeThere) {
  on({{U, ended, on_day(2025, 2, 1), known(months(1))}, {T, suspended, on_day(2025, 2, 1), known(days(5))}});
  run();
  EXPECT_EQ(state(2025, 2, 3), suspended | ended);
  EXPECT_EQ(state(2025, 2, 6), normal | ended);
  EXPECT_EQ(memberships(result->spans), (std::vector<std::uint8_t>{T, U})) << "weak states first";
}

TEST_F(Timeline, StopsASpanOfUndecidedStateAtItsWeakest) {
  on({{T, suspended | ended, on_day(2025, 2, 1), known(months(1))}});
  run();
  EXPECT_EQ(state(2025, 2, 3), suspended | ended);
}

TEST_F(Timeline, PutsSpansInTurn) {
  input.ways[1] = in_turn;
  on({{T, suspended, on_day(2025, 3, 1), known(months(2))}, {T, suspended, on_day(2025, 4, 1), known(months(1))}, {T, suspended, on_day(2025, 9, 1), known(months(1))}});
  run();
  EXPECT_EQ(from(), (std::vector<Cell>{on_day(2025, 3, 1), on_day(2025, 5, 1), on_day(2025, 9, 1)}));
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 5, 1), on_day(2025, 6, 1), on_day(2025, 10, 1)}));
}

TEST_F(Timeline, WaitsPossiblyForASpanThatMayBeThere) {
  input.ways[1] = in_turn;
  on({{U, suspended, on_day(2025, 3, 1), known(months(2))}, {T, suspended, on_day(2025, 4, 1), known(months(1))}});
  run();
  EXPECT_EQ(from()[1], between(day(2025, 4, 1), day(2025, 5, 1)));
  EXPECT_EQ(until()[1], between(day(2025, 5, 1), day(2025, 6, 1)));
  EXPECT_EQ(state(2025, 4, 15), normal | suspended);
}

TEST_F(Timeline, BoundsTheTurnOfSpansWhoseOrderIsOpen) {
  input.ways[1] = in_turn;
  on({{T, suspended, between(day(2025, 3, 1), day(2025, 3, 10)), known(days(3))}, {T, suspended, on_day(2025, 3, 9), known(days(5))}});
  run();
  EXPECT_EQ(from(), (std::vector<Cell>{between(day(2025, 3, 1), day(2025, 3, 14)), between(day(2025, 3, 9), day(2025, 3, 13))}));
}

TEST_F(Timeline, TopsUpByTheTimeServed) {
  input.ways[1] = topped_up;
  on({{T, suspended, on_day(2025, 3, 1), known(months(2))},     // until 1 May
      {T, suspended, on_day(2025, 4, 1), known(months(3))},     // three months counted from 1 March
      {T, suspended, on_day(2025, 5, 15), known(months(1))},    // already served: ends with the chain
      {T, suspended, on_day(2025, 7, 1), known(months(1))}});   // a new chain
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 5, 1), on_day(2025, 6, 1), on_day(2025, 6, 1), on_day(2025, 8, 1)}));
}

TEST_F(Timeline, JoinsTheWaysOfAnUndecidedReading) {
  input.ways[1] = together | in_turn;
  on({{T, suspended, on_day(2025, 3, 1), known(months(2))}, {T, suspended, on_day(2025, 4, 1), known(months(1))}});
  run();
  EXPECT_EQ(from()[1], between(day(2025, 4, 1), day(2025, 5, 1)));
  EXPECT_EQ(until()[1], between(day(2025, 5, 1), day(2025, 6, 1)));
}

TEST_F(Timeline, ShortensWhatRunsAtThatDate) {
  on({{T, suspended, on_day(2025, 1, 31), known(months(3))}, {T, ended, on_day(2025, 6, 1), known(months(3))}});
  shorten({{T, on_day(2025, 2, 10), known(months(1))}, {T, on_day(2025, 2, 11), known(days(3))}, {T, on_day(2025, 5, 1), known(months(1))}});
  run();
  // A month less of three counts from the start: 31 March; three days are taken off that end.
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 3, 28), on_day(2025, 9, 1)}));
}

TEST_F(Timeline, NeverShortensBeforeTheStart) {
  on({{T, suspended, on_day(2025, 2, 1), known(months(1))}});
  shorten({{T, on_day(2025, 2, 10), known(months(2))}});
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 2, 1)}));
  EXPECT_EQ(state(2025, 2, 1), normal);
}

TEST_F(Timeline, KeepsTheUnshortenedEndWhenTheShorteningIsUndecided) {
  on({{T, suspended, on_day(2025, 2, 1), known(months(3))}});
  shorten({{U, on_day(2025, 2, 10), known(months(1))}, {T, between(day(2025, 1, 20), day(2025, 2, 5)), known(months(1))}});
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{between(day(2025, 3, 1), day(2025, 5, 1))}));
}

TEST_F(Timeline, MayEndAtOnceWhenTheOrderOfShorteningsIsOpen) {
  on({{T, suspended, on_day(2025, 2, 1), known(months(3))}, {T, suspended, on_day(2026, 2, 1), known(months(3))}});
  shorten({{T, on_day(2025, 2, 10), known(months(1))}, {T, between(day(2025, 2, 5), day(2025, 2, 15)), known(months(1))}});
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{between(day(2025, 2, 1), day(2025, 5, 1)), on_day(2026, 5, 1)}));
}

TEST_F(Timeline, ShortensBeforeTheNextInTurnIsPlaced) {
  input.ways[1] = in_turn;
  on({{T, suspended, on_day(2025, 1, 1), known(months(3))}, {T, suspended, on_day(2025, 2, 1), known(months(2))}});
  shorten({{T, on_day(2025, 1, 15), known(months(1))}});
  run();
  EXPECT_EQ(from(), (std::vector<Cell>{on_day(2025, 1, 1), on_day(2025, 3, 1)}));
  EXPECT_EQ(until(), (std::vector<Cell>{on_day(2025, 3, 1), on_day(2025, 5, 1)}));
}

TEST_F(Timeline, IsInErrorWhenAnythingLookedAtIs) {
  on({{T, suspended, on_day(2025, 1, 1), known(months(3))}, {U, suspended, number_error(), known(months(2))}});
  run();
  EXPECT_EQ(memberships(result->spans), (std::vector<std::uint8_t>{E}));
  EXPECT_EQ(state(2020, 1, 1), 0);
  input.on.clear();
  on({{T, suspended, on_day(2025, 1, 1), known(months(3))}});
  input.ways[1] = 0;
  run();
  EXPECT_EQ(state(2020, 1, 1), 0) << "a way in error";
}

TEST_F(Timeline, LeavesAllStatesPossibleWhenASourceIsOpen) {
  on({{T, ended, on_day(2025, 1, 1), known(months(3))}});
  input.on[0].rows.open = columns.truths({1});
  run();
  EXPECT_EQ(state(2025, 1, 15), normal | suspended | ended);
  EXPECT_EQ(list(result->spans.open), (std::vector<std::uint8_t>{1}));
}

TEST_F(Timeline, LetsAnOpenSourceOfShorteningsTakeAwayEverything) {
  on({{T, ended, on_day(2025, 1, 1), known(months(3))}});
  shorten({});
  input.shorten[0].rows.open = columns.truths({1});
  run();
  EXPECT_EQ(until(), (std::vector<Cell>{between(day(2025, 1, 1), day(2025, 4, 1))}));
}

TEST_F(Timeline, NamesTheLeadingGroundOfARemedyRowAsCause) {
  on({{T, suspended, on_day(2025, 1, 1), known(months(1))}, {T, suspended, on_day(2025, 3, 1), known(months(1))}});
  input.on[0].rows.row = columns.rows({5, 7});
  input.on[0].first_cause = 2;
  input.on[0].lead = columns.rows({9, 9, 9, 9, 9, 1, 9, 3});
  run();
  EXPECT_EQ(column(result->spans, 4), all_known({1 << 3, 1 << 5}));
}

}  // namespace
}  // namespace tiao::engine
