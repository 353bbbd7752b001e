// What expressions and sources read: columns, tables, ledgers, timelines. Stages and lifetimes follow from it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::plan {

using ColumnRef = std::pair<EntityId, ColumnId>;

struct Reads {
  std::set<ColumnRef> local;             // columns of the row in slot 0
  std::set<ColumnRef> columns;           // columns of other rows
  std::set<EntityId> tables;             // rows, memberships, offsets
  std::set<EntityId> parents;            // parent of each row
  std::set<EntityId> members;            // rows that are in each row, a group
  std::set<EntityId> wholes;             // the whole population: may it hold rows we do not know?
  std::set<std::uint32_t> ledgers, timelines, folds;
  std::set<std::uint32_t> ranks;         // that have been answered before
};

class Reader {
 public:
  explicit Reader(const core::Program& program) : program_(program), seen_(program.exprs.size()) {}
  // This expression has been answered: it is read, and not what it is made of.
  void answered(core::ExprId expr, std::uint32_t rank) { answered_.emplace(expr, rank); }
  // Everything that evaluating these needs is added to `reads`. One reader per set of reads.
  void add(core::ExprId expr);
  void add(const core::Source& source);
  void add_hop(const core::Hop& hop, EntityId from);
  Reads reads;

 private:
  const core::Program& program_;
  std::map<core::ExprId, std::uint32_t> answered_;
  std::vector<bool> seen_;
};

}  // namespace tiao::plan
