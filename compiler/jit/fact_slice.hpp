// A part of a fact base: some rows of a register that stand one after another, with all that stands under them, numbered from 0 on.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/facts/tables.hpp"

namespace tiao::jit {

class FactSlice {
 public:
  // own: by entity, the root and what stands under it. Tables of other registers are left out.
  FactSlice(const facts::FactBase& whole, EntityId root, const std::vector<bool>& own);
  // Columns are lent by the whole, where they may be. Valid until the next one is taken.
  const facts::FactBase& take(std::uint32_t begin, std::uint32_t end);
  std::uint32_t first(EntityId e) const { return first_[e]; }   // of its rows, as the whole numbers them

 private:
  void take_table(EntityId e, std::uint32_t begin, std::uint32_t end);

  const facts::FactBase& whole_;
  const EntityId root_;
  std::vector<EntityId> tree_;           // registers, parents first
  std::vector<std::vector<ColumnId>> chosen_;   // by entity: columns of recorded choices
  std::vector<std::uint32_t> first_;
  facts::FactBase part_;
};

}  // namespace tiao::jit
