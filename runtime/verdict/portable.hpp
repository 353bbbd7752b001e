// A verdict in names alone: no number of a table, a node or a dictionary, so that verdicts of different programs over the same
// facts can be held against each other.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/verdict/writer.hpp"

namespace tiao::verdict {

struct PortableRow {
  std::string entity, key;
  friend auto operator<=>(const PortableRow&, const PortableRow&) = default;
};

struct PortableRemedy {
  std::string remedy;                                      // identifier
  PortableRow target;
  std::string modality, actor, state;                      // as in verdict JSON
  bool in_principle = false;
  std::uint32_t alternative = 0;
  std::vector<std::pair<std::string, std::string>> values; // parameters, `for`, `from`, `until`: as JSON
  std::string choice;                                      // where a decider has chosen: as JSON
  std::vector<std::string> cites;                          // addresses
  friend bool operator==(const PortableRemedy&, const PortableRemedy&) = default;
};

/// Anything beside remedies, by a name that is the same on both sides: a duty by its address and row, a report by its identifier
/// and row, a flag by address, row and message, a head by its address.
struct PortableEntry {
  std::string name;
  PortableRow row;
  std::string value;
  friend auto operator<=>(const PortableEntry&, const PortableEntry&) = default;
};

struct PortableVerdict {
  PortableRow subject;
  Outcome outcome = Outcome::decided;
  std::vector<PortableRemedy> remedies;
  std::vector<PortableEntry> heads, duties, reports, flags;   // each sorted
  std::vector<std::string> findings;                          // addresses, sorted
  friend bool operator==(const PortableVerdict&, const PortableVerdict&) = default;
};

/// `names` and `info` are those of the run that the verdict was made in.
PortableVerdict portable(const Verdict& verdict, const Names& names, const program::ProgramInfo& info);

/// One respect in which two verdicts on one subject differ.
struct Change {
  enum class Kind : std::uint8_t {
    outcome,         // decided, undetermined or error
    remedy_gained, remedy_lost,
    remedy_changed,  // the same remedy on the same target: modality, state, a parameter, a day …
    head, duty, report, flag_gained, flag_lost,
    basis,           // only the addresses that a remedy rests on, or those that hold
  } kind = Kind::outcome;
  std::string name;              // of the remedy, duty …
  PortableRow row;
  std::string field;             // remedy_changed: modality, state, in_principle, actor, alternative, or the value that differs
  std::string before, after;     // as in verdict JSON; empty: not there
  friend bool operator==(const Change&, const Change&) = default;
};

/// In the order of the verdict: outcome, remedies, heads, duties, reports, flags, basis. Empty: the verdicts are the same.
std::vector<Change> changes(const PortableVerdict& before, const PortableVerdict& after);

/// Is nothing but the basis different?
bool on_another_basis(const std::vector<Change>& changes);

const char* name_of(Change::Kind kind);

}  // namespace tiao::verdict
