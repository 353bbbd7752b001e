// What a text says, piece by piece: one for what stands at each address itself, one for each thing declared by name. Two states
// of a text tell which pieces were reworded, and whether a provision rests on any of them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/driver/program.hpp"
#include "compiler/driver/project.hpp"

namespace tiao::driver {

/// By name: an address (第三条第一项), the agreement itself for its head lines, or kind and identifier (define score, entity person).
struct TextPiece {
  std::string hash;                    // of the words, whatever the layout; empty: nothing is written there itself
  std::vector<std::string> rests_on;   // directly, sorted
  friend bool operator==(const TextPiece&, const TextPiece&) = default;
};
using TextState = std::map<std::string, TextPiece>;

/// Of an agreement that was compiled from the sources, with its tree.
TextState text_state(const Project& project, const CompiledAgreement& agreement);

/// Pieces that have other words, or are there on one side only.
std::set<std::string> reworded(const TextState& before, const TextState& after);

/// The pieces with these names and all that they rest on.
std::set<std::string> resting_on(const TextState& text, const std::set<std::string>& names);

/// The piece that stands for a report, which is told by its identifier.
inline std::string report_piece(const std::string& id) { return "report " + id; }
inline std::string remedy_piece(const std::string& id) { return "remedy " + id; }

}  // namespace tiao::driver
