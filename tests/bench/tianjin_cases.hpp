// What a person did and what was found, under the rules of Tianjin, before it becomes rows.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/bench/world.hpp"

namespace tiao::bench::tianjin {

enum class Ground : std::uint8_t {
  agreement,      // decision on the agreement, of the kind that counts
  damages,        // one that does not
  penalty,        // 条例38, 39
  person_penalty, // on the person alone
  nothing,        // no decision
  quota, outside, lent, licence, other, fraud,
};

/// One circumstance of one behaviour: a row of the incident register.
struct Case {
  std::uint64_t number = 0, behaviour = 0;
  std::uint32_t facility = 0;
  unsigned k = 0;                        // inspection
  bool review = false;                   // a second decision on the same behaviour
  unsigned type = 0;
  Ground ground = Ground::agreement;
  std::int64_t behaviour_date = 0, decided_on = 0, noticed_on = 0;
  bool responsible = true, displaced = false, reason = false;
  bool unlisted = false;                 // settled in the name of somebody who is in no register
  std::int64_t beneficiary = -1;
  unsigned finding = 0;                  // World::verdict of (facility, inspection, type)
  int degree = 0;                        // 0 general, 1 important, 2 main
  // what follows
  unsigned bands = 0;                    // bits 0..3: articles 26..29
  bool again = false;                    // item 2 of article 28
  bool scored = false, later = false, twin = false;
  int points = 0, final_points = 0;
  // appeal against the points: 0 none, 1 pending, 2 upheld, 3 changed
  int appeal = 0;
  std::int64_t filed_on = 0, resolved_on = 0;
};

/// Points entered on one day.
struct Entry { std::int64_t day; int entered, largest; };

struct Counters { std::uint64_t incident = 1, behaviour = 1; };

std::string_view type_name(unsigned type);
/// Which of the four open "other" items somebody found to be met.
unsigned other_band(unsigned finding);
inline constexpr unsigned story_type = 18;

/// The cases of one person, with everything decided about them.
std::vector<Case> cases_of(const World& world, Random& random, const PersonInfo& person, std::uint32_t count, Counters& counters);
/// The points that they bring, day by day.
std::vector<Entry> entries_of(const std::vector<Case>& cases, std::int64_t last);
/// The days on which one behaviour alone brought twelve points.
std::vector<std::int64_t> twelves_of(const std::vector<Case>& cases, std::int64_t last);

}  // namespace tiao::bench::tianjin
