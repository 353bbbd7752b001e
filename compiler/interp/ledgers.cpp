// Ledgers over facts: gathers the postings of an owner, and keeps steps and cycles as rows.
#include <algorithm>

#include "compiler/core/sign.hpp"
#include "compiler/interp/machine.hpp"

namespace tiao::interp {

const Account& Machine::account(std::uint32_t ledger_id, std::uint32_t owner) {
  if (account_ledger_ == ledger_id && account_owner_ == owner) return account_;
  const core::Ledger& ledger = program.ledgers[ledger_id];
  Account a;
  a.period = ledger.period;
  a.as_of = as_of;
  const NewFrame frame(*this, owner);
  a.has_floor = ledger.floor != none;
  if (a.has_floor) a.floor = value(ledger.floor, frame);
  if (ledger.opens_at != none) a.opens_at = value(ledger.opens_at, frame);
  for (const core::Flow& flow : ledger.credits) {
    CreditCap cap{flow.cap != none, {}, flow.cap_period};
    if (cap.capped) cap.cap = value(flow.cap, frame);
    a.caps.push_back(cap);
  }
  for (const bool credit : {false, true}) {
    const auto& flows = credit ? ledger.credits : ledger.entries;
    for (std::uint32_t clause = 0; clause < flows.size(); ++clause) {
      const core::Flow& flow = flows[clause];
      SetState state;
      for (const Reached& r : reach(flow.source, frame, state)) {
        slot(frame, flow.slot) = r.row;
        Posting p{credit, clause, r.row, scalar::and_(r.in, test(flow.filter, frame)), {}, 0, 0};
        if (p.in == Truth::no) continue;
        const Cell date = value(flow.date, frame);
        a.failed |= p.in == Truth::error || is_error(date, Kind::date);
        if (a.failed || date.lo > as_of) continue;   // it has not happened yet
        p.amount = value(flow.amount, frame);
        a.failed |= is_error(p.amount, Kind::integer);
        if (date.hi > as_of) p.in = Truth::unknown;  // it may not have
        p.from = date.lo;
        p.to = std::min(date.hi, as_of);
        a.postings.push_back(p);
      }
      a.failed |= state.failed;
      if (!state.open.empty()) {
        a.open = true;
        const std::int64_t least = core::never_negative(program, flow.amount) ? 0 : neg_inf;
        a.postings.push_back({credit, clause, none, Truth::unknown, between(least, pos_inf), neg_inf, as_of});
      }
    }
  }
  a.settle();
  account_ = std::move(a);
  account_ledger_ = ledger_id;
  account_owner_ = owner;
  return account_;
}

void Machine::make_ledger(std::uint32_t ledger_id, std::uint32_t owner) {
  const core::Ledger& ledger = program.ledgers[ledger_id];
  const Account& a = account(ledger_id, owner);
  if (ledger.steps != none) {
    begin_rows(ledger.steps, owner, a.open);
    auto& columns = stores[ledger.steps].columns;
    columns.resize(core::step_col::largest + 1);
    for (const Step& s : a.steps) {
      columns[core::step_col::day].push(between(s.from, s.to));
      columns[core::step_col::opening].push(s.opening);
      columns[core::step_col::balance].push(s.balance);
      columns[core::step_col::entered].push(s.entered);
      columns[core::step_col::largest].push(s.largest);
      push_row(ledger.steps, owner, s.in);
    }
  }
  if (ledger.cycles == none) return;
  begin_rows(ledger.cycles, owner, a.open || a.cycles_open);
  auto& columns = stores[ledger.cycles].columns;
  columns.resize(core::cycle_col::entered + 1);
  for (const Cycle& c : a.cycles) {
    columns[core::cycle_col::starts_on].push(known(c.first));
    columns[core::cycle_col::ends_on].push(known(c.last));
    columns[core::cycle_col::entered].push(c.entered);
    push_row(ledger.cycles, owner, c.in);
  }
}

Cell Machine::balance_at(std::uint32_t ledger, const Cell& owner, const Cell& day) {
  if (owner.lo > owner.hi || is_error(day, Kind::date)) return number_error();
  if (owner.lo != owner.hi) return between(neg_inf, pos_inf);
  return account(ledger, static_cast<std::uint32_t>(owner.lo)).balance_at(day);
}

}  // namespace tiao::interp
