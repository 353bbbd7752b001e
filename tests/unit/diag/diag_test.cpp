#include "compiler/diag/diag.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace tiao::diag {
namespace {

class Rendering : public testing::Test {
protected:
    source::Span find(std::string_view text) const {
        const auto at = sources.text(file).find(text);
        return {file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + text.size())};
    }
    std::string text(Language language = Language::en) const { return render_text(sources, diagnostics, {language, false, 50}); }

    source::SourceMap sources;
    source::FileId file = sources.add("规则/a.tiao", "unit a\n\t当 合格 则 x\n");
    Diagnostics diagnostics;
};

TEST_F(Rendering, PutsTheMarkUnderWideLetters) {
    diagnostics.add(Code::expected_token, find("合格"), {both("“合格”", "`合格`"), both("语句", "a statement")});
    EXPECT_EQ(text(),
              "规则/a.tiao:2:4: error[expected_token]: found `合格`, expected a statement\n"
              " 2 |  当 合格 则 x\n"
              "   |     ^^^^\n");
    EXPECT_EQ(text(Language::zh),
              "规则/a.tiao:2:4: 错误[expected_token]：此处是“合格”，应为 语句\n"
              " 2 |  当 合格 则 x\n"
              "   |     ^^^^\n");
}

TEST_F(Rendering, ShowsHintsAndLabels) {
    auto& d = diagnostics.add(Code::unknown_word, find("x"), {"当任一项"});
    d.hint_args = {"当 任一项"};
    d.labels.push_back({find("unit"), Code::opened_here, {}});
    EXPECT_EQ(text(),
              "规则/a.tiao:2:9: error[unknown_word]: unknown word \"当任一项\"\n"
              " 2 |  当 合格 则 x\n"
              "   |             ^\n"
              "  规则/a.tiao:1:1: note: opened here\n"
              " 1 | unit a\n"
              "   | ^^^^\n"
              "  hint: words are separated by spaces: 当 任一项\n");
}

TEST_F(Rendering, CountsWhatIsOverTheLimit) {
    for (int i = 0; i < 5; ++i) diagnostics.add(Code::unclosed_string, {});
    EXPECT_EQ(render_text(sources, diagnostics, {Language::en, false, 2}),
              "error[unclosed_string]: the string is not closed; a string stays on one line\n"
              "error[unclosed_string]: the string is not closed; a string stays on one line\n"
              "3 more not shown\n");
}

TEST_F(Rendering, LongLinesAreCutAroundTheMark) {
    const std::string wide = std::string(5000, 'a') + " 坏 " + std::string(5000, 'b');
    file = sources.add("long.tiao", wide);
    diagnostics.add(Code::unknown_character, find("坏"), {"“坏”"});
    const std::string out = text();
    EXPECT_LT(out.size(), 700u);
    EXPECT_NE(out.find("坏"), std::string::npos);
    EXPECT_NE(out.find("^^\n"), std::string::npos);
}

TEST_F(Rendering, ControlCharactersNeverReachTheTerminal) {
    file = sources.add("evil.tiao", "a \x1b[31m b");
    diagnostics.add(Code::unknown_character, find("\x1b"), {"U+001B"});
    EXPECT_EQ(text().find('\x1b'), std::string::npos);
}

TEST_F(Rendering, ColoursOnlyWhenAsked) {
    diagnostics.add(Code::unclosed_string, find("x"));
    EXPECT_EQ(text().find('\x1b'), std::string::npos);
    EXPECT_NE(render_text(sources, diagnostics, {Language::zh, true, 50}).find("\x1b[31m"), std::string::npos);
}

TEST_F(Rendering, JsonNamesPlacesAndSurvivesBadBytes) {
    auto& d = diagnostics.add(Code::unknown_word, find("合格"), {"\xff"});
    d.labels.push_back({find("unit"), Code::opened_here, {}});
    const auto json = nlohmann::json::parse(render_json(sources, diagnostics, {Language::en, false, 50}));
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json[0]["code"], "unknown_word");
    EXPECT_EQ(json[0]["severity"], "error");
    EXPECT_EQ(json[0]["line"], 2);
    EXPECT_EQ(json[0]["column"], 4);
    EXPECT_EQ(json[0]["end_column"], 6);
    EXPECT_EQ(json[0]["related"][0]["message"], "opened here");
}

TEST_F(Rendering, SarifHasOneRuleForEachCode) {
    diagnostics.add(Code::unclosed_string, find("x"));
    diagnostics.add(Code::unclosed_string, find("unit"));
    const auto json = nlohmann::json::parse(render_sarif(sources, diagnostics, {Language::zh, false, 50}));
    EXPECT_EQ(json["version"], "2.1.0");
    EXPECT_EQ(json["runs"][0]["tool"]["driver"]["rules"].size(), 1u);
    ASSERT_EQ(json["runs"][0]["results"].size(), 2u);
    EXPECT_EQ(json["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
}

TEST_F(Rendering, EmptyListsAreEmptyLists) {
    EXPECT_EQ(text(), "");
    EXPECT_EQ(render_json(sources, diagnostics, {}), "[]\n");
}

TEST(Diagnostics, SortOrdersByPlaceAndDropsRepeats) {
    const source::FileId file{0};
    Diagnostics all;
    all.add(Code::unclosed_string, {file, 9, 10});
    all.add(Code::unclosed_string, {file, 2, 3});
    all.add(Code::unclosed_string, {file, 9, 10});
    EXPECT_EQ(all.error_count(), 3u);
    all.sort();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all.error_count(), 2u);
    EXPECT_EQ(all.all()[0].span.begin, 2u);
}

TEST(Diagnostics, AppendMovesAndCounts) {
    Diagnostics a, b;
    b.add(Code::unclosed_string, {});
    b.add(Code::opened_here, {});
    a.append(std::move(b));
    EXPECT_EQ(a.size(), 2u);
    EXPECT_EQ(a.error_count(), 1u);
    EXPECT_TRUE(b.empty());
}

TEST(Messages, AreCompleteInBothLanguages) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Code::count_); ++i) {
        const Message& row = message(static_cast<Code>(i));
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_FALSE(row.zh.empty()) << row.name;
        EXPECT_FALSE(row.en.empty()) << row.name;
        EXPECT_EQ(row.hint_zh.empty(), row.hint_en.empty()) << row.name;
        // Both wordings use the same arguments.
        for (char n = '0'; n <= '9'; ++n) {
            const std::string place{'{', n, '}'};
            EXPECT_EQ(row.zh.find(place) == row.zh.npos, row.en.find(place) == row.en.npos) << row.name << " " << place;
        }
    }
}

TEST(Messages, MissingArgumentsLeaveNothingBehind) {
    Diagnostic d;
    d.code = Code::expected_token;
    EXPECT_EQ(wording(d, Language::en), "found , expected ");
}

TEST(Colour, NoColorWins) {
    setenv("NO_COLOR", "1", 1);
    EXPECT_FALSE(wants_colour(1));
    unsetenv("NO_COLOR");
}

}  // namespace
}  // namespace tiao::diag
