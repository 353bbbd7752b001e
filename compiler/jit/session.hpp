// For one case after another, while somebody waits: a session keeps what a run sets up, so that the next one over facts as small
// allocates nothing for the tables and planes of rules about rows. What it decides is what Engine::decide decides.
#pragma once

#include <memory>

#include "compiler/jit/engine.hpp"

namespace tiao::jit {

class Run;

// One thread at a time; any number of sessions share an engine, which must outlive them.
class Session {
 public:
  explicit Session(const Engine& engine);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // As Engine::decide with one thread and no limits. The facts must be of the engine's program. The results hold until the next call;
  // neither times nor memory are taken (RunResult::step_seconds, peak_bytes). Outcome::failed: an internal error.
  const RunResult& decide(const facts::FactBase& facts, std::int64_t as_of);

 private:
  const Engine& engine_;
  std::shared_ptr<const Variant> variant_;   // that the run is of
  std::unique_ptr<Run> run_;
  RunResult failed_;
};

}  // namespace tiao::jit
