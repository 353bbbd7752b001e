#include "runtime/engine/population.hpp"

#include "runtime/engine/support.hpp"

namespace tiao::engine {

std::size_t PopulationFold::bytes() const {
  return keys.bytes() + answers.bytes() + (ranking ? ranking->bytes() : 0);
}

}  // namespace tiao::engine

using namespace tiao;
using namespace tiao::engine;

extern "C" {

std::uint32_t tiao_kept_find(const KernelContext* context, std::uint32_t fold, const Cell* keys, Cell* answer) {
  PopulationFold& kept = context->populations[fold];
  bool fresh = false;
  kept.current = kept.keys.number(keys, fresh);
  if (fresh) kept.answers.push(Cell{});
  else *answer = kept.answers[kept.current];
  return fresh ? 0 : 1;
}

void tiao_kept_keep(const KernelContext* context, std::uint32_t fold, const Cell* answer) {
  PopulationFold& kept = context->populations[fold];
  kept.answers[kept.current] = *answer;
}

void tiao_rank(const KernelContext* context, std::uint32_t fold, Cell* out, const Cell* keys, const Cell* ours, std::uint32_t itself, const Cell* if_none) {
  *out = context->populations[fold].ranking->fold(keys, *ours, itself, if_none);
}

}  // extern "C"
