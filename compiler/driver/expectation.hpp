// Does a run come to what a scenario expects?
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/check/scenario.hpp"
#include "runtime/program/program.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

/// The verdicts of one run, with what is needed to name things in them.
struct Verdicts {
  verdict::Names names;
  const program::ProgramInfo& info;
  const std::vector<verdict::Verdict>& all;
};

struct ExpectationResult {
  bool met = false;
  std::string found_zh, found_en;      // when it is not met: what there is instead
  std::set<NodeId> cited;              // when it is met: addresses that it names
};

ExpectationResult check_expectation(const Verdicts& verdicts, const check::Expectation& expectation);

}  // namespace tiao::driver
