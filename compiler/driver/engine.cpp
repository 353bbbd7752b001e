#include "compiler/driver/engine.hpp"

#include <algorithm>
#include <thread>

#include "compiler/interp/interpreter.hpp"
#include "compiler/jit/engine.hpp"

namespace tiao::driver {
namespace {

// How often the same facts are gone through when readings or switches are tried on them: at least so often.
constexpr unsigned runs_of_variants = 8;

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
  EngineUsed used() const override { return EngineUsed::interpreter; }

 private:
  const core::Program& program_;
  EngineOptions options_;
};

class CompiledEngine final : public Engine {
 public:
  CompiledEngine(std::unique_ptr<jit::Engine> engine, EngineOptions options, bool full)
      : engine_(std::move(engine)), options_(std::move(options)), full_(full) {}

  Status run(const facts::FactBase& facts, std::int64_t as_of, Results& out) override {
    jit::Limits limits;
    limits.bytes = options_.max_bytes;
    limits.threads = options_.jobs != 0 ? options_.jobs : std::max(1u, std::thread::hardware_concurrency());
    jit::RunResult run = engine_->run(facts, as_of, limits, [&](std::uint64_t done, std::uint64_t total) {
      if (options_.progress && total != 0) options_.progress(static_cast<double>(done) / static_cast<double>(total));
      return true;
    });
    if (run.outcome == jit::Outcome::failed) return internal_error("编译引擎出错：" + run.error, "the compiled engine failed: " + run.error);
    if (run.outcome != jit::Outcome::done) return Failure{Exit::limit, "运行超出内存上限", "the run exceeded its limit of memory"};
    out = std::move(run.results);
    return std::nullopt;
  }
  EngineUsed used() const override { return full_ ? EngineUsed::full : engine_->from_cache() ? EngineUsed::kept : EngineUsed::quick; }

 private:
  std::unique_ptr<jit::Engine> engine_;
  EngineOptions options_;
  bool full_;
};

}  // namespace

std::string_view name_of(EngineKind kind) {
  switch (kind) {
    case EngineKind::jit: return "jit";
    case EngineKind::interp: return "interp";
    case EngineKind::automatic: return "auto";
  }
  return {};
}

jit::Options compile_options(const EngineOptions& options) {
  jit::Options out;
  if (!options.cache) out.cache_dir.clear();
  out.effort = options.expected.rows >= EngineCosts{}.full_rows ? jit::Effort::full : jit::Effort::quick;
  out.settle = !options.parameters_vary;
  if (options.jobs != 0) out.threads = options.jobs;
  return out;
}

EngineKind chosen_engine(const core::Program& program, const EngineOptions& options) {
  if (options.max_bytes != 0) return EngineKind::jit;
  const bool kept = jit::kept_before(program, compile_options(options));
  const EngineUsed used = choose_engine(program, options.expected, kept, options.parameters_vary ? runs_of_variants : 1);
  return used == EngineUsed::interpreter ? EngineKind::interp : EngineKind::jit;
}

Status make_engine(EngineKind kind, const CompiledAgreement& agreement, const EngineOptions& options, std::unique_ptr<Engine>& out) {
  const core::Program& program = agreement.compiled.program;
  if (kind == EngineKind::automatic) kind = chosen_engine(program, options);
  if (kind == EngineKind::interp) {
    out = std::make_unique<InterpreterEngine>(program, options);
    return std::nullopt;
  }
  const jit::Options made_with = compile_options(options);
  jit::Engine::Made made = jit::Engine::compile(program, made_with);
  if (!made.engine) return internal_error("编译引擎出错：" + made.error, "the compiled engine failed: " + made.error);
  out = std::make_unique<CompiledEngine>(std::move(made.engine), options, made_with.effort == jit::Effort::full);
  return std::nullopt;
}

}  // namespace tiao::driver
