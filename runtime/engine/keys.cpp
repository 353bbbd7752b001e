#include "runtime/engine/keys.hpp"

#include <algorithm>

namespace tiao::engine {

void build_partition(Index& index, std::uint32_t rows) {
  const std::size_t width = index.keys.size();
  std::size_t buckets = 16;
  while (buckets < static_cast<std::size_t>(rows) * 2) buckets *= 2;
  index.buckets.assign(buckets, 0);
  index.part_of.resize(rows);
  Array<std::uint32_t> first;
  Array<std::int64_t> tuple(width + 1);
  // Rows are taken some at a time, so that what they look up is on its way to the cache before it is needed.
  constexpr std::uint32_t ahead = 32;
  std::size_t slots[ahead] = {};
  constexpr auto no_slot = static_cast<std::size_t>(-1);
  for (std::uint32_t begin = 0; begin < rows; begin += ahead) {
    const std::uint32_t end = rows - begin > ahead ? begin + ahead : rows;
    for (std::uint32_t row = begin; row < end; ++row) {
      bool known = true;
      for (std::size_t k = 0; k < width && known; ++k) {
        known = key_state(index.keys[k], index.kinds[k], row) == KeyState::known;
        if (known) tuple[k] = key_value(index.keys[k], index.kinds[k], row);
      }
      slots[row - begin] = known ? hash_tuple(tuple.data(), width) & (buckets - 1) : no_slot;
      if (known) __builtin_prefetch(&index.buckets[slots[row - begin]], 1);
    }
    for (const std::size_t slot : slots)
      if (slot < buckets && index.buckets[slot] != 0) __builtin_prefetch(&first[index.buckets[slot] - 1]);
    for (const std::size_t slot : slots)
      if (slot < buckets && index.buckets[slot] != 0)
        for (const Vec& key : index.keys)
          if (key.lo != nullptr) __builtin_prefetch(&key.lo[first[index.buckets[slot] - 1]]);
    for (std::uint32_t row = begin; row < end; ++row) {
      std::size_t slot = slots[row - begin];
      if (slot == no_slot) {
        index.part_of[row] = none;
        index.unknown_rows.push(row);
        continue;
      }
      for (;; slot = (slot + 1) & (buckets - 1)) {
        if (index.buckets[slot] == 0) {
          index.buckets[slot] = static_cast<std::uint32_t>(first.size()) + 1;
          first.push(row);
          break;
        }
        const std::uint32_t other = first[index.buckets[slot] - 1];
        bool same = true;
        for (std::size_t k = 0; k < width && same; ++k)
          same = key_value(index.keys[k], index.kinds[k], other) == key_value(index.keys[k], index.kinds[k], row);
        if (same) break;
      }
      index.part_of[row] = index.buckets[slot] - 1;
    }
  }
  const auto parts = static_cast<std::uint32_t>(first.size());
  index.offsets.assign(parts + 1, 0);
  for (const std::uint32_t part : index.part_of)
    if (part != none) ++index.offsets[part + 1];
  for (std::uint32_t p = 0; p < parts; ++p) index.offsets[p + 1] += index.offsets[p];
  index.rows.resize(rows);
  Array<std::uint32_t>& next = first;  // no longer needed as first rows
  for (std::uint32_t p = 0; p < parts; ++p) next[p] = index.offsets[p];
  for (std::uint32_t row = 0; row < rows; ++row)
    if (index.part_of[row] != none) index.rows[next[index.part_of[row]]++] = row;
  index.unknown_rows.shrink();
  std::copy(index.unknown_rows.begin(), index.unknown_rows.end(), index.rows.begin() + index.offsets[parts]);
  index.unknown_count = static_cast<std::uint32_t>(index.unknown_rows.size());
}

}  // namespace tiao::engine
