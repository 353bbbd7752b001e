// Written forms of verdicts. A writer turns one verdict after the other into text, so that a million of them never stand
// in memory together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/program/program.hpp"
#include "runtime/verdict/model.hpp"
#include "runtime/verdict/names.hpp"

namespace tiao::verdict {

enum class Format : std::uint8_t { table, json, ndjson, csv };

/// What is the same in every verdict of a run.
struct Heading {
  std::string agreement, edition, status, hash, as_of;
};
Heading heading(const Schema& schema, const program::ProgramInfo& info, std::int64_t as_of);

struct WriterContext {
  Names names;
  const program::ProgramInfo& info;
  Heading heading;
  Language language = Language::zh;
};

class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin(std::string& out) = 0;
  virtual void write(const Verdict& verdict, std::string& out) = 0;
  virtual void end(std::string& out) = 0;
};

std::unique_ptr<Writer> make_writer(Format format, WriterContext context);

/// One verdict as a JSON object; `open_levels` outer levels are laid out on lines of their own.
void append_verdict(std::string& out, const WriterContext& context, const Verdict& verdict, unsigned open_levels = 0);
/// The list under "remedies" alone: what readings may change.
void append_remedies(JsonText& json, const WriterContext& context, const std::vector<RemedyEntry>& remedies);

}  // namespace tiao::verdict
