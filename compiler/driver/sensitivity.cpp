#include "compiler/driver/sensitivity.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/verdict/writer.hpp"

namespace tiao::driver {
namespace {

using Combination = std::vector<ReadingChoice>;   // the readings changed, by parameter; empty = as chosen

// Fewest changes first, then in order.
struct Simpler {
  bool operator()(const Combination& a, const Combination& b) const { return a.size() != b.size() ? a.size() < b.size() : a < b; }
};

struct Seen { std::string result; verdict::Outcome outcome; std::vector<verdict::RemedyEntry> remedies; };

struct Subject {
  std::size_t place = 0;
  std::set<std::uint32_t> readings;                    // relied on, under any combination evaluated so far
  std::map<Combination, Seen, Simpler> seen;
  std::set<Combination, Simpler> asked;
  bool stopped = false;
};

// What makes two results different: outcome and remedies, not what would have to be found out.
std::string result_text(const verdict::WriterContext& context, const verdict::Verdict& verdict) {
  std::string text = name_of(verdict.outcome);
  std::vector<verdict::RemedyEntry> remedies = verdict.remedies;
  for (verdict::RemedyEntry& entry : remedies) entry.needs.clear();
  verdict::JsonText json(text);
  append_remedies(json, context, remedies);
  for (const verdict::HeadEntry& head : verdict.heads) text += context.names.address(head.cite) + name_of(head.state);
  return text;
}

class AllReadings {
 public:
  AllReadings(const CompiledAgreement& agreement, Engine& engine, facts::FactBase& facts, std::int64_t as_of, std::optional<std::int64_t> since)
      : agreement_(agreement), engine_(engine), facts_(facts), as_of_(as_of), since_(since), chosen_(facts.parameters) {}

  Status run(const std::vector<std::size_t>& places, std::vector<verdict::Verdict>& verdicts);

 private:
  void take(std::size_t subject, const Combination& combination, const verdict::WriterContext& context, const verdict::Verdict& verdict);
  void ask(std::size_t subject);
  void extend(std::size_t subject, const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination);
  Status evaluate(const Combination& combination, const std::vector<std::size_t>& wanting);
  verdict::Sensitivity sensitivity(const Subject& subject, std::uint32_t reading) const;
  void finish(const Subject& subject, verdict::Verdict& verdict) const;

  const CompiledAgreement& agreement_;
  Engine& engine_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  std::optional<std::int64_t> since_;
  const std::vector<Cell> chosen_;
  std::vector<Subject> subjects_;
  std::map<Combination, std::vector<std::size_t>, Simpler> waiting_;
};

void AllReadings::take(std::size_t i, const Combination& combination, const verdict::WriterContext& context, const verdict::Verdict& verdict) {
  Subject& subject = subjects_[i];
  subject.seen[combination] = {result_text(context, verdict), verdict.outcome, verdict.remedies};
  const std::size_t before = subject.readings.size();
  for (const verdict::ReadingEntry& reading : verdict.readings) subject.readings.insert(reading.parameter);
  if (subject.readings.size() != before) ask(i);
}

// Asks for every combination that changes exactly `changes` more of the readings from `at` on.
void AllReadings::extend(std::size_t i, const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination) {
  Subject& subject = subjects_[i];
  if (subject.stopped || readings.size() - at < changes) return;
  if (changes == 0) {
    if (!subject.asked.insert(combination).second) return;
    if (subject.asked.size() > most_combinations) {
      subject.asked.erase(combination);
      subject.stopped = true;
    } else {
      waiting_[combination].push_back(i);
    }
    return;
  }
  extend(i, readings, at + 1, changes, combination);
  const std::uint32_t reading = readings[at];
  const auto& values = agreement_.schema().enums[agreement_.schema().parameters[reading].type.of].values;
  for (std::uint32_t choice = 0; choice < values.size(); ++choice) {
    if (static_cast<std::uint64_t>(chosen_[reading].lo) == std::uint64_t{1} << choice) continue;
    combination.emplace_back(reading, choice);
    extend(i, readings, at + 1, changes - 1, combination);
    combination.pop_back();
  }
}

void AllReadings::ask(std::size_t i) {
  const std::vector<std::uint32_t> readings(subjects_[i].readings.begin(), subjects_[i].readings.end());
  Combination combination;
  for (std::size_t changes = 1; changes <= readings.size(); ++changes) extend(i, readings, 0, changes, combination);
}

Status AllReadings::evaluate(const Combination& combination, const std::vector<std::size_t>& wanting) {
  facts_.parameters = chosen_;
  apply_readings(agreement_.schema(), combination, facts_);
  Case other(agreement_, facts_, as_of_, since_);
  if (Status failed = other.evaluate(engine_)) return failed;
  const verdict::WriterContext context = other.context(verdict::Language::en);
  for (const std::size_t i : wanting) {
    verdict::Verdict verdict;
    if (Status failed = other.make(subjects_[i].place, Evidence::everybody, verdict)) return failed;
    take(i, combination, context, verdict);
  }
  return std::nullopt;
}

// Two evaluated combinations that differ in this reading alone and give different results.
verdict::Sensitivity AllReadings::sensitivity(const Subject& subject, std::uint32_t reading) const {
  std::map<Combination, const std::string*> without;
  for (const auto& [combination, seen] : subject.seen) {
    Combination rest;
    for (const ReadingChoice& change : combination)
      if (change.first != reading) rest.push_back(change);
    const auto [at, first] = without.emplace(rest, &seen.result);
    if (!first && *at->second != seen.result) return verdict::Sensitivity::sensitive;
  }
  return subject.stopped ? verdict::Sensitivity::not_run : verdict::Sensitivity::insensitive;
}

void AllReadings::finish(const Subject& subject, verdict::Verdict& verdict) const {
  const Schema& schema = agreement_.schema();
  for (verdict::ReadingEntry& entry : verdict.readings) entry.sensitive = sensitivity(subject, entry.parameter);
  verdict.readings_stopped = subject.stopped;
  std::set<std::string> shown;
  for (const auto& [combination, seen] : subject.seen) {   // simplest first; the chosen one is the very first
    if (!shown.insert(seen.result).second || combination.empty()) continue;
    verdict::OtherwiseEntry entry;
    for (const auto& [reading, choice] : combination)
      entry.with.emplace_back(schema.parameters[reading].id, schema.enums[schema.parameters[reading].type.of].values[choice].id);
    entry.outcome = seen.outcome;
    entry.remedies = seen.remedies;
    verdict.otherwise.push_back(std::move(entry));
  }
}

Status AllReadings::run(const std::vector<std::size_t>& places, std::vector<verdict::Verdict>& verdicts) {
  subjects_.resize(places.size());
  Case base(agreement_, facts_, as_of_, since_);
  if (Status failed = base.evaluate(engine_)) return failed;
  const verdict::WriterContext context = base.context(verdict::Language::en);
  for (std::size_t i = 0; i < places.size(); ++i) {
    subjects_[i].place = places[i];
    subjects_[i].asked.insert(Combination{});
    take(i, {}, context, verdicts[i]);
  }
  Status failed;
  while (!waiting_.empty() && !failed) {
    const auto next = waiting_.extract(waiting_.begin());
    failed = evaluate(next.key(), next.mapped());
  }
  facts_.parameters = chosen_;
  if (failed) return failed;
  for (std::size_t i = 0; i < places.size(); ++i) finish(subjects_[i], verdicts[i]);
  return std::nullopt;
}

}  // namespace

Status run_all_readings(const CompiledAgreement& agreement, Engine& engine, facts::FactBase& facts, std::int64_t as_of,
                        std::optional<std::int64_t> since, const std::vector<std::size_t>& subjects, std::vector<verdict::Verdict>& verdicts) {
  return AllReadings(agreement, engine, facts, as_of, since).run(subjects, verdicts);
}

}  // namespace tiao::driver
