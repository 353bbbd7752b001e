// Where the rows of a register that we do not know may stand: docs/engine-semantics.md, "Rows and membership".
#pragma once

#include "runtime/facts/tables.hpp"

namespace tiao::facts {

/// Is the register not supplied, or marked open for any row?
bool open_anywhere(const FactBase& facts, EntityId entity);

/// May there be rows that we do not know under this parent row? Also where a mark names a row that they link to: their parent may be any.
bool open_under(const FactBase& facts, EntityId child, std::uint32_t parent_row);

/// May there be rows that we do not know whose `link` is this row? None of a mark by another row of that entity, when there is no other link to it.
bool open_by_link(const FactBase& facts, EntityId child, ColumnId link, std::uint32_t row);

}  // namespace tiao::facts
