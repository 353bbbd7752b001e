#include "tests/bench/twin.hpp"

#include "tests/bench/twin_engine.hpp"

namespace tiao::bench {

const char* twin_readings() {
  return "fee_status=by_due,restoration=on_application,second_term=afresh,across_years=full,after_end=new_ban,heads_where=every_site,"
         "below_floor=may_vanish,carried_repair=term_only,old_behaviour=decision_governs";
}

const TwinNames& twin_names() {
  static const TwinNames names{
      {"record_points", "remit_points", "cut_term", "accept_appeal", "adjust_result", "give_reasons", "settle_fee", "notify_result", "interview_person",
       "circulate", "list_person", "suspend_eligibility", "end_eligibility", "reregister", "restore_eligibility", "restrict_practice", "recover_payment",
       "deduct_assessment", "suspend_settlement", "suspend_agreement"},
      {"第八条第一句", "第八条第二句", "第八条第三句", "第十三条", "第十四条第一句", "第十四条第一分项", "第十四条第二句", "第十六条第一句", "第十六条第二句",
       "第十九条第一句", "第十九条第二句", "第二十条", "第二十三条第二句", "第二十四条第二句", "第三十二条第一分项", "第三十二条第二分项", "第三十四条首段",
       "第三十四条（一）", "第三十四条（三）", "第三十四条（三）", "第三十六条第二句", "第三十九条第一句", "第三十九条第二句", "第三十九条第三句", "第三十九条第三句"},
      {"第二条第一句", "第十五条", "第十七条", "第十八条", "第十八条", "第二十二条第一句", "第二十二条第二句", "第二十四条第一句", "第三十条第一款",
       "第三十条第二款", "第三十条第三款", "第三十条第四款", "第三十条第五款", "第三十条第五款", "第三十一条（二）", "第三十六条第一句", "第三十六条第二分项",
       "第三十九条第二句", "第三十九条第三句"},
      {"第二十六条（一）", "第二十六条（二）", "第二十六条（三）", "第二十六条", "第二十七条（一）", "第二十七条（二）", "第二十七条（三）", "第二十七条", "第二十八条（一）",
       "第二十八条（二）", "第二十八条（三）", "第二十八条", "第二十九条（一）", "第二十九条（二）", "第二十九条（三）", "第二十九条", "第十二条"},
      {"第三十五条第一款", "第三十五条第二款", "第三十五条（一）", "第三十五条（二）", "第三十五条末段第一句", "第三十五条末段第二句"},
      {"第三十四条（二）", "第三十四条（四）第一分项", "第三十四条（四）第二分项"},
      {"第二十一条（一）", "第二十一条（二）", "第二十一条（三）", "第三十一条（二）首段"},
      {"第三十一条首段", "第三十一条（一）", "第三十一条（二）", "第三十一条（三）", "第三十一条（二）1", "第三十一条（二）2", "第三十一条（二）3", "第三十一条（二）末段",
       "第二十二条第四句"},
      {"第二十二条第三句"},
      {"第三条第一分项", "第三条第二分项", "第二十三条第一句"},
      {"第三十三条第一句", "第三十三条第二句", "第三十八条第一分项", "第三十八条第二分项"}};
  return names;
}

DayTables::DayTables(const Calendar& calendar) {
  first_ = scalar::day_number({2000, 1, 1});
  const std::int64_t last = scalar::day_number({2050, 12, 31});
  for (std::int64_t d = first_; d <= last; ++d) years_.push_back(static_cast<std::int16_t>(scalar::civil(d).year));
  from_ = calendar.from;
  for (std::int64_t d = calendar.from; d <= calendar.through; ++d) {
    if (calendar.works[static_cast<std::size_t>(d - calendar.from)]) working_days_.push_back(d);
    upto_.push_back(static_cast<std::uint32_t>(working_days_.size()));
  }
}

std::int64_t DayTables::outside(std::int64_t day) { return scalar::is_day(day) ? scalar::civil(day).year : 10000; }

Twin::Twin(const TwinTables& tables, std::int64_t as_of, TwinResult& out) : t_(tables), as_of_(as_of), days_(*tables.calendar), out_(out) {
  start_ = scalar::day_number({2024, 1, 1});
  end_ = scalar::day_number({2026, 1, 1});
  const auto year = static_cast<std::int32_t>(days_.year(as_of));
  year_start_ = scalar::day_number({year, 1, 1});
  year_end_ = scalar::day_number({year + 1, 1, 1});
  in_force_ = as_of >= start_ && as_of < end_;

  const std::uint32_t persons = t_.person.rows, incidents = t_.incident.rows, facilities = t_.facility.rows;
  const std::uint32_t seats = t_.registration.rows;
  out_.remedies.resize(r_count);
  out_.duties.resize(d_count);
  auto duty = [&](unsigned d, std::uint32_t rows, bool dated) {
    out_.duties[d].state.assign(rows, static_cast<std::uint8_t>(DutyState::not_there));
    if (dated) out_.duties[d].due.assign(rows, never_day);
  };
  for (const unsigned d : {d_8_1, d_8_2, d_8_3, d_13, d_16_1, d_16_2, d_34}) duty(d, facilities, false);
  duty(d_14_2, facilities, true);
  duty(d_14_1, seats, true);
  duty(d_14_new, seats, false);
  duty(d_19_1, t_.site.rows, false);
  duty(d_19_2, t_.site.rows, false);
  duty(d_20, t_.departure.rows, true);
  for (const unsigned d : {d_23_2, d_32_1, d_32_2}) duty(d, persons, false);
  duty(d_24_2, incidents, false);
  duty(d_34_1, incidents, true);
  duty(d_34_3a, t_.appeal.rows, false);
  duty(d_34_3b, t_.appeal.rows, false);
  duty(d_36_2, t_.application.rows, true);
  for (const unsigned d : {d_39_1, d_39_2, d_39_3a}) duty(d, t_.bulletin.rows, true);
  duty(d_39_3b, t_.bulletin.rows, false);

  out_.violated.resize(q_count);
  for (const unsigned q : {q_2, q_24_1, q_30_1, q_30_2, q_30_3, q_30_4, q_30_5a, q_30_5b}) out_.violated[q].assign(incidents, 2);
  for (const unsigned q : {q_15, q_22_2}) out_.violated[q].assign(persons, 2);
  for (const unsigned q : {q_17, q_18a, q_18b, q_22_1}) out_.violated[q].assign(seats, 2);
  out_.violated[q_36_1].assign(t_.application.rows, 2);
  out_.violated[q_36_2].assign(t_.status.rows, 2);
  for (const unsigned q : {q_39_2, q_39_3}) out_.violated[q].assign(t_.bulletin.rows, 2);

  out_.incident.resize(incidents);
  out_.repair.resize(t_.repair.rows);
  out_.appeal.resize(t_.appeal.rows);
  out_.fee.resize(t_.fee.rows);
  out_.person.resize(persons);
  out_.facility.resize(facilities);
  out_.recorded.resize(persons);
  out_.due.resize(persons);
  for (auto* column : {&out_.sites, &out_.pharmacies, &out_.total}) column->resize(persons);
  for (auto* column : {&out_.out_heads, &out_.share_over, &out_.share_under}) column->resize(facilities);
}

void Twin::settle_by(unsigned duty, std::uint32_t row, bool applicable, bool when, std::int64_t done, std::int64_t due) {
  DutyState state = DutyState::not_applicable;
  if (applicable && when) {
    if (due < 0) return fail("a day beyond the calendar");
    state = done <= due ? DutyState::fulfilled : as_of_ > due ? DutyState::breached : DutyState::pending;
  }
  out_.duties[duty].state[row] = static_cast<std::uint8_t>(state);
  out_.duties[duty].due[row] = due;
}

void Twin::run() {
  for (std::uint32_t p = 0; p < t_.person.rows; ++p) {
    gather_events(p);
    standing(p);
    circumstances(p);
    points(p);
    groups(p);
    repairs(p);
    ledger(p);
    spans(p);
    incident_checks(p);
    fees(p);
    appeals(p);
    registrations(p);
    reports(p);
  }
  degrees();
  facilities();
  bulletins();
}

TwinResult run_twin(const TwinTables& tables, std::int64_t as_of) {
  TwinResult result;
  if (!tables.problem.empty()) {
    result.problem = tables.problem;
    return result;
  }
  Twin(tables, as_of, result).run();
  return result;
}

}  // namespace tiao::bench
