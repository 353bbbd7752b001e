// tiao_bench: figures of one run on one machine, each against its goal. Exit code 1: results that ought to be equal are not.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/bench/evaluation.hpp"
#include "tests/bench/jobs/run_jobs.hpp"
#include "tests/bench/programs.hpp"

namespace {

namespace fs = std::filesystem;
using namespace tiao::bench;

/// A folder that is gone at the end.
class WorkFolder {
 public:
  WorkFolder() : path_(fs::temp_directory_path() / ("tiao_bench." + std::to_string(getpid()))) { fs::create_directories(path_); }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int report(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) std::fprintf(stderr, "tiao_bench: %s\n", problem.c_str());
  return problems.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"benchmarks of Tiao: compiled clauses against the interpreter and a hand-written twin, start-up, checking, loading"};
  bool quick = false, as_json = false, no_peers = false;
  std::uint32_t smoke_incidents = 0, smoke_rows = 0;
  EvaluationRequest evaluation;
  JobRequest jobs;
  std::string only;
  fs::path root = TIAO_SOURCE_DIR;
  app.add_flag("--quick", quick, "a tenth of the incidents, fewer repetitions");
  app.add_flag("--json", as_json, "figures as JSON");
  auto* incidents = app.add_option("--incidents", evaluation.incidents, "incidents for the compiled engine and the twin")->check(CLI::Range(100u, 20'000'000u))->capture_default_str();
  app.add_option("--only", only, "one part alone")->check(CLI::IsMember({"jobs", "evaluation", "ranks", "differences", "start", "check", "loading"}));
  app.add_option("--smoke", smoke_incidents, "no clock: compare twin and both engines on so many incidents");
  app.add_option("--smoke-jobs", smoke_rows, "no clock: compare twins and both engines in the three jobs on so many rows");
  app.add_option("--job", jobs.only, "of the jobs, this one alone")->check(CLI::IsMember({"F", "P", "tail"}));
  app.add_flag("--no-peers", no_peers, "the jobs without SQLite, DuckDB and Polars");
  auto* rows = app.add_option("--rows", jobs.sizes, "rows of the jobs, one size after the other")->check(CLI::Range(100u, 20'000'000u));
  app.add_option("--project", root, "folder of the project")->capture_default_str();
  app.footer(
      "examples:\n"
      "  tiao_bench --quick\n"
      "  tiao_bench --only evaluation --incidents 3000000\n"
      "  tiao_bench --only jobs --job P --rows 1000000\n"
      "  tiao_bench --json > figures.json");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (quick) {
    if (incidents->count() == 0) evaluation.incidents = 100'000;
    evaluation.interpreted = 20'000;
    evaluation.repetitions = jobs.repetitions = 3;
    if (rows->count() == 0) jobs.sizes = {10'000, 1'000'000};
    jobs.sqlite_rows = jobs.rules_rows = 50'000;
  }

  jobs.root = root;
  if (smoke_rows != 0) {
    std::vector<std::string> problems;
    const std::string summary = smoke_jobs(root, smoke_rows, jobs.only, problems);
    if (problems.empty()) std::printf("%s\n", summary.c_str());
    return report(problems);
  }

  Subject subject;
  if (const std::string problem = compile_regime(root, Regime::tianjin, subject); !problem.empty()) return report({problem});
  std::vector<std::string> problems;
  if (smoke_incidents != 0) {
    const std::string summary = smoke(subject, smoke_incidents, problems);
    if (problems.empty()) std::printf("%s\n", summary.c_str());
    return report(problems);
  }

  const WorkFolder work;
  jobs.work = work.path();
  jobs.peers = !no_peers;
  const ProgramRequest programs{fs::read_symlink("/proc/self/exe").parent_path() / "tiao", root, work.path(), quick ? 3u : 9u};
  Report told;
  std::vector<Figure>& figures = told.figures;
  auto wanted = [&](const char* part) { return only.empty() || only == part; };
  if (wanted("jobs")) measure_jobs(jobs, told, problems);
  if (wanted("evaluation")) measure_evaluation(subject, evaluation, figures, problems);
  if (wanted("differences")) measure_differences(programs, quick ? 8'000 : 200'000, figures, problems);
  if (wanted("ranks")) measure_ranks(programs, quick ? 8'000 : 200'000, figures, problems);
  if (wanted("start")) measure_start(programs, figures, problems);
  if (wanted("start")) measure_code(programs, figures, problems);
  if (wanted("check")) measure_check(programs, figures, problems);
  if (wanted("loading")) measure_loading(subject, programs, quick ? 20'000 : 200'000, told, problems);

  if (as_json) {
    std::fputs(json(told).c_str(), stdout);
  } else {
    const Machine m = machine();
    std::printf("%s, %u cores, %.0f GB of memory; tianjin.practitioner as of 2025-12-31, one thread\n\n%s", m.processor.c_str(), m.cores, m.gigabytes, table(told).c_str());
  }
  return report(problems);
}
