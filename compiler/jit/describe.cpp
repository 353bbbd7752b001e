// What the facts of a run are like: read once before code is made for them.
#include <algorithm>
#include <bit>

#include "compiler/jit/engine.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::jit {
namespace {

using facts::ColumnData;
using plan::Layout;

bool all_known(const ColumnData& data, Kind kind) {
  switch (kind) {
    case Kind::boolean: return !data.truth.contains(0) && !data.truth.contains(3);
    case Kind::choice:
      if (!data.masks.empty()) return std::all_of(data.masks.begin(), data.masks.end(), [](std::uint8_t mask) { return (mask & (mask - 1)) == 0; });
      return std::all_of(data.lo.begin(), data.lo.end(), [](std::int64_t mask) { return std::popcount(static_cast<std::uint64_t>(mask)) <= 1; });
    default: return data.hi.empty();
  }
}

std::uint8_t describe(const ColumnData& data, Kind kind) {
  std::uint8_t bits = 0;
  if (all_known(data, kind)) bits |= Layout::known;
  if (kind == Kind::date && data.hi.empty() && std::all_of(data.lo.begin(), data.lo.end(), [](std::int64_t d) { return scalar::is_day(d); }))
    bits |= Layout::days;
  if (!data.presence.contains(static_cast<std::uint8_t>(facts::Presence::null))) bits |= Layout::decided;
  return bits;
}

// Is the membership of the entity `date at most as-of`, and no date later?
bool all_in(const core::Program& program, const facts::FactBase& facts, EntityId e, std::int64_t as_of) {
  if (program.memberships[e] == none) return true;
  const core::Expr& test = program.exprs[program.memberships[e]];
  if (test.op != core::Op::compare || test.a != static_cast<std::uint32_t>(core::CmpOp::at_most)) return false;
  const core::Expr &date = program.exprs[program.args[test.args]], &bound = program.exprs[program.args[test.args + 1]];
  if (date.op != core::Op::column || bound.op != core::Op::as_of) return false;
  const core::Expr& row = program.exprs[program.args[date.args]];
  if (row.op != core::Op::row || row.type.of != e) return false;
  const ColumnData& data = facts.tables[e].columns[date.a];
  const auto& last = data.hi.empty() ? data.lo : data.hi;
  return std::all_of(last.begin(), last.end(), [&](std::int64_t d) { return d <= as_of; });
}

}  // namespace

Layout describe_facts(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of, bool settle, std::size_t large_rows) {
  const Schema& schema = program.schema;
  Layout layout = Layout::general(schema);
  layout.settles = settle;
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    const Entity& entity = schema.entities[e];
    if (entity.origin != EntityOrigin::register_) continue;
    const facts::Table& table = facts.tables[e];
    for (ColumnId c = 0; c < entity.columns.size() && c < table.columns.size(); ++c)
      if (entity.columns[c].kind != ColumnKind::computed) layout.columns[e][c] = describe(table.columns[c], entity.columns[c].type.kind);
    const bool open = !table.supplied || std::find(table.open_for.begin(), table.open_for.end(), 1) != table.open_for.end() ||
                      std::any_of(facts.open_of.begin(), facts.open_of.end(), [&](const facts::OpenOf& o) { return o.entity == e; });
    if (!open) layout.entities[e] |= Layout::closed;
    if (table.rows >= large_rows) layout.entities[e] |= Layout::large;
    if (all_in(program, facts, e, as_of)) layout.entities[e] |= Layout::all_in;
  }
  for (std::uint32_t p = 0; p < schema.parameters.size(); ++p) {
    const Cell& value = facts.parameters[p];
    const Kind kind = schema.parameters[p].type.kind;
    if (is_known(value, kind)) layout.parameters[p] |= Layout::known;
    if (kind == Kind::date && is_known(value, kind) && scalar::is_day(value.lo)) layout.parameters[p] |= Layout::days;
    if (!settle) continue;
    if (facts.parameter_set[p] != 0) layout.parameters[p] |= Layout::set;
    if ((kind == Kind::choice || kind == Kind::boolean) && is_known(value, kind)) {
      layout.parameters[p] |= Layout::settled;
      layout.values[p] = value.lo;
    }
  }
  return layout;
}

}  // namespace tiao::jit
