// Which steps may be taken part by part. Nothing that such a step does depends on rows of other parts.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::ExprId;

namespace {

bool builds_rows(const Step& s) { return s.kind == Step::group || s.kind == Step::ledger || s.kind == Step::timeline; }
// Of registers, before all else; they take little time, and may be taken for all rows besides.
bool of_register(const Step& s) { return s.kind == Step::parents || s.kind == Step::membership; }
EntityId register_of(const Step& s) { return s.kind == Step::parents ? s.a : s.b; }

bool stays_below(const Access& access) { return access.kind == Access::itself || access.kind == Access::children || access.kind == Access::members; }

enum Place : std::uint8_t { in_front, in_part, behind };

}  // namespace

std::vector<bool> Planner::tree_of(EntityId root) const {
  std::vector<bool> own(schema_.entities.size(), false);
  for (EntityId e = 0; e < own.size(); ++e) {
    EntityId up = e;
    while (up != root && up != none) up = schema_.entities[up].parent;
    own[e] = up == root;
  }
  return own;
}

// Does the column name rows as they are numbered in the whole register? What is made in a part numbers them as they stand in it.
bool Planner::names_row(const ColumnRef& c, const std::vector<bool>& own) const {
  const Entity& entity = schema_.entities[c.first];
  const Type& type = entity.columns[c.second].type;
  if (type.kind != Kind::ref || !own[type.of]) return false;
  return !own[c.first] || (!derived(c.first) && plan_.computed_of[c.first][c.second] == none);
}

bool Planner::reads_own(const Reads& reads, const std::vector<bool>& own) const {
  for (const auto* columns : {&reads.local, &reads.columns})
    for (const ColumnRef& c : *columns)
      if (names_row(c, own)) return false;
  if (std::any_of(reads.wholes.begin(), reads.wholes.end(), [&](EntityId e) { return own[e]; })) return false;
  return reads.ranks.empty() && std::all_of(reads.folds.begin(), reads.folds.end(), [&](std::uint32_t fold) {
           return stays_below(plan_.fold_access[fold]) && plan_.fold_shapes[fold].kind == FoldShape::anything;
         });
}

// Do the rows of a step, and all that it reads beside what other registers hold, stand under one row of the root?
bool Planner::stays_in_part(const Step& s, const std::vector<bool>& own) const {
  const auto names = [&](const Type& type) { return type.kind == Kind::ref && own[type.of]; };
  switch (s.kind) {
    case Step::parents: return own[s.a];
    case Step::membership: return own[s.b] && reads_own(reads_of(plan_.kernels[s.a]), own);
    case Step::kernel: {
      const Kernel& kernel = plan_.kernels[s.a];
      if (kernel.over == Kernel::once || !own[kernel.entity] || kernel.order != none || slow_start(kernel)) return false;
      if (kernel.over == Kernel::candidates && !stays_below(kernel.access)) return false;
      // Values that may be results.
      if (std::any_of(kernel.outputs.begin(), kernel.outputs.end(), [&](const Output& out) { return out.home.temporary != none && names(out.type); })) return false;
      return reads_own(reads_of(kernel), own);
    }
    case Step::group: {
      const core::Group& group = program_.groups[s.a];
      return own[group.entity] && std::none_of(group.keys.begin(), group.keys.end(), [&](ColumnId key) { return names_row({group.from, key}, own); });
    }
    case Step::ledger: {
      const LedgerPlan& ledger = plan_.ledgers[s.a];
      const auto below = [](const FlowPlan& flow) { return stays_below(flow.access); };
      return own[program_.ledgers[s.a].steps] && std::all_of(ledger.entries.begin(), ledger.entries.end(), below) &&
             std::all_of(ledger.credits.begin(), ledger.credits.end(), below);
    }
    case Step::timeline: {
      const TimelinePlan& timeline = plan_.timelines[s.a];
      return own[program_.timelines[s.a].spans] && std::all_of(timeline.on.begin(), timeline.on.end(), [](const OnPlan& on) { return stays_below(on.access); }) &&
             std::all_of(timeline.shorten.begin(), timeline.shorten.end(), [](const ShortenPlan& by) { return stays_below(by.access); });
    }
    case Step::remedy: {
      const Remedy& remedy = schema_.remedies[s.a];
      if (!own[remedy.target] || std::any_of(remedy.params.begin(), remedy.params.end(), [&](const RemedyParam& p) { return names(p.type); })) return false;
      bool below = true;
      for_grounds(s.a, [&](const core::Ground& ground, std::uint32_t g) {
        const GroundPlan& from = plan_.grounds[g];
        below = below && own[ground.scope] && (from.how == GroundPlan::scope_row || from.how == GroundPlan::parent_row);
      });
      return below;
    }
    case Step::duty: return own[program_.duties[s.a].scope];
    case Step::report: return plan_.reports[s.a].column != none && own[plan_.reports[s.a].entity];
    default: return false;   // those that only say what a kernel hands over follow in any case
  }
}

// What a step leaves behind, of what others touch.
Planner::Touched Planner::made_by(const Step& s) const {
  Touched made;
  switch (s.kind) {
    case Step::kernel:
      for (const Output& out : plan_.kernels[s.a].outputs) {
        if (out.computed != none) made.columns.insert({program_.computed[out.computed].entity, program_.computed[out.computed].column});
        if (out.home.temporary != none) touch(made, Operand{out.home.temporary, out.type, false, none, none});
      }
      break;
    case Step::index: made.indexes.insert(s.a); break;
    case Step::ranking: made.folds.insert(s.a); break;
    case Step::rank: touch(made, plan_.ranks[s.a].answer); break;
    case Step::group: made.entities.insert(program_.groups[s.a].entity); break;
    case Step::join: made.entities.insert(program_.joins[s.a].entity); break;
    case Step::ledger: made.entities.insert({program_.ledgers[s.a].steps, program_.ledgers[s.a].cycles}); break;
    case Step::timeline: made.entities.insert(program_.timelines[s.a].spans); break;
    case Step::remedy:
      if (schema_.remedies[s.a].rows != none) made.entities.insert(schema_.remedies[s.a].rows);
      break;
    default: break;
  }
  return made;
}

// The place of each step with these parts. False: none of those that build tables may be taken in parts.
bool Planner::split(const std::vector<bool>& own, std::vector<std::uint8_t>& place) const {
  const std::size_t count = plan_.steps.size();
  std::map<ColumnRef, std::size_t> columns;
  std::map<std::uint32_t, std::size_t> temporaries, indexes, folds;
  std::map<EntityId, std::size_t> entities;
  std::vector<bool> makes_own(count, false);   // rows of the tree, or values of them
  for (std::size_t i = 0; i < count; ++i) {
    const Touched made = made_by(plan_.steps[i]);
    for (const ColumnRef& c : made.columns) columns[c] = i;
    for (const std::uint32_t t : made.temporaries) temporaries[t] = i;
    for (const std::uint32_t x : made.indexes) indexes[x] = i;
    for (const std::uint32_t f : made.folds) folds[f] = i;
    for (const EntityId e : made.entities) entities[e] = i, makes_own[i] = makes_own[i] || own[e];
    if (plan_.steps[i].kind == Step::kernel && plan_.kernels[plan_.steps[i].a].entity != none) makes_own[i] = makes_own[i] || own[plan_.kernels[plan_.steps[i].a].entity];
  }
  // A value of a row of a register may be read by later steps; of anything else they would need the whole table.
  const auto may_be_carried = [&](std::size_t maker, const Type& type, EntityId entity, bool column) {
    return plan_.kernels[plan_.steps[maker].a].over == Kernel::rows && !derived(entity) && !(type.kind == Kind::ref && own[type.of]) && (column || type.kind == Kind::boolean);
  };
  // Calls back with the step that makes what is read, and whether it may be carried from there.
  const auto each_read = [&](std::size_t i, const auto& read) {
    const Touched t = touched(plan_.steps[i]);
    const auto from = [&](const auto& makers, const auto& what, bool carried) {
      if (const auto at = makers.find(what); at != makers.end() && at->second != i) read(at->second, carried);
    };
    for (const ColumnRef& c : t.columns) {
      from(entities, c.first, false);
      if (const auto at = columns.find(c); at != columns.end()) from(columns, c, may_be_carried(at->second, schema_.entities[c.first].columns[c.second].type, c.first, true));
    }
    for (const auto* tables : {&t.entities, &t.members, &t.parents})
      for (const EntityId e : *tables) from(entities, e, false);
    for (const std::uint32_t x : t.indexes) from(indexes, x, false);
    for (const std::uint32_t f : t.folds) from(folds, f, false);
    for (const std::uint32_t x : t.temporaries) {
      const auto at = temporaries.find(x);
      if (at == temporaries.end()) continue;
      bool carried = false;
      if (plan_.steps[at->second].kind == Step::kernel)
        for (const Output& out : plan_.kernels[plan_.steps[at->second].a].outputs)
          if (out.home.temporary != none && out.home.temporary <= x && x < out.home.temporary + temporaries_of(out.type.kind) && out.kind != Output::duty &&
              plan_.kernels[plan_.steps[at->second].a].entity != none)
            carried = may_be_carried(at->second, out.type, plan_.kernels[plan_.steps[at->second].a].entity, false);
      from(temporaries, x, carried);
    }
  };

  std::vector<bool> banned(count, false);
  for (bool again = true; again;) {
    again = false;
    place.assign(count, behind);
    std::vector<bool> bound(count, false);   // not in a part, and behind the parts in any case
    for (std::size_t i = 0; i < count; ++i) {
      const Step& s = plan_.steps[i];
      if (of_register(s)) {
        place[i] = own[register_of(s)] ? in_part : in_front;
        if (place[i] == in_part && !stays_in_part(s, own)) return false;
        continue;
      }
      bool fits = !banned[i] && stays_in_part(s, own);
      bound[i] = makes_own[i];
      each_read(i, [&](std::size_t maker, bool) {
        fits = fits && !bound[maker];
        bound[i] = bound[i] || bound[maker] || place[maker] == in_part;
      });
      if (!fits) continue;
      place[i] = in_part;
      bound[i] = false;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (place[i] == in_part) continue;
      each_read(i, [&](std::size_t maker, bool carried) {
        if (place[maker] != in_part || carried) return;
        banned[maker] = again = true;
      });
    }
  }
  for (std::size_t i = count; i-- > 0;)
    if (place[i] != behind && !of_register(plan_.steps[i]))
      each_read(i, [&](std::size_t maker, bool) {
        if (place[maker] == behind) place[maker] = in_front;
      });
  for (std::size_t i = 0; i < count; ++i)
    if (place[i] == in_part && builds_rows(plan_.steps[i])) return true;
  return false;
}

void Planner::take_in_parts(EntityId root, const std::vector<bool>& own, const std::vector<std::uint8_t>& place) {
  PartsPlan& parts = plan_.parts;
  parts.root = root;
  parts.own = own;
  // Of registers in the tree, what steps for all rows need as well.
  std::vector<bool> needed(schema_.entities.size(), false);
  const auto need = [&](EntityId e) {
    for (; e != none && own[e]; e = schema_.entities[e].parent) needed[e] = true;
  };
  std::set<ColumnRef> columns;
  std::set<std::uint32_t> temporaries;
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (place[i] == in_part) continue;
    const Touched t = touched(plan_.steps[i]);
    for (const auto* entities : {&t.entities, &t.parents, &t.members})
      for (const EntityId e : *entities) need(e);
    for (const ColumnRef& c : t.columns) need(c.first);
    columns.insert(t.columns.begin(), t.columns.end());
    temporaries.insert(t.temporaries.begin(), t.temporaries.end());
  }
  std::vector<Step> steps;
  const auto take = [&](std::uint8_t here) {
    plan_.stage_starts.push_back(static_cast<std::uint32_t>(steps.size()));
    for (std::size_t i = 0; i < place.size(); ++i) {
      const Step& s = plan_.steps[i];
      if (place[i] == here || (here == in_front && of_register(s) && own[register_of(s)] && needed[register_of(s)])) steps.push_back(s);
    }
  };
  plan_.stage_starts.clear();
  for (const Place here : {in_front, in_part, behind}) take(here);
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (place[i] != in_part || plan_.steps[i].kind != Step::kernel) continue;
    const std::uint32_t k = plan_.steps[i].a;
    for (std::uint32_t o = 0; o < plan_.kernels[k].outputs.size(); ++o) {
      const Output& out = plan_.kernels[k].outputs[o];
      const bool by_column = out.computed != none && columns.count({program_.computed[out.computed].entity, program_.computed[out.computed].column}) != 0;
      const bool by_temporary = out.computed == none && out.home.temporary != none && temporaries.count(out.home.temporary) != 0;
      if (by_column || by_temporary) parts.carried.push_back({k, o});
    }
  }
  plan_.steps = std::move(steps);
}

// Where some register is too large for the caches: the tree that takes most of the builders of tables with it.
void Planner::choose_parts() {
  std::size_t most = 0;
  EntityId root = none;
  std::vector<std::uint8_t> best;
  for (EntityId e = 0; e < schema_.entities.size(); ++e) {
    if (schema_.entities[e].parent != none || derived(e)) continue;
    const std::vector<bool> own = tree_of(e);
    bool large = false;
    for (EntityId under = 0; under < own.size(); ++under) large = large || (own[under] && !derived(under) && layout_.has(under, Layout::large));
    std::vector<std::uint8_t> place;
    if (!large || !split(own, place)) continue;
    std::size_t builders = 0;
    for (std::size_t i = 0; i < place.size(); ++i) builders += place[i] == in_part && builds_rows(plan_.steps[i]);
    if (builders <= most) continue;
    most = builders;
    root = e;
    best = std::move(place);
  }
  if (root != none) take_in_parts(root, tree_of(root), best);
}

}  // namespace tiao::plan
