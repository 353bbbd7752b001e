#include "runtime/engine/population.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/engine/keys.hpp"
#include "runtime/engine/support.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::engine {

// --- Tuples of keys

std::size_t KeyTable::slot_of(const std::int64_t* words) const {
  const std::size_t mask = buckets_.size() - 1;
  std::size_t slot = hash_tuple(words, words_) & mask;
  while (buckets_[slot] != 0 && std::memcmp(&tuples_[std::size_t{buckets_[slot] - 1} * words_], words, words_ * sizeof *words) != 0) slot = (slot + 1) & mask;
  return slot;
}

void KeyTable::grow() {
  buckets_.assign(buckets_.empty() ? 16 : buckets_.size() * 2, 0);
  for (std::uint32_t i = 0; i < count_; ++i) buckets_[slot_of(&tuples_[std::size_t{i} * words_])] = i + 1;
}

std::uint32_t KeyTable::number(const Cell* tuple, bool& fresh) {
  static_assert(sizeof(Cell) == 4 * sizeof(std::int64_t));
  if (words_ == 0) {
    fresh = count_ == 0;
    count_ = 1;
    return 0;
  }
  if ((count_ + 1) * 2 > buckets_.size()) grow();
  const auto* words = reinterpret_cast<const std::int64_t*>(tuple);
  const std::size_t slot = slot_of(words);
  fresh = buckets_[slot] == 0;
  if (fresh) {
    for (std::uint32_t i = 0; i < words_; ++i) tuples_.push(words[i]);
    buckets_[slot] = ++count_;
  }
  return buckets_[slot] - 1;
}

// --- Ranks

int Ranking::order(const End& a, const End& b) {
  if (a.den == b.den) return a.num < b.num ? -1 : a.num > b.num ? 1 : 0;
  const auto side = [](std::int64_t v) { return v == neg_inf ? -1 : v == pos_inf ? 1 : 0; };   // of an open end
  if (side(a.num) != 0 || side(b.num) != 0) return side(a.num) - side(b.num);
  return scalar::compare_quotients(a.num, a.den, b.num, b.den);
}

std::uint32_t Ranking::below(const Array<End>& ends, const End& end, bool or_equal) {
  const auto* at = or_equal ? std::upper_bound(ends.begin(), ends.end(), end, [](const End& x, const End& y) { return order(x, y) < 0; })
                            : std::lower_bound(ends.begin(), ends.end(), end, [](const End& x, const End& y) { return order(x, y) < 0; });
  return static_cast<std::uint32_t>(at - ends.begin());
}

void Ranking::add(std::uint32_t row, Truth in, const Cell& value, Kind kind) {
  rows_.push(row);
  in_.push(static_cast<std::uint8_t>(in));
  values_.push(value, kind == Kind::ratio);
  Ends& ends = ends_[static_cast<std::size_t>(in)];
  if (is_error(value, kind)) {
    ++ends.failed;
    return;
  }
  ends.low.push({value.lo, value.lo_den});
  ends.high.push({value.hi, value.hi_den});
}

void Ranking::settle() {
  for (Ends& ends : ends_)
    for (Array<End>* list : {&ends.low, &ends.high}) {
      std::sort(list->begin(), list->end(), [](const End& a, const End& b) { return order(a, b) < 0; });
      list->shrink();
    }
  place_.resize(rows_.size());
  for (std::uint32_t i = 0; i < place_.size(); ++i) place_[i] = i;
  std::sort(place_.begin(), place_.end(), [&](std::uint32_t a, std::uint32_t b) { return rows_[a] < rows_[b]; });
  for (Array<std::uint32_t>* list : {&rows_, &place_}) list->shrink();
  in_.shrink();
  values_.shrink();
}

// A row whose range lies wholly on the near side of ours holds, wholly on the far side it does not.
Counts Ranking::count(std::uint32_t op, const Cell& ours, std::uint32_t itself, Kind kind) const {
  const auto how = static_cast<scalar::CmpOp>(op);
  const bool upwards = how == scalar::CmpOp::over || how == scalar::CmpOp::at_least;
  const bool equal_holds = how == scalar::CmpOp::at_most || how == scalar::CmpOp::at_least;
  const bool failed = is_error(ours, kind);
  Counts out;
  const auto count_of = [&](Truth in, Truth condition) -> std::uint32_t& { return out.n[static_cast<std::size_t>(in)][static_cast<std::size_t>(condition)]; };
  for (const Truth in : {Truth::yes, Truth::unknown, Truth::error}) {
    const Ends& ends = ends_[static_cast<std::size_t>(in)];
    const auto rows = static_cast<std::uint32_t>(ends.low.size());
    count_of(in, Truth::error) = ends.failed + (failed ? rows : 0);
    if (failed) continue;
    // Surely on the lower side of ours, and surely on the upper one.
    const bool lower_equal = upwards ? !equal_holds : equal_holds, upper_equal = upwards ? equal_holds : !equal_holds;
    const std::uint32_t lower = below(ends.high, {ours.lo, ours.lo_den}, lower_equal);
    const std::uint32_t upper = rows - below(ends.low, {ours.hi, ours.hi_den}, !upper_equal);
    count_of(in, Truth::yes) = upwards ? upper : lower;
    count_of(in, Truth::no) = upwards ? lower : upper;
    count_of(in, Truth::unknown) = rows - lower - upper;
  }
  if (itself == none) return out;
  const auto* at = std::lower_bound(place_.begin(), place_.end(), itself, [&](std::uint32_t position, std::uint32_t row) { return rows_[position] < row; });
  if (at == place_.end() || rows_[*at] != itself) return out;
  const Truth in = static_cast<Truth>(in_[*at]);
  --count_of(in, scalar::compare(how, values_.view().at(*at), ours, kind));
  ++count_of(in, Truth::yes);
  return out;
}

std::size_t Ranking::bytes() const {
  std::size_t all = rows_.bytes() + place_.bytes() + in_.bytes() + values_.bytes();
  for (const Ends& ends : ends_) all += ends.low.bytes() + ends.high.bytes();
  return all;
}

std::size_t PopulationFold::bytes() const {
  std::size_t all = keys.bytes() + answers.bytes();
  for (const Ranking& ranking : rankings) all += sizeof ranking + ranking.bytes();
  return all;
}

}  // namespace tiao::engine

using namespace tiao;
using namespace tiao::engine;

extern "C" {

std::uint32_t tiao_kept_find(const KernelContext* context, std::uint32_t fold, const Cell* keys, Cell* answer) {
  PopulationFold& kept = context->populations[fold];
  bool fresh = false;
  kept.current = kept.keys.number(keys, fresh);
  if (fresh) kept.answers.push(Cell{});
  else *answer = kept.answers[kept.current];
  return fresh ? 0 : 1;
}

void tiao_kept_keep(const KernelContext* context, std::uint32_t fold, const Cell* answer) {
  PopulationFold& kept = context->populations[fold];
  kept.answers[kept.current] = *answer;
}

std::uint32_t tiao_ranking_find(const KernelContext* context, std::uint32_t fold, const Cell* keys) {
  PopulationFold& kept = context->populations[fold];
  bool fresh = false;
  kept.current = kept.keys.number(keys, fresh);
  if (fresh) kept.rankings.emplace_back();
  return fresh ? 0 : 1;
}

void tiao_ranking_row(const KernelContext* context, std::uint32_t fold, std::uint32_t row, std::uint32_t in, const Cell* value, std::uint32_t kind) {
  PopulationFold& kept = context->populations[fold];
  kept.rankings[kept.current].add(row, static_cast<Truth>(in), *value, static_cast<Kind>(kind));
}

void tiao_ranking_settle(const KernelContext* context, std::uint32_t fold) {
  PopulationFold& kept = context->populations[fold];
  kept.rankings[kept.current].settle();
}

void tiao_ranking_fold(const KernelContext* context, std::uint32_t fold, FoldState* state, std::uint32_t op, const Cell* ours, std::uint32_t itself,
                       std::uint32_t kind, std::uint32_t as_filter) {
  const PopulationFold& kept = context->populations[fold];
  const Counts counts = kept.rankings[kept.current].count(op, *ours, itself, static_cast<Kind>(kind));
  for (std::uint32_t in = 0; in < 4; ++in)
    for (std::uint32_t condition = 0; condition < 4; ++condition) {
      const auto member = static_cast<Truth>(in), holds = static_cast<Truth>(condition);
      if (as_filter != 0) fold_rows(*state, scalar::and_(member, holds), Truth::yes, counts.n[in][condition]);
      else fold_rows(*state, member, holds, counts.n[in][condition]);
    }
}

}  // extern "C"
