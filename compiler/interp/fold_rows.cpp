// Folds as expressions: gathers the rows and their values.
#include "compiler/interp/machine.hpp"

namespace tiao::interp {

// A column of facts has its declared range; of anything computed nothing is known.
Cell Machine::widest_value(const core::Fold& fold) const {
  if (fold.value == none) return of(Truth::yes);
  const core::Expr& e = expr(fold.value);
  if (e.op == Op::column) return widest(type(arg(e, 0)).of, e.a);
  return widest(e.type);
}

Cell Machine::fold_value(const core::Fold& f, Frame frame, FoldFault& fault) {
  fault = FoldFault::none;
  PopulationFold& whole = population_fold(f);
  switch (whole.use.kind) {
    case FoldUse::anything: break;
    case FoldUse::rank: return rank_fold(f, whole, frame, fault);
    case FoldUse::keys: {
      const auto [answer, fresh] = whole.answers.try_emplace(keys_of(f.source, frame));
      if (fresh) answer->second.value = fold_rows(f, frame, answer->second.fault);
      fault = answer->second.fault;
      return answer->second.value;
    }
  }
  return fold_rows(f, frame, fault);
}

Cell Machine::fold_rows(const core::Fold& f, Frame frame, FoldFault& fault) {
  using core::FoldKind;
  fault = FoldFault::none;
  SetState state;
  const std::vector<Reached> set = reach(f.source, frame, state);
  FoldInput input;
  input.kind = f.kind;
  input.value = f.value == none ? Type{} : type(f.value);
  input.n = f.n;
  input.open = !state.open.empty();
  if (input.open) input.widest = widest_value(f);
  if (state.failed) input.rows.push_back({Truth::error, of(Truth::unknown)});
  const ColumnId dated = schema.entities[f.source.entity].dated_column;
  const bool by_date = (f.kind == FoldKind::consecutive || f.kind == FoldKind::stages) && dated != none;
  bool sure = false;
  for (const Reached& r : set) {
    slot(frame, f.slot) = r.row;
    const Truth in = scalar::and_(r.in, test(f.filter, frame));
    if (in == Truth::no) continue;
    sure |= in == Truth::yes;
    const Cell v = f.kind == FoldKind::count || f.value == none ? of(Truth::yes) : value(f.value, frame);
    input.rows.push_back({in, v});
    if (by_date) input.dates.push_back(column(f.source.entity, dated, r.row));
    const auto holds = static_cast<Truth>(v.lo);
    if (f.kind == FoldKind::exists && in == Truth::yes && holds == Truth::yes) return of(Truth::yes);
    if (f.kind == FoldKind::every && in == Truth::yes && holds == Truth::no) return of(Truth::no);
  }
  input.has_if_none = f.if_none != none && !sure;
  if (input.has_if_none) input.if_none = value(f.if_none, frame);
  return fold(input, fault);
}

}  // namespace tiao::interp
