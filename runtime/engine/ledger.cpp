// Ledgers: gathers the entries and credits of each owner, runs the chain of known amounts and dates itself, and leaves ranges to
// ledger_ranges.cpp.
#include "runtime/engine/ledger.hpp"

#include <algorithm>

#include "runtime/engine/sorting.hpp"

namespace tiao::engine {

namespace {

// Amounts and numbers of events under which no sum of a chain can leave 64 bits.
constexpr std::int64_t small_amount = std::int64_t{1} << 40;
constexpr std::size_t small_count = std::size_t{1} << 20;

constexpr bool is_small(std::int64_t v) { return v > -small_amount && v < small_amount; }
constexpr bool is_small(const Cell& c) { return c.lo == c.hi && is_small(c.lo); }

enum class Gathered : std::uint8_t { nothing, plain, ranges, error };

// An entry or credit that is surely there, of a known small amount on a known day.
struct PlainEvent { std::int64_t day, amount; std::uint32_t flow; };

enum : std::uint32_t { col_day = 1, col_opening, col_balance, col_entered, col_largest, step_columns };
enum : std::uint32_t { col_starts_on = 1, col_ends_on, col_cycle_entered, cycle_columns };

void push_known(ColumnArrays& column, std::int64_t v) {
  column.lo.push(v);
  if (!column.hi.empty()) column.hi.push(v);
}

}  // namespace

// One run over all owners.
struct LedgerFold {
  explicit LedgerFold(const LedgerInput& input) : in(input), periods(input.period) {
    for (const FlowInput& credit : in.credits) cap_periods.emplace_back(credit.cap_period);
    owner.caps.resize(in.credits.size());
    spent.resize(in.credits.size());
    result.steps.columns.resize(step_columns);
    result.cycles.columns.resize(cycle_columns);
  }

  LedgerResult run() {
    reserve();
    for (std::uint32_t row = 0; row < in.owners; ++row) {
      one(row);
      result.steps.offsets.push(static_cast<std::uint32_t>(result.steps.parent.size()));
      result.cycles.offsets.push(static_cast<std::uint32_t>(result.cycles.parent.size()));
    }
    finish();
    return std::move(result);
  }

  const FlowInput& flow(std::uint32_t f) const { return f < in.entries.size() ? in.entries[f] : in.credits[f - in.entries.size()]; }
  std::uint32_t flows() const { return static_cast<std::uint32_t>(in.entries.size() + in.credits.size()); }

  void reserve() {
    std::size_t bound = 0;   // most candidates are in no flow: room for all of them would be many times what is needed
    for (std::uint32_t f = 0; f < flows(); ++f) {
      const std::uint32_t candidates = flow(f).rows.offsets[in.owners];
      const std::uint8_t* const state = flow(f).in;
      bound += state == nullptr ? candidates : candidates - static_cast<std::size_t>(std::count(state, state + candidates, no_byte));
    }
    result.steps.offsets.reserve(in.owners + 1);
    result.steps.offsets.push(0);
    result.cycles.offsets.reserve(in.owners + 1);
    result.cycles.offsets.push(0);
    result.steps.parent.reserve(bound);
    for (std::uint32_t c = col_day; c < step_columns; ++c)
      if (stored(c)) result.steps.columns[c].lo.reserve(bound);
  }
  bool stored(std::uint32_t c) const { return c == col_day || c == col_balance || (in.step_columns >> c & 1) != 0; }

  void one(std::uint32_t row) {
    Gathered gathered = gather_plain(row);
    if (gathered == Gathered::ranges) gathered = gather(row);
    switch (gathered) {
      case Gathered::nothing: return;
      case Gathered::plain: return run_plain(row);
      case Gathered::ranges:
        if (prepare(row) && run_ranges(in, owner, periods, cap_periods) && (!in.cycles || make_cycles(in, owner, periods))) return emit(row);
        break;
      case Gathered::error: break;
    }
    emit_error(row);
  }

  // Fills plain_events in source order; `ranges` when something is not plain.
  Gathered gather_plain(std::uint32_t row) {
    plain_events.clear();
    for (std::uint32_t f = 0; f < flows(); ++f) {
      const FlowInput& flow_input = flow(f);
      const Candidates& rows = flow_input.rows;
      if (rows.open != nullptr && rows.open[row] != 0) return Gathered::ranges;
      for (std::uint32_t at = rows.offsets[row]; at < rows.offsets[row + 1]; ++at) {
        if (flow_input.in != nullptr && flow_input.in[at] != yes_byte) {
          if (flow_input.in[at] == no_byte) continue;
          return Gathered::ranges;
        }
        const std::size_t d = static_cast<std::size_t>(at) * flow_input.date.step, a = static_cast<std::size_t>(at) * flow_input.amount.step;
        const std::int64_t on = flow_input.date.lo[d], amount = flow_input.amount.lo[a];
        if (on != flow_input.date.hi[d]) return Gathered::ranges;
        if (on > in.as_of) continue;
        if (amount != flow_input.amount.hi[a] || !is_small(amount)) return Gathered::ranges;
        plain_events.push({on, amount, f});
      }
    }
    if (plain_events.empty()) return Gathered::nothing;
    return constants_plain(row) && plain_events.size() < small_count ? Gathered::plain : Gathered::ranges;
  }

  // Fills owner.events in source order.
  Gathered gather(std::uint32_t row) {
    owner.events.clear();
    for (std::uint32_t f = 0; f < flows(); ++f)   // an error does not close what another flow leaves open
      if (flow(f).rows.open != nullptr && (flow(f).rows.open[row] & 1) != 0) open_owner(row);
    for (std::uint32_t f = 0; f < flows(); ++f) {
      const FlowInput& flow_input = flow(f);
      const std::uint32_t end = flow_input.rows.offsets[row + 1];
      for (std::uint32_t at = flow_input.rows.offsets[row]; at < end; ++at) {
        const Truth in_it = truth_at(flow_input.in, at);
        if (in_it == Truth::no) continue;
        const Cell date = flow_input.date.at(at), amount = flow_input.amount.at(at);
        if (in_it == Truth::error || date.lo > date.hi) return Gathered::error;
        if (date.lo > in.as_of) continue;
        if (amount.lo > amount.hi) return Gathered::error;
        const bool straddles = date.hi > in.as_of;
        owner.events.push({date.lo, straddles ? in.as_of : date.hi, amount.lo, amount.hi, f, straddles ? Truth::unknown : in_it});
      }
      if (flow_input.rows.open != nullptr && flow_input.rows.open[row] != 0) {
        if ((flow_input.rows.open[row] & 2) != 0) return Gathered::error;
        owner.events.push({neg_inf, in.as_of, flow_input.least_unseen, pos_inf, f, Truth::unknown, true});
      }
    }
    return owner.events.empty() ? Gathered::nothing : Gathered::ranges;
  }

  void open_owner(std::uint32_t row) {
    if (result.steps.open.empty()) result.steps.open.assign(in.owners, 0);
    if (result.cycles.open.empty()) result.cycles.open.assign(in.owners, 0);
    result.steps.open[row] = result.cycles.open[row] = 1;
  }

  bool constants_plain(std::uint32_t row) {
    owner.floor = in.floor.at(row);
    owner.opens_at = in.opens_at.at(row);
    // So that a step which moves nothing changes nothing.
    if (owner.floor.lo <= owner.floor.hi && owner.opens_at.lo <= owner.opens_at.hi) owner.opens_at = scalar::greatest(owner.opens_at, owner.floor);
    bool plain = (is_small(owner.floor) || owner.floor == known(neg_inf)) && is_small(owner.opens_at);
    for (std::size_t c = 0; c < in.credits.size(); ++c) {
      owner.caps[c] = in.credits[c].cap.present() ? in.credits[c].cap.at(row) : known(small_amount - 1);
      plain = plain && is_small(owner.caps[c]);
    }
    return plain;
  }

  // --- Known amounts and dates

  std::int64_t grant(std::uint32_t credit, std::int64_t day, std::int64_t amount) {
    if (!in.credits[credit].cap.present()) return amount;
    Spent& s = spent[credit];
    if (day >= s.until) s = {0, cap_periods[credit](day).to};
    const std::int64_t cap = owner.caps[credit].lo, before = std::min(cap, s.sum);
    s.sum += amount;
    return std::min(cap, s.sum) - before;
  }

  void run_plain(std::uint32_t row) {
    sort_stably(plain_events.data(), plain_events.size(), [](const PlainEvent& a, const PlainEvent& b) { return a.day < b.day; });
    const PlainEvent* events = plain_events.data();
    const std::size_t count = plain_events.size();
    const std::int64_t floor = owner.floor.lo, opens_at = owner.opens_at.lo;
    const auto entry_flows = static_cast<std::uint32_t>(in.entries.size());
    for (Spent& s : spent) s = {0, neg_inf};
    std::int64_t balance = opens_at, until = neg_inf;
    for (std::size_t i = 0; i < count;) {
      const std::int64_t day = events[i].day;
      if (day >= until) {
        until = periods(day).to;
        balance = opens_at;
      }
      const std::int64_t opening = balance;
      std::int64_t entered = 0, largest = 0, granted = 0;
      for (bool first = true; i < count && events[i].day == day; ++i) {
        const PlainEvent& e = events[i];
        if (e.flow >= entry_flows) {
          granted += grant(e.flow - entry_flows, day, e.amount);
          continue;
        }
        entered += e.amount;
        largest = first ? e.amount : std::max(largest, e.amount);
        first = false;
      }
      balance = std::max(floor, opening + entered - granted);
      push_plain(row, day, opening, balance, entered, largest);
    }
    if (in.cycles) plain_cycles(row, entry_flows);
  }

  void push_plain(std::uint32_t row, std::int64_t day, std::int64_t opening, std::int64_t balance, std::int64_t entered, std::int64_t largest) {
    std::vector<ColumnArrays>& columns = result.steps.columns;
    result.steps.parent.push(row);
    memberships.push(Truth::yes);
    push_known(columns[col_day], day);
    push_known(columns[col_balance], balance);
    if (stored(col_opening)) push_known(columns[col_opening], opening);
    if (stored(col_entered)) push_known(columns[col_entered], entered);
    if (stored(col_largest)) push_known(columns[col_largest], largest);
  }

  void plain_cycles(std::uint32_t row, std::uint32_t entry_flows) {
    if (in.period == Period::none) return;
    std::size_t i = 0;
    for (PeriodBounds p = periods(plain_events[0].day); p.from <= in.as_of; p = periods(p.to)) {
      std::int64_t entered = 0;
      for (; i < plain_events.size() && plain_events[i].day < p.to; ++i)
        if (plain_events[i].flow < entry_flows) entered += plain_events[i].amount;
      push_cycle(row, {p, Truth::yes, known(entered)});
    }
  }

  // --- Ranges

  // The constants of the owner, and his events: decided ones by day, then the others by range.
  bool prepare(std::uint32_t row) {
    constants_plain(row);
    if (owner.floor.lo > owner.floor.hi || owner.opens_at.lo > owner.opens_at.hi) return false;
    for (std::size_t c = 0; c < in.credits.size(); ++c) {
      if (!in.credits[c].cap.present()) owner.caps[c] = between(neg_inf, pos_inf);
      if (owner.caps[c].lo > owner.caps[c].hi) return false;
    }
    auto undecided = [](const LedgerEvent& e) { return e.from != e.to; };
    sort_stably(owner.events.data(), owner.events.size(), [&](const LedgerEvent& a, const LedgerEvent& b) {
      if (undecided(a) != undecided(b)) return undecided(b);
      return a.from != b.from ? a.from < b.from : a.to < b.to;
    });
    owner.decided = static_cast<std::uint32_t>(std::find_if(owner.events.begin(), owner.events.end(), undecided) - owner.events.begin());
    return true;
  }

  void emit(std::uint32_t row) {
    for (const LedgerStep& s : owner.steps) push_step(row, s);
    if (owner.decided < owner.events.size()) remember(row);
    if (!in.cycles) return;
    for (const LedgerCycle& c : owner.cycles) push_cycle(row, c);
    if (owner.cycles_open) {
      if (result.cycles.open.empty()) result.cycles.open.assign(in.owners, 0);
      result.cycles.open[row] = 1;
    }
  }

  void push_step(std::uint32_t row, const LedgerStep& s) {
    std::vector<ColumnArrays>& columns = result.steps.columns;
    result.steps.parent.push(row);
    memberships.push(s.in);
    columns[col_day].push(between(s.from, s.to));
    columns[col_balance].push(s.balance);
    if (stored(col_opening)) columns[col_opening].push(s.opening);
    if (stored(col_entered)) columns[col_entered].push(s.entered);
    if (stored(col_largest)) columns[col_largest].push(s.largest);
  }

  void push_cycle(std::uint32_t row, const LedgerCycle& c) {
    result.cycles.parent.push(row);
    cycle_memberships.push(c.in);
    auto put = [&](std::uint32_t column, const Cell& cell) {
      if ((in.cycle_columns >> column & 1) != 0) result.cycles.columns[column].push(cell);
    };
    put(col_starts_on, known(c.period.from));
    put(col_ends_on, known(c.period.to - 1));
    put(col_cycle_entered, c.entered);
  }

  // What balance_at needs of an owner with undecided dates.
  void remember(std::uint32_t row) {
    LedgerTable& table = result.table;
    if (table.hard_owner_.empty()) {
      table.hard_flows_.push(0);
      table.hard_steps_.push(0);
    }
    table.hard_owner_.push(row);
    for (std::size_t i = owner.decided; i < owner.events.size(); ++i) table.flows_.push(undecided_flow(in, owner, owner.events[i]));
    for (std::uint32_t i = 0; i < owner.decided_steps; ++i) table.base_.push(owner.steps[i].base);
    table.hard_flows_.push(static_cast<std::uint32_t>(table.flows_.size()));
    table.hard_steps_.push(static_cast<std::uint32_t>(table.base_.lo.size()));
  }

  void emit_error(std::uint32_t row) {
    const Cell error = number_error();
    push_step(row, {error.lo, error.hi, Truth::error, error, error, error, error, error});
    if (in.cycles && in.period != Period::none) push_cycle(row, {periods(in.as_of), Truth::error, error});
  }

  void finish() {
    auto close = [](DerivedTable& table, TruthColumn& truths) {
      table.rows = static_cast<std::uint32_t>(table.parent.size());
      table.parent.shrink();
      table.membership = truths.take();
      for (ColumnArrays& c : table.columns) c.shrink();
    };
    close(result.steps, memberships);
    close(result.cycles, cycle_memberships);
    LedgerTable& table = result.table;
    table.offsets_ = result.steps.offsets.data();
    table.membership_ = result.steps.membership.data();
    table.day_ = result.steps.columns[col_day].view();
    table.balance_ = result.steps.columns[col_balance].view();
    table.floor_ = in.floor;
    table.opens_at_ = in.opens_at;
    table.period_ = in.period;
    table.as_of_ = in.as_of;
  }

  // What a credit clause has offered in its cap period, which ends before `until`.
  struct Spent { std::int64_t sum, until; };

  const LedgerInput& in;
  LedgerResult result;
  TruthColumn memberships, cycle_memberships;
  Array<PlainEvent> plain_events;
  LedgerOwner owner;
  std::vector<Spent> spent;
  PeriodFinder periods;
  std::vector<PeriodFinder> cap_periods;
};

LedgerResult fold_ledger(const LedgerInput& input) { return LedgerFold(input).run(); }

}  // namespace tiao::engine
