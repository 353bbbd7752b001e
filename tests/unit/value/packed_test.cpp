#include "runtime/value/packed.hpp"

#include <gtest/gtest.h>

#include <random>

#include "runtime/value/value.hpp"

namespace tiao {
namespace {

std::vector<std::int64_t> words_of(const Packed& packed) {
  std::vector<std::int64_t> words(packed.size());
  packed.copy(0, packed.size(), words.data());
  return words;
}

Packed pushed(const std::vector<std::int64_t>& words) {
  Packed packed;
  for (const std::int64_t word : words) packed.push_back(word);
  return packed;
}

TEST(Packed, WhatIsTheSameThroughoutTakesNothing) {
  Packed packed;
  packed.append(100'000, 7);
  for (int i = 0; i < 100'000; ++i) packed.push_back(7);
  EXPECT_EQ(packed.size(), 200'000u);
  EXPECT_EQ(packed[0], 7);
  EXPECT_EQ(packed[199'999], 7);
  EXPECT_EQ(packed.bytes(), 0u);
  packed.push_back(8);
  EXPECT_EQ(packed[199'999], 7);
  EXPECT_EQ(packed[200'000], 8);
  EXPECT_EQ(packed.back(), 8);
}

TEST(Packed, EveryWordComesBack) {
  std::mt19937_64 random(1);
  const std::int64_t far[] = {neg_inf, pos_inf, never_day, unstated_day, unstated_duration, neg_inf + 1, pos_inf - 1, never_day - 1, unstated_day + 1};
  for (unsigned bits = 0; bits <= 64; ++bits)
    for (const bool with_far : {false, true})
      for (const unsigned shift : {0u, 32u}) {
        std::vector<std::int64_t> words;
        const std::uint64_t mask = bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits), base = random();
        for (int i = 0; i < 700; ++i)
          words.push_back(with_far && random() % 5 == 0 ? far[random() % std::size(far)] : static_cast<std::int64_t>(base + ((random() & mask) << shift)));
        EXPECT_EQ(words_of(pushed(words)), words) << bits << (with_far ? " far " : " ") << shift;
        Packed in_bulk{words[0], words[1]};
        in_bulk.append(words.data() + 2, words.size() - 2);
        EXPECT_EQ(words_of(in_bulk), words) << bits;
        EXPECT_EQ(in_bulk, pushed(words));
      }
}

TEST(Packed, TheLeastWordMayComeLate) {
  for (std::size_t at = 0; at < 128; ++at) {
    std::vector<std::int64_t> words(128);
    for (std::size_t i = 0; i < 128; ++i) words[i] = 200 + static_cast<std::int64_t>(i % 7) * 4;
    words[at] = 3;
    EXPECT_EQ(words_of(pushed(words)), words) << at;
  }
}

TEST(Packed, ABlockOfFarValuesAlone) {
  std::vector<std::int64_t> words;
  for (int i = 0; i < 256; ++i) words.push_back(i % 3 == 0 ? pos_inf : i % 3 == 1 ? neg_inf : unstated_duration);
  Packed packed = pushed(words);
  EXPECT_EQ(words_of(packed), words);
  packed.shrink();
  EXPECT_LT(packed.bytes(), 256u);
}

TEST(Packed, APlainColumnKeepsItsWords) {
  std::mt19937_64 random(2);
  const auto plain = [] {
    Packed column;
    column.stay_plain();
    return column;
  };
  for (const std::size_t size : {0u, 1u, 127u, 128u, 129u, 1000u})
    for (const bool same : {true, false}) {
      std::vector<std::int64_t> words;
      for (std::size_t i = 0; i < size; ++i) words.push_back(same ? 5 : static_cast<std::int64_t>(random() % 100));
      Packed one_by_one = plain(), in_bulk = plain();
      for (const std::int64_t word : words) one_by_one.push_back(word);
      in_bulk.append(words.data(), words.size() / 2);
      in_bulk.append(words.data() + words.size() / 2, words.size() - words.size() / 2);
      EXPECT_EQ(words_of(one_by_one), words);
      EXPECT_EQ(one_by_one, in_bulk);
      for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(in_bulk[i], words[i]);
      // Behind other words, and again after it was cleared.
      Packed behind{1, 2, 3};
      std::vector<std::int64_t> all{1, 2, 3};
      for (int times = 0; times < 3; ++times) {
        behind.append(in_bulk);
        all.insert(all.end(), words.begin(), words.end());
        in_bulk.clear();
        EXPECT_TRUE(in_bulk.empty());
        in_bulk.append(words.data(), words.size());
      }
      EXPECT_EQ(words_of(behind), all);
      Packed first;
      first.append(in_bulk);
      EXPECT_EQ(words_of(first), words);
      EXPECT_LE(first.bytes(), size * sizeof(std::int64_t) + 2048);
      in_bulk.append(300, 9);
      EXPECT_EQ(in_bulk.size(), size + 300);
      EXPECT_EQ(in_bulk.back(), 9);
    }
}

TEST(Packed, TruthsTakeTwoBits) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 128 * 100 + 5; ++i) bytes.push_back(static_cast<std::uint8_t>(i * i % 4));
  Packed packed;
  packed.append(bytes.data(), bytes.size());
  packed.shrink();
  ASSERT_EQ(packed.size(), bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(packed[i], bytes[i]) << i;
  EXPECT_LT(packed.bytes(), bytes.size() / 2);
  bytes[700] = 6;   // of a duty there are more states
  Packed states;
  states.append(bytes.data(), 3);
  states.append(bytes.data() + 3, bytes.size() - 3);
  for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(states[i], bytes[i]) << i;
}

TEST(Packed, RowsInOrderAndDaysTakeAByteOrTwo) {
  std::vector<std::uint32_t> rows;
  std::vector<std::int64_t> days, months;
  for (int i = 0; i < 10'000; ++i) {
    rows.push_back(static_cast<std::uint32_t>(3'000'000'000u + i * 3 / 2));
    days.push_back(20'000 + i % 365);
    months.push_back((i % 5) * month_unit);
  }
  Packed packed;
  packed.append(rows.data(), rows.size());
  packed.shrink();
  EXPECT_LT(packed.bytes(), 13'000u);
  EXPECT_EQ(packed[9'999], rows[9'999]);
  Packed of_days = pushed(days), of_months = pushed(months);
  of_days.shrink();
  of_months.shrink();
  EXPECT_LT(of_days.bytes(), 16'000u);
  EXPECT_LT(of_months.bytes(), 8'000u);
  EXPECT_EQ(words_of(of_months), months);
}

TEST(Packed, AppendsMixWithPushes) {
  std::mt19937_64 random(2);
  std::vector<std::int64_t> words;
  Packed packed;
  while (words.size() < 5'000) {
    std::vector<std::int64_t> more(random() % 300);
    for (std::int64_t& word : more) word = static_cast<std::int64_t>(random() % 3);
    packed.append(more.data(), more.size());
    words.insert(words.end(), more.begin(), more.end());
    packed.append(2, 1);
    words.insert(words.end(), {1, 1});
    packed.push_back(9);
    words.push_back(9);
  }
  EXPECT_EQ(words_of(packed), words);
  packed.clear();
  EXPECT_TRUE(packed.empty());
  EXPECT_EQ(packed, Packed());
}

TEST(Packed, ExpectsMoreOfTheSame) {
  Packed packed;
  const auto add = [&](std::int64_t first) {
    for (std::int64_t i = first; i < first + 12'800; ++i) packed.push_back(i * 37 % 1000);
  };
  add(0);
  packed.expect(10.2);
  const std::size_t room = packed.bytes();
  for (std::int64_t n = 1; n < 10; ++n) add(n * 12'800);
  EXPECT_EQ(packed.bytes(), room);
  EXPECT_EQ(packed[127'999], 127'999 * 37 % 1000);
  packed.shrink();
  EXPECT_GT(packed.bytes(), room * 15 / 16);
}

TEST(Packed, CopiesFromAnyWord) {
  std::mt19937_64 random(3);
  for (unsigned bits = 0; bits <= 64; ++bits) {
    std::vector<std::int64_t> words(1'000);
    for (std::int64_t& word : words) word = static_cast<std::int64_t>(bits == 0 ? 5 : random() >> (64 - bits));
    if (bits % 3 == 1) words[200] = pos_inf, words[201] = neg_inf;
    Packed packed;
    packed.append(words.data(), words.size());
    packed.append(300, 4);
    words.insert(words.end(), 300, 4);
    EXPECT_EQ(words_of(packed), words);
    for (const std::size_t first : {0u, 1u, 127u, 128u, 700u, 1290u})
      for (const std::size_t count : {0u, 1u, 10u}) {
        std::vector<std::int64_t> some(count);
        packed.copy(first, count, some.data());
        EXPECT_TRUE(std::equal(some.begin(), some.end(), words.begin() + static_cast<std::ptrdiff_t>(first))) << bits << ' ' << first << ' ' << count;
      }
    std::vector<std::int64_t> all(words.size());
    packed.copy(0, all.size(), all.data());
    EXPECT_EQ(all, words) << bits;
  }
}

TEST(Packed, PiecesJoinAsIfWrittenAtOnce) {
  const auto value = [](std::size_t i, std::size_t kind) -> std::int64_t {
    if (kind == 0) return 7;
    if (kind == 1) return static_cast<std::int64_t>(i % 3);
    return i % 50 == 0 ? neg_inf : static_cast<std::int64_t>(i * 2654435761u % 100'000);
  };
  for (std::size_t left = 0; left < 3; ++left)
    for (std::size_t right = 0; right < 3; ++right)
      for (const std::size_t first : {0u, 1u, 128u, 300u, 4096u})
        for (const std::size_t second : {0u, 5u, 128u, 1000u}) {
          Packed whole, a, b;
          for (std::size_t i = 0; i < first + second; ++i) {
            const std::int64_t word = value(i, i < first ? left : right);
            whole.push_back(word);
            (i < first ? a : b).push_back(word);
          }
          a.append(b);
          ASSERT_EQ(a.size(), whole.size());
          for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_EQ(a[i], whole[i]) << left << right << ' ' << first << ' ' << second << ' ' << i;
          a.push_back(-3);
          EXPECT_EQ(a.back(), -3);
          EXPECT_EQ(a.size(), whole.size() + 1);
        }
}

}  // namespace
}  // namespace tiao
