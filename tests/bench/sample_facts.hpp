// A sample in memory, loaded through the builder that all facts pass.
#pragma once

#include <string>

#include "runtime/facts/tables.hpp"
#include "tests/bench/sample.hpp"

namespace tiao::bench {

/// Empty when all went well, else what is wrong with the facts.
std::string make_facts(const Schema& schema, const SampleOptions& options, facts::FactBase& out);

}  // namespace tiao::bench
