// One run of a compiled program over a fact base: the steps of the plan in order, on one store.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "compiler/jit/engine.hpp"
#include "compiler/jit/fact_slice.hpp"
#include "runtime/engine/population.hpp"
#include "runtime/engine/tally.hpp"

namespace tiao::jit {

class Run {
 public:
  // brief: what it follows is small; neither times nor memory are taken.
  explicit Run(const Variant& variant, bool brief = false) : Run(variant, brief, nullptr) {}
  // May be called again, with other facts: it keeps the tables that it has set up. What it gives stays as it is until then, unless
  // somebody takes it and the run with it ends.
  RunResult& run(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress);

 private:
  // Rows that a part made of a derived entity; parents are numbered as in the part.
  struct MadeRows {
    EntityId entity = none;
    std::uint32_t rows = 0;
    engine::Array<std::uint32_t> parent;
    engine::Array<std::uint8_t> membership;   // empty: every row is in
  };
  // What those who take parts of a run share.
  struct Parts;

  // whole: takes the steps that the plan takes in parts, for parts of its facts.
  Run(const Variant& variant, bool brief, const Run* whole);

  // Where an output of the kernel in hand goes beside its home; null: nowhere.
  struct HandedTo {
    BitPairs* pairs = nullptr;
    Packed* states = nullptr;      // of duties
    CellColumn* cells = nullptr;
  };
  // What a thread has of its own while it runs a kernel.
  struct Worker {
    bool first = true;             // the thread that asked for the run: it tells the progress
    engine::KernelContext context;
    void** slots = nullptr;        // those of the store, or a copy
    std::vector<void*> own_slots;
    engine::Array<std::uint64_t> stretch;   // of the rows in hand: outputs that nobody reads afterwards, upper ends without room
    const std::vector<HandedTo>* handed = nullptr;   // by output: those of the run, or its own
    std::vector<HandedTo> own_handed;
    std::vector<CellColumn> pieces;         // likewise, of all threads but the first
  };
  // Upper ends of an output of the kernel in hand: they get room with the first row that needs it.
  struct LateUpper {
    explicit LateUpper(const plan::Output* of) : output(of) {}
    const plan::Output* output;
    std::atomic<std::int64_t*> kept{nullptr};
    std::vector<std::uint8_t> written;      // by stretch
  };

  // run.cpp
  void begin(const facts::FactBase& facts, std::int64_t as_of, const Limits& limits, const Progress& progress);
  void forget();
  bool step(const plan::Step& step);
  bool timed_step(std::size_t i);
  void membership(std::uint32_t kernel, EntityId entity);
  void kernel(std::uint32_t index);
  void make_room(const plan::Kernel& kernel, const plan::Output& output, BitPairs* result, std::size_t rows);
  void make_truths(const plan::Kernel& kernel, const plan::Output& output, BitPairs* result, std::size_t rows);
  void settle(const plan::Output& output, std::size_t rows);
  void make_index(std::uint32_t index);
  bool within_limits();
  std::size_t positions(const plan::Kernel& kernel) const;
  std::uint64_t work_of(const plan::Step& step) const;

  // run_parts.cpp
  bool takes_parts() const;
  std::uint32_t part_rows() const;
  bool run_parts();
  void work_on_parts(Parts& parts, std::uint32_t worker);
  void run_part(const facts::FactBase& facts, const Limits& limits);
  void share();
  void take(Parts& parts, Run& part, const FactSlice& slice);
  void take_carried(const Run& part);
  void settle_parts(Parts& parts);

  // run_kernels.cpp
  std::uint32_t bytes_slot(const plan::Output& output) const;
  std::uint32_t lower_slot(const plan::Home& home) const;
  std::uint32_t upper_slot(const plan::Home& home) const;
  std::size_t set_stretch(const plan::Kernel& kernel, Worker& worker, std::uint32_t begin, std::uint32_t rows);
  void to_bits(const plan::Kernel& kernel, const Worker& worker, std::uint32_t begin, std::uint32_t end);
  void keep_late(const Worker& worker, std::uint32_t begin, std::uint32_t end, std::uint32_t rows);
  void settle_late(std::uint32_t rows);
  void hand_over(const plan::Kernel& kernel, Worker& worker, std::uint32_t begin, std::uint32_t end);
  bool call_part(std::uint32_t kernel, Worker& worker, std::uint32_t begin, std::uint32_t end, std::uint32_t rows);
  void call_parts(std::uint32_t kernel, std::uint32_t threads, std::uint32_t rows);
  bool call(std::uint32_t kernel, std::uint32_t rows);

  // run_ranks.cpp
  void ranking(std::uint32_t fold);
  void rank(std::uint32_t index);
  void tally(std::uint32_t index);
  engine::FoldAnswers answers_of(const plan::RankPlan& rank, std::uint32_t rows);

  // run_results.cpp
  void prepare_results();
  void clear_results();
  void lend_facts();
  void hand_over(const plan::Operand& operand, std::size_t rows, CellColumn& to) const;
  void hand_over_duty(std::uint32_t duty);
  void hand_over_report(std::uint32_t report);
  void shrink_results();
  void keep_derived(EntityId entity);

  // run_tables.cpp
  void group(std::uint32_t index);
  void join(std::uint32_t index);
  void ledger(std::uint32_t index);
  void timeline(std::uint32_t index);
  void remedy(RemedyId index);
  engine::Array<std::uint8_t> unseen_scope(std::uint32_t ground) const;
  void keep_elsewhere(engine::Array<std::uint8_t> elsewhere, engine::GroundInput& input);
  void adopt(EntityId entity, engine::DerivedTable table);
  // `kept`: what the hops point to beside the store.
  std::vector<engine::HopInput> hops(EntityId from, const std::vector<core::Hop>& hops, const std::vector<std::uint32_t>& indexes,
                                     std::vector<engine::Array<std::uint8_t>>& kept) const;
  engine::Array<std::uint8_t> open_groups(EntityId entity) const;
  bool owners_open(EntityId entity) const;
  engine::Candidates candidates(const plan::Access& access) const;
  const std::uint8_t* candidates_in(std::uint32_t in, const plan::Access& access) const;
  engine::Vec operand(const plan::Operand& operand) const;
  const std::uint8_t* truths(std::uint32_t temporary) const;   // a byte each
  engine::Vec planes(std::uint32_t temporary) const;
  void ground_targets(const core::Ground& ground, const plan::GroundPlan& plan, engine::GroundInput& input);
  engine::RuleInput rule(const core::ParamRule& rule, const plan::RulePlan& plan) const;

  const core::Program& program_;
  const Variant& variant_;
  const plan::Plan& plan_;
  const bool brief_;
  const Run* const whole_;          // of which this one takes parts; null: of none
  std::vector<plan::Step> steps_;   // of the plan, that are taken
  const facts::FactBase* facts_ = nullptr;
  const Limits* limits_ = nullptr;
  const Progress* progress_ = nullptr;
  engine::Store store_;
  engine::KernelContext context_;
  RunResult result_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> stopped_{false};
  std::uint64_t total_ = 0;

  std::vector<std::vector<HandedTo>> handed_;                  // by kernel and output
  std::vector<engine::Array<std::uint8_t>> loose_bytes_;       // of Boolean columns whose kernel in hand does not go by stretches
  std::vector<Worker> workers_;
  std::deque<LateUpper> late_;             // of the kernel in hand
  std::mutex late_guard_;
  std::vector<std::unique_ptr<engine::LedgerTable>> ledgers_;
  std::vector<std::unique_ptr<engine::SpanTable>> timelines_;
  std::vector<const engine::LedgerTable*> ledger_tables_;
  std::vector<const engine::SpanTable*> span_tables_;
  std::vector<const engine::Index*> indexes_;
  std::vector<engine::PopulationFold> populations_;          // by fold
  std::vector<engine::Tally> tallies_;                       // by Plan::ranks; of ranks: unused
  std::vector<engine::Array<std::uint32_t>> leads_;          // by remedy
  std::vector<MadeRows> made_;                               // of a part
  std::vector<engine::ColumnArrays> carried_;                // parallel to the plan's parts.carried
  std::vector<std::uint32_t> shared_slots_;                  // that parts take as they stand
  std::vector<engine::Array<std::uint32_t>> target_rows_;    // of the remedy in hand
  std::vector<engine::Array<std::uint8_t>> target_in_;
};

}  // namespace tiao::jit
