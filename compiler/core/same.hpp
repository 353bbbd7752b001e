#pragma once

#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::core {

// Structurally equal expressions: for each the first that is the same.
std::vector<ExprId> find_same(const Program& program);

}  // namespace tiao::core
