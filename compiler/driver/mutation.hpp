// `tiao test --mutate`: which small changes of the text does no scenario notice?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/mutants.hpp"
#include "compiler/driver/project.hpp"
#include "compiler/driver/run.hpp"

namespace tiao::driver {

struct MutationRequest {
  std::string project;               // --project
  std::vector<std::string> paths;    // whose clauses are changed; all when empty
  std::string address;               // only beneath this one, or A..B; empty: everywhere
  std::size_t max_mutants = 0;       // a sample of so many for each agreement; 0: all
  std::uint64_t seed = 1;            // of the sample
  unsigned jobs = 0;                 // threads; 0 = as many as there are processors
};

/// `same`: compiles to the very same program. `rejected`: does not compile. Neither counts.
enum class MutantFate : std::uint8_t { same, rejected, killed, survived, equivalent };

struct MutantResult {
  MutantKind kind = MutantKind::number;
  std::string address, english, change, file;
  std::uint32_t line = 0;
  MutantFate fate = MutantFate::survived;
  std::string killed_by;             // the first scenario that fails, those that rely on the address coming first
  std::string reason;                // equivalent: as listed
};

struct MutationCounts {
  std::size_t mutants = 0, killed = 0, survived = 0, equivalent = 0, rejected = 0;   // rejected are none of the mutants
  void add(MutantFate fate);
  /// Of those that could have been noticed, in tenths of a percent; a thousand when there are none.
  unsigned rate() const;
};

struct MutatedAgreement {
  std::string name;
  std::size_t scenarios = 0;
  std::vector<MutantResult> mutants;   // in the order of the text
  MutationCounts counts() const;
};

/// One line `ADDRESS | CHANGE | reason` of a list that stands beside the clauses.
struct ListedMutant {
  std::string file;
  std::uint32_t line = 0;
  std::string address, change, reason;
};
struct StaleLine {
  ListedMutant listed;
  enum class Why : std::uint8_t { malformed, no_such_mutant, killed } why = Why::malformed;
  std::string killed_by;
};

struct MutationReport {
  std::vector<MutatedAgreement> agreements;
  std::vector<StaleLine> stale;
  MutationCounts counts() const;
  bool clean() const { return counts().survived == 0 && stale.empty(); }
};

/// What is listed in `*.mutants` files of a folder; lines that cannot be read are stale.
std::vector<ListedMutant> read_listed(const std::string& folder, std::vector<StaleLine>& stale);

/// Scenarios that fail as the text stands keep anything from being told: they are named in the failure. Errors in clauses go to `diagnostics`.
Status mutate(const Project& project, const MutationRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, MutationReport& report);

std::string mutation_text(const MutationReport& report, bool chinese);
std::string mutation_json(const MutationReport& report);

}  // namespace tiao::driver
