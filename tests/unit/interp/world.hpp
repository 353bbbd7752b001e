// Programs and facts made by hand, in the order: entities and columns, rows, expressions, declarations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "compiler/core/builder.hpp"
#include "compiler/core/verifier.hpp"
#include "compiler/interp/interpreter.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::interp::testing {

using core::ExprId;

inline std::int64_t day(int year, int month, int d) { return scalar::day_number({year, month, d}); }
inline Cell unknown_cell() { return between(neg_inf, pos_inf); }
inline Cell months(std::int64_t n) { return known(n * month_unit); }

struct World {
  World() : b(program) { facts.schema = &program.schema; }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // --- vocabulary
  EntityId entity(const std::string& id, EntityId parent = none) {
    Entity e;
    e.id = id;
    e.columns.push_back({"key", "", ColumnKind::key, core::text_type(), neg_inf, pos_inf, {}, none});
    e.key_column = 0;
    if (parent != none) {
      e.parent = parent;
      e.parent_column = 1;
      e.columns.push_back({"parent", "", ColumnKind::parent, core::ref_type(parent), neg_inf, pos_inf, {}, none});
    }
    return add(std::move(e));
  }
  EntityId derived(const std::string& id, EntityOrigin origin, EntityId parent, const std::vector<std::pair<std::string, Type>>& columns) {
    Entity e;
    e.id = id;
    e.origin = origin;
    if (parent != none) {
      e.parent = parent;
      e.parent_column = 0;
      e.columns.push_back({"owner", "", ColumnKind::parent, core::ref_type(parent), neg_inf, pos_inf, {}, none});
    }
    for (const auto& [name, type] : columns) e.columns.push_back({name, "", ColumnKind::computed, type, neg_inf, pos_inf, {}, none});
    return add(std::move(e));
  }
  ColumnId column(EntityId entity, const std::string& id, Type type, ColumnKind kind = ColumnKind::fact) {
    program.schema.entities[entity].columns.push_back({id, "", kind, type, neg_inf, pos_inf, {}, none});
    return static_cast<ColumnId>(program.schema.entities[entity].columns.size() - 1);
  }
  ColumnId dated(EntityId entity, const std::string& id = "on") {
    const ColumnId c = column(entity, id, core::date_type());
    program.schema.entities[entity].dated_column = c;
    return c;
  }
  std::uint32_t enumeration(const std::string& id, const std::vector<std::string>& values) {
    Enum e{id, "", true, {}};
    for (const std::string& v : values) e.values.push_back({v, ""});
    program.schema.enums.push_back(std::move(e));
    return static_cast<std::uint32_t>(program.schema.enums.size() - 1);
  }
  NodeId node(const std::string& address) {
    Node n;
    n.address = address;
    program.schema.nodes.push_back(std::move(n));
    return static_cast<NodeId>(program.schema.nodes.size() - 1);
  }
  std::uint32_t parameter(const std::string& id, Type type, Cell value, bool is_set, bool is_reading = false) {
    Parameter p;
    p.id = id;
    p.type = type;
    p.is_reading = is_reading;
    p.owner = is_reading ? "" : "agency";
    program.schema.parameters.push_back(p);
    facts.parameters.push_back(value);
    facts.parameter_set.push_back(is_set);
    return static_cast<std::uint32_t>(program.schema.parameters.size() - 1);
  }

  // --- facts; rows of one parent must be added together
  std::uint32_t row(EntityId entity, const std::string& key, std::uint32_t parent = none, std::vector<std::pair<ColumnId, Cell>> cells = {}) {
    facts.tables.resize(program.schema.entities.size());
    facts::Table& t = facts.tables[entity];
    t.entity = entity;
    t.supplied = true;
    t.columns.resize(program.schema.entities[entity].columns.size());
    const std::uint32_t row = t.rows++;
    cells.emplace_back(0, known(facts.strings.intern(key)));
    if (parent != none) cells.emplace_back(1, known(parent));
    const auto& columns = program.schema.entities[entity].columns;
    for (ColumnId c = 0; c < columns.size(); ++c) {
      facts::ColumnData& data = t.columns[c];
      const Cell* given = nullptr;
      for (const auto& [id, cell] : cells)
        if (id == c) given = &cell;
      Cell cell = given ? *given : unknown_cell();
      if (!given && columns[c].type.kind == Kind::choice) cell = choice_of((std::uint64_t{1} << program.schema.enums[columns[c].type.of].values.size()) - 1);
      if (columns[c].type.kind == Kind::boolean && !given) cell = tiao::of(Truth::unknown);
      append(data, program.schema, columns[c].type, cell, given ? facts::Presence::given : facts::Presence::null);
    }
    return row;
  }
  void supplied(EntityId entity) {   // a closed register without a row
    facts.tables.resize(program.schema.entities.size());
    facts.tables[entity].supplied = true;
    facts.tables[entity].columns.resize(program.schema.entities[entity].columns.size());
  }
  void set(EntityId entity, std::uint32_t row, ColumnId column, Cell cell, facts::Presence presence = facts::Presence::given) {
    facts::ColumnData& data = facts.tables[entity].columns[column];
    if (program.schema.entities[entity].columns[column].type.kind == Kind::boolean) data.truth.set(row, static_cast<std::uint8_t>(cell.lo));
    else if (!data.masks.empty()) data.masks[row] = static_cast<std::uint8_t>(cell.lo);
    else if (data.hi.empty()) data.lo[row] = cell.lo;
    else { data.lo[row] = cell.lo; data.hi[row] = cell.hi; }
    data.presence.set(row, static_cast<std::uint8_t>(presence));
  }

  // --- declarations
  ColumnId define(EntityId entity, const std::string& id, ExprId expr, bool proposition = false) {
    const ColumnId c = column(entity, id, b.type(expr), ColumnKind::computed);
    program.computed.push_back({entity, c, expr, none, proposition});
    stratum(core::DeclKind::computed, program.computed.size() - 1);
    return c;
  }
  std::uint32_t report(const std::string& id, EntityId entity, ExprId expr) {
    program.reports.push_back({id, "", entity, expr, none});
    stratum(core::DeclKind::report, program.reports.size() - 1);
    return static_cast<std::uint32_t>(program.reports.size() - 1);
  }
  void stratum(core::DeclKind kind, std::size_t index) { program.strata.push_back({kind, static_cast<std::uint32_t>(index)}); }
  RemedyId remedy(const std::string& id, EntityId target, Combine combine, std::vector<RemedyParam> params = {}) {
    Remedy r;
    r.id = id;
    r.target = target;
    r.combine = combine;
    r.params = std::move(params);
    std::vector<std::pair<std::string, Type>> columns{{"from", core::date_type()}, {"until", core::date_type()}, {"length", core::duration_type()}};
    for (const RemedyParam& p : r.params) columns.emplace_back(p.id, p.type);
    r.rows = derived(id, EntityOrigin::remedy, target, columns);
    program.schema.remedies.push_back(std::move(r));
    return static_cast<RemedyId>(program.schema.remedies.size() - 1);
  }
  core::Ground ground(RemedyId remedy, EntityId scope, core::Modality modality, ExprId own, core::Source target) {
    core::Ground g;
    g.remedy = remedy;
    g.scope = scope;
    g.modality = modality;
    g.own = own;
    g.target = std::move(target);
    g.params.resize(program.schema.remedies[remedy].params.size());
    return g;
  }
  static core::ParamRule exactly(ExprId e) { return {core::ParamForm::exact, e, none, false}; }
  static core::ParamRule ranging(ExprId lo, ExprId hi) { return {core::ParamForm::range, lo, hi, false}; }

  // --- running
  ExprId this_row(EntityId entity) { return b.row(0, entity); }
  std::unique_ptr<Interpreter> start(std::int64_t as_of) {
    finish();
    EXPECT_EQ(core::verify(program), std::vector<std::string>{});
    return std::make_unique<Interpreter>(program, facts, Options{as_of});
  }
  void finish() {
    const std::size_t entities = program.schema.entities.size();
    facts.tables.resize(entities);
    program.memberships.resize(entities, none);
    for (EntityId e = 0; e < entities; ++e) {
      const Entity& entity = program.schema.entities[e];
      if (entity.origin != EntityOrigin::register_) continue;
      facts.tables[e].columns.resize(entity.columns.size());
      if (entity.dated_column != none && program.memberships[e] == none)
        program.memberships[e] = b.compare(core::CmpOp::at_most, b.column(this_row(e), entity.dated_column), b.as_of());
      if (entity.parent == none) continue;
      facts::Table& t = facts.tables[e];
      t.offsets.assign(facts.tables[entity.parent].rows + 1, 0);
      for (std::uint32_t r = 0; r < t.rows; ++r) ++t.offsets[static_cast<std::size_t>(t.columns[1].lo[r]) + 1];
      for (std::size_t p = 0; p + 1 < t.offsets.size(); ++p) t.offsets[p + 1] += t.offsets[p];
    }
  }

  core::Program program;
  core::Builder b;
  facts::FactBase facts;

 private:
  EntityId add(Entity e) {
    program.schema.entities.push_back(std::move(e));
    return static_cast<EntityId>(program.schema.entities.size() - 1);
  }
};

}  // namespace tiao::interp::testing
