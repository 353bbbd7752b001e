#include "compiler/core/same.hpp"

#include <functional>
#include <map>
#include <tuple>

namespace tiao::core {

std::vector<ExprId> find_same(const Program& program) {
  using Key = std::tuple<Op, Kind, unsigned, std::uint32_t, std::uint32_t, std::vector<std::int64_t>>;
  std::vector<ExprId> same(program.exprs.size(), none);
  std::map<Key, ExprId> first;
  const std::function<ExprId(ExprId)> visit = [&](ExprId id) -> ExprId {
    if (same[id] != none) return same[id];
    const Expr& e = program.exprs[id];
    std::vector<std::int64_t> parts;
    if (e.op == Op::constant) {
      const Cell& c = program.constants[e.a];
      parts = {c.lo, c.hi, c.lo_den, c.hi_den};
    } else {
      for (std::uint32_t i = 0; i < e.count; ++i) parts.push_back(visit(program.args[e.args + i]));
    }
    const Key key{e.op, e.type.kind, e.type.scale, e.type.of, e.op == Op::constant ? none : e.a, std::move(parts)};
    return same[id] = first.try_emplace(key, id).first->second;
  };
  for (ExprId id = 0; id < program.exprs.size(); ++id) visit(id);
  return same;
}

}  // namespace tiao::core
