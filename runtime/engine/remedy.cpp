// Remedies: gathers the grounds that reach each target, combines them, and yields the listed rows and those that others see.
#include <algorithm>
#include <atomic>
#include <bit>

#include "runtime/engine/parts.hpp"
#include "runtime/engine/remedy_values.hpp"
#include "runtime/engine/sorting.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {

namespace {

enum : std::uint32_t { col_from = 1, col_until, col_length, col_first_param };

void push_cell(ColumnArrays& column, const Cell& c, Kind kind) {
  switch (kind) {
    case Kind::boolean: column.truth.push_back(static_cast<std::uint8_t>(c.lo)); break;
    case Kind::choice: column.lo.push(c.lo); break;
    default: column.push(c, kind == Kind::ratio); break;
  }
}

class Combiner {
 public:
  explicit Combiner(const RemedyInput& input)
      : in_(input), once_(input.remedy->combine == Combine::once), each_(input.remedy->combine == Combine::each), values_(input, hits_, rows_) {
    for (const GroundInput& g : in_.grounds) {
      std::uint32_t k = 0;
      while (k < acts_.size() && !(acts_[k]->modality == g.modality && acts_[k]->actor == g.actor && acts_[k]->alternative == g.alternative)) ++k;
      if (k == acts_.size()) acts_.push_back(&g);
      act_of_.push_back(k);
    }
    if (!in_.plain) return;
    out_.table.lo.resize(in_.remedy->params.size());
    out_.table.hi.resize(in_.remedy->params.size());
    out_.table.each([](Packed& column) { column.stay_plain(); });
  }

  RemedyResult run() {
    if (std::all_of(in_.grounds.begin(), in_.grounds.end(), in_order) && in_.grounds.size() == 1) {
      gather_alone();
    } else {
      gather();
      rows_.reserve(once_ ? std::min(hits_.size(), reached_ * acts_.size()) : hits_.size());
      const bool each_alone = !once_ && in_.grounds.size() == 1 && in_.grounds[0].targets.offsets == nullptr;   // hits of a target are in order
      for (std::uint32_t target = 0; each_alone && target < in_.targets; ++target)
        for (std::uint32_t at = ends_[target]; at < ends_[target + 1]; ++at) rows_.push({target, at, 1, at});
      for (std::uint32_t target = 0; !each_alone && target < in_.targets; ++target) combine(target, ends_[target], ends_[target + 1]);
      ends_ = Array<std::uint32_t>();
    }
    list();
    settle_opposed();
    out_.table.state.append(states_.data(), states_.size());
    choices();
    show();
    out_.table.each([](Packed& column) { column.shrink(); });
    return std::move(out_);
  }

 private:
  // --- Hits, by target and within it by ground and scope row

  // The first scope row from here on whose state is not `no`.
  static std::uint32_t next_row(const GroundInput& g, std::uint32_t row) {
    constexpr std::uint32_t word_rows = BitPairs::word_rows;
    std::uint64_t behind = ~std::uint64_t{0} << row % word_rows;
    for (std::uint32_t word = row / word_rows; word * word_rows < g.scope_rows; ++word, behind = ~std::uint64_t{0}) {
      const std::uint64_t stands = (g.state.yes[word] | ~g.state.no[word]) & behind;
      if (stands != 0) return std::min(g.scope_rows, word * word_rows + static_cast<std::uint32_t>(std::countr_zero(stands)));
    }
    return g.scope_rows;
  }

  template <class Visit>
  void visit(std::uint16_t position, Visit visit_hit) const {
    const GroundInput& g = in_.grounds[position];
    for (std::uint32_t row = next_row(g, 0); row < g.scope_rows; row = next_row(g, row + 1)) {
      const auto state = static_cast<Truth>(g.state.truth_at(row));
      auto hit = [&](std::uint32_t target, Truth way) {
        const Truth here = scalar::and_(state, way);
        if (here != Truth::no) visit_hit(target, Hit{row, position, static_cast<std::uint8_t>(here)});
      };
      if (g.elsewhere == nullptr || g.elsewhere[row] == 0) {
        named(g, row, hit);
        continue;
      }
      // The target may be any row; those that are named are also reached for sure.
      std::vector<Truth> ways(in_.targets);
      const Truth any = (g.elsewhere[row] & 2) != 0 ? Truth::error : Truth::unknown;
      for (std::uint32_t t = 0; t < in_.targets; ++t) ways[t] = scalar::and_(any, truth_at(in_.target_membership, t));
      named(g, row, [&](std::uint32_t target, Truth way) { ways[target] = scalar::or_(ways[target], way); });
      for (std::uint32_t t = 0; t < in_.targets; ++t) hit(t, ways[t]);
    }
  }

  // The targets of a scope row that can be named, each with the way to it.
  template <class Visit>
  static void named(const GroundInput& g, std::uint32_t row, Visit visit_target) {
    if (g.targets.offsets == nullptr) {
      const std::uint32_t target = g.targets.row == nullptr ? row : g.targets.row[row];
      if (target != none) visit_target(target, truth_at(g.target_in, row));
      return;
    }
    for (std::uint32_t at = g.targets.offsets[row]; at < g.targets.offsets[row + 1]; ++at) {
      const std::uint32_t target = g.targets.row == nullptr ? at : g.targets.row[at];
      if (target != none) visit_target(target, truth_at(g.target_in, at));
    }
  }

  static bool in_order(const GroundInput& g) { return g.in_order && g.targets.offsets == nullptr && g.elsewhere == nullptr; }

  // A single ground that meets the targets in their order: the rows of its scope are the hits.
  void gather_alone() {
    const GroundInput& g = in_.grounds[0];
    constexpr std::uint32_t word_rows = BitPairs::word_rows;
    const auto standing = [&](std::uint32_t word) {
      const std::uint32_t rows = g.scope_rows - word * word_rows;
      return (g.state.yes[word] | ~g.state.no[word]) & (rows < word_rows ? (std::uint64_t{1} << rows) - 1 : ~std::uint64_t{0});
    };
    const std::uint32_t words = (g.scope_rows + word_rows - 1) / word_rows;
    std::uint32_t count = 0;
    for (std::uint32_t word = 0; word < words; ++word) count += static_cast<std::uint32_t>(std::popcount(standing(word)));
    hits_.resize(count);
    rows_.resize(count);
    std::uint32_t at = 0;
    for (std::uint32_t word = 0; word < words; ++word)
      for (std::uint64_t rest = standing(word); rest != 0; rest &= rest - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
        const std::uint32_t row = word * word_rows + bit, target = g.targets.row == nullptr ? row : g.targets.row[row];
        auto state = static_cast<Truth>((g.state.yes[word] >> bit & 1) | (g.state.no[word] >> bit & 1) << 1);
        if (g.target_in != nullptr) state = scalar::and_(state, truth_at(g.target_in, row));
        if (target == none || state == Truth::no) continue;
        hits_[at] = Hit{row, 0, static_cast<std::uint8_t>(state)};
        rows_[at] = {target, at, 1, at};
        ++at;
      }
    hits_.resize(at);
    rows_.resize(at);
    if (!once_) return;
    std::uint32_t combined = 0;
    for (std::uint32_t first = 0, end = 0; first < at; first = end) {
      const std::uint32_t target = rows_[first].target;
      for (end = first + 1; end < at && rows_[end].target == target;) ++end;
      rows_[combined++] = {target, first, end - first, lead_of(first, end)};
    }
    rows_.resize(combined);
  }

  // Where every ground meets the targets in their order: target by target, without counting first.
  void gather_in_order() {
    struct Cursor { std::uint32_t row, target; Truth state; };
    std::vector<Cursor> cursors(in_.grounds.size());
    auto settle = [&](std::size_t position, std::uint32_t row) {
      const GroundInput& g = in_.grounds[position];
      Cursor& cursor = cursors[position];
      cursor.target = none;
      for (row = next_row(g, row); row < g.scope_rows; row = next_row(g, row + 1)) {
        const std::uint32_t target = g.targets.row == nullptr ? row : g.targets.row[row];
        cursor = {row, target, scalar::and_(static_cast<Truth>(g.state.truth_at(row)), truth_at(g.target_in, row))};
        if (target != none && cursor.state != Truth::no) return;
        cursor.target = none;
      }
    };
    for (std::size_t g = 0; g < cursors.size(); ++g) settle(g, 0);
    ends_.resize(in_.targets + 1);
    std::uint32_t next = 0;   // targets before it have their place
    while (true) {
      std::uint32_t target = none;
      for (const Cursor& cursor : cursors) target = std::min(target, cursor.target);
      if (target == none) break;
      for (; next <= target; ++next) ends_[next] = static_cast<std::uint32_t>(hits_.size());
      ++reached_;
      for (std::uint16_t g = 0; g < cursors.size(); ++g)
        while (cursors[g].target == target) {
          hits_.push(Hit{cursors[g].row, g, static_cast<std::uint8_t>(cursors[g].state)});
          settle(g, cursors[g].row + 1);
        }
    }
    for (; next <= in_.targets; ++next) ends_[next] = static_cast<std::uint32_t>(hits_.size());
  }

  void gather() {
    if (std::all_of(in_.grounds.begin(), in_.grounds.end(), in_order)) return gather_in_order();
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

  // Its target is the row of its scope itself.
  static bool on_own_row(const GroundInput& g) { return g.targets.offsets == nullptr && g.targets.row == nullptr; }

  // --- Rows of one target

  void combine(std::uint32_t target, std::uint32_t first, std::uint32_t end) {
    if (first == end) return;
    if (end - first == 1) return rows_.push({target, first, 1, first});
    sort_stably(&hits_[first], end - first, [&](const Hit& a, const Hit& b) { return before(a, b); });
    const std::size_t row = rows_.size();
    for (std::uint32_t at = first; at < end;) {
      std::uint32_t next = at + 1;
      while (next < end && same_row(hits_[at], hits_[next])) ++next;
      rows_.push({target, at, next - at, lead_of(at, next)});
      at = next;
    }
    sort_stably(&rows_[row], rows_.size() - row, [&](const CombinedRow& a, const CombinedRow& b) {
      const Hit &x = hits_[a.lead], &y = hits_[b.lead];
      const Modality m = in_.grounds[x.ground].modality, n = in_.grounds[y.ground].modality;
      if (m != n) return m < n;
      return x.ground != y.ground ? x.ground < y.ground : x.scope_row < y.scope_row;
    });
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

  // The first that holds, else the first that may, else the first in error.
  std::uint32_t lead_of(std::uint32_t first, std::uint32_t end) const {
    for (const Truth wanted : {Truth::yes, Truth::unknown})
      for (std::uint32_t at = first; at < end; ++at)
        if (static_cast<Truth>(hits_[at].state) == wanted) return at;
    return first;
  }

  // --- Results, column by column

  // Columns do not depend on each other: each thread takes the next one.
  void list() {
    RemedyTable& t = out_.table;
    states_.resize(rows_.size());
    std::vector<std::function<void()>> columns = values_.columns(t);
    columns.emplace_back([&] { fill(t.target, [&](std::size_t i) { return rows_[i].target; }); });
    columns.emplace_back([&] { fill(t.scope_row, [&](std::size_t i) { return hits_[rows_[i].lead].scope_row; }); });
    const bool one_ground = in_.grounds.size() == 1;
    columns.emplace_back([&] {
      if (one_ground) {
        t.modality.append(rows_.size(), static_cast<std::int64_t>(in_.grounds[0].modality));
        t.lead.append(rows_.size(), in_.grounds[0].ground);
        return;
      }
      fill(t.modality, [&](std::size_t i) { return static_cast<std::int64_t>(lead(i).modality); });
      fill(t.lead, [&](std::size_t i) { return lead(i).ground; });
    });
    columns.emplace_back([&] {
      if (one_ground && hits_.size() == rows_.size()) {   // each of one hit
        fill(t.held, [&](std::size_t i) { return hits_[i].state == yes_byte; });
        fill(t.open, [&](std::size_t i) { return hits_[i].state == unknown_byte; });
        for (std::size_t i = 0; i < rows_.size(); ++i) states_[i] = hits_[i].state;
        return;
      }
      fill(t.held, [&](std::size_t i) { return grounds_in(rows_[i], yes_byte); });
      fill(t.open, [&](std::size_t i) { return grounds_in(rows_[i], unknown_byte); });
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        Truth state = Truth::no;
        for (std::uint32_t at = rows_[i].first; at < rows_[i].first + rows_[i].count; ++at) state = scalar::or_(state, static_cast<Truth>(hits_[at].state));
        states_[i] = static_cast<std::uint8_t>(state);
        if (once_ && rows_[i].count > 1) list_further(i);
      }
    });
    std::atomic<std::size_t> next{0};
    at_once(parts_of(rows_.size(), in_.threads), [&](std::uint32_t) {
      for (std::size_t c = next++; c < columns.size(); c = next++) columns[c]();
    });
  }

  template <class Value>
  void fill(Packed& column, Value value) const {
    constexpr std::size_t some = 512;
    std::int64_t words[some];
    for (std::size_t begin = 0; begin < rows_.size(); begin += some) {
      const std::size_t count = std::min(some, rows_.size() - begin);
      for (std::size_t i = 0; i < count; ++i) words[i] = static_cast<std::int64_t>(value(begin + i));
      column.append(words, count);
    }
  }

  std::uint64_t grounds_in(const CombinedRow& row, std::uint8_t state) const {
    std::uint64_t bits = 0;
    for (std::uint32_t at = row.first; at < row.first + row.count; ++at)
      if (hits_[at].ground < 64 && hits_[at].state == state) bits |= std::uint64_t{1} << hits_[at].ground;
    return bits;
  }

  // What the row rests on beside its leading ground: hits in the same state, for those that hold leave no weight to those that may.
  void list_further(std::size_t i) {
    const CombinedRow& row = rows_[i];
    const std::uint8_t counts = hits_[row.lead].state;
    if (counts != yes_byte && counts != unknown_byte) return;
    for (std::uint32_t at = row.first; at < row.first + row.count; ++at) {
      const Hit& hit = hits_[at];
      if (at != row.lead && hit.state == counts && !on_own_row(in_.grounds[hit.ground])) out_.table.further.push(i, in_.grounds[hit.ground].ground, hit.scope_row);
    }
  }

  // --- What must be and must not be at one time

  const GroundInput& lead(std::size_t row) const { return in_.grounds[hits_[rows_[row].lead].ground]; }

  static bool opposes(const GroundInput& acts, const GroundInput& bars) {
    return bars.modality == Modality::must_not && (acts.modality == Modality::must || acts.modality == Modality::automatic) && acts.alternative == 0 &&
           (acts.actor == bars.actor || acts.actor == none || bars.actor == none);
  }

  static Truth earlier(const Cell& a, const Cell& b) {
    if (is_error(a, Kind::date) || is_error(b, Kind::date)) return Truth::error;
    if (a.hi < b.lo) return Truth::yes;
    return a.lo >= b.hi ? Truth::no : Truth::unknown;
  }

  Truth together(std::uint32_t a, std::uint32_t b) const {
    const RemedyTable& t = out_.table;
    const Cell from_a = values_.starts(t, a), until_a = values_.shown_until(t, a), from_b = values_.starts(t, b), until_b = values_.shown_until(t, b);
    const Truth there = scalar::and_(earlier(from_a, until_a), earlier(from_b, until_b));
    return scalar::and_(there, scalar::and_(earlier(from_a, until_b), earlier(from_b, until_a)));
  }

  // Where an act and its bar both hold at one time neither wins; while that is undecided, so are they.
  void settle_opposed() {
    bool acts = false, bars = false;
    for (const GroundInput& g : in_.grounds) {
      acts = acts || g.modality == Modality::must || g.modality == Modality::automatic;
      bars = bars || g.modality == Modality::must_not;
    }
    if (!acts || !bars) return;
    std::vector<Truth> both;
    for (std::uint32_t first = 0, end = 0; first < rows_.size(); first = end) {
      for (end = first + 1; end < rows_.size() && rows_[end].target == rows_[first].target;) ++end;
      both.assign(end - first, Truth::no);
      for (std::uint32_t a = first; a < end; ++a)
        for (std::uint32_t b = first; b < end; ++b) {
          if (!opposes(lead(a), lead(b))) continue;
          const Truth pair = scalar::and_(scalar::and_(static_cast<Truth>(states_[a]), static_cast<Truth>(states_[b])), together(a, b));
          for (const std::uint32_t side : {a, b}) both[side - first] = scalar::or_(both[side - first], pair);
        }
      for (std::uint32_t row = first; row < end; ++row) {
        const Truth held = both[row - first], clear = held == Truth::yes ? Truth::error : scalar::not_(held);
        states_[row] = static_cast<std::uint8_t>(scalar::and_(static_cast<Truth>(states_[row]), clear));
      }
    }
  }

  Modality modality(std::size_t row) const { return in_.grounds[hits_[rows_[row].lead].ground].modality; }
  facts::Presence presence_of(std::uint32_t target) const {
    return in_.chosen_presence.yes == nullptr ? facts::Presence::given : static_cast<facts::Presence>(in_.chosen_presence.truth_at(target));
  }

  // The recorded choice, and whether the power was exercised.
  void choices() {
    if (!in_.chosen.present()) return;
    RemedyTable& t = out_.table;
    const bool ratio = in_.remedy->chosen_param != none && values_.kind(in_.remedy->chosen_param) == Kind::ratio;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const facts::Presence presence = presence_of(rows_[i].target);
      const bool needs_act = modality(i) == Modality::may || modality(i) == Modality::must_not;
      Truth exercised = Truth::unknown;
      if (presence == facts::Presence::given) exercised = Truth::yes;
      else if (presence == facts::Presence::absent && needs_act) exercised = Truth::no;
      t.exercised.push_back(static_cast<std::uint8_t>(exercised));
      t.chosen.push(in_.chosen.at(rows_[i].target), ratio);
    }
  }

  Truth visibility(std::size_t row) const {
    const Truth state = static_cast<Truth>(states_[row]);
    switch (modality(row)) {
      case Modality::must:
      case Modality::automatic: return state;
      case Modality::may: return out_.table.exercised.empty() ? Truth::no : scalar::and_(state, static_cast<Truth>(out_.table.exercised[row]));
      case Modality::must_not: return Truth::no;
    }
    return Truth::no;
  }

  void show() {
    DerivedTable& v = out_.visible;
    v.offsets.assign(in_.targets + 1, 0);
    Array<std::uint32_t> shown(rows_.size());   // rows of the table
    v.parent.resize(rows_.size());
    v.membership.resize(rows_.size());
    out_.lead.resize(rows_.size());
    std::uint32_t count = 0;
    bool sure = true;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      const Truth seen = visibility(i);
      const std::uint32_t target = rows_[i].target;
      shown[count] = i;
      v.parent[count] = target;
      v.membership[count] = static_cast<std::uint8_t>(seen);
      out_.lead[count] = hits_[rows_[i].lead].ground;
      if (seen == Truth::no) continue;
      ++count;
      sure = sure && seen == Truth::yes;
      ++v.offsets[target + 1];
    }
    for (std::uint32_t target = 0; target < in_.targets; ++target) v.offsets[target + 1] += v.offsets[target];
    v.rows = count;
    shown.resize(count);
    v.membership.resize(sure ? 0 : count);
    v.membership.shrink();
    for (Array<std::uint32_t>* c : {&v.parent, &out_.lead}) {
      c->resize(count);
      c->shrink();
    }
    for (const GroundInput& g : in_.grounds) {
      if (g.unseen == nullptr || g.modality == Modality::must_not) continue;
      if (v.open.empty()) v.open.assign(in_.targets, 0);
      for (std::uint32_t target = 0; target < in_.targets; ++target) v.open[target] |= g.unseen[target];
    }
    if (in_.visible_columns >> col_from == 0) return;   // nobody reads more than that they are there
    v.columns.resize(col_first_param + in_.remedy->params.size());
    show_columns(shown);
  }

  void show_columns(const Array<std::uint32_t>& shown) {
    const RemedyTable& t = out_.table;
    auto column = [&](std::uint32_t c, Kind kind, auto value) {
      if ((in_.visible_columns >> std::min(c, 31u) & 1) == 0) return;
      ColumnArrays& out = out_.visible.columns[c];
      if (kind == Kind::boolean) out.truth.reserve(shown.size());
      else out.lo.reserve(shown.size());
      for (const std::uint32_t row : shown) push_cell(out, value(row), kind);
      out.shrink();
    };
    column(col_from, Kind::date, [&](std::uint32_t row) { return values_.shown_from(t, row); });
    column(col_until, Kind::date, [&](std::uint32_t row) { return values_.shown_until(t, row); });
    column(col_length, Kind::duration, [&](std::uint32_t row) { return values_.shown_length(t, row); });
    for (std::uint32_t p = 0; p < in_.remedy->params.size(); ++p)
      column(col_first_param + p, values_.kind(p), [&](std::uint32_t row) {
        if (!in_.chosen.present() || in_.remedy->chosen_param != p) return values_.shown_param(t, p, row);
        return values_.shown_choice(t, p, row, in_.chosen.at(rows_[row].target), presence_of(rows_[row].target) == facts::Presence::given);
      });
  }

  const RemedyInput& in_;
  bool once_, each_;
  std::vector<const GroundInput*> acts_;     // one ground of each modality, actor and alternative
  std::vector<std::uint32_t> act_of_;        // by position of the ground
  Array<std::uint32_t> ends_;
  Array<Hit> hits_;
  std::size_t reached_ = 0;                  // targets with a hit
  Array<CombinedRow> rows_;
  Array<std::uint8_t> states_;               // Truth, by combined row
  RemedyValues values_;
  RemedyResult out_;
};

}  // namespace

RemedyResult combine_remedy(const RemedyInput& input) { return Combiner(input).run(); }

}  // namespace tiao::engine
