#include "runtime/verdict/model.hpp"

#include <algorithm>

namespace tiao::verdict {
namespace {

template <class Enum, std::size_t N>
const char* pick(Enum value, const std::array<const char*, N>& names) {
  return names[static_cast<std::size_t>(value)];
}

bool end_settled(const Cell& cell, const Type& type) {
  if (type.kind != Kind::ratio && cell.lo == cell.hi && (cell.lo == neg_inf || cell.lo == pos_inf)) return false;
  return is_known(cell, type.kind);
}

}  // namespace

const char* name_of(Outcome outcome) { return pick(outcome, std::array{"decided", "undetermined", "error"}); }
const char* name_of(State state) { return pick(state, std::array{"applies", "undetermined", "error"}); }
const char* name_of(Phase phase) { return pick(phase, std::array{"", "over", "running", "ahead", "undecided"}); }
const char* name_of(DutyState state) {
  return pick(state, std::array{"fulfilled", "breached", "pending", "undetermined", "not_applicable", "error"});
}
const char* name_of(FlagCode code) { return pick(code, std::array{"choice_out_of_range", "require"}); }
const char* name_of(program::Modality modality) { return pick(modality, std::array{"must", "must_not", "may", "automatic"}); }

bool settled(const Value& value) {
  switch (value.form) {
    case ValueForm::plain: return end_settled(value.lo, value.type);
    case ValueForm::between: return end_settled(value.lo, value.type) && end_settled(value.hi, value.type);
    case ValueForm::at_most: return end_settled(value.hi, value.type);
    case ValueForm::at_least: return end_settled(value.lo, value.type);
    case ValueForm::one_of: return false;
    case ValueForm::unstated:
    case ValueForm::until: return true;
  }
  return false;
}

bool in_error(const Value& value) {
  const Kind kind = value.type.kind;
  switch (value.form) {
    case ValueForm::plain:
    case ValueForm::at_least: return is_error(value.lo, kind);
    case ValueForm::at_most: return is_error(value.hi, kind);
    case ValueForm::between: return is_error(value.lo, kind) || is_error(value.hi, kind);
    case ValueForm::one_of:
    case ValueForm::unstated:
    case ValueForm::until: return false;
  }
  return false;
}

Concurrence concurrence_of(const Verdict& verdict) {
  Concurrence out;
  const auto add = [](std::vector<NodeId>& list, NodeId clause) {
    if (std::find(list.begin(), list.end(), clause) == list.end()) list.push_back(clause);
  };
  for (const RemedyEntry& entry : verdict.remedies) {
    if (entry.state != State::applies || entry.cites.empty()) continue;
    add(out.clauses, entry.cites.front());
    if (entry.heaviest) add(out.heaviest, entry.cites.front());
  }
  if (out.clauses.size() < 2) return {};
  return out;
}

}  // namespace tiao::verdict
