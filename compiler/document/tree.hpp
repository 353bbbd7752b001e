// An agreement as a tree of addresses: every heading is a node, every statement hangs on the node it stands in, with the
// `for each` that governs it. Supplements are worked into the tree, so that no later pass knows of amendments: what they put
// there is a node like any other, what they replaced or repealed stays beside it, and each carries the days on which it counts.
// Nothing is known of names or types here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/syntax/ast.hpp"

namespace tiao::document {

inline constexpr std::uint32_t no_node = 0xffffffffu;

/// A statement of a node and the `for each` in whose reach it stands.
struct Placed {
  syntax::StmtId stmt;
  syntax::StmtId scope;          // ForEach; not valid = none written
};

enum class TextStatus : std::uint8_t { structural, executable, recorded, elsewhere };

struct TreeNode {
  std::vector<syntax::Segment> path;   // absolute, chapters and sections included
  std::string address;                 // canonical Chinese: chapters and sections left out unless they are the node itself
  std::string english;
  std::string label;
  std::uint32_t parent = no_node;
  std::vector<std::uint32_t> children;
  std::vector<Placed> statements;
  syntax::StmtId scope;                // ForEach in whose reach the node itself stands
  std::optional<syntax::InForce> in_force;
  syntax::AddressList residual_to;
  TextStatus status = TextStatus::structural;
  std::string reason;
  source::Span span;
  syntax::StmtId written;              // the heading and its body; several nodes may share one
  std::uint32_t edition = 0;           // 0: the agreement's own text; n: put there by supplement n - 1
  std::uint32_t put_by = no_node;      // the operation that put it there, itself (not only a node above it)
  std::vector<std::uint32_t> ended_by; // operations that replace or repeal it
  std::uint32_t earlier = no_node, later = no_node;   // what the same thing was before, or is afterwards: rewritten, or under another number
  std::uint32_t renumbered_by = no_node;   // the operation from whose days on it has this number, itself
  std::uint32_t same_as = no_node;         // the node of the same words under the number that it had before
};

/// What a supplement does to one address.
enum class OperationKind : std::uint8_t { insert, replace, append, repeal, renumber };
struct Operation {
  OperationKind kind = OperationKind::insert;
  std::uint32_t supplement = 0;                // index into Tree::supplements()
  std::string address;                         // where the supplement says it: 六（一）
  std::string target;                          // the address that it touches, as it was before
  std::uint32_t node = no_node;                // what it put there, under the new number; repeal: what it touched
  std::vector<syntax::InForce> in_force;       // counts on days on which all of these hold; none: always
  source::Span span;
};

/// A supplement that the tree was amended by, in the order of application.
struct Supplement {
  std::string name, label;
  const syntax::SupplementDecl* decl = nullptr;
  std::optional<std::int64_t> from;            // day number, when its header gives a day that is written out
  source::Span span;
};

/// The pieces of one text: the declaration that begins it, those that continue it, and what amends it, in order.
struct Sources {
  std::vector<const syntax::AgreementDecl*> parts;
  std::vector<const syntax::SupplementDecl*> supplements;
};

/// Node 0 is the agreement.
class Tree {
 public:
  /// Builds the tree of one agreement and works its supplements in; reports an address that stands twice, an empty node, and every
  /// operation that does not fit the text it is put on. `ast`: any of the project, whose files share one arena.
  static Tree build(const syntax::Ast& ast, const Sources& sources, source::Span span, diag::Diagnostics& diagnostics);

  const std::vector<TreeNode>& nodes() const { return nodes_; }
  const TreeNode& operator[](std::uint32_t id) const { return nodes_[id]; }

  const std::vector<Operation>& operations() const { return operations_; }
  const std::vector<Supplement>& supplements() const { return supplements_; }

  /// Finds an address as seen from a node: from the innermost node outward, then from the agreement. It means what stood there when
  /// the node was written; what was put in its place later is reached through `later`. From no_node: in the text as amended.
  std::optional<std::uint32_t> find(std::uint32_t from, const std::vector<syntax::Segment>& segments) const;
  /// What an address means, or meant before some supplement took it away.
  std::optional<std::uint32_t> ever(const std::vector<syntax::Segment>& segments) const;
  /// All nodes of a list with ranges expanded, each followed by what replaced it; reports those that do not exist, and a node
  /// that a supplement repealed while this one goes on.
  std::vector<std::uint32_t> resolve(std::uint32_t from, const syntax::AddressList& list, diag::Diagnostics& diagnostics);
  /// The addresses resolved so far: where each stands in the text, and what it meant when it was written, one node for each number of a range.
  struct Reference { source::Span span; std::vector<std::uint32_t> nodes; };
  const std::vector<Reference>& references() const { return references_; }
  /// The operations that decide on which days a node counts: those that put it or a node above it there, and, with `ends`, those
  /// that take it away.
  struct Validity { std::vector<std::uint32_t> begins, ends; };
  Validity validity(std::uint32_t node) const;
  /// A node that a supplement took away, by itself or with the node above it, without putting another in its place.
  bool repealed(std::uint32_t node) const;
  /// True when `node` is `ancestor` or stands under it.
  bool under(std::uint32_t node, std::uint32_t ancestor) const;
  /// The same, whatever number either has had.
  bool part_of(std::uint32_t node, std::uint32_t ancestor) const;
  /// The existing address nearest to one that is not there, for hints.
  std::string nearest(const std::string& address) const;

 private:
  std::uint32_t add(const syntax::Ast& ast, std::uint32_t parent, const std::vector<syntax::Segment>& heading, const syntax::Node& written, source::Span span, diag::Diagnostics& diagnostics);
  void fill(const syntax::Ast& ast, std::uint32_t node, const std::vector<syntax::StmtId>& body, syntax::StmtId scope, diag::Diagnostics& diagnostics);
  void place(const syntax::Ast& ast, std::uint32_t parent, const syntax::Node& written, syntax::StmtId stmt, syntax::StmtId scope, diag::Diagnostics& diagnostics);
  void amend(const syntax::Ast& ast, std::uint32_t supplement, diag::Diagnostics& diagnostics);
  struct Walk;   // where in a supplement we are
  void walk(const syntax::Ast& ast, const std::vector<syntax::StmtId>& body, Walk at, diag::Diagnostics& diagnostics);
  void apply(const syntax::Ast& ast, syntax::StmtId stmt, const Walk& at, diag::Diagnostics& diagnostics);
  void repeal(const syntax::Repeal& written, const Walk& at, source::Span span, diag::Diagnostics& diagnostics);
  void renumber(const syntax::Ast& ast, const syntax::Renumber& written, const Walk& at, source::Span span, diag::Diagnostics& diagnostics);
  bool known(std::uint32_t node) const;
  void twin(const syntax::Ast& ast, std::uint32_t node, std::uint32_t parent, std::uint32_t depth, std::uint32_t number);
  void put(const syntax::Ast& ast, const syntax::Node& written, OperationKind kind, const Walk& at, syntax::StmtId stmt, diag::Diagnostics& diagnostics);
  void take_away(std::uint32_t node, std::uint32_t operation);
  enum class Others : bool { any, of_other_supplements };
  bool touch(std::uint32_t node, const Walk& at, source::Span span, diag::Diagnostics& diagnostics, Others others = Others::any);
  void in_document_order();
  using Addresses = std::map<std::string, std::uint32_t>;
  Addresses& addresses() { return editions_.back(); }
  const Addresses& addresses() const { return editions_.back(); }

  std::vector<TreeNode> nodes_;
  std::vector<Operation> operations_;
  std::vector<Supplement> supplements_;
  std::vector<Reference> references_;
  std::vector<Addresses> editions_{1};   // what each address means: in the agreement's own text, and after each supplement
};

/// A number that only serves to put days in order.
std::int64_t order_of(const syntax::DateLiteral& date);
/// Canonical spellings of a path of segments.
std::string chinese_address(const std::vector<syntax::Segment>& path);
std::string english_address(const std::vector<syntax::Segment>& path);
/// 31 -> 三十一
std::string chinese_number(std::uint32_t n);
}  // namespace tiao::document
