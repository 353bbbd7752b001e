#include "compiler/core/verify_exprs.hpp"
#include "runtime/program/stages.hpp"

#include "compiler/core/printer.hpp"

namespace tiao::core {
namespace {

bool is_number(Kind k) { return k == Kind::integer || k == Kind::decimal || k == Kind::money || k == Kind::percent; }
bool is_orderable(Kind k) { return is_number(k) || k == Kind::date || k == Kind::duration || k == Kind::workdays || k == Kind::choice || k == Kind::ratio; }

// Durations use Type::scale for what they are counted in, and units are the checker's business.
bool alike(const Type& a, const Type& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::choice || a.kind == Kind::ref) return a.of == b.of;
  return a.kind == Kind::duration || a.scale == b.scale;
}

/// Checks one expression at a time.
class ExprVerifier {
 public:
  ExprVerifier(const Program& program, std::vector<std::string>& faults) : p_(program), s_(program.schema), faults_(faults) {}

  void check(ExprId id) {
    id_ = id;
    e_ = &p_.exprs[id];
    if (static_cast<std::size_t>(e_->args) + e_->count > p_.args.size()) return fault("arguments out of range");
    for (std::uint32_t i = 0; i < e_->count; ++i)
      if (arg(i) >= id) return fault("an argument that does not precede it");
    if (e_->origin != none && e_->origin >= p_.origins.size()) fault("no such origin");
    shape();
  }

 private:
  void fault(const std::string& what) { faults_.push_back("expression " + std::to_string(id_) + " (" + name(e_->op) + "): " + what); }
  ExprId arg(std::uint32_t i) const { return p_.args[e_->args + i]; }
  const Type& type(std::uint32_t i) const { return p_.exprs[arg(i)].type; }
  Kind kind(std::uint32_t i) const { return type(i).kind; }

  bool takes(std::uint32_t count) {
    if (e_->count == count) return true;
    fault("takes " + std::to_string(count) + " arguments and has " + std::to_string(e_->count));
    return false;
  }
  void want(bool right, const char* what) {
    if (!right) fault(what);
  }
  bool names(std::uint32_t id, std::size_t size, const char* what) {
    if (id < size) return true;
    fault(std::string("no such ") + what);
    return false;
  }
  void gives(Kind k) { want(e_->type.kind == k, "has the wrong result type"); }
  void gives(const Type& t) { want(alike(e_->type, t), "has the wrong result type"); }

  void shape() {
    switch (e_->op) {
      case Op::constant:
        if (takes(0)) names(e_->a, p_.constants.size(), "constant");
        break;
      case Op::parameter:
        if (takes(0) && names(e_->a, s_.parameters.size(), "parameter")) gives(s_.parameters[e_->a].type);
        break;
      case Op::is_set:
        if (takes(0) && names(e_->a, s_.parameters.size(), "parameter")) gives(Kind::boolean);
        break;
      case Op::as_of:
        if (takes(0)) gives(Kind::date);
        break;
      case Op::row:
        if (takes(0)) want(e_->type.kind == Kind::ref && e_->type.of < s_.entities.size(), "is no row of an entity");
        break;
      case Op::parent:
      case Op::column: row_access(); break;
      case Op::remap:
        if (!takes(1) || !names(e_->a, p_.remaps.size(), "remap")) break;
        want(kind(0) == Kind::choice && e_->type.kind == Kind::choice, "works on choices");
        break;
      case Op::conflict:
        if (takes(1)) want(kind(0) == Kind::boolean, "has an argument that is no truth value");
        if (e_->a != none) names(e_->a, s_.nodes.size(), "node");
        gives(Kind::boolean);
        break;
      case Op::not_:
      case Op::and_:
      case Op::or_:
        want(e_->op == Op::not_ ? e_->count == 1 : e_->count > 0, "has the wrong number of arguments");
        for (std::uint32_t i = 0; i < e_->count; ++i) want(kind(i) == Kind::boolean, "has an argument that is no truth value");
        gives(Kind::boolean);
        break;
      case Op::compare: comparison(); break;
      case Op::select:
        if (!takes(3)) break;
        want(kind(0) == Kind::boolean, "has a condition that is no truth value");
        want(alike(type(1), type(2)) && alike(e_->type, type(1)), "has branches of different types");
        break;
      case Op::table: decision_table(); break;
      case Op::fold:
        if (takes(0) && names(e_->a, p_.folds.size(), "fold")) aggregate(p_.folds[e_->a]);
        break;
      case Op::state_at:
        if (!takes(2) || !names(e_->a, p_.timelines.size(), "timeline")) break;
        want(kind(0) == Kind::ref && type(0).of == p_.timelines[e_->a].owner && kind(1) == Kind::date, "takes an owner and a date");
        gives(Type{Kind::choice, 0, p_.timelines[e_->a].states});
        break;
      case Op::balance_at:
        if (!takes(2) || !names(e_->a, p_.ledgers.size(), "ledger")) break;
        want(kind(0) == Kind::ref && type(0).of == p_.ledgers[e_->a].owner && kind(1) == Kind::date, "takes an owner and a date");
        gives(p_.ledgers[e_->a].type);
        break;
      default: arithmetic(); break;
    }
  }

  void row_access() {
    if (!takes(1)) return;
    if (kind(0) != Kind::ref || type(0).of >= s_.entities.size()) return fault("reads from something that is no row");
    const Entity& entity = s_.entities[type(0).of];
    if (e_->op == Op::parent) {
      want(entity.parent != none && e_->type.kind == Kind::ref && e_->type.of == entity.parent, "is not the parent of its argument");
    } else if (names(e_->a, entity.columns.size(), "column")) {
      gives(entity.columns[e_->a].type);
    }
  }

  void comparison() {
    if (!takes(2)) return;
    gives(Kind::boolean);
    const auto op = static_cast<CmpOp>(e_->a);
    want(op <= CmpOp::under, "is no comparison");
    const bool shares = (kind(0) == Kind::ratio || kind(0) == Kind::percent) && (kind(1) == Kind::ratio || kind(1) == Kind::percent);
    const bool mixed = shares && kind(0) != kind(1);
    want(mixed || alike(type(0), type(1)), "compares different types");
    if (op != CmpOp::is && op != CmpOp::is_not) want(is_orderable(kind(0)), "orders what has no order");
  }

  void decision_table() {
    want(e_->count >= 2 && e_->count % 2 == 0, "has no rows, or half of one");
    want(e_->a <= static_cast<std::uint32_t>(HitPolicy::lowest), "has no such hit policy");
    for (std::uint32_t i = 0; i + 1 < e_->count; i += 2) {
      want(kind(i) == Kind::boolean, "has a condition that is no truth value");
      want(alike(type(i + 1), e_->type), "has an output of another type");
    }
  }

  void aggregate(const Fold& f) {
    verify_source(p_, f.source, "expression " + std::to_string(id_) + " (fold)", faults_);
    for (const ExprId e : {f.filter, f.value, f.if_none})
      if (e != none && e >= id_) return fault("a part that does not precede it");
    const auto type_of = [&](ExprId e) { return p_.exprs[e].type; };
    want(f.filter == none || type_of(f.filter).kind == Kind::boolean, "has a filter that is no truth value");
    switch (f.kind) {
      case FoldKind::count: gives(Kind::integer); return;
      case FoldKind::exists:
        want(f.value == none || type_of(f.value).kind == Kind::boolean, "has a condition that is no truth value");
        gives(Kind::boolean);
        return;
      case FoldKind::every:
      case FoldKind::consecutive:
      case FoldKind::share:
        want(f.value != none && type_of(f.value).kind == Kind::boolean, "has no condition");
        want(f.kind != FoldKind::consecutive || f.n > 0, "asks for no neighbours");
        gives(f.kind == FoldKind::share ? Kind::ratio : Kind::boolean);
        break;
      case FoldKind::stages: {
        const bool choice = f.value != none && type_of(f.value).kind == Kind::choice;
        want(choice && p_.schema.enums[type_of(f.value).of].values.size() <= (1u << max_stage_moves), "has no moves to choose from");
        gives(Kind::choice);
        if (e_->type.kind == Kind::choice) {
          const std::uint64_t states = StageMoves{f.n}.states();
          want(p_.schema.enums[e_->type.of].values.size() >= 64u - static_cast<unsigned>(__builtin_clzll(states)), "moves to a state that is not declared");
        }
        return;
      }
      case FoldKind::average:
        want(f.value != none && is_number(type_of(f.value).kind) && f.n == type_of(f.value).scale, "averages what is no number of its places");
        gives(Kind::ratio);
        break;
      case FoldKind::sum:
      case FoldKind::highest:
      case FoldKind::lowest:
      case FoldKind::only:
        if (f.value == none) return fault("has no value");
        gives(type_of(f.value));
        want(f.kind == FoldKind::only || is_orderable(e_->type.kind) || e_->type.kind == Kind::boolean, "orders or adds what has no order");
        break;
    }
    want(f.if_none == none || alike(type_of(f.if_none), e_->type), "has an answer for no rows of another type");
  }

  void arithmetic() {
    switch (e_->op) {
      case Op::add:
      case Op::sub:
        if (takes(2)) want(alike(type(0), type(1)) && alike(e_->type, type(0)), "mixes types");
        break;
      case Op::mul:
        if (takes(2)) want(kind(0) == Kind::duration ? kind(1) == Kind::integer : is_number(kind(0)) && is_number(kind(1)), "multiplies what is no number");
        break;
      case Op::neg:
        if (takes(1)) gives(type(0));
        break;
      case Op::least:
      case Op::greatest:
        want(e_->count > 0, "has no arguments");
        for (std::uint32_t i = 0; i < e_->count; ++i) want(alike(type(i), e_->type) && is_orderable(kind(i)), "mixes types");
        break;
      case Op::rescale:
        if (takes(1)) want(is_number(kind(0)) && e_->type.scale >= type(0).scale, "cannot have fewer places");
        break;
      case Op::round:
        if (takes(1)) want((is_number(kind(0)) || kind(0) == Kind::ratio) && is_number(e_->type.kind), "rounds what is no number");
        break;
      case Op::ratio:
        want(e_->count == 2 || e_->count == 3, "takes two or three arguments");
        if (e_->count >= 2) want(alike(type(0), type(1)), "divides different types");
        if (e_->count == 3) want(kind(2) == Kind::ratio, "has an answer for zero that is no ratio");
        gives(Kind::ratio);
        break;
      case Op::as_ratio:
        if (takes(1)) want(kind(0) == Kind::percent, "takes a percentage");
        gives(Kind::ratio);
        break;
      case Op::shift:
      case Op::shift_back:
      case Op::shift_workdays:
        if (takes(2)) want(kind(0) == Kind::date && kind(1) == (e_->op == Op::shift_workdays ? Kind::workdays : Kind::duration), "takes a date and a length");
        if (e_->op == Op::shift_workdays) names(e_->a, s_.calendars.size(), "calendar");
        gives(Kind::date);
        break;
      case Op::difference:
      case Op::age:
        if (takes(2)) want(kind(0) == Kind::date && kind(1) == Kind::date, "takes two dates");
        gives(e_->op == Op::age ? Kind::integer : Kind::duration);
        break;
      default:  // parts of the calendar
        if (takes(1)) want(kind(0) == Kind::date, "takes a date");
        gives(e_->op == Op::year || e_->op == Op::month || e_->op == Op::day ? Kind::integer : Kind::date);
        break;
    }
  }

  const Program& p_;
  const Schema& s_;
  std::vector<std::string>& faults_;
  ExprId id_ = none;
  const Expr* e_ = nullptr;
};

}  // namespace

void verify_exprs(const Program& program, std::vector<std::string>& faults) {
  ExprVerifier verifier(program, faults);
  for (ExprId e = 0; e < program.exprs.size(); ++e) verifier.check(e);
}

void verify_source(const Program& program, const Source& source, const std::string& place, std::vector<std::string>& faults) {
  const auto fault = [&](const std::string& what) { faults.push_back(place + ": " + what); };
  const Schema& s = program.schema;
  EntityId at = source.whole;
  if (source.start != none) {
    if (source.start >= program.exprs.size() || program.exprs[source.start].type.kind != Kind::ref) return fault("rows that start from no row");
    at = program.exprs[source.start].type.of;
  }
  if (at >= s.entities.size()) return fault("rows of no entity");
  for (const Hop& hop : source.hops) {
    if (hop.entity >= s.entities.size()) return fault("a hop to no entity");
    const Entity& from = s.entities[at];
    const Entity& to = s.entities[hop.entity];
    const auto links = [](const Entity& e, ColumnId c, EntityId target) { return c < e.columns.size() && e.columns[c].type == Type{Kind::ref, 0, target}; };
    switch (hop.kind) {
      case Hop::children:
        if (to.parent != at) fault(to.id + " is no child of " + from.id);
        break;
      case Hop::linked:
        if (!links(to, hop.column, at)) fault(to.id + " has no such link to " + from.id);
        break;
      case Hop::follow:
        if (!links(from, hop.column, hop.entity)) fault(from.id + " has no such link to " + to.id);
        break;
      case Hop::parent:
        if (from.parent != hop.entity) fault(to.id + " is not the parent of " + from.id);
        break;
      case Hop::members: {
        bool gathered = false;
        for (const Group& g : program.groups) gathered |= g.entity == at && g.from == hop.entity;
        if (!gathered) fault(from.id + " is no group of " + to.id);
        break;
      }
    }
    at = hop.entity;
  }
  if (source.entity != at) fault("rows that end elsewhere than said");
  for (const Source::Same& same : source.same)
    if (same.column >= s.entities[at].columns.size() || same.key >= program.exprs.size() ||
        !alike(s.entities[at].columns[same.column].type, program.exprs[same.key].type))
      fault("a partition by columns of different types");
}

}  // namespace tiao::core
