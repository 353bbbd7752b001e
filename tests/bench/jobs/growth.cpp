#include "tests/bench/jobs/growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "compiler/jit/engine.hpp"
#include "tests/bench/jobs/breach.hpp"

namespace tiao::bench {
namespace {

struct Line { double at_zero, slope; };

/// Least squares, each point with its weight.
template <class X, class Y, class W>
Line best_line(const std::vector<Report::Point>& points, const X& x, const Y& y, const W& weight) {
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  for (const Report::Point& p : points) {
    const double of = weight(p);
    w += of, wx += of * x(p), wy += of * y(p), wxx += of * x(p) * x(p), wxy += of * x(p) * y(p);
  }
  const double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  return {(wy - slope * wx) / w, slope};
}

std::vector<Report::Point> points_of(const Report& report, const std::string& curve) {
  std::vector<Report::Point> points;
  std::copy_if(report.curves.begin(), report.curves.end(), std::back_inserter(points), [&](const Report::Point& p) { return p.curve == curve; });
  return points;
}

}  // namespace

GrowthFit fit_growth(const std::vector<Report::Point>& points) {
  GrowthFit fit;
  fit.exponent = best_line(points, [](const auto& p) { return std::log(p.x); }, [](const auto& p) { return std::log(p.seconds); }, [](const auto&) { return 1.0; }).slope;
  // A tenth more counts the same at every size.
  const Line line = best_line(points, [](const auto& p) { return p.x; }, [](const auto& p) { return p.seconds; }, [](const auto& p) { return 1 / (p.seconds * p.seconds); });
  for (const Report::Point& p : points) fit.farthest_from_line = std::max(fit.farthest_from_line, std::abs(line.at_zero + line.slope * p.x - p.seconds) / p.seconds);
  return fit;
}

void report_growth(const std::string& curve, const std::string& name, Report& report) {
  const std::vector<Report::Point> points = points_of(report, curve);
  if (points.size() < 3) return;
  const GrowthFit fit = fit_growth(points);
  report.add(name, fit.exponent, "exponent", fmt::format("{} sizes from {:.0f} to {:.0f}; farthest from a straight line {:.0f} %", points.size(), points.front().x, points.back().x, fit.farthest_from_line * 100));
}

std::string shared_rules(const std::filesystem::path& root, unsigned rules) {
  std::ifstream in(root / "tests/bench/jobs/breach.tiao");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.resize(std::min(text.size(), text.find("\nremedy ")));
  text += '\n';
  const auto& names = breach::names();
  for (unsigned r = 0; r < rules; ++r) text += fmt::format("remedy measure_{} of facility_case {{ severity 10  combine once }}\n", r + 1);
  text += "agreement bench.rules \"规则\" {\n  status draft \"基准\"\n  subject facility_case\n";
  for (unsigned r = 0; r < rules; ++r)
    text += fmt::format("  article {0} \"第{0}项\" {{\n    for each facility_case\n    when established and ({1} or {2} and not {3}) then agency must measure_{0}\n  }}\n", r + 1, names[r % breach::findings],
                        names[(r * 7 + 3) % breach::findings], names[(r * 11 + 5) % breach::findings]);
  return text + "}\n";
}

void measure_rules(const RulesRequest& request, Report& report, std::vector<std::string>& problems) {
  const BreachFacts made = make_breach(request.rows);
  for (const unsigned rules : request.rules) {
    const std::filesystem::path file = request.work / fmt::format("rules_{}.tiao", rules);
    std::ofstream(file) << shared_rules(request.root, rules);
    JobProgram program;
    if (std::string problem = compile_job(request.root, file.string(), program); !problem.empty()) return problems.push_back(problem);
    facts::FactBase facts = empty_facts(program.schema());
    fill(made, facts);
    jit::Options options;
    options.cache_dir.clear();
    options.effort = jit::Effort::full;
    const jit::Engine::Made engine = jit::Engine::compile(program.core(), options);
    if (!engine.engine) return problems.push_back(engine.error);
    if (std::string error = engine.engine->prepare(facts, job_day()); !error.empty()) return problems.push_back(error);
    Timings timings;
    for (unsigned r = 0; r <= request.repetitions; ++r) {
      const ProcessorWatch clock;
      const jit::RunResult run = engine.engine->decide(facts, job_day());
      if (run.outcome != jit::Outcome::done) return problems.push_back(run.error);
      if (r != 0) timings.add(clock.seconds());
    }
    report.curves.push_back({"rules", static_cast<double>(rules), timings.best()});
    report.add(fmt::format("{} rules over the same {} findings", rules, breach::findings), timings.best() * 1e3, "ms", fmt::format("{} cases; {:.2f} ns a rule and case", request.rows, timings.best() / rules / request.rows * 1e9));
  }
  report_growth("rules", "growth with rules", report);
}

}  // namespace tiao::bench
