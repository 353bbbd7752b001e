#include <optional>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

enum : std::uint32_t { count, sum, highest, lowest, average, only, exists, every, share, consecutive };

struct Row { std::uint8_t in; Cell value; std::optional<Cell> date = {}; };

Cell fold(std::uint32_t kind, Kind value_kind, const std::vector<Row>& rows, std::optional<Cell> if_none = {}, bool open = false, std::uint32_t n = 0) {
  FoldState state;
  tiao_fold_begin(&state, kind, static_cast<std::uint32_t>(value_kind), n);
  for (const Row& r : rows) tiao_fold_row(&state, r.in, &r.value, r.date ? &*r.date : nullptr);
  const Cell widest = between(0, 20);
  if (open) tiao_fold_open(&state, &widest);
  Cell out;
  tiao_fold_end(&out, &state, if_none ? &*if_none : nullptr);
  return out;
}
Cell fold(std::uint32_t kind, const std::vector<Row>& rows, std::optional<Cell> if_none = {}, bool open = false) {
  return fold(kind, Kind::integer, rows, if_none, open);
}
Cell truth_fold(std::uint32_t kind, const std::vector<Row>& rows, bool open = false, std::uint32_t n = 0) {
  return fold(kind, Kind::boolean, rows, {}, open, n);
}
Cell ratio(std::int64_t lo, std::int64_t lo_den, std::int64_t hi, std::int64_t hi_den) { return {lo, hi, lo_den, hi_den}; }

TEST(Fold, CountsRowsThatAreInAndThatMayBe) {
  EXPECT_EQ(fold(count, {{T, known(0)}, {U, known(0)}, {F, known(0)}}), between(1, 2));
  EXPECT_EQ(fold(count, {}), known(0));
  EXPECT_EQ(fold(count, {{T, known(0)}}, {}, true), between(1, pos_inf));
  EXPECT_EQ(fold(count, {{E, known(0)}}), number_error());
}

TEST(Fold, SumsTheHullOfZeroForUndecidedRows) {
  EXPECT_EQ(fold(sum, {{T, between(1, 2)}, {U, known(5)}, {U, known(-3)}}), between(-2, 7));
  EXPECT_EQ(fold(sum, {}), known(0));
  EXPECT_EQ(fold(sum, {{T, known(4)}}, {}, true), between(4, pos_inf));
  EXPECT_EQ(fold(sum, {{F, number_error()}, {T, known(1)}}), known(1)) << "a row that is out is not looked at";
  EXPECT_EQ(fold(sum, {{U, number_error()}}), number_error());
  EXPECT_EQ(fold(sum, {{T, known(pos_inf - 1)}, {T, known(1)}}), number_error()) << "no finite end may overflow";
  EXPECT_EQ(fold(sum, {{T, known(pos_inf - 1)}, {T, known(5)}, {T, known(-6)}}), known(pos_inf - 2)) << "only the whole must fit";
  EXPECT_EQ(fold(sum, {{T, known(pos_inf - 1)}, {T, known(5)}, {U, between(neg_inf, pos_inf)}}), between(neg_inf, pos_inf)) << "what is open may be anything";
  EXPECT_EQ(fold(sum, {{T, known(pos_inf - 1)}, {T, known(5)}, {U, between(neg_inf, 0)}}), number_error()) << "the upper end does not fit";
  EXPECT_EQ(fold(sum, Kind::duration, {{T, known(months((1 << 28) - 1))}, {T, known(months(2))}, {T, known(months(-3))}}), known(months((1 << 28) - 2)));
  EXPECT_EQ(fold(sum, Kind::duration, {{T, known(months((1 << 28) - 1))}, {T, known(months(2))}, {T, known(unstated_duration)}}), known(unstated_duration));
  EXPECT_EQ(fold(sum, Kind::duration, {{T, known(months(2))}, {U, known(months(1))}}), between(months(2), months(3)));
}

TEST(Fold, TakesTheHighestWithItsEnds) {
  EXPECT_EQ(fold(highest, {{T, between(3, 5)}, {T, known(4)}, {U, known(9)}}), between(4, 9));
  EXPECT_EQ(fold(highest, {{U, known(3)}, {U, known(5)}}, known(0)), between(0, 5));
  EXPECT_EQ(fold(highest, {{U, known(3)}, {U, known(5)}}), between(3, 5));
  EXPECT_EQ(fold(highest, {}, known(7)), known(7));
  EXPECT_EQ(fold(highest, {}), number_error());
  EXPECT_EQ(fold(highest, {{T, known(4)}}, {}, true), between(4, 20));
  EXPECT_EQ(fold(lowest, {{T, between(3, 5)}, {U, known(1)}}), between(1, 5));
  EXPECT_EQ(fold(lowest, {{U, known(3)}, {U, known(5)}}, known(9)), between(3, 9));
}

TEST(Fold, OrdersChoicesByTheirValuesAndRatiosByTheirQuotients) {
  const auto mask = [](std::int64_t m) { return choice_of(static_cast<std::uint64_t>(m)); };
  EXPECT_EQ(fold(highest, Kind::choice, {{T, mask(0b0010)}, {T, mask(0b1001)}}), mask(0b1010));
  EXPECT_EQ(fold(lowest, Kind::choice, {{T, mask(0b0010)}, {U, mask(0b0001)}}), mask(0b0011));
  EXPECT_EQ(fold(highest, Kind::boolean, {{T, of(Truth::no)}, {U, of(Truth::yes)}}), of(Truth::unknown));
  EXPECT_EQ(fold(highest, Kind::boolean, {{T, of(Truth::yes)}, {U, of(Truth::no)}}), of(Truth::yes));
  EXPECT_EQ(fold(highest, Kind::ratio, {{T, ratio(1, 3, 1, 3)}, {T, ratio(2, 5, 2, 5)}}), ratio(2, 5, 2, 5));
  EXPECT_EQ(fold(lowest, Kind::ratio, {{T, ratio(2, 6, 2, 6)}, {T, ratio(1, 3, 1, 3)}}), ratio(2, 6, 2, 6)) << "of equal ones the first";
  EXPECT_EQ(fold(lowest, Kind::ratio, {{U, ratio(2, 6, 2, 6)}, {U, ratio(1, 3, 1, 3)}}), ratio(1, 3, 1, 3));
  EXPECT_EQ(fold(highest, Kind::text, {{T, known(4)}, {T, known(4)}}), known(4));
  EXPECT_EQ(fold(highest, Kind::text, {{T, known(4)}, {T, known(5)}}), between(neg_inf, pos_inf));
}

TEST(Fold, AveragesTheEndsOfThoseThatDrawTheMeanFurthest) {
  EXPECT_EQ(fold(average, {{T, between(1, 3)}, {T, known(4)}}), ratio(5, 2, 7, 2));
  EXPECT_EQ(fold(average, {{T, between(1, 3)}, {U, known(9)}}), ratio(1, 1, 12, 2));
  EXPECT_EQ(fold(average, {{T, known(4)}, {U, known(0)}, {U, known(3)}, {U, known(4)}}), ratio(4, 2, 4, 1)) << "with the 3 it would be 7 / 3";
  EXPECT_EQ(fold(average, {{U, known(2)}, {U, between(5, 7)}}), ratio(2, 1, 7, 1)) << "any of them may be alone";
  EXPECT_EQ(fold(average, {{T, known(30)}}, {}, true), ratio(0, 1, 30, 1)) << "hull with the widest value";
  EXPECT_EQ(fold(average, {{T, between(3, pos_inf)}, {T, known(5)}}), ratio(8, 2, pos_inf, 1));
  EXPECT_EQ(fold(average, Kind::money, {{T, known(100)}, {T, known(101)}}, {}, false, 2), ratio(201, 200, 201, 200)) << "in whole units";
  EXPECT_EQ(fold(average, {{T, known(pos_inf - 1)}, {T, known(5)}}), Cell(ratio_error())) << "the sum does not fit";
  EXPECT_EQ(fold(average, {}, ratio(0, 1, 0, 1)), ratio(0, 1, 0, 1));
}

TEST(Fold, FindsTheOnlyValueOrTheContradiction) {
  EXPECT_EQ(fold(only, {{T, known(4)}, {T, known(4)}}), known(4));
  EXPECT_EQ(fold(only, {{T, known(4)}, {T, known(5)}}), number_error());
  EXPECT_EQ(fold(only, {{T, known(4)}, {T, between(3, 5)}, {T, known(5)}}), number_error());
  EXPECT_EQ(fold(only, {{T, known(4)}, {U, known(6)}}), between(4, 6));
  EXPECT_EQ(fold(only, {{U, known(6)}}, known(1)), between(1, 6));
}

TEST(Fold, JoinsTruthsOfMembershipAndCondition) {
  const Cell yes = of(Truth::yes), no = of(Truth::no), unknown = of(Truth::unknown), error = of(Truth::error);
  EXPECT_EQ(truth_fold(exists, {{U, yes}, {T, no}}), unknown);
  EXPECT_EQ(truth_fold(exists, {{E, yes}, {T, yes}}), yes) << "a sure row absorbs an error";
  EXPECT_EQ(truth_fold(exists, {{E, no}}), no);
  EXPECT_EQ(truth_fold(exists, {}, true), unknown);
  EXPECT_EQ(truth_fold(every, {{U, no}, {T, yes}}), unknown);
  EXPECT_EQ(truth_fold(every, {{T, no}, {T, error}}), no);
  EXPECT_EQ(truth_fold(every, {{E, yes}}), yes);
  EXPECT_EQ(truth_fold(every, {{T, yes}}, true), unknown);
  EXPECT_EQ(truth_fold(every, {}), yes);
}

TEST(Fold, BoundsAShareOverAllCompletions) {
  const Cell yes = of(Truth::yes), no = of(Truth::no), unknown = of(Truth::unknown);
  auto of_rows = [](const std::vector<Row>& rows, bool open = false) { return fold(share, Kind::boolean, rows, ratio(0, 1, 0, 1), open); };
  EXPECT_EQ(of_rows({{T, yes}, {T, no}, {T, no}}), ratio(1, 3, 1, 3)) << "a share is kept as counted";
  EXPECT_EQ(of_rows({{T, yes}, {T, unknown}, {T, no}}), ratio(1, 3, 2, 3));
  EXPECT_EQ(of_rows({{T, yes}, {T, no}, {U, yes}, {U, no}}), ratio(1, 3, 2, 3));
  EXPECT_EQ(of_rows({{T, no}, {U, unknown}}), ratio(0, 2, 1, 2));
  EXPECT_EQ(of_rows({{U, yes}}), ratio(0, 1, 1, 1));
  EXPECT_EQ(of_rows({}), ratio(0, 1, 0, 1));
  EXPECT_EQ(of_rows({{T, yes}}, true), ratio(0, 1, 1, 1));
  EXPECT_EQ(of_rows({{T, of(Truth::error)}}), ratio_error());
}

TEST(Fold, FindsNeighboursInARow) {
  const Cell yes = of(Truth::yes), no = of(Truth::no), unknown = of(Truth::unknown);
  auto three = [](const std::vector<Row>& rows, bool open = false) { return truth_fold(consecutive, rows, open, 3); };
  EXPECT_EQ(three({{T, yes}, {T, yes}, {T, yes}}), yes);
  EXPECT_EQ(three({{T, yes}, {T, no}, {T, yes}, {T, yes}}), no);
  EXPECT_EQ(three({{T, yes}, {U, yes}, {T, yes}, {T, yes}}), yes) << "a row that may be there and holds breaks nothing";
  EXPECT_EQ(three({{T, yes}, {U, no}, {T, yes}, {T, yes}}), unknown);
  EXPECT_EQ(three({{T, yes}, {T, unknown}, {T, yes}}), unknown);
  EXPECT_EQ(three({{T, yes}, {T, yes}, {T, yes}}, true), unknown);
  EXPECT_EQ(three({{T, of(Truth::error)}}), of(Truth::error));
}

TEST(Fold, OrdersDatedRowsBeforeLookingForNeighbours) {
  const Cell yes = of(Truth::yes), no = of(Truth::no);
  auto two = [](const std::vector<Row>& rows) { return fold(consecutive, Kind::boolean, rows, {}, false, 2); };
  EXPECT_EQ(two({{T, yes, known(30)}, {T, no, known(20)}, {T, yes, known(10)}}), no);
  EXPECT_EQ(two({{T, yes, known(30)}, {T, no, known(40)}, {T, yes, known(10)}}), yes);
  EXPECT_EQ(two({{T, yes, between(5, 50)}, {T, no, known(40)}, {T, yes, known(10)}}), of(Truth::unknown));
  EXPECT_EQ(two({{T, yes, between(5, 50)}, {T, yes, known(10)}}), yes);
  EXPECT_EQ(two({{T, yes, number_error()}}), of(Truth::error));
}

struct Line { std::uint8_t condition; Cell output; };
enum : std::uint32_t { unique, first, table_highest, table_lowest };

Cell table(std::uint32_t policy, const std::vector<Line>& lines, bool otherwise = false) {
  std::vector<std::uint8_t> conditions;
  std::vector<Cell> outputs;
  for (const Line& l : lines) {
    conditions.push_back(l.condition);
    outputs.push_back(l.output);
  }
  Cell out;
  tiao_table(&out, conditions.data(), outputs.data(), static_cast<std::uint32_t>(lines.size()), otherwise, policy, static_cast<std::uint32_t>(Kind::integer));
  return out;
}

TEST(Table, AnswersByItsHitPolicy) {
  EXPECT_EQ(table(unique, {{F, known(1)}, {T, known(2)}}), known(2));
  EXPECT_EQ(table(unique, {{T, known(1)}, {T, known(2)}}), number_error());
  EXPECT_EQ(table(unique, {{T, known(2)}, {T, known(2)}}), known(2));
  EXPECT_EQ(table(unique, {{T, known(2)}, {U, known(5)}}), between(2, 5));
  EXPECT_EQ(table(unique, {{F, known(2)}}), number_error());
  EXPECT_EQ(table(unique, {{U, known(2)}, {T, known(9)}}, true), between(2, 9));
  EXPECT_EQ(table(unique, {{T, known(2)}, {T, known(9)}}, true), known(2));
  EXPECT_EQ(table(first, {{U, known(1)}, {T, known(2)}, {T, number_error()}}), between(1, 2)) << "rows behind one that holds are not looked at";
  EXPECT_EQ(table(first, {{E, known(1)}, {T, known(2)}}), number_error());
  EXPECT_EQ(table(table_highest, {{T, known(1)}, {T, known(4)}, {F, known(9)}}), known(4));
  EXPECT_EQ(table(table_highest, {{T, known(1)}, {T, known(9)}}, true), known(1));
  EXPECT_EQ(table(table_lowest, {{U, known(1)}, {T, known(4)}}), between(1, 4));
  EXPECT_EQ(table(table_lowest, {{F, known(1)}}), number_error());
}

TEST(Support, ComparesRatiosWithPercentsOnEitherSide) {
  const Cell half = {1, 1, 2, 2}, fifty = known(50), sixty = known(60);
  constexpr std::uint32_t at_least = 2, under = 5;
  EXPECT_EQ(tiao_compare_ratio(at_least, &half, 0, &fifty, 1, 0), 1u);
  EXPECT_EQ(tiao_compare_ratio(under, &sixty, 1, &half, 0, 0), 2u);
  EXPECT_EQ(tiao_compare_ratio(at_least, &sixty, 1, &half, 0, 0), 1u);
}

TEST(Support, MapsChoicesBitByBit) {
  const std::uint8_t map[] = {2, 0, 1};
  const Cell choice = choice_of(0b101);
  Cell out;
  tiao_remap(&out, &choice, map, 3);
  EXPECT_EQ(out, choice_of(0b110));
}

}  // namespace
}  // namespace tiao::engine
