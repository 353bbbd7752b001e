// Many rows that ask for their rank at once.
#include <algorithm>
#include <bit>

#include "runtime/engine/keys.hpp"
#include "runtime/engine/parts.hpp"
#include "runtime/engine/ranking.hpp"
#include "runtime/value/wide_loops.hpp"

namespace tiao::engine {

using scalar::CmpOp;

namespace {

constexpr std::uint32_t fold_count = 0, fold_share = 8;   // as core::FoldKind

bool upwards(CmpOp op) { return op == CmpOp::over || op == CmpOp::at_least; }
// A row of a part for which the ends of its value say all: by the row's part and what it may be for itself, four each, from which lower end
// on and under which upper end its bits are set. The third result: rows in error.
struct AnswerWord {
  template <class Part>
  [[gnu::always_inline]] static inline std::uint64_t run(const Part* part_of, const std::int64_t* lo, const std::int64_t* hi, const std::int64_t* froms, const std::int64_t* untils,
                                                        std::uint64_t in, std::uint64_t* from_bits, std::uint64_t* until_bits) {
    std::uint8_t from[64], until[64], error[64];   // 0 or 1
    for (std::uint32_t i = 0; i < 64; ++i) {
      const std::uint64_t counted = in >> i & 1, ranged = static_cast<std::uint64_t>(lo[i] != hi[i]);
      const std::uint64_t at = std::uint64_t{part_of[i]} * 4 + (counted + (counted & ranged));
      from[i] = static_cast<std::uint8_t>(lo[i] >= froms[at]);
      until[i] = static_cast<std::uint8_t>(hi[i] < untils[at]);
      error[i] = static_cast<std::uint8_t>(lo[i] > hi[i]);
    }
    const std::uint64_t failed = bits_of_bytes(error);
    *from_bits = bits_of_bytes(from) & ~failed;
    *until_bits = bits_of_bytes(until) & ~failed;
    return failed;
  }
};

bool has_order(CmpOp op) { return upwards(op) || op == CmpOp::under || op == CmpOp::at_most; }

}  // namespace

class RankAnswers {
 public:
  RankAnswers(Ranking& ranking, const RankQuestion& question)
      : all_(ranking), q_(question), upwards_(upwards(ranking.in_.op)),
        equal_below_(ranking.in_.op == CmpOp::at_most || ranking.in_.op == CmpOp::over),
        equal_above_(ranking.in_.op == CmpOp::at_least || ranking.in_.op == CmpOp::under),
        counted_(!ranking.in_.open && (ranking.in_.fold == fold_count || ranking.in_.fold == fold_share)),
        bound_(question.bound.present() ? question.bound.at(0) : Cell{}), keys_(ranking.in_.keys.size()) {
    if (q_.own_keys && all_.comparable_ && all_.index_.unknown_count != 0) seen_by_.assign(all_.parts_.size(), none);
    cuts_.resize(all_.parts_.size());
    bounded_ = q_.bound.present();
    sharp_ = bounded_ && has_order(q_.op) && is_known(bound_, q_.bound_kind);
  }

  void run() {
    if (by_value()) {
      cut_values();
      run_by_value();
      return;
    }
    for (std::uint32_t first = 0; first < q_.rows; first += 64) {
      const std::uint32_t count = std::min(64u, q_.rows - first);
      std::uint64_t yes = 0, no = 0;
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto truth = static_cast<unsigned>(answer(first + i));
        yes |= std::uint64_t{truth & 1} << i;
        no |= std::uint64_t{truth >> 1} << i;
      }
      if (q_.to.yes == nullptr) continue;
      q_.to.yes[first / 64] = yes;
      q_.to.no[first / 64] = no;
    }
  }

 private:
  // --- Rows that ask for a truth about their own value among those with their own keys
  //
  // Whether enough rows lie on one side of a value, for sure or possibly, changes once when the value rises. So each part has two
  // values at which the answer changes, for each thing that a row may be for itself: not counted, counted with a known value,
  // counted with a range.

  enum Self : std::uint8_t { not_counted, counted_known, counted_range };
  struct ValueCut {
    std::int64_t from = 0, until = 0;    // lower ends from here on, upper ends under this
  };
  struct PartCut {
    bool set = false;
    ValueCut by[3];
  };

  bool by_value() const {
    const Vec& theirs = all_.in_.theirs;
    return counted_ && sharp_ && q_.to.yes != nullptr && q_.own_keys && all_.comparable_ && seen_by_.empty() && is_number(q_.ours, all_.in_.kind) &&
           (q_.own_row ? theirs.lo == q_.ours.lo && theirs.hi == q_.ours.hi && theirs.step == 1 : !q_.itself.present());
  }

  void cut_values() {
    value_cuts_.resize(all_.parts_.size());
    for (std::size_t p = 1; p < all_.index_.offsets.size(); ++p) {
      const Ranking::Standing& standing = all_.parts_[p].by[0];
      if (!all_.parts_[p].plain || standing.rows < q_.worth_cutting) continue;
      const Cut& cut = cut_of(p, standing.rows);
      if (cut.state != Cut::set) continue;
      PartCut& made = value_cuts_[p];
      made.set = true;
      for (const Self self : {not_counted, counted_known, counted_range}) made.set = made.set && cut_values(standing, cut.at, self, made.by[self]);
    }
  }

  // False: the answer is the same for all lower ends, or for all upper ones.
  bool cut_values(const Ranking::Standing& standing, std::int64_t at, Self self, ValueCut& made) const {
    std::int64_t more_sure = 0, more_possible = 0;   // of itself, as in find()
    if (q_.own_row && self != not_counted) {
      const Truth holds = self == counted_known ? holds_for_equal() : Truth::unknown;
      more_sure = holds != Truth::yes;
      more_possible = holds == Truth::no;
    }
    const std::int64_t rows = standing.rows;
    const std::int64_t lower = upwards_ ? rows + more_possible - at + 1 : at - more_sure, upper = upwards_ ? rows + more_sure - at + 1 : at - more_possible;
    const auto below_lower = [&](std::int64_t end) { return std::int64_t{all_.below(standing.high, standing.rows, end, 1, equal_below_)}; };
    const auto below_upper = [&](std::int64_t end) { return std::int64_t{all_.below(standing.low, standing.rows, end, 1, !equal_above_)}; };
    if (below_lower(pos_inf) < lower || below_upper(pos_inf) < upper) return false;
    made.from = first_that(below_lower, lower);
    made.until = first_that(below_upper, upper);
    return true;
  }

  // The least value for which the count is reached, which it is for the greatest.
  template <class Count>
  static std::int64_t first_that(const Count& count, std::int64_t reached) {
    std::int64_t from = neg_inf, to = pos_inf;
    while (from < to) {
      const auto middle = static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + (static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) / 2);
      if (count(middle) >= reached) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  // Several threads take rows that follow one another; what needs more than the values at which its part turns is left for later.
  void run_by_value() {
    const bool all_cut = std::all_of(value_cuts_.begin() + 1, value_cuts_.begin() + static_cast<std::ptrdiff_t>(all_.index_.offsets.size()), [](const PartCut& c) { return c.set; });
    const std::uint32_t words = (q_.rows + 63) / 64, sections = parts_of(q_.rows, q_.threads);
    std::vector<Array<std::uint32_t>> later(sections);
    Array<std::int64_t> froms, untils;   // as AnswerWord has them
    const bool wide = all_cut && all_.index_.unknown_count == 0;
    for (std::size_t p = 1; wide && p < all_.index_.offsets.size(); ++p)
      for (std::uint32_t self = 0; self < 4; ++self) {
        const ValueCut& cut = value_cuts_[p].by[self % 3];
        froms.push(cut.from);
        untils.push(cut.until);
      }
    at_once(sections, [&](std::uint32_t s) {
      std::uint32_t first = part_start(words, sections, s);
      const std::uint32_t end = part_start(words, sections, s + 1), full = std::min(end, q_.rows / 64);
      for (; wide && first < full; ++first) answer_word(first, froms.data(), untils.data(), later[s]);
      run_words(first, end, later[s]);
    });
    for (const Array<std::uint32_t>& rows : later)
      for (const std::uint32_t row : rows) {
        const auto truth = static_cast<unsigned>(answer(row));
        q_.to.yes[row / 64] |= std::uint64_t{truth & 1} << row % 64;
        q_.to.no[row / 64] |= std::uint64_t{truth >> 1} << row % 64;
      }
  }

  void answer_word(std::uint32_t word, const std::int64_t* froms, const std::int64_t* untils, Array<std::uint32_t>& later) const {
    const bool yes_from = upwards(q_.op) != upwards_;
    const std::uint32_t first = word * 64;
    std::uint64_t from = 0, until = 0;
    const auto answered = [&](const auto* part_of) {
      return WideLoop<AnswerWord>::call(part_of + first, q_.ours.lo + first, q_.ours.hi + first, froms, untils, all_in(word), &from, &until);
    };
    const PartNumbers parts = all_.index_.parts();
    std::uint64_t failed = parts.narrow != nullptr ? answered(parts.narrow) : answered(parts.wide);
    q_.to.yes[word] = yes_from ? from : until;
    q_.to.no[word] = yes_from ? until : from;
    for (; failed != 0; failed &= failed - 1) later.push(first + static_cast<std::uint32_t>(std::countr_zero(failed)));
  }

  void run_words(std::uint32_t first_word, std::uint32_t end_word, Array<std::uint32_t>& later) const {
    // From a lower end on there are enough below it for sure, or, upwards, too few above it even possibly.
    const bool yes_from = upwards(q_.op) != upwards_;
    const PartCut* const cuts = value_cuts_.data() + 1;
    const PartNumbers parts = all_.index_.parts();
    for (std::uint32_t word = first_word; word < end_word; ++word) {
      const std::uint32_t first = word * 64, count = std::min(64u, q_.rows - first);
      const std::uint64_t in = all_in(word);
      std::uint64_t from = 0, until = 0;
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t row = first + i, part = parts[row];
        const std::int64_t lo = q_.ours.lo[row], hi = q_.ours.hi[row];
        if (part == none || !cuts[part].set || lo > hi) {
          later.push(row);
          continue;
        }
        const ValueCut& cut = cuts[part].by[(in >> i & 1) == 0 ? not_counted : lo == hi ? counted_known : counted_range];
        from |= std::uint64_t{lo >= cut.from} << i;
        until |= std::uint64_t{hi < cut.until} << i;
      }
      q_.to.yes[word] = yes_from ? from : until;
      q_.to.no[word] = yes_from ? until : from;
    }
  }

  // Of 64 rows those that are surely in.
  std::uint64_t all_in(std::uint32_t word) const {
    const Vec& in = all_.in_.in;
    if (!in.present()) return ~std::uint64_t{0};
    if (in.yes != nullptr) return in.yes[word] & ~in.no[word];
    std::uint64_t out = 0;
    for (std::uint32_t i = 0; i < 64 && word * 64 + i < q_.rows; ++i) out |= std::uint64_t{all_.in(word * 64 + i) == Truth::yes} << i;
    return out;
  }

  // --- Any others

  // Of a part of which all rows are in and none is in error: of so many rows, the condition holds for at least `sure`, at most `possible`.
  struct Place { std::uint32_t rows = 0, sure = 0, possible = 0; };
  // From so many rows on (or up to so many) the bound is met.
  struct Cut { enum : std::uint8_t { unset, set, none_such } state = unset; std::uint32_t at = 0; };

  // What is not a truth is written where it belongs.
  Truth answer(std::uint32_t row) {
    const std::size_t part = part_of(row);
    Place place;
    if (!counted_ || !find(row, part, place)) return finish(row, slowly(row, part));
    if (!sharp_) return finish(row, value(place.sure, place.possible, place.rows));
    const Cut& cut = cut_of(part, place.rows);
    if (cut.state == Cut::none_such) return finish(row, value(place.sure, place.possible, place.rows));
    const bool over = place.sure >= cut.at, under = place.possible < cut.at;
    return (upwards(q_.op) ? over : under) ? Truth::yes : (upwards(q_.op) ? under : over) ? Truth::no : Truth::unknown;
  }

  Truth finish(std::uint32_t row, const Cell& value) {
    if (bounded_) return compare(value);
    if (q_.to.yes != nullptr) return static_cast<Truth>(value.lo);
    q_.to.lo[row] = value.lo;
    q_.to.hi[row] = value.hi;
    if (q_.to.lo_den == nullptr) return Truth::unknown;
    q_.to.lo_den[row] = value.lo_den;
    q_.to.hi_den[row] = value.hi_den;
    return Truth::unknown;
  }

  Truth compare(const Cell& value) const {
    if (q_.bound_kind == Kind::percent) return scalar::compare_ratio(q_.op, value, bound_, true, q_.bound_scale);
    return scalar::compare(q_.op, value, bound_, q_.bound_kind);
  }

  Cell value(std::int64_t sure, std::int64_t possible, std::int64_t rows) const {
    return all_.in_.fold == fold_share ? Cell{sure, possible, rows, rows} : between(sure, possible);
  }

  void read_keys(std::uint32_t row) {
    for (std::size_t k = 0; k < keys_.size(); ++k) keys_[k] = (q_.own_keys ? all_.in_.keys[k] : q_.keys[k]).at(row);
  }

  std::size_t part_of(std::uint32_t row) {
    const std::uint32_t own = q_.own_keys && all_.comparable_ ? all_.index_.parts()[row] : none;
    if (own == none) {
      read_keys(row);
      return all_.part_of(keys_.data());
    }
    if (seen_by_.empty()) return own + 1u;
    std::uint32_t& seen = seen_by_[own];
    if (seen == none) {
      read_keys(row);
      seen = static_cast<std::uint32_t>(all_.view(keys_.data()));
    }
    return seen;
  }

  std::uint32_t itself(std::uint32_t row) const {
    if (q_.own_row || !q_.itself.present()) return q_.own_row ? row : none;
    return static_cast<std::uint32_t>(q_.itself.at(row).lo);
  }

  bool find(std::uint32_t row, std::size_t number, Place& place) const {
    const Ranking::Part& part = all_.parts_[number];
    const Ranking::Standing& standing = part.by[0];
    const Cell ours = q_.ours.at(row);
    if (!part.plain || standing.rows == 0 || is_error(ours, all_.in_.kind)) return false;
    place.rows = standing.rows;
    const std::uint32_t lower = all_.below(standing.high, place.rows, ours.lo, ours.lo_den, equal_below_);
    const std::uint32_t not_upper = all_.below(standing.low, place.rows, ours.hi, ours.hi_den, !equal_above_);
    place.sure = upwards_ ? place.rows - not_upper : lower;
    place.possible = upwards_ ? place.rows - lower : not_upper;
    const std::uint32_t self = itself(row);
    if (self == none) return true;
    const bool same = q_.own_keys && q_.own_row;
    if (!same && number >= all_.index_.offsets.size()) return false;   // a view: whether it is among these is another question
    if (all_.in(self) != Truth::yes || (!same && all_.index_.parts()[self] + 1u != number)) return true;
    const Truth holds = holds_for(self, ours);
    place.sure += holds != Truth::yes;
    place.possible += holds == Truth::no;
    return true;
  }

  // Of a known value against itself.
  Truth holds_for_equal() const { return (upwards_ ? equal_above_ : equal_below_) ? Truth::yes : (upwards_ ? equal_below_ : equal_above_) ? Truth::no : Truth::unknown; }

  Truth holds_for(std::uint32_t self, const Cell& ours) const {
    const Cell theirs = all_.in_.theirs.at(self);
    if (all_.in_.kind == Kind::ratio) return scalar::compare(all_.in_.op, theirs, ours, Kind::ratio);
    const bool lower = equal_below_ ? theirs.hi <= ours.lo : theirs.hi < ours.lo, upper = equal_above_ ? theirs.lo >= ours.hi : theirs.lo > ours.hi;
    return (upwards_ ? upper : lower) ? Truth::yes : (upwards_ ? lower : upper) ? Truth::no : Truth::unknown;
  }

  Cell slowly(std::uint32_t row, std::size_t part) {
    read_keys(row);
    const Counts counts = all_.count(all_.parts_[part], keys_.data(), q_.ours.at(row), itself(row));
    const Cell if_none = q_.if_none.present() ? q_.if_none.at(row) : Cell{};
    return all_.fold(counts, q_.if_none.present() ? &if_none : nullptr);
  }

  // With more rows the bound is met from some number on, or no longer.
  const Cut& cut_of(std::size_t part, std::uint32_t rows) {
    if (part >= cuts_.size()) cuts_.resize(all_.parts_.size());
    Cut& cut = cuts_[part];
    if (cut.state != Cut::unset) return cut;
    cut.state = Cut::set;
    std::uint32_t from = 0, to = rows + 1;
    while (from < to) {
      const std::uint32_t middle = from + (to - from) / 2;
      const Truth met = compare(value(middle, middle, rows));
      if (met != Truth::yes && met != Truth::no) {
        cut.state = Cut::none_such;
        return cut;
      }
      if ((met == Truth::yes) == upwards(q_.op)) to = middle;
      else from = middle + 1;
    }
    cut.at = from;
    return cut;
  }

  Ranking& all_;
  const RankQuestion& q_;
  const bool upwards_;
  // A value equal to ours is on the lower side; on the upper one.
  const bool equal_below_, equal_above_;
  const bool counted_;
  const Cell bound_;
  bool bounded_ = false, sharp_ = false;
  std::vector<Cell> keys_;
  Array<std::uint32_t> seen_by_;         // by part: what its keys see, where some rows have keys that are not known
  std::vector<Cut> cuts_;                // by part
  std::vector<PartCut> value_cuts_;      // by part
};

void Ranking::answer(const RankQuestion& question) { RankAnswers(*this, question).run(); }

}  // namespace tiao::engine
