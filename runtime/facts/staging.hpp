// Rows as they come, column by column, until all are there; then keys become row numbers and rows take their final order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/errors.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::facts {

class Staging {
 public:
  explicit Staging(const Schema& schema);

  void supply(EntityId entity, std::string_view file);
  void close_all();
  void reserve(EntityId entity, std::uint32_t rows);
  std::uint32_t add_row(EntityId entity, std::string_view file, std::uint32_t line);
  bool is_set(EntityId entity, ColumnId column, std::uint32_t row) const;
  void store(EntityId entity, ColumnId column, std::uint32_t row, const Cell& cell, Presence presence);
  // A cell that could not be read, and a row that could not: what follows from them is not reported again.
  void spoil(EntityId entity, ColumnId column, std::uint32_t row);
  void lose_row(EntityId entity, std::uint32_t row);
  void lose_rest(EntityId entity) { registers_[entity].incomplete = true; }
  void decide(EntityId entity, ColumnId column, std::uint32_t row, const Decided& decided);

  // Fills absent cells and generated keys, then replaces the texts of keys in references by row numbers (still in the order of
  // reading). False if a key is missing or not unique, or a reference leads nowhere.
  bool resolve(LoadErrors& errors);
  // Sorts and hands over. Once, after resolve().
  void tables(FactBase& base);

  StringPool strings;

 private:
  struct Register {
    std::vector<ColumnData> columns;
    std::vector<Cell> absent;          // what a cell is when it is not given
    std::vector<std::uint32_t> line;
    std::uint32_t rows = 0;
    bool supplied = false;
    bool incomplete = false;           // some row or key is missing because it could not be read
    std::string_view file;
  };

  void pad(EntityId entity, ColumnId column, std::uint32_t rows);
  Place place(EntityId entity, std::uint32_t row, ColumnId column) const;
  bool index_keys(EntityId entity, std::vector<std::uint32_t>& row_of, LoadErrors& errors);
  bool resolve_references(EntityId target, const std::vector<std::uint32_t>& row_of, LoadErrors& errors);
  std::vector<EntityId> parents_first() const;
  std::vector<std::uint32_t> final_order(EntityId entity, FactBase& base) const;

  const Schema& schema_;
  std::vector<Register> registers_;
};

}  // namespace tiao::facts
