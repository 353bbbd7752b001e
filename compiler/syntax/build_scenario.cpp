// Scenarios: what is given, what is expected.
#include "compiler/syntax/builder.hpp"

namespace tiao::syntax {

Ident Builder::key(P::KeyContext* c) const {
    if (!c) return {};
    if (!c->STRING()) return ident(c);
    const Text quote = quoted(c->STRING());
    return {quote.value, quote.span};
}

StmtId Builder::scenario(P::ScenarioDeclContext* c) {
    Scenario out;
    out.title = quoted(c->STRING());
    out.of = path(c->path());
    out.as_of = date(c->DATE()->getSymbol());
    for (auto* item : c->scenarioBlock()->scenarioItem()) {
        if (item->given()) out.givens.push_back(given(item->given()));
        else out.expectations.push_back(expectation(item->expectation()));
    }
    return add(c, std::move(out));
}

Given Builder::given(P::GivenContext* c) {
    Given out;
    out.span = span(c);
    if (c->PARAMETER()) {
        out.kind = GivenKind::parameter;
        out.parameter = ident(c->ident());
        out.value = expression(c->expr());
        return out;
    }
    if (c->address()) {
        out.kind = GivenKind::holds;
        out.address = address(c->address());
        return out;
    }
    out.entity = path(c->path());
    if (c->OPEN()) {
        out.kind = GivenKind::open;
        out.of = key(c->openOf);
        return out;
    }
    out.key = key(c->rowKey);
    out.of = key(c->parentKey);
    for (auto* p : c->pairs()->pair()) out.pairs.push_back({ident(p->ident()), expression(p->expr()), span(p)});
    return out;
}

Expectation Builder::expectation(P::ExpectationContext* c) {
    Expectation out;
    out.span = span(c);
    if (c->expr()) out.where = expression(c->expr());
    if (c->citing()) out.citing = addresses(c->citing()->addresses());
    auto* e = c->expected();
    const auto calls = e->expectedCall();
    if (e->modality()) {
        Act act;
        act.span = span(e);
        if (e->actor) act.actor = path(e->actor);
        modality(e->modality(), act);
        out.act = std::move(act);
    }
    if (e->FLAG()) {
        out.kind = e->NO() ? ExpectKind::no_flag : ExpectKind::flag;
        out.message = quoted(e->STRING());
        if (e->ofKey()) out.of = key(e->ofKey()->key());
    } else if (e->FINDING()) {
        out.kind = e->NO() ? ExpectKind::no_finding : ExpectKind::finding;
        out.address = address(e->address());
    } else if (e->NO()) {
        out.kind = ExpectKind::no;
        out.call = expected_call(calls[0]);
    } else if (e->modality() && !e->UNDETERMINED()) {
        out.kind = ExpectKind::act;
        for (auto* call : calls) out.act->calls.push_back(expected_call(call));
    } else if (e->OUTCOME()) {
        out.kind = ExpectKind::outcome;
        out.name = e->ident() ? ident(e->ident()) : Ident{"undetermined", span(e->UNDETERMINED())};
    } else if (e->DUTY()) {
        out.kind = ExpectKind::duty;
        if (e->ofKey()) out.of = key(e->ofKey()->key());
        out.name = e->ident() ? ident(e->ident()) : Ident{"undetermined", span(e->UNDETERMINED())};
    } else if (e->UNDETERMINED()) {
        out.kind = ExpectKind::undetermined;
        if (!calls.empty()) out.call = expected_call(calls[0]);
        for (auto* p : e->needs) out.needs.push_back(path(p));
    } else if (e->REPORT()) {
        out.kind = ExpectKind::report;
        out.name = ident(e->ident());
        if (e->ofKey()) out.of = key(e->ofKey()->key());
        if (e->cmp()) {
            out.op = op(e->cmp());
            out.value = sum(e->sum());
        } else {
            out.range = range(e->interval());
        }
    } else {
        out.kind = ExpectKind::elsewhere;
        out.address = address(e->address());
    }
    return out;
}

}  // namespace tiao::syntax
