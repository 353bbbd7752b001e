// The abstract syntax tree of one file: what was written, without knowing what any name means.
//
// Expressions, row sets and statements live in an Arena, which the files of a project may share, and are named by typed ids;
// everything else is plain values inside them. Every struct carries the span it was written in. An optional sub-expression is an id that is not valid.
#pragma once

#include "compiler/source/source.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tiao::syntax {

using source::Span;

/// An index into one part of an Arena.
template <class Tag>
struct Id {
    std::uint32_t index = 0xffffffff;
    bool valid() const { return index != 0xffffffff; }
    explicit operator bool() const { return valid(); }
    auto operator<=>(const Id&) const = default;
};
using ExprId = Id<struct ExprTag>;
using RowsId = Id<struct RowsTag>;
using StmtId = Id<struct StmtTag>;

// ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// One word where it was written. Empty text = not given.
struct Ident {
    std::string text;
    Span span;
    bool given() const { return !text.empty(); }
};

/// A name being declared: `level "级别"`. The label is empty when there is none.
struct Name {
    std::string id;
    std::string label;
    Span span;        // identifier and label
    Span label_span;  // the label with its quotes; invalid when there is none
};

/// `a.b.c`. No segments = not given.
struct Path {
    std::vector<Ident> segments;
    Span span;
    bool given() const { return !segments.empty(); }
    std::string text() const;  // joined with dots
};

/// A quoted text. `given` tells an empty text from none.
struct Text {
    std::string value;
    Span span;
    bool given = false;
};

// ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Levels from big to small; `head` and `tail` are the opening and closing text of a node and have no number.
enum class Level : std::uint8_t { chapter, section, part, article, paragraph, item, subitem, limb, sentence, head, tail };

/// One step of an address. `（四）` is item 4, a trailing digit is a subitem, `二` in `二（二）3` is part 2.
struct Segment {
    Level level;
    std::uint32_t number = 0;  // 0 for head and tail
    Span span;
};

/// An address, always from big to small whichever way it was written; `agreement` when it ends in `of region.facility`.
struct Address {
    std::vector<Segment> segments;
    Path agreement;
    Span span;
};

/// `A` or `A..B`.
struct AddressRange {
    Address lo;
    std::optional<Address> hi;
    Span span;
};
using AddressList = std::vector<AddressRange>;

// ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────

/// A date with what is known of it; month and day are 0 when not written.
struct DateLiteral {
    std::int32_t year = 0;
    std::uint8_t month = 0;
    std::uint8_t day = 0;
    Span span;
};

/// `lo..hi`; an end that is not valid is open. `..<`, `<..` and `<..<` leave ends out.
struct Range {
    ExprId lo, hi;
    bool lo_exclusive = false;
    bool hi_exclusive = false;
    Span span;
};

/// `whole? PATH (as a)? (with same COL,…)? (where (C))?`
struct Rows {
    bool whole = false;
    Path path;
    Ident alias;
    std::vector<Ident> with_same;
    ExprId where;
    Span span;
};

enum class ExprKind : std::uint8_t {
    //               fields used (besides kind and span)
    quantity,      // text = digits as written ("1234.56"); unit = "" | "%" | a unit word as written | "working days"; args[0] = the E of `30% of E`
    date,          // date
    string,        // text, without quotes
    true_,         //
    false_,        //
    never,         //
    unstated,      //
    unknown,       // range when has_range: `unknown (1 year..3 years)`
    this_,         // path = what follows `this.`; not given for a bare `this`
    path,          // path
    call,          // path = callee; args = arguments; out = the `.a.b` after the parenthesis, may be not given
    aggregate,     // fold, rows; args[0] = folded value (sum … only), or the condition (share, every); if_none; number (consecutive)
    suspected,     // path
    any_item,      // addresses = `of …` (empty: children of this node); except
    all_items,     // addresses, except
    count_items,   // addresses, except
    breach_of,     // addresses[0].lo
    address,       // addresses[0].lo
    negate,        // args[0]
    not_,          // args[0]
    and_,          // args, two or more, in order
    or_,           // args, two or more, in order
    add,           // args[0] + args[1]
    subtract,      // args[0] - args[1]
    multiply,      // args[0] * args[1]
    divide,        // args[0] / args[1]
    compare,       // op; args[0], args[1]; by_convention
    in_range,      // args[0] in range; by_convention
    in_set,        // args[0] in { args[1], … }
    in_period,     // args[0] in args[1], where args[1] is neither a range nor a set
    meets,         // args[0] meets addresses
    is_set,        // args[0]
    in_bottom,     // args[0] in bottom args[1] among rows, ties_included
    in_top,        // the same from above
    conditional,   // if args[0] take args[1] otherwise args[2]
    error,         // what could not be read; only after a syntax error was reported
};

/// Comparison operators. `is` and `=` are one; `before`/`after` and their kin are for dates; `crosses` is an edge.
enum class Op : std::uint8_t { none, is, is_not, at_least, at_most, over, under, before, after, on_or_before, on_or_after, crosses };

enum class Fold : std::uint8_t { none, count, sum, highest, lowest, average, share, earliest, latest, only, exists, no, every, consecutive };

/// One node of an expression; which fields mean something is said beside each ExprKind.
struct Expr {
    ExprKind kind = ExprKind::error;
    Op op = Op::none;
    Fold fold = Fold::none;
    bool by_convention = false;
    bool ties_included = false;
    bool has_range = false;
    std::uint32_t number = 0;
    Span span;
    Span op_span;  // the operator word of and/or (the first), comparisons, arithmetic
    std::string text;
    std::string unit;
    std::vector<ExprId> args;
    Path path;
    Path out;
    RowsId rows;
    ExprId if_none;
    Range range;
    DateLiteral date;
    AddressList addresses;
    AddressList except;
};

// ── types and small parts ────────────────────────────────────────────────────────────────────────────────────────────

/// `money in 0元..`, `decimal(2)`, `one of a "甲", b "乙"` (then `name` is not given).
struct TypeRef {
    Ident name;
    std::optional<std::uint32_t> digits;
    std::optional<Range> range;
    std::vector<Name> one_of;
    Span span;
};

/// `in 1..3`, `at most 30% of x in principle`, `at least E`.
enum class BoundKind : std::uint8_t { in, at_most, at_least };
struct Bound {
    BoundKind kind = BoundKind::in;
    Range range;   // in; a single value has lo = hi
    ExprId value;  // at_most, at_least
    bool in_principle = false;
    Span span;
};

/// `for X`, `from X`, `until X`, `through X`; X may be a range, then `value` is not valid.
enum class TimeKind : std::uint8_t { for_, from, until, through };
struct TimeArg {
    TimeKind kind = TimeKind::for_;
    ExprId value;
    std::optional<Range> range;
    bool in_principle = false;
    Span span;
};

/// `p: E`, `p in RANGE`, `p at most E`.
struct Argument {
    Ident name;
    ExprId value;  // not valid when there is a bound
    std::optional<Bound> bound;
    Span span;
};

/// A remedy with its parameters, as it is imposed or expected.
struct RemedyCall {
    Path remedy;
    std::vector<Argument> args;
    std::optional<Bound> bound;  // `record_points in 1分..3分`: the remedy's only parameter
    Path against;
    Ident of_key;  // only in expectations: `of F1`
    std::vector<TimeArg> times;
    Span span;
};

enum class Modality : std::uint8_t { must, must_not, may, automatically };

/// One consequence: `ACTOR? must A or B`, or `must elsewhere "why"` (then `calls` is empty and `elsewhere` is given).
struct Act {
    Path actor;
    Modality modality = Modality::must;
    bool in_principle = false;
    std::vector<RemedyCall> calls;  // more than one: joined by `or`, the decider chooses
    Text elsewhere;
    std::uint32_t then_group = 0;  // which `then` of the rule it stands under
    Span span;
};

/// `word`, or `if C take word otherwise …`.
struct WordChoice {
    struct Branch {
        ExprId condition;
        Ident word;
    };
    std::vector<Branch> branches;
    Ident otherwise;
    Span span;
};

struct Param {
    Name name;
    TypeRef type;
    Span span;
};

enum class EndKind : std::uint8_t { none, until, through, for_ };

// ── declarations ─────────────────────────────────────────────────────────────────────────────────────────────────────

struct Use {
    Path path;
};
struct ActorDecl {
    std::vector<Name> names;
};
struct UnitDecl {
    Name name;
    ExprId means;  // `unit 万元 means 10000元`
};

/// A day or a run of days of a calendar item, or the word of a weekday.
struct CalendarDate {
    DateLiteral from;
    std::optional<DateLiteral> to;  // included
    Ident word;
    Span span;
};
enum class CalendarItemKind : std::uint8_t { closed, works, extent, citing };
struct CalendarItem {
    CalendarItemKind kind = CalendarItemKind::closed;
    std::vector<CalendarDate> dates;      // closed, works
    DateLiteral from, to;                 // extent
    EndKind end = EndKind::none;          // extent: until or through
    Text source;                          // citing
    Span span;
};
struct CalendarDecl {
    Name name;
    std::vector<CalendarItem> items;
};
struct EnumDecl {
    Name name;
    bool ordered = false;
    std::vector<Name> values;
};
struct ConceptDecl {
    Name name;
};
struct PeriodDecl {
    Name name;
    ExprId from, to;
    EndKind end = EndKind::until;  // until or through
};
/// Members are KeyMember, BelongsTo, RefersTo, DatedBy, FactDecl and Define statements.
struct EntityDecl {
    Name name;
    std::vector<StmtId> members;
};
struct ExtendDecl {
    Path entity;
    std::vector<StmtId> members;
};
struct KeyMember {
    Name name;
};
struct BelongsTo {
    Path entity;
};
struct RefersTo {
    Path entity;
    Name as;  // id empty when not given: the entity's own name
};
struct DatedBy {
    Path column;
};
enum class FactKind : std::uint8_t { fact, finding, judgment };
struct FactDecl {
    FactKind kind = FactKind::fact;
    Name name;
    std::optional<TypeRef> type;  // none: bool
    bool presumed = false;        // a finding that stands until the contrary is found
    std::vector<Ident> by;
};
/// `combine highest P`: way = "highest", of = "P".
struct Combine {
    Ident way;
    Ident of;
    Span span;
};
struct RemedyDecl {
    Name name;
    Path of;
    std::vector<Param> takes;
    std::optional<std::uint32_t> severity;
    std::optional<Combine> combine;
    std::vector<Ident> includes;
    Path chosen;
    Ident concept_;
};
struct AgreementDecl {
    Path path;
    Text label;
    bool continued = false;  // more text of an agreement whose beginning stands in another file
    bool elsewhere = false;  // only the shape of the text is known
    Text elsewhere_where;
    std::vector<StmtId> body;
};
struct SupplementDecl {
    Path path;
    Text label;
    Path amends;
    Text title;  // of the text that is amended: a supplement put on another text is noticed by it
    std::vector<StmtId> body;
};

// ── header lines ─────────────────────────────────────────────────────────────────────────────────────────────────────

struct StatusLine {
    Ident word;
    Text text;
};
struct SubjectLine {
    std::vector<Path> entities;
};
/// `edition "2025"`: what this text is called among its editions; `edition by COLUMN`: the date by which a row falls under it.
struct EditionLine {
    Text label;
    Path column;
};
/// `convention WORD? "source"`: the general rule behind `by convention`, or behind the matter that the word names.
struct ConventionLine {
    Ident matter;
    Text source;
};

// ── nodes and statements ─────────────────────────────────────────────────────────────────────────────────────────────

/// `(throughout)? in force from D (until D | through D | for P)?`
struct InForce {
    bool throughout = false;
    ExprId from;
    EndKind end = EndKind::none;
    ExprId to;
    Span span;
};
/// `ADDRESS,… "label"? (in force …)? (residual to …)? BODY`
struct Node {
    AddressList addresses;
    Text label;
    std::optional<InForce> in_force;
    AddressList residual_to;
    bool braced = false;
    std::vector<StmtId> body;
};
struct Applies {
    bool throughout = false;
    ExprId when;
};
/// `when C (unless D)? (then ACT,…)*`; without acts it is the node's own condition.
struct Rule {
    ExprId when, unless;
    std::vector<Act> acts;
};
struct ForEach {
    Path path;
    Ident alias;
    ExprId where;
};
struct Define {
    Name name;
    std::vector<Param> params;
    Path of;
    std::optional<TypeRef> type;
    ExprId means;
};
struct Recorded {
    Text why;
};
struct Elsewhere {
    Text where;
};
enum class BreachRoute : std::uint8_t { none, wording, citation };
struct Duty {
    Path actor;
    ExprId when;
    ExprId done;  // a condition, or with `due` the day it was done
    ExprId due;
    bool in_principle = false;
    std::optional<Address> breach;
    BreachRoute route = BreachRoute::none;
};
struct Exception {
    AddressList to;
    ExprId when;
    std::vector<Act> acts;
};
struct Overrides {
    AddressList addresses;
};
struct Activate {
    AddressList addresses;
    ExprId when;
};
struct Require {
    ExprId condition;
    Text otherwise;
};
struct Report {
    Name name;
    Path of;
    ExprId means;  // not valid: an existing name is reported
};

enum class CellKind : std::uint8_t { any, otherwise, value, compare, range, set };
struct Cell {
    CellKind kind = CellKind::any;
    Op op = Op::none;           // compare
    ExprId value;               // value, compare
    Range range;                // range
    std::vector<ExprId> items;  // set
    Span span;
};
struct TableRow {
    std::vector<Cell> cells;
    Span span;
};
/// Columns that are not parameters are outputs. Every row has as many cells as there are columns.
struct Table {
    Name name;
    std::vector<Ident> params;
    WordChoice hit;
    std::vector<Ident> columns;
    std::vector<TableRow> rows;
};
struct Group {
    Name name;
    Path from;
    std::vector<Ident> per;
    std::vector<StmtId> defines;
};

enum class LedgerItemKind : std::uint8_t { enter, credit, floor, opens_at };
struct LedgerItem {
    LedgerItemKind kind = LedgerItemKind::enter;
    ExprId amount;
    RowsId rows;             // enter, credit
    Path dated;              // enter, credit
    ExprId cap;              // credit: `at most E`
    std::vector<Ident> per;  // credit: periods of the cap; opens_at: its period
    Span span;
};
struct Ledger {
    Name name;
    Path of;
    std::vector<LedgerItem> items;
};

struct TimelineOn {
    Path source;  // remedy or entity
    ExprId where;
    ExprId gives;
    std::vector<TimeArg> times;
    Span span;
};
struct TimelineOverlap {
    Ident state;
    WordChoice way;
    Span span;
};
struct TimelineShorten {
    ExprId amount;
    RowsId rows;
    Path dated;
    Span span;
};
struct Timeline {
    Name name;
    Path of;
    std::vector<Name> states;  // from low to high
    Ident starts;
    std::vector<TimelineOn> on;
    std::vector<TimelineOverlap> overlaps;
    std::vector<TimelineShorten> shortens;
    ExprId floor;
};
struct StageMove {
    Ident from, to;
    ExprId when;
    Span span;
};
struct Stages {
    Name name;
    Path of;
    std::vector<Name> states;
    Ident starts;
    Path on;
    Ident alias;
    std::vector<StageMove> moves;
};
struct Parameter {
    Name name;
    TypeRef type;
    Ident by;
    ExprId if_none;
};
struct ReadingChoice {
    Name name;
    bool is_default = false;
};
struct Reading {
    Name name;
    std::vector<ReadingChoice> choices;
};

// ── amending ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The heading of the node is the target address.
struct Insert {
    StmtId node;
};
struct Replace {
    StmtId node;
};
struct Append {
    Address to;
    Text label;
    std::optional<InForce> in_force;
    std::vector<StmtId> body;
};
struct Repeal {
    AddressList addresses;
};
struct Renumber {
    Address from, to;
};

// ── scenarios ────────────────────────────────────────────────────────────────────────────────────────────────────────

struct Pair {
    Ident column;
    ExprId value;
    Span span;
};
enum class GivenKind : std::uint8_t { row, parameter, open, holds };
struct Given {
    GivenKind kind = GivenKind::row;
    Path entity;              // row, open
    Ident key;                // row
    Ident of;                 // row: the parent; open: the parent whose register is open
    std::vector<Pair> pairs;  // row
    Ident parameter;          // parameter
    ExprId value;             // parameter
    Address address;          // holds: an item whose text stands elsewhere, and in `agreement` the key of the row it holds for
    Span span;
};
enum class ExpectKind : std::uint8_t { act, no, undetermined, report, outcome, flag, no_flag, finding, no_finding, duty, elsewhere };
struct Expectation {
    ExpectKind kind = ExpectKind::act;
    ExprId where;                   // `where READING is CHOICE:`
    std::optional<Act> act;         // act; no, undetermined: actor and modality, where they are said (no calls)
    std::optional<RemedyCall> call; // no, undetermined (may be missing there); its of_key is the target
    std::vector<Path> needs;        // undetermined
    Ident name;                     // report: its name; outcome: decided, undetermined, error; duty: its state
    Ident of;                       // report, duty, flag
    Op op = Op::none;               // report: comparison with `value`
    ExprId value;                   // report
    std::optional<Range> range;     // report … in RANGE
    Text message;                   // flag
    std::optional<Address> address; // elsewhere; finding, no_finding: in `agreement` the key of the subject
    AddressList citing;
    Span span;
};
struct Scenario {
    Text title;
    Path of;
    DateLiteral as_of;
    std::vector<Given> givens;
    std::vector<Expectation> expectations;
};

// ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────────

using StmtBody =
    std::variant<Use, ActorDecl, UnitDecl, CalendarDecl, EnumDecl, ConceptDecl, PeriodDecl, EntityDecl, ExtendDecl, KeyMember,
                 BelongsTo, RefersTo, DatedBy, FactDecl, RemedyDecl, AgreementDecl, SupplementDecl, StatusLine, SubjectLine,
                 EditionLine, ConventionLine, InForce, Node, Applies, Rule, ForEach, Define, Recorded, Elsewhere, Duty, Exception,
                 Overrides, Activate, Require, Report, Table, Group, Ledger, Timeline, Stages, Parameter, Reading, Insert, Replace,
                 Append, Repeal, Renumber, Scenario>;

/// One declaration, member or statement.
struct Stmt {
    Span span;
    StmtBody what;
};

/// Holds the parts of the trees of one file, or of all files of a project: an id then names the same thing whichever file it
/// was written in, so that a text may be put together from several. References stay good while it grows.
struct Arena {
    std::deque<Expr> exprs;
    std::deque<Rows> rows;
    std::deque<Stmt> stmts;
};

/// The tree of one file.
class Ast {
public:
    Ast() : Ast(std::make_shared<Arena>()) {}
    explicit Ast(std::shared_ptr<Arena> arena) : arena_(std::move(arena)) {}

    source::FileId file;
    std::vector<StmtId> top;  // declarations in textual order
    bool complete = true;     // false when something was left out because of a syntax error

    const Expr& operator[](ExprId id) const { return arena_->exprs[id.index]; }
    const Rows& operator[](RowsId id) const { return arena_->rows[id.index]; }
    const Stmt& operator[](StmtId id) const { return arena_->stmts[id.index]; }
    Expr& operator[](ExprId id) { return arena_->exprs[id.index]; }
    Rows& operator[](RowsId id) { return arena_->rows[id.index]; }
    Stmt& operator[](StmtId id) { return arena_->stmts[id.index]; }
    ExprId add(Expr expr);
    RowsId add(Rows rows);
    StmtId add(Stmt stmt);
    std::size_t expr_count() const { return arena_->exprs.size(); }
    std::size_t rows_count() const { return arena_->rows.size(); }
    std::size_t stmt_count() const { return arena_->stmts.size(); }

private:
    std::shared_ptr<Arena> arena_;
};

std::string_view name_of(Level level);
std::string_view name_of(ExprKind kind);
std::string_view name_of(Op op);
std::string_view name_of(Fold fold);
std::string_view name_of(Modality modality);

}  // namespace tiao::syntax
