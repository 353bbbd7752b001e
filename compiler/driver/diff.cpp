#include "compiler/driver/diff.hpp"

#include <algorithm>
#include <map>

#include "compiler/driver/blame.hpp"
#include "compiler/driver/diff_reasons.hpp"
#include "compiler/driver/diff_sides.hpp"
#include "compiler/driver/diff_tally.hpp"

namespace tiao::driver {
namespace {

constexpr std::size_t told_every = 4096;   // subjects between two calls of progress

class Comparing {
 public:
  Comparing(DiffSides& sides, DiffReport& report, const Progress& progress) : sides_(sides), report_(report), progress_(progress), tally_(report) {}

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
      one(old < old_size ? std::optional(before_.verdict(old)) : std::nullopt, after_.verdict(i), old < old_size ? old : DiffPlaces::none, i);
      if (progress_ && i % told_every == 0) progress_(Stage::writing, static_cast<double>(i) / static_cast<double>(new_size));
    }
    for (const auto& [row, place] : old_places) one(before_.verdict(place), std::nullopt, place, DiffPlaces::none);
    tally_.finish({&after_.agreement->compiled.program.schema, &before_.agreement->compiled.program.schema});
    return std::nullopt;
  }

  const DiffPlaces& places() const { return places_; }
  Status explain(const DiffRequest::Reasons& wanted) { return reasons(sides_, wanted, places_, before_, after_, progress_, report_); }

 private:
  void one(std::optional<verdict::PortableVerdict> before, std::optional<verdict::PortableVerdict> after, std::size_t old_place, std::size_t place) {
    if (!tally_.add(std::move(before), std::move(after))) return;
    places_.before.push_back(old_place);
    places_.after.push_back(place);
  }

  DiffSides& sides_;
  DiffReport& report_;
  const Progress& progress_;
  DiffTally tally_;
  DiffSides::Evaluated before_, after_;
  DiffPlaces places_;
};

}  // namespace

namespace {

const std::string& found_or_itself(const std::vector<std::pair<std::string, std::string>>& list, const std::string& id) {
  const auto there = std::lower_bound(list.begin(), list.end(), id, [](const auto& entry, const std::string& wanted) { return entry.first < wanted; });
  return there != list.end() && there->first == id && !there->second.empty() ? there->second : id;
}

}  // namespace

const std::string& DiffReport::label_of(const std::string& id) const { return found_or_itself(labels, id); }

const std::string& DiffReport::concept_of(const std::string& remedy) const { return found_or_itself(concepts_of, remedy); }

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
    if (request.reasons)
      if (Status failed = comparing.explain(*request.reasons)) return failed;
    if (request.blame)
      if (Status failed = blame(sides, comparing.places().after, progress, report)) return failed;
  }
  report.runs = sides.runs();
  return std::nullopt;
}

}  // namespace tiao::driver
