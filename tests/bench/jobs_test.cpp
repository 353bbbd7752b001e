// What the benchmarks reckon with, apart from clocks.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "compiler/jit/session.hpp"
#include "tests/bench/jobs/breach.hpp"
#include "tests/bench/jobs/growth.hpp"
#include "tests/bench/jobs/job.hpp"
#include "tests/bench/jobs/points.hpp"
#include "tests/bench/jobs/tail.hpp"

#if !defined(__SANITIZE_ADDRESS__)
namespace {
std::atomic<std::size_t> blocks_asked_for{0};
}
// Every block of memory that this program asks for is counted, whoever does it.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) { return ++blocks_asked_for, __libc_malloc(size); }
void* realloc(void* block, std::size_t size) { return ++blocks_asked_for, __libc_realloc(block, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return ++blocks_asked_for, __libc_memalign(alignment, size); }
}
#endif

namespace tiao::bench {
namespace {

#if !defined(__SANITIZE_ADDRESS__)
TEST(Session, AsksForNoMemoryOnceItIsWarm) {
  JobProgram program;
  ASSERT_EQ(compile_job(TIAO_SOURCE_DIR, TIAO_SOURCE_DIR "/tests/bench/jobs/breach.tiao", program), "");
  facts::FactBase facts = empty_facts(program.schema()), others = empty_facts(program.schema());
  fill(make_breach(1), facts);
  fill(make_breach(64, 2), others);
  jit::Options options;
  options.cache_dir.clear();
  const jit::Engine::Made made = jit::Engine::compile(program.core(), options);
  ASSERT_TRUE(made.engine) << made.error;
  jit::Session session(*made.engine);
  session.decide(facts, job_day());
  session.decide(others, job_day());
  const std::size_t before = blocks_asked_for;
  for (const facts::FactBase* of : {&facts, &others, &facts}) EXPECT_EQ(session.decide(*of, job_day()).outcome, jit::Outcome::done);
  EXPECT_EQ(blocks_asked_for, before);
  { const std::vector<int> one(1); }
  EXPECT_GT(blocks_asked_for, before) << "nothing is counted";
}
#endif

// Persons a few at a time, with all that stands under them: as if all were taken at once.
struct Parts : testing::Test {
  Parts() {
    EXPECT_EQ(compile_job(TIAO_SOURCE_DIR, TIAO_SOURCE_DIR "/tests/bench/jobs/points.tiao", program), "");
    facts = empty_facts(program.schema());
    fill(points, facts);
    jit::Options options;
    options.cache_dir.clear();
    options.effort = jit::Effort::full;
    options.large_rows = 1000;
    engine = jit::Engine::compile(program.core(), options).engine;
  }
  JobProgram program;
  const PointsFacts points = make_points(20'000);
  facts::FactBase facts;
  std::unique_ptr<jit::Engine> engine;
};

TEST_F(Parts, AsIfTakenAtOnce) {
  PointsTwin twin(points, false);
  twin.run();
  for (const std::uint32_t rows : {0u, 1u, 64u, 1000u, 4096u})
    for (const unsigned threads : {1u, 3u}) {
      jit::Limits limits;
      limits.part_rows = rows;
      limits.threads = threads;
      const jit::RunResult run = engine->run(facts, job_day(), limits);
      ASSERT_EQ(run.outcome, jit::Outcome::done) << run.error;
      EXPECT_NE(run.plan->parts.root, none);
      Expectation found(program.core(), run.results);
      compare(twin, found);
      EXPECT_EQ(found.different, 0u) << rows << ' ' << threads << (found.examples.empty() ? "" : found.examples.front());
      EXPECT_GT(found.compared, 50'000u);
    }
}

TEST_F(Parts, HoldLessThanAllAtOnce) {
  jit::Limits all, some;
  all.part_rows = 1u << 30;
  some.part_rows = 512;
  EXPECT_LT(engine->run(facts, job_day(), some).peak_bytes, engine->run(facts, job_day(), all).peak_bytes / 4);
}

TEST_F(Parts, StopWhereTheRunStops) {
  jit::Limits limits;
  limits.part_rows = 512;
  limits.threads = 2;
  int asked = 0;
  EXPECT_EQ(engine->run(facts, job_day(), limits, [&](std::uint64_t, std::uint64_t) { return ++asked < 3; }).outcome, jit::Outcome::stopped);
  EXPECT_EQ(asked, 3);
  limits.derived_rows = 10'000;
  EXPECT_EQ(engine->run(facts, job_day(), limits).outcome, jit::Outcome::too_many_rows);
  limits.derived_rows = 0;
  limits.bytes = 10'000;
  EXPECT_EQ(engine->run(facts, job_day(), limits).outcome, jit::Outcome::too_many_bytes);
}

TEST(Growth, OfALineIsOne) {
  const GrowthFit fit = fit_growth({{"", 1e4, 0.01}, {"", 1e5, 0.1}, {"", 1e6, 1.0}, {"", 1e7, 10.0}});
  EXPECT_NEAR(fit.exponent, 1, 1e-9);
  EXPECT_NEAR(fit.farthest_from_line, 0, 1e-9);
}

TEST(Growth, OfASquareIsTwoAndFarFromALine) {
  const GrowthFit fit = fit_growth({{"", 10, 1}, {"", 100, 100}, {"", 1000, 10'000}});
  EXPECT_NEAR(fit.exponent, 2, 1e-9);
  EXPECT_GT(fit.farthest_from_line, 0.5);
}

TEST(Growth, RulesAreAsManyAsAskedFor) {
  const std::string text = shared_rules(TIAO_SOURCE_DIR, 20);
  EXPECT_NE(text.find("must measure_20\n"), text.npos);
  EXPECT_EQ(text.find("measure_21"), text.npos);
  JobProgram program;
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "tiao_bench_rules.tiao";
  std::ofstream(file) << text;
  EXPECT_EQ(compile_job(TIAO_SOURCE_DIR, file.string(), program), "");
  EXPECT_EQ(program.core().grounds.size(), 20u);
  std::filesystem::remove(file);
}

TEST(InParallel, EveryPartOnce) {
  for (const unsigned threads : {1u, 2u, 3u})
    for (const std::size_t count : {0u, 1u, 64u, 65u, 1000u}) {
      std::atomic<std::size_t> seen{0};
      in_parallel(threads, count, 64, [&](std::size_t from, std::size_t to) { seen += to - from; });
      EXPECT_EQ(seen, count) << threads;
    }
}

TEST(TailTwin, BothWaysAgreeOnSmallGroups) {
  for (const std::uint32_t rows : {100u, 640u, 5'000u}) {
    const TailFacts facts = make_tail(rows, rows);
    TailTwin counting(facts, TailTwin::Way::counting), selection(facts, TailTwin::Way::selection);
    counting.run(2);
    selection.run(1);
    for (std::uint32_t row = 0; row < rows; ++row) {
      ASSERT_EQ(counting.in_tail(row), selection.in_tail(row)) << row;
      ASSERT_EQ(counting.ended(row), selection.ended(row)) << row;
    }
  }
}

}  // namespace
}  // namespace tiao::bench
