#include "compiler/jit/engine.hpp"

#include <algorithm>

#include "compiler/jit/run.hpp"
#include "runtime/value/blocks.hpp"
#include "runtime/engine/kernels.hpp"

namespace tiao::jit {

Engine::~Engine() { blocks::trim(); }

Engine::Made Engine::compile(const core::Program& program, const Options& options) {
  Made made;
  std::unique_ptr<Engine> engine(new Engine);
  engine->program_ = &program;
  engine->options_ = options;
  if (options.effort == Effort::full) {
    engine->plan_ = std::make_shared<const plan::Plan>(plan::make_plan(program));
  } else {
    const auto variant = engine->variant_for(plan::Layout::general(program.schema), made.error);
    if (!variant) return made;
    engine->plan_ = variant->plan;
  }
  made.engine = std::move(engine);
  return made;
}

std::shared_ptr<const Variant> Engine::variant_for(const plan::Layout& layout, std::string& error) const {
  const std::lock_guard<std::mutex> lock(guard_);
  const auto there = std::find_if(variants_.begin(), variants_.end(), [&](const auto& v) { return v->facts == layout; });
  if (there != variants_.end()) return *there;
  const auto made = make_variant(*program_, layout, options_, error);
  if (made) variants_.push_back(made);
  return made;
}

plan::Layout Engine::layout_of(const facts::FactBase& facts, std::int64_t as_of) const {
  return options_.effort == Effort::full ? describe_facts(*program_, facts, as_of, options_.settle, options_.large_rows) : plan::Layout::general(program_->schema);
}

std::shared_ptr<const Variant> Engine::variant_for(const facts::FactBase& facts, std::int64_t as_of, std::string& error) const {
  return variant_for(layout_of(facts, as_of), error);
}

// Quick code is for all facts.
bool Engine::fits(const Variant& variant, const facts::FactBase& facts, std::int64_t as_of) const {
  return options_.effort == Effort::quick || variant.facts == layout_of(facts, as_of);
}

std::string Engine::prepare(const facts::FactBase& facts, std::int64_t as_of) const {
  std::string error;
  variant_for(facts, as_of, error);
  return error;
}

RunResult Engine::run(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress) const {
  RunResult result = decide(facts, as_of, limits, progress);
  if (result.outcome == Outcome::done) engine::list_remedies(program_->schema, result.results);
  return result;
}

RunResult Engine::decide(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress) const {
  RunResult result;
  const auto variant = variant_for(facts, as_of, result.error);
  if (!variant) {
    result.outcome = Outcome::failed;
    return result;
  }
  result = std::move(Run(*variant).run(facts, as_of, limits, progress));
  result.plan = variant->plan;
  return result;
}

bool Engine::from_cache() const {
  const std::lock_guard<std::mutex> lock(guard_);
  return !variants_.empty() && std::all_of(variants_.begin(), variants_.end(), [](const auto& v) { return v->from_cache; });
}

std::string Engine::llvm() const {
  const std::lock_guard<std::mutex> lock(guard_);
  std::string all;
  for (const auto& v : variants_) all += v->llvm;
  return all;
}

}  // namespace tiao::jit
