// Facts in columns. One table a register, rows in file order after sorting children under their parents, so that the
// children of a row are a contiguous range.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/facts/strings.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/value/bit_pairs.hpp"

namespace tiao::facts {

enum class Presence : std::uint8_t { absent = 0, null = 1, given = 2 };

// A decided judgment may say who, when and on what grounds.
struct Decided { std::string by, on, grounds; };

// One column. boolean: only `truth` is filled. choice: `masks` where eight bits are enough (is_narrow), else `lo`; hi is empty. Others: `lo`, and `hi` only when some
// row is not known (empty hi = every row known). Absent and null are already translated: an absent finding is `no`, an unknown
// number is its declared range, an unknown enum all values, an unknown text or ref neg_inf..pos_inf, an unknown date
// neg_inf..never_day (or its declared range).
struct ColumnData {
  BitPairs truth;
  Lent<std::uint8_t, LineVector<std::uint8_t>> masks;
  Lent<std::int64_t> lo, hi;
  BitPairs presence;                             // facts::Presence, one per row
  std::unordered_map<std::uint32_t, Decided> decided;
  Cell cell(std::uint32_t row, Kind kind) const {
    if (kind == Kind::boolean) return known(truth[row]);
    if (!masks.empty()) return known(masks[row]);
    return {lo[row], hi.empty() ? lo[row] : hi[row], 1, 1};
  }
};

// One more row, both ends of it.
void append(ColumnData& column, const Schema& schema, const Type& type, const Cell& cell, Presence presence);

// Children of one parent row are rows offsets[parent] .. offsets[parent + 1].
struct Table {
  EntityId entity = none;
  std::uint32_t rows = 0;
  bool supplied = false;                         // false: the register is open for every parent
  std::vector<ColumnData> columns;               // parallel to Schema::entities[entity].columns; computed ones are empty
  std::vector<std::uint32_t> offsets;            // when the entity has a parent: parent rows + 1 entries
  std::vector<std::uint8_t> open_for;            // per parent row, 1 = may hold rows we do not know; empty = none
  Lent<std::uint32_t> source_line;               // line (or record number) in the file, for messages
};

// `"open":[{"entity":"registration","of":"F1"}]` where the row named by `of` is not the parent but a linked row.
struct OpenOf { EntityId entity; EntityId of_entity; std::uint32_t of_row; };

struct FactBase {
  const Schema* schema = nullptr;
  std::shared_ptr<const void> mapping;           // of a packed file, when columns and strings are lent by it
  StringPool strings;
  std::vector<Table> tables;                     // parallel to Schema::entities; derived entities have empty tables
  std::vector<Cell> parameters;                  // parallel to Schema::parameters; unset = unknown, reading default applied by the driver
  std::vector<std::uint8_t> parameter_set;       // 1 = given in the facts or on the command line
  std::vector<std::string> parameter_names;      // as the facts call those that they give; empty: not given there
  std::vector<OpenOf> open_of;
  std::uint64_t skipped_fields = 0;              // cells of columns that only other agreements declare

  // Is the register of `child` open for this row of `of` (its parent, or a row that it links to)?
  bool open(EntityId child, EntityId of, std::uint32_t of_row) const;
  std::string key(EntityId entity, std::uint32_t row) const;         // P0042
  std::int64_t find(EntityId entity, std::string_view key) const;    // row or -1
  // Per entity, filled at the first find() of that entity (so find() is not for several threads at once).
  mutable std::vector<std::unordered_map<std::string, std::uint32_t>> key_index;
};

}  // namespace tiao::facts
