// Articles 62 to 66 by hand: 512 cases at a time, each condition two planes (known true, known false) in registers, no branch.
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "tests/bench/jobs/breach.hpp"

namespace tiao::bench {
namespace {

using Word = std::uint64_t __attribute__((vector_size(64), may_alias, aligned(8)));
struct Both { Word yes, no; };

inline Both operator&(const Both& a, const Both& b) { return {a.yes & b.yes, a.no | b.no}; }
inline Both operator|(const Both& a, const Both& b) { return {a.yes | b.yes, a.no & b.no}; }
inline Both operator!(const Both& a) { return {a.no, a.yes}; }

using namespace breach;

template <bool stream>
inline void store(std::uint64_t* to, const Word& w) {
#if defined(__AVX512F__)
  if constexpr (stream) return _mm512_stream_si512(reinterpret_cast<__m512i*>(to), reinterpret_cast<const __m512i&>(w));
#endif
  std::memcpy(to, &w, sizeof w);
}

/// One block. copies: items that are findings themselves are written too. stream: past the caches.
template <bool copies, bool stream>
inline void decide(const std::uint64_t* in, std::uint64_t* out) {
  constexpr std::size_t w = BreachTwin::block_words;
  const auto word = [&](unsigned plane) { Word v; std::memcpy(&v, in + plane * w, sizeof v); return v; };
  const auto fact = [&](unsigned column) { return Both{word(column * 2), word(column * 2 + 1)}; };
  const auto put = [&](unsigned pair, const Both& b) {
    store<stream>(out + pair * 2 * w, b.yes);
    store<stream>(out + (pair * 2 + 1) * w, b.no);
  };
  // Levels: high bit, low bit, known. Losses 0 to 3, impacts 0 to 2.
  const Word loss_high = word(booleans * 2), loss_low = word(booleans * 2 + 1), loss_known = word(booleans * 2 + 2);
  const Word impact_high = word(booleans * 2 + 3), impact_low = word(booleans * 2 + 4), impact_known = word(booleans * 2 + 5);
  const Both large_loss{loss_high & loss_known, ~loss_high & loss_known};
  const Both major_loss{loss_high & loss_low & loss_known, ~(loss_high & loss_low) & loss_known};
  const Both wide_impact{(impact_high | impact_low) & impact_known, ~(impact_high | impact_low) & impact_known};
  const Both grave_impact{impact_high & impact_known, ~impact_high & impact_known};
  const Both large = large_loss | wide_impact, grave = fact(vile) | major_loss | grave_impact, is_established = fact(established);

  Both any[5];
  for (unsigned a = 0; a < 5; ++a) {
    const unsigned from = first[a], last = from + items[a] - 1;
    Both all = fact(from);
    if constexpr (copies) put(from, all);
    for (unsigned i = from + 1; i < last; ++i) {
      const Both item = fact(i);
      if constexpr (copies) put(i, item);
      all = all | item;
    }
    Both residual = fact(last);
    if (a < 3) residual = residual & !all;   // the last item of 62, 63 and 64 yields to the named ones
    if (copies || a < 3) put(last, residual);
    any[a] = all | residual;
  }
  const Both h62 = is_established & any[0];
  const Both p1 = is_established & any[1], p2 = is_established & any[0] & wide_impact;
  const Both p3 = is_established & any[2], p4 = is_established & (any[0] | any[1]) & large;
  const Both p5 = is_established & any[3], p6 = is_established & any[2] & (large | fact(intent));
  const Both p7 = is_established & any[4], p8 = is_established & (any[0] | any[1] | any[2] | any[3]) & grave;
  const Both h63 = p1 | p2, h64 = p3 | p4, h65 = p5 | p6, h66 = p7 | p8;
  unsigned at = findings;
  for (const Both* b : {&p1, &p2, &p3, &p4, &p5, &p6, &p7, &p8, &h62, &h63, &h64, &h65, &h66}) put(at++, *b);
  const Both later = h65 | h66, money = h64 | later, correct = h62 | h63;
  for (const Both* b : {&h62, &correct, &h63, &money, &money, &later, &h65, &h65, &h66, &later}) put(at++, *b);
}

template <bool copies, bool stream>
void blocks(const std::uint64_t* in, std::uint64_t* out, std::size_t from, std::size_t to) {
  for (std::size_t b = from; b < to; ++b)
    decide<copies, stream>(in + b * BreachTwin::inputs * BreachTwin::block_words, out + b * BreachTwin::outputs * BreachTwin::block_words);
}

// Results that no cache would keep go past it.
constexpr std::size_t cached_bytes = 24u << 20;

template <bool copies>
void all(const std::uint64_t* in, std::uint64_t* out, std::size_t count, unsigned threads, bool stream) {
  in_parallel(threads, count, 1, [&](std::size_t from, std::size_t to) { stream ? blocks<copies, true>(in, out, from, to) : blocks<copies, false>(in, out, from, to); });
}

}  // namespace

void BreachTwin::run(unsigned threads) { all<true>(in_.data(), out_.data(), blocks_, threads, bytes_written() > cached_bytes); }
void BreachTwin::run_without_copies(unsigned threads) { all<false>(in_.data(), out_.data(), blocks_, threads, bytes_written() > cached_bytes); }

}  // namespace tiao::bench
