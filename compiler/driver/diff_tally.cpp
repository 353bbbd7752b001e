#include "compiler/driver/diff_tally.hpp"

#include <set>
#include <utility>

namespace tiao::driver {

bool DiffTally::add(std::optional<verdict::PortableVerdict> before, std::optional<verdict::PortableVerdict> after) {
  ++report_.subjects;
  const bool had = before.has_value(), has = after.has_value();
  const auto place = [](const std::optional<verdict::PortableVerdict>& verdict) { return verdict ? static_cast<std::size_t>(verdict->outcome) : DiffReport::absent; };
  ++report_.outcomes[place(before)][place(after)];
  if (!before) before.emplace().subject = after->subject;
  if (!after) after.emplace().subject = before->subject;
  count(*before, &DiffRemedy::before);
  count(*after, &DiffRemedy::after);
  if (*before == *after) return false;
  std::vector<verdict::Change> changed = verdict::changes(*before, *after);
  if (verdict::on_another_basis(changed)) ++report_.another_basis;
  if (had && has && before->outcome != after->outcome) {
    if (after->outcome == verdict::Outcome::decided) ++report_.newly_decided;
    if (before->outcome == verdict::Outcome::decided) ++report_.newly_open;
  }
  report_.differing.push_back({std::move(*before), std::move(*after), std::move(changed), had, has, std::nullopt, {}});
  return true;
}

// By subjects that have the remedy, whatever its modality.
void DiffTally::count(const verdict::PortableVerdict& verdict, std::uint64_t DiffRemedy::*side) {
  std::set<std::string> seen;
  for (const verdict::PortableRemedy& remedy : verdict.remedies)
    if (seen.insert(remedy.remedy).second) ++(remedies_[remedy.remedy].*side);
}

void DiffTally::finish(const std::vector<const Schema*>& schemas) {
  for (const DiffSubject& subject : report_.differing) {
    std::map<std::string, unsigned> what;
    for (const verdict::Change& change : subject.changes) {
      if (change.kind == verdict::Change::Kind::remedy_gained) what[change.name] |= 1;
      if (change.kind == verdict::Change::Kind::remedy_lost) what[change.name] |= 2;
      if (change.kind == verdict::Change::Kind::remedy_changed) what[change.name] |= 4;
    }
    for (const auto& [name, bits] : what) {
      DiffRemedy& of = remedies_[name];
      of.gained += bits & 1, of.lost += bits >> 1 & 1, of.changed += bits >> 2 & 1;
    }
  }
  for (const Schema* schema : schemas)
    for (const Remedy& remedy : schema->remedies) {
      const auto there = remedies_.find(remedy.id);
      if (there == remedies_.end()) continue;
      there->second.remedy = remedy.id, there->second.label = remedy.label, there->second.concept_id = remedy.concept_id;
      report_.remedies.push_back(std::move(there->second));
      remedies_.erase(there);
    }
  // Those that no vocabulary has any longer.
  for (auto& [id, remedy] : remedies_) {
    remedy.remedy = id;
    report_.remedies.push_back(std::move(remedy));
  }
}

void name_things(const std::vector<const Schema*>& schemas, const std::vector<const program::ProgramInfo*>& infos, DiffReport& report) {
  std::map<std::string, std::string> labels, concepts;
  for (auto schema = schemas.rbegin(); schema != schemas.rend(); ++schema) {   // the later text's word goes before
    for (const Remedy& remedy : (*schema)->remedies) labels[remedy.id] = remedy.label, concepts[remedy.id] = remedy.concept_id;
    for (const Entity& entity : (*schema)->entities)
      if (entity.origin == EntityOrigin::register_) labels[entity.id] = entity.label;
    for (const Actor& actor : (*schema)->actors) labels.emplace(actor.id, actor.label);
    for (const auto& report : infos[static_cast<std::size_t>(schemas.rend() - schema) - 1]->reports) labels[report.id] = report.label;
    for (const Remedy& remedy : (*schema)->remedies)
      for (const auto& param : remedy.params) labels.emplace(param.id, param.label);
  }
  report.labels.assign(labels.begin(), labels.end());
  report.concepts_of.assign(concepts.begin(), concepts.end());
}

}  // namespace tiao::driver
