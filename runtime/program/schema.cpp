#include "runtime/program/schema.hpp"

namespace tiao {

std::optional<ColumnId> Entity::find(const std::string& name) const {
  for (ColumnId i = 0; i < columns.size(); ++i)
    if (columns[i].id == name || (!columns[i].label.empty() && columns[i].label == name)) return i;
  return std::nullopt;
}

std::optional<EntityId> Schema::find_entity(const std::string& name) const {
  for (EntityId i = 0; i < entities.size(); ++i)
    if (entities[i].origin == EntityOrigin::register_ && (entities[i].id == name || entities[i].label == name)) return i;
  return std::nullopt;
}

}  // namespace tiao
