// Values of two bits in two planes, 64 rows a word: truths (first plane known true, second known false; neither unknown, both an
// error) and what a cell holds (first plane null, second given). A word of a plane answers for 64 rows at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "runtime/value/lent.hpp"
#include "runtime/value/lines.hpp"

namespace tiao {

class BitPairs {
 public:
  static constexpr std::size_t word_rows = 64, block_words = 8;
  static constexpr std::size_t words_of(std::size_t rows) { return (rows + word_rows - 1) / word_rows; }
  // Of a plane: kernels read and write blocks of eight words, each a line of the cache.
  static constexpr std::size_t room_of(std::size_t rows) { return (words_of(rows) + block_words - 1) / block_words * block_words; }

  BitPairs() = default;
  explicit BitPairs(std::size_t size, std::uint8_t value = 0) { resize(size, value); }
  BitPairs(std::initializer_list<std::uint8_t> values) {
    for (const std::uint8_t v : values) push_back(v);
  }

  /// Planes that somebody else keeps, room_of(size) words each, at whole lines; bits behind the last row are 0.
  static BitPairs lent(std::span<const std::uint64_t> first, std::span<const std::uint64_t> second, std::size_t size) {
    BitPairs out;
    out.first_ = Words::of(first);
    out.second_ = Words::of(second);
    out.size_ = size;
    return out;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::uint8_t operator[](std::size_t i) const {
    const std::size_t word = i / word_rows, bit = i % word_rows;
    return static_cast<std::uint8_t>((first_[word] >> bit & 1) | (second_[word] >> bit & 1) << 1);
  }
  void set(std::size_t i, std::uint8_t value) {
    const std::uint64_t bit = std::uint64_t{1} << i % word_rows;
    std::uint64_t &first = first_[i / word_rows], &second = second_[i / word_rows];
    first = (value & 1) != 0 ? first | bit : first & ~bit;
    second = (value & 2) != 0 ? second | bit : second & ~bit;
  }

  void reserve(std::size_t rows);
  // New rows have the value.
  void resize(std::size_t size, std::uint8_t value = 0);
  // Room for so many rows instead of those that are there; somebody then writes all of it.
  void make_room(std::size_t size);
  void push_back(std::uint8_t value) {
    if (size_ % (word_rows * block_words) == 0) {
      first_.resize(first_.size() + block_words, 0);
      second_.resize(second_.size() + block_words, 0);
    }
    first_[size_ / word_rows] |= static_cast<std::uint64_t>(value & 1) << size_ % word_rows;
    second_[size_ / word_rows] |= static_cast<std::uint64_t>(value >> 1 & 1) << size_ % word_rows;
    ++size_;
  }
  // A byte each.
  void append(const std::uint8_t* values, std::size_t count);
  void append(std::size_t count, std::uint8_t value) { resize(size_ + count, value); }
  void append(const BitPairs& other);
  // Rows first .. first + count: lent, where they begin and end with a block, else a copy.
  BitPairs slice(std::size_t first, std::size_t count) const;
  void clear() { *this = BitPairs(); }
  void shrink();

  // Words of the planes. Bits behind the last row are 0, save while somebody writes through the pointers: settle() then.
  std::uint64_t* first() { return first_.data(); }
  std::uint64_t* second() { return second_.data(); }
  const std::uint64_t* first() const { return first_.data(); }
  const std::uint64_t* second() const { return second_.data(); }
  void settle();

  // Of its own.
  std::size_t bytes() const { return (first_.capacity() + second_.capacity()) * 8; }
  bool contains(std::uint8_t value) const;
  friend bool operator==(const BitPairs& a, const BitPairs& b) { return a.size_ == b.size_ && a.first_ == b.first_ && a.second_ == b.second_; }

 private:
  using Words = Lent<std::uint64_t, LineVector<std::uint64_t>>;   // room_of(size_) of them

  Words first_, second_;
  std::size_t size_ = 0;
};

// Puts values of a byte each into planes, from a row on that begins a word; the last word is filled up with 0.
void pack_pairs(const std::uint8_t* values, std::size_t count, std::uint64_t* first, std::uint64_t* second);

}  // namespace tiao
