// Arrays of a large file's rows are filled once, from new memory: with huge pages there is one fault where there were 512.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiao::facts {

/// Room for so many in all; what is not yet touched of it comes in huge pages where the system has them.
template <class T>
void reserve_huge(std::vector<T>& values, std::size_t count) {
  constexpr std::uintptr_t huge = std::uintptr_t{2} << 20;
  values.reserve(count);
  const auto begin = reinterpret_cast<std::uintptr_t>(values.data()), end = begin + values.capacity() * sizeof(T);
  const std::uintptr_t from = (begin + huge - 1) / huge * huge, to = end / huge * huge;
  if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);   // advice: nothing depends on it
}

}  // namespace tiao::facts
