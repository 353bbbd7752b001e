#include "compiler/driver/what_if_search.hpp"

#include <algorithm>

namespace tiao::driver {
namespace {

constexpr std::size_t first_parts = 3;         // values of the first of two facts that are tried

class Search {
 public:
  Search(Trials& trials, const FactValues& values, std::vector<FactCell> cells, std::vector<const RowsOut*> rows, std::size_t most_pairs)
      : trials_(trials), values_(values), cells_(std::move(cells)), rows_(std::move(rows)), most_pairs_(most_pairs), nearest_(trials, values, cells_) {
    // None bears on it, where it stands as it does whatever they are.
    if (decided(trials.base()) && trials.state(Trial{}.forgetting(cells_.data(), cells_.size())) == trials.base()) cells_.clear();
  }

  void singles();
  void pairs();
  std::vector<Proposal>& found() { return found_; }
  /// Some cell, or two together, could turn it as far as forgetting tells.
  bool any_can() const { return open_pairs_ != 0 || std::find(alone_.begin(), alone_.end(), true) != alone_.end(); }

 private:
  bool enough() const { return found_.size() >= most_pairs_ || trials_.spent(); }
  Distance distance(const Alteration& a) const;
  void add(std::vector<Alteration> parts);
  Alteration removal(const RowsOut& out) const { return {{out.entity(), out.row(), none}, {}, {}, facts::Presence::given, std::nullopt, {}, out}; }
  std::vector<Cell> first_values(const FactCell& a, const FactCell* b);
  bool neither_alone(const Alteration& a, const Alteration& b);
  void add_with(const FactCell& a, const Cell& value, std::vector<Alteration> seconds);
  void pair(const FactCell& a, const FactCell& b);
  void pairs_within(const FactCell* first, std::size_t count);
  void pairs_between(const FactCell* a, std::size_t as, const FactCell* b, std::size_t bs);
  void pairs_with(const FactCell& a);
  void pairs_without(const RowsOut& out);
  void pairs_of_open();
  std::vector<FactCell> that_matter_beside(const Trial& trial, Truth stands, const std::vector<FactCell>& cells);

  Trials& trials_;
  const FactValues& values_;
  std::vector<FactCell> cells_;
  std::vector<const RowsOut*> rows_;
  std::size_t most_pairs_;
  Nearest nearest_;
  std::vector<bool> alone_;              // parallel to the cells: can turn it alone, as far as forgetting tells
  std::uint64_t open_pairs_ = 0;
  std::vector<Proposal> found_;
};

// --- How far

std::int64_t apart(const Type& type, const Cell& a, const Cell& b) {
  std::int64_t unit = 1;
  for (unsigned places = 0; places < type.scale; ++places) unit *= 10;
  const std::int64_t distance = a.lo > b.lo ? a.lo - b.lo : b.lo - a.lo;
  if (type.kind == Kind::duration) return distance >= month_unit / 2 ? 30 * ((distance + month_unit / 2) / month_unit) : distance;
  return (distance + unit - 1) / unit;
}

Distance Search::distance(const Alteration& a) const {
  if (a.without) return {Distance::row, static_cast<std::int64_t>(a.without->size())};
  const Column& column = values_.column(a.cell);
  if (!is_known(a.before, column.type.kind)) return {Distance::settled, 1};
  if (values_.axis(a.cell)) return {Distance::moved, apart(column.type, a.before, a.value)};
  return {column.kind == ColumnKind::fact ? Distance::other_fact : Distance::reversed, 1};
}

void Search::add(std::vector<Alteration> parts) {
  Proposal proposal{std::move(parts), {}};
  for (const Alteration& part : proposal.parts) {
    const Distance d = distance(part);
    proposal.distance = {std::max(proposal.distance.kind, d.kind), proposal.distance.size + d.size};
  }
  found_.push_back(std::move(proposal));
}

// --- One fact

void Search::singles() {
  if (decided(trials_.base())) {
    std::vector<FactCell> matter;
    trials_.that_matter({}, trials_.base(), cells_.data(), cells_.size(), matter);
    for (const FactCell& cell : cells_) alone_.push_back(std::find(matter.begin(), matter.end(), cell) != matter.end());
  } else {
    alone_.assign(cells_.size(), true);
  }
  for (std::size_t i = 0; i < cells_.size() && !trials_.spent(); ++i)
    if (alone_[i])
      for (Alteration& a : nearest_.find({}, trials_.base(), cells_[i])) add({std::move(a)});
  for (const RowsOut* out : rows_)
    if (trials_.reaches({out, {}})) add({removal(*out)});
}

// --- Two facts

// The first of two as it is taken to be: a few values that could matter, beside `b` where that is given.
std::vector<Cell> Search::first_values(const FactCell& a, const FactCell* b) {
  std::vector<Cell> out;
  const std::optional<Axis> axis = values_.axis(a);
  if (!axis) {
    out = values_.others(a);
    if (values_.column(a).type.kind != Kind::choice && out.size() > first_parts) out.resize(first_parts);
    return out;
  }
  for (const int way : {-1, 1}) {
    const auto first = b == nullptr ? std::optional<std::int64_t>(1) : nearest_.first_step(Trial{}.forgetting(b, 1), trials_.base(), a, *axis, way);
    if (!first || axis->room(way) == 0) continue;
    out.push_back(known(axis->at(*first, way)));
    if (axis->room(way) > *first) out.push_back(known(axis->at(axis->room(way), way)));
  }
  return out;
}

bool Search::neither_alone(const Alteration& a, const Alteration& b) {
  return !trials_.reaches(Trial{}.with(a.cell, a.value)) && !trials_.reaches(Trial{}.with(b.cell, b.value)) && !trials_.spent();
}

void Search::add_with(const FactCell& a, const Cell& value, std::vector<Alteration> seconds) {
  if (seconds.empty()) return;
  Alteration first = nearest_.altered(a, value);
  nearest_.draw_nearer(first, seconds.front());
  if (neither_alone(first, seconds.front())) add({std::move(first), std::move(seconds.front())});
}

// Two cells: the first at some values, the second wherever that then does it.
void Search::pair(const FactCell& a, const FactCell& b) {
  const std::size_t before = found_.size();
  for (const Cell& value : first_values(a, decided(trials_.base()) ? &b : nullptr)) {
    if (enough() || found_.size() != before) return;
    const Trial trial = Trial{}.with(a, value);
    add_with(a, value, nearest_.find(trial, trials_.state(trial), b));
  }
}

// Cells that alone cannot turn it, two by two: only where forgetting both leaves it open.
void Search::pairs_within(const FactCell* first, std::size_t count) {
  if (count < 2 || enough() || trials_.state(Trial{}.forgetting(first, count)) == trials_.base()) return;
  pairs_within(first, count / 2);
  pairs_within(first + count / 2, count - count / 2);
  pairs_between(first, count / 2, first + count / 2, count - count / 2);
}

void Search::pairs_between(const FactCell* a, std::size_t as, const FactCell* b, std::size_t bs) {
  if (as == 0 || bs == 0 || enough() || trials_.state(Trial{}.forgetting(a, as).forgetting(b, bs)) == trials_.base()) return;
  if (as == 1 && bs == 1) {
    ++open_pairs_;
    return pair(*a, *b);
  }
  if (as >= bs) {
    pairs_between(a, as / 2, b, bs);
    pairs_between(a + as / 2, as - as / 2, b, bs);
  } else {
    pairs_between(a, as, b, bs / 2);
    pairs_between(a, as, b + bs / 2, bs - bs / 2);
  }
}

std::vector<FactCell> Search::that_matter_beside(const Trial& trial, Truth stands, const std::vector<FactCell>& cells) {
  if (!decided(stands)) return trials_.open_among(trial, cells);
  std::vector<FactCell> out;
  trials_.that_matter(trial, stands, cells.data(), cells.size(), out);
  return out;
}

// A cell that could turn it alone and does not, with any other that then matters.
void Search::pairs_with(const FactCell& a) {
  for (const Cell& value : first_values(a, nullptr)) {
    if (enough()) return;
    const Trial trial = Trial{}.with(a, value);
    const Truth stands = trials_.state(trial);
    std::vector<FactCell> others = cells_;
    std::erase(others, a);
    for (const FactCell& b : that_matter_beside(trial, stands, others)) {
      if (enough()) return;
      add_with(a, value, nearest_.find(trial, stands, b));
    }
  }
}

// A row that is not there, with a fact.
void Search::pairs_without(const RowsOut& out) {
  const Trial trial{&out, {}};
  const Truth stands = trials_.state(trial);
  std::vector<FactCell> others = cells_;
  std::erase_if(others, [&](const FactCell& cell) { return out.contains(cell.entity, cell.row); });
  for (const FactCell& cell : that_matter_beside(trial, stands, others)) {
    if (enough()) return;
    std::vector<Alteration> seconds = nearest_.find(trial, stands, cell);
    if (!seconds.empty() && !trials_.reaches(Trial{}.with(cell, seconds.front().value))) add({std::move(seconds.front()), removal(out)});
  }
}

// Forgetting tells nothing of what is open anyway. Blanks come first: settling them contradicts nobody.
void Search::pairs_of_open() {
  std::vector<FactCell> order = cells_;
  const auto known = std::stable_partition(order.begin(), order.end(), [&](const FactCell& cell) { return values_.is_blank(cell); });
  const auto blanks = static_cast<std::size_t>(known - order.begin());
  for (std::size_t k = 1; k < blanks; ++k)
    for (std::size_t i = 0; i < k && !enough(); ++i) pair(order[i], order[k]);
  for (std::size_t k = std::max<std::size_t>(blanks, 1); k < order.size(); ++k)
    for (std::size_t i = 0; i < k && !enough(); ++i) pair(order[i], order[k]);
}

void Search::pairs() {
  if (decided(trials_.base())) {
    std::vector<FactCell> together;
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (!alone_[i]) together.push_back(cells_[i]);
    pairs_within(together.data(), together.size());
    for (std::size_t i = 0; i < cells_.size() && !enough(); ++i)
      if (alone_[i]) pairs_with(cells_[i]);
  } else {
    pairs_of_open();
  }
  for (std::size_t r = 0; r < rows_.size() && !enough(); ++r) pairs_without(*rows_[r]);
}

}  // namespace

std::vector<Proposal> WhatIfSearch::run(const Question& question, Truth goal, SearchExtent& extent) {
  const NodeReach::CaseFacts read = NodeReach(program_).facts_of(question.act().remedy);
  bool all_facts = true;
  std::vector<FactCell> cells = space_.cells(read, limits_.facts, all_facts);
  std::vector<const RowsOut*> rows = space_.removable(read);
  extent.facts = cells.size();
  extent.rows = rows.size();
  const FactValues values(program_, facts_, as_of_);
  Trials trials(program_, facts_, as_of_, question, goal, limits_.evaluations);
  Search search(trials, values, std::move(cells), std::move(rows), limits_.pairs);
  search.singles();
  if (search.found().empty() && !trials.spent()) {
    extent.pairs = true;
    search.pairs();
  }
  extent.evaluations = trials.made();
  extent.stopped = trials.spent() || !all_facts || !space_.all_rows();
  extent.none_can = search.found().empty() && !extent.stopped && !search.any_can() && decided(question.base());
  std::stable_sort(search.found().begin(), search.found().end(), [](const Proposal& a, const Proposal& b) { return a.distance < b.distance; });
  return std::move(search.found());
}

void WhatIfSearch::make(const Proposal& proposal, FactChanges& changes) {
  const auto gone = std::find_if(proposal.parts.begin(), proposal.parts.end(), [](const Alteration& a) { return a.without.has_value(); });
  if (gone != proposal.parts.end()) changes.remove(*gone->without);
  for (const Alteration& a : proposal.parts) {
    if (a.without) continue;
    const auto row = gone == proposal.parts.end() ? a.cell.row : *gone->without->number_after(a.cell.entity, a.cell.row);
    changes.set(a.cell.entity, row, a.cell.column, a.value);
  }
}

}  // namespace tiao::driver
