// Memory in whole lines of the cache, so that a kernel may read and write the last line of a column without asking how much of it is used.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "runtime/value/blocks.hpp"

namespace tiao {

template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::size_t line = 64;
  // From here on, in bytes, from memory that earlier columns gave back: pages that are new to the process cost more than the words written
  // to them. Columns of bits are small and many: those of one run together are what malloc would give back to the system after it.
  static constexpr std::size_t kept = std::size_t{1} << 12;
  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}
  static std::size_t room(std::size_t n) { return (n * sizeof(T) + line - 1) / line * line; }
  // Blocks begin pages. A kernel goes through some hundred columns side by side: if all began at the same place of a page, they would
  // fight for the few lines of the cache that belong to this place. So each begins some lines further on than the one before.
  static constexpr std::size_t page = 4096;
  T* allocate(std::size_t n) {
    const std::size_t bytes = room(n);
    if (bytes < kept) return static_cast<T*>(::operator new(bytes, std::align_val_t{line}));
    static std::atomic<std::size_t> next{0};
    const std::size_t place = next.fetch_add(5, std::memory_order_relaxed) % (page / line) * line;
    return reinterpret_cast<T*>(static_cast<char*>(blocks::allocate(bytes + page)) + place);
  }
  // New elements are uninitialised unless a value is given.
  template <class U>
  void construct(U* p) { ::new (static_cast<void*>(p)) U; }
  template <class U, class... Args>
  void construct(U* p, Args&&... args) { ::new (static_cast<void*>(p)) U(static_cast<Args&&>(args)...); }
  void deallocate(T* p, std::size_t n) {
    const std::size_t bytes = room(n);
    if (bytes < kept) return ::operator delete(p, bytes, std::align_val_t{line});
    const std::size_t place = reinterpret_cast<std::uintptr_t>(p) % page;
    blocks::release(reinterpret_cast<char*>(p) - place, bytes + page);
  }
  template <class U>
  friend bool operator==(const LineAllocator&, const LineAllocator<U>&) { return true; }
};

template <class T>
using LineVector = std::vector<T, LineAllocator<T>>;

}  // namespace tiao
