// One agreement, compiled: what `run`, `explain`, `test` and `coverage` start from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/check/check.hpp"
#include "compiler/diag/diag.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/program/program.hpp"

namespace tiao::driver {

struct CompiledAgreement {
  check::AgreementRef ref;
  check::Compiled compiled;
  program::ProgramInfo info;
  const Schema& schema() const { return compiled.program.schema; }
};

/// Finds an agreement by name or by the file that declares it. After NAME@DATE every row is judged by what was in force on that day;
/// NAME@base is the agreement's own text without any supplement.
Status find_agreement(const Project& project, const std::string& text, check::AgreementRef& out);

/// Compiles; what is wrong goes to `diagnostics`, and the status is then `findings`.
Status compile(const Project& project, const check::AgreementRef& agreement, diag::Diagnostics& diagnostics, CompiledAgreement& out);

/// The same, or what an earlier run kept of the same sources, tool and name; nothing is parsed then. `cache` empty: nowhere kept.
Status compile_or_load(const Project& project, const std::string& name, const std::filesystem::path& cache, diag::Diagnostics& diagnostics, CompiledAgreement& out);

/// Everything that is wrong with the requested files of a project, in order.
diag::Diagnostics check_project(const Project& project);

}  // namespace tiao::driver
