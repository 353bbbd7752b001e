// The compiled engine: a program becomes machine code once, and runs over any number of fact bases. It gives the same Results
// as the interpreter, and never falls back to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/jit/code.hpp"
#include "compiler/jit/object_cache.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/engine/kernels.hpp"
#include "runtime/engine/store.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::jit {

struct Options {
  std::filesystem::path cache_dir = default_cache_directory();   // empty: machine code is not kept
  Effort effort = Effort::quick;     // full pays for itself from some hundred thousand rows on
  unsigned threads = 2;              // for compiling
  bool keep_llvm = false;            // keep the text of the IR (skips the cache)
};

// How much a run may take. 0: no limit.
struct Limits {
  std::size_t bytes = 0;             // of tables and columns beyond the facts
  std::uint64_t derived_rows = 0;    // of groups, steps, spans, remedies and joins together
};

// Called now and then with work done, work in all. False stops the run.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

enum class Outcome : std::uint8_t { done, stopped, too_many_bytes, too_many_rows };

struct RunResult {
  Outcome outcome = Outcome::done;
  Results results;                   // complete when done
  std::size_t peak_bytes = 0;        // beyond the facts and the results
  std::vector<double> step_seconds;  // parallel to Plan::steps: where the time went
};

class Engine {
 public:
  struct Made;
  // The program must be verified, and outlive the engine. An error here is an internal one.
  static Made compile(const core::Program& program, const Options& options = {});

  RunResult run(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits = {}, const Progress& progress = {}) const;

  const plan::Plan& plan() const { return plan_; }
  bool from_cache() const { return from_cache_; }
  const std::string& llvm() const { return llvm_; }   // with keep_llvm

 private:
  friend class Run;
  Engine() = default;
  const core::Program* program_ = nullptr;
  plan::Plan plan_;
  engine::SlotLayout layout_;
  std::unique_ptr<Code> code_;
  std::vector<engine::RowKernel> kernels_;
  bool from_cache_ = false;
  std::string llvm_;
};

struct Engine::Made {
  std::unique_ptr<Engine> engine;    // null: see error
  std::string error;
};

// Everything in a program that machine code depends on, hashed.
std::string fingerprint(const core::Program& program);

}  // namespace tiao::jit
