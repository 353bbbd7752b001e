// Duties, checks and reports: what a verdict says beside remedies.
#include "compiler/check/checker.hpp"

namespace tiao::check {

using core::CmpOp;

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
    counting_of(duty.due, duty.counted_by);
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
    each_statement<syntax::Duty>(*agreement_ast_, tree_[n], [&](const syntax::Duty& written, const document::Placed& placed) {
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

}  // namespace tiao::check
