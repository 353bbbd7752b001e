// `tiao explain`: one subject, for whoever has to understand the verdict or appeal against it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/diag/diag.hpp"
#include "compiler/driver/case.hpp"
#include "compiler/driver/enough.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/prepare.hpp"
#include "compiler/driver/project.hpp"
#include "compiler/driver/run.hpp"
#include "compiler/driver/scope_row.hpp"

namespace tiao::driver {

struct ExplainRequest {
  RunRequest run;                    // agreement, facts, as-of, since, readings, engine; `only` names the case
  std::string remedy;                // only this one; empty: all
};

/// A rule that brought nothing about, and why, row by row.
struct SilentRule {
  NodeId cite = none;
  RemedyId remedy = none;
  program::Modality modality = program::Modality::must;
  struct Row { ScopeRow row; TraceNode trace; };
  std::vector<Row> rows;
  std::uint32_t more_rows = 0;       // not listed
};

/// A reading that was relied on, with all its choices.
struct ReadingShown {
  std::string id, label, chosen;
  struct Choice { std::string id, label; };
  std::vector<Choice> choices;
};

struct Explanation {
  Prepared ready;
  std::unique_ptr<Case> evaluated;                 // names refer to it
  std::int64_t as_of = 0;
  verdict::Verdict verdict;
  std::vector<TraceNode> remedies;                 // parallel to verdict.remedies
  std::vector<std::vector<Standing>> remedy_rows;  // likewise: that of the leading rule first
  std::vector<Enough> enough;                      // likewise: of the undetermined ones
  std::vector<TraceNode> duties;                   // parallel to verdict.duties
  std::vector<TraceNode> reports;                  // parallel to verdict.reports
  std::vector<TraceNode> ledgers, timelines;
  std::vector<SilentRule> silent;
  std::vector<ReadingShown> readings;
};

Status explain(const Project& project, const ExplainRequest& request, const Progress& progress, diag::Diagnostics& diagnostics, Explanation& out);

/// For people; `trace` shows every step of the evaluation instead of what it comes down to.
std::string explanation_text(const Explanation& explanation, verdict::Language language, bool trace = false);
std::string explanation_json(const Explanation& explanation);

}  // namespace tiao::driver
