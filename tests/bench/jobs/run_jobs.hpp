// The three jobs measured: compiled clauses against the same by hand, and everything that is decided compared.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/measure.hpp"

namespace tiao::bench {

struct JobRequest {
  std::filesystem::path root, work;
  std::vector<std::uint32_t> sizes{10'000, 100'000, 1'000'000, 10'000'000};   // cases and incidents
  std::uint32_t most_clinics = 1'000'000;                            // the tail stops there
  unsigned repetitions = 5;
  std::uint32_t most_for_peers = 1'000'000;                          // cases and clinics for DuckDB and Polars; incidents are all
  std::uint32_t sqlite_rows = 200'000;
  std::uint32_t rules_rows = 200'000;
  bool peers = true;
  std::string only;                                                  // F, P or tail; empty: all
};

/// Figures and ratios of all jobs; what is not equal goes to `problems`.
void measure_jobs(const JobRequest& request, Report& report, std::vector<std::string>& problems);

/// No clock: twins, both engines and (in how often each remedy holds) SQLite on so many rows. Empty when something is not equal.
std::string smoke_jobs(const std::filesystem::path& root, std::uint32_t rows, const std::string& only, std::vector<std::string>& problems);

}  // namespace tiao::bench
