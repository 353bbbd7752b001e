// Many owners whose entries and credits are known, with few events and with many, against a chain run step by step; among them owners
// of whom something is not known.
#include <algorithm>
#include <map>
#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct Event { std::size_t clause; std::int64_t day; Cell amount; };   // entry clauses first

struct Row {
  std::uint32_t owner;
  std::vector<Cell> cells;
  bool operator==(const Row&) const = default;
  friend void PrintTo(const Row& row, std::ostream* out) {
    *out << row.owner << ':';
    for (const Cell& c : row.cells) {
      *out << ' ';
      tiao::PrintTo(c, out);
    }
  }
};

struct Tables {
  std::vector<Row> steps, cycles;
};

std::int64_t key(Period period, std::int64_t d) {
  const scalar::Civil c = scalar::civil(d);
  return period == Period::none ? 0 : period == Period::calendar_year ? c.year : c.year * 12 + c.month - 1;
}
std::int64_t start(Period period, std::int64_t key) {
  if (period == Period::calendar_year) return day(static_cast<int>(key), 1, 1);
  return day(static_cast<int>(key / 12), static_cast<int>(key % 12) + 1, 1);
}

struct World {
  Period period = Period::calendar_year;
  std::int64_t floor = 0, opens_at = 0, as_of = day(2025, 12, 31);
  std::size_t entries = 1;
  std::vector<std::int64_t> caps;   // per credit clause
  std::vector<Period> cap_periods;
  std::vector<std::vector<Event>> owners;   // in the order of their clauses

  void expect(std::uint32_t owner, Tables& out) const {
    std::vector<Event> events;
    for (const Event& e : owners[owner])
      if (e.day <= as_of) events.push_back(e);
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
    if (events.empty()) return;
    Cell balance;
    std::map<std::pair<std::size_t, std::int64_t>, std::int64_t> offered;
    std::map<std::int64_t, Cell> by_period;
    for (std::size_t i = 0; i < events.size();) {
      const std::int64_t d = events[i].day;
      const bool fresh = i == 0 || key(period, events[i - 1].day) != key(period, d);
      const Cell opening = fresh ? known(std::max(floor, opens_at)) : balance;
      Cell entered = known(0), largest = known(0);
      std::int64_t granted = 0;
      bool some = false;
      for (; i < events.size() && events[i].day == d; ++i) {
        const Event& e = events[i];
        if (e.clause >= entries) {
          const std::size_t c = e.clause - entries;
          std::int64_t& sum = offered[{c, key(cap_periods[c], d)}];
          granted += std::min(caps[c], sum + e.amount.lo) - std::min(caps[c], sum);
          sum += e.amount.lo;
          continue;
        }
        entered = between(entered.lo + e.amount.lo, entered.hi + e.amount.hi);
        largest = some ? between(std::max(largest.lo, e.amount.lo), std::max(largest.hi, e.amount.hi)) : e.amount;
        some = true;
      }
      balance = between(std::max(floor, opening.lo + entered.lo - granted), std::max(floor, opening.hi + entered.hi - granted));
      Cell& all = by_period.try_emplace(key(period, d), known(0)).first->second;
      all = between(all.lo + entered.lo, all.hi + entered.hi);
      out.steps.push_back({owner, {known(d), opening, balance, entered, largest}});
    }
    if (period == Period::none) return;
    for (std::int64_t k = by_period.begin()->first; k <= key(period, as_of); ++k) {
      const auto found = by_period.find(k);
      out.cycles.push_back({owner, {known(start(period, k)), known(start(period, k + 1) - 1), found == by_period.end() ? known(0) : found->second}});
    }
  }

  LedgerInput input(Columns& columns) const {
    LedgerInput in;
    in.owners = static_cast<std::uint32_t>(owners.size());
    in.period = period;
    in.as_of = as_of;
    in.floor = columns.constant(floor);
    in.opens_at = columns.constant(opens_at);
    for (std::size_t clause = 0; clause < entries + caps.size(); ++clause) {
      std::vector<std::uint32_t> counts;
      std::vector<Cell> dates, amounts;
      for (const std::vector<Event>& events : owners) {
        counts.push_back(0);
        for (const Event& e : events) {
          if (e.clause != clause) continue;
          ++counts.back();
          dates.push_back(known(e.day));
          amounts.push_back(e.amount);
        }
      }
      FlowInput f;
      f.rows = columns.children(counts);
      f.date = columns.numbers(dates);
      f.amount = columns.numbers(amounts);
      if (clause >= entries) {
        f.cap = columns.constant(caps[clause - entries]);
        f.cap_period = cap_periods[clause - entries];
      }
      (clause < entries ? in.entries : in.credits).push_back(f);
    }
    return in;
  }
};

std::vector<Row> rows(const DerivedTable& table) {
  std::vector<Row> out;
  for (std::uint32_t r = 0; r < table.rows; ++r) {
    out.push_back({table.parent[r], {}});
    for (std::uint32_t c = 1; c < table.columns.size(); ++c) out.back().cells.push_back(table.columns[c].view().at(r));
  }
  return out;
}

void check(const World& world, const LedgerResult& result) {
  Tables expected;
  std::vector<std::uint32_t> steps{0}, cycles{0};
  for (std::uint32_t o = 0; o < world.owners.size(); ++o) {
    world.expect(o, expected);
    steps.push_back(static_cast<std::uint32_t>(expected.steps.size()));
    cycles.push_back(static_cast<std::uint32_t>(expected.cycles.size()));
  }
  EXPECT_EQ(rows(result.steps), expected.steps);
  EXPECT_EQ(rows(result.cycles), expected.cycles);
  EXPECT_EQ(list(result.steps.offsets), steps);
  EXPECT_EQ(list(result.cycles.offsets), cycles);
  EXPECT_TRUE(result.steps.membership.empty());
  EXPECT_TRUE(result.cycles.membership.empty());
}

World random_world(unsigned seed) {
  std::mt19937 random(seed);
  const auto up_to = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % (most + 1)); };
  World world;
  world.period = static_cast<Period>(seed % 3);
  world.floor = seed % 4 == 0 ? neg_inf : seed % 4 - 1;
  world.opens_at = up_to(5) - 2;
  world.entries = static_cast<std::size_t>(1 + up_to(1));
  for (std::int64_t c = seed % 2 == 0 ? 0 : 1 + up_to(1); c > 0; --c) {
    world.caps.push_back(up_to(8));
    world.cap_periods.push_back(static_cast<Period>(up_to(2)));
  }
  world.owners.resize(60);
  for (std::vector<Event>& events : world.owners) {
    const std::int64_t some = up_to(9), span = up_to(3) == 0 ? 2 : 900;
    for (std::size_t clause = 0; clause < world.entries + world.caps.size(); ++clause)
      for (std::int64_t i = some < 8 ? up_to(3) : up_to(60); i > 0; --i) {
        const std::int64_t least = up_to(9) - 2;
        events.push_back({clause, world.as_of - up_to(static_cast<std::uint64_t>(span)) + up_to(20) / 19, world.caps.empty() && up_to(3) == 0 ? between(least, least + up_to(4)) : known(least)});
      }
  }
  return world;
}

TEST(KnownLedger, RunsTheChainStepByStep) {
  for (unsigned seed = 0; seed < 120 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const World world = random_world(seed);
    Columns columns;
    check(world, fold_ledger(world.input(columns)));
  }
}

// Steps are there even where nobody reads a column of them.
TEST(KnownLedger, CountsStepsThatNobodyReads) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const World world = random_world(seed);
    Columns columns;
    LedgerInput input = world.input(columns);
    const LedgerResult all = fold_ledger(input);
    input.step_columns = 0;
    input.cycle_columns = 1u << 3;
    const LedgerResult some = fold_ledger(input);
    EXPECT_EQ(list(all.steps.parent), list(some.steps.parent));
    EXPECT_EQ(list(all.steps.offsets), list(some.steps.offsets));
    EXPECT_EQ(list(all.cycles.parent), list(some.cycles.parent));
    EXPECT_EQ(column(all.cycles, 3), column(some.cycles, 3));
    for (const ColumnArrays& c : some.steps.columns) EXPECT_TRUE(c.lo.empty() && c.hi.empty());
    EXPECT_TRUE(some.cycles.columns[1].lo.empty());
  }
}

TEST(KnownLedger, StandsBesideOwnersOfWhomSomethingIsNotKnown) {
  for (unsigned seed = 0; seed < 40 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const World world = random_world(seed);
    Columns columns;
    LedgerInput input = world.input(columns);
    const LedgerResult known_all = fold_ledger(input);
    // Of each seventh owner the entries may not be there, or are there on a day that is not known; of each eleventh one is in error.
    const Candidates& entries = input.entries[0].rows;
    std::vector<std::uint8_t> in;
    std::vector<Cell> dates;
    for (std::uint32_t o = 0; o < input.owners; ++o)
      for (std::uint32_t at = entries.offsets[o]; at < entries.offsets[o + 1]; ++at) {
        in.push_back(o % 7 == 6 ? U : o % 11 == 10 ? E : T);
        const Cell on = input.entries[0].date.at(at);
        dates.push_back(o % 14 == 13 ? between(on.lo - 20, on.hi) : on);
      }
    in.push_back(T);
    input.entries[0].in = columns.truths(in);
    input.entries[0].date = columns.numbers(dates);
    const LedgerResult mixed = fold_ledger(input);
    std::size_t others = 0;
    for (const auto& [whole, some] : {std::pair(&known_all.steps, &mixed.steps), std::pair(&known_all.cycles, &mixed.cycles)}) {
      const std::vector<Row> all = rows(*whole), now = rows(*some);
      const std::vector<std::uint8_t> there = memberships(*some);
      ASSERT_EQ(there.size(), now.size());
      for (std::uint32_t o = 0; o < input.owners; ++o) {
        const bool touched = (o % 7 == 6 || o % 11 == 10) && entries.offsets[o] != entries.offsets[o + 1];
        others += touched;
        if (touched) continue;
        const std::vector<Row> before(all.begin() + whole->offsets[o], all.begin() + whole->offsets[o + 1]);
        EXPECT_EQ(std::vector<Row>(now.begin() + some->offsets[o], now.begin() + some->offsets[o + 1]), before);
        for (std::uint32_t r = some->offsets[o]; r < some->offsets[o + 1]; ++r) EXPECT_EQ(there[r], T);
      }
    }
    EXPECT_GT(others, 0u);
  }
}

// Entries of long ago, of the first and the last day of months and of leap days.
TEST(KnownLedger, FindsThePeriodOfAnyDay) {
  for (const Period period : {Period::calendar_year, Period::month})
    for (const std::int64_t as_of : {day(1, 1, 1), day(1, 12, 31), day(2000, 2, 29), day(2025, 3, 1), day(9999, 12, 31)}) {
      World world;
      world.period = period;
      world.as_of = as_of;
      const scalar::Civil c = scalar::civil(as_of);
      for (const int back : {0, 1, 2, 5, 40, 400, 1900})
        for (const int month : {1, 2, 3, 12}) {
          if (back >= c.year || (back > 40 && period == Period::month)) continue;
          const int year = c.year - back;
          const std::int64_t last = day(year, month, scalar::days_in_month(year, month));
          for (const std::int64_t d : {day(year, month, 1), last}) world.owners.push_back({{0, d, known(3)}, {0, std::min(d + 1, as_of), known(4)}});
        }
      Columns columns;
      check(world, fold_ledger(world.input(columns)));
    }
}

}  // namespace
}  // namespace tiao::engine
