-- Articles 62 to 66 over nullable truths: AND, OR and NOT of SQL are those of Tiao. Items that are the finding itself are not written again.
CREATE TABLE decided AS
WITH named AS (
  SELECT *,
    improper_remarks OR patient_info_missing OR feedback_late OR patient_turned_away OR cost_shifted OR papers_or_consent_missing OR
    outside_prescription_refused OR direct_settlement_refused OR stock_unmanaged OR price_or_purchase_breach OR booked_as_arrears OR
    complaints_unhandled AS named_62,
    interface_or_codes_missing OR network_or_data_unsafe OR settlement_data_late OR payment_reform_refused OR bought_off_platform OR price_unfair AS
    named_63,
    impersonation OR low_standard_admission OR list_upcoded OR outside_scope_settled OR third_party_cost_claimed OR irregular_care_or_charges OR
    resale_helped OR chronic_rules_broken OR data_or_documents_missing OR appeal_papers_untrue AS named_64,
    loss >= 2 OR impact >= 1 AS large_effect, impact >= 1 AS wide_effect, vile_nature OR loss >= 3 OR impact >= 2 AS grave_effect
  FROM cases
), listed AS (
  SELECT *,
    other_duty_unmet AND NOT named_62 AS item_62_13,
    other_effect_on_payment AND NOT named_63 AS item_63_7,
    other_loss_caused AND NOT named_64 AS item_64_11,
    major_risk OR untrue_data OR impersonation_arranged OR forged_or_fictitious OR false_recognition_papers OR account_cashed_out OR outside_licence
    OR qualification_lent OR signature_forged OR department_let_out OR law_requires_suspension AS any_65,
    suspended_twice OR designation_by_fraud OR claimed_for_others OR unqualified_staff OR inspection_obstructed OR major_change_unreported OR
    closure_unreported OR major_violation_with_loss OR licence_revoked OR representative_unfit OR penalty_not_performed OR law_requires_dissolution
    AS any_66
  FROM named
), any_item AS (
  SELECT *, named_62 OR item_62_13 AS any_62, named_63 OR item_63_7 AS any_63, named_64 OR item_64_11 AS any_64 FROM listed
), parts AS (
  SELECT *, established AND any_62 AS head_62,
    established AND any_63 AS part_1, established AND any_62 AND wide_effect AS part_2,
    established AND any_64 AS part_3, established AND (any_62 OR any_63) AND large_effect AS part_4,
    established AND any_65 AS part_5, established AND any_64 AND (large_effect OR intent_to_defraud) AS part_6,
    established AND any_66 AS part_7, established AND (any_62 OR any_63 OR any_64 OR any_65) AND grave_effect AS part_8
  FROM any_item
), heads AS (
  SELECT *, part_1 OR part_2 AS head_63, part_3 OR part_4 AS head_64, part_5 OR part_6 AS head_65, part_7 OR part_8 AS head_66 FROM parts
)
SELECT item_62_13, item_63_7, item_64_11, part_1, part_2, part_3, part_4, part_5, part_6, part_7, part_8, head_62, head_63, head_64, head_65, head_66,
  head_62 AS interview, head_62 OR head_63 AS rectify_in_time, head_63 AS hold_disbursement, head_64 OR head_65 OR head_66 AS refuse_or_recover,
  head_64 OR head_65 OR head_66 AS breach_penalty, head_65 OR head_66 AS extend_to_staff_or_dept, head_65 AS suspend_agreement,
  head_65 AS settle_suspension_fees, head_66 AS terminate_agreement, head_65 OR head_66 AS publish_status
FROM heads;
