// `tiao coverage`: is every address of an agreement accounted for, and does a scenario ask about it?
#pragma once

#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::driver {

/// How far scenarios go: an expectation names the address, or a passing scenario at least reaches it.
enum class Tested : std::uint8_t { no, reached, cited };

struct CoverageRow {
  std::string address, english, label, reason;
  NodeStatus status = NodeStatus::structural;
  Tested tested = Tested::no;
  unsigned depth = 0;
  bool missing = false;          // the numbering has a gap here
};

/// How many of the addresses of one level are there: 42/42 articles.
struct CoverageTotal { std::string level; std::size_t there = 0, all = 0; };

struct CoverageReport {
  std::string agreement;
  std::vector<CoverageRow> rows;
  std::vector<CoverageTotal> totals;
  std::size_t executable = 0, recorded = 0, elsewhere = 0, tested = 0, missing = 0;
  std::size_t scenarios = 0, passed = 0;
};

Status coverage(const Project& project, const std::string& agreement, diag::Diagnostics& diagnostics, CoverageReport& report);

std::string coverage_text(const CoverageReport& report, bool chinese);
std::string coverage_json(const CoverageReport& report);

}  // namespace tiao::driver
