// The scalar operations with C linkage; each is the function of runtime/value/scalar.hpp of that name.
#include "runtime/engine/support.hpp"

#include <bit>

#include "runtime/value/scalar.hpp"

using namespace tiao;
using namespace tiao::engine;

namespace {

scalar::Rounding rounding(std::uint32_t how) { return static_cast<scalar::Rounding>(how); }
Kind kind_of(std::uint32_t kind) { return static_cast<Kind>(kind); }

enum class HitPolicy : std::uint8_t { unique, first, highest, lowest };  // as core::HitPolicy

struct TableRows {
  const std::uint8_t* conditions;
  const Cell* outputs;
  std::uint32_t rows;
  bool has_otherwise;
  Kind kind;
};

Cell joined(const Cell& so_far, bool any, const Cell& next, Kind kind) { return any ? scalar::hull(so_far, next, kind) : next; }

Cell first_hit(const TableRows& t) {
  Cell result;
  bool any = false;
  for (std::uint32_t i = 0; i < t.rows; ++i) {
    const auto condition = static_cast<Truth>(t.conditions[i]);
    if (condition == Truth::no) continue;
    if (condition == Truth::error || is_error(t.outputs[i], t.kind)) return error_of(t.kind);
    result = joined(result, any, t.outputs[i], t.kind);
    any = true;
    if (condition == Truth::yes) break;
  }
  return any ? result : error_of(t.kind);
}

// Does a row before `i` surely hold with another output?
bool contradicted(const TableRows& t, std::uint32_t i) {
  for (std::uint32_t k = 0; k < i; ++k)
    if (static_cast<Truth>(t.conditions[k]) == Truth::yes && scalar::compare(scalar::CmpOp::is, t.outputs[k], t.outputs[i], t.kind) == Truth::no) return true;
  return false;
}

Cell unique_hit(const TableRows& t) {
  Cell result;
  bool any = false, held = false;
  const std::uint32_t ordinary = t.rows - (t.has_otherwise ? 1 : 0);
  for (std::uint32_t i = 0; i < ordinary; ++i) {
    const auto condition = static_cast<Truth>(t.conditions[i]);
    if (condition == Truth::no) continue;
    if (condition == Truth::error || is_error(t.outputs[i], t.kind)) return error_of(t.kind);
    if (condition == Truth::yes && contradicted(t, i)) return error_of(t.kind);
    result = joined(result, any, t.outputs[i], t.kind);
    any = true;
    held = held || condition == Truth::yes;
  }
  if (!held && t.has_otherwise) {
    if (is_error(t.outputs[ordinary], t.kind)) return error_of(t.kind);
    return joined(result, any, t.outputs[ordinary], t.kind);
  }
  return any ? result : error_of(t.kind);
}

Cell extreme_hit(const TableRows& t, HitPolicy policy) {
  constexpr std::uint32_t fold_highest = 2, fold_lowest = 3;
  FoldState fold;
  tiao_fold_begin(&fold, policy == HitPolicy::highest ? fold_highest : fold_lowest, static_cast<std::uint32_t>(t.kind), 0);
  const std::uint32_t ordinary = t.rows - (t.has_otherwise ? 1 : 0);
  for (std::uint32_t i = 0; i < ordinary; ++i) tiao_fold_row(&fold, t.conditions[i], &t.outputs[i], nullptr);
  Cell result;
  tiao_fold_end(&result, &fold, t.has_otherwise ? &t.outputs[ordinary] : nullptr);
  return result;
}

}  // namespace

extern "C" {

void tiao_add(Cell* out, const Cell* a, const Cell* b) { *out = scalar::add(*a, *b); }
void tiao_sub(Cell* out, const Cell* a, const Cell* b) { *out = scalar::sub(*a, *b); }
void tiao_mul(Cell* out, const Cell* a, const Cell* b) { *out = scalar::mul(*a, *b); }
void tiao_neg(Cell* out, const Cell* a) { *out = scalar::neg(*a); }
void tiao_least(Cell* out, const Cell* a, const Cell* b) { *out = scalar::least(*a, *b); }
void tiao_greatest(Cell* out, const Cell* a, const Cell* b) { *out = scalar::greatest(*a, *b); }
void tiao_rescale(Cell* out, const Cell* a, std::uint32_t from_scale, std::uint32_t to_scale) { *out = scalar::rescale(*a, from_scale, to_scale); }
void tiao_round(Cell* out, const Cell* a, std::uint32_t from_scale, std::uint32_t to_scale, std::uint32_t how) {
  *out = scalar::rounded(*a, from_scale, to_scale, rounding(how));
}
void tiao_round_ratio(Cell* out, const Cell* ratio, std::uint32_t to_scale, std::uint32_t as_percent, std::uint32_t how) {
  *out = scalar::rounded_ratio(*ratio, to_scale, as_percent != 0, rounding(how));
}

void tiao_ratio(Cell* out, const Cell* num, const Cell* den) { *out = scalar::ratio_of(*num, *den); }
void tiao_ratio_if_none(Cell* out, const Cell* num, const Cell* den, const Cell* if_none) { *out = scalar::ratio_of(*num, *den, true, *if_none); }
void tiao_as_ratio(Cell* out, const Cell* percent, std::uint32_t scale) { *out = scalar::ratio_of_percent(*percent, scale); }

std::uint32_t tiao_compare(std::uint32_t op, const Cell* a, const Cell* b, std::uint32_t kind) {
  return static_cast<std::uint32_t>(scalar::compare(static_cast<scalar::CmpOp>(op), *a, *b, kind_of(kind)));
}
std::uint32_t tiao_compare_ratio(std::uint32_t op, const Cell* a, std::uint32_t a_is_percent, const Cell* b, std::uint32_t b_is_percent,
                                 std::uint32_t percent_scale) {
  const auto how = static_cast<scalar::CmpOp>(op);
  const Truth t = a_is_percent ? scalar::compare_ratio(scalar::mirrored(how), *b, *a, true, percent_scale)
                               : scalar::compare_ratio(how, *a, *b, b_is_percent != 0, percent_scale);
  return static_cast<std::uint32_t>(t);
}
void tiao_hull(Cell* out, const Cell* a, const Cell* b, std::uint32_t kind) { *out = scalar::hull(*a, *b, kind_of(kind)); }
void tiao_select(Cell* out, std::uint32_t condition, const Cell* a, const Cell* b, std::uint32_t kind) {
  *out = scalar::choose(static_cast<Truth>(condition), *a, *b, kind_of(kind));
}
void tiao_remap(Cell* out, const Cell* choice, const std::uint8_t* map, std::uint32_t size) {
  std::uint64_t result = 0;
  for (auto mask = static_cast<std::uint64_t>(choice->lo); mask != 0; mask &= mask - 1)
    if (const auto bit = static_cast<std::uint32_t>(std::countr_zero(mask)); bit < size) result |= std::uint64_t{1} << map[bit];
  *out = choice_of(result);
}
void tiao_table(Cell* out, const std::uint8_t* conditions, const Cell* outputs, std::uint32_t rows, std::uint32_t has_otherwise, std::uint32_t policy,
                std::uint32_t kind) {
  const TableRows table{conditions, outputs, rows, has_otherwise != 0, kind_of(kind)};
  switch (static_cast<HitPolicy>(policy)) {
    case HitPolicy::first: *out = first_hit(table); break;
    case HitPolicy::unique: *out = unique_hit(table); break;
    default: *out = extreme_hit(table, static_cast<HitPolicy>(policy)); break;
  }
}

void tiao_add_durations(Cell* out, const Cell* a, const Cell* b) { *out = scalar::add_durations(*a, *b); }
void tiao_sub_durations(Cell* out, const Cell* a, const Cell* b) { *out = scalar::sub_durations(*a, *b); }
void tiao_neg_duration(Cell* out, const Cell* a) { *out = scalar::sub_durations(known(0), *a); }
void tiao_mul_duration(Cell* out, const Cell* duration, const Cell* count) { *out = scalar::mul_duration(*duration, *count); }
void tiao_shift(Cell* out, const Cell* date, const Cell* duration) { *out = scalar::shift(*date, *duration); }
void tiao_shift_back(Cell* out, const Cell* date, const Cell* duration) { *out = scalar::shift_back(*date, *duration); }
void tiao_shift_workdays(Cell* out, const KernelContext* context, std::uint32_t calendar, const Cell* date, const Cell* n) {
  *out = scalar::shift_workdays(*date, *n, context->calendars[calendar]);
}
void tiao_difference(Cell* out, const Cell* a, const Cell* b) { *out = scalar::difference(*a, *b); }
void tiao_year(Cell* out, const Cell* date) { *out = scalar::year_of(*date); }
void tiao_month(Cell* out, const Cell* date) { *out = scalar::month_of(*date); }
void tiao_day(Cell* out, const Cell* date) { *out = scalar::day_of(*date); }
void tiao_age(Cell* out, const Cell* born, const Cell* at) { *out = scalar::age(*born, *at); }
void tiao_year_start(Cell* out, const Cell* date) { *out = scalar::year_start(*date); }
void tiao_year_end(Cell* out, const Cell* date) { *out = scalar::year_end(*date); }
void tiao_month_start(Cell* out, const Cell* date) { *out = scalar::month_start(*date); }
void tiao_month_end(Cell* out, const Cell* date) { *out = scalar::month_end(*date); }

std::uint64_t tiao_state_of(const KernelContext* context, std::uint32_t timeline, std::uint32_t owner, std::int64_t day_lo, std::int64_t day_hi) {
  return context->timelines[timeline]->state_at(owner, day_lo, day_hi);
}
void tiao_state_at(Cell* out, const KernelContext* context, std::uint32_t timeline, const Cell* owner, const Cell* day) {
  const SpanTable& spans = *context->timelines[timeline];
  if (owner->lo > owner->hi || day->lo > day->hi) *out = choice_of(0);
  else if (owner->lo != owner->hi) *out = choice_of(spans.all_states());
  else *out = choice_of(spans.state_at(static_cast<std::uint32_t>(owner->lo), day->lo, day->hi));
}
void tiao_balance_at(Cell* out, const KernelContext* context, std::uint32_t ledger, const Cell* owner, const Cell* day) {
  if (owner->lo > owner->hi || day->lo > day->hi) *out = number_error();
  else if (owner->lo != owner->hi) *out = between(neg_inf, pos_inf);
  else *out = context->ledgers[ledger]->balance_at(static_cast<std::uint32_t>(owner->lo), *day);
}
std::uint32_t tiao_partition_find(const KernelContext* context, std::uint32_t index, const std::int64_t* tuple) {
  return context->indexes[index]->find(tuple);
}

}  // extern "C"
