// The writers behind make_writer.
#pragma once

#include <string>
#include <vector>

#include "runtime/verdict/writer.hpp"

namespace tiao::verdict {

/// JSON: one array, or one object a line.
class JsonWriter final : public Writer {
 public:
  JsonWriter(WriterContext context, bool lines) : context_(std::move(context)), lines_(lines) {}
  void begin(std::string& out) override;
  void write(const Verdict& verdict, std::string& out) override;
  void end(std::string& out) override;

 private:
  WriterContext context_;
  bool lines_;
  bool first_ = true;
};

/// One line a remedy; a subject without any has one line.
class CsvWriter final : public Writer {
 public:
  explicit CsvWriter(WriterContext context) : context_(std::move(context)) {}
  void begin(std::string& out) override;
  void write(const Verdict& verdict, std::string& out) override;
  void end(std::string& out) override;

 private:
  WriterContext context_;
};

/// For people: aligned by what the first verdicts need. Subjects about whom there is nothing to say are only counted.
class TableWriter final : public Writer {
 public:
  explicit TableWriter(WriterContext context) : context_(std::move(context)) {}
  void begin(std::string& out) override;
  void write(const Verdict& verdict, std::string& out) override;
  void end(std::string& out) override;

 private:
  using Line = std::vector<std::string>;
  void flush(std::string& out);
  void append(std::string& out, const Line& line) const;
  Line line_of(const Verdict& verdict, const RemedyEntry* entry, bool first) const;

  WriterContext context_;
  std::vector<Line> held_;
  std::vector<std::size_t> widths_;
  std::uint64_t silent_ = 0;
};

}  // namespace tiao::verdict
