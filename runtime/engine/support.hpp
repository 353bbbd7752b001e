// What generated code calls out of line: every operation of core::Op that is more than a few instructions, with C linkage and
// plain pointers. The meaning is that of runtime/value/scalar.hpp and docs/engine-semantics.md; a caller may inline any of
// these for known operands as long as the result is the same. `out` may be one of the operands.
#pragma once

#include <cstdint>

#include "runtime/engine/kernels.hpp"
#include "runtime/value/sum.hpp"
#include "runtime/value/value.hpp"

namespace tiao::engine {

// The state of one fold, filled row by row. Callers provide the memory (on their stack) and treat it as opaque.
struct FoldState {
  std::uint8_t kind, value_kind;
  std::uint8_t failed;                             // an error was looked at
  std::uint8_t open;                               // the set may hold rows we do not know
  std::uint8_t differ;                             // only: two rows T of different known values; texts, refs: values differ
  std::uint8_t truth;                              // exists, every
  std::uint8_t sure_hit, possible_hit;             // consecutive
  std::uint32_t n, sure_rows, open_rows;           // rows T, rows U
  std::uint32_t t_yes, t_unknown, u_yes, u_unknown;   // share
  std::uint32_t sure_run, possible_run;            // consecutive
  std::uint64_t mask;                              // choices: all values seen
  tiao::Cell sure, all;                            // the ends over rows T, and over all rows looked at
  tiao::scalar::Sum sum;
  tiao::Cell far;                                  // highest, lowest: the row that reaches farthest, of equal quotients the first
  void* dated;                                     // consecutive over dated rows, stages, average: the rows, freed by tiao_fold_end
};

// So many rows of one membership and condition, for count, exists, every and share.
void fold_rows(FoldState& state, tiao::Truth in, tiao::Truth condition, std::uint32_t rows);

}  // namespace tiao::engine

extern "C" {

// --- Numbers (integer, decimal, money, percent; one scale unless said)
void tiao_add(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_sub(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_mul(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_neg(tiao::Cell* out, const tiao::Cell* a);
void tiao_least(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);      // dates and durations too
void tiao_greatest(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_rescale(tiao::Cell* out, const tiao::Cell* a, std::uint32_t from_scale, std::uint32_t to_scale);
void tiao_round(tiao::Cell* out, const tiao::Cell* a, std::uint32_t from_scale, std::uint32_t to_scale, std::uint32_t how);
void tiao_round_ratio(tiao::Cell* out, const tiao::Cell* ratio, std::uint32_t to_scale, std::uint32_t as_percent, std::uint32_t how);

// --- Ratios
void tiao_ratio(tiao::Cell* out, const tiao::Cell* num, const tiao::Cell* den);
void tiao_ratio_if_none(tiao::Cell* out, const tiao::Cell* num, const tiao::Cell* den, const tiao::Cell* if_none);
void tiao_as_ratio(tiao::Cell* out, const tiao::Cell* percent, std::uint32_t scale);

// --- Comparison and choice; Truth values in and out, kind = tiao::Kind, op = core::CmpOp
std::uint32_t tiao_compare(std::uint32_t op, const tiao::Cell* a, const tiao::Cell* b, std::uint32_t kind);
// Either side a ratio, the other a ratio or a percent of percent_scale places.
std::uint32_t tiao_compare_ratio(std::uint32_t op, const tiao::Cell* a, std::uint32_t a_is_percent, const tiao::Cell* b, std::uint32_t b_is_percent,
                                 std::uint32_t percent_scale);
void tiao_hull(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b, std::uint32_t kind);
void tiao_select(tiao::Cell* out, std::uint32_t condition, const tiao::Cell* a, const tiao::Cell* b, std::uint32_t kind);
// A mask through Program::remaps: map[bit] is the bit in the result.
void tiao_remap(tiao::Cell* out, const tiao::Cell* choice, const std::uint8_t* map, std::uint32_t size);
// conditions: Truth per row, outputs: a cell per row; policy = core::HitPolicy. has_otherwise: the last row answers when no other
// does. Outputs of rows whose condition is `no` are not looked at.
void tiao_table(tiao::Cell* out, const std::uint8_t* conditions, const tiao::Cell* outputs, std::uint32_t rows, std::uint32_t has_otherwise,
                std::uint32_t policy, std::uint32_t kind);

// --- Dates and durations
void tiao_add_durations(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_sub_durations(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_neg_duration(tiao::Cell* out, const tiao::Cell* a);
void tiao_mul_duration(tiao::Cell* out, const tiao::Cell* duration, const tiao::Cell* count);
void tiao_shift(tiao::Cell* out, const tiao::Cell* date, const tiao::Cell* duration);
void tiao_shift_back(tiao::Cell* out, const tiao::Cell* date, const tiao::Cell* duration);
void tiao_shift_workdays(tiao::Cell* out, const tiao::engine::KernelContext* context, std::uint32_t calendar, const tiao::Cell* date, const tiao::Cell* n);
void tiao_difference(tiao::Cell* out, const tiao::Cell* a, const tiao::Cell* b);
void tiao_year(tiao::Cell* out, const tiao::Cell* date);
void tiao_month(tiao::Cell* out, const tiao::Cell* date);
void tiao_day(tiao::Cell* out, const tiao::Cell* date);
void tiao_age(tiao::Cell* out, const tiao::Cell* born, const tiao::Cell* at);
void tiao_year_start(tiao::Cell* out, const tiao::Cell* date);
void tiao_year_end(tiao::Cell* out, const tiao::Cell* date);
void tiao_month_start(tiao::Cell* out, const tiao::Cell* date);
void tiao_month_end(tiao::Cell* out, const tiao::Cell* date);

// --- Rows. An owner ref that is not known: every answer is possible (all states; an unbounded balance). In error: error.
void tiao_state_at(tiao::Cell* out, const tiao::engine::KernelContext* context, std::uint32_t timeline, const tiao::Cell* owner, const tiao::Cell* day);
void tiao_balance_at(tiao::Cell* out, const tiao::engine::KernelContext* context, std::uint32_t ledger, const tiao::Cell* owner, const tiao::Cell* day);
// The same for a known owner row; the mask of possible states, 0: error.
std::uint64_t tiao_state_of(const tiao::engine::KernelContext* context, std::uint32_t timeline, std::uint32_t owner, std::int64_t day_lo, std::int64_t day_hi);
// The key number of a tuple of known values in a partition index, or 0xffffffff.
std::uint32_t tiao_partition_find(const tiao::engine::KernelContext* context, std::uint32_t index, const std::int64_t* tuple);

// --- Folds. begin; row for each row whose membership and filter is not `no`; open once if the set is open; end.
// kind = core::FoldKind, value_kind = tiao::Kind of `value` (boolean for exists, every, share, consecutive), n of consecutive and stages; of average
// the places of the values.
void tiao_fold_begin(tiao::engine::FoldState* state, std::uint32_t kind, std::uint32_t value_kind, std::uint32_t n);
// in: Truth of membership and filter; value may be null for count. date: of the row, for consecutive and stages over a dated register; null:
// the rows come in their order.
void tiao_fold_row(tiao::engine::FoldState* state, std::uint32_t in, const tiao::Cell* value, const tiao::Cell* date);
// widest: the widest value that its type and range allow; read for sum, highest, lowest, average, only.
void tiao_fold_open(tiao::engine::FoldState* state, const tiao::Cell* widest);
// if_none: null when there is none. The result of share is a ratio, of average too (sum over count).
void tiao_fold_end(tiao::Cell* out, tiao::engine::FoldState* state, const tiao::Cell* if_none);

// --- Folds over a whole population, by index in Program::folds. What is kept belongs to the tuple of keys last asked for.
// 1: `answer` is what was kept; 0: it is to be computed, and kept.
std::uint32_t tiao_kept_find(const tiao::engine::KernelContext* context, std::uint32_t fold, const tiao::Cell* keys, tiao::Cell* answer);
void tiao_kept_keep(const tiao::engine::KernelContext* context, std::uint32_t fold, const tiao::Cell* answer);
// The value of a rank for a tuple of keys and a value of ours; the condition holds for `itself` (0xffffffff: no row) in any case.
void tiao_rank(const tiao::engine::KernelContext* context, std::uint32_t fold, tiao::Cell* out, const tiao::Cell* keys, const tiao::Cell* ours,
               std::uint32_t itself, const tiao::Cell* if_none);

}  // extern "C"
