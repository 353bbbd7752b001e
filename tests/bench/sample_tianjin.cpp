#include <algorithm>
#include <array>
#include <string>

#include "tests/bench/regimes.hpp"
#include "tests/bench/tianjin_course.hpp"

namespace tiao::bench {
namespace {

using tianjin::Case;
using tianjin::Ground;

std::string_view decision_kind_of(const Case& c) {
  switch (c.ground) {
    case Ground::agreement:
    case Ground::damages:
    case Ground::other: return "agreement_decision";
    case Ground::penalty:
    case Ground::person_penalty:
    case Ground::fraud: return "penalty";
    case Ground::quota: return "notice";
    case Ground::outside:
    case Ground::licence: return "sector_decision";
    case Ground::lent: return c.finding < 400 ? "agreement_decision" : "none";
    default: return "none";
  }
}

std::string_view decision_basis_of(const World& world, const Case& c) {
  const bool pharmacy = world.facility(c.facility).place == Place::pharmacy;
  switch (c.ground) {
    case Ground::agreement: return pharmacy ? "order_3_35_3" : world.facility(c.facility).place == Place::hospital ? "order_2_38_4" : "other";
    case Ground::penalty: return c.finding % 2 == 0 ? "regulation_38" : "regulation_39";
    case Ground::person_penalty: return "regulation_38";
    case Ground::fraud: return "regulation_40";
    default: return "other";
  }
}

std::string inspection_id(const World& world, const Case& c) {
  std::string id = "J";
  id += std::string_view(world.facility_id(c.facility)).substr(1);
  id += '-';
  id += static_cast<char>('1' + c.k);
  if (c.review) id += 'R';
  return id;
}

// 1–3 % of the points are not known, or only within bounds.
Value points_of(Blanks& blanks, const Case& c) {
  if (c.bands == 0) return number(c.points);
  if (blanks.strikes(8)) return null();
  return blanks.strikes(8) ? range(std::max(1, c.points - 1), c.points + 1) : number(c.points);
}

std::string_view word_of(tianjin::Status status) { return std::array{"normal", "suspended", "terminated"}[static_cast<std::size_t>(status)]; }

}  // namespace

void TianjinSample::parameters() {
  tables_.parameter("start_date", date(world_.days().first));
  tables_.parameter("commitment_report_period", months(1));
  tables_.parameter("appeal_period", days(15));
  // One stays blank, as in the text: what waits for it is undetermined.
  if (world_.options().complete) tables_.parameter("assessment_period", days(10));
}

void TianjinSample::put_incident(Random& random, const PersonInfo& person, const Case& c) {
  using columns::incident;
  constexpr std::array departments{"内科", "外科", "妇产科", "儿科", "骨科", "药学部", "检验科", "门诊"};
  Blanks blanks(random, world_.options().complete);
  Row<columns::incident> row{};
  auto set = [&](std::size_t column, Value value) { row[column] = value; };
  const Name id = name_of('I', c.number, 6), behaviour = name_of('B', c.behaviour, 6), who = world_.person_id(person.number);
  const Name site = world_.facility_id(c.facility);
  const std::string inspection = inspection_id(world_, c);
  const std::string_view kind = decision_kind_of(c);
  set(col(incident, "incident_id"), text(id));
  set(col(incident, "practitioner"), text(who));
  set(col(incident, "facility_id"), text(site));
  if (world_.facility(c.facility).place == Place::hospital) set(col(incident, "department"), text(departments[c.behaviour % departments.size()]));
  set(col(incident, "behaviour_id"), text(behaviour));
  set(col(incident, "behaviour_type"), text(tianjin::type_name(c.type)));
  set(col(incident, "behaviour_date"), blanks.day_or_month(c.behaviour_date, 12));
  set(col(incident, "inspection_id"), text(inspection));
  set(col(incident, "decision_kind"), word(kind));
  set(col(incident, "decision_basis"), word(decision_basis_of(world_, c)));
  set(col(incident, "decision_target"), word(c.ground == Ground::person_penalty ? "person" : c.ground == Ground::penalty && c.finding % 8 == 0 ? "department" : "institution"));
  set(col(incident, "decision_date"), blanks.day_or_month(c.decided_on, 2));
  set(col(incident, "person_responsible"), blanks.or_null(boolean(c.responsible), 10));
  set(col(incident, "degree"), blanks.or_null(word(std::array{"general", "important", "main"}[static_cast<std::size_t>(c.degree)]), 12));
  set(col(incident, "points"), points_of(blanks, c));
  set(col(incident, "notice_issued_on"), blanks.day_or_month(c.noticed_on, 8));
  set(col(incident, "notified_on"), date(random.chance(20) ? never_day : c.noticed_on + random.between(1, random.chance(100) ? 12 : 4)));
  if (c.ground == Ground::quota) {
    set(col(incident, "non_selected_limit"), number(200));
    set(col(incident, "non_selected_used"), blanks.strikes(30) ? null() : number(c.finding < 600 ? 201 + c.finding : c.finding % 201));
    set(col(incident, "quota_reason"), blanks.or_null(boolean(c.reason), 40));
  }
  if (c.ground == Ground::outside) set(col(incident, "sector_action"), word("dealt_with"));
  if (c.ground == Ground::licence) {
    set(col(incident, "sector_action"), word(c.finding < 400 ? "revoked" : c.finding < 600 ? "withdrawn" : "deregistered"));
    set(col(incident, "deregistered_for_fault"), blanks.or_null(boolean(c.finding < 850), 50));
  }
  if (c.ground == Ground::outside)
    set(std::array{col(incident, "outside_place"), col(incident, "outside_category"), col(incident, "outside_scope")}[c.finding % 3], boolean(true));
  if (c.ground == Ground::lent) {
    set(col(incident, "lent_settlement"), blanks.or_null(boolean(true), 40));
    if (c.unlisted) set(col(incident, "borrower_unlisted"), boolean(true));
  }
  if (c.ground == Ground::other)
    set(std::array{col(incident, "fits_1_3"), col(incident, "fits_4_6"), col(incident, "fits_7_9"), col(incident, "fits_10_12")}[tianjin::other_band(c.finding)], blanks.or_null(boolean(true), 60));
  const bool penalty = kind == "penalty", agreement = kind == "agreement_decision";
  const bool wrong_body = random.chance(15);
  set(col(incident, "assessor"), word(wrong_body ? "outside_body" : penalty ? (c.finding % 3 == 0 ? "inspection" : "administrative")
                                                 : agreement ? std::array{"handling", "fund_management", "settlement_review"}[c.finding % 3] : "administrative"));
  set(col(incident, "facility_heard"), boolean(random.chance(970)));
  set(col(incident, "own_duty_failed"), blanks.or_null(boolean(random.chance(990)), 5));
  const std::size_t played = random.chance(20) ? random.below(3) : static_cast<std::size_t>(c.degree);
  set(col(incident, "part_played"), blanks.or_null(word(std::array{"cooperating", "leading", "decisive"}[played]), 5));
  set(col(incident, "decision_received_on"), date(c.decided_on + random.between(1, 5)));
  set(col(incident, "learned_on"), date(c.decided_on + random.between(0, 20)));
  set(col(incident, "scoring_entered"), boolean(random.chance(975)));
  if (c.displaced) set(col(incident, "displaced_by_law"), boolean(true));
  tables_.put(Register::incident, row);
  if (c.beneficiary >= 0) {
    Row<columns::borrowings> loan{};
    const Name whom = world_.person_id(static_cast<std::uint32_t>(c.beneficiary));
    loan[col(columns::borrowings, "incident")] = text(id);
    loan[col(columns::borrowings, "beneficiary")] = text(whom);
    tables_.put(Register::borrowings, loan);
  }
}

void TianjinSample::put_appeal(Random& random, const PersonInfo& person, const Case& c) {
  using columns::appeals;
  Row<columns::appeals> row{};
  const Name who = world_.person_id(person.number), about = name_of('I', c.number, 6);
  const bool disputed = random.chance(200);
  row[col(appeals, "practitioner")] = text(who);
  row[col(appeals, "target")] = word("points_result");
  row[col(appeals, "appealed_incident")] = text(about);
  row[col(appeals, "filed_on")] = date(c.filed_on);
  row[col(appeals, "within_set_days")] = boolean(random.chance(900));
  row[col(appeals, "person_signed")] = boolean(random.chance(960));
  row[col(appeals, "facility_sealed")] = boolean(random.chance(950));
  row[col(appeals, "result")] = word(std::array{"pending", "upheld", "changed"}[static_cast<std::size_t>(c.appeal - 1)]);
  row[col(appeals, "resolved_on")] = date(c.resolved_on);
  if (c.appeal == 3) row[col(appeals, "new_points")] = number(std::max(0, c.points - 2));
  row[col(appeals, "explained")] = boolean(random.chance(940));
  row[col(appeals, "still_disputed")] = boolean(disputed);
  row[col(appeals, "reviewed_by_decider")] = boolean(disputed && random.chance(850));
  tables_.put(Register::appeals, row);
}

void TianjinSample::person(Random& random, const PersonInfo& person, std::uint32_t incidents) {
  const std::vector<Case> cases = tianjin::cases_of(world_, random, person, incidents, counters_);
  tianjin::Course course = tianjin::follow(world_, random, person, cases);
  if (person.quiet == Quiet::suspended_before)
    course.events = {{tianjin::Status::suspended, person.quiet_from, "旧规则暂停"}, {tianjin::Status::normal, person.quiet_until, "旧规则恢复"}};

  const std::int64_t last = world_.days().last;
  PersonFate fate;
  fate.recommitted_on = course.recommitted_on;
  fate.out = course.out_at(last);
  put_person(world_, tables_, random, person, fate);
  put_registrations(world_, tables_, random, person);
  for (const Case& c : cases) {
    put_incident(random, person, c);
    if (c.appeal != 0) put_appeal(random, person, c);
  }
  const bool everywhere = random.chance(850);
  for (const tianjin::StatusEvent& e : course.events)
    for (std::size_t s = 0; s < (everywhere ? person.sites.size() : 1); ++s)
      put_status(world_, tables_, person, person.sites[s], word_of(e.status), e.effective, e.cause);

  const Name who = world_.person_id(person.number);
  Blanks blanks(random, world_.options().complete);
  for (const tianjin::Repair& r : course.repairs) {
    using columns::repairs;
    Row<columns::repairs> row{};
    row[col(repairs, "practitioner")] = text(who);
    row[col(repairs, "kind")] = word(r.training ? "training" : "activity");
    row[col(repairs, "applied_on")] = date(r.applied_on);
    row[col(repairs, "facility_consented")] = boolean(r.consented);
    row[col(repairs, "approved_on")] = date(r.approved_on);
    if (r.training) row[col(repairs, "exam_passed")] = blanks.or_null(boolean(r.passed), 20);
    if (r.training) row[col(repairs, "exam_result")] = number(r.passed ? random.between(60, 100) : random.between(30, 59));
    row[col(repairs, "organised_by")] = word(r.training || random.chance(700) ? "city" : "national");
    row[col(repairs, "effective_participation")] = boolean(true);
    row[col(repairs, "points_remitted")] = number(r.points);
    if (r.cut) row[col(repairs, "term_cut")] = months(1);
    tables_.put(Register::repairs, row);
  }
  for (const tianjin::Application& a : course.applications) {
    using columns::restoration_applications;
    Row<columns::restoration_applications> row{};
    row[col(restoration_applications, "practitioner")] = text(who);
    row[col(restoration_applications, "applied_on")] = date(a.applied_on);
    row[col(restoration_applications, "facility_consented")] = boolean(a.consented);
    row[col(restoration_applications, "assessed_on")] = date(a.assessed_on);
    row[col(restoration_applications, "meets_conditions")] = blanks.or_null(boolean(a.meets), 20);
    row[col(restoration_applications, "result_told_on")] = date(a.assessed_on + random.between(0, 5));
    tables_.put(Register::restoration_applications, row);
  }
  for (const tianjin::StatusEvent& e : course.events) {
    if (e.status == tianjin::Status::normal && random.chance(500)) continue;
    for (const std::int64_t shift : {std::int64_t{-1}, std::int64_t{0}, random.between(5, 28)})
      if (random.chance(450)) put_fee(world_, tables_, random, fees_, person, e.effective + shift);
  }
  if (random.chance(70)) put_fee(world_, tables_, random, fees_, person, random.between(world_.days().first, last));
}

}  // namespace tiao::bench
