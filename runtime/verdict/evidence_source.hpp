// What a walk through the clauses of one subject adds to its verdict. The runtime knows only this interface; who walks is
// the compiler's affair.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/verdict/model.hpp"

namespace tiao::verdict {

enum class Time : std::uint8_t { length, from, until };

struct RemedyEvidence {
  std::vector<Need> needs;
  /// Values that an undecided choice leaves open, by parameter or by time.
  std::vector<std::pair<std::uint32_t, std::vector<Cell>>> param_branches;
  std::vector<std::pair<Time, std::vector<Cell>>> time_branches;
};

struct SubjectEvidence {
  std::vector<RemedyEvidence> remedies;   // parallel to Verdict::remedies
  std::vector<Need> needs;                // of undecided heads that are not supplied
  std::vector<ReadingEntry> readings;
  std::vector<EvidenceError> errors;
};

class EvidenceSource {
 public:
  virtual ~EvidenceSource() = default;
  /// False when the walk came to another result than the verdict shows; `failure` says where.
  virtual bool collect(const Verdict& verdict, SubjectEvidence& evidence, std::string& failure) = 0;
};

/// Puts what a walk found into the verdict: needs, open branches, readings, errors.
void add_evidence(Verdict& verdict, SubjectEvidence evidence);

}  // namespace tiao::verdict
