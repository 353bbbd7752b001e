#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct ProjectTest : testing::Test {
  fs::path folder = fs::temp_directory_path() / ("tiao-project-" + std::to_string(::getpid()));
  ProjectTest() { fs::create_directories(folder / "clauses" / "town"); }
  ~ProjectTest() override { fs::remove_all(folder); }
  void write(const fs::path& path, const std::string& text) const {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path) << text;
  }
  static std::vector<std::string> modules(const Project& project) {
    std::vector<std::string> out;
    for (const auto& file : project.parsed().files)
      if (!file.module.starts_with("stdlib.")) out.push_back(file.module);
    return out;
  }
};

TEST_F(ProjectTest, ModulesAreNamedAfterTheirPlaceUnderClauses) {
  write("clauses/town/rules.tiao", "unit mark \"分\"\n");
  write("clauses/town/people/notes.tiao.md", "# notes\n```tiao\nunit point \"点\"\n```\n");
  write("clauses/town/readme.txt", "not a clause file");
  Project project;
  ASSERT_FALSE(project.load({folder.string(), {}}));
  EXPECT_THAT(modules(project), testing::ElementsAre("town.people.notes", "town.rules"));
}

TEST_F(ProjectTest, NearestFolderUpwardsIsFound) {
  write("clauses/town/rules.tiao", "unit mark \"分\"\n");
  Project project;
  ASSERT_FALSE(project.load({"", {(folder / "clauses" / "town").string()}}));
  EXPECT_EQ(project.root(), fs::weakly_canonical(folder));
}

TEST_F(ProjectTest, OnlyRequestedFilesAreReportedOn) {
  write("clauses/town/good.tiao", "unit mark \"分\"\n");
  write("clauses/town/bad.tiao", "unit\n");
  Project project;
  ASSERT_FALSE(project.load({folder.string(), {(folder / "clauses/town/good.tiao").string()}}));
  EXPECT_TRUE(project.syntax_errors());
  EXPECT_FALSE(check_project(project).has_errors());
}

TEST_F(ProjectTest, FileOutsideStandsAlone) {
  write("clauses/town/rules.tiao", "unit mark \"分\"\n");
  write("elsewhere/draft.tiao", "unit point \"点\"\n");
  Project project;
  ASSERT_FALSE(project.load({"", {(folder / "elsewhere/draft.tiao").string()}}));
  EXPECT_THAT(modules(project), testing::ElementsAre("draft"));
}

TEST_F(ProjectTest, WithoutClausesThereIsNoProject) {
  fs::remove_all(folder / "clauses");
  Project project;
  const Status failed = project.load({folder.string(), {}});
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->exit, Exit::usage);
}

TEST_F(ProjectTest, PathThatIsNotThereIsNamed) {
  Project project;
  const Status failed = project.load({folder.string(), {"nowhere.tiao"}});
  ASSERT_TRUE(failed);
  EXPECT_THAT(failed->en, HasSubstr("nowhere.tiao"));
}

TEST(AgreementTest, IsFoundByNameLabelAndFile) {
  Project project;
  ASSERT_FALSE(project.load({town::folder(), {}}));
  for (const std::string& name : {std::string("town.people"), std::string("镇人员细则"), town::folder() + "/clauses/town/rules.tiao"}) {
    check::AgreementRef ref;
    EXPECT_FALSE(find_agreement(project, name, ref)) << name;
    EXPECT_EQ(ref.name, "town.people");
  }
  check::AgreementRef ref;
  const Status failed = find_agreement(project, "town.cats", ref);
  ASSERT_TRUE(failed);
  EXPECT_THAT(failed->en, HasSubstr("town.people"));
}

TEST(AgreementTest, HashDependsOnWhatTheClausesSayAlone) {
  const town::Town one, two;
  EXPECT_EQ(one.agreement.info.hash.size(), 16u);
  EXPECT_EQ(one.agreement.info.hash, two.agreement.info.hash);
}

}  // namespace
}  // namespace tiao::driver
