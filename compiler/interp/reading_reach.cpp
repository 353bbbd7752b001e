#include "compiler/interp/reading_reach.hpp"

namespace tiao::interp {

using core::Op;

namespace {

template <class Map, class Key, class F>
bool remembered(Map& map, Key key, F work_out) {
  if (const auto hit = map.find(key); hit != map.end()) return hit->second;
  const bool out = work_out();
  map.emplace(key, out);
  return out;
}

}  // namespace

bool ReadingReach::expr(core::ExprId id) {
  if (id == none) return false;
  if (expr_[id] == unasked) expr_[id] = work_out(p_.exprs[id]) ? yes : no;
  return expr_[id] == yes;
}

bool ReadingReach::work_out(const core::Expr& e) {
  switch (e.op) {
    case Op::parameter: return p_.schema.parameters[e.a].is_reading;
    case Op::column:
      if (column(p_.exprs[p_.args[e.args]].type.of, e.a)) return true;
      break;
    case Op::fold: {
      const core::Fold& f = p_.folds[e.a];
      return source(f.source) || expr(f.filter) || expr(f.value) || expr(f.if_none);
    }
    case Op::state_at:
      if (timeline(e.a)) return true;
      break;
    case Op::balance_at:
      if (ledger(e.a)) return true;
      break;
    default: break;
  }
  for (std::uint32_t i = 0; i < e.count; ++i)
    if (expr(p_.args[e.args + i])) return true;
  return false;
}

bool ReadingReach::source(const core::Source& source) {
  if (source.start == none ? rows(source.whole) : expr(source.start)) return true;
  EntityId at = source.start == none ? source.whole : p_.exprs[source.start].type.of;
  for (const core::Hop& hop : source.hops) {
    if (rows(hop.entity)) return true;
    if (hop.kind == core::Hop::follow && column(at, hop.column)) return true;
    if (hop.kind == core::Hop::linked && column(hop.entity, hop.column)) return true;
    at = hop.entity;
  }
  for (const core::Source::Same& same : source.same)
    if (column(source.entity, same.column) || expr(same.key)) return true;
  return false;
}

bool ReadingReach::column(EntityId entity, ColumnId column_id) {
  for (const core::Computed& c : p_.computed)
    if (c.entity == entity && c.column == column_id) return expr(c.expr);
  return p_.schema.entities[entity].origin != EntityOrigin::register_ && rows(entity);
}

bool ReadingReach::rows(EntityId entity) {
  return remembered(rows_, entity, [&] { return work_out_rows(entity); });
}

bool ReadingReach::work_out_rows(EntityId entity) {
  if (entity < p_.memberships.size() && expr(p_.memberships[entity])) return true;
  const Entity& e = p_.schema.entities[entity];
  switch (e.origin) {
    case EntityOrigin::register_: return e.parent != none && rows(e.parent);
    case EntityOrigin::group:
      for (const core::Group& g : p_.groups) {
        if (g.entity != entity) continue;
        if (rows(g.from)) return true;
        for (const ColumnId key : g.keys)
          if (column(g.from, key)) return true;
      }
      return false;
    case EntityOrigin::step:
    case EntityOrigin::cycle:
      for (std::uint32_t i = 0; i < p_.ledgers.size(); ++i)
        if (p_.ledgers[i].steps == entity || p_.ledgers[i].cycles == entity) return ledger(i);
      return false;
    case EntityOrigin::span:
      for (std::uint32_t i = 0; i < p_.timelines.size(); ++i)
        if (p_.timelines[i].spans == entity) return timeline(i);
      return false;
    case EntityOrigin::remedy:
      for (RemedyId r = 0; r < p_.schema.remedies.size(); ++r)
        if (p_.schema.remedies[r].rows == entity) return remedy(r);
      return false;
    case EntityOrigin::join:
      for (const core::Join& j : p_.joins) {
        if (j.entity != entity) continue;
        if (rows(j.first)) return true;
        for (const core::Hop& hop : j.hops)
          if (rows(hop.entity)) return true;
      }
      return false;
  }
  return false;
}

bool ReadingReach::flow(const core::Flow& f) {
  return source(f.source) || expr(f.filter) || expr(f.amount) || expr(f.date) || expr(f.cap);
}

bool ReadingReach::ledger(std::uint32_t id) {
  return remembered(ledgers_, id, [&] {
    const core::Ledger& l = p_.ledgers[id];
    bool out = expr(l.floor) || expr(l.opens_at);
    for (const core::Flow& f : l.entries) out = out || flow(f);
    for (const core::Flow& f : l.credits) out = out || flow(f);
    return out;
  });
}

bool ReadingReach::timeline(std::uint32_t id) {
  return remembered(timelines_, id, [&] {
    const core::Timeline& t = p_.timelines[id];
    bool out = false;
    for (const core::On& on : t.on)
      out = out || source(on.source) || expr(on.filter) || expr(on.state) || expr(on.from) || expr(on.until) || expr(on.length);
    for (const core::Shorten& s : t.shorten) out = out || source(s.source) || expr(s.filter) || expr(s.amount) || expr(s.date);
    for (const core::Overlap& o : t.overlaps) out = out || expr(o.way);
    return out;
  });
}

bool ReadingReach::remedy(RemedyId id) {
  return remembered(remedies_, id, [&] {
    bool out = false;
    for (const core::Ground& g : p_.grounds) {
      if (g.remedy != id || out) continue;
      out = rows(g.scope) || expr(g.applicable) || expr(g.own) || expr(g.scope_filter) || source(g.target) || rule(g.length) || rule(g.from) || rule(g.until);
      for (const core::ParamRule& r : g.params) out = out || rule(r);
    }
    return out;
  });
}

}  // namespace tiao::interp
