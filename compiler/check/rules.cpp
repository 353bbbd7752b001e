// Statements of nodes: scopes, propositions, rules and their acts, duties, checks, reports, and what switches them on or off.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::CmpOp;
using core::ParamForm;
using core::ParamRule;
using core::Source;

namespace {

// The general rule by which terms are counted when an agreement names no other (start day not counted, corresponding day).
constexpr const char* civil_count = "民法典第二百条至第二百零四条";

template <class T, class F> void each(const syntax::Ast& ast, const document::TreeNode& node, F&& f) {
  for (const auto& placed : node.statements)
    if (const auto* what = std::get_if<T>(&ast[placed.stmt].what)) f(*what, placed);
}

}  // namespace

bool Checker::numbered(const document::TreeNode& node) {
  const auto level = node.path.empty() ? syntax::Level::chapter : node.path.back().level;
  return level == syntax::Level::item || level == syntax::Level::subitem || level == syntax::Level::limb;
}

// ── scopes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

Frame Checker::frame_of(EntityId entity, const std::string& alias) {
  Frame frame;
  const ExprId self = row(0, entity);
  if (schema_.entities[entity].origin != EntityOrigin::join) {
    frame.views.push_back({self, entity, alias});
    return frame;
  }
  std::size_t n = 0;   // conditions of nodes stand behind the path's own columns
  while (n < schema_.entities[entity].columns.size() && schema_.entities[entity].columns[n].type.kind == Kind::ref) ++n;
  for (std::size_t i = n; i-- > 0;) {
    const ExprId ref = column(self, static_cast<ColumnId>(i));
    frame.views.push_back({ref, entity_of(ref), i + 1 == n ? alias : ""});
  }
  return frame;
}

// `for each A.B.C`: the rows of A, and from each the ways to B and on to C.
std::optional<EntityId> Checker::join_of(const syntax::Path& path) {
  const std::string key = path.text();
  if (const auto hit = joins_.find(key); hit != joins_.end()) return hit->second;
  core::Join join;
  std::size_t i = 1;
  syntax::Path head = path;
  head.segments.resize(1);
  auto first = schema_.find_entity(path.segments[0].text);
  if (!first && path.segments.size() > 2) {
    head.segments = {path.segments[0], path.segments[1]};
    first = entity_of_path(head), i = 2;
  } else if (!first) {
    first = entity_of_path(head);
  }
  if (!first) return std::nullopt;
  join.first = *first;
  std::vector<EntityId> elements{*first};
  for (EntityId at = *first; i < path.segments.size();) {
    std::size_t used = 1;
    EntityId to = none;
    const auto hops = hops_from(at, path.segments, i, used, to, path.segments[i].span);
    if (!hops) {
      unknown(Code::unknown_column, path.segments[i].span, path.segments[i].text, {}, {schema_.entities[at].id});
      return std::nullopt;
    }
    for (const auto& hop : *hops) join.hops.push_back(hop), elements.push_back(hop.entity);
    at = to;
    i += used;
  }
  Entity e;
  e.id = "join:" + key, e.origin = EntityOrigin::join;
  for (std::size_t k = 0; k < elements.size(); ++k) {
    Column c;
    c.id = "row" + std::to_string(k), c.kind = ColumnKind::computed, c.type = type_of(Kind::ref, elements[k]);
    e.columns.push_back(c);
  }
  schema_.entities.push_back(std::move(e));
  join.entity = static_cast<EntityId>(schema_.entities.size() - 1);
  program_.joins.push_back(join);
  joins_[key] = join.entity;
  return join.entity;
}

Checker::Scope Checker::scope_of(syntax::StmtId id) {
  const std::uint32_t key = id.valid() ? id.index : none;
  if (const auto hit = scopes_.find(key); hit != scopes_.end()) return hit->second;
  Scope scope;
  scope.stmt = id;
  const auto* written = id.valid() ? std::get_if<syntax::ForEach>(&(*agreement_ast_)[id].what) : nullptr;
  if (!written) {
    scope.entity = default_scope_;
    if (default_scope_ != none) scope.frame = frame_of(default_scope_, "");
    return scopes_[key] = scope;
  }
  const bool single = written->path.segments.size() == 1 ||
                      (written->path.segments.size() == 2 && (ledgers_.count(written->path.segments[0].text) || timelines_.count(written->path.segments[0].text)));
  const auto entity = single ? entity_of_path(written->path) : join_of(written->path);
  if (!entity) return scopes_[key] = scope;
  scope.entity = *entity;
  scope.frame = frame_of(*entity, written->alias.text);
  scopes_[key] = scope;   // the filter may itself need the scope's definitions
  if (written->where.valid()) {
    auto frames = std::move(frames_);
    const auto slots = slots_;
    const auto* ast = ast_;
    frames_ = {scope.frame};
    slots_ = 0, ast_ = agreement_ast_;
    scope.filter = truth_value(written->where);
    frames_ = std::move(frames);
    slots_ = slots, ast_ = ast;
  }
  return scopes_[key] = scope;
}

// ── propositions ───────────────────────────────────────────────────────────────────────────────────────────────────────────

namespace {

// Does the condition rest on what other nodes say?
bool names_nodes(const syntax::Ast& ast, syntax::ExprId id) {
  const syntax::Expr& e = ast[id];
  if (e.kind == syntax::ExprKind::any_item || e.kind == syntax::ExprKind::all_items || e.kind == syntax::ExprKind::address) return true;
  return std::any_of(e.args.begin(), e.args.end(), [&](const auto a) { return names_nodes(ast, a); });
}

}  // namespace

// `any item, or any item of article 62 and …`: each such way to the head is a column of its own, so that a verdict can say by
// which items it came there.
ExprId Checker::way_to(ExprId condition, EntityId about) {
  auto& column_id = ways_[{about, condition}];
  if (column_id == 0) {
    Column c;
    c.id = "§" + tree_[node_].address + "#" + std::to_string(ways_.size()), c.kind = ColumnKind::computed, c.type = boolean_type();
    schema_.entities[about].columns.push_back(c);
    column_id = static_cast<ColumnId>(schema_.entities[about].columns.size() - 1);
    program_.computed.push_back({about, column_id, condition, node_, true});
  }
  return column(row(0, about), column_id);
}

ExprId Checker::rule_condition(const syntax::Rule& rule, EntityId about) {
  const syntax::Expr& written = (*ast_)[rule.when];
  ExprId when = none;
  if (written.kind == syntax::ExprKind::or_ && !rule.acts.empty() && names_nodes(*ast_, rule.when)) {
    std::vector<ExprId> terms;
    for (const auto a : written.args) {
      const ExprId x = truth_value(a);
      if (x == none) return none;
      terms.push_back((*ast_)[a].kind == syntax::ExprKind::and_ && names_nodes(*ast_, a) ? way_to(x, about) : x);
    }
    when = any(std::move(terms), &written);
  } else {
    when = truth_value(rule.when);
  }
  if (when == none || !rule.unless.valid()) return when;
  const ExprId unless = truth_value(rule.unless);
  return unless == none ? none : all({when, negation(unless)});
}

// A node's own condition as a column of the rows that it is about.
bool Checker::proposition(std::uint32_t node, EntityId& entity, ColumnId& column, Span asked) {
  auto& known = propositions_[node];
  if (known.running) {
    error(Code::cyclic_definition, asked, {tree_[node].address + " → " + tree_[node].address});
    return false;
  }
  if (known.failed) return false;
  if (known.entity != none) {
    entity = known.entity, column = known.column;
    return true;
  }
  known.running = true;
  auto frames = std::move(frames_);
  auto bound = std::move(bound_);
  const auto slots = slots_;
  const auto* ast = ast_;
  const auto at = node_;
  bound_.clear();
  slots_ = 0, ast_ = agreement_ast_, node_ = node;

  std::vector<ExprId> terms;
  EntityId about = none;
  bool bad = false, found = false;
  if (tree_[node].status == document::TextStatus::elsewhere) {   // what it says is not in hand: a case file may say that it holds
    const Scope scope = scope_of(tree_[node].scope);
    if (scope.entity == none || schema_.entities[scope.entity].origin != EntityOrigin::register_) {
      error(Code::no_scope, asked);
      bad = true;
    } else {
      Column held;
      held.id = "holds:" + tree_[node].address, held.kind = ColumnKind::finding, held.type = boolean_type();
      const ColumnId c = add_column(scope.entity, std::move(held), asked);
      found = true, about = scope.entity, bad = c == none;
      frames_ = {scope.frame};
      if (!bad) terms.push_back(all({scope.filter, in_text(node, scope), this->column(row(0, about), c)}));
    }
  }
  each<syntax::Rule>(*agreement_ast_, tree_[node], [&](const syntax::Rule& rule, const document::Placed& placed) {
    const Scope scope = scope_of(placed.scope);
    if (scope.entity == none) { if (!placed.scope.valid()) error(Code::no_scope, (*agreement_ast_)[placed.stmt].span); bad = true; return; }
    if (found && scope.entity != about) { error(Code::scopes_differ, (*agreement_ast_)[placed.stmt].span, {tree_[node].address, schema_.entities[about].id, schema_.entities[scope.entity].id}); bad = true; return; }
    found = true;
    about = scope.entity;
    frames_ = {scope.frame};
    const ExprId c = rule_condition(rule, about);
    bad |= c == none;
    terms.push_back(all({scope.filter, in_text(node, scope), c}));
  });
  if (!found && !bad)
    for (const auto child : tree_[node].children) {
      const auto status = tree_[child].status;
      if (status == document::TextStatus::recorded || (status == document::TextStatus::elsewhere && !numbered(tree_[child]))) continue;
      bool has_rule = !tree_[child].children.empty() || status == document::TextStatus::elsewhere;
      each<syntax::Rule>(*agreement_ast_, tree_[child], [&](const auto&, const auto&) { has_rule = true; });
      if (!has_rule) continue;
      EntityId e = none;
      ColumnId c = none;
      const bool ok = proposition(child, e, c, asked);
      ast_ = agreement_ast_, node_ = node;
      if (!ok) { bad = true; continue; }
      if (found && e != about) { error(Code::scopes_differ, asked, {tree_[child].address, schema_.entities[e].id, schema_.entities[about].id}); bad = true; continue; }
      found = true;
      about = e;
      terms.push_back(this->column(row(0, e), c));
    }
  if (!found && !bad) {
    error(Code::no_condition, asked, {tree_[node].address});
    bad = true;
  }
  ExprId condition = bad ? none : any(std::move(terms));
  if (!bad && !tree_[node].residual_to.empty()) {   // yields to every named item that is not itself a catch-all
    std::vector<ExprId> named;
    frames_ = {frame_of(about, "")};
    const auto yields_to = [&](std::uint32_t other) {
      if (other == node || !tree_[other].residual_to.empty() || tree_[other].status == document::TextStatus::recorded) return;
      const ExprId p = proposition_on(other, none, asked);
      bad |= p == none;
      named.push_back(p);
    };
    // An article that lists items is named for its items: its head is what follows from them.
    for (const auto other : tree_.resolve(node, tree_[node].residual_to, diagnostics_)) {
      const auto& children = tree_[other].children;
      if (tree_[other].path.back().level != syntax::Level::article || std::none_of(children.begin(), children.end(), [&](const auto c) { return numbered(tree_[c]); })) yields_to(other);
      else
        for (const auto child : children)
          if (numbered(tree_[child])) yields_to(child);
    }
    if (!bad) condition = all({condition, negation(any(std::move(named)))});
  }
  frames_ = std::move(frames);
  bound_ = std::move(bound);
  slots_ = slots, ast_ = ast, node_ = at;
  auto& entry = propositions_[node];
  entry.running = false;
  entry.failed = bad;
  if (bad) return false;
  Column c;
  c.id = "§" + tree_[node].address, c.kind = ColumnKind::computed, c.type = boolean_type();
  schema_.entities[about].columns.push_back(c);
  entry.entity = about;
  entry.column = static_cast<ColumnId>(schema_.entities[about].columns.size() - 1);
  if (condition == none) condition = truth_constant(true);
  program_.computed.push_back({about, entry.column, condition, node, true});
  entity = about, column = entry.column;
  return true;
}

ExprId Checker::proposition_on(std::uint32_t node, ExprId ref, Span asked) {
  EntityId entity = none;
  ColumnId c = none;
  if (!proposition(node, entity, c, asked)) return none;
  if (ref == none) {
    const auto found = row_of(entity);
    // Within a path's rows the row itself is slot 0.
    if (!found && schema_.entities[entity].origin == EntityOrigin::join && !frames_.empty()) return column(row(0, entity), c);
    if (!found) {
      error(Code::scopes_differ, asked, {tree_[node].address, schema_.entities[entity].id, frames_.empty() ? "-" : schema_.entities[frames_.back().views[0].entity].id});
      return none;
    }
    ref = *found;
  }
  while (entity_of(ref) != entity && schema_.entities[entity_of(ref)].parent != none) ref = parent(ref);
  if (entity_of(ref) != entity) {
    error(Code::scopes_differ, asked, {tree_[node].address, schema_.entities[entity].id, schema_.entities[entity_of(ref)].id});
    return none;
  }
  return column(ref, c);
}

// ── in force, applies, exceptions ───────────────────────────────────────────────────────────────────────────────────────────

ExprId Checker::force_condition(const syntax::InForce& force, const Scope& scope) {
  ExprId day = as_of();
  if (edition_by_.given() && edition_by_.segments.size() == 2)
    for (const RowView& view : scope.frame.views)
      for (ExprId ref = view.ref;; ref = parent(ref)) {   // the row's own date, where it has one
        const Entity& e = schema_.entities[entity_of(ref)];
        const std::string& name = edition_by_.segments[0].text;
        if (e.id == name || e.label == name)
          if (const auto c = e.find(edition_by_.segments[1].text)) { day = column(ref, *c); break; }
        if (e.parent == none) break;
      }
  const Type date = type_of(Kind::date);
  const ExprId from = demand(lower(force.from, &date), date, force.span);
  if (from == none) return none;
  std::vector<ExprId> terms{compare(CmpOp::at_least, day, from)};
  if (force.end != syntax::EndKind::none) {
    const Val v = lower(force.to);
    if (!v.ok()) return none;
    ExprId until = none;
    if (force.end == syntax::EndKind::for_) until = v.type.kind == Kind::duration ? emit(Op::shift, date, none, {from, v.id}) : demand(v, type_of(Kind::duration), force.span);
    else until = demand(v, date, force.span);
    if (until == none) return none;
    terms.push_back(compare(force.end == syntax::EndKind::through ? CmpOp::at_most : CmpOp::under, day, until));
  }
  return all(std::move(terms));
}

// On which days a node is part of the text: those on which the operations hold that put it there, and none that took it away.
ExprId Checker::validity_condition(std::uint32_t node, const Scope& scope) {
  const auto validity = tree_.validity(node);
  if (validity.begins.empty() && validity.ends.empty()) return none;
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  const auto holds = [&](std::uint32_t operation) {
    std::vector<ExprId> terms;
    for (const auto& force : tree_.operations()[operation].in_force) terms.push_back(force_condition(force, scope));
    const ExprId all_of = all(std::move(terms));
    return all_of == none ? truth_constant(true) : all_of;
  };
  std::vector<ExprId> terms;
  for (const auto operation : validity.begins) terms.push_back(holds(operation));
  for (const auto operation : validity.ends) terms.push_back(negation(holds(operation)));
  frames_ = std::move(frames);
  return all(std::move(terms));
}

// The same with the days that the node and those above it name themselves: an item that is not in force does not hold, whoever asks.
ExprId Checker::in_text(std::uint32_t node, const Scope& scope) {
  std::vector<ExprId> terms{validity_condition(node, scope)};
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent)
    if (tree_[n].in_force) terms.push_back(force_condition(*tree_[n].in_force, scope));
  frames_ = std::move(frames);
  return all(std::move(terms));
}

ExprId Checker::applicable(std::uint32_t node, const Scope& scope) {
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  std::vector<ExprId> terms;
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n)
    each<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) {
      if (force.throughout || tree_.under(node, n)) terms.push_back(force_condition(force, scope));
    });
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent) {
    if (tree_[n].in_force) terms.push_back(force_condition(*tree_[n].in_force, scope));
  }
  frames_ = {scope.frame};
  terms.push_back(validity_condition(node, scope));
  for (const Applies& a : applies_) {
    const bool switched = std::any_of(a.switches.begin(), a.switches.end(), [&](const auto n) { return tree_.under(node, n); });
    const bool reaches = !a.switches.empty() ? switched : a.throughout ? !tree_.under(node, a.node) : tree_.under(node, a.node);
    if (!reaches) continue;
    // What is said of persons restricts only what is about persons.
    if (const auto ref = row_of(a.entity)) terms.push_back(column(*ref, a.column));
  }
  frames_ = std::move(frames);
  return all(std::move(terms));
}

void Checker::lower_applicability() {
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n)
    for (const auto& placed : tree_[n].statements) {
      const auto* written = std::get_if<syntax::Applies>(&(*agreement_ast_)[placed.stmt].what);
      const auto* activate = std::get_if<syntax::Activate>(&(*agreement_ast_)[placed.stmt].what);
      if (!written && !activate) continue;
      const Scope scope = scope_of(placed.scope);
      if (scope.entity == none) { error(Code::no_scope, (*agreement_ast_)[placed.stmt].span); continue; }
      frames_ = {scope.frame};
      slots_ = 0, ast_ = agreement_ast_, node_ = n;
      const ExprId x = truth_value(written ? written->when : activate->when);
      frames_.clear();
      if (x == none) continue;
      Column c;
      c.id = "§applies:" + tree_[n].address+ (activate ? "#" + std::to_string(applies_.size()) : ""), c.kind = ColumnKind::computed, c.type = boolean_type();
      schema_.entities[scope.entity].columns.push_back(c);
      const auto id = static_cast<ColumnId>(schema_.entities[scope.entity].columns.size() - 1);
      program_.computed.push_back({scope.entity, id, x, n, false});
      std::vector<std::uint32_t> switches;
      if (activate) switches = tree_.resolve(n, activate->addresses, diagnostics_);
      if (activate && switches.empty()) continue;
      applies_.push_back({n, scope.entity, id, written && written->throughout, switches});
      if (written) program_.applicabilities.push_back({n, scope.entity, column(row(0, scope.entity), id)});
      for (const auto s : switches) program_.applicabilities.push_back({s, scope.entity, column(row(0, scope.entity), id)});
    }
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
    ast_ = agreement_ast_, node_ = n;
    const auto add = [&](const syntax::InForce& force) {
      const ExprId x = force_condition(force, Scope{});
      if (x != none) program_.applicabilities.push_back({n, none, x});
    };
    each<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) { add(force); });
    if (tree_[n].in_force) add(*tree_[n].in_force);
    if (tree_[n].put_by != document::no_node)
      for (const auto& force : tree_.operations()[tree_[n].put_by].in_force) add(force);
  }
}

// Conditions under which a node's rules give way: exceptions and what overrides it.
ExprId Checker::guards(std::uint32_t node, const Scope& scope) {
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  std::vector<ExprId> terms;
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent)
    if (const auto over = overridden_by_.find(n); over != overridden_by_.end())
      for (const auto stronger : over->second)
        if (!tree_.under(node, stronger)) {
          EntityId about = none;
          ColumnId c = none;
          if (!proposition(stronger, about, c, tree_[stronger].span)) continue;
          // What stands under an overridden node and is about other rows (the fees of a suspension) goes with the remedy itself.
          if (n != node && about != scope.entity && !row_of(about)) continue;
          const ExprId p = proposition_on(stronger, none, tree_[stronger].span);
          if (p != none) terms.push_back(negation(p));
        }
  for (const auto& exception : exceptions_)
    for (const auto to : exception.to)
      if (tree_.under(node, to) && !tree_.under(node, exception.node)) {
        const auto* ast = ast_;
        const auto at = node_;
        ast_ = agreement_ast_, node_ = exception.node;
        const ExprId c = truth_value(exception.written->when);
        ast_ = ast, node_ = at;
        if (c != none) terms.push_back(negation(c));
      }
  frames_ = std::move(frames);
  return all(std::move(terms));
}

bool Checker::rests_on_convention(syntax::ExprId id) const {
  if (!id.valid()) return false;
  const syntax::Expr& e = (*ast_)[id];
  if (e.by_convention) return true;
  for (const auto a : e.args) if (rests_on_convention(a)) return true;
  return e.rows.valid() && rests_on_convention((*ast_)[e.rows].where);
}

// ── rules ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

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
  std::vector<std::string> conventions;
  if (rests_on_convention(rule.when) || rests_on_convention(rule.unless)) conventions = schema_.agreements[0].conventions;
  lower_acts(node, scope, all({own, guards(node, scope)}), rule.acts, conventions);
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
    switch (act.modality) {
      case syntax::Modality::must: ground.modality = core::Modality::must; break;
      case syntax::Modality::must_not: ground.modality = core::Modality::must_not; break;
      case syntax::Modality::may: ground.modality = core::Modality::may; break;
      case syntax::Modality::automatically: ground.modality = core::Modality::automatic; break;
    }
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
      if (rule.form == ParamForm::exact || rule.form == ParamForm::range)
        if (std::find(ground.conventions.begin(), ground.conventions.end(), civil_count) == ground.conventions.end()) ground.conventions.push_back(civil_count);
    } else if (time.kind == syntax::TimeKind::from) {
      ground.from = rule;
    } else {
      if (time.kind == syntax::TimeKind::through) {
        const ExprId one = constant(known(1), type_of(Kind::duration, none, duration_kind::days));
        for (ExprId* e : {&rule.lo, &rule.hi}) if (*e != none) *e = emit(Op::shift, date, none, {*e, one});
      }
      ground.until = rule;
    }
  }
  program_.grounds.push_back(std::move(ground));
}

// ── duties, checks, reports ──────────────────────────────────────────────────────────────────────────────────────────────────

void Checker::lower_duty(std::uint32_t node, const Scope& scope, const syntax::Duty& written, Span span) {
  core::Duty duty;
  duty.cite = node;
  duty.scope = scope.entity;
  duty.scope_filter = scope.filter;
  duty.applicable = applicable(node, scope);
  duty.in_principle = written.in_principle;
  if (const auto actor = find_actor(written.actor)) duty.actor = *actor;
  if (written.when.valid() && (duty.when = truth_value(written.when)) == none) return;
  const Type date = type_of(Kind::date);
  if (written.due.valid()) {
    duty.done = demand(lower(written.done, &date), date, (*ast_)[written.done].span);
    duty.due = demand(lower(written.due, &date), date, (*ast_)[written.due].span);
    if (duty.done == none || duty.due == none) return;
    const ExprId late = compare(CmpOp::over, duty.done, duty.due);
    const ExprId not_done = compare(CmpOp::over, duty.done, as_of());
    duty.fulfilled = compare(CmpOp::at_most, duty.done, duty.due);
    duty.breached = all({late, compare(CmpOp::over, as_of(), duty.due)});
    duty.pending = all({not_done, compare(CmpOp::at_most, as_of(), duty.due)});
  } else {
    duty.done = truth_value(written.done);
    if (duty.done == none) return;
    duty.fulfilled = duty.done;
    duty.breached = negation(duty.done);
    duty.pending = truth_constant(false);
  }
  if (written.breach) {
    syntax::AddressRange range{*written.breach, std::nullopt, written.breach->span};
    if (!written.breach->agreement.given()) {
      const auto nodes = tree_.resolve(node, {range}, diagnostics_);
      if (!nodes.empty()) duty.breach_under = nodes.back();
    }
    duty.by_citation = written.route == syntax::BreachRoute::citation;
  }
  (void)span;
  program_.duties.push_back(duty);
}

ExprId Checker::breach(std::uint32_t node, Span asked) {
  std::vector<ExprId> terms;
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
    if (!tree_.under(n, node)) continue;
    each<syntax::Duty>(*agreement_ast_, tree_[n], [&](const syntax::Duty& written, const document::Placed& placed) {
      const Scope scope = scope_of(placed.scope);
      if (scope.entity == none || !row_of(scope.entity)) { error(Code::scopes_differ, asked, {tree_[n].address, scope.entity == none ? "-" : schema_.entities[scope.entity].id, "-"}); return; }
      // Written out here again rather than read from the duty: a duty is a result, not a column.
      const auto* ast = ast_;
      const auto at = node_;
      ast_ = agreement_ast_, node_ = n;
      const Type date = type_of(Kind::date);
      const ExprId when = written.when.valid() ? truth_value(written.when) : none;
      ExprId broken = none;
      if (written.due.valid()) {
        const ExprId done = demand(lower(written.done, &date), date, asked), due = demand(lower(written.due, &date), date, asked);
        if (done != none && due != none) broken = all({compare(CmpOp::over, done, due), compare(CmpOp::over, as_of(), due)});
      } else if (const ExprId done = truth_value(written.done); done != none) {
        broken = negation(done);
      }
      ast_ = ast, node_ = at;
      if (broken != none) terms.push_back(all({when, broken}));
    });
  }
  if (terms.empty()) {
    error(Code::no_condition, asked, {tree_[node].address});
    return none;
  }
  return any(std::move(terms));
}

void Checker::lower_require(std::uint32_t node, const Scope& scope, const syntax::Require& written) {
  core::Require require;
  require.cite = node;
  require.scope = scope.entity;
  require.scope_filter = scope.filter;
  require.applicable = applicable(node, scope);
  require.condition = truth_value(written.condition);
  require.message = written.otherwise.value;
  if (require.condition != none) program_.requires_.push_back(std::move(require));
}

void Checker::lower_report(std::uint32_t node, const Scope& scope, const syntax::Report& written, Span span) {
  core::Report report;
  report.cite = node;
  report.id = written.name.id, report.label = written.name.label;
  report.entity = scope.entity;
  const auto ledger = ledgers_.find(written.name.id);
  if (written.of.given()) {
    const auto e = entity_of_path(written.of);
    if (!e) return;
    report.entity = *e;
  } else if (!written.means.valid() && ledger != ledgers_.end()) {
    report.entity = program_.ledgers[ledger->second].owner;
  }
  if (report.entity == none) { error(Code::no_scope, span); return; }
  auto frames = std::move(frames_);
  frames_ = {report.entity == scope.entity ? scope.frame : frame_of(report.entity, "")};
  if (written.means.valid()) {
    const Val v = lower(written.means);
    if (v.interval) error(Code::type_mismatch, span, {"interval", "value"});
    report.expr = v.id;
  } else if (ledger != ledgers_.end()) {
    const auto& l = program_.ledgers[ledger->second];
    report.id = l.id, report.label = l.label;
    report.expr = emit(Op::balance_at, l.type, ledger->second, {row(0, l.owner), as_of()});
  } else if (const auto v = named_value(written.name.id, nullptr); v && v->ok() && !v->interval) {
    report.expr = v->id;
    const core::Expr& x = program_.exprs[v->id];
    if (x.op == Op::column) {
      const Column& c = schema_.entities[entity_of(program_.args[x.args])].columns[x.a];
      report.id = c.id, report.label = c.label;
    }
  } else if (!v) {
    unknown(Code::unknown_name, written.name.span, written.name.id, names_in_sight());
  }
  frames_ = std::move(frames);
  if (report.expr != none) program_.reports.push_back(std::move(report));
}

// ── all nodes, in order ──────────────────────────────────────────────────────────────────────────────────────────────────────

void Checker::declare_priorities(std::uint32_t node) {
  each<syntax::Overrides>(*agreement_ast_, tree_[node], [&](const syntax::Overrides& o, const auto&) {
    for (const auto n : tree_.resolve(tree_[node].parent == document::no_node ? node : node, o.addresses, diagnostics_)) overridden_by_[n].push_back(node);
  });
  each<syntax::Exception>(*agreement_ast_, tree_[node], [&](const syntax::Exception& x, const document::Placed& placed) {
    exceptions_.push_back({node, &x, placed.scope, tree_.resolve(node, x.to, diagnostics_)});
  });
}

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
    each<syntax::Rule>(*agreement_ast_, tree_[node], [&](const auto&, const auto&) { ++rules; });
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
      if (exception && !exception->acts.empty())
        if (const ExprId c = truth_value(exception->when); c != none) lower_acts(node, scope, c, exception->acts, {});
      frames_.clear();
    }
  }
}

}  // namespace tiao::check
