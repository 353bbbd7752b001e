// What verdicts need of a compiled program, in the runtime's own terms.
#pragma once

#include "compiler/core/core.hpp"
#include "runtime/program/program.hpp"

namespace tiao::driver {

program::ProgramInfo info_of(const core::Program& program);

}  // namespace tiao::driver
