// The ranges of a ledger against every completion of small random cases: whatever the unknown memberships, dates and amounts
// turn out to be, the true steps and balances lie inside what was computed, and known cases are computed exactly.
#include <algorithm>
#include <map>
#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct Flow {
  bool is_entry;
  std::size_t clause;
  std::uint8_t in;
  std::int64_t from, to, lo, hi;
};

struct Case {
  std::vector<Flow> flows;
  std::size_t entry_clauses = 1, credit_clauses = 1;
  std::vector<std::int64_t> caps;       // per credit clause; negative: none
  std::vector<Period> cap_periods;
  Period period = Period::calendar_year;
  std::int64_t floor = 0, opens_at = 0, unit = 1;
};

// One completion.
struct Event { bool is_entry; std::size_t clause; std::int64_t day, amount; };
struct Step { std::int64_t day, opening, entered = 0, largest = 0, balance = 0; };

constexpr int days_from = -6, days_to = 6;   // around the turn of a year
std::int64_t new_year() { return day(2025, 1, 1); }

std::int64_t period_key(Period period, std::int64_t d) {
  const scalar::Civil c = scalar::civil(d);
  if (period == Period::none) return 0;
  return period == Period::calendar_year ? c.year : c.year * 12 + c.month;
}

std::vector<Step> simulate(const Case& c, std::vector<Event> events) {
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
  std::vector<Step> steps;
  std::map<std::pair<std::size_t, std::int64_t>, std::int64_t> offered;
  for (std::size_t i = 0; i < events.size();) {
    const std::int64_t d = events[i].day;
    Step s{.day = d, .opening = std::max(c.floor, c.opens_at)};
    if (!steps.empty() && period_key(c.period, steps.back().day) == period_key(c.period, d)) s.opening = steps.back().balance;
    std::int64_t granted = 0;
    bool first = true;
    for (; i < events.size() && events[i].day == d; ++i) {
      const Event& e = events[i];
      if (e.is_entry) {
        s.entered += e.amount;
        s.largest = first ? e.amount : std::max(s.largest, e.amount);
        first = false;
        continue;
      }
      std::int64_t& sum = offered[{e.clause, period_key(c.cap_periods[e.clause], d)}];
      const std::int64_t cap = c.caps[e.clause] < 0 ? pos_inf / 2 : c.caps[e.clause];
      granted += std::min(cap, sum + e.amount) - std::min(cap, sum);
      sum += e.amount;
    }
    s.balance = std::max(c.floor, s.opening + s.entered - granted);
    steps.push_back(s);
  }
  return steps;
}

std::int64_t balance_on(const Case& c, const std::vector<Step>& steps, std::int64_t d) {
  std::int64_t balance = std::max(c.floor, c.opens_at);
  for (const Step& s : steps)
    if (s.day <= d && period_key(c.period, s.day) == period_key(c.period, d)) balance = s.balance;
  return balance;
}

LedgerInput input_of(const Case& c, Columns& columns) {
  LedgerInput input;
  input.owners = 1;
  input.floor = columns.constant(c.floor);
  input.opens_at = columns.constant(c.opens_at);
  input.period = c.period;
  input.as_of = new_year() + 30;
  auto clause = [&](bool entry, std::size_t k) {
    FlowInput f;
    std::vector<std::uint8_t> in;
    std::vector<Cell> dates, amounts;
    for (const Flow& flow : c.flows)
      if (flow.is_entry == entry && flow.clause == k) {
        in.push_back(flow.in);
        dates.push_back(between(flow.from, flow.to));
        amounts.push_back(between(flow.lo, flow.hi));
      }
    f.rows = columns.children({static_cast<std::uint32_t>(in.size())});
    f.in = columns.truths(in);
    f.date = columns.numbers(dates);
    f.amount = columns.numbers(amounts);
    return f;
  };
  for (std::size_t k = 0; k < c.entry_clauses; ++k) input.entries.push_back(clause(true, k));
  for (std::size_t k = 0; k < c.credit_clauses; ++k) {
    input.credits.push_back(clause(false, k));
    if (c.caps[k] >= 0) input.credits.back().cap = columns.constant(c.caps[k]);
    input.credits.back().cap_period = c.cap_periods[k];
  }
  return input;
}

bool holds(const Cell& c, std::int64_t v) { return c.lo <= v && v <= c.hi; }
bool holds(const LedgerResult& r, std::uint32_t row, const Step& s) {
  return holds(r.steps.columns[2].view().at(row), s.opening) && holds(r.steps.columns[3].view().at(row), s.balance) &&
         holds(r.steps.columns[4].view().at(row), s.entered) && holds(r.steps.columns[5].view().at(row), s.largest);
}

class Completions {
 public:
  Completions(const Case& c, const LedgerResult& r) : case_(c), result_(r) {}
  void check() { choose(0); }
  std::size_t count() const { return count_; }
  // Of how many days the balance that was computed is the hull of those that come true, and of how many it was looked at.
  std::size_t sharp() const {
    std::size_t out = 0;
    for (const auto& [d, hull] : hull_) out += result_.table.balance_at(0, known(d)) == hull;
    return out;
  }
  std::size_t days() const { return hull_.size(); }

 private:
  void choose(std::size_t i) {
    if (::testing::Test::HasFailure()) return;
    if (i == case_.flows.size()) return compare();
    const Flow& f = case_.flows[i];
    if (f.in == U) choose(i + 1);
    for (std::int64_t d = f.from; d <= f.to; ++d)
      for (std::int64_t a = f.lo; a <= f.hi; a += case_.unit) {
        events_.push_back({f.is_entry, f.clause, d, a});
        choose(i + 1);
        events_.pop_back();
      }
  }

  void compare() {
    ++count_;
    std::vector<Event> ordered = events_;
    std::stable_sort(ordered.begin(), ordered.end(), [](const Event& a, const Event& b) {
      return a.is_entry != b.is_entry ? a.is_entry : a.clause < b.clause;
    });
    const std::vector<Step> steps = simulate(case_, ordered);
    for (const Step& s : steps) EXPECT_TRUE(represented(s)) << "day " << s.day - new_year() << " balance " << s.balance;
    sure_rows(steps);
    for (std::int64_t d = new_year() + days_from - 1; d <= new_year() + days_to + 1; ++d) {
      const std::int64_t balance = balance_on(case_, steps, d);
      EXPECT_TRUE(holds(result_.table.balance_at(0, known(d)), balance)) << "day " << d - new_year();
      Cell& hull = hull_.emplace(d, known(balance)).first->second;
      hull = between(std::min(hull.lo, balance), std::max(hull.hi, balance));
    }
    const Cell over = result_.table.balance_at(0, between(new_year() - 3, new_year() + 2));
    for (std::int64_t d = new_year() - 3; d <= new_year() + 2; ++d) EXPECT_TRUE(holds(over, balance_on(case_, steps, d))) << "range, day " << d - new_year();
    const Cell ever = result_.table.balance_at(0, between(neg_inf, never_day));
    for (std::int64_t d = new_year() + days_from - 1; d <= new_year() + 400; d += 7) EXPECT_TRUE(holds(ever, balance_on(case_, steps, d)));
    cycles(steps);
  }

  // Every true step is a decided row of that day, or one of the extra rows whose flow is in it.
  bool represented(const Step& s) const {
    const Vec days = result_.steps.columns[1].view();
    for (std::uint32_t row = 0; row < result_.steps.rows; ++row) {
      const Cell d = days.at(row);
      if (d.lo == d.hi && d.lo == s.day) return holds(result_, row, s);
    }
    for (std::uint32_t row = 0; row < result_.steps.rows; ++row)
      if (holds(days.at(row), s.day) && holds(result_, row, s)) return true;
    return false;
  }

  void sure_rows(const std::vector<Step>& steps) const {
    const Vec days = result_.steps.columns[1].view();
    for (std::uint32_t row = 0; row < result_.steps.rows; ++row) {
      if (memberships(result_.steps)[row] != T) continue;
      const std::int64_t d = days.at(row).lo;
      EXPECT_TRUE(std::any_of(steps.begin(), steps.end(), [&](const Step& s) { return s.day == d; }));
    }
  }

  void cycles(const std::vector<Step>& steps) const {
    for (std::uint32_t row = 0; row < result_.cycles.rows; ++row) {
      const std::int64_t from = column(result_.cycles, 1)[row].lo, to = column(result_.cycles, 2)[row].lo;
      std::int64_t entered = 0;
      for (const Step& s : steps)
        if (s.day >= from && s.day <= to) entered += s.entered;
      EXPECT_TRUE(holds(column(result_.cycles, 3)[row], entered));
    }
  }

  const Case& case_;
  const LedgerResult& result_;
  std::vector<Event> events_;
  std::size_t count_ = 0;
  std::map<std::int64_t, Cell> hull_;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  out << "floor " << c.floor << " opens " << c.opens_at << " period " << static_cast<int>(c.period) << "\n";
  for (const Flow& f : c.flows) {
    out << (f.is_entry ? "entry " : "credit ") << f.clause << " in " << int{f.in} << " day " << f.from - new_year() << ".." << f.to - new_year() << " amount " << f.lo << ".." << f.hi;
    if (!f.is_entry) out << " cap " << c.caps[f.clause] << " per " << static_cast<int>(c.cap_periods[f.clause]);
    out << "\n";
  }
  return out;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::int64_t operator()(std::int64_t from, std::int64_t to) { return from + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(to - from + 1)); }

 private:
  std::mt19937_64 engine_;
};

Case random_case(Random& random, bool all_known) {
  Case c;
  c.entry_clauses = static_cast<std::size_t>(random(1, 2));
  c.credit_clauses = static_cast<std::size_t>(random(0, 2));
  constexpr Period periods[] = {Period::none, Period::calendar_year, Period::month};
  c.period = periods[random(0, 2)];
  for (std::size_t k = 0; k < c.credit_clauses; ++k) {
    c.caps.push_back(random(0, 2) == 0 ? -1 : random(0, 4));
    c.cap_periods.push_back(periods[random(0, 2)]);
  }
  c.floor = random(0, 3) == 0 ? -2 : 0;
  c.opens_at = random(0, 2) == 0 ? random(0, 3) : 0;
  const std::int64_t flows = random(1, all_known ? 9 : 5);
  for (std::int64_t i = 0; i < flows; ++i) {
    Flow f{};
    f.is_entry = c.credit_clauses == 0 || random(0, 2) != 0;
    f.clause = static_cast<std::size_t>(random(0, static_cast<std::int64_t>(f.is_entry ? c.entry_clauses : c.credit_clauses) - 1));
    f.in = !all_known && random(0, 2) == 0 ? U : T;
    f.from = f.to = new_year() + random(days_from, days_to);
    if (!all_known && random(0, 2) == 0) f.to = std::min(new_year() + days_to, f.from + random(1, 4));
    f.lo = f.hi = random(f.is_entry && random(0, 5) == 0 ? -2 : 0, 5);
    if (!all_known && random(0, 3) == 0) f.hi += random(1, 2);
    c.flows.push_back(f);
  }
  return c;
}

TEST(LedgerCompletions, LieInsideTheComputedRanges) {
  Random random(20250101);
  std::size_t completions = 0, sharp = 0, days_in_all = 0;
  for (int i = 0; i < 1500 && !::testing::Test::HasFailure(); ++i) {
    const Case c = random_case(random, false);
    Columns columns;
    const LedgerInput input = input_of(c, columns);
    const LedgerResult result = fold_ledger(input);
    Completions all(c, result);
    all.check();
    completions += all.count();
    sharp += all.sharp();
    days_in_all += all.days();
    if (::testing::Test::HasFailure()) ADD_FAILURE() << c;
  }
  EXPECT_GT(completions, 15000u);
  RecordProperty("sharp_days_in_thousand", static_cast<int>(sharp * 1000 / days_in_all));
  EXPECT_GT(sharp * 100, days_in_all * 75) << "balances are wider than what can come true on " << days_in_all - sharp << " of " << days_in_all << " days";
}

// The same known case, run in small units by the plain chain, and in units too large for it by the chain of ranges.
TEST(LedgerCompletions, AreHitExactlyWhenEverythingIsKnown) {
  Random random(7);
  for (int i = 0; i < 2000 && !::testing::Test::HasFailure(); ++i) {
    Case c = random_case(random, true);
    for (const std::int64_t unit : {std::int64_t{1}, std::int64_t{1} << 42}) {
      Case scaled = c;
      scaled.floor *= unit;
      scaled.opens_at *= unit;
      scaled.unit = unit;
      for (std::int64_t& cap : scaled.caps)
        if (cap >= 0) cap *= unit;
      std::vector<Event> events;
      for (Flow& f : scaled.flows) {
        f.lo *= unit;
        f.hi *= unit;
        events.push_back({f.is_entry, f.clause, f.from, f.lo});
      }
      Columns columns;
      const LedgerResult result = fold_ledger(input_of(scaled, columns));
      const std::vector<Step> steps = simulate(scaled, events);
      ASSERT_EQ(result.steps.rows, steps.size()) << scaled;
      for (std::uint32_t row = 0; row < steps.size(); ++row) {
        EXPECT_EQ(column(result.steps, 1)[row], known(steps[row].day));
        EXPECT_EQ(column(result.steps, 2)[row], known(steps[row].opening));
        EXPECT_EQ(column(result.steps, 3)[row], known(steps[row].balance));
        EXPECT_EQ(column(result.steps, 4)[row], known(steps[row].entered));
        EXPECT_EQ(column(result.steps, 5)[row], known(steps[row].largest));
      }
      for (std::int64_t d = new_year() + days_from - 1; d <= new_year() + days_to; ++d)
        EXPECT_EQ(result.table.balance_at(0, known(d)), known(balance_on(scaled, steps, d)));
      if (::testing::Test::HasFailure()) ADD_FAILURE() << scaled;
    }
  }
}

}  // namespace
}  // namespace tiao::engine
