// Which truths are made 64 rows at a time.
#include <bit>

#include "compiler/plan/planner.hpp"

namespace tiao::plan {

using core::ExprId;
using core::Op;

// A column of the row itself, or the same for all rows; never in error.
bool Planner::in_lanes(ExprId id) const {
  const core::Expr& e = program_.exprs[id];
  if (plan_.values[id].fails || e.type.kind == Kind::ratio) return false;
  return plan_.slots_read[id] == 0 || (e.op == Op::column && is_own_row(program_.args[e.args]) && !is_link_of_derived(program_.exprs[program_.args[e.args]].type.of, e.a));
}

// Refs of derived tables have 32 bits.
bool Planner::is_link_of_derived(EntityId entity, ColumnId column) const {
  return derived(entity) && schema_.entities[entity].columns[column].type.kind == Kind::ref;
}

bool Planner::in_words(ExprId id) const {
  const core::Expr& e = program_.exprs[id];
  if (plan_.slots_read[id] == 0 || asks_rank(id)) return true;   // answered for all rows before
  auto arg = [&](std::uint32_t i) { return program_.args[e.args + i]; };
  switch (e.op) {
    case Op::not_:
    case Op::conflict:
    case Op::and_:
    case Op::or_:
      for (std::uint32_t i = 0; i < e.count; ++i)
        if (!in_words(arg(i))) return false;
      return true;
    case Op::column: return is_own_row(arg(0));
    case Op::compare: break;
    default: return false;
  }
  const Kind kind = program_.exprs[arg(0)].type.kind;
  if (kind != program_.exprs[arg(1)].type.kind) return false;
  if (kind == Kind::boolean) return in_words(arg(0)) && in_words(arg(1)) && (e.a == static_cast<std::uint32_t>(core::CmpOp::is) || e.a == static_cast<std::uint32_t>(core::CmpOp::is_not));
  if (!in_lanes(arg(0)) || !in_lanes(arg(1))) return false;
  if (kind != Kind::choice) return true;
  const core::Expr& other = program_.exprs[arg(1)];
  return plan_.slots_read[arg(0)] != 0 && other.op == Op::constant && std::has_single_bit(static_cast<std::uint64_t>(program_.constants[other.a].lo));
}

bool Planner::in_words(EntityId entity, const Output& out) const {
  if (entity == none || out.type.kind != Kind::boolean || out.guard != none) return false;
  if (out.kind == Output::any_of) return true;
  if (out.kind != Output::value && out.kind != Output::conjunction) return false;
  for (const ExprId e : out.exprs)
    if (!in_words(e)) return false;
  return true;
}

}  // namespace tiao::plan
