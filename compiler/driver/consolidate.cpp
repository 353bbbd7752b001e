#include "compiler/driver/consolidate.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/wording.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/facts/builder.hpp"
#include "runtime/value/format.hpp"

namespace tiao::driver {
namespace {

using document::Tree;
using document::no_node;

Status set_blanks(const Schema& schema, const std::vector<std::string>& set, facts::FactBase& out) {
  facts::LoadErrors errors;
  facts::FactBuilder builder(schema, errors);
  builder.close_all();
  for (const std::string& one : set) {
    const std::size_t is = one.find('=');
    if (is == std::string::npos) return usage(fmt::format("--set 要写成 名称=值，写的是“{}”", one), fmt::format("--set takes NAME=VALUE, found \"{}\"", one));
    builder.set_parameter(one.substr(0, is), facts::CellSpec::string(std::string_view(one).substr(is + 1)));
  }
  if (!builder.finish(out) || !errors.empty()) return failure_of(errors);
  return std::nullopt;
}

// On which blanks the days turn that are not decided.
void note_blanks(const core::Program& program, core::ExprId id, const facts::FactBase& facts, std::set<std::string>& out) {
  const core::Expr& e = program.exprs[id];
  if (e.op == core::Op::parameter && !facts.parameter_set[e.a]) out.insert(program.schema.parameters[e.a].id);
  for (std::uint32_t i = 0; i < e.count; ++i) note_blanks(program, program.args[e.args + i], facts, out);
}

// Writes the text of the day out of the pieces in which it was written.
class Printer {
 public:
  Printer(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text)
      : project_(project), request_(request), text_(text), tree_(text.agreement.compiled.tree), ast_(project.parsed().files.front().ast) {}

  std::string print() {
    const auto& files = project_.parsed().files;
    const auto& compiled = text_.agreement.compiled;
    std::set<std::string> used;
    for (const std::size_t f : compiled.files)
      for (const auto id : files[f].ast.top)
        if (const auto* use = std::get_if<syntax::Use>(&ast_[id].what))
          if (used.insert(use->path.text()).second) out_ += "use " + use->path.text() + "\n";
    std::vector<const syntax::AgreementDecl*> parts;
    const std::string name = text_.agreement.schema().nodes.front().agreement;
    for (const std::size_t f : std::set<std::size_t>(compiled.files.begin(), compiled.files.end()))
      for (const auto id : files[f].ast.top) {
        const auto& what = ast_[id].what;
        if (const auto* part = std::get_if<syntax::AgreementDecl>(&what)) {
          if (part->path.text() == name) parts.insert(part->continued ? parts.end() : parts.begin(), part);
        } else if (!std::holds_alternative<syntax::Use>(what) && !std::holds_alternative<syntax::SupplementDecl>(what) && !std::holds_alternative<syntax::Scenario>(what)) {
          out_ += "\n" + indented(slice(ast_[id].span), 0);
        }
      }
    const syntax::AgreementDecl& first = *parts.front();
    out_ += fmt::format("\n# {}, {}\n", request_.chinese ? "合并文本" : "consolidated text", format_date(request_.as_of));
    for (std::uint32_t i = 0; i < tree_.supplements().size(); ++i)
      if (effective(i)) out_ += fmt::format("# + {} {}\n", tree_.supplements()[i].name, tree_.supplements()[i].label);
    out_ += "agreement " + first.path.text() + (first.label.given ? " " + std::string(slice(first.label.span)) : "") + (first.elsewhere ? " elsewhere" : "") + " {\n";
    std::set<std::uint32_t> own;
    for (const auto* part : parts) body(part->body, 0, 1, own);
    rest(0, 1, own);
    for (const auto& placed : tree_[0].statements)   // words and blanks of the supplements
      if (!own.contains(placed.stmt.index)) out_ += indented(slice(ast_[placed.stmt].span), 1);
    out_ += "}\n";
    return std::move(out_);
  }

 private:
  std::string_view slice(source::Span span) const { return project_.sources().text(span); }
  std::string words(source::Span span) const { return words_of_the_day(project_, text_, span); }
  bool stands(std::uint32_t node) const { return text_.nodes[node] == Standing::kept || text_.nodes[node] == Standing::inserted; }
  bool effective(std::uint32_t supplement) const {
    for (std::size_t i = 0; i < tree_.operations().size(); ++i)
      if (tree_.operations()[i].supplement == supplement && text_.operations[i] == Truth::yes) return true;
    return false;
  }
  // Did a supplement touch the node or anything under it?
  bool touched(std::uint32_t node) const {
    const auto& n = tree_[node];
    if (came_later(node) || !n.ended_by.empty()) return true;
    return std::any_of(n.children.begin(), n.children.end(), [&](const auto c) { return touched(c); });
  }
  bool came_later(std::uint32_t node) const { return tree_[node].put_by != no_node || tree_[node].renumbered_by != no_node; }

  // Statements and children in the order of the text; what was inserted between children comes at its place.
  void body(const std::vector<syntax::StmtId>& statements, std::uint32_t node, unsigned depth, std::set<std::uint32_t>& done) {
    for (const auto id : statements) {
      done.insert(id.index);
      if (!std::holds_alternative<syntax::Node>(ast_[id].what)) {
        out_ += indented(words(ast_[id].span), depth);
        continue;
      }
      std::vector<std::uint32_t> here;
      for (const auto child : tree_[node].children)
        if (tree_[child].written == id && !came_later(child)) here.push_back(child);
      const bool whole = std::none_of(here.begin(), here.end(), [&](const auto c) { return touched(c); });
      for (const auto child : here) before(node, child, depth);
      if (whole) {
        out_ += indented(words(ast_[id].span), depth);
        for (const auto child : here) printed_.insert(child);
      } else {
        for (const auto child : here) one(child, depth);
      }
    }
  }
  // The children of a node that were put in front of one of its own.
  void before(std::uint32_t node, std::uint32_t child, unsigned depth) {
    for (const auto other : tree_[node].children) {
      if (other == child) return;
      if (came_later(other)) one(other, depth);
    }
  }
  void rest(std::uint32_t node, unsigned depth, std::set<std::uint32_t>&) {
    for (const auto child : tree_[node].children)
      if (came_later(child)) one(child, depth);
  }

  void one(std::uint32_t id, unsigned depth) {
    if (!printed_.insert(id).second || !stands(id)) return;
    const auto& node = tree_[id];
    const auto& parent = tree_[node.parent];
    std::string heading;
    for (std::size_t i = node.path.size(); i-- > parent.path.size();) {
      const auto& segment = node.path[i];
      heading += (heading.empty() ? "" : " of ") + std::string(syntax::name_of(segment.level));
      if (segment.level != syntax::Level::head && segment.level != syntax::Level::tail) heading += " " + std::to_string(segment.number);
    }
    if (!node.label.empty()) heading += " \"" + node.label + "\"";
    if (node.in_force) heading += " " + std::string(slice(node.in_force->span));
    for (std::size_t i = 0; i < node.residual_to.size(); ++i) heading += (i ? ", " : " residual to ") + words(node.residual_to[i].span);
    out_ += indented(heading + " {", depth);
    if (node.put_by != no_node && node.scope.valid()) out_ += indented(slice(ast_[node.scope].span), depth + 1);
    const auto& what = ast_[node.written].what;
    const auto* append = std::get_if<syntax::Append>(&what);
    std::set<std::uint32_t> done;
    body(append ? append->body : std::get<syntax::Node>(what).body, id, depth + 1, done);
    rest(id, depth + 1, done);
    out_ += indented("}", depth);
  }

  const Project& project_;
  const ConsolidateRequest& request_;
  const ConsolidatedText& text_;
  const Tree& tree_;
  const syntax::Ast& ast_;   // any file's: they share one arena
  std::set<std::uint32_t> printed_;
  std::string out_;
};

}  // namespace

// An address in the text names what had it when the text was made; under another number since, the thing is named by that.
std::string words_of_the_day(const Project& project, const ConsolidatedText& text, source::Span span) {
  const Tree& tree = text.agreement.compiled.tree;
  const auto numbered_anew = [&](std::uint32_t node) {
    for (; node != no_node; node = tree[node].parent)
      if (tree[node].renumbered_by != no_node) return true;
    return false;
  };
  std::map<std::uint32_t, std::pair<std::uint32_t, std::string>> changes;   // begin: end, what stands there instead
  for (const auto& reference : tree.references()) {
    if (reference.span.file != span.file || reference.span.begin < span.begin || reference.span.end > span.end) continue;
    bool changed = false;
    std::string named;
    for (std::uint32_t node : reference.nodes) {
      while (node != no_node && text.nodes[node] != Standing::kept && text.nodes[node] != Standing::inserted) node = tree[node].later;
      if (node == no_node) continue;
      changed = changed || numbered_anew(node);
      named += (named.empty() ? "" : ", ") + tree[node].english;
    }
    if (changed) changes[reference.span.begin] = {reference.span.end, named};
  }
  std::string out;
  std::uint32_t at = span.begin;
  for (const auto& [begin, change] : changes) {
    out += project.sources().text({span.file, at, begin});
    out += change.second;
    at = change.first;
  }
  return out + std::string(project.sources().text({span.file, at, span.end}));
}

Status consolidated(const Project& project, const ConsolidateRequest& request, diag::Diagnostics& diagnostics, ConsolidatedText& out) {
  check::AgreementRef ref;
  if (Status failed = find_agreement(project, request.agreement, ref)) return failed;
  if (Status failed = compile(project, ref, diagnostics, out.agreement)) return failed;
  const auto& compiled = out.agreement.compiled;
  const Tree& tree = compiled.tree;
  facts::FactBase facts;
  if (Status failed = set_blanks(compiled.program.schema, request.set, facts)) return failed;
  interp::Interpreter interpreter(compiled.program, facts, {request.as_of});
  std::set<std::string> blanks;
  for (const core::ExprId in_force : compiled.operations_in_force) {
    const Truth t = in_force == none ? Truth::yes : static_cast<Truth>(interpreter.evaluate(in_force).lo);
    out.operations.push_back(t);
    if (t == Truth::unknown) note_blanks(compiled.program, in_force, facts, blanks);
  }
  out.blanks.assign(blanks.begin(), blanks.end());
  for (std::uint32_t n = 0; n < tree.nodes().size(); ++n) {
    const auto validity = tree.validity(n);
    Standing standing = validity.begins.empty() ? Standing::kept : Standing::inserted;
    for (const auto operation : validity.begins) {
      if (out.operations[operation] == Truth::unknown && standing != Standing::ahead) standing = Standing::blank;
      if (out.operations[operation] == Truth::no) standing = Standing::ahead;
    }
    if (standing != Standing::ahead)
      for (const auto operation : validity.ends) {
        if (out.operations[operation] == Truth::yes) standing = Standing::removed;
        if (out.operations[operation] == Truth::unknown && standing != Standing::removed) standing = Standing::blank;
      }
    out.nodes.push_back(standing);
  }
  return std::nullopt;
}

std::string consolidated_tiao(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text) {
  return Printer(project, request, text).print();
}

}  // namespace tiao::driver
