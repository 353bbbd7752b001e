// CSV as RFC 4180 has it: commas, a header row, quotes doubled, line breaks inside quotes. Strict, because a quote out of place
// means that what follows is not what it seems.
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "runtime/facts/column_reader.hpp"
#include "runtime/facts/csv_cells.hpp"
#include "runtime/facts/formats.hpp"

namespace tiao::facts {
namespace {

struct Field {
  std::size_t begin = 0, end = 0;  // in the window, without the quotes
  bool quoted = false, doubled = false;
};

enum class Found : std::uint8_t { record, end, too_long, bad, failed };

// Splits records; field texts are valid until the next one.
class Records {
 public:
  Records(Input& input) : input_(input) {}

  Found next() {
    line_ += lines_in_record_;
    input_.advance(used_);
    used_ = 0;
    lines_in_record_ = 0;
    if (last_ && input_.window().empty()) return Found::end;
    for (;;) {
      const Found found = scan();
      if (found != Found::end) {
        if (found == Found::record) finish();
        return found;
      }
      if (!input_.more()) break;
    }
    if (input_.failed()) return Found::failed;
    if (input_.window().empty()) return Found::end;
    if (!input_.at_end()) return Found::too_long;
    last_ = true;
    const Found found = scan();
    if (found == Found::record) finish();
    return found;
  }

  // Goes on behind the next line break; false at the end of the file.
  bool skip_line() {
    for (;;) {
      const std::string_view window = input_.window();
      if (const auto at = window.find('\n'); at != window.npos) {
        input_.advance(at + 1);
        ++line_;
        used_ = lines_in_record_ = 0;
        return true;
      }
      input_.advance(window.size());
      if (!input_.more()) return false;
    }
  }

  // Leaves the record behind; then others may read on in the input, up to where begin_at() takes over.
  std::uint64_t end_line() {
    input_.advance(used_);
    used_ = 0;
    line_ += lines_in_record_;
    lines_in_record_ = 0;
    return line_;
  }
  void begin_at(std::uint64_t line) { line_ = line; }

  std::size_t size() const { return fields_.size(); }
  bool quoted(std::size_t i) const { return fields_[i].quoted; }
  std::string_view text(std::size_t i) { return {input_.data() + fields_[i].begin, fields_[i].end - fields_[i].begin}; }
  std::string_view raw() const { return input_.window().substr(0, used_); }
  std::uint64_t line() const { return line_; }
  const std::string& what() const { return what_; }
  bool inside_quotes() const { return inside_quotes_; }

 private:
  // `end`: the window ends before the record does.
  Found scan() {
    const std::string_view w = input_.window();
    fields_.clear();
    std::size_t i = 0;
    inside_quotes_ = false;
    for (;;) {
      Field field;
      if (i < w.size() && w[i] == '"') {
        field.quoted = inside_quotes_ = true;
        field.begin = ++i;
        for (;;) {
          const auto quote = w.find('"', i);
          if (quote == w.npos) return last_ ? bad("引号没有结束", "unterminated quote") : Found::end;
          if (quote + 1 == w.size() && !last_) return Found::end;
          if (quote + 1 < w.size() && w[quote + 1] == '"') {
            field.doubled = true;
            i = quote + 2;
            continue;
          }
          field.end = quote;
          i = quote + 1;
          inside_quotes_ = false;
          break;
        }
      } else {
        field.begin = i;
        while (i < w.size() && w[i] != ',' && w[i] != '\n' && w[i] != '"') ++i;
        if (i < w.size() && w[i] == '"') return bad("未加引号的字段中有引号", "quote inside an unquoted field");
        field.end = i;
      }
      if (i == w.size()) {
        if (!last_) return Found::end;
        return close(field, i, i);
      }
      if (w[i] == ',') {
        fields_.push_back(field);
        ++i;
        continue;
      }
      if (w[i] == '\n') return close(field, i, i + 1);
      if (w[i] == '\r' && i + 1 == w.size() && !last_) return Found::end;
      if (w[i] == '\r' && (i + 1 == w.size() || w[i + 1] == '\n')) return close(field, i, std::min(i + 2, w.size()));
      return bad("引号之后还有文字", "text after a closing quote");
    }
  }

  Found close(Field field, std::size_t end, std::size_t used) {
    if (!field.quoted && field.end == end && field.end > field.begin && input_.data()[end - 1] == '\r') --field.end;
    fields_.push_back(field);
    used_ = used;
    return Found::record;
  }

  Found bad(std::string_view zh, std::string_view en) {
    what_ = in_both(zh, en);
    return Found::bad;
  }

  void finish() {
    char* data = input_.data();
    lines_in_record_ = static_cast<std::uint64_t>(std::count(data, data + used_, '\n'));
    for (Field& f : fields_) {
      if (!f.doubled) continue;
      std::size_t to = f.begin;
      for (std::size_t i = f.begin; i < f.end; ++i) {
        data[to++] = data[i];
        if (data[i] == '"') ++i;
      }
      f.end = to;
    }
  }

  Input& input_;
  std::vector<Field> fields_;
  std::size_t used_ = 0;
  std::uint64_t line_ = 1, lines_in_record_ = 0;
  std::string what_;
  bool last_ = false, inside_quotes_ = false;
};

class CsvReader {
 public:
  CsvReader(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress)
      : builder_(builder), source_(source), options_(options), input_(options.max_line, progress), records_(input_) {}

  void read() {
    builder_.at(source_.name, 0);
    if (const std::string problem = input_.open(source_.path); !problem.empty()) {
      builder_.report(ErrorCode::unreadable_file, {source_.name, problem});
      return;
    }
    if (input_.window().empty()) {
      builder_.report(ErrorCode::empty_file, {source_.name});
      return;
    }
    if (source_.entity != none) builder_.supply(source_.entity);
    bool header = true;
    for (;;) {
      const Found found = records_.next();
      if (found == Found::end) return;
      builder_.at(source_.name, records_.line());
      if (found == Found::record) {
        if (records_.size() == 1 && !records_.quoted(0) && records_.text(0).empty()) continue;  // blank line
        if (records_.raw().size() > options_.max_line) {
          lost(ErrorCode::line_too_long, std::to_string(options_.max_line));
          if (header) return;
        } else if (!simdjson::validate_utf8(records_.raw().data(), records_.raw().size())) {
          lost(ErrorCode::invalid_utf8, {});
          if (header) return;
        } else if (header) {
          read_header();
          if (read_pieces()) return;
        } else {
          read_row();
        }
        header = false;
        continue;
      }
      if (found == Found::failed) {
        builder_.report(ErrorCode::unreadable_file, {source_.name, "I/O"});
        if (source_.entity != none) builder_.lose_rest(source_.entity);
        return;
      }
      if (found == Found::too_long) lost(ErrorCode::line_too_long, std::to_string(options_.max_line));
      else lost(ErrorCode::bad_csv, records_.what());
      // Inside quotes a line break says nothing, and a header that cannot be read leaves the rest without meaning.
      if (header || records_.inside_quotes() || !records_.skip_line()) {
        if (source_.entity != none) builder_.lose_rest(source_.entity);
        return;
      }
    }
  }

 private:
  // The record counts, so that the rows after it keep their numbers.
  void lost(ErrorCode code, std::string_view what, std::string_view other = {}) {
    std::string path;
    if (source_.entity != none) {
      path = builder_.schema().entities[source_.entity].id;
      if (columns_.empty()) builder_.lose_rest(source_.entity);  // the header
      else path += "[" + std::to_string(builder_.lose_row(source_.entity)) + "]";
    }
    builder_.report(code, {what, other}, path);
  }

  void read_header() {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const std::string_view name = records_.text(i);
      ColumnId target = csv_skipped;
      if (source_.entity != none) {
        const Entity& entity = builder_.schema().entities[source_.entity];
        if (const auto column = builder_.column(source_.entity, name)) {
          target = *column;
          if (std::find(columns_.begin(), columns_.end(), target) != columns_.end()) {
            builder_.report(ErrorCode::duplicate_field, {excerpt(name)}, entity.id);
            target = csv_refused;
          }
        } else if (!builder_.foreign(entity.id, name) && !builder_.foreign(entity.label, name)) {
          builder_.report_unknown_column(source_.entity, name, entity.id + "." + excerpt(name));
          target = csv_refused;
        }
      }
      columns_.push_back(target);
    }
  }

  void read_row() {
    if (records_.size() != columns_.size()) {
      lost(ErrorCode::wrong_field_count, std::to_string(records_.size()), std::to_string(columns_.size()));
      return;
    }
    const std::uint32_t row = source_.entity == none ? 0 : builder_.add_row(source_.entity);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view text = records_.text(i);
      const bool quoted = records_.quoted(i);
      if ((text.empty() && !quoted) || columns_[i] == csv_refused) continue;
      if (columns_[i] == csv_skipped) builder_.skip();
      else builder_.set(source_.entity, row, columns_[i], csv_cell(text, quoted, builder_.schema().entities[source_.entity].columns[columns_[i]].type.kind, ends_));
    }
  }

  // Whole pieces, as long as all is right with them; true: up to the end.
  bool read_pieces() {
    const auto readable = [&](ColumnId c) { return c == csv_skipped || (c != csv_refused && builder_.readers(source_.entity)[c].readable()); };
    if (!std::all_of(columns_.begin(), columns_.end(), readable)) return false;
    Pieces pieces;
    pieces.entity = source_.entity;
    pieces.max_record = options_.max_line;
    pieces.quotes = true;
    pieces.threads = options_.threads;
    pieces.file_size = source_.size;
    pieces.reader = [&](FactBuilder& part) { return csv_pieces(part, source_.name, source_.entity, columns_); };
    Extent done{records_.end_line(), 0};
    const bool all = read_in_pieces(builder_, input_, pieces, done);
    records_.begin_at(done.lines);
    return all;
  }

  FactBuilder& builder_;
  const Source& source_;
  const LoadOptions& options_;
  Input input_;
  Records records_;
  std::vector<ColumnId> columns_;
  CellSpec::Part ends_[2];
};

}  // namespace

void read_csv(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress) {
  CsvReader(builder, source, options, progress).read();
}

}  // namespace tiao::facts
