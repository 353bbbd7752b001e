// A small schema with every shape of entity, and random declarations over it in an order in which they can be evaluated.
#include <algorithm>

#include "tests/differential/generator.hpp"
#include "tests/differential/random_expressions.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::differential {

using core::DeclKind;
using core::ExprId;

namespace {

constexpr Type money{Kind::money, 2, none};
constexpr std::uint32_t colour = 0, grade = 1, status = 2, way = 3;
enum : EntityId { site, person, incident, visit, repair };

class Programs {
 public:
  Programs(Random& random, const Size& size) : random_(random), size_(size), schema_(program_.schema), make_(program_, random) {}

  core::Program run() {
    schema();
    for (unsigned i = 0; i < size_.declarations; ++i) declaration();
    for (EntityId e = 0; e < schema_.entities.size(); ++e)
      if (random_.one_in(3)) report(e);
    return std::move(program_);
  }

 private:
  Random& random_;
  const Size& size_;
  core::Program program_;
  Schema& schema_;
  Expressions make_;

  ExprId expr(Type type, EntityId entity) { return make_.make(type, entity == none ? Slots{} : Slots{entity}, size_.depth); }
  ExprId maybe_condition(EntityId entity) { return random_.one_in(2) ? none : expr(core::boolean_type(), entity); }

  // --- Schema

  ColumnId add_column(EntityId e, const std::string& id, Type type, ColumnKind kind, std::int64_t lo = neg_inf, std::int64_t hi = pos_inf) {
    Column column;
    column.id = id;
    column.kind = kind;
    column.type = type;
    column.range_lo = lo;
    column.range_hi = hi;
    schema_.entities[e].columns.push_back(column);
    return static_cast<ColumnId>(schema_.entities[e].columns.size() - 1);
  }

  EntityId add_entity(const std::string& id, EntityOrigin origin, EntityId parent) {
    Entity entity;
    entity.id = id;
    entity.origin = origin;
    entity.parent = parent;
    schema_.entities.push_back(entity);
    const auto e = static_cast<EntityId>(schema_.entities.size() - 1);
    program_.memberships.push_back(none);
    if (parent != none)
      schema_.entities[e].parent_column =
          add_column(e, "parent", core::ref_type(parent), origin == EntityOrigin::register_ ? ColumnKind::parent : ColumnKind::computed);
    if (origin == EntityOrigin::register_) {
      schema_.entities[e].key_column = add_column(e, "key", core::text_type(), ColumnKind::key);
      schema_.entities[e].generated_key = true;
    }
    return e;
  }

  void dated(EntityId e, const std::string& id) {
    schema_.entities[e].dated_column = add_column(e, id, core::date_type(), ColumnKind::fact);
    core::Builder& b = make_.builder();
    program_.memberships[e] = b.compare(core::CmpOp::at_most, b.column(b.row(0, e), schema_.entities[e].dated_column), b.as_of());
  }

  void schema() {
    auto values = [](std::initializer_list<const char*> ids) {
      std::vector<EnumValue> out;
      for (const char* id : ids) out.push_back({id, ""});
      return out;
    };
    schema_.enums = {{"colour", "", true, values({"red", "amber", "green", "blue"})},
                     {"grade", "", false, values({"x", "y", "z"})},
                     {"status", "", true, values({"normal", "suspended", "ended"})},
                     {"way", "", false, values({"together", "in_turn", "topped_up"})},
                     {"cause", "", false, values({"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"})}};
    program_.remaps.push_back({2, 0, 1, 0});
    schema_.strings = {"a", "b", "c", "d"};
    Calendar calendar;
    calendar.id = "work";
    calendar.from = scalar::day_number({2024, 1, 1});
    calendar.through = scalar::day_number({2025, 12, 31});
    for (std::int64_t d = calendar.from; d <= calendar.through; ++d) calendar.works.push_back((d % 7 + 7) % 7 < 5);
    schema_.calendars.push_back(calendar);
    auto parameter = [&](const char* id, Type type) {
      Parameter p;
      p.id = id;
      p.type = type;
      schema_.parameters.push_back(p);
    };
    parameter("start", core::date_type());
    parameter("limit", core::integer_type());
    parameter("strict", core::boolean_type());
    parameter("reading", core::choice_type(grade));
    parameter("overlap", core::choice_type(way));

    const ColumnKind fact = ColumnKind::fact;
    add_entity("site", EntityOrigin::register_, none);
    add_column(site, "grade", core::choice_type(grade), fact);
    add_column(site, "budget", money, fact);
    add_column(site, "quota", {Kind::percent, 1, none}, fact, 0, 1000);
    add_column(site, "heads", core::integer_type(), fact, 0, 50);
    add_column(site, "choice", core::integer_type(), fact, 0, 9);
    add_entity("person", EntityOrigin::register_, none);
    add_column(person, "home", core::ref_type(site), ColumnKind::link);
    add_column(person, "born", core::date_type(), fact);
    add_column(person, "score", core::integer_type(), fact, 0, 12);
    add_column(person, "note", core::text_type(), fact);
    add_column(person, "choice", core::integer_type(), fact, 0, 12);
    add_entity("incident", EntityOrigin::register_, person);
    dated(incident, "on");
    add_column(incident, "at", core::ref_type(site), ColumnKind::link);
    add_column(incident, "points", core::integer_type(), fact, 0, 12);
    add_column(incident, "amount", money, fact);
    add_column(incident, "act", core::text_type(), fact);
    add_column(incident, "degree", core::choice_type(colour), fact);
    add_column(incident, "proven", core::boolean_type(), ColumnKind::finding);
    add_column(incident, "term", core::duration_type(), fact);
    add_column(incident, "size", {Kind::decimal, 2, none}, fact);
    add_column(incident, "choice", core::integer_type(), fact, 0, 12);
    add_entity("visit", EntityOrigin::register_, incident);
    add_column(visit, "cost", money, fact);
    add_column(visit, "day", core::date_type(), fact);
    add_column(visit, "state", core::choice_type(status), fact);
    add_column(visit, "by", core::ref_type(person), ColumnKind::link);
    // Ranges from which a plan tells that arithmetic stays within a word, or that it may not: just within, and far beyond.
    add_column(visit, "load", core::integer_type(), fact, -(std::int64_t{1} << 30), std::int64_t{1} << 30);
    add_entity("repair", EntityOrigin::register_, person);
    dated(repair, "approved");
    add_column(repair, "value", core::integer_type(), fact, 0, 3);
    add_column(repair, "taken", core::boolean_type(), fact);
    add_column(repair, "worth", money, fact, 0, pos_inf - 1);
    add_column(repair, "grain", {Kind::decimal, 2, none}, fact, -3037000500, 3037000500);
    make_.entities = {site, person, incident, visit, repair};
  }

  // --- Declarations

  EntityId any_entity() { return random_.pick(make_.entities); }

  void stratum(DeclKind kind, std::size_t index) { program_.strata.push_back({kind, static_cast<std::uint32_t>(index)}); }

  void declaration() {
    const std::uint32_t kind = random_.below(14);
    if (size_.plain && kind >= 2 && kind <= 6) return computed();
    switch (kind) {
      case 0: group(); break;
      case 1: join(); break;
      case 2:
      case 3: ledger(); break;
      case 4: timeline(); break;
      case 5:
      case 6: remedy(); break;
      case 7: duty(); break;
      case 8: require(); break;
      case 9: applicability(); break;
      default: computed(); break;
    }
  }

  void computed() {
    static const Type types[] = {core::boolean_type(), core::boolean_type(), core::integer_type(), money, core::date_type(), core::duration_type(),
                                 core::ratio_type(), core::choice_type(colour), core::choice_type(grade), {Kind::percent, 1, none}, {Kind::decimal, 2, none},
                                 core::ref_type(site), core::text_type()};
    const Type type = types[random_.below(std::size(types))];
    const EntityId e = any_entity();
    const ExprId value = expr(type, e);
    const ColumnId column = add_column(e, "c" + std::to_string(program_.computed.size()), type, ColumnKind::computed);
    program_.computed.push_back({e, column, value, none, type.kind == Kind::boolean && random_.one_in(2)});
    stratum(DeclKind::computed, program_.computed.size() - 1);
  }

  void group() {
    const EntityId from = any_entity();
    if (schema_.entities[from].origin == EntityOrigin::join) return;
    std::vector<ColumnId> keys;
    const Entity& e = schema_.entities[from];
    for (ColumnId c = 0; c < e.columns.size(); ++c)
      if (c != e.parent_column && e.columns[c].type.kind != Kind::ratio && e.columns[c].type.kind != Kind::ref && random_.one_in(4)) keys.push_back(c);
    if (keys.empty() || keys.size() > 3) return;
    const EntityId parent = e.parent;
    if (parent == none) return;
    const EntityId made = add_entity("group" + std::to_string(program_.groups.size()), EntityOrigin::group, parent);
    for (ColumnId key : keys) add_column(made, "k" + std::to_string(key), schema_.entities[from].columns[key].type, ColumnKind::computed);
    program_.groups.push_back({made, from, keys, none});
    stratum(DeclKind::group, program_.groups.size() - 1);
    make_.entities.push_back(made);
  }

  void join() {
    core::Join join;
    join.first = any_entity();
    EntityId at = join.first;
    const core::Source path = make_.rows_from_owner(join.first, none);
    if (path.hops.empty()) return;
    for (const core::Hop& hop : path.hops) {
      if (hop.kind == core::Hop::members) return;
      join.hops.push_back(hop);
    }
    join.entity = add_entity("join" + std::to_string(program_.joins.size()), EntityOrigin::join, none);
    add_column(join.entity, "p0", core::ref_type(at), ColumnKind::computed);
    for (std::size_t i = 0; i < join.hops.size(); ++i)
      add_column(join.entity, "p" + std::to_string(i + 1), core::ref_type(join.hops[i].entity), ColumnKind::computed);
    program_.joins.push_back(join);
    stratum(DeclKind::join, program_.joins.size() - 1);
    make_.entities.push_back(join.entity);
  }

  // An owner: a register, so that ledgers do not pile up on each other's steps without end.
  EntityId owner() { return random_.pick({person, person, site}); }

  void ledger() {
    core::Ledger ledger;
    ledger.owner = owner();
    ledger.id = "ledger" + std::to_string(program_.ledgers.size());
    ledger.type = random_.one_in(3) ? money : core::integer_type();
    auto flow = [&](bool credit) {
      core::Flow f;
      f.source = make_.rows_from_owner(ledger.owner, none);
      const Slots slots{ledger.owner, f.source.entity};
      if (random_.one_in(2)) f.filter = make_.condition(slots, 2);
      f.amount = make_.make(ledger.type, slots, 1);
      if (!random_.one_in(4)) f.amount = make_.builder().greatest({f.amount, make_.builder().constant(known(0), ledger.type)});
      f.date = make_.make(core::date_type(), slots, 1);
      if (credit && random_.one_in(2)) {
        f.cap = make_.builder().constant(random_.one_in(3) ? between(1, 3) : known(random_.between(0, 4)), ledger.type);
        f.cap_period = random_.pick({core::Period::none, core::Period::calendar_year, core::Period::month});
      }
      return f;
    };
    for (unsigned i = 0; i < 1 + random_.below(2); ++i) ledger.entries.push_back(flow(false));
    for (unsigned i = 0; i < random_.below(3); ++i) ledger.credits.push_back(flow(true));
    auto constant = [&](std::int64_t v) { return make_.builder().constant(known(v), ledger.type); };
    ledger.floor = random_.one_in(4) ? make_.make(ledger.type, {ledger.owner}, 1) : random_.one_in(4) ? none : constant(0);
    ledger.opens_at = random_.one_in(4) ? make_.make(ledger.type, {ledger.owner}, 1) : constant(random_.one_in(4) ? 5 : 0);
    ledger.period = random_.pick({core::Period::none, core::Period::calendar_year, core::Period::month});
    ledger.steps = add_entity("step" + std::to_string(program_.ledgers.size()), EntityOrigin::step, ledger.owner);
    add_column(ledger.steps, "day", core::date_type(), ColumnKind::computed);
    for (const char* id : {"opening", "balance", "entered", "largest"}) add_column(ledger.steps, id, ledger.type, ColumnKind::computed);
    ledger.cycles = add_entity("cycle" + std::to_string(program_.ledgers.size()), EntityOrigin::cycle, ledger.owner);
    for (const char* id : {"starts_on", "ends_on"}) add_column(ledger.cycles, id, core::date_type(), ColumnKind::computed);
    add_column(ledger.cycles, "entered", ledger.type, ColumnKind::computed);
    program_.ledgers.push_back(ledger);
    stratum(DeclKind::ledger, program_.ledgers.size() - 1);
    make_.entities.push_back(ledger.steps);
    if (ledger.period != core::Period::none) make_.entities.push_back(ledger.cycles);   // else there are none
    make_.ledgers.push_back(static_cast<std::uint32_t>(program_.ledgers.size() - 1));
  }

  void timeline() {
    core::Timeline timeline;
    timeline.id = "timeline" + std::to_string(program_.timelines.size());
    timeline.owner = owner();
    timeline.states = status;
    timeline.start = random_.one_in(6) ? 1 : 0;
    timeline.causes.resize(8);
    for (unsigned i = 0; i < 1 + random_.below(3); ++i) {
      core::On on;
      on.source = make_.rows_from_owner(timeline.owner, remedy_of(timeline.owner));
      const Slots slots{timeline.owner, on.source.entity};
      if (random_.one_in(2)) on.filter = make_.condition(slots, 2);
      on.state = random_.one_in(3) ? make_.make(core::choice_type(status), slots, 1) : make_.builder().choice(status, 1 + random_.below(2));
      const bool is_remedy = schema_.entities[on.source.entity].origin == EntityOrigin::remedy;
      const ExprId row = make_.builder().row(1, on.source.entity);
      if (is_remedy) {
        on.from = make_.builder().column(row, core::remedy_col::from);
        on.until = make_.builder().column(row, core::remedy_col::until);
        on.length = make_.builder().column(row, core::remedy_col::length);
      } else {
        on.from = make_.make(core::date_type(), slots, 1);
        if (random_.one_in(3)) on.until = make_.make(core::date_type(), slots, 1);
        if (random_.one_in(2)) on.length = make_.make(core::duration_type(), slots, 1);
      }
      on.first_cause = i;
      timeline.on.push_back(on);
    }
    if (random_.one_in(2)) {
      core::Shorten shorten;
      shorten.source = make_.rows_from_owner(timeline.owner, timeline.owner == person ? repair : none);
      const Slots slots{timeline.owner, shorten.source.entity};
      if (random_.one_in(2)) shorten.filter = make_.condition(slots, 1);
      shorten.amount = make_.builder().duration(1, 0);
      if (random_.one_in(3)) shorten.amount = make_.make(core::duration_type(), slots, 1);
      shorten.date = make_.make(core::date_type(), slots, 1);
      timeline.shorten.push_back(shorten);
    }
    for (std::uint32_t state = 1; state < 3; ++state)
      if (random_.one_in(2))
        timeline.overlaps.push_back({state, random_.one_in(3) ? make_.builder().parameter(4) : make_.builder().choice(way, random_.below(3))});
    timeline.spans = add_entity("span" + std::to_string(program_.timelines.size()), EntityOrigin::span, timeline.owner);
    add_column(timeline.spans, "state", core::choice_type(status), ColumnKind::computed);
    add_column(timeline.spans, "from", core::date_type(), ColumnKind::computed);
    add_column(timeline.spans, "until", core::date_type(), ColumnKind::computed);
    add_column(timeline.spans, "cause", core::choice_type(4), ColumnKind::computed);
    program_.timelines.push_back(timeline);
    stratum(DeclKind::timeline, program_.timelines.size() - 1);
    make_.entities.push_back(timeline.spans);
    make_.timelines.push_back(static_cast<std::uint32_t>(program_.timelines.size() - 1));
  }

  EntityId remedy_of(EntityId owner) {
    for (const Remedy& r : schema_.remedies)
      if (r.target == owner && random_.one_in(2)) return r.rows;
    return none;
  }

  void remedy() {
    Remedy remedy;
    const auto id = static_cast<RemedyId>(schema_.remedies.size());
    remedy.id = "remedy" + std::to_string(id);
    remedy.target = random_.pick({person, incident, site, incident});
    remedy.combine = random_.pick({Combine::once, Combine::each, Combine::longest, Combine::highest, Combine::sum});
    if (random_.one_in(2) || remedy.combine == Combine::highest || remedy.combine == Combine::sum) {
      remedy.params.push_back({"value", "", core::integer_type(), 0, 12});
      if (random_.one_in(3)) remedy.params.push_back({"limit", "", money});
    }
    if (remedy.combine == Combine::highest || remedy.combine == Combine::sum) remedy.combine_param = 0;
    if (!remedy.params.empty() && random_.one_in(2)) {
      remedy.chosen_param = 0;
      const Entity& target = schema_.entities[remedy.target];
      for (ColumnId c = 0; c < target.columns.size(); ++c)
        if (target.columns[c].id == "choice") remedy.chosen_column = c;
      if (remedy.chosen_column == none) remedy.chosen_param = none;
    }
    std::vector<core::Ground> grounds;
    for (unsigned i = 0; i < 1 + random_.below(3); ++i) grounds.push_back(ground(remedy, id));
    remedy.rows = add_entity("rows_of_" + remedy.id, EntityOrigin::remedy, remedy.target);
    add_column(remedy.rows, "from", core::date_type(), ColumnKind::computed);
    add_column(remedy.rows, "until", core::date_type(), ColumnKind::computed);
    add_column(remedy.rows, "length", core::duration_type(), ColumnKind::computed);
    for (const RemedyParam& p : remedy.params) add_column(remedy.rows, p.id, p.type, ColumnKind::computed);
    schema_.remedies.push_back(remedy);
    program_.grounds.insert(program_.grounds.end(), grounds.begin(), grounds.end());
    stratum(DeclKind::remedy, id);
    make_.entities.push_back(remedy.rows);
  }

  core::ParamRule rule(Type type, EntityId scope, bool date) {
    using core::ParamForm;
    core::ParamRule r;
    r.form = date ? random_.pick({ParamForm::exact, ParamForm::exact, ParamForm::absent, ParamForm::unstated})
                  : random_.pick({ParamForm::exact, ParamForm::exact, ParamForm::range, ParamForm::at_most, ParamForm::at_least, ParamForm::absent});
    if (type.kind == Kind::duration) r.form = random_.pick({ParamForm::exact, ParamForm::range, ParamForm::absent, ParamForm::unstated});
    auto value = [&] { return make_.make(type, {scope}, 2); };
    switch (r.form) {
      case ParamForm::exact: r.lo = r.hi = value(); break;
      case ParamForm::range: r.lo = value(); r.hi = value(); break;
      case ParamForm::at_most: r.hi = value(); break;
      case ParamForm::at_least: r.lo = value(); break;
      default: break;
    }
    return r;
  }

  // A row of the entity that a chain of parents and links leads to; none: not found.
  ExprId row_above(ExprId row, EntityId from, EntityId to) {
    for (int attempt = 0; attempt < 12; ++attempt) {
      ExprId ref = row;
      EntityId at = from;
      for (int length = 0; length < 3 && at != to; ++length) {
        const Entity& entity = schema_.entities[at];
        const auto c = static_cast<ColumnId>(random_.below(static_cast<unsigned>(entity.columns.size())));
        if (entity.columns[c].type.kind != Kind::ref) continue;
        at = entity.columns[c].type.of;
        ref = c == entity.parent_column && random_.one_in(2) ? make_.builder().parent(ref) : make_.builder().column(ref, c);
      }
      if (at == to) return ref;
    }
    return none;
  }

  core::Ground ground(const Remedy& remedy, RemedyId id) {
    core::Ground g;
    g.remedy = id;
    g.modality = random_.pick({core::Modality::must, core::Modality::must, core::Modality::may, core::Modality::automatic, core::Modality::must_not});
    g.scope = any_entity();
    if (random_.one_in(2)) g.scope = remedy.target;
    // Prefer a scope from which the target is near.
    const Entity& scope = schema_.entities[g.scope];
    const ExprId row = make_.builder().row(0, g.scope);
    if (g.scope == remedy.target) {
      g.target = core::rows_from(row, g.scope);
    } else if (scope.parent == remedy.target) {
      g.target = core::rows_from(row, g.scope, {core::parent_in(remedy.target)});
    } else {
      g.target = make_.rows_from_owner(g.scope, remedy.target);
      if (const ExprId ref = random_.one_in(2) ? row_above(row, g.scope, remedy.target) : none; ref != none) g.target = core::rows_from(ref, remedy.target);
    }
    g.applicable = random_.one_in(3) ? expr(core::boolean_type(), g.scope) : none;
    g.own = expr(core::boolean_type(), g.scope);
    g.scope_filter = random_.one_in(3) ? expr(core::boolean_type(), g.scope) : none;
    g.from = rule(core::date_type(), g.scope, true);
    g.until = rule(core::date_type(), g.scope, true);
    g.length = rule(core::duration_type(), g.scope, false);
    for (const RemedyParam& p : remedy.params) g.params.push_back(rule(p.type, g.scope, false));
    if (random_.one_in(5)) g.alternative = 1 + random_.below(2);
    return g;
  }

  void duty() {
    core::Duty d;
    d.scope = any_entity();
    d.scope_filter = maybe_condition(d.scope);
    d.applicable = maybe_condition(d.scope);
    d.when = maybe_condition(d.scope);
    core::Builder& b = make_.builder();
    if (random_.one_in(2)) {
      d.done = expr(core::date_type(), d.scope);
      d.due = expr(core::date_type(), d.scope);
      d.fulfilled = b.compare(core::CmpOp::at_most, d.done, d.due);
      d.breached = b.and_({b.compare(core::CmpOp::over, d.done, d.due), b.compare(core::CmpOp::over, b.as_of(), d.due)});
      d.pending = b.and_({b.compare(core::CmpOp::over, d.done, b.as_of()), b.compare(core::CmpOp::at_most, b.as_of(), d.due)});
    } else {
      d.done = expr(core::boolean_type(), d.scope);
      d.fulfilled = d.done;
      d.breached = b.not_(d.done);
      d.pending = b.truth(false);
    }
    program_.duties.push_back(d);
    stratum(DeclKind::duty, program_.duties.size() - 1);
  }

  void require() {
    core::Require r;
    r.scope = any_entity();
    r.scope_filter = maybe_condition(r.scope);
    r.applicable = maybe_condition(r.scope);
    r.condition = expr(core::boolean_type(), r.scope);
    program_.requires_.push_back(r);
    stratum(DeclKind::require, program_.requires_.size() - 1);
  }

  void report(EntityId e) {
    static const Type types[] = {core::boolean_type(), core::integer_type(), money, core::date_type(), core::duration_type(), core::ratio_type(),
                                 core::choice_type(colour), core::choice_type(status), core::text_type()};
    core::Report r;
    r.id = "report" + std::to_string(program_.reports.size());
    r.entity = e;
    r.expr = expr(types[random_.below(std::size(types))], e);
    program_.reports.push_back(r);
    stratum(DeclKind::report, program_.reports.size() - 1);
  }

  void applicability() {
    core::Applicability a;
    a.node = none;
    a.entity = random_.one_in(2) ? none : any_entity();
    a.expr = a.entity == none ? make_.condition({}, 2) : expr(core::boolean_type(), a.entity);
    program_.applicabilities.push_back(a);
    stratum(DeclKind::applicability, program_.applicabilities.size() - 1);
  }
};

}  // namespace

core::Program random_program(Random& random, const Size& size) { return Programs(random, size).run(); }

}  // namespace tiao::differential
