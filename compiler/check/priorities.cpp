// What gives way to what: exceptions, overrides, and conflicts that nothing orders.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::CmpOp;
using core::Ground;
using core::Modality;
using core::ParamForm;
using core::ParamRule;

void Checker::declare_priorities(std::uint32_t node) {
  each_statement<syntax::Overrides>(*agreement_ast_, tree_[node], [&](const syntax::Overrides& o, const auto&) {
    for (const auto n : tree_.resolve(tree_[node].parent == document::no_node ? node : node, o.addresses, diagnostics_)) overridden_by_[n].push_back(node);
  });
  each_statement<syntax::Exception>(*agreement_ast_, tree_[node], [&](const syntax::Exception& x, const document::Placed& placed) {
    exceptions_.push_back({node, &x, placed.scope, (*agreement_ast_)[placed.stmt].span, tree_.resolve(node, x.to, diagnostics_)});
  });
}

// Rules that override each other in a circle would all be gone when all of them hold.
void Checker::circles_of_overrides() {
  struct Edge { std::uint32_t stronger, weaker; };
  std::vector<Edge> edges;
  for (const auto& [weaker, over] : overridden_by_)
    for (const auto stronger : over)
      if (!tree_.under(weaker, stronger)) edges.push_back({stronger, weaker});   // nothing overrides what stands in it
  // Is something that `a` overrides part of what `b` puts above others?
  const auto follows = [&](const Edge& a, const Edge& b) {
    return tree_.under(a.weaker, b.stronger) || (tree_.under(b.stronger, a.weaker) && !tree_.under(b.stronger, a.stronger));
  };
  std::vector<char> state(edges.size(), 0);   // 1 = on the path, 2 = done
  struct Step { std::size_t edge, next; };
  for (std::size_t start = 0; start < edges.size(); ++start) {
    if (state[start] != 0) continue;
    std::vector<Step> path{{start, 0}};
    state[start] = 1;
    while (!path.empty()) {
      auto& [edge, next] = path.back();
      while (next < edges.size() && (state[next] == 2 || !follows(edges[edge], edges[next]))) ++next;
      if (next == edges.size()) {
        state[edge] = 2;
        path.pop_back();
      } else if (state[next] == 1) {
        std::string text;
        for (auto at = std::find_if(path.begin(), path.end(), [&](const Step& s) { return s.edge == next; }); at != path.end(); ++at)
          text += tree_[edges[at->edge].stronger].address + " → ";
        const std::uint32_t first = edges[next].stronger;
        error(Code::cyclic_definition, tree_[first].span, {text + tree_[first].address}).hint = false;
        return;
      } else {
        const std::size_t further = next++;
        state[further] = 1;
        path.push_back({further, 0});
      }
    }
  }
}

// --- What makes a node's rules give way

// Exceptions that stand side by side in the text which they except do not except one another.
bool Checker::excepts(const ExceptionRule& x, std::uint32_t node, const ExceptionRule* other) const {
  if (&x == other || tree_.under(node, x.node)) return false;
  return std::any_of(x.to.begin(), x.to.end(), [&](std::uint32_t to) {
    return tree_.under(node, to) && (other == nullptr || to == node || !tree_.under(x.node, to));
  });
}

// Conditions under which what a node says gives way; `own`: what this exception in it says, as it bears on the node `ruled`. An
// exception that yields to another one to the same rule leaves that rule excepted all the same.
ExprId Checker::guards(std::uint32_t node, const Scope& scope, const ExceptionRule* own, std::uint32_t ruled) {
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  std::vector<ExprId> terms;
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent)
    if (const auto over = overridden_by_.find(n); over != overridden_by_.end())
      for (const auto stronger : over->second) {
        if (tree_.under(node, stronger)) continue;
        // What stands under an overridden node and is about other rows (the fees of a suspension) goes with the remedy itself.
        EntityId about = none;
        ColumnId c = none;
        bool excepting = false, of_ruled = false;
        for (const auto& x : exceptions_) {
          if (x.node != stronger) continue;
          excepting = true;
          of_ruled = of_ruled || (own != nullptr && ruled != node && excepts(x, ruled, nullptr));
        }
        if (of_ruled) continue;
        if (!excepting && !proposition(stronger, about, c, tree_[stronger].span)) continue;
        if (!excepting && n != node && about != scope.entity && !row_of(about)) continue;
        if (const ExprId p = stands(stronger, node, scope); p != none) terms.push_back(negation(p));
      }
  for (auto& exception : exceptions_)
    if (excepts(exception, node, own))
      if (const ExprId c = effective(exception, node, scope); c != none) terms.push_back(negation(c));
  frames_ = std::move(frames);
  return all(std::move(terms));
}

// A node that overrides others stands when its own condition holds and it is neither excepted nor out of force. That something
// still stronger overrides it makes no difference to those below.
ExprId Checker::stands(std::uint32_t stronger, std::uint32_t ruled, const Scope& scope) {
  std::vector<ExprId> ways;
  for (auto& exception : exceptions_)
    if (exception.node == stronger) ways.push_back(effective(exception, ruled, scope));
  if (!ways.empty()) return std::find(ways.begin(), ways.end(), none) == ways.end() ? any(std::move(ways)) : none;
  const ExprId own = proposition_on(stronger, none, tree_[stronger].span);
  if (own == none) return none;
  std::vector<ExprId> terms{own, applicable_beyond(stronger, ruled, scope)};
  for (auto& exception : exceptions_)
    if (excepts(exception, stronger, nullptr))
      if (const ExprId c = effective(exception, ruled, scope); c != none) terms.push_back(negation(c));
  return all(std::move(terms));
}

// An exception is effective when its condition holds, it is in force, and it does not itself give way. As seen from the rows in
// sight of what it excepts.
ExprId Checker::effective(ExceptionRule& x, std::uint32_t ruled, const Scope& scope) {
  if (x.running) {
    error(Code::cyclic_definition, x.span, {tree_[x.node].address + " → " + tree_[x.node].address}).hint = false;
    return none;
  }
  if (too_much_written_out(x.span)) return none;
  x.running = true;
  auto frames = std::move(frames_);
  const auto* ast = ast_;
  const auto at = node_;
  frames_ = {scope.frame};
  ast_ = agreement_ast_, node_ = x.node;
  const ExprId when = truth_value(x.written->when);
  ExprId where = none;   // of its own `for each`, unless that is about the very rows in sight
  if (const Scope& own = scope_of(x.scope); own.filter != none) {
    const auto& each = std::get<syntax::ForEach>((*agreement_ast_)[own.stmt].what);
    if (!(own.stmt == scope.stmt) && (own.entity == scope.entity || row_of(own.entity))) where = truth_value(each.where);
  }
  const ExprId out = when == none ? none : all({where, when, applicable_beyond(x.node, ruled, scope), guards(x.node, scope, &x, ruled)});
  frames_ = std::move(frames);
  ast_ = ast, node_ = at;
  x.running = false;
  return when != none && out == none ? truth_constant(true) : out;
}

// --- Exceptions of which neither gives way to the other

bool Checker::outranks(std::uint32_t stronger, std::uint32_t node) const {
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent)
    if (const auto over = overridden_by_.find(n); over != overridden_by_.end())
      for (const auto s : over->second)
        if (tree_.under(stronger, s) && !tree_.under(node, s)) return true;
  return false;
}

bool Checker::ranked(const ExceptionRule& a, const ExceptionRule& b) const {
  return outranks(a.node, b.node) || outranks(b.node, a.node) || excepts(a, b.node, &b) || excepts(b, a.node, &a);
}

// Is there a rule to which both are exceptions?
bool Checker::same_rules(const ExceptionRule& a, const ExceptionRule& b) const {
  for (const auto x : a.to)
    for (const auto y : b.to)
      if (tree_.under(x, y) || tree_.under(y, x)) return true;
  return false;
}

// Adds where two wordings of a value may differ; false when they differ for sure.
bool Checker::differing_values(const ParamRule& a, const ParamRule& b, std::vector<ExprId>& terms) {
  if (a.form != b.form) return false;
  for (const auto& [x, y] : {std::pair{a.lo, b.lo}, std::pair{a.hi, b.hi}}) {
    if (x == none || y == none || same_meaning(x, y)) {
      if ((x == none) != (y == none)) return false;
      continue;
    }
    if (program_.exprs[x].type != program_.exprs[y].type) return false;
    if (constant_of(x) && constant_of(y)) return false;
    terms.push_back(compare(CmpOp::is_not, x, y));
  }
  return true;
}

// When do two exceptions say different things? Their acts are compared one by one, as written.
std::optional<ExprId> Checker::difference(const ExceptionRule& a, const ExceptionRule& b) {
  const std::size_t acts = a.grounds_end - a.grounds;
  if (acts != b.grounds_end - b.grounds) return none;
  std::vector<ExprId> terms;
  for (std::size_t i = 0; i < acts; ++i) {
    const Ground x = program_.grounds[a.grounds + i], y = program_.grounds[b.grounds + i];
    const bool alike = x.remedy == y.remedy && x.modality == y.modality && x.actor == y.actor && x.in_principle == y.in_principle &&
                       (x.alternative == 0) == (y.alternative == 0) && x.scope == y.scope && same_meaning(x.target.start, y.target.start) &&
                       x.target.hops.size() == y.target.hops.size();
    if (!alike) return none;
    for (std::size_t h = 0; h < x.target.hops.size(); ++h)
      if (x.target.hops[h].kind != y.target.hops[h].kind || x.target.hops[h].entity != y.target.hops[h].entity || x.target.hops[h].column != y.target.hops[h].column) return none;
    for (const auto part : {&Ground::length, &Ground::from, &Ground::until})
      if (!differing_values(x.*part, y.*part, terms)) return none;
    for (std::size_t p = 0; p < x.params.size(); ++p)
      if (!differing_values(x.params[p], y.params[p], terms)) return none;
  }
  if (terms.empty()) return std::nullopt;
  return any(std::move(terms));
}

// Both effective with different outcomes: what the exception says is an error then, never a pick.
void Checker::set_against(ExceptionRule& x, ExceptionRule& other, ExprId differ) {
  if (x.grounds == x.grounds_end) return;
  const Scope scope = scope_of(x.scope), others = scope_of(other.scope);
  if (scope.entity == none || others.entity == none) return;
  frames_ = {scope.frame};
  slots_ = 0, ast_ = agreement_ast_, node_ = x.node;
  if (row_of(others.entity)) {
    const ExprId own = effective(x, x.node, scope), against = effective(other, x.node, scope);
    if (own != none && against != none) {
      const ExprId clear = emit(Op::conflict, boolean_type(), other.node, {all({own, against, differ})});
      for (std::size_t g = x.grounds; g < x.grounds_end; ++g) program_.grounds[g].own = all({program_.grounds[g].own, clear});
    }
  }
  frames_.clear();
}

void Checker::conflicts_of_exceptions() {
  for (std::size_t i = 0; i < exceptions_.size(); ++i)
    for (std::size_t j = i + 1; j < exceptions_.size(); ++j) {
      ExceptionRule &a = exceptions_[i], &b = exceptions_[j];
      if (!same_rules(a, b) || ranked(a, b)) continue;
      slots_ = 0, ast_ = agreement_ast_, node_ = a.node;
      const auto differ = difference(a, b);
      if (!differ) continue;
      const std::size_t errors = diagnostics_.error_count();
      set_against(a, b, *differ);
      set_against(b, a, *differ);
      if (*differ != none || diagnostics_.error_count() != errors || a.grounds == a.grounds_end || b.grounds == b.grounds_end) continue;
      const Ground &x = program_.grounds[a.grounds], &y = program_.grounds[b.grounds];
      if (x.scope != y.scope) continue;
      std::vector<ExprId> of_a, of_b;
      conjuncts(x.own, of_a), conjuncts(y.own, of_b);
      std::erase_if(of_a, [&](ExprId e) { return program_.exprs[e].op == Op::conflict; });
      std::erase_if(of_b, [&](ExprId e) { return program_.exprs[e].op == Op::conflict; });
      if (implies(of_a, of_b) || implies(of_b, of_a)) warn_of_conflict(b.node, b.span, a.node, a.span);
    }
}

// --- Duties to do and not to do the same

// `must R` beside `must not R` on one target: the engines find it per case; here only what is so in every case.
void Checker::conflicts_of_grounds() {
  const auto conditions = [&](const Ground& g) {
    std::vector<ExprId> out;
    for (const ExprId e : {g.scope_filter, g.applicable, g.own}) conjuncts(e, out);
    return out;
  };
  const auto always = [](const Ground& g) { return g.from.form == ParamForm::absent && g.until.form == ParamForm::absent; };
  for (const Ground& bar : program_.grounds) {
    if (bar.modality != Modality::must_not) continue;
    for (const Ground& other : program_.grounds) {
      const bool meets = other.remedy == bar.remedy && (other.modality == Modality::must || other.modality == Modality::automatic) && other.alternative == 0 &&
                         other.scope == bar.scope && other.target.hops.empty() && bar.target.hops.empty() && same_meaning(other.target.start, bar.target.start) &&
                         (other.actor == bar.actor || other.actor == none || bar.actor == none) && (always(other) || always(bar));
      if (!meets) continue;
      const auto a = conditions(bar), b = conditions(other);
      if (!implies(a, b) && !implies(b, a)) continue;
      const auto &first = other.cite < bar.cite ? other : bar, &second = other.cite < bar.cite ? bar : other;
      warn_of_conflict(second.cite, tree_[second.cite].span, first.cite, tree_[first.cite].span);
    }
  }
}

void Checker::warn_of_conflict(std::uint32_t node, Span span, std::uint32_t other, Span other_span) {
  auto& d = error(Code::certain_conflict, span, {tree_[node].address, tree_[other].address});
  d.labels.push_back({other_span, Code::other_clause, {}});
}

// --- What can be told from the wording alone

bool Checker::same_meaning(ExprId a, ExprId b) const {
  if (a == b) return true;
  if (a == none || b == none) return false;
  const core::Expr &x = program_.exprs[a], &y = program_.exprs[b];
  if (x.op != y.op || x.type != y.type || x.count != y.count) return false;
  if (x.op == Op::constant) return program_.constants[x.a] == program_.constants[y.a];
  if (x.a != y.a) return false;
  for (std::uint32_t i = 0; i < x.count; ++i)
    if (!same_meaning(program_.args[x.args + i], program_.args[y.args + i])) return false;
  return true;
}

void Checker::conjuncts(ExprId e, std::vector<ExprId>& out) const {
  if (e == none) return;
  const core::Expr& x = program_.exprs[e];
  if (x.op == Op::column && program_.exprs[program_.args[x.args]].op == Op::row)   // a node's own condition, on the row it is about
    for (const core::Computed& c : program_.computed)
      if (c.proposition && c.column == x.a && c.entity == entity_of(program_.args[x.args]) && program_.exprs[program_.args[x.args]].a == 0)
        return conjuncts(c.expr, out);
  if (x.op != Op::and_) return out.push_back(e);
  for (std::uint32_t i = 0; i < x.count; ++i) conjuncts(program_.args[x.args + i], out);
}

bool Checker::implies(const std::vector<ExprId>& stronger, const std::vector<ExprId>& weaker) const {
  return std::all_of(weaker.begin(), weaker.end(), [&](ExprId w) {
    return std::any_of(stronger.begin(), stronger.end(), [&](ExprId s) { return same_meaning(s, w); });
  });
}

}  // namespace tiao::check
