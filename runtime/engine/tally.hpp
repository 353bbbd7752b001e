// Folds over the rows that name a row, for all rows that may be named at once: one pass over those that name, which counts them by
// membership and condition, instead of a list of them for each.
#pragma once

#include <cstdint>

#include "runtime/engine/array.hpp"
#include "runtime/engine/store.hpp"

namespace tiao::engine {

struct TallyInput {
  std::uint32_t rows = 0;                // that name
  Vec link;                              // the row that is named; one that is not known may be any
  Vec in;                                // membership and filter; absent: every row is in
  Vec condition;                         // truths; absent: it holds
  std::uint32_t named = 0;               // rows that may be named
  const std::uint8_t* open = nullptr;    // per row that may be named: rows that we do not know may name it; null: nowhere
  std::uint32_t fold = 0;                // core::FoldKind: count, exists, every, share
  Vec if_none;                           // per row that may be named
  std::uint32_t threads = 1;
};

// Kept from run to run by those that have many.
class Tally {
 public:
  // One answer per row that may be named.
  void run(const TallyInput& input, const FoldAnswers& answers);
  std::size_t bytes() const { return sure_.bytes() + other_.bytes(); }

 private:
  // By row that may be named: so many rows by condition (as Truth), of rows that are surely in.
  Array<std::uint32_t> sure_;
  // The same for rows that may be in, and for those in error; empty while there are none.
  Array<std::uint32_t> other_;
};

}  // namespace tiao::engine
