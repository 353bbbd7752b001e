#include "compiler/source/source.hpp"

#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>
#include <unistd.h>

namespace tiao::source {
namespace {

TEST(Source, CountsLinesColumnsAndCells) {
    SourceMap sources;
    const FileId file = sources.add("a.tiao", "ab\n当 x，y\n\tz");
    EXPECT_EQ(sources.line_count(file), 3u);
    const Position x = sources.position(file, 3 + 3 + 1);  // 当 is three bytes, one character, two cells
    EXPECT_EQ(x.line, 2u);
    EXPECT_EQ(x.column, 3u);
    EXPECT_EQ(x.cell, 4u);
    const Position z = sources.position(file, static_cast<std::uint32_t>(sources.text(file).size()) - 1);
    EXPECT_EQ(z.line, 3u);
    EXPECT_EQ(z.cell, 2u);
    EXPECT_EQ(sources.line(file, 2), "当 x，y");
    EXPECT_EQ(sources.line(file, 9), "");
}

TEST(Source, PositionBehindTheEndIsTheEnd) {
    SourceMap sources;
    const FileId file = sources.add("a.tiao", "ab");
    EXPECT_EQ(sources.position(file, 99).column, 3u);
    EXPECT_EQ(sources.text(Span{file, 1, 99}), "b");
    EXPECT_EQ(sources.text(Span{}), "");
}

TEST(Source, CarriageReturnsBelongToNoLine) {
    SourceMap sources;
    const FileId file = sources.add("a.tiao", "ab\r\ncd\r\n");
    EXPECT_EQ(sources.line(file, 1), "ab");
    EXPECT_EQ(sources.line(file, 2), "cd");
}

TEST(Source, OnlyTiaoFencesAreProgram) {
    SourceMap sources;
    const std::string text = "# 标题\n```tiao\nunit a\n```\nprose ```x```\n```cpp\nint x;\n```\n  ```tiao\nunit b\n  ```\n";
    const FileId file = sources.add("a.tiao.md", text);
    const std::string program(sources.program(file));
    ASSERT_EQ(program.size(), text.size());
    EXPECT_EQ(program.find("unit a"), text.find("unit a"));
    EXPECT_EQ(program.find("unit b"), text.find("unit b"));
    EXPECT_EQ(program.find("prose"), std::string::npos);
    EXPECT_EQ(program.find("int x"), std::string::npos);
    EXPECT_EQ(program.find("标"), std::string::npos);
    EXPECT_EQ(program.find('`'), std::string::npos);
    EXPECT_EQ(std::count(program.begin(), program.end(), '\n'), std::count(text.begin(), text.end(), '\n'));
    EXPECT_EQ(sources.text(file), text);
}

TEST(Source, LongerFencesCloseOnlyWithAsMany) {
    SourceMap sources;
    const FileId file = sources.add("a.tiao.md", "````tiao\nunit a\n```\nunit b\n````\nunit c\n");
    const std::string program(sources.program(file));
    EXPECT_NE(program.find("unit b"), std::string::npos);
    EXPECT_EQ(program.find("unit c"), std::string::npos);
}

TEST(Source, ByteOrderMarkIsDropped) {
    SourceMap sources;
    EXPECT_EQ(sources.text(sources.add("a.tiao", "\xef\xbb\xbfunit a")), "unit a");
}

TEST(Source, MalformedUtf8IsFound) {
    EXPECT_EQ(find_invalid_utf8("当 a"), std::nullopt);
    EXPECT_EQ(find_invalid_utf8("ab\xff"), 2u);
    EXPECT_EQ(find_invalid_utf8("ab\xe5\xbd"), 2u);          // cut off
    EXPECT_EQ(find_invalid_utf8("\xed\xa0\x80"), 0u);        // surrogate
    EXPECT_EQ(find_invalid_utf8("a\xc0\xaf"), 1u);           // overlong
    SourceMap sources;
    const FileId file = sources.add("a.tiao", "unit \xff");
    EXPECT_EQ(sources.defect(file), Defect::invalid_utf8);
    EXPECT_EQ(sources.defect_at(file), 5u);
}

TEST(Source, TooLargeFilesAreNotKept) {
    SourceMap sources;
    const FileId file = sources.add("a.tiao", std::string(max_file_bytes + 1, 'x'));
    EXPECT_EQ(sources.defect(file), Defect::too_large);
    EXPECT_TRUE(sources.text(file).empty());
    EXPECT_EQ(sources.defect(sources.add("b.tiao", std::string(max_file_bytes, 'x'))), Defect::none);
}

TEST(Source, LoadsFilesAndSaysWhenItCannot) {
    SourceMap sources;
    EXPECT_FALSE(sources.load("/nonexistent/file.tiao").has_value());
    EXPECT_FALSE(sources.load("/").has_value());
    const std::string path = testing::TempDir() + "tiao_source_test_" + std::to_string(getpid()) + ".tiao";
    std::FILE* stream = std::fopen(path.c_str(), "wb");
    ASSERT_NE(stream, nullptr);
    std::fputs("unit 米", stream);
    std::fclose(stream);
    const auto file = sources.load(path);
    std::remove(path.c_str());
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(sources.text(*file), "unit 米");
    EXPECT_EQ(sources.path(*file), path);
}

TEST(Source, SpansJoin) {
    const FileId a{0}, b{1};
    EXPECT_EQ(join({a, 3, 5}, {a, 1, 4}), (Span{a, 1, 5}));
    EXPECT_EQ(join({}, {a, 1, 4}), (Span{a, 1, 4}));
    EXPECT_EQ(join({a, 3, 5}, {b, 1, 4}), (Span{a, 3, 5}));
}

TEST(Source, WideLettersTakeTwoCells) {
    EXPECT_EQ(display_width("ab"), 2u);
    EXPECT_EQ(display_width("条款"), 4u);
    EXPECT_EQ(display_width("（a）"), 5u);
    EXPECT_EQ(display_width("e\xcc\x81"), 1u);  // combining mark
}

}  // namespace
}  // namespace tiao::source
