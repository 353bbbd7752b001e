// A cell as generated code holds it in registers, with what is known about it before any row is read.
#pragma once

#include <cstdint>

#include "compiler/jit/ir.hpp"
#include "runtime/value/value.hpp"

namespace tiao::jit {

// `error` is a plane of its own (exclusive with yes and no), and the constant false where nothing can fail. While it is set the
// other parts mean nothing. A number that is always known has one register for both ends.
struct Value {
  Kind kind = Kind::boolean;
  IrValue yes = nullptr, no = nullptr;          // boolean
  IrValue lo = nullptr, hi = nullptr;           // the others; a choice has lo alone
  IrValue lo_den = nullptr, hi_den = nullptr;   // ratio
  IrValue error = nullptr;
  bool decided = false;                         // boolean: never unknown; choice: one value
  // Numbers: both ends lie in least .. most, infinite ends included.
  std::int64_t least = neg_inf, most = pos_inf;
  std::uint32_t entity = none;                  // ref: of the row

  bool always_known() const { return kind == Kind::boolean || kind == Kind::choice ? decided : lo == hi && lo_den == hi_den; }
  bool finite() const { return least > neg_inf && most < pos_inf; }
};

}  // namespace tiao::jit
