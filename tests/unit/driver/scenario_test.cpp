#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/driver/coverage.hpp"
#include "compiler/driver/evaluate.hpp"
#include "compiler/driver/expected_value.hpp"
#include "compiler/driver/scenario_run.hpp"
#include "runtime/value/scalar.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

using check::ExpectedForm;
using check::ExpectedValue;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using verdict::Value;
using verdict::ValueForm;

struct ExpectedValueTest : testing::Test {
  Schema schema;
  verdict::Names names{schema};
  static ExpectedValue expected(ExpectedForm form, Type type, Cell lo, Cell hi = {}) {
    ExpectedValue value{form, {}, {}};
    value.lo.type = value.hi.type = type;
    value.lo.cell = lo;
    value.hi.cell = hi;
    return value;
  }
  static Value found(Type type, ValueForm form, Cell lo, Cell hi) { return {type, form, lo, hi, {}, {}, {}, false}; }
};

TEST_F(ExpectedValueTest, ExactMeansKnown) {
  const Type mark{Kind::integer};
  EXPECT_TRUE(matches_act(names, expected(ExpectedForm::exact, mark, known(3)), found(mark, ValueForm::plain, known(3), known(3))));
  EXPECT_FALSE(matches_act(names, expected(ExpectedForm::exact, mark, known(3)), found(mark, ValueForm::plain, between(3, 4), between(3, 4))));
  EXPECT_FALSE(matches_act(names, expected(ExpectedForm::exact, mark, known(3)), found(mark, ValueForm::between, known(3), known(5))));
}

TEST_F(ExpectedValueTest, PermittedRangeIsNotAnUnknownValue) {
  const Type mark{Kind::integer};
  const Value permitted = found(mark, ValueForm::between, known(1), known(3));
  const Value unknown = found(mark, ValueForm::plain, between(1, 3), between(1, 3));
  EXPECT_TRUE(matches_act(names, expected(ExpectedForm::between, mark, known(1), known(3)), permitted));
  EXPECT_FALSE(matches_act(names, expected(ExpectedForm::between, mark, known(1), known(3)), unknown));
  EXPECT_TRUE(matches_act(names, expected(ExpectedForm::unknown, mark, known(1), known(3)), unknown));
  EXPECT_FALSE(matches_act(names, expected(ExpectedForm::unknown, mark, known(1), known(2)), unknown));
  EXPECT_FALSE(matches_act(names, expected(ExpectedForm::unknown, mark, known(1), known(3)), permitted));
}

TEST_F(ExpectedValueTest, UnknownWithoutEndsIsAnythingNotKnown) {
  const Type mark{Kind::integer};
  ExpectedValue any = expected(ExpectedForm::unknown, mark, {});
  any.lo.presence = any.hi.presence = facts::Presence::absent;
  EXPECT_TRUE(matches_report(names, any, found(mark, ValueForm::plain, between(3, 5), between(3, 5))));
  EXPECT_FALSE(matches_report(names, any, found(mark, ValueForm::plain, known(3), known(3))));
}

TEST_F(ExpectedValueTest, ReportsCompareSurely) {
  const Type mark{Kind::integer};
  const Value three_to_five = found(mark, ValueForm::plain, between(3, 5), between(3, 5));
  EXPECT_TRUE(matches_report(names, expected(ExpectedForm::between, mark, known(3), known(5)), three_to_five));
  EXPECT_FALSE(matches_report(names, expected(ExpectedForm::between, mark, known(4), known(5)), three_to_five));
  EXPECT_TRUE(matches_report(names, expected(ExpectedForm::at_least, mark, known(3)), three_to_five));
  EXPECT_FALSE(matches_report(names, expected(ExpectedForm::over, mark, known(3)), three_to_five));
  EXPECT_TRUE(matches_report(names, expected(ExpectedForm::is_not, mark, known(6)), three_to_five));
}

TEST_F(ExpectedValueTest, RatioAgainstPercentAndMoneyOfOtherPlaces) {
  const Value two_of_ten = found({Kind::ratio}, ValueForm::plain, {2, 2, 10, 10}, {2, 2, 10, 10});
  EXPECT_TRUE(matches_report(names, expected(ExpectedForm::exact, {Kind::percent}, known(20)), two_of_ten));
  EXPECT_FALSE(matches_report(names, expected(ExpectedForm::exact, {Kind::percent}, known(21)), two_of_ten));
  const Value money = found({Kind::money, 4}, ValueForm::plain, known(1'050'000), known(1'050'000));
  EXPECT_TRUE(matches_report(names, expected(ExpectedForm::exact, {Kind::money, 2}, known(10500)), money));
}

struct ScenarioTest : testing::Test {
  town::Town town;
  TestReport run(std::vector<EngineKind> engines, std::string filter = {}) {
    TestReport report;
    EXPECT_FALSE(run_scenarios_of(town.project, town.agreement, {std::move(filter), std::move(engines)}, true, report));
    return report;
  }
};

TEST_F(ScenarioTest, WhatIsNotMetIsShownWithItsPlace) {
  const TestReport report = run({EngineKind::interp});
  ASSERT_THAT(report.scenarios, SizeIs(3));
  EXPECT_TRUE(report.scenarios[0].passed());
  const ScenarioResult& wrong = report.scenarios[1];
  ASSERT_THAT(wrong.failures, SizeIs(2));
  EXPECT_THAT(wrong.failures[0].file, HasSubstr("scenarios.tiao"));
  EXPECT_EQ(wrong.failures[1].line, wrong.failures[0].line + 1);
  EXPECT_THAT(wrong.failures[1].found_en, HasSubstr("P1 3 mark"));
  EXPECT_EQ(report.passed(), 1u);
}

TEST_F(ScenarioTest, BothEnginesGiveTheSameBytes) {
  for (const ScenarioResult& result : run({EngineKind::interp, EngineKind::jit}).scenarios) EXPECT_EQ(result.trouble_en, "") << result.name;
}

TEST_F(ScenarioTest, FilterTakesPartOfTheName) { EXPECT_THAT(run({EngineKind::interp}, "six").scenarios, SizeIs(1)); }

TEST_F(ScenarioTest, JunitEscapesAndCounts) {
  TestReport report;
  report.scenarios.push_back({"town", "a < b & \"c\"", "x.tiao", 3, {}, {}, {}, {}, {}});
  report.scenarios.push_back({"town", "bad", "x.tiao", 9, {{"x.tiao", 10, "expect  no\n  suspend", "有", "some"}}, {}, {}, {}, {}});
  const std::string xml = test_junit(report, false);
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"2\" failures=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("name=\"a &lt; b &amp; &quot;c&quot;\""));
  EXPECT_THAT(xml, HasSubstr("x.tiao:10: expect no suspend"));
}

TEST_F(ScenarioTest, CoverageAccountsForEveryAddress) {
  CoverageReport report;
  diag::Diagnostics diagnostics;
  ASSERT_FALSE(coverage(town.project, "town.people", diagnostics, report));
  EXPECT_EQ(report.missing, 0u);
  EXPECT_EQ(report.scenarios, 3u);
  EXPECT_EQ(report.passed, 1u);
  ASSERT_FALSE(report.totals.empty());
  EXPECT_EQ(report.totals[0].level, "articles");
  EXPECT_EQ(report.totals[0].there, 7u);
  EXPECT_EQ(report.totals[0].all, 7u);
  const auto row = [&](const std::string& address) {
    for (const CoverageRow& r : report.rows)
      if (r.address == address) return r;
    ADD_FAILURE() << address;
    return CoverageRow{};
  };
  EXPECT_EQ(row("第一条").status, NodeStatus::recorded);
  EXPECT_EQ(row("第一条").reason, "purpose");
  EXPECT_EQ(row("第四条（一）").tested, Tested::cited);
  EXPECT_EQ(row("第二条（一）").tested, Tested::reached);
  EXPECT_EQ(row("第五条").tested, Tested::no);
}

TEST(CoverageTest, GapInTheNumberingIsNamed) {
  Project project;
  ASSERT_FALSE(project.load({"", {town::folder() + "/gap"}}));
  CoverageReport report;
  diag::Diagnostics diagnostics;
  ASSERT_FALSE(coverage(project, "town.gap", diagnostics, report)) << diag::render_text(project.sources(), diagnostics, {});
  EXPECT_EQ(report.missing, 1u);
  EXPECT_EQ(report.totals[0].there, 2u);
  EXPECT_EQ(report.totals[0].all, 3u);
  EXPECT_THAT(coverage_text(report, false), HasSubstr("missing"));
}

TEST(EvaluateTest, ValuesTypesAndErrors) {
  Evaluator evaluator(town::folder());
  ASSERT_FALSE(evaluator.prepare());
  const auto eval = [&](const std::string& text) {
    diag::Diagnostics diagnostics;
    return batch_line(evaluator.evaluate(text, {}, diagnostics));
  };
  EXPECT_EQ(eval("date 2025-01-31 + 1 month"), R"({"value":"2025-02-28","type":"date"})");
  EXPECT_EQ(eval("unknown and false"), R"({"value":false,"type":"bool"})");
  EXPECT_EQ(eval("unknown or false"), R"({"value":null,"type":"bool"})");
  EXPECT_EQ(eval("2 / 10"), R"({"value":"2/10","type":"ratio"})");
  EXPECT_EQ(eval("unknown (3..5) + 1"), R"({"value":{"unknown":["4","6"]},"type":"int"})");
  EXPECT_EQ(eval("1 / 0"), R"({"error":{"code":"division_by_zero"}})");
  EXPECT_EQ(eval("9000000000000000000 * 9"), R"({"error":{"code":"overflow"}})");
  EXPECT_EQ(eval("1 +"), R"({"error":{"code":"unexpected_end"}})");
  EXPECT_EQ(eval("as_of"), R"({"error":{"code":"as_of_missing"}})");
}

}  // namespace
}  // namespace tiao::driver
