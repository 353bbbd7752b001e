#include "compiler/driver/fact_changes.hpp"

#include <algorithm>

#include "runtime/facts/builder.hpp"

namespace tiao::driver {
namespace {

// Leaves out the elements at these places, which are in order.
void leave_out(BitPairs& values, const std::vector<std::uint32_t>& places) {
  BitPairs left;
  for (std::uint32_t row = 0; row < values.size(); ++row)
    if (!std::binary_search(places.begin(), places.end(), row)) left.push_back(values[row]);
  values = std::move(left);
}

template <class Values>
void leave_out(Values& values, const std::vector<std::uint32_t>& places) {
  std::size_t next = 0, to = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (next < places.size() && places[next] == i) ++next;
    else values[to++] = values[i];
  }
  values.resize(to);
}

std::uint32_t count_below(const std::vector<std::uint32_t>& places, std::uint32_t place) {
  return static_cast<std::uint32_t>(std::lower_bound(places.begin(), places.end(), place) - places.begin());
}

bool refers_to(const Column& column, EntityId entity) { return column.type.kind == Kind::ref && column.type.of == entity && column.kind != ColumnKind::computed; }

}  // namespace

RowsOut::RowsOut(const facts::FactBase& facts, EntityId entity, std::uint32_t row) : entity_(entity), row_(row) {
  const Schema& schema = *facts.schema;
  rows_[entity] = {row};
  std::vector<EntityId> above{entity};
  for (std::size_t i = 0; i < above.size(); ++i)
    for (EntityId child = 0; child < schema.entities.size(); ++child) {
      if (schema.entities[child].origin != EntityOrigin::register_ || schema.entities[child].parent != above[i]) continue;
      const std::vector<std::uint32_t>& offsets = facts.tables[child].offsets;
      std::vector<std::uint32_t> under;
      for (const std::uint32_t parent : rows_[above[i]])
        for (std::uint32_t r = offsets[parent]; r < offsets[parent + 1]; ++r) under.push_back(r);
      if (under.empty()) continue;
      rows_[child] = std::move(under);
      above.push_back(child);
    }
}

bool RowsOut::contains(EntityId entity, std::uint32_t row) const {
  const auto rows = rows_.find(entity);
  return rows != rows_.end() && std::binary_search(rows->second.begin(), rows->second.end(), row);
}

std::size_t RowsOut::size() const {
  std::size_t size = 0;
  for (const auto& [entity, rows] : rows_) size += rows.size();
  return size;
}

bool RowsOut::referred_to(const facts::FactBase& facts) const {
  const Schema& schema = *facts.schema;
  for (const facts::OpenOf& open : facts.open_of)
    if (contains(open.of_entity, open.of_row)) return true;
  for (EntityId from = 0; from < schema.entities.size(); ++from)
    for (ColumnId c = 0; c < facts.tables[from].columns.size(); ++c) {
      const Column& column = schema.entities[from].columns[c];
      if (column.type.kind != Kind::ref || !rows_.contains(column.type.of)) continue;
      const facts::ColumnData& data = facts.tables[from].columns[c];
      for (std::uint32_t row = 0; row < data.lo.size(); ++row)
        if (data.lo[row] >= 0 && contains(column.type.of, static_cast<std::uint32_t>(data.lo[row])) && !contains(from, row)) return true;
    }
  return false;
}

std::optional<std::uint32_t> RowsOut::number_after(EntityId entity, std::uint32_t row) const {
  const auto rows = rows_.find(entity);
  if (rows == rows_.end()) return row;
  if (contains(entity, row)) return std::nullopt;
  return row - count_below(rows->second, row);
}

FactChanges::~FactChanges() {
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
}

void FactChanges::set(BitPairs& pairs, std::uint32_t row, std::uint8_t value) {
  undo_.emplace_back([&pairs, row, before = pairs[row]] { pairs.set(row, before); });
  pairs.set(row, value);
}

void FactChanges::put(EntityId entity, std::uint32_t row, ColumnId column, const Cell& value, facts::Presence presence, Truth suspected) {
  const Entity& shape = schema_.entities[entity];
  facts::ColumnData& data = facts_.tables[entity].columns[column];
  switch (shape.columns[column].type.kind) {
    case Kind::boolean: set(data.truth, row, static_cast<std::uint8_t>(value.lo)); break;
    case Kind::choice:
      if (data.masks.empty()) keep(data.lo[row]) = value.lo;
      else keep(data.masks[row]) = static_cast<std::uint8_t>(value.lo);
      break;
    default:
      if (data.hi.empty() && value.lo != value.hi) keep(data.hi) = data.lo;
      keep(data.lo[row]) = value.lo;
      if (!data.hi.empty()) keep(data.hi[row]) = value.hi;
  }
  set(data.presence, row, static_cast<std::uint8_t>(presence));
  if (shape.columns[column].kind != ColumnKind::finding) return;
  const std::string id = "suspected:" + shape.columns[column].id;
  for (ColumnId c = 0; c < shape.columns.size(); ++c)
    if (shape.columns[c].kind == ColumnKind::suspected && shape.columns[c].id == id) set(facts_.tables[entity].columns[c].truth, row, static_cast<std::uint8_t>(suspected));
}

void FactChanges::set(EntityId entity, std::uint32_t row, ColumnId column, const Cell& value) {
  put(entity, row, column, value, facts::Presence::given, Truth::no);
}

void FactChanges::forget(EntityId entity, std::uint32_t row, ColumnId column) {
  const Column& declared = schema_.entities[entity].columns[column];
  put(entity, row, column, facts::unknown_cell(schema_, declared.type, declared.range_lo, declared.range_hi), facts::Presence::null, Truth::unknown);
}

void FactChanges::set_parameter(std::uint32_t parameter, const Cell& value) {
  keep(facts_.parameters[parameter]) = value;
  keep(facts_.parameter_set[parameter]) = 1;
}

void FactChanges::close(EntityId entity, EntityId of, std::uint32_t row) {
  facts::Table& table = facts_.tables[entity];
  const EntityId parent = schema_.entities[entity].parent;
  const bool supplied = table.supplied;
  keep(table.supplied) = true;
  std::vector<facts::OpenOf>& open_of = keep(facts_.open_of);
  std::erase_if(open_of, [&](const facts::OpenOf& o) { return o.entity == entity && (of == none || (o.of_entity == of && o.of_row == row)); });
  std::vector<std::uint8_t>& open_for = keep(table.open_for);
  if (of == none) return open_for.clear();
  if (of == parent) {
    if (!supplied) open_for.assign(facts_.tables[parent].rows, 1);
    if (!open_for.empty()) open_for[row] = 0;
  } else if (!supplied) {
    if (parent != none) open_for.assign(facts_.tables[parent].rows, 1);
    for (std::uint32_t other = 0; other < facts_.tables[of].rows; ++other)
      if (other != row) open_of.push_back({entity, of, other});
  }
}

void FactChanges::take_rows(facts::Table& table, const std::vector<std::uint32_t>& rows) {
  table.rows -= static_cast<std::uint32_t>(rows.size());
  for (facts::ColumnData& data : table.columns) {
    leave_out(data.truth, rows);
    leave_out(data.masks, rows);
    leave_out(data.lo, rows);
    leave_out(data.hi, rows);
    leave_out(data.presence, rows);
    std::unordered_map<std::uint32_t, facts::Decided> decided;
    for (auto& [row, what] : data.decided)
      if (!std::binary_search(rows.begin(), rows.end(), row)) decided.emplace(row - count_below(rows, row), std::move(what));
    data.decided = std::move(decided);
  }
  leave_out(table.source_line, rows);
  for (std::uint32_t& offset : table.offsets) offset -= count_below(rows, offset);
}

// References to rows of the entity that stay.
void FactChanges::renumber(EntityId entity, const RowsOut& rows) {
  const std::vector<std::uint32_t>& gone = rows.all().at(entity);
  for (EntityId from = 0; from < schema_.entities.size(); ++from)
    for (ColumnId c = 0; c < facts_.tables[from].columns.size(); ++c) {
      facts::ColumnData& data = facts_.tables[from].columns[c];
      if (!refers_to(schema_.entities[from].columns[c], entity) || data.lo.empty()) continue;
      for (Lent<std::int64_t>* ends : {&keep(data.lo), &keep(data.hi)})
        for (std::int64_t& end : *ends)
          if (end >= 0 && end != pos_inf) end -= count_below(gone, static_cast<std::uint32_t>(end));
    }
  for (EntityId child = 0; child < schema_.entities.size(); ++child) {
    if (schema_.entities[child].origin != EntityOrigin::register_ || schema_.entities[child].parent != entity) continue;
    leave_out(keep(facts_.tables[child].offsets), gone);   // their ranges are empty by now
    leave_out(keep(facts_.tables[child].open_for), gone);
  }
  for (facts::OpenOf& open : keep(facts_.open_of))
    if (open.of_entity == entity) open.of_row -= count_below(gone, open.of_row);
}

void FactChanges::remove(const RowsOut& rows) {
  keep(facts_.key_index).clear();
  for (const auto& [entity, gone] : rows.all()) take_rows(keep(facts_.tables[entity]), gone);
  for (const auto& [entity, gone] : rows.all()) renumber(entity, rows);
}

}  // namespace tiao::driver
