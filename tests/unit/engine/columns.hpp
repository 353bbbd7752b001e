// Small hand-made columns for the tests of the kernels.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <ostream>
#include <vector>

#include "runtime/engine/kernels.hpp"
#include "runtime/engine/support.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao {
inline void PrintTo(const Cell& c, std::ostream* out) {
  *out << "[" << c.lo;
  if (c.lo_den != 1) *out << "/" << c.lo_den;
  *out << " .. " << c.hi;
  if (c.hi_den != 1) *out << "/" << c.hi_den;
  *out << "]";
}
}  // namespace tiao

namespace tiao::engine {

constexpr std::uint8_t U = 0, T = 1, F = 2, E = 3;   // Truth as bytes

inline std::int64_t day(int year, int month, int day_of_month) { return scalar::day_number({year, month, day_of_month}); }
inline std::int64_t months(std::int64_t n) { return scalar::make_duration(n, 0); }
inline std::int64_t days(std::int64_t n) { return scalar::make_duration(0, n); }

// Owns what views point to.
class Columns {
 public:
  Vec numbers(const std::vector<Cell>& cells) {
    Vec v;
    std::vector<std::int64_t>&lo = words_.emplace_back(), &hi = words_.emplace_back();
    bool known_all = true;
    for (const Cell& c : cells) {
      lo.push_back(c.lo);
      hi.push_back(c.hi);
      known_all = known_all && c.lo == c.hi;
    }
    lo.push_back(0);   // never a null plane
    hi.push_back(0);
    v.lo = lo.data();
    v.hi = known_all ? v.lo : hi.data();
    return v;
  }
  Vec values(const std::vector<std::int64_t>& all) {
    std::vector<Cell> cells;
    for (const std::int64_t v : all) cells.push_back(known(v));
    return numbers(cells);
  }
  Vec constant(const Cell& c) {
    Vec v = numbers({c});
    v.step = 0;
    return v;
  }
  Vec constant(std::int64_t c) { return constant(known(c)); }
  Vec masks(const std::vector<std::int64_t>& all) {
    Vec v = values(all);
    v.hi = v.lo;
    return v;
  }
  Vec ratios(const std::vector<Cell>& cells) {
    Vec v = numbers(cells);
    v.lo_den = list<std::int64_t>(words_, cells, &Cell::lo_den);
    v.hi_den = list<std::int64_t>(words_, cells, &Cell::hi_den);
    return v;
  }
  const std::uint8_t* truths(const std::vector<std::uint8_t>& all) { return bytes_.emplace_back(all).data(); }
  const std::uint32_t* rows(const std::vector<std::uint32_t>& all) { return rows_.emplace_back(all).data(); }
  Vec truth_vec(const std::vector<std::uint8_t>& all) {
    const BitPairs& pairs = pairs_.emplace_back(packed(all));
    Vec v;
    v.yes = pairs.first();
    v.no = pairs.second();
    return v;
  }
  // Children of `counts.size()` owners, so many each.
  Candidates children(const std::vector<std::uint32_t>& counts) {
    std::vector<std::uint32_t> offsets{0};
    for (const std::uint32_t c : counts) offsets.push_back(offsets.back() + c);
    Candidates out;
    out.owners = static_cast<std::uint32_t>(counts.size());
    out.offsets = rows(offsets);
    return out;
  }

 private:
  static BitPairs packed(const std::vector<std::uint8_t>& all) {
    BitPairs pairs;
    pairs.append(all.data(), all.size());
    return pairs;
  }
  std::deque<BitPairs> pairs_;
  template <class V>
  static const V* list(std::deque<std::vector<V>>& into, const std::vector<Cell>& cells, V Cell::*part) {
    std::vector<V>& all = into.emplace_back();
    for (const Cell& c : cells) all.push_back(c.*part);
    return all.data();
  }
  std::deque<std::vector<std::int64_t>> words_;
  std::deque<std::vector<std::uint8_t>> bytes_;
  std::deque<std::vector<std::uint32_t>> rows_;
};

template <class T>
std::vector<T> list(const Array<T>& a) { return {a.begin(), a.end()}; }

inline std::vector<Cell> cells(const Vec& v, std::uint32_t rows) {
  std::vector<Cell> out;
  for (std::uint32_t i = 0; i < rows; ++i) out.push_back(v.at(i));
  return out;
}
inline std::vector<Cell> column(const DerivedTable& t, std::uint32_t c) { return cells(t.columns[c].view(), t.rows); }
inline std::vector<Cell> all_known(const std::vector<std::int64_t>& values) {
  std::vector<Cell> out;
  for (const std::int64_t v : values) out.push_back(known(v));
  return out;
}
// Memberships of all rows, also when the table leaves them out.
inline std::vector<std::uint8_t> memberships(const DerivedTable& t) {
  return t.membership.empty() ? std::vector<std::uint8_t>(t.rows, T) : list(t.membership);
}

}  // namespace tiao::engine
