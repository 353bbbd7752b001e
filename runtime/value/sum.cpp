#include "runtime/value/sum.hpp"

#include "runtime/value/scalar.hpp"
#include "runtime/value/wide.hpp"

namespace tiao::scalar {

using wide::i128;
using wide::u128;

void Sum::End::add(std::int64_t end, Kind kind, bool lower) {
  if (end == neg_inf || end == pos_inf) {
    ((end == neg_inf) == lower ? wider : nearer) = true;
  } else if (kind != Kind::duration) {
    const u128 total = (static_cast<u128>(static_cast<std::uint64_t>(high)) << 64 | low) + static_cast<u128>(static_cast<i128>(end));
    high = static_cast<std::int64_t>(static_cast<std::uint64_t>(total >> 64));
    low = static_cast<std::uint64_t>(total);
  } else if (end == unstated_duration) {
    unstated = true;
  } else {
    high += duration_months(end);
    low += static_cast<std::uint64_t>(duration_days(end));
  }
}

void Sum::add(const Cell& range, Kind kind) {
  failed_ = failed_ || range.lo > range.hi;
  lo_.add(range.lo, kind, true);
  hi_.add(range.hi, kind, false);
}

std::optional<std::int64_t> Sum::value_of(const End& end, Kind kind, bool lower) {
  if (end.wider || end.nearer) return end.wider == lower ? neg_inf : pos_inf;
  if (end.unstated) return unstated_duration;
  if (kind == Kind::duration) return pack_duration(end.high, static_cast<std::int64_t>(end.low));
  const i128 total = static_cast<i128>(static_cast<u128>(static_cast<std::uint64_t>(end.high)) << 64 | end.low);
  return wide::fits(total) ? std::optional(static_cast<std::int64_t>(total)) : std::nullopt;
}

Cell Sum::value(Kind kind) const {
  if (failed_) return number_error();
  const auto lo = value_of(lo_, kind, true), hi = value_of(hi_, kind, false);
  return lo && hi ? between(*lo, *hi) : number_error();
}

}  // namespace tiao::scalar
