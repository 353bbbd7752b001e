#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/driver/mutants.hpp"
#include "compiler/driver/mutation.hpp"
#include "compiler/driver/program.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* head = R"(
unit mark "分"
actor agency "机构"
entity person "人员" {
  key number "编号"
  fact points "记分" : mark in 0分..
  fact paid "金额" : money in 0元..
  fact level "级" : int in 0..
  fact a "甲"
  fact b "乙"
  fact day "日" : date
  fact due_on "期" : date
}
remedy warn "警告" of person { severity 1 combine once }
remedy charge "扣分" of person { severity 2 takes points "分数" : mark in 0分..  combine once }
remedy suspend "暂停" of person { severity 3 combine once }
agreement draft.small "小" {
  subject person
  for each person
)";

// A text of one agreement, compiled, and what can be changed in it.
struct Small {
  Project project;
  check::AgreementRef ref;
  CompiledAgreement agreement;
  std::vector<Mutant> mutants;
  explicit Small(const std::string& body) {
    EXPECT_FALSE(project.load({town::folder(), {}, true, true}));
    project.add_module("draft", "draft.tiao", head + body + "}\n");
    diag::Diagnostics diagnostics;
    EXPECT_FALSE(project.syntax_errors()) << diag::render_text(project.sources(), project.diagnostics(), {});
    EXPECT_FALSE(find_agreement(project, "draft.small", ref));
    EXPECT_FALSE(compile(project, ref, diagnostics, agreement)) << diag::render_text(project.sources(), diagnostics, {});
    mutants = mutants_of(project.parsed().files.front().ast, project.sources(), agreement.compiled.tree, [&](source::FileId file) { return project.requested(file); });
  }
  std::vector<std::string> changes(MutantKind kind) const {
    std::vector<std::string> out;
    for (const Mutant& m : mutants)
      if (m.kind == kind) out.push_back(m.change);
    return out;
  }
  std::string hash() {
    CompiledAgreement again;
    diag::Diagnostics diagnostics;
    return compile(project, ref, diagnostics, again) ? std::string{} : again.compiled.program.hash;
  }
};

TEST(Mutants, NumbersStepByTheSmallestUnitOfTheirKind) {
  EXPECT_THAT(Small("article 1 when points at least 6分 then agency must warn\n").changes(MutantKind::number),
              ElementsAre("points at least 6分: 6分 → 5分", "points at least 6分: 6分 → 7分"));
  EXPECT_THAT(Small("article 1 when paid over 1万元 then agency must warn\n").changes(MutantKind::number),
              ElementsAre("paid over 1万元: 1万元 → 9999.99元", "paid over 1万元: 1万元 → 10000.01元"));
  EXPECT_THAT(Small("article 1 when level over 0 then agency must warn\n").changes(MutantKind::number), ElementsAre("level over 0: 0 → 1"));
  EXPECT_THAT(Small("article 1 when a then agency must suspend for 1 year from day\n").changes(MutantKind::number),
              ElementsAre("suspend for 1 year from day: 1 year → 11 months", "suspend for 1 year from day: 1 year → 13 months"));
  EXPECT_THAT(Small("article 1 duty of agency when a : day due due_on + 10 days\n").changes(MutantKind::number),
              ElementsAre("duty of agency when a : day due due_on + 10 days: 10 days → 9 days", "duty of agency when a : day due due_on + 10 days: 10 days → 11 days"));
}

TEST(Mutants, LimitsOfRemediesAndCellsOfTables) {
  EXPECT_THAT(Small("article 1 when a then agency must charge in 1分..3分\n").changes(MutantKind::number),
              ElementsAre("charge in 1分..3分: 1分 → 0分", "charge in 1分..3分: 1分 → 2分", "charge in 1分..3分: 3分 → 2分", "charge in 1分..3分: 3分 → 4分"));
  const Small table("table rate (level) hit first { | level | out | | over 3 | 7分 | | otherwise | 1分 | }\n"
                    "article 1 when a then agency must charge (points: rate(level).out)\n");
  EXPECT_THAT(table.changes(MutantKind::number), ElementsAre("rate 1.level: 3 → 2", "rate 1.level: 3 → 4", "rate 1.out: 7分 → 6分", "rate 1.out: 7分 → 8分",
                                                             "rate 2.out: 1分 → 0分", "rate 2.out: 1分 → 2分"));
  EXPECT_THAT(table.changes(MutantKind::boundary), ElementsAre("rate 1.level: over → at least"));
}

TEST(Mutants, BoundariesLoseOrGainTheirEnd) {
  EXPECT_THAT(Small("article 1 when points under 6分 and day on or before due_on then agency must warn\n").changes(MutantKind::boundary),
              ElementsAre("points under 6分: under → at most", "day on or before due_on: on or before → before"));
  EXPECT_THAT(Small("第一条 当 points 超过 6分 则 agency 应当 warn\n").changes(MutantKind::boundary), ElementsAre("points 超过 6分: 超过 → 不低于"));
  EXPECT_THAT(Small("article 1 when level in 1..3 then agency must warn\n").changes(MutantKind::boundary), ElementsAre("level in 1..3: 1..3 → 1<..3", "level in 1..3: 1..3 → 1..<3"));
}

TEST(Mutants, ModalitiesTurn) {
  EXPECT_THAT(Small("article 1 when a then agency must warn, agency may suspend from day\n").changes(MutantKind::modality),
              ElementsAre("agency must warn: must → may", "agency may suspend from day: may → must"));
  EXPECT_THAT(Small("第一条 当 a 则 agency 应当 warn\n").changes(MutantKind::modality), ElementsAre("agency 应当 warn: 应当 → 可以"));
}

TEST(Mutants, ItemsAndExceptionsAreLeftOut) {
  Small small("article 1 {\n when any item except item 3 unless b then agency must warn\n item 1 when a\n item 2 when b\n item 3 when level over 1\n}\n"
              "article 2 { sentence 1 when a then agency must suspend from day\n sentence 2 exception to sentence 1 when b }\n");
  EXPECT_THAT(small.changes(MutantKind::item), ElementsAre("any item except item 3: − 第一条（一）", "any item except item 3: − 第一条（二）"));
  EXPECT_THAT(small.changes(MutantKind::exception), UnorderedElementsAre("any item except item 3: item 3 → ∅", "unless b: → ∅", "exception to sentence 1 when b: → ∅"));
}

TEST(Mutants, DatesMoveByADay) {
  EXPECT_THAT(Small("article 1 in force from 2025-03-01 until 2026-01-01 when day before 2024-12-31 then agency must warn\n").changes(MutantKind::date),
              Contains("in force from 2025-03-01 until 2026-01-01: 2025-03-01 → 2025-02-28"));
  EXPECT_THAT(Small("article 1 when day before 2024-12-31 then agency must warn\n").changes(MutantKind::date),
              ElementsAre("day before 2024-12-31: 2024-12-31 → 2024-12-30", "day before 2024-12-31: 2024-12-31 → 2025-01-01"));
}

TEST(Mutants, EveryChangeMakesAnotherProgramAndIsTakenBack) {
  Small small("article 1 in force from 2025-03-01 {\n when any item unless level in 2..4 then agency must charge in 1分..3分\n item 1 when a\n item 2 when paid over 1万元\n}\n");
  const std::string original = small.hash();
  ASSERT_FALSE(original.empty());
  ASSERT_FALSE(small.mutants.empty());
  for (Mutant& m : small.mutants) {
    m.edit.swap_with(*small.project.parsed().arena);
    EXPECT_NE(small.hash(), original) << m.change;
    m.edit.swap_with(*small.project.parsed().arena);
    EXPECT_EQ(small.hash(), original) << m.change;
  }
}

TEST(Mutants, TheSameChangeTwiceAtOneAddressIsNumbered) {
  EXPECT_THAT(Small("article 1 when points at least 6分 and a or points at least 6分 and b then agency must warn\n").changes(MutantKind::boundary),
              ElementsAre("points at least 6分: at least → over", "points at least 6分: at least → over #2"));
}

TEST(MutationCounts, WhatCannotBeNoticedDoesNotCount) {
  MutationCounts counts;
  for (const MutantFate fate : {MutantFate::killed, MutantFate::killed, MutantFate::survived, MutantFate::equivalent, MutantFate::rejected, MutantFate::same}) counts.add(fate);
  EXPECT_EQ(counts.mutants, 4u);
  EXPECT_EQ(counts.rejected, 1u);
  EXPECT_EQ(counts.rate(), 666u);
  EXPECT_EQ(MutationCounts{}.rate(), 1000u);
}

}  // namespace
}  // namespace tiao::driver
