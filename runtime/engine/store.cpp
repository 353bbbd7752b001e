#include "runtime/engine/store.hpp"

#include <algorithm>

#include "runtime/engine/keys.hpp"

namespace tiao::engine {

namespace {
constexpr std::uint32_t entity_planes = 16, index_planes = 8;
}

SlotLayout::SlotLayout(const Schema& schema, std::uint32_t indexes, std::uint32_t temporaries) : indexes_(indexes), temporaries_(temporaries) {
  std::uint32_t next = 0;
  for (const Entity& e : schema.entities) {
    next += entity_planes;
    first_column_.push_back(next);
    next += static_cast<std::uint32_t>(e.columns.size()) * column_planes;
  }
  first_index_ = next;
  next += indexes * index_planes;
  first_temporary_ = next;
  next += temporaries;
  first_parameter_ = next;
  size_ = next + static_cast<std::uint32_t>(schema.parameters.size());
}

// So many bytes a run may leave for the next one, of each array.
static constexpr std::size_t little = 4096;

struct Store::State {
  struct ColumnState {
    Vec view;                 // of facts or of `own`
    ColumnArrays own;
    bool owns = false;        // has something there
  };
  struct EntityState {
    std::uint32_t rows = 0;
    std::vector<ColumnState> columns;
    DerivedTable derived;               // its columns are moved into `columns`
    bool derives = false;               // is there
    Array<std::uint32_t> parents;       // registers, on demand
    Array<std::uint8_t> membership;     // registers
    Array<std::uint8_t> open;           // registers that were not supplied
    std::uint8_t population_open = 0;
  };
  struct Temporary { Array<std::uint8_t> own; };

  const facts::FactBase* facts = nullptr;
  SlotLayout layout;
  std::vector<void*> slots;
  std::vector<EntityState> entities;
  std::vector<Index> indexes;
  std::vector<Temporary> temporaries;
  std::size_t peak = 0;

  void set(std::uint32_t slot, const void* p) { slots[slot] = const_cast<void*>(p); }
  void set(EntityId e, EntityPlane plane, const void* p) { set(layout.entity(e, plane), p); }

  void publish(EntityId e, ColumnId c) {
    const Vec& v = entities[e].columns[c].view;
    set(layout.column(e, c, ColumnPlane::yes), v.yes);
    set(layout.column(e, c, ColumnPlane::no), v.no);
    set(layout.column(e, c, ColumnPlane::lo), v.narrow != nullptr ? static_cast<const void*>(v.narrow) : v.lo);
    set(layout.column(e, c, ColumnPlane::hi), v.hi);
    set(layout.column(e, c, ColumnPlane::lo_den), v.lo_den);
    set(layout.column(e, c, ColumnPlane::hi_den), v.hi_den);
    set(layout.column(e, c, ColumnPlane::row), v.row);
  }

  void forget();
  void borrow(EntityId e);
  void open_register(EntityId e);
  std::size_t bytes() const;
};

void Store::State::borrow(EntityId e) {
  const facts::Table& table = facts->tables[e];
  EntityState& entity = entities[e];
  const Entity& declared = facts->schema->entities[e];
  set(e, EntityPlane::rows, &entity.rows);
  set(e, EntityPlane::population_open, &entity.population_open);
  if (declared.origin != EntityOrigin::register_) return;
  entity.rows = table.rows;
  if (!table.offsets.empty()) set(e, EntityPlane::offsets, table.offsets.data());
  for (ColumnId c = 0; c < declared.columns.size() && c < table.columns.size(); ++c) {
    const facts::ColumnData& data = table.columns[c];
    Vec& v = entity.columns[c].view;
    v.yes = data.truth.empty() ? nullptr : data.truth.first();
    v.no = data.truth.empty() ? nullptr : data.truth.second();
    v.narrow = data.masks.empty() ? nullptr : data.masks.data();
    v.lo = data.lo.empty() ? nullptr : data.lo.data();
    v.hi = data.hi.empty() ? v.lo : data.hi.data();
    if (v.yes != nullptr) {   // slots are null until then
      set(layout.column(e, c, ColumnPlane::yes), v.yes);
      set(layout.column(e, c, ColumnPlane::no), v.no);
    } else if (v.narrow != nullptr || v.lo != nullptr) {
      publish(e, c);
    }
  }
  open_register(e);
}

void Store::State::open_register(EntityId e) {
  const facts::Table& table = facts->tables[e];
  EntityState& entity = entities[e];
  const EntityId parent = facts->schema->entities[e].parent;
  bool any_parent = !table.supplied;
  entity.population_open = any_parent || std::find(table.open_for.begin(), table.open_for.end(), 1) != table.open_for.end();
  for (const facts::OpenOf& open : facts->open_of) {
    if (open.entity != e) continue;
    entity.population_open = 1;
    bool above = false;   // a mark by a row further up says whose parents are open; one by a linked row does not
    for (EntityId up = parent; up != none; up = facts->schema->entities[up].parent) above = above || up == open.of_entity;
    any_parent = any_parent || !above;
  }
  if (any_parent && parent != none) {
    entity.open.assign(facts->tables[parent].rows, 1);
    set(e, EntityPlane::open, entity.open.data());
  } else if (!table.open_for.empty()) {
    set(e, EntityPlane::open, table.open_for.data());
  }
}

std::size_t Store::State::bytes() const {
  std::size_t sum = 0;
  for (const EntityState& e : entities) {
    for (const ColumnState& c : e.columns) sum += c.own.bytes();
    const DerivedTable& d = e.derived;
    sum += d.parent.bytes() + d.offsets.bytes() + d.membership.bytes() + d.open.bytes() + d.member_offsets.bytes() + d.members.bytes() +
           d.member_way.bytes() + e.parents.bytes() + e.membership.bytes() + e.open.bytes();
  }
  for (const Index& i : indexes)
    sum += i.offsets.bytes() + i.rows.bytes() + i.way.bytes() + i.open.bytes() + i.unknown_rows.bytes() + i.part_of.bytes() + i.narrow_part_of.bytes() + i.part_at.bytes() + i.buckets.bytes();
  for (const Temporary& t : temporaries) sum += t.own.bytes();
  return sum;
}

Store::Store(const Schema& schema, const SlotLayout& layout) : state_(std::make_unique<State>()) {
  state_->layout = layout;
  state_->slots.assign(layout.size(), nullptr);
  state_->entities.resize(schema.entities.size());
  for (EntityId e = 0; e < schema.entities.size(); ++e) state_->entities[e].columns.resize(schema.entities[e].columns.size());
  state_->indexes.resize(layout.indexes());
  state_->temporaries.resize(layout.temporaries());
}
Store::~Store() = default;

void Store::begin(const facts::FactBase& facts) {
  state_->forget();
  state_->facts = &facts;
  for (EntityId e = 0; e < state_->entities.size(); ++e) state_->borrow(e);
  for (std::uint32_t p = 0; p < facts.parameters.size(); ++p) state_->set(state_->layout.parameter(p), &facts.parameters[p]);
}

// Most of it was released by the steps of the run. What is left and little, the next run writes over.
void Store::State::forget() {
  const auto forget = [](auto& array) {
    array.clear();
    if (array.bytes() > little) array.shrink();
  };
  std::fill(slots.begin(), slots.end(), nullptr);
  for (EntityState& entity : entities) {
    for (ColumnState& column : entity.columns) {
      if (column.own.bytes() > little) column.own = ColumnArrays();
      column.owns = false;
      column.view = Vec();
    }
    if (entity.derives) entity.derived = DerivedTable();
    entity.derives = false;
    entity.rows = 0;
    forget(entity.parents);
    forget(entity.membership);
    forget(entity.open);
    entity.population_open = 0;
  }
  for (Index& index : indexes)
    if (!index.offsets.empty() || !index.keys.empty()) index = Index();
  for (Temporary& temporary : temporaries) forget(temporary.own);
  peak = 0;
}

const Schema& Store::schema() const { return *state_->facts->schema; }
const facts::FactBase& Store::facts() const { return *state_->facts; }
void* const* Store::slots() const { return state_->slots.data(); }
std::uint32_t Store::rows(EntityId e) const { return state_->entities[e].rows; }
Vec Store::column(EntityId e, ColumnId c) const { return state_->entities[e].columns[c].view; }
const std::uint8_t* Store::membership(EntityId e) const { return static_cast<const std::uint8_t*>(slot(state_->layout.entity(e, EntityPlane::membership))); }
const std::uint32_t* Store::offsets(EntityId e) const { return static_cast<const std::uint32_t*>(slot(state_->layout.entity(e, EntityPlane::offsets))); }
const std::uint32_t* Store::parent(EntityId e) const { return static_cast<const std::uint32_t*>(slot(state_->layout.entity(e, EntityPlane::parent))); }
const std::uint8_t* Store::open(EntityId e) const { return static_cast<const std::uint8_t*>(slot(state_->layout.entity(e, EntityPlane::open))); }
bool Store::population_open(EntityId e) const { return state_->entities[e].population_open != 0; }
const DerivedTable& Store::derived(EntityId e) const { return state_->entities[e].derived; }

void Store::set_slot(std::uint32_t n, void* borrowed) { state_->set(n, borrowed); }

void Store::need_parent(EntityId e) {
  State::EntityState& entity = state_->entities[e];
  const std::uint32_t* from = offsets(e);
  if (parent(e) != nullptr || from == nullptr) return;
  entity.parents.resize(entity.rows);
  for (std::uint32_t p = 0, row = 0; row < entity.rows; ++p)
    for (; row < from[p + 1]; ++row) entity.parents[row] = p;
  state_->set(e, EntityPlane::parent, entity.parents.data());
}

void Store::make_column(EntityId e, ColumnId c, Kind kind, bool ranges) {
  State::EntityState& entity = state_->entities[e];
  State::ColumnState& column = entity.columns[c];
  column.owns = true;
  const std::uint32_t rows = std::max(entity.rows, 1u);  // never a null plane, so that an empty table needs no case of its own
  if (kind == Kind::boolean) {
    column.own.truth.make_room(rows);
  } else {
    column.own.lo.resize(rows);
    column.own.hi.resize(ranges && kind != Kind::choice ? rows : 0);
    if (kind == Kind::ratio) {
      column.own.lo_den.resize(rows);
      column.own.hi_den.resize(ranges ? rows : 0);
    }
  }
  column.view = column.own.view();
  state_->publish(e, c);
}

void Store::lend_upper(EntityId e, ColumnId c, void* words) { state_->set(state_->layout.column(e, c, ColumnPlane::hi), words); }

std::int64_t* Store::make_upper(EntityId e, ColumnId c) {
  State::ColumnState& column = state_->entities[e].columns[c];
  column.own.hi.resize(column.own.lo.size());
  column.view = column.own.view();
  state_->publish(e, c);
  return column.own.hi.data();
}

void Store::settle_column(EntityId e, ColumnId c) {
  const std::uint32_t rows = state_->entities[e].rows;
  State::ColumnState& column = state_->entities[e].columns[c];
  ColumnArrays& own = column.own;
  if (own.hi.empty() || !std::equal(own.lo.begin(), own.lo.begin() + rows, own.hi.begin())) return;
  if (!own.hi_den.empty() && !std::equal(own.lo_den.begin(), own.lo_den.begin() + rows, own.hi_den.begin())) return;
  own.hi = Array<std::int64_t>();
  own.hi_den = Array<std::int64_t>();
  column.view = own.view();
  state_->publish(e, c);
}

std::uint8_t* Store::make_membership(EntityId e) {
  State::EntityState& entity = state_->entities[e];
  entity.membership.resize(std::max(entity.rows, 1u));
  state_->set(e, EntityPlane::membership, entity.membership.data());
  return entity.membership.data();
}

void Store::settle_membership(EntityId e) {
  State::EntityState& entity = state_->entities[e];
  const std::uint8_t yes = static_cast<std::uint8_t>(Truth::yes);
  if (!std::all_of(entity.membership.begin(), entity.membership.begin() + entity.rows, [&](std::uint8_t m) { return m == yes; })) return;
  entity.membership = Array<std::uint8_t>();
  state_->set(e, EntityPlane::membership, nullptr);
}

void Store::adopt(EntityId e, DerivedTable table, bool owners_open) {
  State::EntityState& entity = state_->entities[e];
  const Entity& declared = schema().entities[e];
  entity.rows = table.rows;
  for (ColumnId c = 0; c < entity.columns.size() && c < table.columns.size(); ++c) {
    State::ColumnState& column = entity.columns[c];
    const bool owns = table.columns[c].bytes() != 0;
    if (owns || column.owns) column.own = std::move(table.columns[c]);   // most columns of a remedy are read by nobody
    column.owns = owns;
    column.view = owns ? column.own.view() : Vec();
  }
  table.columns.clear();
  entity.derived = std::move(table);
  entity.derives = true;
  const DerivedTable& derived = entity.derived;
  if (declared.parent_column != none) {
    entity.columns[declared.parent_column].view = Vec();
    entity.columns[declared.parent_column].view.row = derived.parent.data();
  }
  for (ColumnId c = 0; c < entity.columns.size(); ++c) state_->publish(e, c);
  auto plane = [&](EntityPlane p, const auto& array) { state_->set(e, p, array.empty() ? nullptr : array.data()); };
  plane(EntityPlane::membership, derived.membership);
  plane(EntityPlane::parent, derived.parent);
  plane(EntityPlane::offsets, derived.offsets);
  plane(EntityPlane::open, derived.open);
  plane(EntityPlane::member_offsets, derived.member_offsets);
  plane(EntityPlane::members, derived.members);
  plane(EntityPlane::member_way, derived.member_way);
  entity.population_open = owners_open || std::any_of(derived.open.begin(), derived.open.end(), [](std::uint8_t o) { return o != 0; });
}

void Store::take_column(EntityId e, ColumnId c, ColumnArrays values) {
  State::ColumnState& column = state_->entities[e].columns[c];
  column.own = std::move(values);
  column.owns = true;
  column.view = column.own.view();
  state_->publish(e, c);
}

void Store::set_population_open(EntityId e, bool open) { state_->entities[e].population_open = open ? 1 : 0; }

void Store::release_column(EntityId e, ColumnId c) {
  State::ColumnState& column = state_->entities[e].columns[c];
  if (!column.owns) return;
  column = State::ColumnState();
  state_->publish(e, c);
}

void Store::release_parents(EntityId e) {
  State::EntityState& entity = state_->entities[e];
  entity.parents = Array<std::uint32_t>();
  entity.derived.parent = Array<std::uint32_t>();
  state_->set(e, EntityPlane::parent, nullptr);
  const Entity& declared = schema().entities[e];
  if (declared.origin == EntityOrigin::register_ || declared.parent_column == none) return;
  entity.columns[declared.parent_column].view = Vec();
  state_->publish(e, declared.parent_column);
}

void Store::release_members(EntityId e) {
  DerivedTable& derived = state_->entities[e].derived;
  derived.member_offsets = Array<std::uint32_t>();
  derived.members = Array<std::uint32_t>();
  derived.member_way = Array<std::uint8_t>();
  for (const EntityPlane p : {EntityPlane::member_offsets, EntityPlane::members, EntityPlane::member_way}) state_->set(e, p, nullptr);
}

void Store::release_entity(EntityId e) {
  State::EntityState& entity = state_->entities[e];
  for (ColumnId c = 0; c < entity.columns.size(); ++c) release_column(e, c);
  release_parents(e);
  entity.membership = Array<std::uint8_t>();
  if (schema().entities[e].origin != EntityOrigin::register_) {
    entity.derived = DerivedTable();
    entity.derives = false;
    for (const EntityPlane p : {EntityPlane::offsets, EntityPlane::open, EntityPlane::member_offsets, EntityPlane::members, EntityPlane::member_way})
      state_->set(e, p, nullptr);
  }
  state_->set(e, EntityPlane::membership, nullptr);
}

// --- Indexes

void Store::add_index(std::uint32_t index, Index made) {
  Index& i = state_->indexes[index] = std::move(made);
  const SlotLayout& layout = state_->layout;
  auto plane = [&](IndexPlane p, const auto& array) { state_->set(layout.index(index, p), array.empty() ? nullptr : array.data()); };
  plane(IndexPlane::offsets, i.offsets);
  plane(IndexPlane::rows, i.rows);
  plane(IndexPlane::way, i.way);
  plane(IndexPlane::open, i.open);
  plane(IndexPlane::unknown_rows, i.unknown_rows);
  plane(IndexPlane::part_of, i.part_of);
  state_->set(layout.index(index, IndexPlane::unknown_count), &i.unknown_count);
}

// Rows that we do not know may link to any row, unless every mark names a row at the end of this very link.
Array<std::uint8_t> Store::open_links(EntityId e, ColumnId c) const {
  Array<std::uint8_t> links;
  if (!population_open(e)) return links;
  const auto& columns = schema().entities[e].columns;
  const EntityId linked = columns[c].type.of;
  if (schema().entities[e].origin != EntityOrigin::register_) {
    links.assign(rows(linked), 1);
    return links;
  }
  const facts::Table& table = facts().tables[e];
  bool everywhere = !table.supplied || columns[c].kind != ColumnKind::link ||
                    std::find(table.open_for.begin(), table.open_for.end(), 1) != table.open_for.end();
  for (ColumnId other = 0; other < columns.size(); ++other)
    everywhere = everywhere || (other != c && columns[other].kind == ColumnKind::link && columns[other].type.of == linked);
  for (EntityId up = schema().entities[e].parent; up != none; up = schema().entities[up].parent) everywhere = everywhere || up == linked;
  for (const facts::OpenOf& open : facts().open_of) everywhere = everywhere || (open.entity == e && open.of_entity != linked);
  links.assign(rows(linked), everywhere ? 1 : 0);
  for (const facts::OpenOf& open : facts().open_of)
    if (open.entity == e && open.of_entity == linked) links[open.of_row] = 1;
  return links;
}

void Store::add_reverse(std::uint32_t index, EntityId e, ColumnId c) {
  const Vec link = column(e, c);
  const EntityId linked = schema().entities[e].columns[c].type.of;
  const std::uint32_t keys = rows(linked), count = rows(e);
  Index made;
  made.offsets.assign(keys + 1, 0);
  for (std::uint32_t row = 0; row < count; ++row) {
    if (const std::uint32_t t = named_row(link, row); t != none) ++made.offsets[t + 1];
    else made.unknown_rows.push(row);
  }
  for (std::uint32_t k = 0; k < keys; ++k) made.offsets[k + 1] += made.offsets[k];
  made.rows.resize(made.offsets[keys]);
  for (std::uint32_t row = 0; row < count; ++row)
    if (const std::uint32_t t = named_row(link, row); t != none) made.rows[made.offsets[t]++] = row;
  for (std::uint32_t k = keys; k > 0; --k) made.offsets[k] = made.offsets[k - 1];  // filling moved each start to its end
  made.offsets[0] = 0;
  made.unknown_rows.shrink();
  made.unknown_count = static_cast<std::uint32_t>(made.unknown_rows.size());
  made.open = open_links(e, c);
  add_index(index, std::move(made));
}

void Store::add_partition(std::uint32_t index, EntityId e, const std::vector<ColumnId>& columns, bool looked_up) {
  Index made;
  for (const ColumnId c : columns) {
    made.keys.push_back(column(e, c));
    made.kinds.push_back(schema().entities[e].columns[c].type.kind);
  }
  build_partition(made, rows(e));
  if (!looked_up) made.part_at = Array<std::uint32_t>(), made.buckets = Array<std::uint32_t>();
  add_index(index, std::move(made));
}

const Index& Store::index(std::uint32_t i) const { return state_->indexes[i]; }
void Store::release_index(std::uint32_t i) {
  add_index(i, Index());
}

// --- Temporaries

void* Store::make_temporary(std::uint32_t t, std::size_t bytes) {
  Array<std::uint8_t>& own = state_->temporaries[t].own;
  own.clear();
  own.resize(std::max<std::size_t>(bytes, 8));
  state_->set(state_->layout.temporary(t), state_->temporaries[t].own.data());
  return state_->temporaries[t].own.data();
}
void Store::set_temporary(std::uint32_t t, void* borrowed) {
  if (Array<std::uint8_t>& own = state_->temporaries[t].own; own.bytes() > little) own = Array<std::uint8_t>();
  state_->set(state_->layout.temporary(t), borrowed);
}
void Store::release_temporary(std::uint32_t t) { set_temporary(t, nullptr); }

std::size_t Store::bytes() const { return state_->bytes(); }
void Store::measure() { state_->peak = std::max(state_->peak, state_->bytes()); }
std::size_t Store::peak_bytes() const { return state_->peak; }

}  // namespace tiao::engine
