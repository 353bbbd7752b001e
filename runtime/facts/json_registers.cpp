// What a document of JSON holds: registers of rows, and the reserved names.
#include <algorithm>
#include <cstring>

#include "runtime/facts/json_reader.hpp"

namespace tiao::facts {

error_code JsonReader::top(od::document& doc) {
  od::json_type type;
  TIAO_TRY(doc.type().get(type));
  const bool object = source_.content == Content::everything || source_.content == Content::parameters;
  if (type != (object ? od::json_type::object : od::json_type::array)) {
    builder_.at(source_.name, 1);
    builder_.report(ErrorCode::wrong_type, {object ? "{…}" : "[…]", shape(type)});
    lose_rest();
    given_up_ = true;
    return SUCCESS;
  }
  if (source_.content == Content::everything) {
    od::object all;
    TIAO_TRY(doc.get_object().get(all));
    return registers(all);
  }
  if (source_.content == Content::parameters) {
    od::object all;
    TIAO_TRY(doc.get_object().get(all));
    return parameters(all);
  }
  od::array all;
  TIAO_TRY(doc.get_array().get(all));
  if (source_.content == Content::rows) return rows(all, source_.entity);
  return entries(all, source_.content);
}

error_code JsonReader::registers(od::object& all) {
  std::vector<std::string> seen;
  return each_member(all, [&](std::string_view raw, od::value& value) -> error_code {
    const std::string name(raw);
    locate(value);
    path_ = excerpt(name);
    std::string identity = name;
    Content content = Content::rows;
    EntityId entity = none;
    bool known = true;
    if (name == "open") content = Content::open;
    else if (name == "parameters") content = Content::parameters;
    else if (name == "holds") content = Content::holds;
    else if (const auto e = builder_.entity(name)) identity = builder_.schema().entities[entity = *e].id;
    else if (!builder_.foreign(name, "")) {
      builder_.report_unknown_entity(name, path_);
      known = false;
    }
    if (std::find(seen.begin(), seen.end(), identity) != seen.end()) {
      builder_.report(ErrorCode::duplicate_field, {excerpt(name)}, path_);
      known = false;
    }
    seen.push_back(identity);
    od::json_type type;
    TIAO_TRY(value.type().get(type));
    const bool object = content == Content::parameters;
    if (known && type != (object ? od::json_type::object : od::json_type::array)) {
      builder_.report(ErrorCode::wrong_type, {object ? "{…}" : "[…]", shape(type)}, path_);
      known = false;
    }
    if (!known) {
      if (entity != none) builder_.lose_rest(entity);
      TIAO_TRY(pass_over(value, 0));
    } else if (object) {
      od::object inner;
      TIAO_TRY(value.get_object().get(inner));
      TIAO_TRY(parameters(inner));
    } else {
      od::array inner;
      TIAO_TRY(value.get_array().get(inner));
      TIAO_TRY(content == Content::rows ? rows(inner, entity) : entries(inner, content));
    }
    path_.clear();
    return SUCCESS;
  });
}

error_code JsonReader::rows(od::array& all, EntityId entity) {
  if (entity != none) builder_.supply(entity);
  entity_ = entity;
  names_.clear();
  row_ = 0;
  TIAO_TRY(each_element(all, [&](od::value& value) -> error_code {
    locate(value);
    od::object object;
    const error_code problem = value.get_object().get(object);
    if (problem == simdjson::INCORRECT_TYPE) {
      builder_.report(ErrorCode::wrong_type, {"{…}", excerpt(trimmed(value.raw_json_token()))}, path());
      TIAO_TRY(pass_over(value, 0));
      lose_row();
      return SUCCESS;
    }
    TIAO_TRY(problem);
    TIAO_TRY(row(object));
    ++row_;
    return SUCCESS;
  }));
  row_ = none;
  return SUCCESS;
}

error_code JsonReader::row(od::object& object) {
  const std::uint32_t number = entity_ == none ? 0 : builder_.add_row(entity_);
  std::size_t cursor = 0;
  for (auto next : object) {
    od::field field;
    TIAO_TRY(std::move(next).get(field));
    ColumnId column = skipped;
    if (entity_ != none) TIAO_TRY(column_of(field, cursor, column));
    od::value value = field.value();
    if (column == skipped || column == refused) {
      if (column == skipped) builder_.skip();
      TIAO_TRY(pass_over(value, 0));
      continue;
    }
    column_ = column;
    CellSpec spec;
    bool usable = true;
    TIAO_TRY(cell(value, spec, usable));
    if (usable) builder_.set(entity_, number, column, spec);
    else builder_.spoil(entity_, number, column);
    column_ = none;
  }
  return SUCCESS;
}

// Rows of one register mostly name their columns in one order: compare the bytes with those that followed last time.
error_code JsonReader::column_of(od::field& field, std::size_t& cursor, ColumnId& column) {
  const char* raw = field.key().raw();
  std::size_t hit = names_.size();
  for (std::size_t i = 0; i < names_.size() && hit == names_.size(); ++i) {
    const std::size_t at = cursor + i < names_.size() ? cursor + i : cursor + i - names_.size();
    const std::string& text = names_[at].text;
    // What follows the window is padding, so a short name may be compared there.
    if (std::memcmp(raw, text.data(), text.size()) == 0 && raw[text.size()] == '"') hit = at;
  }
  std::string_view name;
  if (hit < names_.size()) {
    column = names_[hit].column;
    cursor = hit + 1;
    name = names_[hit].text;
  } else {
    TIAO_TRY(field.unescaped_key().get(name));
    column = resolve(entity_, name);
    const bool plain = name.size() < Input::padding && name.find_first_of("\"\\") == name.npos;
    if (names_.size() < 256 && plain) names_.push_back({std::string(name), column});
  }
  if (column == refused) builder_.report_unknown_column(entity_, name, path() + "." + excerpt(name));
  return SUCCESS;
}

ColumnId JsonReader::resolve(EntityId entity, std::string_view name) const {
  if (const auto column = builder_.column(entity, name)) return *column;
  const Entity& e = builder_.schema().entities[entity];
  return builder_.foreign(e.id, name) || builder_.foreign(e.label, name) ? skipped : refused;
}

error_code JsonReader::parameters(od::object& all) {
  return each_member(all, [&](std::string_view name, od::value& value) -> error_code {
    locate(value);
    path_ = "parameters." + excerpt(name);
    CellSpec spec;
    bool usable = true;
    TIAO_TRY(cell(value, spec, usable));
    if (usable && spec.decided) refuse(ErrorCode::unknown_field, {"value"}, usable);
    if (usable) builder_.set_parameter(name, spec);
    return SUCCESS;
  });
}

// open: entity and of; holds: address and of.
error_code JsonReader::entries(od::array& all, Content content) {
  const bool opening = content == Content::open;
  const std::string_view first = opening ? "entity" : "address";
  std::uint64_t index = 0;
  return each_element(all, [&](od::value& value) -> error_code {
    locate(value);
    path_ = std::string(opening ? "open[" : "holds[") + std::to_string(index++) + "]";
    od::json_type type;
    TIAO_TRY(value.type().get(type));
    if (type != od::json_type::object) {
      builder_.report(ErrorCode::wrong_type, {"{…}", "…"}, path_);
      return pass_over(value, 0);
    }
    od::object object;
    TIAO_TRY(value.get_object().get(object));
    std::string what, of;
    bool usable = true, has_what = false, has_of = false;
    TIAO_TRY(each_member(object, [&](std::string_view name, od::value& inner) -> error_code {
      if (name != first && name != "of") {
        refuse(ErrorCode::unknown_field, {excerpt(name)}, usable);
        return pass_over(inner, 0);
      }
      bool& flag = name == first ? has_what : has_of;
      if (flag) refuse(ErrorCode::duplicate_field, {name}, usable);
      flag = true;
      return text(inner, name == first ? what : of, usable);
    }));
    if (usable && !has_what) refuse(ErrorCode::missing_field, {first}, usable);
    if (usable && (opening ? has_of && of.empty() : of.empty())) refuse(ErrorCode::missing_field, {"of"}, usable);
    if (!usable) return SUCCESS;
    if (!opening) builder_.holds(what, of);
    else if (const auto entity = builder_.entity(what)) builder_.open(*entity, of);
    else if (builder_.foreign(what, "")) builder_.skip();
    else builder_.report_unknown_entity(what, path_);
    return SUCCESS;
  });
}

// The line on which a value begins. Lines of NDJSON are counted elsewhere.
void JsonReader::locate(od::value& value) { move_to(value.raw_json_token().data()); }

std::string_view JsonReader::shape(od::json_type type) {
  return type == od::json_type::array ? "[…]" : type == od::json_type::object ? "{…}" : "…";
}

}  // namespace tiao::facts
