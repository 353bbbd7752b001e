// What a compiled project declares about cases: registers, columns, scales, remedies, addresses. Facts are loaded against it,
// verdicts are written from it. It knows nothing of clauses' conditions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/value/value.hpp"

namespace tiao {

using EntityId = std::uint32_t;
using ColumnId = std::uint32_t;   // index into Entity::columns
using NodeId = std::uint32_t;     // index into Schema::nodes
using ActorId = std::uint32_t;
using RemedyId = std::uint32_t;

struct Unit { std::string id, label; std::uint32_t base = none; std::int64_t factor = 1; };  // base: 万元 = 10000 元
struct EnumValue { std::string id, label; };
struct Enum { std::string id, label; bool ordered = false; std::vector<EnumValue> values; };
struct Actor { std::string id, label; };

enum class ColumnKind : std::uint8_t {
  fact, finding, judgment,  // read from fact files
  key,                      // text; unique within the entity; read from fact files
  parent,                   // ref to the parent row; read from fact files
  link,                     // `refers to`; read from fact files
  suspected,                // generated beside each finding: yes exactly while the finding is null; always known
  computed,                 // a definition, proposition, ledger balance …: filled by the engine
};

struct Column {
  std::string id, label;
  ColumnKind kind = ColumnKind::fact;
  Type type;
  // Declared range of numbers, dates and durations (inclusive). A value outside it fails loading; an unknown one is this wide.
  std::int64_t range_lo = neg_inf, range_hi = pos_inf;
  std::vector<ActorId> by;          // judgment: who may decide
  std::uint32_t declared_in = none; // index into Schema::agreements; none = shared vocabulary
  bool presumed = false;            // finding: stands unless the contrary was found; absent = true, false = the contrary is established
};

enum class EntityOrigin : std::uint8_t {
  register_, // rows come from facts
  group,     // group … from … per
  step,      // ledger steps
  cycle,     // ledger periods
  span,      // timeline spans
  remedy,    // one row per target on which a remedy is grounded
  join,      // rows of a `for each` over a path
};

struct Entity {
  std::string id, label;
  EntityOrigin origin = EntityOrigin::register_;
  EntityId parent = none;            // owner; the parent column is columns[parent_column]
  ColumnId parent_column = none;
  ColumnId key_column = none;        // registers without a declared key get a generated text key `key` (optional in facts: ENTITY#row)
  ColumnId dated_column = none;      // rows dated after as-of are not there
  std::vector<Column> columns;
  bool generated_key = false;
  std::optional<ColumnId> find(const std::string& name) const;  // by id or label
};

enum class Combine : std::uint8_t { once, each, longest, highest, sum };

struct RemedyParam { std::string id, label; Type type; std::int64_t range_lo = neg_inf, range_hi = pos_inf; };
struct Remedy {
  std::string id, label;
  EntityId target = none;
  EntityId rows = none;              // the derived entity of its rows
  std::int32_t severity = 0;
  Combine combine = Combine::once;
  std::uint32_t combine_param = none; // highest P, sum P: index into params
  std::vector<RemedyParam> params;
  std::vector<RemedyId> includes;
  std::uint32_t chosen_param = none;  // the parameter that `chosen` supplies
  ColumnId chosen_column = none;      // column of the target entity that records the choice
  std::string concept_id;
};

enum class NodeStatus : std::uint8_t { structural, executable, recorded, elsewhere };
struct Node {
  std::string address;               // canonical Chinese address, e.g. 第三十一条（二）
  std::string label;
  NodeId parent = none;
  NodeStatus status = NodeStatus::structural;
  std::string reason;                // of recorded / elsewhere
  std::string agreement;             // dotted name
  std::string english;               // item 2 of article 31
  std::string origin;                // where the supplement named by `agreement` put it there: 六（一）; empty: the agreement's own text
};

// Working days. Days outside from..through are unknown.
struct Calendar {
  std::string id, label, source;
  std::int64_t from = 0, through = -1;   // inclusive
  std::vector<bool> works;               // index day - from
};

// A blank with an owner, or a reading; constant for a run.
struct Parameter {
  std::string id, label;
  Type type;                          // a reading is a choice over a generated enum
  bool is_reading = false;
  std::int32_t default_value = -1;    // reading: index of the default choice, -1 = none
  std::string owner;                  // actor id, for needs
  NodeId node = none;                 // where declared
  std::int64_t range_lo = neg_inf, range_hi = pos_inf;
  std::string agreement;
};

struct AgreementInfo {
  std::string name, label, status, status_label;
  std::vector<EntityId> subjects;
  std::vector<std::string> conventions;   // general rules behind `by convention`
  std::vector<std::string> counting;      // general rules by which days and months are counted
  std::string edition;                // label of the edition, e.g. year; after NAME@DATE without a label that day
};

struct Schema {
  std::vector<Unit> units;
  std::vector<Enum> enums;
  std::vector<Actor> actors;
  std::vector<Entity> entities;
  std::vector<Remedy> remedies;
  std::vector<Node> nodes;
  std::vector<Calendar> calendars;
  std::vector<Parameter> parameters;
  std::vector<AgreementInfo> agreements;   // [0] is the one being run
  // Texts that occur in clauses; ids 0.. of every string pool, in this order.
  std::vector<std::string> strings;
  // Columns and registers that only other agreements of the project declare: skipped when read, and counted.
  struct Foreign { std::string entity, column; };
  std::vector<Foreign> foreign;

  std::optional<EntityId> find_entity(const std::string& name) const;  // register by id or label
};

// Masks of its values fit in a byte.
inline bool is_narrow(const Schema& schema, const Type& type) { return type.kind == Kind::choice && type.of != none && schema.enums[type.of].values.size() <= 8; }

}  // namespace tiao
