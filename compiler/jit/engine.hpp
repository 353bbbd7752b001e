// The compiled engine: a program becomes machine code once, and runs over any number of fact bases. It gives the same Results
// as the interpreter, and never falls back to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/jit/machine.hpp"
#include "compiler/jit/object_cache.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/engine/kernels.hpp"
#include "runtime/engine/store.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::jit {

struct Options {
  std::filesystem::path cache_dir = default_cache_directory();   // empty: machine code is not kept
  // quick: code that fits all facts, made at once. full: code for what the facts of a run are like, made when the run (or
  // prepare) first meets them; pays for itself from some hundred thousand rows on. The results are the same.
  Effort effort = Effort::quick;
  unsigned threads = 2;              // for compiling
  bool keep_llvm = false;            // keep the text of the IR (skips the cache)
  // full: the code is also for the parameters and readings of the run, and leaves out what they rule out. Runs over other readings
  // each need code of their own.
  bool settle = true;
  // full: registers of so many rows are more than caches hold. Where there is one, the plan takes what it can part by part.
  std::size_t large_rows = plan::Layout::large_rows;
};

// How much a run may take. 0: no limit.
struct Limits {
  unsigned threads = 1;              // that the kernels may use; the results are the same for any number
  std::size_t bytes = 0;             // of tables and columns beyond the facts
  std::uint64_t derived_rows = 0;    // of groups, steps, spans, remedies and joins together
  std::uint32_t part_rows = 0;       // of the register whose rows the plan takes part by part; 0: as many as the caches hold with all under them
};

// Called now and then with work done, work in all. False stops the run.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

enum class Outcome : std::uint8_t { done, stopped, too_many_bytes, too_many_rows, failed };

struct RunResult {
  Outcome outcome = Outcome::done;
  std::string error;                 // failed: an internal error
  // Complete when done. Propositions that are facts are lent by the columns of the facts: what is copied of them lasts as long as these.
  Results results;
  std::size_t peak_bytes = 0;        // beyond the facts and the results
  std::shared_ptr<const plan::Plan> plan;   // that was followed
  std::vector<double> step_seconds;  // parallel to its steps: where the time went
};

// Machine code for one layout of facts.
struct Variant {
  plan::Layout facts;
  const core::Program* whole = nullptr;           // as it is declared: for what is told from how an expression is made
  std::shared_ptr<const core::Program> program;   // what is left of it with the parameters settled
  std::shared_ptr<const plan::Plan> plan;
  engine::SlotLayout slots;
  std::unique_ptr<Code> code;
  std::vector<engine::RowKernel> kernels;   // by kernel of the plan; null: idle
  bool from_cache = false;
  std::string llvm;                         // with keep_llvm
};

class Engine {
 public:
  struct Made;
  ~Engine();   // gives back memory that runs kept for the next one
  // The program must be verified, and outlive the engine. An error here is an internal one.
  static Made compile(const core::Program& program, const Options& options = {});

  // One run at a time prepares; any number may run.
  RunResult run(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits = {}, const Progress& progress = {}) const;
  // The same, but remedies that are states of rows and nothing more stay planes (Results::planes).
  RunResult decide(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits = {}, const Progress& progress = {}) const;
  // Makes the code that a run over these facts needs. Not empty: an internal error.
  std::string prepare(const facts::FactBase& facts, std::int64_t as_of) const;

  const plan::Plan& plan() const { return *plan_; }   // the one that fits all facts
  bool from_cache() const;
  std::string llvm() const;

 private:
  Engine() = default;
  friend class Session;
  std::shared_ptr<const Variant> variant_for(const plan::Layout& layout, std::string& error) const;
  std::shared_ptr<const Variant> variant_for(const facts::FactBase& facts, std::int64_t as_of, std::string& error) const;
  bool fits(const Variant& variant, const facts::FactBase& facts, std::int64_t as_of) const;
  plan::Layout layout_of(const facts::FactBase& facts, std::int64_t as_of) const;

  const core::Program* program_ = nullptr;
  Options options_;
  std::shared_ptr<const plan::Plan> plan_;
  mutable std::mutex guard_;
  mutable std::vector<std::shared_ptr<const Variant>> variants_;
};

struct Engine::Made {
  std::unique_ptr<Engine> engine;    // null: see error
  std::string error;
};

// Machine code for facts of that layout, from the cache if it is there. Null: see error.
std::shared_ptr<const Variant> make_variant(const core::Program& program, const plan::Layout& layout, const Options& options, std::string& error);

// What a run over these facts would follow, without any code.
struct Planned { std::shared_ptr<const core::Program> program; plan::Plan plan; };
Planned plan_run(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of, const Options& options);

// Did an earlier run leave the quick code of this program? Loads nothing: the code itself may turn out to be for another processor.
bool kept_before(const core::Program& program, const Options& options);

// Everything in a program that machine code depends on, hashed.
std::string fingerprint(const core::Program& program);

// What these facts are like; with `settle` the parameters are part of it.
plan::Layout describe_facts(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of, bool settle, std::size_t large_rows = plan::Layout::large_rows);

}  // namespace tiao::jit
