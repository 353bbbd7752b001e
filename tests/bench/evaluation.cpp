#include "tests/bench/evaluation.hpp"

#include <fmt/format.h>

#include <memory>

#include "compiler/interp/interpreter.hpp"
#include "compiler/jit/engine.hpp"
#include "tests/bench/twin.hpp"
#include "tests/bench/twin_compare.hpp"
#include "tests/bench/twin_words.hpp"

namespace tiao::bench {
namespace {

void compare_with_twin(const char* engine, const Subject& subject, const Results& results, const TwinResult& twin, std::uint64_t& compared, std::vector<std::string>& mismatches) {
  if (!twin.problem.empty()) {
    mismatches.push_back("twin: " + twin.problem);
    return;
  }
  Comparison c = compare(subject.agreement.compiled.program, results, twin);
  compared += c.compared;
  if (c.different == 0) return;
  mismatches.push_back(fmt::format("{} and twin differ in {} of {} values", engine, c.different, c.compared));
  for (std::string& example : c.examples) mismatches.push_back("  " + std::move(example));
}

std::unique_ptr<jit::Engine> compiled(const Subject& subject, jit::Effort effort, std::vector<std::string>& mismatches) {
  jit::Options options;
  options.cache_dir.clear();
  options.effort = effort;
  jit::Engine::Made made = jit::Engine::compile(subject.agreement.compiled.program, options);
  if (!made.engine) mismatches.push_back("the clauses do not compile to machine code: " + made.error);
  return std::move(made.engine);
}

// The ledger's steps are no part of the results; the interpreter shows them.
void compare_steps(const Subject& subject, interp::Interpreter& interpreter, const TwinResult& twin, std::uint64_t& compared, std::vector<std::string>& mismatches) {
  const Schema& schema = subject.agreement.schema();
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    if (schema.entities[e].id != "total.step") continue;
    for (std::uint32_t row = 0; row < twin.day.size(); ++row) {
      const std::pair<ColumnId, std::int64_t> cells[]{{core::step_col::day, twin.day[row]},
                                                      {core::step_col::opening, twin.opening[row]},
                                                      {core::step_col::balance, twin.balance[row]},
                                                      {core::step_col::entered, twin.entered[row]},
                                                      {core::step_col::largest, twin.largest[row]}};
      for (const auto& [column, ours] : cells) {
        ++compared;
        const Cell theirs = interpreter.column(e, column, row);
        if ((theirs.lo != ours || theirs.hi != ours) && mismatches.size() < 40)
          mismatches.push_back(fmt::format("step {} column {}: interpreter {}..{}, twin {}", row, column, theirs.lo, theirs.hi, ours));
      }
    }
  }
}

std::string summary(const TwinResult& twin) {
  return fmt::format("{} steps, {} suspensions, {} ends, {} fees refused, {} facilities over their share", twin.step.size(),
                     twin.remedies[r_suspend].target.size(), twin.remedies[r_end].target.size(), twin.remedies[r_settle_fee].target.size(),
                     twin.remedies[r_suspend_settlement].target.size() + twin.remedies[r_suspend_agreement].target.size());
}

}  // namespace

void measure_evaluation(const Subject& subject, const EvaluationRequest& request, std::vector<Figure>& figures, std::vector<std::string>& mismatches) {
  const core::Program& program = subject.agreement.compiled.program;
  const std::int64_t as_of = as_of_day();
  auto add = [&](std::string name, double value, std::string unit, std::string note = {}, Figure::Goal goal = Figure::Goal::none, double bound = 0) {
    figures.push_back({std::move(name), std::move(unit), std::move(note), value, goal, bound});
  };
  const std::unique_ptr<jit::Engine> engine = compiled(subject, jit::Effort::full, mismatches);
  if (!engine) return;

  std::uint64_t compared = 0;
  double jit_each = 0;
  {
    facts::FactBase facts;
    if (std::string problem = make_case(subject, request.incidents, facts); !problem.empty()) return mismatches.push_back(problem);
    const std::uint32_t persons = settled(case_options(request.incidents)).practitioners;
    const Stopwatch compiling;
    if (std::string error = engine->prepare(facts, as_of); !error.empty()) return mismatches.push_back(error);
    add("machine code made in", compiling.seconds() * 1e3, "ms", "full effort, for what these facts are like, without cache");
    const TwinTables tables(subject.agreement.schema(), facts);   // as the twin likes to read them, before any clock
    Timings by_twin, by_engine;
    double bytes = 0, results = 0;
    for (unsigned r = 0; r < request.repetitions; ++r) {
      const Stopwatch twin_clock;
      const TwinResult twin = run_twin(tables, as_of);
      by_twin.add(twin_clock.seconds());
      trim_heap();
      reset_peak();
      const std::uint64_t before = resident_bytes();
      const Stopwatch engine_clock;
      const jit::RunResult run = engine->run(facts, as_of);
      by_engine.add(engine_clock.seconds());
      const std::uint64_t peak = peak_resident_bytes();
      if (r == 0) {
        bytes = peak > before ? static_cast<double>(peak - before) : 0;
        results = static_cast<double>(run.results.bytes());
        compare_with_twin("compiled engine", subject, run.results, twin, compared, mismatches);
        add("facts", request.incidents, "incidents", fmt::format("{} persons; {}", persons, summary(twin)));
      }
    }
    jit_each = by_engine.best() / request.incidents;
    add("compiled evaluation", by_engine.best() * 1e3, "ms", fmt::format("best of {}; median {:.0f}", request.repetitions, by_engine.median() * 1e3));
    add("hand-written twin", by_twin.best() * 1e3, "ms", fmt::format("best of {}; median {:.0f}", request.repetitions, by_twin.median() * 1e3));
    add("compiled / twin", by_engine.best() / by_twin.best(), "times", {}, Figure::Goal::at_most, 3);
    add("memory beyond the facts", bytes / request.incidents, "bytes an incident", fmt::format("peak resident; {:.0f} of it are the results", results / request.incidents),
        Figure::Goal::under, 200);
  }
  {
    facts::FactBase facts;
    if (std::string problem = make_case(subject, request.interpreted, facts); !problem.empty()) return mismatches.push_back(problem);
    const TwinTables tables(subject.agreement.schema(), facts);
    const TwinResult twin = run_twin(tables, as_of);
    Timings by_interpreter, by_engine;
    for (unsigned r = 0; r < 2; ++r) {
      const Stopwatch engine_clock;
      const jit::RunResult run = engine->run(facts, as_of);
      by_engine.add(engine_clock.seconds());
      const Stopwatch clock;
      interp::Interpreter interpreter(program, facts, {as_of});
      const Results& results = interpreter.run();
      by_interpreter.add(clock.seconds());
      if (r != 0) continue;
      compare_with_twin("interpreter", subject, results, twin, compared, mismatches);
      compare_with_twin("compiled engine", subject, run.results, twin, compared, mismatches);
    }
    const double each = by_interpreter.best() / request.interpreted;
    add("interpreter", by_interpreter.best() * 1e3, "ms", fmt::format("on {} incidents", request.interpreted));
    add("interpreter / compiled", each / jit_each, "times", fmt::format("per incident; on the same {} incidents {:.1f}", request.interpreted, by_interpreter.best() / by_engine.best()),
        Figure::Goal::at_least, 30);
  }
  add("values compared", static_cast<double>(compared) / 1e6, "million", mismatches.empty() ? "all equal" : "NOT all equal");
}

std::string smoke(const Subject& subject, std::uint32_t incidents, std::vector<std::string>& mismatches) {
  facts::FactBase facts;
  if (std::string problem = make_case(subject, incidents, facts); !problem.empty()) {
    mismatches.push_back(problem);
    return {};
  }
  const std::int64_t as_of = as_of_day();
  const TwinTables tables(subject.agreement.schema(), facts);
  const TwinResult twin = run_twin(tables, as_of);
  std::uint64_t compared = 0;
  interp::Interpreter interpreter(subject.agreement.compiled.program, facts, {as_of});
  const Results& results = interpreter.run();
  compare_with_twin("interpreter", subject, results, twin, compared, mismatches);
  if (twin.problem.empty()) compare_steps(subject, interpreter, twin, compared, mismatches);
  if (const std::unique_ptr<jit::Engine> engine = compiled(subject, jit::Effort::quick, mismatches)) {
    const jit::RunResult run = engine->run(facts, as_of);
    compare_with_twin("compiled engine", subject, run.results, twin, compared, mismatches);
  }
  return twin.problem.empty() ? fmt::format("{} incidents, {}; {} values compared", incidents, summary(twin), compared) : std::string();
}

}  // namespace tiao::bench
