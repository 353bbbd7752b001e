// The two sides of a comparison, ready to be evaluated: two programs with facts of their own, or one program that can be either
// text and any state between the two.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "compiler/driver/evidence.hpp"
#include "compiler/driver/program.hpp"
#include "compiler/driver/readings.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/assemble.hpp"

namespace tiao::driver {

/// Which operations a run follows; parallel to DiffReport::operations.
using Mask = std::vector<bool>;

class DiffSides {
 public:
  explicit DiffSides(const DiffRequest& request) : request_(request) {}

  /// Reads clauses and facts; fills what the report says of the texts.
  Status open(const Progress& progress, const ShowDiagnostics& show, DiffReport& report);
  bool one_text() const { return one_text_; }

  /// One evaluation, and verdicts from it. Valid until the next run of the same side.
  struct Evaluated {
    const CompiledAgreement* agreement = nullptr;
    std::unique_ptr<Results> results;
    std::unique_ptr<verdict::Assembler> assembler;
    verdict::Verdict made(std::size_t place) const { return assembler->make(place); }
    verdict::PortableVerdict portable(const verdict::Verdict& verdict) const;
    verdict::PortableVerdict verdict(std::size_t place) const { return portable(made(place)); }
    verdict::PortableRow subject(std::size_t place) const;
  };
  Status before(Evaluated& out) { return run(false, Mask(operations_, false), out); }
  Status after(Evaluated& out) { return run(true, Mask(operations_, true), out); }
  /// With one text: some operations as the later text has them, the others as the earlier one; readings are the later side's.
  Status between(const Mask& mask, Evaluated& out) { return run(true, mask, out); }

  /// The evidence of an evaluation of the earlier or the later text, while the facts are as they were in it.
  Status walk(bool later, const Evaluated& evaluated, const std::function<Status(EvidenceWalk&)>& visit);

  std::uint64_t runs() const { return runs_; }
  /// With one text: the program that is either, and its parameters that stand for the operations.
  const CompiledAgreement& both() const { return *after_.agreement; }
  const std::vector<std::uint32_t>& switches() const { return switches_; }

 private:
  struct Side {
    std::unique_ptr<Project> project;
    check::AgreementRef ref;
    std::unique_ptr<CompiledAgreement> agreement;
    std::unique_ptr<facts::FactBase> facts;
    std::unique_ptr<Engine> engine;
    std::vector<ReadingChoice> readings;
  };
  Side& side(bool later) { return later || one_text_ ? after_ : before_; }
  Status find(const std::string& spec, Side& side, const ShowDiagnostics& show) const;
  Status compile(Side& side, const ShowDiagnostics& show) const;
  std::vector<std::string> parameters_of_both() const;
  Status load(Side& side, const Progress& progress, const std::string& readings) const;
  Status choose(Side& side, const std::string& own, std::vector<ReadingChoice>& out) const;
  Status common_subject() const;
  bool built_on(const CompiledAgreement& before, const CompiledAgreement& after) const;
  void compare_texts(DiffReport& report) const;
  void name_operations(DiffReport& report);
  void settle(bool later, const Mask& mask);   // readings and switches, in the facts of a side
  Status run(bool later, const Mask& mask, Evaluated& out);

  const DiffRequest& request_;
  Side before_, after_;                        // with one text, after_ alone is compiled with switches and has facts
  bool one_text_ = false;
  std::vector<ReadingChoice> earlier_readings_; // with one text
  std::vector<std::uint32_t> switches_;        // parameters, parallel to the operations
  std::size_t operations_ = 0;
  std::uint64_t runs_ = 0;
};

}  // namespace tiao::driver
