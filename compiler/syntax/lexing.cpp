#include "compiler/syntax/lexing.hpp"

#include "compiler/syntax/parser.hpp"

#include "TiaoLexer.h"

#include <algorithm>
#include <bitset>
#include <initializer_list>
#include <cstdio>
#include <memory>
#include <mutex>
#include <vector>

namespace tiao::syntax {

namespace {

using grammar::TiaoLexer;
using antlr4::Token;

/// Of the common Chinese letters the lexer tells only those apart that stand in words of the grammar: what it learns of one of the
/// others it knows of all.
class Letters {
public:
    explicit Letters(const antlr4::atn::ATN& atn) {
        for (const auto* state : atn.states) {
            if (state == nullptr) continue;
            for (const auto* step : state->transitions) {
                const antlr4::misc::IntervalSet label = step->label();
                for (const auto& interval : label.getIntervals()) tell_apart(interval.a, interval.b);
            }
        }
        while (other_ <= last && told_apart(other_)) ++other_;
    }
    std::size_t as_learned(std::size_t letter) const {
        return letter < first || letter > last || told_apart(letter) ? letter : other_;
    }

private:
    static constexpr std::size_t first = 0x4e00, last = 0x9fa5;
    bool told_apart(std::size_t letter) const { return told_apart_[letter - first]; }
    void tell_apart(ssize_t from, ssize_t to) {
        const auto begin = static_cast<ssize_t>(first), end = static_cast<ssize_t>(last);
        if (from <= begin && to >= end) return;
        for (ssize_t letter = std::max(from, begin); letter <= std::min(to, end); ++letter) told_apart_.set(static_cast<std::size_t>(letter - begin));
    }
    std::bitset<last - first + 1> told_apart_;
    std::size_t other_ = first;
};

/// The runtime remembers transitions only for ASCII; with every letter remembered, Chinese is read seven times faster.
class CachingSimulator final : public antlr4::atn::LexerATNSimulator {
public:
    CachingSimulator(antlr4::Lexer* lexer, const antlr4::atn::ATN& atn, std::vector<antlr4::dfa::DFA>& learned, antlr4::atn::PredictionContextCache& contexts)
        : LexerATNSimulator(lexer, atn, learned, contexts), letters_(letters_of(atn)) {}

protected:
    antlr4::dfa::DFAState* getExistingTargetState(antlr4::dfa::DFAState* state, std::size_t letter) override {
        const auto found = state->edges.find(letters_.as_learned(letter));
        return found == state->edges.end() ? nullptr : found->second;
    }
    // As the runtime's, but without its leak when a word boundary fails (`in forced`).
    antlr4::dfa::DFAState* computeTargetState(antlr4::CharStream* input, antlr4::dfa::DFAState* state, std::size_t letter) override {
        auto reach = std::make_unique<antlr4::atn::OrderedATNConfigSet>();
        getReachableConfigSet(input, state->configs.get(), reach.get(), letter);
        if (!reach->isEmpty()) return addDFAEdge(state, letter, reach.release());
        if (!reach->hasSemanticContext) addDFAEdge(state, letter, ERROR.get());
        return ERROR.get();
    }
    using LexerATNSimulator::addDFAEdge;
    void addDFAEdge(antlr4::dfa::DFAState* from, std::size_t letter, antlr4::dfa::DFAState* to) override {
        from->edges[letters_.as_learned(letter)] = to;
    }

private:
    static const Letters& letters_of(const antlr4::atn::ATN& atn) {
        static const Letters one(atn);   // there is one grammar
        return one;
    }
    const Letters& letters_;
};

/// What lexers have learned of the grammar. One run of a lexer has it for itself, so that two threads never share it.
struct LexerCache {
    explicit LexerCache(const antlr4::atn::ATN& atn) {
        for (std::size_t i = 0; i < atn.getNumberOfDecisions(); ++i) dfa.emplace_back(atn.getDecisionState(i), i);
    }
    std::vector<antlr4::dfa::DFA> dfa;
    antlr4::atn::PredictionContextCache contexts;
};

/// A cache that is lent out, and kept for the next file.
class LentCache {
public:
    explicit LentCache(const antlr4::atn::ATN& atn) {
        Shelf& s = shelf();
        const std::lock_guard lock(s.guard);
        if (s.free.empty()) {
            cache_ = std::make_unique<LexerCache>(atn);
        } else {
            cache_ = std::move(s.free.back());
            s.free.pop_back();
        }
    }
    LentCache(const LentCache&) = delete;
    LentCache& operator=(const LentCache&) = delete;
    ~LentCache() {
        Shelf& s = shelf();
        const std::lock_guard lock(s.guard);
        s.free.push_back(std::move(cache_));
    }
    LexerCache* operator->() { return cache_.get(); }

private:
    struct Shelf {
        std::mutex guard;
        std::vector<std::unique_ptr<LexerCache>> free;
    };
    /// Never taken down: nobody needs to wait for that at the end of a run.
    static Shelf& shelf() {
        static auto* const one = new Shelf;
        return *one;
    }
    std::unique_ptr<LexerCache> cache_;
};

/// The next word, as the runtime's lexer gives it; that asks at every step anew what kind of simulator it has.
std::unique_ptr<antlr4::CommonToken> next_word(TiaoLexer& lexer, antlr4::atn::LexerATNSimulator& simulator, antlr4::CharStream& input) {
    std::size_t type = Token::EOF, begin = 0, line = 0, column = 0;
    do {
        begin = input.index();
        line = simulator.getLine();
        column = simulator.getCharPositionInLine();
        if (input.LA(1) == Token::EOF) {
            type = Token::EOF;
            break;
        }
        lexer.type = Token::INVALID_TYPE;   // `skip` says otherwise
        type = simulator.match(&input, antlr4::Lexer::DEFAULT_MODE);
    } while (lexer.type == antlr4::Lexer::SKIP);
    auto word = std::make_unique<antlr4::CommonToken>(std::pair<antlr4::TokenSource*, antlr4::CharStream*>{}, type, Token::DEFAULT_CHANNEL, begin, input.index() - 1);
    word->setLine(line);
    word->setCharPositionInLine(column);
    return word;
}

/// Walks from characters, which the lexer counts, to bytes; only forward.
class ByteCursor {
public:
    explicit ByteCursor(std::string_view text) : text_(text) {}
    std::uint32_t at(std::size_t letter) {
        while (letter_ < letter && byte_ < text_.size()) {
            ++byte_;
            while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xc0) == 0x80) ++byte_;
            ++letter_;
        }
        return static_cast<std::uint32_t>(byte_);
    }

private:
    std::string_view text_;
    std::size_t letter_ = 0;
    std::size_t byte_ = 0;
};

using L = TiaoLexer;

/// A set of token types with a fast answer.
class TypeSet {
public:
    TypeSet(std::initializer_list<std::size_t> types) : has_(L::UNKNOWN_CHARACTER + 1, false) {
        for (const auto type : types) has_[type] = true;
    }
    void add(std::size_t type) { has_[type] = true; }
    bool has(std::size_t type) const { return type < has_.size() && has_[type]; }

private:
    std::vector<bool> has_;
};

TypeSet make_soft_words() {
    constexpr bool soft = true, reserved = false;
    static_cast<void>(soft), static_cast<void>(reserved);
    TypeSet set{};
#define TIAO_KEYWORD(token, english, chinese, where) \
    if (where) set.add(L::token);
#include "grammar/keywords.def"
#undef TIAO_KEYWORD
    return set;
}

/// Says where a soft keyword is a plain name. Only places are listed where no statement or member could begin, so the
/// decision needs the neighbours and nothing else.
class SoftWords {
public:
    bool is_name(std::size_t before, std::size_t type, std::size_t after) const {
        if (!soft_.has(type)) return false;
        if (before == L::DOT || after == L::DOT || after == L::COLON) return true;
        if (type == L::ELSEWHERE) return naming_.has(before);
        if (type == L::FINDING && before == L::NO && begins_address_.has(after)) return false;   // `expect no finding item 2 of article 31`
        if (before == L::FINDING && begins_address_.has(type) && (after == L::INT || after == L::CNNUM || after == L::OF)) return false;
        if (type == L::FLAG && before == L::NO && after == L::STRING) return false;   // `expect no flag "…"`
        if (naming_.has(before) || operand_next_.has(before) || operator_.has(after)) return true;
        if (before == L::GIVEN) return type != L::PARAMETER;
        const bool listed = after == L::COMMA || after == L::RB || after == L::RPAR;
        if (before == L::COLON) return listed || after == L::SEMI;
        // `default` stands after a name and before a comma, never after a comma or brace.
        if (before == L::LB) return type != L::RECORDED && (after == L::COMMA || after == L::RB);
        if (before == L::COMMA) return listed || after == L::STRING;
        return false;
    }

private:
    TypeSet soft_ = make_soft_words();
    // A name must follow these.
    TypeSet naming_{L::FACT, L::FINDING, L::JUDGMENT, L::DATED, L::PER, L::KEY, L::ENUM, L::UNIT, L::ACTOR, L::ENTITY, L::EXTEND,
                    L::REMEDY, L::CONCEPT, L::PERIOD, L::PARAMETER, L::READING, L::TABLE, L::GROUP, L::LEDGER, L::TIMELINE, L::STAGES,
                    L::DEFINE, L::REPORT, L::TAKES, L::INCLUDES, L::CHOSEN, L::BELONGS_TO, L::REFERS_TO, L::STARTS, L::AS, L::FOR_EACH,
                    L::SUBJECT, L::STATUS, L::WITH_SAME, L::AMENDS, L::USE, L::CALENDAR, L::BY, L::NEEDS, L::AGAINST, L::ON, L::STATES};
    TypeSet begins_address_{L::ADDR, L::SEG, L::ITEM_MARK, L::HEAD, L::TAIL, L::CHAPTER, L::SECTION, L::PART, L::ARTICLE, L::PARAGRAPH, L::ITEM,
                            L::SUBITEM, L::LIMB, L::SENTENCE};
    // An expression must follow these.
    TypeSet operand_next_{L::LPAR, L::AND, L::OR, L::NOT, L::IF, L::TAKE, L::OTHERWISE, L::IS, L::IS_NOT, L::EQ, L::AT_LEAST, L::AT_MOST,
                          L::OVER, L::UNDER, L::BEFORE, L::AFTER, L::ON_OR_BEFORE, L::ON_OR_AFTER, L::CROSSES, L::IN, L::IN_BOTTOM,
                          L::IN_TOP, L::PLUS, L::MINUS, L::STAR, L::SLASH, L::WHEN, L::UNLESS, L::REQUIRE, L::MEANS, L::OF, L::SUSPECTED,
                          L::AMONG, L::WHOLE, L::EXISTS, L::EVERY, L::NO, L::SUM, L::HIGHEST, L::LOWEST, L::AVERAGE, L::EARLIEST,
                          L::LATEST, L::ONLY, L::IF_NONE, L::FROM, L::TO, L::UNTIL, L::THROUGH, L::FOR, L::DUE, L::FLOOR, L::OPENS_AT,
                          L::ENTER, L::CREDIT, L::SHORTEN, L::GIVES, L::BAR, L::WHERE, L::MUST_NOT, L::MAY};
    // No keyword that begins a statement stands before these.
    TypeSet operator_{L::IS, L::IS_NOT, L::EQ, L::AT_LEAST, L::AT_MOST, L::OVER, L::UNDER, L::BEFORE, L::AFTER, L::ON_OR_BEFORE,
                      L::ON_OR_AFTER, L::CROSSES, L::IN, L::MEETS, L::IS_SET, L::IN_BOTTOM, L::IN_TOP, L::PLUS, L::STAR, L::SLASH,
                      L::AND, L::OR, L::RPAR};
};

std::string code_point_name(std::string_view letter) {
    const auto first = static_cast<unsigned char>(letter.empty() ? 0 : letter[0]);
    if (first >= 0x20 && first != 0x7f) return "“" + std::string(letter) + "”";
    char name[16];
    std::snprintf(name, sizeof name, "U+%04X", first);
    return name;
}

/// Finds nesting that would cost the stack of any later pass: brackets, and the prefixes that nest without brackets.
class NestingScan {
public:
    /// True at the token that goes too deep.
    bool step(std::size_t type) {
        switch (type) {
            case L::LB: case L::LPAR:
                ifs_.push_back(0);
                break;
            case L::RB: case L::RPAR:
                if (ifs_.size() > 1) ifs_.pop_back();
                break;
            case L::IF: ++ifs_.back(); break;
            case L::WHEN: case L::DEFINE: case L::REQUIRE: case L::REPORT: case L::COMMA: case L::SEMI: case L::BAR: ifs_.back() = 0; break;
            default: break;
        }
        // `not not …`, `- - …`, `30% of 30% of …`
        const bool prefix = type == L::NOT || type == L::MINUS || type == L::PCT || type == L::OF || type == L::INT || type == L::DECIMAL;
        prefixes_ = prefix ? prefixes_ + (type == L::INT || type == L::DECIMAL || type == L::PCT ? 0 : 1) : 0;
        return ifs_.size() > max_nesting || ifs_.back() > max_nesting || prefixes_ > max_nesting;
    }

private:
    std::vector<unsigned> ifs_{0};  // one entry for each open bracket
    unsigned prefixes_ = 0;
};

}  // namespace

source::Span Tokens::span(const Token& token) const {
    return {file, static_cast<std::uint32_t>(token.getStartIndex()), static_cast<std::uint32_t>(token.getStopIndex() + 1)};
}

Tokens tokenize(const source::SourceMap& sources, source::FileId file, bool date_word, diag::Diagnostics& diagnostics) {
    TiaoLexer::prepare();
    const std::string_view program = sources.program(file);
    antlr4::ANTLRInputStream input{std::string(program)};
    TiaoLexer lexer(&input);
    lexer.removeErrorListeners();
    LentCache cache(lexer.getATN());
    // The lexer takes ownership.
    auto* const simulator = new CachingSimulator(&lexer, lexer.getATN(), cache->dfa, cache->contexts);
    lexer.setInterpreter(simulator);

    Tokens tokens;
    tokens.file = file;
    ByteCursor bytes(program);
    std::uint32_t unknown_end = 0;   // behind the unknown character last met
    std::string_view unknown;
    for (bool more = true; more;) {
        std::unique_ptr<antlr4::CommonToken> token = next_word(lexer, *simulator, input);
        antlr4::CommonToken& word = *token;
        more = word.getType() != Token::EOF;
        const std::uint32_t begin = more ? bytes.at(word.getStartIndex()) : static_cast<std::uint32_t>(program.size());
        const std::uint32_t end = more ? bytes.at(word.getStopIndex() + 1) : begin;
        word.setStartIndex(begin);
        word.setStopIndex(static_cast<std::size_t>(end) - 1);
        if (word.getType() == L::UNKNOWN_CHARACTER) {
            // The same one again and again is one mistake.
            const bool again = begin > 0 && begin == unknown_end && program.substr(begin, end - begin) == unknown;
            unknown_end = end;
            unknown = program.substr(begin, end - begin);
            if (again) continue;
            diagnostics.add(diag::Code::unknown_character, tokens.span(word), {code_point_name(program.substr(begin, end - begin))});
            continue;
        }
        if (word.getType() == L::UNCLOSED_STRING) {
            diagnostics.add(diag::Code::unclosed_string, tokens.span(word));
            word.setType(L::STRING);
        }
        tokens.list.push_back(std::move(token));
    }

    auto& list = tokens.list;
    if (date_word) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string_view text = sources.text(tokens.span(*list[i]));
            const bool dropped = i + 1 < list.size() && list[i + 1]->getType() == L::DATE && (text == "date" || text == "日期");
            if (!dropped) {
                if (kept != i) list[kept] = std::move(list[i]);
                ++kept;
            }
        }
        list.resize(kept);
    }

    const SoftWords soft;
    NestingScan nesting;
    std::uint32_t depth = 0;
    tokens.brace_depth.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto& word = static_cast<antlr4::CommonToken&>(*list[i]);
        word.setTokenIndex(i);
        const std::size_t before = i > 0 ? list[i - 1]->getType() : static_cast<std::size_t>(L::SEMI);
        const std::size_t after = i + 1 < list.size() ? list[i + 1]->getType() : static_cast<std::size_t>(Token::EOF);
        if (soft.is_name(before, word.getType(), after)) word.setType(L::IDENT);
        tokens.brace_depth.push_back(depth);
        if (word.getType() == L::LB) ++depth;
        if (word.getType() == L::RB && depth > 0) --depth;
        if (!tokens.too_deep && nesting.step(word.getType())) {
            tokens.too_deep = true;
            diagnostics.add(diag::Code::nesting_too_deep, tokens.span(word), {std::to_string(max_nesting)});
        }
    }
    return tokens;
}

namespace {

/// The spellings of a row of the keyword table.
std::vector<std::string_view> split_spellings(std::string_view row) {
    std::vector<std::string_view> out;
    while (!row.empty()) {
        const std::size_t bar = row.find(" | ");
        out.push_back(row.substr(0, bar));
        row = bar == std::string_view::npos ? std::string_view{} : row.substr(bar + 3);
    }
    return out;
}

std::string_view first_spelling(std::string_view row) { return row.substr(0, row.find(" | ")); }

}  // namespace

std::string spelling(std::size_t type) {
    switch (type) {
#define TIAO_KEYWORD(token, english, chinese, where) \
    case L::token: return diag::both("“" + std::string(first_spelling(chinese)) + "”", "`" + std::string(first_spelling(english)) + "`");
#include "grammar/keywords.def"
#undef TIAO_KEYWORD
        case L::IDENT: return diag::both("名称", "a name");
        case L::STRING: return diag::both("带引号的文字", "a quoted text");
        case L::INT: case L::DECIMAL: return diag::both("数", "a number");
        case L::DATE: return diag::both("日期", "a date");
        case L::ADDR: case L::SEG: case L::ITEM_MARK: return diag::both("地址", "an address");
        case L::CNNUM: return diag::both("中文数字", "a Chinese numeral");
        case L::RANGE: return "`..`";
        case L::LPAR: return "`(`";
        case L::RPAR: return "`)`";
        case L::LB: return "`{`";
        case L::RB: return "`}`";
        case L::COMMA: return "`,`";
        case L::COLON: return "`:`";
        case L::SEMI: return "`;`";
        case L::EQ: return "`=`";
        case L::PLUS: return "`+`";
        case L::MINUS: return "`-`";
        case L::STAR: return "`*`";
        case L::SLASH: return "`/`";
        case L::DOT: return "`.`";
        case L::BAR: return "`|`";
        case L::PCT: return "`%`";
        default: return diag::both("文件末尾", "the end of the file");
    }
}

const std::vector<Keyword>& chinese_keywords() {
    static const std::vector<Keyword> table = [] {
        std::vector<Keyword> out;
#define TIAO_KEYWORD(token, english, chinese, where) \
    for (const auto word : split_spellings(chinese)) out.push_back({word, L::token});
#include "grammar/keywords.def"
#undef TIAO_KEYWORD
        std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.spelling.size() > b.spelling.size(); });
        return out;
    }();
    return table;
}

const std::vector<Keyword>& english_keywords() {
    static const std::vector<Keyword> table = [] {
        std::vector<Keyword> out;
#define TIAO_KEYWORD(token, english, chinese, where)         \
    for (const auto word : split_spellings(english))         \
        if (word.find(' ') == std::string_view::npos && word[0] >= 'a') out.push_back({word, L::token});
#include "grammar/keywords.def"
#undef TIAO_KEYWORD
        return out;
    }();
    return table;
}

void ListStream::consume() {
    if (at_ + 1 < tokens_.list.size()) ++at_;
}

std::size_t ListStream::LA(ssize_t k) { return LT(k)->getType(); }

Token* ListStream::LT(ssize_t k) {
    if (k < 0) return static_cast<std::size_t>(-k) > at_ ? nullptr : tokens_.list[at_ - static_cast<std::size_t>(-k)].get();
    const std::size_t index = at_ + static_cast<std::size_t>(k) - 1;
    return tokens_.list[std::min(index, tokens_.list.size() - 1)].get();
}

}  // namespace tiao::syntax
