// The verifier's first half, apart from the order of declarations.
#pragma once

#include <string>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::core {

// Faults of single expressions: argument numbers, ids, types.
void verify_exprs(const Program& program, std::vector<std::string>& faults);
// Faults of a set of rows: hops that do not fit the entities they start from.
void verify_source(const Program& program, const Source& source, const std::string& place, std::vector<std::string>& faults);

}  // namespace tiao::core
