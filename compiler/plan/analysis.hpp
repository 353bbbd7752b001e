// What can be said of expressions and rows before any fact is read: whether they can be unknown, open or in error, and their
// bounds. Everything here errs on the safe side.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/plan/layout.hpp"

namespace tiao::plan {

// Of the values of an expression or a column.
struct ValueFacts {
  bool unknown = true;                          // may be unknown, or a range
  bool fails = true;                            // may be an error
  std::int64_t least = neg_inf, most = pos_inf; // numbers: both ends lie between; dates: of days when within the calendar
  bool finite() const { return least > neg_inf && most < pos_inf; }
};

// Of a set of rows, seen from the row at its start.
struct RowFacts {
  bool out = true;                              // some may be out: there are memberships to look at
  bool unknown = true;                          // memberships may be unknown
  bool fails = true;                            // or errors
  bool open = true;                             // there may be rows that we do not know
};

using ComputedOf = std::vector<std::vector<std::uint32_t>>;   // by entity and column: index in Program::computed, or none

class Analysis {
 public:
  Analysis(const core::Program& program, const Layout& layout, const ComputedOf& computed_of);

  const ValueFacts& value(core::ExprId expr);
  ValueFacts column(EntityId entity, ColumnId column);
  const RowFacts& rows(EntityId entity);        // the whole population
  RowFacts source(const core::Source& source);  // without `with same`
  std::uint64_t slots(core::ExprId expr);       // bit per slot that it depends on (63 and more share a bit)
  std::uint32_t weight(core::ExprId expr);      // work of one evaluation, loops and calls counted dear

 private:
  struct Known { bool done = false; ValueFacts value; std::uint64_t slots = 0; std::uint32_t weight = 1; };
  const Known& visit(core::ExprId expr);
  ValueFacts facts_of(const core::Expr& e);
  ValueFacts arithmetic(const core::Expr& e, const ValueFacts& args);
  ValueFacts table(const core::Expr& e);
  ValueFacts fold(const core::Fold& fold);
  ValueFacts fact_column(EntityId entity, ColumnId column) const;
  ValueFacts derived_column(EntityId entity, ColumnId column);
  ValueFacts remedy_column(RemedyId remedy, ColumnId column);
  RowFacts derived_rows(EntityId entity);
  RowFacts ledger_rows(const core::Ledger& ledger);
  RowFacts remedy_rows(RemedyId remedy);
  bool ledger_amounts_small(const core::Ledger& ledger);
  void hop(const core::Hop& hop, EntityId from, RowFacts& facts);
  std::uint64_t own_weight(const core::Expr& e);
  ValueFacts merged(std::initializer_list<core::ExprId> exprs);
  ValueFacts optional_value(core::ExprId expr, std::int64_t otherwise);

  const core::Program& program_;
  const Schema& schema_;
  const Layout& layout_;
  const ComputedOf& computed_of_;
  std::vector<Known> exprs_;
  std::vector<std::optional<RowFacts>> rows_;
  std::vector<std::uint32_t> group_of_, ledger_of_, remedy_of_, join_of_;   // by entity
};

}  // namespace tiao::plan
