// The tables of one run, as columns. Facts are borrowed and never copied; what strata yield is owned, and freed as soon as no
// later step needs it. Everything a row kernel may read or write is reachable through one flat table of plain pointers
// (`slots`), whose numbering depends on the schema and the plan alone, so that compiled code can be kept on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/engine/array.hpp"
#include "runtime/facts/tables.hpp"
#include "runtime/program/schema.hpp"
#include "runtime/value/bit_pairs.hpp"
#include "runtime/value/value.hpp"

namespace tiao::engine {

// A view of the values of one column, or of one expression over candidate rows. What is absent is null.
//   boolean: yes and no, planes of bits (of candidates: truth, a byte each).   choice: lo (masks), hi == lo, or narrow masks.   ratio: all four.   others: lo and hi; hi == lo when every row is known.
//   refs of derived tables that are always known: row, 32 bits wide, instead of lo and hi.
struct Vec {
  const std::uint64_t *yes = nullptr, *no = nullptr;
  const std::uint8_t *truth = nullptr, *narrow = nullptr;
  const std::int64_t* lo = nullptr;
  const std::int64_t* hi = nullptr;
  const std::int64_t* lo_den = nullptr;
  const std::int64_t* hi_den = nullptr;
  const std::uint32_t* row = nullptr;
  std::uint32_t step = 1;             // 0: one value for all rows
  bool present() const { return lo != nullptr || narrow != nullptr || yes != nullptr || truth != nullptr || row != nullptr; }
  std::uint8_t truth_at(std::uint32_t i) const {
    if (yes == nullptr) return truth[static_cast<std::size_t>(i) * step];
    return static_cast<std::uint8_t>((yes[i / 64] >> i % 64 & 1) | (no[i / 64] >> i % 64 & 1) << 1);
  }
  bool known() const { return hi == lo; }
  Cell at(std::uint32_t i) const {
    const std::size_t k = static_cast<std::size_t>(i) * step;
    if (lo != nullptr) return {lo[k], hi[k], lo_den != nullptr ? lo_den[k] : 1, hi_den != nullptr ? hi_den[k] : 1};
    if (narrow != nullptr) return tiao::known(narrow[k]);
    if (row != nullptr) return row[k] == none ? Cell{neg_inf, pos_inf, 1, 1} : tiao::known(row[k]);
    return tiao::known(truth_at(i));
  }
};

// Where answers of a fold go, one per row that asks: truths as planes of whole lines; of ratios all four ends.
struct FoldAnswers {
  std::uint64_t *yes = nullptr, *no = nullptr;
  std::int64_t *lo = nullptr, *hi = nullptr, *lo_den = nullptr, *hi_den = nullptr;
};

// The row that a ref names; none: it is not known.
inline std::uint32_t named_row(const Vec& ref, std::uint32_t row) {
  if (ref.row != nullptr) return ref.row[row];
  return ref.lo[row] == ref.hi[row] ? static_cast<std::uint32_t>(ref.lo[row]) : none;
}

// The arrays behind one column of a derived table or of a computed column. hi empty: every value known.
struct ColumnArrays {
  BitPairs truth;
  Array<std::int64_t> lo, hi, lo_den, hi_den;
  Array<std::uint32_t> row;
  void push(const Cell& c, bool is_ratio = false) {
    const bool is_range = c.lo != c.hi || (is_ratio && c.lo_den != c.hi_den);
    if (hi.empty() && is_range) {
      hi.reserve(lo.size() + 1);
      for (std::size_t i = 0; i < lo.size(); ++i) hi.push(lo[i]);
    }
    lo.push(c.lo);
    if (!hi.empty() || is_range) hi.push(c.hi);
    if (is_ratio) { lo_den.push(c.lo_den); hi_den.push(c.hi_den); }
  }
  Vec view() const {
    Vec v;
    v.yes = truth.empty() ? nullptr : truth.first();
    v.no = truth.empty() ? nullptr : truth.second();
    v.lo = lo.data();
    v.hi = hi.empty() ? lo.data() : hi.data();
    v.lo_den = lo_den.empty() ? nullptr : lo_den.data();
    v.hi_den = hi_den.empty() ? v.lo_den : hi_den.data();
    v.row = row.data();
    return v;
  }
  void shrink() { truth.shrink(); lo.shrink(); hi.shrink(); lo_den.shrink(); hi_den.shrink(); row.shrink(); }
  std::size_t bytes() const { return truth.bytes() + lo.bytes() + hi.bytes() + lo_den.bytes() + hi_den.bytes() + row.bytes(); }
};

// What a table-building kernel yields: rows of a derived entity, gathered under their parents.
struct DerivedTable {
  std::uint32_t rows = 0;
  Array<std::uint32_t> parent;        // parent (owner, target) row of each row; empty: join
  Array<std::uint32_t> offsets;       // per parent row + 1
  Array<std::uint8_t> membership;     // Truth; empty: every row is in
  Array<std::uint8_t> open;           // per parent row; empty: none is open
  std::vector<ColumnArrays> columns;  // by ColumnId; the parent column stays empty (Store serves it from `parent`)
  // groups: the member rows of row g are members[member_offsets[g] .. member_offsets[g + 1])
  Array<std::uint32_t> member_offsets, members;
  Array<std::uint8_t> member_way;     // per position: Truth of belonging to the group; `and` with the member's own membership. empty: yes
};

// --- Slots ------------------------------------------------------------------------------------------------------------------
// Each is one pointer, null where there is nothing. `hi` is the same pointer as `lo` when every value is known, so generated
// code may load both blindly or choose a loop by comparing the pointers.

//   bytes: where the kernel that makes a Boolean column leaves a byte a row, before these become bits
enum class ColumnPlane : std::uint8_t { yes, no, bytes, lo, hi, lo_den, hi_den, row };
enum class EntityPlane : std::uint8_t {
  rows,            // const uint32_t*, the number of rows
  membership,      // uint8_t* Truth; null: every row is in
  parent,          // uint32_t*, made on demand for registers (Store::need_parent)
  offsets,         // uint32_t*: rows offsets[p] .. offsets[p + 1] are the children of parent row p
  open,            // uint8_t* per parent row, 1: may hold rows we do not know; null: none does
  member_offsets, members, member_way,   // groups
  population_open, // const uint8_t*, 1: the whole population may hold rows we do not know; never null
};
// An index is a set of rows per key: reverse link, partition or distinct path. See Store::add_*.
enum class IndexPlane : std::uint8_t {
  offsets,         // uint32_t*: positions offsets[k] .. offsets[k + 1] belong to key k
  rows,            // uint32_t*: the row at a position
  way,             // uint8_t* Truth per position, the membership of the rows passed (and of the row); null: not computed / all yes
  open,            // uint8_t* per key; null: none
  unknown_count,   // const uint32_t*: number of rows whose key is not known: of membership unknown under every key
  unknown_rows,    // uint32_t*
  part_of,         // uint32_t*, partitions: key number of each row of the indexed entity; `none` where the row's key is not known
};

// Numbering of slots: column planes by entity and column, entity planes, index planes, temporaries, and then the cells of the
// parameters (one pointer to Cell each).
class SlotLayout {
 public:
  SlotLayout() = default;
  SlotLayout(const Schema& schema, std::uint32_t indexes, std::uint32_t temporaries);
  std::uint32_t column(EntityId e, ColumnId c, ColumnPlane p) const { return first_column_[e] + c * column_planes + static_cast<std::uint32_t>(p); }
  std::uint32_t entity(EntityId e, EntityPlane p) const { return first_column_[e] - 16 + static_cast<std::uint32_t>(p); }
  std::uint32_t index(std::uint32_t i, IndexPlane p) const { return first_index_ + i * 8 + static_cast<std::uint32_t>(p); }
  std::uint32_t temporary(std::uint32_t t) const { return first_temporary_ + t; }
  std::uint32_t parameter(std::uint32_t p) const { return first_parameter_ + p; }
  std::uint32_t indexes() const { return indexes_; }
  std::uint32_t temporaries() const { return temporaries_; }
  std::uint32_t size() const { return size_; }

 private:
  static constexpr std::uint32_t column_planes = 8;
  std::vector<std::uint32_t> first_column_;
  std::uint32_t first_index_ = 0, first_temporary_ = 0, first_parameter_ = 0, indexes_ = 0, temporaries_ = 0, size_ = 0;
};

// --- Secondary indexes ------------------------------------------------------------------------------------------------------

// By row the number of its part, or `none`; in 16 bits where all numbers fit.
struct PartNumbers {
  const std::uint32_t* wide = nullptr;
  const std::uint16_t* narrow = nullptr;
  std::uint32_t operator[](std::size_t row) const {
    if (narrow == nullptr) return wide[row];
    return narrow[row] == static_cast<std::uint16_t>(none) ? none : narrow[row];
  }
};

struct Index {
  Array<std::uint32_t> offsets, rows;
  Array<std::uint8_t> way, open, elsewhere;   // elsewhere: as Expansion::elsewhere
  Array<std::uint32_t> unknown_rows;
  std::uint32_t unknown_count = 0;
  Array<std::uint32_t> part_of;
  Array<std::uint16_t> narrow_part_of;   // instead, of an index that no generated code reads
  PartNumbers parts() const { return {part_of.data(), narrow_part_of.empty() ? nullptr : narrow_part_of.data()}; }
  // partitions: how a tuple's number is found. Where the values of all keys lie close together it stands at the code that they make
  // (none: no row has them); otherwise open addressing over tuples, holding key number + 1; 0 = free
  struct Digit { std::int64_t least = 0; std::uint64_t values = 0, step = 0; };
  std::vector<Digit> digits;
  Array<std::uint32_t> part_at, buckets;
  std::vector<Vec> keys;
  std::vector<Kind> kinds;
  // Where it is known: the least and the greatest value of each key, only a hint; infinite ends say nothing.
  std::vector<std::pair<std::int64_t, std::int64_t>> bounds;
  bool is_declared(std::size_t key) const { return key < bounds.size() && bounds[key].first != neg_inf && bounds[key].second != pos_inf; }
  // The key number of a known tuple, or `none`.
  std::uint32_t find(const std::int64_t* tuple) const;
};

// --- Store ------------------------------------------------------------------------------------------------------------------

class Store {
 public:
  Store(const Schema& schema, const SlotLayout& layout);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Begins a run over these facts, of that schema; what an earlier one left is gone.
  void begin(const facts::FactBase& facts);

  const Schema& schema() const;
  const facts::FactBase& facts() const;
  void* const* slots() const;
  void* slot(std::uint32_t n) const { return slots()[n]; }
  void set_slot(std::uint32_t n, void* borrowed);     // for as long as its kernel runs

  std::uint32_t rows(EntityId e) const;
  Vec column(EntityId e, ColumnId c) const;           // facts and computed columns; the parent column of derived tables as `row`
  const std::uint8_t* membership(EntityId e) const;   // null: every row is in
  const std::uint32_t* offsets(EntityId e) const;
  const std::uint32_t* parent(EntityId e) const;      // null before need_parent on a register
  const std::uint8_t* open(EntityId e) const;         // per parent row
  bool population_open(EntityId e) const;
  const DerivedTable& derived(EntityId e) const;      // of a derived entity, after adopt

  // Registers: the parent of each row as 32 bits (the fact column holds 64).
  void need_parent(EntityId e);
  // Room for a computed column. `ranges`: hi (and hi_den) get arrays of their own.
  void make_column(EntityId e, ColumnId c, Kind kind, bool ranges);
  // Where its kernel writes hi for the moment, and reads it: not kept. Then room for hi of every row, not filled.
  void lend_upper(EntityId e, ColumnId c, void* words);
  std::int64_t* make_upper(EntityId e, ColumnId c);
  // After the kernel has run: drops hi where every row turned out known.
  void settle_column(EntityId e, ColumnId c);
  std::uint8_t* make_membership(EntityId e);
  void settle_membership(EntityId e);                 // drops it where every row is in
  // `owners_open`: there may be parents that we do not know, with rows under them.
  void adopt(EntityId e, DerivedTable table, bool owners_open = false);
  // A computed column that was made elsewhere.
  void take_column(EntityId e, ColumnId c, ColumnArrays values);
  // Whether rows may be missing from the whole population, where the facts are a part of it.
  void set_population_open(EntityId e, bool open);
  void release_column(EntityId e, ColumnId c);
  void release_parents(EntityId e);
  void release_members(EntityId e);                   // of groups
  void release_entity(EntityId e);                    // columns, parents, members, membership; the number of rows stays

  // Reverse link: key = row of the linked entity, rows of `e` by their known link `c`, in row order; rows with an unknown link
  // apart. `open` marks the linked rows for which the facts leave the register open.
  void add_reverse(std::uint32_t index, EntityId e, ColumnId c);
  // Per row that a link may name, 1: rows of `e` that we do not know may name it. Empty: none may.
  Array<std::uint8_t> open_links(EntityId e, ColumnId c) const;
  // Partition of the rows of `e` by a tuple of columns: keys numbered by first row. Rows with a key that is not known apart.
  // looked_up: keys are asked for that are not those of a row of the entity (Index::find).
  void add_partition(std::uint32_t index, EntityId e, const std::vector<ColumnId>& columns, bool looked_up = true);
  void add_index(std::uint32_t index, Index made);    // e.g. a distinct path, from expand()
  const Index& index(std::uint32_t i) const;
  void release_index(std::uint32_t i);

  // Scratch for values of candidate rows and other intermediate arrays.
  void* make_temporary(std::uint32_t t, std::size_t bytes);
  void set_temporary(std::uint32_t t, void* borrowed);  // points elsewhere; not owned
  void release_temporary(std::uint32_t t);

  std::size_t bytes() const;                          // owned now
  void measure();                                     // once a step, when it has made all it makes
  std::size_t peak_bytes() const;                     // the most that was measured since begin

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tiao::engine
