#include "compiler/driver/engine_choice.hpp"

#include <algorithm>
#include <utility>
#include <vector>


namespace tiao::driver {
namespace {

using core::ExprId;

// The expressions that stand in declarations over rows of one entity, each counted once however many ask for it.
class Weights {
 public:
  explicit Weights(const core::Program& program) : p_(program), seen_(program.exprs.size(), none), weights_(program.schema.entities.size(), 0) {}

  std::vector<std::uint64_t> run() {
    for (EntityId e = 0; e < p_.memberships.size(); ++e) roots_.emplace_back(e, p_.memberships[e]);
    for (const core::Computed& c : p_.computed) roots_.emplace_back(c.entity, c.expr);
    for (const core::Ground& g : p_.grounds) {
      for (const ExprId e : {g.applicable, g.own, g.scope_filter, g.target.start}) roots_.emplace_back(g.scope, e);
      for (const core::ParamRule& r : g.params) rule(g.scope, r);
      for (const core::ParamRule* r : {&g.length, &g.from, &g.until}) rule(g.scope, *r);
    }
    for (const core::Duty& d : p_.duties)
      for (const ExprId e : {d.scope_filter, d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending}) roots_.emplace_back(d.scope, e);
    for (const core::Require& r : p_.requires_)
      for (const ExprId e : {r.scope_filter, r.applicable, r.condition}) roots_.emplace_back(r.scope, e);
    for (const core::Report& r : p_.reports) roots_.emplace_back(r.entity, r.expr);
    for (const core::Ledger& l : p_.ledgers)
      for (const auto* flows : {&l.entries, &l.credits})
        for (const core::Flow& f : *flows)
          for (const ExprId e : {f.filter, f.amount, f.date, f.cap}) roots_.emplace_back(f.source.entity, e);
    for (const core::Timeline& t : p_.timelines)
      for (const core::On& on : t.on)
        for (const ExprId e : {on.filter, on.state, on.from, on.until, on.length}) roots_.emplace_back(on.source.entity, e);
    std::stable_sort(roots_.begin(), roots_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [entity, root] : roots_) {
      if (entity >= weights_.size()) continue;   // of the run as a whole
      entity_ = entity;
      walk(root);
    }
    return weights_;
  }

 private:
  void rule(EntityId scope, const core::ParamRule& r) {
    roots_.emplace_back(scope, r.lo);
    roots_.emplace_back(scope, r.hi);
  }

  void walk(ExprId root) {
    if (root != none) open_.push_back(root);
    while (!open_.empty()) {
      const ExprId e = open_.back();
      open_.pop_back();
      if (std::exchange(seen_[e], entity_) == entity_) continue;
      ++weights_[entity_];
      const core::Expr& x = p_.exprs[e];
      open_.insert(open_.end(), p_.args.begin() + x.args, p_.args.begin() + x.args + x.count);
      if (x.op != core::Op::fold) continue;
      const core::Fold& f = p_.folds[x.a];
      for (const ExprId part : {f.source.start, f.filter, f.value, f.if_none})
        if (part != none) open_.push_back(part);
      for (const auto& same : f.source.same) open_.push_back(same.key);
    }
  }

  const core::Program& p_;
  std::vector<EntityId> seen_;
  std::vector<std::uint64_t> weights_;
  std::vector<std::pair<EntityId, ExprId>> roots_;
  std::vector<ExprId> open_;
  EntityId entity_ = none;
};

}  // namespace

Expected expected_run(const core::Program& program, const facts::FactBase& facts) {
  Expected out;
  const Schema& schema = program.schema;
  const std::vector<std::uint64_t> weights = Weights(program).run();
  for (EntityId e = 0; e < weights.size(); ++e) {
    // How many rows the engine will make is not known yet: one for each of their parents.
    EntityId of = e;
    while (of != none && schema.entities[of].origin != EntityOrigin::register_) of = schema.entities[of].parent;
    const std::uint64_t rows = of == none ? 1 : facts.tables[of].rows;
    if (of == e) out.rows += rows;
    out.work += rows * weights[e];
  }
  return out;
}

EngineUsed choose_engine(const core::Program& program, const Expected& expected, bool kept, unsigned runs, const EngineCosts& costs) {
  if (expected.rows >= costs.full_rows) return EngineUsed::full;
  const double longer = costs.interpreted * static_cast<double>(expected.work) * runs;
  const double start = costs.compiled_start + (kept ? 0 : costs.quick_compile * static_cast<double>(program.exprs.size()));
  if (longer <= start) return EngineUsed::interpreter;
  return kept ? EngineUsed::kept : EngineUsed::quick;
}

std::string words(EngineUsed used, verdict::Language language) {
  const bool zh = language == verdict::Language::zh;
  switch (used) {
    case EngineUsed::interpreter: return zh ? "auto（解释执行）" : "auto (interpreter)";
    case EngineUsed::kept: return zh ? "auto（沿用已编译的代码）" : "auto (compiled before)";
    case EngineUsed::quick: return zh ? "auto（快速编译）" : "auto (quick compile)";
    case EngineUsed::full: return zh ? "auto（完整编译）" : "auto (full compile)";
  }
  return {};
}

}  // namespace tiao::driver
