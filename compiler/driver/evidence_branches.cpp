// Which values an undecided `if` or table leaves open, when nothing else in the way of a parameter is unknown.
#include <algorithm>

#include "compiler/driver/evidence.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::driver {
namespace {

using core::ExprId;
using core::Op;
using Cells = std::optional<std::vector<Cell>>;

constexpr unsigned deepest = 64;

Cells merged(Cells a, Cells b) {
  if (!a || !b) return std::nullopt;
  a->insert(a->end(), b->begin(), b->end());
  return a;
}

Truth truth_of(const Cell& cell) { return static_cast<Truth>(cell.lo); }

}  // namespace

Cells EvidenceWalk::branches(ExprId id, std::uint32_t row, unsigned depth) {
  const core::Expr& e = program_.exprs[id];
  const Cell whole = interpreter_.evaluate(id, row);
  if (is_known(whole, e.type.kind)) return std::vector<Cell>{whole};
  if (depth == deepest || is_error(whole, e.type.kind)) return std::nullopt;
  const auto arg = [&](std::uint32_t i) { return program_.args[e.args + i]; };
  switch (e.op) {
    case Op::select: {
      const Truth condition = truth_of(interpreter_.evaluate(arg(0), row));
      if (condition == Truth::yes) return branches(arg(1), row, depth + 1);
      if (condition == Truth::no) return branches(arg(2), row, depth + 1);
      return merged(branches(arg(1), row, depth + 1), branches(arg(2), row, depth + 1));
    }
    case Op::table: return table_branches(e, row, depth + 1);
    case Op::column: return definition_branches(e, row, depth + 1);
    default: return std::nullopt;
  }
}

// Only where one row answers: the highest of several is a fold, and its possible values are not a list.
Cells EvidenceWalk::table_branches(const core::Expr& table, std::uint32_t row, unsigned depth) {
  const auto policy = static_cast<core::HitPolicy>(table.a);
  if (policy != core::HitPolicy::unique && policy != core::HitPolicy::first) return std::nullopt;
  Cells out = std::vector<Cell>{};
  for (std::uint32_t i = 0; i + 1 < table.count; i += 2) {
    const Truth condition = truth_of(interpreter_.evaluate(program_.args[table.args + i], row));
    if (condition == Truth::no) continue;
    Cells more = branches(program_.args[table.args + i + 1], row, depth);
    if (condition == Truth::yes && policy == core::HitPolicy::unique) return more;
    out = merged(std::move(out), std::move(more));
    if (!out || condition == Truth::yes) break;
  }
  return out;
}

Cells EvidenceWalk::definition_branches(const core::Expr& column, std::uint32_t row, unsigned depth) {
  const ExprId of = program_.args[column.args];
  const EntityId entity = program_.exprs[of].type.of;
  const Cell ref = interpreter_.evaluate(of, row);
  if (!is_known(ref, Kind::ref)) return std::nullopt;
  for (const core::Computed& computed : program_.computed)
    if (computed.entity == entity && computed.column == column.a) return branches(computed.expr, static_cast<std::uint32_t>(ref.lo), depth);
  return std::nullopt;
}

void EvidenceWalk::open_branches(const verdict::RemedyEntry& entry, std::uint32_t row, verdict::RemedyEvidence& out) {
  const std::vector<interp::GroundUse> uses = interpreter_.grounds_of(entry.remedy, row);
  if (uses.size() != 1) return;
  const core::Ground& ground = program_.grounds[uses.front().ground];
  const std::uint32_t scope_row = uses.front().scope_row;
  for (const auto& [param, value] : entry.params) {
    const core::ParamRule& rule = ground.params[param];
    if (settled(value) || rule.form != core::ParamForm::exact) continue;
    if (Cells found = branches(rule.lo, scope_row, 0)) out.param_branches.emplace_back(param, std::move(*found));
  }
  for (const auto& [time, rule] : {std::pair{verdict::Time::length, &ground.length}, {verdict::Time::from, &ground.from}, {verdict::Time::until, &ground.until}}) {
    if (rule->form != core::ParamForm::exact) continue;
    Cells found = branches(rule->lo, scope_row, 0);
    if (!found || found->size() < 2) continue;
    // An end that follows from the length has as many branches as the length has.
    if (time == verdict::Time::length && ground.until.form == core::ParamForm::absent && ground.from.form == core::ParamForm::exact) {
      const Cell from = interpreter_.evaluate(ground.from.lo, scope_row);
      std::vector<Cell> ends;
      for (const Cell& length : *found) ends.push_back(scalar::shift(from, length));
      if (is_known(from, Kind::date)) out.time_branches.emplace_back(verdict::Time::until, std::move(ends));
    }
    out.time_branches.emplace_back(time, std::move(*found));
  }
}

}  // namespace tiao::driver
