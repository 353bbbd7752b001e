// Names, texts, numbers, dates, types.
#include "compiler/syntax/builder.hpp"

#include <charconv>

namespace tiao::syntax {

Span Builder::span(antlr4::ParserRuleContext* c) const {
    const antlr4::Token* first = c->getStart();
    const antlr4::Token* last = c->getStop();
    Span whole = tokens_.span(*first);
    if (last && last->getStopIndex() + 1 > whole.end) whole.end = static_cast<std::uint32_t>(last->getStopIndex() + 1);
    return whole;
}

Ident Builder::ident(antlr4::ParserRuleContext* c) const {
    if (!c) return {};
    const Span where = span(c);
    return {std::string(text(where)), where};
}

std::vector<Ident> Builder::idents(const std::vector<P::IdentContext*>& list, std::size_t from) const {
    std::vector<Ident> out;
    for (std::size_t i = from; i < list.size(); ++i) out.push_back(ident(list[i]));
    return out;
}

Name Builder::name(P::NamedContext* c) const {
    if (!c) return {};
    Name out;
    out.id = std::string(text(span(c->ident())));
    out.span = span(c);
    if (c->STRING()) {
        const Text quote = quoted(c->STRING());
        out.label = quote.value;
        out.label_span = quote.span;
    }
    return out;
}

std::vector<Name> Builder::names(const std::vector<P::NamedContext*>& list) const {
    std::vector<Name> out;
    for (auto* c : list) out.push_back(name(c));
    return out;
}

Path Builder::path(P::PathContext* c) const {
    if (!c) return {};
    return {idents(c->ident()), span(c)};
}

Text Builder::quoted(antlr4::tree::TerminalNode* t) const {
    if (!t) return {};
    Text out;
    out.span = span(t);
    out.given = true;
    std::string_view inner = text(out.span);
    for (const std::string_view quote : {"\"", "“"})
        if (inner.starts_with(quote)) {
            inner.remove_prefix(quote.size());
            break;
        }
    for (const std::string_view quote : {"\"", "”"})
        if (inner.ends_with(quote)) {
            inner.remove_suffix(quote.size());
            break;
        }
    out.value = std::string(inner);
    return out;
}

std::uint32_t Builder::number(const antlr4::Token* t) {
    const std::string_view digits = text(span(t));
    std::uint32_t value = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end.ec != std::errc{}) {
        diagnostics_.add(diag::Code::number_too_large, span(t), {std::string(digits)});
        return 0;
    }
    return value;
}

DateLiteral Builder::date(const antlr4::Token* t) {
    DateLiteral out;
    out.span = span(t);
    // 2025-12-31 or 2025年12月31日: three runs of digits at most.
    std::uint32_t parts[3] = {0, 0, 0};
    int count = 0;
    bool in_digits = false;
    for (const char c : text(out.span)) {
        const bool digit = c >= '0' && c <= '9';
        if (digit && !in_digits && ++count > 3) break;
        if (digit) parts[count - 1] = parts[count - 1] * 10 + static_cast<std::uint32_t>(c - '0');
        in_digits = digit;
    }
    static constexpr std::uint32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const std::uint32_t year = parts[0], month = parts[1], day = parts[2];
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    bool good = year >= 1;
    if (count >= 2) good = good && month >= 1 && month <= 12;
    if (count >= 3) good = good && day >= 1 && day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
    if (!good) {
        diagnostics_.add(diag::Code::invalid_date, out.span, {std::string(text(out.span))});
        out.year = 1;
        return out;
    }
    out.year = static_cast<std::int32_t>(year);
    out.month = static_cast<std::uint8_t>(month);
    out.day = static_cast<std::uint8_t>(day);
    return out;
}

TypeRef Builder::type(P::TypeRefContext* c) {
    TypeRef out;
    out.span = span(c);
    if (c->ONE_OF()) {
        out.one_of = names(c->named());
        return out;
    }
    out.name = ident(c->ident());
    if (c->INT()) out.digits = number(c->INT()->getSymbol());
    if (c->interval()) out.range = range(c->interval());
    return out;
}

Param Builder::param(P::ParamContext* c) { return {name(c->named()), type(c->typeRef()), span(c)}; }

WordChoice Builder::word_choice(P::WordChoiceContext* c) {
    WordChoice out;
    out.span = span(c);
    const auto words = c->policyWord();
    const auto conditions = c->expr();
    for (std::size_t i = 0; i < conditions.size(); ++i) out.branches.push_back({expression(conditions[i]), ident(words[i])});
    out.otherwise = ident(words.back());
    return out;
}

void Builder::repeated(antlr4::ParserRuleContext* c, std::size_t token_type) {
    diagnostics_.add(diag::Code::repeated_item, span(c), {spelling(token_type)});
}

void Builder::missing(antlr4::ParserRuleContext* c, std::size_t token_type) {
    diagnostics_.add(diag::Code::missing_item, span(c->getStart()), {spelling(token_type)});
}

}  // namespace tiao::syntax
