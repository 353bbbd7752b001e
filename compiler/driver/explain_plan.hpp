// `tiao run --explain-plan`: what a run over these facts would do, and what it would take.
#pragma once

#include <string>

#include "compiler/driver/prepare.hpp"

namespace tiao::driver {

/// Stages, kernels and bytes a row as the compiled engine has them, the engine that would be taken, and the memory expected.
std::string explain_plan(const Prepared& ready, const RunRequest& request);

}  // namespace tiao::driver
