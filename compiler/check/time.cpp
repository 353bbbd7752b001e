// Groups, ledgers and timelines: first their shape (so that any clause may name them), later their contents.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::Flow;
using core::On;
using core::Source;

namespace {

Column computed(std::string id, std::string label, Type type) {
  Column c;
  c.id = std::move(id), c.label = std::move(label), c.kind = ColumnKind::computed, c.type = type;
  return c;
}

bool one_of(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return name == w; });
}

core::Period period_named(const std::string& name) {
  if (one_of(name, {"calendar_year", "自然年"})) return core::Period::calendar_year;
  if (one_of(name, {"month", "月份"})) return core::Period::month;
  return core::Period::none;
}

}  // namespace

void Checker::declare_group(std::uint32_t node, const syntax::Group& written, Span span) {
  const auto from = entity_of_path(written.from);
  if (!from) return;
  if (schema_.entities[*from].parent == none) {
    error(Code::no_rows_here, written.from.span, {written.from.text()}).hint = false;
    return;
  }
  core::Group group;
  group.from = *from, group.node = node;
  Entity e;
  e.id = written.name.id, e.label = written.name.label, e.origin = EntityOrigin::group;
  e.parent = schema_.entities[*from].parent, e.parent_column = 0;
  const Entity& owner = schema_.entities[e.parent];
  e.columns.push_back(computed(owner.id, owner.label, type_of(Kind::ref, e.parent)));
  for (const auto& key : written.per) {
    const auto c = schema_.entities[*from].find(key.text);
    if (!c || schema_.entities[*from].columns[*c].kind == ColumnKind::computed) {
      std::vector<std::string> candidates;
      for (const auto& column : schema_.entities[*from].columns) candidates.push_back(column.id), candidates.push_back(column.label);
      unknown(Code::unknown_column, key.span, key.text, candidates, {schema_.entities[*from].id});
      return;
    }
    group.keys.push_back(*c);
    const Column& column = schema_.entities[*from].columns[*c];
    e.columns.push_back(computed(column.id, column.label, column.type));
  }
  group.entity = add_entity(std::move(e), span);
  if (group.entity == none) return;
  for (const std::string& name : {written.name.id, written.name.label}) if (!name.empty()) groups_[name] = static_cast<std::uint32_t>(program_.groups.size());
  program_.groups.push_back(group);
  for (const auto id : written.defines)
    if (const auto* define = std::get_if<syntax::Define>(&(*ast_)[id].what)) declare_definition(node, *define, (*ast_)[id].span, {}, group.entity);
}

void Checker::declare_ledger(std::uint32_t node, const syntax::Ledger& written, Span span) {
  const auto owner = written.of.given() ? entity_of_path(written.of) : std::optional<EntityId>(default_scope_);
  if (!owner || *owner == none) return;
  core::Ledger ledger;
  ledger.id = written.name.id, ledger.label = written.name.label, ledger.owner = *owner, ledger.node = node;
  const syntax::LedgerItem* opens = nullptr;
  for (const auto& item : written.items) if (item.kind == syntax::LedgerItemKind::opens_at) opens = &item;
  if (!opens) { error(Code::ledger_incomplete, span, {written.name.id, "opens at"}); return; }
  frames_ = {frame_of(*owner, "")};
  slots_ = 0, node_ = node;
  const Val start = lower(opens->amount);
  frames_.clear();
  if (!start.ok() || start.interval) return;
  ledger.opens_at = start.id, ledger.type = start.type;
  if (!opens->per.empty()) {
    ledger.period = period_named(opens->per[0].text);
    if (ledger.period == core::Period::none) unknown(Code::unknown_name, opens->per[0].span, opens->per[0].text, {"calendar_year", "自然年", "month", "月份"});
  }
  const Type date = type_of(Kind::date), ref = type_of(Kind::ref, *owner), amount = ledger.type;
  const Entity& o = schema_.entities[*owner];
  Entity steps, cycles;
  steps.id = written.name.id + ".step", steps.label = written.name.label.empty() ? "" : written.name.label + ".步", steps.origin = EntityOrigin::step;
  steps.parent = *owner, steps.parent_column = 0;
  steps.columns = {computed(o.id, o.label, ref), computed("day", "当日", date), computed("opening", "步前分", amount), computed("balance", "步后分", amount),
                   computed("entered", "本步分", amount), computed("largest", "本步最高分", amount)};
  cycles.id = written.name.id + ".cycle", cycles.label = written.name.label.empty() ? "" : written.name.label + ".记分期", cycles.origin = EntityOrigin::cycle;
  cycles.parent = *owner, cycles.parent_column = 0;
  cycles.columns = {computed(o.id, o.label, ref), computed("starts_on", "期始日", date), computed("ends_on", "期末日", date), computed("entered", "期内分", amount)};
  ledger.steps = add_entity(std::move(steps), span);
  ledger.cycles = add_entity(std::move(cycles), span);
  if (ledger.steps == none || ledger.cycles == none) return;
  const auto index = static_cast<std::uint32_t>(program_.ledgers.size());
  for (const std::string& name : {written.name.id, written.name.label})
    if (!name.empty() && !ledgers_.emplace(name, index).second) error(Code::name_twice, written.name.span, {name});
  program_.ledgers.push_back(std::move(ledger));
  pending_ledgers_.push_back({ast_, &written, node, index, span, {}});
}

void Checker::lower_ledger(const PendingLedger& pending) {
  const EntityId owner = program_.ledgers[pending.index].owner;
  const Type amount = program_.ledgers[pending.index].type, date = type_of(Kind::date);
  ast_ = pending.ast, node_ = pending.node;
  frames_ = {frame_of(owner, "")};
  slots_ = 0;
  bool entered = false;
  for (const auto& item : pending.written->items) {
    if (item.kind == syntax::LedgerItemKind::opens_at) continue;
    if (item.kind == syntax::LedgerItemKind::floor) {
      program_.ledgers[pending.index].floor = demand(lower(item.amount, &amount), amount, item.span);
      continue;
    }
    Flow flow;
    const syntax::Expr* value = item.amount.valid() ? &(*ast_)[item.amount] : nullptr;
    if (!begin_rows(item.rows, flow.source, flow.slot, value)) continue;
    flow.filter = filter_of(item.rows, flow.source, flow.slot);
    const bool remedy_value = value && value->kind == syntax::ExprKind::path && value->path.segments.size() == 2 && find_remedy(value->path.segments[0].text);
    const auto own = remedy_value ? member(row(flow.slot, flow.source.entity), value->path.segments[1].text, value) : std::nullopt;
    flow.amount = demand(own ? *own : lower(item.amount, &amount), amount, item.span);
    syntax::Expr dated;
    dated.kind = syntax::ExprKind::path, dated.span = item.dated.span, dated.path = item.dated;
    flow.date = demand(lower_path(dated, &date), date, item.dated.span);
    close_rows();
    if (item.cap.valid()) {
      flow.cap = demand(lower(item.cap, &amount), amount, item.span);
      if (!item.per.empty()) {
        flow.cap_period = period_named(item.per[0].text);
        if (flow.cap_period == core::Period::none) unknown(Code::unknown_name, item.per[0].span, item.per[0].text, {"calendar_year", "自然年", "month", "月份"});
      }
    }
    if (flow.amount == none || flow.date == none) continue;
    auto& ledger = program_.ledgers[pending.index];
    (item.kind == syntax::LedgerItemKind::enter ? ledger.entries : ledger.credits).push_back(std::move(flow));
    entered |= item.kind == syntax::LedgerItemKind::enter;
  }
  frames_.clear();
  if (!entered) error(Code::ledger_incomplete, pending.span, {pending.written->name.id, "enter"});
}

void Checker::declare_timeline(std::uint32_t node, const syntax::Timeline& written, Span span) {
  const auto owner = written.of.given() ? entity_of_path(written.of) : std::optional<EntityId>(default_scope_);
  if (!owner || *owner == none) return;
  core::Timeline timeline;
  timeline.id = written.name.id, timeline.label = written.name.label, timeline.owner = *owner, timeline.node = node;
  declare_enum(written.name.id + ".states", written.name.label, true, written.states, span);
  const auto states = find_enum(written.name.id + ".states");
  if (!states) return;
  timeline.states = *states;
  const auto start = enum_value(*states, written.starts.text);
  if (!start) enum_constant(type_of(Kind::choice, *states), written.starts.text, written.starts.span, nullptr, true);
  timeline.start = start.value_or(0);
  schema_.enums.push_back({"§causes:" + written.name.id, "", false, {}});   // filled when all grounds are known
  const auto causes = static_cast<std::uint32_t>(schema_.enums.size() - 1);
  const Entity& o = schema_.entities[*owner];
  Entity spans;
  spans.id = written.name.id + ".span", spans.label = written.name.label.empty() ? "" : written.name.label + ".状态段", spans.origin = EntityOrigin::span;
  spans.parent = *owner, spans.parent_column = 0;
  const Type date = type_of(Kind::date);
  spans.columns = {computed(o.id, o.label, type_of(Kind::ref, *owner)), computed("state", "状态", type_of(Kind::choice, *states)), computed("from", "起", date),
                   computed("until", "止", date), computed("cause", "起因", type_of(Kind::choice, causes))};
  timeline.spans = add_entity(std::move(spans), span);
  if (timeline.spans == none) return;
  const auto index = static_cast<std::uint32_t>(program_.timelines.size());
  for (const std::string& name : {written.name.id, written.name.label})
    if (!name.empty() && !timelines_.emplace(name, index).second) error(Code::name_twice, written.name.span, {name});
  program_.timelines.push_back(std::move(timeline));
  pending_timelines_.push_back({ast_, &written, node, index, span, {}});
}

ExprId Checker::way_of(const syntax::WordChoice& choice) {
  if (overlap_enum_ == none) {
    schema_.enums.push_back({"§overlap", "", false, {{"together", "同时走"}, {"in_turn", "依次"}, {"topped_up", "补足"}}});
    overlap_enum_ = static_cast<std::uint32_t>(schema_.enums.size() - 1);
  }
  const Type ways = type_of(Kind::choice, overlap_enum_);
  return hit_choice(choice, [&](const syntax::Ident& word) { return enum_constant(ways, word.text, word.span, nullptr, true).id; });
}

void Checker::lower_timeline(const PendingTimeline& pending) {
  const auto& shape = program_.timelines[pending.index];
  const EntityId owner = shape.owner;
  const Type states = type_of(Kind::choice, shape.states), date = type_of(Kind::date), duration = type_of(Kind::duration);
  ast_ = pending.ast, node_ = pending.node;
  frames_ = {frame_of(owner, "")};
  slots_ = 0;
  std::vector<On> on;
  for (const auto& written : pending.written->on) {
    On clause;
    auto source = rows_of_path(written.source, false);
    if (!source) continue;
    clause.source = *source;
    clause.slot = ++slots_;
    const ExprId self = row(clause.slot, source->entity);
    frames_.push_back({{{self, source->entity, ""}}, true});
    if (written.where.valid()) clause.filter = truth_value(written.where);
    clause.state = demand(lower(written.gives, &states), states, written.span);
    const bool remedy = schema_.entities[source->entity].origin == EntityOrigin::remedy;
    if (remedy) {
      clause.from = column(self, core::remedy_col::from);
      clause.until = column(self, core::remedy_col::until);
      clause.length = column(self, core::remedy_col::length);
    }
    for (const auto& time : written.times) {
      if (!time.value.valid()) { error(Code::not_a_constant, time.span); continue; }
      const Val v = lower(time.value, time.kind == syntax::TimeKind::for_ ? &duration : &date);
      if (time.kind == syntax::TimeKind::for_) {
        if (v.ok() && v.type.kind != Kind::duration) error(Code::type_mismatch, time.span, {describe(v), "duration"});
        clause.length = v.id;
        if (remedy) clause.until = none;
      } else {
        ExprId x = demand(v, date, time.span);
        if (x != none && time.kind == syntax::TimeKind::through) x = emit(Op::shift, date, none, {x, constant(known(1), type_of(Kind::duration, none, duration_kind::days))});
        (time.kind == syntax::TimeKind::from ? clause.from : clause.until) = x;
        if (remedy && time.kind != syntax::TimeKind::from) clause.length = none;   // an end of its own, whatever the remedy's length
      }
    }
    close_rows();
    if (clause.from == none && clause.state != none) error(Code::missing_item, written.span, {"from"});
    else if (clause.state != none) on.push_back(std::move(clause));
  }
  std::vector<core::Overlap> overlaps;
  for (const auto& written : pending.written->overlaps) {
    const auto state = enum_value(states.of, written.state.text);
    if (!state) { enum_constant(states, written.state.text, written.state.span, nullptr, true); continue; }
    if (const ExprId way = way_of(written.way); way != none) overlaps.push_back({*state, way});
  }
  std::vector<core::Shorten> shortens;
  for (const auto& written : pending.written->shortens) {
    core::Shorten shorten;
    const syntax::Expr* value = written.amount.valid() ? &(*ast_)[written.amount] : nullptr;
    if (!begin_rows(written.rows, shorten.source, shorten.slot, value)) continue;
    shorten.filter = filter_of(written.rows, shorten.source, shorten.slot);
    const Val v = lower(written.amount, &duration);
    if (v.ok() && v.type.kind != Kind::duration) error(Code::type_mismatch, written.span, {describe(v), "duration"});
    shorten.amount = v.id;
    syntax::Expr dated;
    dated.kind = syntax::ExprKind::path, dated.span = written.dated.span, dated.path = written.dated;
    shorten.date = demand(lower_path(dated, &date), date, written.dated.span);
    close_rows();
    if (shorten.amount != none && shorten.date != none) shortens.push_back(std::move(shorten));
  }
  frames_.clear();
  auto& timeline = program_.timelines[pending.index];
  timeline.on = std::move(on);
  timeline.overlaps = std::move(overlaps);
  timeline.shorten = std::move(shortens);
}

}  // namespace tiao::check
