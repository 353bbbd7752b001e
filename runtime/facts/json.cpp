// JSON and NDJSON through simdjson's on-demand interface, which hands out numbers as they are written. What on-demand leaves
// unchecked (numbers, literals, values passed over, text behind the document) is checked here.
#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "runtime/facts/formats.hpp"

namespace tiao::facts {
namespace {

namespace od = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

constexpr int max_depth = 64;  // of values that are passed over; facts need five levels

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) token.remove_suffix(1);
  return token;
}

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

bool at_end(od::document& doc) { return doc.current_location().error() == simdjson::OUT_OF_BOUNDS; }

#define TIAO_TRY(expression) \
  if (const error_code tried = (expression); tried != SUCCESS) return tried

class JsonReader {
 public:
  JsonReader(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress)
      : builder_(builder), source_(source), options_(options), progress_(progress) {}

  void document() {
    builder_.at(source_.name, 0);
    std::vector<char> bytes;
    std::size_t size = 0;
    if (!slurp(bytes, size)) return;
    const std::size_t bom = std::string_view(bytes.data(), size).starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const char* text = bytes.data() + bom;
    size -= bom;
    if (std::all_of(text, text + size, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; })) {
      builder_.report(ErrorCode::empty_file, {source_.name});
      return;
    }
    counted_ = text;
    line_ = 1;
    od::document doc;
    error_code problem = parser_.iterate(text, size, size + Input::padding).get(doc);
    if (problem == SUCCESS) problem = top(doc);
    if (given_up_) return;
    if (problem == SUCCESS && !at_end(doc)) problem = simdjson::TRAILING_CONTENT;
    if (problem == SUCCESS) return;
    if (problem == simdjson::UTF8_ERROR) {
      builder_.at(source_.name, line_of_bad_utf8(text, size));
    } else {
      const char* at = nullptr;
      if (doc.is_alive() && doc.current_location().get(at) == SUCCESS && at >= text && at <= text + size) move_to(at);
      else if (problem == simdjson::UNCLOSED_STRING || problem == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) move_to(text + size);
    }
    complain(problem);
    if (row_ != none && entity_ != none) builder_.lose_row(entity_, row_);
    lose_rest();
  }

  void lines() {
    builder_.at(source_.name, 0);
    Input input(options_.max_line, progress_);
    if (const std::string problem = input.open(source_.path); !problem.empty()) {
      builder_.report(ErrorCode::unreadable_file, {source_.name, problem});
      return;
    }
    if (input.window().empty()) {
      builder_.report(ErrorCode::empty_file, {source_.name});
      return;
    }
    if (source_.entity != none) builder_.supply(source_.entity);
    entity_ = source_.entity;
    path_ = source_.path.stem().string();
    row_ = 0;
    std::size_t scanned = 0;  // bytes of the window known to hold no line break
    for (line_ = 1;;) {
      const std::string_view window = input.window();
      const auto at = window.find('\n', scanned);
      if (at != window.npos) {
        one_line(window.substr(0, at), input);
        input.advance(at + 1);
        ++line_;
        scanned = 0;
        continue;
      }
      scanned = window.size();
      if (input.more()) continue;
      if (input.failed()) {
        builder_.at(source_.name, line_);
        builder_.report(ErrorCode::unreadable_file, {source_.name, "I/O"});
        lose_rest();
        return;
      }
      if (input.at_end()) {
        if (!window.empty()) one_line(input.window(), input);
        return;
      }
      too_long();
      // Passed over without keeping it.
      for (bool found = false; !found;) {
        const auto end = input.window().find('\n');
        found = end != std::string_view::npos;
        input.advance(found ? end + 1 : input.window().size());
        if (!found && !input.more()) return;
      }
      ++line_;
      scanned = 0;
    }
  }

 private:
  struct Name { std::string text; ColumnId column; };
  static constexpr ColumnId skipped = none, refused = none - 1;

  // --- Files

  bool slurp(std::vector<char>& bytes, std::size_t& size) {
    std::error_code unknown;
    const auto expected = std::filesystem::file_size(source_.path, unknown);
    if (!unknown && expected > options_.max_json) {
      builder_.report(ErrorCode::file_too_large, {std::to_string(expected), std::to_string(options_.max_json)});
      return false;
    }
    std::FILE* file = std::fopen(source_.path.c_str(), "rb");
    if (!file) {
      builder_.report(ErrorCode::unreadable_file, {source_.name, std::strerror(errno)});
      return false;
    }
    bytes.resize((unknown ? 0 : expected) + Input::padding + 1);
    std::size_t n = 0;
    while ((n = std::fread(bytes.data() + size, 1, bytes.size() - Input::padding - size, file)) > 0) {
      size += n;
      progress_.add(n);
      if (size > options_.max_json) break;
      if (size + Input::padding >= bytes.size()) bytes.resize(bytes.size() + bytes.size() / 2);
    }
    const bool failed = std::ferror(file) != 0;
    std::fclose(file);
    if (failed) builder_.report(ErrorCode::unreadable_file, {source_.name, "I/O"});
    else if (size > options_.max_json) builder_.report(ErrorCode::file_too_large, {std::to_string(size), std::to_string(options_.max_json)});
    else if (size == 0) builder_.report(ErrorCode::empty_file, {source_.name});
    else return true;
    return false;
  }

  void too_long() {
    builder_.at(source_.name, line_);
    column_ = none;
    builder_.report(ErrorCode::line_too_long, {std::to_string(options_.max_line)}, path());
    lose_row();
  }

  void lose_row() {
    if (entity_ != none) builder_.lose_row(entity_);
    ++row_;
  }

  void lose_rest() {
    if (source_.content == Content::everything) {
      for (EntityId e = 0; e < builder_.schema().entities.size(); ++e) builder_.lose_rest(e);
    } else if (source_.entity != none) {
      builder_.lose_rest(source_.entity);
    }
  }

  static std::uint64_t line_of_bad_utf8(const char* text, std::size_t size) {
    std::uint64_t line = 1;
    for (std::string_view rest(text, size); !rest.empty(); ++line) {
      const auto end = rest.find('\n');
      const std::size_t length = end == rest.npos ? rest.size() : end;
      if (!simdjson::validate_utf8(rest.data(), length)) return line;
      if (end == rest.npos) break;
      rest.remove_prefix(end + 1);
    }
    return line;
  }

  // Lines are counted up to where the reading has come.
  void move_to(const char* at) {
    if (at > counted_) {
      line_ += static_cast<std::uint64_t>(std::count(counted_, at, '\n'));
      counted_ = at;
    }
    builder_.at(source_.name, line_);
  }

  void complain(error_code problem) {
    switch (problem) {
      case simdjson::UTF8_ERROR: builder_.report(ErrorCode::invalid_utf8, {}, path()); break;
      case simdjson::DEPTH_ERROR: builder_.report(ErrorCode::too_deep, {}, path()); break;
      case simdjson::UNCLOSED_STRING:
      case simdjson::EMPTY:
      case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: builder_.report(ErrorCode::truncated_json, {}, path()); break;
      default: builder_.report(ErrorCode::bad_json, {reason(problem)}, path());
    }
  }

  static std::string reason(error_code problem) {
    switch (problem) {
      case simdjson::TRAILING_CONTENT: return in_both("结尾之后还有内容", "there is more after its end");
      case simdjson::T_ATOM_ERROR:
      case simdjson::N_ATOM_ERROR: return in_both("应为 true、false 或 null", "true, false or null expected");
      case simdjson::NUMBER_ERROR: return in_both("数的写法不对", "a number is not well written");
      case simdjson::STRING_ERROR: return in_both("字符串中有无效的转义", "a string holds an invalid escape");
      case simdjson::UNESCAPED_CHARS: return in_both("字符串中有控制字符", "a string holds a control character");
      default: return in_both("逗号、冒号、括号或键名有误", "a comma, colon, bracket or key is missing or out of place");
    }
  }

  void one_line(std::string_view line, Input& input) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (line.empty()) return;
    builder_.at(source_.name, line_);
    if (line.size() > options_.max_line) return too_long();
    column_ = none;
    od::document doc;
    od::object object;
    // The window is padded, and what follows the line in it is not looked at.
    const auto room = static_cast<std::size_t>(input.window().data() + input.window().size() - line.data()) + Input::padding;
    error_code problem = parser_.iterate(line.data(), line.size(), room).get(doc);
    if (problem == SUCCESS) problem = doc.get_object().get(object);
    if (problem == simdjson::INCORRECT_TYPE) {
      builder_.report(ErrorCode::wrong_type, {"{…}", excerpt(line)}, path());
      return lose_row();
    }
    if (problem != SUCCESS) {
      complain(problem);
      return lose_row();
    }
    problem = row(object);
    if (problem == SUCCESS && !at_end(doc)) problem = simdjson::TRAILING_CONTENT;
    if (problem != SUCCESS) {
      complain(problem);
      if (entity_ != none) builder_.lose_row(entity_, row_);
    }
    ++row_;
  }

  // --- Documents

  error_code top(od::document& doc) {
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

  error_code registers(od::object& all) {
    std::vector<std::string> seen;
    for (auto next : all) {
      od::field field;
      TIAO_TRY(std::move(next).get(field));
      std::string_view raw;
      TIAO_TRY(field.unescaped_key().get(raw));
      const std::string name(raw);
      od::value value = field.value();
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
    }
    return SUCCESS;
  }

  error_code rows(od::array& all, EntityId entity) {
    if (entity != none) builder_.supply(entity);
    entity_ = entity;
    names_.clear();
    row_ = 0;
    for (auto next : all) {
      od::value value;
      TIAO_TRY(next.get(value));
      locate(value);
      od::object object;
      const error_code problem = value.get_object().get(object);
      if (problem == simdjson::INCORRECT_TYPE) {
        builder_.report(ErrorCode::wrong_type, {"{…}", excerpt(trimmed(value.raw_json_token()))}, path());
        TIAO_TRY(pass_over(value, 0));
        lose_row();
        continue;
      }
      TIAO_TRY(problem);
      TIAO_TRY(row(object));
      ++row_;
    }
    row_ = none;
    return SUCCESS;
  }

  error_code row(od::object& object) {
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
  error_code column_of(od::field& field, std::size_t& cursor, ColumnId& column) {
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

  ColumnId resolve(EntityId entity, std::string_view name) const {
    if (const auto column = builder_.column(entity, name)) return *column;
    const Entity& e = builder_.schema().entities[entity];
    return builder_.foreign(e.id, name) || builder_.foreign(e.label, name) ? skipped : refused;
  }

  // --- Cells

  static error_code scalar(od::value& value, od::json_type type, CellSpec::Part& part) {
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

  // usable false: reported, but the document goes on.
  error_code cell(od::value& value, CellSpec& spec, bool& usable, bool inner = false) {
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
    for (auto next : object) {
      od::field field;
      TIAO_TRY(std::move(next).get(field));
      std::string_view name;
      TIAO_TRY(field.unescaped_key().get(name));
      od::value member = field.value();
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
    }
    if (usable && in == decided) refuse(ErrorCode::wrong_type, {"{\"in\": …}, {\"value\": …}", "{…}"}, usable);
    if (usable && in && (by || on || grounds)) refuse(ErrorCode::unknown_field, {by ? "by" : on ? "on" : "grounds"}, usable);
    if (decided) spec.decided = &decided_;
    return SUCCESS;
  }

  error_code ends(od::value& value, CellSpec& spec, bool& usable) {
    od::json_type type;
    TIAO_TRY(value.type().get(type));
    if (type != od::json_type::array) {
      refuse(ErrorCode::bad_range, {}, usable);
      return pass_over(value, 0);
    }
    od::array array;
    TIAO_TRY(value.get_array().get(array));
    parts_.clear();
    for (auto next : array) {
      od::value element;
      TIAO_TRY(next.get(element));
      TIAO_TRY(element.type().get(type));
      if (type == od::json_type::array || type == od::json_type::object) {
        refuse(ErrorCode::bad_range, {}, usable);
        TIAO_TRY(pass_over(element, 0));
        continue;
      }
      CellSpec::Part part;
      TIAO_TRY(scalar(element, type, part));
      if (parts_.size() < 1000) parts_.push_back(part);
    }
    const CellSpec::Part kept = spec.part;
    const Decided* decided = spec.decided;
    spec = CellSpec::in(parts_);
    spec.part = kept;
    spec.decided = decided;
    return SUCCESS;
  }

  error_code text(od::value& value, std::string& out, bool& usable) {
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

  void refuse(ErrorCode code, std::initializer_list<std::string_view> args, bool& usable) {
    builder_.report(code, args, path());
    usable = false;
  }

  // --- Reserved names

  error_code parameters(od::object& all) {
    for (auto next : all) {
      od::field field;
      TIAO_TRY(std::move(next).get(field));
      std::string_view name;
      TIAO_TRY(field.unescaped_key().get(name));
      od::value value = field.value();
      locate(value);
      path_ = "parameters." + excerpt(name);
      CellSpec spec;
      bool usable = true;
      TIAO_TRY(cell(value, spec, usable));
      if (usable && spec.decided) refuse(ErrorCode::unknown_field, {"value"}, usable);
      if (usable) builder_.set_parameter(name, spec);
    }
    return SUCCESS;
  }

  // open: entity and of; holds: address and of.
  error_code entries(od::array& all, Content content) {
    const bool opening = content == Content::open;
    const std::string_view first = opening ? "entity" : "address";
    std::uint64_t index = 0;
    for (auto next : all) {
      od::value value;
      TIAO_TRY(next.get(value));
      locate(value);
      path_ = std::string(opening ? "open[" : "holds[") + std::to_string(index++) + "]";
      od::json_type type;
      TIAO_TRY(value.type().get(type));
      if (type != od::json_type::object) {
        builder_.report(ErrorCode::wrong_type, {"{…}", "…"}, path_);
        TIAO_TRY(pass_over(value, 0));
        continue;
      }
      od::object object;
      TIAO_TRY(value.get_object().get(object));
      std::string what, of;
      bool usable = true, has_what = false, has_of = false;
      for (auto member : object) {
        od::field field;
        TIAO_TRY(std::move(member).get(field));
        std::string_view name;
        TIAO_TRY(field.unescaped_key().get(name));
        od::value inner = field.value();
        if (name != first && name != "of") {
          refuse(ErrorCode::unknown_field, {excerpt(name)}, usable);
          TIAO_TRY(pass_over(inner, 0));
          continue;
        }
        bool& flag = name == first ? has_what : has_of;
        if (flag) refuse(ErrorCode::duplicate_field, {name}, usable);
        flag = true;
        TIAO_TRY(text(inner, name == first ? what : of, usable));
      }
      if (usable && !has_what) refuse(ErrorCode::missing_field, {first}, usable);
      if (usable && (opening ? has_of && of.empty() : of.empty())) refuse(ErrorCode::missing_field, {"of"}, usable);
      if (!usable) continue;
      if (!opening) builder_.holds(what, of);
      else if (const auto entity = builder_.entity(what)) builder_.open(*entity, of);
      else if (builder_.foreign(what, "")) builder_.skip();
      else builder_.report_unknown_entity(what, path_);
    }
    return SUCCESS;
  }

  // --- Helpers

  // The line on which a value begins. Lines of NDJSON are counted elsewhere.
  void locate(od::value& value) { move_to(value.raw_json_token().data()); }

  static std::string_view shape(od::json_type type) {
    return type == od::json_type::array ? "[…]" : type == od::json_type::object ? "{…}" : "…";
  }

  // Where the reading is, for messages; put together only when there is one.
  std::string path() const {
    if (row_ == none) return path_;
    const Schema& schema = builder_.schema();
    std::string out = (entity_ == none ? path_ : schema.entities[entity_].id) + "[" + std::to_string(row_) + "]";
    if (column_ < refused) out += "." + schema.entities[entity_].columns[column_].id;
    return out;
  }

  // Reads without keeping, but not without checking.
  error_code pass_over(od::value& value, int depth) {
    if (depth > max_depth) return simdjson::DEPTH_ERROR;
    od::json_type type;
    TIAO_TRY(value.type().get(type));
    if (type == od::json_type::array) {
      od::array array;
      TIAO_TRY(value.get_array().get(array));
      for (auto next : array) {
        od::value element;
        TIAO_TRY(next.get(element));
        TIAO_TRY(pass_over(element, depth + 1));
      }
      return SUCCESS;
    }
    if (type == od::json_type::object) {
      od::object object;
      TIAO_TRY(value.get_object().get(object));
      for (auto next : object) {
        od::field field;
        TIAO_TRY(std::move(next).get(field));
        std::string_view name;
        TIAO_TRY(field.unescaped_key().get(name));
        od::value member = field.value();
        TIAO_TRY(pass_over(member, depth + 1));
      }
      return SUCCESS;
    }
    CellSpec::Part part;
    return scalar(value, type, part);
  }

  FactBuilder& builder_;
  const Source& source_;
  const LoadOptions& options_;
  Progress& progress_;
  od::parser parser_;
  std::vector<Name> names_;
  std::vector<CellSpec::Part> parts_;
  Decided decided_;
  EntityId entity_ = none;
  std::uint32_t row_ = none;      // none: not among rows
  ColumnId column_ = none;
  const char* counted_ = nullptr;
  std::uint64_t line_ = 0;
  std::string path_;
  bool given_up_ = false;
};

#undef TIAO_TRY

}  // namespace

void read_json(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) {
  JsonReader(builder, source, options, progress).document();
}

void read_ndjson(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) {
  JsonReader(builder, source, options, progress).lines();
}

}  // namespace tiao::facts
