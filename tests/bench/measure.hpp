// Clocks, memory, the machine, and figures set against their goals.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tiao::bench {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Timings of one thing in one run.
class Timings {
 public:
  void add(double seconds) { seconds_.push_back(seconds); }
  double best() const;
  double median() const;

 private:
  std::vector<double> seconds_;
};

/// Resident memory now, and its peak since the last reset. 0 where the system does not say.
std::uint64_t resident_bytes();
std::uint64_t peak_resident_bytes();
void reset_peak();
/// Hands free memory back to the system, so that what follows is counted.
void trim_heap();

struct Machine { std::string processor; unsigned cores = 0; double gigabytes = 0; };
Machine machine();

struct Figure {
  enum class Goal : std::uint8_t { none, at_least, at_most, under };
  std::string name, unit, note;
  double value = 0;
  Goal goal = Goal::none;
  double bound = 0;
  bool met() const;
};

std::string table(const std::vector<Figure>& figures);
std::string json(const std::vector<Figure>& figures);

}  // namespace tiao::bench
