#include "compiler/driver/readings.hpp"

#include <bit>

#include <fmt/format.h>

namespace tiao::driver {
namespace {

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

template <class Item>
bool is_named(const Item& item, const std::string& name) {
  return item.id == name || (!item.label.empty() && item.label == name);
}

template <class Items>
std::string names_of(const Items& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item.id;
  return out;
}

Status resolve_choice(const Schema& schema, std::uint32_t parameter, const std::string& choice, std::vector<ReadingChoice>& out) {
  const auto& values = schema.enums[schema.parameters[parameter].type.of].values;
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (is_named(values[i], choice)) {
      out.emplace_back(parameter, i);
      return std::nullopt;
    }
  return usage(fmt::format("读法“{}”没有“{}”这一选择；可选：{}", schema.parameters[parameter].id, choice, names_of(values)),
               fmt::format("the reading \"{}\" has no choice \"{}\"; there are: {}", schema.parameters[parameter].id, choice, names_of(values)));
}

}  // namespace

Status parse_readings(const std::string& text, ReadingsOption& out) {
  out = {};
  if (text == "all") {
    out.all = true;
    return std::nullopt;
  }
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(',', at);
    if (end == std::string::npos) end = text.size();
    const std::string part = text.substr(at, end - at);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      return usage(fmt::format("读法写成 名称=选择，而不是“{}”", part), fmt::format("a reading is written NAME=CHOICE, not \"{}\"", part));
    out.chosen.emplace_back(trimmed(part.substr(0, equals)), trimmed(part.substr(equals + 1)));
    at = end + 1;
  }
  return std::nullopt;
}

Status resolve_readings(const Schema& schema, const ReadingsOption& option, std::vector<ReadingChoice>& out) {
  for (const auto& [name, choice] : option.chosen) {
    std::uint32_t found = none;
    std::string known;
    for (std::uint32_t i = 0; i < schema.parameters.size(); ++i) {
      if (!schema.parameters[i].is_reading) continue;
      if (is_named(schema.parameters[i], name)) found = i;
      known += (known.empty() ? "" : ", ") + schema.parameters[i].id;
    }
    if (found == none)
      return usage(fmt::format("没有读法“{}”；有：{}", name, known), fmt::format("there is no reading \"{}\"; there are: {}", name, known));
    for (const ReadingChoice& other : out)
      if (other.first == found) return usage(fmt::format("读法“{}”给了两次", name), fmt::format("the reading \"{}\" is given twice", name));
    if (Status failed = resolve_choice(schema, found, choice, out)) return failed;
  }
  return std::nullopt;
}

void apply_readings(const Schema& schema, const std::vector<ReadingChoice>& choices, facts::FactBase& facts) {
  for (std::uint32_t i = 0; i < schema.parameters.size(); ++i) {
    const Parameter& parameter = schema.parameters[i];
    if (parameter.is_reading && facts.parameter_set[i] == 0 && parameter.default_value >= 0)
      facts.parameters[i] = choice_of(std::uint64_t{1} << parameter.default_value);
  }
  for (const auto& [parameter, choice] : choices) facts.parameters[parameter] = choice_of(std::uint64_t{1} << choice);
}

int chosen(const facts::FactBase& facts, std::uint32_t parameter) {
  const auto mask = static_cast<std::uint64_t>(facts.parameters[parameter].lo);
  return std::has_single_bit(mask) ? std::countr_zero(mask) : -1;
}

}  // namespace tiao::driver
