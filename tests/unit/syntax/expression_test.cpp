#include "tests/unit/syntax/parsing.hpp"

#include <gtest/gtest.h>

namespace tiao::syntax {
namespace {

TEST(Expression, BindsFromLooseToTight) {
    EXPECT_EQ(expr("a or b and not c is d + e * - f"),
              "(or (path a) (and (path b) (not (compare is (path c) (add (path d) (multiply (path e) (negate (path f))))))))");
    EXPECT_EQ(expr("(a or b) and c"), "(and (or (path a) (path b)) (path c))");
    EXPECT_EQ(expr("a - b - c"), "(subtract (subtract (path a) (path b)) (path c))");
    EXPECT_EQ(expr("a / b * c"), "(multiply (divide (path a) (path b)) (path c))");
    EXPECT_EQ(expr("若 a 取 1 否则 若 b 取 2 否则 3"), "(if (path a) (quantity 1) (if (path b) (quantity 2) (quantity 3)))");
}

TEST(Expression, ListsStayFlat) {
    EXPECT_EQ(expr("a and b and c and d"), "(and (path a) (path b) (path c) (path d))");
    EXPECT_EQ(expr("a 或 b 或者 c"), "(or (path a) (path b) (path c))");
}

TEST(Expression, Quantities) {
    EXPECT_EQ(expr("12"), "(quantity 12)");
    EXPECT_EQ(expr("0.50"), "(quantity 0.50)");
    EXPECT_EQ(expr("5万元"), "(quantity 5 万元)");
    EXPECT_EQ(expr("1234.56 元"), "(quantity 1234.56 元)");
    EXPECT_EQ(expr("3个月"), "(quantity 3 个月)");
    EXPECT_EQ(expr("30 working days"), "(quantity 30 working days)");
    EXPECT_EQ(expr("10个工作日"), "(quantity 10 working days)");
    EXPECT_EQ(expr("1 year + 2 months"), "(add (quantity 1 year) (quantity 2 months))");
    EXPECT_EQ(expr("30% of m"), "(quantity 30 % (path m))");
    EXPECT_EQ(expr("30% 属于 m × 2"), "(multiply (quantity 30 % (path m)) (quantity 2))");
}

TEST(Expression, Dates) {
    EXPECT_EQ(expr("2025-12-31"), "(date 2025-12-31)");
    EXPECT_EQ(expr("2025年3月1日"), "(date 2025-03-01)");
    EXPECT_EQ(expr("2025年12月"), "(date 2025-12)");
    EXPECT_EQ(expr("2025年"), "(date 2025)");
    EXPECT_EQ(expr("2024-02-29"), "(date 2024-02-29)");
    EXPECT_EQ(expr("date 2025-01-31 + 1 month"), "(add (date 2025-01-31) (quantity 1 month))");
    EXPECT_EQ(expr("日期 2025-01-31 早于 x"), "(compare before (date 2025-01-31) (path x))");
    EXPECT_NE(expr("2025-02-29").find("error[invalid_date]"), std::string::npos);
    EXPECT_NE(expr("2025-13-01").find("error[invalid_date]"), std::string::npos);
    EXPECT_NE(expr("1900-02-29").find("error[invalid_date]"), std::string::npos);
    EXPECT_NE(expr("0000-01-01").find("error[invalid_date]"), std::string::npos);
}

TEST(Expression, Words) {
    EXPECT_EQ(expr("true"), "(true)");
    EXPECT_EQ(expr("否"), "(false)");
    EXPECT_EQ(expr("从未"), "(never)");
    EXPECT_EQ(expr("unstated"), "(unstated)");
    EXPECT_EQ(expr("unknown"), "(unknown)");
    EXPECT_EQ(expr("unknown (1 year..3 years)"), "(unknown [(quantity 1 year) .. (quantity 3 years)])");
    EXPECT_EQ(expr("\"a “b” 》\""), "(string \"a “b” 》\")");
    EXPECT_EQ(expr("“x”"), "(string \"x\")");
    EXPECT_EQ(expr("this"), "(this)");
    EXPECT_EQ(expr("本.当日"), "(this 当日)");
    EXPECT_EQ(expr("疑似 a.b"), "(suspected a.b)");
}

TEST(Expression, PathsAndCalls) {
    EXPECT_EQ(expr("a.b.c"), "(path a.b.c)");
    EXPECT_EQ(expr("f()"), "(call f)");
    EXPECT_EQ(expr("a.f(x, 1 + 2)"), "(call a.f (path x) (add (quantity 1) (quantity 2)))");
    EXPECT_EQ(expr("t(x).out - 1"), "(subtract (call t (path x)).out (quantity 1))");
}

TEST(Expression, Comparisons) {
    EXPECT_EQ(expr("a at least 50% by convention"), "(compare at_least (path a) (quantity 50 %) by_convention)");
    EXPECT_EQ(expr("a in 20%..<50%"), "(in_range (path a) [(quantity 20 %) ..< (quantity 50 %)])");
    EXPECT_EQ(expr("a 在 1 至 3 按通例"), "(in_range (path a) [(quantity 1) .. (quantity 3)] by_convention)");
    EXPECT_EQ(expr("a in ..5"), "(in_range (path a) [ .. (quantity 5)])");
    EXPECT_EQ(expr("a in 5.."), "(in_range (path a) [(quantity 5) .. ])");
    EXPECT_EQ(expr("a in 1<..<3"), "(in_range (path a) [(quantity 1) <..< (quantity 3)])");
    EXPECT_EQ(expr("a in {b, c}"), "(in_set (path a) (path b) (path c))");
    EXPECT_EQ(expr("a in term"), "(in_period (path a) (path term))");
    EXPECT_EQ(expr("a in last(1 month, as_of)"), "(in_period (path a) (call last (quantity 1 month) (path as_of)))");
    EXPECT_EQ(expr("e meets article 2, item 1 of article 3"), "(meets (path e) [article 2, article 3 / item 1])");
    EXPECT_EQ(expr("s in bottom 10% among whole e with same k, l where (c) ties included"),
              "(in_bottom (path s) (quantity 10 %) {whole e with_same k, l where (path c)} ties_included)");
    EXPECT_EQ(expr("s 在前列 3 于 e 同分不计"), "(in_top (path s) (quantity 3) {e} ties_excluded)");
}

TEST(Expression, Aggregates) {
    EXPECT_EQ(expr("count among p where (cheap) at least 3"),
              "(compare at_least (aggregate count {p where (path cheap)}) (quantity 3))");
    EXPECT_EQ(expr("highest p.v among e as x if none 0分"), "(aggregate highest (path p.v) {e as x} if_none (quantity 0 分))");
    EXPECT_EQ(expr("share (a or b) among e if none 0%"), "(aggregate share (or (path a) (path b)) {e} if_none (quantity 0 %))");
    EXPECT_EQ(expr("exists e as x where (x.a)"), "(aggregate exists {e as x where (path x.a)})");
    EXPECT_EQ(expr("no e"), "(aggregate no {e})");
    EXPECT_EQ(expr("every e as d has (f)"), "(aggregate every (path f) {e as d})");
    EXPECT_EQ(expr("连续 3 于 l.记分期 其中（a）"), "(aggregate consecutive 3 {l.记分期 where (path a)})");
    for (const char* fold : {"sum", "lowest", "average", "earliest", "latest", "only"})
        EXPECT_EQ(expr(std::string(fold) + " a among e"), std::string("(aggregate ") + fold + " (path a) {e})");
}

TEST(Expression, Propositions) {
    EXPECT_EQ(expr("任一项"), "(any_item)");
    EXPECT_EQ(expr("any item of article 62, article 64..article 66 and a"), "(and (any_item [article 62, article 64 .. article 66]) (path a))");
    EXPECT_EQ(expr("all items of 二（二）3 except limb 8 of 二（二）3"),
              "(all_items [part 2 / item 2 / subitem 3] except [part 2 / item 2 / subitem 3 / limb 8])");
    EXPECT_EQ(expr("breach of sentence 1 of article 38"), "(breach_of [article 38 / sentence 1])");
    EXPECT_EQ(expr("item 1 or item 2"), "(or (address [item 1]) (address [item 2]))");
}

struct AddressCase {
    const char* written;
    const char* read;
};

TEST(Address, BothOrdersBecomeBigToSmall) {
    for (const AddressCase& c : std::initializer_list<AddressCase>{
             {"第三十一条（二）1", "article 31 / item 2 / subitem 1"},
             {"第二十五条第三句", "article 25 / sentence 3"},
             {"第七十一条第（十四）款", "article 71 / item 14"},
             {"第六十三条第二款", "article 63 / paragraph 2"},
             {"第一百零五条第十项", "article 105 / item 10"},
             {"第一百二十条", "article 120"},
             {"第31条", "article 31"},
             {"第一〇五条", "article 105"},
             {"第二章第三节", "chapter 2 / section 3"},
             {"第七十一条首段", "article 71 / head"},
             {"（四）", "item 4"},
             {"(四)", "item 4"},
             {"（二）3", "item 2 / subitem 3"},
             {"第三句", "sentence 3"},
             {"三（四）", "part 3 / item 4"},
             {"五（一）第二句", "part 5 / item 1 / sentence 2"},
             {"二（二）3", "part 2 / item 2 / subitem 3"},
             {"二（二）3（8）", "part 2 / item 2 / subitem 3 / limb 8"},
             {"部分 三", "part 3"},
             {"目 1", "subitem 1"},
             {"tail", "tail"},
             {"item 4 of article 62", "article 62 / item 4"},
             {"limb 8 of 二（二）3", "part 2 / item 2 / subitem 3 / limb 8"},
             {"（四）之 第五条", "article 5 / item 4"},
             {"sentence 1 of article 38 of region.plan", "article 38 / sentence 1 in region.plan"},
             {"第六十二条（四） 属于 region.plan", "article 62 / item 4 in region.plan"},
         })
        EXPECT_EQ(expr(c.written), std::string("(address [") + c.read + "])") << c.written;
}

TEST(Address, MalformedOnesAreErrors) {
    for (const char* bad : {"article 0", "第零条", "第二款第三条", "article 3 of item 2", "item 99999999999"})
        EXPECT_NE(expr(bad).find("error[invalid_address]"), std::string::npos) << bad;
}

TEST(Address, PartsOfOneTokenHaveTheirOwnSpans) {
    Parsed parsed;
    const auto file = parsed.sources.add("e", "第三十一条（二）1");
    parsed.root = parse_expression(parsed.sources, file, parsed.ast, parsed.diagnostics);
    const auto& segments = parsed.ast[parsed.root].addresses[0].lo.segments;
    ASSERT_EQ(segments.size(), 3u);
    EXPECT_EQ(parsed.sources.text(segments[0].span), "第三十一条");
    EXPECT_EQ(parsed.sources.text(segments[1].span), "（二）");
    EXPECT_EQ(parsed.sources.text(segments[2].span), "1");
}

TEST(Expression, SpansAreBytesOfTheText) {
    Parsed parsed;
    const auto file = parsed.sources.add("e", "合格 且 分值 达到 3分");
    parsed.root = parse_expression(parsed.sources, file, parsed.ast, parsed.diagnostics);
    const Expr& root = parsed.ast[parsed.root];
    EXPECT_EQ(parsed.sources.text(root.span), "合格 且 分值 达到 3分");
    EXPECT_EQ(parsed.sources.text(root.op_span), "且");
    const Expr& right = parsed.ast[root.args[1]];
    EXPECT_EQ(parsed.sources.text(right.span), "分值 达到 3分");
    EXPECT_EQ(parsed.sources.text(right.op_span), "达到");
    EXPECT_EQ(parsed.sources.text(parsed.ast[right.args[1]].span), "3分");
}

TEST(Expression, ErrorsGiveNoRoot) {
    for (const char* bad : {"", "(1", "1 +", "3 3", "a is b is c", "a)", "if a take b", "# only a comment"}) {
        Parsed parsed;
        const auto file = parsed.sources.add("e", bad);
        parsed.root = parse_expression(parsed.sources, file, parsed.ast, parsed.diagnostics);
        EXPECT_FALSE(parsed.root) << bad;
        EXPECT_EQ(parsed.diagnostics.error_count(), 1u) << bad;
    }
}

}  // namespace
}  // namespace tiao::syntax
