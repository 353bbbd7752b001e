// What a pass hands on, as text: for people who work on the compiler.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/failure.hpp"
#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver {

/// ast, document, core, plan or llvm.
const std::vector<std::string>& dump_stages();
/// `ast` and `document` want only a project that parses; the others compile. `kernel`: of `llvm` this one alone; empty: all.
Status dump(const Project& project, const check::AgreementRef& agreement, const std::string& stage, const std::string& kernel, diag::Diagnostics& diagnostics, std::string& out);

}  // namespace tiao::driver
