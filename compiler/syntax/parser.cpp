#include "compiler/syntax/parser.hpp"

#include "compiler/syntax/builder.hpp"
#include "compiler/syntax/lexing.hpp"
#include "compiler/syntax/recovery.hpp"

#include "TiaoParser.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
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

/// What the grammar says of a file. The tree points into the rest, and is taken down with it.
struct Sentences {
    source::FileId file;
    Tokens tokens;
    std::unique_ptr<Run> run;
    P::FileContext* tree = nullptr;
    std::vector<std::size_t> error_tokens;
    diag::Diagnostics diagnostics;
    bool readable = false;
};

void read_sentences(const source::SourceMap& sources, Sentences& out) {
    if (!readable(sources, out.file, out.diagnostics)) return;
    out.tokens = tokenize(sources, out.file, false, out.diagnostics);
    if (out.tokens.too_deep) return;
    out.readable = true;
    const auto start = [](P& parser) { return parser.file(); };
    out.run = std::make_unique<Run>(out.tokens);
    out.tree = parse_fast(*out.run, start);
    if (out.tree) return;
    out.run = std::make_unique<Run>(out.tokens);
    auto recovery = std::make_shared<Recovery>(sources, out.tokens, out.diagnostics);
    out.tree = parse_careful(*out.run, recovery, start);
    out.error_tokens = recovery->error_tokens();
}

Ast build(const source::SourceMap& sources, Sentences& from, std::shared_ptr<Arena> arena) {
    Ast ast = arena ? Ast(std::move(arena)) : Ast();
    ast.file = from.file;
    if (from.tree) {
        Builder builder(sources, from.tokens, ast, from.diagnostics);
        for (auto* decl : from.tree->decl())
            if (whole(decl, from.error_tokens)) ast.top.push_back(builder.declaration(decl));
    }
    ast.complete = from.readable && !from.diagnostics.has_errors();
    return ast;
}

/// Every thread takes the next file that nobody has.
void read_all(const source::SourceMap& sources, std::vector<Sentences>& files) {
    std::atomic<std::size_t> next = 0;
    std::mutex guard;
    std::exception_ptr failed;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < files.size(); i = next++) read_sentences(sources, files[i]);
        } catch (...) {   // no memory: told by whoever asked
            const std::lock_guard lock(guard);
            failed = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < std::min<std::size_t>(std::thread::hardware_concurrency(), files.size()); ++i) others.emplace_back(work);
        } catch (const std::system_error&) {   // as many as there may be
        }
        work();
    }
    if (failed) std::rethrow_exception(failed);
}

/// Trees of so many bytes of text stand in memory at once: each takes some ninety times as many.
constexpr std::size_t text_at_once = 1u << 20;

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

std::vector<Ast> parse_files(const source::SourceMap& sources, const std::vector<source::FileId>& files, diag::Diagnostics& diagnostics,
                             std::shared_ptr<Arena> arena) {
    std::vector<Ast> out;
    while (out.size() < files.size()) {
        std::vector<Sentences> some;
        for (std::size_t i = out.size(), bytes = 0; i < files.size() && (some.empty() || bytes + sources.text(files[i]).size() <= text_at_once); ++i) {
            bytes += sources.text(files[i]).size();
            some.emplace_back().file = files[i];
        }
        read_all(sources, some);
        // The parts of all trees stand in one list, in the order of the files.
        for (Sentences& sentences : some) {
            out.push_back(build(sources, sentences, arena));
            sentences.diagnostics.sort();
            diagnostics.append(std::move(sentences.diagnostics));
        }
    }
    return out;
}

Ast parse_file(const source::SourceMap& sources, source::FileId file, diag::Diagnostics& diagnostics, std::shared_ptr<Arena> arena) {
    return std::move(parse_files(sources, {file}, diagnostics, std::move(arena)).front());
}

ExprId parse_expression(const source::SourceMap& sources, source::FileId file, Ast& ast, diag::Diagnostics& diagnostics) {
    diag::Diagnostics own;
    const ExprId root = read_expression(sources, file, ast, own);
    own.sort();
    diagnostics.append(std::move(own));
    return root;
}

}  // namespace tiao::syntax
