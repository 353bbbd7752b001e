#include "runtime/engine/ranking.hpp"

#include <algorithm>

#include "runtime/engine/close_counts.hpp"
#include "runtime/engine/keys.hpp"
#include "runtime/engine/parts.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::engine {

using scalar::CmpOp;

// --- The ends of values

// Ratios by their quotients.
int Ranking::order(const Quotient& a, const Quotient& b) {
  if (a.den == b.den) return a.num < b.num ? -1 : a.num > b.num ? 1 : 0;
  const auto side = [](std::int64_t v) { return v == neg_inf ? -1 : v == pos_inf ? 1 : 0; };   // of an open end
  if (side(a.num) != 0 || side(b.num) != 0) return side(a.num) - side(b.num);
  return scalar::compare_quotients(a.num, a.den, b.num, b.den);
}

// What is seen of the values of a standing before they are written down.
struct Ranking::Tally {
  std::int64_t least = pos_inf, most = neg_inf;   // of ends that are not open
  std::uint32_t rows = 0, failed = 0;
  bool ranges = false;
  void end(std::int64_t v) {
    if (v != neg_inf) least = std::min(least, v);
    if (v != pos_inf) most = std::max(most, v);
  }
};

namespace {
// Open ends lie under and over all values.
std::uint64_t step_of(std::int64_t end, std::int64_t least, std::uint32_t span) {
  return end == neg_inf ? 0 : end == pos_inf ? std::uint64_t{span} + 1 : static_cast<std::uint64_t>(end - least) + 1;
}
}  // namespace

// Room for the ends; those that are counted are counted one step up, so that count_up() leaves how many lie under each. Of upper ends
// only what differs from the lower ones is counted until then: most are the same.
void Ranking::lay_out(Standing& standing, const Tally& tally) {
  standing.rows = tally.rows;
  standing.failed = tally.failed;
  if (tally.rows == 0) return;
  const bool bounded = tally.least <= tally.most;
  const std::uint64_t beyond = bounded ? static_cast<std::uint64_t>(tally.most) - static_cast<std::uint64_t>(tally.least) : 0;
  const bool close = in_.kind != Kind::ratio && beyond < std::uint64_t{tally.rows} * 4 + 64;
  for (Ladder* ladder : {&standing.low, &standing.high}) {
    if (ladder == &standing.high && !tally.ranges) {
      standing.high = standing.low;
      return;
    }
    if (close) {
      ladder->least = bounded ? tally.least : 0;
      ladder->span = static_cast<std::uint32_t>(beyond + 1);
      ladder->first = counts_.size();
      counts_.resize(counts_.size() + ladder->span + 3);
      std::fill(counts_.begin() + ladder->first, counts_.end(), 0u);
    } else if (in_.kind == Kind::ratio) {
      ladder->first = quotients_.size();
      quotients_.resize(quotients_.size() + tally.rows);
    } else {
      ladder->first = numbers_.size();
      numbers_.resize(numbers_.size() + tally.rows);
    }
  }
}

void Ranking::count_up(Standing& standing) {
  if (standing.rows == 0) return;
  for (const Ladder* ladder : {&standing.low, &standing.high}) {
    if (ladder == &standing.high && standing.high.first == standing.low.first) return;
    if (ladder->span != 0) {
      std::uint32_t* counts = &counts_[ladder->first];
      if (ladder == &standing.low && standing.high.first != standing.low.first) {
        std::uint32_t* upper = &counts_[standing.high.first];
        for (std::uint32_t i = 0; i < ladder->span + 3; ++i) upper[i] += counts[i];
      }
      for (std::uint32_t i = 1; i < ladder->span + 3; ++i) counts[i] += counts[i - 1];
    } else if (in_.kind == Kind::ratio) {
      std::sort(&quotients_[ladder->first], &quotients_[ladder->first] + standing.rows, [](const Quotient& a, const Quotient& b) { return order(a, b) < 0; });
    } else {
      std::sort(&numbers_[ladder->first], &numbers_[ladder->first] + standing.rows);
    }
  }
}

namespace {

// Values of rows: numbers in columns of their own, or any.
struct Numbers {
  const std::int64_t *lo, *hi;
  Cell at(std::uint32_t row) const { return {lo[row], hi[row], 1, 1}; }
  static bool is_error(const Cell& value) { return value.lo > value.hi; }
};
struct Cells {
  const Vec& column;
  Kind kind;
  Cell at(std::uint32_t row) const { return column.at(row); }
  bool is_error(const Cell& value) const { return tiao::is_error(value, kind); }
};

}  // namespace

bool is_number(const Vec& column, Kind kind) {
  return column.lo != nullptr && column.step == 1 && kind != Kind::ratio && kind != Kind::choice && kind != Kind::boolean;
}

// Puts rows in their standings. `each` calls what it is given with a row, its part counted from `first`, and its membership.
template <class Values, class Each>
void Ranking::stand(std::size_t first, std::size_t parts, Values values, Each each) {
  parts_.resize(first + parts);
  std::vector<Tally> tallies(parts * 3);
  each([&](std::uint32_t row, std::size_t part, Truth in) {
    if (in == Truth::no) return;
    Tally& tally = tallies[part * 3 + place(in)];
    const Cell value = values.at(row);
    if (values.is_error(value)) {
      ++tally.failed;
      return;
    }
    ++tally.rows;
    tally.end(value.lo);
    if (value.hi == value.lo && value.hi_den == value.lo_den) return;
    tally.end(value.hi);
    tally.ranges = true;
  });
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    Part& part = parts_[first + i / 3];
    lay_out(part.by[i % 3], tallies[i]);
    part.plain = part.plain && tallies[i].failed == 0 && (i % 3 == 0 || tallies[i].rows == 0);
    tallies[i].rows = 0;   // from here on: how many are written down
  }
  each([&](std::uint32_t row, std::size_t part, Truth in) {
    if (in == Truth::no) return;
    const Cell value = values.at(row);
    const Standing& standing = parts_[first + part].by[place(in)];
    if (values.is_error(value)) return;
    const bool both = standing.high.first != standing.low.first;
    if (standing.low.span != 0) {
      const std::uint64_t at = step_of(value.lo, standing.low.least, standing.low.span) + 1;
      ++counts_[standing.low.first + at];
      if (value.hi == value.lo) return;
      --counts_[standing.high.first + at];
      ++counts_[standing.high.first + step_of(value.hi, standing.high.least, standing.high.span) + 1];
      return;
    }
    const std::uint32_t at = tallies[part * 3 + place(in)].rows++;
    if (in_.kind == Kind::ratio) {
      quotients_[standing.low.first + at] = {value.lo, value.lo_den};
      if (both) quotients_[standing.high.first + at] = {value.hi, value.hi_den};
    } else {
      numbers_[standing.low.first + at] = value.lo;
      if (both) numbers_[standing.high.first + at] = value.hi;
    }
  });
  for (std::size_t p = first; p < first + parts; ++p)
    for (Standing& standing : parts_[p].by) count_up(standing);
}

// How many ends lie under a value, or at it.
inline std::uint32_t Ranking::below(const Ladder& ladder, std::uint32_t rows, std::int64_t num, std::int64_t den, bool or_equal) const {
  if (ladder.span != 0) {
    const std::uint32_t* counts = &counts_[ladder.first];
    const std::uint64_t over = static_cast<std::uint64_t>(num) - static_cast<std::uint64_t>(ladder.least);
    if (num >= ladder.least && over < ladder.span) return counts[over + 1 + (or_equal ? 1 : 0)];
    if (num < ladder.least) return num == neg_inf && !or_equal ? 0 : counts[1];
    return num == pos_inf && or_equal ? rows : counts[ladder.span + 1];
  }
  if (rows == 0) return 0;
  if (in_.kind == Kind::ratio) {
    const Quotient *begin = &quotients_[ladder.first], *end = begin + rows, value{num, den};
    const auto less = [](const Quotient& a, const Quotient& b) { return order(a, b) < 0; };
    return static_cast<std::uint32_t>((or_equal ? std::upper_bound(begin, end, value, less) : std::lower_bound(begin, end, value, less)) - begin);
  }
  const std::int64_t *begin = &numbers_[ladder.first], *end = begin + rows;
  return static_cast<std::uint32_t>((or_equal ? std::upper_bound(begin, end, num) : std::lower_bound(begin, end, num)) - begin);
}

// --- Parts

Ranking::Ranking(const RankInput& input) : in_(input), tuples_(static_cast<std::uint32_t>(input.keys.size())) {
  comparable_ = std::none_of(in_.key_kinds.begin(), in_.key_kinds.end(), [](Kind k) { return k == Kind::ratio; });
  parts_.resize(1);
  if (!comparable_) return;
  index_.keys = in_.keys;
  index_.kinds = in_.key_kinds;
  index_.bounds = in_.key_bounds;
  number_parts(index_, in_.rows, in_.threads, true);
  // Row by row they are needed to find hashed tuples again, and to put together what tuples see that meet unknown keys.
  if (index_.unknown_count != 0 || index_.part_at.empty()) list_parts(index_);
  if (count_all()) return;
  if (is_number(in_.theirs, in_.kind)) stand_all(Numbers{in_.theirs.lo, in_.theirs.hi});
  else stand_all(Cells{in_.theirs, in_.kind});
}

// Where the values of all parts lie close together they are counted in one go; rows that may be in, or are in error, stand apart.
bool Ranking::count_all() {
  const auto parts = static_cast<std::uint32_t>(index_.offsets.size() - 1);
  if (!is_number(in_.theirs, in_.kind) || (in_.in.present() && in_.in.yes == nullptr)) return false;
  CloseCounts counts;
  if (!count_close({in_.rows, parts, index_.parts(), in_.in.yes, in_.in.no, in_.theirs.lo, in_.theirs.hi, in_.least, in_.most, in_.threads}, counts)) return false;
  counts_ = std::move(counts.ends);
  stand(1, parts, Numbers{in_.theirs.lo, in_.theirs.hi}, [&](auto look) {
    for (const std::uint32_t row : counts.others)
      if (const std::uint32_t part = index_.parts()[row]; part != none) look(row, part, in(row));
  });
  const std::size_t width = counts.width();
  for (std::uint32_t p = 0; p < parts; ++p) {
    Part& part = parts_[p + 1];
    Standing& surely = part.by[0];
    surely.rows = counts_[(p + 1) * width - 1];
    surely.failed = counts.failed[p];
    part.plain = part.plain && surely.failed == 0;
    surely.low = surely.high = {counts.least, p * width, counts.span};
    if (counts.ranges) surely.high.first += parts * width;
  }
  return true;
}

// All rows in the parts of their own keys.
template <class Values>
void Ranking::stand_all(Values values) {
  const auto each = [&](auto membership) {
    stand(1, index_.offsets.size() - 1, values, [&](auto look) {
      for (std::uint32_t row = 0; row < in_.rows; ++row)
        if (const std::uint32_t part = index_.parts()[row]; part != none) look(row, part, membership(row));
    });
  };
  if (!in_.in.present()) each([](std::uint32_t) { return Truth::yes; });
  else each([column = in_.in](std::uint32_t row) { return static_cast<Truth>(column.truth_at(row)); });
}

bool Ranking::known(const Cell* keys) const {
  for (std::size_t k = 0; k < in_.keys.size(); ++k)
    if (!is_known(keys[k], in_.key_kinds[k])) return false;
  return comparable_;
}

Truth Ranking::same_keys(std::uint32_t row, const Cell* keys) const {
  Truth same = Truth::yes;
  for (std::size_t k = 0; k < in_.keys.size(); ++k) same = scalar::and_(same, scalar::compare(CmpOp::is, in_.keys[k].at(row), keys[k], in_.key_kinds[k]));
  return same;
}

// The part that a tuple sees.
std::size_t Ranking::part_of(const Cell* keys) {
  if (!known(keys) || index_.unknown_count != 0) return view(keys);
  std::vector<std::int64_t> words(in_.keys.size());
  for (std::size_t k = 0; k < words.size(); ++k) words[k] = keys[k].lo;
  return index_.find(words.data()) + 1u;
}

// Of rows some of which may or may not have the keys: made when it is first asked for.
std::size_t Ranking::view(const Cell* keys) {
  bool fresh = false;
  const std::uint32_t number = tuples_.number(keys, fresh);
  if (!fresh) return views_[number];
  const std::size_t made = parts_.size();
  views_.push(static_cast<std::uint32_t>(made));
  stand(made, 1, Cells{in_.theirs, in_.kind}, [&](auto look) {
    const auto see = [&](std::uint32_t row) { look(row, 0, scalar::and_(in(row), same_keys(row, keys))); };
    if (!known(keys)) {
      for (std::uint32_t row = 0; row < in_.rows; ++row) see(row);
      return;
    }
    std::vector<std::int64_t> words(in_.keys.size());
    for (std::size_t k = 0; k < words.size(); ++k) words[k] = keys[k].lo;
    if (const std::uint32_t part = index_.find(words.data()); part != none)
      for (std::uint32_t i = index_.offsets[part]; i < index_.offsets[part + 1]; ++i) see(index_.rows[i]);
    for (const std::uint32_t row : index_.unknown_rows) see(row);
  });
  return made;
}

// --- Answers

Counts Ranking::count(const Cell* keys, const Cell& ours, std::uint32_t itself) { return count(parts_[part_of(keys)], keys, ours, itself); }

// A row whose range lies wholly on the near side of ours holds, wholly on the far side it does not.
Counts Ranking::count(const Part& part, const Cell* keys, const Cell& ours, std::uint32_t itself) const {
  const bool upwards = in_.op == CmpOp::over || in_.op == CmpOp::at_least;
  const bool equal_holds = in_.op == CmpOp::at_most || in_.op == CmpOp::at_least;
  const bool failed = is_error(ours, in_.kind);
  Counts out;
  const auto count_of = [&](Truth in, Truth condition) -> std::uint32_t& { return out.n[static_cast<std::size_t>(in)][static_cast<std::size_t>(condition)]; };
  for (const Truth in : {Truth::yes, Truth::unknown, Truth::error}) {
    const Standing& standing = part.by[place(in)];
    const std::uint32_t rows = standing.rows;
    count_of(in, Truth::error) = standing.failed + (failed ? rows : 0);
    if (failed || rows == 0) continue;
    // Surely on the lower side of ours, and surely on the upper one.
    const bool lower_equal = upwards ? !equal_holds : equal_holds, upper_equal = upwards ? equal_holds : !equal_holds;
    const std::uint32_t lower = below(standing.high, rows, ours.lo, ours.lo_den, lower_equal);
    const std::uint32_t upper = rows - below(standing.low, rows, ours.hi, ours.hi_den, !upper_equal);
    count_of(in, Truth::yes) = upwards ? upper : lower;
    count_of(in, Truth::no) = upwards ? lower : upper;
    count_of(in, Truth::unknown) = rows - lower - upper;
  }
  if (itself == none) return out;
  const Truth in = scalar::and_(this->in(itself), same_keys(itself, keys));
  if (in == Truth::no) return out;
  --count_of(in, scalar::compare(in_.op, in_.theirs.at(itself), ours, in_.kind));
  ++count_of(in, Truth::yes);
  return out;
}

Cell Ranking::fold(const Cell* keys, const Cell& ours, std::uint32_t itself, const Cell* if_none) { return fold(count(keys, ours, itself), if_none); }

Cell Ranking::fold(const Counts& counts, const Cell* if_none) const {
  FoldState state;
  tiao_fold_begin(&state, in_.fold, static_cast<std::uint32_t>(Kind::boolean), 0);
  for (std::uint32_t in = 0; in < 4; ++in)
    for (std::uint32_t condition = 0; condition < 4; ++condition) {
      const auto member = static_cast<Truth>(in), holds = static_cast<Truth>(condition);
      if (in_.as_filter) fold_rows(state, scalar::and_(member, holds), Truth::yes, counts.n[in][condition]);
      else fold_rows(state, member, holds, counts.n[in][condition]);
    }
  if (in_.open) tiao_fold_open(&state, nullptr);
  Cell out;
  tiao_fold_end(&out, &state, if_none);
  return out;
}

std::size_t Ranking::bytes() const {
  return index_.offsets.bytes() + index_.rows.bytes() + index_.unknown_rows.bytes() + index_.part_of.bytes() + index_.narrow_part_of.bytes() + index_.part_at.bytes() + index_.buckets.bytes() +
         parts_.capacity() * sizeof(Part) + tuples_.bytes() + views_.bytes() + counts_.bytes() + numbers_.bytes() + quotients_.bytes();
}

}  // namespace tiao::engine
