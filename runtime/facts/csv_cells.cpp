// CSV by columns: one pass finds where the fields of a piece end, then each column is read from top to bottom.
#include "runtime/facts/csv_cells.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "runtime/facts/bytes.hpp"
#include "runtime/facts/column_reader.hpp"
#include "runtime/facts/csv_index.hpp"
#include "runtime/facts/register.hpp"

namespace tiao::facts {
namespace {

bool has_ends(Kind kind) {
  return kind != Kind::boolean && kind != Kind::text && kind != Kind::choice && kind != Kind::ref && kind != Kind::ratio;
}

struct Field { std::string_view text; bool quoted; };

// One column of consecutive records.
class Fields {
 public:
  Fields(const char* text, const std::uint32_t* ends, std::size_t stride, std::size_t column, std::size_t records, std::string& unquoted)
      : text_(text), ends_(ends + column), stride_(stride), records_(records), last_(column + 1 == stride), unquoted_(unquoted) {}

  std::size_t records() const { return records_; }
  // As it stands there.
  std::string_view raw(std::size_t record) const {
    const std::uint32_t* at = ends_ + record * stride_;
    const std::uint32_t begin = at[0] + 1, end = at[1];
    const std::string_view all(text_ + begin, end - begin);
    return last_ && all.ends_with('\r') ? all.substr(0, all.size() - 1) : all;
  }
  // Valid until the next.
  Field field(std::string_view raw) const {
    if (!raw.starts_with('"')) return {raw, false};
    const std::string_view inner = raw.substr(1, raw.size() - 2);
    if (inner.find('"') == inner.npos) return {inner, true};
    unquoted_.clear();
    for (std::size_t i = 0; i < inner.size(); ++i) {
      unquoted_ += inner[i];
      i += inner[i] == '"';
    }
    return {unquoted_, true};
  }

 private:
  const char* text_;
  const std::uint32_t* ends_;   // in front of the field of the first record
  std::size_t stride_, records_;
  bool last_;
  std::string& unquoted_;
};

// Reads one column behind the rows that a register has in it.
class ColumnFill {
 public:
  ColumnFill(const Schema& schema, const ColumnReader& reader, StagedRegister& rows, ColumnId column, StringPool& strings)
      : schema_(schema), reader_(reader), rows_(rows), id_(column), to_(rows.columns[column]), strings_(strings), absent_(rows.absent[column]) {}

  // The first of `fields` is in this row. False: a cell is wrong.
  bool fill(const Fields& fields, std::uint32_t row) {
    std::size_t first = 0;
    while (first < fields.records() && fields.raw(first).empty()) ++first;
    if (first == fields.records()) return true;   // absent cells need no room
    rows_.pad(id_, row);
    const std::size_t size = row + fields.records();
    to_.presence.resize(size, static_cast<std::uint8_t>(Presence::given));
    presence_ = to_.presence.data() + row;
    if (rows_.kinds[id_] == Kind::boolean) {
      to_.truth.resize(size);
      return booleans(fields, to_.truth.data() + row);
    }
    to_.lo.resize(size);
    std::int64_t* lo = to_.lo.data() + row;
    return values(fields, lo) && upper_ends(row, size);
  }

 private:
  bool booleans(const Fields& fields, std::uint8_t* truth) {
    for (std::size_t r = 0; r < fields.records(); ++r) {
      const std::string_view raw = fields.raw(r);
      truth[r] = ColumnReader::truth_of(raw);
      if (truth[r] != 0) continue;
      Cell cell;
      if (!other(fields, r, raw, cell)) return false;
      truth[r] = static_cast<std::uint8_t>(cell.lo);
    }
    return true;
  }

  bool values(const Fields& fields, std::int64_t* lo) {
    switch (rows_.kinds[id_]) {
      case Kind::choice:
        return each(fields, lo, [&](std::string_view raw, std::int64_t& value) { return (value = static_cast<std::int64_t>(reader_.mask(raw))) != 0; });
      case Kind::date: return each(fields, lo, [&](std::string_view raw, std::int64_t& value) { return reader_.date(raw, value); });
      case Kind::integer:
      case Kind::decimal:
      case Kind::money:
      case Kind::percent: return each(fields, lo, [&](std::string_view raw, std::int64_t& value) { return reader_.fixed(raw, value); });
      case Kind::text:
      case Kind::ref: return texts(fields, lo);
      default: return each(fields, lo, [](std::string_view, std::int64_t&) { return false; });
    }
  }

  template <class Read>
  bool each(const Fields& fields, std::int64_t* lo, Read read) {
    for (std::size_t r = 0; r < fields.records(); ++r) {
      const std::string_view raw = fields.raw(r);
      if (read(raw, lo[r])) continue;
      Cell cell;
      if (!other(fields, r, raw, cell)) return false;
      lo[r] = cell.lo;
      if (cell.hi != cell.lo) ranges_.push_back({static_cast<std::uint32_t>(r), cell.hi});
    }
    return true;
  }

  // Plain texts together, since finding one is mostly waiting for memory.
  bool texts(const Fields& fields, std::int64_t* lo) {
    constexpr std::size_t together = 64;
    std::string_view some[together];
    std::size_t where[together];
    std::int64_t ids[together];
    std::size_t n = 0;
    const auto flush = [&] {
      strings_.intern({some, n}, ids);
      for (std::size_t i = 0; i < n; ++i) lo[where[i]] = ids[i];
      n = 0;
    };
    for (std::size_t r = 0; r < fields.records(); ++r) {
      const std::string_view raw = fields.raw(r);
      if (!raw.empty() && raw.front() != '"' && raw != "null") {
        some[n] = raw;
        where[n++] = r;
        if (n == together) flush();
        continue;
      }
      if (!raw.empty()) flush();
      Cell cell;
      if (!other(fields, r, raw, cell)) return false;
      lo[r] = cell.lo;
      if (cell.hi != cell.lo) ranges_.push_back({static_cast<std::uint32_t>(r), cell.hi});
    }
    flush();
    return true;
  }

  // Empty, quoted, or in a form that is not plain.
  bool other(const Fields& fields, std::size_t record, std::string_view raw, Cell& cell) {
    if (raw.empty()) {
      cell = absent_;
      presence_[record] = static_cast<std::uint8_t>(Presence::absent);
      return true;
    }
    const Field field = fields.field(raw);
    CellReading reading;
    CellProblem unsaid;
    if (!read_cell(schema_, reader_.slot(), csv_cell(field.text, field.quoted, rows_.kinds[id_], ends_), strings_, reading, unsaid)) return false;
    cell = reading.cell;
    presence_[record] = static_cast<std::uint8_t>(reading.presence);
    return true;
  }

  bool upper_ends(std::uint32_t row, std::size_t size) {
    if (rows_.kinds[id_] == Kind::choice || (ranges_.empty() && to_.hi.empty())) return true;
    const std::size_t from = to_.hi.size();
    to_.hi.resize(size);
    std::copy(to_.lo.begin() + static_cast<std::ptrdiff_t>(from), to_.lo.end(), to_.hi.begin() + static_cast<std::ptrdiff_t>(from));
    for (const auto& [record, hi] : ranges_) to_.hi[row + record] = hi;
    return true;
  }

  const Schema& schema_;
  const ColumnReader& reader_;
  StagedRegister& rows_;
  ColumnId id_;
  StagedColumn& to_;
  StringPool& strings_;
  Cell absent_;
  std::uint8_t* presence_ = nullptr;
  struct Range { std::uint32_t record; std::int64_t hi; };
  std::vector<Range> ranges_;
  CellSpec::Part ends_[2];
};

class CsvPieces : public PieceReader {
 public:
  CsvPieces(FactBuilder& builder, std::string_view file, EntityId entity, std::vector<ColumnId> columns)
      : builder_(builder), file_(file), entity_(entity), columns_(std::move(columns)) {}

  bool read(std::string_view text, Extent& extent) override {
    builder_.at(file_, 0);
    if (!simdjson::validate_utf8(text.data(), text.size()) || !index_csv(text.data(), text.size(), index_)) return false;
    extent = {index_.line_breaks, 0};
    // Runs of records; a blank line ends one.
    const std::size_t width = columns_.size();
    const std::uint32_t* ends = index_.ends.data();
    std::size_t run = 0;
    std::uint64_t line = 0;
    starts_.clear();
    if (index_.line_breaks == index_.records && width > 1 && regular(text)) {
      for (; line < index_.records; ++line) starts_.push_back(line);
      extent.rows = index_.records;
      return fill(text, 0, index_.records);
    }
    for (std::size_t at = 0; at < index_.fields();) {
      std::size_t n = 1;
      while (text[ends[at + n]] != '\n') ++n;
      const std::uint32_t begin = ends[at] + 1;
      const std::string_view record = text.substr(begin, ends[at + n] - begin);
      if (n == 1 && (record.empty() || record == "\r")) {
        if (!fill(text, run, starts_.size())) return false;
        run = at + 1;
      } else if (n != width) {
        return false;
      } else {
        starts_.push_back(line);
        ++extent.rows;
      }
      line += 1 + (index_.line_breaks == index_.records ? 0 : static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n')));
      at += n;
    }
    return fill(text, run, starts_.size());
  }

 private:
  // Every record has as many fields as there are columns.
  bool regular(std::string_view text) const {
    const std::size_t width = columns_.size();
    if (index_.records * width != index_.fields()) return false;
    for (std::size_t at = width; at < index_.ends.size(); at += width)
      if (text[index_.ends[at]] != '\n') return false;
    return true;
  }

  bool fill(std::string_view text, std::size_t first_field, std::size_t records) {
    if (records == 0) return true;
    const std::uint32_t* ends = index_.ends.data() + first_field;
    std::uint32_t row = 0;
    if (entity_ != none) {
      StagedRegister& rows = builder_.rows(entity_);
      row = rows.rows;
      for (const std::uint64_t line : starts_) rows.add_row(file_, line_number(line));
    }
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const Fields fields(text.data(), ends, columns_.size(), c, records, unquoted_);
      if (columns_[c] == csv_skipped) {
        for (std::size_t r = 0; r < records; ++r) builder_.skip(!fields.raw(r).empty());
        continue;
      }
      const std::vector<ColumnReader>& readers = builder_.readers(entity_);
      ColumnFill column(builder_.schema(), readers[columns_[c]], builder_.rows(entity_), columns_[c], builder_.strings());
      if (!column.fill(fields, row)) return false;
    }
    starts_.clear();
    return true;
  }

  FactBuilder& builder_;
  std::string file_;
  EntityId entity_;
  std::vector<ColumnId> columns_;
  CsvIndex index_;
  std::vector<std::uint64_t> starts_;   // the line of each record of the run
  std::string unquoted_;
};

}  // namespace

CellSpec csv_cell(std::string_view text, bool quoted, Kind kind, CellSpec::Part (&ends)[2]) {
  if (quoted) return CellSpec::bare(text);
  if (text == "null") return CellSpec::null();
  if (has_ends(kind))
    if (const auto dots = text.find(".."); dots != text.npos) {
      auto end = [](std::string_view t) { return CellSpec::Part{t.empty() ? CellSpec::Token::null : CellSpec::Token::bare, t}; };
      ends[0] = end(text.substr(0, dots));
      ends[1] = end(text.substr(dots + 2));
      return CellSpec::in(ends);
    }
  return CellSpec::bare(text);
}

std::unique_ptr<PieceReader> csv_pieces(FactBuilder& builder, std::string_view file, EntityId entity, std::vector<ColumnId> columns) {
  return std::make_unique<CsvPieces>(builder, file, entity, std::move(columns));
}

}  // namespace tiao::facts
