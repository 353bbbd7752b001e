#include "runtime/facts/staging.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/facts/builder.hpp"

namespace tiao::facts {
namespace {

constexpr std::uint32_t no_row = 0xffffffffu;
constexpr std::uint8_t spoiled = 3;  // beside Presence, while staging
constexpr std::uint8_t given = static_cast<std::uint8_t>(Presence::given);

bool is_stored(const Column& c) { return c.kind != ColumnKind::computed; }

// How an absent cell reads: a finding that nobody made does not stand, one that is presumed does; everything else is not known.
Cell absent_cell(const Schema& schema, const Column& c) {
  if (c.kind == ColumnKind::finding && c.type.kind == Kind::boolean) return of(truth(c.presumed));
  if (c.kind == ColumnKind::suspected) return of(Truth::no);
  if (c.type.kind == Kind::text || c.type.kind == Kind::ref) return between(neg_inf, pos_inf);
  return unknown_cell(schema, c.type, c.range_lo, c.range_hi);
}

void assign(BitPairs& values, std::uint32_t row, std::uint8_t value) { values.set(row, value); }
template <class Values, class T>
void assign(Values& values, std::uint32_t row, T value) { values[row] = value; }

void gather(BitPairs& values, const std::vector<std::uint32_t>& order) {
  if (values.empty()) return;
  BitPairs moved;
  moved.reserve(order.size());
  for (const std::uint32_t from : order) moved.push_back(values[from]);
  values = std::move(moved);
}

template <class T, class A>
void gather(std::vector<T, A>& values, const std::vector<std::uint32_t>& order) {
  if (values.empty()) return;
  std::vector<T, A> sorted(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = values[order[i]];
  values = std::move(sorted);
}

// The first bytes of a key as a number that sorts like them.
std::uint64_t prefix(std::string_view key) {
  std::uint64_t p = 0;
  for (std::size_t i = 0; i < 8; ++i) p = (p << 8) | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0u);
  return p;
}

// The finding beside which a `suspected` column stands.
ColumnId finding_of(const Entity& e, ColumnId suspected) {
  constexpr std::string_view mark = "suspected:";
  if (const std::string& id = e.columns[suspected].id; id.starts_with(mark))
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (e.columns[c].kind == ColumnKind::finding && e.columns[c].id == std::string_view(id).substr(mark.size())) return c;
  for (ColumnId c = suspected; c-- > 0;)
    if (e.columns[c].kind == ColumnKind::finding) return c;
  return none;
}

}  // namespace

Staging::Staging(const Schema& schema) : schema_(schema), registers_(schema.entities.size()) {
  for (const std::string& text : schema.strings) strings.intern(text);
  for (EntityId id = 0; id < registers_.size(); ++id) {
    const Entity& entity = schema.entities[id];
    registers_[id].columns.resize(entity.columns.size());
    if (entity.origin != EntityOrigin::register_) continue;
    for (const Column& c : entity.columns) registers_[id].absent.push_back(absent_cell(schema, c));
  }
}

void Staging::supply(EntityId entity, std::string_view file) {
  registers_[entity].supplied = true;
  registers_[entity].file = file;
}

void Staging::close_all() {
  for (EntityId id = 0; id < registers_.size(); ++id)
    if (schema_.entities[id].origin == EntityOrigin::register_) registers_[id].supplied = true;
}

void Staging::reserve(EntityId entity, std::uint32_t rows) {
  Register& r = registers_[entity];
  r.line.reserve(rows);
  for (ColumnId c = 0; c < r.columns.size(); ++c) {
    const Column& column = schema_.entities[entity].columns[c];
    if (!is_stored(column)) continue;
    r.columns[c].presence.reserve(rows);
    if (column.type.kind == Kind::boolean) r.columns[c].truth.reserve(rows);
    else if (is_narrow(schema_, column.type)) r.columns[c].masks.reserve(rows);
    else r.columns[c].lo.reserve(rows);
  }
}

std::uint32_t Staging::add_row(EntityId entity, std::string_view file, std::uint32_t line) {
  Register& r = registers_[entity];
  if (r.rows == 0) r.file = file;
  r.line.push_back(line);
  return r.rows++;
}

bool Staging::is_set(EntityId entity, ColumnId column, std::uint32_t row) const {
  const auto& presence = registers_[entity].columns[column].presence;
  return row < presence.size() && presence[row] != static_cast<std::uint8_t>(Presence::absent);
}

void Staging::pad(EntityId entity, ColumnId column, std::uint32_t rows) {
  ColumnData& d = registers_[entity].columns[column];
  if (d.presence.size() >= rows) return;
  const Cell absent = registers_[entity].absent[column];
  const Type type = schema_.entities[entity].columns[column].type;
  switch (type.kind) {
    case Kind::boolean: d.truth.resize(rows, static_cast<std::uint8_t>(absent.lo)); break;
    case Kind::choice:
      if (is_narrow(schema_, type)) d.masks.resize(rows, static_cast<std::uint8_t>(absent.lo));
      else d.lo.resize(rows, absent.lo);
      break;
    default:
      if (absent.lo != absent.hi && d.hi.empty()) d.hi = d.lo;
      if (absent.lo != absent.hi || !d.hi.empty()) d.hi.resize(rows, absent.hi);
      d.lo.resize(rows, absent.lo);
  }
  d.presence.resize(rows, static_cast<std::uint8_t>(Presence::absent));
}

void Staging::store(EntityId entity, ColumnId column, std::uint32_t row, const Cell& cell, Presence presence) {
  ColumnData& d = registers_[entity].columns[column];
  pad(entity, column, row);
  const bool fresh = d.presence.size() == row;
  auto put = [&](auto& values, auto value) {
    if (fresh) values.push_back(value);
    else assign(values, row, value);
  };
  const Type type = schema_.entities[entity].columns[column].type;
  switch (type.kind) {
    case Kind::boolean: put(d.truth, static_cast<std::uint8_t>(cell.lo)); break;
    case Kind::choice:
      if (is_narrow(schema_, type)) put(d.masks, static_cast<std::uint8_t>(cell.lo));
      else put(d.lo, cell.lo);
      break;
    default:
      if (cell.lo != cell.hi || !d.hi.empty()) {
        if (d.hi.empty()) d.hi = d.lo;
        put(d.hi, cell.hi);
      }
      put(d.lo, cell.lo);
  }
  put(d.presence, static_cast<std::uint8_t>(presence));
}

void Staging::spoil(EntityId entity, ColumnId column, std::uint32_t row) {
  pad(entity, column, row + 1);
  registers_[entity].columns[column].presence.set(row, spoiled);
}

void Staging::lose_row(EntityId entity, std::uint32_t row) {
  registers_[entity].incomplete = true;
  if (row >= registers_[entity].rows) return;
  const Entity& e = schema_.entities[entity];
  for (const ColumnId column : {e.key_column, e.parent_column})
    if (column != none && !is_set(entity, column, row)) spoil(entity, column, row);
}

void Staging::decide(EntityId entity, ColumnId column, std::uint32_t row, const Decided& decided) {
  registers_[entity].columns[column].decided.insert_or_assign(row, decided);
}

Place Staging::place(EntityId entity, std::uint32_t row, ColumnId column) const {
  const Entity& e = schema_.entities[entity];
  const Register& r = registers_[entity];
  return {r.file, r.line[row], e.id + "[" + std::to_string(row) + "]" + (column == none ? std::string() : "." + e.columns[column].id)};
}

bool Staging::index_keys(EntityId entity, std::vector<std::uint32_t>& row_of, LoadErrors& errors) {
  const Entity& e = schema_.entities[entity];
  Register& r = registers_[entity];
  ColumnData& keys = r.columns[e.key_column];
  bool ok = true;
  for (std::uint32_t row = 0; row < r.rows; ++row) {
    if (keys.presence[row] == spoiled) {
      r.incomplete = true;
      continue;
    }
    if (keys.presence[row] != given || strings.at(keys.lo[row]).empty()) {
      if (!e.generated_key) {
        errors.add(ErrorCode::missing_key, place(entity, row, none), {e.columns[e.key_column].id});
        ok = false;
        r.incomplete = true;
        continue;
      }
      keys.lo[row] = strings.intern(e.id + "#" + std::to_string(row + 1));
      if (!keys.hi.empty()) keys.hi[row] = keys.lo[row];
    }
    const auto id = static_cast<std::size_t>(keys.lo[row]);
    if (row_of.size() <= id) row_of.resize(strings.size(), no_row);
    if (row_of[id] != no_row) {
      errors.add(ErrorCode::duplicate_key, place(entity, row, e.key_column), {excerpt(strings.at(keys.lo[row])), std::to_string(r.line[row_of[id]])});
      ok = false;
      continue;
    }
    row_of[id] = row;
  }
  return ok;
}

bool Staging::resolve_references(EntityId target, const std::vector<std::uint32_t>& row_of, LoadErrors& errors) {
  bool ok = true;
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    for (ColumnId c = 0; c < e.columns.size(); ++c) {
      const Column& column = e.columns[c];
      if (!is_stored(column) || column.type.kind != Kind::ref || column.type.of != target) continue;
      ColumnData& d = registers_[entity].columns[c];
      for (std::uint32_t row = 0; row < registers_[entity].rows; ++row) {
        if (d.presence[row] != given) {
          if (column.kind == ColumnKind::parent && d.presence[row] != spoiled) {
            errors.add(ErrorCode::missing_parent, place(entity, row, none), {column.id});
            ok = false;
          }
          continue;
        }
        const auto id = static_cast<std::size_t>(d.lo[row]);
        const std::uint32_t found = id < row_of.size() ? row_of[id] : no_row;
        if (found == no_row) {
          ok = false;
          if (registers_[target].incomplete) continue;
          std::string hint;
          if (!errors.full() && registers_[target].rows <= 5000) {
            std::vector<std::string_view> keys;
            const ColumnData& all = registers_[target].columns[schema_.entities[target].key_column];
            for (std::uint32_t k = 0; k < registers_[target].rows; ++k)
              if (all.lo[k] >= 0) keys.push_back(strings.at(all.lo[k]));
            hint = nearest(strings.at(d.lo[row]), keys);
          }
          errors.add(ErrorCode::dangling_reference, place(entity, row, c), {schema_.entities[target].id, excerpt(strings.at(d.lo[row]))}, std::move(hint));
          continue;
        }
        d.lo[row] = found;
        if (!d.hi.empty()) d.hi[row] = found;
      }
    }
  }
  return ok;
}

bool Staging::resolve(LoadErrors& errors) {
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (is_stored(e.columns[c])) pad(entity, c, registers_[entity].rows);
  }
  // One register's keys at a time, as an array over the text ids: no hashing, and small.
  bool ok = true;
  std::vector<std::uint32_t> row_of;
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    row_of.assign(strings.size(), no_row);
    if (e.key_column != none) ok = index_keys(entity, row_of, errors) && ok;
    ok = resolve_references(entity, row_of, errors) && ok;
  }
  return ok;
}

std::vector<EntityId> Staging::parents_first() const {
  std::vector<EntityId> order;
  std::vector<bool> placed(registers_.size());
  for (bool moved = true; moved;) {
    moved = false;
    for (EntityId e = 0; e < registers_.size(); ++e) {
      const Entity& entity = schema_.entities[e];
      if (placed[e] || entity.origin != EntityOrigin::register_ || (entity.parent != none && !placed[entity.parent])) continue;
      placed[e] = moved = true;
      order.push_back(e);
    }
  }
  return order;
}

// order[new row] = row as read. Fills the offsets. The parent's table is already in its final order and the parent column
// already holds final rows.
std::vector<std::uint32_t> Staging::final_order(EntityId entity, FactBase& base) const {
  const Entity& e = schema_.entities[entity];
  const Register& r = registers_[entity];
  std::vector<std::uint32_t> order(r.rows);
  std::vector<std::uint32_t>& offsets = base.tables[entity].offsets;
  if (e.parent != none && e.parent_column != none) {
    const auto& parent = r.columns[e.parent_column].lo;
    offsets.assign(base.tables[e.parent].rows + 1, 0);
    for (const std::int64_t p : parent) ++offsets[static_cast<std::size_t>(p) + 1];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    std::vector<std::uint32_t> next(offsets.begin(), offsets.end() - 1);
    for (std::uint32_t row = 0; row < r.rows; ++row) order[next[static_cast<std::size_t>(parent[row])]++] = row;
  } else {
    std::iota(order.begin(), order.end(), 0u);
  }
  if (e.key_column == none) return order;
  const auto& keys = r.columns[e.key_column].lo;
  struct Item { std::uint64_t prefix; std::uint32_t row; };
  std::vector<Item> items;
  auto sort = [&](std::uint32_t first, std::uint32_t last) {
    if (last - first < 2) return;
    items.clear();
    for (std::uint32_t i = first; i < last; ++i) items.push_back({prefix(strings.at(keys[order[i]])), order[i]});
    auto before = [&](const Item& a, const Item& b) {
      return a.prefix != b.prefix ? a.prefix < b.prefix : strings.at(keys[a.row]) < strings.at(keys[b.row]);
    };
    if (std::is_sorted(items.begin(), items.end(), before)) return;
    std::sort(items.begin(), items.end(), before);
    for (std::uint32_t i = first; i < last; ++i) order[i] = items[i - first].row;
  };
  if (offsets.empty()) sort(0, r.rows);
  else for (std::size_t p = 0; p + 1 < offsets.size(); ++p) sort(offsets[p], offsets[p + 1]);
  return order;
}

void Staging::tables(FactBase& base) {
  base.tables.resize(registers_.size());
  for (EntityId e = 0; e < registers_.size(); ++e) {
    base.tables[e].entity = e;
    base.tables[e].columns.resize(schema_.entities[e].columns.size());
  }
  for (const EntityId entity : parents_first()) {
    const Entity& e = schema_.entities[entity];
    Register& r = registers_[entity];
    Table& table = base.tables[entity];
    table.rows = r.rows;
    table.supplied = r.supplied;
    const std::vector<std::uint32_t> order = final_order(entity, base);
    bool moved = false;
    for (std::uint32_t i = 0; i < r.rows && !moved; ++i) moved = order[i] != i;
    std::vector<std::uint32_t> place_of;
    if (moved) {
      place_of.resize(r.rows);
      for (std::uint32_t i = 0; i < r.rows; ++i) place_of[order[i]] = i;
      gather(r.line, order);
    }
    for (ColumnId c = 0; c < e.columns.size(); ++c) {
      ColumnData& d = r.columns[c];
      if (!is_stored(e.columns[c])) continue;
      if (moved) {
        gather(d.truth, order);
        gather(d.masks, order);
        gather(d.lo, order);
        gather(d.hi, order);
        gather(d.presence, order);
        std::unordered_map<std::uint32_t, Decided> decided;
        for (auto& [row, what] : d.decided) decided.emplace(place_of[row], std::move(what));
        d.decided = std::move(decided);
      }
      if (e.columns[c].type.kind == Kind::choice || d.hi == d.lo) d.hi = {};
    }
    // Whoever refers to these rows follows them.
    if (moved)
      for (EntityId other = 0; other < registers_.size(); ++other)
        for (ColumnId c = 0; c < schema_.entities[other].columns.size(); ++c) {
          const Column& column = schema_.entities[other].columns[c];
          if (schema_.entities[other].origin != EntityOrigin::register_ || !is_stored(column) || column.type.kind != Kind::ref || column.type.of != entity) continue;
          // Tables already handed over hold their columns there.
          ColumnData& d = base.tables[other].rows == registers_[other].rows && !base.tables[other].columns[c].lo.empty()
                              ? base.tables[other].columns[c] : registers_[other].columns[c];
          for (std::size_t i = 0; i < d.lo.size(); ++i) {
            if (d.lo[i] == neg_inf) continue;
            d.lo[i] = place_of[static_cast<std::size_t>(d.lo[i])];
            if (!d.hi.empty()) d.hi[i] = d.lo[i];
          }
        }
    for (ColumnId c = 0; c < e.columns.size(); ++c) {
      if (e.columns[c].kind != ColumnKind::suspected) continue;
      if (const ColumnId finding = finding_of(e, c); finding != none)
        for (std::uint32_t i = 0; i < r.rows; ++i)
          r.columns[c].truth.set(i, static_cast<std::uint8_t>(truth(r.columns[finding].presence[i] == static_cast<std::uint8_t>(Presence::null))));
    }
    table.columns = std::move(r.columns);
    r.columns.resize(e.columns.size());
    table.source_line = std::move(r.line);
  }
  base.strings = std::move(strings);
}

}  // namespace tiao::facts
