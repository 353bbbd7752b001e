// What the parser does about a syntax error: word it, and find the place to go on. Internal to this folder.
#pragma once

#include "compiler/diag/diag.hpp"
#include "compiler/syntax/lexing.hpp"

#include <vector>

namespace tiao::syntax {

/// An error gives up the smallest listed thing it stands in (declaration, statement, member, table row, …); parsing goes on
/// with the next one, which begins on a line of its own or after a semicolon, or at the brace that closes the list.
class Recovery final : public antlr4::DefaultErrorStrategy {
public:
    Recovery(const source::SourceMap& sources, const Tokens& tokens, diag::Diagnostics& diagnostics)
        : sources_(sources), tokens_(tokens), diagnostics_(diagnostics) {}

    using DefaultErrorStrategy::reportError;
    void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
    void recover(antlr4::Parser* parser, std::exception_ptr error) override;
    antlr4::Token* recoverInline(antlr4::Parser* parser) override;
    void sync(antlr4::Parser* parser) override;

    /// Positions in the token list at which errors were reported.
    const std::vector<std::size_t>& error_tokens() const { return error_tokens_; }

private:
    void report(const antlr4::Token& found, const antlr4::misc::IntervalSet& expected);
    bool report_as_word(const antlr4::Token& found, const antlr4::misc::IntervalSet& expected);
    bool chained_comparison(const antlr4::Token& found) const;
    std::string describe(const antlr4::Token& token) const;
    std::string_view text(const antlr4::Token& token) const { return sources_.text(tokens_.span(token)); }
    void skip(antlr4::Parser* parser, std::uint32_t depth, const antlr4::misc::IntervalSet& starts);

    const source::SourceMap& sources_;
    const Tokens& tokens_;
    diag::Diagnostics& diagnostics_;
    std::vector<std::size_t> error_tokens_;
};

}  // namespace tiao::syntax
