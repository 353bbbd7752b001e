// Rules and their acts: which grounds of which remedies a node gives.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::ParamForm;
using core::ParamRule;
using core::Source;

bool Checker::rests_on_convention(syntax::ExprId id) const {
  if (!id.valid()) return false;
  const syntax::Expr& e = (*ast_)[id];
  if (e.by_convention) return true;
  for (const auto a : e.args) if (rests_on_convention(a)) return true;
  return e.rows.valid() && rests_on_convention((*ast_)[e.rows].where);
}

void Checker::lower_rule(std::uint32_t node, const Scope& scope, const syntax::Rule& rule, bool only_rule) {
  ExprId own = none;
  if (only_rule) {
    own = proposition_on(node, schema_.entities[scope.entity].origin == EntityOrigin::join ? row(0, scope.entity) : frames_[0].views[0].ref, (*ast_)[rule.when].span);
  } else {
    EntityId e = none; ColumnId c = none;
    if (!proposition(node, e, c, (*ast_)[rule.when].span)) return;
    own = rule_condition(rule, scope.entity);
  }
  if (own == none) return;
  lower_acts(node, scope, all({own, guards(node, scope)}), rule.acts, conventions_of({rule.when, rule.unless}));
}

// What is said instead of that which is excepted.
void Checker::lower_exception(std::uint32_t node, const Scope& scope, const syntax::Exception& written) {
  const auto x = std::find_if(exceptions_.begin(), exceptions_.end(), [&](const ExceptionRule& e) { return e.written == &written; });
  if (x == exceptions_.end()) return;
  x->grounds = program_.grounds.size();
  if (!written.acts.empty())
    if (const ExprId own = effective(*x, node, scope); own != none) lower_acts(node, scope, own, written.acts, conventions_of({written.when}));
  x->grounds_end = program_.grounds.size();
}

std::vector<std::string> Checker::conventions_of(const std::vector<syntax::ExprId>& conditions) const {
  const bool rests = std::any_of(conditions.begin(), conditions.end(), [&](syntax::ExprId e) { return rests_on_convention(e); });
  return rests ? schema_.agreements[0].conventions : std::vector<std::string>{};
}

// By what rule the days of an expression are counted: the agreement's, or that of a working calendar.
void Checker::counting_of(ExprId id, std::vector<std::string>& sources) const {
  if (id == none) return;
  const core::Expr& e = program_.exprs[id];
  const auto add = [&](const std::string& source) {
    if (!source.empty() && std::find(sources.begin(), sources.end(), source) == sources.end()) sources.push_back(source);
  };
  if (e.op == Op::shift || e.op == Op::shift_back)
    for (const std::string& source : schema_.agreements[0].counting) add(source);
  if (e.op == Op::shift_workdays) add(schema_.calendars[e.a].source);
  for (std::uint32_t i = 0; i < e.count; ++i) counting_of(program_.args[e.args + i], sources);
}

void Checker::lower_acts(std::uint32_t node, const Scope& scope, ExprId own, const std::vector<syntax::Act>& acts, const std::vector<std::string>& conventions) {
  for (const syntax::Act& act : acts) {
    if (act.calls.empty()) {   // the finding stands; what follows is not in hand
      if (schema_.entities[scope.entity].origin == EntityOrigin::join) { error(Code::no_target, act.span, {"elsewhere", schema_.entities[scope.entity].id}); continue; }
      Column c;
      c.id = "§" + tree_[node].address + "#" + std::to_string(program_.missing.size()), c.kind = ColumnKind::computed, c.type = boolean_type();
      schema_.entities[scope.entity].columns.push_back(c);
      const auto id = static_cast<ColumnId>(schema_.entities[scope.entity].columns.size() - 1);
      const ExprId holds = all({scope.filter, applicable(node, scope), own});
      program_.missing.push_back({static_cast<std::uint32_t>(program_.computed.size()), node, act.elsewhere.value});
      program_.computed.push_back({scope.entity, id, holds == none ? truth_constant(true) : holds, node, true});
      continue;
    }
    core::Ground ground;
    ground.cite = node;
    ground.scope = scope.entity;
    ground.scope_filter = scope.filter;
    ground.own = own;
    ground.applicable = applicable(node, scope);
    ground.in_principle = act.in_principle;
    ground.conventions = conventions;
    ground.modality = core_modality(act.modality);
    if (act.actor.given()) {
      const auto actor = find_actor(act.actor);
      if (!actor) continue;
      ground.actor = *actor;
    }
    if (act.calls.size() > 1) ground.alternative = ++alternatives_;
    for (const auto& call : act.calls) lower_call_to_ground(node, scope, ground, call);
  }
}

ParamRule Checker::param_rule(const Type& wanted, syntax::ExprId value, const std::optional<syntax::Range>& range, const syntax::Bound* bound, Span span) {
  ParamRule rule;
  Type type = wanted;
  // A bound on an amount binds at its own places: at most 333.333 of what has two is at most 333.33.
  const auto end = [&](syntax::ExprId id, core::Rounding inward) -> ExprId {
    Val v = lower(id, &type);
    if (bound && v.ok() && !v.interval && v.type.kind == type.kind && is_number(type.kind) && v.type.of == type.of && v.type.scale > type.scale)
      v = {emit(Op::round, type, static_cast<std::uint32_t>(inward), {v.id}), type};
    // Months or days: as the clause counts.
    if (type.kind == Kind::duration && v.ok() && v.type.kind == Kind::duration) return v.id;
    return demand(v, type, (*ast_)[id].span);
  };
  if (bound && bound->kind != syntax::BoundKind::in) {
    rule.form = bound->kind == syntax::BoundKind::at_most ? ParamForm::at_most : ParamForm::at_least;
    rule.in_principle = bound->in_principle;
    (rule.form == ParamForm::at_most ? rule.hi : rule.lo) = end(bound->value, rule.form == ParamForm::at_most ? core::Rounding::down : core::Rounding::up);
    return rule;
  }
  const syntax::Range* r = bound ? &bound->range : range ? &*range : nullptr;
  if (r) {
    rule.form = ParamForm::range;
    rule.in_principle = bound && bound->in_principle;
    if (r->lo.valid()) rule.lo = end(r->lo, core::Rounding::up);
    if (r->hi.valid()) rule.hi = end(r->hi, core::Rounding::down);
    if (r->lo.valid() && r->hi.valid() && r->lo == r->hi) rule.form = ParamForm::exact, rule.hi = none;
    const Cell *lo = constant_of(rule.lo), *hi = constant_of(rule.hi);
    if (lo && hi && this->type(rule.lo) == this->type(rule.hi)) runs_upward(lo->lo, hi->hi, span_of(*r));
    return rule;
  }
  if (!value.valid()) { error(Code::not_a_constant, span); return rule; }
  if ((*ast_)[value].kind == syntax::ExprKind::unstated) {
    rule.form = ParamForm::unstated;
    return rule;
  }
  rule.form = ParamForm::exact;
  rule.lo = end(value, core::Rounding::down);
  return rule;
}

// What a clause imposes stays within the range that the remedy declares for all clauses.
void Checker::within_declared(const RemedyParam& param, const ParamRule& rule, Span span) {
  for (const ExprId end : {rule.lo, rule.hi})
    if (const Cell* c = end == none ? nullptr : constant_of(end); c && c->lo == c->hi && (c->lo < param.range_lo || c->lo > param.range_hi)) {
      error(Code::out_of_range, span, {param.label.empty() ? param.id : param.label, std::string(project_.sources->text(span))});
      return;
    }
}

std::optional<Source> Checker::target_of(const Remedy& remedy, const syntax::RemedyCall& call, const Scope&) {
  Source source;
  if (call.against.given()) {
    auto found = rows_of_path(call.against, false);
    if (!found) {
      return std::nullopt;
    }
    if (found->entity == none) found->entity = found->whole;
    if (found->entity != remedy.target) {
      error(Code::type_mismatch, call.against.span, {schema_.entities[found->entity].id, schema_.entities[remedy.target].id});
      return std::nullopt;
    }
    return found;
  }
  const auto ref = row_of(remedy.target);
  if (!ref) {
    error(Code::no_target, call.span, {remedy.label.empty() ? remedy.id : remedy.label, schema_.entities[remedy.target].label.empty() ? schema_.entities[remedy.target].id : schema_.entities[remedy.target].label});
    return std::nullopt;
  }
  source.start = *ref;
  source.entity = remedy.target;
  return source;
}

void Checker::lower_call_to_ground(std::uint32_t, const Scope& scope, core::Ground ground, const syntax::RemedyCall& call) {
  const auto id = find_remedy(call.remedy.text());
  if (!id) {
    std::vector<std::string> candidates;
    for (const auto& r : schema_.remedies) candidates.push_back(r.id), candidates.push_back(r.label);
    unknown(Code::unknown_remedy, call.remedy.span, call.remedy.text(), candidates);
    return;
  }
  const Remedy remedy = schema_.remedies[*id];
  ground.remedy = *id;
  const auto target = target_of(remedy, call, scope);
  if (!target) return;
  ground.target = *target;
  ground.params.resize(remedy.params.size());
  for (const auto& arg : call.args) {
    std::size_t p = 0;
    while (p < remedy.params.size() && remedy.params[p].id != arg.name.text && remedy.params[p].label != arg.name.text) ++p;
    if (p == remedy.params.size()) {
      std::vector<std::string> candidates;
      for (const auto& param : remedy.params) candidates.push_back(param.id), candidates.push_back(param.label);
      unknown(Code::unknown_column, arg.name.span, arg.name.text, candidates, {remedy.id});
      continue;
    }
    ground.params[p] = param_rule(remedy.params[p].type, arg.value, std::nullopt, arg.bound ? &*arg.bound : nullptr, arg.span);
    within_declared(remedy.params[p], ground.params[p], arg.span);
  }
  if (call.bound) {
    if (remedy.params.size() != 1) error(Code::wrong_argument_count, call.bound->span, {remedy.id, "1", std::to_string(remedy.params.size())});
    else {
      ground.params[0] = param_rule(remedy.params[0].type, {}, std::nullopt, &*call.bound, call.bound->span);
      within_declared(remedy.params[0], ground.params[0], call.bound->span);
    }
  }
  const Type date = type_of(Kind::date), duration = type_of(Kind::duration);
  for (const auto& time : call.times) {
    const bool length = time.kind == syntax::TimeKind::for_;
    ParamRule rule = param_rule(length ? duration : date, time.value, time.range, nullptr, time.span);
    rule.in_principle = time.in_principle;
    if (length) {
      ground.length = rule;
    } else if (time.kind == syntax::TimeKind::from) {
      ground.from = rule;
      for (const ExprId e : {rule.lo, rule.hi}) counting_of(e, ground.start_counted_by);
    } else {
      for (const ExprId e : {rule.lo, rule.hi}) counting_of(e, ground.end_counted_by);
      if (time.kind == syntax::TimeKind::through) {
        const ExprId one = constant(known(1), type_of(Kind::duration, none, duration_kind::days));
        for (ExprId* e : {&rule.lo, &rule.hi}) if (*e != none) *e = emit(Op::shift, date, none, {*e, one});
      }
      ground.until = rule;
    }
  }
  // A term that only has a length and a start ends where the counting says.
  if (ground.until.form == ParamForm::absent && ground.from.form != ParamForm::absent && (ground.length.form == ParamForm::exact || ground.length.form == ParamForm::range))
    ground.end_counted_by = schema_.agreements[0].counting;
  program_.grounds.push_back(std::move(ground));
}

// --- All nodes, in order

void Checker::lower_nodes() {
  // An item that a case file may say to hold is listed where its head is not in hand, whether or not another clause asks for it.
  for (std::uint32_t node = 0; node < tree_.nodes().size(); ++node) {
    if (tree_[node].status != document::TextStatus::elsewhere || !numbered(tree_[node])) continue;
    const auto& beside = tree_[tree_[node].parent].children;
    const bool headless = std::any_of(beside.begin(), beside.end(), [&](const auto n) {
      return tree_[n].path.back().level == syntax::Level::head && tree_[n].status == document::TextStatus::elsewhere;
    });
    EntityId entity = none;
    ColumnId column = none;
    if (headless) proposition(node, entity, column, tree_[node].span);
  }
  for (std::uint32_t node = 0; node < tree_.nodes().size(); ++node) {
    std::size_t rules = 0;
    each_statement<syntax::Rule>(*agreement_ast_, tree_[node], [&](const auto&, const auto&) { ++rules; });
    for (const auto& placed : tree_[node].statements) {
      const syntax::Stmt& stmt = (*agreement_ast_)[placed.stmt];
      const auto* rule = std::get_if<syntax::Rule>(&stmt.what);
      const auto* duty = std::get_if<syntax::Duty>(&stmt.what);
      const auto* require = std::get_if<syntax::Require>(&stmt.what);
      const auto* report = std::get_if<syntax::Report>(&stmt.what);
      const auto* exception = std::get_if<syntax::Exception>(&stmt.what);
      if (!rule && !duty && !require && !report && !exception) continue;
      const Scope scope = scope_of(placed.scope);
      if (scope.entity == none && !report) {
        if (!placed.scope.valid()) error(Code::no_scope, stmt.span);
        continue;
      }
      frames_.clear();
      if (scope.entity != none) frames_ = {scope.frame};
      slots_ = 0, ast_ = agreement_ast_, node_ = node;
      if (rule) lower_rule(node, scope, *rule, rules == 1);
      if (duty) lower_duty(node, scope, *duty, stmt.span);
      if (require) lower_require(node, scope, *require);
      if (report) lower_report(node, scope, *report, stmt.span);
      if (exception) lower_exception(node, scope, *exception);
      frames_.clear();
    }
  }
}

}  // namespace tiao::check
