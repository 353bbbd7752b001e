// Nodes, rules, acts, duties and the other statements of an agreement.
#include "compiler/syntax/builder.hpp"

namespace tiao::syntax {

std::vector<StmtId> Builder::block(P::BlockContext* c) {
    std::vector<StmtId> out;
    for (auto* stmt : c->stmt()) out.push_back(statement(stmt));
    return out;
}

StmtId Builder::node(P::NodeContext* c) {
    Node out;
    auto lists = c->addresses();
    out.addresses = addresses(lists[0]);
    out.label = label(c->label());
    if (c->forceClause()) out.in_force = in_force(c->forceClause(), false, c->forceClause());
    out.residual_to = addresses(c->residual);
    out.braced = c->body()->block() != nullptr;
    out.body = body(c->body());
    return add(c, std::move(out));
}

InForce Builder::in_force(P::ForceClauseContext* c, bool throughout, antlr4::ParserRuleContext* whole) {
    InForce out;
    out.throughout = throughout;
    out.span = span(whole);
    out.from = sum(c->sum());
    if (auto* end = c->forceEnd()) {
        out.end = end->UNTIL() ? EndKind::until : end->THROUGH() ? EndKind::through : EndKind::for_;
        out.to = sum(end->sum());
    }
    return out;
}

namespace {

Modality modality_of(Builder::P::ModalityContext* c) {
    if (c->MUST_NOT()) return Modality::must_not;
    if (c->MAY()) return Modality::may;
    return c->AUTOMATICALLY() ? Modality::automatically : Modality::must;
}

}  // namespace

void Builder::modality(P::ModalityContext* c, Act& out) const {
    out.modality = modality_of(c);
    out.in_principle = c->IN_PRINCIPLE() != nullptr;
}

std::vector<Act> Builder::acts(const std::vector<P::ThenClauseContext*>& list) {
    std::vector<Act> out;
    for (std::size_t i = 0; i < list.size(); ++i)
        for (auto* c : list[i]->act()) {
            out.push_back(act(c));
            out.back().then_group = static_cast<std::uint32_t>(i);
        }
    return out;
}

Act Builder::act(P::ActContext* c) {
    Act out;
    out.span = span(c);
    if (c->ELSEWHERE()) {
        out.elsewhere = quoted(c->STRING());
        return out;
    }
    out.actor = path(c->path());
    modality(c->modality(), out);
    for (auto* call : c->remedyCall()) out.calls.push_back(remedy_call(call));
    return out;
}

RemedyCall Builder::remedy_call(P::RemedyCallContext* c) {
    RemedyCall out;
    out.span = span(c);
    out.remedy = path(c->path(0));
    out.args = arguments(c->arguments());
    if (c->bound()) out.bound = bound(c->bound());
    if (c->AGAINST()) out.against = path(c->path(1));
    for (auto* time : c->timeArg()) out.times.push_back(time_arg(time));
    return out;
}

RemedyCall Builder::expected_call(P::ExpectedCallContext* c) {
    RemedyCall out;
    out.span = span(c);
    out.remedy = path(c->path());
    out.args = arguments(c->arguments());
    if (c->bound()) out.bound = bound(c->bound());
    if (c->ofKey()) out.of_key = key(c->ofKey()->key());
    for (auto* time : c->timeArg()) out.times.push_back(time_arg(time));
    return out;
}

std::vector<Argument> Builder::arguments(P::ArgumentsContext* c) {
    std::vector<Argument> out;
    if (!c) return out;
    for (auto* arg : c->argument()) {
        Argument one;
        one.span = span(arg);
        one.name = ident(arg->ident());
        if (arg->expr()) one.value = expression(arg->expr());
        if (arg->bound()) one.bound = bound(arg->bound());
        out.push_back(std::move(one));
    }
    return out;
}

Bound Builder::bound(P::BoundContext* c) {
    Bound out;
    out.span = span(c);
    out.in_principle = c->IN_PRINCIPLE() != nullptr;
    if (c->interval()) {
        out.kind = BoundKind::in;
        out.range = range(c->interval());
    } else {
        out.kind = c->AT_MOST() ? BoundKind::at_most : BoundKind::at_least;
        out.value = sum(c->sum());
    }
    return out;
}

TimeArg Builder::time_arg(P::TimeArgContext* c) {
    TimeArg out;
    out.span = span(c);
    out.kind = c->FOR() ? TimeKind::for_ : c->FROM() ? TimeKind::from : c->UNTIL() ? TimeKind::until : TimeKind::through;
    if (c->interval()->RANGE()) out.range = range(c->interval());
    else out.value = sum(c->interval()->lo);
    out.in_principle = c->IN_PRINCIPLE() != nullptr;
    return out;
}

StmtId Builder::define(P::DefineContext* c) {
    Define out;
    out.name = name(c->named());
    if (c->params())
        for (auto* p : c->params()->param()) out.params.push_back(param(p));
    out.of = path(c->path());
    if (c->typeRef()) out.type = type(c->typeRef());
    out.means = expression(c->expr());
    return add(c, std::move(out));
}

StmtId Builder::duty(P::DutyContext* c) {
    Duty out;
    out.actor = path(c->path());
    if (c->when) out.when = expression(c->when);
    out.done = expression(c->done);
    if (c->due) out.due = sum(c->due);
    out.in_principle = c->IN_PRINCIPLE() != nullptr;
    if (c->address()) {
        out.breach = address(c->address());
        out.route = c->BY_WORDING() ? BreachRoute::wording : BreachRoute::citation;
    }
    return add(c, std::move(out));
}

StmtId Builder::parameter(P::ParameterContext* c) {
    Parameter out;
    out.name = name(c->named());
    out.type = type(c->typeRef());
    out.by = ident(c->ident());
    if (c->sum()) out.if_none = sum(c->sum());
    return add(c, std::move(out));
}

StmtId Builder::reading(P::ReadingContext* c) {
    Reading out;
    out.name = name(c->named());
    bool has_default = false;
    for (auto* choice : c->choice()) {
        const bool is_default = choice->DEFAULT() != nullptr;
        if (is_default && has_default) repeated(choice, P::DEFAULT);
        has_default = has_default || is_default;
        out.choices.push_back({name(choice->named()), is_default});
    }
    return add(c, std::move(out));
}

StmtId Builder::header_line(P::HeaderLineContext* c) {
    if (c->STATUS()) return add(c, StatusLine{ident(c->ident()), quoted(c->STRING())});
    if (c->conventionLine()) return convention(c->conventionLine());
    if (c->EDITION()) return add(c, c->STRING() ? EditionLine{quoted(c->STRING()), {}} : EditionLine{{}, path(c->path(0))});
    SubjectLine out;
    for (auto* p : c->path()) out.entities.push_back(path(p));
    return add(c, std::move(out));
}

StmtId Builder::amendment(P::AmendmentContext* c) {
    if (c->INSERT()) return add(c, Insert{node(c->node())});
    if (c->REPLACE()) return add(c, Replace{node(c->node())});
    if (c->REPEAL()) return add(c, Repeal{addresses(c->addresses())});
    if (c->RENUMBER()) return add(c, Renumber{address(c->from), address(c->to)});
    Append out;
    out.to = address(c->address(0));
    out.label = label(c->label());
    if (c->forceClause()) out.in_force = in_force(c->forceClause(), false, c->forceClause());
    out.body = body(c->body());
    return add(c, std::move(out));
}

// A statement and a body without braces take the same statements; the body takes fewer, so that a heading is never followed
// by something that reads like the next line of its parent.
template <class C>
StmtId Builder::common(C* c) {
    if (auto* r = c->rule_()) {
        Rule out;
        out.when = expression(r->expr(0));
        if (r->UNLESS()) out.unless = expression(r->expr(1));
        out.acts = acts(r->thenClause());
        return add(r, std::move(out));
    }
    if (auto* r = c->forEach()) return add(r, ForEach{path(r->path()), ident(r->ident()), condition(r->condition())});
    if (c->define()) return define(c->define());
    if (auto* r = c->recorded()) return add(r, Recorded{quoted(r->STRING())});
    if (auto* r = c->elsewhere()) return add(r, Elsewhere{quoted(r->STRING())});
    if (auto* r = c->applies()) return add(r, Applies{r->THROUGHOUT() != nullptr, expression(r->expr())});
    if (c->duty()) return duty(c->duty());
    if (auto* r = c->exceptionTo()) return add(r, Exception{addresses(r->addresses()), expression(r->expr()), acts(r->thenClause())});
    if (auto* r = c->overrides()) return add(r, Overrides{addresses(r->addresses())});
    if (auto* r = c->activate()) return add(r, Activate{addresses(r->addresses()), expression(r->expr())});
    if (auto* r = c->require()) return add(r, Require{expression(r->expr()), quoted(r->STRING())});
    if (auto* r = c->report()) return add(r, Report{name(r->named()), path(r->path()), r->expr() ? expression(r->expr()) : ExprId{}});
    if (c->table()) return table(c->table());
    if (c->group()) return group(c->group());
    if (c->ledger()) return ledger(c->ledger());
    if (c->timeline()) return timeline(c->timeline());
    if (c->stages()) return stages(c->stages());
    if (c->parameter()) return parameter(c->parameter());
    return reading(c->reading());
}

std::vector<StmtId> Builder::body(P::BodyContext* c) {
    if (c->block()) return block(c->block());
    return {common(c)};
}

StmtId Builder::statement(P::StmtContext* c) {
    if (c->node()) return node(c->node());
    if (auto* r = c->inForce()) return add(r, in_force(r->forceClause(), r->THROUGHOUT() != nullptr, r));
    if (c->amendment()) return amendment(c->amendment());
    if (c->headerLine()) return header_line(c->headerLine());
    if (c->extendDecl()) return extend(c->extendDecl());
    if (c->remedyDecl()) return remedy(c->remedyDecl());
    if (c->entityDecl()) return entity(c->entityDecl());
    if (c->factDecl()) return fact(c->factDecl());
    if (c->periodDecl()) return period(c->periodDecl());
    if (c->enumDecl()) return enumeration(c->enumDecl());
    return common(c);
}

}  // namespace tiao::syntax
