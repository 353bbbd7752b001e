// When a node applies at all: in force, applies, activate.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::CmpOp;

// A blank that nobody fills in but whoever compares the two texts.
void Checker::declare_switches(const AgreementRef& agreement) {
  earlier_ = agreement.earlier;
  if (!earlier_) return;
  const auto declare = [&](const std::string& id, const std::string& label) {
    tiao::Parameter p;
    p.id = id, p.label = label, p.type = boolean_type(), p.agreement = agreement.name;
    schema_.parameters.push_back(std::move(p));
    return static_cast<std::uint32_t>(schema_.parameters.size() - 1);
  };
  const bool other_day = earlier_->edition != edition_;
  for (const auto& operation : tree_.operations()) {
    const std::string& supplement = tree_.supplements()[operation.supplement].name;
    const auto& had = earlier_->supplements;
    const bool there = std::find(had.begin(), had.end(), supplement) != had.end();
    switches_.push_back(there && (!other_day || operation.in_force.empty()) ? none : declare("operation:" + std::to_string(switches_.size()), operation.address));
  }
  if (other_day) switch_of_days_ = declare("operation:days", agreement.label);
}

// What the later text says where the switch is on, what the earlier one said elsewhere.
ExprId Checker::either(std::uint32_t switched, ExprId after, ExprId before) {
  const ExprId on = emit(Op::parameter, boolean_type(), switched, {});
  const auto stated = [&](ExprId e) { return e == none ? truth_constant(true) : e; };
  return any({all({on, stated(after)}), all({negation(on), stated(before)})});
}

ExprId Checker::force_condition(const syntax::InForce& force, const Scope& scope) {
  const ExprId now = days_condition(force, scope, edition_);
  return switch_of_days_ == none || now == none ? now : either(switch_of_days_, now, days_condition(force, scope, earlier_->edition));
}

// On which days an operation of a supplement counts.
ExprId Checker::operation_condition(std::uint32_t operation, const Scope& scope) {
  const auto& written = tree_.operations()[operation];
  const auto on_days = [&](std::optional<std::int64_t> edition) {
    std::vector<ExprId> terms;
    for (const auto& force : written.in_force) terms.push_back(days_condition(force, scope, edition));
    return all(std::move(terms));
  };
  const ExprId now = on_days(edition_);
  if (switches_.empty() || switches_[operation] == none) return now;
  const auto& had = earlier_->supplements;
  const bool there = std::find(had.begin(), had.end(), tree_.supplements()[written.supplement].name) != had.end();
  return either(switches_[operation], now, there ? on_days(earlier_->edition) : truth_constant(false));
}

ExprId Checker::days_condition(const syntax::InForce& force, const Scope& scope, std::optional<std::int64_t> edition) {
  ExprId day = edition ? constant(known(*edition), type_of(Kind::date)) : as_of();
  if (!edition && edition_by_.given() && edition_by_.segments.size() == 2)
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
    const ExprId condition = operation_condition(operation, scope);
    return condition == none ? truth_constant(true) : condition;
  };
  std::vector<ExprId> terms;
  for (const auto operation : validity.begins) terms.push_back(holds(operation));
  for (const auto operation : validity.ends) terms.push_back(negation(holds(operation)));
  frames_ = std::move(frames);
  return all(std::move(terms));
}

// The same with what the node and those above it, up to the agreement, say of themselves: an item that is not in force or does not
// apply does not hold, whoever asks. What limits the whole agreement limits whoever asks too.
ExprId Checker::in_text(std::uint32_t node, const Scope& scope) {
  std::vector<ExprId> terms{validity_condition(node, scope)};
  auto frames = std::move(frames_);
  frames_ = {scope.frame};
  const auto within = [&](std::uint32_t n) { return tree_[n].parent != document::no_node; };
  for (std::uint32_t n = node; n != document::no_node; n = tree_[n].parent) {
    if (tree_[n].in_force) terms.push_back(force_condition(*tree_[n].in_force, scope));
    if (!within(n)) continue;
    each_statement<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) {
      if (!force.throughout) terms.push_back(force_condition(force, scope));
    });
  }
  for (std::size_t i = 0; i < applies_.size(); ++i) {
    const Applies& a = applies_[i];
    const bool own = a.switches.empty() && !a.throughout && within(a.node) && tree_.under(node, a.node);
    const bool switched = std::any_of(a.switches.begin(), a.switches.end(), [&](const auto n) { return tree_.under(node, n); });
    if (own || switched) terms.push_back(limit_condition({nullptr, false, i}, node, scope));
  }
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
    if (!a.switches.empty() ? switched : a.throughout ? !tree_.part_of(node, a.node) : tree_.under(node, a.node)) out.push_back({nullptr, false, i});
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

// First which nodes are limited, then by what: a condition may ask about items that are limited themselves.
void Checker::lower_applicability() {
  struct Condition { syntax::ExprId when; Scope scope; };
  std::vector<Condition> conditions;   // parallel to applies_
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n)
    for (const auto& placed : tree_[n].statements) {
      const auto* written = std::get_if<syntax::Applies>(&(*agreement_ast_)[placed.stmt].what);
      const auto* activate = std::get_if<syntax::Activate>(&(*agreement_ast_)[placed.stmt].what);
      if (!written && !activate) continue;
      const Scope scope = scope_of(placed.scope);
      if (scope.entity == none) { error(Code::no_scope, (*agreement_ast_)[placed.stmt].span); continue; }
      std::vector<std::uint32_t> switches;
      if (activate) switches = tree_.resolve(n, activate->addresses, diagnostics_);
      if (activate && switches.empty()) continue;
      Column c;
      c.id = "§applies:" + tree_[n].address + (activate ? "#" + std::to_string(applies_.size()) : ""), c.kind = ColumnKind::computed, c.type = boolean_type();
      schema_.entities[scope.entity].columns.push_back(c);
      applies_.push_back({n, scope.entity, static_cast<ColumnId>(schema_.entities[scope.entity].columns.size() - 1), written && written->throughout, switches});
      conditions.push_back({written ? written->when : activate->when, scope});
    }
  for (std::size_t i = 0; i < applies_.size(); ++i) {
    const Applies a = applies_[i];
    frames_ = {conditions[i].scope.frame};
    slots_ = 0, ast_ = agreement_ast_, node_ = a.node;
    const ExprId x = truth_value(conditions[i].when);
    frames_.clear();
    if (x == none) continue;
    program_.computed.push_back({a.entity, a.column, x, a.node, false});
    if (a.switches.empty()) program_.applicabilities.push_back({a.node, a.entity, column(row(0, a.entity), a.column)});
    for (const auto s : a.switches) program_.applicabilities.push_back({s, a.entity, column(row(0, a.entity), a.column)});
  }
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
    ast_ = agreement_ast_, node_ = n;
    const auto add = [&](const syntax::InForce& force) {
      const ExprId x = force_condition(force, Scope{});
      if (x != none) program_.applicabilities.push_back({n, none, x});
    };
    each_statement<syntax::InForce>(*agreement_ast_, tree_[n], [&](const syntax::InForce& force, const auto&) { add(force); });
    if (tree_[n].in_force) add(*tree_[n].in_force);
    for (const std::uint32_t operation : {tree_[n].put_by, tree_[n].renumbered_by})
      if (operation != document::no_node && !tree_.operations()[operation].in_force.empty())
        if (const ExprId x = operation_condition(operation, Scope{}); x != none) program_.applicabilities.push_back({n, none, x});
  }
}

}  // namespace tiao::check
