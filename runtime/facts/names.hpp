// What is looked up by name wherever facts come from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/facts/errors.hpp"
#include "runtime/facts/tables.hpp"

namespace tiao::facts {

/// A parameter by id, label or AGREEMENT.ID. `none`: only another text has one of `others`. Nothing: reported.
std::optional<std::uint32_t> find_parameter(const Schema& schema, std::string_view name, const std::vector<std::string>& others, const Place& place, LoadErrors& errors);

/// Is this somebody who may decide so, and a day? False: reported.
bool check_decided(const Schema& schema, const Column& column, const Decided& decided, const Place& place, LoadErrors& errors);

}  // namespace tiao::facts
