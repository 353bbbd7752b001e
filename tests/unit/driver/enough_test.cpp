// What is said to be enough is put into the facts and run by the compiled engine.
#include <gtest/gtest.h>

#include "compiler/driver/case.hpp"
#include "compiler/driver/enough.hpp"
#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/readings.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

struct EnoughTest : testing::Test {
  town::Town town;
  facts::FactBase facts;
  std::unique_ptr<Engine> engine;
  std::int64_t as_of = 20453;   // 2025-12-31

  EnoughTest() {
    EXPECT_FALSE(load_facts(town.agreement.schema(), town::facts(), {}, facts));
    EXPECT_FALSE(make_engine(EngineKind::jit, town.agreement, {}, engine));
    apply_readings(town.agreement.schema(), {}, facts);
  }

  // person[P1].trained of the town's registers; parameters by name.
  void settle(facts::FactBase& base, const Settled& s, std::int64_t value) const {
    const Schema& schema = town.agreement.schema();
    for (std::uint32_t p = 0; p < schema.parameters.size(); ++p)
      if (schema.parameters[p].id == s.need.name) {
        base.parameters[p] = known(value);
        base.parameter_set[p] = 1;
        return;
      }
    const std::size_t open = s.need.name.find('['), close = s.need.name.find("].");
    ASSERT_NE(close, std::string::npos) << s.need.name;
    const auto entity = schema.find_entity(s.need.name.substr(0, open));
    const std::int64_t row = base.find(*entity, s.need.name.substr(open + 1, close - open - 1));
    const auto column = schema.entities[*entity].find(s.need.name.substr(close + 2));
    facts::ColumnData& data = base.tables[*entity].columns[*column];
    if (s.type.kind == Kind::boolean) {
      data.truth.set(static_cast<std::size_t>(row), static_cast<std::uint8_t>(value));
    } else if (!data.masks.empty()) {
      data.masks[static_cast<std::size_t>(row)] = static_cast<std::uint8_t>(value);
    } else {
      data.lo[static_cast<std::size_t>(row)] = value;
      if (!data.hi.empty()) data.hi[static_cast<std::size_t>(row)] = value;
    }
    data.presence.set(static_cast<std::size_t>(row), static_cast<std::uint8_t>(facts::Presence::given));
  }

  // Is there a remedy of this kind on this target, in this state?
  bool listed(facts::FactBase& base, std::size_t place, const verdict::RemedyEntry& wanted, verdict::State state) {
    Case evaluated(town.agreement, base, as_of);
    EXPECT_FALSE(evaluated.evaluate(*engine));
    const verdict::Verdict verdict = evaluated.assembler().make(place);
    return std::any_of(verdict.remedies.begin(), verdict.remedies.end(), [&](const verdict::RemedyEntry& e) {
      return e.remedy == wanted.remedy && e.modality == wanted.modality && e.target.row == wanted.target.row && e.state == state;
    });
  }
};

TEST_F(EnoughTest, WhatIsEnoughDecidesAndNoLessDoes) {
  Case evaluated(town.agreement, facts, as_of);
  ASSERT_FALSE(evaluated.evaluate(*engine));
  std::size_t applied = 0, excluded = 0;
  for (std::size_t place = 0; place < evaluated.assembler().size(); ++place) {
    verdict::Verdict verdict;
    ASSERT_FALSE(evaluated.make(place, Evidence::everybody, verdict));
    for (const verdict::RemedyEntry& entry : verdict.remedies) {
      const facts::FactBase before = facts;
      const Enough enough = enough_for(town.agreement, facts, as_of, evaluated.walk(), entry);
      EXPECT_EQ(facts.parameters, before.parameters);
      for (std::size_t e = 0; e < facts.tables.size(); ++e)
        for (std::size_t c = 0; c < facts.tables[e].columns.size(); ++c) {
          EXPECT_EQ(facts.tables[e].columns[c].truth, before.tables[e].columns[c].truth);
          EXPECT_EQ(facts.tables[e].columns[c].masks, before.tables[e].columns[c].masks);
          EXPECT_EQ(facts.tables[e].columns[c].lo, before.tables[e].columns[c].lo);
          EXPECT_EQ(facts.tables[e].columns[c].presence, before.tables[e].columns[c].presence);
        }
      if (entry.state != verdict::State::undetermined) {
        EXPECT_TRUE(enough.to_apply.empty() && enough.to_exclude.empty());
        continue;
      }
      for (const bool apply : {true, false}) {
        const std::vector<Settled>& set = apply ? enough.to_apply : enough.to_exclude;
        if (set.empty()) continue;
        (apply ? applied : excluded) += 1;
        for (const bool low : {true, false}) {
          facts::FactBase settled = facts;
          for (const Settled& s : set) {
            const std::int64_t end = low ? s.value.lo : s.value.hi;
            settle(settled, s, s.type.kind == Kind::choice ? static_cast<std::int64_t>(std::uint64_t{1} << __builtin_ctzll(static_cast<std::uint64_t>(s.value.lo))) : end);
          }
          EXPECT_EQ(listed(settled, place, entry, verdict::State::applies), apply) << verdict.subject.key << " " << entry.remedy;
          EXPECT_FALSE(apply && listed(settled, place, entry, verdict::State::undetermined));
        }
        for (std::size_t left_out = 0; set.size() > 1 && left_out < set.size(); ++left_out) {
          facts::FactBase settled = facts;
          for (std::size_t i = 0; i < set.size(); ++i)
            if (i != left_out) settle(settled, set[i], set[i].value.lo);
          EXPECT_TRUE(listed(settled, place, entry, verdict::State::undetermined)) << set[left_out].need.name << " can be left out";
        }
      }
    }
  }
  EXPECT_GE(applied, 3u);
  EXPECT_GE(excluded, 3u);
}

}  // namespace
}  // namespace tiao::driver
