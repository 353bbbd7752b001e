#include "compiler/core/printer.hpp"

#include <bit>

#include "runtime/program/stages.hpp"
#include "runtime/value/format.hpp"

namespace tiao::core {

const char* name(Op op) {
  switch (op) {
    case Op::constant: return "constant";
    case Op::parameter: return "parameter";
    case Op::as_of: return "as_of";
    case Op::row: return "row";
    case Op::parent: return "parent";
    case Op::column: return "column";
    case Op::remap: return "remap";
    case Op::not_: return "not";
    case Op::conflict: return "conflict";
    case Op::and_: return "and";
    case Op::or_: return "or";
    case Op::compare: return "compare";
    case Op::is_set: return "is_set";
    case Op::select: return "if";
    case Op::add: return "add";
    case Op::sub: return "sub";
    case Op::mul: return "mul";
    case Op::neg: return "neg";
    case Op::least: return "least";
    case Op::greatest: return "greatest";
    case Op::rescale: return "rescale";
    case Op::ratio: return "ratio";
    case Op::as_ratio: return "as_ratio";
    case Op::round: return "round";
    case Op::shift: return "shift";
    case Op::shift_back: return "shift_back";
    case Op::shift_workdays: return "shift_workdays";
    case Op::difference: return "difference";
    case Op::year: return "year";
    case Op::month: return "month";
    case Op::day: return "day";
    case Op::age: return "age";
    case Op::year_start: return "year_start";
    case Op::year_end: return "year_end";
    case Op::month_start: return "month_start";
    case Op::month_end: return "month_end";
    case Op::table: return "table";
    case Op::fold: return "fold";
    case Op::state_at: return "state_at";
    case Op::balance_at: return "balance_at";
  }
  return "?";
}

const char* name(CmpOp op) {
  switch (op) {
    case CmpOp::is: return "is";
    case CmpOp::is_not: return "is_not";
    case CmpOp::at_least: return "at_least";
    case CmpOp::at_most: return "at_most";
    case CmpOp::over: return "over";
    case CmpOp::under: return "under";
  }
  return "?";
}

const char* name(FoldKind kind) {
  switch (kind) {
    case FoldKind::count: return "count";
    case FoldKind::sum: return "sum";
    case FoldKind::highest: return "highest";
    case FoldKind::lowest: return "lowest";
    case FoldKind::average: return "average";
    case FoldKind::only: return "only";
    case FoldKind::exists: return "exists";
    case FoldKind::every: return "every";
    case FoldKind::share: return "share";
    case FoldKind::consecutive: return "consecutive";
    case FoldKind::stages: return "stages";
  }
  return "?";
}

const char* name(HitPolicy policy) {
  switch (policy) {
    case HitPolicy::unique: return "unique";
    case HitPolicy::first: return "first";
    case HitPolicy::highest: return "highest";
    case HitPolicy::lowest: return "lowest";
  }
  return "?";
}

const char* name(Modality modality) {
  switch (modality) {
    case Modality::must: return "must";
    case Modality::must_not: return "must_not";
    case Modality::may: return "may";
    case Modality::automatic: return "automatic";
  }
  return "?";
}

const char* name(DeclKind kind) {
  switch (kind) {
    case DeclKind::computed: return "computed";
    case DeclKind::group: return "group";
    case DeclKind::ledger: return "ledger";
    case DeclKind::timeline: return "timeline";
    case DeclKind::join: return "join";
    case DeclKind::remedy: return "remedy";
    case DeclKind::duty: return "duty";
    case DeclKind::require: return "require";
    case DeclKind::report: return "report";
    case DeclKind::applicability: return "applicability";
  }
  return "?";
}

namespace {

std::string show_choice(const Schema& schema, const Type& type, std::int64_t mask) {
  const auto& values = schema.enums[type.of].values;
  const auto bits = static_cast<std::uint64_t>(mask);
  if (values.size() > 1 && static_cast<std::size_t>(std::popcount(bits)) >= values.size()) return "unknown";
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (bits >> i & 1) out += (out.empty() ? "" : "|") + values[i].id;
  return out;
}

std::string show_quotient(std::int64_t num, std::int64_t den) {
  return num == neg_inf || num == pos_inf ? std::string() : format_ratio(num, den);
}

}  // namespace

std::string show(const Schema& schema, const Type& type, const Cell& value, const TextOf& text, const KeyOf& key) {
  if (is_error(value, type.kind)) return "error";
  switch (type.kind) {
    case Kind::boolean: return value.lo == 1 ? "true" : value.lo == 2 ? "false" : "unknown";
    case Kind::choice: return show_choice(schema, type, value.lo);
    case Kind::text:
      if (value.lo != value.hi) return "unknown";
      if (text) return '"' + std::string(text(value.lo)) + '"';
      return '"' + schema.strings[static_cast<std::size_t>(value.lo)] + '"';
    case Kind::ref:
      if (value.lo != value.hi) return "unknown";
      return schema.entities[type.of].id + '[' +
             (key ? key(type.of, static_cast<std::uint32_t>(value.lo)) : '#' + std::to_string(value.lo)) + ']';
    case Kind::ratio: {
      const std::string lo = show_quotient(value.lo, value.lo_den), hi = show_quotient(value.hi, value.hi_den);
      if (lo.empty() && hi.empty()) return "unknown";
      return is_known(value, type.kind) ? lo : lo + ".." + hi;
    }
    default: {
      const std::string lo = value.lo == neg_inf || value.lo == pos_inf ? std::string() : format_end(value.lo, type);
      if (value.lo == value.hi) return lo;
      const std::string hi = value.hi == neg_inf || value.hi == pos_inf ? std::string() : format_end(value.hi, type);
      return lo.empty() && hi.empty() ? "unknown" : lo + ".." + hi;
    }
  }
}

std::string print_type(const Schema& schema, const Type& type) {
  static constexpr const char* kinds[] = {"bool", "int", "decimal", "money", "percent", "ratio", "date", "duration", "workdays", "text", "enum", "ref"};
  std::string out = kinds[static_cast<std::size_t>(type.kind)];
  if (type.kind == Kind::decimal || type.kind == Kind::money || type.kind == Kind::percent) out += '(' + std::to_string(type.scale) + ')';
  if (type.of == none) return out;
  if (type.kind == Kind::integer) return schema.units[type.of].id;
  if (type.kind == Kind::choice) return "enum " + schema.enums[type.of].id;
  if (type.kind == Kind::ref) return "ref " + schema.entities[type.of].id;
  return out;
}

// --- Expressions -------------------------------------------------------------------------------------------------------------

namespace {

/// Prints expressions of one program.
class ExprPrinter {
 public:
  explicit ExprPrinter(const Program& program) : p_(program), s_(program.schema) {}

  std::string expr(ExprId id) const {
    if (id == none) return "-";
    const Expr& e = p_.exprs[id];
    switch (e.op) {
      case Op::constant: return show(s_, e.type, p_.constants[e.a]);
      case Op::parameter: return s_.parameters[e.a].id;
      case Op::is_set: return "is_set(" + s_.parameters[e.a].id + ")";
      case Op::as_of: return "as_of";
      case Op::row: return "$" + std::to_string(e.a);
      case Op::parent: return expr(arg(e, 0)) + ".parent";
      case Op::column: return expr(arg(e, 0)) + "." + s_.entities[p_.exprs[arg(e, 0)].type.of].columns[e.a].id;
      case Op::compare: return std::string(name(static_cast<CmpOp>(e.a))) + args(e);
      case Op::rescale: return "rescale" + args(e) + ':' + print_type(s_, e.type);
      case Op::round: {
        static constexpr const char* how[] = {"half_up", "half_even", "down", "up"};
        return std::string("round_") + how[e.a] + args(e) + ':' + print_type(s_, e.type);
      }
      case Op::shift_workdays: return "shift_workdays[" + s_.calendars[e.a].id + "]" + args(e);
      case Op::remap: return "remap[" + s_.enums[e.type.of].id + "]" + args(e);
      case Op::state_at: return p_.timelines[e.a].id + ".state_at" + args(e);
      case Op::balance_at: return p_.ledgers[e.a].id + ".balance_at" + args(e);
      case Op::table: return table(e);
      case Op::fold: return fold(p_.folds[e.a]);
      default: return name(e.op) + args(e);
    }
  }

  std::string source(const Source& source) const {
    std::string out = source.start == none ? "whole " + s_.entities[source.whole].id : expr(source.start);
    EntityId at = source.start == none ? source.whole : p_.exprs[source.start].type.of;
    for (const Hop& hop : source.hops) {
      const std::string& to = s_.entities[hop.entity].id;
      switch (hop.kind) {
        case Hop::children: out += " > " + to; break;
        case Hop::linked: out += " > " + to + " by " + s_.entities[hop.entity].columns[hop.column].id; break;
        case Hop::follow: out += " > " + to + " through " + s_.entities[at].columns[hop.column].id; break;
        case Hop::parent: out += " > parent " + to; break;
        case Hop::members: out += " > members " + to; break;
      }
      at = hop.entity;
    }
    if (source.distinct) out += " distinct";
    for (const Source::Same& same : source.same)
      out += " same " + s_.entities[source.entity].columns[same.column].id + " = " + expr(same.key);
    return out;
  }

 private:
  ExprId arg(const Expr& e, std::uint32_t i) const { return p_.args[e.args + i]; }

  std::string args(const Expr& e) const {
    std::string out = "(";
    for (std::uint32_t i = 0; i < e.count; ++i) out += (i ? ", " : "") + expr(arg(e, i));
    return out + ")";
  }

  std::string table(const Expr& e) const {
    std::string out = std::string("table ") + name(static_cast<HitPolicy>(e.a)) + " {";
    for (std::uint32_t i = 0; i + 1 < e.count; i += 2) out += (i ? "; " : " ") + expr(arg(e, i)) + " -> " + expr(arg(e, i + 1));
    return out + " }";
  }

  std::string fold(const Fold& f) const {
    std::string out = std::string("(") + name(f.kind);
    if (f.kind == FoldKind::consecutive) out += " " + std::to_string(f.n);
    if (f.kind == FoldKind::stages)
      for (unsigned k = 0; StageMoves{f.n}.has(k); ++k) out += (k ? ", " : " ") + std::to_string(StageMoves{f.n}.from(k)) + "->" + std::to_string(StageMoves{f.n}.to(k));
    if (f.value != none) out += " " + expr(f.value);
    out += " among $" + std::to_string(f.slot) + " in " + source(f.source);
    if (f.filter != none) out += " where " + expr(f.filter);
    if (f.if_none != none) out += " if none " + expr(f.if_none);
    return out + ")";
  }

  const Program& p_;
  const Schema& s_;
};

}  // namespace

std::string print_expr(const Program& program, ExprId expr) { return ExprPrinter(program).expr(expr); }
std::string print_source(const Program& program, const Source& source) { return ExprPrinter(program).source(source); }

}  // namespace tiao::core
