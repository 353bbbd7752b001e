#include "runtime/engine/store.hpp"

#include "tests/unit/engine/columns.hpp"

namespace tiao::engine {
namespace {

using Rows = std::vector<std::uint32_t>;
using Bytes = std::vector<std::uint8_t>;

constexpr EntityId facility = 0, practitioner = 1, post = 2, scoring = 3;
constexpr ColumnId post_parent = 0, post_site = 1, post_role = 2, post_active = 3;

// Two facilities; practitioners 0 and 1; three posts: of 0 at 0, of 0 at 1, of 1 at an unknown place. A group entity over posts.
struct Stored : ::testing::Test {
  Schema schema;
  facts::FactBase facts;
  std::unique_ptr<Store> store;
  SlotLayout layout;

  static Column column_of(const char* id, ColumnKind kind, Type type) {
    Column c;
    c.id = id;
    c.kind = kind;
    c.type = type;
    return c;
  }
  void SetUp() override {
    schema.entities.resize(4);
    schema.entities[practitioner].columns = {column_of("points", ColumnKind::computed, {Kind::integer})};
    Entity& posts = schema.entities[post];
    posts.parent = practitioner;
    posts.parent_column = post_parent;
    posts.columns = {column_of("practitioner", ColumnKind::parent, {Kind::ref, 0, practitioner}), column_of("site", ColumnKind::link, {Kind::ref, 0, facility}),
                     column_of("role", ColumnKind::fact, {Kind::integer}), column_of("active", ColumnKind::fact, {Kind::boolean})};
    Entity& group = schema.entities[scoring];
    group.origin = EntityOrigin::group;
    group.parent = practitioner;
    group.parent_column = 0;
    group.columns = {column_of("practitioner", ColumnKind::parent, {Kind::ref, 0, practitioner}), column_of("role", ColumnKind::fact, {Kind::integer})};
    schema.parameters.resize(1);

    facts.schema = &schema;
    facts.parameters = {known(42)};
    facts.tables.resize(4);
    for (auto& t : facts.tables) t.supplied = true;
    facts.tables[facility].rows = 2;
    facts.tables[practitioner].rows = 2;
    facts.tables[practitioner].columns.resize(1);
    facts::Table& t = facts.tables[post];
    t.rows = 3;
    t.offsets = {0, 2, 3};
    t.columns.resize(4);
    t.columns[post_parent].lo = {0, 0, 1};
    t.columns[post_site].lo = {0, 1, neg_inf};
    t.columns[post_site].hi = {0, 1, pos_inf};
    t.columns[post_role].lo = {5, 5, 6};
    t.columns[post_role].presence = {2, 2, 2};
    t.columns[post_active].truth = {T, F, U};
  }
  void open_store() {
    layout = SlotLayout(schema, 2, 1);
    store = std::make_unique<Store>(schema, layout);
    store->begin(facts);
  }
  template <class T>
  const T* at(std::uint32_t slot) const { return static_cast<const T*>(store->slot(slot)); }
};

TEST_F(Stored, BorrowsFactsWithoutCopying) {
  open_store();
  EXPECT_EQ(at<std::int64_t>(layout.column(post, post_role, ColumnPlane::lo)), facts.tables[post].columns[post_role].lo.data());
  EXPECT_EQ(at<std::int64_t>(layout.column(post, post_role, ColumnPlane::hi)), facts.tables[post].columns[post_role].lo.data()) << "known: hi is lo";
  EXPECT_EQ(at<std::int64_t>(layout.column(post, post_site, ColumnPlane::hi)), facts.tables[post].columns[post_site].hi.data());
  EXPECT_EQ(at<std::uint64_t>(layout.column(post, post_active, ColumnPlane::yes)), facts.tables[post].columns[post_active].truth.first());
  EXPECT_EQ(at<std::uint64_t>(layout.column(post, post_active, ColumnPlane::no)), facts.tables[post].columns[post_active].truth.second());
  EXPECT_EQ(*at<std::uint32_t>(layout.entity(post, EntityPlane::rows)), 3u);
  EXPECT_EQ(at<std::uint32_t>(layout.entity(post, EntityPlane::offsets)), facts.tables[post].offsets.data());
  EXPECT_EQ(at<std::uint8_t>(layout.entity(post, EntityPlane::open)), nullptr);
  EXPECT_EQ(*at<Cell>(layout.parameter(0)), known(42));
  EXPECT_EQ(store->bytes(), 0u);
}

TEST_F(Stored, NumbersEverySlotOnce) {
  layout = SlotLayout(schema, 2, 1);
  std::vector<std::uint32_t> all;
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    for (unsigned p = 0; p <= static_cast<unsigned>(EntityPlane::population_open); ++p) all.push_back(layout.entity(e, static_cast<EntityPlane>(p)));
    for (ColumnId c = 0; c < schema.entities[e].columns.size(); ++c)
      for (unsigned p = 0; p <= static_cast<unsigned>(ColumnPlane::row); ++p) all.push_back(layout.column(e, c, static_cast<ColumnPlane>(p)));
  }
  for (std::uint32_t i = 0; i < 2; ++i)
    for (unsigned p = 0; p <= static_cast<unsigned>(IndexPlane::part_of); ++p) all.push_back(layout.index(i, static_cast<IndexPlane>(p)));
  all.push_back(layout.temporary(0));
  all.push_back(layout.parameter(0));
  std::sort(all.begin(), all.end());
  EXPECT_TRUE(std::adjacent_find(all.begin(), all.end()) == all.end());
  EXPECT_LT(all.back(), layout.size());
}

TEST_F(Stored, MakesParentsOfARegisterOnDemand) {
  open_store();
  EXPECT_EQ(store->parent(post), nullptr);
  store->need_parent(post);
  EXPECT_EQ(Rows(store->parent(post), store->parent(post) + 3), (Rows{0, 0, 1}));
}

TEST_F(Stored, DropsTheSecondPlaneOfAColumnThatTurnsOutKnown) {
  open_store();
  store->make_column(practitioner, 0, Kind::integer, true);
  auto* lo = static_cast<std::int64_t*>(store->slot(layout.column(practitioner, 0, ColumnPlane::lo)));
  auto* hi = static_cast<std::int64_t*>(store->slot(layout.column(practitioner, 0, ColumnPlane::hi)));
  ASSERT_NE(lo, hi);
  lo[0] = hi[0] = 3;
  lo[1] = 4;
  hi[1] = 5;
  store->settle_column(practitioner, 0);
  EXPECT_EQ(store->column(practitioner, 0).at(1), between(4, 5));
  store->measure();
  hi[1] = 4;
  store->settle_column(practitioner, 0);
  EXPECT_TRUE(store->column(practitioner, 0).known());
  EXPECT_EQ(store->column(practitioner, 0).at(1), known(4));
  EXPECT_EQ(store->bytes(), 2 * sizeof(std::int64_t));
  EXPECT_EQ(store->peak_bytes(), 4 * sizeof(std::int64_t));
  store->release_column(practitioner, 0);
  EXPECT_EQ(store->bytes(), 0u);
  EXPECT_EQ(store->slot(layout.column(practitioner, 0, ColumnPlane::lo)), nullptr);
}

TEST_F(Stored, DropsAMembershipThatIsAllYes) {
  open_store();
  std::uint8_t* m = store->make_membership(post);
  m[0] = m[1] = T;
  m[2] = U;
  store->settle_membership(post);
  EXPECT_EQ(store->membership(post), m);
  m[2] = T;
  store->settle_membership(post);
  EXPECT_EQ(store->membership(post), nullptr);
}

TEST_F(Stored, IndexesALinkBackwardsAndKeepsUnknownLinksApart) {
  facts.open_of = {{post, facility, 1}};
  open_store();
  store->add_reverse(0, post, post_site);
  const Index& i = store->index(0);
  EXPECT_EQ(list(i.offsets), (Rows{0, 1, 2}));
  EXPECT_EQ(list(i.rows), (Rows{0, 1}));
  EXPECT_EQ(list(i.unknown_rows), (Rows{2}));
  EXPECT_EQ(*at<std::uint32_t>(layout.index(0, IndexPlane::unknown_count)), 1u);
  EXPECT_EQ(list(i.open), (Bytes{0, 1}));
  EXPECT_TRUE(store->population_open(post));
}

TEST_F(Stored, RowsUnderAnOpenParentMayLinkToAnyRow) {
  facts.tables[post].open_for = {0, 1};
  open_store();
  EXPECT_EQ(Bytes(store->open(post), store->open(post) + 2), (Bytes{0, 1}));
  store->add_reverse(0, post, post_site);
  EXPECT_EQ(list(store->index(0).open), (Bytes{1, 1}));
}

TEST_F(Stored, RowsThatLinkToAnOpenRowMayStandUnderAnyParent) {
  facts.open_of = {{post, facility, 1}};
  open_store();
  EXPECT_EQ(Bytes(store->open(post), store->open(post) + 2), (Bytes{1, 1}));
}

TEST_F(Stored, PartitionsRowsByKnownTuples) {
  open_store();
  store->add_partition(1, post, {post_role, post_active});
  const Index& i = store->index(1);
  EXPECT_EQ(list(i.part_of), (Rows{0, 1, none}));
  EXPECT_EQ(list(i.unknown_rows), (Rows{2}));
  EXPECT_EQ(list(i.rows), (Rows{0, 1, 2})) << "rows of unknown key after all others";
  const std::int64_t second[] = {5, F}, missing[] = {6, T};
  EXPECT_EQ(i.find(second), 1u);
  EXPECT_EQ(i.find(missing), none);
}

TEST_F(Stored, FindsEveryKeyOfALargePartition) {
  facts::Table& t = facts.tables[post];
  t.rows = 5000;
  t.offsets = {0, 5000, 5000};
  t.columns[post_role].lo.clear();
  for (std::int64_t r = 0; r < 5000; ++r) t.columns[post_role].lo.push_back(r % 1250 * 1000003);
  open_store();
  store->add_partition(1, post, {post_role});
  const Index& i = store->index(1);
  ASSERT_EQ(i.offsets.size(), 1251u);
  for (std::int64_t k = 0; k < 1250; ++k) {
    const std::int64_t key = k * 1000003;
    EXPECT_EQ(i.find(&key), k);
    EXPECT_EQ(i.offsets[static_cast<std::size_t>(k) + 1] - i.offsets[static_cast<std::size_t>(k)], 4u);
  }
}

TEST_F(Stored, IsOpenEverywhereForARegisterThatWasNotSupplied) {
  facts.tables[post].supplied = false;
  facts.tables[post].rows = 0;
  facts.tables[post].offsets = {0, 0, 0};
  facts.tables[post].columns = std::vector<facts::ColumnData>(4);
  open_store();
  EXPECT_EQ(Bytes(store->open(post), store->open(post) + 2), (Bytes{1, 1}));
  EXPECT_TRUE(store->population_open(post));
  store->add_reverse(0, post, post_site);
  EXPECT_EQ(list(store->index(0).open), (Bytes{1, 1}));
}

TEST_F(Stored, AdoptsADerivedTable) {
  open_store();
  GroupInput input;
  input.parents = 2;
  input.offsets = store->offsets(post);
  input.keys = {store->column(post, post_role)};
  input.kinds = {Kind::integer};
  input.columns = 2;
  store->adopt(scoring, build_group(input));
  EXPECT_EQ(store->rows(scoring), 2u);
  EXPECT_EQ(store->column(scoring, 0).at(1), known(1)) << "the parent column is served by the parents";
  EXPECT_EQ(store->column(scoring, 1).at(0), known(5));
  EXPECT_EQ(at<std::uint32_t>(layout.entity(scoring, EntityPlane::members))[2], 2u);
  EXPECT_EQ(*at<std::uint32_t>(layout.entity(scoring, EntityPlane::rows)), 2u);
  store->release_entity(scoring);
  EXPECT_EQ(store->bytes(), 0u);
  EXPECT_EQ(store->slot(layout.entity(scoring, EntityPlane::members)), nullptr);
  EXPECT_EQ(store->rows(scoring), 2u);
}

TEST_F(Stored, HandsOutTemporaries) {
  open_store();
  void* p = store->make_temporary(0, 100'000);
  EXPECT_EQ(store->slot(layout.temporary(0)), p);
  EXPECT_GE(store->bytes(), 100'000u);
  int borrowed = 0;
  store->set_temporary(0, &borrowed);
  EXPECT_EQ(store->slot(layout.temporary(0)), &borrowed);
  EXPECT_EQ(store->bytes(), 0u);
  store->release_temporary(0);
  EXPECT_EQ(store->slot(layout.temporary(0)), nullptr);
}

}  // namespace
}  // namespace tiao::engine
