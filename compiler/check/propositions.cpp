// Which rows a statement is about, and the own condition of a node as a column of those rows.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

bool Checker::numbered(const document::TreeNode& node) {
  const auto level = node.path.empty() ? syntax::Level::chapter : node.path.back().level;
  return level == syntax::Level::item || level == syntax::Level::subitem || level == syntax::Level::limb;
}

// --- Scopes

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

// --- Propositions

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
  if (chain_too_long(asked)) return false;
  const Link link(chain_);
  known.running = true;
  std::optional<Aside> aside(std::in_place, *this, agreement_ast_, node);
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
  each_statement<syntax::Rule>(*agreement_ast_, tree_[node], [&](const syntax::Rule& rule, const document::Placed& placed) {
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
      each_statement<syntax::Rule>(*agreement_ast_, tree_[child], [&](const auto&, const auto&) { has_rule = true; });
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
  aside.reset();
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

}  // namespace tiao::check
