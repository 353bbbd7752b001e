// Numbers that the twin shares among its files: bits of enums as the vocabulary orders them, and its own numbering of results.
#pragma once

#include <cstdint>

namespace tiao::bench::code {

enum PersonClass : std::int64_t { medical = 1, pharmaceutical = 2, nursing = 4, technical = 8, reviewer = 16 };
enum DecisionKind : std::int64_t { penalty = 1, agreement_decision = 2, notice = 4, sector_decision = 8, no_decision = 16 };
enum DecisionBasis : std::int64_t { regulation_38 = 1, regulation_39 = 2, regulation_40 = 4, order_2 = 8, order_3 = 16 };
enum DecisionTarget : std::int64_t { institution = 1, department = 2 };
enum Degree : std::int64_t { general = 1, important = 2, main = 4 };
enum FacilityKind : std::int64_t { hospital = 1, pharmacy = 2 };
enum Ownership : std::int64_t { public_ = 1 };
enum SectorAction : std::int64_t { dealt_with = 1, deregistered = 2, revoked = 4, withdrawn = 8 };
enum Assessor : std::int64_t { administrative = 1, inspection = 2, handling = 4, fund_management = 8, settlement_review = 16, outside_body = 32 };
enum Part : std::int64_t { cooperating = 1, leading = 2, decisive = 4 };
enum Status : std::int64_t { normal = 1, suspended = 2, terminated = 4 };
enum RepairKind : std::int64_t { training = 1, activity = 2 };
enum Organiser : std::int64_t { national = 1, city = 2 };
enum AppealTarget : std::int64_t { points_result = 1 };
enum AppealResult : std::int64_t { upheld = 2, changed = 4 };
enum Emergency : std::int64_t { emergency_visit = 1, rescue = 2, first_aid = 4, similar = 8 };
enum Subject : std::int64_t { yearly_filing = 1, monthly_points = 2, quarterly_offences = 4 };

}  // namespace tiao::bench::code

namespace tiao::bench {

enum TwinRemedyId : unsigned {
  r_record_points, r_remit_points, r_cut_term, r_accept_appeal, r_adjust_result, r_give_reasons, r_settle_fee, r_notify_result, r_interview_person,
  r_circulate, r_list_person, r_suspend, r_end, r_reregister, r_restore, r_restrict, r_recover, r_deduct, r_suspend_settlement, r_suspend_agreement,
  r_count
};

// In the order of the text.
enum TwinDutyId : unsigned {
  d_8_1, d_8_2, d_8_3, d_13, d_14_1, d_14_new, d_14_2, d_16_1, d_16_2, d_19_1, d_19_2, d_20, d_23_2, d_24_2, d_32_1, d_32_2, d_34, d_34_1, d_34_3a, d_34_3b,
  d_36_2, d_39_1, d_39_2, d_39_3a, d_39_3b, d_count
};
enum TwinRequireId : unsigned {
  q_2, q_15, q_17, q_18a, q_18b, q_22_1, q_22_2, q_24_1, q_30_1, q_30_2, q_30_3, q_30_4, q_30_5a, q_30_5b, q_31_2, q_36_1, q_36_2, q_39_2, q_39_3, q_count
};

enum IncidentBit : std::uint32_t {
  i_26_1 = 1u << 0, i_26_2 = 1u << 1, i_26_3 = 1u << 2, i_26 = 1u << 3, i_27_1 = 1u << 4, i_27_2 = 1u << 5, i_27_3 = 1u << 6, i_27 = 1u << 7,
  i_28_1 = 1u << 8, i_28_2 = 1u << 9, i_28_3 = 1u << 10, i_28 = 1u << 11, i_29_1 = 1u << 12, i_29_2 = 1u << 13, i_29_3 = 1u << 14, i_29 = 1u << 15,
  i_12 = 1u << 16,
  // not propositions of the text: what the twin remembers beside them
  i_scored = 1u << 20, i_later = 1u << 21, i_twin = 1u << 22, i_here = 1u << 23, i_repeatable = 1u << 24,
};
enum RepairBit : std::uint32_t { m_paragraph_1 = 1, m_paragraph_2 = 2, m_training = 4, m_activity = 8, m_shortens = 16, m_full_twelve = 32, m_here = 1u << 20 };
enum AppealBit : std::uint32_t { a_filed = 1, a_changed = 2, a_upheld = 4, a_here = 1u << 20 };
enum FeeBit : std::uint32_t { f_paid = 1, f_suspended = 2, f_ended = 4, f_in_term = 8, f_here = 1u << 20 };
enum StepBit : std::uint32_t { s_head = 1, s_talk = 2, s_term = 4, s_end = 8, s_nine = 16, s_ten = 32, s_eleven = 64, s_over_year = 128, s_back = 256 };
enum SpanBit : std::uint32_t { t_returns = 1 };
enum PersonBit : std::uint32_t { p_hospital = 1, p_pharmacy = 2, p_practises = 4, p_applies = 1u << 20 };
enum FacilityBit : std::uint32_t { h_some = 1, h_half = 2, h_late = 4, h_untold = 8 };

}  // namespace tiao::bench
