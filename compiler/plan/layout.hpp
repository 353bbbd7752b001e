// What is known about the facts of a run before its code is made: code for large runs leaves out what cannot occur in them. The
// general layout assumes nothing and fits all facts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/program/schema.hpp"

namespace tiao::plan {

struct Layout {
  // Of a fact column.
  enum : std::uint8_t {
    known = 1,     // every row: one number, one text, one row, one choice, yes or no
    days = 2,      // dates: none is `never` or open
    decided = 4,   // given or absent in every row, never null
  };
  // Of a register.
  enum : std::uint8_t {
    closed = 1,    // supplied, and open nowhere
    all_in = 2,    // no row is dated later than as-of
    large = 4,     // so many rows that no cache keeps a kernel's results until somebody reads them
  };
  static constexpr std::size_t large_rows = std::size_t{1} << 18;
  std::vector<std::vector<std::uint8_t>> columns;   // by entity and column
  std::vector<std::uint8_t> entities;
  // Of a parameter, besides known and days.
  enum : std::uint8_t {
    settled = 8,   // a choice or truth that is known: its value is in `values`
    set = 16,      // has been set
  };
  bool settles = false;                             // settled and set are filled in: code for this layout is for these parameters alone
  std::vector<std::uint8_t> parameters;
  std::vector<std::int64_t> values;                 // by parameter

  static Layout general(const Schema& schema);
  bool has(EntityId e, ColumnId c, std::uint8_t bit) const { return (columns[e][c] & bit) != 0; }
  bool has(EntityId e, std::uint8_t bit) const { return (entities[e] & bit) != 0; }
  std::string key() const;                          // for caches
  friend bool operator==(const Layout&, const Layout&) = default;
};

}  // namespace tiao::plan
