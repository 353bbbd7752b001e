// What is kept of folds over a whole population: answers by the tuple of keys they were asked for, or a ranking.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/engine/array.hpp"
#include "runtime/engine/keys.hpp"
#include "runtime/engine/ranking.hpp"
#include "runtime/value/value.hpp"

namespace tiao::engine {

// One fold of the program.
struct PopulationFold {
  explicit PopulationFold(std::uint32_t keys) : keys(keys) {}
  std::size_t bytes() const;
  KeyTable keys;
  std::uint32_t current = 0;       // the tuple asked for last
  Array<Cell> answers;             // by tuple
  std::unique_ptr<Ranking> ranking;
};

}  // namespace tiao::engine
