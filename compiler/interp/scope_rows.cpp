// From the target of a remedy back to the rows whose grounds may reach it. Indexes lead there, each made once, so that a target
// costs what stands on it and not what stands in the scope.
#include <algorithm>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

using core::Ground;

namespace {

void append(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& more) { to.insert(to.end(), more.begin(), more.end()); }

void sort_once(std::vector<std::uint32_t>& rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

std::vector<std::uint32_t> numbered(std::uint32_t count) {
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t row = 0; row < count; ++row) out[row] = row;
  return out;
}

}  // namespace

// --- Chains of parents and links that start from the row in slot 0 ------------------------------------------------------------------

bool Machine::to_parent(const core::Expr& e) const {
  if (e.op == Op::parent) return true;
  if (e.op != Op::column) return false;
  const Entity& below = schema.entities[type(arg(e, 0)).of];
  const bool owned = below.parent != none && below.origin != EntityOrigin::register_ && below.origin != EntityOrigin::join;
  return e.a == below.parent_column || (owned && e.a == 0);
}

// The values of a reference over all rows of a scope.
const Machine::LinkIndex& Machine::values_over(EntityId scope, ExprId ref) {
  const auto key = std::make_pair(scope, ref);
  if (const auto hit = values_over_.find(key); hit != values_over_.end()) return hit->second;
  make_all(scope);
  LinkIndex index = index_of(rows(scope), [&](std::uint32_t row) {
    const NewFrame frame(*this, row);
    return value(ref, frame);
  });
  return values_over_.emplace(key, std::move(index)).first->second;
}

// The rows of the scope whose reference surely is this row.
void Machine::rows_naming(EntityId scope, ExprId ref, std::uint32_t row, std::vector<std::uint32_t>& out) {
  const core::Expr& e = expr(ref);
  const auto over = [&](const LinkIndex& index, auto&& f) {
    if (row + 1 < index.offsets.size())
      for (std::uint32_t i = index.offsets[row]; i < index.offsets[row + 1]; ++i) f(index.rows[i]);
  };
  const auto below = [&](std::uint32_t from) { rows_naming(scope, arg(e, 0), from, out); };
  if (e.op == Op::row && e.a == 0) {
    out.push_back(row);
  } else if (to_parent(e)) {
    const RowRange range = children(type(arg(e, 0)).of, row);
    for (std::uint32_t child = range.begin; child < range.end; ++child) below(child);
  } else if (e.op == Op::column) {
    over(links(type(arg(e, 0)).of, e.a), below);
  } else {
    over(values_over(scope, ref), [&](std::uint32_t found) { out.push_back(found); });
  }
}

// The rows of the scope whose reference may not be known: any row may be meant.
void Machine::rows_naming_none(EntityId scope, ExprId ref, std::vector<std::uint32_t>& out) {
  const core::Expr& e = expr(ref);
  if (e.op == Op::row && e.a == 0) return;
  if (!to_parent(e) && e.op != Op::column) return append(out, values_over(scope, ref).unknown);
  if (e.op == Op::column && !to_parent(e))
    for (const std::uint32_t row : links(type(arg(e, 0)).of, e.a).unknown) rows_naming(scope, arg(e, 0), row, out);
  rows_naming_none(scope, arg(e, 0), out);
}

// --- Ways along hops ------------------------------------------------------------------------------------------------------------------

// The groups in which a row stands.
const Machine::LinkIndex& Machine::groups_of(EntityId group) {
  const auto key = std::make_pair(group, none);
  if (const auto hit = links_.find(key); hit != links_.end()) return hit->second;
  make_all(group);
  const DerivedStore& store = stores[group];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t row = 0; row < rows(group); ++row)
    for (std::uint32_t i = store.members_begin[row]; i < store.members_begin[row + 1]; ++i) pairs.emplace_back(store.members[i], row);
  return links_.emplace(key, index_of(std::move(pairs))).first->second;
}

// The rows of the scope from which the first `hops` of a source may lead to some of these; nothing: from every row.
std::optional<std::vector<std::uint32_t>> Machine::back_over(const Ground& ground, std::size_t hops, std::vector<std::uint32_t> at) {
  const core::Source& source = ground.target;
  for (std::size_t i = hops; i-- > 0;) {
    const core::Hop& hop = source.hops[i];
    const EntityId before = i > 0 ? source.hops[i - 1].entity : source.start == none ? source.whole : type(source.start).of;
    std::vector<std::uint32_t> back;
    const auto from = [&](const LinkIndex& index, std::uint32_t row) {
      if (row + 1 < index.offsets.size()) back.insert(back.end(), index.rows.begin() + index.offsets[row], index.rows.begin() + index.offsets[row + 1]);
    };
    for (const std::uint32_t row : at) switch (hop.kind) {
        case core::Hop::children: back.push_back(parent_row(hop.entity, row)); break;
        case core::Hop::parent: {
          const RowRange range = children(before, row);
          for (std::uint32_t child = range.begin; child < range.end; ++child) back.push_back(child);
          break;
        }
        case core::Hop::linked: {
          const Cell link = column(hop.entity, hop.column, row);
          if (link.lo != link.hi) return std::nullopt;
          back.push_back(static_cast<std::uint32_t>(link.lo));
          break;
        }
        case core::Hop::follow: from(links(before, hop.column), row); break;
        case core::Hop::members: from(groups_of(before), row); break;
      }
    sort_once(back);
    at = std::move(back);
  }
  if (source.start == none) return std::nullopt;
  std::vector<std::uint32_t> out;
  for (const std::uint32_t row : at) rows_naming(ground.scope, source.start, row, out);
  sort_once(out);
  return out;
}

// The rows of the scope from which the way may lead to any row, because it passes by one that we do not know.
const Machine::Stray& Machine::stray(std::uint32_t ground_id) {
  Stray& out = strays_[ground_id];
  if (out.asked) return out;
  const Ground& ground = program.grounds[ground_id];
  const core::Source& source = ground.target;
  bool open = false;
  if (source.start != none) rows_naming_none(ground.scope, source.start, out.rows);
  for (std::size_t i = 0; i < source.hops.size(); ++i) {
    const core::Hop& hop = source.hops[i];
    const bool known_step = hop.kind == core::Hop::parent || hop.kind == core::Hop::follow;
    open = open || (!known_step && i + 1 < source.hops.size() && open_anywhere(hop.entity));
    if (hop.kind != core::Hop::follow) continue;
    const EntityId before = i > 0 ? source.hops[i - 1].entity : source.start == none ? source.whole : type(source.start).of;
    const auto lost = back_over(ground, i, links(before, hop.column).unknown);
    if (lost) append(out.rows, *lost);
    else open = true;
  }
  if (open) {
    make_all(ground.scope);
    for (std::uint32_t row = 0; row < rows(ground.scope); ++row) {
      const NewFrame frame(*this, row);
      const SetState state = each_way(source, frame, [](const std::vector<Passed>&, std::uint32_t, Truth, Truth) {});
      if (state.elsewhere || state.failed) out.rows.push_back(row);
    }
  }
  sort_once(out.rows);
  for (const std::uint32_t row : out.rows)
    if (ground_state(ground, row) != Truth::no) out.standing.push_back(row);
  out.asked = true;
  return out;
}

std::vector<std::uint32_t> Machine::scope_rows_for(std::uint32_t ground_id, std::uint32_t target) {
  const Ground& ground = program.grounds[ground_id];
  auto some = back_over(ground, ground.target.hops.size(), {target});
  if (!some) {
    make_all(ground.scope);
    return numbered(rows(ground.scope));
  }
  append(*some, stray(ground_id).rows);
  sort_once(*some);
  return std::move(*some);
}

std::vector<std::uint32_t> Machine::standing_rows_for(std::uint32_t ground_id, std::uint32_t target) {
  const Ground& ground = program.grounds[ground_id];
  if (auto some = back_over(ground, ground.target.hops.size(), {target})) {
    append(*some, stray(ground_id).standing);
    sort_once(*some);
    return std::move(*some);
  }
  Standing& all = standing_[ground_id];
  if (!all.asked) {
    make_all(ground.scope);
    for (std::uint32_t row = 0; row < rows(ground.scope); ++row)
      if (ground_state(ground, row) != Truth::no) all.rows.push_back(row);
    all.asked = true;
  }
  return all.rows;
}

}  // namespace tiao::interp
