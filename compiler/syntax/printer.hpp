// The tree as text, for `tiao dump --stage ast` and for tests: statements one to a line, indented; expressions in prefix form.
#pragma once

#include "compiler/syntax/ast.hpp"

#include <string>

namespace tiao::syntax {

std::string dump(const Ast& ast);
std::string dump(const Ast& ast, StmtId stmt);
std::string dump(const Ast& ast, ExprId expr);
std::string dump(const Ast& ast, RowsId rows);

/// An address in one form whatever was written: `article 31 / item 2`, ` in region.facility` when it names its agreement.
std::string to_text(const Address& address);
std::string to_text(const AddressList& addresses);
std::string to_text(const DateLiteral& date);

}  // namespace tiao::syntax
