// The keyword table and the lexer grammar say the same.
#include "tests/unit/syntax/parsing.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

namespace tiao::syntax {
namespace {

using Spellings = std::set<std::string>;

std::map<std::string, Spellings> table() {
    std::map<std::string, Spellings> out;
    const auto add = [&](const char* token, std::string_view row) {
        while (!row.empty()) {
            const auto bar = row.find(" | ");
            out[token].insert(std::string(row.substr(0, bar)));
            row = bar == row.npos ? std::string_view{} : row.substr(bar + 3);
        }
    };
#define TIAO_KEYWORD(token, english, chinese, where) add(#token, english), add(#token, chinese);
#include "grammar/keywords.def"
#undef TIAO_KEYWORD
    return out;
}

/// Rules of the grammar before the first fragment: NAME : 'a' S 'b' {predicate}? | 'c' ;
std::map<std::string, Spellings> grammar() {
    std::map<std::string, Spellings> out;
    std::ifstream file(TIAO_SOURCE_DIR "/grammar/TiaoLexer.g4");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("fragment")) break;
        const auto colon = line.find(" : ");
        if (line.empty() || line[0] < 'A' || line[0] > 'Z' || colon == std::string::npos) continue;
        std::istringstream name(line);
        std::string token;
        name >> token;
        std::string spelling;
        bool inside = false;
        for (const char c : line.substr(colon + 3)) {
            if (c == '\'') {
                if (!inside && !spelling.empty()) spelling += ' ';
                inside = !inside;
            } else if (inside) {
                spelling += c;
            } else if (c == '|' || c == ';') {
                out[token].insert(spelling);
                spelling.clear();
            }
        }
    }
    return out;
}

TEST(Keywords, TableAndGrammarAgree) {
    const auto written = table();
    const auto normative = grammar();
    EXPECT_GT(normative.size(), 120u);
    for (const auto& [token, spellings] : normative) EXPECT_EQ(written.contains(token) ? written.at(token) : Spellings{}, spellings) << token;
    for (const auto& [token, spellings] : written) EXPECT_TRUE(normative.contains(token)) << token;
}

TEST(Keywords, EverySpellingIsOfOneTokenOnly) {
    std::map<std::string, std::string> owner;
    for (const auto& [token, spellings] : table())
        for (const auto& spelling : spellings) {
            EXPECT_TRUE(owner.emplace(spelling, token).second) << spelling << " is both " << owner[spelling] << " and " << token;
        }
}

TEST(Keywords, EveryTokenHasBothLanguages) {
    for (const auto& [token, spellings] : table()) {
        bool english = false, chinese = false;
        for (const auto& s : spellings) (static_cast<unsigned char>(s[0]) < 0x80 ? english : chinese) = true;
        EXPECT_TRUE(english && chinese) << token;
    }
}

// Each spelling of an operator gives the same tree.
TEST(Keywords, SpellingsOfComparisonsAreOne) {
    for (const char* op : {"at least", ">=", "≥", "达到", "不低于", "不少于", "at \t least"})
        EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare at_least (path a) (quantity 3))") << op;
    for (const char* op : {"at most", "<=", "≤", "不超过", "不高于"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare at_most (path a) (quantity 3))") << op;
    for (const char* op : {"over", ">", "超过", "高于"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare over (path a) (quantity 3))") << op;
    for (const char* op : {"under", "<", "低于", "不满", "不足"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare under (path a) (quantity 3))") << op;
    for (const char* op : {"is", "=", "＝", "为"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare is (path a) (quantity 3))") << op;
    for (const char* op : {"is not", "!=", "不为", "不是"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare is_not (path a) (quantity 3))") << op;
    for (const char* op : {"on or before", "不晚于"}) EXPECT_EQ(expr(std::string("a ") + op + " b"), "(compare on_or_before (path a) (path b))") << op;
    for (const char* op : {"crosses", "首次达到"}) EXPECT_EQ(expr(std::string("a ") + op + " 3"), "(compare crosses (path a) (quantity 3))") << op;
}

TEST(Keywords, EndAtAWordBoundary) {
    EXPECT_EQ(expr("x in forced_exit"), "(in_period (path x) (path forced_exit))");
    EXPECT_EQ(expr("x is notable"), "(compare is (path x) (path notable))");
    EXPECT_EQ(expr("x is set"), "(is_set (path x))");
    EXPECT_EQ(expr("x is settled"), "(compare is (path x) (path settled))");
    EXPECT_EQ(expr("counted"), "(path counted)");
    EXPECT_EQ(expr("当日"), "(path 当日)");
    EXPECT_EQ(expr("x is not（y）"), "(compare is_not (path x) (path y))");
}

TEST(Keywords, FullWidthSignsAreTheSame) {
    EXPECT_EQ(expr("f（a，b、c）＋1"), expr("f(a, b, c) + 1"));
    EXPECT_EQ(expr("a 在 ｛b、c｝"), expr("a in {b, c}"));
    EXPECT_EQ(expr("30％ of a － b × c"), expr("30% of a - b * c"));
    EXPECT_EQ(tree("列举 甲 ｛ 乙 “二”， 丙 ｝；"), tree("enum 甲 { 乙 \"二\", 丙 };"));
}

// ── words that are keywords only in places ──

TEST(SoftWords, AreColumnsAfterFact) {
    EXPECT_EQ(tree("entity e { fact report  finding table \"表一\"  judgment by by agency  fact from : date  fact key  key floor  dated on }"),
              "entity e\n"
              "  fact report\n"
              "  finding table \"表一\"\n"
              "  judgment by by agency\n"
              "  fact from: date\n"
              "  fact key\n"
              "  key floor\n"
              "  dated on\n");
}

TEST(SoftWords, AreOperands) {
    EXPECT_EQ(expr("status is open and unit.to over floor + credit"),
              "(and (compare is (path status) (path open)) (compare over (path unit.to) (add (path floor) (path credit))))");
    EXPECT_EQ(expr("sum report among table where (period is key)"), "(aggregate sum (path report) {table where (compare is (path period) (path key))})");
    EXPECT_EQ(expr("状态有 为 表"), "(compare is (path 状态有) (path 表))");
}

TEST(SoftWords, StayKeywordsWhereAStatementBegins) {
    EXPECT_EQ(body("when report\nreport status\nwhen a\nreport b"), "when (path report)\nreport status\nwhen (path a)\nreport b\n");
    EXPECT_EQ(body("fact n : int in 1..\nfact m"), "fact n: int in [(quantity 1) .. ]\nfact m\n");
}

TEST(SoftWords, AreColumnsOfPairsAndTables) {
    EXPECT_EQ(tree("scenario \"s\" of a as of 2025-01-01 { given status S1 of U1 { unit: open, table: 3, from: never }\n given period of U1 open }"),
              "scenario \"s\" of a as_of 2025-01-01\n"
              "  given status S1 of U1 unit=(path open) table=(quantity 3) from=(never)\n"
              "  given period of U1 open\n");
    EXPECT_EQ(body("table t (key, unit) hit first { | key | unit | report | | 1 | - | 3 | | otherwise | 2 | 4 | }"),
              "table t (key, unit) hit first\n"
              "  columns key, unit, report\n"
              "  row | (quantity 1) | any | (quantity 3)\n"
              "  row | otherwise | (quantity 2) | (quantity 4)\n");
}

TEST(SoftWords, ReservedOnesStayReserved) {
    EXPECT_NE(parse("entity e { fact item }").diagnostics.size(), 0u);
    EXPECT_NE(parse("entity e { fact among }").diagnostics.size(), 0u);
    EXPECT_NE(parse("entity e { fact 或 }").diagnostics.size(), 0u);
}

}  // namespace
}  // namespace tiao::syntax
