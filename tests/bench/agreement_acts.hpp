// What a case can be about: for each act, the findings that say so.
#pragma once

#include "tests/bench/agreement_columns.hpp"

namespace tiao::bench::agreement {

struct Finding { std::uint8_t column = 0xff; Value value = {}; };
struct Act { std::array<Finding, 5> findings; };

namespace acts {

consteval Finding so(std::string_view name) { return {static_cast<std::uint8_t>(col(columns::facility_case, name)), boolean(true)}; }
consteval Finding no(std::string_view name) { return {static_cast<std::uint8_t>(col(columns::facility_case, name)), boolean(false)}; }
consteval Finding is(std::string_view name, std::string_view what) { return {static_cast<std::uint8_t>(col(columns::facility_case, name)), word(what)}; }
consteval Finding at(std::string_view name, std::int64_t count) { return {static_cast<std::uint8_t>(col(columns::facility_case, name)), number(count)}; }

// By the article of the region's agreement that they fall under.
inline constexpr std::array of_61{
    Act{{no("agency_provided_interface_standard")}}, Act{{so("agency_designated_vendor")}}, Act{{so("agency_charged_fee")}},
    Act{{no("agency_provided_training")}}, Act{{no("agency_answered_opinions_timely")}}, Act{{no("agency_explained_decision"), so("breach_decision_made")}},
    Act{{no("agency_data_rules_followed"), so("agency_leak_occurred")}},
    Act{{so("agency_staff_discipline_breach"), so("impact_on_facility"), so("inspection_disrupted_order")}}, Act{{so("other_agency_breach")}}};

inline constexpr std::array of_62{
    Act{{so("improper_public_remarks"), so("remarks_severe_adverse_effect")}}, Act{{no("all_patient_info_uploaded")}},
    Act{{no("appeal_feedback_timely")}}, Act{{so("refused_patient_citing_policy"), is("cited_pretext", "payment_policy")}},
    Act{{so("premature_discharge_demanded")}}, Act{{so("self_pay_stay_demanded")}},
    Act{{so("induced_pharmacy_purchase_during_stay"), so("intent_shift_inpatient_cost")}},
    Act{{so("separate_account_payment"), so("intent_shift_inpatient_cost")}}, Act{{so("shifted_fund_payable_to_self_pay")}},
    Act{{no("fee_documents_issued_truthfully")}}, Act{{no("consent_signed"), so("service_outside_fund_scope"), no("emergency_or_rescue")}},
    Act{{so("refused_external_prescription")}},
    Act{{so("refused_direct_settlement"), so("patient_qualifies_for_settlement"), no("legitimate_reason")}},
    Act{{no("inventory_management_in_place")}}, Act{{no("inventory_vouchers_retained")}}, Act{{no("purchase_price_quantity_reported_truthfully")}},
    Act{{no("prices_posted")}}, Act{{so("central_procurement_rules_broken")}}, Act{{so("refused_selected_product")}},
    Act{{no("fee_structure_published")}}, Act{{so("booked_as_insurance_arrears")}}, Act{{no("complaints_handled_timely")}},
    Act{{no("complaint_channel_published")}}, Act{{so("other_duty_not_implemented")}}};

inline constexpr std::array of_63{
    Act{{no("system_interface_done")}}, Act{{no("national_codes_used")}}, Act{{no("code_database_maintained")}},
    Act{{so("code_maintenance_late_or_wrong"), so("normal_settlement_affected"), so("fee_not_payable_because_of_code")}},
    Act{{no("physically_isolated")}}, Act{{no("external_network_safeguarded"), so("external_network_connected")}},
    Act{{no("data_security_rules_followed"), so("data_leak_occurred")}}, Act{{so("id_device_lent_or_given")}},
    Act{{no("settlement_data_uploaded_timely")}},
    Act{{no("settlement_data_uploaded_timely"), so("upload_exception"), at("hours_after_fault_cleared", 24)}},
    Act{{no("settlement_list_submitted"), so("upload_exception"), at("hours_after_fault_cleared", 25)}}, Act{{so("payment_reform_refused")}},
    Act{{so("off_platform_purchase")}}, Act{{so("discriminatory_price")}}, Act{{so("price_law_broken")}}, Act{{no("price_items_followed")}},
    Act{{so("other_price_duty_unmet")}}, Act{{so("other_effect_on_fund_payment")}}};

inline constexpr std::array of_64{
    Act{{no("credential_verified"), so("impersonation_occurred")}},
    Act{{so("induced_or_low_standard_admission"), no("admission_discharge_criteria_followed"), so("unreasonable_fund_spending")}},
    Act{{no("settlement_list_filled_properly"), so("caused_fund_loss"), is("fund_loss_level", "some_loss")}}, Act{{so("non_payable_fee_claimed")}},
    Act{{no("item_in_catalogue"), so("claimed_to_pooling_fund")}}, Act{{no("within_statutory_indication"), so("claimed_to_pooling_fund")}},
    Act{{so("third_party_cost_claimed"), so("accident_case"), no("accident_cause_recorded_clearly")}}, Act{{so("split_hospitalization")}},
    Act{{so("nominal_hospitalization")}}, Act{{so("overtreatment_kind_treatment")}}, Act{{so("overtreatment_kind_examination")}},
    Act{{so("overtreatment_kind_excess_quantity")}}, Act{{so("overtreatment_kind_repeat_prescription")}}, Act{{so("charging_violation_repeat")}},
    Act{{so("charging_violation_over_standard")}}, Act{{so("charging_violation_split")}}, Act{{so("substitution_kind_drug")}},
    Act{{so("substitution_kind_consumable")}}, Act{{so("substitution_kind_service")}}, Act{{so("facilitated_resale_or_kickback")}},
    Act{{no("recognition_standard_followed"), so("caused_fund_loss"), is("fund_loss_level", "some_loss")}},
    Act{{no("chronic_rules_followed"), so("caused_fund_loss"), is("fund_loss_level", "large_loss")}}, Act{{no("settlement_data_matches_reality")}},
    Act{{no("documents_retained"), so("fees_unverifiable")}}, Act{{no("appeal_material_true"), so("in_appeal_period")}},
    Act{{so("appeal_material_forged"), so("in_appeal_period")}}};

inline constexpr std::array of_65{
    Act{{so("major_risk_to_fund_or_rights")}}, Act{{so("untrue_data_to_agency"), so("untrue_data_to_authority")}},
    Act{{so("induced_or_assisted_impersonation")}}, Act{{so("induced_or_assisted_false_visit")}}, Act{{so("false_proof_provided")}},
    Act{{so("colluded_false_bills")}}, Act{{so("documents_forged_or_destroyed"), so("fund_obtained_by_fraud"), so("fund_fraud")}},
    Act{{so("fictitious_services"), so("fund_obtained_by_fraud"), so("fund_fraud")}}, Act{{so("false_recognition_documents")}},
    Act{{so("personal_account_cashed_out")}}, Act{{no("service_within_licensed_specialty"), so("included_in_fund_payment")}},
    Act{{no("service_at_licensed_address"), so("included_in_fund_payment")}},
    Act{{so("qualification_lent_or_leased"), no("doctor_within_scope"), so("included_in_fund_payment")}},
    Act{{so("qualification_lent_or_leased"), no("doctor_at_registered_place"), so("included_in_fund_payment")}},
    Act{{so("doctor_signature_forged"), so("fund_obtained_by_fraud")}}, Act{{so("department_contracted_out")}}, Act{{so("law_requires_suspension")}}};

inline constexpr std::array of_66{
    Act{{so("designation_by_fraud")}}, Act{{so("claimed_for_suspended_or_undesignated")}},
    Act{{so("unqualified_staff_used"), so("included_in_fund_payment")}}, Act{{so("inspection_refused_or_obstructed"), so("refusal_egregious")}},
    Act{{so("inspection_refused_or_obstructed"), no("refusal_egregious")}}, Act{{so("major_info_changed")}},
    Act{{so("closed_or_ceased"), no("closure_reported")}},
    Act{{so("major_violation_found_by_authority"), so("caused_fund_loss"), is("fund_loss_level", "major_loss")}}, Act{{so("licence_revoked")}},
    Act{{so("representative_cannot_perform")}}, Act{{so("representative_dishonest")}}, Act{{so("admin_penalty_not_performed")}},
    Act{{so("law_requires_dissolution")}}};

inline constexpr std::array of_68{
    Act{{so("external_dept_report"), so("suspected_major_violation")}}, Act{{so("external_investigation_closed"), so("breach_verified_after_investigation")}}};

// What Tianjin's supplement adds.
inline constexpr std::array of_city{
    Act{{no("trace_codes_collected")}}, Act{{no("trace_codes_verified")}}, Act{{no("trace_codes_uploaded")}}, Act{{so("sold_resold_drug")}},
    Act{{so("sold_resold_drug")}}, Act{{so("sold_resold_drug")}}, Act{{so("suspected_trace_code_breach")}}, Act{{so("suspected_resold_drug")}},
    Act{{so("suspected_other_trace_issue")}},
    Act{{so("used_workstation_of_insurance_doctor"), so("licensed_doctor"), no("is_insurance_doctor_of_facility"), so("fees_uploaded")}},
    Act{{so("used_workstation_of_insurance_doctor"), so("licensed_doctor"), so("is_insurance_doctor_of_facility"), so("fees_uploaded")}},
    Act{{so("used_workstation_of_insurance_doctor"), no("licensed_doctor"), so("fees_uploaded")}}, Act{{so("off_platform_purchase"), so("item_in_procurement_scope")}},
    Act{{so("aid_service_quality_lower")}}, Act{{so("difficult_cross_field_issue")}}};

}  // namespace acts
}  // namespace tiao::bench::agreement
