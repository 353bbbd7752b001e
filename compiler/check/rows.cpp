// Which rows and columns a name means, and how to walk from a row to a set of rows.
#include "compiler/check/checker.hpp"

#include <algorithm>

namespace tiao::check {

using core::Hop;
using core::Source;

namespace {
template <class T> bool named(const T& thing, const std::string& name) { return thing.id == name || (!thing.label.empty() && thing.label == name); }
bool one_of(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return name == w; });
}
}  // namespace

std::optional<ExprId> Checker::this_row() const {
  const std::size_t n = frames_.size();
  if (n == 0) return std::nullopt;
  const std::size_t at = frames_[n - 1].aggregate && n >= 2 ? n - 2 : n - 1;
  return frames_[at].views[0].ref;
}

std::optional<ExprId> Checker::row_of(EntityId entity) {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    for (const RowView& view : frame->views)
      for (ExprId ref = view.ref;; ref = parent(ref)) {
        if (entity_of(ref) == entity) return ref;
        if (schema_.entities[entity_of(ref)].parent == none) break;
      }
  return std::nullopt;
}

bool Checker::two_rows_in_sight(EntityId entity) {
  for (const Frame& frame : frames_)
    for (const RowView& view : frame.views)
      if (view.entity == entity && view.alias.empty()) return true;
  return false;
}

std::optional<ExprId> Checker::named_row(const std::string& name) {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    for (const RowView& view : frame->views) {
      if (!view.alias.empty() && view.alias == name) return view.ref;
      for (ExprId ref = view.ref;; ref = parent(ref)) {
        const Entity& e = schema_.entities[entity_of(ref)];
        if (e.origin != EntityOrigin::remedy && named(e, name)) return ref;
        if (e.parent == none) break;
      }
    }
  return std::nullopt;
}

std::optional<Val> Checker::member(ExprId ref, const std::string& name, const syntax::Expr* written) {
  const EntityId entity = entity_of(ref);
  if (schema_.entities[entity].origin == EntityOrigin::span && one_of(name, {"during", "期间"})) {
    Val v;
    v.interval = true;
    v.from = column(ref, core::span_col::from);
    v.until = column(ref, core::span_col::until);
    return v;
  }
  if (schema_.entities[entity].origin == EntityOrigin::span) {
    if (one_of(name, {"starts_on", "首日"})) return Val{column(ref, core::span_col::from, written), type_of(Kind::date)};
    if (one_of(name, {"ends_on", "末日"})) {   // `until` is the first free day
      const ExprId one = constant(known(1), type_of(Kind::duration, none, duration_kind::days));
      return Val{emit(Op::shift_back, type_of(Kind::date), none, {column(ref, core::span_col::until), one}, written), type_of(Kind::date)};
    }
  }
  const auto c = schema_.entities[entity].find(name);
  if (!c) {   // the row above by the name of its register
    const EntityId above = schema_.entities[entity].parent;
    if (above == none || !named(schema_.entities[above], name)) return std::nullopt;
    const ExprId up = parent(ref);
    return Val{up, type(up)};
  }
  if (const auto d = definition_of_.find({entity, *c}); d != definition_of_.end())
    if (!ensure(d->second, written ? written->span : Span{})) return Val{};
  Val v;
  v.id = column(ref, *c, written);
  v.type = type(v.id);
  return v;
}

std::optional<Val> Checker::named_value(const std::string& name, const syntax::Expr* written) {
  for (auto b = bound_.rbegin(); b != bound_.rend(); ++b)
    if (b->id == name || (!b->label.empty() && b->label == name)) return b->val;
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    for (const RowView& view : frame->views) {
      if (!view.alias.empty() && view.alias == name) return Val{view.ref, type(view.ref)};
      for (ExprId ref = view.ref;; ref = parent(ref)) {
        if (auto v = member(ref, name, written)) return v;
        const Entity& e = schema_.entities[entity_of(ref)];
        if (e.origin != EntityOrigin::remedy && named(e, name)) return Val{ref, type(ref)};
        if (e.parent == none) break;
      }
    }
  if (const auto p = parameters_.find(name); p != parameters_.end()) {
    const Type t = schema_.parameters[p->second].type;
    return Val{emit(Op::parameter, t, p->second, {}, written), t};
  }
  if (one_of(name, {"as_of", "截至日"})) {
    const ExprId e = as_of();
    return Val{e, type(e)};
  }
  return std::nullopt;
}

std::vector<std::string> Checker::names_in_sight() {
  std::vector<std::string> out;
  const auto add = [&](const auto& thing) {
    if (thing.id.find(':') == std::string::npos && thing.id.find("§") == std::string::npos) out.push_back(thing.id);
    if (!thing.label.empty()) out.push_back(thing.label);
  };
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    for (const RowView& view : frame->views)
      for (EntityId e = view.entity; e != none; e = schema_.entities[e].parent) {
        for (const auto& c : schema_.entities[e].columns) add(c);
        add(schema_.entities[e]);
      }
  for (const auto& [name, i] : parameters_) out.push_back(name);
  for (const auto& [name, i] : macros_) out.push_back(name);
  for (const auto& [name, i] : ledgers_) out.push_back(name);
  for (const auto& [name, i] : timelines_) out.push_back(name);
  for (const auto& [name, i] : tables_) out.push_back(name);
  for (const auto& b : bound_) out.push_back(b.id);
  return out;
}

// One step of a path from rows of `from`. `used` says how many segments it took.
std::optional<std::vector<Hop>> Checker::hops_from(EntityId from, const std::vector<syntax::Ident>& path, std::size_t at, std::size_t& used, EntityId& to, Span span) {
  const std::string& name = path[at].text;
  used = 1;
  const Entity& entity = schema_.entities[from];
  if (entity.origin == EntityOrigin::group)
    for (const auto& g : program_.groups)
      if (g.entity == from && named(schema_.entities[g.from], name)) {
        to = g.from;
        return std::vector<Hop>{{Hop::members, to, none}};
      }
  if (const auto c = entity.find(name); c && entity.columns[*c].type.kind == Kind::ref) {
    to = entity.columns[*c].type.of;
    const bool up = entity.parent != none && *c == entity.parent_column;
    return std::vector<Hop>{{up ? Hop::parent : Hop::follow, to, up ? none : *c}};
  }
  if (entity.parent != none && named(schema_.entities[entity.parent], name)) {
    to = entity.parent;
    return std::vector<Hop>{{Hop::parent, to, none}};
  }
  if (const auto l = ledgers_.find(name); l != ledgers_.end() && at + 1 < path.size() && program_.ledgers[l->second].owner == from) {
    const std::string& part = path[at + 1].text;
    used = 2;
    if (one_of(part, {"step", "步"})) to = program_.ledgers[l->second].steps;
    else if (one_of(part, {"cycle", "记分期"})) to = program_.ledgers[l->second].cycles;
    else return std::nullopt;
    return std::vector<Hop>{{Hop::children, to, none}};
  }
  if (const auto t = timelines_.find(name); t != timelines_.end() && at + 1 < path.size() && program_.timelines[t->second].owner == from &&
                                            one_of(path[at + 1].text, {"span", "状态段"})) {
    used = 2;
    to = program_.timelines[t->second].spans;
    return std::vector<Hop>{{Hop::children, to, none}};
  }
  std::optional<EntityId> target;
  std::vector<Hop> after;
  for (EntityId e = 0; e < schema_.entities.size() && !target; ++e)
    if ((schema_.entities[e].origin == EntityOrigin::register_ || schema_.entities[e].origin == EntityOrigin::group) && named(schema_.entities[e], name)) target = e;
  if (!target)
    if (const auto r = find_remedy(name)) {
      const Remedy& remedy = schema_.remedies[*r];
      after = {{Hop::children, remedy.rows, none}};
      to = remedy.rows;
      if (remedy.target == from) return after;
      target = remedy.target;
    }
  if (!target) return std::nullopt;
  if (after.empty()) to = *target;
  const Entity& child = schema_.entities[*target];
  std::vector<Hop> hops;
  if (child.parent == from) {
    hops.push_back({Hop::children, *target, none});
  } else {
    std::vector<ColumnId> links;
    for (ColumnId c = 0; c < child.columns.size(); ++c)
      if (child.columns[c].kind == ColumnKind::link && child.columns[c].type.of == from) links.push_back(c);
    if (links.empty()) return std::nullopt;
    if (links.size() > 1) error(Code::ambiguous_rows, span, {name, schema_.entities[from].id});
    hops.push_back({Hop::linked, *target, links[0]});
  }
  hops.insert(hops.end(), after.begin(), after.end());
  return hops;
}

// Walks the rest of a path; false when a segment leads nowhere (reported).
bool Checker::walk(Source& source, EntityId& at, const std::vector<syntax::Ident>& path, std::size_t i) {
  bool set = source.start == none || std::any_of(source.hops.begin(), source.hops.end(), [](const Hop& h) { return h.kind != Hop::follow && h.kind != Hop::parent; });
  while (i < path.size()) {
    std::size_t used = 1;
    EntityId to = none;
    const auto hops = hops_from(at, path, i, used, to, path[i].span);
    if (!hops) {
      std::vector<std::string> candidates;
      for (const auto& c : schema_.entities[at].columns) candidates.push_back(c.id), candidates.push_back(c.label);
      unknown(Code::unknown_column, path[i].span, path[i].text, candidates, {schema_.entities[at].id});
      return false;
    }
    for (const Hop& hop : *hops) {
      const bool to_one = hop.kind == Hop::follow || hop.kind == Hop::parent;
      if (to_one && !set) {
        source.start = hop.kind == Hop::parent ? parent(source.start) : column(source.start, hop.column);
        continue;
      }
      if (to_one && set) source.distinct = true;
      if (!to_one) set = true;
      source.hops.push_back(hop);
    }
    at = to;
    i += used;
  }
  source.entity = at;
  return true;
}

std::optional<Source> Checker::rows_of_path(const syntax::Path& path, bool whole) {
  Source source;
  const auto& segments = path.segments;
  if (whole) {
    auto entity = schema_.find_entity(segments[0].text);
    if (!entity)
      for (EntityId e = 0; e < schema_.entities.size(); ++e)
        if (schema_.entities[e].origin == EntityOrigin::group && named(schema_.entities[e], segments[0].text)) entity = e;
    if (!entity) {
      std::vector<std::string> candidates;
      for (const auto& e : schema_.entities) candidates.push_back(e.id), candidates.push_back(e.label);
      unknown(Code::unknown_entity, segments[0].span, segments[0].text, candidates);
      return std::nullopt;
    }
    source.whole = *entity;
    EntityId at = *entity;
    return walk(source, at, segments, 1) ? std::optional(source) : std::nullopt;
  }
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    for (const RowView& view : frame->views)
      for (ExprId ref = view.ref;; ref = parent(ref)) {
        std::size_t used = 1;
        EntityId to = none;
        if (!view.alias.empty() && ref == view.ref && segments[0].text == view.alias && segments.size() > 1) {
          source.start = ref;
          EntityId at = entity_of(ref);
          return walk(source, at, segments, 1) ? std::optional(source) : std::nullopt;
        }
        if (hops_from(entity_of(ref), segments, 0, used, to, segments[0].span)) {
          source.start = ref;
          EntityId at = entity_of(ref);
          return walk(source, at, segments, 0) ? std::optional(source) : std::nullopt;
        }
        // A row in sight by the name of its register: its own path goes on from it.
        if (segments.size() > 1 && named(schema_.entities[entity_of(ref)], segments[0].text)) {
          source.start = ref;
          EntityId at = entity_of(ref);
          return walk(source, at, segments, 1) ? std::optional(source) : std::nullopt;
        }
        if (schema_.entities[entity_of(ref)].parent == none) break;
      }
  // Another person's rows: the path begins with a value that is a row (a parameter of a definition, a link in sight).
  if (segments.size() > 1)
    if (const auto v = named_value(segments[0].text, nullptr); v && v->id != none && v->type.kind == Kind::ref) {
      source.start = v->id;
      EntityId at = entity_of(v->id);
      return walk(source, at, segments, 1) ? std::optional(source) : std::nullopt;
    }
  const bool exists = schema_.find_entity(segments[0].text).has_value() || find_remedy(segments[0].text).has_value();
  if (exists) {
    auto& d = error(Code::no_rows_here, segments[0].span, {segments[0].text});
    d.hint_args = {segments[0].text};
  } else {
    std::vector<std::string> candidates = names_in_sight();
    for (const auto& e : schema_.entities) candidates.push_back(e.id), candidates.push_back(e.label);
    unknown(Code::unknown_name, segments[0].span, segments[0].text, candidates);
  }
  return std::nullopt;
}

// `for each`, `of`: a register, a group, the steps of a ledger …
std::optional<EntityId> Checker::entity_of_path(const syntax::Path& path) {
  const auto& segments = path.segments;
  if (const auto e = schema_.find_entity(segments[0].text); e && segments.size() == 1) return e;
  for (EntityId e = 0; e < schema_.entities.size(); ++e)
    if (schema_.entities[e].origin == EntityOrigin::group && segments.size() == 1 && named(schema_.entities[e], segments[0].text)) return e;
  if (const auto r = find_remedy(segments[0].text); r && segments.size() == 1) return schema_.remedies[*r].rows;
  if (segments.size() == 2) {
    std::size_t used = 1;
    EntityId to = none;
    if (const auto l = ledgers_.find(segments[0].text); l != ledgers_.end() && hops_from(program_.ledgers[l->second].owner, segments, 0, used, to, path.span)) return to;
    if (const auto t = timelines_.find(segments[0].text); t != timelines_.end() && hops_from(program_.timelines[t->second].owner, segments, 0, used, to, path.span)) return to;
  }
  std::vector<std::string> candidates;
  for (const auto& e : schema_.entities) candidates.push_back(e.id), candidates.push_back(e.label);
  for (const auto& [name, l] : ledgers_) candidates.push_back(name);
  unknown(Code::unknown_entity, path.span, path.text(), candidates);
  return std::nullopt;
}

}  // namespace tiao::check
