// Which engine runs when nobody says: only the time it takes may depend on it.
#include "compiler/driver/engine_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "compiler/driver/engine.hpp"
#include "compiler/driver/load_facts.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

namespace fs = std::filesystem;

struct EngineChoice : testing::Test {
  town::Town town;
  const core::Program& program = town.agreement.compiled.program;
  facts::FactBase facts;
  EngineCosts costs{.interpreted = 1, .compiled_start = 100, .quick_compile = 10, .full_rows = 1000};

  EngineChoice() { EXPECT_FALSE(load_facts(town.agreement.schema(), town::facts(), {}, facts)); }
  EngineUsed choice(std::uint64_t rows, std::uint64_t work, bool kept, unsigned runs = 1) const {
    return choose_engine(program, {rows, work}, kept, runs, costs);
  }
};

TEST_F(EngineChoice, LittleWorkIsInterpretedAndMuchIsCompiled) {
  const auto compile = static_cast<std::uint64_t>(10 * program.exprs.size());
  EXPECT_EQ(choice(10, 100, true), EngineUsed::interpreter);
  EXPECT_EQ(choice(10, 101, true), EngineUsed::kept);
  EXPECT_EQ(choice(10, 101, false), EngineUsed::interpreter) << "what was not kept has to be worth compiling";
  EXPECT_EQ(choice(10, 100 + compile, false), EngineUsed::interpreter);
  EXPECT_EQ(choice(10, 101 + compile, false), EngineUsed::quick);
  EXPECT_EQ(choice(999, 1, false), EngineUsed::interpreter);
  EXPECT_EQ(choice(1000, 1, true), EngineUsed::full);
  EXPECT_EQ(choice(10, 51, true, 2), EngineUsed::kept) << "every run over the same facts counts";
}

TEST_F(EngineChoice, MoreRowsAndMoreDeclarationsAreMoreWork) {
  const Expected all = expected_run(program, facts);
  std::uint64_t rows = 0;
  for (const facts::Table& table : facts.tables) rows += table.rows;
  EXPECT_EQ(all.rows, rows);
  EXPECT_GT(all.work, rows);
  core::Program less = program;
  less.grounds.clear();
  EXPECT_LT(expected_run(less, facts).work, all.work);
  facts::FactBase none;
  none.schema = facts.schema;
  none.tables.resize(facts.tables.size());
  EXPECT_EQ(expected_run(program, none).rows, 0u);
  EXPECT_LT(expected_run(program, none).work, all.work);
}

struct EngineMade : EngineChoice {
  fs::path cache = fs::temp_directory_path() / ("tiao-choice-" + std::to_string(::getpid()));

  EngineMade() { ::setenv("TIAO_CACHE_DIR", cache.c_str(), 1); }
  ~EngineMade() override {
    ::unsetenv("TIAO_CACHE_DIR");
    fs::remove_all(cache);
  }
  EngineUsed used(EngineKind kind, Expected expected, std::size_t max_bytes = 0, bool cache_too = true) {
    EngineOptions options;
    options.expected = expected;
    options.max_bytes = max_bytes;
    options.cache = cache_too;
    std::unique_ptr<Engine> engine;
    Results results;
    EXPECT_FALSE(make_engine(kind, town.agreement, options, engine));
    EXPECT_FALSE(engine->run(facts, 20453, results));
    return engine->used();
  }
};

TEST_F(EngineMade, OfItselfByTheFactsAndOtherwiseAsAsked) {
  const Expected few{10, 100}, more{10, 1'000'000}, many{10, 1'000'000'000};
  EXPECT_EQ(used(EngineKind::automatic, few), EngineUsed::interpreter);
  EXPECT_EQ(used(EngineKind::automatic, more), EngineUsed::interpreter) << "nothing is kept yet";
  EXPECT_EQ(used(EngineKind::interp, many), EngineUsed::interpreter);
  EXPECT_EQ(used(EngineKind::jit, few), EngineUsed::quick);
  EXPECT_EQ(used(EngineKind::automatic, more), EngineUsed::kept);
  EXPECT_EQ(used(EngineKind::automatic, many), EngineUsed::kept);
  EXPECT_EQ(used(EngineKind::automatic, few), EngineUsed::interpreter);
  EXPECT_EQ(used(EngineKind::automatic, few, 1 << 30), EngineUsed::kept) << "compiled code alone keeps to a limit";
  EXPECT_EQ(used(EngineKind::automatic, more, 0, false), EngineUsed::interpreter);
  EXPECT_EQ(used(EngineKind::automatic, many, 0, false), EngineUsed::quick);
  EXPECT_EQ(used(EngineKind::automatic, {300'000, 100}), EngineUsed::full);
}

TEST_F(EngineMade, TheSummarySaysWhich) {
  EXPECT_EQ(words(EngineUsed::interpreter, verdict::Language::en), "auto (interpreter)");
  EXPECT_EQ(words(EngineUsed::kept, verdict::Language::en), "auto (compiled before)");
  EXPECT_EQ(words(EngineUsed::quick, verdict::Language::zh), "auto（快速编译）");
  EXPECT_EQ(words(EngineUsed::full, verdict::Language::zh), "auto（完整编译）");
}

}  // namespace
}  // namespace tiao::driver
