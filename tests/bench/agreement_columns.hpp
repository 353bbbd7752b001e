// The registers of agreements with facilities as the generator fills them.
#pragma once

#include "tests/bench/tables.hpp"

namespace tiao::bench::agreement::columns {

inline constexpr std::array facility{
    Column{"facility_id"}, Column{"facility_name"}, Column{"facility_kind"}, Column{"facility_ownership"}, Column{"facility_type"},
    Column{"ownership_public"}, Column{"facility_grade"},
    Column{"is_primary_care_facility", rg}, Column{"contracted_outpatient", rg}, Column{"contracted_inpatient", rg}, Column{"contracted_other", rg},
    Column{"designated_signage_displayed", rg}, Column{"provides_chronic_recognition", rg}, Column{"provides_remote_settlement", rg},
    Column{"payment_reform_capable", rg}, Column{"eprescription_capable", rg}, Column{"direct_settlement_region", rg},
    Column{"internet_hospital_exists", rg}, Column{"internet_hospital_agreement", rg}, Column{"deposit_balance", rg},
    Column{"three_catalogue_outside_ratio", rg}, Column{"high_value_net_purchase_ratio", rg}, Column{"publishable_matter_performance", rg},
    Column{"publishable_matter_points", rg}, Column{"publishable_matter_assessment", rg}, Column{"renewal_applied_date", rg},
    Column{"renewal_organised_by_agency", rg}, Column{"renewal_agreed", rg}, Column{"facility_failed_renewal", rg},
    Column{"nonrenewal_due_to_agency", rg}, Column{"renewed_on", rg}, Column{"designation_conditions_met", rg}, Column{"licence_cancelled", rg},
    Column{"facility_requested_dissolution", rg}, Column{"agency_agreed_dissolution", rg}, Column{"force_majeure_prevents", rg},
    Column{"region", tf}, Column{"medical_aid_designated", tf}, Column{"assessment_year", tf}, Column{"score_employee", tf},
    Column{"participates_employee_assessment", tf}, Column{"scores_issued_on", tf}, Column{"investigating_body", tf},
    Column{"emergency_stop_loss", tf}, Column{"still_under_investigation", tf}, Column{"deferred_when_issued", tf}, Column{"deferral_cleared", tf},
    Column{"score_appealed_in_time", tf}, Column{"appeal_answered", tf}, Column{"score_confirmed_on", tf},
    Column{"application_or_renewal_stage", tf}, Column{"policy_briefing_given", tf}, Column{"warning_card_issued", tf},
    Column{"facility_consents_over_threshold", tf}};

inline constexpr std::array facility_agreement_events{
    Column{"facility"}, Column{"kind"}, Column{"from_date"}, Column{"to_date"}, Column{"action_by_home_agency"}, Column{"chained"},
    Column{"voluntary_suspension_requested"}, Column{"voluntary_suspension_approved"}, Column{"resume_applied_on"}};

inline constexpr std::array practitioner{Column{"person_id"}, Column{"person_name"}, Column{"person_class"}, Column{"doctor_suspected_major_violation", tf},
                                         Column{"doctor_external_report", tf}};

inline constexpr std::array facility_case{
    Column{"case_id"}, Column{"facility"}, Column{"opened_on"}, Column{"finding_verified"}, Column{"violating_fee_verified"},
    Column{"violating_fee_amount"}, Column{"already_paid_amount"}, Column{"caused_fund_loss"}, Column{"fund_loss_level"},
    Column{"social_impact_level"}, Column{"vile_nature"}, Column{"intent_to_defraud"}, Column{"fund_fraud"}, Column{"fund_obtained_by_fraud"},
    Column{"included_in_fund_payment"}, Column{"rectified_as_required"}, Column{"rectification_complete"}, Column{"rectified_on"},
    Column{"extended_to_staff_or_dept"}, Column{"penalty_decided"}, Column{"penalty_due"}, Column{"alerting_feasible"},
    Column{"agency_pushed_risk_alerts"}, Column{"breach_decision_made"}, Column{"agency_explained_decision"}, Column{"dispute_exists"},
    Column{"fee_related_admin_penalty"}, Column{"penalty_served_date"}, Column{"penalty_reported_date"}, Column{"offsite_exam_needed"},
    Column{"offsite_target"}, Column{"offsite_registered_before"}, Column{"cited_pretext"}, Column{"first_review_coverage"},
    Column{"inpatient_recheck_ratio"}, Column{"inpatient_recheck_ratio_by_amount", rg}, Column{"inpatient_recheck_ratio_of_all", rg},
    Column{"inpatient_recheck_ratio_of_all_by_amount", rg}, Column{"item_in_procurement_scope"}, Column{"system_interface_done_on"},
    Column{"many_violations_found"}, Column{"inspection_and_assessment_excellent"}, Column{"admin_penalty_warranted"},
    Column{"law_or_policy_changed"}, Column{"status_notice_posted"}, Column{"patient_fee_not_covered"}, Column{"inspection_result_signed"},
    Column{"agency_provided_interface_standard"}, Column{"agency_designated_vendor"}, Column{"agency_charged_fee"},
    Column{"agency_provided_training"}, Column{"agency_answered_opinions_timely"}, Column{"agency_data_rules_followed"},
    Column{"agency_leak_occurred"}, Column{"agency_staff_discipline_breach"}, Column{"impact_on_facility"}, Column{"inspection_disrupted_order"},
    Column{"other_agency_breach"}, Column{"improper_public_remarks"}, Column{"remarks_severe_adverse_effect"}, Column{"all_patient_info_uploaded"},
    Column{"appeal_feedback_timely"}, Column{"refused_patient_citing_policy"}, Column{"premature_discharge_demanded"},
    Column{"self_pay_stay_demanded"}, Column{"intent_shift_inpatient_cost"}, Column{"induced_clinic_visit_during_stay"},
    Column{"induced_pharmacy_purchase_during_stay"}, Column{"separate_account_payment"}, Column{"shifted_fund_payable_to_self_pay"},
    Column{"fee_documents_issued_truthfully"}, Column{"service_outside_fund_scope"}, Column{"emergency_or_rescue"}, Column{"consent_signed"},
    Column{"refused_external_prescription"}, Column{"refused_direct_settlement"}, Column{"patient_qualifies_for_settlement"},
    Column{"legitimate_reason"}, Column{"inventory_management_in_place"}, Column{"inventory_vouchers_retained"},
    Column{"purchase_price_quantity_reported_truthfully"}, Column{"prices_posted"}, Column{"central_procurement_rules_broken"},
    Column{"refused_selected_product"}, Column{"fee_structure_published"}, Column{"booked_as_insurance_arrears"},
    Column{"complaint_channel_published"}, Column{"complaints_handled_timely"}, Column{"other_duty_not_implemented"},
    Column{"system_interface_done"}, Column{"national_codes_used"}, Column{"code_database_maintained"}, Column{"code_maintenance_late_or_wrong"},
    Column{"normal_settlement_affected"}, Column{"fee_not_payable_because_of_code"}, Column{"physically_isolated"},
    Column{"external_network_connected"}, Column{"external_network_safeguarded"}, Column{"data_security_rules_followed"},
    Column{"data_leak_occurred"}, Column{"id_device_lent_or_given"}, Column{"settlement_data_uploaded_timely"}, Column{"upload_exception"},
    Column{"hours_after_fault_cleared"}, Column{"settlement_list_submitted"}, Column{"payment_reform_refused"}, Column{"off_platform_purchase"},
    Column{"local_purchase_rules_broken"}, Column{"discriminatory_price"}, Column{"price_law_broken"}, Column{"other_price_duty_unmet"},
    Column{"price_items_followed"}, Column{"other_effect_on_fund_payment"}, Column{"credential_verified"}, Column{"impersonation_occurred"},
    Column{"induced_or_low_standard_admission"}, Column{"admission_discharge_criteria_followed"}, Column{"unreasonable_fund_spending"},
    Column{"settlement_list_filled_properly"}, Column{"non_payable_fee_claimed"}, Column{"item_in_catalogue"},
    Column{"within_statutory_indication"}, Column{"claimed_to_pooling_fund"}, Column{"accident_case"}, Column{"accident_cause_recorded_clearly"},
    Column{"third_party_cost_claimed"}, Column{"split_hospitalization"}, Column{"nominal_hospitalization"}, Column{"overtreatment_kind_treatment"},
    Column{"overtreatment_kind_examination"}, Column{"overtreatment_kind_excess_quantity"}, Column{"overtreatment_kind_repeat_prescription"},
    Column{"charging_violation_repeat"}, Column{"charging_violation_over_standard"}, Column{"charging_violation_split"},
    Column{"substitution_kind_drug"}, Column{"substitution_kind_consumable"}, Column{"substitution_kind_service"},
    Column{"facilitated_resale_or_kickback"}, Column{"recognition_standard_followed"}, Column{"chronic_rules_followed"},
    Column{"settlement_data_matches_reality"}, Column{"documents_retained"}, Column{"fees_unverifiable"}, Column{"in_appeal_period"},
    Column{"appeal_material_true"}, Column{"appeal_material_forged"}, Column{"major_risk_to_fund_or_rights"}, Column{"untrue_data_to_agency"},
    Column{"untrue_data_to_authority"}, Column{"induced_or_assisted_impersonation"}, Column{"induced_or_assisted_false_visit"},
    Column{"false_proof_provided"}, Column{"colluded_false_bills"}, Column{"documents_forged_or_destroyed"}, Column{"fictitious_services"},
    Column{"false_recognition_documents"}, Column{"personal_account_cashed_out"}, Column{"service_within_licensed_specialty"},
    Column{"service_at_licensed_address"}, Column{"qualification_lent_or_leased"}, Column{"doctor_within_scope"},
    Column{"doctor_at_registered_place"}, Column{"doctor_signature_forged"}, Column{"department_contracted_out"}, Column{"law_requires_suspension"},
    Column{"designation_by_fraud"}, Column{"claimed_for_suspended_or_undesignated"}, Column{"unqualified_staff_used"},
    Column{"inspection_refused_or_obstructed"}, Column{"refusal_egregious"}, Column{"major_info_changed"}, Column{"major_change_approved_on"},
    Column{"major_change_found_on"}, Column{"major_change_applied_on"}, Column{"closed_or_ceased"}, Column{"closure_reported"},
    Column{"major_violation_found_by_authority"}, Column{"licence_revoked"}, Column{"representative_cannot_perform"},
    Column{"representative_dishonest"}, Column{"admin_penalty_not_performed"}, Column{"law_requires_dissolution"}, Column{"external_dept_report"},
    Column{"suspected_major_violation"}, Column{"external_investigation_closed"}, Column{"breach_verified_after_investigation"},
    Column{"aid_service_quality_lower"}, Column{"trace_codes_collected"}, Column{"trace_codes_verified"}, Column{"trace_codes_uploaded"},
    Column{"sold_resold_drug"}, Column{"suspected_trace_code_breach"}, Column{"suspected_resold_drug"}, Column{"suspected_other_trace_issue"},
    Column{"licensed_doctor"}, Column{"is_insurance_doctor_of_facility"}, Column{"used_workstation_of_insurance_doctor"}, Column{"fees_uploaded"},
    Column{"difficult_cross_field_issue"}};

inline constexpr std::array responsible_staff{Column{"facility_case"}, Column{"staff_member"}, Column{"conduct_nature"},
                                              Column{"responsibility_degree"}, Column{"points_due"}, Column{"points_total"}};
inline constexpr std::array priced_items{
    Column{"facility_case"}, Column{"goods_kind"}, Column{"is_tcm_decoction"}, Column{"listed_on_platform"}, Column{"market_priced_item"},
    Column{"market_price_fair"}, Column{"markup_amount"}, Column{"sale_price"}, Column{"platform_price"}, Column{"peer_public_price"},
    Column{"own_non_insured_price"}, Column{"price_obviously_above_peers"}};
inline constexpr std::array purchases{
    Column{"facility_case"}, Column{"drug"}, Column{"purchased_on"}, Column{"purchase_price"}, Column{"list_price"}, Column{"resold_drug"},
    Column{"purchase_invoices_available"}, Column{"purchase_invoices_genuine"}, Column{"reasonable_explanation"},
    Column{"explanation_proof_provided"}, Column{"price_obviously_abnormal"}, Column{"app_spot_check_done"}};
inline constexpr std::array claim{
    Column{"claim_id"}, Column{"facility"}, Column{"claimed_on"}, Column{"paid_on"}, Column{"compliant_claim"}, Column{"underpaid"},
    Column{"insured_category"}, Column{"insured_region"}, Column{"service_category"}, Column{"item_in_catalogue"},
    Column{"outpatient_prescription_compliant"}, Column{"is_preparation"}, Column{"preparation_approved_by_drug_regulator"},
    Column{"outside_drug_bought"}, Column{"inpatient"}, Column{"outside_drug_truly_needed"}, Column{"facility_prescription_issued"},
    Column{"outside_drug_amount"}, Column{"internet_visit"}, Column{"is_followup_visit"}, Column{"prescription_issued"}, Column{"delivery_fee"},
    Column{"fund_payable_amount"}, Column{"personal_amount"}, Column{"claimed_amount"}, Column{"payment_standard"}, Column{"suspected_fee"},
    Column{"suspicion_verified_by_chart_or_site"}, Column{"fee_dispute"}, Column{"fees_refused"}, Column{"special_case_qualifies"}};
inline constexpr std::array inventory_ledger{
    Column{"facility"}, Column{"recorded_on"}, Column{"common_name"}, Column{"business_code"}, Column{"dosage_form"}, Column{"specification"},
    Column{"manufacturer"}, Column{"herb"}, Column{"origin"}, Column{"approval_number"}, Column{"quantity"}, Column{"price"}, Column{"batch"},
    Column{"produced_on"}, Column{"purchased_on"}};
inline constexpr std::array annual_settlements{Column{"facility"}, Column{"settled_year"}, Column{"budget_overspend"}, Column{"overspend_reasonable"}};
inline constexpr std::array assessment_result{Column{"facility"}, Column{"issued_on"}, Column{"result_score"}, Column{"result_fed_back", rg}};
inline constexpr std::array monthly_points{
    Column{"facility"}, Column{"month"}, Column{"drug_points"}, Column{"service_points"}, Column{"monthly_claim_filed"}, Column{"declared_points"},
    Column{"services_over_value_threshold"}, Column{"threshold_reminder_sent"}};
inline constexpr std::array violations{Column{"facility"}, Column{"found_on"}, Column{"occurred_on"}, Column{"fraud_involved"},
                                       Column{"new_violation_type"}, Column{"rectification_complete"}};
inline constexpr std::array onsite_inspections{Column{"facility"}, Column{"inspected_on"}};
inline constexpr std::array departments{Column{"department_id"}, Column{"facility"}, Column{"department_name"}};
inline constexpr std::array department_doctors{Column{"departments"}, Column{"doctor"}, Column{"doctor_certificate"}, Column{"first_registered_here"}};
inline constexpr std::array neighbours{Column{"facility"}, Column{"neighbour"}, Column{"distance_m"}};
inline constexpr std::array earlier_breaches{
    Column{"facility"}, Column{"breach_agreement_year"}, Column{"due_remedy_then"}, Column{"due_remedy_now", tf}, Column{"discovered_in_that_year"},
    Column{"handled_in_that_year"}};
inline constexpr std::array statistics_windows{Column{"practitioner"}, Column{"window_from"}, Column{"window_to"}, Column{"not_individualised"},
                                               Column{"similar_prescribing"}, Column{"excess_otherwise"}};
inline constexpr std::array peer_records{
    Column{"practitioner"}, Column{"measure"}, Column{"span_from"}, Column{"span_to"}, Column{"facility_class"}, Column{"facility_level"},
    Column{"doctor_cost_metric"}, Column{"plainly_above"}};
inline constexpr std::array prescription_records{Column{"practitioner"}, Column{"patient"}, Column{"written_on"}, Column{"visit"}, Column{"drug_cost"},
                                                 Column{"identical_cost"}, Column{"maximum_dose"}};
inline constexpr std::array doctor_stage_history{Column{"practitioner"}, Column{"reviewed_on"}, Column{"rectification_effective"},
                                                 Column{"circumstances_persist"}};

}  // namespace tiao::bench::agreement::columns
