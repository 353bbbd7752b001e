#include "compiler/driver/load_facts.hpp"

#include <fmt/format.h>

#include "runtime/facts/loader.hpp"

namespace tiao::driver {
namespace {

std::string place_of(const facts::LoadError& error) {
  std::string out = error.file;
  if (error.line != 0) out += fmt::format("{}{}", out.empty() ? "" : ":", error.line);
  if (!error.path.empty()) out += (out.empty() ? "" : ": ") + error.path;
  return out.empty() ? out : out + ": ";
}

}  // namespace

Failure failure_of(const facts::LoadErrors& errors) {
  Failure failure = usage({}, {});
  for (const facts::LoadError& error : errors.listed) {
    const std::string start = (failure.en.empty() ? "" : "\n") + place_of(error);
    failure.zh += fmt::format("{}{}{}", start, error.zh, error.hint.empty() ? "" : fmt::format("（是否想写“{}”？）", error.hint));
    failure.en += fmt::format("{}{}{}", start, error.en, error.hint.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", error.hint));
  }
  if (errors.count > errors.listed.size()) {
    failure.zh += fmt::format("\n另有 {} 处", errors.count - errors.listed.size());
    failure.en += fmt::format("\nand {} more", errors.count - errors.listed.size());
  }
  return failure;
}

Status load_facts(const Schema& schema, const std::string& path, const LoadProgress& progress, facts::FactBase& out, std::vector<std::string> other_parameters,
                  unsigned threads) {
  facts::LoadErrors errors;
  facts::LoadOptions options;
  options.progress = progress;
  options.threads = threads;
  options.other_parameters = std::move(other_parameters);
  if (!facts::load(schema, path, out, errors, options)) return failure_of(errors);
  return std::nullopt;
}

std::uint64_t rows_of(const facts::FactBase& facts) {
  std::uint64_t rows = 0;
  for (const facts::Table& table : facts.tables) rows += table.rows;
  return rows;
}

}  // namespace tiao::driver
