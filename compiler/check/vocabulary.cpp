// Declarations become the schema: registers and their columns, scales, units, actors, remedies, calendars.
#include "compiler/check/checker.hpp"

#include <algorithm>

#include "runtime/value/format.hpp"
#include "runtime/value/scalar.hpp"

namespace tiao::check {

using namespace syntax;
using tiao::Cell;
using tiao::Calendar;
using tiao::Combine;

void Checker::unknown(Code code, Span span, const std::string& name, const std::vector<std::string>& candidates, std::vector<std::string> more) {
  std::vector<std::string> args{name};
  args.insert(args.end(), more.begin(), more.end());
  auto& d = error(code, span, args);
  std::string best;
  // Up to half of the letters may be wrong, at most three: more is no help.
  const std::size_t letters = document::edit_distance(name, "");
  std::size_t distance = std::min<std::size_t>(4, std::max<std::size_t>(1, letters / 2) + 1);
  for (const auto& c : candidates)
    if (const std::size_t n = document::edit_distance(name, c); !c.empty() && n < distance) distance = n, best = c;
  d.hint = !best.empty();
  d.hint_args = {best};
}

namespace {

template <class T> std::vector<std::string> names_of(const std::vector<T>& items) {
  std::vector<std::string> out;
  for (const auto& i : items) {
    out.push_back(i.id);
    if (!i.label.empty()) out.push_back(i.label);
  }
  return out;
}

template <class T> std::optional<std::uint32_t> find_named(const std::vector<T>& items, const std::string& name) {
  for (std::uint32_t i = 0; i < items.size(); ++i)
    if (items[i].id == name || (!items[i].label.empty() && items[i].label == name)) return i;
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> Checker::find_enum(const std::string& name) const { return find_named(schema_.enums, name); }
std::optional<std::uint32_t> Checker::find_unit(const std::string& name) const { return find_named(schema_.units, name); }
std::optional<RemedyId> Checker::find_remedy(const std::string& name) const { return find_named(schema_.remedies, name); }
std::optional<std::uint32_t> Checker::enum_value(std::uint32_t e, const std::string& name) const { return find_named(schema_.enums[e].values, name); }

std::optional<ActorId> Checker::find_actor(const Path& path) {
  const std::string name = path.text();
  if (const auto a = find_named(schema_.actors, name)) return *a;
  // Whoever is a register of the case can act as well: 机构 应当 …
  if (const auto e = schema_.find_entity(name)) {
    schema_.actors.push_back({schema_.entities[*e].id, schema_.entities[*e].label});
    return static_cast<ActorId>(schema_.actors.size() - 1);
  }
  unknown(Code::unknown_actor, path.span, name, names_of(schema_.actors));
  return std::nullopt;
}

// What a file uses comes before it; files may use each other.
void Checker::collect_uses(std::size_t file) {
  if (!files_seen_.insert(file).second) return;
  const Ast& ast = project_.files[file].ast;
  for (const StmtId id : ast.top) {
    const auto* use = std::get_if<Use>(&ast[id].what);
    if (!use) continue;
    const std::string wanted = use->path.text();
    bool hit = false;
    for (std::size_t i = 0; i < project_.files.size(); ++i)
      if (project_.files[i].module == wanted) collect_uses(i), hit = true;
    if (!hit) error(Code::unknown_file, use->path.span, {wanted});
  }
  used_files_.push_back(file);
}

void Checker::collect_declarations(const Ast& ast, const std::vector<StmtId>& statements, std::vector<Declared>& out) {
  for (const StmtId id : statements) {
    const auto& what = ast[id].what;
    if (const auto* node = std::get_if<syntax::Node>(&what)) collect_declarations(ast, node->body, out);
    else if (const auto* insert = std::get_if<syntax::Insert>(&what)) collect_declarations(ast, {insert->node}, out);
    else if (const auto* replace = std::get_if<syntax::Replace>(&what)) collect_declarations(ast, {replace->node}, out);
    else if (const auto* append = std::get_if<syntax::Append>(&what)) collect_declarations(ast, append->body, out);
    else out.push_back({&ast, id});
  }
}

EntityId Checker::add_entity(Entity entity, Span span) {
  for (const auto& other : schema_.entities)
    if (other.id == entity.id || (!entity.label.empty() && other.label == entity.label)) {
      error(Code::name_twice, span, {other.id == entity.id ? entity.id : entity.label});
      return none;
    }
  schema_.entities.push_back(std::move(entity));
  return static_cast<EntityId>(schema_.entities.size() - 1);
}

ColumnId Checker::add_column(EntityId entity, Column column, Span span) {
  auto& columns = schema_.entities[entity].columns;
  for (const auto& c : columns)
    if (c.id == column.id || (!column.label.empty() && (c.label == column.label || c.id == column.label)) || (!c.label.empty() && c.label == column.id)) {
      error(Code::name_twice, span, {c.id == column.id ? column.id : column.label});
      return none;
    }
  columns.push_back(std::move(column));
  return static_cast<ColumnId>(columns.size() - 1);
}

void Checker::declare_enum(const std::string& id, const std::string& label, bool ordered, const std::vector<Name>& values, Span span) {
  if (find_enum(id) || (!label.empty() && find_enum(label))) {
    error(Code::name_twice, span, {id});
    return;
  }
  if (values.size() > 62) error(Code::too_many, span, {"value", "62"});
  Enum e{id, label, ordered, {}};
  for (const Name& v : values) {
    for (const auto& other : e.values)
      if (other.id == v.id || (!v.label.empty() && other.label == v.label)) error(Code::name_twice, v.span, {v.id});
    e.values.push_back({v.id, v.label});
  }
  schema_.enums.push_back(std::move(e));
}

void Checker::declare(const std::vector<Declared>& declarations) {
  // Scales and registers first, so that the order of declarations never matters.
  for (const auto& [ast, id] : declarations) {
    ast_ = ast;
    const Stmt& stmt = (*ast)[id];
    if (const auto* d = std::get_if<EnumDecl>(&stmt.what)) declare_enum(d->name.id, d->name.label, d->ordered, d->values, d->name.span);
    else if (const auto* a = std::get_if<ActorDecl>(&stmt.what)) {
      for (const Name& n : a->names) {
        if (find_named(schema_.actors, n.id)) error(Code::name_twice, n.span, {n.id});
        schema_.actors.push_back({n.id, n.label});
      }
    } else if (const auto* p = std::get_if<PeriodDecl>(&stmt.what)) {
      periods_[p->name.id] = {ast, p};
      if (!p->name.label.empty()) periods_[p->name.label] = {ast, p};
    } else if (const auto* e = std::get_if<EntityDecl>(&stmt.what)) {
      declare_entity(*e, e->name.span);
    }
  }
  for (const auto& [ast, id] : declarations) {
    ast_ = ast;
    if (const auto* u = std::get_if<UnitDecl>(&(*ast)[id].what)) declare_unit(*ast, *u, u->name.span);
    if (const auto* c = std::get_if<CalendarDecl>(&(*ast)[id].what)) declare_calendar(*c, c->name.span);
  }
  for (const bool extension : {false, true})
    for (const auto& [ast, id] : declarations) {
      ast_ = ast;
      const Stmt& stmt = (*ast)[id];
      const auto* e = std::get_if<EntityDecl>(&stmt.what);
      const auto* x = std::get_if<ExtendDecl>(&stmt.what);
      if (e && !extension) {
        if (const auto entity = schema_.find_entity(e->name.id)) entity_members(*ast, *entity, e->members, false);
      } else if (x && extension) {
        if (const auto entity = schema_.find_entity(x->entity.text())) entity_members(*ast, *entity, x->members, true);
        else unknown(Code::unknown_entity, x->entity.span, x->entity.text(), names_of(schema_.entities));
      }
    }
  for (const auto& [ast, id] : declarations) {
    ast_ = ast;
    if (const auto* r = std::get_if<RemedyDecl>(&(*ast)[id].what)) declare_remedy(*ast, *r, r->name.span);
  }
  for (const auto& [ast, id] : declarations)   // `includes` may name a remedy declared later
    if (const auto* r = std::get_if<RemedyDecl>(&(*ast)[id].what))
      if (const auto self = find_remedy(r->name.id))
        for (const Ident& included : r->includes) {
          if (const auto other = find_remedy(included.text)) schema_.remedies[*self].includes.push_back(*other);
          else unknown(Code::unknown_remedy, included.span, included.text, names_of(schema_.remedies));
        }
}

void Checker::declare_unit(const Ast& ast, const UnitDecl& decl, Span span) {
  if (find_unit(decl.name.id) || (!decl.name.label.empty() && find_unit(decl.name.label))) {
    error(Code::name_twice, span, {decl.name.id});
    return;
  }
  Unit unit{decl.name.id, decl.name.label, none, 1};
  if (decl.means.valid()) {
    const Expr& means = ast[decl.means];
    const auto base = find_unit(means.unit);
    std::int64_t factor = 0;
    if (!base || parse_fixed(means.text, 0, factor) != Parse::ok) unknown(Code::unknown_unit, means.span, means.unit, names_of(schema_.units));
    else unit.base = *base, unit.factor = factor;
  }
  schema_.units.push_back(unit);
}

void Checker::declare_calendar(const CalendarDecl& decl, Span span) {
  Calendar calendar;
  calendar.id = decl.name.id;
  calendar.label = decl.name.label;
  const auto day = [&](const DateLiteral& d) { return date_value(d).lo; };
  for (const CalendarItem& item : decl.items) {
    if (item.kind == CalendarItemKind::extent) {
      calendar.from = day(item.from);
      calendar.through = day(item.to) - (item.end == EndKind::until ? 1 : 0);
    } else if (item.kind == CalendarItemKind::citing) {
      calendar.source = item.source.value;
    }
  }
  if (calendar.through < calendar.from || calendar.through - calendar.from > 80000) {
    error(Code::missing_item, span, {"from … through …"});
    return;
  }
  calendar.works.assign(static_cast<std::size_t>(calendar.through - calendar.from + 1), true);
  static const std::vector<std::pair<std::string, int>> weekdays = {{"Monday", 0}, {"Tuesday", 1}, {"Wednesday", 2}, {"Thursday", 3},
      {"Friday", 4}, {"Saturday", 5}, {"Sunday", 6}, {"周一", 0}, {"周二", 1}, {"周三", 2}, {"周四", 3}, {"周五", 4}, {"周六", 5}, {"周日", 6},
      {"星期一", 0}, {"星期二", 1}, {"星期三", 2}, {"星期四", 3}, {"星期五", 4}, {"星期六", 5}, {"星期日", 6}};
  for (const CalendarItem& item : decl.items) {
    if (item.kind != CalendarItemKind::closed && item.kind != CalendarItemKind::works) continue;
    const bool works = item.kind == CalendarItemKind::works;
    for (const CalendarDate& date : item.dates) {
      if (date.word.given()) {
        const auto hit = std::find_if(weekdays.begin(), weekdays.end(), [&](const auto& w) { return w.first == date.word.text; });
        if (hit == weekdays.end()) { error(Code::unknown_name, date.span, {date.word.text}).hint = false; continue; }
        for (std::int64_t d = calendar.from; d <= calendar.through; ++d)
          if (((d + 3) % 7 + 7) % 7 == hit->second) calendar.works[static_cast<std::size_t>(d - calendar.from)] = works;   // 1970-01-01 was a Thursday
        continue;
      }
      const std::int64_t first = day(date.from), last = date.to ? day(*date.to) : first;
      for (std::int64_t d = std::max(first, calendar.from); d <= std::min(last, calendar.through); ++d)
        calendar.works[static_cast<std::size_t>(d - calendar.from)] = works;
    }
  }
  schema_.calendars.push_back(std::move(calendar));
}

void Checker::declare_entity(const EntityDecl& decl, Span span) {
  Entity e;
  e.id = decl.name.id;
  e.label = decl.name.label;
  add_entity(std::move(e), span);
}

bool Checker::resolve_type(const Ast& ast, const TypeRef& ref, const std::string& owner, Type& type, std::int64_t& lo, std::int64_t& hi) {
  lo = neg_inf, hi = pos_inf;
  if (!ref.one_of.empty()) {
    if (!find_enum(owner)) declare_enum(owner, "", false, ref.one_of, ref.span);
    type = type_of(Kind::choice, *find_enum(owner));
    return true;
  }
  static const std::vector<std::pair<std::vector<std::string>, Kind>> builtin = {
      {{"bool", "是否"}, Kind::boolean}, {{"int", "整数"}, Kind::integer}, {{"decimal", "小数"}, Kind::decimal}, {{"money", "金额"}, Kind::money},
      {{"percent", "百分比"}, Kind::percent}, {{"ratio", "比率"}, Kind::ratio}, {{"date", "日期"}, Kind::date}, {{"duration", "时长"}, Kind::duration}, {{"text", "文字"}, Kind::text}};
  const std::string& name = ref.name.text;
  bool found = false;
  for (const auto& [names, kind] : builtin)
    if (std::find(names.begin(), names.end(), name) != names.end()) type = type_of(kind), found = true;
  if (!found) {
    if (const auto e = find_enum(name)) type = type_of(Kind::choice, *e), found = true;
    else if (const auto u = find_unit(name)) type = type_of(Kind::integer, *u), found = true;
  }
  if (!found) {
    auto candidates = names_of(schema_.enums);
    for (const auto& [names, kind] : builtin) candidates.insert(candidates.end(), names.begin(), names.end());
    for (const auto& u : names_of(schema_.units)) candidates.push_back(u);
    unknown(Code::unknown_type, ref.span, name, candidates);
    return false;
  }
  if (type.kind == Kind::money || type.kind == Kind::percent) type.scale = 2;
  if (ref.digits) {
    if (type.kind == Kind::integer) type.kind = Kind::decimal;   // point(2): of a unit, with places
    type.scale = static_cast<std::uint8_t>(std::min<std::uint32_t>(*ref.digits, 12));
  }
  if (ref.range) {
    const Ast* before = ast_;
    ast_ = &ast;
    for (const auto& [end, into, exclusive, step] : {std::tuple{ref.range->lo, &lo, ref.range->lo_exclusive, 1}, std::tuple{ref.range->hi, &hi, ref.range->hi_exclusive, -1}}) {
      if (!end.valid()) continue;
      const Val v = lower(end, &type);
      if (type.kind == Kind::duration && v.id != none) type.scale = this->type(v.id).scale;
      const ExprId e = demand(v, type, ast[end].span);
      const Cell* c = constant_of(e);
      if (!c || c->lo != c->hi) error(Code::not_a_constant, ast[end].span);
      else *into = c->lo + (exclusive ? step : 0);
    }
    runs_upward(lo, hi, span_of(*ref.range));
    ast_ = before;
  }
  return true;
}

void Checker::declare_fact(const Ast& ast, EntityId entity, const FactDecl& fact, Span span) {
  Column c;
  c.id = fact.name.id;
  c.label = fact.name.label;
  c.kind = fact.kind == FactKind::fact ? ColumnKind::fact : fact.kind == FactKind::finding ? ColumnKind::finding : ColumnKind::judgment;
  if (fact.type && !resolve_type(ast, *fact.type, schema_.entities[entity].id + "." + fact.name.id, c.type, c.range_lo, c.range_hi)) return;
  for (const Ident& by : fact.by) {
    Path p{{by}, by.span};
    if (const auto a = find_actor(p)) c.by.push_back(*a);
  }
  const bool finding = c.kind == ColumnKind::finding;
  if (fact.presumed && (!finding || c.type.kind != Kind::boolean)) error(Code::presumed_kind, span);
  c.presumed = fact.presumed;
  const std::string id = c.id;
  if (add_column(entity, std::move(c), span) == none || !finding) return;
  Column suspected;
  suspected.id = "suspected:" + id;
  suspected.kind = ColumnKind::suspected;
  suspected.type = boolean_type();
  add_column(entity, std::move(suspected), span);
}

void Checker::entity_members(const Ast& ast, EntityId entity, const std::vector<StmtId>& members, bool extension) {
  for (const StmtId id : members) {
    const Stmt& stmt = ast[id];
    if (const auto* key = std::get_if<KeyMember>(&stmt.what)) {
      Column c;
      c.id = key->name.id, c.label = key->name.label, c.kind = ColumnKind::key, c.type = type_of(Kind::text);
      schema_.entities[entity].key_column = add_column(entity, std::move(c), key->name.span);
    } else if (const auto* parent = std::get_if<BelongsTo>(&stmt.what)) {
      const auto owner = schema_.find_entity(parent->entity.text());
      if (!owner) { unknown(Code::unknown_entity, parent->entity.span, parent->entity.text(), names_of(schema_.entities)); continue; }
      if (schema_.entities[entity].parent != none) { error(Code::repeated_item, stmt.span, {"belongs to"}); continue; }
      Column c;
      c.id = schema_.entities[*owner].id, c.label = schema_.entities[*owner].label, c.kind = ColumnKind::parent, c.type = type_of(Kind::ref, *owner);
      // Whoever looks upward has to arrive.
      std::string round = schema_.entities[entity].id;
      EntityId up = *owner;
      for (; up != none && up != entity; up = schema_.entities[up].parent) round += " → " + schema_.entities[up].id;
      if (up == entity) { error(Code::cyclic_definition, stmt.span, {round + " → " + schema_.entities[entity].id}).hint = false; continue; }
      schema_.entities[entity].parent = *owner;
      schema_.entities[entity].parent_column = add_column(entity, std::move(c), parent->entity.span);
    } else if (const auto* link = std::get_if<RefersTo>(&stmt.what)) {
      const auto other = schema_.find_entity(link->entity.text());
      if (!other) { unknown(Code::unknown_entity, link->entity.span, link->entity.text(), names_of(schema_.entities)); continue; }
      Column c;
      c.kind = ColumnKind::link, c.type = type_of(Kind::ref, *other);
      c.id = link->as.id.empty() ? schema_.entities[*other].id : link->as.id;
      c.label = link->as.id.empty() ? schema_.entities[*other].label : link->as.label;
      add_column(entity, std::move(c), stmt.span);
    } else if (const auto* fact = std::get_if<FactDecl>(&stmt.what)) {
      declare_fact(ast, entity, *fact, fact->name.span);
    } else if (const auto* define = std::get_if<Define>(&stmt.what)) {
      declare_definition(document::no_node, *define, stmt.span, {}, entity);
    }
  }
  for (const StmtId id : members)
    if (const auto* dated = std::get_if<DatedBy>(&ast[id].what)) {
      const auto c = schema_.entities[entity].find(dated->column.text());
      if (!c || schema_.entities[entity].columns[*c].type.kind != Kind::date)
        unknown(Code::unknown_column, dated->column.span, dated->column.text(), names_of(schema_.entities[entity].columns), {schema_.entities[entity].id});
      else schema_.entities[entity].dated_column = *c;
    }
  if (!extension && schema_.entities[entity].key_column == none) {
    Column c;
    c.id = "key", c.kind = ColumnKind::key, c.type = type_of(Kind::text);
    schema_.entities[entity].key_column = add_column(entity, std::move(c), schema_.entities[entity].columns.empty() ? Span{} : Span{});
    schema_.entities[entity].generated_key = true;
  }
}

void Checker::declare_remedy(const Ast& ast, const RemedyDecl& decl, Span span) {
  if (find_remedy(decl.name.id) || (!decl.name.label.empty() && find_remedy(decl.name.label))) {
    error(Code::name_twice, span, {decl.name.id});
    return;
  }
  const auto target = schema_.find_entity(decl.of.text());
  if (!target) { unknown(Code::unknown_entity, decl.of.span, decl.of.text(), names_of(schema_.entities)); return; }
  Remedy r;
  r.id = decl.name.id, r.label = decl.name.label, r.target = *target;
  r.severity = static_cast<std::int32_t>(decl.severity.value_or(0));
  r.concept_id = decl.concept_.text;
  for (const Param& p : decl.takes) {
    RemedyParam param;
    param.id = p.name.id, param.label = p.name.label;
    if (resolve_type(ast, p.type, r.id + "." + p.name.id, param.type, param.range_lo, param.range_hi)) r.params.push_back(param);
  }
  const auto param_named = [&](const Ident& name) -> std::uint32_t {
    const auto hit = find_named(r.params, name.text);
    if (!hit) unknown(Code::unknown_column, name.span, name.text, names_of(r.params), {r.id});
    return hit.value_or(none);
  };
  if (decl.combine) {
    const std::string& way = decl.combine->way.text;
    if (way == "once" || way == "一次") r.combine = Combine::once;
    else if (way == "each" || way == "逐个") r.combine = Combine::each;
    else if (way == "longest" || way == "从长") r.combine = Combine::longest;
    else if (way == "highest" || way == "最高" || way == "从高") r.combine = Combine::highest, r.combine_param = param_named(decl.combine->of);
    else if (way == "sum" || way == "合计") r.combine = Combine::sum, r.combine_param = param_named(decl.combine->of);
    else unknown(Code::unknown_name, decl.combine->span, way, {"once", "each", "longest", "highest", "sum"});
  }
  // Its rows: one per target on which it is grounded.
  Entity rows;
  rows.id = "remedy:" + r.id, rows.origin = EntityOrigin::remedy, rows.parent = *target, rows.parent_column = 0;
  rows.key_column = none;
  const auto computed = [](std::string id, std::string label, Type t) { Column c; c.id = std::move(id), c.label = std::move(label), c.kind = ColumnKind::computed, c.type = t; return c; };
  rows.columns.push_back(computed("target", "对象", type_of(Kind::ref, *target)));
  rows.columns.push_back(computed("from", "起", type_of(Kind::date)));
  rows.columns.push_back(computed("until", "止", type_of(Kind::date)));
  rows.columns.push_back(computed("length", "期", type_of(Kind::duration)));
  for (const auto& p : r.params) {
    // The words for when a remedy runs are taken: a parameter of that name could not be told from it.
    const std::string& name = p.id;
    if (std::any_of(rows.columns.begin(), rows.columns.end(), [&](const Column& c) { return c.id == name || (!p.label.empty() && c.label == p.label); }))
      error(Code::name_twice, span, {name});
    Column c = computed(p.id, p.label, p.type);
    c.range_lo = p.range_lo, c.range_hi = p.range_hi;
    rows.columns.push_back(c);
  }
  schema_.entities.push_back(std::move(rows));
  r.rows = static_cast<EntityId>(schema_.entities.size() - 1);
  if (decl.chosen.given()) {
    const auto& path = decl.chosen.segments;
    const auto entity = path.size() == 2 ? schema_.find_entity(path[0].text) : std::nullopt;
    const auto col = entity ? schema_.entities[*entity].find(path[1].text) : std::nullopt;
    if (!entity || *entity != *target || !col) {
      unknown(Code::unknown_column, decl.chosen.span, decl.chosen.text(), names_of(schema_.entities[*target].columns), {schema_.entities[*target].id});
    } else {
      r.chosen_column = *col;
      const Type& t = schema_.entities[*target].columns[*col].type;
      for (std::uint32_t i = 0; i < r.params.size() && r.chosen_param == none; ++i)
        if (r.params[i].type == t) r.chosen_param = i;
      if (r.chosen_param == none) error(Code::type_mismatch, decl.chosen.span, {type_name(schema_, t), r.id});
    }
  }
  schema_.remedies.push_back(std::move(r));
}

Cell Checker::date_value(const DateLiteral& d) const {
  std::string text = std::to_string(d.year);
  while (text.size() < 4) text.insert(text.begin(), '0');
  const auto two = [](unsigned n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  if (d.month) text += "-" + two(d.month);
  if (d.day) text += "-" + two(d.day);
  Cell c;
  if (parse_date(text, c.lo, c.hi) != Parse::ok) return number_error();
  return c;
}

// Columns and registers that other agreements of the project declare: fact files may carry them.
void Checker::foreign_columns() {
  for (const auto& file : project_.files) {
    std::vector<Declared> all;
    for (const StmtId id : file.ast.top) {
      if (const auto* a = std::get_if<AgreementDecl>(&file.ast[id].what)) collect_declarations(file.ast, a->body, all);
      else if (const auto* s = std::get_if<SupplementDecl>(&file.ast[id].what)) collect_declarations(file.ast, s->body, all);
      else all.push_back({&file.ast, id});
    }
    for (const auto& [ast, id] : all) {
      const auto* e = std::get_if<EntityDecl>(&(*ast)[id].what);
      const auto* x = std::get_if<ExtendDecl>(&(*ast)[id].what);
      if (!e && !x) continue;
      std::vector<std::string> names = e ? std::vector<std::string>{e->name.id, e->name.label} : std::vector<std::string>{x->entity.text()};
      const auto own = schema_.find_entity(names[0]);
      if (e && !own)
        for (const auto& n : names) if (!n.empty()) schema_.foreign.push_back({n, ""});
      if (own) names = {schema_.entities[*own].id, schema_.entities[*own].label};
      for (const StmtId m : e ? e->members : x->members) {
        const Name* name = nullptr;
        if (const auto* fact = std::get_if<FactDecl>(&(*ast)[m].what)) name = &fact->name;
        if (const auto* link = std::get_if<RefersTo>(&(*ast)[m].what); link && !link->as.id.empty()) name = &link->as;
        if (!name || (own && schema_.entities[*own].find(name->id))) continue;
        for (const auto& n : names)
          if (!n.empty()) {
            schema_.foreign.push_back({n, name->id});
            if (!name->label.empty()) schema_.foreign.push_back({n, name->label});
          }
      }
    }
  }
}

std::string type_name(const Schema& schema, const Type& type) {
  switch (type.kind) {
    case Kind::boolean: return "bool";
    case Kind::integer: return type.of == none ? "int" : schema.units[type.of].id;
    case Kind::decimal: return "decimal(" + std::to_string(type.scale) + ")" + (type.of == none ? "" : " " + schema.units[type.of].id);
    case Kind::money: return "money";
    case Kind::percent: return "percent";
    case Kind::ratio: return is_mean(type) ? "average of " + type_name(schema, averaged(type)) : "ratio";
    case Kind::date: return "date";
    case Kind::duration: return "duration";
    case Kind::workdays: return "working days";
    case Kind::text: return "text";
    case Kind::choice: return schema.enums[type.of].id;
    case Kind::ref: return schema.entities[type.of].id;
  }
  return {};
}

std::string Checker::describe(const Val& v) const { return v.interval ? "interval" : type_name(schema_, v.type); }

}  // namespace tiao::check
