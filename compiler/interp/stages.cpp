// A stage machine over rows in date order, as docs/engine-semantics.md "Stages" has it: with sets of states, step by step.
#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "compiler/interp/folds.hpp"
#include "runtime/program/stages.hpp"

namespace tiao::interp {
namespace {

using States = std::set<unsigned>;

std::vector<unsigned> bits(std::int64_t mask) {
  std::vector<unsigned> out;
  for (unsigned b = 0; b < 64; ++b)
    if (static_cast<std::uint64_t>(mask) >> b & 1) out.push_back(b);
  return out;
}

// Where a row with just these moves open leads from a state; nothing when two are open at once.
std::optional<unsigned> next(const StageMoves& moves, unsigned state, unsigned open) {
  std::optional<unsigned> to;
  for (unsigned k = 0; k < max_stage_moves; ++k) {
    if (!moves.has(k) || (open >> k & 1) == 0 || moves.from(k) != state) continue;
    if (to) return std::nullopt;
    to = moves.to(k);
  }
  return to.value_or(state);
}

struct Machine {
  StageMoves moves;
  States all;

  // The states after a row; nothing when the row surely asks for two moves at once.
  std::optional<States> after(const States& before, const FoldRow& row) const {
    const std::vector<unsigned> kinds = bits(row.value.lo);
    States out;
    if (row.in != Truth::yes) out = before;
    for (const unsigned state : before)
      for (const unsigned open : kinds) {
        const auto to = next(moves, state, open);
        if (!to) {
          if (before.size() == 1 && kinds.size() == 1 && row.in == Truth::yes) return std::nullopt;
          return all;
        }
        out.insert(*to);
      }
    return out;
  }

  // Whatever any number of these rows, in any order, may lead to.
  States reach(States states, const std::vector<FoldRow>& rows) const {
    for (std::size_t size = 0; size != states.size();) {
      size = states.size();
      for (const FoldRow& row : rows) {
        const auto more = after(states, row);
        if (!more) return all;
        states.insert(more->begin(), more->end());
      }
    }
    return states;
  }

  // Every order that the days allow, where they are few; else whatever the rows may lead to.
  States any_order(const std::vector<FoldRow>& rows, const std::vector<Cell>& days) const {
    if (rows.size() > most_unordered_stages) return reach({0}, rows);
    const std::size_t n = rows.size();
    std::vector<States> after_set(std::size_t{1} << n);   // by which rows have come
    after_set[0] = {0};
    for (std::size_t done = 0; done < after_set.size(); ++done)
      for (std::size_t i = 0; i < n && !after_set[done].empty(); ++i) {
        if (done >> i & 1) continue;
        bool waits = false;   // another row surely comes first
        for (std::size_t j = 0; j < n; ++j) waits |= (done >> j & 1) == 0 && days[j].hi < days[i].lo;
        if (waits) continue;
        const auto then = after(after_set[done], rows[i]);
        if (!then) return all;
        after_set[done | std::size_t{1} << i].insert(then->begin(), then->end());
      }
    return after_set.back();
  }

  bool order_matters(const States& from, const std::vector<FoldRow>& rows) const {
    const States reached = reach(from, rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        for (const unsigned a : bits(rows[i].value.lo))
          for (const unsigned b : bits(rows[j].value.lo))
            for (const unsigned state : reached) {
              const auto first_a = next(moves, state, a), first_b = next(moves, state, b);
              const auto ab = first_a ? next(moves, *first_a, b) : std::nullopt, ba = first_b ? next(moves, *first_b, a) : std::nullopt;
              if (ab != ba) return true;
            }
    return false;
  }
};

Cell cell_of(const States& states) {
  std::int64_t mask = 0;
  for (const unsigned s : states) mask |= std::int64_t{1} << s;
  return choice_of(static_cast<std::uint64_t>(mask));
}

}  // namespace

Cell stages(const FoldInput& in) {
  Machine machine{{in.n}, {}};
  for (const unsigned s : bits(static_cast<std::int64_t>(machine.moves.states()))) machine.all.insert(s);
  if (in.open) return cell_of(machine.all);
  if (std::any_of(in.dates.begin(), in.dates.end(), [](const Cell& d) { return d.lo != d.hi; })) return cell_of(machine.any_order(in.rows, in.dates));
  std::vector<std::size_t> order(in.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!in.dates.empty()) std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return in.dates[a].lo < in.dates[b].lo; });
  States states{0};
  for (std::size_t i = 0; i < order.size();) {
    std::vector<FoldRow> day{in.rows[order[i]]};
    std::size_t end = i + 1;
    for (; !in.dates.empty() && end < order.size() && in.dates[order[end]].lo == in.dates[order[i]].lo; ++end) day.push_back(in.rows[order[end]]);
    i = end;
    if (day.size() > 1 && machine.order_matters(states, day)) {
      const bool sure = states.size() == 1 && std::all_of(day.begin(), day.end(), [](const FoldRow& r) { return r.in == Truth::yes && bits(r.value.lo).size() == 1; });
      if (sure) return error_of(Kind::choice);
      states = machine.all;
      continue;
    }
    for (const FoldRow& row : day) {
      const auto then = machine.after(states, row);
      if (!then) return error_of(Kind::choice);
      states = *then;
    }
  }
  return cell_of(states);
}

}  // namespace tiao::interp
