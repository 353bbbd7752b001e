// Rows reached along the hops of a source: candidate lists, distinct paths, joins.
#include <algorithm>

#include "runtime/engine/kernels.hpp"
#include "runtime/engine/truths.hpp"

namespace tiao::engine {
namespace {

// One expansion: walks the hops depth first from each owner.
class Walk {
 public:
  explicit Walk(const ExpandInput& input) : input_(input), path_(input.hops.size() + 1) {
    if (input.keep_path) out_.path.resize(input.hops.size() + 1);
  }

  Expansion run() {
    out_.offsets.reserve(input_.owners + 1);
    out_.offsets.push(0);
    for (std::uint32_t owner = 0; owner < input_.owners; ++owner) {
      owner_ = owner;
      begin(owner);
      if (input_.distinct) merge(out_.offsets.back());
      out_.offsets.push(static_cast<std::uint32_t>(out_.row.size()));
    }
    out_.row.shrink();
    out_.way = ways_.take();
    for (auto& column : out_.path) column.shrink();
    return std::move(out_);
  }

 private:
  void begin(std::uint32_t owner) {
    if (input_.whole != none) {
      if (input_.whole_open) unseen(0);
      for (std::uint32_t row = 0; row < input_.whole; ++row) arrive(0, row, truth_at(input_.whole_membership, row));
      return;
    }
    std::uint32_t row = owner;
    if (input_.start.present() && !named(input_.start, owner, row)) return;
    arrive(0, row, truth_at(input_.start_membership, row));
  }

  // The row that a ref names. A ref that names none opens the owner's set, or puts it in error.
  bool named(const Vec& ref, std::uint32_t from, std::uint32_t& row) {
    const Cell c = ref.at(from);
    if (c.lo == c.hi) {
      row = static_cast<std::uint32_t>(c.lo);
      return true;
    }
    mark(c.lo > c.hi ? 2 : 1);
    if (c.lo <= c.hi) lead_anywhere();
    return false;
  }

  // Rows that we do not know at some element of the path: those at its end lead to no others.
  void unseen(std::size_t depth) {
    mark(1);
    if (depth < input_.hops.size()) lead_anywhere();
  }
  void lead_anywhere() {
    if (out_.elsewhere.empty()) out_.elsewhere.assign(input_.owners, 0);
    out_.elsewhere[owner_] = 1;
  }

  void mark(std::uint8_t what) {
    if (out_.open.empty()) out_.open.assign(input_.owners, 0);
    out_.open[owner_] |= what;
  }

  void arrive(std::size_t depth, std::uint32_t row, Truth way) {
    if (way == Truth::no) return;
    path_[depth] = row;
    if (depth < input_.hops.size()) return hop(depth, row, way);
    out_.row.push(row);
    ways_.push(way);
    if (input_.keep_path)
      for (std::size_t i = 0; i < path_.size(); ++i) out_.path[i].push(path_[i]);
  }

  void hop(std::size_t depth, std::uint32_t from, Truth way) {
    const HopInput& h = input_.hops[depth];
    auto pass = [&](std::uint32_t row, Truth through) {
      arrive(depth + 1, row, scalar::and_(through, truth_at(h.membership, row)));
    };
    switch (h.kind) {
      case HopKind::children:
      case HopKind::linked:
        if (h.open != nullptr && h.open[from] != 0) unseen(depth + 1);
        for (std::uint32_t k = h.offsets[from], u = 0; k < h.offsets[from + 1] || u < h.unknown_count;) {  // both in row order
          const std::uint32_t row = k == h.offsets[from + 1] ? none : h.rows == nullptr ? k : h.rows[k];
          if (u < h.unknown_count && h.unknown_rows[u] < row) pass(h.unknown_rows[u++], scalar::and_(way, Truth::unknown));
          else pass(row, way), ++k;
        }
        break;
      case HopKind::members:
        if (h.open != nullptr && h.open[from] != 0) unseen(depth + 1);
        for (std::uint32_t k = h.offsets[from]; k < h.offsets[from + 1]; ++k) pass(h.rows[k], scalar::and_(way, truth_at(h.member_way, k)));
        break;
      case HopKind::follow:
      case HopKind::parent:
        if (std::uint32_t row = 0; named(h.ref, from, row)) pass(row, way);
        break;
    }
  }

  // Leaves each row of the owner once, in ascending order, its way the `or` of the ways to it.
  void merge(std::size_t first) {
    const std::size_t count = out_.row.size() - first;
    if (count < 2) return;
    scratch_.clear();
    for (std::size_t i = 0; i < count; ++i) scratch_.push(static_cast<std::uint64_t>(out_.row[first + i]) << 8 | static_cast<std::uint64_t>(ways_.at(first + i)));
    std::sort(scratch_.begin(), scratch_.end());
    out_.row.resize(first);
    ways_.cut(first);
    for (std::size_t i = 0; i < count;) {
      const std::uint64_t row = scratch_[i] >> 8;
      Truth way = Truth::no;
      for (; i < count && scratch_[i] >> 8 == row; ++i) way = scalar::or_(way, static_cast<Truth>(scratch_[i] & 3));
      out_.row.push(static_cast<std::uint32_t>(row));
      ways_.push(way);
    }
  }

  const ExpandInput& input_;
  Expansion out_;
  TruthColumn ways_;
  std::vector<std::uint32_t> path_;
  Array<std::uint64_t> scratch_;
  std::uint32_t owner_ = 0;
};

}  // namespace

Candidates Expansion::candidates() const {
  Candidates c;
  c.owners = static_cast<std::uint32_t>(offsets.size()) - 1;
  c.offsets = offsets.data();
  c.row = row.data();
  c.way = way.data();
  c.open = open.data();
  return c;
}

Expansion expand(const ExpandInput& input) { return Walk(input).run(); }

Index expand_index(const ExpandInput& input) {
  Expansion made = expand(input);
  Index index;
  index.offsets = std::move(made.offsets);
  index.rows = std::move(made.row);
  index.way = std::move(made.way);
  index.open = std::move(made.open);
  index.elsewhere = std::move(made.elsewhere);
  return index;
}

DerivedTable build_join(const ExpandInput& input) {
  ExpandInput with_path = input;
  with_path.keep_path = true;
  with_path.distinct = false;
  Expansion made = expand(with_path);
  DerivedTable table;
  table.rows = static_cast<std::uint32_t>(made.row.size());
  table.membership = std::move(made.way);
  table.columns.resize(made.path.size());
  for (std::size_t i = 0; i < made.path.size(); ++i) table.columns[i].row = std::move(made.path[i]);
  if (std::any_of(made.open.begin(), made.open.end(), [](std::uint8_t o) { return (o & 1) != 0; })) table.open.assign(1, 1);
  return table;
}

}  // namespace tiao::engine
