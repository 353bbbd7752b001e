#include "compiler/core/settle.hpp"

#include <algorithm>

#include "compiler/core/references.hpp"

namespace tiao::core {
namespace {

class Settler {
 public:
  Settler(const Program& program, const std::vector<SettledParameter>& parameters)
      : program_(program), parameters_(parameters), becomes_(program.exprs.size(), none), stays_(program.exprs.size(), false), folded_(program.exprs.size(), false) {
    // A last row that always holds answers for none in such a table: a condition that comes to hold must not look like one.
    for (const Expr& e : program_.exprs)
      if (e.op == Op::table && static_cast<HitPolicy>(e.a) != HitPolicy::first && e.count >= 2) {
        const ExprId last = program_.args[e.args + e.count - 2];
        stays_[last] = constant(last) == nullptr;
      }
    for (const Fold& fold : program_.folds)
      if (fold.value != none) folded_[fold.value] = true;
    for (const Entity& e : program_.schema.entities) computed_of_.emplace_back(e.columns.size(), none);
    for (const Computed& c : program_.computed) computed_of_[c.entity][c.column] = c.expr;
  }

  Program take() {
    for_each_reference(program_, [&](ExprId& e) { e = settled(e); });
    for (Fold& fold : program_.folds)
      if (fold.filter != none && is(fold.filter, Truth::yes)) fold.filter = none;
    return std::move(program_);
  }

 private:
  ExprId settled(ExprId id) {
    if (id == none) return none;
    if (becomes_[id] == none) {
      const ExprId to = work(id);
      becomes_[id] = to;
    }
    return becomes_[id];
  }

  const Cell* constant(ExprId id) const { return program_.exprs[id].op == Op::constant ? &program_.constants[program_.exprs[id].a] : nullptr; }
  bool is(ExprId id, Truth truth) const {
    const Cell* cell = constant(id);
    return cell != nullptr && program_.exprs[id].type.kind == Kind::boolean && cell->lo == static_cast<std::int64_t>(truth);
  }

  // The expression becomes that constant, in its place.
  ExprId decide(ExprId id, Cell value) {
    Expr& e = program_.exprs[id];
    e.op = Op::constant;
    e.a = static_cast<std::uint32_t>(program_.constants.size());
    e.args = e.count = 0;
    program_.constants.push_back(value);
    return id;
  }
  ExprId decide(ExprId id, Truth truth) { return decide(id, of(truth)); }

  ExprId with(ExprId id, const std::vector<ExprId>& args) {
    const Expr& e = program_.exprs[id];
    if (args.size() == e.count && std::equal(args.begin(), args.end(), program_.args.begin() + e.args)) return id;
    program_.exprs[id].args = static_cast<std::uint32_t>(program_.args.size());
    program_.exprs[id].count = static_cast<std::uint32_t>(args.size());
    program_.args.insert(program_.args.end(), args.begin(), args.end());
    return id;
  }

  ExprId work(ExprId id) {
    std::vector<ExprId> args(program_.args.begin() + program_.exprs[id].args,
                             program_.args.begin() + program_.exprs[id].args + program_.exprs[id].count);
    for (ExprId& arg : args) arg = settled(arg);
    const Expr e = program_.exprs[id];
    if (stays_[id]) return with(id, args);
    switch (e.op) {
      case Op::parameter:
        if (parameters_[e.a].value) return decide(id, *parameters_[e.a].value);
        break;
      case Op::is_set:
        if (parameters_[e.a].set) return decide(id, truth(*parameters_[e.a].set));
        break;
      case Op::column: {
        // A definition that says the same of every row. Of a row that is not known it would be unknown.
        const ExprId definition = computed_of_[program_.exprs[args[0]].type.of][e.a];
        if (definition == none || program_.exprs[args[0]].op != Op::row) break;
        const ExprId value = settled(definition);
        if (constant(value) != nullptr) return decide(id, Cell(*constant(value)));
        break;
      }
      case Op::not_:
        for (const Truth t : {Truth::yes, Truth::no})
          if (is(args[0], t)) return decide(id, t == Truth::yes ? Truth::no : Truth::yes);
        break;
      case Op::conflict:
        if (is(args[0], Truth::no)) return decide(id, Truth::yes);
        break;
      case Op::and_: return junction(id, args, Truth::yes, Truth::no);
      case Op::or_: return junction(id, args, Truth::no, Truth::yes);
      case Op::compare:
        if (const std::optional<bool> holds = compared(static_cast<CmpOp>(e.a), args[0], args[1])) return decide(id, truth(*holds));
        break;
      case Op::select:
        for (const Truth t : {Truth::yes, Truth::no})
          if (is(args[0], t)) return chosen(id, args[0], args[t == Truth::yes ? 1 : 2]);
        break;
      case Op::table:
        if (static_cast<HitPolicy>(e.a) == HitPolicy::first) return with(id, rows(args));
        break;
      default: break;
    }
    return with(id, args);
  }

  // Of rows that are not known a fold takes a column to be within what is declared, and what is computed to be anything.
  ExprId chosen(ExprId id, ExprId condition, ExprId arm) {
    return folded_[id] && program_.exprs[arm].op == Op::column ? with(id, {condition, arm, arm}) : arm;
  }

  // `neutral` leaves the others as they are, `ruling` decides the whole.
  ExprId junction(ExprId id, std::vector<ExprId> args, Truth neutral, Truth ruling) {
    if (std::any_of(args.begin(), args.end(), [&](ExprId a) { return is(a, ruling); })) return decide(id, ruling);
    args.erase(std::remove_if(args.begin(), args.end(), [&](ExprId a) { return is(a, neutral); }), args.end());
    if (args.empty()) return decide(id, neutral);
    return args.size() == 1 ? args[0] : with(id, args);
  }

  std::optional<bool> compared(CmpOp op, ExprId left, ExprId right) const {
    const Cell *a = constant(left), *b = constant(right);
    const Kind kind = program_.exprs[left].type.kind;
    if (a == nullptr || b == nullptr || (kind != Kind::boolean && kind != Kind::choice) || !is_known(*a, kind) || !is_known(*b, kind)) return std::nullopt;
    // One bit a choice, in the order of the values.
    const auto x = static_cast<std::uint64_t>(a->lo), y = static_cast<std::uint64_t>(b->lo);
    if (kind == Kind::boolean && op != CmpOp::is && op != CmpOp::is_not) return std::nullopt;
    switch (op) {
      case CmpOp::is: return x == y;
      case CmpOp::is_not: return x != y;
      case CmpOp::at_least: return x >= y;
      case CmpOp::at_most: return x <= y;
      case CmpOp::over: return x > y;
      case CmpOp::under: return x < y;
    }
    return std::nullopt;
  }

  // Where the first row counts: without rows that do not hold, and without those behind one that always does.
  std::vector<ExprId> rows(const std::vector<ExprId>& args) const {
    std::vector<ExprId> kept;
    for (std::size_t i = 0; i + 1 < args.size(); i += 2) {
      const bool last = i + 2 == args.size();
      if (is(args[i], Truth::no) && !(last && kept.empty())) continue;
      kept.insert(kept.end(), {args[i], args[i + 1]});
      if (is(args[i], Truth::yes)) break;
    }
    return kept;
  }

  Program program_;
  const std::vector<SettledParameter>& parameters_;
  std::vector<ExprId> becomes_;
  std::vector<bool> stays_;                        // is not decided, whatever it tests
  std::vector<bool> folded_;                       // is the value that a fold takes of its rows
  std::vector<std::vector<ExprId>> computed_of_;   // by entity and column: what a definition is, or none
};

}  // namespace

Program settle(const Program& program, const std::vector<SettledParameter>& parameters) { return Settler(program, parameters).take(); }

}  // namespace tiao::core
