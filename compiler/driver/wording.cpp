#include "compiler/driver/wording.hpp"

#include <algorithm>
#include <vector>

namespace tiao::driver {

std::string own_words(const syntax::Ast& ast, const document::Tree& tree, std::uint32_t node, const std::function<std::string(source::Span)>& said) {
  const auto& n = tree[node];
  std::string text;
  const auto& what = ast[n.written].what;
  const auto* append = std::get_if<syntax::Append>(&what);
  const auto& body = append ? append->body : std::get<syntax::Node>(what).body;
  if (n.put_by != document::no_node && n.scope.valid()) text += indented(said(ast[n.scope].span), 0);
  for (const auto stmt : body) {
    const auto& s = ast[stmt].what;
    if (std::holds_alternative<syntax::Node>(s) || std::holds_alternative<syntax::Recorded>(s) || std::holds_alternative<syntax::Elsewhere>(s)) continue;
    text += indented(said(ast[stmt].span), 0);
  }
  return text;
}

std::string indented(std::string_view text, unsigned depth) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::size_t common = std::string_view::npos;   // the first line begins where the piece does
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (const std::size_t first = lines[i].find_first_not_of(" \t\r"); first != std::string_view::npos) common = std::min(common, first);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = i == 0 ? lines[i] : lines[i].substr(std::min(common, lines[i].size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    // The last line closes what the first opened.
    if (line.empty() && i + 1 == lines.size()) continue;
    if (!line.empty()) out += std::string(2 * depth, ' ');
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace tiao::driver
