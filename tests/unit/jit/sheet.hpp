// A program of one register: each row holds one set of operands, each report is one operation on them. What compiled code makes
// of it is compared, row by row, with what runtime/value computes.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "compiler/core/builder.hpp"
#include "compiler/core/verifier.hpp"
#include "compiler/jit/engine.hpp"
#include "runtime/facts/builder.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao {
inline void PrintTo(const Cell& c, std::ostream* out) {
  *out << '[' << c.lo << '/' << c.lo_den << " .. " << c.hi << '/' << c.hi_den << ']';
}
}  // namespace tiao

namespace tiao::jit::testing {

using core::ExprId;

inline std::int64_t day(int year, int month, int d) { return scalar::day_number({year, month, d}); }
inline Cell months(std::int64_t m, std::int64_t d = 0) { return known(scalar::make_duration(m, d)); }
inline Cell anything() { return between(neg_inf, pos_inf); }

// Two registers: rows (1) that belong to owners (0), with these columns after the key and the parent.
inline void add_owners_with_rows(core::Program& program, const std::vector<Column>& columns) {
  Entity owner, row;
  owner.id = "owner";
  owner.columns.push_back({"key", "", ColumnKind::key, core::text_type(), neg_inf, pos_inf, {}, none});
  owner.key_column = 0;
  row = owner;
  row.id = "row";
  row.parent = 0;
  row.parent_column = 1;
  row.columns.push_back({"of", "", ColumnKind::parent, core::ref_type(0), neg_inf, pos_inf, {}, none});
  row.columns.insert(row.columns.end(), columns.begin(), columns.end());
  program.schema.entities = {owner, row};
  program.memberships = {none, none};
}
inline Column fact(const char* id, Type type, std::int64_t least = neg_inf, std::int64_t most = pos_inf) { return {id, "", ColumnKind::fact, type, least, most, {}, none}; }

class Sheet {
 public:
  using Row = std::vector<Cell>;
  using Expected = std::function<Cell(const Row&)>;

  explicit Sheet(std::vector<Type> types, std::vector<Enum> enums = {}) : b(program), types_(std::move(types)) {
    program.schema.enums = std::move(enums);
    Entity e;
    e.id = "sheet";
    e.columns.push_back({"key", "", ColumnKind::key, core::text_type(), neg_inf, pos_inf, {}, none});
    e.key_column = 0;
    // Facts are never errors: an operand is one where its column `wrong` says so.
    for (std::size_t i = 0; i < types_.size(); ++i) {
      e.columns.push_back({"value" + std::to_string(i), "", ColumnKind::fact, types_[i], neg_inf, pos_inf, {}, none});
      e.columns.push_back({"wrong" + std::to_string(i), "", ColumnKind::fact, core::boolean_type(), neg_inf, pos_inf, {}, none});
    }
    program.schema.entities.push_back(std::move(e));
    program.memberships.push_back(none);
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const auto value = static_cast<ColumnId>(1 + 2 * i);
      operands.push_back(b.select(b.column(b.row(0, 0), value + 1), b.constant(error_of(types_[i].kind), types_[i]), b.column(b.row(0, 0), value)));
    }
  }
  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;

  void row(Row cells) { rows_.push_back(std::move(cells)); }
  // Every combination of the values.
  void rows(const std::vector<std::vector<Cell>>& values, Row begun = {}) {
    if (begun.size() == types_.size()) return row(std::move(begun));
    const std::size_t at = begun.size();
    for (const Cell& cell : values[at]) {
      Row next = begun;
      next.push_back(cell);
      rows(values, std::move(next));
    }
  }
  void expect(const std::string& what, ExprId expression, Expected expected) {
    program.reports.push_back({what, "", 0, expression, none});
    program.strata.push_back({core::DeclKind::report, static_cast<std::uint32_t>(program.reports.size() - 1)});
    expected_.push_back(std::move(expected));
  }

  // By code that fits all facts, and by code made for these.
  void check() {
    ASSERT_EQ(core::verify(program), std::vector<std::string>{});
    facts::LoadErrors errors;
    facts::FactBuilder builder(program.schema, errors);
    builder.close_all();
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      char key[24];
      std::snprintf(key, sizeof key, "R%08zu", r);   // rows are sorted by key
      builder.add_row(0);
      builder.set(0, static_cast<std::uint32_t>(r), ColumnId{0}, facts::CellSpec::string(key));
      for (std::size_t i = 0; i < types_.size(); ++i) {
        const bool wrong = is_error(rows_[r][i], types_[i].kind);
        const auto value = static_cast<ColumnId>(1 + 2 * i);
        builder.set(0, static_cast<std::uint32_t>(r), value + 1, facts::CellSpec::boolean(wrong));
        if (!wrong) builder.set(0, static_cast<std::uint32_t>(r), value, facts::CellSpec::typed(rows_[r][i]));
      }
    }
    facts::FactBase facts;
    ASSERT_TRUE(builder.finish(facts)) << errors.listed.front().en;
    for (const Effort effort : {Effort::quick, Effort::full}) {
      const Engine::Made made = Engine::compile(program, {{}, effort, 1, false});
      ASSERT_TRUE(made.engine) << made.error;
      const RunResult run = made.engine->run(facts, day(2025, 12, 31));
      ASSERT_EQ(run.outcome, Outcome::done) << run.error;
      for (std::size_t i = 0; i < expected_.size(); ++i)
        for (std::size_t r = 0; r < rows_.size(); ++r)
          ASSERT_EQ(run.results.reports[i].at(r), expected_[i](rows_[r]))
              << program.reports[i].id << (effort == Effort::quick ? ", quick" : ", full") << ", of" << ::testing::PrintToString(rows_[r]);
    }
  }

  core::Program program;
  core::Builder b;
  std::vector<ExprId> operands;

 private:
  std::vector<Type> types_;
  std::vector<Row> rows_;
  std::vector<Expected> expected_;
};

}  // namespace tiao::jit::testing
