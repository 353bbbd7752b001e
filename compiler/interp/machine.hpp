// The evaluator's working state. Its methods are spread over this folder by subject: expressions, rows, folds, groups and
// joins, ledgers, timelines, remedies, outcomes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/interp/folds.hpp"
#include "compiler/interp/interpreter.hpp"
#include "compiler/interp/ledger.hpp"
#include "compiler/interp/memo.hpp"
#include "compiler/interp/population.hpp"
#include "compiler/interp/timeline.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::interp {

using core::ExprId;
using core::Op;

/// Where the slots of one evaluation begin.
using Frame = std::size_t;

/// One element of a path to a row, and how sure the step to it is.
struct Passed {
  EntityId entity = none;
  std::uint32_t row = none;
  Truth there = Truth::yes;         // membership of the row itself
  Truth way = Truth::yes;           // of the step: an unknown link, an undecided member
  const core::Hop* hop = nullptr;   // none: the row the path starts from
};

struct Reached { std::uint32_t row; Truth in; };

/// A place where rows that we do not know may stand: under a row of `of`, or (link given) at an unknown link of it.
struct OpenSpot { EntityId entity = none; EntityId of = none; std::uint32_t row = none; ColumnId link = none; bool start = false; };

/// What a set of rows is besides its rows.
struct SetState {
  bool failed = false;              // a start or link in error
  bool elsewhere = false;           // a start or link that is not known, or a row that we do not know, may lead to any row
  std::vector<OpenSpot> open;
};

/// Rows of one derived entity, gathered under their parents.
struct DerivedStore {
  std::vector<CellColumn> columns;                       // built-in ones, by column; the parent's is empty
  std::vector<std::uint32_t> begin, count;               // per parent row; begin none: not made yet
  std::vector<std::uint8_t> open;                        // per parent row
  bool all = false;                                      // every parent has been asked for
  std::vector<std::uint32_t> members_begin;              // groups: per row, and one more
  std::vector<std::uint32_t> members;
  std::vector<std::uint8_t> members_in;                  // Truth: membership and, for an unknown key, unknown
  std::vector<std::uint32_t> table_row;                  // remedies: row in the remedy's table
  bool open_whole = false;                               // joins
};

struct RemedyStore {
  std::vector<std::uint32_t> begin, count;               // per target row, rows of the table; begin none: not made yet
  std::vector<std::uint32_t> uses_begin;                 // per row of the table, and one more
  std::vector<GroundUse> uses;
  std::vector<std::uint32_t> grounds;                    // indices into Program::grounds
  // Does any ground say something of it?
  std::vector<std::uint8_t> own_state;                   // Truth, per row of the table: before what opposes it is looked at
  bool opposing = false;                                 // some ground is to happen, some must not
  bool says_from = false, says_until = false, says_length = false;
  std::vector<bool> says_param;
};

class Machine {
 public:
  Machine(const core::Program& program, const facts::FactBase& facts, std::int64_t as_of);

  const Results& run(const Progress& progress);

  // --- expressions.cpp -------------------------------------------------------------------------------------------------------
  Cell value(ExprId expr, Frame frame);
  Truth test(ExprId expr, Frame frame) { return expr == none ? Truth::yes : static_cast<Truth>(value(expr, frame).lo); }
  const core::Expr& expr(ExprId e) const { return program.exprs[e]; }
  ExprId arg(const core::Expr& e, std::uint32_t i) const { return program.args[e.args + i]; }
  const Type& type(ExprId e) const { return program.exprs[e].type; }
  Cell widest(const Type& type) const;
  Cell widest(EntityId entity, ColumnId column) const;
  bool has_otherwise(const core::Expr& table) const;

  // --- folds of expressions (fold_rows.cpp) ------------------------------------------------------------------------------------
  Cell fold_value(const core::Fold& fold, Frame frame, FoldFault& fault);
  Cell fold_rows(const core::Fold& fold, Frame frame, FoldFault& fault);
  Cell widest_value(const core::Fold& fold) const;

  // --- folds over a whole population (population.cpp) ----------------------------------------------------------------------------
  PopulationFold& population_fold(const core::Fold& fold);
  PopulationFold::Keys keys_of(const core::Source& source, Frame frame);
  const Ranking& ranking(const core::Fold& fold, PopulationFold& kept, Frame frame);
  std::uint32_t itself(const FoldUse& use, Frame frame);
  Tally rank_tally(const core::Fold& fold, PopulationFold& kept, Frame frame);   // by membership without the comparison
  Cell rank_fold(const core::Fold& fold, PopulationFold& kept, Frame frame, FoldFault& fault);

  // --- rows.cpp --------------------------------------------------------------------------------------------------------------
  std::uint32_t rows(EntityId entity) const;
  bool derived(EntityId entity) const { return schema.entities[entity].origin != EntityOrigin::register_; }
  Truth membership(EntityId entity, std::uint32_t row);
  std::uint32_t parent_row(EntityId entity, std::uint32_t row) const;   // none: no parent
  Cell column(EntityId entity, ColumnId column, std::uint32_t row);
  RowRange children(EntityId child, std::uint32_t parent);
  bool open_under(EntityId child, std::uint32_t parent);
  bool open_anywhere(EntityId entity);
  bool open_by_link(EntityId child, ColumnId link, std::uint32_t row);
  bool owners_open(EntityId entity);
  void make_rows(EntityId entity, std::uint32_t parent);
  void make_all(EntityId entity);
  // Derived rows are numbered as they are asked for. In a whole run that is owner by owner; here is that order.
  bool earlier(EntityId entity, std::uint32_t a, std::uint32_t b) const;
  const std::vector<std::uint32_t>& in_order(EntityId entity);

  // Calls f(path, row, in, keys) for every way along the source's hops of which neither is no: whether the way is there, and
  // whether the row has the keys asked for.
  using Way = std::function<void(const std::vector<Passed>& path, std::uint32_t row, Truth in, Truth keys)>;
  SetState each_way(const core::Source& source, Frame frame, const Way& f);
  // The rows of the set, each once when it is distinct or that is asked for.
  std::vector<Reached> reach(const core::Source& source, Frame frame, SetState& state) { return reach(source, frame, state, source.distinct); }
  std::vector<Reached> reach(const core::Source& source, Frame frame, SetState& state, bool each_once);
  Truth same_truth(const core::Source& source, std::uint32_t row, Frame frame);

  // --- groups.cpp, ledgers.cpp, timelines.cpp, remedies.cpp: rows of one owner -----------------------------------------------------
  void make_group(const core::Group& group, std::uint32_t parent);
  void make_join(const core::Join& join);
  void make_ledger(std::uint32_t ledger, std::uint32_t owner);
  void make_spans(std::uint32_t timeline, std::uint32_t owner);
  void make_remedy(RemedyId remedy, std::uint32_t target);
  void make_remedies(RemedyId remedy);
  const Account& account(std::uint32_t ledger, std::uint32_t owner);
  Course course(std::uint32_t timeline, std::uint32_t owner);
  bool states_end(const core::On& on) const;
  Cell balance_at(std::uint32_t ledger, const Cell& owner, const Cell& day);
  Cell state_at(std::uint32_t timeline, const Cell& owner, const Cell& day);
  std::uint32_t lead_of(EntityId entity, std::uint32_t row) const;
  std::vector<Cover> covers_of(std::uint32_t timeline, std::uint32_t owner);
  Truth ground_state(const core::Ground& ground, std::uint32_t scope_row);
  bool unseen_scope(const core::Ground& ground, std::uint32_t target);

  // --- outcomes.cpp -------------------------------------------------------------------------------------------------------------
  /// A row of the same remedy and target that says the opposite, and whether both hold at one time.
  struct Opposed { std::uint32_t row; Truth overlap, both; };
  std::vector<Opposed> opposed(RemedyId remedy, std::uint32_t table_row);

  DutyState duty_state(const core::Duty& duty, std::uint32_t row);
  Truth violated(const core::Require& require, std::uint32_t row);

  // --- slots -----------------------------------------------------------------------------------------------------------------------
  std::uint32_t& slot(Frame frame, std::uint32_t slot) { return slots_[frame + slot]; }

  const core::Program& program;
  const Schema& schema;
  const facts::FactBase& facts;
  const std::int64_t as_of;

  Results results;
  std::vector<DerivedStore> stores;                       // per entity
  std::vector<RemedyStore> remedies;                      // per remedy
  std::vector<std::uint32_t> ledger_of, timeline_of, remedy_of, group_of, join_of;   // per derived entity: what yields it
  std::vector<std::vector<std::uint32_t>> computed_of;    // per entity and column: index into Program::computed
  std::uint64_t ground_states = 0;                        // how often the state of a ground was worked out

 private:
  friend class NewFrame;
  friend class Walk;

  // expressions.cpp
  Cell truth_list(const core::Expr& e, Frame frame);
  Cell compare(const core::Expr& e, Frame frame);
  Cell arithmetic(const core::Expr& e, Frame frame);
  Cell extreme(const core::Expr& e, Frame frame);
  Cell round(const core::Expr& e, Frame frame);
  Cell dates(const core::Expr& e, Frame frame);
  Cell table(const core::Expr& e, Frame frame);
  Cell computed(std::uint32_t index, std::uint32_t row);

  // rows.cpp
  struct LinkIndex { std::vector<std::uint32_t> offsets, rows, unknown; };
  struct Partition { std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed; std::vector<std::uint32_t> unknown; };
  struct Population { std::vector<Reached> rows; SetState state; };
  static LinkIndex index_of(std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs);   // target, row
  static LinkIndex index_of(std::uint32_t rows, const std::function<Cell(std::uint32_t)>& link);
  const LinkIndex& links(EntityId entity, ColumnId column);
  const Partition& partition(EntityId entity, const std::vector<ColumnId>& columns);
  std::optional<std::vector<std::uint32_t>> candidates(const core::Source& source, Frame frame, std::uint32_t start);
  void walk(const core::Source& source, std::size_t hop, EntityId entity, std::uint32_t row, Truth in, std::vector<Passed>& path,
            Frame frame, SetState& state, const Way& f);
  void step(const core::Source& source, std::size_t hop, EntityId entity, std::uint32_t row, Truth in, Truth way, std::vector<Passed>& path,
            Frame frame, SetState& state, const Way& f);
  void arrive(const core::Source& source, std::uint32_t row, Truth in, const std::vector<Passed>& path, Frame frame, const Way& f);
  Cell derived_column(EntityId entity, ColumnId column, std::uint32_t row);
  void begin_rows(EntityId entity, std::uint32_t parent, bool open);
  void push_row(EntityId entity, std::uint32_t parent, Truth membership);

  // remedies.cpp
  struct Contribution { std::uint32_t target; GroundUse use; };
  void contribute(std::uint32_t ground, std::uint32_t scope_row, std::vector<Contribution>& out, std::uint32_t only_target);
  void combine(RemedyId remedy, std::uint32_t target, std::vector<GroundUse> uses);
  void push_further(RemedyId remedy, const GroundUse& lead, const std::vector<GroundUse>& uses);
  void push_combined(RemedyId remedy, std::uint32_t target, const std::vector<GroundUse>& uses);
  struct Ends { Cell lo, hi; };
  std::optional<Ends> rule_ends(const core::ParamRule& rule, const Type& type, std::int64_t range_lo, std::int64_t range_hi, const GroundUse& use);
  std::optional<Ends> until_ends(const core::Ground& ground, const GroundUse& use);
  using RuleOf = std::function<std::optional<Ends>(const core::Ground&, const GroundUse&)>;
  void settle_opposed(RemedyId remedy, std::uint32_t first_row, std::uint32_t end_row);
  bool opposes(RemedyId remedy, std::uint32_t a, std::uint32_t b) const;
  Truth overlap(RemedyId remedy, std::uint32_t a, std::uint32_t b) const;
  bool unseen_says(RemedyId remedy, std::uint32_t target, const core::Ground& like, const std::function<bool(const core::Ground&)>& says);
  static bool says_end(const core::Ground& ground);
  Cell widest_param(const RemedyParam& param) const;
  Ends combined_ends(const std::vector<GroundUse>& uses, const Type& type, core::FoldKind kind, const RuleOf& rule, const std::optional<Cell>& unseen);
  void push_values(RemedyId remedy, std::uint32_t target, const std::vector<GroundUse>& uses);
  facts::Presence presence_of(EntityId entity, ColumnId column, std::uint32_t row) const;
  void push_visible(RemedyId remedy, std::uint32_t table_row);
  // Its first day; -inf when nothing says from when.
  Cell starts(RemedyId remedy, std::uint32_t table_row) const;
  Cell visible_column(RemedyId remedy, std::uint32_t table_row, ColumnId column) const;
  bool remedy_open(RemedyId remedy, std::uint32_t target);

  // scope_rows.cpp
  struct Stray { std::vector<std::uint32_t> rows, standing; bool asked = false; };   // standing: those whose ground is not surely out
  struct Standing { std::vector<std::uint32_t> rows; bool asked = false; };
  bool to_parent(const core::Expr& e) const;
  const LinkIndex& values_over(EntityId scope, ExprId ref);
  void rows_naming(EntityId scope, ExprId ref, std::uint32_t row, std::vector<std::uint32_t>& out);
  void rows_naming_none(EntityId scope, ExprId ref, std::vector<std::uint32_t>& out);
  const LinkIndex& groups_of(EntityId group);
  std::optional<std::vector<std::uint32_t>> back_over(const core::Ground& ground, std::size_t hops, std::vector<std::uint32_t> at);
  const Stray& stray(std::uint32_t ground);
  std::vector<std::uint32_t> scope_rows_for(std::uint32_t ground, std::uint32_t target);      // all on which it may be on this target
  std::vector<std::uint32_t> standing_rows_for(std::uint32_t ground, std::uint32_t target);   // without some on which it surely is not

  // outcomes.cpp
  void run_stratum(const core::Stratum& stratum);
  void run_duty(std::uint32_t index);
  void run_report(std::uint32_t index);
  void run_applicability(std::uint32_t index);

  std::vector<std::uint32_t> slots_;
  Frame top_ = 0;
  std::uint32_t frame_size_ = 1;
  std::vector<Memo> computed_;                            // per Program::computed
  std::vector<std::vector<std::uint8_t>> membership_;     // registers: Truth, or unasked
  std::vector<std::uint8_t> always_there_;                // per entity: every row of the register is in
  std::map<std::pair<EntityId, ColumnId>, LinkIndex> links_;        // column none: from members to their groups
  std::map<std::pair<EntityId, ExprId>, LinkIndex> values_over_;
  std::map<EntityId, std::vector<std::uint32_t>> in_order_;
  std::vector<Stray> strays_;                             // per Program::grounds
  std::vector<Standing> standing_;
  std::map<std::pair<EntityId, std::vector<ColumnId>>, Partition> partitions_;
  std::unordered_map<const core::Source*, Population> populations_;
  std::vector<PopulationFold> population_folds_;          // per Program::folds
  std::vector<std::int8_t> open_anywhere_;                // per entity: -1 not asked
  Account account_;                                       // the last one asked for
  std::uint32_t account_ledger_ = none, account_owner_ = none;
};

/// Slots for evaluating one expression on one row; gone with the scope.
class NewFrame {
 public:
  explicit NewFrame(Machine& machine, std::uint32_t row = none) : machine_(machine), base_(machine.top_) {
    machine.top_ += machine.frame_size_;
    if (machine.slots_.size() < machine.top_) machine.slots_.resize(machine.top_ * 2);
    machine.slots_[base_] = row;
  }
  ~NewFrame() { machine_.top_ = base_; }
  NewFrame(const NewFrame&) = delete;
  NewFrame& operator=(const NewFrame&) = delete;
  operator Frame() const { return base_; }

 private:
  Machine& machine_;
  Frame base_;
};

}  // namespace tiao::interp
