#include "tests/bench/agreement.hpp"

#include <vector>

#include "runtime/value/scalar.hpp"

namespace tiao::bench::agreement {
namespace {

enum Stream : std::uint64_t { profile_stream = 31 };

/// In the order of Register. Registers that the agreement does not read are there, without rows.
std::vector<TableInfo> tables_of(const SampleOptions& options) {
  const std::uint64_t facilities = options.facilities, cases = options.incidents, doctors = options.practitioners;
  const unsigned either = rg | tf;
  const std::uint64_t city = options.regime == Regime::tianjin_facility ? 1 : 0, other = 1 - city;
  return {{"facility", columns::facility, either, facilities},
          {"facility_agreement_events", columns::facility_agreement_events, either, facilities * 75 / 100},
          {"practitioner", columns::practitioner, either, doctors},
          {"facility_case", columns::facility_case, either, cases},
          {"responsible_staff", columns::responsible_staff, either, cases * 70 / 100},
          {"priced_items", columns::priced_items, either, cases * other},
          {"purchases", columns::purchases, either, cases * city},
          {"claim", columns::claim, either, facilities * 250 / 100},
          {"inventory_ledger", columns::inventory_ledger, either, facilities * other * 150 / 100},
          {"annual_settlements", columns::annual_settlements, either, facilities * other},
          {"assessment_result", columns::assessment_result, either, facilities * other},
          {"monthly_points", columns::monthly_points, either, facilities * city * 3},
          {"violations", columns::violations, either, facilities * city},
          {"onsite_inspections", columns::onsite_inspections, either, facilities * city},
          {"departments", columns::departments, either, facilities * city * 2},
          {"department_doctors", columns::department_doctors, either, facilities * city * 4},
          {"neighbours", columns::neighbours, either, facilities * city},
          {"earlier_breaches", columns::earlier_breaches, either, facilities * city * 75 / 100},
          {"statistics_windows", columns::statistics_windows, either, doctors * city},
          {"peer_records", columns::peer_records, either, doctors * city},
          {"prescription_records", columns::prescription_records, either, doctors * city * 10},
          {"doctor_stage_history", columns::doctor_stage_history, either, doctors * city * 75 / 100}};
}

}  // namespace

Maker::Maker(const SampleOptions& options, Tables& tables)
    : options_(options), tables_(tables), first_(scalar::day_number({2025, 1, 1})), last_(scalar::day_number({2025, 12, 31})) {}

Profile Maker::profile(std::uint32_t index) const {
  Random random(options_.seed, profile_stream, index);
  Profile p;
  // In the city the clinics are ranked among themselves: there are many of them.
  p.grade = city() ? random.pick({60u, 60u, 130u, 150u, 600u}) : random.pick({120u, 120u, 330u, 330u, 100u});
  p.clinic = city() && p.grade == 4;
  p.is_public = !p.clinic && random.chance(650);
  if (p.clinic) p.type = random.chance(600) ? "clinic" : "outpatient_department";
  else p.type = std::array{"general_hospital", "tcm_hospital", "specialist_hospital", "community_centre", "other_type"}[p.grade];
  return p;
}

void Maker::parameters() {
  auto day = [](int year, int month, int day_of_month) { return date(scalar::day_number({year, month, day_of_month})); };
  if (city()) {
    tables_.parameter("year_start", date(first_));
    tables_.parameter("year_end", date(last_));
    tables_.parameter("confirmation_deadline", day(2026, 1, 20));
    return;
  }
  tables_.parameter("agreement_start_date", date(first_));
  tables_.parameter("agreement_end_date", date(last_));
  tables_.parameter("agreed_penalty_report_days", days(10));
  tables_.parameter("agreed_interface_date", day(2025, 3, 31));
  tables_.parameter("deposit_rate", percent(500));
  tables_.parameter("indicator_year", number(2025));
  tables_.parameter("internet_hospital_name", text("虚构互联网医院"));
  tables_.parameter("linkage_rules", text("虚构挂钩办法"));
  tables_.parameter("new_rule", text("虚构新规定"));
  tables_.parameter("pause_threshold", number(9));
  tables_.parameter("end_threshold", number(12));
}

void generate(const SampleOptions& options, Sink& sink) {
  Tables tables(options.regime, tables_of(options), sink);
  Maker maker(options, tables);
  maker.parameters();
  for (std::uint32_t i = 0; i < options.facilities; ++i) maker.facility(i);
  for (std::uint32_t i = 0; i < options.practitioners; ++i) maker.doctor(i);
  for (std::uint32_t i = 0; i < options.incidents; ++i) maker.one_case(i);
}

}  // namespace tiao::bench::agreement
