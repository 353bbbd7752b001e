// Tables, groups, ledgers, timelines and stages.
#include "compiler/syntax/builder.hpp"

namespace tiao::syntax {

StmtId Builder::table(P::TableContext* c) {
    Table out;
    out.name = name(c->named());
    out.params = idents(c->ident());
    out.hit = word_choice(c->wordChoice());
    out.columns = idents(c->tableBlock()->heading()->ident());
    for (auto* r : c->tableBlock()->row()) {
        TableRow row;
        row.span = span(r);
        for (auto* part : r->cell()) row.cells.push_back(cell(part));
        if (row.cells.size() != out.columns.size())
            diagnostics_.add(diag::Code::row_width, row.span, {std::to_string(row.cells.size()), std::to_string(out.columns.size())});
        out.rows.push_back(std::move(row));
    }
    return add(c, std::move(out));
}

Cell Builder::cell(P::CellContext* c) {
    Cell out;
    out.span = span(c);
    if (c->MINUS()) {
        out.kind = CellKind::any;
    } else if (c->OTHERWISE()) {
        out.kind = CellKind::otherwise;
    } else if (c->cmp()) {
        out.kind = CellKind::compare;
        out.op = op(c->cmp());
        out.value = sum(c->sum());
    } else if (c->set()) {
        out.kind = CellKind::set;
        for (auto* item : c->set()->expr()) out.items.push_back(expression(item));
    } else if (c->interval()->RANGE()) {
        out.kind = CellKind::range;
        out.range = range(c->interval());
    } else {
        out.kind = CellKind::value;
        out.value = sum(c->interval()->lo);
    }
    return out;
}

StmtId Builder::group(P::GroupContext* c) {
    Group out;
    out.name = name(c->named());
    out.from = path(c->path());
    out.per = idents(c->ident());
    for (auto* item : c->groupBlock()->groupItem()) out.defines.push_back(define(item->define()));
    return add(c, std::move(out));
}

StmtId Builder::ledger(P::LedgerContext* c) {
    Ledger out;
    out.name = name(c->named());
    out.of = path(c->path());
    bool floor = false;
    for (auto* item : c->ledgerBlock()->ledgerItem()) {
        LedgerItem one;
        one.span = span(item);
        one.kind = item->ENTER() ? LedgerItemKind::enter : item->CREDIT() ? LedgerItemKind::credit : item->FLOOR() ? LedgerItemKind::floor : LedgerItemKind::opens_at;
        one.amount = sum(item->sum(0));
        if (item->rows()) one.rows = rows(item->rows());
        one.dated = path(item->path());
        if (item->cap) one.cap = sum(item->cap);
        one.per = idents(item->ident());
        if (one.kind == LedgerItemKind::floor) {
            if (floor) repeated(item, P::FLOOR);
            floor = true;
        }
        out.items.push_back(std::move(one));
    }
    return add(c, std::move(out));
}

StmtId Builder::timeline(P::TimelineContext* c) {
    Timeline out;
    out.name = name(c->named());
    out.of = path(c->path());
    for (auto* item : c->timelineBlock()->timelineItem()) {
        if (item->STATES()) {
            if (!out.states.empty()) repeated(item, P::STATES);
            out.states = names(item->named());
        } else if (item->STARTS()) {
            if (out.starts.given()) repeated(item, P::STARTS);
            out.starts = ident(item->ident());
        } else if (item->ON()) {
            TimelineOn on;
            on.span = span(item);
            on.source = path(item->path());
            on.where = condition(item->condition());
            on.gives = sum(item->sum());
            for (auto* time : item->timeArg()) on.times.push_back(time_arg(time));
            out.on.push_back(std::move(on));
        } else if (item->OVERLAP()) {
            out.overlaps.push_back({ident(item->ident()), word_choice(item->wordChoice()), span(item)});
        } else if (item->SHORTEN()) {
            out.shortens.push_back({sum(item->sum()), rows(item->rows()), path(item->path()), span(item)});
        } else {
            if (out.floor) repeated(item, P::FLOOR);
            out.floor = sum(item->sum());
        }
    }
    if (out.states.empty()) missing(c, P::STATES);
    if (!out.starts.given()) missing(c, P::STARTS);
    return add(c, std::move(out));
}

StmtId Builder::stages(P::StagesContext* c) {
    Stages out;
    out.name = name(c->named());
    out.of = path(c->path());
    for (auto* item : c->stagesBlock()->stagesItem()) {
        if (item->STATES()) {
            if (!out.states.empty()) repeated(item, P::STATES);
            out.states = names(item->named());
        } else if (item->STARTS()) {
            if (out.starts.given()) repeated(item, P::STARTS);
            out.starts = ident(item->ident(0));
        } else if (item->ON()) {
            if (out.on.given()) repeated(item, P::ON);
            out.on = path(item->path());
            if (item->AS()) out.alias = ident(item->ident(0));
        } else {
            out.moves.push_back({ident(item->from), ident(item->to), expression(item->expr()), span(item)});
        }
    }
    if (out.states.empty()) missing(c, P::STATES);
    if (!out.starts.given()) missing(c, P::STARTS);
    if (!out.on.given()) missing(c, P::ON);
    return add(c, std::move(out));
}

}  // namespace tiao::syntax
