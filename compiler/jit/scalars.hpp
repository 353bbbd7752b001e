// Code for operations on single cells. The common cases become a few instructions; the others call the scalars of runtime/value,
// so that there is one arithmetic.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/jit/value.hpp"

namespace tiao::jit {

// What a support function is given: the address of a cell, or a word as it is.
struct Argument {
  Argument(const Value& v) : cell(&v) {}
  Argument(IrValue w) : word(w) {}
  // A cell whose error is the function's business: it may not be looked at.
  static Argument as_it_is(const Value& v) {
    Argument a(v);
    a.raw = true;
    return a;
  }
  const Value* cell = nullptr;
  IrValue word = nullptr;
  bool raw = false;
};

class Scalars {
 public:
  explicit Scalars(Ir& ir) : ir(ir) {}

  Ir& ir;
  IrValue function = nullptr;   // the one under construction
  IrValue scratch = nullptr;    // room for some cells in its frame: the result first, then operands
  static constexpr unsigned scratch_cells = 5;

  // Making values.
  Value constant(const Cell& cell, Type type);
  Value truth(Truth t);
  Value decided(IrValue bit);                                   // yes or no
  Value number(Kind kind, IrValue lo, IrValue hi, IrValue error = nullptr, std::int64_t least = neg_inf, std::int64_t most = pos_inf);
  Value number_in_band(Kind kind, IrValue lo, IrValue hi);       // error = lo > hi
  Value mask(IrValue bits, IrValue error = nullptr);
  Value ratio(IrValue lo, IrValue hi, IrValue lo_den, IrValue hi_den, IrValue error = nullptr);
  Value ref(std::uint32_t entity, IrValue lo, IrValue hi, IrValue error = nullptr);
  Value error(Kind kind);
  Value failing(Value v, IrValue error);                         // the same, or an error
  Value unknown(Type type, std::int64_t lo = neg_inf, std::int64_t hi = pos_inf, unsigned choices = 64);
  Value widest(const Schema& schema, Type type, std::int64_t lo, std::int64_t hi);   // all that a type and range allow
  Value truth_of_byte(IrValue byte, bool may_fail, bool may_be_unknown = true);
  Value truth_of_bits(IrValue yes, IrValue no, bool may_fail, bool may_be_unknown);   // both: an error

  // Reading them.
  IrValue byte_of(const Value& truth);                           // 0..3
  IrValue lo_of(const Value& v);                                 // as a Cell keeps them, errors in band
  IrValue hi_of(const Value& v);
  IrValue lo_den_of(const Value& v);
  IrValue hi_den_of(const Value& v);
  IrValue known(const Value& v);                                 // i1; false for an error
  IrValue may_be(const Value& truth);                            // not no: yes, unknown or error
  static bool fails(const Value& v) { return !Ir::is_bit(v.error, false); }

  // Logic.
  // The calendar year of a date; what is no day of the calendar leaves that end open.
  Value year(const Value& date);

  Value not_(Value a);
  Value conflict(const Value& a);   // not a, and an error when a holds
  Value and_(const Value& a, const Value& b);
  Value or_(const Value& a, const Value& b);
  Value select(const Value& condition, const Value& a, const Value& b);
  Value pick(IrValue condition, const Value& a, const Value& b);   // one of the two, no hull
  Value hull(const Value& a, const Value& b);

  // Numbers. `type` is that of the result where it matters.
  Value add(const Value& a, const Value& b, Type type);
  Value sub(const Value& a, const Value& b, Type type);
  Value mul(const Value& a, const Value& b, Type type);
  Value neg(const Value& a);
  Value least(const Value& a, const Value& b);
  Value greatest(const Value& a, const Value& b);
  Value rescale(const Value& a, unsigned from, Type to);
  Value as_ratio(const Value& percent, unsigned scale);
  Value compare(core::CmpOp how, const Value& a, const Value& b);
  Value compare_ratio(core::CmpOp how, const Value& ratio, const Value& percent, unsigned percent_scale);
  Value remap(const Value& a, const std::vector<std::uint8_t>& to);

  // Calls void name(Cell* out, …) and takes the result from there. Cells go by address, in error as harmless numbers.
  Value call(const char* name, Type type, std::initializer_list<Argument> arguments, bool pure = true);
  // Calls uint32_t name(…), a Truth.
  Value call_truth(const char* name, std::initializer_list<Argument> arguments);
  IrValue declare(const char* name, const std::vector<IrType>& parameters, IrType result, bool pure);
  IrValue is_infinite(IrValue v);                                // is it the mark of an end that is open?
  void write_cell(const Value& v, IrValue address);              // as a Cell keeps it
  Value read_cell(Type type, IrValue address);
  IrValue half(std::uint32_t value) { return ir.constant(ir.i32, value); }

 private:
  Value decide(core::CmpOp how, IrValue over, IrValue at_least, IrValue under, IrValue at_most, IrValue error, bool decided);
  Value general_sum(const Value& a, const Value& b, Type type, bool minus);
  IrValue ratio_less(IrValue a, IrValue a_den, IrValue b, IrValue b_den);
  IrValue pass(const Argument& argument, unsigned& next, IrValue& error);
};

}  // namespace tiao::jit
