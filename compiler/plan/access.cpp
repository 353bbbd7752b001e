// How rows are reached: from a fold, from an owner.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::DeclKind;
using core::ExprId;

std::uint32_t Planner::index(IndexSpec spec) {
  EntityId at = spec.population != none ? spec.population : spec.entity;
  if (spec.kind == IndexSpec::path) {
    if (spec.start != none) at = start_entity_.at(spec.start);
    for (const core::Hop& hop : spec.hops) {
      spec.passed.push_back(at);
      spec.hop_indexes.push_back(hop.kind == core::Hop::linked ? index(reverse(hop.entity, hop.column)) : none);
      at = hop.entity;
    }
  }
  const auto there = std::find(plan_.indexes.begin(), plan_.indexes.end(), spec);
  if (there != plan_.indexes.end()) return static_cast<std::uint32_t>(there - plan_.indexes.begin());
  plan_.indexes.push_back(std::move(spec));
  index_made_.push_back(false);
  return static_cast<std::uint32_t>(plan_.indexes.size() - 1);
}

IndexSpec Planner::reverse(EntityId entity, ColumnId column) {
  IndexSpec spec;
  spec.kind = IndexSpec::reverse;
  spec.entity = entity;
  spec.columns = {column};
  return spec;
}

// Does the order of the rows show in the result?
bool Planner::ordered(core::FoldKind kind) { return kind == core::FoldKind::consecutive || kind == core::FoldKind::stages; }

// Is the key asked for made of the same columns of a row of the same entity?
bool Planner::has_own_key(const core::Source& source) const {
  ExprId row = none;
  for (const auto& same : source.same) {
    const core::Expr& key = program_.exprs[same.key];
    if (key.op != core::Op::column || key.a != same.column) return false;
    const ExprId ref = program_.args[key.args];
    const core::Expr& of = program_.exprs[ref];
    if (of.op != core::Op::row || of.type.of != source.entity) return false;
    if (row != none && program_.exprs[row].a != of.a) return false;
    row = ref;
  }
  return row != none;
}

Access Planner::fold_access(const core::Fold& fold, const FoldShape& shape) {
  const core::Source& source = fold.source;
  Access access;
  access.entity = source.entity;
  access.facts = analysis_->source(source);
  IndexSpec path;
  path.kind = IndexSpec::path;
  path.hops = source.hops;
  path.distinct = source.distinct;
  if (source.start == none) {
    access.population = path.population = source.whole;
    if (source.hops.empty()) {
      const bool by_key = shape.kind != FoldShape::rank && !source.same.empty() && fold.kind != core::FoldKind::consecutive && fold.kind != core::FoldKind::stages &&
                          std::none_of(source.same.begin(), source.same.end(), [&](const core::Source::Same& same) {
                            return schema_.entities[source.entity].columns[same.column].type.kind == Kind::ratio;
                          });
      access.kind = by_key ? Access::partition : Access::whole;
      if (!by_key) return access;
      IndexSpec parts;
      parts.kind = IndexSpec::partition;
      parts.entity = source.entity;
      for (const auto& same : source.same) parts.columns.push_back(same.column);
      access.index = index(parts);
      access.own_key = has_own_key(source);
      if (!access.own_key) plan_.indexes[access.index].looked_up = true;
      access.keys_known = std::all_of(parts.columns.begin(), parts.columns.end(), [&](ColumnId c) { return one_word(plan_.columns[source.entity][c]); });
      return access;
    }
    access.kind = Access::whole_path;
    access.index = index(path);
    return access;
  }
  access.from = path.entity = program_.exprs[source.start].type.of;
  if (source.hops.empty()) {
    access.kind = Access::itself;
    return access;
  }
  if (source.hops.size() == 1) {
    const core::Hop& hop = source.hops[0];
    if (hop.kind == core::Hop::children) { access.kind = Access::children; return access; }
    if (hop.kind == core::Hop::members) { access.kind = Access::members; return access; }
    // A reverse index has the rows whose link is not known at its end; a path has all in row order.
    if (hop.kind == core::Hop::linked && !ordered(fold.kind)) {
      access.kind = Access::linked;
      access.index = index(reverse(hop.entity, hop.column));
      access.keys_known = one_word(plan_.columns[hop.entity][hop.column]);
      return access;
    }
  }
  access.kind = Access::path;
  access.index = index(path);
  return access;
}

// Rows of a source by owner, for flows, spans, shortenings and targets.
Access Planner::listed_access(const core::Source& source, EntityId owner, bool each_once) {
  Access access;
  access.from = owner;
  access.entity = source.entity;
  access.facts = analysis_->source(source);
  if (is_own_row(source.start) && source.hops.size() == 1 && source.hops[0].kind == core::Hop::children) {
    access.kind = Access::children;
    return access;
  }
  IndexSpec path;
  path.kind = IndexSpec::path;
  path.entity = owner;
  path.hops = source.hops;
  path.distinct = source.distinct || each_once;
  if (source.start == none) {
    access.population = path.population = source.whole;
  } else if (!is_own_row(source.start)) {
    path.start = per_row(owner, source.start).temporary;
    start_entity_[path.start] = program_.exprs[source.start].type.of;
  }
  access.kind = Access::path;
  access.index = index(path);
  return access;
}

}  // namespace tiao::plan
