// Days moved by months and days without leaving the loop.
#include "compiler/jit/emitter.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::jit {
namespace {

// A day moved by a duration, and whether it is still one of the calendar.
struct Moved { IrValue day, there; };

class Calendar {
 public:
  explicit Calendar(Ir& ir) : ir(ir) {}

  static constexpr std::int64_t days = scalar::last_day - scalar::first_day + 1;

  IrValue is_day(IrValue day) { return ir.below(ir.sub(day, ir.word(scalar::first_day)), ir.word(days)); }

  Moved moved(IrValue day, IrValue duration, bool back) {
    IrValue more = ir.widen_signed(ir.narrow(duration, ir.i32), ir.i64);
    IrValue months = ir.narrow(ir.shift_right_signed(ir.sub(duration, more), ir.word(32)), ir.i32);
    Moved to{day, ir.bit(true)};
    if (!Ir::is_constant(months) || LLVMConstIntGetSExtValue(months) != 0) to = by_months(day, back ? ir.sub(number(0), months) : months);
    to.day = back ? ir.sub(to.day, more) : ir.add(to.day, more);
    to.there = ir.and_(to.there, is_day(to.day));
    return to;
  }

 private:
  // Years begin in March, so that the day that some of them lack is their last; months are counted from March of the year 0. The
  // quotients are those of scalar::civil.
  Moved by_months(IrValue day, IrValue months) {
    IrValue n1 = plus(times(ir.narrow(ir.add(day, ir.word(epoch)), ir.i32), 4), 3);
    IrValue century = by(n1, 146097), n2 = plus(times(by(ir.sub(n1, times(century, 146097)), 4), 4), 3);
    IrValue product = ir.mul(ir.widen(n2, ir.i64), ir.word(2939745));
    IrValue year = ir.add(times(century, 100), ir.narrow(ir.shift_right(product, ir.word(32)), ir.i32));
    IrValue n3 = plus(times(by(by(ir.narrow(product, ir.i32), 2939745), 4), 2141), 197913);
    IrValue month = ir.shift_right(n3, number(16)), of_month = by(ir.bits_and(n3, number(0xffff)), 2141);   // from 3 and from 0 on
    IrValue index = ir.add(plus(ir.add(times(year, 12), month), -3), months);
    // January of the year 1 is the tenth month after March of the year 0.
    IrValue there = ir.below(plus(index, -10), number(9999 * 12));
    IrValue last = plus(first_of(plus(index, 1)), -1);
    IrValue at = ir.add(first_of(index), of_month);
    at = ir.select(ir.below(last, at), last, at);
    return {ir.sub(ir.widen(at, ir.i64), ir.word(epoch)), there};
  }

  // Days from the first of March of the year 0 to the first of a month.
  IrValue first_of(IrValue index) {
    IrValue year = by(index, 12), month = ir.sub(index, times(year, 12)), century = by(year, 100);
    IrValue of_year = by(plus(times(month, 153), 2), 5);
    return ir.add(ir.add(ir.sub(ir.add(times(year, 365), by(year, 4)), century), by(century, 4)), of_year);
  }

  IrValue number(std::int64_t v) { return ir.constant(ir.i32, v); }
  IrValue by(IrValue v, std::int64_t divisor) { return ir.divide(v, number(divisor)); }
  IrValue times(IrValue v, std::int64_t factor) { return ir.mul(v, number(factor)); }
  IrValue plus(IrValue v, std::int64_t more) { return ir.add(v, number(more)); }

  static constexpr std::int64_t epoch = 719468;   // days from the first of March of the year 0 to that of 1970-01-01
  Ir& ir;
};

// Longer than any duration of whole months and days, shorter than those that have no end.
constexpr std::int64_t endless = std::int64_t{1} << 60;
static_assert(unstated_duration >= endless);

}  // namespace

// Of a day that is known, or one known duration: then no more than two corners count. Everything else by call.
Value Emitter::shifted(const Value& date, const Value& duration, bool back, Type type) {
  Calendar calendar(ir);
  const bool one_date = date.lo == date.hi, one_duration = duration.lo == duration.hi;
  IrValue plain = ir.bit(true);
  if (date.least < scalar::first_day || date.most > scalar::last_day) {
    plain = calendar.is_day(date.lo);
    if (!one_date) plain = ir.and_(plain, calendar.is_day(date.hi));
  }
  auto ends = [&](IrValue end) { return ir.below(ir.add(end, ir.word(endless - 1)), ir.word(2 * endless - 1)); };
  if (duration.least <= -endless || duration.most >= endless) {
    plain = ir.and_(plain, ends(duration.lo));
    if (!one_duration) plain = ir.and_(plain, ends(duration.hi));
  }
  if (!one_date && !one_duration) plain = ir.and_(plain, ir.equal(date.lo, date.hi));
  const Moved first = calendar.moved(date.lo, duration.lo, back);
  Value quick = make_.number(type.kind, first.day, first.day, ir.not_(first.there));
  if (!one_date || !one_duration) {
    // Most bounds are equal.
    IrValue apart = ir.not_(one_duration ? ir.equal(date.lo, date.hi) : ir.equal(duration.lo, duration.hi));
    const Value other = guarded(apart, quick, [&] {
      const Moved second = calendar.moved(one_duration ? date.hi : date.lo, duration.hi, back);
      return make_.number(type.kind, second.day, second.day, ir.not_(second.there));
    });
    quick.hi = one_duration ? other.lo : ir.greatest(first.day, other.lo);
    quick.lo = one_duration ? first.day : ir.least(first.day, other.lo);
    quick.error = ir.or_(quick.error, other.error);
  }
  if (Ir::is_bit(plain, true)) return make_.failing(quick, ir.or_(date.error, duration.error));
  const char* name = back ? "tiao_shift_back" : "tiao_shift";
  return make_.failing(guarded(ir.not_(plain), quick, [&] { return make_.call(name, type, {date, duration}); }), ir.or_(date.error, duration.error));
}

}  // namespace tiao::jit
