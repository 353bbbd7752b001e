// Stages, kernels and lifetimes of plans made from small programs.
#include "compiler/plan/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/core/builder.hpp"
#include "compiler/core/verifier.hpp"

namespace tiao::plan {
namespace {

using core::ExprId;
using core::FoldKind;

struct PlanTest : ::testing::Test {
  core::Program program;
  core::Builder b{program};
  EntityId person = entity("person"), incident = entity("incident", person);
  ColumnId on = column(incident, "on", core::date_type()), act = column(incident, "act", core::text_type()), points = column(incident, "points", core::integer_type());
  Plan plan;

  EntityId entity(const std::string& id, EntityId parent = none) {
    Entity e;
    e.id = id;
    e.key_column = 0;
    e.columns.push_back({"key", "", ColumnKind::key, core::text_type(), neg_inf, pos_inf, {}, none});
    if (parent != none) {
      e.parent = parent;
      e.parent_column = 1;
      e.columns.push_back({"parent", "", ColumnKind::parent, core::ref_type(parent), neg_inf, pos_inf, {}, none});
    }
    program.schema.entities.push_back(e);
    return static_cast<EntityId>(program.schema.entities.size() - 1);
  }
  ColumnId column(EntityId of, const std::string& id, Type type, ColumnKind kind = ColumnKind::fact) {
    auto& columns = program.schema.entities[of].columns;
    columns.push_back({id, "", kind, type, neg_inf, pos_inf, {}, none});
    return static_cast<ColumnId>(columns.size() - 1);
  }
  EntityId group(const std::string& id, ColumnId key) {
    Entity e;
    e.id = id;
    e.origin = EntityOrigin::group;
    e.parent = person;
    e.parent_column = 0;
    e.columns.push_back({"owner", "", ColumnKind::parent, core::ref_type(person), neg_inf, pos_inf, {}, none});
    e.columns.push_back({"by", "", ColumnKind::computed, program.schema.entities[incident].columns[key].type, neg_inf, pos_inf, {}, none});
    program.schema.entities.push_back(e);
    const auto made = static_cast<EntityId>(program.schema.entities.size() - 1);
    program.groups.push_back({made, incident, {key}, none});
    declare(core::DeclKind::group, program.groups.size() - 1);
    return made;
  }
  void declare(core::DeclKind kind, std::size_t index) { program.strata.push_back({kind, static_cast<std::uint32_t>(index)}); }
  ColumnId define(EntityId of, const std::string& id, ExprId expr, bool proposition = false) {
    const ColumnId made = column(of, id, b.type(expr), ColumnKind::computed);
    program.computed.push_back({of, made, expr, none, proposition});
    declare(core::DeclKind::computed, program.computed.size() - 1);
    return made;
  }
  void report(const std::string& id, EntityId of, ExprId expr) {
    program.reports.push_back({id, "", of, expr, none});
    declare(core::DeclKind::report, program.reports.size() - 1);
  }
  ExprId fold(FoldKind kind, core::Source source, ExprId value, ExprId filter = none, ExprId if_none = none) {
    core::Fold f;
    f.kind = kind;
    f.source = std::move(source);
    f.value = value;
    f.filter = filter;
    f.if_none = if_none;
    return b.fold(f);
  }
  ExprId row(EntityId of, std::uint32_t slot = 0) { return b.row(slot, of); }
  ExprId own(EntityId of, ColumnId column, std::uint32_t slot = 0) { return b.column(row(of, slot), column); }
  core::Source incidents_of_person() { return core::rows_from(row(person), person, {core::children_of(incident)}); }
  core::Source members(EntityId of) { return core::rows_from(row(of), of, {core::members_in(incident)}); }
  ExprId grave_at(std::uint32_t slot) { return b.compare(core::CmpOp::at_least, own(incident, points, slot), b.integer(9)); }
  ExprId grave() { return grave_at(0); }

  void make() {
    program.memberships.resize(program.schema.entities.size(), none);
    ASSERT_EQ(core::verify(program), std::vector<std::string>{});
    plan = make_plan(program);
  }
  // For facts of which there are more than caches hold.
  void make_large() {
    make();
    Layout layout = Layout::general(program.schema);
    layout.entities[incident] |= Layout::large;
    plan = make_plan(program, layout);
  }
  std::size_t part_of(std::size_t step) const { return step < plan.parts.first ? 0 : step < plan.parts.end ? 1 : 2; }

  // Places in the order of work; the number of steps where there is none.
  std::size_t find(Step::Kind kind, std::uint32_t a, std::uint32_t b_ = none) const {
    std::size_t i = 0;
    while (i < plan.steps.size() && !(plan.steps[i].kind == kind && plan.steps[i].a == a && (b_ == none || plan.steps[i].b == b_))) ++i;
    return i;
  }
  bool there(std::size_t step) const { return step < plan.steps.size(); }
  // The step whose kernel makes this definition.
  std::size_t made(EntityId of, ColumnId column) const {
    const std::uint32_t computed = plan.computed_of[of][column];
    for (std::uint32_t k = 0; k < plan.kernels.size(); ++k)
      for (const Output& out : plan.kernels[k].outputs)
        if (out.computed == computed) return find(Step::kernel, k);
    return plan.steps.size();
  }
  std::size_t handed_over(std::uint32_t report) const {   // the kernel that evaluates a report
    for (std::uint32_t k = 0; k < plan.kernels.size(); ++k)
      for (const Output& out : plan.kernels[k].outputs)
        if (out.home.temporary == plan.reports[report].temporary) return find(Step::kernel, k);
    return plan.steps.size();
  }
  const Output& output(EntityId of, ColumnId column) const {
    const std::uint32_t computed = plan.computed_of[of][column];
    for (const Kernel& kernel : plan.kernels)
      for (const Output& out : kernel.outputs)
        if (out.computed == computed) return out;
    static const Output nothing;
    ADD_FAILURE() << "no kernel makes it";
    return nothing;
  }
  std::size_t stage_of(std::size_t step) const {
    std::size_t stage = 0;
    while (stage + 1 < plan.stage_starts.size() && plan.stage_starts[stage + 1] <= step) ++stage;
    return stage;
  }
};

TEST_F(PlanTest, OneStageSharesAKernelWhereRowsReadOnlyThemselves) {
  const ColumnId first = define(incident, "first", b.add(own(incident, points), b.integer(1)));
  const ColumnId second = define(incident, "second", b.add(own(incident, first), b.integer(1)));
  report("sum", incident, own(incident, second));
  make();
  ASSERT_TRUE(there(made(incident, second)));
  EXPECT_EQ(made(incident, first), made(incident, second));
  EXPECT_FALSE(output(incident, first).home.stored()) << "read by its own kernel alone: it stays in registers";
}

TEST_F(PlanTest, WhatOtherRowsReadIsInALaterStage) {
  const ColumnId is_grave = define(incident, "is_grave", grave(), true);
  const ColumnId any = define(person, "any", fold(FoldKind::exists, incidents_of_person(), own(incident, is_grave, 1)), true);
  const ColumnId again = define(incident, "again", b.column(b.parent(row(incident)), any), true);
  make();
  EXPECT_LT(stage_of(made(incident, is_grave)), stage_of(made(person, any)));
  EXPECT_LT(stage_of(made(person, any)), stage_of(made(incident, again)));
}

TEST_F(PlanTest, AColumnLivesUntilItsLastReader) {
  const ColumnId raised = define(incident, "raised", b.add(own(incident, points), b.integer(1)));
  report("early", person, fold(FoldKind::sum, incidents_of_person(), own(incident, raised, 1)));
  const ColumnId is_grave = define(incident, "is_grave", grave(), true);
  const ColumnId any = define(person, "any", fold(FoldKind::exists, incidents_of_person(), own(incident, is_grave, 1)));
  report("late", person, fold(FoldKind::highest, incidents_of_person(), own(incident, raised, 1), b.column(b.parent(row(incident, 1)), any), b.integer(0)));
  make();
  const std::size_t released = find(Step::release_column, incident, raised);
  ASSERT_TRUE(there(released));
  EXPECT_LT(handed_over(0), handed_over(1));
  EXPECT_LT(handed_over(1), released) << "the later of two readers";
  EXPECT_EQ(stage_of(released), stage_of(handed_over(1))) << "and no longer";
}

TEST_F(PlanTest, APropositionThatNobodyReadsPasses) {
  const ColumnId read = define(incident, "read", grave(), true);
  const ColumnId unread = define(incident, "unread", b.not_(grave()), true);
  report("how_often", person, fold(FoldKind::count, incidents_of_person(), none, own(incident, read, 1)));
  make();
  EXPECT_TRUE(output(incident, unread).passing);
  EXPECT_FALSE(output(incident, read).passing);
  const std::size_t released = find(Step::release_temporary, output(incident, read).home.temporary);
  ASSERT_TRUE(there(released));
  EXPECT_LT(handed_over(0), released);
}

TEST_F(PlanTest, APropositionThatIsAFindingIsLentByTheFacts) {
  const ColumnId finding = column(incident, "finding", core::boolean_type());
  const ColumnId lent = define(incident, "lent", own(incident, finding), true), turned = define(incident, "turned", b.not_(own(incident, finding)), true);
  define(incident, "of_a_definition", own(incident, turned), true);
  define(incident, "of_another_row", b.column(b.parent(row(incident)), define(person, "any", fold(FoldKind::exists, incidents_of_person(), own(incident, lent, 1)), true)), true);
  make();
  ASSERT_EQ(plan.lent.size(), 1u);
  EXPECT_EQ(plan.lent[0].computed, plan.computed_of[incident][lent]);
  EXPECT_EQ(plan.lent[0].column, finding);
  EXPECT_FALSE(there(made(incident, lent))) << "no kernel makes it";
  EXPECT_TRUE(there(made(incident, turned)));
  EXPECT_THAT(print(plan, program), ::testing::HasSubstr("incident.lent is incident.finding"));
}

TEST_F(PlanTest, AKernelThatFoldsBeforeItsFirstRowIsCalledOnce) {
  const ExprId highest = fold(FoldKind::highest, core::whole_of(incident), own(incident, points, 1), none, b.integer(0));
  const ColumnId best = define(incident, "best", b.compare(core::CmpOp::is, own(incident, points), highest), true);
  make();
  const std::size_t at = made(incident, best);
  ASSERT_TRUE(there(at));
  EXPECT_TRUE(plan.kernels[plan.steps[at].a].slow_start);
  EXPECT_FALSE(output(incident, best).passing) << "stretches of rows would fold again and again";
}

// What stands under a person is taken some persons at a time; what asks about all of them comes behind, and reads what was carried there.
TEST_F(PlanTest, WhatStandsUnderOneRowIsTakenInParts) {
  const EntityId by_act = group("by_act", act);
  const ColumnId most = define(by_act, "most", fold(FoldKind::highest, members(by_act), own(incident, points, 1), none, b.integer(0)));
  const core::Source groups = core::rows_from(row(person), person, {core::children_of(by_act)});
  const ColumnId bad = define(person, "bad", b.compare(core::CmpOp::at_least, fold(FoldKind::sum, groups, own(by_act, most, 1)), b.integer(9)));
  const ExprId worst = fold(FoldKind::exists, core::whole_of(person), own(person, bad, 1));
  report("any", person, b.and_({worst, own(person, bad)}));
  make_large();
  ASSERT_EQ(plan.parts.root, person);
  EXPECT_EQ(plan.parts.own, (std::vector<bool>{true, true, true}));
  EXPECT_EQ(part_of(find(Step::group, 0)), 1u);
  EXPECT_EQ(part_of(made(by_act, most)), 1u);
  EXPECT_EQ(part_of(made(person, bad)), 1u);
  EXPECT_EQ(part_of(find(Step::release_entity, by_act)), 1u);
  EXPECT_EQ(part_of(handed_over(0)), 2u);
  ASSERT_EQ(plan.parts.carried.size(), 1u);
  EXPECT_EQ(plan.kernels[plan.parts.carried[0].kernel].outputs[plan.parts.carried[0].output].computed, plan.computed_of[person][bad]);
  for (const Kernel& kernel : plan.kernels) EXPECT_FALSE(kernel.large) << kernel.name;   // persons are few
  EXPECT_THAT(print(plan, program), ::testing::HasSubstr("part by part of person"));
  make();
  EXPECT_EQ(plan.parts.root, none) << "where little is there all is taken at once";
}

// Groups that are asked for from without stand whole.
TEST_F(PlanTest, TablesThatOthersReadAreNotTakenInParts) {
  const EntityId by_act = group("by_act", act), by_day = group("by_day", on);
  const ColumnId most = define(by_act, "most", fold(FoldKind::highest, members(by_act), own(incident, points, 1), none, b.integer(0)));
  const ColumnId last = define(by_day, "least", fold(FoldKind::lowest, members(by_day), own(incident, points, 1), none, b.integer(0)));
  report("all", by_act, fold(FoldKind::highest, core::whole_of(by_act), own(by_act, most, 1), none, b.integer(0)));
  report("own", by_day, own(by_day, last));
  make_large();
  ASSERT_EQ(plan.parts.root, person);
  EXPECT_EQ(part_of(find(Step::group, 0)), 2u);
  EXPECT_EQ(part_of(made(by_act, most)), 2u);
  EXPECT_EQ(part_of(find(Step::group, 1)), 1u);
  EXPECT_EQ(part_of(made(by_day, last)), 1u);
  EXPECT_EQ(part_of(handed_over(0)), 2u);
  EXPECT_EQ(part_of(handed_over(1)), 1u);
}

TEST_F(PlanTest, MembersGoBeforeTheirGroup) {
  const EntityId by_act = group("by_act", act);
  const ColumnId most = define(by_act, "most", fold(FoldKind::highest, members(by_act), own(incident, points, 1), none, b.integer(0)));
  const core::Source groups = core::rows_from(row(person), person, {core::children_of(by_act)});
  report("sum", person, fold(FoldKind::sum, groups, own(by_act, most, 1)));
  make();
  const std::size_t released = find(Step::release_members, by_act), gone = find(Step::release_entity, by_act);
  ASSERT_TRUE(there(released));
  ASSERT_TRUE(there(gone));
  EXPECT_LT(made(by_act, most), released);
  EXPECT_LT(released, handed_over(0));
  EXPECT_LT(handed_over(0), gone);
}

TEST_F(PlanTest, ParentsGoAfterTheLastThatAsksForThem) {
  const EntityId by_act = group("by_act", act);
  const ColumnId again = column(person, "again", core::boolean_type());
  const ColumnId first = define(by_act, "first", b.column(b.parent(row(by_act)), again));
  const core::Source groups = core::rows_from(row(person), person, {core::children_of(by_act)});
  report("any", person, fold(FoldKind::exists, groups, own(by_act, first, 1)));
  make();
  const std::size_t released = find(Step::release_parents, by_act), gone = find(Step::release_entity, by_act);
  ASSERT_TRUE(there(released));
  ASSERT_TRUE(there(gone));
  EXPECT_LT(made(by_act, first), released);
  EXPECT_LT(released, handed_over(0));
  EXPECT_LT(handed_over(0), gone);
}

TEST_F(PlanTest, RowsThatLookForTheirLikeAreTakenPartByPart) {
  core::Source alike = core::whole_of(incident);
  alike.same = {{act, own(incident, act)}};
  define(incident, "more", fold(FoldKind::exists, alike, b.compare(core::CmpOp::is_not, own(incident, points, 1), own(incident, points))), true);
  define(incident, "grave", grave(), true);
  make();
  std::size_t in_parts = 0;
  for (const Kernel& kernel : plan.kernels) {
    if (kernel.order == none) continue;
    ++in_parts;
    EXPECT_EQ(plan.indexes[kernel.order].kind, IndexSpec::partition);
    EXPECT_FALSE(plan.indexes[kernel.order].looked_up);
    EXPECT_THAT(kernel.fetched, ::testing::UnorderedElementsAre(act, points));
    ASSERT_EQ(kernel.outputs.size(), 1u) << "what does not look around is not taken out of order";
    EXPECT_FALSE(kernel.outputs[0].passing);
  }
  EXPECT_EQ(in_parts, 1u);
}

TEST_F(PlanTest, AComputedKeyIsLookedUp) {
  core::Source alike = core::whole_of(incident);
  alike.same = {{points, b.add(own(incident, points), b.integer(1))}};
  define(incident, "next", fold(FoldKind::exists, alike, b.compare(core::CmpOp::is_not, own(incident, on, 1), own(incident, on))), true);
  make();
  ASSERT_EQ(plan.indexes.size(), 1u);
  EXPECT_TRUE(plan.indexes[0].looked_up);
  for (const Kernel& kernel : plan.kernels) EXPECT_EQ(kernel.order, none);
}

TEST_F(PlanTest, GroupsKeepOnlyTheKeysThatAreRead) {
  const EntityId by_act = group("by_act", act), by_day = group("by_day", on);
  report("last", by_day, own(by_day, core::group_col::first_key));
  report("most", by_act, fold(FoldKind::highest, members(by_act), own(incident, points, 1), none, b.integer(0)));
  make();
  EXPECT_EQ(plan.columns_read[by_day] >> core::group_col::first_key & 1, 1u);
  EXPECT_EQ(plan.columns_read[by_act] >> core::group_col::first_key & 1, 0u);
  EXPECT_EQ(plan.columns_read[incident] >> act & 1, 1u) << "the grouping itself reads it";
}

TEST_F(PlanTest, AFoldOverAPopulationIsKeptByItsKeysAndARankIsAnOrder) {
  core::Source peers = core::whole_of(incident);
  peers.same.push_back({act, own(incident, act)});
  report("sum", incident, fold(FoldKind::sum, peers, own(incident, points, 1)));
  const ExprId lower = b.compare(core::CmpOp::over, own(incident, points), own(incident, points, 1));
  const ExprId itself = b.compare(core::CmpOp::is, row(incident, 1), row(incident));
  report("share", incident, fold(FoldKind::share, peers, b.or_({itself, lower}), grave_at(1), b.constant({0, 0, 1, 1}, core::ratio_type())));
  report("count", incident, fold(FoldKind::count, core::whole_of(incident), none, b.and_({grave_at(1), lower})));
  report("all", incident, fold(FoldKind::sum, core::whole_of(incident), own(incident, points, 1)));
  report("mixed", incident, fold(FoldKind::sum, core::whole_of(incident), own(incident, points, 1), lower));
  report("constant", incident, fold(FoldKind::count, core::whole_of(incident), none, b.compare(core::CmpOp::over, own(incident, points), b.integer(1))));
  make();
  ASSERT_EQ(plan.fold_shapes.size(), 6u);
  EXPECT_EQ(plan.fold_shapes[0].kind, FoldShape::keys);
  EXPECT_EQ(plan.fold_shapes[1].kind, FoldShape::rank);
  EXPECT_EQ(plan.fold_shapes[1].op, core::CmpOp::under) << "of the others' values";
  EXPECT_NE(plan.fold_shapes[1].itself, none);
  EXPECT_EQ(plan.fold_shapes[1].term, none);
  EXPECT_EQ(plan.fold_shapes[2].kind, FoldShape::rank);
  EXPECT_EQ(plan.fold_shapes[2].term, lower);
  EXPECT_EQ(plan.fold_shapes[3].kind, FoldShape::anything) << "the same for every row: once a call";
  EXPECT_EQ(plan.fold_shapes[4].kind, FoldShape::anything) << "a sum goes by more than counts";
  EXPECT_EQ(plan.fold_shapes[5].kind, FoldShape::anything) << "nothing of the population is compared";
  ASSERT_EQ(plan.indexes.size(), 1u) << "ranks number the keys of their populations themselves";
  ASSERT_EQ(plan.ranks.size(), 2u);
  EXPECT_TRUE(plan.ranks[0].own_keys);
  EXPECT_TRUE(plan.ranks[0].own_row);
  EXPECT_EQ(plan.ranks[0].ours.column, points) << "what stands in a column is read there";
  for (const std::uint32_t r : {0u, 1u}) {
    const std::size_t ordered = find(Step::ranking, plan.ranks[r].fold), answered = find(Step::rank, r);
    ASSERT_TRUE(there(ordered) && there(answered));
    EXPECT_LT(ordered, answered);
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      if (const Step& s = plan.steps[i]; s.kind == Step::kernel && plan.kernels[s.a].ranks == std::vector<std::uint32_t>{r}) {
        EXPECT_LT(answered, i);
      }
  }
  EXPECT_EQ(std::count_if(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return s.kind == Step::release_fold; }), 3);
}

TEST_F(PlanTest, FoldsOverRowsThatNameARowAreCountedForAllOfThem) {
  const EntityId clinic = entity("clinic");
  const ColumnId at = column(incident, "at", core::ref_type(clinic), ColumnKind::link), beds = column(clinic, "beds", core::integer_type());
  const auto named = [&](std::uint32_t slot) { return core::rows_from(row(clinic, slot), clinic, {core::linked_by(incident, at)}); };
  const ColumnId any = define(clinic, "any", fold(FoldKind::exists, named(0), none, grave_at(1)));
  const ColumnId share = define(clinic, "share", fold(FoldKind::share, named(0), grave_at(1), none, b.constant({0, 0, 1, 1}, core::ratio_type())));
  report("any", clinic, own(clinic, any));
  report("share", clinic, own(clinic, share));
  make();
  EXPECT_EQ(plan.fold_shapes[0].kind, FoldShape::tally);
  EXPECT_EQ(plan.fold_shapes[1].kind, FoldShape::tally);
  ASSERT_EQ(plan.ranks.size(), 2u);
  for (std::uint32_t r = 0; r < plan.ranks.size(); ++r) {
    ASSERT_TRUE(there(find(Step::rank, r)));
    EXPECT_LT(find(Step::rank, r), made(clinic, plan.ranks[r].fold == 0 ? any : share));
  }
  EXPECT_TRUE(std::none_of(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return s.kind == Step::index; })) << "nobody goes through the rows of one clinic";
  // What depends on the row that asks is counted for it alone.
  report("more", clinic, fold(FoldKind::count, named(0), none, b.compare(core::CmpOp::over, own(incident, points, 1), own(clinic, beds))));
  make();
  EXPECT_EQ(plan.fold_shapes[2].kind, FoldShape::anything);
  EXPECT_TRUE(std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& s) { return s.kind == Step::index; }));
}

TEST_F(PlanTest, ReportsOfColumnsThatStandAreNotMadeAgain) {
  report("points", incident, own(incident, points));
  report("twice", incident, b.add(own(incident, points), own(incident, points)));
  make();
  EXPECT_EQ(plan.reports[0].column, points);
  EXPECT_FALSE(there(handed_over(0)));
  EXPECT_TRUE(there(handed_over(1)));
}

TEST_F(PlanTest, ARankThatIsATruthIsReadInWords) {
  const ExprId better = fold(FoldKind::count, core::whole_of(incident), none, b.compare(core::CmpOp::over, own(incident, points, 1), own(incident, points)));
  const ColumnId best = define(incident, "best", b.and_({b.compare(core::CmpOp::at_most, better, b.integer(3)), b.not_(grave())}), true);
  make();
  ASSERT_EQ(plan.ranks.size(), 1u);
  ASSERT_TRUE(there(made(incident, best)));
  const Kernel& kernel = plan.kernels[plan.steps[made(incident, best)].a];
  EXPECT_TRUE(kernel.words);
  EXPECT_EQ(kernel.ranks, (std::vector<std::uint32_t>{0}));
}

TEST_F(PlanTest, MuchWorkIsDealtOutToSeveralKernels) {
  for (std::int64_t i = 0; i < 40; ++i) {
    const ExprId over = b.compare(core::CmpOp::over, own(incident, points, 1), b.integer(i));
    define(person, "over_" + std::to_string(i), fold(FoldKind::exists, incidents_of_person(), over), true);
  }
  make();
  std::size_t kernels = 0, outputs = 0;
  for (const Kernel& kernel : plan.kernels) {
    if (kernel.entity != person) continue;
    ++kernels;
    outputs += kernel.outputs.size();
    std::uint32_t heaviest = 0;
    for (const Output& out : kernel.outputs) heaviest = std::max(heaviest, plan.weights[out.exprs[0]]);
    EXPECT_LE(kernel.weight, 300 + heaviest + 4);
  }
  EXPECT_GT(kernels, 1u);
  EXPECT_EQ(outputs, 40u) << "each value in one of them";
}

}  // namespace
}  // namespace tiao::plan
