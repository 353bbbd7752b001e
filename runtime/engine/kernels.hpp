// The precompiled kernels that build derived tables, and the calling convention of generated row kernels. Generated code
// evaluates expressions; what is here sorts, gathers and runs chains. Every kernel works owner by owner on columns, reads no
// facts, and allocates nothing per row. docs/engine-semantics.md says what they compute.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/engine/array.hpp"
#include "runtime/engine/store.hpp"
#include "runtime/program/program.hpp"
#include "runtime/verdict/results.hpp"

namespace tiao::engine {

class LedgerTable;
class SpanTable;
struct PopulationFold;

// --- Generated code ---------------------------------------------------------------------------------------------------------

// All that a row kernel is given. Plain pointers only: generated code indexes `slots` (SlotLayout) and hands the context back
// to the out-of-line functions of support.hpp.
struct KernelContext {
  void* const* slots = nullptr;                   // offset 0
  std::int64_t as_of = 0;                         // offset 8
  const LedgerTable* const* ledgers = nullptr;    // by index in Program::ledgers; for tiao_balance_at
  const SpanTable* const* timelines = nullptr;    // by index in Program::timelines; for tiao_state_at
  const Calendar* calendars = nullptr;            // Schema::calendars; for tiao_shift_workdays
  const Index* const* indexes = nullptr;          // for tiao_partition_find
  PopulationFold* populations = nullptr;          // by index in Program::folds; for tiao_kept_* and tiao_rank
  const std::int32_t* month_starts = nullptr;     // months::starts
};

// Evaluates rows begin .. end of an entity, or positions begin .. end of a candidate list, reading and writing slots.
using RowKernel = void (*)(const KernelContext* context, std::uint32_t begin, std::uint32_t end);

// --- Candidate rows ---------------------------------------------------------------------------------------------------------
// The rows of a source, gathered per owner: those of owner o are at positions offsets[o] .. offsets[o + 1]. Where the source is
// the children of the owner (or children of children) they are the rows of the entity themselves: `row` is null and `offsets`
// are the entity's. Otherwise expand() makes the list. Values of flows, spans and shortenings are indexed by position.
struct Candidates {
  std::uint32_t owners = 0;
  const std::uint32_t* offsets = nullptr;
  const std::uint32_t* row = nullptr;        // row of the source's entity at a position; null: the position itself
  const std::uint8_t* way = nullptr;         // Truth of the rows passed and of the row itself; null: read the entity's membership
  const std::uint8_t* open = nullptr;        // per owner, bit 0: may hold rows we do not know, bit 1: a ref on the way is in error; null: none
};

enum class HopKind : std::uint8_t { children, linked, follow, parent, members };

struct HopInput {
  HopKind kind = HopKind::children;
  const std::uint32_t* offsets = nullptr;       // children: of the child entity; linked: of the reverse index; members: member_offsets
  const std::uint32_t* rows = nullptr;          // linked: of the reverse index; members: members
  const std::uint8_t* member_way = nullptr;     // members
  const std::uint32_t* unknown_rows = nullptr;  // linked
  std::uint32_t unknown_count = 0;
  Vec ref;                                      // follow: the link column of the rows passed; parent: Vec{.row = parents}
  const std::uint8_t* membership = nullptr;     // of the entity arrived at; null: every row is in
  const std::uint8_t* open = nullptr;           // children, linked, members: per row passed, 1: open; null: none
};

struct ExpandInput {
  std::uint32_t owners = 0;
  std::uint32_t whole = none;                   // rows of the population when the source has no start: each owner gets them all
  const std::uint8_t* whole_membership = nullptr;  // of the population; null: every row is in
  bool whole_open = false;                      // EntityPlane::population_open
  Vec start;                                    // the start ref per owner; absent: the owner itself
  const std::uint8_t* start_membership = nullptr;  // joins: of the start rows; null: every row is in, or does not matter
  std::vector<HopInput> hops;
  bool distinct = false;                        // each row once per owner, way = `or` of the ways to it; rows in ascending order
  bool keep_path = false;                       // joins: the row at every element of the path
};

struct Expansion {
  Array<std::uint32_t> offsets, row;
  Array<std::uint8_t> way;                      // empty: all yes
  Array<std::uint8_t> open;                     // as Candidates::open; empty: none
  Array<std::uint8_t> elsewhere;                // per owner, 1: a ref or a row that we do not know may lead to any row; empty: none
  std::vector<Array<std::uint32_t>> path;       // keep_path: one per element, the start first
  Candidates candidates() const;
};

// Rows reached along the hops from every owner, one per way, in order. Rows whose way is `no` are left out. A start or a followed
// link that is not known names no row and makes the owner's set open; one in error marks it with 2.
Expansion expand(const ExpandInput& input);
// The same as an index: key = owner.
Index expand_index(const ExpandInput& input);

// --- Joins ------------------------------------------------------------------------------------------------------------------

// Rows of a `for each` over a path: path refs become the columns; memberships the ways.
DerivedTable build_join(const ExpandInput& input);

// --- Groups -----------------------------------------------------------------------------------------------------------------

struct GroupInput {
  std::uint32_t parents = 0;
  const std::uint32_t* offsets = nullptr;       // rows of `from` by parent
  const std::uint8_t* membership = nullptr;     // of the rows; null: every row is in
  const std::uint8_t* open = nullptr;           // per parent; null: none
  std::vector<Vec> keys;
  std::vector<Kind> kinds;                      // of the keys
  std::uint32_t columns = 0;                    // of the group entity: parent, keys, computed ones
  std::uint32_t columns_read = 0xffffffff;      // bit per ColumnId of the group entity that somebody reads (31: it and all later ones)
  std::uint32_t threads = 1;
};

DerivedTable build_group(const GroupInput& input);

// --- Ledgers ----------------------------------------------------------------------------------------------------------------

enum class Period : std::uint8_t { none, calendar_year, month };   // as core::Period

struct FlowInput {
  Candidates rows;
  const std::uint8_t* in = nullptr;             // membership and filter, per position; null: all yes
  Vec amount, date;                             // per position
  Vec cap;                                      // credits: per owner; absent: no cap
  Period cap_period = Period::none;
  std::int64_t least_unseen = 0;                // the least amount of a row that we do not know: 0, or neg_inf
};

struct LedgerInput {
  std::uint32_t owners = 0;
  std::vector<FlowInput> entries, credits;
  Vec floor, opens_at;                          // per owner; no floor: neg_inf
  Period period = Period::none;
  std::int64_t as_of = 0;
  bool cycles = true;                           // false: nobody reads them
  std::uint32_t step_columns = 0xffffffff;      // bit per ColumnId of the step entity that somebody reads (balance_at: day and balance)
  std::uint32_t cycle_columns = 0xffffffff;     // the same of the cycle entity
  std::uint32_t threads = 1;
};

// An entry or credit whose date is only known to lie in from .. to; the amount of a credit is negative.
struct UndecidedFlow { std::int64_t from, to; Cell amount; };

// What balance_at needs beside the step table. It reads the columns of the step table and the owner columns floor and opens_at
// where they are: they must outlive it.
class LedgerTable {
 public:
  Cell balance_at(std::uint32_t owner, Cell day) const;

 private:
  friend struct LedgerFold;
  Cell balance_on(std::uint32_t owner, std::int64_t day) const;

  const std::uint32_t* offsets_ = nullptr;      // steps by owner
  const std::uint8_t* membership_ = nullptr;
  Vec day_, balance_;
  Vec floor_, opens_at_;
  Period period_ = Period::none;
  std::int64_t as_of_ = 0;
  // Owners with undecided dates, in ascending order: their flows, and the balances of their decided steps before widening.
  Array<std::uint32_t> hard_owner_, hard_flows_, hard_steps_;   // CSR over the arrays below
  Array<UndecidedFlow> flows_;
  ColumnArrays base_;
};

struct LedgerResult {
  DerivedTable steps;    // columns of core::step_col
  DerivedTable cycles;   // columns of core::cycle_col
  LedgerTable table;     // points into `steps`; stays right when `steps` is moved (Store::adopt)
};

LedgerResult fold_ledger(const LedgerInput& input);

// --- Timelines --------------------------------------------------------------------------------------------------------------

struct OnInput {
  Candidates rows;
  const std::uint8_t* in = nullptr;             // membership and filter, per position; null: all yes
  Vec state;                                    // choice masks; step 0 when the clause gives one state
  Vec from, until, length;                      // until, length: absent when the clause has none
  bool states_end = false;                      // `until` may be another day than the length gives
  std::uint32_t first_cause = 0;
  const std::uint32_t* lead = nullptr;          // remedy rows: position of the leading ground, by row of the entity (not by position)
};

struct ShortenInput {
  Candidates rows;
  const std::uint8_t* in = nullptr;
  Vec amount, date;
};

struct TimelineInput {
  std::uint32_t owners = 0;
  std::uint32_t states = 0;                     // number of states
  std::uint32_t start = 0;                      // value index
  std::vector<OnInput> on;
  std::vector<ShortenInput> shorten;
  std::vector<std::uint64_t> ways;              // per state: mask over core::OverlapWay (bit 0 together, 1 in_turn, 2 topped_up); 0: error
};

// Reads the columns of the span table where they are: they must outlive it.
class SpanTable {
 public:
  // The states that are possible on a day of the range, as a mask; 0: error.
  std::uint64_t state_at(std::uint32_t owner, std::int64_t day_lo, std::int64_t day_hi) const;
  std::uint64_t all_states() const { return all_; }

 private:
  friend struct SpanBuilder;
  const std::uint32_t* offsets_ = nullptr;
  const std::uint8_t* membership_ = nullptr;
  const std::uint8_t* open_ = nullptr;
  const std::int64_t* state_ = nullptr;
  Vec from_, until_;
  std::uint64_t all_ = 0, start_ = 0;
};

struct SpanResult {
  DerivedTable spans;    // columns of core::span_col
  SpanTable table;       // points into `spans`; stays right when `spans` is moved
};

SpanResult build_spans(const TimelineInput& input);

// --- Remedies ---------------------------------------------------------------------------------------------------------------

using program::Modality;
using program::ParamForm;

// exact: lo. range: lo and hi. at_most: hi. at_least: lo. Values per scope row.
struct RuleInput { ParamForm form = ParamForm::absent; Vec lo, hi; };

struct GroundInput {
  std::uint32_t ground = 0;                     // index into Program::grounds
  Modality modality = Modality::must;
  std::uint32_t actor = none, alternative = 0;
  EntityId scope = none;
  std::uint32_t scope_rows = 0;
  Vec state;                                    // planes, per scope row: membership and scope filter and applicable and own
  // The targets of scope row s. With `targets.offsets`: positions as in Candidates. Without: one, targets.row[s], or s itself
  // when `targets.row` is null; `none` names no row.
  Candidates targets;
  bool in_order = false;                        // without `targets.offsets`: a later scope row has no earlier target
  const std::uint8_t* target_in = nullptr;      // per position (per scope row without offsets): the target's membership; null: yes
  // Per scope row, 1: its target is a row that cannot be named, and may be any; 2: its ref is in error, with all of them; null: none.
  const std::uint8_t* elsewhere = nullptr;
  const std::uint8_t* unseen = nullptr;         // per target row, 1: may also stand on rows of the scope that we do not know; null: none
  RuleInput from, until, length;
  std::vector<RuleInput> params;                // parallel to Remedy::params
};

struct RemedyInput {
  const Schema* schema = nullptr;
  const Remedy* remedy = nullptr;               // of that schema
  std::uint32_t targets = 0;                    // rows of Remedy::target
  const std::uint8_t* target_membership = nullptr;  // of those; null: every row is in
  std::vector<GroundInput> grounds;             // all of the remedy's, in program order
  Vec chosen;                                   // Remedy::chosen_column of the target rows; absent: none
  Vec chosen_presence;                          // facts::Presence per target row; absent: all given
  std::uint32_t visible_columns = 0xffffffff;   // bit per ColumnId of the remedy's row entity that somebody reads (31: it and all later ones)
  std::uint32_t threads = 1;
  bool plain = false;                           // columns that are soon put behind others (Packed::stay_plain)
};

struct RemedyResult {
  RemedyTable table;
  DerivedTable visible;                         // columns of core::remedy_col; rows that other declarations see
  Array<std::uint32_t> lead;                    // per visible row: position of the leading ground among the remedy's (for OnInput::lead)
};

RemedyResult combine_remedy(const RemedyInput& input);

// Rows of the remedies that a run left as planes, and of the derived tables that hold them.
void list_remedies(const Schema& schema, Results& results);

}  // namespace tiao::engine
