// Evidence for verdicts from the reference evaluator, which checks on the way that both engines came to the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/driver/program.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/evidence_source.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::driver {

/// Walks one run. Facts, with the readings as chosen for it, and results are borrowed.
class EvidenceWalk final : public verdict::EvidenceSource {
 public:
  EvidenceWalk(const CompiledAgreement& agreement, const facts::FactBase& facts, const Results& results, std::int64_t as_of);

  bool collect(const verdict::Verdict& verdict, verdict::SubjectEvidence& evidence, std::string& failure) override;
  /// Readings relied on are looked up too, unless nobody will see them: they take the longest.
  void want_readings(bool wanted) { readings_wanted_ = wanted; }

  interp::Interpreter& interpreter() { return interpreter_; }
  /// The row of the evaluator's own table that is row `table_row` of the results; none when the tables differ.
  std::uint32_t row_of(RemedyId remedy, std::uint32_t table_row);
  /// The same for a row of any table.
  std::uint32_t own_row(EntityId entity, std::uint32_t row);

 private:
  bool same_remedies(const verdict::Verdict& verdict, std::string& failure);
  bool same_rows(RemedyId remedy, std::uint32_t target);
  bool same_others(const verdict::Verdict& verdict, std::string& failure);
  interp::Outcomes outcomes(const verdict::Verdict& verdict);
  void head_evidence(const verdict::HeadEntry& entry, std::vector<Need>& needs);
  void remedy_evidence(const verdict::RemedyEntry& entry, verdict::RemedyEvidence& out);
  void open_branches(const verdict::RemedyEntry& entry, std::uint32_t row, verdict::RemedyEvidence& out);
  std::optional<std::vector<Cell>> branches(core::ExprId expr, std::uint32_t row, unsigned depth);
  std::optional<std::vector<Cell>> table_branches(const core::Expr& table, std::uint32_t row, unsigned depth);
  std::optional<std::vector<Cell>> definition_branches(const core::Expr& column, std::uint32_t row, unsigned depth);

  const CompiledAgreement& agreement_;
  const core::Program& program_;
  const facts::FactBase& facts_;
  const Results& results_;
  interp::Interpreter interpreter_;
  bool readings_wanted_ = true;
};

}  // namespace tiao::driver
