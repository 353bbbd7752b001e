#include "compiler/syntax/ast.hpp"

#include <array>

namespace tiao::syntax {

std::string Path::text() const {
    std::string out;
    for (const Ident& segment : segments) {
        if (!out.empty()) out += '.';
        out += segment.text;
    }
    return out;
}

ExprId Ast::add(Expr expr) {
    arena_->exprs.push_back(std::move(expr));
    return {static_cast<std::uint32_t>(arena_->exprs.size() - 1)};
}

RowsId Ast::add(Rows rows) {
    arena_->rows.push_back(std::move(rows));
    return {static_cast<std::uint32_t>(arena_->rows.size() - 1)};
}

StmtId Ast::add(Stmt stmt) {
    arena_->stmts.push_back(std::move(stmt));
    return {static_cast<std::uint32_t>(arena_->stmts.size() - 1)};
}

namespace {

constexpr std::array<std::string_view, 11> level_names{"chapter", "section", "part",     "article", "paragraph", "item",
                                                       "subitem", "limb",    "sentence", "head",    "tail"};
constexpr std::array<std::string_view, static_cast<std::size_t>(ExprKind::error) + 1> expr_names{
    "quantity", "date",      "string", "true",   "false",  "never",  "unstated", "unknown",  "this",   "path",
    "call",     "aggregate", "suspected", "any_item", "all_items", "count_items", "breach_of", "address", "negate", "not",    "and",
    "or",       "add",       "subtract", "multiply", "divide", "compare", "in_range", "in_set", "in_period", "meets",
    "is_set",   "in_bottom", "in_top", "if",     "error"};
constexpr std::array<std::string_view, 12> op_names{"none",  "is",     "is_not", "at_least",     "at_most",     "over",
                                                    "under", "before", "after",  "on_or_before", "on_or_after", "crosses"};
constexpr std::array<std::string_view, 14> fold_names{"none",     "count",  "sum",  "highest", "lowest", "average", "share",
                                                      "earliest", "latest", "only", "exists",  "no",     "every",   "consecutive"};
constexpr std::array<std::string_view, 4> modality_names{"must", "must_not", "may", "automatically"};

}  // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }
std::string_view name_of(ExprKind kind) { return expr_names[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Op op) { return op_names[static_cast<std::size_t>(op)]; }
std::string_view name_of(Fold fold) { return fold_names[static_cast<std::size_t>(fold)]; }
std::string_view name_of(Modality modality) { return modality_names[static_cast<std::size_t>(modality)]; }

}  // namespace tiao::syntax
