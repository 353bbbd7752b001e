#include "runtime/verdict/results.hpp"

#include <algorithm>
#include <set>

namespace tiao {

void CellColumn::append(std::size_t count, const std::int64_t* lows, const std::int64_t* highs, const std::int64_t* low_dens,
                        const std::int64_t* high_dens) {
  const bool is_known = highs == nullptr || highs == lows || std::equal(lows, lows + count, highs);
  if (!is_known && hi.empty()) hi = lo;
  if (!is_known || !hi.empty()) hi.append(is_known ? lows : highs, count);
  lo.append(lows, count);
  if (low_dens == nullptr) return;
  lo_den.append(low_dens, count);
  hi_den.append(high_dens != nullptr ? high_dens : low_dens, count);
}

void CellColumn::append(const CellColumn& other) {
  if (hi.empty() && !other.hi.empty()) hi = lo;
  if (!hi.empty() || !other.hi.empty()) hi.append(other.hi.empty() ? other.lo : other.hi);
  lo.append(other.lo);
  lo_den.append(other.lo_den);
  hi_den.append(other.hi_den);
}

std::pair<std::size_t, std::size_t> FurtherGrounds::of(std::size_t row) const {
  const auto word = static_cast<std::int64_t>(row);
  return {first_from(at, word), first_from(at, word + 1)};
}

std::size_t Results::bytes() const {
  std::size_t sum = 0;
  const auto add = [&](const auto&... columns) { sum += (columns.bytes() + ...); };
  for (const RemedyTable& r : remedies) {
    add(r.target, r.state, r.modality, r.lead, r.scope_row, r.held, r.open, r.further, r.from, r.until, r.length, r.length_hi, r.until_hi, r.exercised, r.chosen);
    for (const auto* ends : {&r.lo, &r.hi})
      for (const CellColumn& c : *ends) add(c);
  }
  std::set<const BitPairs*> seen;   // grounds share planes
  for (const RemedyPlanes& r : planes) {
    for (const RemedyPlanes::Act& act : r.acts) seen.insert(act.state.get());
    for (const RemedyPlanes::Citation& c : r.citations) seen.insert(c.state.get());
  }
  for (const BitPairs* state : seen) add(*state);
  for (const DerivedRows& d : derived) {
    add(d.parent, d.membership);
    for (const Packed& refs : d.refs) add(refs);
  }
  for (const DutyTable& d : duties) add(d.state, d.due, d.done);
  for (const CellColumn& c : reports) add(c);
  for (const auto* group : {&requires_, &propositions, &applicable})
    for (const BitPairs& column : *group) add(column);
  return sum;
}

}  // namespace tiao
