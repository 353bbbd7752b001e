// Ledgers: gathers the entries and credits of each owner, leaves the chain of known amounts and dates to ledger_known.cpp and ranges
// to ledger_ranges.cpp.
#include "runtime/engine/ledger_known.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "runtime/engine/parts.hpp"
#include "runtime/engine/sorting.hpp"

namespace tiao::engine {

// One run over owners that follow one another.
struct LedgerFold {
  LedgerFold(const LedgerInput& input, std::uint32_t begin, std::uint32_t end)
      : in(input), first(begin), last(end), result(empty()), known_steps(result.steps, memberships, in.step_columns, ranged_step_columns, end - begin),
        known_cycles(result.cycles, cycle_memberships, in.cycle_columns, 1u << col_cycle_entered, end - begin), chain(in, known_steps, known_cycles, cap_periods) {
    cap_periods.reserve(in.credits.size());
    for (const FlowInput& credit : in.credits) cap_periods.emplace_back(credit.cap_period);
    owner.caps.resize(in.credits.size());
    for (const FlowInput& credit : in.credits) same_constants = same_constants && (!credit.cap.present() || credit.cap.step == 0);
    same_constants = same_constants && in.floor.step == 0 && in.opens_at.step == 0;
  }

  static LedgerResult empty() {
    LedgerResult out;
    out.steps.columns.resize(step_columns);
    out.cycles.columns.resize(cycle_columns);
    return out;
  }

  void run() {
    reserve();
    if (same_constants && first < last) small_constants = constants_small(first);
    for (std::uint32_t row = first; row < last; ++row) {
      one(row);
      *step_offset++ = static_cast<std::uint32_t>(known_steps.rows);
      *cycle_offset++ = static_cast<std::uint32_t>(known_cycles.rows);
    }
    known_steps.settle();
    known_cycles.settle();
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
    auto offsets = [&](DerivedTable& table) {   // of the first part they begin with a 0
      table.offsets.resize(last - first + (first == 0));
      if (first == 0) table.offsets[0] = 0;
      return table.offsets.begin() + (first == 0);
    };
    step_offset = offsets(result.steps);
    cycle_offset = offsets(result.cycles);
    known_steps.room(bound, 0);
    known_cycles.room(0, 0);
  }
  bool stored(std::uint32_t c) const { return (in.step_columns >> c & 1) != 0; }
  bool stored_of_cycles(std::uint32_t c) const { return (in.cycle_columns >> c & 1) != 0; }

  void one(std::uint32_t row) {
    if (same_constants && small_constants && chain.run_few(row, row - first)) return;
    Gathered gathered = chain.gather(row);
    if (gathered == Gathered::nothing) return;
    if (gathered == Gathered::known && !same_constants) small_constants = constants_small(row);
    if (gathered == Gathered::known && small_constants) return chain.run(row, row - first);
    gathered = gather(row);
    if (gathered == Gathered::nothing) return;
    known_steps.settle();
    known_cycles.settle();
    if (!periods) periods.emplace(in.period);
    if (gathered == Gathered::ranges && prepare(row) && run_ranges(in, owner, *periods, cap_periods) && (!in.cycles || make_cycles(in, owner, *periods))) emit(row);
    else emit_error(row);
    known_steps.resume();
    known_cycles.resume();
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

  bool constants_small(std::uint32_t row) {
    constants(row);
    auto small = [](const Cell& c) { return c.lo == c.hi && is_small(c.lo); };
    bool all = (small(owner.floor) || owner.floor == known(neg_inf)) && small(owner.opens_at);
    for (std::size_t c = 0; c < in.credits.size(); ++c) all = all && (!in.credits[c].cap.present() || small(owner.caps[c]));
    if (all) chain.set_constants(owner.floor.lo, owner.opens_at.lo, owner.caps);
    return all;
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
    if (in.cycles && in.period != Period::none) push_cycle(row, {(*periods)(in.as_of), Truth::error, error});
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

  static constexpr std::uint32_t ranged_step_columns = 1u << col_opening | 1u << col_balance | 1u << col_entered | 1u << col_largest;

  const LedgerInput& in;
  std::uint32_t first, last;                    // owners
  LedgerResult result;
  std::uint32_t *step_offset = nullptr, *cycle_offset = nullptr;   // of the next owner
  TruthColumn memberships, cycle_memberships;
  RowWriter known_steps, known_cycles;
  KnownChain chain;
  bool same_constants = true, small_constants = false;   // for all owners; floor, opening and caps are known and small
  LedgerOwner owner;
  std::optional<PeriodFinder> periods;          // of owners who are not known
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
