#include "runtime/facts/builder.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runtime/facts/column_reader.hpp"
#include "runtime/facts/names.hpp"
#include "runtime/facts/read_cell.hpp"
#include "runtime/facts/staging.hpp"
#include "runtime/value/format.hpp"

namespace tiao::facts {

namespace {

using NameMap = std::map<std::string, std::uint32_t, std::less<>>;

void add_name(NameMap& names, const std::string& name, std::uint32_t id) {
  if (!name.empty()) names.emplace(name, id);
}

std::optional<std::uint32_t> look_up(const NameMap& names, std::string_view name) {
  const auto hit = names.find(name);
  return hit == names.end() ? std::nullopt : std::optional(hit->second);
}

bool is_read(ColumnKind kind) { return kind != ColumnKind::computed && kind != ColumnKind::suspected; }

// What the schema calls things.
struct Names {
  explicit Names(const Schema& schema) {
    for (EntityId id = 0; id < schema.entities.size(); ++id) {
      const Entity& entity = schema.entities[id];
      NameMap& names = columns.emplace_back();
      if (entity.origin != EntityOrigin::register_) continue;
      add_name(entities, entity.id, id);
      add_name(entities, entity.label, id);
      // What can be read comes first, should a definition share its name.
      for (const bool readable : {true, false})
        for (ColumnId c = 0; c < entity.columns.size(); ++c) {
          if (is_read(entity.columns[c].kind) != readable) continue;
          add_name(names, entity.columns[c].id, c);
          add_name(names, entity.columns[c].label, c);
        }
      if (entity.parent != none && entity.parent_column != none) {
        add_name(names, schema.entities[entity.parent].id, entity.parent_column);
        add_name(names, schema.entities[entity.parent].label, entity.parent_column);
      }
    }
    for (const Schema::Foreign& f : schema.foreign) foreign.emplace(f.entity, f.column);
  }

  NameMap entities;
  std::vector<NameMap> columns;
  std::set<std::pair<std::string, std::string>> foreign;
};

}  // namespace

struct FactBuilder::Impl {
  struct Opening { EntityId entity; std::string of; Place place; };
  struct Holding { std::string address, of; Place place; };

  Impl(const Schema& s, LoadErrors& e)
      : schema(s), errors(e), errors_before(e.count), staging(s), names(std::make_shared<const Names>(s)), strings(&own_strings), readers(s.entities.size()) {
    for (const std::string& text : schema.strings) own_strings.intern(text);
    for (const Parameter& p : schema.parameters) {
      parameters.push_back(unknown_cell(schema, p.type, p.range_lo, p.range_hi));
      parameter_set.push_back(0);
    }
    parameter_names.resize(schema.parameters.size());
  }

  Impl(Impl& whole, LoadErrors& e, bool own_texts)
      : schema(whole.schema), errors(e), errors_before(e.count), staging(whole.schema), names(whole.names),
        strings(own_texts ? &own_strings : whole.strings), readers(whole.schema.entities.size()) {}

  Place here(std::string path = {}) const { return {file, line, std::move(path)}; }

  std::string path(EntityId entity, std::uint32_t row, ColumnId column) const {
    std::string out = schema.entities[entity].id + "[" + std::to_string(row) + "]";
    if (column != none) out += "." + schema.entities[entity].columns[column].id;
    return out;
  }

  bool problem(const CellProblem& p, const Place& place) {
    errors.add(p.code, place, {p.first, p.second}, p.hint);
    return false;
  }

  // PREFIX:KEY, when PREFIX is a register.
  std::pair<EntityId, std::string_view> qualified(std::string_view of) const {
    if (const auto colon = of.find(':'); colon != std::string_view::npos)
      if (const auto e = look_up(names->entities, of.substr(0, colon))) return {*e, of.substr(colon + 1)};
    return {none, of};
  }

  void mark_open(FactBase& base, const Opening& o);
  void mark_held(FactBase& base, const Holding& h);

  const Schema& schema;
  LoadErrors& errors;
  std::uint64_t errors_before;
  Staging staging;
  std::shared_ptr<const Names> names;
  StringPool own_strings;
  StringPool* strings;
  std::vector<std::vector<ColumnReader>> readers;  // by register; of those whose rows are read
  std::vector<Cell> parameters;
  std::vector<std::uint8_t> parameter_set;
  std::vector<std::string> parameter_names;
  std::vector<Opening> openings;
  std::vector<Holding> holdings;
  std::vector<std::string> other_parameters;
  std::uint64_t skipped = 0;
  std::string_view file;
  std::uint64_t line = 0;
  std::set<std::string, std::less<>> files;  // what `file` points to
};

FactBuilder::FactBuilder(const Schema& schema, LoadErrors& errors) : impl_(std::make_unique<Impl>(schema, errors)) {}
FactBuilder::FactBuilder(FactBuilder& whole, LoadErrors& errors, bool own_texts) : impl_(std::make_unique<Impl>(*whole.impl_, errors, own_texts)) {}
FactBuilder::~FactBuilder() = default;

LoadErrors& FactBuilder::errors() { return impl_->errors; }
const Schema& FactBuilder::schema() const { return impl_->schema; }

std::optional<EntityId> FactBuilder::entity(std::string_view name) const { return look_up(impl_->names->entities, name); }

std::optional<ColumnId> FactBuilder::column(EntityId entity, std::string_view name) const {
  return look_up(impl_->names->columns[entity], name);
}

bool FactBuilder::foreign(std::string_view entity, std::string_view column) const {
  return impl_->names->foreign.contains({std::string(entity), std::string(column)});
}

void FactBuilder::pass_over_parameters(std::vector<std::string> names) { impl_->other_parameters = std::move(names); }
void FactBuilder::skip(std::uint64_t cells) { impl_->skipped += cells; }

void FactBuilder::at(std::string_view file, std::uint64_t line) {
  Impl& my = *impl_;
  my.line = line;
  if (my.file != file) my.file = *my.files.emplace(file).first;
}

void FactBuilder::supply(EntityId entity) {
  rows(entity).supplied = true;
  rows(entity).file = impl_->file;
}

void FactBuilder::close_all() {
  for (EntityId id = 0; id < schema().entities.size(); ++id)
    if (schema().entities[id].origin == EntityOrigin::register_) rows(id).supplied = true;
}

void FactBuilder::open(EntityId entity, std::string_view of) {
  impl_->openings.push_back({entity, std::string(of), impl_->here("open")});
}

void FactBuilder::holds(std::string_view address, std::string_view of) {
  impl_->holdings.push_back({std::string(address), std::string(of), impl_->here("holds")});
}

std::uint32_t FactBuilder::add_row(EntityId entity) { return rows(entity).add_row(impl_->file, line_number(impl_->line)); }

std::uint32_t FactBuilder::lose_row(EntityId entity) {
  const std::uint32_t row = add_row(entity);
  lose_row(entity, row);
  return row;
}
void FactBuilder::lose_row(EntityId entity, std::uint32_t row) { rows(entity).lose_row(row); }
void FactBuilder::lose_rest(EntityId entity) { rows(entity).incomplete = true; }

void FactBuilder::spoil(EntityId entity, std::uint32_t row, ColumnId column) {
  if (is_read(impl_->schema.entities[entity].columns[column].kind)) rows(entity).spoil(column, row);
}

StagedRegister& FactBuilder::rows(EntityId entity) { return impl_->staging.at(entity); }
StringPool& FactBuilder::strings() { return *impl_->strings; }
void FactBuilder::reserve(EntityId entity, std::uint32_t count) { rows(entity).reserve(count); }

const std::vector<ColumnReader>& FactBuilder::readers(EntityId entity) {
  auto& readers = impl_->readers[entity];
  if (readers.empty())
    for (const Column& column : schema().entities[entity].columns) readers.emplace_back(schema(), column);
  return readers;
}

void FactBuilder::append(FactBuilder& part, EntityId entity, std::uint64_t lines_before) {
  skip(std::exchange(part.impl_->skipped, 0));
  if (entity == none) return;
  StagedRegister& from = part.rows(entity);
  if (rows(entity).rows == 0) rows(entity).file = impl_->file;
  if (&part.strings() == &strings()) return rows(entity).append(from, lines_before, {});
  StringPool& texts = part.strings();
  std::vector<std::string_view> all(texts.size());
  for (std::size_t id = 0; id < all.size(); ++id) all[id] = texts.at(static_cast<std::int64_t>(id));
  std::vector<std::int64_t> ids(all.size());
  strings().intern(all, ids.data());
  rows(entity).append(from, lines_before, ids);
  texts.clear();
}

bool FactBuilder::set(EntityId entity, std::uint32_t row, ColumnId column, const CellSpec& cell) {
  Impl& my = *impl_;
  StagedRegister& rows = my.staging.at(entity);
  const ColumnReader& reader = readers(entity)[column];
  const Column& c = reader.column();
  auto place = [&] { return my.here(my.path(entity, row, column)); };
  if (!reader.readable()) {
    my.errors.add(ErrorCode::computed_column, place(), {c.id});
    return false;
  }
  if (rows.is_set(column, row)) {
    my.errors.add(ErrorCode::duplicate_field, place(), {c.id});
    return false;
  }
  Cell plain;
  if (cell.form == CellSpec::Form::plain && !cell.decided && reader.quick(cell.part, *my.strings, plain)) {
    rows.store(column, row, plain, Presence::given);
    return true;
  }
  CellReading reading;
  CellProblem problem;
  bool ok = true;
  if (cell.decided && c.kind != ColumnKind::judgment) {
    my.errors.add(ErrorCode::unknown_field, place(), {"value"});
    ok = false;
  } else if (!read_cell(my.schema, reader.slot(), cell, *my.strings, reading, problem)) {
    ok = my.problem(problem, place());
  } else if (cell.decided) {
    ok = check_decided(my.schema, c, *cell.decided, place(), my.errors);
    rows.columns[column].decided.insert_or_assign(row, *cell.decided);
  }
  if (ok) rows.store(column, row, reading.cell, reading.presence);
  else rows.spoil(column, row);
  return ok;
}

bool FactBuilder::set(EntityId entity, std::uint32_t row, std::string_view name, const CellSpec& cell) {
  if (const auto c = column(entity, name)) return set(entity, row, *c, cell);
  const Entity& e = impl_->schema.entities[entity];
  if (foreign(e.id, name) || foreign(e.label, name)) {
    skip();
    return true;
  }
  report_unknown_column(entity, name, impl_->path(entity, row, none) + "." + excerpt(name));
  return false;
}

bool FactBuilder::set_parent(EntityId entity, std::uint32_t row, std::string_view key) {
  const ColumnId column = impl_->schema.entities[entity].parent_column;
  return column != none && set(entity, row, column, CellSpec::string(key));
}

bool FactBuilder::set_parameter(std::string_view name, const CellSpec& value) {
  Impl& my = *impl_;
  const auto parameter = find_parameter(my.schema, name, my.other_parameters, my.here("parameters." + excerpt(name)), my.errors);
  if (!parameter) return false;
  if (*parameter == none) {
    skip();
    return true;
  }
  if (!set_parameter(*parameter, value)) return false;
  my.parameter_names[*parameter] = name;
  return true;
}

bool FactBuilder::set_parameter(std::uint32_t parameter, const CellSpec& value) {
  Impl& my = *impl_;
  const Parameter& p = my.schema.parameters[parameter];
  const std::string path = "parameters." + p.id;
  if (my.parameter_set[parameter] != 0) {
    my.errors.add(ErrorCode::duplicate_field, my.here(path), {p.id});
    return false;
  }
  const Slot slot{p.type, p.range_lo, p.range_hi, p.id};
  CellReading reading;
  CellProblem problem;
  if (p.type.kind == Kind::ref) {  // a parameter names no row
    my.errors.add(ErrorCode::wrong_type, my.here(path), {in_both("参数", "a parameter"), p.id});
    return false;
  }
  if (!read_cell(my.schema, slot, value, *my.strings, reading, problem)) return my.problem(problem, my.here(path));
  my.parameters[parameter] = reading.cell;
  my.parameter_set[parameter] = reading.presence == Presence::given;  // null: as if it were not said
  return true;
}

void FactBuilder::report(ErrorCode code, std::initializer_list<std::string_view> args, std::string path, std::string hint) {
  impl_->errors.add(code, impl_->here(std::move(path)), args, std::move(hint));
}

void FactBuilder::report_unknown_entity(std::string_view name, std::string path) {
  std::vector<std::string_view> names;
  for (const auto& [n, id] : impl_->names->entities) names.push_back(n);
  report(ErrorCode::unknown_entity, {excerpt(name)}, std::move(path), nearest(name, names));
}

void FactBuilder::report_unknown_column(EntityId entity, std::string_view name, std::string path) {
  std::string hint;
  if (!impl_->errors.full()) {
    std::vector<std::string_view> names;
    for (const auto& [n, c] : impl_->names->columns[entity])
      if (is_read(impl_->schema.entities[entity].columns[c].kind)) names.push_back(n);
    hint = nearest(name, names);
  }
  report(ErrorCode::unknown_column, {impl_->schema.entities[entity].id, excerpt(name)}, std::move(path), std::move(hint));
}

void FactBuilder::Impl::mark_open(FactBase& base, const Opening& o) {
  Table& table = base.tables[o.entity];
  if (o.of.empty()) {
    table.supplied = false;
    return;
  }
  // Nearest first: the parent, its parents, then what the register refers to.
  std::vector<EntityId> related;
  const Entity& entity = schema.entities[o.entity];
  for (EntityId e = entity.parent; e != none; e = schema.entities[e].parent) related.push_back(e);
  for (const Column& c : entity.columns)
    if (c.kind == ColumnKind::link) related.push_back(c.type.of);
  auto [wanted, key] = qualified(o.of);
  if (wanted != none && std::find(related.begin(), related.end(), wanted) == related.end()) {
    errors.add(ErrorCode::not_related, o.place, {entity.id, schema.entities[wanted].id});
    return;
  }
  if (related.empty()) {
    errors.add(ErrorCode::not_related, o.place, {entity.id, excerpt(o.of)});
    return;
  }
  for (const EntityId e : related) {
    if (wanted != none && e != wanted) continue;
    const std::int64_t row = base.find(e, key);
    if (row < 0) continue;
    std::vector<EntityId> levels;  // from the parent of the register up to below e
    EntityId up = entity.parent;
    for (; up != none && up != e; up = schema.entities[up].parent) levels.push_back(up);
    if (up == e) {
      auto first = static_cast<std::uint32_t>(row), last = first + 1;
      for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        first = base.tables[*level].offsets[first];
        last = base.tables[*level].offsets[last];
      }
      table.open_for.resize(base.tables[entity.parent].rows);
      for (std::uint32_t i = first; i < last; ++i) table.open_for[i] = 1;
    }
    // Also remembered as such: the row may have no rows of the parent register under it.
    if (e != entity.parent) base.open_of.push_back({o.entity, e, static_cast<std::uint32_t>(row)});
    return;
  }
  errors.add(ErrorCode::dangling_reference, o.place, {schema.entities[wanted != none ? wanted : related[0]].id, excerpt(key)});
}

void FactBuilder::Impl::mark_held(FactBase& base, const Holding& h) {
  const auto [wanted, key] = qualified(h.of);
  std::vector<std::pair<EntityId, std::uint32_t>> hits;
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    if (schema.entities[e].origin != EntityOrigin::register_ || (wanted != none && e != wanted)) continue;
    if (const std::int64_t row = base.find(e, key); row >= 0) hits.emplace_back(e, static_cast<std::uint32_t>(row));
  }
  // Where the item is said to hold: a finding of its own in the register that it is about.
  std::string address = h.address;
  for (const Node& node : schema.nodes)
    if (node.english == address) address = node.address;
  const std::string column = "holds:" + address;
  const auto there = [&](EntityId e) { return schema.entities[e].find(column); };
  if (std::none_of(schema.entities.begin(), schema.entities.end(), [&](const Entity& e) { return e.find(column).has_value(); })) {
    std::vector<std::string_view> known;
    for (const Entity& e : schema.entities)
      for (const Column& c : e.columns)
        if (c.id.starts_with("holds:")) known.push_back(std::string_view(c.id).substr(6));
    errors.add(ErrorCode::not_elsewhere, h.place, {excerpt(h.address)}, nearest(h.address, known));
    return;
  }
  std::erase_if(hits, [&](const auto& hit) { return !there(hit.first); });   // one register has it
  if (hits.empty()) {
    errors.add(ErrorCode::dangling_reference, h.place, {wanted != none ? schema.entities[wanted].id : "holds", excerpt(key)});
    return;
  }
  ColumnData& held = base.tables[hits[0].first].columns[*there(hits[0].first)];
  held.truth.set(hits[0].second, static_cast<std::uint8_t>(Truth::yes));
  held.presence.set(hits[0].second, static_cast<std::uint8_t>(Presence::given));
}

bool FactBuilder::finish(FactBase& out) {
  Impl& my = *impl_;
  FactBase base;
  base.schema = &my.schema;
  // References are resolved even after errors elsewhere, so that one run shows them all.
  const bool resolved = my.staging.resolve(*my.strings, my.errors);
  if (!resolved || my.errors.count != my.errors_before) return false;
  my.staging.tables(*my.strings, base);
  base.parameters = my.parameters;
  base.parameter_set = my.parameter_set;
  base.parameter_names = my.parameter_names;
  base.skipped_fields = my.skipped;
  for (const auto& o : my.openings) my.mark_open(base, o);
  for (const auto& h : my.holdings) my.mark_held(base, h);
  if (my.errors.count != my.errors_before) return false;
  out = std::move(base);
  return true;
}

}  // namespace tiao::facts
