// Readings of a run: which are chosen, by default or on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/failure.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::driver {

/// Parameter index of a reading and the index of its choice.
using ReadingChoice = std::pair<std::uint32_t, std::uint32_t>;

/// `--readings a=b,c=d` or `all`.
struct ReadingsOption {
  bool all = false;
  std::vector<std::pair<std::string, std::string>> chosen;
};
Status parse_readings(const std::string& text, ReadingsOption& out);
Status resolve_readings(const Schema& schema, const ReadingsOption& option, std::vector<ReadingChoice>& out);

/// Sets readings to the given choices, the others to their defaults unless the facts set them. What has no default stays open.
void apply_readings(const Schema& schema, const std::vector<ReadingChoice>& choices, facts::FactBase& facts);

/// The choice in force, or -1 while it is open.
int chosen(const facts::FactBase& facts, std::uint32_t parameter);

}  // namespace tiao::driver
