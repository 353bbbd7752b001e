#include "runtime/engine/stages.hpp"

#include <algorithm>
#include <bit>

namespace tiao::engine {
namespace {

constexpr std::uint8_t two_moves = 0xff;

// leads[c][s]: where a row with the moves c open leads from s. Worked out once for a machine: two to the number of moves, times states.
struct Table {
  std::uint8_t leads[1u << max_stage_moves][max_stage_states + 1];
  std::uint64_t all;

  explicit Table(StageMoves moves) : all(moves.states()) {
    for (unsigned c = 0; c < (1u << max_stage_moves); ++c)
      for (unsigned s = 0; s <= max_stage_states; ++s) {
        std::uint8_t to = static_cast<std::uint8_t>(s);
        unsigned found = 0;
        for (unsigned k = 0; k < max_stage_moves; ++k)
          if ((c >> k & 1) != 0 && moves.has(k) && moves.from(k) == s) to = static_cast<std::uint8_t>(moves.to(k)), ++found;
        leads[c][s] = found > 1 ? two_moves : to;
      }
  }

  // 0: surely two moves at once.
  std::uint64_t after(std::uint64_t before, const StageRow& row) const {
    std::uint64_t out = row.in == Truth::yes ? 0 : before;
    for (std::uint64_t states = before; states != 0; states &= states - 1)
      for (std::uint32_t kinds = row.kinds; kinds != 0; kinds &= kinds - 1) {
        const std::uint8_t to = leads[std::countr_zero(kinds)][std::countr_zero(states)];
        if (to == two_moves) return std::has_single_bit(before) && std::has_single_bit(row.kinds) && row.in == Truth::yes ? 0 : all;
        out |= std::uint64_t{1} << to;
      }
    return out;
  }

  std::uint64_t reach(std::uint64_t states, const StageRow* first, const StageRow* last) const {
    for (std::uint64_t known = 0; known != states;) {
      known = states;
      for (const StageRow* row = first; row != last; ++row) {
        const std::uint64_t more = after(states, *row);
        if (more == 0) return all;
        states |= more;
      }
    }
    return states;
  }

  // by_set[m]: the states once the rows of m have come, in any order that their days allow; then all of them have.
  std::uint64_t any_order(const Array<StageRow>& rows) const {
    const std::size_t n = rows.size();
    if (n > most_unordered_stages) return reach(1, rows.begin(), rows.end());
    Array<std::uint64_t> by_set(std::size_t{1} << n, 0);
    Array<std::uint32_t> before(n, 0);   // rows that surely come before row i
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (rows[j].hi < rows[i].lo) before[i] |= 1u << j;
    by_set[0] = 1;
    for (std::size_t set = 0; set < by_set.size(); ++set) {
      if (by_set[set] == 0) continue;
      for (std::size_t i = 0; i < n; ++i) {
        if ((set >> i & 1) != 0 || (before[i] & ~set) != 0) continue;
        const std::uint64_t then = after(by_set[set], rows[i]);
        if (then == 0) return all;
        by_set[set | std::size_t{1} << i] |= then;
      }
    }
    return by_set.back();
  }

  bool commute(unsigned a, unsigned b, std::uint64_t states) const {
    for (; states != 0; states &= states - 1) {
      const int s = std::countr_zero(states);
      const std::uint8_t first_a = leads[a][s], first_b = leads[b][s];
      const std::uint8_t ab = first_a == two_moves ? two_moves : leads[b][first_a], ba = first_b == two_moves ? two_moves : leads[a][first_b];
      if (ab != ba) return false;
    }
    return true;
  }

  bool order_matters(std::uint64_t states, const StageRow* first, const StageRow* last) const {
    const std::uint64_t reached = reach(states, first, last);
    for (const StageRow* a = first; a != last; ++a)
      for (const StageRow* b = first; b != a; ++b)
        for (std::uint32_t x = a->kinds; x != 0; x &= x - 1)
          for (std::uint32_t y = b->kinds; y != 0; y &= y - 1)
            if (!commute(static_cast<unsigned>(std::countr_zero(x)), static_cast<unsigned>(std::countr_zero(y)), reached)) return true;
    return false;
  }
};

}  // namespace

std::uint64_t run_stages(StageMoves moves, Array<StageRow>& rows) {
  if (rows.size() == 0) return 1;
  const Table table(moves);
  if (std::any_of(rows.begin(), rows.end(), [](const StageRow& r) { return r.lo != r.hi; })) return table.any_order(rows);
  std::stable_sort(rows.begin(), rows.end(), [](const StageRow& a, const StageRow& b) { return a.lo < b.lo; });
  std::uint64_t states = 1;
  for (const StageRow* row = rows.begin(); row != rows.end();) {
    const StageRow* end = std::find_if(row, static_cast<const StageRow*>(rows.end()), [&](const StageRow& r) { return r.lo != row->lo; });
    if (end - row > 1 && table.order_matters(states, row, end)) {
      const bool sure = std::has_single_bit(states) && std::all_of(row, end, [](const StageRow& r) { return r.in == Truth::yes && std::has_single_bit(r.kinds); });
      if (sure) return 0;
      states = table.all;
      row = end;
      continue;
    }
    for (; row != end; ++row)
      if ((states = table.after(states, *row)) == 0) return 0;
  }
  return states;
}

}  // namespace tiao::engine
