// Every place outside the arguments of expressions that holds an expression.
#pragma once

#include "compiler/core/core.hpp"

namespace tiao::core {

/// Calls visit(ExprId&) for each, also where there is none. `P` is a Program, const or not.
template <class P, class F>
void for_each_reference(P& program, F visit) {
  auto source = [&](auto& s) {
    visit(s.start);
    for (auto& same : s.same) visit(same.key);
  };
  auto rule = [&](auto& r) {
    visit(r.lo);
    visit(r.hi);
  };
  for (auto& fold : program.folds) {
    source(fold.source);
    visit(fold.filter);
    visit(fold.value);
    visit(fold.if_none);
  }
  for (auto& membership : program.memberships) visit(membership);
  for (auto& computed : program.computed) visit(computed.expr);
  for (auto& ledger : program.ledgers) {
    visit(ledger.floor);
    visit(ledger.opens_at);
    for (auto* flows : {&ledger.entries, &ledger.credits})
      for (auto& flow : *flows) {
        source(flow.source);
        for (auto* e : {&flow.filter, &flow.amount, &flow.date, &flow.cap}) visit(*e);
      }
  }
  for (auto& timeline : program.timelines) {
    for (auto& on : timeline.on) {
      source(on.source);
      for (auto* e : {&on.filter, &on.state, &on.from, &on.until, &on.length}) visit(*e);
    }
    for (auto& overlap : timeline.overlaps) visit(overlap.way);
    for (auto& shorten : timeline.shorten) {
      source(shorten.source);
      for (auto* e : {&shorten.filter, &shorten.amount, &shorten.date}) visit(*e);
    }
  }
  for (auto& ground : program.grounds) {
    for (auto* e : {&ground.applicable, &ground.own, &ground.scope_filter}) visit(*e);
    source(ground.target);
    for (auto& param : ground.params) rule(param);
    for (auto* r : {&ground.length, &ground.from, &ground.until}) rule(*r);
  }
  for (auto& duty : program.duties)
    for (auto* e : {&duty.scope_filter, &duty.applicable, &duty.when, &duty.done, &duty.due, &duty.fulfilled, &duty.breached, &duty.pending}) visit(*e);
  for (auto& require : program.requires_)
    for (auto* e : {&require.scope_filter, &require.applicable, &require.condition}) visit(*e);
  for (auto& report : program.reports) visit(report.expr);
  for (auto& applicability : program.applicabilities) visit(applicability.expr);
}

}  // namespace tiao::core
