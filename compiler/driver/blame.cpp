#include "compiler/driver/blame.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tiao::driver {
namespace {

// A subject is asked about with so many candidates at most; beyond, sets are found by dropping.
constexpr std::size_t most_for_pairs = 24, most_for_triples = 12;

using Set = std::vector<std::uint32_t>;   // sorted
using Subjects = std::set<std::uint32_t>;

class Blaming {
 public:
  Blaming(DiffSides& sides, const std::vector<std::size_t>& places, const Progress& progress, DiffReport& report)
      : sides_(sides), places_(places), progress_(progress), report_(report), count_(static_cast<std::uint32_t>(report.operations.size())) {
    for (std::uint32_t s = 0; s < report.differing.size(); ++s) {
      open_.insert(s);
      report.differing[s].causes.resize(report.differing[s].changes.size());
    }
    candidates_.resize(report.differing.size());
  }

  Status find() {
    if (Status failed = readings_alone()) return failed;
    for (std::uint32_t k = 0; k < count_ && !open_.empty(); ++k)
      if (Status failed = alone(k)) return failed;
    settle();
    if (Status failed = unite()) return failed;
    for (std::uint32_t k = 0; k < count_ && !open_.empty(); ++k)
      if (Status failed = left_out(k)) return failed;
    for (const std::size_t size : {std::size_t{2}, std::size_t{3}}) {
      if (Status failed = together(size)) return failed;
      settle();
      if (Status failed = unite()) return failed;
    }
    if (!open_.empty()) {
      Set all(count_);
      for (std::uint32_t k = 0; k < count_; ++k) all[k] = k;
      return drop({{all, open_}});
    }
    return std::nullopt;
  }

 private:
  struct Found { Set wanted, whole; bool several = false; };

  Set with_base(const Set& wanted) const {
    Subjects all(wanted.begin(), wanted.end());
    for (bool more = true; more;) {
      more = false;
      for (const std::uint32_t k : Subjects(all))
        for (const std::uint32_t below : report_.operations[k].builds_on) more |= all.insert(below).second;
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
    Mask mask(count_, false);
    for (const std::uint32_t k : set) mask[k] = true;
    DiffSides::Evaluated now;
    if (Status failed = sides_.between(mask, now)) return failed;
    about(now);
    if (progress_) progress_(Stage::evaluating, 1.0 - static_cast<double>(open_.size()) / static_cast<double>(std::max<std::size_t>(1, report_.differing.size())));
    return std::nullopt;
  }

  // What a set does for a subject: to its verdict as a whole, and to each of its changes.
  bool ask(const DiffSides::Evaluated& now, std::uint32_t s, const Set& wanted, const Set& whole) {
    DiffSubject& subject = report_.differing[s];
    const verdict::PortableVerdict verdict = now.verdict(places_[s]);
    if (verdict == subject.after) note(s, wanted, whole);
    if (verdict == subject.before) return false;
    const std::vector<verdict::Change> made = verdict::changes(subject.before, verdict);
    for (std::size_t i = 0; i < subject.changes.size(); ++i)
      if (!subject.causes[i] && std::find(made.begin(), made.end(), subject.changes[i]) != made.end()) subject.causes[i] = wanted;
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
    report_.differing[s].blame = std::move(blame);
    open_.erase(s);
  }

  // Where the two sides also differ by readings, what these do alone is no operation's doing.
  Status readings_alone() {
    return evaluate({}, [&](const DiffSides::Evaluated& now) {
      for (const std::uint32_t s : Subjects(open_)) {
        ask(now, s, {}, {});
        if (now.verdict(places_[s]) == report_.differing[s].after) close(s, {}, {}, Blame::How::smallest, false);
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
    Set all(count_);
    for (std::uint32_t other = 0; other < count_; ++other) all[other] = other;
    return evaluate(without(all, k), [&](const DiffSides::Evaluated& now) {
      for (const std::uint32_t s : open_)
        if (now.verdict(places_[s]) != report_.differing[s].after) candidates_[s].insert(k);
    });
  }

  // Subjects of whose changes each has its cause: all causes at once, less what turns out not to be needed.
  Status unite() {
    std::map<Set, Subjects> unions;
    for (const std::uint32_t s : open_) {
      Set all;
      const auto& causes = report_.differing[s].causes;
      if (!std::all_of(causes.begin(), causes.end(), [](const auto& cause) { return cause.has_value(); })) continue;
      for (const auto& cause : causes) all.insert(all.end(), cause->begin(), cause->end());
      unions[with_base(all)].insert(s);
    }
    std::map<Set, Subjects> right;
    for (const auto& [set, subjects] : unions)
      if (Status failed = evaluate(set, [&](const DiffSides::Evaluated& now) {
            for (const std::uint32_t s : subjects)
              if (now.verdict(places_[s]) == report_.differing[s].after) right[set].insert(s);
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
      for (std::uint32_t k = count_; k-- > 0;) {
        std::map<Set, Subjects> next;
        for (const auto& [set, subjects] : at) {
          const Set less = without(set, k);
          if (less == set) {
            next[set].insert(subjects.begin(), subjects.end());
            continue;
          }
          if (Status failed = evaluate(less, [&](const DiffSides::Evaluated& now) {
                for (const std::uint32_t s : subjects) {
                  const bool same = now.verdict(places_[s]) == report_.differing[s].after;
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
  const std::vector<std::size_t>& places_;
  const Progress& progress_;
  DiffReport& report_;
  std::uint32_t count_;
  Subjects open_;                                     // without an answer
  std::vector<std::set<std::uint32_t>> candidates_;   // operations that may matter to a subject
  std::map<std::uint32_t, Found> found_;
};

}  // namespace

Status blame(DiffSides& sides, const std::vector<std::size_t>& places, const Progress& progress, DiffReport& report) {
  return Blaming(sides, places, progress, report).find();
}

}  // namespace tiao::driver
