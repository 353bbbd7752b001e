// Small changes of a text, one at a time, that a scenario ought to notice: limits, bounds, modalities, items, exceptions, dates.
// Each is made in the syntax tree, where it has one place and one address, and can be taken back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "compiler/document/tree.hpp"
#include "compiler/source/source.hpp"
#include "compiler/syntax/ast.hpp"

namespace tiao::driver {

enum class MutantKind : std::uint8_t { number, boundary, modality, item, exception, date };
std::string_view name_of(MutantKind kind);

/// One node of the syntax tree in another form. Making a change puts it in and takes the present form out; making it again undoes it.
struct Edit {
  std::variant<std::pair<syntax::ExprId, syntax::Expr>, std::pair<syntax::StmtId, syntax::Stmt>> form;
  void swap_with(syntax::Arena& arena);
};

struct Mutant {
  MutantKind kind = MutantKind::number;
  std::uint32_t node = 0;   // of the tree
  source::Span span;        // of what is changed
  std::string change;       // `balance at least 6分: 6分 → 7分`; unique at its address
  Edit edit;
};

/// All that can be made of the text in the files that are asked for, in the order of the tree. Adds to the arena, never changes it.
std::vector<Mutant> mutants_of(syntax::Ast ast, const source::SourceMap& sources, const document::Tree& tree,
                               const std::function<bool(source::FileId)>& asked);

/// The address of a node, as it is listed and as it is read; the agreement's own name for what stands before its first article.
std::string address_of(const document::Tree& tree, std::uint32_t node, const std::string& agreement, bool chinese);

}  // namespace tiao::driver
