// From a target back to the rows whose grounds may reach it: nothing is missed, and no row of the scope is gone through for each target.
#include "tests/unit/interp/world.hpp"

namespace tiao::interp::testing {
namespace {

using core::DeclKind;
using core::Modality;

// Persons who work at sites by posts; visits to persons.
struct ScopeRows : ::testing::Test {
  World w;
  core::Builder& b = w.b;
  EntityId site = w.entity("site"), person = w.entity("person"), post = w.entity("post", person), visit = w.entity("visit");
  ColumnId at = w.column(post, "at", core::ref_type(site), ColumnKind::link);
  ColumnId home = w.column(person, "home", core::ref_type(site), ColumnKind::link);
  ColumnId to = w.column(visit, "to", core::ref_type(person), ColumnKind::link);
  ColumnId bad = w.column(visit, "bad", core::boolean_type());
  RemedyId inspect = none;

  void ground(EntityId scope, ExprId own, core::Source target) {
    inspect = w.remedy("inspect", site, Combine::once);
    w.program.grounds = {w.ground(inspect, scope, Modality::must, own, std::move(target))};
    w.stratum(DeclKind::remedy, inspect);
  }
  // The states on each site, each asked for alone, the last site first; "." is no row.
  std::string asked_alone(Interpreter& interpreter) {
    std::string out(w.facts.tables[site].rows, '.');
    for (std::uint32_t row = w.facts.tables[site].rows; row-- > 0;) {
      const RowRange rows = interpreter.remedy_rows(inspect, row);
      if (rows.begin != rows.end) out[row] = "?+-!"[interpreter.remedy_table(inspect).state[rows.begin]];
    }
    return out;
  }
  std::string whole() {
    const auto interpreter = w.start(day(2025, 12, 31));
    const RemedyTable& table = interpreter->run().remedies[inspect];
    std::string out(w.facts.tables[site].rows, '.');
    for (std::size_t i = 0; i < table.target.size(); ++i) out[static_cast<std::size_t>(table.target[i])] = "?+-!"[table.state[i]];
    return out;
  }
  std::string alone() {
    const auto interpreter = w.start(day(2025, 12, 31));
    return asked_alone(*interpreter);
  }
};

// A visit to somebody, we do not know whom: it may concern every site, also one where nobody lives.
TEST_F(ScopeRows, ALinkThatIsNotKnownAtTheBeginningOfAChainLeadsToEveryRow) {
  for (const char* key : {"S1", "S2", "S3"}) w.row(site, key);
  w.row(person, "P1", none, {{home, known(0)}});
  w.row(visit, "V1", none, {{to, known(0)}, {bad, of(Truth::yes)}});
  w.row(visit, "V2", none, {{to, unknown_cell()}, {bad, of(Truth::yes)}});
  ground(visit, b.column(w.this_row(visit), bad), core::rows_from(b.column(b.column(w.this_row(visit), to), home), site));
  EXPECT_EQ(whole(), "+??");
  EXPECT_EQ(alone(), "+??");
}

TEST_F(ScopeRows, AWayThatPassesByWhatIsNotKnownLeadsToEveryRow) {
  for (const char* key : {"S1", "S2", "S3"}) w.row(site, key);
  w.row(person, "P1");
  w.row(person, "P2");
  w.row(post, "X1", 0, {{at, known(0)}});
  w.row(visit, "V1", none, {{to, known(0)}, {bad, of(Truth::yes)}});
  w.row(visit, "V2", none, {{to, unknown_cell()}, {bad, of(Truth::yes)}});
  ground(visit, b.column(w.this_row(visit), bad),
         core::rows_from(b.column(w.this_row(visit), to), person, {core::children_of(post), core::follow_to(site, at)}));
  EXPECT_EQ(whole(), "+??");
  EXPECT_EQ(alone(), "+??");
}

// Rows of one path for each post; on a site stand those of its own posts.
struct ManySites : ScopeRows {
  static constexpr std::uint32_t sites = 60, persons = 600;
  EntityId path = none;

  void fill() {
    path = w.derived("path", EntityOrigin::join, none, {{"person", core::ref_type(person)}, {"post", core::ref_type(post)}});
    w.program.joins.push_back({path, person, {core::children_of(post)}});
    w.stratum(DeclKind::join, 0);
    for (std::uint32_t i = 0; i < sites; ++i) w.row(site, "S" + std::to_string(i));
    for (std::uint32_t i = 0; i < persons; ++i) w.row(person, "P" + std::to_string(i), none, {{home, known(i % sites)}});
    for (std::uint32_t i = 0; i < persons; ++i) w.row(post, "X" + std::to_string(i), i, {{at, i % 50 == 7 ? unknown_cell() : known(i * 7 % sites)}});
    w.supplied(visit);
  }
};

TEST_F(ManySites, EachRowOfAPathIsLookedAtForItsOwnSite) {
  fill();
  ground(path, b.truth(true), core::rows_from(b.column(b.column(w.this_row(path), 1), at), site));
  const std::string expected = whole();
  const auto interpreter = w.start(day(2025, 12, 31));
  EXPECT_EQ(asked_alone(*interpreter), expected);
  const std::uint64_t unknown = persons / 50;   // these may stand on every site
  EXPECT_LE(interpreter->ground_states(), persons + unknown * (sites + 1));
}

// A post that we do not know where makes its path lead to every site; where the ground surely does not hold nothing is looked at again.
TEST_F(ManySites, WhatSurelyDoesNotHoldIsNotAskedForEachSite) {
  fill();
  ground(path, b.truth(false), core::rows_from(b.column(b.column(w.this_row(path), 1), at), site));
  const auto interpreter = w.start(day(2025, 12, 31));
  EXPECT_EQ(asked_alone(*interpreter), std::string(sites, '.'));
  EXPECT_LE(interpreter->ground_states(), persons + persons / 50);
}

TEST_F(ManySites, TheReadingsOfASiteTakeNoLookAtTheOthers) {
  fill();
  const std::uint32_t reading = w.parameter("strict", core::boolean_type(), of(Truth::yes), true, true);
  ground(path, b.parameter(reading), core::rows_from(b.column(b.column(w.this_row(path), 0), home), site));
  core::Fold any;
  any.kind = core::FoldKind::exists;
  any.source = core::rows_from(w.this_row(site), site, {core::children_of(w.program.schema.remedies[inspect].rows)});
  const std::uint32_t inspected = w.report("inspected", site, b.fold(any));
  const auto interpreter = w.start(day(2025, 12, 31));
  for (std::uint32_t row = 0; row < sites; ++row) EXPECT_EQ(interpreter->readings_of_report(inspected, row).size(), 1u);
  EXPECT_LE(interpreter->ground_states(), 2 * persons);
}

}  // namespace
}  // namespace tiao::interp::testing
