#include "compiler/driver/diff.hpp"

#include <algorithm>
#include <map>

#include "compiler/driver/blame.hpp"
#include "compiler/driver/diff_sides.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t told_every = 4096;   // subjects between two calls of progress

class Comparing {
 public:
  Comparing(DiffSides& sides, DiffReport& report, const Progress& progress) : sides_(sides), report_(report), progress_(progress) {}

  Status compare() {
    if (Status failed = sides_.before(before_)) return failed;
    if (Status failed = sides_.after(after_)) return failed;
    const std::size_t old_size = before_.assembler->size(), new_size = after_.assembler->size();
    // Both lists are sorted by the order of entities of their text, and then by key.
    std::map<verdict::PortableRow, std::size_t> old_places;
    const bool same_subjects = sides_.one_text();
    for (std::size_t i = 0; !same_subjects && i < old_size; ++i) old_places.emplace(before_.subject(i), i);
    for (std::size_t i = 0; i < new_size; ++i) {
      std::size_t old = i;
      if (!same_subjects) {
        const auto there = old_places.find(after_.subject(i));
        old = there == old_places.end() ? old_size : there->second;
        if (there != old_places.end()) old_places.erase(there);
      }
      one(old < old_size ? before_.verdict(old) : verdict::PortableVerdict{}, after_.verdict(i), old < old_size, true, i);
      if (progress_ && i % told_every == 0) progress_(Stage::writing, static_cast<double>(i) / static_cast<double>(new_size));
    }
    for (const auto& [row, place] : old_places) one(before_.verdict(place), {}, true, false, none);
    count_remedies();
    return std::nullopt;
  }

  const std::vector<std::size_t>& places() const { return places_; }   // on the later side, parallel to report.differing

 private:
  void one(verdict::PortableVerdict before, verdict::PortableVerdict after, bool had, bool has, std::size_t place) {
    ++report_.subjects;
    if (!had) before.subject = after.subject;
    if (!has) after.subject = before.subject;
    count(before, after);
    if (before == after) return;
    std::vector<verdict::Change> changed = verdict::changes(before, after);
    if (verdict::on_another_basis(changed)) ++report_.another_basis;
    if (had && has && before.outcome != after.outcome) {
      if (after.outcome == verdict::Outcome::decided) ++report_.newly_decided;
      if (before.outcome == verdict::Outcome::decided) ++report_.newly_open;
    }
    report_.differing.push_back({std::move(before), std::move(after), std::move(changed), std::nullopt, {}});
    places_.push_back(place);
  }

  // Remedies by subjects that have them, whatever their modality.
  void count(const verdict::PortableVerdict& before, const verdict::PortableVerdict& after) {
    for (const auto* verdict : {&before, &after}) {
      seen_.clear();
      for (const verdict::PortableRemedy& remedy : verdict->remedies)
        if (std::find(seen_.begin(), seen_.end(), remedy.remedy) == seen_.end()) {
          seen_.push_back(remedy.remedy);
          DiffRemedy& of = remedies_[remedy.remedy];
          ++(verdict == &before ? of.before : of.after);
        }
    }
  }

  void count_remedies() {
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
    std::map<std::string, std::string> labels;
    for (const auto* side : {&before_, &after_}) {
      const Schema& schema = side->agreement->schema();
      for (const Remedy& remedy : schema.remedies) labels[remedy.id] = remedy.label;
      for (const Entity& entity : schema.entities)
        if (entity.origin == EntityOrigin::register_) labels[entity.id] = entity.label;
      for (const auto& report : side->agreement->info.reports) labels[report.id] = report.label;
      for (const Remedy& remedy : schema.remedies)
        for (const auto& param : remedy.params) labels.emplace(param.id, param.label);
    }
    report_.labels.assign(labels.begin(), labels.end());
    // In the order in which the later text's vocabulary has them, then those that only the earlier one has.
    for (const auto* side : {&after_, &before_})
      for (const Remedy& remedy : side->agreement->schema().remedies) {
        const auto there = remedies_.find(remedy.id);
        if (there == remedies_.end()) continue;
        there->second.remedy = remedy.id, there->second.label = remedy.label;
        report_.remedies.push_back(std::move(there->second));
        remedies_.erase(there);
      }
  }

  DiffSides& sides_;
  DiffReport& report_;
  const Progress& progress_;
  DiffSides::Evaluated before_, after_;
  std::map<std::string, DiffRemedy> remedies_;
  std::vector<std::string> seen_;
  std::vector<std::size_t> places_;
};

}  // namespace

const std::string& DiffReport::label_of(const std::string& id) const {
  const auto there = std::lower_bound(labels.begin(), labels.end(), id, [](const auto& entry, const std::string& wanted) { return entry.first < wanted; });
  return there != labels.end() && there->first == id && !there->second.empty() ? there->second : id;
}

Status diff(const DiffRequest& request, const Progress& progress, const ShowDiagnostics& show, DiffReport& report) {
  DiffSides sides(request);
  report.as_of = request.as_of;
  if (Status failed = sides.open(progress, show, report)) return failed;
  if (!report.with_verdicts) return std::nullopt;
  if (request.blame && !sides.one_text())
    return usage("--blame 只能用于同一文本的两个状态：NEW 要是 OLD 加上若干补充，或同一文本的另一日期",
                 "--blame takes two states of one text: NEW must be OLD with further supplements, or the same text of another day");
  {
    Comparing comparing(sides, report, progress);
    if (Status failed = comparing.compare()) return failed;
    if (request.blame)
      if (Status failed = blame(sides, comparing.places(), progress, report)) return failed;
  }
  report.runs = sides.runs();
  return std::nullopt;
}

}  // namespace tiao::driver
