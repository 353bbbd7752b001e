// The order of work of a compiled run: which kernels are generated over which rows, which tables and indexes are built when, and
// how long every column lives. A plan depends on the program alone, so that machine code made from it can be kept on disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/plan/analysis.hpp"
#include "compiler/plan/layout.hpp"

namespace tiao::plan {

// Bumped whenever generated code, slots or kernels change their meaning: part of the cache key.
inline constexpr std::uint32_t version = 14;

// How the rows of a source are reached from the row that stands at its start.
struct Access {
  enum Kind : std::uint8_t {
    whole,       // every row of the entity
    partition,   // every row of the entity with the same key; all rows where the key is not known
    itself,      // the row at the start
    children,    // of the start, by the entity's offsets
    members,     // of the start, a group
    linked,      // a reverse index, key = start
    path,        // a path index, key = start
    whole_path,  // a path index with one key
  } kind = whole;
  EntityId from = none;              // entity of the start
  EntityId entity = none;            // of the rows that come out
  std::uint32_t index = none;        // partition, linked, path, whole_path
  EntityId population = none;        // whole, partition, whole_path: the entity that is taken whole
  RowFacts facts;                    // of the rows that come out
  bool keys_known = false;           // linked, partition: no row of unknown key
  bool own_key = false;              // partition: the key asked for is that of a row of the same entity
};

// What a fold over a whole population takes from the row it is evaluated for.
struct FoldShape {
  enum Kind : std::uint8_t {
    anything,
    keys,        // the keys asked for and nothing else: evaluated once for each tuple of them
    rank,        // and one value that is compared with one of each row: its place among them is looked up (RankingPlan)
    tally,       // the rows that name it by a link: those that name are counted once for all that may be named
  } kind = anything;
  // Does an answer serve other rows than the one that asked first?
  bool keeps() const { return kind == keys || kind == rank; }
  // rank: `theirs OP ours`; tally: `theirs` alone, none where the fold has no condition
  core::CmpOp op = core::CmpOp::under;
  core::ExprId theirs = none, ours = none;
  core::ExprId itself = none;                // the row for which the condition holds whatever the values; none: no such row
  core::ExprId term = none;                  // the conjunct of the filter that the comparison is; none: it is the condition
};

struct IndexSpec {
  enum Kind : std::uint8_t { reverse, partition, path } kind = reverse;
  EntityId entity = none;                    // reverse, partition: of the rows; path: of the keys (none: one key for all)
  std::vector<ColumnId> columns;             // reverse: the link; partition: the key
  // path
  EntityId population = none;                // the start is the whole of this entity
  std::uint32_t start = none;                // temporary with a start ref per key (lo, hi); none: the key row itself
  std::vector<core::Hop> hops;
  std::vector<std::uint32_t> hop_indexes;    // of `linked` hops
  std::vector<EntityId> passed;              // entity before each hop
  bool distinct = false;
  bool looked_up = false;                    // partition: by keys that are computed, not only by those of its rows
  friend bool operator==(const IndexSpec& a, const IndexSpec& b);
};

// Temporaries that a value takes. Boolean: the planes of yes and of no, and a byte a row – what a kernel over rows leaves there becomes
// bits, of candidates and of the run it stays. Choice: masks. Ratio: four ends. Others: lo and hi.
inline std::uint32_t temporaries_of(Kind kind) { return kind == Kind::boolean ? 3 : kind == Kind::choice ? 1 : kind == Kind::ratio ? 4 : 2; }
inline constexpr std::uint32_t truth_bytes = 2;   // of the three

// Where a kernel leaves a value: planes of a column, or temporaries.
struct Home {
  std::uint32_t temporary = none;            // the first one
  EntityId entity = none;                    // a column; written besides the temporary when both are given
  ColumnId column = none;
  bool stored() const { return temporary != none || column != none; }
};

// What a kernel computes for each row.
struct Output {
  enum Kind : std::uint8_t {
    value,        // of exprs[0]
    conjunction,  // `and` of all exprs
    duty,         // Program::duties[index]: the state; due and done are outputs of their own
    violation,    // Program::requires_[index]
    register_membership,   // of a register: `and` of all exprs and the parent's membership
    any_of,       // `or` of the truths in `states`
  } kind = value;
  std::vector<core::ExprId> exprs;
  std::vector<std::uint32_t> states;         // any_of: temporaries of other outputs
  bool membership = false;                   // conjunction: and the membership of the row
  Type type;
  bool ranges = false;                       // may be more than one word a row
  Home home;
  std::uint32_t index = none;
  std::uint32_t computed = none;             // the definition that this is, if it is one
  std::uint32_t guard = none;                // temporary of an earlier conjunction: where it is `no`, nobody reads this one
  bool passing = false;                      // no step reads the temporary after its kernel: room for a stretch of rows is enough, but for
  bool result = false;                       // truths that the run hands over
};

// One generated function.
struct Kernel {
  enum Over : std::uint8_t {
    rows,         // each row of the entity
    once,         // one row that belongs to nothing: constants of the run
    candidates,   // each row that `access` reaches from each row of the entity
  } over = rows;
  std::string name;
  EntityId entity = none;
  Access access;
  std::vector<core::Source::Same> same;      // candidates: conjuncts of the membership
  std::uint32_t slot = none;                 // candidates: the slot of the row reached; rows: that of the row itself, if it is not 0
  std::uint32_t order = none;                // rows: a partition of the entity; its parts are taken one after another
  std::vector<ColumnId> fetched;             // with an order: columns of the entity that it reads, none next to the last
  std::vector<std::uint32_t> ranks;          // rows: whose answers it reads
  std::vector<Output> outputs;
  std::uint32_t weight = 0;
  bool words = false;                        // rows: truths alone, 64 rows at a time
  bool large = false;                        // over more rows than the caches hold: asks for lines ahead, writes past the caches what no step reads
  bool idle = false;                         // leaves nothing behind: not generated
  bool slow_start = false;                   // folds once a call, before the first row
  bool alone = false;                        // keeps what it finds for the rows that follow: one thread
  // May be called for a few rows at a time without costing more.
  bool by_stretch() const { return over == rows && order == none && !slow_start; }
};

// Values that a table-building kernel reads, one a row or (`once`) one for all rows.
struct Operand {
  std::uint32_t temporary = none;            // the first one
  Type type;
  bool once = false;
  EntityId entity = none;                    // instead of temporaries: a column, as it stands
  ColumnId column = none;
  bool present() const { return temporary != none || column != none; }
};

struct FlowPlan { Access access; std::uint32_t in = none; Operand amount, date, cap; };
struct LedgerPlan {
  std::vector<FlowPlan> entries, credits;
  Operand floor, opens_at;
};
struct OnPlan { Access access; std::uint32_t in = none; Operand state, from, until, length; RemedyId lead_of = none; };
struct ShortenPlan { Access access; std::uint32_t in = none; Operand amount, date; };
struct TimelinePlan { std::vector<OnPlan> on; std::vector<ShortenPlan> shorten; std::vector<std::uint32_t> ways; };  // temporaries, parallel to overlaps
struct RulePlan { Operand lo, hi; };
struct GroundPlan {
  enum Target : std::uint8_t {
    scope_row,   // the scope row itself
    parent_row,  // its parent
    ref,         // the row that `target_ref` names
    listed,      // the rows of `target`
  } how = scope_row;
  std::uint32_t state = none;                // temporary
  Access target;
  Operand target_ref;
  RulePlan length, from, until;
  std::vector<RulePlan> params;
};
// A remedy that is left as planes: states of its acts and grounds as temporaries. No acts: it is not.
struct RemedyPlan {
  struct Act { core::Modality modality = core::Modality::must; std::uint32_t actor = none, alternative = 0, state = none; };
  std::vector<Act> acts;
  std::vector<std::uint32_t> act_of;   // by ground of the remedy
};
struct DutyPlan { std::uint32_t state = none; Operand due, done; };
// A proposition that is nothing but what the facts say of its row: no kernel makes it, the results lend the column of the facts.
struct LentPlan { std::uint32_t computed = none; ColumnId column = none; };

// The rows of the population of a fold that is a rank, by fold.
struct RankingPlan {
  Operand in;                                // membership, and filter without the comparison; absent: every row is in
  Operand theirs;
};
// A rank that all rows of an entity ask for at once.
// A fold that is answered for all rows of an entity at once: a rank, or a tally, which has only if_none and the answer.
struct RankPlan {
  std::uint32_t fold = none;
  core::ExprId answers = none;               // the fold, or its comparison with a value that is the same for all rows
  EntityId entity = none;
  bool own_keys = false;                     // of the rows that ask, which are those of the population
  std::vector<Operand> keys;                 // otherwise
  Operand ours, itself, if_none;
  bool own_row = false;                      // `itself` is the row that asks
  Operand bound;
  core::CmpOp op = core::CmpOp::at_most;     // fold OP bound
  Operand answer;
};

struct Step {
  enum Kind : std::uint8_t {
    parents,            // a: entity; 32-bit parent column of a register
    membership,         // a: kernel, b: entity
    index,              // a: IndexSpec
    kernel,             // a: kernel
    ranking,            // a: fold: its population is put in order
    rank,               // a: index in Plan::ranks: all rows of an entity are answered (of a tally, too)
    group, ledger, timeline, join, remedy,     // a: index in the program
    duty, report, require, applicability, proposition,   // a: index in the program: results are handed over
    release_column,     // a: entity, b: column
    release_members,    // a: entity of groups; their rows stay
    release_parents,    // a: entity
    release_entity,     // a: entity
    release_index,      // a: IndexSpec
    release_temporary,  // a: temporary
    release_fold,       // a: fold, what was kept of it
  } kind;
  std::uint32_t a = none, b = none;
};

// Steps that nothing but rows under one row of a register, and what other registers hold, has a part in. Over many rows they are taken
// for some thousand rows of the register at a time, from the facts to the results, while all of it lies in the cache; the steps before
// and after them are taken for all rows.
struct PartsPlan {
  EntityId root = none;                          // none: every step is taken for all rows
  std::uint32_t first = 0, end = 0;              // the steps
  std::vector<bool> own;                         // by entity: is the root, or stands under it
  struct Made { std::uint32_t kernel, output; };
  std::vector<Made> carried;                     // values of rows of registers that later steps read
};

struct Plan {
  std::vector<Kernel> kernels;
  std::vector<IndexSpec> indexes;
  std::uint32_t temporaries = 0;
  std::uint32_t parameters_set = none;           // temporary: a byte per parameter, 1 = set
  std::vector<Step> steps;
  std::vector<std::uint32_t> stage_starts;       // first step of each stage; with parts: of what is before, in and after them
  PartsPlan parts;

  std::vector<Access> fold_access;               // by fold
  std::vector<FoldShape> fold_shapes;            // by fold
  std::vector<RankingPlan> rankings;             // by fold
  std::vector<RankPlan> ranks;
  std::vector<std::uint32_t> rank_of;            // by expression: the rank that answers it for the rows of that entity, or none
  std::vector<ValueFacts> values;                // by expression
  std::vector<RowFacts> rows;                    // by entity
  std::vector<std::vector<ValueFacts>> columns;  // by entity and column
  std::vector<std::uint32_t> columns_read;       // by entity: bit per column that somebody reads (31: it and all later ones)
  std::vector<std::uint64_t> slots_read;         // by expression: bit per slot that it depends on
  std::vector<std::uint32_t> weights;            // by expression: work of one evaluation, folds counted dear
  std::vector<Home> homes;                       // by computed: where other kernels read it
  std::vector<std::vector<std::uint32_t>> computed_of;   // by entity and column: index in Program::computed, or none

  std::vector<LedgerPlan> ledgers;
  std::vector<TimelinePlan> timelines;
  std::vector<GroundPlan> grounds;
  std::vector<RemedyPlan> remedies;              // by RemedyId
  std::vector<DutyPlan> duties;
  std::vector<LentPlan> lent;
  std::vector<std::uint32_t> requires_;          // temporaries
  std::vector<Operand> reports;
  std::vector<std::uint32_t> applicabilities;    // temporaries
};

// Values of these facts are kept as one word a row.
inline bool one_word(const ValueFacts& facts) { return !facts.unknown && !facts.fails; }

// The program must be verified; it must outlive the plan. The layout must fit the facts of every run.
Plan make_plan(const core::Program& program, const Layout& layout);
inline Plan make_plan(const core::Program& program) { return make_plan(program, Layout::general(program.schema)); }

// Stages, kernels and bytes per row, for --explain-plan.
std::string print(const Plan& plan, const core::Program& program);

}  // namespace tiao::plan
