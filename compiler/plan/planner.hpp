// The making of a plan. A stage runs its row kernels (all values of one entity that are ready together share loads and
// subexpressions), then the kernels over candidate rows, then the builders of tables. A stratum is in the earliest stage in which
// everything that it reads is there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "compiler/core/same.hpp"
#include "compiler/plan/analysis.hpp"
#include "compiler/plan/plan.hpp"
#include "compiler/plan/reads.hpp"

namespace tiao::plan {

class Planner {
 public:
  Planner(const core::Program& program, const Layout& layout) : program_(program), schema_(program.schema), layout_(layout), same_as_(core::find_same(program)) {}
  Plan make();

 private:
  // What a stratum reads where, and when it can run.
  struct Work {
    Reads rows, candidates;
    std::uint32_t stage = 0;
    bool live = true;              // somebody reads what it makes
  };
  // Outputs of rows of one entity (or of the run) collect here until the stage is emitted.
  struct Pending { std::vector<Output> outputs; };
  // Everything that a step touches, as resource numbers of one kind each.
  struct Touched {
    std::set<ColumnRef> columns;
    std::set<EntityId> entities, members, parents;
    std::set<std::uint32_t> indexes, temporaries, folds;
  };

  // planner.cpp: declarations and stages
  void index_declarations();
  // The stage in which a declaration that was placed at `i` has its result for others.
  std::uint32_t after(std::uint32_t stratum) const;
  std::uint32_t table_ready(EntityId e) const;
  std::uint32_t column_ready(ColumnRef column, bool same_stage) const;
  std::uint32_t ready(const Reads& reads, bool columns_at_once) const;
  void assign_stage(std::uint32_t i);
  void find_live();
  void analyse();
  bool direct(core::ExprId expr, std::uint32_t slot, Operand& operand) const;
  bool derived(EntityId e) const { return schema_.entities[e].origin != EntityOrigin::register_; }
  bool is_own_row(core::ExprId e) const { return core::is_own_row(program_, e); }
  std::uint32_t temporary(Type type);
  template <class F>
  void for_grounds(RemedyId remedy, F f) const {
    for (std::uint32_t g = 0; g < program_.grounds.size(); ++g)
      if (program_.grounds[g].remedy == remedy) f(program_.grounds[g], g);
  }

  // access.cpp: ways to rows
  std::uint32_t index(IndexSpec spec);
  static IndexSpec reverse(EntityId entity, ColumnId column);
  // Does the order of the rows show in the result? (In a sum where it overflows.)
  static bool ordered(core::FoldKind kind);
  Access fold_access(const core::Fold& fold, const FoldShape& shape);
  bool has_own_key(const core::Source& source) const;
  // Rows of a source by owner, for flows, spans, shortenings and targets.
  Access listed_access(const core::Source& source, EntityId owner, bool each_once = false);
  // fold_shape.cpp
  static core::CmpOp turned_round(core::CmpOp op);   // a OP b is b turned_round(OP) a
  FoldShape fold_shape(const core::Fold& fold) const;
  bool of_its_row(const core::Fold& fold, core::ExprId expr) const;
  bool is_rank(const core::Fold& fold, core::ExprId expr, FoldShape& shape) const;
  bool is_tally(const core::Fold& fold, const Access& access) const;
  core::ExprId is_itself(const core::Fold& fold, core::ExprId expr) const;

  // ranks.cpp: folds that are answered for all rows at once
  std::vector<core::ExprId> conjuncts(core::ExprId filter) const;
  Operand value_before(Kernel& rows, Kernel& once, core::ExprId expr);
  void emit_before(Kernel kernel);
  void need_ranking(std::uint32_t fold);
  core::ExprId compared_rank(core::ExprId comparison) const;
  bool asks_rank(core::ExprId id) const;
  std::vector<core::ExprId> ranks_asked(const Output& output) const;
  void need_rank(EntityId entity, core::ExprId answers);
  std::vector<std::uint32_t> ranks_of(EntityId entity) const;   // that have been answered
  void touch_ranking(Touched& t, std::uint32_t fold) const;
  void touch_rank(Touched& t, const RankPlan& rank) const;

  // kernels.cpp: what the strata of a stage evaluate
  Operand value_in(std::vector<Output>& rows, std::vector<Output>& once, core::ExprId expr, std::uint32_t slot);
  Operand row_value(EntityId entity, core::ExprId expr);
  std::uint32_t conjunction(EntityId entity, std::vector<core::ExprId> terms, bool membership);
  void add_special(EntityId entity, Output::Kind kind, std::uint32_t index, std::uint32_t home);
  void add_computed(std::uint32_t index);
  bool own_parent(const core::Source& source) const;
  void add_ground(const core::Ground& ground, std::uint32_t g);
  bool stays_planes(RemedyId remedy) const;
  void add_acts(RemedyId remedy);
  // A kernel over the rows that a source reaches from each owner.
  Kernel& candidates(EntityId owner, const core::Source& source, const Access& access, std::uint32_t slot, core::ExprId filter, std::uint32_t& in);
  Operand listed_value(Kernel& kernel, core::ExprId expr);
  void drop_plain_candidates(std::uint32_t& in);
  void add_report(std::uint32_t report);
  void add_ledger(std::uint32_t l);
  void add_timeline(std::uint32_t t);
  void add_stratum(const core::Stratum& s);
  // One value for each row, even if it is the same for all; one in all without an entity.
  Operand per_row(EntityId entity, core::ExprId expr);
  // steps.cpp: kernels and builders in order
  void step(Step::Kind kind, std::uint32_t a, std::uint32_t b = none);
  void need_parents(EntityId e);
  void need_index(std::uint32_t i);
  // The expressions that an output evaluates.
  std::vector<core::ExprId> parts_of(const Output& output) const;
  Reads reads_of(const Kernel& kernel) const;
  void emit_kernel(Kernel kernel);
  std::uint32_t weight_of(const Output& out) const;
  // words.cpp
  bool in_lanes(core::ExprId id) const;
  bool is_link_of_derived(EntityId entity, ColumnId column) const;
  bool in_words(core::ExprId id) const;
  bool in_words(EntityId entity, const Output& out) const;
  std::vector<std::uint32_t> levels_of(EntityId entity, const std::vector<Output>& outputs) const;
  std::uint32_t order_of(EntityId entity, const Output& output) const;
  void emit_rows(EntityId entity, std::vector<Output> outputs);
  // Registers, parents first: a row is in when its own date and its parent are.
  void memberships();
  void membership(EntityId e, std::vector<bool>& done);
  void emit_stage(std::uint32_t stage);
  void hand_over(const core::Stratum& s);
  void name_kernels();
  // parts.cpp: what may be taken part by part
  void choose_parts();
  std::vector<bool> tree_of(EntityId root) const;
  bool stays_in_part(const Step& s, const std::vector<bool>& own) const;
  bool reads_own(const Reads& reads, const std::vector<bool>& own) const;
  bool names_row(const ColumnRef& column, const std::vector<bool>& own) const;
  Touched made_by(const Step& s) const;
  bool split(const std::vector<bool>& own, std::vector<std::uint8_t>& place) const;
  void take_in_parts(EntityId root, const std::vector<bool>& own, const std::vector<std::uint8_t>& place);
  // lifetimes.cpp: where values live, and until when
  void find_homes();
  void find_columns_read();
  void for_operands(const std::function<void(const Operand&)>& read) const;
  void for_asked_columns(const std::function<void(EntityId, ColumnId)>& read) const;
  void touch(Touched& t, const Operand& operand) const;
  void touch_truth(Touched& t, std::uint32_t temporary) const;
  void touch(Touched& t, const Access& access) const;
  void touch_index(Touched& t, std::uint32_t i) const;
  void touch(Touched& t, const Reads& reads) const;
  void touch_path(Touched& t, EntityId at, const std::vector<core::Hop>& hops) const;
  Touched touched(const Step& s) const;
  bool slow_start(const Kernel& kernel) const;
  std::set<std::uint32_t> results() const;   // temporaries of truths that the run hands over
  void release();

  const core::Program& program_;
  const Schema& schema_;
  const Layout& layout_;
  std::vector<core::ExprId> same_as_;                // by expression: the first that is the same
  Plan plan_;
  std::optional<Analysis> analysis_;
  std::vector<Work> work_;
  std::vector<std::uint32_t> builder_, computed_stratum_, ledger_stratum_, timeline_stratum_;
  std::map<EntityId, Pending> pending_;
  std::map<std::tuple<EntityId, std::vector<core::ExprId>, bool>, std::uint32_t> conjunctions_;   // temporaries
  std::map<std::vector<std::uint32_t>, std::uint32_t> unions_;
  std::set<EntityId> entities_read_;                 // tables that some declaration reads
  Pending once_;
  std::vector<Kernel> listed_;
  std::map<std::uint32_t, EntityId> start_entity_;   // by temporary of a start ref
  std::vector<bool> index_made_, parents_made_, ranking_made_;
};

}  // namespace tiao::plan
