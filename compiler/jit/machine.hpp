// The part of this room that needs LLVM. It stands in a module of its own beside the program, with LLVM linked in, and is loaded
// when the first kernel is made or linked: a run that is interpreted starts without it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/engine/store.hpp"

namespace tiao::jit {

// How much work to put into machine code: quick for small runs, full for large ones. The results are the same.
enum class Effort : unsigned char { quick, full };

// A function that machine code may call by name.
struct Symbol { const char* name; void* address; };

// One object file; `error` says why there is none. `llvm`: the text of the IR, when asked for.
struct Piece { std::string object, error, llvm; };

// Linked code; functions stay valid as long as it lives.
class Code {
 public:
  virtual ~Code() = default;
  virtual void* find(const std::string& name, std::string& error) const = 0;
};

class Machine {
 public:
  virtual ~Machine() = default;
  // LLVM's version and the processor that code is made for, as part of a cache key.
  virtual std::string description() const = 0;
  virtual Piece make(const core::Program& program, const plan::Plan& plan, const engine::SlotLayout& layout, const std::vector<std::uint32_t>& kernels,
                     Effort effort, bool keep_llvm) const = 0;
  virtual std::unique_ptr<Code> link(const std::vector<std::string>& objects, const std::vector<Symbol>& symbols, std::string& error) const = 0;
};

// Loads the module when first asked. Null: `error` says why, and which file was looked for.
const Machine* machine(std::string& error);

// The sources that program and module were built from: both share their structures, so neither takes the other from another build.
extern const char* const build_of_machine;

}  // namespace tiao::jit

// The one function of the module. Null: another build.
extern "C" const tiao::jit::Machine* tiao_machine(const char* build);
