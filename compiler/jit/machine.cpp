// What the module gives: plan to IR to objects, and linked code.
#include "compiler/jit/machine.hpp"

#include <llvm-c/Core.h>

#include <cstring>

#include "compiler/jit/code.hpp"
#include "compiler/jit/emitter.hpp"

namespace tiao::jit {
namespace {

std::string llvm_version() {
  unsigned major = 0, minor = 0, patch = 0;
  LLVMGetVersion(&major, &minor, &patch);
  return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

class Llvm final : public Machine {
 public:
  std::string description() const override { return llvm_version() + ' ' + host_description(); }

  Piece make(const core::Program& program, const plan::Plan& plan, const engine::SlotLayout& layout, const std::vector<std::uint32_t>& kernels,
             Effort effort, bool keep_llvm) const override {
    Piece piece;
    Ir ir("kernels");
    Emitter emitter(ir, program, plan, layout);
    for (std::uint32_t k : kernels) emitter.emit(plan.kernels[k]);
    if (keep_llvm) {
      char* text = LLVMPrintModuleToString(ir.module);
      piece.llvm = text;
      LLVMDisposeMessage(text);
    }
    emit_object(ir, effort, piece.object, piece.error);
    return piece;
  }

  std::unique_ptr<Code> link(const std::vector<std::string>& objects, const std::vector<Symbol>& symbols, std::string& error) const override {
    return link_objects(objects, symbols, error);
  }
};

}  // namespace
}  // namespace tiao::jit

extern "C" __attribute__((visibility("default"))) const tiao::jit::Machine* tiao_machine(const char* build) {
  static const tiao::jit::Llvm machine;
  return std::strcmp(build, tiao::jit::build_of_machine) == 0 ? &machine : nullptr;
}
