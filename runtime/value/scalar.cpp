#include "runtime/value/scalar.hpp"

#include <algorithm>
#include <bit>

#include "runtime/value/wide.hpp"

namespace tiao::scalar {
namespace {

using namespace wide;

constexpr bool failed(const Cell& c) { return c.lo > c.hi; }

// An infinite summand wins; of two opposite ones the wider end, which only a malformed operand could bring about.
constexpr i128 sum(i128 a, i128 b, bool lower) {
  const i128 wide = lower ? -inf : inf;
  if (a == wide || b == wide) return wide;
  if (!finite(a) || !finite(b)) return -wide;
  return a + b;
}

constexpr i128 product(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return 0;
  const bool open = a == neg_inf || a == pos_inf || b == neg_inf || b == pos_inf;
  if (open) return (a < 0) == (b < 0) ? inf : -inf;
  return static_cast<i128>(a) * b;
}

// value / divisor (positive) to an integer.
constexpr i128 divide(i128 value, i128 divisor, Rounding how) {
  i128 quotient = value / divisor;
  const i128 rest = value % divisor;
  if (rest == 0) return quotient;
  const i128 size = rest < 0 ? -rest : rest;
  const i128 other = divisor - size;  // size against other instead of 2 * size against divisor, which might overflow
  bool away = false;
  switch (how) {
    case Rounding::down: break;
    case Rounding::up: away = true; break;
    case Rounding::half_up: away = size >= other; break;
    case Rounding::half_even: away = size > other || (size == other && quotient % 2 != 0); break;
  }
  if (away) quotient += value < 0 ? -1 : 1;
  return quotient;
}

// An end of a ratio.
struct Quotient { std::int64_t num, den; };

int compare_ends(Quotient a, Quotient b) {
  const bool a_open = a.num == neg_inf || a.num == pos_inf, b_open = b.num == neg_inf || b.num == pos_inf;
  if (a_open || b_open) {
    const int x = a_open ? (a.num < 0 ? -1 : 1) : 0, y = b_open ? (b.num < 0 ? -1 : 1) : 0;
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return compare_quotients(a.num, a.den, b.num, b.den);
}

// Of equal quotients the one with the smaller denominator, so that the order of the operands does not show.
Quotient smaller(Quotient a, Quotient b) {
  const int c = compare_ends(a, b);
  return c < 0 || (c == 0 && a.den <= b.den) ? a : b;
}
Quotient larger(Quotient a, Quotient b) {
  const int c = compare_ends(a, b);
  return c > 0 || (c == 0 && a.den <= b.den) ? a : b;
}

Cell ratio_between(Quotient lo, Quotient hi) {
  if (lo.den != hi.den && compare_ends(lo, hi) == 0) {  // known, so it looks known
    const Quotient q = smaller(lo, hi);
    lo = hi = q;
  }
  return {lo.num, hi.num, lo.den, hi.den};
}

// The table of the six comparisons, given the order of a's ends against b's opposite ends.
Truth decide(CmpOp op, int lowest_to_highest, int highest_to_lowest) {
  const bool surely_over = lowest_to_highest > 0, surely_at_least = lowest_to_highest >= 0;
  const bool surely_under = highest_to_lowest < 0, surely_at_most = highest_to_lowest <= 0;
  auto verdict = [](bool yes, bool no) { return yes ? Truth::yes : no ? Truth::no : Truth::unknown; };
  switch (op) {
    case CmpOp::is: return verdict(surely_at_least && surely_at_most, surely_over || surely_under);
    case CmpOp::is_not: return verdict(surely_over || surely_under, surely_at_least && surely_at_most);
    case CmpOp::at_least: return verdict(surely_at_least, surely_under);
    case CmpOp::at_most: return verdict(surely_at_most, surely_over);
    case CmpOp::over: return verdict(surely_over, surely_at_most);
    case CmpOp::under: return verdict(surely_under, surely_at_least);
  }
  return Truth::error;
}

template <class T>
constexpr int order(T a, T b) { return a < b ? -1 : a > b ? 1 : 0; }

}  // namespace

// --- Numbers

Cell add(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  return narrow(sum(widen(a.lo), widen(b.lo), true), sum(widen(a.hi), widen(b.hi), false));
}

Cell neg(Cell a) {
  if (failed(a)) return number_error();
  return narrow(-widen(a.hi), -widen(a.lo));
}

Cell sub(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  return narrow(sum(widen(a.lo), -widen(b.hi), true), sum(widen(a.hi), -widen(b.lo), false));
}

Cell mul(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  const auto [lo, hi] = std::minmax({product(a.lo, b.lo), product(a.lo, b.hi), product(a.hi, b.lo), product(a.hi, b.hi)});
  return narrow(lo, hi);
}

Cell least(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  return between(std::min(a.lo, b.lo), std::min(a.hi, b.hi));
}

Cell greatest(Cell a, Cell b) {
  if (failed(a) || failed(b)) return number_error();
  return between(std::max(a.lo, b.lo), std::max(a.hi, b.hi));
}

Cell rescale(Cell a, unsigned from_scale, unsigned to_scale) {
  if (failed(a) || to_scale < from_scale) return number_error();
  if (to_scale == from_scale) return between(a.lo, a.hi);
  const i128 factor = power_of_ten(std::min(to_scale - from_scale, 19u));  // 10^19 already overflows everything but 0
  // The largest products lie beyond what stands for infinity here, and are finite all the same.
  auto end = [&](std::int64_t v) { const i128 w = widen(v); return finite(w) ? std::clamp(w * factor, 1 - inf, inf - 1) : w; };
  return narrow(end(a.lo), end(a.hi));
}

Cell rounded(Cell a, unsigned from_scale, unsigned to_scale, Rounding how) {
  if (to_scale >= from_scale) return rescale(a, from_scale, to_scale);
  if (failed(a)) return number_error();
  const i128 divisor = power_of_ten(std::min(from_scale - to_scale, 38u));
  auto end = [&](std::int64_t v) { const i128 w = widen(v); return finite(w) ? divide(w, divisor, how) : w; };
  return narrow(end(a.lo), end(a.hi));
}

// --- Ratios

int compare_quotients(i128 a, i128 b, i128 c, i128 d) {
  constexpr i128 limit = static_cast<i128>(1) << 63;
  // Whole parts first, then the reciprocals of what is left: continued fractions, which never multiply.
  for (;;) {
    if (a >= -limit && a <= limit && b <= limit && c >= -limit && c <= limit && d <= limit) return order(a * d, c * b);
    i128 whole_a = a / b, rest_a = a % b, whole_c = c / d, rest_c = c % d;
    if (rest_a < 0) { rest_a += b; --whole_a; }
    if (rest_c < 0) { rest_c += d; --whole_c; }
    if (whole_a != whole_c) return order(whole_a, whole_c);
    if (rest_a == 0 || rest_c == 0) return order(rest_a != 0, rest_c != 0);
    const i128 next_c = b, next_d = rest_a;
    a = d; b = rest_c; c = next_c; d = next_d;
  }
}

Cell ratio_of(Cell num, Cell den, bool has_if_none, Cell if_none) {
  if (failed(num) || failed(den)) return ratio_error();
  if (den.lo == 0 && den.hi == 0) return has_if_none ? if_none : ratio_error();
  if (den.lo <= 0 && den.hi >= 0) {
    if (has_if_none && is_error(if_none, Kind::ratio)) return ratio_error();
    return {neg_inf, pos_inf, 1, 1};
  }
  if (den.hi < 0) {
    num = neg(num);
    den = neg(den);
    if (failed(num) || failed(den)) return ratio_error();
  }
  // A far denominator makes the quotient as near to 0 as one likes, an open numerator makes it open.
  auto quotient = [](std::int64_t n, std::int64_t d) -> Quotient {
    if (n == neg_inf || n == pos_inf) return {n, 1};
    if (d == pos_inf) return {0, 1};
    return {n, d};
  };
  return ratio_between(quotient(num.lo, num.lo >= 0 ? den.hi : den.lo), quotient(num.hi, num.hi >= 0 ? den.lo : den.hi));
}

Cell ratio_of_percent(Cell percent, unsigned scale) {
  if (failed(percent) || scale > 16) return ratio_error();
  const auto den = static_cast<std::int64_t>(power_of_ten(scale + 2));
  auto open = [](std::int64_t v) { return v == neg_inf || v == pos_inf; };
  return {percent.lo, percent.hi, open(percent.lo) ? 1 : den, open(percent.hi) ? 1 : den};
}

Cell rounded_ratio(Cell ratio, unsigned to_scale, bool as_percent, Rounding how) {
  if (is_error(ratio, Kind::ratio)) return number_error();
  bool overflow = false;
  auto end = [&](std::int64_t num, std::int64_t den) -> i128 {
    if (num == neg_inf || num == pos_inf) return widen(num);
    i128 whole = num / den, rest = num % den;  // one digit at a time, so that no product outgrows 128 bits
    for (unsigned i = 0; i < to_scale + (as_percent ? 2u : 0u); ++i) {
      rest *= 10;
      whole = whole * 10 + rest / den;
      rest %= den;
      if (!fits(whole)) { overflow = true; return 0; }
    }
    // whole and rest share the sign of num, unless one of them is 0.
    const i128 size = rest < 0 ? -rest : rest, other = den - size;
    const int sign = num < 0 ? -1 : 1;
    bool away = false;
    if (size != 0) switch (how) {
      case Rounding::down: break;
      case Rounding::up: away = true; break;
      case Rounding::half_up: away = size >= other; break;
      case Rounding::half_even: away = size > other || (size == other && whole % 2 != 0); break;
    }
    return away ? whole + sign : whole;
  };
  const i128 lo = end(ratio.lo, ratio.lo_den), hi = end(ratio.hi, ratio.hi_den);
  return overflow ? number_error() : narrow(lo, hi);
}

// --- Comparison

Truth compare(CmpOp op, Cell a, Cell b, Kind kind) {
  if (is_error(a, kind) || is_error(b, kind)) return Truth::error;
  switch (kind) {
    case Kind::boolean: {
      if (a.lo == 0 || b.lo == 0) return Truth::unknown;
      if (op != CmpOp::is && op != CmpOp::is_not) return Truth::error;
      return truth((a.lo == b.lo) == (op == CmpOp::is));
    }
    case Kind::choice: {
      const auto x = static_cast<std::uint64_t>(a.lo), y = static_cast<std::uint64_t>(b.lo);
      const int lowest_a = std::countr_zero(x), highest_a = 63 - std::countl_zero(x);
      const int lowest_b = std::countr_zero(y), highest_b = 63 - std::countl_zero(y);
      if (op == CmpOp::is || op == CmpOp::is_not) {
        const Truth same = (x & y) == 0 ? Truth::no : x == y && lowest_a == highest_a ? Truth::yes : Truth::unknown;
        return op == CmpOp::is ? same : not_(same);
      }
      return decide(op, order(lowest_a, highest_b), order(highest_a, lowest_b));
    }
    case Kind::ratio: return compare_ratio(op, a, b, false);
    default: return decide(op, order(a.lo, b.hi), order(a.hi, b.lo));
  }
}

Truth compare_ratio(CmpOp op, Cell ratio, Cell other, bool other_is_percent, unsigned percent_scale) {
  if (is_error(ratio, Kind::ratio) || is_error(other, other_is_percent ? Kind::percent : Kind::ratio)) return Truth::error;
  if (!other_is_percent)
    return decide(op, compare_ends({ratio.lo, ratio.lo_den}, {other.hi, other.hi_den}),
                  compare_ends({ratio.hi, ratio.hi_den}, {other.lo, other.lo_den}));
  const i128 points = power_of_ten(std::min(percent_scale, 36u) + 2);
  auto ends = [&](std::int64_t num, std::int64_t den, std::int64_t percent) {
    const i128 x = widen(num), y = widen(percent);
    if (!finite(x) || !finite(y)) return order(finite(x) ? 0 : x < 0 ? -1 : 1, finite(y) ? 0 : y < 0 ? -1 : 1);
    return compare_quotients(x, den, y, points);
  };
  return decide(op, ends(ratio.lo, ratio.lo_den, other.hi), ends(ratio.hi, ratio.hi_den, other.lo));
}

// --- Choice

Cell hull(Cell a, Cell b, Kind kind) {
  if (is_error(a, kind) || is_error(b, kind)) return error_of(kind);
  switch (kind) {
    case Kind::boolean: return a.lo == b.lo ? known(a.lo) : of(Truth::unknown);
    case Kind::choice: return known(a.lo | b.lo);
    case Kind::text:
    case Kind::ref: return is_known(a, kind) && a == b ? a : between(neg_inf, pos_inf);   // their numbers say nothing of what lies between
    case Kind::ratio:
      return ratio_between(smaller({a.lo, a.lo_den}, {b.lo, b.lo_den}), larger({a.hi, a.hi_den}, {b.hi, b.hi_den}));
    default: return between(std::min(a.lo, b.lo), std::max(a.hi, b.hi));
  }
}

Cell choose(Truth cond, Cell a, Cell b, Kind kind) {
  switch (cond) {
    case Truth::yes: return is_error(a, kind) ? error_of(kind) : a;
    case Truth::no: return is_error(b, kind) ? error_of(kind) : b;
    case Truth::unknown: return hull(a, b, kind);
    default: return error_of(kind);
  }
}

}  // namespace tiao::scalar
