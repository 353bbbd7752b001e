// A facility and its records.
#include <algorithm>
#include <string>

#include "runtime/value/scalar.hpp"
#include "tests/bench/agreement.hpp"

namespace tiao::bench::agreement {
namespace {

enum Stream : std::uint64_t { facility_stream = 32 };

constexpr std::array grades{"tertiary_a", "tertiary_b", "secondary", "primary", "other_grade"};

bool weekend(std::int64_t day) { return (day + 3) % 7 >= 5; }   // day 0 was a Thursday

/// Only for spans without holidays.
std::int64_t plus_weekdays(std::int64_t day, std::int64_t count) {
  while (count > 0)
    if (!weekend(++day)) --count;
  return day;
}

}  // namespace

void Maker::facility(std::uint32_t index) {
  using columns::facility;
  Random random(options_.seed, facility_stream, index);
  Blanks blanks(random, options_.complete);
  const Profile p = profile(index);
  const Name id = facility_id(index);
  const std::string name = "虚构医院" + std::to_string(index + 1);
  Row<facility> row{};
  auto set = [&](std::size_t column, Value value) { row[column] = value; };
  auto chance = [&](unsigned permille) { return boolean(random.chance(permille)); };
  set(col(facility, "facility_id"), text(id));
  set(col(facility, "facility_name"), text(name));
  set(col(facility, "facility_kind"), word("medical_institution"));
  set(col(facility, "facility_ownership"), word(p.is_public ? "public" : "private"));
  set(col(facility, "facility_type"), word(p.type));
  set(col(facility, "ownership_public"), boolean(p.is_public));
  set(col(facility, "facility_grade"), word(grades[p.grade]));

  set(col(facility, "is_primary_care_facility"), boolean(p.grade == 3));
  set(col(facility, "contracted_outpatient"), chance(980));
  set(col(facility, "contracted_inpatient"), boolean(p.grade < 3 || random.chance(400)));
  set(col(facility, "contracted_other"), chance(300));
  set(col(facility, "designated_signage_displayed"), chance(960));
  set(col(facility, "provides_chronic_recognition"), chance(500));
  set(col(facility, "provides_remote_settlement"), blanks.or_null(chance(700), 10));
  set(col(facility, "payment_reform_capable"), chance(900));
  set(col(facility, "eprescription_capable"), chance(800));
  set(col(facility, "direct_settlement_region"), chance(500));
  const bool internet = p.grade < 3 && random.chance(300);
  if (internet) set(col(facility, "internet_hospital_exists"), boolean(true));
  if (internet && random.chance(800)) set(col(facility, "internet_hospital_agreement"), boolean(true));
  set(col(facility, "deposit_balance"), money(random.chance(100) ? 0 : random.between(1, 60) * 1'000'000));
  // At the ceiling of the grade and around it: the ceiling itself is within.
  constexpr std::array<std::int64_t, 5> ceilings{17, 10, 8, 3, 6};
  constexpr std::array<std::int64_t, 6> beside{-2, -1, 0, 0, 1, 4};
  set(col(facility, "three_catalogue_outside_ratio"), blanks.or_null(percent((ceilings[p.grade] + beside[random.below(beside.size())]) * 100), 30));
  set(col(facility, "high_value_net_purchase_ratio"), blanks.or_null(percent(std::array{79, 80, 81, 60, 95, 100}[random.below(6)] * 100), 30));
  if (random.chance(150)) set(col(facility, "publishable_matter_performance"), boolean(true));
  if (random.chance(100)) set(col(facility, "publishable_matter_points"), blanks.or_null(boolean(true), 50));
  if (random.chance(200)) set(col(facility, "publishable_matter_assessment"), boolean(true));
  // Three months before the last day is the thirtieth of September.
  const std::int64_t three_months = plus_months(last_, -3);
  const std::array asked{three_months - 20, three_months - 1, three_months, three_months + 1, three_months + 30, never_day};
  set(col(facility, "renewal_applied_date"), blanks.day_or_month(asked[random.below(asked.size())], 20));
  set(col(facility, "renewal_organised_by_agency"), chance(500));
  set(col(facility, "renewal_agreed"), chance(850));
  if (random.chance(40)) set(col(facility, "facility_failed_renewal"), boolean(true));
  if (random.chance(60)) set(col(facility, "nonrenewal_due_to_agency"), boolean(true));
  set(col(facility, "renewed_on"), date(never_day));
  if (random.chance(20)) set(col(facility, "designation_conditions_met"), blanks.or_null(boolean(false), 200));
  if (random.chance(10)) set(col(facility, "licence_cancelled"), boolean(true));
  if (random.chance(25)) set(col(facility, "facility_requested_dissolution"), boolean(true));
  if (random.chance(30)) set(col(facility, "agency_agreed_dissolution"), boolean(true));
  if (random.chance(5)) set(col(facility, "force_majeure_prevents"), boolean(true));

  set(col(facility, "region"), word(std::array{"binhai", "ring", "urban", "outer"}[random.below(4)]));
  set(col(facility, "medical_aid_designated"), blanks.or_null(chance(700), 10));
  set(col(facility, "assessment_year"), number(random.chance(960) ? 2025 : 2024));
  // Ties at the low end, and many a score just beside the line of eighty. Who is looked into has mostly done badly.
  const bool looked_into = random.chance(200);
  constexpr std::array<std::int64_t, 8> low{7150, 7150, 7600, 7999, 7999, 8000, 8000, 8001};
  set(col(facility, "score_employee"),
      decimal(looked_into && random.chance(500) ? random.between(6800, 7100) : random.chance(400) ? low[random.below(low.size())] : random.between(7000, 9900)));
  set(col(facility, "participates_employee_assessment"), chance(950));
  set(col(facility, "scores_issued_on"), date(random.chance(500) ? last_ - random.between(0, 10) : last_ + random.between(1, 12)));
  set(col(facility, "investigating_body"),
      word(!looked_into ? "no_body" : std::array{"police", "procuratorate", "court", "discipline", "other_body"}[random.below(5)]));
  if (looked_into && random.chance(700)) set(col(facility, "emergency_stop_loss"), boolean(true));
  if (looked_into && random.chance(700)) set(col(facility, "still_under_investigation"), blanks.or_null(boolean(true), 60));
  if (looked_into && random.chance(400)) set(col(facility, "deferred_when_issued"), boolean(true));
  if (looked_into && random.chance(500)) set(col(facility, "deferral_cleared"), boolean(true));
  const bool appealed = random.chance(200);
  if (appealed) set(col(facility, "score_appealed_in_time"), boolean(true));
  if (appealed && random.chance(700)) set(col(facility, "appeal_answered"), boolean(true));
  // The deadline is the twentieth of January.
  const std::array confirmed{last_ + 12, last_ + 19, last_ + 20, last_ + 21, never_day};
  set(col(facility, "score_confirmed_on"), date(confirmed[random.pick({300u, 250u, 200u, 150u, 100u})]));
  if (random.chance(200)) set(col(facility, "application_or_renewal_stage"), boolean(true));
  if (random.chance(100)) set(col(facility, "policy_briefing_given"), blanks.or_null(boolean(false), 100));
  if (random.chance(50)) set(col(facility, "warning_card_issued"), boolean(true));
  set(col(facility, "facility_consents_over_threshold"), blanks.or_null(chance(500), 20));
  tables_.put(Register::facility, row);

  put_events(random, id);
  put_claims(random, id);
  if (city()) put_city_records(random, id, index);
  else put_records(random, id, p);
}

// Up to three earlier suspensions: imposed, asked for, or come along with that of another agency.
void Maker::put_events(Random& random, std::string_view id) {
  using columns::facility_agreement_events;
  const std::size_t count = random.pick({560u, 250u, 130u, 60u});
  for (std::size_t i = 0; i < count; ++i) {
    Row<facility_agreement_events> row{};
    const std::int64_t from = first_ - 200 + random.between(0, 500);
    const bool requested = random.chance(350), chained = !requested && random.chance(200), ended = random.chance(30);
    std::int64_t to = plus_months(from, random.between(1, 4));
    // A request is good for a hundred and eighty days, and the last of them is within.
    if (requested) to = from + std::array{60, 180, 181, 182, 210}[random.below(5)];
    if (ended) to = never_day;
    row[col(facility_agreement_events, "facility")] = text(id);
    row[col(facility_agreement_events, "kind")] = word(ended ? "ended" : "suspended");
    row[col(facility_agreement_events, "from_date")] = date(from);
    row[col(facility_agreement_events, "to_date")] = date(to);
    row[col(facility_agreement_events, "action_by_home_agency")] = word(chained || random.chance(250) ? "by_other_agency" : "by_home_agency");
    row[col(facility_agreement_events, "chained")] = boolean(chained);
    row[col(facility_agreement_events, "voluntary_suspension_requested")] = boolean(requested);
    row[col(facility_agreement_events, "voluntary_suspension_approved")] = boolean(requested && random.chance(900));
    row[col(facility_agreement_events, "resume_applied_on")] = date(requested && random.chance(600) ? from + std::array{40, 179, 180, 181}[random.below(4)] : never_day);
    tables_.put(Register::facility_agreement_events, row);
  }
}

void Maker::put_claims(Random& random, std::string_view id) {
  using columns::claim;
  Blanks blanks(random, options_.complete);
  const std::uint64_t count = random.below(6);
  for (std::uint64_t i = 0; i < count; ++i) {
    Row<claim> row{};
    auto set = [&](std::size_t column, Value value) { row[column] = value; };
    auto rarely = [&](std::size_t column, unsigned permille, bool value) {
      if (random.chance(permille)) row[column] = blanks.or_null(boolean(value), 50);
    };
    // Between the third of June and the end of September no holiday and no shifted day disturbs the count of working days.
    const std::int64_t quiet = scalar::day_number({2025, 6, 3});
    const bool exact = random.chance(600);
    std::int64_t claimed = exact ? quiet + random.between(0, 70) : random.between(first_ + 5, last_ - 5);
    while (weekend(claimed)) ++claimed;
    const std::int64_t after = std::array{29, 30, 30, 31, 20}[random.below(5)];
    std::int64_t paid = exact ? plus_weekdays(claimed, after) : claimed + random.between(12, 70);
    if (random.chance(120)) paid = never_day;
    const Name claim_id = name_of('S', ++claims_, 6);
    const bool stay = random.chance(350), internet = random.chance(100), outside = stay && random.chance(200);
    const std::int64_t fund = random.between(20'000, 3'000'000), own = random.between(0, 600'000);
    set(col(claim, "claim_id"), text(claim_id));
    set(col(claim, "facility"), text(id));
    set(col(claim, "claimed_on"), date(claimed));
    set(col(claim, "paid_on"), paid != never_day && paid <= last_ ? blanks.day_or_month(paid, 30) : date(paid));
    rarely(col(claim, "compliant_claim"), 80, false);
    rarely(col(claim, "underpaid"), 60, true);
    set(col(claim, "insured_category"),
        word(std::array{"employee_insured", "resident_insured", "maternity_insured", "aid_recipient", "not_insured"}[random.pick({480u, 320u, 50u, 120u, 30u})]));
    set(col(claim, "insured_region"), word(random.chance(850) ? "this_pool" : "other_pool"));
    set(col(claim, "service_category"), word(stay ? "inpatient_service" : random.chance(900) ? "outpatient_service" : "other_service"));
    rarely(col(claim, "item_in_catalogue"), 40, false);
    if (!stay) set(col(claim, "outpatient_prescription_compliant"), boolean(true));
    if (random.chance(50)) {
      set(col(claim, "is_preparation"), boolean(true));
      set(col(claim, "preparation_approved_by_drug_regulator"), boolean(random.chance(800)));
    }
    if (outside) set(col(claim, "outside_drug_bought"), boolean(true));
    set(col(claim, "inpatient"), boolean(stay));
    if (outside) set(col(claim, "outside_drug_truly_needed"), blanks.or_null(boolean(random.chance(800)), 80));
    set(col(claim, "facility_prescription_issued"), boolean(outside && random.chance(900)));
    if (outside) set(col(claim, "outside_drug_amount"), money(random.between(5'000, 900'000)));
    if (internet) set(col(claim, "internet_visit"), boolean(true));
    set(col(claim, "is_followup_visit"), boolean(internet && random.chance(900)));
    set(col(claim, "prescription_issued"), boolean(internet && random.chance(900)));
    set(col(claim, "delivery_fee"), money(internet && random.chance(500) ? 800 : 0));
    set(col(claim, "fund_payable_amount"), money(fund));
    set(col(claim, "personal_amount"), money(own));
    set(col(claim, "claimed_amount"), money(fund + own));
    set(col(claim, "payment_standard"), money(fund + own + std::array{-1, 0, 1, 50'000, 100'000}[random.below(5)]));
    if (random.chance(150)) {
      set(col(claim, "suspected_fee"), boolean(true));
      if (random.chance(200)) set(col(claim, "suspicion_verified_by_chart_or_site"), boolean(false));
    }
    rarely(col(claim, "fee_dispute"), 60, true);
    rarely(col(claim, "fees_refused"), 60, true);
    rarely(col(claim, "special_case_qualifies"), 40, true);
    tables_.put(Register::claim, row);
  }
}

void Maker::put_records(Random& random, std::string_view id, const Profile& p) {
  Blanks blanks(random, options_.complete);
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    using columns::inventory_ledger;
    Row<inventory_ledger> row{};
    const bool herb = random.chance(200);
    row[col(inventory_ledger, "facility")] = text(id);
    row[col(inventory_ledger, "recorded_on")] = date(random.between(first_, last_));
    for (std::size_t c = col(inventory_ledger, "common_name"); c < row.size(); ++c) row[c] = boolean(random.chance(992));
    row[col(inventory_ledger, "herb")] = herb ? boolean(true) : Value{};
    if (!herb) row[col(inventory_ledger, "origin")] = boolean(random.chance(200));
    tables_.put(Register::inventory_ledger, row);
  }
  for (int year = 2023; year <= 2024; ++year) {
    using columns::annual_settlements;
    if (random.chance(400)) continue;
    Row<annual_settlements> row{};
    const std::int64_t over = random.chance(500) ? 0 : random.between(1, p.is_public ? 900 : 90) * 1'000'000;
    row[col(annual_settlements, "facility")] = text(id);
    row[col(annual_settlements, "settled_year")] = number(year);
    row[col(annual_settlements, "budget_overspend")] = money(over);
    if (over > 0) row[col(annual_settlements, "overspend_reasonable")] = blanks.or_null(boolean(random.chance(600)), 80);
    tables_.put(Register::annual_settlements, row);
  }
  if (!random.chance(700)) return;
  using columns::assessment_result;
  Row<assessment_result> row{};
  row[col(assessment_result, "facility")] = text(id);
  row[col(assessment_result, "issued_on")] = date(first_ + random.between(60, 300));
  row[col(assessment_result, "result_score")] = decimal(random.between(6500, 10000));
  if (random.chance(60)) row[col(assessment_result, "result_fed_back")] = boolean(false);
  tables_.put(Register::assessment_result, row);
}

void Maker::put_city_records(Random& random, std::string_view id, std::uint32_t index) {
  Blanks blanks(random, options_.complete);
  const auto months_known = static_cast<int>(random.below(7));
  for (int m = 1; m <= months_known; ++m) {
    using columns::monthly_points;
    Row<monthly_points> row{};
    const std::int64_t services = random.between(100'000, 900'000);
    row[col(monthly_points, "facility")] = text(id);
    row[col(monthly_points, "month")] = date(scalar::day_number({2025, m + 4, 1}));
    row[col(monthly_points, "drug_points")] = decimal(random.between(100'000, 900'000));
    row[col(monthly_points, "service_points")] = decimal(services);
    if (random.chance(150)) row[col(monthly_points, "monthly_claim_filed")] = boolean(true);
    row[col(monthly_points, "declared_points")] = decimal(services);
    row[col(monthly_points, "services_over_value_threshold")] = blanks.or_null(decimal(std::array{0, 0, 0, 1, 12'050}[random.below(5)]), 20);
    if (random.chance(60)) row[col(monthly_points, "threshold_reminder_sent")] = boolean(false);
    tables_.put(Register::monthly_points, row);
  }
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    using columns::violations;
    Row<violations> row{};
    const std::int64_t found = first_ + random.between(30, 360);
    row[col(violations, "facility")] = text(id);
    row[col(violations, "found_on")] = date(found);
    row[col(violations, "occurred_on")] = blanks.day_or_month(found - random.between(5, 200), 50);
    if (random.chance(100)) row[col(violations, "fraud_involved")] = boolean(true);
    if (random.chance(200)) row[col(violations, "new_violation_type")] = boolean(true);
    row[col(violations, "rectification_complete")] = blanks.or_null(boolean(random.chance(700)), 100);
    tables_.put(Register::violations, row);
  }
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    using columns::onsite_inspections;
    Row<onsite_inspections> row{};
    row[col(onsite_inspections, "facility")] = text(id);
    row[col(onsite_inspections, "inspected_on")] = date(random.between(first_, last_));
    tables_.put(Register::onsite_inspections, row);
  }
  for (std::uint64_t i = random.below(5); i > 0; --i) {
    using columns::departments, columns::department_doctors;
    Row<departments> row{};
    const Name department = name_of('K', ++departments_, 5);
    row[col(departments, "department_id")] = text(department);
    row[col(departments, "facility")] = text(id);
    row[col(departments, "department_name")] = text(std::array{"内科", "外科", "妇科", "中医科", "口腔科"}[random.below(5)]);
    tables_.put(Register::departments, row);
    for (std::uint64_t d = random.below(4); d > 0; --d) {
      Row<department_doctors> post{};
      const Name doctor = doctor_id(static_cast<std::uint32_t>(random.below(options_.practitioners)));
      post[col(department_doctors, "departments")] = text(department);
      post[col(department_doctors, "doctor")] = text(doctor);
      post[col(department_doctors, "doctor_certificate")] = boolean(random.chance(950));
      post[col(department_doctors, "first_registered_here")] = blanks.or_null(boolean(random.chance(800)), 30);
      tables_.put(Register::department_doctors, post);
    }
  }
  for (std::uint32_t i = 1 + static_cast<std::uint32_t>(random.below(2)); i > 0 && i < options_.facilities; --i) {
    using columns::neighbours;
    Row<neighbours> row{};
    const Name other = facility_id((index + i) % options_.facilities);
    row[col(neighbours, "facility")] = text(id);
    row[col(neighbours, "neighbour")] = text(other);
    row[col(neighbours, "distance_m")] = number(std::array{1499, 1500, 1501, 600, 4000}[random.below(5)]);
    tables_.put(Register::neighbours, row);
  }
  for (std::size_t i = random.pick({500u, 300u, 200u}); i > 0; --i) {
    using columns::earlier_breaches;
    Row<earlier_breaches> row{};
    const std::size_t due = random.pick({250u, 250u, 150u, 350u});
    // The measure has mostly stayed what it was.
    const std::size_t now = random.chance(850) ? due : random.below(4);
    row[col(earlier_breaches, "facility")] = text(id);
    row[col(earlier_breaches, "breach_agreement_year")] = number(2025 - static_cast<std::int64_t>(random.pick({100u, 500u, 300u, 100u})));
    row[col(earlier_breaches, "due_remedy_then")] = word(std::array{"then_suspend_service", "then_suspend_agreement", "then_dissolve", "then_lesser"}[due]);
    row[col(earlier_breaches, "due_remedy_now")] = word(std::array{"now_suspend_service", "now_suspend_agreement", "now_dissolve", "now_lesser"}[now]);
    row[col(earlier_breaches, "discovered_in_that_year")] = boolean(random.chance(400));
    row[col(earlier_breaches, "handled_in_that_year")] = boolean(random.chance(300));
    tables_.put(Register::earlier_breaches, row);
  }
}

}  // namespace tiao::bench::agreement
