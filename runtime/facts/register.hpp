// One register while it is read: its rows column by column, a byte or a number each. A file may be read in parts, which are
// appended in its order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/facts/tables.hpp"

namespace tiao::facts {

// Beside Presence, while facts are read: something stood here and was not understood.
inline constexpr std::uint8_t spoiled = 3;

// Only as long as the last row that has a cell: the rest is absent. As in ColumnData, `hi` is empty while every row is known.
struct StagedColumn {
  std::vector<std::uint8_t> truth;      // boolean
  std::vector<std::int64_t> lo, hi;     // all others
  std::vector<std::uint8_t> presence;
  std::unordered_map<std::uint32_t, Decided> decided;
};

struct StagedRegister {
  StagedRegister(const Schema& schema, EntityId id);

  std::uint32_t add_row(std::string_view file, std::uint32_t line);
  bool is_set(ColumnId column, std::uint32_t row) const;
  void store(ColumnId column, std::uint32_t row, const Cell& cell, Presence presence);
  // A cell that could not be read, and a row that could not: what follows from them is not reported again.
  void spoil(ColumnId column, std::uint32_t row);
  void lose_row(std::uint32_t row);
  // Absent cells up to that many rows.
  void pad(ColumnId column, std::uint32_t rows);
  void reserve(std::uint32_t rows);
  // The rows of `part` behind those that are here, its lines counted on from `lines_before`. `ids`: what the texts are called
  // here, by their ids in the part; empty: they are the same. The part is empty afterwards.
  void append(StagedRegister& part, std::uint64_t lines_before, std::span<const std::int64_t> ids);
  void clear();

  const Entity* entity;
  std::vector<StagedColumn> columns;
  std::vector<Kind> kinds;
  std::vector<Cell> absent;             // what a cell is when it is not given
  std::vector<std::uint32_t> line;
  std::uint32_t rows = 0;
  bool supplied = false;
  bool incomplete = false;              // some row or key is missing because it could not be read
  std::string_view file;
};

// A line as rows keep it.
inline std::uint32_t line_number(std::uint64_t line) { return line < 0xffffffffu ? static_cast<std::uint32_t>(line) : 0xffffffffu; }

inline bool is_stored(const Column& column) { return column.kind != ColumnKind::computed; }

}  // namespace tiao::facts
