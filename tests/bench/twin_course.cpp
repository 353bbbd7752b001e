// What follows from points: repairs, the running total, terms, status, fees, objections.
#include "tests/bench/twin_engine.hpp"

namespace tiao::bench {
namespace {

constexpr bool yes(std::uint8_t flag) { return flag == 1; }
constexpr std::uint8_t given = 2;

std::int64_t plus_months(std::int64_t day, std::int64_t months) {
  return day >= never_day ? day : scalar::shift(known(day), known(scalar::make_duration(months, 0))).lo;
}
std::int64_t minus_months(std::int64_t day, std::int64_t months) {
  return day >= never_day ? day : scalar::shift_back(known(day), known(scalar::make_duration(months, 0))).lo;
}

/// Months by the highest single entry and by the total, the longer of the two.
constexpr std::int64_t term_of(std::int64_t single, std::int64_t total) {
  const std::int64_t one = single == 9 ? 2 : single == 10 ? 4 : single == 11 ? 6 : 0;
  const std::int64_t all = total == 9 ? 1 : total == 10 ? 3 : total == 11 ? 5 : 0;
  return std::max(one, all);
}

}  // namespace

void Twin::repairs(std::uint32_t p) {
  const RepairTable& r = t_.repair;
  cuts_.clear();
  const std::uint32_t first = r.begin(p), last = r.end(p);
  if (first == last) return;
  for (std::uint32_t m = first; m < last; ++m) {
    const std::int64_t on = r.approved[m];
    if (on > as_of_) continue;
    const int status = recorded_at(on);
    bool twelve = false;
    for (const Scored& s : scored_)
      twelve = twelve || (s.points >= 12 && s.first_day <= on && (days_.year(s.first_day) == days_.year(on) || status == 2));
    const bool consented = yes(r.consented[m]);
    std::uint32_t bits = m_here | (consented ? m_paragraph_1 : 0u) | ((r.kind[m] & ~(code::training | code::activity)) == 0 ? m_paragraph_2 : 0u) | (twelve ? m_full_twelve : 0u);
    if (consented && !twelve && r.kind[m] == code::training && yes(r.passed[m]) && !yes(r.short_hours[m])) {
      bool before = false;
      for (std::uint32_t o = first; o < last; ++o)
        before = before || (r.approved[o] <= as_of_ && r.kind[o] == code::training && yes(r.passed[o]) && yes(r.consented[o]) &&
                            days_.year(r.approved[o]) == days_.year(on) && r.approved[o] < on);
      if (!before) bits |= m_training;
    }
    const auto takes_part = [&](std::uint32_t o) {
      return r.kind[o] == code::activity && yes(r.effective[o]) && (r.organised[o] & ~(code::national | code::city)) == 0 && yes(r.consented[o]);
    };
    if (!twelve && takes_part(m)) {
      int before = 0;   // each a point, of three that a year has
      for (std::uint32_t o = first; o < last; ++o)
        if (r.approved[o] < on && takes_part(o) && days_.year(r.approved[o]) == days_.year(on)) {
          if (r.remitted_given[o] != given) return fail("whether an activity has remitted points");
          before += r.remitted[o] > 0 ? 1 : 0;
        }
      if (before < 3) bits |= m_activity;
    }
    if ((bits & (m_training | m_activity)) != 0 && status != 0) bits |= m_shortens;
    out_.repair[m] = bits;
    if (!applies_ || !in_force_) continue;
    TwinRemedy& remit = out_.remedies[r_remit_points];
    TwinRemedy& cut = out_.remedies[r_cut_term];
    if (twelve) {
      for (TwinRemedy* rows : {&remit, &cut}) {
        rows->add(m, 1, rows == &remit ? 4 : 2);
        rows->low.push_back(neg_inf);
        rows->high.push_back(pos_inf);
      }
    }
    if ((bits & (m_training | m_activity)) != 0) {
      remit.add(m, 2, (bits & m_training) != 0 ? 1 : 2);
      remit.low.push_back(1);
      remit.high.push_back((bits & m_training) != 0 ? 3 : 1);
      if (r.remitted_given[m] == given) entries_.push_back({on, r.remitted[m], r.kind[m] == code::training ? 1 : 2});
    }
    if ((bits & m_shortens) != 0) {
      cut.add(m, 2, 1);
      cut.low.push_back(month_unit);
      cut.high.push_back(month_unit);
      if (r.cut_given[m] == given) cuts_.push_back({on, scalar::duration_months(r.cut[m]), status == 1, status == 2, true});
    }
  }
  // One cut for each time that somebody is out.
  for (Cut& c : cuts_) {
    std::int64_t since = -1;
    for (const Event& e : events_)
      if (e.effective <= c.on && e.status != 0) since = std::max(since, e.effective);
    if (since < 0) since = never_day;
    for (const Cut& other : cuts_) c.counted = c.counted && !(other.on < c.on && other.on >= since);
  }
  std::sort(cuts_.begin(), cuts_.end(), [](const Cut& a, const Cut& b) { return a.on < b.on; });
}

void Twin::ledger(std::uint32_t p) {
  spans_.clear();
  waits_.clear();
  entered_any_ = talk_ = false;
  std::int64_t balance = 0, year = 0, granted[3] = {0, 0, 0};
  if (entries_.size() > 1) std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.day < b.day; });
  for (std::size_t at = 0; at < entries_.size();) {
    const std::int64_t day = entries_[at].day;
    if (days_.year(day) != year) {
      year = days_.year(day);
      balance = granted[1] = granted[2] = 0;
    }
    std::int64_t entered = 0, largest = 0, credit[3] = {0, 0, 0};
    for (; at < entries_.size() && entries_[at].day == day; ++at) {
      const Entry& e = entries_[at];
      if (e.credit != 0) {
        credit[e.credit] += e.amount;
      } else {
        entered += e.amount;
        largest = std::max(largest, e.amount);
      }
    }
    std::int64_t off = 0;
    for (const int route : {1, 2}) {
      const std::int64_t now = std::min<std::int64_t>(3, granted[route] + credit[route]) - std::min<std::int64_t>(3, granted[route]);
      granted[route] += credit[route];
      off += now;
    }
    const std::int64_t opening = balance;
    balance = std::max<std::int64_t>(0, opening + entered - off);
    step(p, day, opening, balance, entered, largest);
  }
  out_.total[p] = year == days_.year(as_of_) ? balance : 0;
  if (!applies_ || !in_force_) return;
  if (entered_any_) out_.remedies[r_notify_result].add(p, 0, 1);
  if (talk_)
    for (const unsigned remedy : {r_interview_person, r_circulate, r_list_person}) out_.remedies[remedy].add(p, 0, 1);
}

void Twin::step(std::uint32_t p, std::int64_t day, std::int64_t opening, std::int64_t balance, std::int64_t entered, std::int64_t largest) {
  out_.step_owner.push_back(p);
  out_.day.push_back(day);
  out_.opening.push_back(opening);
  out_.balance.push_back(balance);
  out_.entered.push_back(entered);
  out_.largest.push_back(largest);
  std::uint32_t bits = 0;
  std::uint8_t term_wrong = 2;
  const bool applicable = applies_ && in_force_;
  if (entered > 0) {
    entered_any_ = true;
    bits |= s_head | (balance == 9 || largest == 9 ? s_nine : 0u) | (balance == 10 || largest == 10 ? s_ten : 0u) | (balance == 11 || largest == 11 ? s_eleven : 0u);
    if (opening < 6 && balance >= 6) {
      bits |= s_talk;
      talk_ = true;
    }
    if (balance >= 9 && balance < 12) {
      bits |= s_term;
      const std::int64_t months = term_of(largest, balance);
      const std::int64_t from = this->entered(1, day);
      if (from < 0) return fail("a suspension that is due has not been entered");
      const std::int64_t until = plus_months(from, months);
      if (days_.year(until - 1) > days_.year(from)) bits |= s_over_year;
      if (applicable) {
        out_.remedies[r_suspend].add(p, 0, 1, from, until, scalar::make_duration(months, 0), 0);
        spans_.push_back({from, until, months, 1, static_cast<std::uint32_t>(spans_.size())});
        if (months < 1 || months > 6) term_wrong = 1;
      }
      std::int64_t back = never_day;
      const ApplicationTable& a = t_.application;
      for (std::uint32_t x = a.begin(p); x < a.end(p); ++x)
        if (a.applied[x] <= as_of_ && yes(a.consented[x]) && yes(a.meets[x]) && a.applied[x] >= from && a.applied[x] < until) back = std::min(back, a.assessed[x]);
      waits_.push_back({from, back});
    } else if (balance >= 12) {
      bits |= s_end;
      const std::int64_t from = this->entered(2, day);
      if (from < 0) return fail("an end that is due has not been entered");
      std::int64_t cut = 0;
      for (const Cut& c : cuts_) cut = cut != 0 || (c.terminated && c.on >= from) ? 1 : 0;
      const std::int64_t barred = largest >= 12 ? 36 : 12;
      const std::int64_t ban_end = minus_months(plus_months(from, barred), cut);
      std::int64_t back = this->entered(0, ban_end);
      if (back < 0) back = never_day;
      const std::int64_t again = t_.person.recommitted[p];
      const bool may_return = again >= from && again <= as_of_ && as_of_ >= ban_end;
      if (may_return) bits |= s_back;
      if (applicable) {
        out_.remedies[r_end].add(p, 0, 1, from, back, 0, scalar::make_duration(barred, 0));
        spans_.push_back({from, back, 0, 2, static_cast<std::uint32_t>(spans_.size())});
        TwinRemedy& rows = out_.remedies[r_reregister];
        if (may_return) rows.add(p, 2, 1, ban_end, unstated_day, 0, 0);
        rows.add(p, 1, 2, from, ban_end, 0, 0);
      }
    }
  }
  out_.step.push_back(bits);
  out_.violated[q_31_2].push_back(term_wrong);
}

// The due status: spans that may overlap, shortened by what was cut while they ran.
void Twin::spans(std::uint32_t p) {
  if (!spans_.empty()) {
    std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) {
      return a.status != b.status ? a.status < b.status : a.from != b.from ? a.from < b.from : a.order < b.order;
    });
    for (const Cut& c : cuts_) {
      if (!c.suspended || !c.counted) continue;
      for (Span& s : spans_) {
        if (c.on < s.from || c.on >= s.until) continue;
        if (s.months != 0 && s.until == plus_months(s.from, s.months)) {
          s.months -= c.months;
          s.until = std::max(s.from, plus_months(s.from, s.months));
        } else {
          s.until = std::max(s.from, minus_months(s.until, c.months));
        }
      }
    }
    bool returns = false;
    const ApplicationTable& a = t_.application;
    for (const Span& s : spans_) {
      bool back = false;
      if (s.status == 1 && s.until <= as_of_ && due_at(s.until) == 0)
        for (std::uint32_t x = a.begin(p); x < a.end(p); ++x)
          back = back || (a.applied[x] <= as_of_ && a.applied[x] >= s.from && a.applied[x] < s.until && yes(a.consented[x]) && yes(a.meets[x]) && a.assessed[x] <= as_of_);
      out_.span_owner.push_back(p);
      out_.span.push_back(back ? t_returns : 0u);
      returns = returns || back;
    }
    if (returns) out_.remedies[r_restore].add(p, 0, 1);
  }
  const int due = due_at(as_of_);
  out_.due[p] = static_cast<std::uint8_t>(1 << due);
  out_.recorded[p] = static_cast<std::uint8_t>(1 << recorded_now_);
  if (applies_ && in_force_) check(q_22_2, p, due == recorded_now_);
}

void Twin::fees(std::uint32_t p) {
  const FeeTable& f = t_.fee;
  for (std::uint32_t x = f.begin(p); x < f.end(p); ++x) {
    const std::int64_t day = f.service[x];
    if (day > as_of_) continue;
    const int due = due_at(day);
    bool waiting = false;
    for (const Wait& w : waits_) waiting = waiting || (w.from <= day && day < w.until);
    const bool urgent = (f.emergency[x] & ~(code::emergency_visit | code::rescue | code::first_aid | code::similar)) == 0;
    const bool suspended = due == 1 || waiting, ended = due == 2;
    const std::uint32_t bits = (!suspended && !ended ? f_paid : 0u) | (suspended && !ended && !urgent ? f_suspended : 0u) | (ended ? f_ended : 0u) |
                               (suspended && !urgent ? f_in_term : 0u);
    out_.fee[x] = bits | f_here;
    if (applies_ && in_force_ && (bits & (f_suspended | f_ended | f_in_term)) != 0) out_.remedies[r_settle_fee].add(x, 1, bits >> 1);
  }
}

void Twin::appeals(std::uint32_t p) {
  const AppealTable& a = t_.appeal;
  const bool applicable = applies_ && in_force_;
  for (std::uint32_t x = a.begin(p); x < a.end(p); ++x) {
    if (a.filed[x] > as_of_) continue;
    const IncidentTable& t = t_.incident;
    std::int64_t notified = -1;
    for (std::uint32_t i = t.begin(p); i < t.end(p); ++i)
      if (t.decision[i] <= as_of_ && t.key[i] == a.about[x] && (notified < 0 || t.notified[i] < notified)) notified = t.notified[i];
    const bool formal = yes(a.signed_[x]) && yes(a.sealed[x]);
    if (notified < 0 && formal) return fail("an appeal against an incident that is not there");
    const bool timely = a.filed[x] <= (notified >= never_day ? notified : notified + 15);
    const std::uint32_t bits = (timely && formal ? a_filed : 0u) |
                               (a.result[x] == code::changed && a.target[x] == code::points_result && a.resolved[x] <= as_of_ ? a_changed : 0u) |
                               (a.result[x] == code::upheld && a.resolved[x] <= as_of_ ? a_upheld : 0u);
    out_.appeal[x] = bits | a_here;
    settle(d_34_3a, x, (bits & a_filed) != 0, yes(a.explained[x]));
    settle(d_34_3b, x, (bits & a_filed) != 0 && yes(a.disputed[x]), yes(a.reviewed[x]));
    if (!applicable) continue;
    if ((bits & a_filed) != 0) out_.remedies[r_accept_appeal].add(x, 0, 1);
    if ((bits & a_upheld) != 0) out_.remedies[r_give_reasons].add(x, 0, 1);
    if ((bits & a_changed) != 0) {
      TwinRemedy& rows = out_.remedies[r_adjust_result];
      rows.add(x, 0, 1);
      rows.low.push_back(a.points[x]);
      rows.high.push_back(a.points[x]);
    }
  }
  const ApplicationTable& r = t_.application;
  for (std::uint32_t x = r.begin(p); x < r.end(p); ++x) {
    if (r.applied[x] > as_of_) continue;
    settle_by(d_36_2, x, applicable, true, r.told[x], r.applied[x] + 10);
    if (applicable) check(q_36_1, x, due_at(r.applied[x]) != 0 && yes(r.consented[x]));
  }
}

void Twin::registrations(std::uint32_t p) {
  const RegistrationTable& r = t_.registration;
  const StatusTable& s = t_.status;
  const bool applicable = applies_ && in_force_;
  const std::uint32_t first = r.begin(p), last = r.end(p);
  const std::int64_t committed = t_.person.commitment[p];
  for (std::uint32_t seat = first; seat < last; ++seat) {
    if (r.from[seat] > as_of_) continue;
    const std::int64_t f = r.facility[seat], signed_on = t_.facility.signed_on[f];
    settle_by(d_14_1, seat, applicable, r.from[seat] <= signed_on && r.to[seat] > signed_on, committed, days_.working(signed_on, 5));
    settle(d_14_new, seat, r.from[seat] > signed_on, committed <= as_of_);
    if (out_in_year_ && out_while_there(seat)) {
      bool counted = false;
      for (std::uint32_t o = first; o < seat; ++o) counted = counted || (r.facility[o] == f && r.from[o] <= as_of_ && out_while_there(o));
      if (!counted) ++out_.out_heads[static_cast<std::size_t>(f)];
    }
    if (yes(t_.person.late_notice[p])) out_.facility[static_cast<std::size_t>(f)] |= h_untold;
    if (!applicable) continue;
    bool whole = true, other_status = false;
    for (const Flags has : r.has) whole = whole && yes(has[seat]);
    for (std::uint32_t e = s.begin(p); e < s.end(p); ++e)
      other_status = other_status || (s.effective[e] <= as_of_ && s.effective[e] == r.registered[seat] && s.facility[e] == f && s.status[e] != code::normal);
    check(q_17, seat, whole);
    check(q_18a, seat, committed <= r.registered[seat]);
    check(q_18b, seat, r.code[seat] != t_.empty_text);
    check(q_22_1, seat, !other_status);
  }
  if (applicable)
    for (std::uint32_t e = s.begin(p); e < s.end(p); ++e) {
      if (s.effective[e] > as_of_ || s.status[e] != code::normal) continue;
      bool after_end = false;
      for (const Event& other : events_) after_end = after_end || (other.status == 2 && other.effective < s.effective[e]);
      if (after_end) check(q_36_2, e, t_.person.recommitted[p] <= s.effective[e]);
    }
  const bool doctor = t_.person.person_class[p] == code::medical;
  for (std::uint32_t x = t_.site.begin(p); x < t_.site.end(p); ++x) {
    if (t_.site.started[x] > as_of_) continue;
    bool registered = false, in_time = false;
    for (std::uint32_t seat = first; seat < last; ++seat)
      if (r.from[seat] <= as_of_ && r.facility[seat] == t_.site.facility[x]) {
        registered = true;
        in_time = in_time || r.registered[seat] >= t_.site.started[x];
      }
    settle(d_19_1, x, doctor && yes(t_.person.multi_site[p]), registered);
    settle(d_19_2, x, doctor, in_time);
  }
  for (std::uint32_t x = t_.departure.begin(p); x < t_.departure.end(p); ++x) {
    if (t_.departure.left[x] > as_of_) continue;
    const std::int64_t due = days_.working(t_.departure.left[x], 10);
    settle_by(d_20, x, applicable, true, t_.departure.updated[x], due);
    if (t_.departure.updated[x] > due && as_of_ > due) out_.facility[static_cast<std::size_t>(t_.departure.facility[x])] |= h_late;
  }
}

void Twin::reports(std::uint32_t p) {
  const IncidentTable& t = t_.incident;
  std::int64_t sites = 0, pharmacies = 0;
  const std::uint32_t first = t.begin(p), last = t.end(p);
  for (std::uint32_t i = first; i < last; ++i) {
    if ((out_.incident[i] & i_scored) == 0) continue;
    bool seen = false;
    for (std::uint32_t j = first; j < i && !seen; ++j) seen = t.facility[j] == t.facility[i] && (out_.incident[j] & i_scored) != 0;
    if (seen) continue;
    ++sites;
    pharmacies += t_.facility.kind[t.facility[i]] == code::pharmacy ? 1 : 0;
  }
  out_.sites[p] = sites;
  out_.pharmacies[p] = pharmacies;
}

}  // namespace tiao::bench
