// The lowest twentieth of the clinics of a kind in a district: made, and decided by hand.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tests/bench/jobs/job.hpp"
#include "tests/bench/jobs/wide_vector.hpp"

namespace tiao::bench {

namespace clinics {
inline constexpr unsigned districts = 16, kinds = 2, groups = districts * kinds;
inline constexpr std::uint16_t full_score = 10000, saved_from = 8000;   // hundredths
/// A clinic that is not counted is in no group.
inline constexpr std::uint8_t no_group = groups;
}  // namespace clinics

struct TailFacts {
  std::uint32_t rows = 0;
  std::vector<std::uint8_t> kind, district, takes_part, deferred;   // district: from 0
  std::vector<std::uint16_t> low, high;                             // a score that is not known: 0 to 10000
};
TailFacts make_tail(std::uint32_t rows, std::uint64_t seed = 1);
void fill(const TailFacts& facts, facts::FactBase& base);

class TailTwin {
 public:
  /// counting: by how many clinics have each score, of which there are 10,001. selection: by the scores of a group set about the cut.
  enum class Way : std::uint8_t { counting, selection };
  TailTwin(const TailFacts& facts, Way way);
  void run(unsigned threads = 1);

  std::uint32_t rows() const { return rows_; }
  Truth in_tail(std::size_t row) const { return truth_at(tail_yes_, tail_no_, row); }
  Truth ended(std::size_t row) const { return truth_at(end_yes_, end_no_, row); }
  std::size_t bytes_read() const { return rows_ * 8ull; }

 private:
  /// The highest lower and upper ends with which a clinic is still surely, or possibly, in the tail; -1: none.
  struct Cut { std::int32_t known = -1, ranged = -1, possible = -1; };
  void group(unsigned threads);
  void cuts_by_counting(unsigned threads);
  void cuts_by_selection(unsigned threads);
  void judge(unsigned threads);

  std::uint32_t rows_;
  Way way_;
  WideVector<std::uint8_t> kind_, district_, takes_part_, deferred_, group_;
  WideVector<std::uint16_t> low_, high_;
  std::array<Cut, clinics::groups + 1> cut_;
  Plane tail_yes_, tail_no_, end_yes_, end_no_;
};

void compare(const TailTwin& twin, Expectation& engine);

}  // namespace tiao::bench
