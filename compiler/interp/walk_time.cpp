// The walk through ledgers and timelines.
#include <algorithm>

#include "compiler/interp/walk.hpp"

namespace tiao::interp {

namespace {
bool same_posting(const Posting& a, const Posting& b) { return a.credit == b.credit && a.clause == b.clause && a.row == b.row; }
}  // namespace

// Why a row is in the set and passes the filter.
void Walk::row_in(const core::Source& source, ExprId filter, const Row& row, Frame frame) {
  std::vector<Part> parts{{row.in, [&] { for (const Part& p : way_parts(source, row, frame)) if (interesting(p.truth)) p.walk(); }}};
  if (filter != none) parts.push_back(part(filter, frame));
  all_of(parts);
}

// --- Ledgers ---------------------------------------------------------------------------------------------------------------------------

void Walk::postings(std::uint32_t ledger_id, std::uint32_t owner, const Bears& bears) {
  const core::Ledger& ledger = m_.program.ledgers[ledger_id];
  const Account account = m_.account(ledger_id, owner);
  const NodeId outside = node_;
  if (ledger.node != none) node_ = ledger.node;
  const Leaves below = apart([&] {
    const NewFrame frame(m_, owner);
    const bool every_row = account.failed || mode_ == Mode::readings;
    for (const bool credit : {false, true}) {
      const auto& flows = credit ? ledger.credits : ledger.entries;
      for (std::uint32_t clause = 0; clause < flows.size(); ++clause) {
        std::set<std::uint32_t> rows;
        bool open_too = false;
        for (const Posting& p : account.postings) {
          if (p.credit != credit || p.clause != clause || !bears(p)) continue;
          if (p.row == none) open_too = true;
          else rows.insert(p.row);
        }
        if (every_row || open_too || !rows.empty()) flow(flows[clause], frame, every_row ? nullptr : &rows, open_too);
        expr(flows[clause].cap, frame);
      }
    }
    expr(ledger.floor, frame);
    expr(ledger.opens_at, frame);
  });
  if (mode_ == Mode::faults && account.failed && below.empty()) fault_at(Fault::overflow, node_);
  out_.insert(below.begin(), below.end());
  node_ = outside;
}

void Walk::flow(const core::Flow& flow, Frame frame, const std::set<std::uint32_t>* rows, bool open_too) {
  existence(flow.source, frame);
  SetState state;
  for (const Row& r : rows_of(flow.source, frame, state)) {
    if (rows && !rows->count(r.row)) continue;
    m_.slot(frame, flow.slot) = r.row;
    row_in(flow.source, flow.filter, r, frame);
    const Truth in = scalar::and_(r.in, m_.test(flow.filter, frame));
    if (in != Truth::yes && in != Truth::unknown) continue;
    expr(flow.date, frame);
    const Cell date = m_.value(flow.date, frame);
    if (date.lo <= m_.as_of) expr(flow.amount, frame);
  }
  if (open_too && mode_ == Mode::needs) open(state, flow.source, frame);
}

void Walk::step_column(std::uint32_t ledger, std::uint32_t row, ColumnId column_id) {
  const EntityId entity = m_.program.ledgers[ledger].steps;
  const std::uint32_t owner = m_.parent_row(entity, row);
  const Account account = m_.account(ledger, owner);
  const Step s = account.steps[row - m_.stores[entity].begin[owner]];
  const bool extra = s.posting != none;
  const auto itself = [&](const Posting& p) { return extra ? same_posting(p, account.postings[s.posting]) : p.dated() && p.from == s.from; };
  postings(ledger, owner, [&](const Posting& p) {
    switch (column_id) {
      case core::step_col::owner:
      case core::step_col::day: return itself(p);
      case core::step_col::entered:
      case core::step_col::largest: return !p.credit && p.from <= s.to && p.to >= s.from;
      case core::step_col::opening: return account.bears_on(p, s.from, s.to) && (extra || p.from < s.from);
      default: return account.bears_on(p, s.from, s.to);
    }
  });
}

void Walk::cycle_column(std::uint32_t ledger, std::uint32_t row, ColumnId column_id) {
  const EntityId entity = m_.program.ledgers[ledger].cycles;
  const std::uint32_t owner = m_.parent_row(entity, row);
  const Cycle c = m_.account(ledger, owner).cycles[row - m_.stores[entity].begin[owner]];
  postings(ledger, owner, [&](const Posting& p) {
    if (column_id == core::cycle_col::owner) return p.from <= c.last;
    return !p.credit && p.from <= c.last && p.to >= c.first;
  });
}

void Walk::balance(std::uint32_t ledger, std::uint32_t owner, const Cell& day) {
  const Account account = m_.account(ledger, owner);
  postings(ledger, owner, [&](const Posting& p) { return account.bears_on(p, day.lo, day.hi); });
}

// --- Timelines -------------------------------------------------------------------------------------------------------------------------

void Walk::on_row(const core::On& on, Frame frame, std::uint32_t row) {
  SetState state;
  for (const Row& r : rows_of(on.source, frame, state)) {
    if (row != none && r.row != row) continue;
    m_.slot(frame, on.slot) = r.row;
    row_in(on.source, on.filter, r, frame);
    const Truth in = scalar::and_(r.in, m_.test(on.filter, frame));
    if (in != Truth::yes && in != Truth::unknown) continue;
    for (const ExprId e : {on.from, on.state, on.until, on.length}) expr(e, frame);
  }
}

void Walk::shortening_row(const core::Shorten& shorten, Frame frame, std::uint32_t row) {
  SetState state;
  for (const Row& r : rows_of(shorten.source, frame, state)) {
    if (row != none && r.row != row) continue;
    m_.slot(frame, shorten.slot) = r.row;
    row_in(shorten.source, shorten.filter, r, frame);
    const Truth in = scalar::and_(r.in, m_.test(shorten.filter, frame));
    if (in != Truth::yes && in != Truth::unknown) continue;
    expr(shorten.date, frame);
    expr(shorten.amount, frame);
  }
}

void Walk::all_spans(std::uint32_t timeline_id, std::uint32_t owner) {
  const core::Timeline& timeline = m_.program.timelines[timeline_id];
  const NodeId outside = node_;
  if (timeline.node != none) node_ = timeline.node;
  const Leaves below = apart([&] {
    const NewFrame frame(m_, owner);
    for (const core::On& on : timeline.on) {
      existence(on.source, frame);
      on_row(on, frame, none);
    }
    for (const core::Shorten& s : timeline.shorten) {
      existence(s.source, frame);
      shortening_row(s, frame, none);
    }
    for (const core::Overlap& o : timeline.overlaps) expr(o.way, frame);
  });
  if (mode_ == Mode::faults && below.empty()) fault_at(Fault::date_out_of_range, node_);
  out_.insert(below.begin(), below.end());
  node_ = outside;
}

// What one span rests on: its own row, what may shorten it, and, unless spans go side by side, the spans before it.
void Walk::span(std::uint32_t timeline_id, std::uint32_t owner, const Course& course, std::size_t i) {
  const core::Timeline& timeline = m_.program.timelines[timeline_id];
  const NewFrame frame(m_, owner);
  const Span& s = course.spans[i];
  const auto shortenings_of = [&](const Span& of) {
    for (const Shortening& by : course.shortenings)
      if (by.date.hi >= of.own_from.lo && by.date.lo < std::max(of.own_until.hi, of.until.hi)) shortening_row(timeline.shorten[by.clause], frame, by.row);
  };
  on_row(timeline.on[s.on], frame, s.row);
  shortenings_of(s);
  const std::uint32_t state = strongest(s.states);
  for (const core::Overlap& o : timeline.overlaps)
    if (o.state == state) expr(o.way, frame);
  if (course.open_shortenings)
    for (const core::Shorten& shorten : timeline.shorten) {
      SetState set;
      m_.reach(shorten.source, frame, set);
      open(set, shorten.source, frame);
    }
  if (course.ways[state] == std::uint64_t{1} << static_cast<unsigned>(core::OverlapWay::together)) return;
  for (std::size_t j = 0; j < i; ++j) {
    if (strongest(course.spans[j].states) != state) continue;
    on_row(timeline.on[course.spans[j].on], frame, course.spans[j].row);
    shortenings_of(course.spans[j]);
  }
}

void Walk::state(std::uint32_t timeline, std::uint32_t owner, const Cell& day) {
  const Course course = m_.course(timeline, owner);
  if (mode_ == Mode::readings ? !reach_.timeline(timeline) : false) return;
  if (mode_ == Mode::readings || course.failed) return all_spans(timeline, owner);
  if (mode_ != Mode::needs) return;
  std::uint32_t at_least = 0;
  bool sure = false;
  std::vector<Truth> here;
  for (const Span& s : course.spans) {
    here.push_back(covers({s.in, s.states, s.from, s.until}, day));
    if (here.back() != Truth::yes) continue;
    sure = true;
    at_least = std::max(at_least, static_cast<std::uint32_t>(__builtin_ctzll(s.states)));
  }
  for (std::size_t i = 0; i < course.spans.size(); ++i) {
    const Span& s = course.spans[i];
    if (here[i] == Truth::no || (sure && strongest(s.states) <= at_least)) continue;
    if (here[i] == Truth::unknown || (s.states & (s.states - 1)) != 0) span(timeline, owner, course, i);
  }
  const EntityId entity = m_.program.timelines[timeline].spans;
  if (course.open) open(OpenSpot{entity, m_.program.timelines[timeline].owner, owner});
}

}  // namespace tiao::interp
