// Decision tables and definitions with parameters: both are expanded where they are called.
#include "compiler/check/checker.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"

namespace tiao::check {

using syntax::CellKind;
using syntax::Expr;

ExprId Checker::hit_choice(const syntax::WordChoice& choice, const std::function<ExprId(const syntax::Ident&)>& leaf) {
  ExprId x = leaf(choice.otherwise);
  for (auto branch = choice.branches.rbegin(); branch != choice.branches.rend() && x != none; ++branch) {
    const ExprId condition = truth_value(branch->condition), taken = leaf(branch->word);
    if (condition == none || taken == none) return none;
    x = emit(Op::select, type(x), none, {condition, taken, x});
  }
  return x;
}

ExprId Checker::cell_condition(const Val& param, const syntax::Cell& cell) {
  switch (cell.kind) {
    case CellKind::any: case CellKind::otherwise: return truth_constant(true);
    case CellKind::range: return bound_test(param.id, param.type, cell.range, nullptr);
    case CellKind::set: {
      std::vector<ExprId> terms;
      for (const auto item : cell.items) {
        Val v = lower(item, &param.type), p = param;
        if (!v.ok() || !unify(p, v, cell.span)) return none;
        terms.push_back(compare(core::CmpOp::is, p.id, v.id));
      }
      return any(std::move(terms));
    }
    case CellKind::value: case CellKind::compare: {
      Val v = lower(cell.value, &param.type), p = param;
      if (!v.ok() || !unify(p, v, cell.span)) return none;
      core::CmpOp op = core::CmpOp::is;
      if (cell.kind == CellKind::compare) switch (cell.op) {
          case syntax::Op::is_not: op = core::CmpOp::is_not; break;
          case syntax::Op::at_least: case syntax::Op::on_or_after: op = core::CmpOp::at_least; break;
          case syntax::Op::at_most: case syntax::Op::on_or_before: op = core::CmpOp::at_most; break;
          case syntax::Op::over: case syntax::Op::after: op = core::CmpOp::over; break;
          case syntax::Op::under: case syntax::Op::before: op = core::CmpOp::under; break;
          default: break;
        }
      if (p.type.kind == Kind::boolean) return v.id == truth_constant(true) ? p.id : v.id == truth_constant(false) ? negation(p.id) : any({all({p.id, v.id}), all({negation(p.id), negation(v.id)})});
      return compare(op, p.id, v.id);
    }
  }
  return none;
}

Val Checker::lower_table(const PendingTable& pending, const Expr& call) {
  const syntax::Table& table = *pending.table;
  if (call.args.size() != table.params.size()) {
    error(Code::wrong_argument_count, call.span, {table.name.id, std::to_string(table.params.size()), std::to_string(call.args.size())});
    return {};
  }
  std::vector<Val> params;
  for (const auto a : call.args) {
    params.push_back(lower(a));
    if (!params.back().ok() || params.back().interval) return {};
  }
  // Columns: which parameter, or an output.
  std::vector<int> param_of(table.columns.size(), -1);
  std::vector<std::size_t> outputs;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (std::size_t p = 0; p < table.params.size(); ++p)
      if (table.columns[c].text == table.params[p].text) param_of[c] = static_cast<int>(p);
    if (param_of[c] < 0) outputs.push_back(c);
  }
  std::size_t output = outputs.empty() ? 0 : outputs[0];
  if (call.out.given() || outputs.size() != 1) {
    const std::string wanted = call.out.given() ? call.out.segments.back().text : "";
    const auto hit = std::find_if(outputs.begin(), outputs.end(), [&](std::size_t c) { return table.columns[c].text == wanted; });
    if (hit == outputs.end()) {
      std::vector<std::string> candidates;
      for (const auto c : outputs) candidates.push_back(table.columns[c].text);
      unknown(Code::unknown_column, call.span, wanted, candidates, {table.name.id});
      return {};
    }
    output = *hit;
  }
  const syntax::Ast* before = ast_;
  const std::uint32_t node_before = node_;
  ast_ = pending.ast;
  node_ = pending.node;
  const std::size_t bound_before = bound_.size();
  for (std::size_t p = 0; p < params.size(); ++p) bound_.push_back({table.params[p].text, "", params[p]});
  std::vector<ExprId> conditions, values;
  Type type;
  bool bad = false, typed = false;
  const auto untyped = [&](syntax::ExprId id) { const auto k = (*ast_)[id].kind; return k == syntax::ExprKind::unknown || k == syntax::ExprKind::unstated; };
  for (const auto& row : table.rows)
    if (!typed && row.cells.size() == table.columns.size() && row.cells[output].value.valid() && !untyped(row.cells[output].value)) {
      const Val v = lower(row.cells[output].value);
      if (v.ok() && !v.interval) type = v.type, typed = true;
    }
  ExprId otherwise_value = none;
  for (const auto& row : table.rows) {
    if (row.cells.size() != table.columns.size()) { bad = true; continue; }
    std::vector<ExprId> terms;
    bool otherwise = false;
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (param_of[c] < 0) continue;
      otherwise |= row.cells[c].kind == CellKind::otherwise;
      const ExprId t = cell_condition(params[static_cast<std::size_t>(param_of[c])], row.cells[c]);
      bad |= t == none;
      terms.push_back(t);
    }
    if (!row.cells[output].value.valid()) { error(Code::not_a_constant, row.cells[output].span); bad = true; continue; }
    const ExprId value = demand(lower(row.cells[output].value, typed ? &type : nullptr), type, row.cells[output].span);
    bad |= value == none;
    if (bad) continue;
    const ExprId condition = all(std::move(terms));
    if (otherwise) { otherwise_value = value; continue; }
    conditions.push_back(condition == none ? truth_constant(true) : condition);
    values.push_back(value);
  }
  if (!bad && checked_tables_.insert(&table).second) check_rows(pending, params, values);
  ExprId x = none;
  if (!bad) {
    std::vector<ExprId> args;
    for (std::size_t i = 0; i < conditions.size(); ++i) args.push_back(conditions[i]), args.push_back(values[i]);
    if (otherwise_value != none) args.push_back(otherwise_condition(pending, params, conditions)), args.push_back(otherwise_value);
    x = hit_choice(table.hit, [&](const syntax::Ident& word) -> ExprId {
      static const std::vector<std::pair<std::vector<std::string>, core::HitPolicy>> policies = {{{"unique", "单一"}, core::HitPolicy::unique}, {{"first", "首个"}, core::HitPolicy::first},
          {{"longest", "从长", "highest", "从高"}, core::HitPolicy::highest}, {{"shortest", "从短", "lowest", "从低"}, core::HitPolicy::lowest}};
      for (const auto& [names, policy] : policies)
        if (std::find(names.begin(), names.end(), word.text) != names.end()) return emit(Op::table, type, static_cast<std::uint32_t>(policy), args, &call);
      unknown(Code::unknown_name, word.span, word.text, {"unique", "first", "longest", "highest", "单一", "首个", "从长", "从高"});
      return none;
    });
  }
  bound_.resize(bound_before);
  ast_ = before;
  node_ = node_before;
  return x == none ? Val{} : Val{x, type};
}

// What the written cells of each row take in, parameter by parameter; nothing where a cell is not written out as a number,
// a day or a stretch of them.
std::optional<std::vector<Checker::Box>> Checker::boxes(const PendingTable& pending, const std::vector<Val>& params) {
  const syntax::Table& table = *pending.table;
  std::vector<Box> out;
  const auto constant = [&](syntax::ExprId id, const Type& t) -> std::optional<std::int64_t> {
    const Val v = lower(id, &t);
    const Cell* c = v.ok() && !v.interval && v.type == t ? constant_of(v.id) : nullptr;
    return c && c->lo == c->hi ? std::optional(c->lo) : std::nullopt;
  };
  for (const auto& row : table.rows) {
    Box box;
    box.span = row.span;
    for (std::size_t p = 0; p < table.params.size(); ++p) {
      const auto column = std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.text == table.params[p].text; });
      if (column == table.columns.end()) return std::nullopt;
      const syntax::Cell& cell = row.cells[static_cast<std::size_t>(column - table.columns.begin())];
      const Type& t = params[p].type;
      if (t.kind == Kind::choice || t.kind == Kind::boolean || t.kind == Kind::text || t.kind == Kind::ref || t.kind == Kind::ratio) return std::nullopt;
      std::int64_t lo = neg_inf, hi = pos_inf;
      if (cell.kind == CellKind::otherwise) box.otherwise = true;
      else if (cell.kind == CellKind::value || cell.kind == CellKind::compare) {
        const auto v = constant(cell.value, t);
        const bool plain = cell.kind == CellKind::value || cell.op == syntax::Op::is;
        if (!v) return std::nullopt;
        if (plain || cell.op == syntax::Op::at_least) lo = *v;
        else if (cell.op == syntax::Op::over) lo = *v + 1;
        else if (cell.op != syntax::Op::at_most && cell.op != syntax::Op::under) return std::nullopt;
        if (plain || cell.op == syntax::Op::at_most) hi = *v;
        else if (cell.op == syntax::Op::under) hi = *v - 1;
      } else if (cell.kind == CellKind::range) {
        if (cell.range.lo.valid()) { const auto v = constant(cell.range.lo, t); if (!v) return std::nullopt; lo = *v + cell.range.lo_exclusive; }
        if (cell.range.hi.valid()) { const auto v = constant(cell.range.hi, t); if (!v) return std::nullopt; hi = *v - cell.range.hi_exclusive; }
      } else if (cell.kind != CellKind::any) {
        return std::nullopt;
      }
      box.sides.emplace_back(lo, hi);
    }
    out.push_back(std::move(box));
  }
  return out;
}

namespace {
// The stretches that no row takes in, of a table with one parameter.
std::vector<std::pair<std::int64_t, std::int64_t>> gaps(std::vector<std::pair<std::int64_t, std::int64_t>> sides) {
  std::sort(sides.begin(), sides.end());
  std::vector<std::pair<std::int64_t, std::int64_t>> out;
  std::int64_t next = neg_inf;   // the first value not yet taken in
  for (const auto& [lo, hi] : sides) {
    if (lo > next) out.emplace_back(next, lo - 1);
    if (hi == pos_inf) return out;
    next = std::max(next, hi + 1);
  }
  out.emplace_back(next, pos_inf);
  return out;
}
}  // namespace

// `otherwise` is true where no other row holds. With one parameter that is said by the gaps between the rows, so that a value known
// only by range is not thought to lie between rows which touch.
ExprId Checker::otherwise_condition(const PendingTable& pending, const std::vector<Val>& params, const std::vector<ExprId>& conditions) {
  const auto written = params.size() == 1 ? boxes(pending, params) : std::nullopt;
  if (!written) return negation(any(conditions));
  std::vector<std::pair<std::int64_t, std::int64_t>> sides;
  for (const Box& box : *written) if (!box.otherwise) sides.push_back(box.sides[0]);
  std::vector<ExprId> terms;
  for (const auto& [lo, hi] : gaps(std::move(sides))) {
    const auto bound = [&](core::CmpOp op, std::int64_t end) { return compare(op, params[0].id, constant(known(end), params[0].type)); };
    terms.push_back(all({lo == neg_inf ? none : bound(core::CmpOp::at_least, lo), hi == pos_inf ? none : bound(core::CmpOp::at_most, hi)}));
  }
  return any(std::move(terms));
}

// Overlaps and gaps that the written cells alone show. Only numbers, days and lengths written out are looked at.
void Checker::check_rows(const PendingTable& pending, const std::vector<Val>& params, const std::vector<ExprId>& outputs) {
  const syntax::Table& table = *pending.table;
  const bool unique = table.hit.branches.empty() && (table.hit.otherwise.text == "unique" || table.hit.otherwise.text == "单一");
  const auto written = unique ? boxes(pending, params) : std::nullopt;
  if (!written) return;
  std::vector<Box> rows;
  for (const Box& box : *written) if (!box.otherwise) rows.push_back(box);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      bool meet = true;
      for (std::size_t p = 0; p < rows[i].sides.size(); ++p)
        meet &= std::max(rows[i].sides[p].first, rows[j].sides[p].first) <= std::min(rows[i].sides[p].second, rows[j].sides[p].second);
      if (!meet || outputs[i] == outputs[j]) continue;
      auto& d = error(Code::table_overlap, rows[j].span, {table.name.id});
      d.labels.push_back({rows[i].span, Code::other_row, {}});
    }
  if (rows.size() != written->size() || table.params.size() != 1) return;
  std::vector<std::pair<std::int64_t, std::int64_t>> sides;
  for (const Box& box : rows) sides.push_back(box.sides[0]);
  for (const auto& [lo, hi] : gaps(std::move(sides)))
    if (lo != neg_inf && hi != pos_inf) {   // beyond the first and the last row the value may be out of the question
      error(Code::table_gap, pending.span, {table.name.id, format_end(lo, params[0].type)});
      return;
    }
}

// ── definitions ───────────────────────────────────────────────────────────────────────────────────────────────────────────

void Checker::declare_definition(std::uint32_t node, const syntax::Define& define, Span span, syntax::StmtId scope, EntityId owner) {
  Definition d{ast_, &define, node, span, scope};
  const std::uint32_t node_before = node_;
  node_ = node;
  if (owner == none && define.of.given()) {
    const auto e = entity_of_path(define.of);
    node_ = node_before;
    if (!e) return;
    owner = *e;
  } else if (owner == none && scope.valid() && define.params.empty()) {
    owner = scope_of(scope).entity;
    if (owner == none) { node_ = node_before; return; }
  }
  node_ = node_before;
  d.macro = owner == none || !define.params.empty();
  d.entity = owner;
  if (d.macro) {
    for (const std::string& name : {define.name.id, define.name.label})
      if (!name.empty() && !macros_.emplace(name, definitions_.size()).second) error(Code::name_twice, define.name.span, {name});
  } else {
    Column c;
    c.id = define.name.id, c.label = define.name.label, c.kind = ColumnKind::computed;
    d.column = add_column(owner, std::move(c), define.name.span);
    if (d.column == none) return;
    definition_of_[{owner, d.column}] = definitions_.size();
  }
  definitions_.push_back(d);
}

// A definition that is needed while it is being worked out: names the way round.
bool Checker::circle(std::size_t index, Span asked) {
  std::string path;
  for (auto at = std::find(running_.begin(), running_.end(), index); at != running_.end(); ++at) path += definitions_[*at].written->name.id + " → ";
  error(Code::cyclic_definition, asked.valid() ? asked : definitions_[index].span, {path + definitions_[index].written->name.id});
  return false;
}

bool Checker::chain_too_long(Span asked) {
  if (chain_ < max_chain) return false;
  error(Code::too_many, asked, {diag::both("层层相依的定义", "definitions that rest on each other"), std::to_string(max_chain)});
  return true;
}

bool Checker::too_much_written_out(Span asked) {
  if (written_out_ > max_written_out) return true;   // told
  if (++written_out_ <= max_written_out) return false;
  error(Code::too_many, asked, {diag::both("处写开的定义与例外", "definitions and exceptions, where they are written out"), std::to_string(max_written_out)});
  return true;
}

bool Checker::ensure(std::size_t index, Span asked) {
  if (definitions_[index].state == Definition::done) return !definitions_[index].failed;
  if (definitions_[index].state == Definition::running) return circle(index, asked);
  if (chain_too_long(asked)) return false;
  const Link link(chain_);
  definitions_[index].state = Definition::running;
  running_.push_back(index);
  const Definition d = definitions_[index];
  auto frames = std::move(frames_);
  auto bound = std::move(bound_);
  const auto slots = slots_;
  const auto* ast = ast_;
  const auto node = node_;
  frames_ = {frame_of(d.entity, "")};
  bound_.clear();
  slots_ = 0, ast_ = d.ast, node_ = d.node;
  Type type;
  std::int64_t lo = neg_inf, hi = pos_inf;
  const bool declared = d.written->type && resolve_type(*d.ast, *d.written->type, d.written->name.id, type, lo, hi);
  const Val v = lower(d.written->means, declared ? &type : nullptr);
  ExprId x = none;
  if (v.interval) error(Code::type_mismatch, d.span, {"interval", "value"});
  else if (v.ok()) x = declared ? demand(v, type, d.span) : v.id;
  frames_ = std::move(frames);
  bound_ = std::move(bound);
  slots_ = slots, ast_ = ast, node_ = node;
  definitions_[index].state = Definition::done;
  running_.pop_back();
  if (x == none) {
    definitions_[index].failed = true;
    return false;
  }
  Column& c = schema_.entities[d.entity].columns[d.column];
  c.type = this->type(x);
  c.range_lo = lo, c.range_hi = hi;
  program_.computed.push_back({d.entity, d.column, x, d.node == document::no_node ? none : d.node, false});
  return true;
}

Val Checker::expand(std::size_t index, const Expr& call) {
  if (definitions_[index].state == Definition::running) {
    circle(index, call.span);
    return {};
  }
  if (chain_too_long(call.span) || too_much_written_out(call.span)) return {};
  const Link link(chain_);
  const Definition d = definitions_[index];
  const auto& params = d.written->params;
  const std::size_t given = call.kind == syntax::ExprKind::call ? call.args.size() : 0;
  if (given != params.size()) {
    error(Code::wrong_argument_count, call.span, {d.written->name.id, std::to_string(params.size()), std::to_string(given)});
    return {};
  }
  std::vector<Bound> values;
  for (std::size_t i = 0; i < params.size(); ++i) {
    Type type;
    std::int64_t lo, hi;
    if (!resolve_type(*d.ast, params[i].type, params[i].name.id, type, lo, hi)) return {};
    const ExprId x = demand(lower(call.args[i], &type), type, (*ast_)[call.args[i]].span);
    if (x == none) return {};
    values.push_back({params[i].name.id, params[i].name.label, {x, type}});
  }
  definitions_[index].state = Definition::running;
  running_.push_back(index);
  auto bound = std::move(bound_);
  bound_ = std::move(values);
  const auto* ast = ast_;
  const auto node = node_;
  ast_ = d.ast, node_ = d.node;
  Type type;
  std::int64_t lo, hi;
  const bool declared = d.written->type && resolve_type(*d.ast, *d.written->type, d.written->name.id, type, lo, hi);
  Val v = lower(d.written->means, declared ? &type : nullptr);
  if (declared && v.ok()) { const ExprId x = demand(v, type, d.span); v = x == none ? Val{} : Val{x, type}; }
  ast_ = ast, node_ = node;
  bound_ = std::move(bound);
  definitions_[index].state = Definition::pending;
  running_.pop_back();
  return v;
}

}  // namespace tiao::check
