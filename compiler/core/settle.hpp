// What is left of a program once some of its parameters have their value.
#pragma once

#include <optional>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::core {

struct SettledParameter {
  std::optional<Cell> value;     // a known choice or truth; nothing: may be any
  std::optional<bool> set;       // for is_set
};

/// The same declarations with tests of settled parameters decided, and without the branches that then cannot be taken. Where every
/// settled parameter has its value the results are the same. `parameters` is parallel to Schema::parameters.
Program settle(const Program& program, const std::vector<SettledParameter>& parameters);

}  // namespace tiao::core
