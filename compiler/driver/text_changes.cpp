#include "compiler/driver/text_changes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/driver/wording.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/facts/builder.hpp"
#include "runtime/verdict/model.hpp"

namespace tiao::driver {
namespace {

using Words = std::vector<std::string>;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool part_of_name(char c) { return digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

// A full-width sign (U+3000..U+303F, U+FF00..U+FF7F) stands for itself, as its ASCII form does.
bool full_width(std::string_view text, std::size_t i) {
  return i + 2 < text.size() && ((text[i] == '\xef' && (text[i + 1] == '\xbc' || text[i + 1] == '\xbd')) || (text[i] == '\xe3' && text[i + 1] == '\x80'));
}

// Words of a clause: names, numbers with the unit that is written to them, quoted text, and single signs. Comments are not said.
Words words_of(std::string_view text) {
  Words out;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++i;
      continue;
    }
    if (full_width(text, i)) {
      end = i + 3;
    } else if (c == '"') {
      while (end < text.size() && text[end] != '"') ++end;
      end = std::min(end + 1, text.size());
    } else if (part_of_name(c)) {
      while (end < text.size() && ((part_of_name(text[end]) && !full_width(text, end)) || (digit(c) && (text[end] == '.' || text[end] == '-' || text[end] == '%') && end + 1 <= text.size() &&
                                                               (text[end] == '%' || (end + 1 < text.size() && digit(text[end + 1]))))))
        ++end;
    } else if (end < text.size() && (text.substr(i, 2) == ">=" || text.substr(i, 2) == "<=" || text.substr(i, 2) == "..")) {
      ++end;
    }
    out.emplace_back(text.substr(i, end - i));
    i = end;
  }
  // 1 month, 30 working days
  static const std::set<std::string> units = {"day", "days", "month", "months", "year", "years", "working"};
  Words joined;
  for (std::string& word : out) {
    if (!joined.empty() && digit(joined.back().front()) && (units.contains(word) || (joined.back().ends_with(" working") && units.contains(word)))) joined.back() += ' ' + word;
    else joined.push_back(std::move(word));
  }
  return joined;
}

std::string text_of(const Words& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out += (i == begin ? "" : " ") + words[i];
  return out;
}

bool number(const std::string& word) { return !word.empty() && digit(word.front()); }

// The shortest way from one sequence of words to the other, as stretches that differ.
std::vector<WordChange> differences(const Words& a, const Words& b) {
  std::vector<std::vector<std::uint32_t>> common(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;) common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<WordChange> out;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    const std::size_t from_a = i, from_b = j;
    while ((i < a.size() || j < b.size()) && !(i < a.size() && j < b.size() && a[i] == b[j])) {
      if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) ++i;
      else ++j;
    }
    out.push_back({text_of(a, from_a, i), text_of(b, from_b, j)});
  }
  return out;
}

struct Piece { std::string address, label; TextOrigin by; Words words; };

class Text {
 public:
  explicit Text(const TextSide& side) : side_(side), compiled_(side.agreement->compiled), tree_(compiled_.tree), ast_(side.project->parsed().files.front().ast) {
    in_force();
    for (const auto& remedy : side.agreement->schema().remedies)
      for (const std::string& name : {remedy.id, remedy.label})
        if (!name.empty()) remedies_.insert(name);
  }

  std::vector<Piece> pieces() const {
    std::vector<Piece> out;
    for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
      if (!stands(n)) continue;
      const document::TreeNode& node = tree_[n];
      if (n == 0) {   // what is said for the whole text, each by its name
        for (const auto& placed : node.statements) {
          const Words words = words_of(slice(ast_[placed.stmt].span));
          const std::string name = words.size() > 1 ? words[0] + ' ' + words[1] : words.empty() ? "" : words[0];
          out.push_back({name, {}, {}, words});
        }
        continue;
      }
      Words words;
      if (node.scope.valid()) words = words_of(slice(ast_[node.scope].span));
      for (const auto& placed : node.statements)
        for (std::string& word : words_of(slice(ast_[placed.stmt].span))) words.push_back(std::move(word));
      if (node.in_force)
        for (std::string& word : words_of(slice(node.in_force->span))) words.push_back(std::move(word));
      for (std::string& word : conditions_in_heading(node)) words.push_back(std::move(word));
      out.push_back({node.address, node.label, put_by(n), std::move(words)});
    }
    return out;
  }

  /// The operation that took away what stood at an address of the earlier text, there or above it.
  TextOrigin taken_by(const std::string& address) const {
    for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) {
      if (tree_[n].address != address) continue;
      for (const std::uint32_t operation : tree_.validity(n).ends)
        if (in_force_[operation]) return origin(operation);
    }
    return {};
  }

  Wording wording() const {
    Wording out;
    for (std::uint32_t n = 1; n < tree_.nodes().size(); ++n) {
      const document::TreeNode& node = tree_[n];
      if (!stands(n)) continue;
      WrittenNode written{node.label, own_words(ast_, tree_, n, [&](source::Span span) { return std::string(slice(span)); }), tree_[node.parent].address};
      if (node.in_force) written.text.insert(0, std::string(slice(node.in_force->span)) + '\n');
      if (written.text.empty() && node.status == document::TextStatus::recorded) written.text = "recorded" + quoted(node.reason);
      if (written.text.empty() && node.status == document::TextStatus::elsewhere) written.text = "elsewhere" + quoted(node.reason);
      out.insert_or_assign(node.address, std::move(written));
    }
    return out;
  }

  bool is_remedy(const std::string& word) const { return remedies_.contains(word); }

  // What the text attaches to each concept (to each remedy that has none).
  std::map<std::string, std::vector<ConceptSide>> concepts() const {
    std::map<std::string, std::vector<ConceptSide>> out;
    const auto& schema = side_.agreement->schema();
    std::set<std::pair<std::uint32_t, RemedyId>> seen;
    for (const auto& ground : side_.agreement->info.grounds) {
      if (ground.cite == none || !stands(ground.cite) || !seen.insert({ground.cite, ground.remedy}).second) continue;
      const Remedy& remedy = schema.remedies[ground.remedy];
      ConceptSide side{tree_[ground.cite].address, remedy.id, verdict::name_of(ground.modality), {}};
      for (const auto& placed : tree_[ground.cite].statements) {
        const auto* rule = std::get_if<syntax::Rule>(&ast_[placed.stmt].what);
        if (rule == nullptr) continue;
        const Words words = words_of(slice(ast_[placed.stmt].span));
        if (std::none_of(words.begin(), words.end(), [&](const std::string& w) { return w == remedy.id || w == remedy.label; })) continue;
        for (const std::string& word : words)
          if (number(word) && std::find(side.numbers.begin(), side.numbers.end(), word) == side.numbers.end()) side.numbers.push_back(word);
      }
      out[remedy.concept_id.empty() ? remedy.id : remedy.concept_id].push_back(std::move(side));
    }
    return out;
  }

 private:
  std::string_view slice(source::Span span) const { return side_.project->sources().text(span); }

  TextOrigin origin(std::uint32_t operation) const {
    const document::Operation& found = tree_.operations()[operation];
    return {tree_.supplements()[found.supplement].name, found.address, found.target};
  }
  // What put a node there, itself or the one above it.
  TextOrigin put_by(std::uint32_t node) const {
    for (; node != document::no_node; node = tree_[node].parent)
      if (tree_[node].put_by != document::no_node) return origin(tree_[node].put_by);
    return {};
  }
  static std::string quoted(const std::string& reason) { return reason.empty() ? std::string() : " \"" + reason + '"'; }

  // `item 2 "…" when …` has its condition as a statement of its own; what is written in the heading beside the label counts too.
  Words conditions_in_heading(const document::TreeNode& node) const {
    Words out;
    for (const auto& residual : node.residual_to)
      for (std::string& word : words_of(slice(residual.span))) out.push_back(std::move(word));
    return out;
  }

  void in_force() {
    facts::LoadErrors errors;
    facts::FactBuilder builder(compiled_.program.schema, errors);
    builder.close_all();
    facts::FactBase facts;
    builder.finish(facts);
    interp::Interpreter interpreter(compiled_.program, facts, {side_.day});
    for (const core::ExprId condition : compiled_.operations_in_force)
      in_force_.push_back(condition == none || static_cast<Truth>(interpreter.evaluate(condition).lo) != Truth::no);
  }

  bool stands(std::uint32_t node) const {
    const auto validity = tree_.validity(node);
    return std::all_of(validity.begins.begin(), validity.begins.end(), [&](const auto o) { return in_force_[o]; }) &&
           std::none_of(validity.ends.begin(), validity.ends.end(), [&](const auto o) { return in_force_[o]; });
  }

  const TextSide& side_;
  const check::Compiled& compiled_;
  const document::Tree& tree_;
  const syntax::Ast& ast_;
  std::vector<bool> in_force_;
  std::set<std::string> remedies_;
};

// Words that say how strictly something follows.
bool modality(const std::string& word) {
  static const std::set<std::string> words = {"must", "may", "not", "automatically", "in", "principle", "应当", "应", "可以", "可", "不得", "自动", "原则上", "必须"};
  return words.contains(word);
}

TextChange::Sort sort_of(const std::vector<WordChange>& changes, const Text& before, const Text& after) {
  const auto all = [&](auto&& is) {
    return std::all_of(changes.begin(), changes.end(), [&](const WordChange& change) {
      const Words a = words_of(change.before), b = words_of(change.after);
      return !(a.empty() && b.empty()) && std::all_of(a.begin(), a.end(), is) && std::all_of(b.begin(), b.end(), is);
    });
  };
  if (all([](const std::string& word) { return number(word); })) return TextChange::Sort::other_number;
  if (all([&](const std::string& word) { return modality(word) || before.is_remedy(word) || after.is_remedy(word); })) return TextChange::Sort::other_result;
  return TextChange::Sort::other_rule;
}

bool same_numbers(const std::vector<ConceptSide>& a, const std::vector<ConceptSide>& b) {
  const auto all = [](const std::vector<ConceptSide>& sides) {
    std::set<std::string> numbers, remedies;
    for (const ConceptSide& side : sides) {
      numbers.insert(side.numbers.begin(), side.numbers.end());
      remedies.insert(side.remedy + ' ' + side.modality);
    }
    return std::pair{numbers, remedies};
  };
  return all(a) == all(b);
}

std::string label_of(const CompiledAgreement& agreement, const std::string& id) {
  for (const Remedy& remedy : agreement.schema().remedies)
    if (remedy.id == id && !remedy.label.empty()) return remedy.label;
  return {};
}

std::string concept_label(const TextSide& side, const std::string& id) {
  for (const auto& file : side.project->parsed().files)
    for (const auto stmt : file.ast.top)
      if (const auto* declared = std::get_if<syntax::ConceptDecl>(&file.ast[stmt].what); declared && declared->name.id == id) return declared->name.label;
  return label_of(*side.agreement, id);
}

}  // namespace

std::vector<TextChange> text_changes(const TextSide& before, const TextSide& after) {
  const Text old_text(before), new_text(after);
  const std::vector<Piece> old_pieces = old_text.pieces(), new_pieces = new_text.pieces();
  std::map<std::string, const Piece*> by_address, new_by_address;
  for (const Piece& piece : old_pieces) by_address.emplace(piece.address, &piece);
  for (const Piece& piece : new_pieces) new_by_address.emplace(piece.address, &piece);
  // The same words at another address have moved, unless they are said more than once.
  std::map<Words, std::vector<const Piece*>> gone, come;
  for (const Piece& piece : old_pieces)
    if (!new_by_address.contains(piece.address) && !piece.words.empty()) gone[piece.words].push_back(&piece);
  for (const Piece& piece : new_pieces)
    if (!by_address.contains(piece.address) && !piece.words.empty()) come[piece.words].push_back(&piece);
  const auto moved = [](const std::map<Words, std::vector<const Piece*>>& from, const std::map<Words, std::vector<const Piece*>>& to, const Piece& piece) -> const Piece* {
    const auto here = from.find(piece.words), there = to.find(piece.words);
    return here != from.end() && there != to.end() && here->second.size() == 1 && there->second.size() == 1 ? there->second.front() : nullptr;
  };
  std::vector<TextChange> out;
  for (const Piece& piece : old_pieces) {
    const auto there = new_by_address.find(piece.address);
    const std::string wording = text_of(piece.words, 0, piece.words.size());
    if (there == new_by_address.end()) {
      if (const Piece* to = moved(gone, come, piece)) out.push_back({TextChange::Kind::renumbered, TextChange::Sort::none, piece.address, piece.label, to->address, to->by, wording, wording, {}});
      else out.push_back({TextChange::Kind::removed, TextChange::Sort::no_counterpart, piece.address, piece.label, {}, new_text.taken_by(piece.address), wording, {}, {}});
    } else if (there->second->words != piece.words) {
      const Piece& now = *there->second;
      TextChange change{TextChange::Kind::replaced, TextChange::Sort::other_rule, piece.address, now.label, {}, now.by, wording, text_of(now.words, 0, now.words.size()), differences(piece.words, now.words)};
      change.sort = sort_of(change.words, old_text, new_text);
      out.push_back(std::move(change));
    }
  }
  for (const Piece& piece : new_pieces)
    if (!by_address.contains(piece.address) && !moved(come, gone, piece))
      out.push_back({TextChange::Kind::inserted, TextChange::Sort::no_counterpart, piece.address, piece.label, {}, piece.by, {}, text_of(piece.words, 0, piece.words.size()), {}});
  return out;
}

Wording wording(const TextSide& side) { return Text(side).wording(); }

std::vector<ConceptChange> concept_changes(const TextSide& before, const TextSide& after) {
  const auto old_sides = Text(before).concepts(), new_sides = Text(after).concepts();
  std::set<std::string> ids;
  for (const auto* sides : {&old_sides, &new_sides})
    for (const auto& [id, list] : *sides) ids.insert(id);
  const auto label = [&](const std::string& id) {
    const std::string own = concept_label(before, id);
    return own.empty() ? concept_label(after, id) : own;
  };
  std::vector<ConceptChange> out;
  for (const std::string& id : ids) {
    ConceptChange change;
    change.id = id, change.label = label(id);
    if (const auto there = old_sides.find(id); there != old_sides.end()) change.before = there->second;
    if (const auto there = new_sides.find(id); there != new_sides.end()) change.after = there->second;
    change.sort = change.before.empty() || change.after.empty()     ? ConceptChange::Sort::no_counterpart
                  : same_numbers(change.before, change.after)       ? ConceptChange::Sort::same
                                                                    : ConceptChange::Sort::other_number;
    out.push_back(std::move(change));
  }
  // A number that both texts name, for different concepts.
  for (const auto& [old_id, old_list] : old_sides)
    for (const ConceptSide& a : old_list)
      for (const auto& [new_id, new_list] : new_sides)
        for (const ConceptSide& b : new_list) {
          if (old_id == new_id || a.numbers.empty() || a.numbers != b.numbers || old_sides.contains(new_id)) continue;
          out.push_back({ConceptChange::Sort::other_result, old_id + '/' + new_id, label(old_id) + '/' + label(new_id), {a}, {b}});
        }
  return out;
}

const char* name_of(TextChange::Kind kind) {
  switch (kind) {
    case TextChange::Kind::inserted: return "inserted";
    case TextChange::Kind::removed: return "removed";
    case TextChange::Kind::replaced: return "replaced";
    case TextChange::Kind::renumbered: return "renumbered";
  }
  return "";
}

const char* name_of(TextChange::Sort sort) {
  switch (sort) {
    case TextChange::Sort::none: return "none";
    case TextChange::Sort::other_number: return "other_number";
    case TextChange::Sort::other_result: return "other_result";
    case TextChange::Sort::other_rule: return "other_rule";
    case TextChange::Sort::no_counterpart: return "no_counterpart";
  }
  return "";
}

const char* name_of(ConceptChange::Sort sort) {
  switch (sort) {
    case ConceptChange::Sort::same: return "same";
    case ConceptChange::Sort::other_number: return "other_number";
    case ConceptChange::Sort::other_result: return "other_result";
    case ConceptChange::Sort::no_counterpart: return "no_counterpart";
  }
  return "";
}

}  // namespace tiao::driver
