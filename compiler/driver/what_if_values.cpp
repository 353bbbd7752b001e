#include "compiler/driver/what_if_values.hpp"

#include <algorithm>
#include <cstdlib>

#include "compiler/driver/worth_trying.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t most_values = 12;                        // of a blank, or of thresholds
constexpr std::int64_t farthest = std::int64_t{1} << longest_stride;
constexpr std::int64_t days_moved = 36'525, months_moved = 1200;   // a hundred years

bool has_order(Kind kind) {
  switch (kind) {
    case Kind::integer:
    case Kind::decimal:
    case Kind::money:
    case Kind::percent:
    case Kind::date:
    case Kind::duration:
    case Kind::workdays: return true;
    default: return false;
  }
}

}  // namespace

Cell Axis::between(std::int64_t n, std::int64_t m, int way) const {
  return way > 0 ? tiao::between(at(n, way), at(m, way)) : tiao::between(at(m, way), at(n, way));
}

std::optional<std::int64_t> Axis::steps_to(std::int64_t value, int way) const {
  const std::int64_t distance = way * (value - from);
  if (distance <= 0 || distance % step != 0 || distance / step > room(way)) return std::nullopt;
  return distance / step;
}

// What is not negative stays so unless the register allows it. A day by which its row is there stays within what has happened:
// that the row is not there is a change of its own.
std::optional<Axis> FactValues::axis(const FactCell& cell) const {
  const Column& declared = column(cell);
  const Cell value = now(cell);
  if (!has_order(declared.type.kind) || value.lo != value.hi) return std::nullopt;
  Axis out;
  out.from = value.lo;
  std::int64_t lo = declared.range_lo, hi = declared.range_hi, reach = farthest;
  if (declared.type.kind == Kind::date) {
    if (!scalar::is_day(value.lo)) return std::nullopt;
    reach = days_moved;
    lo = std::max(lo, scalar::first_day);
    hi = std::min(hi, scalar::last_day);
    if (program_.schema.entities[cell.entity].dated_column == cell.column) hi = std::min(hi, as_of_);
  } else if (lo == neg_inf && value.lo >= 0) {
    lo = 0;
  }
  if (declared.type.kind == Kind::duration) {
    if (value.lo >= unstated_duration) return std::nullopt;
    const bool months = scalar::duration_days(value.lo) == 0 && scalar::duration_months(value.lo) != 0;
    if (months) out.step = month_unit;
    reach = months ? months_moved : days_moved;
    if (!months && scalar::duration_months(value.lo) != 0) lo = std::max(lo, value.lo - std::abs(scalar::duration_days(value.lo)));
  }
  const auto steps = [&](std::int64_t end, int way) {
    if (end == neg_inf || end == pos_inf) return reach;
    return std::clamp<std::int64_t>(way * (end - value.lo) / out.step, 0, reach);
  };
  if (value.lo <= -(std::int64_t{1} << 60) || value.lo >= std::int64_t{1} << 61) return std::nullopt;
  out.down = steps(lo, -1);
  out.up = steps(hi, 1);
  return out;
}

// Only texts that the program compares this column with: any other text is like no text at all to it.
std::vector<Cell> FactValues::texts(const FactCell& cell) const {
  std::vector<Cell> out;
  const auto reads = [&](const core::Expr& e) {
    return e.op == core::Op::column && e.a == cell.column && program_.exprs[program_.args[e.args]].type.of == cell.entity;
  };
  for (const core::Expr& e : program_.exprs) {
    if (e.op != core::Op::compare) continue;
    const core::Expr &a = program_.exprs[program_.args[e.args]], &b = program_.exprs[program_.args[e.args + 1]];
    for (const auto& [one, other] : {std::pair{&a, &b}, std::pair{&b, &a}})
      if (reads(*one) && other->op == core::Op::constant && std::find(out.begin(), out.end(), program_.constants[other->a]) == out.end())
        out.push_back(program_.constants[other->a]);
  }
  return out;
}

std::vector<Cell> FactValues::others(const FactCell& cell) const {
  const Column& declared = column(cell);
  const Cell value = now(cell);
  std::vector<Cell> out;
  if (declared.type.kind == Kind::text) {
    out = texts(cell);
  } else if (declared.type.kind == Kind::choice) {
    const std::size_t values = program_.schema.enums[declared.type.of].values.size();
    const Cell all = choice_of(values >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << values) - 1);
    out = worth_trying(program_, declared.type, is_blank(cell) ? value : all, as_of_, 64);
  } else {
    Cell possible = is_blank(cell) ? value : between(declared.range_lo, declared.range_hi);
    if (program_.schema.entities[cell.entity].dated_column == cell.column) possible.hi = std::min(possible.hi, as_of_);
    if (has_order(declared.type.kind) && declared.type.kind != Kind::date && possible.lo == neg_inf) possible.lo = 0;
    out = worth_trying(program_, declared.type, possible, as_of_, most_values);
    if (declared.type.kind == Kind::date) std::erase_if(out, [](const Cell& c) { return !scalar::is_day(c.lo); });
  }
  std::erase(out, value);
  return out;
}

std::vector<std::int64_t> FactValues::thresholds(const FactCell& cell, const Axis& axis, int way) const {
  std::vector<std::int64_t> out;
  const std::int64_t near = axis.at(1, way), far = axis.at(axis.room(way), way);
  for (const Cell& value : worth_trying(program_, column(cell).type, tiao::between(std::min(near, far), std::max(near, far)), as_of_, most_values))
    if (const auto n = axis.steps_to(value.lo, way)) out.push_back(*n);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace tiao::driver
