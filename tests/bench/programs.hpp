// The tiao program as its users start it: first verdict, check of a large file; and facts read from disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/measure.hpp"
#include "tests/bench/subject.hpp"

namespace tiao::bench {

struct ProgramRequest {
  std::filesystem::path tiao;       // the program
  std::filesystem::path root;       // the project
  std::filesystem::path work;       // a folder for what is written
  unsigned repetitions = 5;
};

void measure_start(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems);
/// How long the 84 articles of region.facility take to become machine code, in time of one processor.
void measure_code(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems);
/// Verdicts of an agreement that ranks a population of facilities, on both engines; what they write must be equal.
void measure_ranks(const ProgramRequest& request, std::uint32_t cases, std::vector<Figure>& figures, std::vector<std::string>& problems);
/// `tiao diff` against one `tiao run` over the same facts: two texts, two readings, and the operations that a difference is due to.
void measure_differences(const ProgramRequest& request, std::uint32_t cases, std::vector<Figure>& figures, std::vector<std::string>& problems);
void measure_check(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems);
void measure_loading(const Subject& subject, const ProgramRequest& request, std::uint32_t incidents, Report& told, std::vector<std::string>& problems);

/// A clause file of that many lines: articles as a city would write them, one like another.
std::string large_clauses(unsigned lines);

}  // namespace tiao::bench
