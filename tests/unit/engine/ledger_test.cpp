#include <optional>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct Flow { std::uint8_t in = T; Cell date; Cell amount; };

// One owner's flows, so many clauses of each sort.
struct Ledger : ::testing::Test {
  Columns columns;
  LedgerInput input;
  std::optional<LedgerResult> result;

  void SetUp() override {
    input.owners = 1;
    input.floor = columns.constant(0);
    input.opens_at = columns.constant(0);
    input.period = Period::calendar_year;
    input.as_of = day(2025, 12, 31);
  }
  FlowInput flow(const std::vector<Flow>& flows) {
    FlowInput f;
    std::vector<std::uint8_t> in;
    std::vector<Cell> dates, amounts;
    for (const Flow& one : flows) {
      in.push_back(one.in);
      dates.push_back(one.date);
      amounts.push_back(one.amount);
    }
    f.rows = columns.children({static_cast<std::uint32_t>(flows.size())});
    f.in = columns.truths(in);
    f.date = columns.numbers(dates);
    f.amount = columns.numbers(amounts);
    return f;
  }
  void enter(const std::vector<Flow>& flows) { input.entries.push_back(flow(flows)); }
  void credit(const std::vector<Flow>& flows, std::optional<Cell> cap = {}, Period per = Period::calendar_year) {
    input.credits.push_back(flow(flows));
    if (cap) input.credits.back().cap = columns.constant(*cap);
    input.credits.back().cap_period = per;
  }
  void run() { result.emplace(fold_ledger(input)); }
  enum : std::uint32_t { step_day = 1, opening, balance, entered, largest };
  std::vector<Cell> steps(std::uint32_t c) const { return column(result->steps, c); }
  Cell on(const Cell& d) const { return result->table.balance_at(0, d); }
};

Cell known_day(int year, int month, int d) { return known(day(year, month, d)); }

TEST_F(Ledger, RunsOneStepPerDayAndStartsAnewEachYear) {
  enter({{T, known_day(2025, 9, 1), known(4)}, {T, known_day(2024, 3, 5), known(3)}, {T, known_day(2025, 6, 10), known(3)}, {T, known_day(2025, 6, 10), known(1)}});
  run();
  EXPECT_EQ(steps(step_day), all_known({day(2024, 3, 5), day(2025, 6, 10), day(2025, 9, 1)}));
  EXPECT_EQ(steps(opening), all_known({0, 0, 4}));
  EXPECT_EQ(steps(entered), all_known({3, 4, 4}));
  EXPECT_EQ(steps(largest), all_known({3, 3, 4}));
  EXPECT_EQ(steps(balance), all_known({3, 4, 8}));
  EXPECT_TRUE(result->steps.membership.empty());
  EXPECT_EQ(column(result->cycles, 1), all_known({day(2024, 1, 1), day(2025, 1, 1)}));
  EXPECT_EQ(column(result->cycles, 2), all_known({day(2024, 12, 31), day(2025, 12, 31)}));
  EXPECT_EQ(column(result->cycles, 3), all_known({3, 8}));
}

TEST_F(Ledger, KeepsTheFloorAndTheCapOfEachYear) {
  enter({{T, known_day(2025, 2, 1), known(2)}, {T, known_day(2025, 8, 1), known(5)}});
  credit({{T, known_day(2025, 3, 1), known(4)}, {T, known_day(2025, 9, 1), known(4)}, {T, known_day(2025, 10, 1), known(4)}}, known(6));
  run();
  EXPECT_EQ(steps(balance), all_known({2, 0, 5, 3, 3})) << "the cap counts what was granted, not what the floor let through";
  EXPECT_EQ(steps(entered), all_known({2, 0, 5, 0, 0}));
}

TEST_F(Ledger, PutsEntriesOfADayBeforeItsCredits) {
  credit({{T, known_day(2025, 2, 1), known(3)}});
  enter({{T, known_day(2025, 2, 1), known(5)}});
  run();
  EXPECT_EQ(steps(balance), all_known({2}));
}

TEST_F(Ledger, WidensTheBalanceByUndecidedEntries) {
  enter({{T, known_day(2025, 2, 1), known(3)}, {U, known_day(2025, 3, 1), known(6)}, {T, known_day(2025, 4, 1), between(1, 2)}});
  run();
  EXPECT_EQ(memberships(result->steps), (std::vector<std::uint8_t>{T, U, T}));
  EXPECT_EQ(steps(entered), (std::vector<Cell>{known(3), between(0, 6), between(1, 2)}));
  EXPECT_EQ(steps(largest), (std::vector<Cell>{known(3), between(0, 6), between(1, 2)}));
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(3), between(3, 9), between(4, 11)}));
  EXPECT_EQ(column(result->cycles, 3), (std::vector<Cell>{between(4, 11)}));
}

TEST_F(Ledger, DecidesACappedBalanceThatAnUnknownCreditCannotChange) {
  enter({{T, known_day(2025, 2, 1), known(9)}});
  credit({{U, known_day(2025, 3, 1), known(3)}, {T, known_day(2025, 4, 1), known(3)}}, known(3));
  run();
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(9), between(6, 9), known(6)}));
}

TEST_F(Ledger, KeepsBothOutcomesWhenTheFloorMakesTheOrderOfGrantsMatter) {
  enter({{T, known_day(2025, 2, 1), known(1)}, {T, known_day(2025, 4, 1), known(5)}});
  credit({{U, known_day(2025, 3, 1), known(3)}, {T, known_day(2025, 5, 1), known(3)}}, known(3));
  run();
  // With the first credit: 1, 0, 5, 5. Without: 1, 1, 6, 3.
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(1), between(0, 1), between(5, 6), between(2, 6)}));
}

TEST_F(Ledger, MakesAnExtraStepOfAnEntryWithoutADay) {
  enter({{T, known_day(2025, 2, 1), known(5)}, {T, between(day(2025, 3, 1), day(2025, 3, 31)), known(4)}, {T, known_day(2025, 3, 15), known(2)}});
  run();
  EXPECT_EQ(steps(step_day), (std::vector<Cell>{known_day(2025, 2, 1), known_day(2025, 3, 15), between(day(2025, 3, 1), day(2025, 3, 31))}));
  EXPECT_EQ(memberships(result->steps), (std::vector<std::uint8_t>{T, T, U}));
  EXPECT_EQ(steps(opening), (std::vector<Cell>{known(0), between(5, 9), between(0, 7)}));
  EXPECT_EQ(steps(entered), (std::vector<Cell>{known(5), between(2, 6), known(4)}));
  EXPECT_EQ(steps(largest), (std::vector<Cell>{known(5), between(2, 4), known(4)}));
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(5), between(7, 11), between(4, 11)}));
  EXPECT_EQ(on(known_day(2025, 2, 20)), known(5));
  EXPECT_EQ(on(known_day(2025, 3, 10)), between(5, 9));
  EXPECT_EQ(on(known_day(2025, 12, 1)), between(7, 11));
}

TEST_F(Ledger, DoesNotCarryAnEntryWithoutADayIntoAnotherYear) {
  enter({{T, between(day(2024, 11, 1), day(2024, 12, 31)), known(4)}, {T, known_day(2025, 3, 15), known(2)}});
  run();
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(2), known(4)}));
  EXPECT_EQ(list(result->cycles.open), (std::vector<std::uint8_t>{1})) << "the first cycle may lie before the first decided step";
  EXPECT_EQ(on(known_day(2024, 12, 31)), between(0, 4));
}

TEST_F(Ledger, CutsDatesAtAsOf) {
  enter({{T, known_day(2026, 1, 1), number_error()}, {T, between(day(2025, 12, 31), day(2026, 2, 1)), known(4)}, {F, number_error(), number_error()}});
  run();
  EXPECT_EQ(steps(step_day), all_known({day(2025, 12, 31)}));
  EXPECT_EQ(memberships(result->steps), (std::vector<std::uint8_t>{U}));
  EXPECT_EQ(steps(balance), (std::vector<Cell>{between(0, 4)}));
}

TEST_F(Ledger, IsOneStepInErrorWhenAnythingLookedAtIs) {
  enter({{T, known_day(2025, 1, 1), known(1)}, {U, known_day(2025, 2, 1), number_error()}});
  run();
  EXPECT_EQ(memberships(result->steps), (std::vector<std::uint8_t>{E}));
  EXPECT_EQ(memberships(result->cycles), (std::vector<std::uint8_t>{E}));
  EXPECT_EQ(steps(balance), (std::vector<Cell>{number_error()}));
  EXPECT_EQ(on(known_day(2025, 1, 2)), number_error());
}

TEST_F(Ledger, IsInErrorWhenAnEndOverflows) {
  enter({{T, known_day(2025, 1, 1), known(pos_inf - 1)}, {T, known_day(2025, 2, 1), known(pos_inf - 1)}});
  run();
  EXPECT_EQ(memberships(result->steps), (std::vector<std::uint8_t>{E}));
}

TEST_F(Ledger, HasNoBoundAboveWhenItsRegisterIsOpen) {
  enter({{T, known_day(2025, 2, 1), known(3)}});
  input.entries[0].rows.open = columns.truths({1});
  run();
  EXPECT_EQ(steps(balance), (std::vector<Cell>{between(3, pos_inf), between(0, pos_inf)}));
  EXPECT_EQ(list(result->steps.open), (std::vector<std::uint8_t>{1}));
  EXPECT_EQ(on(known_day(2025, 1, 1)), between(0, pos_inf));
}

TEST_F(Ledger, AnswersForARangeOfDays) {
  enter({{T, known_day(2024, 6, 1), known(7)}, {T, known_day(2025, 2, 1), known(3)}});
  run();
  EXPECT_EQ(on(between(day(2024, 5, 1), day(2024, 5, 31))), known(0));
  EXPECT_EQ(on(between(day(2024, 7, 1), day(2025, 3, 1))), between(0, 7)) << "on 1 January it starts anew";
  EXPECT_EQ(on(between(day(2025, 2, 1), day(2025, 12, 31))), known(3));
  EXPECT_EQ(on(between(day(2025, 2, 1), never_day)), between(0, 3));
  EXPECT_EQ(on(between(neg_inf, day(2024, 6, 1))), between(0, 7));
  EXPECT_EQ(on(known(never_day)), known(3));
  EXPECT_EQ(on(known_day(2026, 1, 1)), known(0));
  EXPECT_EQ(on(between(day(2026, 2, 1), day(2026, 3, 1))), known(0));
  EXPECT_EQ(on(number_error()), number_error());
}

TEST_F(Ledger, HasNoStepsForAnOwnerWithoutFlows) {
  enter({});
  input.opens_at = columns.constant(2);
  run();
  EXPECT_EQ(result->steps.rows, 0u);
  EXPECT_EQ(result->cycles.rows, 0u);
  EXPECT_EQ(on(known_day(2025, 1, 1)), known(2));
}

TEST_F(Ledger, StoresOnlyTheColumnsThatAreRead) {
  enter({{T, known_day(2025, 2, 1), known(3)}});
  input.step_columns = 1u << entered;
  input.cycles = false;
  run();
  EXPECT_TRUE(result->steps.columns[opening].lo.empty());
  EXPECT_TRUE(result->steps.columns[largest].lo.empty());
  EXPECT_EQ(steps(entered), all_known({3}));
  EXPECT_TRUE(result->steps.columns[step_day].lo.empty());
  EXPECT_TRUE(result->steps.columns[balance].lo.empty());
  EXPECT_EQ(list(result->steps.parent), std::vector<std::uint32_t>{0});
  EXPECT_EQ(result->cycles.rows, 0u);
}

// Entries within bounds go the quick way while there are no credits; a credit that grants nothing sends them the other.
TEST_F(Ledger, SumsBoundsAsTheGeneralChainDoes) {
  const std::vector<Flow> some = {{T, known_day(2023, 2, 1), between(1, 3)}, {T, known_day(2023, 2, 1), between(2, 2)}, {T, known_day(2023, 8, 1), between(-4, 1)},
                                  {F, known_day(2023, 9, 1), known(100)},    {T, known_day(2025, 3, 1), between(5, 9)}, {T, known_day(2026, 1, 1), known(50)}};
  for (const Cell& floor : {known(0), known(neg_inf), known(2)}) {
    input.floor = columns.constant(floor);
    input.entries.clear();
    input.credits.clear();
    enter(some);
    run();
    const auto steps_of = [&] { return std::vector{steps(step_day), steps(opening), steps(balance), steps(entered), steps(largest), column(result->cycles, 2), column(result->cycles, 3)}; };
    const auto quick = steps_of();
    credit({{F, known_day(2023, 2, 1), known(1)}});
    run();
    EXPECT_EQ(quick, steps_of());
    EXPECT_EQ(quick[6], (std::vector<Cell>{between(-1, 6), known(0), between(5, 9)}));
  }
}

// Owners of every sort, so many that several threads take a part each.
TEST_F(Ledger, IsTheSameForAnyNumberOfThreads) {
  constexpr std::uint32_t owners = 3 * 16384 + 5;
  std::vector<std::uint32_t> counts;
  std::vector<Cell> dates, amounts;
  std::vector<std::uint8_t> in, open(owners, 0);
  for (std::uint32_t o = 0; o < owners; ++o) {
    counts.push_back(o % 4);
    open[o] = o % 9'001 == 9'000;
    for (std::uint32_t i = 0; i < o % 4; ++i) {
      const std::int64_t on = day(2023, 1, 1) + (o * 7 + i * 271) % 1200;
      dates.push_back(o % 5'003 == 5'002 ? between(on, on + 40) : o % 20'011 == 20'010 ? number_error() : known(on));
      amounts.push_back(o % 31 == 3 && o > 20'000 ? between(1, 1 + o % 5) : known(1 + o % 7));
      in.push_back(o % 401 == 0 ? U : (o + i) % 11 == 0 ? F : T);
    }
  }
  input.owners = owners;
  FlowInput f;
  f.rows = columns.children(counts);
  f.rows.open = columns.truths(open);
  f.in = columns.truths(in);
  f.date = columns.numbers(dates);
  f.amount = columns.numbers(amounts);
  input.entries = {f};
  run();
  const LedgerResult one = std::move(*result);
  for (const std::uint32_t threads : {2u, 3u, 8u}) {
    input.threads = threads;
    run();
    for (const auto& [a, b] : {std::pair(&one.steps, &result->steps), std::pair(&one.cycles, &result->cycles)}) {
      EXPECT_EQ(a->rows, b->rows);
      EXPECT_EQ(list(a->offsets), list(b->offsets));
      EXPECT_EQ(list(a->parent), list(b->parent));
      EXPECT_EQ(list(a->membership), list(b->membership));
      EXPECT_EQ(list(a->open), list(b->open));
      for (std::uint32_t c = 1; c < a->columns.size(); ++c) {
        EXPECT_EQ(list(a->columns[c].lo), list(b->columns[c].lo));
        EXPECT_EQ(list(a->columns[c].hi), list(b->columns[c].hi));
      }
    }
    for (std::uint32_t o = 0; o < owners; ++o)
      for (const Cell& on : {known_day(2023, 6, 1), known_day(2025, 3, 1)}) ASSERT_EQ(one.table.balance_at(o, on), result->table.balance_at(o, on)) << o;
  }
}

TEST_F(Ledger, KeepsOwnersApartAndFindsThoseWithUndecidedDates) {
  input.owners = 3;
  FlowInput f;
  f.rows = columns.children({1, 2, 1});
  f.date = columns.numbers({known_day(2025, 1, 5), known_day(2025, 1, 5), between(day(2025, 1, 1), day(2025, 1, 9)), known_day(2025, 1, 7)});
  f.amount = columns.values({1, 2, 4, 8});
  input.entries = {f};
  run();
  EXPECT_EQ(list(result->steps.offsets), (std::vector<std::uint32_t>{0, 1, 3, 4}));
  EXPECT_EQ(steps(balance), (std::vector<Cell>{known(1), between(2, 6), between(4, 6), known(8)}));
  EXPECT_EQ(result->table.balance_at(1, known_day(2025, 1, 5)), between(2, 6));
  EXPECT_EQ(result->table.balance_at(2, known_day(2025, 1, 6)), known(0));
  EXPECT_EQ(result->table.balance_at(2, known_day(2025, 1, 7)), known(8));
}

TEST_F(Ledger, RunsCyclesByMonth) {
  input.period = Period::month;
  input.as_of = day(2025, 3, 10);
  enter({{T, known_day(2025, 1, 31), known(3)}, {T, known_day(2025, 3, 1), known(2)}});
  run();
  EXPECT_EQ(steps(balance), all_known({3, 2}));
  EXPECT_EQ(column(result->cycles, 1), all_known({day(2025, 1, 1), day(2025, 2, 1), day(2025, 3, 1)}));
  EXPECT_EQ(column(result->cycles, 2), all_known({day(2025, 1, 31), day(2025, 2, 28), day(2025, 3, 31)}));
  EXPECT_EQ(column(result->cycles, 3), all_known({3, 0, 2}));
}

TEST_F(Ledger, EndsCyclesWithTheCalendar) {
  input.as_of = scalar::last_day;
  for (const Period period : {Period::calendar_year, Period::month})
    for (const Cell& second : {known_day(9999, 12, 31), between(day(9999, 12, 30), day(9999, 12, 31))}) {
      input.period = period;
      input.entries.clear();
      enter({{T, known_day(9999, 12, 1), known(3)}, {T, second, known(2)}});
      run();
      EXPECT_EQ(column(result->cycles, 2), all_known({scalar::last_day}));
      EXPECT_EQ(on(between(day(9999, 11, 1), never_day)), between(0, 5));
      EXPECT_EQ(on(known(never_day)), second.lo == second.hi ? known(5) : between(3, 5));
    }
}

}  // namespace
}  // namespace tiao::engine
