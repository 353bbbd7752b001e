// What is kept between runs: whole or not at all, and within its limit.
#include "compiler/jit/object_cache.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/unit/jit/sheet.hpp"

namespace tiao::jit {
namespace {

namespace fs = std::filesystem;
using Objects = std::vector<std::string>;

struct Cache : ::testing::Test {
  fs::path folder = fs::temp_directory_path() / ("tiao-cache-" + std::to_string(::getpid()));
  ObjectCache cache{folder};
  const std::string key = cache_key({"program", "layout"}), other = cache_key({"program", "other layout"});
  const Objects objects = {std::string("\x7f" "ELF\0code", 9), "", std::string(5000, 'x')};

  ~Cache() override {
    std::error_code ignored;
    fs::permissions(folder, fs::perms::owner_all, ignored);
    fs::remove_all(folder, ignored);
  }
  fs::path path(const std::string& of) const { return folder / (of + ".obj"); }
  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }
  void used(const std::string& of, std::chrono::hours ago) const { fs::last_write_time(path(of), fs::file_time_type::clock::now() - ago); }
};

TEST_F(Cache, GivesBackWhatItTookUnderThatKeyAlone) {
  EXPECT_FALSE(cache.load(key));
  cache.store(key, objects);
  EXPECT_EQ(cache.load(key), objects);
  EXPECT_FALSE(cache.load(other));
  EXPECT_EQ(files(), 1u);
  cache.store(key, {"newer"});
  EXPECT_EQ(cache.load(key), Objects{"newer"});
  EXPECT_EQ(files(), 1u);
}

TEST_F(Cache, KeysTellWhereOnePartEnds) {
  EXPECT_EQ(key.size(), 32u);
  EXPECT_NE(cache_key({"ab", "c"}), cache_key({"a", "bc"}));
  EXPECT_NE(cache_key({"ab", ""}), cache_key({"ab"}));
}

TEST_F(Cache, EveryDamagedByteIsNoticed) {
  cache.store(key, {"short", "code"});
  const std::string whole = read(path(key));
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string torn = whole;
      torn[at] = static_cast<char>(torn[at] ^ flip);
      write(path(key), torn);
      EXPECT_FALSE(cache.load(key)) << "byte " << at;
    }
  for (std::size_t n = 0; n < whole.size(); ++n) {
    write(path(key), whole.substr(0, n));
    EXPECT_FALSE(cache.load(key)) << n << " bytes";
  }
  write(path(key), whole + '\0');
  EXPECT_FALSE(cache.load(key));
  cache.store(key, {"short", "code"});
  EXPECT_EQ(read(path(key)), whole);
}

TEST_F(Cache, AFileUnderAnothersNameIsNotTaken) {
  cache.store(key, objects);
  fs::copy_file(path(key), path(other));
  EXPECT_FALSE(cache.load(other));
}

TEST_F(Cache, AFolderInPlaceOfTheFileIsNoHit) {
  fs::create_directories(path(key));
  EXPECT_FALSE(cache.load(key));
  cache.store(key, objects);   // cannot replace it, and leaves nothing behind
  EXPECT_FALSE(cache.load(key));
  EXPECT_EQ(files(), 1u);
}

TEST_F(Cache, ManyWritersAndReadersAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        if (t % 2 == 0) cache.store(key, objects);
        const auto found = cache.load(key);
        EXPECT_TRUE(!found || *found == objects);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache.load(key), objects);
  EXPECT_EQ(files(), 1u);
}

TEST_F(Cache, WhereNothingCanBeWrittenNothingIsKept) {
  ObjectCache nowhere{fs::path()};
  nowhere.store(key, objects);
  EXPECT_FALSE(nowhere.load(key));
  ObjectCache forbidden("/proc/tiao");
  forbidden.store(key, objects);
  EXPECT_FALSE(forbidden.load(key));
  ObjectCache beneath_a_file("/dev/null/tiao");
  beneath_a_file.store(key, objects);
  EXPECT_FALSE(beneath_a_file.load(key));
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  if (::access(folder.c_str(), W_OK) == 0) return;   // whoever may do anything may write here too
  cache.store(key, objects);
  EXPECT_FALSE(cache.load(key));
}

TEST_F(Cache, TheLongestUnusedGoFirst) {
  const std::string third = cache_key({"third"}), fourth = cache_key({"fourth"});
  ObjectCache small(folder, 10'000);
  for (const std::string& k : {key, other, third}) small.store(k, {std::string(3000, 'x')});
  used(key, std::chrono::hours(30));
  used(other, std::chrono::hours(20));
  used(third, std::chrono::hours(10));
  EXPECT_TRUE(small.load(key));   // now the one used last
  write(folder / "notes.txt", std::string(20'000, 'x'));
  small.store(fourth, {std::string(3000, 'x')});
  EXPECT_TRUE(small.load(key));
  EXPECT_FALSE(small.load(other));
  EXPECT_TRUE(small.load(third));
  EXPECT_TRUE(small.load(fourth));
  EXPECT_TRUE(fs::exists(folder / "notes.txt"));
  // What is larger than the limit is kept alone.
  small.store(other, {std::string(30'000, 'x')});
  EXPECT_TRUE(small.load(other));
  EXPECT_EQ(files(), 2u);
}

TEST_F(Cache, WhatAnInterruptedRunLeftIsRemoved) {
  fs::create_directories(folder);
  const fs::path old = folder / (key + ".obj.abcdef.part"), fresh = folder / (key + ".obj.ghijkl.part");
  write(old, "half");
  write(fresh, "half");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(5));
  cache.store(other, objects);
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));   // its writer may be at work
}

// The same through an engine.

struct CachedCode : Cache {
  core::Program program;
  CachedCode() {
    testing::Sheet sheet({core::integer_type()});
    sheet.expect("twice", sheet.b.add(sheet.operands[0], sheet.operands[0]), {});
    program = sheet.program;
  }
  bool compiles_from_cache() const {
    const Engine::Made made = Engine::compile(program, {folder, Effort::quick, 1, false});
    EXPECT_TRUE(made.engine) << made.error;
    return made.engine && made.engine->from_cache();
  }
  // Beside it stands the trace of it, which holds nothing.
  fs::path code_file() const {
    fs::path largest;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    return largest;
  }
};

TEST_F(CachedCode, IsUsedAgainUntilTheProgramChanges) {
  EXPECT_FALSE(compiles_from_cache());
  EXPECT_TRUE(compiles_from_cache());
  program.constants.push_back(known(1));
  EXPECT_FALSE(compiles_from_cache());
}

TEST_F(CachedCode, LeavesATraceThatIsFoundWithoutLoadingIt) {
  const Options options{folder, Effort::quick, 1, false}, full{folder, Effort::full, 1, false}, nowhere{{}, Effort::quick, 1, false};
  EXPECT_FALSE(kept_before(program, options));
  EXPECT_FALSE(compiles_from_cache());
  EXPECT_TRUE(kept_before(program, options));
  EXPECT_FALSE(kept_before(program, full));
  EXPECT_FALSE(kept_before(program, nowhere));
  program.constants.push_back(known(1));
  EXPECT_FALSE(kept_before(program, options));
}

TEST_F(CachedCode, IsMadeAgainWhenDamaged) {
  EXPECT_FALSE(compiles_from_cache());
  const fs::path kept = code_file();
  const std::string whole = read(kept);
  for (const std::string& torn : {whole.substr(0, whole.size() / 2), std::string(), whole + whole, std::string(whole.size(), '\0')}) {
    write(kept, torn);
    EXPECT_FALSE(compiles_from_cache());
    EXPECT_EQ(read(kept), whole);
    EXPECT_TRUE(compiles_from_cache());
  }
}

// Whole by its checksum, but no machine code.
TEST_F(CachedCode, IsMadeAgainWhenItDoesNotLink) {
  EXPECT_FALSE(compiles_from_cache());
  const std::string kept = code_file().stem().string();
  for (const Objects& none_of_ours : {Objects{}, Objects{""}, Objects{"no object file at all"}}) {
    cache.store(kept, none_of_ours);
    EXPECT_FALSE(compiles_from_cache());
    EXPECT_TRUE(compiles_from_cache());
  }
}

}  // namespace
}  // namespace tiao::jit
