// Which expressions and tables can depend on a reading at all: a property of the program, so that the walk for readings passes
// by whatever cannot.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "compiler/core/core.hpp"

namespace tiao::interp {

class ReadingReach {
 public:
  explicit ReadingReach(const core::Program& program) : p_(program), expr_(program.exprs.size(), unasked) {}

  bool expr(core::ExprId expr);
  bool rows(EntityId entity);                       // whether rows are there
  bool column(EntityId entity, ColumnId column);
  bool source(const core::Source& source);
  bool ledger(std::uint32_t ledger);
  bool timeline(std::uint32_t timeline);
  bool remedy(RemedyId remedy);

 private:
  enum : std::int8_t { unasked = -1, no = 0, yes = 1 };
  bool work_out(const core::Expr& e);
  bool flow(const core::Flow& flow);
  bool work_out_rows(EntityId entity);
  bool rule(const core::ParamRule& rule) { return expr(rule.lo) || expr(rule.hi); }

  const core::Program& p_;
  std::vector<std::int8_t> expr_;
  std::map<EntityId, bool> rows_;
  std::map<std::uint32_t, bool> ledgers_, timelines_, remedies_;
};

}  // namespace tiao::interp
