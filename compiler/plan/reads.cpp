#include "compiler/plan/reads.hpp"

#include <algorithm>

namespace tiao::plan {

using core::Expr;
using core::ExprId;
using core::Op;

void Reader::add(ExprId id) {
  if (id == none || seen_[id]) return;
  seen_[id] = true;
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
      if (fold.kind == core::FoldKind::consecutive && rows.dated_column != none)
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
  if (hop.kind == core::Hop::members) reads.tables.insert(from);
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

namespace {

// Walks every expression once.
class Examiner {
 public:
  Examiner(const core::Program& program, const std::vector<std::vector<std::uint32_t>>& computed_of)
      : program_(program), computed_of_(computed_of), done_(program.exprs.size()) {
    facts.slots.resize(program.exprs.size());
    facts.weight.resize(program.exprs.size());
    facts.may_fail.resize(program.exprs.size());
  }

  void visit(ExprId id) {
    if (id == none || done_[id]) return;
    done_[id] = true;
    const Expr& e = program_.exprs[id];
    std::uint64_t slots = 0;
    std::uint64_t weight = 1;
    bool any = false;
    for (std::uint32_t i = 0; i < e.count; ++i) {
      const ExprId arg = program_.args[e.args + i];
      visit(arg);
      slots |= facts.slots[arg];
      weight += facts.weight[arg];
      any = any || facts.may_fail[arg];
    }
    switch (e.op) {
      case Op::row: slots |= std::uint64_t{1} << std::min(e.a, 63u); break;
      case Op::fold: {
        const Body body = fold_body(program_.folds[e.a]);
        slots |= body.slots;
        weight += 20 + 4 * body.weight;
        break;
      }
      case Op::state_at:
      case Op::balance_at: weight += 12; break;
      case Op::constant: any = is_error(program_.constants[e.a], e.type.kind); break;
      default: break;
    }
    facts.slots[id] = slots;
    facts.weight[id] = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 1'000'000));
    facts.may_fail[id] = fails(e, any);
  }

  ExprFacts facts;

 private:
  struct Body { std::uint64_t slots = 0, weight = 0; bool may_fail = false; };

  Body fold_body(const core::Fold& fold) {
    Body outer, inner;
    auto take = [&](Body& body, ExprId id) {
      if (id == none) return;
      visit(id);
      body.slots |= facts.slots[id];
      body.weight += facts.weight[id];
      body.may_fail = body.may_fail || facts.may_fail[id];
    };
    take(outer, fold.source.start);
    for (const auto& same : fold.source.same) take(outer, same.key);
    take(outer, fold.if_none);
    take(inner, fold.filter);
    take(inner, fold.value);
    outer.slots |= inner.slots & ~(std::uint64_t{1} << std::min(fold.slot, 63u));
    outer.weight += inner.weight;
    outer.may_fail = outer.may_fail || inner.may_fail;
    return outer;
  }

  bool column_fails(EntityId entity, ColumnId column) {
    const std::uint32_t computed = computed_of_[entity][column];
    if (computed != none) {
      visit(program_.computed[computed].expr);
      return facts.may_fail[program_.computed[computed].expr];
    }
    return program_.schema.entities[entity].origin != EntityOrigin::register_;
  }

  bool source_fails(const core::Source& source) {
    EntityId at = source.start != none ? program_.exprs[source.start].type.of : source.whole;
    auto derived = [&](EntityId e) { return program_.schema.entities[e].origin != EntityOrigin::register_; };
    bool any = derived(at) || derived(source.entity);
    for (const core::Hop& hop : source.hops) {
      if (hop.kind == core::Hop::linked) any = any || column_fails(hop.entity, hop.column);
      if (hop.kind == core::Hop::follow) any = any || column_fails(at, hop.column);
      at = hop.entity;
      any = any || derived(at) || (program_.memberships[at] != none && membership_fails(at));
    }
    if (program_.memberships[source.entity] != none) any = any || membership_fails(source.entity);
    for (const auto& same : source.same) any = any || column_fails(source.entity, same.column);
    return any;
  }

  bool membership_fails(EntityId e) {
    visit(program_.memberships[e]);
    return facts.may_fail[program_.memberships[e]];
  }

  bool fails(const Expr& e, bool any) {
    switch (e.op) {
      case Op::parameter:
      case Op::as_of:
      case Op::row:
      case Op::is_set: return false;
      case Op::column: return any || column_fails(program_.exprs[program_.args[e.args]].type.of, e.a);
      case Op::table: return any || e.a == static_cast<std::uint32_t>(core::HitPolicy::unique) || !has_otherwise(e);
      case Op::fold: {
        const core::Fold& fold = program_.folds[e.a];
        switch (fold.kind) {
          case core::FoldKind::count:
          case core::FoldKind::exists:
          case core::FoldKind::every: return source_fails(fold.source) || fold_body(fold).may_fail;
          default: return true;
        }
      }
      case Op::constant:
      case Op::parent:
      case Op::remap:
      case Op::not_:
      case Op::and_:
      case Op::or_:
      case Op::compare:
      case Op::select:
      case Op::least:
      case Op::greatest: return any;
      case Op::neg: return true;   // one number has no opposite
      default: return true;
    }
  }

  bool has_otherwise(const Expr& e) {
    if (e.count < 2) return false;
    const Expr& last = program_.exprs[program_.args[e.args + e.count - 2]];
    return last.op == Op::constant && program_.constants[last.a].lo == static_cast<std::int64_t>(Truth::yes);
  }

  const core::Program& program_;
  const std::vector<std::vector<std::uint32_t>>& computed_of_;
  std::vector<bool> done_;
};

}  // namespace

ExprFacts examine(const core::Program& program, const std::vector<std::vector<std::uint32_t>>& computed_of) {
  Examiner examiner(program, computed_of);
  for (ExprId id = 0; id < program.exprs.size(); ++id) examiner.visit(id);
  return std::move(examiner.facts);
}

}  // namespace tiao::plan
