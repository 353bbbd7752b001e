// Aggregates over rows, calls of functions, ledgers, timelines, periods and definitions, and propositions of the text.
#include "compiler/check/checker.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"

namespace tiao::check {

using core::Fold;
using core::FoldKind;
using syntax::Expr;
using syntax::ExprKind;

namespace {
bool one_of(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return name == w; });
}
template <class T> bool named(const T& thing, const std::string& name) { return thing.id == name || (!thing.label.empty() && thing.label == name); }

FoldKind fold_kind(syntax::Fold f) {
  switch (f) {
    case syntax::Fold::sum: return FoldKind::sum;
    case syntax::Fold::highest: case syntax::Fold::latest: return FoldKind::highest;
    case syntax::Fold::lowest: case syntax::Fold::earliest: return FoldKind::lowest;
    case syntax::Fold::average: return FoldKind::average;
    case syntax::Fold::share: return FoldKind::share;
    case syntax::Fold::only: return FoldKind::only;
    case syntax::Fold::exists: case syntax::Fold::no: return FoldKind::exists;
    case syntax::Fold::every: return FoldKind::every;
    case syntax::Fold::consecutive: return FoldKind::consecutive;
    default: return FoldKind::count;
  }
}
}  // namespace

bool Checker::reads_slot(ExprId e, std::uint32_t slot) const {
  if (e == none) return false;
  const core::Expr& x = program_.exprs[e];
  if (x.op == Op::row) return x.a == slot;
  for (std::uint32_t i = 0; i < x.count; ++i) if (reads_slot(program_.args[x.args + i], slot)) return true;
  if (x.op != Op::fold) return false;
  const Fold& f = program_.folds[x.a];
  if (reads_slot(f.source.start, slot) || reads_slot(f.if_none, slot)) return true;
  for (const auto& same : f.source.same) if (reads_slot(same.key, slot)) return true;
  return f.slot != slot && (reads_slot(f.filter, slot) || reads_slot(f.value, slot));
}

// Resolves the rows and brings one of them into sight. A value that is a column of a remedy imposed on those rows (`highest
// record_points.value among incident`) makes the remedy's rows the ones that are looked at.
bool Checker::begin_rows(syntax::RowsId id, core::Source& source, std::uint32_t& slot, const Expr* value, bool peers) {
  const syntax::Rows& written = (*ast_)[id];
  if (!written.path.given()) return false;
  auto found = rows_of_path(written.path, written.whole);
  if (!found) return false;
  source = *found;
  if (source.entity == none) source.entity = source.whole;
  if (value && value->kind == ExprKind::path && value->path.segments.size() == 2)
    if (const auto r = find_remedy(value->path.segments[0].text); r && schema_.remedies[*r].target == source.entity) {
      source.hops.push_back({core::Hop::children, schema_.remedies[*r].rows, none});
      source.entity = schema_.remedies[*r].rows;
    }
  if (!peers && written.alias.text.empty() && two_rows_in_sight(source.entity)) {
    error(Code::alias_needed, written.path.span, {written.path.text()});
    return false;
  }
  slot = ++slots_;
  frames_.push_back({{{row(slot, source.entity), source.entity, written.alias.text}}, true});
  for (const auto& column : written.with_same) {
    const auto outer = frames_.size() >= 2 ? std::optional(frames_[frames_.size() - 2].views[0].ref) : std::nullopt;
    const auto own = schema_.entities[source.entity].find(column.text);
    std::optional<Val> key;
    for (ExprId up = outer.value_or(none); up != none && !key; up = schema_.entities[entity_of(up)].parent == none ? none : parent(up)) key = member(up, column.text, nullptr);
    if (!own || !key || !key->ok()) { unknown(Code::unknown_column, column.span, column.text, {}, {schema_.entities[source.entity].id}); continue; }
    source.same.push_back({*own, key->id});
  }
  return true;
}

// The condition of `where`. Equalities of a whole population's column with something fixed become a partition.
ExprId Checker::filter_of(syntax::RowsId id, core::Source& source, std::uint32_t slot) {
  const syntax::Rows& written = (*ast_)[id];
  if (!written.where.valid()) return none;
  const ExprId filter = truth_value(written.where);
  if (filter == none) return none;
  const core::Expr& x = program_.exprs[filter];
  if (source.start != none || !source.hops.empty()) return filter;
  std::vector<ExprId> terms, rest;
  if (x.op == Op::and_) terms.assign(program_.args.begin() + x.args, program_.args.begin() + x.args + x.count);
  else terms = {filter};
  for (const ExprId term : terms) {
    const core::Expr& t = program_.exprs[term];
    bool taken = false;
    if (t.op == Op::compare && static_cast<core::CmpOp>(t.a) == core::CmpOp::is)
      for (const int side : {0, 1}) {
        const ExprId mine = program_.args[t.args + side], other = program_.args[t.args + 1 - side];
        const core::Expr& m = program_.exprs[mine];
        const bool keyed = m.type.kind == Kind::text || m.type.kind == Kind::ref || m.type.kind == Kind::integer;
        if (taken || m.op != Op::column || !keyed || reads_slot(other, slot)) continue;
        const core::Expr& ref = program_.exprs[program_.args[m.args]];
        if (ref.op != Op::row || ref.a != slot || schema_.entities[source.entity].columns[m.a].kind == ColumnKind::computed) continue;
        source.same.push_back({m.a, other});
        taken = true;
      }
    if (!taken) rest.push_back(term);
  }
  return all(std::move(rest));
}

Val Checker::lower_aggregate(const Expr& e, const Type* expected) {
  const FoldKind kind = fold_kind(e.fold);
  const Expr* value = e.args.empty() ? nullptr : &(*ast_)[e.args[0]];
  Fold fold;
  fold.kind = kind;
  if (!begin_rows(e.rows, fold.source, fold.slot, value)) return {};
  bool bad = false;
  const bool has_filter = (*ast_)[e.rows].where.valid();
  const ExprId filter = filter_of(e.rows, fold.source, fold.slot);
  bad |= has_filter && filter == none && fold.source.same.empty();
  Type result = boolean_type();
  Val v;
  const bool condition = kind == FoldKind::share || kind == FoldKind::every;
  if (condition && value) {
    fold.value = truth_value(e.args[0]);
    bad |= fold.value == none;
    if (kind == FoldKind::share) result = type_of(Kind::ratio);
  } else if (value) {
    if (fold.source.entity != none && schema_.entities[fold.source.entity].origin == EntityOrigin::remedy && value->kind == ExprKind::path && value->path.segments.size() == 2 && find_remedy(value->path.segments[0].text)) {
      const auto m = member(row(fold.slot, fold.source.entity), value->path.segments[1].text, value);
      if (m) v = *m;
      else unknown(Code::unknown_column, value->span, value->path.segments[1].text, {}, {value->path.segments[0].text});
    } else {
      v = lower(e.args[0], expected && expected->kind == Kind::ratio ? nullptr : expected);
    }
    bad |= !v.ok();
    if (v.interval) { error(Code::type_mismatch, value->span, {"interval", "value"}); bad = true; }
    fold.value = v.id;
    result = v.type;
    const bool summable = v.type.kind == Kind::integer || v.type.kind == Kind::decimal || v.type.kind == Kind::money || v.type.kind == Kind::percent || v.type.kind == Kind::duration;
    if (!bad && kind == FoldKind::sum && !summable) { error(Code::type_mismatch, value->span, {describe(v), "number"}); bad = true; }
  }
  if (kind == FoldKind::average && !bad) {
    if (!is_number(v.type.kind) || v.type.scale > most_mean_places) { error(Code::type_mismatch, value->span, {describe(v), "number"}); bad = true; }
    fold.n = v.type.scale;
    result = mean_of(v.type);
  }
  if (kind == FoldKind::count) result = type_of(Kind::integer);
  if (kind == FoldKind::consecutive) {
    fold.value = filter == none ? truth_constant(true) : filter;
    fold.n = e.number;
  } else {
    fold.filter = filter;
  }
  const bool grouped = !fold.source.hops.empty() && fold.source.hops.back().kind == core::Hop::members && fold.filter == none;
  close_rows();
  if (bad) return {};
  if (e.if_none.valid()) {
    fold.if_none = demand(lower(e.if_none, &result), result, (*ast_)[e.if_none].span);
    if (fold.if_none == none) return {};
  } else if ((kind == FoldKind::highest || kind == FoldKind::lowest || kind == FoldKind::only || kind == FoldKind::share || kind == FoldKind::average) && !grouped) {
    error(Code::if_none_needed, e.span);
    return {};
  }
  program_.folds.push_back(fold);
  ExprId x = emit(Op::fold, result, static_cast<std::uint32_t>(program_.folds.size() - 1), {}, &e);
  if (e.fold == syntax::Fold::no) x = negation(x, &e);
  return {x, result};
}

// `E in bottom 10% among ROWS`: the row in sight is one of ROWS, and those that stand under it, itself included, are at most so
// large a share of them. With ties included nobody of equal value stands under it; with ties excluded all of them do.
Val Checker::lower_rank(const Expr& e) {
  const Type ratio = type_of(Kind::ratio);
  const Val own = lower(e.args[0]);
  const ExprId tail = demand(lower(e.args[1], &ratio), ratio, (*ast_)[e.args[1]].span);
  if (!own.ok() || tail == none) return {};
  if (own.interval || (!is_number(own.type.kind) && own.type.kind != Kind::date)) { error(Code::type_mismatch, e.span, {describe(own), "number"}); return {}; }
  Fold under;
  under.kind = FoldKind::share;
  // The same words are said of this row and of each of the others, so that no name is needed to keep them apart.
  bool bad = !begin_rows(e.rows, under.source, under.slot, nullptr, true);
  if (bad) return {};
  Frame others = std::move(frames_.back());
  frames_.pop_back();
  const auto ref = row_of(under.source.entity);
  frames_.push_back(std::move(others));
  if (!ref) { error(Code::no_rows_here, (*ast_)[e.rows].path.span, {schema_.entities[under.source.entity].id}); bad = true; }
  const bool has_filter = (*ast_)[e.rows].where.valid();
  under.filter = filter_of(e.rows, under.source, under.slot);
  bad |= has_filter && under.filter == none && under.source.same.empty();
  const Val other = lower(e.args[0]);
  bad |= !other.ok();
  if (!bad) {
    const bool bottom = e.kind == ExprKind::in_bottom;
    const core::CmpOp op = bottom ? (e.ties_included ? core::CmpOp::under : core::CmpOp::at_most) : (e.ties_included ? core::CmpOp::over : core::CmpOp::at_least);
    const ExprId itself = compare(core::CmpOp::is, row(under.slot, under.source.entity), *ref);
    under.value = any({itself, compare(op, other.id, own.id)});
    const syntax::Rows& rows = (*ast_)[e.rows];
    Fold among = under;
    among.kind = FoldKind::exists;
    among.value = none;
    among.filter = all({under.filter, itself});
    Cell one = known(1);
    one.lo_den = one.hi_den = 1;
    close_rows();
    under.if_none = constant(one, ratio);
    ExprId one_of_them = none;
    if (rows.whole && under.source.hops.empty()) {   // of a whole population it is one where the condition holds of it
      frames_.push_back({{{*ref, under.source.entity, rows.alias.text}}, true});
      if (has_filter) one_of_them = truth_value(rows.where);
      frames_.pop_back();
    } else {
      program_.folds.push_back(among);
      one_of_them = emit(Op::fold, boolean_type(), static_cast<std::uint32_t>(program_.folds.size() - 1), {});
    }
    program_.folds.push_back(under);
    const ExprId share = emit(Op::fold, ratio, static_cast<std::uint32_t>(program_.folds.size() - 1), {}, &e);
    return {all({one_of_them, compare(core::CmpOp::at_most, share, tail)}, &e), boolean_type()};
  }
  close_rows();
  return {};
}

Val Checker::lower_call(const Expr& e, const Type* expected) {
  (void)expected;
  const auto& segments = e.path.segments;
  const std::string& name = segments.back().text;
  const auto ledger = ledgers_.find(name), timeline = timelines_.find(name);
  const auto stages = stage_names_.find(name);
  if (ledger != ledgers_.end() || timeline != timelines_.end() || stages != stage_names_.end()) {
    const EntityId owner = stages != stage_names_.end() ? stages_[stages->second].owner : ledger != ledgers_.end() ? program_.ledgers[ledger->second].owner : program_.timelines[timeline->second].owner;
    ExprId ref = none;
    if (segments.size() > 1) {
      Expr prefix = e;
      prefix.kind = ExprKind::path;
      prefix.path.segments.pop_back();
      const Val v = lower_path(prefix, nullptr);
      if (!v.ok()) return {};
      for (ref = v.id; v.type.kind == Kind::ref && entity_of(ref) != owner && schema_.entities[entity_of(ref)].parent != none;) ref = parent(ref);
      if (v.type.kind != Kind::ref || entity_of(ref) != owner) { error(Code::type_mismatch, e.span, {describe(v), schema_.entities[owner].id}); return {}; }
    } else if (const auto found = row_of(owner)) {
      ref = *found;
    } else {
      error(Code::no_rows_here, e.span, {schema_.entities[owner].id}).hint = false;
      return {};
    }
    if (e.args.size() != 1) { error(Code::wrong_argument_count, e.span, {name, "1", std::to_string(e.args.size())}); return {}; }
    const Type date = type_of(Kind::date);
    const ExprId day = demand(lower(e.args[0], &date), date, (*ast_)[e.args[0]].span);
    if (day == none) return {};
    if (stages != stage_names_.end()) return stage_at(stages->second, ref, day, e);
    if (ledger != ledgers_.end()) {
      const Type t = program_.ledgers[ledger->second].type;
      return {emit(Op::balance_at, t, ledger->second, {ref, day}, &e), t};
    }
    const Type t = type_of(Kind::choice, program_.timelines[timeline->second].states);
    return {emit(Op::state_at, t, timeline->second, {ref, day}, &e), t};
  }
  if (segments.size() > 1) { unknown(Code::unknown_name, e.span, e.path.text(), names_in_sight()); return {}; }
  if (const auto table = tables_.find(name); table != tables_.end()) return lower_table(table->second, e);
  if (const auto macro = macros_.find(name); macro != macros_.end()) return expand(macro->second, e);
  if (auto interval = interval_call(name, e.args, e.span)) return *interval;
  return lower_function(e, name);
}

// Values that are a stretch of days: periods, `interval(a, b)`.
std::optional<Val> Checker::interval_call(const std::string& name, const std::vector<syntax::ExprId>& args, Span span) {
  const Type date = type_of(Kind::date);
  const auto day = [&](std::size_t i) { return demand(lower(args[i], &date), date, (*ast_)[args[i]].span); };
  Val v;
  v.interval = true;
  const bool year = one_of(name, {"calendar_year", "自然年"}), month = one_of(name, {"month", "月份"});
  if (year || month) {
    if (args.size() != 1) { error(Code::wrong_argument_count, span, {name, "1", std::to_string(args.size())}); return Val{}; }
    const ExprId d = day(0);
    if (d == none) return Val{};
    v.from = emit(year ? Op::year_start : Op::month_start, date, none, {d});
    v.until = emit(year ? Op::year_end : Op::month_end, date, none, {d});
    return v;
  }
  if (one_of(name, {"interval", "区间"})) {
    if (args.size() != 2) { error(Code::wrong_argument_count, span, {name, "2", std::to_string(args.size())}); return Val{}; }
    v.from = day(0), v.until = day(1);
    return v.from == none || v.until == none ? Val{} : v;
  }
  if (const auto p = periods_.find(name); p != periods_.end()) {
    const syntax::Ast* before = ast_;
    ast_ = p->second.ast;
    v.from = demand(lower(p->second.decl->from, &date), date, p->second.decl->name.span);
    v.until = demand(lower(p->second.decl->to, &date), date, p->second.decl->name.span);
    ast_ = before;
    if (v.from == none || v.until == none) return Val{};
    if (p->second.decl->end == syntax::EndKind::through) v.until = emit(Op::shift, date, none, {v.until, constant(known(1), type_of(Kind::duration, none, duration_kind::days))});
    return v;
  }
  return std::nullopt;
}

Val Checker::lower_function(const Expr& e, const std::string& name) {
  const Type date = type_of(Kind::date), integer = type_of(Kind::integer);
  const auto arity = [&](std::size_t n) {
    if (e.args.size() == n) return true;
    error(Code::wrong_argument_count, e.span, {name, std::to_string(n), std::to_string(e.args.size())});
    return false;
  };
  const auto day = [&](std::size_t i) { return demand(lower(e.args[i], &date), date, (*ast_)[e.args[i]].span); };
  for (const auto& [names, op] : {std::pair{std::vector<std::string>{"year", "年"}, Op::year}, {std::vector<std::string>{"month_of", "月"}, Op::month}, {std::vector<std::string>{"day_of", "日"}, Op::day}})
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      if (!arity(1)) return {};
      const ExprId d = day(0);
      return d == none ? Val{} : Val{emit(op, integer, none, {d}, &e), integer};
    }
  if (one_of(name, {"age", "年龄"})) {
    if (!arity(2)) return {};
    const ExprId born = day(0), at = day(1);
    return born == none || at == none ? Val{} : Val{emit(Op::age, integer, none, {born, at}, &e), integer};
  }
  // The first and the last day inside a period.
  for (const bool first : {true, false})
    if (first ? one_of(name, {"first_day", "首日"}) : one_of(name, {"last", "末日"})) {
      if (!arity(1)) return {};
      const Val period = lower(e.args[0]);
      if (!period.ok()) return {};
      if (!period.interval) { error(Code::type_mismatch, e.span, {describe(period), "interval"}); return {}; }
      if (first) return {period.from, date};
      return {emit(Op::shift_back, date, none, {period.until, constant(known(1), type_of(Kind::duration, none, duration_kind::days))}, &e), date};
    }
  if (one_of(name, {"overlaps", "重合"})) {
    if (!arity(2)) return {};
    const Val a = lower(e.args[0]), b = lower(e.args[1]);
    if (!a.ok() || !b.ok()) return {};
    if (!a.interval || !b.interval) { error(Code::type_mismatch, e.span, {describe(a.interval ? b : a), "interval"}); return {}; }
    return {all({compare(core::CmpOp::under, a.from, b.until, &e), compare(core::CmpOp::under, b.from, a.until, &e)}, &e), boolean_type()};
  }
  if (one_of(name, {"least", "greatest", "最小者", "最大者"})) {
    if (e.args.size() < 2) { arity(2); return {}; }
    const Op op = one_of(name, {"least", "最小者"}) ? Op::least : Op::greatest;
    std::vector<Val> values;
    for (const auto arg : e.args) {
      values.push_back(lower(arg, values.empty() || values.front().interval ? nullptr : &values.front().type));
      if (!values.back().ok()) return {};
    }
    // By pairs, so that a long list makes no deep expression.
    while (values.size() > 1) {
      std::vector<Val> pairs;
      for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
        Val a = values[i], b = values[i + 1];
        if (!unify(a, b, e.span)) return {};
        const Kind kind = a.type.kind;
        if (kind == Kind::ratio || kind == Kind::boolean || kind == Kind::choice || kind == Kind::text || kind == Kind::ref || b.type.kind == Kind::ratio) {
          error(Code::type_mismatch, e.span, {describe(a), "number"});
          return {};
        }
        pairs.push_back({emit(op, a.type, none, {a.id, b.id}, &e), a.type});
      }
      if (values.size() % 2 != 0) pairs.push_back(values.back());
      values = std::move(pairs);
    }
    return values.front();
  }
  if (one_of(name, {"rounded", "舍入"})) {
    if (!arity(3)) return {};
    const Val x = lower(e.args[0]);
    if (!x.ok()) return {};
    const bool roundable = !x.interval && (x.type.kind == Kind::decimal || x.type.kind == Kind::money || x.type.kind == Kind::percent || x.type.kind == Kind::ratio || x.type.kind == Kind::integer);
    if (!roundable) { error(Code::type_mismatch, e.span, {describe(x), "number"}); return {}; }
    // `to`: a number of places, or the smallest amount (0.01元, 1元).
    const Expr& to = (*ast_)[e.args[1]];
    std::int64_t places = -1;
    if (to.kind == ExprKind::quantity && to.unit.empty() && parse_fixed(to.text, 0, places) == Parse::ok) {
    } else if (to.kind == ExprKind::quantity) {
      const auto point = to.text.find('.');
      places = point == std::string::npos ? 0 : static_cast<std::int64_t>(to.text.size() - point - 1);
    }
    const Expr& how = (*ast_)[e.args[2]];
    const std::string way = how.kind == ExprKind::path ? how.path.text() : how.text;
    static const std::vector<std::pair<std::string, core::Rounding>> ways = {{"half_up", core::Rounding::half_up}, {"四舍五入", core::Rounding::half_up}, {"half_even", core::Rounding::half_even},
        {"四舍六入五成双", core::Rounding::half_even}, {"down", core::Rounding::down}, {"舍去", core::Rounding::down}, {"up", core::Rounding::up}, {"进位", core::Rounding::up}};
    const auto hit = std::find_if(ways.begin(), ways.end(), [&](const auto& w) { return w.first == way; });
    if (places < 0 || places > 12) { error(Code::not_a_constant, to.span); return {}; }
    if (hit == ways.end()) { unknown(Code::unknown_name, how.span, way, {"half_up", "half_even", "down", "up", "四舍五入", "舍去", "进位"}); return {}; }
    Type t = x.type;
    if (is_mean(t)) t = averaged(t);
    else if (t.kind == Kind::ratio) t = type_of(Kind::decimal);
    if (t.kind == Kind::integer) t.kind = Kind::decimal;
    // Money is paid in fen: it keeps at least two places in its type, the rest is zeros.
    t.scale = static_cast<std::uint8_t>(places);
    ExprId r = emit(Op::round, t, static_cast<std::uint32_t>(hit->second), {x.id}, &e);
    if (t.kind == Kind::money && t.scale < 2) {
      Type fen = t;
      fen.scale = 2;
      r = emit(Op::rescale, fen, none, {r}, &e);
      t = fen;
    }
    return {r, t};
  }
  auto candidates = names_in_sight();
  for (const char* f : {"year", "age", "overlaps", "interval", "least", "greatest", "rounded", "calendar_year", "年", "年龄", "重合", "区间", "自然年"}) candidates.push_back(f);
  unknown(Code::unknown_name, segments_span(e), name, candidates);
  return {};
}

// ── propositions ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Val Checker::lower_items(const Expr& e) {
  std::vector<std::uint32_t> nodes;
  const auto children_of = [&](std::uint32_t n) {
    for (const auto c : tree_[n].children)
      if (numbered(tree_[c]) && tree_[c].status != document::TextStatus::recorded) nodes.push_back(c);
  };
  if (e.addresses.empty()) children_of(node_);
  else for (const auto n : tree_.resolve(node_, e.addresses, diagnostics_)) children_of(n);
  const auto excepted = tree_.resolve(node_, e.except, diagnostics_);
  std::vector<ExprId> terms;
  for (const auto n : nodes) {
    if (std::find(excepted.begin(), excepted.end(), n) != excepted.end()) continue;
    const ExprId p = proposition_on(n, none, e.span);
    if (p == none) return {};
    terms.push_back(p);
    if (e.kind != ExprKind::all_items) continue;
    // Where all items are asked for, one that is not part of the text that day or does not apply does not stand in the way.
    Scope here;
    if (!frames_.empty()) here.frame = frames_.back();
    if (const ExprId there = in_text(n, here); there != none) terms.back() = any({p, negation(there)}, &e);
  }
  if (terms.empty()) {
    error(Code::no_condition, e.span, {node_ == document::no_node ? "" : tree_[node_].address});
    return {};
  }
  if (e.kind == ExprKind::count_items) {   // an item whose condition is not known may count
    const Type integer = type_of(Kind::integer);
    const ExprId one = constant(known(1), integer), zero = constant(known(0), integer);
    ExprId sum = none;
    for (const ExprId term : terms) {
      const ExprId counted = emit(Op::select, integer, none, {term, one, zero});
      sum = sum == none ? counted : emit(Op::add, integer, none, {sum, counted});
    }
    if (program_.exprs[sum].origin == none) program_.exprs[sum].origin = origin(&e);
    return {sum, integer};
  }
  if (e.kind == ExprKind::any_item) return {any(std::move(terms), &e), boolean_type()};
  return {all(std::move(terms), &e), boolean_type()};
}

Val Checker::lower_meets(const Expr& e) {
  const Val subject = lower(e.args[0]);
  if (!subject.ok()) return {};
  const auto nodes = tree_.resolve(node_, e.addresses, diagnostics_);
  if (nodes.empty()) return {};
  // The cause of a span meets an address when the clause that made the span stands there.
  if (!subject.interval && subject.type.kind == Kind::choice)
    for (const auto& timeline : program_.timelines) {
      const auto& cause = schema_.entities[timeline.spans].columns[core::span_col::cause];
      if (cause.type != subject.type) continue;
      cause_tests_.push_back({subject.id, nodes, &timeline - program_.timelines.data()});
      const auto slot = static_cast<std::uint32_t>(program_.remaps.size());
      program_.remaps.push_back({});   // filled once all grounds are known
      cause_tests_.back().remap = slot;
      if (membership_enum_ == none) {
        schema_.enums.push_back({"§member", "", false, {{"out", ""}, {"in", ""}}});
        membership_enum_ = static_cast<std::uint32_t>(schema_.enums.size() - 1);
      }
      const Type two = type_of(Kind::choice, membership_enum_);
      const ExprId mapped = emit(Op::remap, two, slot, {subject.id}, &e);
      return {compare(core::CmpOp::is, mapped, constant(choice_of(2), two), &e), boolean_type()};
    }
  if (subject.interval || subject.type.kind != Kind::ref) { error(Code::type_mismatch, e.span, {describe(subject), "row"}); return {}; }
  std::vector<ExprId> terms;
  for (const auto n : nodes) {
    const ExprId p = proposition_on(n, subject.id, e.span);
    if (p == none) return {};
    terms.push_back(p);
  }
  return {any(std::move(terms), &e), boolean_type()};
}

}  // namespace tiao::check
