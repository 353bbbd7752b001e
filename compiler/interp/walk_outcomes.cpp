// The walk from remedies, duties, checks and reports.
#include <algorithm>

#include "compiler/interp/walk.hpp"

namespace tiao::interp {

using core::Ground;
using core::ParamForm;

// Why a ground's act reaches its target on one row of the scope; without a target: why it is done at all.
void Walk::use_state(const GroundUse& use, std::uint32_t target) {
  const Ground& ground = m_.program.grounds[use.ground];
  const NodeId outside = node_;
  if (ground.cite != none) node_ = ground.cite;
  const NewFrame frame(m_, use.scope_row);
  std::vector<Part> parts{{m_.membership(ground.scope, use.scope_row), [&] { membership(ground.scope, use.scope_row); }}};
  for (const ExprId e : {ground.scope_filter, ground.applicable, ground.own})
    if (e != none) parts.push_back(part(e, frame));
  if (target != none) {
    SetState state;
    bool named = false;
    for (const Row& r : rows_of(ground.target, frame, state)) {
      if (r.row != target) continue;
      named = named || r.in == Truth::yes;
      parts.push_back({r.in, [this, &ground, r, f = Frame(frame)] { for (const Part& p : way_parts(ground.target, r, f)) if (interesting(p.truth)) p.walk(); }});
    }
    if (!named && (state.elsewhere || state.failed))
      parts.push_back({state.failed ? Truth::error : Truth::unknown, [this, &ground, state, f = Frame(frame)] {
        if (mode_ == Mode::needs) open(state, ground.target, f);
        if (mode_ == Mode::faults && ground.target.start != none) expr(ground.target.start, f);
      }});
  }
  if (mode_ == Mode::readings && ground.target.start != none) parts.push_back({Truth::yes, [&] { expr(ground.target.start, frame); }});
  all_of(parts);
  node_ = outside;
}

void Walk::rule(const core::ParamRule& rule, std::uint32_t scope_row) {
  const NewFrame frame(m_, scope_row);
  if (rule.form == ParamForm::exact || rule.form == ParamForm::range || rule.form == ParamForm::at_least) expr(rule.lo, frame);
  if (rule.form == ParamForm::range || rule.form == ParamForm::at_most) expr(rule.hi, frame);
}

void Walk::until(const Ground& ground, std::uint32_t scope_row) {
  if (ground.until.form != ParamForm::absent) return rule(ground.until, scope_row);
  rule(ground.from, scope_row);
  rule(ground.length, scope_row);
}

// A combined value: what each ground says, and, while their states leave it open, these.
void Walk::values(RemedyId remedy, std::uint32_t row, const std::function<void(const Ground&, std::uint32_t)>& say) {
  const RemedyStore& store = m_.remedies[remedy];
  const std::uint32_t target = m_.results.remedies[remedy].target[row];
  for (std::uint32_t i = store.uses_begin[row]; i < store.uses_begin[row + 1]; ++i) {
    const GroundUse use = store.uses[i];
    if (interesting(use.state)) use_state(use, target);
    const Ground& ground = m_.program.grounds[use.ground];
    const NodeId outside = node_;
    if (ground.cite != none) node_ = ground.cite;
    say(ground, use.scope_row);
    node_ = outside;
  }
  if (mode_ != Mode::needs || m_.schema.remedies[remedy].combine != Combine::once) return;
  for (const std::uint32_t id : store.grounds)
    if (m_.unseen_scope(m_.program.grounds[id], target)) open_scope(m_.program.grounds[id], target);
}

// Whether any of its grounds holds.
void Walk::combined_state(RemedyId remedy, std::uint32_t row) {
  const RemedyStore& store = m_.remedies[remedy];
  std::vector<Part> parts;
  for (std::uint32_t i = store.uses_begin[row]; i < store.uses_begin[row + 1]; ++i) {
    const GroundUse use = store.uses[i];
    parts.push_back({use.state, [this, use, target = static_cast<std::uint32_t>(m_.results.remedies[remedy].target[row])] { use_state(use, target); }});
  }
  parts_of(parts, Truth::yes);
}

// Whether something opposes it at the same time.
void Walk::opposed(RemedyId remedy, std::uint32_t row) {
  const RemedyTable& table = m_.results.remedies[remedy];
  for (const Machine::Opposed& o : m_.opposed(remedy, row)) {
    if (mode_ == Mode::faults && o.both == Truth::yes) fault_at(Fault::conflict, m_.program.grounds[table.lead[row]].cite, none, m_.program.grounds[table.lead[o.row]].cite);
    if (!interesting(o.both)) continue;
    combined_state(remedy, o.row);
    if (!interesting(o.overlap)) continue;
    for (const std::uint32_t side : {row, o.row})
      values(remedy, side, [&](const Ground& g, std::uint32_t scope) {
        rule(g.from, scope);
        until(g, scope);
      });
  }
}

void Walk::remedy_state(RemedyId remedy, std::uint32_t row) {
  if (!interesting(static_cast<Truth>(m_.results.remedies[remedy].state[row]))) return;
  combined_state(remedy, row);
  opposed(remedy, row);
}

void Walk::remedy(RemedyId remedy, std::uint32_t row) {
  const RemedyTable& table = m_.results.remedies[remedy];
  const RemedyStore& store = m_.remedies[remedy];
  const Remedy& declared = m_.schema.remedies[remedy];
  remedy_state(remedy, row);
  // A value is there when some ground of the row says something of it.
  const auto blank = [&](const CellColumn& lo, const CellColumn& hi, Kind kind, auto&& says) {
    for (std::uint32_t i = store.uses_begin[row]; i < store.uses_begin[row + 1]; ++i)
      if (says(m_.program.grounds[store.uses[i].ground])) return interesting(lo.at(row), kind) || interesting(hi.at(row), kind);
    return false;
  };
  const auto says = [](const core::ParamRule& rule) { return rule.form != ParamForm::absent; };
  if (blank(table.from, table.from, Kind::date, [&](const Ground& g) { return says(g.from); }))
    values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.from, scope); });
  if (blank(table.length, table.length_hi, Kind::duration, [&](const Ground& g) { return says(g.length); }))
    values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.length, scope); });
  if (blank(table.until, table.until_hi, Kind::date, [&](const Ground& g) { return says(g.until) || (says(g.from) && says(g.length)); })) {
    const Leaves below = apart([&] { values(remedy, row, [&](const Ground& g, std::uint32_t scope) { until(g, scope); }); });
    if (mode_ == Mode::faults && below.empty()) fault_at(Fault::date_out_of_range, m_.program.grounds[table.lead[row]].cite);
    out_.insert(below.begin(), below.end());
  }
  for (std::size_t p = 0; p < declared.params.size(); ++p)
    if (blank(table.lo[p], table.hi[p], declared.params[p].type.kind, [&](const Ground& g) { return says(g.params[p]); }))
      values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.params[p], scope); });
}

// --- Rows that other declarations see ----------------------------------------------------------------------------------------------

void Walk::visible_membership(RemedyId remedy, std::uint32_t row) {
  const RemedyTable& table = m_.results.remedies[remedy];
  const Remedy& declared = m_.schema.remedies[remedy];
  std::vector<Part> parts{{static_cast<Truth>(table.state[row]), [&] { remedy_state(remedy, row); }}};
  if (static_cast<core::Modality>(table.modality[row]) == core::Modality::may && !table.exercised.empty())
    parts.push_back({static_cast<Truth>(table.exercised[row]), [&] {
      if (mode_ == Mode::needs) end({Leaf::fact, declared.target, static_cast<std::uint32_t>(table.target[row]), declared.chosen_column});
    }});
  all_of(parts);
}

void Walk::visible_column(RemedyId remedy, std::uint32_t row, ColumnId column_id) {
  const RemedyTable& table = m_.results.remedies[remedy];
  const Remedy& declared = m_.schema.remedies[remedy];
  switch (column_id) {
    case core::remedy_col::from: return values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.from, scope); });
    case core::remedy_col::until: return values(remedy, row, [&](const Ground& g, std::uint32_t scope) { until(g, scope); });
    case core::remedy_col::length: return values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.length, scope); });
    default: break;
  }
  const std::size_t p = column_id - core::remedy_col::first_param;
  // Until a choice is recorded the permitted range stands for it, and may be all that it takes.
  if (declared.chosen_column != none && declared.chosen_param == p) column(declared.target, declared.chosen_column, table.target[row]);
  values(remedy, row, [&](const Ground& g, std::uint32_t scope) { rule(g.params[p], scope); });
}

// For readings: every ground that might reach the target, also where it does not hold.
void Walk::grounds_on(RemedyId remedy, std::uint32_t target) {
  if (!reach_.remedy(remedy)) return;
  for (const std::uint32_t id : m_.remedies[remedy].grounds) {
    for (const std::uint32_t row : m_.scope_rows_for(id, target)) ground_on(id, row, target);
    // Under another reading other rows may reach it: what those rest on is the same for every target.
    if (!reach_.expr(m_.program.grounds[id].target.start)) continue;
    const auto [kept, fresh] = kept_.grounds.try_emplace(id);
    if (fresh) {
      m_.make_all(m_.program.grounds[id].scope);
      kept->second = apart([&] {
        for (std::uint32_t row = 0; row < m_.rows(m_.program.grounds[id].scope); ++row) ground_on(id, row, none);
      });
    }
    out_.insert(kept->second.begin(), kept->second.end());
  }
}

void Walk::ground_on(std::uint32_t id, std::uint32_t row, std::uint32_t target) {
  const Ground& ground = m_.program.grounds[id];
  const Truth state = m_.ground_state(ground, row);
  use_state({id, row, state}, target);
  if (state == Truth::no) return;
  for (const core::ParamRule* r : {&ground.from, &ground.until, &ground.length}) rule(*r, row);
  for (const core::ParamRule& r : ground.params) rule(r, row);
}

void Walk::proposition(std::uint32_t computed, std::uint32_t row) {
  const core::Computed& condition = m_.program.computed[computed];
  const NewFrame frame(m_, row);
  node_ = condition.node;
  all_of({{m_.membership(condition.entity, row), [&] { membership(condition.entity, row); }}, part(condition.expr, frame)});
}

// --- Duties, checks, reports ---------------------------------------------------------------------------------------------------------

void Walk::duty(std::uint32_t id, std::uint32_t row) {
  const core::Duty& duty = m_.program.duties[id];
  const NewFrame frame(m_, row);
  node_ = duty.cite;
  std::vector<Part> parts{{m_.membership(duty.scope, row), [&] { membership(duty.scope, row); }}};
  for (const ExprId e : {duty.scope_filter, duty.applicable, duty.when})
    if (e != none) parts.push_back(part(e, frame));
  Truth there = Truth::yes;
  for (const Part& p : parts) there = scalar::and_(there, p.truth);
  const DutyState state = m_.duty_state(duty, row);
  if (mode_ == Mode::needs && state != DutyState::undetermined) return;
  if (mode_ == Mode::faults && state != DutyState::error) return;
  all_of(parts);
  if (there == Truth::no || there == Truth::error) return;
  for (const ExprId e : {duty.fulfilled, duty.breached, duty.pending}) {
    expr(e, frame);
    if (e != none && m_.test(e, frame) == Truth::yes) return;
  }
}

void Walk::require(std::uint32_t id, std::uint32_t row) {
  const core::Require& require = m_.program.requires_[id];
  const NewFrame frame(m_, row);
  node_ = require.cite;
  std::vector<Part> parts{{m_.membership(require.scope, row), [&] { membership(require.scope, row); }}};
  for (const ExprId e : {require.scope_filter, require.applicable})
    if (e != none) parts.push_back(part(e, frame));
  parts.push_back({scalar::not_(m_.test(require.condition, frame)), [&] { expr(require.condition, frame); }});
  all_of(parts);
}

void Walk::report(std::uint32_t id, std::uint32_t row) {
  node_ = m_.program.reports[id].cite;
  expression(m_.program.reports[id].expr, row);
}

}  // namespace tiao::interp
