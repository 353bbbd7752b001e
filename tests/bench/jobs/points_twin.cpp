// Points by hand. An incident is one word: 11 bits of the person within its part, 31 of the behaviour, 11 of the day, twice four of the
// points. Words are dealt out by part (2048 persons), within the part by person, and within a person sorted as numbers: the rows of a behaviour
// then stand together, the earliest first. All of a part is in the cache.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "runtime/value/scalar.hpp"
#include "tests/bench/jobs/points.hpp"

namespace tiao::bench {
namespace {

constexpr unsigned part_bits = 11;
constexpr std::uint32_t part_persons = 1u << part_bits;
constexpr unsigned person_shift = 50, behaviour_shift = 19, day_shift = 8;
constexpr std::uint64_t behaviour_mask = (std::uint64_t{1} << 31) - 1;

// What follows from a total: warning, suspension, end, two bits each as in Truth; months / 2, lowest and highest, two bits each.
unsigned months_of(unsigned total) { return total >= 11 ? 6 : total >= 10 ? 4 : total >= 9 ? 2 : 0; }
Truth at_least(unsigned low, unsigned high, unsigned n) { return low >= n ? Truth::yes : high < n ? Truth::no : Truth::unknown; }
Truth both(Truth a, Truth b) { return a == Truth::no || b == Truth::no ? Truth::no : a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown; }
Truth either(Truth a, Truth b) { return a == Truth::yes || b == Truth::yes ? Truth::yes : a == Truth::no && b == Truth::no ? Truth::no : Truth::unknown; }
Truth opposite(Truth a) { return a == Truth::yes ? Truth::no : a == Truth::no ? Truth::yes : Truth::unknown; }

std::uint64_t record(const PointsFacts& f, std::uint32_t i) {
  return std::uint64_t{f.person[i] & (part_persons - 1)} << person_shift | std::uint64_t{f.behaviour[i]} << behaviour_shift | std::uint64_t{f.day[i]} << day_shift | f.points[i];
}

}  // namespace

PointsTwin::PointsTwin(const PointsFacts& f, bool sorted)
    : persons_(f.persons), facilities_(f.facilities), incidents_(f.incidents), sorted_(sorted), facts_(&f), works_at_(f.works_at.begin(), f.works_at.end()),
      record_(f.incidents + 1), low_(f.persons), high_(f.persons), codes_(f.persons), first_year_(f.persons), share_(f.facilities) {
  tables();
  if (!sorted) return;
  offset_.assign(f.persons + 1, 0);
  std::uint32_t at = 0;
  for (const std::uint32_t i : by_person(f)) ++offset_[f.person[i] + 1], record_[at++] = record(f, i);
  for (std::uint32_t p = 0; p < f.persons; ++p) offset_[p + 1] += offset_[p];
}

void PointsTwin::tables() {
  for (unsigned low = 0; low <= 12; ++low)
    for (unsigned high = low; high <= 12; ++high) {
      const Truth warn = both(at_least(low, high, 6), opposite(at_least(low, high, 9)));
      const Truth suspend = both(at_least(low, high, 9), opposite(at_least(low, high, 12))), end = at_least(low, high, 12);
      follows_[low][high] = static_cast<std::uint16_t>(static_cast<unsigned>(warn) | static_cast<unsigned>(suspend) << 2 | static_cast<unsigned>(end) << 4 | months_of(low) / 2 << 6 | months_of(high) / 2 << 8);
      for (unsigned y = 0; y < points::years; ++y) {
        // From the first of January of the next year on, for so many months.
        const auto until = [&](unsigned total) { return scalar::day_number({static_cast<std::int32_t>(2024 + y), static_cast<std::int32_t>(1 + months_of(total)), 1}); };
        const bool over = points::first_day() + points::year_starts[y + 1] - 1 < job_day();
        const Truth on = until(low) > job_day() ? Truth::yes : until(high) > job_day() ? Truth::unknown : Truth::no;
        runs_[y][low][high] = static_cast<std::uint8_t>(both(truth(over), either(end, both(at_least(low, high, 9), on))));
      }
    }
}

std::size_t PointsTwin::bytes_read() const { return sorted_ ? incidents_ * 8ull + persons_ * 4ull : incidents_ * (4 + 4 + 2 + 1 + 8 + 8ull); }

void PointsTwin::partition(unsigned threads) {
  const PointsFacts& f = *facts_;
  const std::uint32_t parts = (persons_ + part_persons - 1) / part_persons;
  threads = std::max(1u, threads);
  std::vector<std::vector<std::uint32_t>> next(threads, std::vector<std::uint32_t>(parts + 1));
  const auto range = [&](unsigned t) { return std::pair(static_cast<std::uint32_t>(std::uint64_t{incidents_} * t / threads), static_cast<std::uint32_t>(std::uint64_t{incidents_} * (t + 1) / threads)); };
  const auto each = [&](const auto& work) {
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
    work(0u);
    for (std::thread& other : others) other.join();
  };
  each([&](unsigned t) {
    std::uint32_t* count = next[t].data();
    const auto [from, to] = range(t);
    for (std::uint32_t i = from; i < to; ++i) ++count[f.person[i] >> part_bits];
  });
  part_starts_.assign(parts + 1, 0);
  std::uint32_t at = 0;
  for (std::uint32_t p = 0; p < parts; ++p) {
    part_starts_[p] = at;
    for (unsigned t = 0; t < threads; ++t) at += std::exchange(next[t][p], at);
  }
  part_starts_[parts] = at;
  each([&](unsigned t) {
    // A line of each part is gathered before it is written out.
    constexpr unsigned line = 8;
    WideVector<std::uint64_t> gathered(std::size_t{parts} * line);
    std::vector<std::uint8_t> filled(parts, 0);
    const auto [from, to] = range(t);
    std::uint32_t* place = next[t].data();
    for (std::uint32_t i = from; i < to; ++i) {
      const std::uint32_t p = f.person[i] >> part_bits;
      gathered[p * line + filled[p]] = record(f, i);
      if (++filled[p] != line) continue;
      std::memcpy(record_.data() + place[p], gathered.data() + p * line, line * sizeof(std::uint64_t));
      place[p] += line;
      filled[p] = 0;
    }
    for (std::uint32_t p = 0; p < parts; ++p) std::memcpy(record_.data() + place[p], gathered.data() + p * line, filled[p] * sizeof(std::uint64_t));
  });
}

inline void PointsTwin::one_person(std::uint32_t person, std::uint64_t* rows, std::uint32_t count, std::vector<Heads>& heads) {
  for (std::uint32_t i = 1; i < count; ++i) {
    const std::uint64_t row = rows[i];
    std::uint32_t j = i;
    for (; j > 0 && rows[j - 1] > row; --j) rows[j] = rows[j - 1];
    rows[j] = row;
  }
  std::uint64_t low = 0, high = 0;
  unsigned first = points::years;
  const std::uint16_t until = points::as_of();
  for (std::uint32_t i = 0; i < count;) {
    const std::uint64_t key = rows[i] >> behaviour_shift;
    const unsigned day = rows[i] >> day_shift & 0x7ff;
    unsigned least = rows[i] & 15, most = rows[i] >> 4 & 15;
    // The first row of a behaviour is its earliest: what lies after the day in question is not there.
    for (++i; i < count && rows[i] >> behaviour_shift == key; ++i) {
      if ((rows[i] >> day_shift & 0x7ff) > until) continue;
      least = std::max<unsigned>(least, rows[i] & 15);
      most = std::max<unsigned>(most, rows[i] >> 4 & 15);
    }
    if (day > until) continue;
    const unsigned year = (day >= points::year_starts[1]) + (day >= points::year_starts[2]) + (day >= points::year_starts[3]);
    low += std::uint64_t{least} << (16 * year);
    high += std::uint64_t{most} << (16 * year);
    first = std::min(first, year);
  }
  std::uint64_t codes = 0;
  unsigned out = static_cast<unsigned>(Truth::no);
  for (unsigned y = first; y < points::years; ++y) {
    const unsigned l = std::min<unsigned>(low >> (16 * y) & 0xffff, 12), h = std::min<unsigned>(high >> (16 * y) & 0xffff, 12);
    codes |= std::uint64_t{follows_[l][h]} << (16 * y);
    const unsigned runs = runs_[y][l][h];
    out = ((out | runs) & 1u) | (out & runs & 2u);
  }
  low_[person] = low;
  high_[person] = high;
  codes_[person] = codes;
  first_year_[person] = static_cast<std::uint8_t>(first);
  Heads& h = heads[works_at_[person]];
  h.out += out == 1, h.maybe += out == 0, h.in += out == 2;
}

void PointsTwin::one_part(std::uint32_t part, std::vector<Heads>& heads) {
  const std::uint32_t from = part_starts_[part], count = part_starts_[part + 1] - from, first = part << part_bits, persons = std::min(part_persons, persons_ - first);
  thread_local std::vector<std::uint64_t> dealt;
  if (dealt.size() < count) dealt.resize(count);
  std::uint32_t ends[part_persons + 1] = {};
  const std::uint64_t* rows = record_.data() + from;
  for (std::uint32_t i = 0; i < count; ++i) ++ends[(rows[i] >> person_shift) + 1];
  for (std::uint32_t p = 1; p <= persons; ++p) ends[p] += ends[p - 1];
  for (std::uint32_t i = 0; i < count; ++i) dealt[ends[rows[i] >> person_shift]++] = rows[i];
  // Each end has moved on to where the next one began.
  std::uint32_t at = 0;
  for (std::uint32_t p = 0; p < persons; ++p) {
    one_person(first + p, dealt.data() + at, ends[p] - at, heads);
    at = ends[p];
  }
}

void PointsTwin::run(unsigned threads) {
  if (!sorted_) partition(threads);
  const std::uint32_t parts = (persons_ + part_persons - 1) / part_persons;
  std::vector<std::vector<Heads>> heads(std::max(1u, threads), std::vector<Heads>(facilities_));
  std::atomic<std::uint32_t> next{0};
  const auto work = [&](unsigned t) {
    std::vector<std::uint64_t> rows;
    for (std::uint32_t part = next++; part < parts; part = next++) {
      if (!sorted_) {
        one_part(part, heads[t]);
        continue;
      }
      for (std::uint32_t p = part << part_bits, end = std::min(persons_, (part + 1) << part_bits); p < end; ++p) {
        const std::uint32_t count = offset_[p + 1] - offset_[p];
        if (rows.size() < count) rows.resize(count);
        std::memcpy(rows.data(), record_.data() + offset_[p], count * sizeof(std::uint64_t));
        one_person(p, rows.data(), count, heads[t]);
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
  work(0);
  for (std::thread& other : others) other.join();
  for (std::uint32_t f = 0; f < facilities_; ++f) {
    Share s;
    for (const auto& part : heads) s.out += part[f].out, s.maybe += part[f].maybe, s.in += part[f].in;
    const std::uint64_t all = s.out + s.maybe + s.in, low = s.out, high = s.out + s.maybe;   // nobody: none at all
    if (all != 0) {
      const Truth fifth = low * 5 >= all ? Truth::yes : high * 5 < all ? Truth::no : Truth::unknown;
      s.end = low * 2 >= all ? Truth::yes : high * 2 < all ? Truth::no : Truth::unknown;
      s.pause = both(fifth, opposite(s.end));
    }
    share_[f] = s;
  }
}

PointsTwin::Year PointsTwin::year(std::uint32_t person, unsigned y) const {
  const unsigned code = codes_[person] >> (16 * y) & 0xffff;
  return {y >= first_year_[person], static_cast<std::uint16_t>(low_[person] >> (16 * y)), static_cast<std::uint16_t>(high_[person] >> (16 * y)),
          static_cast<Truth>(code & 3), static_cast<Truth>(code >> 2 & 3), static_cast<Truth>(code >> 4 & 3), (code >> 6 & 3) * 2, (code >> 8 & 3) * 2};
}

}  // namespace tiao::bench
