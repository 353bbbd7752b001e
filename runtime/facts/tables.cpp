#include "runtime/facts/tables.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/facts/bytes.hpp"

namespace tiao::facts {
namespace {
constexpr std::size_t block_size = 1 << 20;

std::uint64_t mixed(std::uint64_t a) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * 0x9e3779b97f4a7c15u;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Keys are short: a multiplication for every eight bytes.
std::uint32_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size() + 0x243f6a8885a308d3u;
  for (; text.size() > 8; text.remove_prefix(8)) hash = mixed(hash ^ first_bytes(text));
  hash = mixed(hash ^ first_bytes(text) * 0xd6e8feb86659fd93u);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}
}  // namespace

StringPool::StringPool(const StringPool& other)
    : items_(other.items_), slots_(other.slots_), blocks_(other.blocks_) {}  // begins a block of its own

StringPool& StringPool::operator=(const StringPool& other) {
  if (this != &other) {
    StringPool copy(other);
    *this = std::move(copy);
  }
  return *this;
}

std::size_t StringPool::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot].id != 0; slot = (slot + 1) & mask)
    if (slots_[slot].hash == hash && items_[slots_[slot].id - 1] == text) break;
  return slot;
}

void StringPool::grow() {
  std::vector<Slot> slots(slots_.empty() ? 1024 : slots_.size() * 2);
  const std::size_t mask = slots.size() - 1;
  for (const Slot& old : slots_) {
    if (old.id == 0) continue;
    std::size_t slot = old.hash & mask;
    while (slots[slot].id != 0) slot = (slot + 1) & mask;
    slots[slot] = old;
  }
  slots_ = std::move(slots);
}

std::int64_t StringPool::intern(std::string_view text) {
  if (items_.size() * 2 >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(text);
  const std::size_t slot = slot_of(text, hash);
  if (slots_[slot].id != 0) return slots_[slot].id - 1;
  if (text.size() > free_) {
    const std::size_t size = std::max(block_size, text.size());
    blocks_.emplace_back(new char[size]);
    next_ = blocks_.back().get();
    free_ = size;
  }
  if (!text.empty()) std::memcpy(next_, text.data(), text.size());
  items_.emplace_back(next_, text.size());
  next_ += text.size();
  free_ -= text.size();
  slots_[slot] = {static_cast<std::uint32_t>(items_.size()), hash};
  return static_cast<std::int64_t>(items_.size() - 1);
}

std::int64_t StringPool::find(std::string_view text) const {
  if (slots_.empty()) return -1;
  return static_cast<std::int64_t>(slots_[slot_of(text, hash_of(text))].id) - 1;
}

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
