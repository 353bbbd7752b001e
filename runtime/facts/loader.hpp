// Facts from files. One JSON file
//     {"facility": [{…}], "incident": [{…}], "open": […], "parameters": {…}, "holds": […]}
// or a directory with one ENTITY.json (an array), ENTITY.ndjson (one object a line) or ENTITY.csv for each register, named by
// identifier or label, and optionally open.json, parameters.json and holds.json with what stands under these names above.
// A file of packed facts (.tiaof, see pack.hpp) is mapped into memory. A single .ndjson or .csv file is read like a directory that holds it alone. Hidden files, .md and .txt in a directory are
// passed over; anything else there is an error, so that no register is overlooked.
//
// Any error means that there are no facts: nothing is decided on facts that were read in part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runtime/facts/builder.hpp"

namespace tiao::facts {

struct LoadOptions {
  std::size_t max_line = std::size_t{16} << 20;       // bytes of one NDJSON line or CSV record
  unsigned threads = 0;                               // that read NDJSON and CSV; 0: as many as there are processors. The facts do not depend on it
  std::uint64_t max_json = std::uint64_t{2} << 30;    // bytes of one JSON file, which is read as a whole
  std::vector<std::string> other_parameters;          // names that only another text declares: passed over and counted, no error
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // bytes; called now and then, from the same thread
};

// Reads files other than packed ones into a builder, which may hold more; call finish() afterwards. False: something was reported.
bool read(FactBuilder& builder, const std::filesystem::path& path, const LoadOptions& options = {});
// read() and finish().
bool load(const Schema& schema, const std::filesystem::path& path, FactBase& out, LoadErrors& errors, const LoadOptions& options = {});

}  // namespace tiao::facts
