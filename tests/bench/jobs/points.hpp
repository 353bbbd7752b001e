// Points of persons: the highest of a behaviour, the sum of a year, what follows, and the share of a facility's persons on whom something
// runs. Made, and decided by hand.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tests/bench/jobs/job.hpp"
#include "tests/bench/jobs/wide_vector.hpp"

namespace tiao::bench {

namespace points {
/// Days are counted from 2023-01-01; the years are 2023 to 2026.
inline constexpr unsigned years = 4;
inline constexpr std::array<std::uint16_t, years + 1> year_starts{0, 365, 731, 1096, 1461};
std::int64_t first_day();
/// job_day() as such a day.
std::uint16_t as_of();
}  // namespace points

/// Rows in the order in which they came, persons mixed.
struct PointsFacts {
  std::uint32_t persons = 0, facilities = 0, incidents = 0;
  std::vector<std::uint32_t> works_at;              // by person
  WideVector<std::uint32_t> person, behaviour;      // by incident
  std::vector<std::uint32_t> facility;
  WideVector<std::uint16_t> day;
  WideVector<std::uint8_t> points;                  // lowest in the low half, highest in the high half
};
/// persons 0: three for ten incidents.
PointsFacts make_points(std::uint32_t incidents, std::uint64_t seed = 1, std::uint32_t persons = 0);
/// The numbers of the incidents, by person and within a person as they came.
std::vector<std::uint32_t> by_person(const PointsFacts& facts);
void fill(const PointsFacts& facts, facts::FactBase& base);

class PointsTwin {
 public:
  /// `sorted`: the rows lie together by person beforehand, as they do in a fact base. Otherwise that is part of the job.
  PointsTwin(const PointsFacts& facts, bool sorted);
  void run(unsigned threads = 1);

  /// Of a person's year. `there`: from the first year with an entry on.
  struct Year { bool there; std::uint16_t low, high; Truth warn, suspend, end; unsigned months_low, months_high; };
  Year year(std::uint32_t person, unsigned year) const;
  struct Share { std::uint32_t out = 0, maybe = 0, in = 0; Truth pause = Truth::no, end = Truth::no; };
  const Share& share(std::uint32_t facility) const { return share_[facility]; }
  std::uint32_t persons() const { return persons_; }
  std::uint32_t facilities() const { return facilities_; }
  std::size_t bytes_read() const;

 private:
  struct Heads { std::uint32_t out = 0, maybe = 0, in = 0; };
  void tables();
  void partition(unsigned threads);
  void one_part(std::uint32_t part, std::vector<Heads>& heads);
  void one_person(std::uint32_t person, std::uint64_t* rows, std::uint32_t count, std::vector<Heads>& heads);

  std::uint32_t persons_, facilities_, incidents_;
  bool sorted_;
  const PointsFacts* facts_;
  WideVector<std::uint32_t> works_at_, offset_;     // offset_: of persons, when sorted
  WideVector<std::uint64_t> record_;                // see points_twin.cpp
  std::vector<std::uint32_t> part_starts_;
  // Results: four sums of 16 bits, four codes of 16 bits, the first year with an entry.
  WideVector<std::uint64_t> low_, high_, codes_;
  WideVector<std::uint8_t> first_year_;
  std::vector<Share> share_;
  // By lowest and highest total up to 12: what follows (see points_twin.cpp), and whether it still runs, by year.
  std::array<std::array<std::uint16_t, 16>, 16> follows_{};
  std::array<std::array<std::array<std::uint8_t, 16>, 16>, points::years> runs_{};
};

/// What the twin found, against an engine.
void compare(const PointsTwin& twin, Expectation& engine);

}  // namespace tiao::bench
