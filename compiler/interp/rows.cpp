// Rows: who is there, who stands under whom, and the sets that sources describe.
#include <algorithm>
#include <iterator>
#include <numeric>

#include "compiler/interp/machine.hpp"
#include "runtime/facts/openness.hpp"

namespace tiao::interp {

std::uint32_t Machine::rows(EntityId entity) const {
  return derived(entity) ? static_cast<std::uint32_t>(results.derived[entity].membership.size()) : facts.tables[entity].rows;
}

Truth Machine::membership(EntityId entity, std::uint32_t row) {
  if (derived(entity)) return static_cast<Truth>(results.derived[entity].membership[row]);
  if (always_there_[entity]) return Truth::yes;
  auto& memo = membership_[entity];
  if (memo.empty()) memo.assign(rows(entity), Memo::unasked);
  if (memo[row] != Memo::unasked) return static_cast<Truth>(memo[row]);
  Truth there = Truth::yes;
  if (entity < program.memberships.size() && program.memberships[entity] != none) {
    const NewFrame frame(*this, row);
    there = test(program.memberships[entity], frame);
  }
  const EntityId parent = schema.entities[entity].parent;
  if (parent != none) there = scalar::and_(there, membership(parent, parent_row(entity, row)));
  memo[row] = static_cast<std::uint8_t>(there);
  return there;
}

std::uint32_t Machine::parent_row(EntityId entity, std::uint32_t row) const {
  if (derived(entity)) return results.derived[entity].parent[row];
  const Entity& e = schema.entities[entity];
  const facts::Table& table = facts.tables[entity];
  const auto& column = table.columns[e.parent_column];
  if (row < column.lo.size()) return static_cast<std::uint32_t>(column.lo[row]);
  const auto above = std::upper_bound(table.offsets.begin(), table.offsets.end(), row);
  return static_cast<std::uint32_t>(std::distance(table.offsets.begin(), above)) - 1;
}

RowRange Machine::children(EntityId child, std::uint32_t parent) {
  if (derived(child)) {
    make_rows(child, parent);
    const DerivedStore& store = stores[child];
    return {store.begin[parent], store.begin[parent] + store.count[parent]};
  }
  const auto& offsets = facts.tables[child].offsets;
  if (parent + 1 >= offsets.size()) return {};
  return {offsets[parent], offsets[parent + 1]};
}

// --- Rows of derived entities, made when first asked for -----------------------------------------------------------------------

void Machine::begin_rows(EntityId entity, std::uint32_t parent, bool open) {
  DerivedStore& store = stores[entity];
  const EntityId above = schema.entities[entity].parent;
  const std::size_t parents = std::max<std::size_t>(parent + 1, above == none ? 1 : rows(above));
  if (store.begin.size() < parents) {
    store.begin.resize(parents, none);
    store.count.resize(parents, 0);
    store.open.resize(parents, 0);
  }
  store.begin[parent] = rows(entity);
  store.count[parent] = 0;
  store.open[parent] = open;
}

void Machine::push_row(EntityId entity, std::uint32_t parent, Truth membership) {
  DerivedRows& out = results.derived[entity];
  out.membership.push_back(static_cast<std::uint8_t>(membership));
  out.parent.push_back(parent);
  ++stores[entity].count[parent];
}

void Machine::make_rows(EntityId entity, std::uint32_t parent) {
  const DerivedStore& store = stores[entity];
  if (parent < store.begin.size() && store.begin[parent] != none) return;
  switch (schema.entities[entity].origin) {
    case EntityOrigin::group: make_group(program.groups[group_of[entity]], parent); break;
    case EntityOrigin::step:
    case EntityOrigin::cycle: make_ledger(ledger_of[entity], parent); break;
    case EntityOrigin::span: make_spans(timeline_of[entity], parent); break;
    case EntityOrigin::remedy: make_remedy(remedy_of[entity], parent); break;
    case EntityOrigin::join:
    case EntityOrigin::register_: break;
  }
}

void Machine::make_all(EntityId entity) {
  if (!derived(entity) || stores[entity].all) return;
  const Entity& e = schema.entities[entity];
  if (e.origin == EntityOrigin::join) {
    make_join(program.joins[join_of[entity]]);
  } else if (e.origin == EntityOrigin::remedy) {
    make_remedies(remedy_of[entity]);
  } else if (e.parent == none) {
    make_rows(entity, 0);
  } else {
    make_all(e.parent);
    for (std::uint32_t parent = 0; parent < rows(e.parent); ++parent) make_rows(entity, parent);
  }
  stores[entity].all = true;
}

bool Machine::earlier(EntityId entity, std::uint32_t a, std::uint32_t b) const {
  if (a == b) return false;
  const Entity& e = schema.entities[entity];
  if (!derived(entity) || e.parent == none || e.origin == EntityOrigin::join) return a < b;
  const std::uint32_t above_a = parent_row(entity, a), above_b = parent_row(entity, b);
  return above_a == above_b ? a < b : earlier(e.parent, above_a, above_b);
}

const std::vector<std::uint32_t>& Machine::in_order(EntityId entity) {
  make_all(entity);
  auto& order = in_order_[entity];
  if (order.size() != rows(entity)) {
    order.resize(rows(entity));
    std::iota(order.begin(), order.end(), 0u);
    if (derived(entity)) std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return earlier(entity, a, b); });
  }
  return order;
}

Cell Machine::derived_column(EntityId entity, ColumnId column, std::uint32_t row) {
  const Entity& e = schema.entities[entity];
  if (e.origin == EntityOrigin::join) {
    const std::uint32_t ref = results.derived[entity].refs[column][row];
    return ref == none ? between(neg_inf, pos_inf) : known(ref);
  }
  if (column == e.parent_column || column == 0) return known(results.derived[entity].parent[row]);
  if (e.origin == EntityOrigin::remedy) return visible_column(remedy_of[entity], stores[entity].table_row[row], column);
  return stores[entity].columns[column].at(row);
}

// --- Open registers --------------------------------------------------------------------------------------------------------------

bool Machine::open_anywhere(EntityId entity) {
  std::int8_t& asked = open_anywhere_[entity];
  if (asked >= 0) return asked != 0;
  const auto any = [](const std::vector<std::uint8_t>& flags) { return std::any_of(flags.begin(), flags.end(), [](std::uint8_t f) { return f != 0; }); };
  bool open = false;
  if (derived(entity)) {
    make_all(entity);
    open = stores[entity].open_whole || any(stores[entity].open) || owners_open(entity);
  } else {
    open = facts::open_anywhere(facts, entity);
  }
  asked = open;
  return open;
}

// An owner that we do not know has steps, spans and remedy rows that we do not know; groups only of rows that we do not know.
bool Machine::owners_open(EntityId entity) {
  switch (schema.entities[entity].origin) {
    case EntityOrigin::group: return open_anywhere(program.groups[group_of[entity]].from);
    case EntityOrigin::join:
    case EntityOrigin::register_: return false;
    default: return open_anywhere(schema.entities[entity].parent);
  }
}

bool Machine::open_under(EntityId child, std::uint32_t parent) {
  if (!derived(child)) return facts::open_under(facts, child, parent);
  make_rows(child, parent);
  return stores[child].open[parent] != 0;
}

bool Machine::open_by_link(EntityId child, ColumnId link, std::uint32_t row) {
  return derived(child) ? open_anywhere(child) : facts::open_by_link(facts, child, link, row);
}

// --- Indexes ---------------------------------------------------------------------------------------------------------------------

Machine::LinkIndex Machine::index_of(std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs) {
  LinkIndex index;
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::uint32_t targets = pairs.empty() ? 0 : pairs.back().first + 1;
  index.offsets.assign(targets + 1, 0);
  for (const auto& [target, row] : pairs) {
    ++index.offsets[target + 1];
    index.rows.push_back(row);
  }
  for (std::uint32_t t = 0; t < targets; ++t) index.offsets[t + 1] += index.offsets[t];
  return index;
}

Machine::LinkIndex Machine::index_of(std::uint32_t rows, const std::function<Cell(std::uint32_t)>& link) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::vector<std::uint32_t> unknown;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const Cell ref = link(row);
    if (ref.lo == ref.hi) pairs.emplace_back(static_cast<std::uint32_t>(ref.lo), row);
    else unknown.push_back(row);
  }
  LinkIndex index = index_of(std::move(pairs));
  index.unknown = std::move(unknown);
  return index;
}

const Machine::LinkIndex& Machine::links(EntityId entity, ColumnId column_id) {
  const auto key = std::make_pair(entity, column_id);
  if (const auto hit = links_.find(key); hit != links_.end()) return hit->second;
  make_all(entity);
  LinkIndex index = index_of(rows(entity), [&](std::uint32_t row) { return column(entity, column_id, row); });
  return links_.emplace(key, std::move(index)).first->second;
}

namespace {

constexpr std::uint64_t mixed(std::uint64_t hash, std::int64_t value) {
  hash ^= static_cast<std::uint64_t>(value) + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdull;
}

}  // namespace

const Machine::Partition& Machine::partition(EntityId entity, const std::vector<ColumnId>& columns) {
  const auto key = std::make_pair(entity, columns);
  if (const auto hit = partitions_.find(key); hit != partitions_.end()) return hit->second;
  make_all(entity);
  Partition out;
  for (std::uint32_t row = 0; row < rows(entity); ++row) {
    std::uint64_t hash = 0;
    bool all_known = true;
    for (const ColumnId c : columns) {
      const Cell cell = column(entity, c, row);
      all_known &= is_known(cell, schema.entities[entity].columns[c].type.kind);
      hash = mixed(hash, cell.lo);
    }
    if (all_known) out.keyed.emplace_back(hash, row);
    else out.unknown.push_back(row);
  }
  std::sort(out.keyed.begin(), out.keyed.end());
  return partitions_.emplace(key, std::move(out)).first->second;
}

// Rows among which all those are that may have the keys asked for; nothing when a partition does not help. Rows that are found by
// chance (equal hashes) are sorted out by the comparison that follows.
std::optional<std::vector<std::uint32_t>> Machine::candidates(const core::Source& source, Frame frame, std::uint32_t start) {
  if (source.same.empty() || source.hops.size() > 1) return std::nullopt;
  std::vector<ColumnId> columns;
  std::uint64_t hash = 0;
  if (!source.hops.empty()) {
    const core::Hop& hop = source.hops[0];
    if (start == none || derived(source.entity)) return std::nullopt;
    if (hop.kind != core::Hop::children && hop.kind != core::Hop::linked) return std::nullopt;
    columns.push_back(hop.kind == core::Hop::children ? schema.entities[source.entity].parent_column : hop.column);
    hash = mixed(hash, start);
  } else if (start != none) {
    return std::nullopt;
  }
  for (const core::Source::Same& same : source.same) {
    const Cell key = value(same.key, frame);
    const Kind kind = type(same.key).kind;
    if (!is_known(key, kind) || kind == Kind::ratio) return std::nullopt;   // equal quotients may be written with other numbers
    columns.push_back(same.column);
    hash = mixed(hash, key.lo);
  }
  const Partition& index = partition(source.entity, columns);
  std::vector<std::uint32_t> found, out;
  for (auto at = std::lower_bound(index.keyed.begin(), index.keyed.end(), std::make_pair(hash, std::uint32_t{0}));
       at != index.keyed.end() && at->first == hash; ++at)
    found.push_back(at->second);
  std::merge(found.begin(), found.end(), index.unknown.begin(), index.unknown.end(), std::back_inserter(out));
  if (derived(source.entity)) std::sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) { return earlier(source.entity, a, b); });
  return out;
}

// --- Sets ------------------------------------------------------------------------------------------------------------------------

Truth Machine::same_truth(const core::Source& source, std::uint32_t row, Frame frame) {
  Truth out = Truth::yes;
  for (const core::Source::Same& same : source.same) {
    const Kind kind = type(same.key).kind;
    out = scalar::and_(out, scalar::compare(scalar::CmpOp::is, column(source.entity, same.column, row), value(same.key, frame), kind));
  }
  return out;
}

void Machine::arrive(const core::Source& source, std::uint32_t row, Truth in, const std::vector<Passed>& path, Frame frame, const Way& f) {
  const Truth keys = same_truth(source, row, frame);
  if (keys != Truth::no) f(path, row, in, keys);
}

// Goes on to a row, if it may be there. The row that a path starts from is not asked, unless it is all there is.
void Machine::step(const core::Source& source, std::size_t hop, EntityId entity, std::uint32_t row, Truth in, Truth way,
                   std::vector<Passed>& path, Frame frame, SetState& state, const Way& f) {
  const bool given = hop == 0 && source.start != none && !source.hops.empty();
  const Truth there = given ? Truth::yes : membership(entity, row);
  in = scalar::and_(in, scalar::and_(way, there));
  if (in == Truth::no) return;
  path.push_back({entity, row, there, way, hop == 0 ? nullptr : &source.hops[hop - 1]});
  walk(source, hop, entity, row, in, path, frame, state, f);
  path.pop_back();
}

void Machine::walk(const core::Source& source, std::size_t at, EntityId entity, std::uint32_t row, Truth in, std::vector<Passed>& path,
                   Frame frame, SetState& state, const Way& f) {
  if (at == source.hops.size()) return arrive(source, row, in, path, frame, f);
  const core::Hop& hop = source.hops[at];
  const auto on = [&](std::uint32_t next, Truth way) { step(source, at + 1, hop.entity, next, in, way, path, frame, state, f); };
  // Rows that we do not know: at the end of the way there is no other row that they lead to.
  const auto open = [&](const OpenSpot& spot) {
    state.open.push_back(spot);
    state.elsewhere = state.elsewhere || at + 1 < source.hops.size();
  };
  switch (hop.kind) {
    case core::Hop::children: {
      const RowRange range = children(hop.entity, row);
      for (std::uint32_t child = range.begin; child < range.end; ++child) on(child, Truth::yes);
      if (open_under(hop.entity, row)) open({hop.entity, entity, row});
      break;
    }
    case core::Hop::linked: {
      const LinkIndex& index = links(hop.entity, hop.column);
      std::vector<std::uint32_t> sure, all;
      if (row + 1 < index.offsets.size()) sure.assign(index.rows.begin() + index.offsets[row], index.rows.begin() + index.offsets[row + 1]);
      std::merge(sure.begin(), sure.end(), index.unknown.begin(), index.unknown.end(), std::back_inserter(all));
      for (const std::uint32_t next : all) {
        const Cell link = column(hop.entity, hop.column, next);
        on(next, link.lo == link.hi ? Truth::yes : Truth::unknown);
      }
      if (open_by_link(hop.entity, hop.column, row)) open({hop.entity, entity, row});
      break;
    }
    case core::Hop::follow: {
      const Cell ref = column(entity, hop.column, row);
      if (ref.lo > ref.hi) {
        state.failed = true;
      } else if (ref.lo != ref.hi) {
        state.open.push_back({hop.entity, entity, row, hop.column});
        state.elsewhere = true;
      } else {
        on(static_cast<std::uint32_t>(ref.lo), Truth::yes);
      }
      break;
    }
    case core::Hop::parent: on(parent_row(entity, row), Truth::yes); break;
    case core::Hop::members: {
      const DerivedStore& store = stores[entity];
      for (std::uint32_t i = store.members_begin[row]; i < store.members_begin[row + 1]; ++i)
        on(stores[entity].members[i], static_cast<Truth>(stores[entity].members_in[i]));
      const std::uint32_t parent = results.derived[entity].parent[row];
      if (store.open[parent == none ? 0 : parent]) open({hop.entity, schema.entities[entity].parent, parent});
      break;
    }
  }
}

SetState Machine::each_way(const core::Source& source, Frame frame, const Way& f) {
  SetState state;
  std::vector<Passed> path;
  if (source.start == none) {
    make_all(source.whole);
    if (open_anywhere(source.whole)) {
      state.open.push_back({source.whole, none, none});
      state.elsewhere = !source.hops.empty();
    }
    if (const auto some = candidates(source, frame, none)) {
      for (const std::uint32_t row : *some) step(source, 0, source.whole, row, Truth::yes, Truth::yes, path, frame, state, f);
    } else {
      for (const std::uint32_t row : in_order(source.whole)) step(source, 0, source.whole, row, Truth::yes, Truth::yes, path, frame, state, f);
    }
    return state;
  }
  const Cell ref = value(source.start, frame);
  const EntityId entity = type(source.start).of;
  if (ref.lo > ref.hi) {
    state.failed = true;
  } else if (ref.lo != ref.hi) {
    state.open.push_back({source.entity, entity, none, none, true});
    state.elsewhere = true;
  } else if (const auto start = static_cast<std::uint32_t>(ref.lo); const auto some = candidates(source, frame, start)) {
    const core::Hop& hop = source.hops[0];
    path.push_back({entity, start, Truth::yes, Truth::yes, nullptr});
    for (const std::uint32_t row : *some) {
      const ColumnId column_id = hop.kind == core::Hop::children ? schema.entities[source.entity].parent_column : hop.column;
      const Cell link = column(source.entity, column_id, row);
      const Truth way = link.lo != link.hi ? Truth::unknown : truth(link.lo == ref.lo);
      step(source, 1, source.entity, row, Truth::yes, way, path, frame, state, f);
    }
    const bool open = hop.kind == core::Hop::children ? open_under(hop.entity, start) : open_by_link(hop.entity, hop.column, start);
    if (open) state.open.push_back({hop.entity, entity, start});
  } else {
    step(source, 0, entity, start, Truth::yes, Truth::yes, path, frame, state, f);
  }
  return state;
}

std::vector<Reached> Machine::reach(const core::Source& source, Frame frame, SetState& state, bool each_once) {
  const bool fixed = source.start == none && source.same.empty();   // the same whatever row is under consideration
  if (fixed)
    if (const auto hit = populations_.find(&source); hit != populations_.end()) {
      state = hit->second.state;
      return hit->second.rows;
    }
  struct Found { std::uint32_t row; Truth in, keys; };
  std::vector<Found> found;
  state = each_way(source, frame, [&](const std::vector<Passed>&, std::uint32_t row, Truth in, Truth keys) { found.push_back({row, in, keys}); });
  if (each_once) std::stable_sort(found.begin(), found.end(), [&](const Found& a, const Found& b) { return earlier(source.entity, a.row, b.row); });
  // The keys are a part of the filter: what a row's membership is, is settled by all ways to it before they are asked for.
  std::vector<Reached> out;
  for (std::size_t i = 0; i < found.size();) {
    Reached r{found[i].row, found[i].in};
    const Truth keys = found[i].keys;
    for (++i; each_once && i < found.size() && found[i].row == r.row; ++i) r.in = scalar::or_(r.in, found[i].in);
    out.push_back({r.row, scalar::and_(r.in, keys)});
  }
  if (fixed) populations_[&source] = {out, state};
  return out;
}

}  // namespace tiao::interp
