#include "runtime/facts/tables.hpp"

namespace tiao::facts {

bool FactBase::open(EntityId child, EntityId of, std::uint32_t of_row) const {
  const Table& table = tables[child];
  if (!table.supplied) return true;
  for (const OpenOf& o : open_of)
    if (o.entity == child && o.of_entity == of && o.of_row == of_row) return true;
  if (table.open_for.empty()) return false;
  // Below `of`, level by level: the rows under one row are a contiguous range on each.
  std::vector<EntityId> levels;
  for (EntityId e = schema->entities[child].parent; e != of; e = schema->entities[e].parent) {
    if (e == none) return false;
    levels.push_back(e);
  }
  std::uint32_t first = of_row, last = of_row + 1;
  for (auto e = levels.rbegin(); e != levels.rend(); ++e) {
    first = tables[*e].offsets[first];
    last = tables[*e].offsets[last];
  }
  for (std::uint32_t row = first; row < last; ++row)
    if (table.open_for[row] != 0) return true;
  return false;
}

std::string FactBase::key(EntityId entity, std::uint32_t row) const {
  const ColumnId column = schema->entities[entity].key_column;
  if (column == none) return {};
  return std::string(strings.at(tables[entity].columns[column].lo[row]));
}

std::int64_t FactBase::find(EntityId entity, std::string_view key) const {
  const ColumnId column = schema->entities[entity].key_column;
  const Table& table = tables[entity];
  if (column == none || table.rows == 0) return -1;
  if (key_index.size() < tables.size()) key_index.resize(tables.size());
  auto& index = key_index[entity];
  if (index.empty())
    for (std::uint32_t row = 0; row < table.rows; ++row) index.emplace(strings.at(table.columns[column].lo[row]), row);
  const auto hit = index.find(std::string(key));
  return hit == index.end() ? -1 : static_cast<std::int64_t>(hit->second);
}

void append(ColumnData& column, const Schema& schema, const Type& type, const Cell& cell, Presence presence) {
  column.presence.push_back(static_cast<std::uint8_t>(presence));
  if (type.kind == Kind::boolean) return column.truth.push_back(static_cast<std::uint8_t>(cell.lo));
  if (is_narrow(schema, type)) return column.masks.push_back(static_cast<std::uint8_t>(cell.lo));
  column.lo.push_back(cell.lo);
  if (type.kind != Kind::choice) column.hi.push_back(cell.hi);
}

}  // namespace tiao::facts
