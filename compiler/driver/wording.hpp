// What clauses say, as it was written.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "compiler/document/tree.hpp"
#include "compiler/source/source.hpp"
#include "compiler/syntax/ast.hpp"

namespace tiao::driver {

/// The node's own words: its statements, without those of the nodes beneath. `said`: what is written at a place.
std::string own_words(const syntax::Ast& ast, const document::Tree& tree, std::uint32_t node, const std::function<std::string(source::Span)>& said);

/// The lines of a text without the indentation they share, each led by `depth` steps.
std::string indented(std::string_view text, unsigned depth);

}  // namespace tiao::driver
