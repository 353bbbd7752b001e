// Counterfactuals against trying everything, and rows taken out against facts in which they never stood.
#include <gtest/gtest.h>

#include <set>

#include <nlohmann/json.hpp>

#include <fstream>

#include "compiler/driver/case.hpp"
#include "compiler/driver/load_facts.hpp"
#include "compiler/driver/readings.hpp"
#include "compiler/driver/what_if_search.hpp"
#include "compiler/driver/what_if_values.hpp"
#include "tests/unit/driver/town.hpp"

namespace tiao::driver {
namespace {

struct WhatIfTest : testing::Test {
  town::Town town;
  facts::FactBase facts;
  std::unique_ptr<Engine> engine;
  std::int64_t as_of = 20453;   // 2025-12-31

  WhatIfTest() {
    EXPECT_FALSE(load_facts(town.agreement.schema(), town::facts(), {}, facts));
    EXPECT_FALSE(make_engine(EngineKind::jit, town.agreement, {}, engine));
    apply_readings(town.agreement.schema(), {}, facts);
  }
  const core::Program& program() const { return town.agreement.compiled.program; }
  EntityId entity(const std::string& id) const { return *town.agreement.schema().find_entity(id); }

  Truth state_with(const Question& question, const std::vector<std::pair<FactCell, Cell>>& moves) {
    FactChanges changes(facts);
    for (const auto& [cell, value] : moves) changes.set(cell.entity, cell.row, cell.column, value);
    interp::Interpreter interpreter(program(), facts, {as_of});
    return question.state(interpreter);
  }

  // Every truth and choice, every number in its range, every day of two years.
  std::vector<Cell> every_value(const FactCell& cell) const {
    const Column& column = town.agreement.schema().entities[cell.entity].columns[cell.column];
    std::vector<Cell> out;
    switch (column.type.kind) {
      case Kind::boolean: return {of(Truth::yes), of(Truth::no)};
      case Kind::choice:
        for (std::size_t i = 0; i < town.agreement.schema().enums[column.type.of].values.size(); ++i) out.push_back(choice_of(std::uint64_t{1} << i));
        return out;
      case Kind::date:
        for (std::int64_t day = as_of - 730; day <= as_of; ++day) out.push_back(known(day));
        return out;
      default:
        for (std::int64_t n = std::max<std::int64_t>(column.range_lo, 0); n <= std::min<std::int64_t>(column.range_hi, 30); ++n) out.push_back(known(n));
        return out;
    }
  }
};

TEST_F(WhatIfTest, FindsEveryFactThatTurnsARemedyAloneAndAPairWhereNoneDoes) {
  Case evaluated(town.agreement, facts, as_of);
  ASSERT_FALSE(evaluated.evaluate(*engine));
  std::size_t singles = 0, pairs = 0, nothing = 0;
  for (std::size_t place = 0; place < evaluated.assembler().size(); ++place) {
    const verdict::Verdict verdict = evaluated.assembler().make(place);
    const FactSpace space(facts, verdict.subject.entity, verdict.subject.row, 100);
    std::vector<Question> questions;
    for (std::size_t i = 0; i < verdict.remedies.size(); ++i) questions.emplace_back(program(), evaluated.walk(), verdict, i);
    for (RemedyId remedy = 0; remedy < program().schema.remedies.size(); ++remedy)   // what is not listed
      if (program().schema.remedies[remedy].target == verdict.subject.entity)
        for (const core::Ground& g : program().grounds)
          if (g.remedy == remedy && std::none_of(verdict.remedies.begin(), verdict.remedies.end(), [&](const verdict::RemedyEntry& e) { return e.remedy == remedy; }))
            questions.emplace_back(program(), Act{remedy, static_cast<program::Modality>(g.modality), g.actor, g.alternative}, std::vector{verdict.subject.row}, std::vector{verdict.subject.key});
    for (const Question& question : questions) {
      if (!question.answerable()) continue;
      const Truth goal = question.base() == Truth::yes ? Truth::no : Truth::yes;
      SearchExtent extent;
      SearchLimits limits;
      limits.evaluations = 100'000;
      WhatIfSearch search(program(), facts, as_of, space, limits);
      const std::vector<Proposal> found = search.run(question, goal, extent);
      ASSERT_FALSE(extent.stopped);
      std::set<FactCell> alone, wanted;
      for (const Proposal& p : found) {
        if (p.parts.size() == 1 && !p.parts[0].without) alone.insert(p.parts[0].cell);
        std::vector<std::pair<FactCell, Cell>> moves;
        FactChanges changes(facts);
        WhatIfSearch::make(p, changes);
        interp::Interpreter interpreter(program(), facts, {as_of});
        const auto gone = std::find_if(p.parts.begin(), p.parts.end(), [](const Alteration& a) { return a.without.has_value(); });
        EXPECT_EQ(question.state(interpreter, gone == p.parts.end() ? nullptr : &*gone->without), goal);
      }
      bool all = true;
      const std::vector<FactCell> cells = space.cells(NodeReach(program()).facts_of(question.act().remedy), 1000, all);
      for (const FactCell& cell : cells)
        for (const Cell& value : every_value(cell))
          if (state_with(question, {{cell, value}}) == goal) wanted.insert(cell);
      EXPECT_EQ(alone, wanted) << verdict.subject.key << " " << program().schema.remedies[question.act().remedy].id;
      singles += wanted.size();
      if (!found.empty() && found[0].parts.size() == 1) continue;
      bool any = false;   // of two truths, choices or numbers
      for (std::size_t a = 0; a < cells.size() && !any; ++a)
        for (std::size_t b = a + 1; b < cells.size() && !any; ++b) {
          const auto few = [&](const FactCell& c) { return town.agreement.schema().entities[c.entity].columns[c.column].type.kind != Kind::date; };
          if (!few(cells[a]) || !few(cells[b])) continue;
          for (const Cell& x : every_value(cells[a]))
            for (const Cell& y : every_value(cells[b])) any = any || state_with(question, {{cells[a], x}, {cells[b], y}}) == goal;
        }
      EXPECT_TRUE(!any || !found.empty()) << verdict.subject.key << " " << program().schema.remedies[question.act().remedy].id;
      EXPECT_FALSE(extent.none_can && any);
      pairs += any;
      nothing += extent.none_can;
    }
  }
  EXPECT_GE(singles, 15u);
  EXPECT_GE(pairs, 2u);
  EXPECT_GE(nothing, 2u);
}

TEST_F(WhatIfTest, NumbersAreTheNearestThatDoIt) {
  Case evaluated(town.agreement, facts, as_of);
  ASSERT_FALSE(evaluated.evaluate(*engine));
  std::size_t checked = 0;
  for (std::size_t place = 0; place < evaluated.assembler().size(); ++place) {
    const verdict::Verdict verdict = evaluated.assembler().make(place);
    const FactSpace space(facts, verdict.subject.entity, verdict.subject.row, 100);
    for (std::size_t i = 0; i < verdict.remedies.size(); ++i) {
      const Question question(program(), evaluated.walk(), verdict, i);
      if (question.base() != Truth::yes || !question.answerable()) continue;
      SearchExtent extent;
      for (const Proposal& p : WhatIfSearch(program(), facts, as_of, space, {}).run(question, Truth::no, extent)) {
        const std::optional<Axis> axis = p.parts[0].without ? std::nullopt : FactValues(program(), facts, as_of).axis(p.parts[0].cell);
        if (p.parts.size() != 1 || !axis) continue;
        const int way = p.parts[0].value.lo > axis->from ? 1 : -1;
        const std::int64_t steps = *axis->steps_to(p.parts[0].value.lo, way);
        for (std::int64_t n = 1; n < steps; ++n) EXPECT_NE(state_with(question, {{p.parts[0].cell, known(axis->at(n, way))}}), Truth::no);
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 5u);
}

// What is told of the facts, whatever the rows are numbered.
std::vector<std::string> told(const CompiledAgreement& agreement, Engine& engine, const facts::FactBase& facts, std::int64_t as_of) {
  Case evaluated(agreement, facts, as_of);
  EXPECT_FALSE(evaluated.evaluate(engine));
  std::vector<std::string> out;
  for (std::size_t place = 0; place < evaluated.assembler().size(); ++place) {
    verdict::Verdict verdict;
    EXPECT_FALSE(evaluated.make(place, Evidence::everybody, verdict));
    append_verdict(out.emplace_back(), evaluated.context(verdict::Language::en), verdict);
  }
  return out;
}

TEST_F(WhatIfTest, FactsWithoutARowAreThoseInWhichItNeverStood) {
  const std::vector<std::string> before = told(town.agreement, *engine, facts, as_of);
  std::ifstream file(town::facts());
  const nlohmann::json written = nlohmann::json::parse(file);
  for (const auto& [register_id, key] : {std::pair<std::string, std::string>{"incident", "incident_no"}, {"person", "number"}, {"clinic", "code"}})
    for (const nlohmann::json& row : written.at(register_id)) {
      const std::string name = row.at(key);
      const RowsOut out(facts, entity(register_id), static_cast<std::uint32_t>(facts.find(entity(register_id), name)));
      nlohmann::json fewer = written;
      for (const auto& [rows_entity, rows] : out.all())
        for (const std::uint32_t gone : rows) {
          nlohmann::json& list = fewer[town.agreement.schema().entities[rows_entity].id];
          const std::string row_key = facts.key(rows_entity, gone);
          if (town.agreement.schema().entities[rows_entity].generated_key) list[std::stoul(row_key.substr(row_key.find('#') + 1)) - 1] = nullptr;
          else list.erase(std::find_if(list.begin(), list.end(), [&](const nlohmann::json& r) { return std::any_of(r.begin(), r.end(), [&](const nlohmann::json& cell) { return cell == row_key; }) && r.begin().value().is_string() && (r.contains("incident_no") ? r["incident_no"] == row_key : r.contains("number") ? r["number"] == row_key : r["code"] == row_key); }));
        }
      for (auto& [id, list] : fewer.items())   // generated keys stand for the place in the file: it stays named
        if (list.is_array() && id == "notice") {
          nlohmann::json kept = nlohmann::json::array();
          for (std::size_t i = 0; i < list.size(); ++i)
            if (!list[i].is_null()) kept.push_back(list[i]), kept.back()["key"] = "notice#" + std::to_string(i + 1);
          list = kept;
        }
      const std::string path = testing::TempDir() + "without.json";
      std::ofstream(path) << fewer;
      facts::FactBase without;
      ASSERT_FALSE(load_facts(town.agreement.schema(), path, {}, without)) << name;
      apply_readings(town.agreement.schema(), {}, without);
      {
        FactChanges changes(facts);
        changes.remove(out);
        EXPECT_EQ(told(town.agreement, *engine, facts, as_of), told(town.agreement, *engine, without, as_of)) << name;
      }
      EXPECT_EQ(told(town.agreement, *engine, facts, as_of), before);
    }
}

TEST_F(WhatIfTest, WhatIsForgottenComesBack) {
  const facts::FactBase before = facts;
  {
    FactChanges changes(facts);
    const FactSpace space(facts, entity("person"), 0, 100);
    bool all = true;
    for (const FactCell& cell : space.cells(NodeReach(program()).facts_of(1), 100, all)) changes.forget(cell.entity, cell.row, cell.column);
    EXPECT_FALSE(facts.tables[entity("incident")].columns[*program().schema.entities[entity("incident")].find("points")].hi == before.tables[entity("incident")].columns[*program().schema.entities[entity("incident")].find("points")].hi);
  }
  for (std::size_t e = 0; e < facts.tables.size(); ++e)
    for (std::size_t c = 0; c < facts.tables[e].columns.size(); ++c) {
      EXPECT_EQ(facts.tables[e].columns[c].truth, before.tables[e].columns[c].truth);
      EXPECT_EQ(facts.tables[e].columns[c].masks, before.tables[e].columns[c].masks);
      EXPECT_EQ(facts.tables[e].columns[c].lo, before.tables[e].columns[c].lo);
      EXPECT_EQ(facts.tables[e].columns[c].hi, before.tables[e].columns[c].hi);
      EXPECT_EQ(facts.tables[e].columns[c].presence, before.tables[e].columns[c].presence);
    }
}

}  // namespace
}  // namespace tiao::driver
