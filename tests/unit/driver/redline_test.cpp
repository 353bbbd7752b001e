#include "compiler/driver/redline.hpp"

#include <gtest/gtest.h>

namespace tiao::driver {
namespace {

using Kind = Redline::Kind;

std::string read(const std::vector<Redline>& pieces, Kind without) {
  std::string out;
  for (const Redline& piece : pieces)
    if (piece.kind != without) out += piece.text;
  return out;
}

TEST(Redline, EitherTextCanBeReadFromIt) {
  const std::pair<std::string, std::string> texts[] = {
      {"", ""}, {"", "某甲"}, {"某甲", ""}, {"when late >= 3 then warn", "when late >= 12 and late <= 20 then close"}, {"暂停 3个月\n  并处", "暂停 5个月 并处\n"}, {"a b c d", "d c b a"}};
  for (const auto& [before, after] : texts) {
    const std::vector<Redline> pieces = redline(before, after);
    EXPECT_EQ(read(pieces, Kind::come), before);
    EXPECT_EQ(read(pieces, Kind::gone), after);
  }
}

TEST(Redline, WholeWordsAndSingleCharacters) {
  EXPECT_EQ(redline("late >= 3", "late >= 12"), (std::vector<Redline>{{Kind::same, "late >= "}, {Kind::gone, "3"}, {Kind::come, "12"}}));
  EXPECT_EQ(redline("应当暂停", "可以暂停"), (std::vector<Redline>{{Kind::gone, "应当"}, {Kind::come, "可以"}, {Kind::same, "暂停"}}));
  EXPECT_EQ(redline("same", "same"), (std::vector<Redline>{{Kind::same, "same"}}));
}

// Neither reads as one text when words that were struck stand between words that stay.
TEST(Redline, BlanksBetweenTwoChangesGoWithThem) {
  EXPECT_EQ(redline("x a b y", "x c d y"), (std::vector<Redline>{{Kind::same, "x "}, {Kind::gone, "a b"}, {Kind::come, "c d"}, {Kind::same, " y"}}));
}

}  // namespace
}  // namespace tiao::driver
