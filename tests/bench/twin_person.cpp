// What a person did: standing under the rules, circumstances, points.
#include "tests/bench/twin_engine.hpp"

namespace tiao::bench {
namespace {

constexpr bool yes(std::uint8_t flag) { return flag == 1; }

}  // namespace

void Twin::gather_events(std::uint32_t p) {
  events_.clear();
  const StatusTable& s = t_.status;
  for (std::uint32_t e = s.begin(p); e < s.end(p); ++e) {
    if (s.effective[e] > as_of_) continue;
    std::int64_t until = never_day;
    for (std::uint32_t other = s.begin(p); other < s.end(p); ++other)
      if (s.facility[other] == s.facility[e] && s.effective[other] > s.effective[e] && s.effective[other] <= as_of_) until = std::min(until, s.effective[other]);
    events_.push_back({s.facility[e], s.effective[e], until, status_of(s.status[e])});
  }
}

int Twin::recorded_at(std::uint32_t person, std::int64_t day) const {
  const StatusTable& s = t_.status;
  int status = 0;
  for (std::uint32_t e = s.begin(person); e < s.end(person); ++e) {
    if (s.effective[e] > day || s.effective[e] > as_of_ || status_of(s.status[e]) <= status) continue;
    bool ended = false;
    for (std::uint32_t other = s.begin(person); other < s.end(person) && !ended; ++other)
      ended = s.facility[other] == s.facility[e] && s.effective[other] > s.effective[e] && s.effective[other] <= day && s.effective[other] <= as_of_;
    if (!ended) status = status_of(s.status[e]);
  }
  return status;
}

void Twin::standing(std::uint32_t p) {
  const RegistrationTable& r = t_.registration;
  bool hospital = false, pharmacy = false, query = true;
  for (std::uint32_t seat = r.begin(p); seat < r.end(p); ++seat) {
    if (r.from[seat] > as_of_) continue;
    const auto f = static_cast<std::size_t>(r.facility[seat]);
    hospital = hospital || t_.facility.kind[f] == code::hospital;
    pharmacy = pharmacy || t_.facility.kind[f] == code::pharmacy;
    query = query && yes(t_.facility.query[f]);
  }
  const std::int64_t c = t_.person.person_class[p];
  const bool at_hospital = hospital && (((c & (code::medical | code::pharmaceutical | code::nursing | code::technical)) != 0 && yes(t_.person.provides[p])) || c == code::reviewer);
  const bool at_pharmacy = pharmacy && (yes(t_.person.named[p]) || yes(t_.person.responsible[p]));
  applies_ = at_hospital || at_pharmacy;

  out_in_year_ = false;
  for (const Event& e : events_) out_in_year_ = out_in_year_ || (e.status != 0 && e.effective < year_end_ && year_start_ < e.until);
  recorded_now_ = recorded_at(as_of_);

  std::uint32_t bits = (at_hospital ? p_hospital : 0u) | (at_pharmacy ? p_pharmacy : 0u) | (recorded_now_ != 0 ? p_practises : 0u) | (applies_ ? p_applies : 0u);
  out_.person[p] = bits;
  const bool applicable = applies_ && in_force_;
  if (applicable && recorded_now_ != 0) out_.remedies[r_restrict].add(p, 1, 1);
  settle(d_23_2, p, recorded_now_ != 0, yes(t_.person.marked[p]) && yes(t_.person.handed_over[p]));
  settle(d_32_1, p, true, query);
  settle(d_32_2, p, recorded_now_ != 0, yes(t_.person.marked[p]));
  bool topics = true;
  for (const Flags topic : t_.person.topics) topics = topics && yes(topic[p]);
  if (applicable) check(q_15, p, t_.person.commitment[p] > as_of_ || topics);
}

bool Twin::lent(std::uint32_t i) const {
  const IncidentTable& t = t_.incident;
  if (!yes(t.lent[i])) return false;
  if (yes(t.unlisted[i])) return true;
  for (std::uint32_t l = t_.loan.begin(i); l < t_.loan.end(i); ++l) {
    const auto who = static_cast<std::uint32_t>(t_.loan.beneficiary[l]);
    if (recorded_at(who, t.behaviour_date[i]) != 0) return true;
    bool registered = false;
    const RegistrationTable& r = t_.registration;
    for (std::uint32_t seat = r.begin(who); seat < r.end(who) && !registered; ++seat)
      registered = r.from[seat] <= as_of_ && r.from[seat] <= t.behaviour_date[i] && r.to[seat] > t.behaviour_date[i];
    if (!registered) return true;
  }
  return false;
}

std::uint32_t Twin::bands(std::uint32_t p, std::uint32_t i) const {
  const IncidentTable& t = t_.incident;
  const auto f = static_cast<std::size_t>(t.facility[i]);
  const std::int64_t kind = t.kind[i], basis = t.basis[i], target = t.target[i];
  const bool responsible = yes(t.responsible[i]);
  std::uint32_t bits = 0;
  if (kind == code::agreement_decision) {
    const std::int64_t place = t_.facility.kind[f];
    if (target == code::institution && responsible &&
        ((place == code::hospital && basis == code::order_2) || (place == code::pharmacy && basis == code::order_3)))
      bits |= i_26_1;
  } else if (kind == code::penalty) {
    if ((target & ~(code::institution | code::department)) == 0 && responsible) {
      if ((basis & ~(code::regulation_38 | code::regulation_39)) == 0) bits |= i_27_1;
      if (basis == code::regulation_40) bits |= i_29_1;
    }
  } else if (kind == code::notice) {
    if (t_.facility.ownership[f] == code::public_ && t_.facility.kind[f] == code::hospital && t.used[i] > t.limit[i] && !yes(t.reason[i])) bits |= i_26_2;
  } else if (kind == code::sector_decision) {
    const std::int64_t action = t.action[i];
    if (action == code::dealt_with && t_.person.person_class[p] == code::medical && (yes(t.place[i]) || yes(t.category[i]) || yes(t.scope[i]))) bits |= i_27_2;
    if ((action & ~(code::revoked | code::withdrawn)) == 0 || (action == code::deregistered && yes(t.fault[i]))) bits |= i_29_2;
  }
  if (yes(t.fits_1_3[i])) bits |= i_26_3;
  if (yes(t.fits_4_6[i])) bits |= i_27_3;
  if (yes(t.fits_7_9[i])) bits |= i_28_3;
  if (yes(t.fits_10_12[i])) bits |= i_29_3;
  if (lent(i)) bits |= i_28_1;
  if ((bits & (i_26_1 | i_26_2 | i_26_3)) != 0) bits |= i_26;
  if ((bits & (i_27_1 | i_27_2 | i_27_3)) != 0) bits |= i_27;
  if ((bits & (i_29_1 | i_29_2 | i_29_3)) != 0) bits |= i_29;
  if (responsible && (kind & ~(code::penalty | code::agreement_decision)) == 0) bits |= i_12;
  return bits;
}

void Twin::circumstances(std::uint32_t p) {
  const IncidentTable& t = t_.incident;
  const std::uint32_t first = t.begin(p), last = t.end(p);
  for (std::uint32_t i = first; i < last; ++i) {
    if (t.decision[i] > as_of_) continue;
    const std::uint32_t bits = bands(p, i) | i_here;
    out_.incident[i] = bits | ((bits & (i_26 | i_27)) != 0 && t.decision[i] >= start_ && !yes(t.displaced[i]) ? i_repeatable : 0u);
  }
  // What was scored and then set aside altogether was not scored.
  const AppealTable& a = t_.appeal;
  for (std::uint32_t x = a.begin(p); x < a.end(p); ++x)
    if (changed(x) && a.points[x] == 0)
      for (std::uint32_t i = first; i < last; ++i)
        if (t.key[i] == a.about[x]) out_.incident[i] &= ~i_repeatable;
  // Done again, in the year in which the first was scored.
  for (std::uint32_t i = first; i < last; ++i) {
    std::uint32_t& bits = out_.incident[i];
    if ((bits & i_here) == 0) continue;
    if ((bits & (i_26 | i_27)) != 0 || yes(t.responsible[i]))
      for (std::uint32_t j = first; j < last; ++j)
        if ((out_.incident[j] & i_repeatable) != 0 && t.type[j] == t.type[i] && t.behaviour[j] != t.behaviour[i] && t.behaviour_date[i] > t.decision[j] &&
            days_.year(t.behaviour_date[i]) == days_.year(t.decision[j])) {
          bits |= i_28_2;
          break;
        }
    if ((bits & (i_28_1 | i_28_2 | i_28_3)) != 0) bits |= i_28;
  }
}

void Twin::points(std::uint32_t p) {
  const IncidentTable& t = t_.incident;
  const std::uint32_t first = t.begin(p), last = t.end(p);
  final_.assign(last - first, 0);
  for (std::uint32_t i = first; i < last; ++i) {
    std::uint32_t& bits = out_.incident[i];
    if ((bits & i_here) == 0) continue;
    const bool applicable = applies_ && t.decision[i] >= start_ && t.decision[i] < end_;
    const std::uint32_t held = (bits & i_26 ? 1u : 0u) | (bits & i_27 ? 2u : 0u) | (bits & i_28 ? 4u : 0u) | (bits & i_29 ? 8u : 0u);
    if (applicable && held != 0 && !yes(t.displaced[i])) {
      bits |= i_scored;
      final_[i - first] = t.points[i];
      TwinRemedy& rows = out_.remedies[r_record_points];
      rows.add(i, 0, held);
      const std::int64_t top = held & 8u ? 10 : held & 4u ? 7 : held & 2u ? 4 : 1;
      rows.low.push_back(top);
      rows.high.push_back(top + 2);
    }
  }
  const AppealTable& a = t_.appeal;
  for (std::uint32_t x = a.begin(p); x < a.end(p); ++x)
    if (changed(x))
      for (std::uint32_t i = first; i < last; ++i)
        if (t.key[i] == a.about[x]) final_[i - first] = a.points[x];

  for (std::uint32_t i = first; i < last; ++i)
    if ((out_.incident[i] & i_here) != 0)
      for (std::uint32_t j = first; j < last; ++j)
        if ((out_.incident[j] & i_scored) != 0 && j != i && t.behaviour[j] == t.behaviour[i] && t.decision[j] < t.decision[i]) {
          out_.incident[i] |= i_later;
          break;
        }
  for (std::uint32_t i = first; i < last; ++i)
    if ((out_.incident[i] & (i_scored | i_later)) == i_scored)
      for (std::uint32_t j = first; j < last; ++j)
        if ((out_.incident[j] & (i_scored | i_later)) == i_scored && t.behaviour[j] != t.behaviour[i] && t.inspection[j] == t.inspection[i] &&
            t.type[j] == t.type[i] && t.decision[j] == t.decision[i]) {
          out_.incident[i] |= i_twin;
          break;
        }
}

// The three flows into the ledger.
void Twin::groups(std::uint32_t p) {
  const IncidentTable& t = t_.incident;
  const std::uint32_t first = t.begin(p), last = t.end(p);
  entries_.clear();
  scored_.clear();
  brings_.resize(last - first);
  for (std::uint32_t i = first; i < last; ++i) {
    const std::uint32_t bits = out_.incident[i];
    if ((bits & i_scored) == 0) continue;
    std::int64_t points = final_[i - first];
    bool seen = false;
    if ((bits & i_later) != 0) {
      std::int64_t added = 0;
      for (std::uint32_t k = first; k < last; ++k) {
        if (t.behaviour[k] != t.behaviour[i] || t.decision[k] != t.decision[i] || (out_.incident[k] & (i_scored | i_later)) != (i_scored | i_later)) continue;
        seen = seen || k < i;
        std::int64_t before = 0;
        for (std::uint32_t j = first; j < last; ++j)
          if ((out_.incident[j] & i_scored) != 0 && j != k && t.behaviour[j] == t.behaviour[k] && t.decision[j] < t.decision[k] &&
              days_.year(t.decision[j]) == days_.year(t.decision[k]))
            before = std::max(before, final_[j - first]);
        added = std::max(added, std::max<std::int64_t>(0, final_[k - first] - before));
      }
      if (!seen) entries_.push_back({t.decision[i], added, 0});
      continue;
    }
    // Scored for the first time: the behaviour as a whole …
    bool twinned = false, carries = true, equal = false;
    std::int64_t day = t.decision[i];
    for (std::uint32_t j = first; j < last; ++j)
      if (t.behaviour[j] == t.behaviour[i] && (out_.incident[j] & (i_scored | i_later)) == i_scored) {
        seen = seen || j < i;
        points = std::max(points, final_[j - first]);
        day = std::min(day, t.decision[j]);
        if ((out_.incident[j] & i_twin) == 0) continue;
        twinned = true;
        carries = carries && final_[j - first] <= final_[i - first];
        equal = equal || (final_[j - first] == final_[i - first] && (t.type[j] != t.type[i] || t.inspection[j] != t.inspection[i]));
      }
    if (!seen) {
      scored_.push_back({points, day});
      if (!twinned) entries_.push_back({day, points, 0});
    }
    // … or with others of its kind, entered with the last of them. Where it is of several kinds, it counts with that of its gravest circumstance.
    if ((bits & i_twin) != 0) {
      if (carries && equal) return fail("with which of its kinds a behaviour counts");
      brings_[i - first] = carries ? points : 0;
      std::int64_t once = 0;
      bool more = false;
      for (std::uint32_t j = first; j < last && !more; ++j)
        if ((out_.incident[j] & i_twin) != 0 && t.inspection[j] == t.inspection[i] && t.type[j] == t.type[i] && t.decision[j] == t.decision[i]) {
          if (j <= i) once = std::max(once, brings_[j - first]);
          else more = true;
        }
      if (!more) entries_.push_back({t.decision[i], once, 0});
    }
  }
}

void Twin::incident_checks(std::uint32_t p) {
  const IncidentTable& t = t_.incident;
  for (std::uint32_t i = t.begin(p); i < t.end(p); ++i) {
    const std::uint32_t bits = out_.incident[i];
    if ((bits & i_here) == 0) continue;
    const bool applicable = applies_ && t.decision[i] >= start_ && t.decision[i] < end_;
    const bool scored = (bits & i_scored) != 0, responsible = yes(t.responsible[i]), own = yes(t.own[i]);
    settle_if(d_24_2, i, applicable, scored, yes(t.entered[i]));
    settle_by(d_34_1, i, applicable, scored, t.notified[i], days_.working(t.notice[i], 3));
    if (!applicable) continue;
    const std::int64_t body = t.assessor[i], degree = t.degree[i], kind = t.kind[i], part = t.part[i];
    check(q_2, i, body != code::outside_body);
    check(q_24_1, i, !responsible || (kind == code::penalty && (body & ~(code::administrative | code::inspection)) == 0) ||
                         (kind == code::agreement_decision && (body & ~(code::handling | code::fund_management | code::settlement_review)) == 0) ||
                         (kind & (code::penalty | code::agreement_decision)) == 0);
    check(q_30_1, i, !responsible || yes(t.heard[i]));
    check(q_30_2, i, degree != code::general || (own && part == code::cooperating));
    check(q_30_3, i, degree != code::important || (own && part == code::leading));
    check(q_30_4, i, degree != code::main || (own && part == code::decisive));
  }
}

}  // namespace tiao::bench
