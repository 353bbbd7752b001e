// Which addresses a provision rests on: those whose conditions, definitions, tables and remedies its own conditions and values
// read, directly or through others; likewise which parameters, and which facts a remedy can rest on. A property of the program,
// whatever the facts are.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "compiler/core/core.hpp"

namespace tiao::driver {

class NodeReach {
 public:
  explicit NodeReach(const core::Program& program) : p_(program) {}

  /// From everything that is said at the address itself.
  std::set<NodeId> from_node(NodeId node);
  std::set<NodeId> from_expr(core::ExprId expr, EntityId scope);

  /// Parameters and readings that the rows of a remedy, a duty, a check, a report or a definition can depend on.
  std::set<std::uint32_t> parameters_of_remedy(RemedyId id) { return remedy(id), take_parameters(); }
  std::set<std::uint32_t> parameters_of(const core::Duty& d) { return duty(d), take_parameters(); }
  std::set<std::uint32_t> parameters_of(const core::Require& r) { return require(r), take_parameters(); }
  std::set<std::uint32_t> parameters_of(const core::Report& r) { return rows(r.entity), expr(r.expr), take_parameters(); }
  std::set<std::uint32_t> parameters_of(const core::Computed& c) { return column(c.entity, c.column), take_parameters(); }

  /// What whether a remedy holds, and on what terms, can depend on in the case: columns that are read from facts, and registers.
  struct CaseFacts { std::set<std::pair<EntityId, ColumnId>> columns; std::set<EntityId> registers; };
  CaseFacts facts_of(RemedyId remedy);

 private:
  void node(NodeId id) { if (id != none) nodes_.insert(id); }
  void expr(core::ExprId id);
  void column(EntityId entity, ColumnId column);
  void rows(EntityId entity);
  void work_out_rows(EntityId entity);
  void source(const core::Source& source);
  void flow(const core::Flow& flow);
  void ledger(std::uint32_t id);
  void timeline(std::uint32_t id);
  void remedy(RemedyId id);
  void ground(const core::Ground& ground);
  void rule(const core::ParamRule& rule) { expr(rule.lo), expr(rule.hi); }
  void duty(const core::Duty& duty);
  void require(const core::Require& require);
  std::set<NodeId> take();
  std::set<std::uint32_t> take_parameters();

  const core::Program& p_;
  std::set<NodeId> nodes_;
  std::set<std::uint32_t> exprs_, rows_, ledgers_, timelines_, remedies_, parameters_;
  std::set<std::pair<EntityId, ColumnId>> columns_;
};

}  // namespace tiao::driver
