// Key tuples of groups and partitions: what is known, how it is hashed and gathered.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/engine/store.hpp"

namespace tiao::engine {

enum class KeyState : std::uint8_t { known, unknown, error };

// The 64 bits that stand for a known value.
inline std::int64_t key_value(const Vec& v, Kind kind, std::uint32_t row) {
  if (kind == Kind::boolean) return v.truth_at(row);
  if (v.narrow != nullptr) return v.narrow[row];
  return v.lo != nullptr ? v.lo[row] : static_cast<std::int64_t>(v.row[row]);
}

inline KeyState key_state(const Vec& v, Kind kind, std::uint32_t row) {
  if (v.lo != nullptr && kind != Kind::choice && v.hi == v.lo) return KeyState::known;
  const Cell c = v.at(row);
  if (is_known(c, kind)) return KeyState::known;
  return is_error(c, kind) ? KeyState::error : KeyState::unknown;
}

inline std::uint64_t hash_tuple(const std::int64_t* tuple, std::size_t size) {
  std::uint64_t h = 0x9e3779b97f4a7c15u;
  for (std::size_t i = 0; i < size; ++i) {
    h ^= static_cast<std::uint64_t>(tuple[i]);
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
    h = (h ^ (h >> 29)) * 0x9fb21c651e98df25u;
  }
  return h ^ (h >> 32);
}

// Fills an index whose `keys` and `kinds` are set: keys numbered by their first row, rows in order; those of
// unknown key apart, and after all others.
void build_partition(Index& index, std::uint32_t rows);

}  // namespace tiao::engine
