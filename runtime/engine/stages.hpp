// A stage machine over the rows of one owner: docs/engine-semantics.md, "Stages".
#pragma once

#include <cstdint>

#include "runtime/engine/array.hpp"
#include "runtime/program/stages.hpp"
#include "runtime/value/value.hpp"

namespace tiao::engine {

struct StageRow {
  std::int64_t lo, hi;     // its day
  Truth in;                // yes or unknown
  std::uint32_t kinds;     // bit c: the row may be one with just the moves c open
};

// The mask of the states in which the machine may be after the rows; 0: an error. The rows are put in order of their days.
std::uint64_t run_stages(StageMoves moves, Array<StageRow>& rows);

}  // namespace tiao::engine
