// Rows of groups and joins.
#include <algorithm>
#include <map>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

// Rows with equal known keys make a group. A row with an unknown key may belong to any group of its parent, and makes one of its
// own, to which in turn the others of unknown key may belong.
void Machine::make_group(const core::Group& group, std::uint32_t parent) {
  struct Member { std::uint32_t row; Truth in; };
  struct Gathered { std::vector<Cell> keys; std::vector<Member> members; };
  const EntityId above = schema.entities[group.entity].parent;
  const std::vector<std::uint32_t>* whole = above == none ? &in_order(group.from) : nullptr;
  const RowRange range = whole ? RowRange{0, static_cast<std::uint32_t>(whole->size())} : children(group.from, parent);
  std::vector<Gathered> gathered, own;
  std::map<std::vector<std::int64_t>, std::size_t> by_key;
  std::vector<Member> loose;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const std::uint32_t row = whole ? (*whole)[i] : i;
    const Truth in = membership(group.from, row);
    if (in == Truth::no) continue;
    std::vector<Cell> keys;
    std::vector<std::int64_t> values;
    Truth sure = Truth::yes;   // that the keys are what they seem
    for (const ColumnId key : group.keys) {
      keys.push_back(column(group.from, key, row));
      values.push_back(keys.back().lo);
      const Kind kind = schema.entities[group.from].columns[key].type.kind;
      sure = scalar::and_(sure, is_error(keys.back(), kind) ? Truth::error : is_known(keys.back(), kind) ? Truth::yes : Truth::unknown);
    }
    if (sure != Truth::yes) {
      loose.push_back({row, scalar::and_(in, sure)});
      own.push_back({std::move(keys), {{row, scalar::and_(in, sure)}}});
      continue;
    }
    const auto [at, fresh] = by_key.emplace(std::move(values), gathered.size());
    if (fresh) gathered.push_back({std::move(keys), {}});
    gathered[at->second].members.push_back({row, in});
  }
  const std::size_t known_groups = gathered.size();
  gathered.insert(gathered.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  for (std::size_t i = 0; i < gathered.size(); ++i) {
    auto& members = gathered[i].members;
    const std::uint32_t itself = i < known_groups ? none : members.front().row;
    for (const Member& m : loose)
      if (m.row != itself) members.push_back(m);
    std::sort(members.begin(), members.end(), [&](const Member& a, const Member& b) { return earlier(group.from, a.row, b.row); });
  }

  const bool open = above == none ? open_anywhere(group.from) : open_under(group.from, parent);
  begin_rows(group.entity, parent, open);
  DerivedStore& store = stores[group.entity];
  store.columns.resize(core::group_col::first_key + group.keys.size());
  if (store.members_begin.empty()) store.members_begin.push_back(0);
  for (const Gathered& g : gathered) {
    Truth in = Truth::no;
    for (const Member& m : g.members) {
      in = scalar::or_(in, m.in);
      store.members.push_back(m.row);
      store.members_in.push_back(static_cast<std::uint8_t>(m.in));
    }
    store.members_begin.push_back(static_cast<std::uint32_t>(store.members.size()));
    for (std::size_t k = 0; k < group.keys.size(); ++k) store.columns[core::group_col::first_key + k].push(g.keys[k]);
    push_row(group.entity, parent, in);
  }
}

// One row per way along the path; a way that ends at an unknown link names no row.
void Machine::make_join(const core::Join& join) {
  DerivedStore& store = stores[join.entity];
  if (store.all) return;
  store.all = true;
  core::Source source;
  source.whole = join.first;
  source.hops = join.hops;
  source.entity = join.hops.empty() ? join.first : join.hops.back().entity;
  DerivedRows& out = results.derived[join.entity];
  out.refs.resize(join.hops.size() + 1);
  const NewFrame frame(*this);
  const SetState state = each_way(source, frame, [&](const std::vector<Passed>& path, std::uint32_t, Truth in, Truth) {
    for (std::size_t i = 0; i < path.size(); ++i) out.refs[i].push_back(path[i].row);
    out.membership.push_back(static_cast<std::uint8_t>(in));
  });
  store.open_whole = !state.open.empty();
}

}  // namespace tiao::interp
