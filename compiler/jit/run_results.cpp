// What a run hands over beside remedies.
#include <algorithm>

#include "compiler/jit/run.hpp"

namespace tiao::jit {

void Run::keep_derived(EntityId entity) {
  const engine::DerivedTable& table = store_.derived(entity);
  DerivedRows& rows = result_.results.derived[entity];
  rows.parent.assign(table.parent.begin(), table.parent.end());
  if (table.membership.empty()) rows.membership.assign(table.rows, static_cast<std::uint8_t>(Truth::yes));
  else rows.membership.assign(table.membership.begin(), table.membership.end());
  if (program_.schema.entities[entity].origin != EntityOrigin::join) return;
  const std::size_t elements = program_.schema.entities[entity].columns.size();
  for (ColumnId c = 0; c < elements; ++c) {
    const engine::Vec refs = store_.column(entity, c);
    if (refs.row == nullptr && table.rows != 0) break;   // computed columns follow the path
    rows.refs.emplace_back(refs.row, refs.row + table.rows);
  }
}

void Run::hand_over_report(std::uint32_t report) {
  CellColumn& column = result_.results.reports[report];
  const plan::Operand& operand = plan_.reports[report];
  if (operand.type.kind == Kind::boolean) {
    const std::uint8_t* bytes = truths(operand.temporary);
    column.lo.assign(bytes, bytes + store_.rows(program_.reports[report].entity));
    return;
  }
  if (column.hi == column.lo) column.hi = {};
  if (operand.type.kind == Kind::ratio && column.hi_den.empty()) column.hi_den = column.lo_den;
  if (operand.type.kind == Kind::ratio && column.hi.empty() && column.lo_den != column.hi_den) column.hi = column.lo;
}

void Run::hand_over_duty(std::uint32_t index) {
  const plan::DutyPlan& duty = plan_.duties[index];
  const std::size_t rows = store_.rows(program_.duties[index].scope);
  auto take = [&](const plan::Operand& operand, CellColumn& column) {
    if (!operand.present()) return;   // a duty without a day has no column of days
    const engine::Vec values = this->operand(operand);
    column.lo.reserve(rows);
    for (std::uint32_t row = 0; row < rows; ++row) column.push(values.at(row));
  };
  take(duty.due, result_.results.duties[index].due);
  take(duty.done, result_.results.duties[index].done);
}

}  // namespace tiao::jit
