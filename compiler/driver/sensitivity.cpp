#include "compiler/driver/sensitivity.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "runtime/verdict/writer.hpp"

namespace tiao::driver {
namespace {

using Combination = std::vector<ReadingChoice>;   // the readings changed, by parameter; empty = as chosen

// Fewest changes first, then in order.
struct Simpler {
  bool operator()(const Combination& a, const Combination& b) const { return a.size() != b.size() ? a.size() < b.size() : a < b; }
};

/// A result of one subject, kept once however many combinations give it.
struct Result { std::string text; verdict::Outcome outcome; std::vector<verdict::RemedyEntry> remedies; };

struct Subject {
  std::size_t place = 0;
  std::set<std::uint32_t> readings;                    // relied on in a result seen so far, or changing it
  std::vector<Result> results;
  std::map<Combination, std::size_t, Simpler> seen;    // place in results
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

// --- What differs between two results

// The remedies of one kind on one target, in their order: those of one place are compared with each other.
using Key = std::tuple<RemedyId, program::Modality, EntityId, std::uint32_t, ActorId, std::uint32_t>;
std::map<Key, std::vector<const verdict::RemedyEntry*>> by_kind(const std::vector<verdict::RemedyEntry>& remedies) {
  std::map<Key, std::vector<const verdict::RemedyEntry*>> out;
  for (const verdict::RemedyEntry& e : remedies) out[{e.remedy, e.modality, e.target.entity, e.target.row, e.actor, e.alternative}].push_back(&e);
  return out;
}

using Changes = std::map<std::tuple<RemedyId, program::Modality, EntityId, std::uint32_t>, std::pair<const verdict::RemedyEntry*, std::set<std::string>>>;

void differences(const Schema& schema, const verdict::RemedyEntry* a, const verdict::RemedyEntry* b, std::set<std::string>& out) {
  if (a == nullptr || b == nullptr || a->state != b->state) out.insert("state");
  if (a == nullptr || b == nullptr) return;
  if (a->cites != b->cites) out.insert("cites");
  if (a->has_choice != b->has_choice || (a->has_choice && !(a->choice == b->choice))) out.insert("choice");
  const auto values = [&](const auto& x, const auto& y, auto name) {
    const auto missing = [&](const auto& from, const auto& in) {
      for (const auto& [id, value] : from) {
        const auto other = std::find_if(in.begin(), in.end(), [&, wanted = name(id)](const auto& item) { return name(item.first) == wanted; });
        if (other == in.end() || !(value == other->second)) out.insert(name(id));
      }
    };
    missing(x, y), missing(y, x);
  };
  values(a->params, b->params, [&](std::uint32_t p) { return schema.remedies[a->remedy].params[p].id; });
  values(a->times, b->times, [](const char* time) { return std::string(time); });
}

void compare(const Schema& schema, const Result& a, const Result& b, Changes& changes) {
  const auto of_a = by_kind(a.remedies), of_b = by_kind(b.remedies);
  const auto note = [&](const Key& key, const std::vector<const verdict::RemedyEntry*>* x, const std::vector<const verdict::RemedyEntry*>* y) {
    const std::size_t many = std::max(x ? x->size() : 0, y ? y->size() : 0);
    for (std::size_t i = 0; i < many; ++i) {
      const verdict::RemedyEntry *one = x && i < x->size() ? (*x)[i] : nullptr, *other = y && i < y->size() ? (*y)[i] : nullptr;
      std::set<std::string> found;
      differences(schema, one, other, found);
      if (found.empty()) continue;
      auto& change = changes[{std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key)}];
      change.first = one != nullptr ? one : other;
      change.second.merge(found);
    }
  };
  for (const auto& [key, entries] : of_a) {
    const auto hit = of_b.find(key);
    note(key, &entries, hit == of_b.end() ? nullptr : &hit->second);
  }
  for (const auto& [key, entries] : of_b)
    if (!of_a.contains(key)) note(key, nullptr, &entries);
}

// --- The combinations

class AllReadings {
 public:
  AllReadings(const CompiledAgreement& agreement, Engine& engine, facts::FactBase& facts, std::int64_t as_of, std::optional<std::int64_t> since)
      : agreement_(agreement), engine_(engine), facts_(facts), as_of_(as_of), since_(since), chosen_(facts.parameters) {}

  Status run(const std::vector<std::size_t>& places, std::vector<verdict::Verdict>& verdicts);

 private:
  void find_readings();
  std::vector<std::uint32_t> others(std::uint32_t reading) const;
  void ask_everybody(const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination);
  bool take(std::size_t subject, const Combination& combination, const verdict::WriterContext& context, const verdict::Verdict& verdict);
  void rely(std::size_t subject, const verdict::Verdict& verdict, const Combination& combination);
  void ask(std::size_t subject);
  void extend(std::size_t subject, const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination);
  Status evaluate(const Combination& combination, const std::vector<std::size_t>& wanting);
  void finish(const Subject& subject, verdict::Verdict& verdict) const;
  void judge(const Subject& subject, verdict::ReadingEntry& entry) const;
  verdict::ReadingEntry entry_of(std::uint32_t reading) const;
  const Schema& schema() const { return agreement_.schema(); }

  const CompiledAgreement& agreement_;
  Engine& engine_;
  facts::FactBase& facts_;
  std::int64_t as_of_;
  std::optional<std::int64_t> since_;
  const std::vector<Cell> chosen_;
  std::vector<std::uint32_t> readings_;   // that something in the program depends on
  bool all_ = false;                      // every combination of them is evaluated
  std::vector<Subject> subjects_;
  std::map<Combination, std::vector<std::size_t>, Simpler> waiting_;
};

void AllReadings::find_readings() {
  std::set<std::uint32_t> used;
  for (const core::Expr& e : agreement_.compiled.program.exprs)
    if (e.op == core::Op::parameter && schema().parameters[e.a].is_reading) used.insert(e.a);
  readings_.assign(used.begin(), used.end());
  std::size_t combinations = 1;
  for (const std::uint32_t reading : readings_) combinations = std::min(combinations * (1 + others(reading).size()), most_combinations + 1);
  all_ = combinations <= most_combinations;
}

// The choices that are not the chosen one.
std::vector<std::uint32_t> AllReadings::others(std::uint32_t reading) const {
  std::vector<std::uint32_t> out;
  const std::size_t choices = schema().enums[schema().parameters[reading].type.of].values.size();
  for (std::uint32_t choice = 0; choice < choices; ++choice)
    if (static_cast<std::uint64_t>(chosen_[reading].lo) != std::uint64_t{1} << choice) out.push_back(choice);
  return out;
}

void AllReadings::ask_everybody(const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination) {
  if (readings.size() - at < changes) return;
  if (changes == 0) {
    std::vector<std::size_t>& wanting = waiting_[combination];
    for (std::size_t i = 0; i < subjects_.size(); ++i)
      if (subjects_[i].asked.insert(combination).second) wanting.push_back(i);
    return;
  }
  ask_everybody(readings, at + 1, changes, combination);
  for (const std::uint32_t choice : others(readings[at])) {
    combination.emplace_back(readings[at], choice);
    ask_everybody(readings, at + 1, changes - 1, combination);
    combination.pop_back();
  }
}

// Is it a result that was not seen before?
bool AllReadings::take(std::size_t i, const Combination& combination, const verdict::WriterContext& context, const verdict::Verdict& verdict) {
  Subject& subject = subjects_[i];
  std::string text = result_text(context, verdict);
  const auto known = std::find_if(subject.results.begin(), subject.results.end(), [&](const Result& r) { return r.text == text; });
  subject.seen[combination] = static_cast<std::size_t>(known - subject.results.begin());
  if (known != subject.results.end()) return false;
  subject.results.push_back({std::move(text), verdict.outcome, verdict.remedies});
  return true;
}

void AllReadings::rely(std::size_t i, const verdict::Verdict& verdict, const Combination& combination) {
  Subject& subject = subjects_[i];
  const std::size_t before = subject.readings.size();
  for (const verdict::ReadingEntry& reading : verdict.readings) subject.readings.insert(reading.parameter);
  for (const ReadingChoice& change : combination) subject.readings.insert(change.first);
  if (!all_ && subject.readings.size() != before) ask(i);
}

// Asks for every combination that changes exactly `changes` more of the readings from `at` on.
void AllReadings::extend(std::size_t i, const std::vector<std::uint32_t>& readings, std::size_t at, std::size_t changes, Combination& combination) {
  Subject& subject = subjects_[i];
  if (subject.stopped || readings.size() - at < changes) return;
  if (changes == 0) {
    if (!subject.asked.insert(combination).second) return;
    const auto together = std::count_if(subject.asked.begin(), subject.asked.end(), [](const Combination& c) { return c.size() > 1; });
    if (static_cast<std::size_t>(together) > most_combinations) {
      subject.asked.erase(combination);
      subject.stopped = true;
    } else {
      waiting_[combination].push_back(i);
    }
    return;
  }
  extend(i, readings, at + 1, changes, combination);
  for (const std::uint32_t choice : others(readings[at])) {
    combination.emplace_back(readings[at], choice);
    extend(i, readings, at + 1, changes - 1, combination);
    combination.pop_back();
  }
}

void AllReadings::ask(std::size_t i) {
  const std::vector<std::uint32_t> readings(subjects_[i].readings.begin(), subjects_[i].readings.end());
  Combination combination;
  for (std::size_t changes = 2; changes <= readings.size(); ++changes) extend(i, readings, 0, changes, combination);
}

// What is open may still differ in its branches; readings, which take the longest to find, are looked up for results that are new.
Status AllReadings::evaluate(const Combination& combination, const std::vector<std::size_t>& wanting) {
  facts_.parameters = chosen_;
  apply_readings(schema(), combination, facts_);
  Case other(agreement_, facts_, as_of_, since_);
  if (Status failed = other.evaluate(engine_)) return failed;
  const verdict::WriterContext context = other.context(verdict::Language::en);
  for (const std::size_t i : wanting) {
    verdict::Verdict verdict;
    if (Status failed = other.make(subjects_[i].place, Evidence::open_cases, verdict)) return failed;
    if (!take(i, combination, context, verdict)) continue;
    if (Status failed = other.make(subjects_[i].place, Evidence::everybody, verdict)) return failed;
    subjects_[i].results.back().remedies = verdict.remedies;
    rely(i, verdict, combination);
  }
  return std::nullopt;
}

verdict::ReadingEntry AllReadings::entry_of(std::uint32_t reading) const {
  const Parameter& parameter = schema().parameters[reading];
  const int choice = chosen(facts_, reading);
  return {reading, parameter.id, choice < 0 ? "" : schema().enums[parameter.type.of].values[static_cast<std::size_t>(choice)].id, parameter.node,
          verdict::Sensitivity::not_run, {}};
}

// Combinations that differ in this reading alone are compared.
void AllReadings::judge(const Subject& subject, verdict::ReadingEntry& entry) const {
  std::map<Combination, std::size_t> first_of;
  Changes changes;
  bool differs = false;
  for (const auto& [combination, result] : subject.seen) {
    Combination rest;
    for (const ReadingChoice& change : combination)
      if (change.first != entry.parameter) rest.push_back(change);
    const auto [at, first] = first_of.emplace(rest, result);
    if (first || at->second == result) continue;
    differs = true;
    compare(schema(), subject.results[at->second], subject.results[result], changes);
  }
  entry.sensitive = differs ? verdict::Sensitivity::sensitive : subject.stopped ? verdict::Sensitivity::not_run : verdict::Sensitivity::insensitive;
  for (const auto& [key, change] : changes)
    entry.effects.push_back({change.first->remedy, change.first->modality, change.first->target, {change.second.begin(), change.second.end()}});
}

void AllReadings::finish(const Subject& subject, verdict::Verdict& verdict) const {
  std::set<std::uint32_t> listed;
  for (verdict::ReadingEntry& entry : verdict.readings) {
    judge(subject, entry);
    listed.insert(entry.parameter);
  }
  for (const std::uint32_t reading : readings_) {   // not relied on as things are read, and yet they would change the result
    if (listed.contains(reading)) continue;
    verdict::ReadingEntry entry = entry_of(reading);
    judge(subject, entry);
    if (entry.sensitive == verdict::Sensitivity::sensitive) verdict.readings.push_back(std::move(entry));
  }
  std::sort(verdict.readings.begin(), verdict.readings.end(), [](const auto& a, const auto& b) { return a.parameter < b.parameter; });
  verdict.readings_tried = {static_cast<std::uint32_t>(readings_.size()), static_cast<std::uint32_t>(subject.seen.size()), all_};
  verdict.readings_stopped = subject.stopped;
  std::set<std::size_t> shown;
  for (const auto& [combination, result] : subject.seen) {   // simplest first; the chosen one is the very first
    if (!shown.insert(result).second || combination.empty()) continue;
    verdict::OtherwiseEntry entry;
    for (const auto& [reading, choice] : combination)
      entry.with.emplace_back(schema().parameters[reading].id, schema().enums[schema().parameters[reading].type.of].values[choice].id);
    entry.outcome = subject.results[result].outcome;
    entry.remedies = subject.results[result].remedies;
    verdict.otherwise.push_back(std::move(entry));
  }
}

Status AllReadings::run(const std::vector<std::size_t>& places, std::vector<verdict::Verdict>& verdicts) {
  find_readings();
  subjects_.resize(places.size());
  Case base(agreement_, facts_, as_of_, since_);
  if (Status failed = base.evaluate(engine_)) return failed;
  const verdict::WriterContext context = base.context(verdict::Language::en);
  for (std::size_t i = 0; i < places.size(); ++i) {
    subjects_[i].place = places[i];
    subjects_[i].asked.insert(Combination{});
    take(i, {}, context, verdicts[i]);
    rely(i, verdicts[i], {});
  }
  Combination combination;
  for (std::size_t changes = 1; changes <= (all_ ? readings_.size() : 1); ++changes) ask_everybody(readings_, 0, changes, combination);
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
