// Overlap ways and shortenings (docs/engine-semantics.md, "Timeline").
#include "runtime/engine/spans.hpp"

#include <algorithm>

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

// Takes one shortening into account if the span may be running at its date.
bool shorten(Span& s, const Shortening& by) {
  const Truth running = scalar::and_(scalar::compare(scalar::CmpOp::at_least, by.date, s.from, Kind::date),
                                     scalar::compare(scalar::CmpOp::under, by.date, s.until, Kind::date));
  const Truth acts = scalar::and_(by.in, running);
  if (acts == Truth::no) return true;
  const bool one_kind = s.has_length && stated(s.length) && stated(by.amount) &&
                        ((whole_months(s.length) && whole_months(by.amount)) || (whole_days(s.length) && whole_days(by.amount)));
  Cell until, length = s.length;
  if (one_kind && shift(s.from, s.length) == s.until) {
    length = scalar::sub_durations(s.length, by.amount);
    if (failed(length)) return false;
    until = greatest(s.from, shift(s.from, length));
  } else {
    until = greatest(s.from, scalar::shift_back(s.until, by.amount));
  }
  if (failed(until)) return false;
  s.until = acts == Truth::yes ? until : joined(s.until, until);
  s.length = acts == Truth::yes ? length : joined(s.length, length);
  return true;
}

bool shorten_all(Span& s, const SpanOwner& owner) {
  for (const Shortening& by : owner.shortenings)
    if (!shorten(s, by)) return false;
  if (owner.open_shortenings) s.until = between(std::min(s.until.lo, s.from.lo), s.until.hi);
  return true;
}

bool place_together(std::vector<Span>& spans, const SpanOwner& owner) {
  return std::all_of(spans.begin(), spans.end(), [&](Span& s) { return shorten_all(s, owner); });
}

bool place_in_turn(std::vector<Span>& spans, const SpanOwner& owner) {
  std::int64_t free_lo = neg_inf, free_hi = neg_inf;   // the end of the spans so far
  for (Span& s : spans) {
    if (const Cell start = between(std::max(s.from.lo, free_lo), std::max(s.from.hi, free_hi)); start != s.from) {
      s.from = start;
      s.until = s.has_length ? shift(s.from, s.length) : greatest(s.until, s.from);
    }
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
      const Cell topped = greatest(chain.until, s.has_length ? shift(chain.from, s.length) : s.until);
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

bool place_spans(SpanOwner& owner, const std::vector<std::uint64_t>& ways) {
  const bool shortened = !owner.shortenings.empty() || owner.open_shortenings;
  for (std::size_t first = 0, last = 0; first < owner.spans.size(); first = last) {
    const std::uint32_t rank = owner.spans[first].rank;
    while (last < owner.spans.size() && owner.spans[last].rank == rank) ++last;
    const std::uint64_t way = rank < ways.size() ? ways[rank] : together;
    // Nothing to do for the usual case, and for a span alone: it has nobody to wait for.
    if (!shortened && (way == together || (way != 0 && last - first == 1))) continue;
    if (!place_rank(owner, first, last, way)) return false;
  }
  return true;
}

}  // namespace tiao::engine
