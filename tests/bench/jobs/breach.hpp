// Articles 62 to 66 over cases whose findings may be unknown: made, and decided by hand.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tests/bench/jobs/job.hpp"
#include "tests/bench/jobs/wide_vector.hpp"

namespace tiao::bench {

namespace breach {
inline constexpr unsigned findings = 54, circumstances = 3, booleans = findings + circumstances;
/// Items of articles 62 to 66, and where those of an article begin.
inline constexpr std::array<unsigned, 5> items{13, 7, 11, 11, 12}, first{0, 13, 20, 31, 42};
/// Columns of the register, in the order of the planes: the findings, then what weighs.
const std::array<const char*, booleans>& names();
enum : unsigned { vile = findings, intent, established };

/// Parts of the heads of 63 to 66: reached by an own item, or by one of an earlier article with more.
inline constexpr unsigned parts = 8;
enum Remedy : unsigned { interview, rectify, hold, refuse, penalty, extend, suspend, no_fees, terminate, publish, remedies };
struct RemedyInfo { const char* id; core::Modality modality; std::vector<unsigned> heads; };
const std::array<RemedyInfo, remedies>& remedy_info();
}  // namespace breach

/// Cases as planes: known true, and given as null. Levels are one byte each, `no_level` when null.
struct BreachFacts {
  static constexpr std::uint8_t no_level = 0xff;
  std::uint32_t rows = 0;
  std::array<Plane, breach::booleans> yes, null;
  std::vector<std::uint8_t> loss, impact;
  Truth truth(unsigned column, std::uint32_t row) const { return bit(yes[column], row) ? Truth::yes : bit(null[column], row) ? Truth::unknown : Truth::no; }
};
BreachFacts make_breach(std::uint32_t rows, std::uint64_t seed = 1);
void fill(const BreachFacts& facts, facts::FactBase& base);

/// Planes side by side, 512 rows at a time: what is known true and what is known false of each finding; of each level its two bits and
/// whether it is known.
class BreachTwin {
 public:
  static constexpr std::size_t block_rows = 512, block_words = block_rows / 64;
  static constexpr unsigned inputs = breach::booleans * 2 + 6;
  /// Pairs (true, false) of every item, part of a head, head and remedy.
  static constexpr unsigned propositions = breach::findings + breach::parts + 5, outputs = (propositions + breach::remedies) * 2;

  explicit BreachTwin(const BreachFacts& facts);
  /// All results as planes.
  void run(unsigned threads = 1);
  /// The same where an item that is the finding itself is not written once more: what a program would do that keeps its facts.
  void run_without_copies(unsigned threads = 1);

  std::uint32_t rows() const { return rows_; }
  std::size_t bytes_read() const { return in_.size() * 8; }
  std::size_t bytes_written() const { return out_.size() * 8; }
  Truth item(unsigned which, std::size_t row) const { return at(which, row); }
  Truth part(unsigned which, std::size_t row) const { return at(breach::findings + which, row); }
  Truth head(unsigned which, std::size_t row) const { return at(breach::findings + breach::parts + which, row); }
  Truth remedy(unsigned which, std::size_t row) const { return at(propositions + which, row); }

 private:
  Truth at(unsigned pair, std::size_t row) const {
    const std::uint64_t* block = out_.data() + row / block_rows * outputs * block_words + pair * 2 * block_words + row % block_rows / 64;
    return (block[0] >> (row % 64) & 1u) != 0 ? Truth::yes : (block[block_words] >> (row % 64) & 1u) != 0 ? Truth::no : Truth::unknown;
  }
  std::uint32_t rows_;
  std::size_t blocks_;
  WideVector<std::uint64_t> in_, out_;
};

/// What the twin found, against an engine.
void compare(const BreachTwin& twin, Expectation& engine);

}  // namespace tiao::bench
