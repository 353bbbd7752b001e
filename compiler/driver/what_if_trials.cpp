#include "compiler/driver/what_if_trials.hpp"

#include <set>

namespace tiao::driver {

Trial Trial::with(const FactCell& cell, const Cell& value) const {
  Trial out = *this;
  out.moves.push_back({cell, value});
  return out;
}

Trial Trial::forgetting(const FactCell* first, std::size_t count) const {
  Trial out = *this;
  for (std::size_t i = 0; i < count; ++i) out.moves.push_back({first[i], std::nullopt});
  return out;
}

template <class F>
auto Trials::evaluated(const Trial& trial, F ask) {
  ++made_;
  FactChanges changes(facts_);
  if (trial.gone != nullptr) changes.remove(*trial.gone);
  for (const Trial::Move& move : trial.moves) {
    const auto row = trial.gone == nullptr ? move.cell.row : trial.gone->number_after(move.cell.entity, move.cell.row);
    if (!row) continue;
    if (move.value) changes.set(move.cell.entity, *row, move.cell.column, *move.value);
    else changes.forget(move.cell.entity, *row, move.cell.column);
  }
  interp::Interpreter interpreter(program_, facts_, {as_of_});
  return ask(interpreter);
}

Truth Trials::state(const Trial& trial) {
  return evaluated(trial, [&](interp::Interpreter& interpreter) { return question_.state(interpreter, trial.gone); });
}

void Trials::that_matter(const Trial& trial, Truth stands, const FactCell* first, std::size_t count, std::vector<FactCell>& out) {
  if (count == 0 || spent() || state(trial.forgetting(first, count)) == stands) return;
  if (count == 1) return out.push_back(*first);
  that_matter(trial, stands, first, count / 2, out);
  that_matter(trial, stands, first + count / 2, count - count / 2, out);
}

std::vector<FactCell> Trials::open_among(const Trial& trial, const std::vector<FactCell>& cells) {
  const std::set<FactCell> open = evaluated(trial, [&](interp::Interpreter& interpreter) {
    std::set<FactCell> found;
    for (const interp::Blank& blank : question_.blanks(interpreter, trial.gone))
      if (blank.column != none) found.insert({blank.entity, blank.row, blank.column});
    return found;
  });
  std::vector<FactCell> out;
  for (const FactCell& cell : cells) {
    const auto row = trial.gone == nullptr ? cell.row : trial.gone->number_after(cell.entity, cell.row);
    if (row && open.contains({cell.entity, *row, cell.column})) out.push_back(cell);
  }
  return out;
}

}  // namespace tiao::driver
