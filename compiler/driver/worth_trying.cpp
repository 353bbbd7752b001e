#include "compiler/driver/worth_trying.hpp"

#include <algorithm>

namespace tiao::driver {

std::vector<Cell> worth_trying(const core::Program& program, const Type& type, const Cell& possible, std::int64_t as_of, std::size_t most) {
  std::vector<Cell> out;
  const auto add = [&](std::int64_t value) {
    const bool inside = value >= possible.lo && value <= possible.hi && value != neg_inf && value != pos_inf;
    if (inside && out.size() < most && std::find(out.begin(), out.end(), known(value)) == out.end()) out.push_back(known(value));
  };
  switch (type.kind) {
    case Kind::boolean: return {of(Truth::yes), of(Truth::no)};
    case Kind::choice:
      for (unsigned bit = 0; bit < 64 && out.size() < most; ++bit)
        if ((static_cast<std::uint64_t>(possible.lo) >> bit & 1) != 0) out.push_back(choice_of(std::uint64_t{1} << bit));
      return out;
    case Kind::ref:
    case Kind::ratio: return {};
    case Kind::text:
      for (std::size_t i = 0; i < program.schema.strings.size(); ++i) add(static_cast<std::int64_t>(i));
      return out;
    default: break;
  }
  add(possible.hi), add(possible.lo);
  if (type.kind == Kind::date) add(as_of), add(as_of + 1);
  for (const core::Expr& e : program.exprs)
    if (e.op == core::Op::constant && e.type == type)
      for (const std::int64_t step : {0, -1, 1})
        if (const Cell& c = program.constants[e.a]; c.lo == c.hi && c.lo > neg_inf + 1 && c.lo < pos_inf - 1) add(c.lo + step);
  if (possible.hi == pos_inf) add(std::int64_t{1} << longest_stride);
  return out;
}

}  // namespace tiao::driver
