#include "compiler/driver/engine.hpp"

#include "compiler/interp/interpreter.hpp"

namespace tiao::driver {
namespace {

class InterpreterEngine final : public Engine {
 public:
  InterpreterEngine(const core::Program& program, EngineOptions options) : program_(program), options_(std::move(options)) {}

  Status run(const facts::FactBase& facts, std::int64_t as_of, Results& out) override {
    interp::Interpreter interpreter(program_, facts, {as_of});
    out = interpreter.run([&](std::size_t done, std::size_t total) {
      if (options_.progress && total != 0) options_.progress(static_cast<double>(done) / static_cast<double>(total));
    });
    return std::nullopt;
  }

 private:
  const core::Program& program_;
  EngineOptions options_;
};

}  // namespace

std::string_view name_of(EngineKind kind) { return kind == EngineKind::jit ? "jit" : "interp"; }

Status make_engine(EngineKind kind, const CompiledAgreement& agreement, const EngineOptions& options, std::unique_ptr<Engine>& out) {
  if (kind == EngineKind::interp) {
    out = std::make_unique<InterpreterEngine>(agreement.compiled.program, options);
    return std::nullopt;
  }
  return internal_error("尚无编译引擎", "the compiled engine is not there");
}

}  // namespace tiao::driver
