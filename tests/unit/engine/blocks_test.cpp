// Memory of large arrays: contents survive growing and shrinking, and what is free is used again.
#include "runtime/value/blocks.hpp"

#include <gtest/gtest.h>

#include "runtime/engine/array.hpp"

namespace tiao::engine {
namespace {

constexpr std::size_t block = 4 * blocks::smallest;

struct Blocks : ::testing::Test {
  Blocks() { blocks::trim(); }
  ~Blocks() override {
    EXPECT_EQ(blocks::use().used, 0u);
    blocks::trim();
    EXPECT_EQ(blocks::use().kept, 0u);
  }
};

TEST_F(Blocks, KeepWhatAnArrayHoldsWhileItGrowsAndShrinks) {
  Array<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < 1000000; ++i) numbers.push(i);
  for (const std::uint32_t kept : {1000000u, 300000u, 1000u}) {
    numbers.resize(kept);
    numbers.shrink();
    ASSERT_EQ(numbers.bytes(), kept * sizeof(std::uint32_t));
    for (std::uint32_t i = 0; i < kept; ++i) ASSERT_EQ(numbers[i], i);
  }
  numbers.resize(200000);
  for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(numbers[i], i);
}

TEST_F(Blocks, AreUsedAgain) {
  { Array<std::uint8_t> gone(block); }
  EXPECT_EQ(blocks::use().used, 0u);
  EXPECT_EQ(blocks::use().kept, block);
  Array<std::uint8_t> first(block / 2), second(block / 2);
  EXPECT_EQ(blocks::use().kept, 0u) << "one block serves two arrays of half its size";
  EXPECT_EQ(blocks::use().used, block);
}

TEST_F(Blocks, AreNeverMoreThanWereInUseAtOnce) {
  { Array<std::uint8_t> gone(block), also(block); }
  Array<std::uint8_t> larger(block + block / 2);
  EXPECT_EQ(blocks::use().used + blocks::use().kept, 2 * block) << "what is free makes way for what fits nowhere";
  Array<std::uint8_t> more(2 * block);
  EXPECT_EQ(blocks::use().kept, 0u);
}

TEST_F(Blocks, RefuseWhatNoMachineHas) {
  EXPECT_THROW(Array<std::uint64_t>(static_cast<std::size_t>(-1) / 2), std::bad_alloc);
  EXPECT_THROW(Array<std::uint64_t>(static_cast<std::size_t>(-1) / 16), std::bad_alloc);
}

}  // namespace
}  // namespace tiao::engine
