#include "runtime/value/bit_pairs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace tiao {
namespace {

std::uint8_t sample(std::size_t i) { return static_cast<std::uint8_t>((i * 2654435761u >> 7) & 3); }

TEST(BitPairs, HoldWhatWasPut) {
  for (const std::size_t rows : {0u, 1u, 63u, 64u, 65u, 127u, 128u, 1000u}) {
    std::vector<std::uint8_t> bytes(rows);
    for (std::size_t i = 0; i < rows; ++i) bytes[i] = sample(i);
    BitPairs pushed, appended;
    for (const std::uint8_t b : bytes) pushed.push_back(b);
    for (std::size_t at = 0, step = 1; at < rows; at += step, step = std::min<std::size_t>(step * 3 + 1, rows - at)) appended.append(bytes.data() + at, std::min(step, rows - at));
    ASSERT_EQ(pushed.size(), rows);
    for (std::size_t i = 0; i < rows; ++i) ASSERT_EQ(pushed[i], bytes[i]);
    EXPECT_EQ(pushed, appended) << rows;
    for (std::uint8_t v = 0; v < 4; ++v) EXPECT_EQ(pushed.contains(v), std::find(bytes.begin(), bytes.end(), v) != bytes.end());
  }
}

TEST(BitPairs, GrowAndChange) {
  BitPairs pairs(70, 2);
  pairs.set(3, 1);
  pairs.set(69, 3);
  pairs.resize(200, 1);
  EXPECT_EQ(pairs[3], 1);
  EXPECT_EQ(pairs[69], 3);
  EXPECT_EQ(pairs[68], 2);
  EXPECT_EQ(pairs[70], 1);
  EXPECT_EQ(pairs[199], 1);
  pairs.resize(65);
  EXPECT_EQ(pairs, [] { BitPairs p(65, 2); p.set(3, 1); return p; }());
  EXPECT_FALSE(pairs.contains(0)) << "bits behind the last row are no rows";
}

TEST(BitPairs, JoinAtAnyRow) {
  for (const std::size_t first : {0u, 1u, 63u, 64u, 100u}) {
    BitPairs all, a, b;
    for (std::size_t i = 0; i < 230; ++i) {
      all.push_back(sample(i));
      (i < first ? a : b).push_back(sample(i));
    }
    a.append(b);
    EXPECT_EQ(a, all) << first;
  }
}

TEST(BitPairs, SlicesAreAsIfPutThere) {
  BitPairs all;
  for (std::size_t i = 0; i < 1700; ++i) all.push_back(sample(i));
  for (const std::size_t first : {0u, 1u, 63u, 64u, 100u, 512u, 1024u})
    for (const std::size_t count : {0u, 1u, 64u, 100u, 512u, 600u}) {
      BitPairs expected;
      for (std::size_t i = first; i < first + count; ++i) expected.push_back(sample(i));
      const BitPairs slice = all.slice(first, count);
      EXPECT_EQ(slice, expected) << first << ' ' << count;
      EXPECT_EQ(slice.bytes() == 0 && count != 0, first % 512 == 0 && count == 512) << first << ' ' << count;   // lent
    }
  EXPECT_EQ(all.slice(1536, 164)[163], sample(1699));
}

}  // namespace
}  // namespace tiao
