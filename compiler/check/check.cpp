// The order in which an agreement is checked, and the ways in from outside.
#include "compiler/check/check.hpp"

#include <algorithm>

#include "compiler/check/checker.hpp"
#include "runtime/value/format.hpp"

namespace tiao::check {

using core::Ground;

std::vector<AgreementRef> agreements(const ProjectSources& project) {
  std::vector<AgreementRef> out;
  for (std::size_t f = 0; f < project.files.size(); ++f) {
    const auto& ast = project.files[f].ast;
    for (const auto id : ast.top) {
      if (const auto* a = std::get_if<syntax::AgreementDecl>(&ast[id].what); a && !a->continued) out.push_back({a->path.text(), a->label.value, f, id, false, std::nullopt});
      if (const auto* s = std::get_if<syntax::SupplementDecl>(&ast[id].what)) out.push_back({s->path.text(), s->label.value, f, id, true, std::nullopt});
    }
  }
  return out;
}

void Checker::declare_parameter(std::uint32_t node, const syntax::Parameter& written, Span span) {
  tiao::Parameter p;
  p.id = written.name.id, p.label = written.name.label, p.node = node, p.owner = written.by.text, p.agreement = schema_.agreements[0].name;
  if (!resolve_type(*ast_, written.type, written.name.id, p.type, p.range_lo, p.range_hi)) return;
  for (const std::string& name : {p.id, p.label})
    if (!name.empty() && !parameters_.emplace(name, static_cast<std::uint32_t>(schema_.parameters.size())).second) error(Code::name_twice, span, {name});
  schema_.parameters.push_back(std::move(p));
}

void Checker::declare_reading(std::uint32_t node, const syntax::Reading& written, Span span) {
  tiao::Parameter p;
  p.id = written.name.id, p.label = written.name.label, p.node = node, p.is_reading = true, p.agreement = schema_.agreements[0].name;
  std::vector<syntax::Name> choices;
  for (std::size_t i = 0; i < written.choices.size(); ++i) {
    choices.push_back(written.choices[i].name);
    if (written.choices[i].is_default) p.default_value = static_cast<std::int32_t>(i);
  }
  declare_enum("reading:" + written.name.id, written.name.label, false, choices, span);
  const auto e = find_enum("reading:" + written.name.id);
  if (!e) return;
  p.type = type_of(Kind::choice, *e);
  for (const std::string& name : {p.id, p.label})
    if (!name.empty() && !parameters_.emplace(name, static_cast<std::uint32_t>(schema_.parameters.size())).second) error(Code::name_twice, span, {name});
  schema_.parameters.push_back(std::move(p));
}

void Checker::header_line(const syntax::StmtBody& what) {
  AgreementInfo& info = schema_.agreements[0];
  if (const auto* status = std::get_if<syntax::StatusLine>(&what)) {
    info.status = status->word.text, info.status_label = status->text.value;
  } else if (const auto* subject = std::get_if<syntax::SubjectLine>(&what)) {
    for (const auto& path : subject->entities) {
      if (const auto e = schema_.find_entity(path.text())) info.subjects.push_back(*e);
      else {
        std::vector<std::string> candidates;
        for (const auto& e2 : schema_.entities) candidates.push_back(e2.id), candidates.push_back(e2.label);
        unknown(Code::unknown_entity, path.span, path.text(), candidates);
      }
    }
    if (!info.subjects.empty()) default_scope_ = info.subjects[0];
  } else if (const auto* edition = std::get_if<syntax::EditionLine>(&what)) {
    if (edition->label.given) {
      info.edition = edition->label.value;
      return;
    }
    edition_by_ = edition->column;
    const auto e = edition_by_.segments.size() == 2 ? schema_.find_entity(edition_by_.segments[0].text) : std::nullopt;
    if (!e || !schema_.entities[*e].find(edition_by_.segments[1].text)) unknown(Code::unknown_name, edition_by_.span, edition_by_.text(), {});
  } else if (const auto* line = std::get_if<syntax::ConventionLine>(&what)) {
    if (!line->matter.given()) info.conventions.push_back(line->source.value);
    else convention(*line, info.counting);
  }
}

// A general rule that stands behind one matter only: so far, how days and months are counted.
void Checker::convention(const syntax::ConventionLine& line, std::vector<std::string>& counting) {
  if (line.matter.text == "counting" || line.matter.text == "期间计算") counting.push_back(line.source.value);
  else unknown(Code::unknown_name, line.matter.span, line.matter.text, {"counting", "期间计算"});
}

// What the vocabulary names holds for agreements that name nothing of their own.
void Checker::shared_conventions() {
  AgreementInfo& info = schema_.agreements[0];
  std::vector<std::string> conventions, counting;
  for (const auto f : used_files_)
    for (const auto id : project_.files[f].ast.top)
      if (const auto* line = std::get_if<syntax::ConventionLine>(&project_.files[f].ast[id].what)) {
        if (line->matter.given()) convention(*line, counting);
        else conventions.push_back(line->source.value);
      }
  if (info.conventions.empty()) info.conventions = std::move(conventions);
  if (info.counting.empty()) info.counting = std::move(counting);
}

// Without a name of its own an edition is called by the day that was asked for, or by its first day in force.
void Checker::name_edition() {
  AgreementInfo& info = schema_.agreements[0];
  if (!info.edition.empty()) return;
  if (edition_) info.edition = format_date(*edition_);
  each_statement<syntax::InForce>(*agreement_ast_, tree_[0], [&](const syntax::InForce& force, const auto&) {
    const syntax::Expr& from = (*agreement_ast_)[force.from];
    if (!info.edition.empty() || from.kind != syntax::ExprKind::date) return;
    if (const Cell day = date_value(from.date); day.lo == day.hi) info.edition = format_date(day.lo);
  });
}

void Checker::declare_parts() {
  const auto each_statement = [&](auto&& visit) {
    for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n)
      for (const auto& placed : tree_[n].statements) {
        ast_ = agreement_ast_, node_ = n;
        visit(n, (*agreement_ast_)[placed.stmt], placed);
      }
  };
  each_statement([&](std::uint32_t n, const syntax::Stmt& stmt, const document::Placed&) {
    header_line(stmt.what);
    if (const auto* p = std::get_if<syntax::Parameter>(&stmt.what)) declare_parameter(n, *p, p->name.span);
    if (const auto* r = std::get_if<syntax::Reading>(&stmt.what)) declare_reading(n, *r, r->name.span);
    if (const auto* t = std::get_if<syntax::Table>(&stmt.what))
      for (const std::string& name : {t->name.id, t->name.label})
        if (!name.empty() && !tables_.emplace(name, PendingTable{ast_, t, stmt.span, n}).second) error(Code::name_twice, t->name.span, {name});
    if (std::holds_alternative<syntax::FactDecl>(stmt.what)) error(Code::unsupported_construct, stmt.span, {"fact outside entity / extend"});
    for (const bool amending : {std::holds_alternative<syntax::Insert>(stmt.what), std::holds_alternative<syntax::Replace>(stmt.what), std::holds_alternative<syntax::Append>(stmt.what),
                                std::holds_alternative<syntax::Repeal>(stmt.what), std::holds_alternative<syntax::Renumber>(stmt.what)})
      if (amending) error(Code::amendment_outside_supplement, stmt.span);
  });
  each_statement([&](std::uint32_t n, const syntax::Stmt& stmt, const document::Placed&) {
    if (const auto* g = std::get_if<syntax::Group>(&stmt.what)) declare_group(n, *g, g->name.span);
  });
  each_statement([&](std::uint32_t n, const syntax::Stmt& stmt, const document::Placed&) {
    if (const auto* l = std::get_if<syntax::Ledger>(&stmt.what)) declare_ledger(n, *l, l->name.span);
    if (const auto* t = std::get_if<syntax::Timeline>(&stmt.what)) declare_timeline(n, *t, t->name.span);
    if (const auto* s = std::get_if<syntax::Stages>(&stmt.what)) declare_stages(n, *s, s->name.span);
  });
  each_statement([&](std::uint32_t n, const syntax::Stmt& stmt, const document::Placed& placed) {
    if (const auto* d = std::get_if<syntax::Define>(&stmt.what)) declare_definition(n, *d, stmt.span, placed.scope, none);
  });
  for (std::uint32_t n = 0; n < tree_.nodes().size(); ++n) declare_priorities(n);
  circles_of_overrides();
}

// Rows are there at as-of when their own date, and those of the rows above them, have come.
void Checker::memberships() {
  node_ = document::no_node;
  program_.memberships.assign(schema_.entities.size(), none);
  for (EntityId e = 0; e < schema_.entities.size(); ++e) {
    if (schema_.entities[e].origin != EntityOrigin::register_) continue;
    std::vector<ExprId> terms;
    ExprId ref = row(0, e);
    for (EntityId at = e;; at = schema_.entities[at].parent, ref = parent(ref)) {
      if (schema_.entities[at].dated_column != none) terms.push_back(compare(core::CmpOp::at_most, column(ref, schema_.entities[at].dated_column), as_of()));
      if (schema_.entities[at].parent == none) break;
    }
    program_.memberships[e] = all(std::move(terms));
  }
}

// Which clause made a span: one cause per ground of a remedy that a timeline follows, one per clause about a register.
void Checker::causes() {
  for (auto& timeline : program_.timelines) {
    for (auto& on : timeline.on) {
      on.first_cause = static_cast<std::uint32_t>(timeline.causes.size());
      const Entity& rows = schema_.entities[on.source.entity];
      if (rows.origin != EntityOrigin::remedy) {
        timeline.causes.push_back({timeline.node});
        continue;
      }
      for (const Ground& g : program_.grounds)
        if (schema_.remedies[g.remedy].rows == on.source.entity) timeline.causes.push_back({g.cite});
    }
    if (timeline.causes.size() > 62) error(Code::too_many, tree_[timeline.node].span, {"causes of " + timeline.id, "62"});
    Enum& scale = schema_.enums[schema_.entities[timeline.spans].columns[core::span_col::cause].type.of];
    for (const auto& cause : timeline.causes) scale.values.push_back({tree_[cause.node].address, ""});
    if (timeline.causes.empty()) timeline.causes.push_back({timeline.node}), scale.values.push_back({tree_[timeline.node].address, ""});
  }
  for (const auto& test : cause_tests_) {
    auto& map = program_.remaps[test.remap];
    for (const auto& cause : program_.timelines[static_cast<std::size_t>(test.timeline)].causes) {
      bool inside = false;
      for (const auto n : test.nodes) inside |= tree_.under(cause.node, n);
      map.push_back(inside ? 1 : 0);
    }
  }
}

// Puts a text together: the file in which it begins, those that continue it, and the supplements, each after what it builds on.
bool Checker::gather(const AgreementRef& wanted, Text& text) {
  struct Supplement { std::size_t file; syntax::StmtId stmt; const syntax::SupplementDecl* decl; };
  std::map<std::string, Supplement> supplements;
  const auto known = agreements(project_);
  for (const AgreementRef& ref : known)
    if (ref.supplement) supplements.emplace(ref.name, Supplement{ref.file, ref.stmt, &std::get<syntax::SupplementDecl>(project_.files[ref.file].ast[ref.stmt].what)});
  // From a supplement down to the agreement at the bottom; none when it is not there.
  const auto chain = [&](const std::string& from, std::vector<std::string>& names, bool report) -> const AgreementRef* {
    std::string name = from;
    for (;;) {
      const auto ref = std::find_if(known.begin(), known.end(), [&](const AgreementRef& r) { return r.name == name; });
      if (ref == known.end()) {
        if (report) {
          std::vector<std::string> candidates;
          for (const auto& r : known) candidates.push_back(r.name);
          unknown(Code::unknown_agreement, supplements.at(names.back()).decl->amends.span, name, candidates);
        }
        return nullptr;
      }
      if (!ref->supplement) return &*ref;
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        if (report) {
          std::string circle;
          for (const auto& n : names) circle += n + " → ";
          error(Code::amendment_cycle, supplements.at(name).decl->amends.span, {circle + name});
        }
        return nullptr;
      }
      names.push_back(name);
      name = supplements.at(name).decl->amends.text();
    }
  };
  std::vector<std::string> own;
  const AgreementRef* base = chain(wanted.name, own, true);
  if (!base) return false;
  const auto& file = project_.files[base->file];
  text.file = base->file;
  text.decl = &std::get<syntax::AgreementDecl>(file.ast[base->stmt].what);
  text.sources.parts.push_back(text.decl), text.files.push_back(base->file);
  for (std::size_t f = 0; f < project_.files.size(); ++f)
    for (const auto id : project_.files[f].ast.top)
      if (const auto* more = std::get_if<syntax::AgreementDecl>(&project_.files[f].ast[id].what); more && more->continued && more->path.text() == base->name)
        text.sources.parts.push_back(more), text.files.push_back(f);
  std::vector<std::string> order;   // each after those it builds on
  if (wanted.supplement) {
    order.assign(own.rbegin(), own.rend());
  } else if (!wanted.own_text) {
    for (const auto& [name, s] : supplements) {
      std::vector<std::string> names;
      const AgreementRef* bottom = chain(name, names, false);
      if (!bottom || bottom->name != base->name) continue;
      for (auto it = names.rbegin(); it != names.rend(); ++it)
        if (std::find(order.begin(), order.end(), *it) == order.end()) order.push_back(*it);
    }
    // By the day from which they are in force, where that is written out: what builds on another keeps its place behind it.
    const auto day = [&](const std::string& name) -> std::int64_t {
      for (const auto id : supplements.at(name).decl->body)
        if (const auto* force = std::get_if<syntax::InForce>(&file.ast[id].what); force && force->from.valid() && file.ast[force->from].kind == syntax::ExprKind::date) {
          const auto& d = file.ast[force->from].date;
          return (d.year * 16ll + d.month) * 64 + d.day;
        }
      return -1;
    };
    const auto builds_on = [&](const std::string& a, const std::string& b) {
      std::vector<std::string> names;
      chain(a, names, false);
      return a != b && std::find(names.begin(), names.end(), b) != names.end();
    };
    std::vector<std::string> sorted;
    for (const auto& name : order) {
      auto place = sorted.end();
      while (place != sorted.begin()) {
        const std::string& before = *std::prev(place);
        if (builds_on(name, before) || day(before) <= day(name)) break;
        --place;
      }
      sorted.insert(place, name);
    }
    order = std::move(sorted);
  }
  for (const auto& name : order) {
    const Supplement& s = supplements.at(name);
    const std::string title = s.decl->title.value;
    // The name of what it amends: of a supplement, that of the agreement at the bottom.
    if (!s.decl->title.given) {
      auto& d = error(Code::title_needed, s.decl->amends.span);
      d.hint_args = {s.decl->amends.text(), text.decl->label.value};
    } else if (const auto under = supplements.find(s.decl->amends.text()); title != text.decl->label.value && (under == supplements.end() || title != under->second.decl->label.value)) {
      auto& d = error(Code::wrong_title, s.decl->title.span, {title, s.decl->amends.text(), text.decl->label.value});
      d.labels.push_back({text.decl->label.span.valid() ? text.decl->label.span : text.decl->path.span, Code::amended_text, {}});
      return false;   // nothing in it can be meant for this text
    }
    text.sources.supplements.push_back(s.decl), text.files.push_back(s.file);
  }
  return true;
}

bool Checker::compile(const AgreementRef& agreement, Compiled& out) {
  const std::size_t before = diagnostics_.error_count();
  Text text;
  if (!gather(agreement, text)) return false;
  const auto& file = project_.files[text.file];
  agreement_ast_ = &file.ast;
  edition_ = agreement.edition;
  AgreementInfo info;
  info.name = agreement.name, info.label = agreement.label;
  schema_.agreements.push_back(info);
  for (const auto f : text.files) collect_uses(f);
  std::vector<Declared> declared;
  for (const auto f : used_files_) collect_declarations(project_.files[f].ast, project_.files[f].ast.top, declared);
  for (const auto* part : text.sources.parts) collect_declarations(file.ast, part->body, declared);
  for (const auto* part : text.sources.supplements) collect_declarations(file.ast, part->body, declared);
  declare(declared);
  tree_ = document::Tree::build(file.ast, text.sources, text.decl->path.span, diagnostics_);
  for (const auto& n : tree_.nodes()) {
    tiao::Node node;
    node.address = n.address, node.label = n.label, node.english = n.english, node.reason = n.reason;
    node.agreement = n.edition ? tree_.supplements()[n.edition - 1].name : text.decl->path.text();
    node.parent = n.parent == document::no_node ? none : n.parent;
    node.status = static_cast<NodeStatus>(n.status);
    if (n.put_by != document::no_node) node.origin = tree_.operations()[n.put_by].address;
    schema_.nodes.push_back(std::move(node));
  }
  declare_switches(agreement);
  declare_parts();
  shared_conventions();
  name_edition();
  foreign_columns();
  for (const auto& p : pending_timelines_) lower_timeline(p);
  for (const auto& p : pending_ledgers_) lower_ledger(p);
  for (std::size_t i = 0; i < definitions_.size(); ++i) if (!definitions_[i].macro) ensure(i, definitions_[i].span);
  for (std::size_t i = 0; i < stages_.size(); ++i) moves_of(i, stages_[i].written->name.span);
  lower_applicability();
  for (const auto& operation : tree_.operations()) {
    node_ = operation.node, ast_ = agreement_ast_;
    std::vector<ExprId> terms;
    for (const auto& force : operation.in_force) terms.push_back(days_condition(force, Scope{}, edition_));
    out.operations_in_force.push_back(all(std::move(terms)));
  }
  lower_nodes();
  conflicts_of_exceptions();
  conflicts_of_grounds();
  memberships();
  std::stable_sort(program_.grounds.begin(), program_.grounds.end(), [](const Ground& a, const Ground& b) { return a.remedy < b.remedy; });
  for (std::size_t i = 0, run = 0; i < program_.grounds.size(); ++i) {
    run = i && program_.grounds[i - 1].remedy == program_.grounds[i].remedy ? run + 1 : 1;
    if (run == 63) error(Code::too_many, tree_[program_.grounds[i].cite].span, {schema_.remedies[program_.grounds[i].remedy].id, "62"});
  }
  causes();
  if (diagnostics_.error_count() == before) order();
  const bool ok = diagnostics_.error_count() == before;
  if (!ok) return false;
  for (const auto& f : project_.files)
    for (const auto id : f.ast.top)
      if (const auto* s = std::get_if<syntax::Scenario>(&f.ast[id].what); s && s->of.text() == agreement.name) lower_scenario(f.ast, *s, f.ast[id].span, out.scenarios);
  out.tree = std::move(tree_);
  out.switches = std::move(switches_), out.switch_of_days = switch_of_days_;
  out.files = std::move(text.files);
  return diagnostics_.error_count() == before;
}

void Checker::every_vocabulary() {
  schema_.agreements.push_back({});
  for (std::size_t f = 0; f < project_.files.size(); ++f) collect_uses(f);
  std::vector<Declared> declared;
  for (const auto f : used_files_) collect_declarations(project_.files[f].ast, project_.files[f].ast.top, declared);
  declare(declared);
  // Tables, blanks and readings of the agreements in sight; the first of a name is meant where two texts share one.
  for (const auto& file : project_.files)
    for (const auto id : file.ast.top) {
      const auto* agreement = std::get_if<syntax::AgreementDecl>(&file.ast[id].what);
      if (!agreement) continue;
      std::vector<Declared> parts;
      collect_declarations(file.ast, agreement->body, parts);
      for (const auto& [ast, stmt] : parts) {
        ast_ = ast;
        const auto& what = (*ast)[stmt].what;
        const auto free = [&](const syntax::Name& name) { return !parameters_.count(name.id) && !parameters_.count(name.label) && !tables_.count(name.id); };
        if (const auto* p = std::get_if<syntax::Parameter>(&what); p && free(p->name)) declare_parameter(document::no_node, *p, p->name.span);
        if (const auto* r = std::get_if<syntax::Reading>(&what); r && free(r->name)) declare_reading(document::no_node, *r, r->name.span);
        if (const auto* t = std::get_if<syntax::Table>(&what); t && free(t->name))
          for (const std::string& name : {t->name.id, t->name.label})
            if (!name.empty()) tables_.emplace(name, PendingTable{ast, t, (*ast)[stmt].span, document::no_node});
      }
    }
}

Val Checker::expression(const syntax::Ast& ast, syntax::ExprId expr) {
  ast_ = &ast;
  frames_.clear();
  return lower(expr);
}

bool compile(const ProjectSources& project, const AgreementRef& agreement, diag::Diagnostics& diagnostics, Compiled& out) {
  out = {};
  return Checker(project, diagnostics, out.program).compile(agreement, out);
}

void check_rest(const ProjectSources& project, diag::Diagnostics& diagnostics) {
  const auto known = agreements(project);
  for (const auto& file : project.files)
    for (const auto id : file.ast.top)
      if (const auto* more = std::get_if<syntax::AgreementDecl>(&file.ast[id].what); more && more->continued &&
          std::none_of(known.begin(), known.end(), [&](const auto& a) { return a.name == more->path.text(); }))
        diagnostics.add(diag::Code::nothing_to_continue, more->path.span, {more->path.text()});
  for (std::size_t i = 0; i < known.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (known[i].name == known[j].name) {
        const auto& what = project.files[known[i].file].ast[known[i].stmt].what;
        const auto& path = known[i].supplement ? std::get<syntax::SupplementDecl>(what).path : std::get<syntax::AgreementDecl>(what).path;
        diagnostics.add(diag::Code::name_twice, path.span, {known[i].name});
      }
  for (const auto& file : project.files)
    for (const auto id : file.ast.top)
      if (const auto* s = std::get_if<syntax::Scenario>(&file.ast[id].what)) {
        const std::string name = s->of.text();
        if (std::any_of(known.begin(), known.end(), [&](const auto& a) { return a.name == name; })) continue;
        auto& d = diagnostics.add(diag::Code::unknown_agreement, s->of.span, {name});
        std::size_t best = 8;
        d.hint = false;
        for (const auto& a : known)
          if (const auto n = document::edit_distance(a.name, name); n < best) best = n, d.hint = true, d.hint_args = {a.name};
      }
  if (!known.empty()) return;
  core::Program program;
  Checker(project, diagnostics, program).every_vocabulary();
}

bool compile_expression(const ProjectSources& project, const syntax::Ast& ast, syntax::ExprId expr, diag::Diagnostics& diagnostics, CompiledExpression& out) {
  out = {};
  Checker checker(project, diagnostics, out.program);
  const std::size_t before = diagnostics.error_count();
  checker.every_vocabulary();
  if (diagnostics.error_count() != before) return false;
  Entity e;
  e.id = "eval", e.generated_key = true, e.key_column = 0;
  Column key;
  key.id = "key", key.kind = ColumnKind::key, key.type = type_of(Kind::text);
  e.columns.push_back(key);
  out.program.schema.entities.push_back(e);
  const auto entity = static_cast<EntityId>(out.program.schema.entities.size() - 1);
  const Val v = checker.expression(ast, expr);
  if (!v.ok()) return false;
  if (v.interval) {
    diagnostics.add(diag::Code::type_mismatch, ast[expr].span, {"interval", "value"});
    return false;
  }
  out.expr = v.id, out.type = v.type;
  out.program.memberships.assign(out.program.schema.entities.size(), none);
  out.program.reports.push_back({"value", "", entity, v.id, none});
  out.program.strata.push_back({core::DeclKind::report, 0});
  return true;
}

}  // namespace tiao::check
