#include "compiler/syntax/recovery.hpp"

#include "TiaoParser.h"

#include <algorithm>
#include <optional>

#include "runtime/value/text.hpp"

namespace tiao::syntax {

namespace {

using P = grammar::TiaoParser;
using antlr4::Token;
using antlr4::misc::IntervalSet;

/// Rules that are one entry of a list: an error inside is forgotten after it.
bool is_entry(std::size_t rule) {
    switch (rule) {
        case P::RuleDecl: case P::RuleStmt: case P::RuleMember: case P::RuleCalendarItem: case P::RuleRemedyItem: case P::RuleLedgerItem:
        case P::RuleTimelineItem: case P::RuleStagesItem: case P::RuleGroupItem: case P::RuleRow: case P::RuleScenarioItem: return true;
        default: return false;
    }
}

/// Rules that are such a list.
bool is_list(std::size_t rule) {
    switch (rule) {
        case P::RuleFile: case P::RuleBlock: case P::RuleMemberBlock: case P::RuleCalendarBlock: case P::RuleRemedyBlock:
        case P::RuleLedgerBlock: case P::RuleTimelineBlock: case P::RuleStagesBlock: case P::RuleGroupBlock: case P::RuleTableBlock:
        case P::RuleScenarioBlock: return true;
        default: return false;
    }
}

bool is_comparison(std::size_t type) {
    switch (type) {
        case P::IS: case P::EQ: case P::IS_NOT: case P::AT_LEAST: case P::AT_MOST: case P::OVER: case P::UNDER: case P::BEFORE:
        case P::AFTER: case P::ON_OR_BEFORE: case P::ON_OR_AFTER: case P::CROSSES: return true;
        default: return false;
    }
}

bool is_han(std::string_view text) { return !text.empty() && static_cast<unsigned char>(text[0]) >= 0xe3; }

bool has(const IntervalSet& set, std::size_t type) { return set.contains(type); }

/// `当任一项` → `当 任一项`; empty when the word does not begin with a keyword that could stand here.
std::string split_words(std::string_view word, const IntervalSet* expected) {
    for (const Keyword& keyword : chinese_keywords()) {
        if (word.size() <= keyword.spelling.size() || !word.starts_with(keyword.spelling)) continue;
        if (expected && !has(*expected, keyword.token_type)) continue;
        const std::string_view rest = word.substr(keyword.spelling.size());
        const bool is_keyword = std::any_of(chinese_keywords().begin(), chinese_keywords().end(), [&](const auto& k) { return k.spelling == rest; });
        std::string tail = is_keyword ? std::string{} : split_words(rest, nullptr);
        return std::string(keyword.spelling) + " " + (tail.empty() ? std::string(rest) : tail);
    }
    return {};
}

/// `步后分达到` → `步后分 达到`, for a word before something that only an operator could precede.
std::string split_operator(std::string_view word) {
    for (const Keyword& keyword : chinese_keywords()) {
        const bool joins = is_comparison(keyword.token_type) || keyword.token_type == P::AND || keyword.token_type == P::OR ||
                           keyword.token_type == P::IN || keyword.token_type == P::MEETS || keyword.token_type == P::AMONG;
        if (joins && word.size() > keyword.spelling.size() && word.ends_with(keyword.spelling))
            return std::string(word.substr(0, word.size() - keyword.spelling.size())) + " " + std::string(keyword.spelling);
    }
    return {};
}

std::string nearest_keyword(std::string_view word, const IntervalSet& expected) {
    std::string best;
    std::size_t best_distance = word.size() / 3 + 1;
    if (word.size() > 20) return {};
    for (const Keyword& keyword : english_keywords()) {
        if (!has(expected, keyword.token_type)) continue;
        const std::size_t distance = edit_distance(word, keyword.spelling);
        if (distance < best_distance) best_distance = distance, best = keyword.spelling;
    }
    return best_distance <= 2 ? best : std::string{};
}

/// The readable names of what could stand here: whole classes first, then single words.
std::vector<std::string> alternatives(const IntervalSet& expected) {
    std::vector<std::string> out;
    std::vector<std::size_t> rest;
    for (const ssize_t type : expected.toList())
        if (type > 0) rest.push_back(static_cast<std::size_t>(type));
    const auto drop = [&](std::initializer_list<std::size_t> types) {
        std::erase_if(rest, [&](std::size_t t) { return std::find(types.begin(), types.end(), t) != types.end(); });
    };
    const bool operand = has(expected, P::LPAR) && has(expected, P::DATE) && has(expected, P::IDENT) && has(expected, P::COUNT);
    const bool declarations = has(expected, P::AGREEMENT) && has(expected, P::SCENARIO);
    const bool statements = has(expected, P::WHEN) && has(expected, P::DEFINE) && has(expected, P::TABLE);
    const bool addresses = has(expected, P::ADDR) && has(expected, P::ITEM_MARK);
    if (operand) {
        out.push_back(diag::both("表达式", "an expression"));
        drop({P::IDENT, P::INT, P::DECIMAL, P::DATE, P::STRING, P::TRUE, P::FALSE, P::NEVER, P::UNSTATED, P::UNKNOWN, P::THIS, P::LPAR,
              P::SUSPECTED, P::ANY_ITEM, P::ALL_ITEMS, P::COUNT_OF_ITEMS, P::BREACH_OF, P::COUNT, P::SUM, P::HIGHEST, P::LOWEST, P::AVERAGE, P::EARLIEST,
              P::LATEST, P::ONLY, P::SHARE, P::EXISTS, P::NO, P::EVERY, P::CONSECUTIVE, P::MINUS, P::NOT, P::IF});
    }
    if (declarations) {
        out.push_back(diag::both("声明", "a declaration"));
        drop({P::USE, P::ACTOR, P::UNIT, P::CALENDAR, P::CONVENTION, P::ENUM, P::CONCEPT, P::PERIOD, P::ENTITY, P::EXTEND, P::REMEDY, P::AGREEMENT,
              P::SUPPLEMENT, P::SCENARIO, P::SEMI});
    }
    if (statements) {
        out.push_back(diag::both("语句", "a statement"));
        std::erase_if(rest, [](std::size_t t) { return t != P::RB && t < P::SEG; });
        drop({P::SEMI});
    }
    if (addresses) {
        if (!operand && !statements) out.push_back(diag::both("地址", "an address"));
        drop({P::ADDR, P::SEG, P::ITEM_MARK, P::CHAPTER, P::SECTION, P::PART, P::ARTICLE, P::PARAGRAPH, P::ITEM, P::SUBITEM, P::LIMB,
              P::SENTENCE, P::HEAD, P::TAIL});
    }
    if (has(expected, P::IS) && has(expected, P::AT_LEAST)) {
        out.push_back(diag::both("比较", "a comparison"));
        std::erase_if(rest, is_comparison);
        drop({P::IN, P::MEETS, P::IS_SET, P::IN_BOTTOM, P::IN_TOP});
    }
    if (rest.size() > 1) drop({P::SEMI, P::PLUS, P::MINUS, P::STAR, P::SLASH, P::DOT});
    for (const std::size_t type : rest) {
        std::string name = spelling(type);
        if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
    }
    if (out.size() > 4) out.resize(4);
    return out;
}

std::string half_of(const std::string& text, bool zh) {
    const auto mark = text.find('\x1f');
    return mark == std::string::npos ? text : zh ? text.substr(0, mark) : text.substr(mark + 1);
}

std::string listed(const std::vector<std::string>& names) {
    std::string zh, en;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) zh += i + 1 == names.size() ? "或" : "、", en += i + 1 == names.size() ? " or " : ", ";
        zh += half_of(names[i], true);
        en += half_of(names[i], false);
    }
    return diag::both(zh, en);
}

}  // namespace

std::string Recovery::describe(const Token& token) const {
    switch (token.getType()) {
        case P::STRING: return spelling(P::STRING);
        case Token::EOF: return spelling(Token::EOF);
        default: break;
    }
    std::string word(text(token));
    // A long word would hide the message.
    if (word.size() > 60) {
        std::size_t end = 48;
        while ((static_cast<unsigned char>(word[end]) & 0xc0) == 0x80) --end;
        word = word.substr(0, end) + "…";
    }
    return diag::both("“" + word + "”", "`" + word + "`");
}

bool Recovery::chained_comparison(const Token& found) const {
    if (!is_comparison(found.getType())) return false;
    for (std::size_t i = found.getTokenIndex(); i-- > 0;) {
        const std::size_t type = tokens_.list[i]->getType();
        if (is_comparison(type)) return true;
        if (type == P::AND || type == P::OR || type == P::LPAR || type == P::RPAR || type == P::COMMA || type == P::LB || type == P::WHEN || type == P::COLON)
            return false;
    }
    return false;
}

bool Recovery::report_as_word(const Token& found, const IntervalSet& expected) {
    const std::size_t at = found.getTokenIndex();
    if (found.getType() == P::IDENT) {
        const std::string_view word = text(found);
        if (is_han(word)) {
            const std::string split = split_words(word, &expected);
            if (!split.empty()) {
                diagnostics_.add(diag::Code::unknown_word, tokens_.span(found), {std::string(word)}).hint_args = {split};
                return true;
            }
        } else if (!has(expected, P::IDENT)) {
            const std::string near = nearest_keyword(word, expected);
            if (!near.empty()) {
                diagnostics_.add(diag::Code::misspelt_word, tokens_.span(found), {std::string(word)}).hint_args = {near};
                return true;
            }
        }
    }
    if (at > 0 && tokens_.list[at - 1]->getType() == P::IDENT) {
        const Token& before = *tokens_.list[at - 1];
        const std::string split = is_han(text(before)) ? split_operator(text(before)) : std::string{};
        if (!split.empty()) {
            diagnostics_.add(diag::Code::unknown_word, tokens_.span(before), {std::string(text(before))}).hint_args = {split};
            return true;
        }
    }
    return false;
}

void Recovery::report(const Token& found, const IntervalSet& expected) {
    error_tokens_.push_back(found.getTokenIndex());
    const source::Span span = tokens_.span(found);
    // A string that was not closed has swallowed what should stand here; saying so once is enough.
    for (const auto& told : diagnostics_.all())
        if (told.code == diag::Code::unclosed_string && told.span == span) return;
    const std::vector<std::string> names = alternatives(expected);
    if (found.getType() == Token::EOF) {
        // Point behind the last word, not at an empty last line.
        source::Span end = span;
        if (found.getTokenIndex() > 0) end.begin = end.end = tokens_.span(*tokens_.list[found.getTokenIndex() - 1]).end;
        auto& d = diagnostics_.add(diag::Code::unexpected_end, end, {listed(names)});
        std::vector<const Token*> open;
        for (const auto& token : tokens_.list) {
            const std::size_t type = token->getType();
            if (type == P::LB || type == P::LPAR) open.push_back(token.get());
            if ((type == P::RB || type == P::RPAR) && !open.empty()) open.pop_back();
        }
        if (!open.empty()) d.labels.push_back({tokens_.span(*open.back()), diag::Code::opened_here, {}});
        return;
    }
    if (report_as_word(found, expected)) return;
    if (chained_comparison(found)) {
        diagnostics_.add(diag::Code::chained_comparison, span);
        return;
    }
    if (names.empty()) diagnostics_.add(diag::Code::unexpected_token, span, {describe(found)});
    else diagnostics_.add(diag::Code::expected_token, span, {describe(found), listed(names)});
}

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
    if (inErrorRecoveryMode(parser)) return;
    beginErrorCondition(parser);
    const Token& found = *error.getOffendingToken();
    // A decision that looked further ahead than one token knows what does not fit, but not what would.
    const auto* stuck = dynamic_cast<const antlr4::NoViableAltException*>(&error);
    if (stuck && stuck->getStartToken() != &found) report(found, IntervalSet{});
    else report(found, stuck ? parser->getExpectedTokens() : error.getExpectedTokens());
}

antlr4::Token* Recovery::recoverInline(antlr4::Parser* parser) { throw antlr4::InputMismatchException(parser); }

void Recovery::skip(antlr4::Parser* parser, std::uint32_t depth, const IntervalSet& starts) {
    antlr4::TokenStream* input = parser->getTokenStream();
    for (;;) {
        const Token& token = *input->LT(1);
        const std::size_t at = token.getTokenIndex();
        const std::size_t type = token.getType();
        if (type == Token::EOF) break;
        if (tokens_.brace_depth[at] < depth) break;
        if (tokens_.brace_depth[at] == depth) {
            if (type == P::RB && depth > 0) break;
            if (type == P::SEMI) break;
            const bool first_on_line = at == 0 || tokens_.list[at - 1]->getLine() != token.getLine();
            if (first_on_line && has(starts, type)) break;
        }
        input->consume();
    }
    endErrorCondition(parser);
}

void Recovery::recover(antlr4::Parser* parser, std::exception_ptr error) {
    auto* context = parser->getContext();
    const std::size_t rule = context->getRuleIndex();
    antlr4::TokenStream* input = parser->getTokenStream();
    if (is_list(rule) && (input->LA(1) == Token::EOF || rule == P::RuleFile)) return;
    if (rule == P::RuleExpressionFile) return;
    if (!is_entry(rule)) std::rethrow_exception(error);

    const auto& atn = parser->getATN();
    const auto* call = static_cast<const antlr4::atn::RuleTransition*>(atn.states[context->invokingState]->transitions[0]);
    const std::size_t first = context->start->getTokenIndex();
    if (input->index() == first) input->consume();
    skip(parser, tokens_.brace_depth[first], atn.nextTokens(call->followState));
}

void Recovery::sync(antlr4::Parser* parser) {
    if (inErrorRecoveryMode(parser) || !is_list(parser->getContext()->getRuleIndex())) return;
    antlr4::TokenStream* input = parser->getTokenStream();
    const auto& atn = parser->getATN();
    const IntervalSet expected = atn.nextTokens(atn.states[parser->getState()]);
    for (;;) {
        const Token& token = *input->LT(1);
        if (token.getType() == Token::EOF || has(expected, token.getType()) || has(expected, Token::EPSILON)) return;
        report(token, expected);
        const std::uint32_t depth = tokens_.brace_depth[token.getTokenIndex()];
        input->consume();
        skip(parser, depth, expected);
    }
}

}  // namespace tiao::syntax
