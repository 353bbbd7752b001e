// The same numbers for a seed everywhere: the distributions of <random> differ between libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace tiao::differential {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) { state_ = bits() ^ (bits() << 1); }

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // 0 .. n - 1
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(bits() % n); }
  std::int64_t between(std::int64_t lo, std::int64_t hi) { return lo + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(hi - lo + 1)); }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& list) { return list[below(list.size())]; }
  template <class T>
  T pick(std::initializer_list<T> list) { return list.begin()[below(list.size())]; }

 private:
  std::uint64_t state_;
};

}  // namespace tiao::differential
