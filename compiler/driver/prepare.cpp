#include "compiler/driver/prepare.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/driver/load_facts.hpp"
#include "compiler/jit/object_cache.hpp"
#include "runtime/facts/errors.hpp"

namespace tiao::driver {
namespace {

Status too_many_rows(std::uint64_t rows, std::uint64_t limit) {
  if (limit == 0 || rows <= limit) return std::nullopt;
  return Failure{Exit::limit, fmt::format("事实共 {} 行，超过上限 {} 行", rows, limit), fmt::format("the facts have {} rows, the limit is {}", rows, limit)};
}

}  // namespace

Status prepare(const Project& project, const RunRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, Prepared& out) {
  ReadingsOption readings;
  if (Status failed = parse_readings(request.readings, readings)) return failed;
  if (Status failed = compile_or_load(project, request.agreement, jit::default_cache_directory(), diagnostics, out.agreement)) return failed;
  const LoadProgress loading = [&](std::uint64_t done, std::uint64_t total) {
    if (progress) progress(Stage::loading, total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
  };
  if (Status failed = load_facts(out.agreement.schema(), request.facts, loading, out.facts, {}, request.jobs)) return failed;
  if (Status failed = too_many_rows(rows_of(out.facts), request.max_rows)) return failed;
  std::vector<ReadingChoice> choices;
  if (Status failed = resolve_readings(out.agreement.schema(), readings, choices)) return failed;
  apply_readings(out.agreement.schema(), choices, out.facts);
  out.all_readings = readings.all;
  EngineOptions& options = out.options;
  options.jobs = request.jobs;
  options.expected = expected_run(out.agreement.compiled.program, out.facts);
  options.parameters_vary = readings.all;
  options.max_bytes = static_cast<std::size_t>(request.max_memory) << 20;
  if (progress) options.progress = [progress](double share) { progress(Stage::evaluating, share); };
  if (request.explain_plan) return std::nullopt;
  return make_engine(request.engine, out.agreement, options, out.engine);
}

Status find_remedy(const Schema& schema, const std::string& name, RemedyId& out) {
  const auto wanted = std::find_if(schema.remedies.begin(), schema.remedies.end(), [&](const Remedy& r) { return r.id == name || r.label == name; });
  out = static_cast<RemedyId>(wanted - schema.remedies.begin());
  if (wanted != schema.remedies.end()) return std::nullopt;
  std::vector<std::string_view> names;
  for (const Remedy& remedy : schema.remedies) {
    names.push_back(remedy.id);
    if (!remedy.label.empty()) names.push_back(remedy.label);
  }
  const std::string near = facts::nearest(name, names);
  return usage(fmt::format("没有处理方式“{}”{}", name, near.empty() ? "" : fmt::format("（是否想写“{}”？）", near)),
               fmt::format("there is no remedy \"{}\"{}", name, near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near)));
}

}  // namespace tiao::driver
