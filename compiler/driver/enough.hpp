// What would be enough to decide an undetermined remedy: which blanks, settled how. Found by trying: every set given here was
// put into the facts and evaluated.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/driver/evidence.hpp"
#include "compiler/driver/program.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::driver {

/// One blank and what it would have to be. A range means any value in it; an open register means that it holds nothing more.
struct Settled {
  Need need;
  bool closed = false;         // an open register
  Type type;
  Cell value;                  // the widest found that still decides
  Cell possible;               // what it may be as far as we know
};

/// Each set is as small as was found and holds nothing that can be left out; empty: none was found.
struct Enough { std::vector<Settled> to_apply, to_exclude; };

/// Of an undetermined remedy. The facts are changed on the way and put back. `walk` has walked these facts.
Enough enough_for(const CompiledAgreement& agreement, facts::FactBase& facts, std::int64_t as_of, EvidenceWalk& walk, const verdict::RemedyEntry& entry);

/// person[P1].age at least 9
std::string settled_words(const verdict::Names& names, const Settled& settled, verdict::Language language);

}  // namespace tiao::driver
