// Ledgers: gathers the entries and credits of each owner, runs the chain of known amounts and dates itself, and leaves ranges to
// ledger_ranges.cpp.
#include "runtime/engine/ledger.hpp"

#include <algorithm>
#include <memory>

#include "runtime/engine/parts.hpp"
#include "runtime/engine/sorting.hpp"

namespace tiao::engine {

namespace {

// Amounts and numbers of events under which no sum of a chain can leave 64 bits.
constexpr std::int64_t small_amount = std::int64_t{1} << 40;
constexpr std::size_t small_count = std::size_t{1} << 20;

constexpr bool is_small(std::int64_t v) { return v > -small_amount && v < small_amount; }
constexpr bool is_small(const Cell& c) { return c.lo == c.hi && is_small(c.lo); }

enum class Gathered : std::uint8_t { nothing, plain, ranges, error };

// An entry or credit that is surely there on a known day, of a small amount; a credit and what stands beside credits is known.
struct PlainEvent { std::int64_t day, lo, hi; std::uint32_t flow; };

// A flow as the plain path reads it.
struct PlainFlow {
  const std::uint32_t* offsets;
  const std::uint8_t *open, *in;
  const std::int64_t *day_lo, *day_hi, *lo, *hi;
  std::size_t day_step, step;
};

enum : std::uint32_t { col_day = 1, col_opening, col_balance, col_entered, col_largest, step_columns };
enum : std::uint32_t { col_starts_on = 1, col_ends_on, col_cycle_entered, cycle_columns };

[[gnu::always_inline]] inline void push_ends(ColumnArrays& column, std::int64_t lo, std::int64_t hi) {
  if (column.hi.empty() && lo != hi) return column.push(between(lo, hi));
  column.lo.push(lo);
  if (!column.hi.empty()) column.hi.push(hi);
}

}  // namespace

// One run over owners that follow one another.
struct LedgerFold {
  LedgerFold(const LedgerInput& input, std::uint32_t begin, std::uint32_t end) : in(input), first(begin), last(end), periods(input.period) {
    for (const FlowInput& credit : in.credits) cap_periods.emplace_back(credit.cap_period);
    owner.caps.resize(in.credits.size());
    plain_caps.resize(in.credits.size());
    spent.resize(in.credits.size());
    result.steps.columns.resize(step_columns);
    result.cycles.columns.resize(cycle_columns);
    for (std::uint32_t f = 0; f < flows(); ++f) {
      const FlowInput& of = flow(f);
      plain_flows.push_back({of.rows.offsets, of.rows.open, of.in, of.date.lo, of.date.hi, of.amount.lo, of.amount.hi, of.date.step, of.amount.step});
      same_constants = same_constants && (!of.cap.present() || of.cap.step == 0);
    }
    same_constants = same_constants && in.floor.step == 0 && in.opens_at.step == 0;
  }

  void run() {
    reserve();
    if (same_constants && first < last) plain = constants_plain(first);
    for (std::uint32_t row = first; row < last; ++row) {
      one(row);
      result.steps.offsets.push(static_cast<std::uint32_t>(result.steps.parent.size()));
      result.cycles.offsets.push(static_cast<std::uint32_t>(result.cycles.parent.size()));
    }
  }

  const FlowInput& flow(std::uint32_t f) const { return f < in.entries.size() ? in.entries[f] : in.credits[f - in.entries.size()]; }
  std::uint32_t flows() const { return static_cast<std::uint32_t>(in.entries.size() + in.credits.size()); }

  void reserve() {
    std::size_t bound = 0;   // most candidates are in no flow: room for all of them would be many times what is needed
    for (std::uint32_t f = 0; f < flows(); ++f) {
      const std::uint32_t begin = flow(f).rows.offsets[first], end = flow(f).rows.offsets[last];
      const std::uint8_t* const state = flow(f).in;
      bound += state == nullptr ? end - begin : end - begin - static_cast<std::size_t>(std::count(state + begin, state + end, no_byte));
    }
    for (DerivedTable* table : {&result.steps, &result.cycles}) {
      table->offsets.reserve(last - first + 1);
      if (first == 0) table->offsets.push(0);
    }
    result.steps.parent.reserve(bound);
    for (std::uint32_t c = col_day; c < step_columns; ++c)
      if (stored(c)) result.steps.columns[c].lo.reserve(bound);
  }
  bool stored(std::uint32_t c) const { return (in.step_columns >> c & 1) != 0; }
  bool stored_of_cycles(std::uint32_t c) const { return (in.cycle_columns >> c & 1) != 0; }

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

  // Fills plain_events by day; `ranges` when something is not plain.
  Gathered gather_plain(std::uint32_t row) {
    constexpr std::size_t few = 32;
    plain_events.clear();
    for (std::uint32_t f = 0; f < plain_flows.size(); ++f) {
      const PlainFlow& from = plain_flows[f];
      if (from.open != nullptr && from.open[row] != 0) return Gathered::ranges;
      for (std::uint32_t at = from.offsets[row], end = from.offsets[row + 1]; at < end; ++at) {
        if (from.in != nullptr && from.in[at] != yes_byte) {
          if (from.in[at] == no_byte) continue;
          return Gathered::ranges;
        }
        const std::int64_t on = from.day_lo[at * from.day_step];
        if (on != from.day_hi[at * from.day_step]) return Gathered::ranges;
        if (on > in.as_of) continue;
        const std::int64_t lo = from.lo[at * from.step], hi = from.hi[at * from.step];
        if (lo != hi && (lo > hi || !in.credits.empty())) return Gathered::ranges;
        if (!is_small(lo) || !is_small(hi)) return Gathered::ranges;
        std::size_t place = plain_events.size();
        plain_events.push({on, lo, hi, f});
        if (place >= few) continue;
        for (; place > 0 && plain_events[place - 1].day > on; --place) plain_events[place] = plain_events[place - 1];
        plain_events[place] = {on, lo, hi, f};
      }
    }
    if (plain_events.empty()) return Gathered::nothing;
    if (plain_events.size() > few) std::stable_sort(plain_events.begin(), plain_events.end(), [](const PlainEvent& a, const PlainEvent& b) { return a.day < b.day; });
    if (!same_constants) plain = constants_plain(row);
    return plain && plain_events.size() < small_count ? Gathered::plain : Gathered::ranges;
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

  void constants(std::uint32_t row) {
    owner.floor = in.floor.at(row);
    owner.opens_at = in.opens_at.at(row);
    // So that a step which moves nothing changes nothing.
    if (owner.floor.lo <= owner.floor.hi && owner.opens_at.lo <= owner.opens_at.hi) owner.opens_at = scalar::greatest(owner.opens_at, owner.floor);
    for (std::size_t c = 0; c < in.credits.size(); ++c) owner.caps[c] = in.credits[c].cap.present() ? in.credits[c].cap.at(row) : between(neg_inf, pos_inf);
  }

  bool constants_plain(std::uint32_t row) {
    constants(row);
    plain_floor = owner.floor.lo;
    plain_opens_at = owner.opens_at.lo;
    bool all = (is_small(owner.floor) || owner.floor == known(neg_inf)) && is_small(owner.opens_at);
    for (std::size_t c = 0; c < in.credits.size(); ++c) {
      plain_caps[c] = owner.caps[c].lo;
      all = all && (!in.credits[c].cap.present() || is_small(owner.caps[c]));
    }
    return all;
  }

  // --- Known dates and small amounts

  std::int64_t grant(std::uint32_t credit, std::int64_t day, std::int64_t amount) {
    if (!in.credits[credit].cap.present()) return amount;
    Spent& s = spent[credit];
    if (day >= s.until) s = {0, cap_periods[credit](day).to};
    const std::int64_t cap = plain_caps[credit], before = std::min(cap, s.sum);
    s.sum += amount;
    return std::min(cap, s.sum) - before;
  }

  void run_plain(std::uint32_t row) {
    const auto entry_flows = static_cast<std::uint32_t>(in.entries.size());
    const bool cycles = in.cycles && in.period != Period::none;
    for (Spent& s : spent) s = {0, neg_inf};
    PeriodBounds period{neg_inf, neg_inf};
    std::int64_t lo = 0, hi = 0, cycle_lo = 0, cycle_hi = 0;   // balance; entered in the period
    for (const PlainEvent *e = plain_events.begin(), *end = plain_events.end(); e != end;) {
      const std::int64_t day = e->day;
      if (day >= period.to) {
        if (!cycles || e == plain_events.begin()) period = periods(day);
        for (; day >= period.to; period = periods(period.to)) {
          push_plain_cycle(row, period, cycle_lo, cycle_hi);
          cycle_lo = cycle_hi = 0;
        }
        lo = hi = plain_opens_at;
      }
      const std::int64_t opening_lo = lo, opening_hi = hi;
      std::int64_t entered_lo = 0, entered_hi = 0, largest_lo = 0, largest_hi = 0, granted = 0;
      for (bool first_entry = true; e != end && e->day == day; ++e) {
        if (e->flow >= entry_flows) {
          granted += grant(e->flow - entry_flows, day, e->lo);
          continue;
        }
        entered_lo += e->lo;
        entered_hi += e->hi;
        largest_lo = first_entry ? e->lo : std::max(largest_lo, e->lo);
        largest_hi = first_entry ? e->hi : std::max(largest_hi, e->hi);
        first_entry = false;
      }
      lo = std::max(plain_floor, opening_lo + entered_lo - granted);
      hi = std::max(plain_floor, opening_hi + entered_hi - granted);
      cycle_lo += entered_lo;
      cycle_hi += entered_hi;
      std::vector<ColumnArrays>& columns = result.steps.columns;
      result.steps.parent.push(row);
      memberships.push(Truth::yes);
      if (stored(col_day)) push_ends(columns[col_day], day, day);
      if (stored(col_balance)) push_ends(columns[col_balance], lo, hi);
      if (stored(col_opening)) push_ends(columns[col_opening], opening_lo, opening_hi);
      if (stored(col_entered)) push_ends(columns[col_entered], entered_lo, entered_hi);
      if (stored(col_largest)) push_ends(columns[col_largest], largest_lo, largest_hi);
    }
    if (!cycles) return;
    push_plain_cycle(row, period, cycle_lo, cycle_hi);
    while (period.to <= in.as_of) push_plain_cycle(row, period = periods(period.to), 0, 0);
  }

  void push_plain_cycle(std::uint32_t row, const PeriodBounds& period, std::int64_t lo, std::int64_t hi) {
    result.cycles.parent.push(row);
    cycle_memberships.push(Truth::yes);
    std::vector<ColumnArrays>& columns = result.cycles.columns;
    if (stored_of_cycles(col_starts_on)) push_ends(columns[col_starts_on], period.from, period.from);
    if (stored_of_cycles(col_ends_on)) push_ends(columns[col_ends_on], period.to - 1, period.to - 1);
    if (stored_of_cycles(col_cycle_entered)) push_ends(columns[col_cycle_entered], lo, hi);
  }

  // --- Ranges

  // The constants of the owner, and his events: decided ones by day, then the others by range.
  bool prepare(std::uint32_t row) {
    constants(row);
    if (owner.floor.lo > owner.floor.hi || owner.opens_at.lo > owner.opens_at.hi) return false;
    for (const Cell& cap : owner.caps)
      if (cap.lo > cap.hi) return false;
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
    if (stored(col_day)) columns[col_day].push(between(s.from, s.to));
    if (stored(col_balance)) columns[col_balance].push(s.balance);
    if (stored(col_opening)) columns[col_opening].push(s.opening);
    if (stored(col_entered)) columns[col_entered].push(s.entered);
    if (stored(col_largest)) columns[col_largest].push(s.largest);
  }

  void push_cycle(std::uint32_t row, const LedgerCycle& c) {
    result.cycles.parent.push(row);
    cycle_memberships.push(c.in);
    auto put = [&](std::uint32_t column, const Cell& cell) {
      if (stored_of_cycles(column)) result.cycles.columns[column].push(cell);
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

  // Takes over what the next owners have.
  void append(LedgerFold& next) {
    auto table = [](DerivedTable& to, DerivedTable& from, TruthColumn& truths, TruthColumn& more) {
      append_positions(to.offsets, from.offsets, to.parent.size());
      engine::append(to.parent, from.parent);
      truths.append(more);
      for (std::size_t c = 0; c < to.columns.size(); ++c) engine::append(to.columns[c], from.columns[c]);
      if (to.open.empty()) to.open = std::move(from.open);
      for (std::size_t row = 0; row < from.open.size(); ++row) to.open[row] |= from.open[row];
    };
    table(result.steps, next.result.steps, memberships, next.memberships);
    table(result.cycles, next.result.cycles, cycle_memberships, next.cycle_memberships);
    LedgerTable &to = result.table, &from = next.result.table;
    if (from.hard_owner_.empty()) return;
    if (to.hard_owner_.empty()) {
      std::swap(to.hard_owner_, from.hard_owner_);
      std::swap(to.hard_flows_, from.hard_flows_);
      std::swap(to.hard_steps_, from.hard_steps_);
      std::swap(to.flows_, from.flows_);
      std::swap(to.base_, from.base_);
      return;
    }
    engine::append(to.hard_owner_, from.hard_owner_);
    auto positions = [](Array<std::uint32_t>& all, const Array<std::uint32_t>& more, std::size_t before) {   // each begins with a 0
      for (std::size_t i = 1; i < more.size(); ++i) all.push(more[i] + static_cast<std::uint32_t>(before));
    };
    positions(to.hard_flows_, from.hard_flows_, to.flows_.size());
    positions(to.hard_steps_, from.hard_steps_, to.base_.lo.size());
    engine::append(to.flows_, from.flows_);
    engine::append(to.base_, from.base_);
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
  std::uint32_t first, last;                    // owners
  LedgerResult result;
  TruthColumn memberships, cycle_memberships;
  std::vector<PlainFlow> plain_flows;
  Array<PlainEvent> plain_events;
  std::int64_t plain_floor = 0, plain_opens_at = 0;
  std::vector<std::int64_t> plain_caps;
  bool same_constants = true, plain = false;    // for all owners; floor, opening and caps are plain
  LedgerOwner owner;
  std::vector<Spent> spent;
  PeriodFinder periods;
  std::vector<PeriodFinder> cap_periods;
};

LedgerResult fold_ledger(const LedgerInput& input) {
  const std::uint32_t parts = parts_of(input.owners, input.threads);
  std::vector<std::unique_ptr<LedgerFold>> folds;
  for (std::uint32_t p = 0; p < parts; ++p)
    folds.push_back(std::make_unique<LedgerFold>(input, part_start(input.owners, parts, p), part_start(input.owners, parts, p + 1)));
  at_once(parts, [&](std::uint32_t p) { folds[p]->run(); });
  for (std::uint32_t p = 1; p < parts; ++p) {
    folds[0]->append(*folds[p]);
    folds[p].reset();
  }
  folds[0]->finish();
  return std::move(folds[0]->result);
}

}  // namespace tiao::engine
