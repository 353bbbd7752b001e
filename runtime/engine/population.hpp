// What generated code keeps of folds over a whole population: answers by the tuple of keys they were asked for, and for ranks the
// ends of the population's values in order, so that each row finds its place by binary search.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/engine/array.hpp"
#include "runtime/engine/store.hpp"
#include "runtime/value/value.hpp"

namespace tiao::engine {

// Numbers tuples of cells in the order in which they are first seen.
class KeyTable {
 public:
  explicit KeyTable(std::uint32_t width) : words_(width * 4) {}
  // `fresh`: the tuple was not there before.
  std::uint32_t number(const Cell* tuple, bool& fresh);
  std::size_t bytes() const { return tuples_.bytes() + buckets_.bytes(); }

 private:
  std::size_t slot_of(const std::int64_t* words) const;
  void grow();

  std::uint32_t words_, count_ = 0;
  Array<std::int64_t> tuples_;
  Array<std::uint32_t> buckets_;   // number + 1; 0 = free
};

// How many rows there are of each membership and condition, both as Truth.
struct Counts { std::uint32_t n[4][4] = {}; };

class Ranking {
 public:
  // A row that may be in.
  void add(std::uint32_t row, Truth in, const Cell& value, Kind kind);
  void settle();
  // The condition is `value of the row OP ours`, and yes for `itself` (none: no row) whatever the values; op = core::CmpOp, an order.
  Counts count(std::uint32_t op, const Cell& ours, std::uint32_t itself, Kind kind) const;
  std::size_t bytes() const;

 private:
  struct End { std::int64_t num, den; };
  struct Ends { Array<End> low, high; std::uint32_t failed = 0; };
  static int order(const End& a, const End& b);
  static std::uint32_t below(const Array<End>& ends, const End& end, bool or_equal);

  Array<std::uint32_t> rows_;      // in ascending order once settled: positions through `place_`
  Array<std::uint32_t> place_;
  Array<std::uint8_t> in_;
  ColumnArrays values_;
  Ends ends_[4];                   // by membership
};

// One fold of the program.
struct PopulationFold {
  explicit PopulationFold(std::uint32_t keys) : keys(keys) {}
  std::size_t bytes() const;
  KeyTable keys;
  std::uint32_t current = 0;       // the tuple asked for last
  Array<Cell> answers;             // by tuple
  std::vector<Ranking> rankings;   // by tuple
};

}  // namespace tiao::engine
