#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

using Rows = std::vector<std::uint32_t>;
using Bytes = std::vector<std::uint8_t>;

// Facilities 0, 1; posts 0..3 with their practitioners (parents) 0, 0, 1, 2, linked to facilities 0, 1, 0 and an unknown one.
struct Expanding : ::testing::Test {
  Columns columns;
  ExpandInput input;

  HopInput linked_posts() {
    HopInput h;
    h.kind = HopKind::linked;
    h.offsets = columns.rows({0, 2, 3});
    h.rows = columns.rows({0, 2, 1});
    h.unknown_rows = columns.rows({3});
    h.unknown_count = 1;
    return h;
  }
  HopInput practitioners() {
    HopInput h;
    h.kind = HopKind::parent;
    h.ref.row = columns.rows({0, 0, 1, 2});
    return h;
  }
};

TEST_F(Expanding, GivesRowsOfAnUnknownLinkToEveryOwnerUndecided) {
  input.owners = 2;
  input.hops = {linked_posts()};
  const Expansion e = expand(input);
  EXPECT_EQ(list(e.offsets), (Rows{0, 3, 5}));
  EXPECT_EQ(list(e.row), (Rows{0, 2, 3, 1, 3}));
  EXPECT_EQ(list(e.way), (Bytes{T, T, U, T, U}));
  EXPECT_TRUE(e.open.empty());
}

TEST_F(Expanding, LeavesOutWaysThroughRowsThatAreNotThere) {
  input.owners = 2;
  input.hops = {linked_posts()};
  input.hops[0].membership = columns.truths({F, U, T, T});
  const Expansion e = expand(input);
  EXPECT_EQ(list(e.row), (Rows{2, 3, 1, 3}));
  EXPECT_EQ(list(e.way), (Bytes{T, U, U, U}));
}

TEST_F(Expanding, CountsRowsOfADistinctPathOnce) {
  input.owners = 2;
  HopInput posts = linked_posts();
  posts.rows = columns.rows({1, 0, 2});   // facility 0: posts 1 and 0, both of practitioner 0
  input.hops = {posts, practitioners()};
  input.hops[0].membership = columns.truths({U, T, T, T});
  input.distinct = true;
  const Index e = expand_index(input);
  EXPECT_EQ(list(e.offsets), (Rows{0, 2, 4}));
  EXPECT_EQ(list(e.rows), (Rows{0, 2, 1, 2}));
  EXPECT_EQ(list(e.way), (Bytes{T, U, T, U}));
}

TEST_F(Expanding, OpensTheSetOfAnOwnerWhoseRefIsNotKnownAndMarksErrors) {
  input.owners = 3;
  input.start = columns.numbers({known(1), between(neg_inf, pos_inf), number_error()});
  HopInput children;
  children.offsets = columns.rows({0, 2, 3});
  input.hops = {children};
  const Expansion e = expand(input);
  EXPECT_EQ(list(e.offsets), (Rows{0, 1, 1, 1}));
  EXPECT_EQ(list(e.row), (Rows{2}));
  EXPECT_EQ(list(e.open), (Bytes{0, 1, 2}));
  EXPECT_EQ(list(e.elsewhere), (Bytes{0, 1, 0})) << "whose children they are is not known";
}

TEST_F(Expanding, PassesOnThatARegisterIsOpenForARowPassed) {
  input.owners = 2;
  HopInput children;
  children.offsets = columns.rows({0, 1, 2});
  children.open = columns.truths({0, 1});
  input.hops = {children};
  EXPECT_EQ(list(expand(input).open), (Bytes{0, 1}));
  EXPECT_TRUE(expand(input).elsewhere.empty()) << "rows that we do not know, and no others";
  HopInput up;
  up.kind = HopKind::parent;
  up.ref.row = columns.rows({0, 1});
  input.hops.push_back(up);
  EXPECT_EQ(list(expand(input).elsewhere), (Bytes{0, 1})) << "from them the way may go on to any";
}

TEST_F(Expanding, GivesEachOwnerThePopulationWhenThereIsNoStart) {
  input.owners = 2;
  input.whole = 2;
  input.whole_membership = columns.truths({T, U});
  const Expansion e = expand(input);
  EXPECT_EQ(list(e.row), (Rows{0, 1, 0, 1}));
  EXPECT_EQ(list(e.way), (Bytes{T, U, T, U}));
}

TEST_F(Expanding, JoinsOneRowPerWayWithItsPath) {
  input.owners = 2;
  input.start_membership = columns.truths({T, U});
  input.hops = {linked_posts(), practitioners()};
  const DerivedTable t = build_join(input);
  EXPECT_EQ(t.rows, 5u);
  EXPECT_EQ(list(t.columns[0].row), (Rows{0, 0, 0, 1, 1}));
  EXPECT_EQ(list(t.columns[1].row), (Rows{0, 2, 3, 1, 3}));
  EXPECT_EQ(list(t.columns[2].row), (Rows{0, 1, 2, 0, 2}));
  EXPECT_EQ(memberships(t), (Bytes{T, T, U, U, U}));
}

TEST_F(Expanding, ReadsTheMembersOfAGroupWithTheirWays) {
  input.owners = 1;
  HopInput members;
  members.kind = HopKind::members;
  members.offsets = columns.rows({0, 2});
  members.rows = columns.rows({4, 5});
  members.member_way = columns.truths({T, U});
  input.hops = {members};
  const Expansion e = expand(input);
  EXPECT_EQ(list(e.row), (Rows{4, 5}));
  EXPECT_EQ(list(e.way), (Bytes{T, U}));
}

}  // namespace
}  // namespace tiao::engine
