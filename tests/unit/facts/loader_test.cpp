// Files, directories, order of rows, registers, reserved names.
#include "fixture.hpp"
#include "runtime/facts/openness.hpp"

#include <numeric>

namespace tiao::facts {
namespace {

using Loader = Facts;

std::vector<std::string> keys(const FactBase& base, EntityId entity) {
  std::vector<std::string> out;
  for (std::uint32_t row = 0; row < base.tables[entity].rows; ++row) out.push_back(base.key(entity, row));
  return out;
}

TEST_F(Loader, SortsRootsByKeyAndChildrenUnderParents) {
  ASSERT_TRUE(load_text(R"({
    "incident":[{"key":"c","practitioner":"P2","site":"F2"},{"key":"b","practitioner":"P1","site":"F1"},{"key":"a","practitioner":"P2"}],
    "practitioner":[{"no":"P2","facility":"F1"},{"no":"P1","facility":"F1"},{"no":"P0","facility":"F2"}],
    "facility":[{"code":"F2"},{"code":"F1"},{"code":"F10"}]})")) << errors.listed[0].en;
  EXPECT_EQ(keys(base, facility), (std::vector<std::string>{"F1", "F10", "F2"}));
  EXPECT_EQ(keys(base, practitioner), (std::vector<std::string>{"P1", "P2", "P0"}));
  EXPECT_EQ(base.tables[practitioner].offsets, (std::vector<std::uint32_t>{0, 2, 2, 3}));
  EXPECT_EQ(keys(base, incident), (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(base.tables[incident].offsets, (std::vector<std::uint32_t>{0, 1, 3, 3}));
  EXPECT_EQ(cell(incident, i::practitioner, 1), known(1));
  EXPECT_EQ(cell(incident, i::site, 0), known(0));                 // F1
  EXPECT_EQ(cell(incident, i::site, 1), between(neg_inf, pos_inf));
  EXPECT_EQ(cell(incident, i::site, 2), known(2));                 // F2
  EXPECT_EQ(base.find(incident, "c"), 2);
  EXPECT_EQ(base.find(incident, "d"), -1);
  EXPECT_EQ(base.tables[incident].source_line, (std::vector<std::uint32_t>{2, 2, 2}));
}

TEST_F(Loader, OrderOfTheFileDoesNotMatter) {
  const std::vector<std::string> rows{R"({"code":"F3","grade":"low"})", R"({"code":"F1","grade":"high"})", R"({"code":"F2"})"};
  std::vector<std::size_t> order{0, 1, 2};
  std::vector<std::uint8_t> expected;
  do {
    std::string text;
    for (const auto k : order) text += rows[k] + "\n";
    ASSERT_TRUE(load_text(text, "facility.ndjson"));
    if (expected.empty()) expected.assign(column(facility, f::grade).masks.begin(), column(facility, f::grade).masks.end());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), column(facility, f::grade).masks.begin(), column(facility, f::grade).masks.end()));
    EXPECT_EQ(keys(base, facility), (std::vector<std::string>{"F1", "F2", "F3"}));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(Loader, DecisionsFollowTheirRows) {
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1","facility":"F1"}],
    "incident":[{"key":"b","practitioner":"P1","severe":{"value":true,"grounds":"of b"}},{"key":"a","practitioner":"P1"}]})"));
  ASSERT_EQ(column(incident, i::severe).decided.size(), 1u);
  EXPECT_EQ(column(incident, i::severe).decided.at(1).grounds, "of b");
}

TEST_F(Loader, ADirectoryMayMixFormatsAndNames) {
  write("d/机构.csv", "\xEF\xBB\xBF代码,开业日\r\nF1,2020-01-01\r\n\r\nF2,\r\n");
  write("d/practitioner.ndjson", "{\"编号\":\"P1\",\"机构\":\"F1\"}\r\n\n  {\"no\":\"P2\",\"facility\":\"F2\"}");
  write("d/incident.json", "[{\"practitioner\":\"P1\"}]");
  write("d/README.md", "notes");
  write("d/.hidden", "x");
  write("d/parameters.json", R"({"start_date":"2025-01-01"})");
  write("d/open.json", R"([{"entity":"incident","of":"P2"}])");
  write("d/holds.json", R"([{"address":"第六十三条（三）","of":"F2"}])");
  ASSERT_TRUE(load_path(dir / "d")) << errors.listed[0].en << errors.listed[0].path;
  EXPECT_EQ(base.tables[facility].rows, 2u);
  EXPECT_EQ(cell(facility, f::opened, 0), known(day("2020-01-01")));
  EXPECT_EQ(base.tables[practitioner].rows, 2u);
  EXPECT_EQ(base.tables[incident].rows, 1u);
  EXPECT_EQ(base.parameters[0], known(day("2025-01-01")));
  EXPECT_TRUE(base.open(incident, practitioner, 1));
  EXPECT_FALSE(base.open(incident, practitioner, 0));
  EXPECT_EQ(base.tables[facility].columns[f::held].truth[0], static_cast<std::uint8_t>(Truth::no));
  EXPECT_EQ(base.tables[facility].columns[f::held].truth[1], static_cast<std::uint8_t>(Truth::yes));
}

TEST_F(Loader, ARegisterIsClosedWhenSuppliedAndOpenWhenNot) {
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[]})"));
  EXPECT_FALSE(base.open(practitioner, facility, 0));
  EXPECT_TRUE(base.open(incident, practitioner, 0));
  EXPECT_EQ(base.tables[incident].rows, 0u);
  ASSERT_TRUE(load_text("code\n", "facility.csv"));
  EXPECT_TRUE(base.tables[facility].supplied);
  EXPECT_EQ(base.tables[facility].rows, 0u);
}

TEST_F(Loader, OpenForAParentAnAncestorALinkOrAll) {
  const std::string rows = R"("facility":[{"code":"F1"},{"code":"F2"}],"practitioner":[{"no":"P1","facility":"F1"},{"no":"P2","facility":"F2"}],
      "incident":[{"practitioner":"P1","site":"F2"}])";
  ASSERT_TRUE(load_text("{" + rows + R"(,"open":[{"entity":"incident","of":"P2"}]})"));
  EXPECT_TRUE(base.open(incident, practitioner, 1));
  EXPECT_FALSE(base.open(incident, practitioner, 0));
  EXPECT_TRUE(base.open(incident, facility, 1));
  EXPECT_FALSE(base.open(incident, facility, 0));
  ASSERT_TRUE(load_text("{" + rows + R"(,"open":[{"entity":"行为","of":"facility:F1"}]})"));
  EXPECT_TRUE(base.open(incident, facility, 0));
  EXPECT_TRUE(base.open(incident, practitioner, 0));
  EXPECT_FALSE(base.open(incident, practitioner, 1));
  ASSERT_TRUE(load_text("{" + rows + R"(,"open":[{"entity":"incident"}]})"));
  EXPECT_TRUE(base.open(incident, practitioner, 0));
  ASSERT_TRUE(load_text("{" + rows + "}"));
  EXPECT_FALSE(base.open(incident, facility, 0));
}

TEST_F(Loader, OpenForALinkedRow) {
  schema.entities[incident].columns[i::site].type.of = incident;  // incidents refer to incidents
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1","facility":"F1"}],
      "incident":[{"key":"z","practitioner":"P1","site":"a"},{"key":"a","practitioner":"P1","site":"z"}],"open":[{"entity":"incident","of":"z"}]})"))
      << errors.listed[0].en;
  EXPECT_TRUE(base.open(incident, incident, 1));
  EXPECT_FALSE(base.open(incident, incident, 0));
  EXPECT_FALSE(base.open(incident, practitioner, 0));
  EXPECT_EQ(cell(incident, i::site, 0), known(1));
  EXPECT_EQ(cell(incident, i::site, 1), known(0));
}

TEST_F(Loader, RowsThatAreNotKnownMayStandWhereverTheMarkLeavesThemFree) {
  const std::string rows = R"("facility":[{"code":"F1"},{"code":"F2"}],"practitioner":[{"no":"P1","facility":"F1"},{"no":"P2","facility":"F2"}],"incident":[])";
  ASSERT_TRUE(load_text("{" + rows + "}"));
  EXPECT_FALSE(open_anywhere(base, incident));
  // Of one practitioner: at any site.
  ASSERT_TRUE(load_text("{" + rows + R"(,"open":[{"entity":"incident","of":"P2"}]})"));
  EXPECT_TRUE(open_under(base, incident, 1));
  EXPECT_FALSE(open_under(base, incident, 0));
  EXPECT_TRUE(open_by_link(base, incident, i::site, 0));
  EXPECT_TRUE(open_by_link(base, incident, i::site, 1));
  ASSERT_TRUE(load_text("{" + rows + R"(,"open":[{"entity":"incident"}]})"));
  EXPECT_TRUE(open_under(base, incident, 0));
  EXPECT_TRUE(open_by_link(base, incident, i::site, 0));
}

TEST_F(Loader, RowsOfOneLinkedRowMayStandUnderAnyParent) {
  schema.entities[incident].columns[i::site].type.of = incident;
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1","facility":"F1"},{"no":"P2","facility":"F1"}],
      "incident":[{"key":"z","practitioner":"P1","site":"a"},{"key":"a","practitioner":"P1","site":"z"}],"open":[{"entity":"incident","of":"z"}]})"));
  EXPECT_TRUE(open_under(base, incident, 0));
  EXPECT_TRUE(open_under(base, incident, 1));
  const auto z = static_cast<std::uint32_t>(base.find(incident, "z")), a = static_cast<std::uint32_t>(base.find(incident, "a"));
  EXPECT_TRUE(open_by_link(base, incident, i::site, z));
  EXPECT_FALSE(open_by_link(base, incident, i::site, a)) << "their site is z, not a";
}

TEST_F(Loader, Parameters) {
  ASSERT_TRUE(load_text(R"({"parameters":{"生效日":"2025-03","cap":{"in":[10,20]},"city.other.cap":"30%","one_off":"per_decision"}})")) << errors.listed[0].en;
  EXPECT_EQ(base.parameters[0], between(day("2025-03-01"), day("2025-03-31")));
  EXPECT_EQ(base.parameters[1], between(10, 20));  // of the agreement being run
  EXPECT_EQ(base.parameters[2], known(30));
  EXPECT_EQ(base.parameters[3], choice_of(2));
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{1, 1, 1, 1, 0, 0}));
  ASSERT_TRUE(load_text(R"({"parameters":{"start_date":null}})"));
  EXPECT_EQ(base.parameters[0], between(neg_inf, never_day));
  EXPECT_EQ(base.parameters[1], between(0, 100));
  EXPECT_EQ(base.parameters[3], choice_of(3));
  EXPECT_EQ(base.parameter_set, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0}));
}

TEST_F(Loader, WhatOnlyOtherAgreementsDeclareIsSkippedAndCounted) {
  ASSERT_TRUE(one(R"("elsewhere_only":{"a":[1,2,{"b":null}]},"points":3)"));
  EXPECT_EQ(base.skipped_fields, 1u);
  ASSERT_TRUE(load_text(R"({"ward":[{"x":1,"y":2},{"x":3}]})")) << errors.listed[0].en;
  EXPECT_EQ(base.skipped_fields, 3u);
  ASSERT_TRUE(one_csv("elsewhere_only,points", "x,3"));
  EXPECT_EQ(base.skipped_fields, 1u);
  EXPECT_FALSE(one(R"("elsewhere_only":[1,,2])"));
  EXPECT_FALSE(one(R"("elsewhere_only":tru)"));
}

TEST_F(Loader, EscapedNamesAndAnyFieldOrder) {
  ASSERT_TRUE(load_text("{\"\\u0063ode\":\"F1\",\"\\u7ea7\\u522b\":\"low\"}\n{\"grade\":\"high\",\"code\":\"F2\"}\n{\"code\":\"F3\",\"share\":\"1.25%\"}\n", "facility.ndjson"))
      << errors.listed[0].en;
  EXPECT_EQ(cell(facility, f::grade, 0), choice_of(1));
  EXPECT_EQ(cell(facility, f::grade, 1), choice_of(4));
  EXPECT_EQ(cell(facility, f::share, 2), known(125));
}

TEST_F(Loader, GeneratedKeysCountRecords) {
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}],"practitioner":[{"no":"P1","facility":"F1"}],
      "incident":[{"practitioner":"P1"},{"practitioner":"P1","key":"mine"},{"practitioner":"P1"}]})"));
  EXPECT_EQ(keys(base, incident), (std::vector<std::string>{"incident#1", "incident#3", "mine"}));
}

TEST_F(Loader, LongFilesCrossTheWindow) {
  // About 3 MB, so that lines straddle the reads; quoted line breaks too.
  std::string nd, csv = "code,area\n";
  const std::string filler(1000, 'x');
  for (int k = 0; k < 3000; ++k) {
    const std::string key = "F" + std::to_string(10000 + k);
    nd += R"({"code":")" + key + R"(","area":")" + filler + std::to_string(k) + "\"}\n";
    csv += key + ",\"" + filler + "\n" + std::to_string(k) + "\"\n";
  }
  ASSERT_TRUE(load_text(nd, "facility.ndjson"));
  ASSERT_EQ(base.tables[facility].rows, 3000u);
  EXPECT_EQ(base.strings.at(cell(facility, f::area, 2999).lo), filler + "2999");
  EXPECT_EQ(base.tables[facility].source_line[2999], 3000u);
  ASSERT_TRUE(load_text(csv, "facility.csv"));
  ASSERT_EQ(base.tables[facility].rows, 3000u);
  EXPECT_EQ(base.strings.at(cell(facility, f::area, 2999).lo), filler + "\n2999");
  EXPECT_EQ(base.tables[facility].source_line[2999], 6000u);
}

TEST_F(Loader, TellsItsProgress) {
  std::uint64_t done = 0, total = 0;
  options.progress = [&](std::uint64_t d, std::uint64_t t) { done = d, total = t; };
  ASSERT_TRUE(load_text("code\nF1\n", "facility.csv"));
  EXPECT_EQ(done, 8u);
  EXPECT_EQ(total, 8u);
}

TEST_F(Loader, ACopiedPoolStandsAlone) {
  StringPool pool;
  const auto a = pool.intern("a");
  StringPool copy = pool;
  const auto b = pool.intern("b"), c = copy.intern("c");
  EXPECT_EQ(b, c);
  EXPECT_EQ(pool.at(b), "b");
  EXPECT_EQ(copy.at(c), "c");
  EXPECT_EQ(copy.at(a), "a");
  EXPECT_EQ(pool.find("c"), -1);
  for (int k = 0; k < 10000; ++k) EXPECT_EQ(pool.intern(std::to_string(k)), k + 2);
  EXPECT_EQ(pool.find("9999"), 10001);
}

TEST_F(Loader, ManyTextsOfManyLengthsKeepTheirNumbers) {
  const auto nth = [](int k) { return std::string(static_cast<std::size_t>(k % 41), 'x') + std::to_string(k); };
  StringPool pool;
  std::vector<std::string> texts;
  for (int k = 0; k < 120'000; ++k) texts.push_back(nth(k));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<std::int64_t> first(views.size()), again(views.size());
  pool.intern(views, first.data());
  pool.intern(views, again.data());
  EXPECT_EQ(first, again);
  ASSERT_EQ(pool.size(), views.size());
  for (std::size_t k = 0; k < views.size(); ++k) {
    ASSERT_EQ(first[k], static_cast<std::int64_t>(k));
    ASSERT_EQ(pool.at(first[k]), views[k]);
  }
  // Alike at both ends, and as long.
  EXPECT_NE(pool.intern("12345678-a-12345678"), pool.intern("12345678-b-12345678"));
  EXPECT_NE(pool.intern("1234567812345678"), pool.intern("1234567912345678"));
}

TEST_F(Loader, BuilderForScenarios) {
  errors = LoadErrors();
  FactBuilder builder(schema, errors);
  const auto p = builder.add_row(practitioner), fac = builder.add_row(facility), inc = builder.add_row(incident);
  EXPECT_TRUE(builder.set(practitioner, p, "no", CellSpec::string("P1")));
  EXPECT_TRUE(builder.set_parent(practitioner, p, "F1"));
  EXPECT_TRUE(builder.set(facility, fac, f::code, CellSpec::string("F1")));
  EXPECT_TRUE(builder.set_parent(incident, inc, "P1"));
  EXPECT_TRUE(builder.set(incident, inc, i::points, CellSpec::typed(between(2, 4))));
  EXPECT_TRUE(builder.set(incident, inc, i::decided_on, CellSpec::typed(known(never_day))));
  EXPECT_TRUE(builder.set(incident, inc, i::proven, CellSpec::null()));
  EXPECT_TRUE(builder.set(incident, inc, i::level, CellSpec::typed(choice_of(6))));
  EXPECT_TRUE(builder.set_parameter(std::uint32_t{1}, CellSpec::typed(known(30))));
  builder.close_all();
  builder.open(incident, "P1");
  ASSERT_TRUE(builder.finish(base)) << errors.listed[0].en;
  EXPECT_EQ(cell(incident, i::points), between(2, 4));
  EXPECT_EQ(cell(incident, i::suspected), of(Truth::yes));
  EXPECT_EQ(base.parameters[1], known(30));
  EXPECT_TRUE(base.open(incident, practitioner, 0));
  EXPECT_FALSE(base.open(practitioner, facility, 0));
}

TEST_F(Loader, RowsMayBeSetInAnyOrder) {
  errors = LoadErrors();
  FactBuilder builder(schema, errors);
  for (int k = 0; k < 5; ++k) builder.add_row(facility);
  for (const std::uint32_t row : {3u, 0u, 4u, 1u, 2u}) {
    ASSERT_TRUE(builder.set(facility, row, f::code, CellSpec::string("F" + std::to_string(row))));
    ASSERT_TRUE(builder.set(facility, row, f::opened, CellSpec::string("2025-01-0" + std::to_string(row + 1))));
  }
  ASSERT_TRUE(builder.finish(base));
  for (std::uint32_t row = 0; row < 5; ++row) EXPECT_EQ(cell(facility, f::opened, row), known(day("2025-01-01") + row));
  EXPECT_TRUE(column(facility, f::opened).hi.empty());
}

TEST_F(Loader, FinishLeavesTheTargetAloneAfterAnError) {
  ASSERT_TRUE(load_text(R"({"facility":[{"code":"F1"}]})"));
  ASSERT_FALSE(load_text(R"({"facility":[{"code":"F1"},{"code":"F1"}]})"));
  EXPECT_EQ(base.tables[facility].rows, 1u);
}

}  // namespace
}  // namespace tiao::facts
