// Compiled arithmetic at its edges: what the generated code computes itself, and what it hands to runtime/value, is the same.
#include "tests/unit/jit/sheet.hpp"

namespace tiao::jit::testing {
namespace {

using core::CmpOp;
using core::Op;
using Row = Sheet::Row;

constexpr std::int64_t largest = pos_inf - 1, smallest = neg_inf + 1, root = std::int64_t{3037000500};   // root * root overflows

std::vector<Cell> numbers() {
  return {known(0), known(1), known(-1), known(7), known(root), known(-root), known(largest), known(smallest), between(-1, 1), between(2, 5),
          between(-5, -2), between(largest - 1, largest), between(smallest, largest), between(neg_inf, 3), between(3, pos_inf), anything(), number_error()};
}

const std::vector<CmpOp> comparisons = {CmpOp::is, CmpOp::is_not, CmpOp::at_least, CmpOp::at_most, CmpOp::over, CmpOp::under};

scalar::CmpOp same(CmpOp op) { return static_cast<scalar::CmpOp>(op); }
Truth truth_of(const Cell& cell) { return static_cast<Truth>(cell.lo); }

void expect_comparisons(Sheet& sheet, ExprId a, ExprId b, Kind kind, const std::function<std::pair<Cell, Cell>(const Row&)>& sides) {
  for (const CmpOp op : comparisons)
    sheet.expect("compare " + std::to_string(static_cast<int>(op)), sheet.b.compare(op, a, b), [=](const Row& row) {
      const auto [x, y] = sides(row);
      return of(scalar::compare(same(op), x, y, kind));
    });
}

TEST(Emission, WholeNumbers) {
  const Type type = core::integer_type();
  Sheet sheet({type, type});
  core::Builder& b = sheet.b;
  const ExprId x = sheet.operands[0], y = sheet.operands[1];
  sheet.rows({numbers(), numbers()});
  sheet.expect("add", b.add(x, y), [](const Row& r) { return scalar::add(r[0], r[1]); });
  sheet.expect("sub", b.sub(x, y), [](const Row& r) { return scalar::sub(r[0], r[1]); });
  sheet.expect("mul", b.mul(x, y), [](const Row& r) { return scalar::mul(r[0], r[1]); });
  sheet.expect("neg", b.neg(x), [](const Row& r) { return scalar::neg(r[0]); });
  sheet.expect("least", b.least({x, y}), [](const Row& r) { return scalar::least(r[0], r[1]); });
  sheet.expect("greatest", b.greatest({x, y}), [](const Row& r) { return scalar::greatest(r[0], r[1]); });
  sheet.expect("ratio", b.ratio(x, y), [](const Row& r) { return scalar::ratio_of(r[0], r[1]); });
  sheet.expect("ratio if none", b.ratio(x, y, b.constant({1, 1, 3, 3}, core::ratio_type())),
               [](const Row& r) { return scalar::ratio_of(r[0], r[1], true, {1, 1, 3, 3}); });
  expect_comparisons(sheet, x, y, Kind::integer, [](const Row& r) { return std::pair(r[0], r[1]); });
  // Chains: an error on the way stays, an end that is infinite stays so.
  sheet.expect("x * y - x", b.sub(b.mul(x, y), x), [](const Row& r) { return scalar::sub(scalar::mul(r[0], r[1]), r[0]); });
  sheet.expect("-(x + y)", b.neg(b.add(x, y)), [](const Row& r) { return scalar::neg(scalar::add(r[0], r[1])); });
  sheet.check();
}

// Constants are folded by the optimiser, where the same rules must hold.
TEST(Emission, WholeNumbersAgainstConstants) {
  const Type type = core::integer_type();
  Sheet sheet({type});
  core::Builder& b = sheet.b;
  sheet.rows({numbers()});
  for (const Cell& c : numbers()) {
    const ExprId x = sheet.operands[0], y = b.constant(c, type);
    sheet.expect("add", b.add(x, y), [c](const Row& r) { return scalar::add(r[0], c); });
    sheet.expect("sub from", b.sub(y, x), [c](const Row& r) { return scalar::sub(c, r[0]); });
    sheet.expect("mul", b.mul(x, y), [c](const Row& r) { return scalar::mul(r[0], c); });
    sheet.expect("ratio", b.ratio(x, y), [c](const Row& r) { return scalar::ratio_of(r[0], c); });
    sheet.expect("neg", b.neg(y), [c](const Row&) { return scalar::neg(c); });
    sheet.expect("twice", b.add(y, y), [c](const Row&) { return scalar::add(c, c); });
    sheet.expect("squared", b.mul(y, y), [c](const Row&) { return scalar::mul(c, c); });
    expect_comparisons(sheet, x, y, Kind::integer, [c](const Row& r) { return std::pair(r[0], c); });
  }
  sheet.check();
}

TEST(Emission, FourTruthValues) {
  const std::vector<Cell> truths = {of(Truth::yes), of(Truth::no), of(Truth::unknown), of(Truth::error)};
  Sheet sheet({core::boolean_type(), core::boolean_type(), core::boolean_type()});
  core::Builder& b = sheet.b;
  const ExprId x = sheet.operands[0], y = sheet.operands[1], z = sheet.operands[2];
  sheet.rows({truths, truths, truths});
  sheet.expect("not", b.not_(x), [](const Row& r) { return of(scalar::not_(truth_of(r[0]))); });
  sheet.expect("and", b.and_({x, y, z}), [](const Row& r) { return of(scalar::and_(scalar::and_(truth_of(r[0]), truth_of(r[1])), truth_of(r[2]))); });
  sheet.expect("or", b.or_({x, y, z}), [](const Row& r) { return of(scalar::or_(scalar::or_(truth_of(r[0]), truth_of(r[1])), truth_of(r[2]))); });
  sheet.expect("x and not (y or not z)", b.and_({x, b.not_(b.or_({y, b.not_(z)}))}), [](const Row& r) {
    return of(scalar::and_(truth_of(r[0]), scalar::not_(scalar::or_(truth_of(r[1]), scalar::not_(truth_of(r[2]))))));
  });
  sheet.expect("is", b.compare(CmpOp::is, x, y), [](const Row& r) { return of(scalar::compare(scalar::CmpOp::is, r[0], r[1], Kind::boolean)); });
  sheet.expect("if x take y otherwise z", b.select(x, y, z), [](const Row& r) { return scalar::choose(truth_of(r[0]), r[1], r[2], Kind::boolean); });
  sheet.check();
}

TEST(Emission, ChoosingNumbers) {
  const Type type = core::integer_type();
  Sheet sheet({core::boolean_type(), type, type});
  core::Builder& b = sheet.b;
  const ExprId t = sheet.operands[0], x = sheet.operands[1], y = sheet.operands[2];
  sheet.rows({{of(Truth::yes), of(Truth::no), of(Truth::unknown), of(Truth::error)}, numbers(), numbers()});
  sheet.expect("select", b.select(t, x, y), [](const Row& r) { return scalar::choose(truth_of(r[0]), r[1], r[2], Kind::integer); });
  // The branch that is not taken may overflow.
  sheet.expect("lazy", b.select(t, b.mul(x, b.integer(root)), y),
               [](const Row& r) { return scalar::choose(truth_of(r[0]), scalar::mul(r[1], known(root)), r[2], Kind::integer); });
  sheet.expect("first", b.table(core::HitPolicy::first, {{t, x}}, y), [](const Row& r) {
    const Truth holds = truth_of(r[0]);
    if (holds == Truth::error) return number_error();
    return holds == Truth::yes ? scalar::hull(r[1], r[1], Kind::integer) : holds == Truth::no ? r[2] : scalar::hull(r[1], r[2], Kind::integer);
  });
  sheet.check();
}

TEST(Emission, PlacesAndRounding) {
  const Type money{Kind::money, 2, none}, fine{Kind::money, 5, none}, percent{Kind::percent, 1, none};
  Sheet sheet({money, fine, percent});
  core::Builder& b = sheet.b;
  const std::vector<Cell> some = {known(0), known(12345), known(-12350), known(50), known(-50), known(largest), known(smallest),
                                  between(149, 151), between(neg_inf, 149), anything(), number_error()};
  sheet.rows({some, some, some});
  const ExprId x = sheet.operands[0], y = sheet.operands[1], p = sheet.operands[2];
  sheet.expect("rescale", b.rescale(x, 5), [](const Row& r) { return scalar::rescale(r[0], 2, 5); });
  for (const std::uint8_t places : {18, 20, 21, 40})
    sheet.expect("more places", b.rescale(x, places), [=](const Row& r) { return scalar::rescale(r[0], 2, places); });
  sheet.expect("share", b.mul(x, p), [](const Row& r) { return scalar::mul(r[0], r[2]); });
  sheet.expect("as ratio", b.as_ratio(p), [](const Row& r) { return scalar::ratio_of_percent(r[2], 1); });
  const ExprId quotient = b.ratio(b.rescale(x, 5), y);
  const auto quotient_of = [](const Row& r) { return scalar::ratio_of(scalar::rescale(r[0], 2, 5), r[1]); };
  for (const core::Rounding how : {core::Rounding::half_up, core::Rounding::half_even, core::Rounding::down, core::Rounding::up}) {
    const auto like = static_cast<scalar::Rounding>(how);
    sheet.expect("round", b.round(y, money, how), [=](const Row& r) { return scalar::rounded(r[1], 5, 2, like); });
    sheet.expect("round ratio", b.round(quotient, Type{Kind::decimal, 3, none}, how), [=](const Row& r) { return scalar::rounded_ratio(quotient_of(r), 3, false, like); });
    sheet.expect("round to percent", b.round(quotient, percent, how), [=](const Row& r) { return scalar::rounded_ratio(quotient_of(r), 1, true, like); });
  }
  for (const CmpOp op : comparisons) {
    sheet.expect("ratio against percent", b.compare(op, quotient, p), [=](const Row& r) { return of(scalar::compare_ratio(same(op), quotient_of(r), r[2], true, 1)); });
    sheet.expect("percent against ratio", b.compare(op, p, quotient),
                 [=](const Row& r) { return of(scalar::compare_ratio(scalar::mirrored(same(op)), quotient_of(r), r[2], true, 1)); });
    sheet.expect("ratio against ratio", b.compare(op, quotient, b.as_ratio(p)),
                 [=](const Row& r) { return of(scalar::compare_ratio(same(op), quotient_of(r), scalar::ratio_of_percent(r[2], 1), false)); });
  }
  sheet.check();
}

std::vector<Cell> dates() {
  return {known(day(2024, 2, 29)), known(day(2025, 1, 31)), known(scalar::first_day), known(scalar::last_day), known(never_day), known(unstated_day),
          between(day(2025, 1, 30), day(2025, 2, 2)), between(day(2024, 12, 30), day(2025, 1, 2)), between(neg_inf, never_day),
          between(day(2025, 3, 1), never_day), between(scalar::first_day, scalar::last_day), number_error()};
}

std::vector<Cell> durations() {
  return {months(0), months(1), months(-1), months(12, 0), months(0, 30), months(0, -30), months(0, 2'000'000'000), months(200'000'000), months(-200'000'000, -5),
          known(unstated_duration), Cell{scalar::make_duration(1, 0), scalar::make_duration(3, 0), 1, 1}, Cell{scalar::make_duration(0, -3), scalar::make_duration(0, 40), 1, 1},
          number_error()};
}

constexpr Type either_length{Kind::duration, 2, none};   // facts may say months or days

TEST(Emission, Dates) {
  Sheet sheet({core::date_type(), core::date_type(), either_length});
  core::Builder& b = sheet.b;
  sheet.rows({dates(), dates(), durations()});
  const ExprId x = sheet.operands[0], y = sheet.operands[1], d = sheet.operands[2];
  sheet.expect("shift", b.shift(x, d), [](const Row& r) { return scalar::shift(r[0], r[2]); });
  sheet.expect("shift back", b.shift_back(x, d), [](const Row& r) { return scalar::shift_back(r[0], r[2]); });
  sheet.expect("difference", b.difference(x, y), [](const Row& r) { return scalar::difference(r[0], r[1]); });
  sheet.expect("age", b.age(x, y), [](const Row& r) { return scalar::age(r[0], r[1]); });
  sheet.expect("least", b.least({x, y}), [](const Row& r) { return scalar::least(r[0], r[1]); });
  expect_comparisons(sheet, x, y, Kind::date, [](const Row& r) { return std::pair(r[0], r[1]); });
  expect_comparisons(sheet, b.shift(x, d), y, Kind::date, [](const Row& r) { return std::pair(scalar::shift(r[0], r[2]), r[1]); });
  const std::vector<std::pair<Op, Cell (*)(Cell)>> parts = {
      {Op::year, scalar::year_of}, {Op::month, scalar::month_of}, {Op::day, scalar::day_of}, {Op::year_start, scalar::year_start},
      {Op::year_end, scalar::year_end}, {Op::month_start, scalar::month_start}, {Op::month_end, scalar::month_end}};
  for (const auto& [op, by] : parts) sheet.expect("part", b.calendar_part(op, x), [by = by](const Row& r) { return by(r[0]); });
  sheet.check();
}

// Known days, where generated code does the arithmetic itself: every month and leap year of a period of 400 years, and both ends of the calendar.
std::vector<Cell> month_ends() {
  std::vector<Cell> days;
  for (const int year : {1, 1899, 1900, 2000, 2023, 2024, 2100, 9998, 9999})
    for (int month = 1; month <= 12; ++month) {
      days.push_back(known(day(year, month, 1)));
      days.push_back(known(day(year, month, scalar::days_in_month(year, month))));
      if (month % 5 == 1) days.push_back(known(day(year, month, 30)));
    }
  return days;
}

TEST(Emission, DaysMovedByMonths) {
  const std::vector<Cell> lengths = {months(0), months(1), months(-1), months(11), months(13, -40), months(-25, 31), months(1200), months(-119'987), months(119'987),
                                     months(0, 2'932'000), Cell{scalar::make_duration(1, 0), scalar::make_duration(6, 0), 1, 1},
                                     Cell{scalar::make_duration(0, 40), scalar::make_duration(1, 0), 1, 1}, Cell{scalar::make_duration(-2, 0), pos_inf, 1, 1}};
  {
    Sheet sheet({core::date_type(), either_length});
    sheet.rows({month_ends(), lengths});
    sheet.expect("shift", sheet.b.shift(sheet.operands[0], sheet.operands[1]), [](const Row& r) { return scalar::shift(r[0], r[1]); });
    sheet.expect("shift back", sheet.b.shift_back(sheet.operands[0], sheet.operands[1]), [](const Row& r) { return scalar::shift_back(r[0], r[1]); });
    sheet.check();
  }
  for (const bool ranges : {false, true}) {
    Sheet sheet({core::date_type()});
    std::vector<Cell> days = month_ends();
    if (ranges)
      for (Cell& c : days) c.hi = std::min(c.hi + 31, scalar::last_day);
    sheet.rows({days});
    for (const Cell& length : lengths) {
      const ExprId by = sheet.b.constant(length, either_length);
      sheet.expect("shift", sheet.b.shift(sheet.operands[0], by), [length](const Row& r) { return scalar::shift(r[0], length); });
      sheet.expect("shift back", sheet.b.shift_back(sheet.operands[0], by), [length](const Row& r) { return scalar::shift_back(r[0], length); });
    }
    sheet.check();
  }
}

TEST(Emission, Durations) {
  Sheet sheet({either_length, either_length, core::integer_type()});
  core::Builder& b = sheet.b;
  sheet.rows({durations(), durations(), {known(0), known(1), known(-1), known(3), known(largest), between(0, 2), between(-1, pos_inf), number_error()}});
  const ExprId x = sheet.operands[0], y = sheet.operands[1], n = sheet.operands[2];
  sheet.expect("add", b.add(x, y), [](const Row& r) { return scalar::add_durations(r[0], r[1]); });
  sheet.expect("sub", b.sub(x, y), [](const Row& r) { return scalar::sub_durations(r[0], r[1]); });
  sheet.expect("neg", b.neg(x), [](const Row& r) { return scalar::sub_durations(known(0), r[0]); });
  sheet.expect("mul", b.mul(x, n), [](const Row& r) { return scalar::mul_duration(r[0], r[2]); });
  sheet.check();
}

TEST(Emission, WorkingDays) {
  Sheet sheet({core::date_type(), Type{Kind::workdays, 0, none}});
  sheet.program.schema.calendars.push_back({"year", "", "made up", day(2025, 1, 1), day(2025, 12, 31), std::vector<bool>(365, true)});
  std::vector<bool>& works = sheet.program.schema.calendars[0].works;
  for (std::size_t i = 3; i < works.size(); i += 7) works[i] = works[(i + 1) % works.size()] = false;
  sheet.rows({dates(), {known(0), known(1), known(-1), known(10), known(400), known(largest), between(0, 5), between(-3, 3), between(1, pos_inf), number_error()}});
  sheet.expect("shift", sheet.b.shift_workdays(sheet.operands[0], sheet.operands[1], 0),
               [&](const Row& r) { return scalar::shift_workdays(r[0], r[1], sheet.program.schema.calendars[0]); });
  sheet.check();
}

TEST(Emission, Choices) {
  // 64 values fill the mask to its last bit.
  Enum wide{"wide", "", true, {}}, narrow{"narrow", "", true, {{"a", ""}, {"b", ""}, {"c", ""}}};
  for (int i = 0; i < 64; ++i) wide.values.push_back({"v" + std::to_string(i), ""});
  Sheet sheet({core::choice_type(0), core::choice_type(0)}, {wide, narrow});
  core::Builder& b = sheet.b;
  std::vector<std::uint8_t> map(64);
  for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<std::uint8_t>(i % 3);
  sheet.program.remaps.push_back(map);
  const std::uint64_t top = std::uint64_t{1} << 63;
  const std::vector<Cell> choices = {choice_of(1), choice_of(2), choice_of(top), choice_of(top >> 1), choice_of(3), choice_of(top | 1), choice_of(~std::uint64_t{0}), choice_of(0)};
  sheet.rows({choices, choices});
  const ExprId x = sheet.operands[0], y = sheet.operands[1];
  expect_comparisons(sheet, x, y, Kind::choice, [](const Row& r) { return std::pair(r[0], r[1]); });
  sheet.expect("remap", b.remap(x, 0, 1), [&](const Row& r) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < map.size(); ++i)
      if (static_cast<std::uint64_t>(r[0].lo) >> i & 1) out |= std::uint64_t{1} << map[i];
    return choice_of(out);
  });
  sheet.expect("select", b.select(b.compare(CmpOp::over, x, y), x, y),
               [](const Row& r) { return scalar::choose(scalar::compare(scalar::CmpOp::over, r[0], r[1], Kind::choice), r[0], r[1], Kind::choice); });
  sheet.check();
}

// Texts have no order: nothing lies between two of them.
TEST(Emission, UndecidedTexts) {
  const std::vector<Cell> truths = {of(Truth::yes), of(Truth::no), of(Truth::unknown), of(Truth::error)};
  Sheet sheet({core::boolean_type(), core::boolean_type()});
  core::Builder& b = sheet.b;
  const ExprId x = sheet.operands[0], y = sheet.operands[1];
  sheet.rows({truths, truths});
  const auto text = [&](std::int64_t id) { return b.constant(known(id), core::text_type()); };
  const auto choose = [](const Cell& condition, const Cell& a, const Cell& c) { return scalar::choose(truth_of(condition), a, c, Kind::text); };
  const ExprId inner = b.select(x, text(0), text(5));
  sheet.expect("if", inner, [=](const Row& r) { return choose(r[0], known(0), known(5)); });
  sheet.expect("if, the same", b.select(x, text(5), text(5)), [=](const Row& r) { return choose(r[0], known(5), known(5)); });
  sheet.expect("if in if", b.select(y, inner, text(5)), [=](const Row& r) {
    if (r[1] == of(Truth::no)) return known(5);
    return choose(r[1], choose(r[0], known(0), known(5)), known(5));
  });
  for (const auto policy : {core::HitPolicy::first, core::HitPolicy::unique})
    sheet.expect("table", b.table(policy, {{y, text(2)}}, inner), [=](const Row& r) {
      if (r[1] == of(Truth::yes)) return known(2);
      return choose(r[1], known(2), choose(r[0], known(0), known(5)));
    });
  sheet.check();
}

// Columns are made some thousand rows at a time; upper ends get room only when a row has one of its own.
TEST(Emission, RangesThatComeLateOrNever) {
  const Type type = core::integer_type();
  Sheet sheet({type, type, type});
  core::Builder& b = sheet.b;
  constexpr std::int64_t count = 13000;
  for (std::int64_t r = 0; r < count; ++r)
    sheet.row({known(r), r == 9000 || r == 9001 || r == 12999 ? between(r, r + 4) : known(r), r == 0 ? between(2, 5) : known(r)});
  auto defined = [&](const std::string& id, ExprId expr) {
    auto& columns = sheet.program.schema.entities[0].columns;
    columns.push_back({id, "", ColumnKind::computed, type, neg_inf, pos_inf, {}, none});
    const auto column = static_cast<ColumnId>(columns.size() - 1);
    sheet.program.computed.push_back({0, column, expr, none});
    sheet.program.strata.push_back({core::DeclKind::computed, static_cast<std::uint32_t>(sheet.program.computed.size() - 1)});
    return column;
  };
  for (std::uint32_t i = 0; i < 3; ++i) {
    const ColumnId column = defined("twice" + std::to_string(i), b.add(sheet.operands[i], sheet.operands[i]));
    // Read through a fold, the column is one of memory: the greatest among the rows with the same first operand is its own.
    core::Fold fold;
    fold.kind = core::FoldKind::highest;
    fold.source = core::whole_of(0);
    fold.source.same.push_back({1, b.column(b.row(0, 0), 1)});
    fold.value = b.column(b.row(1, 0), column);
    sheet.expect("greatest", b.fold(fold), [i](const Row& r) { return scalar::add(r[i], r[i]); });
  }
  sheet.check();
}

}  // namespace
}  // namespace tiao::jit::testing
