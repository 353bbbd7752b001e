// The jobs in SQLite, in this process, and in DuckDB and Polars, if they are installed, in processes of their own. All get the same
// tables, and how often each remedy holds and may hold has to be as the twin says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/measure.hpp"

namespace tiao::bench {

/// One table as others are given it: whole numbers, truths as 0 and 1.
struct PeerTable {
  static constexpr std::int64_t null = INT64_MIN;
  std::string name;
  std::vector<std::string> columns;
  std::uint32_t rows = 0;
  std::function<void(std::uint32_t row, std::int64_t* cells)> read;
};

/// By the name of a result: how often it holds, how often that is not known.
using PeerCounts = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;

struct PeerJob {
  std::string name;                  // F, P, tail
  std::string sql;                   // file beside the peers
  std::vector<PeerTable> tables;
  PeerCounts expected;
  std::vector<std::pair<std::string, std::vector<std::string>>> results;   // tables that the SQL makes, and what of them is counted
  std::shared_ptr<const void> keep;
};
PeerJob peer_job(const std::string& job, std::uint32_t rows);

struct PeerRequest {
  std::filesystem::path root, work;
  unsigned repetitions = 3;
  std::uint32_t sqlite_rows = 200'000;
};

/// Rows a second of a job in SQLite; 0 when it fails or does not count as the twin does.
double run_sqlite(const std::filesystem::path& root, const std::string& job, std::uint32_t rows, unsigned repetitions, std::vector<std::string>& problems);

/// `ours`: the rate of compiled clauses, in rows a second, at a job's number of rows.
void measure_sqlite(const PeerRequest& request, const std::string& job, double ours, Report& report, std::vector<std::string>& problems);
struct PeerSize { std::string job; std::uint32_t rows; double ours; };
void measure_installed_peers(const PeerRequest& request, const std::vector<PeerSize>& sizes, Report& report, std::vector<std::string>& problems);

}  // namespace tiao::bench
