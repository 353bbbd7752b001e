// Numbers that lie close together, counted part by part: for each value how many lower and upper ends lie under it.
#pragma once

#include <cstdint>

#include "runtime/engine/array.hpp"
#include "runtime/engine/store.hpp"

namespace tiao::engine {

struct CloseInput {
  std::uint32_t rows = 0, parts = 0;
  PartNumbers part_of;                                        // `none`: in no part
  const std::uint64_t *in_yes = nullptr, *in_no = nullptr;    // membership; null: every row is in
  const std::int64_t *lo = nullptr, *hi = nullptr;
  std::int64_t least = neg_inf, most = pos_inf;               // between which all ends lie, where that is known; else they are looked through
  std::uint32_t threads = 1;
};

struct CloseCounts {
  std::int64_t least = 0;
  std::uint32_t span = 0;                // values from the least to the greatest; open ends lie under and over them
  bool ranges = false;                   // upper ends have counts of their own
  // Of part p those from p * width(): how many lower ends lie under the open end below, under each value, under the open end above, and
  // all. With ranges those of the upper ends follow, from parts * width() on.
  Array<std::uint32_t> ends;
  Array<std::uint32_t> failed;           // rows in error, by part
  Array<std::uint32_t> others;           // rows of which it is not known that they are in, nor that they are not: not counted
  std::size_t width() const { return std::size_t{span} + 3; }
};

// False: the numbers lie too far apart for so many rows and parts.
bool count_close(const CloseInput& input, CloseCounts& counts);

}  // namespace tiao::engine
