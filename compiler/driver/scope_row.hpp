// The row that a rule looks at, for whoever reads why it applies.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/driver/evidence.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::driver {

/// A row of a register, or one day of a ledger with the balance before and after it.
struct ScopeRow {
  EntityId entity = none;
  std::string key;
  Type balance_type;
  bool step = false;
  Cell day, opening, entered, balance;
};

/// `row`: of the results that the walk was made for.
ScopeRow scope_row(const verdict::Names& names, EvidenceWalk& walk, EntityId entity, std::uint32_t row);

/// A row on which rules of a remedy stand, and which children of its tree these are.
struct Standing { ScopeRow row; std::vector<std::size_t> rules; };

/// The rows that a listed remedy rests on, that of the leading rule first. `tree`: what the evaluator tells of the remedy.
std::vector<Standing> standing(const core::Program& program, const Results& results, const verdict::Names& names, EvidenceWalk& walk, const verdict::RemedyEntry& entry, const TraceNode& tree);

/// 违规记录I1, or of a day 2025-03-01：3 → 6
std::string scope_row_words(const verdict::Names& names, const ScopeRow& row, verdict::Language language);

}  // namespace tiao::driver
