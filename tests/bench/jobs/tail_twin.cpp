// The tail by hand. A clinic is in it when those with a lower score, together with it, are at most a twentieth of its group. Of n clinics
// k = n / 20 may be in: a known score is surely in when at most the (k-1)-th lower end of the others lies under it, counted from 0.
#include <algorithm>
#include <thread>

#include "tests/bench/jobs/tail.hpp"

namespace tiao::bench {

using namespace clinics;

void TailTwin::group(unsigned threads) {
  in_parallel(threads, rows_, 64, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) {
      const std::uint8_t counted = takes_part_[row] & (deferred_[row] ^ 1u), of = static_cast<std::uint8_t>(kind_[row] * districts + district_[row]);
      group_[row] = counted != 0 ? of : no_group;
    }
  });
}

void TailTwin::cuts_by_counting(unsigned threads) {
  constexpr std::size_t scores = full_score + 1;
  struct Counts { WideVector<std::uint32_t> low = WideVector<std::uint32_t>((groups + 1) * scores), more = WideVector<std::uint32_t>((groups + 1) * scores); };
  std::vector<Counts> counts(std::max(1u, threads));
  // Scores that are a range are counted at their lower end, and noted as to be moved up.
  const auto count = [&](unsigned t) {
    std::uint32_t* low = counts[t].low.data();
    std::uint32_t* more = counts[t].more.data();
    for (std::size_t row = std::size_t{rows_} * t / threads, end = std::size_t{rows_} * (t + 1) / threads; row < end; ++row) {
      const std::size_t base = group_[row] * scores;
      ++low[base + low_[row]];
      if (low_[row] != high_[row]) --more[base + low_[row]], ++more[base + high_[row]];
    }
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(count, t);
  count(0);
  for (std::thread& other : others) other.join();
  for (unsigned g = 0; g < groups; ++g) {
    std::uint32_t* low = counts[0].low.data() + g * scores;
    std::uint32_t* more = counts[0].more.data() + g * scores;
    for (unsigned t = 1; t < threads; ++t)
      for (std::size_t s = 0; s < scores; ++s) low[s] += counts[t].low[g * scores + s], more[s] += counts[t].more[g * scores + s];
    std::uint32_t n = 0;
    for (std::size_t s = 0; s < scores; ++s) n += low[s];
    const std::uint32_t k = n / 20;
    // The place-th lowest of the ends that are counted, or as many as there are.
    const auto lowest = [&](std::uint32_t place, bool upper) {
      std::uint32_t seen = 0;
      for (std::size_t s = 0; s < scores; ++s)
        if ((seen += low[s] + (upper ? more[s] : 0)) > place) return static_cast<std::int32_t>(s);
      return static_cast<std::int32_t>(full_score);
    };
    cut_[g] = {};
    if (k != 0) cut_[g] = {lowest(k - 1, false), lowest(k, false), lowest(k - 1, true)};
    else cut_[g].ranged = n == 0 ? -1 : lowest(0, false);
  }
}

void TailTwin::cuts_by_selection(unsigned threads) {
  std::array<std::uint32_t, groups + 2> starts{};
  for (const std::uint8_t g : group_) ++starts[g + 1u];
  for (unsigned g = 0; g <= groups; ++g) starts[g + 1] += starts[g];
  WideVector<std::uint16_t> low(rows_), high(rows_);
  std::array<std::uint32_t, groups + 1> next;
  std::copy_n(starts.begin(), groups + 1, next.begin());
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::uint32_t at = next[group_[row]]++;
    low[at] = low_[row];
    high[at] = high_[row];
  }
  in_parallel(threads, groups, 1, [&](std::size_t from, std::size_t to) {
    for (std::size_t g = from; g < to; ++g) {
      const std::uint32_t n = starts[g + 1] - starts[g], k = n / 20;
      const auto lowest = [&](WideVector<std::uint16_t>& scores, std::uint32_t place) -> std::int32_t {
        const auto first = scores.begin() + starts[g];
        std::nth_element(first, first + place, first + n);
        return first[place];
      };
      cut_[g] = {};
      if (k == 0) {
        if (n != 0) cut_[g].ranged = lowest(low, 0);
        continue;
      }
      cut_[g].ranged = lowest(low, k);
      cut_[g].known = *std::max_element(low.begin() + starts[g], low.begin() + starts[g] + k);
      cut_[g].possible = lowest(high, k - 1);
    }
  });
}

void TailTwin::judge(unsigned threads) {
  in_parallel(threads, rows_, 64, [&](std::size_t from, std::size_t to) {
    for (std::size_t word = from / 64; word < words_of(to); ++word) {
      std::uint64_t yes = 0, no = 0, under = 0, over = 0;
      const std::size_t first = word * 64, count = std::min<std::size_t>(64, rows_ - first);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = first + i;
        const Cut& cut = cut_[group_[row]];
        const std::int32_t low = low_[row], high = high_[row];
        yes |= std::uint64_t{high <= (low == high ? cut.known : cut.ranged)} << i;
        no |= std::uint64_t{low > cut.possible} << i;
        under |= std::uint64_t{high < saved_from} << i;
        over |= std::uint64_t{low >= saved_from} << i;
      }
      tail_yes_[word] = yes, tail_no_[word] = no;
      end_yes_[word] = yes & under, end_no_[word] = no | over;
    }
  });
}

void TailTwin::run(unsigned threads) {
  threads = std::max(1u, threads);
  group(threads);
  way_ == Way::counting ? cuts_by_counting(threads) : cuts_by_selection(threads);
  cut_[no_group] = {};
  judge(threads);
}

}  // namespace tiao::bench
