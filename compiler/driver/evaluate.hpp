// `tiao eval`: single expressions, without any case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver {

struct Evaluated {
  std::string code;        // of what is wrong; empty when there is a value
  std::string message;     // of an error that arose in evaluating
  std::string text;        // the value for people: 2025-02-28
  std::string json;        // the value as in a verdict
  std::string type;        // int, decimal(2), money, date …
  bool failed() const { return !code.empty(); }
};

/// Evaluates one expression with the vocabulary of the project. What cannot be read or typed goes to `diagnostics`.
Evaluated evaluate(Project& project, const std::string& expression, std::optional<std::int64_t> as_of, diag::Diagnostics& diagnostics);

/// One line of `--batch`: {"value":…,"type":…} or {"error":{"code":…}}.
std::string batch_line(const Evaluated& evaluated);

}  // namespace tiao::driver
