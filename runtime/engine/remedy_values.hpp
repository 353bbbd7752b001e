// What the grounds of a remedy say on one scope row, and the folds that combine them.
#pragma once

#include "runtime/engine/kernels.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::engine {

// One ground that reaches a target from a scope row.
struct Hit {
  std::uint32_t scope_row;
  std::uint16_t ground;     // position among the remedy's grounds
  std::uint8_t state;       // Truth
};

// The permitted ends of a value; equal when the clause gives one. Not there: the clause says nothing of it.
struct Ends { Cell lo, hi; bool there = false; };

inline constexpr Cell nothing = between(neg_inf, pos_inf);

// The values of a combined row.
struct RowValues { Cell from; Ends until, length; };

class RemedyValues {
 public:
  explicit RemedyValues(const RemedyInput& input);

  // Does any ground of the remedy speak of it?
  bool has_from() const { return has_from_; }
  bool has_length() const { return has_length_; }
  bool has_until() const { return has_until_; }
  bool has_param(std::size_t p) const { return has_param_[p] != 0; }
  Kind kind(std::size_t p) const { return in_.remedy->params[p].type.kind; }

  // The folds over the hits of one combined row.
  Cell from(const Hit* hits, std::size_t count) const;
  Ends until(const Hit* hits, std::size_t count) const;
  Ends length(const Hit* hits, std::size_t count) const;
  Ends param(std::size_t p, const Hit* hits, std::size_t count) const;

  // What other declarations see of ends: their hull; of a parameter not there, its declared range.
  Cell shown(const Ends& ends, Kind kind) const;
  Cell shown_param(std::size_t p, const Ends& ends) const;
  // The same where the decider's choice is on record, or may be: `given` and known counts as it stands.
  Cell shown_choice(std::size_t p, const Ends& ends, const Cell& chosen, bool given) const;

 private:
  Cell widest(std::size_t p) const;
  Ends until_of(const GroundInput& ground, std::uint32_t row) const;

  const RemedyInput& in_;
  bool has_from_ = false, has_length_ = false, has_until_ = false;
  std::vector<std::uint8_t> has_param_;
};

}  // namespace tiao::engine
