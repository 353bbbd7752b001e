// The two engines behind one face. Both fill the same Results.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "compiler/driver/engine_choice.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/program.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::jit {
struct Options;
}

namespace tiao::driver {

enum class EngineKind : std::uint8_t { jit, interp, automatic };
std::string_view name_of(EngineKind kind);

struct EngineOptions {
  unsigned jobs = 0;                       // threads; 0 = as many as there are processors
  std::size_t max_bytes = 0;               // of tables beyond the facts, in the compiled engine; 0 = no limit
  bool cache = true;                       // keep machine code on disk
  Expected expected;                       // of the run to come: which engine, and how much effort machine code is worth
  bool parameters_vary = false;            // runs over other readings or switches follow: no code for those of one run alone
  std::function<void(double share)> progress;
};

/// One program made ready to run; facts may change between runs.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Status run(const facts::FactBase& facts, std::int64_t as_of, Results& out) = 0;
  virtual EngineUsed used() const = 0;
};

/// The engine that `automatic` stands for.
EngineKind chosen_engine(const core::Program& program, const EngineOptions& options);
jit::Options compile_options(const EngineOptions& options);

/// The program must outlive the engine. `automatic` is one of the other two, by what the run is expected to take; with a limit of
/// memory it is compiled code, which alone keeps to it.
Status make_engine(EngineKind kind, const CompiledAgreement& agreement, const EngineOptions& options, std::unique_ptr<Engine>& out);

}  // namespace tiao::driver
