#include "compiler/driver/what_if_question.hpp"

#include <algorithm>

#include "runtime/value/scalar.hpp"

namespace tiao::driver {
namespace {

Truth truth_of(verdict::State state) {
  switch (state) {
    case verdict::State::applies: return Truth::yes;
    case verdict::State::undetermined: return Truth::unknown;
    case verdict::State::error: break;
  }
  return Truth::error;
}

}  // namespace

Act act_of(const verdict::RemedyEntry& entry) { return {entry.remedy, entry.modality, entry.actor, entry.alternative}; }

Question::Question(const core::Program& program, EvidenceWalk& walk, const verdict::Verdict& verdict, std::size_t entry)
    : program_(program), act_(act_of(verdict.remedies[entry])), targets_{verdict.remedies[entry].target.row}, target_keys_{verdict.remedies[entry].target.key}, entry_(entry) {
  const Rows there = rows(verdict);
  holding_ = there.holding;
  possible_ = there.possible;
  base_ = truth_of(verdict.remedies[entry].state);
  if (possible_ < 2) return;
  item_.emplace(program, walk, verdict.remedies[entry]);
  if (!item_->recognisable()) item_.reset();
}

Question::Question(const core::Program& program, const Act& act, std::vector<std::uint32_t> targets, std::vector<std::string> keys)
    : program_(program), act_(act), targets_(std::move(targets)), target_keys_(std::move(keys)) {}

template <class F>
void Question::each_row(interp::Interpreter& interpreter, const RowsOut* gone, F f) const {
  for (const std::uint32_t target : targets_) {
    const std::optional<std::uint32_t> now = gone == nullptr ? target : gone->number_after(program_.schema.remedies[act_.remedy].target, target);
    if (!now) continue;
    const interp::RowRange rows = interpreter.remedy_rows(act_.remedy, *now);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const RemedyTable& table = interpreter.remedy_table(act_.remedy);
      const core::Ground& lead = program_.grounds[table.lead[row]];
      if (static_cast<program::Modality>(lead.modality) == act_.modality && lead.actor == act_.actor && lead.alternative == act_.alternative)
        f(row, static_cast<Truth>(table.state[row]));
    }
  }
}

// Of several rows the one meant is gone only when there are fewer than before: one that merely has another day is the same to whom
// it concerns.
Truth Question::state(interp::Interpreter& interpreter, const RowsOut* gone) const {
  Truth state = Truth::no;
  std::uint32_t holding = 0, possible = 0;
  each_row(interpreter, gone, [&](std::uint32_t, Truth of_row) {
    state = scalar::or_(state, of_row);
    holding += of_row == Truth::yes;
    ++possible;
  });
  if (possible_ < 2) return state;
  if (const Truth own = item_ ? item_->state(interpreter, nullptr, gone) : Truth::no; own != Truth::no) return own;
  return possible < possible_ ? Truth::no : holding >= holding_ ? base_ : Truth::unknown;
}

std::vector<interp::Blank> Question::blanks(interp::Interpreter& interpreter, const RowsOut* gone) const {
  std::vector<interp::Blank> out;
  each_row(interpreter, gone, [&](std::uint32_t row, Truth) {
    for (interp::Blank& blank : interpreter.blanks_of_remedy_state(act_.remedy, row))
      if (std::find(out.begin(), out.end(), blank) == out.end()) out.push_back(std::move(blank));
  });
  return out;
}

Question::Rows Question::rows(const verdict::Verdict& verdict) const {
  Rows out;
  for (const verdict::RemedyEntry& entry : verdict.remedies) {
    if (act_of(entry) != act_ || std::find(target_keys_.begin(), target_keys_.end(), entry.target.key) == target_keys_.end()) continue;
    out.state = scalar::or_(out.state, truth_of(entry.state));
    ++out.possible;
    if (entry.state == verdict::State::applies) ++out.holding;
  }
  return out;
}

Truth Question::state(const verdict::Verdict& verdict) const {
  const Rows now = rows(verdict);
  if (possible_ < 2) return now.state;
  if (now.possible < possible_) return Truth::no;
  return now.holding > holding_ ? Truth::yes : base_;
}

}  // namespace tiao::driver
