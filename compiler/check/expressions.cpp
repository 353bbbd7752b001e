// Expressions: literals, names, arithmetic, comparisons, choices. Types and units are settled here.
#include "compiler/check/checker.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"

namespace tiao::check {

using core::CmpOp;
using syntax::Expr;
using syntax::ExprKind;

namespace {

bool one_of(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return name == w; });
}


CmpOp comparison(syntax::Op op) {
  switch (op) {
    case syntax::Op::is_not: return CmpOp::is_not;
    case syntax::Op::at_least: case syntax::Op::on_or_after: return CmpOp::at_least;
    case syntax::Op::at_most: case syntax::Op::on_or_before: return CmpOp::at_most;
    case syntax::Op::over: case syntax::Op::after: return CmpOp::over;
    case syntax::Op::under: case syntax::Op::before: return CmpOp::under;
    default: return CmpOp::is;
  }
}

}  // namespace

ExprId Checker::demand(Val v, const Type& type, Span span, const Expr* written) {
  if (!v.ok()) return none;
  if (!v.interval && v.type == type) return v.id;
  if (!v.interval) {
    const Type& t = v.type;
    const bool widens = t.scale <= type.scale && (t.kind == type.kind || (t.kind == Kind::integer && type.kind == Kind::decimal)) && (t.of == type.of || (t.kind == Kind::integer && t.of == none));
    if (is_number(t.kind) && is_number(type.kind) && widens && (t.of == type.of || type.of == none)) {
      if (const Cell* c = constant_of(v.id); c && c->lo == c->hi) {
        std::int64_t factor = 1;
        for (int i = t.scale; i < type.scale; ++i) factor *= 10;
        std::int64_t scaled;
        if (!__builtin_mul_overflow(c->lo, factor, &scaled)) return constant(known(scaled), type, written);
      }
      return emit(Op::rescale, type, none, {v.id}, written);
    }
    if (is_mean(type) && is_number(t.kind)) {
      const Type of = averaged(type);
      const bool same = t.of == of.of && (t.kind == of.kind || (t.kind == Kind::integer && of.kind == Kind::decimal) || (t.kind == Kind::decimal && of.kind == Kind::integer));
      std::int64_t unit = 1;
      for (int i = 0; i < t.scale; ++i) unit *= 10;
      if (same) return emit(Op::ratio, type, none, {v.id, constant(known(unit), t)}, written);
    }
    if (t.kind == Kind::percent && type.kind == Kind::ratio && !is_mean(type)) return emit(Op::as_ratio, type, none, {v.id}, written);
    if (t.kind == Kind::duration && type.kind == Kind::duration) {
      if (type.scale == duration_kind::mixed || constant_of(v.id) != nullptr)
        if (const Cell* c = constant_of(v.id); c && (c->lo == unstated_duration || c->lo == 0 || type.scale == duration_kind::mixed)) return constant(*c, type, written);
      if (type.scale == duration_kind::mixed) return emit(Op::rescale, type, none, {v.id}, written);
      error(Code::durations_do_not_compare, span);
      return none;
    }
    if (t.kind == Kind::choice && type.kind == Kind::choice) {
      const Enum &from = schema_.enums[t.of], &to = schema_.enums[type.of];
      std::vector<std::uint8_t> map;
      for (const auto& value : from.values) {
        const auto hit = enum_value(type.of, value.id);
        if (!hit) break;
        map.push_back(static_cast<std::uint8_t>(*hit));
      }
      if (map.size() == from.values.size() && !to.values.empty()) {
        program_.remaps.push_back(map);
        return emit(Op::remap, type, static_cast<std::uint32_t>(program_.remaps.size() - 1), {v.id}, written);
      }
    }
    if (is_number(t.kind) && is_number(type.kind) && t.kind == type.kind && t.of != type.of) {
      const auto unit = [&](std::uint32_t u) { return u == none ? std::string("-") : schema_.units[u].label.empty() ? schema_.units[u].id : schema_.units[u].label; };
      error(Code::units_do_not_mix, span, {unit(t.of), unit(type.of)});
      return none;
    }
  }
  error(Code::type_mismatch, span, {describe(v), type_name(schema_, type)});
  return none;
}

bool Checker::unify(Val& a, Val& b, Span span) {
  if (!a.ok() || !b.ok()) return false;
  if (a.interval || b.interval) {
    error(Code::types_do_not_mix, span, {describe(a), describe(b)});
    return false;
  }
  Type &s = a.type, &t = b.type;
  if (s == t) return true;
  if (is_mean(s) != is_mean(t)) {
    const Type mean = is_mean(s) ? s : t;
    a.id = demand(a, mean, span), b.id = demand(b, mean, span);
    a.type = b.type = mean;
    return a.id != none && b.id != none;
  }
  if (is_mean(s)) {
    error(Code::types_do_not_mix, span, {describe(a), describe(b)});
    return false;
  }
  const bool ratios = (s.kind == Kind::ratio || s.kind == Kind::percent) && (t.kind == Kind::ratio || t.kind == Kind::percent);
  if (ratios && s.kind != t.kind) return true;   // compared by cross-multiplication
  if (s.kind == Kind::ratio || t.kind == Kind::ratio) {
    const Val& other = s.kind == Kind::ratio ? b : a;
    if (is_number(other.type.kind)) {
      const Cell* c = constant_of(other.id);
      auto& d = error(Code::percent_not_number, span);
      d.hint = c != nullptr;
      if (c) d.hint_args = {std::to_string(c->lo * 100)};
      return false;
    }
  }
  if (s.kind == Kind::duration && t.kind == Kind::duration) {
    const auto neutral = [&](const Val& v) { const Cell* c = constant_of(v.id); return c && (c->lo == 0 || c->lo == unstated_duration); };
    if (neutral(a)) { s = t; return true; }
    if (neutral(b)) { t = s; return true; }
    error(Code::durations_do_not_compare, span);
    return false;
  }
  if (is_number(s.kind) && is_number(t.kind)) {
    const bool mixable = s.kind == t.kind || (s.kind == Kind::integer && t.kind == Kind::decimal) || (s.kind == Kind::decimal && t.kind == Kind::integer);
    if (mixable && s.of != t.of) {
      const auto unit = [&](std::uint32_t u) { return u == none ? std::string("-") : schema_.units[u].label.empty() ? schema_.units[u].id : schema_.units[u].label; };
      error(Code::units_do_not_mix, span, {unit(s.of), unit(t.of)});
      return false;
    }
    if (mixable) {
      Type wide = s.kind == Kind::decimal ? s : t.kind == Kind::decimal ? t : s;
      wide.scale = std::max(s.scale, t.scale);
      a.id = demand(a, wide, span), b.id = demand(b, wide, span);
      a.type = b.type = wide;
      return a.id != none && b.id != none;
    }
  }
  if (s.kind == Kind::choice && t.kind == Kind::choice) {
    const ExprId moved = demand(b, s, span);
    if (moved == none) return false;
    b = {moved, s};
    return true;
  }
  error(Code::types_do_not_mix, span, {describe(a), describe(b)});
  return false;
}

ExprId Checker::truth_value(syntax::ExprId id) {
  if (!id.valid()) return none;
  const Type want = boolean_type();
  return demand(lower(id, &want), want, (*ast_)[id].span);
}

Val Checker::enum_constant(const Type& type, const std::string& name, Span span, const Expr* written, bool report) {
  if (const auto value = enum_value(type.of, name)) return {constant(choice_of(std::uint64_t{1} << *value), type, written), type};
  if (report) {
    const Enum& e = schema_.enums[type.of];
    std::string list;
    for (const auto& v : e.values) list += (list.empty() ? "" : "、") + (v.label.empty() ? v.id : v.label);
    auto& d = error(Code::unknown_value, span, {name, e.label.empty() ? e.id : e.label});
    d.hint_args = {list};
  }
  return {};
}

Val Checker::lower(syntax::ExprId id, const Type* expected) {
  const Expr& e = (*ast_)[id];
  switch (e.kind) {
    case ExprKind::quantity: return lower_quantity(e, expected);
    case ExprKind::date: return {constant(date_value(e.date), type_of(Kind::date), &e), type_of(Kind::date)};
    case ExprKind::string: {
      auto& strings = schema_.strings;
      const auto hit = std::find(strings.begin(), strings.end(), e.text);
      const auto index = hit - strings.begin();
      if (hit == strings.end()) strings.push_back(e.text);
      return {constant(known(index), type_of(Kind::text), &e), type_of(Kind::text)};
    }
    case ExprKind::true_: return {constant(of(Truth::yes), boolean_type(), &e), boolean_type()};
    case ExprKind::false_: return {constant(of(Truth::no), boolean_type(), &e), boolean_type()};
    case ExprKind::never: return {constant(known(never_day), type_of(Kind::date), &e), type_of(Kind::date)};
    case ExprKind::unstated: {
      const Type t = expected && (expected->kind == Kind::date || expected->kind == Kind::duration) ? *expected : type_of(Kind::duration);
      return {constant(known(t.kind == Kind::date ? unstated_day : unstated_duration), t, &e), t};
    }
    case ExprKind::unknown: return lower_unknown(e, expected);
    case ExprKind::this_: {
      const auto ref = this_row();
      if (!ref) { error(Code::no_scope, e.span); return {}; }
      if (!e.path.given()) return {*ref, type(*ref)};
      Val v{*ref, type(*ref)};
      for (const auto& segment : e.path.segments) {
        const ExprId from = v.id;
        auto next = v.id != none && v.type.kind == Kind::ref ? member(from, segment.text, &e) : std::nullopt;
        // `this.x` reaches what the row itself reaches: its parents' columns too.
        for (ExprId up = from; !next && up != none && schema_.entities[entity_of(up)].parent != none;) next = member(up = parent(up), segment.text, &e);
        if (!next) {
          std::vector<std::string> candidates;
          if (v.type.kind == Kind::ref) for (const auto& c : schema_.entities[v.type.of].columns) candidates.push_back(c.id), candidates.push_back(c.label);
          unknown(Code::unknown_column, segment.span, segment.text, candidates, {describe(v)});
          return {};
        }
        v = *next;
        if (!v.ok()) return {};
      }
      return v;
    }
    case ExprKind::path: return lower_path(e, expected);
    case ExprKind::call: return lower_call(e, expected);
    case ExprKind::aggregate: return lower_aggregate(e, expected);
    case ExprKind::suspected: {
      syntax::Path path = e.path;
      path.segments.back().text = path.segments.back().text;
      Expr copy = e;
      const auto find_suspected = [&](ExprId ref) -> Val {
        const Entity& entity = schema_.entities[entity_of(ref)];
        const auto c = entity.find(path.segments.back().text);
        const auto s = c ? entity.find("suspected:" + entity.columns[*c].id) : std::nullopt;
        return s ? Val{column(ref, *s, &e), boolean_type()} : Val{};
      };
      if (path.segments.size() == 1) {
        for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
          for (const RowView& view : frame->views)
            for (ExprId ref = view.ref;; ref = parent(ref)) {
              if (const Val v = find_suspected(ref); v.ok()) return v;
              if (schema_.entities[entity_of(ref)].parent == none) break;
            }
      } else {
        copy.kind = ExprKind::path;
        copy.path.segments.pop_back();
        const Val row = lower_path(copy, nullptr);
        if (row.ok() && row.type.kind == Kind::ref)
          if (const Val v = find_suspected(row.id); v.ok()) return v;
      }
      unknown(Code::unknown_name, e.span, path.text(), names_in_sight());
      return {};
    }
    case ExprKind::any_item: case ExprKind::all_items: case ExprKind::count_items: return lower_items(e);
    case ExprKind::breach_of: {
      const auto nodes = tree_.resolve(node_, e.addresses, diagnostics_);
      if (nodes.empty()) return {};
      std::vector<ExprId> terms;
      for (const auto n : nodes) {
        const ExprId b = breach(n, e.span);
        if (b == none) return {};
        terms.push_back(b);
      }
      return {any(std::move(terms), &e), boolean_type()};
    }
    case ExprKind::address: {
      const auto nodes = tree_.resolve(node_, e.addresses, diagnostics_);
      std::vector<ExprId> terms;
      for (const auto n : nodes) {
        const ExprId p = proposition_on(n, none, e.span);
        if (p == none) return {};
        terms.push_back(p);
      }
      if (nodes.empty()) return {};
      return {any(std::move(terms), &e), boolean_type()};
    }
    case ExprKind::not_: {
      const ExprId x = truth_value(e.args[0]);
      return x == none ? Val{} : Val{negation(x, &e), boolean_type()};
    }
    case ExprKind::and_: case ExprKind::or_: {
      std::vector<ExprId> terms;
      bool bad = false;
      for (const auto a : e.args) {
        const ExprId x = truth_value(a);
        bad |= x == none;
        terms.push_back(x);
      }
      if (bad) return {};
      if (e.kind == ExprKind::or_) return {any(std::move(terms), &e), boolean_type()};
      const ExprId x = all(std::move(terms), &e);
      return {x == none ? truth_constant(true) : x, boolean_type()};
    }
    case ExprKind::negate: {
      const Val v = lower(e.args[0], expected);
      if (!v.ok()) return {};
      if (v.interval || (!is_number(v.type.kind) && v.type.kind != Kind::duration)) { error(Code::type_mismatch, e.span, {describe(v), "number"}); return {}; }
      const bool unstated = v.type.kind == Kind::duration;   // has no opposite; what has one is a plain number
      if (const Cell* c = constant_of(v.id); c && c->lo == c->hi && !(unstated && c->lo == unstated_duration)) return {constant(known(-c->lo), v.type, &e), v.type};
      return {emit(Op::neg, v.type, none, {v.id}, &e), v.type};
    }
    case ExprKind::add: case ExprKind::subtract: case ExprKind::multiply: case ExprKind::divide: return lower_arithmetic(e, expected);
    case ExprKind::compare: return lower_compare(e);
    case ExprKind::in_range: case ExprKind::in_set: case ExprKind::in_period: return lower_range_test(e);
    case ExprKind::meets: return lower_meets(e);
    case ExprKind::is_set: {
      const Expr& what = (*ast_)[e.args[0]];
      const auto p = what.kind == ExprKind::path ? parameters_.find(what.path.text()) : parameters_.end();
      if (p == parameters_.end()) { unknown(Code::unknown_name, what.span, what.path.text(), names_in_sight()); return {}; }
      return {emit(Op::is_set, boolean_type(), p->second, {}, &e), boolean_type()};
    }
    case ExprKind::in_bottom: case ExprKind::in_top:
      return lower_rank(e);
    case ExprKind::conditional: return lower_conditional(e, expected);
    case ExprKind::error: return {};
  }
  return {};
}

Val Checker::lower_quantity(const Expr& e, const Type* expected) {
  const auto point = e.text.find('.');
  const auto places = point == std::string::npos ? 0u : static_cast<unsigned>(e.text.size() - point - 1);
  std::int64_t value = 0;
  if (places > 12 || parse_fixed(e.text, places, value) != Parse::ok) {
    error(Code::number_too_large, e.span, {e.text});
    return {};
  }
  const auto make = [&](std::int64_t v, Type t) { return Val{constant(known(v), t, &e), t}; };
  const auto times = [&](std::int64_t factor, std::int64_t& out) {
    if (!__builtin_mul_overflow(value, factor, &out)) return true;
    error(Code::number_too_large, e.span, {e.text});
    return false;
  };
  const auto scale = static_cast<std::uint8_t>(places);
  if (e.unit.empty()) {
    if (places) return make(value, type_of(Kind::decimal, none, scale));
    return make(value, type_of(Kind::integer));
  }
  if (e.unit == "%" || e.unit == "％") {
    const Type percent = type_of(Kind::percent, none, scale);
    if (e.args.empty()) return make(value, percent);
    const Val of = lower(e.args[0]);   // 30% of E: exact, with as many places as it takes
    if (!of.ok()) return {};
    if (!of.interval && is_mean(of.type))
      if (const Val mean = scaled_average({constant(known(value), percent), percent}, of, e); mean.ok()) return mean;
    if (of.interval || !is_number(of.type.kind)) { error(Code::type_mismatch, e.span, {describe(of), "number"}); return {}; }
    Type t = of.type;
    if (t.kind == Kind::integer) t.kind = Kind::decimal;
    t.scale = static_cast<std::uint8_t>(t.scale + scale + 2);
    return {emit(Op::mul, t, none, {constant(known(value), percent), of.id}, &e), t};
  }
  const std::string& u = e.unit;
  const auto duration = [&](std::int64_t unit, std::uint8_t kind) -> Val {
    std::int64_t v;
    if (places) { error(Code::type_mismatch, e.span, {e.text + u, "duration"}); return {}; }
    if (value > 200000 || !times(unit, v)) { error(Code::number_too_large, e.span, {e.text}); return {}; }
    return make(v, type_of(Kind::duration, none, kind));
  };
  if (one_of(u, {"working days", "working day", "工作日", "个工作日"})) {
    if (places) { error(Code::type_mismatch, e.span, {e.text, "int"}); return {}; }
    return make(value, type_of(Kind::workdays));
  }
  if (const auto unit = find_unit(u)) {
    std::uint32_t base = *unit;
    std::int64_t factor = 1;
    while (schema_.units[base].base != none) factor *= schema_.units[base].factor, base = schema_.units[base].base;
    std::int64_t v;
    if (!times(factor, v)) return {};
    return places ? make(v, type_of(Kind::decimal, base, scale)) : make(v, type_of(Kind::integer, base));
  }
  if (one_of(u, {"years", "year", "年"})) return duration(12 * month_unit, duration_kind::months);
  if (one_of(u, {"months", "month", "个月", "月"})) return duration(month_unit, duration_kind::months);
  if (one_of(u, {"weeks", "week", "周"})) return duration(7, duration_kind::days);
  if (one_of(u, {"days", "day", "天", "日"})) return duration(1, duration_kind::days);
  for (const auto& [names, factor] : {std::pair{std::vector<std::string>{"元", "yuan"}, std::int64_t{1}}, std::pair{std::vector<std::string>{"万元"}, std::int64_t{10000}}, std::pair{std::vector<std::string>{"亿元"}, std::int64_t{100000000}}})
    if (std::find(names.begin(), names.end(), u) != names.end()) {
      std::int64_t v;
      if (!times(factor, v)) return {};
      Type money = type_of(Kind::money, none, 2);
      if (places > 2) {
        std::int64_t shrink = 1;
        for (unsigned i = 2; i < places; ++i) shrink *= 10;
        if (v % shrink == 0) return make(v / shrink, money);
        money.scale = scale;
        return make(v, money);
      }
      for (unsigned i = places; i < 2; ++i)
        if (__builtin_mul_overflow(v, std::int64_t{10}, &v)) { error(Code::number_too_large, e.span, {e.text}); return {}; }
      return make(v, money);
    }
  (void)expected;
  std::vector<std::string> candidates{"元", "万元", "个月", "天", "年", "months", "days", "years"};
  for (const auto& unit : schema_.units) candidates.push_back(unit.id), candidates.push_back(unit.label);
  unknown(Code::unknown_unit, e.span, u, candidates);
  return {};
}

Val Checker::lower_path(const Expr& e, const Type* expected) {
  const auto& segments = e.path.segments;
  if (segments.empty()) return {};
  const std::string& head = segments[0].text;
  std::optional<Val> v = named_value(head, segments.size() == 1 ? &e : nullptr);
  std::size_t i = 1;
  if (!v)
    if (const auto m = macros_.find(head); m != macros_.end() && definitions_[m->second].written->params.empty()) v = expand(m->second, e);
  // A value of the scale it is compared with; a column of another type by the same name could not be meant.
  const bool other_type = v && v->ok() && (v->interval || v->type != *(expected ? expected : &v->type));
  if (segments.size() == 1 && expected && expected->kind == Kind::choice && other_type && enum_value(expected->of, head) && (v->interval || v->type.kind != Kind::choice))
    return enum_constant(*expected, head, e.span, &e, true);
  if (!v && segments.size() == 1 && expected && expected->kind == Kind::choice) return enum_constant(*expected, head, e.span, &e, true);
  // The row of a remedy on the row in sight: record_points.value of an incident.
  if (!v && segments.size() == 2)
    if (const auto r = find_remedy(head)) {
      const auto target = row_of(schema_.remedies[*r].target);
      if (target) {
        core::Fold fold;
        fold.kind = core::FoldKind::only;
        fold.source.start = *target;
        fold.source.hops = {{core::Hop::children, schema_.remedies[*r].rows, none}};
        fold.source.entity = schema_.remedies[*r].rows;
        fold.slot = ++slots_;
        const ExprId ref = row(fold.slot, fold.source.entity);
        const auto value = member(ref, segments[1].text, &e);
        --slots_;
        if (value && value->ok()) {
          fold.value = value->id;
          program_.folds.push_back(fold);
          return {emit(Op::fold, value->type, static_cast<std::uint32_t>(program_.folds.size() - 1), {}, &e), value->type};
        }
      }
    }
  if (!v && segments.size() == 1)
    if (auto period = periods_.count(head) ? interval_call(head, {}, e.span) : std::nullopt) return *period;
  if (!v) {
    auto candidates = names_in_sight();
    if (expected && expected->kind == Kind::choice)
      for (const auto& value : schema_.enums[expected->of].values) candidates.push_back(value.id), candidates.push_back(value.label);
    unknown(Code::unknown_name, segments[0].span, head, candidates);
    return {};
  }
  for (; i < segments.size() && v->ok(); ++i) {
    auto next = !v->interval && v->type.kind == Kind::ref ? member(v->id, segments[i].text, i + 1 == segments.size() ? &e : nullptr) : std::nullopt;
    if (!next) {
      std::vector<std::string> candidates;
      if (v->type.kind == Kind::ref) for (const auto& c : schema_.entities[v->type.of].columns) candidates.push_back(c.id), candidates.push_back(c.label);
      unknown(Code::unknown_column, segments[i].span, segments[i].text, candidates, {describe(*v)});
      return {};
    }
    v = next;
  }
  return *v;
}

// So many times an average is the average of so many times each.
Val Checker::scaled_average(const Val& a, const Val& b, const Expr& e) {
  const bool first = is_mean(a.type);
  const Val &mean = first ? a : b, &times = first ? b : a;
  const bool plain = times.type.kind == Kind::percent || ((times.type.kind == Kind::integer || times.type.kind == Kind::decimal) && times.type.of == none);
  if (!is_mean(mean.type) || !plain || constant_of(times.id) == nullptr) return {};
  const core::Expr x = program_.exprs[mean.id];
  if (x.op != Op::fold || program_.folds[x.a].kind != core::FoldKind::average) return {};
  core::Fold fold = program_.folds[x.a];
  const auto scaled = [&](ExprId value) {
    Type type = program_.exprs[value].type;
    if (type.kind == Kind::integer && times.type.kind != Kind::integer) type.kind = Kind::decimal;
    type.scale = static_cast<std::uint8_t>(type.scale + times.type.scale + (times.type.kind == Kind::percent ? 2 : 0));
    return emit(Op::mul, type, none, {value, times.id});
  };
  fold.value = scaled(fold.value);
  fold.n = program_.exprs[fold.value].type.scale;
  if (fold.n > most_mean_places) return {};
  if (fold.if_none != none) {
    // An answer that is an amount was made a ratio of it; one that is not known stays so.
    const core::Expr answer = program_.exprs[fold.if_none];
    if (answer.op == Op::ratio) fold.if_none = emit(Op::ratio, mean.type, none, {scaled(program_.args[answer.args]), scaled_unit(program_.args[answer.args + 1], times)});
    else if (answer.op != Op::constant || is_known(program_.constants[answer.a], Kind::ratio)) return {};
  }
  program_.folds.push_back(fold);
  return {emit(Op::fold, mean.type, static_cast<std::uint32_t>(program_.folds.size() - 1), {}, &e), mean.type};
}

// The unit of an amount, in the places that its product with `times` has.
ExprId Checker::scaled_unit(ExprId unit, const Val& times) {
  Type type = program_.exprs[unit].type;
  if (type.kind == Kind::integer && times.type.kind != Kind::integer) type.kind = Kind::decimal;
  const int more = times.type.scale + (times.type.kind == Kind::percent ? 2 : 0);
  std::int64_t value = program_.constants[program_.exprs[unit].a].lo;
  for (int i = 0; i < more; ++i) value *= 10;
  type.scale = static_cast<std::uint8_t>(type.scale + more);
  return constant(known(value), type);
}

Val Checker::lower_arithmetic(const Expr& e, const Type* expected) {
  (void)expected;
  Val a = lower(e.args[0]);
  Val b = lower(e.args[1], a.ok() && !a.interval && (e.kind == ExprKind::add || e.kind == ExprKind::subtract) && is_number(a.type.kind) ? &a.type : nullptr);
  if (!a.ok() || !b.ok()) return {};
  if (a.interval || b.interval) { error(Code::types_do_not_mix, e.span, {describe(a), describe(b)}); return {}; }
  const Type s = a.type, t = b.type;
  const auto mismatch = [&] { error(Code::types_do_not_mix, e.span, {describe(a), describe(b)}); return Val{}; };
  const auto result = [&](Op op, Type type, std::uint32_t extra = none) { return Val{emit(op, type, extra, {a.id, b.id}, &e), type}; };
  if (e.kind == ExprKind::add || e.kind == ExprKind::subtract) {
    const bool plus = e.kind == ExprKind::add;
    if (s.kind == Kind::date && t.kind == Kind::duration) return result(plus ? Op::shift : Op::shift_back, s);
    if (plus && s.kind == Kind::duration && t.kind == Kind::date) return {emit(Op::shift, t, none, {b.id, a.id}, &e), t};
    if (s.kind == Kind::date && t.kind == Kind::workdays) {
      if (schema_.calendars.size() != 1) { error(Code::calendar_needed, e.span); return {}; }
      const ExprId days = plus ? b.id : emit(Op::neg, t, none, {b.id});
      return {emit(Op::shift_workdays, s, 0, {a.id, days}, &e), s};
    }
    if (!plus && s.kind == Kind::date && t.kind == Kind::date) return result(Op::difference, type_of(Kind::duration, none, duration_kind::days));
    if (s.kind == Kind::duration && t.kind == Kind::duration) {
      Type type = s;
      if (s.scale != t.scale) type.scale = duration_kind::mixed;
      return result(plus ? Op::add : Op::sub, type);
    }
    if (s.kind == Kind::workdays && t.kind == Kind::workdays) return result(plus ? Op::add : Op::sub, s);
    if (!is_number(s.kind) || !is_number(t.kind)) return mismatch();
    if (!unify(a, b, e.span)) return {};
    return result(plus ? Op::add : Op::sub, a.type);
  }
  if (e.kind == ExprKind::multiply) {
    const auto plain = [](const Type& x) { return (x.kind == Kind::integer || x.kind == Kind::decimal) && x.of == none; };
    if (s.kind == Kind::duration && t.kind == Kind::integer && t.of == none) return result(Op::mul, s);
    if (t.kind == Kind::duration && s.kind == Kind::integer && s.of == none) return {emit(Op::mul, t, none, {b.id, a.id}, &e), t};   // the duration first
    if (const Val mean = scaled_average(a, b, e); mean.ok()) return mean;
    if (!is_number(s.kind) || !is_number(t.kind)) return mismatch();
    // A percentage takes two places more, as in `30% of`.
    if (s.kind == Kind::percent || t.kind == Kind::percent) {
      const Type& amount = s.kind == Kind::percent ? t : s;
      if (amount.kind == Kind::percent) return mismatch();
      Type type = amount;
      if (type.kind == Kind::integer) type.kind = Kind::decimal;
      type.scale = static_cast<std::uint8_t>(s.scale + t.scale + 2);
      return result(Op::mul, type);
    }
    if (!plain(s) && !plain(t)) return mismatch();
    Type type = plain(s) ? t : s;
    if (type.kind == Kind::integer && (s.kind == Kind::decimal || t.kind == Kind::decimal)) type.kind = Kind::decimal;
    type.scale = static_cast<std::uint8_t>(s.scale + t.scale);
    return result(Op::mul, type);
  }
  // division
  if (!is_number(s.kind) || !is_number(t.kind) || !unify(a, b, e.span)) return is_number(s.kind) && is_number(t.kind) ? Val{} : mismatch();
  const Type ratio = type_of(Kind::ratio);
  std::vector<ExprId> args{a.id, b.id};
  if (e.if_none.valid()) {
    const ExprId other = demand(lower(e.if_none, &ratio), ratio, (*ast_)[e.if_none].span);
    if (other == none) return {};
    args.push_back(other);
  } else if (const core::Expr& divisor = program_.exprs[b.id]; divisor.op == Op::column) {
    const Column& c = schema_.entities[entity_of(program_.args[divisor.args])].columns[divisor.a];
    if (c.range_lo <= 0 && c.range_hi >= 0) error(Code::divisor_may_be_zero, e.span);
  }
  return {emit(Op::ratio, ratio, none, std::move(args), &e), ratio};
}

Val Checker::lower_compare(const Expr& e) {
  const Expr& left = (*ast_)[e.args[0]];
  Val a = lower(e.args[0]);
  if (!a.ok()) return {};
  if (e.op == syntax::Op::crosses) {
    const core::Expr& x = program_.exprs[a.id];
    const bool balance = !a.interval && x.op == Op::column && schema_.entities[entity_of(program_.args[x.args])].origin == EntityOrigin::step && x.a == core::step_col::balance;
    if (!balance) { error(Code::crosses_needs_balance, left.span); return {}; }
    const ExprId bound = demand(lower(e.args[1], &a.type), a.type, (*ast_)[e.args[1]].span);
    if (bound == none) return {};
    const ExprId opening = column(program_.args[x.args], core::step_col::opening, nullptr);
    return {all({compare(CmpOp::under, opening, bound, &e), compare(CmpOp::at_least, a.id, bound, &e)}, &e), boolean_type()};
  }
  Val b = lower(e.args[1], a.interval ? nullptr : &a.type);
  if (!b.ok()) return {};
  if (!unify(a, b, e.span)) return {};
  const CmpOp op = comparison(e.op);
  const bool equality = op == CmpOp::is || op == CmpOp::is_not;
  if (a.type.kind == Kind::boolean) {
    if (!equality) { error(Code::type_mismatch, e.span, {"bool", "number"}); return {}; }
    const ExprId same = any({all({a.id, b.id}), all({negation(a.id), negation(b.id)})}, &e);
    const Cell* c = constant_of(b.id);
    ExprId x = c && c->lo == 1 ? a.id : c && c->lo == 2 ? negation(a.id, &e) : same;
    return {op == CmpOp::is ? x : negation(x, &e), boolean_type()};
  }
  if (!equality && (a.type.kind == Kind::text || a.type.kind == Kind::ref)) { error(Code::type_mismatch, e.span, {describe(a), "number"}); return {}; }
  if (!equality && a.type.kind == Kind::choice && !schema_.enums[a.type.of].ordered) {
    const Enum& scale = schema_.enums[a.type.of];
    error(Code::not_ordered, e.span, {scale.label.empty() ? scale.id : scale.label});
    return {};
  }
  if (a.type.kind == Kind::duration && a.type.scale == duration_kind::mixed && !equality) { error(Code::durations_do_not_compare, e.span); return {}; }
  return {compare(op, a.id, b.id, &e), boolean_type()};
}

// Is a choice among the values marked 1? Mapped onto a scale of two so that it is one comparison.
ExprId Checker::in_values(ExprId choice, std::vector<std::uint8_t> marked, const Expr* written) {
  if (membership_enum_ == none) {
    schema_.enums.push_back({"§member", "", false, {{"out", ""}, {"in", ""}}});
    membership_enum_ = static_cast<std::uint32_t>(schema_.enums.size() - 1);
  }
  const Type two = type_of(Kind::choice, membership_enum_);
  auto hit = std::find(program_.remaps.begin(), program_.remaps.end(), marked);
  const auto index = static_cast<std::uint32_t>(hit - program_.remaps.begin());
  if (hit == program_.remaps.end()) program_.remaps.push_back(std::move(marked));
  const ExprId mapped = emit(Op::remap, two, index, {choice}, written);
  return compare(CmpOp::is, mapped, constant(choice_of(2), two), written);
}

Val Checker::lower_conditional(const Expr& e, const Type* expected) {
  const ExprId condition = truth_value(e.args[0]);
  const auto untyped = [&](syntax::ExprId id) {
    const ExprKind k = (*ast_)[id].kind;
    return (k == ExprKind::unknown && !(*ast_)[id].has_range) || k == ExprKind::unstated;
  };
  Val a, b;
  if (!expected && untyped(e.args[1])) {
    b = lower(e.args[2], expected);
    a = lower(e.args[1], b.ok() && !b.interval ? &b.type : nullptr);
  } else {
    a = lower(e.args[1], expected);
    b = lower(e.args[2], expected ? expected : a.ok() && !a.interval ? &a.type : nullptr);
  }
  if (condition == none || !a.ok() || !b.ok()) return {};
  if (a.type.kind == Kind::percent && b.type.kind == Kind::ratio && !is_mean(b.type)) a = {emit(Op::as_ratio, b.type, none, {a.id}), b.type};
  if (b.type.kind == Kind::percent && a.type.kind == Kind::ratio && !is_mean(a.type)) b = {emit(Op::as_ratio, a.type, none, {b.id}), a.type};
  if (!a.interval && !b.interval && a.type.kind == Kind::duration && b.type.kind == Kind::duration && a.type.scale != b.type.scale) {
    Type mixed = type_of(Kind::duration, none, duration_kind::mixed);
    a = {a.id, mixed}, b = {b.id, mixed};
  }
  if (!unify(a, b, e.span)) return {};
  return {emit(Op::select, a.type, none, {condition, a.id, b.id}, &e), a.type};
}

}  // namespace tiao::check
