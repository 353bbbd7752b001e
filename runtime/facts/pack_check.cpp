#include "runtime/facts/pack_check.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/text_hash.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::facts {
namespace {

// No pair has both bits, and none stands behind the last. Loops here look at everything, so that they may look at many values at once.
bool no_third(const BitPairs& values) {
  const std::uint64_t *first = values.first(), *second = values.second();
  const std::size_t full = values.size() / BitPairs::word_rows;
  std::uint64_t bad = 0;
  for (std::size_t w = 0; w < full; ++w) bad |= first[w] & second[w];
  std::size_t w = full;
  if (const std::size_t rest = values.size() % BitPairs::word_rows; rest != 0) {
    bad |= (first[w] & second[w]) | (first[w] | second[w]) >> rest;
    ++w;
  }
  for (; w < BitPairs::room_of(values.size()); ++w) bad |= first[w] | second[w];
  return bad == 0;
}

// A number out of so many, or not known at all.
bool all_below(const ColumnData& data, std::uint64_t count) {
  bool good = true;
  if (data.hi.empty()) {
    for (const std::int64_t v : data.lo) good &= static_cast<std::uint64_t>(v) < count;
    return good;
  }
  for (std::size_t i = 0; i < data.lo.size(); ++i) {
    const std::int64_t lo = data.lo[i], hi = data.hi[i];
    good &= (lo == hi && static_cast<std::uint64_t>(lo) < count) || (lo == neg_inf && hi == pos_inf);
  }
  return good;
}

// Some of its values, and no others.
template <class Masks>
bool good_masks(const Masks& masks, std::uint64_t all) {
  bool good = true;
  std::uint64_t seen = 0;
  for (const auto mask : masks) {
    good &= mask != 0;
    seen |= static_cast<std::uint64_t>(mask);
  }
  return good && (seen & ~all) == 0;
}

bool good_day(std::int64_t v) { return scalar::is_day(v) || v == never_day || v == neg_inf || v == pos_inf; }

bool good_range(const Type& type, std::int64_t lo, std::int64_t hi, std::int64_t least, std::int64_t most) {
  if (lo > hi || lo < least || hi > most || lo == pos_inf || hi == neg_inf) return false;
  return type.kind != Kind::date || (good_day(lo) && good_day(hi));
}

bool good_ranges(const Column& column, const ColumnData& data) {
  if (data.hi.empty() && !data.lo.empty()) {   // mostly between two that are good
    std::int64_t least = pos_inf, most = neg_inf;
    for (const std::int64_t v : data.lo) least = std::min(least, v), most = std::max(most, v);
    if (least < column.range_lo || most > column.range_hi || least == neg_inf || most == pos_inf) return false;
    if (column.type.kind != Kind::date || (scalar::is_day(least) && scalar::is_day(most))) return true;
  }
  for (std::size_t i = 0; i < data.lo.size(); ++i)
    if (!good_range(column.type, data.lo[i], data.hi.empty() ? data.lo[i] : data.hi[i], column.range_lo, column.range_hi)) return false;
  return true;
}

}  // namespace

bool good_texts(const FrozenTexts& texts) {
  if (texts.offsets.empty() || texts.offsets.front() != 0 || texts.offsets.back() != texts.bytes.size() || texts.size() >= 0xffffffffu) return false;
  if (!std::is_sorted(texts.offsets.begin(), texts.offsets.end()) || !std::has_single_bit(texts.slots.size()) || texts.slots.size() <= texts.size()) return false;
  std::size_t filled = 0;
  std::uint32_t most = 0;
  for (const FrozenTexts::Slot& slot : texts.slots) filled += slot.id != 0, most = std::max(most, slot.id);
  return filled == texts.size() && most <= texts.size() && simdjson::validate_utf8(texts.bytes.data(), texts.bytes.size());
}

bool good_texts(const FrozenTexts& texts, std::size_t first, std::size_t last) {
  constexpr std::size_t together = 32;   // so that the waiting for memory overlaps
  const std::size_t mask = texts.slots.size() - 1;
  std::uint32_t hashes[together];
  bool good = true;
  for (; first < last && good; first += together) {
    const std::size_t n = std::min(together, last - first);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string_view text = texts.at(first + i);
      good &= text.empty() || (static_cast<unsigned char>(text.front()) & 0xc0) != 0x80;   // begins a character
      hashes[i] = hash_of(text);
      __builtin_prefetch(&texts.slots[hashes[i] & mask]);
    }
    for (std::size_t i = 0; i < n && good; ++i) {
      const std::size_t id = first + i;
      for (std::size_t slot = hashes[i] & mask;; slot = (slot + 1) & mask) {
        const FrozenTexts::Slot& s = texts.slots[slot];
        if (s.id == id + 1) {
          good = s.hash == hashes[i];
          break;
        }
        if (s.id == 0 || (s.hash == hashes[i] && texts.at(s.id - 1) == texts.at(id))) {   // not found, or found as another
          good = false;
          break;
        }
      }
    }
  }
  return good;
}

bool good_parameter(const Schema& schema, const Parameter& p, const Cell& cell, std::size_t texts) {
  switch (p.type.kind) {
    case Kind::boolean: return cell.lo == cell.hi && (cell.lo == 1 || cell.lo == 2);
    case Kind::choice: return cell.lo == cell.hi && cell.lo != 0 && (cell.lo & ~unknown_cell(schema, p.type).lo) == 0;
    case Kind::text: return cell.lo == cell.hi && cell.lo >= 0 && static_cast<std::uint64_t>(cell.lo) < texts;
    case Kind::ref:
    case Kind::ratio: return false;   // no facts set them
    default: return good_range(p.type, cell.lo, cell.hi, p.range_lo, p.range_hi);
  }
}

bool good_column(const FactBase& facts, EntityId entity, ColumnId id) {
  const Column& column = facts.schema->entities[entity].columns[id];
  const Table& table = facts.tables[entity];
  const ColumnData& data = table.columns[id];
  if (!no_third(data.presence)) return false;
  switch (column.type.kind) {
    case Kind::boolean: return no_third(data.truth);
    case Kind::choice: {
      const auto all = static_cast<std::uint64_t>(unknown_cell(*facts.schema, column.type).lo);
      return data.hi.empty() && good_masks(data.masks, all) && good_masks(data.lo, all);
    }
    case Kind::text: return all_below(data, facts.strings.size());
    case Kind::ref: return all_below(data, facts.tables[column.type.of].rows);
    default: return good_ranges(column, data);
  }
}

bool good_table(const FactBase& facts, EntityId id) {
  const Entity& entity = facts.schema->entities[id];
  const Table& table = facts.tables[id];
  const std::uint32_t parents = entity.parent == none ? 0 : facts.tables[entity.parent].rows;
  if (!table.open_for.empty() && table.open_for.size() != parents) return false;
  if (std::any_of(table.open_for.begin(), table.open_for.end(), [](std::uint8_t open) { return open > 1; })) return false;
  if (entity.key_column != none) {
    const ColumnData& keys = table.columns[entity.key_column];
    if (!keys.hi.empty()) return false;   // they are known
    std::vector<bool> seen(facts.strings.size());
    for (const std::int64_t key : keys.lo) {
      if (seen[static_cast<std::size_t>(key)]) return false;
      seen[static_cast<std::size_t>(key)] = true;
    }
  }
  if (entity.parent == none) return table.offsets.empty();
  if (table.offsets.size() != std::size_t{parents} + 1 || table.offsets.front() != 0 || table.offsets.back() != table.rows) return false;
  if (!std::is_sorted(table.offsets.begin(), table.offsets.end())) return false;
  const ColumnData& of = table.columns[entity.parent_column];
  for (std::uint32_t parent = 0; parent < parents; ++parent)
    for (std::uint32_t row = table.offsets[parent]; row < table.offsets[parent + 1]; ++row)
      if (of.lo[row] != parent || !of.hi.empty()) return false;
  return true;
}

}  // namespace tiao::facts
