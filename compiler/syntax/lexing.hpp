// Text to tokens, before the parser sees them. Internal to this folder: it knows ANTLR.
#pragma once

#include "compiler/diag/diag.hpp"
#include "compiler/source/source.hpp"

#include "antlr4-runtime.h"

#include <memory>
#include <string_view>
#include <vector>

namespace tiao::syntax {

/// The tokens of one file. Start and stop index of a token are bytes of the file, not characters; the last token is EOF.
struct Tokens {
    source::FileId file;
    std::vector<std::unique_ptr<antlr4::Token>> list;
    std::vector<std::uint32_t> brace_depth;  // open braces before each token
    bool too_deep = false;

    source::Span span(const antlr4::Token& token) const;
};

/// Splits a file into tokens and says what is wrong with the text itself: unclosed strings, strange characters, nesting.
/// `date_word` drops the word `date` where a date follows it.
Tokens tokenize(const source::SourceMap& sources, source::FileId file, bool date_word, diag::Diagnostics& diagnostics);

/// How a token is named to people: a keyword by its spelling in the language, a sign by itself, else by its kind.
std::string spelling(std::size_t token_type);

/// One spelling of one keyword.
struct Keyword {
    std::string_view spelling;
    std::size_t token_type;
};

/// All Chinese spellings, longest first; all English ones made of one word.
const std::vector<Keyword>& chinese_keywords();
const std::vector<Keyword>& english_keywords();

/// A token stream over a finished list; the runtime's own one is made for reading lazily and costs more.
class ListStream final : public antlr4::TokenStream {
public:
    explicit ListStream(const Tokens& tokens) : tokens_(tokens) {}

    void consume() override;
    std::size_t LA(ssize_t k) override;
    ssize_t mark() override { return 0; }
    void release(ssize_t) override {}
    std::size_t index() override { return at_; }
    void seek(std::size_t index) override { at_ = index; }
    std::size_t size() override { return tokens_.list.size(); }
    std::string getSourceName() const override { return {}; }
    antlr4::Token* LT(ssize_t k) override;
    antlr4::Token* get(std::size_t index) const override { return tokens_.list[index].get(); }
    antlr4::TokenSource* getTokenSource() const override { return nullptr; }
    std::string getText(const antlr4::misc::Interval&) override { return {}; }
    std::string getText() override { return {}; }
    std::string getText(antlr4::RuleContext*) override { return {}; }
    std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

private:
    const Tokens& tokens_;
    std::size_t at_ = 0;
};

}  // namespace tiao::syntax
