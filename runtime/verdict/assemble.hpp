// Results in columns to verdicts of single subjects. Nothing is decided here: states and values are the engine's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/facts/tables.hpp"
#include "runtime/program/program.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"
#include "runtime/verdict/results.hpp"
#include "runtime/verdict/subjects.hpp"

namespace tiao::verdict {

/// One run, as verdicts are made from it. Everything is borrowed.
struct Run {
  const Schema& schema;
  const program::ProgramInfo& info;
  const facts::FactBase& facts;
  const Results& results;
  std::int64_t as_of = 0;
  std::optional<std::int64_t> since;   // leave out remedies that were over before that day
};

class Assembler {
 public:
  explicit Assembler(const Run& run);

  std::size_t size() const { return subjects_.size(); }
  SubjectRow subject(std::size_t i) const { return subjects_.at(i); }
  const Subjects& subjects() const { return subjects_; }
  /// The verdict of one subject, without what only a walk can say (needs, readings, errors, open branches).
  Verdict make(std::size_t i) const;
  /// Remedies whose target stands under no subject: they appear in no verdict.
  std::uint64_t without_subject() const { return without_subject_; }
  const Run& run() const { return run_; }
  Names names() const { return {run_.schema, &run_.facts, &run_.results}; }

 private:
  struct RemedyAt { RemedyId remedy; std::uint32_t row; };
  struct RowAt { std::uint32_t index, row; };   // of a duty, report, require; of a head
  struct NodeAt { NodeId node; };

  void index_remedies();
  void index_rows();
  void index_propositions();
  void index_applicability();
  void find_not_covered();

  bool over_before_since(RemedyId remedy, std::uint32_t row) const;
  RemedyEntry remedy_entry(RemedyAt at) const;
  void add_values(RemedyEntry& entry) const;
  void add_choice(RemedyEntry& entry) const;
  const program::GroundInfo& lead(const RemedyEntry& entry) const;
  template <class Pick> const program::ParamInfo* wording(const RemedyEntry& entry, Pick pick) const;
  Phase phase(const RemedyEntry& entry) const;
  void add_remedies(std::size_t i, Verdict& verdict) const;
  void add_choice_flag(const RemedyEntry& entry, Verdict& verdict) const;
  void add_conventions(const RemedyEntry& entry, Verdict& verdict) const;
  template <class Visit> void visit_scope_rows(const RemedyEntry& entry, std::uint32_t ground, Visit visit) const;
  void add_cites(RemedyEntry& entry) const;
  void add_heads(std::size_t i, Verdict& verdict) const;
  void add_findings(std::size_t i, Verdict& verdict) const;
  void add_duties(std::size_t i, Verdict& verdict) const;
  void add_reports(std::size_t i, Verdict& verdict) const;
  void add_requires(std::size_t i, Verdict& verdict) const;

  Run run_;
  Subjects subjects_;
  std::vector<std::uint32_t> first_ground_;      // by RemedyId, one more at the end
  BySubject<RemedyAt> remedies_;
  BySubject<RowAt> duties_, reports_, requires_, heads_;
  BySubject<NodeAt> findings_, not_applicable_;
  std::vector<NodeId> not_applicable_to_all_, not_covered_;
  std::vector<std::uint32_t> reports_of_run_;
  std::uint64_t without_subject_ = 0;
};

/// Worst of the states and values that are listed.
Outcome outcome_of(const Verdict& verdict);

}  // namespace tiao::verdict
