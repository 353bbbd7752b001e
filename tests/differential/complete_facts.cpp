#include <algorithm>

#include "runtime/value/scalar.hpp"
#include "tests/differential/completions.hpp"
#include "tests/differential/random_expressions.hpp"

namespace tiao::differential {

namespace {

using facts::ColumnData;
using facts::FactBase;
using facts::Presence;
using facts::Table;

class Completing {
 public:
  Completing(Random& random, const core::Program& program, const FactBase& from) : random_(random), program_(program), schema_(program.schema), from_(from) {}

  Completion run() {
    FactBase& to = out_.facts;
    to.schema = &schema_;
    to.strings = from_.strings;
    to.tables.resize(from_.tables.size());
    out_.place.resize(from_.tables.size());
    for (EntityId e = 0; e < schema_.entities.size(); ++e) {
      to.tables[e].entity = e;
      to.tables[e].columns.resize(schema_.entities[e].columns.size());
      if (schema_.entities[e].origin == EntityOrigin::register_) table(e);
    }
    for (std::size_t p = 0; p < schema_.parameters.size(); ++p) to.parameters.push_back(stays_blank() ? from_.parameters[p] : one_of(from_.parameters[p], schema_.parameters[p].type));
    to.parameter_set = from_.parameter_set;
    return std::move(out_);
  }

 private:
  Random& random_;
  const core::Program& program_;
  const Schema& schema_;
  const FactBase& from_;
  Completion out_;
  const bool in_full_ = random_.one_in(2);

  bool stays_blank() { return !in_full_ && random_.one_in(4); }

  // How many rows that we did not know stand under a parent; `old` none: one that we did not know either.
  std::uint32_t unseen_rows(EntityId e, std::uint32_t old) {
    const Table& table = from_.tables[e];
    bool open = !table.supplied || (old != none && old < table.open_for.size() && table.open_for[old] != 0);
    for (const facts::OpenOf& o : from_.open_of) open = open || (o.entity == e && linked_to(e, o.of_entity));
    return open && !random_.one_in(3) ? 1 + random_.below(2) : 0;
  }

  bool linked_to(EntityId e, EntityId target) const {
    for (const Column& c : schema_.entities[e].columns)
      if (c.kind == ColumnKind::link && c.type.of == target) return true;
    return false;
  }

  // Of what kind an opening lets an unseen row be.
  struct Allowed { bool anything = false; std::vector<facts::OpenOf> links; };
  Allowed allowed(EntityId e, std::uint32_t old_parent) const {
    const Table& table = from_.tables[e];
    Allowed out;
    out.anything = !table.supplied || (old_parent != none && old_parent < table.open_for.size() && table.open_for[old_parent] != 0);
    for (const facts::OpenOf& o : from_.open_of)
      if (o.entity == e) out.links.push_back(o);
    return out;
  }

  void table(EntityId e) {
    const Entity& entity = schema_.entities[e];
    const Table& from = from_.tables[e];
    Table& to = out_.facts.tables[e];
    to.supplied = true;
    std::vector<std::uint32_t> old_of, parent_of, old_parent_of;   // per new row; none: a row that we did not know
    const auto place_rows = [&](std::uint32_t first, std::uint32_t last, std::uint32_t parent, std::uint32_t old_parent) {
      std::uint32_t more = unseen_rows(e, old_parent);
      for (std::uint32_t row = first; row < last || more > 0;) {
        const bool unseen = more > 0 && (row == last || random_.one_in(2));
        old_of.push_back(unseen ? none : row);
        parent_of.push_back(parent);
        old_parent_of.push_back(old_parent);
        if (unseen) --more;
        else ++row;
      }
    };
    if (entity.parent == none) {
      place_rows(0, from.rows, none, none);
    } else {
      const std::vector<std::uint32_t>& places = out_.place[entity.parent];
      to.offsets.push_back(0);
      for (std::uint32_t p = 0; p < out_.facts.tables[entity.parent].rows; ++p) {
        const auto at = std::find(places.begin(), places.end(), p);
        const std::uint32_t old = at == places.end() ? none : static_cast<std::uint32_t>(at - places.begin());
        place_rows(old == none ? 0 : from.offsets[old], old == none ? 0 : from.offsets[old + 1], p, old);
        to.offsets.push_back(static_cast<std::uint32_t>(old_of.size()));
      }
    }
    to.rows = static_cast<std::uint32_t>(old_of.size());
    to.source_line.resize(to.rows, 0);
    out_.place[e].resize(from.rows);
    for (std::uint32_t row = 0; row < to.rows; ++row)
      if (old_of[row] != none) out_.place[e][old_of[row]] = row;

    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      const Column& column = entity.columns[c];
      ColumnData& data = to.columns[c];
      for (std::uint32_t row = 0; row < to.rows; ++row) switch (column.kind) {
          case ColumnKind::computed: break;
          case ColumnKind::parent: push(data, known(parent_of[row]), column.type, Presence::given); break;
          case ColumnKind::key:
            push(data, old_of[row] != none ? from.columns[c].cell(old_of[row], Kind::text) : known(out_.facts.strings.intern(entity.id + "'" + std::to_string(row))),
                 column.type, Presence::given);
            break;
          case ColumnKind::link: push_link(e, c, old_of[row], old_parent_of[row], data); break;
          default:
            if (old_of[row] == none) push_unseen(column, data);
            else push_old(e, c, old_of[row], data);
            break;
        }
      if (data.hi == data.lo) data.hi.clear();
    }
  }

  void push(ColumnData& data, const Cell& cell, Type type, Presence presence) {
    append(data, schema_, type, cell, presence);
  }

  bool is_chosen(EntityId e, ColumnId c) const {
    return std::any_of(schema_.remedies.begin(), schema_.remedies.end(), [&](const Remedy& r) { return r.target == e && r.chosen_column == c; });
  }

  void push_old(EntityId e, ColumnId c, std::uint32_t row, ColumnData& data) {
    const Column& column = schema_.entities[e].columns[c];
    const ColumnData& from = from_.tables[e].columns[c];
    const Cell cell = from.cell(row, column.type.kind);
    const auto presence = static_cast<Presence>(from.presence[row]);
    // A choice that is not known is taken to keep within what is permitted, which a random one would not.
    if (is_chosen(e, c) || is_known(cell, column.type.kind) || stays_blank()) return push(data, cell, column.type, presence);
    push(data, one_of(cell, column.type), column.type, Presence::given);
  }

  void push_unseen(const Column& column, ColumnData& data) {
    Cell any = column.type.kind == Kind::boolean  ? of(Truth::unknown)
               : column.type.kind == Kind::choice ? choice_of((std::uint64_t{1} << schema_.enums[column.type.of].values.size()) - 1)
               : column.type.kind == Kind::date   ? between(column.range_lo, std::min(column.range_hi, never_day))
                                                  : between(column.range_lo, column.range_hi);
    push(data, one_of(any, column.type), column.type, Presence::given);
  }

  void push_link(EntityId e, ColumnId c, std::uint32_t old, std::uint32_t old_parent, ColumnData& data) {
    const Column& column = schema_.entities[e].columns[c];
    const EntityId target = column.type.of;
    const std::uint32_t targets = out_.facts.tables[target].rows;
    Cell to = targets == 0 ? between(neg_inf, pos_inf) : known(random_.below(targets));
    if (old != none) {
      const Cell from = from_.tables[e].columns[c].cell(old, Kind::ref);
      if (from.lo == from.hi) to = known(out_.place[target][static_cast<std::size_t>(from.lo)]);
      else if (stays_blank()) to = from;
    } else if (const Allowed may = allowed(e, old_parent); !may.anything) {
      for (const facts::OpenOf& o : may.links)
        if (o.of_entity == target) to = known(out_.place[target][o.of_row]);   // the schema has one link to each entity
    }
    push(data, to, column.type, to.lo == to.hi ? Presence::given : Presence::null);
  }

  // A value of those that are possible.
  Cell one_of(const Cell& cell, Type type) {
    if (is_error(cell, type.kind) || is_known(cell, type.kind)) return cell;
    switch (type.kind) {
      case Kind::boolean: return of(truth(random_.one_in(2)));
      case Kind::choice: {
        std::vector<unsigned> bits;
        for (unsigned bit = 0; bit < 64; ++bit)
          if ((static_cast<std::uint64_t>(cell.lo) >> bit & 1) != 0) bits.push_back(bit);
        return choice_of(std::uint64_t{1} << random_.pick(bits));
      }
      case Kind::text: return known(random_.below(4));
      case Kind::ref: return cell;
      case Kind::duration:
        if (cell.lo != neg_inf && cell.hi != pos_inf)   // of months
          return known(scalar::make_duration(random_.between(cell.lo / month_unit, cell.hi / month_unit), 0));
        break;
      default: break;
    }
    if (random_.one_in(6) && cell.lo != neg_inf) return known(cell.lo);
    if (random_.one_in(6) && cell.hi != pos_inf) return known(cell.hi);
    for (int attempt = 0; attempt < 20; ++attempt) {
      const Cell v = random_cell(random_, schema_, type, true);
      if (v.lo == v.hi && v.lo >= cell.lo && v.lo <= cell.hi && v.lo != neg_inf && v.lo != pos_inf && !(type.kind == Kind::duration && v.lo == unstated_duration)) return v;
    }
    if (cell.lo != neg_inf && cell.hi != pos_inf && cell.hi - cell.lo < 10000) return known(random_.between(cell.lo, cell.hi));
    return cell;
  }
};

}  // namespace

Completion complete(Random& random, const core::Program& program, const FactBase& facts) { return Completing(random, program, facts).run(); }

}  // namespace tiao::differential
