// What a run on facts with blanks decides, against a run on facts in which they are filled.
#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/core/builder.hpp"
#include "compiler/core/printer.hpp"
#include "runtime/value/scalar.hpp"
#include "tests/differential/completions.hpp"

namespace tiao::differential {

namespace {

class Contradiction {
 public:
  Contradiction(const core::Program& program, const Results& found, const Completion& completion, const Results& completed)
      : program_(program), schema_(program.schema), a_(found), place_(completion.place), b_(completed) {}

  std::string run() {
    for (std::uint32_t i = 0; i < program_.computed.size(); ++i)
      if (program_.computed[i].proposition) truths("proposition " + std::to_string(i), program_.computed[i].entity, a_.propositions[i], b_.propositions[i]);
    for (std::uint32_t i = 0; i < program_.duties.size(); ++i) duty(i);
    for (std::uint32_t i = 0; i < program_.requires_.size(); ++i) truths("require " + std::to_string(i), program_.requires_[i].scope, a_.requires_[i], b_.requires_[i]);
    for (std::uint32_t i = 0; i < program_.reports.size(); ++i) {
      const core::Report& r = program_.reports[i];
      cells("report " + r.id, r.entity, program_.exprs[r.expr].type, a_.reports[i], b_.reports[i]);
    }
    for (std::uint32_t i = 0; i < program_.applicabilities.size(); ++i)
      truths("applicability " + std::to_string(i), program_.applicabilities[i].entity, a_.applicable[i], b_.applicable[i]);
    for (RemedyId r = 0; r < schema_.remedies.size(); ++r) remedy(r);
    return contradiction_;
  }

 private:
  const core::Program& program_;
  const Schema& schema_;
  const Results& a_;
  const std::vector<std::vector<std::uint32_t>>& place_;
  const Results& b_;
  std::string contradiction_;

  void contradict(const std::string& what, const std::string& found, const std::string& completed) {
    if (contradiction_.empty()) contradiction_ = what + ": " + found + " found, " + completed + " when completed";
  }

  // Rows of registers (and the run as a whole) are the same in both; rows of derived entities are not.
  bool comparable(EntityId e) const { return e == none || schema_.entities[e].origin == EntityOrigin::register_; }
  std::size_t other(EntityId e, std::size_t row) const { return e == none ? row : place_[e][row]; }

  // Can both be true of one value? What is completed in part may be less known than what was decided: days beyond a calendar are.
  bool holds(const Cell& found, const Cell& completed, Type type) const {
    if (is_error(found, type.kind) || is_error(completed, type.kind)) return true;
    switch (type.kind) {
      case Kind::boolean: return found == of(Truth::unknown) || completed == of(Truth::unknown) || found == completed;
      case Kind::choice: return (completed.lo & found.lo) != 0;
      case Kind::ref: return found.lo != found.hi || completed.lo != completed.hi || completed.lo == place_[type.of][static_cast<std::size_t>(found.lo)];
      case Kind::ratio: {
        const auto at_most = [](std::int64_t a, std::int64_t a_den, std::int64_t b, std::int64_t b_den) {
          if (a == neg_inf || b == pos_inf) return true;
          if (b == neg_inf || a == pos_inf) return false;
          return static_cast<__int128>(a) * b_den <= static_cast<__int128>(b) * a_den;
        };
        return at_most(found.lo, found.lo_den, completed.hi, completed.hi_den) && at_most(completed.lo, completed.lo_den, found.hi, found.hi_den);
      }
      case Kind::date: return found.lo <= completed.hi && (completed.lo <= found.hi || found.hi >= never_day);   // never and unstated are both no day
      default: return found.lo <= completed.hi && completed.lo <= found.hi;
    }
  }

  void value(const std::string& what, Type type, const Cell& found, const Cell& completed) {
    if (type.kind == Kind::ref && !comparable(type.of)) return;
    if (!holds(found, completed, type)) contradict(what, core::show(schema_, type, found), core::show(schema_, type, completed));
  }

  void truths(const std::string& what, EntityId e, const BitPairs& found, const BitPairs& completed) {
    if (!comparable(e)) return;
    for (std::size_t i = 0; i < found.size(); ++i)
      value(what + " of " + name(e, i), core::boolean_type(), known(found[i]), known(completed[other(e, i)]));
  }

  void cells(const std::string& what, EntityId e, Type type, const CellColumn& found, const CellColumn& completed) {
    if (!comparable(e)) return;
    for (std::size_t i = 0; i < found.lo.size(); ++i) value(what + " of " + name(e, i), type, found.at(i), completed.at(other(e, i)));
  }

  std::string name(EntityId e, std::size_t row) const { return e == none ? "all" : schema_.entities[e].id + ' ' + std::to_string(row); }

  void duty(std::uint32_t i) {
    const core::Duty& d = program_.duties[i];
    if (!comparable(d.scope)) return;
    for (std::size_t row = 0; row < a_.duties[i].state.size(); ++row) {
      const auto found = static_cast<DutyState>(a_.duties[i].state[row]), completed = static_cast<DutyState>(b_.duties[i].state[other(d.scope, row)]);
      // What does not apply to a row that may be there does not apply to one that is not.
      const auto idle = [](DutyState s) { return s == DutyState::not_applicable || s == DutyState::not_there; };
      const bool gone = idle(found) && idle(completed);
      const auto not_told = [](DutyState s) { return s == DutyState::undetermined || s == DutyState::error; };
      const bool open = gone || not_told(found) || not_told(completed);
      if (!open && found != completed)
        contradict("duty " + std::to_string(i) + " of " + name(d.scope, row), std::to_string(static_cast<int>(found)), std::to_string(static_cast<int>(completed)));
    }
    const auto type = [&](core::ExprId e) { return e == none ? Type{} : program_.exprs[e].type; };
    cells("duty " + std::to_string(i) + " due", d.scope, type(d.due), a_.duties[i].due, b_.duties[i].due);
    cells("duty " + std::to_string(i) + " done", d.scope, type(d.done), a_.duties[i].done, b_.duties[i].done);
  }

  // --- Remedies

  // Rows of one remedy that can be told apart in both runs: by target, modality, actor and alternative; where grounds are kept apart
  // by the row of their scope also by that, if it is a row of a register (else by the entity).
  using Key = std::tuple<std::uint32_t, std::uint8_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
  struct Rows { std::vector<std::uint32_t> sure, all; bool failed = false; };

  std::map<Key, Rows> rows_of(RemedyId r, const RemedyTable& table, bool to_completed, bool& failed) const {
    const Remedy& remedy = schema_.remedies[r];
    std::map<Key, Rows> out;
    for (std::uint32_t i = 0; i < table.target.size(); ++i) {
      const core::Ground& g = program_.grounds[table.lead[i]];
      const auto at = [&](EntityId e, std::uint32_t row) { return to_completed ? place_[e][row] : row; };
      Key key{at(remedy.target, table.target[i]), table.modality[i], g.actor, g.alternative, none, none, none};
      if (remedy.combine != Combine::once) {
        std::get<4>(key) = g.scope;
        if (comparable(g.scope)) std::get<5>(key) = at(g.scope, table.scope_row[i]);
      }
      if (remedy.combine == Combine::each) std::get<6>(key) = table.lead[i];
      Rows& rows = out[key];
      const auto state = static_cast<Truth>(table.state[i]);
      rows.all.push_back(i);
      if (state == Truth::yes) rows.sure.push_back(i);
      rows.failed = rows.failed || state == Truth::error;
      failed = failed || state == Truth::error;
    }
    return out;
  }

  void remedy(RemedyId r) {
    const Remedy& remedy = schema_.remedies[r];
    if (!comparable(remedy.target)) return;
    bool failed = false;
    const auto found = rows_of(r, a_.remedies[r], true, failed), completed = rows_of(r, b_.remedies[r], false, failed);
    if (failed) return;
    const auto text = [&](const Key& k) {
      return "remedy " + remedy.id + " on " + std::to_string(std::get<0>(k)) + " modality " + std::to_string(std::get<1>(k)) + " alternative " +
             std::to_string(std::get<3>(k)) + " scope " + std::to_string(static_cast<int>(std::get<4>(k))) + "/" + std::to_string(static_cast<int>(std::get<5>(k)));
    };
    const auto count = [](const std::map<Key, Rows>& in, const Key& k, bool sure) {
      const auto at = in.find(k);
      return at == in.end() ? std::size_t{0} : sure ? at->second.sure.size() : at->second.all.size();
    };
    for (const auto& [key, rows] : found)
      if (rows.sure.size() > count(completed, key, false)) return contradict(text(key), std::to_string(rows.sure.size()), std::to_string(count(completed, key, false)));
    for (const auto& [key, rows] : completed) {
      const auto& places = place_[remedy.target];
      const auto target = std::find(places.begin(), places.end(), std::get<0>(key));
      if (target == places.end()) continue;   // a row that we did not know
      if (!std::any_of(rows.sure.begin(), rows.sure.end(), [&](std::uint32_t i) { return seen_scope(b_.remedies[r], i); })) continue;
      if (count(found, key, false) == 0) return contradict(text(key), "0", std::to_string(rows.sure.size()));
    }
    for (const auto& [key, rows] : found) {
      const auto at = completed.find(key);
      if (rows.all.size() != 1 || at == completed.end() || at->second.all.size() != 1) continue;
      if (std::get<5>(key) == none && remedy.combine != Combine::once) continue;   // may be another row of the scope
      values(r, text(key), rows.all[0], at->second.all[0]);
    }
  }

  // Does the row's leading ground stand on a row that was there before? Rows that we do not know may ground what they will.
  bool seen_scope(const RemedyTable& table, std::uint32_t row) const {
    const EntityId scope = program_.grounds[table.lead[row]].scope;
    return comparable(scope) && std::find(place_[scope].begin(), place_[scope].end(), table.scope_row[row]) != place_[scope].end();
  }

  void values(RemedyId r, const std::string& what, std::uint32_t found, std::uint32_t completed) {
    const RemedyTable &a = a_.remedies[r], &b = b_.remedies[r];
    // Where no ground that is left says anything, nothing stands there.
    std::vector<const core::Ground*> grounds;
    for (const core::Ground& g : program_.grounds)
      if (g.remedy == r) grounds.push_back(&g);
    const std::uint64_t left = b.held[completed] | b.open[completed];
    const auto pair = [&](const std::string& part, Type type, const CellColumn& x, const CellColumn& y, auto&& says) {
      bool said = false;
      for (std::size_t i = 0; i < grounds.size(); ++i) said = said || ((left >> i & 1) != 0 && says(*grounds[i]));
      if (said && !x.lo.empty() && !y.lo.empty()) value(what + ' ' + part, type, x.at(found), y.at(completed));
    };
    const auto spoken = [](const core::ParamRule& rule) { return rule.form != core::ParamForm::absent; };
    const auto from = [&](const core::Ground& g) { return spoken(g.from); };
    const auto until = [&](const core::Ground& g) { return spoken(g.until) || (spoken(g.from) && spoken(g.length)); };
    const auto length = [&](const core::Ground& g) { return spoken(g.length); };
    pair("from", core::date_type(), a.from, b.from, from);
    pair("until", core::date_type(), a.until, b.until, until);
    pair("until_hi", core::date_type(), a.until_hi, b.until_hi, until);
    pair("length", core::duration_type(), a.length, b.length, length);
    pair("length_hi", core::duration_type(), a.length_hi, b.length_hi, length);
    for (std::size_t p = 0; p < a.lo.size(); ++p) {
      const RemedyParam& param = schema_.remedies[r].params[p];
      const auto says = [&](const core::Ground& g) { return spoken(g.params[p]); };
      pair(param.id + " lo", param.type, a.lo[p], b.lo[p], says);
      pair(param.id + " hi", param.type, a.hi[p], b.hi[p], says);
    }
  }
};

}  // namespace

std::string first_contradiction(const core::Program& program, const Results& found, const Completion& completion, const Results& completed) {
  return Contradiction(program, found, completion, completed).run();
}

void add_probes(core::Program& program) {
  core::Builder b(program);
  const auto report = [&](const std::string& id, EntityId e, core::ExprId expr) {
    core::Report r;
    r.id = id;
    r.entity = e;
    r.expr = expr;
    program.reports.push_back(r);
    program.strata.push_back({core::DeclKind::report, static_cast<std::uint32_t>(program.reports.size() - 1)});
  };
  const auto fold = [&](core::FoldKind kind, core::Source source, ColumnId column) {
    core::Fold f;
    f.kind = kind;
    f.source = std::move(source);
    if (column != none) f.value = b.column(b.row(1, f.source.entity), column);
    if (column != none && kind != core::FoldKind::sum) f.if_none = b.unknown(b.type(f.value));
    return b.fold(f);
  };
  for (std::uint32_t l = 0; l < program.ledgers.size(); ++l) {
    const EntityId owner = program.ledgers[l].owner;
    for (const std::int64_t back : {0, 60, 200})
      report("balance " + std::to_string(back), owner, b.balance_at(l, b.row(0, owner), b.date(as_of - back)));
  }
  for (std::uint32_t t = 0; t < program.timelines.size(); ++t) {
    const EntityId owner = program.timelines[t].owner;
    for (const std::int64_t back : {-90, 0, 60, 200, 400})
      report("state " + std::to_string(back), owner, b.state_at(t, b.row(0, owner), b.date(as_of - back)));
  }
  for (EntityId e = 0; e < program.schema.entities.size(); ++e) {
    const Entity& entity = program.schema.entities[e];
    for (const EntityId seen_from : {EntityId{0}, EntityId{1}}) report("whole " + entity.id, seen_from, fold(core::FoldKind::count, core::whole_of(e), none));
    if (entity.origin == EntityOrigin::register_ || entity.parent == none) continue;
    const core::Source of_parent = core::rows_from(b.row(0, entity.parent), entity.parent, {core::children_of(e)});
    report("count " + entity.id, entity.parent, fold(core::FoldKind::count, of_parent, none));
    for (ColumnId c = 0; c < entity.columns.size(); ++c) {
      const Kind kind = entity.columns[c].type.kind;
      if (entity.columns[c].kind != ColumnKind::computed || c == entity.parent_column || kind == Kind::ref || kind == Kind::text || kind == Kind::boolean) continue;
      report("highest " + entity.id + '.' + entity.columns[c].id, entity.parent, fold(core::FoldKind::highest, of_parent, c));
      report("lowest " + entity.id + '.' + entity.columns[c].id, entity.parent, fold(core::FoldKind::lowest, of_parent, c));
    }
  }
}

}  // namespace tiao::differential
