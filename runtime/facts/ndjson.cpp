// One document a line.
#include <algorithm>
#include <cstring>

#include "runtime/facts/json_reader.hpp"
#include "runtime/facts/pieces.hpp"
#include "runtime/facts/register.hpp"

namespace tiao::facts {
namespace {

class JsonPieces : public PieceReader {
 public:
  JsonPieces(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) : reader_(builder, source, options, progress) {}
  bool read(std::string_view text, Extent& extent) override { return reader_.piece(text, extent.lines, extent.rows); }

 private:
  JsonReader reader_;
};

}  // namespace

bool JsonReader::piece(std::string_view text, std::uint64_t& lines, std::uint64_t& rows) {
  begin_rows();
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end && builder_.errors().empty(); ++line_) {
    const char* const line_end = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    one_line({at, line_end}, static_cast<std::size_t>(end - at) + Input::padding);
    at = line_end + 1;
  }
  lines = line_;
  rows = row_;
  return builder_.errors().empty();
}

void JsonReader::begin_rows() {
  entity_ = source_.entity;
  path_ = source_.path.stem().string();
  row_ = 0;
  line_ = 0;
}

void JsonReader::lines() {
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
  Pieces pieces;
  pieces.entity = source_.entity;
  pieces.max_record = options_.max_line;
  pieces.threads = options_.threads;
  pieces.file_size = source_.size;
  pieces.reader = [&](FactBuilder& part) { return std::make_unique<JsonPieces>(part, source_, options_, progress_); };
  Extent done{1, 0};
  if (read_in_pieces(builder_, input, pieces, done)) return;
  begin_rows();
  row_ = static_cast<std::uint32_t>(done.rows);
  line_ = done.lines;
  for (std::size_t scanned = 0;;) {  // bytes of the window known to hold no line break
    const std::string_view window = input.window();
    const auto at = window.find('\n', scanned);
    if (at != window.npos) {
      one_line(window.substr(0, at), window.size() + Input::padding);
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
      if (!window.empty()) one_line(input.window(), window.size() + Input::padding);
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

void JsonReader::too_long() {
  builder_.at(source_.name, line_);
  column_ = none;
  builder_.report(ErrorCode::line_too_long, {std::to_string(options_.max_line)}, path());
  lose_row();
}

// `room`: bytes from the start of the line that can be read; what follows the line is not looked at.
void JsonReader::one_line(std::string_view line, std::size_t room) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (line.empty()) return;
  builder_.at(source_.name, line_);
  if (line.size() > options_.max_line) return too_long();
  column_ = none;
  od::document doc;
  od::object object;
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

void read_ndjson(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) {
  JsonReader(builder, source, options, progress).lines();
}

}  // namespace tiao::facts
