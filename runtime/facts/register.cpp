#include "runtime/facts/register.hpp"

#include "runtime/facts/builder.hpp"
#include "runtime/facts/huge_pages.hpp"

namespace tiao::facts {
namespace {

// How an absent cell reads: a finding that nobody made does not stand, one that is presumed does; everything else is not known.
Cell absent_cell(const Schema& schema, const Column& c) {
  if (c.kind == ColumnKind::finding && c.type.kind == Kind::boolean) return of(truth(c.presumed));
  if (c.kind == ColumnKind::suspected) return of(Truth::no);
  if (c.type.kind == Kind::text || c.type.kind == Kind::ref) return between(neg_inf, pos_inf);
  return unknown_cell(schema, c.type, c.range_lo, c.range_hi);
}

template <class T>
void add_all(std::vector<T>& to, const std::vector<T>& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

StagedRegister::StagedRegister(const Schema& schema, EntityId id) : entity(&schema.entities[id]) {
  columns.resize(entity->columns.size());
  if (entity->origin != EntityOrigin::register_) return;
  for (const Column& c : entity->columns) {
    absent.push_back(absent_cell(schema, c));
    kinds.push_back(c.type.kind);
  }
}

std::uint32_t StagedRegister::add_row(std::string_view from, std::uint32_t at) {
  if (rows == 0) file = from;
  line.push_back(at);
  return rows++;
}

bool StagedRegister::is_set(ColumnId column, std::uint32_t row) const {
  const auto& presence = columns[column].presence;
  return row < presence.size() && presence[row] != static_cast<std::uint8_t>(Presence::absent);
}

void StagedRegister::pad(ColumnId column, std::uint32_t to) {
  StagedColumn& c = columns[column];
  if (c.presence.size() >= to) return;
  const Cell none_given = absent[column];
  switch (kinds[column]) {
    case Kind::boolean: c.truth.resize(to, static_cast<std::uint8_t>(none_given.lo)); break;
    case Kind::choice: c.lo.resize(to, none_given.lo); break;
    default:
      if (none_given.lo != none_given.hi && c.hi.empty()) c.hi = c.lo;
      if (none_given.lo != none_given.hi || !c.hi.empty()) c.hi.resize(to, none_given.hi);
      c.lo.resize(to, none_given.lo);
  }
  c.presence.resize(to, static_cast<std::uint8_t>(Presence::absent));
}

void StagedRegister::store(ColumnId column, std::uint32_t row, const Cell& cell, Presence presence) {
  StagedColumn& c = columns[column];
  pad(column, row);
  const bool fresh = c.presence.size() == row;
  auto put = [&](auto& values, auto value) {
    if (fresh) values.push_back(value);
    else values[row] = value;
  };
  switch (kinds[column]) {
    case Kind::boolean: put(c.truth, static_cast<std::uint8_t>(cell.lo)); break;
    case Kind::choice: put(c.lo, cell.lo); break;
    default:
      if (cell.lo != cell.hi || !c.hi.empty()) {
        if (c.hi.empty()) c.hi = c.lo;
        put(c.hi, cell.hi);
      }
      put(c.lo, cell.lo);
  }
  put(c.presence, static_cast<std::uint8_t>(presence));
}

void StagedRegister::spoil(ColumnId column, std::uint32_t row) {
  pad(column, row + 1);
  columns[column].presence[row] = spoiled;
}

void StagedRegister::lose_row(std::uint32_t row) {
  incomplete = true;
  if (row >= rows) return;
  for (const ColumnId column : {entity->key_column, entity->parent_column})
    if (column != none && !is_set(column, row)) spoil(column, row);
}

void StagedRegister::reserve(std::uint32_t expected) {
  reserve_huge(line, expected);
  for (ColumnId c = 0; c < columns.size(); ++c) {
    if (!is_stored(entity->columns[c])) continue;
    reserve_huge(columns[c].presence, expected);
    if (kinds[c] == Kind::boolean) reserve_huge(columns[c].truth, expected);
    else reserve_huge(columns[c].lo, expected);
    if (!columns[c].hi.empty()) reserve_huge(columns[c].hi, expected);
  }
}

void StagedRegister::append(StagedRegister& part, std::uint64_t lines_before, std::span<const std::int64_t> ids) {
  if (part.rows == 0) return;
  for (const std::uint32_t at : part.line) line.push_back(line_number(lines_before + at));
  for (ColumnId id = 0; id < columns.size(); ++id) {
    StagedColumn& to = columns[id];
    StagedColumn& from = part.columns[id];
    if (from.presence.empty()) continue;
    pad(id, rows);
    if (!ids.empty() && (kinds[id] == Kind::text || kinds[id] == Kind::ref))
      for (std::vector<std::int64_t>* ends : {&from.lo, &from.hi})
        for (std::int64_t& text : *ends)
          if (text >= 0 && text != pos_inf) text = ids[static_cast<std::size_t>(text)];
    if (!from.hi.empty() && to.hi.empty()) to.hi = to.lo;
    if (!from.hi.empty() || !to.hi.empty()) add_all(to.hi, from.hi.empty() ? from.lo : from.hi);
    add_all(to.lo, from.lo);
    add_all(to.truth, from.truth);
    add_all(to.presence, from.presence);
    for (auto& [row, what] : from.decided) to.decided.insert_or_assign(rows + row, std::move(what));
  }
  rows += part.rows;
  incomplete = incomplete || part.incomplete;
  part.clear();
}

void StagedRegister::clear() {
  for (StagedColumn& c : columns) {
    c.truth.clear();
    c.lo.clear();
    c.hi.clear();
    c.presence.clear();
    c.decided.clear();
  }
  line.clear();
  rows = 0;
  supplied = incomplete = false;
}

}  // namespace tiao::facts
