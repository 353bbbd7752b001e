#include "runtime/verdict/names.hpp"

#include <bit>

#include <fmt/format.h>

#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"
#include "runtime/verdict/words.hpp"

namespace tiao::verdict {
namespace {

bool infinite(std::int64_t value) { return value == neg_inf || value == pos_inf; }

const EnumValue* enum_value(const Schema& schema, const Type& type, int index) {
  if (type.of >= schema.enums.size()) return nullptr;
  const auto& values = schema.enums[type.of].values;
  return index >= 0 && static_cast<std::size_t>(index) < values.size() ? &values[static_cast<std::size_t>(index)] : nullptr;
}

std::uint64_t mask_of(const Cell& cell) { return static_cast<std::uint64_t>(cell.lo); }

// Only the values that the enum has: an unknown one may be given as all bits.
std::uint64_t possible(const Schema& schema, const Type& type, const Cell& cell) {
  if (type.of >= schema.enums.size()) return mask_of(cell);
  const std::size_t n = schema.enums[type.of].values.size();
  return n >= 64 ? mask_of(cell) : mask_of(cell) & ((std::uint64_t{1} << n) - 1);
}

bool plain_number(Kind kind) { return kind == Kind::integer; }

void append_known(JsonText& json, const Names& names, const Type& type, const Cell& cell) {
  if (type.kind == Kind::boolean) {
    json.boolean(cell.lo == static_cast<std::int64_t>(Truth::yes));
  } else if (plain_number(type.kind)) {
    json.number(cell.lo);
  } else {
    json.string(cell_text(names, type, cell.lo, cell.lo_den));
  }
}

void append_end(JsonText& json, const Names& names, const Type& type, std::int64_t value, std::int64_t den) {
  if (infinite(value)) {
    json.null();
  } else {
    json.string(cell_text(names, type, value, den));
  }
}

void append_unknown(JsonText& json, const Names& names, const Type& type, const Cell& cell) {
  json.begin_object();
  json.key("unknown");
  json.begin_array();
  append_end(json, names, type, cell.lo, cell.lo_den);
  append_end(json, names, type, cell.hi, cell.hi_den);
  json.end_array();
  json.end_object();
}

void append_possible(JsonText& json, const Names& names, const Type& type, const Cell& cell) {
  json.begin_object();
  json.key("one_of");
  json.begin_array();
  for (std::uint64_t rest = possible(names.schema, type, cell); rest != 0; rest &= rest - 1)
    json.string(cell_text(names, type, static_cast<std::int64_t>(rest & (~rest + 1))));
  json.end_array();
  json.end_object();
}

void append_branches(JsonText& json, const Names& names, const Value& value) {
  json.key("one_of");
  json.begin_array();
  for (const Cell& branch : value.branches) append_cell(json, names, value.type, branch);
  json.end_array();
}

std::string date_words(std::int64_t day, Language language) {
  if (day == never_day) return language == Language::zh ? "从未" : "never";
  if (day == unstated_day) return language == Language::zh ? "未载明" : "unstated";
  return format_date(day);
}

std::string end_words(const Names& names, const Type& type, std::int64_t value, std::int64_t den, Language language) {
  const bool zh = language == Language::zh;
  if (infinite(value)) return "…";
  switch (type.kind) {
    case Kind::integer: {
      if (type.of >= names.schema.units.size()) return std::to_string(value);
      const Unit& unit = names.schema.units[type.of];
      return zh ? fmt::format("{}{}", value, unit.label.empty() ? unit.id : unit.label) : fmt::format("{} {}", value, unit.id);
    }
    case Kind::money: return format_money(value, type.scale) + (zh ? "元" : " yuan");
    case Kind::date: return date_words(value, language);
    case Kind::duration: return duration_words(value, language);
    case Kind::workdays: return zh ? fmt::format("{}个工作日", value) : fmt::format("{} working days", value);
    case Kind::choice: {
      const EnumValue* found = enum_value(names.schema, type, std::countr_zero(static_cast<std::uint64_t>(value)));
      if (found == nullptr) return "?";
      return zh && !found->label.empty() ? found->label : found->id;
    }
    default: return cell_text(names, type, value, den);
  }
}

}  // namespace

std::string Names::key(EntityId entity, std::uint32_t row) const {
  if (facts == nullptr || entity >= schema.entities.size()) return {};
  const Entity& shape = schema.entities[entity];
  if (shape.origin == EntityOrigin::register_) return facts->key(entity, row);
  if (results == nullptr) return {};
  const DerivedRows& derived = results->derived[entity];
  if (shape.origin == EntityOrigin::join) {
    std::string out;
    for (std::size_t i = 0; i < derived.refs.size(); ++i)
      out += (i == 0 ? "" : "/") + key(shape.columns[i].type.of, derived.refs[i][row]);
    return out;
  }
  if (derived.parent.empty() || shape.parent == none) return fmt::format("#{}", row + 1);
  std::uint32_t first = row;
  while (first > 0 && derived.parent[first - 1] == derived.parent[row]) --first;
  return fmt::format("{}#{}", key(shape.parent, derived.parent[row]), row - first + 1);
}

std::string Names::actor(ActorId actor) const { return actor < schema.actors.size() ? schema.actors[actor].id : std::string{}; }

const std::string& Names::address(NodeId node, Language language) const {
  static const std::string nowhere;
  if (node >= schema.nodes.size()) return nowhere;
  const Node& found = schema.nodes[node];
  return language == Language::en && !found.english.empty() ? found.english : found.address;
}

std::string cell_text(const Names& names, const Type& type, std::int64_t value, std::int64_t den) {
  switch (type.kind) {
    case Kind::boolean: return value == 1 ? "true" : value == 2 ? "false" : "unknown";
    case Kind::ratio: return infinite(value) ? std::string{} : format_ratio(value, den);
    case Kind::text:
      if (infinite(value) || names.facts == nullptr) return {};
      return std::string(names.facts->strings.at(value));
    case Kind::ref:
      if (infinite(value)) return {};
      return names.key(type.of, static_cast<std::uint32_t>(value));
    case Kind::choice: {
      const EnumValue* found = enum_value(names.schema, type, std::countr_zero(static_cast<std::uint64_t>(value)));
      return found == nullptr ? std::string{} : found->id;
    }
    default: return format_end(value, type);
  }
}

void append_cell(JsonText& json, const Names& names, const Type& type, const Cell& cell) {
  if (is_error(cell, type.kind)) {
    json.begin_object();
    json.member("error", true);
    json.end_object();
  } else if (is_known(cell, type.kind) && !(type.kind != Kind::boolean && infinite(cell.lo))) {
    append_known(json, names, type, cell);
  } else if (type.kind == Kind::boolean) {
    json.null();
  } else if (type.kind == Kind::choice) {
    append_possible(json, names, type, cell);
  } else {
    append_unknown(json, names, type, cell);
  }
}

void append_value(JsonText& json, const Names& names, const Value& value) {
  if (value.form == ValueForm::plain) {
    append_cell(json, names, value.type, value.lo);
    return;
  }
  json.begin_object();
  switch (value.form) {
    case ValueForm::between:
      json.key("between");
      json.begin_array();
      append_cell(json, names, value.type, value.lo);
      append_cell(json, names, value.type, value.hi);
      json.end_array();
      break;
    case ValueForm::at_most:
      json.key("at_most");
      append_cell(json, names, value.type, value.hi);
      break;
    case ValueForm::at_least:
      json.key("at_least");
      append_cell(json, names, value.type, value.lo);
      break;
    case ValueForm::one_of: append_branches(json, names, value); break;
    case ValueForm::unstated: json.member("open", "unstated"); break;
    case ValueForm::until:
      json.member("open", "until");
      if (!value.event.empty()) json.member("event", value.event);
      break;
    case ValueForm::plain: break;
  }
  if (!value.of.empty()) json.member("of", value.of);
  if (value.in_principle) json.member("in_principle", true);
  json.end_object();
}

std::string cell_words(const Names& names, const Type& type, const Cell& cell, Language language) {
  const bool zh = language == Language::zh;
  if (is_error(cell, type.kind)) return zh ? "出错" : "error";
  if (type.kind == Kind::boolean) {
    if (cell.lo == 1) return zh ? "是" : "yes";
    if (cell.lo == 2) return zh ? "否" : "no";
    return zh ? "未知" : "unknown";
  }
  if (type.kind == Kind::choice) {
    std::string out;
    for (std::uint64_t rest = possible(names.schema, type, cell); rest != 0; rest &= rest - 1) {
      if (!out.empty()) out += zh ? "或" : " or ";
      out += end_words(names, type, static_cast<std::int64_t>(rest & (~rest + 1)), 1, language);
    }
    return out;
  }
  if (is_known(cell, type.kind) && !infinite(cell.lo)) return end_words(names, type, cell.lo, cell.lo_den, language);
  const bool day = type.kind == Kind::date;
  const bool no_start = infinite(cell.lo), no_end = infinite(cell.hi) || (day && cell.hi >= never_day);
  if (no_start && no_end) return zh ? "未知" : "unknown";
  if (no_end)
    return fmt::format(fmt::runtime(zh ? (day ? "未知（不早于{}）" : "未知（不少于{}）") : (day ? "unknown (not before {})" : "unknown (at least {})")),
                       end_words(names, type, cell.lo, cell.lo_den, language));
  if (no_start)
    return fmt::format(fmt::runtime(zh ? (day ? "未知（不晚于{}）" : "未知（不超过{}）") : (day ? "unknown (not after {})" : "unknown (at most {})")),
                       end_words(names, type, cell.hi, cell.hi_den, language));
  return fmt::format(fmt::runtime(zh ? "未知（{}至{}）" : "unknown ({} to {})"), end_words(names, type, cell.lo, cell.lo_den, language),
                     end_words(names, type, cell.hi, cell.hi_den, language));
}

// The event after which a length ends is the day of some column; people know it by its label.
static std::string label_of_column(const Schema& schema, const std::string& id) {
  for (const Entity& entity : schema.entities)
    for (const Column& column : entity.columns)
      if (column.id == id && !column.label.empty()) return column.label;
  return id;
}

std::string value_words(const Names& names, const Value& value, Language language) {
  const bool zh = language == Language::zh;
  const std::string principle = !value.in_principle ? "" : zh ? "（原则上）" : " (in principle)";
  const std::string of = value.of.empty() ? "" : zh ? "（" + value.of + "）" : " (" + value.of + ")";
  const auto words = [&](const Cell& cell) { return cell_words(names, value.type, cell, language); };
  switch (value.form) {
    case ValueForm::plain: return words(value.lo) + principle;
    case ValueForm::between: return words(value.lo) + (zh ? "至" : " to ") + words(value.hi) + (zh ? "，由决定者定" : ", for the decider to choose") + principle;
    case ValueForm::at_most: return (zh ? "不超过" : "at most ") + words(value.hi) + of + principle;
    case ValueForm::at_least: return (zh ? "不少于" : "at least ") + words(value.lo) + of + principle;
    case ValueForm::one_of: {
      std::string out;
      for (const Cell& branch : value.branches) {
        if (!out.empty()) out += zh ? "或" : " or ";
        out += words(branch);
      }
      return out + (zh ? "（待查明）" : " (still to be found out)");
    }
    case ValueForm::unstated: return zh ? "未载明" : "not stated by the text";
    case ValueForm::until: return (zh ? "直至" : "until ") + (value.event.empty() ? std::string(zh ? "事件发生" : "the event happens") : zh ? label_of_column(names.schema, value.event) : value.event);
  }
  return {};
}

std::string type_name(const Schema& schema, const Type& type) {
  switch (type.kind) {
    case Kind::boolean: return "bool";
    case Kind::integer: return type.of < schema.units.size() ? schema.units[type.of].id : "int";
    case Kind::decimal: return fmt::format("decimal({})", type.scale);
    case Kind::money: return "money";
    case Kind::percent: return "percent";
    case Kind::ratio: return "ratio";
    case Kind::date: return "date";
    case Kind::duration: return "duration";
    case Kind::workdays: return "workdays";
    case Kind::text: return "text";
    case Kind::choice: return type.of < schema.enums.size() && !schema.enums[type.of].id.empty() ? schema.enums[type.of].id : "enum";
    case Kind::ref: return type.of < schema.entities.size() ? schema.entities[type.of].id : "ref";
  }
  return {};
}

}  // namespace tiao::verdict
