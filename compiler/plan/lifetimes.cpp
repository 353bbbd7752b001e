// Where values live, and when they are no longer needed.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::DeclKind;
using core::ExprId;

void Planner::find_homes() {
  // Where each definition is computed.
  std::vector<std::uint32_t> made_in(program_.computed.size(), none);
  for (std::uint32_t k = 0; k < plan_.kernels.size(); ++k)
    for (const Output& out : plan_.kernels[k].outputs)
      if (out.computed != none) made_in[out.computed] = k;
  auto needs_column = [&](EntityId e, ColumnId c) {
    const std::uint32_t computed = plan_.computed_of[e][c];
    if (computed == none) return;
    plan_.homes[computed].entity = e;
    plan_.homes[computed].column = c;
  };
  for (std::uint32_t k = 0; k < plan_.kernels.size(); ++k) {
    const Reads reads = reads_of(plan_.kernels[k]);
    for (const auto* set : {&reads.local, &reads.columns})
      for (const ColumnRef& c : *set) {
        const std::uint32_t computed = plan_.computed_of[c.first][c.second];
        if (computed != none && made_in[computed] != k && plan_.homes[computed].temporary == none) needs_column(c.first, c.second);
      }
  }
  // What precompiled kernels read must be a column.
  for_operands([&](const Operand& operand) {
    if (operand.column != none) needs_column(operand.entity, operand.column);
  });
  for_asked_columns(needs_column);
  for (const core::Group& group : program_.groups)
    for (ColumnId key : group.keys) needs_column(group.from, key);
  for (std::uint32_t i = 0; i < plan_.indexes.size(); ++i) {
    const IndexSpec& spec = plan_.indexes[i];
    if (!index_made_[i]) continue;
    for (ColumnId c : spec.columns) needs_column(spec.entity, c);
    for (std::size_t h = 0; h < spec.hops.size(); ++h)
      if (spec.hops[h].kind == core::Hop::follow) needs_column(spec.passed[h], spec.hops[h].column);
  }
  for (const core::Join& join : program_.joins) {
    EntityId at = join.first;
    for (const core::Hop& hop : join.hops) {
      if (hop.kind == core::Hop::follow) needs_column(at, hop.column);
      at = hop.entity;
    }
  }
  for (Kernel& kernel : plan_.kernels)
    for (Output& out : kernel.outputs)
      if (out.computed != none) out.home = plan_.homes[out.computed];
  // What nobody stores nobody reads from elsewhere.
  for (Kernel& kernel : plan_.kernels)
    kernel.idle = std::none_of(kernel.outputs.begin(), kernel.outputs.end(), [](const Output& out) { return out.home.stored(); });
}

// What builders read beside the columns that define their rows.
void Planner::for_operands(const std::function<void(const Operand&)>& read) const {
  for (const RankingPlan& ranking : plan_.rankings) {
    read(ranking.in);
    read(ranking.theirs);
  }
  for (const RankPlan& rank : plan_.ranks) {
    for (const Operand& key : rank.keys) read(key);
    for (const Operand* o : {&rank.ours, &rank.itself, &rank.if_none, &rank.bound}) read(*o);
  }
  for (const LedgerPlan& ledger : plan_.ledgers) {
    read(ledger.floor);
    read(ledger.opens_at);
    for (const auto* flows : {&ledger.entries, &ledger.credits})
      for (const FlowPlan& flow : *flows)
        for (const Operand* o : {&flow.amount, &flow.date, &flow.cap}) read(*o);
  }
  for (const TimelinePlan& timeline : plan_.timelines) {
    for (const OnPlan& on : timeline.on)
      for (const Operand* o : {&on.state, &on.from, &on.until, &on.length}) read(*o);
    for (const ShortenPlan& shorten : timeline.shorten)
      for (const Operand* o : {&shorten.amount, &shorten.date}) read(*o);
  }
  for (const GroundPlan& ground : plan_.grounds) {
    auto rule = [&](const RulePlan& r) { read(r.lo); read(r.hi); };
    read(ground.target_ref);
    rule(ground.length);
    rule(ground.from);
    rule(ground.until);
    for (const RulePlan& r : ground.params) rule(r);
  }
  for (const DutyPlan& duty : plan_.duties) {
    read(duty.due);
    read(duty.done);
  }
  for (const Operand& report : plan_.reports) read(report);
}

void Planner::for_asked_columns(const std::function<void(EntityId, ColumnId)>& read) const {
  for (std::uint32_t fold = 0; fold < program_.folds.size(); ++fold)
    if (ranking_made_[fold]) {
      const core::Source& source = program_.folds[fold].source;
      for (const core::Source::Same& same : source.same) read(source.entity, same.column);
      if (plan_.fold_shapes[fold].kind == FoldShape::tally) read(source.entity, source.hops[0].column);
    }
}

// Tables are built without the columns that nobody reads.
void Planner::find_columns_read() {
  plan_.columns_read.assign(schema_.entities.size(), 0);
  auto read = [&](const ColumnRef& c) { plan_.columns_read[c.first] |= 1u << std::min(c.second, 31u); };
  auto read_all = [&](const Reads& reads) {
    for (const ColumnRef& c : reads.local) read(c);
    for (const ColumnRef& c : reads.columns) read(c);
    for (std::uint32_t l : reads.ledgers) {
      read({program_.ledgers[l].steps, core::step_col::day});
      read({program_.ledgers[l].steps, core::step_col::balance});
    }
  };
  auto read_path = [&](EntityId at, const std::vector<core::Hop>& hops) {
    Reader reader(program_);
    for (const core::Hop& hop : hops) {
      reader.add_hop(hop, at);
      at = hop.entity;
    }
    read_all(reader.reads);
  };
  for (const Kernel& kernel : plan_.kernels) read_all(reads_of(kernel));
  for_operands([&](const Operand& operand) {
    if (operand.column != none) read({operand.entity, operand.column});
  });
  for_asked_columns([&](EntityId e, ColumnId c) { read({e, c}); });
  for (const core::Group& group : program_.groups)
    for (ColumnId key : group.keys) read({group.from, key});
  for (std::uint32_t i = 0; i < plan_.indexes.size(); ++i) {
    const IndexSpec& spec = plan_.indexes[i];
    if (!index_made_[i]) continue;
    for (ColumnId c : spec.columns) read({spec.entity, c});
    for (std::size_t h = 0; h < spec.hops.size(); ++h) read_path(spec.passed[h], {spec.hops[h]});
  }
  for (const core::Join& join : program_.joins) read_path(join.first, join.hops);
  for (const Remedy& remedy : schema_.remedies)
    if (remedy.chosen_column != none) read({remedy.target, remedy.chosen_column});
}

void Planner::touch(Touched& t, const Operand& operand) const {
  if (operand.column != none) t.columns.insert({operand.entity, operand.column});
  if (operand.temporary == none) return;
  for (std::uint32_t i = 0; i < temporaries_of(operand.type.kind); ++i) t.temporaries.insert(operand.temporary + i);
}

void Planner::touch_truth(Touched& t, std::uint32_t temporary) const { touch(t, Operand{temporary, {Kind::boolean, 0, none}, false, none, none}); }

void Planner::touch(Touched& t, const Access& access) const {
  if (access.index != none) touch_index(t, access.index);
  if (access.entity != none) t.entities.insert(access.entity);
}

void Planner::touch_index(Touched& t, std::uint32_t i) const {
  t.indexes.insert(i);
  if (plan_.indexes[i].kind == IndexSpec::partition)  // probes compare with the columns themselves
    for (ColumnId c : plan_.indexes[i].columns) t.columns.insert({plan_.indexes[i].entity, c});
}

void Planner::touch(Touched& t, const Reads& reads) const {
  t.columns.insert(reads.local.begin(), reads.local.end());
  t.columns.insert(reads.columns.begin(), reads.columns.end());
  t.entities.insert(reads.tables.begin(), reads.tables.end());
  t.entities.insert(reads.parents.begin(), reads.parents.end());
  t.entities.insert(reads.wholes.begin(), reads.wholes.end());
  t.members.insert(reads.members.begin(), reads.members.end());
  t.parents.insert(reads.parents.begin(), reads.parents.end());
  t.parents.insert(reads.members.begin(), reads.members.end());   // a group is open where its parent is
  for (std::uint32_t fold : reads.folds) {
    touch(t, plan_.fold_access[fold]);
    if (plan_.fold_shapes[fold].keeps()) t.folds.insert(fold);
    if (plan_.fold_shapes[fold].kind == FoldShape::rank) touch_ranking(t, fold);
  }
  for (std::uint32_t r : reads.ranks) touch(t, plan_.ranks[r].answer);
  for (std::uint32_t l : reads.ledgers) {
    t.entities.insert(program_.ledgers[l].steps);
    touch(t, plan_.ledgers[l].floor);
    touch(t, plan_.ledgers[l].opens_at);
  }
  for (std::uint32_t l : reads.timelines) t.entities.insert(program_.timelines[l].spans);
}

void Planner::touch_path(Touched& t, EntityId at, const std::vector<core::Hop>& hops) const {
  Reader reader(program_);
  reader.reads.tables.insert(at);
  for (const core::Hop& hop : hops) {
    reader.add_hop(hop, at);
    at = hop.entity;
  }
  touch(t, reader.reads);
}

Planner::Touched Planner::touched(const Step& s) const {
  Touched t;
  switch (s.kind) {
    case Step::parents: t.parents.insert(s.a); break;
    case Step::membership:
      t.parents.insert(s.b);
      touch(t, reads_of(plan_.kernels[s.a]));
      break;
    case Step::kernel: {
      const Kernel& kernel = plan_.kernels[s.a];
      touch(t, reads_of(kernel));
      if (kernel.access.entity != none) touch(t, kernel.access);
      for (const Output& out : kernel.outputs) {
        if (out.guard != none) touch_truth(t, out.guard);
        for (const std::uint32_t state : out.states) touch_truth(t, state);
      }
      for (const Output& out : kernel.outputs)
        if (out.computed == none && out.home.temporary != none) touch(t, Operand{out.home.temporary, out.type, false, none, none});
      break;
    }
    case Step::index: {
      const IndexSpec& spec = plan_.indexes[s.a];
      t.indexes.insert(s.a);
      if (spec.entity != none) t.entities.insert(spec.entity);
      for (ColumnId c : spec.columns) t.columns.insert({spec.entity, c});
      if (spec.kind == IndexSpec::path) {
        EntityId at = spec.population != none ? spec.population : spec.entity;
        if (spec.start != none) {
          at = start_entity_.at(spec.start);
          touch(t, Operand{spec.start, {Kind::ref, 0, at}, false, none, none});
        }
        touch_path(t, at, spec.hops);
        for (std::uint32_t i : spec.hop_indexes)
          if (i != none) t.indexes.insert(i);
      }
      break;
    }
    case Step::ranking: touch_ranking(t, s.a); break;
    case Step::rank: touch_rank(t, plan_.ranks[s.a]); break;
    case Step::group: {
      const core::Group& group = program_.groups[s.a];
      t.entities.insert(group.from);
      t.entities.insert(group.entity);
      t.members.insert(group.entity);
      for (ColumnId key : group.keys) t.columns.insert({group.from, key});
      break;
    }
    case Step::join: {
      const core::Join& join = program_.joins[s.a];
      t.entities.insert(join.entity);
      touch_path(t, join.first, join.hops);
      for (const core::Hop& hop : join.hops)
        if (hop.kind == core::Hop::linked)
          for (std::uint32_t i = 0; i < plan_.indexes.size(); ++i)
            if (plan_.indexes[i] == reverse(hop.entity, hop.column)) t.indexes.insert(i);
      break;
    }
    case Step::ledger: {
      const LedgerPlan& ledger = plan_.ledgers[s.a];
      t.entities.insert(program_.ledgers[s.a].steps);
      t.entities.insert(program_.ledgers[s.a].cycles);
      touch(t, ledger.floor);
      touch(t, ledger.opens_at);
      for (const auto* flows : {&ledger.entries, &ledger.credits})
        for (const FlowPlan& flow : *flows) {
          touch(t, flow.access);
          touch_truth(t, flow.in);
          touch(t, flow.amount);
          touch(t, flow.date);
          touch(t, flow.cap);
        }
      break;
    }
    case Step::timeline: {
      const TimelinePlan& timeline = plan_.timelines[s.a];
      t.entities.insert(program_.timelines[s.a].spans);
      for (const OnPlan& on : timeline.on) {
        touch(t, on.access);
        touch_truth(t, on.in);
        for (const Operand* o : {&on.state, &on.from, &on.until, &on.length}) touch(t, *o);
      }
      for (const ShortenPlan& shorten : timeline.shorten) {
        touch(t, shorten.access);
        touch_truth(t, shorten.in);
        touch(t, shorten.amount);
        touch(t, shorten.date);
      }
      t.temporaries.insert(timeline.ways.begin(), timeline.ways.end());
      break;
    }
    case Step::remedy:
      if (schema_.remedies[s.a].rows != none) t.entities.insert(schema_.remedies[s.a].rows);
      t.entities.insert(schema_.remedies[s.a].target);
      if (schema_.remedies[s.a].chosen_column != none) t.columns.insert({schema_.remedies[s.a].target, schema_.remedies[s.a].chosen_column});
      for_grounds(s.a, [&](const core::Ground& ground, std::uint32_t g) {
        const GroundPlan& from = plan_.grounds[g];
        t.entities.insert(ground.scope);
        if (plan_.remedies[s.a].acts.empty()) touch_truth(t, from.state);   // planes that stay are results
        touch(t, from.target_ref);
        if (from.how == GroundPlan::listed) touch(t, from.target);
        if (from.how == GroundPlan::parent_row) t.parents.insert(ground.scope);
        auto rule = [&](const RulePlan& r) { touch(t, r.lo); touch(t, r.hi); };
        rule(from.length);
        rule(from.from);
        rule(from.until);
        for (const RulePlan& r : from.params) rule(r);
      });
      break;
    case Step::duty:
      t.entities.insert(program_.duties[s.a].scope);
      // Values of its own are handed over by the kernel that makes them.
      for (const Operand* o : {&plan_.duties[s.a].due, &plan_.duties[s.a].done})
        if (o->column != none || o->once) touch(t, *o);
      break;
    case Step::report:
      if (plan_.reports[s.a].column == none) break;
      t.entities.insert(plan_.reports[s.a].entity);
      touch(t, plan_.reports[s.a]);
      break;
    default: break;
  }
  return t;
}

// Does a call evaluate a fold that is the same for all rows?
bool Planner::slow_start(const Kernel& kernel) const {
  const Reads reads = reads_of(kernel);
  for (ExprId e = 0; e < program_.exprs.size(); ++e)
    if (program_.exprs[e].op == core::Op::fold && plan_.slots_read[e] == 0 && reads.folds.count(program_.exprs[e].a) != 0) return true;
  return false;
}

std::set<std::uint32_t> Planner::results() const {
  std::set<std::uint32_t> out;
  for (const Home& home : plan_.homes)
    if (home.temporary != none) out.insert(home.temporary);   // propositions
  out.insert(plan_.requires_.begin(), plan_.requires_.end());
  out.insert(plan_.applicabilities.begin(), plan_.applicabilities.end());
  for (const RemedyPlan& remedy : plan_.remedies)
    for (const RemedyPlan::Act& act : remedy.acts) out.insert(act.state);
  for (std::uint32_t g = 0; g < program_.grounds.size(); ++g)
    if (!plan_.remedies[program_.grounds[g].remedy].acts.empty()) out.insert(plan_.grounds[g].state);
  return out;
}

void Planner::release() {
  const std::set<std::uint32_t> results = this->results();
  std::set<std::uint32_t> cells;   // values that the run hands over
  for (const Operand& report : plan_.reports) cells.insert(report.temporary);
  for (const DutyPlan& duty : plan_.duties) cells.insert({duty.due.temporary, duty.done.temporary});
  std::map<ColumnRef, std::size_t> columns;
  std::map<EntityId, std::size_t> entities, members, parents;
  std::map<std::uint32_t, std::size_t> indexes, temporaries, folds;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    const Touched t = touched(plan_.steps[i]);
    for (const ColumnRef& c : t.columns)
      if (plan_.computed_of[c.first][c.second] != none) columns[c] = i;
    for (const ColumnRef& c : t.columns)   // with a table all its columns go
      if (derived(c.first)) entities[c.first] = i;
    for (EntityId e : t.entities)
      if (derived(e)) entities[e] = i;
    for (EntityId e : t.parents) parents[e] = i;
    for (const ColumnRef& c : t.columns)
      if (c.second == schema_.entities[c.first].parent_column) parents[c.first] = i;
    for (EntityId e : t.entities)   // a table comes with its parents
      if (derived(e)) parents.emplace(e, i);
    for (EntityId e : t.members) {
      members[e] = i;
      entities[e] = i;
    }
    for (std::uint32_t x : t.indexes) indexes[x] = i;
    for (std::uint32_t x : t.temporaries) temporaries[x] = i;
    for (std::uint32_t x : t.folds) folds[x] = i;
  }
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (plan_.steps[i].kind != Step::kernel) continue;
    Kernel& kernel = plan_.kernels[plan_.steps[i].a];
    kernel.slow_start = slow_start(kernel);
    const bool in_part = plan_.parts.root != none && i >= plan_.stage_starts[1] && i < plan_.stage_starts[2];
    kernel.large = kernel.entity != none && layout_.has(kernel.entity, Layout::large) && !in_part;
    for (const std::uint32_t fold : reads_of(kernel).folds) kernel.alone = kernel.alone || plan_.fold_shapes[fold].keeps();
    for (Output& out : kernel.outputs) {
      if (out.home.temporary == none) continue;
      if (out.computed != none) {   // a proposition is read where the results take it from
        const core::Computed& computed = program_.computed[out.computed];
        const auto last = columns.find({computed.entity, computed.column});
        temporaries[out.home.temporary] = last == columns.end() ? i : std::max(i, last->second);
      }
      out.result = results.count(out.home.temporary) != 0;
      // Truths among them are copied from planes, when the kernel has made a stretch of words.
      const bool copied = kernel.words && cells.count(out.home.temporary) != 0;
      out.passing = kernel.by_stretch() && !copied && temporaries.at(out.home.temporary) == i;
    }
  }
  std::vector<std::vector<Step>> ends(plan_.steps.size());
  for (const auto& [c, i] : columns)
    if (plan_.homes[plan_.computed_of[c.first][c.second]].column != none) ends[i].push_back({Step::release_column, c.first, c.second});
  for (const auto& [x, i] : temporaries) ends[i].push_back({Step::release_temporary, x, none});
  for (const auto& [x, i] : indexes) ends[i].push_back({Step::release_index, x, none});
  for (const auto& [x, i] : folds) ends[i].push_back({Step::release_fold, x, none});
  for (const auto& [e, i] : members)
    if (entities.at(e) != i) ends[i].push_back({Step::release_members, e, none});
  for (const auto& [e, i] : parents)
    if (const auto gone = entities.find(e); gone == entities.end() || gone->second != i) ends[i].push_back({Step::release_parents, e, none});
  for (const auto& [e, i] : entities) ends[i].push_back({Step::release_entity, e, none});
  std::vector<Step> steps;
  std::vector<std::uint32_t> starts;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    while (starts.size() < plan_.stage_starts.size() && plan_.stage_starts[starts.size()] == i) starts.push_back(static_cast<std::uint32_t>(steps.size()));
    if (plan_.steps[i].kind != Step::kernel || !plan_.kernels[plan_.steps[i].a].idle) steps.push_back(plan_.steps[i]);
    steps.insert(steps.end(), ends[i].begin(), ends[i].end());
  }
  while (starts.size() < plan_.stage_starts.size()) starts.push_back(static_cast<std::uint32_t>(steps.size()));
  plan_.steps = std::move(steps);
  plan_.stage_starts = std::move(starts);
  if (plan_.parts.root == none) return;
  plan_.parts.first = plan_.stage_starts[1];
  plan_.parts.end = plan_.stage_starts[2];
}

}  // namespace tiao::plan
