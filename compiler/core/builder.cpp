#include "compiler/core/builder.hpp"

#include <algorithm>

namespace tiao::core {

void Builder::written(NodeId node, std::string text, std::string file, std::uint32_t line) {
  origin_ = static_cast<std::uint32_t>(program_.origins.size());
  program_.origins.push_back({node, std::move(text), std::move(file), line});
}

ExprId Builder::append(Op op, Type type, std::uint32_t a, const std::vector<ExprId>& args) {
  Expr e;
  e.op = op;
  e.type = type;
  e.a = a;
  e.args = static_cast<std::uint32_t>(program_.args.size());
  e.count = static_cast<std::uint32_t>(args.size());
  e.origin = origin_;
  program_.args.insert(program_.args.end(), args.begin(), args.end());
  program_.exprs.push_back(e);
  return static_cast<ExprId>(program_.exprs.size() - 1);
}

ExprId Builder::constant(Cell value, Type type) {
  program_.constants.push_back(value);
  return append(Op::constant, type, static_cast<std::uint32_t>(program_.constants.size() - 1), {});
}

ExprId Builder::unknown(Type type) {
  switch (type.kind) {
    case Kind::boolean: return constant(of(Truth::unknown), type);
    case Kind::choice: {
      const std::size_t values = program_.schema.enums[type.of].values.size();
      return constant(choice_of(values >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << values) - 1), type);
    }
    default: return constant(between(neg_inf, pos_inf), type);
  }
}

ExprId Builder::parameter(std::uint32_t parameter) {
  return append(Op::parameter, program_.schema.parameters[parameter].type, parameter, {});
}

ExprId Builder::parent(ExprId ref) {
  return append(Op::parent, ref_type(program_.schema.entities[type(ref).of].parent), none, {ref});
}

ExprId Builder::column(ExprId ref, ColumnId column) {
  return append(Op::column, program_.schema.entities[type(ref).of].columns[column].type, column, {ref});
}

ExprId Builder::column(ExprId ref, const std::string& name) {
  const auto found = program_.schema.entities[type(ref).of].find(name);
  return found ? column(ref, *found) : none;
}

Truth Builder::constant_truth(ExprId e) const {
  const Expr& expr = program_.exprs[e];
  if (expr.op != Op::constant) return Truth::unknown;
  const auto value = static_cast<Truth>(program_.constants[expr.a].lo);
  return value == Truth::yes || value == Truth::no ? value : Truth::unknown;
}

ExprId Builder::not_(ExprId a) {
  const Truth value = constant_truth(a);
  if (value != Truth::unknown) return truth(value == Truth::no);
  return append(Op::not_, boolean_type(), none, {a});
}

ExprId Builder::conflict(ExprId a, NodeId with) { return append(Op::conflict, boolean_type(), with, {a}); }

ExprId Builder::junction(Op op, Truth absorbing, const std::vector<ExprId>& terms) {
  std::vector<ExprId> kept;
  for (const ExprId term : terms) {
    const Truth value = constant_truth(term);
    if (value == absorbing) return truth(absorbing);
    if (value != Truth::unknown) continue;
    const Expr& e = program_.exprs[term];
    // A term of the same kind dissolves, unless it was written as a unit of its own and is to be shown as one.
    if (e.op == op && (e.origin == none || e.origin == origin_))
      kept.insert(kept.end(), program_.args.begin() + e.args, program_.args.begin() + e.args + e.count);
    else
      kept.push_back(term);
  }
  if (kept.empty()) return truth(absorbing == Truth::no);
  return kept.size() == 1 ? kept[0] : append(op, boolean_type(), none, kept);
}

ExprId Builder::and_(const std::vector<ExprId>& terms) { return junction(Op::and_, Truth::no, terms); }
ExprId Builder::or_(const std::vector<ExprId>& terms) { return junction(Op::or_, Truth::yes, terms); }

ExprId Builder::select(ExprId condition, ExprId then, ExprId otherwise) {
  const Truth value = constant_truth(condition);
  if (value != Truth::unknown) return value == Truth::yes ? then : otherwise;
  return append(Op::select, type(then), none, {condition, then, otherwise});
}

ExprId Builder::mul(ExprId a, ExprId b) {
  if (type(b).kind == Kind::duration || (type(b).kind != Kind::integer && type(a).kind == Kind::integer)) std::swap(a, b);
  Type out = type(a);
  if (out.kind == Kind::duration) return append(Op::mul, out, none, {a, b});
  const Type by = type(b);
  if (out.kind == Kind::percent && by.kind != Kind::integer && by.kind != Kind::percent) out.kind = by.kind;
  out.scale = static_cast<std::uint8_t>(out.scale + by.scale + (type(a).kind == Kind::percent && out.kind != Kind::percent ? 2 : 0) +
                                        (by.kind == Kind::percent ? 2 : 0));
  return append(Op::mul, out, none, {a, b});
}

ExprId Builder::rescale(ExprId a, std::uint8_t scale) {
  Type to = type(a);
  if (to.scale == scale) return a;
  to.scale = scale;
  return append(Op::rescale, to, none, {a});
}

ExprId Builder::ratio(ExprId numerator, ExprId denominator, ExprId if_none) {
  if (if_none == none) return append(Op::ratio, ratio_type(), none, {numerator, denominator});
  return append(Op::ratio, ratio_type(), none, {numerator, denominator, if_none});
}

ExprId Builder::calendar_part(Op op, ExprId date) {
  const bool number = op == Op::year || op == Op::month || op == Op::day;
  return append(op, number ? integer_type() : date_type(), none, {date});
}

ExprId Builder::table(HitPolicy policy, const std::vector<Row>& rows, ExprId otherwise) {
  std::vector<ExprId> args;
  for (const auto& [condition, output] : rows) args.insert(args.end(), {condition, output});
  if (otherwise != none) args.insert(args.end(), {truth(true), otherwise});
  return append(Op::table, type(args[1]), static_cast<std::uint32_t>(policy), args);
}

ExprId Builder::fold(Fold fold) {
  Type out = boolean_type();
  switch (fold.kind) {
    case FoldKind::count: out = integer_type(); break;
    case FoldKind::average: fold.n = type(fold.value).scale; [[fallthrough]];
    case FoldKind::share: out = ratio_type(); break;
    case FoldKind::sum:
    case FoldKind::highest:
    case FoldKind::lowest:
    case FoldKind::only: out = type(fold.value); break;
    case FoldKind::exists:
    case FoldKind::every:
    case FoldKind::consecutive:
    case FoldKind::stages: break;
  }
  program_.folds.push_back(std::move(fold));
  return append(Op::fold, out, static_cast<std::uint32_t>(program_.folds.size() - 1), {});
}

ExprId Builder::stages(Fold fold, std::uint32_t states) {
  fold.kind = FoldKind::stages;
  program_.folds.push_back(std::move(fold));
  return append(Op::fold, choice_type(states), static_cast<std::uint32_t>(program_.folds.size() - 1), {});
}

ExprId Builder::state_at(std::uint32_t timeline, ExprId owner, ExprId date) {
  return append(Op::state_at, choice_type(program_.timelines[timeline].states), timeline, {owner, date});
}

ExprId Builder::balance_at(std::uint32_t ledger, ExprId owner, ExprId date) {
  return append(Op::balance_at, program_.ledgers[ledger].type, ledger, {owner, date});
}

Source rows_from(ExprId start, EntityId start_entity, std::vector<Hop> hops) {
  Source source;
  source.start = start;
  source.entity = hops.empty() ? start_entity : hops.back().entity;
  source.hops = std::move(hops);
  return source;
}

Source whole_of(EntityId entity, std::vector<Hop> hops) {
  Source source;
  source.whole = entity;
  source.entity = hops.empty() ? entity : hops.back().entity;
  source.hops = std::move(hops);
  return source;
}

}  // namespace tiao::core
