// Remedies: gathers the grounds that reach each target, combines them, and yields the listed rows and those that others see.
#include <algorithm>
#include <cstring>

#include "runtime/engine/remedy_values.hpp"
#include "runtime/engine/sorting.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {

namespace {

enum : std::uint32_t { col_from = 1, col_until, col_length, col_first_param };

void push_cell(ColumnArrays& column, const Cell& c, Kind kind) {
  switch (kind) {
    case Kind::boolean: column.truth.push(static_cast<std::uint8_t>(c.lo)); break;
    case Kind::choice: column.lo.push(c.lo); break;
    default: column.push(c, kind == Kind::ratio); break;
  }
}

class Combiner {
 public:
  explicit Combiner(const RemedyInput& input) : in_(input), values_(input), once_(input.remedy->combine == Combine::once), each_(input.remedy->combine == Combine::each) {
    for (const GroundInput& g : in_.grounds) {
      std::uint32_t k = 0;
      while (k < acts_.size() && !(acts_[k]->modality == g.modality && acts_[k]->actor == g.actor && acts_[k]->alternative == g.alternative)) ++k;
      if (k == acts_.size()) acts_.push_back(&g);
      act_of_.push_back(k);
    }
  }

  RemedyResult run() {
    gather();
    reserve();
    DerivedTable& visible = out_.visible;
    visible.columns.resize(col_first_param + in_.remedy->params.size());
    visible.offsets.reserve(in_.targets + 1);
    visible.offsets.push(0);
    for (std::uint32_t target = 0; target < in_.targets; ++target) {
      combine(target, hits_.data() + ends_[target], ends_[target + 1] - ends_[target]);
      visible.offsets.push(static_cast<std::uint32_t>(visible.parent.size()));
    }
    finish();
    return std::move(out_);
  }

 private:
  struct Row { std::size_t first, count, lead; Truth state; };   // hits_ of one combined row; lead: offset of the leading hit

  // --- Hits, by target and within it by ground and scope row

  template <class Visit>
  void visit(std::uint16_t position, Visit visit_hit) const {
    const GroundInput& g = in_.grounds[position];
    constexpr std::uint64_t eight_times_no = 0x0202020202020202u;
    for (std::uint32_t row = 0; row < g.scope_rows; ++row) {
      if (row + 8 <= g.scope_rows) {
        std::uint64_t word;
        std::memcpy(&word, g.state + row, 8);
        if (word == eight_times_no) {
          row += 7;
          continue;
        }
      }
      const Truth state = static_cast<Truth>(g.state[row]);
      if (state == Truth::no) continue;
      auto reach = [&](std::uint32_t target, std::uint32_t at) {
        const Truth here = scalar::and_(state, truth_at(g.target_in, at));
        if (target != none && here != Truth::no) visit_hit(target, Hit{row, position, static_cast<std::uint8_t>(here)});
      };
      if (g.targets.offsets == nullptr) {
        reach(g.targets.row == nullptr ? row : g.targets.row[row], row);
        continue;
      }
      for (std::uint32_t at = g.targets.offsets[row]; at < g.targets.offsets[row + 1]; ++at)
        reach(g.targets.row == nullptr ? at : g.targets.row[at], at);
    }
  }

  void gather() {
    ends_.assign(in_.targets + 2, 0);
    const auto grounds = static_cast<std::uint16_t>(in_.grounds.size());
    // Counted two places ahead, so that filling leaves ends_[t] .. ends_[t + 1] as the hits of t.
    for (std::uint16_t g = 0; g < grounds; ++g) visit(g, [&](std::uint32_t target, const Hit&) { ++ends_[target + 2]; });
    for (std::uint32_t t = 0; t < in_.targets; ++t) {
      reached_ += ends_[t + 2] != 0;
      ends_[t + 2] += ends_[t + 1];
    }
    hits_.resize(ends_[in_.targets + 1]);
    for (std::uint16_t g = 0; g < grounds; ++g) visit(g, [&](std::uint32_t target, const Hit& hit) { hits_[ends_[target + 1]++] = hit; });
  }

  void reserve() {
    const std::size_t rows = once_ ? std::min(hits_.size(), reached_ * acts_.size()) : hits_.size();
    RemedyTable& t = out_.table;
    t.lo.resize(in_.remedy->params.size());
    t.hi.resize(in_.remedy->params.size());
    t.target.reserve(rows);
    t.state.reserve(rows);
    t.modality.reserve(rows);
    t.lead.reserve(rows);
    t.scope_row.reserve(rows);
    t.held.reserve(rows);
    t.open.reserve(rows);
    if (values_.has_from()) t.from.lo.reserve(rows);
    for (CellColumn* c : {&t.until, &t.until_hi})
      if (values_.has_until()) c->lo.reserve(rows);
    for (CellColumn* c : {&t.length, &t.length_hi})
      if (values_.has_length()) c->lo.reserve(rows);
    for (std::size_t p = 0; p < t.lo.size(); ++p)
      if (values_.has_param(p)) {
        t.lo[p].lo.reserve(rows);
        t.hi[p].lo.reserve(rows);
      }
    if (in_.chosen.present()) {
      t.exercised.reserve(rows);
      t.chosen.lo.reserve(rows);
    }
  }

  // --- Rows of one target

  void combine(std::uint32_t target, Hit* hits, std::size_t count) {
    if (count == 0) return;
    if (count == 1) return emit(target, hits, {0, 1, 0, static_cast<Truth>(hits[0].state)});
    sort_stably(hits, count, [&](const Hit& a, const Hit& b) { return before(a, b); });
    rows_.clear();
    for (std::size_t first = 0; first < count;) {
      std::size_t end = first + 1;
      while (end < count && same_row(hits[first], hits[end])) ++end;
      rows_.push_back(row_of(hits, first, end));
      first = end;
    }
    sort_stably(rows_.data(), rows_.size(), [&](const Row& a, const Row& b) {
      const Hit &x = hits[a.lead], &y = hits[b.lead];
      const Modality m = in_.grounds[x.ground].modality, n = in_.grounds[y.ground].modality;
      if (m != n) return m < n;
      return x.ground != y.ground ? x.ground < y.ground : x.scope_row < y.scope_row;
    });
    for (const Row& row : rows_) emit(target, hits, row);
  }

  bool before(const Hit& a, const Hit& b) const {
    if (act_of_[a.ground] != act_of_[b.ground]) return act_of_[a.ground] < act_of_[b.ground];
    if (!once_) {
      if (in_.grounds[a.ground].scope != in_.grounds[b.ground].scope) return in_.grounds[a.ground].scope < in_.grounds[b.ground].scope;
      if (a.scope_row != b.scope_row) return a.scope_row < b.scope_row;
    }
    return a.ground != b.ground ? a.ground < b.ground : a.scope_row < b.scope_row;
  }
  bool same_row(const Hit& a, const Hit& b) const {
    if (act_of_[a.ground] != act_of_[b.ground]) return false;
    if (once_) return true;
    return in_.grounds[a.ground].scope == in_.grounds[b.ground].scope && a.scope_row == b.scope_row && (!each_ || a.ground == b.ground);
  }

  static Row row_of(const Hit* hits, std::size_t first, std::size_t end) {
    Truth state = Truth::no;
    for (std::size_t i = first; i < end; ++i) state = scalar::or_(state, static_cast<Truth>(hits[i].state));
    // The first that holds, else the first that may, else the first in error.
    std::size_t lead = first;
    for (const Truth wanted : {Truth::yes, Truth::unknown, Truth::error}) {
      lead = first;
      while (lead < end && static_cast<Truth>(hits[lead].state) != wanted) ++lead;
      if (lead < end) break;
    }
    return {first, end - first, lead, state};
  }

  // --- Results

  void emit(std::uint32_t target, const Hit* hits, const Row& row) {
    const Hit* own = hits + row.first;
    const Hit& lead = hits[row.lead];
    const GroundInput& ground = in_.grounds[lead.ground];
    RemedyTable& t = out_.table;
    t.target.push_back(target);
    t.state.push_back(static_cast<std::uint8_t>(row.state));
    t.modality.push_back(static_cast<std::uint8_t>(ground.modality));
    t.lead.push_back(ground.ground);
    t.scope_row.push_back(lead.scope_row);
    std::uint64_t held = 0, open = 0;
    for (std::size_t i = 0; i < row.count; ++i) {
      if (own[i].ground >= 64) continue;
      if (own[i].state == yes_byte) held |= std::uint64_t{1} << own[i].ground;
      if (own[i].state == unknown_byte) open |= std::uint64_t{1} << own[i].ground;
    }
    t.held.push_back(held);
    t.open.push_back(open);

    Cell from = nothing;
    Ends until, length;
    if (values_.has_from()) t.from.push(from = values_.from(own, row.count));
    if (values_.has_until()) {
      until = values_.until(own, row.count);
      t.until.push(until.lo);
      t.until_hi.push(until.hi);
    }
    if (values_.has_length()) {
      length = values_.length(own, row.count);
      t.length.push(length.lo);
      t.length_hi.push(length.hi);
    }
    params_.clear();
    for (std::size_t p = 0; p < in_.remedy->params.size(); ++p) {
      Ends ends;
      if (values_.has_param(p)) {
        ends = values_.param(p, own, row.count);
        t.lo[p].push(ends.lo, values_.kind(p) == Kind::ratio);
        t.hi[p].push(ends.hi, values_.kind(p) == Kind::ratio);
      }
      params_.push_back(ends);
    }
    const Truth exercised = choice(target, ground.modality);
    const Truth seen = visibility(ground.modality, row.state, exercised);
    if (seen != Truth::no) show(target, ground.modality, lead.ground, seen, from, until, length);
  }

  // Notes the recorded choice; yields whether the power was exercised.
  Truth choice(std::uint32_t target, Modality modality) {
    if (!in_.chosen.present()) return Truth::no;
    Truth exercised = Truth::unknown;
    const auto presence = presence_of(target);
    if (presence == facts::Presence::given) exercised = Truth::yes;
    else if (presence == facts::Presence::absent && (modality == Modality::may || modality == Modality::must_not)) exercised = Truth::no;
    out_.table.exercised.push_back(static_cast<std::uint8_t>(exercised));
    const bool ratio = in_.remedy->chosen_param != none && values_.kind(in_.remedy->chosen_param) == Kind::ratio;
    out_.table.chosen.push(in_.chosen.at(target), ratio);
    return exercised;
  }
  facts::Presence presence_of(std::uint32_t target) const {
    return in_.chosen_presence == nullptr ? facts::Presence::given : static_cast<facts::Presence>(in_.chosen_presence[target]);
  }

  static Truth visibility(Modality modality, Truth state, Truth exercised) {
    switch (modality) {
      case Modality::must:
      case Modality::automatic: return state;
      case Modality::may: return scalar::and_(state, exercised);
      case Modality::must_not: return Truth::no;
    }
    return Truth::no;
  }

  void show(std::uint32_t target, Modality modality, std::uint32_t lead, Truth seen, const Cell& from, const Ends& until, const Ends& length) {
    DerivedTable& v = out_.visible;
    v.parent.push(target);
    memberships_.push(seen);
    out_.lead.push(lead);
    v.columns[col_from].push(from == nothing ? between(neg_inf, never_day) : from);
    v.columns[col_until].push(until.there ? values_.shown(until, Kind::date) : known(unstated_day));
    v.columns[col_length].push(length.there ? values_.shown(length, Kind::duration) : known(unstated_duration));
    for (std::size_t p = 0; p < params_.size(); ++p) {
      const bool chosen = in_.chosen.present() && in_.remedy->chosen_param == p && modality != Modality::must_not;
      const Cell shown = chosen ? values_.shown_choice(p, params_[p], in_.chosen.at(target), presence_of(target) == facts::Presence::given)
                                : values_.shown_param(p, params_[p]);
      push_cell(v.columns[col_first_param + p], shown, values_.kind(p));
    }
  }

  void finish() {
    DerivedTable& v = out_.visible;
    v.rows = static_cast<std::uint32_t>(v.parent.size());
    v.parent.shrink();
    v.membership = memberships_.take();
    for (ColumnArrays& c : v.columns) c.shrink();
    out_.lead.shrink();
    if (in_.open == nullptr) return;
    v.open.resize(in_.targets);
    std::copy_n(in_.open, in_.targets, v.open.begin());
  }

  const RemedyInput& in_;
  RemedyValues values_;
  bool once_, each_;
  std::vector<const GroundInput*> acts_;     // one ground of each modality, actor and alternative
  std::vector<std::uint32_t> act_of_;        // by position of the ground
  Array<std::uint32_t> ends_;
  Array<Hit> hits_;
  std::size_t reached_ = 0;                  // targets with a hit
  std::vector<Row> rows_;
  std::vector<Ends> params_;
  RemedyResult out_;
  TruthColumn memberships_;
};

}  // namespace

RemedyResult combine_remedy(const RemedyInput& input) { return Combiner(input).run(); }

}  // namespace tiao::engine
