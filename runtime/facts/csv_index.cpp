#include "runtime/facts/csv_index.hpp"

#include <algorithm>
#include <bit>

#include "runtime/facts/byte_masks.hpp"

namespace tiao::facts {
namespace {

// Bit i: whether an odd number of the bits up to i is set.
std::uint64_t parity(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// Of few bits.
std::size_t count(std::uint64_t bits) {
  std::size_t n = 0;
  for (; bits != 0; bits &= bits - 1) ++n;
  return n;
}

// A mask moved on by one byte, with the last byte of the block before.
struct Carried {
  std::uint64_t last;
  std::uint64_t operator()(std::uint64_t mask) {
    const std::uint64_t moved = (mask << 1) | last;
    last = mask >> 63;
    return moved;
  }
};

}  // namespace

bool index_csv(const char* text, std::size_t size, CsvIndex& index) {
  constexpr std::size_t together = 64;
  ByteMasks masks[together];
  index.records = index.line_breaks = 0;
  std::size_t n = 0;
  index.ends.resize(std::max<std::size_t>(index.ends.size(), 1024));
  index.ends[n++] = 0xffffffffu;
  std::uint64_t inside = 0, wrong = 0;   // inside: all ones while the block before ends within quotes
  Carried after_separator{1}, after_closing{0}, after_return{0};
  for (std::size_t first = 0; first < size; first += together * 64) {
    const std::size_t blocks = std::min(together, (size - first + 63) / 64);
    byte_masks(text + first, blocks, masks);
    for (std::size_t b = 0; b < blocks; ++b) {
      ByteMasks m = masks[b];
      const std::size_t at = first + b * 64;
      if (size - at < 64) {
        const std::uint64_t there = (std::uint64_t{1} << (size - at)) - 1;
        m = {m.quotes & there, m.commas & there, m.breaks & there, m.returns & there};
      }
      index.line_breaks += count(m.breaks);
      const std::uint64_t within = parity(m.quotes) ^ inside;   // from the opening quote up to what stands before the closing one
      inside = 0 - (within >> 63);
      const std::uint64_t breaks = m.breaks & ~within;
      std::uint64_t separators = breaks | (m.commas & ~within);
      const std::uint64_t opening = m.quotes & within, closing = m.quotes & ~within;
      const std::uint64_t separated = after_separator(separators), closed = after_closing(closing);
      const std::uint64_t returned = after_return(closed & m.returns);
      // A quote opens at the start of a field, or doubles the one before it; behind one that closes the field ends.
      wrong |= (opening & ~(separated | closed)) | (closed & ~(separators | opening | m.returns)) | (returned & ~breaks);
      index.records += count(breaks);
      if (n + 64 > index.ends.size()) index.ends.resize(index.ends.size() * 2);
      std::uint32_t* end = index.ends.data() + n;
      for (; separators != 0; separators &= separators - 1) *end++ = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(separators));
      n = static_cast<std::size_t>(end - index.ends.data());
    }
  }
  index.ends.resize(n);
  return wrong == 0 && inside == 0;
}

}  // namespace tiao::facts
