// One remedy evaluated with facts otherwise, counted. What makes a search by it short: a value that is known less well never decides
// more. A remedy that stands as it does with facts forgotten stands so whatever they are, and they need not be tried; likewise with
// one that is taken to lie anywhere in a range.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/driver/what_if_question.hpp"
#include "compiler/driver/what_if_space.hpp"

namespace tiao::driver {

/// Facts as they are taken to be: a row not there, cells with a value or a range, or (no value) forgotten.
struct Trial {
  struct Move { FactCell cell; std::optional<Cell> value; };
  const RowsOut* gone = nullptr;
  std::vector<Move> moves;

  Trial with(const FactCell& cell, const Cell& value) const;
  Trial forgetting(const FactCell* first, std::size_t count) const;
};

inline bool decided(Truth truth) { return truth == Truth::yes || truth == Truth::no; }

class Trials {
 public:
  /// At most `most` evaluations.
  Trials(const core::Program& program, facts::FactBase& facts, std::int64_t as_of, const Question& question, Truth goal, std::uint64_t most)
      : program_(program), facts_(facts), as_of_(as_of), question_(question), goal_(goal), most_(most) {}

  Truth base() const { return question_.base(); }
  Truth state(const Trial& trial);
  /// Is this what is looked for? Not when all evaluations are spent.
  bool reaches(const Trial& trial) { return !spent() && state(trial) == goal_; }
  bool spent() const { return made_ >= most_; }
  std::uint64_t made() const { return made_; }

  /// Of `count` cells those that matter when they alone are forgotten beside the trial, in which it `stands` so. Whole stretches are
  /// forgotten first.
  void that_matter(const Trial& trial, Truth stands, const FactCell* first, std::size_t count, std::vector<FactCell>& out);
  /// Of these cells those that keep it open.
  std::vector<FactCell> open_among(const Trial& trial, const std::vector<FactCell>& cells);

 private:
  template <class F> auto evaluated(const Trial& trial, F ask);

  const core::Program& program_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  const Question& question_;
  Truth goal_;
  std::uint64_t most_, made_ = 0;
};

}  // namespace tiao::driver
