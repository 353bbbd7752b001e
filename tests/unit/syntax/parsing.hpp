// What the tests of this folder share: text in, printed tree or printed messages out.
#pragma once

#include "compiler/syntax/parser.hpp"
#include "compiler/syntax/printer.hpp"

#include <string>

namespace tiao::syntax {

struct Parsed {
    source::SourceMap sources;
    diag::Diagnostics diagnostics;
    Ast ast;
    ExprId root;

    std::string messages(diag::Language language = diag::Language::en) const {
        return diag::render_text(sources, diagnostics, {language, false, 50});
    }
    /// Codes with line and column, one to a line.
    std::string codes() const {
        std::string out;
        for (const auto& d : diagnostics.all()) {
            const auto at = sources.position(d.span.file, d.span.begin);
            out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(diag::message(d.code).name) + "\n";
        }
        return out;
    }
};

inline Parsed parse(std::string text, std::string path = "t.tiao") {
    Parsed out;
    const auto file = out.sources.add(std::move(path), std::move(text));
    out.ast = parse_file(out.sources, file, out.diagnostics);
    return out;
}

/// The printed tree of a whole file; messages instead when there are any.
inline std::string tree(std::string text) {
    const Parsed parsed = parse(std::move(text));
    return parsed.diagnostics.empty() ? dump(parsed.ast) : parsed.messages();
}

/// The same for statements of an agreement, without its line.
inline std::string body(const std::string& text) {
    const std::string whole = tree("agreement a {\n" + text + "\n}");
    const std::string head = "agreement a\n";
    if (!whole.starts_with(head)) return whole;
    std::string out;
    for (std::size_t at = head.size(); at < whole.size();) {
        const std::size_t end = whole.find('\n', at) + 1;
        out += whole.substr(at + 2, end - at - 2);
        at = end;
    }
    return out;
}

/// The printed form of one expression.
inline std::string expr(std::string text) {
    Parsed parsed;
    const auto file = parsed.sources.add("<expression>", std::move(text));
    parsed.root = parse_expression(parsed.sources, file, parsed.ast, parsed.diagnostics);
    return parsed.root && parsed.diagnostics.empty() ? dump(parsed.ast, parsed.root) : parsed.messages();
}

}  // namespace tiao::syntax
