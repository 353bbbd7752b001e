#include "compiler/plan/reads.hpp"

namespace tiao::plan {

using core::Expr;
using core::ExprId;
using core::Op;

void Reader::add(ExprId id) {
  if (id == none || seen_[id]) return;
  seen_[id] = true;
  if (const auto rank = answered_.find(id); rank != answered_.end()) {
    reads.ranks.insert(rank->second);
    return;
  }
  const Expr& e = program_.exprs[id];
  for (std::uint32_t i = 0; i < e.count; ++i) add(program_.args[e.args + i]);
  switch (e.op) {
    case Op::column: {
      const Expr& ref = program_.exprs[program_.args[e.args]];
      const bool own = ref.op == Op::row && ref.a == 0;
      (own ? reads.local : reads.columns).insert({ref.type.of, e.a});
      break;
    }
    case Op::parent: {
      const EntityId entity = program_.exprs[program_.args[e.args]].type.of;
      reads.parents.insert(entity);
      break;
    }
    case Op::fold: {
      const core::Fold& fold = program_.folds[e.a];
      reads.folds.insert(e.a);
      add(fold.source);
      add(fold.filter);
      add(fold.value);
      add(fold.if_none);
      const Entity& rows = program_.schema.entities[fold.source.entity];
      if ((fold.kind == core::FoldKind::consecutive || fold.kind == core::FoldKind::stages) && rows.dated_column != none)
        reads.columns.insert({fold.source.entity, rows.dated_column});
      break;
    }
    case Op::state_at: reads.timelines.insert(e.a); break;
    case Op::balance_at: reads.ledgers.insert(e.a); break;
    default: break;
  }
}

void Reader::add_hop(const core::Hop& hop, EntityId from) {
  switch (hop.kind) {
    case core::Hop::children:
    case core::Hop::members: break;
    case core::Hop::linked: reads.columns.insert({hop.entity, hop.column}); break;
    case core::Hop::follow: reads.columns.insert({from, hop.column}); break;
    case core::Hop::parent: reads.parents.insert(from); break;
  }
  if (hop.kind == core::Hop::members) {
    reads.tables.insert(from);
    reads.members.insert(from);
  }
  reads.tables.insert(hop.entity);
}

void Reader::add(const core::Source& source) {
  add(source.start);
  EntityId at = source.whole;
  if (source.start != none) at = program_.exprs[source.start].type.of;
  else reads.wholes.insert(at);
  reads.tables.insert(at);
  for (const core::Hop& hop : source.hops) {
    add_hop(hop, at);
    at = hop.entity;
  }
  for (const core::Source::Same& same : source.same) {
    reads.columns.insert({source.entity, same.column});
    add(same.key);
  }
}

}  // namespace tiao::plan
