// Parse tree to AST. Internal to this folder. One method for each kind of thing; the grammar says what is optional.
#pragma once

#include "compiler/diag/diag.hpp"
#include "compiler/syntax/ast.hpp"
#include "compiler/syntax/lexing.hpp"

#include "TiaoParser.h"

#include <string_view>
#include <vector>

namespace tiao::syntax {

class Builder {
public:
    using P = grammar::TiaoParser;

    Builder(const source::SourceMap& sources, const Tokens& tokens, Ast& ast, diag::Diagnostics& diagnostics)
        : sources_(sources), tokens_(tokens), ast_(ast), diagnostics_(diagnostics) {}

    StmtId declaration(P::DeclContext* c);
    ExprId expression(P::ExprContext* c);

private:
    // small parts (build_parts.cpp)
    Span span(antlr4::ParserRuleContext* c) const;
    Span span(antlr4::tree::TerminalNode* t) const { return tokens_.span(*t->getSymbol()); }
    Span span(const antlr4::Token* t) const { return tokens_.span(*t); }
    std::string_view text(Span s) const { return sources_.text(s); }
    Ident ident(antlr4::ParserRuleContext* c) const;
    std::vector<Ident> idents(const std::vector<P::IdentContext*>& list, std::size_t from = 0) const;
    Name name(P::NamedContext* c) const;
    std::vector<Name> names(const std::vector<P::NamedContext*>& list) const;
    Path path(P::PathContext* c) const;
    Text quoted(antlr4::tree::TerminalNode* t) const;
    Text label(P::LabelContext* c) const { return c ? quoted(c->STRING()) : Text{}; }
    std::uint32_t number(const antlr4::Token* t);
    DateLiteral date(const antlr4::Token* t);
    TypeRef type(P::TypeRefContext* c);
    Param param(P::ParamContext* c);
    WordChoice word_choice(P::WordChoiceContext* c);

    // addresses (build_address.cpp)
    Address address(P::AddressContext* c);
    AddressRange address_range(P::AddressRangeContext* c);
    AddressList addresses(P::AddressesContext* c);
    AddressRange single(P::AddressContext* c);
    void one_segment(P::SegmentContext* c, std::vector<Segment>& out);
    void chinese_segments(const antlr4::Token* t, std::vector<Segment>& out);
    std::uint32_t segment_number(std::string_view digits, Span where);

    // expressions (build_expr.cpp)
    Expr make(ExprKind kind, antlr4::ParserRuleContext* c) const;
    ExprId disjunction(P::DisjunctionContext* c);
    ExprId conjunction(P::ConjunctionContext* c);
    ExprId negation(P::NegationContext* c);
    ExprId comparison(P::ComparisonContext* c);
    ExprId sum(P::SumContext* c);
    ExprId product(P::ProductContext* c);
    ExprId unary(P::UnaryContext* c);
    ExprId primary(P::PrimaryContext* c);
    ExprId quantity(P::QuantityContext* c);
    ExprId aggregate(P::AggregateContext* c);
    RowsId rows(P::RowsContext* c);
    ExprId condition(P::ConditionContext* c) { return c ? expression(c->expr()) : ExprId{}; }
    Op op(P::CmpContext* c) const;
    Range range(P::IntervalContext* c);  // a single value has lo = hi
    bool too_long(std::size_t operators, Span where);

    // statements (build_stmt.cpp), tables, groups, ledgers, timelines, stages (build_machine.cpp)
    StmtId add(antlr4::ParserRuleContext* c, StmtBody body) { return ast_.add(Stmt{span(c), std::move(body)}); }
    std::vector<StmtId> block(P::BlockContext* c);
    std::vector<StmtId> body(P::BodyContext* c);
    StmtId statement(P::StmtContext* c);
    template <class C>
    StmtId common(C* c);  // the statements that may stand in a body without braces
    StmtId node(P::NodeContext* c);
    StmtId header_line(P::HeaderLineContext* c);
    StmtId amendment(P::AmendmentContext* c);
    StmtId duty(P::DutyContext* c);
    StmtId define(P::DefineContext* c);
    StmtId table(P::TableContext* c);
    StmtId group(P::GroupContext* c);
    StmtId ledger(P::LedgerContext* c);
    StmtId timeline(P::TimelineContext* c);
    StmtId stages(P::StagesContext* c);
    StmtId reading(P::ReadingContext* c);
    StmtId parameter(P::ParameterContext* c);
    InForce in_force(P::ForceClauseContext* c, bool throughout, antlr4::ParserRuleContext* whole);
    std::vector<Act> acts(const std::vector<P::ThenClauseContext*>& list);
    Act act(P::ActContext* c);
    void modality(P::ModalityContext* c, Act& out) const;
    RemedyCall remedy_call(P::RemedyCallContext* c);
    RemedyCall expected_call(P::ExpectedCallContext* c);
    std::vector<Argument> arguments(P::ArgumentsContext* c);
    Bound bound(P::BoundContext* c);
    TimeArg time_arg(P::TimeArgContext* c);
    Cell cell(P::CellContext* c);

    // declarations (build_decl.cpp) and scenarios (build_scenario.cpp)
    StmtId calendar(P::CalendarDeclContext* c);
    StmtId convention(P::ConventionLineContext* c);
    StmtId enumeration(P::EnumDeclContext* c);
    StmtId period(P::PeriodDeclContext* c);
    StmtId entity(P::EntityDeclContext* c);
    StmtId extend(P::ExtendDeclContext* c);
    StmtId remedy(P::RemedyDeclContext* c);
    StmtId fact(P::FactDeclContext* c);
    std::vector<StmtId> members(P::MemberBlockContext* c);
    StmtId member(P::MemberContext* c);
    StmtId scenario(P::ScenarioDeclContext* c);
    Ident key(P::KeyContext* c) const;
    Given given(P::GivenContext* c);
    Expectation expectation(P::ExpectationContext* c);

    void repeated(antlr4::ParserRuleContext* c, std::size_t token_type);
    void missing(antlr4::ParserRuleContext* c, std::size_t token_type);

    const source::SourceMap& sources_;
    const Tokens& tokens_;
    Ast& ast_;
    diag::Diagnostics& diagnostics_;
};

}  // namespace tiao::syntax
