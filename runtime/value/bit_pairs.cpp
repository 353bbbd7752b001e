#include "runtime/value/bit_pairs.hpp"

#include <algorithm>
#include <cstring>

namespace tiao {

namespace {

// Bit 0 of each of eight bytes, as eight bits: the multiplication gathers them in the highest byte.
std::uint64_t low_bits(std::uint64_t eight_bytes) { return (eight_bytes & 0x0101010101010101u) * 0x0102040810204080u >> 56; }

}  // namespace

void pack_pairs(const std::uint8_t* values, std::size_t count, std::uint64_t* first, std::uint64_t* second) {
  for (std::size_t row = 0; row < count; row += BitPairs::word_rows) {
    std::uint64_t ones = 0, twos = 0;
    const std::size_t here = std::min(count - row, BitPairs::word_rows), whole = here / 8 * 8;
    for (std::size_t i = 0; i < whole; i += 8) {
      std::uint64_t bytes;
      std::memcpy(&bytes, values + row + i, 8);
      ones |= low_bits(bytes) << i;
      twos |= low_bits(bytes >> 1) << i;
    }
    for (std::size_t i = whole; i < here; ++i) {
      ones |= static_cast<std::uint64_t>(values[row + i] & 1) << i;
      twos |= static_cast<std::uint64_t>(values[row + i] >> 1 & 1) << i;
    }
    first[row / BitPairs::word_rows] = ones;
    second[row / BitPairs::word_rows] = twos;
  }
}

void BitPairs::reserve(std::size_t rows) {
  first_.reserve(room_of(rows));
  second_.reserve(room_of(rows));
}

void BitPairs::make_room(std::size_t size) {
  size_ = size;
  for (Words* plane : {&first_, &second_}) {
    if (plane->size() != room_of(size) || plane->lent()) {
      plane->clear();
      plane->resize(room_of(size));
    }
    std::uint64_t* const words = plane->data();
    std::fill(words + size / word_rows, words + plane->size(), 0);
  }
}

void BitPairs::resize(std::size_t size, std::uint8_t value) {
  const std::size_t before = size_;
  const std::uint64_t one = (value & 1) != 0 ? ~std::uint64_t{0} : 0, two = (value & 2) != 0 ? ~std::uint64_t{0} : 0;
  const std::size_t words = words_of(before);
  first_.resize(room_of(size), one);
  second_.resize(room_of(size), two);
  for (std::size_t w = words; w < std::min(room_of(before), first_.size()); ++w) {   // room that was there already
    first_[w] = one;
    second_[w] = two;
  }
  size_ = size;
  if (size > before && before % word_rows != 0) {
    const std::uint64_t added = ~std::uint64_t{0} << before % word_rows;
    first_[before / word_rows] |= one & added;
    second_[before / word_rows] |= two & added;
  }
  settle();
}

void BitPairs::append(const std::uint8_t* values, std::size_t count) {
  while (count != 0 && size_ % word_rows != 0) {
    push_back(*values++);
    --count;
  }
  if (count == 0) return;
  const std::size_t word = size_ / word_rows;
  first_.resize(room_of(size_ + count), 0);
  second_.resize(room_of(size_ + count), 0);
  pack_pairs(values, count, first_.data() + word, second_.data() + word);
  size_ += count;
}

void BitPairs::append(const BitPairs& other) {
  const std::size_t shift = size_ % word_rows, word = size_ / word_rows;
  const auto join = [&](Words& plane, const Words& from) {
    plane.resize(room_of(size_ + other.size_), 0);
    std::uint64_t* const to = plane.data();
    for (std::size_t i = 0; i < words_of(other.size_); ++i) {
      to[word + i] |= from[i] << shift;
      if (shift != 0 && word + i + 1 < plane.size()) to[word + i + 1] |= from[i] >> (word_rows - shift);
    }
  };
  join(first_, other.first_);
  join(second_, other.second_);
  size_ += other.size_;
}

BitPairs BitPairs::slice(std::size_t first, std::size_t count) const {
  constexpr std::size_t block_rows = word_rows * block_words;
  const std::size_t word = first / word_rows, shift = first % word_rows;
  if (first % block_rows == 0 && (count % block_rows == 0 || first + count == size_))
    return lent({first_.data() + word, room_of(count)}, {second_.data() + word, room_of(count)}, count);
  BitPairs out;
  out.make_room(count);
  const auto copy = [&](Words& to, const Words& from) {
    std::uint64_t* const words = to.data();
    for (std::size_t i = 0; i < words_of(count); ++i) {
      words[i] = from[word + i] >> shift;
      if (shift != 0 && word + i + 1 < from.size()) words[i] |= from[word + i + 1] << (word_rows - shift);
    }
  };
  copy(out.first_, first_);
  copy(out.second_, second_);
  out.settle();
  return out;
}

void BitPairs::shrink() {
  first_.shrink_to_fit();
  second_.shrink_to_fit();
}

void BitPairs::settle() {
  for (Words* plane : {&first_, &second_}) {
    std::uint64_t* const words = plane->data();
    std::fill(words + words_of(size_), words + plane->size(), 0);
    if (size_ % word_rows != 0) words[size_ / word_rows] &= ~(~std::uint64_t{0} << size_ % word_rows);
  }
}

bool BitPairs::contains(std::uint8_t value) const {
  const std::uint64_t one = (value & 1) != 0 ? 0 : ~std::uint64_t{0}, two = (value & 2) != 0 ? 0 : ~std::uint64_t{0};
  for (std::size_t w = 0; w < words_of(size_); ++w) {
    std::uint64_t with = (first_[w] ^ one) & (second_[w] ^ two);
    if (w == size_ / word_rows) with &= ~(~std::uint64_t{0} << size_ % word_rows);
    if (with != 0) return true;
  }
  return false;
}

}  // namespace tiao
