// A column of 64-bit words that is written once from front to back and read anywhere: results of large runs, of which most are
// truths, rows in order and days that lie close together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/value/lines.hpp"

namespace tiao {

// Blocks of words, each kept as a base and the fewest bits that tell its words apart; the endless and unstated values, which lie far
// from all others, have codes of their own. While every word is the same nothing is kept but that word.
class Packed {
 public:
  Packed() = default;
  Packed(std::initializer_list<std::int64_t> words);
  Packed(const Packed& other) : size_(other.size_), same_(other.same_), plain_(other.plain_), body_(other.body_ ? std::make_unique<Body>(*other.body_) : nullptr) {}
  Packed(Packed&& other) noexcept : size_(std::exchange(other.size_, 0)), same_(other.same_), plain_(other.plain_), body_(std::move(other.body_)) {}
  Packed& operator=(Packed other) noexcept {
    size_ = other.size_;
    same_ = other.same_;
    plain_ = other.plain_;
    body_ = std::move(other.body_);
    return *this;
  }
  ~Packed() = default;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::int64_t back() const { return (*this)[size_ - 1]; }
  std::int64_t operator[](std::size_t i) const {
    if (!body_) return same_;
    const std::size_t b = i / block_rows;
    return b < body_->blocks.size() ? unpacked(body_->blocks[b], i % block_rows) : body_->tail[i - body_->blocks.size() * block_rows];
  }

  void push_back(std::int64_t word) {
    if (!body_) {
      if (size_ == 0) same_ = word;
      if (word == same_) {
        ++size_;
        return;
      }
      differ();
    }
    body_->tail.push_back(word);
    ++size_;
    if (body_->tail.size() == block_rows && !plain_) close_block();
  }
  void append(const std::int64_t* words, std::size_t count);
  void append(const std::uint32_t* words, std::size_t count);
  // Truths, or other numbers of one byte.
  void append(const std::uint8_t* bytes, std::size_t count);
  void append(std::size_t count, std::int64_t word);
  void append(const Packed& other);
  // Without words; what stays plain keeps its room.
  void clear();
  // An empty column whose words stay as they are: it is read once, and then put behind another one.
  void stay_plain() { plain_ = true; }
  // Sets aside room for so many times the words that are there, if the rest is like them.
  void expect(double times);
  // Gives back what was set aside for more.
  void shrink();

  std::size_t bytes() const;
  // Copies the words first .. first + count.
  void copy(std::size_t first, std::size_t count, std::int64_t* words) const;
  friend bool operator==(const Packed& a, const Packed& b);

 private:
  static constexpr std::size_t block_rows = 128;   // one bit of each fills two machine words
  struct Block {
    std::int64_t base;
    std::uint32_t first;      // word of Body::words
    std::uint8_t bits;
    std::uint8_t shift;       // all words differ from the base by multiples of 2^shift
    std::uint8_t far;         // codes for far values are in use
  };
  // Of words that are not all the same: tables of results have some dozen columns, most of which are.
  struct Body {
    std::vector<Block> blocks;
    std::vector<std::uint64_t> words;
    LineVector<std::int64_t> tail;    // the block that is not full; of a plain column, all words
  };

  std::int64_t unpacked(const Block& block, std::size_t i) const {
    if (block.bits == 0) return block.base;
    const std::size_t bit = i * block.bits, word = block.first + bit / 64, from = bit % 64;
    std::uint64_t code = body_->words[word] >> from;
    if (from + block.bits > 64) code |= body_->words[word + 1] << (64 - from);
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - block.bits);
    code &= mask;
    if (block.far != 0 && mask - code < far_values) return far_value(mask - code);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(block.base) + (code << block.shift));
  }
  static constexpr std::uint64_t far_values = 5;
  static std::int64_t far_value(std::uint64_t i);

  void differ();              // the words so far as blocks
  void close_block();
  void pack(const std::int64_t* words);
  void add_block(std::int64_t base, unsigned bits, unsigned shift, bool far, const std::uint64_t* codes);
  void pack_truths(const std::uint8_t* bytes);
  template <class T>
  void append_any(const T* words, std::size_t count);

  std::size_t size_ = 0;
  std::int64_t same_ = 0;
  bool plain_ = false;
  std::unique_ptr<Body> body_;   // null: all words are `same_`
};

// The first place of a column in ascending order whose word is not below this one.
std::size_t first_from(const Packed& ascending, std::int64_t word);

}  // namespace tiao
