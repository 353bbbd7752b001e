// The twin's evaluation: one pass over the persons with everything of a person at hand, then what needs all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/value/scalar.hpp"
#include "runtime/verdict/results.hpp"
#include "tests/bench/twin.hpp"
#include "tests/bench/twin_tables.hpp"
#include "tests/bench/twin_words.hpp"

namespace tiao::bench {

/// Years and working days by table.
class DayTables {
 public:
  explicit DayTables(const Calendar& calendar);
  std::int64_t year(std::int64_t day) const {
    const std::int64_t at = day - first_;
    return at >= 0 && at < static_cast<std::int64_t>(years_.size()) ? years_[static_cast<std::size_t>(at)] : outside(day);
  }
  /// The n-th working day after; -1 where the calendar does not say.
  std::int64_t working(std::int64_t day, unsigned n) const {
    const std::int64_t at = day - from_;
    if (at < 0 || at >= static_cast<std::int64_t>(upto_.size())) return -1;
    const std::size_t which = upto_[static_cast<std::size_t>(at)] + n - 1;
    return which < working_days_.size() ? working_days_[which] : -1;
  }

 private:
  static std::int64_t outside(std::int64_t day);
  std::int64_t first_ = 0, from_ = 0;
  std::vector<std::int16_t> years_;
  std::vector<std::uint32_t> upto_;             // working days up to and including that day
  std::vector<std::int64_t> working_days_;
};

class Twin {
 public:
  Twin(const TwinTables& tables, std::int64_t as_of, TwinResult& out);
  void run();

 private:
  struct Event { std::int64_t facility, effective, until; int status; };
  struct Entry { std::int64_t day; std::int64_t amount; int credit; };   // credit: 0 an entry, 1 training, 2 activity
  struct Scored { std::int64_t points, first_day; };
  struct Cut { std::int64_t on, months; bool suspended, terminated, counted; };
  struct Span { std::int64_t from, until, months; int status; std::uint32_t order; };
  struct Wait { std::int64_t from, until; };

  // twin_person.cpp: what happened
  void gather_events(std::uint32_t p);
  void standing(std::uint32_t p);
  void circumstances(std::uint32_t p);
  std::uint32_t bands(std::uint32_t p, std::uint32_t i) const;
  bool lent(std::uint32_t i) const;
  void points(std::uint32_t p);
  void groups(std::uint32_t p);
  void incident_checks(std::uint32_t p);
  // twin_course.cpp: what follows
  void repairs(std::uint32_t p);
  void ledger(std::uint32_t p);
  void step(std::uint32_t p, std::int64_t day, std::int64_t opening, std::int64_t balance, std::int64_t entered, std::int64_t largest);
  void spans(std::uint32_t p);
  void fees(std::uint32_t p);
  void appeals(std::uint32_t p);
  void registrations(std::uint32_t p);
  void reports(std::uint32_t p);
  // twin_facility.cpp: what needs everybody
  void degrees();
  void facilities();
  void bulletins();

  static int status_of(std::int64_t mask) { return mask == code::terminated ? 2 : mask == code::suspended ? 1 : 0; }
  int recorded_at(std::int64_t day) const {
    int status = 0;
    for (const Event& e : events_)
      if (e.effective <= day && day < e.until) status = std::max(status, e.status);
    return status;
  }
  int recorded_at(std::uint32_t person, std::int64_t day) const;
  int due_at(std::int64_t day) const {
    int status = 0;
    for (const Span& s : spans_)
      if (s.from <= day && day < s.until) status = std::max(status, s.status);
    return status;
  }
  /// Points that an objection has changed by now.
  bool changed(std::uint32_t appeal) const {
    const AppealTable& a = t_.appeal;
    return a.filed[appeal] <= as_of_ && a.target[appeal] == code::points_result && a.result[appeal] == code::changed && a.resolved[appeal] <= as_of_;
  }
  /// Suspended or ended in the year, while registered there.
  bool out_while_there(std::uint32_t seat) const {
    const RegistrationTable& r = t_.registration;
    const std::int64_t from = std::max(r.from[seat], year_start_), until = std::min(r.to[seat], year_end_);
    bool out = false;
    if (from < until)
      for (const Event& e : events_) out = out || (e.status != 0 && e.effective < until && from < e.until);
    return out;
  }
  /// First event of a status on or after a day; -1: none has been entered.
  std::int64_t entered(int status, std::int64_t day) const {
    std::int64_t first = -1;
    for (const Event& e : events_)
      if (e.status == status && e.effective >= day && (first < 0 || e.effective < first)) first = e.effective;
    return first;
  }
  void fail(const char* what) {
    if (out_.problem.empty()) out_.problem = what;
  }
  void check(unsigned require, std::uint32_t row, bool holds) { out_.violated[require][row] = holds ? 2 : 1; }
  void settle(unsigned duty, std::uint32_t row, bool when, bool done) { settle_if(duty, row, applies_ && in_force_, when, done); }
  void settle_if(unsigned duty, std::uint32_t row, bool applicable, bool when, bool done) {
    out_.duties[duty].state[row] = static_cast<std::uint8_t>(!applicable || !when ? DutyState::not_applicable : done ? DutyState::fulfilled : DutyState::breached);
  }
  void settle_by(unsigned duty, std::uint32_t row, bool applicable, bool when, std::int64_t done, std::int64_t due);

  const TwinTables& t_;
  const std::int64_t as_of_;
  const DayTables days_;
  std::int64_t start_ = 0, end_ = 0, year_start_ = 0, year_end_ = 0;
  bool in_force_ = false;
  TwinResult& out_;

  // of the person at hand
  bool applies_ = false, out_in_year_ = false;
  int recorded_now_ = 0;
  std::vector<Event> events_;
  std::vector<std::int64_t> final_;              // points of incidents, from the first of the person
  std::vector<std::int64_t> brings_;             // what they bring to those of their kind
  std::vector<Entry> entries_;
  std::vector<Scored> scored_;
  std::vector<Cut> cuts_;
  std::vector<Span> spans_;
  std::vector<Wait> waits_;
  bool entered_any_ = false, talk_ = false;
};

}  // namespace tiao::bench
