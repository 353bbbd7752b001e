#include "compiler/syntax/parser.hpp"

#include "compiler/syntax/builder.hpp"
#include "compiler/syntax/lexing.hpp"
#include "compiler/syntax/recovery.hpp"

#include "TiaoParser.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace tiao::syntax {

namespace {

using P = grammar::TiaoParser;

/// Says why a text cannot be read at all; true when it can.
bool readable(const source::SourceMap& sources, source::FileId file, diag::Diagnostics& diagnostics) {
    switch (sources.defect(file)) {
        case source::Defect::none: return true;
        case source::Defect::too_large:
            diagnostics.add(diag::Code::file_too_large, {file, 0, 0}, {std::to_string(source::max_file_bytes >> 20)});
            return false;
        case source::Defect::invalid_utf8: {
            const std::uint32_t at = sources.defect_at(file);
            diagnostics.add(diag::Code::invalid_utf8, {file, at, at + 1}, {std::to_string(at)});
            return false;
        }
    }
    return false;
}

/// One parse: the parser owns the tree, so it must outlive the builder's walk.
struct Run {
    explicit Run(const Tokens& tokens) : stream(tokens), parser(&prepared(stream)) { parser.removeErrorListeners(); }
    static ListStream& prepared(ListStream& stream) {
        P::prepare();
        return stream;
    }
    ListStream stream;
    P parser;
};

/// Fast pass first: simple prediction, give up at the first error. Nothing when it gave up.
template <class Start>
auto parse_fast(Run& run, Start start) -> decltype(start(run.parser)) {
    run.parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
    run.parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
    try {
        return start(run.parser);
    } catch (const antlr4::ParseCancellationException&) {
        return nullptr;
    } catch (const antlr4::RecognitionException&) {
        return nullptr;
    }
}

/// Careful pass: full prediction, our messages, and recovery.
template <class Start>
auto parse_careful(Run& run, std::shared_ptr<Recovery> recovery, Start start) -> decltype(start(run.parser)) {
    run.parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::LL);
    run.parser.setErrorHandler(std::move(recovery));
    try {
        return start(run.parser);
    } catch (const antlr4::RecognitionException&) {
        return nullptr;
    } catch (const antlr4::ParseCancellationException&) {
        return nullptr;
    }
}

bool whole(P::DeclContext* c, const std::vector<std::size_t>& error_tokens) {
    if (c->exception) return false;
    if (error_tokens.empty()) return true;
    const std::size_t first = c->getStart()->getTokenIndex();
    const std::size_t last = c->getStop() ? c->getStop()->getTokenIndex() : first;
    return std::none_of(error_tokens.begin(), error_tokens.end(), [&](std::size_t at) { return at >= first && at <= last; });
}

Ast read_file(const source::SourceMap& sources, source::FileId file, std::shared_ptr<Arena> arena, diag::Diagnostics& diagnostics) {
    Ast ast = arena ? Ast(std::move(arena)) : Ast();
    ast.file = file;
    if (!readable(sources, file, diagnostics)) {
        ast.complete = false;
        return ast;
    }
    const Tokens tokens = tokenize(sources, file, false, diagnostics);
    if (tokens.too_deep) {
        ast.complete = false;
        return ast;
    }
    const auto start = [](P& parser) { return parser.file(); };
    auto run = std::make_unique<Run>(tokens);
    P::FileContext* tree = parse_fast(*run, start);
    std::vector<std::size_t> error_tokens;
    if (!tree) {
        run = std::make_unique<Run>(tokens);
        auto recovery = std::make_shared<Recovery>(sources, tokens, diagnostics);
        tree = parse_careful(*run, recovery, start);
        error_tokens = recovery->error_tokens();
    }
    if (tree) {
        Builder builder(sources, tokens, ast, diagnostics);
        for (auto* decl : tree->decl())
            if (whole(decl, error_tokens)) ast.top.push_back(builder.declaration(decl));
    }
    ast.complete = !diagnostics.has_errors();
    return ast;
}

ExprId read_expression(const source::SourceMap& sources, source::FileId file, Ast& ast, diag::Diagnostics& diagnostics) {
    ast.file = file;
    if (!readable(sources, file, diagnostics)) return {};
    const Tokens tokens = tokenize(sources, file, true, diagnostics);
    if (tokens.too_deep) return {};
    const auto start = [](P& parser) { return parser.expressionFile(); };
    Run fast(tokens);
    P::ExpressionFileContext* tree = parse_fast(fast, start);
    if (!tree) {
        Run careful(tokens);
        parse_careful(careful, std::make_shared<Recovery>(sources, tokens, diagnostics), start);
        return {};
    }
    const ExprId root = Builder(sources, tokens, ast, diagnostics).expression(tree->expr());
    return diagnostics.has_errors() ? ExprId{} : root;
}

}  // namespace

// Errors of the tokens, the sentences and the tree are found one after another; the reader gets them in the order of the text.

Ast parse_file(const source::SourceMap& sources, source::FileId file, diag::Diagnostics& diagnostics, std::shared_ptr<Arena> arena) {
    diag::Diagnostics own;
    Ast ast = read_file(sources, file, std::move(arena), own);
    own.sort();
    diagnostics.append(std::move(own));
    return ast;
}

ExprId parse_expression(const source::SourceMap& sources, source::FileId file, Ast& ast, diag::Diagnostics& diagnostics) {
    diag::Diagnostics own;
    const ExprId root = read_expression(sources, file, ast, own);
    own.sort();
    diagnostics.append(std::move(own));
    return root;
}

}  // namespace tiao::syntax
