// The walk through rows: columns, memberships, sets, folds, open registers.
#include <algorithm>

#include "compiler/interp/walk.hpp"

namespace tiao::interp {

namespace {
enum KeyKind : std::uint32_t { key_computed, key_derived, key_membership, key_existence };
}

// --- Columns and memberships -------------------------------------------------------------------------------------------------------

void Walk::column(EntityId entity, ColumnId column_id, std::uint32_t row) {
  const std::uint32_t definition = m_.computed_of[entity][column_id];
  if (definition != none) {
    const core::Computed& c = m_.program.computed[definition];
    if (mode_ == Mode::readings && !reach_.expr(c.expr)) return;
    once({key_computed, definition, row, 0}, [&] {
      const NodeId outside = node_;
      if (c.node != none) node_ = c.node;
      expression(c.expr, row);
      node_ = outside;
    });
    return;
  }
  const Kind kind = m_.schema.entities[entity].columns[column_id].type.kind;
  if (mode_ == Mode::readings ? !reach_.column(entity, column_id) : !interesting(m_.column(entity, column_id, row), kind)) return;
  if (m_.derived(entity)) once({key_derived, entity, row, column_id}, [&] { derived_column(entity, column_id, row); });
  else if (mode_ == Mode::needs) end({Leaf::fact, entity, row, column_id});
}

void Walk::derived_column(EntityId entity, ColumnId column_id, std::uint32_t row) {
  const Entity& e = m_.schema.entities[entity];
  switch (e.origin) {
    case EntityOrigin::group: return group_member(entity, row, true, false);
    case EntityOrigin::step: return step_column(m_.ledger_of[entity], row, column_id);
    case EntityOrigin::cycle: return cycle_column(m_.ledger_of[entity], row, column_id);
    case EntityOrigin::span: {
      const std::uint32_t owner = m_.parent_row(entity, row);
      const Course course = m_.course(m_.timeline_of[entity], owner);
      if (mode_ == Mode::readings || course.failed) all_spans(m_.timeline_of[entity], owner);
      else span(m_.timeline_of[entity], owner, course, row - m_.stores[entity].begin[owner]);
      return;
    }
    case EntityOrigin::remedy: return visible_column(m_.remedy_of[entity], m_.stores[entity].table_row[row], column_id);
    case EntityOrigin::join:
    case EntityOrigin::register_: return;   // the ways along a join are known
  }
}

// The keys (or memberships) of the rows gathered in a group.
void Walk::group_member(EntityId entity, std::uint32_t row, bool keys, bool there) {
  const core::Group& group = m_.program.groups[m_.group_of[entity]];
  const DerivedStore& store = m_.stores[entity];
  for (std::uint32_t i = store.members_begin[row]; i < store.members_begin[row + 1]; ++i) {
    const std::uint32_t member = m_.stores[entity].members[i];
    if (there) membership(group.from, member);
    if (keys)
      for (const ColumnId key : group.keys) column(group.from, key, member);
  }
}

void Walk::membership(EntityId entity, std::uint32_t row) {
  if (mode_ == Mode::readings ? !reach_.rows(entity) : !interesting(m_.membership(entity, row))) return;
  once({key_membership, entity, row, 0}, [&] {
    if (m_.derived(entity)) return derived_membership(entity, row);
    std::vector<Part> parts;
    const NewFrame frame(m_, row);
    if (entity < m_.program.memberships.size() && m_.program.memberships[entity] != none) parts.push_back(part(m_.program.memberships[entity], frame));
    const EntityId parent = m_.schema.entities[entity].parent;
    if (parent != none) {
      const std::uint32_t above = m_.parent_row(entity, row);
      parts.push_back({m_.membership(parent, above), [this, parent, above] { membership(parent, above); }});
    }
    all_of(parts);
  });
}

void Walk::derived_membership(EntityId entity, std::uint32_t row) {
  const std::uint32_t owner = m_.results.derived[entity].parent.empty() ? none : m_.parent_row(entity, row);
  switch (m_.schema.entities[entity].origin) {
    case EntityOrigin::group: return group_member(entity, row, true, true);
    case EntityOrigin::step: return step_column(m_.ledger_of[entity], row, core::step_col::owner);
    case EntityOrigin::cycle: return cycle_column(m_.ledger_of[entity], row, core::cycle_col::owner);
    case EntityOrigin::span: {
      const std::uint32_t timeline = m_.timeline_of[entity];
      const Course course = m_.course(timeline, owner);
      if (mode_ == Mode::readings || course.failed) return all_spans(timeline, owner);
      const Span& s = course.spans[row - m_.stores[entity].begin[owner]];
      const NewFrame frame(m_, owner);
      return on_row(m_.program.timelines[timeline].on[s.on], frame, s.row);
    }
    case EntityOrigin::remedy: return visible_membership(m_.remedy_of[entity], m_.stores[entity].table_row[row]);
    case EntityOrigin::join: {
      const core::Join& join = m_.program.joins[m_.join_of[entity]];
      const auto& refs = m_.results.derived[entity].refs;
      membership(join.first, refs[0][row]);
      EntityId at = join.first;
      for (std::size_t i = 0; i < join.hops.size(); ++i) {
        const core::Hop& hop = join.hops[i];
        membership(hop.entity, refs[i + 1][row]);
        if (hop.kind == core::Hop::linked) column(hop.entity, hop.column, refs[i + 1][row]);
        if (hop.kind == core::Hop::members) group_member(at, refs[i][row], true, false);
        at = hop.entity;
      }
      return;
    }
    case EntityOrigin::register_: return;
  }
}

// --- Sets ------------------------------------------------------------------------------------------------------------------------------

// The rows of a set with the ways that lead to each; without `distinct` every way is a row of its own.
std::vector<Walk::Row> Walk::rows_of(const core::Source& source, Frame frame, SetState& state) {
  std::vector<Row> out;
  std::vector<Truth> same;   // parallel: has it the keys asked for
  std::map<std::uint32_t, std::size_t> at;
  state = m_.each_way(source, frame, [&](const std::vector<Passed>& path, std::uint32_t row, Truth in, Truth keys) {
    if (source.distinct) {
      const auto [hit, fresh] = at.emplace(row, out.size());
      if (!fresh) {
        out[hit->second].in = scalar::or_(out[hit->second].in, in);
        out[hit->second].ways.push_back(path);
        return;
      }
    }
    same.push_back(keys);
    out.push_back({row, in, {path}});
  });
  for (std::size_t i = 0; i < out.size(); ++i) out[i].in = scalar::and_(out[i].in, same[i]);
  return out;
}

// What makes it undecided (or an error) that a row is in the set.
std::vector<Walk::Part> Walk::way_parts(const core::Source& source, const Row& row, Frame frame) {
  std::vector<Part> parts;
  for (const auto& way : row.ways)
    for (const Passed& p : way) {
      parts.push_back({p.there, [this, p] { membership(p.entity, p.row); }});
      if (p.hop && p.hop->kind == core::Hop::linked) parts.push_back({p.way, [this, p] { column(p.entity, p.hop->column, p.row); }});
      if (p.hop && p.hop->kind == core::Hop::members) {
        const Passed* group = &p - 1;   // a group stands before its members on the way
        parts.push_back({p.way, [this, group = *group, p] {
          const core::Group& g = m_.program.groups[m_.group_of[group.entity]];
          membership(p.entity, p.row);
          for (const ColumnId key : g.keys) column(p.entity, key, p.row);
        }});
      }
    }
  for (const core::Source::Same& same : source.same) {
    const Truth truth = scalar::compare(scalar::CmpOp::is, m_.column(source.entity, same.column, row.row), m_.value(same.key, frame), m_.type(same.key).kind);
    parts.push_back({truth, [this, &source, &same, row = row.row, frame] {
      column(source.entity, same.column, row);
      expr(same.key, frame);
    }});
  }
  return parts;
}

// For readings: under another reading other rows might be there.
void Walk::existence(const core::Source& source, Frame frame) {
  if (mode_ != Mode::readings || !reach_.source(source)) return;
  if (source.start != none) expr(source.start, frame);
  else if (m_.derived(source.whole) && m_.schema.entities[source.whole].parent != none)
    for (std::uint32_t p = 0; p < m_.rows(m_.schema.entities[source.whole].parent); ++p) existence(source.whole, p);
  m_.each_way(source, frame, [&](const std::vector<Passed>& path, std::uint32_t, Truth, Truth) {
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      if (const core::Hop* next = path[i + 1].hop; next->kind == core::Hop::children) existence(next->entity, path[i].row);
  });
  // A set that is empty leads nowhere; its first step is all there is to see.
  if (source.start != none && !source.hops.empty() && source.hops[0].kind == core::Hop::children) {
    const Cell ref = m_.value(source.start, frame);
    if (ref.lo == ref.hi) existence(source.hops[0].entity, static_cast<std::uint32_t>(ref.lo));
  }
}

void Walk::existence(EntityId entity, std::uint32_t parent) {
  if (!m_.derived(entity) || !reach_.rows(entity)) return;
  once({key_existence, entity, parent, 0}, [&] {
    switch (m_.schema.entities[entity].origin) {
      case EntityOrigin::group: {
        const core::Group& group = m_.program.groups[m_.group_of[entity]];
        existence(group.from, parent);
        const RowRange range = m_.children(group.from, parent);
        for (std::uint32_t row = range.begin; row < range.end; ++row) {
          membership(group.from, row);
          for (const ColumnId key : group.keys) column(group.from, key, row);
        }
        return;
      }
      case EntityOrigin::step:
      case EntityOrigin::cycle: return postings(m_.ledger_of[entity], parent, [](const Posting&) { return true; });
      case EntityOrigin::span: return all_spans(m_.timeline_of[entity], parent);
      case EntityOrigin::remedy: return grounds_on(m_.remedy_of[entity], parent);
      case EntityOrigin::join:
      case EntityOrigin::register_: return;
    }
  });
}

// --- Folds -----------------------------------------------------------------------------------------------------------------------------

// Is a row's value out of reach of the result: what surely is there beats it? And a row that adds nothing matters to no sum.
bool Walk::cannot_matter(const core::Fold& f, const std::vector<FoldRow>& rows, std::size_t i) const {
  using core::FoldKind;
  if (mode_ != Mode::needs || f.value == none) return false;
  const Kind kind = m_.type(f.value).kind;
  if (f.kind == FoldKind::sum) return rows[i].in != Truth::yes && rows[i].value == known(0);
  if ((f.kind != FoldKind::highest && f.kind != FoldKind::lowest) || kind == Kind::choice || kind == Kind::ratio || kind == Kind::boolean) return false;
  const bool highest = f.kind == FoldKind::highest;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    if (j == i || rows[j].in != Truth::yes) continue;
    const Cell &mine = rows[i].value, &other = rows[j].value;
    const bool beaten = highest ? mine.hi <= other.lo : mine.lo >= other.hi;
    // Of two that are equal and known one is enough; the earlier stands for both.
    if (beaten && !(mine == other && j > i)) return true;
  }
  return false;
}

// Is what the fold rests on the same for all rows with these keys?
bool Walk::rests_on_keys(const core::Fold& f, Frame frame) {
  const FoldUse& use = m_.population_fold(f).use;
  if (mode_ == Mode::faults || use.kind == FoldUse::anything) return false;
  for (const core::Source::Same& same : f.source.same)
    if (mode_ == Mode::readings ? reach_.expr(same.key) : !is_known(m_.value(same.key, frame), m_.type(same.key).kind)) return false;
  if (use.kind == FoldUse::keys) return true;
  // A share goes by its rows alone where no reading can change how one compares.
  return mode_ == Mode::readings && f.kind == core::FoldKind::share && !reach_.expr(f.value);
}

void Walk::fold(const core::Fold& f, Frame frame) {
  using core::FoldKind;
  bool sure = false;
  if (rests_on_keys(f, frame)) {
    const auto [kept, fresh] = kept_.folds.try_emplace({static_cast<int>(mode_), &f, node_, m_.keys_of(f.source, frame)});
    if (fresh) kept->second.leaves = apart([&, &known = kept->second] { known.sure = fold_rows(f, frame); });
    out_.insert(kept->second.leaves.begin(), kept->second.leaves.end());
    sure = kept->second.sure;
  } else {
    sure = fold_rows(f, frame);
  }
  if (!sure && f.if_none != none && f.kind != FoldKind::count && f.kind != FoldKind::sum) expr(f.if_none, frame);
}

// Of a rank: the rows that are not settled by themselves. `ours`: the value that they are compared with leaves others open, or in error.
std::vector<Walk::Row> Walk::unsettled_rows(const core::Fold& f, Frame frame, SetState& state, bool& ours, bool& sure) {
  PopulationFold& fold = m_.population_fold(f);
  const EntityId entity = f.source.entity;
  const Tally tally = m_.rank_tally(f, fold, frame);
  const Cell value = m_.value(fold.use.ours, frame);
  const std::uint32_t itself = m_.itself(fold.use, frame);
  const Truth open = mode_ == Mode::needs ? Truth::unknown : Truth::error;
  std::int64_t settled = tally.at(Truth::yes, open);
  std::vector<Row> out;
  for (const Ranking::Entry& e : m_.ranking(f, fold, frame).unsettled()) {
    const Truth there = m_.membership(entity, e.row);
    out.push_back({e.row, scalar::and_(there, m_.same_truth(f.source, e.row, frame)), {{{entity, e.row, there, Truth::yes, nullptr}}}});
    if (e.in == Truth::yes && e.row != itself && scalar::compare(fold.use.op, e.value, value, m_.type(fold.use.ours).kind) == open) --settled;
  }
  ours = settled > 0;
  sure = tally.rows(Truth::yes) > 0;
  if (m_.open_anywhere(entity)) state.open.push_back({entity, none, none});
  return out;
}

// Whether a row is surely there.
bool Walk::fold_rows(const core::Fold& f, Frame frame) {
  using core::FoldKind;
  existence(f.source, frame);
  SetState state;
  const FoldUse& use = m_.population_fold(f).use;
  bool ours = false, sure = false;
  const std::vector<Row> set =
      use.kind == FoldUse::rank && mode_ != Mode::readings ? unsettled_rows(f, frame, state, ours, sure) : rows_of(f.source, frame, state);
  if (ours) expr(use.ours, frame);
  const ColumnId dated = f.kind == FoldKind::consecutive || f.kind == FoldKind::stages ? m_.schema.entities[f.source.entity].dated_column : none;
  std::vector<FoldRow> rows;
  for (const Row& r : set) {
    m_.slot(frame, f.slot) = r.row;
    const Truth in = scalar::and_(r.in, m_.test(f.filter, frame));
    rows.push_back({in, in == Truth::no || f.value == none || f.kind == FoldKind::count ? of(Truth::yes) : m_.value(f.value, frame)});
    sure |= in == Truth::yes;
  }
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (rows[i].in == Truth::no && mode_ != Mode::readings) continue;
    if (cannot_matter(f, rows, i)) continue;
    m_.slot(frame, f.slot) = set[i].row;
    const bool truths = f.kind == FoldKind::exists || f.kind == FoldKind::every;
    std::vector<Part> parts{{set[i].in, [&] { for (const Part& p : way_parts(f.source, set[i], frame)) if (interesting(p.truth)) p.walk(); }}};
    if (f.filter != none) parts.push_back(part(f.filter, frame));
    if (truths && f.value != none && rows[i].in != Truth::no) {
      // One case that is in and holds (does not hold) decides; a row settled by itself needs no more.
      const Truth holds = static_cast<Truth>(rows[i].value.lo);
      parts.push_back({f.kind == FoldKind::exists ? holds : scalar::not_(holds), [&] { expr(f.value, frame); }});
      all_of(parts);
      continue;
    }
    all_of(parts);
    if (rows[i].in == Truth::no || rows[i].in == Truth::error) continue;
    if (f.kind != FoldKind::count) expr(f.value, frame);
    if (dated != none) column(f.source.entity, dated, set[i].row);
  }
  if (mode_ == Mode::needs) open(state, f.source, frame);
  if (mode_ == Mode::faults && state.failed && f.source.start != none) expr(f.source.start, frame);
  return sure;
}

// --- Open registers ----------------------------------------------------------------------------------------------------------------------

void Walk::open(const SetState& state, const core::Source& source, Frame frame) {
  for (const OpenSpot& spot : state.open) {
    if (spot.start) expr(source.start, frame);
    else open(spot);
  }
}

void Walk::open(const OpenSpot& spot) {
  if (spot.link != none) return column(spot.of, spot.link, spot.row);
  if (spot.row == none) return open_whole(spot.entity);
  if (!m_.derived(spot.entity)) {
    // Where the mark names another row, every mark may be behind it.
    if (m_.facts.open(spot.entity, spot.of, spot.row)) return end({Leaf::open_register, spot.entity, spot.of, spot.row});
    return open_whole(spot.entity);
  }
  switch (m_.schema.entities[spot.entity].origin) {
    case EntityOrigin::group: return open(OpenSpot{m_.program.groups[m_.group_of[spot.entity]].from, spot.of, spot.row});
    case EntityOrigin::step:
    case EntityOrigin::cycle: return postings(m_.ledger_of[spot.entity], spot.row, [](const Posting& p) { return p.row == none || !p.dated(); });
    case EntityOrigin::span: {
      const NewFrame frame(m_, spot.row);
      for (const core::On& on : m_.program.timelines[m_.timeline_of[spot.entity]].on) {
        SetState state;
        m_.reach(on.source, frame, state);
        open(state, on.source, frame);
      }
      return;
    }
    case EntityOrigin::remedy: {
      for (const std::uint32_t id : m_.remedies[m_.remedy_of[spot.entity]].grounds) {
        const core::Ground& ground = m_.program.grounds[id];
        if (m_.unseen_scope(ground, spot.row)) open_scope(ground, spot.row);
      }
      return;
    }
    case EntityOrigin::join:
    case EntityOrigin::register_: return;
  }
}

// Where rows of a ground's scope that we do not know may stand, so that its act is on this target.
void Walk::open_scope(const core::Ground& ground, std::uint32_t target) {
  const EntityId above = m_.schema.remedies[ground.remedy].target;
  const bool child = m_.schema.entities[ground.scope].parent == above && m_.open_under(ground.scope, target);
  if (child) open(OpenSpot{ground.scope, above, target});
  else open_whole(ground.scope);
}

// Every place where a population may hold rows that we do not know.
void Walk::open_whole(EntityId entity) {
  const EntityId above = m_.schema.entities[entity].parent;
  if (!m_.derived(entity)) {
    const facts::Table& table = m_.facts.tables[entity];
    if (!table.supplied) return end({Leaf::open_register, entity, none, none});
    for (std::uint32_t p = 0; p < table.open_for.size(); ++p)
      if (table.open_for[p] != 0) end({Leaf::open_register, entity, above, p});
    for (const facts::OpenOf& o : m_.facts.open_of)
      if (o.entity == entity) end({Leaf::open_register, entity, o.of_entity, o.of_row});
    return;
  }
  if (m_.schema.entities[entity].origin == EntityOrigin::join) {
    const core::Join& join = m_.program.joins[m_.join_of[entity]];
    core::Source source;
    source.whole = join.first;
    source.hops = join.hops;
    source.entity = join.hops.empty() ? join.first : join.hops.back().entity;
    const NewFrame frame(m_);
    open(m_.each_way(source, frame, [](const std::vector<Passed>&, std::uint32_t, Truth, Truth) {}), source, frame);
    return;
  }
  const auto& flags = m_.stores[entity].open;
  for (std::uint32_t p = 0; p < flags.size(); ++p)
    if (flags[p] != 0) open(OpenSpot{entity, above, p});
  if (m_.schema.entities[entity].origin != EntityOrigin::group && m_.open_anywhere(above)) open_whole(above);
}

}  // namespace tiao::interp
