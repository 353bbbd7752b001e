#include "compiler/core/serialize.hpp"

#include <gtest/gtest.h>

namespace tiao::core {
namespace {

Program sample() {
  Program p;
  p.hash = "0123456789abcdef";
  p.schema.strings = {"重复收费"};
  Entity e;
  e.id = "person", e.label = "人员";
  Column c;
  c.id = "points", c.type = Type{Kind::integer, 0, 3}, c.range_lo = 1, c.range_hi = 12, c.by = {2};
  e.columns = {c};
  p.schema.entities = {e};
  p.schema.calendars = {Calendar{"work", "", "synthetic", 100, 102, {true, false, true}}};
  p.exprs = {Expr{Op::constant, Type{Kind::boolean, 0, none}, 0, 0, 0, none}};
  p.constants = {of(Truth::yes), Cell{1, 2, 3, 4}};
  Ground g;
  g.conventions = {"民法典"};
  g.target.hops = {{Hop::linked, 4, 5}};
  p.grounds = {g};
  p.remaps = {{1, 0, 1}};
  return p;
}

TEST(Bytes, RoundTripIsExact) {
  const std::string bytes = to_bytes(sample());
  Program back;
  ASSERT_TRUE(from_bytes(bytes, back));
  EXPECT_EQ(to_bytes(back), bytes);
  EXPECT_EQ(back.schema.entities[0].columns[0].range_hi, 12);
  EXPECT_EQ(back.schema.calendars[0].works, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(back.grounds[0].target.hops[0].column, 5u);
}

TEST(Bytes, EveryTruncationIsNoticed) {
  const std::string bytes = to_bytes(sample());
  Program back;
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(from_bytes(std::string_view(bytes).substr(0, n), back)) << n;
  EXPECT_FALSE(from_bytes(bytes + "x", back));
}

TEST(Bytes, AnotherFormatIsNotRead) {
  std::string bytes = to_bytes(sample());
  bytes[0] = static_cast<char>(bytes[0] + 1);
  Program back;
  EXPECT_FALSE(from_bytes(bytes, back));
}

}  // namespace
}  // namespace tiao::core
