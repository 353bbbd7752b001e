// Pseudo-random numbers that are the same on every machine: splitmix64, and no distribution of the standard library.
#pragma once

#include <cstdint>

namespace tiao::bench {

constexpr std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// One stream of numbers. Every person, facility and inspection has streams of its own, so that each can be made without the others.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t index = 0)
      : state_(mix(seed ^ mix(stream * 0x100000001b3u + index))) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    return mix(state_ - 0x9e3779b97f4a7c15u);
  }
  /// 0 .. n - 1; n > 0.
  constexpr std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64); }
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  constexpr bool chance(unsigned permille) { return below(1000) < permille; }
  /// Index of a weight, drawn in proportion; the weights add up to 1000.
  template <std::size_t N>
  constexpr std::size_t pick(const unsigned (&weights)[N]) {
    std::uint64_t at = below(1000);
    for (std::size_t i = 0; i + 1 < N; ++i) {
      if (at < weights[i]) return i;
      at -= weights[i];
    }
    return N - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace tiao::bench
