// Arrays for the twins: at the start of a cache line, and large ones on large pages.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace tiao::bench {

template <class T>
struct WideAllocator {
  using value_type = T;
  WideAllocator() = default;
  template <class U>
  WideAllocator(const WideAllocator<U>&) {}
  T* allocate(std::size_t n) {
    constexpr std::size_t line = 64, page = std::size_t{2} << 20;
    const std::size_t bytes = n * sizeof(T), unit = bytes >= page ? page : line;
    void* p = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
    if (p == nullptr) throw std::bad_alloc();
    if (unit == page) madvise(p, (bytes + unit - 1) / unit * unit, MADV_HUGEPAGE);
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t) { std::free(p); }
  template <class U>
  bool operator==(const WideAllocator<U>&) const { return true; }
};

template <class T>
using WideVector = std::vector<T, WideAllocator<T>>;

}  // namespace tiao::bench
