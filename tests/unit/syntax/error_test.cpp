// What is said about text that is not Tiao, and that parsing goes on after it.
#include "tests/unit/syntax/parsing.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace tiao::syntax {
namespace {

TEST(SyntaxError, WordsRunTogetherGetASpace) {
    const Parsed parsed = parse("协议文本 a {\n  当任一项 则 应当 x\n  当 步后分达到 5分 则 应当 y\n}");
    EXPECT_EQ(parsed.messages(diag::Language::zh),
              "t.tiao:2:3: 错误[unknown_word]：不认识的词“当任一项”\n"
              " 2 |   当任一项 则 应当 x\n"
              "   |   ^^^^^^^^\n"
              "  提示：词与词之间要留空格：当 任一项\n"
              "t.tiao:3:5: 错误[unknown_word]：不认识的词“步后分达到”\n"
              " 3 |   当 步后分达到 5分 则 应当 y\n"
              "   |      ^^^^^^^^^^\n"
              "  提示：词与词之间要留空格：步后分 达到\n");
}

TEST(SyntaxError, MisspeltKeywordsGetTheNearest) {
    EXPECT_EQ(parse("agreement a {\n  artcle 3 when c\n}").messages(),
              "t.tiao:2:3: error[misspelt_word]: unknown word \"artcle\"\n"
              " 2 |   artcle 3 when c\n"
              "   |   ^^^^^^\n"
              "  hint: did you mean \"article\"?\n");
}

TEST(SyntaxError, SaysWhatWasExpected) {
    EXPECT_EQ(parse("agreement a {\n  when b and then must x\n}").messages(),
              "t.tiao:2:14: error[expected_token]: found `then`, expected an expression\n"
              " 2 |   when b and then must x\n"
              "   |              ^^^^\n");
    EXPECT_EQ(parse("agreement a {\n  recorded 3\n}").messages(diag::Language::zh),
              "t.tiao:2:12: 错误[expected_token]：此处是“3”，应为 带引号的文字\n"
              " 2 |   recorded 3\n"
              "   |            ^\n");
    EXPECT_EQ(parse("3").messages(),
              "t.tiao:1:1: error[expected_token]: found `3`, expected a declaration\n"
              " 1 | 3\n"
              "   | ^\n");
}

TEST(SyntaxError, ComparisonsDoNotChain) {
    EXPECT_EQ(parse("agreement a {\n  when 1 at most b at most 3\n}").messages(),
              "t.tiao:2:20: error[chained_comparison]: comparisons cannot be chained\n"
              " 2 |   when 1 at most b at most 3\n"
              "   |                    ^^^^^^^\n"
              "  hint: Write two comparisons joined by `and`.\n");
}

TEST(SyntaxError, TheEndPointsBackAtTheOpenBrace) {
    EXPECT_EQ(parse("agreement a {\n  article 5 { when b\n").messages(),
              "t.tiao:2:21: error[unexpected_end]: the file ends here, `}` is still missing\n"
              " 2 |   article 5 { when b\n"
              "   |                     ^\n"
              "  t.tiao:2:13: note: opened here\n"
              " 2 |   article 5 { when b\n"
              "   |             ^\n");
}

TEST(SyntaxError, StringsMustClose) {
    EXPECT_EQ(parse("agreement a {\n  recorded \"x\n  recorded “y\n}").codes(), "2:12 unclosed_string\n3:12 unclosed_string\n");
}

TEST(SyntaxError, StrangeCharacters) {
    EXPECT_EQ(parse("agreement a {\n  when b ? c\n}").codes(), "2:10 unknown_character\n2:12 expected_token\n");
    EXPECT_NE(parse(std::string("unit a \x01")).messages().find("U+0001"), std::string::npos);
}

TEST(SyntaxError, EachBrokenStatementIsToldOnceAndTheRestIsRead) {
    const Parsed parsed = parse(
        "agreement a {\n"
        "  article 1 {\n"
        "    when b and\n"
        "    then must c, must d or\n"
        "    report e\n"
        "  }\n"
        "  table t (a) hit {\n"
        "    | a |\n"
        "  }\n"
        "  timeline t of p {\n"
        "    states a < b\n"
        "    startz a\n"
        "    starts a\n"
        "    on x given b\n"
        "  }\n"
        "  article 2 { reported \"x\" }\n"
        "}\n"
        "entity e {\n"
        "  fact a :\n"
        "  fact b : 3\n"
        "  fact c\n"
        "}\n"
        "scenario \"s\" of a as of 2025-01-01 {\n"
        "  given x\n"
        "  expect must\n"
        "  expect outcome decided\n"
        "}\n"
        "unit ok\n");
    EXPECT_EQ(parsed.codes(),
              "4:5 expected_token\n"
              "7:19 expected_token\n"
              "12:5 misspelt_word\n"
              "14:10 expected_token\n"
              "16:15 misspelt_word\n"
              "20:3 expected_token\n"
              "20:12 expected_token\n"
              "25:3 expected_token\n"
              "26:3 expected_token\n");
    EXPECT_FALSE(parsed.ast.complete);
    // Declarations that could be read whole are there.
    EXPECT_EQ(dump(parsed.ast), "unit ok\n");
}

TEST(SyntaxError, PlacesInMarkdownAreThoseOfTheFile) {
    const Parsed parsed = parse("# 说明\n\n```tiao\nunit a\nunit 3\n```\n散文 not program\n", "t.tiao.md");
    EXPECT_EQ(parsed.messages(),
              "t.tiao.md:5:6: error[expected_token]: found `3`, expected a name\n"
              " 5 | unit 3\n"
              "   |      ^\n");
}

TEST(SyntaxError, NothingIsReadOfATextThatIsNotUtf8) {
    const Parsed parsed = parse("unit a\nunit \xff");
    EXPECT_EQ(parsed.codes(), "2:6 invalid_utf8\n");
    EXPECT_TRUE(parsed.ast.top.empty());
    EXPECT_NE(parsed.messages().find("byte 12"), std::string::npos);
}

TEST(SyntaxError, NothingIsReadOfATextThatIsTooLarge) {
    EXPECT_EQ(parse(std::string(source::max_file_bytes + 1, ' ')).codes(), "1:1 file_too_large\n");
}

std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST(Limits, NestingIsRefusedBeforeItCostsTheStack) {
    for (const std::string& text : {
             "agreement a { when " + repeat("(", 10000) + "b" + repeat(")", 10000) + " }",
             "agreement a " + repeat("{ item 1 ", 10000),
             "agreement a { when " + repeat("not ", 10000) + "b }",
             "agreement a { define b means " + repeat("- ", 10000) + "1 }",
             "agreement a { define b means " + repeat("30% of ", 10000) + "c }",
             "agreement a { define b means " + repeat("if c take 1 otherwise ", 10000) + "2 }",
             "agreement a { define b means " + repeat("c + ", 10000) + "c }",
             "agreement a { define b means " + repeat("c * ", 10000) + "c }",
             "agreement a { table t (x) hit " + repeat("if c take d otherwise ", 10000) + "first { | x | | 1 | } }",
         }) {
        const Parsed parsed = parse(text);
        ASSERT_EQ(parsed.diagnostics.size(), 1u) << text.substr(0, 60);
        EXPECT_EQ(parsed.diagnostics.all()[0].code, diag::Code::nesting_too_deep) << text.substr(0, 60);
    }
}

TEST(Limits, JustUnderTheLimitIsFine) {
    EXPECT_TRUE(parse("agreement a { when " + repeat("(", 250) + "b" + repeat(")", 250) + " }").diagnostics.empty());
    EXPECT_TRUE(parse("agreement a { define b means " + repeat("c + ", 250) + "c }").diagnostics.empty());
}

TEST(Limits, LongListsAreNoNesting) {
    const Parsed parsed = parse("agreement a { when " + repeat("b and ", 20000) + "b }");
    EXPECT_TRUE(parsed.diagnostics.empty());
    EXPECT_EQ(parsed.ast.expr_count(), 20002u);
}

// A language server parses several files at once.
TEST(Limits, TwoThreadsMayParse) {
    std::vector<std::string> results(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < results.size(); ++i)
        threads.emplace_back([&results, i] {
            for (int n = 0; n < 20; ++n) results[i] = tree("agreement a { 第三条 { 当 甲 达到 " + std::to_string(i) + "分 则 应当 乙 } }");
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(results[3], "agreement a\n  node article 3\n    when (compare at_least (path 甲) (quantity 3 分))\n      then must 乙\n");
}

// Whatever is thrown at it, the parser answers with messages.
TEST(Limits, GarbageNeverCrashes) {
    const std::string good = "agreement a \"x\" { article 3 { for each e when b at least 3分 and (c or d in {f, g}) then must h for 1 year } table t (a) hit first { | a | | 1 | } }";
    std::uint32_t seed = 7;
    const auto next = [&seed](std::uint32_t below) {
        seed = seed * 1664525u + 1013904223u;
        return (seed >> 8) % below;
    };
    for (int round = 0; round < 400; ++round) {
        std::string text = good;
        for (std::uint32_t n = 1 + next(4); n > 0; --n) {
            const std::size_t at = next(static_cast<std::uint32_t>(text.size()));
            switch (next(3)) {
                case 0: text.erase(at, 1 + next(12)); break;
                case 1: text.insert(at, std::string(1, "{}()|,:.\"<3a "[next(13)])); break;
                default: text.insert(at, good.substr(next(static_cast<std::uint32_t>(good.size())), next(20))); break;
            }
        }
        const Parsed parsed = parse(text);
        EXPECT_EQ(parsed.ast.complete, !parsed.diagnostics.has_errors()) << text;
        EXPECT_LT(parsed.messages().size(), 50000u);
        dump(parsed.ast);
    }
}

}  // namespace
}  // namespace tiao::syntax
