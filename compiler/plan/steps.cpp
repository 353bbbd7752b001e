// Kernels and builders in their order.
#include "compiler/plan/planner.hpp"

#include <algorithm>

namespace tiao::plan {

using core::DeclKind;
using core::ExprId;

// Functions above this weight are split: code generation takes more than proportional time.
constexpr std::uint32_t weight_limit = 300;
// Words have no loops and no branches, and every plane that two functions read is read twice.
constexpr std::uint32_t word_weight_limit = 1200;

void Planner::step(Step::Kind kind, std::uint32_t a, std::uint32_t b) { plan_.steps.push_back({kind, a, b}); }

void Planner::need_parents(EntityId e) {
  if (derived(e) || parents_made_[e]) return;
  parents_made_[e] = true;
  step(Step::parents, e);
}

void Planner::need_index(std::uint32_t i) {
  if (i == none || index_made_[i]) return;
  index_made_[i] = true;
  const IndexSpec& spec = plan_.indexes[i];
  for (std::size_t h = 0; h < spec.hops.size(); ++h) {
    need_index(spec.hop_indexes[h]);
    if (spec.hops[h].kind == core::Hop::parent) need_parents(spec.passed[h]);
  }
  step(Step::index, i);
}

std::vector<ExprId> Planner::parts_of(const Output& out) const {
  std::vector<ExprId> parts = out.exprs;
  if (out.kind == Output::duty) {
    const core::Duty& d = program_.duties[out.index];
    parts.insert(parts.end(), {d.scope_filter, d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending});
  }
  if (out.kind == Output::violation) {
    const core::Require& r = program_.requires_[out.index];
    parts.insert(parts.end(), {r.scope_filter, r.applicable, r.condition});
  }
  return parts;
}

Reads Planner::reads_of(const Kernel& kernel) const {
  Reader reader(program_);
  for (const std::uint32_t r : kernel.ranks) reader.answered(plan_.ranks[r].answers, r);
  for (const Output& out : kernel.outputs)
    for (ExprId e : parts_of(out)) reader.add(e);
  if (kernel.entity != none) reader.reads.tables.insert(kernel.entity);
  if (kernel.over == Kernel::candidates) {
    reader.reads.tables.insert(kernel.access.entity);
    for (const auto& same : kernel.same) {
      reader.reads.columns.insert({kernel.access.entity, same.column});
      reader.add(same.key);
    }
  }
  return std::move(reader.reads);
}

void Planner::emit_kernel(Kernel kernel) {
  if (kernel.over == Kernel::rows) kernel.ranks = ranks_of(kernel.entity);
  const Reads reads = reads_of(kernel);
  for (EntityId e : reads.parents) need_parents(e);
  for (std::uint32_t fold : reads.folds) {
    need_index(plan_.fold_access[fold].index);
    if (plan_.fold_shapes[fold].kind == FoldShape::rank) need_ranking(fold);
  }
  kernel.ranks.assign(reads.ranks.begin(), reads.ranks.end());
  need_index(kernel.access.index);
  if (kernel.order != none)
    for (const auto* columns : {&reads.local, &reads.columns})
      for (const ColumnRef& c : *columns)
        if (c.first == kernel.entity && std::find(kernel.fetched.begin(), kernel.fetched.end(), c.second) == kernel.fetched.end())
          kernel.fetched.push_back(c.second);
  step(Step::kernel, static_cast<std::uint32_t>(plan_.kernels.size()));
  plan_.kernels.push_back(std::move(kernel));
}

std::uint32_t Planner::weight_of(const Output& out) const {
  std::uint32_t weight = 4;
  for (ExprId e : out.exprs) weight += plan_.weights[e];
  if (out.kind == Output::duty) {
    const core::Duty& d = program_.duties[out.index];
    for (ExprId e : {d.when, d.fulfilled, d.breached, d.pending})
      if (e != none) weight += plan_.weights[e];
  }
  if (out.kind == Output::violation) weight += plan_.weights[program_.requires_[out.index].condition];
  return weight;
}

// The partition that an output of a row looks into by its own key.
std::uint32_t Planner::order_of(EntityId entity, const Output& out) const {
  Kernel alone;
  alone.entity = entity;
  alone.outputs = {out};
  alone.ranks = ranks_of(entity);
  if (entity != none)
    for (const std::uint32_t fold : reads_of(alone).folds) {
      const Access& access = plan_.fold_access[fold];
      const core::Source& source = program_.folds[fold].source;
      if (access.own_key && access.entity == entity && is_own_row(program_.args[program_.exprs[source.same[0].key].args])) return access.index;
    }
  return none;
}

// Which kernels of a stage make an output: even, one that goes row by row; odd, one that makes words. Later than what it reads.
std::vector<std::uint32_t> Planner::levels_of(EntityId entity, const std::vector<Output>& outputs) const {
  std::map<ColumnRef, std::uint32_t> made;
  std::map<std::uint32_t, std::uint32_t> states;
  std::vector<std::uint32_t> levels;
  for (const Output& out : outputs) {
    Kernel alone;
    alone.outputs = {out};
    std::uint32_t level = 0;
    const Reads reads = reads_of(alone);
    for (const auto* columns : {&reads.local, &reads.columns})
      for (const ColumnRef& c : *columns)
        if (const auto there = made.find(c); there != made.end()) level = std::max(level, there->second);
    std::vector<std::uint32_t> needed = out.states;
    needed.push_back(out.guard);
    for (const std::uint32_t state : needed)
      if (const auto there = states.find(state); there != states.end()) level = std::max(level, there->second);
    if (level % 2 != (in_words(entity, out) ? 1 : 0)) ++level;
    if (out.computed != none) made[{entity, program_.computed[out.computed].column}] = level;
    if (out.home.temporary != none) states[out.home.temporary] = level;
    levels.push_back(level);
  }
  return levels;
}

// Outputs in their order, in as few functions as the weight allows. Those that look into a partition have functions of their own,
// which go through it part by part: what they read then lies in the cache.
void Planner::emit_rows(EntityId entity, std::vector<Output> outputs) {
  const std::vector<std::uint32_t> levels = levels_of(entity, outputs);
  Kernel kernel;
  auto flush = [&] {
    if (kernel.outputs.empty()) return;
    kernel.over = entity == none ? Kernel::once : Kernel::rows;
    kernel.entity = entity;
    emit_kernel(std::move(kernel));
    kernel = {};
  };
  const std::uint32_t top = levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end());
  for (std::uint32_t level = 0; level <= top; ++level) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (levels[i] != level) continue;
      // What it asks for ranks is there before it: also what it is made of, if that is of these rows.
      std::vector<ExprId> asked = ranks_asked(outputs[i]);
      std::erase_if(asked, [&](ExprId e) { return entity == none || plan_.rank_of[e] != none; });
      if (!asked.empty()) flush();
      for (const ExprId e : asked) need_rank(entity, e);
      const std::uint32_t weight = weight_of(outputs[i]);
      if (outputs[i].guard == none) {
        const std::uint32_t order = order_of(entity, outputs[i]);
        if (kernel.weight + weight > (level % 2 == 1 ? word_weight_limit : weight_limit) || kernel.order != order) flush();
        kernel.order = order;
      }
      kernel.words = level % 2 == 1;
      kernel.weight += weight;
      kernel.outputs.push_back(std::move(outputs[i]));
    }
    flush();
  }
}

// Registers, parents first: a row is in when its own date and its parent are.
void Planner::memberships() {
  std::vector<bool> done(schema_.entities.size(), false);
  for (EntityId e = 0; e < schema_.entities.size(); ++e) membership(e, done);
}

void Planner::membership(EntityId e, std::vector<bool>& done) {
  if (done[e] || derived(e)) return;
  done[e] = true;
  const EntityId parent = schema_.entities[e].parent;
  if (parent != none) membership(parent, done);
  if (!plan_.rows[e].out) return;
  if (parent != none && plan_.rows[parent].out) need_parents(e);
  Kernel kernel;
  kernel.entity = e;
  Output out;
  out.kind = Output::register_membership;
  if (program_.memberships[e] != none) {
    out.exprs = {program_.memberships[e]};
    kernel.weight = plan_.weights[program_.memberships[e]];
  }
  out.home.temporary = temporary(out.type);
  kernel.outputs.push_back(std::move(out));
  for (EntityId p : reads_of(kernel).parents) need_parents(p);
  step(Step::membership, static_cast<std::uint32_t>(plan_.kernels.size()), e);
  plan_.kernels.push_back(std::move(kernel));
}

void Planner::emit_stage(std::uint32_t stage) {
  plan_.stage_starts.push_back(static_cast<std::uint32_t>(plan_.steps.size()));
  pending_.clear();
  once_ = {};
  listed_.clear();
  std::vector<core::Stratum> here;
  for (std::size_t i = 0; i < program_.strata.size(); ++i)
    if (work_[i].live && work_[i].stage == stage) {
      here.push_back(program_.strata[i]);
      add_stratum(program_.strata[i]);
    }
  emit_rows(none, std::move(once_.outputs));
  for (auto& [entity, pending] : pending_) emit_rows(entity, std::move(pending.outputs));
  for (Kernel& kernel : listed_) emit_kernel(std::move(kernel));
  for (const core::Stratum& s : here) hand_over(s);
}

void Planner::hand_over(const core::Stratum& s) {
  switch (s.kind) {
    case DeclKind::computed:
      if (program_.computed[s.index].proposition) step(Step::proposition, s.index);
      break;
    case DeclKind::group: step(Step::group, s.index); break;
    case DeclKind::ledger: step(Step::ledger, s.index); break;
    case DeclKind::timeline: step(Step::timeline, s.index); break;
    case DeclKind::join: {
      const core::Join& join = program_.joins[s.index];
      EntityId at = join.first;
      for (const core::Hop& hop : join.hops) {
        if (hop.kind == core::Hop::parent) need_parents(at);
        if (hop.kind == core::Hop::linked) need_index(index(reverse(hop.entity, hop.column)));
        at = hop.entity;
      }
      step(Step::join, s.index);
      break;
    }
    case DeclKind::remedy:
      for_grounds(s.index, [&](const core::Ground& ground, std::uint32_t g) {
        if (plan_.grounds[g].how == GroundPlan::parent_row) need_parents(ground.scope);
        if (plan_.grounds[g].how == GroundPlan::listed) need_index(plan_.grounds[g].target.index);
      });
      step(Step::remedy, s.index);
      break;
    case DeclKind::duty: step(Step::duty, s.index); break;
    case DeclKind::require: step(Step::require, s.index); break;
    case DeclKind::report: step(Step::report, s.index); break;
    case DeclKind::applicability: step(Step::applicability, s.index); break;
  }
}

void Planner::name_kernels() {
  for (std::uint32_t k = 0; k < plan_.kernels.size(); ++k) plan_.kernels[k].name = "kernel_" + std::to_string(k);
}

}  // namespace tiao::plan
