#include "compiler/driver/node_reach.hpp"

#include <utility>

namespace tiao::driver {

using core::Op;

std::set<NodeId> NodeReach::take() {
  take_parameters();
  return std::exchange(nodes_, {});
}

std::set<std::uint32_t> NodeReach::take_parameters() {
  exprs_.clear(), rows_.clear(), ledgers_.clear(), timelines_.clear(), remedies_.clear(), columns_.clear();
  return std::exchange(parameters_, {});
}

std::set<NodeId> NodeReach::from_node(NodeId id) {
  for (const core::Ground& g : p_.grounds)
    if (g.cite == id) ground(g);
  for (const core::Duty& d : p_.duties)
    if (d.cite == id) duty(d);
  for (const core::Require& r : p_.requires_)
    if (r.cite == id) require(r);
  for (const core::Applicability& a : p_.applicabilities)
    if (a.node == id) expr(a.expr);
  for (const core::Computed& c : p_.computed)
    if (c.node == id && c.proposition) column(c.entity, c.column);
  for (const core::Missing& m : p_.missing)
    if (m.cite == id) column(p_.computed[m.computed].entity, p_.computed[m.computed].column);
  return take();
}

std::set<NodeId> NodeReach::from_expr(core::ExprId id, EntityId scope) {
  if (scope != none) rows(scope);
  expr(id);
  return take();
}

void NodeReach::duty(const core::Duty& d) {
  rows(d.scope);
  for (const core::ExprId e : {d.scope_filter, d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending}) expr(e);
}

void NodeReach::require(const core::Require& r) {
  rows(r.scope);
  for (const core::ExprId e : {r.scope_filter, r.applicable, r.condition}) expr(e);
}

NodeReach::CaseFacts NodeReach::facts_of(RemedyId wanted) {
  remedy(wanted);
  for (const std::uint32_t r : remedies_)   // other declarations see a remedy by what was chosen
    if (const Remedy& seen = p_.schema.remedies[r]; seen.chosen_column != none) column(seen.target, seen.chosen_column);
  const auto read = [&](EntityId e) { return p_.schema.entities[e].origin == EntityOrigin::register_; };
  CaseFacts out;
  for (const auto& [entity, column] : columns_) {
    const ColumnKind kind = p_.schema.entities[entity].columns[column].kind;
    if (read(entity) && kind == ColumnKind::suspected) out.columns.emplace(entity, *p_.schema.entities[entity].find(p_.schema.entities[entity].columns[column].id.substr(10)));
    else if (read(entity) && kind != ColumnKind::computed) out.columns.emplace(entity, column);
  }
  for (const EntityId entity : rows_)
    if (read(entity)) out.registers.insert(entity);
  take();
  return out;
}

void NodeReach::ground(const core::Ground& g) {
  node(g.cite);
  rows(g.scope);
  for (const core::ExprId e : {g.applicable, g.own, g.scope_filter}) expr(e);
  source(g.target);
  for (const core::ParamRule* r : {&g.length, &g.from, &g.until}) rule(*r);
  for (const core::ParamRule& r : g.params) rule(r);
}

void NodeReach::expr(core::ExprId id) {
  if (id == none || !exprs_.insert(id).second) return;
  const core::Expr& e = p_.exprs[id];
  if (e.origin != none) node(p_.origins[e.origin].node);
  switch (e.op) {
    case Op::is_set: parameters_.insert(e.a); break;
    case Op::parameter:
      parameters_.insert(e.a);
      node(p_.schema.parameters[e.a].node);
      break;
    case Op::conflict: node(e.a); break;
    case Op::column: column(p_.exprs[p_.args[e.args]].type.of, e.a); break;
    case Op::fold: {
      const core::Fold& f = p_.folds[e.a];
      source(f.source);
      for (const core::ExprId part : {f.filter, f.value, f.if_none}) expr(part);
      break;
    }
    case Op::state_at: timeline(e.a); break;
    case Op::balance_at: ledger(e.a); break;
    default: break;
  }
  for (std::uint32_t i = 0; i < e.count; ++i) expr(p_.args[e.args + i]);
}

void NodeReach::source(const core::Source& s) {
  if (s.start == none) rows(s.whole);
  else expr(s.start);
  EntityId at = s.start == none ? s.whole : p_.exprs[s.start].type.of;
  for (const core::Hop& hop : s.hops) {
    rows(hop.entity);
    if (hop.kind == core::Hop::follow) column(at, hop.column);
    if (hop.kind == core::Hop::linked) column(hop.entity, hop.column);
    at = hop.entity;
  }
  for (const core::Source::Same& same : s.same) column(s.entity, same.column), expr(same.key);
}

void NodeReach::column(EntityId entity, ColumnId column) {
  if (entity == none || !columns_.emplace(entity, column).second) return;
  rows(entity);
  for (const core::Computed& c : p_.computed)
    if (c.entity == entity && c.column == column) node(c.node), expr(c.expr);
}

void NodeReach::rows(EntityId entity) {
  if (entity != none && rows_.insert(entity).second) work_out_rows(entity);
}

void NodeReach::work_out_rows(EntityId entity) {
  if (entity < p_.memberships.size()) expr(p_.memberships[entity]);
  const Entity& e = p_.schema.entities[entity];
  switch (e.origin) {
    case EntityOrigin::register_: rows(e.parent); break;
    case EntityOrigin::group:
      for (const core::Group& g : p_.groups) {
        if (g.entity != entity) continue;
        node(g.node);
        rows(g.from);
        for (const ColumnId key : g.keys) column(g.from, key);
      }
      break;
    case EntityOrigin::step:
    case EntityOrigin::cycle:
      for (std::uint32_t i = 0; i < p_.ledgers.size(); ++i)
        if (p_.ledgers[i].steps == entity || p_.ledgers[i].cycles == entity) ledger(i);
      break;
    case EntityOrigin::span:
      for (std::uint32_t i = 0; i < p_.timelines.size(); ++i)
        if (p_.timelines[i].spans == entity) timeline(i);
      break;
    case EntityOrigin::remedy:
      for (RemedyId r = 0; r < p_.schema.remedies.size(); ++r)
        if (p_.schema.remedies[r].rows == entity) remedy(r);
      break;
    case EntityOrigin::join:
      for (const core::Join& j : p_.joins) {
        if (j.entity != entity) continue;
        rows(j.first);
        for (const core::Hop& hop : j.hops) rows(hop.entity);
      }
      break;
  }
}

void NodeReach::flow(const core::Flow& f) {
  source(f.source);
  for (const core::ExprId e : {f.filter, f.amount, f.date, f.cap}) expr(e);
}

void NodeReach::ledger(std::uint32_t id) {
  if (!ledgers_.insert(id).second) return;
  const core::Ledger& l = p_.ledgers[id];
  node(l.node);
  rows(l.owner);
  for (const core::Flow& f : l.entries) flow(f);
  for (const core::Flow& f : l.credits) flow(f);
  expr(l.floor), expr(l.opens_at);
}

void NodeReach::timeline(std::uint32_t id) {
  if (!timelines_.insert(id).second) return;
  const core::Timeline& t = p_.timelines[id];
  node(t.node);
  rows(t.owner);
  for (const core::On& on : t.on) {
    source(on.source);
    for (const core::ExprId e : {on.filter, on.state, on.from, on.until, on.length}) expr(e);
  }
  for (const core::Shorten& s : t.shorten) {
    source(s.source);
    for (const core::ExprId e : {s.filter, s.amount, s.date}) expr(e);
  }
  for (const core::Overlap& o : t.overlaps) expr(o.way);
}

void NodeReach::remedy(RemedyId id) {
  if (!remedies_.insert(id).second) return;
  for (const core::Ground& g : p_.grounds)
    if (g.remedy == id) ground(g);
}

}  // namespace tiao::driver
