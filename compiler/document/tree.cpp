#include "compiler/document/tree.hpp"

#include <algorithm>

#include "runtime/value/text.hpp"

namespace tiao::document {

using syntax::Level;
using syntax::Segment;

std::string chinese_number(std::uint32_t n) {
  static const char* digit[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (n < 10) return digit[n];
  if (n < 20) return std::string("十") + (n % 10 ? digit[n % 10] : "");
  if (n < 100) return std::string(digit[n / 10]) + "十" + (n % 10 ? digit[n % 10] : "");
  if (n >= 1000) return std::to_string(n);
  std::string s = std::string(digit[n / 100]) + "百";
  n %= 100;
  if (n == 0) return s;
  if (n < 10) return s + "零" + digit[n];
  return s + digit[n / 10] + "十" + (n % 10 ? digit[n % 10] : "");
}

namespace {

// Chapters and sections group articles but are no part of an article's address.
std::vector<Segment> significant(const std::vector<Segment>& path) {
  std::vector<Segment> out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool grouping = path[i].level == Level::chapter || path[i].level == Level::section;
    if (!grouping || i + 1 == path.size()) out.push_back(path[i]);
  }
  return out;
}

std::string segment_text(const Segment& s) {
  const std::string n = chinese_number(s.number);
  switch (s.level) {
    case Level::chapter: return "第" + n + "章";
    case Level::section: return "第" + n + "节";
    case Level::part: return n;
    case Level::article: return "第" + n + "条";
    case Level::paragraph: return "第" + n + "款";
    case Level::item: return "（" + n + "）";
    case Level::subitem: return std::to_string(s.number);
    case Level::limb: return "第" + n + "分项";
    case Level::sentence: return "第" + n + "句";
    case Level::head: return "首段";
    case Level::tail: return "末段";
  }
  return {};
}

// Are there, or may there be, days that lie in both? Only what is written out as dates is known to lie apart.
bool may_overlap(const syntax::Ast& ast, const syntax::InForce& a, const syntax::InForce& b) {
  const auto day = [&](syntax::ExprId id) -> std::optional<std::int64_t> {
    if (!id.valid() || ast[id].kind != syntax::ExprKind::date) return std::nullopt;
    return order_of(ast[id].date);
  };
  const auto ends_before = [&](const syntax::InForce& one, const syntax::InForce& other) {
    const auto end = one.end == syntax::EndKind::until || one.end == syntax::EndKind::through ? day(one.to) : std::nullopt, from = day(other.from);
    return end && from && (one.end == syntax::EndKind::until ? *end <= *from : *end < *from);
  };
  return !ends_before(a, b) && !ends_before(b, a);
}

}  // namespace

std::int64_t order_of(const syntax::DateLiteral& d) { return (d.year * 16ll + d.month) * 64 + d.day; }

std::string chinese_address(const std::vector<Segment>& path) {
  std::string out;
  for (const Segment& s : significant(path)) out += segment_text(s);
  return out;
}

std::string english_address(const std::vector<Segment>& path) {
  std::string out;
  const auto segments = significant(path);
  for (auto it = segments.rbegin(); it != segments.rend(); ++it) {
    if (!out.empty()) out += " of ";
    out += std::string(syntax::name_of(it->level));
    if (it->level != Level::head && it->level != Level::tail) out += " " + std::to_string(it->number);
  }
  return out;
}

Tree Tree::build(const syntax::Ast& ast, const Sources& sources, source::Span span, diag::Diagnostics& diagnostics) {
  Tree tree;
  TreeNode root;
  root.label = sources.parts.empty() ? "" : sources.parts.front()->label.value;
  root.span = span;
  tree.nodes_.push_back(std::move(root));
  for (const syntax::AgreementDecl* part : sources.parts) tree.fill(ast, 0, part->body, {}, diagnostics);
  for (const syntax::SupplementDecl* decl : sources.supplements) {
    tree.supplements_.push_back({decl->path.text(), decl->label.value, decl, {}, decl->path.span});
    tree.editions_.push_back(tree.editions_.back());
    tree.amend(ast, static_cast<std::uint32_t>(tree.supplements_.size() - 1), diagnostics);
  }
  if (!sources.supplements.empty()) tree.in_document_order();
  return tree;
}

std::uint32_t Tree::add(const syntax::Ast& ast, std::uint32_t parent, const std::vector<Segment>& heading, const syntax::Node& written, source::Span span, diag::Diagnostics& diagnostics) {
  TreeNode node;
  node.path = nodes_[parent].path;
  node.path.insert(node.path.end(), heading.begin(), heading.end());
  node.address = chinese_address(node.path);
  node.english = english_address(node.path);
  node.parent = parent;
  node.span = span;
  node.in_force = written.in_force;
  node.edition = static_cast<std::uint32_t>(editions_.size() - 1);
  const auto id = static_cast<std::uint32_t>(nodes_.size());
  const auto [at, fresh] = addresses().emplace(node.address, id);
  if (!fresh) {
    const TreeNode& first = nodes_[at->second];
    const bool overlap = node.in_force && first.in_force && may_overlap(ast, *first.in_force, *node.in_force);
    auto& d = diagnostics.add(overlap ? diag::Code::in_force_overlap : diag::Code::address_twice, overlap ? node.in_force->span : span, {node.address});
    d.labels.push_back({overlap ? first.in_force->span : first.span, overlap ? diag::Code::other_days : diag::Code::first_here, {}});
  }
  nodes_.push_back(std::move(node));
  nodes_[parent].children.push_back(id);
  return id;
}

void Tree::fill(const syntax::Ast& ast, std::uint32_t node, const std::vector<syntax::StmtId>& body, syntax::StmtId scope,
                diag::Diagnostics& diagnostics) {
  for (const syntax::StmtId id : body) {
    const syntax::Stmt& stmt = ast[id];
    if (const auto* written = std::get_if<syntax::Node>(&stmt.what)) {
      place(ast, node, *written, id, scope, diagnostics);
    } else if (std::holds_alternative<syntax::ForEach>(stmt.what)) {
      scope = id;
    } else {
      if (const auto* recorded = std::get_if<syntax::Recorded>(&stmt.what)) {
        nodes_[node].status = TextStatus::recorded;
        nodes_[node].reason = recorded->why.value;
      } else if (const auto* elsewhere = std::get_if<syntax::Elsewhere>(&stmt.what)) {
        nodes_[node].status = TextStatus::elsewhere;
        nodes_[node].reason = elsewhere->where.value;
      } else if (nodes_[node].status == TextStatus::structural) {
        nodes_[node].status = TextStatus::executable;
      }
      nodes_[node].statements.push_back({id, scope});
    }
  }
}

void Tree::place(const syntax::Ast& ast, std::uint32_t parent, const syntax::Node& written, syntax::StmtId stmt, syntax::StmtId scope,
                 diag::Diagnostics& diagnostics) {
  for (const syntax::AddressRange& range : written.addresses) {
    const std::uint32_t first = range.lo.segments.back().number;
    const std::uint32_t last = range.hi ? range.hi->segments.back().number : first;
    if (last < first || last - first > 1000) {
      diagnostics.add(diag::Code::address_range, range.span);
      continue;
    }
    for (std::uint32_t n = first; n <= last; ++n) {
      auto heading = range.lo.segments;
      heading.back().number = n;
      const std::uint32_t id = add(ast, parent, heading, written, range.span, diagnostics);
      nodes_[id].label = written.label.value;
      nodes_[id].written = stmt;
      nodes_[id].scope = scope;
      nodes_[id].residual_to = written.residual_to;
      fill(ast, id, written.body, scope, diagnostics);
      if (written.body.empty()) diagnostics.add(diag::Code::empty_node, ast[stmt].span, {nodes_[id].address});
    }
  }
}

std::optional<std::uint32_t> Tree::find(std::uint32_t from, const std::vector<Segment>& segments) const {
  while (from != no_node && nodes_[from].same_as != no_node) from = nodes_[from].same_as;   // as it was when it was written
  const Addresses& by_address = from == no_node ? editions_.back() : editions_[nodes_[from].edition];
  for (std::uint32_t at = from;; at = nodes_[at].parent) {
    auto path = at == no_node ? std::vector<Segment>{} : nodes_[at].path;
    path.insert(path.end(), segments.begin(), segments.end());
    if (const auto hit = by_address.find(chinese_address(path)); hit != by_address.end()) return hit->second;
    if (at == no_node || at == 0) break;
  }
  // The written path may spell out chapters that an address leaves out, or stand alone.
  if (const auto hit = by_address.find(chinese_address(segments)); hit != by_address.end()) return hit->second;
  return std::nullopt;
}

std::optional<std::uint32_t> Tree::ever(const std::vector<Segment>& segments) const {
  for (auto edition = editions_.rbegin(); edition != editions_.rend(); ++edition)
    if (const auto hit = edition->find(chinese_address(segments)); hit != edition->end()) return hit->second;
  return std::nullopt;
}

std::vector<std::uint32_t> Tree::resolve(std::uint32_t from, const syntax::AddressList& list, diag::Diagnostics& diagnostics) {
  std::vector<std::uint32_t> out;
  for (const syntax::AddressRange& range : list) {
    references_.push_back({range.span, {}});
    const std::uint32_t first = range.lo.segments.back().number;
    const std::uint32_t last = range.hi ? range.hi->segments.back().number : first;
    for (std::uint32_t n = first; n <= last && n - first <= 1000; ++n) {
      auto segments = range.lo.segments;
      segments.back().number = n;
      if (const auto node = find(from, segments)) {
        references_.back().nodes.push_back(*node);
        for (std::uint32_t at = *node; at != no_node; at = nodes_[at].later) out.push_back(at);
        const std::uint32_t last = out.back();
        if (repealed(last) && from != no_node && !repealed(from) && nodes_[from].later == no_node) {
          auto& d = diagnostics.add(diag::Code::refers_to_repealed, range.span, {nodes_[last].address});
          for (const auto operation : validity(last).ends) d.labels.push_back({operations_[operation].span, diag::Code::repealed_here, {}});
        }
        continue;
      }
      const std::string wanted = chinese_address(segments);
      auto& d = diagnostics.add(diag::Code::address_not_found, range.span, {wanted});
      d.hint_args = {nearest(wanted)};
      d.hint = !d.hint_args[0].empty();
    }
  }
  return out;
}

bool Tree::under(std::uint32_t node, std::uint32_t ancestor) const {
  for (; node != no_node; node = nodes_[node].parent)
    if (node == ancestor) return true;
  return false;
}

bool Tree::part_of(std::uint32_t node, std::uint32_t ancestor) const {
  for (; node != no_node; node = nodes_[node].parent)
    for (std::uint32_t thing = node; thing != no_node; thing = nodes_[thing].same_as)
      if (thing == ancestor) return true;
  return false;
}

std::string Tree::nearest(const std::string& address) const {
  std::string best;
  std::size_t distance = 3;   // further away is no help
  for (const auto& [text, id] : editions_.back())
    if (const std::size_t d = edit_distance(text, address); d < distance) distance = d, best = text;
  return best;
}

}  // namespace tiao::document
