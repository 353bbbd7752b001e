#include "compiler/interp/timeline.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "runtime/value/scalar.hpp"

namespace tiao::interp {
namespace {

using core::OverlapWay;
using scalar::CmpOp;

Truth before(const Cell& a, const Cell& b) { return scalar::compare(CmpOp::under, a, b, Kind::date); }
Truth not_after(const Cell& a, const Cell& b) { return scalar::compare(CmpOp::at_most, a, b, Kind::date); }
Cell joined(const Cell& a, const Cell& b) { return scalar::hull(a, b, Kind::date); }
bool failed(const Cell& c) { return is_error(c, Kind::date); }

bool stated(const Cell& c) { return c.lo != neg_inf && c.hi != pos_inf && c.hi != unstated_duration; }
bool whole_months(const Cell& c) { return scalar::duration_days(c.lo) == 0 && scalar::duration_days(c.hi) == 0; }
bool whole_days(const Cell& c) { return scalar::duration_months(c.lo) == 0 && scalar::duration_months(c.hi) == 0; }

// Are both whole months, or both whole days?
Truth one_measure(const Cell& a, const Cell& b) {
  if (stated(a) && stated(b) && ((whole_months(a) && whole_months(b)) || (whole_days(a) && whole_days(b)))) return Truth::yes;
  return a.lo == a.hi && b.lo == b.hi ? Truth::no : Truth::unknown;
}

// Each day surely before the next, or both on one known day.
bool in_decided_order(const std::vector<Cell>& days) {
  for (std::size_t i = 1; i < days.size(); ++i) {
    const bool one_day = days[i] == days[i - 1] && days[i].lo == days[i].hi;
    if (!one_day && days[i - 1].hi >= days[i].lo) return false;
  }
  return true;
}

constexpr std::uint64_t side_by_side = std::uint64_t{1} << static_cast<unsigned>(OverlapWay::together);

/// Places the spans of one owner.
class Placing {
 public:
  explicit Placing(Course& course) : c_(course) {}

  void run() {
    if (!c_.failed) {
      order();
      const bool several_states = std::any_of(c_.spans.begin(), c_.spans.end(), [](const Span& s) { return !std::has_single_bit(s.states); });
      if (several_states)
        for (std::size_t i = 0; i < c_.spans.size(); ++i) place_loosely(i);
      else
        for (std::uint32_t state = 0; state < c_.states; ++state) place_state(state);
    }
    for (const Span& s : c_.spans) failed_ |= failed(s.from) || failed(s.until);
    if (c_.open && !c_.failed && !failed_)
      for (Span& s : c_.spans) loosen(s);
    if (c_.failed || failed_) fail();
  }

 private:
  void order() {
    std::stable_sort(c_.spans.begin(), c_.spans.end(), [](const Span& a, const Span& b) {
      return std::tuple(strongest(a.states), a.own_from.lo, a.own_from.hi) < std::tuple(strongest(b.states), b.own_from.lo, b.own_from.hi);
    });
    std::stable_sort(c_.shortenings.begin(), c_.shortenings.end(), [](const Shortening& a, const Shortening& b) {
      return std::tuple(a.date.lo, a.date.hi) < std::tuple(b.date.lo, b.date.hi);
    });
  }

  // When a span ends by its length, the end is that of the length from another day on; else what it would be otherwise.
  static Cell served_from(const Span& s, const Cell& from, const Cell& otherwise) {
    if (s.by_length == Truth::no) return otherwise;
    return scalar::choose(s.by_length, scalar::shift(from, s.length), otherwise, Kind::date);
  }

  // The end of a span that starts later than it would: an end of its own stays, as far as it is not before the start.
  static Cell moved_end(const Span& s, const Cell& start) { return served_from(s, start, scalar::greatest(s.own_until, start)); }

  // A span that we do not know may stand before it, and put it off or top it up.
  void loosen(Span& s) const {
    std::uint64_t ways = 0;
    for (std::uint32_t state = 0; state < c_.states; ++state)
      if (s.states >> state & 1) ways |= c_.ways[state];
    if ((ways & ~side_by_side) == 0) return;
    s.until = between(std::min(s.from.lo, s.until.lo), unstated_day);
    if (ways >> static_cast<unsigned>(OverlapWay::in_turn) & 1) s.from = between(s.from.lo, std::max(s.from.hi, never_day));
  }

  static Span as_given(const Span& s) {
    Span out = s;
    out.from = s.own_from;
    out.until = s.own_until;
    return out;
  }

  void place_state(std::uint32_t state) {
    std::vector<Span> spans;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < c_.spans.size(); ++i) {
      if (strongest(c_.spans[i].states) != state) continue;
      spans.push_back(as_given(c_.spans[i]));
      at.push_back(i);
    }
    if (spans.empty()) return;
    std::vector<Cell> days;
    for (const Span& s : spans) days.push_back(s.from);
    const std::uint64_t ways = c_.ways[state];
    if (ways != side_by_side && !in_decided_order(days)) {
      for (const std::size_t i : at) place_loosely(i);
      return;
    }
    hull_of_ways(ways, [&](OverlapWay way, bool first) {
      std::vector<Span> placed = spans;
      if (way == OverlapWay::together) together(placed);
      else if (way == OverlapWay::in_turn) in_turn(placed);
      else topped_up(placed);
      for (std::size_t i = 0; i < placed.size(); ++i) take(c_.spans[at[i]], placed[i], first);
    });
  }

  // An undecided way gives, span by span, the hull of what the ways give.
  template <class Place>
  void hull_of_ways(std::uint64_t ways, Place place) {
    bool first = true;
    for (const OverlapWay way : {OverlapWay::together, OverlapWay::in_turn, OverlapWay::topped_up}) {
      if (!(ways >> static_cast<unsigned>(way) & 1)) continue;
      place(way, first);
      first = false;
    }
    failed_ |= first;   // no way is possible: the choice of ways is in error
  }

  static void take(Span& out, const Span& placed, bool first) {
    out.from = first ? placed.from : joined(out.from, placed.from);
    out.until = first ? placed.until : joined(out.until, placed.until);
  }

  // --- Spans whose order is not decided: bounds for each by itself -----------------------------------------------------------------

  void place_loosely(std::size_t i) {
    std::uint64_t ways = 0;
    for (std::uint32_t state = 0; state < c_.states; ++state) {
      if (!(c_.spans[i].states >> state & 1)) continue;
      failed_ |= c_.ways[state] == 0;
      ways |= c_.ways[state];
    }
    std::vector<const Span*> before;   // those that may come before it
    for (std::size_t j = 0; j < c_.spans.size(); ++j)
      if (j != i && (c_.spans[j].states & c_.spans[i].states) != 0 && c_.spans[j].own_from.lo <= c_.spans[i].own_from.hi) before.push_back(&c_.spans[j]);
    std::stable_sort(before.begin(), before.end(), [](const Span* a, const Span* b) { return a->own_from.hi < b->own_from.hi; });
    const Span given = as_given(c_.spans[i]);
    hull_of_ways(ways, [&](OverlapWay way, bool first) {
      Span s = given;
      if (way == OverlapWay::in_turn) queue_loosely(s, before);
      if (way == OverlapWay::topped_up) top_up_loosely(s, before);
      if (!failed(s.until)) shorten(s);
      take(c_.spans[i], s, first);
    });
  }

  // At the latest it begins when all of these have been served one after the other: first those whose end is their own, for what
  // waits for them is served in full afterwards.
  static void queue_loosely(Span& s, const std::vector<const Span*>& before) {
    std::int64_t free = neg_inf;
    for (const Span* j : before)
      if (j->by_length != Truth::yes) free = std::max(free, j->own_until.hi);
    for (const Span* j : before) {
      if (j->by_length == Truth::no) continue;
      const Cell end = scalar::shift(known(std::max(j->own_from.hi, free)), j->length);
      if (failed(end)) {
        s.until = number_error();
        return;
      }
      free = std::max(free, end.hi);
    }
    if (free <= s.from.lo) return;
    s.from.hi = std::max(s.from.hi, free);
    s.until = joined(s.until, moved_end(s, s.from));
  }

  // At the latest it ends with the last of these, at the earliest when served from the first day of any.
  static void top_up_loosely(Span& s, const std::vector<const Span*>& before) {
    std::int64_t first = s.from.lo, last = s.until.hi;
    for (const Span* j : before) {
      first = std::min(first, j->own_from.lo);
      last = std::max(last, j->own_until.hi);
    }
    std::int64_t least = s.until.lo;
    if (s.by_length != Truth::no) {
      const Cell served = scalar::shift(known(first), s.length);
      if (failed(served)) {
        s.until = served;
        return;
      }
      least = std::min(least, std::max(s.from.lo, served.lo));
    }
    s.until = between(least, last);
  }

  // --- The three ways --------------------------------------------------------------------------------------------------------------

  void together(std::vector<Span>& spans) {
    for (Span& s : spans) shorten(s);
  }

  // A span waits for the end of those before it; when that moves its start, the end moves along.
  void in_turn(std::vector<Span>& spans) {
    Cell previous = between(neg_inf, neg_inf);   // the end of the spans before: of sure ones, of all
    for (Span& s : spans) {
      const Cell start = scalar::greatest(s.from, previous);
      if (s.by_length == Truth::yes) {
        if (start != s.from) s.until = moved_end(s, start);
      } else if (previous.hi > s.from.lo) {   // it may have to wait, and then its end may be another
        const Cell moved = moved_end(s, start);
        s.until = previous.lo > s.from.hi ? moved : joined(s.until, moved);
      }
      s.from = start;
      shorten(s);
      if (failed(s.until)) return;
      previous = between(s.in == Truth::yes ? std::max(previous.lo, s.until.lo) : previous.lo, std::max(previous.hi, s.until.hi));
    }
  }

  // The spans that run into one another: where they began, and where the last of them ends.
  struct Chain { Truth in = Truth::no; Cell from, until; };

  // A span that begins while a chain is running ends when its length has been served from the day the chain began.
  void topped_up(std::vector<Span>& spans) {
    Chain chain;
    for (Span& s : spans) {
      const Truth running = chain.in == Truth::no ? Truth::no : scalar::and_(chain.in, before(s.from, chain.until));
      Cell from = s.from;
      if (running != Truth::no) {
        const Cell served = scalar::greatest(chain.until, served_from(s, chain.from, s.until));
        s.until = scalar::choose(running, served, s.until, Kind::date);
        from = scalar::choose(running, chain.from, s.from, Kind::date);
      }
      shorten(s);
      if (failed(s.until)) return;
      const bool alone = s.in == Truth::yes || chain.in == Truth::no;   // else the chain may go on without it
      chain.from = alone ? from : joined(chain.from, from);
      chain.until = alone ? s.until : joined(chain.until, s.until);
      chain.in = scalar::or_(chain.in, s.in);
    }
  }

  static Truth acts_on(const Span& s, const Shortening& by) {
    return scalar::and_(by.in, scalar::and_(not_after(s.from, by.date), before(by.date, s.until)));
  }

  // Each shortening, in order of date, acts on the span if it is running on that day. Where the order is not decided, an earlier
  // one may have ended what a later one finds.
  void shorten(Span& s) const {
    std::vector<Cell> days;
    for (const Shortening& by : c_.shortenings) days.push_back(by.date);
    bool may_end_at_once = c_.open_shortenings;
    if (in_decided_order(days)) {
      for (const Shortening& by : c_.shortenings) {
        shorten(s, by);
        if (failed(s.until)) return;
      }
    } else {
      for (const Shortening& by : c_.shortenings) may_end_at_once |= acts_on(s, by) != Truth::no;
    }
    if (may_end_at_once) s.until.lo = std::min(s.until.lo, s.from.lo);
  }

  static void shorten(Span& s, const Shortening& by) {
    const Truth acts = acts_on(s, by);
    if (acts == Truth::no) return;
    Cell length = s.length, until = scalar::shift_back(s.until, by.amount);
    const Truth measure = s.by_length == Truth::no ? Truth::no : one_measure(s.length, by.amount);
    if (measure != Truth::no) {
      const Cell cut = scalar::sub_durations(s.length, by.amount);
      const Truth ends_so = scalar::and_(measure, ends_with(s.from, s.length, s.until));
      if (ends_so != Truth::no) until = scalar::choose(ends_so, scalar::shift(s.from, cut), until, Kind::date);
      length = scalar::choose(measure, cut, s.length, Kind::duration);
      if (is_error(length, Kind::duration)) until = number_error();
    }
    s.until = scalar::choose(acts, scalar::greatest(s.from, until), s.until, Kind::date);
    s.length = scalar::choose(acts, length, s.length, Kind::duration);
  }

  void fail() {
    Span s;
    s.in = Truth::error;
    s.own_from = s.own_until = s.from = s.until = number_error();
    c_.spans.assign(1, s);
    c_.failed = true;
  }

  Course& c_;
  bool failed_ = false;
};

}  // namespace

Truth ends_with(const Cell& from, const Cell& length, const Cell& until) {
  const Cell end = scalar::shift(from, length);
  if (!failed(end)) return scalar::compare(CmpOp::is, end, until, Kind::date);
  return from.lo == from.hi && length.lo == length.hi ? Truth::no : Truth::unknown;   // an end beyond the calendar is not this one
}

std::uint32_t strongest(std::uint64_t states) { return states == 0 ? 0 : 63 - static_cast<std::uint32_t>(std::countl_zero(states)); }

void Course::settle() { Placing(*this).run(); }

Truth covers(const Cover& span, const Cell& day) {
  if (span.in == Truth::no) return Truth::no;
  return scalar::and_(span.in, scalar::and_(not_after(span.from, day), before(day, span.until)));
}

std::uint64_t states_on(const std::vector<Cover>& spans, std::uint32_t states, std::uint32_t start, bool open, const Cell& day) {
  if (is_error(day, Kind::date)) return 0;
  for (const Cover& span : spans)
    if (span.in == Truth::error) return 0;
  if (open) return ~std::uint64_t{0} >> (64 - states);
  std::uint64_t possible = 0;
  std::uint32_t at_least = 0;
  bool sure = false;
  for (const Cover& span : spans) {
    const Truth here = covers(span, day);
    if (here == Truth::no) continue;
    possible |= span.states;
    if (here != Truth::yes) continue;
    at_least = std::max(at_least, static_cast<std::uint32_t>(std::countr_zero(span.states)));
    sure = true;
  }
  if (!sure) return possible | std::uint64_t{1} << start;
  return possible & ~std::uint64_t{0} << at_least;
}

}  // namespace tiao::interp
