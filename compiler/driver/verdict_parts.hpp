// Parts of a verdict that depend on no operation in common. What one part says under some of the operations it says under these
// and any others that do not reach it: each can be asked about on its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "compiler/driver/program.hpp"
#include "runtime/verdict/model.hpp"

namespace tiao::driver {

class VerdictParts {
 public:
  /// `switches`: of the operations, parameters of the program. What can depend on which is read off the program: whatever the facts are.
  VerdictParts(const CompiledAgreement& agreement, const std::vector<std::uint32_t>& switches, const std::vector<DiffOperation>& operations);

  /// The last part is what no operation reaches: only readings make it differ.
  std::uint32_t count() const { return static_cast<std::uint32_t>(operations_.size()); }
  const std::vector<std::uint32_t>& operations(std::uint32_t part) const { return operations_[part]; }   // sorted

  /// The parts of which a verdict says something.
  std::set<std::uint32_t> of(const verdict::Verdict& verdict) const;
  /// What of a verdict belongs to the parts that are wanted; its outcome is that of these alone.
  verdict::Verdict slice(verdict::Verdict whole, const std::function<bool(std::uint32_t part)>& wanted) const;

 private:
  std::uint32_t of(const verdict::RemedyEntry& e) const { return of_remedy_[e.remedy]; }
  std::uint32_t of(const verdict::HeadEntry& e) const { return of_head_.at(e.cite); }
  std::uint32_t of(NodeId finding) const { return of_finding_.at(finding); }
  std::uint32_t of(const verdict::DutyEntry& e) const { return of_duty_[e.duty]; }
  std::uint32_t of(const verdict::ReportEntry& e) const { return of_report_[e.report]; }
  std::uint32_t of(const verdict::FlagEntry& e) const { return e.require != none ? of_require_[e.require] : of_choice_.at(e.cite); }

  std::vector<std::vector<std::uint32_t>> operations_;                       // by part
  std::vector<std::uint32_t> of_remedy_, of_duty_, of_report_, of_require_;  // parts
  std::map<NodeId, std::uint32_t> of_head_, of_finding_, of_choice_;
};

}  // namespace tiao::driver
