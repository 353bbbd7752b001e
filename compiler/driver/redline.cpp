#include "compiler/driver/redline.hpp"

#include <algorithm>

namespace tiao::driver {
namespace {

constexpr std::size_t largest_table = 4'000'000;   // beyond, a text is replaced as a whole

bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool of_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.'; }

// Words of ASCII, stretches of blanks, and every other character by itself.
std::vector<std::string_view> pieces(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (blank(text[at])) {
      while (end < text.size() && blank(text[end])) ++end;
    } else if (of_word(text[at])) {
      while (end < text.size() && of_word(text[end])) ++end;
    } else {
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    }
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

class Writer {
 public:
  void same(std::string_view piece) {
    // A blank between two changes is better struck and put in again with them.
    if (blank(piece.front()) && !(gone_.empty() && come_.empty())) {
      pending_ += piece;
      return;
    }
    flush();
    add(Redline::Kind::same, piece);
  }
  void gone(std::string_view piece) { take_pending(), gone_ += piece; }
  void come(std::string_view piece) { take_pending(), come_ += piece; }
  std::vector<Redline> finish() {
    flush();
    return std::move(out_);
  }

 private:
  void take_pending() {
    if (pending_.empty()) return;
    gone_ += pending_, come_ += pending_;
    pending_.clear();
  }
  void flush() {
    add(Redline::Kind::gone, gone_);
    add(Redline::Kind::come, come_);
    gone_.clear(), come_.clear();
    add(Redline::Kind::same, pending_);
    pending_.clear();
  }
  void add(Redline::Kind kind, std::string_view text) {
    if (text.empty()) return;
    if (out_.empty() || out_.back().kind != kind) out_.push_back({kind, {}});
    out_.back().text += text;
  }
  std::string gone_, come_, pending_;
  std::vector<Redline> out_;
};

}  // namespace

std::vector<Redline> redline(std::string_view before, std::string_view after) {
  const std::vector<std::string_view> a = pieces(before), b = pieces(after);
  Writer out;
  std::size_t first = 0, a_end = a.size(), b_end = b.size();
  while (first < a_end && first < b_end && a[first] == b[first]) ++first;
  while (a_end > first && b_end > first && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  for (std::size_t i = 0; i < first; ++i) out.same(a[i]);
  const std::size_t rows = a_end - first, columns = b_end - first;
  std::size_t i = 0, j = 0;
  if (rows != 0 && columns != 0 && rows <= largest_table / columns) {
    // longest[i][j]: of what is left of both from there, the longest that stays.
    std::vector<std::uint32_t> longest((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t r, std::size_t c) -> std::uint32_t& { return longest[r * (columns + 1) + c]; };
    for (std::size_t r = rows; r-- > 0;)
      for (std::size_t c = columns; c-- > 0;) at(r, c) = a[first + r] == b[first + c] ? at(r + 1, c + 1) + 1 : std::max(at(r + 1, c), at(r, c + 1));
    while (i < rows && j < columns) {
      if (a[first + i] == b[first + j]) out.same(a[first + i]), ++i, ++j;
      else if (at(i + 1, j) >= at(i, j + 1)) out.gone(a[first + i++]);
      else out.come(b[first + j++]);
    }
  }
  for (; i < rows; ++i) out.gone(a[first + i]);
  for (; j < columns; ++j) out.come(b[first + j]);
  for (std::size_t k = a_end; k < a.size(); ++k) out.same(a[k]);
  return out.finish();
}

}  // namespace tiao::driver
