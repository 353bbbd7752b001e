#include "runtime/value/text.hpp"

#include <gtest/gtest.h>

namespace tiao {
namespace {

TEST(Text, DistanceCountsCharactersNotBytes) {
  EXPECT_EQ(edit_distance("约谈", "约淡"), 1u);
  EXPECT_EQ(edit_distance("warn", "wran"), 2u);
  EXPECT_EQ(edit_distance("", "约谈"), 2u);
  EXPECT_EQ(character_count("约谈a"), 3u);
}

TEST(Text, OneLineHasOneBlankWhereThereWereMany) { EXPECT_EQ(one_line("  expect\n\tno   such\r\nthing"), "expect no such thing"); }

}  // namespace
}  // namespace tiao
