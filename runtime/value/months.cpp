#include "runtime/value/months.hpp"

namespace tiao::months {

namespace {

struct Table {
  std::int32_t start[count] = {};
  constexpr Table() {
    std::int32_t day = 0;
    for (std::int32_t month = 0; month < count; ++month) {
      start[month] = day;
      const std::int32_t of_year = month % 12, january = month / 12 + 1;   // the year of the January before the next March
      const bool leap = january % 4 == 0 && (january % 100 != 0 || january % 400 == 0);
      day += of_year == 11 ? 28 + leap : of_year == 1 || of_year == 3 || of_year == 6 || of_year == 8 ? 30 : 31;
    }
  }
};

constexpr Table table;

}  // namespace

const std::int32_t (&starts)[count] = table.start;

}  // namespace tiao::months
