// What a drafter reads when something is wrong: each file of tests/golden/check is checked and its messages compared, in both
// languages. TIAO_UPDATE=1 writes them anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "compiler/check/check.hpp"
#include "compiler/core/verifier.hpp"
#include "compiler/syntax/parser.hpp"

namespace tiao::check {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(TIAO_SOURCE_DIR) / "tests/golden/check";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Checks one file together with the prelude.
struct Checked {
  source::SourceMap sources;
  ProjectSources project;
  diag::Diagnostics diagnostics;
  std::vector<std::string> defects;   // of the core, where one was made

  explicit Checked(const fs::path& file) {
    project.sources = &sources;
    for (const fs::path& path : {folder / "prelude.tiao", file}) {
      const auto id = sources.add(path.filename().string(), read(path));
      project.files.push_back({path.stem().string(), syntax::parse_file(sources, id, diagnostics, project.arena)});
    }
    for (const auto& agreement : agreements(project)) {
      Compiled compiled;
      if (compile(project, agreement, diagnostics, compiled)) defects = core::verify(compiled.program);
    }
    check_rest(project, diagnostics);
    diagnostics.sort();
  }
  std::string text(diag::Language language) const {
    diag::RenderOptions options;
    options.language = language;
    options.limit = 1000;
    return diag::render_text(sources, diagnostics, options);
  }
};

std::vector<fs::path> inputs() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".tiao" && entry.path().stem() != "prelude") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Messages, AreWhatTheFilesSay) {
  for (const auto& input : inputs()) {
    const Checked checked(input);
    EXPECT_TRUE(checked.defects.empty()) << input << ": " << (checked.defects.empty() ? "" : checked.defects[0]);
    for (const auto& [language, extension] : {std::pair{diag::Language::zh, ".zh.txt"}, std::pair{diag::Language::en, ".en.txt"}}) {
      const fs::path expected = folder / (input.stem().string() + extension);
      const std::string found = checked.text(language);
      if (std::getenv("TIAO_UPDATE")) std::ofstream(expected, std::ios::binary) << found;
      EXPECT_EQ(read(expected), found) << expected;
    }
  }
}

TEST(Messages, OfTheCheckerAllHaveAnExample) {
  std::set<std::string_view> seen;
  for (const auto& input : inputs()) {
    const Checked checked(input);
    for (const auto& d : checked.diagnostics.all()) {
      seen.insert(diag::message(d.code).name);
      for (const auto& label : d.labels) seen.insert(diag::message(label.code).name);
    }
  }
  for (auto code = static_cast<int>(diag::Code::address_twice); code < static_cast<int>(diag::Code::count_); ++code) {
    const auto& message = diag::message(static_cast<diag::Code>(code));
    EXPECT_TRUE(seen.count(message.name)) << message.name << " has no example under tests/golden/check";
  }
}

TEST(Messages, NoneForACleanFile) {
  const Checked checked(folder / "clean.tiao");
  EXPECT_TRUE(checked.diagnostics.empty()) << checked.text(diag::Language::en);
}

}  // namespace
}  // namespace tiao::check
