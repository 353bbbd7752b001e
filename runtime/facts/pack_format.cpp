#include "runtime/facts/pack_format.hpp"

#include <xxhash.h>

#include "runtime/facts/register.hpp"
#include "runtime/value/format.hpp"

namespace tiao::facts {
namespace {

// So that no two names read as one.
std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string both_names(std::string_view id, std::string_view label) { return label.empty() ? quoted(id) : quoted(id) + "=" + quoted(label); }

std::string_view word_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::fact: return "fact";
    case ColumnKind::finding: return "finding";
    case ColumnKind::judgment: return "judgment";
    case ColumnKind::key: return "key";
    case ColumnKind::parent: return "parent";
    case ColumnKind::link: return "link";
    case ColumnKind::suspected: return "suspected";
    case ColumnKind::computed: return "computed";
  }
  return {};
}

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "boolean";
    case Kind::integer: return "integer";
    case Kind::decimal: return "decimal";
    case Kind::money: return "money";
    case Kind::percent: return "percent";
    case Kind::ratio: return "ratio";
    case Kind::date: return "date";
    case Kind::duration: return "duration";
    case Kind::workdays: return "workdays";
    case Kind::text: return "text";
    case Kind::choice: return "choice";
    case Kind::ref: return "ref";
  }
  return {};
}

std::string range_text(const Schema& schema, const Type& type, std::int64_t lo, std::int64_t hi) {
  std::string out(word_of(type.kind));
  if (type.scale != 0) out += "/" + std::to_string(type.scale);
  if (type.of != none && type.kind == Kind::choice)
    for (const EnumValue& value : schema.enums[type.of].values) out += " " + both_names(value.id, value.label);
  else if (type.of != none && type.kind == Kind::ref) out += " " + quoted(schema.entities[type.of].id);
  else if (type.of != none && (type.kind == Kind::integer || type.kind == Kind::decimal)) out += " " + both_names(schema.units[type.of].id, schema.units[type.of].label);
  // In whole numbers, as they are kept; what has no end is left out.
  if (lo != neg_inf || hi != pos_inf) {
    const auto end = [&](std::int64_t v) { return v == neg_inf || v == pos_inf ? std::string() : type.kind == Kind::date ? format_date(v) : std::to_string(v); };
    out += " " + end(lo) + ".." + end(hi);
  }
  return out;
}

}  // namespace

std::uint64_t packed_hash(const void* bytes, std::size_t size) { return XXH3_64bits(bytes, size); }

std::vector<PackedShape> shape_of(const Schema& schema, const Entity& entity) {
  std::vector<PackedShape> out;
  PackedShape& self = out.emplace_back();
  const auto column_name = [&](ColumnId c) { return c == none ? std::string("-") : quoted(entity.columns[c].id); };
  self.name = entity.id;
  self.text = "register " + both_names(entity.id, entity.label) + " key " + column_name(entity.key_column) + (entity.generated_key ? " generated" : "");
  if (entity.parent != none) self.text += " in " + quoted(schema.entities[entity.parent].id) + " by " + column_name(entity.parent_column);
  for (const Column& column : entity.columns) {
    if (!is_stored(column)) continue;
    std::string text(word_of(column.kind));
    text += (column.presumed ? " presumed " : " ") + both_names(column.id, column.label) + " " + range_text(schema, column.type, column.range_lo, column.range_hi);
    out.push_back({entity.id + "." + column.id, std::move(text)});
  }
  return out;
}

PackedShape shape_of(const Schema& schema, const Parameter& p) { return {p.agreement + "." + p.id, "parameter " + range_text(schema, p.type, p.range_lo, p.range_hi)}; }

PackedValues values_of(const Schema& schema, const Type& type) {
  if (type.kind == Kind::boolean) return PackedValues::pairs;
  return is_narrow(schema, type) ? PackedValues::masks : PackedValues::numbers;
}

std::vector<EntityId> registers_of(const Schema& schema) {
  std::vector<EntityId> out;
  for (EntityId id = 0; id < schema.entities.size(); ++id)
    if (schema.entities[id].origin == EntityOrigin::register_) out.push_back(id);
  return out;
}

}  // namespace tiao::facts
