// `tiao explain --what-if`: the smallest changes of single facts that would turn a remedy on or off. For whoever appeals, and for
// drafters who check that a threshold bites where it is meant to. Every change that is shown was put into the facts and run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/case.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/prepare.hpp"
#include "compiler/driver/project.hpp"
#include "compiler/driver/run.hpp"
#include "compiler/driver/what_if_search.hpp"

namespace tiao::driver {

struct WhatIfRequest {
  RunRequest run;                        // `only` names the case
  std::vector<std::string> remedies;     // by id or label; empty: all that are listed
};

/// How a remedy stands in a verdict.
enum class RemedyStanding : std::uint8_t { on, off, undetermined, not_applicable, error };
const char* name_of(RemedyStanding standing);

/// What else is other in the verdict on the case: a remedy as it was and as it would be; nothing: it is not listed.
struct Effect { std::optional<verdict::RemedyEntry> before, after; };

/// A proposal as it was found by running it.
struct Verified {
  Proposal proposal;
  RemedyStanding after = RemedyStanding::off;
  verdict::Outcome outcome = verdict::Outcome::decided;
  std::vector<Effect> effects;           // without the remedy asked about, where it merely goes or comes
};

struct Turn {
  RemedyStanding to = RemedyStanding::off;           // on or off
  SearchExtent extent;
  std::vector<Verified> shown;
  std::size_t more = 0;                  // found by the search and not run in full
};

struct Asked {
  Act act;
  std::optional<std::size_t> entry;      // of the verdict
  RemedyStanding standing = RemedyStanding::off;
  std::vector<NodeId> cites;             // of the rules that impose it, where it is not listed
  bool answerable = true;                // false: its rows cannot be told apart
  bool placeless = false;                // nothing under this subject is what it is imposed on
  std::vector<Turn> turns;
};

struct WhatIf {
  Prepared ready;
  std::unique_ptr<Case> evaluated;
  std::int64_t as_of = 0;
  verdict::Verdict verdict;
  std::vector<Asked> asked;
};

Status what_if(const Project& project, const WhatIfRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, WhatIf& out);

std::string what_if_text(const WhatIf& what_if, verdict::Language language);
std::string what_if_json(const WhatIf& what_if);

}  // namespace tiao::driver
