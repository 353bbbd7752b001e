#include "compiler/document/tree.hpp"

#include <gtest/gtest.h>

#include "compiler/syntax/parser.hpp"

namespace tiao::document {
namespace {

struct Parsed {
  source::SourceMap sources;
  diag::Diagnostics diagnostics;
  syntax::Ast ast;
  Tree tree;
  explicit Parsed(const std::string& body) {
    const auto id = sources.add("a.tiao", "agreement a { " + body + " }");
    ast = syntax::parse_file(sources, id, diagnostics);
    tree = Tree::build(ast, {{&std::get<syntax::AgreementDecl>(ast[ast.top.at(0)].what)}, {}}, {}, diagnostics);
  }
  std::string at(std::uint32_t from, const std::string& address) {
    const auto id = sources.add("x", address);
    const auto e = syntax::parse_expression(sources, id, ast, diagnostics);
    const auto hit = tree.find(from, ast[e].addresses.at(0).lo.segments);
    return hit ? tree[*hit].address : "-";
  }
};

TEST(Numbers, AreWrittenInChinese) {
  EXPECT_EQ(chinese_number(7), "七");
  EXPECT_EQ(chinese_number(10), "十");
  EXPECT_EQ(chinese_number(31), "三十一");
  EXPECT_EQ(chinese_number(84), "八十四");
  EXPECT_EQ(chinese_number(105), "一百零五");
  EXPECT_EQ(chinese_number(120), "一百二十");
}

TEST(Tree, LeavesChaptersOutOfAddresses) {
  Parsed p("chapter 2 { article 5 { item 2 { subitem 1 recorded \"x\" } } }");
  ASSERT_TRUE(p.diagnostics.empty());
  EXPECT_EQ(p.tree[1].address, "第二章");
  EXPECT_EQ(p.tree[2].address, "第五条");
  EXPECT_EQ(p.tree[4].address, "第五条（二）1");
  EXPECT_EQ(p.tree[4].english, "subitem 1 of item 2 of article 5");
}

TEST(Tree, FindsAddressesFromTheInnermostNodeOutward) {
  Parsed p("article 1 { item 1 recorded \"x\" item 2 { sentence 1 recorded \"y\" } } article 2 { item 2 recorded \"z\" }");
  const auto inner = p.tree.find(0, p.tree[4].path);
  ASSERT_TRUE(inner);
  EXPECT_EQ(p.at(*inner, "item 1"), "第一条（一）");
  EXPECT_EQ(p.at(*inner, "item 2 of article 2"), "第二条（二）");
  EXPECT_EQ(p.at(0, "item 2"), "-");
  EXPECT_EQ(p.at(0, "第一条（二）第一句"), "第一条（二）第一句");
}

TEST(Tree, ExpandsRangesAndReportsDoubles) {
  Parsed p("article 3..article 5 recorded \"x\" article 4 recorded \"y\"");
  EXPECT_EQ(p.tree.nodes().size(), 5u);
  ASSERT_EQ(p.diagnostics.size(), 1u);
  EXPECT_EQ(p.diagnostics.all()[0].code, diag::Code::address_twice);
}

TEST(Tree, KnowsWhichForEachGovernsAStatement) {
  Parsed p("article 1 { item 1 recorded \"x\" for each act item 2 { when true } }");
  EXPECT_FALSE(p.tree[2].scope.valid());
  EXPECT_TRUE(p.tree[3].scope.valid());
  ASSERT_EQ(p.tree[3].statements.size(), 1u);
  EXPECT_TRUE(p.tree[3].statements[0].scope.valid());
}

}  // namespace
}  // namespace tiao::document
