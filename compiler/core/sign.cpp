#include "compiler/core/sign.hpp"

#include <algorithm>

namespace tiao::core {

namespace {

class Sign {
 public:
  explicit Sign(const Program& program) : p_(program) {}

  bool of(ExprId id) const {
    if (id == none) return false;
    const Expr& e = p_.exprs[id];
    const auto arg = [&](std::uint32_t i) { return p_.args[e.args + i]; };
    const auto all = [&](std::uint32_t first, std::uint32_t step) {
      for (std::uint32_t i = first; i < e.count; i += step)
        if (!of(arg(i))) return false;
      return true;
    };
    switch (e.op) {
      case Op::constant: return p_.constants[e.a].lo >= 0 && e.type.kind != Kind::ratio;
      case Op::column: return column(p_.exprs[arg(0)].type.of, e.a);
      case Op::add:
      case Op::mul:
      case Op::least: return all(0, 1);
      case Op::greatest:
        for (std::uint32_t i = 0; i < e.count; ++i)
          if (of(arg(i))) return true;
        return false;
      case Op::rescale: return of(arg(0));
      case Op::round: return p_.exprs[arg(0)].type.kind != Kind::ratio && of(arg(0));
      case Op::select: return of(arg(1)) && of(arg(2));
      case Op::table: return all(1, 2);
      case Op::year:
      case Op::month:
      case Op::day: return true;
      case Op::fold: return fold(p_.folds[e.a]);
      default: return false;
    }
  }

 private:
  bool fold(const Fold& f) const {
    switch (f.kind) {
      case FoldKind::count: return true;
      case FoldKind::sum: return of(f.value);
      case FoldKind::highest:
      case FoldKind::lowest:
      case FoldKind::only: return of(f.value) && (f.if_none == none || of(f.if_none));
      default: return false;
    }
  }

  bool column(EntityId entity, ColumnId column) const {
    for (const Computed& c : p_.computed)
      if (c.entity == entity && c.column == column) return of(c.expr);
    const Entity& e = p_.schema.entities[entity];
    switch (e.origin) {
      case EntityOrigin::register_: return e.columns[column].range_lo >= 0;
      case EntityOrigin::group:
        for (const Group& g : p_.groups)
          if (g.entity == entity && column >= group_col::first_key) return this->column(g.from, g.keys[column - group_col::first_key]);
        return false;
      case EntityOrigin::remedy:
        for (const Remedy& r : p_.schema.remedies) {
          if (r.rows != entity || column < remedy_col::first_param) continue;
          return r.params[column - remedy_col::first_param].range_lo >= 0 && parameter_kept(r, column - remedy_col::first_param);
        }
        return false;
      default: return false;
    }
  }

  // A parameter's range is what the declaration says; a clause may state a value outside it.
  bool parameter_kept(const Remedy& remedy, std::uint32_t param) const {
    if (remedy.chosen_param == param && remedy.chosen_column != none && !column(remedy.target, remedy.chosen_column)) return false;
    return std::all_of(p_.grounds.begin(), p_.grounds.end(), [&](const Ground& g) {
      if (p_.schema.remedies[g.remedy].rows != remedy.rows) return true;
      const ParamRule& rule = g.params[param];
      switch (rule.form) {
        case ParamForm::absent:
        case ParamForm::at_most: return true;
        case ParamForm::exact:
        case ParamForm::range:
        case ParamForm::at_least: return of(rule.lo);
        case ParamForm::unstated: return false;
      }
      return false;
    });
  }

  const Program& p_;
};

}  // namespace

bool never_negative(const Program& program, ExprId expr) { return Sign(program).of(expr); }

}  // namespace tiao::core
