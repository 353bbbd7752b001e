#include "compiler/driver/scenario_facts.hpp"

#include "compiler/driver/load_facts.hpp"
#include "runtime/facts/builder.hpp"

namespace tiao::driver {
namespace {

using facts::CellSpec;

CellSpec spec_of(const check::ScenarioValue& value) {
  if (value.presence == facts::Presence::null) return CellSpec::null();
  if (value.type.kind == Kind::text || value.type.kind == Kind::ref) return CellSpec::string(value.text);
  return CellSpec::typed(value.cell);
}

void add_row(const Schema& schema, const check::GivenRow& row, facts::FactBuilder& builder) {
  const std::uint32_t at = builder.add_row(row.entity);
  const ColumnId key = schema.entities[row.entity].key_column;
  if (key != none && !row.key.empty()) builder.set(row.entity, at, key, CellSpec::string(row.key));
  if (!row.parent.empty()) builder.set_parent(row.entity, at, row.parent);
  for (const check::GivenRow::Pair& pair : row.pairs)
    if (pair.value.presence != facts::Presence::absent) builder.set(row.entity, at, pair.column, spec_of(pair.value));
}

}  // namespace

Status facts_of(const Schema& schema, const check::Scenario& scenario, facts::FactBase& out) {
  facts::LoadErrors errors;
  facts::FactBuilder builder(schema, errors);
  builder.close_all();
  for (const check::GivenRow& row : scenario.rows) add_row(schema, row, builder);
  for (const check::GivenOpen& open : scenario.open) builder.open(open.entity, open.of);
  for (const check::GivenHolds& given : scenario.holds) builder.holds(given.address, given.of);
  for (const check::GivenParameter& given : scenario.parameters) builder.set_parameter(given.parameter, spec_of(given.value));
  if (!builder.finish(out) || !errors.empty()) return failure_of(errors);
  return std::nullopt;
}

}  // namespace tiao::driver
