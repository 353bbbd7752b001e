// An agreement as a tree of addresses: every heading is a node, every statement hangs on the node it stands in, with the
// `for each` that governs it. Nothing is known of names or types here.
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
};

/// Node 0 is the agreement.
class Tree {
 public:
  /// Builds the tree of one agreement; reports an address that stands twice and an empty node.
  static Tree build(const syntax::Ast& ast, const syntax::AgreementDecl& agreement, source::Span span, diag::Diagnostics& diagnostics);

  const std::vector<TreeNode>& nodes() const { return nodes_; }
  const TreeNode& operator[](std::uint32_t id) const { return nodes_[id]; }

  /// Finds an address as seen from a node: from the innermost node outward, then from the agreement.
  std::optional<std::uint32_t> find(std::uint32_t from, const std::vector<syntax::Segment>& segments) const;
  /// All nodes of a list with ranges expanded; reports those that do not exist.
  std::vector<std::uint32_t> resolve(std::uint32_t from, const syntax::AddressList& list, diag::Diagnostics& diagnostics) const;
  /// True when `node` is `ancestor` or stands under it.
  bool under(std::uint32_t node, std::uint32_t ancestor) const;
  /// The existing address nearest to one that is not there, for hints.
  std::string nearest(const std::string& address) const;

 private:
  std::uint32_t add(std::uint32_t parent, const std::vector<syntax::Segment>& heading, source::Span span, diag::Diagnostics& diagnostics);
  void fill(const syntax::Ast& ast, std::uint32_t node, const std::vector<syntax::StmtId>& body, syntax::StmtId scope, diag::Diagnostics& diagnostics);
  void place(const syntax::Ast& ast, std::uint32_t parent, const syntax::Node& written, source::Span span, syntax::StmtId scope, diag::Diagnostics& diagnostics);
  std::vector<TreeNode> nodes_;
  std::map<std::string, std::uint32_t> by_address_;
};

/// Canonical spellings of a path of segments.
std::string chinese_address(const std::vector<syntax::Segment>& path);
std::string english_address(const std::vector<syntax::Segment>& path);
/// 31 -> 三十一
std::string chinese_number(std::uint32_t n);
/// Levenshtein distance over characters, for nearest names.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace tiao::document
