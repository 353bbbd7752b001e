// Ranks: of the rows of a population with the same keys, how many have a value on this side of one that is asked about. The ends of their
// values are counted, or put in order, once; each row that asks then finds its place among them without going through the rows.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/engine/array.hpp"
#include "runtime/engine/keys.hpp"
#include "runtime/engine/store.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::engine {

// A fold over a population whose condition is `their value OP ours`.
struct RankInput {
  std::uint32_t rows = 0;
  Vec in;                                // membership, and filter without the comparison; absent: every row is in
  Vec theirs;
  Kind kind = Kind::integer;             // of theirs and ours: one that has an order
  std::int64_t least = neg_inf, most = pos_inf;   // between which theirs lie, where that is known
  std::vector<Vec> keys;
  std::vector<Kind> key_kinds;
  std::vector<std::pair<std::int64_t, std::int64_t>> key_bounds;   // as Index::bounds
  std::uint32_t fold = 0;                // core::FoldKind: count, exists, every, share
  scalar::CmpOp op = scalar::CmpOp::under;
  bool as_filter = false;                // the comparison is a part of the filter
  bool open = false;                     // the population may hold rows that we do not know
  std::uint32_t threads = 1;
};

// What many rows ask at once, and where the answers go.
struct RankQuestion {
  std::uint32_t rows = 0;
  bool own_keys = false;                 // they are the rows of the population, and ask for their own keys
  std::vector<Vec> keys;                 // otherwise
  Vec ours;
  bool own_row = false;                  // for the row that asks the condition holds whatever its value
  Vec itself;                            // or for the row of this ref; absent: for none
  Vec if_none;
  // The fold's value is the answer; or, with a bound, `value OP bound`.
  Vec bound;                             // the same for all rows
  scalar::CmpOp op = scalar::CmpOp::at_most;
  Kind bound_kind = Kind::ratio;         // ratio, percent of bound_scale places, or integer
  unsigned bound_scale = 0;
  // Rows of a part for which it pays to look for the values at which the answer changes: each is found by some sixty halvings.
  std::uint32_t worth_cutting = 128;
  std::uint32_t threads = 1;
  FoldAnswers to;
};

// How many rows there are of each membership and condition, both as Truth.
struct Counts { std::uint32_t n[4][4] = {}; };

// One number or two of each row, in words.
bool is_number(const Vec& column, Kind kind);

class Ranking {
 public:
  // Reads the columns of the input where they are: they must outlive it.
  explicit Ranking(const RankInput& input);

  // `itself`: the row for which the condition holds in any case; none: no row.
  Counts count(const Cell* keys, const Cell& ours, std::uint32_t itself);
  Cell fold(const Cell* keys, const Cell& ours, std::uint32_t itself, const Cell* if_none);
  void answer(const RankQuestion& question);
  std::size_t bytes() const;

 private:
  friend class RankAnswers;
  // One end of the values of some rows. Where they lie close together (span: how many values there are between the least and the greatest)
  // it is written down for each value how many ends lie under it; otherwise they stand in order.
  struct Ladder {
    std::int64_t least = 0;
    std::uint64_t first = 0;             // in counts_, or in numbers_ or quotients_
    std::uint32_t span = 0;              // 0: in order
  };
  struct Standing { Ladder low, high; std::uint32_t rows = 0, failed = 0; };   // failed: rows in error, not among `rows`
  struct Part {
    Standing by[3];                      // by membership: see place()
    bool plain = true;                   // all are in, and none is in error
  };
  struct Tally;
  struct Quotient { std::int64_t num, den; };

  static std::size_t place(Truth in) { return in == Truth::yes ? 0 : in == Truth::unknown ? 1 : 2; }
  static int order(const Quotient& a, const Quotient& b);
  template <class Values, class Each> void stand(std::size_t first, std::size_t parts, Values values, Each each);
  template <class Values> void stand_all(Values values);
  bool count_all();
  void lay_out(Standing& standing, const Tally& tally);
  void count_up(Standing& standing);
  std::uint32_t below(const Ladder& ladder, std::uint32_t rows, std::int64_t num, std::int64_t den, bool or_equal) const;
  Truth in(std::uint32_t row) const { return in_.in.present() ? static_cast<Truth>(in_.in.truth_at(row)) : Truth::yes; }
  Truth same_keys(std::uint32_t row, const Cell* keys) const;
  bool known(const Cell* keys) const;
  std::size_t part_of(const Cell* keys);
  std::size_t view(const Cell* keys);
  Counts count(const Part& part, const Cell* keys, const Cell& ours, std::uint32_t itself) const;
  Cell fold(const Counts& counts, const Cell* if_none) const;

  RankInput in_;
  Index index_;                          // known tuples of keys
  bool comparable_ = true;               // equal keys are equal numbers
  std::vector<Part> parts_;              // [0]: without rows. Then by the index's number, then what tuples see that are not known, or meet such
  KeyTable tuples_;
  Array<std::uint32_t> views_;           // part by number of tuple
  Array<std::uint32_t> counts_;
  Array<std::int64_t> numbers_;
  Array<Quotient> quotients_;
};

}  // namespace tiao::engine
