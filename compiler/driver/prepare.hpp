// From names on the command line to an agreement, facts and an engine, ready to be evaluated.
#pragma once

#include <memory>

#include "compiler/driver/engine.hpp"
#include "compiler/driver/program.hpp"
#include "compiler/driver/readings.hpp"
#include "compiler/driver/run.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::driver {

struct Prepared {
  CompiledAgreement agreement;
  facts::FactBase facts;             // with the chosen readings
  EngineOptions options;             // what the engine was made with
  std::unique_ptr<Engine> engine;    // none where the plan alone is asked for
  bool all_readings = false;
};

/// `out` must not move afterwards: the engine holds on to the agreement in it.
Status prepare(const Project& project, const RunRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, Prepared& out);

/// A remedy by identifier or label; who misspells one is told the nearest.
Status find_remedy(const Schema& schema, const std::string& name, RemedyId& out);

}  // namespace tiao::driver
