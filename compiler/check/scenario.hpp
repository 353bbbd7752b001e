// Scenarios as data: what is given and what must come out. The checker fills them, names and types resolved against the
// program they are compiled with; the test runner builds facts from them and compares verdicts.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/source/source.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/value/value.hpp"

namespace tiao::check {

/// A value written in a scenario. Texts and the keys of links stand in `text`, everything else in `cell`.
struct ScenarioValue {
  Type type;                                          // that of the column, parameter or report; choice masks are over its enum
  facts::Presence presence = facts::Presence::given;  // null: written `unknown` without bounds
  Cell cell;                                          // `unknown (a..b)`, a partial date: the range, presence given
  std::string text;
  std::string written;                                // as in the source, for messages
};

/// One row of a register.
struct GivenRow {
  struct Pair { ColumnId column = none; ScenarioValue value; source::Span span; };
  EntityId entity = none;
  std::string key;
  std::string parent;                                 // key of the parent row, empty when the entity has none
  std::vector<Pair> pairs;
  source::Span span;
};

/// `given ENTITY of KEY open`; an empty key marks the whole register.
struct GivenOpen { EntityId entity = none; std::string of; source::Span span; };

/// `given item 3 of article 71 of C1`: an item whose text stands elsewhere holds.
struct GivenHolds { std::string address; std::string of; source::Span span; };

struct GivenParameter { std::uint32_t parameter = none; ScenarioValue value; source::Span span; };

/// How an expected value is to be compared with the one found.
enum class ExpectedForm : std::uint8_t {
  exact,      // known and equal
  between,    // acts: the decider's permitted range; reports: surely inside
  at_most,    // acts: a bound; reports: surely at most
  at_least,   // the same from below
  over,       // reports only
  under,      // reports only
  is_not,     // reports only
  unknown,    // ours to find out: a range or open branches with these ends; without ends: anything not known
  unstated,   // the text sets none
};
struct ExpectedValue {
  ExpectedForm form = ExpectedForm::exact;
  ScenarioValue lo, hi;                               // between: both ends, inclusive (open end: presence absent); else lo
};

struct ExpectedArgument { std::uint32_t param = none; ExpectedValue value; };   // index into Remedy::params

/// `citing A` or `citing A..B`: canonical addresses; a node beneath counts as the node, but not for a head or a range's ends alone.
struct ExpectedCite { std::string from, to; };

enum class ExpectKind : std::uint8_t { act, no, undetermined, report, duty, flag, no_flag, finding, no_finding, outcome, elsewhere };

/// One expectation. Without a target it asks for some verdict of the run (`no`, `no flag`, `no finding`: for none; `outcome`: for the worst of all).
struct Expectation {
  ExpectKind kind = ExpectKind::act;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> where;   // reading (index into Schema::parameters), choice index
  ActorId actor = none;
  core::Modality modality = core::Modality::must;               // acts
  bool has_modality = false;                                    // `no` and `undetermined` may leave it out
  bool in_principle = false;
  RemedyId remedy = none;                                       // act, no, undetermined (none there: the outcome is meant)
  std::string target;                                           // key of the target, of the row of a flag; empty when not said
  std::vector<ExpectedArgument> arguments;
  bool has_from = false, has_until = false, has_length = false; // until: the first free day
  ExpectedValue from, until, length;
  std::vector<std::vector<std::string>> needs;                  // paths as written: {"I2","points"}, {"start_date"}
  std::string name;                                             // report: its id; outcome: decided, undetermined, error; duty: its state
  ExpectedValue value;                                          // report
  std::string text;                                             // flag, no flag: its message or code
  std::string address;                                          // elsewhere: the node whose head is not supplied; finding, no finding: the node
  std::vector<ExpectedCite> cites;                              // each must be cited
  std::string written;                                          // the expectation as written, for messages
  source::Span span;
};

/// One worked case beside the clauses.
struct Scenario {
  std::string name;
  std::string agreement;                                        // dotted
  std::int64_t as_of = 0;
  std::vector<GivenRow> rows;                                   // in the order written
  std::vector<GivenOpen> open;
  std::vector<GivenHolds> holds;
  std::vector<GivenParameter> parameters;
  std::vector<Expectation> expectations;
  source::Span span;
};

}  // namespace tiao::check
