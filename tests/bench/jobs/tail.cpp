#include "tests/bench/jobs/tail.hpp"

#include <algorithm>

#include "tests/bench/random.hpp"

namespace tiao::bench {

using namespace clinics;

TailFacts make_tail(std::uint32_t rows, std::uint64_t seed) {
  TailFacts f;
  f.rows = rows;
  for (auto* column : {&f.kind, &f.district, &f.takes_part, &f.deferred}) column->resize(rows);
  f.low.resize(rows), f.high.resize(rows);
  Random r(seed, 1);
  for (std::uint32_t row = 0; row < rows; ++row) {
    f.kind[row] = static_cast<std::uint8_t>(r.below(kinds));
    f.district[row] = static_cast<std::uint8_t>(r.below(districts));
    f.takes_part[row] = r.chance(950);
    f.deferred[row] = r.chance(20);
    // Sums of deductions, most of them of quarters of a point: many are equal. In the stricter half of the districts twice as much.
    const std::uint64_t strict = f.district[row] < districts / 2 ? 2 : 1, deducted = strict * (r.below(40) * 25 + r.below(30) * 25) + (r.chance(100) ? r.below(2000) : 0);
    const auto score = static_cast<std::uint16_t>(full_score - std::min<std::uint64_t>(deducted, full_score));
    f.low[row] = f.high[row] = score;
    if (!r.chance(20)) continue;
    const bool known_between = r.chance(500);
    f.low[row] = known_between ? static_cast<std::uint16_t>(score - std::min<std::uint64_t>(score, r.below(500))) : 0;
    f.high[row] = known_between ? static_cast<std::uint16_t>(std::min<std::uint64_t>(full_score, score + r.below(500))) : full_score;
  }
  return f;
}

void fill(const TailFacts& f, facts::FactBase& base) {
  RegisterColumns all(base, "clinic", f.rows, 'C');
  all.numbers("kind", [&](std::uint32_t row) { return 1 << f.kind[row]; });
  all.numbers("district", [&](std::uint32_t row) { return f.district[row] + 1; });
  all.truths("takes_part", [&](std::uint32_t row) { return truth(f.takes_part[row] != 0); });
  all.truths("deferred", [&](std::uint32_t row) { return truth(f.deferred[row] != 0); });
  all.numbers("score", [&](std::uint32_t row) { return f.low[row]; }, [&](std::uint32_t row) { return f.high[row]; });
}

TailTwin::TailTwin(const TailFacts& f, Way way)
    : rows_(f.rows), way_(way), kind_(f.kind.begin(), f.kind.end()), district_(f.district.begin(), f.district.end()), takes_part_(f.takes_part.begin(), f.takes_part.end()),
      deferred_(f.deferred.begin(), f.deferred.end()), group_(f.rows), low_(f.low.begin(), f.low.end()), high_(f.high.begin(), f.high.end()),
      tail_yes_(words_of(f.rows)), tail_no_(words_of(f.rows)), end_yes_(words_of(f.rows)), end_no_(words_of(f.rows)) {}

void compare(const TailTwin& twin, Expectation& engine) {
  engine.proposition("clinic", "第一条第一句", twin.rows(), [&](std::size_t row) { return twin.in_tail(row); });
  engine.proposition("clinic", "第一条第二句", twin.rows(), [&](std::size_t row) { return twin.ended(row); });
  engine.remedy("end_agreement", core::Modality::must, twin.rows(), [&](std::size_t row) {
    const Truth t = twin.ended(row);
    return Expectation::Decision{t, t == Truth::yes, t == Truth::unknown};
  });
}

}  // namespace tiao::bench
