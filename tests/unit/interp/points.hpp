// A small regime of points, as a program made by hand.
#pragma once

#include "tests/unit/interp/world.hpp"

namespace tiao::interp::testing {

// Persons with incidents; incidents of one act are scored once; scores enter a yearly ledger; its steps ground remedies; these
// make the course of a status; a facility has a share of persons whose course is not normal.
struct Points : ::testing::Test {
  World w;
  core::Builder& b = w.b;
  std::uint32_t status = w.enumeration("status", {"normal", "suspended", "terminated"});
  EntityId facility = w.entity("facility"), person = w.entity("person"), post = w.entity("post", person), incident = w.entity("incident", person);
  ColumnId site = w.column(post, "site", core::ref_type(facility), ColumnKind::link);
  ColumnId act = w.column(incident, "act", core::text_type());
  ColumnId on = w.dated(incident);
  ColumnId grave = w.column(incident, "grave", core::boolean_type(), ColumnKind::finding);
  ColumnId given = w.column(incident, "points", core::integer_type());
  RemedyId record = none, suspend = none, end = none;
  EntityId scoring = none, steps = none, cycles = none, spans = none;
  std::uint32_t share_report = none, total_report = none, state_report = none, streak_report = none;
  std::uint32_t f1 = w.row(facility, "F1"), p1 = w.row(person, "P1"), p2 = w.row(person, "P2");
  std::int64_t as_of = day(2025, 12, 31);

  std::uint32_t add(const std::string& key, std::uint32_t of, const std::string& act_name, Cell when, Truth is_grave = Truth::no, Cell points = unknown_cell(),
                    facts::Presence chosen = facts::Presence::absent) {
    const Cell name = act_name.empty() ? unknown_cell() : known(w.facts.strings.intern(act_name));
    const std::uint32_t row = w.row(incident, key, of, {{act, name}, {on, when}, {grave, of_truth(is_grave)}, {given, points}});
    w.facts.tables[incident].columns[given].presence.set(row, static_cast<std::uint8_t>(chosen));
    return row;
  }
  static Cell of_truth(Truth t) { return tiao::of(t); }

  ExprId fold(core::FoldKind kind, core::Source source, ExprId value, ExprId filter = none, ExprId if_none = none, std::uint32_t slot = 1) {
    core::Fold f;
    f.kind = kind;
    f.source = std::move(source);
    f.value = value;
    f.filter = filter;
    f.if_none = if_none;
    f.slot = slot;
    return b.fold(f);
  }

  // Recording points: 1 to 3, for a grave incident 10 to 12; what was chosen counts.
  void declare_points() {
    program().schema.entities[incident].columns[given].range_lo = 0;
    program().schema.entities[incident].columns[given].range_hi = 12;
    record = w.remedy("record", incident, Combine::highest, {{"points", "", core::integer_type()}});
    program().schema.remedies[record].combine_param = 0;
    program().schema.remedies[record].chosen_param = 0;
    program().schema.remedies[record].chosen_column = given;
    const ExprId row = w.this_row(incident);
    core::Ground light = w.ground(record, incident, core::Modality::must, none, core::rows_from(row, incident));
    light.params[0] = World::ranging(b.integer(1), b.integer(3));
    core::Ground heavy = w.ground(record, incident, core::Modality::must, b.column(row, grave), core::rows_from(row, incident));
    heavy.params[0] = World::ranging(b.integer(10), b.integer(12));
    program().grounds = {light, heavy};
    w.stratum(core::DeclKind::remedy, record);
  }

  void declare_scoring() {
    scoring = w.derived("scoring", EntityOrigin::group, person, {{"act", core::text_type()}});
    program().groups.push_back({scoring, incident, {act}, none});
    w.stratum(core::DeclKind::group, 0);
    const EntityId record_rows = program().schema.remedies[record].rows;
    const core::Source members = core::rows_from(w.this_row(scoring), scoring, {core::members_in(incident)});
    core::Source recorded = core::rows_from(w.this_row(scoring), scoring, {core::members_in(incident), core::children_of(record_rows)});
    const ColumnId points = w.define(scoring, "points", fold(core::FoldKind::highest, recorded, b.column(b.row(1, record_rows), core::remedy_col::first_param), none, b.integer(0)));
    const ColumnId first = w.define(scoring, "decided_on", fold(core::FoldKind::lowest, members, b.column(b.row(1, incident), on)));
    steps = w.derived("step", EntityOrigin::step, person, {{"day", core::date_type()}, {"opening", core::integer_type()}, {"balance", core::integer_type()},
                                                           {"entered", core::integer_type()}, {"largest", core::integer_type()}});
    cycles = w.derived("cycle", EntityOrigin::cycle, person, {{"starts_on", core::date_type()}, {"ends_on", core::date_type()}, {"entered", core::integer_type()}});
    core::Ledger l;
    l.id = "total";
    l.owner = person;
    l.steps = steps;
    l.cycles = cycles;
    l.type = core::integer_type();
    l.period = core::Period::calendar_year;
    l.opens_at = b.integer(0);
    core::Flow entry;
    entry.source = core::rows_from(w.this_row(person), person, {core::children_of(scoring)});
    entry.amount = b.column(b.row(1, scoring), points);
    entry.date = b.column(b.row(1, scoring), first);
    l.entries.push_back(entry);
    program().ledgers.push_back(l);
    w.stratum(core::DeclKind::ledger, 0);
    total_report = w.report("total", person, b.balance_at(0, w.this_row(person), b.as_of()));
    core::Fold streak;
    streak.kind = core::FoldKind::consecutive;
    streak.n = 2;
    streak.source = core::rows_from(w.this_row(person), person, {core::children_of(cycles)});
    streak.value = b.compare(core::CmpOp::at_least, b.column(b.row(1, cycles), core::cycle_col::entered), b.integer(9));
    streak_report = w.report("streak", person, b.fold(streak));
  }

  // At nine points two months, at twelve the end for good.
  void declare_status() {
    suspend = w.remedy("suspend", person, Combine::longest);
    end = w.remedy("end", person, Combine::once);
    const ExprId step = w.this_row(steps);
    const auto at_least = [&](std::int64_t n) { return b.compare(core::CmpOp::at_least, b.column(step, core::step_col::balance), b.integer(n)); };
    core::Ground s = w.ground(suspend, steps, core::Modality::must, b.and_({at_least(9), b.not_(at_least(12))}), core::rows_from(b.parent(step), person));
    s.from = World::exactly(b.column(step, core::step_col::day));
    s.length = World::exactly(b.duration(2, 0));
    core::Ground e = w.ground(end, steps, core::Modality::must, at_least(12), core::rows_from(b.parent(step), person));
    e.from = World::exactly(b.column(step, core::step_col::day));
    program().grounds.push_back(s);
    program().grounds.push_back(e);
    w.stratum(core::DeclKind::remedy, suspend);
    w.stratum(core::DeclKind::remedy, end);

    spans = w.derived("span", EntityOrigin::span, person, {{"state", core::choice_type(status)}, {"from", core::date_type()}, {"until", core::date_type()}, {"cause", core::choice_type(status)}});
    core::Timeline t;
    t.id = "due";
    t.owner = person;
    t.spans = spans;
    t.states = status;
    std::uint32_t cause = 0;
    for (const auto& [remedy, state] : {std::pair(suspend, 1u), std::pair(end, 2u)}) {
      const EntityId rows = program().schema.remedies[remedy].rows;
      core::On on_remedy;
      on_remedy.source = core::rows_from(w.this_row(person), person, {core::children_of(rows)});
      on_remedy.state = b.choice(status, state);
      on_remedy.from = b.column(b.row(1, rows), core::remedy_col::from);
      on_remedy.until = b.column(b.row(1, rows), core::remedy_col::until);
      on_remedy.length = b.column(b.row(1, rows), core::remedy_col::length);
      on_remedy.first_cause = cause++;
      t.on.push_back(on_remedy);
      t.causes.push_back({none});
    }
    program().timelines.push_back(t);
    w.stratum(core::DeclKind::timeline, 0);
    state_report = w.report("state", person, b.state_at(0, w.this_row(person), b.as_of()));

    core::Source staff = core::rows_from(w.this_row(facility), facility, {core::linked_by(post, site), core::parent_in(person)});
    staff.distinct = true;
    const ExprId stopped = fold(core::FoldKind::exists, core::rows_from(b.row(1, person), person, {core::children_of(spans)}), none,
                                b.compare(core::CmpOp::over, b.column(b.row(2, spans), core::span_col::state), b.choice(status, 0)), none, 2);
    share_report = w.report("share", facility, fold(core::FoldKind::share, staff, stopped, none, b.constant({0, 0, 1, 1}, core::ratio_type())));
  }

  Interpreter& run() {
    for (const EntityId e : {facility, person, post, incident})
      if (w.facts.tables.size() <= e || !w.facts.tables[e].supplied) w.supplied(e);
    declare_points();
    declare_scoring();
    declare_status();
    interpreter = w.start(as_of);
    results = &interpreter->run();
    return *interpreter;
  }
  core::Program& program() { return w.program; }
  Cell report(std::uint32_t r, std::uint32_t row) { return results->reports[r].at(row); }

  std::unique_ptr<Interpreter> interpreter;
  const Results* results = nullptr;
};

}  // namespace tiao::interp::testing
