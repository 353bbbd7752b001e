#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "compiler/driver/case.hpp"
#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/readings.hpp"
#include "compiler/driver/sensitivity.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using verdict::Outcome;
using verdict::Sensitivity;

TEST(ReadingsOptionTest, NamesAndChoices) {
  ReadingsOption option;
  ASSERT_FALSE(parse_readings("a=b, c = d", option));
  EXPECT_FALSE(option.all);
  EXPECT_EQ(option.chosen, (std::vector<std::pair<std::string, std::string>>{{"a", "b"}, {"c", "d"}}));
  ASSERT_FALSE(parse_readings("all", option));
  EXPECT_TRUE(option.all);
  ASSERT_FALSE(parse_readings("", option));
  EXPECT_THAT(option.chosen, IsEmpty());
  EXPECT_TRUE(parse_readings("a", option));
}

struct ReadingsTest : testing::Test {
  town::Town town;
  facts::FactBase facts;
  std::unique_ptr<Engine> engine;
  std::int64_t as_of = 20453;   // 2025-12-31
  ReadingsTest() {
    EXPECT_FALSE(load_facts(town.agreement.schema(), town::facts(), {}, facts));
    EXPECT_FALSE(make_engine(EngineKind::interp, town.agreement, {}, engine));
  }
  std::uint32_t parameter(const std::string& id) const {
    const auto& all = town.agreement.schema().parameters;
    for (std::uint32_t i = 0; i < all.size(); ++i)
      if (all[i].id == id) return i;
    return none;
  }
};

TEST_F(ReadingsTest, ByIdentifierOrLabelAndNotTwice) {
  std::vector<ReadingChoice> choices;
  EXPECT_FALSE(resolve_readings(town.agreement.schema(), {false, {{"占比所指", "anybody"}, {"again", "每次"}}}, choices));
  EXPECT_EQ(choices, (std::vector<ReadingChoice>{{parameter("meant"), 1}, {parameter("again"), 0}}));
  choices.clear();
  const Status twice = resolve_readings(town.agreement.schema(), {false, {{"meant", "anybody"}, {"meant", "at_half"}}}, choices);
  ASSERT_TRUE(twice);
  EXPECT_THAT(twice->en, HasSubstr("twice"));
}

TEST_F(ReadingsTest, DefaultsApplyAndWhatHasNoneStaysOpen) {
  apply_readings(town.agreement.schema(), {}, facts);
  EXPECT_EQ(chosen(facts, parameter("again")), 1);
  EXPECT_EQ(chosen(facts, parameter("meant")), -1);
}

TEST_F(ReadingsTest, AllReadingsGiveEachDifferentResultOnce) {
  apply_readings(town.agreement.schema(), {}, facts);
  const std::vector<Cell> before = facts.parameters;
  Case evaluated(town.agreement, facts, as_of);
  ASSERT_FALSE(evaluated.evaluate(*engine));
  std::vector<std::size_t> places(evaluated.assembler().size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::vector<verdict::Verdict> verdicts(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) ASSERT_FALSE(evaluated.make(places[i], Evidence::everybody, verdicts[i]));
  ASSERT_FALSE(run_all_readings(town.agreement, *engine, facts, as_of, {}, places, verdicts));
  EXPECT_EQ(facts.parameters, before);
  std::size_t place = 0;
  ASSERT_FALSE(evaluated.find("C1", place));
  const verdict::Verdict& clinic = verdicts[place];
  ASSERT_THAT(clinic.readings, SizeIs(1));
  EXPECT_EQ(clinic.readings[0].sensitive, Sensitivity::sensitive);
  ASSERT_THAT(clinic.otherwise, SizeIs(2));
  EXPECT_EQ(clinic.otherwise[0].with, (std::vector<std::pair<std::string, std::string>>{{"meant", "at_half"}}));
  EXPECT_EQ(clinic.otherwise[0].outcome, Outcome::decided);
  EXPECT_THAT(clinic.otherwise[0].remedies, IsEmpty());
  EXPECT_THAT(clinic.otherwise[1].remedies, SizeIs(1));
  ASSERT_FALSE(evaluated.find("P3", place));
  for (const verdict::ReadingEntry& reading : verdicts[place].readings) EXPECT_EQ(reading.sensitive, Sensitivity::insensitive) << reading.reading;
  EXPECT_THAT(verdicts[place].otherwise, IsEmpty());
}

TEST_F(ReadingsTest, SubjectIsFoundByKeyAndByEntity) {
  apply_readings(town.agreement.schema(), {}, facts);
  Case evaluated(town.agreement, facts, as_of);
  ASSERT_FALSE(evaluated.evaluate(*engine));
  std::size_t a = 0, b = 0;
  ASSERT_FALSE(evaluated.find("P3", a));
  ASSERT_FALSE(evaluated.find("人员:P3", b));
  EXPECT_EQ(a, b);
  EXPECT_TRUE(evaluated.find("clinic:P3", a));
}

// The walk refuses results that are not the evaluator's own: nothing is explained by other reasons than it was decided.
TEST_F(ReadingsTest, WalkNoticesAnotherResult) {
  apply_readings(town.agreement.schema(), {}, facts);
  Results results;
  ASSERT_FALSE(engine->run(facts, as_of, results));
  const Results right = results;
  const auto collected = [&](const Results& shown) {
    EvidenceWalk walk(town.agreement, facts, shown, as_of);
    const verdict::Assembler assembler({town.agreement.schema(), town.agreement.info, facts, shown, as_of, {}});
    std::string failure;
    for (std::size_t i = 0; i < assembler.size(); ++i) {
      verdict::SubjectEvidence evidence;
      if (!walk.collect(assembler.make(i), evidence, failure)) return failure;
    }
    return failure;
  };
  EXPECT_EQ(collected(right), "");
  // The first word of a column another one.
  const auto put_first = [](Packed& column, std::int64_t word) {
    Packed changed{word};
    for (std::size_t i = 1; i < column.size(); ++i) changed.push_back(column[i]);
    column = changed;
  };
  for (RemedyTable& table : results.remedies)
    if (!table.state.empty()) put_first(table.state, table.state[0] == 1 ? 0 : 1);
  EXPECT_NE(collected(results), "");
  results = right;
  put_first(results.reports[0].lo, results.reports[0].lo[0] + 1);
  EXPECT_THAT(collected(results), HasSubstr("report total"));
}

}  // namespace
}  // namespace tiao::driver
