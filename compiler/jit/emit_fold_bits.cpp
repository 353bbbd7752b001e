// Folds over the few children of a row by what is one bit of each: all of them at once, in a word.
#include <algorithm>

#include "compiler/jit/emitter.hpp"

namespace tiao::jit {

using core::ExprId;
using core::FoldKind;
using core::Op;
using engine::ColumnPlane;

namespace {
constexpr std::int64_t most = BitPairs::word_rows;
}

// A truth that stands in the planes of the rows looked at, or its opposite.
bool Emitter::stands_in_planes(ExprId id, std::uint32_t slot) const {
  const core::Expr& e = program_.exprs[same_as_[id]];
  if (e.op == Op::not_) return stands_in_planes(arg(e, 0), slot);
  if (e.op != Op::column || e.type.kind != Kind::boolean) return false;
  const core::Expr& ref = program_.exprs[arg(e, 0)];
  return ref.op == Op::row && ref.a == slot;
}

bool Emitter::goes_by_bits(const core::Fold& f, const plan::Access& access, const RowSet& set) const {
  if (access.kind != plan::Access::children || set.some_fixed || set.rows || set.way.base || !f.source.same.empty()) return false;
  if (f.kind != FoldKind::exists && f.kind != FoldKind::every && f.kind != FoldKind::count) return false;
  if (set.terms.empty() && (f.value == none || f.kind == FoldKind::count)) return false;   // only how many there are
  if (f.kind != FoldKind::count && f.value != none && !stands_in_planes(f.value, f.slot)) return false;
  return std::all_of(set.terms.begin(), set.terms.end(), [&](ExprId term) { return stands_in_planes(term, f.slot); });
}

// Up to 64 children that surely are all there; for others there is the loop.
Value Emitter::fold_by_bits(ExprId id, const core::Fold& f, const RowSet& set) {
  IrValue fits = ir.below(ir.sub(set.count, ir.word(1)), ir.word(most));
  if (plan_.rows[set.entity].out) fits = ir.and_(fits, ir.equal(slot(layout_.entity(set.entity, engine::EntityPlane::membership)), ir.null()));
  const Value nothing = make_.error(program_.exprs[id].type.kind);
  const Value quick = guarded(fits, nothing, [&] { return as_planned(folded_bits(id, f, set), id); });
  return guarded(ir.not_(fits), quick, [&] { return as_planned(row_by_row(id, f, set), id); });
}

Value Emitter::folded_bits(ExprId id, const core::Fold& f, const RowSet& set) {
  IrValue shift = ir.bits_and(set.first, ir.word(most - 1)), word = ir.shift_right(set.first, ir.word(6));
  IrValue last = ir.shift_right(ir.sub(ir.add(set.first, set.count), ir.word(1)), ir.word(6));
  IrValue rows = ir.shift_right(ir.word(-1), ir.sub(ir.word(most), set.count));
  const bool exists = f.kind == FoldKind::exists, every = f.kind == FoldKind::every;
  Value truth, in;
  {
    const LogicOf as_words(ir, ir.i64);
    in = make_.truth(Truth::yes);
    // The rows' own bits; above them those of others.
    const std::function<Value(ExprId)> bits = [&](ExprId expr) {
      const core::Expr& e = program_.exprs[same_as_[expr]];
      if (e.op == Op::not_) return make_.not_(bits(arg(e, 0)));
      const EntityId entity = program_.exprs[arg(e, 0)].type.of;
      const auto plane = [&](ColumnPlane p, std::uint32_t part) {
        IrValue base = slot(plane_of(entity, e.a, p, part)), low = ir.shift_right(ir.load_at(ir.i64, base, word), shift);
        IrValue high = ir.shift_left(ir.shift_left(ir.load_at(ir.i64, base, last), ir.word(1)), ir.sub(ir.word(most - 1), shift));
        return ir.bits_or(low, high);
      };
      const plan::ValueFacts& facts = plan_.columns[entity][e.a];
      IrValue yes = plane(ColumnPlane::yes, 0);
      return make_.truth_of_bits(yes, facts.unknown || facts.fails ? plane(ColumnPlane::no, 1) : ir.not_(yes), facts.fails, facts.unknown);
    };
    for (const ExprId term : set.terms) in = make_.and_(in, bits(term));
    if (exists || every) {
      truth = f.value != none ? bits(f.value) : make_.truth(Truth::yes);
      truth = exists ? make_.and_(in, truth) : make_.or_(make_.not_(in), truth);
    }
  }
  const auto some = [&](IrValue of_rows) { return ir.differ(ir.bits_and(of_rows, rows), ir.word(0)); };
  if (f.kind == FoldKind::count) {
    const plan::ValueFacts& facts = plan_.values[id];
    const Folding fold = count_rows(f, set, facts);
    const auto number = [&](IrValue of_rows) { return ir.count_ones(ir.bits_and(of_rows, rows)); };
    Registers found = {number(in.yes), Scalars::fails(in) ? some(in.error) : ir.bit(false)};
    if (facts.unknown) found.push_back(number(ir.not_(in.no)));
    return fold.finish(found);
  }
  // One row decides; where none does, one in error, then one that is not known.
  IrValue deciding = some(exists ? truth.yes : truth.no), open = some(ir.and_(ir.not_(truth.yes), ir.not_(truth.no)));
  Value v;
  v.decided = truth.decided;
  v.error = Scalars::fails(truth) ? ir.and_(some(truth.error), ir.not_(deciding)) : ir.bit(false);
  IrValue other = ir.not_(truth.decided && !Scalars::fails(truth) ? deciding : ir.or_(deciding, open));
  v.yes = exists ? deciding : other;
  v.no = exists ? other : deciding;
  return with_unseen(f, set, v);
}

}  // namespace tiao::jit
