// Values of a fact that may make a difference: found in the program and in the run, tried by evaluation.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::driver {

/// The farthest step that is taken towards an end that has no bound: 2 to this power.
inline constexpr unsigned longest_stride = 40;

/// Of a value that is only known to lie in `possible`. Each truth, each choice; of what has an order the ends, the days around
/// as-of, and the thresholds of the text; at most `most`.
std::vector<Cell> worth_trying(const core::Program& program, const Type& type, const Cell& possible, std::int64_t as_of, std::size_t most);

}  // namespace tiao::driver
