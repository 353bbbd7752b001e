// Where all facts come in, whatever they are read from: files, scenarios, an embedding program. Every check of names, values
// and references lives here, so that one form of facts cannot let pass what another refuses.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/errors.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::facts {

class ColumnReader;
struct StagedRegister;

// One cell as it was written. Nothing is copied: the texts must live until the call returns.
struct CellSpec {
  // bare: from CSV, where a number, a truth value and a text look alike.
  enum class Token : std::uint8_t { null, string, number, boolean, bare };
  struct Part { Token token = Token::null; std::string_view text; };

  enum class Form : std::uint8_t {
    plain,  // `part`
    in,     // `parts`: two ends, inclusive (null: no bound); for an enum the values still possible
    typed,  // `cell`: already a value of the column's type; not for text and refs
  };
  Form form = Form::plain;
  Part part;
  std::span<const Part> parts;
  Cell cell;
  const Decided* decided = nullptr;  // judgments only

  static CellSpec null() { return {}; }
  static CellSpec string(std::string_view text) { return plain(Token::string, text); }
  static CellSpec number(std::string_view text) { return plain(Token::number, text); }
  static CellSpec boolean(bool value) { return plain(Token::boolean, value ? "true" : "false"); }
  static CellSpec bare(std::string_view text) { return plain(Token::bare, text); }
  static CellSpec in(std::span<const Part> parts) {
    CellSpec s;
    s.form = Form::in;
    s.parts = parts;
    return s;
  }
  static CellSpec typed(Cell cell) {
    CellSpec s;
    s.form = Form::typed;
    s.cell = cell;
    return s;
  }
  static CellSpec plain(Token token, std::string_view text) {
    CellSpec s;
    s.part = {token, text};
    return s;
  }
};

// What is known of a value of this type when nothing is said: its declared range, all values of its enum, unknown.
Cell unknown_cell(const Schema& schema, const Type& type, std::int64_t range_lo = neg_inf, std::int64_t range_hi = pos_inf);

// Add rows in any order of registers, then finish() once. Rows are numbered from 0 within their register in the order in which
// they are added; keys are resolved at the end, so that a parent may come after its children.
class FactBuilder {
 public:
  FactBuilder(const Schema& schema, LoadErrors& errors);
  ~FactBuilder();
  // Rows that are read apart and appended later: the same names, a count of rows, lines and skipped cells of its own. With
  // `own_texts` another thread may fill it; without, texts are kept by `whole` at once.
  FactBuilder(FactBuilder& whole, LoadErrors& errors, bool own_texts);
  FactBuilder(const FactBuilder&) = delete;
  FactBuilder& operator=(const FactBuilder&) = delete;

  // Names, by identifier or label. The parent column also answers to the id and label of the parent entity.
  std::optional<EntityId> entity(std::string_view name) const;
  std::optional<ColumnId> column(EntityId entity, std::string_view name) const;
  // Only another agreement declares it: skipped, and counted by skip(). An empty column asks for the register.
  bool foreign(std::string_view entity, std::string_view column) const;
  void skip(std::uint64_t cells = 1);

  // Where what follows comes from, for messages.
  void at(std::string_view file, std::uint64_t line);

  // Parameters of these names are passed over and counted as skipped, unless the schema has them.
  void pass_over_parameters(std::vector<std::string> names);
  // The register is closed: it is supplied with the facts, even if without a row. add_row does not imply it; loaders call it
  // for every table, scenarios call close_all().
  void supply(EntityId entity);
  void close_all();
  // `open`: the register may hold rows we do not know; for one row of its parent (or of an ancestor, or of a register it refers
  // to), or with an empty key for all. `of` may be qualified: practitioner:P1.
  void open(EntityId entity, std::string_view of);

  std::uint32_t add_row(EntityId entity);
  // What could not be read and was reported; what follows from it, such as references to it, is not reported as well.
  // A row, which takes its number; the rest of a row; rows nobody can count; a cell.
  std::uint32_t lose_row(EntityId entity);
  void lose_row(EntityId entity, std::uint32_t row);
  void lose_rest(EntityId entity);
  void spoil(EntityId entity, std::uint32_t row, ColumnId column);
  // Takes over the rows of a part, behind those that are here; its lines follow `lines_before`. The part is empty afterwards.
  void append(FactBuilder& part, EntityId entity, std::uint64_t lines_before);
  // For readers of whole columns, which check cells as set() does.
  StagedRegister& rows(EntityId entity);
  const std::vector<ColumnReader>& readers(EntityId entity);
  StringPool& strings();
  // Expects that many rows: an allowance, not a limit.
  void reserve(EntityId entity, std::uint32_t rows);
  // False: reported. A cell that is never set is absent. Key, parent and links are set like other columns, by key.
  bool set(EntityId entity, std::uint32_t row, ColumnId column, const CellSpec& cell);
  bool set(EntityId entity, std::uint32_t row, std::string_view column, const CellSpec& cell);
  bool set_parent(EntityId entity, std::uint32_t row, std::string_view key);

  // By id or label, or AGREEMENT.ID where two agreements share the name.
  bool set_parameter(std::string_view name, const CellSpec& value);
  bool set_parameter(std::uint32_t parameter, const CellSpec& value);
  // A finding under an item whose text is not supplied: it holds for the row. `of`: the key of a row of the register that the item
  // is about, or qualified.
  void holds(std::string_view address, std::string_view of);

  void report(ErrorCode code, std::initializer_list<std::string_view> args, std::string path = {}, std::string hint = {});
  void report_unknown_entity(std::string_view name, std::string path = {});
  void report_unknown_column(EntityId entity, std::string_view name, std::string path = {});
  LoadErrors& errors();
  const Schema& schema() const;

  // Resolves references, sorts (roots by key bytes, children under their parent by key bytes), fills what follows from the
  // rest. False, and `out` untouched, if anything was wrong since the builder was made.
  bool finish(FactBase& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tiao::facts
