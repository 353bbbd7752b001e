#include "compiler/interp/population.hpp"

#include <algorithm>
#include <optional>

#include "compiler/interp/machine.hpp"

namespace tiao::interp {

using core::FoldKind;
using scalar::CmpOp;

// --- What a fold takes from outside ----------------------------------------------------------------------------------------------

namespace {

class Uses {
 public:
  Uses(const core::Program& program, const core::Fold& fold) : p_(program), f_(fold) {}

  FoldUse run() const {
    FoldUse use;
    if (f_.source.start != none) return use;
    if (own(f_.filter) && own(f_.value) && own(f_.if_none)) {
      use.kind = FoldUse::keys;
      return use;
    }
    if (!f_.source.hops.empty()) return use;
    const bool condition = f_.value != none && (f_.kind == FoldKind::share || f_.kind == FoldKind::exists || f_.kind == FoldKind::every);
    const bool counted = f_.value == none && (f_.kind == FoldKind::count || f_.kind == FoldKind::exists);
    bool ranked = condition && compared(f_.value, true, use);
    for (const ExprId term : terms(core::Op::and_, f_.filter)) {
      if (own(term)) use.filter.push_back(term);
      else if (counted && !ranked && compared(term, false, use)) ranked = true;
      else return {};
    }
    if (ranked) use.kind = FoldUse::rank;
    return use;
  }

 private:
  std::vector<ExprId> terms(core::Op op, ExprId e) const {
    if (e == none) return {};
    const core::Expr& x = p_.exprs[e];
    if (x.op != op) return {e};
    std::vector<ExprId> out;
    for (std::uint32_t i = 0; i < x.count; ++i)
      for (const ExprId t : terms(op, p_.args[x.args + i])) out.push_back(t);
    return out;
  }

  // Calls f with every slot that the expression reads from outside itself.
  template <class F>
  void slots(ExprId e, std::vector<std::uint32_t>& bound, const F& f) const {
    if (e == none) return;
    const core::Expr& x = p_.exprs[e];
    if (x.op == Op::row && std::find(bound.begin(), bound.end(), x.a) == bound.end()) f(x.a);
    for (std::uint32_t i = 0; i < x.count; ++i) slots(p_.args[x.args + i], bound, f);
    if (x.op != Op::fold) return;
    const core::Fold& inner = p_.folds[x.a];
    slots(inner.source.start, bound, f);
    slots(inner.if_none, bound, f);
    for (const auto& same : inner.source.same) slots(same.key, bound, f);
    bound.push_back(inner.slot);
    slots(inner.filter, bound, f);
    slots(inner.value, bound, f);
    bound.pop_back();
  }

  // Reads nothing but the row under consideration.
  bool own(ExprId e) const {
    bool out = true;
    std::vector<std::uint32_t> bound;
    slots(e, bound, [&](std::uint32_t slot) { out = out && slot == f_.slot; });
    return out;
  }
  // Reads nothing of it.
  bool outside(ExprId e) const {
    bool out = true;
    std::vector<std::uint32_t> bound;
    slots(e, bound, [&](std::uint32_t slot) { out = out && slot != f_.slot; });
    return out;
  }

  // A row that is always known: one in sight, or one above it.
  bool in_sight(ExprId e) const {
    const core::Expr& x = p_.exprs[e];
    return x.op == Op::parent ? in_sight(p_.args[x.args]) : x.op == Op::row && x.a != f_.slot;
  }

  bool compared(ExprId e, bool may_be_itself, FoldUse& use) const {
    const std::vector<ExprId> either = terms(Op::or_, e);
    if (either.size() == 2 && may_be_itself) {
      for (const int i : {0, 1}) {
        const std::optional<ExprId> row = the_row(either[i]);
        if (row && compared(either[1 - i], false, use)) {
          use.itself = *row;
          return true;
        }
      }
      return false;
    }
    const core::Expr& x = p_.exprs[e];
    if (x.op != Op::compare) return false;
    const ExprId a = p_.args[x.args], b = p_.args[x.args + 1];
    const Type &left = p_.exprs[a].type, &right = p_.exprs[b].type;
    const bool in_order = left.kind != Kind::boolean && left.kind != Kind::choice && left.kind != Kind::text && left.kind != Kind::ref;
    use.op = static_cast<CmpOp>(x.a);
    if (!in_order || left.kind != right.kind || left.scale != right.scale || use.op == CmpOp::is || use.op == CmpOp::is_not) return false;
    if (own(a) && outside(b)) {
      use.theirs = a;
      use.ours = b;
      return true;
    }
    if (!own(b) || !outside(a)) return false;
    use.theirs = b;
    use.ours = a;
    use.op = scalar::mirrored(use.op);
    return true;
  }

  // `this row is the one in sight`.
  std::optional<ExprId> the_row(ExprId e) const {
    const core::Expr& x = p_.exprs[e];
    if (x.op != Op::compare || static_cast<CmpOp>(x.a) != CmpOp::is) return std::nullopt;
    for (const std::uint32_t i : {0u, 1u}) {
      const ExprId mine = p_.args[x.args + i], other = p_.args[x.args + 1 - i];
      const core::Expr& m = p_.exprs[mine];
      if (m.op == Op::row && m.a == f_.slot && m.type == p_.exprs[other].type && in_sight(other)) return other;
    }
    return std::nullopt;
  }

  const core::Program& p_;
  const core::Fold& f_;
};

}  // namespace

FoldUse use_of(const core::Program& program, const core::Fold& fold) { return Uses(program, fold).run(); }

// --- Ranks -----------------------------------------------------------------------------------------------------------------------

namespace {

Cell end_of(std::int64_t value, std::int64_t den) { return {value, value, den, den}; }

}  // namespace

void Ranking::sort(Kind kind) {
  kind_ = kind;
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.row < b.row; });
  for (const Entry& e : entries_) {
    Ends& ends = by_membership_[static_cast<std::size_t>(e.in)];
    if (e.in != Truth::yes || !is_known(e.value, kind)) unsettled_.push_back(e);
    if (is_error(e.value, kind)) {
      ++ends.failed;
      continue;
    }
    ends.lower.push_back(end_of(e.value.lo, e.value.lo_den));
    ends.upper.push_back(end_of(e.value.hi, e.value.hi_den));
  }
  const auto before = [kind](const Cell& a, const Cell& b) { return scalar::compare(CmpOp::under, a, b, kind) == Truth::yes; };
  for (Ends& ends : by_membership_)
    for (auto* list : {&ends.lower, &ends.upper}) std::sort(list->begin(), list->end(), before);
}

Tally Ranking::tally(CmpOp op, const Cell& ours, std::uint32_t itself) const {
  Tally out;
  const Cell low = end_of(ours.lo, ours.lo_den), high = end_of(ours.hi, ours.hi_den);
  const auto before = [this](const Cell& a, const Cell& b) { return scalar::compare(CmpOp::under, a, b, kind_) == Truth::yes; };
  const auto under = [&](const std::vector<Cell>& list, const Cell& end) { return std::lower_bound(list.begin(), list.end(), end, before) - list.begin(); };
  const auto up_to = [&](const std::vector<Cell>& list, const Cell& end) { return std::upper_bound(list.begin(), list.end(), end, before) - list.begin(); };
  for (const Truth in : {Truth::unknown, Truth::yes, Truth::error}) {
    const Ends& ends = by_membership_[static_cast<std::size_t>(in)];
    const auto all = static_cast<std::int64_t>(ends.lower.size());
    if (is_error(ours, kind_)) {
      out.at(in, Truth::error) = all + ends.failed;
      continue;
    }
    std::int64_t yes = 0, no = 0;
    switch (op) {
      case CmpOp::under: yes = under(ends.upper, low); no = all - under(ends.lower, high); break;
      case CmpOp::at_most: yes = up_to(ends.upper, low); no = all - up_to(ends.lower, high); break;
      case CmpOp::over: yes = all - up_to(ends.lower, high); no = up_to(ends.upper, low); break;
      default: yes = all - under(ends.lower, high); no = under(ends.upper, low); break;
    }
    out.at(in, Truth::yes) = yes;
    out.at(in, Truth::no) = no;
    out.at(in, Truth::unknown) = all - yes - no;
    out.at(in, Truth::error) = ends.failed;
  }
  const auto self = std::lower_bound(entries_.begin(), entries_.end(), itself, [](const Entry& e, std::uint32_t row) { return e.row < row; });
  if (self != entries_.end() && self->row == itself) {
    --out.at(self->in, scalar::compare(op, self->value, ours, kind_));
    ++out.at(self->in, Truth::yes);
  }
  return out;
}

// --- Folds -----------------------------------------------------------------------------------------------------------------------

PopulationFold& Machine::population_fold(const core::Fold& f) {
  PopulationFold& fold = population_folds_[static_cast<std::size_t>(&f - program.folds.data())];
  if (!fold.asked) {
    fold.use = use_of(program, f);
    fold.asked = true;
  }
  return fold;
}

PopulationFold::Keys Machine::keys_of(const core::Source& source, Frame frame) {
  PopulationFold::Keys out;
  for (const core::Source::Same& same : source.same) {
    const Cell key = value(same.key, frame);
    out.insert(out.end(), {key.lo, key.hi, key.lo_den, key.hi_den});
  }
  return out;
}

const Ranking& Machine::ranking(const core::Fold& f, PopulationFold& fold, Frame frame) {
  const PopulationFold::Keys keys = keys_of(f.source, frame);
  if (const auto hit = fold.rankings.find(keys); hit != fold.rankings.end()) return hit->second;
  Ranking made;
  SetState state;
  for (const Reached& r : reach(f.source, frame, state)) {
    slot(frame, f.slot) = r.row;
    Truth in = r.in;
    for (const ExprId term : fold.use.filter) in = scalar::and_(in, test(term, frame));
    if (in != Truth::no) made.add({r.row, in, value(fold.use.theirs, frame)});
  }
  made.sort(type(fold.use.theirs).kind);
  return fold.rankings.emplace(keys, std::move(made)).first->second;
}

std::uint32_t Machine::itself(const FoldUse& use, Frame frame) {
  return use.itself == none ? none : static_cast<std::uint32_t>(value(use.itself, frame).lo);
}

Tally Machine::rank_tally(const core::Fold& f, PopulationFold& fold, Frame frame) {
  return ranking(f, fold, frame).tally(fold.use.op, value(fold.use.ours, frame), itself(fold.use, frame));
}

Cell Machine::rank_fold(const core::Fold& f, PopulationFold& fold, Frame frame, FoldFault& fault) {
  Tally tally = rank_tally(f, fold, frame);
  if (f.value == none) tally = tally.filtered();   // the comparison is a part of the filter
  TallyInput input;
  input.kind = f.kind;
  input.open = open_anywhere(f.source.whole);
  input.has_if_none = f.if_none != none && tally.rows(Truth::yes) == 0;
  if (input.has_if_none) input.if_none = value(f.if_none, frame);
  return fold_tally(input, tally, fault);
}

}  // namespace tiao::interp
