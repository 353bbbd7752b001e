// From a written cell to a value of its type, with the declared range checked.
#pragma once

#include <functional>
#include <string>

#include "runtime/facts/builder.hpp"

namespace tiao::facts {

// What a column or a parameter says about its values.
struct Slot {
  Type type;
  std::int64_t range_lo = neg_inf, range_hi = pos_inf;
  std::string_view name;
};

// A message without its place.
struct CellProblem {
  ErrorCode code = ErrorCode::wrong_type;
  std::string first, second, hint;
};

struct CellReading {
  Cell cell;
  Presence presence = Presence::given;
};

// False: `problem` says why. Texts and keys are interned in `strings`; a ref comes out as the id of its key's text.
bool read_cell(const Schema& schema, const Slot& slot, const CellSpec& spec, StringPool& strings, CellReading& out, CellProblem& problem);

}  // namespace tiao::facts
