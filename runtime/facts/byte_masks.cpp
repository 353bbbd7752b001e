#include "runtime/facts/byte_masks.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tiao::facts {
namespace {

void plainly(const char* text, std::size_t blocks, ByteMasks* out) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    ByteMasks m{};
    for (unsigned i = 0; i < 64; ++i) {
      const char c = text[i];
      m.quotes |= std::uint64_t{c == '"'} << i;
      m.commas |= std::uint64_t{c == ','} << i;
      m.breaks |= std::uint64_t{c == '\n'} << i;
      m.returns |= std::uint64_t{c == '\r'} << i;
    }
    out[b] = m;
  }
}

#if defined(__x86_64__)

void by_sse2(const char* text, std::size_t blocks, ByteMasks* out) {
  const __m128i quote = _mm_set1_epi8('"'), comma = _mm_set1_epi8(','), line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r');
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    ByteMasks m{};
    for (unsigned i = 0; i < 64; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
      const auto equal = [&](__m128i c) { return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, c)))} << i; };
      m.quotes |= equal(quote);
      m.commas |= equal(comma);
      m.breaks |= equal(line);
      m.returns |= equal(back);
    }
    out[b] = m;
  }
}

__attribute__((target("avx2"))) void by_avx2(const char* text, std::size_t blocks, ByteMasks* out) {
  const __m256i quote = _mm256_set1_epi8('"'), comma = _mm256_set1_epi8(','), line = _mm256_set1_epi8('\n'), back = _mm256_set1_epi8('\r');
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    ByteMasks m{};
    for (unsigned i = 0; i < 64; i += 32) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
      m.quotes |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, quote)))} << i;
      m.commas |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, comma)))} << i;
      m.breaks |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, line)))} << i;
      m.returns |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, back)))} << i;
    }
    out[b] = m;
  }
}

#endif

}  // namespace

std::size_t ways_to_mask(MaskBytes (&ways)[3]) {
  std::size_t n = 0;
  ways[n++] = plainly;
#if defined(__x86_64__)
  ways[n++] = by_sse2;
  if (__builtin_cpu_supports("avx2")) ways[n++] = by_avx2;
#endif
  return n;
}

void byte_masks(const char* text, std::size_t blocks, ByteMasks* out) {
  static const MaskBytes best = [] {
    MaskBytes ways[3];
    return ways[ways_to_mask(ways) - 1];
  }();
  best(text, blocks, out);
}

}  // namespace tiao::facts
