#include "compiler/driver/text_state.hpp"

#include <algorithm>
#include <cctype>
#include <type_traits>

#include <fmt/format.h>
#include <xxhash.h>

#include "compiler/driver/node_reach.hpp"

namespace tiao::driver {
namespace {

using document::TreeNode;

// Comments go, and every gap between words is one blank; what stands in quotes stays as it is.
void append_words(std::string& out, std::string_view text) {
  bool gap = !out.empty();
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      gap = !out.empty();
      ++i;
    } else {
      if (std::exchange(gap, false)) out += ' ';
      const bool chinese = text.substr(i).starts_with("“");
      const std::string_view closing = c == '"' ? "\"" : chinese ? "”" : "";
      const std::size_t opened = i + (chinese ? std::string_view("“").size() : 1);
      const std::size_t end = closing.empty() ? std::string_view::npos : text.find(closing, opened);
      const std::size_t length = end == std::string_view::npos ? 1 : end + closing.size() - i;
      out += text.substr(i, length);
      i += length;
    }
  }
}

struct Draft {
  std::vector<std::string> texts;      // of each place that declares it
  std::set<std::string> rests_on;
};

class Pieces {
 public:
  Pieces(const Project& project, const CompiledAgreement& agreement)
      : project_(project), agreement_(agreement), program_(agreement.compiled.program), tree_(agreement.compiled.tree), ast_(project.parsed().files.front().ast) {}

  TextState make() {
    for (const std::size_t file : used_files())
      for (const syntax::StmtId id : project_.parsed().files[file].ast.top) declaration(id, {});
    for (const auto& supplement : tree_.supplements())
      for (const syntax::StmtId id : supplement.decl->body) declaration(id, {});
    for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) node(n);
    mentions();
    NodeReach reach(program_);
    for (std::uint32_t n = 1; n < tree_.nodes().size(); ++n) {
      drafts_[address(n)].rests_on.insert(address(tree_[n].parent));
      link(address(n), reach.from_node(n));
    }
    for (const core::Report& report : program_.reports) link(report_piece(report.id), reach.from_expr(report.expr, report.entity));
    return finished();
  }

 private:
  std::string address(std::uint32_t n) const { return n == 0 || n == document::no_node ? agreement_.schema().nodes.front().agreement : tree_[n].address; }

  std::set<std::size_t> used_files() const {
    const auto& files = project_.parsed().files;
    std::set<std::size_t> used(agreement_.compiled.files.begin(), agreement_.compiled.files.end());
    for (std::vector<std::size_t> open(used.begin(), used.end()); !open.empty();) {
      const std::size_t file = open.back();
      open.pop_back();
      for (const syntax::StmtId id : files[file].ast.top)
        if (const auto* use = std::get_if<syntax::Use>(&ast_[id].what))
          for (std::size_t other = 0; other < files.size(); ++other)
            if (files[other].module == use->path.text() && used.insert(other).second) open.push_back(other);
    }
    return used;
  }

  void words(std::string& out, source::Span span) const {
    if (span.valid()) append_words(out, project_.sources().program(span.file).substr(span.begin, span.end - span.begin));
  }
  void words(std::string& out, syntax::StmtId id) const { if (id) words(out, ast_[id].span); }

  void add(const char* kind, const syntax::Name& name, syntax::StmtId id, const std::string& scope, bool mentioned = true) {
    const std::string piece = kind + (' ' + name.id);
    std::string text = scope;
    words(text, id);
    drafts_[piece].texts.push_back(std::move(text));
    for (const std::string& word : {name.id, name.label})
      if (mentioned && !word.empty()) named_[word].insert(piece);
  }

  // Whether the statement declares something by name. What it holds besides (members of a register) is pieces of their own.
  bool declaration(syntax::StmtId id, const std::string& scope) {
    const auto one = [&](const char* kind, const auto& what) { return add(kind, what.name, id, scope), true; };
    return std::visit(
        [&](const auto& what) {
          using T = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<T, syntax::Define>) return one("define", what);
          else if constexpr (std::is_same_v<T, syntax::Table>) return one("table", what);
          else if constexpr (std::is_same_v<T, syntax::Group>) return one("group", what);
          else if constexpr (std::is_same_v<T, syntax::Ledger>) return one("ledger", what);
          else if constexpr (std::is_same_v<T, syntax::Timeline>) return one("timeline", what);
          else if constexpr (std::is_same_v<T, syntax::Stages>) return one("stages", what);
          else if constexpr (std::is_same_v<T, syntax::Parameter>) return one("parameter", what);
          else if constexpr (std::is_same_v<T, syntax::Reading>) return one("reading", what);
          else if constexpr (std::is_same_v<T, syntax::Report>) return add("report", what.name, id, scope, what.means.valid()), true;
          else if constexpr (std::is_same_v<T, syntax::UnitDecl>) return one("unit", what);
          else if constexpr (std::is_same_v<T, syntax::CalendarDecl>) return one("calendar", what);
          else if constexpr (std::is_same_v<T, syntax::EnumDecl>) return one("enum", what);
          else if constexpr (std::is_same_v<T, syntax::ConceptDecl>) return one("concept", what);
          else if constexpr (std::is_same_v<T, syntax::PeriodDecl>) return one("period", what);
          else if constexpr (std::is_same_v<T, syntax::RemedyDecl>) return one("remedy", what);
          else if constexpr (std::is_same_v<T, syntax::EntityDecl>) return members("entity", what.name, what.members);
          else if constexpr (std::is_same_v<T, syntax::ExtendDecl>) return members("extend", {what.entity.text(), {}, {}, {}}, what.members);
          else if constexpr (std::is_same_v<T, syntax::ActorDecl>) {
            for (const syntax::Name& name : what.names) add("actor", name, id, scope);
            return true;
          } else return false;
        },
        ast_[id].what);
  }

  bool members(const char* kind, const syntax::Name& entity, const std::vector<syntax::StmtId>& list) {
    std::string shape;
    for (const syntax::StmtId member : list) {
      if (const auto* fact = std::get_if<syntax::FactDecl>(&ast_[member].what)) add("fact", fact->name, member, entity.id + '.');
      else if (const auto* define = std::get_if<syntax::Define>(&ast_[member].what)) add("define", define->name, member, entity.id + '.');
      else words(shape, member);
    }
    const std::string piece = kind + (' ' + entity.id);
    drafts_[piece].texts.push_back(std::move(shape));
    for (const std::string& word : {entity.id, entity.label})
      if (!word.empty()) named_[word].insert(piece);
    return true;
  }

  void node(std::uint32_t n) {
    const TreeNode& at = tree_[n];
    std::string text;
    if (at.in_force) words(text, at.in_force->span);
    for (const syntax::AddressRange& range : at.residual_to) words(text, range.span);
    words(text, at.scope);
    for (const document::Placed& placed : at.statements) {
      std::string scope;
      words(scope, placed.scope);
      if (declaration(placed.stmt, scope)) continue;
      append_words(text, scope);
      words(text, placed.stmt);
    }
    const auto validity = tree_.validity(n);
    for (const auto* operations : {&validity.begins, &validity.ends})
      for (const std::uint32_t o : *operations) {
        const document::Operation& operation = tree_.operations()[o];
        append_words(text, fmt::format("{} {} {}", operations == &validity.begins ? "begins" : "ends", tree_.supplements()[operation.supplement].name, operation.address));
        for (const syntax::InForce& force : operation.in_force) words(text, force.span);
      }
    Draft& draft = drafts_[address(n)];
    if (!text.empty()) draft.texts.push_back(std::move(text));
  }

  // Whoever mentions a name rests on what it stands for, whichever of several things of that name is meant. Working days rest on the
  // calendars, which are not named where they count.
  void mentions() {
    std::vector<std::pair<std::string, const std::set<std::string>*>> labels;
    std::set<std::string> calendars;
    for (const auto& [word, pieces] : named_)
      if (!std::isalpha(static_cast<unsigned char>(word.front())) && word.front() != '_') labels.emplace_back(word, &pieces);
    for (const auto& [name, draft] : drafts_)
      if (name.starts_with("calendar ")) calendars.insert(name);
    for (auto& [name, draft] : drafts_) {
      for (const std::string& text : draft.texts) {
        for (std::size_t i = 0; i < text.size();) {
          const auto letter = [&](std::size_t k) { return k < text.size() && (std::isalnum(static_cast<unsigned char>(text[k])) || text[k] == '_'); };
          if (!letter(i) || std::isdigit(static_cast<unsigned char>(text[i]))) {
            ++i;
            continue;
          }
          const std::size_t from = i;
          while (letter(i)) ++i;
          if (const auto there = named_.find(text.substr(from, i - from)); there != named_.end()) draft.rests_on.insert(there->second.begin(), there->second.end());
        }
        for (const auto& [label, pieces] : labels)
          if (text.find(label) != std::string::npos) draft.rests_on.insert(pieces->begin(), pieces->end());
        if (text.find("working") != std::string::npos || text.find("工作日") != std::string::npos) draft.rests_on.insert(calendars.begin(), calendars.end());
      }
      draft.rests_on.erase(name);
    }
  }

  void link(const std::string& piece, const std::set<NodeId>& nodes) {
    Draft& draft = drafts_[piece];
    for (const NodeId n : nodes)
      if (n != 0 && n < tree_.nodes().size()) draft.rests_on.insert(address(n));
    draft.rests_on.erase(piece);
  }

  TextState finished() {
    TextState out;
    for (auto& [name, draft] : drafts_) {
      TextPiece piece;
      std::sort(draft.texts.begin(), draft.texts.end());   // one after the other in whatever order files are read
      std::string all;
      for (const std::string& text : draft.texts) all += text + '\n';
      if (!draft.texts.empty()) piece.hash = fmt::format("{:016x}", static_cast<std::uint64_t>(XXH3_64bits(all.data(), all.size())));
      piece.rests_on.assign(draft.rests_on.begin(), draft.rests_on.end());
      out.emplace(name, std::move(piece));
    }
    return out;
  }

  const Project& project_;
  const CompiledAgreement& agreement_;
  const core::Program& program_;
  const document::Tree& tree_;
  const syntax::Ast& ast_;                                // of any file: all share one arena
  std::map<std::string, Draft> drafts_;
  std::map<std::string, std::set<std::string>> named_;    // identifier or label: pieces
};

}  // namespace

TextState text_state(const Project& project, const CompiledAgreement& agreement) { return Pieces(project, agreement).make(); }

std::set<std::string> reworded(const TextState& before, const TextState& after) {
  std::set<std::string> out;
  for (const auto* side : {&before, &after})
    for (const auto& [name, piece] : *side) {
      const TextState& other = side == &before ? after : before;
      const auto there = other.find(name);
      if ((there == other.end() ? std::string() : there->second.hash) != piece.hash) out.insert(name);
    }
  return out;
}

std::set<std::string> resting_on(const TextState& text, const std::set<std::string>& names) {
  std::set<std::string> out = names;
  for (std::vector<std::string> open(names.begin(), names.end()); !open.empty();) {
    const auto there = text.find(open.back());
    open.pop_back();
    if (there == text.end()) continue;
    for (const std::string& below : there->second.rests_on)
      if (out.insert(below).second) open.push_back(below);
  }
  return out;
}

}  // namespace tiao::driver
