#include "compiler/interp/evidence.hpp"

#include <algorithm>

#include "compiler/core/printer.hpp"

namespace tiao::interp {

namespace {

const char* code(Fault fault) {
  switch (fault) {
    case Fault::division_by_zero: return "division_by_zero";
    case Fault::overflow: return "overflow";
    case Fault::table_no_row: return "table_no_row";
    case Fault::table_two_rows: return "table_two_rows";
    case Fault::only_two_values: return "only_two_values";
    case Fault::conflict: return "conflict";
    case Fault::date_out_of_range: return "date_out_of_range";
    case Fault::no_rows: return "no_rows";
  }
  return "";
}

std::string names_of(const Schema& schema, const std::vector<ActorId>& actors) {
  std::string out;
  for (const ActorId a : actors) out += (out.empty() ? "" : ", ") + schema.actors[a].id;
  return out;
}

Need need_from(const Machine& m, const Leaf& leaf) {
  const Schema& s = m.schema;
  switch (leaf.kind) {
    case Leaf::fact: {
      const Column& column = s.entities[leaf.a].columns[leaf.c];
      const bool judgment = column.kind == ColumnKind::judgment;
      return {judgment ? Need::Kind::judgment : Need::Kind::fact, row_name(m, leaf.a, leaf.b) + "." + column.id, names_of(s, column.by)};
    }
    case Leaf::parameter: return {Need::Kind::parameter, s.parameters[leaf.a].id, s.parameters[leaf.a].owner};
    case Leaf::reading: return {Need::Kind::reading, s.parameters[leaf.a].id, {}};
    case Leaf::open_register: {
      const std::string& id = s.entities[leaf.a].id;
      return {Need::Kind::open_register, leaf.c == none ? id : id + " of " + m.facts.key(leaf.b, leaf.c), {}};
    }
    default: break;
  }
  if (leaf.a == none && leaf.b != none) return {Need::Kind::text, s.calendars[leaf.b].id, {}};
  const bool not_supplied = leaf.a != none && s.nodes[leaf.a].status == NodeStatus::elsewhere;
  return {not_supplied ? Need::Kind::text : Need::Kind::gap, leaf.a == none ? std::string() : s.nodes[leaf.a].address, {}};
}

}  // namespace

std::string row_name(const Machine& m, EntityId entity, std::uint32_t row) {
  const Entity& e = m.schema.entities[entity];
  if (!m.derived(entity) && e.key_column != none) return e.id + "[" + m.facts.key(entity, row) + "]";
  if (!m.derived(entity) || e.parent == none) return e.id + "[#" + std::to_string(row) + "]";
  return e.id + " of " + row_name(m, e.parent, m.parent_row(entity, row));
}

std::vector<Need> needs_from(const Machine& machine, const Leaves& leaves) {
  std::vector<Need> out;
  for (const Leaf& leaf : leaves) {
    Need need = need_from(machine, leaf);
    if (std::find(out.begin(), out.end(), need) == out.end()) out.push_back(std::move(need));
  }
  return out;
}

std::vector<Blank> blanks_from(const Machine& machine, const Leaves& leaves) {
  std::vector<Blank> out;
  for (const Leaf& leaf : leaves) {
    Blank blank{need_from(machine, leaf), none, none, none, none, none};
    switch (leaf.kind) {
      case Leaf::fact: blank.entity = leaf.a, blank.row = leaf.b, blank.column = leaf.c; break;
      case Leaf::parameter:
      case Leaf::reading: blank.parameter = leaf.a; break;
      case Leaf::open_register: blank.entity = leaf.a, blank.of = leaf.c == none ? none : leaf.b, blank.row = leaf.c; break;
      default: continue;
    }
    if (blank.entity == none || !machine.derived(blank.entity)) out.push_back(std::move(blank));
  }
  return out;
}

std::vector<ReadingUse> readings_from(const Leaves& leaves) {
  std::vector<ReadingUse> out;
  for (const Leaf& leaf : leaves) out.push_back({leaf.a, std::nullopt});
  return out;
}

std::vector<EvidenceError> errors_from(const Machine& machine, const Leaves& leaves) {
  std::vector<EvidenceError> out;
  for (const Leaf& leaf : leaves) {
    EvidenceError error;
    error.code = code(static_cast<Fault>(leaf.a));
    error.cite = leaf.b;
    if (leaf.d != none) {
      error.with.push_back(leaf.d);
      if (leaf.b != none) error.message = machine.schema.nodes[leaf.b].address + " ↔ " + machine.schema.nodes[leaf.d].address;
    } else if (leaf.c != none) {
      const core::Expr& e = machine.expr(leaf.c);
      if (e.origin != none) {
        const core::Origin& origin = machine.program.origins[e.origin];
        error.message = origin.text;
      }
      if (error.message.empty()) error.message = core::print_expr(machine.program, leaf.c);
    }
    if (std::find(out.begin(), out.end(), error) == out.end()) out.push_back(std::move(error));
  }
  return out;
}

}  // namespace tiao::interp
