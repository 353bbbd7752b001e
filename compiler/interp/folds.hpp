// The folds over rows, on plain rows and values: the table of docs/language.md "Folds over rows", nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::interp {

/// A row that a fold looks at: `in` is yes, unknown or error.
struct FoldRow {
  Truth in = Truth::yes;
  Cell value;                       // exists, every, share, consecutive: the condition
};

struct FoldInput {
  core::FoldKind kind = core::FoldKind::count;
  Type value;                       // type of the rows' values
  std::vector<FoldRow> rows;
  bool open = false;                // there may be rows that we do not know
  Cell widest;                      // their widest value
  bool has_if_none = false;         // read only when no row is surely there
  Cell if_none;
  std::uint32_t n = 0;              // consecutive, stages; average: the places of the values
  std::vector<Cell> dates;          // consecutive and stages over a dated register: one per row; else empty, rows come in order
};

/// What a fold itself ran into, beyond errors of its operands.
enum class FoldFault : std::uint8_t { none, no_rows, two_values, overflow, two_moves };

/// How many rows there are of each membership (yes, unknown, error) and condition. What `count`, `exists`, `every` and `share` come to
/// depends on nothing else; `count` has the condition yes throughout.
class Tally {
 public:
  std::int64_t& at(Truth in, Truth condition) { return n_[static_cast<std::size_t>(in)][static_cast<std::size_t>(condition)]; }
  std::int64_t at(Truth in, Truth condition) const { return n_[static_cast<std::size_t>(in)][static_cast<std::size_t>(condition)]; }
  std::int64_t rows(Truth in) const;
  /// The conditions as a part of the memberships.
  Tally filtered() const;

 private:
  std::array<std::array<std::int64_t, 4>, 4> n_{};
};

struct TallyInput {
  core::FoldKind kind = core::FoldKind::count;
  bool open = false, has_if_none = false;
  Cell if_none;
};
Cell fold_tally(const TallyInput& input, const Tally& tally, FoldFault& fault);

Cell fold(const FoldInput& input, FoldFault& fault);
/// The machine of a fold `stages`; no operand is in error.
Cell stages(const FoldInput& input);
inline Cell fold(const FoldInput& input) {
  FoldFault ignored;
  return fold(input, ignored);
}

}  // namespace tiao::interp
