#include "runtime/verdict/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>
#include <vector>

namespace tiao::verdict {
namespace {

constexpr std::size_t flush_at = std::size_t{1} << 20;

// The name of the file being written, where a signal handler may read it: nothing that allocates, nothing that locks.
char unfinished_name[PATH_MAX];
std::atomic<bool> unfinished = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void set_unfinished(const std::string& name) {
  if (name.size() >= sizeof unfinished_name) return;   // no such file can exist
  std::memcpy(unfinished_name, name.c_str(), name.size() + 1);
  unfinished.store(true);
}

extern "C" void remove_unfinished(int signal) {
  if (unfinished.load()) ::unlink(unfinished_name);
  std::raise(signal);   // with what the system does about it, see SA_RESETHAND
}

// No signal comes between the making of a file and the note of its name.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

void Output::remove_unfinished_on_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU}) {
    struct sigaction now {};
    if (::sigaction(signal, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) continue;   // nohup
    struct sigaction action {};
    action.sa_handler = remove_unfinished;
    action.sa_flags = SA_RESETHAND;
    sigfillset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

Output::Output(std::string path) : path_(std::move(path)) {
  struct stat existing {};
  const bool device = !path_.empty() && ::stat(path_.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode);
  if (path_.empty()) {
    file_ = stdout;
  } else if (device) {   // /dev/null, a pipe: nothing to put in place
    file_ = std::fopen(path_.c_str(), "wb");
  } else {
    begin_file();
  }
}

void Output::begin_file() {
  const std::string pattern = path_ + ".XXXXXX";
  std::vector<char> name(pattern.begin(), pattern.end());
  name.push_back('\0');
  const SignalsHeld held;
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return;
  temporary_ = name.data();
  set_unfinished(temporary_);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(descriptor, 0666 & ~mask);
  file_ = ::fdopen(descriptor, "wb");
}

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  unfinished.store(false);
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
  unfinished.store(false);
  return true;
}

}  // namespace tiao::verdict
