#include "compiler/driver/run.hpp"

#include <memory>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "compiler/driver/case.hpp"
#include "compiler/driver/explain_plan.hpp"
#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/prepare.hpp"
#include "compiler/driver/sensitivity.hpp"
#include "runtime/value/format.hpp"
#include "runtime/verdict/output.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t told_every = 4096;   // verdicts between two calls of progress

// Readings are part of what JSON shows of every verdict; the other forms show needs, which only open cases have.
Evidence evidence_for(verdict::Format format) {
  return format == verdict::Format::json || format == verdict::Format::ndjson ? Evidence::everybody : Evidence::open_cases;
}

void count(const verdict::Verdict& verdict, verdict::Summary& summary) {
  switch (verdict.outcome) {
    case verdict::Outcome::decided: ++summary.decided; break;
    case verdict::Outcome::undetermined: ++summary.undetermined; break;
    case verdict::Outcome::error: ++summary.errors; break;
  }
  summary.remedies += verdict.remedies.size();
  summary.flags += verdict.flags.size();
}

struct Running {
  const RunRequest& request;
  const Progress& progress;
  Prepared ready;
  std::vector<std::size_t> places;
  RunReport& report;

  Status write(Case& evaluated);
  Status write_all_readings(Case& evaluated, verdict::Writer& writer, verdict::Output& output);
};

Status Running::write_all_readings(Case& evaluated, verdict::Writer& writer, verdict::Output& output) {
  std::vector<verdict::Verdict> verdicts(places.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    if (Status failed = evaluated.make(places[i], Evidence::everybody, verdicts[i])) return failed;
  if (Status failed = run_all_readings(ready.agreement, *ready.engine, ready.facts, request.as_of, request.since, places, verdicts)) return failed;
  for (const verdict::Verdict& verdict : verdicts) {
    count(verdict, report.summary);
    if (verdict.readings_tried.combinations > report.readings.combinations) report.readings = verdict.readings_tried;
    report.stopped += verdict.readings_stopped ? 1 : 0;
    writer.write(verdict, output.text());
    output.maybe_flush();
  }
  return std::nullopt;
}

Status Running::write(Case& evaluated) {
  verdict::Output output(request.out);
  if (!output.good()) return usage(fmt::format("无法写入“{}”", request.out), fmt::format("cannot write \"{}\"", request.out));
  const std::unique_ptr<verdict::Writer> writer = make_writer(request.format, evaluated.context(request.language));
  writer->begin(output.text());
  if (ready.all_readings) {
    if (Status failed = write_all_readings(evaluated, *writer, output)) return failed;
  } else {
    for (std::size_t i = 0; i < places.size(); ++i) {
      verdict::Verdict verdict;
      if (Status failed = evaluated.make(places[i], evidence_for(request.format), verdict)) return failed;
      count(verdict, report.summary);
      writer->write(verdict, output.text());
      output.maybe_flush();
      if (progress && i % told_every == 0) progress(Stage::writing, static_cast<double>(i) / static_cast<double>(places.size()));
    }
  }
  writer->end(output.text());
  if (output.finish()) return std::nullopt;
  return usage(fmt::format("写入“{}”失败", request.out.empty() ? "标准输出" : request.out),
               fmt::format("writing {} failed", request.out.empty() ? "standard output" : request.out));
}

}  // namespace

Status run(const Project& project, const RunRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, RunReport& report) {
  Running running{request, progress, {}, {}, report};
  if (Status failed = prepare(project, request, progress, diagnostics, running.ready)) return failed;
  report.rows = rows_of(running.ready.facts);
  report.skipped = running.ready.facts.skipped_fields;
  if (request.explain_plan) {
    report.plan = explain_plan(running.ready, request);
    return std::nullopt;
  }
  Case evaluated(running.ready.agreement, running.ready.facts, request.as_of, request.since);
  if (Status failed = evaluated.evaluate(*running.ready.engine)) return failed;
  report.engine = running.ready.engine->used();
  running.places.resize(evaluated.assembler().size());
  std::iota(running.places.begin(), running.places.end(), std::size_t{0});
  if (!request.only.empty()) {
    running.places.resize(1);
    if (Status failed = evaluated.find(request.only, running.places.front())) return failed;
  }
  report.summary.without_subject = evaluated.assembler().without_subject();
  return running.write(evaluated);
}

Status parse_day(const std::string& text, const char* option, std::int64_t& out) {
  std::int64_t lo = 0, hi = 0;
  if (parse_date(text, lo, hi) == Parse::ok && lo == hi && lo < never_day) {
    out = lo;
    return std::nullopt;
  }
  return usage(fmt::format("{} 应为日期（2025-12-31），而不是“{}”", option, text), fmt::format("{} takes a date (2025-12-31), not \"{}\"", option, text));
}

}  // namespace tiao::driver
