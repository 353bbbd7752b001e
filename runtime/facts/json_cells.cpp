// Single values of JSON, and those that are passed over.
#include "runtime/facts/json_reader.hpp"

namespace tiao::facts {
namespace {

constexpr int max_depth = 64;  // of values that are passed over; facts need five levels

// The number grammar of JSON, short of what read_cell says about its value.
bool is_number(std::string_view t) {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t from = i;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
    return i > from;
  };
  if (i < t.size() && t[i] == '-') ++i;
  const std::size_t whole = i;
  if (!digits() || (t[whole] == '0' && i - whole > 1)) return false;
  if (i < t.size() && t[i] == '.' && (++i, !digits())) return false;
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == t.size();
}

error_code scalar(od::value& value, od::json_type type, CellSpec::Part& part) {
  using Token = CellSpec::Token;
  switch (type) {
    case od::json_type::string:
      part.token = Token::string;
      return value.get_string().get(part.text);
    case od::json_type::number:
      part = {Token::number, trimmed(value.raw_json_token())};
      return is_number(part.text) ? SUCCESS : simdjson::NUMBER_ERROR;
    case od::json_type::boolean:
      part = {Token::boolean, trimmed(value.raw_json_token())};
      return part.text == "true" ? SUCCESS : part.text == "false" ? SUCCESS : simdjson::T_ATOM_ERROR;
    default:
      part = {Token::null, trimmed(value.raw_json_token())};
      return part.text == "null" ? SUCCESS : simdjson::N_ATOM_ERROR;
  }
}

}  // namespace

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) token.remove_suffix(1);
  return token;
}

// usable false: reported, but the document goes on.
error_code JsonReader::cell(od::value& value, CellSpec& spec, bool& usable, bool inner) {
  od::json_type type;
  TIAO_TRY(value.type().get(type));
  if (type == od::json_type::array) {
    refuse(ErrorCode::wrong_type, {"{…}", "[…]"}, usable);
    return pass_over(value, 0);
  }
  if (type != od::json_type::object) return scalar(value, type, spec.part);
  od::object object;
  TIAO_TRY(value.get_object().get(object));
  bool in = false, decided = false, by = false, on = false, grounds = false;
  if (!inner) decided_ = {};
  TIAO_TRY(each_member(object, [&](std::string_view name, od::value& member) -> error_code {
    auto once = [&](bool& flag) {
      if (flag) refuse(ErrorCode::duplicate_field, {name}, usable);
      flag = true;
    };
    if (name == "in") {
      once(in);
      TIAO_TRY(ends(member, spec, usable));
    } else if (!inner && name == "value") {
      once(decided);
      TIAO_TRY(cell(member, spec, usable, true));
    } else if (!inner && name == "by") {
      once(by);
      TIAO_TRY(text(member, decided_.by, usable));
    } else if (!inner && name == "on") {
      once(on);
      TIAO_TRY(text(member, decided_.on, usable));
    } else if (!inner && name == "grounds") {
      once(grounds);
      TIAO_TRY(text(member, decided_.grounds, usable));
    } else {
      refuse(ErrorCode::unknown_field, {excerpt(name)}, usable);
      TIAO_TRY(pass_over(member, 0));
    }
    return SUCCESS;
  }));
  if (usable && in == decided) refuse(ErrorCode::wrong_type, {"{\"in\": …}, {\"value\": …}", "{…}"}, usable);
  if (usable && in && (by || on || grounds)) refuse(ErrorCode::unknown_field, {by ? "by" : on ? "on" : "grounds"}, usable);
  if (decided) spec.decided = &decided_;
  return SUCCESS;
}

error_code JsonReader::ends(od::value& value, CellSpec& spec, bool& usable) {
  od::json_type type;
  TIAO_TRY(value.type().get(type));
  if (type != od::json_type::array) {
    refuse(ErrorCode::bad_range, {}, usable);
    return pass_over(value, 0);
  }
  od::array array;
  TIAO_TRY(value.get_array().get(array));
  parts_.clear();
  TIAO_TRY(each_element(array, [&](od::value& element) -> error_code {
    TIAO_TRY(element.type().get(type));
    if (type == od::json_type::array || type == od::json_type::object) {
      refuse(ErrorCode::bad_range, {}, usable);
      return pass_over(element, 0);
    }
    CellSpec::Part part;
    TIAO_TRY(scalar(element, type, part));
    if (parts_.size() < 1000) parts_.push_back(part);
    return SUCCESS;
  }));
  const CellSpec::Part kept = spec.part;
  const Decided* decided = spec.decided;
  spec = CellSpec::in(parts_);
  spec.part = kept;
  spec.decided = decided;
  return SUCCESS;
}

error_code JsonReader::text(od::value& value, std::string& out, bool& usable) {
  od::json_type type;
  TIAO_TRY(value.type().get(type));
  if (type != od::json_type::string) {
    refuse(ErrorCode::wrong_type, {in_both("文字", "a text"), shape(type)}, usable);
    return pass_over(value, 0);
  }
  std::string_view t;
  TIAO_TRY(value.get_string().get(t));
  out = t;
  return SUCCESS;
}

void JsonReader::refuse(ErrorCode code, std::initializer_list<std::string_view> args, bool& usable) {
  builder_.report(code, args, path());
  usable = false;
}

// Where the reading is, for messages; put together only when there is one.
std::string JsonReader::path() const {
  if (row_ == none) return path_;
  const Schema& schema = builder_.schema();
  std::string out = (entity_ == none ? path_ : schema.entities[entity_].id) + "[" + std::to_string(row_) + "]";
  if (column_ < refused) out += "." + schema.entities[entity_].columns[column_].id;
  return out;
}

// Reads without keeping, but not without checking.
error_code JsonReader::pass_over(od::value& value, int depth) {
  if (depth > max_depth) return simdjson::DEPTH_ERROR;
  od::json_type type;
  TIAO_TRY(value.type().get(type));
  if (type == od::json_type::array) {
    od::array array;
    TIAO_TRY(value.get_array().get(array));
    return each_element(array, [&](od::value& element) { return pass_over(element, depth + 1); });
  }
  if (type == od::json_type::object) {
    od::object object;
    TIAO_TRY(value.get_object().get(object));
    return each_member(object, [&](std::string_view, od::value& member) { return pass_over(member, depth + 1); });
  }
  CellSpec::Part part;
  return scalar(value, type, part);
}

}  // namespace tiao::facts
