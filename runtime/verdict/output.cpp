#include "runtime/verdict/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

namespace tiao::verdict {
namespace {

constexpr std::size_t flush_at = std::size_t{1} << 20;

}  // namespace

Output::Output(std::string path) : path_(std::move(path)) {
  struct stat existing {};
  const bool device = !path_.empty() && ::stat(path_.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode);
  if (path_.empty()) {
    file_ = stdout;
  } else if (device) {   // /dev/null, a pipe: nothing to put in place
    file_ = std::fopen(path_.c_str(), "wb");
  } else {
    const std::string pattern = path_ + ".XXXXXX";
    std::vector<char> name(pattern.begin(), pattern.end());
    name.push_back('\0');
    const int descriptor = ::mkstemp(name.data());
    if (descriptor >= 0) {
      temporary_ = name.data();
      const mode_t mask = ::umask(0);
      ::umask(mask);
      ::fchmod(descriptor, 0666 & ~mask);
      file_ = ::fdopen(descriptor, "wb");
    }
  }
}

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void Output::flush() {
  if (good() && std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) failed_ = true;
  text_.clear();
}

void Output::maybe_flush() {
  if (text_.size() >= flush_at) flush();
}

bool Output::finish() {
  if (file_ == nullptr) return false;
  flush();
  if (std::fflush(file_) != 0) failed_ = true;
  if (file_ == stdout) return !failed_;
  if (std::fclose(file_) != 0) failed_ = true;
  file_ = nullptr;
  if (failed_ || temporary_.empty()) return !failed_;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return false;
  temporary_.clear();
  return true;
}

}  // namespace tiao::verdict
