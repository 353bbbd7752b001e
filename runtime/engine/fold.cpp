// Folds over rows, for generated code that does not inline them and for combining remedies. One FoldState collects what the
// table "Folds over rows" of docs/language.md needs: the ends over the rows that are surely in, and over all rows looked at.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/engine/stages.hpp"
#include "runtime/engine/support.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::engine {
namespace {

enum class FoldKind : std::uint8_t { count, sum, highest, lowest, average, only, exists, every, share, consecutive, stages };  // as core::FoldKind

struct DatedRow { std::int64_t lo, hi; Truth in, condition; };
using DatedRows = Array<DatedRow>;

FoldKind kind_of(const FoldState& s) { return static_cast<FoldKind>(s.kind); }
Kind value_kind(const FoldState& s) { return static_cast<Kind>(s.value_kind); }

// --- Ends. Ratios order by their quotients, everything else by number.

bool is_open(std::int64_t v) { return v == neg_inf || v == pos_inf; }

int quotient_order(std::int64_t a, std::int64_t a_den, std::int64_t b, std::int64_t b_den) {
  if (is_open(a) || is_open(b)) {
    const int x = is_open(a) ? (a < 0 ? -1 : 1) : 0, y = is_open(b) ? (b < 0 ? -1 : 1) : 0;
    return x - y;
  }
  return scalar::compare_quotients(a, a_den, b, b_den);
}

// Raises (or lowers) one end to another. Equal quotients leave it, or under `reduce` take the smaller denominator.
void reach(std::int64_t& end, std::int64_t& end_den, std::int64_t v, std::int64_t v_den, bool up, bool ratio, bool reduce = false) {
  if (!ratio) {
    end = up ? std::max(end, v) : std::min(end, v);
    return;
  }
  const int order = quotient_order(v, v_den, end, end_den);
  if ((up ? order > 0 : order < 0) || (reduce && order == 0 && v_den < end_den)) {
    end = v;
    end_den = v_den;
  }
}

// Booleans and choices as ranges of positions.
Cell positions(const Cell& c, Kind kind) {
  if (kind == Kind::boolean) return c.lo == 1 ? known(1) : c.lo == 2 ? known(0) : between(0, 1);
  if (kind == Kind::choice) {
    const auto mask = static_cast<std::uint64_t>(c.lo);
    return between(std::countr_zero(mask), 63 - std::countl_zero(mask));
  }
  return c;
}
Cell values(const Cell& c, Kind kind, std::uint64_t seen) {
  if (kind == Kind::boolean) return c.lo != c.hi ? of(Truth::unknown) : of(truth(c.lo == 1));
  if (kind != Kind::choice) return c;
  const std::uint64_t low = ~std::uint64_t{0} << c.lo, high = c.hi == 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (c.hi + 1)) - 1;
  return choice_of(seen & low & high);
}

bool no_order(Kind kind) { return kind == Kind::text || kind == Kind::ref; }

// --- highest, lowest, only

// `sure` keeps the largest lower end and the smallest upper end over rows T, `all` the outermost ends over all rows.
void take_ends(FoldState& s, Truth in, const Cell& value) {
  const Kind kind = value_kind(s);
  const bool ratio = kind == Kind::ratio, first = s.sure_rows + s.open_rows == 0, first_sure = s.sure_rows == 0;
  const Cell v = positions(value, kind);
  if (kind == Kind::choice) s.mask |= static_cast<std::uint64_t>(value.lo);
  if (no_order(kind) && (v.lo != v.hi || (!first && !(s.all.lo == v.lo && s.all.hi == v.hi)))) s.differ = 1;
  if (first) s.all = s.far = v;
  reach(s.all.lo, s.all.lo_den, v.lo, v.lo_den, false, ratio, true);
  reach(s.all.hi, s.all.hi_den, v.hi, v.hi_den, true, ratio, true);
  reach(s.far.lo, s.far.lo_den, v.lo, v.lo_den, false, ratio);
  reach(s.far.hi, s.far.hi_den, v.hi, v.hi_den, true, ratio);
  if (in != Truth::yes) return;
  if (kind_of(s) == FoldKind::only) {
    // `sure` is the first known value of a row T here.
    if (!is_known(value, kind)) return;
    if (s.t_yes++ == 0) s.sure = value;
    else if (scalar::compare(scalar::CmpOp::is, s.sure, value, kind) == Truth::no) s.failed = 1;
    return;
  }
  if (first_sure) s.sure = v;
  reach(s.sure.lo, s.sure.lo_den, v.lo, v.lo_den, true, ratio);
  reach(s.sure.hi, s.sure.hi_den, v.hi, v.hi_den, false, ratio);
}

Cell with_if_none(const FoldState& s, Cell result, const Cell* if_none) {
  if (if_none == nullptr) return result;
  return scalar::hull(result, *if_none, value_kind(s));
}

Cell extreme(const FoldState& s, const Cell* if_none) {
  const Kind kind = value_kind(s);
  Cell ends = s.all;
  if (s.sure_rows > 0 && kind_of(s) == FoldKind::highest) {
    ends = {s.sure.lo, s.far.hi, s.sure.lo_den, s.far.hi_den};
  } else if (s.sure_rows > 0 && kind_of(s) == FoldKind::lowest) {
    ends = {s.far.lo, s.sure.hi, s.far.lo_den, s.sure.hi_den};
  }
  if (kind == Kind::ratio && ends.lo_den != ends.hi_den && quotient_order(ends.lo, ends.lo_den, ends.hi, ends.hi_den) == 0) {
    const Cell smaller = ends.lo_den < ends.hi_den ? Cell{ends.lo, ends.lo, ends.lo_den, ends.lo_den} : Cell{ends.hi, ends.hi, ends.hi_den, ends.hi_den};
    ends = smaller;
  }
  Cell result = values(ends, kind, s.mask);
  if (no_order(kind) && s.differ) result = between(neg_inf, pos_inf);
  return s.sure_rows > 0 ? result : with_if_none(s, result, if_none);
}

// --- sum, average

Cell with_zero(const Cell& c) { return between(std::min<std::int64_t>(0, c.lo), std::max<std::int64_t>(0, c.hi)); }

void take_sum(FoldState& s, Truth in, const Cell& value) {
  s.sum.add(in == Truth::yes ? value : with_zero(value), value_kind(s));
}

__extension__ using i128 = __int128;

// The rows of an average. Their number times 2^63 stays far within the sums.
struct Mean {
  i128 low = 0, high = 0;
  bool low_open = false, high_open = false;
  Array<std::int64_t> lows, highs;   // of rows U
};

void take_average(FoldState& s, Truth in, const Cell& value) {
  if (s.dated == nullptr) s.dated = new Mean();
  Mean& mean = *static_cast<Mean*>(s.dated);
  mean.low_open = mean.low_open || value.lo == neg_inf;
  mean.high_open = mean.high_open || value.hi == pos_inf;
  if (in == Truth::yes) {
    mean.low += value.lo;
    mean.high += value.hi;
  } else {
    mean.lows.push(value.lo);
    mean.highs.push(value.hi);
  }
}

// Rows U join in order from the far end while each draws the mean its way. False: it does not fit.
bool drawn(i128 sum, std::uint32_t rows, Array<std::int64_t>& others, bool down, std::int64_t unit, std::int64_t& num, std::int64_t& den) {
  std::sort(others.begin(), others.end());
  for (std::size_t i = 0; i < others.size(); ++i, ++rows) {
    const i128 next = down ? others[i] : others[others.size() - 1 - i];
    if (rows > 0 && (down ? next * rows >= sum : next * rows <= sum)) break;
    sum += next;
  }
  const i128 whole = static_cast<i128>(rows) * unit;
  if (sum >= pos_inf || sum <= neg_inf || whole >= pos_inf) return false;
  num = static_cast<std::int64_t>(sum);
  den = static_cast<std::int64_t>(whole);
  return true;
}

Cell average(const FoldState& s, Mean* mean, const Cell* if_none) {
  std::int64_t unit = 1;
  for (std::uint32_t place = 0; place < s.n; ++place) unit *= 10;
  Cell result{neg_inf, pos_inf, 1, 1};
  if (mean != nullptr) {
    if (!mean->low_open && !drawn(mean->low, s.sure_rows, mean->lows, true, unit, result.lo, result.lo_den)) return ratio_error();
    if (!mean->high_open && !drawn(mean->high, s.sure_rows, mean->highs, false, unit, result.hi, result.hi_den)) return ratio_error();
  }
  if (s.open) {
    const Cell widest = scalar::ratio_of(s.all, known(unit));
    result = mean != nullptr ? scalar::hull(result, widest, Kind::ratio) : widest;
  }
  return s.sure_rows > 0 || if_none == nullptr ? result : scalar::hull(result, *if_none, Kind::ratio);
}

// --- share

Cell share(const FoldState& s, const Cell* if_none) {
  const std::int64_t a = s.t_yes, b = s.t_unknown, t = s.sure_rows, p = s.u_yes, q = s.u_unknown, r = s.open_rows - p - q;
  Cell result;
  if (s.open) {
    result = {0, 1, 1, 1};
  } else {
    result = {a, a + b + p + q, t + q + r, t + p + q};
    if (result.lo_den == 0) result.lo = result.lo_den = p;
    if (result.hi_den == 0) result.hi_den = r;
    if (result.lo_den != result.hi_den && scalar::compare_quotients(result.lo, result.lo_den, result.hi, result.hi_den) == 0) {
      const bool low = result.lo_den < result.hi_den;
      result = low ? Cell{result.lo, result.lo, result.lo_den, result.lo_den} : Cell{result.hi, result.hi, result.hi_den, result.hi_den};
    }
  }
  return t > 0 || if_none == nullptr ? result : scalar::hull(result, *if_none, Kind::ratio);
}

// --- consecutive

void take_turn(FoldState& s, Truth in, Truth condition) {
  if (condition == Truth::yes) {
    if (in == Truth::yes) ++s.sure_run;
  } else {
    s.sure_run = 0;
  }
  if (condition != Truth::no) ++s.possible_run;
  else if (in == Truth::yes) s.possible_run = 0;
  s.sure_hit |= s.sure_run >= s.n;
  s.possible_hit |= s.possible_run >= s.n;
}

void take_dated(FoldState& s) {
  DatedRows rows = std::move(*static_cast<DatedRows*>(s.dated));
  const bool known_dates = std::all_of(rows.begin(), rows.end(), [](const DatedRow& r) { return r.lo == r.hi; });
  if (known_dates) {
    std::stable_sort(rows.begin(), rows.end(), [](const DatedRow& a, const DatedRow& b) { return a.lo < b.lo; });
    for (const DatedRow& r : rows) take_turn(s, r.in, r.condition);
    return;
  }
  std::uint32_t sure = 0, possible = 0, surely_all = 1;
  for (const DatedRow& r : rows) {
    sure += r.in == Truth::yes;
    possible += r.condition != Truth::no;
    surely_all &= r.condition == Truth::yes;
  }
  s.sure_hit = surely_all && sure >= s.n;
  s.possible_hit = possible >= s.n;
}

// --- stages

using StageRows = Array<StageRow>;

void take_stage(FoldState& s, Truth in, const Cell& moves, const Cell* date) {
  if (date != nullptr && date->lo > date->hi) {
    s.failed = 1;
    return;
  }
  if (s.dated == nullptr) s.dated = new StageRows();
  auto& rows = *static_cast<StageRows*>(s.dated);
  const auto place = static_cast<std::int64_t>(rows.size());   // rows without dates come in their order, one a day
  rows.push({date != nullptr ? date->lo : place, date != nullptr ? date->hi : place, in, static_cast<std::uint32_t>(moves.lo)});
}

Cell stages(const FoldState& s, std::uint64_t states) {
  if (s.open) return choice_of(StageMoves{s.n}.states());
  return states == 0 ? error_of(Kind::choice) : choice_of(states);
}

Cell consecutive(const FoldState& s) {
  if (s.open) return of(Truth::unknown);
  return of(s.sure_hit ? Truth::yes : s.possible_hit ? Truth::unknown : Truth::no);
}

// --- One row

void take_truth(FoldState& s, Truth in, Truth condition) {
  const Truth so_far = static_cast<Truth>(s.truth);
  const Truth now = kind_of(s) == FoldKind::exists ? scalar::or_(so_far, scalar::and_(in, condition)) : scalar::and_(so_far, scalar::or_(scalar::not_(in), condition));
  s.truth = static_cast<std::uint8_t>(now);
}

void take_share(FoldState& s, Truth in, Truth condition, std::uint32_t rows = 1) {
  std::uint32_t& yes = in == Truth::yes ? s.t_yes : s.u_yes;
  std::uint32_t& undecided = in == Truth::yes ? s.t_unknown : s.u_unknown;
  yes += condition == Truth::yes ? rows : 0;
  undecided += condition == Truth::unknown ? rows : 0;
}

Kind result_kind(const FoldState& s) {
  switch (kind_of(s)) {
    case FoldKind::average:
    case FoldKind::share: return Kind::ratio;
    case FoldKind::exists:
    case FoldKind::every:
    case FoldKind::consecutive: return Kind::boolean;
    case FoldKind::count: return Kind::integer;
    case FoldKind::stages: return Kind::choice;
    default: return value_kind(s);
  }
}

Cell result(const FoldState& s, const Cell* if_none) {
  switch (kind_of(s)) {
    case FoldKind::exists: return known(s.truth);
    case FoldKind::every: return known(s.truth);
    case FoldKind::count: return s.failed ? number_error() : between(s.sure_rows, s.open ? pos_inf : std::int64_t{s.sure_rows} + s.open_rows);
    case FoldKind::consecutive: return s.failed ? of(Truth::error) : consecutive(s);
    case FoldKind::stages: return s.failed ? error_of(Kind::choice) : stages(s, s.mask);
    case FoldKind::sum: return s.failed ? number_error() : s.sum.value(value_kind(s));
    default: break;
  }
  if (s.failed) return error_of(result_kind(s));
  if (s.sure_rows + s.open_rows == 0 && !(s.open && (kind_of(s) == FoldKind::share || kind_of(s) == FoldKind::average))) return if_none != nullptr ? *if_none : error_of(result_kind(s));
  switch (kind_of(s)) {
    case FoldKind::average: return average(s, static_cast<Mean*>(s.dated), if_none);
    case FoldKind::share: return share(s, if_none);
    default: return extreme(s, if_none);
  }
}

}  // namespace

void fold_rows(FoldState& s, Truth in, Truth condition, std::uint32_t rows) {
  if (rows == 0 || in == Truth::no) return;
  const Cell value = of(condition);
  tiao_fold_row(&s, static_cast<std::uint32_t>(in), &value, nullptr);
  const FoldKind kind = kind_of(s);
  if (kind == FoldKind::exists || kind == FoldKind::every || s.failed) return;
  if (kind == FoldKind::share) take_share(s, in, condition, rows - 1);
  (in == Truth::yes ? s.sure_rows : s.open_rows) += rows - 1;
}

}  // namespace tiao::engine

using namespace tiao;
using namespace tiao::engine;

extern "C" {

void tiao_fold_begin(FoldState* state, std::uint32_t kind, std::uint32_t value_kind, std::uint32_t n) {
  *state = FoldState{};
  state->kind = static_cast<std::uint8_t>(kind);
  state->value_kind = static_cast<std::uint8_t>(value_kind);
  state->n = n;
  state->truth = static_cast<FoldKind>(kind) == FoldKind::every ? 1 : 2;
}

void tiao_fold_row(FoldState* state, std::uint32_t in_byte, const Cell* value, const Cell* date) {
  FoldState& s = *state;
  const Truth in = static_cast<Truth>(in_byte);
  const FoldKind kind = kind_of(s);
  if (in == Truth::no) return;
  if (kind == FoldKind::exists || kind == FoldKind::every) return take_truth(s, in, static_cast<Truth>(value->lo));
  if (in == Truth::error || (kind != FoldKind::count && is_error(*value, value_kind(s)))) {
    s.failed = 1;
    return;
  }
  switch (kind) {
    case FoldKind::sum: take_sum(s, in, *value); break;
    case FoldKind::average: take_average(s, in, *value); break;
    case FoldKind::highest:
    case FoldKind::lowest:
    case FoldKind::only: take_ends(s, in, *value); break;
    case FoldKind::share: take_share(s, in, static_cast<Truth>(value->lo)); break;
    case FoldKind::stages: take_stage(s, in, *value, date); break;
    case FoldKind::consecutive:
      if (date == nullptr) {
        take_turn(s, in, static_cast<Truth>(value->lo));
      } else if (date->lo > date->hi) {
        s.failed = 1;
      } else {
        if (s.dated == nullptr) s.dated = new DatedRows();
        static_cast<DatedRows*>(s.dated)->push({date->lo, date->hi, in, static_cast<Truth>(value->lo)});
      }
      break;
    default: break;
  }
  (in == Truth::yes ? s.sure_rows : s.open_rows) += 1;
}

void tiao_fold_open(FoldState* state, const Cell* widest) {
  FoldState& s = *state;
  s.open = 1;
  const Cell undecided = of(Truth::unknown);
  switch (kind_of(s)) {
    case FoldKind::exists:
    case FoldKind::every: return tiao_fold_row(state, 0, &undecided, nullptr);
    case FoldKind::sum: {
      // Any number of such rows.
      const Cell many = between(widest->lo < 0 ? neg_inf : 0, widest->hi > 0 ? pos_inf : 0);
      return tiao_fold_row(state, 0, &many, nullptr);
    }
    case FoldKind::average: s.all = *widest; return;
    case FoldKind::highest:
    case FoldKind::lowest:
    case FoldKind::only: return tiao_fold_row(state, 0, widest, nullptr);
    default: return;
  }
}

void tiao_fold_end(Cell* out, FoldState* state, const Cell* if_none) {
  if (kind_of(*state) == FoldKind::stages) {
    state->mask = 1;
    if (state->dated != nullptr) {
      auto* rows = static_cast<StageRows*>(state->dated);
      state->mask = run_stages(StageMoves{state->n}, *rows);
      delete rows;
      state->dated = nullptr;
    }
  } else if (state->dated != nullptr && kind_of(*state) == FoldKind::consecutive) {
    take_dated(*state);
    delete static_cast<DatedRows*>(state->dated);
    state->dated = nullptr;
  }
  const Cell none_cell = if_none != nullptr ? *if_none : Cell{};
  *out = result(*state, if_none != nullptr ? &none_cell : nullptr);
  if (kind_of(*state) == FoldKind::average && state->dated != nullptr) {
    delete static_cast<Mean*>(state->dated);
    state->dated = nullptr;
  }
}

}  // extern "C"
