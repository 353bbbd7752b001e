// One listed remedy, recognised again in an evaluation of other facts.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/driver/evidence.hpp"
#include "compiler/driver/fact_changes.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/verdict/model.hpp"

namespace tiao::driver {

class RemedyItem {
 public:
  /// `walk` has walked the facts in which the remedy is listed.
  RemedyItem(const core::Program& program, EvidenceWalk& walk, const verdict::RemedyEntry& entry);

  /// Rows that are made anew when facts change can be told apart by what they are about; spans cannot.
  bool recognisable() const { return !per_row() || program_.schema.entities[lead_->scope].origin != EntityOrigin::span; }
  /// Its state; with `blanks` also what keeps it open. `gone`: rows that are not there in these facts.
  Truth state(interp::Interpreter& interpreter, std::vector<interp::Blank>* blanks, const RowsOut* gone = nullptr) const;

 private:
  bool per_row() const { return program_.schema.remedies[remedy_].combine != Combine::once; }
  bool is_it(interp::Interpreter& interpreter, std::uint32_t row, const RowsOut* gone) const;
  std::vector<Cell> marks(interp::Interpreter& interpreter, std::uint32_t row) const;

  const core::Program& program_;
  RemedyId remedy_;
  std::uint32_t target_;
  const core::Ground* lead_ = nullptr;
  std::uint32_t lead_id_ = none, scope_row_ = none;
  std::vector<Cell> marks_;
  std::vector<EntityId> marked_;   // of a path: the entities of the rows in it, parallel to the marks
};

}  // namespace tiao::driver
