// Key tuples of groups, partitions and folds: what is known of them, how they are hashed and numbered.
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

// Of an index whose `keys` and `kinds` are set: numbers the known tuples by their first row; rows with a key that is not known stand apart.
// `offsets` has the size that list_parts() fills.
// narrow: in 16 bits, if they fit.
void number_parts(Index& index, std::uint32_t rows, std::uint32_t threads = 1, bool narrow = false);
// Then the rows part by part in their order, those of unknown key after all others.
void list_parts(Index& index);
inline void build_partition(Index& index, std::uint32_t rows) {
  number_parts(index, rows);
  list_parts(index);
}

// Numbers tuples of cells in the order in which they are first seen.
class KeyTable {
 public:
  explicit KeyTable(std::uint32_t width) : words_(width * 4) {}
  // `fresh`: the tuple was not there before.
  std::uint32_t number(const Cell* tuple, bool& fresh);
  std::size_t bytes() const { return tuples_.bytes() + buckets_.bytes(); }

 private:
  std::size_t slot_of(const std::int64_t* words) const;
  void grow();

  std::uint32_t words_, count_ = 0;
  Array<std::int64_t> tuples_;
  Array<std::uint32_t> buckets_;   // number + 1; 0 = free
};

}  // namespace tiao::engine
