// `tiao consolidate`: a text as it stands on a day, with what supplements have done to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/check/check.hpp"
#include "compiler/driver/failure.hpp"
#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver {

struct ConsolidateRequest {
  std::string agreement;                  // with all its supplements; the name of a supplement: with that one and what it builds on
  std::int64_t as_of = 0;
  std::vector<std::string> set;           // NAME=VALUE: blanks on which the days of a supplement turn
  bool html = false;
  bool chinese = true;
};

/// What stands where on the day.
enum class Standing : std::uint8_t { kept, inserted, removed, ahead, blank };   // ahead: not yet in force; blank: nobody has said from when

struct ConsolidatedText {
  CompiledAgreement agreement;
  std::vector<Standing> nodes;            // parallel to the tree's nodes
  std::vector<Truth> operations;          // in force on the day, parallel to the tree's operations
  std::vector<std::string> blanks;        // that would have to be set
};

Status consolidated(const Project& project, const ConsolidateRequest& request, diag::Diagnostics& diagnostics, ConsolidatedText& out);

/// As one agreement in Tiao, which says on that day what the parts say together. `blanks` must be empty.
std::string consolidated_tiao(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text);
/// As one page that needs nothing else, with what was inserted, replaced and repealed marked.
std::string consolidated_html(const Project& project, const ConsolidateRequest& request, const ConsolidatedText& text);

/// A piece of the text, in which addresses name things by the number that they have on the day.
std::string words_of_the_day(const Project& project, const ConsolidatedText& text, source::Span span);

}  // namespace tiao::driver
