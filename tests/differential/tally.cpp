#include "tests/differential/tally.hpp"

#include <algorithm>

#include "runtime/value/scalar.hpp"

namespace tiao::differential {

namespace {

bool is_leap_day(std::int64_t day) {
  if (day < scalar::first_day || day > scalar::last_day) return false;
  const scalar::Civil date = scalar::civil(day);
  return date.month == 2 && date.day == 29;
}

// Close to where arithmetic leaves 64 bits, or at an end of the declared range.
bool is_extreme(const Column& column, std::int64_t v) {
  if (v == neg_inf || v == pos_inf) return false;
  constexpr std::int64_t far = std::int64_t{1} << 61;
  if (column.type.kind == Kind::date) return v == scalar::first_day || v == scalar::last_day || v == never_day;
  return v >= far || v <= -far || v == column.range_lo || v == column.range_hi;
}

}  // namespace

void Tally::facts_seen(const core::Program& program, const facts::FactBase& facts) {
  ++fact_sets;
  for (EntityId e = 0; e < program.schema.entities.size(); ++e) {
    const Entity& entity = program.schema.entities[e];
    const facts::Table& table = facts.tables[e];
    if (entity.origin != EntityOrigin::register_) continue;
    rows += table.rows;
    for (std::size_t p = 0; p + 1 < table.offsets.size(); ++p) empty_owners += table.offsets[p] == table.offsets[p + 1];
    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      const Column& column = entity.columns[c];
      if (column.kind != ColumnKind::fact && column.kind != ColumnKind::finding && column.kind != ColumnKind::link) continue;
      for (std::uint32_t row = 0; row < table.rows; ++row) {
        const Cell cell = table.columns[c].cell(row, column.type.kind);
        blanks += !is_known(cell, column.type.kind);
        if (column.type.kind == Kind::date) leap_days += is_leap_day(cell.lo) || is_leap_day(cell.hi);
        if (column.type.kind != Kind::boolean && column.type.kind != Kind::choice && column.type.kind != Kind::text && column.type.kind != Kind::ref)
          extremes += is_extreme(column, cell.lo) || is_extreme(column, cell.hi);
      }
    }
  }
}

void Tally::results_seen(const core::Program& program, const Results& results) {
  const auto value = [&](const Cell& cell, Kind kind) { ++(is_error(cell, kind) ? failed : is_known(cell, kind) ? decided : undetermined); };
  const auto truths = [&](const auto& column) {
    for (std::size_t i = 0; i < column.size(); ++i) value(known(column[i]), Kind::boolean);
  };
  const auto cells = [&](const CellColumn& column, Kind kind) {
    for (std::size_t i = 0; i < column.size(); ++i) value(column.at(i), kind);
  };
  // What no ground says stands as anything at all.
  const auto said = [&](const CellColumn& column, Kind kind) {
    for (std::size_t i = 0; i < column.size(); ++i)
      if (const Cell cell = column.at(i); cell != between(neg_inf, pos_inf)) value(cell, kind);
  };
  for (const DerivedRows& rows_of : results.derived) {
    derived += rows_of.membership.size();
    truths(rows_of.membership);
  }
  for (const BitPairs& proposition : results.propositions) truths(proposition);
  for (RemedyId r = 0; r < results.remedies.size(); ++r) {
    const RemedyTable& table = results.remedies[r];
    truths(table.state);
    for (const CellColumn* column : {&table.from, &table.until, &table.until_hi}) said(*column, Kind::date);
    for (const CellColumn* column : {&table.length, &table.length_hi}) said(*column, Kind::duration);
    for (std::size_t p = 0; p < table.lo.size(); ++p)
      for (const CellColumn* column : {&table.lo[p], &table.hi[p]}) said(*column, program.schema.remedies[r].params[p].type.kind);
  }
  for (const DutyTable& duty : results.duties)
    for (std::size_t i = 0; i < duty.state.size(); ++i) {
      const auto state = static_cast<DutyState>(duty.state[i]);
      ++(state == DutyState::error ? failed : state == DutyState::undetermined ? undetermined : decided);
    }
  for (const BitPairs& require : results.requires_) truths(require);
  for (const BitPairs& applicable : results.applicable) truths(applicable);
  for (std::uint32_t i = 0; i < results.reports.size(); ++i) cells(results.reports[i], program.exprs[program.reports[i].expr].type.kind);
}

std::string Tally::line() const {
  const auto n = [](std::uint64_t v) { return std::to_string(v); };
  return n(programs) + " programs (" + n(in_parts) + " in parts) on " + n(fact_sets) + " sets of facts: " + n(rows) + " rows (" + n(empty_owners) + " owners without rows), " + n(derived) +
         " derived rows; facts: " + n(blanks) + " not known, " + n(leap_days) + " on 29 February, " + n(extremes) + " at an end of their range; " +
         n(decided + undetermined + failed) + " values compared: " + n(decided) + " decided, " + n(undetermined) + " undetermined, " + n(failed) +
         " in error; " + n(failures) + " failures";
}

}  // namespace tiao::differential
