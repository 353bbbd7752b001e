#include "runtime/facts/staging.hpp"

#include <algorithm>
#include <numeric>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/huge_pages.hpp"

namespace tiao::facts {
namespace {

constexpr std::uint32_t no_row = 0xffffffffu;
constexpr std::uint8_t given = static_cast<std::uint8_t>(Presence::given);

// `room`: of the column before this one, to be used again.
template <class T>
void gather(std::vector<T>& values, const std::vector<std::uint32_t>& order, std::vector<T>& room) {
  if (values.empty()) return;
  reserve_huge(room, values.size());
  room.resize(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) room[i] = values[order[i]];
  values.swap(room);
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

void pack(std::vector<std::uint8_t>& from, BitPairs& to) {
  to.reserve(from.size());
  to.append(from.data(), from.size());
  from = {};
}

void hand_over(const Schema& schema, const Type& type, StagedColumn& from, ColumnData& to) {
  pack(from.truth, to.truth);
  pack(from.presence, to.presence);
  to.decided = std::move(from.decided);
  if (is_narrow(schema, type)) {
    to.masks.resize(from.lo.size());
    std::copy(from.lo.begin(), from.lo.end(), to.masks.begin());
    from.lo = {};
    return;
  }
  to.lo = std::move(from.lo);
  if (from.hi != to.lo) to.hi = std::move(from.hi);
  from.hi = {};
}

}  // namespace

Staging::Staging(const Schema& schema) : schema_(schema) {
  registers_.reserve(schema.entities.size());
  for (EntityId id = 0; id < schema.entities.size(); ++id) registers_.emplace_back(schema, id);
}

Place Staging::place(EntityId entity, std::uint32_t row, ColumnId column) const {
  const Entity& e = schema_.entities[entity];
  const StagedRegister& r = registers_[entity];
  return {r.file, r.line[row], e.id + "[" + std::to_string(row) + "]" + (column == none ? std::string() : "." + e.columns[column].id)};
}

bool Staging::index_keys(EntityId entity, StringPool& strings, std::vector<std::uint32_t>& row_of, LoadErrors& errors) {
  const Entity& e = schema_.entities[entity];
  StagedRegister& r = registers_[entity];
  StagedColumn& keys = r.columns[e.key_column];
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

bool Staging::resolve_references(EntityId target, const StringPool& strings, const std::vector<std::uint32_t>& row_of, LoadErrors& errors) {
  bool ok = true;
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    for (ColumnId c = 0; c < e.columns.size(); ++c) {
      const Column& column = e.columns[c];
      if (!is_stored(column) || column.type.kind != Kind::ref || column.type.of != target) continue;
      StagedColumn& d = registers_[entity].columns[c];
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
            const StagedColumn& all = registers_[target].columns[schema_.entities[target].key_column];
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

bool Staging::resolve(StringPool& strings, LoadErrors& errors) {
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (is_stored(e.columns[c])) registers_[entity].pad(c, registers_[entity].rows);
  }
  // One register's keys at a time, as an array over the text ids: no hashing, and small.
  bool ok = true;
  std::vector<std::uint32_t> row_of;
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    row_of.assign(strings.size(), no_row);
    if (e.key_column != none) ok = index_keys(entity, strings, row_of, errors) && ok;
    ok = resolve_references(entity, strings, row_of, errors) && ok;
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

// order[new row] = row as read. Fills the offsets. The parents are already in their final order and the parent column already
// holds final rows.
std::vector<std::uint32_t> Staging::final_order(EntityId entity, const StringPool& strings, std::vector<std::uint32_t>& offsets) const {
  const Entity& e = schema_.entities[entity];
  const StagedRegister& r = registers_[entity];
  std::vector<std::uint32_t> order(r.rows);
  if (e.parent != none && e.parent_column != none) {
    const auto& parent = r.columns[e.parent_column].lo;
    offsets.assign(registers_[e.parent].rows + 1, 0);
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
  auto before = [&](const Item& a, const Item& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : strings.at(keys[a.row]) < strings.at(keys[b.row]);
  };
  auto sort = [&](std::uint32_t first, std::uint32_t last) {
    if (last - first < 2) return;
    items.clear();
    for (std::uint32_t i = first; i < last; ++i) items.push_back({prefix(strings.at(keys[order[i]])), order[i]});
    if (std::is_sorted(items.begin(), items.end(), before)) return;
    std::sort(items.begin(), items.end(), before);
    for (std::uint32_t i = first; i < last; ++i) order[i] = items[i - first].row;
  };
  if (offsets.empty()) sort(0, r.rows);
  else for (std::size_t p = 0; p + 1 < offsets.size(); ++p) sort(offsets[p], offsets[p + 1]);
  return order;
}

// Whoever refers to the rows follows them.
void Staging::reorder(EntityId entity, const std::vector<std::uint32_t>& order) {
  StagedRegister& r = registers_[entity];
  std::vector<std::uint32_t> place_of(r.rows);
  for (std::uint32_t i = 0; i < r.rows; ++i) place_of[order[i]] = i;
  std::vector<std::uint32_t> lines;
  std::vector<std::uint8_t> bytes;
  std::vector<std::int64_t> numbers;
  gather(r.line, order, lines);
  for (StagedColumn& c : r.columns) {
    gather(c.truth, order, bytes);
    gather(c.lo, order, numbers);
    gather(c.hi, order, numbers);
    gather(c.presence, order, bytes);
    std::unordered_map<std::uint32_t, Decided> decided;
    for (auto& [row, what] : c.decided) decided.emplace(place_of[row], std::move(what));
    c.decided = std::move(decided);
  }
  for (StagedRegister& other : registers_) {
    if (other.entity->origin != EntityOrigin::register_) continue;
    for (ColumnId c = 0; c < other.columns.size(); ++c) {
      const Column& column = other.entity->columns[c];
      if (!is_stored(column) || column.type.kind != Kind::ref || column.type.of != entity) continue;
      StagedColumn& d = other.columns[c];
      for (std::size_t i = 0; i < d.lo.size(); ++i) {
        if (d.lo[i] == neg_inf) continue;
        d.lo[i] = place_of[static_cast<std::size_t>(d.lo[i])];
        if (!d.hi.empty()) d.hi[i] = d.lo[i];
      }
    }
  }
}

void Staging::tables(StringPool& strings, FactBase& base) {
  base.tables.resize(registers_.size());
  for (EntityId e = 0; e < registers_.size(); ++e) {
    base.tables[e].entity = e;
    base.tables[e].columns.resize(schema_.entities[e].columns.size());
  }
  for (const EntityId entity : parents_first()) {
    const std::vector<std::uint32_t> order = final_order(entity, strings, base.tables[entity].offsets);
    for (std::uint32_t i = 0; i < order.size(); ++i)
      if (order[i] != i) {
        reorder(entity, order);
        break;
      }
  }
  for (EntityId entity = 0; entity < registers_.size(); ++entity) {
    const Entity& e = schema_.entities[entity];
    if (e.origin != EntityOrigin::register_) continue;
    StagedRegister& r = registers_[entity];
    for (ColumnId c = 0; c < e.columns.size(); ++c) {
      if (e.columns[c].kind != ColumnKind::suspected) continue;
      if (const ColumnId finding = finding_of(e, c); finding != none)
        for (std::uint32_t i = 0; i < r.rows; ++i)
          r.columns[c].truth[i] = static_cast<std::uint8_t>(truth(r.columns[finding].presence[i] == static_cast<std::uint8_t>(Presence::null)));
    }
    Table& table = base.tables[entity];
    table.rows = r.rows;
    table.supplied = r.supplied;
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (is_stored(e.columns[c])) hand_over(schema_, e.columns[c].type, r.columns[c], table.columns[c]);
    table.source_line = std::move(r.line);
  }
  base.strings = std::move(strings);
}

}  // namespace tiao::facts
