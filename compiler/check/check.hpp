// From syntax to core: names, units, types and addresses are resolved here, list propositions, exceptions, `in force` and
// the other shorthands become plain conditions. One agreement is compiled at a time, with all that it uses.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/scenario.hpp"
#include "compiler/core/core.hpp"
#include "compiler/diag/diag.hpp"
#include "compiler/document/tree.hpp"
#include "compiler/source/source.hpp"
#include "compiler/syntax/ast.hpp"

namespace tiao::check {

/// The parsed files of a project, all in one arena: a text is put together from several of them. `module` is the dotted path by
/// which `use` finds a file (stdlib.vocabulary).
struct ProjectSources {
  const source::SourceMap* sources = nullptr;
  std::shared_ptr<syntax::Arena> arena = std::make_shared<syntax::Arena>();
  struct File { std::string module; syntax::Ast ast; };
  std::deque<File> files;
};

/// An earlier text of an agreement, for telling the two apart within one program: whatever only the later one says, and whatever
/// is in force on other days in it, can be switched back.
struct Earlier {
  std::vector<std::string> supplements;   // that it already had
  std::optional<std::int64_t> edition;    // its AgreementRef::edition
};

/// Where an agreement begins, or a supplement: its name stands for the text that it amends with the supplement worked in. The
/// name of an agreement stands for it with every supplement of the project.
struct AgreementRef {
  std::string name, label;
  std::size_t file = 0;
  syntax::StmtId stmt;
  bool supplement = false;
  std::optional<std::int64_t> edition = std::nullopt;   // the day whose text is meant for every row; else each row's own day
  bool own_text = false;                                // of an agreement: without any supplement
  std::optional<Earlier> earlier = std::nullopt;        // asks for Compiled::switches
};
std::vector<AgreementRef> agreements(const ProjectSources& project);

struct Compiled {
  core::Program program;
  document::Tree tree;                              // the text, supplements worked in; empty when the program came from a cache
  std::vector<core::ExprId> operations_in_force;    // parallel to tree.operations(): on the run's as-of date; none = always
  // Blanks that are true where the text is the later one, with AgreementRef::earlier; parallel to tree.operations(), none where both
  // texts have it alike. The last is for the days that nodes of the text name themselves.
  std::vector<std::uint32_t> switches;
  std::uint32_t switch_of_days = none;
  std::vector<std::size_t> files;                   // of the project, in which the text stands
  std::vector<Scenario> scenarios;   // those written for this agreement, anywhere in the project
};

/// Compiles an agreement. False when anything was an error; `out` is then not to be run.
bool compile(const ProjectSources& project, const AgreementRef& agreement, diag::Diagnostics& diagnostics, Compiled& out);

/// Checks what no agreement of the project uses: vocabulary files on their own, scenarios of agreements that do not exist.
void check_rest(const ProjectSources& project, diag::Diagnostics& diagnostics);

/// One expression without any row in sight, as `tiao eval` takes it, with the vocabulary of every file in sight. The program
/// holds it as `reports[0]` of a register `eval` with one row.
struct CompiledExpression { core::Program program; core::ExprId expr = none; Type type; };
bool compile_expression(const ProjectSources& project, const syntax::Ast& ast, syntax::ExprId expr, diag::Diagnostics& diagnostics,
                        CompiledExpression& out);

/// A type as users read it: 金额 / money, 分 / mark.
std::string type_name(const Schema& schema, const Type& type);

}  // namespace tiao::check
