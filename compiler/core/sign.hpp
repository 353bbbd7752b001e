// What can be told of a number's sign from how it is made, whatever the facts.
#pragma once

#include "compiler/core/core.hpp"

namespace tiao::core {

/// Is the value, when it is one, never under zero? Said of entries of a ledger, so that rows which we do not know only add to it.
bool never_negative(const Program& program, ExprId expr);

}  // namespace tiao::core
