// A compiled program from the cache is the one that the clauses give, whatever became of the file meanwhile.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "compiler/core/serialize.hpp"
#include "compiler/jit/object_cache.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

namespace fs = std::filesystem;

struct ProgramCache : testing::Test {
  fs::path folder = fs::temp_directory_path() / ("tiao-programs-" + std::to_string(::getpid()));
  fs::path clauses = folder / "town", cache = folder / "cache";
  std::string expected;

  ProgramCache() {
    fs::create_directories(folder);
    fs::copy(town::folder(), clauses, fs::copy_options::recursive);
    const town::Town made;
    expected = text_of(made.agreement);
  }
  ~ProgramCache() override { fs::remove_all(folder); }

  // Where a clause stands in its file is no part of what it says.
  static std::string text_of(const CompiledAgreement& agreement) {
    core::Program program = agreement.compiled.program;
    for (core::Origin& origin : program.origins) origin.file.clear();
    return core::to_bytes(program);
  }
  // Did it come from the cache? Either way it has to be the program.
  bool from_cache() {
    Project project;
    EXPECT_FALSE(project.load({clauses.string(), {}}));
    const std::size_t texts = project.declaring_texts().size();
    diag::Diagnostics diagnostics;
    CompiledAgreement made;
    EXPECT_FALSE(compile_or_load(project, "town.people", cache, diagnostics, made));
    EXPECT_TRUE(diagnostics.empty());
    EXPECT_EQ(text_of(made), expected);
    EXPECT_EQ(made.ref.name, "town.people");
    EXPECT_EQ(made.info.hash, made.compiled.program.hash);
    // Parsing empties the list of texts that wait for it.
    return texts != 0 && project.declaring_texts().size() == texts;
  }
  fs::path kept() const { return fs::directory_iterator(cache)->path(); }
  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }
};

TEST_F(ProgramCache, ASecondRunParsesNothing) {
  EXPECT_FALSE(from_cache());
  EXPECT_TRUE(from_cache());
  EXPECT_EQ(std::distance(fs::directory_iterator(cache), {}), 1);
}

TEST_F(ProgramCache, WithoutACacheEveryRunCompiles) {
  cache.clear();
  EXPECT_FALSE(from_cache());
  EXPECT_FALSE(from_cache());
}

TEST_F(ProgramCache, DamageAnywhereIsNoticedAndRepaired) {
  EXPECT_FALSE(from_cache());
  const fs::path path = kept();
  const std::string whole = read(path);
  ASSERT_GT(whole.size(), 1000u);
  const auto repaired = [&](const std::string& torn, const std::string& how) {
    write(path, torn);
    EXPECT_FALSE(from_cache()) << how;
    EXPECT_EQ(read(path), whole) << how;
  };
  // The header byte by byte, the rest here and there.
  for (std::size_t at = 0; at < whole.size(); at += at < 40 ? 3 : whole.size() / 23) {
    std::string torn = whole;
    torn[at] = static_cast<char>(~torn[at]);
    repaired(torn, "byte " + std::to_string(at));
    repaired(whole.substr(0, at), std::to_string(at) + " bytes");
  }
  repaired(whole + "more", "longer");
  EXPECT_TRUE(from_cache());
}

// Whole by its checksum, but no program of this format: what a tool that counts formats wrongly would leave.
TEST_F(ProgramCache, AnotherFormatIsNotTaken) {
  EXPECT_FALSE(from_cache());
  const jit::ObjectCache objects(cache);
  const std::string key = kept().stem().string();
  const std::string program = objects.load(key)->front();
  std::string other = program;
  other[0] = static_cast<char>(other[0] + 1);
  const std::string empty = core::to_bytes({});   // names no agreement
  for (const std::vector<std::string>& stored : {std::vector<std::string>{other}, {}, {""}, {program, program}, {empty}, {program.substr(0, program.size() - 1)}}) {
    objects.store(key, stored);
    EXPECT_FALSE(from_cache());
    EXPECT_TRUE(from_cache());
  }
}

TEST_F(ProgramCache, AFileUnderAnothersNameIsNotTaken) {
  EXPECT_FALSE(from_cache());
  const fs::path before = kept();
  // Clauses that say something else have another key; the old program under it is refused.
  const fs::path rules = clauses / "clauses/town/rules.tiao";
  write(rules, read(rules) + "\n# a remark\n");
  EXPECT_FALSE(from_cache());
  for (const fs::directory_entry& entry : fs::directory_iterator(cache))
    if (entry.path() != before) {
      fs::copy_file(before, entry.path(), fs::copy_options::overwrite_existing);
      break;
    }
  EXPECT_FALSE(from_cache());
  EXPECT_TRUE(from_cache());
}

}  // namespace
}  // namespace tiao::driver
