#include "compiler/jit/ir.hpp"

#include <cstring>
#include <vector>

namespace tiao::jit {

Ir::Ir(const std::string& name)
    : context(LLVMContextCreate()),
      module(LLVMModuleCreateWithNameInContext(name.c_str(), context)),
      builder(LLVMCreateBuilderInContext(context)),
      i1(LLVMInt1TypeInContext(context)),
      i8(LLVMInt8TypeInContext(context)),
      i32(LLVMInt32TypeInContext(context)),
      i64(LLVMInt64TypeInContext(context)),
      i128(LLVMInt128TypeInContext(context)),
      ptr(LLVMPointerTypeInContext(context, 0)),
      nothing(LLVMVoidTypeInContext(context)),
      logic(i1) {}

Ir::~Ir() {
  LLVMDisposeBuilder(builder);
  LLVMDisposeModule(module);
  LLVMContextDispose(context);
}

bool Ir::is_bit(IrValue v, bool value) {
  return v == (value ? LLVMConstAllOnes(LLVMTypeOf(v)) : LLVMConstNull(LLVMTypeOf(v)));
}

IrValue Ir::and_(IrValue a, IrValue b) {
  if (a == b || is_bit(b, true)) return a;
  if (is_bit(a, true)) return b;
  if (is_bit(a, false)) return a;
  if (is_bit(b, false)) return b;
  return LLVMBuildAnd(builder, a, b, "");
}

IrValue Ir::or_(IrValue a, IrValue b) {
  if (a == b || is_bit(b, false)) return a;
  if (is_bit(a, false)) return b;
  if (is_bit(a, true)) return a;
  if (is_bit(b, true)) return b;
  return LLVMBuildOr(builder, a, b, "");
}

IrValue Ir::not_(IrValue a) {
  for (const bool value : {false, true})
    if (is_bit(a, value)) return value ? LLVMConstNull(LLVMTypeOf(a)) : LLVMConstAllOnes(LLVMTypeOf(a));
  return LLVMBuildNot(builder, a, "");
}

IrValue Ir::any(std::initializer_list<IrValue> bits) {
  IrValue out = bit(false);
  for (IrValue b : bits) out = or_(out, b);
  return out;
}

IrValue Ir::select(IrValue condition, IrValue a, IrValue b) {
  if (a == b || is_bit(condition, true)) return a;
  if (is_bit(condition, false)) return b;
  return LLVMBuildSelect(builder, condition, a, b, "");
}

IrValue Ir::compare(LLVMIntPredicate how, IrValue a, IrValue b) { return LLVMBuildICmp(builder, how, a, b, ""); }

IrValue Ir::intrinsic(const char* name, IrType type, IrValue a, IrValue b) {
  const unsigned id = LLVMLookupIntrinsicID(name, std::strlen(name));
  IrValue function = LLVMGetIntrinsicDeclaration(module, id, &type, 1);
  IrValue args[] = {a, b};
  return LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, args, 2, "");
}

IrValue Ir::least(IrValue a, IrValue b) {
  if (a == b) return a;
  if (is_constant(a) && is_constant(b)) return LLVMConstIntGetSExtValue(a) < LLVMConstIntGetSExtValue(b) ? a : b;
  return intrinsic("llvm.smin", LLVMTypeOf(a), a, b);
}

IrValue Ir::greatest(IrValue a, IrValue b) {
  if (a == b) return a;
  if (is_constant(a) && is_constant(b)) return LLVMConstIntGetSExtValue(a) > LLVMConstIntGetSExtValue(b) ? a : b;
  return intrinsic("llvm.smax", LLVMTypeOf(a), a, b);
}

std::pair<IrValue, IrValue> Ir::checked(const char* name, IrValue a, IrValue b) {
  const std::string full = std::string("llvm.") + name + ".with.overflow";
  IrValue pair = intrinsic(full.c_str(), LLVMTypeOf(a), a, b);
  return {LLVMBuildExtractValue(builder, pair, 0, ""), LLVMBuildExtractValue(builder, pair, 1, "")};
}

IrValue Ir::count_zeros(const char* name, IrValue v) {
  return intrinsic((std::string("llvm.") + name).c_str(), i64, v, LLVMConstInt(i1, 0, 0));
}

IrValue Ir::count_ones(IrValue v) {
  constexpr char name[] = "llvm.ctpop";
  IrValue function = LLVMGetIntrinsicDeclaration(module, LLVMLookupIntrinsicID(name, sizeof name - 1), &i64, 1);
  return call(LLVMGlobalGetValueType(function), function, {v});
}

void Ir::prefetch(IrValue address) {
  constexpr char name[] = "llvm.prefetch";
  IrValue function = LLVMGetIntrinsicDeclaration(module, LLVMLookupIntrinsicID(name, sizeof name - 1), &ptr, 1);
  IrValue args[] = {address, constant(i32, 0), constant(i32, 3), constant(i32, 1)};   // read, keep, data
  LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, args, 4, "");
}

void Ir::store_past_caches(IrValue value, IrValue address, unsigned alignment) {
  constexpr char name[] = "nontemporal";
  IrValue stored = LLVMBuildStore(builder, value, address);
  LLVMSetAlignment(stored, alignment);
  LLVMMetadataRef one = LLVMValueAsMetadata(constant(i32, 1));
  LLVMSetMetadata(stored, LLVMGetMDKindIDInContext(context, name, sizeof name - 1), LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, &one, 1)));
}

IrValue Ir::splat(IrValue v, unsigned lanes) {
  IrType type = vector(LLVMTypeOf(v), lanes);
  IrValue one = LLVMBuildInsertElement(builder, LLVMGetUndef(type), v, constant(i32, 0), "");
  return LLVMBuildShuffleVector(builder, one, LLVMGetUndef(type), LLVMConstNull(vector(i32, lanes)), "");
}

IrValue Ir::load_where(IrValue lanes, IrType type, IrValue address) {
  constexpr char name[] = "llvm.masked.load";
  IrType types[] = {type, ptr};
  IrValue function = LLVMGetIntrinsicDeclaration(module, LLVMLookupIntrinsicID(name, sizeof name - 1), types, 2);
  IrValue args[] = {address, constant(i32, 8), lanes, LLVMConstNull(type)};
  return LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, args, 4, "");
}

IrValue Ir::at(IrType element, IrValue base, IrValue index) {
  return LLVMBuildInBoundsGEP2(builder, element, base, &index, 1, "");
}

IrValue Ir::call(IrType type, IrValue function, std::initializer_list<IrValue> args) {
  std::vector<IrValue> list(args);
  return LLVMBuildCall2(builder, type, function, list.data(), static_cast<unsigned>(list.size()), "");
}

}  // namespace tiao::jit
