// The reader of JSON and NDJSON, as its files share it: json.cpp documents, ndjson.cpp lines, json_registers.cpp what a document
// holds, json_cells.cpp single values. It is simdjson's on-demand interface, which hands out numbers as they are written; what
// on-demand leaves unchecked (numbers, literals, values passed over, text behind the document) is checked here.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/facts/formats.hpp"

namespace tiao::facts {

namespace od = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

#define TIAO_TRY(expression) \
  if (const error_code tried = (expression); tried != SUCCESS) return tried

std::string_view trimmed(std::string_view token);
bool at_end(od::document& doc);

/// Calls with the name and the value of each member, until one is in error.
template <class Visit>
error_code each_member(od::object& object, Visit visit) {
  for (auto next : object) {
    od::field field;
    TIAO_TRY(std::move(next).get(field));
    std::string_view name;
    TIAO_TRY(field.unescaped_key().get(name));
    od::value value = field.value();
    TIAO_TRY(visit(name, value));
  }
  return SUCCESS;
}

/// Calls with each element, until one is in error.
template <class Visit>
error_code each_element(od::array& array, Visit visit) {
  for (auto next : array) {
    od::value element;
    TIAO_TRY(next.get(element));
    TIAO_TRY(visit(element));
  }
  return SUCCESS;
}

class JsonReader {
 public:
  JsonReader(FactBuilder& builder, const Source& source, const LoadOptions& options, Progress& progress)
      : builder_(builder), source_(source), options_(options), progress_(progress) {}

  void document();
  void lines();
  /// Rows of a piece, from line 0 on; false at the first that is not right.
  bool piece(std::string_view text, std::uint64_t& lines, std::uint64_t& rows);

 private:
  struct Name { std::string text; ColumnId column; };
  static constexpr ColumnId skipped = none, refused = none - 1;

  // --- json.cpp
  bool slurp(std::vector<char>& bytes, std::size_t& size);
  void lose_row();
  void lose_rest();
  void move_to(const char* at);
  void complain(error_code problem);

  // --- ndjson.cpp
  void begin_rows();
  void one_line(std::string_view line, std::size_t room);
  void too_long();

  // --- json_registers.cpp
  error_code top(od::document& doc);
  error_code registers(od::object& all);
  error_code rows(od::array& all, EntityId entity);
  error_code row(od::object& object);
  error_code column_of(od::field& field, std::size_t& cursor, ColumnId& column);
  ColumnId resolve(EntityId entity, std::string_view name) const;
  error_code parameters(od::object& all);
  error_code entries(od::array& all, Content content);
  void locate(od::value& value);
  static std::string_view shape(od::json_type type);

  // --- json_cells.cpp
  error_code cell(od::value& value, CellSpec& spec, bool& usable, bool inner = false);
  error_code ends(od::value& value, CellSpec& spec, bool& usable);
  error_code text(od::value& value, std::string& out, bool& usable);
  void refuse(ErrorCode code, std::initializer_list<std::string_view> args, bool& usable);
  static error_code pass_over(od::value& value, int depth);
  std::string path() const;

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

}  // namespace tiao::facts
