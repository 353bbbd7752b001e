// Whether what a packed file holds could have been loaded from other facts: nothing in it may lead an engine astray.
#pragma once

#include <cstddef>

#include "runtime/facts/tables.hpp"

namespace tiao::facts {

bool good_texts(const FrozenTexts& texts);
/// Some of good texts: each is found where it stands, so that none stands there twice.
bool good_texts(const FrozenTexts& texts, std::size_t first, std::size_t last);
bool good_parameter(const Schema& schema, const Parameter& parameter, const Cell& cell, std::size_t texts);
/// Of as many values as there are rows: each is one of its type, within its bounds.
bool good_column(const FactBase& facts, EntityId entity, ColumnId column);
/// Of good columns: children stand under their parents.
bool good_table(const FactBase& facts, EntityId entity);

}  // namespace tiao::facts
