// Needs, readings relied on, errors and explanations.
#include <algorithm>
#include <random>

#include "tests/unit/interp/points.hpp"

namespace tiao::interp::testing {
namespace {

using core::CmpOp;
using core::DeclKind;
using core::Modality;
using core::Op;

std::vector<std::string> names(const std::vector<Need>& needs) {
  std::vector<std::string> out;
  for (const Need& n : needs) out.push_back(n.name);
  return out;
}
using Names = std::vector<std::string>;

struct Evidence : ::testing::Test {
  World w;
  core::Builder& b = w.b;
  EntityId person = w.entity("person");
  ColumnId a = w.column(person, "a", core::boolean_type()), c = w.column(person, "c", core::boolean_type());
  ColumnId n = w.column(person, "n", core::integer_type()), m = w.column(person, "m", core::integer_type());

  ExprId col(ColumnId column) { return b.column(w.this_row(person), column); }
  Names needs(ExprId e) { return names(w.start(day(2025, 6, 30))->needs_of(e, 0)); }
};

TEST_F(Evidence, NeedsGoThroughUndecidedOperandsOnly) {
  w.row(person, "P1", none, {{n, between(0, 3)}});
  EXPECT_EQ(needs(b.and_({col(a), col(c)})), (Names{"person[P1].a", "person[P1].c"}));
  EXPECT_EQ(needs(b.append(Op::or_, core::boolean_type(), none, {col(a), b.truth(true)})), Names{}) << "decided";
  EXPECT_EQ(needs(b.append(Op::and_, core::boolean_type(), none, {b.truth(true), col(c)})), (Names{"person[P1].c"}));
  EXPECT_EQ(needs(b.compare(CmpOp::at_most, col(n), b.integer(3))), Names{}) << "the declared range decides";
  EXPECT_EQ(needs(b.compare(CmpOp::at_most, col(n), b.integer(2))), (Names{"person[P1].n"}));
  EXPECT_EQ(needs(b.select(col(a), b.integer(1), b.integer(2))), (Names{"person[P1].a"}));
  EXPECT_EQ(needs(b.select(col(a), col(m), b.integer(2))), (Names{"person[P1].a", "person[P1].m"}));
  EXPECT_EQ(needs(b.add(b.greatest({col(n), b.integer(5)}), col(m))), (Names{"person[P1].m"})) << "n is never the greatest";
}

TEST_F(Evidence, ABlankIsNamedAsWhatItIs) {
  w.program.schema.actors.push_back({"bureau", ""});
  const ColumnId fair = w.column(person, "fair", core::boolean_type(), ColumnKind::judgment);
  w.program.schema.entities[person].columns[fair].by = {0};
  const EntityId loan = w.entity("loan", person);
  w.row(person, "P1");
  w.row(loan, "L1", 0);
  w.facts.tables[loan].open_for = {1};
  const auto limit = w.parameter("limit", core::integer_type(), unknown_cell(), false);
  const auto reading = w.parameter("way", core::choice_type(w.enumeration("ways", {"x", "y"})), choice_of(3), false, true);
  const NodeId gap = w.node("第九条");
  core::Fold f;
  f.source = core::rows_from(w.this_row(person), person, {core::children_of(loan)});
  const ExprId loans = b.compare(CmpOp::over, b.fold(f), b.parameter(limit));
  const ExprId way = b.compare(CmpOp::is, b.parameter(reading), b.choice(0, 0));
  b.written(gap, "unknown");
  const ExprId unwritten = b.compare(CmpOp::over, b.unknown(core::integer_type()), b.integer(1));
  b.unwritten();
  const ExprId all = b.and_({col(fair), loans, way, unwritten});
  const auto i = w.start(day(2025, 6, 30));
  const std::vector<Need> found = i->needs_of(all, 0);
  const std::vector<Need> expected{{Need::Kind::judgment, "person[P1].fair", "bureau"}, {Need::Kind::parameter, "limit", "agency"}, {Need::Kind::reading, "way", ""},
                                   {Need::Kind::open_register, "loan of P1", ""}, {Need::Kind::gap, "第九条", ""}};
  EXPECT_EQ(found, expected);
}

TEST_F(Evidence, ACalendarThatEndsTooEarlyIsNeededWhereNothingElseIsMissing) {
  w.program.schema.calendars.push_back({"workdays", "", "", day(2025, 1, 1), day(2025, 1, 31), std::vector<bool>(31, true)});
  const ColumnId since = w.column(person, "since", core::date_type());
  const Type count{Kind::workdays, 0, none};
  w.row(person, "P1", none, {{since, known(day(2025, 1, 30))}});
  w.row(person, "P2");
  const ExprId due = b.shift_workdays(col(since), b.constant(known(30), count), 0);
  const ExprId late = b.compare(CmpOp::over, b.date(day(2025, 6, 1)), due);
  const auto i = w.start(day(2025, 6, 30));
  EXPECT_EQ(i->needs_of(late, 0), (std::vector<Need>{{Need::Kind::text, "workdays", ""}}));
  EXPECT_EQ(names(i->needs_of(late, 1)), (Names{"person[P2].since"}));
}

TEST_F(Evidence, NeedsOfFoldsLeaveOutRowsThatAreOutAndValuesThatAreBeaten) {
  const EntityId loan = w.entity("loan", person);
  const ColumnId size = w.column(loan, "size", core::integer_type()), bad = w.column(loan, "bad", core::boolean_type());
  w.row(person, "P1");
  w.row(loan, "L1", 0, {{size, known(5)}, {bad, of(Truth::yes)}});
  w.row(loan, "L2", 0, {{size, between(0, 4)}, {bad, of(Truth::yes)}});
  w.row(loan, "L3", 0, {{size, between(0, 9)}, {bad, of(Truth::no)}});
  w.row(loan, "L4", 0, {{size, known(7)}});
  const auto fold = [&](core::FoldKind kind) {
    core::Fold f;
    f.kind = kind;
    f.source = core::rows_from(w.this_row(person), person, {core::children_of(loan)});
    f.filter = b.column(b.row(1, loan), bad);
    if (kind != core::FoldKind::count) f.value = b.column(b.row(1, loan), size);
    return b.fold(f);
  };
  const ExprId count = fold(core::FoldKind::count), highest = fold(core::FoldKind::highest), sum = fold(core::FoldKind::sum);
  EXPECT_EQ(needs(count), (Names{"loan[L4].bad"}));
  EXPECT_EQ(needs(highest), (Names{"loan[L4].bad"}));
  EXPECT_EQ(needs(sum), (Names{"loan[L2].size", "loan[L4].bad"}));
}

TEST_F(Evidence, ReadingsAreReliedOnWhereTheyCouldStillDecide) {
  w.row(person, "P1", none, {{a, of(Truth::no)}, {c, of(Truth::yes)}});
  const auto x = w.parameter("x", core::boolean_type(), of(Truth::yes), true, true);
  const auto y = w.parameter("y", core::boolean_type(), of(Truth::no), true, true);
  const auto all = [&](std::vector<ExprId> terms) { return b.append(Op::and_, core::boolean_type(), none, terms); };
  const auto i_of = [&](ExprId e) {
    std::vector<std::uint32_t> out;
    for (const ReadingUse& r : w.start(day(2025, 6, 30))->readings_of(e, 0)) out.push_back(r.parameter);
    return out;
  };
  using Ids = std::vector<std::uint32_t>;
  EXPECT_EQ(i_of(all({col(a), b.parameter(x), b.parameter(y)})), Ids{}) << "a fact settles it";
  EXPECT_EQ(i_of(all({col(c), b.parameter(x)})), Ids{x});
  EXPECT_EQ(i_of(all({b.parameter(x), b.parameter(y)})), Ids{y}) << "x is absorbed";
  EXPECT_EQ(i_of(b.select(b.parameter(x), b.integer(1), b.select(b.parameter(y), b.integer(2), b.integer(3)))), Ids{x});
  EXPECT_EQ(i_of(b.compare(CmpOp::over, col(n), b.integer(1))), Ids{});
}

TEST_F(Evidence, AnErrorIsNamedWhereItArose) {
  const NodeId cited = w.node("第五条");
  w.row(person, "P1", none, {{n, known(0)}, {a, of(Truth::yes)}});
  const auto codes = [&](ExprId e) {
    std::vector<std::string> out;
    for (const EvidenceError& error : w.start(day(2025, 6, 30))->errors_of(e, 0)) out.push_back(error.code);
    return out;
  };
  using Codes = std::vector<std::string>;
  b.written(cited, "1 / n");
  const ExprId divided = b.ratio(b.integer(1), col(n));
  b.unwritten();
  const ExprId test = b.compare(CmpOp::over, divided, b.constant({1, 1, 2, 2}, core::ratio_type()));
  const auto found = w.start(day(2025, 6, 30))->errors_of(b.and_({col(a), test}), 0);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "division_by_zero");
  EXPECT_EQ(found[0].cite, cited);
  EXPECT_EQ(found[0].message, "1 / n");
  EXPECT_EQ(codes(b.add(b.integer(pos_inf - 1), b.add(col(n), b.integer(9)))), (Codes{"overflow"}));
  EXPECT_EQ(codes(b.shift(b.date(day(9999, 12, 1)), b.duration(2, 0))), (Codes{"date_out_of_range"}));
  EXPECT_EQ(codes(b.table(core::HitPolicy::unique, {{b.compare(CmpOp::over, col(n), b.integer(0)), b.integer(1)}})), (Codes{"table_no_row"}));
  EXPECT_EQ(codes(b.table(core::HitPolicy::unique, {{col(a), b.integer(1)}, {col(a), b.integer(2)}})), (Codes{"table_two_rows"}));
  EXPECT_EQ(codes(b.and_({col(a), b.truth(Truth::error)})), (Codes{"conflict"}));
  const auto between = w.start(day(2025, 6, 30))->errors_of(b.conflict(col(a), cited), 0);
  ASSERT_EQ(between.size(), 1u);
  EXPECT_EQ(between[0].code, "conflict");
  EXPECT_EQ(between[0].with, (std::vector<NodeId>{cited}));
  core::Fold only;
  only.kind = core::FoldKind::only;
  only.source = core::whole_of(person);
  only.value = b.column(b.row(1, person), n);
  w.row(person, "P2", none, {{n, known(4)}});
  EXPECT_EQ(codes(b.fold(only)), (Codes{"only_two_values"}));
  EXPECT_EQ(codes(b.append(Op::or_, core::boolean_type(), none, {test, col(a)})), Codes{}) << "absorbed";
}

// --- the regime of points ----------------------------------------------------------------------------------------------------------------

TEST_F(Points, ARecordedChoiceThatIsMissingIsNeeded) {
  add("I1", p1, "a", known(day(2025, 3, 1)), Truth::yes, between(0, 12), facts::Presence::null);
  add("I2", p1, "b", known(day(2025, 3, 2)), Truth::no, known(1), facts::Presence::given);
  run();
  EXPECT_EQ(names(interpreter->needs_of_report(total_report, p1)), (Names{"incident[I1].points"}));
  ASSERT_EQ(results->remedies[suspend].target.size(), 2u);
  EXPECT_EQ(names(interpreter->needs_of_remedy(suspend, 0)), (Names{"incident[I1].points"}));
  ASSERT_EQ(results->remedies[record].target.size(), 2u);
  EXPECT_EQ(names(interpreter->needs_of_remedy(record, 0)), Names{}) << "a permitted range is the decider's";
}

TEST_F(Points, AFindingUnderInquiryIsNeededThroughLedgerAndTimeline) {
  add("I1", p1, "a", known(day(2025, 11, 1)), Truth::unknown, between(0, 12), facts::Presence::null);
  w.row(post, "X1", p1, {{site, known(f1)}});
  run();
  const Names both{"incident[I1].grave", "incident[I1].points"};
  EXPECT_EQ(names(interpreter->needs_of_report(state_report, p1)), both) << "the permitted range alone may decide";
  EXPECT_EQ(names(interpreter->needs_of_report(share_report, f1)), both);
  EXPECT_EQ(names(interpreter->needs_of_remedy(record, 0)), (Names{"incident[I1].grave"})) << "the range that is permitted turns on it";
}

TEST_F(Points, AnUndecidedDateOrActIsNeeded) {
  add("I1", p1, "a", between(day(2025, 3, 1), day(2025, 4, 1)), Truth::yes, known(10), facts::Presence::given);
  add("I2", p2, "", known(day(2025, 3, 1)), Truth::no, known(2), facts::Presence::given);
  add("I3", p2, "b", known(day(2025, 3, 1)), Truth::no, known(2), facts::Presence::given);
  run();
  EXPECT_EQ(names(interpreter->needs_of_remedy(suspend, 0)), (Names{"incident[I1].on"}));
  EXPECT_EQ(names(interpreter->needs_of_report(total_report, p2)), (Names{"incident[I2].act"}));
}

TEST_F(Points, AnExplanationGoesDownToTheFacts) {
  add("I1", p1, "a", known(day(2025, 3, 1)), Truth::yes, known(10), facts::Presence::given);
  run();
  const RemedyTable& t = results->remedies[suspend];
  const TraceNode tree = interpreter->explain_ground(t.lead[0], t.scope_row[0]);
  EXPECT_EQ(tree.kind, TraceNode::Kind::ground);
  EXPECT_EQ(tree.value, "true");
  std::vector<std::string> seen;
  const std::function<void(const TraceNode&)> collect = [&](const TraceNode& node) {
    seen.push_back(std::string(name(node.kind)) + " " + (node.name.empty() ? node.text : node.name) + " = " + node.value);
    for (const TraceNode& child : node.children) collect(child);
  };
  collect(tree);
  const auto has = [&](const std::string& line) { return std::find(seen.begin(), seen.end(), line) != seen.end(); };
  EXPECT_TRUE(has("condition when = true"));
  EXPECT_TRUE(has("step 2025-03-01 = 10"));
  EXPECT_TRUE(has("fact incident[I1].grave = true")) << ::testing::PrintToString(seen);
  EXPECT_TRUE(has("value from = 2025-03-01"));

  const TraceNode ledger = interpreter->explain_ledger(0, p1);
  ASSERT_EQ(ledger.children.size(), 1u);
  EXPECT_EQ(ledger.children[0].text, "2025-03-01");
  const TraceNode timeline = interpreter->explain_timeline(0, p1);
  ASSERT_EQ(timeline.children.size(), 1u);
  EXPECT_EQ(timeline.children[0].text, "suspended");
}

// --- the two properties ------------------------------------------------------------------------------------------------------------------

// The blanks of a case, and what they may turn out to be.
class NeedsProperty : public Points {
 protected:
  std::mt19937 random{42};
  int pick(int k) { return static_cast<int>(random() % static_cast<unsigned>(k)); }

  void some_facts() {
    for (int k = 0; k < 5; ++k) {
      const bool first = k < 3;
      Cell when = known(day(2024 + pick(2), 1 + pick(12), 1 + pick(28)));
      if (pick(4) == 0) when = between(when.lo - pick(40) - 1, when.lo + 1 + pick(40));
      const auto presence = static_cast<facts::Presence>(pick(3));
      const Cell points = presence == facts::Presence::given ? known(pick(13)) : between(0, 12);
      add("I" + std::to_string(k), first ? p1 : p2, pick(4) ? std::string(1, static_cast<char>('a' + pick(2))) : "", when, static_cast<Truth>(pick(3)), points, presence);
    }
    w.row(post, "X1", p1, {{site, pick(3) ? known(f1) : unknown_cell()}});
    w.row(post, "X2", p2, {{site, known(f1)}});
  }

  struct Blank { EntityId entity; std::uint32_t row; ColumnId column; std::string name; };
  std::vector<Blank> blanks() {
    std::vector<Blank> out;
    const auto consider = [&](EntityId e, ColumnId column) {
      for (std::uint32_t row = 0; row < w.facts.tables[e].rows; ++row) {
        const Kind kind = program().schema.entities[e].columns[column].type.kind;
        const facts::ColumnData& data = w.facts.tables[e].columns[column];
        const bool unexercised = e == incident && column == given && data.presence[row] != 2;
        if (unexercised || !is_known(data.cell(row, kind), kind))
          out.push_back({e, row, column, program().schema.entities[e].id + "[" + w.facts.key(e, row) + "]." + program().schema.entities[e].columns[column].id});
      }
    };
    for (const ColumnId c : {act, on, grave, given}) consider(incident, c);
    consider(post, site);
    return out;
  }
  void fill(const Blank& blank) {
    const Cell is = w.facts.tables[blank.entity].columns[blank.column].cell(blank.row, program().schema.entities[blank.entity].columns[blank.column].type.kind);
    Cell value;
    if (blank.column == act && blank.entity == incident) value = known(w.facts.strings.intern(std::string(1, static_cast<char>('a' + pick(3)))));
    else if (blank.entity == post) value = known(f1);
    else if (blank.column == grave) value = of(pick(2) ? Truth::yes : Truth::no);
    else if (blank.column == on) value = known(is.lo + pick(static_cast<int>(is.hi - is.lo) + 1));
    else value = known(chosen(blank.row));
    w.set(blank.entity, blank.row, blank.column, value);
  }
  // A choice inside its permitted range, so far as that is decided.
  std::int64_t chosen(std::uint32_t row) {
    const auto is_grave = static_cast<Truth>(w.facts.tables[incident].columns[grave].truth[row]);
    return is_grave == Truth::yes ? 10 + pick(3) : is_grave == Truth::no ? 1 + pick(3) : pick(13);
  }

  // Everything that is decided of persons: remedies and reports, as text.
  std::vector<std::string> decided(Interpreter& i, bool& undetermined) {
    std::vector<std::string> out;
    const Results& r = i.run();
    undetermined = false;
    for (const RemedyId id : {suspend, end}) {
      const RemedyTable& t = r.remedies[id];
      for (std::size_t row = 0; row < t.target.size(); ++row) {
        std::string line = std::to_string(id) + " " + std::to_string(t.target[row]) + " " + std::to_string(t.state[row]) + " from " + cell(t.from.at(row));
        undetermined |= t.state[row] == 0 || !is_known(t.from.at(row), Kind::date);
        if (!t.until.lo.empty()) {
          line += " until " + cell(t.until.at(row));
          undetermined |= !is_known(t.until.at(row), Kind::date);
        }
        out.push_back(line);
      }
    }
    for (const auto& [report, kind] : {std::pair(total_report, Kind::integer), std::pair(state_report, Kind::choice)})
      for (const std::uint32_t p : {p1, p2}) {
        const Cell c = r.reports[report].at(p);
        undetermined |= !is_known(c, kind);
        out.push_back(cell(c));
      }
    return out;
  }
  static std::string cell(const Cell& c) { return std::to_string(c.lo) + ".." + std::to_string(c.hi); }

  std::vector<std::string> needed(Interpreter& i) {
    std::vector<std::string> out;
    const auto take = [&](const std::vector<Need>& needs) { for (const Need& need : needs) out.push_back(need.name); };
    for (const RemedyId id : {suspend, end})
      for (std::uint32_t row = 0; row < i.remedy_table(id).target.size(); ++row) take(i.needs_of_remedy(id, row));
    for (const std::uint32_t report : {total_report, state_report})
      for (const std::uint32_t p : {p1, p2}) take(i.needs_of_report(report, p));
    return out;
  }
};

TEST_F(NeedsProperty, FillingAllNeedsDecidesAndFillingOthersChangesNothing) {
  some_facts();
  run();
  for (int round = 0; round < 400; ++round) {
    for (auto& t : w.facts.tables) {
      if (t.entity != incident && t.entity != post) continue;
      for (auto& column : t.columns) column = {};
      t.rows = 0;
    }
    some_facts();
    const facts::FactBase before = w.facts;
    Interpreter i(w.program, w.facts, {as_of});
    bool undetermined = false, still = false;
    const auto first = decided(i, undetermined);
    const auto names_needed = needed(i);
    EXPECT_EQ(undetermined, !names_needed.empty()) << "round " << round;
    const auto all = blanks();
    const auto is_needed = [&](const Blank& b) { return std::find(names_needed.begin(), names_needed.end(), b.name) != names_needed.end(); };

    for (int fillings = 0; fillings < 4; ++fillings) {
      w.facts = before;
      for (const Blank& blank : all)
        if (is_needed(blank)) fill(blank);
      Interpreter filled(w.program, w.facts, {as_of});
      decided(filled, still);
      EXPECT_FALSE(still) << "round " << round << ": " << ::testing::PrintToString(names_needed) << " leave " << ::testing::PrintToString(needed(filled));

      w.facts = before;
      for (const Blank& blank : all)
        if (!is_needed(blank)) fill(blank);
      Interpreter others(w.program, w.facts, {as_of});
      bool ignored = false;
      EXPECT_EQ(decided(others, ignored), first) << "round " << round << ": only " << ::testing::PrintToString(names_needed) << " were said to matter";
    }
    w.facts = before;
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace tiao::interp::testing
