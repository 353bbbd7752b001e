// A small made-up agreement with facts and results filled by hand: what an engine would have handed over.
#pragma once

#include <string>
#include <vector>

#include "runtime/facts/tables.hpp"
#include "runtime/program/program.hpp"
#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"
#include "runtime/verdict/assemble.hpp"
#include "runtime/verdict/results.hpp"
#include "runtime/verdict/writer.hpp"

namespace tiao::verdict::sample {

inline std::int64_t day(const char* text) {
  std::int64_t lo = 0, hi = 0;
  EXPECT_EQ(parse_date(text, lo, hi), Parse::ok);
  return lo;
}
inline std::int64_t months(std::int64_t n) { return scalar::make_duration(n, 0); }

struct Sample {
  enum : EntityId { practitioner, incident, step, suspend_rows, record_rows };
  enum : RemedyId { suspend, record };
  enum : NodeId { article28, item28_1, article31, item31_2, article40 };

  Schema schema;
  program::ProgramInfo info;
  facts::FactBase facts;
  Results results;
  std::int64_t as_of = day("2025-12-31");

  Sample() {
    schema.units.push_back({"mark", "分"});
    schema.actors.push_back({"facility", "机构"});
    schema.actors.push_back({"agency", "经办机构"});
    for (const auto& [address, english, parent] : {std::tuple{"第二十八条", "article 28", none}, {"第二十八条（一）", "item 1 of article 28", 0u},
                                                   {"第三十一条", "article 31", none}, {"第三十一条（二）", "item 2 of article 31", 2u},
                                                   {"第四十条", "article 40", none}})
      schema.nodes.push_back({address, "", parent, NodeStatus::executable, "", "town.practitioner", english});
    add_entities();
    add_remedies();
    schema.agreements.push_back({"town.practitioner", "人员细则", "draft", "征求意见稿", {practitioner}, {}, {}, "2025"});
    info.hash = "0123456789abcdef";
    results.remedies.resize(2);
    results.derived.resize(schema.entities.size());
    results.remedies[suspend].lo.resize(0);
    results.remedies[record].lo.resize(1);
    results.remedies[record].hi.resize(1);
    facts.schema = &schema;
    facts.tables.resize(schema.entities.size());
    fill_rows();
  }

  void add_entities() {
    const auto column = [](const char* id, const char* label, ColumnKind kind, Type type) {
      Column made;
      made.id = id;
      made.label = label;
      made.kind = kind;
      made.type = type;
      return made;
    };
    schema.entities.resize(5);
    schema.entities[practitioner].id = "practitioner";
    schema.entities[practitioner].label = "人员";
    schema.entities[practitioner].columns = {column("code", "人员代码", ColumnKind::key, {Kind::text})};
    schema.entities[practitioner].key_column = 0;
    Entity& i = schema.entities[incident];
    i.id = "incident";
    i.parent = practitioner;
    i.columns = {column("no", "记录号", ColumnKind::key, {Kind::text}), column("practitioner", "", ColumnKind::parent, {Kind::ref, 0, practitioner}),
                 column("decided_on", "决定日", ColumnKind::fact, {Kind::date}), column("points", "分值", ColumnKind::fact, {Kind::integer, 0, 0})};
    i.key_column = 0;
    i.parent_column = 1;
    i.dated_column = 2;
    for (const EntityId derived : {EntityId{step}, EntityId{suspend_rows}, EntityId{record_rows}}) {
      schema.entities[derived].id = derived == step ? "total.step" : "rows";
      schema.entities[derived].origin = derived == step ? EntityOrigin::step : EntityOrigin::remedy;
      schema.entities[derived].parent = derived == record_rows ? incident : practitioner;
    }
  }

  void add_remedies() {
    Remedy s, r;
    s.id = "suspend_eligibility", s.label = "暂停支付资格", s.target = practitioner, s.rows = suspend_rows, s.severity = 50;
    r.id = "record_points", r.label = "记分", r.target = incident, r.rows = record_rows, r.severity = 5;
    r.params.push_back({"value", "分数", {Kind::integer, 0, 0}, 1, 12});
    r.chosen_param = 0;
    r.chosen_column = 3;
    schema.remedies = {s, r};
    program::GroundInfo sg;
    sg.remedy = suspend;
    sg.actor = 0;
    sg.cite = item31_2;
    sg.scope = step;
    sg.length.form = program::ParamForm::exact;
    sg.from.form = program::ParamForm::exact;
    sg.conventions = {"民法典第一千二百五十九条"};
    program::GroundInfo rg;
    rg.remedy = record;
    rg.cite = article28;
    rg.scope = incident;
    rg.params.push_back({program::ParamForm::range, false, "", ""});
    info.grounds = {sg, rg};
  }

  void fill_rows() {
    text_column(practitioner, 0, {"P10", "P2"});
    text_column(incident, 0, {"I1", "I2"});
    auto& table = facts.tables[incident];
    table.columns[1].lo = {0, 0};
    table.columns[2].lo = {day("2025-05-06"), day("2025-07-01")};
    table.columns[3].lo = {3, 8};
    table.columns[3].hi = {3, 8};
    results.derived[step].parent = {0, 0, 1};
    results.derived[step].membership = {1, 1, 1};
  }

  void text_column(EntityId entity, ColumnId column, const std::vector<std::string>& texts) {
    auto& table = facts.tables[entity];
    table.entity = entity;
    table.rows = static_cast<std::uint32_t>(texts.size());
    table.columns.resize(schema.entities[entity].columns.size());
    for (const std::string& text : texts) table.columns[column].lo.push_back(facts.strings.intern(text));
  }

  void suspend_row(std::uint32_t target, Truth state, Cell from, Cell length, Cell until) {
    RemedyTable& t = results.remedies[suspend];
    push(t, target, state, 0);
    t.from.push(from);
    t.length.push(length);
    t.length_hi.push(length);
    t.until.push(until);
    t.until_hi.push(until);
  }
  void record_row(std::uint32_t target, Truth state, Cell lo, Cell hi, Truth exercised, Cell chosen) {
    RemedyTable& t = results.remedies[record];
    push(t, target, state, 1);
    t.lo[0].push(lo);
    t.hi[0].push(hi);
    t.exercised.push_back(static_cast<std::uint8_t>(exercised));
    t.chosen.push(chosen);
  }
  static void push(RemedyTable& t, std::uint32_t target, Truth state, std::uint32_t lead) {
    t.target.push_back(target);
    t.state.push_back(static_cast<std::uint8_t>(state));
    t.modality.push_back(0);
    t.lead.push_back(lead);
    t.scope_row.push_back(0);
    t.held.push_back(state == Truth::yes ? 1 : 0);
    t.open.push_back(state == Truth::unknown ? 1 : 0);
  }

  Run run() const { return {schema, info, facts, results, as_of, {}}; }
  WriterContext context(Language language = Language::zh) const {
    return {{schema, &facts, &results}, info, heading(schema, info, as_of), language};
  }
  std::string json(const Verdict& verdict) const {
    std::string out;
    append_verdict(out, context(), verdict);
    return out;
  }
};

}  // namespace tiao::verdict::sample
