// Facts from disk, with their own messages turned into a failure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compiler/driver/failure.hpp"
#include "runtime/facts/errors.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::driver {

using LoadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// `other_parameters`: names that another text over the same facts declares. `threads`: 0 takes one a processor.
Status load_facts(const Schema& schema, const std::string& path, const LoadProgress& progress, facts::FactBase& out, std::vector<std::string> other_parameters = {},
                  unsigned threads = 0);

/// Every listed message on a line of its own: file:line: path: what is wrong.
Failure failure_of(const facts::LoadErrors& errors);

std::uint64_t rows_of(const facts::FactBase& facts);

}  // namespace tiao::driver
