// The cells of one column as they are mostly written: a word, a number, a date, a key. What is written otherwise, or wrongly, is
// left to read_cell, which knows every form and says what is wrong.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/bytes.hpp"
#include "runtime/facts/read_cell.hpp"

namespace tiao::facts {

/// The words of an enum, found by their bytes.
class WordTable {
 public:
  explicit WordTable(const Enum& of);
  /// 0: no such word.
  std::uint64_t mask(std::string_view word) const {
    const std::uint64_t first = first_bytes(word), last = last_bytes(word);
    for (std::size_t at = slot(first, last);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& s = slots_[at];
      if (s.mask == 0) return 0;
      if (s.first == first && s.last == last && s.word.size() == word.size() && (word.size() <= 16 || s.word == word)) return s.mask;
    }
  }

 private:
  struct Slot { std::uint64_t first = 0, last = 0, mask = 0; std::string_view word; };
  std::size_t slot(std::uint64_t first, std::uint64_t last) const {
    return static_cast<std::size_t>(((first ^ (last << 1)) * 0x9e3779b97f4a7c15u) >> shift_);
  }
  std::vector<Slot> slots_;   // a power of two, never full
  unsigned shift_ = 0;
};

class ColumnReader {
 public:
  ColumnReader(const Schema& schema, const Column& column);

  bool readable() const { return readable_; }
  const Column& column() const { return column_; }
  const Slot& slot() const { return slot_; }

  /// False: not one of the plain forms.
  bool quick(const CellSpec::Part& part, StringPool& strings, Cell& out) const {
    using Token = CellSpec::Token;
    const bool word = part.token == Token::string || part.token == Token::bare;
    switch (column_.type.kind) {
      case Kind::boolean: {
        if (part.token != Token::boolean && part.token != Token::bare) return false;
        const std::uint8_t t = truth_of(part.text);
        out = known(t);
        return t != 0;
      }
      case Kind::choice: out = known(static_cast<std::int64_t>(word ? words_.mask(part.text) : 0)); return out.lo != 0;
      case Kind::text:
      case Kind::ref:
        if (word) out = known(strings.intern(part.text));
        return word;
      case Kind::date: return word && date(part.text, out.lo) && one(out);
      case Kind::integer:
      case Kind::decimal:
      case Kind::money:
      case Kind::percent: {
        // JSON has no 01.
        if (part.token == Token::number && part.text.size() > 1 && part.text[0] == '0' && part.text[1] != '.') return false;
        return part.token != Token::null && part.token != Token::boolean && fixed(part.text, out.lo) && one(out);
      }
      default: return false;
    }
  }

  /// `Truth` of true and false (是, 否); 0: neither.
  static std::uint8_t truth_of(std::string_view text) {
    if (text.size() == 4) return loaded<std::uint32_t>(text.data()) == true_bytes;
    if (text.size() == 5) return loaded<std::uint32_t>(text.data()) == fals_bytes && text[4] == 'e' ? 2 : 0;
    if (text.size() == 3) return text == "是" ? 1 : text == "否" ? 2 : 0;
    return 0;
  }
  std::uint64_t mask(std::string_view word) const { return words_.mask(word); }
  /// A whole day of the years around now, or never, within the declared range.
  bool date(std::string_view text, std::int64_t& day) const;
  /// Digits with at most one point and no more places than the type has, not too many, within the declared range.
  bool fixed(std::string_view text, std::int64_t& value) const;

 private:
  static constexpr std::uint32_t true_bytes = 0x65757274, fals_bytes = 0x736c6166;   // read as little-endian
  static bool one(Cell& out) {
    out = known(out.lo);
    return true;
  }
  bool in_range(std::int64_t value) const { return value >= slot_.range_lo && value <= slot_.range_hi; }

  const Column& column_;
  Slot slot_;
  bool readable_;
  WordTable words_;
};

}  // namespace tiao::facts
