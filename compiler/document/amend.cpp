// Supplements at work on the tree of the text that they amend.
#include <algorithm>

#include "compiler/document/tree.hpp"

namespace tiao::document {

using syntax::Level;
using syntax::Segment;

/// Where in a supplement we are: its own address so far, the days that hold for what stands here, the rows that it is about.
struct Tree::Walk {
  std::uint32_t supplement = 0;
  std::vector<Segment> path;
  std::vector<syntax::InForce> in_force;
  syntax::StmtId scope;
};

namespace {

bool is_amendment(const syntax::StmtBody& what) {
  return std::holds_alternative<syntax::Insert>(what) || std::holds_alternative<syntax::Replace>(what) || std::holds_alternative<syntax::Append>(what) ||
         std::holds_alternative<syntax::Repeal>(what) || std::holds_alternative<syntax::Renumber>(what);
}

// What may stand in a supplement beside its operations: words and blanks, which the amended text then has.
bool is_declaration(const syntax::StmtBody& what) {
  return std::holds_alternative<syntax::ExtendDecl>(what) || std::holds_alternative<syntax::EntityDecl>(what) || std::holds_alternative<syntax::RemedyDecl>(what) ||
         std::holds_alternative<syntax::EnumDecl>(what) || std::holds_alternative<syntax::PeriodDecl>(what) || std::holds_alternative<syntax::Parameter>(what) ||
         std::holds_alternative<syntax::Reading>(what) || std::holds_alternative<syntax::Table>(what) || std::holds_alternative<syntax::Define>(what) ||
         std::holds_alternative<syntax::StatusLine>(what) || std::holds_alternative<syntax::SubjectLine>(what) || std::holds_alternative<syntax::ConventionLine>(what);
}

// What counts for the whole text wherever it stands in it.
bool is_of_the_text(const syntax::StmtBody& what) {
  const auto* force = std::get_if<syntax::InForce>(&what);
  const auto* applies = std::get_if<syntax::Applies>(&what);
  return is_declaration(what) || std::holds_alternative<syntax::Group>(what) || std::holds_alternative<syntax::Ledger>(what) || std::holds_alternative<syntax::Timeline>(what) ||
         std::holds_alternative<syntax::Stages>(what) || std::holds_alternative<syntax::Report>(what) || (force && force->throughout) || (applies && applies->throughout);
}

}  // namespace

void Tree::amend(const syntax::Ast& ast, std::uint32_t supplement, diag::Diagnostics& diagnostics) {
  const syntax::SupplementDecl& decl = *supplements_[supplement].decl;
  Walk at;
  at.supplement = supplement;
  for (const auto id : decl.body)   // the header's days hold for the whole supplement, wherever the line stands
    if (const auto* force = std::get_if<syntax::InForce>(&ast[id].what)) {
      at.in_force.push_back(*force);
      if (force->from.valid() && ast[force->from].kind == syntax::ExprKind::date) supplements_[supplement].from = order_of(ast[force->from].date);
    }
  walk(ast, decl.body, at, diagnostics);
}

void Tree::walk(const syntax::Ast& ast, const std::vector<syntax::StmtId>& body, Walk at, diag::Diagnostics& diagnostics) {
  for (const auto id : body) {
    const syntax::Stmt& stmt = ast[id];
    if (const auto* node = std::get_if<syntax::Node>(&stmt.what)) {
      Walk inner = at;
      inner.path.insert(inner.path.end(), node->addresses.front().lo.segments.begin(), node->addresses.front().lo.segments.end());
      if (node->in_force) inner.in_force.push_back(*node->in_force);
      walk(ast, node->body, inner, diagnostics);
    } else if (std::holds_alternative<syntax::ForEach>(stmt.what)) {
      at.scope = id;
    } else if (is_amendment(stmt.what)) {
      apply(ast, id, at, diagnostics);
    } else if (is_declaration(stmt.what)) {
      nodes_[0].statements.push_back({id, at.scope});
    } else if (std::holds_alternative<syntax::InForce>(stmt.what)) {
      if (!at.path.empty()) at.in_force.push_back(std::get<syntax::InForce>(stmt.what));
    } else if (!std::holds_alternative<syntax::Recorded>(stmt.what)) {   // text of the supplement that changes nothing may be recorded
      diagnostics.add(diag::Code::misplaced_in_supplement, stmt.span);
    }
  }
}

// Nobody may touch what another supplement has touched unless it is clear which comes first.
bool Tree::touch(std::uint32_t node, const Walk& at, source::Span span, diag::Diagnostics& diagnostics, Others others) {
  std::vector<std::uint32_t> before = nodes_[node].ended_by;
  for (const std::uint32_t operation : {nodes_[node].put_by, nodes_[node].renumbered_by})
    if (operation != no_node) before.push_back(operation);
  for (const std::uint32_t operation : before) {
    const Operation& other = operations_[operation];
    const Supplement &mine = supplements_[at.supplement], &theirs = supplements_[other.supplement];
    const bool built_on = at.supplement != other.supplement && mine.decl->amends.text() == theirs.name;
    const bool later = at.supplement != other.supplement && mine.from && theirs.from && *theirs.from < *mine.from;
    if (built_on || later || (others == Others::of_other_supplements && at.supplement == other.supplement)) continue;
    auto& d = diagnostics.add(diag::Code::amended_twice, span, {nodes_[node].address});
    d.labels.push_back({other.span, diag::Code::other_operation, {}});
    return false;
  }
  return true;
}

void Tree::take_away(std::uint32_t node, std::uint32_t operation) {
  nodes_[node].ended_by.push_back(operation);
  Addresses& known = addresses();
  for (auto it = known.begin(); it != known.end();) it = under(it->second, node) ? known.erase(it) : std::next(it);
}

void Tree::put(const syntax::Ast& ast, const syntax::Node& written, OperationKind kind, const Walk& at, syntax::StmtId stmt, diag::Diagnostics& diagnostics) {
  const source::Span span = ast[stmt].span;
  const syntax::Address& target = written.addresses.front().lo;
  const std::string wanted = chinese_address(target.segments);
  if (written.addresses.size() > 1 || written.addresses.front().hi) {
    diagnostics.add(diag::Code::several_addresses, span);
    return;
  }
  const auto there = find(no_node, target.segments);
  std::uint32_t parent = 0;
  std::vector<Segment> heading = target.segments;
  std::uint32_t old = no_node;
  if (kind == OperationKind::replace) {
    if (!there) {
      auto& d = diagnostics.add(diag::Code::nothing_to_replace, target.span, {wanted});
      d.labels.push_back({nodes_[0].span, diag::Code::amended_text, {}});
      d.hint_args = {nearest(wanted)};
      d.hint = !d.hint_args[0].empty();
      return;
    }
    old = *there;
    if (!touch(old, at, span, diagnostics)) return;
    parent = nodes_[old].parent;
    heading.assign(nodes_[old].path.begin() + static_cast<std::ptrdiff_t>(nodes_[parent].path.size()), nodes_[old].path.end());
  } else {
    if (there) {
      auto& d = diagnostics.add(diag::Code::insert_taken, target.span, {wanted});
      d.labels.push_back({nodes_[*there].span, diag::Code::stands_here, {}});
      return;
    }
    const std::vector<Segment> above(target.segments.begin(), target.segments.end() - 1);
    const auto holder = above.empty() ? std::optional<std::uint32_t>(0) : find(no_node, above);
    if (!holder) {
      const std::string missing = chinese_address(above);
      auto& d = diagnostics.add(diag::Code::nothing_to_insert_under, target.span, {wanted, missing});
      d.labels.push_back({nodes_[0].span, diag::Code::amended_text, {}});
      d.hint_args = {nearest(missing)};
      d.hint = !d.hint_args[0].empty();
      return;
    }
    parent = *holder;
    heading = {target.segments.back()};
    // Numbers follow on one another; a place that a repeal left empty may be filled again.
    const Segment& own = heading.back();
    std::uint32_t nearest_before = no_node;
    if (own.number > 1) {
      for (const auto child : nodes_[parent].children)
        if (nodes_[child].path.back().level == own.level && nodes_[child].path.back().number < own.number &&
            (nearest_before == no_node || nodes_[child].path.back().number > nodes_[nearest_before].path.back().number))
          nearest_before = child;
      if (nearest_before == no_node || nodes_[nearest_before].path.back().number + 1 != own.number) {
        auto& d = diagnostics.add(diag::Code::number_gap, target.span, {wanted, nearest_before == no_node ? nodes_[parent].address : nodes_[nearest_before].address});
        d.labels.push_back({nearest_before == no_node ? nodes_[parent].span : nodes_[nearest_before].span, diag::Code::stands_here, {}});
        return;
      }
    }
  }
  Operation operation{kind, at.supplement, chinese_address(at.path), wanted, no_node, at.in_force, span};
  const auto op = static_cast<std::uint32_t>(operations_.size());
  Addresses before;
  if (old != no_node) {
    before = addresses();
    operations_.push_back(operation);
    take_away(old, op);
  } else {
    operations_.push_back(operation);
  }
  const std::uint32_t id = add(ast, parent, heading, written, span, diagnostics);
  operations_[op].node = id;
  nodes_[id].label = written.label.value.empty() && old != no_node ? nodes_[old].label : written.label.value;
  nodes_[id].written = stmt;
  nodes_[id].scope = at.scope;
  nodes_[id].in_force = written.in_force;
  nodes_[id].residual_to = written.residual_to;
  nodes_[id].put_by = op;
  fill(ast, id, written.body, at.scope, diagnostics);
  if (written.body.empty()) diagnostics.add(diag::Code::empty_node, span, {nodes_[id].address});
  // What stands at the same address as before is the same thing, rewritten.
  if (old != no_node)
    for (const auto& [address, node] : addresses())
      if (under(node, id))
        if (const auto was = before.find(address); was != before.end() && under(was->second, old)) {
          nodes_[was->second].later = node;
          nodes_[node].earlier = was->second;
        }
}

void Tree::apply(const syntax::Ast& ast, syntax::StmtId id, const Walk& at, diag::Diagnostics& diagnostics) {
  const syntax::Stmt& stmt = ast[id];
  if (const auto* insert = std::get_if<syntax::Insert>(&stmt.what)) {
    put(ast, std::get<syntax::Node>(ast[insert->node].what), OperationKind::insert, at, insert->node, diagnostics);
  } else if (const auto* replace = std::get_if<syntax::Replace>(&stmt.what)) {
    put(ast, std::get<syntax::Node>(ast[replace->node].what), OperationKind::replace, at, replace->node, diagnostics);
  } else if (const auto* append = std::get_if<syntax::Append>(&stmt.what)) {
    syntax::Node node;   // text without a number of its own goes to the end of what it is added to
    syntax::Address end = append->to;
    end.segments.push_back({Level::tail, 0, end.span});
    node.addresses.push_back({end, std::nullopt, end.span});
    node.label = append->label, node.in_force = append->in_force, node.body = append->body;
    put(ast, node, OperationKind::append, at, id, diagnostics);
  } else if (const auto* gone = std::get_if<syntax::Repeal>(&stmt.what)) {
    repeal(*gone, at, stmt.span, diagnostics);
  } else if (const auto* moved = std::get_if<syntax::Renumber>(&stmt.what)) {
    renumber(ast, *moved, at, stmt.span, diagnostics);
  }
}

void Tree::repeal(const syntax::Repeal& written, const Walk& at, source::Span span, diag::Diagnostics& diagnostics) {
  for (const auto& range : written.addresses) {
    const std::uint32_t first = range.lo.segments.back().number, last = range.hi ? range.hi->segments.back().number : first;
    for (std::uint32_t n = first; n <= last && n - first <= 1000; ++n) {
      auto segments = range.lo.segments;
      segments.back().number = n;
      const auto node = find(no_node, segments);
      if (!node) {
        auto& d = diagnostics.add(diag::Code::nothing_to_repeal, range.span, {chinese_address(segments)});
        d.labels.push_back({nodes_[0].span, diag::Code::amended_text, {}});
        d.hint_args = {nearest(chinese_address(segments))};
        d.hint = !d.hint_args[0].empty();
        continue;
      }
      if (!touch(*node, at, range.span, diagnostics)) continue;
      operations_.push_back({OperationKind::repeal, at.supplement, chinese_address(at.path), nodes_[*node].address, *node, at.in_force, span});
      take_away(*node, static_cast<std::uint32_t>(operations_.size() - 1));
    }
  }
}

// The thing stays, its number changes, and with it the addresses of all that stands under it: it stands twice in the tree, by the
// old number until the day from which the operation counts, by the new one from then on.
void Tree::renumber(const syntax::Ast& ast, const syntax::Renumber& written, const Walk& at, source::Span span, diag::Diagnostics& diagnostics) {
  const auto &from = written.from.segments, &to = written.to.segments;
  const auto node = find(no_node, from);
  if (!node) {
    auto& d = diagnostics.add(diag::Code::nothing_to_replace, written.from.span, {chinese_address(from)});
    d.labels.push_back({nodes_[0].span, diag::Code::amended_text, {}});
    return;
  }
  const auto above = [](const std::vector<Segment>& path) { return chinese_address({path.begin(), path.end() - 1}); };
  if (from.back().level != to.back().level || above(from) != above(to)) {
    auto& d = diagnostics.add(diag::Code::renumber_moves, written.to.span, {chinese_address(from), chinese_address(to)});
    d.labels.push_back({nodes_[*node].span, diag::Code::stands_here, {}});
    return;
  }
  if (const auto taken = find(no_node, to)) {
    auto& d = diagnostics.add(diag::Code::insert_taken, written.to.span, {chinese_address(to)});
    d.labels.push_back({nodes_[*taken].span, diag::Code::stands_here, {}});
    d.hint = false;
    return;
  }
  // What an earlier operation of the same supplement wrote beneath it takes the new number with it.
  for (std::uint32_t n = 0; n < nodes_.size(); ++n)
    if (under(n, *node) && !touch(n, at, span, diagnostics, n == *node ? Others::any : Others::of_other_supplements)) return;
  const std::string target = nodes_[*node].address;
  const auto op = static_cast<std::uint32_t>(operations_.size());
  operations_.push_back({OperationKind::renumber, at.supplement, chinese_address(at.path), target, *node, at.in_force, span});
  const auto id = static_cast<std::uint32_t>(nodes_.size());
  twin(ast, *node, nodes_[*node].parent, static_cast<std::uint32_t>(nodes_[*node].path.size() - 1), to.back().number);
  std::vector<std::uint32_t> going_on;
  for (std::uint32_t n = id; n < nodes_.size(); ++n)
    if (known(nodes_[n].same_as)) going_on.push_back(n);
  take_away(*node, op);
  for (const auto n : going_on) addresses().emplace(nodes_[n].address, n);
  nodes_[id].renumbered_by = op;
  operations_[op].node = id;
}

bool Tree::known(std::uint32_t node) const {
  const auto hit = addresses().find(nodes_[node].address);
  return hit != addresses().end() && hit->second == node;
}

// Words and blanks that the thing declares are those of the whole text, and are not declared again.
void Tree::twin(const syntax::Ast& ast, std::uint32_t node, std::uint32_t parent, std::uint32_t depth, std::uint32_t number) {
  TreeNode copy = nodes_[node];
  const auto id = static_cast<std::uint32_t>(nodes_.size());
  copy.path[depth].number = number;
  copy.address = chinese_address(copy.path);
  copy.english = english_address(copy.path);
  copy.parent = parent;
  copy.children.clear();
  std::erase_if(copy.statements, [&](const Placed& placed) { return is_of_the_text(ast[placed.stmt].what); });
  copy.same_as = copy.earlier = node;
  if (copy.later != no_node) nodes_[copy.later].earlier = id;
  nodes_.push_back(std::move(copy));
  nodes_[node].later = id;
  nodes_[parent].children.push_back(id);
  for (const auto child : std::vector<std::uint32_t>(nodes_[node].children)) twin(ast, child, id, depth, number);
}

Tree::Validity Tree::validity(std::uint32_t node) const {
  Validity out;
  for (std::uint32_t n = node; n != no_node; n = nodes_[n].parent) {
    if (nodes_[n].put_by != no_node) out.begins.push_back(nodes_[n].put_by);
    if (nodes_[n].renumbered_by != no_node) out.begins.push_back(nodes_[n].renumbered_by);
    out.ends.insert(out.ends.end(), nodes_[n].ended_by.begin(), nodes_[n].ended_by.end());
  }
  return out;
}

bool Tree::repealed(std::uint32_t node) const { return nodes_[node].later == no_node && !validity(node).ends.empty(); }

// Nodes are numbered as a reader meets them: what was inserted stands at its place, what it replaced before it.
void Tree::in_document_order() {
  std::vector<std::uint32_t> order;
  order.reserve(nodes_.size());
  const auto visit = [&](const auto& self, std::uint32_t id) -> void {
    order.push_back(id);
    auto& children = nodes_[id].children;
    std::vector<std::uint32_t> kept, added;
    for (const auto child : children) (nodes_[child].put_by == no_node && nodes_[child].renumbered_by == no_node ? kept : added).push_back(child);
    for (const auto child : added) {
      const Segment& own = nodes_[child].path.back();
      auto place = kept.end();
      if (own.level != Level::tail)
        for (auto it = kept.begin(); it != kept.end(); ++it) {
          const Segment& other = nodes_[*it].path.back();
          if (other.level == own.level && other.number <= own.number) place = std::next(it);
        }
      kept.insert(place, child);
    }
    children = kept;
    for (const auto child : std::vector<std::uint32_t>(children)) self(self, child);
  };
  visit(visit, 0);
  std::vector<std::uint32_t> to(nodes_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) to[order[i]] = i;
  const auto moved = [&](std::uint32_t& id) { if (id != no_node) id = to[id]; };
  std::vector<TreeNode> nodes;
  nodes.reserve(order.size());
  for (const auto id : order) {
    TreeNode& n = nodes_[id];
    moved(n.parent), moved(n.earlier), moved(n.later), moved(n.same_as);
    for (auto& child : n.children) child = to[child];
    nodes.push_back(std::move(n));
  }
  nodes_ = std::move(nodes);
  for (auto& operation : operations_) moved(operation.node);
  for (auto& edition : editions_)
    for (auto& [address, id] : edition) id = to[id];
}

}  // namespace tiao::document
