// Folds that look at the same rows go through them once, and each has its own filter, bounds and errors.
#include "tests/unit/jit/sheet.hpp"

namespace tiao::jit::testing {
namespace {

using core::Fold;
using core::FoldKind;

struct Folding : ::testing::Test {
  Folding() {
    add_owners_with_rows(p, {fact("amount", core::integer_type(), 0, 9), fact("weight", core::integer_type())});
  }

  Fold over_rows(FoldKind kind, ColumnId column) {
    Fold fold{kind, core::rows_from(b.row(0, 0), 0, {core::children_of(1)})};
    if (kind != FoldKind::count) fold.value = b.column(b.row(1, 1), column);
    return fold;
  }
  void report(ExprId expr) {
    p.reports.push_back({"answer", "", 0, expr, none});
    p.strata.push_back({core::DeclKind::report, static_cast<std::uint32_t>(p.reports.size() - 1)});
  }

  struct Row { const char *of, *amount, *weight; };   // null: not known

  facts::FactBase facts_of(const std::vector<Row>& listed) {
    facts::LoadErrors errors;
    facts::FactBuilder builder(p.schema, errors);
    builder.close_all();
    for (std::size_t i = 0; i < 3; ++i) {
      builder.add_row(0);
      builder.set(0, i, ColumnId{0}, facts::CellSpec::string("O" + std::to_string(i)));
    }
    for (std::size_t i = 0; i < listed.size(); ++i) {
      builder.add_row(1);
      builder.set(1, i, ColumnId{0}, facts::CellSpec::string("R" + std::to_string(i)));
      builder.set(1, i, ColumnId{1}, facts::CellSpec::string(listed[i].of));
      if (listed[i].amount != nullptr) builder.set(1, i, ColumnId{2}, facts::CellSpec::number(listed[i].amount));
      if (listed[i].weight != nullptr) builder.set(1, i, ColumnId{3}, facts::CellSpec::number(listed[i].weight));
    }
    facts::FactBase out;
    EXPECT_TRUE(builder.finish(out)) << errors.listed.front().en;
    return out;
  }

  // One owner without rows, one of whose rows all is known, one with an amount that is not.
  facts::FactBase facts() {
    return facts_of({{"O1", "4", "9223372036854775806"}, {"O1", "7", "3"}, {"O1", "2", "-1"}, {"O2", "5", "1"}, {"O2", nullptr, "2"}});
  }

  core::Program p;
  core::Builder b{p};
};

std::size_t loops(const std::string& llvm) {
  std::size_t count = 0;
  for (std::size_t at = llvm.find("\nrows"); at != std::string::npos; at = llvm.find("\nrows", at + 1)) ++count;
  return count;
}

TEST_F(Folding, SameRowsOneLoop) {
  const ExprId many = b.compare(core::CmpOp::at_least, b.column(b.row(1, 1), 2), b.integer(4));
  Fold most = over_rows(FoldKind::highest, 2), least = over_rows(FoldKind::lowest, 2), count = over_rows(FoldKind::count, 2), sum = over_rows(FoldKind::sum, 3);
  most.if_none = least.if_none = b.integer(-1);
  count.filter = many;
  for (const Fold& fold : {most, least, count, sum}) report(b.fold(fold));
  ASSERT_EQ(core::verify(p), std::vector<std::string>{});
  const facts::FactBase facts = this->facts();
  for (const Effort effort : {Effort::quick, Effort::full}) {
    const Engine::Made made = Engine::compile(p, {{}, effort, 1, true});
    ASSERT_TRUE(made.engine) << made.error;
    const RunResult run = made.engine->run(facts, day(2025, 12, 31));
    ASSERT_EQ(run.outcome, Outcome::done) << run.error;
    EXPECT_EQ(loops(made.engine->llvm()), 1u);
    const auto answers = [&](std::size_t report) { return std::vector<Cell>{run.results.reports[report].at(0), run.results.reports[report].at(1), run.results.reports[report].at(2)}; };
    EXPECT_EQ(answers(0), (std::vector<Cell>{known(-1), known(7), between(5, 9)}));
    EXPECT_EQ(answers(1), (std::vector<Cell>{known(-1), known(2), between(0, 5)}));
    EXPECT_EQ(answers(2), (std::vector<Cell>{known(0), known(2), between(1, 2)}));
    EXPECT_EQ(answers(3), (std::vector<Cell>{known(0), number_error(), known(3)}));   // nine quintillion and two is too much
  }
}

// A filter that is the same for all rows says how many are looked at, and so has a loop of its own.
TEST_F(Folding, OtherRowsAnotherLoop) {
  Fold first = over_rows(FoldKind::count, 2), second = over_rows(FoldKind::sum, 2);
  second.filter = b.compare(core::CmpOp::over, b.as_of(), b.constant(known(day(2025, 6, 30)), core::date_type()));
  report(b.fold(first));
  report(b.fold(second));
  ASSERT_EQ(core::verify(p), std::vector<std::string>{});
  const Engine::Made made = Engine::compile(p, {{}, Effort::full, 1, true});
  ASSERT_TRUE(made.engine) << made.error;
  const RunResult run = made.engine->run(facts(), day(2025, 12, 31));
  ASSERT_EQ(run.outcome, Outcome::done) << run.error;
  EXPECT_GE(loops(made.engine->llvm()), 2u);
  EXPECT_EQ(run.results.reports[0].at(1), known(3));
  EXPECT_EQ(run.results.reports[1].at(1), known(13));
  EXPECT_EQ(run.results.reports[1].at(2), between(5, 14));
}

// Rows of which it is not known whether they count are looked at after the others, wherever they stand.
TEST_F(Folding, SumsInAnyOrder) {
  Fold sum{FoldKind::sum, core::whole_of(1)};
  sum.slot = 1;
  sum.source.same = {{2, b.column(b.row(0, 1), 2)}};
  sum.value = b.column(b.row(1, 1), 3);
  p.reports.push_back({"answer", "", 1, b.fold(sum), none});
  p.strata.push_back({core::DeclKind::report, 0});
  ASSERT_EQ(core::verify(p), std::vector<std::string>{});
  const auto answers = [&](const std::vector<Row>& rows, std::uint32_t of) {
    const facts::FactBase facts = facts_of(rows);
    std::vector<Cell> out;
    for (const Effort effort : {Effort::quick, Effort::full}) {
      const Engine::Made made = Engine::compile(p, {{}, effort, 1, false});
      EXPECT_TRUE(made.engine) << made.error;
      out.push_back(made.engine->run(facts, day(2025, 12, 31)).results.reports[0].at(of));
    }
    return out;
  };
  const auto both = [](const Cell& c) { return std::vector<Cell>{c, c}; };
  const Row most{"O1", "4", "9223372036854775806"}, three{"O1", "4", "3"}, less{"O1", "4", "-4"}, unknown{"O1", nullptr, nullptr};
  EXPECT_EQ(answers({unknown, most, three}, 1), both(anything()));
  EXPECT_EQ(answers({most, three, unknown}, 0), both(anything()));
  EXPECT_EQ(answers({most, three}, 0), both(number_error()));
  EXPECT_EQ(answers({most, three, less}, 0), both(known(9223372036854775805)));
}

}  // namespace
}  // namespace tiao::jit::testing
