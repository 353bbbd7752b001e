// The typed core: the one form that every engine consumes. Names, units, amendments, labels, exceptions, overrides, `in force`,
// list propositions and scenario syntax are gone or explicit by now.
//
// A program is a set of declarations over entities (registers of facts and derived tables). Declarations depend on each other
// acyclically; Program::strata lists them in an order in which every declaration only reads earlier ones.
// Every expression is evaluated for one row of one entity (slot 0); folds open further slots.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/program/schema.hpp"
#include "runtime/value/value.hpp"

namespace tiao::core {

using ExprId = std::uint32_t;   // index into Program::exprs; none = absent

enum class CmpOp : std::uint8_t { is, is_not, at_least, at_most, over, under };

enum class Op : std::uint8_t {
  // values
  constant,        // Program::constants[a]
  parameter,       // Schema::parameters[a], a parameter or a reading: constant in a run
  as_of,           // the run's as-of date
  row,             // the row in slot a; type ref
  parent,          // args: ref -> ref of its parent (a link in rows of a derived entity too)
  column,          // args: ref; a = ColumnId of entity exprs[arg].type.of. A link column yields a ref (unknown ref = unknown row)
  remap,           // args: choice; Program::remaps[a][bit] = bit in the result's enum
  // logic
  not_, and_, or_, // and_, or_: any number of args
  conflict,        // not arg, but an error when arg holds: two clauses that nothing orders say different things; a = NodeId of the other, or none
  compare,         // a = CmpOp; both args have one kind and scale, or are ratio | percent
  is_set,          // parameter a has been set
  select,          // args: condition, then, otherwise; undecided: hull; error: error
  // numbers; `mul` adds scales, the others keep them
  add, sub, mul, neg, least, greatest,
  rescale,         // to Type::scale (more places)
  ratio,           // args: numerator, denominator [, if none]; result ratio. if none is a ratio
  as_ratio,        // args: percent (scale s) -> ratio v / (100 * 10^s)
  round,           // a = Rounding; to Type::scale; from a decimal, money, percent or ratio
  // dates and durations
  shift,           // date, duration
  shift_back,      // date, duration
  shift_workdays,  // date, workdays; a = calendar
  difference,      // date, date -> duration in days
  year, month, day,// date -> integer
  age,             // born, at -> integer (full years)
  year_start, year_end, month_start, month_end,  // the calendar period that holds the day; the end is its first free day
  // decisions
  table,           // args: c0, o0, c1, o1, …; a = HitPolicy. `otherwise` has the constant condition true, and is last
  // rows
  fold,            // Program::folds[a]
  state_at,        // args: owner ref, date; a = timeline
  balance_at,      // args: owner ref, date; a = ledger: balance after the steps of that day
};

enum class Rounding : std::uint8_t { half_up, half_even, down, up };

// unique: no row that holds, or two rows with different outputs: error. first: the first row that holds. highest, lowest: over the
// rows that hold. An undecided row counts as in folds (unique, first: hull of what remains possible).
enum class HitPolicy : std::uint8_t { unique, first, highest, lowest };

struct Expr {
  Op op = Op::constant;
  Type type;
  std::uint32_t a = none;                 // see Op
  std::uint32_t args = 0, count = 0;      // Program::args[args .. args + count)
  std::uint32_t origin = none;            // Program::origins
};

// Where an expression was written: for explanations.
struct Origin { NodeId node = none; std::string text; std::string file; std::uint32_t line = 0; };

// One step from a row, or from each row of a set, to rows of `entity`.
struct Hop {
  enum Kind : std::uint8_t {
    children,   // rows of `entity` whose parent is the row (for remedy rows: whose target is the row; spans, steps, cycles: whose owner)
    linked,     // rows of `entity` whose link `column` is the row
    follow,     // the row that the row's link `column` names
    parent,     // the row's parent
    members,    // rows of `entity` gathered in the row, which is a row of a group
  } kind = children;
  EntityId entity = none;
  ColumnId column = none;
};

// A set of rows. `start` is a ref expression of the enclosing row (none: the whole population of `entity` before any hop).
// A row's membership: its own (as-of cut, derived membership) `and` that of the rows passed. After a hop to `follow` or `parent`
// behind a set, rows may coincide: `distinct` counts each once, its membership the `or` of the ways to it. Openness: a register
// that is open for a row passed makes the set open.
struct Source {
  ExprId start = none;
  EntityId whole = none;                  // used when start is none
  std::vector<Hop> hops;
  bool distinct = false;
  EntityId entity = none;                 // of the rows that come out
  // `with same`: candidate.column is key (a conjunct of the filter, kept apart as a partition that engines may index).
  struct Same { ColumnId column; ExprId key; };
  std::vector<Same> same;
};

enum class FoldKind : std::uint8_t { count, sum, highest, lowest, average, only, exists, every, share, consecutive, stages };

// docs/language.md "Folds over rows" gives the exact ends. every: `value` is the condition; share: `value` is the condition.
// stages: the state in which a machine stands after the rows; `n` packs its moves and `value` says which of them each row opens, as
// runtime/program/stages.hpp has it; the result is a choice over the states.
struct Fold {
  FoldKind kind = FoldKind::count;
  Source source;
  std::uint32_t slot = 1;                 // the row under consideration, seen by filter and value
  ExprId filter = none;                   // none = true
  ExprId value = none;
  ExprId if_none = none;
  std::uint32_t n = 0;                    // consecutive, stages; average: the places of `value`, as the result counts whole units
};

// A definition, a node's own condition, a group's `define`: a column that the engine fills. Slot 0 is the row.
struct Computed { EntityId entity; ColumnId column; ExprId expr; NodeId node = none; bool proposition = false; };

// Column layout of derived entities. Column 0 is always the parent (owner, target).
namespace group_col { enum : ColumnId { parent = 0, first_key = 1 }; }      // then one column per key, then computed ones
namespace step_col { enum : ColumnId { owner = 0, day, opening, balance, entered, largest }; }
namespace cycle_col { enum : ColumnId { owner = 0, starts_on, ends_on, entered }; }
namespace span_col { enum : ColumnId { owner = 0, state, from, until, cause }; }  // cause: choice over Timeline::causes
namespace remedy_col { enum : ColumnId { target = 0, from, until, length, first_param }; }
// join: column i is the ref of path element i; there is no parent.

// Rows of one parent with equal known keys. A row with an unknown key is an unknown member of every group of its parent and of
// a group of its own (whose membership is unknown). A group's membership is the `or` of its members'. Groups of one parent are
// ordered by their first member row, own groups of unknown-key rows after the others.
struct Group { EntityId entity; EntityId from; std::vector<ColumnId> keys; NodeId node = none; };

enum class Period : std::uint8_t { none, calendar_year, month };

struct Flow {
  Source source;                          // start: slot 0 = the owner
  std::uint32_t slot = 1;
  ExprId filter = none, amount = none, date = none;
  ExprId cap = none;                      // credits: at most so much granted per cap_period
  Period cap_period = Period::none;
};

// The rule of balances is in docs/language.md "Ledger"; docs/engine-semantics.md fixes undecided dates.
struct Ledger {
  std::string id, label;
  EntityId owner, steps, cycles;
  Type type;
  std::vector<Flow> entries, credits;
  ExprId floor = none, opens_at = none;   // slot 0 = the owner
  Period period = Period::none;
  NodeId node = none;
};

struct On {
  Source source;                          // start: slot 0 = the owner; rows of a remedy entity or of a register
  std::uint32_t slot = 1;
  ExprId filter = none;
  ExprId state = none;                    // choice over the timeline's enum
  ExprId from = none, until = none, length = none;  // of remedy rows: that row's own columns, already written out
  std::uint32_t first_cause = 0;          // remedy rows: first_cause + position of the leading ground among the remedy's; else first_cause
};
struct Shorten { Source source; std::uint32_t slot = 1; ExprId filter = none, amount = none, date = none; };
enum class OverlapWay : std::uint8_t { together, in_turn, topped_up };   // also the bit order of the choice in Overlap::way
struct Overlap { std::uint32_t state; ExprId way; };                      // way: choice over the three; constant in a run
struct Cause { NodeId node; };
struct Timeline {
  std::string id, label;
  EntityId owner, spans;
  std::uint32_t states;                   // enum, ordered from weak to strong
  std::uint32_t start = 0;                // value index
  std::vector<On> on;
  std::vector<Overlap> overlaps;          // a state without one: together
  std::vector<Shorten> shorten;
  std::vector<Cause> causes;
  NodeId node = none;
};

// Rows of a `for each` over a path: one per way along the hops from each row of `first`.
struct Join { EntityId entity; EntityId first; std::vector<Hop> hops; };

enum class Modality : std::uint8_t { must, must_not, may, automatic };
enum class ParamForm : std::uint8_t { absent, exact, range, at_most, at_least, unstated };

struct ParamRule { ParamForm form = ParamForm::absent; ExprId lo = none, hi = none; bool in_principle = false; };

// One act of one rule: on which rows, on whom, with what.
struct Ground {
  RemedyId remedy = none;
  Modality modality = Modality::must;
  bool in_principle = false;
  ActorId actor = none;
  NodeId cite = none;
  EntityId scope = none;                  // slot 0 is a row of it
  // condition = applicable and own. `own` includes the guards of exceptions, overrides and residuals.
  ExprId applicable = none;               // in force, applies, activate: false reads "not applicable"; none = true
  ExprId own = none;
  ExprId scope_filter = none;             // `for each … where`; none = true
  Source target;                          // from slot 0; result entity = Remedy::target
  std::vector<ParamRule> params;          // parallel to Remedy::params
  ParamRule length, from, until;          // exact, range, unstated or absent. until = first free day (`through x` is x + 1 day)
  std::uint32_t alternative = 0;          // grounds of one act joined by `or` share a number > 0
  std::vector<std::string> conventions;   // sources of general rules that the condition relies on
  std::vector<std::string> start_counted_by, end_counted_by;   // sources of the rules by which days of the start and the end were counted
};

// state: not applicable when `when` is false; fulfilled / breached / pending by those three; else undetermined.
struct Duty {
  NodeId cite = none; ActorId actor = none; EntityId scope = none; ExprId scope_filter = none;
  ExprId applicable = none, when = none;  // none = true
  ExprId done = none;                     // date or boolean
  ExprId due = none;                      // date; none with a boolean `done`
  ExprId fulfilled = none, breached = none, pending = none;
  bool in_principle = false;
  NodeId breach_under = none; bool by_citation = false;
  std::vector<std::string> counted_by;    // as the grounds' ends, of `due`
};

struct Require { NodeId cite = none; EntityId scope = none; ExprId scope_filter = none; ExprId applicable = none; ExprId condition = none; std::string message; };
struct Report { std::string id, label; EntityId entity = none; ExprId expr = none; NodeId cite = none; };
// A node that says when it, or what stands beneath it, applies. `expr` over `entity`, or over the run when entity is none.
struct Applicability { NodeId node; EntityId entity = none; ExprId expr = none; };

// A rule whose consequence stands in a text that is not supplied. `computed`: its condition, a proposition.
struct Missing { std::uint32_t computed = 0; NodeId cite = none; std::string why; };

enum class DeclKind : std::uint8_t { computed, group, ledger, timeline, join, remedy, duty, require, report, applicability };
struct Stratum { DeclKind kind; std::uint32_t index; };   // remedy: RemedyId (all its grounds, combined); others: index into the vector below

struct Program {
  Schema schema;
  std::vector<Expr> exprs;
  std::vector<ExprId> args;
  std::vector<Cell> constants;
  std::vector<std::vector<std::uint8_t>> remaps;
  std::vector<Origin> origins;
  std::vector<Fold> folds;
  // Per entity: is the row there at as-of (own date and parents')? none = always. Derived entities: filled by their stratum.
  std::vector<ExprId> memberships;
  std::vector<Computed> computed;
  std::vector<Group> groups;
  std::vector<Ledger> ledgers;
  std::vector<Timeline> timelines;
  std::vector<Join> joins;
  std::vector<Ground> grounds;            // sorted by remedy, then address order
  std::vector<Duty> duties;
  std::vector<Require> requires_;
  std::vector<Report> reports;
  std::vector<Applicability> applicabilities;
  std::vector<Missing> missing;
  std::vector<Stratum> strata;
  std::string hash;                       // of the sources that made it, 16 hex digits
};

// The row of slot 0 itself.
inline bool is_own_row(const Program& program, ExprId e) { return e != none && program.exprs[e].op == Op::row && program.exprs[e].a == 0; }
// Is what a ground acts on the row of its scope itself?
inline bool on_own_row(const Program& program, const Ground& ground) { return is_own_row(program, ground.target.start) && ground.target.hops.empty(); }

}  // namespace tiao::core
