#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/verdict/evidence_source.hpp"
#include "tests/unit/verdict/sample.hpp"

namespace tiao::verdict {
namespace {

using sample::day;
using sample::months;
using sample::Sample;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct AssembleTest : testing::Test {
  Sample s;
  void suspend_p10(Truth state = Truth::yes) {
    s.suspend_row(0, state, known(day("2025-11-30")), known(months(3)), known(day("2026-02-28")));
  }
  Verdict make(std::size_t i) { return Assembler(s.run()).make(i); }
};

TEST_F(AssembleTest, SubjectsComeInTheOrderOfTheirKeys) {
  const Assembler assembler(s.run());
  ASSERT_EQ(assembler.size(), 2u);
  EXPECT_EQ(assembler.make(0).subject.key, "P10");
  EXPECT_EQ(assembler.make(1).subject.key, "P2");
}

TEST_F(AssembleTest, WholeVerdictAsJson) {
  suspend_p10();
  EXPECT_EQ(s.json(make(0)),
            R"({"agreement":"town.practitioner","edition":"2025","status":"draft","agreement_hash":"0123456789abcdef","as_of":"2025-12-31",)"
            R"("subject":{"entity":"practitioner","key":"P10"},"outcome":"decided",)"
            R"("remedies":[{"remedy":"suspend_eligibility","label":"暂停支付资格","actor":"facility","modality":"must","in_principle":false,)"
            R"("state":"applies","phase":"running","heaviest":true,"target":{"entity":"practitioner","key":"P10"},)"
            R"("params":{"for":"P3M","from":"2025-11-30","until":"2026-02-28"},"cites":["第三十一条（二）"],"needs":[]}],)"
            R"("needs":[],"conventions":[{"cite":"第三十一条（二）","source":"民法典第一千二百五十九条"}]})");
  EXPECT_EQ(s.json(make(1)),
            R"({"agreement":"town.practitioner","edition":"2025","status":"draft","agreement_hash":"0123456789abcdef","as_of":"2025-12-31",)"
            R"("subject":{"entity":"practitioner","key":"P2"},"outcome":"decided","remedies":[],"needs":[]})");
}

// Two clauses about days of the ledger, joined to one entry of the first person over three of them.
struct CitesTest : AssembleTest {
  enum : std::uint32_t { small, large };   // conditions of the days
  CitesTest() {
    s.info.grounds.insert(s.info.grounds.begin() + 1, s.info.grounds[0]);
    s.info.grounds[0].cite = Sample::article28;
    s.info.grounds[0].via = {{none, small, Sample::item28_1}};
    s.info.grounds[1].cite = Sample::article31;
    s.info.grounds[1].via = {{none, small, Sample::item28_1}, {none, large, Sample::item31_2}};
    s.results.derived[Sample::step].parent = {0, 0, 0, 1};
    s.results.derived[Sample::step].membership = {1, 1, 1, 1};
    s.results.propositions = {BitPairs{2, 1, 0, 1}, BitPairs{2, 2, 1, 1}};   // yes 1, no 2, unknown 0
  }
  std::vector<NodeId> cites(Truth state, std::int64_t grounds, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& further) {
    suspend_p10(state);
    RemedyTable& t = s.results.remedies[Sample::suspend];
    (state == Truth::yes ? t.held : t.open) = {grounds};
    for (const auto& [ground, row] : further) t.further.push(0, ground, row);
    return make(0).remedies.at(0).cites;
  }
};

TEST_F(CitesTest, ItemsOfEveryRowInTheOrderOfTheTextEachOnce) {
  EXPECT_THAT(cites(Truth::yes, 3, {{0, 1}, {1, 1}, {1, 2}}), ElementsAre(Sample::article28, Sample::article31, Sample::item28_1, Sample::item31_2));
}
TEST_F(CitesTest, WhatMayHoldIsCitedOnlyOfWhatMayStand) {
  EXPECT_THAT(cites(Truth::yes, 1, {{0, 2}}), ElementsAre(Sample::article28));
}
TEST_F(CitesTest, AnOpenRowCitesWhatMayHold) {
  EXPECT_THAT(cites(Truth::unknown, 1, {{0, 2}}), ElementsAre(Sample::article28, Sample::item28_1));
}
TEST_F(CitesTest, AGroundOnTheTargetItselfLooksAtTheTarget) {
  s.info.grounds[1].scope = Sample::practitioner;
  s.info.grounds[1].on_own_row = true;
  s.results.propositions[large] = {1, 2, 2, 2};
  EXPECT_THAT(cites(Truth::yes, 3, {}), ElementsAre(Sample::article28, Sample::article31, Sample::item31_2));
}
TEST_F(CitesTest, GroundsOfOneRowAllLookAtIt) {
  s.schema.remedies[Sample::suspend].combine = Combine::longest;
  s.results.propositions[large] = {1, 2, 2, 2};
  EXPECT_THAT(cites(Truth::yes, 3, {}), ElementsAre(Sample::article28, Sample::article31, Sample::item31_2));
}

TEST_F(AssembleTest, TheRuleOfCountingIsNamedWhereADayWasCounted) {
  s.info.grounds[0].conventions.clear();
  s.info.grounds[0].end_counted_by = {"本细则第四十条"};
  suspend_p10();
  s.suspend_row(1, Truth::yes, known(day("2025-11-30")), known(unstated_duration), known(unstated_day));
  const Verdict counted = make(0), open = make(1);
  ASSERT_EQ(counted.conventions.size(), 1u);
  EXPECT_EQ(counted.conventions[0].source, "本细则第四十条");
  EXPECT_THAT(open.conventions, IsEmpty());
}

TEST_F(AssembleTest, RemedyOfAnIncidentStandsUnderItsPerson) {
  s.record_row(1, Truth::yes, known(7), known(9), Truth::yes, known(8));
  const Verdict verdict = make(0);
  ASSERT_EQ(verdict.remedies.size(), 1u);
  EXPECT_EQ(verdict.remedies[0].target.key, "I2");
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("target":{"entity":"incident","key":"I2"},"params":{"value":{"between":[7,9]}},"choice":8,)"));
  EXPECT_EQ(verdict.outcome, Outcome::decided);
  EXPECT_THAT(make(1).remedies, IsEmpty());
}

TEST_F(AssembleTest, TargetUnderNoSubjectIsCounted) {
  s.facts.tables[Sample::incident].columns[1].lo[1] = 0;
  s.facts.tables[Sample::incident].columns[1].hi = {0, 1};   // whose incident it is, is not known
  s.record_row(1, Truth::yes, known(7), known(9), Truth::no, known(8));
  const Assembler assembler(s.run());
  EXPECT_EQ(assembler.without_subject(), 1u);
  EXPECT_THAT(assembler.make(0).remedies, IsEmpty());
}

TEST_F(AssembleTest, ChoiceOutsideItsRangeCountsAndIsFlagged) {
  s.record_row(1, Truth::yes, known(4), known(6), Truth::yes, known(8));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::decided);
  ASSERT_EQ(verdict.flags.size(), 1u);
  EXPECT_EQ(verdict.flags[0].code, FlagCode::choice_out_of_range);
  EXPECT_THAT(verdict.flags[0].facts, ElementsAre("incident[I2].points"));
  EXPECT_EQ(verdict.flags[0].message, "分值8分不在4分至6分之内");
}

TEST_F(AssembleTest, ChoiceThatMayStillLieInsideIsNotFlagged) {
  s.record_row(1, Truth::yes, known(4), known(6), Truth::yes, between(6, 8));
  EXPECT_THAT(make(0).flags, IsEmpty());
}

TEST_F(AssembleTest, UndecidedStateMakesTheOutcomeUndetermined) {
  suspend_p10(Truth::unknown);
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::undetermined);
  EXPECT_FALSE(verdict.remedies[0].heaviest);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("cites":["第三十一条（二）"])"));
}

TEST_F(AssembleTest, UnknownParameterMakesTheOutcomeUndetermined) {
  s.suspend_row(0, Truth::yes, known(day("2025-11-30")), between(months(1), months(3)), between(day("2025-12-30"), day("2026-02-28")));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::undetermined);
  EXPECT_EQ(verdict.remedies[0].phase, Phase::undecided);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("phase":null)"));
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("params":{"for":{"unknown":["P1M","P3M"]},"from":"2025-11-30","until":{"unknown":["2025-12-30","2026-02-28"]}})"));
}

TEST_F(AssembleTest, OpenBranchesReplaceTheHull) {
  s.suspend_row(0, Truth::yes, known(day("2025-11-30")), between(months(1), months(3)), between(day("2025-12-30"), day("2026-02-28")));
  Verdict verdict = make(0);
  SubjectEvidence evidence;
  evidence.remedies.resize(1);
  evidence.remedies[0].time_branches = {{Time::length, {known(months(3)), known(months(1))}}};
  evidence.remedies[0].needs = {{NeedKind::fact, "incident[I2].points", "agency"}};
  add_evidence(verdict, evidence);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("for":{"one_of":["P1M","P3M"]})"));
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("needs":[{"kind":"fact","name":"incident[I2].points","by":"agency"}]}],"needs":[{"kind":"fact",)"));
}

TEST_F(AssembleTest, ClausesSideBySideAreAConcurrence) {
  suspend_p10(Truth::yes);
  EXPECT_THAT(s.json(make(0)), testing::Not(HasSubstr("concurrence")));   // one clause alone
  s.record_row(0, Truth::yes, known(4), known(4), Truth::no, known(0));
  const Verdict verdict = make(0);
  EXPECT_EQ(concurrence_of(verdict).clauses.size(), 2u);
  EXPECT_EQ(concurrence_of(verdict).heaviest, std::vector<NodeId>{verdict.remedies.back().cites.front()});
  EXPECT_THAT(s.json(verdict), HasSubstr(R"(],"concurrence":{"clauses":["第二十八条","第三十一条（二）"],"heaviest":["第三十一条（二）"],"rule":null},)"));
}

TEST_F(AssembleTest, ErrorIsWorseThanUndetermined) {
  suspend_p10(Truth::unknown);
  s.record_row(0, Truth::error, number_error(), number_error(), Truth::no, known(0));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::error);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("state":"error")"));
}

TEST_F(AssembleTest, UnstatedLengthIsDecidedAndOpen) {
  s.info.grounds[0].length.form = program::ParamForm::unstated;
  s.suspend_row(0, Truth::yes, known(day("2025-11-30")), known(unstated_duration), known(unstated_day));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::decided);
  EXPECT_EQ(verdict.remedies[0].phase, Phase::running);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("params":{"for":{"open":"unstated"},"from":"2025-11-30"})"));
}

TEST_F(AssembleTest, EndThatWaitsForAnEventIsOpen) {
  s.info.grounds[0].length.form = program::ParamForm::absent;
  s.info.grounds[0].until = {program::ParamForm::exact, false, "", "rectified_on"};
  s.suspend_row(0, Truth::yes, known(day("2025-11-30")), between(neg_inf, pos_inf), known(never_day));
  EXPECT_THAT(s.json(make(0)), HasSubstr(R"("params":{"from":"2025-11-30","until":{"open":"until","event":"rectified_on"}})"));
}

TEST_F(AssembleTest, BoundNamesWhatItIsAShareOf) {
  s.schema.remedies[Sample::record].params[0].type = {Kind::money, 2};
  s.info.grounds[1].params[0] = {program::ParamForm::at_most, true, "30%", ""};
  s.record_row(0, Truth::yes, known(0), known(360000), Truth::no, known(0));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::decided);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("params":{"value":{"at_most":"3600.00","of":"30%","in_principle":true}})"));
}

TEST_F(AssembleTest, PhasesFollowTheHalfOpenSpan) {
  s.suspend_row(0, Truth::yes, known(day("2025-09-30")), known(months(3)), known(day("2025-12-31")));
  s.suspend_row(0, Truth::yes, known(day("2025-12-31")), known(months(1)), known(day("2026-01-31")));
  s.suspend_row(0, Truth::yes, known(day("2026-01-01")), known(months(1)), known(day("2026-02-01")));
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.remedies[0].phase, Phase::over);
  EXPECT_EQ(verdict.remedies[1].phase, Phase::running);
  EXPECT_EQ(verdict.remedies[2].phase, Phase::ahead);
}

TEST_F(AssembleTest, SinceLeavesOutWhatWasOverBefore) {
  s.suspend_row(0, Truth::yes, known(day("2025-09-30")), known(months(3)), known(day("2025-12-31")));
  verdict::Run run = s.run();
  run.since = day("2025-12-31");
  EXPECT_THAT(Assembler(run).make(0).remedies, IsEmpty());
  run.since = day("2025-12-30");
  EXPECT_THAT(Assembler(run).make(0).remedies, Not(IsEmpty()));
}

TEST_F(AssembleTest, FindingsAreTheConditionsBehindWhatIsCited) {
  s.info.propositions = {{0, Sample::incident, Sample::article28}, {1, Sample::incident, Sample::item28_1}};
  s.results.propositions = {BitPairs{1, 2}, BitPairs{1, 0}};
  s.record_row(0, Truth::yes, known(7), known(9), Truth::no, known(0));
  EXPECT_THAT(make(0).findings, ElementsAre(NodeId{Sample::item28_1}));
}

TEST_F(AssembleTest, ConditionOfARowAfterTheDayIsNoFinding) {
  s.info.propositions = {{0, Sample::incident, Sample::item28_1}};
  s.results.propositions = {BitPairs{2, 1}};
  s.as_of = day("2025-06-30");
  EXPECT_THAT(make(0).findings, IsEmpty());
}

TEST_F(AssembleTest, NodeIsNotApplicableWhenItIsSoForEveryRow) {
  s.info.applicabilities = {{Sample::article28, Sample::incident}, {Sample::article31, none}, {Sample::article40, Sample::step}};
  s.results.applicable = {BitPairs{2, 2}, BitPairs{2}, BitPairs{1, 2, 2}};
  EXPECT_THAT(make(0).not_applicable, ElementsAre(NodeId{Sample::article28}, NodeId{Sample::article31}));
  EXPECT_THAT(make(1).not_applicable, ElementsAre(NodeId{Sample::article31}, NodeId{Sample::article40}));
}

TEST_F(AssembleTest, DutiesAndReportsAndChecks) {
  s.info.duties = {{Sample::article40, 1, Sample::incident, true, true, true, Sample::article31, false}};
  s.results.duties.resize(1);
  s.results.duties[0].state = {static_cast<std::uint8_t>(tiao::DutyState::breached), static_cast<std::uint8_t>(tiao::DutyState::not_there)};
  s.results.duties[0].due.push(known(day("2025-06-01")));
  s.results.duties[0].due.push(known(0));
  s.results.duties[0].done.push(known(never_day));
  s.results.duties[0].done.push(known(0));
  s.info.reports = {{"total", "累计分", Sample::practitioner, {Kind::integer, 0, 0}, Sample::article31}};
  s.results.reports.resize(1);
  s.results.reports[0].push(between(3, 5));
  s.results.reports[0].push(known(0));
  s.info.requires_ = {{Sample::article28, Sample::step, "超限", {}}};
  s.results.requires_ = {{2, 1, 0}};
  const std::string json = s.json(make(0));
  EXPECT_THAT(json, HasSubstr(R"("duties":[{"cite":"第四十条","actor":"agency","target":{"entity":"incident","key":"I1"},"state":"breached",)"
                              R"("due":"2025-06-01","done":"never","in_principle":true,"breach_under":{"cite":"第三十一条","by":"wording"}}])"));
  EXPECT_THAT(json, HasSubstr(R"("reports":{"total":{"unknown":["3","5"]}})"));
  EXPECT_THAT(json, HasSubstr(R"("flags":[{"code":"require","cite":"第二十八条","target":{"entity":"total.step","key":"P10#2"},"message":"超限"}])"));
  EXPECT_THAT(json, HasSubstr(R"("outcome":"decided")"));
  EXPECT_THAT(s.json(make(1)), HasSubstr(R"("reports":{"total":0})"));
}

TEST_F(AssembleTest, HeadThatIsNotSuppliedIsUndetermined) {
  s.info.heads = {{0, Sample::incident, Sample::item28_1, Sample::article28}};
  s.results.propositions = {{1, 0}};
  const Verdict verdict = make(0);
  EXPECT_EQ(verdict.outcome, Outcome::undetermined);
  EXPECT_THAT(s.json(verdict), HasSubstr(R"("head_not_supplied":[{"cite":"第二十八条（一）","state":"applies","missing":"第二十八条"}])"));
}

TEST_F(AssembleTest, ItemsHeldElsewhereAreNamed) {
  s.schema.nodes[Sample::item28_1].status = NodeStatus::elsewhere;
  EXPECT_THAT(make(0).not_covered, ElementsAre(NodeId{Sample::item28_1}));
}

}  // namespace
}  // namespace tiao::verdict
