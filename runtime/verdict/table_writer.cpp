#include <algorithm>

#include <fmt/format.h>

#include "runtime/verdict/width.hpp"
#include "runtime/verdict/words.hpp"
#include "runtime/verdict/writer.hpp"
#include "runtime/verdict/writers.hpp"

namespace tiao::verdict {
namespace {

constexpr std::size_t lines_measured = 500;   // widths are fixed by these, so that a long run streams
constexpr std::size_t widest = 48;

bool nothing_to_say(const Verdict& verdict) {
  return verdict.outcome == Outcome::decided && verdict.remedies.empty() && verdict.flags.empty() && verdict.heads.empty() &&
         verdict.errors.empty();
}

}  // namespace

void TableWriter::begin(std::string&) {
  const bool zh = context_.language == Language::zh;
  held_.push_back(zh ? Line{"对象", "结论", "处理", "状态", "内容", "依据", "列示"}
                     : Line{"subject", "outcome", "remedy", "state", "content", "cites", "reports"});
}

TableWriter::Line TableWriter::line_of(const Verdict& verdict, const RemedyEntry* entry, bool first) const {
  const Names& names = context_.names;
  const Language language = context_.language;
  Line line(7);
  line[0] = verdict.subject.key;
  line[1] = words(verdict.outcome, language);
  if (entry != nullptr) {
    line[2] = act_words(names, *entry, language);
    line[3] = words(entry->state, language);
    if (entry->state == State::applies && entry->phase != Phase::none) line[3] = words(entry->phase, language);
    const bool elsewhere = entry->target.entity != verdict.subject.entity || entry->target.key != verdict.subject.key;
    line[4] = (elsewhere ? entry->target.key + (language == Language::zh ? "：" : ": ") : std::string{}) + values_words(names, *entry, language);
    line[5] = cites_words(names, entry->cites, language);
  }
  if (!first) return line;
  for (const ReportEntry& report : verdict.reports) {
    const auto& info = context_.info.reports[report.report];
    if (!line[6].empty()) line[6] += language == Language::zh ? "，" : ", ";
    line[6] += fmt::format("{} {}", named(info.id, info.label, language), value_words(names, report.value, language));
  }
  return line;
}

void TableWriter::write(const Verdict& verdict, std::string& out) {
  if (nothing_to_say(verdict)) {
    ++silent_;
    return;
  }
  std::vector<Line> lines;
  for (const RemedyEntry& entry : verdict.remedies) lines.push_back(line_of(verdict, &entry, lines.empty()));
  if (lines.empty()) lines.push_back(line_of(verdict, nullptr, true));
  for (Line& line : lines) {
    if (widths_.empty()) {
      held_.push_back(std::move(line));
    } else {
      append(out, line);
    }
  }
  if (widths_.empty() && held_.size() > lines_measured) flush(out);
}

void TableWriter::flush(std::string& out) {
  widths_.assign(held_.front().size(), 0);
  for (const Line& line : held_)
    for (std::size_t i = 0; i < line.size(); ++i) widths_[i] = std::min(widest, std::max(widths_[i], width_of(line[i])));
  for (const Line& line : held_) append(out, line);
  held_.clear();
}

void TableWriter::append(std::string& out, const Line& line) const {
  std::size_t last = line.size();
  while (last > 0 && line[last - 1].empty()) --last;
  for (std::size_t i = 0; i < last; ++i) {
    if (i + 1 == last) {
      out += line[i];
    } else {
      append_padded(out, line[i], widths_[i]);
      out += "  ";
    }
  }
  out += '\n';
}

void TableWriter::end(std::string& out) {
  if (widths_.empty()) flush(out);
  if (silent_ == 0) return;
  out += context_.language == Language::zh ? fmt::format("另有 {} 个对象：无处理、无提示、无待定\n", silent_)
                                           : fmt::format("{} more subjects: no remedy, no flag, nothing open\n", silent_);
}

std::unique_ptr<Writer> make_writer(Format format, WriterContext context) {
  switch (format) {
    case Format::json: return std::make_unique<JsonWriter>(std::move(context), false);
    case Format::ndjson: return std::make_unique<JsonWriter>(std::move(context), true);
    case Format::csv: return std::make_unique<CsvWriter>(std::move(context));
    case Format::table: break;
  }
  return std::make_unique<TableWriter>(std::move(context));
}

}  // namespace tiao::verdict
