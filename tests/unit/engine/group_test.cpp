#include <algorithm>
#include <random>

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

using Rows = std::vector<std::uint32_t>;

struct Grouping : ::testing::Test {
  Columns columns;
  GroupInput input;

  void from(const Rows& counts, Vec key, Kind kind) {
    const Candidates rows = columns.children(counts);
    input.parents = rows.owners;
    input.offsets = rows.offsets;
    input.keys = {key};
    input.kinds = {kind};
    input.columns = 2;
  }
};

TEST_F(Grouping, GathersEqualKeysWithinTheParentInOrderOfTheirFirstRows) {
  from({4, 0, 3}, columns.values({7, 5, 7, 5, 5, 9, 5}), Kind::text);
  const DerivedTable t = build_group(input);
  EXPECT_EQ(t.rows, 4u);
  EXPECT_EQ(list(t.parent), (Rows{0, 0, 2, 2}));
  EXPECT_EQ(list(t.offsets), (Rows{0, 2, 2, 4}));
  EXPECT_EQ(column(t, 1), all_known({7, 5, 5, 9}));
  EXPECT_EQ(list(t.member_offsets), (Rows{0, 2, 4, 6, 7}));
  EXPECT_EQ(list(t.members), (Rows{0, 2, 1, 3, 4, 6, 5}));
  EXPECT_TRUE(t.membership.empty());
  EXPECT_TRUE(t.member_way.empty());
}

TEST_F(Grouping, LeavesOutRowsThatAreNotThereAndKeepsTheOrOfTheOthers) {
  from({4}, columns.values({1, 1, 2, 3}), Kind::text);
  input.membership = columns.truths({F, U, U, T});
  const DerivedTable t = build_group(input);
  EXPECT_EQ(column(t, 1), all_known({1, 2, 3}));
  EXPECT_EQ(list(t.members), (Rows{1, 2, 3}));
  EXPECT_EQ(memberships(t), (std::vector<std::uint8_t>{U, U, T}));
}

TEST_F(Grouping, MakesARowOfUnknownKeyAnUndecidedMemberOfEveryGroupAndOfOneOfItsOwn) {
  from({3, 2}, columns.numbers({known(1), between(neg_inf, pos_inf), known(2), known(1), known(1)}), Kind::text);
  const DerivedTable t = build_group(input);
  EXPECT_EQ(list(t.parent), (Rows{0, 0, 0, 1}));
  EXPECT_EQ(list(t.member_offsets), (Rows{0, 2, 4, 5, 7}));
  EXPECT_EQ(list(t.members), (Rows{0, 1, 1, 2, 1, 3, 4}));
  EXPECT_EQ(list(t.member_way), (std::vector<std::uint8_t>{T, U, U, T, U, T, T}));
  EXPECT_EQ(memberships(t), (std::vector<std::uint8_t>{T, T, U, T}));
  EXPECT_EQ(column(t, 1)[2], between(neg_inf, pos_inf));
}

TEST_F(Grouping, SpreadsAKeyInErrorToAllGroupsOfTheParent) {
  from({2}, columns.masks({0b10, 0}), Kind::choice);
  input.membership = columns.truths({U, T});
  const DerivedTable t = build_group(input);
  EXPECT_EQ(memberships(t), (std::vector<std::uint8_t>{E, E}));
  EXPECT_EQ(list(t.member_way), (std::vector<std::uint8_t>{T, E, E}));
}

TEST_F(Grouping, SortsTheRowsOfALargeParentToTheSameResult) {
  std::vector<std::int64_t> keys;
  for (std::int64_t i = 0; i < 100; ++i) keys.push_back((i * 7 + 3) % 10);
  from({100}, columns.values(keys), Kind::integer);
  const DerivedTable t = build_group(input);
  ASSERT_EQ(t.rows, 10u);
  for (std::uint32_t g = 0; g < 10; ++g) {
    EXPECT_EQ(column(t, 1)[g], known(keys[g])) << "groups stand in the order of their first rows";
    Rows expected;
    for (std::uint32_t i = g; i < 100; i += 10) expected.push_back(i);
    EXPECT_EQ(Rows(t.members.begin() + t.member_offsets[g], t.members.begin() + t.member_offsets[g + 1]), expected);
  }
}

// Small parents and large ones, rows that are out, and keys that are not known in the last part alone.
TEST_F(Grouping, IsTheSameForAnyNumberOfThreads) {
  for (const bool loose : {false, true}) {
    constexpr std::uint32_t parents = 20'000;
    Rows counts;
    std::vector<Cell> keys;
    std::vector<std::uint8_t> in;
    for (std::uint32_t p = 0; p < parents; ++p) {
      counts.push_back(p % 1'000 == 7 ? 40 + p % 3 : p % 5);
      for (std::uint32_t i = 0; i < counts.back(); ++i) {
        keys.push_back(loose && p > 15'000 && i == 3 ? between(0, 5) : known((p + i * i) % 3));
        in.push_back((p + i) % 7 == 0 ? F : (p + i) % 19 == 0 ? U : (p + i) % 1'009 == 0 ? E : T);
      }
    }
    input = {};
    from(counts, columns.numbers(keys), Kind::integer);
    input.membership = columns.truths(in);
    const DerivedTable one = build_group(input);
    for (const std::uint32_t threads : {2u, 3u}) {
      input.threads = threads;
      const DerivedTable more = build_group(input);
      EXPECT_EQ(one.rows, more.rows);
      EXPECT_EQ(list(one.parent), list(more.parent));
      EXPECT_EQ(list(one.offsets), list(more.offsets));
      EXPECT_EQ(list(one.members), list(more.members));
      EXPECT_EQ(list(one.member_offsets), list(more.member_offsets));
      EXPECT_EQ(list(one.member_way), list(more.member_way));
      EXPECT_EQ(list(one.membership), list(more.membership));
      EXPECT_EQ(column(one, 1), column(more, 1));
    }
    // One key of two columns goes the general way.
    input.keys.push_back(columns.values(std::vector<std::int64_t>(keys.size(), 1)));
    input.kinds.push_back(Kind::integer);
    input.columns = 3;
    const DerivedTable general = build_group(input);
    EXPECT_EQ(list(one.members), list(general.members));
    EXPECT_EQ(list(one.member_offsets), list(general.member_offsets));
    EXPECT_EQ(list(one.membership), list(general.membership));
  }
}

// Parents with few rows and with many one after another, of which some are not there, against a search through the groups so far.
TEST_F(Grouping, GroupsRowsOfOneNumberAsASearchDoes) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Rows counts;
    std::vector<std::int64_t> keys;
    std::vector<std::uint8_t> in;
    for (std::uint32_t p = 0; p < 40; ++p) {
      counts.push_back(static_cast<std::uint32_t>(random() % 20 == 0 ? random() % 40 : random() % 8));
      for (std::uint32_t i = 0; i < counts.back(); ++i) {
        keys.push_back(static_cast<std::int64_t>(random() % 4) * 1'000'000'000'000 - 5);
        in.push_back(round % 3 == 0 || random() % 4 != 0 ? T : round % 3 == 1 || random() % 9 != 0 ? F : random() % 2 == 0 ? U : E);
      }
    }
    from(counts, columns.values(keys), Kind::integer);
    input.membership = round % 6 == 0 ? nullptr : columns.truths(in);
    Rows parents, offsets{0}, members, ends{0};
    std::vector<Cell> key;
    std::vector<std::uint8_t> there;
    for (std::uint32_t p = 0, first = 0; p < counts.size(); first += counts[p++]) {
      std::vector<std::pair<std::int64_t, Rows>> groups;
      for (std::uint32_t row = first; row < first + counts[p]; ++row) {
        if (in[row] == F) continue;
        const auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == keys[row]; });
        if (found != groups.end()) found->second.push_back(row);
        else groups.push_back({keys[row], {row}});
      }
      for (const auto& [number, rows] : groups) {
        parents.push_back(p);
        key.push_back(known(number));
        Truth membership = Truth::no;
        for (const std::uint32_t row : rows) membership = scalar::or_(membership, static_cast<Truth>(in[row]));
        there.push_back(static_cast<std::uint8_t>(membership));
        members.insert(members.end(), rows.begin(), rows.end());
        ends.push_back(static_cast<std::uint32_t>(members.size()));
      }
      offsets.push_back(static_cast<std::uint32_t>(parents.size()));
    }
    const DerivedTable t = build_group(input);
    ASSERT_EQ(list(t.parent), parents) << round;
    ASSERT_EQ(list(t.offsets), offsets) << round;
    ASSERT_EQ(list(t.members), members) << round;
    ASSERT_EQ(list(t.member_offsets), ends) << round;
    ASSERT_EQ(memberships(t), there) << round;
    ASSERT_EQ(column(t, 1), key) << round;
  }
}

TEST_F(Grouping, ComparesEveryColumnOfAKey) {
  from({4}, columns.values({1, 1, 1, 2}), Kind::text);
  input.keys.push_back(columns.truth_vec({T, F, T, T}));
  input.kinds.push_back(Kind::boolean);
  input.columns = 3;
  const DerivedTable t = build_group(input);
  EXPECT_EQ(list(t.member_offsets), (Rows{0, 2, 3, 4}));
  EXPECT_EQ(list(t.members), (Rows{0, 2, 1, 3}));
  EXPECT_EQ(t.columns[2].truth, (BitPairs{T, F, T}));
}

TEST_F(Grouping, IsOpenWhereItsRowsAre) {
  from({1, 1}, columns.values({1, 1}), Kind::text);
  input.open = columns.truths({0, 1});
  EXPECT_EQ(list(build_group(input).open), (std::vector<std::uint8_t>{0, 1}));
}

}  // namespace
}  // namespace tiao::engine
