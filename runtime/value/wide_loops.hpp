// Loops compiled once for any processor and once each for those with wider registers; the widest that this one has is taken.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

namespace tiao {

// Of 64 bytes that are 0 or 1, a bit each. Eight at a time: the factor brings the bit of each to its place in the highest byte.
[[gnu::always_inline]] inline std::uint64_t bits_of_bytes(const std::uint8_t* bytes) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < 8; ++i) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes + 8 * i, 8);
    bits |= (eight * 0x0102040810204080u >> 56) << (8 * i);
  }
  return bits;
}

// Body has a static function `run`, declared [[gnu::always_inline]], of numbers and plain pointers. What it does must not depend on
// which of the versions is taken.
template <class Body>
struct WideLoop {
  template <class... A>
  static auto call(A... arguments) {
    using Function = decltype(Body::run(arguments...)) (*)(A...);
    static const Function widest = [] {
      Function f = plain<A...>;
#if defined(__x86_64__)
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) f = avx512<A...>;
      else if (__builtin_cpu_supports("avx2")) f = avx2<A...>;
#endif
      return f;
    }();
    return widest(arguments...);
  }

 private:
  template <class... A>
  static auto plain(A... arguments) { return Body::run(arguments...); }
#if defined(__x86_64__)
  template <class... A>
  __attribute__((target("avx2"))) static auto avx2(A... arguments) { return Body::run(arguments...); }
  template <class... A>
  __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) static auto avx512(A... arguments) { return Body::run(arguments...); }
#endif
};

}  // namespace tiao
