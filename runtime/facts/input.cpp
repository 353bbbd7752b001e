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
  const std::size_t n = std::fread(buffer_.data() + end_, 1, buffer_.size() - padding - end_, file_.get());
  if (n == 0) {
    failed_ = std::ferror(file_.get()) != 0;
    ended_ = !failed_;
    return false;
  }
  end_ += n;
  read_ += n;
  progress_.add(n);
  return true;
}

}  // namespace tiao::facts
