// A thin layer over the LLVM-C interface: one module under construction, its builder, and the few instructions that kernels
// need. Obvious simplifications happen here, because instructions that are never made need not be optimised away.
#pragma once

#include <llvm-c/Core.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace tiao::jit {

using IrValue = LLVMValueRef;
using IrType = LLVMTypeRef;
using IrBlock = LLVMBasicBlockRef;

class Ir {
 public:
  explicit Ir(const std::string& name);
  ~Ir();
  Ir(const Ir&) = delete;
  Ir& operator=(const Ir&) = delete;

  LLVMContextRef context;
  LLVMModuleRef module;
  LLVMBuilderRef builder;
  IrType i1, i8, i32, i64, i128, ptr, nothing;
  IrType logic;   // what truths are made of for now: i1, a word of bits, or lanes of i1

  // Constants.
  IrValue bit(bool value) { return value ? LLVMConstAllOnes(logic) : LLVMConstNull(logic); }
  IrValue byte(unsigned value) { return LLVMConstInt(i8, value, 0); }
  IrValue word(std::int64_t value) { return LLVMConstInt(i64, static_cast<unsigned long long>(value), 1); }
  IrValue constant(IrType type, std::int64_t value) { return LLVMConstInt(type, static_cast<unsigned long long>(value), 1); }
  IrValue null() { return LLVMConstPointerNull(ptr); }
  static bool is_constant(IrValue v) { return LLVMIsAConstantInt(v) != nullptr; }
  static bool is_bit(IrValue v, bool value);

  // Single bits, with the identities of logic applied.
  IrValue and_(IrValue a, IrValue b);
  IrValue or_(IrValue a, IrValue b);
  IrValue not_(IrValue a);
  IrValue any(std::initializer_list<IrValue> bits);
  IrValue select(IrValue condition, IrValue a, IrValue b);

  // Integers.
  IrValue compare(LLVMIntPredicate how, IrValue a, IrValue b);
  IrValue equal(IrValue a, IrValue b) { return a == b ? bit(true) : compare(LLVMIntEQ, a, b); }
  IrValue differ(IrValue a, IrValue b) { return a == b ? bit(false) : compare(LLVMIntNE, a, b); }
  IrValue less(IrValue a, IrValue b) { return a == b ? bit(false) : compare(LLVMIntSLT, a, b); }
  IrValue below(IrValue a, IrValue b) { return compare(LLVMIntULT, a, b); }
  IrValue add(IrValue a, IrValue b) { return LLVMBuildAdd(builder, a, b, ""); }
  IrValue sub(IrValue a, IrValue b) { return LLVMBuildSub(builder, a, b, ""); }
  IrValue mul(IrValue a, IrValue b) { return LLVMBuildMul(builder, a, b, ""); }
  IrValue divide_unsigned(IrValue a, IrValue b) { return LLVMBuildUDiv(builder, a, b, ""); }
  IrValue divide(IrValue a, IrValue b) { return LLVMBuildUDiv(builder, a, b, ""); }
  IrValue bits_and(IrValue a, IrValue b) { return LLVMBuildAnd(builder, a, b, ""); }
  IrValue bits_or(IrValue a, IrValue b) { return LLVMBuildOr(builder, a, b, ""); }
  IrValue shift_left(IrValue a, IrValue b) { return LLVMBuildShl(builder, a, b, ""); }
  IrValue shift_right(IrValue a, IrValue b) { return LLVMBuildLShr(builder, a, b, ""); }
  IrValue shift_right_signed(IrValue a, IrValue b) { return LLVMBuildAShr(builder, a, b, ""); }
  IrValue least(IrValue a, IrValue b);
  IrValue greatest(IrValue a, IrValue b);
  IrValue widen(IrValue v, IrType type) { return LLVMBuildZExt(builder, v, type, ""); }
  IrValue widen_signed(IrValue v, IrType type) { return LLVMBuildSExt(builder, v, type, ""); }
  IrValue narrow(IrValue v, IrType type) { return LLVMBuildTrunc(builder, v, type, ""); }
  // name: sadd, ssub or smul. The result and whether it overflowed.
  std::pair<IrValue, IrValue> checked(const char* name, IrValue a, IrValue b);
  // name: cttz or ctlz, of i64; 64 for 0.
  IrValue count_zeros(const char* name, IrValue v);
  IrValue count_ones(IrValue v);

  // Memory.
  IrValue at(IrType element, IrValue base, IrValue index);
  IrValue load(IrType type, IrValue address) { return LLVMBuildLoad2(builder, type, address, ""); }
  IrValue load_at(IrType type, IrValue base, IrValue index) { return load(type, at(type, base, index)); }
  void store(IrValue value, IrValue address) { LLVMBuildStore(builder, value, address); }
  IrType vector(IrType element, unsigned lanes) { return LLVMVectorType(element, lanes); }
  IrValue splat(IrValue v, unsigned lanes);
  IrValue load_where(IrValue lanes, IrType type, IrValue address);   // 0 in the other lanes, whose memory is not touched
  void prefetch(IrValue address);   // for reading; any address will do
  // A vector of whole lines of the cache, which are not fetched for it. Other threads see it after a fence.
  void store_past_caches(IrValue value, IrValue address, unsigned alignment);
  void fence() { LLVMBuildFence(builder, LLVMAtomicOrderingSequentiallyConsistent, 0, ""); }
  void store_at(IrType type, IrValue value, IrValue base, IrValue index) { store(value, at(type, base, index)); }

  // Control flow.
  IrBlock block(IrValue function, const char* name) { return LLVMAppendBasicBlockInContext(context, function, name); }
  IrBlock here() { return LLVMGetInsertBlock(builder); }
  void at_end_of(IrBlock b) { LLVMPositionBuilderAtEnd(builder, b); }
  void jump(IrBlock to) { LLVMBuildBr(builder, to); }
  void branch(IrValue condition, IrBlock yes, IrBlock no) { LLVMBuildCondBr(builder, condition, yes, no); }
  IrValue phi(IrType type) { return LLVMBuildPhi(builder, type, ""); }
  static void incoming(IrValue phi, IrValue value, IrBlock from) { LLVMAddIncoming(phi, &value, &from, 1); }
  IrValue call(IrType type, IrValue function, std::initializer_list<IrValue> args);

 private:
  IrValue intrinsic(const char* name, IrType type, IrValue a, IrValue b);
};

// What a truth is made of while it lives: single bits, words or lanes.
class LogicOf {
 public:
  LogicOf(Ir& ir, IrType type) : ir_(ir), before_(ir.logic) { ir.logic = type; }
  ~LogicOf() { ir_.logic = before_; }
  LogicOf(const LogicOf&) = delete;
  LogicOf& operator=(const LogicOf&) = delete;

 private:
  Ir& ir_;
  IrType before_;
};

}  // namespace tiao::jit
