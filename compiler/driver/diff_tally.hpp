// Fills a comparison with pairs of verdicts, wherever they come from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "runtime/program/program.hpp"
#include "runtime/program/schema.hpp"

namespace tiao::driver {

class DiffTally {
 public:
  explicit DiffTally(DiffReport& report) : report_(report) {}

  /// The verdicts on one subject; nothing: it is no subject on that side. True when they differ, and the report has one more.
  bool add(std::optional<verdict::PortableVerdict> before, std::optional<verdict::PortableVerdict> after);
  /// The remedies in the order of the vocabularies, the later one first.
  void finish(const std::vector<const Schema*>& schemas);

 private:
  void count(const verdict::PortableVerdict& verdict, std::uint64_t DiffRemedy::*side);

  DiffReport& report_;
  std::map<std::string, DiffRemedy> remedies_;
};

/// What readers call registers, remedies, reports and actors, and which concepts remedies name; the later text first.
void name_things(const std::vector<const Schema*>& schemas, const std::vector<const program::ProgramInfo*>& infos, DiffReport& report);

}  // namespace tiao::driver
