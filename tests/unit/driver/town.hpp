// The made-up town of the golden files, compiled: a whole project for tests of what stands above the engines.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver::town {

inline std::string folder() { return std::string(TIAO_SOURCE_DIR) + "/tests/golden/cli/project"; }
inline std::string facts() { return folder() + "/facts.json"; }

struct Town {
  Project project;
  CompiledAgreement agreement;
  Town() {
    diag::Diagnostics diagnostics;
    check::AgreementRef ref;
    EXPECT_FALSE(project.load({folder(), {}}));
    EXPECT_FALSE(find_agreement(project, "town.people", ref));
    EXPECT_FALSE(compile(project, ref, diagnostics, agreement)) << diag::render_text(project.sources(), diagnostics, {});
  }
};

}  // namespace tiao::driver::town
