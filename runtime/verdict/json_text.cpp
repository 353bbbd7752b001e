#include "runtime/verdict/json_text.hpp"

namespace tiao::verdict {

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += hex[(c >> 4) & 0xf];
          out += hex[c & 0xf];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void JsonText::line() {
  if (level_ > open_levels_) return;
  out_ += '\n';
  out_.append(2 * static_cast<std::size_t>(level_), ' ');
}

void JsonText::item() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (level_ == 0) return;
  if (!first_) out_ += ',';
  first_ = false;
  line();
}

void JsonText::key(std::string_view name) {
  item();
  append_json_string(out_, name);
  out_ += ':';
  after_key_ = true;
}

void JsonText::begin(char bracket) {
  item();
  out_ += bracket;
  ++level_;
  first_ = true;
}

void JsonText::end(char bracket) {
  const bool empty = first_;
  const bool open = level_ <= open_levels_;
  --level_;
  if (!empty && open) {
    out_ += '\n';
    out_.append(2 * static_cast<std::size_t>(level_), ' ');
  }
  out_ += bracket;
  first_ = false;
}

}  // namespace tiao::verdict
