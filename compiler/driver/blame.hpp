// Which operations make a verdict another: sets of operations that alone, with what they build on, give the later verdict. Every
// set that is named was evaluated, over all facts, since what happens to one subject may depend on the others; parts of a verdict
// that depend on no operation in common are asked about on their own.
#pragma once

#include <vector>

#include "compiler/driver/diff_sides.hpp"

namespace tiao::driver {

/// `places`: of report.differing on the later side. Of each part tries each operation alone and each left out, then pairs and triples of those
/// that may matter to some subject; where no such set does, drops from all of them what can be dropped.
Status blame(DiffSides& sides, const std::vector<std::size_t>& places, const Progress& progress, DiffReport& report);

}  // namespace tiao::driver
