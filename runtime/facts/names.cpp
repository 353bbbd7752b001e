#include "runtime/facts/names.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"

namespace tiao::facts {

std::optional<std::uint32_t> find_parameter(const Schema& schema, std::string_view name, const std::vector<std::string>& others, const Place& place, LoadErrors& errors) {
  std::vector<std::uint32_t> hits, own;
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < schema.parameters.size(); ++i) {
    const Parameter& p = schema.parameters[i];
    names.push_back(p.id);
    names.push_back(p.label);
    const std::string prefix = p.agreement + ".";
    const bool qualified = name.starts_with(prefix) && (name.substr(prefix.size()) == p.id || name.substr(prefix.size()) == p.label);
    if (!qualified && name != p.id && name != p.label) continue;
    hits.push_back(i);
    if (qualified || (!schema.agreements.empty() && p.agreement == schema.agreements[0].name)) own.push_back(i);
  }
  // The one of the agreement being run, where another has a parameter of the same name.
  if (hits.size() > 1 && own.size() == 1) hits = own;
  if (hits.size() == 1) return hits[0];
  if (hits.empty() && std::find(others.begin(), others.end(), name) != others.end()) return none;
  if (hits.empty()) errors.add(ErrorCode::unknown_parameter, place, {excerpt(name)}, nearest(name, names));
  else errors.add(ErrorCode::ambiguous_parameter, place, {excerpt(name)});
  return std::nullopt;
}

bool check_decided(const Schema& schema, const Column& column, const Decided& d, const Place& place, LoadErrors& errors) {
  bool ok = true;
  if (!d.by.empty()) {
    std::vector<std::string_view> names;
    std::uint32_t actor = none;
    for (ActorId a = 0; a < schema.actors.size(); ++a) {
      names.push_back(schema.actors[a].id);
      names.push_back(schema.actors[a].label);
      if (d.by == schema.actors[a].id || d.by == schema.actors[a].label) actor = a;
    }
    if (actor == none) {
      errors.add(ErrorCode::unknown_actor, place, {excerpt(d.by)}, nearest(d.by, names));
      ok = false;
    } else if (!column.by.empty() && std::find(column.by.begin(), column.by.end(), actor) == column.by.end()) {
      errors.add(ErrorCode::wrong_decider, place, {excerpt(d.by)});
      ok = false;
    }
  }
  std::int64_t lo = 0, hi = 0;
  if (!d.on.empty() && (parse_date(d.on, lo, hi) != Parse::ok || lo == never_day)) {
    errors.add(ErrorCode::bad_date, place, {excerpt(d.on)});
    ok = false;
  }
  return ok;
}

}  // namespace tiao::facts
