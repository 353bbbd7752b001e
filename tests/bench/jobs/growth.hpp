// How time grows: with rows, and with rules that share facts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/measure.hpp"

namespace tiao::bench {

/// time = rows^exponent, fitted in logarithms; and how far the times lie from the straight line that fits them best, relative to each.
struct GrowthFit { double exponent = 0, farthest_from_line = 0; };
GrowthFit fit_growth(const std::vector<Report::Point>& points);
/// Of a curve; nothing where it has fewer than three points.
void report_growth(const std::string& curve, const std::string& name, Report& report);

struct RulesRequest {
  std::filesystem::path root, work;
  std::uint32_t rows = 200'000;
  std::vector<unsigned> rules{5, 10, 20, 54, 100, 200};
  unsigned repetitions = 5;
};
/// So many rules over the findings of the first job, each of some of them.
std::string shared_rules(const std::filesystem::path& root, unsigned rules);
void measure_rules(const RulesRequest& request, Report& report, std::vector<std::string>& problems);

}  // namespace tiao::bench
