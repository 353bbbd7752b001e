// The walk back from a result to what it rests on. One walk serves three questions, which differ only in the operands that are
// followed and in what counts as an end:
//   needs     from an undetermined value through undecided operands to the blanks behind it;
//   readings  from any value through everything that is not absorbed to the readings met on the way;
//   faults    from an error through operands in error to where it arose.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "compiler/interp/machine.hpp"
#include "compiler/interp/reading_reach.hpp"

namespace tiao::interp {

enum class Fault : std::uint32_t { division_by_zero, overflow, table_no_row, table_two_rows, only_two_values, conflict, date_out_of_range, no_rows };

/// Where a walk ended.
struct Leaf {
  enum Kind : std::uint32_t { fact, parameter, reading, open_register, gap, fault } kind;
  // fact: entity, row, column; open: entity, of, row; gap: node, or none and the calendar that ends too early; fault: Fault, node, expression, and the
  // node on the other side of a conflict
  std::uint32_t a = none, b = none, c = none, d = none;
  friend auto operator<=>(const Leaf&, const Leaf&) = default;
};
using Leaves = std::set<Leaf>;

/// What is kept from one walk to the next.
struct FoldLeaves { Leaves leaves; bool sure = false; };   // sure: a row is surely there
struct KeptLeaves {
  // What folds over a whole population were found to rest on: it is the same for every row with the same keys.
  std::map<std::tuple<int, const core::Fold*, NodeId, PopulationFold::Keys>, FoldLeaves> folds;
  // The readings on which grounds rest over all rows of their scope.
  std::map<std::uint32_t, Leaves> grounds;
};

class Walk {
 public:
  enum class Mode : std::uint8_t { needs, readings, faults };
  Walk(Machine& machine, Mode mode, ReadingReach& reach, KeptLeaves& kept) : m_(machine), mode_(mode), reach_(reach), kept_(kept) {}

  void remedy(RemedyId remedy, std::uint32_t row);
  void remedy_state(RemedyId remedy, std::uint32_t row);         // without its times and parameters
  void report(std::uint32_t report, std::uint32_t row);
  void duty(std::uint32_t duty, std::uint32_t row);
  void require(std::uint32_t require, std::uint32_t row);
  void proposition(std::uint32_t computed, std::uint32_t row);   // whether the row is there and its condition holds
  void expression(ExprId expr, std::uint32_t row);
  const Leaves& found() const { return out_; }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
  using Body = std::function<void()>;
  // A conjunct (or disjunct): what it comes to, and how to walk it.
  struct Part { Truth truth; Body walk; };

  // walk.cpp
  bool interesting(const Cell& c, Kind kind) const;
  bool interesting(Truth t) const { return interesting(of(t), Kind::boolean); }
  Leaves apart(const Body& body);
  void once(const Key& key, const Body& body);
  void all_of(const std::vector<Part>& parts) { parts_of(parts, Truth::no); }
  void parts_of(const std::vector<Part>& parts, Truth strongest);
  void expr(ExprId expr, Frame frame);
  void operands(const core::Expr& e, Frame frame);
  void column_of(const core::Expr& e, Frame frame);
  void junction(const core::Expr& e, Frame frame);
  void select(const core::Expr& e, Frame frame);
  void table(const core::Expr& e, Frame frame);
  void extreme(const core::Expr& e, Frame frame);
  void end(const Leaf& leaf) { out_.insert(leaf); }
  void fault_here(ExprId expr, Frame frame);
  void fault_at(Fault fault, NodeId node, ExprId expr = none, NodeId with = none) { end({Leaf::fault, static_cast<std::uint32_t>(fault), node, expr, with}); }
  Fault fault_of(ExprId expr, Frame frame);
  Part part(ExprId expr, Frame frame);

  // walk_rows.cpp
  struct Row { std::uint32_t row; Truth in; std::vector<std::vector<Passed>> ways; };
  std::vector<Row> rows_of(const core::Source& source, Frame frame, SetState& state);
  void column(EntityId entity, ColumnId column, std::uint32_t row);
  void derived_column(EntityId entity, ColumnId column, std::uint32_t row);
  void membership(EntityId entity, std::uint32_t row);
  void derived_membership(EntityId entity, std::uint32_t row);
  std::vector<Part> way_parts(const core::Source& source, const Row& row, Frame frame);
  void fold(const core::Fold& fold, Frame frame);
  bool rests_on_keys(const core::Fold& fold, Frame frame);
  bool fold_rows(const core::Fold& fold, Frame frame);
  std::vector<Row> unsettled_rows(const core::Fold& fold, Frame frame, SetState& state, bool& ours, bool& sure);
  bool cannot_matter(const core::Fold& fold, const std::vector<FoldRow>& rows, std::size_t i) const;
  void existence(const core::Source& source, Frame frame);
  void existence(EntityId entity, std::uint32_t parent);
  void open(const SetState& state, const core::Source& source, Frame frame);
  void open(const OpenSpot& spot);
  void open_whole(EntityId entity);
  void open_scope(const core::Ground& ground, std::uint32_t target);
  void group_member(EntityId group, std::uint32_t row, bool keys, bool there);

  // walk_time.cpp
  using Bears = std::function<bool(const Posting&)>;
  void postings(std::uint32_t ledger, std::uint32_t owner, const Bears& bears);
  void flow(const core::Flow& flow, Frame frame, const std::set<std::uint32_t>* rows, bool open_too);
  void row_in(const core::Source& source, ExprId filter, const Row& row, Frame frame);
  void step_column(std::uint32_t ledger, std::uint32_t row, ColumnId column);
  void cycle_column(std::uint32_t ledger, std::uint32_t row, ColumnId column);
  void balance(std::uint32_t ledger, std::uint32_t owner, const Cell& day);
  void state(std::uint32_t timeline, std::uint32_t owner, const Cell& day);
  void span(std::uint32_t timeline, std::uint32_t owner, const Course& course, std::size_t i);
  void all_spans(std::uint32_t timeline, std::uint32_t owner);
  void on_row(const core::On& on, Frame frame, std::uint32_t row);   // none: every row
  void shortening_row(const core::Shorten& shorten, Frame frame, std::uint32_t row);

  // walk_outcomes.cpp
  void use_state(const GroundUse& use, std::uint32_t target);
  void rule(const core::ParamRule& rule, std::uint32_t scope_row);
  void until(const core::Ground& ground, std::uint32_t scope_row);
  void values(RemedyId remedy, std::uint32_t row, const std::function<void(const core::Ground&, std::uint32_t)>& say);
  void combined_state(RemedyId remedy, std::uint32_t row);
  void opposed(RemedyId remedy, std::uint32_t row);
  void visible_column(RemedyId remedy, std::uint32_t row, ColumnId column);
  void visible_membership(RemedyId remedy, std::uint32_t row);
  void grounds_on(RemedyId remedy, std::uint32_t target);
  void ground_on(std::uint32_t ground, std::uint32_t scope_row, std::uint32_t target);

  Machine& m_;
  Mode mode_;
  ReadingReach& reach_;
  KeptLeaves& kept_;
  Leaves out_;
  std::map<Key, Leaves> seen_;
  NodeId node_ = none;              // the address under which the walk is
};

}  // namespace tiao::interp
