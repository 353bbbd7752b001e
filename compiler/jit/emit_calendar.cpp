// Days moved by months and days without leaving the loop.
#include <cstddef>

#include "compiler/jit/emitter.hpp"
#include "runtime/engine/kernels.hpp"
#include "runtime/value/months.hpp"

namespace tiao::jit {
namespace {

// A day moved by a duration, and whether it is still one of the calendar.
struct Moved { IrValue day, there; };

class Calendar {
 public:
  Calendar(Ir& ir, IrValue month_starts) : ir(ir), starts_(month_starts) {}

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
  // As runtime/value/months.hpp has it. What is no day, or in error, is taken for the last one: nothing beyond the table is read.
  Moved by_months(IrValue day, IrValue months) {
    IrValue counted = ir.add(day, ir.word(months::epoch)), last_day = ir.word(months::last_day);
    IrValue n = ir.select(ir.below(counted, last_day), counted, last_day);
    IrValue month = ir.divide(ir.mul(ir.add(n, ir.word(months::ahead)), ir.word(months::in_400_years)), ir.word(months::days_of_400_years));
    month = ir.sub(month, ir.widen(ir.less(n, start_of(month)), ir.i64));
    IrValue of_month = ir.sub(n, start_of(month)), target = ir.add(month, ir.widen_signed(months, ir.i64));
    IrValue there = ir.below(ir.sub(target, ir.word(months::first)), ir.word(months::all));
    target = ir.select(there, target, ir.word(months::first));
    IrValue last = ir.sub(start_of(ir.add(target, ir.word(1))), ir.word(1));
    return {ir.sub(ir.least(ir.add(start_of(target), of_month), last), ir.word(months::epoch)), there};
  }

  IrValue start_of(IrValue month) { return ir.widen(ir.load_at(ir.i32, starts_, month), ir.i64); }
  IrValue number(std::int64_t v) { return ir.constant(ir.i32, v); }

  Ir& ir;
  IrValue starts_;
};

constexpr std::int64_t months_field = 7;
static_assert(offsetof(engine::KernelContext, month_starts) == months_field * sizeof(void*));

// Longer than any duration of whole months and days, shorter than those that have no end.
constexpr std::int64_t endless = std::int64_t{1} << 60;
static_assert(unstated_duration >= endless);

}  // namespace

// Of a day that is known, or one known duration: then no more than two corners count. Everything else by call.
Value Emitter::shifted(const Value& date, const Value& duration, bool back, Type type) {
  Calendar calendar(ir, in_setup([&] { return ir.load(ir.ptr, ir.at(ir.ptr, context_, ir.word(months_field))); }));
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
