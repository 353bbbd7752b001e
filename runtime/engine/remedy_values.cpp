#include "runtime/engine/remedy_values.hpp"

#include <algorithm>
#include <bit>

#include "runtime/value/scalar.hpp"

namespace tiao::engine {

namespace {

enum : std::uint32_t { fold_sum = 1, fold_highest = 2, fold_lowest = 3 };   // core::FoldKind

Cell unstated(Kind kind) {
  if (kind == Kind::date) return known(unstated_day);
  return kind == Kind::duration ? known(unstated_duration) : nothing;
}

Cell open_end(std::int64_t declared, bool lower, Kind kind) {
  if (kind == Kind::choice) return choice_of(lower ? 1 : std::uint64_t{1} << 63);
  return known(declared);
}

// What a rule says on a scope row.
Ends said(const RuleInput& rule, std::uint32_t row, Kind kind, std::int64_t range_lo = neg_inf, std::int64_t range_hi = pos_inf) {
  switch (rule.form) {
    case ParamForm::absent: return {nothing, nothing, false};
    case ParamForm::exact: {
      const Cell value = rule.lo.at(row);
      return {value, value, true};
    }
    case ParamForm::range: return {rule.lo.at(row), rule.hi.at(row), true};
    case ParamForm::at_most: return {open_end(range_lo, true, kind), rule.hi.at(row), true};
    case ParamForm::at_least: return {rule.lo.at(row), open_end(range_hi, false, kind), true};
    case ParamForm::unstated: return {unstated(kind), unstated(kind), true};
  }
  return {};
}

// The fold over a single value.
Cell alone(const Cell& c, std::uint8_t state, std::uint32_t fold, Kind kind) {
  if (static_cast<Truth>(state) == Truth::error || is_error(c, kind)) return error_of(kind);
  if (fold == fold_sum && static_cast<Truth>(state) == Truth::unknown) return between(std::min<std::int64_t>(0, c.lo), std::max<std::int64_t>(0, c.hi));
  return (kind == Kind::text || kind == Kind::ref) && c.lo != c.hi ? nothing : c;
}

// Folds what `say` yields of each hit; hits of which it says nothing take no part.
template <class Say>
Ends folded(const Hit* hits, std::size_t count, std::uint32_t fold, Kind kind, Say say) {
  if (count == 1) {
    const Ends ends = say(hits[0]);
    return ends.there ? Ends{alone(ends.lo, hits[0].state, fold, kind), alone(ends.hi, hits[0].state, fold, kind), true} : ends;
  }
  FoldState lo, hi;
  tiao_fold_begin(&lo, fold, static_cast<std::uint32_t>(kind), 0);
  tiao_fold_begin(&hi, fold, static_cast<std::uint32_t>(kind), 0);
  Ends out{nothing, nothing, false};
  for (std::size_t i = 0; i < count; ++i) {
    const Ends ends = say(hits[i]);
    if (!ends.there) continue;
    out.there = true;
    tiao_fold_row(&lo, hits[i].state, &ends.lo, nullptr);
    tiao_fold_row(&hi, hits[i].state, &ends.hi, nullptr);
  }
  if (!out.there) return out;
  tiao_fold_end(&out.lo, &lo, nullptr);
  tiao_fold_end(&out.hi, &hi, nullptr);
  return out;
}

// All choices from the lowest of one mask to the highest of the other.
Cell choices_between(const Cell& lo, const Cell& hi) {
  if (lo.lo == 0 || hi.lo == 0) return choice_of(0);
  if (lo == hi) return lo;
  const auto first = static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(lo.lo)));
  const auto last = 63u - static_cast<unsigned>(std::countl_zero(static_cast<std::uint64_t>(hi.lo)));
  if (last < first) return choice_of(0);
  return choice_of((~std::uint64_t{0} << first) & (~std::uint64_t{0} >> (63 - last)));
}

// What lies in both, or the second when nothing does.
Cell meet(const Cell& permitted, const Cell& chosen, Kind kind) {
  if (is_error(permitted, kind) || is_error(chosen, kind)) return error_of(kind);
  switch (kind) {
    case Kind::boolean: return chosen.lo == 0 ? permitted : chosen;
    case Kind::choice: return (permitted.lo & chosen.lo) != 0 ? known(permitted.lo & chosen.lo) : chosen;
    case Kind::ratio: {
      if (scalar::compare_ratio(scalar::CmpOp::under, {permitted.hi, permitted.hi, permitted.hi_den, permitted.hi_den}, {chosen.lo, chosen.lo, chosen.lo_den, chosen.lo_den}, false) == Truth::yes ||
          scalar::compare_ratio(scalar::CmpOp::over, {permitted.lo, permitted.lo, permitted.lo_den, permitted.lo_den}, {chosen.hi, chosen.hi, chosen.hi_den, chosen.hi_den}, false) == Truth::yes)
        return chosen;
      Cell out = permitted;
      if (scalar::compare_quotients(chosen.lo, chosen.lo_den, out.lo, out.lo_den) > 0) out.lo = chosen.lo, out.lo_den = chosen.lo_den;
      if (scalar::compare_quotients(chosen.hi, chosen.hi_den, out.hi, out.hi_den) < 0) out.hi = chosen.hi, out.hi_den = chosen.hi_den;
      return out;
    }
    default: {
      const Cell both = between(std::max(permitted.lo, chosen.lo), std::min(permitted.hi, chosen.hi));
      return both.lo <= both.hi ? both : chosen;
    }
  }
}

}  // namespace

RemedyValues::RemedyValues(const RemedyInput& input) : in_(input), has_param_(input.remedy->params.size(), 0) {
  for (const GroundInput& g : in_.grounds) {
    const bool from = g.from.form != ParamForm::absent, length = g.length.form != ParamForm::absent;
    has_from_ = has_from_ || from;
    has_length_ = has_length_ || length;
    has_until_ = has_until_ || g.until.form != ParamForm::absent || (from && length);
    for (std::size_t p = 0; p < g.params.size(); ++p) has_param_[p] |= g.params[p].form != ParamForm::absent;
  }
}

Cell RemedyValues::from(const Hit* hits, std::size_t count) const {
  return folded(hits, count, fold_lowest, Kind::date, [&](const Hit& h) {
    Ends ends = said(in_.grounds[h.ground].from, h.scope_row, Kind::date);
    if (ends.there) ends.lo = ends.hi = scalar::hull(ends.lo, ends.hi, Kind::date);
    return ends;
  }).lo;
}

Ends RemedyValues::until_of(const GroundInput& ground, std::uint32_t row) const {
  if (ground.until.form != ParamForm::absent) return said(ground.until, row, Kind::date);
  if (ground.length.form == ParamForm::absent) return {known(unstated_day), known(unstated_day), has_until_};
  if (ground.from.form == ParamForm::absent) return {nothing, nothing, false};
  const Ends from = said(ground.from, row, Kind::date), length = said(ground.length, row, Kind::duration);
  return {scalar::shift(from.lo, length.lo), scalar::shift(from.hi, length.hi), true};
}

Ends RemedyValues::until(const Hit* hits, std::size_t count) const {
  return folded(hits, count, fold_highest, Kind::date, [&](const Hit& h) { return until_of(in_.grounds[h.ground], h.scope_row); });
}

Ends RemedyValues::length(const Hit* hits, std::size_t count) const {
  return folded(hits, count, fold_highest, Kind::duration, [&](const Hit& h) { return said(in_.grounds[h.ground].length, h.scope_row, Kind::duration); });
}

Ends RemedyValues::param(std::size_t p, const Hit* hits, std::size_t count) const {
  const RemedyParam& declared = in_.remedy->params[p];
  const bool summed = in_.remedy->combine == Combine::sum && in_.remedy->combine_param == p;
  return folded(hits, count, summed ? fold_sum : fold_highest, kind(p), [&](const Hit& h) {
    return said(in_.grounds[h.ground].params[p], h.scope_row, kind(p), declared.range_lo, declared.range_hi);
  });
}

Cell RemedyValues::widest(std::size_t p) const {
  const RemedyParam& declared = in_.remedy->params[p];
  switch (declared.type.kind) {
    case Kind::boolean: return of(Truth::unknown);
    case Kind::choice: {
      const std::size_t size = in_.schema->enums[declared.type.of].values.size();
      return choice_of(size >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1);
    }
    default: return between(declared.range_lo, declared.range_hi);
  }
}

Cell RemedyValues::shown(const Ends& ends, Kind kind) const {
  return kind == Kind::choice ? choices_between(ends.lo, ends.hi) : scalar::hull(ends.lo, ends.hi, kind);
}

Cell RemedyValues::shown_param(std::size_t p, const Ends& ends) const {
  if (!ends.there) return widest(p);
  const Cell c = shown(ends, kind(p));
  return kind(p) == Kind::choice && c.lo != 0 ? known(c.lo & widest(p).lo) : c;
}

Cell RemedyValues::shown_choice(std::size_t p, const Ends& ends, const Cell& chosen, bool given) const {
  if (given && is_known(chosen, kind(p))) return chosen;
  return meet(shown_param(p, ends), chosen, kind(p));
}

}  // namespace tiao::engine
