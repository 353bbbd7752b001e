// What is asked of a counterfactual: one remedy on one case, and how it stands when facts are otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/remedy_item.hpp"
#include "runtime/verdict/model.hpp"

namespace tiao::driver {

/// How a remedy is worded: rows of one remedy and target are kept apart by it.
struct Act {
  RemedyId remedy = none;
  program::Modality modality = program::Modality::must;
  ActorId actor = none;
  std::uint32_t alternative = 0;
  friend auto operator<=>(const Act&, const Act&) = default;
};
Act act_of(const verdict::RemedyEntry& entry);

class Question {
 public:
  /// A remedy that is listed. Where the act stands on its target more than once, this one of them is meant.
  Question(const core::Program& program, EvidenceWalk& walk, const verdict::Verdict& verdict, std::size_t entry);
  /// An act that is not listed, on any of these rows.
  Question(const core::Program& program, const Act& act, std::vector<std::uint32_t> targets, std::vector<std::string> keys);

  /// False: the rows of this act cannot be told apart, and this one is open.
  bool answerable() const { return possible_ < 2 || item_.has_value() || base_ == Truth::yes; }
  Truth base() const { return base_; }
  const Act& act() const { return act_; }
  const std::optional<std::size_t>& entry() const { return entry_; }   // of the verdict
  /// Yes: it holds. No: it is not there, and nothing stands in its place.
  Truth state(interp::Interpreter& interpreter, const RowsOut* gone = nullptr) const;
  /// What keeps it open.
  std::vector<interp::Blank> blanks(interp::Interpreter& interpreter, const RowsOut* gone = nullptr) const;
  /// The same of a verdict, in which rows are told by their keys.
  Truth state(const verdict::Verdict& verdict) const;

 private:
  struct Rows { Truth state = Truth::no; std::uint32_t holding = 0, possible = 0; };
  template <class F> void each_row(interp::Interpreter& interpreter, const RowsOut* gone, F f) const;
  Rows rows(const verdict::Verdict& verdict) const;

  const core::Program& program_;
  Act act_;
  std::vector<std::uint32_t> targets_;
  std::vector<std::string> target_keys_;
  std::optional<std::size_t> entry_;
  std::optional<RemedyItem> item_;       // where the act stands there more than once
  Truth base_ = Truth::no;
  std::uint32_t holding_ = 0, possible_ = 0;
};

}  // namespace tiao::driver
