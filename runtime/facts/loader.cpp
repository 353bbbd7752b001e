#include "runtime/facts/loader.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "runtime/facts/formats.hpp"
#include "runtime/facts/pack.hpp"

namespace tiao::facts {
namespace {

namespace fs = std::filesystem;

using Reader = void (*)(FactBuilder&, const Source&, const LoadOptions&, Progress&);

Reader reader_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".json") return read_json;
  if (extension == ".ndjson") return read_ndjson;
  if (extension == ".csv") return read_csv;
  return nullptr;
}

bool passed_over(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name.ends_with(".md") || name.ends_with(".txt");
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code none_such;
  const auto size = fs::file_size(path, none_such);
  return none_such ? 0 : size;
}

// What a file of a directory holds, by its name. False: reported.
bool classify(FactBuilder& builder, Source& source) {
  const std::string stem = source.path.stem().string();
  builder.at(source.name, 0);
  if (source.path.extension() == ".json") {
    const std::map<std::string_view, Content> reserved{{"open", Content::open}, {"parameters", Content::parameters}, {"holds", Content::holds}};
    if (const auto hit = reserved.find(stem); hit != reserved.end()) {
      source.content = hit->second;
      return true;
    }
  }
  if (const auto entity = builder.entity(stem)) {
    source.entity = *entity;
    return true;
  }
  if (builder.foreign(stem, "")) return true;
  builder.report_unknown_entity(stem);
  return false;
}

void read_directory(FactBuilder& builder, const fs::path& path, const LoadOptions& options, Progress& progress) {
  std::error_code problem;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(path, problem), end; !problem && it != end; it.increment(problem)) entries.push_back(it->path());
  builder.at(path.string(), 0);
  if (problem) {
    builder.report(ErrorCode::unreadable_file, {path.string(), problem.message()});
    return;
  }
  std::sort(entries.begin(), entries.end());  // the order of a directory is anybody's
  std::vector<std::pair<Reader, Source>> sources;
  std::map<EntityId, std::string> seen;
  bool any = false;
  for (const fs::path& entry : entries) {
    if (passed_over(entry)) continue;
    any = true;
    Source source{entry, entry.string(), Content::rows, none, 0};
    builder.at(source.name, 0);
    const Reader reader = reader_of(entry);
    if (!reader) {
      builder.report(ErrorCode::unknown_file, {entry.filename().string()});
      continue;
    }
    if (!classify(builder, source)) continue;
    if (source.content == Content::rows && source.entity != none) {
      const auto [other, fresh] = seen.emplace(source.entity, entry.filename().string());
      if (!fresh) {
        builder.report(ErrorCode::two_files, {builder.schema().entities[source.entity].id, other->second, entry.filename().string()});
        continue;
      }
    }
    progress.total += source.size = size_of(entry);
    sources.emplace_back(reader, std::move(source));
  }
  if (!any) builder.report(ErrorCode::empty_directory, {path.string()});
  for (const auto& [reader, source] : sources) reader(builder, source, options, progress);
}

unsigned threads_of(const LoadOptions& options) { return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency()); }

}  // namespace

bool read(FactBuilder& builder, const fs::path& path, const LoadOptions& asked) {
  LoadOptions options = asked;
  options.threads = threads_of(asked);
  const std::uint64_t before = builder.errors().count;
  Progress progress{options.progress, 0, 0};
  std::error_code ignored;
  Source source{path, path.string(), Content::rows, none, 0};
  if (fs::is_directory(path, ignored)) {
    read_directory(builder, path, options, progress);
  } else if (const Reader reader = reader_of(path)) {
    progress.total = source.size = size_of(path);
    if (reader == read_json) source.content = Content::everything;
    if (reader == read_json || classify(builder, source)) reader(builder, source, options, progress);
  } else {
    builder.at(source.name, 0);
    if (!fs::exists(path, ignored)) builder.report(ErrorCode::unreadable_file, {path.string(), std::make_error_code(std::errc::no_such_file_or_directory).message()});
    else builder.report(ErrorCode::unknown_file, {path.filename().string()});
  }
  return builder.errors().count == before;
}

bool load(const Schema& schema, const fs::path& path, FactBase& out, LoadErrors& errors, const LoadOptions& options) {
  if (path.extension() == packed_extension || is_packed(path)) return load_packed(schema, path, options.other_parameters, out, errors, threads_of(options));
  FactBuilder builder(schema, errors);
  builder.pass_over_parameters(options.other_parameters);
  read(builder, path, options);
  return builder.finish(out);
}

}  // namespace tiao::facts
