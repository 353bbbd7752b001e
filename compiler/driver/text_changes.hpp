// Two texts held against each other as texts: which addresses came, went, moved or read otherwise, and in what; and, where the texts
// are of different agreements, what each attaches to the concepts that their remedies share.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compiler/driver/program.hpp"

namespace tiao::driver {

/// A stretch of words that reads otherwise.
struct WordChange { std::string before, after; };

/// An operation of a supplement: where that says it, and what it touches. Empty: the text's own.
struct TextOrigin {
  std::string supplement, address, target;
  friend bool operator==(const TextOrigin&, const TextOrigin&) = default;
};

struct TextChange {
  enum class Kind : std::uint8_t { inserted, removed, replaced, renumbered } kind = Kind::replaced;
  enum class Sort : std::uint8_t {
    none,             // renumbered
    other_number,     // the same words with other numbers, days or amounts
    other_result,     // another remedy or modality for what is the same otherwise
    other_rule,       // the condition or anything else
    no_counterpart,   // inserted, removed
  } sort = Sort::none;
  std::string address, label;        // of the earlier text; inserted: of the later one
  std::string moved_to;              // renumbered
  TextOrigin by;                     // what put the later wording there, or took the earlier away
  std::string before, after;         // the wording of the node itself, without those under it
  std::vector<WordChange> words;     // replaced
};

/// What two agreements attach to one concept.
struct ConceptSide {
  std::string address, remedy, modality;
  std::vector<std::string> numbers;   // of the rule, as written
};
struct ConceptChange {
  enum class Sort : std::uint8_t {
    same,             // the same numbers and remedies
    other_number,     // the same concept at another number
    other_result,     // a number that both name, with another class of result
    no_counterpart,   // only one of the texts knows the concept
  } sort = Sort::same;
  std::string id, label;              // of the concept; other_result: both, joined by a slash
  std::vector<ConceptSide> before, after;
};

/// One side: `project` holds the sources of the agreement; its tree must be there. `day`: operations that are not in force on it do
/// not count; blanks on which days turn count as filled in.
struct TextSide { const Project* project; const CompiledAgreement* agreement; std::int64_t day; };

std::vector<TextChange> text_changes(const TextSide& before, const TextSide& after);
std::vector<ConceptChange> concept_changes(const TextSide& before, const TextSide& after);

/// What stands at each address, as it was written: comments, layout and all.
struct WrittenNode { std::string label, text; std::string parent; };
using Wording = std::map<std::string, WrittenNode>;
Wording wording(const TextSide& side);

const char* name_of(TextChange::Kind kind);
const char* name_of(TextChange::Sort sort);
const char* name_of(ConceptChange::Sort sort);

}  // namespace tiao::driver
