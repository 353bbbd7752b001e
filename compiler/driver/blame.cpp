#include "compiler/driver/blame.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/driver/verdict_parts.hpp"

namespace tiao::driver {
namespace {

// A subject is asked about with so many candidates at most; beyond, sets are found by dropping.
constexpr std::size_t most_for_pairs = 24, most_for_triples = 12;

using Set = std::vector<std::uint32_t>;   // sorted
using Subjects = std::set<std::uint32_t>;

// One part of the verdict on one subject, where it differs.
struct Task {
  std::uint32_t subject = 0;                      // in the report
  std::size_t place = 0;                          // on the later side
  verdict::PortableVerdict before, after;         // the part alone
  std::vector<verdict::Change> changes;
  std::vector<std::optional<Cause>> causes;       // parallel to changes
  std::optional<Blame> blame;
};

// The operations of one part against all subjects in which it differs.
class Blaming {
 public:
  Blaming(DiffSides& sides, const VerdictParts& parts, std::uint32_t part, const std::vector<DiffOperation>& operations, std::vector<Task>& tasks)
      : sides_(sides), parts_(parts), part_(part), operations_(operations), all_(parts.operations(part)), tasks_(tasks), candidates_(tasks.size()) {
    for (std::uint32_t t = 0; t < tasks.size(); ++t) open_.insert(t);
  }

  Status find() {
    if (Status failed = readings_alone()) return failed;
    for (const std::uint32_t k : all_)
      if (Status failed = alone(k)) return failed;
    settle();
    if (Status failed = unite()) return failed;
    for (const std::uint32_t k : all_)
      if (Status failed = left_out(k)) return failed;
    for (const std::size_t size : {std::size_t{2}, std::size_t{3}}) {
      if (Status failed = together(size)) return failed;
      settle();
      if (Status failed = unite()) return failed;
    }
    return open_.empty() ? std::nullopt : drop({{all_, open_}});
  }

 private:
  struct Found { Set wanted, whole; bool several = false; };

  Set with_base(const Set& wanted) const {
    Subjects all(wanted.begin(), wanted.end());
    for (bool more = true; more;) {
      more = false;
      for (const std::uint32_t k : Subjects(all))
        for (const std::uint32_t below : operations_[k].builds_on) more |= all.insert(below).second;
    }
    return {all.begin(), all.end()};
  }
  bool builds_on(std::uint32_t k, std::uint32_t below) const {
    const Set all = with_base({k});
    return std::binary_search(all.begin(), all.end(), below);
  }
  // Without an operation and whatever builds on it.
  Set without(const Set& set, std::uint32_t k) const {
    Set less;
    std::copy_if(set.begin(), set.end(), std::back_inserter(less), [&](const std::uint32_t other) { return !builds_on(other, k); });
    return less;
  }
  // Those of a set that no other of it builds on.
  Set wanted_of(const Set& set) const {
    Set out;
    for (const std::uint32_t k : set)
      if (std::none_of(set.begin(), set.end(), [&](const std::uint32_t other) { return other != k && builds_on(other, k); })) out.push_back(k);
    return out;
  }

  template <class F>
  Status evaluate(const Set& set, F&& about) {
    if (open_.empty()) return std::nullopt;
    Mask mask(operations_.size(), false);
    for (const std::uint32_t k : set) mask[k] = true;
    DiffSides::Evaluated now;
    if (Status failed = sides_.between(mask, now)) return failed;
    about(now);
    return std::nullopt;
  }

  verdict::PortableVerdict said(const DiffSides::Evaluated& now, std::uint32_t t) const {
    return now.portable(parts_.slice(now.made(tasks_[t].place), [&](const std::uint32_t part) { return part == part_; }));
  }

  // What a set does for a subject: to the part as a whole, and to each of its changes.
  bool ask(const DiffSides::Evaluated& now, std::uint32_t t, const Set& wanted, const Set& whole) {
    Task& task = tasks_[t];
    const verdict::PortableVerdict verdict = said(now, t);
    if (verdict == task.after) note(t, wanted, whole);
    if (verdict == task.before) return false;
    const std::vector<verdict::Change> made = verdict::changes(task.before, verdict);
    for (std::size_t i = 0; i < task.changes.size(); ++i)
      if (!task.causes[i] && std::find(made.begin(), made.end(), task.changes[i]) != made.end()) task.causes[i] = wanted;
    return true;
  }

  void note(std::uint32_t s, const Set& wanted, const Set& whole) {
    Found& found = found_[s];
    if (found.whole.empty() || whole.size() < found.whole.size()) found = {wanted, whole, false};
    else if (whole.size() == found.whole.size() && whole != found.whole) found.several = true;
  }

  void settle() {
    for (const auto& [s, found] : found_) close(s, found.whole, found.wanted, Blame::How::smallest, found.several);
    found_.clear();
  }

  void close(std::uint32_t s, const Set& whole, const Set& wanted, Blame::How how, bool several) {
    Blame blame{how, whole, {}, several};
    std::set_difference(whole.begin(), whole.end(), wanted.begin(), wanted.end(), std::back_inserter(blame.built_on));
    tasks_[s].blame = std::move(blame);
    open_.erase(s);
  }

  // Where the two sides also differ by readings, what these do alone is no operation's doing.
  Status readings_alone() {
    return evaluate({}, [&](const DiffSides::Evaluated& now) {
      for (const std::uint32_t s : Subjects(open_)) {
        ask(now, s, {}, {});
        if (said(now, s) == tasks_[s].after) close(s, {}, {}, Blame::How::smallest, false);
      }
      found_.clear();
    });
  }

  Status alone(std::uint32_t k) {
    const Set whole = with_base({k});
    return evaluate(whole, [&](const DiffSides::Evaluated& now) {
      for (const std::uint32_t s : open_)
        if (ask(now, s, {k}, whole)) candidates_[s].insert(k);
    });
  }

  Status left_out(std::uint32_t k) {
    return evaluate(without(all_, k), [&](const DiffSides::Evaluated& now) {
      for (const std::uint32_t s : open_)
        if (said(now, s) != tasks_[s].after) candidates_[s].insert(k);
    });
  }

  // Subjects of whose changes each has its cause: all causes at once, less what turns out not to be needed.
  Status unite() {
    std::map<Set, Subjects> unions;
    for (const std::uint32_t s : open_) {
      Set all;
      const auto& causes = tasks_[s].causes;
      if (!std::all_of(causes.begin(), causes.end(), [](const auto& cause) { return cause.has_value(); })) continue;
      for (const auto& cause : causes) all.insert(all.end(), cause->begin(), cause->end());
      unions[with_base(all)].insert(s);
    }
    std::map<Set, Subjects> right;
    for (const auto& [set, subjects] : unions)
      if (Status failed = evaluate(set, [&](const DiffSides::Evaluated& now) {
            for (const std::uint32_t s : subjects)
              if (said(now, s) == tasks_[s].after) right[set].insert(s);
          }))
        return failed;
    return drop(std::move(right));
  }

  // Every pair or triple that some open subject may turn on.
  Status together(std::size_t size) {
    std::map<Set, Subjects> sets;
    for (const std::uint32_t s : open_) {
      const Set of(candidates_[s].begin(), candidates_[s].end());
      if (of.size() > (size == 2 ? most_for_pairs : most_for_triples)) continue;
      for (std::size_t i = 0; i < of.size(); ++i)
        for (std::size_t j = i + 1; j < of.size(); ++j) {
          if (size == 2) sets[{of[i], of[j]}].insert(s);
          for (std::size_t l = j + 1; size == 3 && l < of.size(); ++l) sets[{of[i], of[j], of[l]}].insert(s);
        }
    }
    for (const auto& [wanted, subjects] : sets) {
      const Set whole = with_base(wanted);
      if (Status failed = evaluate(whole, [&](const DiffSides::Evaluated& now) {
            for (const std::uint32_t s : subjects) ask(now, s, wanted, whole);
          }))
        return failed;
    }
    return std::nullopt;
  }

  // Leaves out one after another what is not missed, until nothing can be. Subjects that have come to the same set share evaluations.
  Status drop(std::map<Set, Subjects> at) {
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = all_.size(); i-- > 0;) {
        const std::uint32_t k = all_[i];
        std::map<Set, Subjects> next;
        for (const auto& [set, subjects] : at) {
          const Set less = without(set, k);
          if (less == set) {
            next[set].insert(subjects.begin(), subjects.end());
            continue;
          }
          if (Status failed = evaluate(less, [&](const DiffSides::Evaluated& now) {
                for (const std::uint32_t s : subjects) {
                  const bool same = said(now, s) == tasks_[s].after;
                  next[same ? less : set].insert(s);
                  more = more || same;
                }
              }))
            return failed;
        }
        at = std::move(next);
      }
    }
    for (const auto& [set, subjects] : at)
      for (const std::uint32_t s : subjects) {
        // No single operation does it, or it would have been found: of two none can be fewer.
        const Set wanted = wanted_of(set);
        close(s, set, wanted, wanted.size() <= 2 ? Blame::How::smallest : Blame::How::irreducible, false);
      }
    return std::nullopt;
  }

  DiffSides& sides_;
  const VerdictParts& parts_;
  std::uint32_t part_;
  const std::vector<DiffOperation>& operations_;
  const Set all_;                                     // operations of the part
  std::vector<Task>& tasks_;
  Subjects open_;                                     // tasks without an answer
  std::vector<std::set<std::uint32_t>> candidates_;   // operations that may matter to a task
  std::map<std::uint32_t, Found> found_;
};

// What was found of the parts, put together for each subject.
class Union {
 public:
  Union(DiffSubject& subject, const std::vector<const Task*>& tasks, verdict::Outcome rest) : subject_(subject), tasks_(tasks), rest_(rest) {}

  void make() {
    subject_.causes.assign(subject_.changes.size(), std::nullopt);
    if (std::all_of(tasks_.begin(), tasks_.end(), [](const Task* t) { return t->blame.has_value(); })) blame();
    for (std::size_t i = 0; i < subject_.changes.size(); ++i) {
      const verdict::Change& change = subject_.changes[i];
      if (change.kind == verdict::Change::Kind::outcome) subject_.causes[i] = of_outcome();
      else if (change.kind == verdict::Change::Kind::basis && change.field == "findings") subject_.causes[i] = of_findings();
      else subject_.causes[i] = of(change);
    }
  }

 private:
  static void add(Set& to, const Set& more) {
    to.insert(to.end(), more.begin(), more.end());
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
  }
  // What gives a part its later outcome; its outcomes differ.
  static std::optional<Cause> turns(const Task& task) {
    for (std::size_t i = 0; i < task.changes.size(); ++i)
      if (task.changes[i].kind == verdict::Change::Kind::outcome) return task.causes[i];
    return std::nullopt;
  }

  // Parts have no operation in common: the smallest sets of all of them together are the smallest of the whole.
  void blame() {
    Blame all;
    for (const Task* task : tasks_) {
      add(all.operations, task->blame->operations);
      add(all.built_on, task->blame->built_on);
      if (task->blame->how != Blame::How::smallest) all.how = task->blame->how;
      all.several = all.several || task->blame->several;
    }
    subject_.blame = std::move(all);
  }

  std::optional<Cause> of(const verdict::Change& change) const {
    for (const Task* task : tasks_)
      for (std::size_t i = 0; i < task->changes.size(); ++i)
        if (task->changes[i] == change) return task->causes[i];
    return std::nullopt;
  }

  // They are told in one list.
  std::optional<Cause> of_findings() const {
    Cause all;
    for (const Task* task : tasks_)
      for (std::size_t i = 0; i < task->changes.size(); ++i) {
        if (task->changes[i].field != "findings") continue;
        if (!task->causes[i]) return std::nullopt;
        add(all, *task->causes[i]);
      }
    return all;
  }

  // The gravest outcome of all parts: those that were graver must change, and one may have to become as grave.
  std::optional<Cause> of_outcome() const {
    const verdict::Outcome target = subject_.after.outcome;
    verdict::Outcome reached = rest_;
    Cause all;
    std::optional<Cause> least;
    for (const Task* task : tasks_) {
      const bool must = task->before.outcome > target;
      reached = std::max(reached, must ? task->after.outcome : task->before.outcome);
      if (task->before.outcome == task->after.outcome) continue;
      const std::optional<Cause> cause = turns(*task);
      if (must && !cause) return std::nullopt;
      if (must) add(all, *cause);
      else if (cause && task->after.outcome == target && (!least || cause->size() < least->size())) least = cause;
    }
    if (reached < target && !least) return std::nullopt;
    if (reached < target) add(all, *least);
    return all;
  }

  DiffSubject& subject_;
  const std::vector<const Task*>& tasks_;
  verdict::Outcome rest_;   // of the parts that do not differ
};

}  // namespace

Status blame(DiffSides& sides, const std::vector<std::size_t>& places, const Progress& progress, DiffReport& report) {
  const VerdictParts parts(sides.both(), sides.switches(), report.operations);
  std::vector<std::vector<Task>> tasks(parts.count());
  std::vector<verdict::Outcome> rest(places.size());
  {
    DiffSides::Evaluated before, after;
    if (Status failed = sides.before(before)) return failed;
    if (Status failed = sides.after(after)) return failed;
    for (std::uint32_t s = 0; s < places.size(); ++s) {
      const verdict::Verdict old_one = before.made(places[s]), new_one = after.made(places[s]);
      std::set<std::uint32_t> differing, there = parts.of(old_one);
      there.merge(parts.of(new_one));
      for (const std::uint32_t part : there) {
        const auto alone = [&](const std::uint32_t of) { return of == part; };
        Task task{s, places[s], before.portable(parts.slice(old_one, alone)), after.portable(parts.slice(new_one, alone)), {}, {}, {}};
        if (task.before == task.after) continue;
        task.changes = verdict::changes(task.before, task.after);
        task.causes.resize(task.changes.size());
        differing.insert(part);
        tasks[part].push_back(std::move(task));
      }
      rest[s] = parts.slice(new_one, [&](const std::uint32_t of) { return differing.count(of) == 0; }).outcome;
    }
  }
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (progress) progress(Stage::evaluating, static_cast<double>(part) / parts.count());
    if (Status failed = Blaming(sides, parts, part, report.operations, tasks[part]).find()) return failed;
  }
  std::vector<std::vector<const Task*>> of_subject(places.size());
  for (const auto& of_part : tasks)
    for (const Task& task : of_part) of_subject[task.subject].push_back(&task);
  for (std::uint32_t s = 0; s < places.size(); ++s) Union(report.differing[s], of_subject[s], rest[s]).make();
  return std::nullopt;
}

}  // namespace tiao::driver
