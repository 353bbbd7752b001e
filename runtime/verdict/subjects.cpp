#include "runtime/verdict/subjects.hpp"

#include <algorithm>

#include "runtime/value/scalar.hpp"

namespace tiao::verdict {
namespace {

std::string_view key_text(const Schema& schema, const facts::FactBase& facts, const SubjectRow& subject) {
  const ColumnId key = schema.entities[subject.entity].key_column;
  if (key == none) return {};
  return facts.strings.at(facts.tables[subject.entity].columns[key].lo[subject.row]);
}

}  // namespace

Subjects::Subjects(const Schema& schema, const facts::FactBase& facts, const Results& results, std::int64_t as_of)
    : schema_(schema), facts_(facts), results_(results), as_of_(as_of), place_(schema.entities.size()) {
  if (schema.agreements.empty()) return;
  for (const EntityId entity : schema.agreements[0].subjects) {
    const std::size_t first = order_.size();
    const std::uint32_t rows = facts.tables[entity].rows;
    place_[entity].assign(std::max<std::uint32_t>(rows, 1), none);
    for (std::uint32_t row = 0; row < rows; ++row)
      if (there(entity, row) != Truth::no) order_.push_back({entity, row});
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first), order_.end(), [&](const SubjectRow& a, const SubjectRow& b) {
      const int c = key_text(schema, facts, a).compare(key_text(schema, facts, b));
      return c != 0 ? c < 0 : a.row < b.row;
    });
    for (std::size_t i = first; i < order_.size(); ++i) place_[entity][order_[i].row] = static_cast<std::uint32_t>(i);
  }
}

bool Subjects::step_up(EntityId& entity, std::uint32_t& row) const {
  const Entity& from = schema_.entities[entity];
  if (from.origin == EntityOrigin::register_) {
    if (from.parent == none || from.parent_column == none) return false;
    const Cell parent = facts_.tables[entity].columns[from.parent_column].cell(row, Kind::ref);
    if (parent.lo != parent.hi) return false;
    row = static_cast<std::uint32_t>(parent.lo);
    entity = from.parent;
    return true;
  }
  const DerivedRows& derived = results_.derived[entity];
  if (from.origin == EntityOrigin::join || from.parent == none || derived.parent.empty()) return false;
  row = derived.parent[row];
  entity = from.parent;
  return true;
}

std::uint32_t Subjects::of(EntityId entity, std::uint32_t row) const {
  while (true) {
    if (entity >= schema_.entities.size()) return none;
    if (!place_[entity].empty()) return row < place_[entity].size() ? place_[entity][row] : none;
    if (schema_.entities[entity].origin == EntityOrigin::join) {
      // The rows of a path: the first of them that stands under a subject.
      const DerivedRows& derived = results_.derived[entity];
      for (std::size_t i = 0; i < derived.refs.size(); ++i) {
        const std::uint32_t found = of(schema_.entities[entity].columns[i].type.of, derived.refs[i][row]);
        if (found != none) return found;
      }
      return none;
    }
    if (!step_up(entity, row)) return none;
  }
}

Truth Subjects::there(EntityId entity, std::uint32_t row) const {
  const Entity& shape = schema_.entities[entity];
  if (shape.origin != EntityOrigin::register_) {
    const auto& membership = results_.derived[entity].membership;
    return membership.empty() ? Truth::yes : static_cast<Truth>(membership[row]);
  }
  Truth result = Truth::yes;
  while (true) {
    const Entity& at = schema_.entities[entity];
    if (at.dated_column != none)
      result = scalar::and_(result, scalar::compare(scalar::CmpOp::at_most, facts_.tables[entity].columns[at.dated_column].cell(row, Kind::date),
                                                    known(as_of_), Kind::date));
    if (!step_up(entity, row)) return result;
  }
}

std::uint32_t Subjects::rows(EntityId entity) const {
  const Entity& shape = schema_.entities[entity];
  if (shape.origin == EntityOrigin::register_) return facts_.tables[entity].rows;
  return static_cast<std::uint32_t>(results_.derived[entity].membership.size());
}

}  // namespace tiao::verdict
