#include "tests/unit/syntax/parsing.hpp"

#include <gtest/gtest.h>

namespace tiao::syntax {
namespace {

TEST(Declaration, SmallOnes) {
    EXPECT_EQ(tree("use lib.words; actor a \"甲\", b unit 点 unit 万元 means 10000元 concept talk \"谈\""),
              "use lib.words\n"
              "actor a \"甲\", b\n"
              "unit 点\n"
              "unit 万元 means (quantity 10000 元)\n"
              "concept talk \"谈\"\n");
    EXPECT_EQ(tree("period y from 2025-01-01 until 2026-01-01  周期 z 自 a 止于 b"),
              "period y from (date 2025-01-01) until (date 2026-01-01)\n"
              "period z from (path a) through (path b)\n");
}

TEST(Declaration, Enumerations) {
    EXPECT_EQ(tree("enum size ordered { s \"小\" < m < l }\nenum colour { red, blue \"蓝\" }"),
              "enum size ordered: s \"小\" < m < l\nenum colour: red, blue \"蓝\"\n");
}

TEST(Declaration, Calendars) {
    EXPECT_EQ(tree("calendar c \"历\" { from 2025-01-01 through 2025-12-31 closed Saturday, 2025-02-01..2025-02-03 works 2025-02-08 citing \"来源\" }"),
              "calendar c \"历\"\n"
              "  extent 2025-01-01 through 2025-12-31\n"
              "  closed Saturday 2025-02-01..2025-02-03\n"
              "  works 2025-02-08\n"
              "  citing \"来源\"\n");
}

TEST(Declaration, Entities) {
    EXPECT_EQ(tree("entity visit \"就诊\" { key number \"号\"  belongs to person  refers to place as site \"地\"  refers to ward\n"
                   "  fact cost : money in 0元..  fact rate : decimal(2)  fact mark : 点 in 1点..3点\n"
                   "  fact kind : one of a \"甲\", b  finding bad by agency, court  dated on_day\n"
                   "  define dear of visit : bool means cost over 5元 }\n"
                   "extend visit { fact more }"),
              "entity visit \"就诊\"\n"
              "  key number \"号\"\n"
              "  belongs_to person\n"
              "  refers_to place as site \"地\"\n"
              "  refers_to ward\n"
              "  fact cost: money in [(quantity 0 元) .. ]\n"
              "  fact rate: decimal(2)\n"
              "  fact mark: 点 in [(quantity 1 点) .. (quantity 3 点)]\n"
              "  fact kind: one_of a \"甲\", b\n"
              "  finding bad by agency, court\n"
              "  dated on_day\n"
              "  define dear of visit: bool means (compare over (path cost) (quantity 5 元))\n"
              "extend visit\n"
              "  fact more\n");
}

TEST(Declaration, Remedies) {
    EXPECT_EQ(tree("remedy warn \"警\" of person { severity 5 takes length \"长\" : duration combine highest length includes talk, note chosen person.given concept c }"),
              "remedy warn \"警\" of person\n"
              "  takes length \"长\": duration\n"
              "  severity 5\n"
              "  combine highest length\n"
              "  includes talk, note\n"
              "  chosen person.given\n"
              "  concept c\n");
    EXPECT_EQ(parse("remedy r of p { severity 1 severity 2 }").codes(), "1:28 repeated_item\n");
    EXPECT_EQ(parse("remedy r of p { severity 99999999999 }").codes(), "1:26 number_too_large\n");
}

TEST(Declaration, AgreementsAndSupplements) {
    EXPECT_EQ(tree("agreement a.b \"甲\" elsewhere \"on paper\" { status draft \"稿\"  subject p, q  edition \"2025\" edition by visit.day  convention \"通\" 通例 期间计算 \"数\" }\n"
                   "convention counting \"n\"\n"
                   "supplement a.c \"乙\" amends a.b { in force from start  throughout in force from 2025-01-01 for 2 years }"),
              "agreement a.b \"甲\" elsewhere \"on paper\"\n"
              "  status draft \"稿\"\n"
              "  subject p, q\n"
              "  edition \"2025\"\n"
              "  edition by visit.day\n"
              "  convention \"通\"\n"
              "  convention 期间计算 \"数\"\n"
              "convention counting \"n\"\n"
              "supplement a.c \"乙\" amends a.b\n"
              "  in_force from (path start)\n"
              "  throughout in_force from (date 2025-01-01) for (quantity 2 years)\n");
}

TEST(Declaration, Scenarios) {
    EXPECT_EQ(tree("scenario \"s\" of a.b as of 2025-06-30 {\n"
                   "  given parameter start: 2025-01-01\n"
                   "  given place F1 { kind: clinic, size: 3, }\n"
                   "  given visit \"2025-7\" of F1 { }\n"
                   "  given gap of F1 open\n"
                   "  expect agency must warn (length: 1 month) of F1 from 2025-01-02 citing item 2 of article 3\n"
                   "  expect may warn or talk of F1\n"
                   "  expect where way is other: no warn of F1\n"
                   "  expect no agency must not warn of F1\n"
                   "  expect undetermined warn of F1 needs F1.size, start citing 三（四）\n"
                   "  expect undetermined needs gap\n"
                   "  expect report total of F1 is 3\n"
                   "  expect report total in 3..5\n"
                   "  expect outcome undetermined\n"
                   "  expect outcome decided\n"
                   "  expect flag \"x\" citing article 4\n"
                   "  expect flag \"x\" of F1\n"
                   "  expect no flag \"x\" of F1 citing article 4\n"
                   "  expect finding item 1 of article 6 of F1\n"
                   "  expect finding tail of article 6\n"
                   "  expect no finding 第六条（二） of F1\n"
                   "  expect no finding of F1\n"
                   "  expect undetermined may warn of F1\n"
                   "  expect undetermined agency must warn needs F1.size\n"
                   "  expect duty of F1 breached citing article 5\n"
                   "  expect elsewhere item 1 of article 6\n"
                   "}"),
              "scenario \"s\" of a.b as_of 2025-06-30\n"
              "  given parameter start: (date 2025-01-01)\n"
              "  given place F1 kind=(path clinic) size=(quantity 3)\n"
              "  given visit 2025-7 of F1\n"
              "  given gap of F1 open\n"
              "  expect agency must warn (length: (quantity 1 month)) of F1 from (date 2025-01-02) citing article 3 / item 2\n"
              "  expect may warn or talk of F1\n"
              "  expect where (compare is (path way) (path other)): no warn of F1\n"
              "  expect no agency must_not warn of F1\n"
              "  expect undetermined warn of F1 needs F1.size, start citing part 3 / item 4\n"
              "  expect undetermined needs gap\n"
              "  expect report total of F1 is (quantity 3)\n"
              "  expect report total in [(quantity 3) .. (quantity 5)]\n"
              "  expect outcome undetermined\n"
              "  expect outcome decided\n"
              "  expect flag \"x\" citing article 4\n"
              "  expect flag \"x\" of F1\n"
              "  expect no flag \"x\" of F1 citing article 4\n"
              "  expect finding article 6 / item 1 in F1\n"
              "  expect finding article 6 / tail\n"
              "  expect no finding article 6 / item 2 in F1\n"
              "  expect no finding of F1\n"
              "  expect undetermined may warn of F1\n"
              "  expect undetermined agency must warn needs F1.size\n"
              "  expect duty of F1 breached citing article 5\n"
              "  expect elsewhere article 6 / item 1\n");
}

TEST(Declaration, CommentsAndEmptyStatementsAreNothing) {
    EXPECT_EQ(tree("# 说明\n;;\nunit a。 # end\n"), "unit a\n");
    EXPECT_EQ(tree(""), "");
}

}  // namespace
}  // namespace tiao::syntax
