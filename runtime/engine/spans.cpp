// Overlap ways and shortenings (docs/engine-semantics.md, "Timeline").
#include "runtime/engine/spans.hpp"

#include <algorithm>
#include <bit>

namespace tiao::engine {

namespace {

using scalar::greatest;
using scalar::hull;
using scalar::shift;

constexpr std::uint64_t together = 1, in_turn = 2, topped_up = 4;

bool failed(const Cell& c) { return c.lo > c.hi; }
Cell joined(const Cell& a, const Cell& b) { return hull(a, b, Kind::date); }

bool whole_months(const Cell& c) { return scalar::duration_days(c.lo) == 0 && scalar::duration_days(c.hi) == 0; }
bool whole_days(const Cell& c) { return scalar::duration_months(c.lo) == 0 && scalar::duration_months(c.hi) == 0; }
bool stated(const Cell& c) { return c.lo != neg_inf && c.hi != pos_inf && c.hi < unstated_duration; }

// Does a shortening act on the span: is the span running at its date?
Truth acts_on(const Span& s, const Shortening& by) {
  return scalar::and_(by.in, scalar::and_(scalar::compare(scalar::CmpOp::at_least, by.date, s.from, Kind::date),
                                          scalar::compare(scalar::CmpOp::under, by.date, s.until, Kind::date)));
}

// Both in whole months, or both in whole days.
Truth one_kind(const Cell& a, const Cell& b) {
  if (stated(a) && stated(b) && ((whole_months(a) && whole_months(b)) || (whole_days(a) && whole_days(b)))) return Truth::yes;
  return a.lo == a.hi && b.lo == b.hi ? Truth::no : Truth::unknown;
}

// When the span ends once it starts on `start`: a length runs anew, an end of its own stays unless it is before the start.
Cell end_from(const Span& s, const Cell& start) {
  const Cell kept = greatest(s.until, start);
  if (s.by_length == Truth::no) return kept;
  const Cell run = shift(start, s.length);
  return s.by_length == Truth::yes ? run : joined(run, kept);
}

bool shorten(Span& s, const Shortening& by) {
  const Truth acts = acts_on(s, by);
  if (acts == Truth::no) return true;
  Cell until = scalar::shift_back(s.until, by.amount), length = s.length;
  if (const Truth measured = s.by_length == Truth::no ? Truth::no : one_kind(s.length, by.amount); measured != Truth::no) {
    const Cell rest = scalar::sub_durations(s.length, by.amount);
    if (const Truth at_its_end = scalar::and_(measured, ends_with(s.from, s.length, s.until)); at_its_end != Truth::no) {
      const Cell sooner = shift(s.from, rest);
      until = at_its_end == Truth::yes ? sooner : joined(sooner, until);
    }
    length = measured == Truth::yes ? rest : hull(rest, s.length, Kind::duration);
    if (failed(length)) return false;
  }
  until = greatest(s.from, until);
  if (failed(until)) return false;
  s.until = acts == Truth::yes ? until : joined(s.until, until);
  s.length = acts == Truth::yes ? length : hull(s.length, length, Kind::duration);
  return true;
}

// From one neighbour to the next the dates are surely later, or one known day.
template <class T>
bool in_order(const T* items, std::size_t count, Cell T::*date) {
  for (std::size_t i = 1; i < count; ++i) {
    const Cell &before = items[i - 1].*date, &after = items[i].*date;
    const bool one_day = before.lo == before.hi && after == before;
    if (before.hi >= after.lo && !one_day) return false;
  }
  return true;
}

void may_end_at_once(Span& s) { s.until = between(std::min(s.until.lo, s.from.lo), s.until.hi); }

bool shorten_all(Span& s, const SpanOwner& owner) {
  const std::vector<Shortening>& all = owner.shortenings;
  if (!in_order(all.data(), all.size(), &Shortening::date)) {
    // An earlier one decides whether a later one still finds the span running.
    if (std::any_of(all.begin(), all.end(), [&](const Shortening& by) { return acts_on(s, by) != Truth::no; })) may_end_at_once(s);
  } else if (!std::all_of(all.begin(), all.end(), [&](const Shortening& by) { return shorten(s, by); })) {
    return false;
  }
  if (owner.open_shortenings) may_end_at_once(s);
  return true;
}

bool place_together(std::vector<Span>& spans, const SpanOwner& owner) {
  return std::all_of(spans.begin(), spans.end(), [&](Span& s) { return shorten_all(s, owner); });
}

bool place_in_turn(std::vector<Span>& spans, const SpanOwner& owner) {
  std::int64_t free_lo = neg_inf, free_hi = neg_inf;   // the end of the spans so far
  for (Span& s : spans) {
    const Cell start = between(std::max(s.from.lo, free_lo), std::max(s.from.hi, free_hi));
    const bool may_wait = s.by_length == Truth::yes ? start != s.from : free_hi > s.from.lo;
    if (may_wait) {
      // Whoever ends by its length does so from whatever day on; another end may stay or move.
      const Cell later = end_from(s, start);
      s.until = s.by_length == Truth::yes || free_lo > s.from.hi ? later : joined(s.until, later);
    }
    s.from = start;
    if (failed(s.until) || !shorten_all(s, owner)) return false;
    if (s.in == Truth::yes) free_lo = std::max(free_lo, s.until.lo);
    free_hi = std::max(free_hi, s.until.hi);
  }
  return true;
}

// The spans that run into one another: where they began, and where the last ends.
struct Chain { Truth there = Truth::no; Cell from, until; };

bool place_topped_up(std::vector<Span>& spans, const SpanOwner& owner) {
  Chain chain;
  for (Span& s : spans) {
    const Truth running =
        chain.there == Truth::no ? Truth::no : scalar::and_(chain.there, scalar::compare(scalar::CmpOp::under, s.from, chain.until, Kind::date));
    Cell from = s.from;
    if (running != Truth::no) {
      Cell end = s.until;
      if (s.by_length != Truth::no) {
        const Cell run = shift(chain.from, s.length);
        end = s.by_length == Truth::yes ? run : joined(run, end);
      }
      const Cell topped = greatest(chain.until, end);
      if (failed(topped)) return false;
      s.until = running == Truth::yes ? topped : joined(s.until, topped);
      from = running == Truth::yes ? chain.from : joined(s.from, chain.from);
    }
    if (!shorten_all(s, owner)) return false;
    const bool may_be_absent = s.in != Truth::yes && chain.there != Truth::no;
    chain.from = may_be_absent ? joined(chain.from, from) : from;
    chain.until = may_be_absent ? joined(chain.until, s.until) : s.until;
    chain.there = scalar::or_(chain.there, s.in);
  }
  return true;
}

// --- Undecided order: bounds for each span by itself

bool same_line(const Span& a, const Span& b) { return (a.states & b.states) != 0; }

// The others that may come before span i, as they would queue at the latest.
std::vector<const Span*> possible_predecessors(const std::vector<Span>& spans, std::size_t i) {
  std::vector<const Span*> out;
  for (std::size_t j = 0; j < spans.size(); ++j)
    if (j != i && same_line(spans[i], spans[j]) && spans[j].from.lo <= spans[i].from.hi) out.push_back(&spans[j]);
  std::stable_sort(out.begin(), out.end(), [](const Span* a, const Span* b) { return a->from.hi < b->from.hi; });
  return out;
}

bool queue_loosely(Span& s, const std::vector<const Span*>& before) {
  std::int64_t free = neg_inf;
  for (const Span* j : before)   // ends of their own come first: whoever waits for them is then served in full
    if (j->by_length != Truth::yes) free = std::max(free, j->until.hi);
  for (const Span* j : before) {
    if (j->by_length == Truth::no) continue;
    const Cell end = shift(known(std::max(j->from.hi, free)), j->length);
    if (failed(end)) return false;
    free = std::max(free, end.hi);
  }
  if (free <= s.from.lo) return true;
  s.from = between(s.from.lo, std::max(s.from.hi, free));
  s.until = joined(s.until, end_from(s, s.from));
  return !failed(s.until);
}

bool top_up_loosely(Span& s, const std::vector<const Span*>& before) {
  std::int64_t first = s.from.lo, last = s.until.hi;
  for (const Span* j : before) {
    first = std::min(first, j->from.lo);
    last = std::max(last, j->until.hi);
  }
  std::int64_t least = s.until.lo;
  if (s.by_length != Truth::no) {
    const Cell served = shift(known(first), s.length);
    if (failed(served)) return false;
    least = std::min(least, std::max(s.from.lo, served.lo));
  }
  s.until = between(least, last);
  return true;
}

bool place_loosely(SpanOwner& owner, std::size_t first, std::size_t last, const std::vector<std::uint64_t>& ways_of_states) {
  const std::vector<Span> all = owner.spans;
  for (std::size_t i = first; i < last; ++i) {
    std::uint64_t ways = 0;
    for (std::uint64_t states = all[i].states; states != 0; states &= states - 1) {
      const auto state = static_cast<std::size_t>(std::countr_zero(states));
      const std::uint64_t way = state < ways_of_states.size() ? ways_of_states[state] : together;
      if (way == 0) return false;
      ways |= way;
    }
    const std::vector<const Span*> before = possible_predecessors(all, i);
    bool any = false;
    for (const std::uint64_t way : {together, in_turn, topped_up}) {
      if ((ways & way) == 0) continue;
      Span s = all[i];
      if (way == in_turn && !queue_loosely(s, before)) return false;
      if (way == topped_up && !top_up_loosely(s, before)) return false;
      if (!shorten_all(s, owner)) return false;
      Span& out = owner.spans[i];
      out.from = any ? joined(out.from, s.from) : s.from;
      out.until = any ? joined(out.until, s.until) : s.until;
      any = true;
    }
  }
  return true;
}

bool place(std::vector<Span>& spans, std::uint64_t way, const SpanOwner& owner) {
  switch (way) {
    case in_turn: return place_in_turn(spans, owner);
    case topped_up: return place_topped_up(spans, owner);
    default: return place_together(spans, owner);
  }
}

// The spans first .. last of one rank.
bool place_rank(SpanOwner& owner, std::size_t first, std::size_t last, std::uint64_t ways) {
  owner.sum.clear();
  for (const std::uint64_t way : {together, in_turn, topped_up}) {
    if ((ways & way) == 0) continue;
    owner.placed.assign(owner.spans.begin() + static_cast<std::ptrdiff_t>(first), owner.spans.begin() + static_cast<std::ptrdiff_t>(last));
    if (!place(owner.placed, way, owner)) return false;
    if (owner.sum.empty()) {
      owner.sum.swap(owner.placed);
      continue;
    }
    for (std::size_t i = 0; i < owner.sum.size(); ++i) {
      owner.sum[i].from = joined(owner.sum[i].from, owner.placed[i].from);
      owner.sum[i].until = joined(owner.sum[i].until, owner.placed[i].until);
    }
  }
  if (owner.sum.empty()) return false;
  std::copy(owner.sum.begin(), owner.sum.end(), owner.spans.begin() + static_cast<std::ptrdiff_t>(first));
  return true;
}

}  // namespace

Truth ends_with(const Cell& from, const Cell& length, const Cell& until) {
  const Cell end = shift(from, length);
  if (failed(end)) return from.lo == from.hi && length.lo == length.hi ? Truth::no : Truth::unknown;
  return scalar::compare(scalar::CmpOp::is, end, until, Kind::date);
}

bool place_spans(SpanOwner& owner, const std::vector<std::uint64_t>& ways) {
  const bool shortened = !owner.shortenings.empty() || owner.open_shortenings;
  const bool several_states = std::any_of(owner.spans.begin(), owner.spans.end(), [](const Span& s) { return !std::has_single_bit(s.states); });
  if (several_states) return place_loosely(owner, 0, owner.spans.size(), ways);
  for (std::size_t first = 0, last = 0; first < owner.spans.size(); first = last) {
    const std::uint32_t rank = owner.spans[first].rank;
    while (last < owner.spans.size() && owner.spans[last].rank == rank) ++last;
    const std::uint64_t way = rank < ways.size() ? ways[rank] : together;
    // Nothing to do for the usual case, and for a span alone: it has nobody to wait for.
    if (!shortened && (way == together || (way != 0 && last - first == 1))) continue;
    const bool placed = way == together || in_order(&owner.spans[first], last - first, &Span::from) ? place_rank(owner, first, last, way)
                                                                                           : place_loosely(owner, first, last, ways);
    if (!placed) return false;
  }
  return true;
}

}  // namespace tiao::engine
