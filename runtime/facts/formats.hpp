// The readers of the single formats, as loader.cpp calls them.
#pragma once

#include <filesystem>
#include <string_view>

#include "runtime/facts/input.hpp"
#include "runtime/facts/loader.hpp"

namespace tiao::facts {

enum class Content : std::uint8_t { everything, rows, open, parameters, holds };

// A table of a directory. entity none: a register that only other agreements declare; its cells are counted.
struct Source {
  std::filesystem::path path;
  std::string name;               // as shown in messages
  Content content = Content::rows;
  EntityId entity = none;
  std::uint64_t size = 0;         // bytes, as far as that can be known
};

void read_json(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress);
void read_ndjson(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress);
void read_csv(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress);

}  // namespace tiao::facts
