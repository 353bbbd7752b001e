#include "runtime/facts/input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tiao::facts {

std::string Input::open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::strerror(EISDIR);
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) return std::strerror(errno);
  buffer_.resize((std::size_t{512} << 10) + padding);
  more();
  if (failed_) return std::strerror(errno);
  if (window().starts_with("\xEF\xBB\xBF")) advance(3);
  return {};
}

bool Input::more() {
  if (ended_ || failed_ || full()) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + padding >= buffer_.size()) buffer_.resize(std::min(buffer_.size() * 2, max_window_ + padding + 1));
  const std::size_t n = read(buffer_.data() + end_, buffer_.size() - padding - end_);
  end_ += n;
  return n != 0;
}

std::size_t Input::read(char* to, std::size_t size) {
  const std::size_t n = std::fread(to, 1, size, file_.get());
  if (n == 0) {
    failed_ = std::ferror(file_.get()) != 0;
    ended_ = !failed_;
    return 0;
  }
  read_ += n;
  progress_.add(n);
  return n;
}

std::size_t Input::take(char* to, std::size_t size) {
  std::size_t taken = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, taken);
  begin_ += taken;
  while (taken < size && !ended_ && !failed_) taken += read(to + taken, size - taken);
  return taken;
}

void Input::give_back(std::string_view bytes) {
  std::vector<char> all(bytes.size() + (end_ - begin_) + padding);
  std::memcpy(all.data(), bytes.data(), bytes.size());
  std::memcpy(all.data() + bytes.size(), buffer_.data() + begin_, end_ - begin_);
  begin_ = 0;
  end_ = all.size() - padding;
  buffer_ = std::move(all);
}

}  // namespace tiao::facts
