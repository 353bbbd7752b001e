// Code for one kernel of a plan. Expressions become straight-line code with every subexpression computed once; folds become
// loops, whose invariant parts are computed before; what is dear and rarely needed stands behind a branch.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/core/core.hpp"
#include "compiler/core/same.hpp"
#include "compiler/jit/scalars.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/engine/store.hpp"

namespace tiao::jit {

class Emitter {
 public:
  Emitter(Ir& ir, const core::Program& program, const plan::Plan& plan, const engine::SlotLayout& layout);
  void emit(const plan::Kernel& kernel);

 private:
  // Values computed at one level: the prologue, the row loop, a fold's loop, an arm of a branch.
  struct Scope { std::unordered_map<core::ExprId, Value> values; };
  // A pointer that may be null: where it is, `base` has one element that stands for all, and `stride` is 0.
  struct Plane { IrValue base = nullptr, stride = nullptr; };
  // The rows that a fold or a candidate kernel looks at: positions 0 .. count.
  struct RowSet {
    EntityId entity = none;
    IrValue count = nullptr;
    IrValue first = nullptr;              // position in `rows` of position 0
    IrValue rows = nullptr;               // null: the rows are consecutive from `first`
    IrValue identity = nullptr;           // i1: consecutive all the same
    IrValue known_count = nullptr;        // positions from here on are of `unknown_rows`, of membership unknown
    IrValue unknown_rows = nullptr;
    Plane way;                            // truth per position; base null: yes
    bool way_is_all = false;              // the way includes the row's own membership
    bool by_key = false;                  // of a partition
    bool keys_equal = false;              // all rows surely have the key asked for
    std::vector<core::ExprId> terms;      // of a fold's filter, as far as they depend on the row
    Value fixed;                          // the others, where they are not surely `yes` for rows that are looked at
    bool some_fixed = false;
    plan::RowFacts facts;
    Value open;                           // yes: there may be rows that we do not know; error: a ref on the way is in error
  };
  struct Candidate { IrValue row, position; Value in; };

  // emit_kernel.cpp
  void begin_function(const plan::Kernel& kernel);
  void end_function();
  void row_loop(const plan::Kernel& kernel);
  void once(const plan::Kernel& kernel);
  void candidate_loop(const plan::Kernel& kernel);
  void counted_loop(IrValue begin, IrValue end, const std::function<void(IrValue)>& body);
  void write_outputs(const plan::Kernel& kernel, IrValue position, const Value* membership);
  Value output_value(const plan::Output& output, const Value* membership);
  IrValue duty_state(const core::Duty& duty, const Value& membership);
  void write(const plan::Output& output, const Value& value, IrValue position);
  void write_planes(const std::vector<IrValue>& planes, const Value& value, bool ranges, IrValue position);

  // emit_words.cpp
  void word_loop(const plan::Kernel& kernel);
  Value output_word(const plan::Kernel& kernel, const plan::Output& out);
  Value state_word(const plan::Kernel& kernel, std::uint32_t temporary);
  Value word(core::ExprId id);
  Value make_word(core::ExprId id, const core::Expr& e);
  Value everywhere(core::ExprId id);
  Value planes_word(IrValue yes_plane, IrValue no_plane, const plan::ValueFacts& facts);
  Value word_column(EntityId entity, ColumnId column);
  Value compared(const core::Expr& e);
  Value membership_word(EntityId entity);
  Value word_by_word(IrValue used, const std::function<Value(IrValue word)>& make);
  IrValue used_words();
  Value compared_choice(const core::Expr& e, IrValue masks, bool decided, unsigned count);
  Value compared_masks(const core::Expr& e, IrValue word);
  Value compared_lanes(const core::Expr& e, IrValue word, unsigned k);
  Value everywhere_known(core::ExprId id);
  Value lane_values(core::ExprId id, IrValue word, unsigned k);
  IrValue load_words(IrValue plane);
  void store_words(IrValue words, IrValue plane, bool past_caches);

  // emit_expr.cpp
  Value eval(core::ExprId id);
  Value compute(core::ExprId id, const core::Expr& e);
  Value typed(Value v, core::ExprId id) const;
  Value made_known(Value v) const;
  Value arithmetic(core::ExprId id, const core::Expr& e);
  Value calendar_part(const core::Expr& e);
  Value junction(const core::Expr& e);
  std::vector<core::ExprId> flat_terms(core::Op op, const std::vector<core::ExprId>& terms);
  Value joined(core::Op op, Value so_far, const std::vector<core::ExprId>& terms);
  Value all_of(Value so_far, const std::vector<core::ExprId>& terms);
  Value selection(const core::Expr& e);
  Value comparison(const core::Expr& e);
  Value table(const core::Expr& e);
  Value called_table(Type type, core::HitPolicy policy, const std::vector<Value>& conditions, const std::vector<Value>& outputs, bool has_otherwise);
  Value extreme(const core::Expr& e);
  Value first_hit(const std::vector<Value>& conditions, const std::vector<Value>& outputs);
  IrValue contradiction(const std::vector<Value>& conditions, const std::vector<Value>& outputs, std::size_t rows);
  Value unique_hit(const std::vector<Value>& conditions, const std::vector<Value>& outputs, bool has_otherwise);
  bool ends_with_otherwise(const core::Expr& e) const;
  Value parent_of(const Value& ref);
  Value column(const Value& ref, bool own_row, ColumnId column);
  Value bits_at(const std::function<IrValue(std::uint32_t)>& plane, IrValue row, IrValue valid, bool may_fail, bool may_be_unknown);
  Value load_parts(EntityId entity, ColumnId column, const Value& ref);
  std::uint32_t plane_of(EntityId entity, ColumnId column, engine::ColumnPlane plane, std::uint32_t part) const;
  bool has_narrow_masks(EntityId entity, ColumnId column) const;
  void fetch(EntityId entity, ColumnId column, IrValue row);
  Value widest(EntityId entity, ColumnId column);
  // Runs `make` only where `needed`, with `otherwise` elsewhere.
  Value guarded(IrValue needed, const Value& otherwise, const std::function<Value()>& make);
  bool dear(core::ExprId id) { return weight(id) >= 14; }
  std::uint32_t weight(core::ExprId id) { return plan_.weights[id] + definitions_weight(id); }
  std::uint32_t definitions_weight(core::ExprId id);
  core::ExprId arg(const core::Expr& e, std::uint32_t i) const { return program_.args[e.args + i]; }

  // emit_calendar.cpp
  Value shifted(const Value& date, const Value& duration, bool back, Type type);

  // emit_rows.cpp
  IrValue slot(std::uint32_t number);                         // the pointer in a slot, loaded once a call
  Plane optional(std::uint32_t number, bool yes);             // absent: yes (truth) or 0
  IrValue byte_at(const Plane& plane, IrValue index);
  IrValue load_if(IrType type, IrValue base, IrValue index, IrValue valid);   // 0 where not valid; valid null: always
  Value membership_of(EntityId entity, IrValue row);
  RowSet row_set(const plan::Access& access, const Value* start, const std::vector<core::Source::Same>& same);
  void listed(RowSet& set, std::uint32_t offsets, IrValue key, IrValue valid);
  void partition(RowSet& set, const plan::Access& access, const std::vector<core::Source::Same>& same);
  Value openness(std::uint32_t number, IrValue key, IrValue valid);
  Candidate candidate(const RowSet& set, IrValue position);
  Value same_keys(const std::vector<core::Source::Same>& same, const Value& row);

  // emit_fold_bits.cpp
  bool stands_in_planes(core::ExprId id, std::uint32_t slot) const;
  bool goes_by_bits(const core::Fold& fold, const plan::Access& access, const RowSet& set) const;
  Value fold_by_bits(core::ExprId id, const core::Fold& fold, const RowSet& set);
  Value folded_bits(core::ExprId id, const core::Fold& fold, const RowSet& set);

  // emit_fold.cpp
  Value fold(core::ExprId id, std::uint32_t index);
  Value looped(core::ExprId id, const core::Fold& fold, const plan::Access& access);
  void hoist(core::ExprId id, std::uint64_t loop_slot);
  void split_filter(const core::Fold& fold, std::uint64_t loop_slot, RowSet& set);
  Value is_in(const core::Fold& fold, const RowSet& set, const Candidate& candidate, const Value& row);
  using Registers = std::vector<IrValue>;
  Registers over_candidates(const RowSet& set, const Registers& start, const std::function<IrValue(const Registers&)>& go_on,
                            const std::function<Registers(const Registers&, const Candidate&, const Value& row)>& step);
  Registers over_rows(const core::Fold& fold, const RowSet& set, const Registers& start, const std::function<IrValue(const Registers&)>& go_on,
                      const std::function<Registers(const Registers&, const Value& in)>& step);
  // A fold that looks at every row: what it keeps from row to row, how a row changes that, and what comes of it.
  struct Folding {
    Registers start;
    std::function<Registers(const Registers&, const Value& in)> step;
    std::function<Value(const Registers&)> finish;
  };
  bool is_folding(core::ExprId id) const;
  Folding folding(core::ExprId id, const core::Fold& fold, const RowSet& set);
  Folding count_rows(const core::Fold& fold, const RowSet& set, const plan::ValueFacts& facts);
  Folding fold_sum(const core::Fold& fold, const RowSet& set, Type type, const plan::ValueFacts& facts);
  Folding fold_wide_sum(const core::Fold& fold, const RowSet& set, Type type, const plan::ValueFacts& facts);
  Value summand(const core::Fold& fold, const Value& in, Type type, bool one);
  Folding fold_extreme(const core::Fold& fold, const RowSet& set, Type type, const plan::ValueFacts& facts);
  Value row_by_row(core::ExprId id, const core::Fold& fold, const RowSet& set);
  Value fold_truth(const core::Fold& fold, const RowSet& set);
  Value with_unseen(const core::Fold& fold, const RowSet& set, const Value& v);
  RowSet rows_of(const core::Fold& fold, const plan::Access& access);
  bool same_rows(core::ExprId a, core::ExprId b) const;
  void fold_together(const plan::Kernel& kernel);
  void fold_together(const std::vector<core::ExprId>& folds);
  void run(const char* name, const std::vector<IrValue>& arguments);
  void each_row(const core::Fold& fold, const RowSet& set, const std::function<void(const Value& row, const Value& in)>& look);
  void only_where(IrValue condition, const std::function<void()>& act);
  IrValue if_none_cell(const core::Fold& fold);
  Value fold_by_call(const core::Fold& fold, const RowSet& set, Type type);
  Value fold_value(const core::Fold& fold, const Value& in);
  Value widest_value(const core::Fold& fold);

  // emit_population.cpp
  Value as_planned(Value v, core::ExprId id) const;
  IrValue key_cells(const core::Source& source);
  Value kept_fold(core::ExprId id, std::uint32_t index);
  Value rank_fold(core::ExprId id, std::uint32_t index);
  Value rank_answer(core::ExprId id, const plan::Operand& answer);

  Ir& ir;
  const core::Program& program_;
  const plan::Plan& plan_;
  const engine::SlotLayout& layout_;
  Scalars make_;
  std::vector<core::ExprId> same_as_;              // the first expression that is the same

  // The function under construction.
  IrValue context_ = nullptr, begin_ = nullptr, end_ = nullptr, slots_ = nullptr, as_of_ = nullptr, defaults_ = nullptr;
  IrBlock frame_ = nullptr, setup_ = nullptr, prologue_ = nullptr;
  bool in_prologue_ = false;
  std::unordered_map<std::uint32_t, IrValue> slot_values_;
  std::unordered_map<std::uint32_t, Plane> planes_;
  std::vector<Scope> scopes_;
  std::unordered_map<std::uint32_t, Value> rows_;  // by slot
  // Of the block of rows in hand, where truths come in words: its first word and row, a bit for each row that is there, values.
  bool large_ = false;   // the kernel in hand
  IrValue block_ = nullptr, block_row_ = nullptr, block_valid_ = nullptr;
  std::unordered_map<core::ExprId, Value> words_;
  std::optional<Value> in_words_;       // membership of the block's rows
  std::unordered_map<core::ExprId, std::uint32_t> answered_;   // by a rank
  std::unordered_map<std::uint64_t, core::ExprId> own_;   // computed columns of this kernel, by entity and column
  std::unordered_map<std::uint64_t, core::ExprId> in_registers_;   // of those, the ones that are computed where something asks for them
  std::unordered_map<core::ExprId, std::uint32_t> definitions_weights_;

  // Straight-line code that runs once a call, before everything else.
  template <class F>
  auto in_setup(F f) {
    IrBlock back = ir.here();
    ir.at_end_of(setup_);
    auto made = f();
    ir.at_end_of(back);
    return made;
  }
  IrValue in_frame(std::size_t words);
};

}  // namespace tiao::jit
