// Folds over a whole population. What such a fold comes to rests on the row it is evaluated for only through the keys asked for
// (`with same`), and it may be through one value of that row, which is compared with that of each other row: a rank. So the
// population is gone through once for each tuple of keys, and a rank is found by counting in what was put in order then.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/interp/folds.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::interp {

/// What a fold takes from the rows outside it.
struct FoldUse {
  enum Kind : std::uint8_t {
    anything,
    keys,      // the keys asked for, and nothing else
    rank,      // and one value, with which one of each row is compared
  } kind = anything;
  // rank: `theirs OP ours` for each row, as the condition or as a part of the filter.
  scalar::CmpOp op = scalar::CmpOp::under;
  core::ExprId theirs = none, ours = none;
  core::ExprId itself = none;   // the row for which the condition holds in any case
  std::vector<core::ExprId> filter;           // its other conjuncts
};

FoldUse use_of(const core::Program& program, const core::Fold& fold);

/// The rows of a population that may be in, by the ends of their values.
class Ranking {
 public:
  struct Entry { std::uint32_t row; Truth in; Cell value; };
  /// Rows that are out are left out.
  void add(const Entry& entry) { entries_.push_back(entry); }
  void sort(Kind kind);
  /// How each row's value compares with `ours`. `itself` (none: no row) counts as one for which it holds.
  Tally tally(scalar::CmpOp op, const Cell& ours, std::uint32_t itself) const;
  /// Rows that are not surely in, or whose value is not known.
  const std::vector<Entry>& unsettled() const { return unsettled_; }

 private:
  struct Ends { std::vector<Cell> lower, upper; std::int64_t failed = 0; };
  std::vector<Entry> entries_, unsettled_;
  std::array<Ends, 4> by_membership_;         // by Truth
  Kind kind_ = Kind::integer;
};

/// What is kept of one fold, by the words of its keys.
struct PopulationFold {
  using Keys = std::vector<std::int64_t>;
  struct Answer { Cell value; FoldFault fault = FoldFault::none; };
  FoldUse use;
  bool asked = false;
  std::map<Keys, Answer> answers;
  std::map<Keys, Ranking> rankings;
};

}  // namespace tiao::interp
