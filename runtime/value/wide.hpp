// 128-bit helpers shared by the files of this room. Ends are widened with infinities far outside the products of two int64,
// computed, and narrowed again; narrowing is where overflow shows.
#pragma once

#include <cstdint>

#include "runtime/value/value.hpp"

namespace tiao::scalar::wide {

__extension__ using i128 = __int128;
__extension__ using u128 = unsigned __int128;

inline constexpr i128 inf = static_cast<i128>(1) << 126;  // greater than any product of two finite ends

constexpr i128 widen(std::int64_t v) { return v == neg_inf ? -inf : v == pos_inf ? inf : static_cast<i128>(v); }
constexpr bool finite(i128 v) { return v > -inf && v < inf; }
constexpr bool fits(i128 v) { return v > static_cast<i128>(neg_inf) && v < static_cast<i128>(pos_inf); }

// A range from two computed ends; a finite one that does not fit makes an error.
constexpr Cell narrow(i128 lo, i128 hi) {
  if ((finite(lo) && !fits(lo)) || (finite(hi) && !fits(hi))) return number_error();
  auto end = [](i128 v) { return v <= -inf ? neg_inf : v >= inf ? pos_inf : static_cast<std::int64_t>(v); };
  return between(end(lo), end(hi));
}

// 10^n for n up to 38.
constexpr i128 power_of_ten(unsigned n) {
  i128 p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

}  // namespace tiao::scalar::wide
