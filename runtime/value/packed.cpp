#include "runtime/value/packed.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/value/value.hpp"
#include "runtime/value/wide_loops.hpp"

namespace tiao {

namespace {

constexpr std::int64_t far[] = {pos_inf, neg_inf, never_day, unstated_day, unstated_duration};

// Words nearer to zero than this need no comparison with the far ones.
constexpr std::uint64_t near_limit = std::uint64_t{1} << 39;

// Which far value this is; as many as there are: none.
std::uint64_t far_number(std::int64_t word) {
  if (static_cast<std::uint64_t>(word) + near_limit < 2 * near_limit) return std::size(far);
  return static_cast<std::uint64_t>(std::find(std::begin(far), std::end(far), word) - std::begin(far));
}

// What a block looks like before it is packed.
struct Seen {
  std::int64_t least, most;
  std::uint64_t apart = 0, distant = 0;   // bits in which words differ from the first; not 0: some may be far
};

template <std::size_t count>
[[gnu::always_inline]] inline Seen look_through(const std::int64_t* words) {
  Seen seen{words[0], words[0]};
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t word = words[i];
    seen.distant |= (static_cast<std::uint64_t>(word) + near_limit) & ~(2 * near_limit - 1);
    seen.least = std::min(seen.least, word);
    seen.most = std::max(seen.most, word);
    seen.apart |= static_cast<std::uint64_t>(word) ^ static_cast<std::uint64_t>(words[0]);
  }
  return seen;
}

// The same without the words that have a code of their own; false: all have.
bool look_between_far(const std::int64_t* words, std::size_t count, Seen& seen, bool& some_far) {
  bool some = false;
  std::int64_t one = 0;
  seen = {0, 0, 0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t word = words[i];
    if (far_number(word) != std::size(far)) {
      some_far = true;
      continue;
    }
    if (!some) seen.least = seen.most = one = word;
    some = true;
    seen.least = std::min(seen.least, word);
    seen.most = std::max(seen.most, word);
    seen.apart |= static_cast<std::uint64_t>(word) ^ static_cast<std::uint64_t>(one);
  }
  return some;
}

// Codes of so many bits behind each other: two neighbours become one code twice as wide for as long as that fits a word.
template <std::size_t count>
[[gnu::always_inline]] inline void write_codes(const std::uint64_t* codes, unsigned bits, std::uint64_t* out) {
  if constexpr (count > 2) {
    if (bits <= 32) {
      std::uint64_t pairs[count / 2];
      for (std::size_t i = 0; i < count / 2; ++i) pairs[i] = codes[2 * i] | codes[2 * i + 1] << bits;
      return write_codes<count / 2>(pairs, 2 * bits, out);
    }
  }
  std::uint64_t collected = 0;
  unsigned filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t code = codes[i];
    collected |= code << filled;
    filled += bits;
    if (filled < 64) continue;
    *out++ = collected;
    filled -= 64;
    collected = filled == 0 ? 0 : code >> (bits - filled);
  }
}

// How a block was coded; see Packed::Block.
struct Coded {
  std::int64_t base;
  unsigned bits, shift;
  bool far;
};

// Writes the codes as they are kept, at most `count` words.
template <std::size_t count>
[[gnu::always_inline]] inline Coded code_block(const std::int64_t* words, std::uint64_t* out) {
  Seen seen = look_through<count>(words);
  bool some_far = false;
  if (seen.distant != 0 && !look_between_far(words, count, seen, some_far) && std::all_of(words, words + count, [&](std::int64_t w) { return w == words[0]; }))
    return {words[0], 0, 0, false};
  // Words that agree in their lowest bits with one of them agree there with each other.
  const auto shift = static_cast<unsigned>(seen.apart == 0 ? 0 : std::countr_zero(seen.apart));
  const std::uint64_t widest = (static_cast<std::uint64_t>(seen.most) - static_cast<std::uint64_t>(seen.least)) >> shift;
  unsigned bits = static_cast<unsigned>(std::bit_width(widest));
  if (some_far) {
    bits = std::max(bits, 3u);
    if (bits < 64 && (~std::uint64_t{0} >> (64 - bits)) - widest < std::size(far)) ++bits;
  }
  if (bits >= 62) {   // as they are
    std::memcpy(out, words, count * sizeof(std::int64_t));
    return {0, 64, 0, false};
  }
  const Coded coded{seen.least, bits, shift, some_far};
  if (bits == 0) return coded;
  std::uint64_t codes[count];
  for (std::size_t i = 0; i < count; ++i) codes[i] = (static_cast<std::uint64_t>(words[i]) - static_cast<std::uint64_t>(seen.least)) >> shift;
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - bits);
  for (std::size_t i = 0; i < count && some_far; ++i)
    if (const std::uint64_t n = far_number(words[i]); n != std::size(far)) codes[i] = mask - n;
  write_codes<count>(codes, bits, out);
  return coded;
}

template <std::size_t count>
struct CodeBlock {
  [[gnu::always_inline]] static inline Coded run(const std::int64_t* words, std::uint64_t* out) { return code_block<count>(words, out); }
};

template <class T>
void make_room(std::vector<T>& v, std::size_t more) {
  if (v.size() + more > v.capacity()) v.reserve(v.size() + more + v.size() / 4 + 8);
}

}  // namespace

std::int64_t Packed::far_value(std::uint64_t i) { return far[i]; }

Packed::Packed(std::initializer_list<std::int64_t> words) {
  for (const std::int64_t word : words) push_back(word);
}

void Packed::differ() {
  static_assert(std::size(far) == far_values);
  body_ = std::make_unique<Body>();
  if (plain_) return body_->tail.assign(size_, same_);
  const std::size_t full = size_ / block_rows;
  body_->blocks.reserve(full + full / 4 + 1);
  body_->blocks.assign(full, Block{same_, 0, 0, 0, 0});
  body_->tail.reserve(block_rows);
  body_->tail.assign(size_ % block_rows, same_);
}

void Packed::append(const Packed& other) {
  if (other.size_ == 0) return;
  if (size_ == 0 && plain_ == other.plain_) {
    *this = other;
    return;
  }
  if (!other.body_) return append(other.size_, other.same_);
  if (other.plain_) return append(other.body_->tail.data(), other.size_);
  if (!body_) differ();
  if (size_ % block_rows != 0 || plain_) {   // in the middle of a block
    std::int64_t some[block_rows];
    for (std::size_t i = 0; i < other.size_; i += block_rows) {
      const std::size_t count = std::min(block_rows, other.size_ - i);
      other.copy(i, count, some);
      append(some, count);
    }
    return;
  }
  const auto shift = static_cast<std::uint32_t>(body_->words.size());
  body_->words.insert(body_->words.end(), other.body_->words.begin(), other.body_->words.end());
  for (Block block : other.body_->blocks) {
    block.first += shift;
    body_->blocks.push_back(block);
  }
  body_->tail = other.body_->tail;
  size_ += other.size_;
}

void Packed::clear() {
  if (!plain_ || !body_) {
    body_ = nullptr;
    size_ = 0;
    return;
  }
  body_->tail.clear();
  size_ = 0;
}

void Packed::add_block(std::int64_t base, unsigned bits, unsigned shift, bool far, const std::uint64_t* codes) {
  make_room(body_->blocks, 1);
  body_->blocks.push_back({base, static_cast<std::uint32_t>(body_->words.size()), static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(shift), far});
  const std::size_t words = bits * block_rows / 64;
  make_room(body_->words, words);
  body_->words.insert(body_->words.end(), codes, codes + words);
}

void Packed::pack(const std::int64_t* words) {
  std::uint64_t codes[block_rows];
  const Coded coded = WideLoop<CodeBlock<block_rows>>::call(words, codes);
  add_block(coded.base, coded.bits, coded.shift, coded.far, codes);
}

// Two bits each, without looking which of them are needed.
void Packed::pack_truths(const std::uint8_t* bytes) {
  std::uint64_t in[block_rows / 8], beyond = 0, apart = 0;
  std::memcpy(in, bytes, block_rows);
  const std::uint64_t first = bytes[0] * std::uint64_t{0x0101010101010101};
  for (const std::uint64_t word : in) {
    beyond |= word;
    apart |= word ^ first;
  }
  if (apart == 0 || (beyond & ~std::uint64_t{0x0303030303030303}) != 0) {
    std::int64_t words[block_rows];
    std::copy_n(bytes, block_rows, words);
    return pack(words);
  }
  std::uint64_t out[block_rows / 32] = {};
  for (std::size_t i = 0; i < block_rows / 8; ++i) {
    std::uint64_t x = in[i];
    x = (x | x >> 6) & 0x000f000f000f000f;
    x = (x | x >> 12) & 0x000000ff000000ff;
    x = (x | x >> 24) & 0xffff;
    out[i / 4] |= x << (16 * (i % 4));
  }
  add_block(0, 2, 0, false, out);
}

void Packed::close_block() {
  pack(body_->tail.data());
  body_->tail.clear();
}

template <class T>
void Packed::append_any(const T* words, std::size_t count) {
  std::size_t i = 0;
  if (!body_) {
    if (size_ == 0 && count != 0) same_ = words[0];
    const auto same = static_cast<T>(same_);
    if (static_cast<std::int64_t>(same) == same_)
      while (i < count && words[i] == same) ++i;
    size_ += i;
    if (i == count) return;
    differ();
  }
  LineVector<std::int64_t>& tail = body_->tail;
  const auto keep = [&](std::size_t more) {
    const std::size_t before = tail.size();
    if (before + more > tail.capacity()) tail.reserve(std::max(before + more, before + before / 2));
    tail.resize(before + more);   // nothing is written yet
    std::copy_n(words + i, more, tail.begin() + static_cast<std::ptrdiff_t>(before));
    size_ += more;
    i += more;
  };
  if (plain_) return keep(count - i);
  if (!tail.empty()) {
    keep(std::min(block_rows - tail.size(), count - i));
    if (tail.size() < block_rows) return;
    close_block();
  }
  for (; i + block_rows <= count; i += block_rows) {
    if constexpr (sizeof(T) == 1) {
      pack_truths(words + i);
    } else if constexpr (sizeof(T) == 8) {
      pack(words + i);
    } else {
      std::int64_t wide[block_rows];
      std::copy_n(words + i, block_rows, wide);
      pack(wide);
    }
    size_ += block_rows;
  }
  keep(count - i);
}

void Packed::append(const std::int64_t* words, std::size_t count) { append_any(words, count); }
void Packed::append(const std::uint32_t* words, std::size_t count) { append_any(words, count); }
void Packed::append(const std::uint8_t* bytes, std::size_t count) { append_any(bytes, count); }

void Packed::append(std::size_t count, std::int64_t word) {
  if (!body_ && (size_ == 0 || same_ == word)) {
    same_ = word;
    size_ += count;
    return;
  }
  if (!body_) differ();
  if (plain_) {
    body_->tail.insert(body_->tail.end(), count, word);
    size_ += count;
    return;
  }
  for (; count != 0 && size_ % block_rows != 0; --count) push_back(word);
  for (; count >= block_rows; count -= block_rows) {
    add_block(word, 0, 0, false, nullptr);
    size_ += block_rows;
  }
  for (; count != 0; --count) push_back(word);
}

void Packed::expect(double times) {
  if (!body_ || body_->blocks.empty()) return;
  const auto room = [times](const auto& of) { return static_cast<std::size_t>(static_cast<double>(of.size()) * times) + 8; };
  body_->blocks.reserve(room(body_->blocks));
  body_->words.reserve(room(body_->words));
}

void Packed::shrink() {
  if (!body_ || body_->blocks.empty()) return;   // a kilobyte at most
  const auto shrink = [](auto& of) {   // to move it for a little more than is needed is not worth it
    if (of.capacity() > of.size() + of.size() / 16) of.shrink_to_fit();
  };
  shrink(body_->blocks);
  shrink(body_->words);
  body_->tail.shrink_to_fit();
}

std::size_t Packed::bytes() const {
  if (!body_) return 0;
  return sizeof(Body) + body_->blocks.capacity() * sizeof(Block) + body_->words.capacity() * sizeof(std::uint64_t) + body_->tail.capacity() * sizeof(std::int64_t);
}

void Packed::copy(std::size_t first, std::size_t count, std::int64_t* words) const {
  if (!body_) {
    std::fill_n(words, count, same_);
    return;
  }
  while (count != 0) {
    const std::size_t b = first / block_rows, from = first % block_rows, here = std::min(count, block_rows - from);
    if (b >= body_->blocks.size()) {
      std::copy_n(body_->tail.begin() + static_cast<std::ptrdiff_t>(first - body_->blocks.size() * block_rows), count, words);
      return;
    }
    const Block& block = body_->blocks[b];
    const auto base = static_cast<std::uint64_t>(block.base);
    if (block.bits == 0) {
      std::fill_n(words, here, block.base);
    } else if (block.far != 0) {
      for (std::size_t i = 0; i < here; ++i) words[i] = unpacked(block, from + i);
    } else if (block.bits == 64) {
      std::copy_n(body_->words.begin() + block.first + static_cast<std::ptrdiff_t>(from), here, words);
    } else {
      const std::uint64_t mask = ~std::uint64_t{0} >> (64 - block.bits), *const codes = &body_->words[block.first];
      for (std::size_t i = 0; i < here; ++i) {
        const std::size_t bit = (from + i) * block.bits, word = bit / 64, at = bit % 64;
        std::uint64_t code = codes[word] >> at;
        if (at + block.bits > 64) code |= codes[word + 1] << (64 - at);
        words[i] = static_cast<std::int64_t>(base + ((code & mask) << block.shift));
      }
    }
    first += here;
    words += here;
    count -= here;
  }
}

bool operator==(const Packed& a, const Packed& b) {
  if (a.size_ != b.size_) return false;
  for (std::size_t i = 0; i < a.size_; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

std::size_t first_from(const Packed& ascending, std::int64_t word) {
  std::size_t first = 0, end = ascending.size();
  while (first < end) {
    const std::size_t middle = first + (end - first) / 2;
    if (ascending[middle] < word) first = middle + 1;
    else end = middle;
  }
  return first;
}

}  // namespace tiao
