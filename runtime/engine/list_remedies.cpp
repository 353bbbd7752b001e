// From planes to rows: the combination of a remedy's grounds, whose states are all there is.
#include "runtime/engine/kernels.hpp"

namespace tiao::engine {

namespace {

void list_remedy(const Schema& schema, RemedyId id, Results& results) {
  const Remedy& remedy = schema.remedies[id];
  const RemedyPlanes planes = std::move(results.planes[id]);
  results.planes[id] = {};
  RemedyInput input;
  input.schema = &schema;
  input.remedy = &remedy;
  input.targets = static_cast<std::uint32_t>(planes.citations[0].state->size());
  input.visible_columns = 0;
  for (const RemedyPlanes::Citation& citation : planes.citations) {
    const RemedyPlanes::Act& act = planes.acts[citation.act];
    GroundInput ground;
    ground.ground = citation.ground;
    ground.modality = act.modality;
    ground.actor = act.actor;
    ground.alternative = act.alternative;
    ground.scope = remedy.target;
    ground.scope_rows = input.targets;
    ground.state.yes = citation.state->first();
    ground.state.no = citation.state->second();
    ground.in_order = true;
    ground.params.resize(remedy.params.size());
    input.grounds.push_back(std::move(ground));
  }
  RemedyResult made = combine_remedy(input);
  results.remedies[id] = std::move(made.table);
  if (remedy.rows == none) return;
  DerivedRows& rows = results.derived[remedy.rows];
  rows.parent.append(made.visible.parent.data(), made.visible.parent.size());
  if (made.visible.membership.empty()) rows.membership.append(made.visible.rows, static_cast<std::int64_t>(Truth::yes));
  else rows.membership.append(made.visible.membership.data(), made.visible.rows);
}

}  // namespace

void list_remedies(const Schema& schema, Results& results) {
  for (RemedyId id = 0; id < results.planes.size(); ++id)
    if (!results.planes[id].empty()) list_remedy(schema, id, results);
}

}  // namespace tiao::engine
