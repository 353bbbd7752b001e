// `--readings all`: which results the other readings would give.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/driver/case.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/readings.hpp"

namespace tiao::driver {

/// All combinations are evaluated when there are no more than so many, the chosen one included. Otherwise every reading alone, and of
/// the readings that one subject relies on or turns on so many combinations at most.
inline constexpr std::size_t most_combinations = 64;

/// Completes the verdicts of a run: of every reading relied on, or on which the result turns, whether and what it changes; and each
/// different result once. Readings that nothing in the program depends on are not tried. `facts` holds the chosen readings; they
/// are changed on the way and put back.
Status run_all_readings(const CompiledAgreement& agreement, Engine& engine, facts::FactBase& facts, std::int64_t as_of,
                        std::optional<std::int64_t> since, const std::vector<std::size_t>& subjects, std::vector<verdict::Verdict>& verdicts);

}  // namespace tiao::driver
