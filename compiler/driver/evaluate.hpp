// `tiao eval`: single expressions, without any case.
#pragma once

#include <cstdint>
#include <memory>
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

/// Evaluates expressions with the vocabulary of the standard library and, where that does not do, with that of the whole project:
/// tables and blanks of agreements stand there, and most expressions start faster without.
class Evaluator {
 public:
  explicit Evaluator(std::string project_directory) : directory_(std::move(project_directory)) {}

  Status prepare();
  /// What cannot be read or typed goes to `diagnostics`, which then speak of sources().
  Evaluated evaluate(const std::string& expression, std::optional<std::int64_t> as_of, diag::Diagnostics& diagnostics);
  const source::SourceMap& sources() const { return spoke_last_->sources(); }

 private:
  Project* whole();

  std::string directory_;
  Project library_;
  std::unique_ptr<Project> whole_;
  bool whole_tried_ = false;
  const Project* spoke_last_ = &library_;
};

/// One line of `--batch`: {"value":…,"type":…} or {"error":{"code":…}}.
std::string batch_line(const Evaluated& evaluated);

}  // namespace tiao::driver
