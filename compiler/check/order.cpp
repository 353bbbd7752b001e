// The order of evaluation: every declaration after all that it reads. A circle is an error that prints its path.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::DeclKind;
using core::Stratum;

namespace {

/// Collects which declarations an expression reads.
class Reads {
 public:
  Reads(const core::Program& program, const std::map<std::pair<EntityId, ColumnId>, std::uint32_t>& computed) : program_(program), computed_(computed) {}

  void expression(ExprId e) {
    if (e == none || !seen_.insert(e).second) return;
    const core::Expr& x = program_.exprs[e];
    for (std::uint32_t i = 0; i < x.count; ++i) expression(program_.args[x.args + i]);
    switch (x.op) {
      case Op::row: entity(x.type.of); break;
      case Op::parent: entity(x.type.of); break;
      case Op::column: {
        const EntityId owner = program_.exprs[program_.args[x.args]].type.of;
        entity(owner);
        if (const auto c = computed_.find({owner, x.a}); c != computed_.end()) out_.insert({DeclKind::computed, c->second});
        if (x.type.kind == Kind::ref) entity(x.type.of);
        break;
      }
      case Op::state_at: out_.insert({DeclKind::timeline, x.a}); break;
      case Op::balance_at: out_.insert({DeclKind::ledger, x.a}); break;
      case Op::fold: {
        const core::Fold& f = program_.folds[x.a];
        source(f.source);
        expression(f.filter), expression(f.value), expression(f.if_none);
        break;
      }
      default: break;
    }
  }
  void source(const core::Source& s) {
    expression(s.start);
    if (s.whole != none) entity(s.whole);
    for (const auto& hop : s.hops) entity(hop.entity);
    for (const auto& same : s.same) {
      expression(same.key);
      if (const auto c = computed_.find({s.entity, same.column}); c != computed_.end()) out_.insert({DeclKind::computed, c->second});
    }
  }
  // A derived table is there once its stratum has run.
  void entity(EntityId id) {
    switch (program_.schema.entities[id].origin) {
      case EntityOrigin::register_: break;
      case EntityOrigin::group: find(program_.groups, id, DeclKind::group, [](const auto& g) { return g.entity; }); break;
      case EntityOrigin::step: find(program_.ledgers, id, DeclKind::ledger, [](const auto& l) { return l.steps; }); break;
      case EntityOrigin::cycle: find(program_.ledgers, id, DeclKind::ledger, [](const auto& l) { return l.cycles; }); break;
      case EntityOrigin::span: find(program_.timelines, id, DeclKind::timeline, [](const auto& t) { return t.spans; }); break;
      case EntityOrigin::join: find(program_.joins, id, DeclKind::join, [](const auto& j) { return j.entity; }); break;
      case EntityOrigin::remedy: find(program_.schema.remedies, id, DeclKind::remedy, [](const auto& r) { return r.rows; }); break;
    }
  }
  std::set<std::pair<DeclKind, std::uint32_t>> take() { seen_.clear(); return std::move(out_); }

 private:
  template <class T, class F> void find(const std::vector<T>& items, EntityId id, DeclKind kind, F entity_of) {
    for (std::uint32_t i = 0; i < items.size(); ++i) if (entity_of(items[i]) == id) out_.insert({kind, i});
  }
  const core::Program& program_;
  const std::map<std::pair<EntityId, ColumnId>, std::uint32_t>& computed_;
  std::set<ExprId> seen_;
  std::set<std::pair<DeclKind, std::uint32_t>> out_;
};

}  // namespace

bool Checker::order() {
  std::map<std::pair<EntityId, ColumnId>, std::uint32_t> computed;
  for (std::uint32_t i = 0; i < program_.computed.size(); ++i) computed[{program_.computed[i].entity, program_.computed[i].column}] = i;
  using Decl = std::pair<DeclKind, std::uint32_t>;
  std::map<Decl, std::set<Decl>> reads;
  const auto gather = [&](Decl d, auto&& visit) {
    Reads r(program_, computed);
    visit(r);
    reads[d] = r.take();
  };
  for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
    gather({DeclKind::computed, i}, [&](Reads& r) { r.entity(program_.computed[i].entity), r.expression(program_.computed[i].expr); });
  for (std::uint32_t i = 0; i < program_.groups.size(); ++i)
    gather({DeclKind::group, i}, [&](Reads& r) { r.entity(program_.groups[i].from), r.entity(schema_.entities[program_.groups[i].from].parent); });
  const auto flow = [](Reads& r, const auto& f) { r.source(f.source), r.expression(f.filter), r.expression(f.amount), r.expression(f.date); };
  for (std::uint32_t i = 0; i < program_.ledgers.size(); ++i)
    gather({DeclKind::ledger, i}, [&](Reads& r) {
      const auto& l = program_.ledgers[i];
      for (const auto& f : l.entries) flow(r, f);
      for (const auto& f : l.credits) flow(r, f), r.expression(f.cap);
      r.expression(l.floor), r.expression(l.opens_at), r.entity(l.owner);
    });
  for (std::uint32_t i = 0; i < program_.timelines.size(); ++i)
    gather({DeclKind::timeline, i}, [&](Reads& r) {
      const auto& t = program_.timelines[i];
      for (const auto& o : t.on) r.source(o.source), r.expression(o.filter), r.expression(o.state), r.expression(o.from), r.expression(o.until), r.expression(o.length);
      for (const auto& s : t.shorten) flow(r, s);
      for (const auto& o : t.overlaps) r.expression(o.way);
      r.entity(t.owner);
    });
  for (std::uint32_t i = 0; i < program_.joins.size(); ++i)
    gather({DeclKind::join, i}, [&](Reads& r) {
      r.entity(program_.joins[i].first);
      for (const auto& hop : program_.joins[i].hops) r.entity(hop.entity);
    });
  const auto rule = [](Reads& r, const core::ParamRule& p) { r.expression(p.lo), r.expression(p.hi); };
  for (std::uint32_t i = 0; i < schema_.remedies.size(); ++i)
    gather({DeclKind::remedy, i}, [&](Reads& r) {
      for (const auto& g : program_.grounds) {
        if (g.remedy != i) continue;
        r.entity(g.scope), r.expression(g.own), r.expression(g.applicable), r.expression(g.scope_filter), r.source(g.target);
        rule(r, g.length), rule(r, g.from), rule(r, g.until);
        for (const auto& p : g.params) rule(r, p);
      }
    });
  for (std::uint32_t i = 0; i < program_.duties.size(); ++i)
    gather({DeclKind::duty, i}, [&](Reads& r) {
      const auto& d = program_.duties[i];
      r.entity(d.scope);
      for (const ExprId e : {d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending, d.scope_filter}) r.expression(e);
    });
  for (std::uint32_t i = 0; i < program_.requires_.size(); ++i)
    gather({DeclKind::require, i}, [&](Reads& r) {
      const auto& q = program_.requires_[i];
      r.entity(q.scope);
      for (const ExprId e : {q.applicable, q.condition, q.scope_filter}) r.expression(e);
    });
  for (std::uint32_t i = 0; i < program_.reports.size(); ++i)
    gather({DeclKind::report, i}, [&](Reads& r) { r.entity(program_.reports[i].entity), r.expression(program_.reports[i].expr); });
  for (std::uint32_t i = 0; i < program_.applicabilities.size(); ++i)
    gather({DeclKind::applicability, i}, [&](Reads& r) {
      if (program_.applicabilities[i].entity != none) r.entity(program_.applicabilities[i].entity);
      r.expression(program_.applicabilities[i].expr);
    });

  const auto name_of = [&](const Decl& d) -> std::string {
    const auto shown = [](const std::string& id, const std::string& label) { return label.empty() ? id : label; };
    switch (d.first) {
      case DeclKind::computed: {
        const auto& c = program_.computed[d.second];
        const Column& column = schema_.entities[c.entity].columns[c.column];
        return column.id.rfind("§", 0) == 0 ? column.id.substr(std::string("§").size()) : shown(column.id, column.label);
      }
      case DeclKind::group: return shown(schema_.entities[program_.groups[d.second].entity].id, schema_.entities[program_.groups[d.second].entity].label);
      case DeclKind::ledger: return shown(program_.ledgers[d.second].id, program_.ledgers[d.second].label);
      case DeclKind::timeline: return shown(program_.timelines[d.second].id, program_.timelines[d.second].label);
      case DeclKind::remedy: return shown(schema_.remedies[d.second].id, schema_.remedies[d.second].label);
      default: return "";
    }
  };
  const auto span_of = [&](const Decl& d) -> Span {
    NodeId node = none;
    if (d.first == DeclKind::computed) node = program_.computed[d.second].node;
    if (d.first == DeclKind::ledger) node = program_.ledgers[d.second].node;
    if (d.first == DeclKind::timeline) node = program_.timelines[d.second].node;
    if (d.first == DeclKind::remedy)
      for (const auto& g : program_.grounds) if (g.remedy == d.second) { node = g.cite; break; }
    return node == none ? Span{} : tree_[node].span;
  };
  std::map<Decl, int> state;   // 1 = on the path, 2 = done
  std::map<Decl, unsigned> links;   // of the longest chain that ends there
  std::vector<Decl> path;
  bool ok = true;
  const std::function<void(const Decl&)> visit = [&](const Decl& d) {
    if (!ok || state[d] == 2) return;
    if (state[d] == 1) {
      std::string text;
      for (auto at = std::find(path.begin(), path.end(), d); at != path.end(); ++at)
        if (const auto n = name_of(*at); !n.empty()) text += n + " → ";
      error(Code::cyclic_definition, span_of(d), {text + name_of(d)});
      ok = false;
      return;
    }
    state[d] = 1;
    path.push_back(d);
    for (const Decl& other : reads[d]) {
      visit(other);
      links[d] = std::max(links[d], links[other] + 1);
    }
    path.pop_back();
    if (ok && links[d] > 2 * max_chain) {
      error(Code::too_many, span_of(d), {diag::both("层层相依的定义", "definitions that rest on each other"), std::to_string(2 * max_chain)});
      ok = false;
    }
    state[d] = 2;
    program_.strata.push_back({d.first, d.second});
  };
  for (const auto& [d, others] : reads) visit(d);
  return ok;
}

}  // namespace tiao::check
