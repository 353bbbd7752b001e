// Facts as they would be if something were otherwise: values put in, values forgotten, rows taken out, and everything put back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "runtime/facts/tables.hpp"

namespace tiao::driver {

/// Rows of registers, by entity and in order.
class RowsOut {
 public:
  /// A row with all rows that stand under it.
  RowsOut(const facts::FactBase& facts, EntityId entity, std::uint32_t row);

  EntityId entity() const { return entity_; }
  std::uint32_t row() const { return row_; }
  const std::map<EntityId, std::vector<std::uint32_t>>& all() const { return rows_; }
  bool contains(EntityId entity, std::uint32_t row) const;
  std::size_t size() const;
  /// Does a row that stays refer to one of these?
  bool referred_to(const facts::FactBase& facts) const;
  /// The number of a row once these are gone; nothing: it is one of them.
  std::optional<std::uint32_t> number_after(EntityId entity, std::uint32_t row) const;

 private:
  EntityId entity_;
  std::uint32_t row_;
  std::map<EntityId, std::vector<std::uint32_t>> rows_;
};

/// Undone last first when it goes.
class FactChanges {
 public:
  explicit FactChanges(facts::FactBase& facts) : schema_(*facts.schema), facts_(facts) {}
  ~FactChanges();
  FactChanges(const FactChanges&) = delete;
  FactChanges& operator=(const FactChanges&) = delete;

  /// As if it had been given: a value, or the range that it lies in.
  void set(EntityId entity, std::uint32_t row, ColumnId column, const Cell& value);
  /// As if nothing were known of it, not even whether it is under inquiry.
  void forget(EntityId entity, std::uint32_t row, ColumnId column);
  void set_parameter(std::uint32_t parameter, const Cell& value);
  /// Nothing more stands in the register: anywhere (`of` none), or under or linked to the one row.
  void close(EntityId entity, EntityId of, std::uint32_t row);
  /// Before any other change, and once: row numbers are those after it from then on.
  void remove(const RowsOut& rows);

 private:
  void set(BitPairs& pairs, std::uint32_t row, std::uint8_t value);
  template <class T> T& keep(T& place) {
    undo_.push_back([&place, before = place] { place = before; });
    return place;
  }
  void put(EntityId entity, std::uint32_t row, ColumnId column, const Cell& value, facts::Presence presence, Truth suspected);
  void take_rows(facts::Table& table, const std::vector<std::uint32_t>& rows);
  void renumber(EntityId entity, const RowsOut& rows);

  const Schema& schema_;
  facts::FactBase& facts_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace tiao::driver
