// What is kept by tuples of keys.
#include "runtime/engine/keys.hpp"

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

TEST(KeyTable, NumbersTuplesAsTheyComeAndFindsThemAgain) {
  KeyTable table(2);
  for (int pass = 0; pass < 2; ++pass)
    for (std::uint32_t i = 0; i < 1000; ++i) {
      const Cell tuple[] = {known(i % 37), i % 5 == 0 ? between(neg_inf, pos_inf) : known(i / 37)};
      bool fresh = false;
      const std::uint32_t number = table.number(tuple, fresh);
      EXPECT_EQ(table.number(tuple, fresh), number);
      EXPECT_FALSE(fresh);
    }
  KeyTable nothing(0);
  bool fresh = false;
  EXPECT_EQ(nothing.number(nullptr, fresh), 0u);
  EXPECT_TRUE(fresh);
  EXPECT_EQ(nothing.number(nullptr, fresh), 0u);
  EXPECT_FALSE(fresh);
}

}  // namespace
}  // namespace tiao::engine
