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

/// A duty and the place that says what its breach leads to.
struct DutyLink { std::string duty, english, under, under_english; bool by_citation = false; };
struct CoverageAddress { std::string address, english, label; };

struct CoverageReport {
  std::string agreement;
  std::vector<CoverageRow> rows;
  std::vector<CoverageTotal> totals;
  std::size_t executable = 0, recorded = 0, elsewhere = 0, tested = 0, missing = 0;
  std::size_t scenarios = 0, passed = 0;
  // Filled where some duty says where its breach leads.
  std::vector<DutyLink> links;
  std::vector<CoverageAddress> without_consequence;   // duties whose breach leads nowhere that the text says
  std::vector<CoverageAddress> without_duty;          // items with a consequence that no duty leads to
};

Status coverage(const Project& project, const std::string& agreement, diag::Diagnostics& diagnostics, CoverageReport& report);

std::string coverage_text(const CoverageReport& report, bool chinese);
std::string coverage_json(const CoverageReport& report);

}  // namespace tiao::driver
