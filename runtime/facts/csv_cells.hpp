// What a field of CSV says, and the reader of whole pieces.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/builder.hpp"
#include "runtime/facts/pieces.hpp"

namespace tiao::facts {

/// Columns of a header beside those of the register: of another agreement, and not known or given twice.
inline constexpr ColumnId csv_skipped = none, csv_refused = none - 1;

/// A field that is not empty, or quoted. `ends` holds what the cell refers to.
CellSpec csv_cell(std::string_view text, bool quoted, Kind kind, CellSpec::Part (&ends)[2]);

/// Takes pieces in which every record and every cell is right.
std::unique_ptr<PieceReader> csv_pieces(FactBuilder& builder, std::string_view file, EntityId entity, std::vector<ColumnId> columns);

}  // namespace tiao::facts
