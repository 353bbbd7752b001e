#include "tests/bench/jobs/run_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

#include "compiler/interp/interpreter.hpp"
#include "compiler/jit/session.hpp"
#include "runtime/engine/kernels.hpp"
#include "tests/bench/jobs/breach.hpp"
#include "tests/bench/jobs/growth.hpp"
#include "tests/bench/jobs/peers.hpp"
#include "tests/bench/jobs/points.hpp"
#include "tests/bench/jobs/tail.hpp"

namespace tiao::bench {
namespace {

/// One of the twins: how it is called in ratios, what it is, and what it does.
struct ByHand {
  std::string ratio, what;
  std::function<void(unsigned)> run;
  double bytes = 0;   // that it reads and writes at least, for the rate of memory
};

/// A job over facts of one size.
struct Prepared {
  facts::FactBase facts;
  std::vector<ByHand> twins;                        // the first is the measure
  std::function<void(Expectation&)> compare;        // runs the twins
  std::shared_ptr<void> keep;
};

struct Job {
  const char* name;
  const char* file;
  const char* unit;
  Prepared (*prepare)(const Schema& schema, std::uint32_t rows);
};

Prepared prepare_breach(const Schema& schema, std::uint32_t rows) {
  Prepared p;
  p.facts = empty_facts(schema);
  std::shared_ptr<BreachTwin> twin;
  {
    const BreachFacts facts = make_breach(rows);
    fill(facts, p.facts);
    twin = std::make_shared<BreachTwin>(facts);
  }
  p.keep = twin;
  p.twins = {{"cpp", "planes, every result written", [twin](unsigned threads) { twin->run(threads); }, static_cast<double>(twin->bytes_read() + twin->bytes_written())},
             {"cpp_no_copies", "planes, items that are findings not written again", [twin](unsigned threads) { twin->run_without_copies(threads); },
              static_cast<double>(twin->bytes_read()) + static_cast<double>(twin->bytes_written()) * (1.0 - 102.0 / BreachTwin::outputs)}};
  p.compare = [twin](Expectation& engine) {
    twin->run();
    compare(*twin, engine);
  };
  return p;
}

Prepared prepare_points(const Schema& schema, std::uint32_t rows) {
  Prepared p;
  p.facts = empty_facts(schema);
  PointsFacts facts = make_points(rows);
  fill(facts, p.facts);
  const auto keep = std::make_shared<PointsFacts>(std::move(facts));
  const auto mixed = std::make_shared<PointsTwin>(*keep, false), sorted = std::make_shared<PointsTwin>(*keep, true);
  p.keep = keep;
  p.twins = {{"cpp", "rows as they come, partitioned by person", [mixed, keep](unsigned threads) { mixed->run(threads); }, static_cast<double>(mixed->bytes_read())},
             {"cpp_sorted", "rows by person beforehand", [sorted, keep](unsigned threads) { sorted->run(threads); }, static_cast<double>(sorted->bytes_read())}};
  p.compare = [mixed, sorted, keep](Expectation& engine) {
    for (PointsTwin* twin : {mixed.get(), sorted.get()}) {
      twin->run();
      compare(*twin, engine);
    }
  };
  return p;
}

Prepared prepare_tail(const Schema& schema, std::uint32_t rows) {
  Prepared p;
  p.facts = empty_facts(schema);
  const TailFacts facts = make_tail(rows);
  fill(facts, p.facts);
  const auto counting = std::make_shared<TailTwin>(facts, TailTwin::Way::counting), selection = std::make_shared<TailTwin>(facts, TailTwin::Way::selection);
  p.twins = {{"cpp", "counting of scores", [counting](unsigned threads) { counting->run(threads); }, static_cast<double>(counting->bytes_read())},
             {"cpp_selection", "partitioned selection", [selection](unsigned threads) { selection->run(threads); }, static_cast<double>(selection->bytes_read())}};
  p.compare = [counting, selection](Expectation& engine) {
    for (TailTwin* twin : {counting.get(), selection.get()}) {
      twin->run();
      compare(*twin, engine);
    }
  };
  return p;
}

constexpr Job jobs[]{{"F", "breach.tiao", "cases", prepare_breach}, {"P", "points.tiao", "incidents", prepare_points}, {"tail", "tail.tiao", "clinics", prepare_tail}};

std::string file_of(const std::filesystem::path& root, const Job& job) { return (root / "tests/bench/jobs" / job.file).string(); }

std::string shown(std::uint32_t rows) {
  std::string digits = std::to_string(rows);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string step_name(const plan::Step& step, const plan::Plan& plan, const core::Program& program) {
  using plan::Step;
  switch (step.kind) {
    case Step::kernel: return plan.kernels[step.a].name;
    case Step::remedy: return "remedy " + program.schema.remedies[step.a].id;
    case Step::group: return "group " + program.schema.entities[program.groups[step.a].entity].id;
    case Step::ledger: return "ledger " + program.ledgers[step.a].id;
    case Step::report: return "report " + program.reports[step.a].id;
    case Step::proposition: return "propositions";
    case Step::index: return "indexes";
    case Step::parents: return "parents of rows";
    case Step::membership: return "membership";
    default: return "the rest";
  }
}

/// The steps of a run by the time that they took, the longest first.
std::string longest_steps(const jit::RunResult& run, const core::Program& program) {
  std::map<std::string, double> by_name;
  double all = 0;
  for (std::size_t s = 0; s < run.step_seconds.size(); ++s) {
    by_name[step_name(run.plan->steps[s], *run.plan, program)] += run.step_seconds[s];
    all += run.step_seconds[s];
  }
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, seconds] : by_name) sorted.emplace_back(seconds, name);
  std::sort(sorted.rbegin(), sorted.rend());
  std::string out;
  for (const auto& [seconds, name] : sorted)
    if (seconds >= all / 50) out += fmt::format("{}{} {:.0f} %", out.empty() ? "" : ", ", name, seconds / all * 100);
  return out;
}

void check_equal(const char* engine, const Job& job, std::uint32_t rows, const JobProgram& program, const Results& results, const Prepared& prepared, std::uint64_t& compared,
                 std::vector<std::string>& problems) {
  Expectation expected(program.core(), results);
  prepared.compare(expected);
  compared += expected.compared;
  if (expected.different == 0) return;
  problems.push_back(fmt::format("{} of {} {}: {} and twin differ in {} of {} values", job.name, shown(rows), job.unit, engine, expected.different, expected.compared));
  for (std::string& example : expected.examples) problems.push_back("  " + std::move(example));
}

/// Once more; what is small is done several times within. One thread: the time of the processor.
void timed(Timings& timings, unsigned threads, unsigned times, const std::function<void()>& work) {
  const Stopwatch wall;
  const ProcessorWatch processor;
  for (unsigned i = 0; i < times; ++i) work();
  timings.add((threads == 1 ? processor.seconds() : wall.seconds()) / times);
}

// States of acts as planes are those of the rows that are listed from their grounds.
void check_planes(const Schema& schema, const std::vector<RemedyPlanes>& planes, const Results& listed, std::uint64_t& compared, std::vector<std::string>& problems) {
  for (RemedyId r = 0; r < planes.size(); ++r) {
    if (planes[r].empty()) continue;
    const RemedyTable& table = listed.remedies[r];
    BitPairs seen(planes[r].acts[0].state->size(), static_cast<std::uint8_t>(Truth::no));
    if (planes[r].acts.size() != 1 || schema.remedies[r].combine != Combine::once) continue;
    for (std::size_t i = 0; i < table.target.size(); ++i) seen.set(static_cast<std::size_t>(table.target[i]), static_cast<std::uint8_t>(table.state[i]));
    if (seen != *planes[r].acts[0].state) problems.push_back("planes of " + schema.remedies[r].id + " differ from its rows");
    compared += seen.size();
  }
}

/// Rows a second of the compiled clauses; 0 when it came to nothing.
double measure_size(const Job& job, const JobProgram& program, const jit::Engine& engine, std::uint32_t rows, bool largest, const JobRequest& request, Report& report,
                  std::uint64_t& compared, std::vector<std::string>& problems) {
  const Prepared prepared = job.prepare(program.schema(), rows);
  const std::string what = fmt::format("{} {}", job.name, shown(rows));
  if (std::string error = engine.prepare(prepared.facts, job_day()); !error.empty()) return problems.push_back(what + ": " + error), 0;
  // Memory first, while nothing is left of earlier runs.
  trim_heap();
  reset_peak();
  const std::uint64_t before = resident_bytes();
  {
    jit::RunResult run = engine.decide(prepared.facts, job_day());
    const std::uint64_t peak = peak_resident_bytes();
    if (run.outcome != jit::Outcome::done) return problems.push_back(what + ": " + run.error), 0;
    const double columns = static_cast<double>(column_bytes(prepared.facts)), beyond = peak > before ? static_cast<double>(peak - before) : 0;
    report.add(what + ": memory beyond the facts", beyond / columns * 100, "% of the facts",
               fmt::format("facts {:.0f} bytes a row, results {:.0f}, peak {:.0f}", columns / rows, static_cast<double>(run.results.bytes()) / rows, beyond / rows));
    const std::vector<RemedyPlanes> planes = run.results.planes;
    engine::list_remedies(program.schema(), run.results);
    check_planes(program.schema(), planes, run.results, compared, problems);
    check_equal("compiled engine", job, rows, program, run.results, prepared, compared, problems);
  }
  if (rows <= 20'000) {
    const Stopwatch clock;
    interp::Interpreter interpreter(program.core(), prepared.facts, {job_day()});
    const Results& results = interpreter.run();
    report.add(what + ": interpreter", rows / clock.seconds() / 1e6, fmt::format("million {}/s", job.unit));
    check_equal("interpreter", job, rows, program, results, prepared, compared, problems);
  }
  Timings by_engine, by_two;
  jit::Limits two_threads;
  two_threads.threads = 2;
  std::vector<Timings> alone(prepared.twins.size()), together(prepared.twins.size());
  const unsigned times = std::max(1u, 400'000 / std::max(1u, rows));
  for (unsigned r = 0; r < request.repetitions; ++r) {
    for (std::size_t t = 0; t < prepared.twins.size(); ++t) timed(alone[t], 1, times * 2, [&] { prepared.twins[t].run(1); });
    timed(by_engine, 1, times, [&] { engine.decide(prepared.facts, job_day()); });
    timed(by_two, 2, times, [&] { engine.decide(prepared.facts, job_day(), two_threads); });
    for (std::size_t t = 0; t < prepared.twins.size(); ++t) timed(together[t], 2, times * 2, [&] { prepared.twins[t].run(2); });
  }
  const std::string rate = fmt::format("million {}/s", job.unit);
  const jit::RunResult run = engine.decide(prepared.facts, job_day());
  report.add(what + ": steps", std::accumulate(run.step_seconds.begin(), run.step_seconds.end(), 0.0) * 1e3, "ms", longest_steps(run, program.core()));
  report.add(what + ": compiled", rows / by_engine.best() / 1e6, rate, fmt::format("best of {}: {:.2f} ms; median {:.2f}; two threads {:.1f}", request.repetitions, by_engine.best() * 1e3,
                                                                                      by_engine.median() * 1e3, rows / by_two.best() / 1e6));
  if (largest) report.ratio(fmt::format("{}_2_threads", job.name), by_engine.best() / by_two.best());
  report.curves.push_back({job.name, static_cast<double>(rows), by_engine.best()});
  report.curves.push_back({fmt::format("{} by hand", job.name), static_cast<double>(rows), alone[0].best()});
  for (std::size_t t = 0; t < prepared.twins.size(); ++t) {
    const ByHand& twin = prepared.twins[t];
    report.add(fmt::format("{}: by hand, {}", what, twin.what), rows / alone[t].best() / 1e6, rate,
               fmt::format("{:.1f} GB/s of facts and results; two threads {:.1f}", twin.bytes / alone[t].best() / 1e9, rows / together[t].best() / 1e6));
    report.ratio(largest ? fmt::format("{}_vs_{}", job.name, twin.ratio) : fmt::format("{}_vs_{}_at_{}", job.name, twin.ratio, rows), alone[t].best() / by_engine.best());
  }
  return rows / by_engine.best();
}

std::unique_ptr<jit::Engine> compiled(const JobProgram& program, jit::Effort effort, std::vector<std::string>& problems) {
  jit::Options options;
  options.cache_dir.clear();
  options.effort = effort;
  jit::Engine::Made made = jit::Engine::compile(program.core(), options);
  if (!made.engine) problems.push_back("a job does not compile to machine code: " + made.error);
  return std::move(made.engine);
}

/// A session asked about one case again and again; the code is that for all facts. What it decides is compared beforehand.
void measure_one_case(const Job& job, const JobProgram& program, unsigned repetitions, Report& report, std::vector<std::string>& problems) {
  facts::FactBase facts = empty_facts(program.schema());
  if (job.prepare == prepare_breach) fill(make_breach(1), facts);
  else fill(make_points(20, 1, 1), facts);
  const std::unique_ptr<jit::Engine> engine = compiled(program, jit::Effort::quick, problems);
  if (!engine) return;
  jit::Session session(*engine);
  Timings in_session, alone;
  const unsigned times = 20'000;
  for (unsigned r = 0; r < repetitions; ++r) {
    timed(in_session, 1, times, [&] { session.decide(facts, job_day()); });
    timed(alone, 1, times, [&] { engine->decide(facts, job_day()); });
  }
  report.add(fmt::format("{}: one case in a session", job.name), in_session.best() * 1e6, "us",
             fmt::format("{}; a run of its own {:.1f}", job.prepare == prepare_breach ? "one facility" : "one person, twenty incidents", alone.best() * 1e6));
}

/// How fast this machine reads memory: the sum of an array that no cache holds.
double read_rate(unsigned threads) {
  const WideVector<std::uint64_t> data((512u << 20) / 8, 1);
  Timings timings;
  std::vector<std::uint64_t> sums(data.size() / (1u << 20) + 1);
  for (unsigned r = 0; r < 5; ++r)
    timed(timings, threads, 1, [&] { in_parallel(threads, data.size(), 1u << 20, [&](std::size_t from, std::size_t to) { sums[from >> 20] = std::accumulate(data.begin() + from, data.begin() + to, std::uint64_t{0}); }); });
  return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == 0 ? 0 : static_cast<double>(data.size()) * 8 / timings.best() / 1e9;
}

}  // namespace

void measure_jobs(const JobRequest& request, Report& report, std::vector<std::string>& problems) {
  report.add("plain reading of memory", read_rate(1), "GB/s", fmt::format("two threads {:.1f}", read_rate(2)));
  std::uint64_t compared = 0;
  std::vector<PeerSize> for_peers;
  for (const Job& job : jobs) {
    if (!request.only.empty() && request.only != job.name) continue;
    JobProgram program;
    if (std::string problem = compile_job(request.root, file_of(request.root, job), program); !problem.empty()) return problems.push_back(problem);
    const std::unique_ptr<jit::Engine> engine = compiled(program, jit::Effort::full, problems);
    if (!engine) return;
    std::vector<std::uint32_t> sizes;
    for (const std::uint32_t rows : request.sizes)
      if (job.prepare != prepare_tail || rows <= request.most_clinics) sizes.push_back(rows);
    PeerSize size{job.name, 0, 0};
    for (const std::uint32_t rows : sizes) {
      const double rate = measure_size(job, program, *engine, rows, rows == sizes.back(), request, report, compared, problems);
      if (size.rows == 0 || rows <= request.most_for_peers || job.prepare == prepare_points) size.rows = rows, size.ours = rate;
    }
    if (job.prepare != prepare_tail) measure_one_case(job, program, request.repetitions, report, problems);
    report_growth(job.name, fmt::format("{}: growth with rows", job.name), report);
    if (!request.peers || size.rows == 0 || size.ours == 0) continue;
    for_peers.push_back(size);
    measure_sqlite({request.root, request.work, request.repetitions > 3 ? 3u : 1u, request.sqlite_rows}, size.job, size.ours, report, problems);
  }
  if (request.only.empty()) {
    RulesRequest rules{request.root, request.work};
    rules.repetitions = request.repetitions;
    rules.rows = request.rules_rows;
    measure_rules(rules, report, problems);
  }
  if (!for_peers.empty()) measure_installed_peers({request.root, request.work, request.repetitions > 3 ? 3u : 2u, request.sqlite_rows}, for_peers, report, problems);
  report.add("values of the jobs compared", static_cast<double>(compared) / 1e6, "million", problems.empty() ? "all equal" : "NOT all equal");
}

std::string smoke_jobs(const std::filesystem::path& root, std::uint32_t rows, const std::string& only, std::vector<std::string>& problems) {
  std::uint64_t compared = 0;
  for (const Job& job : jobs) {
    if (!only.empty() && only != job.name) continue;
    JobProgram program;
    if (std::string problem = compile_job(root, file_of(root, job), program); !problem.empty()) {
      problems.push_back(problem);
      return {};
    }
    const Prepared prepared = job.prepare(program.schema(), rows);
    interp::Interpreter interpreter(program.core(), prepared.facts, {job_day()});
    check_equal("interpreter", job, rows, program, interpreter.run(), prepared, compared, problems);
    for (const jit::Effort effort : {jit::Effort::quick, jit::Effort::full})
      if (const std::unique_ptr<jit::Engine> engine = compiled(program, effort, problems)) {
        for (const unsigned threads : {1u, 2u}) {
          jit::Limits limits;
          limits.threads = threads;
          const jit::RunResult run = engine->run(prepared.facts, job_day(), limits);
          if (run.outcome != jit::Outcome::done) problems.push_back(std::string(job.name) + ": " + run.error);
          else check_equal("compiled engine", job, rows, program, run.results, prepared, compared, problems);
        }
        jit::Session session(*engine);
        const Prepared few = job.prepare(program.schema(), rows / 3);
        for (const auto& [facts, count] : {std::pair(&prepared, rows), std::pair(&few, rows / 3), std::pair(&prepared, rows)}) {
          const jit::RunResult& run = session.decide(facts->facts, job_day());
          if (run.outcome != jit::Outcome::done) problems.push_back(std::string(job.name) + ": " + run.error);
          Results results = run.results;
          engine::list_remedies(program.schema(), results);
          check_equal("session", job, count, program, results, *facts, compared, problems);
        }
      }
    run_sqlite(root, job.name, rows, 1, problems);
  }
  return problems.empty() ? fmt::format("three jobs of {} rows; {} values compared", rows, compared) : std::string();
}

}  // namespace tiao::bench
