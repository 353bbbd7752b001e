#include "compiler/jit/session.hpp"

#include "compiler/jit/run.hpp"

namespace tiao::jit {

Session::Session(const Engine& engine) : engine_(engine) {}
Session::~Session() = default;

const RunResult& Session::decide(const facts::FactBase& facts, std::int64_t as_of) {
  static const Limits unlimited;
  static const Progress quiet;
  if (!run_ || !engine_.fits(*variant_, facts, as_of)) {
    run_.reset();
    variant_ = engine_.variant_for(facts, as_of, failed_.error);
    failed_.outcome = Outcome::failed;
    if (!variant_) return failed_;
    run_ = std::make_unique<Run>(*variant_, true);
  }
  return run_->run(facts, as_of, unlimited, quiet);
}

}  // namespace tiao::jit
