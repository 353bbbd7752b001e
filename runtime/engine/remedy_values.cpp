#include "runtime/engine/remedy_values.hpp"

#include <algorithm>
#include <bit>

#include "runtime/engine/support.hpp"
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
  return c;
}

// Folds what `say` yields of each hit; hits of which it says nothing take no part.
template <class Say>
Ends folded(const Hit* hits, std::size_t count, std::uint32_t fold, Kind kind, const Cell* unseen, Say say) {
  if (count == 1 && unseen == nullptr) {
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
  if (unseen != nullptr) {
    tiao_fold_open(&lo, unseen);
    tiao_fold_open(&hi, unseen);
  }
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

// A cell without denominators.
struct Range {
  std::int64_t lo, hi;
  bool operator==(const Range&) const = default;
};
struct PlainEnds { Range low, high; };

// Where a rule reads numbers that stand in columns.
struct PlainRule {
  const std::int64_t *lo = nullptr, *lo_upper = nullptr, *hi = nullptr, *hi_upper = nullptr;
  std::uint32_t lo_step = 0, hi_step = 0;
  bool there() const { return lo != nullptr; }
  bool exact() const { return lo == hi; }
  // The permitted ends on a row. False: one is in error.
  bool at(std::uint32_t row, PlainEnds& ends) const {
    const std::size_t l = static_cast<std::size_t>(row) * lo_step, h = static_cast<std::size_t>(row) * hi_step;
    ends = {{lo[l], lo_upper[l]}, {hi[h], hi_upper[h]}};
    return ends.low.lo <= ends.low.hi && ends.high.lo <= ends.high.hi;
  }
};

PlainRule plain_rule(const RuleInput& rule, Kind kind) {
  if (kind == Kind::ratio || kind == Kind::boolean || kind == Kind::choice || kind == Kind::text || kind == Kind::ref) return {};
  if (rule.form == ParamForm::exact && rule.lo.lo != nullptr) return {rule.lo.lo, rule.lo.hi, rule.lo.lo, rule.lo.hi, rule.lo.step, rule.lo.step};
  if (rule.form == ParamForm::range && rule.lo.lo != nullptr && rule.hi.lo != nullptr) return {rule.lo.lo, rule.lo.hi, rule.hi.lo, rule.hi.hi, rule.lo.step, rule.hi.step};
  return {};
}

// Days moved by lengths: the same few again and again.
class Shifts {
 public:
  Range operator()(const Range& day, const Range& length) {
    const auto word = [](std::int64_t v) { return static_cast<std::uint64_t>(v); };
    const std::uint64_t mixed = word(day.lo) * 0x9e3779b97f4a7c15u + word(day.hi) * 0xd6e8feb86659fd93u + (word(length.lo) * 3 + word(length.hi)) * 0x9fb21c651e98df25u;
    const std::size_t at = (mixed ^ mixed >> 32) * 0x9e3779b97f4a7c15u >> 56;
    Known& there = known_[at];
    if (filled_[at] != 0 && there.day == day && there.length == length) return there.shifted;
    filled_[at] = 1;
    const Cell moved = scalar::shift(between(day.lo, day.hi), between(length.lo, length.hi));
    there = {day, length, {moved.lo, moved.hi}};
    return there.shifted;
  }

 private:
  struct Known { Range day, length, shifted; };
  Known known_[256];                 // twelve kilobytes: nothing is put there beforehand
  std::uint8_t filled_[256] = {};
};

// Writes the two ends of a column some rows at a time; while they are the same the second is not written at all but copied in the end.
class EndsWriter {
 public:
  EndsWriter(CellColumn& low, CellColumn* high, bool ratio) : low_(low), high_(high), ratio_(ratio) {}
  void push(const Range& low, const Range& high) {
    lows_.put(filled_, low);
    highs_.put(filled_, high);
    if (++filled_ == size) flush();
  }
  void push(const Cell& low, const Cell& high) {
    if (ratio_) {
      lows_.put_dens(filled_, low);
      highs_.put_dens(filled_, high);
    }
    push(Range{low.lo, low.hi}, Range{high.lo, high.hi});
  }
  void finish() {
    flush();
    if (high_ != nullptr && !apart_) *high_ = low_;
  }

 private:
  static constexpr std::size_t size = 512;
  struct Buffer {
    std::int64_t lo[size], hi[size], lo_den[size], hi_den[size];
    void put(std::size_t at, const Range& r) { lo[at] = r.lo, hi[at] = r.hi; }
    void put_dens(std::size_t at, const Cell& c) { lo_den[at] = c.lo_den, hi_den[at] = c.hi_den; }
    bool same(const Buffer& other, std::size_t count, bool ratio) const {
      return std::equal(lo, lo + count, other.lo) && std::equal(hi, hi + count, other.hi) &&
             (!ratio || (std::equal(lo_den, lo_den + count, other.lo_den) && std::equal(hi_den, hi_den + count, other.hi_den)));
    }
    void append_to(CellColumn& column, std::size_t count, bool ratio) const {
      const bool ranges = !std::equal(lo, lo + count, hi);
      if (ranges && column.hi.empty()) column.hi = column.lo;
      if (ranges || !column.hi.empty()) column.hi.append(hi, count);
      column.lo.append(lo, count);
      if (ratio) column.lo_den.append(lo_den, count), column.hi_den.append(hi_den, count);
    }
  };

  void flush() {
    if (filled_ == 0) return;
    if (high_ != nullptr && !apart_ && !highs_.same(lows_, filled_, ratio_)) {
      apart_ = true;
      *high_ = low_;
    }
    lows_.append_to(low_, filled_, ratio_);
    if (apart_) highs_.append_to(*high_, filled_, ratio_);
    filled_ = 0;
  }

  CellColumn& low_;
  CellColumn* high_;
  bool ratio_, apart_ = false;
  std::size_t filled_ = 0;
  Buffer lows_, highs_;
};

// The hull; mostly the clause gives one value.
Cell joined(const Cell& lo, const Cell& hi, Kind kind) { return lo == hi ? lo : scalar::hull(lo, hi, kind); }

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

RemedyValues::RemedyValues(const RemedyInput& input, const Array<Hit>& hits, const Array<CombinedRow>& rows)
    : in_(input), hits_(hits), rows_(rows), params_(input.remedy->params.size()) {
  for (const GroundInput& g : in_.grounds) {
    const bool from = g.from.form != ParamForm::absent, length = g.length.form != ParamForm::absent;
    from_.there = from_.there || from;
    length_.there = length_.there || length;
    until_.there = until_.there || g.until.form != ParamForm::absent || (from && length);
    for (std::size_t p = 0; p < g.params.size(); ++p) params_[p].there = params_[p].there || g.params[p].form != ParamForm::absent;
    unseen_ = unseen_ || (g.unseen != nullptr && input.remedy->combine == Combine::once);
  }
}

std::vector<std::function<void()>> RemedyValues::columns(RemedyTable& table) {
  std::vector<std::function<void()>> made;
  if (from_.there) made.emplace_back([this, &table] { fill_from(table); });
  if (until_.there) made.emplace_back([this, &table] { fill_until(table); });
  if (length_.there)
    made.emplace_back([this, &table] {
      fill_rule(fold_highest, Kind::duration, rules([](const GroundInput& g) { return &g.length; }), neg_inf, pos_inf, nothing, table.length, table.length_hi, length_);
    });
  table.lo.resize(params_.size());
  table.hi.resize(params_.size());
  for (std::size_t p = 0; p < params_.size(); ++p) {
    if (!params_[p].there) continue;
    made.emplace_back([this, &table, p] {
      const RemedyParam& declared = in_.remedy->params[p];
      const bool summed = in_.remedy->combine == Combine::sum && in_.remedy->combine_param == p;
      fill_rule(summed ? fold_sum : fold_highest, kind(p), rules([p](const GroundInput& g) { return &g.params[p]; }), declared.range_lo, declared.range_hi, widest(p),
                table.lo[p], table.hi[p], params_[p]);
    });
  }
  return made;
}

template <class Pick>
std::vector<const RuleInput*> RemedyValues::rules(Pick pick) const {
  std::vector<const RuleInput*> all;
  for (const GroundInput& g : in_.grounds) all.push_back(pick(g));
  return all;
}

// `say` yields the ends of a hit; `plain` may yield them without a look at their kind, when nothing is in error or takes away from them.
template <class Say, class Plain>
void RemedyValues::fill_column(std::uint32_t fold, Kind kind, Say say, Plain plain, const Unseen& unseen, CellColumn& lo, CellColumn* hi, Column& column) {
  EndsWriter writer(lo, hi, kind == Kind::ratio);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const CombinedRow& row = rows_[i];
    const Hit* first = &hits_[row.first];
    const auto state = static_cast<Truth>(first->state);
    PlainEnds read;
    const bool more = unseen_ && may_say_more(row, unseen);
    if (!more && row.count == 1 && (state == Truth::yes || (state == Truth::unknown && fold != fold_sum)) && plain(*first, read)) {
      writer.push(read.low, read.high);
      continue;
    }
    const Ends ends = folded(first, row.count, fold, kind, more ? &unseen.widest : nullptr, say);
    writer.push(ends.lo, ends.hi);
    bool stays = false, others = false;
    for (std::uint32_t at = row.first; ends.there && at < row.first + row.count; ++at) {
      const bool speaks = unseen.speaks[hits_[at].ground];
      stays = stays || (speaks && static_cast<Truth>(hits_[at].state) == Truth::yes);
      others = others || !speaks;
    }
    if (ends.there && (stays || !others)) continue;
    if (column.absent.empty()) column.absent.assign(rows_.size(), 0);
    column.absent[i] = ends.there ? 2 : 1;
  }
  writer.finish();
}

// May a ground of the same act stand on a row of its scope that we do not know, and say something of the column?
bool RemedyValues::may_say_more(const CombinedRow& row, const Unseen& unseen) const {
  const GroundInput& like = in_.grounds[hits_[row.first].ground];
  for (std::size_t i = 0; i < in_.grounds.size(); ++i) {
    const GroundInput& g = in_.grounds[i];
    const bool same_act = g.modality == like.modality && g.actor == like.actor && g.alternative == like.alternative;
    if (same_act && unseen.speaks[i] && g.unseen != nullptr && g.unseen[row.target] != 0) return true;
  }
  return false;
}

void RemedyValues::fill_rule(std::uint32_t fold, Kind kind, const std::vector<const RuleInput*>& rules, std::int64_t range_lo, std::int64_t range_hi,
                             const Cell& widest, CellColumn& lo, CellColumn& hi, Column& column) {
  std::vector<PlainRule> plain;
  Unseen unseen{{}, widest};
  for (const RuleInput* rule : rules) {
    plain.push_back(plain_rule(*rule, kind));
    unseen.speaks.push_back(rule->form != ParamForm::absent);
  }
  auto read = [&](const Hit& h, PlainEnds& ends) { return plain[h.ground].there() && plain[h.ground].at(h.scope_row, ends); };
  fill_column(fold, kind, [&](const Hit& h) { return said(*rules[h.ground], h.scope_row, kind, range_lo, range_hi); }, read, unseen, lo, &hi, column);
}

void RemedyValues::fill_from(RemedyTable& table) {
  std::vector<PlainRule> plain;
  Unseen unseen{{}, between(neg_inf, never_day)};
  for (const GroundInput& g : in_.grounds) {
    plain.push_back(plain_rule(g.from, Kind::date));
    unseen.speaks.push_back(g.from.form != ParamForm::absent);
  }
  auto say = [&](const Hit& h) {
    Ends ends = said(in_.grounds[h.ground].from, h.scope_row, Kind::date);
    if (ends.there) ends.lo = ends.hi = scalar::hull(ends.lo, ends.hi, Kind::date);
    return ends;
  };
  auto read = [&](const Hit& h, PlainEnds& ends) {
    const PlainRule& rule = plain[h.ground];
    return rule.there() && rule.exact() && rule.at(h.scope_row, ends);
  };
  fill_column(fold_lowest, Kind::date, say, read, unseen, table.from, nullptr, from_);
}

Ends RemedyValues::until_of(const GroundInput& ground, std::uint32_t row) const {
  if (ground.until.form != ParamForm::absent) return said(ground.until, row, Kind::date);
  if (ground.length.form == ParamForm::absent) return {known(unstated_day), known(unstated_day), true};
  if (ground.from.form == ParamForm::absent) return {nothing, nothing, false};
  const Ends from = said(ground.from, row, Kind::date), length = said(ground.length, row, Kind::duration);
  const Cell lo = scalar::shift(from.lo, length.lo);
  return {lo, from.lo == from.hi && length.lo == length.hi ? lo : scalar::shift(from.hi, length.hi), true};
}

void RemedyValues::fill_until(RemedyTable& table) {
  struct PlainEnd { PlainRule until, from, length; };
  std::vector<PlainEnd> plain;
  Unseen unseen{{}, between(neg_inf, unstated_day)};
  for (const GroundInput& g : in_.grounds) {
    unseen.speaks.push_back(g.until.form != ParamForm::absent || g.length.form == ParamForm::absent || g.from.form != ParamForm::absent);
    if (g.until.form != ParamForm::absent) plain.push_back({plain_rule(g.until, Kind::date), {}, {}});
    else plain.push_back({{}, plain_rule(g.from, Kind::date), plain_rule(g.length, Kind::duration)});
  }
  Shifts shifts;
  auto read = [&](const Hit& h, PlainEnds& ends) {
    const PlainEnd& end = plain[h.ground];
    if (end.until.there()) return end.until.at(h.scope_row, ends);
    if (!end.from.there() || !end.length.there()) return false;
    PlainEnds from, length;
    if (!end.from.at(h.scope_row, from) || !end.length.at(h.scope_row, length)) return false;
    ends.low = shifts(from.low, length.low);
    ends.high = from.low == from.high && length.low == length.high ? ends.low : shifts(from.high, length.high);
    return ends.low.lo <= ends.low.hi && ends.high.lo <= ends.high.hi;
  };
  fill_column(fold_highest, Kind::date, [&](const Hit& h) { return until_of(in_.grounds[h.ground], h.scope_row); }, read, unseen, table.until, &table.until_hi, until_);
}

// --- What other declarations see

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

Cell RemedyValues::shown(const Column& column, std::uint32_t row, const Cell& value, const Cell& instead, Kind kind) {
  const std::uint8_t absent = column.absent.empty() ? 0 : column.absent[row];
  return absent == 0 ? value : absent == 1 ? instead : scalar::hull(value, instead, kind);
}

Cell RemedyValues::shown_from(const RemedyTable& table, std::uint32_t row) const {
  const Cell any_day = between(neg_inf, never_day);
  if (!from_.there || table.from.at(row) == nothing) return any_day;   // a day that is not known at all
  return shown(from_, row, table.from.at(row), any_day, Kind::date);
}

Cell RemedyValues::starts(const RemedyTable& table, std::uint32_t row) const {
  return from_.there ? shown(from_, row, table.from.at(row), known(neg_inf), Kind::date) : known(neg_inf);
}

Cell RemedyValues::shown_until(const RemedyTable& table, std::uint32_t row) const {
  if (!until_.there) return known(unstated_day);
  return shown(until_, row, joined(table.until.at(row), table.until_hi.at(row), Kind::date), known(unstated_day), Kind::date);
}

Cell RemedyValues::shown_length(const RemedyTable& table, std::uint32_t row) const {
  if (!length_.there) return known(unstated_duration);
  return shown(length_, row, joined(table.length.at(row), table.length_hi.at(row), Kind::duration), known(unstated_duration), Kind::duration);
}

Cell RemedyValues::shown_param(const RemedyTable& table, std::size_t p, std::uint32_t row) const {
  const Column& column = params_[p];
  if (!column.there || (!column.absent.empty() && column.absent[row] == 1)) return widest(p);
  const Cell lo = table.lo[p].at(row), hi = table.hi[p].at(row);
  if (kind(p) != Kind::choice) return shown(column, row, joined(lo, hi, kind(p)), widest(p), kind(p));
  const Cell between_them = choices_between(lo, hi);
  return shown(column, row, known(between_them.lo & widest(p).lo), widest(p), kind(p));
}

Cell RemedyValues::shown_choice(const RemedyTable& table, std::size_t p, std::uint32_t row, const Cell& chosen, bool given) const {
  if (given && is_known(chosen, kind(p))) return chosen;
  return meet(shown_param(table, p, row), chosen, kind(p));
}

}  // namespace tiao::engine
