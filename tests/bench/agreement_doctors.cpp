// A doctor: what was prescribed, what it cost beside that of others, and how putting right went.
#include <algorithm>
#include <string>

#include "runtime/value/scalar.hpp"
#include "tests/bench/agreement.hpp"

namespace tiao::bench::agreement {
namespace {

enum Stream : std::uint64_t { doctor_stream = 33, peers_stream = 34 };

constexpr std::uint32_t peers = 6;   // doctors that are compared with one another

}  // namespace

void Maker::doctor(std::uint32_t index) {
  using columns::practitioner;
  Random random(options_.seed, doctor_stream, index);
  const Name id = doctor_id(index);
  const std::string name = "化名" + std::string(std::string_view(id).substr(1));
  Row<practitioner> row{};
  row[col(practitioner, "person_id")] = text(id);
  row[col(practitioner, "person_name")] = text(name);
  row[col(practitioner, "person_class")] = word("medical");
  Blanks blanks(random, options_.complete);
  const bool reported = random.chance(60);
  if (reported) row[col(practitioner, "doctor_external_report")] = boolean(true);
  if (reported && random.chance(700)) row[col(practitioner, "doctor_suspected_major_violation")] = blanks.or_null(boolean(true), 100);
  tables_.put(Register::practitioner, row);
  if (!city()) return;
  put_standing(random, index);
  if (random.chance(600)) put_prescriptions(random, id);
  put_reviews(random, id);
}

// Six doctors of one class. With c for each of the others, twice the average of all is 2.5 c, and twice that of the others 2 c.
void Maker::put_standing(Random& random, std::uint32_t index) {
  using columns::peer_records;
  const std::uint32_t group = index / peers;
  Random shared(options_.seed, peers_stream, group);
  if (!shared.chance(500)) return;
  const std::int64_t usual = shared.between(80, 400) * 1000;
  const bool dear = shared.below(peers) == index % peers;
  const std::int64_t from = scalar::day_number({2025, static_cast<int>(shared.between(1, 10)), 1});
  const std::int64_t to = shared.chance(900) ? plus_months(from, 1) - 1 : plus_months(from, 1) - 2;   // a day less than a month
  const std::string_view measure = std::array{"per_head", "per_visit", "per_day", "per_item", "total_cost"}[shared.pick({350u, 350u, 150u, 80u, 70u})];
  const std::int64_t multiple = std::array{usual * 5 / 2, usual * 5 / 2 + 1, usual * 5 / 2 - 1, usual * 2, usual * 4}[shared.below(5)];
  const std::string facility_class = "虚构类别" + std::to_string(group + 1);
  const Name id = doctor_id(index);
  Blanks blanks(random, options_.complete);
  Row<peer_records> row{};
  row[col(peer_records, "practitioner")] = text(id);
  row[col(peer_records, "measure")] = word(measure);
  row[col(peer_records, "span_from")] = date(from);
  row[col(peer_records, "span_to")] = date(to);
  row[col(peer_records, "facility_class")] = text(facility_class);
  row[col(peer_records, "facility_level")] = number(1 + group % 3);
  row[col(peer_records, "doctor_cost_metric")] = money(dear ? multiple : usual);
  row[col(peer_records, "plainly_above")] = blanks.or_null(boolean(dear && random.chance(150)), 15);
  tables_.put(Register::peer_records, row);
}

void Maker::put_prescriptions(Random& random, std::string_view id) {
  using columns::prescription_records, columns::statistics_windows;
  Blanks blanks(random, options_.complete);
  const auto month_of = static_cast<int>(random.between(1, 11));
  const std::int64_t from = scalar::day_number({2025, month_of, 1}), to = plus_months(from, 1) - 1;
  // Of ten or twenty, so that thirty in a hundred can be hit.
  const std::int64_t count = random.chance(500) ? 10 : 20, flagged = count * 3 / 10 + random.between(-2, 1);
  const std::string first = "患者" + std::string(id) + "-1", second = "患者" + std::string(id) + "-2";
  // What the first patient costs in the year: at fifty thousand, a fen beside it, or far from it.
  std::int64_t left = std::array<std::int64_t, 5>{5'000'000, 5'000'001, 4'999'999, 300'000, 900'000}[random.pick({100u, 50u, 100u, 400u, 350u})];
  const std::int64_t each = left / (count / 2);
  for (std::int64_t i = 0; i < count; ++i) {
    const bool of_first = i % 2 == 0, final_one = i == count - 2;
    const std::int64_t cost = of_first ? (final_one ? left : each) : random.between(2'000, 60'000);
    if (of_first) left -= cost;
    Row<prescription_records> row{};
    row[col(prescription_records, "practitioner")] = text(id);
    row[col(prescription_records, "patient")] = text(of_first ? first : second);
    row[col(prescription_records, "written_on")] = date(random.between(from, to));
    row[col(prescription_records, "visit")] = word(of_first && random.chance(950) ? "special_outpatient" : random.chance(900) ? "outpatient_visit" : "other_visit");
    row[col(prescription_records, "drug_cost")] = money(cost);
    row[col(prescription_records, "identical_cost")] = boolean(i < flagged && i % 3 != 2);
    row[col(prescription_records, "maximum_dose")] = blanks.or_null(boolean(i < flagged && i % 3 != 0), 3);
    tables_.put(Register::prescription_records, row);
  }
  Row<statistics_windows> row{};
  row[col(statistics_windows, "practitioner")] = text(id);
  row[col(statistics_windows, "window_from")] = date(from);
  row[col(statistics_windows, "window_to")] = date(random.chance(900) ? to : to - 1);
  row[col(statistics_windows, "not_individualised")] = blanks.or_null(boolean(random.chance(400)), 30);
  row[col(statistics_windows, "similar_prescribing")] = blanks.or_null(boolean(random.chance(60)), 20);
  row[col(statistics_windows, "excess_otherwise")] = boolean(false);
  tables_.put(Register::statistics_windows, row);
}

void Maker::put_reviews(Random& random, std::string_view id) {
  using columns::doctor_stage_history;
  Blanks blanks(random, options_.complete);
  const std::size_t count = random.pick({650u, 180u, 110u, 60u});
  std::int64_t day = first_ + random.between(40, 120);
  for (std::size_t i = 0; i < count; ++i, day += random.between(35, 80)) {
    Row<doctor_stage_history> row{};
    const bool effective = random.chance(500);
    row[col(doctor_stage_history, "practitioner")] = text(id);
    row[col(doctor_stage_history, "reviewed_on")] = date(day);
    row[col(doctor_stage_history, "rectification_effective")] = blanks.or_null(boolean(effective), 40);
    row[col(doctor_stage_history, "circumstances_persist")] = boolean(effective ? random.chance(80) : random.chance(800));
    tables_.put(Register::doctor_stage_history, row);
  }
}

}  // namespace tiao::bench::agreement
