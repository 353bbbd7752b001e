#include "tests/bench/jobs/peers.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

namespace tiao::bench {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool same_counts(const PeerJob& job, const std::string& peer, const PeerCounts& theirs, std::vector<std::string>& problems) {
  if (theirs == job.expected) return true;
  for (const auto& [name, ours] : job.expected) {
    const auto found = theirs.find(name);
    const std::pair<std::uint64_t, std::uint64_t> counted = found == theirs.end() ? std::pair<std::uint64_t, std::uint64_t>{} : found->second;
    if (counted != ours)
      problems.push_back(fmt::format("{} of {} rows: {} finds {} {} times and {} times unknown, the twin {} and {}", job.name, job.tables[0].rows, peer, name, counted.first, counted.second,
                                     ours.first, ours.second));
  }
  return false;
}

class Database {
 public:
  Database() { sqlite3_open(":memory:", &db_); }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  bool run(const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return true;
    if (error.empty()) error = message;
    sqlite3_free(message);
    return false;
  }

  bool insert(const PeerTable& table) {
    std::string columns, marks;
    for (const std::string& c : table.columns) columns += (columns.empty() ? "" : ", ") + c + " INTEGER", marks += marks.empty() ? "?" : ", ?";
    sqlite3_stmt* statement = nullptr;
    bool good = run("CREATE TABLE " + table.name + " (" + columns + ")") && run("BEGIN") &&
                sqlite3_prepare_v2(db_, ("INSERT INTO " + table.name + " VALUES (" + marks + ")").c_str(), -1, &statement, nullptr) == SQLITE_OK;
    std::vector<std::int64_t> cells(table.columns.size());
    for (std::uint32_t row = 0; row < table.rows && good; ++row) {
      table.read(row, cells.data());
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const int place = static_cast<int>(c) + 1;
        cells[c] == PeerTable::null ? sqlite3_bind_null(statement, place) : sqlite3_bind_int64(statement, place, cells[c]);
      }
      good = sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return run("COMMIT") && good;
  }

  std::pair<std::uint64_t, std::uint64_t> count(const std::string& table, const std::string& column) {
    sqlite3_stmt* statement = nullptr;
    std::pair<std::uint64_t, std::uint64_t> counts;
    const std::string sql = "SELECT coalesce(sum(" + column + "), 0), count(*) - count(" + column + ") FROM " + table;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
      counts = {static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0)), static_cast<std::uint64_t>(sqlite3_column_int64(statement, 1))};
    sqlite3_finalize(statement);
    return counts;
  }

  std::string error;

 private:
  sqlite3* db_ = nullptr;
};

void write_csv(const PeerTable& table, const fs::path& folder) {
  std::FILE* out = std::fopen((folder / (table.name + ".csv")).c_str(), "wb");
  if (out == nullptr) return;
  std::string buffer;
  for (const std::string& c : table.columns) buffer += (buffer.empty() ? "" : ",") + c;
  buffer += '\n';
  std::vector<std::int64_t> cells(table.columns.size());
  char digits[24];
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    table.read(row, cells.data());
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c != 0) buffer += ',';
      if (cells[c] != PeerTable::null) buffer.append(digits, std::to_chars(digits, std::end(digits), cells[c]).ptr);
    }
    buffer += '\n';
    if (buffer.size() < (1u << 20)) continue;
    std::fwrite(buffer.data(), 1, buffer.size(), out);
    buffer.clear();
  }
  std::fwrite(buffer.data(), 1, buffer.size(), out);
  std::fclose(out);
}

std::string output_of(const std::string& command) {
  std::string out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  char part[4096];
  for (std::size_t n; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, n);
  pclose(pipe);
  return out;
}

std::string unit_of(const std::string& job) { return std::string("million ") + (job == "F" ? "cases" : job == "P" ? "incidents" : "clinics") + "/s"; }

}  // namespace

double run_sqlite(const std::filesystem::path& root, const std::string& name, std::uint32_t rows, unsigned repetitions, std::vector<std::string>& problems) {
  const PeerJob job = peer_job(name, rows);
  Database database;
  for (const PeerTable& table : job.tables)
    if (!database.insert(table)) return problems.push_back("SQLite: " + database.error), 0;
  const std::string sql = text_of(root / "tests/bench/peers" / job.sql);
  Timings timings;
  for (unsigned r = 0; r < repetitions; ++r) {
    for (const auto& [table, columns] : job.results) database.run("DROP TABLE IF EXISTS " + table);
    const ProcessorWatch clock;
    if (!database.run(sql)) return problems.push_back("SQLite: " + database.error), 0;
    timings.add(clock.seconds());
  }
  PeerCounts counts;
  for (const auto& [table, columns] : job.results)
    for (const std::string& column : columns) counts[column] = database.count(table, column);
  return same_counts(job, "SQLite", counts, problems) ? rows / timings.best() : 0;
}

void measure_sqlite(const PeerRequest& request, const std::string& name, double ours, Report& report, std::vector<std::string>& problems) {
  const double theirs = run_sqlite(request.root, name, request.sqlite_rows, request.repetitions, problems);
  if (theirs == 0) return;
  report.add(fmt::format("{}: SQLite {}", name, sqlite3_libversion()), theirs / 1e6, unit_of(name), fmt::format("{} rows, in memory", request.sqlite_rows));
  report.ratio(name + "_vs_sqlite", ours / theirs);
}

void measure_installed_peers(const PeerRequest& request, const std::vector<PeerSize>& sizes, Report& report, std::vector<std::string>& problems) {
  const fs::path place = request.root / "tests/bench/peers", folder = request.work / "peers";
  if (!fs::exists(place / "node_modules")) {
    report.notes.push_back("DuckDB and Polars are not measured: tests/bench/peers/install.sh installs them");
    return;
  }
  fs::create_directories(folder);
  std::map<std::string, PeerJob> jobs;
  for (const PeerSize& size : sizes) {
    PeerJob job = peer_job(size.job, size.rows);
    for (const PeerTable& table : job.tables) write_csv(table, folder);
    for (PeerTable& table : job.tables) table.read = nullptr;
    job.keep = nullptr;   // files hold the rows now
    jobs.emplace(size.job, std::move(job));
  }
  const unsigned all = std::max(1u, std::thread::hardware_concurrency());
  for (const char* peer : {"duckdb", "polars"})
    for (const unsigned threads : {1u, all}) {
      if (threads == all && all == 1 && threads != 1) continue;
      const std::string told = output_of(fmt::format("POLARS_MAX_THREADS={} node '{}' {} '{}' {} {}", threads, (place / "run.mjs").string(), peer, folder.string(), threads, request.repetitions));
      const auto answer = nlohmann::json::parse(told, nullptr, false);
      if (answer.is_discarded()) {
        problems.push_back(fmt::format("{} with {} threads said nothing that can be read", peer, threads));
        continue;
      }
      for (const PeerSize& size : sizes) {
        const PeerJob& job = jobs.at(size.job);
        const auto& result = answer["results"][size.job];
        PeerCounts counts;
        for (const auto& [column, pair] : result["counts"].items()) counts[column] = {pair[0].get<std::uint64_t>(), pair[1].get<std::uint64_t>()};
        same_counts(job, peer, counts, problems);
        const double theirs = size.rows / result["seconds"].get<double>();
        report.add(fmt::format("{}: {} {}, {} thread{}", size.job, peer, answer["version"].get<std::string>(), threads, threads == 1 ? "" : "s"), theirs / 1e6, unit_of(size.job),
                   fmt::format("{} rows", size.rows));
        if (threads == 1) report.ratio(fmt::format("{}_vs_{}", size.job, peer), size.ours / theirs);
      }
    }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

}  // namespace tiao::bench
