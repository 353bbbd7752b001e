// Every form a cell may have, in JSON and in CSV.
#include "fixture.hpp"

namespace tiao::facts {
namespace {

using CellForms = Facts;

TEST_F(CellForms, AbsentAndNull) {
  ASSERT_TRUE(one(""));
  EXPECT_EQ(cell(incident, i::proven), of(Truth::no));            // not established
  EXPECT_EQ(cell(incident, i::suspected), of(Truth::no));
  EXPECT_EQ(cell(incident, i::severe), of(Truth::unknown));
  EXPECT_EQ(cell(incident, i::flag), of(Truth::unknown));
  EXPECT_EQ(cell(incident, i::points), between(0, 12));           // its declared range
  EXPECT_EQ(cell(incident, i::amount), between(neg_inf, pos_inf));
  EXPECT_EQ(cell(incident, i::decided_on), between(neg_inf, never_day));
  EXPECT_EQ(cell(incident, i::note), between(neg_inf, pos_inf));
  EXPECT_EQ(cell(incident, i::site), between(neg_inf, pos_inf));
  EXPECT_EQ(cell(incident, i::level), choice_of(7));
  EXPECT_EQ(presence(incident, i::points), Presence::absent);
  EXPECT_TRUE(column(incident, i::score).lo.empty());             // computed
  EXPECT_EQ(base.key(incident, 0), "incident#1");

  ASSERT_TRUE(one(R"("proven":null,"severe":null,"points":null,"decided_on":null,"level":null,"note":null,"site":null)"));
  EXPECT_EQ(cell(incident, i::proven), of(Truth::unknown));       // under inquiry
  EXPECT_EQ(cell(incident, i::suspected), of(Truth::yes));
  EXPECT_EQ(cell(incident, i::points), between(0, 12));
  EXPECT_EQ(cell(incident, i::level), choice_of(7));
  EXPECT_EQ(cell(incident, i::site), between(neg_inf, pos_inf));
  EXPECT_EQ(presence(incident, i::points), Presence::null);

  ASSERT_TRUE(one(R"("proven":false)"));
  EXPECT_EQ(cell(incident, i::proven), of(Truth::no));            // cleared
  EXPECT_EQ(cell(incident, i::suspected), of(Truth::no));
  EXPECT_EQ(presence(incident, i::proven), Presence::given);
}

TEST_F(CellForms, PlainJson) {
  ASSERT_TRUE(one(R"("key":"I7","site":"F1","proven":true,"severe":false,"points":6,"amount":3600.5,"decided_on":"2025-03-01","term":"P3M",
      "wait":"30 days","due":10,"note":"甲\n乙","rate":"12.5%","level":"mid","flag":true)")) << errors.listed[0].en;
  EXPECT_EQ(base.key(incident, 0), "I7");
  EXPECT_EQ(cell(incident, i::site), known(0));
  EXPECT_EQ(cell(incident, i::proven), of(Truth::yes));
  EXPECT_EQ(cell(incident, i::severe), of(Truth::no));
  EXPECT_EQ(cell(incident, i::points), known(6));
  EXPECT_EQ(cell(incident, i::amount), known(360050));
  EXPECT_EQ(cell(incident, i::decided_on), known(day("2025-03-01")));
  EXPECT_EQ(cell(incident, i::term), known(scalar::make_duration(3, 0)));
  EXPECT_EQ(cell(incident, i::wait), known(30));
  EXPECT_EQ(cell(incident, i::due), known(10));
  EXPECT_EQ(base.strings.at(cell(incident, i::note).lo), "甲\n乙");
  EXPECT_EQ(cell(incident, i::rate), known(125));
  EXPECT_EQ(cell(incident, i::level), choice_of(2));
  EXPECT_EQ(cell(incident, i::flag), of(Truth::yes));
  EXPECT_TRUE(column(incident, i::points).hi.empty());  // known in every row
}

TEST_F(CellForms, TextsForNumbersAndLabels) {
  ASSERT_TRUE(one(R"("记分":"6","金额":"0.10","期限":"3个月","等待":"P2W","时限":"P10BD","比例":30,"等级":"高")")) << errors.listed[0].en;
  EXPECT_EQ(cell(incident, i::points), known(6));
  EXPECT_EQ(cell(incident, i::amount), known(10));
  EXPECT_EQ(cell(incident, i::term), known(scalar::make_duration(3, 0)));
  EXPECT_EQ(cell(incident, i::wait), known(14));
  EXPECT_EQ(cell(incident, i::rate), known(300));
  EXPECT_EQ(cell(incident, i::level), choice_of(4));
}

TEST_F(CellForms, NeverThroughADouble) {
  ASSERT_TRUE(one(R"("amount":90071992547409.93)"));  // 2^53 + 1 fen
  EXPECT_EQ(cell(incident, i::amount), known(9007199254740993));
  ASSERT_TRUE(one(R"("amount":0.1)"));
  EXPECT_EQ(cell(incident, i::amount), known(10));
}

TEST_F(CellForms, DatesInPart) {
  ASSERT_TRUE(one(R"("decided_on":"2025-02")"));
  EXPECT_EQ(cell(incident, i::decided_on), between(day("2025-02-01"), day("2025-02-28")));
  EXPECT_EQ(presence(incident, i::decided_on), Presence::given);
  ASSERT_TRUE(one(R"("decided_on":"never")"));
  EXPECT_EQ(cell(incident, i::decided_on), known(never_day));
}

TEST_F(CellForms, Ranges) {
  ASSERT_TRUE(one(R"("points":{"in":["3","5"]},"amount":{"in":[null,10]},"decided_on":{"in":["2025-02","2025-03"]},"level":{"in":["low","高"]})"))
      << errors.listed[0].en;
  EXPECT_EQ(cell(incident, i::points), between(3, 5));
  EXPECT_EQ(cell(incident, i::amount), between(neg_inf, 1000));
  EXPECT_EQ(cell(incident, i::decided_on), between(day("2025-02-01"), day("2025-03-31")));
  EXPECT_EQ(cell(incident, i::level), choice_of(5));
  ASSERT_TRUE(one(R"("points":{"in":[3,null]},"decided_on":{"in":["2025-02",null]},"term":{"in":["P1M","P3M"]})"));
  EXPECT_EQ(cell(incident, i::points), between(3, 12));
  EXPECT_EQ(cell(incident, i::decided_on), between(day("2025-02-01"), never_day));
  EXPECT_EQ(cell(incident, i::term), between(month_unit, 3 * month_unit));
  ASSERT_TRUE(one(R"("points":{"in":[4,4]})"));
  EXPECT_EQ(cell(incident, i::points), known(4));
}

TEST_F(CellForms, DecidedJudgment) {
  ASSERT_TRUE(one(R"("severe":{"value":true,"by":"经办机构","on":"2025-03-01","grounds":"三次"})")) << errors.listed[0].en;
  EXPECT_EQ(cell(incident, i::severe), of(Truth::yes));
  const Decided& d = column(incident, i::severe).decided.at(0);
  EXPECT_EQ(d.by, "经办机构");
  EXPECT_EQ(d.on, "2025-03-01");
  EXPECT_EQ(d.grounds, "三次");
  ASSERT_TRUE(one(R"("severe":{"value":false})"));
  EXPECT_EQ(cell(incident, i::severe), of(Truth::no));
}

TEST_F(CellForms, Csv) {
  ASSERT_TRUE(one_csv("key,proven,severe,points,amount,decided_on,term,note,rate,level,flag",
                      "I1,true,否,3..5,3600.50,2025-03,3个月,\"a,\"\"b\"\"\nc\",12.5%,中,是")) << errors.listed[0].en;
  EXPECT_EQ(cell(incident, i::proven), of(Truth::yes));
  EXPECT_EQ(cell(incident, i::severe), of(Truth::no));
  EXPECT_EQ(cell(incident, i::points), between(3, 5));
  EXPECT_EQ(cell(incident, i::amount), known(360050));
  EXPECT_EQ(cell(incident, i::decided_on), between(day("2025-03-01"), day("2025-03-31")));
  EXPECT_EQ(base.strings.at(cell(incident, i::note).lo), "a,\"b\"\nc");
  EXPECT_EQ(cell(incident, i::rate), known(125));
  EXPECT_EQ(cell(incident, i::level), choice_of(2));
  EXPECT_EQ(cell(incident, i::flag), of(Truth::yes));
}

TEST_F(CellForms, CsvWordsMeanSomethingOnlyUnquoted) {
  ASSERT_TRUE(one_csv("note,points,decided_on,proven", "null,,never,null"));
  EXPECT_EQ(presence(incident, i::note), Presence::null);
  EXPECT_EQ(presence(incident, i::points), Presence::absent);
  EXPECT_EQ(cell(incident, i::decided_on), known(never_day));
  EXPECT_EQ(cell(incident, i::suspected), of(Truth::yes));
  ASSERT_TRUE(one_csv("note,points", "\"null\",..5"));
  EXPECT_EQ(base.strings.at(cell(incident, i::note).lo), "null");
  EXPECT_EQ(cell(incident, i::points), between(0, 5));
  ASSERT_TRUE(one_csv("note,points", "a..b,5.."));
  EXPECT_EQ(base.strings.at(cell(incident, i::note).lo), "a..b");
  EXPECT_EQ(cell(incident, i::points), between(5, 12));
  ASSERT_TRUE(one_csv("note,points", "\"\",5"));
  EXPECT_EQ(base.strings.at(cell(incident, i::note).lo), "");
  EXPECT_FALSE(one_csv("points", "\"null\""));
  EXPECT_FALSE(one_csv("points", "\"3..5\""));
}

TEST_F(CellForms, ProgramStringsComeFirst) {
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1","area":"市内"},{"code":"F2","area":"outpatient"}]})"));
  EXPECT_EQ(cell(facility, f::area, 0), known(1));
  EXPECT_EQ(cell(facility, f::area, 1), known(0));
}

TEST_F(CellForms, QuantitiesWithPlaces) {
  schema.entities[incident].columns[i::points].type.scale = 2;
  schema.entities[incident].columns[i::points].range_hi = 2'000'000;
  ASSERT_TRUE(one(R"("points":14141.55)"));
  EXPECT_EQ(cell(incident, i::points), known(1414155));
}

TEST_F(CellForms, SixtyFourValues) {
  schema.enums[0].values.clear();
  for (int k = 0; k < 64; ++k) schema.enums[0].values.push_back({"v" + std::to_string(k), ""});
  ASSERT_TRUE(one(R"("level":"v63")"));
  EXPECT_EQ(cell(incident, i::level), choice_of(std::uint64_t{1} << 63));
  ASSERT_TRUE(one(""));
  EXPECT_EQ(cell(incident, i::level), choice_of(~std::uint64_t{0}));
}

}  // namespace
}  // namespace tiao::facts
