// Compiled clauses against the interpreter and against the twin.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/measure.hpp"
#include "tests/bench/subject.hpp"

namespace tiao::bench {

struct EvaluationRequest {
  std::uint32_t incidents = 1'000'000;      // compiled engine and twin
  std::uint32_t interpreted = 100'000;       // interpreter
  unsigned repetitions = 5;
};

/// Times everything in one run and compares every result; differences go to `mismatches`.
void measure_evaluation(const Subject& subject, const EvaluationRequest& request, std::vector<Figure>& figures, std::vector<std::string>& mismatches);
/// Compares twin, compiled engine and interpreter on a few facts, without a clock. Says what it compared.
std::string smoke(const Subject& subject, std::uint32_t incidents, std::vector<std::string>& mismatches);

}  // namespace tiao::bench
