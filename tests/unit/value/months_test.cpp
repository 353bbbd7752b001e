#include "runtime/value/months.hpp"

#include <gtest/gtest.h>

namespace tiao::months {
namespace {

TEST(Months, EveryDayIsInItsMonth) {
  for (std::int64_t day = scalar::first_day; day <= scalar::last_day; ++day) {
    const scalar::Civil civil = scalar::civil(day);
    const std::int64_t month = of(day + epoch);
    ASSERT_EQ(month, std::int64_t{civil.year} * 12 + civil.month - 3) << day;
    ASSERT_EQ(day + epoch - starts[month], civil.day - 1) << day;
  }
  EXPECT_EQ(of(scalar::first_day + epoch), first);
  EXPECT_EQ(of(last_day), first + all - 1);
  EXPECT_EQ(starts[first + all], last_day + 1);
}

}  // namespace
}  // namespace tiao::months
