// What walks found, in the words of runtime/verdict/evidence.hpp.
#pragma once

#include <vector>

#include "compiler/interp/walk.hpp"
#include "runtime/verdict/evidence.hpp"

namespace tiao::interp {

std::vector<Need> needs_from(const Machine& machine, const Leaves& leaves);
std::vector<Blank> blanks_from(const Machine& machine, const Leaves& leaves);
std::vector<ReadingUse> readings_from(const Leaves& leaves);
std::vector<EvidenceError> errors_from(const Machine& machine, const Leaves& leaves);

// incident[I7], or incident[#7] where rows have no key.
std::string row_name(const Machine& machine, EntityId entity, std::uint32_t row);

}  // namespace tiao::interp
