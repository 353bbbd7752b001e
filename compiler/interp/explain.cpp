#include "compiler/interp/explain.hpp"

#include "compiler/core/printer.hpp"
#include "compiler/interp/evidence.hpp"

namespace tiao::interp {

namespace {
constexpr std::size_t listed_rows = 100, listed_out = 20;   // of a fold: rows that count, rows that are out
enum Told : std::uint32_t { told_definition, told_remedy, told_ledger, told_timeline };
}  // namespace

std::string Explainer::shown(const Type& type, const Cell& c) const {
  return core::show(m_.schema, type, c, [this](std::int64_t id) { return m_.facts.strings.at(id); },
                    [this](EntityId entity, std::uint32_t row) {
                      const bool keyed = !m_.derived(entity) && m_.schema.entities[entity].key_column != none;
                      return keyed ? m_.facts.key(entity, row) : "#" + std::to_string(row);
                    });
}

TraceNode Explainer::line(TraceNode::Kind kind, std::string text, const Type& type, const Cell& c) const {
  TraceNode node;
  node.kind = kind;
  node.text = std::move(text);
  node.type = type;
  node.cell = c;
  node.value = shown(type, c);
  return node;
}

TraceNode Explainer::expression(ExprId id, std::uint32_t row) {
  const NewFrame frame(m_, row);
  TraceNode node = line(TraceNode::Kind::expression, core::print_expr(m_.program, id), m_.type(id), m_.value(id, frame));
  Nodes children;
  expr(id, frame, children);
  if (children.size() == 1 && children[0].kind == TraceNode::Kind::expression) return std::move(children[0]);
  node.children = std::move(children);
  return node;
}

void Explainer::expr(ExprId id, Frame frame, Nodes& out, bool decisive) {
  if (id == none) return;
  const core::Expr& e = m_.expr(id);
  if (e.op == Op::column) return column(e, frame, out, decisive);
  if (e.op == Op::parameter) {
    const Parameter& p = m_.schema.parameters[e.a];
    TraceNode node = line(p.is_reading ? TraceNode::Kind::reading : TraceNode::Kind::parameter, p.label.empty() ? p.id : p.label, e.type, m_.value(id, frame));
    node.name = p.id;
    node.node = p.node;
    node.decisive = decisive;
    out.push_back(std::move(node));
    return;
  }
  const bool written = e.origin != none && !m_.program.origins[e.origin].text.empty() && e.op != Op::constant;
  if (!written) {
    if (decisive) operands(e, frame, out);
    return;
  }
  const core::Origin& origin = m_.program.origins[e.origin];
  TraceNode node = line(e.op == Op::fold ? TraceNode::Kind::fold : TraceNode::Kind::expression, origin.text, e.type, m_.value(id, frame));
  node.node = origin.node;
  node.file = origin.file;
  node.line = origin.line;
  node.decisive = decisive;
  if (decisive) operands(e, frame, node.children);
  out.push_back(std::move(node));
}

void Explainer::operands(const core::Expr& e, Frame frame, Nodes& out) {
  switch (e.op) {
    case Op::and_:
    case Op::or_: return junction(e, frame, out);
    case Op::table: return table(e, frame, out);
    case Op::fold: return fold(m_.program.folds[e.a], frame, out);
    case Op::select: {
      const Truth condition = m_.test(m_.arg(e, 0), frame);
      expr(m_.arg(e, 0), frame, out);
      if (condition == Truth::yes || condition == Truth::unknown) expr(m_.arg(e, 1), frame, out);
      if (condition == Truth::no || condition == Truth::unknown) expr(m_.arg(e, 2), frame, out);
      return;
    }
    default: break;
  }
  for (std::uint32_t i = 0; i < e.count; ++i) expr(m_.arg(e, i), frame, out);
  if (e.op != Op::state_at && e.op != Op::balance_at) return;
  const Cell owner = m_.value(m_.arg(e, 0), frame);
  if (owner.lo != owner.hi) return;
  const auto row = static_cast<std::uint32_t>(owner.lo);
  if (e.op == Op::balance_at && first_telling(told_ledger, e.a, row)) out.push_back(ledger(e.a, row));
  if (e.op == Op::state_at && first_telling(told_timeline, e.a, row)) out.push_back(timeline(e.a, row));
}

// Where one operand settles the matter the others are shown, but did not decide.
void Explainer::junction(const core::Expr& e, Frame frame, Nodes& out) {
  const Truth strongest = e.op == Op::and_ ? Truth::no : Truth::yes;
  bool settled = false;
  for (std::uint32_t i = 0; i < e.count; ++i) settled |= m_.test(m_.arg(e, i), frame) == strongest;
  for (std::uint32_t i = 0; i < e.count; ++i) expr(m_.arg(e, i), frame, out, !settled || m_.test(m_.arg(e, i), frame) == strongest);
}

void Explainer::table(const core::Expr& e, Frame frame, Nodes& out) {
  const bool first = static_cast<core::HitPolicy>(e.a) == core::HitPolicy::first;
  const bool otherwise = !first && m_.has_otherwise(e);
  bool sure = false;
  for (std::uint32_t i = 0; i < e.count; i += 2) {
    const bool last = otherwise && i + 2 == e.count;
    const Truth holds = m_.test(m_.arg(e, i), frame);
    if (holds == Truth::no || (last && sure)) continue;
    TraceNode node = truth_line(TraceNode::Kind::table_row, "row " + std::to_string(i / 2 + 1), holds);
    expr(m_.arg(e, i), frame, node.children);
    if (holds != Truth::error) {
      const ExprId output = m_.arg(e, i + 1);
      TraceNode value = line(TraceNode::Kind::value, "output", m_.type(output), m_.value(output, frame));
      expr(output, frame, value.children);
      node.children.push_back(std::move(value));
    }
    out.push_back(std::move(node));
    sure |= holds == Truth::yes;
    if (first && sure) return;
  }
}

// --- Columns ---------------------------------------------------------------------------------------------------------------------------

void Explainer::column(const core::Expr& e, Frame frame, Nodes& out, bool decisive) {
  const ExprId ref_expr = m_.arg(e, 0);
  const Cell ref = m_.value(ref_expr, frame);
  const EntityId entity = m_.type(ref_expr).of;
  const Column& declared = m_.schema.entities[entity].columns[e.a];
  if (ref.lo != ref.hi) {   // no row to name: what hides it is to be shown
    TraceNode node = line(TraceNode::Kind::expression, declared.label.empty() ? declared.id : declared.label, e.type, m_.widest(entity, e.a));
    node.decisive = decisive;
    expr(ref_expr, frame, node.children);
    out.push_back(std::move(node));
    return;
  }
  const auto row = static_cast<std::uint32_t>(ref.lo);
  const std::uint32_t computed = m_.computed_of[entity][e.a];
  TraceNode node = line(TraceNode::Kind::fact, declared.label.empty() ? declared.id : declared.label, e.type, m_.column(entity, e.a, row));
  node.name = row_name(m_, entity, row) + "." + declared.id;
  node.decisive = decisive;
  if (computed != none) {
    node.kind = TraceNode::Kind::definition;
    node.node = m_.program.computed[computed].node;
    if (decisive) definition(computed, row, node);
  } else if (m_.derived(entity)) {
    node.kind = TraceNode::Kind::definition;
    if (decisive) remedy_row(entity, row, node.children);
  } else {
    const auto& decided = m_.facts.tables[entity].columns[e.a].decided;
    if (const auto hit = decided.find(row); hit != decided.end()) {
      node.by = hit->second.by;
      node.on = hit->second.on;
      node.grounds = hit->second.grounds;
    }
  }
  out.push_back(std::move(node));
}

void Explainer::definition(std::uint32_t index, std::uint32_t row, TraceNode& node) {
  if (!first_telling(told_definition, index, row)) return;
  const NewFrame frame(m_, row);
  expr(m_.program.computed[index].expr, frame, node.children);
}

// What stands behind a row that a declaration yields.
void Explainer::remedy_row(EntityId entity, std::uint32_t row, Nodes& out) {
  switch (m_.schema.entities[entity].origin) {
    case EntityOrigin::step:
    case EntityOrigin::cycle: {
      const std::uint32_t owner = m_.parent_row(entity, row);
      if (first_telling(told_ledger, m_.ledger_of[entity], owner)) out.push_back(ledger(m_.ledger_of[entity], owner));
      return;
    }
    case EntityOrigin::span: {
      const std::uint32_t owner = m_.parent_row(entity, row);
      if (first_telling(told_timeline, m_.timeline_of[entity], owner)) out.push_back(timeline(m_.timeline_of[entity], owner));
      return;
    }
    case EntityOrigin::remedy: {
      const std::uint32_t table_row = m_.stores[entity].table_row[row];
      if (first_telling(told_remedy, m_.remedy_of[entity], table_row)) out.push_back(remedy(m_.remedy_of[entity], table_row));
      return;
    }
    default: return;
  }
}

// --- Folds -----------------------------------------------------------------------------------------------------------------------------

void Explainer::fold(const core::Fold& f, Frame frame, Nodes& out) {
  SetState state;
  std::size_t in_rows = 0, out_rows = 0;
  std::uint32_t omitted = 0;
  for (const Reached& r : m_.reach(f.source, frame, state)) {
    m_.slot(frame, f.slot) = r.row;
    const Truth in = scalar::and_(r.in, m_.test(f.filter, frame));
    if (in == Truth::no ? ++out_rows > listed_out : ++in_rows > listed_rows) {
      ++omitted;
      continue;
    }
    TraceNode node = truth_line(TraceNode::Kind::row, m_.schema.entities[f.source.entity].id, in);
    node.name = row_name(m_, f.source.entity, r.row);
    node.decisive = in != Truth::no;
    expr(f.filter, frame, node.children);
    if (in != Truth::no && f.kind != core::FoldKind::count) expr(f.value, frame, node.children);
    out.push_back(std::move(node));
  }
  if (in_rows == 0) expr(f.if_none, frame, out);
  if (omitted > 0 && !out.empty()) out.back().omitted = omitted;
}

// --- Grounds and duties ----------------------------------------------------------------------------------------------------------------

void Explainer::named(const char* name, ExprId id, Frame frame, Nodes& out) {
  if (id == none) return;
  TraceNode node = line(TraceNode::Kind::condition, name, m_.type(id), m_.value(id, frame));
  node.node = place(m_.expr(id));
  expr(id, frame, node.children);
  out.push_back(std::move(node));
}

void Explainer::rule(const std::string& name, const core::ParamRule& rule, Frame frame, Nodes& out) {
  if (rule.form == core::ParamForm::absent || rule.form == core::ParamForm::unstated) return;
  for (const ExprId end : {rule.lo, rule.hi}) {
    if (end == none || (end == rule.hi && rule.form == core::ParamForm::exact)) continue;
    TraceNode node = line(TraceNode::Kind::value, name, m_.type(end), m_.value(end, frame));
    expr(end, frame, node.children);
    out.push_back(std::move(node));
  }
}

TraceNode Explainer::ground(std::uint32_t id, std::uint32_t scope_row) {
  const core::Ground& ground = m_.program.grounds[id];
  const Remedy& remedy = m_.schema.remedies[ground.remedy];
  TraceNode node = truth_line(TraceNode::Kind::ground, remedy.label.empty() ? remedy.id : remedy.label, m_.ground_state(ground, scope_row));
  node.node = ground.cite;
  node.name = row_name(m_, ground.scope, scope_row);
  const NewFrame frame(m_, scope_row);
  const Truth there = m_.membership(ground.scope, scope_row);
  if (there != Truth::yes) node.children.push_back(truth_line(TraceNode::Kind::condition, "there", there));
  named("where", ground.scope_filter, frame, node.children);
  named("applicable", ground.applicable, frame, node.children);
  named("when", ground.own, frame, node.children);
  if (node.cell == of(Truth::no)) return node;
  for (std::size_t p = 0; p < ground.params.size(); ++p) rule(remedy.params[p].id, ground.params[p], frame, node.children);
  rule("for", ground.length, frame, node.children);
  rule("from", ground.from, frame, node.children);
  rule("until", ground.until, frame, node.children);
  return node;
}

TraceNode Explainer::remedy(RemedyId id, std::uint32_t row) {
  const Remedy& declared = m_.schema.remedies[id];
  const RemedyTable& table = m_.results.remedies[id];
  TraceNode node = truth_line(TraceNode::Kind::definition, declared.label.empty() ? declared.id : declared.label, static_cast<Truth>(table.state[row]));
  node.name = row_name(m_, declared.target, table.target[row]);
  node.node = m_.program.grounds[table.lead[row]].cite;
  const RemedyStore& store = m_.remedies[id];
  for (std::uint32_t i = store.uses_begin[row]; i < store.uses_begin[row + 1]; ++i)
    node.children.push_back(ground(store.uses[i].ground, store.uses[i].scope_row));
  return node;
}

TraceNode Explainer::report(std::uint32_t id, std::uint32_t row) {
  const core::Report& report = m_.program.reports[id];
  const NewFrame frame(m_, row);
  TraceNode node = line(TraceNode::Kind::definition, report.label.empty() ? report.id : report.label, m_.type(report.expr), m_.value(report.expr, frame));
  node.node = report.cite;
  if (report.entity != none) node.name = row_name(m_, report.entity, row);
  expr(report.expr, frame, node.children);
  return node;
}

TraceNode Explainer::duty(std::uint32_t id, std::uint32_t row) {
  const core::Duty& duty = m_.program.duties[id];
  const NewFrame frame(m_, row);
  TraceNode node;
  node.kind = TraceNode::Kind::condition;
  node.text = "duty";
  node.node = duty.cite;
  node.name = row_name(m_, duty.scope, row);
  static constexpr const char* states[] = {"not_there", "fulfilled", "breached", "pending", "undetermined", "not_applicable", "error"};
  node.value = states[static_cast<std::size_t>(m_.duty_state(duty, row))];
  named("where", duty.scope_filter, frame, node.children);
  named("applicable", duty.applicable, frame, node.children);
  named("when", duty.when, frame, node.children);
  named("done", duty.done, frame, node.children);
  named("due", duty.due, frame, node.children);
  return node;
}

// --- Ledgers and timelines, day by day ---------------------------------------------------------------------------------------------------

TraceNode Explainer::posting(const core::Ledger& ledger, const Posting& p, std::uint32_t owner) {
  const core::Flow& flow = (p.credit ? ledger.credits : ledger.entries)[p.clause];
  TraceNode node = line(p.credit ? TraceNode::Kind::credit : TraceNode::Kind::entry, m_.schema.entities[flow.source.entity].id, ledger.type, p.amount);
  if (p.in != Truth::yes) node.children.push_back(truth_line(TraceNode::Kind::condition, "there", p.in));
  if (p.row == none) return node;
  node.name = row_name(m_, flow.source.entity, p.row);
  const NewFrame frame(m_, owner);
  m_.slot(frame, flow.slot) = p.row;
  expr(flow.amount, frame, node.children);
  return node;
}

TraceNode Explainer::ledger(std::uint32_t id, std::uint32_t owner) {
  const core::Ledger& ledger = m_.program.ledgers[id];
  first_telling(told_ledger, id, owner);
  const Account account = m_.account(id, owner);
  TraceNode node = line(TraceNode::Kind::ledger, ledger.label.empty() ? ledger.id : ledger.label, ledger.type, account.balance_at(known(m_.as_of)));
  node.name = row_name(m_, ledger.owner, owner);
  node.node = ledger.node;
  const Type date{Kind::date, 0, none};
  for (const Step& s : account.steps) {
    TraceNode step = line(TraceNode::Kind::step, shown(date, between(s.from, s.to)), ledger.type, s.balance);
    step.decisive = s.in != Truth::unknown;
    step.children.push_back(line(TraceNode::Kind::value, "opening", ledger.type, s.opening));
    step.children.push_back(line(TraceNode::Kind::value, "entered", ledger.type, s.entered));
    if (s.granted != known(0)) step.children.push_back(line(TraceNode::Kind::value, "granted", ledger.type, s.granted));
    for (std::size_t i = 0; i < account.postings.size(); ++i) {
      const Posting& p = account.postings[i];
      if (s.posting == none ? p.dated() && p.from == s.from : s.posting == i) step.children.push_back(posting(ledger, p, owner));
    }
    node.children.push_back(std::move(step));
  }
  return node;
}

TraceNode Explainer::timeline(std::uint32_t id, std::uint32_t owner) {
  const core::Timeline& timeline = m_.program.timelines[id];
  first_telling(told_timeline, id, owner);
  const Course course = m_.course(id, owner);
  const Type states{Kind::choice, 0, timeline.states}, date{Kind::date, 0, none}, duration{Kind::duration, 0, none};
  TraceNode node = line(TraceNode::Kind::timeline, timeline.label.empty() ? timeline.id : timeline.label, states, m_.state_at(id, known(owner), known(m_.as_of)));
  node.name = row_name(m_, timeline.owner, owner);
  node.node = timeline.node;
  for (const Span& s : course.spans) {
    TraceNode span = line(TraceNode::Kind::span, shown(states, choice_of(s.states)), date, s.from);
    span.decisive = s.in == Truth::yes;
    if (s.row != none) span.name = row_name(m_, timeline.on[s.on].source.entity, s.row);
    if (s.cause < timeline.causes.size()) span.node = timeline.causes[s.cause].node;
    span.children.push_back(line(TraceNode::Kind::value, "from", date, s.from));
    span.children.push_back(line(TraceNode::Kind::value, "until", date, s.until));
    for (const Shortening& by : course.shortenings) {
      if (by.date.hi < s.from.lo || by.date.lo >= std::max(s.until.hi, s.own_until.hi)) continue;
      TraceNode cut = line(TraceNode::Kind::shortening, shown(date, by.date), duration, by.amount);
      cut.name = row_name(m_, timeline.shorten[by.clause].source.entity, by.row);
      span.children.push_back(std::move(cut));
    }
    if (s.row != none) remedy_row(timeline.on[s.on].source.entity, s.row, span.children);
    node.children.push_back(std::move(span));
  }
  return node;
}

}  // namespace tiao::interp
