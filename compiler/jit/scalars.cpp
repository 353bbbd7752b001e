// Making, reading and combining values: truths, choices, calls. Numbers are in numbers.cpp.
#include "compiler/jit/scalars.hpp"

#include <algorithm>
#include <map>

#include "runtime/value/scalar.hpp"

namespace tiao::jit {

// --- Making values

Value Scalars::truth(Truth t) {
  Value v;
  v.yes = ir.bit(t == Truth::yes);
  v.no = ir.bit(t == Truth::no);
  v.error = ir.bit(t == Truth::error);
  v.decided = t == Truth::yes || t == Truth::no;
  return v;
}

Value Scalars::decided(IrValue bit) {
  Value v;
  v.yes = bit;
  v.no = ir.not_(bit);
  v.error = ir.bit(false);
  v.decided = true;
  return v;
}

Value Scalars::number(Kind kind, IrValue lo, IrValue hi, IrValue error, std::int64_t least, std::int64_t most) {
  Value v;
  v.kind = kind;
  v.lo = lo;
  v.hi = hi;
  v.error = error ? error : ir.bit(false);
  v.least = least;
  v.most = most;
  return v;
}

Value Scalars::number_in_band(Kind kind, IrValue lo, IrValue hi) { return number(kind, lo, hi, ir.less(hi, lo)); }

Value Scalars::mask(IrValue bits, IrValue error) {
  Value v;
  v.kind = Kind::choice;
  v.lo = v.hi = bits;
  v.error = error ? error : ir.bit(false);
  return v;
}

Value Scalars::ratio(IrValue lo, IrValue hi, IrValue lo_den, IrValue hi_den, IrValue error) {
  Value v;
  v.kind = Kind::ratio;
  v.lo = lo;
  v.hi = hi;
  v.lo_den = lo_den;
  v.hi_den = hi_den;
  v.error = error ? error : ir.bit(false);
  return v;
}

Value Scalars::ref(std::uint32_t entity, IrValue lo, IrValue hi, IrValue error) {
  Value v = number(Kind::ref, lo, hi, error);
  v.entity = entity;
  return v;
}

Value Scalars::failing(Value v, IrValue error) {
  if (Ir::is_bit(error, false)) return v;
  v.error = ir.or_(v.error, error);
  if (v.kind == Kind::boolean) {
    IrValue fine = ir.not_(error);
    v.yes = ir.and_(v.yes, fine);
    v.no = ir.and_(v.no, fine);
  }
  return v;
}

Value Scalars::widest(const Schema& schema, Type type, std::int64_t lo, std::int64_t hi) {
  unsigned choices = 64;
  if (type.kind == Kind::choice && type.of != none) choices = static_cast<unsigned>(schema.enums[type.of].values.size());
  Value v = unknown(type, lo, hi, choices);
  if (type.kind == Kind::ref) v.entity = type.of;
  return v;
}

Value Scalars::constant(const Cell& cell, Type type) {
  if (is_error(cell, type.kind)) return error(type.kind);
  switch (type.kind) {
    case Kind::boolean: return truth(static_cast<Truth>(cell.lo));
    case Kind::choice: {
      Value v = mask(ir.word(cell.lo));
      v.decided = is_known(cell, Kind::choice);
      return v;
    }
    case Kind::ratio: {
      IrValue lo = ir.word(cell.lo), lo_den = ir.word(cell.lo_den);
      const bool one = cell.lo == cell.hi && cell.lo_den == cell.hi_den;
      return ratio(lo, one ? lo : ir.word(cell.hi), lo_den, one ? lo_den : ir.word(cell.hi_den));
    }
    default: {
      IrValue lo = ir.word(cell.lo);
      Value v = number(type.kind, lo, cell.lo == cell.hi ? lo : ir.word(cell.hi), nullptr, cell.lo, cell.hi);
      v.entity = type.kind == Kind::ref ? type.of : none;
      return v;
    }
  }
}

Value Scalars::error(Kind kind) {
  Value v;
  switch (kind) {
    case Kind::boolean: return truth(Truth::error);
    case Kind::choice: return mask(ir.word(0), ir.bit(true));
    case Kind::ratio: v = ratio(ir.word(0), ir.word(0), ir.word(1), ir.word(1)); break;
    default: v = number(kind, ir.word(0), ir.word(0), nullptr, 0, 0); break;
  }
  v.error = ir.bit(true);
  return v;
}

Value Scalars::unknown(Type type, std::int64_t lo, std::int64_t hi, unsigned choices) {
  switch (type.kind) {
    case Kind::boolean: return truth(Truth::unknown);
    case Kind::choice: return mask(ir.word(choices >= 64 ? -1 : static_cast<std::int64_t>((std::uint64_t{1} << choices) - 1)));
    case Kind::ratio: return ratio(ir.word(neg_inf), ir.word(pos_inf), ir.word(1), ir.word(1));
    default: return constant(between(lo, hi), type);
  }
}

Value Scalars::truth_of_byte(IrValue byte, bool may_fail, bool may_be_unknown) {
  if (!may_fail && !may_be_unknown) return decided(ir.equal(byte, ir.byte(1)));
  Value v;
  v.decided = !may_be_unknown;
  v.yes = ir.equal(byte, ir.byte(1));
  v.no = ir.equal(byte, ir.byte(2));
  v.error = may_fail ? ir.equal(byte, ir.byte(3)) : ir.bit(false);
  return v;
}

Value Scalars::truth_of_bits(IrValue yes, IrValue no, bool may_fail, bool may_be_unknown) {
  if (!may_fail && !may_be_unknown) return decided(yes);
  Value v;
  v.decided = !may_be_unknown;
  v.yes = may_fail ? ir.and_(yes, ir.not_(no)) : yes;
  v.no = may_fail ? ir.and_(no, ir.not_(yes)) : no;
  v.error = may_fail ? ir.and_(yes, no) : ir.bit(false);
  return v;
}

// The arithmetic of scalar::civil, as far as the year: years are asked for in the innermost loops of folds.
Value Scalars::year(const Value& date) {
  const auto of_day = [&](IrValue day) {
    const auto word32 = [&](std::uint32_t n) { return ir.constant(ir.i32, n); };
    IrValue n = ir.narrow(ir.add(day, ir.word(719468)), ir.i32);
    IrValue quadrupled = ir.add(ir.mul(n, word32(4)), word32(3));
    IrValue century = ir.divide_unsigned(quadrupled, word32(146097));
    IrValue of_century = ir.shift_right(ir.sub(quadrupled, ir.mul(century, word32(146097))), word32(2));
    IrValue product = ir.mul(ir.widen(ir.add(ir.mul(of_century, word32(4)), word32(3)), ir.i64), ir.word(2939745));
    // Day 306 of a year that begins in March is the first of January.
    IrValue next_year = ir.not_(ir.below(ir.narrow(product, ir.i32), word32(306u * 4 * 2939745)));
    IrValue whole = ir.add(ir.mul(ir.widen(century, ir.i64), ir.word(100)), ir.shift_right(product, ir.word(32)));
    return ir.add(whole, ir.widen(next_year, ir.i64));
  };
  const auto is_day = [&](IrValue day) {
    if (date.least >= scalar::first_day && date.most <= scalar::last_day) return ir.bit(true);
    return ir.below(ir.sub(day, ir.word(scalar::first_day)), ir.word(scalar::last_day - scalar::first_day + 1));
  };
  IrValue first = of_day(date.lo);
  IrValue lo = ir.select(is_day(date.lo), first, ir.word(neg_inf));
  IrValue last = date.lo == date.hi ? first : of_day(date.hi);
  IrValue hi = Ir::is_bit(is_day(date.hi), true) && date.lo == date.hi ? lo : ir.select(is_day(date.hi), last, ir.word(pos_inf));
  return number(Kind::integer, lo, hi, date.error);
}

// --- Reading them

IrValue Scalars::byte_of(const Value& v) {
  IrValue byte = ir.select(v.yes, ir.byte(1), ir.byte(0));
  byte = ir.select(v.no, ir.byte(2), byte);
  return ir.select(v.error, ir.byte(3), byte);
}

IrValue Scalars::lo_of(const Value& v) {
  switch (v.kind) {
    case Kind::boolean: return ir.widen(byte_of(v), ir.i64);
    case Kind::choice:
    case Kind::ratio: return ir.select(v.error, ir.word(0), v.lo);
    default: return ir.select(v.error, ir.word(pos_inf), v.lo);
  }
}

IrValue Scalars::hi_of(const Value& v) {
  switch (v.kind) {
    case Kind::boolean:
    case Kind::choice: return lo_of(v);
    case Kind::ratio: return ir.select(v.error, ir.word(0), v.hi);
    default: return ir.select(v.error, ir.word(neg_inf), v.hi);
  }
}

IrValue Scalars::lo_den_of(const Value& v) { return ir.select(v.error, ir.word(0), v.lo_den); }
IrValue Scalars::hi_den_of(const Value& v) { return ir.select(v.error, ir.word(0), v.hi_den); }

IrValue Scalars::known(const Value& v) {
  if (v.kind != Kind::boolean && v.always_known()) return ir.not_(v.error);
  IrValue sure = nullptr;
  switch (v.kind) {
    case Kind::boolean: return ir.or_(v.yes, v.no);
    case Kind::choice: sure = ir.equal(ir.bits_and(v.lo, ir.sub(v.lo, ir.word(1))), ir.word(0)); break;
    case Kind::ratio:
      sure = ir.and_(ir.and_(ir.differ(v.lo, ir.word(neg_inf)), ir.differ(v.hi, ir.word(pos_inf))),
                     ir.and_(ir.equal(v.lo, v.hi), ir.equal(v.lo_den, v.hi_den)));
      break;
    default: sure = ir.equal(v.lo, v.hi); break;
  }
  return ir.and_(sure, ir.not_(v.error));
}

IrValue Scalars::may_be(const Value& truth) { return ir.not_(truth.no); }

// --- Logic

Value Scalars::not_(Value a) {
  std::swap(a.yes, a.no);
  return a;
}

// What must not hold is an error when it does.
Value Scalars::conflict(const Value& a) {
  Value v = a;
  v.yes = a.no;
  v.no = ir.bit(false);
  v.error = ir.or_(a.error, a.yes);
  return v;
}

// The strongest of no > error > unknown > yes.
Value Scalars::and_(const Value& a, const Value& b) {
  Value v;
  v.decided = a.decided && b.decided;
  v.yes = ir.and_(a.yes, b.yes);
  v.no = v.decided && !fails(a) && !fails(b) ? ir.not_(v.yes) : ir.or_(a.no, b.no);
  IrValue error = ir.or_(a.error, b.error);
  v.error = Ir::is_bit(error, false) ? error : ir.and_(error, ir.not_(v.no));
  return v;
}

// The strongest of yes > error > unknown > no.
Value Scalars::or_(const Value& a, const Value& b) { return not_(and_(not_(a), not_(b))); }

Value Scalars::pick(IrValue condition, const Value& a, const Value& b) {
  if (Ir::is_bit(condition, true)) return a;
  if (Ir::is_bit(condition, false)) return b;
  Value v = a;
  v.error = ir.select(condition, a.error, b.error);
  if (a.kind == Kind::boolean) {
    v.yes = ir.select(condition, a.yes, b.yes);
    v.no = ir.select(condition, a.no, b.no);
    v.decided = a.decided && b.decided;
    return v;
  }
  v.decided = a.decided && b.decided;
  v.lo = ir.select(condition, a.lo, b.lo);
  v.hi = a.lo == a.hi && b.lo == b.hi ? v.lo : ir.select(condition, a.hi, b.hi);
  if (a.kind == Kind::ratio) {
    v.lo_den = ir.select(condition, a.lo_den, b.lo_den);
    v.hi_den = a.lo_den == a.hi_den && b.lo_den == b.hi_den ? v.lo_den : ir.select(condition, a.hi_den, b.hi_den);
  }
  v.least = std::min(a.least, b.least);
  v.most = std::max(a.most, b.most);
  return v;
}

Value Scalars::hull(const Value& a, const Value& b) {
  Value v = a;
  v.error = ir.or_(a.error, b.error);
  switch (a.kind) {
    case Kind::boolean: {
      IrValue fine = ir.not_(v.error);
      v.yes = ir.and_(ir.and_(a.yes, b.yes), fine);
      v.no = ir.and_(ir.and_(a.no, b.no), fine);
      v.decided = false;
      return v;
    }
    case Kind::choice:
      v.lo = v.hi = ir.bits_or(a.lo, b.lo);
      v.decided = false;
      return v;
    case Kind::ratio: return call("tiao_hull", {Kind::ratio, 0, none}, {a, b, half(static_cast<std::uint32_t>(Kind::ratio))});
    case Kind::text:
    case Kind::ref: {
      IrValue one = ir.and_(ir.equal(a.lo, b.lo), ir.and_(ir.equal(a.lo, a.hi), ir.equal(b.lo, b.hi)));
      v = pick(one, a, unknown({a.kind, 0, none}));
      v.entity = a.entity;
      v.error = ir.or_(a.error, b.error);
      return v;
    }
    default:
      v.lo = ir.least(a.lo, b.lo);
      v.hi = a.lo == b.lo && a.hi == b.hi && a.lo == a.hi ? v.lo : ir.greatest(a.hi, b.hi);
      v.least = std::min(a.least, b.least);
      v.most = std::max(a.most, b.most);
      return v;
  }
}

Value Scalars::select(const Value& condition, const Value& a, const Value& b) {
  if (Ir::is_bit(condition.yes, true)) return a;
  if (Ir::is_bit(condition.no, true)) return b;
  Value v = pick(condition.yes, a, b);
  if (!condition.decided) {
    IrValue open = ir.not_(ir.or_(condition.yes, condition.no));
    v = pick(open, hull(a, b), v);
  }
  if (fails(condition)) {
    v.error = ir.or_(v.error, condition.error);
    if (v.kind == Kind::boolean) {
      v.yes = ir.and_(v.yes, ir.not_(condition.error));
      v.no = ir.and_(v.no, ir.not_(condition.error));
    }
  }
  return v;
}

Value Scalars::remap(const Value& a, const std::vector<std::uint8_t>& to) {
  // Values that move by the same distance move together.
  std::map<int, std::uint64_t> moves;
  for (std::size_t from = 0; from < to.size() && from < 64; ++from)
    moves[static_cast<int>(to[from]) - static_cast<int>(from)] |= std::uint64_t{1} << from;
  IrValue out = ir.word(0);
  for (const auto& [distance, bits] : moves) {
    IrValue part = ir.bits_and(a.lo, ir.word(static_cast<std::int64_t>(bits)));
    if (distance > 0) part = ir.shift_left(part, ir.word(distance));
    if (distance < 0) part = ir.shift_right(part, ir.word(-distance));
    out = ir.bits_or(out, part);
  }
  Value v = mask(out, a.error);
  v.decided = a.decided;
  return v;
}

// --- Calls

IrValue Scalars::declare(const char* name, const std::vector<IrType>& parameters, IrType result, bool pure) {
  if (IrValue there = LLVMGetNamedFunction(ir.module, name)) return there;
  IrType type = LLVMFunctionType(result, const_cast<IrType*>(parameters.data()), static_cast<unsigned>(parameters.size()), 0);
  IrValue declared = LLVMAddFunction(ir.module, name, type);
  auto attribute = [&](const char* what, std::uint64_t value) {
    const unsigned kind = LLVMGetEnumAttributeKindForName(what, std::char_traits<char>::length(what));
    LLVMAddAttributeAtIndex(declared, static_cast<LLVMAttributeIndex>(LLVMAttributeFunctionIndex),
                            LLVMCreateEnumAttribute(ir.context, kind, value));
  };
  attribute("nounwind", 0);
  attribute("willreturn", 0);
  if (pure) attribute("memory", 3);  // reads and writes what its arguments point to, nothing else
  return declared;
}

void Scalars::write_cell(const Value& v, IrValue address) {
  auto put = [&](int i, IrValue word) { ir.store(word, ir.at(ir.i64, address, ir.word(i))); };
  put(0, lo_of(v));
  put(1, hi_of(v));
  put(2, v.kind == Kind::ratio ? lo_den_of(v) : ir.word(1));
  put(3, v.kind == Kind::ratio ? hi_den_of(v) : ir.word(1));
}

Value Scalars::read_cell(Type type, IrValue address) {
  auto part = [&](int i) { return ir.load_at(ir.i64, address, ir.word(i)); };
  IrValue lo = part(0);
  switch (type.kind) {
    case Kind::boolean: return truth_of_byte(ir.narrow(lo, ir.i8), true);
    case Kind::choice: return mask(lo, ir.equal(lo, ir.word(0)));
    case Kind::ratio: {
      IrValue hi = part(1), lo_den = part(2), hi_den = part(3);
      return ratio(lo, hi, lo_den, hi_den, ir.equal(lo_den, ir.word(0)));
    }
    default: {
      Value v = number_in_band(type.kind, lo, part(1));
      if (type.kind == Kind::ref) v.entity = type.of;
      return v;
    }
  }
}

IrValue Scalars::pass(const Argument& argument, unsigned& next, IrValue& error) {
  if (argument.word) return argument.word;
  IrValue address = ir.at(ir.i64, scratch, ir.word(4 * next++));
  Value harmless = *argument.cell;
  if (!argument.raw && harmless.kind != Kind::boolean && fails(harmless)) {
    error = ir.or_(error, harmless.error);
    harmless = pick(harmless.error, unknown({harmless.kind, 0, none}, 0, 0, 1), harmless);
    harmless.error = ir.bit(false);
  }
  write_cell(harmless, address);
  return address;
}

Value Scalars::call(const char* name, Type type, std::initializer_list<Argument> arguments, bool pure) {
  std::vector<IrValue> args = {scratch};
  std::vector<IrType> types = {ir.ptr};
  IrValue error = ir.bit(false);
  unsigned next = 1;
  for (const Argument& argument : arguments) {
    args.push_back(pass(argument, next, error));
    types.push_back(LLVMTypeOf(args.back()));
  }
  IrValue callee = declare(name, types, ir.nothing, pure);
  LLVMBuildCall2(ir.builder, LLVMGlobalGetValueType(callee), callee, args.data(), static_cast<unsigned>(args.size()), "");
  return failing(read_cell(type, scratch), error);
}

Value Scalars::call_truth(const char* name, std::initializer_list<Argument> arguments) {
  std::vector<IrValue> args;
  std::vector<IrType> types;
  IrValue error = ir.bit(false);
  unsigned next = 1;
  for (const Argument& argument : arguments) {
    args.push_back(pass(argument, next, error));
    types.push_back(LLVMTypeOf(args.back()));
  }
  IrValue callee = declare(name, types, ir.i32, true);
  IrValue truth = LLVMBuildCall2(ir.builder, LLVMGlobalGetValueType(callee), callee, args.data(), static_cast<unsigned>(args.size()), "");
  return failing(truth_of_byte(ir.narrow(truth, ir.i8), true), error);
}

}  // namespace tiao::jit
