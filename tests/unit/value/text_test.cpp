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

TEST(Text, EscapesWhatMarkupWouldTakeForItsOwn) {
  EXPECT_EQ(xml_escaped("a < b & \"c\" > 条\n\x01"), "a &lt; b &amp; &quot;c&quot; &gt; 条\n");
}

}  // namespace
}  // namespace tiao
