// Text to tree.
#pragma once

#include <memory>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/source/source.hpp"
#include "compiler/syntax/ast.hpp"

namespace tiao::syntax {

/// Brackets deeper than this are refused, so that no later pass needs to fear for its stack.
inline constexpr unsigned max_nesting = 256;

/// Parses a file. Always returns a tree; after an error it holds the declarations that could be read whole. `arena`: where its
/// parts are put, none for one of its own.
Ast parse_file(const source::SourceMap& sources, source::FileId file, diag::Diagnostics& diagnostics, std::shared_ptr<Arena> arena = nullptr);

/// The same for several files, on all cores; what comes out does not depend on their number.
std::vector<Ast> parse_files(const source::SourceMap& sources, const std::vector<source::FileId>& files, diag::Diagnostics& diagnostics,
                             std::shared_ptr<Arena> arena);

/// Parses a text that is one expression (for `tiao eval`; the word `date` may stand before a date). Not valid after an error.
ExprId parse_expression(const source::SourceMap& sources, source::FileId file, Ast& ast, diag::Diagnostics& diagnostics);

}  // namespace tiao::syntax
