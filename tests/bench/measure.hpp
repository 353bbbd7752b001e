// Clocks, memory, the machine, and figures set against their goals.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tiao::bench {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The time of the processor that this process has had: of what runs on one thread, little disturbed by others on the machine.
class ProcessorWatch {
 public:
  double seconds() const { return now() - start_; }

 private:
  static double now();
  double start_ = now();
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

/// What a run says: figures in the order in which they were measured; ratios (the speed of Tiao over that of another, or a rate) by a
/// short name that stays the same between versions; and points of curves.
struct Report {
  struct Point { std::string curve; double x = 0, seconds = 0; };
  std::vector<Figure> figures;
  std::vector<std::pair<std::string, double>> ratios;
  std::vector<Point> curves;
  std::vector<std::string> notes;
  void add(std::string name, double value, std::string unit, std::string note = {}, Figure::Goal goal = Figure::Goal::none, double bound = 0) {
    figures.push_back({std::move(name), std::move(unit), std::move(note), value, goal, bound});
  }
  void ratio(std::string name, double value) { ratios.emplace_back(std::move(name), value); }
};

/// What a ratio should reach; 0: nothing is asked of it.
double goal_of(const std::string& ratio);

std::string table(const Report& report);
std::string json(const Report& report);

}  // namespace tiao::bench
