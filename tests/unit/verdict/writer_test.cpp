#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/verdict/output.hpp"
#include "runtime/verdict/width.hpp"
#include "runtime/verdict/words.hpp"
#include "tests/unit/verdict/sample.hpp"

namespace tiao::verdict {
namespace {

using sample::day;
using sample::months;
using sample::Sample;
using testing::HasSubstr;

std::string written(const Sample& s, Format format, Language language = Language::zh) {
  const auto writer = make_writer(format, s.context(language));
  const Assembler assembler(s.run());
  std::string out;
  writer->begin(out);
  for (std::size_t i = 0; i < assembler.size(); ++i) writer->write(assembler.make(i), out);
  writer->end(out);
  return out;
}

struct WriterTest : testing::Test {
  Sample s;
  WriterTest() { s.suspend_row(0, Truth::yes, known(day("2025-11-30")), known(months(3)), known(day("2026-02-28"))); }
};

TEST_F(WriterTest, NdjsonHasOneLineASubject) {
  const std::string out = written(s, Format::ndjson);
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
  EXPECT_TRUE(out.starts_with("{\"agreement\":\"town.practitioner\""));
}

TEST_F(WriterTest, JsonIsAnArrayLaidOutOnLines) {
  const std::string out = written(s, Format::json);
  EXPECT_TRUE(out.starts_with("[\n{\n  \"agreement\":\"town.practitioner\",\n"));
  EXPECT_THAT(out, HasSubstr("\n  \"remedies\":[\n    {\"remedy\":\"suspend_eligibility\""));
  EXPECT_TRUE(out.ends_with("}\n]\n"));
}

TEST_F(WriterTest, JsonOfNoSubjectIsAnEmptyArray) {
  s.facts.tables[Sample::practitioner].rows = 0;
  s.results.remedies[Sample::suspend] = {};
  EXPECT_EQ(written(s, Format::json), "[]\n");
}

TEST_F(WriterTest, CsvHasOneLineARemedyAndQuotesWhatItMust) {
  s.schema.remedies[Sample::suspend].label = "暂停,\"资格\"";
  EXPECT_EQ(written(s, Format::csv),
            "agreement,edition,as_of,entity,key,outcome,remedy,label,actor,modality,in_principle,alternative,state,phase,heaviest,target_entity,"
            "target_key,params,for,from,until,choice,cites,needs,reports\n"
            "town.practitioner,2025,2025-12-31,practitioner,P10,decided,suspend_eligibility,\"暂停,\"\"资格\"\"\",facility,must,false,,applies,"
            "running,true,practitioner,P10,,P3M,2025-11-30,2026-02-28,,第三十一条（二）,,\n"
            "town.practitioner,2025,2025-12-31,practitioner,P2,decided,,,,,,,,,,,,,,,,,,,\n");
}

TEST_F(WriterTest, TableAlignsWideLettersAndCountsTheSilent) {
  EXPECT_EQ(written(s, Format::table),
            "对象  结论  处理                  状态    内容                                             依据              列示\n"
            "P10   已定  机构应当暂停支付资格  进行中  为期3个月，自2025-11-30起，至2026-02-28（不含）  第三十一条（二）\n"
            "另有 1 个对象：无处理、无提示、无待定\n");
  EXPECT_THAT(written(s, Format::table, Language::en),
              HasSubstr("facility must suspend_eligibility  running  for 3 months, from 2025-11-30, until 2026-02-28 (not included)"));
}

TEST(WidthTest, HanLettersTakeTwoCells) {
  EXPECT_EQ(width_of("P1"), 2u);
  EXPECT_EQ(width_of("第三十一条（二）"), 16u);
  EXPECT_EQ(width_of(""), 0u);
}

TEST(JsonTextTest, EscapesWhatJsonDemands) {
  std::string out;
  append_json_string(out, "a\"b\\c\n\x01终");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001终\"");
}

struct ValueTest : testing::Test {
  Sample s;
  std::string json(Type type, Cell cell) const {
    std::string out;
    JsonText text(out);
    append_cell(text, s.context().names, type, cell);
    return out;
  }
};

TEST_F(ValueTest, PlainFormsOfEveryKind) {
  EXPECT_EQ(json({Kind::boolean}, of(Truth::yes)), "true");
  EXPECT_EQ(json({Kind::boolean}, of(Truth::unknown)), "null");
  EXPECT_EQ(json({Kind::integer, 0, 0}, known(9)), "9");
  EXPECT_EQ(json({Kind::decimal, 2}, known(150)), "\"1.50\"");
  EXPECT_EQ(json({Kind::money, 2}, known(360000)), "\"3600.00\"");
  EXPECT_EQ(json({Kind::percent, 0}, known(30)), "\"30%\"");
  EXPECT_EQ(json({Kind::ratio}, {2, 2, 10, 10}), "\"2/10\"");
  EXPECT_EQ(json({Kind::date}, known(never_day)), "\"never\"");
  EXPECT_EQ(json({Kind::duration}, known(months(14))), "\"P1Y2M\"");
  EXPECT_EQ(json({Kind::text}, known(0)), "\"P10\"");
  EXPECT_EQ(json({Kind::ref, 0, Sample::practitioner}, known(1)), "\"P2\"");
}

TEST_F(ValueTest, WhatIsNotKnown) {
  EXPECT_EQ(json({Kind::integer}, between(3, pos_inf)), "{\"unknown\":[\"3\",null]}");
  EXPECT_EQ(json({Kind::ratio}, {1, 3, 10, 7}), "{\"unknown\":[\"1/10\",\"3/7\"]}");
  EXPECT_EQ(json({Kind::text}, between(neg_inf, pos_inf)), "{\"unknown\":[null,null]}");
  EXPECT_EQ(json({Kind::integer}, number_error()), "{\"error\":true}");
}

TEST_F(ValueTest, EnumsAreNamedByTheirValues) {
  s.schema.enums.push_back({"degree", "", true, {{"general", "一般"}, {"important", "重要"}, {"main", "主要"}}});
  EXPECT_EQ(json({Kind::choice, 0, 0}, choice_of(2)), "\"important\"");
  EXPECT_EQ(json({Kind::choice, 0, 0}, choice_of(5)), "{\"one_of\":[\"general\",\"main\"]}");
  EXPECT_EQ(json({Kind::choice, 0, 0}, choice_of(~std::uint64_t{0})), "{\"one_of\":[\"general\",\"important\",\"main\"]}");
  EXPECT_EQ(cell_words(s.context().names, {Kind::choice, 0, 0}, choice_of(5), Language::zh), "一般或主要");
}

TEST_F(ValueTest, WordsForPeople) {
  const Names names = s.context().names;
  EXPECT_EQ(cell_words(names, {Kind::integer, 0, 0}, known(9), Language::zh), "9分");
  EXPECT_EQ(cell_words(names, {Kind::integer, 0, 0}, between(3, 5), Language::zh), "未知（3分至5分）");
  EXPECT_EQ(cell_words(names, {Kind::duration}, known(months(13)), Language::en), "1 year 1 month");
  EXPECT_EQ(cell_words(names, {Kind::workdays}, known(3), Language::zh), "3个工作日");
}

struct OutputTest : testing::Test {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("tiao-output-" + std::to_string(::getpid()));
  OutputTest() { std::filesystem::create_directories(folder); }
  ~OutputTest() override { std::filesystem::remove_all(folder); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {})); }
};

TEST_F(OutputTest, FileIsThereOnlyWhenFinished) {
  const std::string path = folder / "out.json";
  {
    Output output(path);
    output.text() += "half";
    output.maybe_flush();
  }
  EXPECT_EQ(files(), 0u);
  Output output(path);
  output.text() += "whole";
  EXPECT_TRUE(output.finish());
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), "whole");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputTest, FolderThatIsNotThereFails) {
  Output output(folder / "no" / "out.json");
  EXPECT_FALSE(output.good());
  EXPECT_FALSE(output.finish());
}

TEST_F(OutputTest, FullDeviceIsAFailure) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  Output output("/dev/full");
  output.text().assign(1 << 21, 'x');
  EXPECT_FALSE(output.finish());
}

}  // namespace
}  // namespace tiao::verdict
