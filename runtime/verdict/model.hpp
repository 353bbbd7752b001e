// A verdict as data: what the written forms show, before any of them is chosen.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/program/program.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/value/value.hpp"
#include "runtime/verdict/evidence.hpp"

namespace tiao::verdict {

/// Who leaves a value open: nobody (it is known, or we do not know it yet), the decider, or the text.
enum class ValueForm : std::uint8_t {
  plain,     // lo: known, or a range that we do not know
  between,   // lo, hi: the decider's permitted range
  at_most,   // hi
  at_least,  // lo
  one_of,    // branches: ours to find out
  unstated,  // the text sets none
  until,     // runs until `event` happens
};

/// A parameter, time or report.
struct Value {
  Type type;
  ValueForm form = ValueForm::plain;
  Cell lo, hi;
  std::vector<Cell> branches;
  std::string of, event;
  bool in_principle = false;
  friend bool operator==(const Value&, const Value&) = default;
};

/// A row of a register, named as in fact files.
struct RowName {
  EntityId entity = none;
  std::uint32_t row = none;
  std::string key;
};

using tiao::Need;
using NeedKind = Need::Kind;

enum class State : std::uint8_t { applies, undetermined, error };
enum class Phase : std::uint8_t { none, over, running, ahead, undecided };

/// One listed remedy.
struct RemedyEntry {
  RemedyId remedy = none;
  std::uint32_t table_row = 0;     // in Results::remedies[remedy]
  ActorId actor = none;
  program::Modality modality = program::Modality::must;
  bool in_principle = false;
  std::uint32_t alternative = 0;
  State state = State::applies;
  Phase phase = Phase::none;
  bool heaviest = false;
  RowName target;
  std::vector<std::pair<std::uint32_t, Value>> params;   // index into Remedy::params
  std::vector<std::pair<const char*, Value>> times;      // "for", "from", "until"
  bool has_choice = false;
  Value choice;
  std::vector<NodeId> cites;
  std::vector<Need> needs;
};

/// An item that holds, or may, whose consequence stands in a text that is not supplied: under the head `missing`, or (none) where `why` says.
struct HeadEntry {
  struct At { std::uint32_t head, row; };   // of ProgramInfo::heads, of its entity
  NodeId cite = none;
  State state = State::applies;
  NodeId missing = none;
  std::string why;
  std::vector<At> rows;                      // those that are in this state
};

enum class DutyState : std::uint8_t { fulfilled, breached, pending, undetermined, not_applicable, error };

struct DutyEntry {
  std::uint32_t duty = 0;
  RowName target;
  DutyState state = DutyState::undetermined;
  bool has_due = false;
  Value due, done;
};

struct ReportEntry { std::uint32_t report = 0; RowName row; bool of_subject = true; Value value; };

enum class FlagCode : std::uint8_t { choice_out_of_range, require };
struct FlagEntry {
  FlagCode code = FlagCode::require;
  bool error = false;              // the check itself could not be computed
  NodeId cite = none;
  RowName target;                  // the row that is checked; of a choice: what the remedy is on
  std::string message;
  std::vector<std::string> facts;
  std::uint32_t require = none, row = none;   // the check and the row of its scope
};

enum class Sensitivity : std::uint8_t { not_run, sensitive, insensitive };
/// What of a remedy is another with another choice of a reading: `state` (also whether it is listed at all), `for`, `from`, `until`,
/// `choice`, `cites` or the id of a parameter.
struct ReadingEffect {
  RemedyId remedy = none;
  program::Modality modality = program::Modality::must;
  RowName target;
  std::vector<std::string> changes;
};
struct ReadingEntry {
  std::uint32_t parameter = none;
  std::string reading, chosen;     // chosen is empty while nobody has chosen
  NodeId cite = none;
  Sensitivity sensitive = Sensitivity::not_run;
  std::vector<ReadingEffect> effects;
};
/// How far other readings were tried.
struct ReadingsTried {
  std::uint32_t readings = 0, combinations = 0;   // the chosen combination included; 0: none were tried
  bool all = false;                               // every combination; otherwise each reading alone, and those that matter to the case together
};
struct ConventionEntry { NodeId cite = none; std::string source; };

enum class Outcome : std::uint8_t { decided, undetermined, error };

/// What another combination of readings gives. The remedies are those of a verdict made with it.
struct OtherwiseEntry {
  std::vector<std::pair<std::string, std::string>> with;   // reading, choice: only those changed
  Outcome outcome = Outcome::decided;
  std::vector<RemedyEntry> remedies;
};

struct Verdict {
  RowName subject;
  Outcome outcome = Outcome::decided;
  std::vector<RemedyEntry> remedies;
  std::vector<HeadEntry> heads;
  std::vector<NodeId> findings;
  std::vector<DutyEntry> duties;
  std::vector<ReportEntry> reports;
  std::vector<FlagEntry> flags;
  std::vector<Need> needs;
  std::vector<ReadingEntry> readings;
  ReadingsTried readings_tried;
  bool readings_stopped = false;   // more combinations than are evaluated
  std::vector<OtherwiseEntry> otherwise;
  std::vector<ConventionEntry> conventions;
  std::vector<NodeId> not_applicable, not_covered;
  std::vector<EvidenceError> errors;
};

/// Counts over all verdicts of a run.
struct Summary {
  std::uint64_t decided = 0, undetermined = 0, errors = 0;
  std::uint64_t remedies = 0, flags = 0;
  std::uint64_t without_subject = 0;   // remedies whose target stands under no subject
  std::uint64_t verdicts() const { return decided + undetermined + errors; }
};

const char* name_of(Outcome outcome);
const char* name_of(State state);
const char* name_of(Phase phase);
const char* name_of(DutyState state);
const char* name_of(FlagCode code);
const char* name_of(program::Modality modality);

/// Clauses whose remedies apply side by side, and those of the heaviest among them; both empty where one clause stands alone. What a
/// text lets give way is not listed, so that nothing in it lets one of these absorb another.
struct Concurrence { std::vector<NodeId> clauses, heaviest; };
Concurrence concurrence_of(const Verdict& verdict);

/// Is the value known as far as we are concerned: not waiting for facts? A permitted range and what the text leaves open are.
bool settled(const Value& value);
bool in_error(const Value& value);

}  // namespace tiao::verdict
