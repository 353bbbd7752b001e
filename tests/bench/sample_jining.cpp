#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "runtime/value/scalar.hpp"
#include "tests/bench/regimes.hpp"

namespace tiao::bench {
namespace {

using columns::incident;

/// A type of behaviour, the finding that says so, what else its item asks for, and the points it costs.
struct Kind {
  std::string_view type, circumstance;
  std::size_t finding;
  int points;
  enum class Also : std::uint8_t { nothing, norms, untold, loss, impersonation, punished, exposed, licence, harm } also = Also::nothing;
};
constexpr std::array kinds{
    Kind{"分解住院", "四（一）1", col(incident, "split_stay"), 1},
    Kind{"挂床住院", "四（一）1", col(incident, "nominal_stay"), 1},
    Kind{"过度诊疗", "四（一）2", col(incident, "unusual_treatment"), 1, Kind::Also::norms},
    Kind{"重复收费", "四（一）3", col(incident, "repeat_charge"), 1},
    Kind{"超标准收费", "四（一）3", col(incident, "excess_charge"), 1},
    Kind{"串换项目", "四（一）4", col(incident, "swapped_items"), 1},
    Kind{"推诿病人", "四（一）5", col(incident, "refused_patient"), 1},
    Kind{"自费未告知", "四（一）6", col(incident, "self_pay_untold"), 1, Kind::Also::untold},
    Kind{"违规开药", "四（一）7", col(incident, "improper_prescription"), 1},
    Kind{"记录不规范", "四（一）8", col(incident, "irregular_records"), 1},
    Kind{"倒卖药品", "四（二）1", col(incident, "helped_resale"), 3},
    Kind{"不付之费报销", "四（二）2", col(incident, "billed_uncovered"), 3},
    Kind{"套取支付", "四（二）3", col(incident, "gamed_payment"), 3, Kind::Also::loss},
    Kind{"冒名住院", "四（二）4", col(incident, "inpatient_identity_unchecked"), 3, Kind::Also::impersonation},
    Kind{"不配合检查", "四（三）1", col(incident, "refused_check"), 6},
    Kind{"受行政处罚", "四（三）2", col(incident, "punished_by_department"), 6, Kind::Also::punished},
    Kind{"媒体曝光", "四（三）3", col(incident, "media_exposure"), 6, Kind::Also::exposed},
    Kind{"出借医保代码", "四（三）4", col(incident, "code_lent"), 6},
    Kind{"诱导虚假就医", "四（四）1", col(incident, "induced_sham_care"), 12},
    Kind{"伪造资料", "四（四）3", col(incident, "forged_documents"), 12},
    Kind{"执业证被处置", "四（四）4", col(incident, "licence_acted_on"), 12, Kind::Also::licence},
    Kind{"骗取基金", "四（四）5", col(incident, "fund_fraud"), 12},
    Kind{"其他严重违规", "四（四）6", col(incident, "other_serious"), 12, Kind::Also::harm},
};
constexpr std::array<std::size_t, 5> first_of{0, 10, 14, 18, kinds.size()};   // by class of points

}  // namespace

struct JiningSample::Case {
  std::uint64_t number = 0, behaviour = 0;
  std::uint32_t facility = 0;
  unsigned k = 0;
  std::size_t kind = 0;
  int instance = 1;
  bool found = true;       // the finding stands
  bool also = true;        // so does what else the item asks for
  std::int64_t behaviour_date = 0, deducted_on = 0, noticed_on = 0;
  int points() const { return found && also ? kinds[kind].points : 0; }
};

void JiningSample::parameters() {
  // The last day that the form of agreement names stays blank.
  tables_.parameter("template_from", date(world_.days().first));
  if (world_.options().complete) tables_.parameter("template_to", date(scalar::day_number({2026, 12, 31})));
}

void JiningSample::put_incident(Random& random, const PersonInfo& person, const Case& c) {
  Blanks blanks(random, world_.options().complete);
  const Kind& kind = kinds[c.kind];
  Row<columns::incident> row{};
  auto set = [&](std::size_t column, Value value) { row[column] = value; };
  const Name id = name_of('I', c.number, 6), behaviour = name_of('B', c.behaviour, 6), who = world_.person_id(person.number);
  const Name site = world_.facility_id(c.facility);
  std::string inspection = "J" + std::string(std::string_view(site).substr(1)) + "-" + std::to_string(c.k + 1);
  set(col(incident, "incident_id"), text(id));
  set(col(incident, "practitioner"), text(who));
  set(col(incident, "facility_id"), text(site));
  set(col(incident, "behaviour_id"), text(behaviour));
  set(col(incident, "behaviour_type"), text(kind.type));
  set(col(incident, "behaviour_date"), blanks.day_or_month(c.behaviour_date, 10));
  set(col(incident, "inspection_id"), text(inspection));
  set(col(incident, "decision_date"), date(c.deducted_on));
  set(col(incident, "deducted_on"), blanks.day_or_month(c.deducted_on, 3));
  set(col(incident, "found_on"), date(c.deducted_on - random.between(3, 15)));
  set(col(incident, "circumstance"), text(kind.circumstance));
  set(col(incident, "notice_issued_on"), blanks.day_or_month(c.noticed_on, 6));
  set(col(incident, "notified_on"), date(c.noticed_on + random.between(1, 6)));
  set(col(incident, "instance_no"), number(c.instance));
  if (c.found) set(kind.finding, blanks.or_null(boolean(true), 12));
  const Value also = blanks.or_null(boolean(c.also), 25);
  switch (kind.also) {
    case Kind::Also::norms: set(col(incident, "against_treatment_norms"), also); break;
    case Kind::Also::untold: set(col(incident, "emergency_then"), word(c.also ? "none" : "rescue")); break;
    case Kind::Also::loss: set(col(incident, "loss_caused"), also); break;
    case Kind::Also::impersonation: if (c.also) set(col(incident, "impersonation_resulted"), boolean(true)); break;
    case Kind::Also::punished:
      set(col(incident, "decision_target"), word(c.also ? "person" : "institution"));
      set(col(incident, "punishing_department"), word("health"));
      set(col(incident, "service_related"), blanks.or_null(boolean(true), 25));
      break;
    case Kind::Also::exposed: set(col(incident, "loss_grade"), blanks.or_null(word(c.also ? "large" : "ordinary"), 25)); break;
    case Kind::Also::licence:
      set(col(incident, "licence_authority"), word(c.also ? "by_health" : "by_other"));
      set(col(incident, "licence_action"), word(c.number % 2 == 0 ? "revoked" : "taken_back"));
      set(col(incident, "licence_fault"), boolean(true));
      break;
    case Kind::Also::harm:
      set(col(incident, "harms_insured"), also);
      set(col(incident, "loss_grade"), word("large"));
      break;
    case Kind::Also::nothing: break;
  }
  tables_.put(Register::incident, row);
}

void JiningSample::put_standing(Random& random, const PersonInfo& person) {
  const Name who = world_.person_id(person.number);
  Blanks blanks(random, world_.options().complete);
  const std::int64_t born = world_.birth_date(person.number);
  for (int year = 2024; year <= 2025; ++year) {
    if (random.chance(20)) continue;
    const std::int64_t day = scalar::day_number({year, static_cast<int>(random.between(2, 12)), static_cast<int>(random.between(1, 28))});
    const bool under_fifty = scalar::civil(day).year - scalar::civil(born).year < 50;
    Row<columns::test_records> row{};
    row[col(columns::test_records, "practitioner")] = text(who);
    row[col(columns::test_records, "date")] = date(day);
    row[col(columns::test_records, "format")] = word(under_fifty != random.chance(10) ? "closed_book" : "open_book");
    row[col(columns::test_records, "passed")] = blanks.or_null(boolean(random.chance(985)), 4);
    tables_.put(Register::test_records, row);
  }
  if (person.person_class == Class::reviewer) return;
  Row<columns::registration_forms> form{};
  form[col(columns::registration_forms, "practitioner")] = text(who);
  for (std::size_t c = 1; c < form.size(); ++c) form[c] = boolean(random.chance(998));
  form[col(columns::registration_forms, "form_class")] = word(std::array{"doctor", "pharmacist", "nurse", "technician", "doctor", "pharmacist", "pharmacist", "pharmacist",
                                                                         "carer"}[static_cast<std::size_t>(person.person_class)]);
  tables_.put(Register::registration_forms, form);
}

// A simple running total: three months from six points on, six months from nine, the end at twelve.
void JiningSample::course(Random& random, const PersonInfo& person, std::vector<Case>& cases, PersonFate& fate) {
  struct Event { std::string_view status, cause; std::int64_t effective; };
  std::vector<Event> events;
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return std::pair(a.deducted_on, a.number) < std::pair(b.deducted_on, b.number); });
  std::vector<std::uint64_t> counted;
  std::int64_t year = 0, ended_on = never_day;
  int total = 0;
  for (const Case& c : cases) {
    if (!person.covered || c.points() == 0 || c.instance > 1 || std::find(counted.begin(), counted.end(), c.behaviour) != counted.end()) continue;
    counted.push_back(c.behaviour);
    if (year_of(c.deducted_on) != year) total = 0;
    year = year_of(c.deducted_on);
    const int before = total;
    total += c.points();
    const std::int64_t effective = c.deducted_on + (random.chance(80) ? random.between(25, 60) : random.between(0, 10));
    if (ended_on != never_day || (!world_.options().complete && random.chance(40))) continue;
    if (total >= 12 && before < 12) {
      std::erase_if(events, [&](const Event& e) { return e.status == "normal" && e.effective >= effective; });
      events.push_back({"terminated", "扣满十二分", effective});
      ended_on = effective;
    } else if (total >= 6 && total / 3 != before / 3) {
      std::erase_if(events, [&](const Event& e) { return e.status == "normal" && e.effective >= effective; });
      events.push_back({"suspended", "扣分达到中止", effective});
      events.push_back({"normal", "期满恢复", plus_months(effective, total >= 9 ? 6 : 3)});
    }
  }
  if (person.quiet == Quiet::suspended_before) events = {{"suspended", "旧规则中止", person.quiet_from}, {"normal", "旧规则恢复", person.quiet_until}};
  for (const Event& e : events) {
    if (e.effective <= world_.days().last) fate.out = e.status != "normal";
    for (const std::uint32_t site : person.sites) put_status(world_, tables_, person, site, e.status, e.effective, e.cause);
    for (const std::int64_t shift : {std::int64_t{-1}, std::int64_t{0}, random.between(5, 28)})
      if (random.chance(400)) put_fee(world_, tables_, random, fees_, person, e.effective + shift);
  }
  if (random.chance(70)) put_fee(world_, tables_, random, fees_, person, random.between(world_.days().first, world_.days().last));
  if (ended_on != never_day) fate.ban_years = random.between(12, 24);

  const Name who = world_.person_id(person.number);
  auto agree = [&](std::uint32_t site, std::int64_t from, bool ends) {
    using columns::practitioner_agreements;
    Row<columns::practitioner_agreements> row{};
    const Name site_id = world_.facility_id(site);
    row[col(practitioner_agreements, "practitioner")] = text(who);
    row[col(practitioner_agreements, "facility_id")] = text(site_id);
    row[col(practitioner_agreements, "agency")] = text("虚构经办机构");
    row[col(practitioner_agreements, "from_date")] = date(from);
    row[col(practitioner_agreements, "to_date")] = date(plus_months(from, 24) - 1);
    row[col(practitioner_agreements, "state")] = word(ends ? "ended" : "active");
    row[col(practitioner_agreements, "signed_by_mandate")] = boolean(random.chance(985));
    row[col(practitioner_agreements, "end_cause")] = word(ends ? "by_points" : "not_ended");
    row[col(practitioner_agreements, "end_notice_on")] = date(ends ? ended_on - random.between(1, 40) : never_day);
    row[col(practitioner_agreements, "ended_on")] = date(ends ? ended_on : never_day);
    tables_.put(Register::practitioner_agreements, row);
  };
  for (const std::uint32_t site : person.sites) {
    const std::int64_t from = std::max(person.from + 5, world_.days().first + random.between(0, 25));
    if (random.chance(990) && from < person.to) agree(site, from, ended_on != never_day && ended_on > from);
  }
  if (ended_on != never_day && plus_months(ended_on, 13) <= world_.days().last && random.chance(600)) agree(person.sites[0], plus_months(ended_on, random.between(12, 14)), false);
}

void JiningSample::person(Random& random, const PersonInfo& person, std::uint32_t incidents) {
  std::vector<Case> cases;
  const bool example = person.number == World::example;
  while (cases.size() < incidents) {
    Case c;
    c.number = counters_.incident++;
    const Case* earlier = !example && !cases.empty() && random.chance(130) ? &cases[random.below(cases.size())] : nullptr;
    const bool same_act = earlier != nullptr && random.chance(500);
    c.behaviour = same_act ? earlier->behaviour : counters_.behaviour++;
    c.facility = earlier != nullptr ? earlier->facility : person.sites[random.chance(700) ? 0 : random.below(person.sites.size())];
    // The example's points add up within one year, to six, to nine, and on.
    c.k = earlier != nullptr ? earlier->k : example ? 3 + static_cast<unsigned>(cases.size()) % 5 : static_cast<unsigned>(random.below(inspections));
    const std::size_t points = example ? std::array<std::size_t, 5>{0, 1, 1, 1, 0}[cases.size() % 5] : random.pick({620u, 240u, 110u, 30u});
    c.kind = earlier != nullptr && !same_act ? earlier->kind : first_of[points] + random.below(first_of[points + 1] - first_of[points]);
    c.instance = earlier != nullptr && !same_act ? earlier->instance + 1 : 1;
    c.found = example || random.chance(820);
    c.also = example || random.chance(850);
    const Inspection inspection = world_.inspection(c.facility, c.k);
    c.behaviour_date = same_act ? earlier->behaviour_date : inspection.day - random.between(3, 80);
    c.deducted_on = inspection.decided_on;
    c.noticed_on = inspection.noticed_on;
    cases.push_back(c);
  }
  PersonFate fate;
  course(random, person, cases, fate);
  put_person(world_, tables_, random, person, fate);
  put_registrations(world_, tables_, random, person);
  put_standing(random, person);
  const Name who = world_.person_id(person.number);
  for (const Case& c : cases) {
    put_incident(random, person, c);
    const bool story = example && c.number % 3 == 0;
    if (c.points() == 0 || (!story && !random.chance(50))) continue;
    using columns::appeals;
    Row<columns::appeals> row{};
    const Name about = name_of('I', c.number, 6);
    const std::int64_t received = c.noticed_on + 2, filed = received + random.between(1, 18);
    const std::size_t result = random.pick({150u, 650u, 200u});
    row[col(appeals, "practitioner")] = text(who);
    row[col(appeals, "target")] = word("points_result");
    row[col(appeals, "appealed_incident")] = text(about);
    row[col(appeals, "filed_on")] = date(filed);
    row[col(appeals, "within_set_days")] = boolean(random.chance(900));
    row[col(appeals, "person_signed")] = boolean(true);
    row[col(appeals, "facility_sealed")] = boolean(random.chance(960));
    row[col(appeals, "result")] = word(std::array{"pending", "upheld", "changed"}[result]);
    row[col(appeals, "resolved_on")] = date(result == 0 ? never_day : filed + random.between(8, 45));
    if (result == 2) row[col(appeals, "new_points")] = number(std::max(0, c.points() - (c.points() == 1 ? 1 : 2)));
    row[col(appeals, "stage")] = word(random.chance(600) ? "agency_stage" : "authority_stage");
    row[col(appeals, "filed_by")] = word(random.chance(900) ? "by_unit" : "by_person");
    row[col(appeals, "notice_received_on")] = date(received);
    tables_.put(Register::appeals, row);
  }
}

}  // namespace tiao::bench
