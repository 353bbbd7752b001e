// What stands beside the kernels of a compiled program and decides nothing: who acts, what is cited, how a parameter was
// worded. Verdicts are written from it. The order of every list is that of the columns in Results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/program/schema.hpp"
#include "runtime/value/value.hpp"

namespace tiao::program {

enum class Modality : std::uint8_t { must, must_not, may, automatic };
enum class ParamForm : std::uint8_t { absent, exact, range, at_most, at_least, unstated };

/// How a clause words one parameter or time.
struct ParamInfo {
  ParamForm form = ParamForm::absent;
  bool in_principle = false;
  std::string of;      // at_most 30% of something: "30%"
  std::string event;   // a day that waits for an event: the column that will date it
};

/// An item by which a ground may come to hold: it does where the item and `condition` do (places in Results::propositions;
/// condition none: nothing more is asked).
struct Via {
  std::uint32_t condition = none, item = none;
  NodeId node = none;
};

/// One act of one rule.
struct GroundInfo {
  RemedyId remedy = none;
  Modality modality = Modality::must;
  bool in_principle = false;
  ActorId actor = none;
  NodeId cite = none;
  EntityId scope = none;
  bool on_own_row = false;         // its target is the row of the scope itself
  std::vector<ParamInfo> params;   // parallel to Remedy::params
  ParamInfo length, from, until;
  std::uint32_t alternative = 0;
  std::vector<std::string> conventions;                        // general rules behind its condition
  std::vector<std::string> start_counted_by, end_counted_by;   // and behind the days of its start and end
  std::vector<Via> via;
};

struct DutyInfo {
  NodeId cite = none;
  ActorId actor = none;
  EntityId scope = none;
  bool done_is_date = false;
  bool has_due = false;
  bool in_principle = false;
  NodeId breach_under = none;
  bool by_citation = false;
  std::vector<std::string> counted_by;   // general rules by which the days of its term are counted
};

struct RequireInfo {
  NodeId cite = none;
  EntityId scope = none;
  std::string message;
  std::vector<ColumnId> columns;   // of the scope's rows, read by the condition
};

struct ReportInfo {
  std::string id, label;
  EntityId entity = none;
  Type type;
  NodeId cite = none;
};

/// A node's own condition; `computed` is its place in Results::propositions.
struct PropositionInfo {
  std::uint32_t computed = 0;
  EntityId entity = none;
  NodeId node = none;
};

/// An item whose consequence stands in a text that is not supplied.
struct HeadInfo {
  std::uint32_t computed = 0;
  EntityId entity = none;
  NodeId node = none;
  NodeId missing = none;   // the head that is not there; none: as `why` says
  std::string why;
};

struct ApplicabilityInfo { NodeId node = none; EntityId entity = none; };

/// The program as verdicts need it, beside its Schema.
struct ProgramInfo {
  std::vector<GroundInfo> grounds;
  std::vector<DutyInfo> duties;
  std::vector<RequireInfo> requires_;
  std::vector<ReportInfo> reports;
  std::vector<PropositionInfo> propositions;
  std::vector<HeadInfo> heads;
  std::vector<ApplicabilityInfo> applicabilities;
  std::string hash;
};

}  // namespace tiao::program
