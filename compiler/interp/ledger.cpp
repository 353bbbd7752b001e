#include "compiler/interp/ledger.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/interp/folds.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::interp {

using core::Period;

PeriodDays period_of(Period period, std::int64_t day) {
  if (period == Period::none) return {};
  if (day < scalar::first_day) return {neg_inf, scalar::first_day};
  if (day > scalar::last_day) return {scalar::last_day + 1, pos_inf};
  const scalar::Civil c = scalar::civil(day);
  if (period == Period::calendar_year) return {scalar::day_number({c.year, 1, 1}), scalar::day_number({c.year + 1, 1, 1})};
  const std::int64_t first = scalar::day_number({c.year, c.month, 1});
  return {first, first + scalar::days_in_month(c.year, c.month)};
}

namespace {

bool failed(const Cell& c) { return is_error(c, Kind::integer); }

Cell or_nothing(const Cell& c) { return scalar::hull(known(0), c, Kind::integer); }

// What is granted, by its ends. In a free period they belong to different completions, so the most may be under the least.
struct Grant { Cell least = known(0), most = known(0); };

// The lower end loses the most, the upper end the least.
Cell less(const Cell& balance, const Grant& grant) {
  if (failed(balance) || failed(grant.least) || failed(grant.most)) return number_error();
  const Cell lower = scalar::sub(known(balance.lo), grant.most), upper = scalar::sub(known(balance.hi), grant.least);
  return failed(lower) || failed(upper) ? number_error() : between(lower.lo, upper.hi);
}

Grant both(const Cell& c) { return failed(c) ? Grant{c, c} : Grant{known(c.lo), known(c.hi)}; }

/// What postings of undecided date do to balances.
class Widening {
 public:
  explicit Widening(const Account& account) : a_(account) {
    for (std::size_t i = 0; i < a_.postings.size(); ++i)
      if (!a_.postings[i].dated()) undated_.push_back(i);
    std::stable_sort(undated_.begin(), undated_.end(), [&](std::size_t x, std::size_t y) {
      const Posting &p = a_.postings[x], &q = a_.postings[y];
      return p.from != q.from ? p.from < q.from : p.to < q.to;
    });
  }

  // In the order of their steps, in which they are also added up: where a sum leaves 64 bits, that decides.
  const std::vector<std::size_t>& undated() const { return undated_; }
  Cell floored(const Cell& c) const { return a_.has_floor ? scalar::greatest(a_.floor, c) : c; }

  // What a posting adds to a balance: of a capped credit no more than the cap counts.
  Cell effect(const Posting& p) const {
    if (!p.credit) return p.amount;
    const CreditCap& cap = a_.caps[p.clause];
    if (!cap.capped) return scalar::neg(p.amount);
    const std::int64_t most = countless(p, cap) ? p.amount.hi : std::min(p.amount.hi, cap.cap.hi);
    return scalar::neg(between(std::min({p.amount.lo, std::int64_t{0}, most}), most));
  }

  // Does it stand for any number of rows, each with a cap of its own period?
  bool countless(const Posting& p, const CreditCap& cap) const {
    const bool one_cap = cap.period == Period::none || cap.period == a_.period || (cap.period == Period::calendar_year && a_.period == Period::month);
    return p.row == none && !one_cap;
  }

  // May it stand before or on a day, in the period that begins at `start`?
  static bool may_precede(const Posting& p, std::int64_t day, std::int64_t start) { return p.from <= day && p.to >= start; }

  // Widening takes no lower end under the floor, nor lower where it was there before.
  Cell raised(const Cell& wide, const Cell& before) const {
    if (failed(wide) || !a_.has_floor) return wide;
    return between(std::max(wide.lo, std::min(before.lo, a_.floor.lo)), wide.hi);
  }

  Cell balance_on(std::int64_t day) const {
    const PeriodDays period = period_of(a_.period, day);
    Cell before = a_.opens_at;
    for (std::size_t i = 0; i < a_.decided && a_.steps[i].from <= day; ++i)
      if (a_.steps[i].from >= period.from) before = a_.steps[i].base;
    before = floored(before);
    Cell wide = before;
    for (const std::size_t i : undated_)
      if (may_precede(a_.postings[i], day, period.from)) wide = scalar::add(wide, or_nothing(effect(a_.postings[i])));
    return raised(wide, before);
  }

 private:
  const Account& a_;
  std::vector<std::size_t> undated_;
};

/// Works one account out.
class Settling {
 public:
  explicit Settling(Account& account) : a_(account), wide_(account), offered_(account.caps.size()) {
    for (std::size_t i = 0; i < a_.postings.size(); ++i)
      if (a_.postings[i].dated()) by_day_[a_.postings[i].from].push_back(i);
  }

  void run() {
    if (a_.postings.empty() && !a_.failed) return;
    for (const CreditCap& cap : a_.caps) a_.failed |= cap.capped && failed(cap.cap);
    a_.failed |= failed(a_.opens_at) || (a_.has_floor && failed(a_.floor));
    if (!a_.failed) a_.opens_at = wide_.floored(a_.opens_at);   // so that a step which moves nothing changes nothing
    if (!a_.failed) {
      decided_steps();
      a_.decided = a_.steps.size();
      extra_steps();
      cycles();
      for (const Step& s : a_.steps)
        for (const Cell* c : {&s.opening, &s.balance, &s.base, &s.entered, &s.largest}) a_.failed |= failed(*c);
      for (const Cycle& c : a_.cycles) a_.failed |= failed(c.entered);
    }
    if (a_.failed) fail();
  }

 private:
  using Postings = std::vector<std::size_t>;

  static Cell counted(const Posting& p) { return p.in == Truth::yes ? p.amount : or_nothing(p.amount); }

  // --- decided steps ---------------------------------------------------------------------------------------------------------

  // What a credit clause has offered so far in the period of its cap.
  struct Offered { Cell sum = known(0); PeriodDays period{neg_inf, neg_inf}; };

  void decided_steps() {
    PeriodDays period{neg_inf, neg_inf};
    Cell base;
    for (const auto& [day, postings] : by_day_) {
      for (std::size_t clause = 0; clause < offered_.size(); ++clause)
        if (day >= offered_[clause].period.to) offered_[clause] = {known(0), period_of(a_.caps[clause].period, day)};
      Step step;
      step.from = step.to = day;
      step.opening = base;
      if (day >= period.to) {
        period = period_of(a_.period, day);
        step.opening = a_.opens_at;
        free_ = begins_free();
      }
      enter(step, postings);
      const Grant grant = credit(postings, day);
      step.granted = between(std::min(grant.least.lo, grant.most.lo), std::max(grant.least.hi, grant.most.hi));
      const Cell moved = less(scalar::add(step.opening, step.entered), grant);
      if (a_.has_floor && moved.lo < a_.floor.hi) free_ = false;
      base = step.base = wide_.floored(moved);
      widen(step, period.from);
      widen_entered(step, postings);
      a_.steps.push_back(step);
    }
  }

  void enter(Step& step, const Postings& postings) {
    step.in = Truth::unknown;
    step.entered = known(0);
    for (const std::size_t i : postings) {
      const Posting& p = a_.postings[i];
      if (p.in == Truth::yes) step.in = Truth::yes;
      if (!p.credit) step.entered = scalar::add(step.entered, counted(p));
    }
  }

  // The highest entry, of the step's own and of those of undecided date that may be of this step: these count as undecided ones.
  void widen_entered(Step& step, const Postings& postings) {
    FoldInput largest;
    largest.kind = core::FoldKind::highest;
    largest.value.kind = Kind::integer;
    largest.has_if_none = true;
    largest.if_none = known(0);
    for (const std::size_t i : postings)
      if (!a_.postings[i].credit) largest.rows.push_back({step.posting == i ? Truth::yes : a_.postings[i].in, a_.postings[i].amount});
    for (const std::size_t i : wide_.undated()) {
      const Posting& p = a_.postings[i];
      if (i == step.posting || p.credit || p.from > step.to || p.to < step.from) continue;
      largest.rows.push_back({Truth::unknown, p.amount});
      step.entered = scalar::add(step.entered, or_nothing(p.amount));
    }
    largest.has_if_none = std::none_of(largest.rows.begin(), largest.rows.end(), [](const FoldRow& r) { return r.in == Truth::yes; });
    step.largest = fold(largest);
  }

  Grant credit(const Postings& postings, std::int64_t day) {
    Grant total;
    for (std::uint32_t clause = 0; clause < a_.caps.size(); ++clause) {
      Cell offer = known(0);
      bool any = false;
      for (const std::size_t i : postings) {
        const Posting& p = a_.postings[i];
        if (!p.credit || p.clause != clause) continue;
        offer = scalar::add(offer, counted(p));
        any = true;
      }
      if (!any) continue;
      const Grant grant = a_.caps[clause].capped ? capped(clause, offer, day) : both(offer);
      total.least = scalar::add(total.least, grant.least);
      total.most = scalar::add(total.most, grant.most);
    }
    return total;
  }

  // --- caps --------------------------------------------------------------------------------------------------------------------
  // As long as the floor has cut nothing off, it does not matter which credit the cap let through: the ends may be taken from what
  // was granted in all. Afterwards a credit granted in vain leaves less for later, and each grant stands for itself.

  bool begins_free() const {
    for (std::size_t clause = 0; clause < offered_.size(); ++clause)
      if (a_.caps[clause].capped && offered_[clause].sum.lo != offered_[clause].sum.hi) return false;
    return std::none_of(wide_.undated().begin(), wide_.undated().end(), [&](std::size_t i) {
      return a_.postings[i].credit && a_.caps[a_.postings[i].clause].capped;
    });
  }

  Grant capped(std::uint32_t clause, const Cell& offer, std::int64_t day) {
    const Cell cap = a_.caps[clause].cap, before = offered_[clause].sum, after = scalar::add(before, offer);
    offered_[clause].sum = after;
    if (failed(after)) return both(after);
    if (!free_) return both(grant_alone(clause, before, offer, day));
    const Cell granted = scalar::least(cap, after), earlier = scalar::least(cap, before);
    return {scalar::sub(known(granted.lo), known(earlier.lo)), scalar::sub(known(granted.hi), known(earlier.hi))};
  }

  // Over both ends of the cap and of what was offered before: what the cap still lets through of the offer.
  Cell grant_alone(std::uint32_t clause, Cell before, const Cell& offer, std::int64_t day) const {
    for (const std::size_t i : wide_.undated()) {
      const Posting& p = a_.postings[i];
      if (!p.credit || p.clause != clause || !Widening::may_precede(p, day, offered_[clause].period.from)) continue;
      before = scalar::add(before, between(0, std::max<std::int64_t>(0, p.amount.hi)));
    }
    if (failed(before)) return before;
    Cell out = number_error();
    for (const std::int64_t cap : {a_.caps[clause].cap.lo, a_.caps[clause].cap.hi})
      for (const std::int64_t sum : {before.lo, before.hi}) {
        const auto granted = [&](std::int64_t amount) {
          return scalar::sub(scalar::least(known(cap), scalar::add(known(sum), known(amount))), scalar::least(known(cap), known(sum)));
        };
        const Cell least = granted(offer.lo), most = granted(offer.hi);
        if (failed(least) || failed(most)) return number_error();
        out = between(std::min(out.lo, least.lo), std::max(out.hi, most.hi));
      }
    return out;
  }

  // --- postings of undecided date ----------------------------------------------------------------------------------------------

  void widen(Step& step, std::int64_t period_start) {
    Cell balance = step.base, opening = step.opening;
    for (const std::size_t i : wide_.undated()) {
      const Posting& p = a_.postings[i];
      if (!Widening::may_precede(p, step.from, period_start)) continue;
      const Cell effect = or_nothing(wide_.effect(p));
      balance = scalar::add(balance, effect);
      if (p.from < step.from) opening = scalar::add(opening, effect);
    }
    step.balance = wide_.raised(balance, step.base);
    step.opening = wide_.raised(opening, step.opening);
  }

  void extra_steps() {
    for (const std::size_t i : wide_.undated()) {
      const Posting& p = a_.postings[i];
      Step step;
      step.from = p.from;
      step.to = p.to;
      step.in = Truth::unknown;
      step.posting = static_cast<std::uint32_t>(i);
      step.opening = extra_opening(i);
      step.entered = p.credit ? known(0) : p.amount;
      if (p.credit) step.granted = p.amount;
      step.base = step.balance = wide_.floored(scalar::add(step.opening, wide_.effect(p)));
      widen_entered(step, {i});
      a_.steps.push_back(step);
    }
  }

  Cell extra_opening(std::size_t itself) const {
    const Posting& p = a_.postings[itself];
    Cell opening = a_.opens_at;
    const Step* last_before = nullptr;
    for (std::size_t i = 0; i < a_.decided; ++i) {
      const Step& s = a_.steps[i];
      if (s.from < p.from) last_before = &s;
      else if (s.from <= p.to) opening = scalar::hull(opening, s.base, Kind::integer);
    }
    if (last_before && period_of(a_.period, last_before->from).to > p.from) opening = scalar::hull(opening, last_before->base, Kind::integer);
    const std::int64_t start = period_of(a_.period, p.from).from;
    Cell wide = opening;
    for (const std::size_t i : wide_.undated())
      if (i != itself && Widening::may_precede(a_.postings[i], p.to, start)) wide = scalar::add(wide, or_nothing(wide_.effect(a_.postings[i])));
    return wide_.raised(wide, opening);
  }

  // --- cycles ------------------------------------------------------------------------------------------------------------------

  void cycles() {
    if (a_.period == Period::none) return;
    const PeriodDays last = period_of(a_.period, a_.as_of);
    PeriodDays period = by_day_.empty() ? last : period_of(a_.period, by_day_.begin()->first);
    for (const std::size_t i : wide_.undated()) a_.cycles_open |= a_.postings[i].from < period.from;
    bool sure = false;
    for (auto at = by_day_.begin(); period.from <= last.from; period = period_of(a_.period, period.to)) {
      Cycle cycle{period.from, period.to - 1, Truth::unknown, known(0)};
      for (; at != by_day_.end() && at->first < period.to; ++at)
        for (const std::size_t i : at->second) {
          sure |= a_.postings[i].in == Truth::yes;
          if (!a_.postings[i].credit) cycle.entered = scalar::add(cycle.entered, counted(a_.postings[i]));
        }
      for (const std::size_t i : wide_.undated()) {
        const Posting& p = a_.postings[i];
        if (!p.credit && p.from < period.to && p.to >= period.from) cycle.entered = scalar::add(cycle.entered, or_nothing(p.amount));
      }
      if (sure) cycle.in = Truth::yes;
      a_.cycles.push_back(cycle);
    }
  }

  void fail() {
    const Cell error = number_error();
    Step step;
    step.from = error.lo;
    step.to = error.hi;
    step.in = Truth::error;
    step.opening = step.balance = step.entered = step.largest = step.base = error;
    a_.steps.assign(1, step);
    a_.decided = 0;
    a_.cycles.clear();
    a_.cycles_open = false;
    if (a_.period == Period::none) return;
    const PeriodDays period = period_of(a_.period, a_.as_of);
    a_.cycles.push_back({period.from, period.to - 1, Truth::error, error});
  }

  Account& a_;
  Widening wide_;
  std::map<std::int64_t, Postings> by_day_;
  std::vector<Offered> offered_;
  bool free_ = true;
};

}  // namespace

void Account::settle() { Settling(*this).run(); }

Cell Account::balance_at(const Cell& day) const {
  if (interp::failed(day) || failed) return number_error();
  const Widening wide(*this);
  std::int64_t first = pos_inf, last = as_of;
  for (const Posting& p : postings) first = std::min(first, p.from);
  for (std::size_t i = 0; i < decided; ++i) last = std::max(last, steps[i].from);
  first = std::min(first, last);
  if (day.lo == day.hi) return wide.balance_on(day.lo >= never_day ? last : day.lo);

  // Before the first posting, and after the last period that has begun, nothing changes any more.
  const std::int64_t fresh = period == Period::none ? last : period_of(period, last).to;
  const std::int64_t from = first == neg_inf ? day.lo : std::max(day.lo, std::min(first - 1, day.hi));
  const std::int64_t to = std::min(day.hi, std::max(fresh, day.lo));
  std::set<std::int64_t> days{from, to};
  const auto consider = [&](std::int64_t d) { if (d > from && d < to) days.insert(d); };
  consider(last);
  for (std::size_t i = 0; i < decided; ++i) consider(steps[i].from);
  for (const Posting& p : postings) consider(p.from);
  std::int64_t earliest = last;   // before it every period begins alike
  for (const Posting& p : postings)
    if (p.from != neg_inf) earliest = std::min(earliest, p.from);
  for (PeriodDays p = period_of(period, std::max(from, earliest)); p.to < to; p = period_of(period, p.to)) consider(p.to);
  Cell out = wide.balance_on(from);
  for (const std::int64_t d : days) out = scalar::hull(out, wide.balance_on(d), Kind::integer);
  return out;
}

bool Account::bears_on(const Posting& posting, std::int64_t from, std::int64_t to) const {
  std::int64_t start = period_of(period, from).from;
  if (posting.credit && caps[posting.clause].capped) start = std::min(start, period_of(caps[posting.clause].period, from).from);
  return posting.from <= to && posting.to >= start;
}

}  // namespace tiao::interp
