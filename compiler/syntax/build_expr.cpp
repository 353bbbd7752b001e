// Expressions. Lists joined by `and` and `or` stay flat; the parser's nesting limit bounds every recursion here.
#include "compiler/syntax/builder.hpp"

#include "compiler/syntax/parser.hpp"

#include <utility>

namespace tiao::syntax {

Expr Builder::make(ExprKind kind, antlr4::ParserRuleContext* c) const {
    Expr out;
    out.kind = kind;
    out.span = span(c);
    return out;
}

ExprId Builder::expression(P::ExprContext* c) {
    if (!c->IF()) return disjunction(c->disjunction());
    Expr out = make(ExprKind::conditional, c);
    for (auto* part : c->expr()) out.args.push_back(expression(part));
    return ast_.add(std::move(out));
}

ExprId Builder::disjunction(P::DisjunctionContext* c) {
    const auto parts = c->conjunction();
    if (parts.size() == 1) return conjunction(parts[0]);
    Expr out = make(ExprKind::or_, c);
    out.op_span = span(c->OR(0));
    for (auto* part : parts) out.args.push_back(conjunction(part));
    return ast_.add(std::move(out));
}

ExprId Builder::conjunction(P::ConjunctionContext* c) {
    const auto parts = c->negation();
    if (parts.size() == 1) return negation(parts[0]);
    Expr out = make(ExprKind::and_, c);
    out.op_span = span(c->AND(0));
    for (auto* part : parts) out.args.push_back(negation(part));
    return ast_.add(std::move(out));
}

ExprId Builder::negation(P::NegationContext* c) {
    if (!c->NOT()) return comparison(c->comparison());
    Expr out = make(ExprKind::not_, c);
    out.op_span = span(c->NOT());
    out.args = {negation(c->negation())};
    return ast_.add(std::move(out));
}

Op Builder::op(P::CmpContext* c) const {
    switch (c->getStart()->getType()) {
        case P::IS: case P::EQ: return Op::is;
        case P::IS_NOT: return Op::is_not;
        case P::AT_LEAST: return Op::at_least;
        case P::AT_MOST: return Op::at_most;
        case P::OVER: return Op::over;
        case P::UNDER: return Op::under;
        case P::BEFORE: return Op::before;
        case P::AFTER: return Op::after;
        case P::ON_OR_BEFORE: return Op::on_or_before;
        case P::ON_OR_AFTER: return Op::on_or_after;
        case P::CROSSES: return Op::crosses;
        default: return Op::none;
    }
}

ExprId Builder::comparison(P::ComparisonContext* c) {
    const auto sums = c->sum();
    const ExprId left = sum(sums[0]);
    if (c->children.size() == 1) return left;
    Expr out = make(ExprKind::compare, c);
    out.args = {left};
    out.by_convention = c->BY_CONVENTION() != nullptr;
    if (c->cmp()) {
        out.op = op(c->cmp());
        out.op_span = span(c->cmp());
        out.args.push_back(sum(sums[1]));
    } else if (c->set()) {
        out.kind = ExprKind::in_set;
        out.op_span = span(c->IN());
        for (auto* item : c->set()->expr()) out.args.push_back(expression(item));
    } else if (c->interval()) {
        out.op_span = span(c->IN());
        if (c->interval()->RANGE()) {
            out.kind = ExprKind::in_range;
            out.range = range(c->interval());
        } else {
            out.kind = ExprKind::in_period;
            out.args.push_back(sum(c->interval()->lo));
        }
    } else if (c->MEETS()) {
        out.kind = ExprKind::meets;
        out.op_span = span(c->MEETS());
        out.addresses = addresses(c->addresses());
    } else if (c->IS_SET()) {
        out.kind = ExprKind::is_set;
        out.op_span = span(c->IS_SET());
    } else {
        auto* word = c->IN_BOTTOM() ? c->IN_BOTTOM() : c->IN_TOP();
        out.kind = c->IN_BOTTOM() ? ExprKind::in_bottom : ExprKind::in_top;
        out.op_span = span(word);
        out.args.push_back(sum(sums[1]));
        out.rows = rows(c->rows());
        out.ties_included = c->TIES_INCLUDED() != nullptr;
    }
    return ast_.add(std::move(out));
}

Range Builder::range(P::IntervalContext* c) {
    Range out;
    out.span = span(c);
    if (c->lo) out.lo = sum(c->lo);
    if (!c->RANGE()) {
        out.hi = out.lo;
        return out;
    }
    if (c->hi) out.hi = sum(c->hi);
    const std::string_view sign = text(span(c->RANGE()));
    out.lo_exclusive = sign.starts_with('<');
    out.hi_exclusive = sign.ends_with('<');
    return out;
}

/// Arithmetic chains nest to the left in the tree, so they obey the nesting limit too.
bool Builder::too_long(std::size_t operators, Span where) {
    if (operators <= max_nesting) return false;
    diagnostics_.add(diag::Code::nesting_too_deep, where, {std::to_string(max_nesting)});
    return true;
}

ExprId Builder::sum(P::SumContext* c) {
    const auto parts = c->product();
    ExprId left = product(parts[0]);
    if (parts.size() > 1 && too_long(parts.size() - 1, span(c))) return left;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto* sign = static_cast<antlr4::tree::TerminalNode*>(c->children[2 * i - 1])->getSymbol();
        Expr out = make(sign->getType() == P::PLUS ? ExprKind::add : ExprKind::subtract, c);
        out.span.end = span(parts[i]).end;
        out.op_span = span(sign);
        out.args = {left, product(parts[i])};
        left = ast_.add(std::move(out));
    }
    return left;
}

ExprId Builder::product(P::ProductContext* c) {
    const auto parts = c->unary();
    ExprId left = unary(parts[0]);
    if (parts.size() > 1 && too_long(parts.size() - 1, span(c))) return left;
    // Operators and operands alternate, but for the `if none` that may follow a divisor.
    std::size_t next = 1;
    for (std::size_t at = 1; at < c->children.size() && next < parts.size(); ++at) {
        auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(c->children[at]);
        if (!terminal) continue;
        const auto* sign = terminal->getSymbol();
        Expr out = make(sign->getType() == P::STAR ? ExprKind::multiply : ExprKind::divide, c);
        out.span.end = span(parts[next]).end;
        out.op_span = span(sign);
        out.args = {left, unary(parts[next++])};
        if (at + 2 < c->children.size())
            if (auto* none = dynamic_cast<P::IfNoneContext*>(c->children[at + 2])) {
                out.if_none = sum(none->sum());
                out.span.end = span(none).end;
            }
        left = ast_.add(std::move(out));
    }
    return left;
}

ExprId Builder::unary(P::UnaryContext* c) {
    if (!c->MINUS()) return primary(c->primary());
    Expr out = make(ExprKind::negate, c);
    out.op_span = span(c->MINUS());
    out.args = {unary(c->unary())};
    return ast_.add(std::move(out));
}

ExprId Builder::quantity(P::QuantityContext* c) {
    Expr out = make(ExprKind::quantity, c);
    out.text = std::string(text(span(c->INT() ? c->INT() : c->DECIMAL())));
    if (c->PCT()) out.unit = "%";
    else if (c->WORKING_DAYS()) out.unit = "working days";
    else if (c->ident()) out.unit = std::string(text(span(c->ident())));
    if (c->unary()) out.args = {unary(c->unary())};
    return ast_.add(std::move(out));
}

ExprId Builder::primary(P::PrimaryContext* c) {
    if (c->quantity()) return quantity(c->quantity());
    if (c->aggregate()) return aggregate(c->aggregate());
    // Parentheses leave no node; the span of what they hold stays as it is.
    if (c->LPAR() && c->expr()) return expression(c->expr());

    Expr out = make(ExprKind::error, c);
    const auto paths = c->path();
    switch (c->getStart()->getType()) {
        case P::DATE:
            out.kind = ExprKind::date;
            out.date = date(c->DATE()->getSymbol());
            break;
        case P::STRING:
            out.kind = ExprKind::string;
            out.text = quoted(c->STRING()).value;
            break;
        case P::TRUE: out.kind = ExprKind::true_; break;
        case P::FALSE: out.kind = ExprKind::false_; break;
        case P::NEVER: out.kind = ExprKind::never; break;
        case P::UNSTATED: out.kind = ExprKind::unstated; break;
        case P::UNKNOWN:
            out.kind = ExprKind::unknown;
            if (c->interval()) {
                out.has_range = true;
                out.range = range(c->interval());
            }
            break;
        case P::THIS:
            out.kind = ExprKind::this_;
            if (!paths.empty()) out.path = path(paths[0]);
            break;
        case P::SUSPECTED:
            out.kind = ExprKind::suspected;
            out.path = path(paths[0]);
            break;
        case P::ANY_ITEM: case P::ALL_ITEMS: case P::COUNT_OF_ITEMS:
            out.kind = c->ANY_ITEM() ? ExprKind::any_item : c->ALL_ITEMS() ? ExprKind::all_items : ExprKind::count_items;
            out.addresses = addresses(c->of);
            out.except = addresses(c->except);
            break;
        case P::BREACH_OF:
            out.kind = ExprKind::breach_of;
            out.addresses = {single(c->address())};
            break;
        default:
            if (c->address()) {
                out.kind = ExprKind::address;
                out.addresses = {single(c->address())};
            } else if (!paths.empty()) {
                out.kind = c->callArgs() ? ExprKind::call : ExprKind::path;
                out.path = path(paths[0]);
                out.out = path(c->out);
                if (c->callArgs())
                    for (auto* arg : c->callArgs()->expr()) out.args.push_back(expression(arg));
            }
    }
    return ast_.add(std::move(out));
}

ExprId Builder::aggregate(P::AggregateContext* c) {
    static constexpr std::pair<std::size_t, Fold> folds[] = {
        {P::COUNT, Fold::count},     {P::SUM, Fold::sum},           {P::HIGHEST, Fold::highest}, {P::LOWEST, Fold::lowest},
        {P::AVERAGE, Fold::average}, {P::SHARE, Fold::share},       {P::EARLIEST, Fold::earliest}, {P::LATEST, Fold::latest},
        {P::ONLY, Fold::only},       {P::EXISTS, Fold::exists},     {P::NO, Fold::no},           {P::EVERY, Fold::every},
        {P::CONSECUTIVE, Fold::consecutive}};
    Expr out = make(ExprKind::aggregate, c);
    for (const auto& [token, fold] : folds)
        if (token == c->getStart()->getType()) out.fold = fold;
    if (c->INT()) out.number = number(c->INT()->getSymbol());
    if (c->sum()) out.args = {sum(c->sum())};
    if (c->expr()) out.args = {expression(c->expr())};
    out.rows = rows(c->rows());
    if (c->ifNone()) out.if_none = sum(c->ifNone()->sum());
    return ast_.add(std::move(out));
}

RowsId Builder::rows(P::RowsContext* c) {
    Rows out;
    out.span = span(c);
    out.whole = c->WHOLE() != nullptr;
    out.path = path(c->path());
    const auto words = c->ident();
    if (c->AS()) out.alias = ident(words[0]);
    if (c->WITH_SAME()) out.with_same = idents(words, c->AS() ? 1 : 0);
    out.where = condition(c->condition());
    return ast_.add(std::move(out));
}

}  // namespace tiao::syntax
