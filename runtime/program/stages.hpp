// How the moves of a stage machine are written into one number of the program (core::Fold::n). States are numbered from 0, the one
// in which the machine starts; a row's value is a choice whose bit `c` stands for "exactly the moves in c are open": bit k of c is
// move k.
#pragma once

#include <cstdint>

namespace tiao {

inline constexpr unsigned max_stage_moves = 5, max_stage_states = 7;
/// So many rows of undecided order are tried in every order; of more only what they may lead to is known.
inline constexpr unsigned most_unordered_stages = 12;

struct StageMoves {
  std::uint32_t packed = 0x3fffffff;   // six bits a move: from, to; all ones: no such move

  unsigned from(unsigned move) const { return packed >> (6 * move) & 7; }
  unsigned to(unsigned move) const { return packed >> (6 * move + 3) & 7; }
  bool has(unsigned move) const { return move < max_stage_moves && (packed >> (6 * move) & 63) != 63; }
  void set(unsigned move, unsigned from, unsigned to) {
    packed = (packed & ~(63u << (6 * move))) | (from | to << 3) << (6 * move);
  }
  /// Every state in which the machine may be, as a mask.
  std::uint64_t states() const {
    std::uint64_t all = 1;
    for (unsigned move = 0; move < max_stage_moves; ++move)
      if (has(move)) all |= std::uint64_t{1} << to(move);
    return all;
  }
};

}  // namespace tiao
