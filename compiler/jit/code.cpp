#include "compiler/jit/code.hpp"

#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <iterator>
#include <mutex>

#include "compiler/jit/ir.hpp"

namespace tiao::jit {
namespace {

void prepare_target() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    // A sixth of the time that machine code takes goes into orders of instructions that processors find by themselves. LLVM is this
    // module's own: nobody else sees these settings.
    static const char* const settings[] = {"tiao", "-disable-post-ra", "-enable-misched=false",
#if defined(__x86_64__)
                                           "-disable-x86-domain-reassignment",
#endif
    };
    LLVMParseCommandLineOptions(static_cast<int>(std::size(settings)), settings, nullptr);
  });
}

// Takes over a string that LLVM allocated.
std::string taken(char* message) {
  std::string text = message ? message : "";
  LLVMDisposeMessage(message);
  return text;
}

std::string message_of(LLVMErrorRef error) {
  char* text = LLVMGetErrorMessage(error);
  std::string out = text;
  LLVMDisposeErrorMessage(text);
  return out;
}

LLVMTargetMachineRef make_machine(Effort effort, std::string& error) {
  prepare_target();
  const std::string triple = taken(LLVMGetDefaultTargetTriple()), cpu = taken(LLVMGetHostCPUName()),
                    features = taken(LLVMGetHostCPUFeatures());
  LLVMTargetRef target = nullptr;
  char* message = nullptr;
  if (LLVMGetTargetFromTriple(triple.c_str(), &target, &message)) {
    error = taken(message);
    return nullptr;
  }
  return LLVMCreateTargetMachine(target, triple.c_str(), cpu.c_str(), features.c_str(),
                                 effort == Effort::quick ? LLVMCodeGenLevelNone : LLVMCodeGenLevelDefault, LLVMRelocPIC,
                                 LLVMCodeModelJITDefault);
}

class Linked final : public Code {
 public:
  explicit Linked(LLVMOrcLLJITRef jit) : jit_(jit) {}
  Linked(const Linked&) = delete;
  Linked& operator=(const Linked&) = delete;
  ~Linked() override {
    if (LLVMErrorRef failure = LLVMOrcDisposeLLJIT(jit_)) LLVMConsumeError(failure);
  }
  void* find(const std::string& name, std::string& error) const override {
    LLVMOrcExecutorAddress address = 0;
    if (LLVMErrorRef failure = LLVMOrcLLJITLookup(jit_, &address, name.c_str())) {
      error = message_of(failure);
      return nullptr;
    }
    return reinterpret_cast<void*>(address);
  }

 private:
  LLVMOrcLLJITRef jit_;
};

}  // namespace

std::string host_description() {
  return taken(LLVMGetDefaultTargetTriple()) + ' ' + taken(LLVMGetHostCPUName()) + ' ' + taken(LLVMGetHostCPUFeatures());
}

bool emit_object(Ir& ir, Effort effort, std::string& object, std::string& error) {
#ifndef NDEBUG
  char* broken = nullptr;
  if (LLVMVerifyModule(ir.module, LLVMReturnStatusAction, &broken)) {
    error = taken(broken);
    return false;
  }
  LLVMDisposeMessage(broken);
#endif
  LLVMTargetMachineRef machine = make_machine(effort, error);
  if (!machine) return false;
  LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
  LLVMSetModuleDataLayout(ir.module, layout);
  LLVMDisposeTargetData(layout);
  const std::string triple = taken(LLVMGetTargetMachineTriple(machine));
  LLVMSetTarget(ir.module, triple.c_str());

  bool done = true;
  if (effort == Effort::full) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    if (LLVMErrorRef failure = LLVMRunPasses(
            ir.module, "function(early-cse,instsimplify,simplifycfg,loop-mssa(licm),early-cse)", machine, options)) {
      error = message_of(failure);
      done = false;
    }
    LLVMDisposePassBuilderOptions(options);
  }
  if (done) {
    char* message = nullptr;
    LLVMMemoryBufferRef buffer = nullptr;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, ir.module, LLVMObjectFile, &message, &buffer)) {
      error = taken(message);
      done = false;
    } else {
      object.assign(LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
      LLVMDisposeMemoryBuffer(buffer);
    }
  }
  LLVMDisposeTargetMachine(machine);
  return done;
}

std::unique_ptr<Code> link_objects(const std::vector<std::string>& objects, const std::vector<Symbol>& symbols, std::string& error) {
  prepare_target();
  LLVMOrcLLJITRef jit = nullptr;
  if (LLVMErrorRef failure = LLVMOrcCreateLLJIT(&jit, LLVMOrcCreateLLJITBuilder())) {
    error = message_of(failure);
    return nullptr;
  }
  auto code = std::make_unique<Linked>(jit);
  LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);

  std::vector<LLVMOrcCSymbolMapPair> pairs;
  for (const Symbol& symbol : symbols) {
    LLVMOrcCSymbolMapPair pair{};
    pair.Name = LLVMOrcLLJITMangleAndIntern(jit, symbol.name);
    pair.Sym.Address = reinterpret_cast<LLVMOrcJITTargetAddress>(symbol.address);
    pair.Sym.Flags.GenericFlags = LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable;
    pairs.push_back(pair);
  }
  if (LLVMErrorRef failure = LLVMOrcJITDylibDefine(library, LLVMOrcAbsoluteSymbols(pairs.data(), pairs.size()))) {
    error = message_of(failure);
    return nullptr;
  }
  for (const std::string& object : objects) {
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(object.data(), object.size(), "kernels");
    if (LLVMErrorRef failure = LLVMOrcLLJITAddObjectFile(jit, library, buffer)) {
      error = message_of(failure);
      return nullptr;
    }
  }
  return code;
}

}  // namespace tiao::jit
