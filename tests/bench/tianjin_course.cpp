#include "tests/bench/tianjin_course.hpp"

#include <algorithm>

namespace tiao::bench::tianjin {
namespace {

/// Months of suspension by the highest single entry and by the total; 0: none.
int months_of(int single, int total) {
  const int by_single = single == 9 ? 2 : single == 10 ? 4 : single == 11 ? 6 : 0;
  const int by_total = total == 9 ? 1 : total == 10 ? 3 : total == 11 ? 5 : 0;
  return std::max(by_single, by_total);
}

class Walk {
 public:
  Walk(const World& world, Random& random, const PersonInfo& person, const std::vector<Case>& cases)
      : random_(random), example_(person.number == World::example), complete_(world.options().complete), last_(world.days().last),
        entries_(entries_of(cases, last_)), twelves_(twelves_of(cases, last_)) {}

  Course go() {
    for (const Entry& entry : entries_) {
      credit_until(entry.day);
      enter_year(year_of(entry.day));
      const int opening = total_;
      total_ += entry.entered;
      if (total_ >= 12) end(entry, opening);
      else if (total_ >= 9) suspend(entry);
      repair_after(entry);
    }
    std::stable_sort(course_.events.begin(), course_.events.end(), [](const StatusEvent& a, const StatusEvent& b) { return a.effective < b.effective; });
    return std::move(course_);
  }

 private:
  void enter_year(std::int64_t year) {
    if (year == year_) return;
    year_ = year;
    total_ = granted_training_ = granted_activity_ = 0;
    trained_ = false;
  }

  void credit_until(std::int64_t day) {
    for (; credited_ < course_.repairs.size() && course_.repairs[credited_].approved_on < day; ++credited_) {
      const Repair& r = course_.repairs[credited_];
      enter_year(year_of(r.approved_on));
      if (!r.consented || (r.training && (!r.passed || trained_))) continue;
      int& granted = r.training ? granted_training_ : granted_activity_;
      const int now = std::min(r.points, 3 - granted);
      granted += now;
      total_ = std::max(0, total_ - now);
      trained_ = trained_ || r.training;
    }
  }

  // Back to normal no longer before `day`: another status has been entered meanwhile.
  void call_off_returns(std::int64_t day) {
    std::erase_if(course_.events, [&](const StatusEvent& e) { return e.status == Status::normal && e.effective >= day; });
  }

  std::int64_t entered_after(std::int64_t day) {
    if (complete_) return std::min(day + random_.between(0, 12), last_);
    if (!example_ && random_.chance(70)) return day + random_.between(30, 75);   // late
    return day + random_.between(0, 12);
  }

  void suspend(const Entry& entry) {
    const std::int64_t effective = entered_after(entry.day);
    if (!complete_ && !example_ && random_.chance(40)) return;                                  // never entered
    call_off_returns(effective);
    course_.events.push_back({Status::suspended, effective, "记分达到暂停"});
    const int term = months_of(entry.largest, total_);
    const std::int64_t back = plus_months(effective, term);
    if (random_.chance(600) || example_) {
      Application a;
      a.applied_on = effective + random_.between(2, std::max<std::int64_t>(3, back - effective - 6));
      a.assessed_on = a.applied_on + random_.between(3, 20);
      a.consented = random_.chance(960);
      a.meets = random_.chance(930);
      course_.applications.push_back(a);
    }
    if (!complete_ && random_.chance(50)) return;                                               // stays suspended
    course_.events.push_back({Status::normal, back + (random_.chance(150) ? random_.between(1, 30) : 0), "期满恢复"});
  }

  void end(const Entry& entry, int opening) {
    const std::int64_t effective = entered_after(entry.day);
    if (!complete_ && (random_.chance(30) || (opening >= 12 && random_.chance(500)))) return;
    call_off_returns(effective);
    course_.events.push_back({Status::terminated, effective, "记满十二分"});
    const std::int64_t ban_end = plus_months(effective, entry.largest >= 12 ? 36 : 12);
    if (ban_end > last_ - 5 || !random_.chance(700)) return;
    const std::int64_t back = ban_end + random_.between(1, 40);
    course_.recommitted_on = back - random_.between(1, 20) + (random_.chance(60) ? 30 : 0);
    course_.events.push_back({Status::normal, back, "重新登记备案"});
  }

  bool suspended_on(std::int64_t day) const {
    const StatusEvent* latest = nullptr;
    for (const StatusEvent& e : course_.events)
      if (e.effective <= day && (latest == nullptr || e.effective >= latest->effective)) latest = &e;
    return latest != nullptr && latest->status != Status::normal;
  }

  void repair_after(const Entry& entry) {
    if (!example_ && !random_.chance(total_ >= 6 ? 330 : 120)) return;
    if (example_ && total_ < 9) return;
    Repair r;
    r.training = example_ || random_.chance(550);
    r.approved_on = entry.day + random_.between(example_ ? 14 : 18, example_ ? 24 : 90);
    while (taken(r.approved_on)) ++r.approved_on;
    if (std::any_of(twelves_.begin(), twelves_.end(), [&](std::int64_t day) { return day <= r.approved_on; }) && (complete_ || random_.chance(900))) return;
    r.applied_on = r.approved_on - random_.between(5, 14);
    r.consented = example_ || random_.chance(960);
    r.passed = example_ || random_.chance(930);
    r.points = r.training ? static_cast<int>(random_.between(1, 3)) : 1;
    r.cut = suspended_on(r.approved_on) && (example_ || random_.chance(600));
    const auto at = std::upper_bound(course_.repairs.begin(), course_.repairs.end(), r.approved_on, [](std::int64_t day, const Repair& other) { return day < other.approved_on; });
    course_.repairs.insert(at, r);
  }

  bool taken(std::int64_t day) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.day == day; }) ||
           std::any_of(course_.repairs.begin(), course_.repairs.end(), [&](const Repair& r) { return r.approved_on == day; });
  }

  Random& random_;
  bool example_, complete_;
  std::int64_t last_;
  std::vector<Entry> entries_;
  std::vector<std::int64_t> twelves_;
  Course course_;
  std::size_t credited_ = 0;
  std::int64_t year_ = 0;
  int total_ = 0, granted_training_ = 0, granted_activity_ = 0;
  bool trained_ = false;
};

}  // namespace

bool Course::out_at(std::int64_t day) const {
  Status status = Status::normal;
  for (const StatusEvent& e : events)
    if (e.effective <= day) status = e.status;
  return status != Status::normal;
}

Course follow(const World& world, Random& random, const PersonInfo& person, const std::vector<Case>& cases) {
  return Walk(world, random, person, cases).go();
}

}  // namespace tiao::bench::tianjin
