// Timelines: the spans of each owner, placed by their overlap ways and shortened.
#include <algorithm>
#include <bit>

#include "runtime/engine/kernels.hpp"
#include "runtime/engine/sorting.hpp"
#include "runtime/engine/spans.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {

namespace {

enum : std::uint32_t { col_state = 1, col_from, col_until, col_cause, span_columns };

std::uint32_t rank_of(std::uint64_t states) { return states == 0 ? 0 : 63u - static_cast<std::uint32_t>(std::countl_zero(states)); }

}  // namespace

// One run over all owners.
struct SpanBuilder {
  explicit SpanBuilder(const TimelineInput& input) : in(input) { result.spans.columns.resize(span_columns); }

  SpanResult run() {
    std::size_t bound = 0;
    for (const OnInput& on : in.on) bound += on.rows.offsets[in.owners];
    DerivedTable& spans = result.spans;
    spans.offsets.reserve(in.owners + 1);
    spans.offsets.push(0);
    spans.parent.reserve(bound);
    for (std::uint32_t c = col_state; c < span_columns; ++c) spans.columns[c].lo.reserve(bound);
    for (std::uint32_t row = 0; row < in.owners; ++row) {
      if (!one(row)) emit_error(row);
      spans.offsets.push(static_cast<std::uint32_t>(spans.parent.size()));
    }
    finish();
    return std::move(result);
  }

  // False: something that was looked at is in error.
  bool one(std::uint32_t row) {
    owner.spans.clear();
    bool fine = true;   // an error does not close what another clause leaves open
    for (const OnInput& on : in.on) fine = may_open(on.rows, row, true) && fine;
    for (std::uint32_t clause = 0; fine && clause < in.on.size(); ++clause) fine = gather(row, clause);
    if (!fine) return false;
    if (!gather_shortenings(row)) return false;
    if (owner.spans.empty()) return true;
    sort_stably(owner.spans.data(), owner.spans.size(), [](const Span& a, const Span& b) {
      if (a.rank != b.rank) return a.rank < b.rank;
      return a.from.lo != b.from.lo ? a.from.lo < b.from.lo : a.from.hi < b.from.hi;
    });
    if (!place_spans(owner, in.ways)) return false;
    if (!result.spans.open.empty() && result.spans.open[row] != 0)
      for (Span& s : owner.spans) loosen(s);
    for (const Span& s : owner.spans) emit(row, s);
    return true;
  }

  // Spans that we do not know may put off those of a state that are served in turn, and top up those that are topped up.
  void loosen(Span& s) const {
    constexpr std::uint64_t together = 1, in_turn = 2;
    std::uint64_t ways = 0;
    for (std::uint64_t states = s.states; states != 0; states &= states - 1) {
      const auto state = static_cast<std::size_t>(std::countr_zero(states));
      ways |= state < in.ways.size() ? in.ways[state] : together;
    }
    if ((ways & ~together) == 0) return;
    s.until = between(std::min(s.from.lo, s.until.lo), unstated_day);
    if ((ways & in_turn) != 0) s.from = between(s.from.lo, std::max(s.from.hi, never_day));
  }

  bool gather(std::uint32_t row, std::uint32_t clause) {
    const OnInput& on = in.on[clause];
    for (std::uint32_t at = on.rows.offsets[row]; at < on.rows.offsets[row + 1]; ++at) {
      const Truth in_it = truth_at(on.in, at);
      if (in_it == Truth::no) continue;
      const Cell from = on.from.at(at);
      if (in_it == Truth::error || from.lo > from.hi) return false;
      if (from.lo >= never_day) continue;
      Span s{};
      s.in = from.hi >= never_day ? scalar::and_(in_it, Truth::unknown) : in_it;
      s.states = static_cast<std::uint64_t>(on.state.at(at).lo);
      s.rank = rank_of(s.states);
      s.from = from;
      if (on.length.present()) s.length = on.length.at(at);
      const bool has_length = on.length.present() && !(s.length.lo == unstated_duration && s.length.hi == unstated_duration);
      s.until = on.until.present() ? on.until.at(at) : has_length ? scalar::shift(from, s.length) : known(unstated_day);
      s.by_length = !has_length ? Truth::no : on.states_end && s.length.lo <= s.length.hi ? ends_with(from, s.length, s.until) : Truth::yes;
      const std::uint32_t source = on.rows.row == nullptr ? at : on.rows.row[at];
      s.cause = on.first_cause + (on.lead == nullptr ? 0 : on.lead[source]);
      if (s.states == 0 || s.until.lo > s.until.hi || s.length.lo > s.length.hi) return false;
      owner.spans.push_back(s);
    }
    return true;
  }

  bool gather_shortenings(std::uint32_t row) {
    owner.shortenings.clear();
    owner.open_shortenings = false;
    for (const ShortenInput& shorten : in.shorten) {
      if (!may_open(shorten.rows, row, false)) return false;
      for (std::uint32_t at = shorten.rows.offsets[row]; at < shorten.rows.offsets[row + 1]; ++at) {
        const Truth in_it = truth_at(shorten.in, at);
        if (in_it == Truth::no) continue;
        const Shortening s{in_it, shorten.date.at(at), shorten.amount.at(at)};
        if (in_it == Truth::error || s.date.lo > s.date.hi || s.amount.lo > s.amount.hi) return false;
        owner.shortenings.push_back(s);
      }
    }
    sort_stably(owner.shortenings.data(), owner.shortenings.size(), [](const Shortening& a, const Shortening& b) {
      return a.date.lo != b.date.lo ? a.date.lo < b.date.lo : a.date.hi < b.date.hi;
    });
    return true;
  }

  // Notes an open source; false when it is in error.
  bool may_open(const Candidates& rows, std::uint32_t row, bool of_spans) {
    if (rows.open == nullptr || rows.open[row] == 0) return true;
    const bool fine = (rows.open[row] & 2) == 0, may_be = (rows.open[row] & 1) != 0;
    if (!of_spans) {
      owner.open_shortenings = owner.open_shortenings || may_be;
    } else if (may_be) {
      if (result.spans.open.empty()) result.spans.open.assign(in.owners, 0);
      result.spans.open[row] = 1;
    }
    return fine;
  }

  void emit(std::uint32_t row, const Span& s) {
    std::vector<ColumnArrays>& columns = result.spans.columns;
    result.spans.parent.push(row);
    memberships.push(s.in);
    columns[col_state].lo.push(static_cast<std::int64_t>(s.states));
    columns[col_from].push(s.from);
    columns[col_until].push(s.until);
    columns[col_cause].lo.push(static_cast<std::int64_t>(std::uint64_t{1} << s.cause));
  }

  void emit_error(std::uint32_t row) {
    std::vector<ColumnArrays>& columns = result.spans.columns;
    result.spans.parent.push(row);
    memberships.push(Truth::error);
    columns[col_state].lo.push(0);
    columns[col_from].push(number_error());
    columns[col_until].push(number_error());
    columns[col_cause].lo.push(0);
  }

  void finish() {
    DerivedTable& spans = result.spans;
    spans.rows = static_cast<std::uint32_t>(spans.parent.size());
    spans.parent.shrink();
    spans.membership = memberships.take();
    for (ColumnArrays& c : spans.columns) c.shrink();
    SpanTable& table = result.table;
    table.offsets_ = spans.offsets.data();
    table.membership_ = spans.membership.data();
    table.open_ = spans.open.data();
    table.state_ = spans.columns[col_state].lo.data();
    table.from_ = spans.columns[col_from].view();
    table.until_ = spans.columns[col_until].view();
    table.all_ = in.states >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << in.states) - 1;
    table.start_ = std::uint64_t{1} << in.start;
  }

  const TimelineInput& in;
  SpanResult result;
  TruthColumn memberships;
  SpanOwner owner;
};

SpanResult build_spans(const TimelineInput& input) { return SpanBuilder(input).run(); }

std::uint64_t SpanTable::state_at(std::uint32_t owner, std::int64_t day_lo, std::int64_t day_hi) const {
  if (day_lo > day_hi) return 0;
  const std::uint32_t begin = offsets_[owner], end = offsets_[owner + 1];
  if (begin < end && truth_at(membership_, begin) == Truth::error) return 0;
  if (open_ != nullptr && open_[owner] != 0) return all_;
  std::uint64_t possible = 0, surely_under = 0;   // surely_under: states weaker than what surely covers
  bool covered = false;
  for (std::uint32_t i = begin; i < end; ++i) {
    if (from_.lo[i] > day_hi || until_.hi[i] <= day_lo) continue;
    const auto states = static_cast<std::uint64_t>(state_[i]);
    possible |= states;
    if (from_.hi[i] > day_lo || until_.lo[i] <= day_hi || truth_at(membership_, i) != Truth::yes) continue;
    covered = true;
    surely_under |= (states & (~states + 1)) - 1;
  }
  if (!covered) return possible | start_;
  return possible & ~surely_under;
}

}  // namespace tiao::engine
