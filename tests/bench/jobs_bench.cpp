// The three jobs as a Google Benchmark suite: to look at one of them closely (--benchmark_filter, --benchmark_repetitions, perf record).
// Ratios, comparisons of everything that is decided and other engines are the matter of tiao_bench.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/jit/session.hpp"
#include "tests/bench/jobs/breach.hpp"
#include "tests/bench/jobs/points.hpp"
#include "tests/bench/jobs/run_jobs.hpp"
#include "tests/bench/jobs/tail.hpp"

namespace tiao::bench {
namespace {

/// A job compiled, with facts and twin of the size that was asked for last: the large ones do not stand in memory side by side.
class Job {
 public:
  struct Sized {
    std::uint32_t rows = 0;
    facts::FactBase facts;
    std::function<void(unsigned threads)> by_hand;
  };
  using Prepare = std::function<Sized(const Schema&, std::uint32_t)>;

  Job(std::string name, Prepare prepare) : name_(std::move(name)), prepare_(std::move(prepare)) {}

  /// Empty when all went well.
  std::string compile() {
    if (std::string problem = compile_job(TIAO_SOURCE_DIR, std::string(TIAO_SOURCE_DIR "/tests/bench/jobs/") + name_ + ".tiao", program_); !problem.empty()) return problem;
    for (const jit::Effort effort : {jit::Effort::quick, jit::Effort::full}) {
      jit::Options options;
      options.cache_dir.clear();
      options.effort = effort;
      jit::Engine::Made made = jit::Engine::compile(program_.core(), options);
      if (!made.engine) return made.error;
      (effort == jit::Effort::quick ? quick_ : full_) = std::move(made.engine);
    }
    return {};
  }

  void compiled(benchmark::State& state) {
    const Sized& sized = of(state);
    if (const std::string error = full_->prepare(sized.facts, job_day()); !error.empty()) return state.SkipWithError(error.c_str());
    jit::Limits limits;
    limits.threads = static_cast<unsigned>(state.range(1));
    for (auto _ : state) benchmark::DoNotOptimize(full_->decide(sized.facts, job_day(), limits).outcome);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * sized.rows);
  }

  void by_hand(benchmark::State& state) {
    const Sized& sized = of(state);
    for (auto _ : state) sized.by_hand(static_cast<unsigned>(state.range(1)));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * sized.rows);
  }

  void one_case(benchmark::State& state, const std::function<void(facts::FactBase&)>& fill) {
    facts::FactBase facts = empty_facts(program_.schema());
    fill(facts);
    jit::Session session(*quick_);
    for (auto _ : state) benchmark::DoNotOptimize(session.decide(facts, job_day()).outcome);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  }

 private:
  const Sized& of(const benchmark::State& state) {
    const auto rows = static_cast<std::uint32_t>(state.range(0));
    if (sized_.rows != rows) {
      sized_ = Sized();
      sized_ = prepare_(program_.schema(), rows);
      sized_.rows = rows;
    }
    return sized_;
  }

  std::string name_;
  Prepare prepare_;
  JobProgram program_;
  std::unique_ptr<jit::Engine> quick_, full_;
  Sized sized_;
};

template <class Facts, class Make, class MakeTwin>
Job::Prepare preparing(Make make, MakeTwin make_twin) {
  return [make, make_twin](const Schema& schema, std::uint32_t rows) {
    Job::Sized out;
    out.facts = empty_facts(schema);
    const auto facts = std::make_shared<const Facts>(make(rows));   // a twin may read it in place
    fill(*facts, out.facts);
    out.by_hand = [facts, twin = make_twin(*facts)](unsigned threads) { twin->run(threads); };
    return out;
  };
}

void add(const char* name, Job& job, std::int64_t largest) {
  const auto sizes = [&](benchmark::internal::Benchmark* b) {
    b->ArgNames({"rows", "threads"})->Unit(benchmark::kMillisecond)->UseRealTime();
    for (std::int64_t rows : {10'000, 1'000'000, 10'000'000})
      if (rows <= largest)
        for (const std::int64_t threads : {1, 2}) b->Args({rows, threads});
  };
  sizes(benchmark::RegisterBenchmark((std::string(name) + "/compiled").c_str(), [&job](benchmark::State& state) { job.compiled(state); }));
  sizes(benchmark::RegisterBenchmark((std::string(name) + "/by_hand").c_str(), [&job](benchmark::State& state) { job.by_hand(state); }));
}

int run(int argc, char** argv) {
  std::vector<std::string> problems;
  smoke_jobs(TIAO_SOURCE_DIR, 2'000, {}, problems);   // what differs is not worth a clock
  Job breach("breach", preparing<BreachFacts>([](std::uint32_t rows) { return make_breach(rows); }, [](const BreachFacts& f) { return std::make_shared<BreachTwin>(f); }));
  Job points("points", preparing<PointsFacts>([](std::uint32_t rows) { return make_points(rows); }, [](const PointsFacts& f) { return std::make_shared<PointsTwin>(f, false); }));
  Job tail("tail", preparing<TailFacts>([](std::uint32_t rows) { return make_tail(rows); }, [](const TailFacts& f) { return std::make_shared<TailTwin>(f, TailTwin::Way::selection); }));
  for (Job* job : {&breach, &points, &tail})
    if (std::string problem = job->compile(); !problem.empty()) problems.push_back(problem);
  for (const std::string& problem : problems) std::fprintf(stderr, "%s\n", problem.c_str());
  if (!problems.empty()) return 1;
  add("F", breach, 10'000'000);
  benchmark::RegisterBenchmark("F/one_case", [&](benchmark::State& state) { breach.one_case(state, [](facts::FactBase& facts) { fill(make_breach(1), facts); }); });
  add("P", points, 10'000'000);
  benchmark::RegisterBenchmark("P/one_case", [&](benchmark::State& state) { points.one_case(state, [](facts::FactBase& facts) { fill(make_points(20, 1, 1), facts); }); });
  add("tail", tail, 1'000'000);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace tiao::bench

int main(int argc, char** argv) { return tiao::bench::run(argc, argv); }
