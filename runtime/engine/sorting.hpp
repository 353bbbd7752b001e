// Stable sorting of the few things one owner has: in place, without the buffer that std::stable_sort allocates.
#pragma once

#include <algorithm>
#include <cstddef>

namespace tiao::engine {

template <class T, class Less>
void sort_stably(T* items, std::size_t count, Less less) {
  constexpr std::size_t few = 32;
  if (count > few) {
    std::stable_sort(items, items + count, less);
    return;
  }
  for (std::size_t i = 1; i < count; ++i) {
    if (!less(items[i], items[i - 1])) continue;
    const T moved = items[i];
    std::size_t k = i;
    for (; k > 0 && less(moved, items[k - 1]); --k) items[k] = items[k - 1];
    items[k] = moved;
  }
}

}  // namespace tiao::engine
