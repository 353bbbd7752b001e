// Strata to stages to steps. A stage runs its row kernels (all values of one entity that are ready together share loads and
// subexpressions), then the kernels over candidate rows, then the builders of tables. A stratum is in the earliest stage in which
// everything that it reads is there.
#include <algorithm>
#include <map>

#include "compiler/plan/plan.hpp"
#include "compiler/plan/reads.hpp"

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

namespace {

// Functions above this weight are split: code generation takes more than proportional time.
constexpr std::uint32_t weight_limit = 600;

// One step of the plan's making: what a stratum evaluates where.
struct Work {
  Reads rows, candidates;
  std::uint32_t stage = 0;
};

class Planner {
 public:
  explicit Planner(const core::Program& program) : program_(program), schema_(program.schema) {}

  Plan make() {
    index_declarations();
    for (const core::Fold& fold : program_.folds) plan_.fold_access.push_back(fold_access(fold));
    for (std::size_t i = 0; i < program_.strata.size(); ++i) assign_stage(static_cast<std::uint32_t>(i));
    memberships();
    std::uint32_t last = 0;
    for (const Work& work : work_) last = std::max(last, work.stage);
    if (!program_.strata.empty())
      for (std::uint32_t stage = 0; stage <= last; ++stage) emit_stage(stage);
    find_homes();
    find_step_columns();
    release();
    name_kernels();
    return std::move(plan_);
  }

 private:
  // --- Declarations

  void index_declarations() {
    for (const Entity& e : schema_.entities) plan_.computed_of.emplace_back(e.columns.size(), none);
    for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
      plan_.computed_of[program_.computed[i].entity][program_.computed[i].column] = i;
    ExprFacts facts = examine(program_, plan_.computed_of);
    plan_.slots_read = std::move(facts.slots);
    plan_.weights = std::move(facts.weight);
    plan_.may_fail = std::move(facts.may_fail);

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
    plan_.has_membership.assign(schema_.entities.size(), true);
    plan_.ledgers.resize(program_.ledgers.size());
    plan_.timelines.resize(program_.timelines.size());
    plan_.grounds.resize(program_.grounds.size());
    plan_.duties.resize(program_.duties.size());
    plan_.requires_.assign(program_.requires_.size(), none);
    plan_.reports.resize(program_.reports.size());
    plan_.applicabilities.assign(program_.applicabilities.size(), none);
    parents_made_.assign(schema_.entities.size(), false);
  }

  bool derived(EntityId e) const { return schema_.entities[e].origin != EntityOrigin::register_; }

  std::uint32_t temporary(Type type) {
    const std::uint32_t first = plan_.temporaries;
    plan_.temporaries += type.kind == Kind::boolean || type.kind == Kind::choice ? 1 : type.kind == Kind::ratio ? 4 : 2;
    return first;
  }

  // --- Ways to rows

  std::uint32_t index(IndexSpec spec) {
    EntityId at = spec.population != none ? spec.population : spec.entity;
    if (spec.kind == IndexSpec::path) {
      if (spec.start != none) at = start_entity_.at(spec.start);
      for (const core::Hop& hop : spec.hops) {
        spec.passed.push_back(at);
        spec.hop_indexes.push_back(hop.kind == core::Hop::linked ? index(reverse(hop.entity, hop.column)) : none);
        at = hop.entity;
      }
    }
    const auto there = std::find(plan_.indexes.begin(), plan_.indexes.end(), spec);
    if (there != plan_.indexes.end()) return static_cast<std::uint32_t>(there - plan_.indexes.begin());
    plan_.indexes.push_back(std::move(spec));
    index_made_.push_back(false);
    return static_cast<std::uint32_t>(plan_.indexes.size() - 1);
  }

  static IndexSpec reverse(EntityId entity, ColumnId column) {
    IndexSpec spec;
    spec.kind = IndexSpec::reverse;
    spec.entity = entity;
    spec.columns = {column};
    return spec;
  }

  // Does the order of the rows show in the result? (In a sum where it overflows.)
  static bool ordered(core::FoldKind kind) {
    return kind == core::FoldKind::consecutive || kind == core::FoldKind::sum || kind == core::FoldKind::average;
  }

  Access fold_access(const core::Fold& fold) {
    const core::Source& source = fold.source;
    Access access;
    access.entity = source.entity;
    IndexSpec path;
    path.kind = IndexSpec::path;
    path.hops = source.hops;
    path.distinct = source.distinct;
    if (source.start == none) {
      access.population = path.population = source.whole;
      if (source.hops.empty()) {
        const bool by_key = !source.same.empty() && fold.kind != core::FoldKind::consecutive &&
                            std::none_of(source.same.begin(), source.same.end(), [&](const core::Source::Same& same) {
                              return schema_.entities[source.entity].columns[same.column].type.kind == Kind::ratio;
                            });
        access.kind = by_key ? Access::partition : Access::whole;
        if (!by_key) return access;
        IndexSpec parts;
        parts.kind = IndexSpec::partition;
        parts.entity = source.entity;
        for (const auto& same : source.same) parts.columns.push_back(same.column);
        access.index = index(parts);
        return access;
      }
      access.kind = Access::whole_path;
      access.index = index(path);
      return access;
    }
    access.from = path.entity = program_.exprs[source.start].type.of;
    if (source.hops.empty()) {
      access.kind = Access::itself;
      return access;
    }
    if (source.hops.size() == 1) {
      const core::Hop& hop = source.hops[0];
      if (hop.kind == core::Hop::children) { access.kind = Access::children; return access; }
      if (hop.kind == core::Hop::members) { access.kind = Access::members; return access; }
      // A reverse index has the rows whose link is not known at its end; a path has all in row order.
      if (hop.kind == core::Hop::linked && !ordered(fold.kind)) {
        access.kind = Access::linked;
        access.index = index(reverse(hop.entity, hop.column));
        return access;
      }
    }
    access.kind = Access::path;
    access.index = index(path);
    return access;
  }

  bool is_own_row(ExprId e) const { return e != none && program_.exprs[e].op == core::Op::row && program_.exprs[e].a == 0; }

  // Rows of a source by owner, for flows, spans, shortenings and targets. `stage`: where a start that is not the owner is evaluated.
  Access listed_access(const core::Source& source, EntityId owner, std::uint32_t stage, bool each_once = false) {
    Access access;
    access.from = owner;
    access.entity = source.entity;
    if (is_own_row(source.start) && source.hops.size() == 1 && source.hops[0].kind == core::Hop::children) {
      access.kind = Access::children;
      return access;
    }
    IndexSpec path;
    path.kind = IndexSpec::path;
    path.entity = owner;
    path.hops = source.hops;
    path.distinct = source.distinct || each_once;
    if (source.start == none) {
      access.population = path.population = source.whole;
    } else if (!is_own_row(source.start)) {
      path.start = row_value(stage, owner, source.start).temporary;
      start_entity_[path.start] = program_.exprs[source.start].type.of;
    }
    access.kind = Access::path;
    access.index = index(path);
    return access;
  }

  // --- Stages

  // The stage in which a declaration that was placed at `i` has its result for others.
  std::uint32_t after(std::uint32_t stratum) const { return stratum == none ? 0 : work_[stratum].stage + 1; }

  std::uint32_t table_ready(EntityId e) const { return derived(e) ? after(builder_[e]) : 0; }

  std::uint32_t column_ready(ColumnRef column, bool same_stage) const {
    const std::uint32_t computed = plan_.computed_of[column.first][column.second];
    std::uint32_t stage = table_ready(column.first);
    if (computed != none && computed_stratum_[computed] != none)
      stage = std::max(stage, work_[computed_stratum_[computed]].stage + (same_stage ? 0 : 1));
    return stage;
  }

  std::uint32_t ready(const Reads& reads, bool columns_at_once) const {
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

  void assign_stage(std::uint32_t i) {
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

  template <class F>
  void for_grounds(RemedyId remedy, F f) const {
    for (std::uint32_t g = 0; g < program_.grounds.size(); ++g)
      if (program_.grounds[g].remedy == remedy) f(program_.grounds[g], g);
  }

  // --- Kernels of a stage

  // Outputs of rows of one entity (or of the run) collect here until the stage is emitted.
  struct Pending { std::vector<Output> outputs; };

  Operand row_value(std::uint32_t, EntityId entity, ExprId expr) {
    Operand operand;
    if (expr == none) return operand;
    operand.type = program_.exprs[expr].type;
    operand.once = plan_.slots_read[expr] == 0;
    operand.temporary = temporary(operand.type);
    Output out;
    out.exprs = {expr};
    out.type = operand.type;
    out.home.temporary = operand.temporary;
    (operand.once ? once_ : pending_[entity]).outputs.push_back(std::move(out));
    return operand;
  }

  std::uint32_t conjunction(EntityId entity, std::vector<ExprId> terms, bool membership) {
    Output out;
    out.kind = Output::conjunction;
    for (ExprId e : terms)
      if (e != none) out.exprs.push_back(e);
    out.membership = membership;
    out.home.temporary = temporary(out.type);
    pending_[entity].outputs.push_back(std::move(out));
    return pending_[entity].outputs.back().home.temporary;
  }

  void add_special(EntityId entity, Output::Kind kind, std::uint32_t index, std::uint32_t home) {
    Output out;
    out.kind = kind;
    out.index = index;
    out.home.temporary = home;
    out.membership = true;
    pending_[entity].outputs.push_back(std::move(out));
  }

  void add_computed(std::uint32_t index) {
    const core::Computed& computed = program_.computed[index];
    Output out;
    out.exprs = {computed.expr};
    out.type = program_.exprs[computed.expr].type;
    out.computed = index;
    if (computed.proposition) out.home.temporary = plan_.homes[index].temporary = temporary(out.type);
    pending_[computed.entity].outputs.push_back(std::move(out));
  }

  void add_ground(const core::Ground& ground, std::uint32_t g, std::uint32_t stage) {
    GroundPlan& to = plan_.grounds[g];
    to.state = conjunction(ground.scope, {ground.applicable, ground.scope_filter, ground.own}, true);
    const std::size_t guard = pending_[ground.scope].outputs.size() - 1;
    const core::Source& target = ground.target;
    if (is_own_row(target.start) && target.hops.empty()) {
      to.how = GroundPlan::scope_row;
    } else if (is_own_row(target.start) && target.hops.size() == 1 && target.hops[0].kind == core::Hop::parent) {
      to.how = GroundPlan::parent_row;
    } else if (target.start != none && target.hops.empty()) {
      to.how = GroundPlan::ref;
      to.target_ref = row_value(stage, ground.scope, target.start);
    } else {
      to.how = GroundPlan::listed;
      to.target = listed_access(target, ground.scope, stage, true);   // several ways to a target are one ground
    }
    auto rule = [&](const core::ParamRule& p) {
      RulePlan made;
      for (auto [expr, operand] : {std::pair{p.lo, &made.lo}, std::pair{p.hi, &made.hi}}) {
        if (expr == none) continue;
        if (expr == p.hi && p.lo == p.hi && made.lo.present()) { *operand = made.lo; continue; }
        *operand = row_value(stage, ground.scope, expr);
        if (!operand->once) pending_[ground.scope].outputs.back().guard = static_cast<std::uint32_t>(guard);
      }
      return made;
    };
    to.length = rule(ground.length);
    to.from = rule(ground.from);
    to.until = rule(ground.until);
    for (const core::ParamRule& p : ground.params) to.params.push_back(rule(p));
  }

  // A kernel over the rows that a source reaches from each owner.
  Kernel& candidates(EntityId owner, const core::Source& source, const Access& access, std::uint32_t slot, ExprId filter, std::uint32_t& in) {
    Kernel kernel;
    kernel.over = Kernel::candidates;
    kernel.entity = owner;
    kernel.access = access;
    kernel.same = source.same;
    kernel.slot = slot;
    Output out;
    out.kind = Output::conjunction;
    out.membership = true;
    if (filter != none) out.exprs = {filter};
    out.home.temporary = in = temporary(out.type);
    kernel.outputs.push_back(std::move(out));
    listed_.push_back(std::move(kernel));
    return listed_.back();
  }

  Operand listed_value(Kernel& kernel, ExprId expr) {
    Operand operand;
    if (expr == none) return operand;
    if (plan_.slots_read[expr] == 0) return row_value(0, kernel.entity, expr);
    operand.type = program_.exprs[expr].type;
    operand.temporary = temporary(operand.type);
    Output out;
    out.exprs = {expr};
    out.type = operand.type;
    out.home.temporary = operand.temporary;
    out.guard = 0;
    kernel.outputs.push_back(std::move(out));
    return operand;
  }

  void add_ledger(std::uint32_t l, std::uint32_t stage) {
    const core::Ledger& ledger = program_.ledgers[l];
    LedgerPlan& to = plan_.ledgers[l];
    to.floor = row_value(stage, ledger.owner, ledger.floor);
    to.opens_at = row_value(stage, ledger.owner, ledger.opens_at);
    auto flow = [&](const core::Flow& from) {
      FlowPlan made;
      made.access = listed_access(from.source, ledger.owner, stage);
      Kernel& kernel = candidates(ledger.owner, from.source, made.access, from.slot, from.filter, made.in);
      made.amount = listed_value(kernel, from.amount);
      made.date = listed_value(kernel, from.date);
      made.cap = row_value(stage, ledger.owner, from.cap);
      return made;
    };
    for (const core::Flow& f : ledger.entries) to.entries.push_back(flow(f));
    for (const core::Flow& f : ledger.credits) to.credits.push_back(flow(f));
  }

  void add_timeline(std::uint32_t t, std::uint32_t stage) {
    const core::Timeline& timeline = program_.timelines[t];
    TimelinePlan& to = plan_.timelines[t];
    for (const core::On& on : timeline.on) {
      OnPlan made;
      made.access = listed_access(on.source, timeline.owner, stage);
      Kernel& kernel = candidates(timeline.owner, on.source, made.access, on.slot, on.filter, made.in);
      made.state = listed_value(kernel, on.state);
      made.from = listed_value(kernel, on.from);
      made.until = listed_value(kernel, on.until);
      made.length = listed_value(kernel, on.length);
      for (RemedyId r = 0; r < schema_.remedies.size(); ++r)
        if (schema_.remedies[r].rows == on.source.entity) made.lead_of = r;
      to.on.push_back(std::move(made));
    }
    for (const core::Shorten& shorten : timeline.shorten) {
      ShortenPlan made;
      made.access = listed_access(shorten.source, timeline.owner, stage);
      Kernel& kernel = candidates(timeline.owner, shorten.source, made.access, shorten.slot, shorten.filter, made.in);
      made.amount = listed_value(kernel, shorten.amount);
      made.date = listed_value(kernel, shorten.date);
      to.shorten.push_back(std::move(made));
    }
    for (const core::Overlap& overlap : timeline.overlaps) to.ways.push_back(row_value(stage, timeline.owner, overlap.way).temporary);
  }

  void add_stratum(const core::Stratum& s, std::uint32_t stage) {
    switch (s.kind) {
      case DeclKind::computed: add_computed(s.index); break;
      case DeclKind::ledger: add_ledger(s.index, stage); break;
      case DeclKind::timeline: add_timeline(s.index, stage); break;
      case DeclKind::remedy:
        for_grounds(s.index, [&](const core::Ground& ground, std::uint32_t g) { add_ground(ground, g, stage); });
        break;
      case DeclKind::duty: {
        const core::Duty& duty = program_.duties[s.index];
        DutyPlan& to = plan_.duties[s.index];
        to.state = temporary({Kind::boolean, 0, none});
        to.due = row_value(stage, duty.scope, duty.due);
        to.done = row_value(stage, duty.scope, duty.done);
        add_special(duty.scope, Output::duty, s.index, to.state);
        break;
      }
      case DeclKind::require:
        plan_.requires_[s.index] = temporary({Kind::boolean, 0, none});
        add_special(program_.requires_[s.index].scope, Output::violation, s.index, plan_.requires_[s.index]);
        break;
      case DeclKind::report: plan_.reports[s.index] = per_row(program_.reports[s.index].entity, program_.reports[s.index].expr); break;
      case DeclKind::applicability:
        plan_.applicabilities[s.index] = per_row(program_.applicabilities[s.index].entity, program_.applicabilities[s.index].expr).temporary;
        break;
      case DeclKind::group:
      case DeclKind::join: break;
    }
  }

  // One value for each row, even if it is the same for all; one in all without an entity.
  Operand per_row(EntityId entity, ExprId expr) {
    Operand operand;
    operand.type = program_.exprs[expr].type;
    operand.once = entity == none;
    operand.temporary = temporary(operand.type);
    Output out;
    out.exprs = {expr};
    out.type = operand.type;
    out.home.temporary = operand.temporary;
    (entity == none ? once_ : pending_[entity]).outputs.push_back(std::move(out));
    return operand;
  }

  // --- Steps

  void step(Step::Kind kind, std::uint32_t a, std::uint32_t b = none) { plan_.steps.push_back({kind, a, b}); }

  void need_parents(EntityId e) {
    if (derived(e) || parents_made_[e]) return;
    parents_made_[e] = true;
    step(Step::parents, e);
  }

  void need_index(std::uint32_t i) {
    if (i == none || index_made_[i]) return;
    index_made_[i] = true;
    const IndexSpec& spec = plan_.indexes[i];
    for (std::size_t h = 0; h < spec.hops.size(); ++h) {
      need_index(spec.hop_indexes[h]);
      if (spec.hops[h].kind == core::Hop::parent) need_parents(spec.passed[h]);
    }
    step(Step::index, i);
  }

  Reads reads_of(const Kernel& kernel) const {
    Reader reader(program_);
    for (const Output& out : kernel.outputs) {
      for (ExprId e : out.exprs) reader.add(e);
      if (out.kind == Output::duty) {
        const core::Duty& d = program_.duties[out.index];
        for (ExprId e : {d.scope_filter, d.applicable, d.when, d.done, d.due, d.fulfilled, d.breached, d.pending}) reader.add(e);
      }
      if (out.kind == Output::violation) {
        const core::Require& r = program_.requires_[out.index];
        for (ExprId e : {r.scope_filter, r.applicable, r.condition}) reader.add(e);
      }
    }
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

  void emit_kernel(Kernel kernel) {
    const Reads reads = reads_of(kernel);
    for (EntityId e : reads.parents) need_parents(e);
    for (std::uint32_t fold : reads.folds) need_index(plan_.fold_access[fold].index);
    need_index(kernel.access.index);
    step(Step::kernel, static_cast<std::uint32_t>(plan_.kernels.size()));
    plan_.kernels.push_back(std::move(kernel));
  }

  std::uint32_t weight_of(const Output& out) const {
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

  // Outputs in their order, in as few functions as the weight allows; guarded outputs stay with their guard.
  void emit_rows(EntityId entity, std::vector<Output> outputs) {
    Kernel kernel;
    std::size_t first = 0;
    auto flush = [&](std::size_t next) {
      if (kernel.outputs.empty()) return;
      kernel.over = entity == none ? Kernel::once : Kernel::rows;
      kernel.entity = entity;
      emit_kernel(std::move(kernel));
      kernel = {};
      first = next;
    };
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::uint32_t weight = weight_of(outputs[i]);
      if (kernel.weight + weight > weight_limit && outputs[i].guard == none) flush(i);
      kernel.weight += weight;
      if (outputs[i].guard != none) outputs[i].guard -= static_cast<std::uint32_t>(first);
      kernel.outputs.push_back(std::move(outputs[i]));
    }
    flush(outputs.size());
  }

  // Registers, parents first: a row is in when its own date and its parent are.
  void memberships() {
    std::vector<bool> done(schema_.entities.size(), false);
    for (EntityId e = 0; e < schema_.entities.size(); ++e) membership(e, done);
  }

  void membership(EntityId e, std::vector<bool>& done) {
    if (done[e] || derived(e)) return;
    done[e] = true;
    const EntityId parent = schema_.entities[e].parent;
    if (parent != none) membership(parent, done);
    const bool by_parent = parent != none && plan_.has_membership[parent];
    plan_.has_membership[e] = program_.memberships[e] != none || by_parent;
    if (!plan_.has_membership[e]) return;
    if (by_parent) need_parents(e);
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

  void emit_stage(std::uint32_t stage) {
    plan_.stage_starts.push_back(static_cast<std::uint32_t>(plan_.steps.size()));
    pending_.clear();
    once_ = {};
    listed_.clear();
    std::vector<core::Stratum> here;
    for (std::size_t i = 0; i < program_.strata.size(); ++i)
      if (work_[i].stage == stage) {
        here.push_back(program_.strata[i]);
        add_stratum(program_.strata[i], stage);
      }
    emit_rows(none, std::move(once_.outputs));
    for (auto& [entity, pending] : pending_) emit_rows(entity, std::move(pending.outputs));
    for (Kernel& kernel : listed_) emit_kernel(std::move(kernel));
    for (const core::Stratum& s : here) hand_over(s);
  }

  void hand_over(const core::Stratum& s) {
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

  // --- Homes

  void find_homes() {
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
    for (const core::Group& group : program_.groups)
      for (ColumnId key : group.keys) needs_column(group.from, key);
    for (const IndexSpec& spec : plan_.indexes) {
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

  void find_step_columns() {
    auto read = [&](const ColumnRef& c) {
      for (std::uint32_t l = 0; l < program_.ledgers.size(); ++l)
        if (program_.ledgers[l].steps == c.first) plan_.ledgers[l].step_columns |= 1u << std::min(c.second, 31u);
    };
    for (const Kernel& kernel : plan_.kernels) {
      const Reads reads = reads_of(kernel);
      for (const ColumnRef& c : reads.local) read(c);
      for (const ColumnRef& c : reads.columns) read(c);
      for (std::uint32_t l : reads.ledgers) {
        read({program_.ledgers[l].steps, core::step_col::day});
        read({program_.ledgers[l].steps, core::step_col::balance});
      }
    }
    for (const core::Group& group : program_.groups)
      for (ColumnId key : group.keys) read({group.from, key});
  }

  // --- Lifetimes

  // Everything that a step touches, as resource numbers of one kind each.
  struct Touched {
    std::set<ColumnRef> columns;
    std::set<EntityId> entities;
    std::set<std::uint32_t> indexes, temporaries;
  };

  void touch(Touched& t, const Operand& operand) const {
    if (!operand.present()) return;
    const std::uint32_t planes = operand.type.kind == Kind::boolean || operand.type.kind == Kind::choice ? 1 : operand.type.kind == Kind::ratio ? 4 : 2;
    for (std::uint32_t i = 0; i < planes; ++i) t.temporaries.insert(operand.temporary + i);
  }

  void touch(Touched& t, const Access& access) const {
    if (access.index != none) touch_index(t, access.index);
    if (access.entity != none) t.entities.insert(access.entity);
  }

  void touch_index(Touched& t, std::uint32_t i) const {
    t.indexes.insert(i);
    if (plan_.indexes[i].kind == IndexSpec::partition)  // probes compare with the columns themselves
      for (ColumnId c : plan_.indexes[i].columns) t.columns.insert({plan_.indexes[i].entity, c});
  }

  void touch(Touched& t, const Reads& reads) const {
    t.columns.insert(reads.local.begin(), reads.local.end());
    t.columns.insert(reads.columns.begin(), reads.columns.end());
    t.entities.insert(reads.tables.begin(), reads.tables.end());
    t.entities.insert(reads.parents.begin(), reads.parents.end());
    t.entities.insert(reads.wholes.begin(), reads.wholes.end());
    for (std::uint32_t fold : reads.folds) touch(t, plan_.fold_access[fold]);
    for (std::uint32_t l : reads.ledgers) {
      t.entities.insert(program_.ledgers[l].steps);
      touch(t, plan_.ledgers[l].floor);
      touch(t, plan_.ledgers[l].opens_at);
    }
    for (std::uint32_t l : reads.timelines) t.entities.insert(program_.timelines[l].spans);
  }

  void touch_path(Touched& t, EntityId at, const std::vector<core::Hop>& hops) const {
    Reader reader(program_);
    reader.reads.tables.insert(at);
    for (const core::Hop& hop : hops) {
      reader.add_hop(hop, at);
      at = hop.entity;
    }
    touch(t, reader.reads);
  }

  Touched touched(const Step& s) const {
    Touched t;
    switch (s.kind) {
      case Step::kernel: {
        const Kernel& kernel = plan_.kernels[s.a];
        touch(t, reads_of(kernel));
        if (kernel.access.entity != none) touch(t, kernel.access);
        for (const Output& out : kernel.outputs)
          if (out.computed == none && out.home.temporary != none) touch(t, Operand{out.home.temporary, out.type, false});
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
            touch(t, Operand{spec.start, {Kind::ref, 0, at}, false});
          }
          touch_path(t, at, spec.hops);
          for (std::uint32_t i : spec.hop_indexes)
            if (i != none) t.indexes.insert(i);
        }
        break;
      }
      case Step::group: {
        const core::Group& group = program_.groups[s.a];
        t.entities.insert(group.from);
        t.entities.insert(group.entity);
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
            t.temporaries.insert(flow.in);
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
          t.temporaries.insert(on.in);
          for (const Operand* o : {&on.state, &on.from, &on.until, &on.length}) touch(t, *o);
        }
        for (const ShortenPlan& shorten : timeline.shorten) {
          touch(t, shorten.access);
          t.temporaries.insert(shorten.in);
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
          t.temporaries.insert(from.state);
          touch(t, from.target_ref);
          if (from.how == GroundPlan::listed) touch(t, from.target);
          auto rule = [&](const RulePlan& r) { touch(t, r.lo); touch(t, r.hi); };
          rule(from.length);
          rule(from.from);
          rule(from.until);
          for (const RulePlan& r : from.params) rule(r);
        });
        break;
      case Step::duty:
        touch(t, plan_.duties[s.a].due);
        touch(t, plan_.duties[s.a].done);
        break;
      case Step::report: touch(t, plan_.reports[s.a]); break;
      default: break;
    }
    return t;
  }

  void release() {
    std::map<ColumnRef, std::size_t> columns;
    std::map<EntityId, std::size_t> entities;
    std::map<std::uint32_t, std::size_t> indexes, temporaries;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const Touched t = touched(plan_.steps[i]);
      for (const ColumnRef& c : t.columns)
        if (plan_.computed_of[c.first][c.second] != none) columns[c] = i;
      for (const ColumnRef& c : t.columns)   // with a table all its columns go
        if (derived(c.first)) entities[c.first] = i;
      for (EntityId e : t.entities)
        if (derived(e)) entities[e] = i;
      for (std::uint32_t x : t.indexes) indexes[x] = i;
      for (std::uint32_t x : t.temporaries) temporaries[x] = i;
    }
    std::vector<std::vector<Step>> ends(plan_.steps.size());
    for (const auto& [c, i] : columns)
      if (plan_.homes[plan_.computed_of[c.first][c.second]].column != none) ends[i].push_back({Step::release_column, c.first, c.second});
    for (const auto& [x, i] : temporaries) ends[i].push_back({Step::release_temporary, x, none});
    for (const auto& [x, i] : indexes) ends[i].push_back({Step::release_index, x, none});
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
  }

  void name_kernels() {
    for (std::uint32_t k = 0; k < plan_.kernels.size(); ++k) plan_.kernels[k].name = "kernel_" + std::to_string(k);
  }

  const core::Program& program_;
  const Schema& schema_;
  Plan plan_;
  std::vector<Work> work_;
  std::vector<std::uint32_t> builder_, computed_stratum_, ledger_stratum_, timeline_stratum_;
  std::map<EntityId, Pending> pending_;
  Pending once_;
  std::vector<Kernel> listed_;
  std::map<std::uint32_t, EntityId> start_entity_;   // by temporary of a start ref
  std::vector<bool> index_made_, parents_made_;
};

}  // namespace

Plan make_plan(const core::Program& program) { return Planner(program).make(); }

}  // namespace tiao::plan
