// The reference evaluator: a tree walk over the core, one row at a time, remembering only what declarations yield. It is the
// definition that the compiled engine is tested against, and gives the evidence for every verdict. It shares with that engine
// nothing but the scalars of runtime/value.
//
// Everything is evaluated on demand, so a single subject can be explained without running the whole population. After run()
// every row of a derived entity has the number that it has in Results; before, rows are numbered as they are asked for, and
// `rows_of` says which rows of an entity stand under one parent, in the order of docs/engine-semantics.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "compiler/core/core.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/evidence.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::interp {

struct Options { std::int64_t as_of = 0; };

/// Called now and then with strata done, strata in all.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Rows begin .. end.
struct RowRange { std::uint32_t begin = 0, end = 0; };

/// A rule's act on one row of its scope, which contributes to a row of a remedy.
struct GroundUse { std::uint32_t ground = none; std::uint32_t scope_row = none; Truth state = Truth::no; };

/// A blank as a place: a fact of a register's row, a parameter or reading, or a register that may hold more rows (of one row, or at
/// all). What cannot be settled by the case (a gap, a text not supplied) is no such place.
struct Blank {
  Need need;
  EntityId entity = none;            // of the fact; the register
  std::uint32_t row = none;          // of the fact; of `of`
  ColumnId column = none;            // fact
  EntityId of = none;                // register open for one row
  std::uint32_t parameter = none;
  friend bool operator==(const Blank&, const Blank&) = default;
};

/// Several outcomes of one subject, asked about together: what they share is walked once.
struct Outcomes {
  struct At { std::uint32_t index, row; };   // of a remedy (row of remedy_table), a report, a duty, a check, a condition in Program::computed
  std::vector<At> remedies, reports, duties, requires_, propositions;
};

class Interpreter {
 public:
  Interpreter(const core::Program& program, const facts::FactBase& facts, Options options);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Evaluates every stratum for every row. The reference stays valid as long as the interpreter.
  const Results& run(const Progress& progress = {});

  // An expression that reads no row; with a row, one of which slot 0 is a row.
  Cell evaluate(core::ExprId expr);
  Cell evaluate(core::ExprId expr, std::uint32_t row);
  Cell column(EntityId entity, ColumnId column, std::uint32_t row);
  Truth membership(EntityId entity, std::uint32_t row);

  // --- rows, on demand -------------------------------------------------------------------------------------------------------
  RowRange rows_of(EntityId entity, std::uint32_t parent);        // of a derived entity with a parent
  std::uint32_t row_in_run(EntityId entity, std::uint32_t n);     // the row that is the n-th in a whole run
  RowRange remedy_rows(RemedyId remedy, std::uint32_t target);    // combined rows of one target, in remedy_table(remedy)
  const RemedyTable& remedy_table(RemedyId remedy) const;
  std::vector<GroundUse> grounds_of(RemedyId remedy, std::uint32_t row) const;
  DutyState duty_state(std::uint32_t duty, std::uint32_t scope_row);
  /// How often the state of a ground was worked out so far: work as it does not depend on a clock.
  std::uint64_t ground_states() const;

  // --- evidence; `row` of a remedy is a row of remedy_table ----------------------------------------------------------------------
  std::vector<Need> needs_of_remedy(RemedyId remedy, std::uint32_t row);
  /// The same of its state alone, as places.
  std::vector<Blank> blanks_of_remedy_state(RemedyId remedy, std::uint32_t row);
  std::vector<Need> needs_of_report(std::uint32_t report, std::uint32_t row);
  std::vector<Need> needs_of_duty(std::uint32_t duty, std::uint32_t scope_row);
  std::vector<Need> needs_of_require(std::uint32_t require, std::uint32_t scope_row);
  std::vector<Need> needs_of_proposition(std::uint32_t computed, std::uint32_t row);
  std::vector<Need> needs_of(core::ExprId expr, std::uint32_t row);

  std::vector<ReadingUse> readings_of_remedy(RemedyId remedy, std::uint32_t row);
  std::vector<ReadingUse> readings_of_report(std::uint32_t report, std::uint32_t row);
  std::vector<ReadingUse> readings_of_duty(std::uint32_t duty, std::uint32_t scope_row);
  std::vector<ReadingUse> readings_of_require(std::uint32_t require, std::uint32_t scope_row);
  std::vector<ReadingUse> readings_of(core::ExprId expr, std::uint32_t row);
  std::vector<ReadingUse> readings_of(const Outcomes& outcomes);

  std::vector<EvidenceError> errors_of_remedy(RemedyId remedy, std::uint32_t row);
  std::vector<EvidenceError> errors_of_report(std::uint32_t report, std::uint32_t row);
  std::vector<EvidenceError> errors_of_duty(std::uint32_t duty, std::uint32_t scope_row);
  std::vector<EvidenceError> errors_of_require(std::uint32_t require, std::uint32_t scope_row);
  std::vector<EvidenceError> errors_of(core::ExprId expr, std::uint32_t row);
  std::vector<EvidenceError> errors_of(const Outcomes& outcomes);

  TraceNode explain_ground(std::uint32_t ground, std::uint32_t scope_row);
  TraceNode explain_remedy(RemedyId remedy, std::uint32_t row);   // its grounds
  TraceNode explain_report(std::uint32_t report, std::uint32_t row);
  TraceNode explain_duty(std::uint32_t duty, std::uint32_t scope_row);
  TraceNode explain(core::ExprId expr, std::uint32_t row);
  TraceNode explain_ledger(std::uint32_t ledger, std::uint32_t owner);
  TraceNode explain_timeline(std::uint32_t timeline, std::uint32_t owner);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tiao::interp
