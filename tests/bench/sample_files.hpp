// A sample as a directory of fact files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/bench/sample.hpp"

namespace tiao::bench {

enum class FileFormat : std::uint8_t { csv, ndjson };

struct Written { std::uint64_t rows = 0, bytes = 0; std::string problem; };   // problem: empty when all went well

/// Writes into a new directory beside `out` and renames it at the end, so that nobody ever sees half a sample. What stands at
/// `out` is replaced only with `force`.
Written write_files(const SampleOptions& options, FileFormat format, const std::filesystem::path& out, bool force);

}  // namespace tiao::bench
