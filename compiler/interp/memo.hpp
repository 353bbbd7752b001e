// What a computed column has come to so far, row by row, in as little memory as a column takes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/value/value.hpp"

namespace tiao::interp {

class Memo {
 public:
  bool find(std::uint32_t row, Kind kind, Cell& out) const {
    if (row >= state_.size() || state_[row] == unasked) return false;
    if (kind == Kind::boolean) {
      out = known(state_[row]);
      return true;
    }
    out = {lo_[row], hi_.empty() ? lo_[row] : hi_[row], 1, 1};
    if (kind == Kind::ratio) { out.lo_den = lo_den_[row]; out.hi_den = hi_den_[row]; }
    return true;
  }

  void keep(std::uint32_t row, Kind kind, const Cell& c, std::uint32_t rows) {
    if (state_.size() <= row) grow(std::max(rows, row + 1), kind);
    if (kind == Kind::boolean) {
      state_[row] = static_cast<std::uint8_t>(c.lo);
      return;
    }
    state_[row] = asked;
    if (hi_.empty() && c.lo != c.hi) hi_ = lo_;
    lo_[row] = c.lo;
    if (!hi_.empty()) hi_[row] = c.hi;
    if (kind == Kind::ratio) { lo_den_[row] = c.lo_den; hi_den_[row] = c.hi_den; }
  }

  // Booleans: the Truth of every row that was asked for.
  const std::vector<std::uint8_t>& truths() const { return state_; }

  static constexpr std::uint8_t unasked = 0xff, asked = 0;

 private:
  void grow(std::size_t size, Kind kind) {
    state_.resize(size, unasked);
    if (kind == Kind::boolean) return;
    lo_.resize(size);
    if (!hi_.empty()) hi_.resize(size);
    if (kind == Kind::ratio) { lo_den_.resize(size, 1); hi_den_.resize(size, 1); }
  }

  std::vector<std::uint8_t> state_;   // booleans: the Truth itself
  std::vector<std::int64_t> lo_, hi_, lo_den_, hi_den_;
};

}  // namespace tiao::interp
