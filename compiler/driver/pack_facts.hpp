// Facts read once and kept as a packed file, for runs repeated over them.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/driver/program.hpp"
#include "compiler/driver/run.hpp"

namespace tiao::driver {

struct PackRequest {
  std::string agreement, facts, out;
  unsigned jobs = 0;
};

struct PackReport { std::uint64_t rows = 0, bytes = 0, skipped = 0; };

/// Facts are read under the agreement as for a run, with every check; the file appears when it is whole.
Status pack_facts(const Project& project, const PackRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, PackReport& report);

}  // namespace tiao::driver
