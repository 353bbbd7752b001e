// A whole document of JSON.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/facts/json_reader.hpp"

namespace tiao::facts {
namespace {

std::uint64_t line_of_bad_utf8(const char* text, std::size_t size) {
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

std::string reason(error_code problem) {
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

}  // namespace

bool at_end(od::document& doc) { return doc.current_location().error() == simdjson::OUT_OF_BOUNDS; }

void JsonReader::document() {
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

bool JsonReader::slurp(std::vector<char>& bytes, std::size_t& size) {
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

void JsonReader::lose_row() {
  if (entity_ != none) builder_.lose_row(entity_);
  ++row_;
}

void JsonReader::lose_rest() {
  if (source_.content == Content::everything) {
    for (EntityId e = 0; e < builder_.schema().entities.size(); ++e) builder_.lose_rest(e);
  } else if (source_.entity != none) {
    builder_.lose_rest(source_.entity);
  }
}

// Lines are counted up to where the reading has come.
void JsonReader::move_to(const char* at) {
  if (at > counted_) {
    line_ += static_cast<std::uint64_t>(std::count(counted_, at, '\n'));
    counted_ = at;
  }
  builder_.at(source_.name, line_);
}

void JsonReader::complain(error_code problem) {
  switch (problem) {
    case simdjson::UTF8_ERROR: builder_.report(ErrorCode::invalid_utf8, {}, path()); break;
    case simdjson::DEPTH_ERROR: builder_.report(ErrorCode::too_deep, {}, path()); break;
    case simdjson::UNCLOSED_STRING:
    case simdjson::EMPTY:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: builder_.report(ErrorCode::truncated_json, {}, path()); break;
    default: builder_.report(ErrorCode::bad_json, {reason(problem)}, path());
  }
}

void read_json(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) {
  JsonReader(builder, source, options, progress).document();
}

}  // namespace tiao::facts
