// `--readings all`: which results the other readings would give.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/driver/case.hpp"
#include "compiler/driver/engine.hpp"
#include "compiler/driver/readings.hpp"

namespace tiao::driver {

/// Of one subject at most so many combinations are evaluated, the chosen one included.
inline constexpr std::size_t most_combinations = 64;

/// Completes the verdicts of a run: `sensitive` of every reading relied on, and each different result once. `facts` holds the
/// chosen readings; they are changed on the way and put back.
Status run_all_readings(const CompiledAgreement& agreement, Engine& engine, facts::FactBase& facts, std::int64_t as_of,
                        std::optional<std::int64_t> since, const std::vector<std::size_t>& subjects, std::vector<verdict::Verdict>& verdicts);

}  // namespace tiao::driver
