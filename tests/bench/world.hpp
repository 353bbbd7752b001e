// Who and what there is, before anything happens: every facility, person and inspection can be made from its number alone.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/bench/random.hpp"
#include "tests/bench/sample.hpp"

namespace tiao::bench {

/// Text of an identifier, made in place: P0042.
struct Name {
  char data[32];
  std::uint8_t size = 0;
  operator std::string_view() const { return {data, size}; }
};
Name name_of(char letter, std::uint64_t number, unsigned width);

/// Days that matter to every sample: the facts cover two calendar years, and are looked at on the last day of the second.
struct Days {
  std::int64_t first, last;   // 2024-01-01, 2025-12-31
  Days();
};
std::int64_t year_of(std::int64_t day);
std::int64_t plus_months(std::int64_t day, std::int64_t months);

enum class Place : std::uint8_t { hospital, pharmacy, care };
struct FacilityInfo {
  Place place = Place::hospital;
  bool is_public = false;
  std::int64_t signed_on = 0;
};

enum class Class : std::uint8_t { medical, pharmaceutical, nursing, technical, reviewer, head, other_responsible, pharmacist, carer };
std::string_view word_of(Class c);

/// Persons without incidents of their own, whom others may use as a name to settle under.
enum class Quiet : std::uint8_t { no, registered, gone, suspended_before };

struct PersonInfo {
  std::uint32_t number = 0;               // from 0
  Class person_class = Class::medical;
  std::vector<std::uint32_t> sites;       // the main one first
  std::int64_t from = 0, to = 0;          // of the registration at the main site
  Quiet quiet = Quiet::no;
  std::int64_t quiet_from = 0, quiet_until = 0;   // suspended_before
  bool other_responsible = false;
  bool covered = true;                    // by the regime
};

struct Inspection {
  std::int64_t day = 0, decided_on = 0, noticed_on = 0;
};
inline constexpr unsigned inspections = 8;   // of a facility, in two years

class World {
 public:
  explicit World(const SampleOptions& options) : options_(options) {}
  const SampleOptions& options() const { return options_; }
  const Days& days() const { return days_; }

  FacilityInfo facility(std::uint32_t number) const;
  PersonInfo person(std::uint32_t number) const;
  std::int64_t birth_date(std::uint32_t number) const;
  Inspection inspection(std::uint32_t facility, unsigned k) const;
  /// What an inspection found to be the matter with one type of behaviour: 0..999, the same for all persons.
  unsigned verdict(std::uint32_t facility, unsigned k, unsigned type) const;

  Name facility_id(std::uint32_t number) const { return name_of('F', number + 1, facility_width_); }
  Name person_id(std::uint32_t number) const { return name_of('P', number + 1, 4); }
  /// A person whom every sample of some size tells a story about.
  static constexpr std::uint32_t example = 41;

 private:
  SampleOptions options_;
  Days days_;
  unsigned facility_width_ = 3;
};

}  // namespace tiao::bench
