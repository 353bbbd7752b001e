// Rows of one parent with equal known keys. Within a parent there are few rows, so groups are found by looking through those
// already made; only a parent with many rows has its rows sorted.
#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "runtime/engine/keys.hpp"
#include "runtime/engine/kernels.hpp"
#include "runtime/engine/parts.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {
namespace {

constexpr std::uint32_t few = 24, fewer = 8;

// How many bits are set.
constexpr auto bits_of = [] {
  std::array<std::uint8_t, 1u << fewer> counts{};
  for (std::size_t i = 1; i < counts.size(); ++i) counts[i] = static_cast<std::uint8_t>(counts[i / 2] + i % 2);
  return counts;
}();

class GroupBuilder {
 public:
  GroupBuilder(const GroupInput& input, std::uint32_t begin, std::uint32_t end) : in_(input), begin_(begin), end_(end) {
    for (std::size_t k = 0; k < in_.keys.size(); ++k) always_known_ = always_known_ && in_.kinds[k] != Kind::choice && in_.keys[k].lo != nullptr && in_.keys[k].known();
    single_ = always_known_ && in_.keys.size() == 1 ? in_.keys[0].lo : nullptr;
  }

  void run() {
    const std::uint32_t rows = in_.offsets[end_] - in_.offsets[begin_];
    out_.columns.resize(in_.columns);
    out_.offsets.reserve(end_ - begin_ + 1);
    out_.parent.reserve(rows);
    out_.member_offsets.reserve(rows + 1);
    out_.members.reserve(rows);
    first_.reserve(rows);
    if (begin_ == 0) {   // those of the other parts go on from what was before them
      out_.offsets.push(0);
      out_.member_offsets.push(0);
    }
    resume();
    for (std::uint32_t p = begin_; p < end_; ++p) {
      parent(p);
      out_.offsets.push(static_cast<std::uint32_t>(made_));
    }
    if (single_ != nullptr) settle();
  }

  // Takes over the groups of the next parents.
  void append(GroupBuilder& next) {
    DerivedTable& more = next.out_;
    if (ways_kept_ || next.ways_kept_) {
      ways_kept_ = true;
      fill_ways(out_.members.size());
      next.fill_ways(more.members.size());
      engine::append(out_.member_way, more.member_way);
    }
    append_positions(out_.offsets, more.offsets, out_.parent.size());
    append_positions(out_.member_offsets, more.member_offsets, out_.members.size());
    engine::append(out_.parent, more.parent);
    engine::append(out_.members, more.members);
    engine::append(first_, next.first_);
    memberships_.append(next.memberships_);
  }

 private:
  // A row of this parent and the group of this parent that it belongs to.
  static constexpr std::uint32_t out_row = none, loose_row = none - 1;

  bool same_key(std::uint32_t a, std::uint32_t b) const {
    if (single_ != nullptr) return single_[a] == single_[b];
    for (std::size_t k = 0; k < in_.keys.size(); ++k)
      if (key_value(in_.keys[k], in_.kinds[k], a) != key_value(in_.keys[k], in_.kinds[k], b)) return false;
    return true;
  }
  bool key_before(std::uint32_t a, std::uint32_t b) const {
    for (std::size_t k = 0; k < in_.keys.size(); ++k) {
      const std::int64_t x = key_value(in_.keys[k], in_.kinds[k], a), y = key_value(in_.keys[k], in_.kinds[k], b);
      if (x != y) return x < y;
    }
    return a < b;
  }
  KeyState key(std::uint32_t row) const {
    if (always_known_) return KeyState::known;
    KeyState all = KeyState::known;
    for (std::size_t k = 0; k < in_.keys.size(); ++k) all = std::max(all, key_state(in_.keys[k], in_.kinds[k], row));
    return all;
  }

  void parent(std::uint32_t p) {
    const std::uint32_t begin = in_.offsets[p], end = in_.offsets[p + 1];
    if (begin == end) return;
    if (single_ == nullptr) {
      any(p, begin, end);
      made_ = out_.parent.size();
    } else if (!fewer_numbers(p, begin, end - begin)) {
      settle();
      if (end - begin <= few) few_numbers(p, begin, end);
      else any(p, begin, end);
      resume();
    }
  }

  void any(std::uint32_t p, std::uint32_t begin, std::uint32_t end) {
    firsts_.clear();
    loose_.clear();
    of_.resize(end - begin);
    if (end - begin <= few) look_through(begin, end);
    else sort(begin, end);
    if (loose_.empty()) emit_known(p, begin, end);
    else emit_mixed(p, begin, end);
  }

  // Rows by one number: each is compared with each, and no branch depends on what is found. False: it is not known which are in.
  template <std::uint32_t count>
  bool fewer_numbers(std::uint32_t p, std::uint32_t begin) {
    std::uint32_t in = (1u << count) - 1;
    if (in_.membership != nullptr) {
      std::uint32_t open = in = 0;
#pragma GCC unroll 8
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint8_t membership = in_.membership[begin + i];
        in |= static_cast<std::uint32_t>(membership == yes_byte) << i;
        open |= static_cast<std::uint32_t>(membership != yes_byte) & static_cast<std::uint32_t>(membership != no_byte);
      }
      if (open != 0) return false;
    }
    const std::int64_t* const keys = single_ + begin;
    std::uint32_t same[count];   // bits of the rows with the key of a row
#pragma GCC unroll 8
    for (std::uint32_t i = 0; i < count; ++i) {
      same[i] = 1u << i;
#pragma GCC unroll 8
      for (std::uint32_t k = 0; k < i; ++k) {
        const std::uint32_t equal = keys[k] == keys[i];
        same[i] |= equal << k;
        same[k] |= equal << i;
      }
    }
    // What is no first row of a group is written where the next group comes, and what is out behind all members.
    std::uint32_t *const members = members_ + members_made_, *const parents = parents_ + made_, *const firsts = firsts_of_ + made_, *const ends = ends_ + made_;
    std::uint32_t starts[count], taken = 0, groups = 0;
#pragma GCC unroll 8
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t there = in >> i & 1, others = same[i] & in, before = others & ((1u << i) - 1);
      const std::uint32_t first = there & static_cast<std::uint32_t>(before == 0);
      starts[i] = taken;
      taken += bits_of[others] & (0 - first);
      ends[groups] = static_cast<std::uint32_t>(members_made_) + taken;
      parents[groups] = p;
      firsts[groups] = begin + i;
      groups += first;
      const std::uint32_t place = starts[std::countr_zero(others | 1u << i)] + bits_of[before];
      members[there != 0 ? place : count - 1] = begin + i;
    }
    made_ += groups;
    members_made_ += taken;
    return true;
  }
  bool fewer_numbers(std::uint32_t p, std::uint32_t begin, std::uint32_t count) {
    switch (count) {
      case 1: return fewer_numbers<1>(p, begin);
      case 2: return fewer_numbers<2>(p, begin);
      case 3: return fewer_numbers<3>(p, begin);
      case 4: return fewer_numbers<4>(p, begin);
      case 5: return fewer_numbers<5>(p, begin);
      case 6: return fewer_numbers<6>(p, begin);
      case 7: return fewer_numbers<7>(p, begin);
      case 8: return fewer_numbers<8>(p, begin);
      default: return false;
    }
  }

  // Of one number that is always known no row is in two groups: there is room for all. Groups of parents with few rows are written
  // through plain pointers; the arrays have their sizes when one with more rows comes.
  void settle() {
    out_.members.resize(members_made_);
    out_.parent.resize(made_);
    first_.resize(made_);
    out_.member_offsets.resize(made_ + (begin_ == 0));
    memberships_.pad(made_);
  }
  void resume() {
    made_ = out_.parent.size();
    members_made_ = out_.members.size();
    members_ = out_.members.data();
    parents_ = out_.parent.data();
    firsts_of_ = first_.data();
    ends_ = out_.member_offsets.data() + (begin_ == 0);
  }

  // Rows by one number: each group takes its rows out of those that are left.
  void few_numbers(std::uint32_t p, std::uint32_t begin, std::uint32_t end) {
    std::uint32_t left = (1u << (end - begin)) - 1;
    if (in_.membership != nullptr)
      for (std::uint32_t row = begin; row < end; ++row) left &= ~(static_cast<std::uint32_t>(in_.membership[row] == no_byte) << (row - begin));
    while (left != 0) {
      const std::uint32_t first = begin + static_cast<std::uint32_t>(std::countr_zero(left));
      const std::int64_t key = single_[first];
      Truth membership = truth_at(in_.membership, first);
      out_.members.push(first);
      left &= left - 1;
      for (std::uint32_t others = left; others != 0; others &= others - 1) {
        const std::uint32_t row = begin + static_cast<std::uint32_t>(std::countr_zero(others));
        if (single_[row] != key) continue;
        out_.members.push(row);
        membership = scalar::or_(membership, truth_at(in_.membership, row));
        left &= ~(1u << (row - begin));
      }
      close(p, first, membership);
    }
  }

  // Fills of_ and firsts_ (the groups in order of their first rows), and loose_ (rows without a known key).
  void look_through(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t row = begin; row < end; ++row) {
      if (!sort_out(begin, row)) continue;
      std::uint32_t g = 0;
      while (g < firsts_.size() && !same_key(firsts_[g], row)) ++g;
      if (g == firsts_.size()) firsts_.push(row);
      of_[row - begin] = g;
    }
  }

  bool sort_out(std::uint32_t begin, std::uint32_t row) {
    of_[row - begin] = out_row;
    if (truth_at(in_.membership, row) == Truth::no) return false;
    if (key(row) == KeyState::known) return true;
    of_[row - begin] = loose_row;
    loose_.push(row);
    return false;
  }

  void sort(std::uint32_t begin, std::uint32_t end) {
    order_.clear();
    for (std::uint32_t row = begin; row < end; ++row)
      if (sort_out(begin, row)) order_.push(row);
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) { return key_before(a, b); });
    for (std::size_t i = 0; i < order_.size(); ++i)
      if (i == 0 || !same_key(order_[i - 1], order_[i])) firsts_.push(order_[i]);
    std::sort(firsts_.begin(), firsts_.end());
    for (std::uint32_t g = 0; g < firsts_.size(); ++g) of_[firsts_[g] - begin] = g;
    std::uint32_t g = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i == 0 || !same_key(order_[i - 1], order_[i])) g = of_[order_[i] - begin];
      of_[order_[i] - begin] = g;
    }
  }

  void emit_known(std::uint32_t p, std::uint32_t begin, std::uint32_t end) {
    const auto groups = static_cast<std::uint32_t>(firsts_.size());
    const auto base = static_cast<std::uint32_t>(out_.members.size());
    next_.assign(groups, 0);
    membership_.assign(groups, no_byte);
    for (std::uint32_t row = begin; row < end; ++row) {
      const std::uint32_t g = of_[row - begin];
      if (g == out_row) continue;
      ++next_[g];
      membership_[g] = static_cast<std::uint8_t>(scalar::or_(static_cast<Truth>(membership_[g]), truth_at(in_.membership, row)));
    }
    std::uint32_t position = base;
    for (std::uint32_t g = 0; g < groups; ++g) {
      const std::uint32_t count = next_[g];
      next_[g] = position;
      position += count;
      out_.parent.push(p);
      first_.push(firsts_[g]);
      memberships_.push(static_cast<Truth>(membership_[g]));
      out_.member_offsets.push(position);
    }
    out_.members.resize(position);
    for (std::uint32_t row = begin; row < end; ++row)
      if (const std::uint32_t g = of_[row - begin]; g != out_row) out_.members[next_[g]++] = row;
    if (ways_kept_) fill_ways(position);
  }

  // Rows without a known key are in every group of their parent, undecided: also in those that others of them have of their own.
  void emit_mixed(std::uint32_t p, std::uint32_t begin, std::uint32_t end) {
    if (!ways_kept_) {
      ways_kept_ = true;
      out_.member_way.reserve(out_.members.size() + (end - begin));
      fill_ways(out_.members.size());
    }
    for (std::uint32_t g = 0; g < firsts_.size(); ++g) {
      Truth membership = Truth::no;
      for (std::uint32_t row = begin; row < end; ++row) {
        const std::uint32_t of = of_[row - begin];
        if (of != g && of != loose_row) continue;
        const Truth way = of == g ? Truth::yes : loose_way(row);
        out_.members.push(row);
        out_.member_way.push(static_cast<std::uint8_t>(way));
        membership = scalar::or_(membership, scalar::and_(way, truth_at(in_.membership, row)));
      }
      close(p, firsts_[g], membership);
    }
    for (const std::uint32_t first : loose_) {
      Truth membership = Truth::no;
      for (const std::uint32_t row : loose_) {
        const Truth way = loose_way(row);
        out_.members.push(row);
        out_.member_way.push(static_cast<std::uint8_t>(way));
        membership = scalar::or_(membership, scalar::and_(way, truth_at(in_.membership, row)));
      }
      close(p, first, membership);
    }
  }

  Truth loose_way(std::uint32_t row) const { return key(row) == KeyState::error ? Truth::error : Truth::unknown; }
  void close(std::uint32_t p, std::uint32_t first, Truth membership) {
    out_.parent.push(p);
    first_.push(first);
    memberships_.push(membership);
    out_.member_offsets.push(static_cast<std::uint32_t>(out_.members.size()));
  }
  void fill_ways(std::size_t size) {
    while (out_.member_way.size() < size) out_.member_way.push(yes_byte);
  }

 public:
  DerivedTable finish() {
    out_.rows = static_cast<std::uint32_t>(out_.parent.size());
    out_.parent.shrink();
    out_.member_offsets.shrink();
    out_.members.shrink();
    out_.member_way.shrink();
    out_.membership = memberships_.take();
    for (std::size_t k = 0; k < in_.keys.size(); ++k)
      if ((in_.columns_read >> std::min<std::size_t>(k + 1, 31) & 1) != 0) copy_key(in_.keys[k], out_.columns[k + 1]);
    if (in_.open != nullptr) {
      out_.open.resize(in_.parents);
      std::copy_n(in_.open, in_.parents, out_.open.begin());
    }
    return std::move(out_);
  }

 private:
  void copy_key(const Vec& from, ColumnArrays& to) {
    const std::uint32_t rows = out_.rows;
    auto gather = [&](const auto* source, auto& target) {
      target.resize(rows);
      for (std::uint32_t g = 0; g < rows; ++g) target[g] = source[first_[g]];
    };
    for (std::uint32_t g = 0; from.yes != nullptr && g < rows; ++g) to.truth.push_back(from.truth_at(first_[g]));
    if (from.narrow != nullptr) gather(from.narrow, to.lo);
    if (from.row != nullptr) gather(from.row, to.row);
    if (from.lo == nullptr) return;
    gather(from.lo, to.lo);
    if (from.known()) return;
    gather(from.hi, to.hi);
    if (std::equal(to.lo.begin(), to.lo.end(), to.hi.begin())) to.hi = Array<std::int64_t>();
  }

  const GroupInput& in_;
  std::uint32_t begin_, end_;                           // parents
  bool always_known_ = true, ways_kept_ = false;
  const std::int64_t* single_ = nullptr;
  DerivedTable out_;
  TruthColumn memberships_;
  // Where rows are written while nothing is pushed, and how many groups and members there are by then.
  std::uint32_t *members_ = nullptr, *parents_ = nullptr, *firsts_of_ = nullptr, *ends_ = nullptr;
  std::size_t made_ = 0, members_made_ = 0;
  Array<std::uint32_t> first_;                          // per group: the row whose key it has
  Array<std::uint32_t> firsts_, loose_, of_, order_, next_;
  Array<std::uint8_t> membership_;
};

}  // namespace

DerivedTable build_group(const GroupInput& input) {
  const std::uint32_t parts = parts_of(input.offsets[input.parents], input.threads);
  std::vector<std::unique_ptr<GroupBuilder>> builders;
  std::uint32_t begin = 0;
  for (std::uint32_t p = 0; p < parts; ++p) {   // with as many rows each
    const std::uint32_t until = part_start(input.offsets[input.parents], parts, p + 1);
    const auto end = p + 1 == parts ? input.parents : static_cast<std::uint32_t>(std::lower_bound(input.offsets + begin, input.offsets + input.parents, until) - input.offsets);
    builders.push_back(std::make_unique<GroupBuilder>(input, begin, end));
    begin = end;
  }
  at_once(parts, [&](std::uint32_t p) { builders[p]->run(); });
  for (std::uint32_t p = 1; p < parts; ++p) {
    builders[0]->append(*builders[p]);
    builders[p].reset();
  }
  return builders[0]->finish();
}

}  // namespace tiao::engine
