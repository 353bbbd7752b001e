// Propositions that are findings: the results lend the planes of the facts, and whoever asks for them reads these.
#include "compiler/jit/session.hpp"
#include "tests/unit/jit/sheet.hpp"

namespace tiao::jit::testing {
namespace {

struct Lent : ::testing::Test {
  Lent() {
    add_owners_with_rows(p, {fact("seen", core::boolean_type())});
    define(1, "lent", b.column(b.row(0, 1), 2));
    core::Fold any{core::FoldKind::exists, core::rows_from(b.row(0, 0), 0, {core::children_of(1)})};
    any.value = b.column(b.row(1, 1), 3);
    define(0, "any", b.fold(any));
    define(1, "turned", b.not_(b.column(b.row(0, 1), 3)));
  }
  void define(EntityId of, const char* id, ExprId expr) {
    p.schema.entities[of].columns.push_back({id, "", ColumnKind::computed, core::boolean_type(), neg_inf, pos_inf, {}, none});
    p.computed.push_back({of, static_cast<ColumnId>(p.schema.entities[of].columns.size() - 1), expr, none, true});
    p.strata.push_back({core::DeclKind::computed, static_cast<std::uint32_t>(p.computed.size() - 1)});
  }

  // So many persons with two incidents each, whose findings go round: yes, no, not known.
  facts::FactBase facts(std::size_t persons, std::size_t from) {
    facts::LoadErrors errors;
    facts::FactBuilder builder(p.schema, errors);
    builder.close_all();
    for (std::uint32_t i = 0; i < persons; ++i) {
      builder.add_row(0);
      builder.set(0, i, ColumnId{0}, facts::CellSpec::string("P" + std::to_string(i)));
    }
    for (std::uint32_t i = 0; i < 2 * persons; ++i) {
      builder.add_row(1);
      builder.set(1, i, ColumnId{0}, facts::CellSpec::string("I" + std::to_string(i)));
      builder.set(1, i, ColumnId{1}, facts::CellSpec::string("P" + std::to_string(i / 2)));
      builder.set(1, i, ColumnId{2}, (i + from) % 3 == 2 ? facts::CellSpec::null() : facts::CellSpec::boolean((i + from) % 3 == 0));
    }
    facts::FactBase out;
    EXPECT_TRUE(builder.finish(out)) << errors.listed.front().en;
    return out;
  }

  void expect(const facts::FactBase& facts, const Results& results) {
    const BitPairs& seen = facts.tables[1].columns[2].truth;
    EXPECT_EQ(results.propositions[0], seen);
    EXPECT_EQ(std::as_const(results.propositions[0]).first(), seen.first()) << "no copy";
    ASSERT_EQ(results.propositions[1].size(), facts.tables[0].rows);
    for (std::uint32_t i = 0; i < facts.tables[0].rows; ++i)
      EXPECT_EQ(results.propositions[1][i], static_cast<std::uint8_t>(scalar::or_(static_cast<Truth>(seen[2 * i]), static_cast<Truth>(seen[2 * i + 1])))) << i;
    for (std::uint32_t i = 0; i < facts.tables[1].rows; ++i) EXPECT_EQ(results.propositions[2][i], static_cast<std::uint8_t>(scalar::not_(static_cast<Truth>(seen[i])))) << i;
  }

  core::Program p;
  core::Builder b{p};
};

TEST_F(Lent, ByTheFactsOfEachRun) {
  ASSERT_EQ(core::verify(p), std::vector<std::string>{});
  const facts::FactBase some = facts(700, 0), others = facts(33, 1), nobody = facts(0, 0);
  for (const Effort effort : {Effort::quick, Effort::full}) {
    const Engine::Made made = Engine::compile(p, {{}, effort, 1, false});
    ASSERT_TRUE(made.engine) << made.error;
    Session session(*made.engine);
    for (const facts::FactBase* facts : {&some, &others, &nobody, &some}) {
      const RunResult run = made.engine->run(*facts, day(2025, 12, 31));
      ASSERT_EQ(run.outcome, Outcome::done) << run.error;
      expect(*facts, run.results);
      expect(*facts, session.decide(*facts, day(2025, 12, 31)).results);
    }
  }
}

}  // namespace
}  // namespace tiao::jit::testing
