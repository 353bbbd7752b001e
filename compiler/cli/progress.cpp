#include "compiler/cli/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace tiao::cli {

ProgressBar::ProgressBar(const Common& common) : common_(common), terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::tell(driver::Stage stage, double share) {
  if (!terminal_) return;
  constexpr int width = 30;
  const int hundredths = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
  const int now = static_cast<int>(stage) * 1000 + hundredths;
  if (now == shown_) return;
  shown_ = now;
  const char* words[][2] = {{"读取事实", "reading facts"}, {"计算", "evaluating"}, {"写出结论", "writing verdicts"}, {"逐个试改", "trying mutants"}, {"试改事实", "trying other facts"}};
  std::string bar(static_cast<std::size_t>(hundredths * width / 100), '#');
  bar.resize(width, '.');
  std::fprintf(stderr, "\r\x1b[K%s [%s] %d%%", words[static_cast<int>(stage)][common_.zh ? 0 : 1], bar.c_str(), hundredths);
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (terminal_ && shown_ >= 0) std::fputs("\r\x1b[K", stderr);
  shown_ = -1;
}

}  // namespace tiao::cli
