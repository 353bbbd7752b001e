#include "compiler/core/verifier.hpp"

#include <map>
#include <set>
#include <utility>

#include "compiler/core/printer.hpp"
#include "compiler/core/verify_exprs.hpp"

namespace tiao::core {
namespace {

using Slots = std::vector<EntityId>;   // entity of the row in each slot, none = not bound

/// What a declaration provides or reads.
enum class Provided : std::uint8_t { column, rows, ledger, timeline };
using Item = std::pair<Provided, std::pair<std::uint32_t, std::uint32_t>>;

/// Walks one declaration: binds slots, and gathers what it reads.
class Walk {
 public:
  Walk(const Program& program, std::string place, std::vector<std::string>& faults)
      : p_(program), place_(std::move(place)), faults_(faults) {}

  void rows_of(EntityId entity) {
    if (p_.schema.entities[entity].origin != EntityOrigin::register_) reads.insert({Provided::rows, {entity, 0}});
    if (entity < p_.memberships.size() && p_.memberships[entity] != none) expr(p_.memberships[entity], {entity});
  }

  void expr(ExprId id, const Slots& slots) {
    if (id == none) return;
    if (id >= p_.exprs.size()) return fault("an expression that does not exist");
    if (!seen_.emplace(id, slots).second) return;
    const Expr& e = p_.exprs[id];
    switch (e.op) {
      case Op::row:
        if (e.a >= slots.size() || slots[e.a] != e.type.of) fault("reads slot " + std::to_string(e.a) + ", which holds no such row");
        break;
      case Op::column: column(p_.exprs[p_.args[e.args]].type.of, e.a); break;
      case Op::state_at: reads.insert({Provided::timeline, {e.a, 0}}); break;
      case Op::balance_at: reads.insert({Provided::ledger, {e.a, 0}}); break;
      case Op::fold: fold(p_.folds[e.a], slots); break;
      default: break;
    }
    for (std::uint32_t i = 0; i < e.count; ++i) expr(p_.args[e.args + i], slots);
  }

  Slots source(const Source& source, std::uint32_t slot, const Slots& slots) {
    if (source.start != none) expr(source.start, slots);
    else rows_of(source.whole);
    EntityId at = source.start != none ? p_.exprs[source.start].type.of : source.whole;
    for (const Hop& hop : source.hops) {
      rows_of(hop.entity);
      if (hop.kind == Hop::linked) column(hop.entity, hop.column);
      if (hop.kind == Hop::follow) column(at, hop.column);
      at = hop.entity;
    }
    for (const Source::Same& same : source.same) {
      column(source.entity, same.column);
      expr(same.key, slots);
    }
    Slots inner = slots;
    if (slot != none) {
      if (inner.size() <= slot) inner.resize(slot + 1, none);
      if (inner[slot] != none) fault("binds slot " + std::to_string(slot) + " twice");
      inner[slot] = source.entity;
    }
    return inner;
  }

  void declared_source(const Source& s) { verify_source(p_, s, place_, faults_); }

  std::set<Item> reads;

 private:
  void fault(const std::string& what) { faults_.push_back(place_ + ": " + what); }

  void column(EntityId entity, ColumnId column) {
    const Entity& e = p_.schema.entities[entity];
    if (column >= e.columns.size()) return;
    if (e.origin != EntityOrigin::register_) reads.insert({Provided::rows, {entity, 0}});
    if (e.columns[column].kind == ColumnKind::computed) reads.insert({Provided::column, {entity, column}});
  }

  void fold(const Fold& f, const Slots& slots) {
    const Slots inner = source(f.source, f.slot, slots);
    expr(f.filter, inner);
    expr(f.value, inner);
    expr(f.if_none, slots);
  }

  const Program& p_;
  std::string place_;
  std::vector<std::string>& faults_;
  std::set<std::pair<ExprId, Slots>> seen_;
};

/// Checks declarations in the order of the strata.
class OrderVerifier {
 public:
  OrderVerifier(const Program& program, std::vector<std::string>& faults) : p_(program), s_(program.schema), faults_(faults) {}

  void check() {
    columns_without_definition();
    for (const Stratum& stratum : p_.strata) {
      const std::string place = std::string("stratum ") + name(stratum.kind) + " " + std::to_string(stratum.index);
      if (stratum.index >= declarations(stratum.kind)) {
        faults_.push_back(place + ": does not exist");
        continue;
      }
      if (!done_.insert({stratum.kind, stratum.index}).second) faults_.push_back(place + ": stands twice");
      Walk walk(p_, place, faults_);
      declaration(stratum, walk);
      for (const Item& item : walk.reads)
        if (!provided_.count(item)) faults_.push_back(place + ": reads " + describe(item) + " before it is there");
      provide(stratum);
    }
    for (std::uint32_t k = 0; k <= static_cast<std::uint32_t>(DeclKind::applicability); ++k)
      for (std::uint32_t i = 0; i < declarations(static_cast<DeclKind>(k)); ++i)
        if (!done_.count({static_cast<DeclKind>(k), i}))
          faults_.push_back(std::string(name(static_cast<DeclKind>(k))) + " " + std::to_string(i) + ": stands in no stratum");
  }

 private:
  std::size_t declarations(DeclKind kind) const {
    switch (kind) {
      case DeclKind::computed: return p_.computed.size();
      case DeclKind::group: return p_.groups.size();
      case DeclKind::ledger: return p_.ledgers.size();
      case DeclKind::timeline: return p_.timelines.size();
      case DeclKind::join: return p_.joins.size();
      case DeclKind::remedy: return s_.remedies.size();
      case DeclKind::duty: return p_.duties.size();
      case DeclKind::require: return p_.requires_.size();
      case DeclKind::report: return p_.reports.size();
      case DeclKind::applicability: return p_.applicabilities.size();
    }
    return 0;
  }

  std::string describe(const Item& item) const {
    const auto [first, second] = item.second;
    switch (item.first) {
      case Provided::column: return s_.entities[first].id + "." + s_.entities[first].columns[second].id;
      case Provided::rows: return "rows of " + s_.entities[first].id;
      case Provided::ledger: return "ledger " + p_.ledgers[first].id;
      case Provided::timeline: return "timeline " + p_.timelines[first].id;
    }
    return {};
  }

  // Built-in columns of derived rows are there with the rows; a computed column of any entity needs a definition.
  void columns_without_definition() {
    std::set<std::pair<EntityId, ColumnId>> defined;
    for (const Computed& c : p_.computed)
      if (!defined.emplace(c.entity, c.column).second) faults_.push_back("column " + s_.entities[c.entity].columns[c.column].id + " is defined twice");
    for (EntityId e = 0; e < s_.entities.size(); ++e)
      for (ColumnId c = 0; c < s_.entities[e].columns.size(); ++c) {
        if (s_.entities[e].columns[c].kind != ColumnKind::computed || defined.count({e, c})) continue;
        if (s_.entities[e].origin == EntityOrigin::register_) faults_.push_back("column " + s_.entities[e].columns[c].id + " of " + s_.entities[e].id + " has no definition");
        else provided_.insert({Provided::column, {e, c}});
      }
  }

  void provide(const Stratum& stratum) {
    switch (stratum.kind) {
      case DeclKind::computed: provided_.insert({Provided::column, {p_.computed[stratum.index].entity, p_.computed[stratum.index].column}}); break;
      case DeclKind::group: provided_.insert({Provided::rows, {p_.groups[stratum.index].entity, 0}}); break;
      case DeclKind::join: provided_.insert({Provided::rows, {p_.joins[stratum.index].entity, 0}}); break;
      case DeclKind::remedy: provided_.insert({Provided::rows, {s_.remedies[stratum.index].rows, 0}}); break;
      case DeclKind::ledger:
        provided_.insert({Provided::rows, {p_.ledgers[stratum.index].steps, 0}});
        provided_.insert({Provided::rows, {p_.ledgers[stratum.index].cycles, 0}});
        provided_.insert({Provided::ledger, {stratum.index, 0}});
        break;
      case DeclKind::timeline:
        provided_.insert({Provided::rows, {p_.timelines[stratum.index].spans, 0}});
        provided_.insert({Provided::timeline, {stratum.index, 0}});
        break;
      default: break;
    }
  }

  void declaration(const Stratum& stratum, Walk& walk) {
    switch (stratum.kind) {
      case DeclKind::computed: {
        const Computed& c = p_.computed[stratum.index];
        walk.rows_of(c.entity);
        walk.expr(c.expr, {c.entity});
        break;
      }
      case DeclKind::group: {
        const Group& g = p_.groups[stratum.index];
        walk.rows_of(g.from);
        for (const ColumnId key : g.keys)
          if (s_.entities[g.from].columns[key].kind == ColumnKind::computed) walk.reads.insert({Provided::column, {g.from, key}});
        break;
      }
      case DeclKind::ledger: ledger(p_.ledgers[stratum.index], walk); break;
      case DeclKind::timeline: timeline(p_.timelines[stratum.index], walk); break;
      case DeclKind::join: {
        const Join& j = p_.joins[stratum.index];
        Source source;
        source.whole = j.first;
        source.hops = j.hops;
        source.entity = j.hops.empty() ? j.first : j.hops.back().entity;
        walk.declared_source(source);
        walk.source(source, none, {});
        break;
      }
      case DeclKind::remedy: remedy(stratum.index, walk); break;
      case DeclKind::duty: {
        const Duty& d = p_.duties[stratum.index];
        scope(d.scope, {d.scope_filter, d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending}, walk);
        break;
      }
      case DeclKind::require: {
        const Require& r = p_.requires_[stratum.index];
        scope(r.scope, {r.scope_filter, r.applicable, r.condition}, walk);
        break;
      }
      case DeclKind::report: scope(p_.reports[stratum.index].entity, {p_.reports[stratum.index].expr}, walk); break;
      case DeclKind::applicability: {
        const Applicability& a = p_.applicabilities[stratum.index];
        if (a.entity == none) walk.expr(a.expr, {});
        else scope(a.entity, {a.expr}, walk);
        break;
      }
    }
  }

  void scope(EntityId entity, std::initializer_list<ExprId> exprs, Walk& walk) {
    walk.rows_of(entity);
    for (const ExprId e : exprs) walk.expr(e, {entity});
  }

  void ledger(const Ledger& l, Walk& walk) {
    const Slots owner{l.owner};
    walk.rows_of(l.owner);
    for (const auto* flows : {&l.entries, &l.credits})
      for (const Flow& f : *flows) {
        walk.declared_source(f.source);
        const Slots inner = walk.source(f.source, f.slot, owner);
        for (const ExprId e : {f.filter, f.amount, f.date}) walk.expr(e, inner);
        walk.expr(f.cap, owner);
      }
    walk.expr(l.floor, owner);
    walk.expr(l.opens_at, owner);
  }

  void timeline(const Timeline& t, Walk& walk) {
    const Slots owner{t.owner};
    walk.rows_of(t.owner);
    for (const On& on : t.on) {
      walk.declared_source(on.source);
      const Slots inner = walk.source(on.source, on.slot, owner);
      for (const ExprId e : {on.filter, on.state, on.from, on.until, on.length}) walk.expr(e, inner);
    }
    for (const Shorten& s : t.shorten) {
      walk.declared_source(s.source);
      const Slots inner = walk.source(s.source, s.slot, owner);
      for (const ExprId e : {s.filter, s.amount, s.date}) walk.expr(e, inner);
    }
    for (const Overlap& o : t.overlaps) walk.expr(o.way, {});
    if (t.causes.size() > 64) faults_.push_back("timeline " + t.id + ": more than 64 causes");
  }

  void remedy(RemedyId id, Walk& walk) {
    const Remedy& r = s_.remedies[id];
    walk.rows_of(r.target);
    std::size_t grounds = 0;
    for (const Ground& g : p_.grounds) {
      if (g.remedy != id) continue;
      ++grounds;
      scope(g.scope, {g.applicable, g.own, g.scope_filter, g.length.lo, g.length.hi, g.from.lo, g.from.hi, g.until.lo, g.until.hi}, walk);
      for (const ParamRule& rule : g.params) scope(g.scope, {rule.lo, rule.hi}, walk);
      walk.declared_source(g.target);
      walk.source(g.target, none, {g.scope});
      if (g.target.entity != r.target) faults_.push_back("remedy " + r.id + ": a ground against rows of another entity");
      if (g.params.size() != r.params.size()) faults_.push_back("remedy " + r.id + ": a ground with another number of parameters");
    }
    if (grounds > 64) faults_.push_back("remedy " + r.id + ": more than 64 grounds");
  }

  const Program& p_;
  const Schema& s_;
  std::vector<std::string>& faults_;
  std::set<Item> provided_;
  std::set<std::pair<DeclKind, std::uint32_t>> done_;
};

}  // namespace

std::vector<std::string> verify(const Program& program) {
  std::vector<std::string> faults;
  verify_exprs(program, faults);
  if (faults.empty()) OrderVerifier(program, faults).check();
  return faults;
}

}  // namespace tiao::core
