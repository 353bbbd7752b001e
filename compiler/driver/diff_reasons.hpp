// Why the two sides of a comparison decide as they do: the facts that each verdict turns on, in words, for readers.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/driver/diff.hpp"
#include "compiler/driver/diff_sides.hpp"

namespace tiao::driver {

/// Where the verdicts on the differing subjects stand on one side, parallel to DiffReport::differing; `none`: it has no such subject.
struct DiffPlaces {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> before, after;
};

/// Fills why_before and why_after for as many subjects as the request asks. The evaluations are those that the report was made from.
Status reasons(DiffSides& sides, const DiffRequest::Reasons& wanted, const DiffPlaces& places, const DiffSides::Evaluated& before, const DiffSides::Evaluated& after,
               const Progress& progress, DiffReport& report);

}  // namespace tiao::driver
