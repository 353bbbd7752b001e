// Where data goes: standard output, or a file that is there whole or not at all.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace tiao::verdict {

class Output {
 public:
  /// Empty path: standard output. A file is written under another name beside it and renamed by finish().
  explicit Output(std::string path);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool good() const { return file_ != nullptr && !failed_; }
  /// Text to add to; it goes out when it has grown.
  std::string& text() { return text_; }
  void maybe_flush();
  /// Writes the rest and puts the file in place. False on any failure; then no file is left.
  bool finish();
  const std::string& path() const { return path_; }
  /// From now on a signal that ends the process first removes the file being written, if one is; there is one at a time.
  static void remove_unfinished_on_signals();

 private:
  void begin_file();
  void flush();
  std::string path_, temporary_, text_;
  std::FILE* file_ = nullptr;
  bool failed_ = false;
};

}  // namespace tiao::verdict
