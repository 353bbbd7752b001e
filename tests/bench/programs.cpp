#include "tests/bench/programs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "compiler/jit/engine.hpp"
#include "runtime/facts/loader.hpp"
#include "runtime/facts/pack.hpp"
#include "tests/bench/sample_files.hpp"

extern char** environ;

namespace tiao::bench {
namespace {

namespace fs = std::filesystem;

struct Ran { double first_byte = 0, all = 0; int code = -1; std::uint64_t bytes = 0; };

/// Starts a program and waits until it has ended; its output is read and dropped.
Ran spawn(const std::vector<std::string>& words, const std::string& cache) {
  Ran ran;
  int out[2];
  if (pipe(out) != 0) return ran;
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const std::string variable = "TIAO_CACHE_DIR=" + cache;
  std::vector<char*> environment{const_cast<char*>(variable.c_str())};
  for (char** e = environ; *e != nullptr; ++e)
    if (!std::string_view(*e).starts_with("TIAO_CACHE_DIR=")) environment.push_back(*e);
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addclose(&actions, out[0]);
  posix_spawn_file_actions_addclose(&actions, out[1]);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const Stopwatch clock;
  const int failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  char buffer[1 << 16];
  for (ssize_t n; failed == 0 && (n = read(out[0], buffer, sizeof buffer)) > 0; ran.bytes += static_cast<std::uint64_t>(n))
    if (ran.bytes == 0) ran.first_byte = clock.seconds();
  close(out[0]);
  int status = 0;
  if (failed == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  ran.all = clock.seconds();
  return ran;
}

std::string fresh_folder(const fs::path& work, const std::string& name) {
  std::error_code ignored;
  fs::remove_all(work / name, ignored);
  fs::create_directories(work / name, ignored);
  return (work / name).string();
}

bool same_content(const fs::path& a, const fs::path& b) {
  std::ifstream x(a, std::ios::binary), y(b, std::ios::binary);
  return x && y && std::equal(std::istreambuf_iterator<char>(x), {}, std::istreambuf_iterator<char>(y), {});
}

}  // namespace

void measure_start(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems) {
  const struct { Regime regime; std::uint32_t cases; const char* what; } starts[] = {{Regime::tianjin, 20, "ten persons"}, {Regime::region, 5, "five cases, 84 articles"}};
  for (const auto& start : starts) {
    SampleOptions options = case_options(start.cases);
    options.regime = start.regime;
    if (start.regime == Regime::tianjin) options.practitioners = 10;
    const fs::path facts = request.work / "few";
    if (const Written written = write_files(options, FileFormat::ndjson, facts, true); !written.problem.empty()) return problems.push_back(written.problem);
    const std::vector<std::string> command{request.tiao.string(), "run", std::string(agreement_name(start.regime)), "--project", request.root.string(), "--facts", facts.string(),
                                           "--as-of", "2025-12-31", "--format", "ndjson"};
    Timings cold, cached;
    for (unsigned r = 0; r <= request.repetitions; ++r) {   // the first one only brings the files into memory
      const std::string cache = fresh_folder(request.work, "cache");
      const Ran first = spawn(command, cache), second = spawn(command, cache);
      if (first.code != 0 || second.code != 0) return problems.push_back(fmt::format("{} run ended with {} and {}", request.tiao.string(), first.code, second.code));
      if (r == 0) continue;
      cold.add(first.first_byte);
      cached.add(second.first_byte);
    }
    const auto told = [&](const char* how, const Timings& timings, double bound) {
      figures.push_back({fmt::format("start to first verdict, {}, {}", start.what, how), "ms", fmt::format("best of {}; median {:.0f}", request.repetitions, timings.median() * 1e3), timings.best() * 1e3,
                         Figure::Goal::under, bound});
    };
    told("cold", cold, 60);
    told("cached", cached, 20);
    std::error_code ignored;
    fs::remove_all(facts, ignored);
  }
}

void measure_code(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems) {
  Subject region;
  if (std::string problem = compile_regime(request.root, Regime::region, region); !problem.empty()) return problems.push_back(problem);
  facts::FactBase facts;
  facts::LoadErrors errors(3);
  if (!facts::load(region.agreement.schema(), request.root / "clauses/region/facility/facts", facts, errors, {})) return problems.push_back(errors.listed.front().en);
  const struct { jit::Effort effort; const char* name; } ways[] = {{jit::Effort::full, "for large runs"}, {jit::Effort::quick, "at once"}};
  for (const auto& way : ways) {
    Timings timings;
    for (unsigned r = 0; r < request.repetitions; ++r) {
      jit::Options options;
      options.cache_dir.clear();
      options.effort = way.effort;
      options.threads = 1;
      const ProcessorWatch clock;
      const jit::Engine::Made made = jit::Engine::compile(region.agreement.compiled.program, options);
      if (!made.engine) return problems.push_back(made.error);
      if (std::string error = made.engine->prepare(facts, as_of_day()); !error.empty()) return problems.push_back(error);
      timings.add(clock.seconds());
    }
    const bool large = way.effort == jit::Effort::full;
    figures.push_back({fmt::format("84 articles to machine code {}, one core", way.name), "ms", fmt::format("plan, code and link; median {:.0f}", timings.median() * 1e3), timings.best() * 1e3,
                       large ? Figure::Goal::under : Figure::Goal::none, large ? 400.0 : 0});
  }
}

void measure_ranks(const ProgramRequest& request, std::uint32_t cases, std::vector<Figure>& figures, std::vector<std::string>& problems) {
  SampleOptions options;
  options.regime = Regime::tianjin_facility;
  options.incidents = cases;
  const fs::path facts = request.work / "ranked";
  if (const Written written = write_files(options, FileFormat::ndjson, facts, true); !written.problem.empty()) return problems.push_back(written.problem);
  for (const char* engine : {"jit", "interp"}) {
    const Ran ran = spawn({request.tiao.string(), "run", "tianjin.facility_2025", "--project", request.root.string(), "--facts", facts.string(), "--as-of", "2026-01-31",
                           "--engine", engine, "--format", "ndjson", "--out", (request.work / engine).string()}, fresh_folder(request.work, "cache"));
    if (ran.code != 0) return problems.push_back(fmt::format("{} run ended with {}", request.tiao.string(), ran.code));
    figures.push_back({fmt::format("ranks in a population, {}", engine), "s",
                       fmt::format("{} cases, {} facilities, from facts on disk to verdicts on disk", cases, settled(options).facilities), ran.all});
  }
  if (!same_content(request.work / "jit", request.work / "interp")) problems.push_back("the engines wrote different verdicts of facilities");
  std::error_code ignored;
  for (const char* made : {"ranked", "jit", "interp"}) fs::remove_all(request.work / made, ignored);
}

void measure_differences(const ProgramRequest& request, std::uint32_t cases, std::vector<Figure>& figures, std::vector<std::string>& problems) {
  struct Pair { const char* name; Regime regime; std::string before, after; std::vector<std::string> options; bool blame; };
  const std::vector<Pair> pairs = {{"facilities", Regime::tianjin_facility, "tianjin.facility@base", "tianjin.facility", {}, true},
                                   {"incidents", Regime::tianjin, "tianjin.practitioner", "tianjin.practitioner", {"--readings-old", "one_off=per_entry", "--readings-new", "one_off=per_inspection"}, false}};
  std::error_code ignored;
  for (const Pair& pair : pairs) {
    SampleOptions options;
    options.regime = pair.regime;
    options.incidents = cases;
    const fs::path facts = request.work / "compared", out = request.work / "told";
    if (const Written written = write_files(options, FileFormat::ndjson, facts, true); !written.problem.empty()) return problems.push_back(written.problem);
    const std::string cache = fresh_folder(request.work, "cache");
    const auto timed = [&](std::vector<std::string> command, Timings& timings) {
      command.insert(command.begin(), request.tiao.string());
      for (const std::string& word : std::vector<std::string>{"--project", request.root.string(), "--facts", facts.string(), "--as-of", "2025-12-31", "--out", out.string()}) command.push_back(word);
      for (unsigned r = 0; r < 2; ++r) {   // the first one leaves machine code behind
        const Ran ran = spawn(command, cache);
        if (ran.code != 0 && ran.code != 1) return problems.push_back(fmt::format("{} {} ended with {}", request.tiao.string(), command[1], ran.code));
        timings.add(ran.all);
      }
    };
    Timings run, diff, blame;
    timed({"run", pair.after, "--format", "ndjson"}, run);
    std::vector<std::string> command{"diff", pair.before, pair.after, "--format", "json"};
    command.insert(command.end(), pair.options.begin(), pair.options.end());
    timed(command, diff);
    const std::string what = fmt::format("{} {}", cases, pair.name);
    figures.push_back({fmt::format("diff / run, {}", pair.name), "times", what + ", from facts on disk to what is told on disk", diff.best() / run.best(), Figure::Goal::at_most, 2.5});
    if (pair.blame) {
      command.push_back("--blame");
      timed(command, blame);
      figures.push_back({fmt::format("blame / run, {}", pair.name), "times", what + ", sixteen operations", blame.best() / run.best(), Figure::Goal::at_most, 20});
    }
    for (const fs::path& made : {facts, out}) fs::remove_all(made, ignored);
  }
}

void measure_check(const ProgramRequest& request, std::vector<Figure>& figures, std::vector<std::string>& problems) {
  constexpr unsigned lines = 10'000;
  const fs::path file = request.work / "large.tiao";
  std::ofstream(file) << large_clauses(lines);
  const std::vector<std::string> command{request.tiao.string(), "check", "--project", request.root.string(), file.string()};
  const std::string cache = fresh_folder(request.work, "cache");
  Timings timings;
  for (unsigned r = 0; r <= request.repetitions; ++r) {
    const Ran ran = spawn(command, cache);
    if (ran.code != 0) return problems.push_back(fmt::format("{} check ended with {}", request.tiao.string(), ran.code));
    if (r != 0) timings.add(ran.all);
  }
  figures.push_back({"tiao check of 10,000 lines", "s", fmt::format("best of {}; median {:.2f}", request.repetitions, timings.median()), timings.best(), Figure::Goal::under, 1});
}

namespace {

// Seconds from files to facts; 0 threads: all processors.
bool load_times(const Subject& subject, const fs::path& facts, unsigned threads, facts::FactBase& base, Timings& timings, std::vector<std::string>& problems) {
  facts::LoadOptions options;
  options.threads = threads;
  for (unsigned r = 0; r < 3; ++r) {
    base = {};
    facts::LoadErrors errors(3);
    const Stopwatch clock;
    const bool good = facts::load(subject.agreement.schema(), facts, base, errors, options);
    timings.add(clock.seconds());
    if (good) continue;
    problems.push_back(errors.listed.front().file + ": " + errors.listed.front().en);
    return false;
  }
  return true;
}

}  // namespace

void measure_loading(const Subject& subject, const ProgramRequest& request, std::uint32_t incidents, Report& told, std::vector<std::string>& problems) {
  const struct { FileFormat format; const char *name, *ratio; double goal; } formats[] = {{FileFormat::ndjson, "NDJSON", "load_ndjson_mb_s", 300},
                                                                                        {FileFormat::csv, "CSV", "load_csv_mb_s", 400}};
  facts::FactBase base;
  for (const auto& f : formats) {
    const fs::path facts = request.work / f.name;
    const Written written = write_files(case_options(incidents), f.format, facts, true);
    if (!written.problem.empty()) return problems.push_back(written.problem);
    Timings one, all;
    if (!load_times(subject, facts, 1, base, one, problems) || !load_times(subject, facts, 0, base, all, problems)) return;
    const auto rate = [&](double seconds) { return static_cast<double>(written.bytes) / 1e6 / seconds; };
    const std::string note = fmt::format("{} rows, {:.0f} MB, {:.2f} million rows a second; median {:.0f} MB/s", written.rows, static_cast<double>(written.bytes) / 1e6,
                                         static_cast<double>(written.rows) / 1e6 / one.best(), rate(one.median()));
    told.add(std::string("loading ") + f.name + ", one core", rate(one.best()), "MB/s", note, Figure::Goal::at_least, f.goal);
    told.ratio(f.ratio, rate(one.best()));
    told.add(std::string("loading ") + f.name + ", all cores", rate(all.best()), "MB/s", fmt::format("{:.2f} times as fast", one.best() / all.best()));
    std::error_code ignored;
    fs::remove_all(facts, ignored);
  }
  const fs::path packed = request.work / "facts.tiaof";
  std::uint64_t bytes = 0;
  {
    std::ofstream out(packed, std::ios::binary);
    facts::pack(base, [&](std::string_view some) {
      out.write(some.data(), static_cast<std::streamsize>(some.size()));
      bytes += some.size();
    });
  }
  Timings one, all;
  if (!load_times(subject, packed, 1, base, one, problems) || !load_times(subject, packed, 0, base, all, problems)) return;
  told.add("loading packed facts", all.best() * 1e3, "ms", fmt::format("{:.0f} MB mapped, hashed and checked; {:.1f} ms on one core, {:.1f} GB/s", static_cast<double>(bytes) / 1e6,
                                                                     one.best() * 1e3, static_cast<double>(bytes) / 1e9 / one.best()));
  told.ratio("load_packed_ms", all.best() * 1e3);
}

}  // namespace tiao::bench
