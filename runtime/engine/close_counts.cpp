#include "runtime/engine/close_counts.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "runtime/engine/parts.hpp"
#include "runtime/value/wide_loops.hpp"

namespace tiao::engine {
namespace {

// The least and the greatest end that is not open, as distances from the ends of all numbers: open ends are the farthest.
struct Reach {
  static constexpr std::uint64_t lowest = static_cast<std::uint64_t>(neg_inf) + 1, highest = static_cast<std::uint64_t>(pos_inf) - 1;
  std::uint64_t above_lowest = ~std::uint64_t{0}, under_highest = ~std::uint64_t{0}, apart = 0;
  void see(std::int64_t end) {
    above_lowest = std::min(above_lowest, static_cast<std::uint64_t>(end) - lowest);
    under_highest = std::min(under_highest, highest - static_cast<std::uint64_t>(end));
  }
  void join(const Reach& r) {
    above_lowest = std::min(above_lowest, r.above_lowest);
    under_highest = std::min(under_highest, r.under_highest);
    apart |= r.apart;
  }
};

Reach reach_of(const CloseInput& in, std::uint32_t begin, std::uint32_t end) {
  Reach reach;
  for (std::uint32_t row = begin; row < end; ++row) reach.see(in.lo[row]);
  if (in.hi == in.lo) return reach;
  for (std::uint32_t row = begin; row < end; ++row) {
    reach.see(in.hi[row]);
    reach.apart |= static_cast<std::uint64_t>(in.lo[row]) ^ static_cast<std::uint64_t>(in.hi[row]);
  }
  return reach;
}

// Of 64 rows: where the lower end of each is counted. Bits: rows whose ends differ, and rows of no part.
struct PlaceWord {
  template <class Part>
  [[gnu::always_inline]] static inline void run(const Part* part_of, const std::int64_t* lo, const std::int64_t* hi, std::int64_t least, std::int64_t most, std::uint64_t width,
                                               std::uint64_t* at, std::uint64_t* ranged, std::uint64_t* no_part) {
    std::uint8_t apart[64], nowhere[64];
    for (std::uint32_t i = 0; i < 64; ++i) {
      at[i] = std::uint64_t{part_of[i]} * width + place(lo[i], least, most);
      apart[i] = static_cast<std::uint8_t>(lo[i] != hi[i]);
      nowhere[i] = static_cast<std::uint8_t>(part_of[i] == static_cast<Part>(none));
    }
    *ranged = bits_of_bytes(apart);
    *no_part = bits_of_bytes(nowhere);
  }
  // A place up: counts are of what lies under. Open ends lie under the least and over the greatest.
  [[gnu::always_inline]] static inline std::uint64_t place(std::int64_t v, std::int64_t least, std::int64_t most) {
    return static_cast<std::uint64_t>(std::min(std::max(v, least - 1), most + 1) - least + 2);
  }
};

// The upper ends that differ from the lower ones are counted as differences.
void count_some(const CloseInput& in, std::uint32_t begin, std::uint32_t end, CloseCounts& out) {
  const std::int64_t least = out.least, most = least + (std::int64_t{out.span} - 1);
  const std::size_t width = out.width();
  std::uint32_t *const lower = out.ends.data(), *const upper = lower + in.parts * width, *const failed = out.failed.data();
  for (std::uint32_t first = begin; first < end; first += 64) {   // begin is a multiple of 64
    const std::uint64_t all = end - first < 64 ? (std::uint64_t{1} << (end - first)) - 1 : ~std::uint64_t{0};
    std::uint64_t surely = all;
    if (in.in_yes != nullptr) {
      const std::uint64_t yes = in.in_yes[first / 64], no = in.in_no[first / 64];
      surely = yes & ~no & all;
      for (std::uint64_t rest = ~(yes ^ no) & all; rest != 0; rest &= rest - 1) out.others.push(first + static_cast<std::uint32_t>(std::countr_zero(rest)));
    }
    std::uint64_t at[64], ranged = 0, no_part = 0;
    if (end - first >= 64) {
      const auto places = [&](const auto* part_of) {
        WideLoop<PlaceWord>::call(part_of + first, in.lo + first, in.hi + first, least, most, std::uint64_t{width}, static_cast<std::uint64_t*>(at), &ranged, &no_part);
      };
      in.part_of.narrow != nullptr ? places(in.part_of.narrow) : places(in.part_of.wide);
    } else {
      for (std::uint32_t i = 0; i < end - first; ++i) {
        const std::uint32_t row = first + i;
        at[i] = in.part_of[row] * width + PlaceWord::place(in.lo[row], least, most);
        ranged |= std::uint64_t{in.lo[row] != in.hi[row]} << i;
        no_part |= std::uint64_t{in.part_of[row] == none} << i;
      }
    }
    surely &= ~no_part;
    const std::uint64_t known = surely & ~ranged;
    if (known == ~std::uint64_t{0}) {
      for (std::uint32_t i = 0; i < 64; ++i) ++lower[at[i]];
    } else {
      for (std::uint64_t rest = known; rest != 0; rest &= rest - 1) ++lower[at[std::countr_zero(rest)]];
    }
    for (std::uint64_t rest = surely & ranged; rest != 0; rest &= rest - 1) {
      const auto i = static_cast<std::uint32_t>(std::countr_zero(rest));
      const std::uint32_t row = first + i, part = in.part_of[row];
      if (in.lo[row] > in.hi[row]) {
        ++failed[part];
        continue;
      }
      ++lower[at[i]];
      --upper[at[i]];
      ++upper[part * width + PlaceWord::place(in.hi[row], least, most)];
    }
  }
}

}  // namespace

bool count_close(const CloseInput& in, CloseCounts& out) {
  const std::uint32_t sections = parts_of(in.rows, in.threads), words = (in.rows + 63) / 64;
  const auto section = [&](std::uint32_t s) { return std::min(in.rows, part_start(words, sections, s) * 64); };
  const std::uint64_t room = std::uint64_t{in.rows} * 16 + 64;   // counts that are never asked for cost less than putting values in order
  const auto lay_out = [&](std::int64_t least, std::int64_t most, bool ranges) {
    const bool bounded = least <= most && least != neg_inf && most != pos_inf;   // some end is not open
    const std::uint64_t beyond = bounded ? static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) : 0;
    if (beyond >= room || (beyond + 4) * (ranges ? 2 : 1) > room / std::max(in.parts, 1u)) return false;
    out.ranges = ranges;
    out.least = bounded ? least : 0;
    out.span = static_cast<std::uint32_t>(beyond + 1);
    return true;
  };
  const bool known = in.least != neg_inf && in.most != pos_inf;
  if (!known || !lay_out(in.least, in.most, in.hi != in.lo)) {
    std::vector<Reach> reached(sections);
    at_once(sections, [&](std::uint32_t s) { reached[s] = reach_of(in, section(s), section(s + 1)); });
    for (std::uint32_t s = 1; s < sections; ++s) reached[0].join(reached[s]);
    const auto least = static_cast<std::int64_t>(reached[0].above_lowest + Reach::lowest), most = static_cast<std::int64_t>(Reach::highest - reached[0].under_highest);
    if (!lay_out(least, most, reached[0].apart != 0)) return false;
  }

  const std::size_t size = in.parts * out.width();
  std::vector<CloseCounts> more(sections - 1);   // of the other threads
  const auto of_section = [&](std::uint32_t s) -> CloseCounts& { return s == 0 ? out : more[s - 1]; };
  at_once(sections, [&](std::uint32_t s) {
    CloseCounts& counts = of_section(s);
    counts.least = out.least;
    counts.span = out.span;
    counts.ends.assign(size * (out.ranges ? 2 : 1), 0);
    counts.failed.assign(in.parts, 0);
    count_some(in, section(s), section(s + 1), counts);
  });
  at_once(std::min(sections, std::max(in.parts, 1u)), [&](std::uint32_t s) {
    const std::uint32_t shares = std::min(sections, std::max(in.parts, 1u));
    for (std::uint32_t part = part_start(in.parts, shares, s); part < part_start(in.parts, shares, s + 1); ++part) {
      const std::size_t first = part * out.width(), end = first + out.width();
      for (const CloseCounts& counts : more) {
        for (std::size_t i = first; i < end; ++i) out.ends[i] += counts.ends[i];
        for (std::size_t i = first; i < end && out.ranges; ++i) out.ends[size + i] += counts.ends[size + i];
        out.failed[part] += counts.failed[part];
      }
      std::uint32_t lower = 0, apart = 0;
      for (std::size_t i = first; i < end; ++i) {
        out.ends[i] = lower += out.ends[i];
        if (out.ranges) out.ends[size + i] = lower + (apart += out.ends[size + i]);
      }
    }
  });
  for (const CloseCounts& counts : more)
    for (const std::uint32_t row : counts.others) out.others.push(row);
  return true;
}

}  // namespace tiao::engine
