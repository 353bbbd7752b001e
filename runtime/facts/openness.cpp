#include "runtime/facts/openness.hpp"

#include <algorithm>

namespace tiao::facts {
namespace {

bool stands_under(const Schema& schema, EntityId child, EntityId above) {
  for (EntityId e = schema.entities[child].parent; e != none; e = schema.entities[e].parent)
    if (e == above) return true;
  return false;
}

bool open_for_a_parent(const Table& table) { return std::find(table.open_for.begin(), table.open_for.end(), 1) != table.open_for.end(); }

}  // namespace

bool open_anywhere(const FactBase& facts, EntityId entity) {
  const Table& table = facts.tables[entity];
  if (!table.supplied || open_for_a_parent(table)) return true;
  return std::any_of(facts.open_of.begin(), facts.open_of.end(), [&](const OpenOf& o) { return o.entity == entity; });
}

bool open_under(const FactBase& facts, EntityId child, std::uint32_t parent_row) {
  const Table& table = facts.tables[child];
  if (!table.supplied || (parent_row < table.open_for.size() && table.open_for[parent_row] != 0)) return true;
  return std::any_of(facts.open_of.begin(), facts.open_of.end(),
                     [&](const OpenOf& o) { return o.entity == child && !stands_under(*facts.schema, child, o.of_entity); });
}

bool open_by_link(const FactBase& facts, EntityId child, ColumnId link, std::uint32_t row) {
  const Table& table = facts.tables[child];
  if (!table.supplied || open_for_a_parent(table)) return true;
  const auto& columns = facts.schema->entities[child].columns;
  const EntityId linked = columns[link].type.of;
  const auto links = std::count_if(columns.begin(), columns.end(), [&](const Column& c) { return c.kind == ColumnKind::link && c.type.of == linked; });
  const bool by_mark = columns[link].kind == ColumnKind::link && links == 1 && !stands_under(*facts.schema, child, linked);
  return std::any_of(facts.open_of.begin(), facts.open_of.end(), [&](const OpenOf& o) {
    return o.entity == child && !(by_mark && o.of_entity == linked && o.of_row != row);
  });
}

}  // namespace tiao::facts
