#include "runtime/engine/ledger_known.hpp"

#include <algorithm>

#include "runtime/engine/sorting.hpp"

namespace tiao::engine {

namespace {

// So many events are put in order by comparing each with each.
constexpr std::size_t few = 8;

constexpr std::uint8_t always = yes_byte;

// Fills out[0] .. out[count], and up to three more.
template <class T, class Value>
[[gnu::always_inline]] inline void fill_by_four(T* out, std::size_t count, Value value) {
  for (std::size_t i = 0; i < count; i += 4)
    for (std::size_t k = i; k < i + 4; ++k) out[k] = value(k);
}

}  // namespace

// --- RowWriter

RowWriter::RowWriter(DerivedTable& table, TruthColumn& memberships, std::uint32_t stored, std::uint32_t ranged, std::uint32_t owners)
    : table_(table), memberships_(memberships), stored_(stored), ranged_(ranged & stored), owners_(owners), columns_(table.columns.size()) {}

// Once many owners are done the others are taken to have as many rows each, within reason: the first ones may not be like the rest.
void RowWriter::grow(std::size_t more, std::uint32_t owners) {
  constexpr std::uint32_t many = 1024;
  constexpr std::size_t reason = std::size_t{1} << 22;
  settle();
  const std::size_t needed = rows + more + slack + 16;
  std::size_t wanted = capacity_ + capacity_ / 2;
  if (owners >= many) wanted = std::max(wanted, std::min(static_cast<std::size_t>(1.02 * static_cast<double>(needed) / owners * owners_), std::max(reason, 4 * needed)));
  capacity_ = std::max(needed, wanted);
  resume();
}

void RowWriter::keep_ranges() {
  settle();
  ranges = true;
  resume();
}

void RowWriter::settle() {
  table_.parent.resize(rows);
  memberships_.pad(rows);
  for (std::size_t c = 1; c < columns_; ++c) {
    if (lo[c] != nullptr) table_.columns[c].lo.resize(rows);
    if (hi[c] != nullptr) table_.columns[c].hi.resize(rows);
  }
}

void RowWriter::resume() {
  rows = table_.parent.size();
  capacity_ = std::max(capacity_, rows + slack);
  table_.parent.reserve(capacity_);
  parent = table_.parent.data();
  for (std::size_t c = 1; c < columns_; ++c) ranges = ranges || ((ranged_ >> c & 1) != 0 && !table_.columns[c].hi.empty());
  for (std::uint32_t c = 1; c < columns_; ++c) {
    if (!stores(c)) continue;
    ColumnArrays& column = table_.columns[c];
    column.lo.reserve(capacity_);
    lo[c] = column.lo.data();
    if (column.hi.empty() && (!ranges || (ranged_ >> c & 1) == 0)) continue;
    const std::size_t kept = column.hi.size();
    column.hi.reserve(capacity_);
    column.hi.resize(rows);
    std::copy(column.lo.begin() + kept, column.lo.end(), column.hi.begin() + kept);
    hi[c] = column.hi.data();
  }
}

// --- KnownChain

KnownChain::KnownChain(const LedgerInput& input, RowWriter& steps, RowWriter& cycles, std::vector<PeriodFinder>& cap_periods)
    : in_(input), steps_(steps), cycles_(cycles), with_periods_(input.period != Period::none), with_cycles_(input.cycles && with_periods_),
      periods_(input.period, input.as_of), caps_(input.credits.size()), spent_(input.credits.size()), cap_periods_(cap_periods) {
  flows_.reserve(input.entries.size() + input.credits.size());
  for (const std::vector<FlowInput>* clauses : {&input.entries, &input.credits})
    for (const FlowInput& f : *clauses)
      flows_.push_back({f.rows.offsets, f.rows.open, f.in != nullptr ? f.in : &always, f.date.lo, f.date.hi, f.amount.lo, f.amount.hi, f.in != nullptr, f.date.step, f.amount.step});
  for (std::uint32_t c = col_day; c < step_columns; ++c) with_values_ = with_values_ || steps.stores(c);
  counts_only_ = !with_values_ && with_cycles_ && input.entries.size() == 1 && input.credits.empty();
}

Gathered KnownChain::gather(std::uint32_t row) {
  Event* events = events_.data();
  std::size_t count = 0;
  std::int64_t earliest = in_.as_of;
  bool ranges = false, open = false;
  for (std::uint32_t f = 0; f < flows_.size(); ++f) {
    const Flow& from = flows_[f];
    if (from.open != nullptr && from.open[row] != 0) return Gathered::ranges;
    const std::uint32_t begin = from.offsets[row], end = from.offsets[row + 1];
    if (count + (end - begin) >= events_.size()) {
      events_.resize(count + (end - begin) + count / 2 + 16);
      events = events_.data();
    }
    for (std::uint32_t at = begin; at < end; ++at) {
      const std::uint8_t in = from.in[at * from.in_step];
      const std::int64_t day = from.day_lo[at * from.day_step], lo = from.lo[at * from.step], hi = from.hi[at * from.step];
      const bool yes = in == yes_byte, counts = yes & (day <= in_.as_of);
      open |= (!yes & (in != no_byte)) | (yes & (day != from.day_hi[at * from.day_step])) | (counts & ((lo > hi) | !is_small(lo) | !is_small(hi)));
      events[count] = {day, lo, hi, f};
      count += counts;
      earliest = counts & (day < earliest) ? day : earliest;
      ranges |= counts & (lo != hi);
    }
  }
  if (open || (ranges && !in_.credits.empty()) || count >= small_count) return Gathered::ranges;
  if (count == 0) return Gathered::nothing;
  if (with_periods_) {
    if (earliest < scalar::first_day || !scalar::is_day(in_.as_of)) return Gathered::ranges;
    periods_.reach(earliest);
  }
  count_ = count;
  earliest_ = earliest;
  some_range_ = ranges;
  return Gathered::known;
}

void KnownChain::set_constants(std::int64_t floor, std::int64_t opens_at, const std::vector<Cell>& caps) {
  floor_ = floor;
  opens_at_ = opens_at;
  for (std::size_t c = 0; c < caps.size(); ++c) caps_[c] = caps[c].lo;
}

void KnownChain::keep_ranges() {
  if (!steps_.ranges) steps_.keep_ranges();
  if (!cycles_.ranges) cycles_.keep_ranges();
}

void KnownChain::run(std::uint32_t row, std::uint32_t owners_done) {
  if (some_range_) keep_ranges();
  if (with_cycles_)   // in any order of the events
    write_cycles(row, owners_done, earliest_, [&](auto enter) {
      for (std::size_t i = 0; i < count_; ++i)
        if (const Event& e = events_[i]; e.flow < in_.entries.size()) enter(e.day, e.lo, e.hi);
    });
  steps_.room(count_, owners_done);
  if (!with_values_) return count_steps(row);
  sort();
  return in_.credits.empty() ? write_steps<false>(row) : write_steps<true>(row);
}

// By day; of a day in the order of their clauses, entries first.
void KnownChain::sort() {
  if (count_ > few) return sort_stably(events_.data(), count_, [](const Event& a, const Event& b) { return a.day < b.day; });
  Event sorted[few];
  std::uint32_t places[few] = {};
  for (std::uint32_t i = 1; i < count_; ++i)
    for (std::uint32_t k = 0; k < i; ++k) {
      const bool later = events_[k].day > events_[i].day;
      places[k] += later;
      places[i] += !later;
    }
  for (std::size_t i = 0; i < count_; ++i) sorted[places[i]] = events_[i];
  std::copy_n(sorted, count_, events_.begin());
}

// Steps of which nobody reads more than how many there are.
void KnownChain::count_steps(std::uint32_t row) {
  std::size_t days = 0;
  if (count_ > few) {
    sort();
    for (std::size_t i = 0; i < count_; ++i) days += i == 0 || events_[i].day != events_[i - 1].day;
  } else {
    for (std::size_t i = 0; i < count_; ++i) {
      bool again = false;
      for (std::size_t k = 0; k < i; ++k) again |= events_[k].day == events_[i].day;
      days += !again;
    }
  }
  fill_by_four(steps_.parent + steps_.rows, days, [&](std::size_t) { return row; });
  steps_.rows += days;
}

// An event of the same day as the one before writes their step once more.
template <bool with_credits>
void KnownChain::write_steps(std::uint32_t row) {
  const auto entry_flows = static_cast<std::uint32_t>(in_.entries.size());
  if constexpr (with_credits)
    for (Spent& s : spent_) s = {0, neg_inf};
  std::size_t at = steps_.rows - 1;
  std::int64_t last_day = 0, opening_lo = 0, opening_hi = 0, entered_lo = 0, entered_hi = 0, largest_lo = 0, largest_hi = 0, granted = 0, lo = 0, hi = 0;
  std::uint32_t last_period = 0;
  bool entries = false;
  const auto put = [&](std::uint32_t column, std::int64_t low, std::int64_t high) {
    if (!steps_.stores(column)) return;
    steps_.lo[column][at] = low;
    if (steps_.hi[column] != nullptr) steps_.hi[column][at] = high;
  };
  for (std::size_t i = 0; i < count_; ++i) {
    const Event& e = events_[i];
    const std::uint32_t period = with_periods_ ? periods_.number(e.day) : 0;
    const bool step = i == 0 || e.day != last_day, fresh = i == 0 || period != last_period;
    last_day = e.day;
    last_period = period;
    at += step;
    opening_lo = fresh ? opens_at_ : step ? lo : opening_lo;
    opening_hi = fresh ? opens_at_ : step ? hi : opening_hi;
    const bool entry = !with_credits || e.flow < entry_flows;
    if constexpr (with_credits) {
      entries = !step && entries;
      granted = step ? 0 : granted;
      if (!entry) granted += grant(e.flow - entry_flows, e.day, e.lo);
    }
    const bool first = with_credits ? !entries : step;
    entered_lo = (step ? 0 : entered_lo) + (entry ? e.lo : 0);
    entered_hi = (step ? 0 : entered_hi) + (entry ? e.hi : 0);
    const std::int64_t most_lo = first ? e.lo : std::max(largest_lo, e.lo), most_hi = first ? e.hi : std::max(largest_hi, e.hi);
    largest_lo = entry ? most_lo : step ? 0 : largest_lo;
    largest_hi = entry ? most_hi : step ? 0 : largest_hi;
    entries = entries || entry;
    lo = std::max(floor_, opening_lo + entered_lo - granted);
    hi = std::max(floor_, opening_hi + entered_hi - granted);
    steps_.parent[at] = row;
    put(col_day, e.day, e.day);
    put(col_opening, opening_lo, opening_hi);
    put(col_balance, lo, hi);
    put(col_entered, entered_lo, entered_hi);
    put(col_largest, largest_lo, largest_hi);
  }
  steps_.rows = at + 1;
}

std::int64_t KnownChain::grant(std::size_t credit, std::int64_t day, std::int64_t amount) {
  if (!in_.credits[credit].cap.present()) return amount;
  Spent& s = spent_[credit];
  if (day >= s.until) s = {0, cap_periods_[credit](day).to};
  const std::int64_t cap = caps_[credit], before = std::min(cap, s.sum);
  s.sum += amount;
  return std::min(cap, s.sum) - before;
}

// From the period of the first event to that of the day in question.
template <class EachEntry>
[[gnu::always_inline]] inline void KnownChain::write_cycles(std::uint32_t row, std::uint32_t owners_done, std::int64_t earliest, EachEntry each_entry) {
  const std::uint32_t first = periods_.number(earliest);
  const std::size_t count = periods_.last_number() - first + 1;
  cycles_.room(count, owners_done);
  const std::size_t at = cycles_.rows;
  cycles_.rows += count;
  const std::int64_t* const starts = periods_.starts() + first;
  fill_by_four(cycles_.parent + at, count, [&](std::size_t) { return row; });
  if (cycles_.stores(col_starts_on)) fill_by_four(cycles_.lo[col_starts_on] + at, count, [&](std::size_t i) { return starts[i]; });
  if (cycles_.stores(col_ends_on)) fill_by_four(cycles_.lo[col_ends_on] + at, count, [&](std::size_t i) { return starts[i + 1] - 1; });
  if (!cycles_.stores(col_cycle_entered)) return;
  std::int64_t* const lo = cycles_.lo[col_cycle_entered] + at;
  std::int64_t* const hi = cycles_.ranges ? cycles_.hi[col_cycle_entered] + at : nullptr;
  fill_by_four(lo, count, [](std::size_t) { return std::int64_t{0}; });
  if (hi != nullptr) fill_by_four(hi, count, [](std::size_t) { return std::int64_t{0}; });
  each_entry([&](std::int64_t day, std::int64_t low, std::int64_t high) {
    const std::uint32_t cycle = periods_.number(day) - first;
    lo[cycle] += low;
    if (hi != nullptr) hi[cycle] += high;
  });
}

template <std::uint32_t count>
bool KnownChain::few_events(std::uint32_t row, std::uint32_t begin, std::uint32_t owners_done) {
  const Flow& from = flows_[0];
  std::int64_t days[count], los[count], his[count], earliest = in_.as_of;
  bool counts[count], any = false, ranges = false, open = false;
#pragma GCC unroll 8
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = begin + i;
    const std::uint8_t in = from.in[at * from.in_step];
    const std::int64_t day = from.day_lo[at * from.day_step], lo = from.lo[at * from.step], hi = from.hi[at * from.step];
    const bool yes = in == yes_byte, here = yes & (day <= in_.as_of);
    open |= (!yes & (in != no_byte)) | (yes & (day != from.day_hi[at * from.day_step])) | (here & ((lo > hi) | !is_small(lo) | !is_small(hi)));
    ranges |= here & (lo != hi);
    any |= here;
    counts[i] = here;
    days[i] = day;
    los[i] = here ? lo : 0;
    his[i] = here ? hi : 0;
    earliest = here & (day < earliest) ? day : earliest;
  }
  if (open) return false;
  if (!any) return true;
  if (earliest < scalar::first_day || !scalar::is_day(in_.as_of)) return false;
  periods_.reach(earliest);
  if (ranges) keep_ranges();
  write_cycles(row, owners_done, earliest, [&](auto enter) {
#pragma GCC unroll 8
    for (std::uint32_t i = 0; i < count; ++i) enter(counts[i] ? days[i] : earliest, los[i], his[i]);
  });
  std::size_t steps = 0;
#pragma GCC unroll 8
  for (std::uint32_t i = 0; i < count; ++i) {
    bool again = false;
#pragma GCC unroll 8
    for (std::uint32_t k = 0; k < i; ++k) again |= counts[k] & (days[k] == days[i]);
    steps += counts[i] & !again;
  }
  steps_.room(steps, owners_done);
  fill_by_four(steps_.parent + steps_.rows, steps, [&](std::size_t) { return row; });
  steps_.rows += steps;
  return true;
}

bool KnownChain::run_few(std::uint32_t row, std::uint32_t owners_done) {
  if (!counts_only_) return false;
  const Flow& from = flows_[0];
  if (from.open != nullptr && from.open[row] != 0) return false;
  const std::uint32_t begin = from.offsets[row];
  switch (from.offsets[row + 1] - begin) {
    case 0: return true;
    case 1: return few_events<1>(row, begin, owners_done);
    case 2: return few_events<2>(row, begin, owners_done);
    case 3: return few_events<3>(row, begin, owners_done);
    case 4: return few_events<4>(row, begin, owners_done);
    case 5: return few_events<5>(row, begin, owners_done);
    case 6: return few_events<6>(row, begin, owners_done);
    default: return false;
  }
}

}  // namespace tiao::engine
