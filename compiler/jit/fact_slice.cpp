#include "compiler/jit/fact_slice.hpp"

#include <algorithm>

namespace tiao::jit {

FactSlice::FactSlice(const facts::FactBase& whole, EntityId root, const std::vector<bool>& own) : whole_(whole), root_(root), first_(whole.tables.size(), 0) {
  const Schema& schema = *whole.schema;
  for (tree_.push_back(root); tree_.size() <= schema.entities.size();) {
    const std::size_t known = tree_.size();
    for (EntityId e = 0; e < schema.entities.size(); ++e)
      if (own[e] && schema.entities[e].origin == EntityOrigin::register_ && std::find(tree_.begin(), tree_.end(), e) == tree_.end() &&
          std::find(tree_.begin(), tree_.end(), schema.entities[e].parent) != tree_.end())
        tree_.push_back(e);
    if (tree_.size() == known) break;
  }
  part_.schema = whole.schema;
  part_.parameters = whole.parameters;
  part_.parameter_set = whole.parameter_set;
  part_.tables.resize(whole.tables.size());
  for (EntityId e = 0; e < part_.tables.size(); ++e) {
    part_.tables[e].entity = e;
    part_.tables[e].supplied = true;   // of those that are left out nothing is read here
  }
  for (const EntityId e : tree_) {
    part_.tables[e].supplied = whole.tables[e].supplied;
    part_.tables[e].columns.resize(whole.tables[e].columns.size());
  }
  part_.open_of = whole.open_of;   // which rows they name nobody asks in a part
  chosen_.resize(whole.tables.size());
  for (const Remedy& remedy : schema.remedies)
    if (remedy.chosen_column != none) chosen_[remedy.target].push_back(remedy.chosen_column);
}

void FactSlice::take_table(EntityId e, std::uint32_t begin, std::uint32_t end) {
  const facts::Table& from = whole_.tables[e];
  facts::Table& to = part_.tables[e];
  const std::uint32_t rows = end - begin;
  first_[e] = begin;
  to.rows = rows;
  for (ColumnId c = 0; c < from.columns.size(); ++c) {
    const facts::ColumnData& data = from.columns[c];
    facts::ColumnData& slice = to.columns[c];
    if (!data.truth.empty()) slice.truth = data.truth.slice(begin, rows);
    if (!data.lo.empty()) slice.lo = Lent<std::int64_t>::of({data.lo.data() + begin, rows});
    if (!data.hi.empty()) slice.hi = Lent<std::int64_t>::of({data.hi.data() + begin, rows});
    if (!data.masks.empty()) slice.masks = LineVector<std::uint8_t>(data.masks.begin() + begin, data.masks.begin() + end);   // whole lines of them are read
  }
  for (const ColumnId c : chosen_[e])
    if (!from.columns[c].presence.empty()) to.columns[c].presence = from.columns[c].presence.slice(begin, rows);
}

const facts::FactBase& FactSlice::take(std::uint32_t begin, std::uint32_t end) {
  take_table(root_, begin, end);
  for (const EntityId e : tree_) {
    if (e == root_) continue;
    const facts::Table& from = whole_.tables[e];
    facts::Table& to = part_.tables[e];
    const EntityId parent = whole_.schema->entities[e].parent;
    const std::uint32_t first_parent = first_[parent], parents = part_.tables[parent].rows;
    if (from.offsets.empty()) {   // of which nothing was supplied
      to.offsets.clear();
      take_table(e, 0, 0);
    } else {
      const std::uint32_t first = from.offsets[first_parent];
      to.offsets.resize(parents + 1);
      for (std::uint32_t p = 0; p <= parents; ++p) to.offsets[p] = from.offsets[first_parent + p] - first;
      take_table(e, first, from.offsets[first_parent + parents]);
    }
    to.open_for.clear();
    if (!from.open_for.empty()) to.open_for.assign(from.open_for.begin() + first_parent, from.open_for.begin() + first_parent + parents);
  }
  return part_;
}

}  // namespace tiao::jit
