#include "compiler/driver/scope_row.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "compiler/core/core.hpp"

namespace tiao::driver {

namespace {

// `own`: the row in the evaluator's own table.
ScopeRow own_scope_row(const verdict::Names& names, EvidenceWalk& walk, EntityId entity, std::string key, std::uint32_t own) {
  ScopeRow out{entity, std::move(key), {}, false, {}, {}, {}, {}};
  const Entity& shape = names.schema.entities[entity];
  if (shape.origin != EntityOrigin::step) return out;
  const auto column = [&](ColumnId id) { return walk.interpreter().column(entity, id, own); };
  out.step = true;
  out.balance_type = shape.columns[core::step_col::balance].type;
  out.day = column(core::step_col::day);
  out.opening = column(core::step_col::opening);
  out.entered = column(core::step_col::entered);
  out.balance = column(core::step_col::balance);
  return out;
}

}  // namespace

ScopeRow scope_row(const verdict::Names& names, EvidenceWalk& walk, EntityId entity, std::uint32_t row) {
  return own_scope_row(names, walk, entity, names.key(entity, row), walk.own_row(entity, row));
}

std::vector<Standing> standing(const core::Program& program, const Results& results, const verdict::Names& names, EvidenceWalk& walk, const verdict::RemedyEntry& entry, const TraceNode& tree) {
  const RemedyTable& table = results.remedies[entry.remedy];
  const EntityId scope = program.grounds[table.lead[entry.table_row]].scope;
  const auto lead = static_cast<std::uint32_t>(table.scope_row[entry.table_row]);
  std::vector<Standing> out{{scope_row(names, walk, scope, lead), {}}};
  std::vector<std::pair<EntityId, std::uint32_t>> at{{scope, walk.own_row(scope, lead)}};
  const std::vector<interp::GroundUse> uses = walk.interpreter().grounds_of(entry.remedy, walk.row_of(entry.remedy, entry.table_row));
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const std::pair on{program.grounds[uses[i].ground].scope, uses[i].scope_row};
    const auto met = static_cast<std::size_t>(std::find(at.begin(), at.end(), on) - at.begin());
    if (met == at.size()) {
      at.push_back(on);
      const bool known = program.schema.entities[on.first].origin == EntityOrigin::register_;
      out.push_back({own_scope_row(names, walk, on.first, known ? names.key(on.first, on.second) : tree.children[i].name, on.second), {}});
    }
    out[met].rules.push_back(i);
  }
  return out;
}

std::string scope_row_words(const verdict::Names& names, const ScopeRow& row, verdict::Language language) {
  const bool zh = language == verdict::Language::zh;
  if (row.step)
    return fmt::format(fmt::runtime(zh ? "{}：{} → {}" : "{}: {} → {}"), cell_words(names, {Kind::date}, row.day, language), cell_words(names, row.balance_type, row.opening, language),
                       cell_words(names, row.balance_type, row.balance, language));
  const Entity& entity = names.schema.entities[row.entity];
  if (entity.origin != EntityOrigin::register_) return row.key;
  return fmt::format(fmt::runtime(zh ? "{}{}" : "{} {}"), verdict::named(entity.id, entity.label, language), row.key);
}

}  // namespace tiao::driver
