// Code for arithmetic and comparison. An operation is inline while its ends are finite or cheap to keep apart; overflow is tested
// only where the bounds of the operands allow it.
#include <algorithm>

#include "compiler/jit/scalars.hpp"
#include "runtime/value/wide.hpp"

namespace tiao::jit {
namespace {

using scalar::wide::i128;

constexpr bool fits(i128 v) { return v > static_cast<i128>(neg_inf) && v < static_cast<i128>(pos_inf); }
constexpr std::int64_t clamp(i128 v) {
  return v <= static_cast<i128>(neg_inf) ? neg_inf + 1 : v >= static_cast<i128>(pos_inf) ? pos_inf - 1 : static_cast<std::int64_t>(v);
}
// A bound for results that stay finite whatever happens (overflow is an error and not an end).
struct Bounds { i128 least, most; };
bool cannot_overflow(Bounds b) { return fits(b.least) && fits(b.most); }

constexpr bool is_number(Kind kind) { return kind != Kind::boolean && kind != Kind::choice && kind != Kind::ratio; }

}  // namespace

IrValue Scalars::is_infinite(IrValue v) { return ir.or_(ir.equal(v, ir.word(neg_inf)), ir.equal(v, ir.word(pos_inf))); }

Value Scalars::neg(const Value& a) {
  IrValue error = a.error;
  auto opposite = [&](IrValue v) {
    IrValue minus = ir.sub(ir.word(0), v);
    if (a.least <= neg_inf + 1) error = ir.or_(error, ir.equal(v, ir.word(neg_inf + 1)));   // the one number without an opposite
    if (a.finite()) return minus;
    minus = ir.select(ir.equal(v, ir.word(neg_inf)), ir.word(pos_inf), minus);
    return ir.select(ir.equal(v, ir.word(pos_inf)), ir.word(neg_inf), minus);
  };
  auto bound = [](std::int64_t v) { return v == neg_inf ? pos_inf : v == pos_inf ? neg_inf : v == neg_inf + 1 ? pos_inf - 1 : -v; };
  IrValue lo = opposite(a.hi);
  IrValue hi = a.lo == a.hi ? lo : opposite(a.lo);
  return number(a.kind, lo, hi, error, bound(a.most), bound(a.least));
}

// Either operand may have an infinite end: it wins, the wider of two opposite ones.
Value Scalars::general_sum(const Value& a, const Value& b, Type type, bool minus) {
  IrValue error = ir.or_(a.error, b.error);
  auto end = [&](IrValue x, IrValue y, bool lower) {
    const std::int64_t wide = lower ? neg_inf : pos_inf, other = lower ? pos_inf : neg_inf;
    IrValue wider = ir.or_(ir.equal(x, ir.word(wide)), ir.equal(y, ir.word(minus ? other : wide)));
    IrValue nearer = ir.or_(ir.equal(x, ir.word(other)), ir.equal(y, ir.word(minus ? wide : other)));
    auto [sum, overflow] = ir.checked(minus ? "ssub" : "sadd", x, y);
    error = ir.or_(error, ir.and_(ir.not_(ir.or_(wider, nearer)), ir.or_(overflow, is_infinite(sum))));
    sum = ir.select(nearer, ir.word(other), sum);
    return ir.select(wider, ir.word(wide), sum);
  };
  IrValue lo = end(a.lo, minus ? b.hi : b.lo, true), hi = end(a.hi, minus ? b.lo : b.hi, false);
  auto bound = [&](std::int64_t x, std::int64_t y, std::int64_t open) {
    if (x == open || y == (minus ? (open == neg_inf ? pos_inf : neg_inf) : open)) return open;
    return clamp(minus ? static_cast<i128>(x) - y : static_cast<i128>(x) + y);
  };
  return number(type.kind, lo, hi, error, bound(a.least, minus ? b.most : b.least, neg_inf), bound(a.most, minus ? b.least : b.most, pos_inf));
}

Value Scalars::add(const Value& a, const Value& b, Type type) {
  if (type.kind == Kind::duration) return call("tiao_add_durations", type, {a, b});
  if (!a.finite() || !b.finite()) return general_sum(a, b, type, false);
  const Bounds bounds{static_cast<i128>(a.least) + b.least, static_cast<i128>(a.most) + b.most};
  IrValue error = ir.or_(a.error, b.error);
  auto end = [&](IrValue x, IrValue y) {
    if (cannot_overflow(bounds)) return ir.add(x, y);
    auto [sum, overflow] = ir.checked("sadd", x, y);
    error = ir.or_(error, ir.or_(overflow, is_infinite(sum)));
    return sum;
  };
  IrValue lo = end(a.lo, b.lo), hi = a.lo == a.hi && b.lo == b.hi ? lo : end(a.hi, b.hi);
  return number(type.kind, lo, hi, error, clamp(bounds.least), clamp(bounds.most));
}

Value Scalars::sub(const Value& a, const Value& b, Type type) {
  if (type.kind == Kind::duration) return call("tiao_sub_durations", type, {a, b});
  if (!a.finite() || !b.finite()) return general_sum(a, b, type, true);
  const Bounds bounds{static_cast<i128>(a.least) - b.most, static_cast<i128>(a.most) - b.least};
  IrValue error = ir.or_(a.error, b.error);
  auto end = [&](IrValue x, IrValue y) {
    if (cannot_overflow(bounds)) return ir.sub(x, y);
    auto [difference, overflow] = ir.checked("ssub", x, y);
    error = ir.or_(error, ir.or_(overflow, is_infinite(difference)));
    return difference;
  };
  IrValue lo = end(a.lo, b.hi), hi = a.lo == a.hi && b.lo == b.hi ? lo : end(a.hi, b.lo);
  return number(type.kind, lo, hi, error, clamp(bounds.least), clamp(bounds.most));
}

Value Scalars::mul(const Value& a, const Value& b, Type type) {
  if (a.kind == Kind::duration) return call("tiao_mul_duration", type, {a, b});
  if (b.kind == Kind::duration) return call("tiao_mul_duration", type, {b, a});
  // Two ends meet in order when one factor is a known number of known sign; four corners otherwise.
  const bool one_known = a.lo == a.hi || b.lo == b.hi;
  const Value& factor = a.lo == a.hi ? a : b;
  const Value& other = a.lo == a.hi ? b : a;
  const bool in_order = one_known && (factor.least >= 0 || factor.most <= 0 || other.lo == other.hi);
  if (!in_order || !a.finite() || !b.finite()) return call("tiao_mul", type, {a, b});
  const i128 corners[] = {static_cast<i128>(a.least) * b.least, static_cast<i128>(a.least) * b.most,
                          static_cast<i128>(a.most) * b.least, static_cast<i128>(a.most) * b.most};
  const Bounds bounds{*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
  IrValue error = ir.or_(a.error, b.error);
  auto end = [&](IrValue x) {
    if (cannot_overflow(bounds)) return ir.mul(factor.lo, x);
    auto [product, overflow] = ir.checked("smul", factor.lo, x);
    error = ir.or_(error, ir.or_(overflow, is_infinite(product)));
    return product;
  };
  IrValue lo = end(other.lo), hi = other.lo == other.hi ? lo : end(other.hi);
  if (factor.least < 0 && lo != hi) std::swap(lo, hi);
  return number(type.kind, lo, hi, error, clamp(bounds.least), clamp(bounds.most));
}

Value Scalars::least(const Value& a, const Value& b) {
  IrValue lo = ir.least(a.lo, b.lo);
  return number(a.kind, lo, a.lo == a.hi && b.lo == b.hi ? lo : ir.least(a.hi, b.hi), ir.or_(a.error, b.error),
                std::min(a.least, b.least), std::min(a.most, b.most));
}

Value Scalars::greatest(const Value& a, const Value& b) {
  IrValue lo = ir.greatest(a.lo, b.lo);
  return number(a.kind, lo, a.lo == a.hi && b.lo == b.hi ? lo : ir.greatest(a.hi, b.hi), ir.or_(a.error, b.error),
                std::max(a.least, b.least), std::max(a.most, b.most));
}

Value Scalars::rescale(const Value& a, unsigned from, Type to) {
  if (to.scale < from) return error(to.kind);
  if (to.scale == from) {
    Value same = a;
    same.kind = to.kind;
    return same;
  }
  if (to.scale - from > 18 || !a.finite())
    return call("tiao_rescale", to, {a, half(from), half(to.scale)});
  Value factor = constant(tiao::known(static_cast<std::int64_t>(scalar::wide::power_of_ten(to.scale - from))), to);
  return mul(factor, a, to);
}

Value Scalars::as_ratio(const Value& percent, unsigned scale) {
  if (scale > 16) return error(Kind::ratio);
  IrValue den = ir.word(static_cast<std::int64_t>(scalar::wide::power_of_ten(scale + 2)));
  auto below = [&](IrValue end) { return percent.finite() ? den : ir.select(is_infinite(end), ir.word(1), den); };
  IrValue lo_den = below(percent.lo);
  return ratio(percent.lo, percent.hi, lo_den, percent.lo == percent.hi ? lo_den : below(percent.hi), percent.error);
}

// --- Comparison

Value Scalars::decide(core::CmpOp how, IrValue over, IrValue at_least, IrValue under, IrValue at_most, IrValue error, bool decided) {
  Value v;
  v.error = error;
  v.decided = decided;
  switch (how) {
    case core::CmpOp::is: v.yes = ir.and_(at_least, at_most); v.no = ir.or_(over, under); break;
    case core::CmpOp::is_not: v.yes = ir.or_(over, under); v.no = ir.and_(at_least, at_most); break;
    case core::CmpOp::at_least: v.yes = at_least; v.no = under; break;
    case core::CmpOp::at_most: v.yes = at_most; v.no = over; break;
    case core::CmpOp::over: v.yes = over; v.no = at_most; break;
    case core::CmpOp::under: v.yes = under; v.no = at_least; break;
  }
  if (fails(v)) {
    IrValue fine = ir.not_(error);
    v.yes = ir.and_(v.yes, fine);
    v.no = ir.and_(v.no, fine);
  }
  return v;
}

Value Scalars::compare(core::CmpOp how, const Value& a, const Value& b) {
  IrValue error = ir.or_(a.error, b.error), fine = ir.not_(error);
  const bool equality = how == core::CmpOp::is || how == core::CmpOp::is_not;
  if (a.kind == Kind::boolean) {
    if (!equality) return truth(Truth::error);
    Value v;
    v.error = error;
    v.decided = a.decided && b.decided;
    IrValue same = ir.or_(ir.and_(a.yes, b.yes), ir.and_(a.no, b.no)), other = ir.or_(ir.and_(a.yes, b.no), ir.and_(a.no, b.yes));
    v.yes = how == core::CmpOp::is ? same : other;
    v.no = how == core::CmpOp::is ? other : same;
    return v;
  }
  if (a.kind == Kind::choice) {
    if (equality) {
      if (a.decided && b.decided) {
        Value v = decided(ir.equal(a.lo, b.lo));
        v.yes = ir.and_(v.yes, fine);
        v.no = ir.and_(v.no, fine);
        v.error = error;
        return how == core::CmpOp::is ? v : not_(v);
      }
      IrValue apart = ir.equal(ir.bits_and(a.lo, b.lo), ir.word(0));
      IrValue same = ir.equal(a.lo, b.lo);
      if (!Ir::is_constant(b.lo) && !Ir::is_constant(a.lo)) same = ir.and_(same, known(a));
      else {
        const auto constant = static_cast<std::uint64_t>(LLVMConstIntGetSExtValue(Ir::is_constant(b.lo) ? b.lo : a.lo));
        if ((constant & (constant - 1)) != 0) same = ir.bit(false);
      }
      Value v;
      v.yes = ir.and_(same, fine);
      v.no = ir.and_(apart, fine);
      v.error = error;
      return how == core::CmpOp::is ? v : not_(v);
    }
    if (a.decided && b.decided) {   // single bits order as the numbers they are
      Value v = decided(how == core::CmpOp::at_least  ? ir.not_(ir.below(a.lo, b.lo))
                        : how == core::CmpOp::at_most ? ir.not_(ir.below(b.lo, a.lo))
                        : how == core::CmpOp::over    ? ir.below(b.lo, a.lo)
                                                      : ir.below(a.lo, b.lo));
      v.yes = ir.and_(v.yes, fine);
      v.no = ir.and_(v.no, fine);
      v.error = error;
      return v;
    }
    auto lowest = [&](const Value& v) { return ir.count_zeros("cttz", v.lo); };
    auto highest = [&](const Value& v) { return ir.sub(ir.word(63), ir.count_zeros("ctlz", v.lo)); };
    IrValue low_a = lowest(a), high_a = highest(a), low_b = lowest(b), high_b = highest(b);
    return decide(how, ir.less(high_b, low_a), ir.not_(ir.less(low_a, high_b)), ir.less(high_a, low_b),
                  ir.not_(ir.less(low_b, high_a)), error, false);
  }
  if (a.kind == Kind::ratio) {
    IrValue over = ratio_less(b.hi, b.hi_den, a.lo, a.lo_den), at_least = ir.not_(ratio_less(a.lo, a.lo_den, b.hi, b.hi_den));
    IrValue under = ratio_less(a.hi, a.hi_den, b.lo, b.lo_den), at_most = ir.not_(ratio_less(b.lo, b.lo_den, a.hi, a.hi_den));
    return decide(how, over, at_least, under, at_most, error, false);
  }
  if (a.lo == a.hi && b.lo == b.hi) {
    // One register each: two values, decided by one instruction.
    IrValue yes = nullptr;
    switch (how) {
      case core::CmpOp::is: yes = ir.equal(a.lo, b.lo); break;
      case core::CmpOp::is_not: yes = ir.differ(a.lo, b.lo); break;
      case core::CmpOp::at_least: yes = ir.not_(ir.less(a.lo, b.lo)); break;
      case core::CmpOp::at_most: yes = ir.not_(ir.less(b.lo, a.lo)); break;
      case core::CmpOp::over: yes = ir.less(b.lo, a.lo); break;
      case core::CmpOp::under: yes = ir.less(a.lo, b.lo); break;
    }
    Value v = decided(yes);
    v.yes = ir.and_(v.yes, fine);
    v.no = ir.and_(v.no, fine);
    v.error = error;
    return v;
  }
  if (equality) {
    // Ends in order make equality of the crossed ends enough.
    IrValue same = ir.and_(ir.equal(a.lo, b.hi), ir.equal(a.hi, b.lo));
    IrValue apart = ir.or_(ir.less(b.hi, a.lo), ir.less(a.hi, b.lo));
    Value v;
    v.yes = ir.and_(same, fine);
    v.no = ir.and_(apart, fine);
    v.error = error;
    return how == core::CmpOp::is ? v : not_(v);
  }
  const bool above = how == core::CmpOp::at_least || how == core::CmpOp::under;
  IrValue none_of_both = ir.bit(false);
  if (above)
    return decide(how, none_of_both, ir.not_(ir.less(a.lo, b.hi)), ir.less(a.hi, b.lo), none_of_both, error, false);
  return decide(how, ir.less(b.hi, a.lo), none_of_both, none_of_both, ir.not_(ir.less(b.lo, a.hi)), error, false);
}

// a / a_den < b / b_den by cross-multiplication in 128 bits. Infinite ends have the denominator 1, and order as the numbers they are.
IrValue Scalars::ratio_less(IrValue a, IrValue a_den, IrValue b, IrValue b_den) {
  auto wide = [&](IrValue v) { return ir.widen_signed(v, ir.i128); };
  return ir.less(ir.mul(wide(a), wide(b_den)), ir.mul(wide(b), wide(a_den)));
}

Value Scalars::compare_ratio(core::CmpOp how, const Value& share, const Value& percent, unsigned percent_scale) {
  if (percent_scale <= 16) return compare(how, share, as_ratio(percent, percent_scale));
  return call_truth("tiao_compare_ratio", {half(static_cast<std::uint32_t>(how)), share, half(0), percent, half(1), half(percent_scale)});
}

}  // namespace tiao::jit
