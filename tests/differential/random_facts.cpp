#include <algorithm>

#include "compiler/core/printer.hpp"
#include "tests/differential/generator.hpp"
#include "tests/differential/random_expressions.hpp"

namespace tiao::differential {

namespace {

using facts::ColumnData;
using facts::Presence;
using facts::Table;

// Of a declared range: often an end of it.
std::int64_t within(Random& random, std::int64_t lo, std::int64_t hi) {
  if (random.one_in(6)) return random.one_in(2) ? lo : hi;
  return random.between(lo, hi);
}

// A value without a blank.
Cell plain_cell(Random& random, const Schema& schema, const Column& column) {
  if (column.range_lo != neg_inf) return known(within(random, column.range_lo, column.range_hi));
  for (;;) {
    const Cell cell = random_cell(random, schema, column.type, true);
    if (is_known(cell, column.type.kind)) return cell;
  }
}

// A fact as a loader would leave it: what is not known is as wide as declared. `plain`: no blanks.
void push_fact(Random& random, const Schema& schema, const Column& column, bool plain, ColumnData& data) {
  const Type type = column.type;
  if (plain) {
    const Cell cell = plain_cell(random, schema, column);
    append(data, schema, type, cell, Presence::given);
    return;
  }
  auto presence = random.one_in(8) ? (random.one_in(2) ? Presence::absent : Presence::null) : Presence::given;
  Cell cell = random_cell(random, schema, type, true);
  const bool bounded = column.range_lo != neg_inf || column.range_hi != pos_inf;
  if (bounded) {
    std::int64_t lo = within(random, column.range_lo, column.range_hi), hi = lo;
    if (random.one_in(6)) hi = within(random, lo, column.range_hi);
    cell = between(lo, hi);
  } else if (type.kind != Kind::boolean && type.kind != Kind::choice && type.kind != Kind::date && type.kind != Kind::text &&
             random.one_in(10)) {
    cell = between(neg_inf, pos_inf);
  }
  if (presence != Presence::given) {
    if (type.kind == Kind::boolean) cell = of(column.kind == ColumnKind::finding && presence == Presence::absent ? Truth::no : Truth::unknown);
    else if (type.kind == Kind::choice) cell = choice_of((std::uint64_t{1} << schema.enums[type.of].values.size()) - 1);
    else if (type.kind == Kind::date) cell = between(column.range_lo, column.range_hi == pos_inf ? never_day : column.range_hi);
    else cell = between(column.range_lo, column.range_hi);
  }
  append(data, schema, type, cell, presence);
}

void drop_equal_ends(ColumnData& data) {
  if (data.hi == data.lo) data.hi.clear();
}

}  // namespace

facts::FactBase random_facts(Random& random, const core::Program& program, const Size& size) {
  const Schema& schema = program.schema;
  facts::FactBase base;
  base.schema = &schema;
  // All blanks possible, in some columns, or none at all: code for large runs leaves out what the facts do not hold.
  const std::uint32_t blanks = random.below(3);
  auto plain = [&] { return blanks == 0 || (blanks == 1 && random.one_in(2)); };
  for (const std::string& text : schema.strings) base.strings.intern(text);
  base.tables.resize(schema.entities.size());
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    const Entity& entity = schema.entities[e];
    Table& table = base.tables[e];
    table.entity = e;
    table.columns.resize(entity.columns.size());
    if (entity.origin != EntityOrigin::register_) continue;
    const std::uint32_t parents = entity.parent == none ? 0 : base.tables[entity.parent].rows;
    table.supplied = blanks == 0 || !random.one_in(8);
    std::vector<std::uint32_t> parent_of;
    if (entity.parent == none) {
      table.rows = table.supplied ? random.below(size.rows / 2 + 1) : 0;
    } else {
      table.offsets.push_back(0);
      for (std::uint32_t p = 0; p < parents; ++p) {
        const std::uint32_t children = table.supplied && !random.one_in(4) ? random.below(size.children != 0 ? size.children : std::max(2u, size.rows / 2)) : 0;
        for (std::uint32_t i = 0; i < children; ++i) parent_of.push_back(p);
        table.offsets.push_back(static_cast<std::uint32_t>(parent_of.size()));
      }
      table.rows = static_cast<std::uint32_t>(parent_of.size());
      if (table.supplied && blanks != 0 && random.one_in(4))
        for (std::uint32_t p = 0; p < parents; ++p) table.open_for.push_back(random.one_in(3));
    }
    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      const Column& column = entity.columns[c];
      ColumnData& data = table.columns[c];
      const bool no_blanks = plain();
      for (std::uint32_t row = 0; row < table.rows; ++row) switch (column.kind) {
          case ColumnKind::computed: break;
          case ColumnKind::parent: data.lo.push_back(parent_of[row]); data.presence.push_back(2); break;
          case ColumnKind::key:
            data.lo.push_back(base.strings.intern(entity.id + std::to_string(row)));
            data.presence.push_back(2);
            break;
          case ColumnKind::link: {
            const std::uint32_t targets = base.tables[column.type.of].rows;
            const bool named = targets != 0 && (no_blanks || !random.one_in(7));
            const std::int64_t to = named ? random.below(targets) : neg_inf;
            data.lo.push_back(to);
            data.hi.push_back(named ? to : pos_inf);
            data.presence.push_back(named ? 2 : random.below(2));
            break;
          }
          default: push_fact(random, schema, column, no_blanks, data); break;
        }
      drop_equal_ends(data);
    }
    table.source_line.resize(table.rows, 0);
  }
  for (const Parameter& p : schema.parameters) {
    const bool set = blanks == 0 || random.one_in(2);
    Cell cell = random_cell(random, schema, p.type, true);
    if (!set)
      cell = p.type.kind == Kind::boolean ? of(Truth::unknown)
             : p.type.kind == Kind::choice ? choice_of((std::uint64_t{1} << schema.enums[p.type.of].values.size()) - 1)
             : p.type.kind == Kind::date   ? between(neg_inf, never_day)
                                           : between(neg_inf, pos_inf);
    base.parameters.push_back(cell);
    base.parameter_set.push_back(set);
  }
  if (blanks != 0 && random.one_in(5) && base.tables[0].rows > 0) base.open_of.push_back({1, 0, random.below(base.tables[0].rows)});
  if (blanks != 0 && random.one_in(8) && base.tables[0].rows > 0) base.open_of.push_back({2, 0, random.below(base.tables[0].rows)});
  return base;
}

std::string describe(const core::Program& program, const facts::FactBase& base) {
  const Schema& schema = program.schema;
  std::string out;
  for (EntityId e = 0; e < schema.entities.size(); ++e) {
    const Entity& entity = schema.entities[e];
    const Table& table = base.tables[e];
    if (entity.origin != EntityOrigin::register_) continue;
    out += entity.id + (table.supplied ? "" : " (not supplied)");
    for (std::size_t p = 0; p < table.open_for.size(); ++p)
      if (table.open_for[p] != 0) out += " open for " + std::to_string(p);
    out += '\n';
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      out += "  " + std::to_string(row) + ':';
      for (ColumnId c = 0; c < entity.columns.size(); ++c) {
        const Column& column = entity.columns[c];
        if (column.kind == ColumnKind::computed || column.kind == ColumnKind::key) continue;
        out += ' ' + column.id + '=' + core::show(schema, column.type, table.columns[c].cell(row, column.type.kind));
      }
      out += '\n';
    }
  }
  for (const facts::OpenOf& open : base.open_of)
    out += schema.entities[open.entity].id + " open of " + schema.entities[open.of_entity].id + ' ' + std::to_string(open.of_row) + '\n';
  for (std::size_t p = 0; p < schema.parameters.size(); ++p)
    out += schema.parameters[p].id + (base.parameter_set[p] != 0 ? " = " : " ~ ") + core::show(schema, schema.parameters[p].type, base.parameters[p]) + '\n';
  return out;
}

}  // namespace tiao::differential
