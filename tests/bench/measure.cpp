#include "tests/bench/measure.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

namespace tiao::bench {
namespace {

std::uint64_t status_line(const char* key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key)) return std::stoull(line.substr(std::string(key).size())) * 1024;
  return 0;
}

std::string shown(double value) {
  if (value != 0 && value < 0.1) return fmt::format("{:.4f}", value);
  if (value >= 100) return fmt::format("{:.0f}", value);
  return value >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

std::string goal_text(const Figure& f) {
  const char* sign = f.goal == Figure::Goal::at_least ? ">=" : f.goal == Figure::Goal::at_most ? "<=" : "<";
  return f.goal == Figure::Goal::none ? "" : fmt::format("{} {:g} {}", sign, f.bound, f.unit);
}

}  // namespace

double ProcessorWatch::now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double Timings::best() const { return seconds_.empty() ? 0 : *std::min_element(seconds_.begin(), seconds_.end()); }

double Timings::median() const {
  if (seconds_.empty()) return 0;
  std::vector<double> sorted = seconds_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 2];
}

std::uint64_t resident_bytes() { return status_line("VmRSS:"); }
std::uint64_t peak_resident_bytes() { return status_line("VmHWM:"); }

void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }
void trim_heap() { malloc_trim(0); }

Machine machine() {
  Machine m;
  std::ifstream cpu("/proc/cpuinfo");
  for (std::string line; std::getline(cpu, line) && m.processor.empty();)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != line.npos) m.processor = line.substr(colon + 2);
  m.cores = std::thread::hardware_concurrency();
  std::ifstream memory("/proc/meminfo");
  for (std::string line; std::getline(memory, line);)
    if (line.starts_with("MemTotal:")) m.gigabytes = static_cast<double>(std::stoull(line.substr(9))) / 1048576.0;
  return m;
}

bool Figure::met() const {
  switch (goal) {
    case Goal::at_least: return value >= bound;
    case Goal::at_most: return value <= bound;
    case Goal::under: return value < bound;
    case Goal::none: return true;
  }
  return true;
}

double goal_of(const std::string& ratio) {
  static const std::map<std::string, double> goals{{"F_vs_cpp", 1.0},     {"F_vs_polars", 15},       {"F_vs_duckdb", 100},       {"P_vs_cpp", 0.9},      {"P_vs_duckdb", 8},
                                                   {"tail_vs_cpp", 0.9},  {"F_2_threads", 1.7},      {"P_2_threads", 1.7},       {"tail_2_threads", 1.7}, {"load_ndjson_mb_s", 300},
                                                   {"load_csv_mb_s", 400}};
  const auto found = goals.find(ratio);
  return found == goals.end() ? 0 : found->second;
}

std::string table(const Report& report) {
  std::string out;
  for (const Figure& f : report.figures)
    out += fmt::format("{:<46} {:>10} {:<18} {:<26} {}\n", f.name, shown(f.value), f.unit,
                       f.goal == Figure::Goal::none ? "" : "goal " + goal_text(f) + (f.met() ? "  met" : "  MISSED"), f.note);
  if (!report.ratios.empty()) out += "\nratios: the speed of Tiao over that of the other; loading in MB/s\n";
  for (const auto& [name, value] : report.ratios) {
    const double goal = goal_of(name);
    out += fmt::format("{:<46} {:>10}{}\n", name, shown(value), goal == 0 ? "" : fmt::format("                    goal >= {:g}  {}", goal, value >= goal ? "met" : "MISSED"));
  }
  for (const std::string& note : report.notes) out += "\n" + note + "\n";
  return out;
}

std::string json(const Report& report) {
  const Machine m = machine();
  nlohmann::ordered_json out;
  out["machine"] = {{"processor", m.processor}, {"cores", m.cores}, {"memory_gb", m.gigabytes}};
  out["ratios"] = nlohmann::ordered_json::object();
  out["goals"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : report.ratios) {
    out["ratios"][name] = value;
    if (const double goal = goal_of(name); goal != 0) out["goals"][name] = goal;
  }
  out["figures"] = nlohmann::ordered_json::array();
  for (const Figure& f : report.figures) {
    nlohmann::ordered_json one = {{"name", f.name}, {"value", f.value}, {"unit", f.unit}};
    if (f.goal != Figure::Goal::none) {
      one["goal"] = goal_text(f);
      one["met"] = f.met();
    }
    if (!f.note.empty()) one["note"] = f.note;
    out["figures"].push_back(one);
  }
  out["curves"] = nlohmann::ordered_json::object();
  for (const Report::Point& p : report.curves) out["curves"][p.curve].push_back({{"x", p.x}, {"seconds", p.seconds}});
  if (!report.notes.empty()) out["notes"] = report.notes;
  return out.dump(2) + "\n";
}

}  // namespace tiao::bench
