#include "compiler/driver/what_if_space.hpp"

#include <algorithm>
#include <iterator>

namespace tiao::driver {
namespace {

bool may_change(const Column& column) {
  const bool said = column.kind == ColumnKind::fact || column.kind == ColumnKind::finding || column.kind == ColumnKind::judgment;
  return said && column.type.kind != Kind::ref && column.type.kind != Kind::ratio;
}

bool is_reference(const Column& column) { return column.type.kind == Kind::ref && (column.kind == ColumnKind::link || column.kind == ColumnKind::parent); }

}  // namespace

FactSpace::FactSpace(const facts::FactBase& facts, EntityId entity, std::uint32_t row, std::size_t most_rows_out) : facts_(facts), schema_(*facts.schema), subject_{entity, row} {
  seen_.resize(schema_.entities.size());
  for (EntityId e = 0; e < seen_.size(); ++e) seen_[e].assign(facts.tables[e].rows, 0);
  add(entity, row);
  add_under(0);
  add_linking_to_own();
  followed_.assign(rows_.size(), 0);
  add_followed();
  find_removable(most_rows_out);
}

bool FactSpace::add(EntityId entity, std::uint32_t row) {
  if (seen_[entity][row] != 0 || of_another(entity, row)) return false;
  seen_[entity][row] = 1;
  rows_.push_back({entity, row});
  return true;
}

std::uint32_t FactSpace::parent(EntityId entity, std::uint32_t row) const {
  const std::vector<std::uint32_t>& offsets = facts_.tables[entity].offsets;
  return static_cast<std::uint32_t>(std::distance(offsets.begin(), std::upper_bound(offsets.begin(), offsets.end(), row))) - 1;
}

// It is, stands under, or is linked with another row of the subject's own kind and not with the subject.
bool FactSpace::of_another(EntityId entity, std::uint32_t row) const {
  bool others = false;
  for (EntityId e = entity; e != none; e = schema_.entities[e].parent) {
    if (e == subject_.entity) return row != subject_.row;
    for (ColumnId c = 0; c < schema_.entities[e].columns.size(); ++c) {
      const Column& column = schema_.entities[e].columns[c];
      if (column.kind != ColumnKind::link || column.type.of != subject_.entity) continue;
      const std::int64_t to = facts_.tables[e].columns[c].lo[row];
      if (to == static_cast<std::int64_t>(subject_.row)) return false;
      others |= to >= 0;
    }
    if (schema_.entities[e].parent != none) row = parent(e, row);
  }
  return others;
}

void FactSpace::add_under(std::size_t first) {
  for (std::size_t i = first; i < rows_.size(); ++i)
    for (EntityId child = 0; child < schema_.entities.size(); ++child) {
      if (schema_.entities[child].origin != EntityOrigin::register_ || schema_.entities[child].parent != rows_[i].entity) continue;
      const At above = rows_[i];
      const std::vector<std::uint32_t>& offsets = facts_.tables[child].offsets;
      for (std::uint32_t r = offsets[above.row]; r < offsets[above.row + 1]; ++r) add(child, r);
    }
}

void FactSpace::add_linking_to_own() {
  const std::vector<std::vector<std::uint8_t>> own = seen_;
  const std::size_t first = rows_.size();
  for (EntityId e = 0; e < schema_.entities.size(); ++e)
    for (ColumnId c = 0; c < facts_.tables[e].columns.size(); ++c) {
      const Column& column = schema_.entities[e].columns[c];
      if (column.kind != ColumnKind::link) continue;
      const facts::ColumnData& data = facts_.tables[e].columns[c];
      for (std::uint32_t row = 0; row < data.lo.size(); ++row)
        if (data.lo[row] >= 0 && own[column.type.of][static_cast<std::size_t>(data.lo[row])] != 0) add(e, row);
    }
  add_under(first);
}

void FactSpace::add_followed() {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const At at = rows_[i];
    for (ColumnId c = 0; c < schema_.entities[at.entity].columns.size(); ++c) {
      const Column& column = schema_.entities[at.entity].columns[c];
      if (!is_reference(column)) continue;
      const std::int64_t to = column.kind == ColumnKind::parent ? parent(at.entity, at.row) : facts_.tables[at.entity].columns[c].lo[at.row];
      const std::size_t first = rows_.size();
      if (to < 0 || !add(column.type.of, static_cast<std::uint32_t>(to))) continue;
      add_under(first);
      followed_.push_back(1);
      followed_.resize(rows_.size(), 0);
    }
  }
}

std::vector<FactCell> FactSpace::cells(const NodeReach::CaseFacts& read, std::size_t most, bool& all) const {
  std::vector<FactCell> out;
  all = true;
  for (const At& at : rows_)
    for (ColumnId c = 0; c < schema_.entities[at.entity].columns.size(); ++c) {
      if (!may_change(schema_.entities[at.entity].columns[c]) || !read.columns.contains({at.entity, c})) continue;
      if (out.size() == most) {
        all = false;
        return out;
      }
      out.push_back({at.entity, at.row, c});
    }
  return out;
}

void FactSpace::find_removable(std::size_t most) {
  for (std::size_t i = 0; i < rows_.size() && all_rows_; ++i) {
    if (rows_[i].entity == subject_.entity || followed_[i] != 0) continue;
    RowsOut rows(facts_, rows_[i].entity, rows_[i].row);
    if (rows.referred_to(facts_)) continue;
    if (removable_.size() == most) all_rows_ = false;
    else removable_.push_back(std::move(rows));
  }
}

std::vector<const RowsOut*> FactSpace::removable(const NodeReach::CaseFacts& read) const {
  std::vector<const RowsOut*> out;
  for (const RowsOut& rows : removable_)
    if (read.registers.contains(rows.entity())) out.push_back(&rows);
  return out;
}

}  // namespace tiao::driver
