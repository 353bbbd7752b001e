#include "compiler/interp/walk.hpp"

#include <algorithm>

namespace tiao::interp {

bool Walk::interesting(const Cell& c, Kind kind) const {
  switch (mode_) {
    case Mode::needs: return !is_error(c, kind) && !is_known(c, kind);
    case Mode::faults: return is_error(c, kind);
    case Mode::readings: break;
  }
  return true;
}

Leaves Walk::apart(const Body& body) {
  Leaves own;
  own.swap(out_);
  body();
  own.swap(out_);
  return own;
}

// What one thing rests on is walked once.
void Walk::once(const Key& key, const Body& body) {
  auto hit = seen_.find(key);
  if (hit == seen_.end()) hit = seen_.emplace(key, apart(body)).first;
  out_.insert(hit->second.begin(), hit->second.end());
}

// Of parts that settle the matter (a false conjunct, a true disjunct) only those with a reading in each can still be overturned;
// one without absorbs all the others.
void Walk::parts_of(const std::vector<Part>& parts, Truth strongest) {
  if (mode_ != Mode::readings) {
    Truth total = scalar::not_(strongest);
    for (const Part& p : parts) total = strongest == Truth::no ? scalar::and_(total, p.truth) : scalar::or_(total, p.truth);
    if (!interesting(total)) return;
    for (const Part& p : parts)
      if (interesting(p.truth)) p.walk();
    return;
  }
  const bool settled = std::any_of(parts.begin(), parts.end(), [&](const Part& p) { return p.truth == strongest; });
  Leaves all;
  for (const Part& p : parts) {
    if (settled && p.truth != strongest) continue;
    const Leaves own = apart(p.walk);
    if (settled && own.empty()) return;
    all.insert(own.begin(), own.end());
  }
  out_.insert(all.begin(), all.end());
}

Walk::Part Walk::part(ExprId id, Frame frame) {
  return {m_.test(id, frame), [this, id, frame] { expr(id, frame); }};
}

void Walk::expression(ExprId id, std::uint32_t row) {
  const NewFrame frame(m_, row);
  expr(id, frame);
}

void Walk::expr(ExprId id, Frame frame) {
  if (id == none) return;
  const core::Expr& e = m_.expr(id);
  if (mode_ == Mode::readings ? !reach_.expr(id) : !interesting(m_.value(id, frame), e.type.kind)) return;
  const NodeId outside = node_;
  if (e.origin != none && m_.program.origins[e.origin].node != none) node_ = m_.program.origins[e.origin].node;
  if (mode_ == Mode::faults) {
    const Leaves below = apart([&] { operands(e, frame); });
    if (below.empty()) fault_here(id, frame);
    out_.insert(below.begin(), below.end());
  } else {
    operands(e, frame);
  }
  node_ = outside;
}

void Walk::operands(const core::Expr& e, Frame frame) {
  switch (e.op) {
    case Op::constant:
      if (mode_ == Mode::needs) end({Leaf::gap, node_, none, none});
      return;
    case Op::parameter: {
      const bool reading = m_.schema.parameters[e.a].is_reading;
      if (mode_ == Mode::needs) end({reading ? Leaf::reading : Leaf::parameter, e.a, none, none});
      if (mode_ == Mode::readings && reading) end({Leaf::reading, e.a, none, none});
      return;
    }
    case Op::column: return column_of(e, frame);
    case Op::and_:
    case Op::or_: return junction(e, frame);
    case Op::select: return select(e, frame);
    case Op::table: return table(e, frame);
    case Op::least:
    case Op::greatest: return extreme(e, frame);
    case Op::fold: return fold(m_.program.folds[e.a], frame);
    case Op::state_at:
    case Op::balance_at: {
      const Cell owner = m_.value(m_.arg(e, 0), frame), day = m_.value(m_.arg(e, 1), frame);
      expr(m_.arg(e, 0), frame);
      expr(m_.arg(e, 1), frame);
      if (owner.lo != owner.hi || is_error(day, Kind::date)) return;
      if (e.op == Op::state_at) state(e.a, static_cast<std::uint32_t>(owner.lo), day);
      else balance(e.a, static_cast<std::uint32_t>(owner.lo), day);
      return;
    }
    case Op::ratio: {
      expr(m_.arg(e, 0), frame);
      expr(m_.arg(e, 1), frame);
      const Cell divisor = m_.value(m_.arg(e, 1), frame);
      if (e.count == 3 && (mode_ == Mode::readings || (divisor.lo <= 0 && divisor.hi >= 0))) expr(m_.arg(e, 2), frame);
      return;
    }
    case Op::shift_workdays: {
      bool known_operands = true;
      for (std::uint32_t i = 0; i < e.count; ++i) {
        expr(m_.arg(e, i), frame);
        known_operands = known_operands && is_known(m_.value(m_.arg(e, i), frame), m_.type(m_.arg(e, i)).kind);
      }
      // Nothing of the case is missing: the calendar ends before that day.
      if (mode_ == Mode::needs && known_operands) end({Leaf::gap, none, e.a, none});
      return;
    }
    default:
      for (std::uint32_t i = 0; i < e.count; ++i) expr(m_.arg(e, i), frame);
  }
}

void Walk::column_of(const core::Expr& e, Frame frame) {
  const Cell ref = m_.value(m_.arg(e, 0), frame);
  expr(m_.arg(e, 0), frame);
  if (ref.lo == ref.hi) column(m_.type(m_.arg(e, 0)).of, e.a, static_cast<std::uint32_t>(ref.lo));
}

void Walk::junction(const core::Expr& e, Frame frame) {
  std::vector<Part> parts;
  for (std::uint32_t i = 0; i < e.count; ++i) parts.push_back(part(m_.arg(e, i), frame));
  parts_of(parts, e.op == Op::and_ ? Truth::no : Truth::yes);
}

void Walk::select(const core::Expr& e, Frame frame) {
  const Truth condition = m_.test(m_.arg(e, 0), frame);
  expr(m_.arg(e, 0), frame);
  if (condition == Truth::yes || condition == Truth::unknown) expr(m_.arg(e, 1), frame);
  if (condition == Truth::no || condition == Truth::unknown) expr(m_.arg(e, 2), frame);
}

void Walk::table(const core::Expr& e, Frame frame) {
  const bool first = static_cast<core::HitPolicy>(e.a) == core::HitPolicy::first;
  const bool otherwise = !first && m_.has_otherwise(e);
  bool sure = false;
  for (std::uint32_t i = 0; i + (otherwise ? 2 : 0) < e.count; i += 2) {
    const Truth holds = m_.test(m_.arg(e, i), frame);
    expr(m_.arg(e, i), frame);
    if (holds == Truth::yes || holds == Truth::unknown) expr(m_.arg(e, i + 1), frame);
    sure |= holds == Truth::yes;
    if (first && (holds == Truth::yes || holds == Truth::error)) return;
  }
  if (otherwise && !sure) expr(m_.arg(e, e.count - 1), frame);
}

// An operand that can never be the greatest (or least) does not matter.
void Walk::extreme(const core::Expr& e, Frame frame) {
  core::Fold as_fold;
  as_fold.kind = e.op == Op::greatest ? core::FoldKind::highest : core::FoldKind::lowest;
  as_fold.value = m_.arg(e, 0);
  std::vector<FoldRow> values;
  for (std::uint32_t i = 0; i < e.count; ++i) values.push_back({Truth::yes, m_.value(m_.arg(e, i), frame)});
  for (std::uint32_t i = 0; i < e.count; ++i)
    if (!cannot_matter(as_fold, values, i)) expr(m_.arg(e, i), frame);
}

// --- Where an error arose --------------------------------------------------------------------------------------------------------

void Walk::fault_here(ExprId id, Frame frame) {
  const core::Expr& e = m_.expr(id);
  fault_at(fault_of(id, frame), node_, id, e.op == Op::conflict ? e.a : none);
}

Fault Walk::fault_of(ExprId id, Frame frame) {
  const core::Expr& e = m_.expr(id);
  switch (e.op) {
    case Op::ratio: {
      const Cell divisor = m_.value(m_.arg(e, 1), frame);
      return divisor == known(0) ? Fault::division_by_zero : Fault::overflow;
    }
    case Op::table: {
      bool any = false;
      for (std::uint32_t i = 0; i < e.count; i += 2) {
        const Truth holds = m_.test(m_.arg(e, i), frame);
        any = any || holds == Truth::yes || holds == Truth::unknown;
      }
      return any ? Fault::table_two_rows : Fault::table_no_row;
    }
    case Op::fold: {
      FoldFault fault;
      m_.fold_value(m_.program.folds[e.a], frame, fault);
      return fault == FoldFault::no_rows ? Fault::no_rows : fault == FoldFault::two_values ? Fault::only_two_values : fault == FoldFault::two_moves ? Fault::conflict : Fault::overflow;
    }
    case Op::conflict: return Fault::conflict;
    case Op::constant: return e.type.kind == Kind::boolean ? Fault::conflict : Fault::overflow;
    case Op::shift:
    case Op::shift_back:
    case Op::shift_workdays:
    case Op::difference:
    case Op::year_start:
    case Op::year_end:
    case Op::month_start:
    case Op::month_end: return Fault::date_out_of_range;
    default: return Fault::overflow;
  }
}

}  // namespace tiao::interp
