#include "tests/unit/syntax/parsing.hpp"

#include <gtest/gtest.h>

namespace tiao::syntax {
namespace {

TEST(Statement, NodesNestByBraces) {
    EXPECT_EQ(body("chapter 1 \"总\" { article 1, article 3..article 4 recorded \"why\" article 2 { head elsewhere item 1 \"x\" when a item 2 when b } }"),
              "node chapter 1 \"总\"\n"
              "  node article 1, article 3 .. article 4\n"
              "    recorded \"why\"\n"
              "  node article 2\n"
              "    node head\n"
              "      elsewhere\n"
              "    node item 1 \"x\"\n"
              "      when (path a)\n"
              "    node item 2\n"
              "      when (path b)\n");
}

TEST(Statement, NodesMayBeLaterAndResidual) {
    EXPECT_EQ(body("item 3 \"其他\" in force from 2026-01-01 until 2027-01-01 residual to article 2..article 5 when a"),
              "node item 3 \"其他\" in_force from (date 2026-01-01) until (date 2027-01-01) residual_to article 2 .. article 5\n"
              "  when (path a)\n");
}

TEST(Statement, AHeadingAfterAnOpenRangeIsNoBound) {
    EXPECT_EQ(body("require x in 1.. otherwise \"m\"\nfact n : int in 0..\nitem 2 when b\nfact m : int in 0..\n（三） 当 c"),
              "require (in_range (path x) [(quantity 1) .. ]) otherwise \"m\"\n"
              "fact n: int in [(quantity 0) .. ]\n"
              "node item 2\n"
              "  when (path b)\n"
              "fact m: int in [(quantity 0) .. ]\n"
              "node item 3\n"
              "  when (path c)\n");
}

TEST(Statement, Rules) {
    EXPECT_EQ(body("when a unless b then agency must warn, must not pay (fee: 3元) against who.place\n"
                   "  then may cut in 1..3 or talk (p in 1..2) or stop (q at most 30% of m in principle) for 1 year..2 years from d until e in principle\n"
                   "  then automatically in principle close through f"),
              "when (path a) unless (path b)\n"
              "  then agency must warn\n"
              "  then must_not pay (fee: (quantity 3 元)) against who.place\n"
              "  then may cut in [(quantity 1) .. (quantity 3)] or talk (p in [(quantity 1) .. (quantity 2)]) or stop (q at_most (quantity 30 % (path m)) in_principle) "
              "for [(quantity 1 year) .. (quantity 2 years)] from (path d) until (path e) in_principle\n"
              "  then automatically in_principle close through (path f)\n");
    EXPECT_EQ(body("当 a 则 应当 另载 “别处”"), "when (path a)\n  then must elsewhere \"别处\"\n");
}

TEST(Statement, ActsRememberTheirThen) {
    const Parsed parsed = parse("agreement a { when x then must b, must c then may d }");
    ASSERT_TRUE(parsed.diagnostics.empty());
    const auto& agreement = std::get<AgreementDecl>(parsed.ast[parsed.ast.top[0]].what);
    const auto& rule = std::get<Rule>(parsed.ast[agreement.body[0]].what);
    ASSERT_EQ(rule.acts.size(), 3u);
    EXPECT_EQ(rule.acts[1].then_group, 0u);
    EXPECT_EQ(rule.acts[2].then_group, 1u);
}

TEST(Statement, ScopesAndDefinitions) {
    EXPECT_EQ(body("for each visit.place as v where (v.open)\ndefine far (d : metre, n \"名\" : int) of visit : bool means d over 3米\n所称 近 指 非 远"),
              "for_each visit.place as v where (path v.open)\n"
              "define far (d: metre, n \"名\": int) of visit: bool means (compare over (path d) (quantity 3 米))\n"
              "define 近 means (not (path 远))\n");
}

TEST(Statement, SmallOnes) {
    EXPECT_EQ(body("throughout applies when a applies when b overrides item 2, article 3 activate article 4..article 5 when c"),
              "throughout applies when (path a)\n"
              "applies when (path b)\n"
              "overrides item 2, article 3\n"
              "activate article 4 .. article 5 when (path c)\n");
    EXPECT_EQ(body("exception to item 4 of article 7 when a then automatically stay"), "exception_to article 7 / item 4 when (path a)\n  then automatically stay\n");
    EXPECT_EQ(body("report total report rest of person means 12 - total"),
              "report total\nreport rest of person means (subtract (quantity 12) (path total))\n");
    EXPECT_EQ(body("parameter p \"参\" : date by agency if none 2025-01-01\nreading r \"读\" { a \"一\" default, b }"),
              "parameter p \"参\": date by agency if_none (date 2025-01-01)\nreading r \"读\": a \"一\" default, b\n");
    EXPECT_EQ(parse("agreement a { reading r { a default, b default } }").codes(), "1:38 repeated_item\n");
}

TEST(Statement, Duties) {
    EXPECT_EQ(body("duty of agency when ok: paid_on due filed_on + 30 working days in principle breach under item 1 of article 61 by wording\nduty of place: shown"),
              "duty of agency when (path ok): (path paid_on) due (add (path filed_on) (quantity 30 working days)) in_principle breach_under article 61 / item 1 by_wording\n"
              "duty of place: (path shown)\n");
}

TEST(Statement, Tables) {
    EXPECT_EQ(body("table t \"表\" (a, b) hit if way is one take longest otherwise first { | a | b | out | | 1..3 | {x, y} | 2 months | | at least 4 | - | -1 | | otherwise | ..5 | unknown | }"),
              "table t \"表\" (a, b) hit if (compare is (path way) (path one)) take longest otherwise first\n"
              "  columns a, b, out\n"
              "  row | [(quantity 1) .. (quantity 3)] | {(path x), (path y)} | (quantity 2 months)\n"
              "  row | at_least (quantity 4) | any | (negate (quantity 1))\n"
              "  row | otherwise | [ .. (quantity 5)] | (unknown)\n");
    EXPECT_EQ(parse("agreement a { table t (a) hit first {\n | a | b |\n | 1 |\n } }").codes(), "3:2 row_width\n");
}

TEST(Statement, GroupsAndLedgers) {
    EXPECT_EQ(body("group g \"组\" from visit per day, kind { define most means highest cost among visit if none 0元 }\n"
                   "ledger l of person { enter most among g dated day  credit v among cut where (ok) dated day at most 3分 per year, term  floor 0分  opens at 0分 per year }"),
              "group g \"组\" from visit per day, kind\n"
              "  define most means (aggregate highest (path cost) {visit} if_none (quantity 0 元))\n"
              "ledger l of person\n"
              "  enter (path most) among {g} dated day\n"
              "  credit (path v) among {cut where (path ok)} dated day at_most (quantity 3 分) per year, term\n"
              "  floor (quantity 0 分)\n"
              "  opens_at (quantity 0 分) per year\n");
}

TEST(Statement, TimelinesAndStages) {
    EXPECT_EQ(body("timeline t of person { states a \"甲\" < b  starts a  on stop where (x) gives b from d for 2 months  overlap of b : together  shorten n among cut dated day  floor 1 day }"),
              "timeline t of person\n"
              "  states a \"甲\" < b\n"
              "  starts a\n"
              "  on stop where (path x) gives (path b) from (path d) for (quantity 2 months)\n"
              "  overlap of b: together\n"
              "  shorten (path n) among {cut} dated day\n"
              "  floor (quantity 1 day)\n");
    EXPECT_EQ(body("stages s of person { states a, b  starts a  on check as c  from a to b when c.bad }"),
              "stages s of person\n"
              "  states a, b\n"
              "  starts a\n"
              "  on check as c\n"
              "  from a to b when (path c.bad)\n");
    EXPECT_EQ(parse("agreement a { timeline t of p { on x gives y } }").codes(), "1:15 missing_item\n1:15 missing_item\n");
}

TEST(Statement, Amendments) {
    EXPECT_EQ(body("insert item 14 of article 71 \"新\" { when a } replace 第七十二条（三） 当 b append article 13 \"后\" { recorded \"r\" } repeal article 4, item 2 of article 5 "
                   "renumber article 8 to article 9"),
              "insert\n"
              "  node article 71 / item 14 \"新\"\n"
              "    when (path a)\n"
              "replace\n"
              "  node article 72 / item 3\n"
              "    when (path b)\n"
              "append article 13 \"后\"\n"
              "  recorded \"r\"\n"
              "repeal article 4, article 5 / item 2\n"
              "renumber article 8 to article 9\n");
}

// The same clause in both languages is the same tree.
TEST(Statement, ChineseAndEnglishAreOneLanguage) {
    EXPECT_EQ(body("条 3 \"x\" { 对每个 甲 （一） 当 乙 达到 3分 除非 丙 则 丁 应当 戊 为期 2个月 自 己；优先于 （二） }"),
              body("article 3 \"x\" { for each 甲 item 1 when 乙 at least 3分 unless 丙 then 丁 must 戊 for 2个月 from 己; overrides item 2 }"));
}

}  // namespace
}  // namespace tiao::syntax
