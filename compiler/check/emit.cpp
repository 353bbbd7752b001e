// Building core expressions. Equal expressions of one clause are one: engines evaluate it once.
#include "compiler/check/checker.hpp"

namespace tiao::check {

std::uint32_t Checker::origin(const syntax::Expr* written) {
  if (!written || !written->span.valid()) return none;
  const auto key = std::make_pair(written->span, node_);
  if (const auto hit = origins_.find(key); hit != origins_.end()) return hit->second;
  core::Origin o;
  o.node = node_ == document::no_node ? none : node_;
  o.text = std::string(project_.sources->text(written->span));
  o.file = project_.sources->path(written->span.file);
  o.line = project_.sources->position(written->span.file, written->span.begin).line;
  const auto id = static_cast<std::uint32_t>(program_.origins.size());
  program_.origins.push_back(std::move(o));
  origins_.emplace(key, id);
  return id;
}

ExprId Checker::emit(Op op, Type type, std::uint32_t a, std::vector<ExprId> args, const syntax::Expr* written) {
  // Within one node: an error or a gap has to name the clause that it stands in.
  auto key = std::make_tuple(op, static_cast<int>(type.kind) * 256 + type.scale, type.of, a, node_, args);
  if (const auto hit = interned_.find(key); hit != interned_.end()) {
    core::Expr& e = program_.exprs[hit->second];
    if (e.origin == none) e.origin = origin(written);
    return hit->second;
  }
  core::Expr e;
  e.op = op;
  e.type = type;
  e.a = a;
  e.args = static_cast<std::uint32_t>(program_.args.size());
  e.count = static_cast<std::uint32_t>(args.size());
  e.origin = origin(written);
  program_.args.insert(program_.args.end(), args.begin(), args.end());
  const auto id = static_cast<ExprId>(program_.exprs.size());
  program_.exprs.push_back(e);
  interned_.emplace(std::move(key), id);
  return id;
}

ExprId Checker::constant(Cell cell, Type type, const syntax::Expr* written) {
  const auto key = std::make_tuple(cell.lo, cell.hi, cell.lo_den, cell.hi_den, static_cast<int>(type.kind) * 256 + type.scale, type.of, node_);
  if (const auto hit = constants_.find(key); hit != constants_.end()) return hit->second;
  program_.constants.push_back(cell);
  const ExprId id = emit(Op::constant, type, static_cast<std::uint32_t>(program_.constants.size() - 1), {}, written);
  constants_.emplace(key, id);
  return id;
}

const Cell* Checker::constant_of(ExprId e) const {
  if (e == none || program_.exprs[e].op != Op::constant) return nullptr;
  return &program_.constants[program_.exprs[e].a];
}

namespace {
bool is_truth(const Cell* c, Truth t) { return c && c->lo == static_cast<std::int64_t>(t); }
}  // namespace

ExprId Checker::all(std::vector<ExprId> terms, const syntax::Expr* written) {
  std::vector<ExprId> kept;
  for (const ExprId t : terms) {
    if (t == none || is_truth(constant_of(t), Truth::yes)) continue;
    if (is_truth(constant_of(t), Truth::no)) return t;   // false is the strongest in `and`
    kept.push_back(t);
  }
  if (kept.empty()) return none;
  if (kept.size() == 1) return kept[0];
  return emit(Op::and_, boolean_type(), none, std::move(kept), written);
}

ExprId Checker::any(std::vector<ExprId> terms, const syntax::Expr* written) {
  std::vector<ExprId> kept;
  for (const ExprId t : terms) {
    if (t == none || is_truth(constant_of(t), Truth::yes)) return truth_constant(true);
    if (is_truth(constant_of(t), Truth::no)) continue;
    kept.push_back(t);
  }
  if (kept.empty()) return truth_constant(false);
  if (kept.size() == 1) return kept[0];
  return emit(Op::or_, boolean_type(), none, std::move(kept), written);
}

ExprId Checker::negation(ExprId e, const syntax::Expr* written) {
  if (e == none) return truth_constant(false);
  if (const Cell* c = constant_of(e); is_truth(c, Truth::yes) || is_truth(c, Truth::no)) return truth_constant(is_truth(c, Truth::no));
  return emit(Op::not_, boolean_type(), none, {e}, written);
}

ExprId Checker::row(std::uint32_t slot, EntityId entity) { return emit(Op::row, type_of(Kind::ref, entity), slot, {}); }

ExprId Checker::column(ExprId ref, ColumnId column, const syntax::Expr* written) {
  const Column& c = schema_.entities[entity_of(ref)].columns[column];
  if (c.kind == ColumnKind::parent || (column == 0 && schema_.entities[entity_of(ref)].parent_column == 0)) return parent(ref);
  return emit(Op::column, c.type, column, {ref}, written);
}

ExprId Checker::parent(ExprId ref) {
  return emit(Op::parent, type_of(Kind::ref, schema_.entities[entity_of(ref)].parent), none, {ref});
}

ExprId Checker::compare(core::CmpOp op, ExprId a, ExprId b, const syntax::Expr* written) {
  return emit(Op::compare, boolean_type(), static_cast<std::uint32_t>(op), {a, b}, written);
}

}  // namespace tiao::check
