// A program as text: `tiao dump --stage core`, messages of the verifier, and what explanations show of a value. Stable: it
// depends on the program alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "compiler/core/core.hpp"

namespace tiao::core {

/// The text of an interned string; by default those of the program.
using TextOf = std::function<std::string_view(std::int64_t)>;
/// The key of a row; by default its number.
using KeyOf = std::function<std::string(EntityId, std::uint32_t)>;

// A value as a reader sees it: 9, 3..5, P2M, suspended|terminated, "d", incident[I7], unknown, error.
std::string show(const Schema& schema, const Type& type, const Cell& value, const TextOf& text = {}, const KeyOf& key = {});

std::string print_type(const Schema& schema, const Type& type);
std::string print_expr(const Program& program, ExprId expr);
std::string print_source(const Program& program, const Source& source);
std::string print(const Program& program);

const char* name(Op op);
const char* name(CmpOp op);
const char* name(FoldKind kind);
const char* name(HitPolicy policy);
const char* name(Modality modality);
const char* name(DeclKind kind);

}  // namespace tiao::core
