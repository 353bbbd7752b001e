// The values of one fact that turn a remedy, other changes being made: of what has an order the nearest on either side.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/driver/what_if_trials.hpp"
#include "compiler/driver/what_if_values.hpp"

namespace tiao::driver {

/// One fact that would be otherwise: a cell with another value, or a row that is not there.
struct Alteration {
  FactCell cell;
  Cell before, value;
  facts::Presence was = facts::Presence::given;
  std::optional<Cell> falls_short;       // the next value on the way, which does not do it
  std::vector<Cell> also;                // other values of a scale that do it as well
  std::optional<RowsOut> without;        // the row, with what stands under it
};

class Nearest {
 public:
  /// `cells`: of the case, in sight while it is used; a fact may have to be what another one is.
  Nearest(Trials& trials, const FactValues& values, const std::vector<FactCell>& cells) : trials_(trials), values_(values), cells_(cells) {}

  /// `stands`: how it stands with the trial alone.
  std::vector<Alteration> find(const Trial& trial, Truth stands, const FactCell& cell);
  /// The first step from which on the steps before could matter, together with what is open in the trial.
  std::optional<std::int64_t> first_step(const Trial& trial, Truth stands, const FactCell& cell, const Axis& axis, int way);
  /// Moves the first of two facts no farther than it takes, the second being as it was found.
  void draw_nearer(Alteration& first, Alteration& second);
  Alteration altered(const FactCell& cell, const Cell& value) const;

 private:
  void single_values(const Trial& trial, const FactCell& cell, std::vector<Alteration>& out);
  void on_one_side(const Trial& trial, Truth stands, const FactCell& cell, const Axis& axis, int way, std::vector<Alteration>& out);
  std::vector<std::int64_t> steps_worth_trying(const FactCell& cell, const Axis& axis, int way, std::size_t most) const;

  Trials& trials_;
  const FactValues& values_;
  const std::vector<FactCell>& cells_;
};

}  // namespace tiao::driver
