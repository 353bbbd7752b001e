// Code that is made for the readings of a run answers as code for any readings does, also about rows that nobody knows.
#include "tests/unit/jit/sheet.hpp"

namespace tiao::jit::testing {
namespace {

using core::Fold;
using core::FoldKind;

// A register of one row with an amount from 0 to 9, open for more, and a parameter that is given as true.
struct Settled : ::testing::Test {
  Settled() {
    add_owners_with_rows(p, {fact("amount", core::integer_type(), 0, 9), fact("balance", core::integer_type())});
    p.schema.parameters.emplace_back();
    p.schema.parameters[0].id = "on";
    p.schema.parameters[0].type = core::boolean_type();
  }

  // The value of a report on the only owner.
  Cell answer(ExprId report, Effort effort) {
    p.reports = {{"answer", "", 0, report, none}};
    p.strata.push_back({core::DeclKind::report, 0});
    EXPECT_EQ(core::verify(p), std::vector<std::string>{});
    facts::LoadErrors errors;
    facts::FactBuilder builder(p.schema, errors);
    builder.close_all();
    builder.add_row(0);
    builder.set(0, 0, ColumnId{0}, facts::CellSpec::string("O"));
    builder.add_row(1);
    builder.set(1, 0, ColumnId{0}, facts::CellSpec::string("R"));
    builder.set(1, 0, ColumnId{1}, facts::CellSpec::string("O"));
    builder.set(1, 0, ColumnId{2}, facts::CellSpec::number("4"));
    builder.set(1, 0, ColumnId{3}, facts::CellSpec::number("-2"));
    facts::FactBase facts;
    EXPECT_TRUE(builder.finish(facts)) << errors.listed.front().en;
    facts.parameters = {of(Truth::yes)};
    facts.parameter_set = {1};
    facts.tables[1].open_for.assign(1, 1);
    const Engine::Made made = Engine::compile(p, {{}, effort, 1, false});
    EXPECT_TRUE(made.engine) << made.error;
    const RunResult run = made.engine->run(facts, day(2025, 12, 31));
    EXPECT_EQ(run.outcome, Outcome::done) << run.error;
    p.strata.pop_back();
    return run.results.reports[0].at(0);
  }

  core::Source rows() { return core::rows_from(b.row(0, 0), 0, {core::children_of(1)}); }
  ExprId amount() { return b.column(b.row(1, 1), 2); }

  core::Program p;
  core::Builder b{p};
};

TEST_F(Settled, AnOpenFoldOverAColumnIsBoundedAndOneOverAChoiceIsNot) {
  Fold plain{FoldKind::highest, rows()}, chosen = plain;
  plain.value = amount();
  chosen.value = b.select(b.parameter(0), amount(), b.integer(3));
  const ExprId bounded = b.fold(plain), unbounded = b.fold(chosen);
  for (const Effort effort : {Effort::quick, Effort::full}) {
    EXPECT_EQ(answer(bounded, effort), between(4, 9));
    EXPECT_EQ(answer(unbounded, effort), between(4, pos_inf));
  }
}

TEST_F(Settled, EntriesThatNobodyKnowsMayTakeAwayUnlessTheDeclarationRulesItOut) {
  core::Ledger ledger;
  ledger.owner = 0;
  ledger.id = "ledger";
  ledger.type = core::integer_type();
  core::Flow entry;
  entry.source = rows();
  entry.amount = b.select(b.parameter(0), amount(), b.column(b.row(1, 1), 3));
  entry.date = b.constant(known(day(2025, 3, 1)), core::date_type());
  ledger.entries.push_back(entry);
  ledger.opens_at = b.integer(0);
  for (const char* id : {"step", "cycle"}) {
    Entity e;
    e.id = id;
    e.origin = std::string(id) == "step" ? EntityOrigin::step : EntityOrigin::cycle;
    e.parent = 0;
    e.parent_column = 0;
    e.columns.push_back({"owner", "", ColumnKind::computed, core::ref_type(0), neg_inf, pos_inf, {}, none});
    const bool step = e.origin == EntityOrigin::step;
    for (const char* day : step ? std::vector<const char*>{"day"} : std::vector<const char*>{"starts_on", "ends_on"})
      e.columns.push_back({day, "", ColumnKind::computed, core::date_type(), neg_inf, pos_inf, {}, none});
    for (const char* value : step ? std::vector<const char*>{"opening", "balance", "entered", "largest"} : std::vector<const char*>{"entered"})
      e.columns.push_back({value, "", ColumnKind::computed, core::integer_type(), neg_inf, pos_inf, {}, none});
    (step ? ledger.steps : ledger.cycles) = static_cast<EntityId>(p.schema.entities.size());
    p.schema.entities.push_back(e);
    p.memberships.push_back(none);
  }
  p.ledgers.push_back(ledger);
  p.strata.push_back({core::DeclKind::ledger, 0});
  const ExprId balance = b.balance_at(0, b.row(0, 0), b.as_of());
  for (const Effort effort : {Effort::quick, Effort::full}) EXPECT_EQ(answer(balance, effort), anything());
  p.ledgers[0].entries[0].amount = amount();
  for (const Effort effort : {Effort::quick, Effort::full}) EXPECT_EQ(answer(balance, effort), between(4, pos_inf));
}

}  // namespace
}  // namespace tiao::jit::testing
