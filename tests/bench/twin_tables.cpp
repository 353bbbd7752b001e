#include "tests/bench/twin_tables.hpp"

namespace tiao::bench {
namespace {

/// Looks columns up by name, and remembers the first that is missing.
class Finder {
 public:
  Finder(const Schema& schema, const facts::FactBase& facts, TwinTables& tables) : schema_(schema), facts_(facts), problem_(tables.problem), bytes_(tables.bytes), words_(tables.words) {}

  void enter(const char* name, Rows& table) {
    entity_ = none;
    if (const auto found = schema_.find_entity(name)) entity_ = *found;
    else return fail(name);
    const facts::Table& t = facts_.tables[entity_];
    if (!t.supplied) fail(std::string(name) + " (not supplied)");
    table.rows = t.rows;
    table.offsets = t.offsets.data();
  }
  Numbers numbers(const char* name) {
    const facts::ColumnData* c = column(name);
    if (c == nullptr || c->masks.empty()) return c == nullptr ? nullptr : c->lo.data();
    return words_.emplace_back(c->masks.begin(), c->masks.end()).data();
  }
  Flags flags(const char* name) {
    const facts::ColumnData* c = column(name);
    return c == nullptr ? nullptr : bytes(c->truth);
  }
  const std::uint8_t* presence(const char* name) {
    const facts::ColumnData* c = column(name);
    return c == nullptr ? nullptr : bytes(c->presence);
  }

 private:
  // A byte each, which is what a walk from person to person reads best.
  const std::uint8_t* bytes(const BitPairs& pairs) {
    auto& out = bytes_.emplace_back(pairs.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = pairs[i];
    return out.data();
  }
  void fail(const std::string& what) {
    if (problem_.empty()) problem_ = what;
  }
  const facts::ColumnData* column(const char* name) {
    if (entity_ == none) return nullptr;
    const auto c = schema_.entities[entity_].find(name);
    if (!c) {
      fail(schema_.entities[entity_].id + "." + name);
      return nullptr;
    }
    return &facts_.tables[entity_].columns[*c];
  }

  const Schema& schema_;
  const facts::FactBase& facts_;
  std::string& problem_;
  std::deque<std::vector<std::uint8_t>>& bytes_;
  std::deque<std::vector<std::int64_t>>& words_;
  EntityId entity_ = none;
};

}  // namespace

TwinTables::TwinTables(const Schema& schema, const facts::FactBase& facts) {
  Finder f(schema, facts, *this);
  auto n = [&](const char* name) { return f.numbers(name); };
  auto b = [&](const char* name) { return f.flags(name); };

  f.enter("practitioner", person);
  person = {{person}, n("person_class"), n("commitment_signed_on"), n("recommitted_on"), b("provides_fund_settled_service"), b("named_on_drug_licence"),
            b("is_other_responsible_person"), b("otherwise_related"),
            {b("topic_law_and_agreement"), b("topic_reasonable_service"), b("topic_proper_fund_use"), b("topic_good_faith"), b("topic_no_fraud")},
            b("multi_site_permitted"), b("status_marked"), b("work_handed_over"), b("late_licence_notice")};
  f.enter("incident", incident);
  incident = {{incident}, n("incident_id"), n("facility_id"), n("behaviour_id"), n("behaviour_type"), n("behaviour_date"), n("inspection_id"),
              n("decision_kind"), n("decision_basis"), n("decision_target"), n("decision_date"), n("degree"), n("points"), n("notice_issued_on"),
              n("notified_on"), n("non_selected_used"), n("non_selected_limit"), n("sector_action"), n("assessor"), n("part_played"),
              b("person_responsible"), b("quota_reason"), b("deregistered_for_fault"), b("outside_place"), b("outside_category"), b("outside_scope"),
              b("lent_settlement"), b("borrower_unlisted"), b("fits_1_3"), b("fits_4_6"), b("fits_7_9"), b("fits_10_12"), b("facility_heard"),
              b("own_duty_failed"), b("scoring_entered"), b("displaced_by_law")};
  f.enter("registrations", registration);
  registration = {{registration}, n("facility_id"), n("from_date"), n("to_date"), n("registered_on"), n("national_code"),
                  {b("has_code"), b("has_name"), b("has_id_number"), b("has_facility"), b("has_district"), b("has_practice_type"),
                   b("has_practice_category"), b("has_practice_scope"), b("has_title"), b("has_status"), b("has_commitment")}};
  f.enter("status_events", status);
  status = {{status}, n("facility_id"), n("status"), n("effective")};
  f.enter("repairs", repair);
  repair = {{repair}, n("kind"), n("approved_on"), n("organised_by"), n("points_remitted"), n("term_cut"), f.presence("points_remitted"),
            f.presence("term_cut"), b("facility_consented"), b("exam_passed"), b("effective_participation"), b("hours_short")};
  f.enter("appeals", appeal);
  appeal = {{appeal}, n("target"), n("appealed_incident"), n("filed_on"), n("result"), n("resolved_on"), n("new_points"),
            b("person_signed"), b("facility_sealed"), b("explained"), b("still_disputed"), b("reviewed_by_decider")};
  f.enter("restoration_applications", application);
  application = {{application}, n("applied_on"), n("assessed_on"), n("result_told_on"), b("facility_consented"), b("meets_conditions")};
  f.enter("fees", fee);
  fee = {{fee}, n("service_date"), n("emergency")};
  f.enter("borrowings", loan);
  loan = {{loan}, n("beneficiary")};
  f.enter("practice_sites", site);
  site = {{site}, n("facility_id"), n("started_on")};
  f.enter("departures", departure);
  departure = {{departure}, n("facility_id"), n("left_facility_on"), n("registry_updated_on")};
  f.enter("facility", facility);
  facility = {{facility}, n("facility_kind"), n("facility_ownership"), n("registered_heads"), n("agreement_signed_on"), n("commitments_reported_on"),
              b("commitment_text_given"), b("commitment_urged"), b("internal_rules"), b("training_given"), b("commitments_organised"),
              b("staff_informed"), b("registration_done"), b("status_maintained"), b("fees_declared"), b("interface_connected"),
              b("register_accurate"), b("status_query_open"), b("appeal_channel_open"), b("guidance_given"),
              b("late_registration"), b("late_maintenance"), b("late_licence_telling")};
  f.enter("bulletins", bulletin);
  bulletin = {{bulletin}, n("subject_matter"), n("covers_from"), n("covers_through"), n("due_on"), n("sent_on"), b("acted_on_pharmacy")};
  empty_text = facts.strings.find("");
  for (const Calendar& c : schema.calendars)
    if (c.id == "cn_workdays") calendar = &c;
  if (calendar == nullptr && problem.empty()) problem = "cn_workdays";
}

}  // namespace tiao::bench
