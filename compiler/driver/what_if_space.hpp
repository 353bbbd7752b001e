// The facts of one case that a counterfactual may change: those of the subject, of what stands under it, and of what these are linked with.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/driver/fact_changes.hpp"
#include "compiler/driver/node_reach.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::driver {

/// One cell that is read from facts.
struct FactCell {
  EntityId entity = none;
  std::uint32_t row = none;
  ColumnId column = none;
  friend auto operator<=>(const FactCell&, const FactCell&) = default;
};

/// The subject's own rows come first, then those linked with them; rows of other subjects of its kind are left alone.
class FactSpace {
 public:
  FactSpace(const facts::FactBase& facts, EntityId entity, std::uint32_t row, std::size_t most_rows_out);

  /// Facts, findings and judgments; not keys, parents and links. At most `most`, nearest first.
  /// False: there are more rows that could be missing than are looked at.
  bool all_rows() const { return all_rows_; }
  std::vector<FactCell> cells(const NodeReach::CaseFacts& read, std::size_t most, bool& all) const;
  /// Rows that could be missing: their register is read, and nothing that stays refers to them.
  std::vector<const RowsOut*> removable(const NodeReach::CaseFacts& read) const;

 private:
  struct At { EntityId entity; std::uint32_t row; };
  bool add(EntityId entity, std::uint32_t row);
  void add_under(std::size_t first);
  void add_linking_to_own();
  void add_followed();
  void find_removable(std::size_t most);
  bool of_another(EntityId entity, std::uint32_t row) const;
  std::uint32_t parent(EntityId entity, std::uint32_t row) const;

  const facts::FactBase& facts_;
  const Schema& schema_;
  At subject_;
  std::vector<At> rows_;
  std::vector<std::uint8_t> followed_;                 // parallel: reached by a link or as what another stands under
  std::vector<std::vector<std::uint8_t>> seen_;        // by entity and row
  std::vector<RowsOut> removable_;
  bool all_rows_ = true;
};

}  // namespace tiao::driver
