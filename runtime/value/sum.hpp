// The sum of many ranges of numbers or durations of one scale. Exact, whatever the order in which they come: an end that is open in one
// of them is open (of opposite infinities the wider one stands, as in add), then `unstated`; any other end is an error only where the
// whole does not fit, however large the sum was on the way.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/value/value.hpp"

namespace tiao::scalar {

class Sum {
 public:
  void add(const Cell& range, Kind kind);
  Cell value(Kind kind) const;   // of nothing: 0

 private:
  // A number in two's complement of 128 bits; of durations the months and the days.
  struct End {
    std::int64_t high = 0;
    std::uint64_t low = 0;
    bool wider = false, nearer = false, unstated = false;   // an infinite end was added: the outer one, the inner one
    void add(std::int64_t end, Kind kind, bool lower);
  };
  static std::optional<std::int64_t> value_of(const End& end, Kind kind, bool lower);   // nothing: it does not fit

  End lo_, hi_;
  bool failed_ = false;
};

}  // namespace tiao::scalar
