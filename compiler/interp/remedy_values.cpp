// What the grounds of a combined remedy row say of its times and parameters, and what other declarations see of it.
#include <algorithm>
#include <bit>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

using core::Ground;
using core::Modality;
using core::ParamForm;
using core::ParamRule;

namespace {

Cell nothing() { return between(neg_inf, pos_inf); }

Cell unstated(Kind kind) {
  return kind == Kind::date ? known(unstated_day) : kind == Kind::duration ? known(unstated_duration) : nothing();
}

// The end of a permitted range that the clause leaves to the declaration.
Cell declared_end(const Type& type, std::int64_t end, bool lower) {
  if (type.kind == Kind::choice) return choice_of(std::uint64_t{1} << (lower ? 0 : 63));
  return known(end);
}

bool speaks(const ParamRule& rule) { return rule.form != ParamForm::absent; }

// Everything from the first end to the second.
Cell permitted(const Cell& lo, const Cell& hi, const Type& type, const Cell& widest) {
  if (type.kind != Kind::choice || lo == hi) return scalar::hull(lo, hi, type.kind);
  if (lo.lo == 0 || hi.lo == 0) return choice_of(0);
  const int first = std::countr_zero(static_cast<std::uint64_t>(lo.lo)), last = 63 - std::countl_zero(static_cast<std::uint64_t>(hi.lo));
  if (last < first) return choice_of(0);
  return choice_of((~std::uint64_t{0} << first) & (~std::uint64_t{0} >> (63 - last)) & static_cast<std::uint64_t>(widest.lo));
}

// What lies in both, or the choice where they do not meet.
Cell meeting(const Cell& range, const Cell& chosen, Kind kind) {
  if (is_error(range, kind) || is_error(chosen, kind)) return error_of(kind);
  switch (kind) {
    case Kind::boolean: return chosen.lo == static_cast<std::int64_t>(Truth::unknown) ? range : chosen;
    case Kind::choice: return (range.lo & chosen.lo) != 0 ? known(range.lo & chosen.lo) : chosen;
    case Kind::ratio: {
      const Cell range_lo{range.lo, range.lo, range.lo_den, range.lo_den}, range_hi{range.hi, range.hi, range.hi_den, range.hi_den};
      const Cell chosen_lo{chosen.lo, chosen.lo, chosen.lo_den, chosen.lo_den}, chosen_hi{chosen.hi, chosen.hi, chosen.hi_den, chosen.hi_den};
      const auto under = [](const Cell& a, const Cell& b) { return scalar::compare(scalar::CmpOp::under, a, b, Kind::ratio) == Truth::yes; };
      if (under(range_hi, chosen_lo) || under(chosen_hi, range_lo)) return chosen;
      const Cell& lo = under(range_lo, chosen_lo) ? chosen_lo : range_lo;
      const Cell& hi = under(chosen_hi, range_hi) ? chosen_hi : range_hi;
      return {lo.lo, hi.lo, lo.lo_den, hi.lo_den};
    }
    default: {
      const Cell both = between(std::max(range.lo, chosen.lo), std::min(range.hi, chosen.hi));
      return both.lo <= both.hi ? both : chosen;
    }
  }
}

}  // namespace

std::optional<Machine::Ends> Machine::rule_ends(const ParamRule& rule, const Type& type, std::int64_t range_lo, std::int64_t range_hi, const GroundUse& use) {
  if (!speaks(rule)) return std::nullopt;
  const NewFrame frame(*this, use.scope_row);
  switch (rule.form) {
    case ParamForm::exact: {
      const Cell c = value(rule.lo, frame);
      return Ends{c, c};
    }
    case ParamForm::range: return Ends{value(rule.lo, frame), value(rule.hi, frame)};
    case ParamForm::at_most: return Ends{declared_end(type, range_lo, true), value(rule.hi, frame)};
    case ParamForm::at_least: return Ends{value(rule.lo, frame), declared_end(type, range_hi, false)};
    default: return Ends{unstated(type.kind), unstated(type.kind)};
  }
}

// An end of its own, or the start and the length.
std::optional<Machine::Ends> Machine::until_ends(const Ground& ground, const GroundUse& use) {
  const Type date{Kind::date, 0, none}, duration{Kind::duration, 0, none};
  if (speaks(ground.until)) return rule_ends(ground.until, date, neg_inf, pos_inf, use);
  if (!speaks(ground.length)) return Ends{known(unstated_day), known(unstated_day)};
  if (!speaks(ground.from)) return std::nullopt;
  const Ends from = *rule_ends(ground.from, date, neg_inf, pos_inf, use), length = *rule_ends(ground.length, duration, neg_inf, pos_inf, use);
  return Ends{scalar::shift(from.lo, length.lo), scalar::shift(from.hi, length.hi)};
}

// Under `once` rows of the scope that we do not know come together with those that we do: may one of them say something more?
bool Machine::unseen_says(RemedyId remedy, std::uint32_t target, const Ground& like, const std::function<bool(const Ground&)>& says) {
  if (schema.remedies[remedy].combine != Combine::once) return false;
  const auto& ids = remedies[remedy].grounds;
  return std::any_of(ids.begin(), ids.end(), [&](std::uint32_t id) {
    const Ground& g = program.grounds[id];
    const bool same_act = g.modality == like.modality && g.actor == like.actor && g.alternative == like.alternative;
    return same_act && says(g) && unseen_scope(g, target);
  });
}

// The fold of each end over the grounds that say something, their states being their memberships.
Machine::Ends Machine::combined_ends(const std::vector<GroundUse>& uses, const Type& type, core::FoldKind kind, const RuleOf& rule,
                                     const std::optional<Cell>& unseen) {
  FoldInput lo, hi;
  lo.kind = hi.kind = kind;
  lo.value = hi.value = type;
  lo.open = hi.open = unseen.has_value();
  if (unseen) lo.widest = hi.widest = *unseen;
  for (const GroundUse& use : uses) {
    const auto ends = rule(program.grounds[use.ground], use);
    if (!ends) continue;
    lo.rows.push_back({use.state, ends->lo});
    hi.rows.push_back({use.state, ends->hi});
  }
  if (lo.rows.empty()) return {nothing(), nothing()};
  return {fold(lo), fold(hi)};
}

// Does a ground say when its act ends? One with neither an end nor a length says that it has none.
bool Machine::says_end(const Ground& g) { return speaks(g.until) || !speaks(g.length) || speaks(g.from); }

Cell Machine::widest_param(const RemedyParam& param) const {
  const bool bounded = param.type.kind != Kind::boolean && param.type.kind != Kind::choice && param.type.kind != Kind::ratio;
  return bounded ? between(param.range_lo, param.range_hi) : widest(param.type);
}

void Machine::push_values(RemedyId remedy, std::uint32_t target, const std::vector<GroundUse>& uses) {
  using core::FoldKind;
  const Remedy& declared = schema.remedies[remedy];
  const RemedyStore& store = remedies[remedy];
  RemedyTable& table = results.remedies[remedy];
  const Type date{Kind::date, 0, none}, duration{Kind::duration, 0, none};
  const auto unseen = [&](const Cell& wide, const std::function<bool(const Ground&)>& says) -> std::optional<Cell> {
    if (!unseen_says(remedy, target, program.grounds[uses.front().ground], says)) return std::nullopt;
    return wide;
  };
  if (store.says_from) {
    const Ends ends = combined_ends(uses, date, FoldKind::lowest, [&](const Ground& g, const GroundUse& u) {
      auto said = rule_ends(g.from, date, neg_inf, pos_inf, u);
      if (said) said->lo = said->hi = scalar::hull(said->lo, said->hi, Kind::date);
      return said;
    }, unseen(between(neg_inf, never_day), [](const Ground& g) { return speaks(g.from); }));
    table.from.push(ends.lo);
  }
  if (store.says_until) {
    const Ends ends = combined_ends(uses, date, FoldKind::highest, [&](const Ground& g, const GroundUse& u) { return until_ends(g, u); },
                                    unseen(between(neg_inf, unstated_day), says_end));
    table.until.push(ends.lo);
    table.until_hi.push(ends.hi);
  }
  if (store.says_length) {
    const Ends ends = combined_ends(uses, duration, FoldKind::highest, [&](const Ground& g, const GroundUse& u) {
      return rule_ends(g.length, duration, neg_inf, pos_inf, u);
    }, unseen(nothing(), [](const Ground& g) { return speaks(g.length); }));
    table.length.push(ends.lo);
    table.length_hi.push(ends.hi);
  }
  for (std::size_t p = 0; p < declared.params.size(); ++p) {
    if (!store.says_param[p]) continue;
    const RemedyParam& param = declared.params[p];
    const bool summed = declared.combine == Combine::sum && declared.combine_param == p;
    const Ends ends = combined_ends(uses, param.type, summed ? FoldKind::sum : FoldKind::highest, [&](const Ground& g, const GroundUse& u) {
      return rule_ends(g.params[p], param.type, param.range_lo, param.range_hi, u);
    }, unseen(widest_param(param), [&](const Ground& g) { return speaks(g.params[p]); }));
    const bool ratio = param.type.kind == Kind::ratio;
    table.lo[p].push(ends.lo, ratio);
    table.hi[p].push(ends.hi, ratio);
  }
}

// --- What other declarations see -------------------------------------------------------------------------------------------------

// What must be, or happens by itself, is seen as it is; a power only through its exercise.
void Machine::push_visible(RemedyId remedy, std::uint32_t row) {
  const RemedyTable& table = results.remedies[remedy];
  const auto modality = static_cast<Modality>(table.modality[row]);
  Truth seen = static_cast<Truth>(table.state[row]);
  if (modality == Modality::must_not) seen = Truth::no;
  if (modality == Modality::may) seen = table.exercised.empty() ? Truth::no : scalar::and_(seen, static_cast<Truth>(table.exercised[row]));
  if (seen == Truth::no) return;
  const EntityId entity = schema.remedies[remedy].rows;
  stores[entity].table_row.push_back(row);
  push_row(entity, table.target[row], seen);
}

namespace {

// By which grounds of a row something is said: by none; by some, all of them undecided, beside others; by one that stays.
enum Said : std::uint8_t { by_none, maybe, surely };

template <class Use, class By>
Said said(const core::Program& program, Use first, Use end, By by) {
  bool any = false, stays = false, others = false;
  std::for_each(first, end, [&](const auto& use) {
    const bool speaks_of_it = by(program.grounds[use.ground]);
    any |= speaks_of_it;
    stays |= speaks_of_it && use.state == Truth::yes;
    others |= !speaks_of_it;
  });
  return !any ? by_none : stays || !others ? surely : maybe;
}

Cell with_nothing(Said how, const Cell& value, const Cell& instead, Kind kind) {
  return how == by_none ? instead : how == surely ? value : scalar::hull(value, instead, kind);
}

bool says_from(const Ground& ground) { return speaks(ground.from); }

}  // namespace

// When it begins, as far as that is said; otherwise it always has.
Cell Machine::starts(RemedyId remedy, std::uint32_t row) const {
  const RemedyStore& store = remedies[remedy];
  const auto uses = store.uses.begin();
  const Said how = said(program, uses + store.uses_begin[row], uses + store.uses_begin[row + 1], says_from);
  return how == by_none ? known(neg_inf) : with_nothing(how, results.remedies[remedy].from.at(row), known(neg_inf), Kind::date);
}

Cell Machine::visible_column(RemedyId remedy, std::uint32_t row, ColumnId column_id) const {
  const Remedy& declared = schema.remedies[remedy];
  const RemedyStore& store = remedies[remedy];
  const RemedyTable& table = results.remedies[remedy];
  const auto by_grounds = [&](auto&& by) {
    return said(program, store.uses.begin() + store.uses_begin[row], store.uses.begin() + store.uses_begin[row + 1], by);
  };
  switch (column_id) {
    case core::remedy_col::from: {
      const Cell never_known = between(neg_inf, never_day), from = store.says_from ? table.from.at(row) : nothing();
      return from == nothing() ? never_known : with_nothing(by_grounds(says_from), from, never_known, Kind::date);
    }
    case core::remedy_col::until:
      if (!store.says_until) return known(unstated_day);
      return with_nothing(by_grounds(says_end), scalar::hull(table.until.at(row), table.until_hi.at(row), Kind::date), known(unstated_day), Kind::date);
    case core::remedy_col::length:
      if (!store.says_length) return known(unstated_duration);
      return with_nothing(by_grounds([](const Ground& g) { return speaks(g.length); }), scalar::hull(table.length.at(row), table.length_hi.at(row), Kind::duration),
                          known(unstated_duration), Kind::duration);
    default: break;
  }
  const std::size_t p = column_id - core::remedy_col::first_param;
  const RemedyParam& param = declared.params[p];
  const Cell wide = widest_param(param);
  const Said how = by_grounds([&](const Ground& g) { return speaks(g.params[p]); });
  const Cell range = how == by_none ? wide : with_nothing(how, permitted(table.lo[p].at(row), table.hi[p].at(row), param.type, wide), wide, param.type.kind);
  if (declared.chosen_column == none || declared.chosen_param != p) return range;
  const Cell chosen = table.chosen.at(row);
  const bool given = static_cast<Truth>(table.exercised[row]) == Truth::yes;
  return given && is_known(chosen, param.type.kind) ? chosen : meeting(range, chosen, param.type.kind);
}

}  // namespace tiao::interp
