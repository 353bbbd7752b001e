// What must hold of every program that an engine is given. Run after each pass in debug builds, and by tests.
#pragma once

#include <string>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::core {

// One line per fault, in program order; empty: the program is well formed. Checked are ids, numbers and types of arguments,
// that every row slot is bound where it is read, and that a declaration reads only what earlier strata provide.
std::vector<std::string> verify(const Program& program);

}  // namespace tiao::core
