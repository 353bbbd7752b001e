#include "tests/bench/sample_files.hpp"

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::bench {
namespace {

namespace fs = std::filesystem;

std::string month_text(std::int64_t month) {
  std::string t = format_date(scalar::day_number({static_cast<std::int32_t>(month / 12), static_cast<std::int32_t>(month % 12) + 1, 1}));
  t.resize(7);
  return t;
}

/// A value that is not a text, as both formats spell it.
std::string plain(const Value& v) {
  switch (v.form) {
    case Value::Form::number: return std::to_string(v.a);
    case Value::Form::money: return format_money(v.a, 2);
    case Value::Form::boolean: return v.a != 0 ? "true" : "false";
    case Value::Form::date: return format_date(v.a);
    case Value::Form::month: return month_text(v.a);
    case Value::Form::duration: return format_duration(scalar::make_duration(v.a, v.b));
    case Value::Form::percent: return format_percent(v.a, 2);
    case Value::Form::decimal: return format_money(v.a, 2);
    case Value::Form::text:
    case Value::Form::word: return std::string(v.text);
    default: return {};
  }
}

std::string quoted(std::string_view text, char quote_twice) {
  std::string t = "\"";
  for (const char c : text) {
    if (c == '"') t += quote_twice;
    t += c;
  }
  return t += '"';
}

class Files final : public Sink {
 public:
  Files(fs::path directory, FileFormat format) : directory_(std::move(directory)), format_(format) {}
  ~Files() override { close(); }

  void table(std::size_t id, std::string_view name, std::span<const std::string_view> columns, std::uint32_t) override {
    if (tables_.size() <= id) tables_.resize(id + 1);
    Table& t = tables_[id];
    t.name = name;
    open(t, format_ == FileFormat::csv ? ".csv" : ".ndjson");
    t.columns.assign(columns.begin(), columns.end());
    if (format_ == FileFormat::ndjson) return;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c != 0) t.text += ',';
      t.text += columns[c];
    }
    t.text += '\n';
  }

  void row(std::size_t id, std::span<const Value> cells) override {
    Table& t = tables_[id];
    if (format_ == FileFormat::csv) csv_row(t, cells);
    else json_row(t, cells);
    ++rows_;
    ++t.rows;
    if (t.text.size() > std::size_t{1} << 20) flush(t);
  }

  void parameter(std::string_view name, const Value& value) override {
    parameters_ += parameters_.empty() ? "{\n" : ",\n";
    parameters_ += "  \"" + std::string(name) + "\": " + json(value);
  }

  Written finish(const SampleOptions& options) {
    // An NDJSON file without a line might have been cut off: a register without rows is an empty array.
    for (Table& t : tables_)
      if (format_ == FileFormat::ndjson && t.file != nullptr && t.rows == 0) {
        std::fclose(std::exchange(t.file, nullptr));
        std::error_code ignored;
        fs::remove(directory_ / (t.name + ".ndjson"), ignored);
        whole_file((t.name + ".json").c_str(), "[]\n");
      }
    whole_file("parameters.json", parameters_ + "\n}\n");
    note(options);
    close();
    return {rows_, bytes_, failed_ ? "cannot write to " + directory_.string() : ""};
  }

 private:
  struct Table {
    std::string name;
    std::FILE* file = nullptr;
    std::vector<std::string> columns;
    std::string text;
    std::uint64_t rows = 0;
  };

  void open(Table& t, const char* extension) {
    t.file = std::fopen((directory_ / (t.name + extension)).c_str(), "wb");
    if (t.file == nullptr) failed_ = true;
  }

  static void csv_row(Table& t, std::span<const Value> cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const Value& v = cells[c];
      if (c != 0) t.text += ',';
      switch (v.form) {
        case Value::Form::absent: break;
        case Value::Form::null: t.text += "null"; break;
        case Value::Form::range: t.text += std::to_string(v.a) + ".." + std::to_string(v.b); break;
        case Value::Form::money_range: t.text += format_money(v.a, 2) + ".." + format_money(v.b, 2); break;
        case Value::Form::text:
          if (v.text.empty() || v.text == "null" || v.text.find_first_of(",\"\r\n") != v.text.npos) t.text += quoted(v.text, '"');
          else t.text += v.text;
          break;
        default: t.text += plain(v);
      }
    }
    t.text += '\n';
  }

  static void json_row(Table& t, std::span<const Value> cells) {
    char separator = '{';
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const Value& v = cells[c];
      if (v.form == Value::Form::absent) continue;
      t.text += separator;
      separator = ',';
      t.text += '"' + t.columns[c] + "\":";
      if (v.decision != nullptr) {
        t.text += "{\"value\":" + json(v) + ",\"by\":" + quoted(v.decision->by, '\\') + ",\"on\":\"" + format_date(v.decision->on) +
                  "\",\"grounds\":" + quoted(v.decision->grounds, '\\') + "}";
      } else {
        t.text += json(v);
      }
    }
    t.text += "}\n";
  }

  static std::string json(const Value& v) {
    switch (v.form) {
      case Value::Form::null: return "null";
      case Value::Form::number:
      case Value::Form::money:
      case Value::Form::decimal:
      case Value::Form::boolean: return plain(v);
      case Value::Form::range: return "{\"in\":[" + std::to_string(v.a) + "," + std::to_string(v.b) + "]}";
      case Value::Form::money_range: return "{\"in\":[" + format_money(v.a, 2) + "," + format_money(v.b, 2) + "]}";
      default: return quoted(std::string_view(plain(v)), '\\');
    }
  }

  // So that nobody takes the rows for a record of real events. Loaders pass over .md files.
  void note(const SampleOptions& options) {
    const bool facilities = of_facilities(options.regime);
    const std::string text =
        "# Synthetic facts\n\n"
        "Every person, facility, " + std::string(facilities ? "case" : "incident") + " and date in this folder is made up; names and numbers are generated. "
        "本目录数据均为合成，不涉及任何真实的人员和机构。\n\n"
        "Made by `tiao_sample --regime " + std::string(regime_name(options.regime)) + (facilities ? " --cases " : " --incidents ") + std::to_string(options.incidents) +
        " --practitioners " + std::to_string(options.practitioners) + " --facilities " + std::to_string(options.facilities) + " --seed " + std::to_string(options.seed) +
        (options.complete ? " --complete" : "") + (format_ == FileFormat::ndjson ? " --format ndjson" : "") + "`; the same options give the same bytes.\n";
    whole_file("README.md", text);
  }

  void flush(Table& t) {
    if (t.file != nullptr && std::fwrite(t.text.data(), 1, t.text.size(), t.file) != t.text.size()) failed_ = true;
    bytes_ += t.text.size();
    t.text.clear();
  }

  void whole_file(const char* name, std::string text) {
    Table t;
    t.file = std::fopen((directory_ / name).c_str(), "wb");
    t.text = std::move(text);
    flush(t);
    if (t.file == nullptr || std::fclose(t.file) != 0) failed_ = true;
  }

  void close() {
    for (Table& t : tables_)
      if (t.file != nullptr) {
        flush(t);
        if (std::fclose(std::exchange(t.file, nullptr)) != 0) failed_ = true;
      }
  }

  fs::path directory_;
  FileFormat format_;
  std::vector<Table> tables_;
  std::string parameters_;
  std::uint64_t rows_ = 0, bytes_ = 0;
  bool failed_ = false;
};

}  // namespace

Written write_files(const SampleOptions& options, FileFormat format, const fs::path& wanted, bool force) {
  std::error_code problem;
  fs::path out = fs::absolute(wanted, problem).lexically_normal();
  if (!out.has_filename()) out = out.parent_path();
  if (fs::exists(out, problem) && !force) return {0, 0, out.string() + " exists already (--force replaces it)"};
  fs::path fresh = out, old = out;
  fresh += ".part";
  old += ".old";
  fs::remove_all(fresh, problem);
  fs::create_directories(fresh, problem);
  if (problem) return {0, 0, "cannot make " + fresh.string() + ": " + problem.message()};
  Written written;
  {
    Files files(fresh, format);
    generate(options, files);
    written = files.finish(settled(options));
  }
  if (written.problem.empty()) {
    const bool replaces = fs::exists(out, problem);
    if (replaces) fs::rename(out, old, problem);
    if (!problem) fs::rename(fresh, out, problem);
    if (problem) written.problem = "cannot rename " + fresh.string() + ": " + problem.message();
    else if (replaces) fs::remove_all(old, problem);
  }
  if (!written.problem.empty()) fs::remove_all(fresh, problem);
  return written;
}

}  // namespace tiao::bench
