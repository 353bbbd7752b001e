// What a run over so many rows will hold at its fullest, reckoned from the plan before it starts.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/plan/plan.hpp"

namespace tiao::plan {

struct Footprint {
  std::size_t bytes = 0;     // of columns, tables and indexes beyond facts and results, at the fullest moment
  std::size_t stage = 0;     // in which that is
};

/// Rows of every entity: those of registers as given, of rows that the engine makes one for each row above them.
std::vector<std::uint64_t> expected_rows(const Schema& schema, const std::vector<std::uint64_t>& of_registers);

/// Rows of the root that are taken at a time, so that what is made of them stays in the cache. `rows`: by entity, of registers at least.
std::uint32_t rows_of_part(const PartsPlan& parts, const Schema& schema, const std::vector<std::uint64_t>& rows);

Footprint expected_memory(const Plan& plan, const core::Program& program, const std::vector<std::uint64_t>& rows);

}  // namespace tiao::plan
