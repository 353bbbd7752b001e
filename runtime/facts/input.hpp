// Bytes of a file, a window at a time. The window grows only as far as one line may, whatever the file holds.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiao::facts {

// Bytes done over all files, told now and then.
struct Progress {
  std::function<void(std::uint64_t, std::uint64_t)> tell;
  std::uint64_t done = 0, total = 0;
  void add(std::uint64_t bytes) {
    done += bytes;
    if (tell) tell(done, total);
  }
};

class Input {
 public:
  // Readable this many bytes behind every window, as simdjson wants.
  static constexpr std::size_t padding = 64;

  Input(std::size_t max_window, Progress& progress) : max_window_(max_window), progress_(progress) {}

  // "" or why not.
  std::string open(const std::filesystem::path& path);
  // What is read and not yet used. Valid until more().
  std::string_view window() const { return {buffer_.data() + begin_, end_ - begin_}; }
  char* data() { return buffer_.data() + begin_; }
  void advance(std::size_t bytes) { begin_ += bytes; }
  // Reads on behind the window. False: end of file, or the window has its full size.
  bool more();
  bool full() const { return end_ - begin_ >= max_window_; }
  bool at_end() const { return ended_; }
  bool failed() const { return failed_; }
  std::uint64_t bytes_read() const { return read_; }

  // What comes next, past the window: up to `size` bytes, fewer only at the end of the file or when it cannot be read.
  std::size_t take(char* to, std::size_t size);
  // Puts bytes that were taken back in front of the window.
  void give_back(std::string_view bytes);

 private:
  struct Close { void operator()(std::FILE* f) const { std::fclose(f); } };
  std::size_t read(char* to, std::size_t size);

  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0, max_window_;
  std::uint64_t read_ = 0;
  bool ended_ = false, failed_ = false;
  Progress& progress_;
};

}  // namespace tiao::facts
