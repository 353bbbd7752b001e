#include "compiler/driver/what_if_nearest.hpp"

#include <algorithm>
#include <set>

namespace tiao::driver {
namespace {

constexpr unsigned strides = 24;               // doublings beyond the first value that could matter and does not
constexpr std::size_t most_steps = 100;        // values tried on one side of a number
constexpr std::size_t few_steps = 12;          // where no range of them can be ruled out

// Between a step that does not and one that does: the first that does, as halving finds it.
template <class Does>
std::int64_t first_that_does(std::int64_t miss, std::int64_t hit, Does does) {
  while (hit - miss > 1) {
    const std::int64_t middle = miss + (hit - miss) / 2;
    (does(middle) ? hit : miss) = middle;
  }
  return hit;
}

}  // namespace

Alteration Nearest::altered(const FactCell& cell, const Cell& value) const {
  return {cell, values_.now(cell), value, values_.presence(cell), std::nullopt, {}, std::nullopt};
}

std::vector<Alteration> Nearest::find(const Trial& trial, Truth stands, const FactCell& cell) {
  std::vector<Alteration> out;
  if (const std::optional<Axis> axis = values_.axis(cell)) {
    on_one_side(trial, stands, cell, *axis, -1, out);
    on_one_side(trial, stands, cell, *axis, 1, out);
  } else {
    single_values(trial, cell, out);
  }
  return out;
}

void Nearest::single_values(const Trial& trial, const FactCell& cell, std::vector<Alteration>& out) {
  std::vector<Cell> hits;
  const bool scale = values_.column(cell).type.kind == Kind::choice;
  for (const Cell& value : values_.others(cell)) {
    if (!trials_.reaches(trial.with(cell, value))) continue;
    hits.push_back(value);
    if (!scale) break;
  }
  if (hits.empty()) return;
  out.push_back(altered(cell, hits.front()));
  out.back().also.assign(hits.begin() + 1, hits.end());
}

std::optional<std::int64_t> Nearest::first_step(const Trial& trial, Truth stands, const FactCell& cell, const Axis& axis, int way) {
  const auto matters = [&](std::int64_t n) { return trials_.state(trial.with(cell, axis.between(1, n, way))) != stands; };
  const std::int64_t room = axis.room(way);
  if (room == 0 || trials_.spent() || !matters(room)) return std::nullopt;
  std::int64_t fine = 0, wrong = room;
  for (std::int64_t n = 1; n < room; n *= 2) {
    if (matters(n)) {
      wrong = n;
      break;
    }
    fine = n;
  }
  return first_that_does(fine, wrong, matters);
}

// Thresholds of the text, and values that other facts of the case have: a day may have to be that of another row, an amount just
// more than another.
std::vector<std::int64_t> Nearest::steps_worth_trying(const FactCell& cell, const Axis& axis, int way, std::size_t most) const {
  std::set<std::int64_t> near;
  for (const FactCell& other : cells_) {
    if (other == cell || !(values_.column(other).type == values_.column(cell).type) || values_.is_blank(other)) continue;
    for (const std::int64_t beside : {-1, 0, 1})
      if (const auto n = axis.steps_to(values_.now(other).lo + beside * axis.step, way)) near.insert(*n);
  }
  std::vector<std::int64_t> out = values_.thresholds(cell, axis, way);
  for (const std::int64_t n : near)
    if (out.size() < most) out.push_back(n);
  out.push_back(axis.room(way));
  return out;
}

void Nearest::on_one_side(const Trial& trial, Truth stands, const FactCell& cell, const Axis& axis, int way, std::vector<Alteration>& out) {
  const auto does = [&](std::int64_t n) { return trials_.reaches(trial.with(cell, known(axis.at(n, way)))); };
  std::int64_t miss = 0, hit = 0;
  std::vector<std::int64_t> steps{1};
  if (decided(stands)) {
    const auto first = first_step(trial, stands, cell, axis, way);
    if (!first) return;
    if (does(*first)) hit = *first;
    miss = hit == 0 ? *first : *first - 1;
    for (unsigned k = 0; hit == 0 && k < strides; ++k) steps.push_back(*first + (std::int64_t{1} << k));
  }
  if (hit == 0) {
    const std::vector<std::int64_t> more = steps_worth_trying(cell, axis, way, decided(stands) ? most_steps : few_steps);
    steps.insert(steps.end(), more.begin(), more.end());
    std::sort(steps.begin(), steps.end());
    for (const std::int64_t n : steps) {
      if (n <= miss || n > axis.room(way)) continue;
      if (does(n)) {
        hit = n;
        break;
      }
      miss = n;
    }
    if (hit == 0) return;
    hit = first_that_does(miss, hit, does);
  }
  if (trials_.spent()) return;   // it cannot be said that it is the nearest
  out.push_back(altered(cell, known(axis.at(hit, way))));
  if (hit == 1) return;
  if (does(hit - 1) || trials_.spent()) out.pop_back();
  else out.back().falls_short = known(axis.at(hit - 1, way));
}

void Nearest::draw_nearer(Alteration& first, Alteration& second) {
  const std::optional<Axis> axis = values_.axis(first.cell);
  if (!axis) return;
  const int way = first.value.lo > axis->from ? 1 : -1;
  const auto steps = axis->steps_to(first.value.lo, way);
  if (!steps) return;
  const auto does = [&](std::int64_t n) { return trials_.reaches(Trial{}.with(first.cell, known(axis->at(n, way))).with(second.cell, second.value)); };
  const std::int64_t hit = first_that_does(0, *steps, does);
  if (trials_.spent()) return;
  first.value = known(axis->at(hit, way));
  if (hit > 1) first.falls_short = known(axis->at(hit - 1, way));
  if (second.falls_short && trials_.reaches(Trial{}.with(first.cell, first.value).with(second.cell, *second.falls_short))) second.falls_short.reset();
}

}  // namespace tiao::driver
