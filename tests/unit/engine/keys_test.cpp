// Parts of rows by their keys: the same numbers whatever is known of the keys, in whatever width, with any number of threads.
#include "runtime/engine/keys.hpp"

#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

struct KeysTest : ::testing::Test {
  std::mt19937 random{20260701};
  std::int64_t pick(std::size_t n) { return static_cast<std::int64_t>(random() % n); }
  Columns columns;
  Index index;
  std::vector<std::vector<std::int64_t>> tuples;   // of known rows; empty: not known

  // One key of numbers, one of choices; loose: some are not known.
  void rows(std::size_t count, std::int64_t apart, bool loose) {
    std::vector<Cell> numbers;
    std::vector<std::int64_t> masks;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t number = 5 + pick(16) * apart, choice = std::int64_t{1} << pick(3);
      const bool known_number = !loose || pick(50) != 0, known_choice = !loose || pick(50) != 0;
      numbers.push_back(known_number ? known(number) : between(number, number + 1));
      masks.push_back(known_choice ? choice : 7);
      tuples.push_back(known_number && known_choice ? std::vector{number, choice} : std::vector<std::int64_t>{});
    }
    index.keys = {columns.numbers(numbers), columns.masks(masks)};
    index.kinds = {Kind::integer, Kind::choice};
  }

  void check(std::uint32_t threads, bool narrow) {
    for (Array<std::uint32_t>* a : {&index.offsets, &index.rows, &index.unknown_rows, &index.part_of, &index.part_at, &index.buckets}) *a = Array<std::uint32_t>();
    index.digits.clear();
    index.narrow_part_of = Array<std::uint16_t>();
    number_parts(index, static_cast<std::uint32_t>(tuples.size()), threads, narrow);
    std::vector<std::vector<std::int64_t>> met;
    std::vector<std::uint32_t> unknown;
    for (std::uint32_t row = 0; row < tuples.size(); ++row) {
      if (tuples[row].empty()) {
        unknown.push_back(row);
        ASSERT_EQ(index.parts()[row], none) << row;
        continue;
      }
      const auto there = std::find(met.begin(), met.end(), tuples[row]);
      const auto part = static_cast<std::uint32_t>(there - met.begin());
      if (there == met.end()) met.push_back(tuples[row]);
      ASSERT_EQ(index.parts()[row], part) << row;
    }
    EXPECT_EQ(index.offsets.size(), met.size() + 1);
    EXPECT_EQ(list(index.unknown_rows), unknown);
    list_parts(index);
    for (std::uint32_t part = 0; part < met.size(); ++part) {
      EXPECT_EQ(index.find(met[part].data()), part);
      for (std::uint32_t i = index.offsets[part]; i < index.offsets[part + 1]; ++i) ASSERT_EQ(tuples[index.rows[i]], met[part]);
    }
    EXPECT_EQ(index.offsets[met.size()] + unknown.size(), tuples.size());
  }
};

TEST_F(KeysTest, AreNumberedByTheirFirstRow) {
  for (const std::int64_t apart : {std::int64_t{1}, std::int64_t{1'000'000'000'000}})   // close together, and hashed
    for (const bool loose : {false, true}) {
      tuples.clear();
      rows(70'000, apart, loose);
      for (const bool narrow : {false, true})
        for (const std::uint32_t threads : {1u, 3u})
          for (const auto& bounds : {std::pair(neg_inf, pos_inf), std::pair(std::int64_t{5}, std::int64_t{20}), std::pair(std::int64_t{6}, std::int64_t{9})}) {
            index.bounds = {bounds, {neg_inf, pos_inf}};   // the last one is wrong: it is only a hint
            check(threads, narrow);
          }
    }
}

TEST_F(KeysTest, ManyPartsTakeWideNumbers) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < 100'000; ++i) {
    numbers.push_back(i);
    tuples.push_back({i});
  }
  index.keys = {columns.values(numbers)};
  index.kinds = {Kind::integer};
  number_parts(index, 100'000, 2, true);
  EXPECT_TRUE(index.narrow_part_of.empty());
  EXPECT_EQ(index.parts()[99'999], 99'999u);
}

}  // namespace
}  // namespace tiao::engine
