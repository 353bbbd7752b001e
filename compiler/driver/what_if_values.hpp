// The values that a fact could have instead, nearest first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/driver/what_if_space.hpp"

namespace tiao::driver {

/// A known value with an order, and the values around it that the register allows.
struct Axis {
  std::int64_t from = 0, step = 1;
  std::int64_t down = 0, up = 0;         // steps that can be taken
  std::int64_t at(std::int64_t n, int way) const { return from + way * n * step; }
  std::int64_t room(int way) const { return way < 0 ? down : up; }
  /// The values from the n-th step to the m-th.
  Cell between(std::int64_t n, std::int64_t m, int way) const;
  /// Steps to the value, or nothing if it is not that way or not within reach.
  std::optional<std::int64_t> steps_to(std::int64_t value, int way) const;
};

class FactValues {
 public:
  FactValues(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of) : program_(program), facts_(facts), as_of_(as_of) {}

  const Column& column(const FactCell& cell) const { return program_.schema.entities[cell.entity].columns[cell.column]; }
  Cell now(const FactCell& cell) const { return facts_.tables[cell.entity].columns[cell.column].cell(cell.row, column(cell).type.kind); }
  facts::Presence presence(const FactCell& cell) const { return static_cast<facts::Presence>(facts_.tables[cell.entity].columns[cell.column].presence[cell.row]); }
  bool is_blank(const FactCell& cell) const { return !is_known(now(cell), column(cell).type.kind); }

  /// Of a number, a day or a duration that is known.
  std::optional<Axis> axis(const FactCell& cell) const;
  /// Single values, without the one that it has; of what has an order those worth trying.
  std::vector<Cell> others(const FactCell& cell) const;
  /// Thresholds of the text, in steps of the axis.
  std::vector<std::int64_t> thresholds(const FactCell& cell, const Axis& axis, int way) const;

 private:
  std::vector<Cell> texts(const FactCell& cell) const;

  const core::Program& program_;
  const facts::FactBase& facts_;
  std::int64_t as_of_;
};

}  // namespace tiao::driver
