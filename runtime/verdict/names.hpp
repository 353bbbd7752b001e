// Names of things in verdicts, and values as text: identifiers in data, labels for people.
#pragma once

#include <string>

#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/verdict/json_text.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::verdict {

enum class Language : std::uint8_t { zh, en };

/// Looks up texts, keys and labels of one run. `facts` may be absent when no text or reference can occur, `results` when no
/// derived row is named.
struct Names {
  const Schema& schema;
  const facts::FactBase* facts = nullptr;
  const Results* results = nullptr;

  RowName row(EntityId entity, std::uint32_t row) const { return {entity, row, key(entity, row)}; }
  /// Rows of registers by their key; derived ones by their owner's and their place under it (P1#2), paths by all keys (P1/F2).
  std::string key(EntityId entity, std::uint32_t row) const;
  std::string actor(ActorId actor) const;
  const std::string& address(NodeId node, Language language = Language::zh) const;
};

/// One end of a value, or a known one, as data has it: 9, 30%, P2M, 2025-03-01, an identifier. Empty for an infinite end.
std::string cell_text(const Names& names, const Type& type, std::int64_t value, std::int64_t den = 1);

/// A cell as JSON: plain when known, else {"unknown":[lo,hi]} or {"one_of":[…]}; an unknown truth is null.
void append_cell(JsonText& json, const Names& names, const Type& type, const Cell& cell);
void append_value(JsonText& json, const Names& names, const Value& value);

/// The same for people, with units and labels: 9分, 2个月 / 2 months, 1年至2年.
std::string cell_words(const Names& names, const Type& type, const Cell& cell, Language language);
std::string value_words(const Names& names, const Value& value, Language language);

/// How `tiao eval` and messages call a type: int, decimal(2), money, 分, date …
std::string type_name(const Schema& schema, const Type& type);

}  // namespace tiao::verdict
