// A bar on standard error, on a terminal only.
#pragma once

#include "compiler/cli/common.hpp"
#include "compiler/driver/run.hpp"

namespace tiao::cli {

class ProgressBar {
 public:
  explicit ProgressBar(const Common& common);
  ~ProgressBar() { clear(); }
  void tell(driver::Stage stage, double share);
  /// Takes the bar away, before anything else is printed.
  void clear();
  driver::Progress callback() {
    return [this](driver::Stage stage, double share) { tell(stage, share); };
  }

 private:
  const Common& common_;
  bool terminal_;
  int shown_ = -1;   // stage and hundredth last drawn
};

}  // namespace tiao::cli
