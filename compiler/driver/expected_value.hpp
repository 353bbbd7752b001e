// Comparing an expected value of an act with the one found.
#pragma once

#include "compiler/check/scenario.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

/// A parameter or time of an act: a permitted range is not a value that is merely not known.
bool matches_act(const verdict::Names& names, const check::ExpectedValue& expected, const verdict::Value& found);
/// A report: surely so.
bool matches_report(const verdict::Names& names, const check::ExpectedValue& expected, const verdict::Value& found);

}  // namespace tiao::driver
