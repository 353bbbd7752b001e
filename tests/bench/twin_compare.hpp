// The twin's results against an engine's.
#pragma once

#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "runtime/verdict/results.hpp"
#include "tests/bench/twin.hpp"

namespace tiao::bench {

struct Comparison {
  std::uint64_t compared = 0;              // single values
  std::uint64_t different = 0;
  std::vector<std::string> examples;       // the first few
};
Comparison compare(const core::Program& program, const Results& engine, const TwinResult& twin);

}  // namespace tiao::bench
