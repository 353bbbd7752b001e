#include "compiler/interp/folds.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include "runtime/value/scalar.hpp"
#include "runtime/value/sum.hpp"

namespace tiao::interp {
namespace {

using core::FoldKind;

Truth truth_in(const Cell& c) { return static_cast<Truth>(c.lo); }

Cell quotient(std::int64_t num, std::int64_t den) { return {num, num, den, den}; }

// One end of a cell as a cell of its own, so that ends of ratios and of numbers are compared by the same function.
Cell lower_end(const Cell& c) { return {c.lo, c.lo, c.lo_den, c.lo_den}; }
Cell upper_end(const Cell& c) { return {c.hi, c.hi, c.hi_den, c.hi_den}; }

bool less(const Cell& a, const Cell& b, Kind kind) {
  return scalar::compare(scalar::CmpOp::under, a, b, kind) == Truth::yes;
}

Cell spanning(const Cell& lo, const Cell& hi, Kind kind) {
  if (kind == Kind::ratio) return scalar::hull(lo, hi, kind);   // one form for ends that are equal as quotients
  return between(lo.lo, hi.hi);
}

// --- highest and lowest ------------------------------------------------------------------------------------------------------

// A value can be the highest if some row may have it and every row that is there may be as low; `highest` false mirrors it.
Cell extreme_choice(const FoldInput& in, bool highest, bool anyone_sure) {
  std::uint64_t possible = 0, allowed = ~std::uint64_t{0};
  for (const FoldRow& row : in.rows) {
    const auto mask = static_cast<std::uint64_t>(row.value.lo);
    possible |= mask;
    if (row.in != Truth::yes) continue;
    const int end = highest ? std::countr_zero(mask) : 63 - std::countl_zero(mask);
    allowed &= highest ? ~std::uint64_t{0} << end : ~std::uint64_t{0} >> (63 - end);
  }
  if (in.open) possible |= static_cast<std::uint64_t>(in.widest.lo);
  if (!anyone_sure && in.has_if_none) possible |= static_cast<std::uint64_t>(in.if_none.lo);
  return choice_of(possible & allowed);
}

// Texts and refs have no order: the value that all share, if it is known.
Cell shared(const FoldInput& in, bool anyone_sure) {
  const Cell not_known = between(neg_inf, pos_inf);
  const Cell first = in.rows.empty() ? in.widest : in.rows.front().value;
  bool one = first.lo == first.hi && !in.open;
  for (const FoldRow& row : in.rows) one &= row.value == first;
  if (!anyone_sure && in.has_if_none) one &= in.if_none == first;
  return one ? first : not_known;
}

Cell extreme(const FoldInput& in, bool highest, bool anyone_sure);

// no < yes, as 0 < 1.
Cell extreme_truth(FoldInput in, bool highest, bool anyone_sure) {
  const auto number = [](const Cell& c) { return c.lo == static_cast<std::int64_t>(Truth::unknown) ? between(0, 1) : known(c.lo == static_cast<std::int64_t>(Truth::yes)); };
  for (FoldRow& row : in.rows) row.value = number(row.value);
  in.widest = between(0, 1);
  if (in.has_if_none) in.if_none = number(in.if_none);
  in.value.kind = Kind::integer;
  const Cell out = extreme(in, highest, anyone_sure);
  return of(out.lo != out.hi ? Truth::unknown : truth(out.lo == 1));
}

Cell extreme(const FoldInput& in, bool highest, bool anyone_sure) {
  const Kind kind = in.value.kind;
  if (kind == Kind::choice) return extreme_choice(in, highest, anyone_sure);
  if (kind == Kind::boolean) return extreme_truth(in, highest, anyone_sure);
  if (kind == Kind::text || kind == Kind::ref) return shared(in, anyone_sure);
  const auto near = [&](const Cell& c) { return highest ? lower_end(c) : upper_end(c); };   // the end that a sure row fixes
  const auto far = [&](const Cell& c) { return highest ? upper_end(c) : lower_end(c); };    // the end that any row may reach
  const auto beyond = [&](const Cell& a, const Cell& b) { return highest ? less(b, a, kind) : less(a, b, kind); };
  bool any = false;
  Cell sure, reach, hull;
  const auto look = [&](const Cell& value, bool is_sure, bool first_sure) {
    if (is_sure && (first_sure || beyond(near(value), sure))) sure = near(value);
    if (!any || beyond(far(value), reach)) reach = far(value);
    hull = any ? scalar::hull(hull, value, kind) : value;
    any = true;
  };
  bool seen_sure = false;
  for (const FoldRow& row : in.rows) {
    look(row.value, row.in == Truth::yes, !seen_sure);
    seen_sure |= row.in == Truth::yes;
  }
  if (in.open) look(in.widest, false, false);
  if (!anyone_sure) return in.has_if_none ? scalar::hull(hull, in.if_none, kind) : hull;
  return highest ? spanning(sure, reach, kind) : spanning(reach, sure, kind);
}

// --- sum and average ---------------------------------------------------------------------------------------------------------

Cell sum(const FoldInput& in) {
  const Kind kind = in.value.kind;
  scalar::Sum total;
  for (const FoldRow& row : in.rows) total.add(row.in == Truth::yes ? row.value : scalar::hull(known(0), row.value, kind), kind);
  // There may be any number of unknown rows: what one of them may add has no end.
  if (in.open) total.add(between(in.widest.lo < 0 ? neg_inf : 0, in.widest.hi > 0 ? pos_inf : 0), kind);
  return total.value(kind);
}

__extension__ using Wide = __int128;

// One end of the mean: the ends of the rows that are there, and of the others those that move it further, the farthest first.
// Nothing: it does not fit.
std::optional<Cell> mean_end(std::vector<std::int64_t> sure, std::vector<std::int64_t> maybe, bool lower, std::int64_t unit) {
  const auto nearer = [lower](std::int64_t a, std::int64_t b) { return lower ? a < b : a > b; };
  const std::int64_t open = lower ? neg_inf : pos_inf;
  for (const auto* ends : {&sure, &maybe})
    if (std::find(ends->begin(), ends->end(), open) != ends->end()) return quotient(open, 1);
  std::sort(maybe.begin(), maybe.end(), nearer);
  Wide total = 0, count = 0;
  for (const std::int64_t end : sure) total += end, ++count;
  for (const std::int64_t end : maybe) {
    const Wide of_all = end * count;
    if (count != 0 && !(lower ? of_all < total : of_all > total)) break;
    total += end, ++count;
  }
  const Wide den = count * unit;
  if (total <= neg_inf || total >= pos_inf || den >= pos_inf) return std::nullopt;
  return quotient(static_cast<std::int64_t>(total), static_cast<std::int64_t>(den));
}

// Sum over count, in whole units of values of n places.
Cell average(const FoldInput& in, bool anyone_sure) {
  std::int64_t unit = 1;
  for (std::uint32_t i = 0; i < in.n; ++i) unit *= 10;
  const auto in_units = [&](const Cell& v) { return scalar::ratio_of(v, known(unit)); };
  Cell out = in_units(in.widest);
  if (!in.rows.empty()) {
    std::vector<std::int64_t> ends[2][2];   // lower or upper, sure or maybe
    for (const FoldRow& row : in.rows) {
      ends[0][row.in != Truth::yes].push_back(row.value.lo);
      ends[1][row.in != Truth::yes].push_back(row.value.hi);
    }
    const auto lo = mean_end(ends[0][0], ends[0][1], true, unit), hi = mean_end(ends[1][0], ends[1][1], false, unit);
    if (!lo || !hi) return ratio_error();
    const Cell mean{lo->lo, hi->lo, lo->lo_den, hi->lo_den};
    out = in.open ? scalar::hull(mean, out, Kind::ratio) : mean;
  }
  return !anyone_sure && in.has_if_none ? scalar::hull(out, in.if_none, Kind::ratio) : out;
}

// --- only --------------------------------------------------------------------------------------------------------------------

Cell only(const FoldInput& in, bool anyone_sure, FoldFault& fault) {
  const Kind kind = in.value.kind;
  const Cell* first_known = nullptr;
  bool any = false;
  Cell hull;
  const auto join = [&](const Cell& c) { hull = any ? scalar::hull(hull, c, kind) : c; any = true; };
  for (const FoldRow& row : in.rows) {
    join(row.value);
    if (row.in != Truth::yes || !is_known(row.value, kind)) continue;
    if (first_known && scalar::compare(scalar::CmpOp::is, *first_known, row.value, kind) == Truth::no) {
      fault = FoldFault::two_values;
      return error_of(kind);
    }
    if (!first_known) first_known = &row.value;
  }
  if (kind == Kind::text || kind == Kind::ref) return shared(in, anyone_sure);
  if (in.open) join(in.widest);
  if (!anyone_sure && in.has_if_none) join(in.if_none);
  return hull;
}

// --- share -------------------------------------------------------------------------------------------------------------------

// The smallest quotient leaves out undecided rows that hold and lets everything undecided fail; the largest mirrors it.
Cell share(const TallyInput& in, const Tally& n) {
  const auto sure = [&](Truth condition) { return n.at(Truth::yes, condition); };
  const auto maybe = [&](Truth condition) { return n.at(Truth::unknown, condition); };
  Cell out;
  if (in.open) {
    out = {0, 1, 1, 1};
  } else {
    const std::int64_t all_sure = n.rows(Truth::yes), undecided = sure(Truth::unknown) + maybe(Truth::unknown);
    const std::int64_t least_of = all_sure + maybe(Truth::no) + maybe(Truth::unknown), most = sure(Truth::yes) + maybe(Truth::yes) + undecided;
    const std::int64_t most_of = all_sure + maybe(Truth::yes) + maybe(Truth::unknown);
    const Cell lo = least_of > 0 ? quotient(sure(Truth::yes), least_of) : quotient(maybe(Truth::yes), maybe(Truth::yes));
    const Cell hi = most_of > 0 ? quotient(most, most_of) : quotient(0, maybe(Truth::no));
    out = scalar::hull(lo, hi, Kind::ratio);
  }
  return in.has_if_none ? scalar::hull(out, in.if_none, Kind::ratio) : out;
}

// `or` over membership and condition, or `and` over not membership or condition: the strongest that any row gives.
Cell truth_fold(const TallyInput& in, const Tally& n) {
  const bool exists = in.kind == FoldKind::exists;
  Truth out = in.open ? Truth::unknown : truth(!exists);
  for (const Truth member : {Truth::yes, Truth::unknown, Truth::error})
    for (const Truth condition : {Truth::yes, Truth::unknown, Truth::no, Truth::error}) {
      if (n.at(member, condition) == 0) continue;
      if (exists) out = scalar::or_(out, scalar::and_(member, condition));
      else out = scalar::and_(out, scalar::or_(scalar::not_(member), condition));
    }
  return of(out);
}

// --- consecutive -------------------------------------------------------------------------------------------------------------

// The order of the rows; nothing when a date is not known.
std::optional<std::vector<std::size_t>> in_order(const FoldInput& in) {
  std::vector<std::size_t> order(in.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (in.dates.empty()) return order;
  for (const Cell& date : in.dates)
    if (date.lo != date.hi) return std::nullopt;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return in.dates[a].lo < in.dates[b].lo; });
  return order;
}

Cell consecutive(const FoldInput& in) {
  if (in.open) return of(Truth::unknown);
  // The longest run that is there whatever comes, and the longest that some completion gives.
  std::uint32_t sure = 0, possible = 0;
  if (const auto order = in_order(in)) {
    std::uint32_t sure_run = 0, possible_run = 0;
    for (const std::size_t i : *order) {
      const FoldRow& row = in.rows[i];
      const Truth holds = truth_in(row.value);
      if (holds != Truth::yes) sure_run = 0;
      else if (row.in == Truth::yes) ++sure_run;   // one that may be absent neither lengthens nor breaks the run
      if (holds != Truth::no) ++possible_run;
      else if (row.in == Truth::yes) possible_run = 0;
      sure = std::max(sure, sure_run);
      possible = std::max(possible, possible_run);
    }
  } else {
    bool none_fails = true;
    for (const FoldRow& row : in.rows) {
      const Truth holds = truth_in(row.value);
      none_fails &= holds == Truth::yes;
      sure += row.in == Truth::yes;
      possible += holds != Truth::no;
    }
    if (!none_fails) sure = 0;
  }
  return of(sure >= in.n ? Truth::yes : possible >= in.n ? Truth::unknown : Truth::no);
}

Kind result_kind(const FoldInput& in) {
  switch (in.kind) {
    case FoldKind::consecutive: return Kind::boolean;
    case FoldKind::stages: return Kind::choice;
    case FoldKind::average: return Kind::ratio;
    default: return in.value.kind;
  }
}

bool tallied(FoldKind kind) { return kind == FoldKind::count || kind == FoldKind::exists || kind == FoldKind::every || kind == FoldKind::share; }

}  // namespace

std::int64_t Tally::rows(Truth in) const {
  return at(in, Truth::yes) + at(in, Truth::unknown) + at(in, Truth::no) + at(in, Truth::error);
}

Tally Tally::filtered() const {
  Tally out;
  for (const Truth in : {Truth::yes, Truth::unknown, Truth::error})
    for (const Truth condition : {Truth::yes, Truth::unknown, Truth::error}) out.at(scalar::and_(in, condition), Truth::yes) += at(in, condition);
  return out;
}

Cell fold_tally(const TallyInput& in, const Tally& n, FoldFault& fault) {
  fault = FoldFault::none;
  if (in.kind == FoldKind::exists || in.kind == FoldKind::every) return truth_fold(in, n);
  const std::int64_t sure = n.rows(Truth::yes), maybe = n.rows(Truth::unknown);
  const bool failed = n.rows(Truth::error) > 0;
  if (in.kind == FoldKind::count) return failed ? number_error() : between(sure, in.open ? pos_inf : sure + maybe);
  if (failed || n.at(Truth::yes, Truth::error) + n.at(Truth::unknown, Truth::error) > 0) return ratio_error();
  if (in.has_if_none && is_error(in.if_none, Kind::ratio)) return ratio_error();
  if (sure + maybe > 0 || in.open) return share(in, n);
  if (in.has_if_none) return in.if_none;
  fault = FoldFault::no_rows;
  return ratio_error();
}

Cell fold(const FoldInput& in, FoldFault& fault) {
  fault = FoldFault::none;
  const Kind result = result_kind(in);
  if (tallied(in.kind)) {
    Tally tally;
    for (const FoldRow& row : in.rows) ++tally.at(row.in, in.kind == FoldKind::count ? Truth::yes : truth_in(row.value));
    return fold_tally({in.kind, in.open, in.has_if_none && tally.rows(Truth::yes) == 0, in.if_none}, tally, fault);
  }

  bool anyone_sure = false;
  for (const FoldRow& row : in.rows) {
    if (row.in == Truth::error) return error_of(result);
    if (is_error(row.value, in.value.kind)) return error_of(result);
    anyone_sure |= row.in == Truth::yes;
  }
  for (const Cell& date : in.dates)
    if (is_error(date, Kind::date)) return error_of(result);
  if (in.kind == FoldKind::consecutive) return consecutive(in);
  if (in.kind == FoldKind::stages) {
    const Cell out = stages(in);
    if (is_error(out, Kind::choice)) fault = FoldFault::two_moves;
    return out;
  }
  if (in.kind != FoldKind::sum && !anyone_sure && in.has_if_none && is_error(in.if_none, result)) return error_of(result);
  if (in.kind != FoldKind::sum && in.rows.empty() && !in.open) {
    if (in.has_if_none) return in.if_none;
    fault = FoldFault::no_rows;
    return error_of(result);
  }
  Cell out;
  switch (in.kind) {
    case FoldKind::sum: out = sum(in); break;
    case FoldKind::average: out = average(in, anyone_sure); break;
    case FoldKind::only: return only(in, anyone_sure, fault);
    default: return extreme(in, in.kind == FoldKind::highest, anyone_sure);
  }
  if (is_error(out, result)) fault = FoldFault::overflow;
  return out;
}

}  // namespace tiao::interp
