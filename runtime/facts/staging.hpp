// The registers as they come, until all are there; then keys become row numbers and rows take their final order.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/facts/errors.hpp"
#include "runtime/facts/register.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::facts {

class Staging {
 public:
  explicit Staging(const Schema& schema);

  StagedRegister& at(EntityId entity) { return registers_[entity]; }
  const StagedRegister& at(EntityId entity) const { return registers_[entity]; }

  // Fills absent cells and generated keys, then replaces the texts of keys in references by row numbers (still in the order of
  // reading). False if a key is missing or not unique, or a reference leads nowhere.
  bool resolve(StringPool& strings, LoadErrors& errors);
  // Sorts and hands over. Once, after resolve().
  void tables(StringPool& strings, FactBase& base);

 private:
  Place place(EntityId entity, std::uint32_t row, ColumnId column) const;
  bool index_keys(EntityId entity, StringPool& strings, std::vector<std::uint32_t>& row_of, LoadErrors& errors);
  bool resolve_references(EntityId target, const StringPool& strings, const std::vector<std::uint32_t>& row_of, LoadErrors& errors);
  std::vector<EntityId> parents_first() const;
  std::vector<std::uint32_t> final_order(EntityId entity, const StringPool& strings, std::vector<std::uint32_t>& offsets) const;
  void reorder(EntityId entity, const std::vector<std::uint32_t>& order);

  const Schema& schema_;
  std::vector<StagedRegister> registers_;
};

}  // namespace tiao::facts
