// Writes JSON text directly: verdicts come by the million, and their keys have a fixed order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiao::verdict {

/// Appends a quoted JSON string. Han letters stay as they are; control characters are escaped.
void append_json_string(std::string& out, std::string_view text);

/// One JSON text under construction. Levels shallower than `open_levels` are laid out on lines of their own.
class JsonText {
 public:
  explicit JsonText(std::string& out, unsigned open_levels = 0) : out_(out), open_levels_(open_levels) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view name);
  void string(std::string_view text) { item(); append_json_string(out_, text); }
  void number(std::int64_t value) { item(); out_ += std::to_string(value); }
  void boolean(bool value) { item(); out_ += value ? "true" : "false"; }
  void null() { item(); out_ += "null"; }
  /// A value that is JSON already.
  void raw(std::string_view text) { item(); out_ += text; }

  // Shorthand for members.
  void member(std::string_view name, std::string_view text) { key(name); string(text); }
  void member(std::string_view name, const char* text) { key(name); string(text); }
  void member(std::string_view name, bool value) { key(name); boolean(value); }
  void member(std::string_view name, std::int64_t value) { key(name); number(value); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void item();
  void line();

  std::string& out_;
  unsigned open_levels_;
  unsigned level_ = 0;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace tiao::verdict
