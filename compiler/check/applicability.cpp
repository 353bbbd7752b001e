// When a node applies at all: in force, applies, activate.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::CmpOp;

ExprId Checker::force_condition(const syntax::InForce& force, const Scope& scope) {
  ExprId day = edition_ ? constant(known(*edition_), type_of(Kind::date)) : as_of();
  if (!edition_ && edition_by_.given() && edition_by_.segments.size() == 2)
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

std::vector<Checker::Limit> Checker::limits_of(std::uint32_t node) const {
  std::vector<Limit> out;
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n)
    each_statement<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) {
      if (force.throughout || tree_.under(node, n)) out.push_back({&force, false, 0});
    });
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent)
    if (tree_[n].in_force) out.push_back({&*tree_[n].in_force, false, 0});
  out.push_back({nullptr, true, 0});
  for (std::size_t i = 0; i < applies_.size(); ++i) {
    const Applies& a = applies_[i];
    const bool switched = std::any_of(a.switches.begin(), a.switches.end(), [&](const auto n) { return tree_.under(node, n); });
    if (!a.switches.empty() ? switched : a.throughout ? !tree_.under(node, a.node) : tree_.under(node, a.node)) out.push_back({nullptr, false, i});
  }
  return out;
}

ExprId Checker::limit_condition(const Limit& limit, std::uint32_t node, const Scope& scope) {
  if (limit.force) return force_condition(*limit.force, scope);
  if (limit.text) return validity_condition(node, scope);
  // What is said of persons restricts only what is about persons.
  const auto ref = row_of(applies_[limit.applies].entity);
  return ref ? column(*ref, applies_[limit.applies].column) : none;
}

ExprId Checker::applicable(std::uint32_t node, const Scope& scope) { return applicable_beyond(node, document::no_node, scope); }

ExprId Checker::applicable_beyond(std::uint32_t node, std::uint32_t ruled, const Scope& scope) {
  auto frames = std::move(frames_);
  const bool alone = ruled == document::no_node;
  const std::vector<Limit> shared = alone ? std::vector<Limit>{} : limits_of(ruled);
  const auto same_days = [&] {
    const auto a = tree_.validity(node), b = tree_.validity(ruled);
    return a.begins == b.begins && a.ends == b.ends;
  };
  std::vector<ExprId> terms;
  for (const Limit& limit : limits_of(node)) {
    if (limit.text ? !alone && same_days() : std::find(shared.begin(), shared.end(), limit) != shared.end()) continue;
    frames_ = {scope.frame};
    terms.push_back(limit_condition(limit, node, scope));
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
    each_statement<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) { add(force); });
    if (tree_[n].in_force) add(*tree_[n].in_force);
    if (tree_[n].put_by != document::no_node)
      for (const auto& force : tree_.operations()[tree_[n].put_by].in_force) add(force);
  }
}

}  // namespace tiao::check
