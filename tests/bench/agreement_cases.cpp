// One case: its gravity, its money, one or two acts, and the rows below it.
#include <algorithm>
#include <span>
#include <string>

#include "runtime/value/scalar.hpp"
#include "tests/bench/agreement.hpp"
#include "tests/bench/agreement_acts.hpp"

namespace tiao::bench::agreement {
namespace {

enum Stream : std::uint64_t { case_stream = 35 };
static_assert(columns::facility_case.size() < 0xff);

std::span<const Act> acts_of(Random& random, bool city) {
  if (city && random.chance(600)) return acts::of_city;
  switch (random.pick({60u, 250u, 190u, 270u, 130u, 75u, 25u})) {
    case 0: return acts::of_61;
    case 1: return acts::of_62;
    case 2: return acts::of_63;
    case 3: return acts::of_64;
    case 4: return acts::of_65;
    case 5: return acts::of_66;
    default: return acts::of_68;
  }
}

}  // namespace

void Maker::put_act(Random& random, Row<columns::facility_case>& row) {
  const std::span<const Act> from = acts_of(random, city());
  const Act& act = from[random.below(from.size())];
  for (const Finding& f : act.findings)
    if (f.column != 0xff) row[f.column] = f.value;
  // Not yet verified: suspected.
  if (!options_.complete && random.chance(25)) row[act.findings[0].column] = null();
}

void Maker::one_case(std::uint32_t index) {
  using columns::facility_case;
  Random random(options_.seed, case_stream, index);
  Blanks blanks(random, options_.complete);
  const Name id = name_of('C', index + 1, 5), at = facility_id(static_cast<std::uint32_t>(random.below(options_.facilities)));
  Row<facility_case> row{};
  auto set = [&](std::size_t column, Value value) { row[column] = value; };
  auto rarely = [&](std::size_t column, unsigned permille, bool value) {
    if (random.chance(permille)) row[column] = blanks.or_null(boolean(value), 40);
  };
  const std::int64_t opened = random.between(first_ + 9, last_ - 6);
  const Decision decision{"agency", std::min(last_, opened + random.between(3, 25)),
                          std::array{"依现场核查笔录", "依病历与结算清单比对", "依专家评议意见", "依机构书面说明"}[random.below(4)]};
  // A judgment: mostly made, half of them with who, when and why; some still open.
  auto judged = [&](std::size_t column, Value value) {
    const std::size_t open = random.pick({950u, 25u, 25u});
    if (open != 0 && !options_.complete) {
      if (open == 1) row[column] = null();
      return;
    }
    if (random.chance(500)) value.decision = &decision;
    row[column] = value;
  };
  set(col(facility_case, "case_id"), text(id));
  set(col(facility_case, "facility"), text(at));
  set(col(facility_case, "opened_on"), blanks.day_or_month(opened, 15));
  const std::size_t verified = random.pick({800u, 100u, 100u});
  if (verified == 0 || options_.complete) set(col(facility_case, "finding_verified"), boolean(true));
  else if (verified == 1) set(col(facility_case, "finding_verified"), null());

  const std::size_t loss = random.pick({480u, 310u, 140u, 70u}), impact = random.pick({880u, 85u, 35u});
  judged(col(facility_case, "fund_loss_level"), word(std::array{"no_loss", "some_loss", "large_loss", "major_loss"}[loss]));
  judged(col(facility_case, "social_impact_level"), word(std::array{"no_impact", "wide_impact", "grave_impact"}[impact]));
  judged(col(facility_case, "vile_nature"), boolean(random.chance(40)));
  judged(col(facility_case, "intent_to_defraud"), boolean(random.chance(60)));
  if (random.chance(loss > 0 ? 980 : 10)) set(col(facility_case, "caused_fund_loss"), boolean(true));

  // Paid not at all, in part, as a whole, or more than turned out wrong.
  const std::int64_t fee = random.chance(80) ? 0 : random.between(100, 30'000'00), paid = std::array{std::int64_t{0}, fee / 3, fee, fee + 5'000}[random.pick({250u, 250u, 400u, 100u})];
  if (random.chance(600)) set(col(facility_case, "violating_fee_verified"), boolean(true));
  set(col(facility_case, "violating_fee_amount"), blanks.strikes(25) ? money_range(fee, fee + 200'000) : blanks.or_null(money(fee), 15));
  set(col(facility_case, "already_paid_amount"), blanks.strikes(15) ? money_range(paid, paid + 10'000) : blanks.or_null(money(paid), 15));
  rarely(col(facility_case, "rectified_as_required"), 120, false);
  judged(col(facility_case, "rectification_complete"), boolean(random.chance(700)));
  const std::int64_t rectified = opened + random.between(10, 60);
  set(col(facility_case, "rectified_on"), rectified > last_ || random.chance(250) ? date(never_day) : blanks.day_or_month(random.chance(40) ? last_ : rectified, 30));
  rarely(col(facility_case, "extended_to_staff_or_dept"), 25, true);
  const bool penalty = random.chance(200);
  if (penalty) set(col(facility_case, "penalty_decided"), boolean(true));
  set(col(facility_case, "penalty_due"), blanks.or_null(money(penalty ? fee * 3 / 10 : 0), 10));

  set(col(facility_case, "alerting_feasible"), blanks.or_null(boolean(random.chance(800)), 15));   // for the authority to say
  rarely(col(facility_case, "agency_pushed_risk_alerts"), 20, false);
  rarely(col(facility_case, "breach_decision_made"), 400, true);
  rarely(col(facility_case, "dispute_exists"), 80, true);
  const bool punished = random.chance(60);
  if (punished) set(col(facility_case, "fee_related_admin_penalty"), boolean(true));
  if (punished) set(col(facility_case, "penalty_served_date"), date(opened));
  if (punished) set(col(facility_case, "penalty_reported_date"), date(std::array{opened + 9, opened + 10, opened + 11, never_day}[random.below(4)]));
  const bool offsite = random.chance(30);
  if (offsite) set(col(facility_case, "offsite_exam_needed"), boolean(true));
  set(col(facility_case, "offsite_target"), word(std::array{"same_county_designated", "same_region_designated", "other_place"}[random.below(3)]));
  if (offsite && random.chance(400)) set(col(facility_case, "offsite_registered_before"), boolean(false));
  set(col(facility_case, "cited_pretext"), word("no_pretext"));
  set(col(facility_case, "first_review_coverage"), percent(random.chance(960) ? 10000 : 9900));
  for (const std::size_t column : {col(facility_case, "inpatient_recheck_ratio"), col(facility_case, "inpatient_recheck_ratio_by_amount"),
                                   col(facility_case, "inpatient_recheck_ratio_of_all"), col(facility_case, "inpatient_recheck_ratio_of_all_by_amount")})
    set(column, percent(random.chance(970) ? 500 + 100 * random.between(0, 4) : 400));
  set(col(facility_case, "item_in_procurement_scope"), boolean(random.chance(700)));
  const std::int64_t interface_day = scalar::day_number({2025, 3, 31});
  set(col(facility_case, "system_interface_done_on"), date(interface_day + std::array{-60, -1, 0, 1}[random.pick({700u, 150u, 120u, 30u})]));
  set(col(facility_case, "local_purchase_rules_broken"), boolean(random.chance(20)));
  rarely(col(facility_case, "many_violations_found"), 25, true);
  rarely(col(facility_case, "inspection_and_assessment_excellent"), 20, true);
  rarely(col(facility_case, "admin_penalty_warranted"), 60, true);
  rarely(col(facility_case, "law_or_policy_changed"), 15, true);
  rarely(col(facility_case, "status_notice_posted"), 30, false);
  rarely(col(facility_case, "patient_fee_not_covered"), 30, true);
  rarely(col(facility_case, "inspection_result_signed"), 30, false);
  // The thirty working days after an approval end about six weeks later.
  const std::int64_t approved = opened - random.between(5, 90);
  set(col(facility_case, "major_change_approved_on"), date(approved));
  set(col(facility_case, "major_change_found_on"), date(opened));
  set(col(facility_case, "major_change_applied_on"), date(std::array{approved + 30, approved + 42, approved + 60, never_day}[random.below(4)]));
  set(col(facility_case, "licensed_doctor"), boolean(true));

  const std::size_t count = random.pick({50u, 630u, 320u});
  for (std::size_t i = 0; i < count; ++i) put_act(random, row);
  tables_.put(Register::facility_case, row);
  put_case_children(random, id);
}

void Maker::put_case_children(Random& random, std::string_view id) {
  Blanks blanks(random, options_.complete);
  for (std::size_t i = random.pick({450u, 400u, 150u}); i > 0; --i) {
    using columns::responsible_staff;
    Row<responsible_staff> row{};
    const Name doctor = doctor_id(static_cast<std::uint32_t>(random.below(options_.practitioners)));
    const std::int64_t due = random.between(1, 12);
    row[col(responsible_staff, "facility_case")] = text(id);
    row[col(responsible_staff, "staff_member")] = text(doctor);
    row[col(responsible_staff, "conduct_nature")] = text("虚构行为");
    row[col(responsible_staff, "responsibility_degree")] = blanks.or_null(word(std::array{"general", "important", "main"}[random.below(3)]), 60);
    row[col(responsible_staff, "points_due")] = number(due);
    // Around the nine and the twelve points that count.
    row[col(responsible_staff, "points_total")] = blanks.strikes(20) ? range(8, 9) : number(std::max(due, std::array<std::int64_t, 6>{3, 8, 9, 11, 12, 13}[random.below(6)]));
    tables_.put(Register::responsible_staff, row);
  }
  if (!city()) {
    if (!random.chance(350)) return;
    for (std::uint64_t i = 1 + random.below(4); i > 0; --i) {
      using columns::priced_items;
      Row<priced_items> row{};
      const std::size_t kind = random.pick({500u, 250u, 200u, 50u});
      const std::int64_t price = random.between(500, 90'000);
      auto beside = [&](unsigned permille) { return price + (random.chance(permille) ? -1 : std::array{0, 0, 1, 500}[random.below(4)]); };
      row[col(priced_items, "facility_case")] = text(id);
      row[col(priced_items, "goods_kind")] = word(std::array{"drug", "consumable", "service", "service_facility"}[kind]);
      row[col(priced_items, "is_tcm_decoction")] = boolean(kind == 0 && random.chance(100));
      row[col(priced_items, "listed_on_platform")] = boolean(random.chance(800));
      if (kind >= 2 && random.chance(300)) row[col(priced_items, "market_priced_item")] = boolean(true);
      if (random.chance(30)) row[col(priced_items, "market_price_fair")] = boolean(false);
      row[col(priced_items, "markup_amount")] = money(random.chance(40) ? 1 : 0);
      row[col(priced_items, "sale_price")] = blanks.or_null(money(price), 10);
      row[col(priced_items, "platform_price")] = money(beside(40));
      row[col(priced_items, "peer_public_price")] = money(beside(50));
      row[col(priced_items, "own_non_insured_price")] = money(beside(20));
      row[col(priced_items, "price_obviously_above_peers")] = blanks.or_null(boolean(random.chance(40)), 20);
      tables_.put(Register::priced_items, row);
    }
    return;
  }
  if (!random.chance(550)) return;
  for (std::uint64_t i = 1 + random.below(4); i > 0; --i) {
    using columns::purchases;
    Row<purchases> row{};
    const std::int64_t list = random.between(10, 900) * 100;
    // Seventy in a hundred of the listed price is the line of one reading, thirty that of another.
    const std::int64_t price = list * std::array{65, 70, 71, 100, 30, 31, 105}[random.pick({200u, 180u, 180u, 250u, 60u, 50u, 80u})] / 100;
    const bool papers = random.chance(960);
    row[col(purchases, "facility_case")] = text(id);
    row[col(purchases, "drug")] = text(std::array{"虚构药品甲", "虚构药品乙", "虚构药品丙"}[random.below(3)]);
    row[col(purchases, "purchased_on")] = blanks.day_or_month(random.between(first_ - 60, last_), 25);
    row[col(purchases, "purchase_price")] = money(price);
    if (!blanks.strikes(40)) row[col(purchases, "list_price")] = money(list);
    if (price * 100 <= list * 71 && random.chance(700)) row[col(purchases, "resold_drug")] = boolean(true);
    if (!papers) row[col(purchases, "purchase_invoices_available")] = blanks.or_null(boolean(false), 100);
    row[col(purchases, "purchase_invoices_genuine")] = blanks.or_null(boolean(papers && random.chance(985)), 8);
    if (!papers) row[col(purchases, "reasonable_explanation")] = blanks.or_null(boolean(random.chance(500)), 100);
    row[col(purchases, "explanation_proof_provided")] = boolean(!papers && random.chance(600));
    if (price * 100 <= list * 65 && random.chance(300)) row[col(purchases, "price_obviously_abnormal")] = boolean(true);
    if (random.chance(150)) row[col(purchases, "app_spot_check_done")] = boolean(false);
    tables_.put(Register::purchases, row);
  }
}

}  // namespace tiao::bench::agreement
