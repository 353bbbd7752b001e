#include "tests/bench/jobs/breach.hpp"

#include "tests/bench/random.hpp"

namespace tiao::bench {
namespace breach {

const std::array<const char*, booleans>& names() {
  static constexpr std::array<const char*, booleans> all{
      "improper_remarks", "patient_info_missing", "feedback_late", "patient_turned_away", "cost_shifted", "papers_or_consent_missing",
      "outside_prescription_refused", "direct_settlement_refused", "stock_unmanaged", "price_or_purchase_breach", "booked_as_arrears",
      "complaints_unhandled", "other_duty_unmet", "interface_or_codes_missing", "network_or_data_unsafe", "settlement_data_late",
      "payment_reform_refused", "bought_off_platform", "price_unfair", "other_effect_on_payment", "impersonation", "low_standard_admission",
      "list_upcoded", "outside_scope_settled", "third_party_cost_claimed", "irregular_care_or_charges", "resale_helped", "chronic_rules_broken",
      "data_or_documents_missing", "appeal_papers_untrue", "other_loss_caused", "major_risk", "untrue_data", "impersonation_arranged",
      "forged_or_fictitious", "false_recognition_papers", "account_cashed_out", "outside_licence", "qualification_lent", "signature_forged",
      "department_let_out", "law_requires_suspension", "suspended_twice", "designation_by_fraud", "claimed_for_others", "unqualified_staff",
      "inspection_obstructed", "major_change_unreported", "closure_unreported", "major_violation_with_loss", "licence_revoked",
      "representative_unfit", "penalty_not_performed", "law_requires_dissolution",
      "vile_nature", "intent_to_defraud", "established"};
  return all;
}

const std::array<RemedyInfo, remedies>& remedy_info() {
  using core::Modality;
  static const std::array<RemedyInfo, remedies> all{{{"interview", Modality::must, {0}},
                                                     {"rectify_in_time", Modality::must, {0, 1}},
                                                     {"hold_disbursement", Modality::must, {1}},
                                                     {"refuse_or_recover", Modality::must, {2, 3, 4}},
                                                     {"breach_penalty", Modality::may, {2, 3, 4}},
                                                     {"extend_to_staff_or_dept", Modality::may, {3, 4}},
                                                     {"suspend_agreement", Modality::must, {3}},
                                                     {"settle_suspension_fees", Modality::must_not, {3}},
                                                     {"terminate_agreement", Modality::must, {4}},
                                                     {"publish_status", Modality::must, {3, 4}}}};
  return all;
}

}  // namespace breach

using namespace breach;

BreachFacts make_breach(std::uint32_t rows, std::uint64_t seed) {
  BreachFacts f;
  f.rows = rows;
  const std::size_t words = words_of(rows);
  // Each finding holds in one case of 32 and is not known in one of 64. Most cases are established, some weigh heavily.
  const auto sparse = [](Random& r, unsigned ands) {
    std::uint64_t w = r.next();
    for (unsigned i = 1; i < ands; ++i) w &= r.next();
    return w;
  };
  for (unsigned c = 0; c < booleans; ++c) {
    f.yes[c].resize(words), f.null[c].resize(words);
    Random r(seed, 1, c);
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t yes = c == established ? ~sparse(r, 4) : sparse(r, c == intent ? 2 : c == vile ? 4 : 5), null = sparse(r, 6);
      f.null[c][w] = null;
      f.yes[c][w] = yes & ~null;
    }
    if (rows % 64 != 0) {
      const std::uint64_t there = (std::uint64_t{1} << (rows % 64)) - 1;
      f.yes[c].back() &= there, f.null[c].back() &= there;
    }
  }
  f.loss.resize(rows), f.impact.resize(rows);
  Random r(seed, 2);
  constexpr unsigned losses[]{450, 300, 150, 80, 20}, impacts[]{680, 200, 100, 20};
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto loss = r.pick(losses), impact = r.pick(impacts);
    f.loss[row] = loss == 4 ? BreachFacts::no_level : static_cast<std::uint8_t>(loss);
    f.impact[row] = impact == 3 ? BreachFacts::no_level : static_cast<std::uint8_t>(impact);
  }
  return f;
}

void fill(const BreachFacts& f, facts::FactBase& base) {
  RegisterColumns cases(base, "facility_case", f.rows, 'C');
  for (unsigned c = 0; c < booleans; ++c) cases.truths(names()[c], [&](std::uint32_t row) { return f.truth(c, row); });
  cases.numbers("fund_loss_level", [&](std::uint32_t row) { return f.loss[row] == BreachFacts::no_level ? 15 : 1 << f.loss[row]; });
  cases.numbers("social_impact_level", [&](std::uint32_t row) { return f.impact[row] == BreachFacts::no_level ? 7 : 1 << f.impact[row]; });
}

BreachTwin::BreachTwin(const BreachFacts& f) : rows_(f.rows), blocks_((f.rows + block_rows - 1) / block_rows), in_(blocks_ * inputs * block_words), out_(blocks_ * outputs * block_words) {
  const std::size_t words = words_of(rows_);
  const auto place = [&](std::size_t word, unsigned plane) -> std::uint64_t& { return in_[word / block_words * inputs * block_words + plane * block_words + word % block_words]; };
  for (std::size_t w = 0; w < words; ++w) {
    for (unsigned c = 0; c < booleans; ++c) {
      place(w, c * 2) = f.yes[c][w];
      place(w, c * 2 + 1) = ~(f.yes[c][w] | f.null[c][w]);
    }
  }
  const auto levels = [&](const std::vector<std::uint8_t>& level, unsigned plane) {
    for (std::size_t row = 0; row < rows_; ++row) {
      if (level[row] == BreachFacts::no_level) continue;
      const std::uint64_t here = std::uint64_t{1} << (row % 64);
      if ((level[row] & 2u) != 0) place(row / 64, plane) |= here;
      if ((level[row] & 1u) != 0) place(row / 64, plane + 1) |= here;
      place(row / 64, plane + 2) |= here;
    }
  };
  levels(f.loss, booleans * 2);
  levels(f.impact, booleans * 2 + 3);
}

void compare(const BreachTwin& twin, Expectation& engine) {
  static constexpr std::array articles{"第六十二条", "第六十三条", "第六十四条", "第六十五条", "第六十六条"};
  static constexpr std::array numbers{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"};
  const std::size_t rows = twin.rows();
  const char* of = "facility_case";
  for (unsigned a = 0; a < 5; ++a) {
    const std::string article = articles[a];
    for (unsigned i = 0; i < items[a]; ++i) engine.proposition(of, article + "（" + numbers[i] + "）", rows, [&](std::size_t row) { return twin.item(first[a] + i, row); });
    for (unsigned p = 0; a > 0 && p < 2; ++p) {
      const unsigned part = (a - 1) * 2 + p;
      engine.proposition(of, article + "#" + std::to_string(part + 1), rows, [&](std::size_t row) { return twin.part(part, row); });
    }
    engine.proposition(of, article, rows, [&](std::size_t row) { return twin.head(a, row); });
  }
  for (unsigned r = 0; r < remedies; ++r) {
    const RemedyInfo& info = remedy_info()[r];
    engine.remedy(info.id, info.modality, rows, [&](std::size_t row) {
      Expectation::Decision d;
      d.state = twin.remedy(r, row);
      if (d.state != Truth::no)
        for (std::size_t g = 0; g < info.heads.size(); ++g) {
          const Truth head = twin.head(info.heads[g], row);
          d.held |= std::uint64_t{head == Truth::yes} << g;
          d.open |= std::uint64_t{head == Truth::unknown} << g;
        }
      return d;
    });
  }
}

}  // namespace tiao::bench
