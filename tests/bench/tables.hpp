// The registers of the vocabulary as the generator fills them: names, columns, cells, and where rows go.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/value/value.hpp"

namespace tiao::bench {

/// The two regimes on persons, then the agreements with facilities.
enum class Regime : std::uint8_t { tianjin, jining, region, tianjin_facility };
constexpr bool of_facilities(Regime regime) { return regime >= Regime::region; }

/// Who decided a judgment, when, and on what grounds.
struct Decision { std::string_view by; std::int64_t on = 0; std::string_view grounds; };

/// One cell of a row. Texts must live until the row has been handed over.
struct Value {
  enum class Form : std::uint8_t { absent, null, text, word, number, money, boolean, date, month, range, money_range, duration, percent, decimal };
  Form form = Form::absent;
  std::int64_t a = 0, b = 0;   // number, fen, day, 12 * year + month - 1, ends of a range, months, hundredths
  std::string_view text = {};
  const Decision* decision = nullptr;   // of a judgment; a CSV file has no room for it
};

constexpr Value null() { return {Value::Form::null}; }
constexpr Value text(std::string_view t) { return {Value::Form::text, 0, 0, t}; }
constexpr Value word(std::string_view t) { return {Value::Form::word, 0, 0, t}; }   // value of an enum
constexpr Value number(std::int64_t n) { return {Value::Form::number, n}; }
constexpr Value money(std::int64_t fen) { return {Value::Form::money, fen}; }
constexpr Value boolean(bool b) { return {Value::Form::boolean, b ? 1 : 0}; }
constexpr Value date(std::int64_t day) { return {Value::Form::date, day}; }
constexpr Value month(std::int64_t month) { return {Value::Form::month, month}; }   // a date of which only the month is known
constexpr Value range(std::int64_t low, std::int64_t high) { return {Value::Form::range, low, high}; }
constexpr Value months(std::int64_t count) { return {Value::Form::duration, count}; }
constexpr Value days(std::int64_t count) { return {Value::Form::duration, 0, count}; }
constexpr Value money_range(std::int64_t low, std::int64_t high) { return {Value::Form::money_range, low, high}; }
constexpr Value percent(std::int64_t hundredths) { return {Value::Form::percent, hundredths}; }
constexpr Value decimal(std::int64_t hundredths) { return {Value::Form::decimal, hundredths}; }

/// A column, and which regimes read it.
struct Column {
  std::string_view name;
  unsigned of = ~0u;
  constexpr bool in(Regime regime) const { return (of >> static_cast<unsigned>(regime) & 1u) != 0; }
};
inline constexpr unsigned tj = 1, jn = 2, rg = 4, tf = 8;

namespace columns {

inline constexpr std::array facility{
    Column{"facility_id"}, Column{"facility_name"}, Column{"facility_kind"}, Column{"facility_ownership"}, Column{"chain"},
    Column{"registered_heads"}, Column{"agreement_signed_on"},
    Column{"commitment_text_given", tj}, Column{"commitment_urged", tj}, Column{"commitments_reported_on", tj}, Column{"internal_rules", tj},
    Column{"training_given", tj}, Column{"commitments_organised", tj}, Column{"staff_informed", tj}, Column{"registration_done", tj},
    Column{"status_maintained", tj}, Column{"fees_declared", tj}, Column{"interface_connected", tj}, Column{"register_accurate", tj},
    Column{"status_query_open", tj}, Column{"appeal_channel_open", tj}, Column{"guidance_given", tj}, Column{"late_registration", tj},
    Column{"late_maintenance", tj}, Column{"late_licence_telling", tj},
    Column{"has_person_rules", jn}, Column{"data_kept_current", jn}, Column{"reports_truthfully", jn}};

inline constexpr std::array facility_agreement_events{Column{"facility"}, Column{"kind"}, Column{"from_date"}, Column{"to_date"}};
inline constexpr std::array trainings{Column{"facility"}, Column{"held_on"}, Column{"for_doctors"}};

inline constexpr std::array practitioner{
    Column{"person_id"}, Column{"person_name"}, Column{"person_class"}, Column{"provides_fund_settled_service"},
    Column{"named_on_drug_licence", tj}, Column{"is_other_responsible_person", tj}, Column{"qualification", jn},
    Column{"qualification_registered", jn}, Column{"prior_major_violation", jn}, Column{"birth_date", jn}, Column{"commitment_signed_on", tj},
    Column{"topic_law_and_agreement", tj}, Column{"topic_reasonable_service", tj}, Column{"topic_proper_fund_use", tj},
    Column{"topic_good_faith", tj}, Column{"topic_no_fraud", tj}, Column{"ban_years_chosen", jn}, Column{"multi_site_permitted", tj},
    Column{"recommitted_on", tj}, Column{"status_marked", tj}, Column{"work_handed_over", tj}, Column{"late_licence_notice", tj},
    Column{"good_ethics", jn}, Column{"willing_to_serve", jn}, Column{"prescriptions_entered", jn}};

inline constexpr std::array registrations{
    Column{"practitioner"}, Column{"facility_id"}, Column{"from_date"}, Column{"to_date"}, Column{"registered_on", tj}, Column{"national_code"},
    Column{"has_code", tj}, Column{"has_name", tj}, Column{"has_id_number", tj}, Column{"has_facility", tj}, Column{"has_district", tj},
    Column{"has_practice_type", tj}, Column{"has_practice_category", tj}, Column{"has_practice_scope", tj}, Column{"has_title", tj},
    Column{"has_status", tj}, Column{"has_commitment", tj},
    Column{"vetted_on", jn}, Column{"uploaded_on", jn}, Column{"form_filled_on", jn}, Column{"filed_on", jn}};

inline constexpr std::array departures{Column{"practitioner"}, Column{"facility_id"}, Column{"left_facility_on"}, Column{"registry_updated_on"}};
inline constexpr std::array practitioner_agreements{
    Column{"practitioner"}, Column{"facility_id"}, Column{"agency"}, Column{"from_date"}, Column{"to_date"}, Column{"state"},
    Column{"signed_by_mandate", jn}, Column{"end_cause", jn}, Column{"end_notice_on", jn}, Column{"ended_on", jn}};
inline constexpr std::array test_records{Column{"practitioner"}, Column{"date"}, Column{"format"}, Column{"passed"}};

inline constexpr std::array incident{
    Column{"incident_id"}, Column{"practitioner"}, Column{"facility_id"}, Column{"department", tj}, Column{"behaviour_id"},
    Column{"behaviour_type"}, Column{"behaviour_date"}, Column{"inspection_id"}, Column{"decision_kind", tj}, Column{"decision_basis", tj},
    Column{"decision_target"}, Column{"decision_date"}, Column{"deducted_on", jn}, Column{"circumstance", jn}, Column{"person_responsible", tj},
    Column{"degree", tj}, Column{"points", tj}, Column{"notice_issued_on"}, Column{"notified_on"}, Column{"loss_caused", jn}, Column{"loss_grade", jn},
    Column{"non_selected_used", tj}, Column{"non_selected_limit", tj}, Column{"quota_reason", tj}, Column{"sector_action", tj},
    Column{"deregistered_for_fault", tj}, Column{"outside_place", tj}, Column{"outside_category", tj}, Column{"outside_scope", tj},
    Column{"lent_settlement", tj}, Column{"borrower_unlisted", tj}, Column{"fits_1_3", tj}, Column{"fits_4_6", tj}, Column{"fits_7_9", tj},
    Column{"fits_10_12", tj}, Column{"assessor", tj}, Column{"facility_heard", tj}, Column{"own_duty_failed", tj}, Column{"part_played", tj},
    Column{"decision_received_on", tj}, Column{"learned_on", tj}, Column{"scoring_entered", tj}, Column{"displaced_by_law", tj},
    Column{"split_stay", jn}, Column{"nominal_stay", jn}, Column{"unusual_treatment", jn}, Column{"against_treatment_norms", jn},
    Column{"repeat_charge", jn}, Column{"excess_charge", jn}, Column{"swapped_items", jn}, Column{"refused_patient", jn},
    Column{"self_pay_untold", jn}, Column{"emergency_then", jn}, Column{"improper_prescription", jn}, Column{"irregular_records", jn},
    Column{"helped_resale", jn}, Column{"billed_uncovered", jn}, Column{"gamed_payment", jn}, Column{"inpatient_identity_unchecked", jn},
    Column{"impersonation_resulted", jn}, Column{"refused_check", jn}, Column{"punished_by_department", jn}, Column{"punishing_department", jn},
    Column{"service_related", jn}, Column{"media_exposure", jn}, Column{"code_lent", jn}, Column{"induced_sham_care", jn},
    Column{"forged_documents", jn}, Column{"licence_acted_on", jn}, Column{"licence_action", jn}, Column{"licence_authority", jn},
    Column{"licence_fault", jn}, Column{"fund_fraud", jn}, Column{"other_serious", jn}, Column{"harms_insured", jn}, Column{"found_on", jn},
    Column{"instance_no", jn}};

inline constexpr std::array status_events{Column{"practitioner"}, Column{"facility_id"}, Column{"status"}, Column{"effective"}, Column{"cause"}};
inline constexpr std::array repairs{
    Column{"practitioner"}, Column{"kind"}, Column{"applied_on"}, Column{"facility_consented"}, Column{"approved_on"}, Column{"exam_passed"},
    Column{"exam_result"}, Column{"organised_by"}, Column{"effective_participation"}, Column{"points_remitted"}, Column{"term_cut"},
    Column{"hours_short", tj}};
inline constexpr std::array appeals{
    Column{"practitioner"}, Column{"target"}, Column{"appealed_incident"}, Column{"filed_on"}, Column{"within_set_days"}, Column{"person_signed"},
    Column{"facility_sealed"}, Column{"result"}, Column{"resolved_on"}, Column{"new_points"}, Column{"explained", tj}, Column{"still_disputed", tj},
    Column{"reviewed_by_decider", tj}, Column{"stage", jn}, Column{"filed_by", jn}, Column{"notice_received_on", jn}};
inline constexpr std::array restoration_applications{Column{"practitioner"}, Column{"applied_on"}, Column{"facility_consented"},
                                                     Column{"assessed_on"}, Column{"meets_conditions"}, Column{"result_told_on", tj}};
inline constexpr std::array fees{
    Column{"fee_id"}, Column{"practitioner"}, Column{"facility_id"}, Column{"service_date"}, Column{"billed_on"}, Column{"amount"},
    Column{"emergency"}, Column{"charged_to_insured"}, Column{"discharged_on"}, Column{"lead_person", jn}};
inline constexpr std::array borrowings{Column{"incident"}, Column{"beneficiary"}};
inline constexpr std::array practice_sites{Column{"practitioner"}, Column{"facility_id"}, Column{"started_on"}};
inline constexpr std::array bulletins{Column{"facility"}, Column{"subject_matter"}, Column{"covers_from"}, Column{"covers_through"},
                                      Column{"due_on"}, Column{"sent_on"}, Column{"acted_on_pharmacy"}};
inline constexpr std::array registration_forms{
    Column{"practitioner"}, Column{"has_facility"}, Column{"has_number"}, Column{"has_name"}, Column{"has_id"}, Column{"has_photo"},
    Column{"has_scope"}, Column{"has_phone"}, Column{"has_place"}, Column{"has_registered_on"}, Column{"form_class"}, Column{"has_filed_on"},
    Column{"has_code"}, Column{"has_record"}, Column{"facility_opinion"}, Column{"agency_opinion"}};

}  // namespace columns

/// Index of a column, at compile time: a name that does not exist does not compile.
template <std::size_t N>
consteval std::size_t col(const std::array<Column, N>& columns, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (columns[i].name == name) return i;
  throw "no such column";
}

/// Where rows go. Tables are opened once, before their first row; cells come in the order of the columns given then.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void table(std::size_t id, std::string_view name, std::span<const std::string_view> columns, std::uint32_t rows_expected) = 0;
  virtual void row(std::size_t id, std::span<const Value> cells) = 0;
  virtual void parameter(std::string_view name, const Value& value) = 0;
};

}  // namespace tiao::bench
