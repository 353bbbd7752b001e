// Declarations: vocabulary, agreements, supplements.
#include "compiler/syntax/builder.hpp"

namespace tiao::syntax {

StmtId Builder::declaration(P::DeclContext* c) {
    if (auto* r = c->useDecl()) return add(r, Use{path(r->path())});
    if (auto* r = c->actorDecl()) return add(r, ActorDecl{names(r->named())});
    if (auto* r = c->unitDecl()) return add(r, UnitDecl{name(r->named()), r->sum() ? sum(r->sum()) : ExprId{}});
    if (c->calendarDecl()) return calendar(c->calendarDecl());
    if (c->conventionLine()) return convention(c->conventionLine());
    if (c->enumDecl()) return enumeration(c->enumDecl());
    if (auto* r = c->conceptDecl()) return add(r, ConceptDecl{name(r->named())});
    if (c->periodDecl()) return period(c->periodDecl());
    if (c->entityDecl()) return entity(c->entityDecl());
    if (c->extendDecl()) return extend(c->extendDecl());
    if (c->remedyDecl()) return remedy(c->remedyDecl());
    if (auto* r = c->agreementDecl()) {
        AgreementDecl out;
        out.path = path(r->path());
        out.label = label(r->label());
        out.continued = r->CONTINUED() != nullptr;
        out.elsewhere = r->elsewhere() != nullptr;
        if (out.elsewhere) out.elsewhere_where = quoted(r->elsewhere()->STRING());
        out.body = block(r->block());
        return add(r, std::move(out));
    }
    if (auto* r = c->supplementDecl()) {
        SupplementDecl out;
        out.path = path(r->path(0));
        out.label = label(r->name);
        out.amends = path(r->path(1));
        out.title = label(r->title);
        out.body = block(r->block());
        return add(r, std::move(out));
    }
    return scenario(c->scenarioDecl());
}

StmtId Builder::convention(P::ConventionLineContext* c) {
    return add(c, ConventionLine{c->ident() ? ident(c->ident()) : Ident{}, quoted(c->STRING())});
}

StmtId Builder::calendar(P::CalendarDeclContext* c) {
    CalendarDecl out;
    out.name = name(c->named());
    for (auto* item : c->calendarBlock()->calendarItem()) {
        CalendarItem one;
        one.span = span(item);
        if (item->CITING()) {
            one.kind = CalendarItemKind::citing;
            one.source = quoted(item->STRING());
        } else if (item->FROM()) {
            one.kind = CalendarItemKind::extent;
            one.from = date(item->from);
            one.to = date(item->to);
            one.end = item->UNTIL() ? EndKind::until : EndKind::through;
        } else {
            one.kind = item->CLOSED() ? CalendarItemKind::closed : CalendarItemKind::works;
            for (auto* d : item->calendarDate()) {
                CalendarDate day;
                day.span = span(d);
                if (d->ident()) day.word = ident(d->ident());
                if (d->from) day.from = date(d->from);
                if (d->to) day.to = date(d->to);
                one.dates.push_back(std::move(day));
            }
        }
        out.items.push_back(std::move(one));
    }
    return add(c, std::move(out));
}

StmtId Builder::enumeration(P::EnumDeclContext* c) {
    auto all = names(c->named());
    EnumDecl out;
    out.name = std::move(all.front());
    out.ordered = c->ORDERED() != nullptr;
    out.values.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
    return add(c, std::move(out));
}

StmtId Builder::period(P::PeriodDeclContext* c) {
    return add(c, PeriodDecl{name(c->named()), sum(c->from), sum(c->to), c->UNTIL() ? EndKind::until : EndKind::through});
}

std::vector<StmtId> Builder::members(P::MemberBlockContext* c) {
    std::vector<StmtId> out;
    for (auto* m : c->member()) out.push_back(member(m));
    return out;
}

StmtId Builder::member(P::MemberContext* c) {
    if (auto* r = c->keyMember()) return add(r, KeyMember{name(r->named())});
    if (auto* r = c->belongsTo()) return add(r, BelongsTo{path(r->path())});
    if (auto* r = c->refersTo()) return add(r, RefersTo{path(r->path()), name(r->named())});
    if (auto* r = c->datedBy()) return add(r, DatedBy{path(r->path())});
    if (c->factDecl()) return fact(c->factDecl());
    return define(c->define());
}

StmtId Builder::entity(P::EntityDeclContext* c) { return add(c, EntityDecl{name(c->named()), members(c->memberBlock())}); }

StmtId Builder::extend(P::ExtendDeclContext* c) { return add(c, ExtendDecl{path(c->path()), members(c->memberBlock())}); }

StmtId Builder::fact(P::FactDeclContext* c) {
    FactDecl out;
    out.kind = c->FACT() ? FactKind::fact : c->FINDING() ? FactKind::finding : FactKind::judgment;
    out.name = name(c->named());
    if (c->typeRef()) out.type = type(c->typeRef());
    out.presumed = c->PRESUMED() != nullptr;
    out.by = idents(c->ident());
    return add(c, std::move(out));
}

StmtId Builder::remedy(P::RemedyDeclContext* c) {
    RemedyDecl out;
    out.name = name(c->named());
    out.of = path(c->path());
    for (auto* item : c->remedyBlock()->remedyItem()) {
        if (item->TAKES()) {
            out.takes.push_back({name(item->named()), type(item->typeRef()), span(item)});
        } else if (item->SEVERITY()) {
            if (out.severity) repeated(item, P::SEVERITY);
            out.severity = number(item->INT()->getSymbol());
        } else if (item->COMBINE()) {
            if (out.combine) repeated(item, P::COMBINE);
            const auto words = item->ident();
            out.combine = Combine{ident(item->policyWord()), words.empty() ? Ident{} : ident(words[0]), span(item)};
        } else if (item->INCLUDES()) {
            for (Ident& included : idents(item->ident())) out.includes.push_back(std::move(included));
        } else if (item->CHOSEN()) {
            if (out.chosen.given()) repeated(item, P::CHOSEN);
            out.chosen = path(item->path());
        } else {
            if (out.concept_.given()) repeated(item, P::CONCEPT);
            out.concept_ = ident(item->ident(0));
        }
    }
    return add(c, std::move(out));
}

}  // namespace tiao::syntax
