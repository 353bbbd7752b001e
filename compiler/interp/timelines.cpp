// Timelines over facts: gathers the spans and shortenings of an owner, and keeps the spans as rows.
#include <algorithm>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

// Position of a remedy row's leading ground among the remedy's; 0 for rows of other kinds.
std::uint32_t Machine::lead_of(EntityId entity, std::uint32_t row) const {
  if (schema.entities[entity].origin != EntityOrigin::remedy) return 0;
  const RemedyId remedy = remedy_of[entity];
  const std::uint32_t lead = results.remedies[remedy].lead[stores[entity].table_row[row]];
  const auto& grounds = remedies[remedy].grounds;
  return static_cast<std::uint32_t>(std::find(grounds.begin(), grounds.end(), lead) - grounds.begin());
}

// Does the clause, or a ground of the remedy whose rows it takes, state an end beside the length?
bool Machine::states_end(const core::On& on) const {
  if (on.until == none) return false;
  if (schema.entities[on.source.entity].origin != EntityOrigin::remedy) return true;
  const auto& ids = remedies[remedy_of[on.source.entity]].grounds;
  return std::any_of(ids.begin(), ids.end(), [&](std::uint32_t id) { return program.grounds[id].until.form != core::ParamForm::absent; });
}

Course Machine::course(std::uint32_t timeline_id, std::uint32_t owner) {
  const core::Timeline& timeline = program.timelines[timeline_id];
  Course c;
  c.states = static_cast<std::uint32_t>(schema.enums[timeline.states].values.size());
  c.start = timeline.start;
  c.ways.assign(c.states, std::uint64_t{1} << static_cast<unsigned>(core::OverlapWay::together));
  const NewFrame frame(*this, owner);
  for (const core::Overlap& overlap : timeline.overlaps) c.ways[overlap.state] = static_cast<std::uint64_t>(value(overlap.way, frame).lo);

  for (std::uint32_t clause = 0; clause < timeline.on.size(); ++clause) {
    const core::On& on = timeline.on[clause];
    SetState state;
    for (const Reached& r : reach(on.source, frame, state)) {
      slot(frame, on.slot) = r.row;
      Span s;
      s.on = clause;
      s.row = r.row;
      s.in = scalar::and_(r.in, test(on.filter, frame));
      if (s.in == Truth::no) continue;
      s.own_from = value(on.from, frame);
      c.failed |= s.in == Truth::error || is_error(s.own_from, Kind::date);
      if (c.failed || s.own_from.lo >= never_day) continue;   // what starts never is not there
      if (s.own_from.hi >= never_day) s.in = Truth::unknown;
      s.states = static_cast<std::uint64_t>(value(on.state, frame).lo);
      bool has_length = on.length != none;
      if (has_length) {
        s.length = value(on.length, frame);
        has_length = s.length != known(unstated_duration);
      }
      s.own_until = on.until != none ? value(on.until, frame) : has_length ? scalar::shift(s.own_from, s.length) : known(unstated_day);
      if (has_length) s.by_length = states_end(on) ? ends_with(s.own_from, s.length, s.own_until) : Truth::yes;
      c.failed |= s.states == 0 || is_error(s.length, Kind::duration) || is_error(s.own_until, Kind::date);
      s.cause = on.first_cause + lead_of(on.source.entity, r.row);
      c.spans.push_back(s);
    }
    c.open |= !state.open.empty();
    c.failed |= state.failed;
  }
  for (std::uint32_t clause = 0; clause < timeline.shorten.size(); ++clause) {
    const core::Shorten& shorten = timeline.shorten[clause];
    SetState state;
    for (const Reached& r : reach(shorten.source, frame, state)) {
      slot(frame, shorten.slot) = r.row;
      Shortening s{clause, r.row, scalar::and_(r.in, test(shorten.filter, frame)), {}, {}};
      if (s.in == Truth::no) continue;
      s.date = value(shorten.date, frame);
      s.amount = value(shorten.amount, frame);
      c.failed |= s.in == Truth::error || is_error(s.date, Kind::date) || is_error(s.amount, Kind::duration);
      c.shortenings.push_back(s);
    }
    c.open_shortenings |= !state.open.empty();
    c.failed |= state.failed;
  }
  c.settle();
  return c;
}

void Machine::make_spans(std::uint32_t timeline_id, std::uint32_t owner) {
  const EntityId entity = program.timelines[timeline_id].spans;
  const Course c = course(timeline_id, owner);
  begin_rows(entity, owner, c.open);
  auto& columns = stores[entity].columns;
  columns.resize(core::span_col::cause + 1);
  for (const Span& s : c.spans) {
    columns[core::span_col::state].push(choice_of(s.states));
    columns[core::span_col::from].push(s.from);
    columns[core::span_col::until].push(s.until);
    columns[core::span_col::cause].push(choice_of(c.failed ? 0 : std::uint64_t{1} << s.cause));
    push_row(entity, owner, s.in);
  }
}

std::vector<Cover> Machine::covers_of(std::uint32_t timeline, std::uint32_t owner) {
  const EntityId entity = program.timelines[timeline].spans;
  make_rows(entity, owner);
  const DerivedStore& store = stores[entity];
  std::vector<Cover> out;
  for (std::uint32_t row = store.begin[owner]; row < store.begin[owner] + store.count[owner]; ++row)
    out.push_back({membership(entity, row), static_cast<std::uint64_t>(store.columns[core::span_col::state].at(row).lo),
                   store.columns[core::span_col::from].at(row), store.columns[core::span_col::until].at(row)});
  return out;
}

Cell Machine::state_at(std::uint32_t timeline, const Cell& owner, const Cell& day) {
  const Type states{Kind::choice, 0, program.timelines[timeline].states};
  if (owner.lo > owner.hi || is_error(day, Kind::date)) return choice_of(0);
  if (owner.lo != owner.hi) return widest(states);
  const auto row = static_cast<std::uint32_t>(owner.lo);
  const std::vector<Cover> spans = covers_of(timeline, row);
  const bool open = stores[program.timelines[timeline].spans].open[row] != 0;
  return choice_of(states_on(spans, static_cast<std::uint32_t>(schema.enums[states.of].values.size()), program.timelines[timeline].start, open, day));
}

}  // namespace tiao::interp
