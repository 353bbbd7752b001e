// Declarations, and the stage of each.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::DeclKind;
using core::ExprId;

bool operator==(const IndexSpec& a, const IndexSpec& b) {
  auto same_hops = [](const std::vector<core::Hop>& x, const std::vector<core::Hop>& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const core::Hop& p, const core::Hop& q) {
      return p.kind == q.kind && p.entity == q.entity && p.column == q.column;
    });
  };
  return a.kind == b.kind && a.entity == b.entity && a.columns == b.columns && a.population == b.population && a.start == b.start &&
         same_hops(a.hops, b.hops) && a.distinct == b.distinct;
}

Plan make_plan(const core::Program& program, const Layout& layout) { return Planner(program, layout).make(); }

Plan Planner::make() {
  index_declarations();
  analyse();
  for (const core::Fold& fold : program_.folds) {
    plan_.fold_shapes.push_back(fold_shape(fold));
    plan_.fold_access.push_back(fold_access(fold, plan_.fold_shapes.back()));
    if (is_tally(fold, plan_.fold_access.back())) {
      plan_.fold_shapes.back().kind = FoldShape::tally;
      plan_.fold_shapes.back().theirs = fold.value;
    }
  }
  for (std::size_t i = 0; i < program_.strata.size(); ++i) assign_stage(static_cast<std::uint32_t>(i));
  find_live();
  memberships();
  std::uint32_t last = 0;
  for (const Work& work : work_)
    if (work.live) last = std::max(last, work.stage);
  if (!program_.strata.empty())
    for (std::uint32_t stage = 0; stage <= last; ++stage) emit_stage(stage);
  find_homes();
  find_columns_read();
  choose_parts();
  release();
  name_kernels();
  return std::move(plan_);
}

void Planner::analyse() {
  Analysis& analysis = analysis_.emplace(program_, layout_, plan_.computed_of);
  for (ExprId e = 0; e < program_.exprs.size(); ++e) {
    plan_.values.push_back(analysis.value(e));
    plan_.slots_read.push_back(analysis.slots(e));
    plan_.weights.push_back(analysis.weight(e));
  }
  for (EntityId e = 0; e < schema_.entities.size(); ++e) {
    plan_.rows.push_back(analysis.rows(e));
    plan_.columns.emplace_back();
    for (ColumnId c = 0; c < schema_.entities[e].columns.size(); ++c) plan_.columns.back().push_back(analysis.column(e, c));
  }
}

std::uint32_t Planner::temporary(Type type) {
  const std::uint32_t first = plan_.temporaries;
  plan_.temporaries += temporaries_of(type.kind);
  return first;
}

void Planner::index_declarations() {
  for (const Entity& e : schema_.entities) plan_.computed_of.emplace_back(e.columns.size(), none);
  for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
    plan_.computed_of[program_.computed[i].entity][program_.computed[i].column] = i;

  plan_.parameters_set = temporary({Kind::boolean, 0, none});
  builder_.assign(schema_.entities.size(), none);
  computed_stratum_.assign(program_.computed.size(), none);
  ledger_stratum_.assign(program_.ledgers.size(), none);
  timeline_stratum_.assign(program_.timelines.size(), none);
  for (std::uint32_t i = 0; i < program_.strata.size(); ++i) {
    const core::Stratum& s = program_.strata[i];
    switch (s.kind) {
      case DeclKind::computed: computed_stratum_[s.index] = i; break;
      case DeclKind::group: builder_[program_.groups[s.index].entity] = i; break;
      case DeclKind::join: builder_[program_.joins[s.index].entity] = i; break;
      case DeclKind::remedy:
        if (schema_.remedies[s.index].rows != none) builder_[schema_.remedies[s.index].rows] = i;
        break;
      case DeclKind::ledger:
        ledger_stratum_[s.index] = i;
        builder_[program_.ledgers[s.index].steps] = builder_[program_.ledgers[s.index].cycles] = i;
        break;
      case DeclKind::timeline:
        timeline_stratum_[s.index] = i;
        builder_[program_.timelines[s.index].spans] = i;
        break;
      default: break;
    }
  }
  work_.resize(program_.strata.size());
  plan_.homes.resize(program_.computed.size());
  plan_.ledgers.resize(program_.ledgers.size());
  plan_.timelines.resize(program_.timelines.size());
  plan_.grounds.resize(program_.grounds.size());
  plan_.remedies.resize(schema_.remedies.size());
  plan_.duties.resize(program_.duties.size());
  plan_.requires_.assign(program_.requires_.size(), none);
  plan_.reports.resize(program_.reports.size());
  plan_.applicabilities.assign(program_.applicabilities.size(), none);
  parents_made_.assign(schema_.entities.size(), false);
  plan_.rankings.resize(program_.folds.size());
  ranking_made_.assign(program_.folds.size(), false);
  plan_.rank_of.assign(program_.exprs.size(), none);
}

// The stage in which a declaration that was placed at `i` has its result for others.
std::uint32_t Planner::after(std::uint32_t stratum) const { return stratum == none ? 0 : work_[stratum].stage + 1; }

std::uint32_t Planner::table_ready(EntityId e) const { return derived(e) ? after(builder_[e]) : 0; }

std::uint32_t Planner::column_ready(ColumnRef column, bool same_stage) const {
  const std::uint32_t computed = plan_.computed_of[column.first][column.second];
  std::uint32_t stage = table_ready(column.first);
  if (computed != none && computed_stratum_[computed] != none)
    stage = std::max(stage, work_[computed_stratum_[computed]].stage + (same_stage ? 0 : 1));
  return stage;
}

std::uint32_t Planner::ready(const Reads& reads, bool columns_at_once) const {
  std::uint32_t stage = 0;
  auto no_earlier = [&](std::uint32_t s) { stage = std::max(stage, s); };
  for (const ColumnRef& c : reads.local) no_earlier(column_ready(c, true));
  for (const ColumnRef& c : reads.columns) no_earlier(column_ready(c, columns_at_once));
  for (EntityId e : reads.tables) no_earlier(table_ready(e));
  for (EntityId e : reads.parents) no_earlier(table_ready(e));
  for (EntityId e : reads.wholes) no_earlier(table_ready(e));
  for (std::uint32_t l : reads.ledgers) no_earlier(after(ledger_stratum_[l]));
  for (std::uint32_t t : reads.timelines) no_earlier(after(timeline_stratum_[t]));
  return stage;
}

void Planner::assign_stage(std::uint32_t i) {
  const core::Stratum& s = program_.strata[i];
  Reader rows(program_), listed(program_);
  auto scope = [&](EntityId e) { if (e != none) rows.reads.tables.insert(e); };
  // What is the same for every candidate is evaluated once, with the row kernels.
  auto candidate = [&](ExprId e) { if (e != none) (plan_.slots_read[e] == 0 ? rows : listed).add(e); };
  switch (s.kind) {
    case DeclKind::computed:
      scope(program_.computed[s.index].entity);
      rows.add(program_.computed[s.index].expr);
      break;
    case DeclKind::group: {
      const core::Group& group = program_.groups[s.index];
      listed.reads.tables.insert(group.from);
      for (ColumnId key : group.keys) listed.reads.columns.insert({group.from, key});
      break;
    }
    case DeclKind::ledger: {
      const core::Ledger& ledger = program_.ledgers[s.index];
      scope(ledger.owner);
      rows.add(ledger.floor);
      rows.add(ledger.opens_at);
      for (const auto* flows : {&ledger.entries, &ledger.credits})
        for (const core::Flow& flow : *flows) {
          rows.add(flow.cap);
          rows.add(flow.source.start);
          listed.add(flow.source);
          listed.add(flow.filter);
          for (ExprId e : {flow.amount, flow.date}) candidate(e);
        }
      break;
    }
    case DeclKind::timeline: {
      const core::Timeline& timeline = program_.timelines[s.index];
      scope(timeline.owner);
      for (const core::Overlap& overlap : timeline.overlaps) rows.add(overlap.way);
      for (const core::On& on : timeline.on) {
        rows.add(on.source.start);
        listed.add(on.source);
        listed.add(on.filter);
        for (ExprId e : {on.state, on.from, on.until, on.length}) candidate(e);
      }
      for (const core::Shorten& shorten : timeline.shorten) {
        rows.add(shorten.source.start);
        listed.add(shorten.source);
        listed.add(shorten.filter);
        for (ExprId e : {shorten.amount, shorten.date}) candidate(e);
      }
      break;
    }
    case DeclKind::join: {
      const core::Join& join = program_.joins[s.index];
      EntityId at = join.first;
      listed.reads.tables.insert(at);
      for (const core::Hop& hop : join.hops) {
        listed.add_hop(hop, at);
        at = hop.entity;
      }
      break;
    }
    case DeclKind::remedy:
      listed.reads.tables.insert(schema_.remedies[s.index].target);
      for_grounds(s.index, [&](const core::Ground& ground, std::uint32_t) {
        scope(ground.scope);
        rows.add(ground.applicable);
        rows.add(ground.own);
        rows.add(ground.scope_filter);
        rows.add(ground.target.start);
        listed.add(ground.target);
        auto rule = [&](const core::ParamRule& p) { rows.add(p.lo); rows.add(p.hi); };
        for (const core::ParamRule& p : ground.params) rule(p);
        rule(ground.length);
        rule(ground.from);
        rule(ground.until);
      });
      if (schema_.remedies[s.index].chosen_column != none)
        listed.reads.columns.insert({schema_.remedies[s.index].target, schema_.remedies[s.index].chosen_column});
      break;
    case DeclKind::duty: {
      const core::Duty& duty = program_.duties[s.index];
      scope(duty.scope);
      for (ExprId e : {duty.scope_filter, duty.applicable, duty.when, duty.done, duty.due, duty.fulfilled, duty.breached, duty.pending}) rows.add(e);
      break;
    }
    case DeclKind::require: {
      const core::Require& require = program_.requires_[s.index];
      scope(require.scope);
      for (ExprId e : {require.scope_filter, require.applicable, require.condition}) rows.add(e);
      break;
    }
    case DeclKind::report:
      scope(program_.reports[s.index].entity);
      rows.add(program_.reports[s.index].expr);
      break;
    case DeclKind::applicability:
      scope(program_.applicabilities[s.index].entity);
      rows.add(program_.applicabilities[s.index].expr);
      break;
  }
  work_[i].rows = std::move(rows.reads);
  work_[i].candidates = std::move(listed.reads);
  work_[i].stage = std::max(ready(work_[i].rows, false), ready(work_[i].candidates, true));
}

// Definitions that are neither results nor read by what makes them are left out. What a declaration reads comes before it.
void Planner::find_live() {
  std::set<ColumnRef> read;
  auto keep = [&](const Reads& reads) {
    read.insert(reads.local.begin(), reads.local.end());
    read.insert(reads.columns.begin(), reads.columns.end());
  };
  Reader memberships(program_);
  for (const ExprId e : program_.memberships) memberships.add(e);
  keep(memberships.reads);
  for (std::size_t i = program_.strata.size(); i-- > 0;) {
    const core::Stratum& s = program_.strata[i];
    if (s.kind == DeclKind::computed) {
      const core::Computed& computed = program_.computed[s.index];
      work_[i].live = computed.proposition || read.count({computed.entity, computed.column}) != 0;
    }
    if (!work_[i].live) continue;
    for (const Reads* reads : {&work_[i].rows, &work_[i].candidates}) {
      keep(*reads);
      for (const auto* entities : {&reads->tables, &reads->parents, &reads->wholes}) entities_read_.insert(entities->begin(), entities->end());
    }
  }
  for (const ColumnRef& c : read) entities_read_.insert(c.first);
}

}  // namespace tiao::plan
