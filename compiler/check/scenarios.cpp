// Scenarios: the same names, types and addresses as clauses, brought down to plain data for the test runner.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using syntax::ExprKind;

namespace {

bool is_range_free_unknown(const syntax::Expr& e) { return e.kind == ExprKind::unknown && !e.has_range; }

const std::vector<std::pair<std::string, std::string>>& state_words() {
  static const std::vector<std::pair<std::string, std::string>> words = {{"已履行", "fulfilled"}, {"履行", "fulfilled"}, {"违反", "breached"}, {"未履行", "breached"}, {"未到期", "pending"},
      {"待履行", "pending"}, {"不适用", "not_applicable"}, {"待定", "undetermined"}, {"确定", "decided"}, {"已定", "decided"}, {"出错", "error"}, {"错误", "error"}};
  return words;
}

std::string state_name(const std::string& word) {
  for (const auto& [zh, en] : state_words()) if (zh == word) return en;
  return word;
}

}  // namespace

ScenarioValue Checker::scenario_value(const syntax::Ast& ast, syntax::ExprId id, const Type& type) {
  ScenarioValue out;
  out.type = type;
  if (!id.valid()) return out;
  const syntax::Expr& e = ast[id];
  out.written = std::string(project_.sources->text(e.span));
  if (is_range_free_unknown(e)) {
    out.presence = facts::Presence::null;
    return out;
  }
  if (type.kind == Kind::text || type.kind == Kind::ref) {
    if (e.kind == ExprKind::string) out.text = e.text;
    else if (e.kind == ExprKind::path) out.text = e.path.text();
    else if (e.kind == ExprKind::quantity) out.text = std::string(project_.sources->text(e.span));
    else error(Code::type_mismatch, e.span, {out.written, type_name(schema_, type)});
    return out;
  }
  Type wanted = type;
  Val v = lower(id, &wanted);
  if (!v.ok()) return out;
  if (type.kind == Kind::duration && v.type.kind == Kind::duration) wanted = v.type, out.type = v.type;
  if (type.kind == Kind::ratio && v.type.kind == Kind::percent) wanted = v.type, out.type = v.type;
  // 2/10 is written as counted; the two numbers are all there is to a ratio.
  if (type.kind == Kind::ratio && v.type.kind == Kind::ratio) {
    const core::Expr& x = program_.exprs[v.id];
    const Cell* n = x.op == Op::ratio ? constant_of(program_.args[x.args]) : nullptr;
    const Cell* d = x.op == Op::ratio ? constant_of(program_.args[x.args + 1]) : nullptr;
    if (n && d) { out.cell = Cell{n->lo, n->lo, d->lo, d->lo}; return out; }
  }
  const ExprId x = demand(v, wanted, e.span);
  const Cell* c = constant_of(x);
  if (x != none && !c) error(Code::not_a_constant, e.span);
  if (c) out.cell = *c;
  return out;
}

ExpectedValue Checker::expected_value(const syntax::Ast& ast, syntax::ExprId value, const std::optional<syntax::Range>& range, const syntax::Bound* bound, const Type& type) {
  ExpectedValue out;
  const std::size_t errors_before = diagnostics_.error_count();
  const auto upward = [&](const syntax::Range& ends) {
    const bool numbers = is_number(type.kind) || type.kind == Kind::date || type.kind == Kind::duration;
    const bool both = ends.lo.valid() && ends.hi.valid() && diagnostics_.error_count() == errors_before;
    if (both && numbers && out.lo.type == out.hi.type) runs_upward(out.lo.cell.lo, out.hi.cell.hi, span_of(ends));
  };
  const syntax::Range* r = bound && bound->kind == syntax::BoundKind::in ? &bound->range : range ? &*range : nullptr;
  if (bound && bound->kind != syntax::BoundKind::in) {
    out.form = bound->kind == syntax::BoundKind::at_most ? ExpectedForm::at_most : ExpectedForm::at_least;
    out.lo = scenario_value(ast, bound->value, type);
    return out;
  }
  if (r && !(r->lo.valid() && r->lo == r->hi)) {
    out.form = ExpectedForm::between;
    out.lo = scenario_value(ast, r->lo, type), out.hi = scenario_value(ast, r->hi, type);
    if (!r->lo.valid()) out.lo.presence = facts::Presence::absent;
    if (!r->hi.valid()) out.hi.presence = facts::Presence::absent;
    if (r->lo.valid() && r->lo_exclusive) out.lo.cell.lo += 1, out.lo.cell.hi += 1;
    if (r->hi.valid() && r->hi_exclusive) out.hi.cell.lo -= 1, out.hi.cell.hi -= 1;
    upward(*r);
    return out;
  }
  if (r) value = r->lo;
  const syntax::Expr& e = ast[value];
  if (e.kind == ExprKind::unstated) {
    out.form = ExpectedForm::unstated;
    return out;
  }
  if (e.kind == ExprKind::unknown) {
    out.form = ExpectedForm::unknown;
    out.lo.presence = out.hi.presence = facts::Presence::absent;
    if (e.has_range) {
      if (e.range.lo.valid()) out.lo = scenario_value(ast, e.range.lo, type);
      if (e.range.hi.valid()) out.hi = scenario_value(ast, e.range.hi, type);
      upward(e.range);
    }
    return out;
  }
  out.lo = scenario_value(ast, value, type);
  return out;
}

std::optional<std::uint32_t> Checker::node_of(const syntax::Address& address) {
  const auto node = tree_.ever(address.segments);
  if (node) return node;
  const std::string wanted = document::chinese_address(address.segments);
  auto& d = error(Code::address_not_found, address.span, {wanted});
  d.hint_args = {tree_.nearest(wanted)};
  d.hint = !d.hint_args[0].empty();
  return std::nullopt;
}

// What nothing could ever say would make `expect no …` hold whatever the clauses do.
void Checker::expected_flag(const syntax::Text& message) {
  const std::string& text = message.value;
  if (text.ends_with("之内")) return;   // of a choice out of its range: the message names what was chosen
  std::vector<std::string> said{"choice_out_of_range", "require"};
  for (const core::Require& check : program_.requires_) said.push_back(check.message);
  if (std::find(said.begin(), said.end(), text) == said.end()) unknown(Code::unknown_flag, message.span, text, said);
}

void Checker::expected_row(const Scenario& scenario, EntityId entity, const syntax::Ident& key) {
  if (!key.given() || (entity != none && schema_.entities[entity].origin != EntityOrigin::register_)) return;
  if (entity == none && key.text.find_first_of("#/") != std::string::npos) return;   // rows that the evaluation makes: P1#2, P1/F2
  std::vector<std::string> candidates;
  for (const GivenRow& row : scenario.rows)
    if (entity == none || row.entity == entity) candidates.push_back(row.key);
  if (std::find(candidates.begin(), candidates.end(), key.text) == candidates.end()) unknown(Code::unknown_row, key.span, key.text, candidates);
}

void Checker::expectation(const syntax::Ast& ast, const syntax::Expectation& written, Scenario& scenario) {
  Expectation base;
  base.span = written.span;
  base.written = std::string(project_.sources->text(written.span));
  if (written.where.valid()) {
    std::vector<syntax::ExprId> terms{written.where};
    if (ast[written.where].kind == ExprKind::and_) terms = ast[written.where].args;
    for (const auto t : terms) {
      const syntax::Expr& e = ast[t];
      const bool shape = e.kind == ExprKind::compare && e.op == syntax::Op::is && ast[e.args[0]].kind == ExprKind::path && ast[e.args[1]].kind == ExprKind::path;
      const auto p = shape ? parameters_.find(ast[e.args[0]].path.text()) : parameters_.end();
      if (p == parameters_.end() || !schema_.parameters[p->second].is_reading) { unknown(Code::unknown_name, e.span, shape ? ast[e.args[0]].path.text() : "", names_in_sight()); return; }
      const Type& type = schema_.parameters[p->second].type;
      const Val v = enum_constant(type, ast[e.args[1]].path.text(), e.span, nullptr, true);
      if (!v.ok()) return;
      std::uint32_t bit = 0;
      while (!(constant_of(v.id)->lo >> bit & 1)) ++bit;
      base.where.emplace_back(p->second, bit);
    }
  }
  for (const auto& range : written.citing) {
    ExpectedCite cite;
    const auto find = [&](const syntax::Address& address) {
      const auto n = node_of(address);
      return n ? tree_[*n].address : document::chinese_address(address.segments);
    };
    cite.from = find(range.lo);
    cite.to = range.hi ? find(*range.hi) : cite.from;
    base.cites.push_back(cite);
  }
  for (const auto& need : written.needs) {
    std::vector<std::string> path;
    for (const auto& segment : need.segments) path.push_back(segment.text);
    base.needs.push_back(std::move(path));
  }
  const auto fill_call = [&](const syntax::RemedyCall& call, Expectation& x) {
    const auto remedy = find_remedy(call.remedy.text());
    if (!remedy) {
      std::vector<std::string> candidates;
      for (const auto& r : schema_.remedies) candidates.push_back(r.id), candidates.push_back(r.label);
      unknown(Code::unknown_remedy, call.remedy.span, call.remedy.text(), candidates);
      return;
    }
    x.remedy = *remedy;
    x.target = call.of_key.text;
    expected_row(scenario, schema_.remedies[*remedy].target, call.of_key);
    const auto& params = schema_.remedies[*remedy].params;
    for (const auto& arg : call.args) {
      const auto hit = std::find_if(params.begin(), params.end(), [&](const auto& p) { return p.id == arg.name.text || p.label == arg.name.text; });
      if (hit == params.end()) { unknown(Code::unknown_column, arg.name.span, arg.name.text, {}, {schema_.remedies[*remedy].id}); continue; }
      x.arguments.push_back({static_cast<std::uint32_t>(hit - params.begin()), expected_value(ast, arg.value, std::nullopt, arg.bound ? &*arg.bound : nullptr, hit->type)});
    }
    if (call.bound && !params.empty()) x.arguments.push_back({0, expected_value(ast, {}, std::nullopt, &*call.bound, params[0].type)});
    for (const auto& time : call.times) {
      const bool length = time.kind == syntax::TimeKind::for_;
      ExpectedValue v = expected_value(ast, time.value, time.range, nullptr, type_of(length ? Kind::duration : Kind::date));
      if (length) x.has_length = true, x.length = v;
      else if (time.kind == syntax::TimeKind::from) x.has_from = true, x.from = v;
      else {
        if (time.kind == syntax::TimeKind::through) for (auto* end : {&v.lo, &v.hi}) end->cell.lo += 1, end->cell.hi += 1;
        x.has_until = true, x.until = v;
      }
    }
  };
  if (written.act) {
    if (written.act->actor.given()) {
      const auto actor = find_actor(written.act->actor);
      if (!actor) return;
      base.actor = *actor;
    }
    base.has_modality = true;
    base.modality = core_modality(written.act->modality);
    base.in_principle = written.act->in_principle;
  }
  switch (written.kind) {
    case syntax::ExpectKind::act: {
      base.kind = ExpectKind::act;
      if (!written.act) return;
      for (const auto& call : written.act->calls) {
        Expectation x = base;
        fill_call(call, x);
        if (x.remedy != none) scenario.expectations.push_back(std::move(x));
      }
      return;
    }
    case syntax::ExpectKind::no: base.kind = ExpectKind::no; break;
    case syntax::ExpectKind::undetermined: base.kind = ExpectKind::undetermined; break;
    case syntax::ExpectKind::outcome: base.kind = ExpectKind::outcome; base.name = state_name(written.name.text); break;
    case syntax::ExpectKind::duty:
      base.kind = ExpectKind::duty;
      base.name = state_name(written.name.text);
      base.target = written.of.text;
      expected_row(scenario, none, written.of);
      break;
    case syntax::ExpectKind::flag:
    case syntax::ExpectKind::no_flag:
      base.kind = written.kind == syntax::ExpectKind::flag ? ExpectKind::flag : ExpectKind::no_flag;
      base.text = written.message.value;
      base.target = written.of.text;
      expected_flag(written.message);
      expected_row(scenario, none, written.of);
      break;
    case syntax::ExpectKind::finding:
    case syntax::ExpectKind::no_finding: {
      base.kind = written.kind == syntax::ExpectKind::finding ? ExpectKind::finding : ExpectKind::no_finding;
      if (!written.address) return;
      const auto node = node_of(*written.address);
      if (!node) return;
      base.address = tree_[*node].address;
      const bool holds_or_not = std::any_of(program_.computed.begin(), program_.computed.end(), [&](const core::Computed& c) {
        return c.proposition && c.node != none && schema_.nodes[c.node].address == base.address;
      });
      if (!holds_or_not) error(Code::no_condition, written.address->span, {base.address});
      const syntax::Path& key = written.address->agreement;
      base.target = key.given() ? key.text() : std::string();
      std::vector<std::string> subjects;   // findings are listed without the row that they hold for
      for (const AgreementInfo& agreement : schema_.agreements)
        for (const EntityId entity : agreement.subjects)
          for (const GivenRow& row : scenario.rows)
            if (row.entity == entity) subjects.push_back(row.key);
      if (key.given() && std::find(subjects.begin(), subjects.end(), base.target) == subjects.end()) unknown(Code::unknown_row, key.span, base.target, subjects);
      break;
    }
    case syntax::ExpectKind::elsewhere:
      base.kind = ExpectKind::elsewhere;
      if (written.address) base.address = document::chinese_address(written.address->segments);
      break;
    case syntax::ExpectKind::report: {
      base.kind = ExpectKind::report;
      base.target = written.of.text;
      const auto hit = std::find_if(program_.reports.begin(), program_.reports.end(), [&](const auto& r) { return r.id == written.name.text || (!r.label.empty() && r.label == written.name.text); });
      if (hit == program_.reports.end()) {
        std::vector<std::string> candidates;
        for (const auto& r : program_.reports) candidates.push_back(r.id), candidates.push_back(r.label);
        unknown(Code::unknown_name, written.name.span, written.name.text, candidates);
        return;
      }
      base.name = hit->id;
      const Type type = program_.exprs[hit->expr].type;
      base.value = expected_value(ast, written.value, written.range, nullptr, type);
      if (base.value.form == ExpectedForm::exact) switch (written.op) {
          case syntax::Op::at_least: case syntax::Op::on_or_after: base.value.form = ExpectedForm::at_least; break;
          case syntax::Op::at_most: case syntax::Op::on_or_before: base.value.form = ExpectedForm::at_most; break;
          case syntax::Op::over: case syntax::Op::after: base.value.form = ExpectedForm::over; break;
          case syntax::Op::under: case syntax::Op::before: base.value.form = ExpectedForm::under; break;
          case syntax::Op::is_not: base.value.form = ExpectedForm::is_not; break;
          default: break;
        }
      break;
    }
  }
  if (written.call) fill_call(*written.call, base);
  scenario.expectations.push_back(std::move(base));
}

void Checker::lower_scenario(const syntax::Ast& ast, const syntax::Scenario& written, Span span, std::vector<Scenario>& out) {
  ast_ = &ast, node_ = 0;
  frames_.clear();
  slots_ = 0;
  Scenario s;
  s.name = written.title.value;
  s.agreement = written.of.text();
  s.as_of = date_value(written.as_of).lo;
  s.span = span;
  for (const auto& given : written.givens) {
    if (given.kind == syntax::GivenKind::parameter) {
      const auto p = parameters_.find(given.parameter.text);
      if (p == parameters_.end()) { unknown(Code::unknown_name, given.parameter.span, given.parameter.text, names_in_sight()); continue; }
      s.parameters.push_back({p->second, scenario_value(ast, given.value, schema_.parameters[p->second].type), given.span});
      continue;
    }
    if (given.kind == syntax::GivenKind::holds) {
      const auto node = node_of(given.address);
      if (!node) continue;
      if (!given.address.agreement.given()) {
        error(Code::missing_item, given.span, {"of KEY"});
        continue;
      }
      s.holds.push_back({tree_[*node].address, given.address.agreement.text(), given.span});
      continue;
    }
    const auto entity = schema_.find_entity(given.entity.text());
    if (!entity) {
      std::vector<std::string> candidates;
      for (const auto& e : schema_.entities) if (e.origin == EntityOrigin::register_) candidates.push_back(e.id), candidates.push_back(e.label);
      unknown(Code::unknown_entity, given.entity.span, given.entity.text(), candidates);
      continue;
    }
    if (given.kind == syntax::GivenKind::open) {
      s.open.push_back({*entity, given.of.text, given.span});
      continue;
    }
    GivenRow r;
    r.entity = *entity, r.key = given.key.text, r.parent = given.of.text, r.span = given.span;
    for (const auto& pair : given.pairs) {
      const auto c = schema_.entities[*entity].find(pair.column.text);
      const bool writable = c && schema_.entities[*entity].columns[*c].kind != ColumnKind::computed && schema_.entities[*entity].columns[*c].kind != ColumnKind::suspected;
      if (!writable) {
        std::vector<std::string> candidates;
        for (const auto& column : schema_.entities[*entity].columns)
          if (column.kind != ColumnKind::computed && column.kind != ColumnKind::suspected) candidates.push_back(column.id), candidates.push_back(column.label);
        unknown(Code::unknown_column, pair.column.span, pair.column.text, candidates, {schema_.entities[*entity].id});
        continue;
      }
      r.pairs.push_back({*c, scenario_value(ast, pair.value, schema_.entities[*entity].columns[*c].type), pair.span});
    }
    s.rows.push_back(std::move(r));
  }
  for (const auto& e : written.expectations) expectation(ast, e, s);
  out.push_back(std::move(s));
}

}  // namespace tiao::check
