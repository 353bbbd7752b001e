// The chain of one owner whose amounts, memberships or dates are not all known (docs/engine-semantics.md, "Ledger").
#include <algorithm>

#include "runtime/engine/ledger.hpp"
#include "runtime/engine/support.hpp"

namespace tiao::engine {

namespace {

bool failed(const Cell& c) { return c.lo > c.hi; }

// The fold `highest` of a step's entries, 0 when there is none.
class Largest {
 public:
  Largest() { tiao_fold_begin(&fold_, fold_highest, static_cast<std::uint32_t>(Kind::integer), 0); }
  void add(Truth in, const Cell& amount) { tiao_fold_row(&fold_, static_cast<std::uint32_t>(in), &amount, nullptr); }
  Cell value() {
    const Cell zero = known(0);
    Cell out;
    tiao_fold_end(&out, &fold_, &zero);
    return out;
  }

 private:
  static constexpr std::uint32_t fold_highest = 2;  // core::FoldKind
  FoldState fold_;
};

// What a credit clause has offered so far in its cap period.
struct Offered { Cell sum; PeriodBounds period{neg_inf, neg_inf}; };

// What the credits of a step grant. In a free period the ends belong to different completions, so that `most` may be under `least`.
struct Granted {
  Cell least = known(0), most = known(0);
  void add(const Granted& g) {
    least = scalar::add(least, g.least);
    most = scalar::add(most, g.most);
  }
  Cell taken_from(const Cell& c) const {
    if (failed(c) || failed(least) || failed(most)) return number_error();
    const Cell low = scalar::sub(known(c.lo), most), high = scalar::sub(known(c.hi), least);
    return failed(low) || failed(high) ? number_error() : between(low.lo, high.hi);
  }
};

class RangeChain {
 public:
  RangeChain(const LedgerInput& input, LedgerOwner& owner, PeriodFinder& periods, std::vector<PeriodFinder>& cap_periods)
      : in_(input), owner_(owner), periods_(periods), cap_periods_(cap_periods), offered_(input.credits.size()) {
    for (std::size_t i = owner.decided; i < owner.events.size(); ++i) undecided_.push_back(undecided_flow(input, owner, owner.events[i]));
  }

  bool run() {
    owner_.steps.clear();
    decided_steps();
    owner_.decided_steps = static_cast<std::uint32_t>(owner_.steps.size());
    for (std::size_t k = 0; k < undecided_.size(); ++k) owner_.steps.push_back(extra_step(k));
    return std::none_of(owner_.steps.begin(), owner_.steps.end(), [](const LedgerStep& s) {
      return failed(s.opening) || failed(s.base) || failed(s.balance) || failed(s.entered) || failed(s.largest);
    });
  }

 private:
  bool is_entry(const LedgerEvent& e) const { return e.flow < in_.entries.size(); }
  std::size_t clause(const LedgerEvent& credit) const { return credit.flow - in_.entries.size(); }
  bool is_capped(std::size_t credit) const { return in_.credits[credit].cap.present(); }
  // The k-th event without a decided date.
  const LedgerEvent& event(std::size_t k) const { return owner_.events[owner_.decided + k]; }
  static Cell amount(const LedgerEvent& e) { return between(e.lo, e.hi); }
  static Cell counted(const LedgerEvent& e) { return e.in == Truth::yes ? amount(e) : with_zero(amount(e)); }

  // --- Decided dates

  void decided_steps() {
    PeriodBounds period{neg_inf, neg_inf};
    Cell base;
    for (std::size_t i = 0; i < owner_.decided;) {
      const std::int64_t day = owner_.events[i].from;
      const bool first = day >= period.to;
      if (first) period = periods_(day);
      begin_cap_periods(day);
      if (first) free_ = begins_free();
      LedgerStep step{day, day, Truth::unknown, first ? owner_.opens_at : base, {}, {}, known(0), {}};
      Largest largest;
      enter(i, step, largest);
      const Cell moved = grant(i, step).taken_from(scalar::add(step.opening, step.entered));
      if (moved.lo < owner_.floor.hi) free_ = false;
      base = step.base = scalar::greatest(moved, owner_.floor);
      widen(step, period);
      for (std::size_t k = 0; k < undecided_.size(); ++k) join(k, step, largest);
      step.largest = largest.value();
      owner_.steps.push_back(step);
    }
  }

  // Takes the entries of the step's day, from position i on.
  void enter(std::size_t& i, LedgerStep& step, Largest& largest) {
    for (; i < owner_.decided && owner_.events[i].from == step.from && is_entry(owner_.events[i]); ++i) {
      const LedgerEvent& e = owner_.events[i];
      if (e.in == Truth::yes) step.in = Truth::yes;
      step.entered = scalar::add(step.entered, counted(e));
      largest.add(e.in, amount(e));
    }
  }

  // Takes the credits of the step's day, clause by clause; yields what is granted.
  Granted grant(std::size_t& i, LedgerStep& step) {
    Granted granted;
    while (i < owner_.decided && owner_.events[i].from == step.from) {
      const std::size_t credit = clause(owner_.events[i]);
      Cell offer = known(0);
      for (; i < owner_.decided && owner_.events[i].from == step.from && clause(owner_.events[i]) == credit; ++i) {
        if (owner_.events[i].in == Truth::yes) step.in = Truth::yes;
        offer = scalar::add(offer, counted(owner_.events[i]));
      }
      granted.add(is_capped(credit) ? capped(credit, offer, step.from) : ends(offer));
    }
    return granted;
  }

  // --- Caps

  void begin_cap_periods(std::int64_t day) {
    for (std::size_t c = 0; c < offered_.size(); ++c)
      if (day >= offered_[c].period.to) offered_[c] = {known(0), cap_periods_[c](day)};
  }

  // In a free period the floor has not made the order of grants matter, so that cumulative grants may be subtracted by their ends.
  bool begins_free() const {
    for (std::size_t c = 0; c < offered_.size(); ++c)
      if (is_capped(c) && offered_[c].sum.lo != offered_[c].sum.hi) return false;
    for (std::size_t k = 0; k < undecided_.size(); ++k)
      if (!is_entry(event(k)) && is_capped(clause(event(k)))) return false;
    return true;
  }

  static Granted ends(const Cell& c) {
    if (failed(c)) return {number_error(), number_error()};
    return {known(c.lo), known(c.hi)};
  }

  Granted capped(std::size_t credit, const Cell& offer, std::int64_t day) {
    const Cell cap = owner_.caps[credit], before = offered_[credit].sum, after = scalar::add(before, offer);
    offered_[credit].sum = after;
    if (failed(after)) return ends(after);
    if (!free_) return ends(grant_by_corners(credit, before, offer, day));
    const Cell granted = scalar::least(cap, after), earlier = scalar::least(cap, before);
    const Cell least = scalar::sub(known(granted.lo), known(earlier.lo)), most = scalar::sub(known(granted.hi), known(earlier.hi));
    return failed(least) || failed(most) ? ends(number_error()) : Granted{known(least.lo), known(most.hi)};
  }

  Cell grant_by_corners(std::size_t credit, const Cell& before, const Cell& offer, std::int64_t day) const {
    Cell earlier = before;
    for (std::size_t k = 0; k < undecided_.size(); ++k) {
      const LedgerEvent& e = event(k);
      if (is_entry(e) || clause(e) != credit || !may_precede(e.from, e.to, day, offered_[credit].period.from)) continue;
      earlier = scalar::add(earlier, between(0, std::max<std::int64_t>(0, e.hi)));
    }
    if (failed(earlier)) return earlier;
    const Cell cap = owner_.caps[credit];
    Cell result = number_error();
    for (const std::int64_t limit : {cap.lo, cap.hi})
      for (const std::int64_t sum : {earlier.lo, earlier.hi}) {
        auto granted = [&](std::int64_t offered) {
          return scalar::sub(scalar::least(known(limit), scalar::add(known(sum), known(offered))), scalar::least(known(limit), known(sum)));
        };
        const Cell low = granted(offer.lo), high = granted(offer.hi);
        if (failed(low) || failed(high)) return number_error();
        result = between(std::min(result.lo, low.lo), std::max(result.hi, high.hi));
      }
    return result;
  }

  // --- Undecided dates

  void widen(LedgerStep& step, const PeriodBounds& period) {
    Cell balance = step.base, opening = step.opening;
    for (const UndecidedFlow& u : undecided_) {
      if (!may_precede(u.from, u.to, step.from, period.from)) continue;
      balance = scalar::add(balance, with_zero(u.amount));
      if (u.from < step.from) opening = scalar::add(opening, with_zero(u.amount));
    }
    step.balance = raised(balance, step.base, owner_.floor);
    step.opening = raised(opening, step.opening, owner_.floor);
  }

  // The k-th undecided entry may be one of this very step.
  void join(std::size_t k, LedgerStep& step, Largest& largest) {
    const LedgerEvent& e = event(k);
    if (!is_entry(e) || e.from > step.to || e.to < step.from) return;
    step.entered = scalar::add(step.entered, with_zero(amount(e)));
    largest.add(Truth::unknown, amount(e));
  }

  LedgerStep extra_step(std::size_t k) {
    const LedgerEvent& e = event(k);
    LedgerStep step{e.from, e.to, Truth::unknown, extra_opening(k), {}, {}, is_entry(e) ? amount(e) : known(0), {}};
    step.base = step.balance = scalar::greatest(scalar::add(step.opening, undecided_[k].amount), owner_.floor);
    Largest largest;
    if (is_entry(e)) largest.add(Truth::yes, amount(e));
    for (std::size_t j = 0; j < undecided_.size(); ++j)
      if (j != k) join(j, step, largest);
    step.largest = largest.value();
    return step;
  }

  Cell extra_opening(std::size_t k) {
    const LedgerEvent& e = event(k);
    Cell before = owner_.opens_at;
    const LedgerStep* last = nullptr;
    for (std::uint32_t i = 0; i < owner_.decided_steps && owner_.steps[i].from <= e.to; ++i) {
      if (owner_.steps[i].from < e.from) last = &owner_.steps[i];
      else before = scalar::hull(before, owner_.steps[i].base, Kind::integer);
    }
    if (last != nullptr && periods_(last->from).to > e.from) before = scalar::hull(before, last->base, Kind::integer);
    const std::int64_t period_from = e.from == neg_inf ? neg_inf : periods_(e.from).from;
    Cell widened = before;
    for (std::size_t j = 0; j < undecided_.size(); ++j)
      if (j != k && may_precede(undecided_[j].from, undecided_[j].to, e.to, period_from)) widened = scalar::add(widened, with_zero(undecided_[j].amount));
    return raised(widened, before, owner_.floor);
  }

  const LedgerInput& in_;
  LedgerOwner& owner_;
  PeriodFinder& periods_;
  std::vector<PeriodFinder>& cap_periods_;
  std::vector<Offered> offered_;
  std::vector<UndecidedFlow> undecided_;
  bool free_ = true;
};

}  // namespace

UndecidedFlow undecided_flow(const LedgerInput& input, const LedgerOwner& owner, const LedgerEvent& event) {
  const Cell amount = between(event.lo, event.hi);
  if (event.flow < input.entries.size()) return {event.from, event.to, amount};
  const std::size_t credit = event.flow - input.entries.size();
  if (!input.credits[credit].cap.present()) return {event.from, event.to, scalar::neg(amount)};
  // Rows that we do not know may be many, with a cap for each of its periods.
  const Period cap_period = input.credits[credit].cap_period;
  const bool one_cap = cap_period == Period::none || cap_period == input.period || (cap_period == Period::calendar_year && input.period == Period::month);
  const std::int64_t most = event.unseen && !one_cap ? event.hi : std::min(event.hi, owner.caps[credit].hi);
  return {event.from, event.to, scalar::neg(between(std::min({event.lo, std::int64_t{0}, most}), most))};
}

Cell raised(const Cell& widened, const Cell& before, const Cell& floor) {
  if (failed(widened)) return widened;
  return between(std::max(widened.lo, std::min(before.lo, floor.lo)), widened.hi);
}

bool run_ranges(const LedgerInput& input, LedgerOwner& owner, PeriodFinder& periods, std::vector<PeriodFinder>& cap_periods) {
  return RangeChain(input, owner, periods, cap_periods).run();
}

bool make_cycles(const LedgerInput& input, LedgerOwner& owner, PeriodFinder& periods) {
  owner.cycles.clear();
  owner.cycles_open = false;
  if (input.period == Period::none) return true;
  const PeriodBounds last = periods(input.as_of);
  PeriodBounds period = owner.decided > 0 ? periods(owner.events[0].from) : last;
  for (std::size_t i = owner.decided; i < owner.events.size(); ++i) owner.cycles_open = owner.cycles_open || owner.events[i].from < period.from;
  auto is_entry = [&](const LedgerEvent& e) { return e.flow < input.entries.size(); };
  Truth in = Truth::unknown;
  for (std::size_t next = 0;; period = periods(period.to)) {
    Cell entered = known(0);
    for (; next < owner.decided && owner.events[next].from < period.to; ++next) {
      const LedgerEvent& e = owner.events[next];
      if (e.in == Truth::yes) in = Truth::yes;
      if (is_entry(e)) entered = scalar::add(entered, e.in == Truth::yes ? between(e.lo, e.hi) : with_zero(between(e.lo, e.hi)));
    }
    for (std::size_t i = owner.decided; i < owner.events.size(); ++i) {
      const LedgerEvent& e = owner.events[i];
      if (is_entry(e) && e.from < period.to && e.to >= period.from) entered = scalar::add(entered, with_zero(between(e.lo, e.hi)));
    }
    if (failed(entered)) return false;
    owner.cycles.push_back({period, in, entered});
    if (period.from >= last.from) return true;
  }
}

}  // namespace tiao::engine
